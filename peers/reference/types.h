/*
 * The types of the conformance service: one row each, with all that it can.
 *
 * CAPS lists the rows, a request's list of names is looked up in them, and
 * ECHO, TELL and MAKE are loops over what was found. To add a type is to add
 * a row, and its four functions where no others serve.
 */
#ifndef REFERENCE_TYPES_H
#define REFERENCE_TYPES_H

#include "carchive.h"
#include "cstring.h"
#include "object.h"
#include "text.h"

/* The kinds of map, in the size column of their rows. */
enum map_kind { MAP_STRING_TO_STRING, MAP_STRING_TO_OB, MAP_WORD_TO_OB };

enum { TYPES_DEPTH_MAX = 4096 }; // of objects within objects, as INFO tells

/* An entry of a map; which members count depends on the map. */
struct pair {
    struct units key; // a string
    uint64_t word;    // or a number
    struct units string;
    struct CObject *object;
};

struct value {
    union {
        uint64_t bits;      // a number or truth value, in two's complement
        struct units units; // a string, a raw block, a line, the elements of an array
        struct strings {
            struct units *items;
            size_t count;
        } strings;
        int32_t at[4]; // a size, point or rectangle
        struct CObject *object;
        struct objects {
            struct CObject **items;
            size_t count;
        } objects;
        struct map {
            struct pair *pairs; // in the order of insertion, each key once
            size_t count;
        } map;
        struct class_tag {
            const struct CRuntimeClass *class;
            unsigned schema; // on the wire
        } class;
        struct ole {
            int32_t status;
            uint64_t bits;
        } ole;
        struct variant {
            uint16_t vt;
            bool has_body; // of a kind that the generation knows
            uint64_t bits;
            struct units string; // VT_BSTR
        } variant;
    };
};

struct type;

/* A type as a request names it. */
struct slot {
    const struct type *type;
    size_t bytes;                      // raw:N
    const struct CRuntimeClass *class; // object:NAME; else NULL
};

/* A text being read into values. */
struct reading {
    struct scan scan;
    const struct profile *profile;
    struct pool *request;         // where what only the reading needs goes
    struct pool *life;            // where new objects go
    const struct CArchive *store; // whose objects @k names,
    struct CObject **made;        // and behind them those that this text has made so far
    size_t made_count, made_capacity;
    unsigned depth;
};

/* A look at what storing would do, to refuse what is nested too deep before a byte is stored. */
struct visit {
    const struct CArchive *store;
    uint32_t number; // of this visit on its connection, from 1
    unsigned depth;
    bool too_deep;
};

struct type {
    const char *name;
    int since;     // rank of the first generation that has it
    unsigned size; // bytes of a number, element or unit; 0 where the build decides
    bool negative; // a number that may be below 0
    void (*load)(struct CArchive *ar, const struct slot *s, struct value *v);
    void (*store)(struct CArchive *ar, const struct slot *s, const struct value *v);
    void (*print)(struct text *t, const struct slot *s, const struct value *v);
    bool (*parse)(struct reading *r, const struct slot *s, struct value *v);
    bool (*suffix)(struct slot *s, const char *suffix, size_t len); // NULL: it has none
    void (*visit)(const struct value *v, struct visit *visit);      // NULL: holds no objects
};

/* In the order of CAPS; ends with a row without a name. */
extern const struct type types[];

/*
 * Loads the strings of a CStringList behind those that it holds: lists append, and a message object that is used again
 * collects them unless it is emptied [COL-1, N34]. A CStringArray is emptied first: set *list to zero. The items live in
 * ar->keep, and so must those that the list has. On an exception the list holds what had come.
 */
void CStringList_Load(struct CArchive *ar, struct strings *list);

bool type_is_offered(const struct type *t, const struct profile *p);

/* Names separated by commas, as CAPS tells them. */
void types_list(struct text *t, const struct profile *p);

/*
 * Looks up one name with its suffix, such as raw:16. False: this peer does
 * not have it.
 */
bool slot_find(struct slot *s, const char *name, size_t len, const struct profile *p);

/* The row of that name, whatever the generation; it must exist. */
const struct type *type_named(const char *name);

/* The functions of the rows, by the file they stand in. */
#define TYPE_FUNCTIONS(kind)                                                                       \
    void kind##_load(struct CArchive *ar, const struct slot *s, struct value *v);                  \
    void kind##_store(struct CArchive *ar, const struct slot *s, const struct value *v);           \
    void kind##_print(struct text *t, const struct slot *s, const struct value *v);                \
    bool kind##_parse(struct reading *r, const struct slot *s, struct value *v);

TYPE_FUNCTIONS(number) // types_number.c
TYPE_FUNCTIONS(real)
TYPE_FUNCTIONS(truth)
TYPE_FUNCTIONS(network)
TYPE_FUNCTIONS(count)
TYPE_FUNCTIONS(corner)
TYPE_FUNCTIONS(string) // types_string.c
TYPE_FUNCTIONS(raw)
TYPE_FUNCTIONS(line)
TYPE_FUNCTIONS(array) // types_array.c
TYPE_FUNCTIONS(strings)
TYPE_FUNCTIONS(time) // types_time.c
TYPE_FUNCTIONS(span)
TYPE_FUNCTIONS(object) // types_object.c
TYPE_FUNCTIONS(objects)
TYPE_FUNCTIONS(class)
TYPE_FUNCTIONS(map) // types_map.c
TYPE_FUNCTIONS(ole) // types_ole.c
TYPE_FUNCTIONS(currency)
TYPE_FUNCTIONS(variant)
TYPE_FUNCTIONS(bstr)
bool raw_suffix(struct slot *s, const char *suffix, size_t len);
bool object_suffix(struct slot *s, const char *suffix, size_t len);
void object_visit(const struct value *v, struct visit *visit);
void objects_visit(const struct value *v, struct visit *visit);
void map_visit(const struct value *v, struct visit *visit);
#undef TYPE_FUNCTIONS

/* Parts that other types are made of. */
void string_text(struct text *t, const struct units *string);
bool string_scan(struct reading *r, struct units *string);

#endif
