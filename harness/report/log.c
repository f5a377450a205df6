/*
 * The records of a result: the case with its checks, and its conversations.
 */
#include "report/log.h"

#include "base/hex.h"
#include "report/separation.h"

#define SPAN_CONNECTIONS 8 // connections of a program at most

static struct json_out begin_in(struct text *to, const char *record)
{
    struct json_out j = { .to = to };

    json_begin(&j, NULL, '{');
    json_put_string(&j, "record", record);
    return j;
}

static void put_runs(struct json_out *j, const char *key, struct bytes bytes)
{
    TEXT(hex);

    hex_write(&hex, bytes);
    json_put_string(j, key, text_string(&hex));
}

/* What a check is about: its op's kind, or of what is no op's its own name. */
static const char *kind_of(const struct finding *f, const struct program *p)
{
    const struct op *op = p && f->op < p->count ? &p->ops[f->op] : NULL;
    bool of_op = op && op->check.name && strcmp(op->check.name, f->check.name) == 0;

    if (f->axis == AXIS_LIFE)
        return of_op && op->kind == OP_LISTEN ? op_name(OP_LISTEN) : f->check.name;
    if (of_op)
        return op_name(op->kind);
    if (strcmp(f->check.name, "send") == 0 || strcmp(f->check.name, "reset") == 0)
        return f->check.name; // of our own words and ends
    return op_name(f->axis == AXIS_END ? OP_AWAIT_END : OP_RECEIVE); // of a series, elsewhere than in what is shown
}

static struct report_shown as_logged(const struct part_shown *p, struct arena *keep)
{
    TEXT(hex);

    if (p->len == 0)
        return (struct report_shown){ 0 };
    hex_write(&hex, p->bytes);
    return (struct report_shown){ arena_string(keep, text_string(&hex)), p->len > p->bytes.len ? p->len : 0 };
}

/* As whoever reads the log has it. */
static void put_separation(struct json_out *j, const struct separation *s)
{
    SCRATCH(scratch);
    struct report_suspect suspects[SUSPECTS_MAX];
    const struct report_separation as = { s->confirmed, s->sentence, s->request, s->values, as_logged(&s->sent, &scratch),
                                          as_logged(&s->due, &scratch), as_logged(&s->got, &scratch), suspects, s->count };

    for (size_t i = 0; i < s->count; i++)
        suspects[i] = (struct report_suspect){ s->suspects[i].cause, s->suspects[i].summary, as_logged(&s->suspects[i].says, &scratch), s->suspects[i].fits };
    report_separation_put(j, &as);
}

/* By what it was told that nothing more comes; NULL: the check is about no silence. */
static const char *silence_of(const struct finding *f, const struct program *p, const struct trace *t)
{
    const struct op *op = p && f->op < p->count ? &p->ops[f->op] : NULL;
    const char *how = NULL;

    if (!op || !t || (op->kind != OP_SILENT && f->grade == GRADE_PASS))
        return NULL;
    if (op->kind == OP_SILENT && op->bytes.len)
        return "probed";
    for (size_t i = 0; i < t->count; i++) {
        const struct trace_event *e = &t->events[i];
        if (e->op != f->op)
            continue;
        if (e->kind == TRACE_PROVEN)
            how = "proven";
        else if (e->kind == TRACE_QUIET || e->kind == TRACE_LATE)
            how = "timed";
    }
    return how;
}

