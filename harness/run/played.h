#ifndef RUN_PLAYED_H
#define RUN_PLAYED_H
/*
 * What came of one turn of a run: its results, already made into records, and what the run must know of them. It
 * points into no program and no trace, so that it can come from another process.
 */
#include "archive/profile.h"
#include "base/error.h"
#include "base/text.h"
#include "run/deviations.h"
#include "trace/trace.h"
#include "verdict/verdict.h"

#define PLAYED_RESULTS 3 // a prologue has three, a case one

struct played {
    struct {
        enum verdict verdict;
        bool dead;        // it is bad, and its connection brought nothing
        size_t begin, end; // of its record, in records
        bool slow;         // a limit passed in it
        bool repeated;     // it was played once more, and the above is what both say; without it:
        struct {
            enum verdict verdict;
            size_t begin, end;
        } once;
    } results[PLAYED_RESULTS];
    size_t count;
    bool stopped;         // the run was stopped before this was done
    bool broken;          // the peer is gone, and there is no case to blame for it
    bool passed;          // prologue: the cases may follow
    bool tells_types;     // prologue: types is what the peer says it offers
    struct spent spent;                 // on the turn, with all that was played more than once
    struct deviations_seen seen;        // by the findings of all results
    struct profile profile;             // of the peer, as far as it is known
    struct text records, said;          // said: lines for people, each with a newline behind
    struct text suspects;               // of its failures, a line each (rule_out.h)
    struct text profile_from, types, ended; // ended: why the rest of the service is not run
};

/* Puts a line for people. */
void played_say(struct played *o, const char *line);

/* Empties it; the memory is used again. */
void played_clear(struct played *o);
void played_free(struct played *o);

/*
 * One turn's way through a pipe between two processes of the same program: its number, and either its outcome or why
 * there is none (good is false and *err set: our surroundings failed).
 */
void played_pack(size_t turn, const struct played *o, bool good, const struct error *err, struct buffer *to);

/* Takes the first frame of what came. 0: it is not there yet; else its length in bytes. */
size_t played_unpack(struct bytes came, size_t *turn, struct played *o, bool *good, struct error *err);

#endif
