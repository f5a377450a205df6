/*
 * Causes that lie in the exchange: a refusal where a value is due, and the reverse; the reply to another request; bytes
 * that stand before, amid or behind what is right.
 */
#include "check/history.h"

#define TELLING 3 // bytes by which a reply is known: those of two bytes are all alike

bool refusal_read(const struct program *program, size_t i, struct bytes got, struct arena *keep, struct refusal *out)
{
    const struct service *s = program->vector->service;
    struct vector v = { .id = "", .service = s, .clauses = s->end.clauses, .steps = s->refusals[i].steps };
    struct program *p = ARENA_NEW(keep, struct program);
    struct error ignored;

    // Compiled as a conversation of its own; its one RECEIVE is what is looked for. Servers refuse, clients do not.
    if (program->us != PARTY_CLIENT || !program_compile(&v, &program->profile, 0, PARTY_CLIENT, keep, p, &ignored))
        return false;
    for (size_t k = 0; k < p->count; k++) {
        if (p->ops[k].kind != OP_RECEIVE)
            continue;
        struct match m = match_fields(got, p->ops[k].bytes, &p->ops[k].fields, &program->profile, NULL, keep);
        if (m.status != MATCH_DONE)
            continue;
        *out = (struct refusal){ s->refusals[i].name, &p->ops[k], m.kept, m.len };
        return true;
    }
    return false;
}

bool is_refusal(const struct program *p, struct bytes got, struct arena *keep)
{
    struct refusal r;

    for (size_t i = 0; got.len && i < p->vector->service->refusal_count; i++)
        if (refusal_read(p, i, got, keep, &r))
            return true;
    return false;
}

bool begins_refusal(const struct program *p, struct bytes got, struct arena *keep)
{
    struct refusal r;

    for (size_t i = 0; got.len && i < p->vector->service->refusal_count; i++)
        if (refusal_read(p, i, got, keep, &r) && r.len > 2 * sizeof(uint16_t))
            return true;
    return false;
}

const struct value *refusal_value(const struct refusal *r, const char *name)
{
    const struct value *v = r->values;

    for (size_t i = 0; i < r->op->fields.count; i++) {
        const struct field *f = &r->op->fields.items[i];
        if (f->any && f->name && strcmp(f->name, name) == 0)
            return v;
        v += f->any;
    }
    return NULL;
}

/* The other parts of the message of which the op is one: of what is due, or of what came before it. */
static bool is_part(const struct program *p, size_t op)
{
    int step = op < p->count ? p->ops[op].step : -1;

    return step >= 0 && (size_t)step < p->vector->steps.count && p->vector->steps.items[step].kind == STEP_SAY && p->vector->steps.items[step].part;
}

static size_t neighbour(const struct program *p, size_t op, bool forward)
{
    size_t i = op;

    while (forward ? ++i < p->count : i-- > 0)
        if (p->ops[i].on == p->ops[op].on && p->ops[i].kind == OP_RECEIVE)
            return i;
    return SIZE_MAX;
}

size_t part_before(const struct program *p, size_t op)
{
    return is_part(p, neighbour(p, op, false)) ? neighbour(p, op, false) : SIZE_MAX;
}

size_t part_behind(const struct program *p, size_t op)
{
    return is_part(p, op) ? neighbour(p, op, true) : SIZE_MAX;
}

/* What is due of the whole message; *before is how much of that stands before the op's. */
static struct bytes message_due(const struct program *p, size_t op, size_t *before, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer b = { 0 };
    size_t first = op, k;

    while ((k = part_before(p, first)) != SIZE_MAX)
        first = k;
    for (k = first; k != op; k = neighbour(p, k, true))
        buffer_append(&b, p->ops[k].bytes.data, p->ops[k].bytes.len);
    *before = b.len;
    for (k = op; k != SIZE_MAX; k = part_behind(p, k))
        buffer_append(&b, p->ops[k].bytes.data, p->ops[k].bytes.len);
    return arena_bytes(keep, buffer_bytes(&b));
}

