/*
 * A relay that spoils what it passes on, or cuts it, by bytes and by the fields of a layout.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/hex.h"
#include "relayed.h"

static void expect_bytes(const char *name, const char *got, size_t len, const char *due, size_t due_len)
{
    cr_expect(len == due_len && memcmp(got, due, len) == 0, "%s: \"%.*s\" came, due was \"%.*s\"", name, (int)len, got, (int)due_len, due);
}

/* One side says two pieces, each after the one before has been passed on, and ends its direction. */
static const struct fault_row {
    const char *faults, *first, *second; // faults: with blanks between
    const char *due;
    size_t due_len;
    const char *told; // behind the open
} fault_rows[] = {
#define DUE(text) text, sizeof(text) - 1
    { "swap@1",        "abcd", "ef", DUE("acbdef"),    "4, swap, 2, end, closed" },
    { "swap@3",        "abcd", "ef", DUE("abcedf"),    "4, swap, 2, end, closed" }, // over the border of two reads
    { "swap@5",        "abcd", "ef", DUE("abcdef"),    "4, 2, swap, end, closed" }, // nothing comes behind it
    { "hold@3",        "abcd", "ef", DUE("abcdef"),    "4, hold, 2, end, closed" },
    { "hold@5",        "abcd", "ef", DUE("abcdef"),    "4, 2, hold, end, closed" },
    { "drop@0",        "abcd", "ef", DUE("bcdef"),     "4, drop, 2, end, closed" },
    { "drop@4",        "abcd", "ef", DUE("abcdf"),     "4, 2, drop, end, closed" },
    { "add@2",         "abcd", "ef", DUE("ab\0cdef"),  "4, add, 2, end, closed" },
    { "twice@3",       "abcd", "ef", DUE("abcddef"),   "4, twice, 2, end, closed" },
    { "flip@5",        "abcd", "ef", DUE("abcdev"),    "4, 2, flip, end, closed" },
    { "greet@start",   "abcd", "ef", DUE("!abcdef"),   "greet, 4, 2, end, closed" },
    { "drop@6",        "abcd", "ef", DUE("abcdef"),    "4, 2, end, closed" }, // never said
    { "end@3",         "abcd", NULL, DUE("abc"),       "4, end, closed" },
    { "end@0",         "abcd", NULL, DUE(""),          "4, end, closed" },
    { "stop@end",      "abcd", "ef", DUE("abcdef"),    "4, 2, end, stop, closed" },
    { "flip@4 drop@1 swap@2 greet@start", "abcd", "ef", DUE("!adcuf"), "greet, 4, drop, swap, 2, flip, end, closed" },
    { "hold@1 add@2",  "abcd", "ef", DUE("ab\0cdef"),  "4, hold, add, 2, end, closed" },
    { "swap@1 drop@3", "abcd", "ef", DUE("acbef"),     "4, swap, drop, 2, end, closed" },
};

/* "flip@4 drop@1" in one direction. */
static void spoil(struct relayed *s, struct faults f[2], bool to_client, const char *all)
{
    static char texts[8][64]; // faults refer to them
    char words[128], *state = NULL, (*one)[64] = texts;
    struct error err;

    snprintf(words, sizeof words, "%s", all);
    for (char *w = strtok_r(words, " ", &state); w; w = strtok_r(NULL, " ", &state), one++) {
        char *at = strchr(w, '@');
        snprintf(*one, sizeof *one, "to-%s%s:%.*s", to_client ? "client" : "server", at, (int)(at - w), w);
        cr_assert(fault_parse(*one, &f[RELAY_SERVER], &f[RELAY_CLIENT], &err), "%s", err.text);
    }
    relay_spoil(s->relay, RELAY_CLIENT, &f[RELAY_CLIENT]);
    relay_spoil(s->relay, RELAY_SERVER, &f[RELAY_SERVER]);
}

/* A scene in which the faults are there before the client dials. */
static void set_spoiled(struct relayed *s, struct faults f[2], bool to_client, const char *all)
{
    relayed_begin(s);
    fd_close(&s->client);
    fd_close(&s->server);
    relayed_step_until_over(s, 1);
    s->told.words.b.len = 0;
    spoil(s, f, to_client, all);
    relayed_dial(s);
}

