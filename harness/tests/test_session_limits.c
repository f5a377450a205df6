/*
 * The very moment at which a session gives up, or goes on: a microsecond before it waits, and in its trace stands how long it did.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "replay/session.h"
#include "test_vector.h"

#define BLUNT                                                                                      \
    "{'format': 1, 'service': 'tiny', 'no-first-control': 'it has none', 'end': {'name': 'end', "  \
    "'clauses': ['X-1']},"                                                                         \
    " 'controls': {'ping': [ {'client': [{'byte': 1}]}, {'server': [{'byte': 2}]} ]}}"
#define PING "{'control': 'ping'}"

enum { BEGAN = 5, OPEN = 100, STEP = 200, END = 300, QUIET_FOR = 50 };

static const struct limits limits = {
    .open = OPEN, .step = STEP, .end = END, .quiet = QUIET_FOR, .settle = 40, .whole = 1000000
};

struct played {
    struct arena keep;
    struct library lib;
    struct program program;
    struct trace trace;
    struct session s;
};

static void begin(struct played *p, const char *service, const char *suite)
{
    *p = (struct played){ 0 };
    p->trace.keep = &p->keep;
    library_loads(service, suite, &p->lib);
    p->program = program_of(&p->lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &p->keep);
    session_init(&p->s, &p->program, &p->trace, &limits, BEGAN);
}

/* The connection is there, and the ping has been answered. */
static void begin_pinged(struct played *p, const char *service, const char *suite)
{
    static const struct bytes pong = { (const uint8_t *)"\2", 1 };

    begin(p, service, suite);
    session_want(&p->s, BEGAN);
    session_opened(&p->s, 0, BEGAN);
    struct want w = session_want(&p->s, BEGAN);
    cr_assert(eq(int, w.kind, WANT_WRITE));
    session_sent(&p->s, 0, w.bytes, 1, BEGAN);
    session_received(&p->s, 0, pong, BEGAN);
}

static void end(struct played *p)
{
    session_release(&p->s);
    library_free(&p->lib);
    arena_free(&p->keep);
}

/* It waits for `until` and has not noted anything but what it had, up to the microsecond before. */
static void waits(struct played *p, int64_t from, int64_t until)
{
    size_t noted = p->trace.count;

    for (int64_t now = from; now<until; now += until - 1> now ? until - 1 - now : 1) {
        struct want w = session_want(&p->s, now);
        cr_expect(eq(int, w.kind, WANT_WAIT), "at %lld", (long long)now);
        cr_expect(eq(i64, w.until, until), "at %lld", (long long)now);
        cr_expect(eq(sz, p->trace.count, noted), "at %lld", (long long)now);
    }
}

static void noted(const struct played *p, enum trace_kind kind, int64_t number)
{
    for (size_t i = 0; i < p->trace.count; i++)
        if (p->trace.events[i].kind == kind) {
            cr_expect(eq(i64, p->trace.events[i].number, number), "%s", trace_name(kind));
            return;
        }
    cr_expect(false, "no %s", trace_name(kind));
}

Test(session_limits, a_connection_is_waited_for, .timeout = 10)
{
    struct played p;

    begin(&p, TINY, CASE(PING));
    struct want w = session_want(&p.s, BEGAN);
    cr_expect(eq(int, w.kind, WANT_OPEN));
    cr_expect(eq(i64, w.until, BEGAN + OPEN));
    waits(&p, BEGAN, BEGAN + OPEN);
    cr_expect(eq(int, session_want(&p.s, BEGAN + OPEN).kind, WANT_DONE));
    noted(&p, TRACE_REFUSED, ETIMEDOUT);
    end(&p);
}

Test(session_limits, who_is_refused_may_try_again, .timeout = 10)
{
    struct played p;

    begin(&p, TINY, CASE("{'listen': 'client'}," PING));
    waits(&p, BEGAN, BEGAN + OPEN);
    cr_expect(eq(int, session_want(&p.s, BEGAN + OPEN).kind, WANT_DONE));
    noted(&p, TRACE_LATE, OPEN);
    end(&p);
}

