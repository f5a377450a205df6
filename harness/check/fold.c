/*
 * A check is the same one at every position when it has the same name, in the same control. Of each the first finding
 * is kept that is worse than those before it, so that a failure is the first failure; the others are counted.
 */
#include "check/fold.h"

#define SENTENCE_POSITIONS 6 // positions that a sentence names

/* Where a check was seen. */
struct fold_place {
    const char *worst;      // the position whose finding is kept
    size_t tried, failed;   // the last additions that it counted in
};

static bool same_check(const struct finding *a, const struct finding *b)
{
    return strcmp(a->check.name, b->check.name) == 0 && !a->control == !b->control &&
           (!a->control || strcmp(a->control, b->control) == 0);
}

static size_t find(struct fold *f, const struct finding *of)
{
    size_t i = 0;

    while (i < f->count && !same_check(&f->items[i], of))
        i++;
    if (i < f->count)
        return i;
    if (f->count == f->room) {
        size_t room = f->room ? 2 * f->room : 8;
        struct finding *items = ARENA_ARRAY(f->keep, room, struct finding);
        const char **positions = ARENA_ARRAY(f->keep, room * POSITIONS_TOLD, const char *);
        struct fold_place *places = ARENA_ARRAY(f->keep, room, struct fold_place);
        if (f->count) {
            memcpy(items, f->items, f->count * sizeof *items);
            memcpy(places, f->places, f->count * sizeof *places);
            memcpy(positions, f->positions, f->count * POSITIONS_TOLD * sizeof *positions);
        }
        f->items = items;
        f->positions = positions;
        f->places = places;
        f->room = room;
    }
    return f->count++; // of which nothing is known yet
}

static const char *copied(struct fold *f, const char *text)
{
    return text ? arena_string(f->keep, text) : NULL;
}

static const struct accused *copied_accused(struct fold *f, const struct accused *s)
{
    struct accused *one = s ? ARENA_NEW(f->keep, struct accused) : NULL;

    if (!s)
        return NULL;
    *one = *s;
    one->summary = copied(f, s->summary);
    return one;
}

/* A finding that outlives its position: the vector's clauses and the program's texts may not. */
static struct finding kept(struct fold *f, const struct finding *of, size_t tried, size_t failed)
{
    struct finding one = *of;

    one.check.name = copied(f, of->check.name);
    one.sentence = copied(f, of->sentence);
    one.summary = copied(f, of->summary);
    one.accused = copied_accused(f, of->accused);
    for (size_t i = 0; i < of->other_count; i++) {
        one.others[i].summary = copied(f, of->others[i].summary);
        one.others[i].accused = copied_accused(f, of->others[i].accused);
    }
    one.suspects = of->suspects ? suspects_copy(of->suspects, f->keep) : NULL;
    one.expected_text = copied(f, of->expected_text);
    one.got_text = copied(f, of->got_text);
    one.expected = arena_bytes(f->keep, of->expected);
    one.got = arena_bytes(f->keep, of->got);
    one.tried = tried;
    one.failed = failed;
    return one;
}

static bool is_bad(const struct finding *f)
{
    return f->grade == GRADE_FAIL || f->grade == GRADE_INCONCLUSIVE;
}

bool findings_bad(const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (is_bad(&f->items[i]))
            return true;
    return f->count == 0;
}

void fold_add(struct fold *f, const struct findings *of, const char *what)
{
    f->adds++;
    for (size_t i = 0; i < of->count; i++) {
        const struct finding *one = &of->items[i];
        size_t at = find(f, one);
        struct finding *sum = &f->items[at];
        struct fold_place *place = &f->places[at];
        sum->tried += !f->alike || place->tried != f->adds;
        place->tried = f->adds;
        if (is_bad(one) && (!f->alike || place->failed != f->adds)) {
            place->failed = f->adds;
            if (sum->failed < POSITIONS_TOLD)
                f->positions[at * POSITIONS_TOLD + sum->failed] = copied(f, what);
            sum->failed++;
        }
        if (one->grade > sum->grade || !place->worst) {
            *sum = kept(f, one, sum->tried, sum->failed);
            place->worst = copied(f, what);
        }
    }
}

static size_t op_of(const struct finding *f, const struct program *shown)
{
    for (size_t i = 0; i < shown->count; i++)
        if (shown->ops[i].check.name && strcmp(shown->ops[i].check.name, f->check.name) == 0 &&
            !shown->ops[i].control == !f->control)
            return i;
    return 0;
}

static const char *sentence(struct fold *f, const struct finding *of, const char *const *positions)
{
    TEXT(text);

    text_printf(&text, "%s, at %zu of %zu positions: ", of->sentence ? of->sentence : "failed", of->failed, of->tried);
    for (size_t i = 0; i < of->failed && i < SENTENCE_POSITIONS; i++)
        text_printf(&text, "%s%s", i ? "; " : "", positions[i]);
    if (of->failed > SENTENCE_POSITIONS)
        text_printf(&text, "; and %zu more", of->failed - SENTENCE_POSITIONS);
    return arena_string(f->keep, text_string(&text));
}

void fold_end(struct fold *f, const struct program *shown, const char *what, struct findings *out)
{
    for (size_t i = 0; i < f->count; i++) {
        struct finding *one = &f->items[i];
        if (is_bad(one) && what && strcmp(f->places[i].worst, what) != 0)
            one->op = shown->count;
        else if (!f->alike)
            one->op = op_of(one, shown);
        one->positions = f->positions + i * POSITIONS_TOLD;
        if (one->failed)
            one->sentence = sentence(f, one, one->positions);
    }
    *out = (struct findings){ f->items, f->count };
}
