/*
 * A value that fits stands on one line. One that does not, or that holds lines, is filled: its members follow each
 * other as long as there is room. Three things always begin a line: elements of the lists below, what people read
 * (title, why, hint, clauses), and what stands behind either.
 */
#include "vector/fmt.h"

#include "json/edit.h"
#include "json/write.h"

#define WIDTH 160

static bool one_of(const char *key, const char *const *list)
{
    for (; key && *list; list++)
        if (strcmp(key, *list) == 0)
            return true;
    return false;
}

/* Lists whose elements have lines of their own. */
static bool has_lines(const struct json *v)
{
    static const char *const lists[] = { "cases", "tables", "families", "rows", "steps", "clauses", "streams", "any-order", NULL };
    static const char *const owners[] = { "controls", "ops", "refusals", "mutated", NULL };

    if (v->kind == JSON_OBJECT)
        return v->first && one_of(v->key, owners);
    if (v->kind != JSON_ARRAY || !v->first || v->first->kind != JSON_OBJECT)
        return false;
    return one_of(v->key, lists) || (v->count > 1 && v->parent && one_of(v->parent->key, owners));
}

/* Somewhere in v something must have a line of its own. */
static bool holds_lines(const struct json *v)
{
    if (has_lines(v))
        return true;
    for json_each (child, v)
        if (holds_lines(child))
            return true;
    return false;
}

/* Cases, tables, and the file itself: what people read stands out. */
static bool is_head(const struct json *object)
{
    static const char *const lists[] = { "cases", "tables", "families", NULL };

    return !object->parent || (!object->key && one_of(object->parent->key, lists));
}

static bool stands_alone(const struct json *member)
{
    static const char *const keys[] = { "title", "why", "hint", "prompt", "note", "clauses", "no-control", NULL };

    return holds_lines(member) || (is_head(member->parent) && one_of(member->key, keys));
}

/* Golden bytes begin a line where all does not fit on one, under the values that they are to be compared with. */
static bool begins_line(const struct json *member)
{
    return member->key && strcmp(member->key, "wire") == 0;
}

/* Steps, rows and the like have blanks within their braces; items and what is smaller have none. */
static bool is_airy(const struct json *v)
{
    static const char *const lists[] = { "cases", "tables", "families", "rows", "steps", "clauses", "streams", "prologue", "epilogue", "any-order", NULL };
    static const char *const owners[] = { "controls", "ops", "refusals", "mutated", NULL };
    const struct json *list = v->parent;

    if (v->kind == JSON_ARRAY)
        return v->first && (v->first->kind == JSON_OBJECT || v->first->kind == JSON_ARRAY);
    return !list || (!v->key && (one_of(list->key, lists) || (list->parent && one_of(list->parent->key, owners))));
}

static void print_scalar(struct text *to, const struct json *v)
{
    struct json_out j = { .to = to };

    if (v->kind == JSON_STRING)
        json_put_string(&j, NULL, v->string);
    else if (v->kind == JSON_NUMBER)
        text_add(to, v->string);
    else
        text_add(to, v->kind == JSON_NULL ? "null" : v->truth ? "true" : "false");
}

static void print_key(struct text *to, const struct json *v)
{
    struct json_out j = { .to = to };

    if (!v->key)
        return;
    json_put_string(&j, NULL, v->key);
    text_add(to, ": ");
}

static void print_flat(struct text *to, const struct json *v)
{
    const char *air = v->first && is_airy(v) ? " " : "";

    if (v->kind != JSON_ARRAY && v->kind != JSON_OBJECT) {
        print_scalar(to, v);
        return;
    }
    text_printf(to, "%c%s", v->kind == JSON_ARRAY ? '[' : '{', air);
    for json_each (child, v) {
        if (child != v->first)
            text_add(to, ", ");
        print_key(to, child);
        print_flat(to, child);
    }
    text_printf(to, "%s%c", air, v->kind == JSON_ARRAY ? ']' : '}');
}

/* Characters from the last newline on. */
static size_t column(const struct text *t)
{
    const uint8_t *begin = t->b.len ? memrchr(t->b.data, '\n', t->b.len) : NULL;
    size_t from = begin ? (size_t)(begin - t->b.data) + 1 : 0, n = 0;

    for (size_t i = from; i < t->b.len; i++)
        n += (t->b.data[i] & 0xc0) != 0x80;
    return n;
}

static size_t flat_width(const struct json *v)
{
    TEXT(flat);

    print_key(&flat, v);
    print_flat(&flat, v);
    return column(&flat);
}

