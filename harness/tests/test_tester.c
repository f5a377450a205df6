/*
 * Judging, and above all the tester tested: from conversations that pass, whatever a peer could have done otherwise
 * must not pass.
 *
 * A conversation comes about in two ways. Its trace is written by hand from the program, as it would be with a peer
 * that does all that is due; or a session plays it against a peer made of the same program, which then does one thing
 * wrong.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

#include "replay/session.h"
#include "talk.h"
#include "verdict/verdict.h"

// clang-format off
static const struct conversation {
    const char *label, *service, *steps;
} conversations[] = {
    { "one exchange",       TALK,  ASK "," TOLD },
    { "controls around",    TALK,  PING "," ASK "," TOLD "," PING },
    { "two at once",        TALK,  "{'client': [{'word': 4}, {'dword': 7}, {'word': 4}, {'dword': 8}]}," TOLD
                                   ",{'server': [{'word': 0}, {'dword': 9}], 'check': 'second'}" },
    { "probed silence",     TALK,  PING ",{'client': [{'word': 5}]},{'silent': 'server'}," PING },
    { "silence at the end", TALK,  PING ",{'silent': 'server'}" },
    { "timed silence",      BLUNT, ASK "," TOLD ",{'silent': 'server'}" },
    { "timed silence amid", BLUNT, ASK ",{'silent': 'server'}," ASK ",{'server': [{'word': 0}, {'dword': 8}, {'word': 0}, {'dword': 9}]}" },
    { "half-close",         TALK,  PING "," ASK ",{'end': 'client'}," TOLD ",{'end': 'server'}" },
    { "only half-closed",   TALK,  PING ",{'end': 'client'},{'end': 'server'}" },
    { "server ends first",  TALK,  PING ",{'client': [{'word': 8}]},{'server': [{'word': 0}]},{'end': 'server'},{'end': 'client'}" },
    { "server speaks first", BLUNT, "{'server': [{'cstringa': 'hello'}]}," ASK ",{'server': [{'word': 0}, {'dword': 8}], 'check': 'second'}" },
    { "server only ends",   BLUNT, "{'server': [{'dword': 1}]},{'end': 'server'}" },
    { "a message in parts", TALK,  PING ",{'client': [{'word': 4}], 'part': true},{'client': [{'dword': 7}]}," TOLD },
    { "silence in a part",  TALK,  PING ",{'client': [{'word': 4}], 'part': true},{'silent': 'server'},{'client': [{'dword': 7}]}," TOLD },
    { "two connections",    TALK,  "{'control': 'ping', 'on': 'a'},{'control': 'ping', 'on': 'b'},"
                                   "{'client': [{'word': 4}, {'dword': 7}], 'on': 'a'},{'client': [{'word': 4}, {'dword': 9}], 'on': 'b'},"
                                   "{'server': [{'word': 0}, {'dword': 10}], 'on': 'b'},{'server': [{'word': 0}, {'dword': 8}], 'on': 'a', 'check': 'a'}" },
    { "we reset",           TALK,  "{'control': 'ping', 'on': 'a'},{'control': 'ping', 'on': 'b'},{'reset': 'client', 'on': 'a'},{'control': 'ping', 'on': 'b'}" },
    { "we reset, alone",    TALK,  PING ",{'reset': 'client'}" },
    { "it resets",          TALK,  PING ",{'client': [{'word': 9}]},{'reset': 'server'}" },
    { "any in between",     TALK,  ASK ",{'server': [{'word': 0}, {'byte': {'any': true}}, {'cstringa': {'any': true}}, {'dword': 8}]}," PING },
    { "not read for a while", TALK, PING ",{'pause': 'client'}," ASK ",{'resume': 'client'}," TOLD "," PING },
    { "one is not read",    TALK,  "{'open': 'client', 'on': 'a'},{'pause': 'client', 'on': 'a'},{'control': 'ping', 'on': 'b'},"
                                   "{'client': [{'word': 4}, {'dword': 7}], 'on': 'a'},{'control': 'ping', 'on': 'b'},{'resume': 'client', 'on': 'a'},"
                                   "{'server': [{'word': 0}, {'dword': 8}], 'on': 'a'}" },
    { "in turn",            TALK,  "{'client': [{'word': 1}]},{'silent': 'client'},{'server': [{'word': 2}]},{'client': [{'word': 3}]},{'silent': 'client'},"
                                   "{'server': [{'word': 4}], 'check': 'second'},{'end': 'client'},{'end': 'server'}" },
    { "a farewell",         TALK,  "{'open': 'client', 'on': 'a'},{'client': [{'word': 1}], 'on': 'b'},{'silent': 'client', 'on': 'a'},{'server': [{'word': 2}], 'on': 'a'},"
                                   "{'silent': 'server', 'on': 'b'},{'client': [{'word': 3}], 'on': 'b'},{'silent': 'client', 'on': 'b'},{'server': [{'word': 4}], 'on': 'b', 'check': 'bye'},"
                                   "{'end': 'server', 'on': 'b'},{'end': 'client', 'on': 'b'}" },
    { "as many as it tells", TALK, ASK ",{'server': [{'net16': {'any': true, 'as': 'n', 'max': 3}}, {'bytes': {'length': 'n', 'plus': 1}}, {'dword': 8}]}," PING },
    { "told and said again", TALK, ASK ",{'server': [{'word': {'any': true, 'as': 'id'}}]},{'client': [{'word': 5}, {'word': {'reuse': 'id'}}]},"
                                   "{'server': [{'word': {'reuse': 'id', 'plus': 1}}], 'check': 'again'}," PING },
    { "strings and arrays", TALK,  PING ",{'client': [{'cstringw': 'wide'}]},{'server': [{'cstring': 'text'}, {'wordarray': [1, 2]}, {'rect': [1, 2, 3, 4]}]}," PING },
};
// clang-format on

/* ---- traces as they are with a peer that does all that is due ---- */

