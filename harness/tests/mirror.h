#ifndef MIRROR_H
#define MIRROR_H
/*
 * A case that plays both of its sides against itself: two sessions, one as its client and one as its server, whose
 * wants are connected by pipes in memory. There is no peer, no socket and no clock but the mirror's own.
 *
 * Nobody can be busy unseen there, so that silence is exact: when neither side can move, it is proven.
 */
#include "check/check.h"
#include "replay/session.h"

struct mirror {
    struct program side[2]; // by party
    struct trace trace[2];
    size_t unheard;         // bytes and ends that a party never took in, on connections which nobody reset
    size_t proofs;          // silences that were proven
};

/* Who is quicker, and who dials; no verdict may depend on it. */
struct mirror_pace {
    const char *name;
    unsigned steps[2]; // by party: what each does at most before it is the other's turn
    enum party dials;  // where no port is closed at first
};
extern const struct mirror_pace mirror_paces[];
extern const size_t mirror_pace_count;

/*
 * Both sides of a case as peers of profile p. The client is that of a run, but for probes: where a silence is shown
 * by one, it is proven here. The server is compiled from the same transcript, with what it leaves to a server filled in:
 * controls are answered, and a value of which any is right is one that the seed draws. Lives in keep and in the vector.
 */
void mirror_compile(const struct vector *v, const struct profile *p, uint64_t seed, struct arena *keep, struct mirror *out);

/* The same for a case that is served as it is: the server is that of `--play server`, and the client one that
 * knows of no controls. */
void mirror_compile_served(const struct vector *v, const struct profile *p, uint64_t seed, struct arena *keep, struct mirror *out);

/* What both say arrives so. Where the client's requests go ahead of replies, its server expects that. */
void mirror_deliver(struct mirror *m, const struct delivery *d, uint64_t seed, struct arena *keep);

/* What the other party then finds wrong. */
struct mirror_wrong {
    size_t op;    // of its program
    bool at_byte; // … by a byte
    size_t at;    // … which one of the message
};

/*
 * Ways to break a conversation. Each breaks what `who` says in one place, which chance chooses, before it is
 * played, and names what the other party must then find wrong; false where there is no such place. Not to be
 * used behind mirror_deliver.
 */
struct mirror_fault {
    const char *name;
    bool (*apply)(struct mirror *m, enum party who, struct random *chance, struct arena *keep,
                  struct mirror_wrong *wronged);
    const char *cause; // of the finding; NULL: whatever the bytes look like
    size_t places[2];  // by party who breaks: shipped cases that have a place for it, at least
};
extern const struct mirror_fault mirror_faults[];
extern const size_t mirror_fault_count;

/* Plays both, until both are done; their traces live in keep. */
void mirror_play(struct mirror *m, const struct mirror_pace *pace, struct arena *keep);

/* The transcript as the server of mirror_compile has it. */
void mirror_vector(const struct vector *v, uint64_t seed, struct arena *keep, struct vector *out);

/* The transcript as a client has it that knows of no controls, nor of connections that serve them alone. */
void mirror_vector_served(const struct vector *v, struct arena *keep, struct vector *out);

#endif
