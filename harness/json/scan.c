/*
 * One function per rule of RFC 8259, each of which leaves `at` behind what it has read or fails with `at` at
 * the offending byte. Depth is bounded, so plain recursion serves.
 *
 *   value   object, array, string, number or one of three words, then a mark
 *   string  UTF-8 without raw controls; escapes that name NUL or half a surrogate pair are refused
 */
#include "json/scan.h"

#include <stdarg.h>
#include <stdio.h>

#include "json/utf8.h"

struct scan {
    struct bytes text;
    size_t at;
    const char *name;
    struct buffer *marks;
    struct error *err;
};

bool json_error_at(struct bytes text, const char *name, size_t at, struct error *err,
                   const char *fmt, ...)
{
    size_t line = 1, begin = 0;
    va_list args;

    for (size_t i = 0; i < at && i < text.len; i++)
        if (text.data[i] == '\n') {
            line++;
            begin = i + 1;
        }
    va_start(args, fmt);
    vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    err->kind = ERROR_INPUT;
    return error_within(err, "%s:%zu:%zu", name, line, at - begin + 1);
}

#define FAIL_AT(s, at, ...) json_error_at((s)->text, (s)->name, (at), (s)->err, __VA_ARGS__)

/* The next byte, or -1 at the end. */
static int peek(const struct scan *s)
{
    return s->at < s->text.len ? s->text.data[s->at] : -1;
}

static void skip_space(struct scan *s)
{
    for (int c = peek(s); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = peek(s))
        s->at++;
}

/* Fails with what stands there instead of what was expected. */
static bool unexpected(struct scan *s, const char *expected)
{
    int c = peek(s);

    if (c < 0)
        return FAIL_AT(s, s->at, "expected %s, found the end", expected);
    if (c < 0x20 || c > 0x7e)
        return FAIL_AT(s, s->at, "expected %s, found byte 0x%02x", expected, c);
    return FAIL_AT(s, s->at, "expected %s, found '%c'", expected, c);
}

static bool hex_unit(const struct scan *s, size_t at, unsigned *out)
{
    unsigned unit = 0;

    if (s->text.len - at < 4)
        return false;
    for (size_t i = at; i < at + 4; i++) {
        uint8_t c = s->text.data[i];
        if (c >= '0' && c <= '9')
            unit = unit * 16 + (c - '0');
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            unit = unit * 16 + ((c | 32) - 'a' + 10);
        else
            return false;
    }
    *out = unit;
    return true;
}

/* at stands on the backslash. */
static bool scan_escape(struct scan *s)
{
    size_t begin = s->at++;
    int c = peek(s);
    unsigned unit, low;

    if (c >= 0 && c != 0 && strchr("\"\\/bfnrt", c)) {
        s->at++;
        return true;
    }
    if (c != 'u' || !hex_unit(s, s->at + 1, &unit))
        return FAIL_AT(s, begin, "invalid escape in a string");
    s->at += 5;
    if (unit == 0)
        return FAIL_AT(s, begin, "a string must not contain NUL");
    if (unit < 0xd800 || unit > 0xdfff)
        return true;
    if (unit <= 0xdbff && s->text.len - s->at >= 6 && memcmp(s->text.data + s->at, "\\u", 2) == 0 &&
        hex_unit(s, s->at + 2, &low) && low >= 0xdc00 && low <= 0xdfff) {
        s->at += 6;
        return true;
    }
    return FAIL_AT(s, begin, "half a surrogate pair in a string");
}

/* at stands on the opening quote. */
static bool scan_string(struct scan *s)
{
    size_t begin = s->at++;

    for (;;) {
        int c = peek(s);
        if (c < 0)
            return FAIL_AT(s, begin, "a string without its closing quote");
        if (c == '"') {
            s->at++;
            return true;
        }
        if (c == '\\') {
            if (!scan_escape(s))
                return false;
        } else if (c < 0x20) {
            return FAIL_AT(s, s->at, "raw control character 0x%02x in a string", c);
        } else if (c < 0x80) {
            s->at++;
        } else {
            size_t len = utf8_length(bytes_slice(s->text, s->at, 4));
            if (len == 0)
                return FAIL_AT(s, s->at, "a string is not UTF-8");
            s->at += len;
        }
    }
}

