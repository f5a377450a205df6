#ifndef CHECK_PLACE_H
#define CHECK_PLACE_H
/*
 * Places at which a mistake is made; private to check/.
 *
 * A leaf of a value is known by its own type, by the value of several that holds it, and by which part of that it is. A place is said in words
 * that choose leaves: "LONG", "LONG of CRect", "LONG of CRect.right", "number of COleDateTime", "CAge of CObArray". So it can be told, and goes from one process to another, as it is.
 */
#include "archive/value.h"

struct leaf {
    const char *type;   // MFC's name: of a number or a text; of a collection, for its count
    const char *holder; // MFC's name of the innermost value that has it as a member, an element, a key …; NULL: none does
    const char *part;   // which of its parts it is, or NULL
};

enum leaf_kind {
    LEAF_NUMBER,
    LEAF_COUNT,
    LEAF_TEXT,
    LEAF_STRUCT,     // no leaf, but a value of several members, or with entries
    LEAF_COLLECTION, // … or of elements
    LEAF_OBJECT,     // … an object, by its class
    LEAF_KINDS,
};

/* NULL: any. */
bool leaf_is_at(const struct leaf *l, const char *place);

#define PLACES_MAX 64

/* Places that choose leaves of a kind. */
struct leaf_places {
    struct {
        const char *words;
        bool is_type;      // by their type alone
        bool is_any;       // … whatever that is, by what holds them
        size_t of_type;    // … the place that does so for the type of these; its own: none does
        size_t leaves;     // how many of them have been counted
    } items[PLACES_MAX];
    size_t count;
    size_t leaves; // of the kind in all
};

/* Adds those that choose a leaf of the value, which is a part of a holder; NULL: of none. */
void places_add(struct leaf_places *to, const struct value *v, const struct type *holder, size_t part, enum leaf_kind kind, struct arena *keep);

/* Counts the leaves of the value that each chooses. */
void places_count(struct leaf_places *to, const struct value *v, const struct type *holder, size_t part, enum leaf_kind kind);

/* What the i-th part of a value of such a type is called; of a variant, what it holds with the vartype i. */
const char *place_part(const struct type *t, size_t i);

#endif
