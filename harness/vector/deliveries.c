/*
 * Deliveries: the same bytes, arriving otherwise. Each maps a program to a program.
 */
#include "vector/program.h"

#include <stdlib.h>

#define PIECE      1000 // bytes of a piece where no position is tried
#define CUTS_DRAWN 8    // in one message, at most
#define LONG_REPLY 8192 // bytes of a reply from which on it is let pile up: more than a small buffer of ours holds
#define FEW        7    // bytes that a slow reader takes at once …
#define READS_MAX  256  // … as long as it is done with the longest message in so many reads
#define ARCHIVE_BUFFER 4096 // bytes, of CArchive unless told

static void plain(struct program *p, uint64_t seed, struct arena *keep)
{
    (void)p;
    (void)seed;
    (void)keep;
}

/* Cuts a SEND where a mark stands; mark has an element for each offset. */
static void cut_where_marked(struct op *op, const uint8_t *mark, struct arena *keep)
{
    op->cut_count = 0;
    for (size_t at = 1; at < op->bytes.len; at++)
        op->cut_count += mark[at];
    op->cuts = ARENA_ARRAY(keep, op->cut_count, size_t);
    for (size_t at = 1, n = 0; at < op->bytes.len; at++)
        if (mark[at])
            op->cuts[n++] = at;
}

static void cut_everywhere(struct op *op, struct arena *keep)
{
    op->cut_count = op->bytes.len ? op->bytes.len - 1 : 0;
    op->cuts = ARENA_ARRAY(keep, op->cut_count, size_t);
    op->everywhere = true;
    for (size_t i = 0; i < op->cut_count; i++)
        op->cuts[i] = i + 1;
}

/* At the places that tell most, and into pieces in between. */
static void cut_sampled(struct op *op, struct random *chance, struct arena *keep)
{
    uint8_t *mark = arena_alloc(keep, op->bytes.len + 2);

    cuts_mark_selection(op, chance, mark);
    for (size_t at = PIECE; at < op->bytes.len; at += PIECE)
        mark[at] = 1;
    cut_where_marked(op, mark, keep);
}

static void bytewise(struct program *p, uint64_t seed, struct arena *keep)
{
    for (size_t i = 0; i < p->count; i++) {
        struct op *op = &p->ops[i];
        if (op->kind != OP_SEND || op->pinned)
            continue;
        if (op->bytes.len <= EXHAUSTIVE) {
            cut_everywhere(op, keep);
        } else {
            struct random chance = random_for(seed, p->vector->id, 2000000 + i);
            cut_sampled(op, &chance, keep);
            p->sampled = true;
        }
    }
}

static void join(struct op *to, const struct op *more, struct arena *keep)
{
    uint8_t *bytes = arena_alloc(keep, to->bytes.len + more->bytes.len);
    struct field *fields = ARENA_ARRAY(keep, to->fields.count + more->fields.count, struct field);

    size_t *messages = ARENA_ARRAY(keep, to->message_count + 1, size_t);
    if (to->message_count)
        memcpy(messages, to->messages, to->message_count * sizeof *messages);
    messages[to->message_count++] = to->bytes.len;
    to->messages = messages;
    if (!more->control)
        to->control = NULL; // not all of it belongs to a control
    memcpy(bytes, to->bytes.data, to->bytes.len);
    memcpy(bytes + to->bytes.len, more->bytes.data, more->bytes.len);
    memcpy(fields, to->fields.items, to->fields.count * sizeof *fields);
    for (size_t i = 0; i < more->fields.count; i++) {
        fields[to->fields.count + i] = more->fields.items[i];
        fields[to->fields.count + i].at += to->bytes.len;
    }
    to->fields = (struct fields){ fields, to->fields.count + more->fields.count };
    to->bytes = (struct bytes){ bytes, to->bytes.len + more->bytes.len };
    to->whole = more->whole;
}

/*
 * A SEND joins the one before it on its connection when only RECEIVEs of that connection stand between and the service
 * lets requests go ahead of replies; what we reply never goes ahead. What is due before the rest of a message comes (a part)
 * still is, and what the peer must have told before it is said. With chance, each of them joins or does not.
 */
