/*
 * A message that is not whole is read again from its first byte when as much has come as its next value needs. What it said of itself the
 * first time it says again, so that marks are counted, and told from where they were new.
 */
#include "layout/follow.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "archive/objects.h"
#include "layout/walk.h"

/* A request, and all that it refers to. */
struct waiting {
    struct layout_request request;
    size_t bytes;
    struct arena own;
    struct waiting *next;
};

struct layout_follower {
    struct marking marking;
    const struct layout *layout;
    enum layout_side from;
    const struct profile *profile;
    struct layout_waiting *waiting;
    layout_marked *watch;
    void *context;
    struct buffer came;       // of the message that is not whole
    size_t done;              // of these: messages that are
    size_t need;              // bytes of it with which reading it again gets further
    size_t again;             // bytes of it that have been read again
    uint64_t begin;           // offset of that message
    uint64_t number;          // of it, from 0
    size_t marks, told;       // of it: met by this reading, and told by those before
    struct object_table *table;
    struct entry *entries;
    size_t entry_count, entry_room;
    struct arena tables, keep; // keep: why it is lost
    const char *lost;
    uint64_t lost_at;
};

static void waiting_drop(struct layout_waiting *w)
{
    struct waiting *one = w->first;

    w->first = one->next;
    w->last = w->first ? w->last : NULL;
    w->count--;
    w->bytes -= one->bytes;
    struct arena own = one->own; // it lies therein
    arena_free(&own);
}

void layout_waiting_free(struct layout_waiting *w)
{
    while (w->first)
        waiting_drop(w);
}

/* The request that was read lives with what was read of it. */
static void waiting_add(struct layout_waiting *w, const struct layout_request *request, size_t bytes, struct arena *own)
{
    struct waiting *one = ARENA_NEW(own, struct waiting);

    *one = (struct waiting){ .request = *request, .bytes = bytes, .own = *own };
    *own = (struct arena){ 0 };
    *(w->last ? &w->last->next : &w->first) = one;
    w->last = one;
    w->count++;
    w->bytes += bytes;
}

static void tell(struct layout_follower *f, enum layout_mark_kind kind, size_t at, const char *name)
{
    f->watch(f->context, &(struct layout_mark){ kind, f->begin + at, name });
}

static void take(struct marking *m, size_t at, const char *name)
{
    struct layout_follower *f = (struct layout_follower *)m; // its first member

    if (f->marks++ < f->told)
        return;
    if (f->told == 0)
        tell(f, LAYOUT_MESSAGE, 0, f->layout->from[f->from]->name);
    f->told++;
    tell(f, LAYOUT_FIELD, at, name);
}

static bool lose(struct layout_follower *f, size_t at, const char *field, const char *why)
{
    f->lost_at = f->begin + at;
    f->lost = arena_printf(&f->keep, "message %" PRIu64 "%s%s: %s", f->number + 1, *field ? ", field " : "", field, why);
    return false;
}

static bool asks(const struct layout_follower *f)
{
    return f->layout->answers && f->from == LAYOUT_CLIENT;
}

static bool answers(const struct layout_follower *f)
{
    return f->layout->answers && f->from == LAYOUT_SERVER;
}

/* What follows from having read that message to its end. */
static bool message_over(struct layout_follower *f, struct walk *w, struct arena *own)
{
    size_t len = w->r.at;

    if (answers(f))
        waiting_drop(f->waiting);
    if (len == 0)
        return answers(f) || lose(f, 0, "", "it has no byte"); // that request is answered by nothing
    if (asks(f) && (f->waiting->count == FOLLOW_REQUESTS_MAX || f->waiting->bytes + len > FOLLOW_WAITING_MAX))
        return lose(f, 0, "", "too many requests wait for their answer");
    if (asks(f))
        waiting_add(f->waiting, w->requests->items, len, own);
    tell(f, LAYOUT_MESSAGE_END, len, f->layout->from[f->from]->name);
    f->done += len;
    f->begin += len;
    f->number++;
    f->told = f->again = 0;
    return true;
}

/* Reads one message. False when nothing more can be told before more comes; f->lost: nor then. */
static bool read_message(struct layout_follower *f)
{
    const struct layout_message *message = f->layout->from[f->from];
    struct object_mark before = object_table_mark(f->table);
    struct layout_request request = { 0 };
    struct layout_requests requests = { .items = &request, .count = 1 };
    struct decoding lines = { 0 };
    SCRATCH(own);
    struct bytes in = bytes_slice(buffer_bytes(&f->came), f->done, SIZE_MAX);

    if (in.len > FOLLOW_MESSAGE_MAX)
        return lose(f, 0, "", "it is longer than is kept");
    if ((f->again += in.len) > FOLLOW_AGAIN_MAX)
        return lose(f, 0, "", "it comes in too many pieces");
    if (answers(f) && !f->waiting->first)
        return lose(f, 0, "", "it answers no request that was read");
    if (asks(f))
        in = arena_bytes(&own, in); // the request refers to it
    struct walk w = { .layout = f->layout, .d = { .out = &lines, .keep = &own, .profile = f->profile, .table = f->table }, .r = { .in = in },
                      .entries = f->entries, .entry_count = f->entry_count, .entry_room = f->entry_room, .tables = &f->tables,
                      .requests = &requests, .asks = asks(f), .asked = answers(f) ? &f->waiting->first->request : NULL,
                      .message = message->name, .within = "", .field = "", .marking = &f->marking };
    f->marks = 0;
    bool good = walk_fields(&w, &message->fields, 1, NULL);
    f->entries = w.entries;
    f->entry_room = w.entry_room;
    if (good) {
        f->entry_count = w.entry_count;
        if (f->entry_count > FOLLOW_TABLE_MAX || object_table_entries(f->table) > FOLLOW_TABLE_MAX)
            return lose(f, 0, "", "more classes and objects have come than are kept");
        return message_over(f, &w, &own);
    }
    object_table_rollback(f->table, before);
    f->need = w.r.need;
    if (w.r.status == WIRE_BAD)
        return lose(f, w.r.at, w.field, w.r.reason ? w.r.reason : "no such value");
    if (w.r.need > FOLLOW_MESSAGE_MAX)
        return lose(f, w.r.at, w.field, "a message longer than is kept");
    return false;
}

