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
#include <stdio.h>

#include "base/hex.h"
#include "check/check.h"
#include "replay/session.h"
#include "test_vector.h"
#include "verdict/verdict.h"

#define TALK                                                                                       \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'refusals': {'no': [ {'server': [{'word': 2}, {'word': {'any': true, 'as': 'cause'}}]} ]},\n" \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"
#define BLUNT                                                                                      \
    "{'format': 1, 'service': 'talk', 'no-first-control': 'it has none',"                          \
    " 'end': {'name': 'end', 'clauses': ['X-1']}}"

#define PING "{'control': 'ping'}"
#define ASK  "{'client': [{'word': 4}, {'dword': 7}]}"
#define TOLD "{'server': [{'word': 0}, {'dword': 8}]}"

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

static void conversation_load(const struct conversation *t, struct library *lib)
{
    static const char *const form =
        "{'format': 1, 'suite': 't', 'service': 'talk', 'cases': [\n"
        " {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [%s]}]}";
    char suite[2048];

    snprintf(suite, sizeof suite, form, t->steps);
    library_loads(t->service, suite, lib);
}

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

static void change_bytes(struct trial *trial)
{
    static const uint8_t flips[] = { 0x01, 0x20, 0x80, 0xff };

    for (size_t i = 0; i < trial->t->count; i++) {
        const struct trace_event *e = &trial->t->events[i];
        for (size_t at = 0; e->kind == TRACE_RECEIVED && at < e->data.len; at++) {
            SCRATCH(keep);
            struct trace t = copy(trial->t, &keep);
            size_t rest = e->data.len - at;
            uint8_t *data = arena_alloc(&keep, e->data.len + 1);
            if (!may_be_any(trial->p, e, at, &keep))
                for (size_t k = 0; k < COUNT_OF(flips); k++) {
                    memcpy(data, e->data.data, e->data.len);
                    data[at] ^= flips[k];
                    t.events[i].data = (struct bytes){ data, e->data.len };
                    must_not_pass(trial, &t, &keep, "a byte changed", i, at);
                }
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
        conversation_load(c, &lib);
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

static void change_all(const struct conversation *c, struct program *p, size_t *tried)
{
    static void (*const changes[])(struct trial *) = { change_bytes, change_events, move_before_requests, end_early };
    SCRATCH(keep);
    struct trace t = trace_right(p, &keep);
    struct trial trial = { c->label, p->delivery, p, &t, 0 };

    cr_expect(passes(verdict_of(p, &t, &keep)), "%s, %s: as it should be", c->label, p->delivery);
    for (size_t i = 0; i < COUNT_OF(changes); i++)
        changes[i](&trial);
    *tried += trial.tried;
}

Test(tester, no_change_of_a_passing_trace_passes, .timeout = 60)
{
    size_t tried[2] = { 0 };

    each_program(change_all, tried);
    cr_expect(gt(sz, tried[PARTY_CLIENT], 10000));
    cr_expect(gt(sz, tried[PARTY_SERVER], 3000), "%zu", tried[PARTY_SERVER]);
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

Test(tester, no_fault_of_a_peer_passes, .timeout = 60)
{
    size_t tried[2] = { 0 };

    each_program(fail_everywhere, tried);
    cr_expect(gt(sz, tried[PARTY_CLIENT], 3000), "%zu", tried[PARTY_CLIENT]);
    cr_expect(gt(sz, tried[PARTY_SERVER], 1000), "%zu", tried[PARTY_SERVER]);
}

/* ---- what is found, and the cause that is named ---- */

/* Events by op: "0 open, 1 >, 2 <0600, 2 mismatch, 2 over". > sends the op's bytes (>2: in two segments), ! the probe's. */
static void trace_read(const char *text, const struct program *p, struct trace *t, struct arena *keep)
{
    char *rest = arena_string(keep, text);
    int64_t us = 0;

    for (char *event; (event = strsep(&rest, ",")); us += 10) {
        char word[16] = "";
        unsigned op = 0;
        struct bytes bytes;
        cr_assert(sscanf(event, "%u %15s", &op, word) == 2, "%s", event);
        unsigned on = op < p->count ? p->ops[op].on : 0;
        if (*word == '>') {
            trace_add_data(t, TRACE_SENT, on, op, us, p->ops[op].bytes, word[1] ? word[1] - '0' : 1);
        } else if (*word == '!') {
            trace_add_data(t, TRACE_SENT, on, op, us, p->probe.bytes, 1);
        } else if (*word == '?') {
            trace_add_data(t, TRACE_RECEIVED, on, op, us, p->ops[op].kind == OP_SILENT ? p->ops[op].answer : p->probe.answer, 1);
        } else if (*word == '=') {
            trace_add_data(t, TRACE_RECEIVED, on, op, us, p->ops[op].bytes, 1);
        } else if (*word == '<') {
            cr_assert(hex_read(strchr(event, '<') + 1, keep, &bytes) == NULL, "%s", event);
            trace_add_data(t, TRACE_RECEIVED, on, op, us, bytes, 1);
        } else {
            enum trace_kind kind = TRACE_OPEN;
            while (kind < TRACE_OVER && (!trace_name(kind) || strcmp(trace_name(kind), word) != 0))
                kind++;
            cr_assert(strcmp(trace_name(kind), word) == 0, "%s", word);
            trace_add(t, kind, on, op, us);
        }
    }
}

/* All that did not pass: check axis grade cause, the wrong byte and its field. */
static const char *found(const struct program *p, const struct trace *t, struct arena *keep)
{
    struct findings f;
    TEXT(out);

    judge(p, t, keep, &f);
    for (size_t i = 0; i < f.count; i++) {
        const struct finding *one = &f.items[i];
        if (one->grade == GRADE_PASS)
            continue;
        text_printf(&out, "%s%s %s %s", out.b.len ? "; " : "", one->check.name, axis_name(one->axis), grade_name(one->grade));
        if (one->cause)
            text_printf(&out, " %s", one->cause);
        if (strcmp(one->cause ? one->cause : "", "reset") == 0 && one->check.level != LEVEL_MUST)
            text_printf(&out, " (%s)", level_name(one->check.level));
        if (one->at_byte) {
            text_printf(&out, " @%zu:%zu ", one->at, one->field);
            text_hex(&out, bytes_slice(one->expected, 0, 8), false);
            text_char(&out, '/');
            text_hex(&out, bytes_slice(one->got, 0, 8), false);
        }
        cr_expect(one->grade == GRADE_PASS_TIMED || (one->sentence && *one->sentence), "a sentence for %s", one->cause);
    }
    return arena_string(keep, text_string(&out));
}

#define SHOW(steps) "{'client': [{'word': 4}]}," steps
#define PAIR ASK "," TOLD

// clang-format off
static const struct finding_row {
    const char *label, *service, *steps, *trace, *found;
} finding_rows[] = {
    { "all is well",         TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 fin,5 over", "" },
    { "the last byte differs", TALK, PAIR, "0 open,1 >,2 <0000 08000001,2 mismatch,2 over",
      "reply data fail wrong-value @5:1 08000000/08000001" },
    { "in the first field",  TALK, PAIR, "0 open,1 >,2 <0300 08000000,2 mismatch,2 over",
      "reply data fail wrong-value @0:0 0000/0300" },
    { "big-endian",          TALK, PAIR, "0 open,1 >,2 <0000 00000008,2 mismatch,2 over",
      "reply data fail bytes-swapped @2:1 08000000/00000008" },
    { "big-endian, a word",  TALK, SHOW("{'server': [{'word': 4660}]}"), "0 open,1 >,2 <1234,2 mismatch,2 over",
      "reply data fail bytes-swapped @0:0 3412/1234" },
    { "big-endian both ways", TALK, "{'client': [{'dword': {'draw': {'min': 5, 'max': 5}, 'as': 'n'}}]},{'server': [{'dword': {'reuse': 'n', 'plus': 1}}]}",
                                   "0 open,1 >,2 <05000001,2 mismatch,2 over",
      "reply data fail bytes-swapped @0:0 06000000/05000001" },
    { "big-endian, a count", TALK, SHOW("{'server': [{'count': 70000}]}"), "0 open,1 >,2 <ffff 00011170,2 mismatch,2 over",
      "reply data fail bytes-swapped @2:0 ffff70110100/ffff00011170" },
    { "a count of 64 bits",  TALK, SHOW("{'server': [{'count': '0x100000000'}]}"), "0 open,1 >,2 <ffff ffffffff 0000000100000000,2 mismatch,2 over",
      "reply data fail bytes-swapped @9:0 ffffffffffff0000/ffffffffffff0000" },
    { "another such count",  TALK, SHOW("{'server': [{'count': '0x100000000'}]}"), "0 open,1 >,2 <ffff ffffffff 0000000002000000,2 mismatch,2 over",
      "reply data fail wrong-value @10:0 ffffffffffff0000/ffffffffffff0000" },
    { "a time of 64 bits",   TALK, SHOW("{'server': [{'time': 1}]}"), "0 open,1 >,2 <8000000a 0000000000000001,2 mismatch,2 over",
      "reply data fail bytes-swapped @0:0 0a00008001000000/8000000a" },
    { "all but its mark",    TALK, SHOW("{'server': [{'time': 1}]}"), "0 open,1 >,2 <0a000080 0000000000000001,2 mismatch,2 over",
      "reply data fail bytes-swapped @4:0 0a00008001000000/0a00008000000000" },
    { "without its marks",   TALK, SHOW("{'server': [{'count': 70000}]}"), "0 open,1 >,2 <0001 11700000,2 mismatch,2 over",
      "reply data fail wrong-value @0:0 ffff70110100/0001" },
    { "little-endian",       TALK, SHOW("{'server': [{'net16': 4660}]}"), "0 open,1 >,2 <3412,2 mismatch,2 over",
      "reply data fail bytes-swapped @0:0 1234/3412" },
    { "below its limit",     TALK, SHOW("{'server': [{'net16': {'any': true, 'min': 1}}]}"), "0 open,1 >,2 <0000,2 mismatch,2 over",
      "reply data fail differs @0:0 /0000" },
    { "beyond its limit",    TALK, SHOW("{'server': [{'byte': 1}, {'net16': {'any': true, 'max': 258}}]}"), "0 open,1 >,2 <010103,2 mismatch,2 over",
      "reply data fail differs @1:1 /0103" },
    { "fewer than nothing",  TALK, SHOW("{'server': [{'net32': {'any': true, 'as': 'n'}}, {'bytes': {'length': 'n', 'plus': -4}}]}"), "0 open,1 >,2 <00000003,2 mismatch,2 over",
      "reply data fail differs @4:1 /" },
    { "more than can be",    TALK, SHOW("{'server': [{'net32': {'any': true, 'as': 'n'}}, {'bytes': {'length': 'n'}}]}"), "0 open,1 >,2 <fffffff0 01,2 mismatch,2 over",
      "reply data fail differs @4:1 /" },
    { "a count in its longest form", TALK, SHOW("{'server': [{'count': '0x100000000'}]}"), "0 open,1 >,2 <ffff ffffffff 0000000002000000,2 mismatch,2 over",
      "reply data fail wrong-value @10:0 ffffffffffff0000/ffffffffffff0000" },
    { "elements big-endian", TALK, SHOW("{'server': [{'wordarray': [1, 2]}]}"), "0 open,1 >,2 <0200 0001 0002,2 mismatch,2 over",
      "reply data fail bytes-swapped @2:0 020001000200/020000010002" },
    { "many of them",        TALK, SHOW("{'server': [{'wordarray': {'unit': 7, 'times': 65536}}]}"), "0 open,1 >,2 <ffff 00010000 0007*65536,2 mismatch,2 over",
      "reply data fail bytes-swapped @3:0 ffff000001000700/ffff000100000007" },
    { "wide for narrow",     TALK, SHOW("{'server': [{'cstringa': 'ab'}]}"), "0 open,1 >,2 <fffeff 02 6100 6200,2 mismatch,2 over",
      "reply data fail string-width @0:0 026162/fffeff0261006200" },
    { "narrow for wide",     TALK, SHOW("{'server': [{'cstringw': 'ab'}]}"), "0 open,1 >,2 <02 6162,2 mismatch,2 over",
      "reply data fail string-width @0:0 fffeff0261006200/026162" },
    { "length in one byte",  TALK, SHOW("{'server': [{'cstringa': {'unit': 'x', 'times': 255}}]}"), "0 open,1 >,2 <ff 78*255,2 mismatch,2 over",
      "reply data fail length-escape @1:0 ffff007878787878/ff78787878787878" },
    { "two bytes before",    TALK, PAIR, "0 open,1 >,2 <7777 0000 08000000,2 mismatch,2 over",
      "reply data fail extra-bytes @0:0 0000/7777" },
    { "a refusal",           TALK, PAIR, "0 open,1 >,2 <0200 0500,2 mismatch,2 over",
      "reply data fail other-reply @0:0 0000/0200" },
    { "no string at all",    TALK, SHOW("{'server': [{'stringarray': {'any': true}}, {'word': 7}]}"), "0 open,1 >,2 <0000 0800,2 mismatch,2 over",
      "reply data fail wrong-value @2:1 0700/0800" },

    { "nothing comes",       TALK, PAIR, "0 open,1 >,2 late,2 over",
      "reply data fail no-answer" },
    { "nothing, probed",     TALK, PAIR, "0 open,1 >,2 late,2 probe,2 !,2 over",
      "reply data fail no-answer" },
    { "half of it",          TALK, PAIR, "0 open,1 >,2 <0000 08,2 late,2 over",
      "reply data fail no-answer @3:1 08000000/08" },
    { "held back",           TALK, PAIR, "0 open,1 >,2 late,2 probe,2 !,2 =,2 ?,2 over",
      "reply data fail held-back" },
    { "our end brings something else", TALK, PAIR, "0 open,1 >,2 proven,2 probe,2 !,2 proven,2 fin-sent,2 <0200 0300,2 fin,2 over",
      "reply data fail no-answer" },
    { "… or another end", TALK, PAIR, "0 open,1 >,2 proven,2 probe,2 !,2 proven,2 fin-sent,2 fin,2 over",
      "reply data fail no-answer" },
    { "… or a RST", TALK, PAIR, "0 open,1 >,2 proven,2 probe,2 !,2 proven,2 fin-sent,2 reset,2 over",
      "reply data fail no-answer" },
    { "half of it, and nothing at our end", TALK, PAIR, "0 open,1 >,2 <0000 08,2 proven,2 probe,2 !,2 proven,2 fin-sent,2 fin,2 over",
      "reply data fail no-answer @3:1 08000000/08" },
    { "held back until our end", TALK, PAIR, "0 open,1 >,2 proven,2 probe,2 !,2 proven,2 fin-sent,2 =,2 ?,2 over",
      "reply data fail held-back" },
    { "its rest held back",  TALK, PAIR, "0 open,1 >,2 <0000,2 late,2 probe,2 !,2 <08000000,2 over",
      "reply data fail held-back" },
    { "passed over",         TALK, PAIR, "0 open,1 >,2 late,2 probe,2 !,2 ?,2 over",
      "reply data fail no-answer @2:1 08000000/2869ae8d" },
    { "an end instead",      TALK, PAIR, "0 open,1 >,2 fin,2 mismatch,2 over",
      "reply data fail ended-early" },
    { "a RST instead",       TALK, PAIR, "0 open,1 >,2 reset,2 mismatch,2 over",
      "reply data fail reset" },
    { "before it was asked", TALK, PAIR, "0 open,1 <0000 08000000,1 >,3 fin-sent,4 fin,5 over",
      "reply data fail spoke-unasked" },
    { "a RST while we speak", TALK, PAIR, "0 open,1 reset,1 mismatch,1 over",
      "send end fail reset" },
    { "it takes nothing",    TALK, PAIR, "0 open,1 stopped,1 over",
      "send data fail stuck" },
    { "stopped",             TALK, PAIR, "0 open,1 >,2 stopped,2 over",
      "reply data inconclusive stopped" },
    { "refused",             TALK, PAIR, "0 refused,0 over",
      "open life fail refused" },
    { "a flood",             TALK, PAIR, "0 open,1 cut-off,1 over",
      "played life fail flood" },

    { "a byte behind it all", TALK, PAIR, "0 open,1 >,2 <0000 08000000 ff,3 fin-sent,4 mismatch,4 over",
      "end end fail extra-bytes @0:0 /ff" },
    { "a byte behind it all, later", TALK, PAIR, "0 open,1 >,2 =,3 <ff,3 fin-sent,4 mismatch,4 over",
      "end end fail stray-bytes @0:0 /ff" },
    { "the reply again behind it all", TALK, PAIR, "0 open,1 >,2 =,3 <0000 08000000,3 fin-sent,4 mismatch,4 over",
      "end end fail repeated @0:0 /000008000000" },
    { "a number too long, seen behind it all", TALK, PAIR, "0 open,1 >,2 <0000 08000000 00000000,3 fin-sent,4 mismatch,4 over",
      "end end fail wrong-size @0:0 /00000000" },
    { "bytes behind that are no such number", TALK, PAIR, "0 open,1 >,2 =,3 <01000000,3 fin-sent,4 mismatch,4 over",
      "end end fail stray-bytes @0:0 /01000000" },
    { "a byte behind, before the next request", TALK, PAIR "," ASK ",{'server': [{'word': 0}, {'dword': 8}], 'check': 'second'}", "0 open,1 >,2 <0000 08000000 ff,4 <0000 08000000,3 >,4 mismatch,4 over",
      "second data fail extra-bytes @0:0 0000/ff00" },
    { "the next reply, before its request", TALK, PAIR "," ASK ",{'server': [{'word': 0}, {'dword': 9}], 'check': 'second'}", "0 open,1 >,2 <0000 08000000 0000 09000000,3 >,5 fin-sent,6 fin,7 over",
      "second data fail spoke-unasked" },

    { "a RST at the end",    TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 reset,5 over",
      "end end fail reset" },
    { "a RST behind its FIN", TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 fin,5 reset,5 over",
      "end end fail reset" },
    { "a RST of the kernel's, perhaps", TALK, SHOW("{'end': 'server'},{'end': 'client'}"), "0 open,0 >,1 fin,2 fin-sent,3 reset,3 forgotten,3 over",
      "end end fail reset (should)" },
    { "a RST of the peer's for a FIN of ours", TALK, SHOW("{'end': 'server'},{'end': 'client'}"), "0 open,0 >,1 fin,2 fin-sent,3 reset,3 over",
      "end end fail reset" },
    { "a RST of the peer's before a FIN of ours", TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 fin,4 reset,4 forgotten,5 over",
      "end end fail reset" },
    { "it never ends",       TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 late,5 over",
      "end end fail never-ends" },
    { "it ends too late",    TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 late,4 fin,5 over",
      "end end fail never-ends" },
    { "it ends when it was proven idle", TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 proven,4 fin,5 over",
      "end end fail never-ends" },
    { "proven that nothing comes", TALK, PAIR, "0 open,1 >,2 proven,2 probe,2 !,2 over",
      "reply data fail no-answer" },
    { "proven, and held back", TALK, PAIR, "0 open,1 >,2 proven,2 probe,2 !,2 =,2 ?,2 over",
      "reply data fail held-back" },
    { "a silence proven",    BLUNT, PAIR ",{'silent': 'server'}", "0 open,1 >,2 =,3 proven,4 fin-sent,5 fin,6 over", "" },
    { "and refuted",         BLUNT, PAIR ",{'silent': 'server'}", "0 open,1 >,2 =,3 proven,4 <07,4 fin-sent,5 mismatch,5 over",
      "silent data fail proof-refuted; end end fail stray-bytes @0:0 /07" },
    { "an answer to the second probe", TALK, PING ",{'silent': 'server'}", "0 open,1 >,2 =,3 >,3 late,3 probe,3 !,3 ?,3 over",
      "silent data fail held-back" },
    { "it ends before us",   TALK, PING ",{'end': 'client'}", "0 open,1 >,2 =,2 fin,3 fin-sent,5 over",
      "end end fail ended-early" },
    { "it does not try again", TALK, "{'listen': 'client'}," PING, "0 late,0 over",
      "retries life fail no-retry" },
    { "it ends, and was to reset", TALK, PING ",{'reset': 'server'}", "0 open,1 >,2 =,3 fin,3 mismatch,3 over",
      "reset end fail no-reset" },
    { "it resets before us", TALK, PING ",{'reset': 'client'}", "0 open,1 >,2 =,3 reset,4 over",
      "reset end fail reset" },
    { "a byte before we reset", TALK, PING ",{'reset': 'client'}", "0 open,1 >,2 =,3 <01,3 reset-sent,4 over",
      "reset end fail stray-bytes @0:0 /01" },
    { "its end, whatever came before", TALK, PING ",{'end': 'server', 'before': 'anything'}", "0 open,1 >,2 =,3 <01,3 fin,4 fin-sent,5 over", "" },
    { "its end by a RST, as allowed", TALK, PING ",{'end': 'server', 'before': 'anything'}", "0 open,1 >,2 =,3 reset,5 over", "" },
    { "its end only behind ours", TALK, PING ",{'end': 'server', 'before': 'anything'}", "0 open,1 >,2 =,3 late,4 fin-sent,4 fin,5 over",
      "end end fail never-ends" },
    { "its end proven not to come", TALK, PING ",{'end': 'server', 'before': 'anything'}", "0 open,1 >,2 =,3 proven,4 fin-sent,4 reset,5 over",
      "end end fail never-ends" },
    { "no end at all, whatever came", TALK, PING ",{'end': 'server', 'before': 'anything'}", "0 open,1 >,2 =,3 <01,3 late,4 fin-sent,5 over",
      "end end fail never-ends" },
    { "more before we reset, as allowed", TALK, PING ",{'reset': 'client', 'before': 'anything'}", "0 open,1 >,2 =,3 <01,3 reset-sent,4 over", "" },
    { "its reset is not allowed", TALK, PING ",{'reset': 'client', 'before': 'anything'}", "0 open,1 >,2 =,3 <01,3 reset,4 over",
      "reset end fail reset" },
    { "owed when we reset",  TALK, PING "," ASK ",{'reset': 'client'}", "0 open,1 >,2 =,3 >,4 <0000,4 reset-sent,5 over", "" },

    { "silent",              TALK, PING ",{'silent': 'server'}", "0 open,1 >,2 =,3 >,3 ?,4 fin-sent,5 fin,6 over", "" },
    { "a byte in a silence", TALK, PING ",{'silent': 'server'}", "0 open,1 >,2 =,3 <07,3 >,3 mismatch,3 ?,3 over",
      "silent data fail spoke-unasked @0:0 /07" },
    { "other words in a silence", TALK, PING ",{'silent': 'server'}", "0 open,1 >,2 =,3 >,3 <070707,3 mismatch,3 over",
      "silent data fail spoke-unasked @0:0 /070707" },
    { "a silence without an answer", TALK, PING ",{'silent': 'server'}", "0 open,1 >,2 =,3 >,3 late,3 over",
      "silent data fail no-answer" },
    { "waited for",          BLUNT, PAIR ",{'silent': 'server'}", "0 open,1 >,2 =,3 quiet,4 fin-sent,5 fin,6 over",
      "silent data pass-timed" },
    { "a byte before the wait was over", BLUNT, PAIR ",{'silent': 'server'}", "0 open,1 >,2 =,3 <07,3 quiet,4 fin-sent,5 mismatch,5 over",
      "silent data fail spoke-unasked @0:0 /07; end end fail stray-bytes @0:0 /07" },
    { "a byte while we wait", BLUNT, PAIR ",{'silent': 'server'}", "0 open,1 >,2 =,3 <07,3 mismatch,3 over",
      "silent data fail spoke-unasked @0:0 /07" },
    { "a failed control",    TALK, PING, "0 open,1 >,2 <0000 00000000,2 mismatch,2 over",
      "reply data fail wrong-value @2:1 5b036050/00000000" },
};
// clang-format on

Test(check, names_what_it_found, .timeout = 20)
{
    for (const struct finding_row *t = finding_rows; t < finding_rows + COUNT_OF(finding_rows); t++) {
        SCRATCH(keep);
        struct library lib;
        struct trace trace = { .keep = &keep };
        const struct conversation c = { t->label, t->service, t->steps };
        conversation_load(&c, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        trace_read(t->trace, &p, &trace, &keep);
        cr_expect(eq(str, (char *)found(&p, &trace, &keep), (char *)t->found), "%s", t->label);
        library_free(&lib);
    }
}

/* Who answers only behind the probe may have read more than was said: with a DWORD of eight bytes, for one. */
Test(check, what_came_late_may_have_waited_for_more, .timeout = 20)
{
    SCRATCH(keep);
    struct library lib;
    struct trace trace = { .keep = &keep };
    struct findings f;
    bool told = false;
    const struct conversation c = { "", TALK, ASK ",{'server': [{'word': 0}, {'dword': {'any': true}}]}" };

    conversation_load(&c, &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
    trace_read("0 open,1 >,2 late,2 probe,2 !,2 =,2 ?,2 over", &p, &trace, &keep);
    judge(&p, &trace, &keep, &f);
    for (size_t i = 0; i < f.items[0].other_count; i++)
        told |= strcmp(f.items[0].others[i].cause, "wrong-size") == 0;
    cr_expect(eq(str, (char *)f.items[0].cause, "held-back"));
    cr_expect(told);
    library_free(&lib);
}

/* A delivery may join a request with the beginning of the next: what is owed for it may come before the rest of that one has been sent. */
Test(check, a_reply_to_what_was_joined_with_a_part_is_not_unasked, .timeout = 20)
{
    static const struct {
        const char *trace, *found;
    } rows[] = {
        { "0 open,1 >,2 >,3 =,4 =,5 fin-sent,6 fin,7 over", "" },
        { "0 open,1 >,2 <0700,2 >,4 =,5 fin-sent,6 fin,7 over", "" },
        { "0 open,1 <0700,1 >,2 >,4 =,5 fin-sent,6 fin,7 over", "first data fail spoke-unasked" },
    };
    const struct conversation c = { "", TALK, "{'client': [{'word': 1}]},{'client': [{'word': 2}], 'part': true},{'client': [{'word': 3}]},"
                                              "{'server': [{'word': 7}], 'check': 'first'},{'server': [{'word': 8}], 'check': 'second'}" };
    struct library lib;
    size_t met = 0;

    conversation_load(&c, &lib);
    for (uint64_t seed = 1; seed < 64; seed++) {
        SCRATCH(keep);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        delivery_find("random")->apply(&p, seed, &keep);
        if (p.count != 7 || p.ops[1].message_count != 1 || p.ops[1].whole || p.ops[2].kind != OP_SEND)
            continue;
        met++;
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            struct trace t = { .keep = &keep };
            trace_read(rows[i].trace, &p, &t, &keep);
            cr_expect(eq(str, (char *)found(&p, &t, &keep), (char *)rows[i].found), "%s", rows[i].trace);
        }
    }
    library_free(&lib);
    cr_expect(gt(sz, met, 0));
}

/* A delivery may put a request before the reply to another, and leave the next where it is: what is owed for the first may then
 * come before the next has been sent, and what is owed for the next may not. */
Test(check, a_reply_to_what_was_joined_ahead_is_not_unasked, .timeout = 20)
{
    static const struct {
        const char *trace, *found;
    } rows[] = {
        { "0 open,1 >,2 =,3 >,4 =,5 =,6 fin-sent,7 fin,8 over", "" },
        { "0 open,1 >,2 =,3 <0800,3 >,5 =,6 fin-sent,7 fin,8 over", "" },
        { "0 open,1 <0700,1 >,3 >,4 =,5 =,6 fin-sent,7 fin,8 over", "reply data fail spoke-unasked" },
    };
    const struct conversation c = { "", TALK, "{'client': [{'word': 1}]},{'server': [{'word': 7}]},{'client': [{'word': 2}]},{'client': [{'word': 3}]},"
                                              "{'server': [{'word': 8}], 'check': 'second'},{'server': [{'word': 9}], 'check': 'third'}" };
    struct library lib;
    size_t met = 0;

    conversation_load(&c, &lib);
    for (uint64_t seed = 1; seed < 64; seed++) {
        SCRATCH(keep);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        delivery_find("random")->apply(&p, seed, &keep);
        if (p.count != 8 || p.ops[1].message_count != 1 || p.ops[2].kind != OP_RECEIVE || p.ops[3].kind != OP_SEND)
            continue;
        met++;
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            struct trace t = { .keep = &keep };
            trace_read(rows[i].trace, &p, &t, &keep);
            cr_expect(eq(str, (char *)found(&p, &t, &keep), (char *)rows[i].found), "%s", rows[i].trace);
        }
    }
    cr_expect(gt(sz, met, 0));
    library_free(&lib);
}

/* ---- genuine defects ---- */

#define GENUINE(list)                                                                              \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']}, 'genuine': [" list "],\n"                        \
    " 'refusals': {'no': [ {'server': [{'word': 2}, {'word': {'any': true, 'as': 'cause'}}]} ]},\n" \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"
#define DEFECT(profile, more) "{'profile': '" profile "', " more ", 'clause': 'X-1', 'why': 'it is old'}"
#define HANGS  GENUINE(DEFECT("<=6.0", "'outcome': 'hangs'"))
#define RAISES GENUINE(DEFECT("<=6.0", "'outcome': 'raises', 'cause': 3"))
#define ENDS   GENUINE(DEFECT("<=6.0", "'outcome': 'ends'"))
#define ANY    "'outcome': ['hangs', 'raises', 'ends', 'differs']"
#define LATE   "0 open,1 >,2 late,2 over"

// clang-format off
static const struct genuine_row {
    const char *label, *service, *steps, *profile, *delivery, *trace, *found;
} genuine_rows[] = {
    { "it hangs",              HANGS, PAIR, "generation=6.0", "plain", LATE, "reply data as-genuine no-answer" },
    { "it does better",        HANGS, PAIR, "generation=6.0", "plain", "0 open,1 >,2 =,3 fin-sent,4 fin,5 over", "" },
    { "a later one hangs",     HANGS, PAIR, "generation=7.0", "plain", LATE, "reply data fail no-answer" },
    { "it wakes up",           HANGS, PAIR, "generation=6.0", "plain", "0 open,1 >,2 late,2 probe,2 !,2 =,2 ?,2 over", "reply data as-genuine held-back" },
    { "it was to hang, and raises", HANGS, PAIR, "generation=6.0", "plain", "0 open,1 >,2 <0200 0300,2 mismatch,2 over", "reply data fail false-end @0:0 0000/0200" },
    { "it was to hang, and ends", HANGS, PAIR, "generation=6.0", "plain", "0 open,1 >,2 fin,2 mismatch,2 over", "reply data fail ended-early" },
    { "a control hangs",       HANGS, PING, "generation=6.0", "plain", LATE, "reply data as-genuine no-answer" },
    { "it raises",             RAISES, PAIR, "generation=6.0", "plain", "0 open,1 >,2 <0200 0300,2 mismatch,2 over", "reply data as-genuine false-end @0:0 0000/0200" },
    { "with another cause",    RAISES, PAIR, "generation=6.0", "plain", "0 open,1 >,2 <0200 0500,2 mismatch,2 over", "reply data fail other-reply @0:0 0000/0200" },
    { "other bytes come",      RAISES, PAIR, "generation=6.0", "plain", "0 open,1 >,2 <0700 0300,2 mismatch,2 over", "reply data fail differs @0:0 0000/0700" },
    { "it raises where another cause was due", RAISES, ASK ",{'server': [{'word': 2}], 'check': 'refused'},{'server': [{'word': 5}], 'check': 'cause'}", "generation=6.0", "plain",
                               "0 open,1 >,2 =,3 <0300,3 mismatch,3 over", "cause data as-genuine wrong-value @0:0 0500/0300" },
    { "it raises at the second of two", RAISES, "{'client': [{'word': 4}]},{'client': [{'word': 4}]},{'server': [{'word': 0}]},{'server': [{'word': 0}], 'check': 'second'}", "generation=6.0", "plain",
                               "0 open,1 >,2 >,3 =,4 <0200 0300,4 mismatch,4 over", "second data as-genuine false-end @0:0 0000/0200" },
    { "it ends",               ENDS, PAIR, "generation=6.0", "plain", "0 open,1 >,2 fin,2 mismatch,2 over", "reply data as-genuine ended-early" },
    { "it resets",             ENDS, PAIR, "generation=6.0", "plain", "0 open,1 >,2 reset,2 mismatch,2 over", "reply data as-genuine reset" },
    { "it was to end, and hangs", ENDS, PAIR, "generation=6.0", "plain", LATE, "reply data fail no-answer" },
    { "in another delivery",   GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'deliveries': ['bytewise']")), PAIR, "generation=6.0", "plain", LATE, "reply data fail no-answer" },
    { "in that delivery",      GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'deliveries': ['bytewise']")), PAIR, "generation=6.0", "bytewise", LATE, "reply data as-genuine no-answer" },
    { "cut",                   GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'cut': true}")), PAIR, "generation=6.0", "bytewise", LATE, "reply data as-genuine no-answer" },
    { "not cut",               GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'cut': true}")), PAIR, "generation=6.0", "plain", LATE, "reply data fail no-answer" },
    { "cut by the network",    GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'cut': true}")), PAIR, "generation=6.0", "plain", "0 open,1 >2,2 late,2 over", "reply data as-genuine no-answer" },
    { "cut, ends amid it",     GENUINE(DEFECT("<=6.0", "'outcome': 'ends', 'when': {'cut': true}")), PAIR, "generation=6.0", "bytewise", "0 open,1 >1,1 >1,1 reset,1 mismatch,1 over", "send end as-genuine reset" },
    { "ends amid one segment", GENUINE(DEFECT("<=6.0", "'outcome': 'ends', 'when': {'cut': true}")), PAIR, "generation=6.0", "plain", "0 open,1 >,1 reset,1 mismatch,1 over", "send end fail reset" },
    { "long enough",           GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'bytes': 5}")), "{'client': [{'raw:5': '00*5'}]}," TOLD, "generation=6.0", "plain", LATE, "reply data as-genuine no-answer" },
    { "not long enough",       GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'bytes': 5}")), "{'client': [{'raw:4': '00*4'}]}," TOLD, "generation=6.0", "plain", LATE, "reply data fail no-answer" },
    { "wide to narrow",        GENUINE(DEFECT("<=6.0", ANY ", 'when': {'other-width': true}")), "{'client': [{'cstringw': 'a'}]}," TOLD, "generation=6.0,charset=ansi", "plain", LATE, "reply data as-genuine no-answer" },
    { "passed over, which is no hang", GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'other-width': true}")), "{'client': [{'cstringw': 'a'}]}," TOLD, "generation=6.0,charset=ansi", "plain", "0 open,1 >,2 late,2 probe,2 !,2 ?,2 over", "reply data fail no-answer @2:1 08000000/2869ae8d" },
    { "wide to wide",          GENUINE(DEFECT("<=6.0", ANY ", 'when': {'other-width': true}")), "{'client': [{'cstringw': 'a'}]}," TOLD, "generation=6.0,charset=unicode", "plain", LATE, "reply data fail no-answer" },
    { "its own width",         GENUINE(DEFECT("<=6.0", ANY ", 'when': {'other-width': true}")), "{'client': [{'cstring': 'a'}]}," TOLD, "generation=6.0,charset=unicode", "plain", LATE, "reply data fail no-answer" },
    { "wide in raw bytes",     GENUINE(DEFECT("<=6.0", ANY ", 'when': {'other-width': true}")), "{'client': [{'bytes': '05 fffeff 01'}]}," TOLD, "generation=6.0,charset=ansi", "plain", LATE, "reply data as-genuine no-answer" },
    { "wide by its length",    GENUINE(DEFECT("<=6.0", ANY ", 'when': {'other-width': true}")), "{'client': [{'bytes': '05 ffffffffffffff 01'}]}," TOLD, "generation=6.0,charset=ansi", "plain", LATE, "reply data as-genuine no-answer" },
    { "no longer so in 8",     GENUINE(DEFECT("<=8", ANY ", 'when': {'other-width': true}")), "{'client': [{'bytes': '05 ffffffffffffff 01'}]}," TOLD, "generation=8,charset=ansi", "plain", LATE, "reply data fail no-answer" },
    { "the type",              GENUINE(DEFECT("<=7.0", ANY ", 'when': {'loads': ['bytearray', 'CByteArray']}")), "{'client': [{'bytearray': [1]}]}," TOLD, "generation=7.0", "plain", LATE, "reply data as-genuine no-answer" },
    { "empty",                 GENUINE(DEFECT("<=7.0", ANY ", 'when': {'loads': ['bytearray', 'CByteArray']}")), "{'client': [{'bytearray': []}]}," TOLD, "generation=7.0", "plain", LATE, "reply data fail no-answer" },
    { "another type",          GENUINE(DEFECT("<=7.0", ANY ", 'when': {'loads': ['bytearray', 'CByteArray']}")), "{'client': [{'wordarray': [1]}]}," TOLD, "generation=7.0", "plain", LATE, "reply data fail no-answer" },
    { "the class",             GENUINE(DEFECT("<=7.0", ANY ", 'when': {'loads': ['bytearray', 'CByteArray']}")), "{'client': [{'obarray': '[CAge(1),CByteArray[1,2]]'}]}," TOLD, "generation=7.0", "plain", LATE, "reply data as-genuine no-answer" },
    { "another class",         GENUINE(DEFECT("<=7.0", ANY ", 'when': {'loads': ['bytearray', 'CByteArray']}")), "{'client': [{'obarray': '[CAge(1)]'}]}," TOLD, "generation=7.0", "plain", LATE, "reply data fail no-answer" },
    { "said only behind it",   GENUINE(DEFECT("<=7.0", ANY ", 'when': {'loads': ['bytearray']}")), ASK "," TOLD ",{'client': [{'bytearray': [1]}]}", "generation=7.0", "plain", LATE, "reply data fail no-answer" },
};
// clang-format on

Test(check, tells_what_genuine_mfc_does_from_failures, .timeout = 20)
{
    for (const struct genuine_row *t = genuine_rows; t < genuine_rows + COUNT_OF(genuine_rows); t++) {
        SCRATCH(keep);
        struct library lib;
        struct trace trace = { .keep = &keep };
        const struct conversation c = { t->label, t->service, t->steps };
        conversation_load(&c, &lib);
        struct program p = program_of(&lib, "t-1", t->profile, PARTY_CLIENT, t->delivery, &keep);
        trace_read(t->trace, &p, &trace, &keep);
        cr_expect(eq(str, (char *)found(&p, &trace, &keep), (char *)t->found), "%s", t->label);
        library_free(&lib);
    }
}

/* The case's own entry says from which check on. */
Test(check, a_genuine_defect_begins_at_its_check, .timeout = 10)
{
    static const char *const suite =
        "{'format': 1, 'suite': 't', 'service': 'talk', 'cases': [\n"
        " {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'genuine': [" DEFECT("<=6.0", "'check': 'second', 'outcome': 'hangs'") "],"
        "  'steps': [" ASK "," TOLD "," ASK ",{'server': [{'word': 0}, {'dword': 8}], 'check': 'second'}," PING "]}]}";
    static const struct {
        const char *label, *trace, *found;
    } rows[] = {
        { "before", LATE, "reply data fail no-answer" },
        { "there",  "0 open,1 >,2 =,3 >,4 late,4 over", "second data as-genuine no-answer" },
        { "behind, in a control", "0 open,1 >,2 =,3 >,4 =,5 >,6 late,6 over", "reply data as-genuine no-answer" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct findings f;
        struct trace trace = { .keep = &keep };
        library_must(TALK, suite, &lib);
        struct program p = program_of(&lib, "t-1", "generation=6.0", PARTY_CLIENT, "plain", &keep);
        trace_read(rows[i].trace, &p, &trace, &keep);
        cr_expect(eq(str, (char *)found(&p, &trace, &keep), (char *)rows[i].found), "%s", rows[i].label);
        judge(&p, &trace, &keep, &f);
        cr_expect(eq(int, verdict_fold(&f, true), i ? VERDICT_AS_GENUINE : VERDICT_FAIL), "%s", rows[i].label);
        library_free(&lib);
    }
}

/* What a peer keeps until more comes is counted: what had been asked for, whole, and nothing else. */
Test(check, counts_what_was_held_back, .timeout = 10)
{
    static const char steps[] = "{'client': [{'word': 4}, {'dword': 7}, {'word': 4}, {'dword': 7}]}," TOLD ",{'server': [{'word': 0}, {'dword': 8}], 'check': 'second'}";
    static const struct {
        const char *trace, *ends;
    } rows[] = {
        { "0 open,1 >,2 late,2 probe,2 !,2 <0000 08000000,2 over", ": a complete message was held back until more bytes arrived" },
        { "0 open,1 >,2 late,2 probe,2 !,2 <0000 08000000 0000 08000000,2 over", ": 2 complete messages were held back until more bytes arrived" },
        { "0 open,1 >,2 late,2 probe,2 !,2 <0000 08000000 0000 080000,2 over", ": a complete message was held back until more bytes arrived" },
        { "0 open,1 >,2 late,2 probe,2 !,2 <0000 08000000 0000 09000000,2 over", ": a complete message was held back until more bytes arrived" },
    };
    const struct conversation c = { "", TALK, steps };
    struct library lib;

    conversation_load(&c, &lib);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct trace t = { .keep = &keep };
        struct findings f;
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        trace_read(rows[i].trace, &p, &t, &keep);
        judge(&p, &t, &keep, &f);
        const char *sentence = NULL;
        for (size_t k = 0; k < f.count && !sentence; k++)
            sentence = f.items[k].sentence;
        cr_expect(sentence && strstr(sentence, rows[i].ends), "%s: %s", rows[i].trace, sentence);
    }
    library_free(&lib);
}

Test(check, tells_a_rst_behind_a_fin_from_one_in_its_place, .timeout = 10)
{
    static const struct {
        const char *trace, *begins;
    } rows[] = {
        { "0 open,1 >,2 =,3 fin-sent,4 reset,5 over", "the connection ended with a RST, not with FIN" },
        { "0 open,1 >,2 =,3 fin-sent,4 fin,5 reset,5 over", "the peer reset the connection behind its FIN" },
    };
    const struct conversation c = { "", TALK, PAIR };
    struct library lib;

    conversation_load(&c, &lib);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct trace t = { .keep = &keep };
        struct findings f;
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        trace_read(rows[i].trace, &p, &t, &keep);
        judge(&p, &t, &keep, &f);
        cr_expect(strncmp(f.items[f.count - 1].sentence, rows[i].begins, strlen(rows[i].begins)) == 0, "%s", f.items[f.count - 1].sentence);
    }
    library_free(&lib);
}

Test(check, keeps_what_was_asked_for_by_name, .timeout = 10)
{
    SCRATCH(keep);
    struct library lib;
    struct trace t = { .keep = &keep }, cut = { .keep = &keep };
    const struct conversation c = { "", TALK, ASK ",{'server': [{'word': {'any': true, 'as': 'a'}}, {'cstringa': {'any': true, 'as': 's'}}]}" };

    conversation_load(&c, &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
    trace_read("0 open,1 >,2 <0700 02 6162,3 fin-sent,4 fin,5 over", &p, &t, &keep);
    cr_expect(eq(u64, judge_kept(&p, &t, "a", &keep)->number, 7));
    cr_expect(bytes_equal(judge_kept(&p, &t, "s", &keep)->data, bytes_of("ab")));
    cr_expect(judge_kept(&p, &t, "x", &keep) == NULL);
    trace_read("0 open,1 >,2 <0700 02 61,2 late,2 over", &p, &cut, &keep);
    cr_expect(judge_kept(&p, &cut, "a", &keep) == NULL);
    library_free(&lib);
}

/* ---- verdicts ---- */

#define F(g, l, c) { .grade = GRADE_##g, .check = { .level = LEVEL_##l }, .control = (c) }

Test(verdict, folds_findings, .timeout = 10)
{
    const struct {
        const char *label;
        struct finding findings[3];
        size_t count;
        enum verdict easy, strict;
    } rows[] = {
        { "nothing",            { F(PASS, MUST, NULL) }, 0,                                                    VERDICT_INCONCLUSIVE, VERDICT_INCONCLUSIVE },
        { "a pass",             { F(PASS, MUST, NULL) }, 1,                                      VERDICT_PASS, VERDICT_PASS },
        { "a timed one, too",   { F(PASS, MUST, NULL), F(PASS_TIMED, MUST, NULL) }, 2,           VERDICT_PASS_TIMED, VERDICT_PASS_TIMED },
        { "in the other order", { F(PASS_TIMED, MUST, NULL), F(PASS, MUST, NULL) }, 2,           VERDICT_PASS_TIMED, VERDICT_PASS_TIMED },
        { "as genuine",         { F(PASS_TIMED, MUST, NULL), F(AS_GENUINE, MUST, NULL) }, 2,     VERDICT_AS_GENUINE, VERDICT_AS_GENUINE },
        { "as genuine, of should", { F(AS_GENUINE, SHOULD, NULL), F(PASS, MUST, NULL) }, 2,      VERDICT_AS_GENUINE, VERDICT_AS_GENUINE },
        { "a control, as genuine", { F(PASS, MUST, NULL), F(AS_GENUINE, MUST, "c") }, 2,         VERDICT_AS_GENUINE, VERDICT_AS_GENUINE },
        { "as genuine and a failure", { F(AS_GENUINE, MUST, NULL), F(FAIL, MUST, NULL) }, 2,     VERDICT_FAIL, VERDICT_FAIL },
        { "declared",           { F(AS_GENUINE, MUST, NULL), F(DECLARED, MUST, NULL) }, 2,       VERDICT_DECLARED, VERDICT_DECLARED },
        { "a control, as declared", { F(DECLARED, MUST, "c"), F(PASS, MUST, NULL) }, 2,          VERDICT_DECLARED, VERDICT_DECLARED },
        { "declared and a should", { F(DECLARED, MUST, NULL), F(FAIL, SHOULD, NULL) }, 2,        VERDICT_WARN, VERDICT_FAIL },
        { "declared and a failure", { F(FAIL, MUST, NULL), F(DECLARED, MUST, NULL) }, 2,         VERDICT_FAIL, VERDICT_FAIL },
        { "a failure",          { F(PASS, MUST, NULL), F(FAIL, MUST, NULL), F(PASS, MUST, NULL) }, 3, VERDICT_FAIL, VERDICT_FAIL },
        { "of should",          { F(FAIL, SHOULD, NULL), F(PASS_TIMED, MUST, NULL) }, 2,         VERDICT_WARN, VERDICT_FAIL },
        { "of may",             { F(FAIL, MAY, NULL) }, 1,                                       VERDICT_WARN, VERDICT_FAIL },
        { "of should and must", { F(FAIL, MUST, NULL), F(FAIL, SHOULD, NULL) }, 2,               VERDICT_FAIL, VERDICT_FAIL },
        { "a control",          { F(FAIL, MUST, "c") }, 1,                                       VERDICT_INCONCLUSIVE, VERDICT_INCONCLUSIVE },
        { "a control of may",   { F(FAIL, MAY, "c") }, 1,                                        VERDICT_INCONCLUSIVE, VERDICT_INCONCLUSIVE },
        { "a control behind a failure", { F(FAIL, MUST, NULL), F(FAIL, MUST, "c") }, 2,          VERDICT_INCONCLUSIVE, VERDICT_INCONCLUSIVE },
        { "a control that passed", { F(PASS, MUST, "c"), F(FAIL, MUST, NULL) }, 2,               VERDICT_FAIL, VERDICT_FAIL },
        { "stopped",            { F(PASS, MUST, NULL), F(INCONCLUSIVE, MUST, NULL) }, 2,         VERDICT_INCONCLUSIVE, VERDICT_INCONCLUSIVE },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct findings f = { (struct finding *)rows[i].findings, rows[i].count };
        cr_expect(eq(int, verdict_fold(&f, false), rows[i].easy), "%s", rows[i].label);
        cr_expect(eq(int, verdict_fold(&f, true), rows[i].strict), "%s, strict", rows[i].label);
    }
}

Test(verdict, the_worse_of_two_is_the_cases, .timeout = 10)
{
    static const enum verdict rising[] = { VERDICT_SKIPPED, VERDICT_UNSUPPORTED, VERDICT_PASS, VERDICT_PASS_TIMED, VERDICT_AS_GENUINE, VERDICT_DECLARED, VERDICT_WARN,
                                           VERDICT_NOT_RUN, VERDICT_UNSTABLE, VERDICT_FAIL, VERDICT_INCONCLUSIVE, VERDICT_ERROR };

    cr_expect(eq(sz, COUNT_OF(rising), VERDICT_COUNT));
    for (size_t i = 0; i < COUNT_OF(rising); i++)
        for (size_t k = 0; k < COUNT_OF(rising); k++)
            cr_expect(eq(int, verdict_worse(rising[i], rising[k]), rising[i > k ? i : k]));
    for (size_t i = 0; i < COUNT_OF(rising); i++)
        cr_expect(eq(int, verdict_is_bad(rising[i]), rising[i] == VERDICT_UNSTABLE || rising[i] == VERDICT_FAIL || rising[i] == VERDICT_INCONCLUSIVE || rising[i] == VERDICT_ERROR));
}
