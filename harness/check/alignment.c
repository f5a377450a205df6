/*
 * What came against what was due, message by message.
 *
 * Both are rows of messages, and one becomes the other by one edit, made as often as it takes: something stands before a message
 * that is due, or one that is due is left out. Every byte that came must be accounted for, by messages that are right and by the edit.
 * A row of the table is an edit; the first that explains all is the cause, before anything is supposed of the bytes within a value.
 */
#include "check/evidence.h"

#define DUE_MAX   64 // messages that are looked at
#define EDITS_MAX 16 // of one kind
#define TELLING   3  // bytes by which a message is known again: statuses of two bytes are all alike

struct alignment {
    const struct evidence *e;
    size_t due[DUE_MAX]; // ops with the messages that are due on the connection from here on, as far as they had been asked for
    bool came[DUE_MAX];
    size_t count;
    size_t at;           // the first of them that is neither there nor left out
    size_t from;         // of what came: accounted for up to here
    size_t edits;
};

static struct bytes left(const struct alignment *a)
{
    return bytes_slice(a->e->got, a->from, SIZE_MAX);
}

static bool ends(struct bytes with, struct bytes b)
{
    return with.len && with.len <= b.len && memcmp(with.data, b.data + b.len - with.len, with.len) == 0;
}

static size_t place(const struct evidence *e)
{
    return (size_t)(e->op - e->program->ops);
}

/* The event with which the first words of an op left, or the count of events. */
static size_t event_sent(const struct trace *t, size_t op)
{
    size_t i = 0;

    while (i < t->count && (t->events[i].kind != TRACE_SENT || t->events[i].op != op))
        i++;
    return i;
}

/* The last words of ours before an op, on its connection; the count of ops: none. */
static size_t asked_by(const struct program *p, size_t op)
{
    for (size_t i = op; i-- > 0;)
        if (p->ops[i].kind == OP_SEND && p->ops[i].on == p->ops[op].on)
            return i;
    return p->count;
}

/* Whoever only listens on a connection is told what we say on others. */
static bool was_asked(const struct evidence *e, size_t op)
{
    size_t asked = asked_by(e->program, op);

    for (size_t i = op; asked == e->program->count && i-- > 0;)
        asked = e->program->ops[i].kind == OP_SEND ? i : asked;
    return event_sent(e->trace, asked) < e->trace->count;
}

/* Bytes at the beginning of b that are what an op is due; 0: they are not. */
static size_t reads_as(const struct evidence *e, const struct op *op, struct bytes b)
{
    struct match m = match_fields(b, op->bytes, &op->fields, &e->program->profile, NULL, e->keep);

    return m.status == MATCH_DONE ? m.len : 0;
}

static size_t probe_answer(const struct evidence *e, struct bytes b)
{
    const struct op *probe = &e->program->probe;
    struct match m = { .status = MATCH_MORE };
    size_t asked = 0;

    while (asked < e->trace->count && (e->trace->events[asked].kind != TRACE_PROBE || e->trace->events[asked].on != e->op->on))
        asked++;
    if (probe->answer_fields.count && asked < e->trace->count)
        m = match_fields(b, probe->answer, &probe->answer_fields, &e->program->profile, NULL, e->keep);
    return m.status == MATCH_DONE ? m.len : 0;
}

static void align_begin(struct alignment *a, const struct evidence *e)
{
    const struct program *p = e->program;

    *a = (struct alignment){ .e = e };
    for (size_t i = place(e); i < p->count && a->count < DUE_MAX; i++) {
        if (p->ops[i].on != e->op->on || p->ops[i].kind != OP_RECEIVE)
            continue;
        if (!was_asked(e, i))
            break;
        a->due[a->count++] = i;
    }
}

/* ---- edits: each takes something of what is left, or leaves out what is due; false: it does not fit ---- */

static bool take(struct alignment *a, size_t n)
{
    a->from += n;
    return n;
}

/* A message that was right before comes again. */
static bool again(struct alignment *a)
{
    const struct program *p = a->e->program;
    size_t before = a->at < a->count ? a->due[a->at] : p->count;

    while (before-- > 0)
        if (p->ops[before].kind == OP_RECEIVE && p->ops[before].on == a->e->op->on && p->ops[before].bytes.len >= TELLING && bytes_begin(p->ops[before].bytes, left(a)))
            return take(a, p->ops[before].bytes.len);
    return false;
}

