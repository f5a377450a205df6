/*
 * A layout out of its JSON. Names of fields are looked up when the layout is read, so that what decodes cannot miss one.
 */
#include "layout/layout.h"

#include <stdlib.h>

struct reading {
    struct arena *keep;
    struct layout *out;
    struct error *err;
    struct asked **asked; // what is asked for of requests
};

struct asked {
    const struct json *at;
    const char *name;
    enum value_kind kind;
    struct asked *next;
};

/* The fields that stand before one, in the same list and in those around it. */
struct before {
    const struct layout_fields *fields;
    const struct before *outer;
    unsigned depth;
};

static bool fields_read(const struct reading *r, const struct json *list, const struct before *outer, struct layout_fields *out);

static const struct layout_field *field_before(const struct before *b, const char *name)
{
    for (; b; b = b->outer)
        for (size_t i = b->fields->count; i-- > 0;)
            if (strcmp(b->fields->items[i].name, name) == 0 && b->fields->items[i].kind == LAYOUT_VALUE)
                return &b->fields->items[i];
    return NULL;
}

static const char *kind_name(enum value_kind kind)
{
    return kind == VALUE_INTEGER ? "number" : "text";
}

/* The name of a value of that kind that stands before, or of a request's. */
static bool value_before(const struct reading *r, const struct json *at, const struct before *b, enum value_kind kind, const char **out)
{
    size_t len = strlen(LAYOUT_REQUEST);

    if (!json_string(at, out, r->err))
        return false;
    if (strncmp(*out, LAYOUT_REQUEST, len) == 0) {
        struct asked *a = ARENA_NEW(r->keep, struct asked);
        *a = (struct asked){ at, *out + len, kind, *r->asked };
        *r->asked = a;
        r->out->answers = true;
        return true;
    }
    const struct layout_field *f = field_before(b, *out);
    if (!f || f->type.type->kind != kind)
        return json_error(at, r->err, "\"%.60s\": expected the name of a %s that stands before", *out, kind_name(kind));
    return true;
}

static bool number_before(const struct reading *r, const struct json *at, const struct before *b, const char **out)
{
    return value_before(r, at, b, VALUE_INTEGER, out);
}

/* A key that is a number in decimal digits. */
static bool number_key(const struct reading *r, const struct json *at, int64_t *out)
{
    char *end;

    *out = strtoll(at->key, &end, 10);
    return (end != at->key && !*end) || json_error(at, r->err, "\"%.60s\": expected a number", at->key);
}

static bool words_read(const struct reading *r, const struct json *from, struct layout_field *f)
{
    if (!json_is(from, JSON_OBJECT, r->err))
        return false;
    if (f->type.type->kind != VALUE_INTEGER)
        return json_error(from, r->err, "only numbers have \"values\"");
    f->words = ARENA_ARRAY(r->keep, from->count, struct layout_word);
    for json_each (w, from) {
        struct layout_word *to = &f->words[f->word_count++];
        const char *word;
        if (!number_key(r, w, &to->number) || !json_string(w, &word, r->err))
            return false;
        to->word = arena_string(r->keep, word);
    }
    return true;
}

static bool times_read(const struct reading *r, const struct json *from, const struct before *b, struct layout_field *f)
{
    f->times = 1;
    if (!from)
        return true;
    if (from->kind == JSON_NUMBER)
        return json_u64(from, LAYOUT_TIMES_MAX, &f->times, r->err);
    if (!number_before(r, from, b, &f->times_of))
        return false;
    f->times_of = arena_string(r->keep, f->times_of);
    return true;
}

static bool choice_read(const struct reading *r, const struct json *from, const struct before *b, struct layout_field *f)
{
    static const char *const keys[] = { "choose", "cases", "else", NULL };
    const struct json *cases = json_get(from, "cases"), *other = json_get(from, "else");

    f->kind = LAYOUT_CHOICE;
    f->times = 1;
    if (!json_known(from, keys, r->err) || !number_before(r, json_get(from, "choose"), b, &f->name))
        return false;
    f->name = arena_string(r->keep, f->name);
    if (!cases)
        return json_error(from, r->err, "a choice has no \"cases\"");
    if (!json_is(cases, JSON_OBJECT, r->err))
        return false;
    f->cases = ARENA_ARRAY(r->keep, cases->count, struct layout_case);
    for json_each (c, cases) {
        struct layout_case *to = &f->cases[f->case_count++];
        if (!number_key(r, c, &to->number) || !fields_read(r, c, b, &to->fields))
            return false;
    }
    f->has_else = other != NULL;
    return !other || fields_read(r, other, b, &f->fields);
}

