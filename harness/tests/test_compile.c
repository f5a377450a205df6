/*
 * From a case to the ops that play it: golden bytes by hand, for both parties and different profiles; what is drawn;
 * how deliveries rewrite it; what its digest counts.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "test_vector.h"
#include "vector/lint.h"

#define PING "{'control': 'ping'}"
#define END  "\nshutdown main\nawait-end main"

// clang-format off
static const struct compiled {
    const char *label, *steps, *profile;
    enum party us;
    const char *delivery, *ops;
} compiled[] = {
    { "integers, low byte first", "{'client': [{'byte': 1}, {'word': 770}, {'dword': 117835012}, {'short': -2}]},{'server': [{'ulonglong': '0x0807060504030201'}]}",
      "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 01 0203 04050607 feff\nreceive main 0102030405060708" END },
    { "the other side of it", "{'client': [{'byte': 1}]},{'server': [{'byte': 2}]}",
      "bits=64", PARTY_SERVER, "plain",
      "open main\nreceive main 01\nsend main 02\nawait-end main\nshutdown main" },
    { "strings of an ANSI build", "{'client': [{'cstring': 'hi'}, {'cstringa': 'a'}]},{'server': [{'cstringw': 'b'}]}",
      "generation=6.0,charset=ansi,bits=32", PARTY_CLIENT, "plain",
      "open main\nsend main 026869 0161\nreceive main fffeff016200" END },
    { "strings of a Unicode build", "{'client': [{'cstring': 'hi'}, {'cstringa': 'a'}]},{'server': [{'cstring': ''}]}",
      "charset=unicode", PARTY_CLIENT, "plain",
      "open main\nsend main fffeff0268006900 0161\nreceive main fffeff00" END },
    { "repeats",  "{'client': [{'repeat': {'times': 2, 'items': [{'byte': 1}, {'word': 2}]}}, {'bytes': 'ab*2'}]}",
      "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 01 0200 01 0200 abab" END },
    { "braces",   "{'client': [{'cstringa': '{{a}'}]}", "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 037b617d" END },
    { "reuse, and plus beyond the type", "{'client': [{'byte': {'draw': {'min': 255, 'max': 255}, 'as': 'n'}}, {'byte': {'reuse': 'n', 'plus': 2}},"
      "{'char': {'reuse': 'n', 'plus': 1}}, {'word': {'reuse': 'n', 'plus': -256}}, {'cstringa': '{n}'}]}", "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main ff 01 00 ffff 03323535" END },
    { "any",      "{'client': [{'byte': 1}]},{'server': [{'byte': 2}, {'cstring': {'any': true}}, {'byte': 3}]}", "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 01\nreceive main 02 any cstring 03" END },
    { "text",     "{'client': [{'text': 'MQTT'}, {'byte': 4}]}", "bits=64", PARTY_CLIENT, "plain", "open main\nsend main 4d515454 04" END },
    { "as many as told", "{'client': [{'byte': 1}]},{'server': [{'net16': {'any': true, 'as': 'n'}}, {'bytes': {'length': 'n', 'plus': -2}}]}", "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 01\nreceive main any net16 any raw:0" END },
    { "what will be told", "{'client': [{'byte': 1}]},{'server': [{'net16': {'any': true, 'as': 'n'}}]},{'client': [{'byte': 2}, {'net16': {'reuse': 'n'}}]}", "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 01\nreceive main any net16\nsend main 02 0000" END },
    { "coalesced, not what the peer tells first", PING ",{'server': [{'net16': {'any': true, 'as': 'n'}}]},{'client': [{'net16': {'reuse': 'n'}}]}," PING, "bits=64", PARTY_CLIENT, "coalesced",
      "open main\nsend main 01\nreceive main 02\nreceive main any net16\nsend main 0000 01\nreceive main 02" END },
    { "a control", PING, "bits=64", PARTY_CLIENT, "plain", "open main\nsend main 01\nreceive main 02" END },
    { "a silence, by the probe", PING ",{'silent': 'server'}", "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 01\nreceive main 02\nsilent main 01 answer 02" END },
    { "a silence of ours is none", PING ",{'silent': 'client'}", "bits=64", PARTY_CLIENT, "plain", "open main\nsend main 01\nreceive main 02" END },
    { "a silence, when we serve, is waited for", "{'client': [{'byte': 9}]},{'silent': 'client'}", "bits=64", PARTY_SERVER, "plain",
      "open main\nreceive main 09\nsilent main\nawait-end main\nshutdown main" },
    { "when we serve there are no controls, nor connections for them", "{'control': 'ping', 'on': 'before'},{'end': 'client', 'on': 'before'}," PING ",{'client': [{'byte': 9}]}," PING, "bits=64", PARTY_SERVER, "plain",
      "open main\nreceive main 09\nawait-end main\nshutdown main" },
    { "when we serve, who only listens has a connection, too", "{'open': 'client', 'on': 'a'},{'client': [{'byte': 9}], 'on': 'b'},{'server': [{'byte': 8}], 'on': 'a'}", "bits=64", PARTY_SERVER, "plain",
      "open a\nopen b\nreceive b 09\nsend a 08\nawait-end a\nshutdown a\nawait-end b\nshutdown b" },
    { "coalesced, when we serve: no reply goes ahead", "{'client': [{'byte': 1}]},{'server': [{'byte': 2}]},{'server': [{'byte': 3}], 'check': 'b'},{'client': [{'byte': 4}]},{'server': [{'byte': 5}], 'check': 'c'}", "bits=64", PARTY_SERVER, "coalesced",
      "open main\nreceive main 01\nsend main 02 03\nreceive main 04\nsend main 05\nawait-end main\nshutdown main" },
    { "what the server draws the client says again", "{'client': [{'byte': 1}]},{'server': [{'byte': {'draw': {'min': 7, 'max': 7}, 'as': 'n'}}]},{'client': [{'byte': {'reuse': 'n', 'plus': 1}}]}", "bits=64", PARTY_SERVER, "plain",
      "open main\nreceive main 01\nsend main 07\nreceive main 08\nawait-end main\nshutdown main" },
    { "a silence amid a message is waited for", "{'client': [{'byte': 1}], 'part': true},{'silent': 'server'},{'client': [{'byte': 2}]}", "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 01 part\nsilent main\nsend main 02" END },
    { "a silence behind our end is waited for", PING ",{'end': 'client'},{'silent': 'server'}", "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 01\nreceive main 02\nshutdown main\nsilent main\nawait-end main" },
    { "the server ends first", PING ",{'end': 'server'}", "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 01\nreceive main 02\nawait-end main\nshutdown main" },
    { "a reset has no end behind it", PING ",{'reset': 'client'}", "bits=64", PARTY_CLIENT, "plain", "open main\nsend main 01\nreceive main 02\nreset main" },
    { "a reset of theirs", PING ",{'reset': 'server'}", "bits=64", PARTY_CLIENT, "plain", "open main\nsend main 01\nreceive main 02\nawait-reset main" },
    { "connections open where they are first named", "{'control': 'ping', 'on': 'b'},{'control': 'ping', 'on': 'a'},{'control': 'ping', 'on': 'b'}", "bits=64", PARTY_CLIENT, "plain",
      "open b\nsend b 01\nreceive b 02\nopen a\nsend a 01\nreceive a 02\nsend b 01\nreceive b 02\nshutdown b\nawait-end b\nshutdown a\nawait-end a" },
    { "a connection opens before anybody speaks", "{'open': 'client', 'on': 'a'},{'control': 'ping', 'on': 'b'},{'control': 'ping', 'on': 'a'}", "bits=64", PARTY_CLIENT, "plain",
      "open a\nopen b\nsend b 01\nreceive b 02\nsend a 01\nreceive a 02\nshutdown a\nawait-end a\nshutdown b\nawait-end b" },
    { "we do not read for a while", PING ",{'pause': 'client'},{'client': [{'byte': 3}]},{'resume': 'client'},{'server': [{'byte': 4}]}", "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 01\nreceive main 02\npause main\nsend main 03\nresume main\nreceive main 04" END },
    { "that the other does not read is its affair", PING ",{'pause': 'server'},{'server': [{'byte': 3}]},{'resume': 'server'},{'client': [{'byte': 4}]}", "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 01\nreceive main 02\nreceive main 03\nsend main 04" END },
    { "what is paused may be reset", PING ",{'pause': 'client'},{'reset': 'client'}", "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 01\nreceive main 02\npause main\nreset main" },
    { "coalesced, but not over a pause", "{'client': [{'byte': 3}]},{'pause': 'client'},{'client': [{'byte': 4}]},{'client': [{'byte': 5}]},{'resume': 'client'},{'server': [{'byte': 6}]},{'client': [{'byte': 7}]}", "bits=64", PARTY_CLIENT, "coalesced",
      "open main\nsend main 03\npause main\nsend main 04 05\nresume main\nreceive main 06\nsend main 07" END },
    { "listen comes before", "{'listen': 'client'}," PING, "bits=64", PARTY_CLIENT, "plain", "listen main\nopen main\nsend main 01\nreceive main 02" END },
    { "cuts of its own", "{'client': [{'dword': 1}], 'segment': [1, 3]}", "bits=64", PARTY_CLIENT, "plain", "open main\nsend main 01000000 cut 1,3" END },
    { "bytes of its own", "{'client': [{'dword': 1}], 'segment': 'bytes'}", "bits=64", PARTY_CLIENT, "coalesced", "open main\nsend main 01000000 cut 1,2,3" END },

    { "cut, then its end", PING ",{'client': [{'byte': 4}, {'dword': 7}], 'wire': '04 07000000', 'source': 'hand', 'cut': {'at': 3, 'then': 'end'}},{'server': [{'byte': 9}]}", "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 01\nreceive main 02\nsend main 04 0700 part\nshutdown main\nreceive main 09\nawait-end main" },
    { "cut behind a name, then a reset", "{'client': [{'byte': 4}, {'word': 7, 'name': 'n'}, {'byte': 8}], 'cut': {'behind': 'n', 'then': 'reset'}}", "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 04 0700 part\nreset main" },
    { "cut, and no more is said", "{'client': [{'byte': 4, 'name': 'n'}, {'word': 7}], 'cut': {'behind': 'n', 'then': 'stop'}},{'silent': 'server'},{'control': 'ping', 'on': 'b'},{'reset': 'client'}", "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 04 part\nsilent main\nopen b\nsend b 01\nreceive b 02\nreset main\nshutdown b\nawait-end b" },
    { "cut, on its connection", "{'client': [{'word': 7}], 'on': 'a', 'cut': {'at': 1, 'then': 'reset'}},{'control': 'ping', 'on': 'b'}", "bits=64", PARTY_CLIENT, "bytewise",
      "open a\nsend a 07 part\nreset a\nopen b\nsend b 01\nreceive b 02\nshutdown b\nawait-end b" },
    { "cut, and the rest is delivered as all else", "{'client': [{'dword': 7}], 'cut': {'at': 3, 'then': 'end'}}", "bits=64", PARTY_CLIENT, "bytewise",
      "open main\nsend main 070000 cut 1,2 part\nshutdown main\nawait-end main" },
    { "the other side of a cut", "{'client': [{'byte': 1}]},{'server': [{'word': 7}], 'cut': {'at': 1, 'then': 'end'}}", "bits=64", PARTY_SERVER, "plain",
      "open main\nreceive main 01\nsend main 07 part\nshutdown main\nawait-end main" },
    { "a cut of theirs", "{'client': [{'byte': 1}]},{'server': [{'word': 7}], 'cut': {'at': 1, 'then': 'end'}}", "bits=64", PARTY_CLIENT, "plain",
      "open main\nsend main 01\nreceive main 07\nawait-end main\nshutdown main" },

    { "bytewise", "{'client': [{'dword': 1}]},{'server': [{'dword': 2}]},{'client': [{'byte': 1}]}", "bits=64", PARTY_CLIENT, "bytewise",
      "open main\nsend main 01000000 cut 1,2,3\nreceive main 02000000\nsend main 01" END },
    { "bytewise leaves what has a segmentation", "{'client': [{'dword': 1}], 'segment': 'one'}", "bits=64", PARTY_CLIENT, "bytewise",
      "open main\nsend main 01000000" END },
    { "coalesced", PING "," PING ",{'client': [{'byte': 7}]},{'server': [{'byte': 8}]}", "bits=64", PARTY_CLIENT, "coalesced",
      "open main\nsend main 01 01 07\nreceive main 02\nreceive main 02\nreceive main 08" END },
    { "coalesced, but not past a silence", PING ",{'silent': 'server'}," PING, "bits=64", PARTY_CLIENT, "coalesced",
      "open main\nsend main 01\nreceive main 02\nsilent main 01 answer 02\nsend main 01\nreceive main 02" END },
    { "coalesced, but not past what is due before the rest", "{'client': [{'byte': 1}], 'part': true},{'server': [{'byte': 9}]},{'client': [{'byte': 2}]}", "bits=64", PARTY_CLIENT, "coalesced",
      "open main\nsend main 01 part\nreceive main 09\nsend main 02" END },
    { "coalesced, a part and its rest", "{'client': [{'byte': 1}], 'part': true},{'client': [{'byte': 2}]},{'server': [{'byte': 9}]}", "bits=64", PARTY_CLIENT, "coalesced",
      "open main\nsend main 01 02\nreceive main 09" END },
    { "coalesced, up to a part", PING ",{'client': [{'byte': 7}], 'part': true},{'server': [{'byte': 9}]},{'client': [{'byte': 8}]}", "bits=64", PARTY_CLIENT, "coalesced",
      "open main\nsend main 01 07 part\nreceive main 02\nreceive main 09\nsend main 08" END },
    { "coalesced, not what has a segmentation", PING ",{'client': [{'byte': 7}], 'segment': 'one'}," PING, "bits=64", PARTY_CLIENT, "coalesced",
      "open main\nsend main 01\nreceive main 02\nsend main 07\nsend main 01\nreceive main 02" END },
    { "coalesced, not past a reply on another connection", "{'control': 'ping', 'on': 'b'},{'control': 'ping', 'on': 'a'},{'client': [{'byte': 7}], 'on': 'b'},"
      "{'client': [{'byte': 5}], 'on': 'a'},{'server': [{'byte': 8}], 'on': 'b'},{'client': [{'byte': 6}], 'on': 'a'}", "bits=64", PARTY_CLIENT, "coalesced",
      "open b\nsend b 01\nreceive b 02\nopen a\nsend a 01\nreceive a 02\nsend b 07\nsend a 05\nreceive b 08\nsend a 06\nshutdown b\nawait-end b\nshutdown a\nawait-end a" },
    { "coalesced, not over connections", "{'control': 'ping', 'on': 'a'},{'control': 'ping', 'on': 'b'},{'control': 'ping', 'on': 'a'}", "bits=64", PARTY_CLIENT, "coalesced",
      "open a\nsend a 01\nreceive a 02\nopen b\nsend b 01\nreceive b 02\nsend a 01\nreceive a 02\nshutdown a\nawait-end a\nshutdown b\nawait-end b" },
};
// clang-format on

static const char *ops_of(const char *service, const struct compiled *t, struct arena *keep)
{
    struct library lib;
    char suite[2048];

    snprintf(suite, sizeof suite, "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [\n"
                                  " {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [%s]}]}", t->steps);
    library_loads(service, suite, &lib);
    struct program p = program_of(&lib, "t-1", t->profile, t->us, t->delivery, keep);
    const char *text = program_text(&p, keep);
    library_free(&lib);
    return text;
}

Test(compile, cases_become_these_ops, .timeout = 20)
{
    for (const struct compiled *t = compiled; t < compiled + COUNT_OF(compiled); t++) {
        SCRATCH(keep);
        cr_expect(eq(str, (char *)ops_of(TINY, t, &keep), (char *)t->ops), "%s", t->label);
    }
}

#define SERVICE(more) "{'format': 1, 'service': 'tiny', 'end': {'name': 'end', 'clauses': ['X-1']}," more \
                      "'controls': {'ping': [ {'client': [{'byte': 1}]}, {'server': [{'byte': 2}]} ]}}"

Test(compile, what_the_service_says_stands_around, .timeout = 10)
{
    SCRATCH(keep);
    static const struct compiled twice = { "", PING "," PING, "bits=64", PARTY_CLIENT, "coalesced", NULL };
    static const struct compiled ended = { "", PING ",{'end': 'client'}", "bits=64", PARTY_CLIENT, "plain", NULL };
    const char *patient = SERVICE("'first-control': 'ping',");
    const char *polite = SERVICE("'first-control': 'ping', 'prologue': [{'client': [{'byte': 5}]}, {'server': [{'byte': 6}]}],"
                                 " 'epilogue': [{'client': [{'byte': 7}]}],");

    cr_expect(eq(str, (char *)ops_of(patient, &twice, &keep),
                 "open main\nsend main 01\nreceive main 02\nsend main 01\nreceive main 02" END), "without pipelining nothing passes a reply");
    cr_expect(eq(str, (char *)ops_of(polite, &twice, &keep),
                 "open main\nsend main 05\nreceive main 06\nsend main 01\nreceive main 02\nsend main 01\nreceive main 02\nsend main 07" END));
    cr_expect(eq(str, (char *)ops_of(polite, &ended, &keep),
                 "open main\nsend main 05\nreceive main 06\nsend main 01\nreceive main 02\nshutdown main\nawait-end main"),
              "no epilogue once a direction has ended");
}

Test(compile, a_control_knows_the_cases_names_and_keeps_its_own, .timeout = 10)
{
    SCRATCH(keep);
    const char *service = "{'format': 1, 'service': 'tiny', 'end': {'name': 'end', 'clauses': ['X-1']}, 'first-control': 'ping',"
                          " 'controls': {'ping': [ {'client': [{'byte': {'draw': {'min': 7, 'max': 7}, 'as': 'n'}}]}, {'server': [{'byte': {'reuse': 'n'}}]} ],"
                          "              'again': [ {'client': [{'byte': {'reuse': 'mine'}}]}, {'server': [{'byte': 2}]} ]}}";
    static const struct compiled t = { "", "{'client': [{'byte': {'draw': {'min': 9, 'max': 9}, 'as': 'mine'}}, {'byte': {'draw': {'min': 3, 'max': 3}, 'as': 'n'}}]},"
                                           PING ",{'control': 'again'},{'client': [{'byte': {'reuse': 'n'}}]}",
                                       "bits=64", PARTY_CLIENT, "plain", NULL };

    cr_expect(eq(str, (char *)ops_of(service, &t, &keep),
                 "open main\nsend main 09 03\nsend main 07\nreceive main 07\nsend main 09\nreceive main 02\nsend main 03" END));
}

#define ROWS(text) "{'format': 1, 'suite': 't', 'service': 'tiny', 'tables': [{'id': 't', 'title': '{type} {text} {key} {op}'," \
                   " 'clauses': ['X-1'], 'ops': ['echo', 'tell', 'make'], 'rows': [" text "]}]}"

Test(compile, rows_become_cases, .timeout = 10)
{
    SCRATCH(keep);
    struct library lib;

    library_must(TINY, ROWS("{'key': 'a', 'type': 'word', 'value': 258, 'wire': '0201', 'source': 'hand', 'text': '258'},"
                            "{'key': 'long', 'type': 'cstringa', 'value': 'x', 'wire': '0178', 'load': 'ff 0100 78', 'source': 'hand', 'ops': ['echo']},"
                            "{'key': 'two', 'type': 'byte,word', 'value': [1, 2], 'wire': '01 0200', 'source': 'hand', 'ops': ['tell']}"), &lib);
    cr_expect(eq(sz, lib.suites[0].count, 5));
    cr_expect(eq(str, (char *)lib.suites[0].vectors[0].id, "t-a@op=echo"));
    cr_expect(eq(str, (char *)lib.suites[0].vectors[0].title, "word 258 a echo"));
    struct program p = program_of(&lib, "t-a@op=echo", "bits=64", PARTY_CLIENT, "plain", &keep);
    cr_expect(eq(str, (char *)program_text(&p, &keep), "open main\nsend main 03 0201\nreceive main 0201" END));
    p = program_of(&lib, "t-a@op=tell", "charset=ansi", PARTY_CLIENT, "plain", &keep);
    cr_expect(eq(str, (char *)program_text(&p, &keep), "open main\nsend main 04 04776f7264 0201\nreceive main 03323538" END));
    p = program_of(&lib, "t-a@op=make", "bits=64", PARTY_CLIENT, "plain", &keep);
    cr_expect(eq(str, (char *)program_text(&p, &keep), "open main\nsend main 05 03323538\nreceive main 0201" END));
    p = program_of(&lib, "t-long@op=echo", "bits=64", PARTY_CLIENT, "plain", &keep);
    cr_expect(eq(str, (char *)program_text(&p, &keep), "open main\nsend main 03 ff010078\nreceive main 0178" END), "loaded and stored differ");
    p = program_of(&lib, "t-two@op=tell", "charset=ansi", PARTY_CLIENT, "plain", &keep);
    cr_expect(eq(str, (char *)program_text(&p, &keep), "open main\nsend main 04 09627974652c776f7264 01 0200\nreceive main 03312032" END));
    library_free(&lib);
}

static const char *drawn(const char *suite, const char *id, uint64_t seed, struct arena *keep)
{
    struct library lib;
    struct program p;
    struct error err;
    const char *text = NULL;

    library_loads(TINY, suite, &lib);
    for (size_t k = 0; k < lib.suites[0].count; k++)
        if (strcmp(lib.suites[0].vectors[k].id, id) == 0) {
            cr_assert(program_compile(&lib.suites[0].vectors[k], &profile_default, seed, PARTY_CLIENT, keep, &p, &err), "%s", err.text);
            text = program_text(&p, keep);
        }
    library_free(&lib);
    cr_assert(text != NULL);
    return text;
}

Test(compile, draws_come_from_seed_id_and_place_alone, .timeout = 10)
{
#define DRAW "{'client': [{'ulonglong': {'draw': {}}}]}"
#define LINE(id, steps) "{'id': '" id "', 'title': 'T', 'clauses': ['X-1'], 'steps': [" steps "]}"
#define LINES(text) "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [" text "]}"
    SCRATCH(keep);
    const char *once = drawn(LINES(LINE("t-1", DRAW)), "t-1", 1, &keep);

    cr_expect(eq(str, (char *)once, (char *)drawn(LINES(LINE("t-0", DRAW) "," LINE("t-1", DRAW)), "t-1", 1, &keep)), "whatever stands around");
    cr_expect(eq(str, (char *)once, (char *)drawn(LINES("{'id': 't-1', 'title': 'Another', 'why': 'W', 'clauses': ['X-1'], 'steps': [" DRAW "]}"), "t-1", 1, &keep)));
    cr_expect(ne(str, (char *)once, (char *)drawn(LINES(LINE("t-1", DRAW)), "t-1", 2, &keep)), "another seed");
    cr_expect(ne(str, (char *)once, (char *)drawn(LINES(LINE("t-2", DRAW)), "t-2", 1, &keep)), "another id");
    const char *two = drawn(LINES(LINE("t-1", DRAW "," DRAW)), "t-1", 1, &keep);
    const char *first = strstr(two, "send "), *second = strstr(first + 1, "send ");
    cr_expect(strncmp(first, strstr(once, "send "), 26) == 0, "the first is what it was");
    cr_expect(strncmp(first, second, 26) != 0, "another place");
}

/* For ever, or a seed of an old report does not repeat its run. */
Test(compile, drawn_rows_are_what_they_were, .timeout = 10)
{
    SCRATCH(keep);
    const char *now = drawn(ROWS("{'key': 'd', 'type': 'dword,dword', 'draw': {}}"), "t-d@op=echo", 1, &keep);

    cr_expect(eq(str, (char *)now, "open main\nsend main 03 3395430b 60d68c81\nreceive main 3395430b 60d68c81" END));
}

