/*
 * What is JSON and what is not, with the place and words of each refusal; and that nothing crashes the reader.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "base/random.h"
#include "base/text.h"
#include "json/json.h"

// clang-format off
static const char *const accepted[] = {
    "0", "-0", "1", "-1", "1.5", "1e9", "1E+9", "1e-9", "-0.0e0", "1e999", "9007199254740993",
    "123456789012345678901234567890123456789012345678901234567890123",
    "\"\"", "\"a\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0001\"", "\"\\ud83d\\ude00\"", "\"\\uD83D\\uDE00\"",
    "\"\x7f\"", "\"\xc2\x80\"", "\"\xdf\xbf\"", "\"\xe0\xa0\x80\"", "\"\xed\x9f\xbf\"", "\"\xee\x80\x80\"",
    "\"\xef\xbf\xbf\"", "\"\xf0\x90\x80\x80\"", "\"\xf4\x8f\xbf\xbf\"", "\"\xef\xbb\xbf\"",
    "true", "false", "null", " \t\r\n1 \t\r\n", "[]", "[ ]", "{}", "{ }", "[1]", "[1,2]", "[[],{}]",
    "{\"\":1}", "{\"a\":1,\"A\":2}", "{\"a\":{\"a\":1}}", "[{\"a\":1},{\"a\":1}]",
};

static const struct refusal {
    const char *text, *error;
} refused[] = {
    { "",                       "t:1:1: expected a value, found the end" },
    { " ",                      "t:1:2: expected a value, found the end" },
    { "\n\n x",                 "t:3:2: expected a value, found 'x'" },
    { "\xef\xbb\xbf" "1",       "t:1:1: a byte order mark in front of the value" },
    { "1 2",                    "t:1:3: expected the end, found '2'" },
    { "{}\n}",                  "t:2:1: expected the end, found '}'" },
    { "null\v",                 "t:1:5: expected the end, found byte 0x0b" },
    { "01",                     "t:1:1: a number with a leading zero" },
    { "-01",                    "t:1:1: a number with a leading zero" },
    { "[-]",                    "t:1:3: expected a digit, found ']'" },
    { "+1",                     "t:1:1: expected a value, found '+'" },
    { ".5",                     "t:1:1: expected a value, found '.'" },
    { "1.",                     "t:1:3: expected a digit, found the end" },
    { "1.e1",                   "t:1:3: expected a digit, found 'e'" },
    { "1e",                     "t:1:3: expected a digit, found the end" },
    { "1e+",                    "t:1:4: expected a digit, found the end" },
    { "0x10",                   "t:1:2: expected the end, found 'x'" },
    { "NaN",                    "t:1:1: expected a value, found 'N'" },
    { "Infinity",               "t:1:1: expected a value, found 'I'" },
    { "nul",                    "t:1:1: expected a value, found 'n'" },
    { "True",                   "t:1:1: expected a value, found 'T'" },
    { "truefalse",              "t:1:5: expected the end, found 'f'" },
    { "1234567890123456789012345678901234567890123456789012345678901234",
                                "t:1:1: a number of more than 63 characters" },
    { "[1,]",                   "t:1:4: expected a value, found ']'" },
    { "[,1]",                   "t:1:2: expected a value, found ','" },
    { "[1 2]",                  "t:1:4: expected ',' or ']', found '2'" },
    { "[1",                     "t:1:3: expected ',' or ']', found the end" },
    { "[1}",                    "t:1:3: expected ',' or ']', found '}'" },
    { "{\"a\"}",                "t:1:5: expected ':', found '}'" },
    { "{\"a\":}",               "t:1:6: expected a value, found '}'" },
    { "{\"a\":1,}",             "t:1:8: expected a key in quotes, found '}'" },
    { "{a:1}",                  "t:1:2: expected a key in quotes, found 'a'" },
    { "{1:1}",                  "t:1:2: expected a key in quotes, found '1'" },
    { "{\"a\":1 \"b\":2}",      "t:1:8: expected ',' or '}', found '\"'" },
    { "'a'",                    "t:1:1: expected a value, found '\''" },
    { "// no\n1",               "t:1:1: expected a value, found '/'" },
    { "\"a",                    "t:1:1: a string without its closing quote" },
    { "\"a\\",                  "t:1:3: invalid escape in a string" },
    { "\"a\tb\"",               "t:1:3: raw control character 0x09 in a string" },
    { "\"a\nb\"",               "t:1:3: raw control character 0x0a in a string" },
    { "\"\\x41\"",              "t:1:2: invalid escape in a string" },
    { "\"\\u12\"",              "t:1:2: invalid escape in a string" },
    { "\"\\u12g4\"",            "t:1:2: invalid escape in a string" },
    { "\"a\\u0000\"",           "t:1:3: a string must not contain NUL" },
    { "\"\\ud800\"",            "t:1:2: half a surrogate pair in a string" },
    { "\"\\udc00\\ud800\"",     "t:1:2: half a surrogate pair in a string" },
    { "\"\\ud800\\ud800\"",     "t:1:2: half a surrogate pair in a string" },
    { "\"\\ud800x\"",           "t:1:2: half a surrogate pair in a string" },
    { "\"\x80\"",               "t:1:2: a string is not UTF-8" },
    { "\"\xc1\xbf\"",           "t:1:2: a string is not UTF-8" },
    { "\"\xc3\"",               "t:1:2: a string is not UTF-8" },
    { "\"\xe0\x9f\xbf\"",       "t:1:2: a string is not UTF-8" },
    { "\"\xed\xa0\x80\"",       "t:1:2: a string is not UTF-8" },
    { "\"\xf0\x8f\xbf\xbf\"",   "t:1:2: a string is not UTF-8" },
    { "\"\xf4\x90\x80\x80\"",   "t:1:2: a string is not UTF-8" },
    { "\"\xf5\x80\x80\x80\"",   "t:1:2: a string is not UTF-8" },
    { "\"\xf0\x90\x80\"",       "t:1:2: a string is not UTF-8" },
    { "{\"\xff\":1}",           "t:1:3: a string is not UTF-8" },
    { "\xff",                   "t:1:1: expected a value, found byte 0xff" },
    { "{\"a\":1,\n \"a\":2}",   "t:2:2: duplicate key \"a\"" },
    { "{\"a\":1,\"\\u0061\":2}", "t:1:8: duplicate key \"a\"" },
    { "[{\"x\":{\"b\":0,\"a\":1,\"a\":2}}]", "t:1:20: duplicate key \"a\"" },
    { "{\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,\"8\":0,\"9\":0,\n\"7\":0,\"2\":0}",
                                "t:2:1: duplicate key \"7\"" },
};
// clang-format on

Test(json, what_the_standard_allows_is_accepted, .timeout = 10)
{
    for (size_t i = 0; i < COUNT_OF(accepted); i++) {
        SCRATCH(keep);
        struct error err = { 0 };
        const struct json *j = NULL;
        cr_expect(json_parse(bytes_of(accepted[i]), "t", &keep, &j, &err), "%s: %s", accepted[i],
                  err.text);
    }
}

Test(json, what_is_refused_is_refused_where_it_stands, .timeout = 10)
{
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        SCRATCH(keep);
        struct error err = { 0 };
        const struct json *j = NULL;
        cr_expect(not(json_parse(bytes_of(refused[i].text), "t", &keep, &j, &err)), "%s",
                  refused[i].text);
        cr_expect(eq(str, err.text, (char *)refused[i].error));
        cr_expect(eq(int, err.kind, ERROR_INPUT));
        cr_expect(eq(ptr, (void *)j, NULL), "%s leaves its output alone", refused[i].text);
    }
}

Test(json, a_raw_NUL_is_refused, .timeout = 10)
{
    static const struct bytes texts[] = { { (const uint8_t *)"1\0", 2 },
                                          { (const uint8_t *)"\"a\0\"", 4 },
                                          { (const uint8_t *)"\0", 1 },
                                          { (const uint8_t *)"\"\\\0\"", 4 } };

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        SCRATCH(keep);
        struct error err = { 0 };
        const struct json *j;
        cr_expect(not(json_parse(texts[i], "t", &keep, &j, &err)), "text %zu", i);
    }
}

static bool nested(size_t depth, const char *open, const char *close, struct error *err)
{
    SCRATCH(keep);
    TEXT(t);
    const struct json *j;

    for (size_t i = 0; i < depth; i++)
        text_add(&t, open);
    text_add(&t, close[0] == '}' ? "0" : "");
    for (size_t i = 0; i < depth; i++)
        text_add(&t, close);
    return json_parse(buffer_bytes(&t.b), "t", &keep, &j, err);
}

Test(json, nesting_ends_at_64, .timeout = 10)
{
    struct error err = { 0 };

    cr_expect(nested(64, "[", "]", &err), "%s", err.text);
    cr_expect(not(nested(65, "[", "]", &err)));
    cr_expect(eq(str, err.text, "t:1:65: nested deeper than 64"));
    cr_expect(not(nested(1000000, "[", "]", &err)));
    cr_expect(nested(64, "{\"a\":", "}", &err), "%s", err.text);
    cr_expect(not(nested(65, "{\"a\":", "}", &err)));
}

static const char sample[] =
    "{\n"
    "  \"about\": \"r\\u00e9sum\\u00e9 \xc3\xa9\",\n"
    "  \"cases\": [\n"
    "    { \"id\": \"first\", \"steps\": [ 1, { \"client\": [ true, null, -2.50e1 ] } ] },\n"
    "    { \"id\": \"second\", \"rows\": [ { \"id\": \"inner\", \"n\": [ [ 7 ] ] } ] }\n"
    "  ]\n"
    "}\n";

static const struct json *parse_sample(struct arena *keep)
{
    struct error err = { 0 };
    const struct json *j = NULL;

    cr_assert(json_parse(bytes_of(sample), "s.json", keep, &j, &err), "%s", err.text);
    return j;
}

Test(json, the_tree_keeps_order_places_and_number_texts, .timeout = 10)
{
    SCRATCH(keep);
    const struct json *root = parse_sample(&keep), *cases = json_get(root, "cases");
    const struct json *first = cases->first;
    const struct json *client = json_get(json_get(first, "steps")->first->next, "client");
    const struct json *number = client->first->next->next;

    cr_expect(eq(sz, root->count, 2));
    cr_expect(eq(str, (char *)root->first->key, "about"));
    cr_expect(eq(str, (char *)root->first->string, "r\xc3\xa9sum\xc3\xa9 \xc3\xa9"));
    cr_expect(eq(sz, cases->count, 2));
    cr_expect(eq(int, first->line, 4));
    cr_expect(eq(int, first->column, 5));
    cr_expect(eq(int, number->kind, JSON_NUMBER));
    cr_expect(eq(str, (char *)number->string, "-2.50e1"));
    cr_expect(eq(int, number->line, 4));
    cr_expect(eq(int, number->column, 62));
    cr_expect(client->first->truth);
    cr_expect(eq(int, client->first->next->kind, JSON_NULL));
    cr_expect(eq(ptr, (void *)number->parent, (void *)client));
    cr_expect(eq(ptr, (void *)json_get(root, "Cases"), NULL), "keys are compared exactly");
}

static void path_is(const struct json *at, const char *text)
{
    struct error err = { 0 };

    cr_expect(not(json_error(at, &err, "bad %d", 1)));
    cr_expect(eq(str, err.text, (char *)text));
    cr_expect(eq(int, err.kind, ERROR_INPUT));
}

Test(json, errors_lead_from_the_root_to_the_value, .timeout = 10)
{
    SCRATCH(keep);
    const struct json *root = parse_sample(&keep), *cases = json_get(root, "cases");
    const struct json *first = cases->first, *second = first->next;
    const struct json *client = json_get(json_get(first, "steps")->first->next, "client");
    const struct json *inner = json_get(second, "rows")->first;

    path_is(root, "s.json:1: bad 1");
    path_is(json_get(root, "about"), "s.json:2: about: bad 1");
    path_is(cases, "s.json:3: cases: bad 1");
    path_is(first, "s.json:4: case first: bad 1");
    path_is(client->first, "s.json:4: case first: steps[1].client[0]: bad 1");
    path_is(json_get(inner, "n")->first->first, "s.json:5: case second: row inner: n[0][0]: bad 1");
}

Test(json, unknown_keys_are_named_with_the_known_ones, .timeout = 10)
{
    static const char *const keys[] = { "about", "level", NULL };
    static const char *const all[] = { "cases", "about", NULL };
    SCRATCH(keep);
    struct error err = { 0 };
    const struct json *root = parse_sample(&keep);

    cr_expect(json_known(root, all, &err));
    cr_expect(not(json_known(root, keys, &err)));
    cr_expect(eq(str, err.text, "s.json:3: unknown key \"cases\"; known are about, level"));
    cr_expect(not(json_known(json_get(root, "cases")->first, all, &err)));
    cr_expect(
        eq(str, err.text, "s.json:4: case first: unknown key \"id\"; known are cases, about"));
}

// clang-format off
static const struct integer_row {
    const char *text;
    bool u64, i64;
    uint64_t value;
} integers[] = {
    { "0",                          true,  true,  0                           },
    { "-0",                         false, true,  0                           },
    { "7",                          true,  true,  7                           },
    { "-7",                         false, true,  (uint64_t)-7                },
    { "9007199254740991",           true,  true,  9007199254740991            },
    { "9007199254740992",           true,  true,  9007199254740992            },
    { "9007199254740993",           false, false, 0                           },
    { "-9007199254740993",          false, false, 0                           },
    { "\"9007199254740993\"",       true,  true,  9007199254740993            },
    { "\"18446744073709551615\"",   true,  false, UINT64_MAX                  },
    { "\"18446744073709551616\"",   false, false, 0                           },
    { "\"9223372036854775807\"",    true,  true,  INT64_MAX                   },
    { "\"-9223372036854775808\"",   false, true,  (uint64_t)INT64_MIN         },
    { "\"-9223372036854775809\"",   false, false, 0                           },
    { "\"0x10\"",                   true,  true,  16                          },
    { "\"0xDEADbeef\"",             true,  true,  0xdeadbeef                  },
    { "\"0xffffffffffffffff\"",     true,  false, UINT64_MAX                  },
    { "\"0x10000000000000000\"",    false, false, 0                           },
    { "\"0x\"",                     false, false, 0                           },
    { "\"-0x1\"",                   false, false, 0                           },
    { "\"\"",                       false, false, 0                           },
    { "\"-\"",                      false, false, 0                           },
    { "\"1 \"",                     false, false, 0                           },
    { "\"1a\"",                     false, false, 0                           },
    { "1.0",                        false, false, 0                           },
    { "1e3",                        false, false, 0                           },
    { "1e999",                      false, false, 0                           },
    { "true",                       false, false, 0                           },
    { "null",                       false, false, 0                           },
    { "[1]",                        false, false, 0                           },
};
// clang-format on

Test(json, integers_are_exact_or_refused, .timeout = 10)
{
    for (const struct integer_row *t = integers; t < integers + COUNT_OF(integers); t++) {
        SCRATCH(keep);
        struct error err = { 0 };
        const struct json *j;
        uint64_t u = 0;
        int64_t i = 0;
        cr_assert(json_parse(bytes_of(t->text), "t", &keep, &j, &err), "%s", err.text);
        cr_expect(eq(int, json_u64(j, UINT64_MAX, &u, &err), t->u64), "%s", t->text);
        cr_expect(eq(u64, u, t->u64 ? t->value : 0), "%s", t->text);
        cr_expect(eq(int, json_i64(j, INT64_MIN, INT64_MAX, &i, &err), t->i64), "%s", t->text);
        cr_expect(eq(i64, i, t->i64 ? (int64_t)t->value : 0), "%s", t->text);
    }
}

static void wrong(const char *text, const char *error)
{
    SCRATCH(keep);
    struct error err = { 0 };
    const struct json *j;
    uint64_t u;
    int64_t i;

    cr_assert(json_parse(bytes_of(text), "t", &keep, &j, &err), "%s", err.text);
    if (j->kind == JSON_BOOL)
        cr_expect(not(json_i64(j, -5, 5, &i, &err)));
    else
        cr_expect(not(json_u64(j, 65535, &u, &err)));
    cr_expect(eq(str, err.text, (char *)error));
}

Test(json, messages_say_what_was_expected_and_found, .timeout = 10)
{
    SCRATCH(keep);
    struct error err = { 0 };
    const struct json *root = parse_sample(&keep);
    const char *s;
    bool b;

    wrong("65536", "t:1: expected an integer from 0 to 65535, found 65536");
    wrong("\"x\"", "t:1: expected an integer from 0 to 65535, found \"x\"");
    wrong("{}", "t:1: expected an integer from 0 to 65535, found an object");
    wrong("true", "t:1: expected an integer from -5 to 5, found true or false");
    cr_expect(not(json_string(json_get(root, "cases"), &s, &err)));
    cr_expect(eq(str, err.text, "s.json:3: cases: expected a string, found an array"));
    cr_expect(not(json_bool(json_get(root, "about"), &b, &err)));
    cr_expect(not(json_is(root, JSON_ARRAY, &err)));
    cr_expect(eq(str, err.text, "s.json:1: expected an array, found an object"));
}

/* Parses a copy whose edges the address sanitizer guards. */
static bool parses(const void *text, size_t len)
{
    SCRATCH(keep);
    struct error err = { 0 };
    const struct json *j;
    uint8_t *edge = malloc(len + !len);

    memcpy(edge, text, len);
    bool ok = json_parse((struct bytes){ edge, len }, "t", &keep, &j, &err);
    free(edge);
    return ok;
}

