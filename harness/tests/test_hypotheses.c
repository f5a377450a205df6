/*
 * Which mistakes are held to explain what came, where several might: what goes before what, and what two suspects have in common. Programs
 * and traces have no room behind their end, so that the address sanitizer sees whoever looks there.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "base/hex.h"
#include "check/check.h"
#include "check/mistake.h"
#include "check/suspects.h"
#include "test_vector.h"

#define SERVICE                                                                                    \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'refusals': {'exception': [ {'server': [{'word': 2}, {'word': {'any': true, 'as': 'cause'}}]} ],\n" \
    "              'refused': [ {'server': [{'word': 1}, {'cstringa': {'any': true, 'as': 'reason'}}]} ]},\n" \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"
#define SAY(value) "{'client': [{'word': 1}]},{'server': [{'word': 0}, " value "]}"
#define ECHO(type, value) "{'client': [{'word': 1}, {'cstringa': '" type "'}, {'" type "': " value "}]},{'server': [{'word': 0}, {'" type "': " value "}]}"
#define TELL(type, value, text) "{'client': [{'word': 2}, {'cstringa': '" type "'}, {'" type "': " value "}]},{'server': [{'word': 0}, {'cstringa': '" text "'}]}"
#define REFUSED "{'client': [{'word': 1}, {'cstringa': 'word'}]},{'server': [{'word': 2}, {'word': 6}]}"
#define OBJECTS(first, last) "{'client': [{'word': 1}, {'object': '" first "'}]},{'server': [{'word': 0}]},{'client': [{'word': 1}, {'object': '" last "'}]},{'server': [{'word': 0}], 'check': 'second'}"
#define LOADS  "{'client': [{'word': 1}, {'object': 'CAge(1)'}]},{'server': [{'word': 0}]}"
#define REFERS "{'client': [{'word': 1}, {'object': '@1'}]},{'server': [{'word': 0}], 'check': 'third'}"

// clang-format off
static const struct fit {
    const char *label, *steps, *got; // got: of the last message that is due
    const char *cause;               // its key, sentence and summary, and what else it may be
    size_t back;                     // … of the one so many messages before
    const char *seen;                // what would be named without the mistake, where that explains little
} fits[] = {
    { "read and written turned, and one more", "{'client': [{'word': 4}, {'dword': {'draw': {'min': 258, 'max': 258}, 'as': 'n'}}]},{'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]}", "0000 02010001",
      "bytes-swapped: the peer reads and writes this DWORD big-endian: what came is right for the number with its bytes exchanged | DWORDs are stored big-endian" },
    { "a later reply of three bytes", "{'client': [{'word': 1}]},{'client': [{'word': 1}]},{'server': [{'word': 0}, {'byte': 7}, {'byte': 1}]},{'server': [{'word': 0}, {'byte': 9}], 'check': 'second'}", "0000 09",
      "dropped: what came is the reply to a later request, and nothing came for this one: it was dropped | requests are dropped", .back = 1 },
    { "… and what has come of the one behind it", "{'client': [{'word': 1}]},{'client': [{'word': 1}]},{'client': [{'word': 1}]},{'server': [{'word': 0}, {'byte': 7}, {'byte': 1}]},{'server': [{'word': 0}, {'byte': 9}], 'check': 'second'},{'server': [{'word': 0}, {'byte': 11}, {'byte': 1}], 'check': 'third'}", "0000 09 0000 0b",
      "dropped: what came is the reply to a later request, and nothing came for this one: it was dropped | requests are dropped", .back = 2 },
    { "a double turned",            SAY("{'double': '3ff0000000000000'}"), "0000 3ff0000000000000",
      "bytes-swapped: the bytes of this double stand in big-endian order: it reads 61503, and 4607182418800017408 with its bytes exchanged | doubles are stored big-endian" },
    { "the mark alone",             SAY("{'cstringa': 'ab'}"), "0000 fffeff",
      "string-width: a wide string came where a narrow one was due | strings have the other width" },
    { "another schema within a list", TELL("object", "'CObArray[CVersioned:3(1)]'", "CObArray[CVersioned:3(1)]"), "0000 1a 434f6241727261795b4356657273696f6e65643a2d312831295d",
      "wrong-schema: the object is told with schema -1, where 3 is due | objects have another schema than they were described with" },
    { "a class within, which it knew before", OBJECTS("CAge(1)", "CAge(2)") ",{'client': [{'word': 1}, {'object': 'CNode(2,CAge(3))'}]},{'server': [{'word': 0}], 'check': 'third'}", "0200 0500",
      "table-restarted: the peer does not know (badIndex) what an earlier message of this direction has carried: its object table did not outlive that | object tables begin anew with each message" },
    { "a class that is new",        OBJECTS("CAge(1)", "CAge(2)") ",{'client': [{'word': 1}, {'object': 'CNode(2,null)'}]},{'server': [{'word': 0}], 'check': 'third'}", "0200 0500",
      "other-reply: the peer said \"exception\", cause 5 (badIndex)" },
    { "a reference that one table might not know", SAY("{'object': 'CNode(2,null)'}") "," LOADS "," REFERS, "0200 0500",
      "other-reply: the peer said \"exception\", cause 5 (badIndex) or table-restarted object tables begin anew with each message or table-restarted object tables begin anew with each value or table-shared one object table serves both directions or table-shared one counter of objects serves both directions or wrong-index objects take their index before their class or wrong-index classes take no index or wrong-index classes and objects are counted apart or wrong-index indexes of objects count objects alone, those of classes all or wrong-index indexes count from 0 or wrong-index indexes are one too large or table-restarted objects are forgotten with each message" },
    { "… and knew in a reply",      SAY("{'object': 'CNode(2,null)'}") "," LOADS "," SAY("{'object': 'CNode(3,null)'}, {'object': '@2'}") "," REFERS, "0200 0500",
      "other-reply: the peer said \"exception\", cause 5 (badIndex) or table-restarted object tables begin anew with each message or table-restarted object tables begin anew with each value or wrong-index objects take their index before their class or wrong-index classes take no index or wrong-index classes and objects are counted apart or wrong-index indexes of objects count objects alone, those of classes all or wrong-index indexes count from 0 or wrong-index indexes are one too large or table-restarted objects are forgotten with each message" },
    { "a NUL behind, or bytes",     SAY("{'cstringw': 'ab'}, {'byte': 7}, {'byte': 8}"), "0000 fffeff02 61006200 0000 07 08",
      "terminated: the string has a NUL behind it, which its length does not count | strings are sent with a NUL behind", .seen = "extra-bytes" },
    { "the smallest number rounded to nothing, or another", SAY("{'float': '00000001'}"), "0000 00000000",
      "rounded: float has six digits behind the point, and no more | floats are rounded to 6 digits behind the point or rounded floats are rounded to 2 digits behind the point", .seen = "wrong-value" },
    { "a number of fewer digits",   SAY("{'double': '3ff0000000000001'}"), "0000 000000000000f03f",
      "rounded: double has the digits of a float, and no more | doubles are rounded to floats or rounded doubles are rounded to 15 decimal digits or rounded doubles are rounded to 6 decimal digits or rounded doubles are rounded to 6 digits behind the point or rounded doubles are rounded to 2 digits behind the point" },
    { "a small number told as nothing", TELL("float", "'00000001'", "00000001"), "0000 08 3030303030303030",
      "rounded: float has six digits behind the point, and no more | floats are rounded to 6 digits behind the point or rounded floats are rounded to 2 digits behind the point", .seen = "wrong-value" },
    { "a length, or a wrong byte",  SAY("{'cstringa': 'ab'}"), "0000 03 6162",
      "off-by-one: the length of the string is one too large | lengths of strings are one too large", .seen = "wrong-value" },
    { "a count, or a wrong byte",   SAY("{'stringarray': ['x']}"), "0000 0200 fffeff01 7800",
      "off-by-one: the count is one too large | counts are one too large", .seen = "wrong-value" },
    { "padded, or more bytes",      SAY("{'byte': 1}, {'longlong': 7}"), "0000 01 0000000000 0700000000000000",
      "padded: bytes stand before LONGLONG, so that it begins at a multiple of its size | LONGLONGs are aligned, to 8 bytes at most", .seen = "extra-bytes" },
    { "more bytes of a number",     SAY("{'long': -2}, {'word': 7}"), "0000 feffffffffffffff 0700",
      "wrong-size: LONG has 8 bytes | LONGs are stored in 8 bytes", .seen = "extra-bytes" },
    { "… without its sign",         SAY("{'long': -2}, {'word': 7}"), "0000 feffffff00000000 0700",
      "wrong-size: LONG has 8 bytes, and its sign is lost | LONGs are stored in 8 bytes", .seen = "extra-bytes" },
    { "four bytes of count",        SAY("{'stringarray': ['x']}"), "0000 01000000 fffeff01 7800",
      "wrong-size: the count stands in four bytes, without the mark before them | counts are stored in four bytes", .seen = "extra-bytes" },
    { "a NUL that is counted is one", SAY("{'cstringa': 'ab'}"), "0000 03 6162 00",
      "terminated: the string has a NUL behind it, and its length counts that, too | strings are sent with their NUL" },
    { "read turned, and one more", "{'client': [{'word': 4}, {'dword': 258}]},{'server': [{'word': 0}, {'dword': 259}]}", "0000 01000102",
      "bytes-swapped: the bytes of DWORD stand in the wrong order | DWORDs are read big-endian" },
    { "… of eight bytes", "{'client': [{'word': 4}, {'ulonglong': 258}]},{'server': [{'word': 0}, {'ulonglong': 259}]}", "0000 0100000000000102",
      "bytes-swapped: the bytes of ULONGLONG stand in the wrong order | ULONGLONGs are read big-endian" },
    { "… of two, which count nothing", "{'client': [{'word': 4}, {'word': 258}]},{'server': [{'word': 0}, {'word': 259}]}", "0000 0202",
      "wrong-value: the value is another one: the WORD reads 514 where 259 is due" },
    { "two more are not one", "{'client': [{'word': 4}, {'dword': 258}]},{'server': [{'word': 0}, {'dword': 260}]}", "0000 02000102",
      "wrong-value: the value is another one: the DWORD reads 33619970 where 260 is due" },
    { "a string said before, of seven bits", "{'client': [{'word': 5}, {'cstringa': {'hex': 'e9'}}]},{'server': [{'word': 0}]},{'client': [{'word': 6}]},{'server': [{'word': 0}, {'cstringa': {'hex': 'e9'}}], 'check': 'second'}", "0000 01 69",
      "code-page: narrow text has lost its highest bits | narrow text has lost its highest bits" },
    { "turned behind what may be any", "{'client': [{'word': 1}]},{'server': [{'word': {'any': true}}, {'dword': 258}]}", "0700 00000102",
      "bytes-swapped: the bytes of this DWORD stand in big-endian order: it reads 33619968, and 258 with its bytes exchanged | DWORDs are stored big-endian" },
    { "… before it", "{'client': [{'word': 1}]},{'server': [{'dword': 258}, {'word': {'any': true}}, {'dword': 7}]}", "00000102 0500 00000007",
      "bytes-swapped: the bytes of this DWORD stand in big-endian order: it reads 33619968, and 258 with its bytes exchanged | DWORDs are stored big-endian" },
    { "… and what is behind that is right", "{'client': [{'word': 1}]},{'server': [{'dword': 258}, {'word': {'any': true}}, {'dword': 7}]}", "00000102 0500 07000000",
      "bytes-swapped: the bytes of this DWORD stand in big-endian order: it reads 33619968, and 258 with its bytes exchanged | DWORDs are stored big-endian" },
    { "… behind a text that may be any", "{'client': [{'word': 1}]},{'server': [{'cstringa': {'any': true}}, {'dword': 258}]}", "02 6162 00000102",
      "bytes-swapped: the bytes of this DWORD stand in big-endian order: it reads 33619968, and 258 with its bytes exchanged | DWORDs are stored big-endian" },
    { "a later reply with the same mistake", "{'client': [{'word': 1}]},{'client': [{'word': 1}]},{'server': [{'word': 0}, {'dword': 258}]},{'server': [{'word': 0}, {'dword': 7}], 'check': 'second'}", "0000 00000102 0000 00000007",
      "bytes-swapped: the bytes of this DWORD stand in big-endian order: it reads 33619968, and 258 with its bytes exchanged | DWORDs are stored big-endian", .back = 1 },
    { "… that is right", "{'client': [{'word': 1}]},{'client': [{'word': 1}]},{'server': [{'word': 0}, {'dword': 258}]},{'server': [{'word': 0}, {'dword': 7}], 'check': 'second'}", "0000 00000102 0000 07000000",
      "bytes-swapped: the bytes of this DWORD stand in big-endian order: it reads 33619968, and 258 with its bytes exchanged | DWORDs are stored big-endian", .back = 1 },
    { "… that is wrong", "{'client': [{'word': 1}]},{'client': [{'word': 1}]},{'server': [{'word': 0}, {'dword': 258}]},{'server': [{'word': 0}, {'dword': 7}], 'check': 'second'}", "0000 00000102 0000 09000000",
      "bytes-swapped: the bytes of this DWORD stand in big-endian order: it reads 33619968, and 258 with its bytes exchanged | DWORDs are stored big-endian", .back = 1 },
    { "an object that is said again, a number of it turned", "{'client': [{'word': 1}, {'cstringa': 'object'}, {'object': 'CAge(258)'}]},{'server': [{'word': 0}, {'object': 'CAge(258)'}]}", "0000 ffff0100 0400 43416765 00000102",
      "bytes-swapped: the bytes of LONG stand in the wrong order | LONGs are stored big-endian" },
    { "a list within, turned", "{'client': [{'word': 1}, {'cstringa': 'obarray'}, {'obarray': '[CAge(258),CAge(1)]'}]},{'server': [{'word': 0}, {'obarray': '[CAge(258),CAge(1)]'}]}", "0000 0200 ffff0100 0400 43416765 00000102 0180 00000001",
      "bytes-swapped: the bytes of LONG stand in the wrong order | LONGs are stored big-endian" },
    { "a refusal of what was carried, for another cause", OBJECTS("CAge(1)", "@1"), "0200 0700",
      "other-reply: the peer said \"exception\", cause 7 (badSchema)" },
    { "a WORD turned that might be an exception, too", "{'client': [{'word': 1}, {'object': 'CAge(1)'}]},{'server': [{'word': 0}]},{'client': [{'word': 1}, {'object': '@1'}]},{'server': [{'word': 512}, {'word': 1280}], 'check': 'second'}", "0200 0500",
      "bytes-swapped: the bytes of this WORD stand in big-endian order: it reads 2, and 512 with its bytes exchanged | WORDs are stored big-endian" },
};
// clang-format on

static void program_load(const char *steps, struct library *lib, struct program *p, struct arena *keep)
{
    char suite[2048];

    snprintf(suite, sizeof suite, "{'format': 1, 'suite': 't', 'service': 'talk', 'cases': [\n {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [%s]}]}", steps);
    library_loads(SERVICE, suite, lib);
    *p = program_of(lib, "t-1", "bits=64", PARTY_CLIENT, "plain", keep);
    p->ops = memcpy(ARENA_ARRAY(keep, p->count, struct op), p->ops, p->count * sizeof *p->ops);
}

/* All goes well up to a message that is due, the last one or so many before it, in whose place other bytes come. */
static struct trace trace_with(const struct program *p, struct bytes got, size_t back, struct arena *keep)
{
    struct trace t = { .keep = keep };
    size_t last = p->count;