/* "4, swap, end" of the watcher's words of connection 1. */
static void strip(char *words, const char *side)
{
    char prefix[16];

    snprintf(prefix, sizeof prefix, "1 %s ", side);
    for (const char *const *p = (const char *const[]){ prefix, "1 open, ", "1 ", NULL }; *p; p++)
        for (char *at; (at = strstr(words, *p));)
            memmove(at, at + strlen(*p), strlen(at + strlen(*p)) + 1);
}

Test(relay_faults, a_fault_is_done_at_its_place, .timeout = 60)
{
    for (const struct fault_row *t = fault_rows; t < fault_rows + COUNT_OF(fault_rows); t++)
        for (int to_client = 0; to_client < 2; to_client++) {
            struct relayed s;
            struct faults f[2] = { 0 };
            char got[64], told[256];
            int last;
            set_spoiled(&s, f, to_client, t->faults);
            int from = to_client ? s.server : s.client, to = to_client ? s.client : s.server;
            enum relay_side side = to_client ? RELAY_SERVER : RELAY_CLIENT;
            relayed_say(from, t->first);
            relayed_step_until_said(&s, strlen(t->first), side);
            if (t->second) {
                relayed_say(from, t->second);
                relayed_step_until_said(&s, strlen(t->first) + strlen(t->second), side);
                shutdown(from, SHUT_WR);
            }
            size_t len = relayed_hear_all(&s, to, got, sizeof got, &last);
            expect_bytes(t->faults, got, len, t->due, t->due_len);
            cr_expect(eq(int, last, 0), "%s", t->faults);
            shutdown(to, SHUT_WR);
            relayed_step_until_over(&s, 2);
            snprintf(told, sizeof told, "%s", text_string(&s.told.words));
            char *others = strstr(told, to_client ? ", 1 client end" : ", 1 server end"); // the other direction's
            if (others)
                memmove(others, others + 14, strlen(others + 14) + 1);
            strip(told, to_client ? "server" : "client");
            cr_expect(eq(str, told, (char *)t->told), "%s", t->faults);
            relayed_end(&s);
        }
}

/* What is held comes with the next byte and not before. */
Test(relay_faults, a_byte_that_is_held_waits_for_the_next, .timeout = 30)
{
    struct relayed s;
    struct faults f[2] = { 0 };

    set_spoiled(&s, f, true, "hold@2");
    relayed_say(s.server, "abc");
    relayed_expect_heard(&s, s.client, "ab");
    relayed_say(s.server, "d");
    relayed_expect_heard(&s, s.client, "cd");
    relayed_end(&s);
}

Test(relay_faults, a_fault_resets_both_sides_behind_what_came_before, .timeout = 30)
{
    struct relayed s;
    struct faults f[2] = { 0 };
    char byte;

    set_spoiled(&s, f, true, "reset@2");
    relayed_say(s.server, "a");
    relayed_expect_heard(&s, s.client, "a");
    relayed_say(s.server, "bcd");
    while (recv(s.client, &byte, 1, 0) >= 0 || errno == EAGAIN)
        relay_step(s.relay, 1, &(struct error){ 0 });
    cr_expect(eq(int, errno, ECONNRESET));
    cr_expect(eq(int, (int)relayed_hear(&s, s.server, &byte, 1), -ECONNRESET));
    relayed_expect_told(&s, "1 open, 1 server 1, 1 server 3, 1 server reset, 1 closed");
    relayed_end(&s);
}

