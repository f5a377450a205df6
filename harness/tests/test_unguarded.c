/*
 * What changes find: from conversations that pass, each with what a peer could do otherwise in it.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "base/text.h"
#include "check/unguarded.h"
#include "mirror.h"
#include "test_vector.h"

#define TALK                                                                                       \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': "    \
    "true,\n"                                                                                      \
    " 'unguarded': {'version': 'its own to say'},\n"                                               \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"

#define PING "{'control': 'ping'}"
#define ASK  "{'client': [{'word': 4}, {'dword': 7}]}"
#define TOLD "{'server': [{'word': 0}, {'dword': 8}]}"

static const volatile int no_stop = 0;

// clang-format off
static const struct talk {
    const char *label, *steps;
    const char *found;    // change:check:field:at+len of each, with its reason behind =
    const char *unneeded; // reasons
} rows[] = {
    { "all is due",              PING "," ASK "," TOLD "," PING, "", "" },
    { "a silence",               PING ",{'client': [{'word': 5}]},{'silent': 'server'}," PING, "", "" },
    { "ends that are told",      PING "," ASK ",{'end': 'client'}," TOLD ",{'end': 'server'}", "", "" },
    { "the server ends first",   PING ",{'client': [{'word': 8}]},{'server': [{'word': 0}]},{'end': 'server'},{'end': 'client'}", "", "" },
    { "a reset that is due",     PING ",{'client': [{'word': 9}]},{'reset': 'server'}", "", "" },
    { "any value",               ASK ",{'server': [{'word': 0}, {'dword': {'any': true}}, {'byte': 3}]}", "value:reply:DWORD:2+4", "" },
    { "within limits",           ASK ",{'server': [{'byte': {'any': true, 'min': 1, 'max': 3}}]}", "", "" },
    { "any string",              ASK ",{'server': [{'word': 1}, {'cstringa': {'any': true}, 'name': 'why'}]}", "value:reply:why:3+9", "" },
    { "any string, and more behind it", ASK ",{'server': [{'word': 1}, {'cstringa': {'any': true}, 'name': 'why'}]}," PING, "value:reply:why:3+9", "" },
    { "with a reason",           ASK ",{'server': [{'word': 0}, {'word': {'any': true}}], 'unguarded': 'a clock'}", "value:reply:WORD:2+2=a clock", "" },
    { "a reason by name",        ASK ",{'server': [{'word': 0}, {'word': {'any': true}, 'name': 'version'}]}", "value:reply:version:2+2=its own to say", "" },
    { "a reason too many",       ASK ",{'server': [{'word': 0}, {'word': 1}], 'unguarded': 'none'}", "", "none" },
    { "a name that is due",      ASK ",{'server': [{'word': 0}, {'word': 2, 'name': 'version'}]}", "", "its own to say" },
    { "said again",              ASK ",{'server': [{'word': {'any': true, 'as': 'id'}}]},{'client': [{'word': 5}, {'word': {'reuse': 'id'}}]},"
                                     "{'server': [{'word': 1}], 'check': 'again'}", "", "" },
    { "told twice",              ASK ",{'server': [{'word': {'any': true, 'as': 'id'}}]},{'client': [{'word': 5}]},"
                                     "{'server': [{'word': {'reuse': 'id'}}], 'check': 'again'}", "", "" },
    { "alike but for any",       "{'client': [{'word': 4}, {'dword': 7}, {'word': 4}, {'dword': 7}]},{'server': [{'word': 0}, {'byte': {'any': true}}]},"
                                     "{'server': [{'word': 0}, {'byte': {'any': true}}], 'check': 'second'}", "value:reply:BYTE:2+1 value:second:BYTE:2+1", "" },
    { "whatever before the end", PING ",{'client': [{'word': 9}]},{'end': 'server', 'before': 'anything'}", "behind:end::0+0 reset:end::0+0", "" },
    { "… behind ours",           PING ",{'client': [{'word': 9}]},{'end': 'client'},{'end': 'server', 'before': 'anything'}", "behind:end::0+0 reset:end::0+0 end-first:end::0+0", "" },
    { "we reset amid a reply",   PING "," ASK ",{'reset': 'client'},{'control': 'ping', 'on': 'b'}", "behind:::0+0", "" },
    { "we reset",                PING "," PING ",{'reset': 'client'},{'control': 'ping', 'on': 'b'}", "", "" },
};
// clang-format on

static void play(const struct talk *t, struct library *lib, struct arena *keep, struct mirror *m)
{
    static const char *const form =
        "{'format': 1, 'suite': 't', 'service': 'talk', 'cases': [\n"
        " {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [%s]}]}";
    char suite[2048];

    snprintf(suite, sizeof suite, form, t->steps);
    library_loads(TALK, suite, lib);
    mirror_compile(&lib->suites[0].vectors[0], &profile_default, 7, keep, m);
    mirror_play(m, &mirror_paces[0], keep);
}

static void print_places(struct text *to, const struct unguarded *u)
{
    for (size_t i = 0; i < u->count; i++) {
        const struct unguarded_place *p = &u->places[i];
        text_printf(to, "%s%s:%s:%s:%zu+%zu%s%s", i ? " " : "", change_name(p->change),
                    p->check ? p->check : "", p->field ? p->field : "", p->at, p->len,
                    p->reason ? "=" : "", p->reason ? p->reason->string : "");
    }
}

Test(unguarded, what_no_change_makes_fail_is_found_and_nothing_else)
{
    for (const struct talk *t = rows; t < rows + COUNT_OF(rows); t++) {
        SCRATCH(keep);
        struct library lib;
        struct mirror m;
        struct unguarded u;
        TEXT(found);
        TEXT(unneeded);
        play(t, &lib, &keep, &m);
        unguarded_find(&m.side[PARTY_CLIENT], &m.trace[PARTY_CLIENT], &no_stop, &keep, &u);
        print_places(&found, &u);
        for (size_t i = 0; i < u.unneeded_count; i++)
            text_printf(&unneeded, "%s%s", i ? " " : "", u.unneeded[i]->string);
        cr_expect(eq(str, (char *)text_string(&found), (char *)t->found), "%s", t->label);
        cr_expect(eq(str, (char *)text_string(&unneeded), (char *)t->unneeded), "%s", t->label);
        cr_expect(gt(sz, u.changes, 5), "%s", t->label);
        library_free(&lib);
    }
}

/* The program and the trace are as they were: judged again, they pass. */
Test(unguarded, what_was_played_stays_as_it_was)
{
    SCRATCH(keep);
    struct library lib;
    struct mirror m;
    struct unguarded u;
    struct findings f;

    play(&rows[2], &lib, &keep, &m);
    unguarded_find(&m.side[PARTY_CLIENT], &m.trace[PARTY_CLIENT], &no_stop, &keep, &u);
    judge(&m.side[PARTY_CLIENT], &m.trace[PARTY_CLIENT], &keep, &f);
    for (size_t i = 0; i < f.count; i++)
        cr_expect(eq(int, f.items[i].grade, GRADE_PASS));
    library_free(&lib);
}

