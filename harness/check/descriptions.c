/*
 * Causes that show where a class is due to be described, or named by its tag: another name, another schema, the tag of another class. What
 * stands behind tells that this class is meant.
 */
#include "check/descriptions.h"

#include "check/history.h"

#include <ctype.h>

#define CLASS_MARK   2 // bytes before a schema: FFFF [6.1]
#define SCHEMA_SIZE  2
#define LENGTH_SIZE  2
#define NAME_AT      (CLASS_MARK + SCHEMA_SIZE + LENGTH_SIZE)
#define NAME_MAX_LEN 63 // [OBJ-25]
#define TAG_SIZE     2
#define CLASS_BIT    0x8000
#define CLASS_NEW    0xffff
#define BODY_KNOWN   3 // bytes by which a body is known again
#define KNOWN_MAX    0x1000 // entries that a table may have by then; what is beyond that is no tag

static unsigned word(struct bytes b, size_t at)
{
    return at + 2 <= b.len ? b.data[at] | (unsigned)b.data[at + 1] << 8 : 0;
}

/* The class that is described at `at`, or NULL. */
static const struct mfc_class *class_at(struct bytes b, size_t at)
{
    size_t len = word(b, at + CLASS_MARK + SCHEMA_SIZE);
    struct bytes name = bytes_slice(b, at + NAME_AT, len);

    return word(b, at) == CLASS_NEW && len && name.len == len ? class_find(name) : NULL;
}

/* Where the description begins in which what came differs first from what is due, beyond its mark; SIZE_MAX: in none. */
static size_t description(const struct evidence *e, const struct mfc_class **due)
{
    for (size_t before = CLASS_MARK; before < NAME_AT + NAME_MAX_LEN && before <= e->match.at; before++) {
        size_t at = e->match.at - before;
        *due = class_at(e->due, at);
        if (*due && before < NAME_AT + strlen((*due)->name))
            return at;
    }
    return SIZE_MAX;
}

const char *cause_other_schema(const struct evidence *e)
{
    const struct mfc_class *due;
    size_t at = description(e, &due);

    if (at == SIZE_MAX || e->match.at >= at + CLASS_MARK + SCHEMA_SIZE || class_at(e->got, at) != due)
        return NULL;
    return arena_printf(e->keep, "the class %s is described with schema %u, where %u is due", due->name, word(e->got, at + CLASS_MARK), word(e->due, at + CLASS_MARK));
}

/* ---- names ---- */

/* Whether the bytes are what a program may call a class. */
static bool is_name(struct bytes b)
{
    for (size_t i = 0; i < b.len; i++)
        if (!isgraph(b.data[i]) && b.data[i] != ' ')
            return false;
    return b.len > 0;
}

/* The class that is due to be described, and the name that came, whatever it is. */
static bool names(const struct evidence *e, const struct mfc_class **due, struct bytes *got)
{
    size_t at = description(e, due);

    if (at == SIZE_MAX)
        return false;
    size_t len = word(e->got, at + CLASS_MARK + SCHEMA_SIZE);
    *got = bytes_slice(e->got, at + NAME_AT, len);
    return got->len == len;
}

const char *cause_name_padded(const struct evidence *e)
{
    const struct mfc_class *due;
    struct bytes got;
    bool padded = names(e, &due, &got) && got.len > strlen(due->name) && memcmp(got.data, due->name, strlen(due->name)) == 0;

    for (size_t i = padded ? strlen(due->name) : 0; padded && i < got.len; i++)
        padded = !got.data[i];
    return padded ? arena_printf(e->keep, "the name of the class %s came with %zu NULs behind it, which its length counts", due->name, got.len - strlen(due->name)) : NULL;
}

/* The class that is due to be described, and the name by which another one is; false: it is not that. */
static bool named_otherwise(const struct evidence *e, const struct mfc_class **due, struct bytes *got)
{
    return names(e, due, got) && is_name(*got) && !bytes_equal(*got, bytes_of((*due)->name));
}

/* Whether one is the beginning of a name, or its end. */
static bool is_part(struct bytes part, struct bytes name)
{
    return part.len < name.len && (memcmp(part.data, name.data, part.len) == 0 || memcmp(part.data, name.data + name.len - part.len, part.len) == 0);
}

const char *cause_name_cut(const struct evidence *e)
{
    const struct mfc_class *due;
    struct bytes got;

    if (!named_otherwise(e, &due, &got) || !is_part(got, bytes_of(due->name)))
        return NULL;
    return arena_printf(e->keep, "a part of the name of the class %s is missing: it is described as \"%.*s\"", due->name, (int)got.len, (const char *)got.data);
}

const char *cause_named_otherwise(const struct evidence *e)
{
    const struct mfc_class *due;
    struct bytes got;

    if (!named_otherwise(e, &due, &got))
        return NULL;
    return arena_printf(e->keep, "the class %s is described by another name: \"%.*s\"", due->name, (int)got.len, (const char *)got.data);
}

/* Another length, behind which the name stands that is due; 0: it is not that, or what stands there is a longer name. */
static size_t length_told(const struct evidence *e, const struct mfc_class **due)
{
    size_t at = description(e, due), len = at == SIZE_MAX ? 0 : strlen((*due)->name), told = len ? word(e->got, at + CLASS_MARK + SCHEMA_SIZE) : 0;
    struct bytes name = bytes_slice(e->got, at + NAME_AT, told);

    if (!len || told == len || !bytes_equal(bytes_slice(e->got, at + NAME_AT, len), bytes_of((*due)->name)))
        return 0;
    return told > len && name.len == told && is_name(name) ? 0 : told;
}

