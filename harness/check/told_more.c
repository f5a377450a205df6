/*
 * Texts that have more than is due: where they tell values, pieces that belong to none, such as blanks behind commas; in others, marks between
 * their words or digits.
 */
#include "check/values.h"

#include "check/graphs.h"

#include <ctype.h>

#define PIECE_MAX 16 // characters of what stands again and again

static bool is_of_number(char c)
{
    return isxdigit((unsigned char)c);
}

/* Whether a piece holds no value, and between what stands before and behind it changes no number: zeroes before one are more of it, other digits are another. */
static bool changes_nothing(char before, const char *piece, size_t len, char behind)
{
    bool zeroes = strspn(piece, "0") >= len, apart = !isdigit((unsigned char)piece[0]) || !is_of_number(before);

    if (strcspn(piece, "-123456789") < len) // a sign, or what may be a value
        return false;
    if (zeroes)
        return !is_of_number(before) && before != '.' && isdigit((unsigned char)behind);
    return apart && (!isdigit((unsigned char)piece[len - 1]) || !is_of_number(behind));
}

/* How often a piece of that length stands in what came, and nothing else is more than is due; 0: it differs otherwise. */
static size_t times_inserted(const char *due, const char *came, size_t len)
{
    size_t n = 0, first = 0, at = 0;

    while (due[first] && due[first] == came[first])
        first++;
    const char *piece = came + first;
    if (strlen(piece) < len)
        return 0;
    for (size_t i = 0; due[i] || came[at];) {
        if (due[i] == came[at]) {
            i++;
            at++;
        } else if (strncmp(came + at, piece, len) == 0 && changes_nothing(at ? came[at - 1] : 0, came + at, len, came[at + len])) {
            at += len;
            n++;
        } else {
            return 0;
        }
    }
    return n;
}

/* Whether what came is all that is due, with something before it and behind it. */
static bool is_framed(const char *due, const char *came)
{
    const char *found = strstr(came, due);
    size_t before = found ? (size_t)(found - came) : 0, behind = found ? strlen(found) - strlen(due) : 0;

    return before && behind && changes_nothing(0, came, before, due[0]) && changes_nothing(found[strlen(due) - 1], found + strlen(due), behind, 0);
}

/* Whether a piece is nothing but marks. */
static bool is_marks(const char *piece, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (isalnum((unsigned char)piece[i]) || !isprint((unsigned char)piece[i]))
            return false;
    return true;
}

/* … amid a text that tells no values, and may so be any. */
static size_t marks_inserted(const char *due, const char *came, size_t len)
{
    size_t first = 0, ends = strlen(came) < len ? 0 : strlen(came) - len;

    while (due[first] && due[first] == came[first])
        first++;
    bool amid = first && due[first] && strcmp(came + ends, came + first) != 0;
    return amid && ends >= first && is_marks(came + first, len) ? times_inserted(due, came, len) : 0;
}

/* Whether a text holds all characters that it has. */
static bool is_text(const struct text *t)
{
    return t->b.len && strlen(text_string(t)) == t->b.len;
}

const char *cause_told_more(const struct evidence *e)
{
    const struct value *values, *others;
    size_t count, n = 0, len = 0;
    TEXT(want);
    TEXT(is);

    if (!texts_of(e, &want, &is) || !is_text(&want) || !is_text(&is) || values_told(e, &values, &others, &count))
        return NULL;
    const char *due = text_string(&want), *came = text_string(&is);
    bool tells = tells_again(e);
    for (; !n && len < PIECE_MAX; len++)
        n = tells ? times_inserted(due, came, len + 1) : marks_inserted(due, came, len + 1);
    if (n)
        return arena_printf(e->keep, "%zu character%s stand%s in the text at %zu place%s where nothing is due", len, len == 1 ? "" : "s", len == 1 ? "s" : "", n, n == 1 ? "" : "s");
    return tells && is_framed(due, came) ? "something stands before and behind what is due of the text" : NULL;
}
