#include "app/matrix_pairs.h"

#include <stdio.h>

#include "run/foreign.h"

#define THREE_TURNS 3 // two foreign programs and the relay take turns on a processor: who waits for one waits for all, and for a run's others

struct end {
    const char *name;
    struct manifest manifest;
    const struct manifest_variant *variant;
    struct profile profile;
};

/* "6.0-ansi-32" */
static struct profile profile_of(const struct manifest *m, const struct manifest_variant *v, struct arena *keep)
{
    struct profile out = profile_default, named;
    struct error ignored;

    if (m->profile && profile_parse(m->profile, &named, &ignored))
        out = named;
    char *text = v ? arena_string(keep, v->name) : NULL, *generation = strsep(&text, "-"), *charset = strsep(&text, "-");
    if (generation && charset && text && profile_parse(arena_printf(keep, "generation=%s,charset=%s,bits=%s", generation, charset, text), &named, &ignored))
        out = named;
    return out;
}

/* False: it is not at hand, which its row tells. */
static bool end_find(const struct options *o, const struct library *lib, const struct run_options *all, const char *name, struct arena *keep,
                     struct end *out)
{
    struct options one = *o;
    struct run_options run = *all;
    struct error ignored;

    *out = (struct end){ .name = name };
    one.peer = name;
    one.peers = (struct option_list){ { name }, 1 };
    one.dial = NULL;
    if (!play_choose(&one, lib, &run, &out->manifest, keep, &ignored) || out->manifest.stdio)
        return false;
    out->variant = run.variant;
    out->profile = profile_of(&out->manifest, out->variant, keep);
    return true;
}

static bool has(const char *const *list, const char *name)
{
    while (*list && strcmp(*list, name) != 0)
        list++;
    return *list != NULL;
}

static bool is_pair(const struct end *asks, const struct end *answers, const char *service)
{
    const char *const *services = answers->variant && answers->variant->services ? answers->variant->services : answers->manifest.services;
    const struct profile *p = &asks->profile, *q = &answers->profile;

    return strcmp(asks->manifest.path, answers->manifest.path) != 0 && answers->manifest.listen && has(services, service) &&
           p->generation == q->generation && p->charset == q->charset && p->bits == q->bits;
}

/* What others say is cut by the first delivery that a relay knows, too. */
static enum relay_pieces pieces_of(const struct options *o)
{
    static const struct {
        const char *name;
        enum relay_pieces pieces;
    } known[] = { { "bytewise", RELAY_BYTEWISE }, { "random", RELAY_RANDOM }, { "coalesced", RELAY_COALESCED } };
    SCRATCH(own);
    char *all = o->deliveries ? arena_string(&own, o->deliveries) : NULL, *one;

    while ((one = strsep(&all, ",")))
        for (size_t i = 0; i < COUNT_OF(known); i++)
            if (strcmp(one, known[i].name) == 0)
                return known[i].pieces;
    return RELAY_AS_READ;
}

static struct matrix_case case_of(const struct foreign_result *r)
{
    static const enum matrix_verdict verdicts[] = { [FOREIGN_RIGHT] = MATRIX_RIGHT, [FOREIGN_WRONG] = MATRIX_WRONG, [FOREIGN_NOT_JUDGED] = MATRIX_NOT_JUDGED };

    return (struct matrix_case){ r->id, verdicts[r->verdict], { r->wrong[0], r->wrong[1] }, { r->cause[0], r->cause[1] },
                                 { r->sentence[0], r->sentence[1] }, r->why };
}

static void tell_case(const struct matrix_pair *p, const struct matrix_case *c)
{
    if (c->verdict == MATRIX_NOT_JUDGED)
        printf("? %s  %s → %s: not judged: %s\n", c->id, p->asks, p->answers, c->why);
    for (int side = 0; side < 2; side++)
        if (c->wrong[side])
            printf("✗ %s  %s → %s, by the %s side: %s\n", c->id, p->asks, p->answers, side ? "answering" : "asking", c->sentence[side]);
}

/* All cases of a pair that the program asks. */
static bool play_cases(struct foreign *f, const struct library *lib, const struct run_options *run, struct arena *keep, struct matrix_pair *p,
                       struct error *err)
{
    size_t room = 0;

    for (size_t i = 0; i < lib->suite_count; i++)
        for (size_t k = 0; k < lib->suites[i].count; k++)
            room += foreign_plays(f, &lib->suites[i].vectors[k]);
    p->cases = ARENA_ARRAY(keep, room, struct matrix_case);
    for (size_t i = 0; i < lib->suite_count; i++)
        for (size_t k = 0; k < lib->suites[i].count && !play_is_stopped(); k++) {
            const struct vector *v = &lib->suites[i].vectors[k];
            struct foreign_result r;
            if (!run_selects(run, v) || !foreign_plays(f, v))
                continue;
            if (!foreign_play(f, v, keep, &r, err))
                return false;
            p->cases[p->count++] = case_of(&r);
            tell_case(p, &p->cases[p->count - 1]);
        }
    return true;
}

static int play_pair(const struct options *o, const struct library *lib, const struct run_options *all, const struct end *asks, const struct end *answers,
                     const char *service, struct arena *keep, struct matrix_pair *p)
{
    const struct foreign_side sides[2] = { { &asks->manifest, asks->variant }, { &answers->manifest, answers->variant } };
    struct run_options run = *all;
    struct error err;
    TEXT(line);

    *p = (struct matrix_pair){ .asks = asks->name, .answers = answers->name, .service = service };
    run.profile = asks->profile;
    unsigned slower = asks->manifest.patience > answers->manifest.patience ? asks->manifest.patience : answers->manifest.patience;
    run.limits.step *= (slower ? slower : 1) * THREE_TURNS;
    struct foreign *f = foreign_new(sides, service, lib, &run, pieces_of(o), &err);
    bool good = f && play_cases(f, lib, &run, keep, p, &err);
    foreign_free(f);
    if (!good) {
        p->absent = arena_string(keep, err.text);
        return fail(&err);
    }
    bool right = matrix_pair_summary(p, &line);
    if (p->count && (!o->quiet || !right))
        printf("%-28s  %s\n", arena_printf(keep, "%s → %s, %s", asks->name, answers->name, service), text_string(&line));
    fflush(stdout);
    return right ? EXIT_EXPECTED : EXIT_UNEXPECTED;
}

int matrix_pairs_play(const struct options *o, const struct library *lib, const struct run_options *run, const char *const *names, size_t name_count,
                      struct arena *keep, struct matrix_view *m)
{
    struct end *ends = ARENA_ARRAY(keep, name_count, struct end);
    int status = EXIT_EXPECTED;
    size_t count = 0, room = 0;

    for (size_t i = 0; i < name_count; i++)
        count += end_find(o, lib, run, names[i], keep, &ends[count]);
    for (size_t i = 0; i < count; i++)
        for (const char *const *s = ends[i].manifest.ask ? ends[i].manifest.ask->services : NULL; s && *s; s++)
            room += count;
    m->pairs = ARENA_ARRAY(keep, room, struct matrix_pair);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
            const struct manifest_ask *ask = ends[i].manifest.ask;
            for (const char *const *s = ask && ask->command ? ask->services : NULL; s && *s; s++) {
                if (play_is_stopped() || !is_pair(&ends[i], &ends[k], *s) || (o->service && strcmp(o->service, *s) != 0))
                    continue;
                struct matrix_pair *p = &m->pairs[m->pair_count];
                status = exit_worse(status, play_pair(o, lib, run, &ends[i], &ends[k], *s, keep, p));
                m->pair_count += p->count > 0 || p->absent;
            }
        }
    return status;
}
