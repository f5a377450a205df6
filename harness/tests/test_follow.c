/*
 * Streams that come in pieces: where their fields begin is told with the bytes in front of them, and the same however they are cut. The bytes are
 * written by hand from the rules of the archive.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/hex.h"
#include "layout/follow.h"

#define LAYOUTS "vectors/layouts/"
#define HI   "0000 02 6869 0000"
#define WIDE "0000 fffeff 02 68006900 0100 fffeff 00" // and an empty string in its list
#define WHO  "ffff 0100 0b00 434e65744d657373616765 01 61 01 62 07000000"

static const struct row {
    const char *layout, *script; // "c HEX; s HEX"
    const char *due;             // of both sides; "<": the message is over
} rows[] = {
    { "chatter", "c " HI "; c " HI, "c message@0 close@0 text@2 list.count@5 <@7 message@7 close@7 text@9 list.count@12 <@14" },
    { "chatter", "s " WIDE, "s message@0 close@0 text@2 list.count@10 list@12 <@16" },
    { "chatter", "c 0000 05 68", "c message@0 close@0 text@2" },                // the text is not whole, and begins nevertheless
    { "chatter", "c 0000 00", "c message@0 close@0 text@2 list.count@3" },
    { "chatter", "c 0000 00 0200 01 61 00", "c message@0 close@0 text@2 list.count@3 list@5 list@7 <@8" },
    { "net-message", "c " WHO "; c 0000; c 0180 00 00 00000000",
      "c message@0 message@0 message.from@17 message.text@19 message.time@21 <@25 message@25 message@25 <@27 "
      "message@27 message@27 message.from@29 message.text@30 message.time@31 <@35" },
    { "net-message", "s 0500; s 0000", "s message@0 message@0 lost@0 message 1, field message: index 5, which is no object: there are 0 so far" },
    { "net-message", "s 0000; s ffff 0100 0100 41", "s message@0 message@0 <@2 message@2 message@2 lost@8 message 2, field message: the class \"A\", which the layout does not have" },
    { "conformance", "c 0400 2a000000; s 0000 2b000000", "c request@0 op@0 n@2 <@6 s reply@0 status@0 n@2 <@6" },
    { "conformance", "c 0500 01 61; c 0100 04 776f7264 0700; s 0000 0700",      // what answers the first has no byte
      "c request@0 op@0 text@2 <@4 request@4 op@4 types@6 value@11 <@13 s reply@0 status@0 value@2 <@4" },
    { "conformance", "c 0700 0200 01000000; s 0000 00000000 0100 ff 0000 01000000 0100 ff",
      "c request@0 op@0 count@2 size@4 <@8 s reply@0 part@0 part.status@0 part.number@2 part.data@6 part@9 part.status@9 part.number@11 part.data@15 <@18" },
    { "conformance", "c 0400 2a000000; s 0000 2b000000 0000", "c request@0 op@0 n@2 <@6 s reply@0 status@0 n@2 <@6 lost@6 message 2: it answers no request that was read" },
};

static void note(void *context, const struct layout_mark *m)
{
    struct text *t = context;

    text_printf(t, " %s@%llu", m->kind == LAYOUT_MESSAGE_END ? "<" : m->name, (unsigned long long)m->at);
}

/* So many bytes at a time; what is told of each side. */
static void follow(const struct row *row, size_t piece, struct text *to)
{
    SCRATCH(keep);
    struct layout l;
    struct error err;
    struct layout_waiting waiting = { 0 };
    struct text told[2] = { 0 };
    struct layout_follower *sides[2];
    char *at = arena_string(&keep, row->script), *line;

    cr_assert(layout_read(arena_printf(&keep, LAYOUTS "%s.json", row->layout), &keep, &l, &err), "%s", err.text);
    for (int side = 0; side < 2; side++)
        sides[side] = layout_follow(&l, side, &profile_default, &waiting, note, &told[side]);
    while ((line = strsep(&at, ";"))) {
        struct bytes bytes;
        line += strspn(line, " ");
        cr_assert(hex_read(line + 1, &keep, &bytes) == NULL, "%s", line);
        for (; bytes.len; bytes = bytes_slice(bytes, piece, SIZE_MAX))
            layout_follow_on(sides[line[0] == 's'], bytes_slice(bytes, 0, piece));
    }
    for (int side = 0; side < 2; side++) {
        uint64_t lost;
        const char *why = layout_follow_lost(sides[side], &lost);
        if (told[side].b.len || why)
            text_printf(to, "%s%c%s", to->b.len ? " " : "", "cs"[side], text_string(&told[side]));
        if (why)
            text_printf(to, " lost@%llu %s", (unsigned long long)lost, why);
        layout_follow_free(sides[side]);
        text_free(&told[side]);
    }
    layout_waiting_free(&waiting);
}

