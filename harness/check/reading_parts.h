#ifndef CHECK_READING_PARTS_H
#define CHECK_READING_PARTS_H
/*
 * What the files of the mistaken reader share; private to them.
 */
#include "archive/objects.h"
#include "check/place.h"
#include "check/reading.h"

#define MARK    0xfffe // that says that a string is wide [STR-6]
#define NOTHING UINT64_MAX

/* A class, or an object, under its index. */
struct place {
    uint64_t index;
    const struct mfc_class *class;
    uint16_t schema;
    uint64_t object; // its number among objects; 0: a class; NOTHING: null, which takes no index
    struct value *body;
    bool open;       // its body is being read
    size_t before;   // the last one of its kind before it, counted from 1; 0: none
};

struct reading {
    const struct mistake *m;
    const struct profile *p;
    struct arena *keep;
    struct place *places;
    size_t count, room;
    size_t newest[2];          // of objects and of classes, as place.before
    uint64_t next, next_class; // counters of indexes
    uint64_t objects;
    size_t begin;              // of the message in the stream
    size_t members;            // … of the value of several that is read, where it is aligned so
    const char *within;        // MFC's name of that, or NULL
    const struct type *holder; // of the value of which a part is read, or NULL
    const char *part;          // which
    unsigned depth;
    const char *about;
    bool lenient;              // it has taken what must be refused
};

static inline bool does(const struct reading *g, enum deed d)
{
    return g->m->deed == d;
}

static inline bool about(struct reading *g, const char *mfc)
{
    g->about = mfc;
    return true;
}

/* As does_to of the writer. */
static inline bool does_to(const struct reading *g, enum deed d, const struct mfc_class *class)
{
    const struct leaf l = { class->name, g->holder ? g->holder->mfc : NULL, NULL };

    return does(g, d) && leaf_is_at(&l, g->m->of);
}

static inline uint64_t take(struct reader *r, size_t width, bool big)
{
    struct bytes b = reader_take(r, width);
    uint64_t n = 0;

    for (size_t i = 0; i < b.len && i < sizeof n; i++)
        n |= (uint64_t)b.data[big ? b.len - 1 - i : i] << 8 * i;
    return n;
}

/* A number of so many bytes, as whoever makes the mistake d takes it: from bytes with a sign. of: MFC's name of what has it. */
uint64_t reading_signed(struct reading *g, uint64_t n, size_t width, enum deed d, const char *of);

/* A length; *marked: a byte order mark stood before it. of: MFC's name of what has it. behind: it stands behind such a mark. */
uint64_t reading_length(struct reading *g, struct reader *r, const char *of, bool behind, bool *marked);

/* A string, or a line. */
void reading_string(struct reading *g, struct reader *r, struct value *v);

/* A pointer to an object, or a class that stands alone. */
void reading_object(struct reading *g, struct reader *r, struct value *v);

/* The i-th part of a value of type t; NULL: the body of an object, which is no part. */
void reading_part(struct reading *g, struct reader *r, const struct type *t, size_t i, struct value *v);

#endif