/* Which refusal bytes are or begin, or the count of refusals. */
static size_t which_refusal(const struct program *p, struct bytes bytes, bool begins, struct arena *keep)
{
    const struct service *s = p->vector->service;
    struct error ignored;

    for (size_t i = 0; p->us == PARTY_CLIENT && i < s->refusal_count; i++) {
        struct vector v = { .id = "", .service = s, .clauses = s->end.clauses, .steps = s->refusals[i].steps };
        struct program *r = ARENA_NEW(keep, struct program);
        if (!program_compile(&v, &p->profile, 0, PARTY_CLIENT, keep, r, &ignored))
            continue;
        for (size_t k = 0; k < r->count; k++) {
            if (r->ops[k].kind != OP_RECEIVE)
                continue;
            struct match m = match_fields(bytes, r->ops[k].bytes, &r->ops[k].fields, &p->profile, NULL, keep);
            if (m.status == MATCH_DONE || (begins && m.status == MATCH_MORE && bytes.len))
                return i;
        }
    }
    return s->refusal_count;
}

size_t reply_begun(const struct program *p, size_t op, struct arena *keep)
{
    size_t before;

    message_due(p, op, &before, keep);
    return before;
}

const char *refusal_named(const struct program *p, size_t op, struct arena *keep)
{
    size_t before, which = which_refusal(p, message_due(p, op, &before, keep), true, keep);

    return which < p->vector->service->refusal_count ? p->vector->service->refusals[which].name : NULL;
}

bool refusal_due(const struct program *p, size_t op, struct arena *keep)
{
    return refusal_named(p, op, keep);
}

static size_t place(const struct evidence *e)
{
    return (size_t)(e->op - e->program->ops);
}

/* The reply as it came, from its beginning on: what an earlier op had of it was right. */
static struct bytes message_got(const struct evidence *e, size_t *due)
{
    struct bytes all = message_due(e->program, place(e), due, e->keep);
    CLEANUP(buffer_free) struct buffer b = { 0 };

    buffer_append(&b, all.data, *due);
    buffer_append(&b, e->got.data, e->got.len);
    return arena_bytes(e->keep, buffer_bytes(&b));
}

struct bytes message_came(const struct evidence *e)
{
    size_t before;

    return message_got(e, &before);
}

bool refusal_came(const struct evidence *e, struct refusal *out)
{
    size_t before;
    struct bytes got = message_got(e, &before);

    for (size_t i = 0; e->got.len && i < e->program->vector->service->refusal_count; i++)
        if (refusal_read(e->program, i, got, e->keep, out))
            return true;
    return false;
}

/* The refusal that came, and the one that was due, as places in the service's list; its count: none. */
static void refusals(const struct evidence *e, size_t *came, size_t *due)
{
    size_t before;
    struct bytes want = message_due(e->program, place(e), &before, e->keep);

    *due = which_refusal(e->program, want, true, e->keep);
    *came = which_refusal(e->program, message_got(e, &before), false, e->keep);
}

static bool cause_told(const struct evidence *e, size_t which, uint64_t *out)
{
    size_t before;
    struct refusal r;

    if (which >= e->program->vector->service->refusal_count || !refusal_read(e->program, which, message_got(e, &before), e->keep, &r))
        return false;
    const struct value *v = refusal_value(&r, "cause");
    if (v)
        *out = v->number;
    return v != NULL;
}

/* Whether the cause that is due stands behind the refusal that came: then it has something before it, and is right. */
static bool cause_follows(const struct evidence *e, size_t which)
{
    struct refusal r;
    struct bytes came = message_came(e);

    if (!refusal_read(e->program, which, came, e->keep, &r))
        return false;
    struct bytes rest = bytes_slice(came, r.len, SIZE_MAX);
    return e->field_due.len <= rest.len && memcmp(e->field_due.data, rest.data, e->field_due.len) == 0;
}

/* What is due, and stands behind so many other bytes; 0: it does not. */
static size_t stands_behind(const struct evidence *e)
{
    size_t before;
    struct bytes due = message_due(e->program, place(e), &before, e->keep);
    const uint8_t *found = !before && due.len > 2 && due.len <= e->got.len ? memmem(e->got.data, e->got.len, due.data, due.len) : NULL;

    return found ? (size_t)(found - e->got.data) : 0;
}

/* Whether bytes begin as the answer to the probe does: with the number that says so, where the service has one. */
static bool begins_answer(const struct evidence *e, struct bytes got)
{
    const struct op *probe = &e->program->probe;
    const struct field *f = probe->answer_fields.items;

    if (!probe->answer_fields.count || f->any || !f->of.type || f->of.type->kind != VALUE_INTEGER || got.len < f->len)
        return true;
    return memcmp(got.data, probe->answer.data + f->at, f->len) == 0;
}

