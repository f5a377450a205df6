/*
 * Messages that may come or not, in any order, several times, or at any time: sessions against a peer that says what the
 * table has it say, and what the checks make of it. Each row is played with its words as they stand, and byte by byte.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "base/hex.h"
#include "check/check.h"
#include "replay/session.h"
#include "test_vector.h"

static const struct limits limits = { .open = 100000, .step = 100000, .end = 100000, .quiet = 1000, .settle = 1000, .whole = 90000000 };

/* What the peer says: pieces of hex, each when we wait; `,` between them, `-` lets us wait in vain, `fin` ends its direction. */
struct peer {
    const char *rest;
    size_t chunk; // 0: as written; else bytes at once
    struct bytes piece;
    struct arena *keep;
};

/* The next that comes; false when no more does. *fin: it is the end. */
static bool peer_says(struct peer *p, struct bytes *what, bool *fin)
{
    while (p->piece.len == 0) {
        size_t len = strcspn(p->rest, ",");
        const char *one = arena_printf(p->keep, "%.*s", (int)len, p->rest);
        if (!*one)
            return false;
        p->rest += len + (p->rest[len] == ',');
        if (strcmp(one, "-") == 0)
            return false;
        *fin = strcmp(one, "fin") == 0;
        if (*fin)
            return true;
        cr_assert(hex_read(one, p->keep, &p->piece) == NULL, "%s", one);
    }
    *fin = false;
    *what = bytes_slice(p->piece, 0, p->chunk ? p->chunk : SIZE_MAX);
    p->piece = bytes_slice(p->piece, what->len, SIZE_MAX);
    return true;
}

static void play(struct program *p, struct trace *t, struct peer *peer)
{
    struct session s;
    struct want w;
    struct bytes what;
    int64_t now = 0;
    bool fin;

    session_init(&s, p, t, &limits, 0);
    while ((w = session_want(&s, now)).kind != WANT_DONE) {
        now++;
        if (w.kind == WANT_OPEN)
            session_opened(&s, w.on, now);
        else if (w.kind == WANT_WRITE)
            session_sent(&s, w.on, w.bytes, 1, now);
        else if (w.kind == WANT_SHUTDOWN)
            session_shut(&s, w.on, now);
        else if (!peer_says(peer, &what, &fin))
            now = w.until;
        else if (fin)
            session_fin(&s, 0, now);
        else
            session_received(&s, 0, what, now);
    }
    session_over(&s, now);
    session_release(&s);
}

static const char *findings_text(const struct findings *f, struct arena *keep)
{
    TEXT(out);

    for (size_t i = 0; i < f->count; i++) {
        const struct finding *one = &f->items[i];
        bool fails = one->grade == GRADE_FAIL || one->grade == GRADE_INCONCLUSIVE;
        text_printf(&out, "%s%s%s%s", out.b.len ? " " : "", one->check.name, fails ? "!" : "", fails ? one->cause : "");
    }
    return arena_string(keep, text_string(&out));
}

#define PROBED TINY
#define BLUNT "{'format': 1, 'service': 'tiny', 'no-first-control': 'it has none', 'pipelining': true, 'end': {'name': 'end', 'clauses': ['X-1']}}"
#define ASK(b) "{'client': [{'byte': " #b "}]}"
#define TELL(b, name) "{'server': [{'byte': " #b "}], 'check': '" name "'}"
#define WORD(a, b, name, more) "{'server': [{'byte': " #a "}, {'byte': " #b "}], 'check': '" name "'" more "}"
#define MAYBE   ASK(1) "," WORD(5, 1, "maybe", ", 'optional': true") "," WORD(6, 1, "due", "")
#define ORDER   ASK(1) ",{'any-order': [" WORD(5, 1, "a", "") "," WORD(5, 2, "b", "") "," WORD(6, 3, "c", "") "]}"
#define FRONT   ASK(1) "," WORD(9, 1, "front", ", 'optional': true") ",{'any-order': [" WORD(5, 1, "a", "") "," WORD(5, 2, "b", "") "]}"
#define SOME    ASK(1) "," WORD(5, 1, "some", ", 'times': {'min': 1, 'max': 3}") "," WORD(6, 1, "due", "")
#define TWICE   ASK(1) "," WORD(5, 1, "two", ", 'times': 2") "," WORD(6, 1, "due", "")
#define ALIVE   ASK(1) "," WORD(6, 1, "due", "") "," WORD(5, 1, "alive", ", 'anytime': true") "," ASK(2) "," WORD(6, 2, "more", "")
#define QUIET   ALIVE ",{'silent': 'server'}"

