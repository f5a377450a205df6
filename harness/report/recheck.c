#include "report/recheck.h"

#include <stdlib.h>

#include "base/hex.h"
#include "check/check.h"
#include "vector/cuts.h"
#include "vector/match.h"
#include "vector/mutate.h"

#define CONNECTIONS 8

/* ---- from the log back to a trace ---- */

static struct bytes expand(const char *hex, struct arena *keep)
{
    struct bytes out = { 0 };

    hex_read(hex, keep, &out); // it was looked through when the log was read
    return out;
}

static bool kind_of(const char *event, enum trace_kind *out)
{
    for (int k = 0; k <= TRACE_OVER; k++) {
        const char *name = trace_name((enum trace_kind)k);
        if (name && strcmp(name, event) == 0) {
            *out = (enum trace_kind)k;
            return true;
        }
    }
    return false;
}

struct restoring {
    const struct report_talk *talk;
    struct bytes *own, *probes; // of each op, as the log has them
    struct trace *trace;
    struct arena *keep;
};

/* What an event moved: bytes of its own, or of the op that it refers to. */
static struct bytes moved(const struct restoring *r, const struct report_event *e)
{
    if (e->hex)
        return expand(e->hex, r->keep);
    if (e->op >= r->talk->op_count)
        return (struct bytes){ 0 };
    const struct bytes *of = e->kind == REPORT_SENT && r->talk->ops[e->op].kind == REPORT_OP_SILENT ? r->probes : r->own;
    return bytes_slice(of[e->op], e->from, e->len);
}

static bool restore_event(struct restoring *r, const struct report_event *e, struct error *err)
{
    enum trace_kind kind;

    if (e->on >= CONNECTIONS || e->op > r->talk->op_count)
        return error_set(err, ERROR_INPUT, "an event of no connection or op");
    if (e->kind == REPORT_HAPPENED) {
        if (!kind_of(e->event, &kind))
            return error_set(err, ERROR_INPUT, "there is no event \"%.40s\"", e->event);
        trace_add(r->trace, kind, (unsigned)e->on, e->op, e->us)->number = e->number;
        return true;
    }
    struct bytes data = moved(r, e);
    if (data.len != e->len)
        return error_set(err, ERROR_INPUT, "an event of %llu bytes refers to %zu", (unsigned long long)e->len, data.len);
    if (e->kind == REPORT_SENT) {
        trace_add_data(r->trace, TRACE_SENT, (unsigned)e->on, e->op, e->us, data, (unsigned)e->segments);
        return true;
    }
    struct trace_event *last = r->trace->count ? &r->trace->events[r->trace->count - 1] : NULL;
    if (!e->same_chunk || !last || last->kind != TRACE_RECEIVED) {
        trace_add_data(r->trace, TRACE_RECEIVED, (unsigned)e->on, e->in, e->us, data, 0);
        return true;
    }
    CLEANUP(buffer_free) struct buffer both = { 0 };
    buffer_append(&both, last->data.data, last->data.len);
    buffer_append(&both, data.data, data.len);
    last->data = arena_bytes(r->keep, buffer_bytes(&both));
    return true;
}

bool recheck_trace(const struct report_talk *talk, struct arena *keep, struct trace *out, struct error *err)
{
    struct restoring r = { .talk = talk, .trace = out, .keep = keep };

    *out = (struct trace){ .keep = keep };
    r.own = ARENA_ARRAY(keep, talk->op_count + 1, struct bytes);
    r.probes = ARENA_ARRAY(keep, talk->op_count + 1, struct bytes);
    for (size_t i = 0; i < talk->op_count; i++) {
        r.own[i] = expand(talk->ops[i].hex, keep);
        r.probes[i] = expand(talk->ops[i].probe, keep);
    }
    for (size_t i = 0; i < talk->event_count; i++)
        if (!restore_event(&r, &talk->events[i], err))
            return error_within(err, "event %zu", i);
    return true;
}

/* ---- the program as it was played ---- */

/* A connection, as far as the conversation has come. */
struct line {
    struct buffer came;
    size_t taken;
    struct object_table *table;
};

struct walk {
    struct program *p;
    struct line lines[CONNECTIONS];
    size_t at;
    struct arena *keep;
};

static struct bytes unread(const struct line *l)
{
    return bytes_slice(buffer_bytes(&l->came), l->taken, SIZE_MAX);
}

