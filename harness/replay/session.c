/*
 * The state machine of one case.
 *
 *   op            is over when               meanwhile
 *   OPEN          the connection stands      wake at the open limit
 *   LISTEN        the peer has been refused, wake at the open limit
 *                 each of its connections
 *   SEND          its last byte is gone      write; between pieces apart, let the peer take the first; stand still where it says so
 *   RECEIVE       its fields have come       wake at the step limit
 *   SILENT        the probe is answered, or  write the probe, wake at the limit
 *                 nothing came for a while
 *   SHUTDOWN      done at once
 *   AWAIT_END     the peer's FIN has come    wake at the end limit
 *   PAUSE         done at once
 *   RESUME        something waits unread,    wake at the step limit
 *                 and no more came of late
 *
 * All connections are read all the time, whatever the op: what a peer says too early or too much is evidence. Only one
 * that is paused is not, so that a peer which goes on speaking has to wait for us. Where it waits with all that it does,
 * nothing moves any more: while a connection is paused, a SEND of which nothing goes for the step limit is given up, and a RECEIVE for
 * which nothing comes, however much is due.
 * What is wrong ends the play: nothing is said any more, our direction is closed where it stands between
 * messages so that a peer that lives finishes, and what still comes is collected for the checks. A limit that
 * passed, or a proof that the peer only waits, is followed by the probe, where it is legal: it tells what was held
 * back from what was dropped.
 */
#include "replay/session.h"

#include <assert.h>
#include <errno.h>

#include "archive/objects.h"

#define SLOWEST_US 100      // a byte: a peer that sends each in a segment of its own on a busy machine
#define SLOW       (256 << 10) // bytes up to which a peer may do so; of more, each further one has a µs

#define STEP_LEAST  250000 // µs: no limit of a step is shorter
#define STEP_TRIPS  20     // round trips: one that is lost is sent again behind some
#define QUIET_TRIPS 5
#define WHOLE_STEPS 20     // steps in the limit of a case

const struct limits limits_default = {
    .open = 2000000,
    .step = 1000000,
    .end = 2000000,
    .quiet = 100000,
    .settle = 250000,
    .whole = 20000000,
};

static int64_t at_least(int64_t limit, int64_t least)
{
    return limit > least ? limit : least;
}

struct limits limits_scaled(const struct limits *l, int64_t round_trip)
{
    struct limits s = *l;

    s.step = at_least(at_least(l->step, STEP_LEAST), STEP_TRIPS * round_trip);
    s.open = at_least(l->open, STEP_TRIPS * round_trip);
    s.end = at_least(l->end, STEP_TRIPS * round_trip);
    s.quiet = at_least(l->quiet, QUIET_TRIPS * round_trip);
    s.settle = at_least(l->settle, QUIET_TRIPS * round_trip);
    s.whole = at_least(l->whole, WHOLE_STEPS * s.step);
    return s;
}

int64_t limits_unanswered(const struct limits *l)
{
    return l->open + l->quiet + l->step + l->settle; // it stands, a silence goes before, nothing comes, nor behind the probe
}

void session_release(struct session *s)
{
    for (unsigned i = 0; i < SESSION_CONNECTIONS; i++)
        buffer_free(&s->conn[i].inbox);
    arena_free(&s->keep);
}

static struct trace_event *note(struct session *s, enum trace_kind kind, unsigned on, int64_t now)
{
    return trace_add(s->trace, kind, on, s->at, now - s->began);
}

/* What came on a connection and no op has accounted for. */
static struct bytes unread(const struct session_connection *c)
{
    return bytes_slice(buffer_bytes(&c->inbox), c->taken, SIZE_MAX);
}

void session_opened(struct session *s, unsigned on, int64_t now)
{
    s->conn[on].open = true;
    note(s, TRACE_OPEN, on, now);
}

void session_refused(struct session *s, unsigned on, int wrong, int64_t now)
{
    s->conn[on].dead = true;
    note(s, TRACE_REFUSED, on, now)->number = wrong;
}

