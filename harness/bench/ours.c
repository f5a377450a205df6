#include "bench/ours.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench/processor.h"
#include "report/log.h"

#define SERVICE     "conformance"
#define TALK_MAX    65536 // bytes of a conversation: beyond that it measures copying
#define LOOK_US     20000 // how often the budget is looked at

/* A run in progress. */
struct going {
    const struct ours *o;
    struct log log;
    struct ours_took *took;
    size_t left;         // cases to come
    int64_t last_record; // ns
    double *each;        // of the case to come
    char bad[128]; // the first case that did not pass
};

/* The budget: a timer, because a run looks at nothing but its stop. */
static volatile int halted;
static const volatile int *halted_by_user;
static int64_t halted_at;

static void look(int number)
{
    (void)number;
    if (*halted_by_user || clock_us() >= halted_at)
        halted = 1;
}

static void budget_begin(int64_t budget, const volatile int *stop, struct sigaction *before)
{
    struct sigaction action = { .sa_handler = look, .sa_flags = SA_RESTART };
    struct itimerval every = { { 0, LOOK_US }, { 0, LOOK_US } };

    halted = 0;
    halted_by_user = stop;
    halted_at = clock_us() + budget;
    sigaction(SIGALRM, &action, before);
    setitimer(ITIMER_REAL, &every, NULL);
}

static void budget_end(const struct sigaction *before)
{
    setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
    sigaction(SIGALRM, before, NULL);
}

static bool on_profile(void *of, const char *service, const struct profile *p, const char *from, const char *types, struct error *err)
{
    struct going *g = of;

    bool good = log_profile(&g->log, service, p, from, types, err);
    g->took->self = -processor_used();
    g->took->peers = -processor_used_by_children();
    g->took->cases = -clock_us();
    g->last_record = clock_ns();
    return good;
}

static void on_result(void *of, const struct result *r, struct text *to)
{
    struct going *g = of;

    if (g->o->seen)
        g->o->seen(g->o->of, r);
    log_describe(r, to);
}

/* The value of a key at the top of a record, up to its quote. */
static void value_of(struct bytes record, const char *key, char *out, size_t size)
{
    const char *at = memmem(record.data, record.len, key, strlen(key));

    snprintf(out, size, "%.*s", at ? (int)strcspn(at + strlen(key), "\"") : 1, at ? at + strlen(key) : "?");
}

static bool on_record(void *of, size_t place, enum verdict v, struct bytes record, struct error *err)
{
    struct going *g = of;

    if (verdict_is_bad(v) && !g->bad[0])
        value_of(record, "\"id\":\"", g->bad, sizeof g->bad);
    bool good = log_record(&g->log, place, record, err);
    if (g->took->cases < 0 && g->o->each) {
        int64_t now = clock_ns();
        *g->each++ = (double)(now - g->last_record) / 1e3;
        g->last_record = now;
    }
    if (g->took->cases < 0 && --g->left == 0) { // the peer still lives: its time can be read
        g->took->cases += clock_us();
        g->took->self += processor_used();
        g->took->peers += processor_used_by_children();
    }
    return good;
}

static void on_words(void *of, const char *line)
{
    (void)of, (void)line;
}

static void options_of(const struct bench *b, const struct ours *o, struct run_options *run)
{
    *run = (struct run_options){ .service = SERVICE, .seed = OURS_SEED, .limits = limits_default, .profile = profile_default,
                                 .profile_from = "default", .manifest = o->peer, .build = b->build, .address = o->at,
                                 .how = "--peer reference", .workers = o->workers,
                                 .deliveries = { delivery_find("plain") }, .delivery_count = 1 };
    if (o->limit)
        run->limits.step = o->limit;
}

static bool play_into_log(const struct bench *b, const struct ours *o, struct going *g, struct ours_took *out, struct error *err)
{
    struct sink sink = { g, on_profile, on_result, on_record, on_words };
    struct run_options run;
    struct sigaction before;
    struct log_run about = { .version = b->version, .vectors_digest = o->lib->digest, .command = "arcwire bench",
                             .delivery_names = "plain",
                             .peer_name = o->peer ? o->peer->name : "answers", .peer_title = o->peer ? o->peer->title : "answers",
                             .how = "--peer reference", .seed = OURS_SEED, .started = clock_wall() };

    options_of(b, o, &run);
    about.selected = g->left = run_count(o->lib, &run);
    if (!log_begin(&g->log, &about, err))
        return false;
    if (o->budget)
        budget_begin(o->budget, b->stop, &before);
    int64_t began = clock_us();
    bool good = run_suites(o->lib, &run, &sink, o->budget ? &halted : b->stop, &out->totals, err);
    out->all = clock_us() - began;
    out->cut_short = o->budget && halted && !*b->stop;
    if (o->budget)
        budget_end(&before);
    for (int v = 0; v < VERDICT_UNSUPPORTED; v++)
        out->results += out->totals.results[v];
    if (good)
        good = log_end(&g->log, &(struct log_outcome){ out->totals.cases, out->totals.results, 0, out->all, clock_wall(), &out->totals.spent,
                                                out->totals.stopped ? "the run was stopped" : NULL }, err);
    if (good && !o->any_verdict && !*b->stop && (g->bad[0] || out->totals.broken))
        good = error_set(err, ERROR_SYSTEM, "%s did not pass: what is measured must be right", g->bad[0] ? g->bad : "the peer");
    if (good && !o->any_verdict && !*b->stop && (g->left || about.selected == 0))
        good = error_set(err, ERROR_BUG, "%zu of %zu cases were not played", g->left, about.selected);
    return good;
}

