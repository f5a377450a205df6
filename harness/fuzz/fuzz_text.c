/*
 * Any bytes as a value's text. The first byte chooses the profile, the second the type. What is read can be
 * told and read again as the same, and what can be stored has bytes that load.
 */
#include <stdlib.h>

#include "archive/objects.h"
#include "archive/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool parse(const char *text, struct type_ref t, const struct profile *p, struct arena *keep,
                  struct value *out)
{
    struct error err;

    return value_parse(text, t, p, keep, out, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    SCRATCH(keep);
    const struct profile *p = &profile_all[data[0] % profile_count];
    struct type_ref t = { .type = &type_table[data[1] % type_count], .size = data[1] };
    char *text = arena_alloc(&keep, size - 1); // ended by a zero
    struct value v, again;
    struct error err;
    TEXT(told);

    memcpy(text, data + 2, size - 2);
    if (!parse(text, t, p, &keep, &v))
        return 0;
    value_make_text(&told, &v);
    if (!parse(text_string(&told), t, p, &keep, &again) || !value_equal(&v, &again))
        abort();
    if (!value_storable(&v, p, NULL, &err))
        return 0;
    CLEANUP(buffer_free) struct buffer w = { 0 };
    value_store(&w, p, NULL, &v);
    struct reader r = { .in = buffer_bytes(&w), .written = true };
    value_load(&r, p, NULL, t, &keep, &again);
    if (r.status != WIRE_OK || r.at != w.len)
        abort();
    return 0;
}
