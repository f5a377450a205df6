/*
 * What was heard, as a case: the order that counts, and which values are volatile.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "capture/recording.h"

#define HEAD        "{\"record\":\"traffic\",\"traffic\":1}\n"
#define END         "{\"record\":\"end\",\"us\":999}\n"
#define OPEN(on)    "{\"record\":\"open\",\"on\":" #on ",\"us\":5}\n"
#define OPEN_AT(on, us) "{\"record\":\"open\",\"on\":" #on ",\"us\":" #us "}\n"
#define CLIENT(on, hex) "{\"record\":\"data\",\"on\":" #on ",\"us\":7,\"from\":\"client\",\"hex\":\"" hex "\"}\n"
#define SERVER(on, hex) "{\"record\":\"data\",\"on\":" #on ",\"us\":7,\"from\":\"server\",\"hex\":\"" hex "\"}\n"
#define FIN(on, who)    "{\"record\":\"fin\",\"on\":" #on ",\"us\":8,\"from\":\"" who "\"}\n"
#define RST(on, who)    "{\"record\":\"reset\",\"on\":" #on ",\"us\":8,\"from\":\"" who "\"}\n"

static const char *const clauses[] = { "L-4", NULL };

/* The steps of the case made of these recordings, or what is wrong. */
static void steps(struct text *to, const char *const *traffic, size_t count, int64_t only, const struct layout *layout)
{
    const struct recording_manner how = { .from = { layout, layout } };
    struct recording_head head = { .suite = "t", .id = "t-1", .service = "s", .clauses = clauses };
    struct conversation c[4];
    struct heard all[4];
    struct recording r;
    struct error err;
    SCRATCH(keep);
    TEXT(suite);

    for (size_t i = 0; i < count; i++) {
        cr_assert(conversation_parse(bytes_of(traffic[i]), i ? "other" : "one", &keep, &c[i], &err), "%s", err.text);
        all[i] = (struct heard){ &c[i], only };
    }
    if (!recording_make(all, count, &how, &keep, &r, &err)) {
        text_add(to, err.text);
        return;
    }
    cr_assert(recording_print(&suite, &r, &head, &err), "%s", err.text);
    const char *begin = strstr(text_string(&suite), "\"steps\": [\n");
    cr_assert(begin != NULL);
    text_add(to, begin + strlen("\"steps\": [\n"));
}

static void expect_steps(const char *const *traffic, size_t count, int64_t only, const char *due)
{
    TEXT(got);

    steps(&got, traffic, count, only, NULL);
    cr_expect(eq(str, (char *)text_string(&got), (char *)due));
}
#define EXPECT_STEPS(due, only, ...) \
    expect_steps((const char *const[]){ __VA_ARGS__ }, COUNT_OF(((const char *const[]){ __VA_ARGS__ })), only, due)

Test(recording, is_a_whole_suite, .timeout = 10)
{
    struct recording_head head = { .suite = "t", .id = "t-1", .service = "s", .clauses = clauses, .before = "next", .behind = "next",
                                   .no_control = "None.", .level = "should" };
    struct conversation c;
    struct recording r;
    struct error err;
    SCRATCH(keep);
    TEXT(suite);

    cr_assert(conversation_parse(bytes_of(HEAD OPEN(0) CLIENT(0, "0400") SERVER(0, "0000") END), "one", &keep, &c, &err));
    cr_assert(recording_make(&(struct heard){ &c, -1 }, 1, &(struct recording_manner){ 0 }, &keep, &r, &err));
    cr_assert(recording_print(&suite, &r, &head, &err));
    cr_expect(eq(str, (char *)text_string(&suite),
                 "{ \"format\": 1, \"suite\": \"t\", \"service\": \"s\",\n"
                 "  \"title\": \"Sessions as they were recorded\",\n"
                 "  \"cases\": [\n"
                 "    { \"id\": \"t-1\", \"rev\": 1, \"since\": 1, \"level\": \"should\",\n"
                 "      \"title\": \"The session is answered as it was when it was recorded\",\n"
                 "      \"why\": \"Programs in use rely on these answers.\",\n"
                 "      \"clauses\": [\"L-4\"],\n"
                 "      \"no-control\": \"None.\",\n"
                 "      \"steps\": [\n"
                 "        { \"control\": \"next\", \"on\": \"before\" },\n"
                 "        { \"end\": \"client\", \"on\": \"before\" },\n"
                 "        { \"end\": \"server\", \"on\": \"before\" },\n"
                 "        { \"client\": [ {\"bytes\": \"0400\"} ], \"wire\": \"0400\", \"source\": \"heard\" },\n"
                 "        { \"server\": [ {\"bytes\": \"0000\"} ], \"wire\": \"0000\", \"source\": \"heard\", \"check\": \"heard-1\" },\n"
                 "        { \"control\": \"next\", \"on\": \"behind\" },\n"
                 "        { \"end\": \"client\", \"on\": \"behind\" },\n"
                 "        { \"end\": \"server\", \"on\": \"behind\" } ] } ] }\n"));
}

