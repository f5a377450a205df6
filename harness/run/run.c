#include "run/run.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/fd.h"

#define START_LIMIT      10000000 // µs until a peer that we start must be ready
#define DIAL_LIMIT       60000000 // µs until a peer that somebody else starts must have dialled
#define FIRST_STEP_LIMIT 2000000  // µs for the first control
#define DEAD_MAX         3        // connections in a row without a byte, after which the rest is not run

struct run {
    const struct library *lib;
    const struct run_options *o;
    const struct sink *sink;
    const volatile int *stop;
    struct run_totals *totals;
    struct engine engine;
    struct meeting meeting;
    struct peer peer;              // ours, when o->manifest
    const struct service *service; // in turn
    struct profile profile;
    const char *profile_from;      // what a service told holds for those behind it, too
    char profile_name[32];
    const char *types;             // that the peer offers, joined by commas; NULL: it does not say
    const char *ended;             // why the rest is not run, or NULL
    size_t bad;                    // results so far
    unsigned dead;                 // connections in a row that died without a byte
    struct arena keep;
};

bool run_selects(const struct run_options *o, const struct vector *v)
{
    if (o->pattern_count == 0)
        return true;
    for (size_t i = 0; i < o->pattern_count; i++)
        if (fnmatch(o->patterns[i], v->id, 0) == 0 || fnmatch(o->patterns[i], v->suite, 0) == 0)
            return true;
    return false;
}

/* The i-th service of the run, or NULL behind the last. */
static const char *service_name(const struct run_options *o, size_t i)
{
    if (o->service || !o->manifest)
        return i == 0 ? (o->service ? o->service : "conformance") : NULL;
    if (o->peer_dials && i > 0)
        return NULL; // a peer that dials speaks one service with us
    return manifest_services(o->manifest, o->variant)[i];
}

static bool of_service(const struct suite *s, const char *name)
{
    return strcmp(s->service->name, name) == 0;
}

static size_t service_count(const struct library *lib, const struct run_options *o, const char *name)
{
    size_t n = 0;

    for (size_t i = 0; i < lib->suite_count; i++)
        for (size_t k = 0; of_service(&lib->suites[i], name) && k < lib->suites[i].count; k++)
            n += run_selects(o, &lib->suites[i].vectors[k]);
    return n;
}

size_t run_count(const struct library *lib, const struct run_options *o)
{
    const char *name;
    size_t n = 0;

    for (size_t i = 0; (name = service_name(o, i)); i++)
        n += service_count(lib, o, name);
    return n * o->delivery_count;
}

static bool start_peer(struct run *r, struct error *err)
{
    const struct run_options *o = r->o;
    struct address us = address_loopback(0);

    if (o->peer_dials) {
        fd_close(&r->meeting.listener);
        if (!net_bind(&us, &r->meeting.listener, err) || !net_listen(r->meeting.listener, err))
            return false;
    }
    return peer_start(o->manifest, o->variant, o->build, o->peer_dials ? &us : NULL, START_LIMIT, &r->peer, err);
}

/* How connections come about; starts the peer where it is ours. */
static bool meet(struct run *r, struct error *err)
{
    const struct run_options *o = r->o;
    struct address us = o->address;
    char text[80];

    r->meeting = (struct meeting){ .peer_dials = o->peer_dials, .address = o->address, .listener = -1, .words = -1,
                                   .ours = o->manifest != NULL };
    if (o->manifest)
        return start_peer(r, err);
    if (!o->peer_dials)
        return true;
    if (!net_bind(&us, &r->meeting.listener, err) || !net_listen(r->meeting.listener, err))
        return false;
    address_print(&us, text, sizeof text);
    r->sink->say(r->sink->of, arena_printf(&r->keep, "waiting for the peer to dial %s", text));
    return true;
}

static const char *again(struct run *r, const struct vector *v, const char *delivery, struct arena *keep)
{
    return arena_printf(keep, "arcwire run '%s' --delivery %s --seed 0x%" PRIx64 " %s", v->id, delivery, r->o->seed,
                        r->o->how);
}

