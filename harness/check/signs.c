/*
 * Signs that are gone, or stand where none is due: in numbers themselves, and in texts that tell them.
 */
#include "check/graphs.h"
#include "check/values.h"

#include <stdlib.h>

/* ---- numbers ---- */

/* Whether a number came that is the one due without its minus. */
static bool is_without_minus(const struct value *due, const struct value *came)
{
    const struct type *t = due->of.type;
    uint64_t sign = t->width ? UINT64_C(1) << (8 * t->width - 1) : 0;

    if (t != came->of.type)
        return false;
    if (t->kind == VALUE_FLOAT || t->kind == VALUE_DOUBLE)
        return due->number & sign && came->number == (due->number & ~sign);
    if (t->kind == VALUE_INTEGER && strncmp(t->name, "net", 3) == 0) // which has no sign, but what goes through it may
        return due->number & sign && came->number == (sign << 1) - due->number && came->number < sign;
    return t->kind == VALUE_INTEGER && t->is_signed && (int64_t)due->number < 0 && came->number == -due->number;
}

/* How many numbers came without their minus; 0 also where values differ otherwise. */
static size_t minus_lost(const struct value *due, const struct value *came)
{
    enum value_kind k = due->of.type->kind;
    bool whole = k == VALUE_LIST || k == VALUE_MAP || k == VALUE_TUPLE || k == VALUE_VARIANT || k == VALUE_OBJECT;
    size_t n = 0;

    if (is_without_minus(due, came))
        return 1;
    if (!whole || due->of.type != came->of.type || due->count != came->count || !due->items || !came->items || due->class != came->class ||
        (k == VALUE_VARIANT && due->number != came->number))
        return 0;
    for (size_t i = 0; i < due->count; i++) {
        size_t within = minus_lost(&due->items[i], &came->items[i]);
        if (!within && !value_equal(&due->items[i], &came->items[i]))
            return 0;
        n += within;
    }
    return n;
}

/* ---- texts ---- */

/* Whether a negative number is told as the one without a sign that has the same bits. */
static bool has_same_bits(uint64_t negative, uint64_t other)
{
    bool same = negative == other;

    for (unsigned bits = 8; bits <= 32; bits *= 2)
        same |= other >> bits == 0 && ((negative ^ other) & ((UINT64_C(1) << bits) - 1)) == 0;
    return same;
}

static bool has_letter(const char *from, const char *to)
{
    return strcspn(from, "abcdefABCDEF") < (size_t)(to - from);
}

/*
 * Whether a text begins with a negative number, and the other with the one without a sign that has the same bits: both decimal, or, where a
 * digit of either is a letter, both hexadecimal.
 */
static bool begin_with_same_bits(const char *x, const char *y, char **behind_x, char **behind_y)
{
    for (int base = 10; base <= 16; base += 6) {
        uint64_t negative = (uint64_t)strtoll(x, behind_x, base), other = strtoull(y, behind_y, base);
        bool read = *behind_x > x && *behind_y > y && (base == 10 || has_letter(x, *behind_x) || has_letter(y, *behind_y));
        if (read && has_same_bits(negative, other))
            return true;
    }
    return false;
}

/* What became of the signs of numbers in a text; NULL: it differs otherwise. x has a minus where y has none. */
static const char *minus_in_one(const char *x, const char *y, bool lost)
{
    const char *changed = NULL;

    while (*x || *y) {
        char *behind_x, *behind_y;
        if (*x != '-' || *y == '-') {
            if (*x++ != *y++)
                return NULL;
            continue;
        }
        if (begin_with_same_bits(x, y, &behind_x, &behind_y))
            changed = lost ? "a negative number is told as the one without a sign that has the same bits"
                           : "a number is told as the negative one that has the same bits";
        else if (lost && (uint64_t)strtoll(x, &behind_x, 10) == -(uint64_t)strtoull(y, &behind_y, 10) && behind_x > x && behind_y > y)
            changed = "a negative number is told without its minus";
        else
            return NULL;
        x = behind_x;
        y = behind_y;
    }
    return changed;
}

/* Of how many numbers that a text tells by their bits the minus is lost. */
static size_t minuses_told(const struct evidence *e)
{
    const struct value *due, *came;
    size_t count, n = 0;

    if (!values_told(e, &due, &came, &count))
        return 0;
    for (size_t i = 0; i < count; i++) {
        size_t within = minus_lost(&due[i], &came[i]);
        if (!within && !value_equal(&due[i], &came[i]))
            return 0;
        n += within;
    }
    return n;
}

/* Whether a number without a sign came as what the negative one that has the same bits is without its minus. */
static bool is_made_positive(uint64_t due, uint64_t came, unsigned bits)
{
    uint64_t sign = UINT64_C(1) << (bits - 1);

    return due & sign && !(due & ~(sign | (sign - 1))) && came == (sign << 1) - due;
}

/* … and all else is the same. How many did; 0 also where values differ otherwise. */
static size_t made_positive(const struct value *due, const struct value *came)
{
    const struct type *t = due->of.type;
    size_t n = 0;

    if (t != came->of.type || due->count != came->count || due->class != came->class)
        return 0;
    if (t->kind == VALUE_INTEGER)
        return t->width && strncmp(t->name, "net", 3) != 0 && is_made_positive(due->number, came->number, 8 * t->width);
    if (!due->items || !came->items || (t->kind == VALUE_VARIANT && due->number != came->number))
        return 0;
    for (size_t i = 0; i < due->count; i++) {
        size_t within = made_positive(&due->items[i], &came->items[i]);
        if (!within && !value_equal(&due->items[i], &came->items[i]))
            return 0;
        n += within;
    }
    return n;
}

/* The same of the numbers of two texts. */
static bool are_made_positive(const char *x, const char *y)
{
    size_t n = 0;

    while (*x || *y) {
        char *behind_x, *behind_y;
        if (*x == *y && (*x < '0' || *x > '9')) {
            x++;
            y++;
            continue;
        }
        if (*x < '0' || *x > '9' || *y < '0' || *y > '9')
            return false;
        uint64_t due = strtoull(x, &behind_x, 10), came = strtoull(y, &behind_y, 10);
        bool same = due == came, is = false;
        for (unsigned bits = 8; bits <= 64; bits *= 2)
            is |= is_made_positive(due, came, bits);
        if (!same && !is)
            return false;
        n += !same;
        x = behind_x;
        y = behind_y;
    }
    return n;
}

static const char made_positive_words[] = "a number came as the negative one that has the same bits, and that without its minus";

#define NO_MINUS "a negative number came without its minus"

const char *cause_sign_lost(const struct evidence *e)
{
    struct value due, came;
    TEXT(want);
    TEXT(is);

    if (!texts_of(e, &want, &is))
        return values_of(e, &due, &came) && minus_lost(&due, &came) ? NO_MINUS : NULL;
    const char *told = minus_in_one(text_string(&want), text_string(&is), true);
    return told ? told : minuses_told(e) ? NO_MINUS : NULL;
}

const char *cause_sign_added(const struct evidence *e)
{
    struct value due, came;
    TEXT(want);
    TEXT(is);

    if (!texts_of(e, &want, &is))
        return values_of(e, &due, &came) && made_positive(&due, &came) ? made_positive_words : NULL;
    if (are_made_positive(text_string(&want), text_string(&is)))
        return made_positive_words;
    return minus_in_one(text_string(&is), text_string(&want), false);
}
