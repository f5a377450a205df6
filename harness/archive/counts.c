/*
 * Counts, as collections write them in front of their elements and WriteCount writes them by itself [5].
 *
 *   u16 below ffff; else ffff and u32; and where a count has 64 bits ffffffff there, then u64
 */
#include <inttypes.h>

#include "archive/ops.h"

/* Whether a count of this build can have 64 bits [CNT-2]. */
static bool is_long(const struct profile *p)
{
    return p->bits == 64 && p->generation >= 70;
}

uint64_t archive_load_count(struct reader *r, const struct profile *p)
{
    size_t from = r->at;
    uint64_t n = reader_u16(r);

    if (n == 0xffff) {
        n = reader_u32(r);
        if (n < 0xffff)
            reader_loosen(r, from, ODD_COUNT);
        if (n == 0xffffffff && is_long(p)) {
            n = reader_u64(r);
            if (n < 0xffffffff)
                reader_loosen(r, from, ODD_COUNT);
        }
    }
    reader_landmark(r, from, LANDMARK_COUNT, n, false);
    reader_note(r, from, "count %" PRIu64, n);
    return n;
}

void archive_store_count(struct buffer *w, const struct profile *p, uint64_t count)
{
    if (count < 0xffff) {
        wire_u16(w, (uint16_t)count);
        return;
    }
    wire_u16(w, 0xffff);
    if (count < 0xffffffff || !is_long(p)) {
        wire_u32(w, (uint32_t)count);
        return;
    }
    wire_u32(w, 0xffffffff);
    wire_u64(w, count);
}

static void count_load(struct load *l, struct value *v)
{
    v->number = archive_load_count(l->r, l->p);
}

static void count_store(struct store *s, const struct value *v)
{
    archive_store_count(s->w, s->p, v->number);
}

static bool count_parse(struct cursor *c, struct value *v)
{
    return cursor_number(c, 0, is_long(c->p) ? UINT64_MAX : UINT32_MAX, &v->number);
}

/* Every length of number is as likely, so that each form is met; what all builds can write. */
static void count_draw(struct draw *d, struct value *v)
{
    if (d->min || d->max) {
        v->number = draw_within(d, UINT32_MAX - 1);
        return;
    }
    v->number = random_below(d->chance, UINT64_C(1) << random_below(d->chance, 33));
    if (v->number == UINT32_MAX)
        v->number--;
}

static bool count_fits(const struct value *v, const struct profile *p)
{
    return is_long(p) || v->number <= UINT32_MAX;
}

const struct type_ops count_ops = { count_load, count_store,   integer_say, count_parse,
                                    count_draw, integer_equal, count_fits };
