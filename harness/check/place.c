#include "check/place.h"

#include "check/mistake.h"

#define ANY    "number" // of whatever type
#define OBJECT "object" // … class

/* A type that says where it is: it occurs in one kind of value only. */
static bool is_own(const char *type)
{
    static const char *const own[] = { "VARTYPE", "VARIANT_BOOL", "CY", "BSTR" };

    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (strcmp(own[i], type) == 0)
            return true;
    return false;
}

bool leaf_is_at(const struct leaf *l, const char *place)
{
    static const char of[] = " of ";
    const char *holder = place ? strstr(place, of) : NULL;

    if (!place)
        return true;
    size_t len = holder ? (size_t)(holder - place) : strlen(place);
    bool is_type = strlen(l->type) == len && memcmp(l->type, place, len) == 0;
    bool is_any = holder && ((len == strlen(ANY) && memcmp(ANY, place, len) == 0) || (len == strlen(OBJECT) && memcmp(OBJECT, place, len) == 0));
    if (!is_type && !is_any)
        return false;
    if (!holder)
        return true;
    holder += strlen(of);
    len = strcspn(holder, ".");
    if (!l->holder || strlen(l->holder) != len || memcmp(l->holder, holder, len) != 0)
        return false;
    return !holder[len] || (l->part && strcmp(l->part, holder + len + 1) == 0);
}

/* What a COleVariant of a vartype holds, where its type alone does not say so. */
static const char *variant_part(size_t vartype)
{
    static const char *const names[] = {
        [2] = "I2", [3] = "I4", [4] = "R4", [5] = "R8", [7] = "DATE", [10] = "ERROR", [16] = "I1", [17] = "UI1", [18] = "UI2", [19] = "UI4", [20] = "I8", [21] = "UI8", [22] = "INT", [23] = "UINT",
    };

    return vartype < COUNT_OF(names) ? names[vartype] : NULL;
}

const char *place_part(const struct type *t, size_t i)
{
    switch (t->kind) {
    case VALUE_VARIANT:
        return variant_part(i);
    case VALUE_LIST:
        return t->fields[0].name;
    case VALUE_MAP:
        return t->fields[i % 2].name;
    case VALUE_TUPLE:
        return t->fields[i].name;
    default:
        return NULL;
    }
}

/* Parts of a value of such a type that are of one type, or (NULL) numbers. */
static size_t parts_of(const struct type *t, const char *type)
{
    size_t n = 0;

    for (size_t i = 0; t->fields && t->fields[i].name; i++) {
        const struct type *part = type_named(t->fields[i].type).type;
        bool number = part->kind == VALUE_INTEGER || part->kind == VALUE_FLOAT || part->kind == VALUE_DOUBLE;
        n += type ? strcmp(part->mfc, type) == 0 : number;
    }
    return n;
}

static size_t add(struct leaf_places *to, const char *words, size_t of_type)
{
    size_t at = 0;

    while (at < to->count && strcmp(to->items[at].words, words) != 0)
        at++;
    if (at == to->count && at < PLACES_MAX) {
        to->items[at].words = words;
        to->items[at].is_type = of_type == PLACES_MAX;
        to->items[at].of_type = of_type == PLACES_MAX ? at : of_type;
        to->items[at].is_any = strncmp(words, ANY " of ", strlen(ANY " of ")) == 0;
        to->items[at].leaves = 0;
        to->count++;
    }
    return at;
}

/* What a walk through a value does at each leaf. */
struct walk {
    struct leaf_places *to;
    enum leaf_kind kind;
    struct arena *keep; // NULL: the leaves are counted
};

static void add_leaf(const struct walk *w, const struct leaf *l, const struct type *holder)
{
    size_t same = add(w->to, l->type, PLACES_MAX);

    if (!holder)
        return;
    if (!is_own(l->type))
        add(w->to, arena_printf(w->keep, "%s of %s", l->type, holder->mfc), same);
    if (l->part && (holder->kind == VALUE_VARIANT || parts_of(holder, l->type) > 1))
        add(w->to, arena_printf(w->keep, "%s of %s.%s", l->type, holder->mfc, l->part), same);
    if (w->kind == LEAF_OBJECT)
        add(w->to, arena_printf(w->keep, OBJECT " of %s", holder->mfc), same);
    if (w->kind == LEAF_NUMBER && (holder->kind == VALUE_VARIANT || parts_of(holder, NULL) > parts_of(holder, l->type)))
        add(w->to, arena_printf(w->keep, ANY " of %s", holder->mfc), same);
}

static void count_leaf(const struct walk *w, const struct leaf *l)
{
    w->to->leaves++;
    for (size_t i = 0; i < w->to->count; i++)
        w->to->items[i].leaves += leaf_is_at(l, w->to->items[i].words);
}

static bool is_of_kind(const struct type *t, enum leaf_kind kind)
{
    enum value_kind k = t->kind;

    switch (kind) {
    case LEAF_NUMBER:
        return k == VALUE_INTEGER || k == VALUE_FLOAT || k == VALUE_DOUBLE || k == VALUE_ARRAY || k == VALUE_VARIANT;
    case LEAF_COUNT:
        return k == VALUE_ARRAY || k == VALUE_LIST || k == VALUE_MAP || strcmp(t->name, "count") == 0;
    case LEAF_TEXT:
        return k == VALUE_STRING;
    case LEAF_STRUCT:
        return k == VALUE_TUPLE || k == VALUE_VARIANT || k == VALUE_MAP || strcmp(t->name, "time") == 0;
    case LEAF_COLLECTION:
        return k == VALUE_LIST || k == VALUE_MAP;
    case LEAF_OBJECT:
        return k == VALUE_OBJECT;
    case LEAF_KINDS:
        break;
    }
    return false;
}

/* part: which one of its holder the value is. */
static void walk(const struct walk *w, const struct value *v, const struct type *holder, size_t part)
{
    const struct type *t = v->of.type, *within = w->kind == LEAF_NUMBER && t->kind == VALUE_VARIANT ? t : holder;
    bool object = t->kind == VALUE_OBJECT, collected = holder && (holder->kind == VALUE_LIST || holder->kind == VALUE_MAP);
    const char *mfc = within == t ? mistake_vartype.mfc : object && v->class ? v->class->name : t->mfc;
    bool has_holder = w->kind == LEAF_NUMBER || w->kind == LEAF_TEXT || (w->kind == LEAF_OBJECT && collected);
    const struct leaf l = { mfc, within ? within->mfc : NULL, within && within != t ? place_part(within, part) : NULL };

    if (object && !v->class)
        return; // of which class it is cannot be seen here
    if (is_of_kind(t, w->kind) && w->keep)
        add_leaf(w, &l, has_holder ? within : NULL);
    else if (is_of_kind(t, w->kind))
        count_leaf(w, &l);
    for (size_t i = 0; v->items && i < v->count && t->kind != VALUE_ARRAY; i++)
        walk(w, &v->items[i], t->kind == VALUE_OBJECT ? NULL : t, t->kind == VALUE_VARIANT ? (size_t)v->number : i);
}

void places_add(struct leaf_places *to, const struct value *v, const struct type *holder, size_t part, enum leaf_kind kind, struct arena *keep)
{
    walk(&(struct walk){ to, kind, keep }, v, holder, part);
}

void places_count(struct leaf_places *to, const struct value *v, const struct type *holder, size_t part, enum leaf_kind kind)
{
    walk(&(struct walk){ to, kind, NULL }, v, holder, part);
}
