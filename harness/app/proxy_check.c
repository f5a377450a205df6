/*
 * What is told goes through a pipe that never blocks the proxy: what the judge has not taken waits in memory, WAITS_MAX of it at most.
 */
#include "app/proxy_check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/proxy_format.h"
#include "base/clock.h"
#include "base/fd.h"
#include "json/write.h"

#define WAITS_MAX (256u << 20)
#define HEARD_MAX (64u << 20) // bytes of one connection that are judged
#define PIPE_SIZE (1 << 20)
#define REST_US   20000  // nothing more has come for that long: those that are not over are looked at
#define SPARE     4      // times as long as that took, nothing is looked at again
#define SAME_US   200000 // a signal that comes within that time behind another is the same again

struct told {
    uint32_t kind, on, from;
    uint32_t len; // of the bytes behind it
    int64_t us;
};

/* ---- the judge ---- */

static volatile sig_atomic_t hurried; // whoever waits for the judge waits no longer

static void hurry(int signal_number)
{
    (void)signal_number;
    hurried = 1;
}

/* A connection that is not over. */
struct open_talk {
    uint32_t on;
    bool too_long;
    bool news, told; // since it was looked at last; that a side is wrong
    struct overheard_talk talk;
    struct open_talk *next;
};

struct judge {
    struct overhear cases;
    bool by_format;
    struct format_check format; // by_format, in the place of cases
    const char *path;
    bool quiet;
    int file;
    struct open_talk *open;
    int64_t us; // of what was told last
    int64_t rest; // µs: as REST_US, or longer
    size_t right, wrong[2], not_judged;
};

static void describe(struct text *t, uint32_t on, const struct overheard_judgement *j)
{
    text_printf(t, "#%u ", on);
    switch (j->verdict) {
    case OVERHEARD_RIGHT:
        text_printf(t, "right  %s", j->of->id);
        if (j->others)
            text_printf(t, ", and %zu more", j->others);
        break;
    case OVERHEARD_WRONG:
        text_printf(t, "wrong, by the %s  %s, %s: %s", party_name(j->side), j->of->id, j->why->check.name, j->text);
        break;
    case OVERHEARD_NOT_JUDGED:
        text_printf(t, "not judged  %s", j->text);
        if (j->of)
            text_printf(t, "; nearest is %s", j->of->id);
        break;
    }
}

static bool write_all(int fd, struct bytes rest)
{
    while (rest.len) {
        ssize_t n = write(fd, rest.data, rest.len);
        if (n < 0 && errno != EINTR)
            return false;
        rest = bytes_slice(rest, n < 0 ? 0 : (size_t)n, rest.len);
    }
    return true;
}

/* on: what was concluded of it, or what is certain while it goes on. */
static bool keep_record(const struct judge *judge, uint32_t on, bool over, const struct overheard_judgement *j)
{
    static const char *const verdicts[] = { "right", "wrong", "not-judged" };
    TEXT(line);
    struct json_out to = { .to = &line };

    json_begin(&to, NULL, '{');
    json_put_string(&to, "record", over ? "checked" : "certain");
    if (!over)
        json_put_int(&to, "us", judge->us);
    json_put_u64(&to, "on", on);
    json_put_string(&to, "verdict", verdicts[j->verdict]);
    if (j->of)
        json_put_string(&to, "case", j->of->id);
    if (j->verdict == OVERHEARD_RIGHT)
        json_put_u64(&to, "others", j->others);
    if (j->verdict == OVERHEARD_WRONG) {
        json_put_string(&to, "side", party_name(j->side));
        json_put_string(&to, "check", j->why->check.name);
        json_put_strings(&to, "clauses", j->why->check.clauses);
        json_put_string(&to, "cause", j->why->cause);
    }
    if (j->text)
        json_put_string(&to, "sentence", j->text);
    json_end(&to, '}');
    text_char(&line, '\n');
    return write_all(judge->file, buffer_bytes(&line.b));
}

static bool tell(struct judge *judge, uint32_t on, const struct overheard_judgement *j)
{
    TEXT(line);

    judge->right += j->verdict == OVERHEARD_RIGHT;
    judge->not_judged += j->verdict == OVERHEARD_NOT_JUDGED;
    if (j->verdict == OVERHEARD_WRONG)
        judge->wrong[j->side]++;
    describe(&line, on, j);
    if (!judge->quiet || j->verdict == OVERHEARD_WRONG)
        puts(text_string(&line));
    fflush(stdout);
    return keep_record(judge, on, true, j);
}

static void judge_talk(const struct judge *judge, const struct overheard_talk *t, struct arena *keep, struct overheard_judgement *j)
{
    if (judge->by_format)
        format_judge(&judge->format, t, keep, j);
    else
        overhear_judge(&judge->cases, t, keep, j);
}

