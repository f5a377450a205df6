/*
 * What is asked of a tree: members, and values of the right kind.
 */
#include "json/json.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

#define EXACT_MAX ((uint64_t)1 << 53) // the largest integer that every reader of JSON keeps

const char *json_kind_name(enum json_kind kind)
{
    static const char *const names[] = { "null",     "true or false", "a number",
                                         "a string", "an array",      "an object" };

    return names[kind];
}

const struct json *json_get(const struct json *object, const char *key)
{
    for
        json_each (member, object)
            if (member->key && strcmp(member->key, key) == 0)
                return member;
    return NULL;
}

static size_t index_of(const struct json *element)
{
    size_t n = 0;

    for (const struct json *e = element->parent->first; e != element; e = e->next)
        n++;
    return n;
}

/* The id of an array's element, or NULL. */
static const char *id_of(const struct json *at)
{
    const struct json *id = NULL;

    if (at->parent && at->parent->kind == JSON_ARRAY && at->kind == JSON_OBJECT)
        id = json_get(at, "id");
    return id && id->kind == JSON_STRING ? id->string : NULL;
}

/* Writes ": path" from the root to at; an element with an id begins the path anew. Depth is bounded. */
static void print_path(struct text *to, const struct json *at, bool *begun)
{
    const struct json *parent = at->parent;
    const char *id = id_of(at);

    if (!parent)
        return;
    if (id) {
        const struct json *outer = parent;
        while (outer && !id_of(outer))
            outer = outer->parent;
        if (outer)
            print_path(to, outer, begun);
        size_t len = parent->key ? strlen(parent->key) : 0;
        bool plural = len > 1 && parent->key[len - 1] == 's', ies = len > 3 && strcmp(parent->key + len - 3, "ies") == 0;
        len -= ies ? 3 : plural; // cases: case; families: family
        text_printf(to, ": %.*s%s %s", len ? (int)len : 7, len ? parent->key : "element", ies ? "y" : "", id);
        *begun = false;
        return;
    }
    print_path(to, parent, begun);
    if (!*begun)
        text_add(to, ": ");
    if (at->key)
        text_printf(to, "%s%s", *begun ? "." : "", at->key);
    else
        text_printf(to, "[%zu]", index_of(at));
    *begun = true;
}

static bool within_path(const struct json *at, unsigned line, struct error *err)
{
    TEXT(path);
    bool begun = false;

    print_path(&path, at, &begun);
    return error_within(err, "%s:%u%s", at->file, line, text_string(&path));
}

bool json_error(const struct json *at, struct error *err, const char *fmt, ...)
{
    va_list args;

    assert(at);
    va_start(args, fmt);
    vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    err->kind = ERROR_INPUT;
    return within_path(at, at->line, err);
}

bool json_known(const struct json *object, const char *const *keys, struct error *err)
{
    for
        json_each (member, object) {
            const char *const *k = keys;
            while (*k && strcmp(*k, member->key) != 0)
                k++;
            if (*k)
                continue;
            TEXT(known);
            for (k = keys; *k; k++)
                text_printf(&known, "%s%s", k == keys ? "" : ", ", *k);
            error_set(err, ERROR_INPUT, "unknown key \"%.80s\"; known are %s", member->key,
                      text_string(&known));
            return within_path(object, member->line, err);
        }
    return true;
}

/* What was found, for messages: a short value itself, else its kind. */
static const char *found(const struct json *at, char *room, size_t size)
{
    if (at->kind == JSON_NUMBER)
        snprintf(room, size, "%s", at->string);
    else if (at->kind == JSON_STRING)
        snprintf(room, size, "\"%.40s\"", at->string);
    else
        return json_kind_name(at->kind);
    return room;
}

bool json_is(const struct json *at, enum json_kind kind, struct error *err)
{
    char room[80];

    if (at->kind == kind)
        return true;
    return json_error(at, err, "expected %s, found %s", json_kind_name(kind),
                      found(at, room, sizeof room));
}

bool json_string(const struct json *at, const char **out, struct error *err)
{
    if (!json_is(at, JSON_STRING, err))
        return false;
    *out = at->string;
    return true;
}

bool json_bool(const struct json *at, bool *out, struct error *err)
{
    if (!json_is(at, JSON_BOOL, err))
        return false;
    *out = at->truth;
    return true;
}

/* Digits only, decimal or behind 0x hexadecimal, within 64 bits. */
static bool parse_digits(const char *text, bool hex_allowed, uint64_t *out)
{
    unsigned base = 10;
    uint64_t n = 0;

    if (hex_allowed && text[0] == '0' && text[1] == 'x') {
        base = 16;
        text += 2;
    }
    if (!*text)
        return false;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        unsigned digit = c >= '0' && c <= '9' ? c - '0'
                         : (c | 32) >= 'a'    ? (c | 32) - 'a' + 10
                                              : 99;
        if (digit >= base || __builtin_mul_overflow(n, base, &n) ||
            __builtin_add_overflow(n, digit, &n))
            return false;
    }
    *out = n;
    return true;
}

/* Splits a number or string of digits into sign and size. */
static bool integer(const struct json *at, bool *negative, uint64_t *size)
{
    bool quoted = at->kind == JSON_STRING;

    if (!quoted && at->kind != JSON_NUMBER)
        return false;
    *negative = at->string[0] == '-';
    return parse_digits(at->string + *negative, quoted && !*negative, size);
}

static bool inexact(const struct json *at, uint64_t size, struct error *err)
{
    if (at->kind == JSON_STRING || size <= EXACT_MAX)
        return false;
    json_error(at, err, "%s is beyond 2^53 and must be written as a string", at->string);
    return true;
}

bool json_u64(const struct json *at, uint64_t max, uint64_t *out, struct error *err)
{
    char room[80];
    bool negative;
    uint64_t size;

    if (!integer(at, &negative, &size) || negative || size > max)
        return json_error(at, err, "expected an integer from 0 to %" PRIu64 ", found %s", max,
                          found(at, room, sizeof room));
    if (inexact(at, size, err))
        return false;
    *out = size;
    return true;
}

bool json_i64(const struct json *at, int64_t min, int64_t max, int64_t *out, struct error *err)
{
    char room[80];
    bool negative, fits = false;
    uint64_t size = 0;
    int64_t n = 0;

    if (integer(at, &negative, &size)) {
        fits = size <= (uint64_t)INT64_MAX + negative;
        n = (int64_t)(negative ? 0 - size : size);
    }
    if (!fits || n < min || n > max)
        return json_error(at, err, "expected an integer from %" PRId64 " to %" PRId64 ", found %s",
                          min, max, found(at, room, sizeof room));
    if (inexact(at, size, err))
        return false;
    *out = n;
    return true;
}
