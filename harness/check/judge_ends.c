/*
 * Judging how connections end.
 */
#include "check/judging.h"

/* Our last words before an op, if nothing is due to them but that the peer ends the connection; the count of ops: there are none such. */
static size_t refused_words(const struct judge *j, size_t at, unsigned on)
{
    size_t i = at;

    while (i > 0 && (j->p->ops[i - 1].on != on || j->p->ops[i - 1].kind == OP_SILENT))
        i--;
    bool is = i > 0 && j->p->ops[i - 1].kind == OP_SEND && j->p->ops[i - 1].whole && j->p->us == PARTY_CLIENT;
    return is ? i - 1 : j->p->count;
}

/* Whether bytes read as a reply of the service. */
static bool is_reply(const struct judge *j, unsigned on, struct bytes came)
{
    struct object_table *table = j->table[on] ? j->table[on] : object_table_new(j->keep);

    return reads_as_reply(j->p, came) || reads_as_object(j->p, table, came);
}

#define TELLING 4 // bytes by which an answer is known that begins as what it answers

/* Whether bytes begin as our words do. */
static bool begins_as(const struct judge *j, size_t said, struct bytes came)
{
    return bytes_common(j->p->ops[said].bytes, came) >= TELLING;
}

/* Where the end itself is the refusal, what came in its place is an answer. */
static void judge_not_refused(struct judge *j, struct finding *f, unsigned on, struct bytes came)
{
    size_t refused = j->p->ops[f->op].kind == OP_AWAIT_END ? refused_words(j, f->op, on) : j->p->count;
    bool is_plain = strcmp(f->cause, "stray-bytes") == 0 || strcmp(f->cause, "extra-bytes") == 0;

    if (refused == j->p->count || !is_plain || (!is_reply(j, on, came) && !begins_as(j, refused, came)) || seen_byte(j, on, j->taken[on]) <= seen_sent(j, refused, true))
        return;
    finding_fail(f, "not-refused", arena_printf(j->keep, "%zu bytes came where the connection was to end: the peer answered what it must refuse", came.len));
    f->summary = "the peer answers what it must refuse";
}

/* Behind a message that has no reply what came is a reply to that, if it came before our end or reads as one. */
static void judge_answered(struct judge *j, struct finding *f, unsigned on, struct bytes bytes)
{
    const struct evidence e = { .program = j->p, .trace = j->t, .op = &j->p->ops[f->op], .keep = j->keep };
    size_t came = seen_byte(j, on, j->taken[on]);

    if (j->p->us != PARTY_CLIENT || strcmp(f->cause, "stray-bytes") != 0 || refused_words(j, f->op, on) < j->p->count || !more_said_than_due(&e) ||
        (seen_event(j, TRACE_FIN_SENT, on, 0) < came && !is_reply(j, on, bytes)))
        return;
    finding_fail(f, "spoke-unasked", arena_printf(j->keep, "%s: a message that has no reply was answered", f->sentence));
    f->summary = "the peer answers what has no reply";
    f->others[f->other_count++].cause = "stray-bytes";
}

/* Where it is the server that ends, replies to what stands behind its last one say that it went on. */
static void judge_went_on(struct judge *j, struct finding *f, unsigned on, struct bytes came)
{
    bool is_plain = strcmp(f->cause, "stray-bytes") == 0 || strcmp(f->cause, "extra-bytes") == 0, ours = j->p->us != PARTY_CLIENT || j->p->ops[f->op].kind != OP_AWAIT_END;
    const char *seen = f->cause;
    size_t first = seen_byte(j, on, j->taken[on]);

    for (size_t i = first; i < j->t->count; i++)
        ours |= j->t->events[i].kind == TRACE_SENT && j->t->events[i].on == on;
    for (size_t i = 0; i < f->op; i++)
        ours |= j->p->ops[i].kind == OP_SHUTDOWN && j->p->ops[i].on == on;
    if (!is_plain || ours || (!is_reply(j, on, came) && !begins_refusal(j->p, came, j->keep)))
        return;
    finding_fail(f, "never-ends", arena_printf(j->keep, "%s, and they are a reply: the peer went on where it was to end", f->sentence));
    f->others[f->other_count++].cause = seen;
}