/* Our end went out before theirs came, where theirs is due first: that theirs comes before ours is no change then. */
Test(unguarded, an_end_that_is_due_first_is_not_tried_before_ours)
{
    SCRATCH(keep);
    struct library lib;
    struct mirror m;
    struct unguarded u;
    size_t fin = SIZE_MAX, ours = SIZE_MAX;

    play(&rows[3], &lib, &keep, &m);
    struct trace *t = &m.trace[PARTY_CLIENT];
    for (size_t i = 0; i < t->count; i++) {
        fin = t->events[i].kind == TRACE_FIN ? i : fin;
        ours = t->events[i].kind == TRACE_FIN_SENT ? i : ours;
    }
    unguarded_find(&m.side[PARTY_CLIENT], t, &no_stop, &keep, &u);
    size_t before = u.changes;
    cr_assert(fin < ours && ours < t->count);
    struct trace_event last = t->events[ours];
    memmove(t->events + fin + 1, t->events + fin, (ours - fin) * sizeof last);
    t->events[fin] = last;
    unguarded_find(&m.side[PARTY_CLIENT], t, &no_stop, &keep, &u);
    cr_expect(eq(sz, u.changes, before));
    library_free(&lib);
}

/* What comes on another connection between our end and theirs speaks for no end before ours. */
Test(unguarded, an_end_is_tried_before_ours_whatever_comes_elsewhere)
{
    SCRATCH(keep);
    struct library lib;
    struct mirror m;
    struct unguarded u;
    size_t came = SIZE_MAX, ours = SIZE_MAX;

    play(&(struct talk){ .steps = "{'control': 'ping', 'on': 'a'},{'control': 'ping', 'on': 'b'}" }, &lib, &keep, &m);
    struct trace *t = &m.trace[PARTY_CLIENT];
    for (size_t i = 0; i < t->count; i++) {
        came = t->events[i].kind == TRACE_RECEIVED && t->events[i].on == 1 ? i : came;
        ours = t->events[i].kind == TRACE_FIN_SENT && t->events[i].on == 0 ? i : ours;
    }
    unguarded_find(&m.side[PARTY_CLIENT], t, &no_stop, &keep, &u);
    size_t before = u.changes;
    cr_assert(came < ours && ours < t->count);
    struct trace_event moved = t->events[came];
    memmove(t->events + came, t->events + came + 1, (ours - came) * sizeof moved);
    t->events[ours] = moved;
    cr_assert(judge_passes(&m.side[PARTY_CLIENT], t, &keep));
    unguarded_find(&m.side[PARTY_CLIENT], t, &no_stop, &keep, &u);
    cr_expect(eq(sz, u.changes, before));
    library_free(&lib);
}

