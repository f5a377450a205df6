/*
 * Causes: what most likely went wrong in the peer, from what was due and what came.
 *
 * One row per cause, the more telling first; the first that fits is named. Each says its evidence in the
 * sentence, so that a reader can disagree.
 */
#include "check/descriptions.h"
#include "check/forms.h"
#include "check/graphs.h"
#include "check/history.h"
#include "check/hypotheses.h"
#include "check/leaves.h"
#include "check/several.h"
#include "check/told.h"
#include "check/values.h"

#include <stdlib.h>

static const char *type_name(const struct evidence *e)
{
    return e->field && e->field->of.type ? e->field->of.type->mfc : "field";
}

static bool is_kind(const struct evidence *e, enum value_kind k)
{
    return e->field && e->field->of.type && e->field->of.type->kind == k;
}

/* A number that is due in network order, the most significant byte first. */
static bool is_network(const struct evidence *e)
{
    return e->field && e->field->of.type && strncmp(e->field->of.type->name, "net", 3) == 0;
}

static uint64_t number(struct bytes b, bool swapped)
{
    uint64_t v = 0;

    for (size_t i = 0; i < b.len; i++)
        v |= (uint64_t)b.data[i] << 8 * (swapped ? b.len - 1 - i : i);
    return v;
}

/* How much stands before the number itself, to say that it is a long one: a count [CNT-1], a time [8.2]. */
static size_t marks(struct bytes field)
{
    return field.len > 8 ? field.len - 8 : field.len == 6 ? 2 : 0;
}

/* Whether that is the same, or the same with its bytes exchanged. */
static bool marks_agree(struct bytes due, struct bytes got)
{
    struct bytes want = bytes_slice(due, 0, marks(due)), is = bytes_slice(got, 0, want.len);

    return bytes_equal(want, is) || number(want, false) == number(is, true);
}

static const char *swapped(const struct evidence *e)
{
    struct bytes due = e->field_due, got = bytes_slice(e->field_got, 0, due.len);
    size_t mark = marks(due);

    if (!is_kind(e, VALUE_INTEGER) && !is_kind(e, VALUE_FLOAT) && !is_kind(e, VALUE_DOUBLE))
        return NULL;
    if (due.len < 2 || got.len < due.len || !marks_agree(due, got))
        return NULL;
    due = bytes_slice(due, mark, SIZE_MAX);
    got = bytes_slice(got, mark, SIZE_MAX);
    bool network = is_network(e);
    const char *order = network ? "little-endian" : "big-endian";
    uint64_t want = number(due, network), plain = number(got, network), turned = number(got, !network);
    uint64_t mask = due.len < 8 ? (1ull << 8 * due.len) - 1 : UINT64_MAX, plus = e->field->plus;
    struct buffer told = { 0 }; // the value before the addition, as the peer would have read it
    for (size_t i = 0; i < due.len; i++)
        wire_u8(&told, (uint8_t)((want - plus) >> 8 * i));
    uint64_t misread = (number(buffer_bytes(&told), true) + plus) & mask;
    buffer_free(&told);
    if (plain == turned)
        return NULL; // it reads the same either way
    if (turned == want)
        return arena_printf(e->keep, "the bytes of this %s stand in %s order: it reads %llu, and %llu with its bytes exchanged",
                            type_name(e), order, (unsigned long long)plain, (unsigned long long)turned);
    if (plus && turned == misread)
        return arena_printf(e->keep, "the peer reads and writes this %s %s: what came is right for the number with its bytes exchanged",
                            type_name(e), order);
    if (want < 256 && plain > 255 && turned < 256)
        return arena_printf(e->keep, "the bytes of this %s stand in %s order: it reads %llu, and %llu with its bytes exchanged",
                            type_name(e), order, (unsigned long long)plain, (unsigned long long)turned);
    return NULL;
}

static const char *elements_swapped(const struct evidence *e)
{
    struct bytes due = e->field_due, got = e->field_got;
    size_t width = is_kind(e, VALUE_TUPLE) ? 4 : is_kind(e, VALUE_ARRAY) ? e->field->of.type->width : 0;

    if (width < 2 || got.len < due.len)
        return NULL;
    struct reader r = { .in = due };
    if (is_kind(e, VALUE_ARRAY))
        archive_load_count(&r, &e->program->profile);
    struct bytes count = bytes_slice(due, 0, r.at), told = bytes_slice(got, 0, r.at);
    size_t mark = marks(count);
    if (!marks_agree(count, told) ||
        (!bytes_equal(count, told) && number(bytes_slice(count, mark, 8), false) != number(bytes_slice(told, mark, 8), true)))
        return NULL;
    for (size_t at = r.at; at + width <= due.len; at += width)
        if (number(bytes_slice(due, at, width), false) != number(bytes_slice(got, at, width), true))
            return NULL;
    return arena_printf(e->keep, "the elements of this %s stand in big-endian order", type_name(e));
}

