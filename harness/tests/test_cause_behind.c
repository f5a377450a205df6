/*
 * Bytes that come behind a reply that was right, where nothing is due: what they are called, by what they stand behind.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "talk.h"

#define SAID          "{'client': [{'word': 1}]}"
#define DUE(reply)    "{'server': [" reply "]}"
#define SILENT        "{'silent': 'server'}"
#define LAST          SAID ",{'server': [{'word': 1800}], 'check': 'last'}"
#define RAW(hex)      "{'bytes': '" hex "'}"
#define BEHIND(reply) SAID "," DUE(reply) "," SILENT "," LAST
#define TWICE(first, second) SAID "," DUE(first) "," SAID ",{'server': [" second "], 'check': 'second'}," SILENT "," LAST
#define ONE_PIECE(came) "0 open,1 >,2 <" came ",3 !,3 ?,3 mismatch,3 over"
#define APART(strays)   "0 open,1 >,2 =,2 <" strays ",3 !,3 ?,3 mismatch,3 over"
#define SECOND(strays)  "0 open,1 >,2 =,3 >,4 =,4 <" strays ",5 !,5 ?,5 mismatch,5 over"
#define BLUNTLY(came)   "0 open,1 >,2 <" came ",3 mismatch,3 over"

#define UNASKED(bytes)  "spoke-unasked: " bytes " came where nothing was due, before the answer to the probe"
#define EXTRA(bytes)    "extra-bytes: " bytes " behind the reply before, in one piece with it"
#define TWICE_CAME " | replies come twice"
#define UNASKED_MESSAGE(n) "spoke-unasked: a message that nobody had asked for stands behind the reply before, " n " bytes | the peer sends messages that nobody asked for"

// clang-format off
static const struct behind_row {
    const char *label, *service, *steps, *trace;
    const char *told; // cause, sentence, summary, other causes
} rows[] = {
    { "two bytes, in one piece with it", TALK, BEHIND(RAW("010203")), ONE_PIECE("010203 5566"), EXTRA("2 bytes stand") },
    { "… one",                           TALK, BEHIND(RAW("010203")), ONE_PIECE("010203 55"), EXTRA("1 byte stands") },
    { "… that came apart",               TALK, BEHIND(RAW("010203")), APART("5566"), UNASKED("2 bytes") },
    { "… one that did",                  TALK, BEHIND(RAW("010203")), APART("55"), UNASKED("1 byte") },
    { "the reply, once more",            TALK, BEHIND(RAW("010203")), APART("010203"), "repeated: the reply before, 3 bytes, came once more" TWICE_CAME },
    { "… in one piece",                  TALK, BEHIND(RAW("010203")), ONE_PIECE("010203 010203"), "repeated: the reply before, 3 bytes, came once more" TWICE_CAME },
    { "… and a byte",                    TALK, BEHIND(RAW("010203")), APART("01020304"), "repeated: the reply before, 3 bytes, came once more" TWICE_CAME },
    { "… its beginning",                 TALK, BEHIND(RAW("010203")), APART("0102"), UNASKED("2 bytes") },
    { "… of two bytes, in one piece",    TALK, BEHIND(RAW("0102")), ONE_PIECE("0102 0102"), EXTRA("2 bytes stand") " or repeated" TWICE_CAME },
    { "… and a byte",                    TALK, BEHIND(RAW("0102")), ONE_PIECE("0102 010203"), EXTRA("3 bytes stand") },
    { "… apart",                         TALK, BEHIND(RAW("0102")), APART("0102"), UNASKED("2 bytes") },
    { "all that had come",               TALK, TWICE(RAW("01020304"), RAW("050607")), SECOND("01020304050607"), "repeated: what had come before on the connection came once more, 7 bytes of it" TWICE_CAME },
    { "… and a byte",                    TALK, TWICE(RAW("01020304"), RAW("050607")), SECOND("0102030405060708"), "repeated: what had come before on the connection came once more, 8 bytes of it" TWICE_CAME },
    { "… six bytes are too few",         TALK, TWICE(RAW("010203"), RAW("050607")), SECOND("010203050607"), UNASKED("6 bytes") },
    { "… its first sixteen bytes",       TALK, TWICE(RAW("01*16 02"), RAW("050607")), SECOND("01*16 03"), "repeated: what had come before on the connection came once more, 17 bytes of it" TWICE_CAME },
    { "a message",                       BLUNT, BEHIND("{'byte': 1}, {'cstringa': 'ab'}, {'word': 7}"), BLUNTLY("01 02 6162 0700 05 01 63 0900"), UNASKED_MESSAGE("5") " or extra-bytes" },
    { "… that came apart",               BLUNT, BEHIND("{'byte': 1}, {'cstringa': 'ab'}, {'word': 7}"), "0 open,1 >,2 =,2 <05 01 63 0900,3 mismatch,3 over", UNASKED_MESSAGE("5") " or stray-bytes" },
    { "… and a byte",                    BLUNT, BEHIND("{'byte': 1}, {'cstringa': 'ab'}, {'word': 7}"), BLUNTLY("01 02 6162 0700 05 01 63 0900 01"), EXTRA("6 bytes stand") },
    { "a pause for the end",             TALK, BEHIND(RAW("010203")), APART("0200 0300"), "false-end: the peer took a pause for the end of the stream: it said \"no\", cause 3 (endOfFile), before all was sent | the peer takes the end of what has arrived for the end of the stream" },
    { "… another exception",             TALK, BEHIND(RAW("010203")), APART("0200 0500"), UNASKED("4 bytes") },
    { "… in one piece",                  TALK, BEHIND(RAW("010203")), ONE_PIECE("010203 0200 0500"), EXTRA("4 bytes stand") },
    { "… in words",                      SEVERAL, BEHIND(RAW("010203")), ONE_PIECE("010203 0100 03616263"), "spoke-unasked: 6 bytes stand behind the reply before, in one piece with it: a refusal of what nobody has asked | the peer refuses what nobody has asked or extra-bytes" },
    { "… behind a refusal",              TALK, BEHIND("{'word': 2}, {'word': 5}"), ONE_PIECE("0200 0500 0200 0600"), UNASKED("4 bytes") },
    { "… and bytes behind one",          TALK, BEHIND("{'word': 2}, {'word': 5}"), ONE_PIECE("0200 0500 5566"), EXTRA("2 bytes stand") },
    { "what is due later",               TALK, BEHIND(RAW("010203")), ONE_PIECE("010203 0807"), UNASKED("2 bytes") },
};
// clang-format on

// clang-format off
static const struct short_row {
    const char *label, *steps, *got;
    const char *told; // cause, sentence, summary, other causes; it stood as an end before it was looked at
} shorts[] = {
    { "less than is due",                SAID "," DUE(RAW("0102030405")), "0102", "ended-early: it ended: only 2 of 5 bytes came or cut" },
    { "a round number",                  SAID "," DUE(RAW("07*300")), "07*128", "cut: it ended: only 128, a round number, of 300 bytes came" },
    { "… one less than that",            SAID "," DUE(RAW("07*600")), "07*511", "cut: it ended: only 511, a round number, of 600 bytes came" },
    { "… too small to be one",           SAID "," DUE(RAW("07*300")), "07*127", "ended-early: it ended: only 127 of 300 bytes came or cut" },
    { "a number of two bytes, or cut",   SAID "," DUE("{'word': 0}, {'dword': 7}"), "0000 0700", "ended-early: it ended: only 4 of 6 bytes came or wrong-size | DWORDs are stored in 2 bytes or cut" },
    { "a time of four bytes",            SAID "," DUE("{'word': 0}, {'time': 7}"), "0000 0a000080 07000000", "time-form: CTime has 4 bytes behind the mark, where 8 are due: only 10 of 14 bytes came | CTime is stored in 4 bytes behind the mark or cut" },
    { "a line without its end",          SAID "," DUE("{'word': 0}, {'line': 'ab'}"), "0000 6100 6200", "cut: the line came without its newline | lines lack their newline" },
    { "a value that is not whole",       SAID "," DUE("{'word': 0}, {'cstringa': {'any': true}}"), "0000 05 6162", "ended-early: it ended: 5 bytes came, and a value is not whole or cut" },
};
// clang-format on

static const char *finding_told(const struct finding *f, struct arena *keep)
{
    TEXT(said);

    text_printf(&said, "%s: %s", f->cause, f->sentence);
    if (f->summary)
        text_printf(&said, " | %s", f->summary);
    for (size_t i = 0; i < f->other_count; i++)
        if (!f->others[i].narrow)
            text_printf(&said, " or %s%s%s", f->others[i].cause, f->others[i].summary ? " | " : "", f->others[i].summary ? f->others[i].summary : "");
    if (f->seen)
        text_printf(&said, " seen %s", f->seen);
    return arena_string(keep, text_string(&said));
}

static const char *told(const struct program *p, const struct trace *t, struct arena *keep)
{
    struct findings found;

    judge(p, t, keep, &found);
    while (found.count && !found.items[found.count - 1].cause)
        found.count--;
    return found.count ? finding_told(&found.items[found.count - 1], keep) : "";
}

Test(cause_behind, bytes_are_called_by_what_they_stand_behind, .timeout = 20)
{
    for (const struct behind_row *r = rows; r < rows + COUNT_OF(rows); r++) {
        SCRATCH(keep);
        struct library lib;
        struct trace t = { .keep = &keep };
        talk_load(r->service, r->steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(r->trace, &p, &t, &keep);
        cr_expect(eq(str, (char *)told(&p, &t, &keep), (char *)r->told), "%s", r->label);
        library_free(&lib);
    }
}

Test(cause_behind, a_reply_that_ends_too_early_may_be_a_shorter_one, .timeout = 20)
{
    for (const struct short_row *r = shorts; r < shorts + COUNT_OF(shorts); r++) {
        SCRATCH(keep);
        struct library lib;
        struct trace t = { .keep = &keep };
        struct finding f = { .grade = GRADE_FAIL, .cause = "ended-early", .sentence = "it ended" };
        talk_load(TALK, r->steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(arena_printf(&keep, "0 open,1 >,2 <%s,2 over", r->got), &p, &t, &keep);
        struct evidence e = talk_evidence(&p, &t, &keep);
        cause_short(&e, &f);
        cr_expect(eq(str, (char *)finding_told(&f, &keep), (char *)r->told), "%s", r->label);
        library_free(&lib);
    }
}