static bool scan_digits(struct scan *s)
{
    if (peek(s) < '0' || peek(s) > '9')
        return unexpected(s, "a digit");
    while (peek(s) >= '0' && peek(s) <= '9')
        s->at++;
    return true;
}

static bool scan_number(struct scan *s)
{
    size_t begin = s->at;

    if (peek(s) == '-')
        s->at++;
    if (peek(s) == '0') {
        s->at++;
        if (peek(s) >= '0' && peek(s) <= '9')
            return FAIL_AT(s, begin, "a number with a leading zero");
    } else if (!scan_digits(s)) {
        return false;
    }
    if (peek(s) == '.') {
        s->at++;
        if (!scan_digits(s))
            return false;
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->at++;
        if (peek(s) == '+' || peek(s) == '-')
            s->at++;
        if (!scan_digits(s))
            return false;
    }
    if (s->at - begin > JSON_NUMBER_MAX)
        return FAIL_AT(s, begin, "a number of more than %d characters", JSON_NUMBER_MAX);
    return true;
}

static bool scan_word(struct scan *s, const char *word)
{
    size_t len = strlen(word);

    if (!bytes_equal(bytes_slice(s->text, s->at, len), bytes_of(word)))
        return unexpected(s, "a value");
    s->at += len;
    return true;
}

static bool scan_value(struct scan *s, size_t key_at, unsigned depth);

static bool scan_member(struct scan *s, unsigned depth)
{
    size_t key_at = s->at;

    if (peek(s) != '"')
        return unexpected(s, "a key in quotes");
    if (!scan_string(s))
        return false;
    skip_space(s);
    if (peek(s) != ':')
        return unexpected(s, "':'");
    s->at++;
    skip_space(s);
    return scan_value(s, key_at, depth);
}

/* An array or object: at stands on its opening bracket. */
static bool scan_nest(struct scan *s, char close, unsigned depth)
{
    if (depth == JSON_DEPTH_MAX)
        return FAIL_AT(s, s->at, "nested deeper than %d", JSON_DEPTH_MAX);
    s->at++;
    skip_space(s);
    if (peek(s) == close) {
        s->at++;
        return true;
    }
    for (;;) {
        bool ok = close == '}' ? scan_member(s, depth + 1) : scan_value(s, s->at, depth + 1);
        if (!ok)
            return false;
        skip_space(s);
        if (peek(s) == close) {
            s->at++;
            return true;
        }
        if (peek(s) != ',')
            return unexpected(s, close == '}' ? "',' or '}'" : "',' or ']'");
        s->at++;
        skip_space(s);
    }
}

static bool scan_value(struct scan *s, size_t key_at, unsigned depth)
{
    size_t begin = s->at, place = s->marks->len;
    struct json_mark mark = { .at = (uint32_t)begin, .key_at = (uint32_t)key_at };
    bool ok;

    buffer_append(s->marks, &mark, sizeof mark);
    switch (peek(s)) {
    case '{':
        ok = scan_nest(s, '}', depth);
        break;
    case '[':
        ok = scan_nest(s, ']', depth);
        break;
    case '"':
        ok = scan_string(s);
        break;
    case 't':
        ok = scan_word(s, "true");
        break;
    case 'f':
        ok = scan_word(s, "false");
        break;
    case 'n':
        ok = scan_word(s, "null");
        break;
    default:
        ok = peek(s) == '-' || (peek(s) >= '0' && peek(s) <= '9') ? scan_number(s)
                                                                  : unexpected(s, "a value");
    }
    mark.len = (uint32_t)(s->at - begin);
    memcpy(s->marks->data + place, &mark, sizeof mark);
    return ok;
}

bool json_scan(struct bytes text, const char *name, struct buffer *marks, struct error *err)
{
    struct scan s = { text, 0, name, marks, err };

    if (text.len > JSON_SIZE_MAX)
        return error_set(err, ERROR_INPUT, "%s: larger than %zu MiB", name, JSON_SIZE_MAX >> 20);
    if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
        return FAIL_AT(&s, 0, "a byte order mark in front of the value");
    skip_space(&s);
    if (!scan_value(&s, s.at, 0))
        return false;
    skip_space(&s);
    if (s.at < text.len)
        return unexpected(&s, "the end");
    return true;
}