static void put_check(struct json_out *j, const struct finding *f, const struct program *p, const struct trace *t)
{
    const char *silence = silence_of(f, p, t);

    json_begin(j, NULL, '{');
    json_put_string(j, "name", f->check.name);
    json_put_string(j, "kind", kind_of(f, p));
    json_put_strings(j, "clauses", f->check.clauses);
    json_put_string(j, "level", level_name(f->check.level));
    json_put_string(j, "verdict", grade_name(f->grade));
    json_put_string(j, "axis", axis_name(f->axis));
    if (!p || f->op < p->count)
        json_put_u64(j, "op", f->op);
    if (f->control)
        json_put_string(j, "control", f->control);
    if (silence)
        json_put_string(j, "silence", silence);
    if (f->genuine)
        json_put_string(j, "genuine", f->genuine->clause);
    if (f->cause)
        json_put_string(j, "cause", f->cause);
    if (f->sentence)
        json_put_string(j, "sentence", f->sentence);
    if (f->seen)
        json_put_string(j, "seen", f->seen);
    if (f->summary)
        json_put_string(j, "summary", f->summary);
    if (f->other_count) {
        json_begin(j, "others", '[');
        for (size_t i = 0; i < f->other_count; i++) {
            json_begin(j, NULL, '{');
            json_put_string(j, "cause", f->others[i].cause);
            if (f->others[i].summary)
                json_put_string(j, "summary", f->others[i].summary);
            json_end(j, '}');
        }
        json_end(j, ']');
    }
    if (f->separation)
        put_separation(j, f->separation);
    if (f->tried) {
        json_put_u64(j, "tried", f->tried);
        json_put_u64(j, "failed", f->failed);
    }
    if (f->failed && f->positions) {
        json_begin(j, "positions", '[');
        for (size_t i = 0; i < f->failed && i < POSITIONS_TOLD; i++)
            json_put_string(j, NULL, f->positions[i]);
        json_end(j, ']');
    }
    if (f->at_byte) {
        json_put_u64(j, "at", f->at);
        json_put_u64(j, "field", f->field);
        if (f->field_name)
            json_put_string(j, "field-name", f->field_name);
        if (f->field_of)
            json_put_string(j, "field-of", f->field_of);
        put_runs(j, "expected", f->expected);
        if (f->got.len)
            put_runs(j, "got", f->got);
        if (f->expected_text)
            json_put_string(j, "expected-text", f->expected_text);
        if (f->got_text)
            json_put_string(j, "got-text", f->got_text);
    }
    json_end(j, '}');
}

static void put_fields(struct json_out *j, const struct fields *fields)
{
    json_begin(j, "fields", '[');
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *f = &fields->items[i];
        json_begin(j, NULL, '{');
        json_put_u64(j, "at", f->at);
        json_put_u64(j, "len", f->len);
        json_put_string(j, "type", f->of.type ? f->of.type->mfc : "bytes");
        if (f->text)
            json_put_string(j, "text", f->text);
        if (f->label)
            json_put_string(j, "name", f->label);
        if (f->message)
            json_put_string(j, "of", f->message);
        if (f->any)
            json_put_bool(j, "any", true);
        json_end(j, '}');
    }
    json_end(j, ']');
}

/* Bytes, and what they mean. */
struct layout {
    struct bytes bytes;
    struct fields fields;
};

/* seen: what came for it, laid out; NULL where the op's own bytes say it. */
static void put_op(struct json_out *j, const struct op *op, const struct layout *seen)
{
    bool silent = op->kind == OP_SILENT;
    struct layout due = { silent ? op->answer : op->bytes, silent ? op->answer_fields : op->fields };
    const struct layout *told = seen ? seen : &due;

    json_begin(j, NULL, '{');
    json_put_string(j, "op", op_name(op->kind));
    json_put_int(j, "on", op->on);
    json_put_string(j, "who", party_name(op->who));
    if (op->control)
        json_put_string(j, "control", op->control);
    if (op->message_count) {
        json_begin(j, "messages", '[');
        for (size_t i = 0; i < op->message_count; i++)
            json_put_u64(j, NULL, op->messages[i]);
        json_end(j, ']');
    }
    if (op->check.name)
        json_put_string(j, "check", op->check.name);
    if (silent && op->bytes.len)
        put_runs(j, "probe", op->bytes);
    if (told->bytes.len)
        put_runs(j, "hex", told->bytes);
    if (told->fields.count)
        put_fields(j, &told->fields);
    json_end(j, '}');
}

