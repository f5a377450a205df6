/*
 * The loads note what they read, inner parts first. Here the notes of one value become a tree again: sorted by
 * place, the longer first, a note lies within those above it that reach beyond it.
 *
 *   00000000  34 12              word     4660
 *   00000002  16 bytes           cstring  u:00480069
 *   00000002    ff fe ff 02        wide, length 2
 *   00000006    48 00 69 00        text "Hi"
 *
 * A value that is not complete is told as far as it was read, then why it was not read further.
 */
#include "archive/decode.h"

#include <inttypes.h>
#include <stdlib.h>

#include "archive/objects.h"

#define BYTES_SHOWN 12 // of one line
#define LEFT_SHOWN  16 // of what is left
#define WIDTH       40 // columns of the bytes
#define NESTED_MAX  16 // levels that are indented

static bool times_parse(const char *digits, size_t room, size_t *out)
{
    char *end;
    unsigned long n = strtoul(digits, &end, 10);

    *out = n;
    return *digits >= '0' && *digits <= '9' && !*end && n <= room;
}

bool type_list_parse(const char *text, struct arena *keep, struct type_list *out, struct error *err)
{
    char *rest = arena_string(keep, text), *name;
    struct type_list list = { .types = ARENA_ARRAY(keep, DECODE_VALUES_MAX, struct type_ref) };

    while ((name = strsep(&rest, ","))) {
        char *star = strchr(name, '*');
        size_t times = 1;
        struct type_ref t;
        if (star)
            *star++ = 0;
        if (!type_parse(name, &t, err))
            return false;
        if (star && !*star && rest)
            return error_set(err, ERROR_INPUT,
                             "\"%.60s*\" goes on to the end, and more types stand behind it", name);
        if (star && *star && !times_parse(star, DECODE_VALUES_MAX - list.count, &times))
            return error_set(err, ERROR_INPUT,
                             "\"%.60s*%.20s\": expected a number of values, %d in all at most",
                             name, star, DECODE_VALUES_MAX);
        if (list.count == DECODE_VALUES_MAX)
            return error_set(err, ERROR_INPUT, "more than %d values", DECODE_VALUES_MAX);
        list.repeated = star && !*star;
        while (times--)
            list.types[list.count++] = t;
    }
    *out = list;
    return true;
}

struct decode_line *decoder_line(struct decoder *d)
{
    struct decoding *out = d->out;

    if (out->count == d->room) {
        d->room = d->room ? 2 * d->room : 64;
        struct decode_line *more = ARENA_ARRAY(d->keep, d->room, struct decode_line);
        if (out->count)
            memcpy(more, out->lines, out->count * sizeof *more);
        out->lines = more;
    }
    return &out->lines[out->count++];
}

static void value_keep(struct decoder *d, const struct value *v)
{
    struct decoding *out = d->out;

    if (out->value_count == d->value_room) {
        d->value_room = d->value_room ? 2 * d->value_room : 64;
        struct value *more = ARENA_ARRAY(d->keep, d->value_room, struct value);
        if (out->value_count)
            memcpy(more, out->values, out->value_count * sizeof *more);
        out->values = more;
    }
    out->values[out->value_count++] = *v;
}

/* By place; of those that begin together the longer first, then the one that was noted later. */
static int by_place(const void *a, const void *b)
{
    const struct span *const *x = a, *const *y = b;

    if ((*x)->at != (*y)->at)
        return (*x)->at < (*y)->at ? -1 : 1;
    if ((*x)->len != (*y)->len)
        return (*x)->len > (*y)->len ? -1 : 1;
    return *x > *y ? -1 : 1;
}

/* One note about all of a value says the same again: a count, or a class that is known. */
static bool is_echo(const struct span_list *notes, size_t from, size_t len)
{
    const struct span *first = notes->items;

    return notes->count == 1 && first->at == from && first->len == len && first->meaning[0] == 'c';
}

/* A value's line, and one for each of its notes. */
static void tell(struct decoder *d, size_t from, size_t len, unsigned base, const char *meaning,
                 const struct span_list *notes)
{
    SCRATCH(scratch);
    const struct span **sorted = ARENA_ARRAY(&scratch, notes->count + 1, const struct span *);
    size_t ends[NESTED_MAX] = { from + len };
    size_t places[NESTED_MAX];
    unsigned depth = 0;

    places[0] = d->out->count;
    *decoder_line(d) = (struct decode_line){ .at = from, .len = len, .depth = base, .meaning = meaning };
    for (size_t i = 0; i < notes->count; i++)
        sorted[i] = &notes->items[i];
    qsort(sorted, notes->count, sizeof *sorted, by_place);
    for (size_t i = 0; i < notes->count; i++) {
        const struct span *s = sorted[i];
        while (depth > 0 && s->at + s->len > ends[depth])
            depth--;
        unsigned own = depth + 1 < NESTED_MAX ? depth + 1 : NESTED_MAX - 1;
        d->out->lines[places[depth]].outer = true;
        places[own] = d->out->count;
        ends[own] = s->at + s->len;
        *decoder_line(d) =
            (struct decode_line){ .at = s->at, .len = s->len, .depth = base + own, .meaning = s->meaning };
        depth = own;
    }
}