static struct bytes answer_make(struct bytes due, const struct fields *fields, const struct profile *p, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer made = { 0 };
    struct value *any = ARENA_ARRAY(keep, fields->count, struct value), *v = any;

    for (size_t i = 0; i < fields->count; i++) {
        const struct field *f = &fields->items[i];
        if (f->any) {
            struct random chance = random_for(1, "any", i);
            struct type_ref of = f->of;
            if (f->measured)
                of.size = any[f->measure].number + f->plus;
            value_draw(&chance, of, 1, 3, keep, v);
            value_store(&made, p, NULL, v++);
        } else {
            buffer_append(&made, due.data + f->at, f->len);
        }
    }
    return arena_bytes(keep, buffer_bytes(&made));
}

static struct trace trace_right(const struct program *p, struct arena *keep)
{
    struct trace t = { .keep = keep };

    for (size_t i = 0; i < p->count; i++) {
        const struct op *op = &p->ops[i];
        int64_t us = 10 * (int64_t)i;
        switch (op->kind) {
        case OP_OPEN:
            trace_add(&t, TRACE_OPEN, op->on, i, us);
            break;
        case OP_LISTEN:
            trace_add(&t, TRACE_RETRIED, op->on, i, us);
            break;
        case OP_SEND:
            trace_add_data(&t, TRACE_SENT, op->on, i, us, op->bytes, 1);
            break;
        case OP_RECEIVE:
            trace_add_data(&t, TRACE_RECEIVED, op->on, i, us, answer_make(op->bytes, &op->fields, &p->profile, keep), 0);
            break;
        case OP_SILENT:
            if (op->bytes.len == 0) {
                trace_add(&t, TRACE_QUIET, op->on, i, us)->number = 100000;
                break;
            }
            trace_add_data(&t, TRACE_SENT, op->on, i, us, op->bytes, 1);
            trace_add_data(&t, TRACE_RECEIVED, op->on, i, us, answer_make(op->answer, &op->answer_fields, &p->profile, keep), 0);
            break;
        case OP_SHUTDOWN:
            trace_add(&t, TRACE_FIN_SENT, op->on, i, us);
            break;
        case OP_RESET:
            trace_add(&t, TRACE_RESET_SENT, op->on, i, us);
            break;
        case OP_AWAIT_END:
            trace_add(&t, TRACE_FIN, op->on, i, us);
            break;
        case OP_AWAIT_RESET:
            trace_add(&t, TRACE_RESET, op->on, i, us)->number = 104;
            break;
        case OP_PAUSE:
            trace_add(&t, TRACE_PAUSED, op->on, i, us);
            break;
        case OP_RESUME:
            trace_add(&t, TRACE_RESUMED, op->on, i, us);
            break;
        }
    }
    trace_add(&t, TRACE_OVER, 0, p->count, 10 * (int64_t)p->count);
    return t;
}

