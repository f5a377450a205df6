/*
 * The console. A block for what is not as it should be:
 *
 *   ✗ collections-map-word-258@op=make  plain
 *     BO-1, COL-1  Keys are little-endian WORDs
 *     client  03 00 · 0b 6d 61 70 … 22 bytes    word 3 · cstring "mapwordtoob" …
 *     server  00 00 · 01 00 · 01 02 · 00 00     word 0 · count 1 · key 513
 *     due     00 00 · 01 00 · 02 01 · 00 00     word 0 · count 1 · key 258 · object null
 *                             ^^ first difference, byte 4
 *     cause   the bytes of a WORD are swapped
 *     again   arcwire run …
 *
 * Control exchanges are left out unless they are what failed; of a long conversation the end is shown.
 */
#include "report/report.h"

#include <inttypes.h>

#include "report/gitlab.h"
#include "report/markup.h"
#include "report/timeline.h"

#define LINE_BYTES 24 // of a message, on the console
#define LINE_ROWS  8  // of a conversation
#define HEX_WIDTH  42 // columns, before what the bytes mean
#define TEXT_MAX   200

enum colour { PLAIN, RED, GREEN, YELLOW, BOLD, FAINT };

struct console {
    struct text *to;
    bool colour;
};

static void paint(const struct console *c, enum colour colour)
{
    static const char *const codes[] = { "0", "31", "32", "33", "1", "2" };

    if (c->colour)
        text_printf(c->to, "\x1b[%sm", codes[colour]);
}

static enum colour colour_of(enum report_verdict v)
{
    return v == REPORT_PASS                        ? GREEN
           : v == REPORT_FAIL || v == REPORT_ERROR ? RED
           : report_verdicts[v].flaw               ? YELLOW
                                                   : PLAIN;
}

static void label(const struct console *c, const char *name)
{
    text_add(c->to, "  ");
    paint(c, FAINT);
    text_printf(c->to, "%-8s", name);
    paint(c, PLAIN);
}

static void line(const struct console *c, const char *name, const char *value, size_t max)
{
    if (!value)
        return;
    label(c, name);
    markup_add_cut(c->to, MARKUP_NONE, value, max);
    text_char(c->to, '\n');
}

static void names(const struct console *c, const struct report_names *n)
{
    for (size_t i = 0; i < n->count; i++) {
        text_add(c->to, i ? ", " : "");
        markup_add(c->to, MARKUP_NONE, n->names[i]);
    }
}

/* A message's bytes as fields, and their meaning behind them. */
struct written {
    const struct report_op *op;
    const struct talk_row *row; // NULL: what was due
    const struct report_check *bad;
    uint64_t bad_len;
    bool told_behind; // fields behind the bad one stand where they should
    size_t
        mark; // column at which the first difference stands, counted from the hex; SIZE_MAX: not shown
};

static void write_value(struct text *to, const struct written *w, const struct talk_span *s)
{
    const struct report_field *f = s->field;
    const char *text = f ? f->text : NULL;

    if (!f || !s->tells)
        return;
    if (w->row && s->bad)
        text = w->bad->got_text;
    else if (w->row && w->row->kind == ROW_RECEIVED && !f->any &&
             !row_as_expected(w->row, s->at, s->len))
        text = NULL;
    if (!text)
        return;
    if (to->b.len)
        text_add(to, " · ");
    if (f->name || f->type) {
        markup_add(to, MARKUP_NONE, f->name ? f->name : f->type);
        text_char(to, ' ');
    }
    markup_add_cut(to, MARKUP_NONE, text, 40);
}

