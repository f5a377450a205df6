#include "run/worker.h"

#include <inttypes.h>
#include <stdio.h>

#define DIAL_LIMIT       60000000 // µs until a peer that somebody else starts must have dialled
#define FIRST_STEP_LIMIT 2000000  // µs for the first control

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
static bool play_exchange(struct worker *w, const char *id, const char *title, const struct steps *steps, bool first,
                          bool (*learn)(struct worker *w, const struct program *p, struct result *result,
                                        struct arena *keep),
                          bool *passed, struct error *err)
{
    SCRATCH(keep);
    struct program p;
    struct trace t;
    struct result result;
    struct limits limits = w->o->limits;

    limits.step = limits.step > FIRST_STEP_LIMIT ? limits.step : FIRST_STEP_LIMIT;
    if (first && w->o->peer_dials)
        limits.open = limits.whole = w->o->manifest ? WORKER_START_LIMIT : DIAL_LIMIT;
    if (!program_compile_exchange(w->service, id, title, steps, &w->profile, w->o->seed, &keep, &p, err) ||
        !worker_play_program(w, &p, &w->meeting, &limits, "plain", &t, &result, &keep, err))
        return false;
    if (*w->stop) {
        w->out->stopped = true;
        *passed = false;
        return true;
    }
    if (first && refused(&t)) {
        char text[80];
        address_print(&w->meeting.address, text, sizeof text);
        return w->o->peer_dials ? error_set(err, ERROR_PEER, "no connection came about: nobody dialled")
                                : error_set(err, ERROR_PEER, "no connection came about: %s refused it", text);
    }
    if (learn && answered(&result.findings) && result.verdict != VERDICT_AS_GENUINE && !learn(w, &p, &result, &keep))
        result.verdict = VERDICT_FAIL;
    // Alone as it is, what did not come to a verdict is no pass either.
    if (result.verdict == VERDICT_INCONCLUSIVE)
        result.verdict = VERDICT_FAIL;
    // A connection that ends wrongly behind the right answer is a failure, and no reason to stop.
    *passed = answered(&result.findings);
    if (!*passed)
        text_printf(&w->out->ended, "%s failed", id);
    if (verdict_is_bad(result.verdict) && !worker_look_after(w, &result, &keep, err))
        return false;
    worker_hand_over(w, &result, false, &keep);
    return true;
}

static bool unfit(struct result *result, struct arena *keep, const char *sentence)
{
    worker_finding(&result->findings,
                   (struct finding){ .check = { "capabilities", result->vector->clauses, LEVEL_MUST },
                                     .grade = GRADE_FAIL, .cause = "capabilities", .sentence = sentence },
                   keep);
    return false;
}

/* What the peer said it offers, from the values that the exchange kept. */
static bool learn_capabilities(struct worker *w, const struct program *p, struct result *result, struct arena *keep)
{
    const struct service *s = w->service;
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
        w->types = arena_string(&w->keep, said[0].text);
    for (const char *const *m = s->capabilities.mandatory; m && *m; m++) {
        struct type_ref t;
        struct error ignored;
        if (type_parse(*m, &t, &ignored) && !worker_offered(w, t))
            return unfit(result, keep, arena_printf(keep, "%s is not offered, but it is mandatory", *m));
    }
    return true;
}

static void profile_known(struct worker *w)
{
    TEXT(name);

    profile_print(&name, &w->profile);
    snprintf(w->profile_name, sizeof w->profile_name, "%s", text_string(&name));
}

bool exchange_prologue(struct worker *w, struct error *err)
{
    const struct service *s = w->service;
    bool passed = true;

    profile_known(w);
    // A program that asks says by its words that it lives, in each case anew, and cannot be asked what it offers.
    if (w->o->play == PARTY_CLIENT && s->first_control &&
        !play_exchange(w, "first-control", "The peer answers at all", &service_control(s, s->first_control)->steps, true,
                       NULL, &passed, err))
        return false;
    if (w->o->play == PARTY_CLIENT && passed && s->capabilities.steps.count &&
        !play_exchange(w, "capabilities", "The peer says what it offers", &s->capabilities.steps, !s->first_control,
                       learn_capabilities, &passed, err))
        return false;
    profile_known(w);
    w->out->passed = passed;
    w->out->profile = w->profile;
    text_add(&w->out->profile_from, w->profile_from);
    w->out->tells_types = w->types != NULL;
    if (w->types)
        text_add(&w->out->types, w->types);
    return true;
}