Test(compile, draws_keep_their_limits, .timeout = 10)
{
    SCRATCH(keep);
    struct library lib;
    struct error err;
    bool seen[5] = { false };

    library_loads(TINY, CASE("{'client': [{'byte': {'draw': {'min': 3, 'max': 7}}}]}"), &lib);
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct program p;
        cr_assert(program_compile(&lib.suites[0].vectors[0], &profile_default, seed, PARTY_CLIENT, &keep, &p, &err));
        uint8_t value = p.ops[1].bytes.data[0];
        cr_assert(value >= 3 && value <= 7, "%u", value);
        seen[value - 3] = true;
    }
    for (size_t i = 0; i < 5; i++)
        cr_expect(seen[i], "%zu", i + 3);
    library_free(&lib);
}

/* ---- deliveries ---- */

static struct program bytewise_of(size_t len, struct library *lib, struct arena *keep)
{
    char steps[256];

    snprintf(steps, sizeof steps, "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [{'id': 't-1', 'title': 'T', 'clauses': ['X-1'],"
                                  " 'steps': [{'client': [{'bytes': '00*%zu'}, {'dword': 1}]}]}]}", len - 4);
    library_loads(TINY, steps, lib);
    return program_of(lib, "t-1", "bits=64", PARTY_CLIENT, "bytewise", keep);
}