static void put_program(struct json_out *j, const struct program *p, const struct layout *const *seen)
{
    json_begin(j, "connections", '[');
    for (unsigned i = 0; i < p->connection_count; i++)
        json_put_string(j, NULL, p->connections[i]);
    json_end(j, ']');
    json_begin(j, "program", '[');
    for (size_t i = 0; i < p->count; i++)
        put_op(j, &p->ops[i], seen[i]);
    json_end(j, ']');
    if (p->sampled)
        json_put_bool(j, "sampled", true);
}

/* Where the bytes that an op expects begin and end in what came on its connection. */
struct span_of_op {
    size_t op, begin, end;
    bool exact; // they are the op's bytes: the log refers to them
};

/*
 * An op's fields where they stand in what came: a value that may be any has no place in what is due, and moves what
 * is behind it. Up to the first difference these are the bytes that came, from there on those that were due.
 */
static struct layout *lay_out(const struct program *p, struct bytes due, const struct fields *fields, struct bytes came,
                              const struct match *m, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer bytes = { 0 };
    struct layout *l = ARENA_NEW(keep, struct layout);
    const struct value *kept = m->kept;

    l->fields = (struct fields){ ARENA_ARRAY(keep, fields->count, struct field), fields->count };
    for (size_t i = 0; i < fields->count; i++) {
        struct field *f = &l->fields.items[i];
        *f = fields->items[i];
        struct bytes part = bytes_slice(due, f->at, f->any ? 0 : f->len);
        if (i < m->field) {
            part = bytes_slice(came, m->starts[i], m->starts[i + 1] - m->starts[i]);
            if (f->any) {
                TEXT(text);
                service_print(p->vector->service, &text, kept);
                f->text = arena_string(keep, text_string(&text));
            }
        }
        kept += f->any;
        f->at = bytes.len;
        f->len = part.len;
        buffer_append(&bytes, part.data, part.len);
    }
    l->bytes = arena_bytes(keep, buffer_bytes(&bytes));
    return l;
}

/* What came on a connection, shared out among the ops that expect it. The last may have got what it did not expect. */
static size_t share_out(const struct program *p, const struct trace *t, unsigned on, struct arena *keep,
                        struct span_of_op *out, const struct layout **seen)
{
    struct bytes came = trace_received(t, on, t->count, keep);
    struct object_table *table = NULL;
    size_t n = 0, at = 0;

    for (size_t i = 0; i < p->count && at < came.len; i++) {
        const struct op *op = &p->ops[i];
        bool silent = op->kind == OP_SILENT;
        const struct fields *fields = silent ? &op->answer_fields : &op->fields;
        if (op->on != on || (op->kind != OP_RECEIVE && !silent) || fields->count == 0)
            continue;
        struct match m = match_op(bytes_slice(came, at, SIZE_MAX), op, &p->profile, &table, keep);
        bool exact = true;
        for (size_t f = 0; f < fields->count; f++)
            exact &= !fields->items[f].any && !fields->items[f].by_value;
        if (!exact)
            seen[i] = lay_out(p, silent ? op->answer : op->bytes, fields, bytes_slice(came, at, SIZE_MAX), &m, keep);
        out[n] = (struct span_of_op){ i, at, m.status == MATCH_DONE ? at + m.len : came.len, m.status == MATCH_DONE };
        at = out[n++].end;
        if (m.status != MATCH_DONE)
            return n;
    }
    if (at < came.len)
        out[n++] = (struct span_of_op){ p->count, at, came.len, false };
    return n;
}

static void begin_event(struct json_out *j, const struct trace_event *e, size_t op)
{
    json_begin(j, NULL, '{');
    json_put_int(j, "us", e->us);
    json_put_int(j, "on", e->on);
    json_put_u64(j, "op", op);
}