/* Tells of a connection that is not over that a side is wrong, whatever still comes. */
static bool look(struct judge *judge, struct open_talk *one)
{
    SCRATCH(keep);
    struct overheard_judgement j;
    TEXT(line);

    one->news = false;
    one->talk.until = judge->us;
    judge_talk(judge, &one->talk, &keep, &j);
    if (!j.certain)
        return true;
    one->told = true;
    describe(&line, one->on, &j);
    printf("%s   (it goes on)\n", text_string(&line));
    fflush(stdout);
    return keep_record(judge, one->on, false, &j);
}

static bool is_looked_at(const struct open_talk *one)
{
    return one->news && !one->told && !one->too_long;
}

/* The conversation has come to rest. */
static bool look_all(struct judge *judge)
{
    int64_t began = clock_us();
    bool good = true;

    for (struct open_talk *one = judge->open; good && one; one = one->next)
        if (is_looked_at(one))
            good = look(judge, one);
    int64_t took = SPARE * (clock_us() - began);
    judge->rest = took > REST_US ? took : REST_US;
    return good;
}

static bool has_news(const struct judge *judge)
{
    for (const struct open_talk *one = judge->open; one; one = one->next)
        if (is_looked_at(one))
            return true;
    return false;
}

/* Judges a connection and forgets it. */
static bool conclude(struct judge *judge, struct open_talk *one)
{
    SCRATCH(keep);
    struct overheard_judgement j = { .verdict = OVERHEARD_NOT_JUDGED, .text = hurried ? "the judge was stopped" : "more was said than is kept" };
    struct open_talk **at = &judge->open;

    one->talk.until = judge->us;
    if (!one->too_long && !hurried)
        judge_talk(judge, &one->talk, &keep, &j);
    bool good = tell(judge, one->on, &j);
    while (*at != one)
        at = &(*at)->next;
    *at = one->next;
    overheard_free(&one->talk);
    free(one);
    return good;
}

static struct open_talk *talk_find(struct judge *judge, uint32_t on)
{
    for (struct open_talk *one = judge->open; one; one = one->next)
        if (one->on == on)
            return one;
    struct open_talk *one = calloc(1, sizeof *one);
    if (!one)
        memory_exhausted();
    *one = (struct open_talk){ .on = on, .next = judge->open };
    judge->open = one;
    return one;
}

static bool take(struct judge *judge, const struct told *e, struct bytes data)
{
    struct open_talk *one = talk_find(judge, e->on);
    struct overheard_talk *t = &one->talk;
    judge->us = e->us;
    one->news = true;
    enum party from = e->from == RELAY_CLIENT ? PARTY_CLIENT : PARTY_SERVER;

    switch ((enum relay_kind)e->kind) {
    case RELAY_DATA:
        one->too_long |= t->said[0].len + t->said[1].len + data.len > HEARD_MAX;
        if (!one->too_long)
            overheard_add(t, HEARD_DATA, from, e->us, data);
        break;
    case RELAY_END:
        overheard_add(t, HEARD_END, from, e->us, data);
        break;
    case RELAY_RESET:
        overheard_add(t, HEARD_RESET, from, e->us, data);
        break;
    case RELAY_CLOSED:
        t->over = true;
        return conclude(judge, one);
    case RELAY_OPEN:
    case RELAY_REFUSED:
    case RELAY_FAULT:
    case RELAY_NOTE:
        break;
    }
    return true;
}

/* Takes all that has come in whole. */
static bool take_all(struct judge *judge, struct buffer *came)
{
    struct bytes rest = buffer_bytes(came);
    struct told e;
    bool good = true;

    while (good && rest.len >= sizeof e) {
        memcpy(&e, rest.data, sizeof e);
        if (rest.len - sizeof e < e.len)
            break;
        good = take(judge, &e, bytes_slice(rest, sizeof e, e.len));
        rest = bytes_slice(rest, sizeof e + e.len, SIZE_MAX);
    }
    memmove(came->data, rest.data, rest.len);
    came->len = rest.len;
    return good;
}

static int status_of(const struct judge *judge)
{
    if (judge->wrong[PARTY_CLIENT] || judge->wrong[PARTY_SERVER])
        return EXIT_UNEXPECTED;
    return judge->right ? EXIT_EXPECTED : EXIT_NOTHING;
}

static int judge_until_end(struct judge *judge, int fd)
{
    CLEANUP(buffer_free) struct buffer came = { 0 };
    static uint8_t room[65536];
    bool good = true;
    ssize_t n;

    judge->rest = REST_US;
    while (good) {
        struct pollfd more = { fd, POLLIN, 0 };
        if (!hurried && has_news(judge) && poll(&more, 1, (int)(judge->rest / 1000)) == 0) {
            good = look_all(judge);
            continue;
        }
        n = read(fd, room, sizeof room);
        if (n == 0 || (n < 0 && errno != EINTR))
            break;
        if (n > 0)
            buffer_append(&came, room, (size_t)n);
        if (came.len)
            good = take_all(judge, &came);
    }
    while (good && judge->open) // not over, and stopped
        good = conclude(judge, judge->open);
    printf("checked: %zu right, %zu wrong by the server, %zu by the client, %zu not judged   %s\n", judge->right, judge->wrong[PARTY_SERVER],
           judge->wrong[PARTY_CLIENT], judge->not_judged, judge->path);
    if (!good)
        fprintf(stderr, "arcwire: %s: %s\n", judge->path, strerror(errno));
    fflush(stdout);
    return good ? status_of(judge) : EXIT_SURROUNDINGS;
}

