#include "json/utf8.h"

static bool follows(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

/* The second byte tells overlong forms, surrogates and what lies beyond U+10FFFF. */
size_t utf8_length(struct bytes s)
{
    if (s.len == 0)
        return 0;
    const uint8_t *p = s.data;

    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xc2 || p[0] > 0xf4 || s.len < 2 || !follows(p[1]))
        return 0;
    if (p[0] < 0xe0)
        return 2;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] >= 0xa0) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] >= 0x90))
        return 0;
    if (s.len < 3 || !follows(p[2]))
        return 0;
    if (p[0] < 0xf0)
        return 3;
    return s.len >= 4 && follows(p[3]) ? 4 : 0;
}
