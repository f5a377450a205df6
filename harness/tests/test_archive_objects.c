/*
 * Objects, classes and the numbers they get: golden bytes of the fact sheet and of recordings, what is
 * malformed, and the edges of tags.
 */
#include "archive/objects.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "test_archive.h"

#define ANSI  "charset=ansi"
#define CAGE  "ffff 0100 0400 43416765 "
#define CNODE "ffff 0300 0500 434e6f6465 "

// clang-format off
static const struct golden rows[] = {
    { "E65", "", "object", "null",                   "00 00"                                  },
    { "E66", "", "object", "CAge(21)",               "ff ff 01 00 04 00 43 41 67 65 15 00 00 00" },
    { "E67", "", "object,object", "CAge(21) CAge(22)",
      "ff ff 01 00 04 00 43 41 67 65 15 00 00 00 01 80 16 00 00 00" },
    { "E68", "", "object,object,object,object,object", "CAge(21) CAge(22) @1 @2 null",
      "ff ff 01 00 04 00 43 41 67 65 15 00 00 00 01 80 16 00 00 00 02 00 03 00 00 00" },
    { "E69", "", "object", "CNode(7,@1)",            "ff ff 03 00 05 00 43 4e 6f 64 65 07 00 00 00 02 00" },
    { "E70", "", "object", "CNode(1,CNode(2,@1))",
      "ff ff 03 00 05 00 43 4e 6f 64 65 01 00 00 00 01 80 02 00 00 00 02 00" },
    { "E71", "", "object,object,object", "CNode(5,CAge(9)) CAge(10) @2",
      "ff ff 03 00 05 00 43 4e 6f 64 65 05 00 00 00 ff ff 01 00 04 00 43 41 67 65 09 00 00 00 03 80 0a 00 00 00 04 00" },
    { "E72", "", "class,int", "CAge:1 4",            "ff ff 01 00 04 00 43 41 67 65 04 00 00 00" },
    { "E81", "", "object", "CStringList[]",
      "ff ff 00 00 0b 00 43 53 74 72 69 6e 67 4c 69 73 74 00 00" },
    { "E82", "", "object,object", "CAge(21) @1",     "ff ff 01 00 04 00 43 41 67 65 15 00 00 00 02 00" },
    { "E126", "", "object", "CByteArray[170]",
      "ff ff 00 00 0a 00 43 42 79 74 65 41 72 72 61 79 01 00 aa" },
    { "E148", ANSI, "object,object",
      "CNetMessage(u:0061006c,u:00680069,946684800) CNetMessage(u:0061006c,u:0079006f,946684801)",
      "ff ff 01 00 0b 00 43 4e 65 74 4d 65 73 73 61 67 65 02 61 6c 02 68 69 80 43 6d 38"
      "01 80 02 61 6c 02 79 6f 81 43 6d 38" },
    { "E118", ANSI, "mapstringtoob", "{u:006e=null}", "01 00 01 6e 00 00" },
    { "E119", "", "mapwordtoob", "{5=CAge(30)}",
      "01 00 05 00 ff ff 01 00 04 00 43 41 67 65 1e 00 00 00" },
    { "E120", "", "oblist", "[CAge(1),null,@1]",
      "03 00 ff ff 01 00 04 00 43 41 67 65 01 00 00 00 00 00 02 00" },
    { "E116", ANSI, "stringlist", "[u:0078,u:0079007a]", "02 00 01 78 02 79 7a" },
    { "E117", ANSI, "mapstringtostring", "{u:006b=u:0076}", "01 00 01 6b 01 76" },
    { "the class requested", "", "object:CAge,object:CAge,object:CAge", "CAge(21) @1 null",
      CAGE "15000000 0200 0000" },
    { "an array in an array", "", "object", "CObArray[CObArray[@1,@2],@2]",
      "ffff 0000 0800 434f624172726179 0200 0180 0200 0200 0300 0300" },
    /* recorded from mfc140u.dll 14.0 x64 */
    { "refs", "", "object", "CObArray[CStringArray[u:0078],CStringArray[u:0079],@2,null,@3]",
      "ffff00000800434f6241727261790500ffff00000c0043537472696e6741727261790100fffeff01780003800100fffe"
      "ff017900040000000500" },
    { "user", "", "object,object,object,object",
      "CTestPoint(1,2,CTestPoint(3,4,CTestPoint(5,6,null))) @2 CVersioned:3(99) @4",
      "ffff07000a004354657374506f696e740100000002000000018003000000040000000180050000000600000000000300"
      "ffff03000a004356657273696f6e6564630000000600" },
    { "class", "", "class,class,class,object", "CTestPoint:7 CTestPoint:7 CVersioned:3 CTestPoint(7,8,null)",
      "ffff07000a004354657374506f696e740180ffff03000a004356657273696f6e6564018007000000080000000000" },
    /* recorded from mfc42.dll 6.02 x86 */
    { "mfc42_refs", "generation=4.2,charset=ansi", "object",
      "CObArray[CStringArray[u:0078],CStringArray[u:0079],@2,null,@3]",
      "ffff00000800434f6241727261790500ffff00000c0043537472696e67417272617901000178038001000179040000000500" },
    { "mfc42_user", "generation=4.2,charset=ansi", "object,object",
      "CTestPoint(1,2,CTestPoint(3,4,CTestPoint(5,6,null))) @2",
      "ffff07000a004354657374506f696e740100000002000000018003000000040000000180050000000600000000000300" },
    /* SCH-3: the stream's schema stays with the class; below 700 a letter has no stamp */
    { "an older letter", ANSI, "object,object", "CLetter:600(u:0041) CLetter:600(u:0042)",
      "ffff 5802 0700 434c6574746572 0141 0180 0142" },
    { "a present letter", ANSI, "object", "CLetter:700(u:0041,5)",
      "ffff bc02 0700 434c6574746572 0141 05000000" },
    { "a newer CVersioned", "", "object,class", "CVersioned:4(42) CVersioned:4",
      "ffff 0400 0a00 4356657273696f6e6564 2a000000 0180" },
    { "another schema is described anew", ANSI, "object,object,object",
      "CLetter:600(u:0041) CLetter:700(u:0042,5) CLetter:700(u:0043,6)",
      "ffff 5802 0700 434c6574746572 0141 ffff bc02 0700 434c6574746572 0142 05000000"
      "ffff bc02 0700 434c6574746572 0143 06000000" },
    { "also after its own", ANSI, "object,object,object",
      "CLetter:700(u:0041,5) CLetter:600(u:0042) CLetter:600(u:0043)",
      "ffff bc02 0700 434c6574746572 0141 05000000 ffff 5802 0700 434c6574746572 0142 0380 0143" },
    /* [8.2, 8.3] */
    { "E87", "generation=7.1", "time", "946684800",  "80 43 6d 38"                         },
    { "E88", "", "time",       "946684800",          "0a 00 00 80 80 43 6d 38 00 00 00 00" },
    { "E89", "generation=8", "time", "1570114075",   "0a 00 00 80 1b 0a 96 5d 00 00 00 00" },
    { "E90", "", "time",       "2208988800",         "0a 00 00 80 80 7e aa 83 00 00 00 00" },
    { "E91", "generation=7.0", "time", "0",          "00 00 00 00"                         },
    { "E92", "", "time64",     "946684800",          "80 43 6d 38 00 00 00 00"             },
    { "E93", "", "timespan",   "86400",              "80 51 01 00"                         },
    { "E94", "", "timespan",   "-60",                "c4 ff ff ff"                         },
    { "E95", "", "oledatetime", "(0,40e1d5c000000000)", "00 00 00 00 00 00 00 00 c0 d5 e1 40" },
    { "E96", "", "oledatetime", "(2,0000000000000000)", "02 00 00 00 00 00 00 00 00 00 00 00" },
    { "E97", "", "oledatetimespan", "(0,3ff8000000000000)", "00 00 00 00 00 00 00 00 00 00 f8 3f" },
    { "E99", "", "olecurrency", "(0,123400)",        "00 00 00 00 00 00 00 00 08 e2 01 00" },
    { "E100", "", "olecurrency", "(0,-10000)",       "00 00 00 00 ff ff ff ff f0 d8 ff ff" },
    { "E101", "", "olevariant", "(0)",               "00 00"                               },
    { "E102", "", "olevariant", "(3,7)",             "03 00 07 00 00 00"                   },
    { "E103", "", "olevariant", "(11,true)",         "0b 00 ff ff"                         },
    { "E104", "", "olevariant", "(8,u:00480069)",    "08 00 04 00 00 00 48 00 69 00"       },
    { "E105", "", "olevariant", "(6,123400)",        "06 00 08 e2 01 00 00 00 00 00"       },
    { "E106", "", "olevariant", "(5,3ff0000000000000)", "05 00 00 00 00 00 00 00 f0 3f"    },
    { "E107", "", "olevariant", "(17,200)",          "11 00 c8"                            },
    { "E108", "", "olevariant", "(20,-1)",           "14 00 ff ff ff ff ff ff ff ff"       },
    { "E109", "", "combstr",    "u:00480069",        "02 00 00 00 48 00 69 00"             },
};
// clang-format on