static bool hand_over(struct run *r, struct result *result, struct arena *keep, struct error *err)
{
    result->profile = r->profile_name;
    result->again = again(r, result->vector, result->delivery, keep);
    r->totals->results[result->verdict]++;
    return r->sink->result(r->sink->of, result, err);
}

static bool not_played(struct run *r, const struct vector *v, const char *delivery, enum verdict verdict,
                       const char *reason, struct error *err)
{
    SCRATCH(keep);
    struct result result = { .vector = v, .delivery = delivery, .verdict = verdict, .reason = reason };

    return hand_over(r, &result, &keep, err);
}

static void finding_append(struct findings *f, struct finding one, struct arena *keep)
{
    struct finding *more = ARENA_ARRAY(keep, f->count + 1, struct finding);

    if (f->count)
        memcpy(more, f->items, f->count * sizeof *more);
    more[f->count++] = one;
    f->items = more;
}

static bool came_nothing(const struct trace *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == TRACE_RECEIVED)
            return false;
    return true;
}

/* The genuine defect by which the peer ended a connection, or NULL: one that crashes takes its process along. */
static const struct genuine *genuine_end(const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].genuine && (f->items[i].genuine->outcomes & GENUINE_ENDS))
            return f->items[i].genuine;
    return NULL;
}

/* A peer of ours that is gone: the case that saw it is told so, and the next gets a new one. */
static bool look_after(struct run *r, struct result *result, struct arena *keep, struct error *err)
{
    TEXT(how);

    if (!r->o->manifest || peer_lives(&r->peer, &how))
        return true;
    const struct genuine *defect = genuine_end(&result->findings);
    finding_append(&result->findings,
                   (struct finding){ .check = { "peer-lives", r->service->end.clauses, LEVEL_MUST }, .axis = AXIS_LIFE,
                                     .grade = defect ? GRADE_AS_GENUINE : GRADE_FAIL, .genuine = defect, .cause = "peer-died",
                                     .sentence = arena_printf(keep, "the peer %s", text_string(&how)) },
                   keep);
    if (!defect)
        result->verdict = VERDICT_FAIL;
    r->sink->say(r->sink->of, arena_printf(keep, "%s: the peer %s; started again", result->vector->id, text_string(&how)));
    peer_stop(&r->peer);
    if (!start_peer(r, err))
        return false;
    const struct address *at = peer_service(&r->peer, r->service->name);
    if (at)
        r->meeting.address = *at;
    return true;
}

/* Plays one compiled program and hands its result over. */
static bool play(struct run *r, const struct program *p, const struct meeting *m, const struct limits *l,
                 const char *delivery, struct trace *t, struct result *result, struct arena *keep, struct error *err)
{
    int64_t began = clock_us();

    *t = (struct trace){ .keep = keep };
    if (!engine_play(&r->engine, p, m, l, r->stop, t, err))
        return false;
    *result = (struct result){ .vector = p->vector, .delivery = delivery, .program = p, .trace = t };
    judge(p, t, keep, &result->findings);
    result->verdict = verdict_fold(&result->findings, r->o->strict);
    result->us = clock_us() - began;
    return true;
}

static bool has_step(const struct vector *v, enum step_kind kind)
{
    for (size_t i = 0; i < v->steps.count; i++)
        if (v->steps.items[i].kind == kind)
            return true;
    return false;
}

/* A case whose port is closed at first has a peer and a port of its own. */
static bool play_closed_port(struct run *r, const struct program *p, const char *delivery, struct trace *t,
                             struct result *result, struct arena *keep, struct error *err)
{
    struct address us = address_loopback(0);
    struct meeting m = { .peer_dials = true, .listener = -1, .ours = true };
    struct peer peer;

    if (!net_bind(&us, &m.listener, err))
        return false;
    bool good = peer_start(r->o->manifest, r->o->variant, r->o->build, &us, START_LIMIT, &peer, err);
    if (good) {
        m.words = peer.words;
        good = play(r, p, &m, &r->o->limits, delivery, t, result, keep, err);
        peer_stop(&peer);
    }
    fd_close(&m.listener);
    return good;
}

static bool offered(const struct run *r, struct type_ref t)
{
    size_t len = strlen(t.type->name);

    for (const char *at = r->types; at && *at;) {
        size_t n = strcspn(at, ",");
        if (n == len && memcmp(at, t.type->name, len) == 0)
            return true;
        at += n + (at[n] == ',');
    }
    return r->types == NULL;
}

