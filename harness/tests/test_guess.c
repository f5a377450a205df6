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
#include "vector/program.h"

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

/*
 * What the messages of a suite are, by its shipped layout. A long is told from a DWORD only below 0; four texts are no other message than
 * four messages of one.
 */
static const struct {
    const char *suite, *layout, *fields[2];
} spoken[] = {
    { "chat", "chatter", { "word,cstring,stringlist", "word,cstring,stringlist" } },
    { "talk", "chat", { "word,cstring", "word,cstring" } },
    { "packet", "packet", { "byte,word,raw,cstring", "cstring" } },
    { "messenger", "messenger", { "word,cstring,cstring,cstring", "word,cstring,cstring,cstring" } },
    { "room", "room", { "dword,dword,dword,cstring", "dword,dword,dword,cstring" } },
    { "telephony", "telephony", { "dword,dword,raw", "dword,dword,raw" } },
    { "net-message", "net-message", { "object,cstring,cstring,dword", "object,cstring,cstring,dword" } },
};

struct share {
    size_t right, among, all; // the true reading first; among the three that are told; streams
    size_t seen_count;
    struct text *otherwise;
};

static bool is_true(const struct guess_reading *r, size_t len, const char *due)
{
    TEXT(fields);

    for (size_t i = 0; i < r->field_count; i++) {
        struct guess_reading one = { .fields = { r->fields[i] }, .field_count = 1 };
        one.fields[0].negative = false;
        text_add(&fields, i ? "," : "");
        guess_types(&one, &fields);
    }
    return r->bytes == len && strcmp(text_string(&fields), due) == 0;
}

/* Of a stream that is whole messages, and was not looked at before. */
static void look(struct share *s, const struct layout *l, enum layout_side side, struct bytes in, const char *due, const char *id, struct bytes *seen)
{
    SCRATCH(keep);
    struct layout_reading read;
    struct guess g;
    bool found = false;

    layout_leaves(l, side, in, &profile_default, NULL, &keep, &read);
    if (!in.len || in.len > GUESS_BYTES || read.stopped)
        return;
    for (size_t i = 0; i < s->seen_count; i++)
        if (bytes_equal(seen[i], in))
            return;
    seen[s->seen_count++] = in;
    guess_make(in, &profile_default, 3, &g);
    s->all++;
    s->right += is_true(&g.readings[0], in.len, due);
    for (size_t i = 0; i < g.count; i++)
        found |= is_true(&g.readings[i], in.len, due);
    s->among += found;
    if (!is_true(&g.readings[0], in.len, due)) {
        text_printf(s->otherwise, "%s, %s, %zu bytes: ", id, side == LAYOUT_CLIENT ? "client" : "server", in.len);
        guess_types(&g.readings[0], s->otherwise);
        text_printf(s->otherwise, ", due %s\n", due);
    }
}

/* All that a side says on a connection; false where some of it may be any. */
static bool said(const struct program *p, unsigned on, enum party who, struct arena *keep, struct bytes *out)
{
    CLEANUP(buffer_free) struct buffer all = { 0 };

    for (size_t i = 0; i < p->count; i++) {
        const struct op *op = &p->ops[i];
        if ((op->kind != OP_SEND && op->kind != OP_RECEIVE) || op->on != on || op->who != who)
            continue;
        for (size_t k = 0; k < op->fields.count; k++)
            if (op->fields.items[k].any)
                return false;
        buffer_append(&all, op->bytes.data, op->bytes.len);
    }
    *out = arena_bytes(keep, buffer_bytes(&all));
    return true;
}

/*
 * What the suites say is none of the streams that the weights were chosen by. Some of it cannot be told: a message alone whose texts
 * are empty has many readings.
 */
Test(guess, of_what_the_suites_say_the_true_reading_is_mostly_first, .timeout = 120)
{
    enum { STREAMS = 4096 };
    struct library lib = { 0 };
    struct error err;
    SCRATCH(keep);
    TEXT(otherwise);
    struct share total = { .otherwise = &otherwise };
    struct bytes *seen = ARENA_ARRAY(&keep, STREAMS, struct bytes);

    cr_assert(library_load(&lib, (const char *const[]){ "vectors" }, 1, &err), "%s", err.text);
    for (size_t k = 0; k < COUNT_OF(spoken); k++) {
        struct layout layout;
        struct share before = total;
        cr_assert(layout_read(arena_printf(&keep, "vectors/layouts/%s.json", spoken[k].layout), &keep, &layout, &err), "%s", err.text);
        for (size_t i = 0; i < lib.suite_count; i++)
            for (size_t c = 0; strcmp(lib.suites[i].name, spoken[k].suite) == 0 && c < lib.suites[i].count; c++)
                for (size_t b = 0; b < profile_count; b++) {
                    struct program p;
                    if (profile_all[b].generation != 100 || !program_compile(&lib.suites[i].vectors[c], &profile_all[b], 7, PARTY_CLIENT, &keep, &p, &err))
                        continue;
                    for (unsigned on = 0; on < p.connection_count; on++)
                        for (enum party who = PARTY_CLIENT; who <= PARTY_SERVER; who++) {
                            struct bytes in;
                            if (said(&p, on, who, &keep, &in) && total.seen_count < STREAMS)
                                look(&total, &layout, who == PARTY_CLIENT ? LAYOUT_CLIENT : LAYOUT_SERVER, in, spoken[k].fields[who],
                                     lib.suites[i].vectors[c].id, seen);
                        }
                }
        text_printf(&otherwise, "%s: %zu of %zu first, %zu among three\n", spoken[k].suite, total.right - before.right, total.all - before.all, total.among - before.among);
    }
    library_free(&lib);
    cr_expect(total.all >= 450 && 100 * total.right >= 75 * total.all && 100 * total.among >= 83 * total.all, "%s%zu of %zu, %zu among three",
              text_string(&otherwise), total.right, total.all, total.among);
}

