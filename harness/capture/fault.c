#include "capture/fault.h"

#include <errno.h>
#include <stdlib.h>

#define GREETING "!"
#define FLIPPED  0x10

enum place { AT_START, AT_BYTE, AT_END };

static const struct {
    const char *name;
    enum place place;
} kinds[] = {
    [FAULT_GREET] = { "greet", AT_START }, [FAULT_SWAP] = { "swap", AT_BYTE }, [FAULT_HOLD] = { "hold", AT_BYTE },
    [FAULT_DROP] = { "drop", AT_BYTE },    [FAULT_ADD] = { "add", AT_BYTE },   [FAULT_TWICE] = { "twice", AT_BYTE },
    [FAULT_FLIP] = { "flip", AT_BYTE },    [FAULT_RESET] = { "reset", AT_BYTE }, [FAULT_END] = { "end", AT_BYTE },
    [FAULT_STOP] = { "stop", AT_END },     [FAULT_STAY] = { "stay", AT_END },
};

const char *fault_name(enum fault_kind k)
{
    return kinds[k].name;
}

bool fault_is_at_byte(const struct fault *f)
{
    return kinds[f->kind].place == AT_BYTE;
}

static bool place_parse(const char *text, size_t len, enum place *place, uint64_t *at, struct layout_place *of)
{
    struct error err;
    char *end;

    *at = 0;
    *of = (struct layout_place){ 0 };
    *place = AT_START;
    if (len == 5 && memcmp(text, "start", len) == 0)
        return true;
    *place = AT_END;
    *at = FAULT_AT_END;
    if (len == 3 && memcmp(text, "end", len) == 0)
        return true;
    *place = AT_BYTE;
    errno = 0;
    if (len == 0 || *text == '-')
        return false;
    if (*text < '0' || *text > '9') {
        *at = 0;
        if (!layout_place_parse(text, len, of, &err))
            return false;
        of->number = of->number ? of->number : 1; // once on each connection
        return true;
    }
    *at = strtoull(text, &end, 10);
    return end == text + len && errno == 0 && *at < INT64_MAX;
}

/* Two faults that would be about the same byte: a swap is about two. */
static bool meet(const struct fault *a, const struct fault *b)
{
    if (kinds[a->kind].place != kinds[b->kind].place)
        return false;
    return a->at == b->at || (a->kind == FAULT_SWAP && b->at == a->at + 1) || (b->kind == FAULT_SWAP && a->at == b->at + 1);
}

static bool goes_before(const struct fault *a, const struct fault *b)
{
    return a->at < b->at || (a->at == b->at && kinds[a->kind].place < kinds[b->kind].place);
}

static void insert(struct faults *f, const struct fault *one)
{
    size_t i = f->count++;

    for (; i > 0 && goes_before(one, &f->list[i - 1]); i--)
        f->list[i] = f->list[i - 1];
    f->list[i] = *one;
}

static bool same_field(const struct fault *a, const struct fault *b)
{
    return a->of.number == b->of.number && a->of.len == b->of.len && memcmp(a->of.name, b->of.name, a->of.len) == 0;
}

static bool add(struct faults *f, const struct fault *one, const char *text, struct error *err)
{
    if (f->count + f->by_field_count == FAULTS_MAX)
        return error_set(err, ERROR_USAGE, "\"%s\": there are %d faults in that direction already", text, FAULTS_MAX);
    for (size_t k = 0; !one->of.name && k < f->count; k++)
        if (meet(one, &f->list[k]))
            return error_set(err, ERROR_USAGE, "\"%s\": another fault is about the same place: %s", text, fault_name(f->list[k].kind));
    for (size_t k = 0; one->of.name && k < f->by_field_count; k++)
        if (same_field(one, &f->by_field[k]))
            return error_set(err, ERROR_USAGE, "\"%s\": another fault is about the same place: %s", text, fault_name(f->by_field[k].kind));
    if (one->of.name)
        f->by_field[f->by_field_count++] = *one;
    else
        insert(f, one);
    return true;
}

bool fault_place(struct faults *f, const struct fault *by_field, uint64_t at)
{
    struct fault one = *by_field;

    one.at = at;
    for (size_t k = 0; k < f->count; k++)
        if (meet(&one, &f->list[k]))
            return false;
    insert(f, &one);
    return true;
}