/* A short ASCII string of either width, as characters. */
static bool ascii(const struct value *v, struct text *to)
{
    size_t step = v->wide ? 2 : 1;

    if (v->data.len > 64)
        return false;
    for (size_t i = 0; i + step <= v->data.len; i += step) {
        if (v->data.data[i] > 0x7e || v->data.data[i] < 0x20 || (v->wide && v->data.data[i + 1]))
            return false;
        text_char(to, (char)v->data.data[i]);
    }
    return true;
}

/* The text of a number that the peer read with its bytes exchanged. */
static const char *text_swapped(const struct evidence *e)
{
    const struct row *row = e->program->vector->row;

    if (!is_kind(e, VALUE_STRING) || !row || row->count != 1 || row->types[0].type->kind != VALUE_INTEGER)
        return NULL;
    unsigned width = row->types[0].type->width;
    struct reader r = { .in = e->field_got };
    struct value told;
    value_load(&r, &e->program->profile, NULL, e->field->of, e->keep, &told);
    if (r.status != WIRE_OK || width < 2)
        return NULL;
    struct value want, is, wanted;
    struct error ignored;
    struct reader d = { .in = e->field_due };
    value_load(&d, &e->program->profile, NULL, e->field->of, e->keep, &want);
    if (d.status != WIRE_OK)
        return NULL;
    TEXT(said);
    TEXT(due);
    if (!ascii(&told, &said) || !ascii(&want, &due) ||
        !value_parse(text_string(&said), row->types[0], &e->program->profile, e->keep, &is, &ignored) ||
        !value_parse(text_string(&due), row->types[0], &e->program->profile, e->keep, &wanted, &ignored))
        return NULL;
    uint64_t mask = width < 8 ? (1ull << 8 * width) - 1 : UINT64_MAX, turned = 0;
    for (unsigned i = 0; i < width; i++)
        turned |= (is.number >> 8 * i & 0xff) << 8 * (width - 1 - i);
    if ((turned & mask) != (wanted.number & mask))
        return NULL;
    return arena_printf(e->keep, "the peer reads this %s big-endian: it says %s where %s was sent", row->types[0].type->mfc,
                        text_string(&said), text_string(&due));
}

static const struct bytes wide_mark = { (const uint8_t[]){ 0xff, 0xfe, 0xff }, 3 };

static bool is_wide(struct bytes b)
{
    return b.len >= 3 && memcmp(b.data, wide_mark.data, 3) == 0;
}

static const char *width(const struct evidence *e)
{
    if (!is_kind(e, VALUE_STRING) || is_wide(e->field_due) == is_wide(e->field_got) || e->field_got.len == 0)
        return NULL;
    return is_wide(e->field_got) ? "a wide string came where a narrow one was due"
                                 : "a narrow string came where a wide one was due";
}

/* 65534 in the short form: its bytes are the mark of a wide string [STR-6, STR-13]. */
static const char *escape_of_65534(const struct evidence *e)
{
    struct bytes due = e->field_due, got = e->field_got;

    if (!is_kind(e, VALUE_STRING) || is_wide(due) || !is_wide(got))
        return NULL;
    struct reader r = { .in = due };
    bool wide;
    if (archive_load_string_length(&r, &e->program->profile, &wide) != 65534)
        return NULL;
    return "the length 65534 stands in two bytes, FFFE, which says that the string is wide";
}

/* A length that needs the escape was written in one byte: the units follow at once. */
static const char *escape(const struct evidence *e)
{
    struct bytes due = e->field_due, got = e->field_got;

    if (!is_kind(e, VALUE_STRING))
        return NULL;
    size_t mark = is_wide(due) ? 3 : 0;
    if (due.len < mark + 8 || due.data[mark] != 0xff || got.len < mark + 5 || memcmp(due.data, got.data, mark + 1) != 0)
        return NULL;
    struct reader r = { .in = due };
    bool wide;
    uint64_t units = archive_load_string_length(&r, &e->program->profile, &wide);
    struct bytes text = bytes_slice(due, r.at, SIZE_MAX), rest = bytes_slice(got, mark + 1, 4);
    if (text.len < 4 || memcmp(text.data, rest.data, 4) != 0)
        return NULL;
    return arena_printf(e->keep, "the length %llu stands in one byte, FF, which says that a longer form follows",
                        (unsigned long long)units);
}

/* ---- what the hypotheses explain ---- */

