/*
 * From evidence to findings.
 *
 * The ops are walked once more over what came on each connection, from the first byte: the session only decided
 * where a message ends, here it is judged. An op that the play did not reach gets no finding.
 */
#include "check/judging.h"

const char *grade_name(enum grade g)
{
    static const char *const names[] = { "pass", "pass-timed", "as-genuine", "declared", "fail", "inconclusive" };

    return names[g];
}

const char *axis_name(enum axis a)
{
    static const char *const names[] = { "data", "end", "life" };

    return names[a];
}

struct finding *finding_add(struct judge *j, size_t op, enum axis axis)
{
    struct findings *f = j->out;

    if ((f->count & (f->count - 1)) == 0) { // full at each power of two
        struct finding *more = ARENA_ARRAY(j->keep, f->count ? 2 * f->count : 1, struct finding);
        if (f->count)
            memcpy(more, f->items, f->count * sizeof *more);
        f->items = more;
    }
    const struct op *o = &j->p->ops[op];
    struct finding *new = &f->items[f->count++];
    *new = (struct finding){ .check = o->check, .op = op, .control = o->control, .axis = axis };
    return new;
}

void finding_fail(struct finding *f, const char *cause, const char *sentence)
{
    f->grade = GRADE_FAIL;
    f->cause = cause;
    f->sentence = sentence;
}

/* Whether we had stopped reading before the peer ended, and whole replies had come by then. */
static bool paused_before_end(const struct judge *j, unsigned on)
{
    return seen_event(j, TRACE_PAUSED, on, 0) < seen_event(j, TRACE_FIN, on, 0) && j->last[on].op;
}

static const char *gave_up(const struct judge *j)
{
    return seen_at(j, TRACE_PROVEN, j->over) ? "the peer provably waits for input" : "the limit passed";
}

void finding_missing(struct judge *j, struct finding *f, unsigned on, const char *what)
{
    size_t tried = seen_last_try(j, f->op); // what our own end brought says nothing
    bool ended = seen_event(j, TRACE_FIN, on, 0) < tried, was_reset = seen_event(j, TRACE_RESET, on, 0) < tried;
    bool refuses = j->p->ops[f->op].kind == OP_RECEIVE && refusal_due(j->p, f->op, j->keep);

    if (was_reset)
        finding_fail(f, "reset", arena_printf(j->keep, "the peer reset the connection before %s", what));
    else if (ended && refuses && reply_begun(j->p, f->op, j->keep))
        finding_fail(f, "cut", "the peer ended the connection amid a refusal");
    else if (ended && refuses && !seen_unread(j, on).len)
        finding_fail(f, "ended-early", "the peer ended the connection without a word, where a refusal is due");
    else if (ended && seen_end_in_pause(j, on))
        finding_fail(f, "false-end", arena_printf(j->keep, "the peer ended the connection before %s, while nothing was said for a moment: it takes a pause for the end", what));
    else if (ended && paused_before_end(j, on))
        finding_fail(f, "false-end", arena_printf(j->keep, "the peer ended the connection before %s, while nothing was read of it for a moment: it takes a pause for the end", what));
    else if (ended)
        finding_fail(f, "ended-early", arena_printf(j->keep, "the peer ended the connection before %s", what));
    else if (seen_at(j, TRACE_CUT_OFF, j->over))
        finding_fail(f, "flood", arena_printf(j->keep, "the peer flooded the connection without %s", what));
    else if (seen_at(j, TRACE_STOPPED, j->over)) {
        f->grade = GRADE_INCONCLUSIVE;
        f->cause = "stopped";
        f->sentence = "the limit of the case passed, or the run was stopped";
    } else if (seen_at(j, TRACE_PROBE, j->over))
        finding_fail(f, "no-answer", arena_printf(j->keep, "%s without %s, and the probe was not answered either", gave_up(j), what));
    else
        finding_fail(f, "no-answer", arena_printf(j->keep, "%s without %s", gave_up(j), what));
}

