#include "run/worker.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/fd.h"
#include "peer/memory.h"
#include "run/ask.h"
#include "run/family.h"

#define MEMORY_MORE (8u << 20) // bytes that a peer may take for a case beyond what it was sent: stacks of its
                               // threads, arenas of its allocator; what is claimed and counts is 16 MiB and more

/* Whether one peer of ours serves all turns; a program that asks is started for its case. */
static bool keeps_peer(const struct worker *w)
{
    return w->o->manifest && w->o->play == PARTY_CLIENT;
}

static bool start_peer(struct worker *w, struct error *err)
{
    const struct run_options *o = w->o;
    struct address us = address_loopback(0);

    if (o->peer_dials) {
        fd_close(&w->meeting.listener);
        if (!net_bind(&us, &w->meeting.listener, err) || !net_listen(w->meeting.listener, err))
            return false;
    }
    return peer_start(o->manifest, o->variant, o->build, o->peer_dials ? &us : NULL, WORKER_START_LIMIT, &w->peer, err);
}

/* How connections come about; starts the peer where it is ours. */
static bool meet(struct worker *w, struct error *err)
{
    const struct run_options *o = w->o;
    struct address us = o->address;
    char text[80];

    if (keeps_peer(w))
        return start_peer(w, err);
    if (!o->peer_dials || o->manifest)
        return true;
    if (!net_bind(&us, &w->meeting.listener, err) || !net_listen(w->meeting.listener, err))
        return false;
    address_print(&us, text, sizeof text);
    w->sink->say(w->sink->of, arena_printf(&w->keep, "waiting for the peer to dial %s", text));
    return true;
}

/* The command that repeats one result. */
static const char *again(const struct run_options *o, const struct vector *v, const char *delivery, struct arena *keep)
{
    return arena_printf(keep, "arcwire run '%s' --delivery %s --seed 0x%" PRIx64 " %s", v->id, delivery, o->seed, o->how);
}

static void tell(const struct run_options *o, const struct sink *sink, const char *profile, struct result *result, bool dead,
                 struct arena *keep, struct played *out)
{
    size_t begin = out->records.b.len;

    assert(out->count < PLAYED_RESULTS);
    result->profile = profile;
    result->again = again(o, result->vector, result->delivery, keep);
    sink->describe(sink->of, result, &out->records);
    out->results[out->count].verdict = result->verdict;
    out->results[out->count].dead = dead;
    out->results[out->count].begin = begin;
    out->results[out->count++].end = out->records.b.len;
}

void worker_hand_over(struct worker *w, struct result *result, bool dead, struct arena *keep)
{
    tell(w->o, w->sink, w->profile_name, result, dead, keep, w->out);
}

void worker_not_played(const struct run_options *o, const struct sink *sink, const char *profile, const struct turn *turn,
                        enum verdict verdict, const char *reason, struct played *out)
{
    SCRATCH(keep);
    struct result result = { .vector = turn->vector, .delivery = turn->delivery->name, .verdict = verdict, .reason = reason };

    tell(o, sink, profile, &result, false, &keep, out);
}

void worker_finding(struct findings *f, struct finding one, struct arena *keep)
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

/* A peer of ours that is gone is started again. */
static bool revive(struct worker *w, struct error *err)
{
    peer_stop(&w->peer);
    if (!start_peer(w, err))
        return false;
    const struct address *at = peer_service(&w->peer, w->service->name);
    if (at)
        w->meeting.address = *at;
    return true;
}