// clang-format off
static const struct pattern_row {
    const char *label, *service, *steps, *came, *findings;
    bool whole; // byte by byte it would be another conversation
} rows[] = {
    { "optional, not there",        BLUNT, MAYBE, "0601,fin", "due end" },
    { "optional, there",            BLUNT, MAYBE, "0501,0601,fin", "maybe due end" },
    { "optional, in one with it",   BLUNT, MAYBE, "05010601,fin", "maybe due end" },
    { "optional, twice",            BLUNT, MAYBE, "0501,0501,0601,fin", "maybe due!repeated" },
    { "optional, too late",         BLUNT, MAYBE, "0601,0501,fin", "due end!stray-bytes" },
    { "optional, and then nothing", BLUNT, MAYBE, "0501", "maybe due!no-answer" },
    { "optional, half of it",       BLUNT, MAYBE, "05,fin", "due!differs" },
    { "another one",                BLUNT, MAYBE, "0502,0601,fin", "due!spoke-unasked", true }, // in pieces nothing tells it from extra bytes
    { "optional, at the end",       BLUNT, ASK(1) "," TELL(6, "due") "," TELL(5, "maybe") ",{'silent': 'client'}," TELL(7, "last") ",{'server': [{'byte': 8}], 'check': 'bye', 'optional': true}", "06,05,07,08,fin", "due maybe last bye end" },
    { "optional, at the end, and not there", BLUNT, ASK(1) "," TELL(6, "due") ",{'server': [{'byte': 8}], 'check': 'bye', 'optional': true}", "06,fin", "due end" },
    { "optional, before what comes before it was asked for", BLUNT, ASK(1) "," TELL(6, "due") "," ASK(2) "," WORD(5, 1, "maybe", ", 'optional': true") "," TELL(7, "last"), "060501,07,fin", "due maybe!spoke-unasked last end", true },
    { "optional, and a silence",    BLUNT, ASK(1) "," TELL(6, "due") "," WORD(5, 1, "maybe", ", 'optional': true") ",{'silent': 'server'}", "06,0501,-,fin", "due maybe silent end" },
    { "… and it ends before we do",  BLUNT, ASK(1) "," TELL(6, "due") "," WORD(5, 1, "maybe", ", 'optional': true") ",{'silent': 'server'}", "06,0501,fin", "due maybe silent end!ended-early" },
    { "optional, and a silence by the probe", PROBED, "{'control': 'ping'}," ASK(9) "," WORD(5, 1, "maybe", ", 'optional': true") ",{'silent': 'server'}," "{'control': 'ping'}", "02,0501,02,02,fin", "reply maybe silent reply end" },
    { "… and it is not there",      PROBED, "{'control': 'ping'}," ASK(9) "," WORD(5, 1, "maybe", ", 'optional': true") ",{'silent': 'server'}," "{'control': 'ping'}", "02,02,02,fin", "reply silent reply end" },
    { "… and comes too late",       PROBED, "{'control': 'ping'}," ASK(9) "," WORD(5, 1, "maybe", ", 'optional': true") ",{'silent': 'server'}," "{'control': 'ping'}", "02,02,0501,02,fin", "reply silent reply!spoke-unasked" },
    { "any order, as written",      BLUNT, ORDER, "0501,0502,0603,fin", "a b c end" },
    { "any order, the other way",   BLUNT, ORDER, "0603,0502,0501,fin", "c b a end" },
    { "any order, all in one",      BLUNT, ORDER, "060305010502,fin", "c a b end" },
    { "any order, one missing",     BLUNT, ORDER, "0603,0501,fin", "c a b!ended-early" },
    { "any order, one is not sent", BLUNT, ORDER, "0603,0501", "c a b!no-answer" },
    { "any order, one twice",       BLUNT, ORDER, "0603,0603,0501,fin", "c b!differs" },
    { "any order, one too many",    BLUNT, ORDER, "0603,0501,0502,0502,fin", "c a b end!stray-bytes" },
    { "any order, one that is none", BLUNT, ORDER, "0502,0604,fin", "b a!differs" },
    { "optional, and then any order", BLUNT, FRONT, "0901,0502,0501,fin", "front b a end" },
    { "optional, too late for any order", BLUNT, FRONT, "0502,0901,0501,fin", "b a!extra-bytes" },
    { "as often as least",          BLUNT, SOME, "0501,0601,fin", "some due end" },
    { "as often as most",           BLUNT, SOME, "0501,050105010601,fin", "some some-2 some-2 due end" },
    { "once too often",             BLUNT, SOME, "0501,0501,0501,0501,0601,fin", "some some-2 some-2 due!repeated" },
    { "not often enough",           BLUNT, SOME, "0601,fin", "some!wrong-value" },
    { "twice",                      BLUNT, TWICE, "0501,0501,0601,fin", "two two-2 due end" },
    { "only once",                  BLUNT, TWICE, "0501,0601,fin", "two two-2!wrong-value" },
    { "thrice",                     BLUNT, TWICE, "0501,0501,0501,0601,fin", "two two-2 due!repeated" },
    { "anytime, never",             BLUNT, ALIVE, "0601,0602,fin", "due more end" },
    { "anytime, before what is due", BLUNT, ALIVE, "0601,0501,0501,0602,fin", "due alive alive more end" },
    { "anytime, behind it",         BLUNT, ALIVE, "0601,0602,0501,fin", "due more alive end" },
    { "anytime, amid a message",    BLUNT, ALIVE, "0601,06,0501,02,fin", "due more!wrong-value" },
    { "anytime, half of it",        BLUNT, ALIVE, "0601,0602,05,fin", "due more end!stray-bytes" },
    { "anytime, before its time",   BLUNT, ALIVE, "0501,0601,0602,fin", "due!spoke-unasked", true }, // in pieces nothing tells it from extra bytes
    { "anytime, and what is due is missing", BLUNT, ALIVE, "0601,0501,0501", "due alive alive more!no-answer" },
    { "anytime, and another",       BLUNT, ALIVE, "0601,0501,0502,0602,fin", "due alive more!extra-bytes" },
    { "anytime, in a silence",      BLUNT, QUIET, "0601,0602,0501,-,fin", "due more alive silent end" },
    { "another in a silence",       BLUNT, QUIET, "0601,0602,0502,fin", "due more silent!spoke-unasked" },
    { "half of it in a silence",    BLUNT, QUIET, "0601,0602,05", "due more silent!spoke-unasked" },
};
// clang-format on