/* Words of ours. */
static bool ours(struct alignment *a)
{
    const struct program *p = a->e->program;

    for (size_t i = place(a->e); i-- > 0;)
        if (p->ops[i].kind == OP_SEND && p->ops[i].on == a->e->op->on && p->ops[i].bytes.len > TELLING && bytes_begin(p->ops[i].bytes, left(a)))
            return take(a, p->ops[i].bytes.len);
    return false;
}

/* What is due on another connection, and had been asked for there. */
static bool anothers(struct alignment *a)
{
    const struct program *p = a->e->program;

    for (size_t i = 0; i < p->count; i++) {
        const struct op *op = &p->ops[i];
        if (op->kind == OP_RECEIVE && op->on != a->e->op->on && op->bytes.len >= TELLING && was_asked(a->e, i) && bytes_begin(op->bytes, left(a)))
            return take(a, op->bytes.len);
    }
    return false;
}

/* A message that is due later comes before this one, which comes behind it. */
static bool swapped(struct alignment *a)
{
    for (size_t i = a->at + 1; i < a->count; i++) {
        const struct op *op = &a->e->program->ops[a->due[i]];
        size_t n = a->came[i] ? 0 : reads_as(a->e, op, left(a));
        a->came[i] |= n >= TELLING;
        if (n >= TELLING)
            return take(a, n);
    }
    return false;
}

/* What is due here does not come, and what is due behind it does. */
static bool left_out(struct alignment *a)
{
    if (a->at + 1 >= a->count)
        return false;
    a->at++;
    return true;
}

static bool has_mark(struct bytes b)
{
    return b.len >= 3 && memcmp(b.data, "\xff\xfe\xff", 3) == 0;
}

#define FORMED 3 // fields, a text among them, by which the form of a message is known, whatever it begins with

/* Whether a message is one of a service that refuses nothing: then it may begin as it likes. */
static bool is_long(const struct program *p, const struct op *op)
{
    size_t texts = 0;

    for (size_t i = 0; i < op->fields.count; i++)
        texts += op->fields.items[i].of.type && op->fields.items[i].of.type->kind == VALUE_STRING;
    return texts && op->fields.count >= FORMED && p->vector->service->refusal_count == 0;
}

/* Bytes that read as a message of the form that an op has, whatever its values are; but they begin as that does, or are a message of several
 * fields and a text. 0: they do not. */
static size_t has_form(const struct program *p, const struct op *op, struct bytes b)
{
    SCRATCH(scratch);
    struct reader r = { .in = b };

    for (size_t i = 0; i < op->fields.count; i++) {
        const struct field *f = &op->fields.items[i];
        struct bytes due = bytes_slice(op->bytes, f->at, f->len), is = bytes_slice(b, r.at, SIZE_MAX);
        struct value v;
        if (!f->of.type || f->measured || f->of.type->kind == VALUE_OBJECT || f->of.type->kind == VALUE_CLASS)
            return 0;
        bool text = f->of.type->kind == VALUE_STRING;
        if (i == 0 && !f->any && !is_long(p, op) && (text ? has_mark(due) != has_mark(is) : !bytes_begin(due, is)))
            return 0;
        value_load(&r, &p->profile, NULL, f->of, &scratch, &v);
        if (r.status != WIRE_OK)
            return 0;
    }
    return r.at >= TELLING ? r.at : 0;
}

/* A whole message of the service: of such as are due in the case. */
static bool unasked(struct alignment *a)
{
    const struct program *p = a->e->program;

    for (size_t i = 0; i < p->count; i++) {
        size_t n = p->ops[i].kind == OP_RECEIVE && p->ops[i].fields.count > 1 ? has_form(p, &p->ops[i], left(a)) : 0;
        if (n)
            return take(a, n);
    }
    return false;
}