#define TWO                                                                                                              \
    "        { \"open\": \"client\", \"on\": \"c0\" },\n"                                                                \
    "        { \"client\": [ {\"bytes\": \"0102\"} ], \"wire\": \"0102\", \"source\": \"heard\", \"on\": \"c1\" },\n"    \
    "        { \"server\": [ {\"bytes\": \"0a0b\"} ], \"wire\": \"0a0b\", \"source\": \"heard\", \"on\": \"c0\", \"check\": \"heard-1\" },\n" \
    "        { \"server\": [ {\"bytes\": \"0c0d\"} ], \"wire\": \"0c0d\", \"source\": \"heard\", \"on\": \"c1\", \"check\": \"heard-2\" },\n" \
    "        { \"end\": \"client\", \"on\": \"c0\" },\n"                                                                 \
    "        { \"end\": \"client\", \"on\": \"c1\" },\n"                                                                 \
    "        { \"end\": \"server\", \"on\": \"c0\" },\n"                                                                 \
    "        { \"end\": \"server\", \"on\": \"c1\" } ] } ] }\n"

/* Segments, and the order between connections in which the server's acts were heard, are the machine's. */
Test(recording, is_the_same_however_it_was_heard, .timeout = 10)
{
    EXPECT_STEPS(TWO, -1, HEAD OPEN(0) OPEN(1) CLIENT(1, "0102") SERVER(0, "0a0b") SERVER(1, "0c0d") FIN(0, "client")
                 FIN(1, "client") FIN(0, "server") FIN(1, "server") END);
    EXPECT_STEPS(TWO, -1, HEAD OPEN(0) OPEN(1) CLIENT(1, "01") CLIENT(1, "02") SERVER(1, "0c") SERVER(0, "0a") SERVER(1, "0d")
                 SERVER(0, "0b") FIN(1, "client") FIN(1, "server") FIN(0, "client") FIN(0, "server") END);
}

/* What the client does on another connection may be what the server answers. */
Test(recording, keeps_the_order_with_the_clients_acts, .timeout = 10)
{
    EXPECT_STEPS("        { \"client\": [ {\"bytes\": \"01\"} ], \"wire\": \"01\", \"source\": \"heard\", \"on\": \"c0\" },\n"
                 "        { \"server\": [ {\"bytes\": \"0a\"} ], \"wire\": \"0a\", \"source\": \"heard\", \"on\": \"c0\", \"check\": \"heard-1\" },\n"
                 "        { \"client\": [ {\"bytes\": \"02\"} ], \"wire\": \"02\", \"source\": \"heard\", \"on\": \"c1\" },\n"
                 "        { \"server\": [ {\"bytes\": \"0b\"} ], \"wire\": \"0b\", \"source\": \"heard\", \"on\": \"c0\", \"check\": \"heard-2\" } ] } ] }\n",
                 -1, HEAD OPEN(0) CLIENT(0, "01") SERVER(0, "0a") OPEN_AT(1, 9) CLIENT(1, "02") SERVER(0, "0b") END);
}

/* A server that ends first is waited for before the client ends. */
Test(recording, keeps_ends_of_the_servers_own_accord, .timeout = 10)
{
    EXPECT_STEPS("        { \"client\": [ {\"bytes\": \"01\"} ], \"wire\": \"01\", \"source\": \"heard\" },\n"
                 "        { \"end\": \"server\" },\n"
                 "        { \"end\": \"client\" } ] } ] }\n",
                 -1, HEAD OPEN(0) CLIENT(0, "01") FIN(0, "server") FIN(0, "client") END);
    EXPECT_STEPS("        { \"client\": [ {\"bytes\": \"01\"} ], \"wire\": \"01\", \"source\": \"heard\" },\n"
                 "        { \"reset\": \"client\" } ] } ] }\n",
                 -1, HEAD OPEN(0) CLIENT(0, "01") RST(0, "client") RST(0, "server") END);
}

