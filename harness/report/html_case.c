/*
 * A case, from the outside in:
 *
 *   summary          sign, id, title; where it fails
 *   why, hint, clauses
 *   failed checks    the cause, what was due beside what came
 *   axes             data, end, life: each with its checks
 *   deliveries       a line each
 *   conversation     of the telling result; of others only where they failed
 *   again            the command that repeats it
 *
 * A conversation is a <dl>: times and what happened then. A message is an <ol> of fields, each its bytes and,
 * as a paragraph beneath, its value.
 */
#include "report/html_case.h"

#include <inttypes.h>

#include "report/html_clauses.h"
#include "report/markup.h"
#include "report/timeline.h"

#define MARKS_MAX 16  // boundaries of segments or chunks that are marked among the bytes
#define SIZES_MAX 6   // and whose sizes are told
#define TEXT_MAX  100 // of a decoded value

const char *html_class(enum report_verdict v)
{
    static const char *const classes[REPORT_VERDICTS] = { "p", "t", "g", "d", "r", "y", "f",
                                                          "i", "e", "u", "s", "n" };

    return classes[v];
}

void html_add(struct text *to, const char *string)
{
    markup_add(to, MARKUP_HTML, string);
}

void html_names(struct text *to, const struct report_names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        text_add(to, i ? ", " : "");
        html_add(to, names->names[i]);
    }
}

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

static void add_talk(struct text *to, const struct report_result *r)
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

/* ---- around the conversation ---- */

/* A check below must that failed is a shortcoming, unless it is what the result failed for. */
static enum report_verdict shown_as(const struct report_result *r, const struct report_check *c)
{
    const struct report_check *first = report_first_failure(r);
    bool below = c->verdict == REPORT_FAIL && strcmp(c->level, "must") != 0;

    return below && ((r->verdict != REPORT_FAIL && r->verdict != REPORT_UNSTABLE) || strcmp(first->level, "must") == 0) ? REPORT_WARN
                                                                                     : c->verdict;
}

/* Where two differ first; UINT64_MAX: not in what is shown of them. */
static uint64_t differs_at(const struct report_shown *a, const struct report_shown *b)
{
    uint8_t x[AROUND_MAX], y[AROUND_MAX];
    size_t m = a->hex ? hex_bytes(a->hex, 0, x, sizeof x) : 0, n = b->hex ? hex_bytes(b->hex, 0, y, sizeof y) : 0, i = 0;

    while (i < m && i < n && x[i] == y[i])
        i++;
    return i < m ? i : UINT64_MAX;
}

/* The beginning of a message. */
static void add_shown(struct text *to, const struct report_shown *s, uint64_t mark)
{
    uint8_t bytes[AROUND_MAX];
    size_t some = s->hex ? hex_bytes(s->hex, 0, bytes, sizeof bytes) : 0;
    uint64_t all = s->len ? s->len : s->hex ? hex_length(s->hex) : 0;
    struct bytes_out o = { .to = to, .mark = mark };

    if (some == 0)
        text_add(to, "<p>nothing");
    add_bytes(&o, 0, (struct bytes){ bytes, some });
    if (some < all) {
        text_add(to, " … <small>(");
        markup_count(to, all);
        text_add(to, " bytes)</small>");
    }
}

/* The second exchange: what was said and what came, and what each cause would have brought. */
static void add_separation(struct text *to, const struct report_separation *s)
{
    text_add(to, s->confirmed ? "<p class=h><b>Confirmed</b> " : "<p class=h><b>Open</b> ");
    html_add(to, s->sentence);
    if (!s->request)
        return;
    text_add(to, " <small>(");
    html_add(to, s->request);
    if (s->values) {
        text_add(to, ": ");
        markup_add_cut(to, MARKUP_HTML, s->values, TEXT_MAX);
    }
    text_add(to, ")</small><dl class=eg><div><dt>sent<dd>");
    add_shown(to, &s->sent, UINT64_MAX);
    text_add(to, "</div><div><dt>due<dd>");
    add_shown(to, &s->due, UINT64_MAX);
    text_add(to, "</div><div class=f><dt>got<dd>");
    add_shown(to, &s->got, differs_at(&s->got, &s->due));
    text_add(to, "</div></dl><ul class=ap>");
    for (const struct report_suspect *one = s->suspects; one < s->suspects + s->suspect_count; one++) {
        text_add(to, one->fits ? "<li>✓ " : "<li>✗ ");
        html_add(to, one->summary);
        text_add(to, one->fits ? ": so it came, <code>" : ": it would be <code>");
        add_shown(to, &one->says, differs_at(&one->says, &s->due));
        text_add(to, "</code>");
    }
    text_add(to, "</ul>");
}