/* Something came in the place of what is due that may: as the session saw it, the program says so from now on. */
static bool rearranged(struct walk *w, const struct op *op)
{
    struct line *l = &w->lines[op->on];

    if ((!op->may_count && !op->group) || unread(l).len == 0)
        return false;
    struct met met = program_meet(w->p, w->at, unread(l), l->table, w->keep);
    if (met.status != MATCH_DONE)
        return false;
    if (!met.aside) {
        program_swap(w->p, w->at, met.op);
        return true;
    }
    if (!program_set_aside(w->p, w->at, met.aside, w->keep))
        return false;
    l->taken += match_op(unread(l), &w->p->ops[w->at], &w->p->profile, &l->table, w->keep).len;
    w->at++;
    return true;
}

/* The op at w->at is over, or is the last that was in force: what came for it is accounted for, and what it told is said. */
static void pass(struct walk *w, bool over)
{
    for (;;) {
        const struct op *op = &w->p->ops[w->at];
        struct line *l = &w->lines[op->on];
        bool answered = op->kind == OP_RECEIVE || (op->kind == OP_SILENT && op->bytes.len);
        if (!l->table)
            l->table = object_table_new(w->keep);
        if (op->kind == OP_AWAIT_END && op->whatever)
            l->taken = l->came.len;
        if (answered) {
            struct object_table *table = l->table;
            struct match m = match_op(unread(l), op, &w->p->profile, &table, w->keep);
            if (m.status == MATCH_DONE) {
                l->table = table;
                l->taken += m.len;
                program_learn(w->p, w->at, m.kept, w->keep);
                break;
            }
        }
        bool waits = answered || op->kind == OP_AWAIT_END || op->kind == OP_SILENT;
        if (!waits || !rearranged(w, op))
            break;
    }
    w->at += over;
}

static void lay_out(struct program *p, const struct trace *t, struct arena *keep)
{
    struct walk w = { .p = p, .keep = keep };

    for (size_t i = 0; i < t->count; i++) {
        const struct trace_event *e = &t->events[i];
        while (w.at < e->op && w.at < p->count)
            pass(&w, true);
        if (e->kind == TRACE_RECEIVED)
            buffer_append(&w.lines[e->on].came, e->data.data, e->data.len);
    }
    if (w.at < p->count)
        pass(&w, false);
    for (size_t on = 0; on < CONNECTIONS; on++)
        buffer_free(&w.lines[on].came);
}

static bool is_as_played(const struct program *p, const struct report_talk *talk)
{
    if (p->count != talk->op_count || p->connection_count != talk->connections.count)
        return false;
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(op_name(p->ops[i].kind), talk->ops[i].op) != 0 || p->ops[i].on != talk->ops[i].on)
            return false;
    return true;
}

/* ---- findings of then and now ---- */

static const char *word(const char *cause)
{
    return cause ? cause : "";
}

static void say(struct text *said, const struct finding *now, const struct report_check *then)
{
    text_printf(said, "    %s (op %lld): ", now ? now->check.name : then->name, now ? (long long)now->op : (long long)then->op);
    text_printf(said, "%s%s%s, was ", now ? grade_name(now->grade) : "not checked", now && now->cause ? " " : "", now ? word(now->cause) : "");
    text_printf(said, "%s%s%s\n", then ? report_verdicts[then->verdict].name : "not checked", then && then->cause ? " " : "",
                then ? word(then->cause) : "");
}

/* What a run makes of a finding by what else it knows: a manifest that declares it, a wish about silences. */
static bool is_same(const struct recheck_run *run, const struct finding *now, const struct report_check *then)
{
    const char *name = report_verdicts[then->verdict].name;

    if (run->silence_probed && now->grade == GRADE_PASS_TIMED && then->verdict == REPORT_INCONCLUSIVE)
        return true;
    if (now->grade == GRADE_FAIL && then->verdict == REPORT_DECLARED)
        name = "fail";
    return strcmp(grade_name(now->grade), name) == 0 && strcmp(word(now->cause), word(then->cause)) == 0;
}

/* What no trace shows: whether the peer lives, what it says elsewhere. And what counts for an MFC alone was left out of the others. */
static bool is_beside(const struct report_check *c)
{
    return c->axis == REPORT_LIFE || c->op < 0 || strcmp(c->name, "exit") == 0 || strcmp(c->name, "dials") == 0;
}

static bool compare(const struct recheck_run *run, const struct findings *now, const struct report_result *r, struct text *said)
{
    SCRATCH(scratch);
    bool *used = ARENA_ARRAY(&scratch, r->check_count + 1, bool), same = true;

    for (size_t i = 0; i < now->count; i++) {
        const struct finding *f = &now->items[i];
        size_t k = 0;
        while (k < r->check_count && (used[k] || strcmp(r->checks[k].name, f->check.name) != 0 || r->checks[k].op != (int64_t)f->op))
            k++;
        bool found = k < r->check_count;
        if (found)
            used[k] = true;
        else if (strcmp(f->check.name, "cause") == 0 && f->grade == GRADE_FAIL)
            continue; // of a peer that imitates no MFC
        if (found && is_same(run, f, &r->checks[k]))
            continue;
        say(said, f, found ? &r->checks[k] : NULL);
        same = false;
    }
    for (size_t k = 0; k < r->check_count; k++) {
        if (used[k] || is_beside(&r->checks[k]))
            continue;
        say(said, NULL, &r->checks[k]);
        same = false;
    }
    return same;
}

