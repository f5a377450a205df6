/*
 * The codec cases as data: what is given away of each kind of case, and that all shipped ones are what they say.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "archive/decode.h"
#include "base/hex.h"
#include "test_vector.h"
#include "vector/export.h"
#include "vector/partition.h"

#define ROW(row)                                                                                   \
    "{'format': 1, 'suite': 't', 'service': 'tiny', 'tables': [{'id': 't-a', 'title': 'T', 'clauses': ['X-1'], "  \
    "'ops': ['echo', 'tell'], 'rows': [" row "]}]}"

static const struct {
    const char *label, *suite, *lines; // NULL: nothing is exported
} rows[] = {
    { "a row, once for all its ops", ROW("{'key': 'k', 'type': 'word', 'value': 4660, 'wire': '3412', 'text': '4660', 'source': 'hand'}"),
      "{\"id\":\"t-a-k\",\"rev\":1,\"types\":[\"word\"],\"wire\":\"3412\",\"outcome\":\"load\",\"text\":\"4660\",\"clauses\":[\"X-1\"]}" },
    { "a longer form and what is stored for it",
      ROW("{'key': 'k', 'type': 'count', 'value': 1, 'wire': '0100', 'load': 'ffff01000000', 'text': '1', 'source': 'hand'}"),
      "{\"id\":\"t-a-k\",\"rev\":1,\"types\":[\"count\"],\"wire\":\"ffff01000000\",\"outcome\":\"load\",\"text\":\"1\","
      "\"store\":\"0100\",\"clauses\":[\"X-1\"]}" },
    { "one line for each profile that differs",
      ROW("{'key': 'k', 'type': 'word,cstring', 'value': [1, 'a'], 'wire': {'ansi': '010001 61', 'unicode': '0100fffeff01 6100'},"
          " 'text': '1 u:0061', 'source': 'hand'}"),
      "{\"id\":\"t-a-k\",\"rev\":1,\"types\":[\"word\",\"cstring\"],\"profile\":\"ansi\",\"wire\":\"01000161\",\"outcome\":\"load\","
      "\"text\":\"1 u:0061\",\"clauses\":[\"X-1\"]},\n"
      "{\"id\":\"t-a-k\",\"rev\":1,\"types\":[\"word\",\"cstring\"],\"profile\":\"unicode\",\"wire\":\"0100fffeff016100\",\"outcome\":\"load\","
      "\"text\":\"1 u:0061\",\"clauses\":[\"X-1\"]}" },
    { "no line for a profile without the type",
      ROW("{'key': 'k', 'type': 'wchar', 'value': 1, 'wire': '0100', 'text': '1', 'source': 'hand'}"),
      "{\"id\":\"t-a-k\",\"rev\":1,\"types\":[\"wchar\"],\"profile\":\">=7.0\",\"wire\":\"0100\",\"outcome\":\"load\",\"text\":\"1\","
      "\"clauses\":[\"X-1\"]}" },
    { "not a drawn row", ROW("{'key': 'k', 'type': 'word', 'draw': {}}"), NULL },
};

/* Like tiny, but a reply begins with a byte that tells how it went. */
#define TELLING                                                                                    \
    "{'format': 1, 'service': 'tiny', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true," \
    " 'end': {'name': 'end', 'clauses': ['X-1']},"                                                 \
    " 'controls': {'ping': [ {'client': [{'byte': 1}]}, {'server': [{'byte': 2}]} ]},"             \
    " 'ops': {'echo': [ {'client': [{'byte': 3}, {'cstringa': '{type}'}, {'row': 'load'}]}, {'server': [{'byte': 0}, {'row': 'store'}]} ],"  \
    "         'tell': [ {'client': [{'byte': 4}, {'cstringa': '{type}'}, {'row': 'load'}]},"       \
    "                   {'server': [{'byte': 0}, {'cstring': '{text}'}]} ]}}"

static void exported(const char *service, const char *suite, struct text *out, size_t *left)
{
    SCRATCH(keep);
    struct library lib;
    struct error err;
    struct codec_cases cases;

    cr_assert(library_of(service, suite, &lib, &err), "%s", err.text);
    export_codec(&lib, &keep, &cases);
    export_print(out, &cases);
    *left = cases.left_out;
    library_free(&lib);
}

Test(export, rows_become_lines, .timeout = 20)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        TEXT(out);
        size_t left;
        const char *due = arena_printf(&keep, "{\"format\":1,\"cases\":[%s%s\n]}\n", rows[i].lines ? "\n" : "",
                                       rows[i].lines ? rows[i].lines : "");
        exported(TELLING, rows[i].suite, &out, &left);
        cr_expect(eq(str, (char *)text_string(&out), (char *)due), "%s", rows[i].label);
    }
}