/* The case that saw a peer die is told so, and the next gets a new one. */
bool worker_look_after(struct worker *w, struct result *result, struct arena *keep, struct error *err)
{
    TEXT(how);

    if (!keeps_peer(w) || peer_lives(&w->peer, &how))
        return true;
    const struct genuine *defect = genuine_end(&result->findings);
    worker_finding(&result->findings,
                   (struct finding){ .check = { "peer-lives", w->service->end.clauses, LEVEL_MUST }, .axis = AXIS_LIFE,
                                     .grade = defect ? GRADE_AS_GENUINE : GRADE_FAIL, .genuine = defect, .cause = "peer-died",
                                     .sentence = arena_printf(keep, "the peer %s", text_string(&how)) },
                   keep);
    if (!defect)
        result->verdict = VERDICT_FAIL;
    played_say(w->out, arena_printf(keep, "%s: the peer %s; started again", result->vector->id, text_string(&how)));
    return revive(w, err);
}

/* The same for one position of a family, which puts it into its own findings. */
static bool look_at(void *of, int patience_ms, bool *lives, const char **how, struct arena *keep, struct error *err)
{
    struct worker *w = of;
    TEXT(said);

    if (w->o->manifest)
        peer_wait(&w->peer, patience_ms);
    *lives = !w->o->manifest || peer_lives(&w->peer, &said);
    if (*lives)
        return true;
    *how = arena_string(keep, text_string(&said));
    return revive(w, err);
}

/* Whether what a case claims and does not send has made the peer grow [COL-4, STR-15]. */
static void weigh(struct worker *w, struct result *result, uint64_t before, uint64_t sent, struct arena *keep)
{
    static const char *const clauses[] = { "STR-15", "COL-4", NULL };
    uint64_t peak = peer_memory_peak(&w->peer), grown = peak > before ? peak - before : 0, may = MEMORY_MORE + sent;
    enum level level = w->o->manifest->memory_must ? LEVEL_MUST : LEVEL_SHOULD;
    struct finding one = { .check = { "memory", clauses, level }, .axis = AXIS_LIFE };

    if (before == 0 || peak == 0)
        return; // the kernel does not tell
    if (grown > may) {
        one.grade = GRADE_FAIL;
        one.cause = "memory";
        one.sentence = arena_printf(keep, "the peer took %" PRIu64 " MiB for at most %" PRIu64 " bytes that it was sent: it takes memory for what is claimed",
                                    grown >> 20, sent);
    }
    worker_finding(&result->findings, one, keep);
    enum verdict v = verdict_fold(&result->findings, w->o->strict);
    result->verdict = verdict_worse(result->verdict, v);
}

/* A peer that imitates no MFC need not know the numbers of its exceptions: what it says of them is advice, and 0 says
 * that it knows none [SVC-7, section 2]. */
static void soften(const struct worker *w, struct findings *f)
{
    size_t kept = 0;

    for (size_t i = 0; i < f->count; i++) {
        struct finding one = f->items[i];
        if (w->no_mfc && strcmp(one.check.name, "cause") == 0) {
            one.check.level = one.check.level == LEVEL_MUST ? LEVEL_SHOULD : one.check.level;
            if (one.grade == GRADE_FAIL && one.got.len == 2 && one.got.data[0] == 0 && one.got.data[1] == 0)
                continue;
        }
        f->items[kept++] = one;
    }
    f->count = kept;
}

/* Plays one compiled program and hands its result over. */
bool worker_play_program(struct worker *w, const struct program *p, const struct meeting *m, const struct limits *l,
                 const char *delivery, struct trace *t, struct result *result, struct arena *keep, struct error *err)
{
    int64_t began = clock_us();

    *t = (struct trace){ .keep = keep };
    if (!engine_play(&w->engine, p, m, l, w->stop, t, err))
        return false;
    *result = (struct result){ .vector = p->vector, .delivery = delivery, .program = p, .trace = t };
    judge(p, t, keep, &result->findings);
    soften(w, &result->findings);
    result->verdict = verdict_fold(&result->findings, w->o->strict);
    for (size_t i = 0; result->verdict == VERDICT_INCONCLUSIVE && !result->reason && i < result->findings.count; i++) {
        const struct finding *f = &result->findings.items[i];
        if (f->grade == GRADE_FAIL && f->control)
            result->reason = arena_printf(keep, "the control \"%s\" failed, so that nothing is shown about the case itself", f->control);
    }
    result->us = clock_us() - began;
    return true;
}