/* How much is tried, by hand, of a conversation of three replies of six bytes in two fields each, and the end of both directions. */
Test(unguarded, each_byte_field_message_and_end_is_changed)
{
    enum { REPLIES = 3, BYTES_EACH = 6, FIELDS_EACH = 2 };
    enum {
        VALUES_AND_LENGTHS = 2 * REPLIES * BYTES_EACH,
        CUTS = REPLIES * FIELDS_EACH,
        FIELDS = REPLIES * (FIELDS_EACH - 1)
    };
    enum {
        ORDER = REPLIES - 1,
        EARLY = REPLIES,
        END = 4
    }; // a byte behind, none, a RST, before ours
    SCRATCH(keep);
    struct unguarded u;
    struct library lib;
    struct mirror m;

    play(&rows[0], &lib, &keep, &m);
    unguarded_find(&m.side[PARTY_CLIENT], &m.trace[PARTY_CLIENT], &no_stop, &keep, &u);
    cr_expect(eq(sz, u.changes, VALUES_AND_LENGTHS + CUTS + FIELDS + ORDER + EARLY + END));
    library_free(&lib);
}

/* … and of others: a ping is answered with six bytes in two fields, and its end comes behind ours. */
Test(unguarded, each_silence_reset_and_attempt_is_changed)
{
    enum { PING_IS = 2 * 6 + 2 + 1 + 1, ENDS_ARE = 4 };
    static const struct {
        const char *steps;
        size_t changes;
    } counts[] = {
        { PING, PING_IS + ENDS_ARE },
        { PING ",{'end': 'server'},{'end': 'client'}", PING_IS + ENDS_ARE - 1 }, // it may be before ours
        { PING ",{'silent': 'server'}", PING_IS + ENDS_ARE + 1 },
        { "{'listen': 'client'}," PING, PING_IS + ENDS_ARE + 1 },
        { PING ",{'reset': 'server'}", PING_IS + 2 }, // none, and an end
        { PING ",{'reset': 'client'}", PING_IS + 1 }, // a byte before it
        { "{'control': 'ping', 'on': 'a'},{'control': 'ping', 'on': 'b'}", 2 * (PING_IS + ENDS_ARE) },
        { "{'control': 'ping', 'on': 'a'},{'silent': 'server', 'on': 'a'},{'control': 'ping', 'on': 'b'},{'silent': 'server', 'on': 'b'}", 2 * (PING_IS + ENDS_ARE + 1) },
        { "{'control': 'ping', 'on': 'b'},{'control': 'ping', 'on': 'a'},{'reset': 'client', 'on': 'a'}", 2 * PING_IS + ENDS_ARE + 1 },
        { ASK "," ASK ",{'server': [{'word': 0}, {'byte': {'any': true}}]},{'server': [{'word': 1}, {'byte': {'any': true}}], 'check': 'second'}", 2 * (2 * 3 + 2) + 1 + 1 + ENDS_ARE }, // the first early, and exchanged
        { ASK "," ASK ",{'server': [{'word': 0}, {'byte': {'any': true}}]},{'server': [{'word': 0}, {'byte': {'any': true}}], 'check': 'second'}", 2 * (2 * 3 + 2) + 1 + ENDS_ARE },
        { ASK ",{'server': [{'bytes': '07*65535'}, {'byte': 7}]}", 2 * (64 + 63 + 64) + 2 + 1 + 1 + ENDS_ARE },
        { ASK ",{'server': [{'bytes': '07*65536'}, {'byte': 7}]}", 2 * (8 + 7 + 8) + 2 + 0 + 1 + ENDS_ARE }, // of so long a one no fields are exchanged
        { ASK ",{'server': [{'word': 0}, {'dword': {'any': true}}, {'byte': 3}]}", 2 * 7 + 3 + 0 + 1 + ENDS_ARE }, // with what may be any nothing is exchanged
    };

    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        SCRATCH(keep);
        struct unguarded u;
        struct library lib;
        struct mirror m;
        play(&(struct talk){ .steps = counts[i].steps }, &lib, &keep, &m);
        unguarded_find(&m.side[PARTY_CLIENT], &m.trace[PARTY_CLIENT], &no_stop, &keep, &u);
        cr_expect(eq(sz, u.changes, counts[i].changes), "%s", counts[i].steps);
        library_free(&lib);
    }
}