static struct trace copy(const struct trace *t, struct arena *keep)
{
    struct trace out = { .keep = keep, .count = t->count, .room = t->count };

    out.events = ARENA_ARRAY(keep, t->count, struct trace_event);
    memcpy(out.events, t->events, t->count * sizeof *t->events);
    return out;
}

static void event_remove(struct trace *t, size_t at)
{
    memmove(t->events + at, t->events + at + 1, (t->count - at - 1) * sizeof *t->events);
    t->count--;
}

static void event_insert(struct trace *t, size_t at, struct trace_event e)
{
    trace_add(t, e.kind, e.on, e.op, e.us);
    memmove(t->events + at + 1, t->events + at, (t->count - 1 - at) * sizeof *t->events);
    t->events[at] = e;
}

static enum verdict verdict_of(const struct program *p, const struct trace *t, struct arena *keep)
{
    struct findings f;

    judge(p, t, keep, &f);
    return verdict_fold(&f, false);
}

static bool passes(enum verdict v)
{
    return !verdict_is_bad(v);
}

/* Whether a byte of op's message may be any. offset counts in what came. */
static bool may_be_any(const struct program *p, const struct trace_event *e, size_t offset, struct arena *keep)
{
    const struct op *op = &p->ops[e->op];

    if (op->kind != OP_RECEIVE)
        return false;
    for (size_t i = 0; i < op->fields.count; i++)
        if (op->fields.items[i].any)
            break;
        else if (i + 1 == op->fields.count)
            return false;
    struct bytes other = arena_bytes(keep, e->data);
    ((uint8_t *)other.data)[offset] ^= 0x20;
    return match_fields(other, op->bytes, &op->fields, &p->profile, NULL, keep).status == MATCH_DONE;
}

struct trial {
    const char *label, *delivery;
    const struct program *p;
    const struct trace *t;
    size_t tried;
};

static void must_not_pass(struct trial *trial, const struct trace *t, struct arena *keep, const char *what, size_t event, size_t at)
{
    trial->tried++;
    cr_expect(not(passes(verdict_of(trial->p, t, keep))), "%s, %s: passes with %s, event %zu, byte %zu", trial->label,
              trial->delivery, what, event, at);
}

static void must_pass(struct trial *trial, const struct trace *t, struct arena *keep, const char *what)
{
    cr_expect(passes(verdict_of(trial->p, t, keep)), "%s, %s: does not pass with %s", trial->label, trial->delivery, what);
}

static void flip_bytes(struct trial *trial)
{
    static const uint8_t flips[] = { 0x01, 0x20, 0x80, 0xff };

    for (size_t i = 0; i < trial->t->count; i++) {
        const struct trace_event *e = &trial->t->events[i];
        for (size_t at = 0; e->kind == TRACE_RECEIVED && at < e->data.len; at++) {
            SCRATCH(keep);
            if (may_be_any(trial->p, e, at, &keep))
                continue;
            struct trace t = copy(trial->t, &keep);
            uint8_t *data = arena_alloc(&keep, e->data.len);
            for (size_t k = 0; k < COUNT_OF(flips); k++) {
                memcpy(data, e->data.data, e->data.len);
                data[at] ^= flips[k];
                t.events[i].data = (struct bytes){ data, e->data.len };
                must_not_pass(trial, &t, &keep, "a byte changed", i, at);
            }
        }
    }
}

static void drop_and_add_bytes(struct trial *trial)
{
    for (size_t i = 0; i < trial->t->count; i++) {
        const struct trace_event *e = &trial->t->events[i];
        for (size_t at = 0; e->kind == TRACE_RECEIVED && at < e->data.len; at++) {
            SCRATCH(keep);
            struct trace t = copy(trial->t, &keep);
            size_t rest = e->data.len - at;
            uint8_t *data = arena_alloc(&keep, e->data.len + 1);
            memcpy(data, e->data.data, at);
            memcpy(data + at, e->data.data + at + 1, rest - 1);
            t.events[i].data = (struct bytes){ data, e->data.len - 1 };
            must_not_pass(trial, &t, &keep, "a byte dropped", i, at);
            memcpy(data, e->data.data, at);
            memcpy(data + at + 1, e->data.data + at, rest);
            data[at] = 0;
            t.events[i].data = (struct bytes){ data, e->data.len + 1 };
            must_not_pass(trial, &t, &keep, "a zero added", i, at);
            data[at] = e->data.data[at];
            must_not_pass(trial, &t, &keep, "a byte doubled", i, at);
            memcpy(data, e->data.data, e->data.len);
            data[e->data.len] = 0xff;
            must_not_pass(trial, &t, &keep, "a byte added behind", i, at);
        }
    }
}

