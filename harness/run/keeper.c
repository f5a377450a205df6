/*
 * A peer is one of three:
 *
 *   a process of ours     started here, alone on its port, replaced when it has died
 *   a crowd of ours       one process for each connection, which ends with it (stdio)
 *   somebody else's       we only know where it listens, or that it dials; so it is with --hold, too
 */
#include "run/keeper.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/fd.h"
#include "peer/tree.h"

#define START_LIMIT  10000000 // µs until a peer that we start must be ready
#define RESET_LIMIT  10000000 // µs for its state to be reset
#define EXIT_MS      2000     // for a process that is on its way out to be out
#define CHILD_MS     20       // for a process to end behind its child, with which it need not end
#define REFUSED_MS   1000     // for a peer that does not listen any more to end
#define CUT_OFF_MS   20       // for a process to end whose connection we have ended, and which has shown no end
#define LEAVING_MS   2000     // for a process whose one connection is over, and has ended on its side, to end

static struct launch launch_of(const struct run_options *o, const struct address *dial_to, int64_t limit)
{
    return (struct launch){ .manifest = o->manifest, .variant = o->variant, .build = o->build, .under = o->under,
                            .dial_to = dial_to, .limit_us = limit * (o->slowness ? o->slowness : 1) };
}

bool keeper_owns(const struct keeper *k)
{
    return k->o->manifest && !k->o->hold && k->o->play == PARTY_CLIENT; // a program that asks is started for its case
}

bool keeper_is_crowd(const struct keeper *k)
{
    return keeper_owns(k) && k->o->manifest->stdio;
}

/* Opens our port for a peer that dials. */
static bool open_port(struct keeper *k, struct address *us, struct error *err)
{
    fd_close(&k->meeting.listener);
    net_unbind(&k->bound);
    if (!net_bind(us, &k->meeting.listener, err))
        return false;
    k->bound = *us;
    return net_listen(k->meeting.listener, err);
}

static bool meet_service(struct keeper *k, struct error *err)
{
    if (!keeper_owns(k) || k->o->peer_dials || keeper_is_crowd(k) || !k->service)
        return true;
    const struct address *at = peer_service(&k->peer, k->service);
    if (!at)
        return error_set(err, ERROR_PEER, "%s: the peer did not say where it listens for %s", k->o->manifest->path, k->service);
    k->meeting.address = *at;
    return true;
}

static bool start(struct keeper *k, struct error *err)
{
    struct address us = peer_dial_place(k->o->manifest->dial);

    if (k->o->peer_dials && !open_port(k, &us, err))
        return false;
    struct launch l = launch_of(k->o, k->o->peer_dials ? &us : NULL, START_LIMIT);
    k->used = false;
    return peer_start(&l, &k->peer, err) && meet_service(k, err);
}

/* Keeps a line for people about what no case is to blame for. */
static void too_late(struct keeper *k, const char *what, const char *words)
{
    k->late = true;
    text_printf(&k->late_words, "the peer %s%s\n", what, words);
}

static void listen_for_complaints(struct keeper *k, struct peer *p)
{
    if (k->complained.b.len == 0)
        peer_complaint(p, &k->complained);
}

/* Ends the peer, which may say something only then, such as of leaks. */
static void let_go(struct keeper *k)
{
    peer_end(&k->peer);
    listen_for_complaints(k, &k->peer);
    peer_stop(&k->peer);
}

/* What nobody has asked for belongs to cases whose records are written. */
static void complaint_is_late(struct keeper *k)
{
    if (k->complained.b.len)
        too_late(k, "was ended, and its stderr says: ", text_string(&k->complained));
    keeper_forget(k);
}

/* ---- a crowd ---- */

static int crowd_open(void *of, struct error *err)
{
    struct keeper *k = of;
    struct launch l = launch_of(k->o, NULL, START_LIMIT);
    int fd;

    if (k->crowd_count == KEEPER_CROWD) {
        error_set(err, ERROR_SYSTEM, "too many processes of one play");
        return -1;
    }
    if (!peer_start_pair(&l, &k->crowd[k->crowd_count], &fd, err))
        return -1;
    k->crowd_count++;
    return fd;
}

static bool ended(const struct trace *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == TRACE_FIN || t->events[i].kind == TRACE_RESET)
            return true;
    return false;
}

/* Whether a signal has ended a process of a crowd; not the one that it gets for writing to us when we have gone. */
static bool crashed(const struct peer *p)
{
    return WIFSIGNALED(p->status) && WTERMSIG(p->status) != SIGPIPE;
}