/* A chunk, as one event for each op whose bytes are in it. */
static void put_received(struct json_out *j, const struct trace_event *e, const struct span_of_op *spans, size_t count,
                         size_t begin)
{
    size_t end = begin + e->data.len;

    for (size_t i = 0; i < count; i++) {
        size_t from = spans[i].begin > begin ? spans[i].begin : begin;
        size_t to = spans[i].end < end ? spans[i].end : end;
        if (from >= to)
            continue;
        begin_event(j, e, spans[i].op);
        json_put_u64(j, "received", to - from);
        if (from > begin)
            json_put_bool(j, "same-chunk", true);
        if (e->op != spans[i].op)
            json_put_u64(j, "in", e->op);
        if (spans[i].exact)
            json_put_u64(j, "from", from - spans[i].begin);
        else
            put_runs(j, "hex", bytes_slice(e->data, from - begin, to - from));
        json_end(j, '}');
    }
}

/* Whether what was sent are the next bytes of the op in force, or of its probe: then the log refers to them. */
static bool is_own(const struct program *p, const struct trace_event *e, size_t at)
{
    return e->op < p->count && (p->ops[e->op].kind == OP_SEND || p->ops[e->op].kind == OP_SILENT) &&
           bytes_equal(bytes_slice(p->ops[e->op].bytes, at, e->data.len), e->data);
}

