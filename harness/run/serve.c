#include "run/serve.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "replay/choice.h"
#include "run/offer.h"

#define PATIENCE   1000000 // µs that more words are waited for where another case has us go on
#define LOOK_MS    500     // at most, until it is looked again whether to stop
#define ALONE_MS   20      // that a piece is waited for to leave
#define READ_SIZE  65536
#define DRAIN_READS 64     // that spare a client a RST when we hang up
#define TOLD_MAX   20      // cases never seen that are listed

struct wanted {
    const struct vector *vector;
    bool seen;
    enum verdict worst;
};

/* A connection of the conversation, or one that waits for the next: then with what came on it so far. */
struct wire_line {
    int fd;
    bool fin, shut, dead;
    struct buffer said, came; // ours; the client's, of a conversation before
};

struct serving {
    const struct serve_options *o;
    const struct run_options *run;
    const struct sink *sink;
    const volatile int *stop;
    struct run_totals *totals;
    struct wanted *wanted;
    size_t wanted_count;
    char profile[32];
    int listener;
    struct wire_line lines[CHOICE_LINES];
    unsigned line_count;
    size_t number; // conversations so far
    size_t recorded;
    struct choice choice;
    struct arena keep;
};

/* ---- which cases ---- */

static bool is_served(const struct run_options *o, const struct vector *v)
{
    return (!o->service || strcmp(o->service, v->service->name) == 0) && run_selects(o, v) &&
           (!v->predicate || profile_matches(&o->profile, v->predicate)) && !(v->dial && strcmp(v->dial, "us") == 0) &&
           !vector_has_step(v, STEP_PAUSE) && !vector_unserved(v, &o->profile);
}

static size_t list_cases(const struct library *lib, const struct run_options *o, struct wanted *to)
{
    size_t n = 0;

    for (size_t i = 0; i < lib->suite_count; i++)
        for (size_t k = 0; k < lib->suites[i].count; k++)
            if (is_served(o, &lib->suites[i].vectors[k])) {
                if (to)
                    to[n] = (struct wanted){ .vector = &lib->suites[i].vectors[k], .worst = VERDICT_SKIPPED };
                n++;
            }
    return n;
}

size_t serve_count(const struct library *lib, const struct run_options *o)
{
    return list_cases(lib, o, NULL);
}

static void say(const struct serving *s, const char *line)
{
    s->sink->say(s->sink->of, line);
}

/* The case that nobody has come with yet, and what a person at the client is to do for it. */
static void say_wanted(struct serving *s, struct arena *keep)
{
    for (size_t i = 0; i < s->wanted_count; i++) {
        const struct vector *v = s->wanted[i].vector;
        if (s->wanted[i].seen)
            continue;
        say(s, arena_printf(keep, "wanted: %s  %s%s%s", v->id, v->title, v->prompt ? "\n    " : "", v->prompt ? v->prompt : ""));
        return;
    }
}

static bool tell_profiles(struct serving *s, struct error *err)
{
    for (size_t i = 0; i < s->wanted_count; i++) {
        const struct service *service = s->wanted[i].vector->service;
        size_t first = 0;
        while (s->wanted[first].vector->service != service)
            first++;
        if (first == i && !s->sink->profile(s->sink->of, service->name, &s->run->profile, s->run->profile_from, NULL, err))
            return false;
    }
    return true;
}

/* ---- sockets ---- */

static bool accept_line(struct serving *s, struct error *err)
{
    int fd = net_accept(s->listener);

    if (fd < 0)
        return (errno != EMFILE && errno != ENFILE) || error_errno(err, "accept");
    s->lines[s->line_count++] = (struct wire_line){ .fd = fd };
    return true;
}

static void receive(struct serving *s, unsigned line)
{
    static uint8_t chunk[READ_SIZE];
    struct wire_line *l = &s->lines[line];
    ssize_t n = recv(l->fd, chunk, sizeof chunk, 0);

    if (n > 0) {
        net_acknowledge(l->fd);
        choice_received(&s->choice, line, (struct bytes){ chunk, (size_t)n }, clock_us());
    } else if (n == 0) {
        l->fin = true;
        choice_fin(&s->choice, line, clock_us());
    } else if (errno != EAGAIN && errno != EINTR) {
        l->dead = true;
        choice_reset(&s->choice, line, errno, clock_us());
    }
}