static const char *filled(struct arena *keep, const char *form, const char *about)
{
    TEXT(to);
    const char *at = strstr(form, "%s");

    if (!at)
        return form;
    size_t plural = at[2] == 's' && strstr(about, " of ") ? strcspn(about, " ") : 0; // "LONGs of CPoint"
    if (plural)
        text_printf(&to, "%.*s%.*ss%s%s", (int)(at - form), form, (int)plural, about, about + plural, at + 3);
    else
        text_printf(&to, "%.*s%s%s", (int)(at - form), form, about, at + 2);
    return arena_string(keep, text_string(&to));
}

/* What is said of a writer, of a reader: it does not store, it reads. */
static const char *of_reader(const char *words, struct arena *keep)
{
    const char *at = strstr(words, " stored");

    return at ? arena_printf(keep, "%.*s read%s", (int)(at - words), words, at + strlen(" stored")) : words;
}

static const char *summary_of(const struct mistake *m, const char *about, bool told, struct arena *keep)
{
    const char *of = m->of ? m->of : m->deed == DEED_SWAP || m->deed == DEED_ALIGN ? "number" : about, *words = filled(keep, m->summary, of);

    if (m->of && !strstr(m->summary, "%s"))
        words = arena_printf(keep, "%s, in %s", words, m->of);
    return told ? of_reader(words, keep) : words;
}

// clang-format off
/* Sentences that say more than a row of the table can. */
static const struct {
    const char *key;
    const char *(*fits)(const struct evidence *e);
} words[] = {
    { "bytes-swapped", swapped          },
    { "bytes-swapped", elements_swapped },
    { "bytes-swapped", text_swapped     },
    { "length-escape", escape_of_65534  },
    { "length-escape", escape           },
    { "string-width",  width            },
};
// clang-format on

static const char *worded(const struct evidence *e, const char *key)
{
    const char *sentence = NULL;

    for (size_t i = 0; !sentence && i < COUNT_OF(words); i++)
        if (strcmp(words[i].key, key) == 0)
            sentence = words[i].fits(e);
    return sentence;
}

static const struct accused *accused_of(const struct evidence *e, const struct explanation *x)
{
    struct accused *s = ARENA_NEW(e->keep, struct accused);
    size_t place = 0;

    while (mistake_table[place].deed != x->by.deed || mistake_table[place].n != x->by.n || strcmp(mistake_table[place].key, x->by.key) != 0)
        place++;
    *s = (struct accused){ x->by.key, summary_of(&x->by, x->about, x->way == WAY_READS, e->keep), (unsigned)place, x->ways, x->by.of, 0 };
    return s;
}

static void also(struct finding *f, const char *cause, const char *summary)
{
    if (f->other_count == OTHERS_TOLD)
        return;
    f->others[f->other_count].cause = cause;
    f->others[f->other_count++].summary = summary;
}

static void also_explained(const struct evidence *e, struct finding *f, const struct explanation *x)
{
    const struct accused *s = accused_of(e, x);

    if (strcmp(f->cause, s->cause) == 0 && f->summary && strcmp(f->summary, s->summary) == 0)
        return; // as it is named first
    for (size_t i = 0; i < f->other_count; i++)
        if (strcmp(f->others[i].cause, s->cause) == 0 && f->others[i].summary && strcmp(f->others[i].summary, s->summary) == 0)
            return;
    if (f->other_count == OTHERS_TOLD)
        return; // the last one told is another's
    also(f, s->cause, s->summary);
    f->others[f->other_count - 1].narrow = x->narrow;
    f->others[f->other_count - 1].accused = s;
}

static const char *sentence_of(const struct evidence *e, const struct explanation *x)
{
    const char *sentence = x->by.says && strcmp(x->by.key, "string-width") == 0 ? NULL : worded(e, x->by.key);

    if (!sentence && x->by.says)
        sentence = filled(e->keep, x->by.says, x->by.of ? x->by.of : x->about);
    return sentence ? sentence : summary_of(&x->by, x->about, x->way == WAY_READS, e->keep);
}

/* Whether another explains as much that is made in more than this: no second exchange need tell these apart. */
static bool is_within_another(const struct explained *found, const struct explanation *x)
{
    bool is = form_is_within(&found->first.by, &x->by);

    for (size_t i = 0; i < found->others; i++)
        is |= form_is_within(&found->other[i].by, &x->by);
    return is;
}