Test(json, no_strict_prefix_of_an_object_is_json, .timeout = 10)
{
    size_t len = strrchr(sample, '}') - sample;

    for (size_t cut = 0; cut <= len; cut++)
        cr_expect(not(parses(sample, cut)), "cut to %zu", cut);
    cr_expect(parses(sample, len + 1));
}

Test(json, changed_bytes_and_garbage_do_not_crash, .timeout = 30)
{
    static const char likely[] = "{}[]\",:\\u0123456789abcdefdDtrue.+- \n\xc3\xa9\xf0";
    struct random chance = random_for(1, "garbage", 0);
    char text[sizeof sample];

    for (size_t at = 0; at < sizeof sample - 1; at++)
        for (size_t i = 0; i < sizeof likely; i++) {
            memcpy(text, sample, sizeof text);
            text[at] = likely[i];
            parses(text, sizeof sample - 1);
        }
    for (int round = 0; round < 20000; round++) {
        size_t len = random_below(&chance, 40);
        for (size_t i = 0; i < len; i++)
            text[i] = round % 2 ? (char)random_u64(&chance)
                                : likely[random_below(&chance, sizeof likely)];
        parses(text, len);
    }
}

Test(json, many_keys_and_long_strings_take_no_quadratic_time, .timeout = 10)
{
    TEXT(t);

    text_char(&t, '{');
    for (int i = 0; i < 100000; i++)
        text_printf(&t, "\"%d\":\"\",\n", i);
    text_add(&t, "\"x\":1}");
    cr_expect(parses(t.b.data, t.b.len));
}

Test(json, a_file_that_cannot_be_read_says_why, .timeout = 10)
{
    SCRATCH(keep);
    struct error err = { 0 };
    const struct json *j;

    cr_expect(not(json_read("/nonexistent.json", &keep, &j, &err)));
    cr_expect(eq(str, err.text, "/nonexistent.json: No such file or directory"));
    cr_expect(eq(int, err.kind, ERROR_INPUT));
    cr_expect(not(json_read("/", &keep, &j, &err)));
    cr_expect(eq(str, err.text, "/: Is a directory"));
}
