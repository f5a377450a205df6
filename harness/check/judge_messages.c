/*
 * Judging what the peer says, and where it must say nothing.
 */
#include "check/judging.h"

/* What came here, seen from the reply before: there it would be the end of its last field. */
static void see_from_before(struct judge *j, struct evidence *e)
{
    const struct op *op = j->last[e->op->on].op;
    unsigned on = e->op->on;
    size_t at = j->last[on].at, first = j->taken[on];

    if (!op || op->fields.count == 0)
        return;
    struct evidence *b = &j->last[on].evidence;
    *b = (struct evidence){ .program = j->p, .trace = j->t, .op = op, .fields = &op->fields, .due = op->bytes, .match = j->last[on].match, .keep = j->keep };
    b->got = bytes_slice(j->came[on], at, SIZE_MAX);
    b->match.field = op->fields.count - 1; // which begins at match.start, and ends at match.at
    b->field = &op->fields.items[b->match.field];
    b->field_due = bytes_slice(b->due, b->field->at, b->field->len);
    b->field_got = bytes_slice(b->got, b->match.start, SIZE_MAX);
    e->before = b;
    e->one_piece = first < j->came[on].len && first > at && seen_byte(j, on, first) == seen_byte(j, on, first - 1);
}

static struct evidence evidence_of(struct judge *j, const struct op *op, struct bytes got)
{
    bool silent = op->kind == OP_SILENT;
    struct bytes due = silent ? op->answer : op->bytes;
    const struct fields *fields = silent ? &op->answer_fields : &op->fields;
    struct evidence e = { .program = j->p, .trace = j->t, .op = op, .fields = fields, .due = due, .keep = j->keep };

    e.got = got;
    see_from_before(j, &e);
    e.table = op->fresh ? NULL : j->table[op->on];
    e.match = match_op(e.got, op, &j->p->profile, &j->table[op->on], j->keep);
    if (e.match.field < fields->count) {
        e.field = &fields->items[e.match.field];
        e.field_due = bytes_slice(due, e.field->at, e.field->len);
        e.field_got = bytes_slice(e.got, e.match.start, SIZE_MAX);
    }
    return e;
}

/* What our end brought in the end counts where it is what was due: all else is what anybody says to an end. */
static struct evidence evidence_make(struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];
    struct bytes got = seen_unread(j, op->on);
    struct evidence e = evidence_of(j, op, got);
    size_t tried = e.match.status == MATCH_DONE ? j->t->count : seen_last_try(j, at);

    if (tried == j->t->count)
        return e;
    size_t before = seen_bytes_before(j, op->on, tried), taken = j->taken[op->on];
    return evidence_of(j, op, bytes_slice(got, 0, before > taken ? before - taken : 0));
}

/* More messages of its group that were to come and have not. */
static size_t others_due(const struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];
    size_t n = 0;

    while (op->group && at + n + 1 < j->p->count && j->p->ops[at + n + 1].group == op->group)
        n++;
    return n;
}

static void tell_others(struct judge *j, struct finding *f, size_t at)
{
    size_t n = others_due(j, at);

    if (n && f->grade == GRADE_FAIL)
        f->sentence = arena_printf(j->keep, "%s; %zu other%s could have come in its place", f->sentence, n, n == 1 ? "" : "s");
}

/* Whether the peer is known to answer at all: nothing is played before the first control. */
static bool speaks(const struct judge *j)
{
    return j->p->vector->service->first_control && strcmp(j->p->vector->id, "first-control") != 0;
}

/* A reply that came only behind the probe: a peer may have wanted more than it was told. */
static void explain_late(struct judge *j, struct evidence *e, struct finding *f)
{
    if (e->fields->count == 0 || !speaks(j))
        return;
    e->late = true;
    e->match.field = e->fields->count - 1; // which begins at match.start, and ends at match.at
    e->field = &e->fields->items[e->match.field];
    e->field_due = bytes_slice(e->due, e->field->at, e->field->len);
    e->field_got = bytes_slice(e->got, e->match.start, SIZE_MAX);
    cause_waits(e, f);
}

