/*
 * Pieces of IP packets: in any order, twice, overlapping, lost, and such as no sender makes.
 */
#include <criterion/criterion.h>

#include "base/text.h"
#include "capture/fragments.h"

#define WHOLE "0102030405060708" "1112131415161718" "2122"

struct piece {
    uint32_t id;
    size_t at;
    bool more;
    struct bytes data;
    size_t beyond; // bytes that the capture has cut off
};

#define A { 7, 0, true, BYTES(1, 2, 3, 4, 5, 6, 7, 8) }
#define B { 7, 8, true, BYTES(0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18) }
#define C { 7, 16, false, BYTES(0x21, 0x22) }

static const struct row {
    const char *label;
    struct piece pieces[5];
    const char *whole; // at the last piece; NULL: never
    unsigned left;
} rows[] = {
    { "in order",                       { A, B, C },                                                                   WHOLE, 0 },
    { "backwards",                      { C, B, A },                                                                   WHOLE, 0 },
    { "one comes twice before",         { B, B, C, A },                                                                WHOLE, 0 },
    { "others overlap: the first stay", { B, { 7, 8, true, BYTES(9, 9, 9, 9, 9, 9, 9, 9) }, C, A },                    WHOLE, 0 },
    { "pieces of two packets",          { A, { 8, 16, false, BYTES(9) }, C, B },                                       WHOLE, 1 },
    { "one larger than the others",     { C, { 7, 0, true, BYTES(1, 2, 3, 4, 5, 6, 7, 8, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18) } }, WHOLE, 0 },
    { "one is lost",                    { A, C },                                                                      NULL,  2 },
    { "the last is lost",               { A, B },                                                                      NULL,  2 },
    { "one is cut by the capture",      { A, { 7, 8, true, BYTES(0x11), 7 }, C },                                      NULL,  3 },
    { "one of no multiple of eight",    { A, { 7, 8, true, BYTES(0x11) }, C },                                         NULL,  3 },
    { "one beyond all packets",         { A, { 7, 65528, false, BYTES(1, 2, 3, 4, 5, 6, 7, 8) } },                     NULL,  2 },
};

static bool add(struct fragments *f, const struct piece *p, struct bytes *whole)
{
    struct segment s = { .from = { .size = 4, .address = { 10, 0, 0, 1 } }, .to = { .size = 4, .address = { 10, 0, 0, 2 } }, .len = p->data.len + p->beyond, .data = p->data };

    s.fragment.id = p->id;
    s.fragment.at = p->at;
    s.fragment.more = p->more;
    return fragments_add(f, &s, whole);
}

Test(fragments, pieces_make_a_packet_when_the_last_of_them_has_come)
{
    for (const struct row *t = rows; t < rows + sizeof rows / sizeof *rows; t++) {
        struct fragments *f = fragments_new();
        struct bytes whole = { 0 };
        size_t count = 0, made = 0, when = 0;
        while (count < 5 && t->pieces[count].data.len)
            if (add(f, &t->pieces[count++], &whole)) {
                made++;
                when = count;
            }
        TEXT(hex);
        text_hex(&hex, whole, false);
        cr_expect(made == (t->whole ? 1 : 0) && (!made || when == count), "%s: whole %zu times, at %zu", t->label, made, when);
        cr_expect(strcmp(text_string(&hex), t->whole ? t->whole : "") == 0, "%s: %s", t->label, text_string(&hex));
        cr_expect(fragments_left(f) == t->left, "%s: %u are left", t->label, fragments_left(f));
        fragments_free(f);
    }
}

static const struct piece parts[] = { A, B, C }, other[] = { { 7, 0, true, BYTES(9, 2, 3, 4, 5, 6, 7, 8) }, { 7, 8, false, BYTES(5) } };

Test(fragments, a_piece_that_comes_again_behind_its_packet_is_none_that_is_left_and_another_with_its_number_is_of_a_new_packet)
{
    struct fragments *f = fragments_new();
    struct bytes whole;

    for (size_t i = 0; i < 3; i++)
        cr_expect(add(f, &parts[i], &whole) == (i == 2));
    cr_expect(!add(f, &parts[1], &whole) && fragments_left(f) == 0);
    cr_expect(!add(f, &other[0], &whole) && fragments_left(f) == 1);
    cr_expect(add(f, &other[1], &whole) && whole.len == 9 && whole.data[0] == 9 && fragments_left(f) == 0);
    fragments_free(f);
}

Test(fragments, more_packets_than_are_waited_for_give_up_the_oldest)
{
    struct fragments *f = fragments_new();
    struct bytes whole;

    for (uint32_t id = 1; id <= 257; id++)
        cr_expect(!add(f, &(struct piece){ id, 0, true, BYTES(1, 2, 3, 4, 5, 6, 7, 8) }, &whole));
    cr_expect(!add(f, &(struct piece){ 1, 8, false, BYTES(1) }, &whole));
    cr_expect(add(f, &(struct piece){ 257, 8, false, BYTES(1) }, &whole) && whole.len == 9);
    cr_expect(fragments_left(f) == 257, "%u", fragments_left(f));
    fragments_free(f);
}