const char *cause_not_refused(const struct evidence *e)
{
    size_t came, due, none = e->program->vector->service->refusal_count;

    refusals(e, &came, &due);
    if (due == none || came != none || e->match.status != MATCH_MISMATCH)
        return NULL;
    size_t before;
    if (which_refusal(e->program, message_got(e, &before), true, e->keep) != none || !begins_answer(e, message_got(e, &before)))
        return NULL;
    return arena_printf(e->keep, "the peer answered, where \"%s\" is due: it took what it must refuse", e->program->vector->service->refusals[due].name);
}

const char *cause_begun(const struct evidence *e)
{
    size_t n = stands_behind(e), i = place(e);

    while (i > 0 && (e->program->ops[i - 1].on != e->op->on || e->program->ops[i - 1].kind != OP_SEND))
        i--;
    if (!n || i == 0 || (e->program->ops[i - 1].whole && n >= TELLING) || !refusal_due(e->program, place(e), e->keep))
        return NULL; // what is more than a number is an answer
    return arena_printf(e->keep, "%zu byte%s came before the refusal: the reply had begun when its request was not %s", n, n == 1 ? "" : "s", e->program->ops[i - 1].whole ? "read" : "whole");
}

const char *cause_wrong_cause(const struct evidence *e)
{
    size_t came, due;
    uint64_t told;

    refusals(e, &came, &due);
    if (came != due || !cause_told(e, came, &told) || e->field_due.len != 2 || cause_follows(e, came))
        return NULL;
    uint64_t want = e->field_due.data[0] | (uint64_t)e->field_due.data[1] << 8;
    return arena_printf(e->keep, "the exception tells cause %u (%s), where %u (%s) is due", (unsigned)told, cause_name((unsigned)told), (unsigned)want,
                        cause_name((unsigned)want));
}

static bool is_of(const struct evidence *e, size_t i, enum op_kind kind)
{
    return e->program->ops[i].kind == kind && e->program->ops[i].on == e->op->on;
}

/* Segments in which the words before the reply came to the peer: all of ours since the reply before them. */
static size_t segments(const struct evidence *e)
{
    size_t n = 0, end = place(e);

    while (end > 0 && !is_of(e, end - 1, OP_SEND))
        end--;
    size_t begin = end;
    while (begin > 0 && !is_of(e, begin - 1, OP_RECEIVE))
        begin--;
    for (size_t i = 0; i < e->trace->count; i++) {
        const struct trace_event *t = &e->trace->events[i];
        if (t->on == e->op->on && t->op >= begin && t->op < end && t->kind == TRACE_SENT)
            n += t->segments ? t->segments : 1;
    }
    return n;
}

/* Whether we have ended behind values that do not read by themselves, such as a line that only the end of the stream ends. */
static bool is_cut_by_end(const struct evidence *e)
{
    struct history h;
    bool ended = false;

    for (size_t i = 0; i < e->trace->count; i++) {
        const struct trace_event *t = &e->trace->events[i];
        ended |= t->kind == TRACE_FIN_SENT && t->on == e->op->on && t->op < place(e);
    }
    history_make(e, &h);
    return ended && h.unread < h.count;
}

const char *cause_false_end(const struct evidence *e)
{
    size_t came, due, none = e->program->vector->service->refusal_count;
    uint64_t told;

    refusals(e, &came, &due);
    size_t n = segments(e);
    if (due != none || !cause_told(e, came, &told) || told != CAUSE_END_OF_FILE || n < 2 || is_cut_by_end(e)) // in one segment all had arrived
        return NULL;
    return arena_printf(e->keep, "the peer took the end of what had arrived for the end of the stream: it said \"%s\", cause 3 (endOfFile), to a request that came whole, in %zu segments",
                        e->program->vector->service->refusals[came].name, n);
}

const char *cause_table_unknown(const struct evidence *e)
{
    size_t came, due, none = e->program->vector->service->refusal_count;
    uint64_t told;

    refusals(e, &came, &due);
    if (due != none || !cause_told(e, came, &told) || told != CAUSE_BAD_INDEX || !asked_before(e))
        return NULL;
    return "the peer does not know (badIndex) what an earlier message of this direction has carried: its object table did not outlive that";
}