/* All that explain as much, for an exchange that may tell them apart. */
static const struct suspects *suspects_of(const struct evidence *e, const struct explained *found)
{
    struct suspects *all = ARENA_NEW(e->keep, struct suspects);
    struct suspect *items = ARENA_ARRAY(e->keep, SUSPECTS_MAX, struct suspect);

    *all = (struct suspects){ .items = items, .types = found->types, .has_request = found->has_request,
                              .request = found->request, .told = found->first.way == WAY_READS };
    for (size_t i = 0; i <= found->others && all->count < SUSPECTS_MAX; i++) {
        const struct explanation *x = i ? &found->other[i - 1] : &found->first;
        if (i && x->narrow)
            continue;
        struct mistake *m = ARENA_NEW(e->keep, struct mistake);
        if (is_within_another(found, x))
            continue;
        *m = x->by;
        items[all->count++] = (struct suspect){ m, x->way != WAY_WRITES, x->way == WAY_READS, m->key, sentence_of(e, x),
                                     summary_of(m, x->about, x->way == WAY_READS, e->keep) };
        all->tables |= m->deed >= DEED_TABLE_PER_MESSAGE;
    }
    if (!all->types && e->field && e->field->of.type) {
        TEXT(name);
        type_print(&name, e->field->of);
        all->types = arena_string(e->keep, text_string(&name));
    }
    return all;
}

static void hypothesis_name(const struct evidence *e, const struct explained *found, struct finding *f)
{
    const struct mistake *by = &found->first.by;

    f->accused = accused_of(e, &found->first);
    f->cause = by->key;
    f->summary = f->accused->summary;
    f->sentence = sentence_of(e, &found->first);
    f->suspects = found->instead ? NULL : suspects_of(e, found);
    for (size_t i = 0; i < found->others; i++)
        also_explained(e, f, &found->other[i]);
}

/* What would explain it, too, where it has another cause. */
static void name_others(const struct evidence *e, const struct explained *x, struct finding *f)
{
    also_explained(e, f, &x->first);
    for (size_t i = 0; i < x->others; i++)
        also_explained(e, f, &x->other[i]);
}

void cause_waits(const struct evidence *e, struct finding *f)
{
    struct explained x;

    if (hypothesis_find(e, &x) >= 2)
        name_others(e, &x, f);
}

/* It explains zeroes, or one more or less: what came may be that by chance, and be something else. */
static bool is_weak(const struct mistake *m)
{
    enum deed d = m->deed;

    return d == DEED_ALIGN || d == DEED_ALIGN_WITHIN || d == DEED_SIZE || d == DEED_SIZE_UNSIGNED || (d == DEED_COUNT_BYTES && m->n > 2) || d == DEED_COUNT_PLUS || d == DEED_NULLS_LEFT || d == DEED_NUL_BEHIND || d == DEED_TAG_SIZE || d == DEED_NULL_SIZE || d == DEED_LENGTH_PLUS;
}

/* Whether a number came as zero, or is told as that: fewer digits are one way to that of many. */
static bool is_rounded_away(const struct evidence *e, const struct mistake *m)
{
    TEXT(due);
    TEXT(is);

    if (m->deed != DEED_ROUND && m->deed != DEED_ROUND_WHOLE)
        return false;
    if (texts_of(e, &due, &is))
        return strspn(text_string(&is), "0") == is.b.len;
    for (size_t i = 0; i < e->field_got.len && i < e->field_due.len; i++)
        if (e->field_got.data[i])
            return false;
    return true;
}

/* ---- what stands behind a reply ---- */

#define TELLING 3 // bytes of a reply, by which it is known again

/* Whether bytes begin as what is due later on the connection: they are no part of the reply before, only too early. */
static bool is_due_later(const struct evidence *e)
{
    const struct program *p = e->program;

    for (size_t i = (size_t)(e->op - p->ops); i < p->count; i++)
        if (p->ops[i].kind == OP_RECEIVE && p->ops[i].on == e->op->on && bytes_begin(p->ops[i].bytes, e->got))
            return true;
    return false;
}

/* Behind a refusal, whether what came may be the answer to what the peer left unread: another refusal. */
static bool answers_the_rest(const struct evidence *e)
{
    return refusal_due(e->program, (size_t)(e->before->op - e->program->ops), e->keep) && is_refusal(e->program, e->got, e->keep);
}

#define BEGINNING 16 // bytes by which what came before is known

/* Whether what came is, or begins as, all that the peer had said on the connection. */
static bool begins_again(const struct evidence *e)
{
    struct bytes all = trace_received(e->trace, e->op->on, e->trace->count, e->keep), before = bytes_slice(all, 0, all.len - e->got.len);
    struct bytes with = bytes_slice(before, 0, BEGINNING);

    return with.len > 2 * TELLING && bytes_begin(with, e->got);
}