/* Waits for anything to happen; blocked: a line that takes no more for now, or -1. */
static bool wait_for(struct serving *s, int64_t until, bool accepts, int blocked, struct error *err)
{
    struct pollfd fds[CHOICE_LINES + 1];
    int64_t left = until - clock_us();
    int ms = left <= 0 ? 0 : left >= 1000ll * LOOK_MS ? LOOK_MS : (int)((left + 999) / 1000);
    bool opens = accepts && s->line_count < CHOICE_LINES;
    unsigned held = s->line_count;

    for (unsigned i = 0; i < held; i++) {
        bool heard = !s->lines[i].fin && !s->lines[i].dead;
        short events = (short)((heard ? POLLIN : 0) | (blocked == (int)i ? POLLOUT : 0));
        fds[i] = (struct pollfd){ events ? s->lines[i].fd : -1, events, 0 };
    }
    fds[held] = (struct pollfd){ opens ? s->listener : -1, POLLIN, 0 };
    int n = poll(fds, held + 1, ms);
    if (n < 0 && errno != EINTR)
        return error_errno(err, "poll");
    if (n <= 0)
        return true;
    for (unsigned i = 0; i < held; i++)
        if (fds[i].revents && !s->lines[i].fin && !s->lines[i].dead)
            receive(s, i);
    if (!fds[held].revents)
        return true;
    if (!accept_line(s, err))
        return false;
    if (s->line_count > held)
        choice_opened(&s->choice, clock_us());
    return true;
}

static bool send_bytes(struct serving *s, const struct choice_want *w, struct error *err)
{
    struct wire_line *l = &s->lines[w->line];
    unsigned before = net_progress(l->fd).segments;
    ssize_t n = send(l->fd, w->bytes.data, w->bytes.len, MSG_NOSIGNAL);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return wait_for(s, clock_us() + 1000ll * LOOK_MS, false, (int)w->line, err);
    if (n < 0) {
        l->dead = true;
        choice_reset(&s->choice, w->line, errno, clock_us());
        return true;
    }
    if (w->alone)
        net_wait_sent(l->fd, ALONE_MS);
    buffer_append(&l->said, w->bytes.data, (size_t)n);
    choice_sent(&s->choice, w->line, (struct bytes){ w->bytes.data, (size_t)n }, net_progress(l->fd).segments - before, clock_us());
    return true;
}

static void shut(struct serving *s, unsigned line)
{
    struct wire_line *l = &s->lines[line];

    if (shutdown(l->fd, SHUT_WR) < 0) {
        l->dead = true;
        choice_reset(&s->choice, line, errno, clock_us());
        return;
    }
    l->shut = true;
    choice_shut(&s->choice, line, clock_us());
}

static void reset(struct serving *s, unsigned line)
{
    net_reset(fd_keep(&s->lines[line].fd));
    s->lines[line].dead = true;
    choice_did_reset(&s->choice, line, clock_us());
}

/* A RST that came when all was said is still a RST. */
static void last_look(struct serving *s)
{
    for (unsigned i = 0; i < s->line_count; i++) {
        struct wire_line *l = &s->lines[i];
        int wrong = 0;
        socklen_t len = sizeof wrong;
        if (l->fin && l->shut && !l->dead && getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &wrong, &len) == 0 && wrong)
            choice_reset(&s->choice, i, wrong, clock_us());
    }
}

static void hang_up(struct wire_line *l)
{
    static uint8_t chunk[READ_SIZE];

    if (l->fd >= 0) {
        shutdown(l->fd, SHUT_WR);
        for (int reads = 0; reads < DRAIN_READS && recv(l->fd, chunk, sizeof chunk, 0) > 0;)
            reads++;
        fd_close(&l->fd);
    }
    buffer_free(&l->said);
    buffer_free(&l->came);
}

/* ---- conversations ---- */

/* Ends the connections of the conversation; those that are not of it wait for the next, with what came on them. */
static void clear_lines(struct serving *s, unsigned mine)
{
    unsigned left = 0;

    for (unsigned i = 0; i < s->line_count; i++) {
        if (i < mine) {
            hang_up(&s->lines[i]);
            continue;
        }
        struct buffer *came = &s->choice.lines[i].came;
        s->lines[i].came.len = 0;
        buffer_append(&s->lines[i].came, came->data, came->len);
        s->lines[left++] = s->lines[i];
    }
    s->line_count = left;
}

