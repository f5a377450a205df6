#include "bench/invent.h"

#include <stdio.h>

#include "base/file.h"

#define FILE_MAX (16u << 20)

/* JSON with ' in the place of ". */
#define QUOTED(...)                                \
    do {                                           \
        size_t from = to->b.len;                   \
        text_printf(to, __VA_ARGS__);              \
        for (size_t at = from; at < to->b.len; at++) \
            if (to->b.data[at] == '\'')            \
                to->b.data[at] = '"';              \
    } while (0)

static bool copy(const struct bench *b, const char *name, const char *directory, struct error *err)
{
    SCRATCH(scratch);
    struct bytes data;

    return file_read(arena_printf(&scratch, "%s/vectors/%s", b->data, name), FILE_MAX, &scratch, &data, err) &&
           file_write(arena_printf(&scratch, "%s/%s", directory, name), data, err);
}

static bool place(const struct bench *b, const char *name, bool alone, struct arena *keep, const char **directory, struct error *err)
{
    *directory = arena_printf(keep, "%s/%s", b->directory, name);
    return file_make_directory(arena_printf(keep, "%s/suites", *directory), err) &&
           (!alone || (file_make_directory(arena_printf(keep, "%s/services", *directory), err) &&
                       copy(b, "services/conformance.json", *directory, err) && copy(b, "clauses.json", *directory, err)));
}

static bool write_suite(const char *directory, const char *name, const struct text *suite, struct error *err)
{
    SCRATCH(scratch);

    return file_write(arena_printf(&scratch, "%s/suites/%s.json", directory, name), buffer_bytes(&suite->b), err);
}

static void head(struct text *to, const char *suite)
{
    QUOTED("{'format': 1, 'suite': '%s', 'service': 'conformance', 'title': 'For a benchmark',", suite);
}

static void table_head(struct text *to, const char *suite, const char *type)
{
    head(to, suite);
    QUOTED("'tables': [{'id': '%s-row', 'title': '{type} {text} by {op}', 'why': 'There must be many.', 'clauses': ['BO-1', 'SVC-6'],"
           " 'ops': ['echo', 'tell', 'make'], 'rows': [{'key': 'drawn', 'type': '%s', 'draw': {}}", suite, type);
}

/* rows × ops cases, the drawn row included. */
static void numbers(struct text *to, size_t rows)
{
    table_head(to, "bench-numbers", "dword");
    for (size_t i = 1; i < rows; i++) {
        unsigned v = (unsigned)(i * 2654435761u); // spread over all digits
        QUOTED(",\n{'key': '%zu', 'type': 'dword', 'value': %u, 'text': '%u', 'source': 'pinned', 'wire': '%02x%02x%02x%02x'}", i, v, v,
               v & 255, v >> 8 & 255, v >> 16 & 255, v >> 24);
    }
    QUOTED("]}]}\n");
}

static void strings(struct text *to, size_t rows)
{
    table_head(to, "bench-strings", "cstringa");
    for (size_t i = 1; i < rows; i++) {
        char value[32];
        TEXT(hex);
        snprintf(value, sizeof value, "case %zu", i);
        text_hex(&hex, bytes_of(value), false);
        QUOTED(",\n{'key': '%zu', 'type': 'cstringa', 'value': '%s', 'text': 'a:%s', 'source': 'pinned', 'wire': '%02zx %s'}", i, value,
               text_string(&hex), strlen(value), text_string(&hex));
    }
    QUOTED("]}]}\n");
}

static void case_head(struct text *to, const char *id)
{
    QUOTED("{'id': '%s', 'title': 'For a benchmark', 'why': 'There must be many.', 'clauses': ['SVC-4'], 'steps': [", id);
}

/* A round trip of a control's size. */
static void next(struct text *to, size_t i)
{
    QUOTED(", {'client': [{'word': 4}, {'dword': %zu}]}, {'server': [{'word': 0}, {'dword': %zu}], 'check': 'next-%zu'}", i, i + 1, i);
}

static void conversations(struct text *to, size_t count)
{
    head(to, "bench-talks");
    QUOTED("'cases': [");
    for (size_t i = 0; i < count; i++) {
        char id[40];
        snprintf(id, sizeof id, "bench-talks-%zu", i);
        QUOTED("%s", i ? ",\n" : "\n");
        case_head(to, id);
        QUOTED("{'control': 'next'}");
        next(to, i);
        QUOTED(", {'silent': 'server'}, {'control': 'next'}]}");
    }
    QUOTED("]}\n");
}

bool invent_many(const struct bench *b, const char *name, bool alone, size_t count, struct arena *keep, const char **directory,
                 struct error *err)
{
    static const size_t ops = 3;
    size_t half = count / 2 / ops + 1, third = count / 3 / ops + 1, used = (half + third) * ops;
    TEXT(all_numbers);
    TEXT(all_strings);
    TEXT(all_talks);

    numbers(&all_numbers, half);
    strings(&all_strings, third);
    conversations(&all_talks, count > used ? count - used : 1);
    return place(b, name, alone, keep, directory, err) && write_suite(*directory, "bench-numbers", &all_numbers, err) &&
           write_suite(*directory, "bench-strings", &all_strings, err) && write_suite(*directory, "bench-talks", &all_talks, err);
}

bool invent_kept(const struct bench *b, const char *name, size_t trips, size_t silences, struct arena *keep, const char **directory,
                 struct error *err)
{
    TEXT(suite);
    struct text *to = &suite;

    head(to, "bench");
    QUOTED("'cases': [");
    case_head(to, "bench-kept");
    QUOTED("{'control': 'next'}");
    for (size_t i = 1; i < trips; i++)
        next(to, i);
    QUOTED("]},\n");
    case_head(to, "bench-silent");
    QUOTED("{'control': 'next'}");
    for (size_t i = 0; i < silences; i++) {
        next(to, i);
        QUOTED(", {'silent': 'server', 'probe': false, 'check': 'silent-%zu'}", i);
    }
    QUOTED("]}]}\n");
    return place(b, name, true, keep, directory, err) && write_suite(*directory, "bench", to, err);
}
