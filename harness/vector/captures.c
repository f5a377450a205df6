#include "vector/captures.h"

#include "base/hex.h"
#include "vector/parse.h"

static bool writer_parse(const struct json *at, struct profile *out, struct error *err)
{
    static const char *const keys[] = { "library", "generation", "charset", "bits", NULL };
    const char *generation = NULL, *charset = NULL;
    uint64_t bits = 0;
    struct error wrong;
    TEXT(profile);

    if (!at || !json_known(at, keys, err))
        return false;
    const struct json *parts[] = { json_get(at, "generation"), json_get(at, "charset"),
                                   json_get(at, "bits") };
    if (!parts[0] || !parts[1] || !parts[2])
        return json_error(at, err, "expected \"generation\", \"charset\" and \"bits\"");
    if (!json_string(parts[0], &generation, err) || !json_string(parts[1], &charset, err) ||
        !json_u64(parts[2], 64, &bits, err))
        return false;
    text_printf(&profile, "generation=%s,charset=%s,bits=%u", generation, charset, (unsigned)bits);
    *out = profile_default;
    return profile_parse(text_string(&profile), out, &wrong) ||
           json_error(at, err, "%s", wrong.text);
}

static bool types_of(const struct json *at, struct arena *keep, struct type_list *out,
                     struct error *err)
{
    const char *const *names;
    struct error wrong;
    TEXT(list);

    if (!strings_parse(at, keep, &names, err))
        return false;
    for (; *names; names++)
        text_printf(&list, "%s%s", list.b.len ? "," : "", *names);
    return type_list_parse(text_string(&list), keep, out, &wrong) ||
           json_error(at, err, "%s", wrong.text);
}

/* The segments must be the stream. */
static bool segments_of(const struct json *at, struct capture *c, struct arena *keep,
                        struct error *err)
{
    uint64_t n, total = 0;

    if (!json_is(at, JSON_ARRAY, err))
        return false;
    c->segments = ARENA_ARRAY(keep, at->count, size_t);
    for
        json_each (e, at) {
            if (!json_u64(e, UINT32_MAX, &n, err))
                return false;
            c->segments[c->segment_count++] = n;
            total += n;
        }
    return total == c->bytes.len ||
           json_error(at, err, "segments of %zu bytes, hex has %zu", (size_t)total, c->bytes.len);
}

static bool capture_parse(const struct json *at, struct arena *keep, struct capture *out,
                          struct error *err)
{
    static const char *const keys[] = { "name", "title",    "writer", "types",
                                        "hex",  "segments", "text",   NULL };
    const char *hex, *wrong;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, keys, err))
        return false;
    for (const char *const *k = keys; *k; k++)
        if (!json_get(at, *k))
            return json_error(at, err, "expected \"%s\"", *k);
    *out = (struct capture){ .at = at };
    if (!json_string(json_get(at, "name"), &out->name, err) ||
        !json_string(json_get(at, "title"), &out->title, err) ||
        !json_string(json_get(at, "text"), &out->text, err) ||
        !json_string(json_get(at, "hex"), &hex, err))
        return false;
    if (!writer_parse(json_get(at, "writer"), &out->writer, err) ||
        !types_of(json_get(at, "types"), keep, &out->types, err))
        return false;
    if ((wrong = hex_read(hex, keep, &out->bytes)))
        return json_error(json_get(at, "hex"), err, "%s", wrong);
    return segments_of(json_get(at, "segments"), out, keep, err);
}

bool captures_parse(const struct json *file, struct arena *keep, struct captures *to,
                    struct error *err)
{
    static const char *const keys[] = { "format", "title", "streams", NULL };
    const struct json *streams = json_get(file, "streams");

    if (!format_parse(file, err) || !json_known(file, keys, err))
        return false;
    if (!streams)
        return json_error(file, err, "expected \"streams\"");
    if (!json_is(streams, JSON_ARRAY, err))
        return false;
    struct capture *all = ARENA_ARRAY(keep, to->count + streams->count, struct capture);
    if (to->count)
        memcpy(all, to->items, to->count * sizeof *all);
    to->items = all;
    for
        json_each (e, streams) {
            struct capture c;
            if (!capture_parse(e, keep, &c, err))
                return false;
            if (capture_find(to, c.name))
                return json_error(e, err, "two streams are called \"%s\"", c.name);
            to->items[to->count++] = c;
        }
    return true;
}

const struct capture *capture_find(const struct captures *c, const char *name)
{
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->items[i].name, name) == 0)
            return &c->items[i];
    return NULL;
}
