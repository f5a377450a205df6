/*
 * A conversation is a <dl>: times and what happened then. A message is an <ol> of fields, each its bytes and,
 * as a paragraph beneath, its value.
 */
#include "report/html_talk.h"

#include <inttypes.h>

#include "report/html_case.h"
#include "report/markup.h"
#include "report/timeline.h"

#define MARKS_MAX 16  // boundaries of segments or chunks that are marked among the bytes
#define SIZES_MAX 6   // and whose sizes are told
#define TEXT_MAX  100 // of a decoded value

static void add_value(struct text *to, const char *kind, const char *text)
{
    if (kind) {
        html_add(to, kind);
        text_char(to, ' ');
    }
    markup_add_cut(to, MARKUP_HTML, text, TEXT_MAX);
}

/* The name of a field says more than its type. */
static const char *kind_of(const struct report_field *f)
{
    return f->name ? f->name : f->type;
}

/* ---- bytes ---- */

struct bytes_out {
    struct text *to;
    uint64_t mark; // the byte in which it first differs; UINT64_MAX: none
    const struct talk_row *row;
};

/* Whether a segment or chunk begins at this byte, other than the first. */
static bool begins_piece(const struct talk_row *row, uint64_t at)
{
    uint64_t piece_at = row->at;

    if (row->piece_count > MARKS_MAX ||
        row->piece_count == row->len) // bytes one by one: the words say so
        return false;
    for (const struct talk_piece *p = row->pieces;
         p < row->pieces + row->piece_count && piece_at <= at; p++) {
        if (piece_at == at)
            return at != row->at && !p->joined;
        piece_at += p->len;
    }
    return false;
}

static void add_bytes(const struct bytes_out *o, uint64_t at, struct bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        bool marked = at + i == o->mark;
        if (i)
            text_char(o->to, ' ');
        if (o->row && begins_piece(o->row, at + i))
            text_add(o->to, "¦ ");
        text_printf(o->to, marked ? "<mark>%02x</mark>" : "%02x", bytes.data[i]);
    }
}

void html_bytes(struct text *to, struct bytes bytes, uint64_t mark)
{
    const struct bytes_out o = { .to = to, .mark = mark };

    add_bytes(&o, 0, bytes);
}

/* A field's hex, 64 bytes around mark where there are more. */
static void add_field_hex(struct text *to, const char *hex, uint64_t mark)
{
    uint64_t len = hex_length(hex), at = 0, end = len;
    uint8_t bytes[AROUND_MAX];
    struct bytes_out o = { .to = to, .mark = mark };

    if (len > AROUND_MAX) {
        uint64_t middle = mark < len ? mark : 0;
        at = middle > AROUND_MAX / 2 ? middle - AROUND_MAX / 2 : 0;
        end = at + AROUND_MAX < len ? at + AROUND_MAX : len;
    }
    if (at)
        text_add(to, "… ");
    add_bytes(&o, at, (struct bytes){ bytes, hex_bytes(hex, at, bytes, (size_t)(end - at)) });
    if (end < len)
        text_add(to, " …");
    if (len > AROUND_MAX) {
        text_add(to, " <small>(");
        markup_count(to, len);
        text_add(to, " bytes)</small>");
    }
}

void html_difference(const struct report_check *c, const struct report_result *r, struct text *to)
{
    SCRATCH(scratch);
    struct report_talk talk;
    const struct report_field *f = NULL;

    if (!c->expected && !c->got)
        return;
    report_talk_load(r, &scratch, &talk);
    if (c->op >= 0 && (uint64_t)c->op < talk.op_count && c->field >= 0 &&
        (uint64_t)c->field < talk.ops[c->op].field_count)
        f = &talk.ops[c->op].fields[c->field];
    uint64_t mark = c->got && c->at >= 0 && (uint64_t)c->at >= (f ? f->at : 0)
                        ? (uint64_t)c->at - (f ? f->at : 0)
                        : UINT64_MAX;
    if (c->field_name) {
        text_add(to, "<p>Field <code>");
        html_add(to, c->field_name);
        text_add(to, "</code>");
        if (c->field_of) {
            text_add(to, " of message <code>");
            html_add(to, c->field_of);
            text_add(to, "</code>");
        }
    }
    text_add(to, "<dl class=eg><div><dt>due<dd>");
    if (c->expected && *c->expected)
        add_field_hex(to, c->expected, mark);
    else
        text_add(to, "<p>nothing");
    if (c->expected_text) {
        text_add(to, "<p>");
        add_value(to, f ? kind_of(f) : NULL, c->expected_text);
    }
    text_add(to, "</div><div class=f><dt>got<dd>");
    if (c->got)
        add_field_hex(to, c->got, mark);
    else
        text_add(to, "<p>nothing");
    if (c->got_text) {
        text_add(to, "<p>");
        add_value(to, f ? kind_of(f) : NULL, c->got_text);
    }
    text_add(to, "</div></dl>");
}

