/*
 * What a judge sees in a trace, function by function, on conversations made by hand.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/text.h"
#include "check/judging.h"

/* Two connections; what is behind each event is its index. */
static struct op ops[] = {
    { .kind = OP_OPEN, .on = 0 }, { .kind = OP_SEND, .on = 0, .whole = true }, { .kind = OP_RECEIVE, .on = 0 },
    { .kind = OP_OPEN, .on = 1 }, { .kind = OP_SEND, .on = 1, .whole = true }, { .kind = OP_RECEIVE, .on = 1 },
};
static uint8_t any[8];
// clang-format off
static struct trace_event events[] = {
    { .kind = TRACE_OPEN,     .on = 0, .op = 0 },                     // 0
    { .kind = TRACE_SENT,     .on = 0, .op = 1, .data = { any, 2 } },
    { .kind = TRACE_RECEIVED, .on = 0, .op = 2, .data = { any, 3 } }, // 2
    { .kind = TRACE_OPEN,     .on = 1, .op = 3 },
    { .kind = TRACE_RECEIVED, .on = 1, .op = 4, .data = { any, 1 } }, // 4
    { .kind = TRACE_RECEIVED, .on = 0, .op = 4, .data = { any, 2 } },
    { .kind = TRACE_SENT,     .on = 1, .op = 4, .data = { any, 1 } }, // 6
    { .kind = TRACE_SENT,     .on = 1, .op = 4, .data = { any, 1 } },
    { .kind = TRACE_RECEIVED, .on = 1, .op = 5, .data = { any, 4 } }, // 8
    { .kind = TRACE_LATE,     .on = 1, .op = 5 },
    { .kind = TRACE_FIN_SENT, .on = 1, .op = 5 },                     // 10: before the probe it tries nothing
    { .kind = TRACE_PROBE,    .on = 1, .op = 5 },
    { .kind = TRACE_SENT,     .on = 1, .op = 5, .data = { any, 1 } }, // 12: the probe, which no SEND said
    { .kind = TRACE_FIN_SENT, .on = 0, .op = 5 },
    { .kind = TRACE_FIN_SENT, .on = 1, .op = 5 },                     // 14
    { .kind = TRACE_RECEIVED, .on = 1, .op = 5, .data = { any, 1 } },
};
// clang-format on
enum { ALL = COUNT_OF(events) };

static struct program program = { .ops = ops, .count = COUNT_OF(ops) };
static const struct trace trace = { .events = events, .count = ALL };

static struct judge judge_of(const struct trace *t)
{
    return (struct judge){ .p = &program, .t = t };
}

Test(seen, events_of_a_kind_and_connection, .timeout = 10)
{
    static const struct {
        enum trace_kind kind;
        unsigned on;
        size_t from, at;
    } rows[] = {
        { TRACE_RECEIVED, 0, 0, 2 },   { TRACE_RECEIVED, 0, 2, 2 }, { TRACE_RECEIVED, 0, 3, 5 }, { TRACE_RECEIVED, 0, 6, ALL }, { TRACE_RECEIVED, 1, 0, 4 },
        { TRACE_RECEIVED, 1, 15, 15 }, { TRACE_OPEN, 0, 0, 0 },     { TRACE_OPEN, 0, 1, ALL },   { TRACE_FIN, 0, 0, ALL },      { TRACE_FIN_SENT, 0, 0, 13 },
        { TRACE_OPEN, 0, ALL, ALL },   { TRACE_OPEN, 2, 0, ALL },
    };
    struct judge j = judge_of(&trace);

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        cr_expect(eq(sz, seen_event(&j, rows[i].kind, rows[i].on, rows[i].from), rows[i].at), "%zu", i);
        if (rows[i].from == 0)
            cr_expect(eq(int, seen_on(&j, rows[i].kind, rows[i].on), rows[i].at < ALL), "%zu", i);
    }
    cr_expect(seen_at(&j, TRACE_OPEN, 0) && seen_at(&j, TRACE_SENT, 1) && seen_at(&j, TRACE_RECEIVED, 5) && seen_at(&j, TRACE_RECEIVED, 4));
    cr_expect(not(seen_at(&j, TRACE_SENT, 2) || seen_at(&j, TRACE_OPEN, 1) || seen_at(&j, TRACE_OVER, 5) || seen_at(&j, TRACE_LATE, 4)));
}

