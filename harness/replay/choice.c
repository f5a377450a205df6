#include "replay/choice.h"

#include <assert.h>
#include <stdlib.h>

#include "archive/objects.h"

void choice_init(struct choice *c, const struct limits *l, int64_t patience, int64_t now)
{
    *c = (struct choice){ .limits = *l, .patience = patience, .since = INT64_MIN, .began = now };
}

static void candidate_release(struct candidate *one)
{
    session_release(&one->session);
    arena_free(&one->keep);
}

void choice_release(struct choice *c)
{
    for (size_t i = 0; i < c->count; i++)
        candidate_release(&c->items[i]);
    free(c->items);
    for (unsigned i = 0; i < CHOICE_LINES; i++)
        buffer_free(&c->lines[i].came);
}

bool choice_add(struct choice *c, const struct vector *v, const struct profile *p, uint64_t seed, bool seen, struct error *err)
{
    c->items = realloc(c->items, (c->count + 1) * sizeof *c->items);
    if (!c->items)
        memory_exhausted();
    struct candidate *one = &c->items[c->count++];
    *one = (struct candidate){ .vector = v, .seen = seen };
    return program_compile(v, p, seed, PARTY_SERVER, &one->keep, &one->program, err);
}

/* Only now: candidates do not move any more, so that what they hold can point at them. */
static void begin(struct choice *c)
{
    for (size_t i = 0; i < c->count; i++) {
        struct candidate *one = &c->items[i];
        if (one->session.program)
            continue;
        one->trace.keep = &one->keep;
        session_init(&one->session, &one->program, &one->trace, &c->limits, c->began);
    }
}

/* ---- lines ---- */

static bool holds(const struct candidate *one, unsigned line)
{
    return one->fate == CANDIDATE_LIVES && line < one->lines;
}

/* The next line becomes the connection that a candidate waits for: it is told what came on it so far. */
static void take_line(struct choice *c, struct candidate *one, int64_t now)
{
    unsigned line = one->lines++, on = one->opening;
    const struct choice_line *l = &c->lines[line];

    one->opens = false;
    one->on[line] = on;
    session_opened(&one->session, on, now);
    if (l->came.len)
        session_received(&one->session, on, buffer_bytes(&l->came), now);
    if (l->dead)
        session_reset(&one->session, on, l->wrong, now);
    else if (l->fin)
        session_fin(&one->session, on, now);
}

/* The line that is a connection of the case, which must have come about. */
static unsigned line_of(const struct candidate *one, unsigned on)
{
    unsigned line = 0;

    while (one->on[line] != on)
        line++;
    assert(line < one->lines);
    return line;
}

/* Tells every candidate that holds the line: call(its session, the line's connection there, …). */
#define TELL(c, line, call, ...)                                                                   \
    for (struct candidate *one = (c)->items; one < (c)->items + (c)->count; one++)                 \
        if (holds(one, line))                                                                      \
    call(&one->session, one->on[line], __VA_ARGS__)

void choice_opened(struct choice *c, int64_t now)
{
    (void)now; // they look for it when they are asked
    c->line_count++;
    c->since = INT64_MIN;
}

void choice_received(struct choice *c, unsigned line, struct bytes what, int64_t now)
{
    buffer_append(&c->lines[line].came, what.data, what.len);
    TELL(c, line, session_received, what, now);
    c->since = INT64_MIN;
}

void choice_sent(struct choice *c, unsigned line, struct bytes what, unsigned segments, int64_t now)
{
    TELL(c, line, session_sent, what, segments, now);
}

void choice_fin(struct choice *c, unsigned line, int64_t now)
{
    c->lines[line].fin = true;
    TELL(c, line, session_fin, now);
    c->since = INT64_MIN;
}

void choice_reset(struct choice *c, unsigned line, int wrong, int64_t now)
{
    c->lines[line].dead = true;
    c->lines[line].wrong = wrong;
    TELL(c, line, session_reset, wrong, now);
    c->since = INT64_MIN;
}

void choice_shut(struct choice *c, unsigned line, int64_t now)
{
    TELL(c, line, session_shut, now);
}

void choice_did_reset(struct choice *c, unsigned line, int64_t now)
{
    TELL(c, line, session_did_reset, now);
}

/* ---- candidates ---- */

/* What a candidate wants, and whether it has come to its end or to what is not its own. */
static void ask(struct choice *c, struct candidate *one, int64_t now)
{
    for (;;) {
        if (one->opens && one->lines < c->line_count)
            take_line(c, one, now);
        one->want = session_want(&one->session, now);
        if (one->want.kind != WANT_OPEN)
            break;
        one->opens = true;
        one->opening = one->want.on;
    }
    one->over = one->want.kind == WANT_DONE && one->session.mode == SESSION_PLAYING;
    if (one->session.mode != SESSION_PLAYING)
        one->fate = CANDIDATE_DIFFERS;
}

