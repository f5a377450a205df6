#ifndef ARCHIVE_OPS_H
#define ARCHIVE_OPS_H
/*
 * What a row of the type table can do, private to archive/. Types that differ only in what their row holds
 * share one set of functions.
 */
#include "archive/objects.h"
#include "archive/value.h"

#define DEPTH_MAX 2000 // objects within each other; ours, MFC has none [OBJ-31]
#define REPEAT_MAX                                                                                 \
    1048576          // units or elements that a repeat in a text may stand for [service, section 5]
#define SHORT_MAX 64 // units or elements that a text spells out [service, section 5]

/* Loading: where from, for whom, and where results live. */
struct load {
    struct reader *r;
    const struct profile *p;
    struct object_table *table; // NULL: the types carry no objects
    struct arena *keep;
    unsigned depth;
};

struct store {
    struct buffer *w;
    const struct profile *p;
    struct object_table *table;
};

/* Whom a text is for: the service's own, its shortest for MAKE, and people. */
enum notation { NOTATION_TELL, NOTATION_MAKE, NOTATION_PEOPLE };

struct say {
    struct text *to;
    enum notation how;
    unsigned depth;
    struct told *told; // NULL: the value has no numbered new objects
};

/* New objects of one value, in the order of their numbers. */
struct fresh {
    const struct value **objects;
    uint64_t first; // number of objects[0]
    size_t count;
};

/* Which of them have been told: a map is told in another order than it was carried in. */
struct told {
    struct fresh fresh;
    bool *done;
};

/* A comparison, and how the new objects of both sides correspond. */
struct side {
    const struct value *whole;
    struct fresh fresh; // gathered when the first object is met
    size_t *pair;       // place on the other side, both from 1; 0: not met yet
    size_t next;        // where the next new object will probably stand
};
struct compare {
    struct side a, b;
    struct arena scratch;
};

/* A text that is being read: at moves; what goes wrong stands in err. */
struct cursor {
    const char *at;
    const struct profile *p;
    struct arena *keep;
    struct error *err;
    unsigned depth;
};

struct draw {
    struct random *chance;
    uint64_t min, max; // units, elements, or the integer itself; both 0: the type's own
    struct arena *keep;
    unsigned depth;
};

/* v->of is set and the rest zero when load, parse and draw are called. */
struct type_ops {
    void (*load)(struct load *l, struct value *v);
    void (*store)(struct store *s, const struct value *v);
    void (*say)(struct say *s, const struct value *v);
    bool (*parse)(struct cursor *c, struct value *v);
    void (*draw)(struct draw *d, struct value *v);
    bool (*equal)(struct compare *c, const struct value *a, const struct value *b);
    bool (*fits)(const struct value *v, const struct profile *p); // NULL: whatever the value is
};

extern const struct type_ops integer_ops, bool_ops, net_ops, float_ops,
    count_ops;                                                             // numbers, counts
extern const struct type_ops time_ops, time64_ops, halves_ops, truth_ops;              // ole
extern const struct type_ops span_ops, combstr_ops, bstr_ops, variant_ops; // ole
extern const struct type_ops string_ops, line_ops, raw_ops;                // strings, units
extern const struct type_ops tuple_ops, array_ops, list_ops, map_ops;      // tuples, arrays, maps
extern const struct type_ops object_ops, class_ops;                        // objects

/* One value within another: v->of is what it is to be. */
void value_load_inner(struct load *l, struct type_ref t, struct value *v);
void value_store_inner(struct store *s, const struct value *v);
void value_say(struct say *s, const struct value *v);
bool value_parse_inner(struct cursor *c, struct type_ref t, struct value *v);
void value_draw_inner(struct draw *d, struct type_ref t, struct value *v);
bool value_equal_inner(struct compare *c, const struct value *a, const struct value *b);
bool items_equal(struct compare *c, const struct value *a, const struct value *b);

/* The values gathered in a buffer become v's items, and live on. */
void items_keep(struct value *v, const struct buffer *gathered, struct arena *keep);

/* Notes the bytes from `from` on as `name value`, when somebody listens. */
void note_value(struct load *l, size_t from, const char *name, const struct value *v);

/* Up to 7.1 nobody looks whether a raw Read was short, so there the end of the stream is no exception. */
void forgive_short(struct load *l, const struct type *t);

/* Number of bytes of count elements, or SIZE_MAX when there is no such number. */
size_t bytes_for(uint64_t count, size_t width);

/* How many of something to draw: between d's bounds, or up to most when it has none. */
uint64_t draw_count(struct draw *d, uint64_t most);

/*
 * Texts. Each moves on and returns true, or fails with what was expected and what stands there.
 */
bool cursor_fail(struct cursor *c, const char *expected);
bool cursor_expect(struct cursor *c, char mark); // that character
bool cursor_skip(struct cursor *c, char mark);   // the same, but no failure
/* Canonical decimal between min and max, which is at most INT64_MAX when min is negative. */
bool cursor_number(struct cursor *c, int64_t min, uint64_t max, uint64_t *out);
bool cursor_hex(struct cursor *c, size_t digits, uint64_t *out);
/* The number of a repeat, REPEAT_MAX at most, and the colon behind it. */
bool cursor_repeat(struct cursor *c, uint64_t *out);

/* Functions that several rows share. */
void integer_load(struct load *l, struct value *v);
void integer_store(struct store *s, const struct value *v);
void integer_say(struct say *s, const struct value *v);
bool integer_parse(struct cursor *c, struct value *v);
/* A number within the limits that were given, and no larger than `largest`. */
uint64_t draw_within(struct draw *d, uint64_t largest);
void integer_draw(struct draw *d, struct value *v);
bool integer_equal(struct compare *c, const struct value *a, const struct value *b);
void bool_say(struct say *s, const struct value *v);
bool bool_parse(struct cursor *c, struct value *v);
void bool_draw(struct draw *d, struct value *v);
void string_draw(struct draw *d, struct value *v);
void tuple_load(struct load *l, struct value *v);
void tuple_say(struct say *s, const struct value *v);
bool tuple_parse(struct cursor *c, struct value *v);
void tuple_draw(struct draw *d, struct value *v);

/* The texts of objects.c's types. */
void object_say(struct say *s, const struct value *v);
bool object_parse(struct cursor *c, struct value *v);
void object_draw(struct draw *d, struct value *v);
bool object_equal(struct compare *c, const struct value *a, const struct value *b);
void class_say(struct say *s, const struct value *v);
bool class_parse(struct cursor *c, struct value *v);
void class_draw(struct draw *d, struct value *v);
bool class_equal(struct compare *c, const struct value *a, const struct value *b);

/* Bounds of the integers that t's row can hold, as for cursor_number. */
int64_t integer_min(const struct type *t);
uint64_t integer_max(const struct type *t);

/* Strings in text: the type's letter, then its units. */
void units_say(struct say *s, const struct value *v);
bool units_parse(struct cursor *c, struct value *v);
bool units_equal(struct compare *c, const struct value *a, const struct value *b);
size_t units_count(const struct value *v);
uint16_t unit_at(const struct value *v, size_t i);
/* v's units, two bytes each when wide, borrowed where they are so already. Units that do not fit become '?'
 * [STR-18]. */
struct bytes units_as(const struct value *v, bool wide, struct arena *keep);

#endif
