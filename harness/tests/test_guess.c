/*
 * Guesses: of streams whose layout is known, the true reading is told first, and as a layout it reads them.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hex.h"
#include "layout/guess.h"
#include "layout/layout.h"

/* Worked examples of programs in use, and streams of several messages by the shipped layouts. */
static const struct {
    const char *label, *hex, *fields;
    size_t messages, bytes; // 0: all
} rows[] = {
    { "chat, narrow", "0000 05 48656c6c6f 0100 03 627965 0000 02 4869", "word,cstring", 3, 0 },
    { "chat, wide", "0000 fffeff02 48006900  0100 fffeff03 620079006500", "word,cstring", 2, 0 },
    { "one word of chat", "0000 02 4869", "word,cstring", 1, 0 },
    { "chatter", "0000 02 4869 0000  0100 00 0200 04 613a2031 04 623a2032", "word,cstring,stringlist", 2, 0 },
    { "packet", "5a 0300 5a5a5a 32 53656e6465722073656e74207061636b65742031206f662031202856616c7565203d2039302c20436f70696573203d203329", "byte,word,raw,cstring", 1, 0 },
    { "acknowledgement", "39 526563697069656e74207265636569766564207061636b65742031206f662031202856616c7565203d2039302c20436f70696573203d203329", "cstring", 1, 0 },
    { "messenger, wide", "0100 fffeff02 68006900 fffeff03 62006f006200 fffeff02 61006c00", "word,cstring,cstring,cstring", 1, 0 },
    { "messenger, narrow", "0100 02 6869 03 626f62 02 616c  0200 05 6869686968 02 616c 03 626f62", "word,cstring,cstring,cstring", 2, 0 },
    { "room", "01000000 ffffffff 10270000 03 626f62", "dword,long,dword,cstring", 1, 0 },
    { "telephony", "05000000 04000000 01020304  06000000 07000000 61626364ffa199  07000000 00000000", "dword,dword,raw", 3, 0 },
    { "net-message", "ffff 0100 0b00 434e65744d657373616765 02 616c 02 6869 80436d38  0180 02 616c 02 796f 81436d38", "object,cstring,cstring,dword", 2, 0 },
    { "a date", "0000 00000000 000000000024e540 03 626f62", "word,oledatetime,cstring", 1, 0 },
    // Sent by genuine MFC, as the recordings have it.
    { "MFC 14.0, chat", "0000fffeff0e480065006c006c006f002000660072006f006d0020004d00460043000100fffeff03620079006500", "word,cstring", 2, 0 },
    { "MFC 4.2, chat", "00001048656c6c6f2066726f6d204d46433432010003627965", "word,cstring", 2, 0 },
    { "MFC 4.2, objects, the last of which has one more", "ffff07000a004354657374506f696e740100000002000000018003000000040000000180050000000600000000000300", "object,dword,dword", 3, 44 },
    { "a rest that does not fit", "0000 05 48656c6c6f 0100 03 627965 0000 ffffff", "word,cstring", 2, 14 },
};

static struct bytes read_hex(const char *hex, struct arena *keep)
{
    struct bytes in;
    const char *wrong = hex_read(hex, keep, &in);

    cr_assert(wrong == NULL, "%s: %s", hex, wrong);
    return in;
}

Test(guess, the_true_reading_is_first, .timeout = 30)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct bytes in = read_hex(rows[i].hex, &keep);
        struct guess g;
        TEXT(fields);
        guess_make(in, &profile_default, 3, &g);
        cr_assert(gt(sz, g.count, 0), "%s", rows[i].label);
        guess_types(&g.readings[0], &fields);
        cr_expect(eq(str, (char *)text_string(&fields), (char *)rows[i].fields), "%s", rows[i].label);
        cr_expect(eq(sz, g.readings[0].messages, rows[i].messages), "%s", rows[i].label);
        cr_expect(eq(sz, g.readings[0].bytes, rows[i].bytes ? rows[i].bytes : in.len), "%s", rows[i].label);
        for (size_t k = 1; k < g.count; k++)
            cr_expect(le(int, g.readings[k].score, g.readings[k - 1].score), "%s", rows[i].label);
    }
}

