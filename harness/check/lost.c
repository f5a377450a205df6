/*
 * Words of ours that a peer has lost: the end of a full buffer, or what had come together with a message and was thrown away with it.
 *
 * Each place is tried at which that is commonly done. What is left of our words is read once more by a reader that makes no mistake, and
 * what it makes of them is compared with what came; or, where a refusal came, the number that it tells with the one that stands there then.
 */
#include "check/hypotheses.h"

#include <stdio.h>

#define BLOCK       4096 // bytes of a peer's buffer
#define LOST        8    // bytes that are looked for at most where a block ends
#define SMALL       256  // bytes of the smallest buffer that is thought of
#define PLACES_MAX  64   // within a piece, at which the rest of it may be lost
#define PIECES_MAX  16   // of our last words that are looked at
#define NEAR        4    // places behind a loss at which it may show
#define PARTS_MAX   4000 // beyond them only the ends of blocks are tried

/* Words of ours that left by themselves: bytes of all that we said on the connection. */
struct piece {
    size_t begin, end;
};

struct words {
    const struct evidence *e;
    struct history h;
    struct bytes said;
    bool ended;
    struct piece *pieces;
    size_t count;
    size_t asked;   // offset at which begins what the op answers
    size_t *places; // at which parts of ours begin
    size_t place_count;
};

/* Bytes that are left out, and in words why. */
struct loss {
    size_t from, len;
    const char *why;
};

static void words_of(const struct evidence *e, struct words *w)
{
    size_t in_time, at = 0, events = e->trace->count;

    *w = (struct words){ .e = e };
    history_make(e, &w->h);
    w->said = history_said(e, &in_time, &w->ended);
    w->pieces = ARENA_ARRAY(e->keep, events + 1, struct piece);
    w->places = ARENA_ARRAY(e->keep, w->h.count + 1, size_t);
    for (size_t i = 0; i < events; i++) {
        const struct trace_event *t = &e->trace->events[i];
        if (t->kind != TRACE_SENT || t->on != e->op->on)
            continue;
        w->pieces[w->count++] = (struct piece){ at, at + t->data.len };
        at += t->data.len;
    }
    at = 0;
    for (size_t i = 0; i < w->h.due; i++) {
        if (i == w->h.asked)
            w->asked = at;
        if (!w->h.parts[i].ours)
            continue;
        w->places[w->place_count++] = at;
        at += w->h.parts[i].plain.len;
    }
}

/* Whether what came is right for our words without those. */
static bool fits_without(const struct words *w, const struct loss *l)
{
    SCRATCH(keep);
    CLEANUP(buffer_free) struct buffer kept = { 0 };
    struct evidence e = *w->e;
    struct history h = w->h;
    struct fared read;

    e.keep = &keep;
    h.e = &e;
    buffer_append(&kept, w->said.data, l->from);
    buffer_append(&kept, w->said.data + l->from + l->len, w->said.len - l->from - l->len);
    reader_takes(&h, arena_bytes(&keep, buffer_bytes(&kept)), w->ended, &read);
    return !read.ruled_out && read.fare == FARE_OTHERWISE && hypothesis_fits(&h, &read);
}

static bool found(const struct words *w, size_t from, size_t len, const char *why, struct loss *out)
{
    const struct loss l = { from, len, why };

    if (from + len <= w->asked || !fits_without(w, &l))
        return false;
    *out = l;
    return true;
}

/* A block begins wherever the peer had read all that there was: with a piece. */
static bool ends_of_blocks(const struct words *w, struct loss *out)
{
    for (size_t i = 0; i < w->count; i++)
        for (size_t b = w->pieces[i].begin + BLOCK; b < w->said.len && b < w->pieces[i].end; b += BLOCK)
            for (size_t n = 1; n <= LOST; n++)
                if (found(w, b - n, n, "they stand before the end of a block of 4096", out))
                    return true;
    return false;
}