/* The characters of narrow strings, which the service's text leaves as units. */
static void add_characters(struct text *to, const struct value *v, const struct codepage *page)
{
    if (v->of.type && v->of.type->kind == VALUE_STRING && !v->wide && v->data.len) {
        TEXT(text);
        size_t read = codepage_decode(page, v->data, &text);
        text_printf(to, "  \"%s\"", text_string(&text));
        if (read < v->data.len)
            text_printf(to, " and no character of code page %u from unit %zu on", page->number, read);
    }
    for (size_t i = 0; v->items && i < v->count; i++)
        add_characters(to, &v->items[i], page);
}

/* "text: cstring  u:00480069" */
static void begin_meaning(struct text *to, const char *name, struct type_ref t)
{
    if (name)
        text_printf(to, "%s: ", name);
    type_print(to, t);
}

static const char *value_meaning(const struct value *v, const char *name, const struct codepage *page, struct arena *keep)
{
    TEXT(text);

    begin_meaning(&text, name, v->of);
    size_t len = text.b.len;
    text_printf(&text, "%*s", !name && len < 8 ? (int)(9 - len) : 2, "");
    value_text(&text, v);
    if (page)
        add_characters(&text, v, page);
    return arena_string(keep, text_string(&text));
}

bool decoder_value(struct decoder *d, struct reader *r, struct type_ref t, const char *name, unsigned depth, struct value *out)
{
    struct span_list notes = { .keep = d->keep };
    size_t from = r->at;

    r->spans = &notes;
    d->out->of = t;
    value_load(r, d->profile, d->table, t, d->keep, out);
    r->spans = NULL;
    if (r->status == WIRE_OK) {
        if (is_echo(&notes, from, r->at - from))
            notes.count = 0;
        tell(d, from, r->at - from, depth, value_meaning(out, name, d->page, d->keep), &notes);
        return true;
    }
    TEXT(meaning);
    begin_meaning(&meaning, name, t);
    text_add(&meaning, ", not complete");
    // What could not be read is gone from the reader when a load went back to say where it is wrong.
    size_t to = r->at;
    for (size_t k = 0; k < notes.count; k++)
        if (notes.items[k].at + notes.items[k].len > to)
            to = notes.items[k].at + notes.items[k].len;
    tell(d, from, to - from, depth, arena_string(d->keep, text_string(&meaning)), &notes);
    return false;
}

void decoder_end(struct decoder *d, const struct reader *r)
{
    struct decoding *out = d->out;

    out->status = r->status;
    out->at = r->at;
    out->left = r->in.len - r->at;
    out->need = r->need;
    out->cause = r->status == WIRE_BAD ? r->cause : r->status == WIRE_SHORT ? r->cut : CAUSE_NONE;
    out->reason = r->reason;
    out->loose = r->loose;
    out->odd = r->odd;
    out->clause = r->clause;
}

void stream_decode(struct bytes in, const struct profile *p, const struct type_list *list,
                   struct arena *keep, struct decoding *out)
{
    struct decoder d = { .out = out, .keep = keep, .profile = p, .page = list->page, .table = object_table_new(keep) };
    struct reader r = { .in = in };
    size_t from = 0;

    *out = (struct decoding){ 0 };
    for (size_t i = 0; i < list->count || (list->repeated && r.at < in.len); i++) {
        // A repeated type may stand for no value at all, and one without bytes for one at most.
        if (list->repeated && i + 1 >= list->count &&
            (r.at == in.len || (i >= list->count && r.at == from)))
            break;
        struct value v;
        from = r.at;
        if (!decoder_value(&d, &r, list->types[i < list->count ? i : list->count - 1], NULL, 0, &v))
            break;
        value_keep(&d, &v);
        if (r.odd.kind && !out->odd_number)
            out->odd_number = out->value_count;
    }
    decoder_end(&d, &r);
}

bool decoding_whole(const struct decoding *d)
{
    return d->status == WIRE_OK && d->left == 0;
}

static void print_columns(struct text *to, size_t at, const char *bytes, const char *meaning)
{
    text_printf(to, "%08zx  %-*s  %s\n", at, WIDTH, bytes, meaning);
}

static void print_line(struct text *to, struct bytes in, const struct decode_line *l)
{
    TEXT(bytes);
    TEXT(meaning);

    text_printf(&bytes, "%*s", 2 * (int)l->depth, "");
    text_printf(&meaning, "%*s%s", 2 * (int)l->depth, "", l->meaning);
    if (l->outer) {
        text_printf(&bytes, "%zu byte%s", l->len, l->len == 1 ? "" : "s");
    } else {
        text_hex(&bytes, bytes_slice(in, l->at, l->len <= BYTES_SHOWN ? l->len : BYTES_SHOWN - 4),
                 true);
        if (l->len > BYTES_SHOWN)
            text_printf(&bytes, " (%zu)", l->len);
    }
    print_columns(to, l->at, text_string(&bytes), text_string(&meaning));
}

