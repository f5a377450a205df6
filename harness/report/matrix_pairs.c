/*
 * The matrix's cells in which both ends are foreign: asking × answering, service by service, with each failure by the side that is at fault.
 */
#include "report/html_case.h"
#include "report/html_page.h"
#include "report/markup.h"
#include "report/matrix.h"

static const char *const sides[] = { "asking", "answering" };

struct sums {
    size_t right, wrong[2], not_judged; // cases; one that both have wrong counts for either
};

static struct sums sums_of(const struct matrix_pair *p)
{
    struct sums n = { 0 };

    for (size_t i = 0; i < p->count; i++) {
        n.right += p->cases[i].verdict == MATRIX_RIGHT;
        n.not_judged += p->cases[i].verdict == MATRIX_NOT_JUDGED;
        for (int side = 0; side < 2; side++)
            n.wrong[side] += p->cases[i].wrong[side];
    }
    return n;
}

bool matrix_pair_summary(const struct matrix_pair *p, struct text *to)
{
    struct sums n = sums_of(p);

    text_printf(to, "%zu right", n.right);
    for (int side = 0; side < 2; side++)
        if (n.wrong[side])
            text_printf(to, ", %zu wrong by the %s side", n.wrong[side], sides[side]);
    if (n.not_judged)
        text_printf(to, ", %zu not judged", n.not_judged);
    return n.right == p->count && !p->absent;
}

/* ---- the page ---- */

static void add_failure(struct text *to, const struct matrix_pair *p, const struct matrix_case *c, int side)
{
    text_printf(to, "<li><b>%s<span>%s</span></b><div><h3>", side < 0 ? "?" : "✗", side < 0 ? "not judged" : sides[side]);
    html_add(to, side == 1 ? p->answers : p->asks);
    text_add(to, side < 0 ? " and " : ", ");
    if (side < 0) {
        html_add(to, p->answers);
        text_add(to, ", ");
    } else {
        text_add(to, side == 0 ? "which asks " : "which answers ");
        html_add(to, side == 0 ? p->answers : p->asks);
        text_add(to, ", ");
    }
    html_add(to, c->id);
    text_add(to, "</h3><p>");
    html_add(to, side < 0 ? c->why : c->sentence[side]);
    text_add(to, "</div>");
}

static void add_failures(struct text *to, const struct matrix_view *m)
{
    bool begun = false;

    for (size_t i = 0; i < m->pair_count; i++)
        for (size_t k = 0; k < m->pairs[i].count; k++) {
            const struct matrix_case *c = &m->pairs[i].cases[k];
            if (c->verdict == MATRIX_RIGHT)
                continue;
            if (!begun)
                text_add(to, "<ul class=causes>");
            begun = true;
            if (c->verdict == MATRIX_NOT_JUDGED)
                add_failure(to, &m->pairs[i], c, -1);
            for (int side = 0; side < 2; side++)
                if (c->wrong[side])
                    add_failure(to, &m->pairs[i], c, side);
        }
    if (begun)
        text_add(to, "</ul>");
}

void matrix_pairs_html(const struct matrix_view *m, struct text *to)
{
    if (!m->pair_count)
        return;
    text_add(to, "\n<section><h2 id=foreign>Both ends foreign</h2><p>The program that asks and the peer that answers talk to each other, and are judged by the transcripts. "
                 "Cases; a failure counts for the side that is at fault.");
    add_failures(to, m);
    text_add(to, "<div class=scroll tabindex=0 role=region aria-labelledby=foreign><table class=peers><thead><tr><th scope=col>Asks<th scope=col>Answers<th scope=col>Service"
                 "<th scope=col>Right<th scope=col>Asking side wrong<th scope=col>Answering side wrong<th scope=col>Not judged<tbody>");
    for (size_t i = 0; i < m->pair_count; i++) {
        const struct matrix_pair *p = &m->pairs[i];
        struct sums n = sums_of(p);
        text_add(to, "<tr><th scope=row>");
        html_add(to, p->asks);
        text_add(to, "<td>");
        html_add(to, p->answers);
        text_add(to, "<td>");
        html_add(to, p->service);
        if (p->absent) {
            text_add(to, "<td class=u colspan=4>not played: ");
            html_add(to, p->absent);
            continue;
        }
        text_printf(to, "<td class=%s>%s %zu", n.right ? "p" : "u", n.right ? "✓" : "–", n.right);
        for (int side = 0; side < 2; side++)
            text_printf(to, n.wrong[side] ? "<td class=f>✗ %zu" : "<td>%zu", n.wrong[side]);
        text_printf(to, n.not_judged ? "<td class=i>? %zu" : "<td>%zu", n.not_judged);
    }
    text_add(to, "</table></div></section>");
}

/* ---- for programs ---- */

static void put_case(const struct matrix_case *c, struct json_out *to)
{
    static const char *const verdicts[] = { "right", "wrong", "not-judged" };

    json_begin(to, NULL, '{');
    json_put_string(to, "case", c->id);
    json_put_string(to, "verdict", verdicts[c->verdict]);
    for (int side = 0; side < 2; side++) {
        if (!c->wrong[side])
            continue;
        json_begin(to, sides[side], '{');
        json_put_string(to, "cause", c->cause[side]);
        json_put_string(to, "sentence", c->sentence[side]);
        json_end(to, '}');
    }
    if (c->why)
        json_put_string(to, "reason", c->why);
    json_end(to, '}');
}

void matrix_pairs_json(const struct matrix_view *m, struct json_out *to)
{
    json_begin(to, "foreign", '[');
    for (size_t i = 0; i < m->pair_count; i++) {
        const struct matrix_pair *p = &m->pairs[i];
        struct sums n = sums_of(p);
        json_begin(to, NULL, '{');
        json_put_string(to, "asks", p->asks);
        json_put_string(to, "answers", p->answers);
        json_put_string(to, "service", p->service);
        if (p->absent)
            json_put_string(to, "absent", p->absent);
        json_put_u64(to, "right", n.right);
        json_put_u64(to, "asking-wrong", n.wrong[0]);
        json_put_u64(to, "answering-wrong", n.wrong[1]);
        json_put_u64(to, "not-judged", n.not_judged);
        json_begin(to, "cases", '[');
        for (size_t k = 0; k < p->count; k++)
            put_case(&p->cases[k], to);
        json_end(to, ']');
        json_end(to, '}');
    }
    json_end(to, ']');
}
