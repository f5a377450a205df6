#include "check/forms.h"

#include <limits.h>

#define ESCAPE 0xff // of one byte
#define WIDTHS (ONLY_NARROW | ONLY_WIDE)
#define TAGS   (ONLY_OBJECTS | ONLY_CLASSES)
#define NUMBER (ONLY_NARROW - 1)

/* The bits beside a number; a negative one has none. */
static int64_t only(const struct mistake *m)
{
    return m->n < 0 ? 0 : m->n & (WIDTHS | TAGS);
}

int64_t form_number(const struct mistake *m)
{
    return m->n < 0 ? m->n : m->n & NUMBER;
}

bool form_is_of_width(const struct mistake *m, bool wide)
{
    return !(only(m) & WIDTHS) || only(m) & (wide ? ONLY_WIDE : ONLY_NARROW);
}

bool form_is_of_tag(const struct mistake *m, bool is_class)
{
    return !(only(m) & TAGS) || only(m) & (is_class ? ONLY_CLASSES : ONLY_OBJECTS);
}

bool form_is_within(const struct mistake *m, const struct mistake *part)
{
    return m->deed == part->deed && !only(m) && only(part) && m->n == form_number(part);
}

uint64_t form_index(const struct mistake *m, bool is_class, uint64_t index)
{
    return m->deed == DEED_INDEX_CUT && form_is_of_tag(m, is_class) ? index & ((UINT64_C(1) << form_number(m)) - 1) : index;
}

bool form_is_tag(enum deed d)
{
    return d == DEED_TAG_SHORT || d == DEED_TAG_EARLY || d == DEED_TAG_LATE || d == DEED_TAG_CLASS_BIT || d == DEED_INDEX_CUT;
}

bool form_is_time_mark(const struct mistake *m, uint64_t first, bool known)
{
    bool is = first == MARK_OF_TIME;

    if (m->deed != DEED_TIME_MARK || (m->n != TIME_MARK_KNOWN && !known))
        return known && is;
    switch ((enum time_mark)m->n) {
    case TIME_MARK_BIT:
        return first >> 31 & 1;
    case TIME_MARK_BITS:
        return (first & MARK_OF_TIME) == MARK_OF_TIME;
    case TIME_MARK_BYTE:
        return (first & 0xff) == (MARK_OF_TIME & 0xff);
    case TIME_MARK_WORD:
        return first >> 16 == MARK_OF_TIME >> 16;
    case TIME_MARK_FROM:
        return first >= MARK_OF_TIME;
    case TIME_MARK_KNOWN:
        break;
    }
    return is;
}

bool form_is_like_time(const struct mistake *m, const struct type *t)
{
    return m->deed == DEED_TIME_LIKE && strcmp(t->name, m->n == 64 ? "time64" : "timespan") == 0;
}

bool form_takes_count(const struct mistake *m, uint64_t n, size_t width)
{
    uint64_t mark = width == 2 ? 0xffff : 0xffffffff, least = width == 2 ? 0 : 0xffff;

    return m->deed == DEED_COUNT_TAKEN && (uint64_t)m->n > least && n >= (uint64_t)m->n && n < mark;
}

/* Where lengths have another form, or are taken to have one: where the stretches begin. */
static const uint64_t begins[] = { 0, 1, 0x80, 0xfe, 0xff, 0x100, 0x8000, 0xfffd, 0xfffe, 0xffff, 0x10000 };

/* A bit for each stretch that has lengths from `least` to `most`. */
static unsigned stretch(uint64_t least, uint64_t most)
{
    unsigned bits = 0;

    for (size_t i = 0; i < COUNT_OF(begins); i++)
        if (begins[i] <= most && (i + 1 == COUNT_OF(begins) || begins[i + 1] > least))
            bits |= 1u << i;
    return bits;
}

static void length_add(struct reach *r, const struct value *v)
{
    uint64_t n = v->data.len / (v->wide ? 2 : 1);
    unsigned bit = stretch(n, n);

    r->lengths[v->wide] |= bit;
    if (!v->of.type->width) // as the build has it
        r->lengths[!v->wide] |= bit;
}

static void reach_add(struct reach *r, const struct value *v)
{
    const struct type *t = v->of.type;
    bool counted = t->kind == VALUE_ARRAY || t->kind == VALUE_LIST || t->kind == VALUE_MAP;
    uint64_t n = t->kind == VALUE_MAP ? v->count / 2 : v->count;

    if (t->kind == VALUE_INTEGER && strcmp(t->name, "count") == 0)
        n = v->number;
    else if (!counted)
        n = 0;
    r->count = n > r->count ? n : r->count;
    r->has_time |= t->kind == VALUE_INTEGER && strcmp(t->name, "time") == 0;
    r->has_like_time |= t->kind == VALUE_INTEGER && (strcmp(t->name, "time64") == 0 || strcmp(t->name, "timespan") == 0);
    if (t->kind == VALUE_STRING)
        length_add(r, v);
    r->objects += t->kind == VALUE_OBJECT && v->class;
    for (size_t i = 0; v->items && i < v->count && t->kind != VALUE_ARRAY; i++)
        reach_add(r, &v->items[i]);
}

