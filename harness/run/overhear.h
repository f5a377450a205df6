#ifndef RUN_OVERHEAR_H
#define RUN_OVERHEAR_H
/*
 * Judges conversations that others have with each other: of each connection all that was said is held against the cases that it could
 * be, from either side. What the client says tells which these are; then the server must have answered as each of them has it.
 *
 * Only the order in which things were seen counts, with one exception: what the server owes when the client goes on, or away, is late
 * behind `patience`, and before that it is not known whether it would have come.
 */
#include "run/run.h"

enum heard_kind { HEARD_DATA, HEARD_END, HEARD_RESET };

struct heard_event {
    enum heard_kind kind;
    enum party from;
    int64_t us;
    size_t len; // HEARD_DATA: bytes behind those before
};

/* One connection, from its beginning. */
struct overheard_talk {
    struct buffer said[2]; // by party
    struct heard_event *events;
    size_t count, room;
    bool over;     // nothing more comes of it
    int64_t until; // otherwise: nothing more had come of it by then
};

void overheard_add(struct overheard_talk *t, enum heard_kind kind, enum party from, int64_t us, struct bytes data);
void overheard_free(struct overheard_talk *t);

/* What a connection could be. */
struct overheard_role {
    const struct vector *of;
    const char *on;         // that connection of it
    unsigned number;        // … from 0, of those on which it says something
    bool unprobed;          // its silences were not probed
    struct opening opening; // of what the client says
};

struct overhear {
    const struct run_options *run; // patterns, service, profile, limits: the step's is the patience
    const struct library *lib;
    const struct service *service;
    struct vector *cases; // all that a conversation could be, those that say least about it last
    size_t count, room;
    struct overheard_role *roles; // that it could have in them
    size_t role_count, role_room;
    bool asked;      // a client must say one of them
    bool alone;      // … and there is but one
    bool incomplete; // a case is selected that is not among them: its conversations cannot be judged
    struct arena keep;
};

/* ERROR_USAGE where no case is selected, or cases of several services are. The options and the library are borrowed. */
bool overhear_begin(struct overhear *o, const struct library *lib, const struct run_options *run, struct error *err);

/* The same for conversations that can be but one case, which their client was told to play, without its controls. */
void overhear_begin_case(struct overhear *o, const struct library *lib, const struct run_options *run, const struct vector *v);

void overhear_end(struct overhear *o);

enum overheard_verdict { OVERHEARD_RIGHT, OVERHEARD_WRONG, OVERHEARD_NOT_JUDGED };

struct overheard_judgement {
    enum overheard_verdict verdict;
    enum party side;            // WRONG: whose fault it is
    const struct vector *of;    // the case; NOT_JUDGED: the nearest, or NULL
    size_t others;              // RIGHT: further cases that it is, too
    const struct finding *why;  // WRONG
    const char *text;           // WRONG, NOT_JUDGED: in words
    bool certain;               // WRONG: whatever is still said on the connection, that side is
    unsigned roles;             // RIGHT, of the first case: as which of its connections, one bit each, in the order in which they are named
};

/* What is told lives in keep, or as long as the library. */
void overhear_judge(const struct overhear *o, const struct overheard_talk *t, struct arena *keep, struct overheard_judgement *out);

#endif
