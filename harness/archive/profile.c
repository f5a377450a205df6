/*
 * Profiles, and predicates over them. A generation is a number that orders like the versions it stands for.
 */
#include "archive/profile.h"

#include <stdio.h>
#include <stdlib.h>

// clang-format off
#define BOTH_CHARSETS(generation, bits) \
    { generation, CHARSET_ANSI, bits }, { generation, CHARSET_UNICODE, bits }
// clang-format on

const struct profile profile_default = { 100, CHARSET_UNICODE, 64 };

const struct profile profile_all[] = {
    BOTH_CHARSETS(42, 32), BOTH_CHARSETS(60, 32), BOTH_CHARSETS(70, 32),  BOTH_CHARSETS(70, 64),
    BOTH_CHARSETS(71, 32), BOTH_CHARSETS(71, 64), BOTH_CHARSETS(80, 32),  BOTH_CHARSETS(80, 64),
    BOTH_CHARSETS(90, 32), BOTH_CHARSETS(90, 64), BOTH_CHARSETS(100, 32), BOTH_CHARSETS(100, 64),
};
const size_t profile_count = COUNT_OF(profile_all);

// clang-format off
static const struct generation {
    const char *name;
    uint8_t number;
} generations[] = {
    { "4.2",  42  },
    { "6.0",  60  },
    { "7.0",  70  },
    { "7.1",  71  },
    { "8",    80  },
    { "9",    90  },
    { "10",   100 },
    { "none", 100 },    // imitates no MFC and behaves as 10 [SVC-7]
};
// clang-format on

/* Words of a list: the part up to the next comma, which is cut off. */
static struct bytes next_part(const char **text)
{
    size_t len = strcspn(*text, ",");
    struct bytes part = { (const uint8_t *)*text, len };

    *text += len + ((*text)[len] == ',');
    return part;
}

static bool part_is(struct bytes part, const char *word)
{
    return bytes_equal(part, bytes_of(word));
}

static bool generation_find(struct bytes name, uint8_t *out)
{
    for (const struct generation *g = generations; g < generations + COUNT_OF(generations); g++)
        if (part_is(name, g->name)) {
            *out = g->number;
            return true;
        }
    return false;
}

bool profile_generation_parse(const char *text, uint8_t *out)
{
    return generation_find(bytes_of(text), out);
}

const char *profile_generation_name(uint8_t generation)
{
    for (const struct generation *g = generations; g < generations + COUNT_OF(generations); g++)
        if (g->number == generation)
            return g->name;
    return "unknown";
}

static bool parse_part(struct bytes part, struct profile *p)
{
    const uint8_t *equals = memchr(part.data, '=', part.len);
    size_t len = equals ? (size_t)(equals - part.data) : part.len;
    struct bytes key = { part.data, len }, value = bytes_slice(part, len + 1, part.len);

    if (part_is(key, "generation"))
        return generation_find(value, &p->generation);
    if (part_is(key, "charset") && (part_is(value, "ansi") || part_is(value, "unicode"))) {
        p->charset = part_is(value, "ansi") ? CHARSET_ANSI : CHARSET_UNICODE;
        return true;
    }
    if (part_is(key, "bits") && (part_is(value, "32") || part_is(value, "64"))) {
        p->bits = part_is(value, "32") ? 32 : 64;
        return true;
    }
    return false;
}

bool profile_parse(const char *text, struct profile *out, struct error *err)
{
    const char *rest = text;
    struct profile p = *out;
    bool bits_given = false;

    do {
        struct bytes part = next_part(&rest);
        if (!parse_part(part, &p))
            return error_set(
                err, ERROR_INPUT,
                "profile \"%s\": \"%.*s\" is none of generation=4.2|6.0|7.0|7.1|8|9|10, "
                "charset=ansi|unicode, bits=32|64",
                text, (int)part.len, (const char *)part.data);
        bits_given |= part.data[0] == 'b';
    } while (*rest);
    if (rest > text && rest[-1] == ',')
        return error_set(err, ERROR_INPUT, "profile \"%s\" ends in a comma", text);
    if (p.generation <= 60 && p.bits == 64) {
        if (bits_given)
            return error_set(err, ERROR_INPUT, "profile \"%s\": 4.2 and 6.0 have 32 bits", text);
        p.bits = 32;
    }
    *out = p;
    return true;
}

void profile_print(struct text *to, const struct profile *p)
{
    text_printf(to, "%s-%s-%u", profile_generation_name(p->generation),
                p->charset == CHARSET_ANSI ? "ansi" : "unicode", p->bits);
}

/* One term; false when it is none. */
static bool term_holds(struct bytes term, const struct profile *p, bool *holds)
{
    uint8_t generation;

    if (part_is(term, "ansi") || part_is(term, "unicode")) {
        *holds = (p->charset == CHARSET_ANSI) == part_is(term, "ansi");
        return true;
    }
    if (part_is(term, "32") || part_is(term, "64")) {
        *holds = (p->bits == 32) == part_is(term, "32");
        return true;
    }
    if (term.len < 2 || (term.data[0] != '<' && term.data[0] != '>'))
        return false;
    bool less = term.data[0] == '<', equal = term.data[1] == '=';
    if (!generation_find(bytes_slice(term, equal ? 2 : 1, term.len), &generation))
        return false;
    *holds = (equal && p->generation == generation) ||
             (less ? p->generation < generation : p->generation > generation);
    return true;
}

bool predicate_valid(const char *predicate)
{
    const char *rest = predicate;
    bool holds;

    do
        if (!term_holds(next_part(&rest), &profile_default, &holds))
            return false;
    while (*rest);
    return rest == predicate || rest[-1] != ',';
}

bool profile_matches(const struct profile *p, const char *predicate)
{
    bool all = true, holds;

    do
        all &= term_holds(next_part(&predicate), p, &holds) && holds;
    while (*predicate);
    return all;
}