static void add_failures(struct text *to, const struct report_result *r)
{
    for (const struct report_check *c = r->checks; c < r->checks + r->check_count; c++) {
        if (!report_says_why(c))
            continue;
        enum report_verdict shown = shown_as(r, c);
        text_printf(to, "<div class=\"x %s\"><p><b>%s ", html_class(shown),
                    report_verdicts[shown].sign);
        html_add(to, c->name);
        text_add(to, c->sentence ? ":</b> " : "</b>");
        html_add(to, c->sentence);
        for (size_t i = 0; i < c->other_count; i++) {
            text_add(to, i ? "; or " : ". As likely: ");
            html_add(to, c->others[i].summary ? c->others[i].summary : c->others[i].cause);
        }
        text_add(to, " <small>");
        html_names(to, &c->clauses);
        text_add(to, c->clauses.count ? ", " : "");
        html_add(to, c->level);
        text_add(to, "</small>");
        html_difference(c, r, to);
        if (c->separation)
            add_separation(to, c->separation);
        text_add(to, "</div>");
    }
}

/* A control that went well is no check of the case. */
static bool is_listed(const struct report_check *c)
{
    return !c->control || c->verdict != REPORT_PASS;
}

static void add_axes(struct text *to, const struct report_result *r)
{
    static const char *const titles[REPORT_AXES] = { "Data", "End", "Life" };

    bool any = false;

    for (const struct report_check *c = r->checks; c < r->checks + r->check_count; c++)
        any = any || is_listed(c);
    if (!any)
        return;
    text_add(to, "<ul class=ax>");
    for (int a = 0; a < REPORT_AXES; a++) {
        enum report_verdict worst = REPORT_PASS;
        size_t count = 0;
        for (const struct report_check *c = r->checks; c < r->checks + r->check_count; c++) {
            enum report_verdict shown = shown_as(r, c);
            if ((int)c->axis != a || !is_listed(c))
                continue;
            if (count++ == 0 || report_verdicts[shown].rank > report_verdicts[worst].rank)
                worst = shown;
        }
        if (count == 0)
            continue;
        text_printf(to, "<li class=%s>%s %s%s%s: ", html_class(worst), report_verdicts[worst].sign,
                    titles[a], worst == REPORT_PASS ? "" : " ",
                    worst == REPORT_PASS ? "" : report_verdicts[worst].past);
        count = 0;
        for (const struct report_check *c = r->checks; c < r->checks + r->check_count; c++)
            if ((int)c->axis == a && is_listed(c)) {
                text_add(to, count++ ? ", " : "");
                if (c->control) {
                    text_add(to, "control ");
                    html_add(to, c->control);
                    text_char(to, ' ');
                }
                html_add(to, c->name);
                if (shown_as(r, c) != worst)
                    text_printf(to, " (%s)", report_verdicts[shown_as(r, c)].past);
            }
    }
    text_add(to, "</ul>");
}

static void add_delivery_name(struct text *to, const struct report_result *r, bool profiles)
{
    html_add(to, r->delivery);
    if (profiles) {
        text_add(to, ", ");
        html_add(to, r->profile);
    }
}

