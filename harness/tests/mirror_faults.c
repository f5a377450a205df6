/*
 * Conversations broken in one place, so that a mirror can fail.
 *
 * What a party says is its SENDs, in order, and each is a RECEIVE of the other: the nth on a connection is the nth.
 * What breaks is always so small that nothing before it differs: the other party must see it there, and nowhere before.
 */
#include "mirror.h"

static enum party other(enum party who)
{
    return who == PARTY_CLIENT ? PARTY_SERVER : PARTY_CLIENT;
}

/* How many ops of a kind stand before op `at` on its connection. */
static size_t ordinal(const struct program *p, size_t at, enum op_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < at; i++)
        n += p->ops[i].kind == kind && p->ops[i].on == p->ops[at].on;
    return n;
}

/* The nth op of a kind on a connection; the count of ops when there is none. */
static size_t op_find(const struct program *p, enum op_kind kind, unsigned on, size_t nth)
{
    size_t i = 0;

    while (i < p->count && (p->ops[i].kind != kind || p->ops[i].on != on || nth-- > 0))
        i++;
    return i;
}

/* What hears op `at` of a party: true, and the other's op. */
static bool heard_by(const struct mirror *m, enum party who, size_t at, enum op_kind said, enum op_kind heard, struct mirror_wrong *out)
{
    const struct program *p = &m->side[who], *q = &m->side[other(who)];

    *out = (struct mirror_wrong){ .op = op_find(q, heard, p->ops[at].on, ordinal(p, at, said)) };
    return out->op < q->count;
}

/* One of the ops for which `fits` says yes, and what it then wrongs. */
typedef bool fits(const struct mirror *m, enum party who, size_t at, struct arena *keep, struct mirror_wrong *wronged);

static bool choose(const struct mirror *m, enum party who, fits *fit, struct random *chance, struct arena *keep, size_t *at,
                   struct mirror_wrong *wronged)
{
    struct mirror_wrong one;
    size_t count = 0;

    for (size_t i = 0; i < m->side[who].count; i++)
        count += fit(m, who, i, keep, &one);
    if (!count)
        return false;
    size_t nth = random_below(chance, count);
    for (*at = 0; !fit(m, who, *at, keep, wronged) || nth-- > 0;)
        (*at)++;
    return true;
}

static void op_remove(struct program *p, size_t at)
{
    memmove(p->ops + at, p->ops + at + 1, (p->count - at - 1) * sizeof *p->ops);
    p->count--;
}

static void op_insert(struct program *p, size_t at, struct op op, struct arena *keep)
{
    struct op *ops = ARENA_ARRAY(keep, p->count + 1, struct op);

    memcpy(ops, p->ops, at * sizeof *ops);
    ops[at] = op;
    memcpy(ops + at + 1, p->ops + at, (p->count - at) * sizeof *ops);
    p->ops = ops;
    p->count++;
}

/* A byte that nobody asked for. */
static struct op stray(unsigned on)
{
    static const uint8_t byte[] = { 0x5a };

    return (struct op){ .kind = OP_SEND, .on = on, .bytes = { byte, 1 }, .whole = true };
}

/* ---- one byte is another ---- */

/* The bytes of a message of which no other is right: the next such byte from `from` on, or its length. */
static size_t exact_byte(const struct op *said, const struct op *heard, size_t from)
{
    for (; from < said->bytes.len; from++)
        for (size_t f = 0; f < said->fields.count && f < heard->fields.count; f++) {
            const struct field *one = &said->fields.items[f], *due = &heard->fields.items[f];
            if (!due->any && !due->by_value && from >= one->at && from < one->at + one->len)
                return from;
        }
    return from;
}

static bool is_exact(const struct mirror *m, enum party who, size_t at, struct arena *keep, struct mirror_wrong *wronged)
{
    const struct op *said = &m->side[who].ops[at];

    (void)keep;
    return said->kind == OP_SEND && heard_by(m, who, at, OP_SEND, OP_RECEIVE, wronged) && !op_takes(said) &&
           exact_byte(said, &m->side[other(who)].ops[wronged->op], 0) < said->bytes.len;
}