// clang-format off
static const struct edit {
    const char *cause, *summary;
    bool (*fits)(struct alignment *);
    const char *sentence; // where it is made once
    const char *several;  // behind how often it is
} edits[] = {
    { "repeated",      "replies come twice",                            again,    "the reply before came once more, and what was due behind it", "replies came once more, and what was due behind them" },
    { "echo",          "the peer sends back what it gets",              ours,     "a message of our own stands before what was due", "messages of our own stand before what was due" },
    { "wrong-request", "replies go to another connection than theirs",  anothers, "the reply that is due on another connection stands before what was due", "replies that are due on another connection stand before what was due" },
    { "dropped",       "requests are dropped",                          left_out, "what came is the reply to a later request, and nothing came for this one: it was dropped", "requests were dropped: what came are the replies to later ones" },
    { "wrong-request", "replies go to another request than theirs",     swapped,  "the reply to a later request stands before the one that was due", "replies to later requests stand before the one that was due" },
    { "spoke-unasked", "the peer sends messages that nobody asked for", unasked,  "a message that nobody had asked for stands before what was due", "messages that nobody had asked for stand before what was due" },
};
// clang-format on

/* Takes what is right from where it stands on: what is due next, or behind all of that the answer to the probe. */
static bool take_due(struct alignment *a)
{
    while (a->at < a->count && a->came[a->at])
        a->at++;
    size_t n = a->at < a->count ? reads_as(a->e, &a->e->program->ops[a->due[a->at]], left(a)) : probe_answer(a->e, left(a));
    if (n && a->at < a->count)
        a->came[a->at] = true;
    a->from += n;
    return n;
}

/* Whether no more is looked at, or what is due next has begun to come. */
static bool is_as_far_as_seen(const struct alignment *a)
{
    const struct program *p = a->e->program;

    if (a->at == a->count)
        return a->count == DUE_MAX;
    struct bytes next = p->ops[a->due[a->at]].bytes, rest = left(a);
    return a->came[0] && rest.len > TELLING && bytes_begin(rest, next);
}

/* Whether the edit explains all that came. */
static bool explains(struct alignment *a, const struct edit *edit)
{
    size_t known = 0; // bytes of a message that was due, and came

    while (a->from < a->e->got.len) {
        size_t from = a->from;
        if (take_due(a)) {
            known = a->from - from > known ? a->from - from : known;
            continue;
        }
        if (a->edits && is_as_far_as_seen(a))
            break;
        if (a->edits == EDITS_MAX || !edit->fits(a))
            return false;
        a->edits++;
    }
    return a->edits && (edit->fits == left_out ? !a->came[0] && known >= TELLING : a->came[0]);
}

static const char *told(const struct alignment *a, const struct edit *edit)
{
    return a->edits == 1 ? edit->sentence : arena_printf(a->e->keep, "%zu %s", a->edits, edit->several);
}

bool cause_aligned(const struct evidence *e, struct finding *f)
{
    if (e->op->kind != OP_RECEIVE || e->op->group || e->op->is_aside || e->op->may_count)
        return false;
    for (size_t i = 0; i < COUNT_OF(edits); i++) {
        struct alignment a;
        align_begin(&a, e);
        if (!explains(&a, &edits[i]))
            continue;
        f->cause = edits[i].cause;
        f->sentence = told(&a, &edits[i]);
        f->summary = edits[i].summary;
        return true;
    }
    return false;
}

bool reads_as_message(const struct program *p, struct bytes b, size_t len)
{
    bool is = false;

    for (size_t i = 0; i < p->count && !is; i++)
        is = p->ops[i].kind == OP_RECEIVE && is_long(p, &p->ops[i]) && has_form(p, &p->ops[i], b) == len;
    return is;
}

bool reads_as_reply(const struct program *p, struct bytes b)
{
    const struct op probed = { .bytes = p->probe.answer, .fields = p->probe.answer_fields };
    bool is = has_form(p, &probed, b);

    for (size_t i = 0; i < p->count && !is; i++)
        is = p->ops[i].kind == OP_RECEIVE && has_form(p, &p->ops[i], b);
    return is;
}