/* What it is if no mistake explains it. */
static bool behind_plainly(const struct evidence *e, size_t strays, struct finding *f)
{
    struct bytes reply = bytes_slice(e->before->got, 0, e->before->got.len - e->got.len);
    bool again = bytes_begin(reply, e->got);

    if (again && reply.len >= TELLING) {
        f->cause = "repeated";
        f->sentence = arena_printf(e->keep, "the reply before, %zu byte%s, came once more", reply.len, reply.len == 1 ? "" : "s");
        f->summary = "replies come twice";
    } else if (begins_again(e)) {
        f->cause = "repeated";
        f->sentence = arena_printf(e->keep, "what had come before on the connection came once more, %zu byte%s of it", strays, strays == 1 ? "" : "s");
        f->summary = "replies come twice";
    } else if (reads_as_message(e->program, e->got, strays)) {
        f->cause = "spoke-unasked";
        f->sentence = arena_printf(e->keep, "a message that nobody had asked for stands behind the reply before, %zu byte%s", strays, strays == 1 ? "" : "s");
        f->summary = "the peer sends messages that nobody asked for";
        also(f, e->one_piece ? "extra-bytes" : "stray-bytes", NULL);
    } else if (e->one_piece && !more_said_than_due(e) && !answers_the_rest(e)) {
        f->cause = "extra-bytes";
        f->sentence = arena_printf(e->keep, "%zu byte%s stand%s behind the reply before, in one piece with it", strays, strays == 1 ? "" : "s", strays == 1 ? "s" : "");
        if (begins_refusal(e->program, e->got, e->keep)) {
            f->cause = "spoke-unasked";
            f->sentence = arena_printf(e->keep, "%s: a refusal of what nobody has asked", f->sentence);
            f->summary = "the peer refuses what nobody has asked";
            also(f, "extra-bytes", NULL);
        }
        if (again && reply.len == strays)
            also(f, "repeated", "replies come twice");
    } else {
        return false;
    }
    return true;
}

bool cause_behind(const struct evidence *e, size_t strays, struct finding *f)
{
    struct finding plain = *f;
    struct explained x;

    if (!e->before || !strays || is_due_later(e) || (!e->one_piece && more_said_than_due(e)))
        return false;
    const char *paused = cause_paused(e, strays);
    if (paused) {
        f->cause = "false-end";
        f->sentence = paused;
        f->summary = "the peer takes the end of what has arrived for the end of the stream";
        return true;
    }
    bool is_plain = behind_plainly(e, strays, &plain);
    if (hypothesis_find(e->before, &x) == 3 && !x.instead) {
        hypothesis_name(e->before, &x, f);
        f->seen = is_weak(&x.first.by) ? plain.cause : NULL;
        return true;
    }
    *f = plain;
    return is_plain;
}

/* Bytes that stand before what was due, behind a reply that was right. */
static bool stands_behind(const struct evidence *e, struct finding *f)
{
    const uint8_t *found = e->due.len >= 2 && e->due.len <= e->got.len ? memmem(e->got.data, e->got.len, e->due.data, e->due.len) : NULL;
    struct explained x;

    if (found && !e->one_piece && hypothesis_find(e, &x) == 3 && !x.instead)
        return false; // what came later is sooner a part of what it came with
    if (!found || !cause_behind(e, (size_t)(found - e->got.data), f))
        return false;
    if (strcmp(f->cause, "extra-bytes") == 0 && hypothesis_find(e, &x) == 3 && !x.instead)
        name_others(e, &x, f); // in one piece nobody sees to which reply they belong
    return true;
}

/* ---- what is left ---- */

/* Everything reads, and one value is another one. */
static const char *wrong_value(const struct evidence *e)
{
    SCRATCH(scratch);
    struct reader r = { .in = bytes_slice(e->got, e->match.start, SIZE_MAX) };
    struct value seen;
    TEXT(is);

    if (!e->field || !e->field->of.type || e->field->any)
        return NULL;
    struct object_mark mark = e->table ? object_table_mark(e->table) : (struct object_mark){ 0 };
    value_load(&r, &e->program->profile, e->table, e->field->of, &scratch, &seen);
    if (e->table)
        object_table_rollback(e->table, mark);
    if (r.status != WIRE_OK)
        return NULL;
    service_print(e->program->vector->service, &is, &seen);
    size_t behind = e->match.start + r.at, due = e->field->at + e->field->len;
    struct bytes rest = bytes_slice(e->got, behind, SIZE_MAX), left = bytes_slice(e->due, due, SIZE_MAX);
    if (left.len > rest.len || (left.len && memcmp(left.data, rest.data, left.len) != 0))
        return NULL;
    return arena_printf(e->keep, "the value is another one: the %s reads %.60s where %.60s is due", type_name(e), text_string(&is),
                        e->field->text ? e->field->text : "another");
}

#define MUCH 0x100 // from here on a number of two bytes is no status, and near another by no chance