/* The reply is another one that the service knows: refused, an exception. */
const char *cause_other_reply(const struct evidence *e)
{
    size_t came, is_due;

    refusals(e, &came, &is_due);
    for (size_t i = 0; i < e->program->vector->service->refusal_count; i++) {
        struct refusal r, due;
        if (i == is_due || !refusal_read(e->program, i, e->got, e->keep, &r) || refusal_read(e->program, i, e->due, e->keep, &due))
            continue; // it is not that, or what was due begins so, too
        TEXT(text);
        text_printf(&text, "the peer said \"%s\"", r.name);
        const struct value *v = r.values;
        for (size_t f = 0; f < r.op->fields.count; f++) {
            if (!r.op->fields.items[f].any)
                continue;
            const char *name = r.op->fields.items[f].name;
            text_printf(&text, ", %s ", name ? name : "and");
            value_print(&text, v);
            if (name && strcmp(name, "cause") == 0 && v->number)
                text_printf(&text, " (%s)", cause_name((unsigned)v->number));
            v++;
        }
        return arena_string(e->keep, text_string(&text));
    }
    return NULL;
}

const char *cause_echo(const struct evidence *e)
{
    for (size_t i = 0; i < place(e); i++) {
        const struct op *op = &e->program->ops[i];
        if (op->kind == OP_SEND && op->on == e->op->on && op->bytes.len > TELLING && op->bytes.len <= e->got.len &&
            memcmp(op->bytes.data, e->got.data, op->bytes.len) == 0)
            return arena_printf(e->keep, "what came are our own bytes, %zu of them", e->got.len);
    }
    return NULL;
}

const char *cause_said_twice(const struct evidence *e)
{
    size_t last = neighbour(e->program, place(e), false);

    if (last == SIZE_MAX)
        return NULL;
    struct bytes before = e->program->ops[last].bytes;
    if (!bytes_begin(before, e->got) || !bytes_begin(e->due, bytes_slice(e->got, before.len, SIZE_MAX)))
        return NULL;
    return "the reply before came once more, and what was due behind it";
}

/* The reply before where a refusal is due, and nothing else. */
const char *cause_said_before(const struct evidence *e)
{
    size_t last = neighbour(e->program, place(e), false), came, due, none = e->program->vector->service->refusal_count;

    refusals(e, &came, &due);
    struct bytes said = last == SIZE_MAX ? (struct bytes){ 0 } : e->program->ops[last].bytes, rest = bytes_slice(e->got, said.len, SIZE_MAX);
    if (due == none || came != none || said.len <= TELLING || !bytes_begin(said, e->got) || (rest.len && !comes_later(e, rest)))
        return NULL;
    return "the reply before came once more, where a refusal is due";
}

/* Whether all of our words before an op had been said when the play ended. */
static bool was_asked(const struct evidence *e, size_t op)
{
    size_t last = op;

    while (last > 0 && (e->program->ops[last].kind != OP_SEND || e->program->ops[last].on != e->program->ops[op].on))
        last--;
    for (size_t i = 0; i < e->trace->count; i++)
        if (e->trace->events[i].kind == TRACE_SENT && e->trace->events[i].op == last)
            return true;
    return false;
}

/* Whether what came are the replies from op `from` on, one behind the other, and nothing more. */
static bool goes_on_from(const struct evidence *e, size_t from)
{
    const struct program *p = e->program;
    struct bytes rest = e->got;

    for (size_t i = from; i < p->count && rest.len; i++) {
        if (p->ops[i].kind != OP_RECEIVE || p->ops[i].on != e->op->on)
            continue;
        if (!bytes_begin(p->ops[i].bytes, rest) && !bytes_begin(rest, p->ops[i].bytes))
            return false;
        rest = bytes_slice(rest, p->ops[i].bytes.len, SIZE_MAX);
    }
    return rest.len == 0;
}

const char *cause_skipped(const struct evidence *e)
{
    const struct program *p = e->program;

    for (size_t i = place(e) + 1; i < p->count; i++) {
        const struct op *op = &p->ops[i];
        if (op->kind == OP_RECEIVE && op->on == e->op->on && op->bytes.len >= TELLING && !bytes_equal(op->bytes, e->due) && bytes_begin(op->bytes, e->got) &&
            was_asked(e, i) && goes_on_from(e, i))
            return "what came is the reply to a later request, and nothing came for this one: it was dropped";
    }
    return NULL;
}