/* How many messages, that of op `at` among them, had been asked for and came together. */
static size_t came_together(const struct judge *j, size_t at)
{
    unsigned on = j->p->ops[at].on;
    struct bytes rest = seen_unread(j, on);
    size_t n = 1;

    for (size_t i = at + 1; i < j->p->count; i++) {
        const struct op *op = &j->p->ops[i];
        if (op->on != on)
            continue;
        struct match m = { .status = MATCH_MORE };
        if (op->kind == OP_RECEIVE && op->bytes.len)
            m = match_fields(rest, op->bytes, &op->fields, &j->p->profile, NULL, j->keep);
        if (m.status != MATCH_DONE)
            break;
        rest = bytes_slice(rest, m.len, SIZE_MAX);
        n += part_before(j->p, i) == SIZE_MAX;
    }
    return n;
}

static const char *held_back(const struct judge *j, size_t at)
{
    size_t n = came_together(j, at);

    return n == 1 ? "what was due came only after the probe: a complete message was held back until more bytes arrived"
                  : arena_printf(j->keep, "what was due came only after the probe: %zu complete messages were held back until more bytes arrived", n);
}

/* Whether the message of which the op is a part, and which has come so far, goes on otherwise than is due. */
static bool goes_on_otherwise(const struct judge *j, size_t at)
{
    struct bytes rest = seen_unread(j, j->p->ops[at].on);

    for (size_t i = part_behind(j->p, at); i != SIZE_MAX; i = part_behind(j->p, i)) {
        const struct op *op = &j->p->ops[i];
        struct match m = match_fields(rest, op->bytes, &op->fields, &j->p->profile, NULL, j->keep);
        if (m.status != MATCH_DONE)
            return m.status == MATCH_MISMATCH;
        rest = bytes_slice(rest, m.len, SIZE_MAX);
    }
    return false;
}

/* What came of what was due, and is not all of it: so many bytes of that came only behind the probe. */
static size_t moved_by_probe(const struct judge *j, unsigned on, const struct evidence *e)
{
    size_t asked = seen_event(j, TRACE_PROBE, on, 0), before = seen_bytes_before(j, on, asked), all = j->taken[on] + e->got.len;

    return asked < j->t->count && all > before ? all - before : 0;
}

/* Whether the answer to the probe came, and nothing before it. Where that says nothing by which it is known, it came behind the probe, and is all. */
static bool is_probed(const struct judge *j, unsigned on, struct bytes got)
{
    const struct op *probe = &j->p->probe;
    size_t asked = seen_event(j, TRACE_PROBE, on, 0);

    if (!got.len || !probe->answer_fields.count)
        return false;
    struct match m = match_fields(got, probe->answer, &probe->answer_fields, &j->p->profile, NULL, j->keep);
    return m.status == MATCH_DONE && (probe->answer.len || (m.len == got.len && asked < j->t->count && seen_byte(j, on, j->taken[on]) > asked));
}

/* Where what was due is whole only with what came behind the probe, and that is its answer: how many bytes came before that, and no more.
 * 0: it is not so. */
static size_t ends_before_answer(const struct judge *j, const struct op *op, const struct evidence *e, size_t late)
{
    size_t came = 0, begin = j->taken[op->on] - e->match.len;

    while (came < e->match.len && seen_byte(j, op->on, begin + came) < late)
        came++;
    return came < e->match.len && is_probed(j, op->on, bytes_slice(e->got, came, SIZE_MAX)) ? came : 0;
}

/* What was due never came, and the probe behind it was answered. */
static void judge_passed_over(struct finding *f, const struct evidence *e)
{
    const char *left = cause_left_elsewhere(e);

    f->passed_over = true;
    if (left)
        finding_fail(f, "ended-early", left);
    else if (asked_alone(e))
        finding_fail(f, "no-answer", "what was due never came, while the probe behind it was answered: the request, which came by itself, was read and passed over");
    else
        finding_fail(f, "dropped", "what was due never came, while the probe behind it was answered: the message was dropped");
}

