#include "check/outlives.h"

/* Whether the cause is one by which what the peer has in an object table is not what the connection has carried. */
static bool is_about_tables(const char *cause)
{
    static const char *const tables[] = { "table-restarted", "table-shared", "wrong-index" };

    for (size_t i = 0; i < COUNT_OF(tables); i++)
        if (strcmp(tables[i], cause) == 0)
            return true;
    return false;
}

/* … or may be that: a refusal that such a cause explains, too. */
static bool may_be_a_table(const struct finding *f)
{
    bool may = false;

    for (size_t i = 0; i < f->other_count; i++)
        may |= is_about_tables(f->others[i].cause);
    return is_about_tables(f->cause) || (may && strcmp(f->cause, "other-reply") == 0);
}

void findings_outlive(struct findings *found, struct arena *keep)
{
    for (size_t i = 0; i < found->count; i++) {
        struct finding *f = &found->items[i];
        if (f->grade != GRADE_FAIL || !f->cause || !may_be_a_table(f))
            continue;
        f->sentence = arena_printf(keep, "%s; on a fresh peer it is right: the object table holds what other connections have carried", f->sentence);
        f->cause = "table-shared";
        f->summary = "one object table serves several connections";
        f->seen = NULL;
        f->accused = NULL;
        f->suspects = NULL;
        f->other_count = 0;
    }
}