static void change_events(struct trial *trial)
{
    for (size_t i = 0; i < trial->t->count; i++) {
        SCRATCH(keep);
        const struct trace_event *e = &trial->t->events[i];
        struct trace t = copy(trial->t, &keep);
        struct trace_event other = *e;
        static const enum trace_kind giving_up[] = { TRACE_LATE, TRACE_PROVEN };
        for (size_t k = 0; k < COUNT_OF(giving_up); k++)
            if (e->kind == TRACE_RECEIVED || e->kind == TRACE_FIN || e->kind == TRACE_RESET) {
                event_insert(&t, i, (struct trace_event){ .kind = giving_up[k], .on = e->on, .op = e->op, .us = e->us });
                must_not_pass(trial, &t, &keep, "it given up before", i, k);
                event_remove(&t, i);
            }
        switch (e->kind) {
        case TRACE_RECEIVED:
            event_remove(&t, i);
            must_not_pass(trial, &t, &keep, "a message lost", i, 0);
            event_insert(&t, i, *e);
            event_insert(&t, i, *e);
            must_not_pass(trial, &t, &keep, "a message doubled", i, 0);
            event_remove(&t, i);
            if (trial->p->connection_count > 1) {
                t.events[i].on ^= 1;
                must_not_pass(trial, &t, &keep, "a message on another connection", i, 0);
            }
            break;
        case TRACE_QUIET:
            event_remove(&t, i);
            must_not_pass(trial, &t, &keep, "a silence not waited for", i, 0);
            other = (struct trace_event){ .kind = TRACE_RECEIVED, .on = e->on, .op = e->op, .us = e->us, .data = BYTES(0) };
            event_insert(&t, i, other);
            must_not_pass(trial, &t, &keep, "a byte in a silence", i, 0);
            event_insert(&t, i + 1, *e);
            must_not_pass(trial, &t, &keep, "a byte before a silence", i, 0);
            event_remove(&t, i);
            t.events[i].kind = TRACE_PROVEN;
            must_pass(trial, &t, &keep, "a proven silence");
            event_insert(&t, i + 1, other);
            must_not_pass(trial, &t, &keep, "a byte behind a proof", i, 0);
            break;
        case TRACE_FIN:
            t.events[i].kind = TRACE_RESET;
            must_not_pass(trial, &t, &keep, "a RST for a FIN", i, 0);
            event_insert(&t, i, *e);
            must_not_pass(trial, &t, &keep, "a RST behind a FIN", i, 0);
            event_remove(&t, i);
            event_remove(&t, i);
            must_not_pass(trial, &t, &keep, "no FIN", i, 0);
            break;
        case TRACE_RESET:
            t.events[i].kind = TRACE_FIN;
            must_not_pass(trial, &t, &keep, "a FIN for a RST", i, 0);
            event_remove(&t, i);
            must_not_pass(trial, &t, &keep, "no RST", i, 0);
            break;
        case TRACE_OPEN:
            t.events[i].kind = TRACE_REFUSED;
            must_not_pass(trial, &t, &keep, "a refusal", i, 0);
            break;
        case TRACE_RESET_SENT:
            t.events[i].kind = TRACE_RESET;
            must_not_pass(trial, &t, &keep, "a RST of theirs for ours", i, 0);
            break;
        case TRACE_OVER:
            event_remove(&t, i);
            must_not_pass(trial, &t, &keep, "a trace cut short", i, 0);
            break;
        default:
            break;
        }
    }
}

/* Each message as it would have come before it was asked for. */
static void move_before_requests(struct trial *trial)
{
    for (size_t i = 0; i < trial->t->count; i++) {
        SCRATCH(keep);
        const struct trace_event *e = &trial->t->events[i];
        if (e->kind != TRACE_RECEIVED)
            continue;
        // To before the SENDs that stand in a row before it, past messages that are owed for the same row.
        size_t to = i;
        bool asked = false;
        for (size_t k = i; k-- > 0;) {
            const struct trace_event *before = &trial->t->events[k];
            if (before->on != e->on)
                continue;
            if (before->kind == TRACE_SENT) {
                to = k;
                asked = true;
            } else if (asked || (before->kind != TRACE_RECEIVED && before->kind != TRACE_FIN_SENT &&
                                 before->kind != TRACE_PAUSED && before->kind != TRACE_RESUMED)) {
                break;
            }
        }
        if (!asked)
            continue;
        struct trace t = copy(trial->t, &keep);
        event_remove(&t, i);
        event_insert(&t, to, *e);
        must_not_pass(trial, &t, &keep, "a message before its request", i, 0);
    }
}