/* Where not a byte came: what else there is to be seen may say why. */
static void explain_nothing(struct judge *j, const struct evidence *e, struct finding *f)
{
    const char *elsewhere = cause_elsewhere(e), *cut = strcmp(f->cause, "ended-early") == 0 ? cause_cut_request(e) : NULL;
    bool is_open = strcmp(f->cause, "no-answer") == 0 || strcmp(f->cause, "ended-early") == 0;
    const char *lost = is_open ? cause_thrown_away(e) : NULL, *left = is_open ? cause_left_elsewhere(e) : NULL;

    if (elsewhere) {
        finding_fail(f, "wrong-request", elsewhere);
        f->summary = "replies go to another connection than theirs";
    } else if (left) {
        f->sentence = arena_printf(j->keep, "%s: %s", f->sentence, left);
        f->others[f->other_count++].cause = "ended-early";
    } else if (cut) {
        finding_fail(f, "false-end", cut);
        f->summary = "the peer takes the end of what has arrived for the end of the stream";
        f->others[f->other_count++].cause = "ended-early"; // whatever had been cut
    } else if (strcmp(f->cause, "no-answer") == 0 && asked_with_a_part(e)) {
        finding_fail(f, "held-back", arena_printf(j->keep, "%s: a part of the next message lies behind its request, and the reply is held back until that is whole", f->sentence));
        f->summary = "replies are held back while a part of the next message lies there";
        f->others[f->other_count++].cause = "no-answer";
    } else if (lost) {
        const char *seen = f->cause;
        finding_fail(f, "dropped", lost);
        f->summary = "bytes of what was said are lost";
        f->others[f->other_count++].cause = seen;
        if (strcmp(seen, "no-answer") == 0 && speaks(j))
            cause_waits(e, f);
    } else if (strcmp(f->cause, "no-answer") == 0 && speaks(j)) {
        cause_waits(e, f);
    } else if (strcmp(f->cause, "ended-early") == 0 && speaks(j)) {
        cause_overflows(e, f);
    }
}

/* Where nothing had come before the probe, and then other bytes than were due: they say least why. */
static void judge_waited(const struct judge *j, struct finding *f, size_t at, size_t late)
{
    const char *seen = f->cause;
    bool is_plain = (strcmp(seen, "wrong-value") == 0 || strcmp(seen, "differs") == 0) && !f->suspects;

    if (!is_plain || late == j->t->count || !seen_at(j, TRACE_PROVEN, at) || seen_byte(j, j->p->ops[at].on, j->taken[j->p->ops[at].on]) <= late)
        return;
    finding_fail(f, "no-answer", "nothing came before the probe, and then other bytes than were due: the peer waited for more, and took the probe for that");
    f->summary = "the peer waits for more than a request has";
    if (f->other_count < OTHERS_TOLD)
        f->others[f->other_count++].cause = seen;
}

#define CONTROL_SURE 4 // bytes of a control's reply, by which it is known for sure

/* Whether nothing stands between a reply of the case and that of a control but what the control asks. */
static bool follows_reply(const struct judge *j, const struct op *before, size_t at)
{
    for (size_t i = (size_t)(before - j->p->ops) + 1; i < at; i++) {
        const struct op *op = &j->p->ops[i];
        if (op->on == before->on && (op->kind != OP_SEND || !op->control))
            return false;
    }
    return !before->control;
}

/*
 * Bytes between a reply of the case and the right one of a control are too much of the former: the case fails, and the control
 * shows nothing against the peer. Not what is due later and came too soon. A control's reply that has not come by now tells neither.
 */
static void blame_reply_before(const struct judge *j, size_t at, struct finding *f, const struct evidence *e)
{
    size_t strays = e->got.len > e->due.len ? e->got.len - e->due.len : 0;

    if (!f->control || !e->before || !strays || e->due.len < CONTROL_SURE || !follows_reply(j, e->before->op, at))
        return;
    if (!bytes_equal(bytes_slice(e->got, strays, SIZE_MAX), e->due) || comes_later(e, bytes_slice(e->got, 0, strays)))
        return;
    f->control = NULL;
    f->check = e->before->op->check;
}

