#include "agree/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRIES_MAX 4000 // questions that one disagreement is worth

static _Noreturn void give_up(const char *what, const char *command)
{
    fprintf(stderr, "agree: %s: %s\n", command, what);
    exit(8);
}

static void start(struct pair *p, int who)
{
    int down[2], up[2];

    if (pipe2(down, O_CLOEXEC) < 0 || pipe2(up, O_CLOEXEC) < 0)
        give_up("no pipe", p->command[who]);
    pid_t child = fork();
    if (child < 0)
        give_up("cannot be started", p->command[who]);
    if (child == 0) {
        char exec[4096];
        dup2(down[0], STDIN_FILENO);
        dup2(up[1], STDOUT_FILENO);
        snprintf(exec, sizeof exec, "exec %s", p->command[who]);
        execl("/bin/sh", "sh", "-c", exec, (char *)NULL);
        _exit(127);
    }
    close(down[0]);
    close(up[1]);
    fcntl(down[1], F_SETPIPE_SZ, 1 << 20);
    fcntl(up[0], F_SETPIPE_SZ, 1 << 20);
    fcntl(down[1], F_SETFL, O_NONBLOCK);
    p->to[who] = down[1];
    p->from[who] = up[0];
    p->child[who] = child;
}

void pair_start(struct pair *p, const char *harness, const char *reference)
{
    *p = (struct pair){ .command = { harness, reference } };
    signal(SIGPIPE, SIG_IGN);
    start(p, HARNESS);
    start(p, REFERENCE);
}

bool pair_end(struct pair *p)
{
    bool well = true;

    for (int who = HARNESS; who <= REFERENCE; who++) {
        int status;
        close(p->to[who]);
        close(p->from[who]);
        well &= waitpid(p->child[who], &status, 0) == p->child[who] && status == 0;
    }
    return well;
}

static void add(struct batch *b, const char *line, const struct profile *p)
{
    if (b->count == b->room) {
        b->room = b->room ? 2 * b->room : 256;
        b->items = realloc(b->items, b->room * sizeof *b->items);
        if (!b->items)
            memory_exhausted();
    }
    b->items[b->count++] = (struct ask){ .line = line, .profile = p };
    b->len += strlen(line) + 1;
}

static void begin_line(struct text *line, const char *verb, const struct profile *p,
                       const char *types)
{
    text_printf(line, "%s %s %s %u ", verb, profile_generation_name(p->generation),
                p->charset == CHARSET_ANSI ? "ansi" : "unicode", p->bits);
    text_add(line, types);
    text_char(line, ' ');
}

void batch_add(struct batch *b, const char *verb, const struct profile *p, const char *types,
               const char *rest)
{
    TEXT(line);

    begin_line(&line, verb, p, types);
    text_add(&line, rest);
    add(b, arena_string(&b->keep, text_string(&line)), p);
}

void batch_add_bytes(struct batch *b, const char *verb, const struct profile *p, const char *types,
                     struct bytes bytes, long at)
{
    TEXT(line);

    begin_line(&line, verb, p, types);
    if (bytes.len)
        text_hex(&line, bytes, false);
    else
        text_char(&line, '-');
    if (at >= 0)
        text_printf(&line, " %ld", at);
    add(b, arena_string(&b->keep, text_string(&line)), p);
}

void batch_clear(struct batch *b)
{
    arena_free(&b->keep);
    b->count = b->len = 0;
}

/* Answers as they come, cut into lines when the last one is there. */
struct stream {
    struct buffer got;
    size_t lines;
    size_t sent;
};

static void send_some(struct pair *p, int who, struct bytes out, struct stream *s)
{
    ssize_t n = write(p->to[who], out.data + s->sent, out.len - s->sent);

    if (n < 0 && errno != EAGAIN)
        give_up("is gone", p->command[who]);
    s->sent += n > 0 ? (size_t)n : 0;
}

static void take_some(struct pair *p, int who, struct stream *s)
{
    uint8_t *to = buffer_reserve(&s->got, 1 << 18);
    ssize_t n = read(p->from[who], to, 1 << 18);

    if (n <= 0)
        give_up("ended without an answer", p->command[who]);
    for (ssize_t i = 0; i < n; i++)
        s->lines += to[i] == '\n';
    s->got.len += (size_t)n;
}

static void keep_answers(struct batch *b, int who, struct stream *s)
{
    char *at = (char *)arena_bytes(&b->keep, buffer_bytes(&s->got)).data;

    for (size_t i = 0; i < b->count; i++) {
        b->items[i].answer[who] = at;
        at = strchr(at, '\n');
        *at++ = '\0';
    }
    buffer_free(&s->got);
}