/* A play that ended at any op, for any reason, is no pass. */
static void end_early(struct trial *trial)
{
    static const enum trace_kind why[] = { TRACE_OVER, TRACE_STOPPED, TRACE_MISMATCH, TRACE_LATE, TRACE_CUT_OFF };

    for (size_t k = 0; k < COUNT_OF(why); k++)
        for (size_t op = 0; op < trial->p->count; op++)
            for (size_t more = 0; more < 2; more++) {
                SCRATCH(keep);
                struct trace t = { .keep = &keep };
                for (size_t i = 0; i < trial->t->count && trial->t->events[i].op < op + more; i++)
                    *trace_add(&t, 0, 0, 0, 0) = trial->t->events[i];
                if (why[k] != TRACE_OVER)
                    trace_add(&t, why[k], trial->p->ops[op].on, op, 1000);
                trace_add(&t, TRACE_OVER, 0, op, 1000);
                must_not_pass(trial, &t, &keep, "an early end", op, k);
            }
}

/* Calls for each conversation as a program: every delivery, and from the server's side where it can be played. */
static void each_program(void (*run)(const struct conversation *c, struct program *p, size_t *tried), size_t *tried)
{
    for (const struct conversation *c = conversations; c < conversations + COUNT_OF(conversations); c++) {
        struct library lib;
        talk_load(c->service, c->steps, &lib);
        bool served = !vector_unserved(&lib.suites[0].vectors[0], &profile_default);
        for (enum party us = PARTY_CLIENT; us <= (served ? PARTY_SERVER : PARTY_CLIENT); us++)
            for (size_t d = 0; d < delivery_count; d++) {
                SCRATCH(keep);
                struct program p = program_of(&lib, "t-1", "bits=64", us, delivery_table[d].name, &keep);
                run(c, &p, &tried[us]);
            }
        library_free(&lib);
    }
}

/* The ways in which a trace is changed, and at least how many changes there are by each, by who we are. Each is a test of its
   own, so that they run side by side. */
static const struct change_row {
    const char *label;
    void (*change)(struct trial *trial);
    size_t least[2];
} change_rows[] = {
    { "bytes flipped", flip_bytes, { 10000, 3000 } },
    { "bytes dropped and added", drop_and_add_bytes, { 10000, 3000 } },
    { "events", change_events, { 3000, 1500 } },
    { "messages before their requests", move_before_requests, { 400, 16 } },
    { "early ends", end_early, { 15000, 7000 } },
};

static const struct change_row *change_row;

static void change_all(const struct conversation *c, struct program *p, size_t *tried)
{
    SCRATCH(keep);
    struct trace t = trace_right(p, &keep);
    struct trial trial = { c->label, p->delivery, p, &t, 0 };

    cr_expect(passes(verdict_of(p, &t, &keep)), "%s, %s: as it should be", c->label, p->delivery);
    change_row->change(&trial);
    *tried += trial.tried;
}

ParameterizedTestParameters(tester, no_change_of_a_passing_trace_passes)
{
    static size_t rows[COUNT_OF(change_rows)];

    for (size_t i = 0; i < COUNT_OF(change_rows); i++)
        rows[i] = i;
    return cr_make_param_array(size_t, rows, COUNT_OF(change_rows));
}

ParameterizedTest(size_t *index, tester, no_change_of_a_passing_trace_passes, .timeout = 180)
{
    size_t tried[2] = { 0 };

    change_row = &change_rows[*index];
    each_program(change_all, tried);
    for (enum party us = PARTY_CLIENT; us <= PARTY_SERVER; us++)
        cr_expect(ge(sz, tried[us], change_row->least[us]), "%s, we are the %s: %zu", change_row->label, party_name(us), tried[us]);
}

/* ---- plays against a peer that does one thing wrong ---- */

