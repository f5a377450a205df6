/*
 * Digits of numbers in texts: such as are gone, and marks between them.
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

static bool is_mark(char c)
{
    return c && strchr(",.' _", c);
}

/* How many numbers have a mark before each three of their last digits, and lack it in what is due; 0: it differs otherwise. */
static size_t grouped(const char *due, const char *came)
{
    size_t n = 0;

    while (*due || *came) {
        size_t digits = strspn(due, "0123456789"), first = digits > 3 ? (digits - 1) % 3 + 1 : 0;
        bool is_one = first && strspn(came, "0123456789") == first && is_mark(came[first]);
        if (!digits && *due++ != *came++)
            return 0;
        for (size_t left = digits; left > 0; left--) {
            if (is_one && left % 3 == 0 && left < digits && !is_mark(*came++))
                return 0;
            if (*due++ != *came++)
                return 0;
        }
        n += is_one;
    }
    return n;
}

const char *cause_digits_grouped(const struct evidence *e)
{
    TEXT(want);
    TEXT(is);

    return texts_of(e, &want, &is) && grouped(text_string(&want), text_string(&is)) ? "a number in a text came with a mark before each three digits" : NULL;
}

const char *cause_zeroes_lost(const struct evidence *e)
{
    TEXT(want);
    TEXT(is);

    return texts_of(e, &want, &is) && zeroes_lost(text_string(&want), text_string(&is)) ? "a number in a text came without the zeroes in front of it" : NULL;
}