void finding_show(struct judge *j, struct finding *f, struct evidence *e)
{
    f->at_byte = true;
    f->at = e->match.at;
    f->field = e->match.field;
    f->expected = bytes_slice(e->field_due, 0, SHOWN);
    f->got = bytes_slice(e->field_got, 0, f->expected.len > 16 ? f->expected.len : 16);
    if (!e->field)
        return;
    f->field_name = e->field->label;
    f->field_of = e->field->message;
    f->expected_text = e->field->text;
    if (!e->field->of.type)
        return;
    struct reader r = { .in = e->field_got };
    struct value seen;
    struct object_mark mark = e->table ? object_table_mark(e->table) : (struct object_mark){ 0 };
    value_load(&r, &j->p->profile, e->table, e->field->of, j->keep, &seen);
    if (e->table)
        object_table_rollback(e->table, mark); // who looks for the cause reads it again
    if (r.status != WIRE_OK)
        return;
    TEXT(text);
    service_print(j->p->vector->service, &text, &seen);
    f->got_text = arena_string(j->keep, text_string(&text));
    f->got = bytes_slice(e->field_got, 0, r.at < SHOWN ? r.at : SHOWN);
}

static void judge_one(struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];

    switch (op->kind) {
    case OP_OPEN:
        if (seen_on(j, TRACE_REFUSED, op->on)) {
            struct finding *f = finding_add(j, at, AXIS_LIFE);
            bool again = at > 0 && j->p->ops[at - 1].kind == OP_LISTEN && j->p->ops[at - 1].on == op->on;
            f->check = (struct check){ "open", again ? j->p->ops[at - 1].check.clauses : j->p->vector->service->end.clauses, LEVEL_MUST };
            if (again)
                finding_fail(f, "no-retry", "no connection came about: the peer, which had been refused, did not dial again");
            else
                finding_fail(f, "refused", j->p->us == PARTY_CLIENT ? "no connection came about" : "no connection came about: the client did not dial");
        }
        break;
    case OP_LISTEN: {
        struct finding *f = finding_add(j, at, AXIS_LIFE);
        if (!seen_at(j, TRACE_RETRIED, at))
            finding_fail(f, "no-retry", "the peer was not heard to try again after it was refused");
        break;
    }
    case OP_RECEIVE:
        judge_receive(j, at);
        break;
    case OP_SILENT:
        judge_silent(j, at);
        break;
    case OP_AWAIT_END:
        judge_end(j, at);
        break;
    case OP_AWAIT_RESET:
        judge_await_reset(j, at);
        break;
    case OP_SEND:
        // A SEND that ended the play met a dead connection: nothing behind it is judged, so it is judged itself.
        if (at == j->over && seen_at(j, TRACE_MISMATCH, at)) {
            struct finding *f = finding_add(j, at, AXIS_END);
            f->check = (struct check){ "send", j->p->vector->clauses, LEVEL_MUST };
            if (seen_end_in_pause(j, op->on))
                finding_fail(f, "false-end", "the peer ended the connection while nothing was said for a moment: it takes a pause for the end");
            else
                finding_fail(f, "reset", "the peer reset the connection while it was spoken to");
        } else if (at == j->over && (seen_at(j, TRACE_STOPPED, at) || seen_at(j, TRACE_LATE, at))) {
            struct finding *f = finding_add(j, at, AXIS_DATA);
            f->check = (struct check){ "send", j->p->vector->clauses, j->p->vector->level };
            finding_fail(f, "stuck", "the peer does not take what is sent");
        }
        break;
    case OP_RESET:
        judge_reset(j, at);
        break;
    case OP_SHUTDOWN:
    case OP_PAUSE:
    case OP_RESUME:
        break;
    }
}

/* Judges an op, and looks whether what failed is a genuine defect. */
static void judge_op(struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];
    size_t known = j->out->count;
    struct bytes got = seen_unread(j, op->on), answer = bytes_slice(j->came[op->on], j->answer[op->on], SIZE_MAX);

    judge_one(j, at);
    for (; known < j->out->count; known++) {
        struct finding *f = &j->out->items[known];
        // A refusal may stand here, or have begun with what an earlier check took from the same answer.
        if (f->grade == GRADE_FAIL)
            genuine_apply(j->p, j->t, got, f, j->keep);
        if (f->grade == GRADE_FAIL && got.len != answer.len)
            genuine_apply(j->p, j->t, answer, f, j->keep);
    }
    if (op->kind == OP_SEND || (op->kind == OP_RECEIVE && op->control)) // a control's reply may stand before it, where requests were joined
        j->answer[op->on] = j->taken[op->on];
}

