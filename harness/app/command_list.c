/*
 * `arcwire list` and `arcwire show`: what would run, and one case with each value beside its bytes.
 */
#include "app/app.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/reproduce.h"
#include "base/hex.h"
#include "vector/mutate.h"
#include "vector/coverage.h"

/* Clauses in place of cases. */
static int list_clauses(const struct options *o, const struct library *lib)
{
    SCRATCH(keep);
    struct coverage coverage;
    struct error err;
    TEXT(out);

    if (o->word_count || o->service) {
        fputs("arcwire list: --clauses lists all of them: it goes with neither patterns nor --service\n", stderr);
        return EXIT_USAGE;
    }
    if (!coverage_make(lib, &keep, &coverage, &err))
        return fail(&err);
    (o->json ? coverage_json : coverage_print)(&out, &coverage);
    fputs(text_string(&out), stdout);
    return EXIT_EXPECTED;
}

int command_list(const struct options *o)
{
    struct library lib;
    struct error err;
    struct run_options select = { .patterns = o->words, .pattern_count = o->word_count };
    size_t n = 0;
    TEXT(out);
    struct json_out j = { .to = &out, .indent = 2 };

    if (!library_open(o, &lib, &err)) {
        library_free(&lib);
        return fail(&err);
    }
    if (o->clauses) {
        int status = list_clauses(o, &lib);
        library_free(&lib);
        return status;
    }
    if (o->json)
        json_begin(&j, NULL, '[');
    for (size_t i = 0; i < lib.suite_count; i++) {
        const struct suite *s = &lib.suites[i];
        for (size_t k = 0; k < s->count; k++) {
            const struct vector *v = &s->vectors[k];
            if (!run_selects(&select, v) || (o->service && strcmp(o->service, s->service->name) != 0))
                continue;
            n++;
            if (!o->json) {
                text_printf(&out, "%-48s %-12s %-6s %s\n", v->id, v->suite, level_name(v->level), v->title);
                continue;
            }
            json_begin(&j, NULL, '{');
            json_put_string(&j, "id", v->id);
            json_put_string(&j, "suite", v->suite);
            json_put_string(&j, "service", s->service->name);
            json_put_int(&j, "rev", v->rev);
            json_put_string(&j, "level", level_name(v->level));
            json_put_string(&j, "title", v->title);
            json_begin(&j, "clauses", '[');
            for (const char *const *c = v->clauses; *c; c++)
                json_put_string(&j, NULL, *c);
            json_end(&j, ']');
            json_put_string(&j, "digest", v->digest);
            json_end(&j, '}');
        }
    }
    if (o->json) {
        json_end(&j, ']');
        text_char(&out, '\n');
    }
    library_free(&lib);
    fputs(text_string(&out), stdout);
    if (n == 0 && !o->json)
        fputs("arcwire: no case is selected\n", stderr);
    return n ? EXIT_EXPECTED : EXIT_NOTHING;
}

static void show_fields(struct text *out, struct bytes bytes, const struct fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *f = &fields->items[i];
        TEXT(hex);
        hex_write(&hex, bytes_slice(bytes, f->at, f->any ? 0 : f->len < 32 ? f->len : 32));
        if (f->len > 32)
            text_printf(&hex, " … %zu bytes", f->len);
        text_printf(out, "      %-48s %s %s%s%s%s%s%s\n", f->any ? "(any)" : f->takes ? "(as told)" : text_string(&hex), f->of.type ? f->of.type->mfc : "bytes",
                    f->text ? f->text : "", f->label ? "  (" : "", f->label ? f->label : "", f->label && f->message ? " of " : "",
                    f->label && f->message ? f->message : "", f->label ? ")" : "");
    }
}