static void join_all(struct program *p, struct random *chance, struct arena *keep)
{
    size_t kept = 0, last = SIZE_MAX; // the SEND that may still grow, as an index into what is kept

    for (size_t i = 0; i < p->count; i++) {
        struct op op = p->ops[i];
        struct op *before = last == SIZE_MAX ? NULL : &p->ops[last];
        bool between = before && last + 1 < kept;
        if (op.kind == OP_SEND && before && before->on == op.on && !op.pinned && !op_takes(&op) &&
            (!between || (p->us == PARTY_CLIENT && p->vector->service->pipelining && before->whole)) && (!chance || random_below(chance, 2))) {
            join(before, &op, keep);
            continue;
        }
        if (op.kind == OP_SEND)
            last = op.pinned ? SIZE_MAX : kept;
        else if (op.kind != OP_RECEIVE || (before && before->on != op.on))
            last = SIZE_MAX;
        p->ops[kept++] = op;
    }
    p->count = kept;
}

/* As much in one segment as the conversation allows. */
static void coalesced(struct program *p, uint64_t seed, struct arena *keep)
{
    (void)seed;
    join_all(p, NULL, keep);
}

/* Joins and cuts as the seed has it: a third of what is sent stays whole, the rest has up to CUTS_DRAWN cuts. */
static void at_random(struct program *p, uint64_t seed, struct arena *keep)
{
    struct random chance = random_for(seed, p->vector->id, 3000000);

    join_all(p, &chance, keep);
    for (size_t i = 0; i < p->count; i++) {
        struct op *op = &p->ops[i];
        if (op->kind != OP_SEND || op->pinned || op->bytes.len < 2 || random_below(&chance, 3) == 0)
            continue;
        uint8_t *mark = arena_alloc(keep, op->bytes.len + 1);
        for (size_t n = 1 + random_below(&chance, CUTS_DRAWN); n > 0; n--)
            mark[1 + random_below(&chance, op->bytes.len - 1)] = 1;
        cut_where_marked(op, mark, keep);
    }
}

/* What one Write of a store archive's file takes, in a stream of `fill` buffered bytes [9.2]: MFC's own grouping. */
struct grouping {
    size_t fill;   // bytes in the buffer
    uint8_t *mark; // where a Write ends
};

/* The insertion operators: an item that does not fit goes into an emptied buffer whole. */
static void insert_primitive(struct grouping *g, size_t at, size_t len)
{
    if (g->fill + len > ARCHIVE_BUFFER) {
        g->mark[at] = 1;
        g->fill = 0;
    }
    g->fill += len;
}

/* CArchive::Write: fills the buffer up, writes whole blocks past it, and keeps the rest. */
static void insert_block(struct grouping *g, size_t at, size_t len)
{
    size_t fits = ARCHIVE_BUFFER - g->fill;

    if (len <= fits) {
        g->fill += len;
        return;
    }
    size_t rest = len - fits;
    g->mark[at + fits] = 1;
    g->mark[at + fits + rest / ARCHIVE_BUFFER * ARCHIVE_BUFFER] = 1;
    g->fill = rest % ARCHIVE_BUFFER;
}

/* Bytes in front of a string's or an array's own: its length or count, each part an insertion of its own. */
static size_t prefix_of(const uint8_t *data, size_t len, bool string)
{
    size_t n = 0;

    if (string && len > 3 && data[0] == 0xff && data[1] == 0xfe && data[2] == 0xff)
        n = 3;
    if (string && n < len && data[n] != 0xff)
        return n + 1;
    n += string ? 1 : 0;
    bool longer = n + 2 <= len && data[n] == 0xff && data[n + 1] == 0xff;
    return n + (longer ? 6 : 2) < len ? n + (longer ? 6 : 2) : len;
}

