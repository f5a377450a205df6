#ifndef CHECK_WRITING_PARTS_H
#define CHECK_WRITING_PARTS_H
/*
 * What the files of the mistaken writer share; private to them.
 */
#include "archive/objects.h"
#include "check/place.h"
#include "check/writing.h"

/* A class, or an object of this direction, as the mistaken writer has it. */
struct entry {
    const struct mfc_class *class;
    uint16_t schema;
    const struct value *object;
    uint64_t index;
    bool gone; // it does not know it any more
    bool open; // its body is being written
};

struct entries {
    struct entry *items;
    size_t count, room;
};

/* Bodies that are yet to be written, in a row. */
struct bodies {
    const struct value **items;
    size_t count;
};

struct writing {
    const struct mistake *m;
    const struct profile *p;
    struct arena *keep;
    struct buffer *to;
    struct entries classes, objects; // objects[k - 1] is the object @k
    struct entries heard, heard_classes; // of the other direction
    uint64_t next, next_class;       // the mistaken writer's counters
    size_t begin;   // of the members that are aligned, in what is written
    const char *within; // MFC's name of the value of several that they are in, or NULL
    const struct type *holder; // of the value of which a part is written, or NULL
    const char *part;          // which
    bool endless;   // it would have gone on for ever
    struct bodies *behind; // of objects whose tags stand in the collection that is written; NULL: they stand at their tags
    unsigned depth; // of objects within each other
    unsigned again; // objects within each other that are sent once more
    const char *about;
};

static inline bool does(const struct writing *w, enum deed d)
{
    return w->m->deed == d;
}

/* … with an object of a class, or with the class. */
static inline bool does_to(const struct writing *w, enum deed d, const struct mfc_class *class)
{
    const struct leaf l = { class->name, w->holder ? w->holder->mfc : NULL, NULL };

    return does(w, d) && leaf_is_at(&l, w->m->of);
}

/* The mistake is made in a value of this type. */
static inline bool about(struct writing *w, const char *mfc)
{
    w->about = mfc;
    return true;
}

/* What is done at a leaf of the type: the mistake, if it is made there. Whoever has written the leaf puts back what is returned. */
static inline const struct mistake *leaf_begins(struct writing *w, const char *mfc)
{
    static const struct mistake none = { .deed = DEED_NONE };
    const struct leaf l = { mfc, w->holder ? w->holder->mfc : NULL, w->part };
    const struct mistake *kept = w->m;

    if (!mistake_is_at(kept, &l))
        w->m = &none;
    return kept;
}

static inline void put(struct writing *w, uint64_t number, size_t width, bool big)
{
    for (size_t i = 0; i < width; i++) {
        size_t place = big ? width - 1 - i : i;
        wire_u8(w->to, place < 8 ? (uint8_t)(number >> 8 * place) : 0);
    }
}

/* Both tables, as they are while a collection has its own. */
struct tables {
    struct entry *items[2]; // of classes, of objects
    size_t count[2];
    uint64_t next, next_class;
};

struct tables writing_tables_begin(struct writing *w);
void writing_tables_end(struct writing *w, const struct tables *outer);

/* Any value, to w->to. */
void writing_value(struct writing *w, const struct value *v);

/* … that is no part of another, such as the body of an object. */
void writing_apart(struct writing *w, const struct value *v);

/* The body of an object. */
void writing_body(struct writing *w, const struct value *v);

/* A pointer to an object. */
void writing_object(struct writing *w, const struct value *v);

/* Whether the class was described; then its entry has yet to get its index where the object takes one before. */
bool writing_class(struct writing *w, const struct mfc_class *class, uint16_t schema);

/* … that stands alone. */
void writing_class_alone(struct writing *w, const struct value *v);

#endif
