/*
 * From evidence to findings.
 *
 * The ops are walked once more over what came on each connection, from the first byte: the session only decided
 * where a message ends, here it is judged. An op that the play did not reach gets no finding.
 */
#include "check/evidence.h"

#define SHOWN 64 // bytes of a wrong field that a finding keeps

struct judge {
    const struct program *p;
    const struct trace *t;
    struct arena *keep;
    struct findings *out;
    bool brief;                  // nobody asks why
    size_t over;                 // the op in force when the play ended
    struct bytes came[8];        // all that came, by connection
    size_t taken[8];             // of it, accounted for by earlier ops
    size_t answer[8];            // of it, where what came since our last words begins
    struct {
        const struct op *op;     // of the last reply that was right; NULL: none so far
        size_t at;               // of all that came: where it begins
        struct match match;
        struct evidence evidence; // of it, for what came behind it
    } last[8];
    struct object_table *table[8]; // of what the peer has said
};

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

/* The first event of a kind on a connection from index `from` on; the count of events when there is none. */
static size_t event_find(const struct judge *j, enum trace_kind kind, unsigned on, size_t from)
{
    size_t i = from;

    while (i < j->t->count && (j->t->events[i].kind != kind || j->t->events[i].on != on))
        i++;
    return i;
}

static bool event_at(const struct judge *j, enum trace_kind kind, size_t op)
{
    for (size_t i = 0; i < j->t->count; i++)
        if (j->t->events[i].kind == kind && j->t->events[i].op == op)
            return true;
    return false;
}

static bool happened(const struct judge *j, enum trace_kind kind, unsigned on)
{
    return event_find(j, kind, on, 0) < j->t->count;
}

static struct bytes unread(const struct judge *j, unsigned on)
{
    return bytes_slice(j->came[on], j->taken[on], SIZE_MAX);
}

/* Index of the event that brought byte `offset` of a connection. */
static size_t event_of_byte(const struct judge *j, unsigned on, size_t offset)
{
    for (size_t i = 0; i < j->t->count; i++) {
        const struct trace_event *e = &j->t->events[i];
        if (e->kind != TRACE_RECEIVED || e->on != on)
            continue;
        if (offset < e->data.len)
            return i;
        offset -= e->data.len;
    }
    return j->t->count;
}

static struct finding *finding_add(struct judge *j, size_t op, enum axis axis)
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

static void fail(struct finding *f, const char *cause, const char *sentence)
{
    f->grade = GRADE_FAIL;
    f->cause = cause;
    f->sentence = sentence;
}

static const char *gave_up(const struct judge *j)
{
    return event_at(j, TRACE_PROVEN, j->over) ? "the peer provably waits for input" : "the limit passed";
}

/* What is missing: how the connection stood when it was given up. */
static void missing(struct judge *j, struct finding *f, unsigned on, const char *what)
{
    bool refuses = j->p->ops[f->op].kind == OP_RECEIVE && refusal_due(j->p, f->op, j->keep);

    if (happened(j, TRACE_RESET, on))
        fail(f, "reset", arena_printf(j->keep, "the peer reset the connection before %s", what));
    else if (happened(j, TRACE_FIN, on) && refuses && reply_begun(j->p, f->op, j->keep))
        fail(f, "cut", "the peer ended the connection amid a refusal");
    else if (happened(j, TRACE_FIN, on) && refuses)
        fail(f, "ended-early", "the peer ended the connection without a word, where a refusal is due");
    else if (happened(j, TRACE_FIN, on))
        fail(f, "ended-early", arena_printf(j->keep, "the peer ended the connection before %s", what));
    else if (event_at(j, TRACE_CUT_OFF, j->over))
        fail(f, "flood", arena_printf(j->keep, "the peer flooded the connection without %s", what));
    else if (event_at(j, TRACE_STOPPED, j->over)) {
        f->grade = GRADE_INCONCLUSIVE;
        f->cause = "stopped";
        f->sentence = "the limit of the case passed, or the run was stopped";
    } else if (event_at(j, TRACE_PROBE, j->over))
        fail(f, "no-answer", arena_printf(j->keep, "%s without %s, and the probe was not answered either", gave_up(j), what));
    else
        fail(f, "no-answer", arena_printf(j->keep, "%s without %s", gave_up(j), what));
}