/* Why a case is not played, with the verdict in *verdict; NULL when it is. */
static const char *excused(struct run *r, const struct vector *v, enum verdict *verdict)
{
    const struct run_options *o = r->o;

    *verdict = VERDICT_NOT_RUN;
    if (r->ended)
        return r->ended;
    *verdict = VERDICT_SKIPPED;
    if (v->predicate && !profile_matches(&r->profile, v->predicate))
        return arena_printf(&r->keep, "for peers of profile %s", v->predicate);
    if (v->dial && strcmp(v->dial, o->peer_dials ? "peer" : "us") != 0)
        return o->peer_dials ? "for peers that listen" : "for peers that dial";
    if (has_step(v, STEP_LISTEN) && !o->manifest)
        return "needs a peer that arcwire starts, to hear that it was refused";
    *verdict = VERDICT_UNSUPPORTED;
    for (size_t i = 0; i < v->need_count; i++)
        if (!offered(r, v->needs[i]))
            return arena_printf(&r->keep, "the peer does not offer %s", v->needs[i].type->name);
    return NULL;
}

static bool play_case(struct run *r, const struct vector *v, const struct delivery *d, enum verdict *verdict,
                      struct error *err)
{
    SCRATCH(keep);
    struct program p;
    struct trace t;
    struct result result;
    const char *reason = excused(r, v, verdict);

    if (reason)
        return not_played(r, v, d->name, *verdict, reason, err);
    if (!program_compile(v, &r->profile, r->o->seed, PARTY_CLIENT, &keep, &p, err))
        return false;
    p.delivery = d->name;
    d->apply(&p, r->o->seed, &keep);
    bool good = has_step(v, STEP_LISTEN) ? play_closed_port(r, &p, d->name, &t, &result, &keep, err)
                                         : play(r, &p, &r->meeting, &r->o->limits, d->name, &t, &result, &keep, err);
    if (!good)
        return false;
    if (*r->stop) {
        r->ended = "the run was stopped";
        *verdict = VERDICT_NOT_RUN;
        return not_played(r, v, d->name, *verdict, r->ended, err);
    }
    r->dead = verdict_is_bad(result.verdict) && came_nothing(&t) ? r->dead + 1 : 0;
    if (!look_after(r, &result, &keep, err) || !hand_over(r, &result, &keep, err))
        return false;
    *verdict = result.verdict;
    r->bad += verdict_is_bad(result.verdict);
    if (r->bad && r->bad == r->o->max_failures) {
        r->ended = "as many failures as were asked for";
        r->totals->broken = true;
    }
    if (r->dead == DEAD_MAX) {
        r->ended = "three connections in a row brought nothing";
        r->totals->broken = true;
        r->sink->say(r->sink->of, "three connections in a row brought nothing: the rest is not run");
    }
    return true;
}

static bool refused(const struct trace *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == TRACE_REFUSED)
            return true;
    return false;
}

/* Whether all is well but, perhaps, the end of the connection. */
static bool answered(const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].grade != GRADE_PASS && f->items[i].grade != GRADE_AS_GENUINE && f->items[i].axis != AXIS_END)
            return false;
    return f->count > 0;
}