Test(relay_faults, an_end_that_stays_is_not_passed_on, .timeout = 30)
{
    struct relayed s;
    struct faults f[2] = { 0 };
    char byte;

    set_spoiled(&s, f, true, "stay@end");
    relayed_say(s.server, "a");
    shutdown(s.server, SHUT_WR);
    relayed_expect_heard(&s, s.client, "a");
    relayed_say(s.client, "b"); // the other way goes on
    relayed_expect_heard(&s, s.server, "b");
    cr_expect(strstr(text_string(&s.told.words), "1 server stay") != NULL);
    cr_expect(lt(int, (int)recv(s.client, &byte, 1, 0), 0));
    cr_expect(eq(int, errno, EAGAIN));
    shutdown(s.client, SHUT_WR);
    cr_expect(eq(int, (int)relayed_hear(&s, s.server, &byte, 1), 0));
    cr_expect(eq(u32, relay_open(s.relay), 1));
    net_reset(s.client);
    s.client = -1;
    relayed_step_until_over(&s, 2);
    relayed_end(&s);
}

static const struct bad_fault {
    const char *text, *said; // the beginning of it, behind the text in quotes
} bad_faults[] = {
    { "",                      ": expected to-client@WHERE:WHAT or to-server@WHERE:WHAT" },
    { "client@1:flip",         ": expected to-client@WHERE:WHAT" },
    { "to-client@1",           ": expected to-client@WHERE:WHAT" },
    { "to-client@:flip",       ": expected to-client@WHERE:WHAT" },
    { "to-client@-1:flip",     ": expected to-client@WHERE:WHAT" },
    { "to-client@1x:flip",     ": expected to-client@WHERE:WHAT" },
    { "to-client@99999999999999999999:flip", ": expected to-client@WHERE:WHAT" },
    { "to-client@1:flop",      ": expected greet, swap, hold, drop, add, twice, flip, reset, end, stop or stay" },
    { "to-client@1:",          ": expected greet" },
    { "to-client@1:stay",      ": stay is a fault at the end" },
    { "to-client@end:flip",    ": flip is a fault at a byte's offset, or a field" },
    { "to-client@0:greet",     ": greet is a fault at the start" },
    { "to-client@text:stay",   ": stay is a fault at the end" },
    { "to-client@text#0:flip", ": expected to-client@WHERE:WHAT" },
    { "to-client@5:drop",      ": another fault is about the same place: swap" }, // whose second byte it is
    { "to-client@4:drop",      ": another fault is about the same place: swap" },
    { "to-client@3:swap",      ": another fault is about the same place: swap" },
};

Test(relay_faults, a_fault_that_is_none_is_told)
{
    for (const struct bad_fault *t = bad_faults; t < bad_faults + COUNT_OF(bad_faults); t++) {
        struct faults client = { 0 }, server = { 0 };
        struct error err = { 0 };
        char due[128];
        cr_assert(fault_parse("to-client@4:swap", &client, &server, &err), "%s", err.text);
        cr_assert(fault_parse("to-server@4:swap", &client, &server, &err), "the other direction: %s", err.text);
        cr_expect(not(fault_parse(t->text, &client, &server, &err)), "%s", t->text);
        int len = snprintf(due, sizeof due, "\"%s\"%s", t->text, t->said);
        cr_expect(strncmp(err.text, due, (size_t)len) == 0, "%s", err.text);
        cr_expect(eq(int, err.kind, ERROR_USAGE));
        cr_expect(eq(sz, client.count, 1));
    }
}

/* "1,1,3": the pieces that come, up to the end. */
static void expect_pieces(struct relayed *s, int fd, const char *due, const char *all)
{
    TEXT(pieces);
    char got[512];
    size_t len = 0;

    for (ssize_t n; (n = relayed_hear(s, fd, got + len, sizeof got - len)) > 0; len += (size_t)n)
        text_printf(&pieces, "%s%zd", len ? "," : "", n);
    cr_expect(eq(str, (char *)text_string(&pieces), (char *)due));
    expect_bytes(due, got, len, all, strlen(all));
}