Test(archive_objects, golden_bytes_load, .timeout = 10)
{
    golden_loads(rows, COUNT_OF(rows), false);
}

Test(archive_objects, texts_become_golden_bytes, .timeout = 10)
{
    golden_stores(rows, COUNT_OF(rows));
}

Test(archive_objects, every_strict_prefix_is_short_and_leaves_the_table_alone, .timeout = 10)
{
    golden_prefixes(rows, COUNT_OF(rows));
}

Test(archive_objects, a_changed_byte_does_no_harm, .timeout = 60)
{
    golden_changes(rows, COUNT_OF(rows));
}

/* Read, though no writer of that kind produces it. */
// clang-format off
static const struct golden longer[] = {
    { "N16", "", "object",        "null",         "ff 7f 00 00 00 00"                   },
    { "OBJ-3, class", "", "object,object", "CAge(1) CAge(2)", CAGE "01000000 ff7f 01000080 02000000" },
    { "OBJ-3, object", "", "object,object", "CAge(1) @1", CAGE "01000000 ff7f 02000000"  },
};
static const struct golden read_only[] = {
    { "N31", "", "object,object,object", "CAge(1) CAge(2) CAge(3)",
      CAGE "01000000" CAGE "02000000 0380 03000000"                                      },
    /* 6.5 row 10: what is remembered is the class's, whichever description the reference names */
    { "SCH-3, the first of two", "", "object,object,object", "CVersioned:3(1) CVersioned:2(2) CVersioned:2(3)",
      "ffff0300 0a00 4356657273696f6e6564 01000000 ffff0200 0a00 4356657273696f6e6564 02000000 0180 03000000" },
    { "SCH-3, its own does not undo it", ANSI, "object,object,object",
      "CLetter:600(u:0041) CLetter:700(u:0042,5) CLetter:600(u:0043)",
      "ffff 5802 0700 434c6574746572 0141 ffff bc02 0700 434c6574746572 0142 05000000 0380 0143" },
    { "N36", "", "time,byte",     "946684800 7",  "80 43 6d 38 07"                       },
    { "N38", "generation=7.1", "time,dword,dword", "-2147483638 946684800 0",
      "0a 00 00 80 80 43 6d 38 00 00 00 00"                                              },
    { "signed legacy time", "", "time", "-1",     "ff ff ff ff"                          },
    { "any word is true", "", "olevariant", "(11,true)", "0b 00 01 00"                   },
    { "VAL-10", "generation=7.0", "olevariant,byte", "(20) 7", "14 00 07"                },
    { "later value counts", "", "mapwordtoob", "{5=null}",
      "0200 0500" CAGE "1e000000 0500 0000"                                              },
    { "and its object counts", "", "mapwordtoob,object", "{5=null} CAge(2)",
      "0200 0500" CAGE "1e000000 0500 0000 0180 02000000"                                },
    { "keys are sorted by their text", "", "mapwordtoob", "{10=CAge(1),5=@1}",
      "0200 0500" CAGE "01000000 0a00 0200"                                              },
    { "also string keys", ANSI, "mapstringtostring", "{u:0061=u:,u:0062=u:0078}", "0200 0162 0178 0161 00" },
};
// clang-format on

