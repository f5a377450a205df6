#include "check/hypotheses.h"

#include "check/forms.h"
#include "check/reading.h"
#include "check/writing.h"

struct prediction {
    struct buffer bytes;
    size_t upto;        // behind the field that differs
    size_t complete;    // as much as can be said
    const char *about;
    bool endless;       // whoever writes so comes to no end
};

static const struct mistake none = { .deed = DEED_NONE };

static bool is_about_tables(enum deed d)
{
    return d >= DEED_TABLE_PER_MESSAGE;
}

/* Puts in front of what is due what came before it: where the object tables stand. False: the mistake would have shown there. */
static bool replay(const struct history *h, const struct mistake *m, struct writing *w)
{
    const struct op *op = NULL;
    CLEANUP(buffer_free) struct buffer lost = { 0 };

    for (size_t i = 0; i < h->due; i++) {
        const struct part *p = &h->parts[i];
        if (p->op != op && !p->ours)
            writing_message(w, p->op->fresh);
        if (p->op != op && !p->ours && m->deed == DEED_TABLE_PER_REFUSAL && refusal_due(h->e->program, (size_t)(p->op - h->e->program->ops), h->e->keep))
            writing_forget(w);
        if (p->op != op && !p->ours && m->deed == DEED_REFUSED_COUNTED && refusal_due(h->e->program, (size_t)(p->op - h->e->program->ops), h->e->keep))
            writing_skip(w, (size_t)m->n);
        op = p->op;
        lost.len = 0;
        if (p->is_value && p->ours)
            writing_heard(w, &p->value);
        else if (p->is_value) {
            writing_put(w, &p->value, &lost);
            if (is_about_tables(m->deed) && !p->field->by_value && !bytes_equal(buffer_bytes(&lost), p->plain))
                return false;
        }
        if (!p->ours)
            writing_skip(w, p->entries);
    }
    writing_message(w, h->e->op->fresh);
    return true;
}

/* The text of what it took for the values that are told. */
static void put_told(const struct history *h, const struct fared *read, struct writing *w, const struct value *was, struct buffer *to)
{
    struct value text = *was;
    TEXT(said);

    for (size_t i = h->told_from; i < h->told_to; i++) {
        text_add(&said, i > h->told_from ? " " : "");
        value_text(&said, &read->values[i]);
    }
    text.wide = false;
    text.data = arena_bytes(h->e->keep, buffer_bytes(&said.b));
    writing_put(w, &text, to);
}

/* A value that is due, as a writer has it in memory: the object that it has loaded may be an older one. Lives as long as the history. */
static const struct value *stored(const struct history *h, size_t i, const struct mistake *m)
{
    const struct part *p = &h->parts[i];

    if (m->deed != DEED_BODY_AS_LOADED || h->shows[i] == SIZE_MAX)
        return &p->value;
    struct value *loaded = ARENA_NEW(h->e->keep, struct value);
    *loaded = stored_as_loaded(&h->parts[h->shows[i]].value, h->e->keep);
    return loaded;
}

/* The reply by a writer that makes the mistake m, to what it has read as it did; read NULL: right. */
static void predict(const struct history *h, const struct mistake *m, const struct fared *read, struct prediction *out)
{
    const struct evidence *e = h->e;
    struct writing *w = writing_new(m, &e->program->profile, e->keep);
    bool open = false;

    if (h->has_objects && !replay(h, m, w))
        return;
    for (size_t i = h->due; i < h->count; i++) {
        const struct part *p = &h->parts[i];
        size_t field = p->index;
        writing_within(w, h->refusal, field);
        if (p->field->any) { // as it came, as far as that can be told
            open |= field >= e->match.field;
            if (field < e->match.field)
                buffer_append(&out->bytes, e->got.data + e->match.starts[field], e->match.starts[field + 1] - e->match.starts[field]);
        } else if (read && i == h->told) {
            put_told(h, read, w, &p->value, &out->bytes);
        } else if (read && h->shows[i] != SIZE_MAX) {
            struct value *again = ARENA_NEW(e->keep, struct value); // whoever writes objects keeps them
            *again = carries(&p->value) ? stored_anew(&read->values[h->shows[i]], e->keep) : read->values[h->shows[i]];
            again->of = p->value.of;
            if (h->counts_on[i])
                value_plus(again, 1);
            writing_put(w, again, &out->bytes);
        } else if (p->is_value) {
            writing_put(w, stored(h, i, m), &out->bytes);
        } else {
            buffer_append(&out->bytes, p->plain.data, p->plain.len);
        }
        size_t known = out->bytes.len < e->got.len ? out->bytes.len : e->got.len;
        if (known && field < e->match.field && memcmp(out->bytes.data, e->got.data, known) != 0)
            return; // it is not that, whatever follows
        if (!open)
            out->complete = out->bytes.len;
        if (field == e->match.field)
            out->upto = out->complete;
    }
    out->about = read && read->about ? read->about : writing_about(w);
    out->endless = writing_is_endless(w);
}