Test(deliveries, bytewise_cuts_everywhere_up_to_256_bytes, .timeout = 10)
{
    for (size_t len = 254; len <= 256; len++) {
        SCRATCH(keep);
        struct library lib;
        struct program p = bytewise_of(len, &lib, &keep);
        cr_expect(eq(sz, p.ops[1].cut_count, len - 1));
        for (size_t i = 0; i < p.ops[1].cut_count; i++)
            cr_expect(eq(sz, p.ops[1].cuts[i], i + 1));
        cr_expect(not(p.sampled));
        library_free(&lib);
    }
}

static bool cut_at(const struct op *op, size_t at)
{
    for (size_t i = 0; i < op->cut_count; i++)
        if (op->cuts[i] == at)
            return true;
    return false;
}

Test(deliveries, bytewise_samples_beyond, .timeout = 10)
{
    static const size_t lengths[] = { 257, 4000, 4096, 4097, 8200, 70000 };

    for (size_t k = 0; k < COUNT_OF(lengths); k++) {
        SCRATCH(keep);
        struct library lib;
        size_t len = lengths[k];
        struct program p = bytewise_of(len, &lib, &keep);
        const struct op *op = &p.ops[1];
        cr_expect(p.sampled);
        for (size_t at = 1; at < 64; at++)
            cr_expect(cut_at(op, at) && cut_at(op, len - at), "%zu: %zu from either end", len, at);
        for (size_t at = 4096; at + 1 < len; at += 4096)
            cr_expect(cut_at(op, at - 1) && cut_at(op, at) && cut_at(op, at + 1), "%zu: around %zu", len, at);
        cr_expect(cut_at(op, len - 5) && cut_at(op, len - 4) && cut_at(op, len - 3), "%zu: around a field", len);
        for (size_t i = 0; i < op->cut_count; i++) {
            size_t before = i ? op->cuts[i - 1] : 0;
            cr_assert(op->cuts[i] > before && op->cuts[i] < len && op->cuts[i] - before <= 1000, "%zu: %zu", len, op->cuts[i]);
        }
        library_free(&lib);
    }
}