static void write_bytes(struct text *to, struct written *w, uint64_t at, uint64_t len)
{
    SCRATCH(scratch);
    struct talk_spans spans;
    size_t columns = 0, shown = 0, all = len, first = 0;
    TEXT(values);

    w->mark = SIZE_MAX;
    if (w->bad && w->bad->at >= LINE_BYTES &&
        (uint64_t)w->bad->at < at + len) { // begin near the difference
        uint64_t skip = (uint64_t)w->bad->at - LINE_BYTES / 2;
        skip = skip > at ? skip - at : 0;
        text_add(to, skip ? "… " : "");
        first = columns = skip ? 2 : 0;
        at += skip;
        len -= skip;
    }
    spans_cut(w->op, at, len, w->bad, w->bad_len, w->told_behind, &scratch, &spans);
    for (const struct talk_span *s = spans.list; s < spans.list + spans.count; s++) {
        uint8_t bytes[LINE_BYTES];
        size_t want = s->len < LINE_BYTES - shown ? (size_t)s->len : LINE_BYTES - shown;
        want = w->row ? row_bytes(w->row, s->at, bytes, want)
                      : hex_bytes(w->op->hex, s->at, bytes, want);
        if (s->left_out || want == 0)
            break;
        if (columns > first) {
            text_add(to, " · ");
            columns += 3;
        }
        if (w->bad && w->bad->at >= 0 && (uint64_t)w->bad->at >= s->at &&
            (uint64_t)w->bad->at < s->at + want)
            w->mark = columns + 3 * (size_t)((uint64_t)w->bad->at - s->at);
        text_hex(to, (struct bytes){ bytes, want }, true);
        columns += 3 * want - 1;
        write_value(&values, w, s);
        shown += want;
    }
    if (shown < len) {
        TEXT(rest);
        text_add(&rest, " … ");
        markup_counted(&rest, all, "byte");
        text_add(to, text_string(&rest));
        columns += rest.b.len - 2; // … is three bytes
    }
    if (values.b.len) {
        text_printf(to, "%*s", columns < HEX_WIDTH ? (int)(HEX_WIDTH - columns) : 2, "");
        text_add(to, text_string(&values));
    }
}

static void write_row(const struct console *c, const struct report_result *r,
                      const struct talk_row *row)
{
    const struct report_check *bad = failure_on(r, row->op_index);

    if (row->kind == ROW_HAPPENED) {
        bool of_somebody;
        const char *words = row_words(row, &of_somebody);
        label(c, of_somebody ? row->server ? "server" : "client" : "");
        markup_add_cut(c->to, MARKUP_NONE, words, TEXT_MAX);
        if (row->event->number > 0 &&
            (strcmp(row->event->event, "late") == 0 || strcmp(row->event->event, "quiet") == 0 || strcmp(row->event->event, "proven") == 0)) {
            text_add(c->to, ": ");
            markup_duration(c->to, row->event->number);
        }
        if (row->event->note) {
            text_add(c->to, ": ");
            markup_add_cut(c->to, MARKUP_NONE, row->event->note, TEXT_MAX);
        }
        text_char(c->to, '\n');
        return;
    }
    struct written w = { .op = row->layout, .row = row };
    bool late = bad && row->kind == ROW_RECEIVED && row_is_late(row);
    if (bad && row->kind == ROW_RECEIVED && row->layout && !late) {
        w.bad = bad;
        w.told_behind = row_goes_right(row, bad);
        w.bad_len = bad->got ? hex_length(bad->got) : 0;
    }
    label(c, row->server ? "server" : "client");
    write_bytes(c->to, &w, row->at, row->len);
    if (row->piece_count > 1 || row->segments > 1) {
        text_add(c->to, "  in ");
        markup_counted(c->to, row->kind == ROW_SENT ? row->segments : row->piece_count,
                       row->kind == ROW_SENT ? "segment" : "chunk");
    }
    text_add(c->to, row->probe    ? "  (probe)"
                    : row->astray ? "  nothing was due"
                    : late        ? "  too late"
                                  : "");
    text_char(c->to, '\n');
}

static void write_due(const struct console *c, const struct report_check *bad,
                      const struct report_op *op)
{
    struct written w = { .op = op,
                         .bad = bad,
                         .told_behind = true,
                         .bad_len = bad->expected ? hex_length(bad->expected) : 0 };
    uint64_t len = hex_length(op->hex);

    if (len == 0)
        return;
    if (bad->field >= 0 && (uint64_t)bad->field < op->field_count)
        w.bad_len = op->fields[bad->field].len;
    label(c, "due");
    write_bytes(c->to, &w, 0, len);
    text_char(c->to, '\n');
    if (w.mark != SIZE_MAX && bad->got) {
        text_printf(c->to, "  %8s%*s", "", (int)w.mark, "");
        paint(c, RED);
        text_add(c->to, "^^");
        paint(c, PLAIN);
        text_printf(c->to, " first difference, byte %" PRId64 "\n", bad->at);
    }
}