Test(recording, takes_one_connection, .timeout = 10)
{
    EXPECT_STEPS("        { \"client\": [ {\"bytes\": \"02\"} ], \"wire\": \"02\", \"source\": \"heard\" },\n"
                 "        { \"server\": [ {\"bytes\": \"0b\"} ], \"wire\": \"0b\", \"source\": \"heard\", \"check\": \"heard-1\" } ] } ] }\n",
                 1, HEAD OPEN(0) OPEN(1) CLIENT(0, "01") CLIENT(1, "02") SERVER(0, "0a") SERVER(1, "0b") END);
}

/* A number that the client gives back, in part once more; a clock; and the client's own number, which the server repeats. */
Test(recording, tells_volatile_values_apart, .timeout = 10)
{
    EXPECT_STEPS("        { \"open\": \"client\" },\n"
                 "        { \"server\": [ {\"bytes\": \"48\"}, {\"raw:2\": {\"any\": true, \"as\": \"kept-2.1\"}, \"name\": \"kept-2.1\"},\n"
                 "              {\"raw:2\": {\"any\": true, \"as\": \"kept-2.3\"}, \"name\": \"kept-2.3\"}, {\"bytes\": \"0a\"} ], \"check\": \"heard-1\" },\n"
                 "        { \"client\": [ {\"bytes\": \"47\"}, {\"raw:2\": {\"reuse\": \"kept-2.1\"}}, {\"raw:2\": {\"reuse\": \"kept-2.3\"}}, {\"bytes\": \"00c1c2\"} ] },\n"
                 "        { \"server\": [ {\"raw:2\": {\"reuse\": \"kept-2.3\"}}, {\"bytes\": \"ffc1c200\"}, {\"raw:3\": {\"any\": true}, \"name\": \"any-4.6\"} ], \"check\": \"heard-2\" } ] } ] }\n",
                 -1, HEAD OPEN(0) SERVER(0, "48010203040a") CLIENT(0, "470102030400c1c2") SERVER(0, "0304ffc1c200717273") END,
                 HEAD OPEN(0) SERVER(0, "48112233440a") CLIENT(0, "471122334400d1d2") SERVER(0, "3344ffd1d200818283") END);
}

/* One recording has nothing that differs. */
Test(recording, pins_what_never_differed, .timeout = 10)
{
    EXPECT_STEPS("        { \"client\": [ {\"bytes\": \"01\"} ], \"wire\": \"01\", \"source\": \"heard\" },\n"
                 "        { \"server\": [ {\"bytes\": \"0a0b\"} ], \"wire\": \"0a0b\", \"source\": \"heard\", \"check\": \"heard-1\" } ] } ] }\n",
                 -1, HEAD OPEN(0) CLIENT(0, "01") SERVER(0, "0a0b") END, HEAD OPEN(0) CLIENT(0, "01") SERVER(0, "0a0b") END);
}

Test(recording, refuses_what_is_no_recording_of_one_session, .timeout = 10)
{
    EXPECT_STEPS("no recordings of one session: step 2 is in one \"#0: the server says 2 bytes\", in other \"#0: the server says 1 byte\"", -1,
                 HEAD OPEN(0) CLIENT(0, "01") SERVER(0, "0a0b") END, HEAD OPEN(0) CLIENT(0, "01") SERVER(0, "0a") END);
    EXPECT_STEPS("no recordings of one session: step 2 is in one \"#0: the client ends\", in other \"nothing more\"", -1,
                 HEAD OPEN(0) CLIENT(0, "01") FIN(0, "client") END, HEAD OPEN(0) CLIENT(0, "01") END);
    EXPECT_STEPS("one: has no connection #3", 3, HEAD OPEN(0) CLIENT(0, "01") END);
    EXPECT_STEPS("one: nobody says anything", -1, HEAD OPEN(0) FIN(0, "client") END);
}

/* Requests of a byte, a number and a text; replies of a number, texts, a clock and data. */
static const char own_layout[] =
    "{\"format\":1,\"layout\":\"own\",\"client\":\"ask\",\"server\":\"reply\",\"messages\":{"
    "\"ask\":[{\"byte\":\"op\"},{\"word\":\"id\"},{\"cstring\":\"text\"}],"
    "\"reply\":[{\"word\":\"id\"},{\"stringlist\":\"names\"},{\"group\":\"at\",\"of\":[{\"long\":"
    "\"clock\"}]},"
    "{\"byte\":\"size\"},{\"raw\":\"data\",\"length\":\"size\"}]}}";

