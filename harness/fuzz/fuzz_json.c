/*
 * Any bytes as JSON. What is accepted keeps its promises: the written strings are read back as they were.
 */
#include <stdlib.h>

#include "json/json.h"
#include "json/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Writes the tree anew; numbers as they stood. */
static void copy(struct json_out *j, const struct json *from)
{
    switch (from->kind) {
    case JSON_NULL:
        json_put_null(j, from->key);
        break;
    case JSON_BOOL:
        json_put_bool(j, from->key, from->truth);
        break;
    case JSON_NUMBER:
        json_put_raw(j, from->key, from->string);
        break;
    case JSON_STRING:
        json_put_string(j, from->key, from->string);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        json_begin(j, from->key, from->kind == JSON_ARRAY ? '[' : '{');
        for
            json_each (child, from)
                copy(j, child);
        json_end(j, from->kind == JSON_ARRAY ? ']' : '}');
        break;
    }
}

static bool same(const struct json *a, const struct json *b)
{
    const struct json *x = a->first, *y = b->first;

    if (a->kind != b->kind || a->truth != b->truth || a->count != b->count ||
        strcmp(a->key ? a->key : "", b->key ? b->key : "") != 0 ||
        strcmp(a->string ? a->string : "", b->string ? b->string : "") != 0)
        return false;
    for (; x && y; x = x->next, y = y->next)
        if (!same(x, y))
            return false;
    return !x && !y;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCRATCH(keep);
    TEXT(written);
    struct error err = { 0 };
    struct json_out j = { .to = &written, .indent = (int)(size % 3) };
    const struct json *tree, *again;

    if (!json_parse((struct bytes){ data, size }, "input", &keep, &tree, &err))
        return 0;
    copy(&j, tree);
    if (!json_parse(buffer_bytes(&written.b), "output", &keep, &again, &err) || !same(tree, again))
        abort();
    json_error(tree, &err, "any");
    return 0;
}