Test(seen, which_event_brought_or_took_a_byte, .timeout = 10)
{
    static const size_t brought[2][8] = { { 2, 2, 2, 5, 5, ALL, ALL, ALL }, { 4, 8, 8, 8, 8, 15, ALL, ALL } };
    static const size_t before[2][ALL + 1] = { { 0, 0, 0, 3, 3, 3, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5 }, { 0, 0, 0, 0, 0, 1, 1, 1, 1, 5, 5, 5, 5, 5, 5, 5, 6 } };
    static const size_t sent[COUNT_OF(ops)][2] = { { ALL, ALL }, { 1, 1 }, { ALL, ALL }, { ALL, ALL }, { 6, 7 }, { 12, 12 } };
    struct judge j = judge_of(&trace);

    for (unsigned on = 0; on < 2; on++) {
        for (size_t at = 0; at < 8; at++)
            cr_expect(eq(sz, seen_byte(&j, on, at), brought[on][at]), "%u, %zu", on, at);
        for (size_t at = 0; at <= ALL; at++)
            cr_expect(eq(sz, seen_bytes_before(&j, on, at), before[on][at]), "%u, %zu", on, at);
    }
    for (size_t op = 0; op < COUNT_OF(ops); op++)
        for (int last = 0; last < 2; last++)
            cr_expect(eq(sz, seen_sent(&j, op, last), sent[op][last]), "%zu, %d", op, last);
    cr_expect(eq(sz, seen_byte(&j, 2, 0), ALL));
}

Test(seen, what_is_not_accounted_for, .timeout = 10)
{
    static const uint8_t came[] = { 1, 2, 3 };
    struct judge j = judge_of(&trace);

    j.came[1] = (struct bytes){ came, 3 };
    for (size_t taken = 0; taken <= 3; taken++) {
        j.taken[1] = taken;
        struct bytes left = seen_unread(&j, 1);
        cr_expect(left.len == 3 - taken && (left.len == 0 || left.data[0] == taken + 1), "%zu", taken);
    }
    cr_expect(eq(sz, seen_unread(&j, 0).len, 0));
}

Test(seen, what_came_before_it_was_asked_for, .timeout = 10)
{
    struct judge j = judge_of(&trace);
    struct op early = { .on = 1, .asked = 1 };

    cr_expect(seen_unasked(&j, 2, 0) && !seen_unasked(&j, 2, 1) && !seen_unasked(&j, 2, 2));
    cr_expect(seen_unasked(&j, 5, 4) && seen_unasked(&j, 5, 5) && !seen_unasked(&j, 5, 6) && !seen_unasked(&j, 5, 8));
    for (size_t taken = 0; taken < 3; taken++) {
        j.taken[1] = taken;
        cr_expect(eq(sz, seen_unasked_bytes(&j, 5), taken == 0), "%zu", taken);
    }
    cr_expect(eq(sz, seen_unasked_bytes(&j, 2), 0));
    for (size_t first = 0; first <= ALL + 1; first++)
        for (size_t asked = 0; asked < 4; asked++) {
            size_t said = first > 7 ? 2 : first > 6 ? 1 : 0; // on 1; the probe does not count
            early.asked = asked;
            cr_expect(eq(int, seen_too_early(&j, &early, first), said <= asked), "%zu, %zu", first, asked);
        }
    early.asked = SIZE_MAX;
    cr_expect(not(seen_too_early(&j, &early, 0)));
}

/* What a reply answers: all is on connection 0 but what stands there as on 1, and the last op is the reply. */
Test(seen, what_a_reply_answers, .timeout = 10)
{
#define OP(k) { .kind = OP_##k }
#define SAID(w, messages) { .kind = OP_SEND, .whole = (w), .message_count = (messages) }
    static const struct {
        const char *label;
        struct op ops[6];
        size_t count;
        size_t asked; // op; 0: nothing was asked
    } rows[] = {
        { "one message", { OP(OPEN), SAID(true, 0), OP(RECEIVE) }, 3, 1 },
        { "a part of one", { OP(OPEN), SAID(false, 0), OP(RECEIVE) }, 3, 1 },
        { "the first of several", { OP(OPEN), SAID(true, 0), SAID(true, 0), OP(RECEIVE) }, 4, 1 },
        { "one that began before: its last part", { OP(OPEN), SAID(false, 0), SAID(true, 0), OP(RECEIVE) }, 4, 2 },
        { "one joined with the beginning of the next", { OP(OPEN), SAID(false, 1), SAID(true, 0), OP(RECEIVE) }, 4, 1 },
        { "behind another reply", { OP(OPEN), SAID(true, 0), OP(RECEIVE), SAID(true, 0), OP(RECEIVE) }, 5, 3 },
        { "a second reply", { OP(OPEN), SAID(true, 0), OP(RECEIVE), OP(RECEIVE) }, 4, 1 },
        { "joined with what stood behind the reply before", { OP(OPEN), SAID(true, 1), OP(RECEIVE), SAID(true, 0), OP(RECEIVE) }, 5, 1 },
        { "joined with a beginning only", { OP(OPEN), SAID(false, 1), OP(RECEIVE), SAID(true, 0), OP(RECEIVE) }, 5, 3 },
        { "joined with a message and a beginning", { OP(OPEN), SAID(false, 2), OP(RECEIVE), SAID(true, 0), OP(RECEIVE) }, 5, 1 },
        { "before our end", { OP(OPEN), SAID(true, 0), OP(SHUTDOWN), OP(RECEIVE) }, 4, 1 },
        { "before a pause", { OP(OPEN), SAID(true, 0), OP(PAUSE), OP(RESUME), OP(RECEIVE) }, 5, 1 },
        { "not what stands before a silence", { OP(OPEN), SAID(true, 1), OP(SILENT), SAID(true, 0), OP(RECEIVE) }, 5, 3 },
        { "nor before an end", { OP(OPEN), SAID(true, 1), OP(AWAIT_END), OP(RECEIVE) }, 4, 0 },
        { "nothing was said", { OP(OPEN), OP(RECEIVE) }, 2, 0 },
        { "nothing was said here", { OP(OPEN), { .kind = OP_SEND, .whole = true, .on = 1 }, OP(RECEIVE) }, 3, 0 },
        { "what happens elsewhere", { OP(OPEN), SAID(true, 0), { .kind = OP_SILENT, .on = 1 }, { .kind = OP_SEND, .on = 1, .whole = true }, SAID(true, 0), OP(RECEIVE) }, 6, 1 },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct trace_event said[8] = { { .kind = TRACE_OPEN } };
        struct trace t = { .events = said, .count = 1 };
        struct program p = { .ops = (struct op *)rows[i].ops, .count = rows[i].count };
        struct judge j = { .p = &p, .t = &t };
        size_t due = 0;
        for (uint32_t op = 1; op < p.count; op++)
            if (p.ops[op].kind == OP_SEND) {
                due = op == rows[i].asked ? t.count : due;
                said[t.count++] = (struct trace_event){ .kind = TRACE_SENT, .op = op, .on = p.ops[op].on, .data = { any, 1 } };
            }
        for (size_t first = 0; first <= t.count; first++)
            cr_expect(eq(int, seen_unasked(&j, p.count - 1, first), first < due), "%s: %zu", rows[i].label, first);
    }
}

