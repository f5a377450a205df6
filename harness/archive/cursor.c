#include <stdio.h>

#include "archive/ops.h"

bool cursor_fail(struct cursor *c, const char *expected)
{
    if (!*c->at)
        return error_set(c->err, ERROR_INPUT, "expected %s, found the end", expected);
    return error_set(c->err, ERROR_INPUT, "expected %s, found \"%.24s\"", expected, c->at);
}

bool cursor_skip(struct cursor *c, char mark)
{
    if (*c->at != mark)
        return false;
    c->at++;
    return true;
}

bool cursor_expect(struct cursor *c, char mark)
{
    char expected[] = { '\'', mark, '\'', '\0' };

    return cursor_skip(c, mark) || cursor_fail(c, expected);
}

bool cursor_number(struct cursor *c, int64_t min, uint64_t max, uint64_t *out)
{
    const char *p = c->at;
    bool negative = *p == '-' && min < 0;
    uint64_t n = 0, limit = negative ? 0 - (uint64_t)min : max;
    char expected[80];

    p += negative;
    bool ok =
        *p >= '0' && *p <= '9' && !(p[0] == '0' && (negative || (p[1] >= '0' && p[1] <= '9')));
    for (; ok && *p >= '0' && *p <= '9'; p++)
        ok = !__builtin_mul_overflow(n, 10, &n) && !__builtin_add_overflow(n, *p - '0', &n);
    if (!ok || n > limit || (min > 0 && n < (uint64_t)min)) {
        snprintf(expected, sizeof expected, "a number from %lld to %llu", (long long)min,
                 (unsigned long long)max);
        return cursor_fail(c, expected);
    }
    c->at = p;
    *out = negative ? 0 - n : n;
    return true;
}

bool cursor_hex(struct cursor *c, size_t digits, uint64_t *out)
{
    uint64_t n = 0;
    char expected[40];

    for (size_t i = 0; i < digits; i++) {
        char d = c->at[i];
        if (d >= '0' && d <= '9') {
            n = n << 4 | (uint64_t)(d - '0');
        } else if (d >= 'a' && d <= 'f') {
            n = n << 4 | (uint64_t)(d - 'a' + 10);
        } else {
            snprintf(expected, sizeof expected, "%zu hexadecimal digits", digits);
            return cursor_fail(c, expected);
        }
    }
    c->at += digits;
    *out = n;
    return true;
}

bool cursor_repeat(struct cursor *c, uint64_t *out)
{
    return cursor_number(c, 0, REPEAT_MAX, out) && cursor_expect(c, ':');
}