static bool group_read(const struct reading *r, const struct json *from, const struct before *b, struct layout_field *f)
{
    static const char *const keys[] = { "group", "of", "times", NULL };
    const struct json *of = json_get(from, "of");

    f->kind = LAYOUT_GROUP;
    if (!json_known(from, keys, r->err) || !json_string(json_get(from, "group"), &f->name, r->err))
        return false;
    f->name = arena_string(r->keep, f->name);
    if (!of)
        return json_error(from, r->err, "a group has no \"of\"");
    return times_read(r, json_get(from, "times"), b, f) && fields_read(r, of, b, &f->fields);
}

static bool named_read(const struct reading *r, const struct json *from, const char *key, const struct before *b, struct layout_field *f)
{
    const char *const keys[] = { key, "times", NULL };

    f->kind = strcmp(key, "use") == 0 ? LAYOUT_USE : LAYOUT_OBJECT;
    if (!json_known(from, keys, r->err) || !json_string(json_get(from, key), &f->name, r->err))
        return false;
    f->name = arena_string(r->keep, f->name);
    return times_read(r, json_get(from, "times"), b, f);
}

/* {"values": "body", "of": "types"} */
static bool values_read(const struct reading *r, const struct json *from, const struct before *b, struct layout_field *f)
{
    static const char *const keys[] = { "values", "of", NULL };
    const struct json *of = json_get(from, "of");

    f->kind = LAYOUT_VALUES;
    f->times = 1;
    if (!json_known(from, keys, r->err) || !json_string(from->first, &f->name, r->err))
        return false;
    f->name = arena_string(r->keep, f->name);
    if (!of)
        return json_error(from, r->err, "values have no \"of\": expected the name of a text that stands before");
    if (!value_before(r, of, b, VALUE_STRING, &f->types_of))
        return false;
    f->types_of = arena_string(r->keep, f->types_of);
    return true;
}

/* {"word": "close"}: the first key is a type, its value the name. */
static bool value_read(const struct reading *r, const struct json *from, const struct before *b, struct layout_field *f)
{
    const struct json *first = from->first;
    const char *const keys[] = { first->key, "times", "values", "length", NULL };
    const struct json *words = json_get(from, "values"), *length = json_get(from, "length");
    struct error why;
    bool sized = strcmp(first->key, "raw") == 0;

    f->kind = LAYOUT_VALUE;
    if (sized && !length)
        return json_error(from, r->err, "raw has no \"length\": expected the name of a number that stands before, or the type raw:N");
    if (sized)
        f->type = type_named("raw");
    else if (!type_parse(arena_string(r->keep, first->key), &f->type, &why))
        return json_error(first, r->err, "%s", why.text);
    if (!json_known(from, keys, r->err) || !json_string(first, &f->name, r->err))
        return false;
    f->name = arena_string(r->keep, f->name);
    if (!sized && length)
        return json_error(length, r->err, "only raw has a \"length\"");
    if (sized && !number_before(r, length, b, &f->length_of))
        return false;
    f->length_of = sized ? arena_string(r->keep, f->length_of) : NULL;
    return (!words || words_read(r, words, f)) && times_read(r, json_get(from, "times"), b, f);
}

static bool field_read(const struct reading *r, const struct json *from, const struct before *b, struct layout_field *f)
{
    if (!json_is(from, JSON_OBJECT, r->err))
        return false;
    if (!from->first)
        return json_error(from, r->err, "expected a field, such as {\"word\": \"close\"}");
    const char *key = from->first->key;
    if (strcmp(key, "choose") == 0)
        return choice_read(r, from, b, f);
    if (strcmp(key, "group") == 0)
        return group_read(r, from, b, f);
    if (strcmp(key, "values") == 0)
        return values_read(r, from, b, f);
    if (strcmp(key, "use") == 0 || (strcmp(key, "object") == 0 && r->out->class_count))
        return named_read(r, from, key, b, f);
    return value_read(r, from, b, f);
}

static bool fields_read(const struct reading *r, const struct json *list, const struct before *outer, struct layout_fields *out)
{
    const struct before b = { out, outer, outer ? outer->depth + 1 : 0 };

    if (!json_is(list, JSON_ARRAY, r->err))
        return false;
    if (b.depth > LAYOUT_NESTED_MAX)
        return json_error(list, r->err, "more than %d fields within each other", LAYOUT_NESTED_MAX);
    out->items = ARENA_ARRAY(r->keep, list->count, struct layout_field);
    for json_each (f, list) {
        if (!field_read(r, f, &b, &out->items[out->count]))
            return false;
        out->count++; // behind it: a field does not refer to itself
    }
    return true;
}

static const struct layout_message *find(const struct layout_message *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].name, name) == 0)
            return &list[i];
    return NULL;
}

/* Names and places first, so that each may refer to all. */
static bool named_lists(const struct reading *r, const struct json *from, struct layout_message **list, size_t *count)
{
    if (!from)
        return true;
    if (!json_is(from, JSON_OBJECT, r->err))
        return false;
    *list = ARENA_ARRAY(r->keep, from->count, struct layout_message);
    for json_each (m, from)
        (*list)[(*count)++].name = arena_string(r->keep, m->key);
    return true;
}

