/*
 * Digits that are gone from numbers in texts.
 */
#include <ctype.h>

#include "check/values.h"

/* Of how many numbers, decimal or hexadecimal, came lacks the zeroes in front that due has; 0: it differs otherwise. */
static size_t zeroes_lost(const char *due, const char *came)
{
    size_t n = 0;

    while (*due || *came) {
        size_t digits = 0, zeroes = 0, fewer = 0;
        while (isxdigit((unsigned char)due[digits]))
            digits++;
        while (zeroes + 1 < digits && due[zeroes] == '0')
            zeroes++;
        while (isxdigit((unsigned char)came[fewer]))
            fewer++;
        if (!digits && *due++ != *came++)
            return 0;
        if (digits && (fewer > digits || (fewer < digits && fewer != digits - zeroes) || strncmp(due + digits - fewer, came, fewer) != 0))
            return 0;
        n += fewer < digits;
        due += digits;
        came += digits ? fewer : 0;
    }
    return n;
}

const char *cause_zeroes_lost(const struct evidence *e)
{
    TEXT(want);
    TEXT(is);

    return texts_of(e, &want, &is) && zeroes_lost(text_string(&want), text_string(&is)) ? "a number in a text came without the zeroes in front of it" : NULL;
}
