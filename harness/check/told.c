/*
 * A text calls an object by its number among those that were carried, @1 the first [service, section 5]. Whoever counts otherwise tells another
 * number. The values that were sent are told here once more, by one counter after the other; the one that comes to the text that came is it.
 */
#include "check/told.h"

#include "check/graphs.h"
#include "check/history.h"
#include "check/values.h"

/* What a counter counts besides objects, and where it begins anew. */
struct counter {
    bool classes, nulls, references;
    bool message; // with each message
    bool class;   // for each class by itself
};

/* The numbers by which it tells objects, by their own less one. */
struct numbers {
    const struct counter *by;
    uint64_t *items;
    const struct mfc_class **classes; // of these objects
    size_t count, room;
    uint64_t last;
    struct arena *keep;
};

static void number_add(struct numbers *n, const struct mfc_class *class)
{
    if (n->count == n->room) {
        uint64_t *items = n->items;
        const struct mfc_class **classes = n->classes;
        n->room = n->room ? 2 * n->room : 16;
        n->items = ARENA_ARRAY(n->keep, n->room, uint64_t);
        n->classes = ARENA_ARRAY(n->keep, n->room, const struct mfc_class *);
        for (size_t i = 0; i < n->count; i++) {
            n->items[i] = items[i];
            n->classes[i] = classes[i];
        }
    }
    n->items[n->count] = n->last;
    n->classes[n->count++] = class;
}

static size_t of_class(const struct numbers *n, const struct mfc_class *class)
{
    size_t same = 0;

    for (size_t i = 0; i < n->count; i++)
        same += n->classes[i] == class;
    return same;
}

static void count(struct numbers *n, const struct value *v)
{
    enum value_kind kind = v->of.type->kind;
    bool object = kind == VALUE_OBJECT;

    if (object && v->class) {
        size_t before = of_class(n, v->class);
        n->last += 1 + (n->by->classes && !before);
        if (n->by->class)
            n->last = before + 1;
        number_add(n, v->class);
    } else if (object) {
        n->last += v->number ? n->by->references : n->by->nulls;
    }
    for (size_t i = 0; v->items && i < v->count && kind != VALUE_ARRAY; i++)
        count(n, &v->items[i]);
}

/* The value with its references as the counter has them. */
static struct value renumbered(const struct value *v, const struct numbers *n)
{
    struct value made = *v;

    if (v->of.type->kind == VALUE_OBJECT && !v->class && v->number && v->number <= n->count)
        made.number = n->items[v->number - 1];
    if (!v->items || v->of.type->kind == VALUE_ARRAY)
        return made;
    made.items = ARENA_ARRAY(n->keep, v->count + 1, struct value);
    for (size_t i = 0; i < v->count; i++)
        made.items[i] = renumbered(&v->items[i], n);
    return made;
}

/* Whether what came is what is due, told by the counter. */
static bool tells_by(const struct evidence *e, const struct counter *by)
{
    struct numbers n = { .by = by, .keep = e->keep };
    const struct op *before = NULL;
    struct history h;
    TEXT(due);
    TEXT(got);
    TEXT(said);

    history_make(e, &h);
    if (h.many || h.told >= h.count || h.parts[h.told].field != e->field || !texts_of(e, &due, &got))
        return false;
    for (size_t i = 0; i < h.told_to; i++) {
        const struct part *p = &h.parts[i];
        if (!p->ours)
            continue;
        if (p->op != before && (by->message || p->op->fresh))
            n.last = 0;
        if (p->op != before && p->op->fresh)
            n.count = 0;
        before = p->op;
        if (p->is_value)
            count(&n, &p->value);
    }
    for (size_t i = h.told_from; i < h.told_to; i++) {
        const struct value v = renumbered(&h.parts[i].value, &n);
        text_add(&said, i > h.told_from ? " " : "");
        value_text(&said, &v);
    }
    return strcmp(text_string(&said), text_string(&got)) == 0;
}

const char *cause_told_counting(const struct evidence *e)
{
    static const struct {
        struct counter by;
        const char *what;
    } counters[] = {
        { { .classes = true },    "classes, too" },
        { { .nulls = true },      "null pointers, too" },
        { { .references = true }, "references, too" },
        { { .class = true },      "those of its class alone" },
    };

    for (size_t i = 0; i < COUNT_OF(counters); i++)
        if (tells_by(e, &counters[i].by))
            return arena_printf(e->keep, "an object is told by a number that counts %s", counters[i].what);
    return NULL;
}

const char *cause_told_anew(const struct evidence *e)
{
    static const struct counter by = { .message = true };

    return tells_by(e, &by) ? "an object is told by a number that begins anew with each message" : NULL;
}

/* ---- more or less than is due ---- */

#define KEPT_LEAST 2 // words by which a text is known again

/* A word of a text: characters of a name or a number, or one that stands between such. */
static size_t word_length(const char *at)
{
    size_t n = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#-");

    return n ? n : *at != 0;
}

/* What a longer text has besides the words of a shorter one, all of which it has in their order. */
struct besides {
    const char *first; // NULL: none
    size_t len;        // of the first, whose words stand side by side
    size_t places;
};

static bool besides_of(const char *longer, const char *shorter, struct besides *out)
{
    size_t kept = 0;
    bool beside = false;

    *out = (struct besides){ 0 };
    while (*longer) {
        size_t n = word_length(longer);
        bool same = word_length(shorter) == n && strncmp(longer, shorter, n) == 0;
        if (!same) {
            out->places += !beside;
            out->first = out->first ? out->first : longer;
            out->len = out->places == 1 ? (size_t)(longer + n - out->first) : out->len;
        }
        beside = !same;
        kept += same;
        shorter += same ? n : 0;
        longer += n;
    }
    return !*shorter && out->places && kept >= KEPT_LEAST;
}

/* Whether what came tells no values of the types that are told: then it is their text that is wrong, and not what it tells. */
static bool is_no_text(const struct evidence *e)
{
    const struct value *due, *got;
    size_t count;
    struct history h;

    history_make(e, &h);
    return h.told < h.count && h.parts[h.told].field == e->field && !values_told(e, &due, &got, &count);
}

static const char *told_besides(const struct evidence *e, bool more)
{
    struct besides b;
    TEXT(due);
    TEXT(got);

    if (!texts_of(e, &due, &got) || !is_no_text(e) || !besides_of(text_string(more ? &got : &due), text_string(more ? &due : &got), &b))
        return NULL;
    return arena_printf(e->keep, "\"%.*s\"%s%s", (int)(b.len < 60 ? b.len : 60), b.first, more ? " stands amid the text, where it is not due" : " is missing from the text",
                        b.places > 1 ? arena_printf(e->keep, ", and something at %zu more place%s", b.places - 1, b.places > 2 ? "s" : "") : "");
}

const char *cause_words_more(const struct evidence *e)
{
    return told_besides(e, true);
}

const char *cause_words_less(const struct evidence *e)
{
    return told_besides(e, false);
}