/* Of a series one position is saved, and its checks are those of all: which of them failed elsewhere cannot be seen here. */
static bool is_same_in_series(const struct finding *now, const struct report_check *then)
{
    bool bad_then = then->verdict == REPORT_FAIL || then->verdict == REPORT_DECLARED || then->verdict == REPORT_INCONCLUSIVE;
    bool bad_now = now->grade == GRADE_FAIL || now->grade == GRADE_INCONCLUSIVE;

    if (bad_then && then->op >= 0)
        return bad_now && strcmp(word(now->cause), word(then->cause)) == 0;
    return bad_then || !bad_now;
}

static bool compare_position(const struct findings *now, const struct report_result *r, struct text *said)
{
    bool same = true;

    for (size_t i = 0; i < now->count; i++) {
        const struct finding *f = &now->items[i];
        const struct report_check *then = NULL;
        for (size_t k = 0; k < r->check_count && !then; k++)
            if (strcmp(r->checks[k].name, f->check.name) == 0 && strcmp(word(r->checks[k].control), word(f->control)) == 0)
                then = &r->checks[k];
        if (then && is_same_in_series(f, then))
            continue;
        say(said, f, then);
        same = false;
    }
    return same;
}

/* ---- a result ---- */

static const struct vector *find_case(const struct library *lib, const char *id)
{
    for (size_t i = 0; i < lib->suite_count; i++)
        for (size_t k = 0; k < lib->suites[i].count; k++)
            if (strcmp(lib->suites[i].vectors[k].id, id) == 0)
                return &lib->suites[i].vectors[k];
    return NULL;
}

/* "10-unicode-64" */
static bool read_profile(const char *text, struct profile *out, struct error *err)
{
    SCRATCH(scratch);
    char *generation = arena_string(&scratch, text), *charset = strchr(generation, '-'), *bits = charset ? strchr(charset + 1, '-') : NULL;

    if (!bits)
        return error_set(err, ERROR_INPUT, "\"%.40s\" is no profile", text);
    *charset = *bits = 0;
    *out = profile_default;
    return profile_parse(arena_printf(&scratch, "generation=%s,charset=%s,bits=%s", generation, charset + 1, bits + 1), out, err);
}

/* What a result is about, to be played as then. */
struct again {
    const struct recheck_run *run;
    const struct vector *v;
    const struct report_result *r;
    struct profile profile;
    const struct delivery *delivery;
};

/* One position of a family; lone: without what stands behind the last one. */
static bool compile_mutant(const struct again *a, bool lone, struct arena *keep, struct program *out, struct error *err)
{
    struct mutants all = mutants_make(a->v, &a->profile, a->run->seed, keep);

    for (size_t i = 0; i < all.count; i++)
        if (strcmp(all.items[i].what, a->r->series->shown) == 0)
            return program_compile(mutant_vector(a->v, &all.items[i], i + 1 == all.count && !lone, keep), &a->profile, a->run->seed, a->run->us, keep,
                                   out, err);
    return error_set(err, ERROR_INPUT, "the family has no position \"%.80s\"", a->r->series->shown);
}

/* One position of the deliveries that cut. */
static bool compile_cut(const struct again *a, struct arena *keep, struct program *out, struct error *err)
{
    struct program whole;

    if (!program_compile(a->v, &a->profile, a->run->seed, a->run->us, keep, &whole, err) ||
        !program_compile(a->v, &a->profile, a->run->seed, a->run->us, keep, out, err))
        return false;
    a->delivery->apply(&whole, a->run->seed, keep);
    a->delivery->apply(out, a->run->seed, keep);
    struct cuts all = a->delivery->cuts(&whole, a->run->seed, keep);
    for (size_t i = 0; i < all.count; i++)
        if (strcmp(all.items[i].what, a->r->series->shown) == 0) {
            cut_apply(out, &all.items[i], keep);
            return true;
        }
    return error_set(err, ERROR_INPUT, "the case has no position \"%.80s\"", a->r->series->shown);
}

static bool compile_again(const struct again *a, bool lone, struct arena *keep, struct program *out, struct error *err)
{
    if (a->v->family)
        return compile_mutant(a, lone, keep, out, err);
    if (a->r->series)
        return compile_cut(a, keep, out, err);
    return program_compile(a->v, &a->profile, a->run->seed, a->run->us, keep, out, err) &&
           delivery_apply(a->delivery, out, a->run->seed, keep, err);
}

