#include "run/aftermath.h"

#include "run/blame.h"
#include "run/opinion.h"

#define WELL "exited with status 0"

/* The genuine defect by which the peer ended a connection, or NULL: one that crashes takes its process along. */
static const struct genuine *genuine_end(const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].genuine && (f->items[i].genuine->outcomes & GENUINE_ENDS))
            return f->items[i].genuine;
    return NULL;
}

enum omen aftermath_omen(const struct result *r)
{
    bool well = r->verdict == VERDICT_PASS || r->verdict == VERDICT_PASS_TIMED ||
                (r->verdict == VERDICT_AS_GENUINE && !genuine_end(&r->findings));

    return r->trace && !well ? keeper_omen(r->trace) : OMEN_NONE;
}

struct retrial {
    struct worker *w;
    const struct turn *turn, *before;
    struct arena *keep;
    struct playing *alone; // the case by itself, on a fresh peer; NULL: not yet
};

static bool retry_renew(void *of, struct error *err)
{
    return keeper_renew(&((struct retrial *)of)->w->keeper, err);
}

static bool retry_play(void *of, bool before, bool *died, struct error *err)
{
    struct retrial *r = of;
    SCRATCH(passing);
    TEXT(how);
    bool kept = !before && !r->alone;
    struct arena *keep = kept ? r->keep : &passing;
    struct playing *p = ARENA_NEW(keep, struct playing);

    *died = false;
    if (*r->w->stop)
        return true;
    if (!playing_once(r->w, before ? r->before : r->turn, keep, p, err))
        return false;
    *died = opinion_has_died(&p->result.findings) || !keeper_lives(&r->w->keeper, aftermath_omen(&p->result), &how);
    keeper_forget(&r->w->keeper);
    r->alone = kept ? p : r->alone;
    return true;
}

/* Plays the case that saw the peer die again. Its sentence, and result->reason where somebody else has a part in it; *second
 * where nobody has, and nothing of the kind happened again. */
static bool prove_blame(struct worker *w, const struct turn *turn, struct result *result, const char **sentence,
                        struct playing **second, struct arena *keep, struct error *err)
{
    struct retrial r = { .w = w, .turn = turn, .before = w->before, .keep = keep };
    struct blame_trial t = { .of = &r, .renew = retry_renew, .play = retry_play, .what = "the case" };
    struct blame blame;

    if (r.before)
        t.before = arena_printf(keep, "%s (%s)", r.before->vector->id, r.before->delivery->name);
    if (!blame_find(&t, keep, &blame, err))
        return false;
    keeper_forget(&w->keeper);
    if (*w->stop)
        return true; // nothing was proven
    *sentence = blame.sentence;
    if (blame.reason)
        result->reason = blame.reason;
    if (blame.kind == BLAME_NOT_AGAIN)
        *second = r.alone;
    return true;
}

void aftermath_hear(struct worker *w, const struct text *what, struct result *result, struct arena *keep)
{
    if (what->b.len == 0)
        return;
    opinion_complaint(w, text_string(what), &result->findings, keep);
    result->verdict = verdict_worse(result->verdict, VERDICT_FAIL);
}

/* A peer that dials ends when it has nothing more to do: then it is that it did not dial which is wrong. */
static bool never_dialled(const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].grade == GRADE_FAIL && strcmp(f->items[i].check.name, "open") == 0)
            return true;
    return false;
}

/* The peer has died: whose fault that is, and another one. turn NULL: an exchange, which is not played again. */
static bool bury(struct worker *w, const struct turn *turn, const struct text *how, struct result *result, struct playing **second,
                 struct arena *keep, struct error *err)
{
    const struct genuine *defect = genuine_end(&result->findings);
    const char *proof = NULL;
    TEXT(more);

    if (!keeper_renew(&w->keeper, err))
        return false;
    if (turn && !defect && !prove_blame(w, turn, result, &proof, second, keep, err))
        return false;
    if (proof)
        text_printf(&more, "; %s", proof);
    struct finding one = { .check = { "peer-lives", w->service->end.clauses, LEVEL_MUST }, .axis = AXIS_LIFE,
                           .grade = defect ? GRADE_AS_GENUINE : GRADE_FAIL, .genuine = defect, .cause = "peer-died",
                           .sentence = arena_printf(keep, "the peer %s%s", text_string(how), text_string(&more)) };
    if (defect) {
        opinion_add(&result->findings, one, keep);
    } else if (w->o->peer_dials && never_dialled(&result->findings) && strncmp(text_string(how), WELL, strlen(WELL)) == 0) {
        opinion_add(&result->findings, one, keep);
        result->verdict = VERDICT_FAIL;
    } else {
        opinion_add_first(&result->findings, one, keep);
        result->verdict = VERDICT_FAIL;
    }
    played_say(w->out, arena_printf(keep, "%s: the peer %s%s; started again", result->vector->id, text_string(how), text_string(&more)));
    return true;
}

bool aftermath_of(struct worker *w, const struct turn *turn, struct result *result, bool *died, struct playing **second,
                       struct arena *keep, struct error *err)
{
    TEXT(how);
    TEXT(what);

    bool lives = keeper_lives(&w->keeper, aftermath_omen(result), &how);
    keeper_complains(&w->keeper, turn != NULL, &what);
    *died = !lives;
    if (!lives && !bury(w, turn, &how, result, second, keep, err))
        return false;
    aftermath_hear(w, &what, result, keep);
    return true;
}

bool aftermath_of_exchange(struct worker *w, struct result *result, struct arena *keep, struct error *err)
{
    struct playing *second;
    bool died;

    return aftermath_of(w, NULL, result, &died, &second, keep, err);
}