/* All connections of a play are over, and so are their processes: by themselves, if they have shown that they can. */
static void crowd_over(void *of, const struct trace *t)
{
    struct keeper *k = of;
    int patience = ended(t) ? LEAVING_MS : CUT_OFF_MS;

    for (size_t i = 0; i < k->crowd_count; i++) {
        struct peer *p = &k->crowd[i];
        peer_wait(p, patience * (int)(k->o->slowness ? k->o->slowness : 1));
        if (!peer_lives(p, NULL) && crashed(p) && k->died.b.len == 0)
            peer_lives(p, &k->died);
        peer_end(p);
        listen_for_complaints(k, p);
        peer_stop(p);
    }
    k->crowd_count = 0;
}

/* ---- somebody else's ---- */

bool keeper_ask_port(struct keeper *k, const char *service, struct address *at, struct error *err)
{
    char line[128];

    k->sink->say(k->sink->of, arena_printf(&k->keep, "it prints \"listening %s PORT\": type that port, and Return", service));
    while (!*k->stop && fgets(line, sizeof line, stdin)) {
        unsigned port = 0;
        const char *digits = strpbrk(line, "0123456789");
        if (digits && sscanf(digits, "%u", &port) == 1 && port > 0 && port < 65536) {
            *at = address_loopback((uint16_t)port);
            return true;
        }
    }
    return error_set(err, ERROR_PEER, "nobody said where the peer listens");
}

/* --hold: the peer of a manifest is started by the user. */
static bool by_hand(struct keeper *k, struct error *err)
{
    const struct run_options *o = k->o;
    struct address us = peer_dial_place(o->manifest->dial);
    TEXT(command);

    if (o->peer_dials && !open_port(k, &us, err))
        return false;
    struct launch l = launch_of(o, o->peer_dials ? &us : NULL, START_LIMIT);
    if (!peer_by_hand(&l, &k->peer, &command, &k->meeting.address, err))
        return false;
    k->sink->say(k->sink->of, arena_printf(&k->keep, "start the peer, in a debugger if you like:\n    %s", text_string(&command)));
    if (o->peer_dials)
        return true;
    return !address_is_open(&k->meeting.address) || keeper_ask_port(k, o->service ? o->service : manifest_services(o->manifest, o->variant)[0], &k->meeting.address, err);
}

static bool elsewhere(struct keeper *k, struct error *err)
{
    struct address us = k->o->address;
    char text[ADDRESS_TEXT];

    address_print(&us, text, sizeof text);
    if (!k->o->peer_dials) {
        if (k->o->hold)
            k->sink->say(k->sink->of, arena_printf(&k->keep, "waiting for the peer to listen on %s", text));
        return true;
    }
    if (!open_port(k, &us, err))
        return false;
    address_print(&us, text, sizeof text);
    k->sink->say(k->sink->of, arena_printf(&k->keep, "waiting for the peer to dial %s", text));
    return true;
}

/* ---- any ---- */

bool keeper_begin(struct keeper *k, const struct run_options *o, const struct sink *sink, const volatile int *stop,
                  struct error *err)
{
    *k = (struct keeper){ .o = o, .sink = sink, .stop = stop, .peer = peer_none };
    k->meeting = (struct meeting){ .peer_dials = o->peer_dials, .address = o->address, .listener = -1, .words = -1, .process = -1,
                                   .ours = keeper_owns(k) };
    if (keeper_is_crowd(k)) {
        k->meeting.open = crowd_open;
        k->meeting.over = crowd_over;
        k->meeting.of = k;
        return true;
    }
    if (o->play == PARTY_SERVER)
        return true; // each case starts its own
    return keeper_owns(k) ? start(k, err) : o->manifest ? by_hand(k, err) : elsewhere(k, err);
}

bool keeper_turn_to(struct keeper *k, const char *service, struct error *err)
{
    k->service = service;
    k->used = true;
    return meet_service(k, err);
}

static bool reset(struct keeper *k, struct error *err)
{
    struct launch l = launch_of(k->o, NULL, RESET_LIMIT);

    return peer_reset(&l, &k->peer, err);
}

bool keeper_prepare(struct keeper *k, const char *suite, bool *fresh, struct error *err)
{
    const struct manifest *m = k->o->manifest;
    bool another = !k->suite || strcmp(k->suite, suite) != 0;

    k->suite = suite;
    if (keeper_owns(k) && !keeper_is_crowd(k)) {
        bool renew = k->used && (m->restart == RESTART_CASE || (m->restart == RESTART_SUITE && another));
        if (renew) {
            let_go(k);
            complaint_is_late(k);
            if (!start(k, err))
                return false;
        }
        if (m->reset && (m->reset_each_case || another) && !reset(k, err))
            return false;
    }
    *fresh = !k->used || keeper_is_crowd(k);
    k->used = true;
    return true;
}