Test(session_limits, a_reply_is_waited_for, .timeout = 10)
{
    struct played p;

    begin_pinged(&p, BLUNT, CASE(PING ",{'client': [{'byte': 7}]},{'server': [{'byte': 8}]}"));
    struct want w = session_want(&p.s, BEGAN + 3);
    cr_assert(eq(int, w.kind, WANT_WRITE));
    session_sent(&p.s, 0, w.bytes, 1, BEGAN + 3);
    w = session_want(&p.s, BEGAN + 3);
    cr_assert(ge(i64, w.until, BEGAN + 3 + STEP)); // and a share for its bytes
    waits(&p, BEGAN + 3, w.until);
    session_want(&p.s, w.until);
    noted(&p, TRACE_LATE, w.until - (BEGAN + 3));
    end(&p);
}

Test(session_limits, a_silence_is_over, .timeout = 10)
{
    struct played p;

    begin_pinged(&p, BLUNT, CASE(PING ",{'silent': 'server'}"));
    waits(&p, BEGAN + 3, BEGAN + 3 + QUIET_FOR);
    cr_expect(eq(int, session_want(&p.s, BEGAN + 3 + QUIET_FOR).kind, WANT_SHUTDOWN));
    noted(&p, TRACE_QUIET, QUIET_FOR);
    end(&p);
}

Test(session_limits, its_end_is_waited_for, .timeout = 10)
{
    struct played p;

    begin_pinged(&p, BLUNT, CASE(PING));
    cr_assert(eq(int, session_want(&p.s, BEGAN + 3).kind, WANT_SHUTDOWN));
    session_shut(&p.s, 0, BEGAN + 3);
    waits(&p, BEGAN + 3, BEGAN + 3 + END);
    cr_expect(eq(int, session_want(&p.s, BEGAN + 3 + END).kind, WANT_DONE));
    noted(&p, TRACE_LATE, END);
    end(&p);
}

Test(session_limits, its_reset_is_waited_for, .timeout = 10)
{
    struct played p;

    begin_pinged(&p, BLUNT, CASE(PING ",{'reset': 'server'}"));
    waits(&p, BEGAN + 3, BEGAN + 3 + END);
    session_want(&p.s, BEGAN + 3 + END);
    noted(&p, TRACE_LATE, END);
    end(&p);
}

/* A reply that is wrong; what still comes behind it is collected for so long. */
Test(session_limits, the_rest_is_collected, .timeout = 10)
{
    static const struct bytes wrong = { (const uint8_t *)"\7", 1 };
    struct played p;

    begin_pinged(&p, BLUNT, CASE(PING "," PING));
    struct want w = session_want(&p.s, BEGAN + 3);
    session_sent(&p.s, 0, w.bytes, 1, BEGAN + 3);
    session_received(&p.s, 0, wrong, BEGAN + 3);
    cr_assert(eq(int, session_want(&p.s, BEGAN + 7).kind, WANT_SHUTDOWN));
    session_shut(&p.s, 0, BEGAN + 8);
    waits(&p, BEGAN + 8, BEGAN + 7 + limits.settle);
    cr_expect(eq(int, session_want(&p.s, BEGAN + 7 + limits.settle).kind, WANT_DONE));
    end(&p);
}

/* Nothing comes, and the probe goes out: its answer is waited for, for so long. */
Test(session_limits, the_answer_to_the_probe_is_waited_for, .timeout = 10)
{
    struct played p;

    begin_pinged(&p, TINY, CASE(PING "," PING));
    struct want w = session_want(&p.s, BEGAN + 3);
    session_sent(&p.s, 0, w.bytes, 1, BEGAN + 3);
    int64_t late = session_want(&p.s, BEGAN + 3).until;
    w = session_want(&p.s, late);
    cr_assert(eq(int, w.kind, WANT_WRITE));
    session_sent(&p.s, 0, w.bytes, 1, late + 1);
    waits(&p, late + 1, late + limits.settle);
    cr_expect(eq(int, session_want(&p.s, late + limits.settle).kind, WANT_DONE));
    end(&p);
}

