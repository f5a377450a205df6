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
#include "text.h"

struct value {
    union {
        uint64_t bits;      // a number or truth value, in two's complement
        struct units units; // a string, a raw block, a line, the elements of an array
        struct strings {
            struct units *items;
            size_t count;
        } strings;
        int32_t at[4]; // a size, point or rectangle
    };
};

struct type;

/* A type as a request names it. */
struct slot {
    const struct type *type;
    size_t bytes; // raw:N
};

/* A text being read into values. */
struct reading {
    struct scan scan;
    const struct profile *profile;
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
};

/* In the order of CAPS; ends with a row without a name. */
extern const struct type types[];

bool type_is_offered(const struct type *t, const struct profile *p);

/* Names separated by commas, as CAPS tells them. */
void types_list(struct text *t, const struct profile *p);

/*
 * Looks up one name with its suffix, such as raw:16. False: this peer does
 * not have it.
 */
bool slot_find(struct slot *s, const char *name, size_t len, const struct profile *p);

/* The functions of the rows, by the file they stand in. */
#define TYPE_FUNCTIONS(kind)                                                                       \
    void kind##_load(struct CArchive *ar, const struct slot *s, struct value *v);                  \
    void kind##_store(struct CArchive *ar, const struct slot *s, const struct value *v);           \
    void kind##_print(struct text *t, const struct slot *s, const struct value *v);                \
    bool kind##_parse(struct reading *r, const struct slot *s, struct value *v);

TYPE_FUNCTIONS(number)  // types_number.c
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
bool raw_suffix(struct slot *s, const char *suffix, size_t len);
#undef TYPE_FUNCTIONS

/* Parts that other types are made of. */
void string_text(struct text *t, const struct units *string);
bool string_scan(struct reading *r, struct units *string);

#endif