Test(seen, how_an_op_was_given_up, .timeout = 10)
{
    struct judge j = judge_of(&trace);

    cr_expect(eq(sz, seen_given_up(&j, 5), 9));
    cr_expect(eq(sz, seen_given_up(&j, 4), ALL));
    cr_expect(eq(sz, seen_last_try(&j, 5), 14));
    cr_expect(eq(sz, seen_last_try(&j, 4), ALL));
    events[9].kind = TRACE_PROVEN;
    cr_expect(eq(sz, seen_given_up(&j, 5), 9));
    events[14].on = 0;
    cr_expect(eq(sz, seen_last_try(&j, 5), ALL));
    events[14].on = 1;
    events[11].kind = TRACE_QUIET;
    cr_expect(eq(sz, seen_last_try(&j, 5), 10)); // there is no probe that could come first …
    program.probe.bytes = (struct bytes){ any, 1 };
    cr_expect(eq(sz, seen_last_try(&j, 5), ALL)); // … and here there is
}

/* A port that nobody came to is given up first of all. */
Test(seen, what_was_given_up_first, .timeout = 10)
{
    struct trace_event few[] = { { .kind = TRACE_LATE, .op = 0 }, { .kind = TRACE_OVER, .op = 0 } };
    struct trace t = { .events = few, .count = 2 };
    struct judge j = judge_of(&t);

    cr_expect(eq(sz, seen_given_up(&j, 0), 0));
    cr_expect(eq(sz, seen_given_up(&j, 1), 2));
    cr_expect(not(seen_unasked(&j, 0, 0))); // nothing was asked
    cr_expect(eq(sz, seen_event(&j, TRACE_LATE, 0, 0), 0));
}

Test(seen, what_a_proof_is_worth, .timeout = 10)
{
    static const struct {
        enum trace_kind kinds[4];
        size_t count;
        uint32_t op; // of the proof
        bool refuted;
    } rows[] = {
        { { TRACE_PROVEN, TRACE_RECEIVED }, 2, 3, true },
        { { TRACE_PROVEN, TRACE_RECEIVED }, 2, 2, false },
        { { TRACE_RECEIVED, TRACE_PROVEN }, 2, 3, false },
        { { TRACE_PROVEN, TRACE_SENT, TRACE_RECEIVED }, 3, 3, false },
        { { TRACE_PROVEN, TRACE_FIN_SENT, TRACE_RECEIVED }, 3, 3, false },
        { { TRACE_PROVEN, TRACE_OPEN, TRACE_RECEIVED }, 3, 3, false },
        { { TRACE_PROVEN, TRACE_RESET_SENT, TRACE_RECEIVED }, 3, 3, false },
        { { TRACE_SENT, TRACE_PROVEN, TRACE_RECEIVED }, 3, 3, true },
        { { TRACE_PROVEN, TRACE_FIN, TRACE_PROBE, TRACE_RECEIVED }, 4, 3, true },
        { { TRACE_PROVEN, TRACE_OVER }, 2, 3, false },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct trace_event few[5] = { 0 };
        struct trace t = { .events = few, .count = rows[i].count };
        struct judge j = judge_of(&t);
        for (size_t k = 0; k < t.count; k++)
            few[k] = (struct trace_event){ .kind = rows[i].kinds[k], .op = rows[i].kinds[k] == TRACE_PROVEN ? rows[i].op : 3 };
        few[t.count].kind = TRACE_RECEIVED; // it is none of them
        cr_expect(eq(int, seen_refuted(&j, 3), rows[i].refuted), "%zu", i);
    }
}
