/*
 * Changes in a copy of a trace: what it is then, and that the original is as it was.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/text.h"
#include "check/altered.h"

static void original(struct trace *t, struct arena *keep)
{
    *t = (struct trace){ .keep = keep };
    trace_add(t, TRACE_OPEN, 0, 0, 0);
    trace_add_data(t, TRACE_SENT, 0, 1, 1, bytes_of("ask"), 1);
    trace_add_data(t, TRACE_RECEIVED, 0, 2, 2, bytes_of("abc"), 0);
    trace_add_data(t, TRACE_RECEIVED, 1, 2, 3, bytes_of("xy"), 0);
    trace_add_data(t, TRACE_RECEIVED, 0, 2, 4, bytes_of("de"), 0);
    trace_add_data(t, TRACE_RECEIVED, 0, 2, 5, bytes_of("f"), 0);
    trace_add(t, TRACE_FIN, 1, 3, 6);
}

#define AS_IT_WAS "open 0, > 0 ask, < 0 abc, < 1 xy, < 0 de, < 0 f, fin 1"

static const char *told(const struct trace *t, struct arena *keep)
{
    TEXT(out);

    for (size_t i = 0; i < t->count; i++) {
        const struct trace_event *e = &t->events[i];
        const char *name = e->kind == TRACE_SENT ? ">" : e->kind == TRACE_RECEIVED ? "<" : trace_name(e->kind);
        text_printf(&out, "%s%s %u", i ? ", " : "", name, e->on);
        if (e->kind == TRACE_SENT || e->kind == TRACE_RECEIVED)
            text_printf(&out, " %.*s", (int)e->data.len, (const char *)e->data.data);
    }
    return arena_string(keep, text_string(&out));
}

enum how { COPY, INSERT, REMOVE, EXCHANGE, LEAVE_OUT, REPLACE };

// clang-format off
static const struct {
    enum how how;
    unsigned on;
    size_t at, len; // INSERT, REMOVE: at this event; LEAVE_OUT: up to at + len
    const char *put, *is;
} rows[] = {
    { COPY,      0, 0, 0, "",     AS_IT_WAS },
    { INSERT,    0, 0, 0, "",     "reset 0, " AS_IT_WAS },
    { INSERT,    0, 6, 0, "",     "open 0, > 0 ask, < 0 abc, < 1 xy, < 0 de, < 0 f, reset 0, fin 1" },
    { INSERT,    0, 7, 0, "",     AS_IT_WAS ", reset 0" },
    { REMOVE,    0, 0, 0, "",     "> 0 ask, < 0 abc, < 1 xy, < 0 de, < 0 f, fin 1" },
    { REMOVE,    0, 3, 0, "",     "open 0, > 0 ask, < 0 abc, < 0 de, < 0 f, fin 1" },
    { REMOVE,    0, 6, 0, "",     "open 0, > 0 ask, < 0 abc, < 1 xy, < 0 de, < 0 f" },
    { EXCHANGE,  0, 0, 1, "Z",    "open 0, > 0 ask, < 0 Zbc, < 1 xy, < 0 de, < 0 f, fin 1" },
    { EXCHANGE,  0, 1, 2, "ZZZ",  "open 0, > 0 ask, < 0 aZZZ, < 1 xy, < 0 de, < 0 f, fin 1" },
    { EXCHANGE,  0, 2, 0, "Z",    "open 0, > 0 ask, < 0 abZc, < 1 xy, < 0 de, < 0 f, fin 1" },
    { EXCHANGE,  0, 3, 1, "",     "open 0, > 0 ask, < 0 abc, < 1 xy, < 0 e, < 0 f, fin 1" },
    { EXCHANGE,  0, 4, 1, "Z",    "open 0, > 0 ask, < 0 abc, < 1 xy, < 0 dZ, < 0 f, fin 1" },
    { EXCHANGE,  1, 1, 1, "Z",    "open 0, > 0 ask, < 0 abc, < 1 xZ, < 0 de, < 0 f, fin 1" },
    { LEAVE_OUT, 0, 1, 0, "",     AS_IT_WAS },
    { LEAVE_OUT, 0, 1, 1, "",     "open 0, > 0 ask, < 0 ac, < 1 xy, < 0 de, < 0 f, fin 1" },
    { LEAVE_OUT, 0, 2, 2, "",     "open 0, > 0 ask, < 0 ab, < 1 xy, < 0 e, < 0 f, fin 1" },
    { LEAVE_OUT, 0, 1, 5, "",     "open 0, > 0 ask, < 0 a, < 1 xy, < 0 , < 0 , fin 1" },
    { LEAVE_OUT, 1, 0, 2, "",     "open 0, > 0 ask, < 0 abc, < 1 , < 0 de, < 0 f, fin 1" },
    { REPLACE,   0, 0, 0, "",     AS_IT_WAS },
    { REPLACE,   0, 1, 0, "Z",    "open 0, > 0 ask, < 0 aZc, < 1 xy, < 0 de, < 0 f, fin 1" },
    { REPLACE,   0, 2, 0, "UVWX", "open 0, > 0 ask, < 0 abU, < 1 xy, < 0 VW, < 0 X, fin 1" },
    { REPLACE,   1, 0, 0, "UV",   "open 0, > 0 ask, < 0 abc, < 1 UV, < 0 de, < 0 f, fin 1" },
};
// clang-format on

Test(altered, a_copy_is_changed_in_one_place, .timeout = 10)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct trace was;
        original(&was, &keep);
        struct trace t = altered_copy(&was, &keep);
        cr_assert(t.count == was.count && t.room == was.count + 4 && t.keep == &keep);
        if (rows[i].how == INSERT)
            altered_insert(&t, rows[i].at, (struct trace_event){ .kind = TRACE_RESET });
        else if (rows[i].how == REMOVE)
            altered_remove(&t, rows[i].at);
        else if (rows[i].how == EXCHANGE)
            altered_exchange(&t, rows[i].on, rows[i].at, rows[i].len, bytes_of(rows[i].put));
        else if (rows[i].how == LEAVE_OUT)
            altered_leave_out(&t, rows[i].on, rows[i].at, rows[i].at + rows[i].len);
        else if (rows[i].how == REPLACE)
            altered_replace(&t, rows[i].on, rows[i].at, bytes_of(rows[i].put));
        cr_expect(eq(str, (char *)told(&t, &keep), (char *)rows[i].is), "%zu", i);
        cr_expect(eq(str, (char *)told(&was, &keep), AS_IT_WAS), "%zu", i);
    }
}

Test(altered, where_a_byte_is, .timeout = 10)
{
    static const struct {
        unsigned on;
        size_t at, event, offset;
    } bytes[] = {
        { 0, 0, 2, 0 }, { 0, 2, 2, 2 }, { 0, 3, 4, 0 }, { 0, 4, 4, 1 }, { 0, 5, 5, 0 }, { 0, 6, 7, 0 }, { 0, 8, 7, 2 }, { 1, 0, 3, 0 }, { 1, 1, 3, 1 }, { 1, 2, 7, 0 }, { 2, 0, 7, 0 },
    };
    SCRATCH(keep);
    struct trace t;

    original(&t, &keep);
    for (size_t i = 0; i < COUNT_OF(bytes); i++) {
        size_t offset = 99;
        cr_expect(eq(sz, altered_event_of(&t, bytes[i].on, bytes[i].at, &offset), bytes[i].event), "%zu", i);
        cr_expect(eq(sz, offset, bytes[i].offset), "%zu", i);
    }
    cr_expect(altered_find(&t, TRACE_OPEN, 0) == 0 && altered_find(&t, TRACE_RECEIVED, 0) == 2 && altered_find(&t, TRACE_RECEIVED, 1) == 3);
    cr_expect(altered_find(&t, TRACE_FIN, 1) == 6 && altered_find(&t, TRACE_FIN, 0) == 7 && altered_find(&t, TRACE_SENT, 1) == 7);
    cr_expect(bytes_equal(altered_came(&t, 0, 0, 6, &keep), bytes_of("abcdef")));
    cr_expect(bytes_equal(altered_came(&t, 0, 2, 4, &keep), bytes_of("cd")));
    cr_expect(bytes_equal(altered_came(&t, 0, 2, 2, &keep), bytes_of("")));
    cr_expect(bytes_equal(altered_came(&t, 1, 1, 2, &keep), bytes_of("y")));
}