static const struct {
    const char *label, *steps, *line; // part of the line, or NULL: none
    size_t left;
} requests[] = {
    { "values that load", "{'client': [{'byte': 4}, {'cstringa': 'word'}, {'word': 7}]}, {'server': [{'byte': 0}, {'cstring': '7'}]}",
      "\"types\":[\"word\"],\"wire\":\"0700\",\"outcome\":\"load\",\"text\":\"7\",", 0 },
    { "what stands behind the values is another request",
      "{'client': [{'byte': 4}, {'cstringa': 'word'}, {'word': 7}, {'byte': 1}]}, {'server': [{'byte': 0}, {'cstring': '7'}]}",
      "\"wire\":\"0700\",\"outcome\":\"load\"", 0 },
    { "an exception", "{'client': [{'byte': 4}, {'cstringa': 'object'}, {'bytes': '0500'}]}, {'server': [{'byte': 2}]}, {'end': 'server'}",
      "\"wire\":\"0500\",\"outcome\":\"exception\",\"cause\":5,\"offset\":0,", 0 },
    { "an exception at the end of the stream",
      "{'client': [{'byte': 4}, {'cstringa': 'word,dword'}, {'bytes': '0500 01'}]}, {'end': 'client'}, {'server': [{'byte': 2}]}",
      "\"wire\":\"050001\",\"outcome\":\"exception\",\"cause\":3,\"offset\":2,", 0 },
    { "not while more may come", "{'client': [{'byte': 4}, {'cstringa': 'word'}, {'bytes': '05'}]}, {'silent': 'server'}", NULL, 1 },
    { "not where the case thinks otherwise", "{'client': [{'byte': 4}, {'cstringa': 'word'}, {'word': 7}]}, {'server': [{'byte': 2}]}", NULL, 1 },
    { "not what needs a table",
      "{'client': [{'byte': 4}, {'cstringa': 'word'}, {'word': 7}]}, {'server': [{'byte': 0}]},"
      "{'client': [{'byte': 4}, {'cstringa': 'object'}, {'object': 'null'}]}, {'server': [{'byte': 0}], 'check': 'b'}",
      "\"id\":\"t-1\",\"rev\":1,\"types\":[\"word\"]", 1 },
    { "two of one case",
      "{'client': [{'byte': 4}, {'cstringa': 'word'}, {'word': 7}]}, {'server': [{'byte': 0}]},"
      "{'client': [{'byte': 3}, {'cstringa': 'word'}, {'word': 8}]}, {'server': [{'byte': 0}], 'check': 'b'}",
      "\"id\":\"t-1@step=4\",\"rev\":1,\"types\":[\"word\"],\"wire\":\"0800\"", 0 },
    { "not another request", "{'client': [{'byte': 9}, {'cstringa': 'word'}, {'word': 7}]}, {'server': [{'byte': 0}]}", NULL, 0 },
    { "not drawn values", "{'client': [{'byte': 4}, {'cstringa': 'word'}, {'word': {'draw': {}}}]}, {'server': [{'byte': 0}]}", NULL, 0 },
};

Test(export, requests_with_the_shape_of_an_op_become_lines, .timeout = 20)
{
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        SCRATCH(keep);
        TEXT(out);
        size_t left;
        exported(TELLING, arena_printf(&keep, "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [{'id': 't-1', 'title': 'T',"
                                              " 'clauses': ['X-1'], 'steps': [{'control': 'ping'}, %s]}]}", requests[i].steps),
                 &out, &left);
        const char *line = requests[i].line;
        bool found = line ? strstr(text_string(&out), line) != NULL : strstr(text_string(&out), "\"id\"") == NULL;
        cr_expect(found, "%s:\n%s", requests[i].label, text_string(&out));
        cr_expect(eq(sz, left, requests[i].left), "%s", requests[i].label);
    }
}

/* Streams of megabytes take minutes under a sanitizer, and are of the same kinds. */
static bool is_small(const struct vector *v)
{
    const struct golden *g = v->row ? v->row->store : NULL;
    bool small = true;
    size_t len;

    for (; g; g = g->next)
        small &= !hex_measure(g->hex, &len) && len <= 4096;
    for (size_t i = 0; i < v->steps.count; i++) {
        const struct step *s = &v->steps.items[i];
        for (g = s->golden; g; g = g->next)
            small &= !hex_measure(g->hex, &len) && len <= 4096;
        for (size_t k = 0; k < s->item_count; k++)
            small &= (!s->items[k].hex || (!hex_measure(s->items[k].hex, &len) && len <= 4096)) && s->items[k].value.data.len <= 4096 && s->items[k].value.count <= 512;
    }
    return small;
}