static bool play_family(struct worker *w, const struct vector *v, const char *delivery, struct trace *t,
                        struct family_result *family, struct result *result, struct arena *keep, struct error *err)
{
    struct family_play f = { .engine = &w->engine, .meeting = &w->meeting, .limits = &w->o->limits,
                             .profile = &w->profile, .seed = w->o->seed, .stop = w->stop,
                             .one_by_one = w->o->peer_dials, .look = look_at, .of = w };
    int64_t began = clock_us();

    *t = (struct trace){ .keep = keep };
    *result = (struct result){ .vector = v, .delivery = delivery };
    if (!family_play(&f, v, keep, family, err))
        return false;
    if (family->program) {
        *t = family->trace;
        result->program = family->program;
        result->trace = t;
        result->family = &family->tally;
    }
    result->findings = family->findings;
    soften(w, &result->findings);
    result->verdict = verdict_fold(&result->findings, w->o->strict);
    result->us = clock_us() - began;
    return true;
}

static uint64_t bytes_sent(const struct program *p)
{
    uint64_t n = 0;

    for (size_t i = 0; i < p->count; i++)
        if (p->ops[i].kind == OP_SEND)
            n += p->ops[i].bytes.len;
    return n;
}

static bool has_step(const struct vector *v, enum step_kind kind)
{
    for (size_t i = 0; i < v->steps.count; i++)
        if (v->steps.items[i].kind == kind)
            return true;
    return false;
}

/* A case whose port is closed at first has a peer and a port of its own. */
static bool play_closed_port(struct worker *w, const struct program *p, const char *delivery, struct trace *t,
                             struct result *result, struct arena *keep, struct error *err)
{
    struct address us = address_loopback(0);
    struct meeting m = { .peer_dials = true, .listener = -1, .ours = true, .process = -1 };
    struct peer peer;

    if (!net_bind(&us, &m.listener, err))
        return false;
    bool good = peer_start(w->o->manifest, w->o->variant, w->o->build, &us, WORKER_START_LIMIT, &peer, err);
    if (good) {
        m.words = peer.words;
        good = worker_play_program(w, p, &m, &w->o->limits, delivery, t, result, keep, err);
        peer_stop(&peer);
    }
    fd_close(&m.listener);
    return good;
}

bool worker_offered(const struct worker *w, struct type_ref t)
{
    size_t len = strlen(t.type->name);

    for (const char *at = w->types; at && *at;) {
        size_t n = strcspn(at, ",");
        if (n == len && memcmp(at, t.type->name, len) == 0)
            return true;
        at += n + (at[n] == ',');
    }
    return w->types == NULL;
}

/* Why a case is not played, with the verdict in *verdict; NULL when it is. */
static const char *excused(const struct worker *w, const struct vector *v, struct arena *keep, enum verdict *verdict)
{
    const struct run_options *o = w->o;

    *verdict = VERDICT_SKIPPED;
    if (v->predicate && !profile_matches(&w->profile, v->predicate))
        return arena_printf(keep, "for peers of profile %s", v->predicate);
    if (v->dial && strcmp(v->dial, o->peer_dials ? "peer" : "us") != 0)
        return o->peer_dials ? "for peers that listen" : "for peers that dial";
    if (has_step(v, STEP_LISTEN) && !o->manifest)
        return "needs a peer that arcwire starts, to hear that it was refused";
    if (o->play == PARTY_CLIENT && v->play && strcmp(v->play, "server") == 0)
        return "for programs that ask";
    const char *unserved = o->play == PARTY_SERVER ? ask_excused(w, v, verdict) : NULL;
    if (unserved)
        return unserved;
    *verdict = VERDICT_UNSUPPORTED;
    for (size_t i = 0; i < v->need_count; i++)
        if (!worker_offered(w, v->needs[i]))
            return arena_printf(keep, "the peer does not offer %s", v->needs[i].type->name);
    return NULL;
}

