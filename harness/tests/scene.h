#ifndef SCENE_H
#define SCENE_H
/*
 * The engine on real sockets, against a peer that is a thread of the test, or a child. Loopback, ports of the kernel's choice.
 */
#include <pthread.h>

#include "replay/engine.h"
#include "test_vector.h"

#define MUCH 262144   // bytes: what a kernel takes at once on loopback, but not over an Ethernet
#define BIG (8u << 20) // bytes: more than two kernels take before one of them blocks

extern const struct limits quick, impatient;
extern const struct limits patient; // long enough that a test which needs a proof does not end without

/* What a peer does with its connection. */
struct peer_thread {
    void (*serve)(struct peer_thread *peer, int fd);
    const char *says;  // of serve_reply
    size_t reads;      // bytes that it reads before
    int listener;
    const char *at;    // where either listens; NULL: a port of 127.0.0.1
    struct address dials; // len 0: it listens
    size_t read, most; // bytes read in all; by the largest read
    bool saw_end, saw_reset, was_full;
    int done[2];       // a pipe that is closed when the play is over
    pthread_t thread;
    bool is_process;   // a child in the place of a thread: what it does can be seen from outside
    pid_t pid;
};

/* Reads until it has had so many bytes in all. */
void read_some(struct peer_thread *peer, int fd, size_t want);

void serve_reply(struct peer_thread *peer, int fd);                 // Reads what it must, replies, reads to the end and ends.
void serve_reply_reset(struct peer_thread *peer, int fd);           // … replies and resets.
void serve_reply_end(struct peer_thread *peer, int fd);             // … replies and ends at once, before it has read our end.
void serve_nothing(struct peer_thread *peer, int fd);               // Until the play is over.
void serve_end_and_nothing(struct peer_thread *peer, int fd);       // Ends at once.
void serve_reset_amid(struct peer_thread *peer, int fd);            // Reads what it must, and resets.
void serve_flood(struct peer_thread *peer, int fd);                 // Says what it can.
void serve_much(struct peer_thread *peer, int fd);                  // Answers one byte with BIG bytes, and then another.
void serve_until_full(struct peer_thread *peer, int fd);            // Answers one byte with MUCH bytes, and notes whether there was room for all of them at once.
void serve_echo(struct peer_thread *peer, int fd);                  // Sends back what comes, and reads no more while that does not go.

/* A thread: one connection of the peer. */
void *peer_main(void *peer);

struct scene {
    const char *service; // NULL: TINY
    struct library lib;
    struct program p;
    struct engine engine;
    struct meeting meeting;
    struct trace t;
    struct peer_thread peer;
};

/* Where its peer listens, or dials. */
struct address place_of(const struct scene *s);

void scene_set(struct scene *s, const char *suite, const char *delivery, struct arena *keep);

/* Its peer, which must be a thread or nobody, dials. */
void dial(struct scene *s);

/* Behind it the peer is gone. */
void scene_play(struct scene *s, const struct limits *l);

/* The same once more by one engine, or without a peer of the scene's own. */
void scene_play_alone(struct scene *s, const struct limits *l, struct arena *keep);

void scene_end(struct scene *s);

size_t count_of(const struct trace *t, enum trace_kind kind);

/* The first event of a kind, which must be there. */
const struct trace_event *event_of(const struct trace *t, enum trace_kind kind);

/* The kinds of events, in order, rows of one kind once. */
const char *course(const struct trace *t, struct arena *keep);

/* Of this process. */
size_t descriptors(void);

#endif