static void expect_fields(const char *const *traffic, size_t count, const char *due)
{
    char name[] = "/tmp/arcwire-test-recording-XXXXXX.json";
    int fd = mkstemps(name, 5);
    struct layout layout;
    struct error err = { 0 };
    SCRATCH(keep);
    TEXT(got);

    cr_assert(fd >= 0 && write(fd, own_layout, strlen(own_layout)) == (ssize_t)strlen(own_layout));
    close(fd);
    bool good = layout_read(name, &keep, &layout, &err);
    unlink(name);
    cr_assert(good, "%s", err.text);
    steps(&got, traffic, count, -1, &layout);
    cr_expect(eq(str, (char *)text_string(&got), (char *)due));
}
#define EXPECT_FIELDS(due, ...)                                                                    \
    expect_fields((const char *const[]){ __VA_ARGS__ },                                            \
                  COUNT_OF(((const char *const[]){ __VA_ARGS__ })), due)

/* Narrow and wide text, two messages in one go, values that have no other form than their units. */
Test(recording, says_fields_where_a_layout_knows_them, .timeout = 10)
{
    EXPECT_FIELDS(
        "        { \"client\": [ {\"message\": {\"name\": \"ask\", \"items\": [ {\"byte\": 1, "
        "\"name\": \"op\"}, {\"word\": 65535, \"name\": \"id\"}, {\"cstringa\": \"Hi\", \"name\": "
        "\"text\"} ]}} ],\n"
        "          \"wire\": \"01ffff024869\", \"source\": \"heard\" },\n"
        "        { \"server\": [ { \"message\": { \"name\": \"reply\",\n"
        "                  \"items\": [ {\"word\": 7, \"name\": \"id\"}, {\"count\": 2, \"name\": "
        "\"names.count\"}, {\"cstringa\": {\"hex\": \"e9\"}, \"name\": \"names\"},\n"
        "                      {\"cstringw\": {\"hex\": \"e9003dd8\"}, \"name\": \"names\"}, "
        "{\"long\": -2, \"name\": \"at.clock\"}, {\"byte\": 2, \"name\": \"size\"},\n"
        "                      {\"raw:2\": \"a1a2\", \"name\": \"data\"} ] } } ],\n"
        "          \"wire\": \"0700020001e9fffeff02e9003dd8feffffff02a1a2\", \"source\": "
        "\"heard\", \"check\": \"heard-1\" },\n"
        "        { \"client\": [ {\"message\": {\"name\": \"ask\", \"items\": [ {\"byte\": 2, "
        "\"name\": \"op\"}, {\"word\": 1, \"name\": \"id\"}, {\"cstringa\": \"\", \"name\": "
        "\"text\"} ]}},\n"
        "              {\"message\": {\"name\": \"ask\", \"items\": [ {\"byte\": 3, \"name\": "
        "\"op\"}, {\"word\": 0, \"name\": \"id\"}, {\"cstringa\": {\"hex\": \"7b\"}, \"name\": "
        "\"text\"} ]}} ],\n"
        "          \"wire\": \"02010000030000017b\", \"source\": \"heard\" },\n"
        "        { \"server\": [ { \"message\": { \"name\": \"reply\",\n"
        "                  \"items\": [ {\"word\": 7, \"name\": \"id\"}, {\"count\": 0, \"name\": "
        "\"names.count\"}, {\"long\": -2147483648, \"name\": \"at.clock\"},\n"
        "                      {\"byte\": 4, \"name\": \"size\"}, {\"raw:4\": \"00000000\", "
        "\"name\": \"data\"} ] } } ],\n"
        "          \"wire\": \"07000000000000800400000000\", \"source\": \"heard\", \"check\": "
        "\"heard-2\" } ] } ] }\n",
        HEAD OPEN(0) CLIENT(0, "01ffff024869") SERVER(0, "0700"
                                                         "0200"
                                                         "01e9"
                                                         "fffeff02e9003dd8"
                                                         "feffffff"
                                                         "02"
                                                         "a1a2") CLIENT(0, "02010000"
                                                                           "030000017b")
            SERVER(0, "0700"
                      "0000"
                      "00000080"
                      "04"
                      "00000000") END);
}