    for (size_t left = back + 1; left > 0;)
        left -= p->ops[--last].kind == OP_RECEIVE;
    for (size_t i = 0; i < last; i++) {
        if (p->ops[i].kind == OP_OPEN)
            trace_add(&t, TRACE_OPEN, 0, i, 0);
        else
            trace_add_data(&t, p->ops[i].kind == OP_SEND ? TRACE_SENT : TRACE_RECEIVED, 0, i, 0, p->ops[i].bytes, 1);
    }
    if (got.len) {
        trace_add_data(&t, TRACE_RECEIVED, 0, last, 0, got, 0);
        trace_add(&t, TRACE_MISMATCH, 0, last, 0);
    } else {
        trace_add(&t, TRACE_LATE, 0, last, 0)->number = 1000;
    }
    trace_add(&t, TRACE_OVER, 0, last, 0);
    t.events = memcpy(ARENA_ARRAY(keep, t.count, struct trace_event), t.events, t.count * sizeof *t.events);
    t.room = t.count;
    return t;
}

static const char *told(const struct finding *f, struct arena *keep)
{
    TEXT(said);

    text_printf(&said, "%s: %s", f->cause, f->sentence);
    if (f->summary)
        text_printf(&said, " | %s", f->summary);
    for (size_t i = 0; i < f->other_count; i++)
        if (!f->others[i].narrow)
            text_printf(&said, " or %s %s", f->others[i].cause, f->others[i].summary ? f->others[i].summary : "");
    return arena_string(keep, text_string(&said));
}