/* The clause of a type: the register calls a section of the fact sheet TAB. */
static void print_clause(struct text *to, struct type_ref t)
{
    const char *clause = t.type->clause;

    text_printf(to, "%s%s", clause[0] >= '0' && clause[0] <= '9' ? "TAB-" : "", clause);
}

static void print_cause(struct text *to, const struct decoding *d)
{
    if (d->cause)
        text_printf(to, "archive exception %d, %s", d->cause, cause_name(d->cause));
    else
        text_add(to, "no archive exception");
}

static void print_stop(struct text *to, const struct decoding *d)
{
    size_t whole = d->at + d->left;

    text_printf(to, "\nstops at offset %zu (0x%zx): ", d->at, d->at);
    if (d->status == WIRE_BAD) {
        print_cause(to, d);
        text_printf(to, ": %s", d->reason);
    } else if (d->need == SIZE_MAX) {
        text_add(to, "the stream ends, and there is no memory for what should follow");
    } else {
        text_printf(to, "the stream ends %zu byte%s too early", d->need - whole,
                    d->need - whole == 1 ? "" : "s");
    }
    if (!d->of.type) {
        text_char(to, '\n');
        return;
    }
    text_add(to, "\nexpected: ");
    type_print(to, d->of);
    text_printf(to, " (MFC's %s, clause ", d->of.type->mfc);
    print_clause(to, d->of);
    text_char(to, ')');
    if (d->status == WIRE_SHORT) {
        text_add(to, "; if no more comes, MFC's reader raises ");
        print_cause(to, d);
        text_add(to, d->cause ? "" : " and takes what there is");
    }
    text_char(to, '\n');
}

void decoding_print(struct text *to, struct bytes in, const struct decoding *d)
{
    for (size_t i = 0; i < d->count; i++)
        print_line(to, in, &d->lines[i]);
    if (d->status != WIRE_OK)
        print_stop(to, d);
    else
        text_printf(to, "\n%zu %s%s, %zu of %zu bytes\n", d->value_count, d->noun ? d->noun : "value",
                    d->value_count == 1 ? "" : "s", d->at, in.len);
    if (d->loose)
        text_add(
            to,
            "a longer form than needed stands in it: a reader takes it, MFC does not write it\n");
    if (d->left) {
        text_printf(to, "%zu byte%s left: ", d->left, d->left == 1 ? " is" : "s are");
        text_hex(to, bytes_slice(in, d->at, LEFT_SHOWN), true);
        text_add(to, d->left > LEFT_SHOWN ? " …\n" : "\n");
    }
}

/* How one type reads the beginning. */
static void guess_first(struct text *to, struct bytes in, const struct profile *p, const char *name)
{
    SCRATCH(scratch);
    struct type_list list;
    struct decoding d;
    struct error err;

    if (!type_list_parse(name, &scratch, &list, &err) || !type_offered(list.types[0], p))
        return;
    stream_decode(in, p, &list, &scratch, &d);
    text_printf(to, "  %-12s ", name);
    if (d.status == WIRE_OK) {
        value_print(to, &d.values[0]);
        text_printf(to, "   (%zu byte%s, %zu left)\n", d.at, d.at == 1 ? "" : "s", d.left);
    } else if (d.status == WIRE_BAD) {
        text_printf(to, "no: %s, at offset %zu\n", d.reason, d.at);
    } else if (d.need == SIZE_MAX) {
        text_add(to, "no: longer than any memory\n");
    } else {
        text_printf(to, "no: at least %zu byte%s would be needed\n", d.need, d.need == 1 ? "" : "s");
    }
}

void stream_guess(struct text *to, struct bytes in, const struct profile *p)
{
    static const char *const first[] = { "byte",      "word",        "dword",   "double",
                                         "count",     "cstring",     "object",  "class",
                                         "bytearray", "stringarray", "obarray", "time" };
    // Those whose form can be wrong: that they fit from end to end means something.
    static const char *const whole[] = { "cstring*",          "object*",  "class*",
                                         "stringarray*",      "obarray*", "word,cstring*",
                                         "mapstringtostring*" };
    size_t fits = 0;

    if (!in.len) {
        text_add(to, "no bytes at all: a stream on which nothing was sent\n");
        return;
    }
    text_printf(to, "%zu byte%s: ", in.len, in.len == 1 ? "" : "s");
    text_hex(to, bytes_slice(in, 0, LEFT_SHOWN), true);
    text_add(to, in.len > LEFT_SHOWN ? " …\nas the first value:\n" : "\nas the first value:\n");
    for (size_t i = 0; i < COUNT_OF(first); i++)
        guess_first(to, in, p, first[i]);
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        SCRATCH(scratch);
        struct type_list list;
        struct decoding d;
        struct error err;
        if (!type_list_parse(whole[i], &scratch, &list, &err))
            continue;
        stream_decode(in, p, &list, &scratch, &d);
        if (!decoding_whole(&d))
            continue;
        text_printf(to, "%s%s reads all of it, as %zu value%s\n",
                    fits++ ? "" : "from end to end:\n", whole[i], d.value_count,
                    d.value_count == 1 ? "" : "s");
    }
    if (!fits)
        text_add(to, "no single type repeated fits it from end to end\n");
}