#define TELLING 2 // bytes that may stand anywhere

/* Whether a place is in one of the service's refusals. */
static bool is_in_refusal(const struct program *p, const char *place)
{
    const char *holder = place ? strstr(place, " of ") : NULL;
    bool is = false;

    for (size_t i = 0; holder && !is && i < p->vector->service->refusal_count; i++)
        is = strncmp(holder + strlen(" of "), p->vector->service->refusals[i].name, strlen(p->vector->service->refusals[i].name)) == 0;
    return is;
}

/* A reply that is due, by a writer that makes the mistake m. */
static struct bytes written(const struct evidence *e, const struct op *op, const struct mistake *m)
{
    const struct evidence later = { .program = e->program, .trace = e->trace, .op = op, .fields = &op->fields, .due = op->bytes, .keep = e->keep };
    struct prediction p = { 0 };
    struct history h;

    history_make(&later, &h);
    if (is_in_refusal(e->program, m->of))
        history_refusal(&h);
    predict(&h, m, NULL, &p);
    struct bytes is = arena_bytes(e->keep, bytes_slice(buffer_bytes(&p.bytes), 0, p.complete));
    buffer_free(&p.bytes);
    return is;
}

/* Whether behind what a hypothesis explains there stands nothing, or what should, or that with the same mistake. */
static bool goes_right(const struct evidence *e, struct bytes rest, const struct mistake *m)
{
    const struct program *p = e->program;

    if (rest.len == 0)
        return true;
    for (size_t i = (size_t)(e->op - p->ops) + 1; i < p->count; i++)
        if (p->ops[i].on == e->op->on && p->ops[i].kind == OP_RECEIVE) {
            if (bytes_begin(p->ops[i].bytes, rest) || (m->deed != DEED_NONE && bytes_begin(written(e, &p->ops[i], m), rest)))
                return true;
            break;
        }
    if (p->probe.answer.len > TELLING && bytes_begin(p->probe.answer, rest))
        return true;
    return begins_refusal(p, rest, e->keep); // of what it left unread
}

#define COLLECTED 65536 // bytes that are collected at most behind a difference

/* Whether what is due begins so: then it tells nothing of where what came differs, which is not known where values may stand in any order. */
static bool is_begin(struct bytes is, struct bytes due)
{
    return is.len <= due.len && memcmp(is.data, due.data, is.len) == 0;
}

/* 3: all that came; 2: it is what came begins with; 1: only the field that differs; 0: it is not that. */
static unsigned explains(const struct evidence *e, const struct prediction *p, const struct mistake *m)
{
    struct bytes is = bytes_slice(buffer_bytes(&p->bytes), 0, p->complete);
    struct bytes field = bytes_slice(is, 0, p->upto);

    bool is_cut = e->got.len >= COLLECTED && e->got.len < is.len;
    if (is_cut && e->got.len > e->match.at + 2 && memcmp(is.data, e->got.data, e->got.len) == 0)
        return 3;
    if (bytes_equal(is, e->due) || field.len == 0 || field.len > e->got.len || memcmp(field.data, e->got.data, field.len) != 0)
        return 0;
    if (is.len > e->got.len || memcmp(is.data, e->got.data, is.len) != 0)
        return field.len > e->match.at && !is_begin(field, e->due);
    if (e->match.status == MATCH_DONE && !e->late && is.len <= e->match.at)
        return 0; // the reply was right, and there is more
    if (goes_right(e, bytes_slice(e->got, is.len, SIZE_MAX), m))
        return 3;
    return is.len > e->match.at && !is_begin(is, e->due) ? 2 : 0;
}