/* Every case that it could be. */
static bool begin(struct serving *s, struct error *err)
{
    int64_t now = clock_us();

    choice_init(&s->choice, &s->run->limits, PATIENCE, now);
    for (size_t i = 0; i < s->wanted_count; i++)
        if (!choice_add(&s->choice, s->wanted[i].vector, &s->run->profile, s->run->seed, s->wanted[i].seen, err))
            return false;
    for (unsigned i = 0; i < s->line_count; i++) {
        struct wire_line *l = &s->lines[i];
        choice_opened(&s->choice, now);
        if (l->came.len)
            choice_received(&s->choice, i, buffer_bytes(&l->came), now);
        if (l->dead)
            choice_reset(&s->choice, i, ECONNRESET, now);
        else if (l->fin)
            choice_fin(&s->choice, i, now);
    }
    return true;
}

/* Until it is over, or it is stopped. */
static bool converse(struct serving *s, struct error *err)
{
    while (!*s->stop) {
        struct choice_want w = choice_want(&s->choice, clock_us());
        bool good = true;
        if (w.kind == WANT_WRITE)
            good = send_bytes(s, &w, err);
        else if (w.kind == WANT_SHUTDOWN)
            shut(s, w.line);
        else if (w.kind == WANT_RESET)
            reset(s, w.line);
        else if (w.kind == WANT_WAIT)
            good = wait_for(s, w.until, w.accept, -1, err);
        else
            return true;
        if (!good)
            return false;
    }
    return true;
}

/* What both sides said, in files that `arcwire decode` reads. Gives what they have in common. */
static bool save(struct serving *s, unsigned mine, struct arena *keep, const char **path, struct error *err)
{
    *path = arena_printf(keep, "%s/conversation-%zu", s->o->directory, s->number);
    for (unsigned i = 0; i < mine; i++) {
        const char *which = i ? arena_printf(keep, ".%u", i + 1) : "";
        if (!file_write(arena_printf(keep, "%s%s-client", *path, which), buffer_bytes(&s->choice.lines[i].came), err) ||
            !file_write(arena_printf(keep, "%s%s-server", *path, which), buffer_bytes(&s->lines[i].said), err))
            return false;
    }
    return true;
}

static const char *first_failure(const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].grade == GRADE_FAIL && f->items[i].sentence)
            return f->items[i].sentence;
    return "";
}

static bool record(struct serving *s, struct result *result, struct arena *keep, struct error *err)
{
    TEXT(to);

    result->profile = s->profile;
    result->delivery = "plain";
    result->again = arena_printf(keep, "arcwire serve '%s' --seed 0x%" PRIx64 " %s", result->vector->id, s->run->seed, s->run->how);
    s->sink->describe(s->sink->of, result, &to);
    s->totals->results[result->verdict]++;
    return s->sink->record(s->sink->of, s->recorded++, result->verdict, buffer_bytes(&to.b), err);
}

/* Judges a conversation that is over. */
static bool conclude(struct serving *s, struct arena *keep, struct error *err)
{
    struct candidate *one = s->choice.chosen;
    struct result result = { .vector = one->vector, .program = &one->program, .trace = &one->trace };
    bool matched = choice_is_matched(&s->choice);
    struct wanted *w = s->wanted + (one - s->choice.items);
    const char *path;

    s->number++;
    session_over(&one->session, clock_us());
    judge(&one->program, &one->trace, keep, &result.findings);
    result.verdict = verdict_fold(&result.findings, s->run->strict);
    result.us = clock_us() - s->choice.began;
    if (matched) {
        const char *why = first_failure(&result.findings);
        say(s, arena_printf(keep, "%zu: %s  %s%s%s", s->number, one->vector->id, verdict_name(result.verdict), *why ? ": " : "", why));
    } else {
        if (!save(s, one->lines, keep, &path, err))
            return false;
        if (result.verdict <= VERDICT_PASS_TIMED)
            result.verdict = VERDICT_FAIL;
        const char *could = s->choice.passed ? arena_printf(keep, "; when arcwire had to go on it could still have been %s",
                                                            s->choice.passed->vector->id) : "";
        result.reason = arena_printf(keep, "what was said is none of the cases, and this one is nearest%s; it is saved in %s-client and -server",
                                     could, path);
        say(s, arena_printf(keep, "%zu: none of the cases; %s is nearest: %s\n    saved in %s-client and -server%s", s->number,
                            one->vector->id, first_failure(&result.findings), path, could));
    }
    w->seen = true;
    w->worst = verdict_worse(w->worst, result.verdict);
    return record(s, &result, keep, err);
}