Test(archive_objects, what_no_writer_produces_loads, .timeout = 10)
{
    golden_loads(longer, COUNT_OF(longer), true);
    golden_loads(read_only, COUNT_OF(read_only), false);
    golden_prefixes(longer, COUNT_OF(longer));
    golden_prefixes(read_only, COUNT_OF(read_only));
    golden_changes(read_only, COUNT_OF(read_only));
}

Test(archive_objects, MFC_7_0_forgets_the_status_of_a_time_span, .timeout = 10)
{
    static const struct golden e98 = { "E98", "generation=7.0", "oledatetimespan",
                                       "(0,3ff8000000000000)", "00 00 00 00 00 00 f8 3f" };

    struct profile p = profile_of(e98.profile);
    struct type_ref t;
    struct error err;
    struct value v;
    SCRATCH(keep);
    TEXT(told);

    golden_stores(&e98, 1);
    struct reader wants = { .in = wire_of(e98.wire, &keep) }, wrote = wants;
    wrote.written = true;
    cr_assert(type_parse(e98.types, &t, &err));
    value_load(&wants, &p, NULL, t, &keep, &v);
    cr_expect(eq(int, wants.status, WIRE_SHORT));
    value_load(&wrote, &p, NULL, t, &keep, &v);
    cr_expect(eq(int, wrote.status, WIRE_OK));
    value_text(&told, &v);
    cr_expect(eq(str, (char *)text_string(&told), (char *)e98.text));
}