/* What was more than a buffer holds is lost, or the last byte of a full one. */
static bool beyond_buffers(const struct words *w, struct loss *out)
{
    for (size_t i = 0; i < w->count; i++)
        for (size_t size = SMALL; size < w->pieces[i].end - w->pieces[i].begin; size *= 2) {
            size_t b = w->pieces[i].begin + size;
            if (found(w, b, w->pieces[i].end - b, "they came together with what stands before them, and that fills a buffer", out) ||
                found(w, b - 1, 1, "it is the last one of a full buffer", out))
                return true;
        }
    return false;
}

/* The rest of a piece is thrown away with a message, or a whole one. */
static bool rests_of_pieces(const struct words *w, struct loss *out)
{
    for (size_t i = w->count > PIECES_MAX ? w->count - PIECES_MAX : 0; i < w->count; i++)
        for (size_t k = 0, tried = 0; k < w->place_count && tried < PLACES_MAX; k++) {
            size_t at = w->places[k];
            if (at < w->asked || at < w->pieces[i].begin || at >= w->pieces[i].end)
                continue;
            tried++;
            bool whole = at == w->pieces[i].begin;
            if (found(w, at, w->pieces[i].end - at, whole ? "they came by themselves" : "they came together with what stands before them", out))
                return true;
        }
    return false;
}

static const char *lost(const struct evidence *e, bool at_blocks)
{
    struct words w;
    struct loss l;

    if (e->got.len == 0 || e->match.field >= e->fields->count || e->field->any)
        return NULL;
    words_of(e, &w);
    bool few = !w.h.many && w.h.due <= PARTS_MAX;
    bool is = at_blocks ? !w.h.many && w.said.len > BLOCK && ends_of_blocks(&w, &l) : few && (beyond_buffers(&w, &l) || rests_of_pieces(&w, &l));
    if (!is)
        return NULL;
    return arena_printf(e->keep, "the reply is right for what was said without %zu byte%s of it, from byte %zu of the connection on: %s", l.len, l.len == 1 ? "" : "s", l.from, l.why);
}

const char *cause_lost(const struct evidence *e)
{
    return lost(e, true);
}

const char *cause_lost_more(const struct evidence *e)
{
    return lost(e, false);
}

/* ---- refusals of what stands there then ---- */

/* Whether a text tells the number, with no digit beside it. */
static bool tells(const struct value *text, unsigned number)
{
    size_t step = text->wide ? 2 : 1;
    char want[8], is[256];
    size_t n = 0, len = (size_t)snprintf(want, sizeof want, "%u", number);

    for (size_t i = 0; i + step <= text->data.len && n + 1 < sizeof is; i += step)
        is[n++] = step == 2 && text->data.data[i + 1] ? '?' : (char)text->data.data[i];
    is[n] = '\0';
    for (const char *at = is; (at = strstr(at, want)); at++) {
        bool begins = at == is || at[-1] < '0' || at[-1] > '9';
        if (begins && (at[len] < '0' || at[len] > '9'))
            return true;
    }
    return false;
}

static bool refusal_tells(const struct refusal *r, unsigned number)
{
    const struct value *v = r->values;
    bool is = false;

    for (size_t i = 0; i < r->op->fields.count; i++) {
        if (!r->op->fields.items[i].any)
            continue;
        is |= v->of.type->kind == VALUE_STRING && tells(v, number);
        v++;
    }
    return is;
}

/* The number that stands at an offset of what is left without those, or -1. */
static int number_without(const struct words *w, const struct loss *l, size_t at)
{
    size_t low = at >= l->from ? at + l->len : at, high = at + 1 >= l->from ? at + 1 + l->len : at + 1;

    return high < w->said.len ? w->said.data[low] | w->said.data[high] << 8 : -1;
}

/* Whether the refusal tells a number that is met without those, where a part of ours should begin. */
static bool is_told(const struct words *w, const struct refusal *r, const struct loss *l, size_t at)
{
    const struct loss nothing = { .from = w->said.len };
    int number = number_without(w, l, at);

    return number >= 0 && number != number_without(w, &nothing, at) && refusal_tells(r, (unsigned)number);
}