/* … a number that may be how many there are of something, by one. */
static const char *one_off(const struct evidence *e)
{
    bool counts = is_kind(e, VALUE_INTEGER) && (e->field->of.type->width >= 4 || (e->field_due.len == 2 && number(e->field_due, is_network(e)) >= MUCH));

    if (!counts || e->field->plus || says_again(e, e->field) || e->field_got.len < e->field_due.len || !wrong_value(e))
        return NULL;
    size_t mark = marks(e->field_due);
    if (!bytes_equal(bytes_slice(e->field_due, 0, mark), bytes_slice(e->field_got, 0, mark)))
        return NULL;
    uint64_t due = number(bytes_slice(e->field_due, mark, SIZE_MAX), is_network(e));
    uint64_t is = number(bytes_slice(e->field_got, mark, e->field_due.len - mark), is_network(e));
    if (due != is + 1 && is != due + 1)
        return NULL;
    return arena_printf(e->keep, "the %s is one too %s: it reads %llu where %llu is due", type_name(e), is > due ? "large" : "small", (unsigned long long)is,
                        (unsigned long long)due);
}

static const char *anything(const struct evidence *e)
{
    if (e->match.status != MATCH_MISMATCH)
        return NULL;
    if (e->match.reason)
        return arena_printf(e->keep, "no %s: %s", type_name(e), e->match.reason);
    return arena_printf(e->keep, "differs from byte %zu on", e->match.at);
}

#define TOLD_COUNTING "objects are told by numbers that count more than these"