Test(patterns, what_may_come_passes_and_nothing_else, .timeout = 30)
{
    static const size_t chunks[] = { 0, 1 };

    for (const struct pattern_row *t = rows; t < rows + COUNT_OF(rows); t++)
        for (size_t i = 0; i < COUNT_OF(chunks) - t->whole; i++) {
            SCRATCH(keep);
            struct library lib;
            struct trace trace = { .keep = &keep };
            struct findings found;
            library_loads(t->service, arena_printf(&keep, CASE("%s"), t->steps), &lib);
            struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
            struct peer peer = { .rest = t->came, .chunk = chunks[i], .keep = &keep };
            play(&p, &trace, &peer);
            judge(&p, &trace, &keep, &found);
            cr_expect(eq(str, (char *)findings_text(&found, &keep), (char *)t->findings), "%s, %s", t->label, chunks[i] ? "byte by byte" : "whole");
            library_free(&lib);
        }
}

/* Of several in any order, those that are still due when one fails. */
Test(patterns, what_else_could_have_come_is_told, .timeout = 10)
{
    static const struct {
        const char *came, *cause, *told; // NULL: nothing of the kind
    } others[] = {
        { "fin",           "ended-early", "; 2 others could have come in its place" },
        { "0603,fin",      "ended-early", "; 1 other could have come in its place" },
        { "0603,0501,fin", "ended-early", NULL },
        { "0603,0603,fin", "differs",     "; 1 other could have come in its place" },
    };

    for (size_t i = 0; i < COUNT_OF(others); i++) {
        SCRATCH(keep);
        struct library lib;
        struct trace trace = { .keep = &keep };
        struct findings found;
        library_loads(BLUNT, arena_printf(&keep, CASE("%s"), ORDER), &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        struct peer peer = { .rest = others[i].came, .keep = &keep };
        play(&p, &trace, &peer);
        judge(&p, &trace, &keep, &found);
        const struct finding *last = &found.items[found.count - 1];
        for (size_t k = 0; k < found.count; k++)
            if (found.items[k].grade == GRADE_FAIL)
                last = &found.items[k];
        cr_assert(eq(int, last->grade, GRADE_FAIL), "%s", others[i].came);
        cr_expect(eq(str, (char *)last->cause, (char *)others[i].cause), "%s", others[i].came);
        const char *told = strstr(last->sentence, "; ");
        cr_expect(eq(str, told ? (char *)told : "nothing", others[i].told ? (char *)others[i].told : "nothing"), "%s: %s", others[i].came, last->sentence);
        library_free(&lib);
    }
}

/* ---- the other side ---- */

// clang-format off
static const struct served_row {
    const char *label, *steps, *came, *findings;
} served_rows[] = {
    { "what we say in its place",   "{'client': [{'byte': 9}]}," WORD(5, 1, "a", ", 'times': {'min': 2, 'max': 3}") "," WORD(6, 1, "b", ", 'optional': true") ",{'any-order': [" WORD(7, 1, "c", "") "," WORD(8, 1, "d", "") "]}", "09,fin", "says end >0501 >0501 >0701 >0801" },
    { "what the client may say",    "{'client': [{'byte': 9}]},{'client': [{'byte': 3}], 'check': 'alive', 'anytime': true}," TELL(5, "a") ",{'any-order': [{'client': [{'byte': 1}], 'check': 'x'},{'client': [{'byte': 2}], 'check': 'y'}]}",
      "09,03,02,03,01,fin", "says alive y alive x end >05" },
    { "and may not",                "{'client': [{'byte': 9}]},{'client': [{'byte': 3}], 'check': 'alive', 'anytime': true}," TELL(5, "a") ",{'any-order': [{'client': [{'byte': 1}], 'check': 'x'},{'client': [{'byte': 2}], 'check': 'y'}]}",
      "09,03,02,02,fin", "says alive y x!wrong-value >05" },
};
// clang-format on

Test(patterns, a_client_may_have_them_too, .timeout = 30)
{
    for (const struct served_row *t = served_rows; t < served_rows + COUNT_OF(served_rows); t++) {
        SCRATCH(keep);
        struct library lib;
        struct trace trace = { .keep = &keep };
        struct findings found;
        TEXT(all);
        library_loads(TINY, arena_printf(&keep, CASE("%s"), t->steps), &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_SERVER, "plain", &keep);
        struct peer peer = { .rest = t->came, .keep = &keep };
        play(&p, &trace, &peer);
        judge(&p, &trace, &keep, &found);
        text_add(&all, findings_text(&found, &keep));
        for (size_t i = 0; i < trace.count; i++)
            if (trace.events[i].kind == TRACE_SENT) {
                text_add(&all, " >");
                hex_write(&all, trace.events[i].data);
            }
        cr_expect(eq(str, (char *)text_string(&all), (char *)t->findings), "%s", t->label);
        library_free(&lib);
    }
}

/* ---- what cannot be told apart, and what is no pattern ---- */

// clang-format off
static const struct refused_row {
    const char *label, *steps, *complaint; // a part of it
} refused[] = {
    { "the same",                   ASK(1) "," TELL(5, "a") "," TELL(6, "b"), "" },
    { "optional, and begins like what is due", ASK(1) "," WORD(5, 1, "a", ", 'optional': true") "," WORD(5, 1, "b", ""), "t.json:3: case t-1: steps[1]: \"b\" and \"a\" may both come here, and begin alike" },
    { "a beginning of what is due", ASK(1) "," TELL(5, "b") ",{'server': [{'byte': 5}], 'check': 'x', 'optional': true}" "," WORD(5, 1, "c", ""), "may both come here, and begin alike" },
    { "what is due is any value",   ASK(1) "," WORD(5, 1, "a", ", 'optional': true") ",{'server': [{'byte': {'any': true}}], 'check': 'b'}", "may both come here, and begin alike" },
    { "any value, behind what differs", ASK(1) "," WORD(5, 1, "a", ", 'optional': true") ",{'server': [{'byte': 6}, {'byte': {'any': true}}], 'check': 'b'}", "" },
    { "drawn",                      "{'client': [{'byte': {'draw': {}, 'as': 'n'}}]}," WORD(5, 1, "a", ", 'optional': true") ",{'server': [{'byte': {'reuse': 'n'}}], 'check': 'b'}", "may both come here, and begin alike" },
    { "two of a group",             ASK(1) ",{'any-order': [" TELL(5, "a") "," WORD(5, 1, "b", "") "]}", "\"a\" and \"b\" may both come here, and begin alike" },
    { "anytime, and much later",    ASK(1) "," TELL(6, "a") "," WORD(5, 1, "x", ", 'anytime': true") "," ASK(1) "," TELL(6, "b") "," ASK(1) "," TELL(5, "c"), "\"c\" and \"x\" may both come here" },
    { "optional, and later not any more", ASK(1) "," WORD(5, 1, "x", ", 'optional': true") "," TELL(6, "b") "," ASK(1) "," TELL(5, "c"), "" },
    { "often, and once more",       ASK(1) "," WORD(5, 1, "x", ", 'times': {'max': 2}") "," WORD(5, 1, "y", ""), "\"y\" and \"x-2\" may both come here" },
    { "two at any time",            ASK(1) "," TELL(6, "a") "," WORD(5, 1, "x", ", 'anytime': true") "," WORD(5, 1, "y", ", 'anytime': true"), "\"x\" and \"y\" may both come here" },
    { "the answer to the probe",    "{'control': 'ping'}," ASK(9) "," TELL(2, "x") ",{'server': [{'byte': 2}], 'check': 'y', 'optional': true},{'silent': 'server'},{'control': 'ping'}", "may both come here" },
    { "it keeps a value",           ASK(1) ",{'server': [{'byte': 5}, {'byte': {'any': true, 'as': 'n'}}], 'check': 'a', 'optional': true}," TELL(6, "b"), "keeps no value" },
    { "it carries objects",         ASK(1) ",{'any-order': [{'server': [{'byte': 5}, {'object': 'null'}], 'check': 'a'}," TELL(6, "b") "]}", "carries no objects" },
    { "a group of one",             ASK(1) ",{'any-order': [" TELL(5, "a") "]}", "steps[1].any-order: expected 2 to 32 messages" },
    { "a group of both parties",    "{'any-order': [" ASK(1) "," TELL(5, "a") "]}", "the messages are one party's, on one connection" },
    { "a group of more than words", ASK(1) ",{'any-order': [" TELL(5, "a") ",{'silent': 'server'}]}", "steps[1].any-order[1]: only whole messages" },
    { "an end that may come",       ASK(1) "," TELL(5, "a") ",{'end': 'server', 'optional': true}", "belong to a whole message" },
    { "part of a message that may come", ASK(1) ",{'server': [{'byte': 1}], 'part': true, 'optional': true}," TELL(5, "a"), "belong to a whole message" },
    { "two at once",                ASK(1) ",{'server': [{'byte': 1}], 'times': 2, 'optional': true}," TELL(5, "a"), "one of optional, times and anytime" },
    { "never",                      ASK(1) ",{'server': [{'byte': 1}], 'times': 0}," TELL(5, "a"), "max is at least 1, and not below min" },
    { "less than least",            ASK(1) ",{'server': [{'byte': 1}], 'times': {'min': 3, 'max': 2}}," TELL(5, "a"), "max is at least 1, and not below min" },
    { "not optional",               ASK(1) ",{'server': [{'byte': 1}], 'optional': false}," TELL(5, "a"), "expected true" },
    { "only what may come answers", ASK(1) ",{'server': [{'byte': 5}], 'optional': true}", "is not answered" },
};
// clang-format on

Test(patterns, what_cannot_be_told_is_refused, .timeout = 30)
{
    for (const struct refused_row *t = refused; t < refused + COUNT_OF(refused); t++) {
        SCRATCH(keep);
        const char *said = complaint_of(TINY, arena_printf(&keep, CASE("%s"), t->steps), &keep);
        bool good = *t->complaint ? strstr(said, t->complaint) != NULL : !*said;
        cr_expect(good, "%s: %s", t->label, said);
    }
}

/* What does not wait for an answer may go with what goes before, also where something may come in between. */
Test(patterns, what_may_come_keeps_nothing_apart, .timeout = 30)
{
    SCRATCH(keep);
    struct library lib;

    library_loads(TINY, CASE("{'client': [{'byte': 3}]}," WORD(5, 1, "a", ", 'optional': true") ",{'client': [{'byte': 4}]}," TELL(6, "b")), &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "coalesced", &keep);
    cr_expect(eq(str, (char *)program_text(&p, &keep), "open main\nsend main 03 04\nreceive main 06\nshutdown main\nawait-end main"));
    library_free(&lib);
}