/* … or about values of several members of a type. */
static bool is_about_structs(enum deed d)
{
    return d == DEED_ALIGN_WITHIN || mistake_is_of_members(d);
}

static bool is_typed(enum deed d)
{
    return d == DEED_SWAP || d == DEED_SIZE || d == DEED_SIZE_UNSIGNED || d == DEED_SIZE_BIG || d == DEED_ALIGN || d == DEED_ROUND_WHOLE || d == DEED_NO_SIGN || d == DEED_SIGN || d == DEED_BYTES_SIGNED || d == DEED_LOW;
}

static bool is_about_strings(enum deed d)
{
    return d == DEED_SWAP_LENGTHS || d == DEED_SWAP_UNITS || d == DEED_SWAP_MARK || (d >= DEED_OTHER_WIDTH && d <= DEED_CRLF && d != DEED_CUT_BYTES && d != DEED_STRIP_BYTES);
}

/* What is due, and told, holds values of the kind that the mistake is about. */
static bool is_met(const struct history *h, const struct mistake *m)
{
    if (mistake_is_lenient(m->deed))
        return h->malformed < h->count;
    if (!form_is_met(h, m))
        return false;
    if (is_about_tables(m->deed))
        return h->has_objects || h->asks_objects;
    if (is_about_strings(m->deed))
        return (h->has_any_text || h->units >= (m->deed == DEED_CUT_TO ? (uint64_t)m->n + 1 : 1)) && !h->many;
    return !h->many;
}

/* What came, where it is one of the service's refusals. */
struct refused {
    bool is;
    bool has_cause;
    unsigned cause;
};

static void refused_read(const struct evidence *e, struct refused *out)
{
    struct refusal r;

    *out = (struct refused){ 0 };
    if (!refusal_came(e, &r))
        return;
    const struct value *cause = refusal_value(&r, "cause");
    *out = (struct refused){ true, cause != NULL, cause ? (unsigned)cause->number : 0 };
}

/* One that fits, and how well. */
struct candidate {
    struct mistake by;
    const char *about;
    enum way way;
    unsigned ways; // a bit for each that fits as well
    enum fare fare;
    unsigned rank;
    bool narrow;
    bool doubtful; // as explanation has it
    bool belied;   // by what stands behind the field: it is not that, but may be that in fewer places
    size_t where; // of our words, from which on a reader goes wrong: the later, the more telling
};

struct search {
    const struct history *h;
    struct bytes said, in_time; // our words on the connection; those before the probe, where what came came only behind that
    bool ended;
    struct refused refused;
    struct candidate found[1 + OTHERS_MAX];
    size_t count;
};

/* A wider form of what was found already: all numbers where one type would do. */
static bool is_wider(const struct mistake *found, const struct mistake *m)
{
    bool same = m->deed == found->deed && m->n == found->n, of_class = mistake_is_of_class(m->deed) && m->deed == found->deed;

    return strcmp(found->key, m->key) == 0 && ((same && !m->of) || (of_class && m->n > found->n && !found->of) || m->deed == DEED_SWAP_ALL);
}

static bool goes_before(const struct candidate *a, const struct candidate *b)
{
    return a->rank != b->rank ? a->rank > b->rank : a->narrow != b->narrow ? b->narrow : a->where > b->where;
}

static void keep_one(struct search *s, const struct candidate *c)
{
    size_t at = s->count;

    for (size_t i = 0; i < s->count; i++)
        if (is_wider(&s->found[i].by, &c->by) && !goes_before(c, &s->found[i]))
            return;
    while (at > 0 && goes_before(c, &s->found[at - 1]))
        at--;
    if (at == COUNT_OF(s->found))
        return;
    s->count += s->count < COUNT_OF(s->found);
    memmove(s->found + at + 1, s->found + at, (s->count - at - 1) * sizeof *s->found);
    s->found[at] = *c;
}

#define OP_SIZE 2 // bytes from which on what is left of a request begins another

/* Whether nothing came behind the reply, though what its reader has left unread would have been taken for a request. */
static bool keeps_silent(const struct search *s, const struct fared *read, const struct prediction *p)
{
    return read && read->left >= OP_SIZE && p->complete == s->h->e->got.len && s->h->e->program->vector->service->refusal_count;
}

