#include "run/rule_out.h"

#include <stdlib.h>

static void tell(const struct accused *s, struct text *to)
{
    if (s)
        text_printf(to, "%u %u %s\t%s\t%s\n", s->mistake, s->ways, s->cause, s->of ? s->of : "", s->summary);
}

void suspicions_tell(const struct findings *f, struct text *to)
{
    for (size_t i = 0; i < f->count; i++) {
        if (f->items[i].grade != GRADE_FAIL)
            continue;
        tell(f->items[i].accused, to);
        for (size_t k = 0; k < f->items[i].other_count; k++)
            tell(f->items[i].others[k].accused, to);
    }
}

static bool is_known(const struct suspicions *s, const char *cause, const char *summary)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->items[i].of.cause, cause) == 0 && strcmp(s->items[i].of.summary, summary) == 0)
            return true;
    return false;
}

/* The next word of a line, in which tabs stand between them. */
static char *word(char **at)
{
    char *begin = *at, *end = begin + strcspn(begin, "\t\n");

    *at = *end ? end + 1 : end;
    *end = 0;
    return begin;
}

void suspicions_add(struct suspicions *s, const struct suspicion *one)
{
    if (is_known(s, one->of.cause, one->of.summary))
        return;
    if (s->count == s->room) {
        s->room = s->room ? 2 * s->room : 16;
        struct suspicion *more = ARENA_ARRAY(s->keep, s->room, struct suspicion);
        if (s->count)
            memcpy(more, s->items, s->count * sizeof *more);
        s->items = more;
    }
    struct suspicion *to = &s->items[s->count++];
    *to = *one;
    to->of.cause = arena_string(s->keep, one->of.cause);
    to->of.of = one->of.of ? arena_string(s->keep, one->of.of) : NULL;
    to->of.summary = arena_string(s->keep, one->of.summary);
}

void suspicions_take(struct suspicions *s, size_t place, const char *lines)
{
    SCRATCH(scratch);
    char *at = lines ? arena_string(&scratch, lines) : NULL;

    while (at && *at) {
        struct suspicion one = { .place = place };
        one.of.mistake = (unsigned)strtoul(at, &at, 10);
        one.of.ways = (unsigned)strtoul(at, &at, 10);
        at += *at == ' ';
        one.of.cause = word(&at);
        const char *of = word(&at);
        one.of.of = *of ? of : NULL;
        one.of.summary = word(&at);
        suspicions_add(s, &one);
    }
}

void suspicions_passed(struct suspicions *s, const struct vector *v)
{
    if (v->family || (s->passed_count && s->passed[s->passed_count - 1] == v))
        return;
    if (s->passed_count == s->passed_room) {
        s->passed_room = s->passed_room ? 2 * s->passed_room : 256;
        const struct vector **more = ARENA_ARRAY(s->keep, s->passed_room, const struct vector *);
        if (s->passed_count)
            memcpy(more, s->passed, s->passed_count * sizeof *more);
        s->passed = more;
    }
    s->passed[s->passed_count++] = v;
}

/* Those of them that a case speaks against are told, and are suspects no more. */
static bool rule_out(struct suspicions *s, const struct vector *v, const struct program *p, const struct sink *sink, struct error *err)
{
    SCRATCH(keep);
    struct accused **all = ARENA_ARRAY(&keep, s->count, struct accused *);

    for (size_t i = 0; i < s->count; i++)
        all[i] = &s->items[i].of;
    accused_look(all, s->count, p);
    for (size_t i = s->count; i-- > 0;) {
        const struct accused *one = &s->items[i].of;
        if (!accused_is_out(one))
            continue;
        if (!sink->ruled_out(sink->of, one->cause, one->summary, v->id, err))
            return false;
        s->items[i] = s->items[--s->count];
    }
    return true;
}

bool suspicions_hand_on(const struct suspicions *s, const char *service, const struct sink *sink, struct error *err)
{
    for (size_t i = 0; i < s->count && sink->suspect; i++)
        if (!sink->suspect(sink->of, service, s->items[i].place, &s->items[i].of, err))
            return false;
    return true;
}

bool suspicions_end(struct suspicions *s, const struct run_options *o, const struct profile *profile, const struct sink *sink, struct error *err)
{
    bool good = true;

    for (size_t i = 0; i < s->passed_count && s->count && good && sink->ruled_out; i++) {
        SCRATCH(keep);
        struct program p;
        good = program_compile(s->passed[i], profile, o->seed, o->play, &keep, &p, err) && rule_out(s, s->passed[i], &p, sink, err);
    }
    s->count = s->passed_count = 0;
    return good;
}