static const struct pieces_row {
    enum relay_pieces kind;
    int64_t pause;
    uint64_t seed;
    const char *due;
    struct relay_cuts cuts;
} pieces_rows[] = {
    { RELAY_AS_READ,   0,         0, "4,6" },
    { RELAY_BYTEWISE,  1,         0, "1,1,1,1,1,1,1,1,1,1" },
    { RELAY_RANDOM,    1,         3, "3,3,4" },
    { RELAY_COALESCED, 600000000, 0, "10" }, // it does not wait for the pause: the end comes first
    { RELAY_CUT,       1,         0, "1,5,4",  { { 1, 6 }, 2 } },
    { RELAY_CUT,       1,         0, "10",     { { 10, 11 }, 2 } }, // nothing stands behind the first, nor in front of the other
    { RELAY_CUT,       1,         0, "3,3,3,1", { .every = 3 } },
    { RELAY_CUT,       1,         0, "3,1,2,3,1", { { 4 }, 1, 3 } },
};

/* No piece leaves but by a step of the relay, and a step is made only when all that came has been read. */
Test(relay_faults, what_is_passed_on_is_cut, .timeout = 60)
{
    for (const struct pieces_row *t = pieces_rows; t < pieces_rows + COUNT_OF(pieces_rows); t++) {
        struct relayed s;
        char four[4];
        struct faults f[2] = { 0 };
        set_spoiled(&s, f, true, "");
        fd_close(&s.client);
        fd_close(&s.server);
        relayed_step_until_over(&s, 2);
        relay_cut(s.relay, RELAY_SERVER, t->kind, t->pause, t->seed, &t->cuts);
        relayed_dial(&s);
        relayed_say(s.server, "abcd");
        if (t->kind == RELAY_AS_READ) {
            cr_expect(eq(int, (int)relayed_hear(&s, s.client, four, 4), 4));
            relayed_say(s.server, "efghij");
            shutdown(s.server, SHUT_WR);
            expect_pieces(&s, s.client, "6", "efghij");
        } else {
            if (t->kind == RELAY_COALESCED)
                relayed_step_until_said(&s, 4, RELAY_SERVER);
            relayed_say(s.server, "efghij");
            shutdown(s.server, SHUT_WR);
            expect_pieces(&s, s.client, t->due, "abcdefghij");
        }
        relayed_end(&s);
    }
}

Test(relay_faults, what_waits_for_more_leaves_behind_the_pause, .timeout = 60)
{
    struct relayed s;

    relayed_begin(&s);
    fd_close(&s.client);
    fd_close(&s.server);
    relayed_step_until_over(&s, 1);
    relay_cut(s.relay, RELAY_CLIENT, RELAY_COALESCED, 1, 0, NULL);
    relayed_dial(&s);
    relayed_say(s.client, "abc");
    relayed_expect_heard(&s, s.server, "abc");
    relayed_say(s.server, "d"); // the other direction is as it is said
    relayed_expect_heard(&s, s.client, "d");
    relayed_say(s.client, "e");
    relayed_expect_heard(&s, s.server, "e");
    relayed_end(&s);
}

#define HI   "0000 02 6869 0000 " // CHATTER: close, text, the number of texts in its list
#define LIST "0000 00 0200 00 01 61 "
#define CUT_FIELDS "cut-fields"