/* Whether behind the field that differs all is as it is due: whatever says otherwise of that is not it. */
static bool is_right_behind(const struct evidence *e, size_t field_end)
{
    return e->field && !e->field->any && bytes_begin(bytes_slice(e->due, e->field->at + e->field->len, SIZE_MAX), bytes_slice(e->got, field_end, SIZE_MAX));
}

/* How well a reply that is written with `writes` to what was read as `read` says fits what came. */
static void try_reply(struct search *s, struct candidate *c, const struct mistake *writes, const struct fared *read, enum way way)
{
    struct prediction p = { 0 };

    predict(s->h, writes, read, &p);
    unsigned rank = explains(s->h->e, &p, writes);
    if (p.endless && !c->rank && (s->refused.is ? !s->refused.has_cause : s->h->e->got.len == 0)) {
        *c = (struct candidate){ .by = c->by, .about = p.about, .way = way, .ways = 1u << way, .fare = FARE_REFUSES, .rank = 3 };
    } else if (rank > c->rank) {
        c->rank = rank;
        c->about = p.about;
        c->way = way;
        c->ways = 1u << way;
        c->fare = FARE_OTHERWISE;
        if (read && read->left && p.bytes.len == s->h->e->got.len)
            c->where = 0; // it would have answered what it left
        c->doubtful = keeps_silent(s, read, &p);
        c->belied = rank == 1 && is_right_behind(s->h->e, p.upto);
    } else if (rank && rank == c->rank) {
        c->ways |= 1u << way;
    }
    buffer_free(&p.bytes);
}

/* Whether it wants more than was said before the probe, and the probe's bytes are enough for it. */
static bool waits_at_first(const struct search *s, const struct mistake *m)
{
    struct fared read;

    reader_fares(s->h, m, s->in_time, s->ended, &read);
    return !read.ruled_out && read.fare == FARE_WAITS;
}

/* Whether something of what came came before the probe: whoever says that does not wait for more. */
static bool came_in_time(const struct evidence *e)
{
    size_t all = trace_received(e->trace, e->op->on, e->trace->count, e->keep).len, before = 0, i = 0;

    for (; i < e->trace->count && (e->trace->events[i].kind != TRACE_PROBE || e->trace->events[i].on != e->op->on); i++)
        if (e->trace->events[i].kind == TRACE_RECEIVED && e->trace->events[i].on == e->op->on)
            before += e->trace->events[i].data.len;
    return i < e->trace->count && before + e->got.len > all;
}

/* What a peer that reads so does instead of answering. */
static unsigned fits_instead(const struct search *s, const struct mistake *m, const struct fared *f)
{
    bool silent = s->h->e->got.len == 0;

    switch (f->fare) {
    case FARE_RIGHT:
        return s->in_time.len && !came_in_time(s->h->e) && waits_at_first(s, m) ? 3 : 0;
    case FARE_OTHERWISE:
        return 0;
    case FARE_WAITS:
        return silent ? 3 : 0;
    case FARE_RAISES:
        return s->refused.has_cause && s->refused.cause == f->cause ? 3 : 0;
    case FARE_REFUSES:
        if (mistake_is_lenient(m->deed))
            return !silent && !s->refused.is ? 3 : 0; // it took what it must refuse
        return silent || (s->refused.is && !s->refused.has_cause) ? 2 : 0;
    }
    return 0;
}

/* No text, or one without a character that nobody writes. */
static bool is_readable(const struct value *v)
{
    bool is = true;

    for (size_t at = 0; v->of.type->kind == VALUE_STRING && is && at + (v->wide ? 2 : 1) <= v->data.len; at += v->wide ? 2 : 1)
        is = v->data.data[at] >= ' ' || (v->wide && v->data.data[at + 1]) || (v->data.data[at] >= '\t' && v->data.data[at] <= '\r');
    return is;
}

/* Whether what came is a whole reply to a reader that makes the mistake, where it is none to one that reads right: whoever stored it made
 * it, in values of which any is right. */