static void mfc(struct program *p, uint64_t seed, struct arena *keep)
{
    (void)seed;
    for (size_t i = 0; i < p->count; i++) {
        struct op *op = &p->ops[i];
        if (op->kind != OP_SEND || op->pinned || op->bytes.len <= ARCHIVE_BUFFER)
            continue;
        struct grouping g = { .mark = arena_alloc(keep, op->bytes.len + 1) };
        for (size_t f = 0; f < op->fields.count; f++) {
            const struct field *one = &op->fields.items[f];
            const struct type *t = one->of.type;
            bool primitive = t && one->len <= 8, string = t && t->kind == VALUE_STRING, array = t && t->kind == VALUE_ARRAY;
            size_t front = string || array ? prefix_of(op->bytes.data + one->at, one->len, string) : 0;
            if (primitive || front)
                insert_primitive(&g, one->at, primitive ? one->len : front);
            if (!primitive)
                insert_block(&g, one->at + front, one->len - front);
        }
        cut_where_marked(op, g.mark, keep);
    }
}

/* What is due behind the i-th op on its connection before anything else happens, in bytes. */
static size_t reply_len(const struct program *p, size_t i)
{
    size_t len = 0;

    for (size_t k = i + 1; k < p->count && p->ops[k].kind == OP_RECEIVE && p->ops[k].on == p->ops[i].on; k++)
        len += p->ops[k].bytes.len;
    return len;
}

/* Whether the case itself says when we read on a connection. */
static bool says_pauses(const struct program *p, unsigned on)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->ops[i].kind == OP_PAUSE && p->ops[i].on == on)
            return true;
    return false;
}

/*
 * A few bytes are taken at a time; where a message has a long reply, none at all from the end of our words on until the peer has
 * filled what there is. Not before: one that answers while it reads may have to wait for us, and we then for it.
 */
static void slow_reader(struct program *p, uint64_t seed, struct arena *keep)
{
    struct op *ops = ARENA_ARRAY(keep, 3 * p->count, struct op);
    size_t n = 0, longest = 0;

    (void)seed;
    for (size_t i = 0; i < p->count; i++) {
        struct op *op = &p->ops[i];
        size_t len = op->kind == OP_RECEIVE ? op->bytes.len : 0;
        longest = len > longest ? len : longest;
        ops[n++] = *op;
        if (op->kind != OP_SEND || !op->whole || reply_len(p, i) < LONG_REPLY || says_pauses(p, op->on))
            continue;
        for (enum op_kind kind = OP_PAUSE; kind <= OP_RESUME; kind++)
            ops[n++] = (struct op){ .kind = kind, .on = op->on, .who = op->who, .control = op->control, .step = op->step };
    }
    p->ops = ops;
    p->count = n;
    p->read_size = longest / READS_MAX > FEW ? longest / READS_MAX : FEW;
}

/* In two halves; how long it stands still there is the delivery's own. Controls are said at once: they are not what the case is about. */
static void in_halves(struct program *p, uint64_t seed, struct arena *keep)
{
    (void)seed;
    for (size_t i = 0; i < p->count; i++) {
        struct op *op = &p->ops[i];
        if (op->kind != OP_SEND || op->pinned || op->control || op->bytes.len < 2)
            continue;
        op->cuts = ARENA_NEW(keep, size_t);
        op->cuts[0] = op->bytes.len / 2;
        op->cut_count = 1;
    }
}

static void stand_still(struct program *p, int64_t idle)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->ops[i].kind == OP_SEND && !p->ops[i].control)
            p->ops[i].idle = idle;
}

// clang-format off
const struct delivery delivery_table[] = {
    { "plain",      "each message as it is written",                                        plain     },
    { "coalesced",  "as much in one segment as the conversation allows",                    coalesced },
    { "bytewise",   "each byte in a segment of its own",                                    bytewise  },
    { "random",     "joined and cut as the seed has it",                                    at_random },
    { "mfc",        "in groups of 4096 bytes, as a store archive writes them",              mfc       },
    { "slow-reader", "as plain, and we read late, slowly and from a small buffer",                 slow_reader },
    { "idle",       "nothing for 300 ms before each message and amid it; idle:MS for longer",  in_halves, .idle = 300000 },
    { "cut-each",   "one message cut at one place, everywhere, each in its conversation",   plain, cuts_each   },
    { "cut-fields", "the same at the boundaries of fields, and one byte beside each",       plain, cuts_fields },
};
// clang-format on
const size_t delivery_count = COUNT_OF(delivery_table);