void session_sent(struct session *s, unsigned on, struct bytes what, unsigned segments, int64_t now)
{
    trace_add_data(s->trace, TRACE_SENT, on, s->at, now - s->began, what, segments);
    s->written += what.len;
    s->moved = s->said = now;
}

void session_received(struct session *s, unsigned on, struct bytes what, int64_t now)
{
    bool over = s->mode == SESSION_COLLECTING || s->mode == SESSION_PROBING;
    size_t room = over ? SESSION_COLLECT_MAX + s->enough - s->collected : SESSION_AHEAD_MAX - unread(&s->conn[on]).len;
    if (what.len > room) {
        what.len = room;
        note(s, TRACE_CUT_OFF, on, now);
        s->mode = SESSION_DONE;
    }
    s->collected += over ? what.len : 0;
    trace_add_data(s->trace, TRACE_RECEIVED, on, s->at, now - s->began, what, 0);
    s->moved = now;
    buffer_append(&s->conn[on].inbox, what.data, what.len);
}

void session_fin(struct session *s, unsigned on, int64_t now)
{
    s->conn[on].fin = true;
    note(s, TRACE_FIN, on, now);
}

void session_reset(struct session *s, unsigned on, int wrong, int64_t now)
{
    s->conn[on].dead = true;
    note(s, TRACE_RESET, on, now)->number = wrong;
}

void session_forgotten(struct session *s, unsigned on, int64_t now)
{
    note(s, TRACE_FORGOTTEN, on, now);
}

void session_shut(struct session *s, unsigned on, int64_t now)
{
    s->conn[on].fin_sent = true;
    note(s, TRACE_FIN_SENT, on, now);
}

void session_did_reset(struct session *s, unsigned on, int64_t now)
{
    s->conn[on].dead = true;
    note(s, TRACE_RESET_SENT, on, now);
}

static void retried(struct session *s, int64_t now)
{
    s->retried = true;
    note(s, TRACE_RETRIED, 0, now);
}

void session_retried(struct session *s, int64_t now)
{
    if (++s->refused >= s->dialers && !s->retried)
        retried(s, now);
}

/* Time for bytes that are due, however slowly they come; a peer that hangs amid a long answer is given up all the same. */
static int64_t share(size_t bytes)
{
    return (int64_t)(bytes < SLOW ? bytes * SLOWEST_US : SLOW * (SLOWEST_US - 1) + bytes);
}

/* The limit of the op in force: its own share, and time for the bytes that are due, however slowly they come. */
static int64_t step_limit(const struct session *s)
{
    const struct op *op = &s->program->ops[s->at];

    return s->limits.step + share(op->bytes.len);
}

static int64_t whole_limit(const struct session *s)
{
    int64_t limit = s->limits.whole;

    for (size_t i = 0; i < s->program->count; i++) {
        const struct op *op = &s->program->ops[i];
        // What we say leaves in as many pieces as it is cut into; one that nobody takes is not waited for longer.
        limit += op->kind == OP_SEND ? (int64_t)(op->cut_count + 1) * (SLOWEST_US + op->idle) : share(op->bytes.len);
    }
    return limit;
}

void session_init(struct session *s, struct program *p, struct trace *t, const struct limits *l, int64_t now)
{
    *s = (struct session){ .program = p, .trace = t, .limits = *l, .began = now, .entered = now, .moved = now, .said = now };
    s->whole = whole_limit(s);
}

static void next(struct session *s, int64_t now)
{
    s->at++;
    s->written = s->taken = 0;
    s->entered = s->moved = s->said = now;
}

void session_listening(struct session *s, int64_t now)
{
    next(s, now);
}

void session_paused(struct session *s, unsigned on, int64_t now)
{
    s->conn[on].paused = true;
    s->conn[on].queued = 0;
    note(s, TRACE_PAUSED, on, now);
    next(s, now);
}

