#include "shrink/smaller.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>

#define ELEMENTS_MAX 32 // of a list, that are left out one by one

static void add(struct smaller_texts *c, const char *text, size_t from, size_t to, const char *by, size_t kept, size_t kept_end)
{
    if (c->count < SMALLER_MAX && (strlen(by) != to - from || strncmp(text + from, by, to - from) != 0))
        c->items[c->count++] = (struct smaller_text){ arena_printf(c->keep, "%.*s%s%s", (int)from, text, by, text + to), from, to, kept, kept_end };
}

/* The text with [from, to) replaced. */
static void offer(struct smaller_texts *c, const char *text, size_t from, size_t to, const char *by)
{
    add(c, text, from, to, by, to, to);
}

/* Behind the bracket that closes the one at `at`; the end where none does. */
static size_t closed(const char *text, size_t at)
{
    int depth = 0;

    for (; text[at]; at++) {
        depth += strchr("([{", text[at]) != NULL;
        depth -= strchr(")]}", text[at]) != NULL;
        if (depth == 0)
            return at + 1;
    }
    return at;
}

/* Behind the element that begins there, up to its comma. */
static size_t element_end(const char *text, size_t at)
{
    while (text[at] && !strchr(",)]}", text[at]))
        at = strchr("([{", text[at]) ? closed(text, at) : at + 1;
    return at;
}

/* Nothing of a list, either half, and all but one. */
static void fewer(struct smaller_texts *c, const char *text, size_t open)
{
    size_t end = closed(text, open) - 1, begins[ELEMENTS_MAX + 1], n = 0, all = 0, at = open + 1;

    if (end <= open + 1)
        return;
    offer(c, text, open + 1, end, "");
    for (size_t i = at; i < end; i = element_end(text, i) + 1)
        all++;
    for (size_t i = 0; at < end; at = element_end(text, at) + 1, i++) {
        if (i == all / 2 && i) {
            offer(c, text, open + 1, at, "");
            offer(c, text, at - 1, end, "");
        }
        if (n < ELEMENTS_MAX)
            begins[n++] = at;
    }
    for (size_t i = 0; i < n; i++) {
        size_t behind = element_end(text, begins[i]);
        if (text[behind] == ',')
            offer(c, text, begins[i], behind + 1, "");
        else if (i)
            offer(c, text, begins[i] - 1, behind, "");
    }
}

/* Null in the place of an object, or one of those in it. */
static void smaller_object(struct smaller_texts *c, const char *text, size_t begin, size_t open)
{
    size_t end = closed(text, open);

    offer(c, text, begin, end, "null");
    for (size_t at = open + 1; at < end - 1; at = element_end(text, at) + 1) {
        size_t behind = element_end(text, at);
        if (text[at] == 'C')
            add(c, text, begin, end, arena_printf(c->keep, "%.*s", (int)(behind - at), text + at), at, behind);
    }
}

static void smaller_number(struct smaller_texts *c, const char *text, size_t at, size_t end)
{
    uint64_t n = strtoull(text + at, NULL, 10);

    if (n)
        offer(c, text, at, end, "0");
    if (n > 1)
        offer(c, text, at, end, "1");
    if (n > 3)
        offer(c, text, at, end, arena_printf(c->keep, "%" PRIu64, n / 2));
    if (n > 2)
        offer(c, text, at, end, arena_printf(c->keep, "%" PRIu64, n - 1));
}

/* "u:00480069": nothing of it, either half of it, one unit less at either end. */
static void shorter(struct smaller_texts *c, const char *text, size_t at, size_t end, size_t width)
{
    size_t units = (end - at) / width;

    if (units)
        offer(c, text, at, end, "");
    if (units > 1) {
        offer(c, text, at + units / 2 * width, end, "");
        offer(c, text, at, at + units / 2 * width, "");
    }
    if (units > 2) {
        offer(c, text, at + (units - 1) * width, end, "");
        offer(c, text, at, at + width, "");
    }
}

void smaller_texts(const char *text, struct arena *keep, struct smaller_texts *c)
{
    c->count = 0;
    c->keep = keep;
    for (size_t at = 0; text[at];) {
        char before = at ? text[at - 1] : ',';
        size_t end = at;
        if (strchr("uw", text[at]) && text[at + 1] == ':') {
            end = at + 2 + strspn(text + at + 2, "0123456789abcdef");
            shorter(c, text, at + 2, end, 4);
        } else if (strchr("ar", text[at]) && text[at + 1] == ':') {
            end = at + 2 + strspn(text + at + 2, "0123456789abcdef");
            shorter(c, text, at + 2, end, 2);
        } else if (text[at] == 'C') {
            end = at + strcspn(text + at, "([{,");
            if (text[end])
                smaller_object(c, text, at, end);
        } else if (strchr("[{", text[at])) {
            fewer(c, text, at);
            end = at + 1;
        } else if (strchr("-(,[=*", before) && isdigit((unsigned char)text[at])) {
            end = at + strspn(text + at, "0123456789");
            smaller_number(c, text, at, end);
            if (before == '-')
                offer(c, text, at - 1, end, "0");
        }
        at = end > at ? end : at + 1;
    }
}