/* The next op, from `at` on, that is about what the peer says or does on a connection, or NULL. */
static const struct op *next_heard(const struct candidate *one, size_t at, unsigned on)
{
    const struct program *p = &one->program;

    for (size_t i = at; i < p->count; i++) {
        const struct op *op = &p->ops[i];
        if (op->on == on && (op->kind == OP_RECEIVE || op->kind == OP_SILENT || op->kind == OP_AWAIT_END || op->kind == OP_AWAIT_RESET))
            return op;
    }
    return NULL;
}

/* How an op meets what came on its connection and is not accounted for; tables are left as they are. */
static struct match meet(const struct candidate *one, const struct op *op, struct arena *scratch)
{
    const struct session_connection *conn = &one->session.conn[op->on];
    struct object_table *table = conn->table ? conn->table : object_table_new(scratch);
    struct object_mark before = object_table_mark(table);
    struct object_table *own = table;
    struct match m = match_op(bytes_slice(buffer_bytes(&conn->inbox), conn->taken, SIZE_MAX), op, &one->program.profile, &own, scratch);

    object_table_rollback(table, before);
    return m;
}

static bool line_can_come_right(const struct candidate *one, unsigned on)
{
    SCRATCH(scratch);
    const struct session_connection *conn = &one->session.conn[on];
    const struct op *op = next_heard(one, one->session.at, on);
    bool more = conn->inbox.len > conn->taken;

    while (op && op->kind == OP_SILENT && !more)
        op = next_heard(one, (size_t)(op - one->program.ops) + 1, on);
    if (!op || op_takes(op) || op->whatever)
        return true; // what is too much the checks say; or it is not known yet what is due
    if (op->kind != OP_RECEIVE && !more)
        return true;
    struct met met = program_meet(&one->program, (size_t)(op - one->program.ops), bytes_slice(buffer_bytes(&conn->inbox), conn->taken, SIZE_MAX),
                                  conn->table, &scratch);
    return met.status == MATCH_DONE || (met.status == MATCH_MORE && !conn->fin && !conn->dead);
}

/* Whether what came on its connections, also on those whose turn it is not yet, can still come out right. */
static bool can_come_right(const struct candidate *one)
{
    for (unsigned line = 0; line < one->lines; line++)
        if (!line_can_come_right(one, one->on[line]))
            return false;
    return true;
}

/* Bytes that were as a case has them. */
static size_t right_bytes(const struct candidate *one)
{
    size_t n = 0;

    for (unsigned line = 0; line < one->lines; line++) {
        SCRATCH(scratch);
        const struct op *op = next_heard(one, one->session.at, one->on[line]);
        n += one->session.conn[one->on[line]].taken;
        if (op && op->kind == OP_RECEIVE)
            n += meet(one, op, &scratch).at;
    }
    return n;
}

/* Whether a is to be preferred to b where both would do. */
static bool is_preferred(const struct candidate *a, const struct candidate *b)
{
    return !b || (b->seen && !a->seen);
}

/* Of those that were left until now, the one with most bytes that were right; and rather one that can tell which byte was not. */
static struct candidate *nearest(struct choice *c, const bool *left)
{
    struct candidate *best = NULL;
    size_t most = 0;

    for (size_t i = 0; i < c->count; i++) {
        struct candidate *one = &c->items[i];
        if (!left[i])
            continue;
        size_t right = right_bytes(one);
        bool tells = one->session.mode != SESSION_PLAYING, better = !best || right > most;
        if (best && right == most) {
            bool best_tells = best->session.mode != SESSION_PLAYING;
            better = tells != best_tells ? tells : is_preferred(one, best);
        }
        if (better) {
            best = one;
            most = right;
        }
    }
    return best;
}

static void choose(struct choice *c, struct candidate *one)
{
    for (size_t i = 0; i < c->count; i++)
        if (&c->items[i] != one && c->items[i].fate == CANDIDATE_LIVES)
            c->items[i].fate = CANDIDATE_PASSED_OVER;
    one->fate = CANDIDATE_LIVES;
    c->chosen = one;
}

/* No case can come out right any more: nobody's time is waited for, only what is on its way. */
static void give_up(struct choice *c)
{
    for (size_t i = 0; i < c->count; i++) {
        struct limits *l = &c->items[i].session.limits;
        l->open = l->step = l->end = l->settle;
    }
    c->hopeless = true;
}

/* Drops who cannot come out right. Where that is everyone, nobody: false. */
static bool look_ahead(struct choice *c)
{
    CLEANUP(buffer_free) struct buffer fine = { 0 };
    bool any = false;

    for (size_t i = 0; i < c->count; i++) {
        struct candidate *one = &c->items[i];
        bool good = one->fate == CANDIDATE_LIVES && can_come_right(one);
        buffer_append(&fine, &good, sizeof good);
        any |= good;
    }
    for (size_t i = 0; any && i < c->count; i++)
        if (c->items[i].fate == CANDIDATE_LIVES && !fine.data[i])
            c->items[i].fate = CANDIDATE_DIFFERS;
    return any;
}

/* ---- the choice ---- */

static struct choice_want wait_until(const struct choice *c, int64_t until)
{
    struct choice_want want = { .kind = WANT_WAIT, .until = until };

    for (size_t i = 0; i < c->count; i++)
        want.accept |= c->items[i].fate == CANDIDATE_LIVES && c->items[i].opens;
    return want;
}