static void add_deliveries(struct text *to, const struct report_case *c, bool profiles)
{
    text_add(to, "<ul class=dv>");
    for (const struct report_result *r = c->first; r; r = r->next) {
        text_printf(to, "<li class=%s>%s ", html_class(r->verdict),
                    report_verdicts[r->verdict].sign);
        add_delivery_name(to, r, profiles);
        if (r->verdict != REPORT_PASS)
            text_printf(to, " %s", report_verdicts[r->verdict].past);
        if (report_verdicts[r->verdict].tested) {
            text_char(to, ' ');
            markup_duration(to, r->us);
        }
        if (r->series) {
            TEXT(series);
            report_series_print(&series, r->series);
            text_add(to, ", ");
            html_add(to, text_string(&series));
        }
        if (r->reason) {
            text_add(to, ", ");
            html_add(to, r->reason);
        }
    }
    text_add(to, "</ul>");
}

/* The other play of what is unstable. */
static void add_second(struct text *to, const struct report_result *r)
{
    const struct report_result *second = r->second;

    if (!second)
        return;
    text_printf(to, "<h4>Once more, by itself: %s %s", report_verdicts[second->verdict].sign, report_verdicts[second->verdict].past);
    if (second->reason) {
        text_add(to, ", ");
        html_add(to, second->reason);
    }
    text_add(to, "</h4>");
    add_failures(to, second);
    add_axes(to, second);
    add_talk(to, second);
}

static void add_again(struct text *to, const struct report_result *r)
{
    if (!r->again)
        return;
    text_add(to, "<p class=a><code>");
    html_add(to, r->again);
    text_add(to, "</code>");
}

/* "fail in coalesced, bytewise" */
static void add_where(struct text *to, const struct report_case *c)
{
    size_t bad = 0, n = 0;

    if (c->verdict == REPORT_PASS)
        return;
    for (const struct report_result *r = c->first; r; r = r->next)
        bad += r->verdict == c->verdict;
    text_printf(to, "<em>%s", report_verdicts[c->verdict].words);
    if (bad < c->result_count && bad <= 3) {
        text_add(to, " in ");
        for (const struct report_result *r = c->first; r; r = r->next)
            if (r->verdict == c->verdict) {
                text_add(to, n++ ? ", " : "");
                html_add(to, r->delivery);
            }
    } else if (bad < c->result_count)
        text_printf(to, " in %zu of %zu", bad, c->result_count);
    else if (bad > 1)
        text_printf(to, " in all %zu", bad);
    text_add(to, "</em>");
}

/* In a long list, deliveries that fail alike are told once. */
static bool same_failure(const struct report_result *a, const struct report_result *b)
{
    const struct report_check *x = report_first_failure(a), *y = report_first_failure(b);

    return a->verdict == b->verdict && x && y && strcmp(x->name, y->name) == 0 && x->cause &&
           y->cause && strcmp(x->cause, y->cause) == 0;
}

/* By its verdict, or by what is known of it; and what is asked for besides. */
static void add_class(struct text *to, const struct report_case *c)
{
    bool known = report_verdicts[c->verdict].bad && !c->red;
    const char *class = !known                            ? html_class(c->verdict)
                        : c->standing == STANDING_NEW     ? "z"
                        : c->standing == STANDING_EXPIRED ? "x"
                                                          : "k";
    const char *more = c->standing == STANDING_PASSES ? "x" : c->standing == STANDING_NEW && !known ? "z" : NULL;

    if (more)
        text_printf(to, "\n<details class=\"%s %s\"", class, more);
    else
        text_printf(to, "\n<details class=%s", class);
}

static void add_standing(struct text *to, const struct report_case *c)
{
    const struct report_result *r = c->first;

    while (r && r->standing != c->standing)
        r = r->next;
    if (!r || c->standing == STANDING_PLAIN)
        return;
    text_printf(to, "<i>%s", standing_name(c->standing));
    if (r->entry) {
        text_add(to, ": ");
        html_add(to, r->entry->reason);
        if (r->entry->issue) {
            text_add(to, ", ");
            html_add(to, r->entry->issue);
        }
    }
    text_add(to, "</i>");
}