/* The bytes around a difference: the field that was due, and as much of what came. */
static void show_difference(struct judge *j, struct finding *f, struct evidence *e)
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
    value_load(&r, &j->p->profile, e->table, e->field->of, j->keep, &seen);
    if (r.status != WIRE_OK)
        return;
    TEXT(text);
    service_print(j->p->vector->service, &text, &seen);
    f->got_text = arena_string(j->keep, text_string(&text));
    f->got = bytes_slice(e->field_got, 0, r.at < SHOWN ? r.at : SHOWN);
}

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
    b->match.field = op->fields.count - 1;
    b->match.at = b->match.len;
    b->match.start = b->match.starts[b->match.field];
    b->field = &op->fields.items[b->match.field];
    b->field_due = bytes_slice(b->due, b->field->at, b->field->len);
    b->field_got = bytes_slice(b->got, b->match.start, SIZE_MAX);
    e->before = b;
    e->one_piece = first < j->came[on].len && first > at && event_of_byte(j, on, first) == event_of_byte(j, on, first - 1);
}

static struct evidence evidence_make(struct judge *j, const struct op *op)
{
    bool silent = op->kind == OP_SILENT;
    struct bytes due = silent ? op->answer : op->bytes;
    const struct fields *fields = silent ? &op->answer_fields : &op->fields;
    struct evidence e = { .program = j->p, .trace = j->t, .op = op, .fields = fields, .due = due, .keep = j->keep };

    e.got = unread(j, op->on);
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

/* Index of the event with which the first byte of an op left, or the last; the count of events when none did. */
static size_t sent_at(const struct judge *j, size_t at, bool last)
{
    size_t found = j->t->count;

    for (size_t i = 0; i < j->t->count && (last || found == j->t->count); i++)
        if (j->t->events[i].kind == TRACE_SENT && j->t->events[i].op == at)
            found = i;
    return found;
}

/* Whether words of ours may stand before an op of this kind, and be answered behind it. */
static bool lets_pass(enum op_kind kind)
{
    return kind == OP_RECEIVE || kind == OP_SHUTDOWN || kind == OP_PAUSE || kind == OP_RESUME;
}

/* Index of the event with which the first byte of what a reply answers left; 0: nothing was asked. That is the first of a row of
 * SENDs that completes a message, or one before other replies to which a delivery has joined what stood behind them. */
static size_t asked_event(const struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];
    size_t asked = SIZE_MAX;
    bool in_row = true;

    for (size_t i = at; i-- > 0;) {
        const struct op *before = &j->p->ops[i];
        if (before->on != op->on)
            continue;
        if (before->kind != OP_SEND && !lets_pass(before->kind))
            break;
        if (before->kind != OP_SEND)
            in_row &= asked == SIZE_MAX;
        else if (in_row ? before->whole || asked == SIZE_MAX : before->message_count > !before->whole)
            asked = i;
    }
    return asked == SIZE_MAX ? 0 : sent_at(j, asked, false);
}

/* A reply that came before any byte of what it answers had been sent was not an answer. */
static bool came_unasked(const struct judge *j, size_t at, size_t first)
{
    return first < asked_event(j, at);
}

/* Bytes that are not accounted for and came before any of what the op answers had been sent. */
static size_t unasked_bytes(const struct judge *j, size_t at)
{
    unsigned on = j->p->ops[at].on;
    size_t sent = asked_event(j, at), n = 0;

    for (size_t i = 0; i < sent; i++)
        n += j->t->events[i].kind == TRACE_RECEIVED && j->t->events[i].on == on ? j->t->events[i].data.len : 0;
    return n > j->taken[on] ? n - j->taken[on] : 0;
}