// clang-format off
static const struct {
    const char *key;
    const char *(*fits)(const struct evidence *e); // the sentence, or NULL; a row without it: the hypotheses
    const char *summary; // of all, about %s; NULL: the usual sentence
    unsigned least;      // of hypotheses: how much they must explain
    bool instead;        // … that no value came; and they agree on the cause
} causes[] = {
    { "echo",            cause_echo,          "the peer sends back what it gets", 0 },
    { "echo",            cause_own_values,    "the peer sends back what it gets", 0 },
    { "cut",             cause_taken_for_end, "replies lack their end", 0 },
    { "extra-bytes",     cause_written_as_text, "a 0D stands before each 0A", 0 },
    { "spoke-unasked",   cause_answered,      "the peer answers what has no reply", 0 },
    { "dropped",         cause_lost,          "bytes of what was said are lost", 0 },
    { "dropped",         cause_replies_missing, "requests are dropped", 0 },
    { NULL,              NULL,                NULL, 3 },
    { "dropped",         cause_lost_more,     "bytes of what was said are lost", 0 },
    { "spoke-unasked",   cause_begun,         "replies begin before their request is whole", 0 },
    { "wrong-value",     cause_fields_turned, "fields of messages stand in another order", 0 },
    { "cut",             cause_head_missing,  "refusals lack their beginning", 0 },
    { "cut",             cause_heads_missing, "replies lack their beginning", 0 },
    { "repeated",        cause_said_before,   "what must be refused is answered with the reply before", 0 },
    { "not-refused",     cause_not_refused,   "the peer answers what it must refuse", 0 },
    { "not-refused",     cause_let_in,        "the peer lets in whom it must turn away", 0 },
    { "other-reply",     cause_turned_away,   "the peer turns away whom it must let in", 0 },
    { "wrong-cause",     cause_wrong_cause,   "exceptions tell another cause than the right one", 0 },
    { "false-end",       cause_false_end,     "the peer takes the end of what has arrived for the end of the stream", 0 },
    { "wrong-schema",    cause_other_schema,  "classes are described with another schema than theirs", 0 },
    { "terminated",      cause_name_padded,   "names of classes are padded with NULs", 0 },
    { "bytes-for-units", cause_name_doubled,  "lengths of the names of classes count two bytes for each character", 0 },
    { "off-by-one",      cause_name_off,      "lengths of the names of classes are one off", 0 },
    { "cut",             cause_name_cut,      "names of classes are cut", 0 },
    { "wrong-value",     cause_named_otherwise, "classes are described by other names than theirs", 0 },
    { "wrong-index",     cause_class_of_another, "classes have the tags of others", 0 },
    { "table-restarted", cause_table_unknown, "object tables begin anew with each message", 0 },
    { NULL,              NULL,                NULL, 3, true },
    { "dropped",         cause_lost_refused,  "bytes of what was said are lost", 0 },
    { "table-shared",    cause_loaded_elsewhere, "one object table serves several connections", 0 },
    { "wrong-value",     cause_other_head,    "replies begin with another number than theirs", 0 },
    { "other-reply",     cause_other_reply,   NULL, 0 },
    { "repeated",        cause_said_twice,    "replies come twice", 0 },
    { "repeated",        cause_began_again,   "replies begin again where a part of them was sent", 0 },
    { "flood",           cause_flood,         "the peer floods its connections", 0 },
    { "random",          cause_random,        "what the peer says looks like chance", 0 },
    { "dropped",         cause_skipped,       "requests are dropped", 0 },
    { "other-reply",     cause_broken_off,    "replies are broken off by an exception", 0 },
    { "object-repeated", cause_sent_again,    "objects that were carried before are told or sent again", 0 },
    { "wrong-request",   cause_wrong_request, "replies go to another request than theirs", 0 },
    { "wrong-request",   cause_said_elsewhere, "replies go to another request than theirs", 0 },
    { "spoke-unasked",   cause_greeting,      "the peer speaks first", 0 },
    { "repeated",        cause_doubled,       "replies come twice", 0 },
    { "wrong-value",     cause_object_stands, "objects stand in place of null", 0 },
    { "extra-bytes",     cause_shifted,       NULL, 0 },
    { "extra-bytes",     cause_zeroes_behind, "collections have elements behind theirs that are zero or empty", 0 },
    { "kept-from-before", cause_kept_before,   "collections have what they held before", 0 },
    { "cut",             cause_lacks_behind_count, "collections lack elements", 0 },
    { "off-by-one",      cause_one_more,      "collections have an element too many", 0 },
    { "wrong-value",     cause_text_of_another, "fields have the text of others", 0 },
    { "extra-bytes",     cause_text_more,     "texts have more than is due", 0 },
    { "extra-bytes",     cause_told_more,     "texts have more than is due", 0 },
    { "extra-bytes",     cause_inserted_whole, NULL, 0 },
    { "cut",             cause_rest_lost,     "the rest of long replies is never sent", 0 },
    { "cut",             cause_part_cut,      "the rest of long replies is never sent", 0 },
    { NULL,              NULL,                NULL, 2 },
    { "sign-lost",       cause_sign_lost,           "negative numbers are told without their sign", 0 },
    { "sign-added",      cause_sign_added,          "numbers are told as the negative ones that have the same bits", 0 },
    { "cut",             cause_zeroes_lost,         "numbers in texts lack the zeroes before them", 0 },
    { "bytes-swapped",   swapped,             "%ss are stored big-endian", 0 },
    { "bytes-swapped",   elements_swapped,    "the elements of %s are stored big-endian", 0 },
    { "bytes-swapped",   cause_block_turned,  "blocks have their bytes exchanged", 0 },
    { "bytes-swapped",   text_swapped,        "numbers are read big-endian", 0 },
    { "length-escape",   escape_of_65534,     "lengths have no longer form than two bytes", 0 },
    { "length-escape",   escape,              "lengths have no longer form than one byte", 0 },
    { NULL,              NULL,                NULL, 1 },
    { "bytes-swapped",   cause_pair_turned,   "two bytes change places", 0 },
    { "string-width",    width,               "strings have the other width", 0 },
    { "extra-bytes",     cause_inserted_often, NULL, 0 },
    { "wrong-index",     cause_refused_kept,  "what is refused keeps its place in object tables", 0 },
    { "table-shared",    cause_known_elsewhere, "one object table serves several connections", 0 },
    { "table-shared",    cause_class_unknown, "one object table serves several connections", 0 },
    { "wrong-index",     cause_class_tag,     "classes have the tags of others", 0 },
    { "table-shared",    cause_never_carried, "one object table serves several connections", 0 },
    { "objects-merged",  cause_merged,        "several objects are sent as one", 0 },
    { "null-for-object", cause_null_stands,   "null stands in place of objects", 0 },
    { "table-restarted", cause_told_anew,     "objects are told by numbers that begin anew with each message", 0 },
    { "off-by-one",      cause_told_off,      "the numbers of objects are told one off", 0 },
    { "wrong-index",     cause_told_counting, TOLD_COUNTING, 0 },
    { "wrong-index",     cause_refers_otherwise, "references are to other objects than they should", 0 },
    { "kept-from-before", cause_has_more,       "maps have what they held before", 0 },
    { "cut",             cause_lacks_elements, "collections lack elements", 0 },
    { "count-escape",    cause_count_form,    "counts have a form of their own", 0 },
    { "length-escape",   cause_length_form,   "lengths of strings have a form of their own", 0 },
    { "time-form",       cause_time_form,     "CTime is stored in a form of its own", 0 },
    { "cut",             cause_missing_often, "bytes are missing from replies", 0 },
    { "extra-bytes",     cause_inserted,      NULL, 0 },
    { "wrong-schema",    cause_wrong_schema,  "objects have another schema than they were described with", 0 },
    { "wrong-value",     cause_count_wrong,   NULL, 0 },
    { "cut",             cause_missing,       NULL, 0 },
    { "cut",             cause_text_cut,      "values are told without a part of them", 0 },
    { "cut",             cause_words_less,    "values are told without a part of them", 0 },
    { "extra-bytes",     cause_words_more,    "texts have more than is due", 0 },
    { "cut",             cause_value_cut,     "%ss are cut", 0 },
    { "cut",             cause_cut_within,    "texts or arrays within values are cut", 0 },
    { "cut",             cause_ended_by_nul,  "a NUL stands in the place of the last unit of texts or blocks", 0 },
    { "replaced",        cause_replaced,      "characters of texts are replaced", 0 },
    { "replaced",        cause_undecoded,     "characters of texts are replaced", 0 },
    { "rounded",         cause_nearly,        "floats and doubles have fewer digits", 0 },
    { "bytes-swapped",   cause_bytes_moved,   "numbers have their bytes in an order of their own", 0 },
    { "off-by-one",      one_off,             NULL, 0 },
    { "off-by-one",      cause_number_off,    "numbers that are told in texts are one off", 0 },
    { "wrong-size",      cause_other_size,    "numbers have another size", 0 },
    { "wrong-value",     wrong_value,         NULL, 0 },
    { "wrong-value",     cause_block_differs, "bytes of blocks are others than those that are due", 0 },
    { "off-by-one",      cause_several_off,   NULL, 0 },
    { "wrong-value",     cause_wrong_values,  NULL, 0 },
    { "wrong-value",     cause_typed_differs, "values are none of their type", 0 },
    { "differs",         anything,            NULL, 0 },
};
// clang-format on