/* What fails, with the cause of MFC's exception and the place of the offending bytes. */
// clang-format off
static const struct bad_row {
    const char *label, *profile, *before, *type, *wire;
    enum wire_status status;
    enum cause cause;
    size_t at;
    size_t left; // BAD: bytes that MFC has not read by then
} bad[] = {
    /* label                profile           loaded before     type           wire                      */
    { "N13",                "",               "",               "object",      "00 80",                  WIRE_BAD,   CAUSE_BAD_INDEX,  0 },
    { "N14",                "",               "",               "object",      "01 00",                  WIRE_BAD,   CAUSE_BAD_INDEX,  0 },
    { "N15",                "",               "",               "object",      "01 80",                  WIRE_BAD,   CAUSE_BAD_INDEX,  0 },
    { "N17",                "",               "",               "object",      "ff 7f ff ff ff ff",      WIRE_BAD,   CAUSE_BAD_INDEX,  0 },
    { "N18",                "",               "",               "object",      "ff ff 01 00 40 00 41",   WIRE_BAD,   CAUSE_BAD_CLASS,  4, 1 },
    { "N19",                "",               "",               "object",      "ff ff 01 00 3f 00 41*63", WIRE_BAD,  CAUSE_BAD_CLASS,  6 },
    { "N20",                "",               "",               "object",      "ff ff 01 00 00 00",      WIRE_BAD,   CAUSE_BAD_CLASS,  6 },
    { "N21",                "",               "",               "object",      "ff ff 01 00 04 00 43 41", WIRE_SHORT, CAUSE_BAD_CLASS, 6 },
    { "N21, no name at all", "",              "",               "object",      "ff ff 01 00 04 00",      WIRE_SHORT, CAUSE_BAD_CLASS,  6 },
    { "N22",                "",               "",               "object",      "ff ff 01 00",            WIRE_SHORT, CAUSE_END_OF_FILE, 4 },
    { "row 3",              "",               "",               "object",      "ff",                     WIRE_SHORT, CAUSE_END_OF_FILE, 0 },
    { "row 3, big",         "",               "",               "object",      "ff 7f 00 00",            WIRE_SHORT, CAUSE_END_OF_FILE, 2 },
    { "row 7, schema",      "",               "",               "object",      "ff ff 01",               WIRE_SHORT, CAUSE_END_OF_FILE, 2 },
    { "cut body",           "",               "",               "object",      CAGE "15 00 00",          WIRE_SHORT, CAUSE_END_OF_FILE, 10 },
    { "N23",                "",               "",               "object",      "ffff 0200 0400 43416765", WIRE_BAD,  CAUSE_BAD_SCHEMA, 2 },
    { "N23, requested",     "",               "",               "object:CAge", "ffff 0200 0400 43416765", WIRE_BAD,  CAUSE_BAD_SCHEMA, 2 },
    { "OBJ-24, case",       "",               "",               "object",      "ffff 0100 0400 63416765", WIRE_BAD,  CAUSE_BAD_CLASS,  6 },
    { "N25",                "",               "",               "object:CNode", CAGE,                    WIRE_BAD,   CAUSE_BAD_CLASS,  0 },
    { "N25, by reference",  "",               CAGE "01000000",  "object:CNode", "01 80",                 WIRE_BAD,   CAUSE_BAD_CLASS,  0 },
    { "N26",                "",               CAGE "01000000",  "object:CNode", "02 00",                 WIRE_BAD,   CAUSE_BAD_CLASS,  0 },
    { "N27",                "",               CAGE "01000000",  "object",      "01 00",                  WIRE_BAD,   CAUSE_BAD_INDEX,  0 },
    { "N27, 9",             "generation=9",   CAGE "01000000",  "object",      "01 00",                  WIRE_BAD,   CAUSE_BAD_INDEX,  0 },
    { "N27, 8",             "generation=8",   CAGE "01000000",  "object",      "01 00",                  WIRE_BAD,   CAUSE_NONE,       0 },
    { "N28",                "",               CAGE "01000000",  "object",      "02 80",                  WIRE_BAD,   CAUSE_BAD_INDEX,  0 },
    { "N29",                "",               CAGE "01000000",  "object",      "03 00",                  WIRE_BAD,   CAUSE_BAD_INDEX,  0 },
    { "N29, class",         "",               CAGE "01000000",  "object",      "03 80",                  WIRE_BAD,   CAUSE_BAD_INDEX,  0 },
    { "N30",                "",               "",               "class",       "00 00",                  WIRE_BAD,   CAUSE_BAD_INDEX,  0 },
    { "N30, an object",     "",               CAGE "01000000",  "class",       "02 00",                  WIRE_BAD,   CAUSE_BAD_INDEX,  0 },
    { "inside a body",      "",               "",               "object",      CNODE "07000000 0300",    WIRE_BAD,   CAUSE_BAD_INDEX, 15 },
    { "inside an array",    "",               "",               "obarray",     "ff ff fe ff ff ff 09 00", WIRE_BAD,  CAUSE_BAD_INDEX,  6 },
    { "N37",                "",               "",               "time",        "0a 00 00 80",            WIRE_SHORT, CAUSE_END_OF_FILE, 4 },
    { "VT_DISPATCH",        "",               "",               "olevariant",  "09 00",                  WIRE_BAD,   CAUSE_NONE,       2 },
    { "a cut RECT in 7.1, not inside an object", "generation=7.1", "", "object", CNODE "0700",           WIRE_SHORT, CAUSE_END_OF_FILE, 11 },
    { "COL-2, inside an object", "generation=7.1", "",          "object", "ffff 0000 0a00 43427974654172726179 0500 01", WIRE_SHORT, CAUSE_NONE, 18 },
};
// clang-format on