static bool reads_whole(const struct search *s, const struct mistake *m, const char **about, bool *readable)
{
    const struct evidence *e = s->h->e;
    struct reading *g = reading_new(m, &e->program->profile, e->keep);
    struct reader r = { .in = e->got };
    bool has_texts = false, has_words = false; // an empty text may be any byte that is zero

    *readable = true;
    reading_message(g, e->op->fresh, 0);
    for (size_t i = s->h->due; i < s->h->count && r.status == WIRE_OK; i++) {
        const struct part *p = &s->h->parts[i];
        struct value seen;
        if (p->field->measured)
            return false;
        if (!p->field->any && !p->is_value) {
            if (!bytes_equal(reader_take(&r, p->plain.len), p->plain))
                return false;
            continue;
        }
        reading_within(g, s->h->refusal, p->index);
        reading_get(g, &r, p->field->any ? p->field->of : p->value.of, &seen);
        bool in_limits = seen.of.type->kind != VALUE_INTEGER || (seen.number >= p->field->min && (!p->field->max || seen.number <= p->field->max));
        if (p->field->any ? !in_limits : !value_equal(&seen, &p->value))
            return false;
        bool text = p->field->any && seen.of.type->kind == VALUE_STRING;
        has_texts |= text;
        has_words |= text && seen.data.len;
        *readable &= !p->field->any || is_readable(&seen);
    }
    *about = reading_about(g);
    return r.status == WIRE_OK && *about && has_words == has_texts && goes_right(e, bytes_slice(e->got, r.at, SIZE_MAX), m);
}

static bool has_any(const struct evidence *e)
{
    for (size_t i = 0; i < e->fields->count; i++)
        if (e->fields->items[i].any)
            return true;
    return false;
}

/* What serves both directions would have shown in an earlier reply, however our words are read. */
static bool has_shown(const struct search *s, const struct mistake *m)
{
    bool shared = m->deed == DEED_TABLE_SHARED || m->deed == DEED_COUNTER_SHARED;

    return shared && !replay(s->h, m, writing_new(m, &s->h->e->program->profile, s->h->e->keep));
}

static void try_one(struct search *s, const struct mistake *m, bool narrow)
{
    const struct evidence *e = s->h->e;
    bool bytes = e->got.len && e->match.field < e->fields->count && !e->field->any;
    struct candidate c = { .by = *m, .where = SIZE_MAX };
    struct fared read;
    const char *open;
    bool readable;

    if (e->got.len && has_any(e) && !s->h->has_objects && !mistake_is_misread(m->deed) && reads_whole(s, m, &open, &readable)) {
        c.where = readable ? SIZE_MAX : 0;
        c.about = open;
        c.rank = 3;
        c.ways = 1u << WAY_WRITES | 1u << WAY_BOTH;
    }

    if ((bytes || m->deed == DEED_OBJECT_UNKNOWN) && !c.rank)
        try_reply(s, &c, m, NULL, WAY_WRITES);
    if (m->reads && s->said.len && (!s->h->many || form_is_tag(m->deed)) && !has_shown(s, m)) {
        reader_fares(s->h, m, s->said, s->ended, &read);
        unsigned rank = read.ruled_out || !read.about ? 0 : fits_instead(s, m, &read);
        if (m->reads && c.ways == 1u << WAY_WRITES && read.fare == FARE_RIGHT && !read.ruled_out)
            c.ways |= 1u << WAY_BOTH; // nothing of ours that it would read otherwise
        if (rank > c.rank) {
            c = (struct candidate){ .by = *m, .about = read.about, .way = WAY_READS, .ways = 1u << WAY_READS | 1u << WAY_BOTH, .fare = read.fare == FARE_RIGHT ? FARE_WAITS : read.fare, .rank = rank, .where = read.where };
        } else if (bytes && !read.ruled_out && read.fare == FARE_OTHERWISE) {
            try_reply(s, &c, &none, &read, WAY_READS);
            try_reply(s, &c, m, &read, WAY_BOTH);
        }
    }
    c.narrow = narrow;
    if (c.rank)
        keep_one(s, &c);
}

/* What is due, or asked for. */
static bool is_at_hand(const struct history *h, size_t part)
{
    return part >= h->due || (part >= h->asked && part < h->asked_end);
}