static bool nothing_came(const struct choice *c, unsigned lines)
{
    for (unsigned i = 0; i < lines; i++)
        if (c->lines[i].came.len)
            return false;
    return true;
}

static bool next_conversation(struct serving *s, struct error *err)
{
    SCRATCH(keep);
    unsigned mine = s->line_count;

    bool good = begin(s, err) && converse(s, err);
    if (good && *s->stop) {
        s->totals->stopped = !nothing_came(&s->choice, s->line_count);
        if (s->totals->stopped)
            say(s, "stopped amid a conversation, which is not judged");
    } else if (good) {
        last_look(s);
        mine = s->choice.chosen->lines;
        if (!nothing_came(&s->choice, mine)) {
            good = conclude(s, &keep, err);
            if (good)
                say_wanted(s, &keep);
        } else {
            say(s, "a connection on which nothing was said; it does not count");
        }
    }
    clear_lines(s, good ? mine : s->line_count);
    choice_release(&s->choice);
    return good;
}

static bool all_conversations(struct serving *s, struct error *err)
{
    while (!*s->stop && !(s->o->conversations && s->number == s->o->conversations)) {
        struct pollfd knock = { s->listener, POLLIN, 0 };
        if (s->line_count == 0 && poll(&knock, 1, LOOK_MS) <= 0)
            continue;
        if (s->line_count == 0 && !accept_line(s, err))
            return false;
        if (s->line_count && !next_conversation(s, err))
            return false;
    }
    s->totals->stopped |= s->number < s->o->conversations;
    return true;
}

/* Cases that nobody came with are told, and recorded. */
static bool tell_rest(struct serving *s, struct error *err)
{
    for (size_t i = 0; i < s->wanted_count; i++) {
        SCRATCH(keep);
        struct wanted *w = &s->wanted[i];
        struct result result = { .vector = w->vector, .verdict = VERDICT_NOT_RUN, .reason = "the client never came with it" };
        if (!w->seen) {
            w->worst = VERDICT_NOT_RUN;
            if (++s->totals->unseen <= TOLD_MAX)
                say(s, arena_printf(&keep, "never seen: %s  %s", w->vector->id, w->vector->title));
            if (!record(s, &result, &keep, err))
                return false;
        }
        s->totals->cases[w->worst]++;
    }
    if (s->totals->unseen > TOLD_MAX)
        say(s, arena_printf(&s->keep, "never seen: … and %zu more", s->totals->unseen - TOLD_MAX));
    return true;
}

static bool open_port(struct serving *s, struct error *err)
{
    struct address us = s->run->address;
    char text[80];

    if (!net_bind(&us, &s->listener, err) || !net_listen(s->listener, err))
        return false;
    address_print(&us, text, sizeof text);
    say(s, arena_printf(&s->keep, "listening on %s", text));
    return true;
}

bool serve(const struct library *lib, const struct serve_options *o, const struct sink *sink, const volatile int *stop,
           struct run_totals *totals, struct error *err)
{
    struct serving s = { .o = o, .run = o->run, .sink = sink, .stop = stop, .totals = totals, .listener = -1 };
    TEXT(profile);

    *totals = (struct run_totals){ 0 };
    profile_print(&profile, &o->run->profile);
    snprintf(s.profile, sizeof s.profile, "%s", text_string(&profile));
    s.wanted_count = serve_count(lib, o->run);
    s.wanted = ARENA_ARRAY(&s.keep, s.wanted_count, struct wanted);
    list_cases(lib, o->run, s.wanted);
    bool good = tell_profiles(&s, err) && open_port(&s, err);
    if (good)
        say_wanted(&s, &s.keep);
    good = good && all_conversations(&s, err) && tell_rest(&s, err);
    for (unsigned i = 0; i < s.line_count; i++)
        hang_up(&s.lines[i]);
    fd_close(&s.listener);
    arena_free(&s.keep);
    return good;
}