void batch_ask(struct batch *b, struct pair *p)
{
    struct stream streams[2] = { 0 };
    TEXT(out);

    for (size_t i = 0; i < b->count; i++)
        text_printf(&out, "%s\n", b->items[i].line);
    text_char(&out, '\n');
    struct bytes all = buffer_bytes(&out.b);
    while (b->count && (streams[0].lines < b->count || streams[1].lines < b->count)) {
        struct pollfd polled[4];
        for (int who = 0; who < 2; who++) {
            bool sending = streams[who].sent < all.len, waiting = streams[who].lines < b->count;
            polled[who] = (struct pollfd){ sending ? p->to[who] : -1, POLLOUT, 0 };
            polled[2 + who] = (struct pollfd){ waiting ? p->from[who] : -1, POLLIN, 0 };
        }
        if (poll(polled, 4, -1) < 0)
            give_up("poll failed", "agree");
        for (int who = 0; who < 2; who++) {
            if (polled[who].revents)
                send_some(p, who, all, &streams[who]);
            if (polled[2 + who].revents)
                take_some(p, who, &streams[who]);
        }
    }
    p->asked += b->count;
    if (!b->count)
        return;
    keep_answers(b, HARNESS, &streams[HARNESS]);
    keep_answers(b, REFERENCE, &streams[REFERENCE]);
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* A schema that a peer's MAKE need not take: the reference takes the class's own only [service, section 6]. */
static bool has_other_schema(const char *line)
{
    static const struct {
        const char *class;
        unsigned long schema;
    } versionables[] = { { "CVersioned:", 3 }, { "CLetter:", 700 } };

    for (size_t i = 0; i < COUNT_OF(versionables); i++)
        for (const char *at = line; (at = strstr(at, versionables[i].class));) {
            at += strlen(versionables[i].class);
            if (strtoul(at, NULL, 10) != versionables[i].schema)
                return true;
        }
    return false;
}

enum relation ask_compare(const struct ask *a)
{
    const char *ours = a->answer[HARNESS], *theirs = a->answer[REFERENCE];

    if (strcmp(ours, theirs) == 0)
        return SAME;
    if (begins(a->line, "store")) {
        bool both = begins(ours, "ok ") && begins(theirs, "ok ");
        if (both && strchr(a->line, '{'))
            return OTHER_ORDER;
        if (begins(ours, "ok ") && !both && has_other_schema(a->line))
            return NOT_JUDGED;
        return DIFFERENT;
    }
    // Up to 7.1 what a cut block leaves behind is unspecified [SVC-14, COL-2].
    if (a->profile->generation < 80 && strcmp(ours, "short 0") == 0 && begins(theirs, "short "))
        return NOT_JUDGED;
    // Up to 8 a tag of the other kind misuses memory [6.5, rows 13 and 16].
    if (a->profile->generation < 90 && begins(ours, "bad 0 ") && begins(theirs, "bad 5 ") &&
        strcmp(ours + 6, theirs + 6) == 0)
        return NOT_JUDGED;
    return DIFFERENT;
}

/*
 * Shrinking: a line is asked again with a type and its value gone, with parts of its bytes or text gone, and with
 * bytes zeroed, as long as the two still disagree.
 */
struct shrink {
    struct pair *pair;
    struct arena *keep;
    struct ask best;
    unsigned tries;
};

static bool try_line(struct shrink *s, const char *head, const char *types, const char *rest)
{
    struct batch b = { 0 };
    bool still = false;

    if (s->tries++ >= TRIES_MAX)
        return false;
    add(&b, arena_printf(&b.keep, "%s %s %s", head, types, *rest ? rest : "-"), s->best.profile);
    batch_ask(&b, s->pair);
    if (ask_compare(&b.items[0]) == DIFFERENT) {
        still = true;
        s->best.line = arena_string(s->keep, b.items[0].line);
        for (int who = 0; who < 2; who++)
            s->best.answer[who] = arena_string(s->keep, b.items[0].answer[who]);
    }
    batch_clear(&b);
    free(b.items);
    return still;
}

/* "load 10 unicode 64", the types, and the rest of the best line so far. */
static void split(const struct shrink *s, char **head, char **types, char **rest)
{
    char *at = arena_string(s->keep, s->best.line);

    *head = at;
    for (int i = 0; i < 4; i++)
        at = strchr(at, ' ') + 1;
    at[-1] = '\0';
    *types = at;
    at = strchr(at, ' ');
    *at = '\0';
    *rest = at + 1;
}

static bool drop_types(struct shrink *s, bool is_text)
{
    char *head, *types, *rest;
    bool dropped = false;

    split(s, &head, &types, &rest);
    char *last = strrchr(types, ','), *space = is_text ? strrchr(rest, ' ') : NULL;
    if (last && (!is_text || space)) {
        *last = '\0';
        if (space)
            *space = '\0';
        dropped = try_line(s, head, types, rest);
    }
    split(s, &head, &types, &rest);
    char *comma = strchr(types, ',');
    space = is_text ? strchr(rest, ' ') : NULL;
    if (comma && space)
        dropped |= try_line(s, head, comma + 1, space + 1);
    return dropped;
}

/* Cuts pieces out, from halves down to single units. */
static bool cut_pieces(struct shrink *s, size_t unit)
{
    char *head, *types, *rest;
    bool cut = false;

    split(s, &head, &types, &rest);
    for (size_t size = strlen(rest) / 2 / unit * unit; size >= unit; size = size / 2 / unit * unit)
        for (size_t at = 0; at + size <= strlen(rest) && s->tries < TRIES_MAX;) {
            char *shorter = arena_printf(s->keep, "%.*s%s", (int)at, rest, rest + at + size);
            if (try_line(s, head, types, shorter)) {
                rest = shorter;
                cut = true;
            } else {
                at += size;
            }
        }
    return cut;
}

static void zero_bytes(struct shrink *s)
{
    char *head, *types, *rest;

    split(s, &head, &types, &rest);
    for (size_t at = 0; at + 1 < strlen(rest) && s->tries < TRIES_MAX; at += 2) {
        char *zeroed = arena_string(s->keep, rest);
        zeroed[at] = zeroed[at + 1] = '0';
        if (strcmp(zeroed, rest) != 0 && try_line(s, head, types, zeroed))
            rest = zeroed;
    }
}

struct ask ask_shrink(const struct ask *from, struct pair *p, struct arena *keep)
{
    struct shrink s = { .pair = p, .keep = keep, .best = *from };
    bool is_text = begins(from->line, "store");

    while (drop_types(&s, is_text))
        ;
    while (cut_pieces(&s, is_text ? 1 : 2))
        ;
    if (!is_text)
        zero_bytes(&s);
    return s.best;
}