/* However it came to its end: later nothing is wanted, and nothing is noted, also not that the time of the case is over. */
Test(session_limits, who_is_done_stays_so, .timeout = 10)
{
    static const struct bytes wrong = { (const uint8_t *)"\7", 1 };
    enum { WRONG, WRONG_AND_ENDS, NOTHING, PROBE_AND_ENDS, STOPPED, ALL, COUNT };

    for (int how = 0; how < COUNT; how++) {
        struct played p;
        begin_pinged(&p, TINY, CASE(PING "," PING));
        struct want w = session_want(&p.s, BEGAN + 3);
        session_sent(&p.s, 0, w.bytes, 1, BEGAN + 3);
        int64_t now = BEGAN + 4;
        if (how == WRONG || how == WRONG_AND_ENDS)
            session_received(&p.s, 0, wrong, now);
        if (how == WRONG_AND_ENDS)
            session_fin(&p.s, 0, now);
        if (how == STOPPED)
            session_stopped(&p.s, now);
        if (how == ALL)
            session_reset(&p.s, 0, ECONNRESET, now);
        while ((w = session_want(&p.s, now)).kind != WANT_DONE) {
            cr_assert(lt(i64, now, 10000), "%d", how);
            if (w.kind == WANT_WRITE) {
                session_sent(&p.s, 0, w.bytes, 1, now);
                if (how == PROBE_AND_ENDS)
                    session_fin(&p.s, 0, now);
            } else if (w.kind == WANT_SHUTDOWN) {
                session_shut(&p.s, 0, now);
            } else {
                now = w.until;
            }
        }
        size_t noted = p.trace.count;
        cr_expect(eq(int, session_want(&p.s, BEGAN + 2 * p.s.whole).kind, WANT_DONE), "%d", how);
        cr_expect(eq(sz, p.trace.count, noted), "%d", how);
        end(&p);
    }
}

/* Whatever is waited for, the case has its own limit. */
Test(session_limits, a_case_is_stopped, .timeout = 10)
{
    struct played p;

    begin_pinged(&p, BLUNT, CASE(PING ",{'server': [{'byte': 8}]}"));
    p.s.limits.step = 2 * p.s.whole;
    waits(&p, BEGAN + 3, BEGAN + p.s.whole);
    cr_expect(eq(int, session_want(&p.s, BEGAN + p.s.whole).kind, WANT_DONE));
    noted(&p, TRACE_STOPPED, 0);
    cr_expect(eq(i64, p.trace.events[p.trace.count - 1].us, p.s.whole));
    end(&p);
}

/* Who is not read may hold up our words for a step, and is read again after one. */
Test(session_limits, words_that_do_not_go_are_given_up, .timeout = 10)
{
    struct played p;

    begin_pinged(&p, BLUNT,
                 CASE(PING ",{'pause': 'client'},{'client': [{'byte': 7}]},{'resume': "
                           "'client'},{'server': [{'byte': 8}]}"));
    cr_assert(eq(int, session_want(&p.s, BEGAN + 3).kind, WANT_PAUSE));
    session_paused(&p.s, 0, BEGAN + 3);
    cr_expect(eq(int, session_want(&p.s, BEGAN + 3 + STEP - 1).kind, WANT_WRITE));
    session_want(&p.s, BEGAN + 3 + STEP);
    noted(&p, TRACE_LATE, STEP);
    end(&p);
}

Test(session_limits, who_is_not_read_is_read_again, .timeout = 10)
{
    struct played p;

    begin_pinged(&p, BLUNT,
                 CASE(PING ",{'pause': 'client'},{'client': [{'byte': 7}]},{'resume': "
                           "'client'},{'server': [{'byte': 8}]}"));
    cr_assert(eq(int, session_want(&p.s, BEGAN + 3).kind, WANT_PAUSE));
    session_paused(&p.s, 0, BEGAN + 3);
    struct want w = session_want(&p.s, BEGAN + 3);
    cr_assert(eq(int, w.kind, WANT_WRITE));
    session_sent(&p.s, 0, w.bytes, 1, BEGAN + 3);
    waits(&p, BEGAN + 3, BEGAN + 3 + STEP);
    cr_expect(eq(int, session_want(&p.s, BEGAN + 3 + STEP).kind, WANT_RESUME));
    end(&p);
}