const char *cause_wrong_request(const struct evidence *e)
{
    const struct program *p = e->program;
    size_t at = place(e);

    for (size_t distance = 1; distance < p->count; distance++)
        for (int later = 0; later < 2; later++) {
            if (later ? at + distance >= p->count : distance > at)
                continue;
            size_t other = later ? at + distance : at - distance;
            const struct op *op = &p->ops[other];
            if (op->kind != OP_RECEIVE || op->bytes.len < TELLING || bytes_equal(op->bytes, e->due) || !bytes_begin(op->bytes, e->got))
                continue;
            if (op->on != e->op->on)
                return arena_printf(e->keep, "what came is the reply that is due on connection %s", p->connections[op->on]);
            if (!later || was_asked(e, other))
                return later ? "what came is the reply to a later request" : "what came is the reply to an earlier request, once more";
        }
    return NULL;
}

/* Messages of ours since the last reply that was due, and replies that are due to them. */
static void balance(const struct evidence *e, size_t *said, size_t *due)
{
    const struct program *p = e->program;
    size_t last = place(e), end;

    *said = *due = 0;
    while (last > 0 && (p->ops[last - 1].on != e->op->on || p->ops[last - 1].kind != OP_SEND))
        last--;
    for (size_t i = last; i-- > 0 && (p->ops[i].on != e->op->on || p->ops[i].kind != OP_RECEIVE);)
        if (p->ops[i].on == e->op->on && p->ops[i].kind == OP_SEND)
            *said += p->ops[i].whole + p->ops[i].message_count;
    for (end = last; end < p->count && (p->ops[end].on != e->op->on || p->ops[end].kind != OP_SEND); end++)
        *due += p->ops[end].on == e->op->on && p->ops[end].kind == OP_RECEIVE && !is_part(p, end);
}

bool more_said_than_due(const struct evidence *e)
{
    size_t said, due;

    balance(e, &said, &due);
    return said > due;
}

/* Whether a silence was asked for since the last reply that was due, and the peer answered that: it owed nothing more by then. What
 * might have come in it may come late. */
static bool was_quiet(const struct evidence *e)
{
    bool quiet = false;

    for (size_t i = 0; i < e->trace->count && e->trace->events[i].op < place(e); i++) {
        const struct trace_event *t = &e->trace->events[i];
        const struct op *op = &e->program->ops[t->op];
        if (t->on == e->op->on)
            quiet = (quiet && op->kind != OP_RECEIVE) || (op->kind == OP_SILENT && !op->may_count);
    }
    return quiet;
}

const char *cause_answered(const struct evidence *e)
{
    const uint8_t *found = e->due.len && e->due.len <= e->got.len ? memmem(e->got.data, e->got.len, e->due.data, e->due.len) : NULL;

    if (!more_said_than_due(e) || !found || found == e->got.data || was_quiet(e))
        return NULL;
    size_t n = (size_t)(found - e->got.data);
    return arena_printf(e->keep, "%zu byte%s came where nothing was due: a message that has no reply was answered", n, n == 1 ? "" : "s");
}

/* Whether bytes are a string, and nothing else, or a line of text. */
static bool is_text(const struct evidence *e, struct bytes b)
{
    struct reader r = { .in = b };
    struct type_ref string = type_named("cstring");
    struct value v;
    size_t printable = 0;

    value_load(&r, &e->program->profile, NULL, string, e->keep, &v);
    if (r.status == WIRE_OK && r.at == b.len && b.len > TELLING)
        return true;
    while (printable < b.len && b.data[printable] >= ' ' && b.data[printable] <= '~')
        printable++;
    return printable > TELLING && printable < b.len && (b.data[printable] == '\r' || b.data[printable] == '\n') && b.len - printable <= 2;
}

