#include "run/blame.h"

static bool find(const struct blame_trial *t, enum blame_kind *kind, struct error *err)
{
    bool died;

    *kind = BLAME_ALONE;
    if (!t->play(t->of, false, &died, err))
        return false;
    if (died)
        return true;
    *kind = BLAME_NOT_AGAIN;
    if (!t->before)
        return true;
    if (!t->renew(t->of, err) || !t->play(t->of, true, &died, err))
        return false;
    if (died) {
        *kind = BLAME_BEFORE;
        return true;
    }
    if (!t->play(t->of, false, &died, err))
        return false;
    if (died)
        *kind = BLAME_BEHIND;
    return true;
}

bool blame_find(const struct blame_trial *t, struct arena *keep, struct blame *out, struct error *err)
{
    *out = (struct blame){ 0 };
    if (!find(t, &out->kind, err) || !t->renew(t->of, err))
        return false;
    switch (out->kind) {
    case BLAME_ALONE:
        out->sentence = arena_printf(keep, "%s by itself ends a fresh peer, too", t->what);
        break;
    case BLAME_BEHIND:
        out->sentence = arena_printf(keep, "only after %s: %s by itself does no harm to a fresh peer, behind that it ends it", t->before, t->what);
        out->reason = arena_printf(keep, "the peer dies of it only after %s", t->before);
        break;
    case BLAME_BEFORE:
        out->sentence = arena_printf(keep, "only after %s, which ends a fresh peer by itself: %s alone does no harm", t->before, t->what);
        out->reason = arena_printf(keep, "the peer dies of it only after %s", t->before);
        break;
    case BLAME_NOT_AGAIN:
        out->sentence = t->before ? arena_printf(keep, "it did not happen again, neither by %s alone nor behind %s", t->what, t->before)
                                  : arena_printf(keep, "it did not happen again by %s on a fresh peer", t->what);
        out->reason = "that the peer died did not happen again";
        break;
    }
    return true;
}