/* Judges what is saved of the result anew; false in *as_played: its program is laid out otherwise now, and nothing was judged. */
static bool judge_again(const struct recheck_run *run, const struct vector *v, const struct report_result *r, struct arena *keep, bool *as_played,
                        struct findings *out, struct error *err)
{
    struct again a = { .run = run, .v = v, .r = r };
    struct program *p = ARENA_NEW(keep, struct program);
    struct report_talk talk;
    struct trace t;

    *as_played = false;
    report_talk_load(r, keep, &talk);
    if (!read_profile(r->profile, &a.profile, err) || !delivery_parse(r->delivery, keep, &a.delivery, err) || !recheck_trace(&talk, keep, &t, err))
        return false;
    for (int lone = 0; lone <= (v->family != NULL) && !*as_played; lone++) { // which of the two it was the log does not say
        if (!compile_again(&a, lone, keep, p, err))
            return false;
        if (run->opens_early)
            program_open_early(p);
        lay_out(p, &t, keep);
        *as_played = is_as_played(p, &talk);
    }
    if (*as_played)
        judge(p, &t, keep, out);
    return true;
}

static bool compare_again(const struct recheck_run *run, const struct vector *v, const struct report_result *r, enum recheck *out,
                          struct text *said, struct error *err)
{
    SCRATCH(keep);
    struct findings now = { 0 };
    bool as_played;

    if (!judge_again(run, v, r, &keep, &as_played, &now, err))
        return false;
    if (!as_played)
        text_add(said, "    its program is laid out otherwise now\n");
    if (!as_played || !(r->series ? compare_position(&now, r, said) : compare(run, &now, r, said)))
        *out = RECHECK_CHANGED;
    return true;
}

/* SAME: it can be judged anew; else why not. */
static enum recheck find_saved(const struct recheck_run *run, const struct report_result *r, const struct vector **out, struct text *said)
{
    const struct vector *v = find_case(run->lib, r->of->id);
    bool part = r->reason && strstr(r->reason, "further connections are left out");

    if (r->line_len == 0 || part || !*r->profile || strcmp(r->of->suite, "declared") == 0 || (!v && library_service(run->lib, r->of->suite)))
        return RECHECK_NOT_SAVED;
    *out = v;
    if (v && strcmp(v->digest, r->of->digest ? r->of->digest : "") == 0)
        return RECHECK_SAME;
    text_printf(said, "    %s\n", v ? "the case is another now" : "there is no such case any more");
    return RECHECK_OTHER;
}

bool recheck_begin(const struct report *r, const struct library *lib, struct recheck_run *out, struct error *err)
{
    char *end = NULL;

    *out = (struct recheck_run){ .lib = lib, .us = r->play && strcmp(r->play, "server") == 0 ? PARTY_SERVER : PARTY_CLIENT };
    out->seed = r->seed ? strtoull(r->seed, &end, 16) : 0;
    if (!end || *end || end == r->seed)
        return error_set(err, ERROR_INPUT, "%s:1: there is no seed", r->log->path);
    out->opens_early = out->us == PARTY_SERVER && r->dial && strcmp(r->dial, "us") == 0;
    for (size_t i = 0; i < r->setting_count; i++)
        out->silence_probed |= strcmp(r->settings[i].name, "silence") == 0 && strcmp(r->settings[i].value, "probed") == 0;
    return true;
}

bool recheck_result(const struct recheck_run *run, const struct report_result *r, enum recheck *out, struct text *said, struct error *err)
{
    const struct vector *v;

    *out = find_saved(run, r, &v, said);
    if (*out != RECHECK_SAME)
        return true;
    bool second = r->second && r->second->line_len && (!r->series || r->second->series); // which position it was, older logs do not say
    return (compare_again(run, v, r, out, said, err) && (!second || compare_again(run, v, r->second, out, said, err))) ||
           error_within(err, "%s, %s", r->of->id, r->delivery);
}

bool recheck_findings(const struct recheck_run *run, const struct report_result *r, struct arena *keep, enum recheck *out, struct findings *now,
                      struct text *said, struct error *err)
{
    const struct vector *v;
    bool as_played;

    *now = (struct findings){ 0 };
    *out = find_saved(run, r, &v, said);
    if (*out != RECHECK_SAME)
        return true;
    if (!judge_again(run, v, r, keep, &as_played, now, err))
        return error_within(err, "%s, %s", r->of->id, r->delivery);
    if (as_played)
        return true;
    *out = RECHECK_CHANGED;
    text_add(said, "    its program is laid out otherwise now\n");
    return true;
}