/* A text stands before the first reply of the connection. */
static const char *greeted(const struct evidence *e)
{
    const uint8_t *found = e->due.len >= 2 && e->due.len <= e->got.len ? memmem(e->got.data, e->got.len, e->due.data, e->due.len) : NULL;
    size_t n = found ? (size_t)(found - e->got.data) : 0;

    if (!n || trace_received(e->trace, e->op->on, e->trace->count, e->keep).len != e->got.len || !is_text(e, bytes_slice(e->got, 0, n)))
        return NULL;
    return arena_printf(e->keep, "a text of %zu bytes stands before the first reply of the connection: a greeting", n);
}

/* The first words of the connection came by themselves, and then what was due. */
const char *cause_greeting(const struct evidence *e)
{
    size_t first = SIZE_MAX, said = 0;

    for (size_t i = 0; i < e->trace->count; i++) {
        const struct trace_event *t = &e->trace->events[i];
        if (t->kind != TRACE_RECEIVED || t->on != e->op->on)
            continue;
        first = said++ ? first : t->data.len;
    }
    bool all = said > 1 && e->got.len >= first + e->due.len && trace_received(e->trace, e->op->on, e->trace->count, e->keep).len == e->got.len;
    if (!all || e->due.len < 2 || !bytes_begin(e->due, bytes_slice(e->got, first, SIZE_MAX)))
        return greeted(e);
    return arena_printf(e->keep, "%zu byte%s came by %s when the connection began, before what was due", first, first == 1 ? "" : "s", first == 1 ? "itself" : "themselves");
}

#define BEGINNING 16 // bytes by which a reply is known to begin again

#define GROUP 4096 // bytes in which a store archive writes

/* Whether bytes are all the same one, as zeroes are: such stand beside each other by chance. */
static bool is_of_one(struct bytes b)
{
    return b.len && bytes_common(bytes_slice(b, 0, b.len - 1), bytes_slice(b, 1, SIZE_MAX)) == b.len - 1;
}

/* Whether from the difference on stands once more what came from byte `from` of the connection on. */
static bool stands_again(const struct evidence *e, struct bytes all, size_t from)
{
    struct bytes rest = bytes_slice(e->got, e->match.at, BEGINNING), begin = bytes_slice(all, from, BEGINNING);

    return bytes_equal(rest, begin) && rest.len == BEGINNING && !is_of_one(rest) && from + BEGINNING <= all.len - (e->got.len - e->match.at);
}

/* From the difference on stands once more what came from the beginning of a reply on, since our last words, or of a group of its bytes. */
const char *cause_began_again(const struct evidence *e)
{
    const struct program *p = e->program;
    struct bytes all = trace_received(e->trace, e->op->on, e->trace->count, e->keep);
    size_t begin = all.len - e->got.len;
    bool again = stands_again(e, all, begin);

    for (size_t i = place(e); !again && i-- > 0 && !(p->ops[i].kind == OP_SEND && p->ops[i].on == e->op->on);) {
        if (p->ops[i].kind != OP_RECEIVE || p->ops[i].on != e->op->on)
            continue;
        begin -= p->ops[i].bytes.len < begin ? p->ops[i].bytes.len : begin;
        again = stands_again(e, all, begin);
    }
    for (size_t from = begin + GROUP; !again && from < all.len; from += GROUP)
        again = stands_again(e, all, from);
    if (!again)
        return NULL;
    return arena_printf(e->keep, "from byte %zu on what had come before begins again", e->match.at);
}

/* Two bytes beside each other have changed places, and all else is right. */
const char *cause_pair_turned(const struct evidence *e)
{
    size_t at = e->match.at;

    if (e->due.len > e->got.len || at + 2 > e->due.len || e->due.data[at] != e->got.data[at + 1] || e->due.data[at + 1] != e->got.data[at] ||
        (e->due.len > at + 2 && memcmp(e->due.data + at + 2, e->got.data + at + 2, e->due.len - at - 2) != 0))
        return NULL;
    return arena_printf(e->keep, "bytes %zu and %zu stand in each other's place", at, at + 1);
}

#define SAME_MAX  4      // bytes in which a later reply may begin as what it stands in the place of
#define KNOWN_MAX 0x1000 // entries that a table may have by then; what is beyond that is no tag

#define FLOOD 4096 // bytes that no difference explains

/* Far more came than was due, and none of it was that. */
const char *cause_flood(const struct evidence *e)
{
    if (e->match.at >= TELLING || e->got.len < FLOOD || e->got.len / 16 < e->due.len)
        return NULL;
    return arena_printf(e->keep, "the peer flooded the connection: %zu bytes came where %zu were due", e->got.len, e->due.len);
}

