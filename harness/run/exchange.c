#include "run/worker.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "run/aftermath.h"
#include "run/opinion.h"

#define DIAL_LIMIT       60000000 // µs until a peer that somebody else starts must have dialled
#define OUR_DIAL_LIMIT   10000000 // µs for one that we have started
#define FIRST_STEP_LIMIT 2000000  // µs for the first control

/* Why a connection did not come about: errno, or 0 when each did. */
static int refused(const struct trace *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == TRACE_REFUSED)
            return (int)t->events[i].number;
    return 0;
}

static bool nobody_there(struct worker *w, int why, struct error *err)
{
    char text[ADDRESS_TEXT];

    if (w->o->peer_dials)
        return error_set(err, ERROR_PEER, "no connection came about: nobody dialled");
    address_print(&w->keeper.meeting.address, text, sizeof text);
    if (why == ECONNREFUSED)
        return error_set(err, ERROR_PEER, "no connection came about: %s refused it", text);
    return error_set(err, ERROR_PEER, "no connection came about: %s: %s", text, strerror(why));
}

/* Whether all is well but, perhaps, the end of the connection. */
static bool answered(const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].grade != GRADE_PASS && f->items[i].grade != GRADE_AS_GENUINE && f->items[i].axis != AXIS_END)
            return false;
    return f->count > 0;
}

/* An exchange that goes before all cases. */
struct exchange {
    const char *id, *title;
    const struct steps *steps;
    bool first;          // of all that is said to the peer
    const char *refusal; // by which the peer may say that it does not know this one; NULL: it must
    bool (*learn)(struct worker *w, const struct program *p, struct result *result, struct arena *keep);
};

/* A refusal of what a peer need not know is no failure. */
static void excuse_refusal(const struct exchange *x, const struct program *p, const struct trace *t, struct result *result,
                           struct arena *keep)
{
    bool failed = verdict_is_bad(result->verdict) || result->verdict == VERDICT_WARN;
    const char *name = x->refusal && failed ? judge_refusal(p, t, keep) : NULL;

    if (!name || strcmp(name, x->refusal) != 0)
        return;
    result->findings.count = 0;
    result->verdict = VERDICT_UNSUPPORTED;
    result->reason = "the peer does not know this request, which is optional";
}

struct limits exchange_limits(const struct run_options *o, bool first)
{
    struct limits l = o->limits;

    l.step = l.step > FIRST_STEP_LIMIT ? l.step : FIRST_STEP_LIMIT;
    if (first && o->peer_dials) {
        int64_t least = o->manifest && !o->hold ? OUR_DIAL_LIMIT : DIAL_LIMIT;
        l.open = l.open > least ? l.open : least;
        l.whole = l.whole > least ? l.whole : least;
    }
    return l;
}

/* µs from the last byte of ours to the first of the peer's, in a play that went well; 0: none came. */
static int64_t round_trip(const struct trace *t)
{
    int64_t sent = 0;

    for (size_t i = 0; i < t->count; i++) {
        if (t->events[i].kind == TRACE_SENT)
            sent = t->events[i].us;
        if (t->events[i].kind == TRACE_RECEIVED)
            return t->events[i].us - sent;
    }
    return 0;
}

/* The limits of the cases behind the first control, whose result says them. */
static void scale_limits(struct worker *w, const struct trace *t, struct result *result)
{
    int64_t took = round_trip(t);

    w->limits = w->o->limits;
    if (w->o->limits_told || w->o->hold)
        return;
    w->limits = limits_scaled(&w->o->limits, took);
    result->round_trip = took;
    result->step_limit = w->limits.step;
}

