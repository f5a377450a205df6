/*
 * What was heard, as a case: the order that counts, and which values are volatile.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

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
static void steps(struct text *to, const char *const *traffic, size_t count, int64_t only)
{
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
    if (!recording_make(all, count, &keep, &r, &err)) {
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

    steps(&got, traffic, count, only);
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
    cr_assert(recording_make(&(struct heard){ &c, -1 }, 1, &keep, &r, &err));
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