/* What is lost at the end of a buffer shows where the message goes on, or the next begins. */
static bool told_at(const struct words *w, const struct refusal *r, const struct loss *l)
{
    size_t tried = 0;

    for (size_t k = 0; k < w->place_count && tried < NEAR; k++) {
        if (w->places[k] + 2 <= l->from)
            continue;
        tried++;
        if (is_told(w, r, l, w->places[k]))
            return true;
    }
    return false;
}

static bool refused_without(const struct words *w, const struct refusal *r, const struct piece *of, struct loss *l)
{
    for (size_t k = w->place_count; k-- > 0;) {
        size_t at = w->places[k];
        *l = (struct loss){ at, of->end - at, "it came together with what stands before" };
        if (at > of->begin && at < of->end && is_told(w, r, l, at))
            return true;
    }
    for (size_t size = SMALL; size < of->end - of->begin; size *= 2) {
        *l = (struct loss){ of->begin + size - 1, 1, "it is the last one of a full buffer" };
        if (told_at(w, r, l))
            return true;
        *l = (struct loss){ of->begin + size, of->end - of->begin - size, "it is more than a buffer holds" };
        if (told_at(w, r, l))
            return true;
    }
    return false;
}

/* What was lost leaves the next message to begin where none does. */
const char *cause_lost_refused(const struct evidence *e)
{
    struct words w;
    struct refusal r;
    struct loss l;

    if (refusal_due(e->program, (size_t)(e->op - e->program->ops), e->keep) || !refusal_came(e, &r))
        return NULL;
    words_of(e, &w);
    for (size_t i = w.count > PIECES_MAX ? w.count - PIECES_MAX : 0; i < w.count; i++)
        if (refused_without(&w, &r, &w.pieces[i], &l))
            return arena_printf(e->keep, "the peer said \"%s\" to a number that nobody sent, and that stands there without %zu byte%s, from byte %zu of the connection on: %s", r.name, l.len, l.len == 1 ? "" : "s",
                                l.from, l.why);
    return NULL;
}

/* ---- replies that are missing amid an op's ---- */

/* How many fields in a row make one reply, where an op has several that are alike; else all of them. */
static size_t period(const struct fields *f)
{
    for (size_t n = 2; 2 * n <= f->count; n++) {
        bool same = f->count % n == 0;
        for (size_t i = n; same && i < f->count; i++)
            same = f->items[i].of.type && f->items[i].of.type == f->items[i - n].of.type && !f->items[i].any;
        if (same)
            return n;
    }
    return f->count;
}

bool comes_later(const struct evidence *e, struct bytes b)
{
    const struct program *p = e->program;
    bool is = p->probe.answer.len > 2 && bytes_begin(p->probe.answer, b);

    for (size_t i = (size_t)(e->op - p->ops) + 1; i < p->count && !is; i++)
        is = p->ops[i].kind == OP_RECEIVE && p->ops[i].on == e->op->on && p->ops[i].bytes.len > 2 && bytes_begin(p->ops[i].bytes, b);
    return is;
}

const char *cause_replies_missing(const struct evidence *e)
{
    const struct fields *f = e->fields;
    size_t n = period(f), from = 0, missing = 0, there = 0;

    if (f->count == 0 || n == f->count)
        return NULL;
    for (size_t i = 0; i < f->count; i += n) {
        const struct field *last = &f->items[i + n - 1];
        struct bytes reply = bytes_slice(e->due, f->items[i].at, last->at + last->len - f->items[i].at);
        bool is = bytes_begin(reply, bytes_slice(e->got, from, SIZE_MAX));
        from += is ? reply.len : 0;
        there += is;
        missing += !is;
    }
    if (!missing || !there || (from < e->got.len && !comes_later(e, bytes_slice(e->got, from, SIZE_MAX))))
        return NULL;
    return arena_printf(e->keep, "%zu of %zu replies came, and nothing for the other%s: %s dropped", there, there + missing, missing == 1 ? "" : "s", missing == 1 ? "it was" : "they were");
}