/* Whether a row belongs into a block about this check. */
static bool is_told(const struct talk_row *row, const struct report_check *bad,
                    const struct timeline *t)
{
    const struct report_op *op =
        bad && bad->op >= 0 && (uint64_t)bad->op < t->talk.op_count ? &t->talk.ops[bad->op] : NULL;
    bool in_control = op && op->control;

    if (row->kind == ROW_HAPPENED &&
        (row_is_dull(row, t) || strcmp(row->event->event, "mismatch") == 0))
        return false;
    return !row->op || !row->op->control || in_control;
}

static void write_talk(const struct console *c, const struct report_result *r,
                       const struct report_check *bad)
{
    SCRATCH(scratch);
    struct timeline t;
    size_t told = 0, passed_over = 0;
    bool due = false;

    timeline_load(r, &scratch, &t);
    const struct report_op *op =
        bad && bad->op >= 0 && (uint64_t)bad->op < t.talk.op_count ? &t.talk.ops[bad->op] : NULL;
    for (const struct talk_row *row = t.rows; row; row = row->next)
        told += is_told(row, bad, &t);
    for (const struct talk_row *row = t.rows; row; row = row->next) {
        if (!is_told(row, bad, &t))
            continue;
        if (told - passed_over > LINE_ROWS) {
            if (passed_over++ == 0) {
                label(c, "");
                text_add(c->to, "… ");
                markup_counted(c->to, told - LINE_ROWS, "line");
                text_add(c->to, " before\n");
            }
            continue;
        }
        write_row(c, r, row);
        if (op && row->op == op && row->last && op->kind == REPORT_OP_RECEIVE) {
            if (row->kind != ROW_RECEIVED || !row_is_late(row))
                write_due(c, bad, op);
            due = true;
        }
    }
    if (op && !due && op->kind == REPORT_OP_RECEIVE)
        write_due(c, bad, op);
}

/* " sent 04 00 …" */
static void write_shown(struct text *to, const char *what, const struct report_shown *s)
{
    uint8_t bytes[LINE_BYTES];
    uint64_t len = s->hex ? hex_length(s->hex) : 0, all = s->len ? s->len : len;
    size_t some = s->hex ? hex_bytes(s->hex, 0, bytes, len < sizeof bytes ? (size_t)len : sizeof bytes) : 0;

    text_printf(to, "%s ", what);
    if (some == 0)
        text_add(to, "nothing");
    text_hex(to, (struct bytes){ bytes, some }, true);
    if (some < all) {
        text_add(to, " … ");
        markup_counted(to, all, "byte");
    }
}

static void write_separation(const struct console *c, const struct report_separation *s)
{
    if (!s)
        return;
    if (!s->confirmed) {
        line(c, "open", s->sentence, TEXT_MAX);
        return;
    }
    label(c, "tested");
    text_add(c->to, "confirmed by a second exchange: ");
    write_shown(c->to, "sent", &s->sent);
    write_shown(c->to, ", got", &s->got);
    text_char(c->to, '\n');
}

/* Where it has a name of its own. */
static void write_field(const struct console *c, const struct report_check *bad)
{
    SCRATCH(scratch);

    if (bad->field_name)
        line(c, "field", bad->field_of ? arena_printf(&scratch, "%s of message %s", bad->field_name, bad->field_of) : bad->field_name, TEXT_MAX);
}