bool ours_play(const struct bench *b, const struct ours *o, struct ours_took *out, struct error *err)
{
    SCRATCH(scratch);
    struct going g = { .o = o, .took = out, .each = o->each };
    const char *path = o->log ? o->log : arena_printf(&scratch, "%s/run.ndjson", b->directory);

    *out = (struct ours_took){ 0 };
    unlink(path);
    bool good = log_open(&g.log, path, err) && play_into_log(b, o, &g, out, err);
    log_close(&g.log);
    if (!o->log)
        unlink(path);
    return good;
}

/* What is heard while conversations are kept. */
struct listening {
    struct talked *out;
    struct arena *keep;
    bool silences;
};

static void hear(void *of, const struct result *r)
{
    struct listening *l = of;
    struct talked *t = l->out;
    struct raw_talk talk;
    bool is_case = r->vector->at != r->vector->service->at; // what goes before the cases stands in the service

    if (!r->trace || r->verdict != VERDICT_PASS || !raw_talk_of(r->trace, l->keep, &talk))
        return;
    if (!is_case) {
        t->plan.talks[t->plan.count++] = talk;
        t->prologue = t->plan.count;
    } else if (talk.bytes <= TALK_MAX && (l->silences || talk.proofs == 0)) {
        t->plan.talks[t->plan.count++] = talk;
        t->vectors[t->cases++] = r->vector;
        t->trips += talk.trips;
        t->bytes += talk.bytes;
    }
}

static bool listens(const struct vector *v)
{
    for (size_t i = 0; i < v->steps.count; i++)
        if (v->steps.items[i].kind == STEP_LISTEN)
            return true;
    return false;
}

/* A conversation whose course is the same whoever started the peer. */
static bool fits(const struct vector *v)
{
    return strcmp(v->service->name, SERVICE) == 0 && !v->family && !v->memory && !v->dial && !listens(v);
}

/* The library with those of its vectors that are in the list, which has them in the library's order. Copies of the
 * suites; the vectors are the same. */
static struct library narrow(const struct library *all, const struct vector *const *list, size_t count, struct arena *keep)
{
    struct library out = *all;
    size_t n = 0;

    out.suites = ARENA_ARRAY(keep, all->suite_count, struct suite);
    for (size_t i = 0; i < all->suite_count; i++) {
        struct suite *s = &out.suites[i];
        *s = all->suites[i];
        s->vectors = ARENA_ARRAY(keep, s->count, struct vector);
        s->count = 0;
        for (size_t k = 0; k < all->suites[i].count && n < count; k++)
            if (all->suites[i].vectors[k].id == list[n]->id) {
                s->vectors[s->count++] = *list[n];
                n++;
            }
    }
    assert(n == count);
    return out;
}

/* At most max of those that fit, spread over all. */
static size_t choose(const struct library *from, size_t max, const struct vector **out)
{
    size_t fitting = 0, seen = 0, n = 0;

    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < from->suite_count; i++)
            for (size_t k = 0; k < from->suites[i].count; k++) {
                const struct vector *v = &from->suites[i].vectors[k];
                if (!fits(v))
                    continue;
                if (pass == 0)
                    fitting++;
                else if (seen++ * max / fitting >= n && n < max)
                    out[n++] = v;
            }
    return n;
}

bool ours_talk(const struct bench *b, const struct library *from, size_t max, bool silences, struct arena *keep, struct talked *out,
               struct error *err)
{
    size_t total = 0;

    *out = (struct talked){ 0 };
    for (size_t i = 0; i < from->suite_count; i++)
        total += from->suites[i].count;
    struct listening l = { .out = out, .keep = keep, .silences = silences };
    const struct vector **chosen = ARENA_ARRAY(keep, total + 1, const struct vector *);
    size_t count = choose(from, max < total ? max : total, chosen);
    struct library some = narrow(from, chosen, count, keep);
    struct ours o = { .lib = &some, .peer = &b->reference, .workers = 1, .seen = hear, .of = &l };
    struct ours_took took;

    out->plan.talks = ARENA_ARRAY(keep, total + 8, struct raw_talk);
    out->vectors = ARENA_ARRAY(keep, total + 1, const struct vector *);
    if (!ours_play(b, &o, &took, err))
        return false;
    if (out->cases == 0 && !*b->stop)
        return error_set(err, ERROR_SYSTEM, "no conversation is at hand that plain sockets could have, too");
    out->lib = narrow(&some, out->vectors, out->cases, keep);
    return true;
}

void talked_part(const struct talked *t, size_t n, size_t parts, struct arena *keep, struct talked *out)
{
    size_t from = t->cases * n / parts, to = t->cases * (n + 1) / parts;

    *out = (struct talked){ .prologue = t->prologue, .cases = to - from, .vectors = t->vectors + from };
    out->plan = (struct raw_plan){ ARENA_ARRAY(keep, t->prologue + out->cases, struct raw_talk), t->prologue + out->cases };
    for (size_t i = 0; i < t->prologue; i++)
        out->plan.talks[i] = t->plan.talks[i];
    for (size_t i = 0; i < out->cases; i++) {
        const struct raw_talk *talk = &t->plan.talks[t->prologue + from + i];
        out->plan.talks[t->prologue + i] = *talk;
        out->trips += talk->trips;
        out->bytes += talk->bytes;
    }
    out->lib = narrow(&t->lib, out->vectors, out->cases, keep);
}

const struct library *ours_suite(struct bench *b)
{
    return b->sizes.cases < bench_sizes.cases ? &b->talked->lib : &b->lib;
}

bool ours_talked(struct bench *b, struct error *err)
{
    if (b->talked)
        return true;
    struct talked *t = ARENA_NEW(&b->keep, struct talked);
    if (!ours_talk(b, &b->lib, b->sizes.cases, false, &b->keep, t, err))
        return false;
    b->talked = t;
    return true;
}