/* A play that ended before its program: where nothing was found wrong, nothing was shown either. */
static void judge_unfinished(struct judge *j)
{
    for (size_t i = 0; i < j->out->count; i++)
        if (j->out->items[i].grade > GRADE_PASS_TIMED)
            return;
    bool stopped = seen_at(j, TRACE_STOPPED, j->over);
    struct finding *f = finding_add(j, j->over, AXIS_LIFE);
    f->check = (struct check){ "played", j->p->vector->clauses, LEVEL_MUST };
    if (seen_at(j, TRACE_CUT_OFF, j->over)) {
        finding_fail(f, "flood", "the peer flooded the connection: more came than any answer holds");
        return;
    }
    f->grade = GRADE_INCONCLUSIVE;
    f->cause = stopped ? "stopped" : "unfinished";
    f->sentence = stopped ? "the limit of the case passed, or the run was stopped"
                          : "the play ended before the conversation did";
}

static void judge_begin(struct judge *j, const struct program *p, const struct trace *t, struct arena *keep)
{
    *j = (struct judge){ .p = p, .t = t, .keep = keep };
    for (unsigned on = 0; on < p->connection_count; on++)
        j->came[on] = trace_received(t, on, t->count, keep);
    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == TRACE_OVER)
            j->over = t->events[i].op;
}

void judge(const struct program *p, const struct trace *t, struct arena *keep, struct findings *out)
{
    struct judge j;

    judge_begin(&j, p, t, keep);
    j.out = out;
    *out = (struct findings){ 0 };
    for (size_t at = 0; at < p->count && at <= j.over; at++)
        judge_op(&j, at);
    if (j.over < p->count)
        judge_unfinished(&j);
}

bool judge_passes(const struct program *p, const struct trace *t, struct arena *keep)
{
    struct findings found = { 0 };
    struct judge j;

    judge_begin(&j, p, t, keep);
    j.out = &found;
    j.brief = true;
    for (size_t at = 0; at < p->count && at <= j.over; at++) {
        size_t known = found.count;
        judge_one(&j, at);
        for (size_t i = known; i < found.count; i++)
            if (found.items[i].grade > GRADE_PASS_TIMED)
                return false;
    }
    return j.over >= p->count;
}

const struct value *judge_kept(const struct program *p, const struct trace *t, const char *name, struct arena *keep)
{
    struct judge j;

    judge_begin(&j, p, t, keep);
    for (size_t at = 0; at < p->count && at < j.over; at++) {
        const struct op *op = &p->ops[at];
        if (op->kind != OP_RECEIVE)
            continue;
        struct match m = match_op(seen_unread(&j, op->on), op, &p->profile, &j.table[op->on], keep);
        if (m.status != MATCH_DONE)
            return NULL;
        j.taken[op->on] += m.len;
        size_t kept = 0;
        for (size_t f = 0; f < op->fields.count; f++) {
            if (!op->fields.items[f].any)
                continue;
            if (op->fields.items[f].name && strcmp(op->fields.items[f].name, name) == 0)
                return &m.kept[kept];
            kept++;
        }
    }
    return NULL;
}

const char *judge_refusal(const struct program *p, const struct trace *t, struct arena *keep)
{
    struct judge j;

    judge_begin(&j, p, t, keep);
    for (size_t at = 0; at < p->count && at <= j.over; at++) {
        const struct op *op = &p->ops[at];
        if (op->kind != OP_RECEIVE)
            continue;
        struct bytes got = seen_unread(&j, op->on);
        struct match m = match_op(got, op, &p->profile, &j.table[op->on], keep);
        j.taken[op->on] += m.len;
        struct refusal r;
        for (size_t i = 0; m.status != MATCH_DONE && i < p->vector->service->refusal_count; i++)
            if (refusal_read(p, i, got, keep, &r))
                return r.name;
        if (m.status != MATCH_DONE)
            return NULL;
    }
    return NULL;
}