/* ---- a message ---- */

/* The decoded value of a span, or NULL: bytes of a peer that are not what was due have no known meaning, but for
 * the field that a check decoded. */
static const char *meaning(const struct talk_row *row, const struct talk_span *s,
                           const struct report_check *bad)
{
    if (!s->field || !s->tells)
        return NULL;
    if (row && row->kind == ROW_RECEIVED) {
        if (s->bad)
            return bad->got_text;
        if (!s->field->any && !row_as_expected(row, s->at, s->len))
            return NULL;
    }
    return s->field->text;
}

/* row: its bytes; NULL: the op's own, as they were due. */
static void add_message(struct text *to, const struct report_op *op, const struct talk_row *row,
                        const struct report_check *bad, uint64_t bad_len, bool told_behind)
{
    SCRATCH(scratch);
    struct talk_spans spans;
    uint8_t bytes[SHOWN_MAX];
    struct bytes_out o = { to, bad && bad->got && bad->at >= 0 ? (uint64_t)bad->at : UINT64_MAX,
                           row };

    spans_cut(op, row ? row->at : 0, row ? row->len : hex_length(op->hex), bad, bad_len,
              told_behind, &scratch, &spans);
    text_add(to, "<ol>");
    for (const struct talk_span *s = spans.list; s < spans.list + spans.count; s++) {
        if (s->left_out) {
            text_add(to, "<li class=l>… ");
            markup_counted(to, s->len, "byte");
            text_add(to, " left out");
            continue;
        }
        size_t want = s->len < sizeof bytes ? (size_t)s->len : sizeof bytes;
        size_t got =
            row ? row_bytes(row, s->at, bytes, want) : hex_bytes(op->hex, s->at, bytes, want);
        const char *text = meaning(row, s, bad);
        text_add(to, s->bad       ? s->message ? "<li class=\"x n\">" : "<li class=x>"
                     : s->message ? "<li class=n>"
                                  : "<li>");
        add_bytes(&o, s->at, (struct bytes){ bytes, got });
        if (text) {
            text_add(to, "<p>");
            add_value(to, kind_of(s->field), text);
        }
    }
    text_add(to, "</ol>");
}

static void add_who(struct text *to, const struct talk_row *row, const struct timeline *t)
{
    text_printf(to, "<b>%s</b>", row->server ? "server" : "client");
    if (t->talk.connections.count > 1 && row->on < t->talk.connections.count) {
        text_add(to, " on ");
        html_add(to, t->talk.connections.names[row->on]);
    }
}

/* " 12 bytes in 3 segments: 1 + 2 + 9" */
static void add_pieces(struct text *to, const struct talk_row *row)
{
    bool sent = row->kind == ROW_SENT, single = row->piece_count > 1;
    uint64_t count = sent ? row->segments : row->piece_count;

    for (size_t i = 0; i < row->piece_count; i++)
        single = single && row->pieces[i].len == 1;
    text_char(to, ' ');
    markup_counted(to, row->len, "byte");
    if (row->pieces->joined)
        text_add(to, sent ? " in the same segment" : " in the same chunk");
    if (count > 1) {
        text_add(to, " in ");
        markup_counted(to, count, sent ? "segment" : "chunk");
        if (single)
            text_add(to, " of 1");
        else if (row->piece_count > 1 && row->piece_count <= SIZES_MAX && count == row->piece_count)
            for (size_t i = 0; i < row->piece_count; i++)
                text_printf(to, i ? " + %" PRIu64 : ": %" PRIu64, row->pieces[i].len);
    }
    if (row->probe)
        text_add(to, ", the probe: its answer shows whether more was owed");
    if (row->kind == ROW_RECEIVED && row->layout && row->op->kind == REPORT_OP_SILENT &&
        row->at == 0)
        text_add(to, ", the answer to the probe");
    if (row->astray)
        text_add(to, ", nothing was due");
}

/* ---- rows ---- */

struct telling {
    struct text *to;
    const struct report_result *result;
    const struct timeline *t;
};

static void add_time(const struct telling *k, int64_t us)
{
    text_printf(k->to, "<dt>%" PRId64 ".%03d", us / 1000, (int)(us % 1000));
}

/* What should have come, under what came. */
static void add_due(const struct telling *k, const struct report_check *bad,
                    const struct report_op *op)
{
    uint64_t len = bad->expected ? hex_length(bad->expected) : 0;

    if (!*op->hex)
        return;
    if (bad->field >= 0 && (uint64_t)bad->field < op->field_count)
        len = op->fields[bad->field].len;
    text_add(k->to, "<dt class=d>due<dd class=d>");
    markup_counted(k->to, hex_length(op->hex), "byte");
    add_message(k->to, op, NULL, bad, len, true);
}