struct layout_follower *layout_follow(const struct layout *l, enum layout_side from, const struct profile *p, struct layout_waiting *waiting,
                                      layout_marked *watch, void *context)
{
    struct layout_follower *f = calloc(1, sizeof *f);

    if (!f)
        memory_exhausted();
    *f = (struct layout_follower){ .marking = { take }, .layout = l, .from = from, .profile = p, .waiting = waiting, .watch = watch, .context = context };
    f->table = object_table_new(&f->tables);
    return f;
}

bool layout_follow_on(struct layout_follower *f, struct bytes more)
{
    if (f->lost)
        return false;
    if (!f->layout->from[f->from] && more.len)
        return lose(f, 0, "", "by the layout this side sends nothing");
    buffer_append(&f->came, more.data, more.len);
    while (f->came.len > f->done && f->came.len - f->done >= f->need) {
        f->need = 0;
        if (!read_message(f))
            break;
    }
    if (f->done)
        memmove(f->came.data, f->came.data + f->done, f->came.len - f->done);
    f->came.len -= f->done;
    f->done = 0;
    if (f->lost)
        buffer_free(&f->came);
    return !f->lost;
}

const char *layout_follow_lost(const struct layout_follower *f, uint64_t *at)
{
    *at = f->lost_at;
    return f->lost;
}

void layout_follow_free(struct layout_follower *f)
{
    if (!f)
        return;
    buffer_free(&f->came);
    arena_free(&f->tables);
    arena_free(&f->keep);
    free(f);
}

bool layout_place_parse(const char *text, size_t len, struct layout_place *out, struct error *err)
{
    const char *sign = memrchr(text, '#', len);
    char *end;

    *out = (struct layout_place){ .name = text, .len = sign ? (size_t)(sign - text) : len };
    if (!sign)
        return out->len > 0 || error_set(err, ERROR_USAGE, "expected the name of a field");
    errno = 0;
    out->number = sign[1] >= '1' && sign[1] <= '9' ? strtoull(sign + 1, &end, 10) : 0;
    if (!out->len || !out->number || errno || end != text + len)
        return error_set(err, ERROR_USAGE, "\"%.*s\": expected FIELD or FIELD#N, N from 1 on", (int)len, text);
    return true;
}

static bool is_named(const struct layout_place *p, const char *name)
{
    return strlen(name) == p->len && memcmp(name, p->name, p->len) == 0;
}

/* What stands behind "name." in it; false: it does not begin so. */
static bool is_within(const struct layout_place *p, const char *name, struct layout_place *rest)
{
    size_t len = strlen(name);

    if (p->len < len + 2 || memcmp(p->name, name, len) != 0 || p->name[len] != '.')
        return false;
    *rest = (struct layout_place){ .name = p->name + len + 1, .len = p->len - len - 1 };
    return true;
}

static bool has_field(const struct layout *l, const struct layout_fields *fields, const struct layout_place *p);

/* Strings that stand together have their number, and a map's their keys and values. */
static bool has_part(const struct layout_field *f, const struct layout_place *rest)
{
    const struct type *t = f->type.type;

    if (f->kind != LAYOUT_VALUE || !walk_holds_strings(t))
        return false;
    return is_named(rest, "count") || (t->kind == VALUE_MAP && (is_named(rest, t->fields[0].name) || is_named(rest, t->fields[1].name)));
}

static bool is_place(const struct layout *l, const struct layout_field *f, const struct layout_place *p)
{
    struct layout_place rest;

    if (f->kind == LAYOUT_CHOICE) {
        for (size_t i = 0; i < f->case_count; i++)
            if (has_field(l, &f->cases[i].fields, p))
                return true;
        return has_field(l, &f->fields, p);
    }
    if (is_named(p, f->name))
        return true;
    if (!is_within(p, f->name, &rest))
        return false;
    if (f->kind != LAYOUT_OBJECT)
        return has_part(f, &rest) || has_field(l, f->use ? &f->use->fields : &f->fields, &rest);
    for (size_t i = 0; i < l->class_count; i++)
        if (has_field(l, &l->classes[i].fields, &rest))
            return true;
    return false;
}

static bool has_field(const struct layout *l, const struct layout_fields *fields, const struct layout_place *p)
{
    for (size_t i = 0; i < fields->count; i++)
        if (is_place(l, &fields->items[i], p))
            return true;
    return false;
}

bool layout_has_place(const struct layout *l, enum layout_side from, const struct layout_place *p)
{
    const struct layout_message *m = l->from[from];

    return m && (has_field(l, &m->fields, p) || is_named(p, m->name));
}

bool layout_mark_is(const struct layout_mark *m, const struct layout *l, enum layout_side from, const struct layout_place *p, uint64_t *seen)
{
    if (m->kind == LAYOUT_MESSAGE_END || !is_named(p, m->name) || (m->kind == LAYOUT_MESSAGE && has_field(l, &l->from[from]->fields, p)))
        return false;
    ++*seen;
    return !p->number || *seen == p->number;
}