/* What would be named from row `from` on if the mistake were none; NULL: the same. */
static const char *seen_from(const struct evidence *e, size_t from, const char *cause)
{
    for (size_t i = from; i < COUNT_OF(causes); i++)
        if (causes[i].fits && causes[i].fits(e))
            return strcmp(causes[i].key, cause) == 0 ? NULL : causes[i].key;
    return NULL;
}

/* Whether all that explain it name the same cause, but for what explains any refusal of an object from before. */
static bool agree(const struct explained *x)
{
    for (size_t i = 0; i < x->others; i++)
        if (strcmp(x->other[i].by.key, x->first.by.key) != 0 && x->other[i].by.deed != DEED_OBJECTS_PER_MESSAGE)
            return false;
    return true;
}

void cause_find(const struct evidence *e, struct finding *f)
{
    struct explained x;
    unsigned much = 0;
    bool looked = false;

    if (cause_aligned(e, f) || stands_behind(e, f))
        return;
    for (size_t i = 0; i < COUNT_OF(causes); i++) {
        if (!causes[i].fits) {
            much = looked ? much : hypothesis_find(e, &x);
            looked = true;
            if (much < causes[i].least || x.instead != causes[i].instead || (x.instead && !agree(&x)))
                continue;
            const char *apart = cause_greeting(e);
            if (apart) { // bytes that came by themselves are no part of a value
                f->cause = "spoke-unasked";
                f->sentence = apart;
                f->summary = "the peer speaks first";
                return;
            }
            hypothesis_name(e, &x, f);
            f->seen = is_weak(&x.first.by) || is_rounded_away(e, &x.first.by) || x.instead || x.first.doubtful ? seen_from(e, i + 1, f->cause) : NULL;
            return;
        }
        const char *sentence = looked && much && x.instead && causes[i].fits == cause_table_unknown ? NULL : causes[i].fits(e);
        if (!sentence)
            continue;
        f->cause = causes[i].key;
        f->sentence = sentence;
        f->summary = causes[i].summary ? filled(e->keep, causes[i].summary, type_name(e)) : NULL;
        if (strcmp(f->cause, "wrong-request") == 0 && wrong_value(e))
            also(f, "wrong-value", NULL);
        if (causes[i].fits == cause_told_off && cause_told_counting(e))
            also(f, "wrong-index", TOLD_COUNTING);
        if (causes[i].fits == cause_answered && hypothesis_find(e, &x) == 3 && !x.instead)
            name_others(e, &x, f);
        if (much && x.instead)
            name_others(e, &x, f);
        return;
    }
}

void cause_short(const struct evidence *e, struct finding *f)
{
    struct finding whole = *f;
    struct explained x;
    size_t came = e->got.len, due = e->due.len;
    bool is_round = came >= 128 && ((came & (came - 1)) == 0 || (came & (came + 1)) == 0);

    if (hypothesis_find(e, &x) == 3 && !x.instead) {
        hypothesis_name(e, &x, &whole);
        // A number of which the first bytes came may be a shorter one, or cut.
        if (strcmp(whole.cause, "wrong-size") != 0)
            *f = whole;
        else
            also(f, whole.cause, whole.summary);
    }
    if (strcmp(f->cause, "cut") == 0)
        return;
    f->sentence = came < due ? arena_printf(e->keep, "%s: only %zu%s of %zu bytes came", f->sentence, came, is_round ? ", a round number," : "", due)
                             : arena_printf(e->keep, "%s: %zu bytes came, and a value is not whole", f->sentence, came); // of values that may be any
    if (is_round)
        f->cause = "cut";
    else
        also(f, "cut", NULL);
}