void judge_receive(struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];
    struct evidence e = evidence_make(j, at);
    struct finding *f = finding_add(j, at, AXIS_DATA);
    size_t late = seen_given_up(j, at);
    bool was_late = late < j->t->count;

    if (e.match.status == MATCH_DONE) {
        size_t first = seen_byte(j, op->on, j->taken[op->on]);
        size_t last = seen_byte(j, op->on, j->taken[op->on] + e.match.len - 1);
        j->last[op->on].op = op;
        j->last[op->on].at = j->taken[op->on];
        j->last[op->on].match = e.match;
        j->taken[op->on] += e.match.len;
        if (was_late && seen_last_try(j, at) < first) {
            finding_fail(f, "held-back", "what was due came only when we had ended our direction: it is not sent until then");
            f->summary = "replies are not sent before the connection ends";
        } else if (was_late && seen_last_try(j, at) < last) {
            finding_fail(f, "held-back", "the rest of what was due came only when we had ended our direction: it is not sent until then");
            f->summary = "replies are not sent before the connection ends";
        } else if (was_late && last > late && e.match.len < j->p->probe.answer.len && is_probed(j, op->on, e.got)) {
            judge_passed_over(f, &e); // its answer begins as what was due
        } else if (was_late && last > late && ends_before_answer(j, op, &e, late)) {
            size_t came = ends_before_answer(j, op, &e, late);
            finding_fail(f, "cut", arena_printf(j->keep, "only %zu of %zu bytes came: what stands in the place of the last %zu is the beginning of the answer to the probe",
                                                came, e.match.len, e.match.len - came));
            explain_late(j, &e, f);
        } else if (was_late && last > late && goes_on_otherwise(j, at)) {
            finding_fail(f, "no-answer", "nothing came before the probe, and then another message than was due: the peer waited for more, and took the probe for that");
            f->summary = "the peer waits for more than a request has";
            explain_late(j, &e, f);
        } else if (was_late && last > late) {
            finding_fail(f, "held-back", held_back(j, at));
            explain_late(j, &e, f);
        } else if (op->is_aside ? seen_too_early(j, op, first) : seen_unasked(j, at, first))
            finding_fail(f, "spoke-unasked", j->p->us == PARTY_CLIENT ? "the reply came before its request had been sent"
                                                              : "the client went on before it had been answered");
        return;
    }
    if (j->brief) {
        f->grade = GRADE_FAIL;
        return;
    }
    if (e.match.status == MATCH_MORE) {
        bool nothing = e.got.len == 0;
        finding_missing(j, f, op->on, nothing ? "a byte of what was due" : "all of what was due");
        if (!nothing && f->grade == GRADE_FAIL) {
            finding_show(j, f, &e);
            cause_short(&e, f);
            size_t moved = moved_by_probe(j, op->on, &e);
            if (moved && seen_at(j, TRACE_PROVEN, at) && (strcmp(f->cause, "no-answer") == 0 || strcmp(f->cause, "cut") == 0)) {
                finding_fail(f, "held-back", arena_printf(j->keep, "%zu byte%s of what was due came only behind the probe, and not all of it by then: messages are held back until more bytes arrive", moved, moved == 1 ? "" : "s"));
                f->summary = "messages are held back until more bytes arrive";
            }
        } else if (f->grade == GRADE_FAIL) {
            explain_nothing(j, &e, f);
        }
        tell_others(j, f, at);
        return;
    }
    finding_show(j, f, &e);
    e.late = was_late;
    if (was_late && is_probed(j, op->on, e.got)) {
        const char *elsewhere = cause_elsewhere(&e);
        if (elsewhere)
            finding_fail(f, "wrong-request", elsewhere);
        else
            judge_passed_over(f, &e);
        return;
    }
    if (op->is_aside || !seen_unasked(j, at, seen_byte(j, op->on, j->taken[op->on]))) {
        cause_find(&e, f);
        judge_waited(j, f, at, late);
    } else if (!cause_behind(&e, seen_unasked_bytes(j, at), f))
        finding_fail(f, "spoke-unasked", "something came before anything had been asked");
    f->grade = GRADE_FAIL;
    blame_reply_before(j, at, f, &e);
    tell_others(j, f, at);
}

void judge_strays(struct judge *j, struct finding *f, const struct op *op, size_t strays)
{
    struct evidence e = { .program = j->p, .trace = j->t, .op = op, .got = seen_unread(j, op->on), .keep = j->keep };

    see_from_before(j, &e);
    cause_behind(&e, strays, f);
}

/*
 * Whether the server ended, or reset, before the silence was over, though more was to be said to it and its end was not due yet. A
 * client may end its direction as soon as it has nothing more to say.
 */
