/*
 * What stands before a value, a count, a length or a mark, in a form that no mistake of the table has: the value itself came whole
 * behind it.
 */
#include "check/evidence.h"

#define FORM_MAX 20 // bytes that such a form takes at most
#define TEXT_MIN 4  // bytes by which a value is known again

static bool is_all_ff(struct bytes b)
{
    for (size_t i = 0; i < b.len; i++)
        if (b.data[i] != 0xff)
            return false;
    return b.len > 0;
}

/* How many bytes stand before the value in place of the `len` that are due, which say how long it is; 0: it is not there, or something
 * else stands there that is none of that. */
static size_t other_form(const struct evidence *e, size_t len)
{
    struct bytes got = bytes_slice(e->got, e->match.start, SIZE_MAX), form = bytes_slice(e->field_due, 0, len), rest = bytes_slice(e->due, e->field->at + len, SIZE_MAX);
    size_t value = e->field_due.len - len;

    if (e->field_due.len < len + TEXT_MIN)
        return 0;
    for (size_t at = 1; at <= FORM_MAX && at <= got.len; at++) {
        struct bytes is = bytes_slice(got, at, rest.len);
        bool intact = at >= len && bytes_equal(bytes_slice(got, at - len, len), form), begins = at > len && bytes_equal(bytes_slice(got, 0, len), form);
        if (at == len || is.len < value || !bytes_equal(bytes_slice(is, 0, value), bytes_slice(rest, 0, value)))
            continue;
        bool marks = is_all_ff(bytes_slice(got, 0, at));
        return (!intact && !begins) || marks ? at : 0;
    }
    return 0;
}

static const char *told(const struct evidence *e, const char *what, size_t is, size_t due)
{
    return arena_printf(e->keep, "%s has a form of its own: %zu byte%s stand%s before the value, where %zu %s due", what, is, is == 1 ? "" : "s", is == 1 ? "s" : "", due,
                        due == 1 ? "is" : "are");
}

/* The type of the field that differs, or NULL. */
static const struct type *type_of(const struct evidence *e)
{
    return e->field && !e->field->any ? e->field->of.type : NULL;
}

#define COUNT_SHORT 2 // bytes of the least form of a count, and of the mark before the next

const char *cause_count_form(const struct evidence *e)
{
    const struct type *t = type_of(e);
    struct reader r = { .in = e->field_due };
    bool bare = t && strcmp(t->name, "count") == 0;

    if (!t || (!bare && t->kind != VALUE_ARRAY && t->kind != VALUE_LIST && t->kind != VALUE_MAP))
        return NULL;
    archive_load_count(&r, &e->program->profile);
    size_t len = !bare ? r.at : r.at > COUNT_SHORT + 4 ? COUNT_SHORT + 4 : COUNT_SHORT, is = r.status == WIRE_OK ? other_form(e, len) : 0;
    return is ? told(e, "the count", is, len) : NULL;
}

const char *cause_length_form(const struct evidence *e)
{
    const struct type *t = type_of(e);
    struct reader r = { .in = e->field_due };
    bool wide;

    if (!t || t->kind != VALUE_STRING || strcmp(t->name, "line") == 0)
        return NULL;
    if (strcmp(t->name, "combstr") == 0 || strcmp(t->name, "bstr") == 0)
        reader_take(&r, 4);
    else
        archive_load_string_length(&r, &e->program->profile, &wide);
    size_t is = r.status == WIRE_OK ? other_form(e, r.at) : 0;
    return is ? told(e, "the length of the string", is, r.at) : NULL;
}

#define MARK_SIZE 4 // before the seconds of a CTime [TAB-8.2]

const char *cause_time_form(const struct evidence *e)
{
    const struct type *t = type_of(e);
    struct bytes got = bytes_slice(e->got, e->match.start, e->field_due.len);

    if (!t || strcmp(t->name, "time") != 0 || e->field_due.len <= MARK_SIZE)
        return NULL;
    bool same = got.len == e->field_due.len && bytes_equal(bytes_slice(got, MARK_SIZE, SIZE_MAX), bytes_slice(e->field_due, MARK_SIZE, SIZE_MAX));
    if (same)
        return arena_printf(e->keep, "another mark stands before the seconds of the CTime: %02X%02X%02X%02X, where 0A000080 is due", got.data[0], got.data[1], got.data[2], got.data[3]);
    size_t is = other_form(e, MARK_SIZE);
    return is ? told(e, "the CTime", is, MARK_SIZE) : NULL;
}