static void find_places(const struct history *h, enum leaf_kind kind, struct leaf_places *out)
{
    for (size_t i = h->due; i < h->count; i++)
        if (h->parts[i].is_value)
            places_add(out, &h->parts[i].value, h->refusal, h->parts[i].index, kind, h->e->keep);
        else if (h->parts[i].field->any)
            places_add(out, &(struct value){ .of = h->parts[i].field->of }, h->refusal, h->parts[i].index, kind, h->e->keep);
    for (size_t i = h->asked; i < h->asked_end; i++)
        if (h->parts[i].is_value)
            places_add(out, &h->parts[i].value, NULL, 0, kind, h->e->keep);
    for (size_t i = 0; i < h->count; i++) {
        const struct type *holder = i >= h->due ? h->refusal : NULL;
        if (h->parts[i].is_value)
            places_count(out, &h->parts[i].value, holder, h->parts[i].index, kind);
        else if (is_at_hand(h, i) && h->parts[i].field->any)
            places_count(out, &(struct value){ .of = h->parts[i].field->of }, holder, h->parts[i].index, kind);
    }
}

/* What the request was: its number, and the types that it named. */
static void tell_request(const struct history *h, struct explained *out)
{
    TEXT(said);

    if (h->asked == h->asked_end)
        return;
    const struct part *first = &h->parts[h->asked];
    out->has_request = first->is_value && first->value.of.type->kind == VALUE_INTEGER;
    out->request = first->value.number;
    const struct value *types = history_types(h);
    if (!types)
        return;
    for (size_t k = 0; k < types->data.len; k += types->wide ? 2 : 1)
        text_char(&said, (char)types->data.data[k]);
    out->types = arena_string(h->e->keep, text_string(&said));
}

/* Which leaves a deed is done at, one kind of them alone; LEAF_KINDS: no such. */
static enum leaf_kind leaves_of(enum deed d)
{
    bool lines = d == DEED_NO_NEWLINE || d == DEED_LINE_ENDS || d == DEED_LINE_WIDTH || d == DEED_LINE_AT_CR || d == DEED_LINE_KEEPS_CR || d == DEED_CRLF;

    if (is_typed(d) || d == DEED_HALVES || d == DEED_ROUND)
        return LEAF_NUMBER;
    if (is_about_structs(d))
        return LEAF_STRUCT;
    if (d == DEED_SWAP_COUNTS || (d >= DEED_COUNT_BYTES && d <= DEED_COUNT_OF_BYTES))
        return LEAF_COUNT;
    if (d == DEED_TABLE_PER_COLLECTION || d == DEED_NULLS_LEFT)
        return LEAF_COLLECTION;
    if (mistake_is_of_class(d))
        return LEAF_OBJECT;
    return is_about_strings(d) && !lines && d != DEED_WHOLE_BLOCKS ? LEAF_TEXT : LEAF_KINDS;
}

/* Each row, wherever it can be made: of what a type is told for, once for each type. */
static void try_widely(struct search *s, const struct leaf_places *places)
{
    for (const struct mistake *m = mistake_table; m < mistake_table + mistake_count; m++) {
        struct mistake one = *m;
        if (!is_met(s->h, m))
            continue;
        bool typed = is_typed(m->deed) || is_about_structs(m->deed);
        const struct leaf_places *of = &places[leaves_of(m->deed)];
        for (size_t i = 0; typed && i < of->count; i++) {
            one.of = of->items[i].words;
            if (of->items[i].is_type)
                try_one(s, &one, false);
        }
        one.of = NULL;
        if (!typed || m->deed == DEED_SWAP || m->deed == DEED_ALIGN)
            try_one(s, &one, false);
    }
}

static bool is_found(const struct search *s, const struct mistake *m)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->found[i].by.deed == m->deed && s->found[i].by.n == m->n && strcmp(s->found[i].by.key, m->key) == 0)
            return true;
    return false;
}

/*
 * The same in fewer places: what is found everywhere may be so only there, which other cases tell, and what is not may be found there.
 * Where a place chooses all that there is, only the former.
 */
static void try_narrowly(struct search *s, const struct leaf_places *places)
{
    for (const struct mistake *m = mistake_table; m < mistake_table + mistake_count; m++) {
        const struct leaf_places *of = &places[leaves_of(m->deed)];
        bool typed = is_typed(m->deed), found = of->count && is_found(s, m);
        if (!of->count || is_about_structs(m->deed) || !is_met(s->h, m))
            continue;
        for (size_t i = 0; i < of->count; i++) {
            struct mistake one = *m;
            one.of = of->items[i].words;
            size_t wide = typed ? of->items[of->items[i].of_type].leaves : of->leaves;
            if ((typed ? of->items[i].is_type : of->items[i].is_any) || (of->items[i].leaves == wide && !found))
                continue;
            try_one(s, &one, true);
        }
    }
}

