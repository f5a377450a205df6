/*
 * Code pages by way of iconv, a character at a time: so the first that does not fit can be named, and one that would
 * not come back as itself, such as a yen sign turned into a backslash, is refused.
 */
#include "archive/codepage.h"

#include <errno.h>
#include <iconv.h>

#define CHARACTER_MAX 4 // bytes of a character, in UTF-8 and in each of these

// clang-format off
const struct codepage codepage_table[] = {
    { 1250, "CP1250", "Central European" },
    { 1252, "CP1252", "Western European" },
    { 932,  "CP932",  "Japanese, Shift-JIS" },
    { 936,  "CP936",  "Simplified Chinese, GBK" },
    { 0, NULL, NULL },
};
// clang-format on

const struct codepage *codepage_find(uint64_t number)
{
    for (const struct codepage *p = codepage_table; p->number; p++)
        if (p->number == number)
            return p;
    return NULL;
}

/* One character whose bytes are all of in, to out: their number, 0 when it is none, or -1 when more bytes belong to it. */
static int convert(iconv_t by, struct bytes in, uint8_t out[CHARACTER_MAX])
{
    char *from = (char *)in.data, *to = (char *)out;
    size_t from_len = in.len, to_len = CHARACTER_MAX;

    iconv(by, NULL, NULL, NULL, NULL);
    if (iconv(by, &from, &from_len, &to, &to_len) != 0) // a count above 0 is of characters replaced by others
        return errno == EINVAL && from_len ? -1 : 0;
    return from_len ? 0 : (int)(CHARACTER_MAX - to_len);
}

static size_t utf8_len(const char *at)
{
    uint8_t c = (uint8_t)*at;

    return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static bool encode(iconv_t there, iconv_t back, const struct codepage *page, const char *utf8, struct buffer *units,
                   struct error *err)
{
    for (const char *at = utf8; *at;) {
        struct bytes one = { (const uint8_t *)at, utf8_len(at) };
        uint8_t made[CHARACTER_MAX], again[CHARACTER_MAX];
        int len = convert(there, one, made);
        int same = len > 0 ? convert(back, (struct bytes){ made, (size_t)len }, again) : 0;
        if (same <= 0 || !bytes_equal(one, (struct bytes){ again, (size_t)same }))
            return error_set(err, ERROR_INPUT, "\"%.*s\" is not in code page %u", (int)one.len, at, page->number);
        buffer_append(units, made, (size_t)len);
        at += one.len;
    }
    return true;
}

bool codepage_encode(const struct codepage *page, const char *utf8, struct buffer *units, struct error *err)
{
    iconv_t there = iconv_open(page->iconv, "UTF-8"), back = iconv_open("UTF-8", page->iconv);
    bool good = false;

    if (there == (iconv_t)-1 || back == (iconv_t)-1)
        error_set(err, ERROR_SYSTEM, "iconv does not know %s", page->iconv);
    else
        good = encode(there, back, page, utf8, units, err);
    if (there != (iconv_t)-1)
        iconv_close(there);
    if (back != (iconv_t)-1)
        iconv_close(back);
    return good;
}

size_t codepage_decode(const struct codepage *page, struct bytes units, struct text *utf8)
{
    iconv_t by = iconv_open("UTF-8", page->iconv);
    size_t at = 0;

    if (by == (iconv_t)-1)
        return 0;
    while (at < units.len) {
        uint8_t made[CHARACTER_MAX];
        size_t len = 1;
        int got = convert(by, bytes_slice(units, at, len), made);
        while (got < 0 && at + len < units.len && len < CHARACTER_MAX)
            got = convert(by, bytes_slice(units, at, ++len), made);
        if (got <= 0)
            break;
        text_printf(utf8, "%.*s", got, (const char *)made);
        at += len;
    }
    iconv_close(by);
    return at;
}
