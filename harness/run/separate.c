/*
 * A second exchange is asked and judged as any case is: the mistake whose reply came is the one that explains it, of all that
 * explained the first.
 *
 * What is known is kept by what was to be told apart. The exchange is the same whichever case brings it up (apart.c), so that each
 * worker may ask for itself, and the records are those of one.
 */
#include "run/separate.h"

#include "run/playing.h"

#define SLOW_MAX 2 // exchanges of a worker in which a limit passed, behind which it makes none up any more

static struct part_shown shown(struct bytes b, struct arena *keep)
{
    return (struct part_shown){ arena_bytes(keep, bytes_slice(b, 0, SEPARATION_SHOWN)), b.len };
}

/* What came for an op, and behind it: all before went well. */
static struct bytes came_for(const struct program *p, const struct trace *t, size_t op, struct arena *keep)
{
    size_t before = 0;

    for (size_t i = 0; i < op; i++)
        before += p->ops[i].kind == OP_RECEIVE ? p->ops[i].bytes.len : 0;
    return bytes_slice(trace_received(t, p->ops[op].on, t->count, keep), before, SIZE_MAX);
}

static struct bytes sent_before(const struct program *p, size_t op)
{
    while (op > 0 && (p->ops[op].kind != OP_SEND || p->ops[op].control))
        op--;
    return p->ops[op].bytes;
}

static size_t last_reply(const struct made *m)
{
    size_t at = m->program.count;

    while (at > 0 && !made_replies(m, at - 1))
        at--;
    return at ? at - 1 : 0;
}

static const struct finding *first_failure(const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].grade != GRADE_PASS && f->items[i].axis == AXIS_DATA)
            return &f->items[i];
    return NULL;
}

static bool has(const struct suspects *s, const struct suspect *one)
{
    for (size_t i = 0; s && i < s->count; i++)
        if (suspect_same(&s->items[i], one))
            return true;
    return false;
}

static bool is_new(const struct suspects *s, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (suspect_alike(&s->items[k], &s->items[i]))
            return false;
    return true;
}

/* Causes, as a reader has them. */
static size_t kinds(const struct suspects *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->count; i++)
        n += is_new(s, i);
    return n;
}

static bool is_named(const char *cause, const char *summary, const struct suspect *one)
{
    return cause && summary && strcmp(cause, one->cause) == 0 && strcmp(summary, one->summary) == 0;
}

/* Whether a reply of the second exchange failed as the mistake has it fail: by its bytes, or, where the peer did not get so far
 * as to write them, by what is named for what it says instead. */
static bool fits(const struct suspect *one, const struct finding *failed, bool is_there, struct bytes says, struct bytes came)
{
    bool named = is_named(failed->cause, failed->summary, one);

    for (size_t i = 0; i < failed->other_count; i++)
        named = named || is_named(failed->others[i].cause, failed->others[i].summary, one);
    if (!failed->suspects)
        return named;
    return is_there && says.len && says.len <= came.len && memcmp(came.data, says.data, says.len) == 0 && has(failed->suspects, one);
}

/* What each mistake says; those that a reader has for one fit if any of them does. failed: the reply, or NULL. */
static void list_suspects(const struct suspects *s, const struct made *m, size_t shows, struct bytes came, const struct finding *failed, struct arena *keep, struct separation *out)
{
    for (size_t i = 0; i < s->count; i++) {
        struct bytes says = m->said[i].op == m->program.count ? m->program.ops[shows].bytes : m->said[i].says;
        bool is_it = failed && fits(&s->items[i], failed, m->said[i].op == shows, says, came);
        size_t k = 0;
        while (k < out->count && (strcmp(out->suspects[k].cause, s->items[i].cause) != 0 || strcmp(out->suspects[k].summary, s->items[i].summary) != 0))
            k++;
        if (k == out->count) {
            out->suspects[k].cause = arena_string(keep, s->items[i].cause);
            out->suspects[k].summary = arena_string(keep, s->items[i].summary);
            out->count++;
        } else if (!is_it || out->suspects[k].fits) {
            continue;
        }
        out->suspects[k].says = shown(says, keep);
        out->suspects[k].fits = is_it;
    }
}

void separation_judge(const struct suspects *suspects, const struct made *made, const struct trace *t, const struct findings *f,
                      struct arena *keep, struct separation *out)
{
    const struct program *p = &made->program;
    const struct finding *failed = first_failure(f);
    bool of_reply = failed && failed->op < p->count && made_replies(made, failed->op);
    size_t shows = of_reply ? failed->op : last_reply(made), fitting = 0, all = kinds(suspects);
    struct bytes came = failed && !of_reply ? (struct bytes){ 0 } : came_for(p, t, shows, keep);

    *out = (struct separation){ .request = arena_string(keep, made->request), .values = arena_string(keep, made->values) };
    out->sent = shown(sent_before(p, shows), keep);
    out->due = shown(p->ops[shows].bytes, keep);
    out->got = shown(failed ? came : bytes_slice(came, 0, p->ops[shows].bytes.len), keep);
    list_suspects(suspects, made, shows, came, of_reply ? failed : NULL, keep, out);
    for (size_t i = 0; i < out->count; i++)
        fitting += out->suspects[i].fits;
    out->confirmed = fitting == 1;
    if (fitting == 1)
        out->sentence = arena_printf(keep, "of the %zu causes that explain it, this one alone explains a second exchange, too", all);
    else if (fitting)
        out->sentence = arena_printf(keep, "a second exchange is explained by %zu of the %zu causes, too", fitting, all);
    else if (!failed)
        out->sentence = arena_printf(keep, "a second exchange came out right, which none of the %zu causes explains", all);
    else
        out->sentence = arena_printf(keep, "a second exchange went wrong as none of the %zu causes explains: %s", all, failed->sentence ? failed->sentence : "it was not judged");
}