static void new_line(struct text *to, size_t indent)
{
    text_printf(to, "\n%*s", (int)indent, "");
}

static void print(struct text *to, const struct json *v, size_t indent);

static void print_lines(struct text *to, const struct json *v, size_t indent)
{
    text_char(to, v->kind == JSON_ARRAY ? '[' : '{');
    for json_each (child, v) {
        if (child != v->first)
            text_char(to, ',');
        new_line(to, indent + 2);
        print_key(to, child);
        print(to, child, indent + 2);
    }
    text_add(to, v->kind == JSON_ARRAY ? " ]" : " }");
}

static void print_filled(struct text *to, const struct json *v, size_t indent)
{
    bool array = v->kind == JSON_ARRAY, air = is_airy(v) || v->kind == JSON_OBJECT;
    size_t inner = indent + (array ? 4 : 2);
    bool alone = false; // what stands before must have a line of its own

    text_printf(to, "%c%s", array ? '[' : '{', air ? " " : "");
    for json_each (child, v) {
        bool own = v->kind == JSON_OBJECT && stands_alone(child);
        size_t room = child->next ? 1 : 3; // what follows on the line at least
        if (child != v->first) {
            text_char(to, ',');
            if (own || alone || (v->kind == JSON_OBJECT && begins_line(child)) || column(to) + 1 + flat_width(child) + room > WIDTH)
                new_line(to, inner);
            else
                text_char(to, ' ');
        }
        print_key(to, child);
        size_t from = to->b.len;
        print(to, child, inner);
        alone = own || (begins_line(child) && memchr(to->b.data + from, '\n', to->b.len - from));
    }
    text_printf(to, "%s%c", air ? " " : "", array ? ']' : '}');
}

/* v where the cursor stands; indent is that of the line that it belongs to. */
static void print(struct text *to, const struct json *v, size_t indent)
{
    TEXT(flat);

    print_flat(&flat, v);
    if (v->kind != JSON_ARRAY && v->kind != JSON_OBJECT)
        print_scalar(to, v);
    else if (has_lines(v))
        print_lines(to, v, indent);
    else if (holds_lines(v) || (v->first && column(to) + column(&flat) + 1 > WIDTH))
        print_filled(to, v, indent);
    else
        text_add(to, text_string(&flat));
}

void fmt_print(struct text *to, const struct json *file)
{
    print(to, file, 0);
    text_char(to, '\n');
}

void fmt_print_case(struct text *to, const struct json *of)
{
    fmt_print(to, of);
}

const struct json *fmt_new_case(const char *id, const struct service *s, struct arena *keep)
{
    struct json *v = json_make(NULL, JSON_OBJECT, keep), *list, *step;
    const struct named_steps *control = s->first_control ? service_control(s, s->first_control) : NULL;
    static const char *const ones[] = { "rev", "since", NULL };
    static const char *const words[][2] = {
        { "title", "What is shown, in one line" },
        { "why", "Why it matters to who fails it, in one line" },
        { "hint", "What to look at when it fails" },
    };

    json_append(v, json_make_string("id", id, keep));
    for (const char *const *k = ones; *k; k++) {
        struct json *one = json_make_string(*k, "1", keep);
        one->kind = JSON_NUMBER;
        json_append(v, one);
    }
    if (!control)
        json_append(v, json_make_string("level", "should", keep));
    for (size_t i = 0; i < COUNT_OF(words); i++)
        json_append(v, json_make_string(words[i][0], words[i][1], keep));
    if (!control)
        json_append(v, json_make_string("no-control", "Why nothing is asked and answered", keep));
    json_append(v, list = json_make("clauses", JSON_ARRAY, keep));
    json_append(list, json_make_string(NULL, s->end.clauses[0] ? s->end.clauses[0] : "L-1", keep));
    json_append(v, list = json_make("steps", JSON_ARRAY, keep));
    if (control) {
        json_append(list, step = json_make(NULL, JSON_OBJECT, keep));
        json_append(step, json_make_string("control", control->name, keep));
        size_t replies = 0;
        for json_each (e, control->at) {
            json_append(list, step = json_clone(e, keep));
            if (json_get(step, "server") && !json_get(step, "check") && ++replies > 1) // names are told apart
                json_append(step, json_make_string("check", arena_printf(keep, "reply-%zu", replies), keep));
        }
    } else {
        json_append(list, step = json_make(NULL, JSON_OBJECT, keep));
        json_append(step, json_make_string("end", "client", keep));
    }
    return v;
}
