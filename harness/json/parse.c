/*
 * From text to tree in three steps: the strict pass marks each value, cJSON parses, and the two are walked
 * together, since both go in document order. One block holds the nodes and one the characters: a string or
 * number with its NUL never needs more room than it takes in the text with what ends it.
 */
#include "json/json.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "json/scan.h"

#define FEW_KEYS 8 // up to here comparing all pairs is fastest

struct build {
    struct bytes text;
    const char *name;
    const struct json_mark *marks;
    struct json *nodes; // as many as marks, in the same order
    size_t used;
    char *chars;    // where the next string goes
    unsigned line;  // the line in which the last node stood
    size_t line_at; // and its offset
    size_t seen;    // newlines before this offset are counted
    struct error *err;
};

static const char *keep_chars(struct build *b, const char *chars, size_t len)
{
    char *to = b->chars;

    memcpy(to, chars, len);
    b->chars = to + len + 1; // the block is zeroed
    return to;
}

static void place(struct build *b, struct json *node, size_t at)
{
    const uint8_t *from = b->text.data + b->seen, *end = b->text.data + at, *newline;

    while ((newline = memchr(from, '\n', (size_t)(end - from)))) {
        from = newline + 1;
        b->line++;
        b->line_at = (size_t)(from - b->text.data);
    }
    b->seen = at;
    node->line = b->line;
    node->column = (unsigned)(at - b->line_at + 1);
}

static int by_key_then_place(const void *a, const void *b)
{
    const struct json *x = *(const struct json *const *)a, *y = *(const struct json *const *)b;
    int order = strcmp(x->key, y->key);

    return order ? order : (x > y) - (x < y);
}

/* The first member whose key stood before, or NULL. */
static const struct json *find_repeated(const struct json *object)
{
    const struct json *found = NULL;

    if (object->count <= FEW_KEYS) {
        for
            json_each (later, object)
                for (const struct json *m = object->first; m != later; m = m->next)
                    if (strcmp(m->key, later->key) == 0)
                        return later;
        return NULL;
    }
    SCRATCH(scratch);
    const struct json **sorted = ARENA_ARRAY(&scratch, object->count, const struct json *);
    size_t n = 0;
    for
        json_each (member, object)
            sorted[n++] = member;
    qsort(sorted, n, sizeof *sorted, by_key_then_place);
    for (size_t i = 1; i < n; i++)
        if (strcmp(sorted[i - 1]->key, sorted[i]->key) == 0 && (!found || sorted[i] < found))
            found = sorted[i];
    return found;
}

static enum json_kind kind_of(const cJSON *from)
{
    switch (from->type & 0xff) {
    case cJSON_NULL:
        return JSON_NULL;
    case cJSON_Number:
        return JSON_NUMBER;
    case cJSON_String:
        return JSON_STRING;
    case cJSON_Array:
        return JSON_ARRAY;
    case cJSON_Object:
        return JSON_OBJECT;
    }
    return JSON_BOOL;
}

/* The scan has bounded the depth. */
static struct json *build_node(struct build *b, const cJSON *from, const struct json *parent)
{
    const struct json_mark *mark = b->marks + b->used;
    struct json *node = b->nodes + b->used++, **link = (struct json **)&node->first;

    node->kind = kind_of(from);
    node->truth = (from->type & 0xff) == cJSON_True;
    node->parent = parent;
    node->file = b->name;
    if (from->string)
        node->key = keep_chars(b, from->string, strlen(from->string));
    place(b, node, mark->at);
    if (node->kind == JSON_STRING)
        node->string = keep_chars(b, from->valuestring, strlen(from->valuestring));
    if (node->kind == JSON_NUMBER)
        node->string = keep_chars(b, (const char *)b->text.data + mark->at, mark->len);
    for (const cJSON *c = from->child; c; c = c->next, node->count++) {
        struct json *child = build_node(b, c, node);
        if (!child)
            return NULL;
        *link = child;
        link = (struct json **)&child->next;
    }
    const struct json *repeated = node->kind == JSON_OBJECT ? find_repeated(node) : NULL;
    if (repeated) {
        json_error_at(b->text, b->name, b->marks[repeated - b->nodes].key_at, b->err,
                      "duplicate key \"%.80s\"", repeated->key);
        return NULL;
    }
    return node;
}

static void tree_drop(cJSON **tree)
{
    cJSON_Delete(*tree);
}

bool json_parse(struct bytes text, const char *name, struct arena *keep, const struct json **out,
                struct error *err)
{
    CLEANUP(buffer_free) struct buffer marks = { 0 };

    if (!json_scan(text, name, &marks, err))
        return false;
    CLEANUP(tree_drop)
    cJSON *tree = cJSON_ParseWithLengthOpts((const char *)text.data, text.len, NULL, false);
    if (!tree)
        return error_set(err, ERROR_INPUT, "%s: could not be parsed", name);
    size_t count = marks.len / sizeof(struct json_mark);
    struct build b = { .text = text,
                       .name = arena_string(keep, name),
                       .marks = (const struct json_mark *)marks.data,
                       .nodes = ARENA_ARRAY(keep, count, struct json),
                       .chars = arena_alloc(keep, text.len + 1),
                       .line = 1,
                       .err = err };
    const struct json *root = build_node(&b, tree, NULL);
    if (!root)
        return false;
    *out = root;
    return true;
}

static bool read_failed(const char *path, struct error *err)
{
    return error_set(err, ERROR_INPUT, "%s: %s", path, strerror(errno));
}

bool json_read(const char *path, struct arena *keep, const struct json **out, struct error *err)
{
    AUTO_CLOSE
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    CLEANUP(buffer_free) struct buffer text = { 0 };
    size_t step = 1 << 16; // bytes; a regular file is read in one go
    struct stat st;
    ssize_t n;

    if (fd < 0 || fstat(fd, &st) < 0)
        return read_failed(path, err);
    if (S_ISREG(st.st_mode) && st.st_size < (off_t)JSON_SIZE_MAX)
        step += (size_t)st.st_size;
    while ((n = read(fd, buffer_reserve(&text, step), step)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return read_failed(path, err);
        text.len += (size_t)n;
        if (text.len > JSON_SIZE_MAX)
            break; // json_parse says so
    }
    return json_parse(buffer_bytes(&text), path, keep, out, err);
}
