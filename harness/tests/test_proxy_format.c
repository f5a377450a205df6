/*
 * What others say, judged by a layout alone: CHATTER's messages, a WORD, a CString and a CStringList; and objects. Scripts are those of test_overhear.c.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "app/proxy_format.h"
#include "base/hex.h"

#define HI   "0000 02 6869 0000"
#define WIDE "0000 fffeff 02 68006900 0100 fffeff 00"

#define AGE  "ffff 0100 0b00 434e65744d657373616765"
#define WHO  AGE " 01 61 01 62 07000000 "

static const struct format_row {
    const char *label, *layout, *script, *due;
} format_rows[] = {
    { "a talk",                      "chatter", "c " HI "; s " WIDE "; s " HI "; c.; s.",    "right" },
    { "messages in pieces",          "chatter", "c 0000 02; c 6869 00; c 00; c.; s.",        "right" },
    { "one that is still on its way", "chatter", "c " HI "; c 0000 02 68",                   "right" },
    { "a string that is cut off",    "chatter", "c " HI "; c 0000 02 68; c.; s.",
      "wrong client message-2 cut-off byte 10 of what it says: its direction ends in the middle of a message, behind 1 whole one [STR-8]" },
    { "a count that is cut off",     "chatter", "s " HI "; s 0000 00 ff; s.; c.",
      "wrong server message-2 cut-off byte 10 of what it says: its direction ends in the middle of a message, behind 1 whole one [TAB-8.4]" },
    { "cut off by a reset",          "chatter", "c " HI "; c 0000 02 68; s!",                "right" },
    { "objects",                     "net-message", "c " WHO "; c 0180 01 61 01 62 07000000; c 0200; c.; s.", "right" },
    { "a tag out of order",          "net-message", "c " WHO "; s 0500",                     "wrong server message-1 bad-format byte 0 of what it says: index 5, which is no object" },
    { "… whatever follows",          "net-message", "s 0500; c 0500; s " WHO "; c.; s.",     "wrong server message-1 bad-format" },
    { "an index of a class that is an object's", "net-message", "c " WHO "; c 0280 01 61 01 62 07000000", "wrong client message-2 bad-format" },
    { "tables are each direction's own", "net-message", "c " WHO "; s 0180 01 61 01 62 07000000", "wrong server message-1 bad-format" },
    { "both, and the first of them", "net-message", "s 0500; c 0700",                        "wrong server message-1 bad-format" },
    { "both, the other way round",   "net-message", "c 0500; s 0700",                        "wrong client message-1 bad-format" },
    { "a class that the layout has not", "net-message", "c ffff 0100 0200 4358",             "wrong client message-1 bad-format" },
    { "nothing",                     "chatter", "c.; s.",                                    "not judged" },
};

static void hear(struct overheard_talk *t, const char *script, struct arena *keep)
{
    char *at = arena_string(keep, script), *line;
    int64_t us = 0;

    while ((line = strsep(&at, ";"))) {
        struct bytes bytes = { 0 };
        line += strspn(line, " ");
        enum party who = line[0] == 's' ? PARTY_SERVER : PARTY_CLIENT;
        enum heard_kind kind = line[1] == '.' ? HEARD_END : line[1] == '!' ? HEARD_RESET : HEARD_DATA;
        if (kind == HEARD_DATA)
            cr_assert(hex_read(line + 1, keep, &bytes) == NULL, "%s", line);
        overheard_add(t, kind, who, us += 10, bytes);
    }
    t->until = us;
}

Test(proxy_format, both_sides_are_judged_by_a_layout, .timeout = 10)
{
    for (const struct format_row *t = format_rows; t < format_rows + COUNT_OF(format_rows); t++) {
        SCRATCH(keep);
        struct layout layout;
        struct error err;
        cr_assert(layout_read(arena_printf(&keep, "vectors/layouts/%s.json", t->layout), &keep, &layout, &err), "%s", err.text);
        struct format_check c = { { &layout, &layout }, profile_default };
        struct overheard_talk talk = { 0 };
        struct overheard_judgement j;
        const char *got = "not judged";
        hear(&talk, t->script, &keep);
        format_judge(&c, &talk, &keep, &j);
        if (j.verdict == OVERHEARD_RIGHT)
            got = "right";
        else if (j.verdict == OVERHEARD_WRONG)
            got = arena_printf(&keep, "wrong %s %s %s %s", party_name(j.side), j.why->check.name, j.why->cause, j.text);
        cr_expect(strncmp(got, t->due, strlen(t->due)) == 0, "%s: %s", t->label, got);
        cr_expect(j.certain == (j.verdict == OVERHEARD_WRONG), "%s", t->label);
        overheard_free(&talk);
    }
}
