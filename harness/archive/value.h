#ifndef ARCHIVE_VALUE_H
#define ARCHIVE_VALUE_H
/*
 * Types and their values: bytes to value, value to bytes, value to the conformance service's text and back.
 *
 * One row per type, in types.c; whatever must know all types walks type_table.
 */
#include "archive/profile.h"
#include "archive/wire.h"
#include "base/random.h"

struct mfc_class;    // archive/objects.h
struct object_table; // classes and objects that one direction of a connection has carried [OBJ-6]

/* How a value is kept; several types share one. */
enum value_kind {
    VALUE_INTEGER, // two's complement in 64 bits; bool is 0 or 1
    VALUE_FLOAT,   // IEEE bits, low 32
    VALUE_DOUBLE,  // IEEE bits
    VALUE_STRING,  // units
    VALUE_BYTES,   // raw:N
    VALUE_TUPLE,   // size, point, rect, OLE's structures, bodies of objects: items
    VALUE_ARRAY,   // bytearray, wordarray, dwordarray: elements, little-endian, packed
    VALUE_LIST,    // stringarray, stringlist, obarray, oblist: items
    VALUE_MAP,     // keys and values by turns: items
    VALUE_OBJECT,  // null, a reference or a new object
    VALUE_CLASS,   // a class tag alone
    VALUE_VARIANT, // olevariant: its vartype, and one item or none
};

struct value;
struct type;

/* A type as it is named: `raw:12` is row `raw` with size 12. */
struct type_ref {
    const struct type *type;
    uint64_t size;          // raw:N
    const char *class_name; // object:NAME, as the class table spells it; NULL for object
};

/*
 * A graph of objects is kept as the text tells it: a tree in which an object stands in full where the stream
 * first carries it, and as its number k from then on. So cycles need no pointers, and values can be compared,
 * copied and printed without a table.
 */
struct value {
    struct type_ref of;
    uint64_t number;     // INTEGER, FLOAT, DOUBLE; VARIANT: vartype; OBJECT: k, 0 for null and for
                         // a new object that no stream has numbered yet
    bool wide;           // STRING: units of two bytes
    bool own_width;      // STRING: stored in that width in every build
    uint16_t schema;     // OBJECT with a class, its body, CLASS: the stream's number
    const struct mfc_class *class; // OBJECT: of a new one, else NULL; CLASS
    struct bytes data;   // STRING: units, little-endian; BYTES; ARRAY: elements, little-endian
    struct value *items; // TUPLE, LIST, MAP, VARIANT; OBJECT: the body of a new one
    size_t count;        // number of items; ARRAY: of elements
};

/* A part of a value that has a name of its own. */
struct value_part {
    const char *name; // "cx"
    const char *type; // of type_table, or a name of its own for what occurs only inside others
    uint16_t since;   // schema from which a body has it
};

struct type {
    const char *name;       // of the conformance service
    const char *mfc;        // MFC's own name: "DWORD"
    const char *clause;     // where the format stands
    enum value_kind kind;
    uint8_t since;          // generation that brought it; 42 for all
    uint8_t width;          // bytes on the wire: INTEGER, FLOAT, DOUBLE; of an element: ARRAY;
                            // of a unit: STRING, where 0 leaves it to the charset
    bool is_signed;         // INTEGER: how its text reads
    bool block;             // loaded by a raw Read, whose shortness passes unnoticed up to 7.1
    char letter;            // STRING, BYTES: how its text begins
    const struct type_ops *ops; // private to archive/
    const struct value_part *fields; // ended by a NULL name; LIST: the element; MAP: key, value
};

extern const struct type type_table[];
extern const size_t type_count;

/* A type by its name, also one that occurs only inside others; naming none is a bug. */
struct type_ref type_named(const char *name);

/* "word", "raw:12", "object:CAge". ERROR_INPUT names what is wrong. class_name lives as long as name. */
bool type_parse(const char *name, struct type_ref *out, struct error *err);
void type_print(struct text *to, struct type_ref t);