/* Stopped, it says so, has tried little, and complains of no reason: what needs it may not have been tried. */
Test(unguarded, a_stop_ends_it_and_is_told)
{
    SCRATCH(keep);
    volatile int now = 1;
    struct unguarded sum = { 0 }, u;
    struct library lib;
    struct mirror m;

    play(&rows[11], &lib, &keep, &m);
    unguarded_find(&m.side[PARTY_CLIENT], &m.trace[PARTY_CLIENT], &now, &keep, &u);
    unguarded_add(&sum, &u, &keep);
    cr_expect(u.incomplete);
    cr_expect(sum.incomplete);
    cr_expect(eq(sz, u.changes, 0));
    cr_expect(eq(sz, u.unneeded_count, 0));
    library_free(&lib);
}

Test(unguarded, of_many_conversations_alike_places_count_once)
{
    SCRATCH(keep);
    struct unguarded sum = { 0 };
    TEXT(found);
    struct library lib;
    struct mirror m;
    struct unguarded u;

    play(&rows[5], &lib, &keep, &m);
    unguarded_find(&m.side[PARTY_CLIENT], &m.trace[PARTY_CLIENT], &no_stop, &keep, &u);
    for (int i = 0; i < 3; i++)
        unguarded_add(&sum, &u, &keep);
    print_places(&found, &sum);
    cr_expect(eq(str, (char *)text_string(&found), (char *)rows[5].found));
    cr_expect(eq(sz, sum.changes, 3 * u.changes));
    library_free(&lib);
}