/* All that can happen, on connection 1, a microsecond after the other: what the trace has of each. */
Test(session_limits, what_happens_is_noted_with_its_connection_and_moment, .timeout = 10)
{
    static const struct {
        enum trace_kind kind;
        unsigned on, segments;
        int64_t number;
        size_t len;
    } due[] = {
        // clang-format off
        { TRACE_OPEN,       1, 0, 0,            0 },
        { TRACE_SENT,       1, 3, 0,            2 },
        { TRACE_RECEIVED,   1, 0, 0,            2 },
        { TRACE_TAKEN,      1, 0, 7,            0 },
        { TRACE_FIN_SENT,   1, 0, 0,            0 },
        { TRACE_FIN,        1, 0, 0,            0 },
        { TRACE_FORGOTTEN,  1, 0, 0,            0 },
        { TRACE_RESET_SENT, 1, 0, 0,            0 },
        { TRACE_RESET,      1, 0, ECONNRESET,   0 },
        { TRACE_REFUSED,    1, 0, ECONNREFUSED, 0 },
        { TRACE_RETRIED,    0, 0, 0,            0 },
        { TRACE_STOPPED,    0, 0, 0,            0 },
        { TRACE_OVER,       0, 0, 0,            0 },
        // clang-format on
    };
    static const struct bytes two = { (const uint8_t *)"\1\2", 2 };
    struct played p;
    int64_t now = BEGAN;

    begin(&p, TINY, CASE(PING));
    session_opened(&p.s, 1, now++);
    session_sent(&p.s, 1, two, 3, now++);
    session_received(&p.s, 1, two, now++);
    session_taken(&p.s, 1, 7, now++);
    session_shut(&p.s, 1, now++);
    session_fin(&p.s, 1, now++);
    session_forgotten(&p.s, 1, now++);
    session_did_reset(&p.s, 1, now++);
    session_reset(&p.s, 1, ECONNRESET, now++);
    session_refused(&p.s, 1, ECONNREFUSED, now++);
    session_retried(&p.s, now++);
    session_stopped(&p.s, now++);
    session_over(&p.s, now++);
    session_taken(&p.s, 1, -1, now++); // nothing was seen: nothing is noted
    size_t noted = p.trace.count;
    session_taken(&p.s, 1, 0, now++); // it was seen at once
    cr_assert(eq(sz, p.trace.count, noted + 1));
    cr_expect(p.trace.events[noted].kind == TRACE_TAKEN && p.trace.events[noted].number == 0);
    p.trace.count = noted;
    cr_assert(eq(sz, p.trace.count, COUNT_OF(due)));
    for (size_t i = 0; i < COUNT_OF(due); i++) {
        const struct trace_event *e = &p.trace.events[i];
        cr_expect(e->kind == due[i].kind && e->on == due[i].on && e->segments == due[i].segments &&
                      e->number == due[i].number && e->data.len == due[i].len,
                  "%s", trace_name(due[i].kind));
        cr_expect(eq(i64, e->us, (int64_t)i), "%s", trace_name(due[i].kind));
    }
    end(&p);
}

/* It stands, a silence goes before, nothing comes, nor behind the probe. */
Test(session_limits, of_a_peer_that_answers_nothing, .timeout = 10)
{
    static const struct limits l = { .open = 1000, .step = 200, .end = 50000, .quiet = 30, .settle = 4, .whole = 70000 };

    cr_expect(eq(i64, limits_unanswered(&l), 1234));
}

/* Never less than they are; of a round trip that is long so many, and of a step never less than 250 ms. */
Test(session_limits, grow_with_the_round_trip, .timeout = 10)
{
    static const struct limits l = { .open = 2000000, .step = 1000, .end = 3000000, .quiet = 1000, .settle = 500000, .whole = 1000000 };
    static const struct {
        int64_t trip;
        struct limits is;
    } rows[] = {
        { 0,      { .open = 2000000, .step = 250000,  .end = 3000000, .quiet = 1000,    .settle = 500000,  .whole = 5000000 } },
        { 12500,  { .open = 2000000, .step = 250000,  .end = 3000000, .quiet = 62500,   .settle = 500000,  .whole = 5000000 } },
        { 200000, { .open = 4000000, .step = 4000000, .end = 4000000, .quiet = 1000000, .settle = 1000000, .whole = 80000000 } },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct limits s = limits_scaled(&l, rows[i].trip);
        cr_expect(s.open == rows[i].is.open && s.step == rows[i].is.step && s.end == rows[i].is.end && s.quiet == rows[i].is.quiet &&
                      s.settle == rows[i].is.settle && s.whole == rows[i].is.whole,
                  "%lld", (long long)rows[i].trip);
    }
}