/* Number of fields. */
size_t type_fields(const struct type *t);

/* Whether MFC of that generation has the type at all. */
bool type_offered(struct type_ref t, const struct profile *p);

/*
 * Loads one value, the way a reader of profile p does; every length form is accepted. r->status tells SHORT
 * from BAD; then *out means nothing and the table is as it was. Bytes of the value are borrowed from the
 * input where possible, the rest lives in keep. table is that of the direction; NULL stands for a fresh one.
 * Claims that no data backs allocate nothing.
 */
void value_load(struct reader *r, const struct profile *p, struct object_table *table,
                struct type_ref t, struct arena *keep, struct value *out);

/*
 * Stores it in the canonical form that a writer of profile p uses; new objects and classes are
 * registered in table, NULL being a fresh one. A VERSIONABLE object is stored with the schema it has.
 * A reference to what table has not carried is a bug: value_storable tells beforehand.
 */
void value_store(struct buffer *w, const struct profile *p, struct object_table *table,
                 const struct value *v);

/*
 * Whether the value can be stored now: p has its type and range, and each @k has been carried by
 * table (NULL: a fresh one) or stands behind its object, which is of the class requested. ERROR_INPUT.
 */
bool value_storable(const struct value *v, const struct profile *p,
                    const struct object_table *table, struct error *err);

/* The service's text [service, section 5]: as TELL prints it, or short forms that MAKE reads for long values. */
void value_text(struct text *to, const struct value *v);
void value_make_text(struct text *to, const struct value *v);

/*
 * Reads the service's text, as MAKE does; ERROR_INPUT says what was expected. Beyond MAKE it takes any schema of
 * a VERSIONABLE class, since a harness sends what a peer need not make.
 */
bool value_parse(const char *text, struct type_ref t, const struct profile *p, struct arena *keep,
                 struct value *out, struct error *err);

/* For people: `4660`, `"Hello"`, `0x1p+0`-free: shorter than the service's text, strings quoted and cut at
 * about 40 characters with their length behind. */
void value_print(struct text *to, const struct value *v);

/*
 * Same content: strings of different width are equal when their units are, maps when they hold the same in
 * whatever order [COL-10], new objects when they correspond one to one in class, schema and body, references to
 * earlier ones by their k.
 */
bool value_equal(const struct value *a, const struct value *b);

/* Chance: integers from min to max, strings and arrays of min to max units, all else over its whole range (no NaN);
 * narrow and cstring text is printable ASCII. min = max = 0 leaves the row's own bounds. */
void value_draw(struct random *chance, struct type_ref t, uint64_t min, uint64_t max,
                struct arena *keep, struct value *out);

/* Makers for callers that have plain C values. A number is cut to what the type holds. */
struct value value_integer(struct type_ref t, uint64_t number);
struct value value_real(struct type_ref t, double number); // float, double
/* units: bytes of narrow text, or UTF-16LE when wide; borrowed. */
struct value value_string(struct type_ref t, bool wide, struct bytes units);
/* raw:N; and packed arrays, whose elements are little-endian. Borrowed. */
struct value value_bytes(struct type_ref t, struct bytes data);

/*
 * The primitives that other loads are made of, for tests and for whoever needs just one.
 */
/* Loads a CString header [4.3]: number of units and their width. */
uint64_t archive_load_string_length(struct reader *r, const struct profile *p, bool *wide);
void archive_store_string_length(struct buffer *w, uint64_t units, bool wide);
/* Counts [5]. */
uint64_t archive_load_count(struct reader *r, const struct profile *p);
void archive_store_count(struct buffer *w, const struct profile *p, uint64_t count);

/* Name of the type of what a COleVariant of that vartype holds, NULL: nothing. */
const char *variant_body(uint64_t vt, const struct profile *p);

#endif