/* A number that is said again, alone and within a text; a clock; texts and data of other lengths; the client's own number. */
Test(recording, tells_volatile_fields_apart, .timeout = 10)
{
    EXPECT_FIELDS(
        "        { \"client\": [ {\"message\": {\"name\": \"ask\", \"items\": [ {\"byte\": 1, "
        "\"name\": \"op\"}, {\"word\": 5, \"name\": \"id\"}, {\"cstringa\": \"\", \"name\": "
        "\"text\"} ]}} ],\n"
        "          \"wire\": \"01050000\", \"source\": \"heard\" },\n"
        "        { \"server\": [ { \"message\": { \"name\": \"reply\",\n"
        "                  \"items\": [ {\"raw:2\": {\"any\": true, \"as\": \"kept-2.0\"}, "
        "\"name\": \"id\"}, {\"count\": 1, \"name\": \"names.count\", \"wire\": \"0100\"},\n"
        "                      {\"cstring\": {\"any\": true}, \"name\": \"names\", \"wire\": "
        "\"03616263\"}, {\"long\": {\"any\": true}, \"name\": \"at.clock\", \"wire\": "
        "\"11111111\"},\n"
        "                      {\"byte\": {\"any\": true, \"as\": \"any-2.12\"}, \"name\": "
        "\"size\", \"wire\": \"01\"}, {\"bytes\": {\"length\": \"any-2.12\"}, \"name\": \"data\"} "
        "] } } ],\n"
        "          \"check\": \"heard-1\" },\n"
        "        { \"client\": [ { \"message\": { \"name\": \"ask\",\n"
        "                  \"items\": [ {\"byte\": 2, \"name\": \"op\", \"wire\": \"02\"}, "
        "{\"raw:2\": {\"reuse\": \"kept-2.0\"}, \"name\": \"id\"}, {\"bytes\": \"02\", \"name\": "
        "\"text\"},\n"
        "                      {\"raw:2\": {\"reuse\": \"kept-2.0\"}, \"name\": \"text\"} ] } } ] "
        "},\n"
        "        { \"server\": [ { \"message\": { \"name\": \"reply\",\n"
        "                  \"items\": [ {\"word\": 5, \"name\": \"id\"}, {\"count\": 0, \"name\": "
        "\"names.count\"}, {\"long\": 0, \"name\": \"at.clock\"}, {\"byte\": 0, \"name\": "
        "\"size\"} ] } } ],\n"
        "          \"wire\": \"05 00*8\", \"source\": \"heard\", \"check\": \"heard-2\" } ] } ] "
        "}\n",
        HEAD OPEN(0) CLIENT(0, "01050000") SERVER(0, "0712"
                                                     "0100"
                                                     "03616263"
                                                     "11111111"
                                                     "01"
                                                     "a1") CLIENT(0, "02071202"
                                                                     "0712") SERVER(0, "0500"
                                                                                       "0000"
                                                                                       "00000000"
                                                                                       "00") END,
        HEAD OPEN(0) CLIENT(0, "01060000") SERVER(0, "0834"
                                                     "0100"
                                                     "026162"
                                                     "22222222"
                                                     "02"
                                                     "b1b2") CLIENT(0, "02083402"
                                                                       "0834") SERVER(0, "0600"
                                                                                         "0000"
                                                                                         "00000000"
                                                                                         "00") END);
}

/* All of a number is said again, and no part of it. */
Test(recording, repeats_whole_fields, .timeout = 10)
{
    EXPECT_FIELDS(
        "        { \"client\": [ {\"message\": {\"name\": \"ask\", \"items\": [ {\"byte\": 1, "
        "\"name\": \"op\"}, {\"word\": 5, \"name\": \"id\"}, {\"cstringa\": \"\", \"name\": "
        "\"text\"} ]}} ],\n"
        "          \"wire\": \"01050000\", \"source\": \"heard\" },\n"
        "        { \"server\": [ { \"message\": { \"name\": \"reply\",\n"
        "                  \"items\": [ {\"word\": {\"any\": true, \"as\": \"kept-2.0\"}, "
        "\"name\": \"id\", \"wire\": \"0712\"}, {\"count\": 0, \"name\": \"names.count\", "
        "\"wire\": \"0000\"},\n"
        "                      {\"long\": {\"any\": true}, \"name\": \"at.clock\", \"wire\": "
        "\"11111111\"}, {\"byte\": 0, \"name\": \"size\", \"wire\": \"00\"} ] } } ], \"check\": "
        "\"heard-1\" },\n"
        "        { \"client\": [ { \"message\": { \"name\": \"ask\",\n"
        "                  \"items\": [ {\"byte\": 2, \"name\": \"op\", \"wire\": \"02\"}, "
        "{\"word\": {\"reuse\": \"kept-2.0\"}, \"name\": \"id\", \"wire\": \"0712\"},\n"
        "                      {\"cstringa\": \"\", \"name\": \"text\", \"wire\": \"00\"} ] } } ] "
        "} ] } ] }\n",
        HEAD OPEN(0) CLIENT(0, "01050000") SERVER(0, "0712"
                                                     "0000"
                                                     "11111111"
                                                     "00") CLIENT(0, "02071200") END,
        HEAD OPEN(0) CLIENT(0, "01050000") SERVER(0, "0812"
                                                     "0000"
                                                     "22222222"
                                                     "00") CLIENT(0, "02081200") END);
}

