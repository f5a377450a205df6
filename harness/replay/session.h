#ifndef REPLAY_SESSION_H
#define REPLAY_SESSION_H
/*
 * A session plays one program without a socket: it says what it wants next and is told what happened, with the
 * time as an argument. The engine lends it sockets; tests and fuzzers play them.
 *
 *     while ((want = session_want(&s, now)).kind != WANT_DONE)
 *         … do it, and tell …
 */
#include "trace/trace.h"
#include "vector/match.h"
#include "vector/program.h"

#define SESSION_CONNECTIONS 8
#define SESSION_COLLECT_MAX (64u << 10) // bytes kept behind a mismatch, beyond what may still be due
#define SESSION_AHEAD_MAX   (64u << 20) // bytes that a peer may be ahead of the conversation; no message is longer

/* Bounds on the worst case; no verdict comes from them where a byte decides. All in µs. */
struct limits {
    int64_t open;   // until a connection has come about
    int64_t step;   // for one op, not renewed by bytes; the bytes due add their share
    int64_t end;    // until the peer's FIN, once all is said
    int64_t quiet;  // how long a silence is waited for that no probe can show, and that nothing more piles up unread
    int64_t settle; // how long is collected behind a mismatch or a limit
    int64_t whole;  // for the case
};
extern const struct limits limits_default;

/* The same for a peer to which a round trip takes so many µs: at least 20 of them for a step, and 5 for a silence. Never less than l
 * has, nor than 250 ms for a step. */
struct limits limits_scaled(const struct limits *l, int64_t round_trip);

/* The most that a play takes on a peer that takes all that is said, and answers none of it. */
int64_t limits_unanswered(const struct limits *l);

enum want_kind {
    WANT_OPEN,     // make connection `on` (asked once)
    WANT_LISTEN,   // let the closed port listen
    WANT_WRITE,    // send `bytes`; when `alone`, as a segment of their own
    WANT_SHUTDOWN, // half-close `on`
    WANT_RESET,    // reset `on`
    WANT_PAUSE,    // read no more on `on`
    WANT_RESUME,   // read on `on` again
    WANT_TAKEN,    // give the peer the time to take what it has been sent
    WANT_WAIT,     // for anything to happen, at most until `until`
    WANT_DONE,
};

struct want {
    enum want_kind kind;
    unsigned on;
    struct bytes bytes;
    bool alone;
    int64_t until;
    bool prove; // WAIT: a proof that nothing will come ends it, too
    bool queue; // WAIT: and tell, now and then, how much waits unread on `on`
};

struct session_connection {
    bool asked, open, fin, fin_sent, dead; // dead: refused, reset by either side
    bool paused;    // not read
    size_t queued;  // bytes that wait unread, as last told, since `since`
    bool stuck;     // … and no more will come
    int64_t since;
    struct buffer inbox;
    size_t taken; // bytes of the inbox that ops have accounted for
    struct object_table *table; // of what the peer has said
};

struct session {
    struct program *program;
    struct trace *trace;
    struct limits limits;
    int64_t whole;          // µs: the limit of the case
    int64_t began, entered; // the case; the op in force
    size_t at;              // the op in force
    size_t written;         // of its bytes
    size_t taken;           // … of which the peer has been given time to take so many
    int64_t moved;          // when bytes went or came last, in the op in force
    int64_t said;           // when we said something last, in the op in force, or it began
    unsigned dialers;       // connections that the peer keeps, each of which says that it was refused; 0: it need say so once
    unsigned refused;       // how often it has said so
    bool retried;           // … all of them: it tries again
    enum { SESSION_PLAYING, SESSION_PROBING, SESSION_COLLECTING, SESSION_DONE } mode;
    struct bytes probe;     // PROBING: what is sent
    size_t enough;          // PROBING: unaccounted bytes behind which nothing more is owed
    size_t had;             // … and as many as had come before it
    size_t collected;       // bytes since the mismatch
    bool shut_when_collecting;
    struct session_connection conn[SESSION_CONNECTIONS];
    struct arena keep;      // of the tables
};

/* The program and the trace are borrowed. A program has at most SESSION_CONNECTIONS connections. What the peer tells
 * is put into it where it is said again; that lives in the trace's arena. */
void session_init(struct session *s, struct program *p, struct trace *t, const struct limits *l, int64_t now);
void session_release(struct session *s);

/* What to do next. Passes over every op that is satisfied, until one must wait. */
struct want session_want(struct session *s, int64_t now);

/* What happened. Each notes it in the trace. */
void session_opened(struct session *s, unsigned on, int64_t now);
void session_refused(struct session *s, unsigned on, int wrong, int64_t now);
void session_sent(struct session *s, unsigned on, struct bytes what, unsigned segments, int64_t now);
void session_received(struct session *s, unsigned on, struct bytes what, int64_t now);
void session_fin(struct session *s, unsigned on, int64_t now);
void session_reset(struct session *s, unsigned on, int wrong, int64_t now);
/* The RST, which has just been told, may be the kernel's. */
void session_forgotten(struct session *s, unsigned on, int64_t now);
void session_shut(struct session *s, unsigned on, int64_t now);
void session_did_reset(struct session *s, unsigned on, int64_t now);
void session_paused(struct session *s, unsigned on, int64_t now);
/* On a connection that is not read, so many bytes wait now; stuck: the peer goes on only when some are read. */
void session_queued(struct session *s, unsigned on, size_t bytes, bool stuck, int64_t now);
void session_resumed(struct session *s, unsigned on, int64_t now);
/* What was sent amid a message has been taken, as far as can be told; waited: µs, -1 where it cannot be told. */
void session_taken(struct session *s, unsigned on, int64_t waited, int64_t now);
/* Nothing has come, and the peer provably waits for input; cost: µs that the proof took. */
void session_proven(struct session *s, int64_t cost, int64_t now);
/* The peer says once more that it was refused; noted when each of its connections has, or when the limit passes behind one. */
void session_retried(struct session *s, int64_t now);
void session_listening(struct session *s, int64_t now);
void session_stopped(struct session *s, int64_t now);
/* Nothing more will be told; to be called once, behind WANT_DONE. */
void session_over(struct session *s, int64_t now);

#endif
