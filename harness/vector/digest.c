/*
 * The digest of what decides a case's verdict: steps, golden bytes, checks, levels, values (drawn ones as their
 * rule), the service's code page and its archives' lives where they are not the usual, the genuine defects that the case names, and the service's exchanges that it uses. Titles, reasons and
 * sources do not count, nor does white space or the order of keys; nor do the defects that the service names for
 * all its cases: what they excuse is told apart from what passes and what fails.
 */
#include "vector/parse.h"

#include <stdlib.h>

#include "base/sha256.h"

static const char *const silent_keys[] = { "title", "why", "hint", "prompt", "source", "note", "name", "since", "unguarded", NULL };

static bool counts(const struct json *member)
{
    // A check's own name decides what a result is called; a field's label does not.
    for (const char *const *k = silent_keys; *k; k++)
        if (strcmp(member->key, *k) == 0)
            return strcmp(*k, "name") == 0 && member->parent->key && strcmp(member->parent->key, "check") == 0;
    return true;
}

static int by_key(const void *a, const void *b)
{
    return strcmp((*(const struct json *const *)a)->key, (*(const struct json *const *)b)->key);
}

static void add(struct sha256 *s, char mark, const char *text)
{
    sha256_add(s, &mark, 1);
    sha256_add(s, text, strlen(text) + 1);
}

static void add_json(struct sha256 *s, const struct json *at)
{
    if (at->kind == JSON_OBJECT) {
        SCRATCH(scratch);
        const struct json **sorted = ARENA_ARRAY(&scratch, at->count + 1, const struct json *);
        size_t n = 0;
        for json_each (e, at)
            if (counts(e))
                sorted[n++] = e;
        qsort(sorted, n, sizeof *sorted, by_key);
        add(s, '{', "");
        for (size_t i = 0; i < n; i++) {
            add(s, 'k', sorted[i]->key);
            add_json(s, sorted[i]);
        }
        add(s, '}', "");
    } else if (at->kind == JSON_ARRAY) {
        add(s, '[', "");
        for json_each (e, at)
            add_json(s, e);
        add(s, ']', "");
    } else if (at->kind == JSON_STRING || at->kind == JSON_NUMBER) {
        add(s, at->kind == JSON_STRING ? 's' : 'n', at->string);
    } else {
        add(s, at->kind == JSON_NULL ? '0' : 'b', at->truth ? "1" : "");
    }
}

static void add_steps(struct sha256 *s, const struct steps *steps, const struct service *service)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct step *step = &steps->items[i];
        add_json(s, step->at);
        if (step->kind != STEP_CONTROL)
            continue;
        const struct named_steps *control = service_control(service, step->control);
        if (control)
            add_json(s, control->at);
    }
}

void vector_digest(struct vector *v)
{
    struct sha256 s;
    char hex[65];

    sha256_init(&s);
    add(&s, 'l', level_name(v->level));
    for (const char *const *c = v->clauses; *c; c++)
        add(&s, 'c', *c);
    if (v->predicate)
        add(&s, 'p', v->predicate);
    if (v->dial)
        add(&s, 'd', v->dial);
    add_steps(&s, &v->service->prologue, v->service);
    add_steps(&s, &v->steps, v->service);
    add_steps(&s, &v->service->epilogue, v->service);
    if (v->service->codepage)
        add(&s, 'e', v->service->codepage->iconv);
    for (enum party who = PARTY_CLIENT; who <= PARTY_SERVER; who++)
        if (v->service->per_message[who])
            add(&s, 'a', party_name(who));
    for (size_t i = 0; i < v->genuine.count; i++)
        add_json(&s, v->genuine.items[i].at);
    if (v->row)
        add_json(&s, v->row->at);
    if (v->family) {
        add(&s, 'f', family_kind_name(v->family->kind));
        for (int o = 0; o < OUTCOME_COUNT; o++)
            add_steps(&s, &v->family->steps[o], v->service);
        add_steps(&s, &v->family->after, v->service);
    }
    sha256_hex(&s, hex);
    memcpy(v->digest, hex, sizeof v->digest - 1);
    v->digest[sizeof v->digest - 1] = 0;
}
