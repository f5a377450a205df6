#include "text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LITERAL_MAX = 64 }; // longer runs are told by number and CRC

/* The CRC-32 of zlib, continued over one more byte; starts and ends inverted. */
static uint32_t crc_byte(uint32_t crc, uint8_t byte)
{
    crc ^= byte;
    for (int bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    return crc;
}

static uint32_t crc_units(const struct units *u, unsigned bytes)
{
    uint32_t crc = ~0u;

    for (size_t i = 0; i < u->count; i++) {
        uint32_t unit = units_at(u, i);
        for (unsigned b = 0; b < bytes; b++)
            crc = crc_byte(crc, (uint8_t)(unit >> 8 * b));
    }
    return ~crc;
}

void text_add(struct text *t, const char *s, size_t len)
{
    if (t->over || len == 0)
        return;
    if (len > t->capacity - t->len) {
        size_t wanted = (t->len + len) * 2 + 64;
        char *grown = pool_grow(t->pool, t->data, wanted, 1);
        if (!grown) {
            t->over = true;
            return;
        }
        t->data = grown;
        t->capacity = wanted;
    }
    memcpy(t->data + t->len, s, len);
    t->len += len;
}

void text_put(struct text *t, const char *s)
{
    text_add(t, s, strlen(s));
}

void text_printf(struct text *t, const char *format, ...)
{
    char line[128];
    va_list ap;

    va_start(ap, format);
    int len = vsnprintf(line, sizeof line, format, ap);
    va_end(ap);
    text_add(t, line, (size_t)len < sizeof line ? (size_t)len : sizeof line - 1);
}

void text_units(struct text *t, char letter, const struct units *u, unsigned digits)
{
    if (u->count > LITERAL_MAX) {
        text_printf(t, "%c#%zu:%08" PRIx32, letter, u->count, crc_units(u, digits / 2));
        return;
    }
    text_add(t, (char[]){ letter, ':' }, 2);
    for (size_t i = 0; i < u->count; i++)
        for (unsigned left = digits; left-- > 0;)
            text_add(t, &"0123456789abcdef"[units_at(u, i) >> 4 * left & 15], 1);
}

void text_array(struct text *t, const struct units *elements)
{
    if (elements->count > LITERAL_MAX) {
        text_printf(t, "[#%zu:%08" PRIx32 "]", elements->count,
                    crc_units(elements, elements->width));
        return;
    }
    text_put(t, "[");
    for (size_t i = 0; i < elements->count; i++)
        text_printf(t, "%s%" PRIu32, i ? "," : "", units_at(elements, i));
    text_put(t, "]");
}

bool scan_char(struct scan *s, char c)
{
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

bool scan_word(struct scan *s, const char *word)
{
    size_t len = strlen(word);

    if ((size_t)(s->end - s->at) < len || memcmp(s->at, word, len) != 0)
        return false;
    s->at += len;
    return true;
}

bool scan_ended(const struct scan *s)
{
    return s->at == s->end;
}

static bool is_digit(const struct scan *s)
{
    return s->at < s->end && *s->at >= '0' && *s->at <= '9';
}

bool scan_integer(struct scan *s, int64_t min, uint64_t max, uint64_t *out)
{
    bool negative = min < 0 && scan_char(s, '-');
    uint64_t limit = negative ? 0 - (uint64_t)min : max, n = 0;

    if (!is_digit(s))
        return false;
    for (; is_digit(s); s->at++) {
        unsigned digit = (unsigned)(*s->at - '0');
        if (n > limit / 10 || digit > limit - n * 10) {
            s->why = "a number out of its range";
            return false;
        }
        n = n * 10 + digit;
    }
    *out = negative ? 0 - n : n;
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool scan_hex(struct scan *s, unsigned digits, uint64_t *out)
{
    uint64_t n = 0;

    for (unsigned i = 0; i < digits; i++) {
        int value = s->at < s->end ? hex_value(*s->at) : -1;
        if (value < 0)
            return false;
        n = n << 4 | (unsigned)value;
        s->at++;
    }
    *out = n;
    return true;
}

static bool repeat(struct scan *s, struct units *out, uint64_t count, unsigned width, uint64_t unit)
{
    if (!units_new(out, s->pool, (size_t)count, width)) {
        s->why = "more than this peer takes";
        return false;
    }
    for (size_t i = 0; i < out->count; i++)
        bits_store(out->data + i * width, unit, width);
    return true;
}

bool scan_units(struct scan *s, char letter, unsigned digits, struct units *out)
{
    uint64_t count, unit;
    unsigned width = digits / 2;

    if (!scan_char(s, letter))
        return false;
    if (scan_char(s, '*'))
        return scan_integer(s, 0, SCAN_REPEAT_MAX, &count) && scan_char(s, ':') &&
               scan_hex(s, digits, &unit) && repeat(s, out, count, width, unit);
    if (!scan_char(s, ':'))
        return false;
    const char *from = s->at;
    while (s->at < s->end && hex_value(*s->at) >= 0)
        s->at++;
    size_t found = (size_t)(s->at - from);
    if (found % digits != 0 || !repeat(s, out, found / digits, width, 0))
        return false;
    s->at = from;
    for (size_t i = 0; i < out->count; i++) {
        scan_hex(s, digits, &unit);
        bits_store(out->data + i * width, unit, width);
    }
    return true;
}

bool scan_array(struct scan *s, unsigned width, struct units *out)
{
    uint64_t max = (UINT64_C(1) << 8 * width) - 1, count, element;
    size_t capacity = 0;

    if (!scan_char(s, '['))
        return false;
    if (scan_char(s, '*'))
        return scan_integer(s, 0, SCAN_REPEAT_MAX, &count) && scan_char(s, ':') &&
               scan_integer(s, 0, max, &element) && scan_char(s, ']') &&
               repeat(s, out, count, width, element);
    *out = (struct units){ .width = width };
    if (scan_char(s, ']'))
        return true;
    do {
        uint8_t *data = pool_more(s->pool, out->data, out->count, &capacity, width);
        if (!data) {
            s->why = "more than this peer takes";
            return false;
        }
        out->data = data;
        if (!scan_integer(s, 0, max, &element))
            return false;
        bits_store(out->data + out->count++ * width, element, width);
    } while (scan_char(s, ','));
    return scan_char(s, ']');
}
