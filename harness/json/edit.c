#include "json/edit.h"

static struct json *clone(const struct json *from, const struct json *parent, struct arena *keep)
{
    struct json *to = ARENA_NEW(keep, struct json), **link = (struct json **)&to->first;

    *to = *from;
    to->parent = parent;
    to->first = to->next = NULL;
    for json_each (child, from) {
        *link = clone(child, to, keep);
        link = (struct json **)&(*link)->next;
    }
    return to;
}

struct json *json_clone(const struct json *from, struct arena *keep)
{
    return clone(from, NULL, keep);
}

struct json *json_make(const char *key, enum json_kind kind, struct arena *keep)
{
    struct json *node = ARENA_NEW(keep, struct json);

    *node = (struct json){ .kind = kind, .key = key ? arena_string(keep, key) : NULL };
    return node;
}

struct json *json_make_string(const char *key, const char *text, struct arena *keep)
{
    struct json *node = json_make(key, JSON_STRING, keep);

    node->string = arena_string(keep, text);
    return node;
}

/* The place of a parent, for those that have none. */
static void settle(struct json *node, const struct json *parent)
{
    node->parent = parent;
    node->file = parent->file;
    node->line = parent->line;
    node->column = parent->column;
    for json_each (child, node)
        settle((struct json *)child, node);
}

void json_insert(struct json *into, const struct json *behind, struct json *node)
{
    const struct json **link = behind ? (const struct json **)&((struct json *)behind)->next : &into->first;

    node->next = *link;
    *link = node;
    into->count++;
    settle(node, into);
}

void json_append(struct json *into, struct json *node)
{
    const struct json *last = into->first;

    while (last && last->next)
        last = last->next;
    json_insert(into, last, node);
}