Test(hypotheses, the_most_telling_is_named, .timeout = 20)
{
    for (const struct fit *r = fits; r < fits + COUNT_OF(fits); r++) {
        SCRATCH(keep);
        struct library lib;
        struct program p;
        struct findings f;
        struct bytes got;
        program_load(r->steps, &lib, &p, &keep);
        cr_assert(hex_read(r->got, &keep, &got) == NULL, "%s", r->label);
        struct trace t = trace_with(&p, got, r->back, &keep);
        judge(&p, &t, &keep, &f);
        const struct finding *one = &f.items[f.count - 1];
        while (one > f.items && !one->cause)
            one--;
        cr_expect(eq(str, (char *)told(one, &keep), (char *)r->cause), "%s", r->label);
        cr_expect(eq(str, (char *)(one->seen ? one->seen : ""), (char *)(r->seen ? r->seen : "")), "%s", r->label);
        library_free(&lib);
    }
}

/* Two are the same where all is that they do, and alike where a reader cannot tell them apart. */
Test(hypotheses, suspects_are_the_same_in_all_that_they_do, .timeout = 10)
{
    static const struct mistake swap = { .key = "bytes-swapped", .deed = DEED_SWAP, .n = 1, .of = "WORD" };
    static const struct mistake others[] = {
        { .key = "wrong-size", .deed = DEED_SWAP, .n = 1, .of = "WORD" },
        { .key = "bytes-swapped", .deed = DEED_SWAP_ALL, .n = 1, .of = "WORD" },
        { .key = "bytes-swapped", .deed = DEED_SWAP, .n = 2, .of = "WORD" },
        { .key = "bytes-swapped", .deed = DEED_SWAP, .n = 1, .of = "DWORD" },
        { .key = "bytes-swapped", .deed = DEED_SWAP, .n = 1 },
    };
    const struct mistake again = { .key = "bytes-swapped", .deed = DEED_SWAP, .n = 1, .of = "WORD" }, nothing = { .key = "", .deed = DEED_SWAP };
    struct suspect a = { &swap, true, false, "cause", "a sentence", "summary" }, b = { &again, true, false, "cause", "another", "summary" };

    cr_expect(suspect_same(&a, &b));
    cr_expect(suspect_alike(&a, &b));
    b.reads = false;
    cr_expect(not(suspect_same(&a, &b)));
    b.reads = true;
    b.writes_right = true;
    cr_expect(not(suspect_same(&a, &b)));
    b.writes_right = false;
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        b.by = &others[i];
        cr_expect(not(suspect_same(&a, &b)), "%zu", i);
    }
    a.by = b.by = &nothing; // neither is of a type
    cr_expect(suspect_same(&a, &b));
    b.cause = "another";
    cr_expect(not(suspect_alike(&a, &b)));
    b.cause = "cause";
    b.summary = "another";
    cr_expect(not(suspect_alike(&a, &b)));
}

