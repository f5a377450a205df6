#include "report/markup.h"

#include <inttypes.h>
#include <stdio.h>

/* One character of UTF-8 that has been checked by whoever read it; *len is its length. Anything else counts as a
 * character of its own byte, marked by *len 0. */
static uint32_t decode(const char *at, size_t left, size_t *len)
{
    const uint8_t *b = (const uint8_t *)at;
    size_t n = b[0] < 0x80 ? 1 : b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : b[0] >= 0xc2 ? 2 : 0;
    uint32_t c = n > 1 ? b[0] & (0xffu >> (n + 1)) : b[0];

    *len = n <= left ? n : 0;
    for (size_t i = 1; i < *len; i++) {
        if ((b[i] & 0xc0) != 0x80) {
            *len = 0;
            return b[0];
        }
        c = c << 6 | (b[i] & 0x3f);
    }
    return c;
}

/* Characters that are seen by what they do to others. */
static bool is_steering(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff9 && c <= 0xfffb) || c == 0xfffe || c == 0xffff;
}

static void add_n(struct text *to, enum markup how, const char *at, size_t left)
{
    while (left) {
        size_t plain = 0, len;
        while (plain < left && at[plain] >= 0x20 && at[plain] < 0x7f &&
               !strchr("&<>\"'", at[plain]))
            plain++;
        text_addn(to, at, plain);
        at += plain;
        left -= plain;
        if (!left)
            return;
        uint32_t c = decode(at, left, &len);
        if (len == 0)
            text_printf(to, "\\x%02x", (unsigned)(uint8_t)*at);
        else if (is_steering(c))
            text_printf(to, c < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)c);
        else if (how == MARKUP_HTML && len == 1)
            text_add(to, c == '&'   ? "&amp;"
                         : c == '<' ? "&lt;"
                         : c == '>' ? "&gt;"
                         : c == '"' ? "&quot;"
                                    : "&#39;");
        else
            text_addn(to, at, len);
        at += len ? len : 1;
        left -= len ? len : 1;
    }
}

void markup_add(struct text *to, enum markup how, const char *string)
{
    if (string)
        add_n(to, how, string, strlen(string));
}

void markup_add_cut(struct text *to, enum markup how, const char *string, size_t max)
{
    size_t len = string ? strlen(string) : 0;

    if (len <= max) {
        markup_add(to, how, string);
        return;
    }
    while (max && ((uint8_t)string[max] & 0xc0) == 0x80)
        max--;
    add_n(to, how, string, max);
    text_add(to, "… (");
    markup_count(to, len - max);
    text_add(to, " more)");
}

void markup_count(struct text *to, uint64_t n)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, n);

    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            text_char(to, ',');
        text_char(to, digits[i]);
    }
}

void markup_counted(struct text *to, uint64_t n, const char *one)
{
    markup_count(to, n);
    text_printf(to, " %s%s", one, n == 1 ? "" : "s");
}

void markup_duration(struct text *to, int64_t us)
{
    double ms = (double)us / 1000;

    if (us < 0)
        text_add(to, "unknown");
    else if (us < 1000)
        text_printf(to, "%" PRId64 " µs", us);
    else if (us < 100000)
        text_printf(to, ms < 10 ? "%.2f ms" : "%.1f ms", ms);
    else if (us < 60 * (int64_t)1000000)
        text_printf(to, "%.2f s", ms / 1000);
    else
        text_printf(to, "%" PRId64 " min %" PRId64 " s", us / 60000000, us / 1000000 % 60);
}

void markup_spent(struct text *to, int64_t work, int64_t waiting, int64_t proven, int64_t timed)
{
    const struct {
        int64_t us;
        const char *on;
    } parts[] = { { work, "work" }, { waiting, "waiting for the peer" }, { proven, "proven silence" }, { timed, "timed silence" } };
    const char *between = "";

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (parts[i].us == 0 && i > 0)
            continue;
        text_add(to, between);
        markup_duration(to, parts[i].us);
        text_printf(to, " %s", parts[i].on);
        between = " · ";
    }
}

void markup_fragment(struct text *to, const char *string)
{
    for (const char *at = string; *at; at++)
        if ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
            (*at >= '0' && *at <= '9') || strchr("-._~=@", *at))
            text_char(to, *at);
        else
            text_printf(to, "%%%02X", (unsigned)(uint8_t)*at);
}

void markup_time(struct text *to, enum markup how, const char *stamp)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    int year, month, day, hour, minute;
    char zulu = 0;

    int read = sscanf(stamp, "%4d-%2d-%2dT%2d:%2d:%*2d%c", &year, &month, &day, &hour, &minute, &zulu);
    if (read == 6 && zulu == 'Z' && month >= 1 && month <= 12)
        text_printf(to, "%d %s %d, %02d:%02d UTC", day, months[month - 1], year, hour, minute);
    else
        markup_add(to, how, stamp);
}