enum fault { FLIP, DROP, ADD, HOLD, HUSH, FIN, RST, EARLY, END_BY_RST, NEVER_END, FAULTS };
static const char *const fault_names[] = { "flips byte", "drops byte", "adds a byte before byte", "holds back from byte",
                                           "is mute from byte", "ends before byte", "resets before byte",
                                           "speaks unasked, message", "ends by RST, end", "never ends, end" };

/* A peer made of the program: it waits for what is sent and says what is due, but for its fault. */
struct model {
    const struct program *p;
    struct arena *keep;
    enum fault fault;
    size_t where;                 // byte, message or end at which it happens; SIZE_MAX never
    size_t at, got;               // the op in force, and bytes of it that have come
    size_t bytes, messages, ends; // told so far
    bool dead[SESSION_CONNECTIONS], held;
};

/* Says a message from its place on, byte for byte where the fault is. False: it says no more for now. */
static bool say(struct model *m, struct session *s, unsigned on, struct bytes all, int64_t now)
{
    CLEANUP(buffer_free) struct buffer out = { 0 };
    bool end = false, reset = false, goes_on = true;

    for (size_t i = 0; i < all.len; i++, m->bytes++) {
        uint8_t byte = all.data[i];
        if (m->bytes == m->where) {
            if (m->fault == DROP)
                continue;
            end = m->fault == FIN;
            reset = m->fault == RST;
            if (end || reset || m->fault == HUSH) {
                goes_on = false;
                break;
            }
            if (m->fault == HOLD && !m->held) {
                m->held = true;
                m->got = 0;
            }
            if (m->fault == ADD)
                buffer_append(&out, "", 1);
            byte ^= m->fault == FLIP ? 0x20 : 0;
        }
        buffer_append(&out, &byte, 1);
    }
    if (out.len)
        session_received(s, on, buffer_bytes(&out), now);
    if (end)
        session_fin(s, on, now);
    if (reset)
        session_reset(s, on, 104, now);
    m->dead[on] |= end || reset;
    if (m->fault == HUSH && !goes_on)
        m->dead[on] = true;
    return goes_on;
}

/* Does what the program has for it, as far as it goes. True when something happened. */
static bool pump(struct model *m, struct session *s, int64_t now)
{
    const struct op *op = &m->p->ops[m->at];
    struct session_connection *c = &s->conn[op->on];
    struct bytes due;

    if (m->at == m->p->count || m->dead[op->on] || m->held)
        return false;
    switch (op->kind) {
    case OP_OPEN:
    case OP_LISTEN:
        if (!c->open)
            return false;
        break;
    case OP_SEND:
    case OP_RECEIVE:
    case OP_SILENT:
        if (op->kind != OP_RECEIVE) {
            bool early = m->fault == EARLY && m->messages == m->where && m->at + 1 < m->p->count && op->kind == OP_SEND &&
                         m->p->ops[m->at + 1].kind == OP_RECEIVE && m->p->ops[m->at + 1].on == op->on && m->got == 0;
            if (!early && m->got < op->bytes.len)
                return false;
            m->got -= early ? 0 : op->bytes.len;
            if (early)
                m->fault = FAULTS;
        }
        if (op->kind == OP_SEND)
            break;
        due = op->kind == OP_RECEIVE ? answer_make(op->bytes, &op->fields, &m->p->profile, m->keep)
                                     : answer_make(op->answer, &op->answer_fields, &m->p->profile, m->keep);
        m->messages++;
        if (m->fault == HOLD && m->bytes <= m->where && m->where < m->bytes + due.len) {
            m->held = true; // until more comes
            m->got = 0;
            return false;
        }
        if (!say(m, s, op->on, due, now))
            return true;
        break;
    case OP_SHUTDOWN:
        if (!c->fin_sent)
            return false;
        break;
    case OP_RESET:
        if (!c->dead)
            return false;
        break;
    case OP_AWAIT_END:
        if (m->fault == NEVER_END && m->ends == m->where)
            return false;
        if (m->fault == END_BY_RST && m->ends++ == m->where) {
            session_reset(s, op->on, 104, now);
            m->dead[op->on] = true;
            return true;
        }
        m->ends += m->fault == NEVER_END;
        session_fin(s, op->on, now);
        break;
    case OP_AWAIT_RESET:
        session_reset(s, op->on, 104, now);
        m->dead[op->on] = true;
        break;
    case OP_PAUSE:
    case OP_RESUME:
        if (c->paused != (op->kind == OP_PAUSE))
            return false;
        break;
    }
    m->at++;
    return true;
}