static struct program delivered(const char *steps, const char *delivery, struct library *lib, struct arena *keep)
{
    library_loads(TINY, arena_printf(keep, "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [{'id': 't-1', 'title': 'T',"
                                           " 'clauses': ['X-1'], 'steps': [%s]}]}", steps), lib);
    return program_of(lib, "t-1", "bits=64", PARTY_CLIENT, delivery, keep);
}

/* How a store archive of 4096 bytes groups what is inserted, by the lengths of its writes; empty writes are none. */
Test(deliveries, mfc_groups_as_a_store_archive, .timeout = 10)
{
    static const struct {
        const char *say;
        size_t writes[4];
    } rows[] = {
        { "{'repeat': {'times': 10, 'items': [{'byte': 1}]}}, {'bytes': '00*10000'}", { 4096, 4096, 1818 } },
        { "{'bytes': '00*4096'}", { 4096 } },
        { "{'bytes': '00*4097'}", { 4096, 1 } },
        { "{'bytes': '00*8192'}", { 4096, 4096 } },
        { "{'bytes': '00*4095'}, {'dword': 1}", { 4095, 4 } },
        { "{'repeat': {'times': 2500, 'items': [{'byte': 1}, {'byte': 2}]}}", { 4096, 904 } },
        { "{'cstringw': '%s'}", { 4096, 1910 } },
        { "{'dword': 1}, {'bytes': '00*12289'}", { 4096, 8192, 5 } },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        char *text = arena_alloc(&keep, 3001);
        memset(text, 'a', 3000);
        const char *say = strstr(rows[i].say, "%s") ? arena_printf(&keep, "{'cstringw': '%s'}", text) : rows[i].say;
        struct program p = delivered(arena_printf(&keep, "{'client': [%s]}", say), "mfc", &lib, &keep);
        const struct op *op = &p.ops[1];
        size_t at = 0, n = 0;
        for (size_t k = 0; k <= op->cut_count; k++, n++) {
            size_t end = k < op->cut_count ? op->cuts[k] : op->bytes.len;
            cr_assert(n < 4, "%s", rows[i].say);
            cr_expect(eq(sz, end - at, rows[i].writes[n]), "%s: write %zu", rows[i].say, n);
            at = end;
        }
        cr_expect(n == 4 || rows[i].writes[n] == 0, "%s: %zu writes", rows[i].say, n);
        library_free(&lib);
    }
}