/* Bytes that no op accounts for, where none may be left. */
static bool stray(struct judge *j, struct finding *f, unsigned on)
{
    struct bytes came = seen_unread(j, on);

    if (came.len == 0)
        return false;
    finding_fail(f, "stray-bytes", arena_printf(j->keep, "%zu byte%s came behind all that was due", came.len, came.len == 1 ? "" : "s"));
    judge_strays(j, f, &j->p->ops[f->op], came.len);
    judge_not_refused(j, f, on, came);
    judge_answered(j, f, on, came);
    judge_went_on(j, f, on, came);
    f->at_byte = true;
    f->got = bytes_slice(came, 0, SHOWN);
    j->taken[on] += came.len;
    return true;
}

/* A plain close of the peer, and our FIN behind it, end so when the kernel has forgotten the connection meanwhile. */
static void ended_by_reset(struct judge *j, struct finding *f, unsigned on, size_t fin, size_t ours)
{
    if (fin == j->t->count) {
        finding_fail(f, "reset", "the connection ended with a RST, not with FIN");
    } else if (!seen_on(j, TRACE_FORGOTTEN, on) || ours < fin) {
        finding_fail(f, "reset", "the peer reset the connection behind its FIN: it closed with bytes unread or did not wait for ours");
    } else {
        finding_fail(f, "reset", "a RST came behind both FINs: the kernel had no room to remember the connection, or the peer reset it");
        f->check.level = f->check.level == LEVEL_MUST ? LEVEL_SHOULD : f->check.level;
    }
}

void judge_end(struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];
    struct finding *f = finding_add(j, at, AXIS_END);
    size_t fin = seen_event(j, TRACE_FIN, op->on, 0), ours = seen_event(j, TRACE_FIN_SENT, op->on, 0);
    bool client_first = false;

    for (size_t i = 0; i < at; i++)
        client_first |= j->p->ops[i].kind == OP_SHUTDOWN && j->p->ops[i].on == op->on;
    if (op->whatever) {
        size_t reset = seen_event(j, TRACE_RESET, op->on, 0), gone = fin < reset ? fin : reset;
        j->taken[op->on] = j->came[op->on].len;
        if (gone == j->t->count) {
            finding_missing(j, f, op->on, "the end of the connection");
            if (f->grade == GRADE_FAIL)
                finding_fail(f, "never-ends", "the peer did not end the connection");
        } else if (gone > seen_given_up(j, at)) {
            finding_fail(f, "never-ends", "the peer did not end the connection when it was due, only later");
        }
        return;
    }
    if (stray(j, f, op->on)) {
        return;
    } else if (seen_on(j, TRACE_RESET, op->on)) {
        ended_by_reset(j, f, op->on, fin, ours);
    } else if (fin == j->t->count) {
        finding_missing(j, f, op->on, "the peer's FIN");
        if (f->grade == GRADE_FAIL)
            finding_fail(f, "never-ends", "the peer did not end its direction");
    } else if (fin > seen_given_up(j, at)) {
        finding_fail(f, "never-ends", "the peer did not end its direction when it was due; its FIN came only later");
    } else if (client_first && fin < ours) {
        finding_fail(f, "ended-early", "the peer ended its direction before we had ended ours");
    }
}

void judge_reset(struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];
    bool owed = false;

    for (size_t i = 0; i < at; i++)
        if (j->p->ops[i].on == op->on)
            owed = j->p->ops[i].kind == OP_SEND;
    bool was_reset = seen_on(j, TRACE_RESET, op->on);
    if (op->whatever)
        j->taken[op->on] = j->came[op->on].len;
    if (!was_reset && (owed || seen_unread(j, op->on).len == 0))
        return;
    struct finding *f = finding_add(j, at, AXIS_END);
    f->check = (struct check){ "reset", j->p->vector->clauses, LEVEL_MUST };
    if (was_reset)
        finding_fail(f, "reset", "the peer reset the connection before we did");
    else
        stray(j, f, op->on);
}

void judge_await_reset(struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];
    struct finding *f = finding_add(j, at, AXIS_END);

    if (stray(j, f, op->on))
        return;
    if (seen_on(j, TRACE_FIN, op->on))
        finding_fail(f, "no-reset", "the peer ended the connection with FIN, not with a RST");
    else if (seen_event(j, TRACE_RESET, op->on, 0) >= seen_given_up(j, at)) // both are the count when neither is there
        finding_fail(f, "no-reset", "the peer did not reset the connection");
}
