#ifndef CHECK_WRITING_PARTS_H
#define CHECK_WRITING_PARTS_H
/*
 * What the files of the mistaken writer share; private to them.
 */
#include "check/writing.h"

/* A class, or an object of this direction, as the mistaken writer has it. */
struct entry {
    const struct mfc_class *class;
    uint16_t schema;
    const struct value *object;
    uint64_t index;
    bool gone; // it does not know it any more
};

struct entries {
    struct entry *items;
    size_t count, room;
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
    bool endless;   // it would have gone on for ever
    unsigned again; // objects within each other that are sent once more
    const char *about;
};

static inline bool does(const struct writing *w, enum deed d)
{
    return w->m->deed == d;
}

/* Whether the mistake is about values of this type; then it is made in one. */
static inline bool about(struct writing *w, const char *mfc)
{
    if (w->m->of && strcmp(w->m->of, mfc) != 0)
        return false;
    w->about = mfc;
    return true;
}

static inline void put(struct writing *w, uint64_t number, size_t width, bool big)
{
    for (size_t i = 0; i < width; i++) {
        size_t place = big ? width - 1 - i : i;
        wire_u8(w->to, place < 8 ? (uint8_t)(number >> 8 * place) : 0);
    }
}

/* Any value, to w->to. */
void writing_value(struct writing *w, const struct value *v);

/* A pointer to an object. */
void writing_object(struct writing *w, const struct value *v);

/* Whether the class was described; then its entry has yet to get its index where the object takes one before. */
bool writing_class(struct writing *w, const struct mfc_class *class, uint16_t schema);

#endif