/* Whether a message that may come, and did, came before any byte of what goes before its place had been sent. */
static bool came_too_early(const struct judge *j, const struct op *op, size_t first)
{
    size_t sent = 0;

    for (size_t i = 0; i < first && i < j->t->count; i++) {
        const struct trace_event *e = &j->t->events[i];
        if (e->kind == TRACE_SENT && e->on == op->on && e->op < j->p->count && j->p->ops[e->op].kind == OP_SEND)
            sent += e->data.len;
    }
    return op->asked != SIZE_MAX && sent <= op->asked;
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

/* Index of the event by which an op was given up, the count of events when it was not. */
static size_t given_up(const struct judge *j, size_t op)
{
    size_t i = 0;

    while (i < j->t->count && (j->t->events[i].op != op ||
                               (j->t->events[i].kind != TRACE_LATE && j->t->events[i].kind != TRACE_PROVEN)))
        i++;
    return i;
}

/* Whether a byte came after it had been proven that none would, before we said anything more. */
static bool refuted(const struct judge *j, size_t op)
{
    bool proven = false;

    for (size_t i = 0; i < j->t->count; i++) {
        const struct trace_event *e = &j->t->events[i];
        if (e->kind == TRACE_PROVEN && e->op == op)
            proven = true;
        else if (proven && e->kind == TRACE_RECEIVED)
            return true;
        else if (proven && (e->kind == TRACE_SENT || e->kind == TRACE_FIN_SENT || e->kind == TRACE_OPEN || e->kind == TRACE_RESET_SENT))
            return false;
    }
    return false;
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
    e->match.field = e->fields->count - 1;
    e->match.at = e->match.len;
    e->match.start = e->match.starts[e->match.field];
    e->field = &e->fields->items[e->match.field];
    e->field_due = bytes_slice(e->due, e->field->at, e->field->len);
    e->field_got = bytes_slice(e->got, e->match.start, SIZE_MAX);
    cause_waits(e, f);
}

/* How many messages, that of op `at` among them, had been asked for and came together. */
static size_t came_together(const struct judge *j, size_t at)
{
    unsigned on = j->p->ops[at].on;
    struct bytes rest = unread(j, on);
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
        n++;
    }
    return n;
}

static const char *held_back(const struct judge *j, size_t at)
{
    size_t n = came_together(j, at);

    return n == 1 ? "what was due came only after the probe: a complete message was held back until more bytes arrived"
                  : arena_printf(j->keep, "what was due came only after the probe: %zu complete messages were held back until more bytes arrived", n);
}

/* Whether the answer to the probe came, and nothing before it. */
static bool is_probed(const struct judge *j, struct bytes got)
{
    const struct op *probe = &j->p->probe;

    return got.len && probe->answer.len && match_fields(got, probe->answer, &probe->answer_fields, &j->p->profile, NULL, j->keep).status == MATCH_DONE;
}