/* ---- asking ---- */

/* Those of a worker that were told apart. */
struct separations {
    const struct separations *next;
    const char *key;
    struct separation is;
};

static bool has_event(const struct trace *t, enum trace_kind kind)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == kind)
            return true;
    return false;
}

/* The peer lives on behind it, or there is a new one: what comes next is not to be blamed for this. */
static bool look_after(struct worker *w, const struct trace *t, struct error *err)
{
    TEXT(how);

    if (!keeper_lives(&w->keeper, keeper_omen(t), &how) && !keeper_renew(&w->keeper, err))
        return false;
    keeper_forget(&w->keeper);
    return true;
}

static bool ask(struct worker *w, const struct suspects *suspects, struct made *made, struct arena *keep, struct separation *out, struct error *err)
{
    struct limits l = w->limits;
    struct result result;
    struct trace t;

    l.open = l.open < 2 * l.step ? l.open : 2 * l.step;
    l.whole = l.whole < 4 * l.step ? l.whole : 4 * l.step;
    if (!playing_program(w, &made->program, &w->keeper.meeting, &l, "plain", &t, &result, keep, err))
        return false;
    w->slow_separations += has_event(&t, TRACE_LATE) || has_event(&t, TRACE_STOPPED) || !has_event(&t, TRACE_OPEN);
    if (has_event(&t, TRACE_OPEN))
        separation_judge(suspects, made, &t, &result.findings, &w->keep, out);
    else
        out->sentence = "no connection came about for a second exchange";
    return *w->stop || look_after(w, &t, err);
}

/* *out stays as it is where the run was stopped meanwhile. */
static bool tell_apart(struct worker *w, const char *op, const struct suspects *suspects, struct arena *keep, const struct separation **out, struct error *err)
{
    const char *key = made_key(w->service, op ? op : "", suspects, keep), *why;
    struct made *made = ARENA_NEW(keep, struct made);

    for (const struct separations *s = w->separations; s; s = s->next)
        if (strcmp(s->key, key) == 0) {
            *out = &s->is;
            return true;
        }
    struct separations *one = ARENA_NEW(&w->keep, struct separations);
    *one = (struct separations){ .next = w->separations, .key = arena_string(&w->keep, key) };
    if (w->slow_separations == SLOW_MAX)
        one->is.sentence = "no second exchange was tried: too many before it had brought nothing";
    else if (!made_make(w->service, op, suspects, &w->offer, w->o, &w->profile, keep, made, &why))
        one->is.sentence = arena_printf(&w->keep, "no second exchange tells them apart: %s", why);
    else if (!ask(w, suspects, made, keep, &one->is, err))
        return false;
    if (*w->stop)
        return true;
    w->separations = one;
    *out = &one->is;
    return true;
}

static bool still_fits(const struct separation *s, const char *cause, const char *summary)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->suspects[i].fits && summary && strcmp(cause, s->suspects[i].cause) == 0 && strcmp(summary, s->suspects[i].summary) == 0)
            return true;
    return false;
}

/* Of the causes that explain the first reply those stay that explain the second, too; the first of them is named. None does: all stay. */
static void settle(struct finding *f)
{
    const struct separation *s = f->separation;
    bool named = still_fits(s, f->cause, f->summary);
    size_t kept = 0;

    for (size_t i = 0; i < f->other_count; i++)
        kept += still_fits(s, f->others[i].cause, f->others[i].summary);
    if (!named && !kept)
        return;
    kept = 0;
    for (size_t i = 0; i < f->other_count; i++)
        if (still_fits(s, f->others[i].cause, f->others[i].summary) || (named && f->others[i].narrow))
            f->others[kept++] = f->others[i];
    f->other_count = kept;
    for (size_t i = 0; !named && i < f->suspects->count; i++) {
        const struct suspect *one = &f->suspects->items[i];
        if (!is_named(f->others[0].cause, f->others[0].summary, one))
            continue;
        f->cause = one->cause;
        f->sentence = one->sentence;
        f->summary = one->summary;
        f->accused = f->others[0].accused;
        memmove(&f->others[0], &f->others[1], --f->other_count * sizeof f->others[0]);
        named = true;
    }
}

bool separate(struct worker *w, struct result *result, struct arena *keep, struct error *err)
{
    // A program that asks cannot be asked, and whoever sits in a debugger waits for one connection.
    if (w->o->no_separate || w->o->hold || w->o->play == PARTY_SERVER || result->verdict == VERDICT_UNSTABLE)
        return true;
    for (size_t i = 0; i < result->findings.count && !*w->stop; i++) {
        struct finding *f = &result->findings.items[i];
        if (f->grade != GRADE_FAIL || !f->suspects || kinds(f->suspects) < 2)
            continue;
        if (!tell_apart(w, result->vector->row ? result->vector->op : NULL, f->suspects, keep, &f->separation, err))
            return false;
        if (f->separation)
            settle(f);
    }
    return true;
}
