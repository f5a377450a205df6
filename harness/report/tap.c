/*
 * TAP 14: a test point for each result, in the order of the run. Readers of TAP 13 take it, too.
 *
 *   ok 1 - byte-order-word plain 10-unicode-64
 *   not ok 2 - map@op=make plain 10-unicode-64 # TODO known: ticket is open (https://…)
 *     ---
 *     message: "the bytes of a WORD are swapped"
 *     ...
 *   ok 3 - values-time plain # SKIP no time
 *
 * `#` and `\` in a description are escaped. What is known to fail is TODO, which readers count as passed; what passes although it is
 * known to fail is `not ok`, since to readers a TODO that passes is a pass. Diagnostics are YAML whose strings are
 * those of JSON. What no result shows (a stale entry, a run that ended early) is a test point of its own.
 */
#include "json/write.h"
#include "report/report.h"

#include "report/ci.h"
#include "report/markup.h"

#define MESSAGE_MAX 500         // bytes
#define BODY_MAX    (16 << 10)
#define BODIES_MAX  (8 << 20)   // of all

static void escaped(struct text *to, const char *text)
{
    TEXT(clean);

    markup_add(&clean, MARKUP_NONE, text);
    for (const char *at = text_string(&clean); *at; at++) {
        if (*at == '\\' || *at == '#')
            text_char(to, '\\');
        text_char(to, *at);
    }
}

static void cut(struct text *to, const char *text)
{
    TEXT(shorter);

    ci_cut(text, MESSAGE_MAX, &shorter);
    escaped(to, text_string(&shorter));
}

/* A member of the YAML block; a string of JSON is one of YAML. */
static void member(struct text *to, const char *key, const char *value)
{
    struct json_out j = { .to = to };
    TEXT(clean);

    if (!value)
        return;
    markup_add(&clean, MARKUP_NONE, value);
    text_printf(to, "  %s: ", key);
    json_put_string(&j, NULL, text_string(&clean));
    text_char(to, '\n');
}

static void place(struct text *to, const char *file, unsigned long long line)
{
    member(to, "file", file);
    if (file && line)
        text_printf(to, "  line: %llu\n", line);
}

/* Lines of a text, the first of which begins with no blank, as a block. */
static void block(struct text *to, const char *key, const char *text)
{
    text_printf(to, "  %s: |\n", key);
    while (*text) {
        size_t len = strcspn(text, "\n");
        text_add(to, len ? "    " : "");
        text_addn(to, text, len);
        text_char(to, '\n');
        text += len + (text[len] == '\n');
    }
}

static void diagnostics(struct text *to, const struct report_result *r, const char *message, size_t *bodies)
{
    const struct report_check *bad = report_first_failure(r);
    TEXT(brief);
    TEXT(told);
    TEXT(shorter);

    ci_cut(message, MESSAGE_MAX, &brief);
    text_add(to, "  ---\n");
    member(to, "message", text_string(&brief));
    member(to, "verdict", report_verdicts[r->verdict].name);
    if (r->standing != STANDING_PLAIN)
        member(to, "baseline", standing_name(r->standing));
    if (bad) {
        member(to, "check", bad->name);
        member(to, "cause", bad->cause);
    }
    place(to, r->of->file, (unsigned long long)r->of->line);
    member(to, "again", r->again);
    if (*bodies <= BODIES_MAX) {
        report_text_result(r, false, &told);
        ci_cut_lines(text_string(&told), BODY_MAX, &shorter);
        *bodies += shorter.b.len;
        block(to, "told", text_string(&shorter));
    }
    text_add(to, "  ...\n");
}

static void point(struct text *to, const struct report_result *r, size_t number, size_t *bodies)
{
    enum ci_kind kind = ci_kind(r);
    bool good = kind == CI_PASS || kind == CI_SKIPPED;
    TEXT(name);
    TEXT(message);

    ci_name(r, &name);
    ci_message(r, &message);
    text_printf(to, "%s %zu - ", good ? "ok" : "not ok", number);
    escaped(to, text_string(&name));
    if (kind == CI_SKIPPED || kind == CI_EXPECTED) {
        text_add(to, kind == CI_SKIPPED ? " # SKIP " : " # TODO ");
        cut(to, text_string(&message));
    }
    text_char(to, '\n');
    if (!good)
        diagnostics(to, r, text_string(&message), bodies);
}

static void remark(struct text *to, const struct ci_remark *m, size_t number)
{
    text_printf(to, "not ok %zu - %s: ", number, m->name);
    cut(to, m->message);
    text_char(to, '\n');
    if (!m->file)
        return;
    text_add(to, "  ---\n");
    place(to, m->file, m->line);
    text_add(to, "  ...\n");
}

void report_tap(const struct report *r, struct text *to)
{
    SCRATCH(scratch);
    const struct ci_remark *remarks;
    size_t remark_count = ci_remarks(r, &scratch, &remarks), number = 0, bodies = 0, points = r->result_count;

    for (size_t i = 0; i < remark_count; i++)
        points += !remarks[i].shown;
    text_printf(to, "TAP version 14\n1..%zu\n", points);
    for (const struct report_case *c = r->cases; c; c = c->next)
        for (const struct report_result *result = c->first; result; result = result->next)
            point(to, result, ++number, &bodies);
    for (size_t i = 0; i < remark_count; i++)
        if (!remarks[i].shown)
            remark(to, &remarks[i], ++number);
}