Test(archive_objects, failures_have_MFCs_cause_and_a_place, .timeout = 10)
{
    for (const struct bad_row *b = bad; b < bad + COUNT_OF(bad); b++) {
        SCRATCH(keep);
        struct profile p = profile_of(b->profile);
        struct object_table *table = object_table_new(&keep);
        struct reader first = { .in = wire_of(b->before, &keep) };
        struct reader r = { .in = wire_of(b->wire, &keep) };
        struct type_ref t;
        struct error err;
        struct value v;
        cr_assert(type_parse("object", &t, &err));
        if (first.in.len)
            value_load(&first, &p, table, t, &keep, &v);
        struct object_mark before = object_table_mark(table);
        cr_assert(type_parse(b->type, &t, &err), "%s", err.text);
        value_load(&r, &p, table, t, &keep, &v);
        cr_expect(eq(int, r.status, b->status), "%s", b->label);
        cr_expect(eq(int, b->status == WIRE_BAD ? r.cause : r.cut, b->cause), "%s", b->label);
        cr_expect(eq(sz, r.at, b->at), "%s", b->label);
        cr_expect(b->status != WIRE_BAD || r.taken == r.in.len - b->left, "%s", b->label);
        cr_expect(eq(sz, object_table_entries(table), before.entries), "%s", b->label);
        cr_expect(eq(sz, object_table_objects(table), before.objects), "%s", b->label);
    }
}

/* E74 to E80: tags on both sides of the threshold, by entries that were carried unseen. */
// clang-format off
static const struct big_row {
    size_t skipped;         // entries before; then come a class and an object
    const char *again;      // a further object of that class, and the first one again
} bigs[] = {
    { 0,       "01 80 02 00 00 00 | 02 00"                           },
    { 0x7ffc,  "fd ff 02 00 00 00 | fe 7f"                           },
    { 0x7ffd,  "fe ff 02 00 00 00 | ff 7f ff 7f 00 00"               },
    { 0x7ffe,  "ff 7f ff 7f 00 80 02 00 00 00 | ff 7f 00 80 00 00"   },
    { 0x7fff,  "ff 7f 00 80 00 80 02 00 00 00 | ff 7f 01 80 00 00"   },
    { 0x12343, "ff 7f 44 23 01 80 02 00 00 00 | ff 7f 45 23 01 00"   },
};
// clang-format on

Test(archive_objects, big_indexes_take_big_tags, .timeout = 10)
{
    for (const struct big_row *b = bigs; b < bigs + COUNT_OF(bigs); b++) {
        SCRATCH(keep);
        TEXT(told);
        CLEANUP(buffer_free) struct buffer w = { 0 };
        struct object_table *out = object_table_new(&keep), *in = object_table_new(&keep);
        static const char *const texts[] = { "CAge(1)", "CAge(2)", "@1" };
        struct type_ref t;
        struct error err;
        struct value v;
        object_table_skip(out, b->skipped);
        object_table_skip(in, b->skipped);
        cr_assert(type_parse("object", &t, &err));
        for (size_t i = 0; i < COUNT_OF(texts); i++) {
            cr_assert(value_parse(texts[i], t, &profile_default, &keep, &v, &err));
            value_store(&w, &profile_default, out, &v);
        }
        cr_expect(bytes_equal(bytes_slice(buffer_bytes(&w), 14, w.len), wire_of(b->again, &keep)),
                  "%zx", b->skipped);
        struct reader r = { .in = buffer_bytes(&w) };
        for (size_t i = 0; i < COUNT_OF(texts); i++) {
            value_load(&r, &profile_default, in, t, &keep, &v);
            cr_assert(eq(int, r.status, WIRE_OK));
            value_text(&told, &v);
        }
        cr_expect(eq(str, (char *)text_string(&told), "CAge(1)CAge(2)@1"));
        cr_expect(not(r.loose));
    }
}

Test(archive_objects, without_a_table_each_value_has_a_fresh_one, .timeout = 10)
{
    SCRATCH(keep);
    struct bytes wire = wire_of(CAGE "15000000", &keep);
    struct type_ref t;
    struct error err;
    struct value v;

    cr_assert(type_parse("object", &t, &err));
    for (int i = 0; i < 2; i++) {
        CLEANUP(buffer_free) struct buffer w = { 0 };
        struct reader r = { .in = wire };
        value_load(&r, &profile_default, NULL, t, &keep, &v);
        cr_expect(eq(u64, v.number, 1));
        value_store(&w, &profile_default, NULL, &v);
        cr_expect(bytes_equal(buffer_bytes(&w), wire));
    }
}

Test(archive_objects, what_is_taken_back_was_never_there, .timeout = 10)
{
    SCRATCH(keep);
    CLEANUP(buffer_free) struct buffer w = { 0 };
    struct object_table *table = object_table_new(&keep);
    struct bytes wire = wire_of(CAGE "15000000" CAGE "15000000 0180 15000000", &keep);
    struct type_ref t;
    struct error err;
    struct value v;

    cr_assert(type_parse("object", &t, &err));
    cr_assert(value_parse("CAge(21)", t, &profile_default, &keep, &v, &err));
    value_store(&w, &profile_default, table, &v);
    object_table_rollback(table, (struct object_mark){ 0 });
    value_store(&w, &profile_default, table, &v);
    struct object_mark one = object_table_mark(table);
    for (int i = 0; i < 3; i++) {
        w.len = 28;
        object_table_rollback(table, one);
        value_store(&w, &profile_default, table, &v);
    }
    cr_expect(bytes_equal(buffer_bytes(&w), wire));
}

