#include "base/hex.h"

#include <ctype.h>

const char *hex_read(const char *text, struct arena *keep, struct bytes *out)
{
    CLEANUP(buffer_free) struct buffer all = { 0 };

    for (const char *at = text; *at;) {
        if (isspace((unsigned char)*at)) {
            at++;
            continue;
        }
        size_t digits = strcspn(at, " \t\r\n*");
        if (digits == 0 || digits % 2)
            return "expected hex digits in pairs";
        uint8_t *unit = buffer_reserve(&all, digits / 2);
        if (!hex_parse(at, digits, unit))
            return "expected hex digits in pairs";
        at += digits;
        uint64_t times = 1;
        if (*at == '*') {
            if (!isdigit((unsigned char)*++at))
                return "expected a number behind *";
            for (times = 0; isdigit((unsigned char)*at) && times <= HEX_MAX; at++)
                times = times * 10 + (uint64_t)(*at - '0');
            if (*at && !isspace((unsigned char)*at))
                return "expected white space behind a repetition";
        }
        if (times * (digits / 2) > HEX_MAX - all.len)
            return "more than 64 MiB";
        all.len += digits / 2;
        buffer_repeat(&all, all.len - digits / 2, times);
    }
    *out = arena_bytes(keep, buffer_bytes(&all));
    return NULL;
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
