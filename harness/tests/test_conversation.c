/*
 * The proxy's file as a conversation in memory.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/text.h"
#include "capture/conversation.h"

#define HEAD "{\"record\":\"traffic\",\"traffic\":1,\"listen\":\"127.0.0.1:4000\",\"to\":\"127.0.0.1:5000\"}\n"
#define OPEN "{\"record\":\"open\",\"on\":0,\"us\":5,\"port\":4242}\n"
#define DATA "{\"record\":\"data\",\"on\":0,\"us\":7,\"from\":\"client\",\"hex\":\"0400\"}\n"
#define FIN  "{\"record\":\"fin\",\"on\":0,\"us\":8,\"from\":\"client\"}\n"
#define END  "{\"record\":\"end\",\"us\":20}\n"

/* "0 client +7 0400, 0 client end": what was said, in its order. */
static void tell(struct text *to, const struct conversation *c)
{
    static const char *const sides[] = { "client", "server" };

    for (const struct said *s = c->first; s; s = s->next) {
        text_printf(to, "%s%u %s +%lld ", s == c->first ? "" : ", ", s->on, sides[s->from], (long long)s->us);
        if (s->kind == TALK_DATA)
            text_hex(to, s->data, false);
        else
            text_add(to, s->kind == TALK_END ? "end" : "reset");
    }
}

Test(conversation, keeps_the_order_of_all_connections, .timeout = 10)
{
    struct conversation c;
    struct error err;
    SCRATCH(keep);
    TEXT(told);

    cr_assert(conversation_parse(bytes_of(HEAD OPEN DATA "{\"record\":\"open\",\"on\":1,\"us\":9}\n"
                                 "{\"record\":\"refused\",\"on\":1,\"us\":10,\"why\":\"Connection refused\"}\n"
                                 "{\"record\":\"open\",\"on\":2,\"us\":11}\n"
                                 "{\"record\":\"data\",\"on\":2,\"us\":12,\"from\":\"server\",\"hex\":\"ff\"}\n"
                                 "{\"record\":\"data\",\"on\":0,\"us\":13,\"from\":\"client\",\"hex\":\"07\"}\n"
                                 "{\"record\":\"fin\",\"on\":0,\"us\":14,\"from\":\"client\"}\n"
                                 "{\"record\":\"data\",\"on\":0,\"us\":15,\"from\":\"server\",\"hex\":\"08\"}\n"
                                 "{\"record\":\"reset\",\"on\":0,\"us\":16,\"from\":\"client\",\"why\":\"x\"}\n"
                                 "{\"record\":\"fault\",\"on\":0,\"us\":16,\"from\":\"server\",\"what\":\"flip\",\"at\":0}\n"
                                 "{\"record\":\"closed\",\"on\":0,\"us\":17}\n" END),
                                 "t", &keep, &c, &err), "%s", err.text);
    tell(&told, &c);
    cr_expect(eq(str, (char *)text_string(&told),
                 "0 client +7 0400, 2 server +12 ff, 0 client +13 07, 0 client +14 end, 0 server +15 08, 0 client +16 reset"));
    cr_expect(eq(u32, c.count, 3));
    cr_expect(not(c.cut));
    cr_expect(c.notes && !c.notes->next && strcmp(c.notes->text, "#0: the proxy made a fault, flip: one side heard otherwise than was said") == 0);
    cr_expect(c.talks[0].over && !c.talks[0].refused && c.talks[0].us == 5);
    cr_expect(c.talks[1].refused && !c.talks[1].over);
    cr_expect(c.talks[0].bytes[TALK_CLIENT] == 3 && c.talks[0].bytes[TALK_SERVER] == 1);
    cr_expect(c.talks[0].ended[TALK_CLIENT] && !c.talks[0].ended[TALK_SERVER]);
    cr_expect(c.talks[0].reset[TALK_CLIENT] && !c.talks[0].reset[TALK_SERVER]);
    cr_expect(bytes_equal(conversation_stream(&c, 0, TALK_CLIENT, &keep), BYTES(0x04, 0x00, 0x07)));
    cr_expect(bytes_equal(conversation_stream(&c, 2, TALK_CLIENT, &keep), (struct bytes){ 0 }));
}

Test(conversation, of_a_file_cut_short_has_what_was_whole, .timeout = 10)
{
    static const char *const texts[] = { HEAD OPEN DATA, HEAD OPEN DATA "{\"record\":\"da" };
    struct conversation c;
    struct error err;

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        SCRATCH(keep);
        TEXT(told);
        cr_assert(conversation_parse(bytes_of(texts[i]), "t", &keep, &c, &err), "%s", err.text);
        tell(&told, &c);
        cr_expect(eq(str, (char *)text_string(&told), "0 client +7 0400"));
        cr_expect(c.cut);
    }
}