/* A text of a few words, in the width of the build. */
static void put_text(struct buffer *to, struct random *chance, bool wide)
{
    static const char *const words[] = { "hello", "who is there?", "ok", "see you at 8", "a", "The quick brown fox", "re: offer", "Bob", "Alice", "" };
    const char *w = words[random_below(chance, COUNT_OF(words))];

    archive_store_string_length(to, strlen(w), wide);
    for (; *w; w++)
        buffer_append(to, wide ? (const uint8_t[]){ (uint8_t)*w, 0 } : (const uint8_t[]){ (uint8_t)*w }, wide ? 2 : 1);
}

static void put_number(struct buffer *to, uint64_t n, unsigned len)
{
    for (unsigned i = 0; i < len; i++)
        buffer_append(to, (const uint8_t[]){ (uint8_t)(n >> 8 * i) }, 1);
}

/* One message of these types, with values as programs have them. */
static void put_message(struct buffer *to, const char *fields, struct random *chance, bool wide, bool first)
{
    uint64_t last = 0;

    for (const char *f = fields; f; f = strchr(f, ',') ? strchr(f, ',') + 1 : NULL) {
        const char *next = strchr(f, ',') ? strchr(f, ',') + 1 : "";
        if (strncmp(f, "byte", 4) == 0)
            put_number(to, random_below(chance, 256), 1);
        else if (strncmp(f, "word", 4) == 0)
            put_number(to, last = random_below(chance, 6), 2);
        else if (strncmp(f, "dword", 5) == 0)
            put_number(to, last = strncmp(next, "raw", 3) == 0 ? random_below(chance, 9) : random_below(chance, 3) ? random_below(chance, 40) : 1000000000 + random_below(chance, 500000000), 4);
        else if (strncmp(f, "cstring", 7) == 0)
            put_text(to, chance, wide);
        else if (strncmp(f, "raw", 3) == 0)
            for (; last > 0; last--)
                put_number(to, random_below(chance, 256), 1);
        else if (strncmp(f, "object", 6) == 0 && first)
            buffer_append(to, (const uint8_t *)"\xff\xff\x01\x00\x08\x00" "CMessage", 14);
        else if (strncmp(f, "object", 6) == 0)
            put_number(to, 0x8001, 2);
        else if (strncmp(f, "stringlist", 10) == 0) {
            last = random_below(chance, 3);
            put_number(to, last, 2);
            for (; last > 0; last--)
                put_text(to, chance, wide);
        }
    }
}

/* Sessions that chance made, of layouts of the shipped kinds and others: nothing was chosen by them. */
Test(guess, of_sessions_that_chance_made_the_true_reading_is_mostly_first, .timeout = 120)
{
    static const char *const kinds[] = { "word,cstring", "word,cstring,stringlist", "byte,word,raw,cstring", "word,cstring,cstring,cstring", "dword,dword,dword,cstring",
                                         "dword,dword,raw", "object,cstring,cstring,dword", "dword,cstring", "word,word,cstring,cstring", "cstring,dword", "word,cstring,dword,raw" };
    enum { SESSIONS = 30 };
    struct random chance = random_for(11, "sessions", 0);
    size_t right = 0, all = 0;
    TEXT(told);

    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        size_t of_kind = 0;
        for (int i = 0; i < SESSIONS; i++) {
            CLEANUP(buffer_free) struct buffer in = { 0 };
            bool wide = random_below(&chance, 2);
            size_t messages = 4 + random_below(&chance, 5);
            struct guess g;
            for (size_t m = 0; m < messages; m++)
                put_message(&in, kinds[k], &chance, wide, m == 0);
            guess_make(buffer_bytes(&in), &profile_default, 1, &g);
            of_kind += g.count && is_true(&g.readings[0], in.len, kinds[k]);
        }
        text_printf(&told, "%s: %zu of %d\n", kinds[k], of_kind, SESSIONS);
        right += of_kind;
        all += SESSIONS;
    }
    cr_expect(100 * right >= 97 * all, "%s%zu of %zu", text_string(&told), right, all);
}