/* An exchange that goes alone before all cases. False in *passed: the rest is not run. */
static bool play_exchange(struct run *r, const char *id, const char *title, const struct steps *steps, bool first,
                          bool (*learn)(struct run *r, const struct program *p, struct result *result,
                                        struct arena *keep),
                          bool *passed, struct error *err)
{
    SCRATCH(keep);
    struct program p;
    struct trace t;
    struct result result;
    struct limits limits = r->o->limits;

    limits.step = limits.step > FIRST_STEP_LIMIT ? limits.step : FIRST_STEP_LIMIT;
    if (first && r->o->peer_dials)
        limits.open = limits.whole = r->o->manifest ? START_LIMIT : DIAL_LIMIT;
    if (!program_compile_exchange(r->service, id, title, steps, &r->profile, r->o->seed, &keep, &p, err) ||
        !play(r, &p, &r->meeting, &limits, "plain", &t, &result, &keep, err))
        return false;
    if (*r->stop) {
        r->ended = "the run was stopped";
        *passed = false;
        return true;
    }
    if (first && refused(&t)) {
        char text[80];
        address_print(&r->meeting.address, text, sizeof text);
        return r->o->peer_dials ? error_set(err, ERROR_PEER, "no connection came about: nobody dialled")
                                : error_set(err, ERROR_PEER, "no connection came about: %s refused it", text);
    }
    if (learn && answered(&result.findings) && result.verdict != VERDICT_AS_GENUINE && !learn(r, &p, &result, &keep))
        result.verdict = VERDICT_FAIL;
    // Alone as it is, what did not come to a verdict is no pass either.
    if (result.verdict == VERDICT_INCONCLUSIVE)
        result.verdict = VERDICT_FAIL;
    // A connection that ends wrongly behind the right answer is a failure, and no reason to stop.
    *passed = answered(&result.findings);
    r->totals->cases[result.verdict]++;
    if (!*passed) {
        r->ended = arena_printf(&r->keep, "%s failed", id);
        r->totals->broken = true;
    }
    return (!verdict_is_bad(result.verdict) || look_after(r, &result, &keep, err)) && hand_over(r, &result, &keep, err);
}

static bool unfit(struct result *result, struct arena *keep, const char *sentence)
{
    finding_append(&result->findings,
                   (struct finding){ .check = { "capabilities", result->vector->clauses, LEVEL_MUST },
                                     .grade = GRADE_FAIL, .cause = "capabilities", .sentence = sentence },
                   keep);
    return false;
}

/* What the peer said it offers, from the values that the exchange kept. */
static bool learn_capabilities(struct run *r, const struct program *p, struct result *result, struct arena *keep)
{
    const struct service *s = r->service;
    struct {
        const char *name;
        char text[4096];
    } said[4] = { { s->capabilities.types, "" },
                  { s->capabilities.generation, "" },
                  { s->capabilities.charset, "" },
                  { s->capabilities.bits, "" } };

    for (size_t i = 0; i < COUNT_OF(said); i++) {
        if (!said[i].name)
            continue;
        const struct value *v = judge_kept(p, result->trace, said[i].name, keep);
        if (!v)
            continue;
        if (v->of.type->kind == VALUE_INTEGER) {
            snprintf(said[i].text, sizeof said[i].text, "%" PRIu64, v->number);
            continue;
        }
        size_t step = v->wide ? 2 : 1, n = 0;
        for (size_t at = 0; at + step <= v->data.len && n + 1 < sizeof said[i].text; at += step)
            said[i].text[n++] = (char)v->data.data[at];
    }
    if (said[1].name && !profile_generation_parse(said[1].text, &r->profile.generation))
        return unfit(result, keep, arena_printf(keep, "\"%s\" is no generation", said[1].text));
    if (said[2].name && strcmp(said[2].text, "ansi") != 0 && strcmp(said[2].text, "unicode") != 0)
        return unfit(result, keep, arena_printf(keep, "\"%s\" is no charset: ansi or unicode", said[2].text));
    if (said[2].name)
        r->profile.charset = strcmp(said[2].text, "ansi") == 0 ? CHARSET_ANSI : CHARSET_UNICODE;
    if (said[3].name && strcmp(said[3].text, "32") != 0 && strcmp(said[3].text, "64") != 0)
        return unfit(result, keep, arena_printf(keep, "%s is no number of bits: 32 or 64", said[3].text));
    if (said[3].name)
        r->profile.bits = said[3].text[0] == '3' ? 32 : 64;
    if (r->profile.generation < 70 && r->profile.bits == 64)
        return unfit(result, keep, "there is no MFC up to 6.0 with 64 bits");
    r->profile_from = "capabilities";
    if (said[0].name)
        r->types = arena_string(&r->keep, said[0].text);
    for (const char *const *m = s->capabilities.mandatory; m && *m; m++) {
        struct type_ref t;
        struct error ignored;
        if (type_parse(*m, &t, &ignored) && !offered(r, t))
            return unfit(result, keep, arena_printf(keep, "%s is not offered, but it is mandatory", *m));
    }
    return true;
}