static bool play_case(struct worker *w, const struct turn *turn, struct error *err)
{
    SCRATCH(keep);
    const struct vector *v = turn->vector;
    const struct delivery *d = turn->delivery;
    struct program p;
    struct trace t;
    struct result result;
    struct family_result family;
    enum verdict verdict;
    bool good, watched = v->memory && keeps_peer(w);
    uint64_t sent, before = 0;
    const char *reason = excused(w, v, &keep, &verdict);

    if (reason) {
        worker_not_played(w->o, w->sink, w->profile_name, turn, verdict, reason, w->out);
        return true;
    }
    if (watched && peer_memory_reset(&w->peer))
        before = peer_memory_peak(&w->peer);
    if (v->family) {
        good = play_family(w, v, d->name, &t, &family, &result, &keep, err);
        sent = good ? family.sent : 0;
    } else {
        if (!program_compile(v, &w->profile, w->o->seed, w->o->play, &keep, &p, err))
            return false;
        p.delivery = d->name;
        d->apply(&p, w->o->seed, &keep);
        good = w->o->play == PARTY_SERVER ? ask_play(w, &p, d->name, &t, &result, &keep, err)
               : has_step(v, STEP_LISTEN)
                   ? play_closed_port(w, &p, d->name, &t, &result, &keep, err)
                   : worker_play_program(w, &p, &w->meeting, &w->o->limits, d->name, &t, &result, &keep, err);
        sent = bytes_sent(&p);
    }
    if (!good)
        return false;
    if (*w->stop) {
        w->out->stopped = true;
        return true;
    }
    if (before)
        weigh(w, &result, before, sent, &keep);
    bool dead = verdict_is_bad(result.verdict) && came_nothing(&t);
    if (!worker_look_after(w, &result, &keep, err))
        return false;
    worker_hand_over(w, &result, dead, &keep);
    return true;
}

/* Turns to the service of a turn. */
static bool turn_to(struct worker *w, const struct service *s, struct error *err)
{
    const struct run_options *o = w->o;

    w->service = s;
    w->types = NULL;
    if (!o->manifest || o->peer_dials)
        return true;
    const struct address *at = peer_service(&w->peer, s->name);
    if (!at)
        return error_set(err, ERROR_PEER, "%s: the peer did not say where it listens for %s", o->manifest->path, s->name);
    w->meeting.address = *at;
    return true;
}

bool worker_play(struct worker *w, const struct turn *turn, struct played *out, struct error *err)
{
    w->out = out;
    bool good = turn->vector ? play_case(w, turn, err) : turn_to(w, turn->service, err) && exchange_prologue(w, err);
    w->out = NULL;
    return good;
}

bool worker_begin(struct worker *w, const struct run_options *o, const struct sink *sink, const volatile int *stop,
                  struct error *err)
{
    *w = (struct worker){ .o = o, .sink = sink, .stop = stop, .profile = o->profile, .profile_from = o->profile_from };
    w->peer = (struct peer){ .pid = -1, .words = -1, .errors = -1, .held = -1 };
    w->meeting = (struct meeting){ .peer_dials = o->peer_dials, .address = o->address, .listener = -1, .words = -1, .process = -1,
                                   .ours = o->manifest != NULL };
    w->engine.epoll = -1;
    return engine_init(&w->engine, err) && meet(w, err);
}

void worker_last_look(struct worker *w, struct played *out)
{
    TEXT(how);

    if (!keeps_peer(w) || *w->stop || peer_lives(&w->peer, &how))
        return;
    // No case is left to blame; the run is not green all the same.
    out->broken = true;
    played_say(out, arena_printf(&w->keep, "the peer %s behind its last case", text_string(&how)));
}

void worker_end(struct worker *w)
{
    peer_stop(&w->peer);
    fd_close(&w->meeting.listener);
    engine_release(&w->engine);
    arena_free(&w->keep);
}