/* Numbers of values may be handled elsewhere than those of requests. */
static bool is_of_numbers(enum deed d)
{
    return is_typed(d) || is_about_structs(d) || d == DEED_SWAP_ALL || d == DEED_HALVES || d == DEED_ROUND;
}

/* … and whoever answers one request may have counts and texts of its own. */
static bool is_of_values(enum deed d)
{
    return is_of_numbers(d) || leaves_of(d) == LEAF_COUNT || leaves_of(d) == LEAF_TEXT;
}

/* As ACCUSED_REQUEST has it; 0: what is asked names types, or has no number. */
static unsigned apart(const struct explained *x)
{
    return !x->types && x->has_request && x->request < 0xffff ? ACCUSED_REQUEST(x->request) : 0;
}

static struct explanation explanation_of(const struct candidate *c, const struct explained *x)
{
    return (struct explanation){ c->by, c->about, c->way, c->ways | (is_of_values(c->by.deed) ? apart(x) : 0), c->narrow, c->doubtful };
}

static void leave_out_belied(struct search *s)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->count; i++)
        if (!s->found[i].belied)
            s->found[kept++] = s->found[i];
    s->count = kept;
}

unsigned hypothesis_find(const struct evidence *e, struct explained *out)
{
    struct history h;

    if (e->got.len && e->match.field >= e->fields->count)
        return 0;
    history_make(e, &h);
    history_refusal(&h);
    struct search s = { .h = &h };
    size_t in_time;
    s.said = history_said(e, &in_time, &s.ended);
    s.in_time = bytes_slice(s.said, 0, in_time);
    refused_read(e, &s.refused);
    struct leaf_places *places = ARENA_ARRAY(e->keep, LEAF_KINDS + 1, struct leaf_places);
    for (enum leaf_kind k = 0; k < LEAF_KINDS && !h.many; k++)
        find_places(&h, k, &places[k]);
    try_widely(&s, places);
    try_narrowly(&s, places);
    leave_out_belied(&s);
    if (s.count == 0)
        return 0;
    const struct candidate *best = s.found;
    *out = (struct explained){ .instead = best->fare > FARE_OTHERWISE };
    tell_request(&h, out);
    out->first = explanation_of(best, out);
    for (size_t i = 1; i < s.count && s.found[i].rank == best->rank; i++)
        if ((s.found[i].fare > FARE_OTHERWISE) == out->instead)
            out->other[out->others++] = explanation_of(&s.found[i], out);
    return best->rank;
}

bool hypothesis_fits(const struct history *h, const struct fared *read)
{
    struct prediction p = { 0 };

    predict(h, &none, read, &p);
    bool fits = explains(h->e, &p, &none) == 3;
    buffer_free(&p.bytes);
    return fits;
}

/* All that we say in a program on a connection before op `end`. */
static struct bytes said_in(const struct program *p, unsigned on, size_t end, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer b = { 0 };

    for (size_t i = 0; i < end; i++)
        if (p->ops[i].kind == OP_SEND && p->ops[i].on == on)
            buffer_append(&b, p->ops[i].bytes.data, p->ops[i].bytes.len);
    return arena_bytes(keep, buffer_bytes(&b));
}

/* Whether the reply that is due would have been another one. what: all that was said on the connection before it. */
static bool would_show(const struct history *told, const struct mistake *m, enum way way, struct bytes what)
{
    SCRATCH(keep); // a history may be long, and many are asked about it
    struct evidence e = *told->e;
    struct fared read = { 0 };
    struct history h = *told;
    struct prediction said = { 0 };

    e.keep = &keep;
    h.e = &e;
    if (way != WAY_WRITES) {
        reader_fares(&h, m, what, false, &read);
        if (read.ruled_out || (read.fare != FARE_RIGHT && read.fare != FARE_OTHERWISE))
            return true;
        if (way == WAY_READS && read.fare == FARE_RIGHT)
            return false;
    }
    predict(&h, way == WAY_READS ? &none : m, read.fare == FARE_OTHERWISE ? &read : NULL, &said);
    struct bytes is = bytes_slice(buffer_bytes(&said.bytes), 0, said.complete);
    bool shows = said.complete && !bytes_equal(is, bytes_slice(e.due, 0, is.len));
    buffer_free(&said.bytes);
    return shows;
}