/* Where a layout ends to fit, bytes go on. */
Test(recording, says_bytes_where_a_layout_ends_to_fit, .timeout = 10)
{
    EXPECT_FIELDS(
        "        { \"note\": \"The layout own ends to fit in message 2 of the client, field text: "
        "the stream ends 2 bytes too early, at byte 8 of what that side says; from byte 4 on these "
        "are bytes.\",\n"
        "          \"client\": [ {\"message\": {\"name\": \"ask\", \"items\": [ {\"byte\": 1, "
        "\"name\": \"op\"}, {\"word\": 5, \"name\": \"id\"}, {\"cstringa\": \"\", \"name\": "
        "\"text\"} ]}},\n"
        "              {\"bytes\": \"0205000541\"} ],\n"
        "          \"wire\": \"010500000205000541\", \"source\": \"heard\" },\n"
        "        { \"note\": \"The layout own ends to fit in message 1 of the server, field names: "
        "the stream ends 4 bytes too early, at byte 4 of what that side says; from byte 0 on these "
        "are bytes.\",\n"
        "          \"server\": [ {\"bytes\": \"0500ffff\"} ],\n"
        "          \"wire\": \"0500ffff\", \"source\": \"heard\", \"check\": \"heard-1\" },\n"
        "        { \"client\": [ {\"bytes\": \"0102\"} ], \"wire\": \"0102\", \"source\": "
        "\"heard\" } ] } ] }\n",
        HEAD OPEN(0) CLIENT(0, "01050000"
                               "0205000541") SERVER(0, "0500"
                                                       "ffff") CLIENT(0, "0102") END);
}

static void expect_shipped(const char *layout, const char *const *traffic, size_t count, const char *due)
{
    SCRATCH(keep);
    struct layout l;
    struct error err;
    TEXT(got);

    cr_assert(layout_read(arena_printf(&keep, "vectors/layouts/%s.json", layout), &keep, &l, &err), "%s", err.text);
    steps(&got, traffic, count, -1, &l);
    cr_expect(eq(str, (char *)text_string(&got), (char *)due));
}
#define EXPECT_SHIPPED(layout, due, ...) \
    expect_shipped(layout, (const char *const[]){ __VA_ARGS__ }, COUNT_OF(((const char *const[]){ __VA_ARGS__ })), due)

