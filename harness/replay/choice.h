#ifndef REPLAY_CHOICE_H
#define REPLAY_CHOICE_H
/*
 * A conversation of which it is not known what case it is: the other side chooses, by what it says.
 *
 * Each case that it could be has a session, and all of them are told what happens. Whose words turn out to be others is out. What
 * all that are left want is done; where some would have us speak or end, and others wait for more, it is waited a while, and then
 * those that waited are passed over. Connections are told as lines, in the order in which they came about: each case gives
 * them names of its own.
 */
#include "replay/session.h"

#define CHOICE_LINES SESSION_CONNECTIONS

struct candidate {
    const struct vector *vector;
    struct program program;
    struct trace trace;
    struct session session;
    bool seen;                        // the case has come before: of several the others are preferred
    enum { CANDIDATE_LIVES, CANDIDATE_DIFFERS, CANDIDATE_PASSED_OVER } fate;
    bool over;                        // all of it was played
    unsigned lines;                   // that are connections of the case: the first so many
    unsigned on[CHOICE_LINES];        // which
    bool opens;                       // it waits for a further line, to be
    unsigned opening;                 // this connection
    struct want want;                 // of its session, as last asked
    struct arena keep;
};

/* A line, as all candidates have to know it, also one that takes it later. */
struct choice_line {
    struct buffer came;
    bool fin, dead;
    int wrong; // dead: by this error
};

struct choice {
    struct candidate *items;
    size_t count;
    struct choice_line lines[CHOICE_LINES];
    unsigned line_count;
    struct limits limits;     // for who is at the other side to think
    int64_t patience;         // µs: how long more words are waited for before a case that waits for them is passed over
    int64_t since;            // when that wait began; INT64_MIN: none is on
    int64_t began;
    bool hopeless;            // no case can come out right any more
    struct candidate *chosen; // once there is no choice left: the case that was played, or that came nearest
    const struct candidate *passed; // one that was passed over, though it could have been that, too; or NULL
};

/* What to do next. */
struct choice_want {
    enum want_kind kind; // WRITE, SHUTDOWN, RESET, WAIT or DONE
    unsigned line;
    struct bytes bytes;
    bool alone;
    int64_t until;
    bool accept; // WAIT: a further line would be of use
};

void choice_init(struct choice *c, const struct limits *l, int64_t patience, int64_t now);
void choice_release(struct choice *c);

/* A case that it could be, compiled for the server. ERROR_INPUT where it contradicts itself. */
bool choice_add(struct choice *c, const struct vector *v, const struct profile *p, uint64_t seed, bool seen, struct error *err);

struct choice_want choice_want(struct choice *c, int64_t now);

/* What happened; a line that has opened is the next. */
void choice_opened(struct choice *c, int64_t now);
void choice_received(struct choice *c, unsigned line, struct bytes what, int64_t now);
void choice_sent(struct choice *c, unsigned line, struct bytes what, unsigned segments, int64_t now);
void choice_fin(struct choice *c, unsigned line, int64_t now);
void choice_reset(struct choice *c, unsigned line, int wrong, int64_t now);
void choice_shut(struct choice *c, unsigned line, int64_t now);
void choice_did_reset(struct choice *c, unsigned line, int64_t now);

/* Behind DONE: whether the case was played to its end, and not only nearest. */
bool choice_is_matched(const struct choice *c);

#endif
