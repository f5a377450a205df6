#include "base/hex.h"

#include <ctype.h>

/* A token, and how often it stands there. */
struct token {
    const char *digits;
    size_t len; // digits
    uint64_t times;
};

/* The next token from *at on; false at the end, or when *wrong is set. */
static bool token_next(const char **at, struct token *t, const char **wrong)
{
    *wrong = NULL;
    while (isspace((unsigned char)**at))
        (*at)++;
    if (!**at)
        return false;
    t->digits = *at;
    t->len = strcspn(*at, " \t\r\n*");
    t->times = 1;
    *at += t->len;
    if (t->len == 0 || t->len % 2)
        *wrong = "expected hex digits in pairs";
    if (*wrong || **at != '*')
        return !*wrong;
    if (!isdigit((unsigned char)*++*at))
        *wrong = "expected a number behind *";
    for (t->times = 0; isdigit((unsigned char)**at) && t->times <= HEX_MAX; (*at)++)
        t->times = t->times * 10 + (uint64_t)(**at - '0');
    if (!*wrong && **at && !isspace((unsigned char)**at))
        *wrong = "expected white space behind a repetition";
    return !*wrong;
}

const char *hex_measure(const char *text, size_t *len)
{
    const char *wrong;
    struct token t;

    *len = 0;
    while (token_next(&text, &t, &wrong)) {
        for (size_t i = 0; i < t.len; i++)
            if (!isxdigit((unsigned char)t.digits[i]))
                return "expected hex digits in pairs";
        if (t.times * (t.len / 2) > HEX_MAX - *len)
            return "more than 64 MiB";
        *len += t.times * (t.len / 2);
    }
    return wrong;
}

/* To a place with room for all. */
static void expand(const char *text, uint8_t *to)
{
    const char *wrong;
    struct token t;

    while (token_next(&text, &t, &wrong)) {
        size_t unit = t.len / 2, all = unit * t.times;
        if (all == 0)
            continue;
        hex_parse(t.digits, t.len, to);
        bytes_repeat(to, unit, all);
        to += all;
    }
}

const char *hex_read(const char *text, struct arena *keep, struct bytes *out)
{
    size_t len;
    const char *wrong = hex_measure(text, &len);

    if (wrong)
        return wrong;
    uint8_t *to = arena_alloc(keep, len + 1);
    expand(text, to);
    *out = (struct bytes){ to, len };
    return NULL;
}

void hex_append(const char *text, struct buffer *to)
{
    size_t len;

    hex_measure(text, &len);
    expand(text, buffer_reserve(to, len));
    to->len += len;
}

bool hex_is(const char *text, struct bytes bytes)
{
    const char *wrong;
    struct token t;

    while (token_next(&text, &t, &wrong)) {
        size_t unit = t.len / 2, all = unit * t.times;
        uint8_t one;
        if (all > bytes.len)
            return false;
        for (size_t i = 0; all > 0 && i < unit; i++)
            if (!hex_parse(t.digits + 2 * i, 2, &one) || one != bytes.data[i])
                return false;
        if (all > 0 && memcmp(bytes.data, bytes.data + unit, all - unit) != 0)
            return false;
        bytes = bytes_slice(bytes, all, SIZE_MAX);
    }
    return bytes.len == 0;
}

/* How often the unit of `width` bytes at `at` stands there in a row. */
static size_t run(struct bytes b, size_t at, size_t width)
{
    // As nearly always, the first bytes tell.
    for (size_t i = 0; i < width && i < 24 && at + width + i < b.len; i++)
        if (b.data[at + i] != b.data[at + width + i])
            return 1;
    return 1 + bytes_common(bytes_slice(b, at, SIZE_MAX), bytes_slice(b, at + width, SIZE_MAX)) / width;
}

void hex_write(struct text *to, struct bytes bytes)
{
    static const struct {
        size_t width, least; // bytes of the unit; repetitions worth a star
    } units[] = { { 1, 8 }, { 2, 8 }, { 256, 2 } };
    size_t plain = 0; // where those begin that repeat nothing

    for (size_t at = 0; at < bytes.len;) {
        size_t u = 0, n = 0;
        for (; u < COUNT_OF(units); u++) {
            if (units[u].width * units[u].least > bytes.len - at)
                continue;
            n = run(bytes, at, units[u].width);
            if (n >= units[u].least)
                break;
        }
        if (u == COUNT_OF(units)) {
            at++;
            continue;
        }
        text_hex(to, bytes_slice(bytes, plain, at - plain), false);
        if (at > plain)
            text_char(to, ' ');
        text_hex(to, (struct bytes){ bytes.data + at, units[u].width }, false);
        text_printf(to, "*%zu", n);
        at += n * units[u].width;
        plain = at;
        if (at < bytes.len)
            text_char(to, ' ');
    }
    text_hex(to, bytes_slice(bytes, plain, bytes.len - plain), false);
}