void report_text_result(const struct report_result *r, bool colour, struct text *to)
{
    const struct console c = { to, colour };
    const struct report_check *bad = report_first_failure(r);
    const struct report_names *clauses =
        bad && bad->clauses.count ? &bad->clauses : &r->of->clauses;

    paint(&c, colour_of(r->verdict));
    text_printf(to, "%s ", report_verdicts[r->verdict].sign);
    paint(&c, BOLD);
    markup_add(to, MARKUP_NONE, r->of->id);
    paint(&c, PLAIN);
    text_add(to, "  ");
    markup_add(to, MARKUP_NONE, r->delivery);
    if (r->verdict != REPORT_FAIL)
        text_printf(to, "  %s", report_verdicts[r->verdict].words);
    text_add(to, "\n  ");
    names(&c, clauses);
    if (clauses->count)
        text_add(to, "  ");
    markup_add_cut(to, MARKUP_NONE, r->of->title, TEXT_MAX);
    text_char(to, '\n');
    write_talk(&c, r, bad);
    line(&c, "reason", r->reason, TEXT_MAX);
    if (r->standing == STANDING_OTHERWISE && r->entry) {
        SCRATCH(scratch);
        line(&c, "known", r->entry->flaky ? "as flaky; it fails, or more is flaky than the budget allows"
                                          : arena_printf(&scratch, "to fail otherwise: check %s, %s: %s", r->entry->check, r->entry->signature, r->entry->reason), TEXT_MAX);
    }
    if (r->series) {
        TEXT(series);
        report_series_print(&series, r->series);
        line(&c, "series", text_string(&series), TEXT_MAX);
    }
    if (bad) {
        write_field(&c, bad);
        line(&c, "cause", bad->sentence, TEXT_MAX);
        for (size_t i = 0; i < bad->other_count; i++)
            line(&c, "or", bad->others[i].summary ? bad->others[i].summary : bad->others[i].cause, TEXT_MAX);
        write_separation(&c, bad->separation);
        if (!bad->sentence)
            line(&c, "check", bad->name, TEXT_MAX);
    }
    if (r->second) {
        label(&c, "second");
        text_printf(to, "%s %s\n", report_verdicts[r->second->verdict].sign, report_verdicts[r->second->verdict].past);
        const struct report_check *other = report_first_failure(r->second);
        write_talk(&c, r->second, other);
        line(&c, "reason", r->second->reason, TEXT_MAX);
        if (other)
            line(&c, "cause", other->sentence, TEXT_MAX);
    }
    if (r->verdict == REPORT_FAIL)
        line(&c, "hint", r->of->hint, TEXT_MAX);
    line(&c, "again", r->again, 4096);
}

/* The head of the section of the suite that this case, a red one, is the first of: "byte-order: 3 cases". */
static void suite_head(const struct report_case *first, struct text *to)
{
    size_t red = 0;

    for (const struct report_case *c = first; c && strcmp(c->suite, first->suite) == 0; c = c->next)
        red += c->red;
    text_printf(to, "%s: ", first->suite);
    markup_counted(to, red, "case");
}

void report_text_failures(const struct report *r, size_t max, bool colour, struct gitlab *fold, struct text *to)
{
    const struct report_case *before = NULL;
    size_t told = 0, bad = 0;

    for (const struct report_case *c = r->cases; c; c = c->next) {
        if (!c->red || ++bad > max)
            continue;
        if (fold && (!before || strcmp(before->suite, c->suite) != 0)) {
            TEXT(head);
            suite_head(c, &head);
            gitlab_open(fold, text_string(&head), to);
        }
        text_char(to, '\n');
        report_text_result(report_telling(c), colour, to);
        before = c;
        told++;
    }
    if (fold)
        gitlab_close(fold, to);
    if (bad > told)
        text_printf(to, "\n… and %zu more; the page has them all\n", bad - told);
}

void report_text_causes(const struct report *r, bool colour, struct text *to)
{
    const struct console c = { to, colour };
    size_t shown = r->cause_count < 10 ? r->cause_count : 10;

    for (const struct report_cause *cause = r->causes; cause < r->causes + shown; cause++) {
        paint(&c, RED);
        text_printf(to, "%6zu", cause->case_count);
        paint(&c, PLAIN);
        text_printf(to, " of %zu failure%s: ", r->failing, r->failing == 1 ? "" : "s");
        if (report_cause_words(cause))
            markup_add_cut(to, MARKUP_NONE, report_cause_words(cause), TEXT_MAX);
        else {
            text_add(to, "no cause found, check ");
            markup_add(to, MARKUP_NONE, cause->example ? cause->example->name : "unknown");
        }
        text_char(to, '\n');
    }
    if (shown < r->cause_count) {
        text_printf(to, "%6s ", "");
        markup_counted(to, r->cause_count - shown, "more cause");
        text_char(to, '\n');
    }
}