/* What was due comes, but later: something stands before it. */
const char *cause_shifted(const struct evidence *e)
{
    if (e->due.len < 2 || e->due.len > e->got.len)
        return NULL;
    const uint8_t *found = memmem(e->got.data, e->got.len, e->due.data, e->due.len);
    if (!found || found == e->got.data)
        return NULL;
    size_t n = (size_t)(found - e->got.data);
    return arena_printf(e->keep, "%zu byte%s stand%s before what was due", n, n == 1 ? "" : "s", n == 1 ? "s" : "");
}

const char *cause_doubled(const struct evidence *e)
{
    struct bytes all = trace_received(e->trace, e->op->on, e->trace->count, e->keep), rest = bytes_slice(e->due, e->match.at, SIZE_MAX);
    struct bytes behind = bytes_slice(e->got, e->match.at + 1, SIZE_MAX);
    const uint8_t *found = rest.len > TELLING && rest.len <= behind.len ? memmem(behind.data, behind.len, rest.data, rest.len) : NULL;
    size_t n = found ? (size_t)(found - behind.data) + 1 : 0, at = all.len - (e->got.len - e->match.at);

    if (n <= TELLING || n > at || memcmp(all.data + at - n, all.data + at, n) != 0 || is_of_one(bytes_slice(all, at, n)))
        return NULL;
    return arena_printf(e->keep, "the %zu bytes before came once more, and what was due behind them", n);
}

#define INSERTED_MAX 16
#define COUNT_SIZE   2 // that of a collection of common length

static const char *inserted(const struct evidence *e, size_t n)
{
    return arena_printf(e->keep, "%zu byte%s stand%s amid what was due, from byte %zu on", n, n == 1 ? "" : "s", n == 1 ? "s" : "", e->match.at);
}

const char *cause_inserted(const struct evidence *e)
{
    struct bytes rest = bytes_slice(e->due, e->match.at, SIZE_MAX);

    for (size_t n = 1; rest.len >= 2 && n <= INSERTED_MAX && e->match.at + n + rest.len <= e->got.len; n++)
        if (memcmp(e->got.data + e->match.at + n, rest.data, rest.len) == 0)
            return inserted(e, n);
    return NULL;
}

/* Behind it stands nothing, the answer to the probe, or a refusal of what was left. */
static bool is_end(const struct evidence *e, size_t at)
{
    const struct bytes answer = e->program->probe.answer, rest = bytes_slice(e->got, at, SIZE_MAX);

    return at == e->got.len || (answer.len >= TELLING && bytes_begin(answer, rest)) || (e->late && bytes_begin(rest, answer)) || begins_refusal(e->program, rest, e->keep);
}

/* Whether a field is of a kind that has no other form in which it would be longer: a number, or what objects are in. */
static bool has_one_form(const struct evidence *e)
{
    const struct type *t = e->field && !e->field->any ? e->field->of.type : NULL;
    enum value_kind k = t ? t->kind : VALUE_STRING;
    bool counted = k == VALUE_LIST || k == VALUE_MAP;

    if (k == VALUE_INTEGER)
        return strcmp(t->name, "count") != 0 && strcmp(t->name, "time") != 0;
    if (counted)
        return e->match.at >= e->match.start + COUNT_SIZE;
    return k == VALUE_FLOAT || k == VALUE_DOUBLE || k == VALUE_OBJECT || k == VALUE_CLASS || k == VALUE_TUPLE;
}

const char *cause_inserted_whole(const struct evidence *e)
{
    struct bytes rest = bytes_slice(e->due, e->match.at, SIZE_MAX);

    for (size_t n = 1; has_one_form(e) && rest.len >= 2 && n <= INSERTED_MAX && e->match.at + n + rest.len <= e->got.len; n++)
        if (memcmp(e->got.data + e->match.at + n, rest.data, rest.len) == 0 && is_end(e, e->match.at + n + rest.len))
            return inserted(e, n);
    return NULL;
}

#define OFTEN_MAX  8 // bytes that stand amid it at a time
#define OFTEN_KNOWN 4 // bytes that are right behind them

