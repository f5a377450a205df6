/*
 * What others say, judged by a layout alone: CHATTER's messages, a WORD, a CString and a CStringList; and objects. Scripts are those of test_overhear.c.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "app/proxy_format.h"
#include "base/hex.h"
#include "check/pages.h"

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
      "wrong client message-2 ended-early byte 10 of what it says: its direction ends in the middle of a message, behind 1 whole one [TAB-7.3, STR-8]" },
    { "a count that is cut off",     "chatter", "s " HI "; s 0000 00 ff; s.; c.",
      "wrong server message-2 ended-early byte 10 of what it says: its direction ends in the middle of a message, behind 1 whole one [TAB-7.3, TAB-8.4]" },
    { "cut off by the other's reset", "chatter", "c " HI "; c 0000 02 68; s!",               "right" },
    { "cut off by its own",          "chatter", "c " HI "; c 0000 02 68; c!",
      "wrong client message-2 reset byte 10 of what it says: it resets the connection in the middle of a message, behind 1 whole one [TAB-7.3, STR-8]" },
    { "… the server's",              "chatter", "c " HI "; s 00; s!",                        "wrong server message-1 reset byte 0 of what it says: it resets" },
    { "… behind whole messages",     "chatter", "c " HI "; s " HI "; s!",                    "right" },
    { "… behind the other's end",    "chatter", "c " HI "; c 0000 02 68; s.; c!",            "right" },
    { "… behind its own",            "chatter", "c " HI "; c 0000 02 68; c.; c!",            "wrong client message-2 ended-early byte" },
    { "a length of 2 as a WORD",     "chatter", "c " HI "; c 0000 ff 0200 6869 0000",
      "wrong client message-2 length-escape byte 9 of what it says: a length in a longer form than it needs: a reader takes it, MFC does not write it [STR-5]" },
    { "… of a wide string",          "chatter", "s 0000 fffeff ff 0100 6800 0000",           "wrong server message-1 length-escape byte 5 of what it says: a length" },
    { "… as a DWORD, in a list",     "chatter", "c 0000 00 0100 ff ffff 01000000 61",        "wrong client message-1 length-escape byte 5 of what it says: a length" },
    { "… though its text is to come", "chatter", "c 0000 ff 0200 68",                        "wrong client message-1 length-escape byte 2" },
    { "lengths at their forms' edges", "chatter", "c 0000 fe 61*254 0000; c 0000 ff ff00 61*255 0000; c 0000 ff fdff 61*65533 0000; c 0000 ff ffff feff0000 61*65534 0000; c.; s.", "right" },
    { "254 as a WORD",               "chatter", "c 0000 ff fe00 61*254 0000",                "wrong client message-1 length-escape" },
    { "65533 as a DWORD",            "chatter", "c 0000 ff ffff fdff0000 61*65533 0000",     "wrong client message-1 length-escape" },
    { "a count of 1 as a DWORD",     "chatter", "c 0000 00 ffff 01000000 00",
      "wrong client message-1 count-escape byte 3 of what it says: a count in a longer form than it needs: a reader takes it, MFC does not write it [TAB-5]" },
    { "counts at their forms' edges", "chatter", "c 0000 00 feff 00*65534; c 0000 00 ffff ffff0000 00*65535; c.; s.", "right" },
    { "65534 as a DWORD",            "chatter", "c 0000 00 ffff feff0000 00*65534",          "wrong client message-1 count-escape" },
    { "objects",                     "net-message", "c " WHO "; c 0180 01 61 01 62 07000000; c 0200; c.; s.", "right" },
    { "a tag out of order",          "net-message", "c " WHO "; s 0500",                     "wrong server message-1 wrong-index byte 0 of what it says: index 5, which is no object: there are 0 so far [OBJ-22]" },
    { "… whatever follows",          "net-message", "s 0500; c 0500; s " WHO "; c.; s.",     "wrong server message-1 wrong-index" },
    { "an index of a class that is an object's", "net-message", "c " WHO "; c 0280 01 61 01 62 07000000", "wrong client message-2 wrong-index byte 25 of what it says: index 2, which is no class [TAB-6.2]" },
    { "the first index that is not there", "net-message", "c " WHO "; c 0200; c 0300",       "wrong client message-3 wrong-index byte 27 of what it says: index 3, which is no object: there are 2 so far [OBJ-22]" },
    { "… of a class",                "net-message", "c " WHO "; c 0380 00 00 00000000",      "wrong client message-2 wrong-index byte 25 of what it says: index 3, which is no class: there are 2 so far [OBJ-22]" },
    { "the tag 8000",                "net-message", "c " WHO "; c 0080",                     "wrong client message-2 wrong-index byte 25 of what it says: index 0, which is no class [TAB-6.2]" },
    { "a tag as a DWORD",            "net-message", "c " WHO "; c ff7f 02000000",
      "wrong client message-2 tag-form byte 25 of what it says: the tag of an object or class in a longer form than its index needs: a reader takes it, MFC does not write it [OBJ-1]" },
    { "… of a class",                "net-message", "c " WHO "; c ff7f 01000080 00 00 00000000", "wrong client message-2 tag-form byte 25" },
    { "… of null",                   "net-message", "s ff7f 00000000",                       "wrong server message-1 tag-form byte 0" },
    { "a class described again",     "net-message", "c " WHO "; c " WHO,
      "wrong client message-2 described-again byte 25 of what it says: a class is described that was described before" },
    { "… with another schema",       "net-message", "c " WHO "; c ffff 0200 0b00 434e65744d657373616765 01 61 01 62 07000000", "right" },
    { "… and the first once more",   "net-message", "c " WHO "; c ffff 0200 0b00 434e65744d657373616765 00 00 00000000; c " WHO, "right" },
    { "a class of the other direction", "net-message", "c " WHO "; s " WHO "; c.; s.",       "right" },
    { "an oddity, and then no message", "net-message", "c " WHO WHO "0900",                  "wrong client message-2 described-again" },
    { "no message, and an oddity earlier on the other side", "net-message", "s ff7f 00000000; c 0500", "wrong server message-1 tag-form" },
    { "tables are each direction's own", "net-message", "c " WHO "; s 0180 01 61 01 62 07000000", "wrong server message-1 wrong-index" },
    { "both, and the first of them", "net-message", "s 0500; c 0700",                        "wrong server message-1 wrong-index" },
    { "both, the other way round",   "net-message", "c 0500; s 0700",                        "wrong client message-1 wrong-index" },
    { "a class that the layout has not", "net-message", "c ffff 0100 0200 4358",             "wrong client message-1 bad-format" },
    { "answers go by their requests", "conformance", "c 0400 2a000000; s 0000 2b000000; c 0400 07000000; s 0000 08000000; c.; s.", "right" },
    { "one to nothing",              "conformance", "c 0400 2a000000; s 0000 2b000000 0000", "wrong server message-2 bad-format byte 6 of what it says: it answers no request that was read" },
    { "one to what is no request, which is the client's fault", "conformance", "c 0400 2a000000; s 0000 2b000000; c 0000; s 0100 00; s.; c.",
      "wrong client message-2 bad-format byte 8 of what it says: op is 0" },
    { "one to what is not whole",    "conformance", "c 0400 2a000000; s 0000 2b000000; c 0500 ff ffff ffffff7f; s 0300 00; s.; c!", "right" },
    { "… with a mistake before",     "conformance", "c 0200 04 776f7264 0700; c 0500 05; s 0000 ff 0100 61; s 0300 00", "wrong server message-1 length-escape" },
    { "what a client without a layout asked", "server=conformance", "c 0400 2a000000; s 0000 2b000000; c.; s.", "not judged" },
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
        bool server = strncmp(t->layout, "server=", 7) == 0;
        cr_assert(layout_read(arena_printf(&keep, "vectors/layouts/%s.json", t->layout + (server ? 7 : 0)), &keep, &layout, &err), "%s", err.text);
        struct format_check c = { { server ? NULL : &layout, &layout }, profile_default };
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
        cr_expect(j.verdict != OVERHEARD_WRONG || cause_page_find(j.why->cause), "%s: %s has no page", t->label, j.why->cause);
        cr_expect(j.certain == (j.verdict == OVERHEARD_WRONG), "%s", t->label);
        overheard_free(&talk);
    }
}