static const char *length_words(const struct evidence *e, const struct mfc_class *due, size_t told)
{
    return arena_printf(e->keep, "the length of the name of the class %s is %zu, where the name that stands behind it has %zu characters", due->name, told, strlen(due->name));
}

const char *cause_name_doubled(const struct evidence *e)
{
    const struct mfc_class *due;
    size_t told = length_told(e, &due);

    return told && told == 2 * strlen(due->name) ? length_words(e, due, told) : NULL;
}

const char *cause_name_off(const struct evidence *e)
{
    const struct mfc_class *due;
    size_t told = length_told(e, &due);

    return told && (told == strlen(due->name) + 1 || told + 1 == strlen(due->name)) ? length_words(e, due, told) : NULL;
}

/* ---- tags ---- */

/* What a direction has carried, by index less one: a class, or NULL for an object. */
struct carried {
    const struct mfc_class **items;
    size_t count, room;
    struct arena *keep;
};

static void add(struct carried *c, const struct mfc_class *class)
{
    if (c->count == c->room) {
        c->room = c->room ? 2 * c->room : 16;
        const struct mfc_class **more = ARENA_ARRAY(c->keep, c->room, const struct mfc_class *);
        for (size_t i = 0; i < c->count; i++)
            more[i] = c->items[i];
        c->items = more;
    }
    c->items[c->count++] = class;
}

static bool has(const struct carried *c, const struct mfc_class *class)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->items[i] == class)
            return true;
    return false;
}

/* Adds what a value carries, up to where the class `until` is described; false: there. */
static bool carry(struct carried *c, const struct value *v, const struct mfc_class *until)
{
    enum value_kind kind = v->of.type->kind;
    bool object = kind == VALUE_OBJECT, is = (object || kind == VALUE_CLASS) && v->class;

    if (is && !has(c, v->class)) {
        if (v->class == until)
            return false;
        add(c, v->class);
    }
    if (is && object)
        add(c, NULL);
    for (size_t i = 0; v->items && i < v->count && kind != VALUE_ARRAY; i++)
        if (!carry(c, &v->items[i], until))
            return false;
    return true;
}

/* The class that the direction had carried under an index before it was to describe `until`, or NULL. */
static const struct mfc_class *known(const struct evidence *e, size_t index, const struct mfc_class *until)
{
    struct carried c = { .keep = e->keep };
    struct history h;

    history_make(e, &h);
    for (size_t i = 0; i < h.count; i++) {
        const struct part *p = &h.parts[i];
        if (p->ours)
            continue;
        if (p->op->fresh && p->index == 0)
            c.count = 0;
        if (p->is_value && !carry(&c, &p->value, until))
            break;
        for (size_t k = 0; k < p->entries; k++)
            add(&c, NULL);
    }
    return index > 0 && index <= c.count ? c.items[index - 1] : NULL;
}

/* Whether the body that is due behind `due` stands behind a tag that came in its place. */
static bool has_body(const struct evidence *e, size_t due)
{
    struct bytes want = bytes_slice(e->due, due, SIZE_MAX), is = bytes_slice(e->got, e->match.at + TAG_SIZE, want.len);
    size_t len = is.len < want.len ? is.len : want.len;

    return len >= BODY_KNOWN && memcmp(want.data, is.data, BODY_KNOWN) == 0;
}

/* The tag of a class that came where another is due to be described; 0: it is not that. */
static unsigned stands_for(const struct evidence *e, const struct mfc_class **due)
{
    unsigned tag = word(e->got, e->match.at);

    *due = class_at(e->due, e->match.at);
    if (!*due || tag <= CLASS_BIT || tag == CLASS_NEW || !has_body(e, e->match.at + NAME_AT + strlen((*due)->name)))
        return 0;
    return tag;
}

const char *cause_class_of_another(const struct evidence *e)
{
    const struct mfc_class *due, *is;
    unsigned tag = stands_for(e, &due);

    if (!tag || !(is = known(e, tag & ~CLASS_BIT, due)))
        return NULL;
    return arena_printf(e->keep, "the tag %04X, which is that of the class %s, stands where %s is due to be described", tag, is->name, due->name);
}

const char *cause_class_unknown(const struct evidence *e)
{
    const struct mfc_class *due;
    unsigned tag = stands_for(e, &due);

    if (!tag || (tag & ~CLASS_BIT) > KNOWN_MAX || known(e, tag & ~CLASS_BIT, due))
        return NULL;
    return arena_printf(e->keep, "the tag %04X stands where the class %s is due to be described, which this direction of the connection has not carried: the table is that of another, too", tag, due->name);
}

const char *cause_class_tag(const struct evidence *e)
{
    unsigned due = word(e->due, e->match.at), got = word(e->got, e->match.at);
    bool classes = due > CLASS_BIT && due < CLASS_NEW && got > CLASS_BIT && got < CLASS_NEW;
    enum value_kind kind = e->field && e->field->of.type ? e->field->of.type->kind : VALUE_INTEGER;

    if (!classes || (kind != VALUE_OBJECT && kind != VALUE_CLASS && kind != VALUE_LIST && kind != VALUE_MAP) || !has_body(e, e->match.at + TAG_SIZE))
        return NULL;
    return arena_printf(e->keep, "the tag %04X of a class stands where %04X is due", got, due);
}