static void keep_small(struct suite *s)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->count; i++)
        if (is_small(&s->vectors[i]))
            s->vectors[kept++] = s->vectors[i];
    s->count = kept;
}

Test(export, every_shipped_case_is_unique_and_read_back_as_it_says, .timeout = 120)
{
    SCRATCH(keep);
    struct library lib = { 0 };
    struct codec_cases cases;
    struct error err;
    size_t exceptions = 0;

    cr_assert(library_load(&lib, (const char *const[]){ "vectors" }, 1, &err), "%s", err.text);
    for (size_t i = 0; i < lib.suite_count; i++)
        keep_small(&lib.suites[i]);
    export_codec(&lib, &keep, &cases);
    cr_expect(gt(sz, cases.count, 500));
    for (size_t i = 0; i < cases.count; i++) {
        const struct codec_case *c = &cases.items[i];
        struct type_list types;
        size_t profiles = 0;
        cr_assert(type_list_parse(c->types, &keep, &types, &err), "%s: %s", c->id, err.text);
        if (i)
            cr_expect(strcmp(export_name(c, &keep), export_name(c - 1, &keep)) != 0, "%s", c->id);
        exceptions += !c->loads;
        for (size_t k = 0; k < profile_count; k++) {
            struct decoding d;
            if (c->profile && !profile_matches(&profile_all[k], c->profile))
                continue;
            profiles++;
            stream_decode(c->wire, &profile_all[k], &types, &keep, &d);
            cr_expect(eq(int, decoding_whole(&d), c->loads), "%s", c->id);
            if (!c->loads)
                cr_expect(d.cause == c->cause && d.at == c->offset, "%s", c->id);
        }
        cr_expect(gt(sz, profiles, 0), "%s: %s", c->id, c->profile);
    }
    cr_expect(gt(sz, exceptions, 20));
    library_free(&lib);
}

/*
 * Predicates.
 */
static const struct {
    const char *label, *answers; // one letter for each of profile_all; . does not matter
    const char *predicates;
} partitions[] = {
    { "all alike", "aaaaaaaaaaaaaaaaaaaaaaaa", "" },
    { "none matters", "........................", "" },
    { "by charset", "abababababababababababab", "ansi unicode" },
    { "one matters", "...........a............", "" },
    { "by bits", "aaaaaabbaabbaabbaabbaabb", "32 64" },
    { "by generation", "aaaaaaaaaaaabbbbbbbbbbbb", "<8 >=8" },
    { "one generation", "aaaabbbbaaaaaaaaaaaaaaaa", "<7.0 >=7.0,<7.1 >=7.1" },
    { "where the others do not matter", "a.b.........aabb........", NULL },
};

Test(partition, has_the_fewest_predicates_and_each_profile_fits_one, .timeout = 10)
{
    for (size_t i = 0; i < COUNT_OF(partitions); i++) {
        const char *answers[PROFILES_MAX];
        char letters[PROFILES_MAX][2] = { { 0 } };
        struct partition parts;
        TEXT(found);
        for (size_t k = 0; k < profile_count; k++) {
            letters[k][0] = partitions[i].answers[k];
            answers[k] = letters[k][0] == '.' ? NULL : letters[k];
        }
        partition_make(answers, &parts);
        for (size_t k = 0; k < parts.count; k++)
            text_printf(&found, "%s%s", k ? " " : "", parts.items[k].predicate);
        if (partitions[i].predicates)
            cr_expect(eq(str, (char *)text_string(&found), (char *)partitions[i].predicates), "%s", partitions[i].label);
        for (size_t k = 0; k < profile_count; k++) {
            size_t fits = 0;
            for (size_t n = 0; n < parts.count; n++) {
                if (*parts.items[n].predicate && !profile_matches(&profile_all[k], parts.items[n].predicate))
                    continue;
                fits++;
                const char *answer = parts.items[n].answer ? parts.items[n].answer : "";
                bool right = answers[k] == NULL || strcmp(answer, answers[k]) == 0;
                cr_expect(right, "%s: profile %zu", partitions[i].label, k);
            }
            cr_expect(eq(sz, fits, 1), "%s: profile %zu", partitions[i].label, k);
        }
    }
}