/* Whether a string takes more bytes than in its shortest form. */
static bool is_longer(const struct part *p)
{
    size_t step = p->value.wide ? 2 : 1, units = p->value.data.len / step;
    size_t header = (p->value.wide ? 3 : 0) + (units < ESCAPE ? 1 : units < 0xfffe ? 3 : 7);

    return p->value.of.type->kind == VALUE_STRING && p->plain.len > header + units * step;
}

/* Whether 7FFF stands in an object: what does so by chance is read right. */
static bool has_long_tag(const struct part *p)
{
    return carries(&p->value) && p->plain.len > 2 && memmem(p->plain.data, p->plain.len, "\xff\x7f", 2);
}

void form_reach(struct history *h)
{
    struct reach before = { 0 };

    for (size_t i = 0; i < h->count; i++)
        if (h->parts[i].is_value) {
            reach_add(i < h->asked ? &before : &h->reach, &h->parts[i].value);
            h->reach.has_long_tag |= i >= h->asked && h->parts[i].ours && has_long_tag(&h->parts[i]);
            h->reach.has_longer |= i >= h->asked && is_longer(&h->parts[i]);
        }
    h->reach.objects += before.objects;
}

/* The stretches of lengths that have to do with it. */
static unsigned stretches(const struct mistake *m)
{
    uint64_t n = (uint64_t)form_number(m);

    switch (m->deed) {
    case DEED_LENGTH_SHORT:
        return n == 7 ? 0 : stretch(n == 1 ? ESCAPE : 0xfffe, UINT64_MAX);
    case DEED_LENGTH_LONG:
        return stretch(n > ESCAPE ? n : ESCAPE, 0xfffd);
    case DEED_LENGTH_FOUR:
        return stretch(ESCAPE, UINT64_MAX);
    case DEED_LENGTH_TAKEN:
        return stretch(n, n < ESCAPE ? ESCAPE - 1 : 0xfffe);
    case DEED_LENGTH_SIGNED:
        return stretch(n, n < ESCAPE ? ESCAPE - 1 : 0xfffd);
    case DEED_LENGTH_NONE:
        return n == 0xffff ? stretch(0xfffe, UINT64_MAX) : 0; // a length of FFFFFFFF is only said in a longer form than it needs
    case DEED_LENGTH_LOW:
        return n == 1 ? stretch(0x100, UINT64_MAX) : stretch(0x10000, UINT64_MAX);
    case DEED_LENGTH_OF_SIGNED:
        return stretch(ESCAPE, UINT64_MAX);
    case DEED_LENGTH_MINUS:
        return stretch(0, 0);
    case DEED_LENGTH_LATE:
        return stretch(n, n);
    case DEED_LENGTH_ESCAPED:
        return stretch(n, ESCAPE - 1);
    default:
        return UINT_MAX;
    }
}

bool form_is_met(const struct history *h, const struct mistake *m)
{
    bool longer = h->has_any_text || h->reach.has_longer;
    int64_t n = form_number(m);

    switch (m->deed) {
    case DEED_TIME_MARK:
    case DEED_TIME_SHORT:
        return h->reach.has_time;
    case DEED_TIME_LIKE:
        return h->reach.has_like_time;
    case DEED_COUNT_TAKEN:
    case DEED_COUNT_LATE:
    case DEED_COUNT_NONE:
        return h->reach.count >= (uint64_t)m->n;
    case DEED_INDEX_CUT:
        return 2 * h->reach.objects >= UINT64_C(1) << n;
    case DEED_TAG_EARLY:
    case DEED_TAG_LATE:
    case DEED_TAG_CLASS_BIT:
        if (m->deed == DEED_TAG_CLASS_BIT && h->reach.has_long_tag)
            return true;
        return 2 * h->reach.objects >= (m->deed == DEED_TAG_CLASS_BIT ? 0x7fff : (uint64_t)form_number(m)); // each with a class of its own
    case DEED_COUNT_SIGNED:
        return h->reach.count >= 0x80;
    case DEED_COUNT_LOW:
        return h->reach.count >> 8 * m->n;
    case DEED_WIDE_AS_NARROW:
        return h->reach.lengths[1] != 0;
    case DEED_UNITS_COPIED:
        return h->reach.lengths[!m->n] != 0;
    case DEED_UNIT_SIZE:
        return h->has_any_text || h->reach.lengths[m->n != 2] & ~stretch(0, 0);
    case DEED_LENGTH_TAKEN:
    case DEED_LENGTH_SIGNED:
    case DEED_LENGTH_NONE:
    case DEED_LENGTH_LOW:
    case DEED_LENGTH_OF_SIGNED:
    case DEED_LENGTH_MINUS:
    case DEED_LENGTH_FOUR:
        break;
    default:
        if (!(only(m) & WIDTHS))
            return true; // a mark that is not known may stand before any length
    }
    for (unsigned wide = 0; wide < 2; wide++)
        if (form_is_of_width(m, wide) && (longer || h->reach.lengths[wide] & stretches(m)))
            return true;
    return false;
}
