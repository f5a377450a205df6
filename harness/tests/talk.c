#include "talk.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "base/hex.h"

void talk_load(const char *service, const char *steps, struct library *lib)
{
    static const char *const form =
        "{'format': 1, 'suite': 't', 'service': 'talk', 'cases': [\n"
        " {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [%s]}]}";
    TEXT(suite);

    text_printf(&suite, form, steps);
    library_loads(service, text_string(&suite), lib);
}

/* A status of 0 and a CString; ; stands for a comma. */
static struct bytes told_text(const char *text, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer b = { 0 };

    wire_u16(&b, 0);
    wire_u8(&b, (uint8_t)strlen(text));
    for (const char *c = text; *c; c++)
        wire_u8(&b, (uint8_t)(*c == ';' ? ',' : *c));
    return arena_bytes(keep, buffer_bytes(&b));
}

void talk_trace(const char *text, const struct program *p, struct trace *t, struct arena *keep)
{
    char *rest = arena_string(keep, text);
    int64_t us = 0;

    for (char *event; (event = strsep(&rest, ",")); us += 10) {
        char word[16] = "";
        unsigned op = 0;
        struct bytes bytes;
        cr_assert(sscanf(event, "%u %15s", &op, word) == 2, "%s", event);
        unsigned on = op < p->count ? p->ops[op].on : 0;
        if (*word == '>') {
            trace_add_data(t, TRACE_SENT, on, op, us, p->ops[op].bytes, word[1] ? word[1] - '0' : 1);
        } else if (*word == '!') {
            trace_add_data(t, TRACE_SENT, on, op, us, p->probe.bytes, 1);
        } else if (*word == '?') {
            trace_add_data(t, TRACE_RECEIVED, on, op, us, p->ops[op].kind == OP_SILENT ? p->ops[op].answer : p->probe.answer, 1);
        } else if (*word == '&') {
            trace_add_data(t, TRACE_RECEIVED, on, op, us, p->probe.answer, 1);
        } else if (*word == '=') {
            trace_add_data(t, TRACE_RECEIVED, on, op, us, p->ops[op].bytes, 1);
        } else if (*word == '"') {
            trace_add_data(t, TRACE_RECEIVED, on, op, us, told_text(strchr(event, '"') + 1, keep), 1);
        } else if (*word == '<') {
            cr_assert(hex_read(strchr(event, '<') + 1, keep, &bytes) == NULL, "%s", event);
            trace_add_data(t, TRACE_RECEIVED, on, op, us, bytes, 1);
        } else {
            enum trace_kind kind = TRACE_OPEN;
            while (kind < TRACE_OVER && (!trace_name(kind) || strcmp(trace_name(kind), word) != 0))
                kind++;
            cr_assert(strcmp(trace_name(kind), word) == 0, "%s", word);
            trace_add(t, kind, on, op, us);
        }
    }
    // No room behind the last, so that the address sanitizer sees whoever looks there.
    t->events = memcpy(ARENA_ARRAY(keep, t->count, struct trace_event), t->events, t->count * sizeof *t->events);
    t->room = t->count;
}

struct evidence talk_evidence(const struct program *p, const struct trace *t, struct arena *keep)
{
    const struct op *op = &p->ops[t->events[t->count - 1].op];
    struct evidence e = { .program = p, .trace = t, .op = op, .fields = &op->fields, .due = op->bytes, .keep = keep };
    struct object_table *table = NULL;

    e.got = trace_received(t, op->on, t->count, keep);
    for (const struct op *before = p->ops; before < op; before++) {
        if (before->on != op->on || (before->kind != OP_RECEIVE && before->kind != OP_SILENT))
            continue;
        struct match m = match_op(e.got, before, &p->profile, &table, keep);
        cr_assert(m.status == MATCH_DONE || before->kind == OP_SILENT, "op %zu", (size_t)(before - p->ops));
        e.got = bytes_slice(e.got, m.status == MATCH_DONE ? m.len : 0, SIZE_MAX);
    }
    e.table = op->fresh ? NULL : table;
    e.match = match_op(e.got, op, &p->profile, &table, keep);
    if (e.match.field < e.fields->count) {
        e.field = &e.fields->items[e.match.field];
        e.field_due = bytes_slice(e.due, e.field->at, e.field->len);
        e.field_got = bytes_slice(e.got, e.match.start, SIZE_MAX);
    }
    return e;
}

const char *talk_found(const struct program *p, const struct trace *t, struct arena *keep)
{
    struct findings f;
    TEXT(out);

    judge(p, t, keep, &f);
    for (size_t i = 0; i < f.count; i++) {
        const struct finding *one = &f.items[i];
        if (one->grade == GRADE_PASS)
            continue;
        text_printf(&out, "%s%s %s %s", out.b.len ? "; " : "", one->check.name, axis_name(one->axis), grade_name(one->grade));
        if (one->cause)
            text_printf(&out, " %s", one->cause);
        if (strcmp(one->cause ? one->cause : "", "reset") == 0 && one->check.level != LEVEL_MUST)
            text_printf(&out, " (%s)", level_name(one->check.level));
        if (one->at_byte) {
            text_printf(&out, " @%zu:%zu ", one->at, one->field);
            text_hex(&out, bytes_slice(one->expected, 0, 8), false);
            text_char(&out, '/');
            text_hex(&out, bytes_slice(one->got, 0, 8), false);
        }
        cr_expect(one->grade == GRADE_PASS_TIMED || (one->sentence && *one->sentence), "a sentence for %s", one->cause);
    }
    return arena_string(keep, text_string(&out));
}

const char *talk_told(const struct program *p, const struct trace *t, struct arena *keep)
{
    struct findings f;

    judge(p, t, keep, &f);
    for (size_t i = f.count; i-- > 0;)
        if (f.items[i].cause)
            return arena_printf(keep, "%s: %s", f.items[i].cause, f.items[i].sentence);
    return "";
}