Test(guess, is_a_layout_that_reads_as_much, .timeout = 30)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        char name[] = "/tmp/arcwire-test-guess-XXXXXX.json";
        struct bytes in = read_hex(rows[i].hex, &keep);
        struct layout_reading read;
        struct layout layout;
        struct guess g;
        struct error err = { 0 };
        TEXT(text);
        guess_make(in, &profile_default, 1, &g);
        guess_layout(NULL, &g.readings[0], &text);
        int fd = mkstemps(name, 5);
        cr_assert(fd >= 0 && write(fd, text_string(&text), text.b.len) == (ssize_t)text.b.len);
        close(fd);
        bool good = layout_read(name, &keep, &layout, &err);
        unlink(name);
        cr_assert(good, "%s: %s\n%s", rows[i].label, err.text, text_string(&text));
        layout_leaves(&layout, LAYOUT_SERVER, in, &profile_default, NULL, &keep, &read);
        cr_expect(ge(sz, read.whole, g.readings[0].bytes), "%s: %s", rows[i].label, read.stopped ? read.stopped : "");
    }
}

static void reasons_of(const char *hex, bool for_it, struct text *to)
{
    SCRATCH(keep);
    const char *lines[8];
    struct guess g;

    guess_make(read_hex(hex, &keep), &profile_default, 1, &g);
    size_t count = guess_reasons(&g, &g.readings[0], for_it, &keep, lines, COUNT_OF(lines));
    for (size_t i = 0; i < count; i++)
        text_printf(to, "%s\n", lines[i]);
}

Test(guess, what_speaks_for_it_and_against_is_told, .timeout = 10)
{
    static const struct {
        const char *hex;
        bool for_it;
        const char *said;
    } told[] = {
        { "ffff 0100 0b00 434e65744d657373616765 02 616c 02 6869 80436d38  0180 02 616c 02 796f 81436d38", true,
          "field 1: class CNetMessage, schema 1, described once, and referred to 1 time\nfield 2: 2 strings of printable text, whose lengths fit\n"
          "field 3: 2 strings of printable text, whose lengths fit\nfield 4: each could be a time from 1990 to 2040\n"
          "the last message ends with the stream\n2 messages, one behind the other, have this form\n" },
        { "0000 05 48656c6c6f 0100 03 627965 0000 ffffff", true,
          "field 1: each number is far below what it could hold\nfield 2: 2 strings of printable text, whose lengths fit\n"
          "2 messages, one behind the other, have this form\n" },
        { "0000 05 48656c6c6f 0100 03 627965 0000 ffffff", false, "5 bytes unexplained at 0xe\n" },
        { "0000 02 4869", false, "one message alone: nothing tells where it ends\n" },
        { "a1b2c3", false, "field 1: 3 numbers that could be any bytes\nno text, class or date in it: most bytes can be read so\n" },
    };

    for (size_t i = 0; i < COUNT_OF(told); i++) {
        TEXT(said);
        reasons_of(told[i].hex, told[i].for_it, &said);
        cr_expect(eq(str, (char *)text_string(&said), (char *)told[i].said), "%s", told[i].hex);
    }
}

/* Whatever comes: no reading goes beyond the stream, and each is a layout. */
Test(guess, any_bytes_may_be_guessed_at, .timeout = 60)
{
    static const uint8_t pieces[] = { 0, 1, 2, 0x41, 0x80, 0xfe, 0xff };
    struct random chance = random_for(7, "guess", 0);

    for (int i = 0; i < 400; i++) {
        SCRATCH(keep);
        size_t len = 1 + random_below(&chance, 40);
        uint8_t *bytes = arena_alloc(&keep, len);
        struct guess g;
        TEXT(layout);
        for (size_t k = 0; k < len; k++)
            bytes[k] = random_below(&chance, 3) ? pieces[random_below(&chance, COUNT_OF(pieces))] : (uint8_t)random_below(&chance, 256);
        guess_make((struct bytes){ bytes, len }, &profile_default, GUESS_READINGS, &g);
        cr_assert(le(sz, g.count, GUESS_READINGS));
        for (size_t k = 0; k < g.count; k++) {
            const char *lines[16];
            cr_expect(g.readings[k].bytes <= len && g.readings[k].messages > 0);
            cr_expect(le(sz, guess_reasons(&g, &g.readings[k], true, &keep, lines, COUNT_OF(lines)), COUNT_OF(lines)));
            cr_expect(le(sz, guess_reasons(&g, &g.readings[k], false, &keep, lines, COUNT_OF(lines)), COUNT_OF(lines)));
            guess_layout(&g.readings[k], NULL, &layout);
        }
    }
}

Test(guess, nothing_is_guessed_of_nothing)
{
    struct guess g;

    guess_make((struct bytes){ 0 }, &profile_default, 3, &g);
    cr_expect(eq(sz, g.count, 0));
}
