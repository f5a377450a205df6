#include "bench/tell.h"

#include <math.h>
#include <stdio.h>

#include "bench/processor.h"

/* Three digits that count; whole from 100 on. */
static void number(struct text *to, double v)
{
    text_printf(to, "%.*f", v >= 99.95 ? 0 : v >= 9.995 ? 1 : 2, v);
}

/* 1,886 */
static void count(struct text *to, size_t n)
{
    char digits[32];
    int len = snprintf(digits, sizeof digits, "%zu", n);

    for (int i = 0; i < len; i++)
        text_printf(to, "%s%c", i && (len - i) % 3 == 0 ? "," : "", digits[i]);
}

static void tell_goal(const struct bench_row *row, const struct measured *m, struct text *to)
{
    double by;

    if (row->goal.kind == GOAL_NONE)
        return;
    text_printf(to, "  goal %s ", row->goal.kind == GOAL_AT_MOST ? "≤" : "≥");
    number(to, row->goal.value);
    if (!bench_missed(row, m, &by)) {
        text_add(to, ": met");
        return;
    }
    text_printf(to, ": missed by %s", m->at_least ? "at least " : "");
    number(to, by);
    text_printf(to, " (%.0f %%)", 100 * by / row->goal.value);
}

void tell_row(const struct bench_row *row, const struct measured *m, struct text *to)
{
    text_printf(to, "%-10s  ", row->name);
    if (m->value.count == 0) {
        text_printf(to, "not measured: %s\n", m->remark[0] ? m->remark : "it was stopped");
        return;
    }
    text_add(to, m->at_least ? "> " : "");
    number(to, series_median(&m->value));
    text_printf(to, " %s", row->unit);
    if (m->value.count > 1) {
        text_add(to, "  (");
        number(to, series_low(&m->value));
        text_add(to, " to ");
        number(to, series_high(&m->value));
        text_char(to, ')');
    }
    tell_goal(row, m, to);
    text_add(to, "  n = ");
    if (m->value.count > 1 && m->n > 1)
        text_printf(to, "%zu × ", m->value.count);
    count(to, m->n > 1 ? m->n : m->value.count);
    text_printf(to, " %s\n            %s\n", m->of, row->what);
    for (size_t i = 0; i < m->more_count; i++) {
        text_printf(to, "%s%s ", i ? " · " : "            ", m->more[i].name);
        number(to, series_median(&m->more[i].s));
        text_printf(to, " %s", m->more[i].unit);
    }
    if (m->more_count)
        text_char(to, '\n');
    if (m->remark[0])
        text_printf(to, "            %s\n", m->remark);
}

void tell_head(const struct bench *b, struct text *to)
{
    text_printf(to, "%u processor%s, load %.2f when it began", processors(), processors() == 1 ? "" : "s", b->load);
    text_add(to, b->load > 0.5 * processors() ? ": others are at work, and single figures are worth less than the ratios\n" : "\n");
}

static void put_number(struct json_out *j, const char *key, double v)
{
    char text[64];

    snprintf(text, sizeof text, "%.6g", isfinite(v) ? v : 0.0);
    json_put_raw(j, key, text);
}

/* median, low, high, and the rounds' values. */
static void put_series(struct json_out *j, const struct series *s)
{
    put_number(j, "median", series_median(s));
    put_number(j, "low", series_low(s));
    put_number(j, "high", series_high(s));
    json_begin(j, "rounds", '[');
    for (size_t i = 0; i < s->count; i++)
        put_number(j, NULL, s->values[i]);
    json_end(j, ']');
}

void tell_json_begin(const struct bench *b, struct json_out *j)
{
    json_begin(j, NULL, '{');
    json_put_int(j, "bench", 1);
    json_put_string(j, "arcwire", b->version);
    json_put_string(j, "vectors", b->lib.digest);
    json_put_u64(j, "processors", processors());
    put_number(j, "load", b->load);
    json_put_u64(j, "rounds", b->rounds);
    json_begin(j, "rows", '[');
}

void tell_json_row(const struct bench_row *row, const struct measured *m, struct json_out *j)
{
    double by;

    json_begin(j, NULL, '{');
    json_put_string(j, "name", row->name);
    json_put_string(j, "what", row->what);
    json_put_string(j, "unit", row->unit);
    if (row->goal.kind != GOAL_NONE) {
        json_begin(j, "goal", '{');
        put_number(j, row->goal.kind == GOAL_AT_MOST ? "at-most" : "at-least", row->goal.value);
        json_end(j, '}');
    }
    json_put_bool(j, "measured", m->value.count > 0);
    if (m->value.count) {
        if (row->goal.kind != GOAL_NONE) {
            json_put_bool(j, "met", !bench_missed(row, m, &by));
            put_number(j, "missed-by", by);
        }
        put_series(j, &m->value);
        if (m->at_least)
            json_put_bool(j, "cut-short", true);
        json_put_u64(j, "n", m->n);
        json_put_string(j, "of", m->of);
        json_begin(j, "more", '[');
        for (size_t i = 0; i < m->more_count; i++) {
            json_begin(j, NULL, '{');
            json_put_string(j, "name", m->more[i].name);
            json_put_string(j, "unit", m->more[i].unit);
            put_series(j, &m->more[i].s);
            json_end(j, '}');
        }
        json_end(j, ']');
    }
    if (m->remark[0])
        json_put_string(j, "remark", m->remark);
    json_end(j, '}');
}

void tell_json_end(struct json_out *j)
{
    json_end(j, ']');
    json_end(j, '}');
}
