#ifndef RUN_KEEPER_H
#define RUN_KEEPER_H
/*
 * The keeper of one worker's peer: starts it, resets and restarts it as its manifest asks, has another one ready when it
 * has died, and knows how connections to it come about.
 */
#include "peer/process.h"
#include "replay/engine.h"
#include "run/run.h"

#define KEEPER_CROWD SESSION_CONNECTIONS // processes of one play, where each connection has one

struct keeper {
    const struct run_options *o;
    const struct sink *sink;       // its say alone
    const volatile int *stop;
    struct meeting meeting;
    struct address bound;          // of a peer that dials and is not ours: where we listen; len 0: nowhere
    const char *service;           // that is talked to
    const char *suite;             // of the result before; NULL: none yet
    bool used;                     // something was played on it since it was started
    struct peer peer;              // ours, but for hold and stdio
    struct peer crowd[KEEPER_CROWD]; // stdio: of the play in hand
    size_t crowd_count;
    struct text died, complained;  // what became of it, not asked for yet
    bool late;                     // something was wrong that no case is to blame for
    struct text late_words;        // and what that was, a line each
    struct arena keep;
};

/* Starts the peer where it is ours, and says how connections come about where it is not. Borrows; keeper_end all the same. */
bool keeper_begin(struct keeper *k, const struct run_options *o, const struct sink *sink, const volatile int *stop,
                  struct error *err);

/* Whether the peer's processes are ours. */
bool keeper_owns(const struct keeper *k);

/* Whether each connection has a process of its own. */
bool keeper_is_crowd(const struct keeper *k);

/* Asks whoever started a peer for the port that it chose itself, and says. ERROR_PEER when nobody answers. */
bool keeper_ask_port(struct keeper *k, const char *service, struct address *at, struct error *err);

/* From here on this service is talked to. */
bool keeper_turn_to(struct keeper *k, const char *service, struct error *err);

/* Makes the peer ready for a result of a suite: restarts it, resets its state, as the manifest says. *fresh: nothing has
 * been played on it. */
bool keeper_prepare(struct keeper *k, const char *suite, bool *fresh, struct error *err);

/* A new process, in its initial state, in the place of whatever there is. */
bool keeper_renew(struct keeper *k, struct error *err);

/* The same where nobody has died: what the old one says in ending belongs to no case. */
bool keeper_refresh(struct keeper *k, struct error *err);

/* What happened on a peer's connections that may be the beginning of its end. */
enum omen {
    OMEN_NONE,
    OMEN_ENDED,   // one was ended or reset
    OMEN_REFUSED, // one was refused
};
enum omen keeper_omen(const struct trace *t);

/* Behind a play: whether the peer lives; one that is dying is waited for. When it has died, *how says in words how;
 * keeper_renew is then due. */
bool keeper_lives(struct keeper *k, enum omen omen, struct text *how);

/* Behind a play: whether a sanitizer has complained during it; the beginning of that into *what. Behind a case the peer is
 * ended if the next is to have another one: it may complain only then. */
bool keeper_complains(struct keeper *k, bool behind_case, struct text *what);

/* What it has complained of until now is known already. */
void keeper_forget(struct keeper *k);

/* Whether the memory that the peer takes can be told. */
bool keeper_weighs(const struct keeper *k);

/* Whether something went wrong for which no case can be blamed any more; a line for people for each into *words. With the
 * run behind us: ends the peer, which may say more. */
bool keeper_last_look(struct keeper *k, struct text *words);

/* Ends all that it has started. */
void keeper_end(struct keeper *k);

/* A peer and a port of their own, for a case whose port is closed at first. The port is *m's, to be closed. */
bool keeper_extra(struct keeper *k, struct peer *p, struct meeting *m, struct error *err);

#endif