/* Whether all of the bytes read as a message of the form that an op has, which holds an object. */
static bool has_objects(const struct program *p, const struct op *op, struct object_table *table, struct bytes b)
{
    SCRATCH(scratch);
    struct reader r = { .in = b };
    struct object_mark mark = object_table_mark(table);
    bool objects = false, typed = true;

    for (size_t i = 0; i < op->fields.count && typed && r.status == WIRE_OK; i++) {
        const struct field *f = &op->fields.items[i];
        struct value v;
        typed = f->of.type && !f->measured;
        objects |= typed && f->of.type->kind == VALUE_OBJECT;
        if (typed)
            value_load(&r, &p->profile, table, f->of, &scratch, &v);
    }
    object_table_rollback(table, mark);
    return typed && objects && r.status == WIRE_OK && r.at == b.len;
}

bool reads_as_object(const struct program *p, struct object_table *table, struct bytes b)
{
    const struct op probed = { .bytes = p->probe.answer, .fields = p->probe.answer_fields };
    bool is = has_objects(p, &probed, table, b);

    for (size_t i = 0; i < p->count && !is; i++)
        is = p->ops[i].kind == OP_RECEIVE && has_objects(p, &p->ops[i], table, b);
    return is;
}

/* ---- where nothing came ---- */

const char *cause_elsewhere(const struct evidence *e)
{
    const struct program *p = e->program;
    size_t sent = event_sent(e->trace, asked_by(p, place(e)));

    for (size_t i = 0; i < p->count; i++)
        if (p->ops[i].kind == OP_RECEIVE && p->ops[i].on != e->op->on && bytes_equal(p->ops[i].bytes, e->due) && was_asked(e, i))
            return NULL; // it may be that one's own
    for (size_t i = sent; i < e->trace->count && e->due.len >= TELLING; i++) {
        const struct trace_event *t = &e->trace->events[i];
        if (t->kind == TRACE_RECEIVED && t->on != e->op->on && (bytes_begin(e->due, t->data) || ends(e->due, t->data)))
            return arena_printf(e->keep, "the reply that is due here came on connection %s", p->connections[t->on]);
    }
    return NULL;
}

#define ONE_RECV 16384 // bytes: what is longer comes in several pieces, however it is sent

/* Whether the words that the op answers were cut on their way: they had begun in an op before, or left in several pieces. */
static bool asked_in_pieces(const struct evidence *e)
{
    const struct program *p = e->program;
    size_t asked = asked_by(p, place(e)), before = asked < p->count ? asked_by(p, asked) : asked, pieces = 0;

    if (asked == p->count)
        return false;
    if (before < p->count && !p->ops[before].whole)
        return true;
    for (size_t i = 0; i < e->trace->count; i++) {
        const struct trace_event *t = &e->trace->events[i];
        if (t->kind == TRACE_SENT && t->op == asked)
            pieces += t->segments > 1 && p->ops[asked].cut_count ? t->segments : 1;
    }
    return pieces > 1 + p->ops[asked].message_count || p->ops[asked].bytes.len > ONE_RECV;
}

const char *cause_left_elsewhere(const struct evidence *e)
{
    const struct program *p = e->program;
    size_t i = place(e);

    while (i > 0 && (p->ops[i - 1].kind != OP_SEND || p->ops[i - 1].control))
        i--;
    if (i == 0 || p->ops[i - 1].on == e->op->on)
        return NULL;
    unsigned on = p->ops[i - 1].on;
    while (i < p->count && (p->ops[i].on != on || (p->ops[i].kind != OP_SHUTDOWN && p->ops[i].kind != OP_AWAIT_END && p->ops[i].kind != OP_AWAIT_RESET)))
        i++;
    if (i < p->count && p->ops[i].kind != OP_SHUTDOWN)
        return NULL; // it is for the peer to end that
    for (size_t k = 0; k < e->trace->count; k++) {
        const struct trace_event *t = &e->trace->events[k];
        if (t->on != on)
            continue;
        if (t->kind == TRACE_FIN_SENT || t->kind == TRACE_RESET_SENT || t->op > place(e))
            return NULL;
        if (t->kind == TRACE_FIN || t->kind == TRACE_RESET)
            return arena_printf(e->keep, "the peer had ended connection %s, on which it was asked for this", p->connections[on]);
    }
    return NULL;
}