bool fault_parse(const char *text, struct faults *to_client, struct faults *to_server, struct error *err)
{
    static const char *const places[] = { "the start", "a byte's offset, or a field", "the end" };
    bool client = strncmp(text, "to-client@", 10) == 0;
    const char *at = text + 10, *colon = client || strncmp(text, "to-server@", 10) == 0 ? strrchr(at, ':') : NULL;
    struct fault one;
    enum place place;

    if (!colon || !place_parse(at, (size_t)(colon - at), &place, &one.at, &one.of))
        return error_set(err, ERROR_USAGE, "\"%s\": expected to-client@WHERE:WHAT or to-server@WHERE:WHAT; WHERE is a byte's offset, FIELD, FIELD#N, start or end", text);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (strcmp(kinds[i].name, colon + 1) != 0)
            continue;
        one.kind = (enum fault_kind)i;
        if (kinds[i].place != place)
            return error_set(err, ERROR_USAGE, "\"%s\": %s is a fault at %s", text, kinds[i].name, places[kinds[i].place]);
        return add(client ? to_client : to_server, &one, text, err);
    }
    return error_set(err, ERROR_USAGE, "\"%s\": expected greet, swap, hold, drop, add, twice, flip, reset, end, stop or stay", text);
}

/* Bytes that leave, and around them the one that was kept. */
static void leave(struct fault_way *w, const uint8_t *data, size_t len, struct buffer *out)
{
    size_t first = w->keeps && w->swaps && len ? 1 : 0;

    buffer_append(out, data, first);
    if (w->keeps && len) {
        buffer_append(out, &w->kept, 1);
        w->keeps = false;
    }
    buffer_append(out, data + first, len - first);
}

static void keep(struct fault_way *w, uint8_t byte, bool swaps, struct buffer *out)
{
    if (w->keeps)
        buffer_append(out, &w->kept, 1);
    w->kept = byte;
    w->swaps = swaps;
    w->keeps = true;
}

static enum fault_next spoil(enum fault_kind kind, struct fault_way *w, uint8_t byte, struct buffer *out)
{
    uint8_t more[2] = { byte, byte };

    switch (kind) {
    case FAULT_SWAP:
    case FAULT_HOLD:
        keep(w, byte, kind == FAULT_SWAP, out);
        break;
    case FAULT_DROP:
        break;
    case FAULT_ADD:
        more[0] = 0;
        leave(w, more, 2, out);
        break;
    case FAULT_TWICE:
        leave(w, more, 2, out);
        break;
    case FAULT_FLIP:
        more[0] ^= FLIPPED;
        leave(w, more, 1, out);
        break;
    case FAULT_RESET:
        return FAULT_RESETS;
    case FAULT_END:
        return FAULT_CLOSES;
    case FAULT_GREET:
    case FAULT_STOP:
    case FAULT_STAY:
        break; // not at a byte
    }
    return FAULT_GOES_ON;
}

struct fault_done fault_begin(const struct faults *f, struct fault_way *w, struct buffer *out)
{
    if (f->count == 0 || f->list[0].kind != FAULT_GREET)
        return (struct fault_done){ 0 };
    buffer_append(out, GREETING, 1);
    w->next = 1;
    return (struct fault_done){ f->list, 1 };
}

struct fault_done fault_pass(const struct faults *f, struct fault_way *w, struct bytes said, struct buffer *out, enum fault_next *next)
{
    size_t before = w->next;

    *next = FAULT_GOES_ON;
    while (said.len && *next == FAULT_GOES_ON) {
        const struct fault *one = w->next < f->count ? &f->list[w->next] : NULL;
        size_t len = one && one->at - w->at < said.len ? (size_t)(one->at - w->at) : said.len;
        leave(w, said.data, len, out);
        w->at += len;
        said = bytes_slice(said, len, SIZE_MAX);
        if (!said.len)
            break;
        *next = spoil(one->kind, w, *said.data, out);
        w->at++;
        w->next++;
        said = bytes_slice(said, 1, SIZE_MAX);
    }
    return (struct fault_done){ f->list + before, w->next - before };
}

struct fault_done fault_end(const struct faults *f, struct fault_way *w, struct buffer *out, enum fault_next *next)
{
    const struct fault *last = f->count ? &f->list[f->count - 1] : NULL;

    if (w->keeps)
        buffer_append(out, &w->kept, 1);
    w->keeps = false;
    *next = FAULT_GOES_ON;
    if (!last || last->at != FAULT_AT_END)
        return (struct fault_done){ 0 };
    *next = last->kind == FAULT_STOP ? FAULT_CLOSES : FAULT_STAYS;
    return (struct fault_done){ last, 1 };
}