Test(conversation, keeps_notes, .timeout = 10)
{
    struct conversation c;
    struct error err;
    SCRATCH(keep);

    cr_assert(conversation_parse(bytes_of(HEAD OPEN "{\"record\":\"note\",\"text\":\"all\"}\n{\"record\":\"note\",\"on\":0,\"text\":\"lost\"}\n" DATA END),
                                 "t", &keep, &c, &err), "%s", err.text);
    cr_assert(c.notes && c.notes->next && !c.notes->next->next);
    cr_expect(eq(str, (char *)c.notes->text, "lost"));
    cr_expect(eq(i64, c.notes->on, 0));
    cr_expect(eq(i64, c.notes->next->on, -1));
    cr_expect(not(c.cut));
}

Test(conversation, goes_on_when_time_goes_back, .timeout = 10)
{
    struct conversation c = { 0 };
    SCRATCH(keep);
    TEXT(told);

    cr_expect(eq(u32, conversation_open(&c, TALK_SERVER, 0, &keep), 0));
    cr_expect(conversation_add(&c, 0, TALK_DATA, TALK_SERVER, 9, BYTES(1), &keep));
    cr_expect(conversation_add(&c, 0, TALK_DATA, TALK_CLIENT, 3, BYTES(2), &keep));
    for (uint32_t i = 1; i < 70; i++)
        cr_expect(eq(u32, conversation_open(&c, TALK_CLIENT, i, &keep), i));
    tell(&told, &c);
    cr_expect(eq(str, (char *)text_string(&told), "0 server +9 01, 0 client +9 02"));
    cr_expect(c.talks[0].opened == TALK_SERVER && c.talks[0].bytes[TALK_CLIENT] == 1 && c.talks[69].us == 69);
}

// clang-format off
static const struct { const char *text, *error; } refused[] = {
    { "",                                                              "t: expected the records of arcwire proxy; the file is empty" },
    { "\x04",                                                          "t:1: expected the record \"traffic\", with which arcwire proxy begins a file" },
    { OPEN,                                                            "t:1: expected the record \"traffic\", with which arcwire proxy begins a file" },
    { "{\"record\":\"traffic\",\"traffic\":2}\n",                      "t:1: \"traffic\": expected format 1" },
    { HEAD "x\n",                                                      "t:2: expected a record, as one JSON object" },
    { HEAD "[]\n",                                                     "t:2: expected a record, as one JSON object" },
    { HEAD DATA,                                                       "t:2: \"on\": expected a connection that was opened before" },
    { HEAD OPEN OPEN,                                                  "t:3: \"on\": expected the next connection's number" },
    { HEAD OPEN "{\"record\":\"open\",\"on\":1}\n",                    "t:3: \"us\": expected a number from 0 to 9223372036854775807" },
    { HEAD OPEN "{\"record\":\"said\",\"on\":0,\"us\":6}\n",           "t:3: \"record\": expected open, refused, data, fin, reset, fault, closed, note or end" },
    { HEAD OPEN "{\"record\":\"fin\",\"on\":0,\"us\":6}\n",            "t:3: \"from\": expected \"client\" or \"server\"" },
    { HEAD OPEN "{\"record\":\"data\",\"on\":0,\"us\":6,\"from\":\"client\",\"hex\":\"040\"}\n", "t:3: \"hex\": expected one byte or more, as hex digits in pairs" },
    { HEAD OPEN "{\"record\":\"data\",\"on\":0,\"us\":6,\"from\":\"client\",\"hex\":\"\"}\n",    "t:3: \"hex\": expected one byte or more, as hex digits in pairs" },
    { HEAD OPEN FIN DATA,                                              "t:4: expected nothing more from this side, which has ended" },
    { HEAD OPEN FIN FIN,                                               "t:4: expected nothing more from this side, which has ended" },
    { HEAD END OPEN,                                                   "t:3: expected nothing behind the record \"end\"" },
};
// clang-format on

Test(conversation, refuses_what_no_proxy_wrote, .timeout = 10)
{
    struct conversation c;
    struct error err;

    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        SCRATCH(keep);
        cr_assert(not(conversation_parse(bytes_of(refused[i].text), "t", &keep, &c, &err)), "%s", refused[i].text);
        cr_expect(eq(str, err.text, (char *)refused[i].error));
        cr_expect(eq(int, (int)err.kind, ERROR_INPUT));
    }
}
