/*
 * Conversations whose case is not known, without sockets: scripts as in session_script.h, with lines in the place of names.
 *
 *     @12 write 0 0304      at time 12 it wants these bytes written on the first line
 *     @12 wait 1012         … to wait until then; `accept` behind: a further line would be taken
 *     @12 shutdown 0, reset 0, done
 *     opened                a line has come about: the next
 *     received 0 0506, sent [N], fin 0, rst 0, shut 0
 *
 * At the end stands the case that it was, or the nearest with "none: " before it, and what its session noted.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "replay/choice.h"
#include "test_vector.h"

#define UNIT     1000000 // µs: the time of scripts
#define PATIENCE (10 * UNIT)

static const struct limits long_limits = { .open = 1000ll * UNIT, .step = 1000ll * UNIT, .end = 1000ll * UNIT, .quiet = 2 * UNIT,
                                           .settle = 4 * UNIT, .whole = 9000ll * UNIT };

static const char *want_text(const struct choice_want *w, struct arena *keep)
{
    TEXT(bytes);

    hex_write(&bytes, w->bytes);
    switch (w->kind) {
    case WANT_WRITE:
        return arena_printf(keep, "write %u %s%s", w->line, text_string(&bytes), w->alone ? " alone" : "");
    case WANT_SHUTDOWN:
        return arena_printf(keep, "shutdown %u", w->line);
    case WANT_RESET:
        return arena_printf(keep, "reset %u", w->line);
    case WANT_WAIT:
        return arena_printf(keep, "wait %lld%s", (long long)(w->until / UNIT), w->accept ? " accept" : "");
    default:
        return "done";
    }
}

static void tell(struct choice *c, const struct choice_want *w, const char *line, int64_t now, struct arena *keep)
{
    char word[16] = "";
    unsigned on = 0;
    int used = 0;
    struct bytes bytes = { 0 };

    sscanf(line, "%15s %u %n", word, &on, &used);
    if (strcmp(word, "opened") == 0)
        choice_opened(c, now);
    else if (strcmp(word, "fin") == 0)
        choice_fin(c, on, now);
    else if (strcmp(word, "rst") == 0)
        choice_reset(c, on, 104, now);
    else if (strcmp(word, "shut") == 0)
        choice_shut(c, on, now);
    else if (strcmp(word, "did-reset") == 0)
        choice_did_reset(c, on, now);
    else if (strcmp(word, "sent") == 0)
        choice_sent(c, w->line, bytes_slice(w->bytes, 0, on ? on : SIZE_MAX), 1, now);
    else if (strcmp(word, "received") == 0 && !hex_read(line + used, keep, &bytes))
        choice_received(c, on, bytes, now);
    else
        cr_assert(false, "the script says \"%s\"", line);
}

#define CASE_OF(id, steps) "{'id': '" id "', 'title': 'T', 'clauses': ['X-1'], 'no-control': 'it is a test', 'steps': [" steps "]}"
#define SUITE(cases) "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [" cases "]}"
#define ASK(b) "{'client': [{'byte': " #b "}]}"
#define TELL(b) "{'server': [{'byte': " #b "}]}"
#define ON(who, b, on) "{'" who "': [{'byte': " #b "}], 'on': '" on "'}"

struct script {
    const char *label, *cases, *seen, *lines, *came; // seen: ids of cases that have come before
};

static const char *outcome(const struct choice *c, struct arena *keep)
{
    const struct trace *t = &c->chosen->trace;
    TEXT(out);

    text_printf(&out, "%s%s:", choice_is_matched(c) ? "" : "none: ", c->chosen->vector->id);
    for (size_t i = 0; i < t->count; i++) {
        const struct trace_event *e = &t->events[i];
        if (e->kind == TRACE_SENT || e->kind == TRACE_RECEIVED)
            text_printf(&out, " %c%zu", e->kind == TRACE_SENT ? '>' : '<', e->data.len);
        else if (e->kind == TRACE_RESET)
            text_printf(&out, " %s %lld", trace_name(e->kind), (long long)e->number);
        else
            text_printf(&out, " %s", trace_name(e->kind));
    }
    if (c->passed)
        text_printf(&out, " (not %s)", c->passed->vector->id);
    return arena_string(keep, text_string(&out));
}

static void play(const struct script *t)
{
    SCRATCH(keep);
    struct library lib;
    struct choice c;
    struct choice_want w = { 0 };
    struct error err;
    int64_t now = 0;

    library_loads(TINY, arena_printf(&keep, SUITE("%s"), t->cases), &lib);
    choice_init(&c, &long_limits, PATIENCE, 0);
    for (size_t i = 0; i < lib.suites[0].count; i++) {
        const struct vector *v = &lib.suites[0].vectors[i];
        cr_assert(choice_add(&c, v, &profile_default, 1, strstr(t->seen, v->id) != NULL, &err), "%s", err.text);
    }
    char *rest = arena_string(&keep, t->lines);
    for (char *line; (line = strsep(&rest, "\n"));) {
        if (*line != '@') {
            tell(&c, &w, line, now, &keep);
            continue;
        }
        now = strtoll(line + 1, &line, 10) * UNIT;
        w = choice_want(&c, now);
        cr_expect(eq(str, (char *)want_text(&w, &keep), line + 1), "%s, at %lld", t->label, (long long)(now / UNIT));
    }
    cr_assert(c.chosen != NULL, "%s", t->label);
    cr_expect(eq(str, (char *)outcome(&c, &keep), (char *)t->came), "%s", t->label);
    choice_release(&c);
    library_free(&lib);
}

#define TURN    CASE_OF("t-turn", ASK(7) "," TELL(8) "," ASK(9))
#define LONGER  CASE_OF("t-longer", ASK(7) "," TELL(8) "," ASK(9) "," TELL(10))
#define AHEAD   CASE_OF("t-ahead", ASK(7) "," ASK(9) "," TELL(8))
#define OTHER   CASE_OF("t-other", ASK(6) "," TELL(5))
#define SHORT   CASE_OF("t-short", ASK(7) "," TELL(8))
#define WORD    CASE_OF("t-word", "{'client': [{'word': 7}]},{'server': [{'byte': 8}]}")
#define ENDS    CASE_OF("t-ends", ASK(7) "," TELL(8) ",{'end': 'server'},{'end': 'client'}")
#define STAYS   CASE_OF("t-stays", ASK(7) "," TELL(8) ",{'end': 'client'},{'end': 'server'}")
#define PAIR    CASE_OF("t-pair", "{'open': 'client', 'on': 'a'},{'open': 'client', 'on': 'b'}," ON("client", 7, "b") "," ON("server", 8, "a") "," ON("client", 9, "a"))
#define TWO     CASE_OF("t-two", ON("client", 7, "a") "," ON("server", 8, "a") ",{'end': 'client', 'on': 'a'},{'end': 'server', 'on': 'a'}," ON("client", 9, "b"))
#define BOTH    CASE_OF("t-both", "{'open': 'client', 'on': 'a'},{'open': 'client', 'on': 'b'}," ON("client", 7, "a") "," ON("server", 8, "a") "," ON("client", 9, "b"))
#define LATE    CASE_OF("t-late", ON("client", 7, "a") "," ON("server", 8, "a") "," ON("client", 6, "b") "," ON("server", 5, "b"))
#define TURN_5  CASE_OF("t-turn5", ASK(7) "," TELL(8) "," ASK(9) "," ASK(5))
#define AHEAD_5 CASE_OF("t-ahead5", ASK(7) "," ASK(9) "," ASK(5) "," TELL(8))
#define KEEPS   CASE_OF("t-keeps", "{'client': [{'byte': {'draw': {'min': 7, 'max': 20}, 'as': 'n'}}]},{'server': [{'byte': {'reuse': 'n', 'plus': 1}}]}")

#define RESETS  CASE_OF("t-resets", ASK(7) "," TELL(8) ",{'reset': 'client'}")
#define BOTH_OPEN "{'open': 'client', 'on': 'a'},{'open': 'client', 'on': 'b'},"
/* What is due on b stands behind what is due on a. */
#define THEN(b) CASE_OF("t-b", BOTH_OPEN ON("client", 3, "b") "," ON("client", 7, "a") "," b "," ON("server", 8, "a"))
/* That comes at first, and then nothing more; so long all is waited for. */
#define EARLY(what, until) "opened\nopened\nreceived 1 03\n@0 wait 1000\n" what "\n@1 wait " #until "\n@1001 done"