static bool change(struct mirror *m, enum party who, struct random *chance, struct arena *keep, struct mirror_wrong *wronged)
{
    size_t at;

    if (!choose(m, who, is_exact, chance, keep, &at, wronged))
        return false;
    struct op *said = &m->side[who].ops[at];
    const struct op *heard = &m->side[other(who)].ops[wronged->op];
    size_t from = exact_byte(said, heard, random_below(chance, said->bytes.len));
    if (from == said->bytes.len)
        from = exact_byte(said, heard, 0);
    uint8_t *bytes = arena_alloc(keep, said->bytes.len);
    memcpy(bytes, said->bytes.data, said->bytes.len);
    bytes[from] ^= 1 + random_below(chance, 255);
    said->bytes.data = bytes;
    wronged->at_byte = true;
    wronged->at = from;
    return true;
}

/* ---- a message is missing ---- */

/* All that a party says on a connection behind op `at`. */
static struct bytes said_behind(const struct program *p, size_t at, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer all = { 0 };

    for (size_t i = at + 1; i < p->count; i++)
        if (p->ops[i].kind == OP_SEND && p->ops[i].on == p->ops[at].on)
            buffer_append(&all, p->ops[i].bytes.data, p->ops[i].bytes.len);
    return arena_bytes(keep, buffer_bytes(&all));
}

/* Whether it would be missed: what is said next is not as good. */
static bool is_missed(const struct mirror *m, enum party who, size_t at, struct arena *keep, struct mirror_wrong *wronged)
{
    const struct program *p = &m->side[who];

    if (p->ops[at].kind != OP_SEND || !p->ops[at].bytes.len || !heard_by(m, who, at, OP_SEND, OP_RECEIVE, wronged))
        return false;
    const struct op *heard = &m->side[other(who)].ops[wronged->op];
    struct bytes instead = said_behind(p, at, keep);
    return match_fields(instead, heard->bytes, &heard->fields, &p->profile, NULL, keep).status != MATCH_DONE;
}

static bool drop(struct mirror *m, enum party who, struct random *chance, struct arena *keep, struct mirror_wrong *wronged)
{
    size_t at;

    if (!choose(m, who, is_missed, chance, keep, &at, wronged))
        return false;
    op_remove(&m->side[who], at);
    return true;
}

/* ---- a message comes before what it answers ---- */

/* The op before `at` on its connection, or SIZE_MAX. */
static size_t before_it(const struct program *p, size_t at)
{
    for (size_t i = at; i-- > 0;)
        if (p->ops[i].on == p->ops[at].on)
            return i;
    return SIZE_MAX;
}

/* Whether it answers, and something has been said before that. */
static bool is_answer(const struct mirror *m, enum party who, size_t at, struct arena *keep, struct mirror_wrong *wronged)
{
    const struct program *p = &m->side[who], *q = &m->side[other(who)];

    (void)keep;
    if (p->ops[at].kind != OP_SEND || !p->ops[at].bytes.len || op_takes(&p->ops[at]) || ordinal(p, at, OP_SEND) == 0 ||
        !heard_by(m, who, at, OP_SEND, OP_RECEIVE, wronged))
        return false;
    size_t asked = before_it(q, wronged->op);
    if (asked == SIZE_MAX || q->ops[asked].kind != OP_SEND || !q->ops[asked].whole || !q->ops[asked].bytes.len)
        return false;
    size_t first = before_it(q, asked), first_said = op_find(p, OP_SEND, p->ops[at].on, ordinal(p, at, OP_SEND) - 1);
    return first != SIZE_MAX && q->ops[first].kind == OP_RECEIVE && !op_takes(&p->ops[first_said]);
}

static bool hurry(struct mirror *m, enum party who, struct random *chance, struct arena *keep, struct mirror_wrong *wronged)
{
    struct program *p = &m->side[who];
    size_t at;

    if (!choose(m, who, is_answer, chance, keep, &at, wronged))
        return false;
    struct op *first = &p->ops[op_find(p, OP_SEND, p->ops[at].on, ordinal(p, at, OP_SEND) - 1)];
    uint8_t *both = arena_alloc(keep, first->bytes.len + p->ops[at].bytes.len);
    memcpy(both, first->bytes.data, first->bytes.len);
    memcpy(both + first->bytes.len, p->ops[at].bytes.data, p->ops[at].bytes.len);
    first->bytes = (struct bytes){ both, first->bytes.len + p->ops[at].bytes.len };
    first->cut_count = 0;
    op_remove(p, at);
    return true;
}

/* ---- ends ---- */

static bool is_end(const struct mirror *m, enum party who, size_t at, struct arena *keep, struct mirror_wrong *wronged)
{
    (void)keep;
    return m->side[who].ops[at].kind == OP_SHUTDOWN && heard_by(m, who, at, OP_SHUTDOWN, OP_AWAIT_END, wronged);
}

