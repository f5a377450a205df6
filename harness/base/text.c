#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

void text_addn(struct text *t, const char *chars, size_t len)
{
    uint8_t *to = buffer_reserve(&t->b, len + 1);

    if (len)
        memcpy(to, chars, len);
    to[len] = 0;
    t->b.len += len;
}

void text_add(struct text *t, const char *string)
{
    text_addn(t, string, strlen(string));
}

void text_char(struct text *t, char c)
{
    text_addn(t, &c, 1);
}

void text_printf(struct text *t, const char *fmt, ...)
{
    va_list args, again;
    size_t room = 64; // enough for most, which are then made once

    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf((char *)buffer_reserve(&t->b, room), room, fmt, args);
    va_end(args);
    if (len >= 0 && (size_t)len >= room)
        vsnprintf((char *)buffer_reserve(&t->b, (size_t)len + 1), (size_t)len + 1, fmt, again);
    t->b.len += len >= 0 ? (size_t)len : 0;
    va_end(again);
}

void text_u64(struct text *t, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;

    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    text_addn(t, digits + at, sizeof digits - at);
}

void text_hex(struct text *t, struct bytes bytes, bool spaced)
{
    static const char digits[] = "0123456789abcdef";

    char chunk[3 * 64];
    size_t n = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        chunk[n++] = digits[bytes.data[i] >> 4];
        chunk[n++] = digits[bytes.data[i] & 15];
        if (spaced && i + 1 < bytes.len)
            chunk[n++] = ' ';
        if (n + 3 > sizeof chunk || i + 1 == bytes.len) {
            text_addn(t, chunk, n);
            n = 0;
        }
    }
}

const char *text_string(const struct text *t)
{
    return t->b.data ? (const char *)t->b.data : "";
}

void text_free(struct text *t)
{
    buffer_free(&t->b);
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool hex_parse(const char *digits, size_t len, uint8_t *out)
{
    if (len % 2)
        return false;
    for (size_t i = 0; i < len; i += 2) {
        int high = digit(digits[i]), low = digit(digits[i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i / 2] = (uint8_t)(high << 4 | low);
    }
    return true;
}