/* ---- the proxy's side ---- */

static bool start(struct proxy_check *c, struct judge *judge, struct error *err)
{
    int ends[2];

    fflush(NULL);
    if (pipe2(ends, O_CLOEXEC) < 0)
        return error_errno(err, "pipe");
    fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE); // less will do
    c->judge = fork();
    if (c->judge == 0) {
        signal(SIGINT, SIG_IGN); // it ends behind the proxy, with all that that has told
        signal(SIGTERM, SIG_IGN);
        signal(SIGUSR1, hurry);
        setpriority(PRIO_PROCESS, 0, 10); // what passes goes first
        close(ends[1]);
        _exit(judge_until_end(judge, ends[0]));
    }
    close(ends[0]);
    if (c->judge < 0) {
        close(ends[1]);
        return error_errno(err, "fork");
    }
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    c->fd = ends[1];
    return true;
}

bool proxy_check_begin(struct proxy_check *c, const struct options *o, const char *path, struct error *err)
{
    SCRATCH(keep);
    struct library lib = { 0 };
    struct run_options run = { 0 };
    struct options cases = *o;
    struct judge judge = { .path = path, .quiet = o->quiet, .file = -1 };

    *c = (struct proxy_check){ .fd = -1 };
    cases.deliveries = NULL; // it is the proxy's
    judge.by_format = o->word_count == 1 && strcmp(o->words[0], "format") == 0;
    bool good = run_options_parse(&cases, &run, &keep, err);
    judge.format.profile = run.profile;
    if (judge.by_format)
        good = good && layouts_open(o->layout, &keep, judge.format.layouts, err);
    else
        good = good && library_open(o, &lib, err) && overhear_begin(&judge.cases, &lib, &run, err);
    if (good) {
        judge.file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_APPEND, 0666);
        good = judge.file >= 0 ? start(c, &judge, err) : error_errno(err, "%s", path);
    }
    fd_close(&judge.file);
    overhear_end(&judge.cases);
    library_free(&lib);
    return good;
}

bool proxy_check_waits(const struct proxy_check *c)
{
    return c->waits.len > 0;
}

/* A signal came; timeout(1) sends it to its child, and to the group again. */
static void hurry_judge(const struct proxy_check *c)
{
    if (c->over && clock_us() - c->over >= SAME_US)
        kill(c->judge, SIGUSR1);
}

void proxy_check_push(struct proxy_check *c)
{
    size_t at = 0;

    while (at < c->waits.len) {
        ssize_t n = write(c->fd, c->waits.data + at, c->waits.len - at);
        if (n < 0 && errno == EINTR) {
            hurry_judge(c);
            continue;
        }
        if (n < 0)
            break;
        at += (size_t)n;
    }
    if (at)
        memmove(c->waits.data, c->waits.data + at, c->waits.len - at);
    c->waits.len -= at;
}

void proxy_check_hear(struct proxy_check *c, const struct relay_event *e)
{
    const struct told told = { .kind = e->kind, .on = e->on, .from = e->from, .len = (uint32_t)e->data.len, .us = e->us };

    if (c->fd < 0 || c->behind)
        return;
    c->behind = c->waits.len + sizeof told + e->data.len > WAITS_MAX;
    if (c->behind)
        return;
    buffer_append(&c->waits, &told, sizeof told);
    if (e->data.len)
        buffer_append(&c->waits, e->data.data, e->data.len);
    proxy_check_push(c);
}

int proxy_check_end(struct proxy_check *c)
{
    int status = 0;

    if (c->fd < 0)
        return EXIT_EXPECTED;
    fcntl(c->fd, F_SETFL, 0);
    signal(SIGPIPE, SIG_IGN);
    c->over = clock_us();
    proxy_check_push(c);
    fd_close(&c->fd);
    buffer_free(&c->waits);
    while (waitpid(c->judge, &status, 0) < 0 && errno == EINTR)
        hurry_judge(c);
    if (c->behind)
        fprintf(stderr, "arcwire: the judge was too far behind what passed: not all was judged\n");
    if (!WIFEXITED(status))
        return EXIT_BUG;
    return WEXITSTATUS(status) == EXIT_EXPECTED && c->behind ? EXIT_UNEXPECTED : WEXITSTATUS(status);
}