Test(follow, fields_are_told_however_the_stream_is_cut, .timeout = 20)
{
    static const size_t pieces[] = { 1000, 1, 2, 3, 7 };

    for (const struct row *row = rows; row < rows + COUNT_OF(rows); row++)
        for (size_t i = 0; i < COUNT_OF(pieces); i++) {
            TEXT(got);
            follow(row, pieces[i], &got);
            cr_expect(strcmp(text_string(&got), row->due) == 0, "%s in pieces of %zu:\n%s\ndue was\n%s", row->script, pieces[i], text_string(&got), row->due);
        }
}

static void note_late(void *context, const struct layout_mark *m)
{
    const uint64_t *came = context;

    cr_expect(eq(u64, *came, m->kind == LAYOUT_MESSAGE || m->at == 0 ? m->at + 1 : m->at), "%s at %llu", m->name, (unsigned long long)m->at);
}

/* Also the strings of a list that is not whole. */
Test(follow, a_field_is_told_before_it_comes)
{
    SCRATCH(keep);
    struct layout l;
    struct error err;
    struct layout_waiting waiting = { 0 };
    struct bytes all;
    uint64_t came = 0;

    cr_assert(layout_read(LAYOUTS "chatter.json", &keep, &l, &err), "%s", err.text);
    cr_assert(hex_read("0100 02 6869 0300 01 61 02 6262 fffeff 01 6100", &keep, &all) == NULL);
    struct layout_follower *f = layout_follow(&l, LAYOUT_SERVER, &profile_default, &waiting, note_late, &came);
    for (size_t i = 0; i < all.len; i++) {
        came++;
        cr_expect(layout_follow_on(f, bytes_slice(all, i, 1)));
    }
    layout_follow_free(f);
}

static void ignore(void *context, const struct layout_mark *m)
{
    (void)context, (void)m;
}

static const char *lost_by(const struct layout *l, struct bytes first, struct bytes again, size_t times, struct arena *keep)
{
    struct layout_waiting waiting = { 0 };
    struct layout_follower *f = layout_follow(l, LAYOUT_CLIENT, &profile_default, &waiting, ignore, NULL);
    uint64_t at;

    layout_follow_on(f, first);
    for (size_t i = 0; i < times; i++)
        layout_follow_on(f, again);
    const char *why = layout_follow_lost(f, &at);
    why = why ? arena_string(keep, why) : NULL;
    layout_follow_free(f);
    layout_waiting_free(&waiting);
    return why;
}