static void judge_receive(struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];
    struct evidence e = evidence_make(j, op);
    struct finding *f = finding_add(j, at, AXIS_DATA);
    size_t late = given_up(j, at);
    bool was_late = late < j->t->count;

    if (e.match.status == MATCH_DONE) {
        size_t first = event_of_byte(j, op->on, j->taken[op->on]);
        size_t last = event_of_byte(j, op->on, j->taken[op->on] + e.match.len - 1);
        j->last[op->on].op = op;
        j->last[op->on].at = j->taken[op->on];
        j->last[op->on].match = e.match;
        j->taken[op->on] += e.match.len;
        if (was_late && last > late) {
            fail(f, "held-back", held_back(j, at));
            explain_late(j, &e, f);
        } else if (op->is_aside ? came_too_early(j, op, first) : came_unasked(j, at, first))
            fail(f, "spoke-unasked", j->p->us == PARTY_CLIENT ? "the reply came before its request had been sent"
                                                              : "the client went on before it had been answered");
        return;
    }
    if (j->brief) {
        f->grade = GRADE_FAIL;
        return;
    }
    if (e.match.status == MATCH_MORE) {
        bool nothing = e.got.len == 0;
        missing(j, f, op->on, nothing ? "a byte of what was due" : "all of what was due");
        if (!nothing && f->grade == GRADE_FAIL) {
            show_difference(j, f, &e);
            cause_short(&e, f);
        } else if (f->grade == GRADE_FAIL && strcmp(f->cause, "no-answer") == 0 && speaks(j)) {
            cause_waits(&e, f);
        }
        tell_others(j, f, at);
        return;
    }
    show_difference(j, f, &e);
    e.late = was_late;
    if (was_late && is_probed(j, e.got)) {
        fail(f, "dropped", "what was due never came, while the probe behind it was answered: the message was dropped");
        return;
    }
    if (op->is_aside || !came_unasked(j, at, event_of_byte(j, op->on, j->taken[op->on])))
        cause_find(&e, f);
    else if (!cause_behind(&e, unasked_bytes(j, at), f))
        fail(f, "spoke-unasked", "something came before anything had been asked");
    f->grade = GRADE_FAIL;
    tell_others(j, f, at);
}

/* The cause of bytes where none are due: by what they stand behind, or as it was. */
static void blame_strays(struct judge *j, struct finding *f, const struct op *op, size_t strays)
{
    struct evidence e = { .program = j->p, .trace = j->t, .op = op, .got = unread(j, op->on), .keep = j->keep };

    see_from_before(j, &e);
    cause_behind(&e, strays, f);
}

static void judge_silent(struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];
    struct finding *f = finding_add(j, at, AXIS_DATA);

    if (op->bytes.len == 0) {
        struct bytes came = unread(j, op->on);
        size_t quiet = 0, first = event_of_byte(j, op->on, j->taken[op->on]);
        while (quiet < j->t->count && ((j->t->events[quiet].kind != TRACE_QUIET && j->t->events[quiet].kind != TRACE_PROVEN) ||
                                       j->t->events[quiet].op != at))
            quiet++;
        if (quiet < j->t->count && first > quiet) { // what came behind the silence is judged by what is due there
            if (j->t->events[quiet].kind == TRACE_QUIET)
                f->grade = GRADE_PASS_TIMED;
            else if (refuted(j, at))
                fail(f, "proof-refuted", "the silence had been proven, and then something came: the proof or the peer is wrong");
        } else if (came.len) {
            fail(f, "spoke-unasked", arena_printf(j->keep, "%zu byte%s came where nothing was due", came.len,
                                                  came.len == 1 ? "" : "s"));
            blame_strays(j, f, op, came.len);
            f->at_byte = true;
            f->got = bytes_slice(came, 0, SHOWN);
        } else {
            missing(j, f, op->on, "the silence was over");
        }
        return;
    }
    struct evidence e = evidence_make(j, op);
    if (e.match.status == MATCH_DONE) {
        if (event_of_byte(j, op->on, j->taken[op->on] + e.match.len - 1) > given_up(j, at))
            fail(f, "held-back", "the answer to the probe came only after more bytes had arrived behind it");
        else if (event_of_byte(j, op->on, j->taken[op->on]) < sent_at(j, at, true))
            fail(f, "spoke-unasked", "the answer to the probe came before all of the probe had been sent");
        j->taken[op->on] += e.match.len;
        return;
    }
    if (given_up(j, at) < j->t->count && is_probed(j, e.got)) {
        fail(f, "dropped", "the request that shows the silence was never answered, while the probe behind it was: it was dropped");
        return;
    }
    const uint8_t *found = e.got.len < e.due.len ? NULL : memmem(e.got.data, e.got.len, e.due.data, e.due.len);
    if (e.match.status == MATCH_MISMATCH || found) {
        size_t stray = found ? (size_t)(found - e.got.data) : e.got.len;
        fail(f, "spoke-unasked",
             found ? arena_printf(j->keep, "%zu byte%s came where nothing was due, before the answer to the probe", stray,
                                  stray == 1 ? "" : "s")
                   : "something came where nothing was due, and the probe was not answered behind it");
        blame_strays(j, f, op, stray);
        f->at_byte = true;
        f->at = 0;
        f->got = bytes_slice(e.got, 0, stray < SHOWN ? stray : SHOWN);
        return;
    }
    missing(j, f, op->on, "the answer to the probe that shows the silence");
}