/* One side says all in one piece, and ends: in what pieces it is passed on, and what is told besides. */
static const struct fields_row {
    const char *label, *says, *cuts, *faults; // cuts, faults: with blanks between
    const char *pieces, *due, *told;          // due: NULL: as it was said
} fields_rows[] = {
    { "each field",              HI HI,     CUT_FIELDS,         "",             "2,3,2,2,3,2" },
    { "the strings of a list",   LIST,      CUT_FIELDS,         "",             "2,1,2,1,2" },
    { "in front of each such",   HI HI,     "text",             "",             "2,7,5" },
    { "… of one of them",        HI HI,     "text#2",           "",             "9,5" },
    { "… of one that never comes", HI HI,   "text#3",           "",             "14" },
    { "several",                 HI HI,     "text#2 list.count", "",            "5,4,3,2" },
    { "a message",               HI HI HI,  "message",          "",             "7,7,7" },
    { "one string of a list",    LIST,      "list#2",           "",             "6,2" },
    { "no whole field behind it", HI "0000 05 68", CUT_FIELDS,  "",             "2,3,2,2,2" },
    { "a byte of a field is gone", HI HI,   CUT_FIELDS,         "drop@text",    "2,2,2,2,3,2", "0000 6869 0000" HI, "drop" },
    { "one is there twice",      HI HI,     "text#2 list.count", "twice@text",  "6,4,3,2", "0000 0202 6869 0000" HI, "twice" },
    { "the second is spoiled",   HI HI,     "",                 "flip@text#2",  "14", HI "0000 12 6869 0000", "flip" },
    { "two faults",              HI HI,     "",                 "flip@list.count add@text#2", "15", "0000 02 6869 1000 0000 00 02 6869 0000", "flip, add" },
    { "a fault, and one by offset", HI HI,  "",                 "drop@1 drop@text#2", "12", "00 02 6869 0000 0000 6869 0000", "drop, drop" },
    { "an end in front of a field", HI HI,  "",                 "end@text#2",   "9", HI "0000", "end" },
    { "the place of another",    HI,        "",                 "drop@2 flip@text", "6", "0000 6869 0000", "drop, note: flip at byte 2, text, is not done: another fault is about the same place" },
    { "what is no longer a message", "0000 ff ffff ffffff7f 0000", CUT_FIELDS, "flip@list.count", "2,9", NULL,
      "note: from byte 9 on its fields are not known, and it is passed on without regard to them: message 1, field text: a message longer than is kept" },
};

static void set_by_field(struct relayed *s, const struct fields_row *t, struct layout *l, struct relay_cuts *cuts, struct faults f[2], bool to_client)
{
    static const struct layout *sides[2];
    char words[128], *state = NULL;
    struct error err;

    set_spoiled(s, f, to_client, t->faults);
    fd_close(&s->client);
    fd_close(&s->server);
    relayed_step_until_over(s, 2);
    snprintf(words, sizeof words, "%s", t->cuts);
    cuts->each_field = strcmp(words, CUT_FIELDS) == 0;
    for (char *w = strtok_r(words, " ", &state); w && !cuts->each_field; w = strtok_r(NULL, " ", &state))
        cr_assert(layout_place_parse(strstr(t->cuts, w), strlen(w), &cuts->fields[cuts->field_count++], &err), "%s", err.text);
    sides[0] = sides[1] = l;
    relay_read(s->relay, sides, &profile_default);
    if (*t->cuts)
        relay_cut(s->relay, to_client ? RELAY_SERVER : RELAY_CLIENT, RELAY_CUT, 1, 0, cuts);
    s->told.words.b.len = 0;
    relayed_dial(s);
}

Test(relay_faults, fields_are_where_it_is_cut_and_spoiled, .timeout = 120)
{
    for (const struct fields_row *t = fields_rows; t < fields_rows + COUNT_OF(fields_rows); t++)
        for (int to_client = 0; to_client < 2; to_client++) {
            SCRATCH(keep);
            struct relayed s;
            struct layout l;
            struct faults f[2] = { 0 };
            struct relay_cuts cuts = { 0 };
            struct error err;
            struct bytes says, due;
            TEXT(pieces);
            TEXT(told);
            char got[512];
            size_t len = 0;
            cr_assert(layout_read("vectors/layouts/chatter.json", &keep, &l, &err), "%s", err.text);
            cr_assert(hex_read(t->says, &keep, &says) == NULL && hex_read(t->due ? t->due : t->says, &keep, &due) == NULL);
            set_by_field(&s, t, &l, &cuts, f, to_client);
            int from = to_client ? s.server : s.client, to = to_client ? s.client : s.server;
            cr_assert(eq(int, (int)send(from, says.data, says.len, MSG_NOSIGNAL), (int)says.len));
            shutdown(from, SHUT_WR);
            for (ssize_t n; (n = relayed_hear(&s, to, got + len, sizeof got - len)) > 0; len += (size_t)n)
                text_printf(&pieces, "%s%zd", len ? "," : "", n);
            cr_expect(eq(str, (char *)text_string(&pieces), (char *)t->pieces), "%s", t->label);
            cr_expect(len == due.len && memcmp(got, due.data, len) == 0, "%s", t->label);
            text_printf(&told, "2 open, 2 %s %zu%s", to_client ? "server" : "client", says.len, t->told ? ", " : "");
            for (const char *one = t->told, *next; one; one = next) {
                next = strstr(one, ", ");
                next = strncmp(one, "note", 4) == 0 ? NULL : next;
                text_printf(&told, "2 %s %.*s", to_client ? "server" : "client", next ? (int)(next - one) + 2 : (int)strlen(one), one);
                next = next ? next + 2 : NULL;
            }
            cr_expect(strncmp(text_string(&s.told.words), text_string(&told), told.b.len) == 0, "%s: %s; due was %s", t->label, text_string(&s.told.words), text_string(&told));
            relayed_end(&s);
        }
}