/* Of 66 fields the two in the middle are neither cut nor exchanged; every byte is changed all the same. */
Test(unguarded, of_many_fields_the_first_and_last_are_tried)
{
    enum { FIELDS = 66, TRIED = 64, END = 4, EARLY = 1 };
    SCRATCH(keep);
    struct library lib;
    struct mirror m;
    struct unguarded u;
    TEXT(steps);

    text_add(&steps, ASK ",{'server': [");
    for (int i = 0; i < FIELDS; i++)
        text_printf(&steps, "%s{'byte': %d}", i ? "," : "", i);
    text_add(&steps, "]}");
    play(&(struct talk){ .steps = text_string(&steps) }, &lib, &keep, &m);
    unguarded_find(&m.side[PARTY_CLIENT], &m.trace[PARTY_CLIENT], &no_stop, &keep, &u);
    cr_expect(eq(sz, u.changes, 2 * FIELDS + TRIED + (TRIED - 1) + EARLY + END));
    cr_expect(not(u.sampled));
    cr_expect(eq(sz, u.count, 0));
    library_free(&lib);
}

/* Of a long message its edges, and as many bytes between. */
Test(unguarded, of_a_long_message_edges_and_some_between_are_tried)
{
    static const struct {
        size_t len, tried; // bytes of a message, and how many of them are changed
    } rows_long[] = {
        { 256, 256 },            // all of it
        { 257, 64 + 33 + 64 },   // each fourth between the edges, from 64 to 192
        { 65536, 64 + 63 + 64 }, // each 1024th, from 1024 to 64512
        { 65537, 8 + 7 + 8 },    // each 8192nd, from 8192 to 57344
    };

    for (size_t i = 0; i < COUNT_OF(rows_long); i++) {
        SCRATCH(keep);
        struct library lib;
        struct mirror m;
        struct unguarded u;
        play(&(struct talk){ .steps = arena_printf(&keep, ASK ",{'server': [{'bytes': '07*%zu'}]}",
                                                   rows_long[i].len) },
             &lib, &keep, &m);
        unguarded_find(&m.side[PARTY_CLIENT], &m.trace[PARTY_CLIENT], &no_stop, &keep, &u);
        cr_expect(eq(sz, u.changes, 2 * rows_long[i].tried + 1 + 1 + 4), "%zu",
                  rows_long[i].len); // and one cut, early, and four of the end
        cr_expect(eq(int, u.sampled, i > 0));
        struct unguarded sum = { 0 };
        unguarded_add(&sum, &u, &keep);
        unguarded_add(&sum, &(struct unguarded){ 0 }, &keep);
        cr_expect(eq(int, sum.sampled, i > 0));
        library_free(&lib);
    }
}

/* Whatever comes before an end may be anything: two bytes are, of no field, and nobody owes more or less of them. */
Test(unguarded, what_stands_before_an_end)
{
    static const uint8_t two[] = { 0x47, 0x11 };
    SCRATCH(keep);
    struct library lib;
    struct mirror m;
    struct unguarded u;
    TEXT(found);
    size_t fin = 0;

    play(&(struct talk){ .steps = PING ",{'client': [{'word': 9}]},{'end': 'server', 'before': 'anything'}" }, &lib, &keep, &m);
    struct trace *t = &m.trace[PARTY_CLIENT];
    while (t->events[fin].kind != TRACE_FIN)
        fin++;
    struct trace_event before = t->events[fin];
    trace_add(t, TRACE_OVER, 0, 0, 0); // room for one more
    memmove(t->events + fin + 1, t->events + fin, (t->count - 1 - fin) * sizeof before);
    t->events[fin] = (struct trace_event){ .kind = TRACE_RECEIVED, .on = before.on, .op = before.op, .us = before.us, .data = { two, sizeof two } };
    cr_assert(judge_passes(&m.side[PARTY_CLIENT], t, &keep));
    unguarded_find(&m.side[PARTY_CLIENT], t, &no_stop, &keep, &u);
    print_places(&found, &u);
    cr_expect(eq(str, (char *)text_string(&found), "value:end::0+2 length:end::0+2 behind:end::0+0 reset:end::0+0"));
    library_free(&lib);
}