/* Bytes that no op accounts for, where none may be left. */
static bool stray(struct judge *j, struct finding *f, unsigned on)
{
    struct bytes came = unread(j, on);

    if (came.len == 0)
        return false;
    fail(f, "stray-bytes", arena_printf(j->keep, "%zu byte%s came behind all that was due", came.len, came.len == 1 ? "" : "s"));
    blame_strays(j, f, &j->p->ops[f->op], came.len);
    f->at_byte = true;
    f->got = bytes_slice(came, 0, SHOWN);
    j->taken[on] += came.len;
    return true;
}

/* A plain close of the peer, and our FIN behind it, end so when the kernel has forgotten the connection meanwhile. */
static void ended_by_reset(struct judge *j, struct finding *f, unsigned on, size_t fin, size_t ours)
{
    if (fin == j->t->count) {
        fail(f, "reset", "the connection ended with a RST, not with FIN");
    } else if (!happened(j, TRACE_FORGOTTEN, on) || ours < fin) {
        fail(f, "reset", "the peer reset the connection behind its FIN: it closed with bytes unread or did not wait for ours");
    } else {
        fail(f, "reset", "a RST came behind both FINs: the kernel had no room to remember the connection, or the peer reset it");
        f->check.level = f->check.level == LEVEL_MUST ? LEVEL_SHOULD : f->check.level;
    }
}

static void judge_end(struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];
    struct finding *f = finding_add(j, at, AXIS_END);
    size_t fin = event_find(j, TRACE_FIN, op->on, 0), ours = event_find(j, TRACE_FIN_SENT, op->on, 0);
    bool client_first = false;

    for (size_t i = 0; i < at; i++)
        client_first |= j->p->ops[i].kind == OP_SHUTDOWN && j->p->ops[i].on == op->on;
    if (op->whatever) {
        size_t reset = event_find(j, TRACE_RESET, op->on, 0), gone = fin < reset ? fin : reset;
        j->taken[op->on] = j->came[op->on].len;
        if (gone == j->t->count) {
            missing(j, f, op->on, "the end of the connection");
            if (f->grade == GRADE_FAIL)
                fail(f, "never-ends", "the peer did not end the connection");
        } else if (gone > given_up(j, at)) {
            fail(f, "never-ends", "the peer did not end the connection when it was due, only later");
        }
        return;
    }
    if (stray(j, f, op->on)) {
        return;
    } else if (happened(j, TRACE_RESET, op->on)) {
        ended_by_reset(j, f, op->on, fin, ours);
    } else if (fin == j->t->count) {
        missing(j, f, op->on, "the peer's FIN");
        if (f->grade == GRADE_FAIL)
            fail(f, "never-ends", "the peer did not end its direction");
    } else if (fin > given_up(j, at)) {
        fail(f, "never-ends", "the peer did not end its direction when it was due; its FIN came only later");
    } else if (client_first && fin < ours) {
        fail(f, "ended-early", "the peer ended its direction before we had ended ours");
    }
}

/* Where we reset: the peer must not have done so before, and all that it said was due, unless words of ours stand
 * unanswered. */
static void judge_reset(struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];
    bool owed = false;

    for (size_t i = 0; i < at; i++)
        if (j->p->ops[i].on == op->on)
            owed = j->p->ops[i].kind == OP_SEND;
    bool was_reset = happened(j, TRACE_RESET, op->on);
    if (op->whatever)
        j->taken[op->on] = j->came[op->on].len;
    if (!was_reset && (owed || unread(j, op->on).len == 0))
        return;
    struct finding *f = finding_add(j, at, AXIS_END);
    f->check = (struct check){ "reset", j->p->vector->clauses, LEVEL_MUST };
    if (was_reset)
        fail(f, "reset", "the peer reset the connection before we did");
    else
        stray(j, f, op->on);
}