bool keeper_renew(struct keeper *k, struct error *err)
{
    if (!keeper_owns(k) || keeper_is_crowd(k))
        return true;
    let_go(k);
    if (!start(k, err))
        return false;
    return !k->o->manifest->reset || reset(k, err);
}

bool keeper_refresh(struct keeper *k, struct error *err)
{
    if (!keeper_owns(k) || keeper_is_crowd(k))
        return true;
    let_go(k);
    complaint_is_late(k);
    if (!start(k, err))
        return false;
    k->used = true;
    return !k->o->manifest->reset || reset(k, err);
}

enum omen keeper_omen(const struct trace *t)
{
    enum omen omen = OMEN_NONE;

    for (size_t i = 0; i < t->count; i++) {
        enum trace_kind kind = t->events[i].kind;
        if (kind == TRACE_REFUSED)
            return OMEN_REFUSED;
        if (kind == TRACE_RESET || kind == TRACE_FIN)
            omen = OMEN_ENDED;
    }
    return omen;
}

/* How long a peer may take to end, if it is to end at all. */
static int patience(const struct keeper *k, enum omen omen)
{
    if (omen != OMEN_ENDED)
        return omen == OMEN_REFUSED ? REFUSED_MS : 0;
    switch (tree_dying(k->peer.pid)) {
    case DYING_NOBODY:
        return 0;
    case DYING_CHILD:
        return CHILD_MS;
    case DYING_ITSELF:
        return EXIT_MS;
    }
    return 0;
}

bool keeper_lives(struct keeper *k, enum omen omen, struct text *how)
{
    if (!keeper_owns(k))
        return true;
    if (keeper_is_crowd(k)) {
        bool lives = k->died.b.len == 0;
        text_add(how, text_string(&k->died));
        text_free(&k->died);
        return lives;
    }
    peer_wait(&k->peer, patience(k, omen));
    return peer_lives(&k->peer, how);
}

bool keeper_complains(struct keeper *k, bool behind_case, struct text *what)
{
    if (!keeper_owns(k))
        return false;
    if (!keeper_is_crowd(k)) {
        if (behind_case && k->o->manifest->restart == RESTART_CASE)
            peer_end(&k->peer); // it is to be ended before the next case anyway, and may then say more
        listen_for_complaints(k, &k->peer);
    }
    text_add(what, text_string(&k->complained));
    keeper_forget(k);
    return what->b.len > 0;
}

void keeper_forget(struct keeper *k)
{
    text_free(&k->complained);
}

bool keeper_weighs(const struct keeper *k)
{
    return keeper_owns(k) && !keeper_is_crowd(k) && !k->o->under;
}

bool keeper_last_look(struct keeper *k, struct text *words)
{
    TEXT(how);

    if (keeper_owns(k) && !keeper_is_crowd(k)) {
        bool restarts = k->o->manifest->restart == RESTART_CASE && k->peer.pid < 0; // ended by us
        if (!restarts && !peer_lives(&k->peer, &how))
            too_late(k, text_string(&how), " behind its last case");
        let_go(k);
        complaint_is_late(k);
    }
    text_add(words, text_string(&k->late_words));
    text_free(&k->late_words);
    return k->late;
}

bool keeper_extra(struct keeper *k, struct peer *p, struct meeting *m, struct error *err)
{
    struct address us = peer_dial_place(k->o->manifest->dial);

    *p = peer_none;
    *m = (struct meeting){ .peer_dials = true, .listener = -1, .words = -1, .process = -1, .ours = true };
    if (!net_bind(&us, &m->listener, err))
        return false;
    m->address = us;
    struct launch l = launch_of(k->o, &us, START_LIMIT);
    if (!peer_start(&l, p, err))
        return false;
    m->words = p->words;
    m->dialers = k->o->manifest->connections;
    return true;
}

void keeper_end(struct keeper *k)
{
    for (size_t i = 0; i < k->crowd_count; i++)
        peer_stop(&k->crowd[i]);
    peer_stop(&k->peer);
    fd_close(&k->meeting.listener);
    net_unbind(&k->bound);
    text_free(&k->died);
    text_free(&k->complained);
    text_free(&k->late_words);
    arena_free(&k->keep);
}
