/*
 * JSON as it is written, and that what is written is read back.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/random.h"
#include "json/json.h"
#include "json/write.h"

static void write_sample(struct json_out *j)
{
    json_begin(j, NULL, '{');
    json_put_string(j, "s", "a\"b\\c\n\r\t\x01\x7f/\xc3\xa9");
    json_put_hex(j, "h", BYTES(0x00, 0xff));
    json_begin(j, "a", '[');
    json_put_int(j, NULL, -1);
    json_put_bool(j, NULL, true);
    json_put_null(j, NULL);
    json_put_raw(j, NULL, "1.50");
    json_end(j, ']');
    json_begin(j, "e", '{');
    json_end(j, '}');
    json_begin(j, "f", '[');
    json_end(j, ']');
    json_end(j, '}');
}

Test(json_write, one_line, .timeout = 10)
{
    TEXT(t);
    struct json_out j = { .to = &t };

    write_sample(&j);
    text_char(&t, '\n');
    json_begin(&j, NULL, '[');
    json_end(&j, ']');
    cr_expect(eq(str, (char *)text_string(&t),
                 "{\"s\":\"a\\\"b\\\\c\\n\\r\\t\\u0001\x7f/\xc3\xa9\",\"h\":\"00ff\","
                 "\"a\":[-1,true,null,1.50],\"e\":{},\"f\":[]}\n[]"));
}

Test(json_write, one_member_per_line, .timeout = 10)
{
    TEXT(t);
    struct json_out j = { .to = &t, .indent = 2 };

    write_sample(&j);
    cr_expect(eq(str, (char *)text_string(&t),
                 "{\n  \"s\": \"a\\\"b\\\\c\\n\\r\\t\\u0001\x7f/\xc3\xa9\",\n  \"h\": \"00ff\",\n"
                 "  \"a\": [\n    -1,\n    true,\n    null,\n    1.50\n  ],\n"
                 "  \"e\": {},\n  \"f\": []\n}"));
}

Test(json_write, integers_beyond_2_53_are_strings, .timeout = 10)
{
    TEXT(t);
    struct json_out j = { .to = &t };

    json_begin(&j, NULL, '[');
    json_put_u64(&j, NULL, 9007199254740992);
    json_put_u64(&j, NULL, 9007199254740993);
    json_put_u64(&j, NULL, UINT64_MAX);
    json_put_int(&j, NULL, -9007199254740992);
    json_put_int(&j, NULL, -9007199254740993);
    json_put_int(&j, NULL, INT64_MIN);
    json_end(&j, ']');
    cr_expect(eq(str, (char *)text_string(&t),
                 "[9007199254740992,\"9007199254740993\",\"18446744073709551615\","
                 "-9007199254740992,\"-9007199254740993\",\"-9223372036854775808\"]"));
}

Test(json_write, what_is_not_UTF_8_comes_out_as_replacement_characters, .timeout = 10)
{
    TEXT(t);
    struct json_out j = { .to = &t };

    json_put_text(&j, NULL, BYTES('a', 0xff, 0xed, 0xa0, 0x80, 0, 0xc3));
    cr_expect(eq(str, (char *)text_string(&t),
                 "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\\u0000\xef\xbf\xbd\""));
}

Test(json_write, any_bytes_without_NUL_are_read_back, .timeout = 10)
{
    for (uint64_t round = 0; round < 2000; round++) {
        SCRATCH(keep);
        TEXT(t);
        struct random chance = random_for(round, "write", 0);
        struct json_out j = { .to = &t };
        struct error err = { 0 };
        const struct json *back = NULL;
        uint8_t value[24];
        for (size_t i = 0; i < sizeof value; i++)
            value[i] = (uint8_t)(1 + random_below(&chance, 255));
        json_put_text(&j, NULL, (struct bytes){ value, sizeof value });
        cr_assert(json_parse(buffer_bytes(&t.b), "t", &keep, &back, &err), "%s", err.text);
        cr_expect(eq(int, back->kind, JSON_STRING));
    }
}
