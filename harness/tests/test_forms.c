/* One form taken for another, at the number where that begins and beside it: golden. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/hex.h"
#include "check/forms.h"
#include "check/reading.h"
#include "check/writing.h"

#define MFC71 "generation=7.1"
#define WAITS SIZE_MAX // it wants more bytes

// clang-format off
static const struct read_row {
    const char *label, *profile, *type;
    enum deed deed;
    int64_t n;
    const char *wire;
    int64_t is; // the number, or the units of the string
    size_t at;  // behind what it takes
} reads[] = {
    { "a time of four bytes",         "",    "time", DEED_NONE,      0,               "ffffffff 0500000000000000", -1, 4 },
    { "its highest bit",              "",    "time", DEED_TIME_MARK, TIME_MARK_BIT,   "ffffffff 0500000000000000", 5, 12 },
    { "… is not set",                 "",    "time", DEED_TIME_MARK, TIME_MARK_BIT,   "ffffff7f 0500000000000000", 0x7fffffff, 4 },
    { "… and no more follows",        "",    "time", DEED_TIME_MARK, TIME_MARK_BIT,   "ffffffff 050000", 0, WAITS },
    { "… known to no mark",           MFC71, "time", DEED_TIME_MARK, TIME_MARK_BIT,   "ffffffff 0500000000000000", -1, 4 },
    { "bits in common",               "",    "time", DEED_TIME_MARK, TIME_MARK_BITS,  "0f000080 0500000000000000", 5, 12 },
    { "… not all",                    "",    "time", DEED_TIME_MARK, TIME_MARK_BITS,  "08000080 0500000000000000", -2147483640, 4 },
    { "the lowest byte",              "",    "time", DEED_TIME_MARK, TIME_MARK_BYTE,  "0a000000 0500000000000000", 5, 12 },
    { "… another",                    "",    "time", DEED_TIME_MARK, TIME_MARK_BYTE,  "0b000080 0500000000000000", -2147483637, 4 },
    { "the high WORD",                "",    "time", DEED_TIME_MARK, TIME_MARK_WORD,  "0b000080 0500000000000000", 5, 12 },
    { "… another",                    "",    "time", DEED_TIME_MARK, TIME_MARK_WORD,  "0a000180 0500000000000000", -2147418102, 4 },
    { "no smaller number",            "",    "time", DEED_TIME_MARK, TIME_MARK_FROM,  "0b000080 0500000000000000", 5, 12 },
    { "… a smaller one",              "",    "time", DEED_TIME_MARK, TIME_MARK_FROM,  "09000080 0500000000000000", -2147483639, 4 },
    { "a mark that is none yet",      MFC71, "time", DEED_TIME_MARK, TIME_MARK_KNOWN, "0a000080 0500000000000000", 5, 12 },
    { "the right mark, rightly",      "",    "time", DEED_TIME_MARK, TIME_MARK_BYTE,  "0a000080 0500000000000000", 5, 12 },

    { "FFFE is a count",              "",    "count", DEED_NONE,        0,               "feff 0700", 0xfffe, 2 },
    { "… for a mark",                 "",    "count", DEED_COUNT_FORM,  COUNT_WIDE_MARK, "feff 0700", 7, 4 },
    { "… and the longer form",        "",    "count", DEED_COUNT_FORM,  COUNT_WIDE_MARK, "feff ffff 07000000", 7, 8 },
    { "… not there",                  "",    "count", DEED_COUNT_FORM,  COUNT_WIDE_MARK, "fdff 0700", 0xfffd, 2 },
    { "FFFE for FFFF",                "",    "count", DEED_COUNT_TAKEN, 0xfffe,          "feff 07000000", 7, 6 },
    { "… FFFD not",                   "",    "count", DEED_COUNT_TAKEN, 0xfffe,          "fdff 07000000", 0xfffd, 2 },
    { "8000 for FFFF",                "",    "count", DEED_COUNT_TAKEN, 0x8000,          "0080 07000000", 7, 6 },
    { "… 7FFF not",                   "",    "count", DEED_COUNT_TAKEN, 0x8000,          "ff7f 07000000", 0x7fff, 2 },
    { "… nor behind FFFF",            "",    "count", DEED_COUNT_TAKEN, 0x8000,          "ffff 00800000", 0x8000, 6 },
    { "FFFFFFFE for FFFFFFFF",        "",    "count", DEED_COUNT_TAKEN, 0xfffffffe,      "ffff feffffff 0700000000000000", 7, 14 },
    { "… one less not",               "",    "count", DEED_COUNT_TAKEN, 0xfffffffe,      "ffff fdffffff 0700000000000000", 0xfffffffd, 6 },

    { "FE for FF",                    "",    "cstringa", DEED_LENGTH_TAKEN, 0xfe,               "fe 0100 78", 1, 4 },
    { "… FD not",                     "",    "cstringa", DEED_LENGTH_TAKEN, 0xfe,               "fd 78*253", 253, 254 },
    { "… of wide strings",            "",    "cstringw", DEED_LENGTH_TAKEN, 0xfe | ONLY_WIDE,   "fffeff fe 0100 7800", 1, 8 },
    { "… of these alone",             "",    "cstringa", DEED_LENGTH_TAKEN, 0xfe | ONLY_WIDE,   "fe 78*254", 254, 255 },
    { "… of narrow strings alone",    "",    "cstringw", DEED_LENGTH_TAKEN, 0xfe | ONLY_NARROW, "fffeff fe 7800*254", 254, 512 },
    { "80 for FF",                    "",    "cstringa", DEED_LENGTH_TAKEN, 0x80,               "80 0100 78", 1, 4 },
    { "… 7F not",                     "",    "cstringa", DEED_LENGTH_TAKEN, 0x80,               "7f 78*127", 127, 128 },
    { "FFFD for FFFF",                "",    "cstringa", DEED_LENGTH_TAKEN, 0xfffd,             "ff fdff 01000000 78", 1, 8 },
    { "8000 for FFFF, of lengths",    "",    "cstringa", DEED_LENGTH_TAKEN, 0x8000,             "ff 0080 01000000 78", 1, 8 },
    { "… and the mark is known",      "",    "cstringw", DEED_LENGTH_TAKEN, 0x8000,             "fffeff 01 7800", 1, 6 },
    { "a wide length of a byte",      "",    "cstringw", DEED_LENGTH_SHORT, 1 | ONLY_WIDE,      "fffeff ff 0100 7800*254", 255, 514 },
    { "… which is too long",          "",    "cstringw", DEED_LENGTH_SHORT, 1 | ONLY_WIDE,      "fffeff ff 0100 7800", 0, WAITS },
    { "the mark before a narrow one", "",    "cstringw", DEED_LENGTH_SHORT, 1 | ONLY_NARROW,    "fffeff 01 7800", 1, 6 },
    { "bytes for wide units",         "",    "cstringw", DEED_WIDE_AS_NARROW, 0,                "fffeff 02 7800", 2, 6 },
    { "… of none",                    "",    "cstringa", DEED_WIDE_AS_NARROW, 0,                "02 7800", 2, 3 },
};
// clang-format on

static struct profile profile_for(const char *text)
{
    struct profile p = profile_default;
    struct error err;

    bool good = *text == 0 || profile_parse(text, &p, &err);
    cr_assert(good, "%s", text);
    return p;
}

Test(forms, a_reader_takes_one_for_another, .timeout = 10)
{
    for (const struct read_row *row = reads; row < reads + COUNT_OF(reads); row++) {
        SCRATCH(keep);
        struct profile p = profile_for(row->profile);
        const struct mistake m = { .key = "x", .deed = row->deed, .n = row->n, .reads = true };
        struct reading *g = reading_new(&m, &p, &keep);
        struct reader r = { 0 };
        struct value v;
        cr_assert(hex_read(row->wire, &keep, &r.in) == NULL, "%s", row->label);
        reading_message(g, true, 0);
        reading_get(g, &r, (struct type_ref){ .type = type_named(row->type).type }, &v);
        if (row->at == WAITS) {
            cr_expect(r.status != WIRE_OK, "%s", row->label);
            continue;
        }
        int64_t is = v.of.type->kind == VALUE_STRING ? (int64_t)(v.data.len / (v.wide ? 2 : 1)) : (int64_t)v.number;
        cr_expect(r.status == WIRE_OK && r.at == row->at && is == row->is, "%s: %lld, %zu bytes", row->label, (long long)is, r.at);
    }
}

// clang-format off
static const struct tag_row {
    const char *label;
    enum deed deed;
    int64_t n;
    size_t entries;     // before the class of the object
    const char *tags;   // of a further object of its class, and of the object
} tags[] = {
    { "short ones",          DEED_NONE,          0,                     0x7ffc, "fdff 07000000 fe7f" },
    { "the last short one",  DEED_TAG_EARLY,     0x7ffe,                0x7ffc, "fdff 07000000 ff7f fe7f0000" },
    { "… and a class's",     DEED_TAG_EARLY,     0x7ffe,                0x7ffd, "ff7f fe7f0080 07000000 ff7f ff7f0000" },
    { "… of objects alone",  DEED_TAG_EARLY,     0x7ffe | ONLY_OBJECTS, 0x7ffd, "feff 07000000 ff7f ff7f0000" },
    { "the first long one",  DEED_NONE,          0,                     0x7ffd, "feff 07000000 ff7f ff7f0000" },
    { "… in the short form", DEED_TAG_LATE,      0x7fff,                0x7ffd, "feff 07000000 ff7f" },
    { "… of classes",        DEED_TAG_LATE,      0x7fff | ONLY_CLASSES, 0x7ffe, "ffff 07000000 ff7f 00800000" },
    { "… beyond it",         DEED_TAG_LATE,      0x7fff,                0x7fff, "ff7f 00800080 07000000 ff7f 01800000" },
    { "short alone",         DEED_TAG_SHORT,     ONLY_OBJECTS,          0x7ffe, "ff7f ff7f0080 07000000 0080" },
    { "a class's in bit 15", DEED_TAG_CLASS_BIT, 0x8000,                0x7ffe, "ff7f ffff0000 07000000 ff7f 00800000" },
    { "a class's without",   DEED_TAG_CLASS_BIT, 0,                     0x7ffe, "ff7f ff7f0000 07000000 ff7f 00800000" },
};
// clang-format on

Test(forms, a_writer_has_tags_long_too_early_or_too_late, .timeout = 10)
{
    static const char *const texts[] = { "CAge(7)", "CAge(7)", "@1" };

    for (const struct tag_row *row = tags; row < tags + COUNT_OF(tags); row++) {
        SCRATCH(keep);
        CLEANUP(buffer_free) struct buffer made = { 0 };
        const struct mistake m = { .key = "x", .deed = row->deed, .n = row->n };
        struct writing *w = writing_new(&m, &profile_default, &keep);
        struct bytes due;
        cr_assert(hex_read(row->tags, &keep, &due) == NULL, "%s", row->label);
        writing_message(w, true);
        writing_skip(w, row->entries);
        for (size_t i = 0; i < COUNT_OF(texts); i++) {
            struct value *v = ARENA_NEW(&keep, struct value); // later ones refer to it
            struct error err;
            cr_assert(value_parse(texts[i], type_named("object"), &profile_default, &keep, v, &err), "%s", err.text);
            made.len = i ? made.len : 0;
            writing_put(w, v, &made);
            made.len = i ? made.len : 0; // the first one describes the class
        }
        TEXT(hex);
        text_hex(&hex, buffer_bytes(&made), true);
        cr_expect(bytes_equal(buffer_bytes(&made), due), "%s: %s", row->label, text_string(&hex));
    }
}

/* A mistake in one kind of string, or of tag, is within the same in all. */
Test(forms, one_kind_alone_is_within_all, .timeout = 10)
{
    static const struct mistake all = { .deed = DEED_LENGTH_SHORT, .n = 1 }, wide = { .deed = DEED_LENGTH_SHORT, .n = 1 | ONLY_WIDE },
                                other = { .deed = DEED_LENGTH_SHORT, .n = 3 }, negative = { .deed = DEED_LENGTH_BYTES, .n = -2 };

    cr_expect(form_is_within(&all, &wide) && !form_is_within(&wide, &all) && !form_is_within(&all, &all) && !form_is_within(&other, &wide));
    cr_expect(form_is_of_width(&wide, true) && !form_is_of_width(&wide, false) && form_is_of_width(&negative, false));
    cr_expect(form_number(&wide) == 1 && form_number(&negative) == -2);
}