/* The same length once more, before other data; then the client says the first data again, with its length. */
Test(recording, keeps_each_length_beside_what_it_measures, .timeout = 10)
{
    EXPECT_SHIPPED("telephony",
        "        { \"client\": [ {\"message\": {\"name\": \"block\", \"items\": [ {\"dword\": 1, \"name\": \"command\"}, {\"dword\": 0, \"name\": \"size\"} ]}} ],\n"
        "          \"wire\": \"0100000000000000\", \"source\": \"heard\" },\n"
        "        { \"server\": [ { \"message\": { \"name\": \"block\",\n"
        "                  \"items\": [ {\"dword\": 0, \"name\": \"command\", \"wire\": \"00000000\"},\n"
        "                      {\"dword\": {\"any\": true, \"as\": \"kept-2.4\"}, \"name\": \"size\", \"wire\": \"02000000\"},\n"
        "                      {\"bytes\": {\"length\": \"kept-2.4\", \"as\": \"kept-2.8\"}, \"name\": \"data\"} ] } } ], \"check\": \"heard-1\" },\n"
        "        { \"client\": [ {\"message\": {\"name\": \"block\", \"items\": [ {\"dword\": 2, \"name\": \"command\"}, {\"dword\": 0, \"name\": \"size\"} ]}} ],\n"
        "          \"wire\": \"0200000000000000\", \"source\": \"heard\" },\n"
        "        { \"server\": [ { \"message\": { \"name\": \"block\",\n"
        "                  \"items\": [ {\"dword\": 0, \"name\": \"command\", \"wire\": \"00000000\"}, {\"dword\": {\"any\": true, \"as\": \"any-4.4\"}, \"name\": \"size\", \"wire\": \"02000000\"},\n"
        "                      {\"bytes\": {\"length\": \"any-4.4\"}, \"name\": \"data\"} ] } } ], \"check\": \"heard-2\" },\n"
        "        { \"client\": [ { \"message\": { \"name\": \"block\",\n"
        "                  \"items\": [ {\"dword\": 3, \"name\": \"command\", \"wire\": \"03000000\"}, {\"dword\": {\"reuse\": \"kept-2.4\"}, \"name\": \"size\", \"wire\": \"02000000\"},\n"
        "                      {\"bytes\": {\"reuse\": \"kept-2.8\"}, \"name\": \"data\"} ] } } ] },\n"
        "        { \"server\": [ {\"message\": {\"name\": \"block\", \"items\": [ {\"dword\": 0, \"name\": \"command\"}, {\"dword\": 0, \"name\": \"size\"} ]}} ],\n"
        "          \"wire\": \"00*8\", \"source\": \"heard\", \"check\": \"heard-3\" } ] } ] }\n",
        HEAD OPEN(0) CLIENT(0, "0100000000000000") SERVER(0, "00000000020000000a0b") CLIENT(0, "0200000000000000") SERVER(0, "00000000020000001a1b")
        CLIENT(0, "03000000020000000a0b") SERVER(0, "0000000000000000") END,
        HEAD OPEN(0) CLIENT(0, "0100000000000000") SERVER(0, "00000000030000002a2b2c") CLIENT(0, "0200000000000000") SERVER(0, "00000000030000003a3b3c")
        CLIENT(0, "03000000030000002a2b2c") SERVER(0, "0000000000000000") END);
}

/* A length that the server said is not the client's to repeat before data of its own. */
Test(recording, leaves_the_clients_own_data_with_their_length, .timeout = 10)
{
    EXPECT_SHIPPED("telephony",
        "        { \"client\": [ {\"message\": {\"name\": \"block\", \"items\": [ {\"dword\": 1, \"name\": \"command\"}, {\"dword\": 0, \"name\": \"size\"} ]}} ],\n"
        "          \"wire\": \"0100000000000000\", \"source\": \"heard\" },\n"
        "        { \"server\": [ { \"message\": { \"name\": \"block\",\n"
        "                  \"items\": [ {\"dword\": 0, \"name\": \"command\", \"wire\": \"00000000\"}, {\"dword\": {\"any\": true, \"as\": \"any-2.4\"}, \"name\": \"size\", \"wire\": \"02000000\"},\n"
        "                      {\"bytes\": {\"length\": \"any-2.4\"}, \"name\": \"data\"} ] } } ], \"check\": \"heard-1\" },\n"
        "        { \"client\": [ { \"message\": { \"name\": \"block\",\n"
        "                  \"items\": [ {\"dword\": 2, \"name\": \"command\"}, {\"dword\": 2, \"name\": \"size\"}, {\"raw:2\": \"1a1b\", \"name\": \"data\"} ] } } ],\n"
        "          \"wire\": \"02000000020000001a1b\", \"source\": \"heard\" } ] } ] }\n",
        HEAD OPEN(0) CLIENT(0, "0100000000000000") SERVER(0, "00000000020000000a0b") CLIENT(0, "02000000020000001a1b") END,
        HEAD OPEN(0) CLIENT(0, "0100000000000000") SERVER(0, "00000000030000002a2b2c") CLIENT(0, "02000000030000003a3b3c") END);
}