/* What another conversation would let pass needs a reason of its own. */
Test(unguarded, a_place_needs_no_reason_but_its_own)
{
    SCRATCH(keep);
    struct unguarded sum = { 0 }, found, none;
    struct library lib[2];
    struct mirror m;

    play(&rows[5], &lib[0], &keep, &m); // "any value"
    unguarded_find(&m.side[PARTY_CLIENT], &m.trace[PARTY_CLIENT], &no_stop, &keep, &found);
    play(&rows[11], &lib[1], &keep, &m); // "a reason too many"
    unguarded_find(&m.side[PARTY_CLIENT], &m.trace[PARTY_CLIENT], &no_stop, &keep, &none);
    unguarded_add(&sum, &found, &keep);
    unguarded_add(&sum, &none, &keep);
    cr_expect(eq(sz, sum.count, 1));
    cr_assert(eq(sz, sum.unneeded_count, 1));
    cr_expect(eq(str, (char *)sum.unneeded[0]->string, "none"));
    library_free(&lib[0]);
    library_free(&lib[1]);
}

/* A reason that one conversation needs is needed; one that none does stands once. */
Test(unguarded, reasons_of_many_conversations)
{
    SCRATCH(keep);
    struct unguarded sum = { 0 };
    struct library lib[2];
    struct mirror m;
    struct unguarded none, needed;

    play(&rows[11], &lib[0], &keep, &m); // "a reason too many"
    unguarded_find(&m.side[PARTY_CLIENT], &m.trace[PARTY_CLIENT], &no_stop, &keep, &none);
    cr_assert(eq(sz, none.unneeded_count, 1));
    for (int i = 0; i < 3; i++)
        unguarded_add(&sum, &none, &keep);
    cr_assert(eq(sz, sum.unneeded_count, 1));
    cr_expect(eq(str, (char *)sum.unneeded[0]->string, "none"));
    play(&rows[9], &lib[1], &keep, &m); // "with a reason"
    unguarded_find(&m.side[PARTY_CLIENT], &m.trace[PARTY_CLIENT], &no_stop, &keep, &needed);
    cr_assert(eq(sz, needed.count, 1));
    const struct json *reason = needed.places[0].reason;
    needed.unneeded = &reason; // as another conversation of the case would have it
    needed.unneeded_count = 1;
    unguarded_add(&sum, &needed, &keep);
    cr_expect(eq(sz, sum.unneeded_count, 1));
    cr_expect(eq(sz, sum.count, 1));
    library_free(&lib[0]);
    library_free(&lib[1]);
}

/* Two maps with the same pairs, the second the other way round: exchanged they are still right, though not the same bytes. */
Test(unguarded, fields_that_may_be_exchanged_are_found)
{
    enum {
        MAP = 26,
        COUNT = 2,
        PAIR = 12
    }; // bytes: a count, and two pairs of two strings of one unit
    SCRATCH(keep);
    struct library lib;
    struct mirror m;
    struct unguarded u;
    struct findings f;
    TEXT(found);

    play(&(struct talk){ .steps = ASK
                         ",{'server': [{'mapstringtostring': '{u:0061=u:0062,u:0063=u:0064}'}, "
                         "{'mapstringtostring': '{u:0061=u:0062,u:0063=u:0064}'}]}" },
         &lib, &keep, &m);
    struct trace *t = &m.trace[PARTY_CLIENT];
    size_t at = 0;
    while (t->events[at].kind != TRACE_RECEIVED || t->events[at].data.len != 2 * MAP)
        at++;
    uint8_t *bytes = memcpy(arena_alloc(&keep, 2 * MAP), t->events[at].data.data, 2 * MAP);
    memcpy(bytes + MAP + COUNT, t->events[at].data.data + COUNT + PAIR, PAIR);
    memcpy(bytes + MAP + COUNT + PAIR, t->events[at].data.data + COUNT, PAIR);
    t->events[at].data.data = bytes;
    judge(&m.side[PARTY_CLIENT], t, &keep, &f);
    for (size_t i = 0; i < f.count; i++)
        cr_expect(eq(int, f.items[i].grade, GRADE_PASS));
    unguarded_find(&m.side[PARTY_CLIENT], t, &no_stop, &keep, &u);
    print_places(&found, &u);
    cr_expect(eq(str, (char *)text_string(&found), "fields:reply:CMapStringToString:0+52"));
    library_free(&lib);
}