void session_queued(struct session *s, unsigned on, size_t bytes, bool stuck, int64_t now)
{
    struct session_connection *c = &s->conn[on];

    if (bytes != c->queued)
        c->since = now;
    c->queued = bytes;
    c->stuck = stuck;
}

void session_resumed(struct session *s, unsigned on, int64_t now)
{
    s->conn[on].paused = false;
    note(s, TRACE_RESUMED, on, now)->number = (int64_t)s->conn[on].queued;
    next(s, now);
}

void session_taken(struct session *s, unsigned on, int64_t waited, int64_t now)
{
    s->taken = s->written;
    s->moved = now;
    if (waited >= 0)
        note(s, TRACE_TAKEN, on, now)->number = waited;
}

void session_stopped(struct session *s, int64_t now)
{
    note(s, TRACE_STOPPED, 0, now);
    s->mode = SESSION_DONE;
}

void session_over(struct session *s, int64_t now)
{
    note(s, TRACE_OVER, 0, now);
}

static struct want wait_until(int64_t until)
{
    return (struct want){ .kind = WANT_WAIT, .until = until };
}

/* The same where a proof that the peer waits for input would do. */
static struct want wait_or_proof(int64_t until)
{
    return (struct want){ .kind = WANT_WAIT, .until = until, .prove = true };
}

/* Whether our direction of a connection stands between messages, by the SENDs up to the op in force. */
static bool between_messages(const struct session *s, unsigned on)
{
    bool whole = true;

    for (size_t i = 0; i <= s->at && i < s->program->count; i++) {
        const struct op *op = &s->program->ops[i];
        if (op->kind == OP_SEND && op->on == on)
            whole = op->whole && (i < s->at || s->written == op->bytes.len);
    }
    return whole;
}

static void collect(struct session *s, unsigned on, int64_t now)
{
    s->mode = SESSION_COLLECTING;
    s->entered = now;
    s->shut_when_collecting = between_messages(s, on) && !s->conn[on].fin_sent && !s->conn[on].dead;
}

static void mismatch(struct session *s, unsigned on, int64_t now)
{
    note(s, TRACE_MISMATCH, on, now);
    collect(s, on, now);
}

/* What was due does not come: that has failed. The probe tells whether it was held back. */
static void give_up(struct session *s, unsigned on, int64_t now)
{
    const struct op *probe = &s->program->probe;

    if (probe->bytes.len == 0 || !between_messages(s, on) || s->conn[on].fin_sent) {
        s->mode = SESSION_DONE;
        return;
    }
    note(s, TRACE_PROBE, on, now);
    s->mode = SESSION_PROBING;
    s->entered = now;
    s->written = 0;
    s->probe = probe->bytes;
    s->enough = s->program->ops[s->at].bytes.len + probe->answer.len;
    s->had = unread(&s->conn[on]).len;
    if (s->enough <= s->had) // how much is due, what has come is to tell
        s->enough = SIZE_MAX;
}

/* The op's limit has passed. */
static void late(struct session *s, unsigned on, int64_t now)
{
    note(s, TRACE_LATE, on, now)->number = now - s->entered;
    give_up(s, on, now);
}

/* Whether our end is all that may still move a server which owes us what we have said on another connection, and for which there is no probe. */
static bool only_end_is_left(const struct session *s, unsigned on)
{
    size_t asked = s->at;

    while (asked > 0 && s->program->ops[asked - 1].kind != OP_SEND)
        asked--;
    return asked > 0 && s->program->ops[asked - 1].on != on && s->program->us == PARTY_CLIENT && s->program->probe.bytes.len == 0 && between_messages(s, on) && !s->conn[on].fin_sent;
}