static void show_op(struct text *out, const struct program *p, const struct op *op, struct arena *keep)
{
    text_printf(out, "  %-7s %s", party_name(op->who), op_name(op->kind));
    if (p->connection_count > 1)
        text_printf(out, " on %s", p->connections[op->on]);
    if (op->control)
        text_printf(out, "   [control %s]", op->control);
    if (op->check.name) {
        text_printf(out, "   check %s (%s", op->check.name, level_name(op->check.level));
        for (const char *const *c = op->check.clauses; c && *c; c++)
            text_printf(out, ", %s", *c);
        text_char(out, ')');
    }
    if (op->kind == OP_SEND && op->cut_count)
        text_printf(out, "   in %zu segments", op->cut_count + 1);
    if (op->group)
        text_add(out, "   in any order with its neighbours");
    text_char(out, '\n');
    for (size_t i = 0; i < op->may_count; i++) {
        const struct aside *a = op->may[i];
        text_printf(out, "    before it may come, %s: %s\n", a->left == UINT64_MAX ? "however often" : arena_printf(keep, "up to %" PRIu64 " times", a->left),
                    a->op.check.name);
        show_fields(out, a->op.bytes, &a->op.fields);
    }
    show_fields(out, op->bytes, &op->fields);
    if (op->answer.len) {
        text_add(out, "    then due, and nothing before it\n");
        show_fields(out, op->answer, &op->answer_fields);
    }
}

/* What becomes of it, in words. */
static void show_outcome(struct text *out, const struct mutant *m)
{
    switch (m->outcome) {
    case OUTCOME_LOADS:
    case OUTCOME_LEAVES:
        text_printf(out, "loads as %.60s%s", m->text, m->outcome == OUTCOME_LEAVES ? ", with bytes left" : "");
        break;
    case OUTCOME_REFUSED:
        text_printf(out, "cause %d (%s)", (int)m->cause, cause_name(m->cause));
        break;
    case OUTCOME_CLAIMS:
        text_printf(out, "refused, by whatever cause: it claims %" PRIu64 " more", m->claim);
        break;
    case OUTCOME_OPEN:
    case OUTCOME_COUNT:
        text_add(out, "not judged, beyond that the connection ends");
        break;
    }
}

/* The positions of a family; rows of them with the same outcome as one line. */
static void show_family(struct text *out, const struct vector *v, const struct run_options *run)
{
    SCRATCH(keep);
    struct mutants all = mutants_make(v, &run->profile, run->seed, &keep);
    TEXT(last);
    size_t same = 0;

    text_printf(out, "%zu positions%s, each on a connection of its own; behind the last, the peer still serves others\n\n",
                all.count, all.sampled ? " (a selection)" : "");
    for (size_t i = 0; i <= all.count; i++) {
        TEXT(now);
        if (i < all.count)
            show_outcome(&now, &all.items[i]);
        if (i && i < all.count && strcmp(text_string(&now), text_string(&last)) == 0) {
            same++;
            continue;
        }
        if (same)
            text_printf(out, "    … and the %zu behind it\n", same);
        if (i < all.count)
            text_printf(out, "  %-48s %s\n", all.items[i].what, text_string(&now));
        same = 0;
        last.b.len = 0;
        text_add(&last, text_string(&now));
    }
    text_add(out, "\nthe first that is refused, as if it were the last:\n\n");
}

/* The positions of a delivery that makes a series of a case. */
static void show_cuts(struct text *out, const struct program *p, const struct delivery *d, uint64_t seed)
{
    SCRATCH(keep);
    struct cuts all = d->cuts(p, seed, &keep);

    text_printf(out, "%zu conversations%s, in each of which one message is cut once\n\n", all.count, all.sampled ? " (a selection)" : "");
    for (size_t i = 0; i < all.count; i++)
        text_printf(out, "  %s:%zu:%zu   %s\n", d->name, all.items[i].message, all.items[i].at, all.items[i].what);
    text_add(out, "\nuncut:\n\n");
}