static struct choice_want want_of(const struct choice *c, const struct candidate *one)
{
    const struct want *w = &one->want;

    if (w->kind == WANT_WAIT || w->kind == WANT_DONE)
        return w->kind == WANT_WAIT ? wait_until(c, w->until) : (struct choice_want){ .kind = WANT_DONE };
    return (struct choice_want){ .kind = w->kind, .line = line_of(one, w->on), .bytes = w->bytes, .alone = w->alone };
}

static void pass_over(struct choice *c, struct candidate *one)
{
    one->fate = CANDIDATE_PASSED_OVER;
    if (!c->passed)
        c->passed = one;
}

/* Does what the leader wants, as far as others want the same; who wants something else is passed over. */
static struct choice_want act(struct choice *c, const struct candidate *leader)
{
    struct choice_want want = want_of(c, leader);

    for (size_t i = 0; i < c->count; i++) {
        struct candidate *one = &c->items[i];
        if (one->fate != CANDIDATE_LIVES || one == leader)
            continue;
        size_t both = want.bytes.len < one->want.bytes.len ? want.bytes.len : one->want.bytes.len;
        bool same = one->want.kind == want.kind && line_of(one, one->want.on) == want.line &&
                    bytes_common(want.bytes, one->want.bytes) == both;
        if (same)
            want.bytes.len = both;
        else
            pass_over(c, one);
    }
    c->since = INT64_MIN;
    return want;
}

enum camp { CAMP_ACTS, CAMP_OVER, CAMP_WAITS };

static bool is_in(const struct candidate *one, enum camp camp)
{
    enum camp own = one->over ? CAMP_OVER : one->want.kind == WANT_WAIT ? CAMP_WAITS : CAMP_ACTS;

    return one->fate == CANDIDATE_LIVES && own == camp;
}

/* Lines of the case on which anything came: what one that has fewer does not account for. */
static unsigned heard_lines(const struct choice *c, const struct candidate *one)
{
    unsigned n = 0;

    for (unsigned line = 0; line < one->lines; line++)
        n += c->lines[line].came.len > 0;
    return n;
}

/* The one of a camp that is to be preferred, of those that account for that many lines; or NULL. */
static struct candidate *first_of(struct choice *c, enum camp camp, unsigned lines)
{
    struct candidate *first = NULL;

    for (size_t i = 0; i < c->count; i++)
        if (is_in(&c->items[i], camp) && heard_lines(c, &c->items[i]) >= lines && is_preferred(&c->items[i], first))
            first = &c->items[i];
    return first;
}

/* When the first that waits wants to look again. */
static int64_t first_look(const struct choice *c)
{
    int64_t until = INT64_MAX;

    for (size_t i = 0; i < c->count; i++)
        if (is_in(&c->items[i], CAMP_WAITS) && c->items[i].want.until < until)
            until = c->items[i].want.until;
    return until;
}

static struct choice_want decide(struct choice *c, int64_t now)
{
    struct candidate *acts = first_of(c, CAMP_ACTS, 0), *goes = acts ? acts : first_of(c, CAMP_OVER, 0);
    int64_t until = first_look(c);

    if (!goes)
        return wait_until(c, until);
    struct candidate *waits = first_of(c, CAMP_WAITS, heard_lines(c, goes));
    if (waits && (!waits->seen || goes->seen)) {
        c->since = c->since == INT64_MIN ? now : c->since;
        if (now < c->since + c->patience)
            return wait_until(c, c->since + c->patience < until ? c->since + c->patience : until);
    }
    if (waits)
        c->passed = waits;
    if (acts)
        return act(c, acts);
    choose(c, goes);
    return (struct choice_want){ .kind = WANT_DONE };
}

/* Asks all that live; whether any is left. */
static bool ask_all(struct choice *c, int64_t now)
{
    bool any = false;

    for (size_t i = 0; i < c->count; i++) {
        if (c->items[i].fate != CANDIDATE_LIVES)
            continue;
        ask(c, &c->items[i], now);
        any |= c->items[i].fate == CANDIDATE_LIVES;
    }
    return any;
}

struct choice_want choice_want(struct choice *c, int64_t now)
{
    CLEANUP(buffer_free) struct buffer left = { 0 };

    begin(c);
    if (c->chosen) {
        ask(c, c->chosen, now);
        c->chosen->fate = CANDIDATE_LIVES;
        return want_of(c, c->chosen);
    }
    for (size_t i = 0; i < c->count; i++) {
        bool lives = c->items[i].fate == CANDIDATE_LIVES;
        buffer_append(&left, &lives, sizeof lives);
    }
    bool any = ask_all(c, now);
    if (any && !look_ahead(c) && !c->hopeless) {
        give_up(c);
        any = ask_all(c, now); // they want it sooner now
    }
    struct candidate *near = !any || c->hopeless ? nearest(c, (const bool *)left.data) : NULL;
    if (near && near->session.mode != SESSION_PLAYING) {
        choose(c, near);
        return want_of(c, near);
    }
    return decide(c, now);
}

bool choice_is_matched(const struct choice *c)
{
    return c->chosen && c->chosen->over;
}