/* How long it was waited, or what the proof cost. */
static void add_wait(struct text *to, const struct report_event *e)
{
    if (e->number > 0 && (strcmp(e->event, "late") == 0 || strcmp(e->event, "quiet") == 0 || strcmp(e->event, "proven") == 0)) {
        text_add(to, ": ");
        markup_duration(to, e->number);
    }
}

static void add_row(const struct telling *k, const struct talk_row *row)
{
    struct text *to = k->to;
    const struct report_check *bad =
        row->op && row->op->kind == REPORT_OP_RECEIVE ? failure_on(k->result, row->op_index) : NULL;

    add_time(k, row->us);
    if (row->kind == ROW_HAPPENED) {
        bool of_somebody;
        const char *words = row_words(row, &of_somebody);
        text_add(to, "<dd class=q>");
        if (of_somebody) {
            add_who(to, row, k->t);
            text_char(to, ' ');
        }
        html_add(to, words);
        add_wait(to, row->event);
        if (row->event->note) {
            text_add(to, ": ");
            markup_add_cut(to, MARKUP_HTML, row->event->note, TEXT_MAX);
        }
        if (bad && row->last)
            add_due(k, bad, row->op);
        return;
    }
    if (row->kind != ROW_RECEIVED)
        bad = NULL;
    text_printf(to, "<dd class=%s>", row->server ? "s" : "c");
    add_who(to, row, k->t);
    add_pieces(to, row);
    if (bad && row_is_late(row)) {
        text_add(to, ", too late");
        bad = NULL;
    }
    add_message(to, row->layout, row, bad, bad && bad->got ? hex_length(bad->got) : 0,
                bad && row_goes_right(row, bad));
    if (bad && row->last)
        add_due(k, bad, row->op);
}

/* A control exchange that went well is one quiet line; it unfolds into bytes and values without layout. */
static const struct talk_row *add_control(const struct telling *k, const struct talk_row *row)
{
    struct text *to = k->to;
    const struct report_op *first = row->op;
    bool failed = k->result->verdict == REPORT_INCONCLUSIVE;

    for (const struct talk_row *at = row; at && at->op && at->op->control; at = at->next)
        failed = failed || failure_on(k->result, at->op_index);
    if (failed) {
        add_row(k, row);
        return row->next;
    }
    add_time(k, row->us);
    text_add(to, "<dd class=q><details><summary>control ");
    html_add(to, first->control);
    text_add(to, "</summary>");
    size_t op_index = row->op_index;
    for (; row && row->op && row->op->control && strcmp(row->op->control, first->control) == 0;
         row = row->next) {
        uint8_t bytes[SHOWN_MAX];
        bool whole = row->len <= sizeof bytes;
        if (row->op_index != op_index && row->op->kind == first->kind && row->kind != ROW_HAPPENED)
            break; // the next exchange of that name
        if (row->kind == ROW_HAPPENED)
            continue;
        text_add(to, row->server ? "<p>server <code>" : "<p>client <code>");
        text_hex(to,
                 (struct bytes){ bytes,
                                 row_bytes(row, row->at, bytes, whole ? (size_t)row->len : 64) },
                 true);
        text_add(to, whole ? "</code>" : " …</code>");
        for (size_t i = 0; whole && i < row->op->field_count; i++) {
            const struct report_field *f = &row->op->fields[i];
            if (f->text && f->at >= row->at && f->at < row->at + row->len) {
                text_add(to, i ? ", " : " ");
                add_value(to, kind_of(f), f->text);
            }
        }
    }
    text_add(to, "</details>");
    return row;
}

void html_talk(const struct report_result *r, struct text *to)
{
    SCRATCH(scratch);
    struct timeline t;
    const struct telling k = { to, r, &t };

    timeline_load(r, &scratch, &t);
    if (!t.rows)
        return;
    text_add(to, "<dl class=w>");
    for (const struct talk_row *row = t.rows; row;) {
        if (row->op && row->op->control) {
            row = add_control(&k, row);
            continue;
        }
        if (!row_is_dull(row, &t))
            add_row(&k, row);
        row = row->next;
    }
    // A message that was not even waited for has no row to stand under.
    for (const struct report_check *c = r->checks; c < r->checks + r->check_count; c++)
        if (report_says_why(c) && c->op >= 0 &&
            (uint64_t)c->op < t.talk.op_count &&
            t.talk.ops[c->op].kind == REPORT_OP_RECEIVE && failure_on(r, (size_t)c->op) == c) {
            bool told = false;
            for (const struct talk_row *row = t.rows; row; row = row->next)
                told = told || row->op_index == (uint64_t)c->op;
            if (!told)
                add_due(&k, c, &t.talk.ops[c->op]);
        }
    text_add(to, "</dl>");
}