void session_proven(struct session *s, int64_t cost, int64_t now)
{
    const struct op *op = &s->program->ops[s->at];

    note(s, TRACE_PROVEN, op->on, now)->number = cost;
    if (s->mode == SESSION_PROBING && unread(&s->conn[op->on]).len == s->had)
        collect(s, op->on, now); // the probe has moved it to nothing: it may wait for our end
    else if (s->mode != SESSION_PLAYING)
        s->mode = SESSION_DONE; // no more will be collected
    else if (op->kind == OP_AWAIT_END || (op->kind == OP_SILENT && op->bytes.len == 0))
        next(s, now);
    else if (op->kind == OP_RECEIVE && only_end_is_left(s, op->on))
        collect(s, op->on, now);
    else
        give_up(s, op->on, now);
}

static struct want collecting(struct session *s, int64_t now)
{
    unsigned on = s->program->ops[s->at].on;
    struct session_connection *c = &s->conn[on];

    if (s->shut_when_collecting) {
        s->shut_when_collecting = false;
        return (struct want){ .kind = WANT_SHUTDOWN, .on = on };
    }
    if (c->fin || c->dead || now >= s->entered + s->limits.settle) {
        s->mode = SESSION_DONE;
        return (struct want){ .kind = WANT_DONE };
    }
    return wait_or_proof(s->entered + s->limits.settle);
}

static struct want probing(struct session *s, int64_t now)
{
    unsigned on = s->program->ops[s->at].on;
    struct session_connection *c = &s->conn[on];

    if (c->fin || c->dead || unread(c).len >= s->enough || now >= s->entered + s->limits.settle) {
        s->mode = SESSION_DONE;
        return (struct want){ .kind = WANT_DONE };
    }
    if (s->written < s->probe.len)
        return (struct want){ .kind = WANT_WRITE, .on = on, .bytes = bytes_slice(s->probe, s->written, SIZE_MAX) };
    return wait_or_proof(s->entered + s->limits.settle);
}

/* The next piece of the op's bytes: up to the next cut. */
static struct want piece(const struct session *s, const struct op *op)
{
    size_t end = op->bytes.len;

    for (size_t i = 0; i < op->cut_count; i++)
        if (op->cuts[i] > s->written) {
            end = op->cuts[i] < end ? op->cuts[i] : end;
            break;
        }
    return (struct want){ .kind = WANT_WRITE, .on = op->on, .alone = op->cut_count > 0,
                          .bytes = bytes_slice(op->bytes, s->written, end - s->written) };
}

static bool is_cut(const struct op *op, size_t at)
{
    for (size_t i = 0; i < op->cut_count; i++)
        if (op->cuts[i] == at)
            return true;
    return false;
}

/* Until when nothing is said, in a message of ours before which or amid which the conversation is to stand still. */
static int64_t idle_until(const struct session *s, const struct op *op)
{
    bool stands = op->idle && (s->written == 0 || is_cut(op, s->written));

    return stands ? s->said + op->idle : 0;
}

static bool any_paused(const struct session *s)
{
    for (unsigned on = 0; on < s->program->connection_count; on++)
        if (s->conn[on].paused && !s->conn[on].dead)
            return true;
    return false;
}

/* When a SEND, or what an op expects, is given up. While one connection is not read all may wait for it: then nothing may
 * stand still for longer than a step, however much is due. */
static int64_t deadline(const struct session *s)
{
    const struct op *op = &s->program->ops[s->at];
    bool sends = op->kind == OP_SEND;
    int64_t whole = sends ? INT64_MAX : s->entered + step_limit(s), stands = sends ? idle_until(s, op) : 0;
    int64_t still = (s->moved > stands ? s->moved : stands) + s->limits.step;

    return any_paused(s) && still < whole ? still : whole;
}

/* A message that may stand before the op in force has come: it becomes an op of its own, in front, and is over at once. */
static bool set_aside(struct session *s, struct session_connection *c, struct aside *a)
{
    size_t at = s->at;

    if (!program_set_aside(s->program, at, a, s->trace->keep))
        return false;
    for (size_t i = 0; i < s->trace->count; i++)
        s->trace->events[i].op += s->trace->events[i].op >= at; // what happened until now did so before the op that was due
    c->taken += match_op(unread(c), &s->program->ops[at], &s->program->profile, &c->table, &s->keep).len;
    s->at++; // and nothing else of the op in force has changed: neither what is said of it nor since when it is
    return true;
}