static void put_talk(struct json_out *j, const struct program *p, const struct trace *t)
{
    SCRATCH(scratch);
    struct span_of_op *spans[SPAN_CONNECTIONS] = { 0 };
    size_t counts[SPAN_CONNECTIONS] = { 0 }, came[SPAN_CONNECTIONS] = { 0 };
    size_t *sent = ARENA_ARRAY(&scratch, p->count + 1, size_t);
    const struct layout **seen = ARENA_ARRAY(&scratch, p->count + 1, const struct layout *);

    for (unsigned on = 0; on < p->connection_count; on++) {
        spans[on] = ARENA_ARRAY(&scratch, p->count + 1, struct span_of_op);
        counts[on] = share_out(p, t, on, &scratch, spans[on], seen);
    }
    put_program(j, p, seen);
    json_begin(j, "trace", '[');
    for (size_t i = 0; i < t->count; i++) {
        const struct trace_event *e = &t->events[i];
        if (e->kind == TRACE_RECEIVED) {
            put_received(j, e, spans[e->on], counts[e->on], came[e->on]);
            came[e->on] += e->data.len;
            continue;
        }
        begin_event(j, e, e->op);
        if (e->kind == TRACE_SENT) {
            json_put_u64(j, "sent", e->data.len);
            json_put_int(j, "segments", e->segments);
            if (is_own(p, e, sent[e->op])) {
                json_put_u64(j, "from", sent[e->op]);
                sent[e->op] += e->data.len;
            } else {
                put_runs(j, "hex", e->data); // the probe behind a limit
            }
        } else {
            json_put_string(j, "event", trace_name(e->kind));
            if (e->number)
                json_put_int(j, "number", e->number);
        }
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_series(struct json_out *j, const struct series_tally *t)
{
    json_begin(j, t->cut ? "cuts" : "family", '{');
    json_put_string(j, "kind", t->kind);
    json_put_u64(j, "positions", t->positions);
    json_put_u64(j, "tried", t->tried);
    json_put_u64(j, "failed", t->failed);
    for (int o = 0; o < OUTCOME_COUNT && !t->cut; o++)
        json_put_u64(j, outcome_name((enum outcome)o), t->outcomes[o]);
    if (t->sampled)
        json_put_bool(j, "sampled", true);
    json_put_string(j, "shown", t->shown);
    if (t->cut) {
        json_put_u64(j, "message", t->cut->message);
        json_put_u64(j, "at", t->cut->at);
        json_put_string(j, "field", t->cut->field);
    }
    json_end(j, '}');
}

static void put_place_of(struct json_out *j, const char *key, const struct json *step)
{
    SCRATCH(scratch);

    if (step)
        json_put_string(j, key, arena_printf(&scratch, "%s:%u", step->file, step->line));
}

static void put_unguarded(struct json_out *j, const struct unguarded *u)
{
    json_begin(j, "unguarded", '{');
    json_put_u64(j, "changes", u->changes);
    if (u->sampled)
        json_put_bool(j, "sampled", true);
    if (u->incomplete)
        json_put_bool(j, "incomplete", true);
    json_begin(j, "places", '[');
    for (size_t i = 0; i < u->count; i++) {
        const struct unguarded_place *p = &u->places[i];
        json_begin(j, NULL, '{');
        json_put_string(j, "change", change_name(p->change));
        json_put_u64(j, "op", p->op);
        if (p->control)
            json_put_string(j, "control", p->control);
        if (p->check)
            json_put_string(j, "check", p->check);
        if (p->field)
            json_put_string(j, "field", p->field);
        json_put_u64(j, "at", p->at);
        json_put_u64(j, "len", p->len);
        put_place_of(j, "step", p->step);
        if (p->reason)
            json_put_string(j, "reason", p->reason->string);
        put_place_of(j, "reason-at", p->reason);
        json_end(j, '}');
    }
    json_end(j, ']');
    if (u->unneeded_count) {
        json_begin(j, "unneeded", '[');
        for (size_t i = 0; i < u->unneeded_count; i++)
            put_place_of(j, NULL, u->unneeded[i]);
        json_end(j, ']');
    }
    json_end(j, '}');
}

/* What came of one play. */
static void put_outcome(struct json_out *j, const struct result *r)
{
    json_put_string(j, "verdict", verdict_name(r->verdict));
    if (r->reason)
        json_put_string(j, "reason", r->reason);
    json_put_int(j, "us", r->us);
    json_begin(j, "checks", '[');
    for (size_t i = 0; i < r->findings.count; i++)
        put_check(j, &r->findings.items[i], r->program, r->trace);
    json_end(j, ']');
}

static void put_conversation(struct text *to, const struct result *r)
{
    static const struct program no_program;
    static const struct trace no_trace;
    bool none = !r->program || !r->trace;

    if (none && !r->second)
        return;
    struct json_out j = begin_in(to, "conversation");
    put_talk(&j, none ? &no_program : r->program, none ? &no_trace : r->trace); // an empty one where another follows
    json_end(&j, '}');
    text_char(to, '\n');
}

void log_describe(const struct result *r, struct text *to)
{
    struct json_out j = begin_in(to, "case");
    const struct vector *v = r->vector;

    json_put_string(&j, "id", v->id);
    json_put_int(&j, "rev", v->rev);
    json_put_int(&j, "since", v->since);
    if (v->at) {
        json_put_string(&j, "file", v->at->file);
        json_put_int(&j, "line", v->at->line);
    }
    json_put_string(&j, "suite", v->suite);
    json_put_string(&j, "delivery", r->delivery);
    json_put_string(&j, "profile", r->profile);
    json_put_string(&j, "title", v->title);
    if (v->why)
        json_put_string(&j, "why", v->why);
    if (v->hint)
        json_put_string(&j, "hint", v->hint);
    json_put_string(&j, "level", level_name(v->level));
    json_put_strings(&j, "clauses", v->clauses);
    json_put_string(&j, "digest", v->digest);
    put_outcome(&j, r);
    if (r->series)
        put_series(&j, r->series);
    if (r->unguarded)
        put_unguarded(&j, r->unguarded);
    if (r->step_limit) {
        json_put_int(&j, "round-trip-us", r->round_trip);
        json_put_int(&j, "step-us", r->step_limit);
    }
    if (r->repeated)
        json_put_bool(&j, "repeated", true);
    if (r->second) {
        json_put_string(&j, "first", verdict_name(r->first));
        json_begin(&j, "second", '{');
        put_outcome(&j, r->second);
        if (r->second->series)
            put_series(&j, r->second->series);
        json_end(&j, '}');
    }
    json_put_string(&j, "again", r->again);
    json_end(&j, '}');
    text_char(to, '\n');
    put_conversation(to, r);
    if (r->second)
        put_conversation(to, r->second);
}
