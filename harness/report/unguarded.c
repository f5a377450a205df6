/*
 * Places are told by the step that says them: one step of a service or table stands in many cases.
 */
#include "report/unguarded.h"

#include "check/unguarded.h"
#include "report/html_case.h"
#include "report/markup.h"

struct group {
    const struct report_place *place; // the first
    const struct report_case *first;
    size_t count;
};

struct groups {
    struct group *items;
    size_t count, room;
};

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool alike(const struct group *g, const struct report_place *p, const struct report_case *c)
{
    const struct report_place *q = g->place;

    return same(q->change, p->change) && same(q->step, p->step) && same(q->reason_at, p->reason_at) && same(q->check, p->check) && same(q->control, p->control) &&
           same(q->field, p->field) && same(g->first->suite, c->suite);
}

static void group_add(struct groups *all, const struct report_place *p, const struct report_case *c, struct arena *keep)
{
    for (size_t i = 0; i < all->count; i++)
        if (alike(&all->items[i], p, c)) {
            all->items[i].count++;
            return;
        }
    if (all->count == all->room) {
        all->room = all->room ? 2 * all->room : 16;
        struct group *more = ARENA_ARRAY(keep, all->room, struct group);
        if (all->count)
            memcpy(more, all->items, all->count * sizeof *more);
        all->items = more;
    }
    all->items[all->count++] = (struct group){ p, c, 1 };
}

static struct groups group(const struct report *r, bool reasoned, struct arena *keep)
{
    struct groups all = { 0 };

    for (const struct report_case *c = r->cases; c; c = c->next)
        for (const struct report_result *result = c->first; result; result = result->next)
            for (size_t i = 0; result->unguarded && i < result->unguarded->count; i++)
                if (!result->unguarded->places[i].reason == !reasoned)
                    group_add(&all, &result->unguarded->places[i], c, keep);
    return all;
}

/* Reasons that no result needs: what stands in several may need one in one of them, so nothing is said where not all ran. */
static struct report_names unneeded(const struct report *r, struct arena *keep)
{
    struct groups reasoned = group(r, true, keep);
    struct report_names all = { 0 };
    size_t room = 0;

    if (r->incomplete)
        return all;
    for (const struct report_case *c = r->cases; c; c = c->next)
        for (const struct report_result *result = c->first; result; result = result->next)
            room += result->unguarded ? result->unguarded->unneeded.count : 0;
    all.names = ARENA_ARRAY(keep, room, const char *);
    for (const struct report_case *c = r->cases; c; c = c->next)
        for (const struct report_result *result = c->first; result; result = result->next)
            for (size_t i = 0; result->unguarded && i < result->unguarded->unneeded.count; i++) {
                const char *at = result->unguarded->unneeded.names[i];
                bool known = false;
                for (size_t k = 0; k < reasoned.count; k++)
                    known |= same(reasoned.items[k].place->reason_at, at);
                for (size_t k = 0; k < all.count; k++)
                    known |= same(all.names[k], at);
                if (!known)
                    all.names[all.count++] = at;
            }
    return all;
}

size_t report_unguarded_wrong(const struct report *r)
{
    SCRATCH(keep);
    size_t n = unneeded(r, &keep).count;

    for (size_t i = 0; i < r->suite_count; i++)
        n += r->suites[i].unguarded;
    return n;
}

static const char *words_of(const char *change)
{
    for (int c = 0; c < CHANGE_COUNT; c++)
        if (strcmp(change_name((enum change)c), change) == 0)
            return change_words((enum change)c);
    return change;
}

/* "reply, DWORD (bytes 4 to 7): another value" */
static void place_print(struct text *to, enum markup how, const struct report_place *p)
{
    if (p->control) {
        text_add(to, "control ");
        markup_add(to, how, p->control);
        text_add(to, p->check || p->field ? ", " : "");
    } else if (p->check) {
        markup_add(to, how, p->check);
    }
    if (p->field) {
        text_add(to, p->control || !p->check ? "" : ", ");
        markup_add(to, how, p->field);
    }
    if (p->len == 1)
        text_printf(to, " (byte %llu)", (unsigned long long)p->at);
    else if (p->len)
        text_printf(to, " (bytes %llu to %llu)", (unsigned long long)p->at, (unsigned long long)(p->at + p->len - 1));
    text_add(to, ": ");
    markup_add(to, how, words_of(p->change));
}