static void judge_await_reset(struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];
    struct finding *f = finding_add(j, at, AXIS_END);

    if (stray(j, f, op->on))
        return;
    if (happened(j, TRACE_FIN, op->on))
        fail(f, "no-reset", "the peer ended the connection with FIN, not with a RST");
    else if (event_find(j, TRACE_RESET, op->on, 0) >= given_up(j, at)) // both are the count when neither is there
        fail(f, "no-reset", "the peer did not reset the connection");
}

static void judge_one(struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];

    switch (op->kind) {
    case OP_OPEN:
        if (happened(j, TRACE_REFUSED, op->on)) {
            struct finding *f = finding_add(j, at, AXIS_LIFE);
            f->check = (struct check){ "open", j->p->vector->service->end.clauses, LEVEL_MUST };
            bool again = at > 0 && j->p->ops[at - 1].kind == OP_LISTEN && j->p->ops[at - 1].on == op->on;
            if (again)
                fail(f, "no-retry", "no connection came about: the peer, which had been refused, did not dial again");
            else
                fail(f, "refused", j->p->us == PARTY_CLIENT ? "no connection came about" : "no connection came about: the client did not dial");
        }
        break;
    case OP_LISTEN: {
        struct finding *f = finding_add(j, at, AXIS_LIFE);
        if (!event_at(j, TRACE_RETRIED, at))
            fail(f, "no-retry", "the peer was not heard to try again after it was refused");
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
        if (at == j->over && event_at(j, TRACE_MISMATCH, at)) {
            struct finding *f = finding_add(j, at, AXIS_END);
            f->check = (struct check){ "send", j->p->vector->clauses, LEVEL_MUST };
            fail(f, "reset", "the peer reset the connection while it was spoken to");
        } else if (at == j->over && (event_at(j, TRACE_STOPPED, at) || event_at(j, TRACE_LATE, at))) {
            struct finding *f = finding_add(j, at, AXIS_DATA);
            f->check = (struct check){ "send", j->p->vector->clauses, j->p->vector->level };
            fail(f, "stuck", "the peer does not take what is sent");
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
    struct bytes got = unread(j, op->on), answer = bytes_slice(j->came[op->on], j->answer[op->on], SIZE_MAX);

    judge_one(j, at);
    for (; known < j->out->count; known++) {
        struct finding *f = &j->out->items[known];
        // A refusal may stand here, or have begun with what an earlier check took from the same answer.
        if (f->grade == GRADE_FAIL)
            genuine_apply(j->p, j->t, got, f, j->keep);
        if (f->grade == GRADE_FAIL && got.len != answer.len)
            genuine_apply(j->p, j->t, answer, f, j->keep);
    }
    if (op->kind == OP_SEND)
        j->answer[op->on] = j->taken[op->on];
}

/* A play that ended before its program: where nothing was found wrong, nothing was shown either. */
static void judge_unfinished(struct judge *j)
{
    for (size_t i = 0; i < j->out->count; i++)
        if (j->out->items[i].grade > GRADE_PASS_TIMED)
            return;
    bool stopped = event_at(j, TRACE_STOPPED, j->over);
    struct finding *f = finding_add(j, j->over, AXIS_LIFE);
    f->check = (struct check){ "played", j->p->vector->clauses, LEVEL_MUST };
    if (event_at(j, TRACE_CUT_OFF, j->over)) {
        fail(f, "flood", "the peer flooded the connection: more came than any answer holds");
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
        struct match m = match_op(unread(&j, op->on), op, &p->profile, &j.table[op->on], keep);
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
        struct bytes got = unread(&j, op->on);
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