struct bytes suspect_says(const struct program *p, size_t op, const struct suspect *s, struct arena *keep)
{
    const struct op *of = &p->ops[op];
    const struct evidence e = { .program = p, .op = of, .fields = &of->fields, .due = of->bytes, .keep = keep };
    struct prediction said = { 0 };
    struct fared read = { 0 };
    struct history h;

    history_make(&e, &h);
    if (is_in_refusal(p, s->by->of))
        history_refusal(&h);
    if (s->reads) {
        reader_fares(&h, s->by, said_in(p, of->on, op, keep), false, &read);
        if (read.ruled_out || (read.fare != FARE_RIGHT && read.fare != FARE_OTHERWISE))
            return (struct bytes){ 0 };
    }
    predict(&h, s->writes_right ? &none : s->by, read.fare == FARE_OTHERWISE ? &read : NULL, &said);
    struct bytes is = arena_bytes(keep, bytes_slice(buffer_bytes(&said.bytes), 0, said.complete));
    buffer_free(&said.bytes);
    return is;
}

bool suspect_same(const struct suspect *a, const struct suspect *b)
{
    const char *x = a->by->of ? a->by->of : "", *y = b->by->of ? b->by->of : "";

    return a->reads == b->reads && a->writes_right == b->writes_right && a->by->deed == b->by->deed && a->by->n == b->by->n && strcmp(a->by->key, b->by->key) == 0 && strcmp(x, y) == 0;
}

bool suspect_alike(const struct suspect *a, const struct suspect *b)
{
    return strcmp(a->cause, b->cause) == 0 && strcmp(a->summary, b->summary) == 0;
}

struct suspects *suspects_copy(const struct suspects *s, struct arena *keep)
{
    struct suspects *copy = ARENA_NEW(keep, struct suspects);
    struct suspect *items = ARENA_ARRAY(keep, s->count, struct suspect);

    *copy = *s;
    copy->items = items;
    copy->types = s->types ? arena_string(keep, s->types) : NULL;
    for (size_t i = 0; i < s->count; i++) {
        struct mistake *by = ARENA_NEW(keep, struct mistake);
        *by = *s->items[i].by;
        items[i] = s->items[i];
        items[i].by = by;
        items[i].sentence = arena_string(keep, s->items[i].sentence);
        items[i].summary = arena_string(keep, s->items[i].summary);
    }
    return copy;
}

bool accused_is_out(const struct accused *s)
{
    return (s->ways & ~s->shown & ((1u << WAYS) - 1)) == 0;
}

static void look_at(const struct history *h, struct bytes said, struct accused *s)
{
    struct mistake m = mistake_table[s->mistake];

    m.of = s->of;
    unsigned request = s->ways & ~((1u << WAYS) - 1);
    struct explained asked = { 0 };
    tell_request(h, &asked);
    if (!is_met(h, &m) || (request ? request != apart(&asked) : is_of_numbers(m.deed) && !h->named))
        return;
    for (unsigned way = 0; way < WAYS; way++)
        if ((s->ways & ~s->shown) >> way & 1 && would_show(h, &m, (enum way)way, said))
            s->shown |= 1u << way;
}

void accused_look(struct accused *const *all, size_t count, const struct program *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct op *op = &p->ops[i];
        bool exact = op->kind == OP_RECEIVE; // its bytes may not rightly differ
        for (size_t f = 0; f < op->fields.count; f++)
            exact &= !op->fields.items[f].by_value;
        if (!exact)
            continue;
        SCRATCH(keep);
        const struct evidence e = { .program = p, .op = op, .fields = &op->fields, .due = op->bytes, .keep = &keep };
        struct history h;
        history_make(&e, &h);
        struct bytes said = said_in(p, op->on, i, &keep);
        bool refusals = false;
        for (size_t k = 0; k < count; k++)
            refusals |= is_in_refusal(p, all[k]->of);
        if (refusals)
            history_refusal(&h);
        for (size_t k = 0; k < count && !h.many; k++)
            if (!accused_is_out(all[k]))
                look_at(&h, said, all[k]);
    }
}