void report_unguarded_text(const struct report *r, size_t most, bool suites, struct text *to)
{
    SCRATCH(keep);
    struct groups open = group(r, false, &keep);
    struct report_names names = unneeded(r, &keep);
    uint64_t changes = 0;
    size_t places = 0, reasoned = 0;

    for (size_t i = 0; i < open.count && i < most; i++) {
        const struct group *g = &open.items[i];
        text_add(to, "unguarded  ");
        markup_add(to, MARKUP_NONE, g->place->step ? g->place->step : g->first->suite);
        text_add(to, "  ");
        place_print(to, MARKUP_NONE, g->place);
        text_add(to, "  in ");
        markup_counted(to, g->count, "result");
        text_add(to, ", such as ");
        markup_add(to, MARKUP_NONE, g->first->id);
        text_char(to, '\n');
    }
    if (open.count > most)
        text_printf(to, "… and %zu more; the page has them all\n", open.count - most);
    for (size_t i = 0; i < names.count; i++) {
        text_add(to, "guarded    ");
        markup_add(to, MARKUP_NONE, names.names[i]);
        text_add(to, "  a reason stands there, and none is needed\n");
    }
    for (size_t i = 0; i < r->suite_count; i++) {
        const struct report_suite *s = &r->suites[i];
        changes += s->changes;
        places += s->unguarded;
        reasoned += s->reasoned;
        if (!s->changes || !suites)
            continue;
        text_printf(to, "%-20s %7llu changes, %zu unguarded, %zu with a reason\n", s->name, (unsigned long long)s->changes, s->unguarded, s->reasoned);
    }
    text_printf(to, "%llu changes in all, %zu unguarded, %zu with a reason, ", (unsigned long long)changes, places, reasoned);
    if (r->incomplete)
        text_add(to, "not all were tried\n");
    else
        text_printf(to, "%zu reason%s too many\n", names.count, names.count == 1 ? "" : "s");
}

static void add_groups(struct text *to, const struct groups *all, bool reasons)
{
    if (!all->count)
        return;
    text_printf(to, "<div class=scroll tabindex=0><table><thead><tr><th scope=col>Place<th scope=col>%s<th scope=col>Results<tbody>", reasons ? "Reason" : "Step");
    for (size_t i = 0; i < all->count; i++) {
        const struct group *g = &all->items[i];
        text_add(to, "<tr><td>");
        html_add(to, g->first->suite);
        text_add(to, ": ");
        place_print(to, MARKUP_HTML, g->place);
        text_add(to, "<td>");
        html_add(to, reasons ? g->place->reason : g->place->step ? g->place->step : "");
        text_add(to, "<td><a href=\"#case=");
        markup_fragment(to, g->first->id);
        text_add(to, "\">");
        markup_count(to, g->count);
        text_add(to, "</a>");
    }
    text_add(to, "</table></div>");
}

void report_unguarded_html(const struct report *r, struct text *to)
{
    SCRATCH(keep);

    if (!r->hunted)
        return;
    struct groups open = group(r, false, &keep), reasoned = group(r, true, &keep);
    struct report_names names = unneeded(r, &keep);
    text_add(to, "\n<section><h2>Unguarded</h2><p>What came was changed, one thing at a time, and judged again; of this no change was noticed: a peer could do it, and pass.");
    if (r->incomplete)
        text_add(to, " <strong>Not all was tried.</strong>");
    add_groups(to, &open, false);
    if (!open.count)
        text_add(to, "<p>Nothing without a reason.");
    for (size_t i = 0; i < names.count; i++) {
        text_add(to, "<p>");
        html_add(to, names.names[i]);
        text_add(to, ": a reason stands there, and none is needed.");
    }
    if (reasoned.count)
        text_add(to, "<p>With a reason:");
    add_groups(to, &reasoned, true);
    text_add(to, "<div class=scroll tabindex=0><table><thead><tr><th scope=col>Suite<th scope=col>Changes<th scope=col>Unguarded<th scope=col>With a reason<tbody>");
    for (size_t i = 0; i < r->suite_count; i++) {
        const struct report_suite *s = &r->suites[i];
        text_add(to, "<tr><th scope=row>");
        html_add(to, s->name);
        text_add(to, "<td>");
        markup_count(to, s->changes);
        text_printf(to, "<td>%zu<td>%zu", s->unguarded, s->reasoned);
    }
    text_add(to, "</table></div></section>");
}