/* Whether something came in the place of what is due that may: then the program says so now. Else, in *comes, whether such a
 * thing has begun to come. */
static bool rearranged(struct session *s, const struct op *op, bool *comes)
{
    struct session_connection *c = &s->conn[op->on];
    SCRATCH(scratch);

    *comes = false;
    if ((!op->may_count && !op->group) || unread(c).len == 0)
        return false;
    if (!c->table)
        c->table = object_table_new(&s->keep);
    struct met met = program_meet(s->program, s->at, unread(c), c->table, &scratch);
    *comes = met.status == MATCH_MORE;
    if (met.status != MATCH_DONE)
        return false;
    if (met.aside)
        return set_aside(s, c, met.aside);
    program_swap(s->program, s->at, met.op);
    return true;
}

/* Looks whether what the op expects has come. True: it has, and is accounted for. */
static bool received(struct session *s, const struct op *op, int64_t now, struct want *want)
{
    struct session_connection *c = &s->conn[op->on];
    SCRATCH(scratch); // a long message is looked at often, and nothing but the table is wanted again

    if (!c->table)
        c->table = object_table_new(&s->keep);
    struct object_table *table = c->table;
    struct match m = match_op(unread(c), op, &s->program->profile, &table, &scratch);
    if (m.status == MATCH_DONE) {
        if (table != c->table) // the archive began anew: this time for good
            match_op(unread(c), op, &s->program->profile, &c->table, &s->keep);
        c->taken += m.len;
        program_learn(s->program, s->at, m.kept, s->trace->keep);
        return true;
    }
    bool comes;
    if (rearranged(s, op, &comes))
        return false; // look again
    if ((m.status == MATCH_MISMATCH && !comes) || c->fin || c->dead)
        mismatch(s, op->on, now);
    else if (now >= deadline(s))
        late(s, op->on, now);
    else
        *want = wait_or_proof(deadline(s));
    return false;
}

/* Reads again once the peer's words have piled up. */
static struct want resuming(const struct session *s, unsigned on, int64_t now)
{
    const struct session_connection *c = &s->conn[on];
    int64_t until = s->entered + s->limits.step;

    if (c->queued && until > c->since + s->limits.quiet)
        until = c->since + s->limits.quiet;
    if (now >= until || (c->queued && c->stuck))
        return (struct want){ .kind = WANT_RESUME, .on = on };
    return (struct want){ .kind = WANT_WAIT, .on = on, .until = until, .queue = true };
}

static struct want playing(struct session *s, int64_t now)
{
    static const struct want again = { .kind = WANT_WAIT, .until = INT64_MIN }; // the state has changed: look again
    const struct op *op = &s->program->ops[s->at];
    struct session_connection *c = &s->conn[op->on];
    struct want want = again;
    bool comes;