Test(archive_objects, MapObject_takes_an_index_and_no_number, .timeout = 10)
{
    SCRATCH(keep);
    struct object_table *table = object_table_new(&keep);
    struct reader r = { .in = wire_of(CAGE "01000000 0300 0100", &keep) }; // E73
    struct type_ref t;
    struct error err;
    struct value v;

    cr_assert(type_parse("object", &t, &err));
    object_table_skip(table, 1);
    value_load(&r, &profile_default, table, t, &keep, &v);
    cr_expect(eq(u64, v.number, 1));
    value_load(&r, &profile_default, table, t, &keep, &v);
    cr_expect(eq(u64, v.number, 1));
    value_load(&r, &profile_default, table, t, &keep, &v);
    cr_expect(eq(int, r.status, WIRE_BAD), "a reference to what nobody saw");
}

static struct value made(const char *type, const char *text, struct arena *keep)
{
    struct type_ref t;
    struct error err;
    struct value v = { 0 };

    cr_assert(type_parse(type, &t, &err), "%s", err.text);
    cr_assert(value_parse(text, t, &profile_default, keep, &v, &err), "%s", err.text);
    return v;
}

static struct value loaded(const char *type, const char *hex, struct arena *keep)
{
    struct reader r = { .in = wire_of(hex, keep) };
    struct type_ref t;
    struct error err;
    struct value v = { 0 };

    cr_assert(type_parse(type, &t, &err), "%s", err.text);
    value_load(&r, &profile_default, object_table_new(keep), t, keep, &v);
    cr_assert(eq(int, r.status, WIRE_OK));
    return v;
}

Test(archive_objects, maps_are_equal_by_content, .timeout = 10)
{
    SCRATCH(keep);
    struct value one = loaded("mapwordtoob", "0200 0500" CAGE "01000000 0a00 0200", &keep);
    struct value other = loaded("mapwordtoob", "0200 0a00" CAGE "01000000 0500 0200", &keep);
    struct value text = made("mapwordtoob", "{5=@1,10=CAge(1)}", &keep);
    struct value twice = made("mapwordtoob", "{5=null,5=@1,10=CAge(1)}", &keep);
    struct value wrong = made("mapwordtoob", "{5=@1,10=CAge(2)}", &keep);
    struct value less = made("mapwordtoob", "{10=CAge(1)}", &keep);
    struct value two = loaded("mapwordtoob", "0200 0500" CAGE "01000000 0a00 0180 01000000", &keep);
    struct value swapped =
        loaded("mapwordtoob", "0200 0a00" CAGE "01000000 0500 0180 01000000", &keep);
    const struct value *same[] = { &one, &other, &text, &twice };

    cr_expect(value_equal(&two, &swapped));

    for (size_t i = 0; i < COUNT_OF(same); i++) {
        for (size_t j = 0; j < COUNT_OF(same); j++)
            cr_expect(value_equal(same[i], same[j]), "%zu %zu", i, j);
        cr_expect(not(value_equal(same[i], &wrong)), "%zu", i);
        cr_expect(not(value_equal(&wrong, same[i])), "%zu", i);
        cr_expect(not(value_equal(same[i], &less)), "%zu", i);
        cr_expect(not(value_equal(same[i], &two)), "%zu: two objects are not one", i);
        cr_expect(not(value_equal(&two, same[i])), "%zu: two objects are not one", i);
    }
}

// clang-format off
static const struct pair_row {
    const char *type, *a, *b;
} unequal[] = {
    { "object", "null", "@1" },                  { "object", "@1", "@2" },
    { "object", "CAge(1)", "CAge(2)" },          { "object", "CAge(1)", "null" },
    { "object", "CAge(1)", "CVersioned:3(1)" },  { "object", "CVersioned:3(1)", "CVersioned:4(1)" },
    { "object", "CNode(1,null)", "CNode(1,@1)" }, { "object", "CNode(1,@1)", "CNode(1,CNode(1,@1))" },
    { "class", "CAge:1", "CNode:3" },            { "class", "CLetter:600", "CLetter:700" },
    { "olevariant", "(0)", "(1)" },              { "olevariant", "(3,1)", "(10,1)" },
    { "stringlist", "[u:0041]", "[u:0041,u:]" }, { "combstr", "u:0041", "u:0042" },
};

