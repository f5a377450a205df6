/*
 * A packet is cut at multiples of eight bytes, so what has come is a bit for each eight. All but the last piece say that more follow,
 * and the last one says where it ends.
 */
#include "capture/fragments.h"

#include <stdlib.h>

#define WAITING 256         // packets that wait for a piece at a time; beyond, the oldest is given up
#define UNITS   (65536 / 8) // of a packet

struct packet {
    struct endpoint from, to; // ports are not known
    uint32_t id;
    size_t len;     // of the whole; SIZE_MAX: not known
    size_t have;    // units that came
    unsigned pieces;
    uint8_t came[UNITS];
    uint8_t data[65536];
    struct packet *next;
};

struct fragments {
    struct packet *oldest, *done; // those that wait, the oldest first; the last that is whole
    size_t waiting;
    unsigned left;
};

struct fragments *fragments_new(void)
{
    struct fragments *f = calloc(1, sizeof *f);

    if (!f)
        memory_exhausted();
    return f;
}

static bool is_of(const struct packet *p, const struct segment *piece)
{
    return p->id == piece->fragment.id && p->from.size == piece->from.size && memcmp(p->from.address, piece->from.address, p->from.size) == 0 &&
           memcmp(p->to.address, piece->to.address, p->to.size) == 0;
}

static void give_up_oldest(struct fragments *f)
{
    struct packet *p = f->oldest;

    f->oldest = p->next;
    f->waiting--;
    free(p);
}

/* The packet of a piece, which is the last of the list if it is new. */
static struct packet **find(struct fragments *f, const struct segment *piece)
{
    struct packet **at = &f->oldest;

    while (*at && !is_of(*at, piece))
        at = &(*at)->next;
    if (*at)
        return at;
    if (f->waiting == WAITING) {
        give_up_oldest(f);
        for (at = &f->oldest; *at;)
            at = &(*at)->next;
    }
    *at = calloc(1, sizeof **at);
    if (!*at)
        memory_exhausted();
    (*at)->from = piece->from;
    (*at)->to = piece->to;
    (*at)->id = piece->fragment.id;
    (*at)->len = SIZE_MAX;
    f->waiting++;
    return at;
}

bool fragments_add(struct fragments *f, const struct segment *piece, struct bytes *payload)
{
    size_t at = piece->fragment.at, end = at + piece->len;

    if (f->done && is_of(f->done, piece) && end <= f->done->len && piece->data.len == piece->len && memcmp(f->done->data + at, piece->data.data, piece->len) == 0)
        return false; // it comes once more
    f->left++;
    if (end > 65535 || piece->data.len < piece->len || (piece->fragment.more && (piece->len == 0 || piece->len % 8)))
        return false; // no sender cuts so, or the capture has cut it
    struct packet **place = find(f, piece), *p = *place;
    p->pieces++;
    if (!piece->fragment.more && p->len == SIZE_MAX)
        p->len = end;
    for (size_t unit = at / 8; unit * 8 < end; unit++) {
        size_t first = unit * 8, n = end - first < 8 ? end - first : 8;
        if (p->came[unit])
            continue;
        p->came[unit] = 1;
        p->have++;
        memcpy(p->data + first, piece->data.data + (first - at), n);
    }
    if (p->len == SIZE_MAX || p->have < (p->len + 7) / 8)
        return false;
    *place = p->next;
    f->waiting--;
    f->left -= p->pieces;
    free(f->done);
    f->done = p;
    *payload = (struct bytes){ p->data, p->len };
    return true;
}

unsigned fragments_left(const struct fragments *f)
{
    return f->left;
}

void fragments_free(struct fragments *f)
{
    while (f->oldest)
        give_up_oldest(f);
    free(f->done);
    free(f);
}