/* More has come while it held back: now it says what it kept. */
static void let_go(struct model *m, struct session *s, int64_t now)
{
    const struct op *op = &m->p->ops[m->at];

    m->held = false;
    m->fault = FAULTS;
    m->got = 0;
    struct bytes due = op->kind == OP_SILENT ? op->answer : op->bytes;
    session_received(s, op->on, due, now);
    m->at = m->p->count;
}

/* A program of a play's own: what the peer tells is put into it. */
static struct program *copy_of(const struct program *p, struct arena *keep)
{
    struct program *own = ARENA_NEW(keep, struct program);

    *own = *p;
    own->ops = ARENA_ARRAY(keep, p->count + 1, struct op); // one behind the last is looked at
    memcpy(own->ops, p->ops, p->count * sizeof *p->ops);
    for (size_t i = 0; i < p->count; i++) {
        struct fields *f = &own->ops[i].fields;
        struct field *items = ARENA_ARRAY(keep, f->count, struct field);
        if (f->count)
            memcpy(items, f->items, f->count * sizeof *items);
        f->items = items;
    }
    return own;
}

static enum verdict play(const struct program *whole, enum fault fault, size_t where, struct model *m, struct arena *keep)
{
    struct trace t = { .keep = keep };
    struct session s;
    int64_t now = 0;
    size_t turns = 0;
    struct program *p = copy_of(whole, keep);

    *m = (struct model){ .p = p, .keep = keep, .fault = fault, .where = where };
    session_init(&s, p, &t, &limits_default, now);
    for (struct want w; (w = session_want(&s, now)).kind != WANT_DONE;) {
        cr_assert(lt(sz, turns++, 100000), "%s: the session does not end", p->vector->id);
        switch (w.kind) {
        case WANT_OPEN:
            session_opened(&s, w.on, ++now);
            break;
        case WANT_LISTEN:
            session_listening(&s, now);
            break;
        case WANT_WRITE:
            session_sent(&s, w.on, w.bytes, 1, ++now);
            m->got += w.bytes.len;
            if (m->held)
                let_go(m, &s, ++now);
            break;
        case WANT_SHUTDOWN:
            session_shut(&s, w.on, ++now);
            break;
        case WANT_RESET:
            session_did_reset(&s, w.on, ++now);
            break;
        case WANT_PAUSE:
            session_paused(&s, w.on, ++now);
            break;
        case WANT_TAKEN:
            session_taken(&s, w.on, 1, ++now);
            break;
        case WANT_RESUME:
            session_resumed(&s, w.on, ++now);
            break;
        case WANT_WAIT:
            now = now < w.until ? w.until : now;
            break;
        case WANT_DONE:
            break;
        }
        while (pump(m, &s, now))
            now++;
    }
    session_over(&s, now);
    session_release(&s);
    return verdict_of(p, &t, keep);
}

static void fail_everywhere(const struct conversation *c, struct program *p, size_t *tried)
{
    SCRATCH(keep);
    bool any = strstr(c->steps, "any") != NULL;
    struct model m, right;

    cr_expect(passes(play(p, FAULTS, SIZE_MAX, &right, &keep)), "%s, %s: as it should be", c->label, p->delivery);
    for (enum fault f = 0; f < FAULTS; f++) {
        size_t places = f <= RST ? right.bytes : f == EARLY ? right.messages : 2;
        for (size_t at = 0; at < places; at++) {
            SCRATCH(scratch);
            enum verdict v = play(p, f, at, &m, &scratch);
            bool happened = f <= HUSH ? !(any && f == FLIP) : f == FIN || f == RST || m.fault != f || m.at < p->count;
            *tried += happened;
            cr_expect(not(happened && passes(v)), "%s, %s, %s: passes when the peer %s %zu", c->label, party_name(p->us), p->delivery,
                      fault_names[f], at);
        }
    }
}

Test(tester, no_fault_of_a_peer_passes, .timeout = 180)
{
    size_t tried[2] = { 0 };

    each_program(fail_everywhere, tried);
    cr_expect(gt(sz, tried[PARTY_CLIENT], 3000), "%zu", tried[PARTY_CLIENT]);
    cr_expect(gt(sz, tried[PARTY_SERVER], 1000), "%zu", tried[PARTY_SERVER]);
}