static const struct text_row {
    const char *type, *text, *error;
} refused[] = {
    { "object",  "CFoo(1)",          "object: expected a class, found \"CFoo(1)\""              },
    { "object",  "cage(1)",          "object: expected a class, found \"cage(1)\""              },
    { "object",  "",                 "object: expected a class, found the end"                  },
    { "object",  "nullx",            "object: expected the end, found \"x\""                    },
    { "object",  "@0",               "object: expected a number from 1 to 4294967295, found \"0\"" },
    { "object",  "@x",               "object: expected a number from 1 to 4294967295, found \"x\"" },
    { "object",  "CAge",             "object: expected '(', found the end"                      },
    { "object",  "CAge:1(5)",        "object: expected '(', found \":1(5)\""                    },
    { "object",  "CVersioned(5)",    "object: expected ':', found \"(5)\""                      },
    { "object",  "CLetter:600(u:,1)", "object: expected ')', found \",1)\""                     },
    { "object",  "CLetter:700(u:)",  "object: expected ',', found \")\""                        },
    { "object",  "CByteArray(1)",    "object: expected '[', found \"(1)\""                      },
    { "object:CNode", "CAge(1)",     "object:CNode: expected CNode, found \"CAge(1)\""          },
    { "class",   "CAge",             "class: expected ':', found the end"                       },
    { "class",   "CAge:2",           "class: expected the class's own schema, found \":2\""     },
    { "olevariant", "(12,1)",        "olevariant: expected a vartype of this generation, found \"12,1)\"" },
    { "olevariant", "(3)",           "olevariant: expected ',', found \")\""                    },
    { "olevariant", "(0,1)",         "olevariant: expected ')', found \",1)\""                  },
    { "mapwordtoob", "{5:null}",     "mapwordtoob: expected '=', found \":null}\""              },
    { "mapwordtoob", "{u:0041=null}", "mapwordtoob: expected a number from 0 to 65535, found \"u:0041=null}\"" },
    { "obarray", "[null",            "obarray: expected ',', found the end"                     },
};
// clang-format on

Test(archive_objects, different_values_are_not_equal, .timeout = 10)
{
    for (const struct pair_row *x = unequal; x < unequal + COUNT_OF(unequal); x++) {
        SCRATCH(keep);
        struct value a = made(x->type, x->a, &keep), b = made(x->type, x->b, &keep);
        cr_expect(not(value_equal(&a, &b)), "%s %s", x->a, x->b);
        cr_expect(not(value_equal(&b, &a)), "%s %s", x->b, x->a);
        cr_expect(value_equal(&a, &a), "%s", x->a);
    }
}

Test(archive_objects, texts_that_are_none_are_refused_with_reason, .timeout = 10)
{
    for (const struct text_row *x = refused; x < refused + COUNT_OF(refused); x++) {
        SCRATCH(keep);
        struct error err = { 0 };
        struct type_ref t;
        struct value v;
        cr_assert(type_parse(x->type, &t, &err), "%s", err.text);
        cr_expect(not(value_parse(x->text, t, &profile_default, &keep, &v, &err)), "%s", x->text);
        cr_expect(eq(str, err.text, (char *)x->error));
    }
}

Test(archive_objects, values_of_later_generations_are_refused_in_text, .timeout = 10)
{
    SCRATCH(keep);
    struct profile p70 = profile_of("generation=7.0"), p71 = profile_of("generation=7.1");
    struct error err = { 0 };
    struct type_ref variant, time;
    struct value v;

    cr_assert(type_parse("olevariant", &variant, &err));
    cr_assert(type_parse("time", &time, &err));
    cr_expect(not(value_parse("(20,1)", variant, &p70, &keep, &v, &err)));
    cr_expect(value_parse("(20,1)", variant, &p71, &keep, &v, &err));
    cr_expect(not(value_parse("2147483648", time, &p71, &keep, &v, &err)));
    cr_expect(value_parse("2147483648", time, &profile_default, &keep, &v, &err));
}

// clang-format off
static const struct storable_row {
    const char *type, *text, *error;    // NULL: it can be stored behind CAge(1), which is @1
} storables[] = {
    { "object",        "@1",                       NULL                                },
    { "object",        "@2",                       "@2 is not reached"                 },
    { "object",        "CNode(1,@2)",              NULL                                },
    { "object",        "CNode(1,@3)",              "@3 is not reached"                 },
    { "object:CAge",   "@1",                       NULL                                },
    { "object:CNode",  "@1",                       "@1 is a CAge, expected CNode"      },
    { "obarray",       "[@2,CAge(2)]",             "@2 is not reached"                 },
    { "obarray",       "[CAge(2),@2]",             NULL                                },
    { "bool",          "true",                     "bool came with MFC 7.0"            },
    { "time",          "2147483647",               NULL                                },
    { "time",          "2147483648",               "time 2147483648 does not fit a 32-bit MFC 6.0" },
    { "count",         "4294967295",               NULL                                },
    { "count",         "4294967296",               "count 4294967296 does not fit a 32-bit MFC 6.0" },
    { "olevariant",    "(20,1)",                   "olevariant (20,1) does not fit a 32-bit MFC 6.0" },
};
// clang-format on

Test(archive_objects, what_cannot_be_stored_is_told_beforehand, .timeout = 10)
{
    struct profile p60 = profile_of("generation=6.0");

    for (const struct storable_row *x = storables; x < storables + COUNT_OF(storables); x++) {
        SCRATCH(keep);
        CLEANUP(buffer_free) struct buffer w = { 0 };
        struct object_table *table = object_table_new(&keep);
        struct value age = made("object", "CAge(1)", &keep), v = made(x->type, x->text, &keep);
        struct error err = { 0 };
        value_store(&w, &p60, table, &age);
        cr_expect(eq(int, value_storable(&v, &p60, table, &err), !x->error), "%s", x->text);
        cr_expect(eq(str, err.text, x->error ? (char *)x->error : ""));
    }
}