static void profile_known(struct run *r)
{
    TEXT(name);

    profile_print(&name, &r->profile);
    snprintf(r->profile_name, sizeof r->profile_name, "%s", text_string(&name));
}

static bool run_service(struct run *r, struct error *err)
{
    const struct service *s = r->service;
    const struct run_options *o = r->o;
    bool passed = true;

    r->types = NULL;
    profile_known(r);
    if (s->first_control &&
        !play_exchange(r, "first-control", "The peer answers at all", &service_control(s, s->first_control)->steps, true,
                       NULL, &passed, err))
        return false;
    if (passed && s->capabilities.steps.count &&
        !play_exchange(r, "capabilities", "The peer says what it offers", &s->capabilities.steps, !s->first_control,
                       learn_capabilities, &passed, err))
        return false;
    if (passed) {
        profile_known(r);
        if (!r->sink->profile(r->sink->of, s->name, &r->profile, r->profile_from, r->types, err))
            return false;
    }
    for (size_t i = 0; i < r->lib->suite_count; i++) {
        const struct suite *suite = &r->lib->suites[i];
        for (size_t k = 0; of_service(suite, s->name) && k < suite->count; k++) {
            if (!run_selects(o, &suite->vectors[k]))
                continue;
            enum verdict worst = VERDICT_SKIPPED, verdict;
            for (size_t d = 0; d < o->delivery_count; d++) {
                if (!play_case(r, &suite->vectors[k], o->deliveries[d], &verdict, err))
                    return false;
                worst = verdict_worse(worst, verdict);
            }
            r->totals->cases[worst]++;
        }
    }
    return true;
}

static bool run_all(struct run *r, struct error *err)
{
    const char *name;

    for (size_t i = 0; (name = service_name(r->o, i)); i++) {
        if (service_count(r->lib, r->o, name) == 0)
            continue;
        r->service = library_service(r->lib, name);
        if (r->o->manifest && !r->o->peer_dials) {
            const struct address *at = peer_service(&r->peer, name);
            if (!at)
                return error_set(err, ERROR_PEER, "%s: the peer did not say where it listens for %s", r->o->manifest->path,
                                 name);
            r->meeting.address = *at;
        }
        r->ended = *r->stop ? "the run was stopped" : NULL;
        r->dead = 0;
        if (!run_service(r, err))
            return false;
    }
    return true;
}

/* Lock-step traffic costs a fraction when both ends share a processor, so that none has to be woken on another. A
 * peer that we start inherits ours. */
static void share_processor(cpu_set_t *before)
{
    cpu_set_t one;
    int here = sched_getcpu();

    CPU_ZERO(before);
    if (here < 0 || sched_getaffinity(0, sizeof *before, before) < 0 || CPU_COUNT(before) < 2)
        return;
    CPU_ZERO(&one);
    CPU_SET(here, &one);
    sched_setaffinity(0, sizeof one, &one);
}

bool run_suites(const struct library *lib, const struct run_options *o, const struct sink *sink,
                const volatile int *stop, struct run_totals *totals, struct error *err)
{
    struct run r = { .lib = lib, .o = o, .sink = sink, .stop = stop, .totals = totals,
                     .profile = o->profile, .profile_from = o->profile_from };

    *totals = (struct run_totals){ 0 };
    r.peer = (struct peer){ .pid = -1, .words = -1, .errors = -1, .held = -1 };
    if (!engine_init(&r.engine, err))
        return false;
    cpu_set_t before;
    CPU_ZERO(&before);
    if (o->manifest)
        share_processor(&before);
    bool good = meet(&r, err) && run_all(&r, err);
    totals->stopped = *stop;
    TEXT(how);
    if (good && o->manifest && !*stop && !peer_lives(&r.peer, &how)) {
        // No case is left to blame; the run is not green all the same.
        totals->broken = true;
        sink->say(sink->of, arena_printf(&r.keep, "the peer %s behind its last case", text_string(&how)));
    }
    peer_stop(&r.peer);
    if (CPU_COUNT(&before) > 1)
        sched_setaffinity(0, sizeof before, &before);
    fd_close(&r.meeting.listener);
    engine_release(&r.engine);
    arena_free(&r.keep);
    return good;
}