static bool left_early(const struct judge *j, size_t at, size_t quiet)
{
    unsigned on = j->p->ops[at].on;
    bool more = false;

    if (j->p->us != PARTY_CLIENT || (seen_event(j, TRACE_FIN, on, 0) >= quiet && seen_event(j, TRACE_RESET, on, 0) >= quiet))
        return false;
    for (size_t i = 0; i < j->p->count; i++) {
        const struct op *op = &j->p->ops[i];
        if (op->on == on && i < at && (op->kind == OP_AWAIT_END || op->kind == OP_AWAIT_RESET))
            return false;
        more |= op->on == on && i > at && op->kind == OP_SEND;
    }
    return more;
}

/* Who ends when a part of a message has come, and waits no longer for the rest. */
static void explain_left(struct judge *j, struct finding *f, size_t at)
{
    size_t i = at;

    while (i > 0 && (j->p->ops[i - 1].on != j->p->ops[at].on || j->p->ops[i - 1].kind == OP_SILENT))
        i--;
    if (strcmp(f->cause, "ended-early") != 0 || i == 0 || j->p->ops[i - 1].kind != OP_SEND || j->p->ops[i - 1].whole)
        return;
    f->sentence = arena_printf(j->keep, "%s, when a part of a message had come", f->sentence);
    f->others[f->other_count].cause = "false-end";
    f->others[f->other_count++].summary = "the peer takes the end of what has arrived for the end of the stream";
}

void judge_silent(struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];
    struct finding *f = finding_add(j, at, AXIS_DATA);

    if (op->bytes.len == 0) {
        struct bytes came = seen_unread(j, op->on);
        size_t quiet = 0, first = seen_byte(j, op->on, j->taken[op->on]);
        while (quiet < j->t->count && ((j->t->events[quiet].kind != TRACE_QUIET && j->t->events[quiet].kind != TRACE_PROVEN) ||
                                       j->t->events[quiet].op != at))
            quiet++;
        if (quiet < j->t->count && left_early(j, at, quiet)) {
            finding_missing(j, f, op->on, "the silence was over");
            explain_left(j, f, at);
        } else if (quiet < j->t->count && first > quiet) { // what came behind the silence is judged by what is due there
            if (j->t->events[quiet].kind == TRACE_QUIET)
                f->grade = GRADE_PASS_TIMED;
            else if (seen_refuted(j, at))
                finding_fail(f, "proof-refuted", "the silence had been proven, and then something came: the proof or the peer is wrong");
        } else if (came.len) {
            finding_fail(f, "spoke-unasked", arena_printf(j->keep, "%zu byte%s came where nothing was due", came.len,
                                                  came.len == 1 ? "" : "s"));
            judge_strays(j, f, op, came.len);
            f->at_byte = true;
            f->got = bytes_slice(came, 0, SHOWN);
        } else {
            finding_missing(j, f, op->on, "the silence was over");
            explain_left(j, f, at);
        }
        return;
    }
    struct evidence e = evidence_make(j, at);
    if (e.match.status == MATCH_DONE) {
        if (seen_byte(j, op->on, j->taken[op->on] + e.match.len - 1) > seen_given_up(j, at))
            finding_fail(f, "held-back", "the answer to the probe came only after more bytes had arrived behind it");
        else if (seen_byte(j, op->on, j->taken[op->on]) < seen_sent(j, at, true))
            finding_fail(f, "spoke-unasked", "the answer to the probe came before all of the probe had been sent");
        j->taken[op->on] += e.match.len;
        return;
    }
    if (seen_given_up(j, at) < j->t->count && is_probed(j, op->on, e.got)) {
        finding_fail(f, "dropped", "the request that shows the silence was never answered, while the probe behind it was: it was dropped");
        return;
    }
    const uint8_t *found = e.got.len < e.due.len ? NULL : memmem(e.got.data, e.got.len, e.due.data, e.due.len);
    if (e.match.status == MATCH_MISMATCH || found) {
        size_t stray = found ? (size_t)(found - e.got.data) : e.got.len;
        finding_fail(f, "spoke-unasked",
             found ? arena_printf(j->keep, "%zu byte%s came where nothing was due, before the answer to the probe", stray,
                                  stray == 1 ? "" : "s")
                   : "something came where nothing was due, and the probe was not answered behind it");
        judge_strays(j, f, op, stray);
        f->at_byte = true;
        f->at = 0;
        f->got = bytes_slice(e.got, 0, stray < SHOWN ? stray : SHOWN);
        return;
    }
    finding_missing(j, f, op->on, "the answer to the probe that shows the silence");
}
