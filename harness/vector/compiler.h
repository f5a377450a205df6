#ifndef VECTOR_COMPILER_H
#define VECTOR_COMPILER_H
/*
 * What compiling a transcript has in hand, for the two files that do it: compile.c walks the steps, say.c makes what one
 * of them says into bytes.
 */
#include "vector/mutate.h"
#include "vector/program.h"

#define NAMES_MAX   64 // drawn or kept values in one case
#define CONNECTIONS 8  // named connections of one case

struct name {
    const char *name;
    struct value value;
    int scope; // 0: the case; each control has its own
    bool comes; // kept from what the peer says: no value yet, but its type
    unsigned place; // comes: where it is kept
};

struct compiler {
    const struct vector *v;
    const struct profile *p;
    uint64_t seed;
    enum party us;
    struct arena *keep;
    struct program *out;
    size_t room; // ops allocated
    struct name names[NAMES_MAX];
    size_t name_count;
    unsigned places; // for what comes
    int scope, scopes;
    uint64_t draws; // so far in this case: the place of the next
    bool knows;     // a server: what its client draws
    const struct overheard *heard; // what was said of it already, or NULL
    bool differs;   // … and what is said from here on is something else, or not known: nothing more is compiled
    bool unheard;   // our party has not said, or not whole, what it must choose there
    bool guessed;   // … and a value that the client chose cannot be read from that
    unsigned said;  // messages of the client that have no name of their own
    struct value *row; // the row's values, drawn or given
    const char *control;
    int step;
    struct {
        bool open, reset, ended[2]; // by party
        bool paused[2];             // the party does not read
        bool part[2];               // the party's message is not complete
        bool stopped[2];            // … and will never be
        bool fresh[2];              // its archive begins anew with its next message
        bool unseen[2];             // raw bytes have gone, and may have registered objects
        struct object_table *table[2];
        struct aside *may[MAY_MAX]; // what the other party may say before what it must say next
        size_t may_count, any_count; // the first any_count of them at any time
        size_t sent, begun;         // our bytes, and those before our last message; SIZE_MAX: that is not known
        size_t heard[2];            // bytes of the party that stand before what is compiled now
    } conn[CONNECTIONS];
    unsigned on;                    // connection and party of the step in hand
    enum party who;
    const struct json *at;          // the step in hand
    size_t lead;                    // of what was made last: bytes at its beginning that are the same in every run
    bool depends;                   // the item in hand is not the same in every run
    unsigned group, groups;         // the group in hand, and how many there were
};

/* Items of a step to bytes and fields; c->lead is told. ERROR_INPUT where they are not as the golden bytes say. */
bool say_bytes(struct compiler *c, const struct step *step, struct bytes *bytes, struct fields *fields, struct error *err);

/* What the party has been heard to say on connection `on`, behind what is compiled so far; empty where nobody listened. */
struct bytes say_heard(const struct compiler *c, unsigned on, enum party who);

/* The table of the party in hand, on the connection in hand. */
struct object_table *say_table(struct compiler *c);

bool may_carry_objects(struct type_ref t);

#endif