/* Nobody makes it keep, or read, without end. */
Test(follow, what_grows_has_a_limit, .timeout = 180)
{
    SCRATCH(keep);
    struct layout chatter, conformance, objects;
    struct error err;
    static uint8_t zeros[65536];
    struct bytes who;

    cr_assert(layout_read(LAYOUTS "chatter.json", &keep, &chatter, &err) && layout_read(LAYOUTS "conformance.json", &keep, &conformance, &err) &&
              layout_read(LAYOUTS "net-message.json", &keep, &objects, &err), "%s", err.text);
    cr_expect(eq(str, (char *)lost_by(&chatter, BYTES(0, 0, 0xff, 0xff, 0xff, 0, 0, 0x10, 0), (struct bytes){ 0 }, 0, &keep), "message 1, field text: a message longer than is kept"));
    // Half a mebibyte of text, and a list whose strings come one by one, so that it is read again with each: it is not slow without end.
    struct buffer half = { 0 };
    buffer_append(&half, (const uint8_t[]){ 0, 0, 0xff, 0xff, 0xff, 0, 0, 8, 0 }, 9);
    for (int i = 0; i < 8; i++)
        buffer_append(&half, zeros, sizeof zeros);
    buffer_append(&half, (const uint8_t[]){ 0xe8, 3 }, 2);
    cr_expect(lost_by(&chatter, buffer_bytes(&half), BYTES(0), 100, &keep) == NULL);
    cr_expect(eq(str, (char *)lost_by(&chatter, buffer_bytes(&half), BYTES(0), 200, &keep), "message 1: it comes in too many pieces"));
    buffer_free(&half);
    cr_expect(lost_by(&conformance, (struct bytes){ 0 }, BYTES(6, 0), 4096, &keep) == NULL);
    cr_expect(eq(str, (char *)lost_by(&conformance, (struct bytes){ 0 }, BYTES(6, 0), 4097, &keep), "message 4097: too many requests wait for their answer"));
    cr_assert(hex_read(WHO, &keep, &who) == NULL);
    struct buffer many = { 0 }; // objects of the class
    for (int i = 0; i < 8192; i++)
        buffer_append(&many, (const uint8_t[]){ 1, 0x80, 0, 0, 0, 0, 0, 0 }, 8);
    cr_expect(lost_by(&objects, who, buffer_bytes(&many), 31, &keep) == NULL);
    cr_expect(eq(str, (char *)lost_by(&objects, who, buffer_bytes(&many), 32, &keep), "message 262144: more classes and objects have come than are kept"));
    buffer_free(&many);
    cr_expect(lost_by(&objects, (struct bytes){ 0 }, (struct bytes){ zeros, sizeof zeros }, 64, &keep) == NULL);
}

static const struct place_row {
    const char *layout, *text;
    bool client, server; // says such a one
} place_rows[] = {
    { "chatter", "text", true, true },           { "chatter", "text#2", true, true },
    { "chatter", "message#18446744073709551615", true, true },
    { "chatter", "list", true, true },           { "chatter", "list.count", true, true },
    { "chatter", "list.key", false, false },     { "chatter", "tex", false, false },
    { "chatter", "text.", false, false },        { "chatter", "text.count", false, false },
    { "net-message", "message.from", true, true }, { "net-message", "from", false, false },
    { "conformance", "op", true, false },        { "conformance", "status", false, true },
    { "conformance", "part.number", false, true }, { "conformance", "value", true, true },
    { "conformance", "request", true, false },   { "telephony", "no-such", false, false },
};

Test(follow, a_place_is_one_that_the_layout_has)
{
    for (const struct place_row *row = place_rows; row < place_rows + COUNT_OF(place_rows); row++) {
        SCRATCH(keep);
        struct layout l;
        struct layout_place p;
        struct error err;
        cr_assert(layout_read(arena_printf(&keep, LAYOUTS "%s.json", row->layout), &keep, &l, &err), "%s", err.text);
        cr_assert(layout_place_parse(row->text, strlen(row->text), &p, &err), "%s", err.text);
        cr_expect(eq(int, layout_has_place(&l, LAYOUT_CLIENT, &p), row->client), "%s", row->text);
        cr_expect(eq(int, layout_has_place(&l, LAYOUT_SERVER, &p), row->server), "%s", row->text);
    }
}

Test(follow, a_place_that_is_none_is_told)
{
    static const char *const texts[] = { "text#", "text#0", "text#-1", "text#1x", "text#99999999999999999999", "#1", "text#1 " };

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct layout_place p;
        struct error err;
        cr_expect(not(layout_place_parse(texts[i], strlen(texts[i]), &p, &err)), "%s", texts[i]);
        cr_expect(strstr(err.text, "expected FIELD or FIELD#N, N from 1 on") != NULL, "%s", err.text);
    }
}