/* Whether what is due came, but for n bytes more at several places, and nothing else; *places: how many. */
static bool is_inserted_often(const struct evidence *e, size_t n, size_t *places)
{
    size_t due = e->match.at, got = due;

    *places = 0;
    while (due < e->due.len) {
        if (got < e->got.len && e->due.data[due] == e->got.data[got]) {
            due++;
            got++;
            continue;
        }
        size_t known = e->due.len - due < OFTEN_KNOWN ? e->due.len - due : OFTEN_KNOWN;
        if (got + n + known > e->got.len || memcmp(e->due.data + due, e->got.data + got + n, known) != 0)
            return false;
        got += n;
        ++*places;
    }
    return got == e->got.len;
}

const char *cause_inserted_often(const struct evidence *e)
{
    size_t places;

    for (size_t n = 1; n <= OFTEN_MAX; n++)
        if (is_inserted_often(e, n, &places) && places > 1)
            return arena_printf(e->keep, "%zu byte%s stand%s at %zu places amid what was due, from byte %zu on", n, n == 1 ? "" : "s", n == 1 ? "s" : "", places, e->match.at);
    return NULL;
}

const char *cause_missing(const struct evidence *e)
{
    size_t at = e->match.at;

    for (size_t n = 1; at + n <= e->due.len; n++) {
        struct bytes rest = bytes_slice(e->due, at + n, SIZE_MAX);
        bool stands = rest.len == 0 || bytes_begin(rest, bytes_slice(e->got, at, SIZE_MAX));
        bool ends = stands && (is_end(e, at + rest.len) || (at && comes_later(e, bytes_slice(e->got, at + rest.len, SIZE_MAX))));
        if (ends && (at || rest.len))
            return arena_printf(e->keep, "%zu byte%s of what was due %s missing, from byte %zu on", n, n == 1 ? "" : "s", n == 1 ? "is" : "are", at);
    }
    return NULL;
}

#define SURE 256 // bytes by which a long reply is known beyond doubt

/* The rest of a reply was never sent: what stands there is a later one. */
const char *cause_rest_lost(const struct evidence *e)
{
    const struct program *p = e->program;
    struct bytes rest = bytes_slice(e->got, e->match.at, SIZE_MAX);

    for (size_t i = place(e) + 1; i <= p->count && e->match.at > TELLING; i++) {
        if (i < p->count && (p->ops[i].kind != OP_RECEIVE || p->ops[i].on != e->op->on))
            continue;
        struct bytes later = i < p->count ? p->ops[i].bytes : p->probe.answer;
        // What stands there may begin as what is missing does.
        for (size_t same = 0; same < SAME_MAX; same++) {
            size_t known = later.len < rest.len + same ? later.len : rest.len + same;
            known = known < SURE ? known : SURE; // that one may lack its end, too
            if (known > TELLING + same && memcmp(later.data, e->got.data + e->match.at - same, known) == 0)
                return arena_printf(e->keep, "the reply ends at byte %zu of %zu, and a later one follows: the rest was never sent", e->match.at - same, e->due.len);
        }
    }
    return NULL;
}

static bool carried_before(const struct history *h)
{
    for (size_t i = 0; i < h->due; i++)
        if (!h->parts[i].ours && (h->parts[i].entries || (h->parts[i].is_value && carries(&h->parts[i].value))))
            return true;
    return false;
}

/* The first class of a direction is to be described, and stands as one that is known. */
const char *cause_known_elsewhere(const struct evidence *e)
{
    struct history h;

    if (!e->field || !e->field->of.type || e->field_due.len < 2 || e->field_got.len < 2 || e->match.at != e->match.start)
        return NULL;
    unsigned due = e->field_due.data[0] | (unsigned)e->field_due.data[1] << 8;
    unsigned got = e->field_got.data[0] | (unsigned)e->field_got.data[1] << 8;
    enum value_kind kind = e->field->of.type->kind;
    if ((kind != VALUE_OBJECT && kind != VALUE_CLASS) || due != 0xffff || got == 0 || got == 0xffff || got == 0x8000 || (got & 0x7fff) > KNOWN_MAX)
        return NULL;
    history_make(e, &h);
    if (carried_before(&h) || e->op->entries)
        return NULL;
    return arena_printf(e->keep, "the tag %04X refers to what this direction of the connection has not carried: the table is that of another connection, too", got);
}
