/*
 * Delta debugging, first over exchanges (what a client says with all that answers it), then over single steps, then over values.
 *
 * A step less may make the case wrong instead of smaller: a question that was left out leaves an answer that nobody owes, and a
 * right peer fails it by the same check and cause. So each candidate that still fails is played on a right peer as well, the
 * witness, and counts only when that one passes. It must be a case that lint takes, too.
 */
#include "shrink/shrink.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "json/write.h"
#include "shrink/graphs.h"
#include "vector/fmt.h"
#include "vector/lint.h"
#include "vector/program.h"

#define AGAIN      2  // further plays of the whole case: it must fail for the same cause each time
#define ROUNDS_MAX 64 // passes over the values

struct shrinking {
    const struct shrink *s;
    const struct vector *v;
    struct came due;
    const struct delivery *delivery;
    bool over; // a bound was met
};

/* ---- a case as text ---- */

static void add_fields(struct text *to, const struct vector *v)
{
    struct json_out j = { .to = to };
    TEXT(id);

    text_add(&id, "shrunk-");
    for (const char *c = v->id; *c; c++)
        text_char(&id, (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '.' ? *c : '-');
    json_begin(&j, NULL, '{');
    json_put_string(&j, "id", text_string(&id));
    json_put_int(&j, "rev", 1);
    json_put_int(&j, "since", 1);
    json_put_string(&j, "level", level_name(v->level));
    json_put_string(&j, "title", v->title);
    if (v->why)
        json_put_string(&j, "why", v->why);
    if (v->hint)
        json_put_string(&j, "hint", v->hint);
    json_put_strings(&j, "clauses", v->clauses);
    if (v->need_count) {
        json_begin(&j, "needs", '[');
        for (size_t i = 0; i < v->need_count; i++) {
            TEXT(name);
            type_print(&name, v->needs[i]);
            json_put_string(&j, NULL, text_string(&name));
        }
        json_end(&j, ']');
    }
    if (v->predicate)
        json_put_string(&j, "profile", v->predicate);
    if (v->dial)
        json_put_string(&j, "dial", v->dial);
    if (v->play)
        json_put_string(&j, "play", v->play);
    if (v->no_control)
        json_put_string(&j, "no-control", v->no_control);
}

/* The suite of one case, on one line. */
static void suite_text(struct text *to, const struct vector *v, const struct steps_text *steps)
{
    text_printf(to, "{\"format\":1,\"suite\":\"shrunk\",\"service\":\"%s\",\"title\":\"What fails, in its smallest form\",%s\"cases\":[", v->service->name,
                v->memory || v->family ? "\"memory\":true," : "");
    add_fields(to, v);
    text_add(to, ",\"steps\":[");
    for (size_t i = 0; i < steps->count; i++)
        text_printf(to, "%s%s", i ? "," : "", steps->items[i]);
    text_add(to, "]}]}");
}

static void count_complaint(void *of, const char *line)
{
    (void)of, (void)line;
}

/* The case that the steps make, or NULL: they make none, or none that lint takes. */
static const struct vector *case_of(const struct shrinking *s, const struct steps_text *steps, struct suite *suite, struct arena *keep)
{
    struct library alone = *s->s->library;
    struct lint lint = { .tell = count_complaint };
    const struct json *file;
    struct error ignored;
    TEXT(text);

    suite_text(&text, s->v, steps);
    if (!json_parse(buffer_bytes(&text.b), "shrunk", keep, &file, &ignored) || !suite_of_one(file, s->s->library, keep, suite, &ignored))
        return NULL;
    alone.suites = suite;
    alone.suite_count = 1;
    alone.guards = NULL;
    lint_library(&lint, &alone);
    return lint.complaints ? NULL : &suite->vectors[0];
}

/* ---- trying ---- */

static bool is_over(struct shrinking *s)
{
    s->over |= *s->s->stop || s->s->peer->runs >= s->s->max_runs || (s->s->until && clock_us() > s->s->until);
    return s->over;
}

/* *still: it fails for the same cause, and a right peer passes it. */
static bool try_steps(struct shrinking *s, const struct steps_text *steps, bool *still, struct error *err)
{
    SCRATCH(keep);
    struct suite suite;
    struct came came;

    *still = false;
    if (steps->count == 0 || is_over(s))
        return true;
    const struct vector *v = case_of(s, steps, &suite, &keep);
    if (!v)
        return true;
    if (!trial_play(s->s->peer, v, s->delivery, &came, err))
        return false;
    if (!came_alike(&came, &s->due))
        return true;
    if (s->s->witness) {
        if (!trial_play(s->s->witness, v, s->delivery, &came, err))
            return false;
        if (came.verdict != VERDICT_PASS && came.verdict != VERDICT_PASS_TIMED)
            return true;
    }
    *still = true;
    return true;
}

/* ---- leaving steps out ---- */

/* Where units begin, ended by the count of steps. */
static size_t units_of(const struct steps_text *steps, bool exchanges, size_t *begins)
{
    size_t n = 0;

    for (size_t i = 0; i < steps->count; i++)
        if (!exchanges || i == 0 || strncmp(steps->items[i], "{\"server\"", 9) != 0)
            begins[n++] = i;
    begins[n] = steps->count;
    return n;
}

static struct steps_text without(const struct steps_text *from, size_t begin, size_t end, struct arena *keep)
{
    struct steps_text out = { .items = ARENA_ARRAY(keep, from->count + 1, const char *) };

    for (size_t i = 0; i < from->count; i++)
        if (i < begin || i >= end)
            out.items[out.count++] = from->items[i];
    return out;
}

/* Leaves out ever smaller runs of units, from the end, until no single one can go. */
static bool leave_out(struct shrinking *s, struct steps_text *steps, bool exchanges, struct error *err)
{
    size_t *begins = ARENA_ARRAY(s->s->keep, steps->count + 1, size_t);
    size_t units = units_of(steps, exchanges, begins), chunk = units > 1 ? units / 2 : 1;

    while (!is_over(s)) {
        bool some = false;
        for (size_t end = units; end > 0 && !is_over(s);) {
            size_t begin = end > chunk ? end - chunk : 0;
            bool still;
            struct steps_text less = without(steps, begins[begin], begins[end], s->s->keep);
            if (!try_steps(s, &less, &still, err))
                return false;
            if (still) {
                *steps = less;
                units = units_of(steps, exchanges, begins);
                some = true;
            }
            end = begin;
        }
        if (chunk > units)
            chunk = units ? units : 1;
        if (chunk > 1)
            chunk /= 2;
        else if (!some)
            return true;
    }
    return true;
}

/* ---- smaller values ---- */

/* One smaller value in the place of another, wherever that stands under the key. */
struct swap {
    const char *key, *from, *to;
};

static const char *item_text(const char *key, const char *value, struct arena *keep)
{
    struct text t = { 0 };
    struct json_out j = { .to = &t };

    json_begin(&j, NULL, '{');
    json_put_raw(&j, key, value);
    json_end(&j, '}');
    const char *out = arena_printf(keep, "%.*s", (int)(t.b.len - 2), text_string(&t) + 1); // without its braces
    text_free(&t);
    return out;
}

static const char *replaced(const char *in, const char *from, const char *to, struct arena *keep)
{
    TEXT(out);
    size_t len = strlen(from);

    while (*in) {
        if (strncmp(in, from, len) == 0 && (in[len] == '}' || in[len] == ',')) {
            text_add(&out, to);
            in += len;
        } else {
            text_char(&out, *in++);
        }
    }
    return arena_string(keep, text_string(&out));
}

/* The answer to NEXT is one more than what was asked. */
static struct steps_text swapped(const struct steps_text *steps, const struct swap *w, bool and_next, struct arena *keep)
{
    struct steps_text out = { .items = ARENA_ARRAY(keep, steps->count, const char *), .count = steps->count };
    const char *from = item_text(w->key, w->from, keep), *to = item_text(w->key, w->to, keep);
    const char *more = arena_printf(keep, "%" PRIu32, (uint32_t)(strtoull(w->from, NULL, 10) + 1));
    const char *more_to = arena_printf(keep, "%" PRIu32, (uint32_t)(strtoull(w->to, NULL, 10) + 1));

    for (size_t i = 0; i < steps->count; i++) {
        out.items[i] = replaced(steps->items[i], from, to, keep);
        if (and_next && strncmp(steps->items[i], "{\"server\"", 9) == 0)
            out.items[i] = replaced(steps->items[i], item_text(w->key, more, keep), item_text(w->key, more_to, keep), keep);
    }
    return out;
}

/* Smaller values of one, the smallest first. */
static size_t smaller(const struct json *value, const char *out[4], struct arena *keep)
{
    size_t n = 0, len;

    if (value->kind == JSON_NUMBER && !strpbrk(value->string, ".eE-")) {
        uint64_t number = strtoull(value->string, NULL, 10);
        if (number > 0)
            out[n++] = "0";
        if (number > 1)
            out[n++] = "1";
        if (number > 3)
            out[n++] = arena_printf(keep, "%" PRIu64, number / 2);
        if (number > 2)
            out[n++] = arena_printf(keep, "%" PRIu64, number - 1);
    } else if (value->kind == JSON_STRING && (len = strlen(value->string)) > 0) {
        bool plain = !strpbrk(value->string, "\"\\{}");
        for (const char *c = value->string; *c; c++)
            plain &= *c >= ' ' && *c < 127;
        if (!plain)
            return 0;
        out[n++] = "\"\"";
        if (len > 1)
            out[n++] = arena_printf(keep, "\"%.*s\"", (int)(len / 2), value->string);
        if (len > 2)
            out[n++] = arena_printf(keep, "\"%.*s\"", (int)(len - 1), value->string);
    }
    return n;
}

/* Tries smaller values for one item, and for the items within a repeat. */
static bool shrink_item(struct shrinking *s, struct steps_text *steps, const struct json *item, bool *some, struct error *err)
{
    for json_each (value, item) {
        const char *candidates[4];
        TEXT(old);
        struct json_out j = { .to = &old };
        if (value->kind == JSON_OBJECT) { // {"unit": …, "times": N}, a repeat
            if (!shrink_item(s, steps, value, some, err))
                return false;
            continue;
        }
        if (value->kind == JSON_ARRAY) {
            for json_each (inner, value)
                if (inner->kind == JSON_OBJECT && !shrink_item(s, steps, inner, some, err))
                    return false;
            continue;
        }
        size_t n = smaller(value, candidates, s->s->keep);
        if (n)
            json_put_value(&j, NULL, value);
        for (size_t i = 0; i < 2 * n && !is_over(s); i++) {
            const struct swap w = { value->key, text_string(&old), candidates[i / 2] };
            bool still, and_next = i % 2;
            if (and_next && value->kind != JSON_NUMBER)
                continue;
            struct steps_text less = swapped(steps, &w, and_next, s->s->keep);
            if (!try_steps(s, &less, &still, err))
                return false;
            if (still) {
                *steps = less;
                *some = true;
                return true; // the tree is of the old steps
            }
        }
    }
    return true;
}

/* Graphs of objects among the texts of an item: a smaller one wherever it stands. */
static bool shrink_graphs(struct shrinking *s, struct steps_text *steps, const struct json *item, bool *some, struct error *err)
{
    for json_each (value, item) {
        if (value->kind != JSON_STRING || !graph_is(value->string))
            continue;
        struct smaller_texts *c = ARENA_NEW(s->s->keep, struct smaller_texts);
        smaller_texts(value->string, s->s->keep, c);
        for (size_t i = 0; i < c->count && !is_over(s); i++) {
            struct steps_text less = graph_smaller(steps, value->string, &c->items[i], s->s->keep);
            bool still;
            if (!try_steps(s, &less, &still, err))
                return false;
            if (still) {
                *steps = less;
                *some = true;
                return true; // the tree is of the old steps
            }
        }
    }
    return true;
}

static bool shrink_values(struct shrinking *s, struct steps_text *steps, struct error *err)
{
    bool some = true;

    for (int round = 0; some && round < ROUNDS_MAX && !is_over(s); round++) {
        some = false;
        for (size_t i = 0; i < steps->count && !is_over(s); i++) {
            const struct json *step, *items;
            if (!json_parse(bytes_of(steps->items[i]), "shrunk", s->s->keep, &step, err))
                return false;
            if (!(items = json_get(step, "client")) || items->kind != JSON_ARRAY)
                continue;
            for json_each (item, items) {
                bool one = false;
                if (item->kind == JSON_OBJECT && (!shrink_item(s, steps, item, &one, err) || (!one && !shrink_graphs(s, steps, item, &one, err))))
                    return false;
                some |= one;
            }
        }
    }
    return true;
}

/* ---- the case to begin with ---- */

/* A step on one line, without golden bytes unless they are wanted: what has other values has other bytes. */
static const char *step_text(const struct json *step, bool golden, struct arena *keep)
{
    struct text t = { 0 };
    struct json_out j = { .to = &t };

    json_begin(&j, NULL, '{');
    for json_each (part, step)
        if (golden || (strcmp(part->key, "wire") != 0 && strcmp(part->key, "source") != 0))
            json_put_value(&j, part->key, part);
    json_end(&j, '}');
    const char *out = arena_string(keep, text_string(&t));
    text_free(&t);
    return out;
}

static struct steps_text steps_of(const struct json *list, bool golden, struct arena *keep)
{
    struct steps_text out = { .items = ARENA_ARRAY(keep, list->count + 1, const char *) };

    for json_each (step, list)
        out.items[out.count++] = step_text(step, golden, keep);
    return out;
}

/* The same steps without golden bytes, where they still are a case that fails so. */
static bool bare(struct shrinking *s, struct steps_text *steps, bool *is, struct error *err)
{
    struct steps_text out = { .items = ARENA_ARRAY(s->s->keep, steps->count, const char *), .count = steps->count };

    for (size_t i = 0; i < steps->count; i++) {
        const struct json *step;
        if (!json_parse(bytes_of(steps->items[i]), "shrunk", s->s->keep, &step, err))
            return false;
        out.items[i] = step_text(step, false, s->s->keep);
    }
    if (!try_steps(s, &out, is, err))
        return false;
    if (*is)
        *steps = out;
    return true;
}

/* Whether the case fails, each time for the same cause, and a right peer passes it; *out says what there is to say. */
static bool fails(struct shrinking *s, const struct vector *v, struct shrunk *out, bool *goes_on, struct error *err)
{
    struct came came;

    *goes_on = false;
    if (!trial_play(s->s->peer, v, s->delivery, &s->due, err))
        return false;
    out->came = s->due;
    out->how = SHRUNK_PASSES;
    for (int i = 0; i < AGAIN && !*s->s->stop; i++) {
        if (!trial_play(s->s->peer, v, s->delivery, &came, err))
            return false;
        if (came_alike(&came, &s->due) || (!verdict_is_bad(came.verdict) && !verdict_is_bad(s->due.verdict)))
            continue;
        out->how = SHRUNK_UNSTABLE;
        out->other = came;
        return true;
    }
    if (!verdict_is_bad(s->due.verdict))
        return true;
    if (s->s->witness) {
        if (!trial_play(s->s->witness, v, s->delivery, &came, err))
            return false;
        out->other = came;
        out->how = SHRUNK_WITNESS;
        if (verdict_is_bad(came.verdict))
            return true;
    }
    *goes_on = true;
    return true;
}

/* Under the plainest delivery, if it fails there, too. */
static bool plain(struct shrinking *s, struct steps_text *steps, struct error *err)
{
    const struct delivery *was = s->delivery;
    bool still;

    s->delivery = delivery_find("plain");
    if (s->delivery == was)
        return true;
    if (!try_steps(s, steps, &still, err))
        return false;
    if (!still)
        s->delivery = was;
    return true;
}

static bool try_row(void *of, const struct steps_text *steps, bool *still, struct error *err)
{
    return try_steps(of, steps, still, err);
}

/* A row, or a family's position, as steps: with the smallest values that fail so. */
static bool write_out(struct shrinking *s, struct steps_text *steps, struct shrunk *out, struct error *err)
{
    const struct trial *peer = s->s->peer;
    const struct rows rows = { .v = s->v, .profile = &peer->worker.profile, .seed = peer->options.seed, .smaller = s->s->witness != NULL,
                               .keep = s->s->keep, .try = try_row, .of = s };
    bool found;

    if (!rows_shrink(&rows, steps, &found, err))
        return false;
    if (!found && !s->over)
        return error_set(err, ERROR_USAGE, "%s: written out as steps it does not fail by check %s for cause %s", s->v->id, s->due.check, s->due.cause);
    out->before = steps->count;
    return found || error_set(err, ERROR_USAGE, "%s: no steps of its own were found that fail so within the bound", s->v->id);
}

bool shrink(const struct shrink *s, const struct vector *v, struct shrunk *out, struct error *err)
{
    struct shrinking of = { .s = s, .v = v, .delivery = s->delivery };
    bool row = v->row || v->family;
    const struct json *list = row ? NULL : json_get(v->at, "steps"), *file;
    bool goes_on, is;
    TEXT(text);
    TEXT(pretty);

    *out = (struct shrunk){ .delivery = s->delivery };
    struct steps_text steps = row ? (struct steps_text){ 0 } : steps_of(list, true, s->keep);
    out->before = out->after = steps.count;
    if (!fails(&of, v, out, &goes_on, err))
        return false;
    if (!goes_on)
        return true;
    if (row && !write_out(&of, &steps, out, err))
        return false;
    if (!plain(&of, &steps, err) || !leave_out(&of, &steps, true, err) || !leave_out(&of, &steps, false, err))
        return false;
    if (s->witness && !row && (!bare(&of, &steps, &is, err) || (is && !shrink_values(&of, &steps, err))))
        return false;
    out->how = of.over ? SHRUNK_BOUND : SHRUNK_SMALLEST;
    out->after = steps.count;
    out->delivery = of.delivery;
    suite_text(&text, v, &steps);
    if (!json_parse(buffer_bytes(&text.b), "shrunk", s->keep, &file, err))
        return false;
    fmt_print(&pretty, file);
    out->file = arena_string(s->keep, text_string(&pretty));
    return true;
}
