#ifndef AGREE_ASK_H
#define AGREE_ASK_H
/*
 * The two codec programs, asked the same lines at the same time; codec.c tells what the lines are.
 */
#include "archive/value.h"

enum { HARNESS, REFERENCE }; // which answer is whose

struct pair {
    int to[2], from[2]; // descriptors
    int child[2];       // process ids
    const char *command[2];
    uint64_t asked;
};

/* Starts both by the shell. Ends this program with a message when it cannot. */
void pair_start(struct pair *p, const char *harness, const char *reference);

/* Ends them; false when one did not end well. */
bool pair_end(struct pair *p);

/* Lines that are asked together, and their answers. */
struct ask {
    const char *line;
    const char *answer[2];
    const struct profile *profile;
};
struct batch {
    struct ask *items;
    size_t count, room;
    size_t len; // bytes of all lines
    struct arena keep;
};

/* Adds `verb PROFILE TYPES rest`. p must outlive the batch. */
void batch_add(struct batch *b, const char *verb, const struct profile *p, const char *types,
               const char *rest);
void batch_add_bytes(struct batch *b, const char *verb, const struct profile *p, const char *types,
                     struct bytes bytes, long at);

/* Asks both for all of it. Ends this program when one of them dies. */
void batch_ask(struct batch *b, struct pair *p);

void batch_clear(struct batch *b);

/* How two answers to a line relate. */
enum relation {
    SAME,
    NOT_JUDGED, // the service leaves this open
    OTHER_ORDER, // of a map's entries, perhaps: the bytes must load as the same
    DIFFERENT,
};
enum relation ask_compare(const struct ask *a);

/* A shorter line that they still disagree about, with its answers; lives in keep. */
struct ask ask_shrink(const struct ask *from, struct pair *p, struct arena *keep);

#endif