static const struct delivery *find(const char *name, size_t len)
{
    for (size_t i = 0; i < delivery_count; i++)
        if (strlen(delivery_table[i].name) == len && strncmp(delivery_table[i].name, name, len) == 0)
            return &delivery_table[i];
    return NULL;
}

const struct delivery *delivery_find(const char *name)
{
    return find(name, strlen(name));
}

static bool unknown(const char *text, struct error *err)
{
    TEXT(names);

    for (size_t i = 0; i < delivery_count; i++)
        text_printf(&names, "%s%s", i ? ", " : "", delivery_table[i].name);
    return error_set(err, ERROR_USAGE, "\"%s\" is none: expected %s", text, text_string(&names));
}

/* A number from 1 on, and what ends it; NULL: there is none. */
static const char *number(const char *text, char end, size_t *out)
{
    const char *at = text;

    for (*out = 0; *at >= '0' && *at <= '9' && *out < SIZE_MAX / 100; at++)
        *out = *out * 10 + (size_t)(*at - '0');
    return at > text && *text != '0' && *at == end ? at + 1 : NULL;
}

#define IDLE_MAX 600000 // ms: longer than most wait for those who say nothing

/* How long it stands still, in ms. */
static bool idle_parse(const char *text, const char *ms, const struct delivery *row, struct arena *keep, const struct delivery **out, struct error *err)
{
    struct delivery *one = ARENA_NEW(keep, struct delivery);
    size_t n;

    if (!number(ms, 0, &n) || n > IDLE_MAX)
        return error_set(err, ERROR_USAGE, "\"%s\": expected %s:MS, from 1 to %d ms", text, row->name, IDLE_MAX);
    *one = *row;
    one->name = arena_string(keep, text);
    one->idle = (int64_t)n * 1000;
    *out = one;
    return true;
}

bool delivery_parse(const char *text, struct arena *keep, const struct delivery **out, struct error *err)
{
    size_t len = strcspn(text, ":");
    const struct delivery *row = find(text, len);
    const char *at = text + len + 1;

    if (!row)
        return unknown(text, err);
    *out = row;
    if (!text[len])
        return true;
    if (row->idle)
        return idle_parse(text, at, row, keep, out, err);
    if (!row->cuts)
        return error_set(err, ERROR_USAGE, "\"%s\": %s has no positions", text, row->name);
    struct delivery *one = ARENA_NEW(keep, struct delivery);
    *one = *row;
    one->name = arena_string(keep, text);
    one->row = row->name;
    if (!(at = number(at, ':', &one->message)) || !number(at, 0, &one->at))
        return error_set(err, ERROR_USAGE, "\"%s\": expected %s:MESSAGE:OFFSET, two numbers from 1 on", text, row->name);
    *out = one;
    return true;
}

const char *delivery_row(const struct delivery *d)
{
    return d->row ? d->row : d->name;
}

bool delivery_apply(const struct delivery *d, struct program *p, uint64_t seed, struct arena *keep, struct error *err)
{
    p->delivery = delivery_row(d);
    d->apply(p, seed, keep);
    if (d->idle)
        stand_still(p, d->idle);
    if (!d->message)
        return true;
    struct cuts all = d->cuts(p, seed, keep);
    size_t messages = 0, len = 0;
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i].message == d->message && all.items[i].at == d->at) {
            cut_apply(p, &all.items[i], keep);
            return true;
        }
    for (size_t i = 0; i < p->count; i++)
        if (p->ops[i].kind == OP_SEND && ++messages == d->message)
            len = p->ops[i].bytes.len;
    if (d->message > messages)
        return error_set(err, ERROR_USAGE, "--delivery %s: %s has no such position: we send %zu message%s", d->name, p->vector->id,
                         messages, messages == 1 ? "" : "s");
    return error_set(err, ERROR_USAGE, "--delivery %s: %s has no such position in its message of %zu byte%s", d->name, p->vector->id, len,
                     len == 1 ? "" : "s");
}