/* Controls are not what a case is about; how long it stands still is the delivery's own. */
Test(deliveries, idle_stands_still_before_messages_and_amid_them, .timeout = 10)
{
    static const struct {
        const char *delivery, *wrong;
        int64_t us;
    } rows[] = {
        { "idle", NULL, 300000 }, { "idle:1", NULL, 1000 }, { "idle:600000", NULL, 600000000 },
        { "idle:0", "\"idle:0\": expected idle:MS, from 1 to 600000 ms" }, { "idle:600001", "\"idle:600001\": expected idle:MS, from 1 to 600000 ms" },
        { "idle:", "\"idle:\": expected idle:MS, from 1 to 600000 ms" }, { "idle:5s", "\"idle:5s\": expected idle:MS, from 1 to 600000 ms" },
        { "plain:5", "\"plain:5\": plain has no positions" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct error err;
        const struct delivery *d;
        bool good = delivery_parse(rows[i].delivery, &keep, &d, &err);
        cr_assert(eq(int, good, !rows[i].wrong), "%s", rows[i].delivery);
        if (!good) {
            cr_expect(eq(str, err.text, (char *)rows[i].wrong));
            continue;
        }
        struct program p = delivered("{'control': 'ping'},{'client': [{'bytes': '0102030405'}]},{'server': [{'byte': 8}]},{'client': [{'byte': 1}]}", "plain", &lib, &keep);
        cr_assert(delivery_apply(d, &p, 1, &keep, &err));
        cr_expect(eq(str, (char *)p.delivery, (char *)rows[i].delivery));
        for (size_t k = 0, message = 0; k < p.count; k++) {
            const struct op *op = &p.ops[k];
            if (op->kind != OP_SEND)
                continue;
            cr_expect(eq(i64, op->idle, op->control ? 0 : rows[i].us));
            cr_expect(eq(sz, op->cut_count, op->bytes.len == 5));
            cr_expect(op->bytes.len != 5 || op->cuts[0] == 2);
            message++;
        }
        library_free(&lib);
    }
}

/* The same seed cuts alike, another does not; nothing is lost, and pieces stay within their message. */
Test(deliveries, random_is_repeatable_and_keeps_every_byte, .timeout = 20)
{
    static const char steps[] = "{'client': [{'bytes': '000102030405060708090a0b0c0d0e0f'}]}, {'server': [{'byte': 8}]},"
                                "{'client': [{'bytes': '101112131415161718191a1b1c1d1e1f'}]}, {'server': [{'byte': 8}]}";
    size_t joined = 0, whole = 0, different = 0;

    for (uint64_t seed = 0; seed < 64; seed++) {
        SCRATCH(keep);
        struct library lib;
        struct program p = delivered(steps, "plain", &lib, &keep), again;
        struct error err;
        cr_assert(program_compile(&lib.suites[0].vectors[0], &profile_default, seed, PARTY_CLIENT, &keep, &again, &err));
        delivery_find("random")->apply(&p, seed, &keep);
        delivery_find("random")->apply(&again, seed, &keep);
        TEXT(bytes);
        size_t sends = 0;
        for (size_t i = 0; i < p.count; i++) {
            const struct op *op = &p.ops[i];
            if (op->kind != OP_SEND)
                continue;
            sends++;
            whole += op->cut_count == 0;
            text_hex(&bytes, op->bytes, false);
            for (size_t k = 0; k < op->cut_count; k++)
                cr_expect(op->cuts[k] > (k ? op->cuts[k - 1] : 0) && op->cuts[k] < op->bytes.len);
            cr_assert(eq(sz, again.ops[i].cut_count, op->cut_count));
            cr_expect(op->cut_count == 0 || memcmp(again.ops[i].cuts, op->cuts, op->cut_count * sizeof *op->cuts) == 0);
            different += op->cut_count && op->cuts[0] != 1;
        }
        joined += sends == 1;
        cr_expect(eq(str, (char *)text_string(&bytes), "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
        library_free(&lib);
    }
    cr_expect(joined > 8 && joined < 56, "%zu of 64 joined", joined);
    cr_expect(whole > 8 && different > 8, "%zu whole, %zu cut elsewhere", whole, different);
}

/* A pause stands behind all that we say and before a long reply, unless the case has pauses of its own. */
Test(deliveries, a_slow_reader_pauses_before_long_replies, .timeout = 10)
{
    static const struct {
        const char *steps, *ops;
        size_t read_size;
    } rows[] = {
        { "{'client': [{'byte': 3}]},{'server': [{'bytes': '00*8191'}]}", "send receive", 8191 / 256 },
        { "{'client': [{'byte': 3}]},{'server': [{'bytes': '00*8192'}]}", "send pause resume receive", 32 },
        { "{'client': [{'byte': 3}]},{'server': [{'bytes': '00*8000'}]},{'server': [{'bytes': '00*192'}], 'check': 'b'}", "send pause resume receive receive", 31 },
        { "{'client': [{'byte': 3}], 'part': true},{'server': [{'bytes': '00*8192'}]},{'client': [{'byte': 3}]}", "send receive send", 32 },
        { "{'client': [{'byte': 3}]},{'silent': 'server'},{'server': [{'bytes': '00*8192'}]}", "send silent receive", 32 },
        { "{'pause': 'client'},{'client': [{'byte': 3}]},{'resume': 'client'},{'server': [{'bytes': '00*8192'}]},{'client': [{'byte': 3}]},{'server': [{'bytes': '00*8192'}], 'check': 'b'}",
          "pause send resume receive send receive", 32 },
        { "{'client': [{'byte': 3}]},{'server': [{'byte': 3}]}", "send receive", 7 },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct program p = delivered(rows[i].steps, "slow-reader", &lib, &keep);
        TEXT(ops);
        for (size_t k = 1; k + 2 < p.count; k++) // between open and the end
            text_printf(&ops, "%s%s", k > 1 ? " " : "", op_name(p.ops[k].kind));
        cr_expect(eq(str, (char *)text_string(&ops), (char *)rows[i].ops));
        cr_expect(eq(sz, p.read_size, rows[i].read_size), "%s", rows[i].steps);
        library_free(&lib);
    }
}

/* ---- deliveries that make a series ---- */

#define AB "0a0b0c0d"

// clang-format off
static const struct series {
    const char *label, *delivery, *steps;
    const char *places; // MESSAGE:OFFSET and where that is, a line each
    bool sampled;
} series[] = {
    { "each byte of each message", "cut-each", "{'client': [{'word': 4}, {'byte': 7}]},{'server': [{'byte': 8}]},{'client': [{'word': 1}]}",
      "1:1 within WORD 4\n1:2 before BYTE 7\n2:1 within WORD 1\n", false },
    { "controls, too", "cut-each", "{'control': 'ping'},{'client': [{'word': 1}]}", "2:1 within WORD 1\n", false },
    { "not what says how it is cut", "cut-each", "{'client': [{'word': 1}], 'segment': 'one'},{'client': [{'word': 1}]}", "2:1 within WORD 1\n", false },
    { "nothing can be cut", "cut-each", "{'client': [{'byte': 1}]}", "", false },
    { "fields, and beside", "cut-fields", "{'client': [{'bytes': '" AB AB "', 'name': 'id'}, {'bytes': '" AB AB "'}]}",
      "1:1 within id 0a 0b 0c 0d 0a 0b 0c 0d\n1:7 within id 0a 0b 0c 0d 0a 0b 0c 0d\n1:8 before bytes\n1:9 within bytes\n1:15 within bytes\n", false },
    { "lengths within a value", "cut-fields", "{'client': [{'cstringw': 'abcdef'}]}",
      "1:1 within CStringW \"abcdef\"\n1:3 within CStringW \"abcdef\"\n1:4 within CStringW \"abcdef\"\n1:5 within CStringW \"abcdef\"\n1:15 within CStringW \"abcdef\"\n", false },
    { "what the peer will have told may be longer", "cut-fields",
      "{'client': [{'byte': 1}]},{'server': [{'byte': {'any': true, 'as': 'n'}}, {'bytes': {'length': 'n', 'as': 'x'}}]},{'client': [{'word': 1}, {'bytes': {'reuse': 'x'}}]}",
      "2:1 within WORD 1\n", true },
};
// clang-format on

Test(deliveries, a_series_cuts_one_message_in_one_place, .timeout = 10)
{
    for (const struct series *t = series; t < series + COUNT_OF(series); t++) {
        SCRATCH(keep);
        struct library lib;
        struct program p = delivered(t->steps, t->delivery, &lib, &keep);
        struct cuts cuts = delivery_find(t->delivery)->cuts(&p, 1, &keep);
        TEXT(places);
        for (size_t i = 0; i < cuts.count; i++) {
            struct program one = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, t->delivery, &keep);
            text_printf(&places, "%zu:%zu %s\n", cuts.items[i].message, cuts.items[i].at, cuts.items[i].field);
            cut_apply(&one, &cuts.items[i], &keep);
            for (size_t k = 0; k < one.count; k++)
                cr_expect(k == cuts.items[i].op ? one.ops[k].cut_count == 1 && one.ops[k].cuts[0] == cuts.items[i].at
                                                : one.ops[k].cut_count == p.ops[k].cut_count, "%s", t->label);
        }
        cr_expect(eq(str, (char *)text_string(&places), (char *)t->places), "%s", t->label);
        cr_expect(eq(int, cuts.sampled, t->sampled), "%s", t->label);
        library_free(&lib);
    }
}

/* Up to 256 bytes everywhere; beyond that at fields and blocks with one byte beside each, at both ends, and at 64 drawn places. */
Test(deliveries, a_series_over_a_long_message_is_a_selection, .timeout = 10)
{
    static const struct {
        size_t len;
        bool sampled;
    } rows[] = { { 256, false }, { 257, true }, { 20000, true } };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct program p = delivered(arena_printf(&keep, "{'client': [{'bytes': '00*%zu'}, {'dword': 1}]}", rows[i].len - 4), "cut-each", &lib, &keep);
        struct cuts cuts = delivery_find("cut-each")->cuts(&p, 1, &keep), again = delivery_find("cut-each")->cuts(&p, 1, &keep);
        uint8_t *taken = arena_alloc(&keep, rows[i].len + 1);
        for (size_t k = 0; k < cuts.count; k++) {
            taken[cuts.items[k].at] = 1;
            cr_expect(eq(sz, cuts.items[k].at, again.items[k].at));
        }
        cr_expect(eq(int, cuts.sampled, rows[i].sampled), "%zu", rows[i].len);
        if (!rows[i].sampled)
            cr_expect(eq(sz, cuts.count, rows[i].len - 1));
        for (size_t k = 1; k < 64; k++)
            cr_expect(taken[k] && taken[rows[i].len - k], "%zu: %zu", rows[i].len, k);
        cr_expect(taken[rows[i].len - 5] && taken[rows[i].len - 4] && taken[rows[i].len - 3]);
        for (size_t k = 4096; k + 1 < rows[i].len; k += 4096)
            cr_expect(taken[k - 1] && taken[k] && taken[k + 1], "%zu: %zu", rows[i].len, k);
        cr_expect(rows[i].len < 20000 || (cuts.count > 127 + 12 + 30 && cuts.count <= 127 + 12 + 64), "%zu places", cuts.count);
        library_free(&lib);
    }
}

Test(deliveries, are_all_found_by_name, .timeout = 10)
{
    for (size_t i = 0; i < delivery_count; i++)
        cr_expect(delivery_find(delivery_table[i].name) == &delivery_table[i]);
    cr_expect(delivery_find("by-post") == NULL);
}

/* ---- digests and the lock ---- */

static const char *digest_of(const char *service, const char *suite, struct arena *keep)
{
    struct library lib;
    struct error err;

    cr_assert(library_of(service, suite, &lib, &err), "%s", err.text);
    const char *digest = arena_string(keep, lib.suites[0].vectors[0].digest);
    library_free(&lib);
    return digest;
}

#define BASE(head, steps) "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [{'id': 't-1', 'title': 'T'," head " 'steps': [" steps "]}]}"
#define SAME_CLAUSE "'clauses': ['X-1'],"
#define STEPS "{'control': 'ping'},{'client': [{'word': 1}], 'wire': '0100', 'source': 'hand'},{'server': [{'byte': 3}], 'check': 'a'}"

Test(digest, counts_what_decides_the_verdict, .timeout = 10)
{
    static const struct {
        const char *label, *suite;
        bool same;
    } changes[] = {
        { "title",   "{'format': 1, 'suite': 't', 'service': 'tiny', 'title': 'X', 'cases': [{'id': 't-1', 'title': 'Other', " SAME_CLAUSE " 'steps': [" STEPS "]}]}", true },
        { "why",     BASE("'why': 'w'," SAME_CLAUSE, STEPS), true },
        { "hint",    BASE("'hint': 'h'," SAME_CLAUSE, STEPS), true },
        { "since",   BASE("'since': 3," SAME_CLAUSE, STEPS), true },
        { "source",  BASE(SAME_CLAUSE, "{'control': 'ping'},{'client': [{'word': 1}], 'wire': '0100', 'source': 'pinned'},{'server': [{'byte': 3}], 'check': 'a'}"), true },
        { "order of keys", BASE(SAME_CLAUSE, "{'control': 'ping'},{'source': 'hand', 'wire': '0100', 'client': [{'word': 1}]},{'check': 'a', 'server': [{'byte': 3}]}"), true },
        { "label of a field", BASE(SAME_CLAUSE, "{'control': 'ping'},{'client': [{'word': 1, 'name': 'n'}], 'wire': '0100', 'source': 'hand'},{'server': [{'byte': 3}], 'check': 'a'}"), true },
        { "a genuine defect", BASE("'genuine': [{'profile': '<8', 'outcome': 'hangs', 'clause': 'X-1', 'why': 'w'}]," SAME_CLAUSE, STEPS), false },
        { "level",   BASE("'level': 'may'," SAME_CLAUSE, STEPS), false },
        { "clauses", BASE("'clauses': ['X-1', 'X-2'],", STEPS), false },
        { "profile", BASE("'profile': 'ansi'," SAME_CLAUSE, STEPS), false },
        { "dial",    BASE("'dial': 'us'," SAME_CLAUSE, STEPS), false },
        { "a value", BASE(SAME_CLAUSE, "{'control': 'ping'},{'client': [{'word': 1}], 'wire': '0100', 'source': 'hand'},{'server': [{'byte': 4}], 'check': 'a'}"), false },
        { "wire",    BASE(SAME_CLAUSE, "{'control': 'ping'},{'client': [{'word': 1}], 'wire': '0101', 'source': 'hand'},{'server': [{'byte': 3}], 'check': 'a'}"), false },
        { "order of steps", BASE(SAME_CLAUSE, "{'client': [{'word': 1}], 'wire': '0100', 'source': 'hand'},{'control': 'ping'},{'server': [{'byte': 3}], 'check': 'a'}"), false },
        { "a step less", BASE(SAME_CLAUSE, "{'client': [{'word': 1}], 'wire': '0100', 'source': 'hand'},{'server': [{'byte': 3}], 'check': 'a'}"), false },
        { "name of a check", BASE(SAME_CLAUSE, "{'control': 'ping'},{'client': [{'word': 1}], 'wire': '0100', 'source': 'hand'},{'server': [{'byte': 3}], 'check': 'b'}"), false },
        { "name of a check, as an object", BASE(SAME_CLAUSE, "{'control': 'ping'},{'client': [{'word': 1}], 'wire': '0100', 'source': 'hand'},{'server': [{'byte': 3}], 'check': {'name': 'c'}}"), false },
    };
    SCRATCH(keep);
    const char *base = digest_of(TINY, BASE(SAME_CLAUSE, STEPS), &keep);

    for (size_t i = 0; i < COUNT_OF(changes); i++)
        cr_expect(eq(int, strcmp(digest_of(TINY, changes[i].suite, &keep), base) == 0, changes[i].same), "%s", changes[i].label);
    const char *b = digest_of(TINY, BASE(SAME_CLAUSE, "{'server': [{'byte': 3}], 'check': {'name': 'b'}}"), &keep);
    const char *c = digest_of(TINY, BASE(SAME_CLAUSE, "{'server': [{'byte': 3}], 'check': {'name': 'c'}}"), &keep);
    cr_expect(strcmp(b, c) != 0, "a check's name as an object");
}

Test(digest, counts_the_exchanges_of_the_service_that_it_uses, .timeout = 10)
{
    SCRATCH(keep);
    const char *case_text = BASE(SAME_CLAUSE, STEPS);
    const char *plain = digest_of(SERVICE("'first-control': 'ping',"), case_text, &keep);

    cr_expect(strcmp(plain, digest_of(SERVICE("'title': 'T', 'first-control': 'ping',"), case_text, &keep)) == 0);
    cr_expect(strcmp(plain, digest_of(SERVICE("'first-control': 'ping', 'archive': {'client': 'connection'},"), case_text, &keep)) == 0);
    cr_expect(strcmp(plain, digest_of(SERVICE("'first-control': 'ping', 'archive': {'client': 'message'},"), case_text, &keep)) != 0);
    cr_expect(strcmp(plain, digest_of(SERVICE("'first-control': 'ping', 'codepage': 1252,"), case_text, &keep)) != 0);
    cr_expect(strcmp(plain, digest_of(SERVICE("'first-control': 'ping', 'prologue': [{'client': [{'byte': 5}]}],"), case_text, &keep)) != 0);
    cr_expect(strcmp(plain, digest_of(SERVICE("'first-control': 'ping', 'epilogue': [{'client': [{'byte': 5}]}],"), case_text, &keep)) != 0);
    cr_expect(strcmp(plain, digest_of("{'format': 1, 'service': 'tiny', 'end': {'name': 'end', 'clauses': ['X-1']}, 'first-control': 'ping',"
                                      "'controls': {'ping': [ {'client': [{'byte': 9}]}, {'server': [{'byte': 2}]} ]}}", case_text, &keep)) != 0,
              "the control that it uses");
}

static void gather(void *of, const char *line)
{
    text_printf(of, "%s\n", line);
}

static const char *lock_says(const struct library *lib, const char *lock, struct arena *keep)
{
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct error err;
    TEXT(said);
    struct lint lint = { .tell = gather, .of = &said };

    cr_assert(mkdtemp(place) != NULL && chdir(place) == 0);
    cr_assert(file_write("ids.lock", bytes_of(lock), &err));
    lint_lock(&lint, lib, "ids.lock");
    cr_assert(chdir("/") == 0);
    file_remove_directory(place);
    return arena_string(keep, text_string(&said));
}

#define TWO(rev, byte) "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [\n" \
    "{'id': 't-1', 'rev': " rev ", 'title': 'T', 'clauses': ['X-1'], 'steps': [{'client': [{'byte': " byte "}]}]},\n" \
    "{'id': 't-2', 'title': 'T', 'clauses': ['X-1'], 'steps': [{'client': [{'byte': 2}]}]}]}"

Test(lock, holds_every_id_for_ever, .timeout = 10)
{
    SCRATCH(keep);
    struct library first, changed, raised;
    TEXT(lock);
    TEXT(after);

    library_loads(TINY, TWO("1", "1"), &first);
    library_loads(TINY, TWO("1", "9"), &changed);
    library_loads(TINY, TWO("2", "9"), &raised);
    lock_print(&lock, &first, (struct bytes){ 0 });
    const char *one = first.suites[0].vectors[0].digest, *two = first.suites[0].vectors[1].digest;
    const char *due = arena_printf(&keep, "# Every id for ever: id, revision, digest of what decides the verdict. Written by arcwire lint "
                                          "--update-lock.\nt-1 1 %s\nt-2 1 %s\n", one, two);
    cr_expect(eq(str, (char *)text_string(&lock), (char *)due));
    cr_expect(eq(str, (char *)lock_says(&first, text_string(&lock), &keep), ""));
    cr_expect(eq(str, (char *)lock_says(&changed, text_string(&lock), &keep), "v/suites/t.json:2: case t-1: t-1 has changed and its rev has not\n"));
    cr_expect(eq(str, (char *)lock_says(&raised, text_string(&lock), &keep),
                 "v/suites/t.json:2: case t-1: t-1: the lock knows rev 1: arcwire lint --update-lock\n"));
    lock_print(&after, &raised, buffer_bytes(&lock.b));
    cr_expect(eq(str, (char *)lock_says(&raised, text_string(&after), &keep), ""));
    cr_expect(eq(str, (char *)lock_says(&first, text_string(&after), &keep), "v/suites/t.json:2: case t-1: rev 1, but the lock knows 2\n"));
    cr_expect(eq(str, (char *)lock_says(&first, arena_printf(&keep, "t-1 1 %s\n", one), &keep),
                 "v/suites/t.json:3: case t-2: t-2 is not in the lock: arcwire lint --update-lock\n"));
    cr_expect(eq(str, (char *)lock_says(&first, arena_printf(&keep, "t-0 1 00\nt-1 1 %s\nt-2 1 %s\n", one, two), &keep),
                 "ids.lock: t-0 is in the lock and not in the suites (renamed? removed?)\n"));
    cr_expect(eq(str, (char *)lock_says(&first, arena_printf(&keep, "t-1 1 gone\nt-2 1 %s\n", two), &keep),
                 "v/suites/t.json:2: case t-1: the id t-1 was used before and is gone for ever\n"));
    TEXT(gone);
    lock_print(&gone, &first, bytes_of("t-0 4 00\n"));
    cr_expect(strstr(text_string(&gone), "\nt-0 4 gone\nt-1 1 ") != NULL, "%s", text_string(&gone));
    library_free(&first);
    library_free(&changed);
    library_free(&raised);
}

/* ---- matching ---- */

Test(match, every_prefix_asks_for_more_and_every_change_is_seen_at_its_byte, .timeout = 20)
{
    SCRATCH(keep);
    struct library lib;

    library_must(TINY, CASE("{'client': [{'byte': 1}]},{'server': [{'word': 513}, {'cstring': 'abc'}, {'bytes': '00*3'}, {'wordarray': [1, 2]}, {'double': '3ff0000000000000'}]}"), &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
    const struct op *op = &p.ops[2];
    size_t last = 0;

    for (size_t len = 0; len < op->bytes.len; len++) {
        uint8_t *edge = memcpy(malloc(len + !len), op->bytes.data, len);
        struct match m = match_fields((struct bytes){ edge, len }, op->bytes, &op->fields, &p.profile, NULL, &keep);
        cr_expect(eq(int, m.status, MATCH_MORE), "cut to %zu", len);
        cr_expect(m.need > len && m.need <= op->bytes.len && m.need >= last, "cut to %zu: needs %zu", len, m.need);
        cr_expect(eq(sz, m.at, len), "cut to %zu", len);
        last = m.need;
        free(edge);
    }
    uint8_t *wrong = arena_alloc(&keep, op->bytes.len + 2);
    for (size_t at = 0; at < op->bytes.len; at++)
        for (unsigned other = 1; other < 256; other++) {
            memcpy(wrong, op->bytes.data, op->bytes.len);
            wrong[at] ^= (uint8_t)other;
            struct match m = match_fields((struct bytes){ wrong, op->bytes.len }, op->bytes, &op->fields, &p.profile, NULL, &keep);
            cr_assert(m.status == MATCH_MISMATCH && m.at == at, "byte %zu, xor %02x", at, other);
            const struct field *f = &op->fields.items[m.field];
            cr_assert(f->at <= at && at < f->at + f->len && m.start == f->at, "byte %zu in field %zu", at, m.field);
        }
    memcpy(wrong, op->bytes.data, op->bytes.len);
    struct match m = match_fields((struct bytes){ wrong, op->bytes.len + 2 }, op->bytes, &op->fields, &p.profile, NULL, &keep);
    cr_expect(m.status == MATCH_DONE && m.len == op->bytes.len, "what stands behind is left");
    library_free(&lib);
}

Test(match, any_takes_what_its_type_takes, .timeout = 10)
{
    const struct {
        const char *label;
        struct bytes in;
        enum match_status status;
        size_t at, number; // of MORE: what it needs; of DONE: its length
    } rows[] = {
        { "nothing yet",       { NULL, 0 },                                      MATCH_MORE,     0, 1 },
        { "only the byte",     BYTES(1),                                         MATCH_MORE,     1, 2 },
        { "half a string",     BYTES(1, 3, 'a'),                                 MATCH_MORE,     1, 5 },
        { "up to the end",     BYTES(1, 1, 'a'),                                 MATCH_MORE,     3, 4 },
        { "an empty one",      BYTES(1, 0, 9),                                   MATCH_DONE,     3, 3 },
        { "wide, too",         BYTES(1, 0xff, 0xfe, 0xff, 1, 'a', 0, 9, 7),      MATCH_DONE,     8, 8 },
        { "wrong before",      BYTES(2, 0, 9),                                   MATCH_MISMATCH, 0, 0 },
        { "wrong behind",      BYTES(1, 1, 'a', 8),                              MATCH_MISMATCH, 3, 0 },
    };
    SCRATCH(keep);
    struct library lib;

    library_must(TINY, CASE("{'client': [{'byte': 1}]},{'server': [{'byte': 1}, {'cstringa': {'any': true, 'as': 's'}}, {'byte': 9}]}"), &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct match m = match_fields(rows[i].in, p.ops[2].bytes, &p.ops[2].fields, &p.profile, NULL, &keep);
        cr_expect(eq(int, m.status, rows[i].status), "%s", rows[i].label);
        cr_expect(eq(sz, m.at, rows[i].at), "%s", rows[i].label);
        if (m.status != MATCH_MISMATCH)
            cr_expect(eq(sz, m.status == MATCH_MORE ? m.need : m.len, rows[i].number), "%s", rows[i].label);
    }
    library_free(&lib);
}

/* What a handle's length and bytes become where they are said again, in one piece and in many. */
Test(learn, what_the_peer_tells_is_said_again, .timeout = 10)
{
    const struct {
        const char *label, *delivery, *rest;
        struct bytes came;
        const char *ops;
    } rows[] = {
        { "an id, and one more", "plain", "{'client': [{'net16': {'reuse': 'n'}}, {'byte': 9}]},{'server': [{'net16': {'reuse': 'n', 'plus': -1}}], 'check': 'b'}",
          BYTES(0, 3, 'a', 'b', 'c'), "send main 0003 09\nreceive main 0002" },
        { "another width and order", "plain", "{'client': [{'dword': {'reuse': 'n', 'plus': 65535}}]}", BYTES(0, 3, 'a', 'b', 'c'), "send main 02000100" },
        { "a handle", "plain", "{'client': [{'byte': 1}, {'bytes': {'reuse': 'h'}}, {'byte': 2}]}", BYTES(0, 3, 'a', 'b', 'c'), "send main 01 616263 02" },
        { "an empty one", "plain", "{'client': [{'byte': 1}, {'bytes': {'reuse': 'h'}}, {'byte': 2}]}", BYTES(0, 0), "send main 01  02" },
        { "byte by byte", "bytewise", "{'client': [{'byte': 1}, {'bytes': {'reuse': 'h'}}, {'byte': 2}]}", BYTES(0, 3, 'a', 'b', 'c'),
          "send main 01 616263 02 cut 1,2,3,4" },
        { "cuts of its own", "plain", "{'client': [{'dword': 1}, {'bytes': {'reuse': 'h'}}], 'segment': [1, 3]}", BYTES(0, 1, 'a'),
          "send main 01000000 61 cut 1,3" },
        { "around what may be any", "plain", "{'client': [{'byte': 7}]},{'server': [{'bytes': {'reuse': 'h'}}, {'byte': {'any': true}}, {'net16': {'reuse': 'n'}}], 'check': 'b'}",
          BYTES(0, 2, 'a', 'b'), "send main 07\nreceive main 6162 any byte 0002" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        char suite[2048];
        const struct compiled t = { .profile = "bits=64" };
        snprintf(suite, sizeof suite, "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [\n"
                                      " {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'no-control': 'a test', 'steps': [{'client': [{'byte': 1}]},"
                                      "{'server': [{'net16': {'any': true, 'as': 'n'}}, {'bytes': {'length': 'n', 'as': 'h'}}]},%s]}]}", rows[i].rest);
        library_loads(TINY, suite, &lib);
        struct program p = program_of(&lib, "t-1", t.profile, PARTY_CLIENT, rows[i].delivery, &keep);
        const char *const told[] = { "another one", rows[i].label };
        const struct bytes came[] = { BYTES(0, 5, 'o', 't', 'h', 'e', 'r'), rows[i].came }; // the last one counts
        for (size_t k = 0; k < COUNT_OF(told); k++) {
            struct match m = match_fields(came[k], p.ops[2].bytes, &p.ops[2].fields, &p.profile, NULL, &keep);
            cr_assert(m.status == MATCH_DONE && m.len == came[k].len, "%s", told[k]);
            program_learn(&p, 2, m.kept, &keep);
        }
        char *text = strstr(program_text(&p, &keep), "any raw:0\n") + strlen("any raw:0\n");
        *strstr(text, "\nshutdown") = 0;
        cr_expect(eq(str, text, (char *)rows[i].ops), "%s", rows[i].label);
        library_free(&lib);
    }
}