/* What the server says goes by the requests, though only its own direction is cut. */
Test(relay_faults, answers_are_cut_by_what_was_asked, .timeout = 30)
{
    SCRATCH(keep);
    static const struct fields_row none = { "", "", CUT_FIELDS, "", "" };
    static const uint8_t ask[] = { 4, 0, 42, 0, 0, 0 }, answer[] = { 0, 0, 43, 0, 0, 0 };
    struct relayed s;
    struct layout l;
    struct faults f[2] = { 0 };
    struct relay_cuts cuts = { 0 };
    struct error err;
    char got[16];

    cr_assert(layout_read("vectors/layouts/conformance.json", &keep, &l, &err), "%s", err.text);
    set_by_field(&s, &none, &l, &cuts, f, true);
    cr_assert(eq(int, (int)send(s.client, ask, sizeof ask, MSG_NOSIGNAL), 6));
    cr_expect(eq(int, (int)relayed_hear(&s, s.server, got, sizeof got), 6));
    cr_assert(eq(int, (int)send(s.server, answer, sizeof answer, MSG_NOSIGNAL), 6));
    cr_expect(eq(int, (int)relayed_hear(&s, s.client, got, sizeof got), 2));
    cr_expect(eq(int, (int)relayed_hear(&s, s.client, got, sizeof got), 4));
    cr_assert(eq(int, (int)send(s.server, answer, sizeof answer, MSG_NOSIGNAL), 6)); // nobody asked
    cr_expect(eq(int, (int)relayed_hear(&s, s.client, got, sizeof got), 6));
    cr_expect(strstr(text_string(&s.told.words), "2 server note: from byte 6 on its fields are not known, and it is passed on without regard to them: "
                                                 "message 2: it answers no request that was read") != NULL, "%s", text_string(&s.told.words));
    cr_assert(eq(int, (int)send(s.server, answer, sizeof answer, MSG_NOSIGNAL), 6)); // it is said once
    cr_expect(eq(int, (int)relayed_hear(&s, s.client, got, sizeof got), 6));
    cr_expect(strstr(strstr(text_string(&s.told.words), "note"), "2 server 6") != NULL);
    cr_expect(strstr(strstr(text_string(&s.told.words), "note") + 1, "note") == NULL);
    relayed_end(&s);
}

/* Nothing is held back for what a cut needs: a piece of a field leaves as it comes. */
Test(relay_faults, what_is_cut_by_fields_waits_for_nothing, .timeout = 30)
{
    SCRATCH(keep);
    static const struct fields_row none = { "", "", CUT_FIELDS, "", "" };
    static const uint8_t hi[] = { 0, 0, 2, 'h', 'i', 0, 0 };
    struct relayed s;
    struct layout l;
    struct faults f[2] = { 0 };
    struct relay_cuts cuts = { 0 };
    struct error err;
    char got[16];

    cr_assert(layout_read("vectors/layouts/chatter.json", &keep, &l, &err), "%s", err.text);
    set_by_field(&s, &none, &l, &cuts, f, false);
    for (size_t i = 0; i < sizeof hi; i++) {
        cr_assert(eq(int, (int)send(s.client, hi + i, 1, MSG_NOSIGNAL), 1));
        cr_expect(eq(int, (int)relayed_hear(&s, s.server, got, sizeof got), 1));
    }
    relayed_end(&s);
}