/* On a fresh archive, for which there is no table. */
Test(archive_objects, without_a_table_nothing_was_there_before, .timeout = 10)
{
    SCRATCH(keep);
    struct value own = made("obarray", "[CAge(1),@1]", &keep), before = made("obarray", "[@1]", &keep);
    struct value beyond = made("obarray", "[CAge(1),@2]", &keep);
    struct error err = { 0 };

    cr_expect(value_storable(&own, &profile_default, NULL, &err), "%s", err.text);
    cr_expect(not(value_storable(&before, &profile_default, NULL, &err)));
    cr_expect(eq(str, err.text, "@1 is not reached"));
    cr_expect(not(value_storable(&beyond, &profile_default, NULL, &err)));
    cr_expect(eq(str, err.text, "@2 is not reached"));
}

/* A chain of nodes, as deep as it may be and one deeper. */
Test(archive_objects, depth_has_a_bound, .timeout = 20)
{
    for (int depth = 1999; depth <= 2001; depth++) {
        SCRATCH(keep);
        TEXT(text);
        TEXT(told);
        CLEANUP(buffer_free) struct buffer w = { 0 };
        struct type_ref t;
        struct error err;
        struct value v, back;
        struct span_list spans = { .keep = &keep };
        cr_assert(type_parse("object", &t, &err));
        for (int i = 0; i < depth; i++) {
            text_add(&text, "CNode(1,");
            buffer_append(&w, i ? "\x01\x80\x01\0\0\0" : "\xff\xff\x03\0\x05\0CNode\x01\0\0\0",
                          i ? 6 : 15);
        }
        text_add(&text, "null");
        buffer_append(&w, "\0\0", 2);
        for (int i = 0; i < depth; i++)
            text_char(&text, ')');
        struct reader r = { .in = buffer_bytes(&w), .spans = &spans };
        value_load(&r, &profile_default, object_table_new(&keep), t, &keep, &back);
        cr_expect(eq(int, r.status, depth <= 2000 ? WIRE_OK : WIRE_BAD), "%d", depth);
        bool ok = value_parse(text_string(&text), t, &profile_default, &keep, &v, &err);
        cr_expect(eq(int, ok, depth <= 2000), "%d", depth);
        if (!ok || r.status != WIRE_OK)
            continue;
        value_text(&told, &back);
        cr_expect(eq(str, (char *)text_string(&told), (char *)text_string(&text)));
        cr_expect(value_equal(&v, &back));
    }
}

// clang-format off
static const struct pair_row shown[] = {    // type, text, for people
    { "time",         "946684800",           "946684800 (2000-01-01 00:00:00 UTC)"      }, // E88
    { "time64",       "-1",                  "-1 (1969-12-31 23:59:59 UTC)"             },
    { "time64",       "9223372036854775807", "9223372036854775807"                      },
    { "object",       "CNode(7,@1)",         "CNode(7, @1)"                             },
    { "object",       "CNode(1,CNode(2,CNode(3,CNode(4,CNode(5,null)))))",
                                             "CNode(1, CNode(2, CNode(3, CNode(4, CNode(…)))))" },
    { "mapwordtoob",  "{5=null,4=@1}",       "{5=null, 4=@1}"                           },
    { "olevariant",   "(8,u:0041)",          "(8, \"A\")"                               },
    { "class",        "CLetter:600",         "CLetter:600"                              },
};
// clang-format on

Test(archive_objects, people_are_shown_less, .timeout = 10)
{
    for (const struct pair_row *x = shown; x < shown + COUNT_OF(shown); x++) {
        SCRATCH(keep);
        TEXT(told);
        struct value v = made(x->type, x->a, &keep);
        value_print(&told, &v);
        cr_expect(eq(str, (char *)text_string(&told), (char *)x->b));
    }
}

Test(archive_objects, notes_name_each_part, .timeout = 10)
{
    SCRATCH(keep);
    TEXT(notes);
    struct span_list spans = { .keep = &keep };
    struct reader r = { .in = wire_of("0200" CNODE "05000000 ffff 0100 0400 43416765 09000000 0200",
                                      &keep),
                        .spans = &spans };
    struct type_ref t;
    struct error err;
    struct value v;

    cr_assert(type_parse("obarray", &t, &err));
    value_load(&r, &profile_default, object_table_new(&keep), t, &keep, &v);
    for (size_t i = 0; i < spans.count; i++)
        text_printf(&notes, "%zu+%zu %s\n", spans.items[i].at, spans.items[i].len,
                    spans.items[i].meaning);
    cr_expect(eq(str, (char *)text_string(&notes),
                 "0+2 count 2\n"
                 "2+11 new class CNode, schema 3, index 1\n"
                 "13+4 value 5\n"
                 "17+10 new class CAge, schema 1, index 3\n"
                 "27+4 age 9\n"
                 "17+14 object @2, index 4, a CAge\n"
                 "17+14 next CAge(9)\n"
                 "2+29 object @1, index 2, a CNode\n"
                 "2+29 [0] CNode(5, CAge(9))\n"
                 "31+2 the CNode @1, index 2\n"
                 "31+2 [1] @1\n"));
}