/* False in *passed: what was due did not come. */
static bool play_exchange(struct worker *w, const struct exchange *x, bool *passed, struct error *err)
{
    SCRATCH(keep);
    struct program p;
    struct trace t;
    struct result result;
    struct limits limits = exchange_limits(w->o, x->first);

    if (!program_compile_exchange(w->service, x->id, x->title, x->steps, &w->profile, w->o->seed, &keep, &p, err) ||
        !playing_program(w, &p, &w->keeper.meeting, &limits, "plain", &t, &result, &keep, err))
        return false;
    if (*w->stop) {
        w->out->stopped = true;
        *passed = false;
        return true;
    }
    if (x->first && refused(&t))
        return nobody_there(w, refused(&t), err);
    excuse_refusal(x, &p, &t, &result, &keep);
    if (x->learn && answered(&result.findings) && result.verdict != VERDICT_AS_GENUINE && !x->learn(w, &p, &result, &keep))
        result.verdict = x->refusal ? verdict_fold(&result.findings, w->o->strict) : VERDICT_FAIL;
    // Alone as it is, what did not come to a verdict is no pass either.
    if (result.verdict == VERDICT_INCONCLUSIVE)
        result.verdict = VERDICT_FAIL;
    // A connection that ends wrongly behind the right answer is a failure, and no reason to stop.
    *passed = answered(&result.findings);
    if (x->first && *passed)
        scale_limits(w, &t, &result);
    if (!aftermath_of_exchange(w, &result, &keep, err))
        return false;
    worker_hand_over(w, &result, false, &keep);
    return true;
}

static bool unfit(struct result *result, struct arena *keep, const char *sentence)
{
    opinion_add(&result->findings,
                (struct finding){ .check = { "capabilities", result->vector->clauses, LEVEL_MUST },
                                  .grade = GRADE_FAIL, .cause = "capabilities", .sentence = sentence },
                keep);
    return false;
}

#define KEPT_MAX 4096 // characters of what a peer says of itself

/* A value that the exchange kept, as text; "" when it has none of that name. */
static void kept_text(const struct program *p, const struct result *result, const char *name, struct arena *keep, char out[KEPT_MAX])
{
    const struct value *v = name ? judge_kept(p, result->trace, name, keep) : NULL;
    size_t n = 0;

    out[0] = 0;
    if (!v)
        return;
    if (v->of.type->kind == VALUE_INTEGER) {
        snprintf(out, KEPT_MAX, "%" PRIu64, v->number);
        return;
    }
    size_t step = v->wide ? 2 : 1;
    for (size_t at = 0; at + step <= v->data.len && n + 1 < KEPT_MAX; at += step)
        out[n++] = (char)v->data.data[at];
    out[n] = 0;
}

/* What the peer said it offers, from the values that the exchange kept. */
static bool learn_capabilities(struct worker *w, const struct program *p, struct result *result, struct arena *keep)
{
    const struct service *s = w->service;
    struct {
        const char *name;
        char text[KEPT_MAX];
    } said[4] = { { s->capabilities.types, "" },
                  { s->capabilities.generation, "" },
                  { s->capabilities.charset, "" },
                  { s->capabilities.bits, "" } };

    for (size_t i = 0; i < COUNT_OF(said); i++)
        kept_text(p, result, said[i].name, keep, said[i].text);
    w->no_mfc = strcmp(said[1].text, "none") == 0;
    if (said[1].name && !profile_generation_parse(said[1].text, &w->profile.generation))
        return unfit(result, keep, arena_printf(keep, "\"%s\" is no generation", said[1].text));
    if (said[2].name && strcmp(said[2].text, "ansi") != 0 && strcmp(said[2].text, "unicode") != 0)
        return unfit(result, keep, arena_printf(keep, "\"%s\" is no charset: ansi or unicode", said[2].text));
    if (said[2].name)
        w->profile.charset = strcmp(said[2].text, "ansi") == 0 ? CHARSET_ANSI : CHARSET_UNICODE;
    if (said[3].name && strcmp(said[3].text, "32") != 0 && strcmp(said[3].text, "64") != 0)
        return unfit(result, keep, arena_printf(keep, "%s is no number of bits: 32 or 64", said[3].text));
    if (said[3].name)
        w->profile.bits = said[3].text[0] == '3' ? 32 : 64;
    if (w->profile.generation < 70 && w->profile.bits == 64)
        return unfit(result, keep, "there is no MFC up to 6.0 with 64 bits");
    w->profile_from = "capabilities";
    if (said[0].name)
        w->offer.types = arena_string(&w->keep, said[0].text);
    for (const char *const *m = s->capabilities.mandatory; m && *m; m++) {
        struct type_ref t;
        struct error ignored;
        if (type_parse(*m, &t, &ignored) && !offer_has_type(&w->offer, t))
            return unfit(result, keep, arena_printf(keep, "%s is not offered, but it is mandatory", *m));
    }
    return true;
}