static void show(struct text *out, const struct vector *v, const struct program *p, const struct delivery *d, const struct run_options *run)
{
    text_printf(out, "%s   rev %u, %s, suite %s\n%s\n", v->id, v->rev, level_name(v->level), v->suite, v->title);
    if (v->why)
        text_printf(out, "why: %s\n", v->why);
    if (v->hint)
        text_printf(out, "hint: %s\n", v->hint);
    if (v->prompt)
        text_printf(out, "prompt: %s\n", v->prompt);
    text_add(out, "clauses:");
    for (const char *const *c = v->clauses; *c; c++)
        text_printf(out, " %s", *c);
    SCRATCH(keep);
    TEXT(profile);
    profile_print(&profile, &p->profile);
    text_printf(out, "\nas seen by the %s, for a peer of profile %s, delivery %s\n\n", party_name(p->us), text_string(&profile), p->delivery);
    if (v->family)
        show_family(out, v, run);
    if (d->cuts && !d->message)
        show_cuts(out, p, d, run->seed);
    for (size_t i = 0; i < p->count; i++)
        show_op(out, p, &p->ops[i], &keep);
}

/* The first position that is refused, or the first of all. */
static const struct vector *family_example(const struct vector *v, const struct run_options *run, struct arena *keep)
{
    struct mutants all = mutants_make(v, &run->profile, run->seed, keep);
    size_t i = 0;

    while (i < all.count && all.items[i].outcome != OUTCOME_REFUSED)
        i++;
    return all.count ? mutant_vector(v, &all.items[i < all.count ? i : 0], true, keep) : v;
}

int command_show(const struct options *o)
{
    SCRATCH(keep);
    struct library lib = { 0 };
    struct error err;
    struct run_options run = { 0 };
    const struct vector *found = NULL;
    struct program p;
    TEXT(out);

    if (o->word_count != 1) {
        fputs("arcwire show: expected one id; see arcwire list\n", stderr);
        return EXIT_USAGE;
    }
    if (!run_options_parse(o, &run, &keep, &err) || !library_open(o, &lib, &err)) {
        library_free(&lib);
        return fail(&err);
    }
    for (size_t i = 0; i < lib.suite_count; i++)
        for (size_t k = 0; k < lib.suites[i].count; k++)
            if (strcmp(lib.suites[i].vectors[k].id, o->words[0]) == 0)
                found = &lib.suites[i].vectors[k];
    int status = EXIT_EXPECTED;
    if (!found) {
        fprintf(stderr, "arcwire: no case is called \"%s\"; see arcwire list\n", o->words[0]);
        status = EXIT_NOTHING;
    } else {
        if (found->predicate && !o->profile)
            for (size_t i = 0; i < profile_count; i++)
                if (profile_matches(&profile_all[i], found->predicate))
                    run.profile = profile_all[i];
        enum party us = found->play && !o->play && found->play[0] == 's' ? PARTY_SERVER : run.play;
        const char *unserved = us == PARTY_SERVER ? vector_unserved(found, &run.profile) : NULL;
        const struct vector *played = found->family ? family_example(found, &run, &keep) : found;
        if (unserved) {
            printf("%s is not played with --play server: %s\n", found->id, unserved);
            status = EXIT_NOTHING;
        } else if (!program_compile(played, &run.profile, run.seed, us, &keep, &p, &err)) {
            status = fail(&err);
        } else {
            if (found->family) // it has one of its own, and its first position stands for the rest
                run.deliveries[0] = delivery_find("plain");
            if (!delivery_apply(run.deliveries[0], &p, run.seed, &keep, &err)) {
                status = fail(&err);
            } else {
                bool good = !o->as || reproduce(&out, &p, o->as, &err);
                if (!o->as)
                    show(&out, found, &p, run.deliveries[0], &run);
                if (good)
                    fputs(text_string(&out), stdout);
                else
                    status = fail(&err);
            }
        }
    }
    library_free(&lib);
    return status;
}