void report_text_baseline(const struct report *r, bool colour, struct text *to)
{
    const struct console c = { to, colour };
    size_t shown = r->complaints.count < 10 ? r->complaints.count : 10;

    for (const struct complaint *one = r->complaints.items; one < r->complaints.items + shown; one++) {
        paint(&c, YELLOW);
        text_printf(to, "%-15s ", complaint_name(one->kind));
        paint(&c, PLAIN);
        markup_add(to, MARKUP_NONE, r->baseline_file);
        if (one->entry)
            text_printf(to, ":%u", one->entry->line);
        text_add(to, ": ");
        markup_add_cut(to, MARKUP_NONE, one->text, TEXT_MAX);
        text_char(to, '\n');
    }
    if (shown < r->complaints.count) {
        text_printf(to, "%15s ", "");
        markup_counted(to, r->complaints.count - shown, "more complaint");
        text_char(to, '\n');
    }
}

void report_text_spent(const struct report *r, struct text *to)
{
    if (r->tells_spent) {
        markup_spent(to, r->spent.work, r->spent.waiting, r->spent.proven, r->spent.timed);
        text_char(to, '\n');
    }
}

static bool write_count(const struct console *c, bool begun, size_t n, enum colour colour, const char *word)
{
    if (n == 0)
        return false;
    text_add(c->to, begun ? ", " : "");
    paint(c, colour);
    markup_count(c->to, n);
    text_printf(c->to, " %s", word);
    paint(c, PLAIN);
    return true;
}

void report_text_summary(const struct report *r, const char *page, bool colour, struct text *to)
{
    static const enum report_verdict order[] = {
        REPORT_FAIL,       REPORT_ERROR,       REPORT_INCONCLUSIVE, REPORT_UNSTABLE, REPORT_WARN,   REPORT_DECLARED, REPORT_AS_GENUINE, REPORT_PASS,
        REPORT_PASS_TIMED, REPORT_UNSUPPORTED, REPORT_SKIPPED,      REPORT_NOT_RUN
    };
    static const struct {
        enum standing standing;
        const char *words;
    } known[] = { { STANDING_EXPIRED, "known for too long" }, { STANDING_FLAKY, "flaky" }, { STANDING_KNOWN, "known" }, { STANDING_NEW, "new and failing" } };
    const struct console c = { to, colour };
    bool begun = false;

    if (r->incomplete) {
        paint(&c, YELLOW);
        text_add(to, "incomplete: ");
        paint(&c, PLAIN);
        markup_add_cut(to, MARKUP_NONE, r->incomplete, TEXT_MAX);
        text_add(to, "; ");
    }
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        bool bad = report_verdicts[order[i]].bad;
        begun |= write_count(&c, begun, bad ? r->red_totals[order[i]] : r->totals[order[i]], colour_of(order[i]), report_verdicts[order[i]].past);
        if (order[i] == REPORT_UNSTABLE)
            for (size_t k = 0; k < COUNT_OF(known); k++)
                begun |= write_count(&c, begun, r->known_totals[known[k].standing], YELLOW, known[k].words);
    }
    size_t fine = r->standings[STANDING_NEW] - r->known_totals[STANDING_NEW];
    begun |= write_count(&c, begun, fine, PLAIN, "of them new");
    if (r->complaints.count) {
        text_add(to, begun ? "; " : "");
        markup_counted(to, r->complaints.count, "complaint");
        text_add(to, " about the baseline");
        begun = true;
    }
    if (!begun)
        text_add(to, "nothing ran");
    if (r->us >= 0) {
        text_add(to, " in ");
        markup_duration(to, r->us);
    }
    if (page) {
        text_add(to, "   ");
        markup_add(to, MARKUP_NONE, page);
    }
    text_char(to, '\n');
}

void report_text(const struct report *r, struct text *to)
{
    for (const struct report_case *c = r->cases; c; c = c->next)
        if (c->red) {
            report_text_result(report_telling(c), false, to);
            text_char(to, '\n');
        }
    report_text_baseline(r, false, to);
    if (r->cause_count) {
        report_text_causes(r, false, to);
        text_char(to, '\n');
    }
    report_text_summary(r, NULL, false, to);
}