/* A copy lives on where the original is gone. */
Test(hypotheses, suspects_are_copied_with_all_that_they_hold, .timeout = 10)
{
    SCRATCH(keep);
    struct mistake swap = { .key = "bytes-swapped", .deed = DEED_SWAP, .n = 1, .of = "WORD" }, size = { .key = "wrong-size", .deed = DEED_SIZE, .n = 8 };
    char sentence[] = "a sentence", summary[] = "a summary", types[] = "word,long";
    struct suspect items[] = { { &swap, true, false, "bytes-swapped", sentence, summary }, { &size, false, true, "wrong-size", summary, sentence } };
    struct suspects all = { .items = items, .count = 2, .types = types, .has_request = true, .request = 7, .told = true, .tables = true };
    struct suspects *copy = suspects_copy(&all, &keep);

    cr_assert(eq(sz, copy->count, 2));
    memset(sentence, 'x', sizeof sentence - 1);
    memset(summary, 'x', sizeof summary - 1);
    memset(types, 'x', sizeof types - 1);
    swap.n = size.n = 0;
    items[0] = items[1] = (struct suspect){ 0 };
    cr_expect(eq(str, (char *)copy->types, "word,long"));
    cr_expect(copy->has_request && copy->request == 7 && copy->told && copy->tables);
    cr_expect(eq(str, (char *)copy->items[0].sentence, "a sentence"));
    cr_expect(eq(str, (char *)copy->items[0].summary, "a summary"));
    cr_expect(eq(str, (char *)copy->items[1].sentence, "a summary"));
    cr_expect(copy->items[0].by->n == 1 && copy->items[1].by->n == 8 && copy->items[1].by->deed == DEED_SIZE);
    cr_expect(copy->items[0].reads && !copy->items[0].writes_right && !copy->items[1].reads && copy->items[1].writes_right);
    all = (struct suspects){ .items = items };
    cr_expect(suspects_copy(&all, &keep)->types == NULL);
}

