/*
 * Our words are read once more from the first byte of the connection on, value by value, wherever the mistake leads. What has been
 * answered right before rules a mistake out that would have lost its way there.
 */
#include "check/readers.h"

#include "check/reading.h"

/* Whether a message of ours begins with the part; `before` is our part before it, or NULL. */
static bool begins_message(const struct part *p, const struct part *before)
{
    if (!before || (before->op != p->op && before->op->whole))
        return true;
    for (size_t i = 0; before->op == p->op && before->field != p->field && i < p->op->message_count; i++)
        if (p->op->messages[i] == p->field->at)
            return true;
    return false;
}

/* Whether something right of the peer's stands behind the part; what is due may be a later part of the reply to it. */
static bool was_answered(const struct history *h, size_t part)
{
    for (size_t i = part + 1; part < h->asked && i < h->due; i++)
        if (!h->parts[i].ours)
            return true;
    return false;
}

static bool is_shown(const struct history *h, size_t part)
{
    bool shown = h->told < h->count && part >= h->told_from && part < h->told_to;

    for (size_t d = h->due; d < h->count && !shown; d++)
        shown = h->shows[d] == part;
    return shown;
}

/* Numbers that no reply tells say which request it is: that they are read as they should be has been seen before. */
static bool is_of_request(const struct history *h, size_t part)
{
    const struct part *p = &h->parts[part];

    return p->is_value && p->value.of.type->kind == VALUE_INTEGER && !is_shown(h, part);
}

/* Bytes that stand for no value are taken as they are. */
static bool takes_right(const struct history *h, struct reading *g, struct reader *r, size_t part, bool lenient, struct value *seen)
{
    const struct part *p = &h->parts[part];

    if (p->is_value && !is_of_request(h, part)) {
        reading_get(g, r, p->value.of, seen);
        return r->status == WIRE_OK && value_equal(seen, &p->value);
    }
    if (part == h->malformed && lenient) {
        for (size_t i = 0; i < h->malformed_count && r->status == WIRE_OK; i++)
            reading_get(g, r, h->malformed_types[i], seen);
        return false;
    }
    if (p->op->entries && p->field == p->op->fields.items)
        reading_skip(g, p->op->entries);
    return bytes_equal(reader_take(r, p->plain.len), p->plain);
}

static void fails(struct fared *out, const struct reader *r, bool ended)
{
    out->fare = r->status == WIRE_BAD || ended ? FARE_RAISES : FARE_WAITS;
    out->cause = r->status == WIRE_BAD ? (unsigned)r->cause : CAUSE_END_OF_FILE;
}

static void fare(const struct history *h, const struct mistake *m, struct bytes said, bool ended, struct fared *out)
{
    struct reading *g = reading_new(m, &h->e->program->profile, h->e->keep);
    struct reader r = { .in = said };
    struct value *values = ARENA_ARRAY(h->e->keep, h->asked_end + 1, struct value);
    const struct part *before = NULL;
    size_t right = 0; // offset at which the part begins

    *out = (struct fared){ .values = values, .where = SIZE_MAX };
    for (size_t i = 0; i < h->asked_end; i++) {
        const struct part *p = &h->parts[i];
        if (!p->ours) {
            if (m->deed == DEED_TABLE_PER_REFUSAL && p->index == 0 && refusal_due(h->e->program, (size_t)(p->op - h->e->program->ops), h->e->keep))
                reading_forget(g);
            if (p->is_value)
                reading_heard(g, &p->value);
            continue;
        }
        bool begins = begins_message(p, before);
        if (begins && r.at != right) { // what it takes for a request begins elsewhere
            out->fare = FARE_REFUSES;
            out->ruled_out = was_answered(h, i);
            break;
        }
        if (begins)
            reading_message(g, p->op->fresh && (!before || before->op != p->op), r.at);
        before = p;
        right += p->plain.len;
        bool same = takes_right(h, g, &r, i, mistake_is_lenient(m->deed), &values[i]);
        if (r.status != WIRE_OK) {
            out->where = out->where == SIZE_MAX ? i : out->where;
            out->ruled_out = was_answered(h, i);
            fails(out, &r, ended);
            break;
        }
        if (same || (i < h->asked && !is_shown(h, i)))
            continue;
        out->where = out->where == SIZE_MAX ? i : out->where;
        out->fare = FARE_OTHERWISE;
        if (!is_shown(h, i)) {
            out->fare = FARE_REFUSES;
            break;
        }
    }
    out->leaves = r.status == WIRE_OK && r.at < right;
    out->about = reading_about(g);
}

void reader_fares(const struct history *h, const struct mistake *m, struct bytes said, bool ended, struct fared *out)
{
    fare(h, m, said, ended, out);
    if (out->about)
        return;
    out->fare = FARE_RIGHT; // the mistake was not made at all
    out->ruled_out = false;
}

void reader_takes(const struct history *h, struct bytes got, bool ended, struct fared *out)
{
    static const struct mistake none = { .deed = DEED_NONE };

    fare(h, &none, got, ended, out);
}