// clang-format off
static const struct script scripts[] = {
    { "the first message tells", TURN "," OTHER, "",
      "opened\n@0 wait 1000\nreceived 0 06\n@1 write 0 05\nsent\n@1 wait 1001\nfin 0\n@2 shutdown 0\nshut 0\n@2 done",
      "t-other: open <1 >1 fin fin-sent" },
    { "a later one tells", TURN "," LONGER, "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 write 0 08\nsent\n@1 wait 1001\nreceived 0 09\n@2 wait 12\n@12 write 0 0a\nsent\n@12 wait 1012\nfin 0\n@13 shutdown 0\nshut 0\n@13 done",
      "t-longer: open <1 >1 <1 >1 fin fin-sent (not t-turn)" },
    { "what could end or go on ends when the client does", TURN "," LONGER, "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 write 0 08\nsent\n@1 wait 1001\nreceived 0 09\nfin 0\n@2 shutdown 0\nshut 0\n@2 done",
      "t-turn: open <1 >1 <1 fin fin-sent (not t-longer)" },
    { "more words come in time", TURN "," AHEAD, "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 wait 11\nreceived 0 09\n@2 write 0 08\nsent\n@2 wait 1002\nfin 0\n@3 shutdown 0\nshut 0\n@3 done",
      "t-turn: open <1 <1 >1 fin fin-sent" },
    { "of two that fit, the one that was not seen", TURN "," AHEAD, "t-turn",
      "opened\n@0 wait 1000\nreceived 0 0709\n@1 write 0 08\nsent\nfin 0\n@1 shutdown 0\nshut 0\n@1 done",
      "t-ahead: open <2 >1 fin fin-sent" },
    { "no more words come", TURN "," AHEAD, "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 wait 11\n@11 write 0 08\nsent\n@11 wait 1011\nreceived 0 09\nfin 0\n@12 shutdown 0\nshut 0\n@12 done",
      "t-turn: open <1 >1 <1 fin fin-sent (not t-ahead)" },
    { "what was seen is not waited for", TURN "," AHEAD, "t-ahead", "opened\n@0 wait 1000\nreceived 0 07\n@1 write 0 08\nsent\nreceived 0 09\nfin 0\n@1 shutdown 0\nshut 0\n@1 done",
      "t-turn: open <1 >1 <1 fin fin-sent (not t-ahead)" },
    { "a piece of a message is no choice", OTHER "," WORD, "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 wait 1000\nreceived 0 00\n@2 write 0 08\nsent\n@2 wait 1002\nfin 0\n@3 shutdown 0\nshut 0\n@3 done",
      "t-word: open <1 <1 >1 fin fin-sent" },
    { "whether we end is waited for", ENDS "," STAYS, "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 write 0 08\nsent\n@1 wait 11\nfin 0\n@2 shutdown 0\nshut 0\n@2 done",
      "t-ends: open <1 >1 fin fin-sent" },
    { "two connections", PAIR "," OTHER, "",
      "opened\n@0 wait 1000 accept\nopened\n@1 wait 1000\nreceived 1 07\n@2 write 0 08\nsent\n@2 wait 1002\nreceived 0 09\nfin 0\nfin 1\n@3 shutdown 0\nshut 0\n@3 shutdown 1\nshut 1\n@3 done",
      "t-pair: open open <1 >1 <1 fin fin fin-sent fin-sent (not t-other)" },
    { "words on a line whose turn it is not", PAIR "," OTHER, "",
      "opened\n@0 wait 1000 accept\nreceived 0 06\n@1 write 0 05\nsent\n@1 wait 1001\nfin 0\n@2 shutdown 0\nshut 0\n@2 done",
      "t-other: open <1 >1 fin fin-sent" },
    { "a line that is another's stays one", PAIR "," OTHER, "",
      "opened\n@0 wait 1000 accept\nopened\n@1 wait 1000\nreceived 0 06\nreceived 1 06\n@2 write 0 05\nsent\n@2 wait 1002\nfin 0\n@3 shutdown 0\nshut 0\n@3 done",
      "t-other: open <1 >1 fin fin-sent" },
    { "a line whose words came before its turn", PAIR "," CASE_OF("t-late", ON("client", 7, "a") "," ON("server", 8, "a") "," ON("client", 6, "b") "," ON("server", 5, "b")), "",
      "opened\n@0 wait 1000 accept\nopened\nreceived 1 06\n@1 wait 1000\nreceived 0 07\n@2 write 0 08\nsent\n@2 write 1 05\nsent\nfin 0\nfin 1\n@3 shutdown 0\nshut 0\n@3 shutdown 1\nshut 1\n@3 done",
      "t-late: open <1 >1 open <1 >1 fin fin fin-sent fin-sent" },
    { "a value that the client chooses", KEEPS "," OTHER, "",
      "opened\n@0 wait 1000\nreceived 0 0b\n@1 write 0 0c\nsent\n@1 wait 1001\nfin 0\n@2 shutdown 0\nshut 0\n@2 done",
      "t-keeps: open <1 >1 fin fin-sent" },
    { "beyond its limits", KEEPS "," OTHER, "",
      "opened\n@0 wait 1000\nreceived 0 15\n@1 shutdown 0\nshut 0\n@1 wait 5\nfin 0\n@2 done",
      "none: t-keeps: open <1 mismatch fin-sent fin" },
    { "none of them, and the nearest", OTHER "," TURN "," CASE_OF("t-near", ASK(7) "," TELL(8) ",{'client': [{'word': 10}]}"), "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 write 0 08\nsent\n@1 wait 1001\nreceived 0 0a01\n@2 shutdown 0\nshut 0\n@2 wait 6\nfin 0\n@3 done",
      "none: t-near: open <1 >1 <2 mismatch fin-sent fin" },
    { "rather one that tells the byte than one that ended before", CASE_OF("t-more", ASK(7) "," ASK(9) "," ASK(5)) "," CASE_OF("t-one", ASK(7) "," TELL(8)), "",
      "opened\n@0 wait 1000\nreceived 0 070906\n@1 shutdown 0\nshut 0\n@1 wait 5\nfin 0\n@2 done",
      "none: t-more: open <3 mismatch fin-sent fin" },
    { "it ends in the middle", TURN "," OTHER, "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 write 0 08\nsent\n@1 wait 1001\nfin 0\n@2 shutdown 0\nshut 0\n@2 done",
      "none: t-turn: open <1 >1 fin mismatch fin-sent" },
    { "it resets in the middle", TURN "," OTHER, "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 write 0 08\nsent\n@1 wait 1001\nrst 0\n@2 done",
      "none: t-turn: open <1 >1 reset 104 mismatch" },
    { "what the client may say at any time", CASE_OF("t-alive", "{'client': [{'byte': 3}], 'anytime': true, 'check': 'alive'}," ASK(7) "," TELL(8) "," ASK(9)) "," OTHER, "",
      "opened\n@0 wait 1000\nreceived 0 03\n@1 wait 1000\nreceived 0 0703\n@2 write 0 08\nsent\n@2 wait 1002\nreceived 0 030903\n@3 wait 1003\nfin 0\n@4 shutdown 0\nshut 0\n@4 done",
      "t-alive: open <1 <2 >1 <3 fin fin-sent" },
    { "in any order, on a line whose turn it is not", CASE_OF("t-free", "{'open': 'client', 'on': 'a'},{'open': 'client', 'on': 'b'}," ON("client", 7, "b") ",{'any-order': ["
      "{'client': [{'byte': 1}], 'on': 'a', 'check': 'x'},{'client': [{'byte': 2}], 'on': 'a', 'check': 'y'}]}," ON("server", 8, "a")) "," PAIR, "",
      "opened\n@0 wait 1000 accept\nopened\n@1 wait 1001\nreceived 0 02\n@2 wait 1001\nreceived 1 07\n@3 wait 1003\nreceived 0 01\n@4 write 0 08\nsent\n@4 wait 1004\n"
      "fin 0\nfin 1\n@5 shutdown 0\nshut 0\n@5 shutdown 1\nshut 1\n@5 done",
      "t-free: open open <1 <1 <1 >1 fin fin fin-sent fin-sent" },
    { "a message that an end cuts is none", SHORT "," WORD, "",
      "opened\n@0 wait 1000\nreceived 0 07\nfin 0\n@1 write 0 08\nsent\n@1 shutdown 0\nshut 0\n@1 done",
      "t-short: open <1 fin >1 fin-sent" },
    { "… nor one that a reset cuts", SHORT "," WORD, "",
      "opened\n@0 wait 1000\nreceived 0 07\nrst 0\n@1 done",
      "none: t-short: open <1 reset 104 mismatch" },
    { "one that goes on is waited for", SHORT "," WORD, "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 wait 11\nreceived 0 00\n@2 write 0 08\nsent\n@2 wait 1002\nfin 0\n@3 shutdown 0\nshut 0\n@3 done",
      "t-word: open <1 <1 >1 fin fin-sent" },
    { "a silence is over before the patience is, and the first goes on", SHORT "," CASE_OF("t-quiet", ASK(7) ",{'silent': 'client'}," TELL(9)), "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 wait 3\n@3 write 0 08\nsent\n@3 wait 1003\nfin 0\n@4 shutdown 0\nshut 0\n@4 done",
      "t-short: open <1 >1 fin fin-sent (not t-quiet)" },
    { "it ends where only a second connection could help", PAIR, "",
      "opened\n@0 wait 1000 accept\nfin 0\n@1 wait 4 accept\n@5 done",
      "none: t-pair: open fin refused" },
    { "it says what cannot be, and no more lines come", PAIR, "",
      "opened\n@0 wait 1000 accept\nreceived 0 07\n@1 wait 4 accept\n@5 done",
      "none: t-pair: open <1 refused" },
    { "a line that ended before its turn", LATE, "",
      "opened\n@0 wait 1000\nopened\nreceived 1 06\nfin 1\nreceived 0 07\n@1 write 0 08\nsent\n@1 write 1 05\nsent\nfin 0\n@2 shutdown 0\nshut 0\n@2 shutdown 1\nshut 1\n@2 done",
      "t-late: open <1 >1 open <1 fin >1 fin fin-sent fin-sent" },
    { "… and one that was reset", LATE, "",
      "opened\n@0 wait 1000\nopened\nreceived 1 06\nrst 1\nreceived 0 07\n@1 write 0 08\nsent\n@1 done",
      "none: t-late: open <1 >1 open <1 reset 104" },
    { "whatever happens, those that wait for more are given their time anew: words", TURN_5 "," AHEAD_5, "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 wait 11\nreceived 0 09\n@5 wait 15\n@15 write 0 08\nsent\n@15 wait 1015\nreceived 0 05\nfin 0\n@16 shutdown 0\nshut 0\n@16 done",
      "t-turn5: open <1 <1 >1 <1 fin fin-sent (not t-ahead5)" },
    { "… a line", TURN "," AHEAD, "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 wait 11\nopened\n@5 wait 15\n@15 write 0 08\nsent\nreceived 0 09\nfin 0\n@16 shutdown 0\nshut 0\n@16 done",
      "t-turn: open <1 >1 <1 fin fin-sent (not t-ahead)" },
    { "… an end", TURN "," AHEAD, "",
      "opened\nopened\n@0 wait 1000\nreceived 0 07\n@1 wait 11\nfin 1\n@5 wait 15\n@15 write 0 08\nsent\nreceived 0 09\nfin 0\n@16 shutdown 0\nshut 0\n@16 done",
      "t-turn: open <1 >1 <1 fin fin-sent (not t-ahead)" },
    { "… a reset", TURN "," AHEAD, "",
      "opened\nopened\n@0 wait 1000\nreceived 0 07\n@1 wait 11\nrst 1\n@5 wait 15\n@15 write 0 08\nsent\nreceived 0 09\nfin 0\n@16 shutdown 0\nshut 0\n@16 done",
      "t-turn: open <1 >1 <1 fin fin-sent (not t-ahead)" },
    { "… and words of ours", TURN "," AHEAD "," CASE_OF("t-goes-on", ASK(7) "," TELL(8) "," TELL(10)), "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 wait 11\n@11 write 0 08\nsent\n@11 wait 21\nreceived 0 09\nfin 0\n@12 shutdown 0\nshut 0\n@12 done",
      "t-turn: open <1 >1 <1 fin fin-sent (not t-ahead)" },
    { "what both say is said, and then one waits", CASE_OF("t-word8", ASK(7) ",{'server': [{'word': 264}]}") "," SHORT, "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 write 0 08\nsent\n@1 wait 11\n@11 write 0 01\nsent\n@11 wait 1011\nfin 0\n@12 shutdown 0\nshut 0\n@12 done",
      "t-word8: open <1 >1 >1 fin fin-sent (not t-short)" },
    { "… in whatever order they stand", SHORT "," CASE_OF("t-word8", ASK(7) ",{'server': [{'word': 264}]}"), "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 write 0 08\nsent\n@1 wait 11\n@11 write 0 01\nsent\nfin 0\n@11 shutdown 0\nshut 0\n@11 done",
      "t-word8: open <1 >1 >1 fin fin-sent (not t-short)" },
    { "who says something else is passed over", SHORT "," CASE_OF("t-nine", ASK(7) "," TELL(9)), "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 write 0 08\nsent\n@1 wait 1001\nfin 0\n@2 shutdown 0\nshut 0\n@2 done",
      "t-short: open <1 >1 fin fin-sent (not t-nine)" },
    { "who speaks first is not waited for to hear anything", CASE_OF("t-greets", TELL(8) "," ASK(7)), "",
      "opened\n@0 write 0 08\nsent\n@0 wait 1000\nreceived 0 07\nfin 0\n@1 shutdown 0\nshut 0\n@1 done",
      "t-greets: open >1 <1 fin fin-sent" },
    { "nothing is due at all", CASE_OF("t-mute", "{'open': 'client', 'on': 'a'},{'end': 'client', 'on': 'a'},{'end': 'server', 'on': 'a'}"), "",
      "opened\n@0 done", "t-mute:" },
    { "a line on which nothing came is not held against who has none of it", BOTH "," AHEAD, "",
      "opened\nopened\nreceived 0 07\n@1 wait 11\nreceived 0 09\n@2 write 0 08\nsent\nfin 0\n@2 shutdown 0\nshut 0\n@2 done",
      "t-ahead: open <1 <1 >1 fin fin-sent" },
    { "… and one on which a byte came is", CASE_OF("t-six", ON("client", 7, "a") "," ON("client", 6, "b") "," ON("server", 8, "a")) "," AHEAD, "",
      "opened\nopened\nreceived 0 07\nreceived 1 06\n@1 write 0 08\nsent\nfin 0\nfin 1\n@1 shutdown 0\nshut 0\n@1 shutdown 1\nshut 1\n@1 done",
      "t-six: open <1 open <1 >1 fin fin fin-sent fin-sent (not t-ahead)" },
    { "another line might be one more of its own, when all is over", SHORT "," TWO, "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 write 0 08\nsent\n@1 wait 1001\nfin 0\n@2 shutdown 0\nshut 0\n@2 wait 12 accept\n@12 done",
      "t-short: open <1 >1 fin fin-sent (not t-two)" },
    { "… and it comes", SHORT "," TWO, "",
      "opened\n@0 wait 1000\nreceived 0 07\nfin 0\n@1 write 0 08\nsent\n@1 shutdown 0\nshut 0\n@1 wait 11 accept\nopened\nreceived 1 09\nfin 1\n@2 shutdown 1\nshut 1\n@2 done",
      "t-two: open <1 fin >1 fin-sent open <1 fin fin-sent (not t-short)" },
    { "none of them: rather one that tells the byte, and no more lines come", PAIR "," OTHER, "",
      "opened\n@0 wait 1000 accept\nreceived 0 07\n@1 shutdown 0\nshut 0\n@1 wait 5\nfin 0\n@2 done",
      "none: t-other: open <1 mismatch fin-sent fin" },
    { "a wrong byte where another line has nothing more to say", TWO, "",
      "opened\n@0 wait 1000\nreceived 0 07\nfin 0\n@1 write 0 08\nsent\n@1 shutdown 0\nshut 0\n@1 wait 1001 accept\nopened\nreceived 1 06\n@2 shutdown 1\nshut 1\n@2 wait 6\nfin 1\n@3 done",
      "none: t-two: open <1 fin >1 fin-sent open <1 mismatch fin-sent fin" },
    { "an end where more is due behind a silence, on a line whose turn it is not",
      CASE_OF("t-quiet", "{'open': 'client', 'on': 'a'},{'open': 'client', 'on': 'b'}," ON("client", 7, "b") ",{'silent': 'client', 'on': 'a'}," ON("client", 6, "a") "," ON("client", 5, "a")), "",
      "opened\nopened\n@0 wait 1000\nfin 0\n@1 wait 4\n@5 done",
      "none: t-quiet: open open fin late" },
    { "… where a single message is", CASE_OF("t-quiet", "{'open': 'client', 'on': 'a'},{'open': 'client', 'on': 'b'}," ON("client", 7, "b") ",{'silent': 'client', 'on': 'a'}," ON("client", 6, "a")), "",
      "opened\nopened\n@0 wait 1000\nfin 0\n@1 wait 4\n@5 done",
      "none: t-quiet: open open fin late" },
    { "none of them: the one with most right bytes on all of its lines", CASE_OF("t-four", "{'client': [{'bytes': '0708090a'}]}") ","
      CASE_OF("t-sum", "{'open': 'client', 'on': 'a'},{'open': 'client', 'on': 'b'}," ON("client", 7, "a") ",{'client': [{'bytes': '0708090b'}], 'on': 'b'}"), "",
      "opened\nopened\n@0 wait 1000\nreceived 1 070809ff\nreceived 0 070809ff\n@1 shutdown 1\nshut 1\n@1 wait 5\nfin 1\n@2 done",
      "none: t-sum: open open <4 <4 mismatch fin-sent fin" },
    { "a reset that is due", RESETS "," OTHER, "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 write 0 08\nsent\n@1 wait 1001\nrst 0\n@2 done",
      "t-resets: open <1 >1 reset 104" },
    { "… and an end in its place", RESETS "," OTHER, "",
      "opened\n@0 wait 1000\nreceived 0 07\n@1 write 0 08\nsent\n@1 wait 1001\nfin 0\n@2 shutdown 0\nshut 0\n@2 done",
      "none: t-resets: open <1 >1 fin mismatch fin-sent" },
    { "a byte on a line whose turn it is not: its end is due there", THEN("{'end': 'client', 'on': 'b'}"), "", EARLY("received 1 06", 4), "none: t-b: open open <1 <1 late" },
    { "… a reset", THEN("{'reset': 'client', 'on': 'b'}"), "", EARLY("received 1 06", 4), "none: t-b: open open <1 <1 late" },
    { "… a silence", THEN("{'silent': 'client', 'on': 'b'}"), "", EARLY("received 1 06", 4), "none: t-b: open open <1 <1 late" },
    { "… another byte", THEN(ON("client", 5, "b")), "", EARLY("received 1 06", 4), "none: t-b: open open <1 <1 late" },
    { "… and the right one", THEN(ON("client", 6, "b")), "", EARLY("received 1 06", 1000), "none: t-b: open open <1 <1 late" },
    { "… the first of two", THEN("{'client': [{'word': 6}], 'on': 'b'}"), "", EARLY("received 1 06", 1000), "none: t-b: open open <1 <1 late" },
    { "… and no second", THEN("{'client': [{'word': 6}], 'on': 'b'}"), "", EARLY("received 1 06\nfin 1", 4), "none: t-b: open open <1 <1 fin late" },
    { "… whatever comes before its end", THEN("{'end': 'client', 'on': 'b', 'before': 'anything'}"), "", EARLY("received 1 06", 1000), "none: t-b: open open <1 <1 late" },
    { "… what the client will tell", CASE_OF("t-b", BOTH_OPEN ON("client", 3, "b") ",{'client': [{'byte': {'draw': {'min': 7, 'max': 20}, 'as': 'n'}}], 'on': 'a'},{'client': [{'byte': {'reuse': 'n'}}], 'on': 'b'}," ON("server", 8, "a")), "",
      EARLY("received 1 06", 1000), "none: t-b: open open <1 <1 late" },
    { "its end there, which is due", THEN("{'end': 'client', 'on': 'b'}"), "", EARLY("fin 1", 1000), "none: t-b: open open <1 fin late" },
    { "… and a reset is due", THEN("{'reset': 'client', 'on': 'b'}"), "", EARLY("rst 1", 1000), "none: t-b: open open <1 reset 104 late" },
    { "… and a byte is", THEN(ON("client", 6, "b")), "", EARLY("fin 1", 4), "none: t-b: open open <1 fin late" },
    { "a reset there, and a byte is due", THEN(ON("client", 6, "b")), "", EARLY("rst 1", 4), "none: t-b: open open <1 reset 104 late" },
};
// clang-format on

Test(choice, what_is_said_tells_the_case, .timeout = 20)
{
    for (const struct script *t = scripts; t < scripts + COUNT_OF(scripts); t++)
        play(t);
}

/* As many as there are, each in a place of its own. */
Test(choice, of_many_cases_the_one_that_was_meant_is_found, .timeout = 20)
{
    SCRATCH(keep);
    TEXT(cases);
    TEXT(lines);

    for (int i = 0; i < 40; i++)
        text_printf(&cases, CASE_OF("t-%d", "{'client': [{'byte': %d}]},{'server': [{'byte': 200}]}") "%s", i, i, i < 39 ? "," : "");
    for (int i = 0; i < 40; i += 13) {
        lines.b.len = 0;
        text_printf(&lines, "opened\n@0 wait 1000\nreceived 0 %02x\n@1 write 0 c8\nsent\nfin 0\n@1 shutdown 0\nshut 0\n@1 done", i);
        play(&(struct script){ "many", text_string(&cases), "", text_string(&lines), arena_printf(&keep, "t-%d: open <1 >1 fin fin-sent", i) });
    }
}