const char *cause_cut_request(const struct evidence *e)
{
    bool answered = false;

    for (size_t i = 0; i < e->trace->count; i++) {
        const struct trace_event *t = &e->trace->events[i];
        if (t->on != e->op->on)
            continue;
        answered |= t->kind == TRACE_RECEIVED;
        if (t->kind == TRACE_FIN_SENT || t->kind == TRACE_PROBE) // until then it had waited
            return NULL;
        if (t->kind == TRACE_FIN)
            break;
    }
    if (!(answered || e->program->vector->service->first_control) || !asked_in_pieces(e))
        return NULL;
    return "the peer ended the connection before a byte of what was due, where its request came in pieces: it takes the end of what has arrived for the end of the stream";
}

/* Whether another connection stands amid a message of ours: a peer that serves one at a time waits for the rest of that. */
static bool waits_elsewhere(const struct evidence *e)
{
    const struct program *p = e->program;

    for (size_t i = 0; i < place(e); i++) {
        size_t next = i + 1;
        if (p->ops[i].kind != OP_SEND || p->ops[i].whole || p->ops[i].on == e->op->on)
            continue;
        while (next < place(e) && (p->ops[next].kind != OP_SEND || p->ops[next].on != p->ops[i].on))
            next++;
        if (next == place(e))
            return true;
    }
    return false;
}

const char *cause_thrown_away(const struct evidence *e)
{
    size_t given_up = e->trace->count;
    bool answered = false;

    for (size_t i = 0; i < given_up; i++) {
        const struct trace_event *t = &e->trace->events[i];
        if (t->on == e->op->on && (t->kind == TRACE_FIN_SENT || t->kind == TRACE_FIN))
            return NULL;
        answered |= t->on == e->op->on && t->kind == TRACE_RECEIVED;
        if (t->kind == TRACE_PROVEN && t->op == place(e))
            given_up = i;
    }
    if (given_up == e->trace->count || !answered || !asked_in_pieces(e) || waits_elsewhere(e))
        return NULL;
    return "the peer waits for more, where its request has come whole and in pieces: it threw one of them away";
}

bool asked_with_a_part(const struct evidence *e)
{
    const struct program *p = e->program;
    size_t asked = asked_by(p, place(e));

    for (size_t i = asked; i < place(e); i++)
        if (p->ops[i].kind == OP_SEND && p->ops[i].on != e->op->on)
            return false; // it may be due to that
    return asked < p->count && !p->ops[asked].whole && event_sent(e->trace, asked) < e->trace->count && !refusal_due(p, place(e), e->keep);
}

/* Whether both are texts, or of one type. */
static bool are_alike(const struct type *a, const struct type *b)
{
    return a == b || (a && b && a->kind == VALUE_STRING && b->kind == VALUE_STRING);
}

/* Whether it has the fields of the probe, which is one message, or the first of them. */
static bool is_like_probe(const struct program *p, const struct op *op)
{
    bool same = op->fields.count <= p->probe.fields.count;

    for (size_t i = 0; same && i < op->fields.count; i++)
        same = are_alike(op->fields.items[i].of.type, p->probe.fields.items[i].of.type);
    return same;
}

bool asked_alone(const struct evidence *e)
{
    const struct program *p = e->program;
    size_t asked = asked_by(p, place(e)), begin = event_sent(e->trace, asked), sent = 0;

    if (begin == e->trace->count || p->ops[asked].message_count)
        return false;
    for (size_t i = 1; i < p->ops[asked].fields.count && !is_like_probe(p, &p->ops[asked]); i++) // another message may begin as this one does
        if (p->ops[asked].fields.items[i].of.type == p->ops[asked].fields.items[0].of.type)
            return false;
    for (size_t i = 0; i < e->trace->count && e->trace->events[i].kind != TRACE_PROBE; i++) {
        const struct trace_event *t = &e->trace->events[i];
        if (t->on != e->op->on)
            continue;
        if (t->kind == TRACE_RECEIVED && i > begin)
            return false;
        if (t->kind == TRACE_RECEIVED || t->kind == TRACE_OPEN)
            sent = 0;
        sent += t->kind == TRACE_SENT ? (t->segments > 1 ? t->segments : 1) : 0;
    }
    return sent == 1;
}