static bool lists_read(const struct reading *r, const struct json *from, struct layout_message *list)
{
    if (from)
        for json_each (m, from)
            if (!fields_read(r, m, NULL, &list++->fields))
                return false;
    return true;
}

/* What is used is there, and does not use itself without end. */
static bool uses_found(const struct reading *r, const struct json *at, struct layout_fields *fields, unsigned depth)
{
    if (depth > LAYOUT_NESTED_MAX)
        return json_error(at, r->err, "a message uses itself, or more than %d lie within each other", LAYOUT_NESTED_MAX);
    for (size_t i = 0; i < fields->count; i++) {
        struct layout_field *f = &fields->items[i];
        if (f->kind == LAYOUT_USE) {
            struct layout_message *m = (struct layout_message *)find(r->out->messages, r->out->message_count, f->name);
            if (!m)
                return json_error(at, r->err, "there is no message \"%.60s\" to use", f->name);
            f->use = m;
            if (!uses_found(r, at, &m->fields, depth + 1))
                return false;
        }
        if (!uses_found(r, at, &f->fields, depth + 1))
            return false;
        for (size_t k = 0; k < f->case_count; k++)
            if (!uses_found(r, at, &f->cases[k].fields, depth + 1))
                return false;
    }
    return true;
}

/* A value of that name among fields, or what they are made of. */
static bool has_value(const struct layout_fields *fields, const char *name, enum value_kind kind)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct layout_field *f = &fields->items[i];
        if (f->kind == LAYOUT_VALUE && strcmp(f->name, name) == 0 && f->type.type->kind == kind)
            return true;
        if ((f->use && has_value(&f->use->fields, name, kind)) || has_value(&f->fields, name, kind))
            return true;
        for (size_t k = 0; k < f->case_count; k++)
            if (has_value(&f->cases[k].fields, name, kind))
                return true;
    }
    return false;
}

/* Requests have what is asked for of them. */
static bool asked_found(const struct reading *r)
{
    const struct layout_message *client = r->out->from[LAYOUT_CLIENT];

    for (const struct asked *a = *r->asked; a; a = a->next)
        if (!client || !has_value(&client->fields, a->name, a->kind))
            return json_error(a->at, r->err, "what the client sends has no %s \"%.60s\"", kind_name(a->kind), a->name);
    return true;
}

static bool sides_read(const struct reading *r, const struct json *root)
{
    static const char *const keys[] = { "client", "server" };

    for (int i = 0; i < 2; i++) {
        const struct json *side = json_get(root, keys[i]);
        const char *name;
        if (!side)
            continue;
        if (!json_string(side, &name, r->err))
            return false;
        r->out->from[i] = find(r->out->messages, r->out->message_count, name);
        if (!r->out->from[i])
            return json_error(side, r->err, "there is no message \"%.60s\"", name);
    }
    return (r->out->from[0] || r->out->from[1]) || json_error(root, r->err, "neither \"client\" nor \"server\" says what it sends");
}

bool layout_read(const char *path, struct arena *keep, struct layout *out, struct error *err)
{
    static const char *const keys[] = { "$schema", "format", "layout", "title", "source", "client", "server", "messages", "classes", NULL };
    struct asked *asked = NULL;
    const struct reading r = { keep, out, err, &asked };
    const struct json *root, *at;
    const char *name = NULL, *title = "";
    uint64_t format = 0;

    *out = (struct layout){ .file = arena_string(keep, path) };
    if (!json_read(path, keep, &root, err) || !json_is(root, JSON_OBJECT, err) || !json_known(root, keys, err))
        return false;
    if (!(at = json_get(root, "format")) || !json_u64(at, UINT64_MAX, &format, err) || format != 1)
        return json_error(at ? at : root, err, "expected \"format\": 1");
    if (!(at = json_get(root, "layout")))
        return json_error(root, err, "has no \"layout\", its name");
    if (!json_string(at, &name, err) || ((at = json_get(root, "title")) && !json_string(at, &title, err)))
        return false;
    out->name = arena_string(keep, name);
    out->title = arena_string(keep, title);
    const struct json *messages = json_get(root, "messages"), *classes = json_get(root, "classes");
    if (!messages)
        return json_error(root, err, "has no \"messages\"");
    if (!named_lists(&r, messages, &out->messages, &out->message_count) || !named_lists(&r, classes, &out->classes, &out->class_count) ||
        !lists_read(&r, messages, out->messages) || !lists_read(&r, classes, out->classes))
        return false;
    for (size_t i = 0; i < out->message_count; i++)
        if (!uses_found(&r, messages, &out->messages[i].fields, 0))
            return false;
    for (size_t i = 0; i < out->class_count; i++)
        if (!uses_found(&r, classes, &out->classes[i].fields, 0))
            return false;
    return sides_read(&r, root) && asked_found(&r);
}