/* What a peer says that makes a mistake as it writes, as it reads, or both: golden. */
Test(hypotheses, what_a_suspect_says, .timeout = 10)
{
    static const struct mistake swap = { .key = "bytes-swapped", .deed = DEED_SWAP, .reads = true, .summary = "x" }, size = { .key = "wrong-size", .deed = DEED_SIZE, .n = 4, .reads = true, .summary = "x" },
                                cause = { .key = "bytes-swapped", .deed = DEED_SWAP, .summary = "x", .of = "WORD of exception.2" };
    static const struct {
        const char *label, *steps;
        const struct mistake *by;
        bool reads, writes_right;
        struct bytes says;
    } rows[] = {
        { "written turned",    SAY("{'word': 258}"),  &swap, false, false, { (const uint8_t *)"\0\0\1\2", 4 } },
        { "read turned",       ECHO("word", "258"),   &swap, true,  true,  { (const uint8_t *)"\0\0\1\2", 4 } },
        { "turned twice",      ECHO("word", "258"),   &swap, true,  false, { (const uint8_t *)"\0\0\2\1", 4 } },
        { "read and told",     TELL("word", "258", "258"), &swap, true, true, { (const uint8_t *)"\0\0\003513", 6 } },
        { "it waits",          ECHO("word", "258"),   &size, true,  true,  { NULL, 0 } },
        { "of a refusal",      REFUSED,               &cause, false, false, { (const uint8_t *)"\2\0\0\6", 4 } },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct program p;
        size_t last;
        program_load(rows[i].steps, &lib, &p, &keep);
        for (last = p.count; p.ops[--last].kind != OP_RECEIVE;)
            continue;
        const struct suspect s = { rows[i].by, rows[i].reads, rows[i].writes_right, "x", "x", "x" };
        struct bytes says = suspect_says(&p, last, &s, &keep);
        TEXT(hex);
        hex_write(&hex, says);
        cr_expect(bytes_equal(says, rows[i].says), "%s: %s", rows[i].label, text_string(&hex));
        library_free(&lib);
    }
}