    switch (op->kind) {
    case OP_OPEN:
        if (c->dead) {
            s->mode = SESSION_DONE;
        } else if (c->open) {
            next(s, now);
        } else if (!c->asked) {
            c->asked = true;
            return (struct want){ .kind = WANT_OPEN, .on = op->on, .until = s->entered + s->limits.open };
        } else if (now >= s->entered + s->limits.open) {
            session_refused(s, op->on, ETIMEDOUT, now);
        } else {
            return wait_until(s->entered + s->limits.open);
        }
        return again;
    case OP_LISTEN:
        if (s->retried)
            return (struct want){ .kind = WANT_LISTEN, .on = op->on };
        if (now < s->entered + s->limits.open)
            return wait_until(s->entered + s->limits.open);
        if (s->refused) { // it says so once for all of them
            retried(s, now);
            return again;
        }
        note(s, TRACE_LATE, op->on, now)->number = now - s->entered;
        s->mode = SESSION_DONE;
        return again;
    case OP_SEND:
        if (s->written >= op->bytes.len)
            next(s, now);
        else if (c->dead)
            mismatch(s, op->on, now); // nobody is left to talk to
        else if (now < idle_until(s, op))
            return wait_until(idle_until(s, op));
        else if (now >= deadline(s))
            late(s, op->on, now);
        else if (op->apart && s->taken < s->written && is_cut(op, s->written))
            return (struct want){ .kind = WANT_TAKEN, .on = op->on };
        else
            return piece(s, op);
        return again;
    case OP_RECEIVE:
        if (received(s, op, now, &want))
            next(s, now);
        return want;
    case OP_SILENT:
        if (op->bytes.len == 0) { // no probe: wait
            if (rearranged(s, op, &comes))
                return again;
            bool over = c->fin || c->dead || now >= s->entered + s->limits.quiet;
            if (unread(c).len && (!comes || over))
                mismatch(s, op->on, now);
            else if (over) {
                note(s, TRACE_QUIET, op->on, now)->number = now - s->entered;
                next(s, now);
            } else {
                return wait_or_proof(s->entered + s->limits.quiet);
            }
            return again;
        }
        if (s->written < op->bytes.len && c->dead)
            mismatch(s, op->on, now);
        else if (s->written < op->bytes.len)
            return (struct want){ .kind = WANT_WRITE, .on = op->on,
                                  .bytes = bytes_slice(op->bytes, s->written, SIZE_MAX) };
        else if (received(s, op, now, &want))
            next(s, now);
        return want;
    case OP_PAUSE:
    case OP_RESUME:
        if (c->dead)
            next(s, now);
        else if (op->kind == OP_PAUSE)
            return (struct want){ .kind = WANT_PAUSE, .on = op->on };
        else
            return resuming(s, op->on, now);
        return again;
    case OP_SHUTDOWN:
        if (!c->fin_sent && !c->dead)
            return (struct want){ .kind = WANT_SHUTDOWN, .on = op->on };
        next(s, now);
        return again;
    case OP_RESET:
        if (!c->dead)
            return (struct want){ .kind = WANT_RESET, .on = op->on };
        next(s, now);
        return again;
    case OP_AWAIT_END:
        if (unread(c).len && op->whatever)
            c->taken = c->inbox.len;
        if (rearranged(s, op, &comes))
            return again;
        if (unread(c).len && !comes)
            mismatch(s, op->on, now);
        else if (c->fin || c->dead)
            next(s, now);
        else if (now >= s->entered + s->limits.end) {
            note(s, TRACE_LATE, op->on, now)->number = now - s->entered;
            next(s, now);
        } else {
            return wait_or_proof(s->entered + s->limits.end);
        }
        return again;
    case OP_AWAIT_RESET:
        if (c->dead)
            next(s, now);
        else if (unread(c).len || c->fin)
            mismatch(s, op->on, now);
        else if (now >= s->entered + s->limits.end)
            late(s, op->on, now);
        else
            return wait_until(s->entered + s->limits.end);
        return again;
    }
    return again;
}

struct want session_want(struct session *s, int64_t now)
{
    if (s->mode != SESSION_DONE && now >= s->began + s->whole)
        session_stopped(s, now);
    for (bool stood = false;;) {
        struct want want = { .kind = WANT_DONE };
        size_t at = s->at, mode = s->mode, noted = s->trace->count;
        if (s->mode == SESSION_DONE || s->at >= s->program->count)
            return want;
        if (s->mode == SESSION_PLAYING)
            want = playing(s, now);
        else if (s->mode == SESSION_PROBING)
            want = probing(s, now);
        else
            want = collecting(s, now);
        if (want.kind != WANT_WAIT)
            return want;
        if (want.until != INT64_MIN) {
            if (want.until > s->began + s->whole)
                want.until = s->began + s->whole;
            return want;
        }
        bool stands = s->at == at && s->mode == mode && s->trace->count == noted;
        assert(!stands || !stood); // two ops have changed places, and now the first is over; else it would be looked at for ever
        stood = stands;
    }
}
