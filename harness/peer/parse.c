#include "peer/parse.h"

#include <string.h>

bool words_parse(const struct json *at, struct arena *keep, const char *const **out, struct error *err)
{
    if (!json_is(at, JSON_ARRAY, err))
        return false;
    const char **words = ARENA_ARRAY(keep, at->count + 1, const char *);
    size_t n = 0;
    for json_each (e, at)
        if (!json_string(e, &words[n++], err))
            return false;
    *out = words;
    return true;
}

bool words_parse_some(const struct json *at, const char *what, struct arena *keep, const char *const **out, struct error *err)
{
    return words_parse(at, keep, out, err) && (at->count > 0 || json_error(at, err, "expected at least one %s", what));
}

bool choice_parse(const struct json *at, const char *const *words, size_t count, const char *expected, size_t *out,
                  struct error *err)
{
    const char *word;

    if (!json_string(at, &word, err))
        return false;
    for (*out = 0; *out < count; ++*out)
        if (strcmp(words[*out], word) == 0)
            return true;
    return json_error(at, err, "\"%s\": expected %s", word, expected);
}