/* What passed shows that a peer does not make a mistake, in each way in which it may be made; only where it would have shown. */
Test(hypotheses, what_passes_rules_out_what_would_have_shown, .timeout = 20)
{
    enum { WRITES = 1, READS = 2, BOTH = 4 };
    static const struct {
        const char *label, *steps, *of;
        enum deed deed;
        int64_t n;
        unsigned ways;
        bool out;
    } rows[] = {
        { "a string that is just as long",    ECHO("cstringa", "{'unit': 'x', 'times': 255}"), NULL, DEED_CUT_TO, 255, WRITES, false },
        { "… and one unit longer",            ECHO("cstringa", "{'unit': 'x', 'times': 256}"), NULL, DEED_CUT_TO, 255, WRITES, true },
        { "… when it is read",                ECHO("cstringa", "{'unit': 'x', 'times': 256}"), NULL, DEED_CUT_TO, 255, READS | BOTH, true },
        { "… that is said unasked",           SAY("{'cstringa': {'unit': 'x', 'times': 256}}"), NULL, DEED_CUT_TO, 255, BOTH, true },
        { "… and then not read",              SAY("{'cstringa': {'unit': 'x', 'times': 256}}"), NULL, DEED_CUT_TO, 255, READS, false },
        { "… when such a request was suspected", SAY("{'cstringa': {'unit': 'x', 'times': 256}}"), NULL, DEED_CUT_TO, 255, BOTH | ACCUSED_REQUEST(1), true },
        { "… when another was",               SAY("{'cstringa': {'unit': 'x', 'times': 256}}"), NULL, DEED_CUT_TO, 255, BOTH | ACCUSED_REQUEST(2), false },
        { "… when it is asked for by its type", ECHO("cstringa", "{'unit': 'x', 'times': 256}"), NULL, DEED_CUT_TO, 255, WRITES | ACCUSED_REQUEST(1), false },
        { "a count in another request",       SAY("{'stringarray': ['x']}"), NULL, DEED_COUNT_BYTES, 4, WRITES | ACCUSED_REQUEST(2), false },
        { "… in the same",                    SAY("{'stringarray': ['x']}"), NULL, DEED_COUNT_BYTES, 4, WRITES | ACCUSED_REQUEST(1), true },
        { "no object was carried",            ECHO("word", "258"), NULL, DEED_TABLE_PER_MESSAGE, 0, READS, false },
        { "one that was carried before",      OBJECTS("CAge(1)", "@1"), NULL, DEED_TABLE_PER_MESSAGE, 0, READS, true },
        { "… is not told by a writer",        OBJECTS("CAge(1)", "@1"), NULL, DEED_TABLE_PER_MESSAGE, 0, WRITES, false },
        { "a number that was named",          ECHO("word", "258"), "WORD", DEED_SWAP, 0, WRITES | READS, true },
        { "… turned twice is right",          ECHO("word", "258"), "WORD", DEED_SWAP, 0, BOTH, false },
        { "… of the same bytes",              ECHO("word", "257"), "WORD", DEED_SWAP, 0, WRITES, false },
        { "… of another type",                ECHO("word", "258"), "DWORD", DEED_SWAP, 0, WRITES, false },
        { "… that nobody named",              "{'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},{'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]}", "DWORD", DEED_SWAP, 0, WRITES, false },
        { "… and was suspected in such a request", "{'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},{'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]}", "DWORD", DEED_SWAP, 0, WRITES | ACCUSED_REQUEST(4), true },
        { "… in another request",             "{'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},{'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]}", "DWORD", DEED_SWAP, 0, WRITES | ACCUSED_REQUEST(6), false },
        { "… and was named here",             ECHO("dword", "258"), "DWORD", DEED_SWAP, 0, WRITES | ACCUSED_REQUEST(6), false },
        { "a number of a refusal",            REFUSED, "WORD of exception.2", DEED_SWAP, 0, WRITES, true },
        { "… its first",                      REFUSED, "WORD of exception.1", DEED_SWAP, 0, WRITES, true },
        { "… of another one",                 REFUSED, "WORD of denial.2", DEED_SWAP, 0, WRITES, false },
        { "… of a reply that is none",        ECHO("word", "258"), "WORD of exception.2", DEED_SWAP, 0, WRITES, false },
        { "it would have waited",             ECHO("word", "258"), "WORD", DEED_SIZE, 8, READS, true },
        { "a map, whose bytes may differ",    ECHO("mapstringtostring", "'{u:0061=u:0062,u:0063=u:0064}'"), NULL, DEED_SWAP_UNITS, 0, WRITES, false },
        { "no string at all",                 "{'client': [{'word': 1}]},{'server': [{'word': 0}, {'word': 258}]}", NULL, DEED_SWAP_LENGTHS, 0, WRITES, false },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct program p;
        struct accused s = { .ways = rows[i].ways, .of = rows[i].of };
        while (mistake_table[s.mistake].deed != rows[i].deed || mistake_table[s.mistake].n != rows[i].n)
            s.mistake++;
        program_load(rows[i].steps, &lib, &p, &keep);
        accused_look((struct accused *[]){ &s }, 1, &p);
        cr_expect(eq(int, accused_is_out(&s), rows[i].out), "%s", rows[i].label);
        cr_expect(eq(uint, s.shown, rows[i].out ? rows[i].ways & (WRITES | READS | BOTH) : 0), "%s", rows[i].label);
        library_free(&lib);
    }
}