static bool is_clean_end(const struct mirror *m, enum party who, size_t at, struct arena *keep, struct mirror_wrong *wronged)
{
    return is_end(m, who, at, keep, wronged) && !m->side[other(who)].ops[wronged->op].whatever;
}

static bool never_end(struct mirror *m, enum party who, struct random *chance, struct arena *keep, struct mirror_wrong *wronged)
{
    size_t at;

    if (!choose(m, who, is_end, chance, keep, &at, wronged))
        return false;
    op_remove(&m->side[who], at);
    return true;
}

static bool end_by_reset(struct mirror *m, enum party who, struct random *chance, struct arena *keep, struct mirror_wrong *wronged)
{
    size_t at;

    if (!choose(m, who, is_clean_end, chance, keep, &at, wronged))
        return false;
    m->side[who].ops[at].kind = OP_RESET;
    return true;
}

/* Nothing more is said, from a message on. */
static bool end_early(struct mirror *m, enum party who, struct random *chance, struct arena *keep, struct mirror_wrong *wronged)
{
    struct program *p = &m->side[who];
    size_t at;

    if (!choose(m, who, is_missed, chance, keep, &at, wronged))
        return false;
    p->ops[at].kind = OP_SHUTDOWN;
    for (size_t i = p->count; i-- > at + 1;)
        if (p->ops[i].on == p->ops[at].on &&
            (p->ops[i].kind == OP_SEND || p->ops[i].kind == OP_SHUTDOWN || p->ops[i].kind == OP_RESET))
            op_remove(p, i);
    return true;
}

/* Whether nothing but the end itself would see what is said before it. */
static bool is_end_of_words(const struct mirror *m, enum party who, size_t at, struct arena *keep, struct mirror_wrong *wronged)
{
    const struct program *q = &m->side[other(who)];

    if (!is_clean_end(m, who, at, keep, wronged))
        return false;
    for (size_t before = before_it(q, wronged->op); before != SIZE_MAX && q->ops[before].kind != OP_RECEIVE; before = before_it(q, before))
        if (q->ops[before].kind == OP_SILENT)
            return false;
    return true;
}

static bool say_more(struct mirror *m, enum party who, struct random *chance, struct arena *keep, struct mirror_wrong *wronged)
{
    size_t at;

    if (!choose(m, who, is_end_of_words, chance, keep, &at, wronged))
        return false;
    op_insert(&m->side[who], at, stray(m->side[who].ops[at].on), keep);
    return true;
}

/* ---- silence ---- */

/* A byte where nothing is due: behind all that the party says before it. */
static bool break_silence(struct mirror *m, enum party who, struct random *chance, struct arena *keep, struct mirror_wrong *wronged)
{
    struct program *p = &m->side[who];
    const struct program *q = &m->side[other(who)];
    const struct steps *steps = &p->vector->steps;
    size_t count = 0, at = 0, step = 0;

    for (size_t i = 0; i < q->count; i++)
        count += q->ops[i].kind == OP_SILENT;
    if (!count)
        return false;
    size_t nth = random_below(chance, count), left = nth;
    for (*wronged = (struct mirror_wrong){ 0 }; q->ops[wronged->op].kind != OP_SILENT || left-- > 0;)
        wronged->op++;
    for (left = nth; steps->items[step].kind != STEP_SILENT || steps->items[step].who != who || left-- > 0;)
        step++;
    while (at < p->count && p->ops[at].step >= 0 && (size_t)p->ops[at].step <= step)
        at++;
    op_insert(p, at, stray(q->ops[wronged->op].on), keep);
    return true;
}

// clang-format off
const struct mirror_fault mirror_faults[] = {
    { "a byte is another",           change,        NULL,            { 2000, 2000 } },
    { "a message is missing",        drop,          NULL,            { 2000, 2000 } },
    { "an answer before its time",   hurry,         "spoke-unasked", { 2000, 2000 } },
    { "a word amid a silence",       break_silence, "spoke-unasked", { 5,    150  } },
    { "a byte behind all",           say_more,      "stray-bytes",   { 2000, 2000 } },
    { "an end amid a conversation",  end_early,     "ended-early",   { 2000, 2000 } },
    { "no end",                      never_end,     "never-ends",    { 2000, 2000 } },
    { "a RST in place of an end",    end_by_reset,  "reset",         { 2000, 2000 } },
};
// clang-format on
const size_t mirror_fault_count = COUNT_OF(mirror_faults);