/* What the script filters by: the suite's and the cause's place, clauses, and a letter for each column. */
static void add_filters(struct text *to, const struct html_view *view, const struct report_case *c)
{
    const struct report *r = view->report;
    size_t suite = 0;

    while (suite < r->suite_count && strcmp(r->suites[suite].name, c->suite) != 0)
        suite++;
    text_printf(to, " data-s=%zu", suite);
    if (c->cause)
        text_printf(to, " data-c=%zu", (size_t)(c->cause - r->causes));
    if (c->clauses.count) {
        text_add(to, " data-k=\"");
        for (size_t i = 0; i < c->clauses.count; i++) {
            text_add(to, i ? " " : "");
            html_add(to, c->clauses.names[i]);
        }
        text_char(to, '"');
    }
    text_add(to, " data-d=");
    for (size_t i = 0; i < view->column_count; i++) {
        const struct report_result *result = c->first;
        while (result && (strcmp(result->delivery, view->columns[i].delivery) != 0 || strcmp(result->profile, view->columns[i].profile) != 0))
            result = result->next;
        text_add(to, result ? html_class(result->verdict) : "-");
    }
}

void html_case(const struct html_view *view, const struct report_case *c, bool open, bool asleep, struct text *to)
{
    bool profiles = view->profiles;
    const struct report_result *telling = report_telling(c);
    const struct report_check *failure = report_first_failure(telling);

    add_class(to, c);
    text_add(to, " id=\"case=");
    html_add(to, c->id);
    text_char(to, '"');
    add_filters(to, view, c);
    text_printf(to, "%s><summary><b>%s</b><code>", open ? " open" : "",
                report_verdicts[c->verdict].sign);
    html_add(to, c->id);
    text_add(to, "</code><span>");
    html_add(to, c->title);
    if ((c->verdict == REPORT_FAIL || c->verdict == REPORT_UNSTABLE || c->verdict == REPORT_AS_GENUINE || c->verdict == REPORT_DECLARED) && failure && failure->sentence) {
        text_add(to, "<i>");
        html_add(to, failure->sentence);
        text_add(to, "</i>");
    }
    add_standing(to, c);
    text_add(to, "</span>");
    add_where(to, c);
    text_add(to, asleep ? "</summary><noscript><div>" : "</summary><div>");
    if (c->why) {
        text_add(to, "<p>");
        html_add(to, c->why);
    }
    if (c->hint && report_verdicts[c->verdict].flaw) {
        text_add(to, "<p class=h><b>Hint</b> ");
        html_add(to, c->hint);
    }
    if (report_verdicts[c->verdict].flaw) {
        html_clauses_cited(view->report, &c->clauses, true, to);
    } else {
        text_add(to, "<p class=cl>");
        html_clauses_cited(view->report, &c->clauses, false, to);
    }
    if (strcmp(c->level, "must") != 0) {
        text_add(to, "<p class=cl>level ");
        html_add(to, c->level);
    }
    if (c->history) {
        text_add(to, "<p class=cl>Earlier runs, the latest last: ");
        html_add(to, c->history);
    }
    add_failures(to, telling);
    add_axes(to, telling);
    add_deliveries(to, c, profiles);
    if (c->result_count > 1 && report_verdicts[telling->verdict].flaw) {
        text_add(to, "<h4>Conversation, ");
        add_delivery_name(to, telling, profiles);
        text_add(to, "</h4>");
    }
    add_talk(to, telling);
    add_second(to, telling);
    add_again(to, telling);
    for (const struct report_result *r = c->first; r; r = r->next) {
        const struct report_check *why = report_first_failure(r);
        if (r == telling || !report_verdicts[r->verdict].flaw ||
            (asleep && same_failure(r, telling)))
            continue;
        text_printf(to, "<details class=o><summary><b class=%s>%s</b> ", html_class(r->verdict),
                    report_verdicts[r->verdict].sign);
        add_delivery_name(to, r, profiles);
        text_add(to, ": ");
        html_add(to, why && why->sentence ? why->sentence : report_verdicts[r->verdict].words);
        text_add(to, "</summary>");
        add_failures(to, r);
        add_axes(to, r);
        add_talk(to, r);
        add_second(to, r);
        add_again(to, r);
        text_add(to, "</details>");
    }
    text_add(to, asleep ? "</div></noscript></details>" : "</div></details>");
}