/* Why a CString that the exchange kept is not of the width in which a peer of this profile writes them [STR-9]; NULL where it is. */
static const char *other_width(const struct worker *w, const struct program *p, const struct result *result, const char *name, struct arena *keep)
{
    const struct value *v = name ? judge_kept(p, result->trace, name, keep) : NULL;
    bool wide = w->profile.charset == CHARSET_UNICODE;

    if (!v || strcmp(v->of.type->name, "cstring") != 0 || v->wide == wide)
        return NULL;
    return wide ? "its strings are narrow, and its build is Unicode" : "its strings are wide, and its build is ANSI";
}

/* What the peer says of its limits. */
static bool learn_information(struct worker *w, const struct program *p, struct result *result, struct arena *keep)
{
    static const char *const none[] = { NULL };
    char lines[KEPT_MAX];

    kept_text(p, result, w->service->information.lines, keep, lines);
    const char *wrong = offer_learn(&w->offer, w->service, lines, &w->keep);
    const char *width = other_width(w, p, result, w->service->information.lines, keep);
    if (!wrong && !width)
        return true;
    const char *const *clauses = result->findings.count ? result->findings.items[0].check.clauses : none;
    if (wrong)
        opinion_add(&result->findings,
                    (struct finding){ .check = { "limits", clauses, LEVEL_MAY }, .grade = GRADE_FAIL, .cause = "information", .sentence = wrong },
                    keep);
    if (width)
        opinion_add(&result->findings,
                    (struct finding){ .check = { "width", clauses, LEVEL_MAY }, .grade = GRADE_FAIL, .cause = "string-width", .sentence = width },
                    keep);
    return false;
}

static void profile_known(struct worker *w)
{
    TEXT(name);

    profile_print(&name, &w->profile);
    snprintf(w->profile_name, sizeof w->profile_name, "%s", text_string(&name));
}

/* The first control and, where there is one, the probe behind it: a peer that answers each connection but once can pass no
 * case, and would have every one of them waited for. */
static struct steps first_steps(const struct service *s, struct arena *keep)
{
    const struct steps *control = &service_control(s, s->first_control)->steps, none = { 0 }, *probe = s->probe ? &s->probe->steps : &none;
    struct step *items = ARENA_ARRAY(keep, control->count + probe->count, struct step);

    memcpy(items, control->items, control->count * sizeof *items);
    if (probe->count)
        memcpy(items + control->count, probe->items, probe->count * sizeof *items);
    return (struct steps){ .items = items, .count = control->count + probe->count };
}

bool exchange_prologue(struct worker *w, struct error *err)
{
    const struct service *s = w->service;
    bool passed = true, told;

    profile_known(w);
    // A program that asks says by its words that it lives, in each case anew, and cannot be asked what it offers.
    bool asks = w->o->play == PARTY_CLIENT;
    if (asks && s->first_control) {
        SCRATCH(keep);
        struct steps steps = first_steps(s, &keep);
        const struct exchange control = { "first-control", "The peer answers at all, and goes on answering", &steps, true, NULL, NULL };
        if (!play_exchange(w, &control, &passed, err))
            return false;
        if (!passed && !w->out->stopped)
            text_add(&w->out->ended, "first-control failed");
    }
    if (asks && passed && !w->out->stopped && s->capabilities.steps.count) {
        const struct exchange capabilities = { "capabilities", "The peer says what it offers", &s->capabilities.steps, !s->first_control,
                                               NULL, learn_capabilities };
        if (!play_exchange(w, &capabilities, &passed, err))
            return false;
        if (!passed && !w->out->stopped)
            text_add(&w->out->ended, "capabilities failed");
    }
    profile_known(w);
    if (asks && passed && !w->out->stopped && s->information.steps.count) {
        const struct exchange information = { "information", "The peer says where its limits are", &s->information.steps, false,
                                              s->information.refused ? s->information.refused : "", learn_information };
        if (!play_exchange(w, &information, &told, err))
            return false;
    }
    w->out->passed = passed;
    w->out->profile = w->profile;
    text_add(&w->out->profile_from, w->profile_from);
    w->out->tells_types = w->offer.types != NULL;
    if (w->offer.types)
        text_add(&w->out->types, w->offer.types);
    return true;
}
