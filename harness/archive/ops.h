#ifndef ARCHIVE_OPS_H
#define ARCHIVE_OPS_H
/*
 * What a row of the type table can do, private to archive/. Types that differ only in what their row holds
 * share one set of functions.
 */
#include "archive/value.h"

#define DEPTH_MAX  1000    // values within each other: elements, bodies, what a pointer leads to
#define REPEAT_MAX 1048576 // units or elements that a repeat in a text may stand for [service, section 5]
#define SHORT_MAX  64      // units or elements that a text spells out [service, section 5]

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
    uint64_t min, max; // units or elements; both 0: the type's own
    struct arena *keep;
};

/* v->of is set and the rest zero when load, parse and draw are called. */
struct type_ops {
    void (*load)(struct load *l, struct value *v);
    void (*store)(struct store *s, const struct value *v);
    void (*say)(struct say *s, const struct value *v);
    bool (*parse)(struct cursor *c, struct value *v);
    void (*draw)(struct draw *d, struct value *v);
    bool (*equal)(const struct value *a, const struct value *b);
};

extern const struct type_ops integer_ops, bool_ops, net_ops, float_ops, count_ops; // numbers, counts
extern const struct type_ops string_ops, line_ops, raw_ops;                        // strings, units
extern const struct type_ops tuple_ops, array_ops, list_ops;                       // tuples, arrays

/* One value within another: v->of is what it is to be. */
void value_load_inner(struct load *l, struct type_ref t, struct value *v);
void value_store_inner(struct store *s, const struct value *v);
void value_say(struct say *s, const struct value *v);
bool value_parse_inner(struct cursor *c, struct type_ref t, struct value *v);
void value_draw_inner(struct draw *d, struct type_ref t, struct value *v);

/* A row that must exist. */
struct type_ref type_named(const char *name);

/* Notes the bytes from `from` on as `name value`, when somebody listens. */
void note_value(struct load *l, size_t from, const char *name, const struct value *v);

/* Number of bytes of count elements, or SIZE_MAX when there is no such number. */
size_t bytes_for(uint64_t count, size_t width);

/* How many of something to draw: between d's bounds, or up to most when it has none. */
uint64_t draw_count(struct draw *d, uint64_t most);

/*
 * Texts. Each moves on and returns true, or fails with what was expected and what stands there.
 */
bool cursor_fail(struct cursor *c, const char *expected);
bool cursor_expect(struct cursor *c, char mark);  // that character
bool cursor_skip(struct cursor *c, char mark);    // the same, but no failure
/* Canonical decimal; min as two's complement. Unsigned when min is 0, else signed. */
bool cursor_number(struct cursor *c, int64_t min, uint64_t max, uint64_t *out);
bool cursor_hex(struct cursor *c, size_t digits, uint64_t *out);
/* The number of a repeat, REPEAT_MAX at most, and the colon behind it. */
bool cursor_repeat(struct cursor *c, uint64_t *out);

/* Bounds of the integers that t's row can hold, as for cursor_number. */
int64_t integer_min(const struct type *t);
uint64_t integer_max(const struct type *t);

/* Strings in text: the type's letter, then its units. */
void units_say(struct say *s, const struct value *v);
bool units_parse(struct cursor *c, struct value *v);
bool units_equal(const struct value *a, const struct value *b);
size_t units_count(const struct value *v);
uint16_t unit_at(const struct value *v, size_t i);
/* v's units, two bytes each when wide, borrowed where they are so already. Units that do not fit become '?'
 * [STR-18]. */
struct bytes units_as(const struct value *v, bool wide, struct arena *keep);

#endif