/* Objects as such: new, their class known, said again, null; texts in the width in which they were said. */
Test(recording, says_objects_where_all_are_known, .timeout = 10)
{
    EXPECT_SHIPPED("net-message",
        "        { \"client\": [ {\"message\": {\"name\": \"message\", \"items\": [ {\"object\": \"CNetMessage(a:61,w:0062,5)\", \"name\": \"message\"} ]}} ],\n"
        "          \"wire\": \"ffff01000b00434e65744d6573736167650161fffeff01620005000000\", \"source\": \"heard\" },\n"
        "        { \"server\": [ {\"message\": {\"name\": \"message\", \"items\": [ {\"object\": \"null\", \"name\": \"message\"} ]}} ],\n"
        "          \"wire\": \"0000\", \"source\": \"heard\", \"check\": \"heard-1\" },\n"
        "        { \"client\": [ {\"message\": {\"name\": \"message\", \"items\": [ {\"object\": \"CNetMessage(a:,a:,6)\", \"name\": \"message\"} ]}},\n"
        "              {\"message\": {\"name\": \"message\", \"items\": [ {\"object\": \"@1\", \"name\": \"message\"} ]}},\n"
        "              {\"message\": {\"name\": \"message\", \"items\": [ {\"object\": \"null\", \"name\": \"message\"} ]}} ],\n"
        "          \"wire\": \"018000000600000002000000\", \"source\": \"heard\" } ] } ] }\n",
        HEAD OPEN(0) CLIENT(0, "ffff01000b00434e65744d6573736167650161fffeff01620005000000") SERVER(0, "0000") CLIENT(0, "0180000006000000" "0200" "0000") END);
    EXPECT_SHIPPED("conformance",
        "        { \"client\": [ { \"message\": { \"name\": \"request\",\n"
        "                  \"items\": [ {\"word\": 1, \"name\": \"op\"}, {\"cstringa\": \"object\", \"name\": \"types\"}, {\"object\": \"CAge(21)\", \"name\": \"value\"} ] } } ],\n"
        "          \"wire\": \"0100066f626a656374ffff010004004341676515000000\", \"source\": \"heard\" },\n"
        "        { \"server\": [ {\"message\": {\"name\": \"reply\", \"items\": [ {\"word\": 0, \"name\": \"status\"}, {\"object\": \"CAge(21)\", \"name\": \"value\"} ]}} ],\n"
        "          \"wire\": \"0000ffff010004004341676515000000\", \"source\": \"heard\", \"check\": \"heard-1\" },\n"
        "        { \"client\": [ { \"message\": { \"name\": \"request\",\n"
        "                  \"items\": [ {\"word\": 3, \"name\": \"op\"}, {\"cstringa\": \"object\", \"name\": \"types\"}, {\"cstringa\": \"null\", \"name\": \"text\"} ] } } ],\n"
        "          \"wire\": \"0300066f626a656374046e756c6c\", \"source\": \"heard\" },\n"
        "        { \"server\": [ {\"message\": {\"name\": \"reply\", \"items\": [ {\"word\": 0, \"name\": \"status\"}, {\"object\": \"null\", \"name\": \"value\"} ]}} ],\n"
        "          \"wire\": \"00000000\", \"source\": \"heard\", \"check\": \"heard-2\" } ] } ] }\n",
        HEAD OPEN(0) CLIENT(0, "0100066f626a656374ffff0100040043416765" "15000000") SERVER(0, "0000ffff0100040043416765" "15000000") CLIENT(0, "0300" "06" "6f626a656374" "04" "6e756c6c") SERVER(0, "00000000") END);
}

/* One that is volatile makes bytes of all of that side's: what the others' tags would be depends on it. */
Test(recording, says_no_objects_where_one_is_volatile, .timeout = 10)
{
    EXPECT_SHIPPED("net-message",
        "        { \"client\": [ {\"message\": {\"name\": \"message\", \"items\": [ {\"object\": \"null\", \"name\": \"message\"} ]}} ], \"wire\": \"0000\", \"source\": \"heard\" },\n"
        "        { \"server\": [ {\"message\": {\"name\": \"message\", \"items\": [ {\"bytes\": \"0000\", \"name\": \"message\"} ]}},\n"
        "              { \"message\": { \"name\": \"message\",\n"
        "                  \"items\": [ {\"bytes\": \"ffff01000b00434e65744d657373616765\", \"name\": \"message\"}, {\"cstringa\": \"a\", \"name\": \"message.from\", \"wire\": \"0161\"},\n"
        "                      {\"cstringa\": \"b\", \"name\": \"message.text\", \"wire\": \"0162\"}, {\"long\": {\"any\": true}, \"name\": \"message.time\", \"wire\": \"05000000\"} ] } } ],\n"
        "          \"check\": \"heard-1\" } ] } ] }\n",
        HEAD OPEN(0) CLIENT(0, "0000") SERVER(0, "0000" "ffff01000b00434e65744d657373616765016101620" "5000000") END,
        HEAD OPEN(0) CLIENT(0, "0000") SERVER(0, "0000" "ffff01000b00434e65744d657373616765016101620" "6000000") END);
}

