/*
 * Objects: what MFC sent, what the worked examples say, what must be refused.
 *
 * The recorded streams come from genuine MFC 14.0 (x64, Unicode) and 4.2 (x86, ANSI).
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "reference/classes.h"
#include "rig.h"

static const struct CRuntimeClass *class_of(const char *name)
{
    return class_find(name, strlen(name));
}

static void open_with_objects(struct rig *r, const char *profile)
{
    rig_open(r, profile, SOCK_STREAM);
    r->load.life = r->store.life = &scratch;
    r->load.find_class = class_find;
}

static const struct loaded {
    const char *label, *profile, *wire;
    const char *text; // of the objects, until the exception
    int cause;        // 3 is the end behind the last object
} loaded[] = {
    { "E65 NULL", "10 ansi 64", "0000", "null", 3 },
    { "E66 one object", "10 ansi 64", "ffff 0100 0400 43416765 15000000", "CAge(21)", 3 },
    { "E68 references", "10 ansi 64",
      "ffff 0100 0400 43416765 15000000 0180 16000000 0200 0300 0000",
      "CAge(21) CAge(22) @1 @2 null", 3 },
    { "E69 to itself", "10 ansi 64", "ffff 0300 0500 434e6f6465 07000000 0200", "CNode(7,@1)", 3 },
    { "E70 a cycle", "10 ansi 64", "ffff 0300 0500 434e6f6465 01000000 0180 02000000 0200",
      "CNode(1,CNode(2,@1))", 3 },
    { "E71", "10 ansi 64",
      "ffff 0300 0500 434e6f6465 05000000 ffff 0100 0400 43416765 09000000 0380 0a000000 0400",
      "CNode(5,CAge(9)) CAge(10) @2", 3 },
    { "E148 and E149", "10 ansi 64",
      "ffff 0100 0b00 434e65744d657373616765 02616c 026869 80436d38"
      "0180 02616c 02796f 81436d38",
      "CNetMessage(u:0061006c,u:00680069,946684800) CNetMessage(u:0061006c,u:0079006f,946684801)",
      3 },
    { "recorded from MFC 14: user", "10 unicode 64",
      "ffff07000a004354657374506f696e74010000000200000001800300000004000000018005000000060000000000"
      "0300"
      "ffff03000a004356657273696f6e6564630000000600",
      "CTestPoint(1,2,CTestPoint(3,4,CTestPoint(5,6,null))) @2 CVersioned:3(99) @4", 3 },
    { "recorded from MFC 14: refs", "10 unicode 64",
      "ffff00000800434f6241727261790500ffff00000c0043537472696e6741727261790100fffeff0178000380010"
      "0fffeff017900040000000500",
      "CObArray[CStringArray[u:0078],CStringArray[u:0079],@2,null,@3]", 3 },
    { "an older schema", "10 ansi 64", "ffff 5802 0700 434c6574746572 0141 0180 0142",
      "CLetter:600(u:0041) CLetter:600(u:0042)", 3 },
    { "schema 0 is remembered", "4.2 ansi 32", "ffff 0000 0700 434c6574746572 0141 0180 0142",
      "CLetter:0(u:0041) CLetter:0(u:0042)", 3 },
    { "SCH-4: 4.2 forgets it", "4.2 ansi 32 bugs",
      "ffff 0000 0700 434c6574746572 0141 0180 0142 05000000",
      "CLetter:0(u:0041) CLetter:700(u:0042,5)", 3 },
    { "N16 a big NULL", "10 ansi 64", "ff7f 00000000", "null", 3 },
    { "big tags of small indexes", "10 ansi 64",
      "ffff 0100 0400 43416765 15000000 ff7f 01000080 16000000 ff7f 02000000",
      "CAge(21) CAge(22) @1", 3 },
    { "N31 described twice", "10 ansi 64",
      "ffff 0100 0400 43416765 15000000 ffff 0100 0400 43416765 16000000 0380 17000000 0500",
      "CAge(21) CAge(22) CAge(23) @3", 3 },

    { "N13", "10 ansi 64", "0080", "", CAUSE_BAD_INDEX },
    { "N14", "10 ansi 64", "0100", "", CAUSE_BAD_INDEX },
    { "N15", "10 ansi 64", "0180", "", CAUSE_BAD_INDEX },
    { "N17", "10 ansi 64", "ff7f ffffffff", "", CAUSE_BAD_INDEX },
    { "N18 a name of 64", "10 ansi 64", "ffff 0100 4000", "", CAUSE_BAD_CLASS },
    { "N19 an unknown name", "10 ansi 64", "ffff 0100 0300 434167", "", CAUSE_BAD_CLASS },
    { "N20 an empty name", "10 ansi 64", "ffff 0100 0000", "", CAUSE_BAD_CLASS },
    { "N21 a cut name", "10 ansi 64", "ffff 0100 0400 4341", "", CAUSE_BAD_CLASS },
    { "N22 a cut description", "10 ansi 64", "ffff 0100", "", CAUSE_END_OF_FILE },
    { "half a tag", "10 ansi 64", "ff", "", CAUSE_END_OF_FILE },
    { "half a big tag", "10 ansi 64", "ff7f 0000", "", CAUSE_END_OF_FILE },
    { "N23", "10 ansi 64", "ffff 0200 0400 43416765", "", CAUSE_BAD_SCHEMA },
    { "N27 a class for an object", "9 ansi 64", "ffff 0100 0400 43416765 15000000 0100", "CAge(21)",
      CAUSE_BAD_INDEX },
    { "N28 an object for a class", "9 ansi 64", "ffff 0100 0400 43416765 15000000 0280", "CAge(21)",
      CAUSE_BAD_INDEX },
    { "N29", "10 ansi 64", "ffff 0100 0400 43416765 15000000 0300", "CAge(21)", CAUSE_BAD_INDEX },
    { "a cut body", "10 ansi 64", "ffff 0100 0400 43416765 150000", "", CAUSE_END_OF_FILE },
};

Test(object, loads_what_mfc_sends_and_refuses_what_mfc_refuses, .timeout = 10)
{
    for (const struct loaded *t = loaded; t < loaded + COUNT_OF(loaded); t++) {
        struct text text = { .pool = &scratch };
        RIG(r);
        open_with_objects(&r, t->profile);
        rig_say_hex(&r, t->wire);
        rig_end(&r);
        for (;;) {
            uint32_t known = CArchive_ObjectCount(&r.load);
            struct CObject *o = CArchive_ReadObject(&r.load, NULL);
            if (CArchive_Failed(&r.load))
                break;
            text.told = known;
            text_put(&text, text.len ? " " : "");
            object_text(&text, o);
        }
        text_add(&text, "", 1);
        cr_expect(eq(str, text.data, (char *)t->text), "%s", t->label);
        cr_expect(eq(int, caught(&r.load), t->cause), "%s", t->label);
    }
}

/* However many entries there are: the last one is known, and the next one is not, as an object or a class. */
Test(object, the_index_behind_the_last_is_none, .timeout = 20)
{
    for (unsigned count = 1; count < 70; count++)
        for (int is_class = 0; is_class < 2; is_class++) {
            RIG(r);
            uint8_t next[] = { (uint8_t)(count + 2),
                               is_class ? 0x80 : 0 }; // behind a class and so many objects
            open_with_objects(&r, "10 ansi 64");
            rig_say_hex(&r, "ffff 0100 0400 43416765 15000000");
            for (unsigned i = 1; i < count; i++)
                rig_say_hex(&r, "0180 16000000");
            rig_say(&r, (struct bytes){ (uint8_t[]){ (uint8_t)(count + 1), 0 }, 2 });
            rig_say(&r, (struct bytes){ next, 2 });
            for (unsigned i = 0; i <= count; i++)
                cr_expect(ne(ptr, CArchive_ReadObject(&r.load, NULL), NULL), "%u objects", count);
            cr_expect(eq(ptr, CArchive_ReadObject(&r.load, NULL), NULL), "%u objects", count);
            cr_expect(eq(int, caught(&r.load), CAUSE_BAD_INDEX), "%u objects", count);
        }
}

static struct thing *age(int32_t years)
{
    struct thing *thing = thing_new(&scratch, class_of("CAge"));

    thing->numbers[0] = years;
    return thing;
}

static char *sent(struct rig *r)
{
    CArchive_Flush(&r->store);
    return hex_of(rig_hear(r));
}

Test(object, classes_and_objects_share_one_counter, .timeout = 10) // E67, E68, E82
{
    RIG(r);
    struct thing *first = age(21), *second = age(22);

    open_with_objects(&r, "10 unicode 64");
    CArchive_WriteObject(&r.store, &first->object);
    cr_expect(eq(str, sent(&r), "ff ff 01 00 04 00 43 41 67 65 15 00 00 00"));
    CArchive_WriteObject(&r.store, &second->object);
    cr_expect(eq(str, sent(&r), "01 80 16 00 00 00"));
    first->numbers[0] = 99; // what a reference does not send
    CArchive_WriteObject(&r.store, &first->object);
    CArchive_WriteObject(&r.store, &second->object);
    CArchive_WriteObject(&r.store, NULL);
    cr_expect(eq(str, sent(&r), "02 00 03 00 00 00"));
}

Test(object, a_new_archive_starts_from_one, .timeout = 10) // E83
{
    RIG(r);
    struct thing *thing = age(99);

    open_with_objects(&r, "10 unicode 64");
    for (int i = 0; i < 2; i++) {
        CArchive_WriteObject(&r.store, &thing->object);
        cr_expect(eq(str, sent(&r), "ff ff 01 00 04 00 43 41 67 65 63 00 00 00"));
        CArchive_Destroy(&r.store);
        CArchive_Construct(&r.store, &r.file.base, CARCHIVE_STORE, CARCHIVE_BUFFER, NULL,
                           &r.profile);
    }
}

Test(object, a_mapped_object_takes_an_index_and_no_byte, .timeout = 10) // E73
{
    RIG(r);
    struct CObject document = { 0 };

    open_with_objects(&r, "10 unicode 64");
    CArchive_MapObject(&r.store, NULL);
    CArchive_MapObject(&r.store, &document);
    CArchive_WriteObject(&r.store, &age(1)->object);
    CArchive_WriteObject(&r.store, &document);
    cr_expect(eq(str, sent(&r), "ff ff 01 00 04 00 43 41 67 65 01 00 00 00 01 00"));

    CArchive_MapObject(&r.load, &document);
    rig_say_hex(&r, "ffff 0100 0400 43416765 01000000 0100 0280 05000000");
    cr_expect(ne(ptr, CArchive_ReadObject(&r.load, NULL), NULL));
    cr_expect(eq(ptr, CArchive_ReadObject(&r.load, NULL), &document));
    cr_expect(ne(ptr, CArchive_ReadObject(&r.load, NULL), NULL));
    cr_expect(eq(int, caught(&r.load), 0));
    cr_expect(eq(u32, CArchive_ObjectCount(&r.load), 2));
}

/* E74 to E80: an index from 7FFF on takes the big tag. */
Test(object, big_tags_begin_at_7fff, .timeout = 30)
{
    static struct CObject mapped[0x12345];
    static const struct {
        size_t index;
        const char *tag;
    } rows[] = {
        { 0x7ffe, "fe 7f" },
        { 0x7fff, "ff 7f ff 7f 00 00" },
        { 0x8000, "ff 7f 00 80 00 00" },
        { 0x12345, "ff 7f 45 23 01 00" },
    };
    static const struct {
        size_t index;
        const char *tag;
    } class_rows[] = {
        { 0x7ffe, "fe ff" },
        { 0x7fff, "ff 7f ff 7f 00 80" },
        { 0x8000, "ff 7f 00 80 00 80" },
    };
    RIG(r);

    open_with_objects(&r, "10 unicode 64");
    for (size_t i = 0; i < COUNT_OF(mapped); i++)
        CArchive_MapObject(&r.store, &mapped[i]);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CArchive_WriteObject(&r.store, &mapped[rows[i].index - 1]);
        cr_expect(eq(str, sent(&r), (char *)rows[i].tag), "object %zx", rows[i].index);
    }
    for (size_t i = 0; i < COUNT_OF(class_rows); i++) {
        CArchive_Destroy(&r.store);
        CArchive_Construct(&r.store, &r.file.base, CARCHIVE_STORE, CARCHIVE_BUFFER, NULL,
                           &r.profile);
        for (size_t k = 1; k < class_rows[i].index; k++)
            CArchive_MapObject(&r.store, &mapped[k]);
        CArchive_WriteClass(&r.store, class_of("CAge"));
        sent(&r);
        CArchive_WriteClass(&r.store, class_of("CAge"));
        cr_expect(eq(str, sent(&r), (char *)class_rows[i].tag), "class %zx", class_rows[i].index);
    }
}

Test(object, another_class_than_requested_is_exception_6, .timeout = 10) // N25, N26
{
    RIG(r);
    const struct CRuntimeClass *node = class_of("CNode");

    open_with_objects(&r, "10 unicode 64");
    rig_say_hex(&r, "ffff 0100 0400 43416765");
    CArchive_ReadObject(&r.load, node);
    cr_expect(eq(int, caught(&r.load), CAUSE_BAD_CLASS));
    rig_say_hex(&r, "0180 15000000"); // the class was registered, and no object was
    cr_expect(ne(ptr, CArchive_ReadObject(&r.load, NULL), NULL));
    rig_say_hex(&r, "0200");
    CArchive_ReadObject(&r.load, node);
    cr_expect(eq(int, caught(&r.load), CAUSE_BAD_CLASS));
    rig_say_hex(&r, "0180");
    CArchive_ReadObject(&r.load, node);
    cr_expect(eq(int, caught(&r.load), CAUSE_BAD_CLASS));
}

Test(object, a_class_alone_takes_an_index_and_an_object_tag_is_refused, .timeout = 10) // N30, E72
{
    RIG(r);
    unsigned schema = 0;

    open_with_objects(&r, "10 unicode 64");
    CArchive_WriteClass(&r.store, class_of("CAge"));
    CArchive_WriteClass(&r.store, class_of("CAge"));
    cr_expect(eq(str, sent(&r), "ff ff 01 00 04 00 43 41 67 65 01 80"));
    rig_say_hex(&r, "ffff 0100 0400 43416765 0180 0000");
    for (int i = 0; i < 2; i++) {
        cr_expect(
            eq(ptr, (void *)CArchive_ReadClass(&r.load, NULL, &schema), (void *)class_of("CAge")));
        cr_expect(eq(int, schema, 1));
    }
    cr_expect(eq(ptr, (void *)CArchive_ReadClass(&r.load, NULL, &schema), NULL));
    cr_expect(eq(int, caught(&r.load), CAUSE_BAD_INDEX));
}

/* What was wrong first is what is told: an index that is not in use, whatever class is requested. */
Test(object, a_tag_that_leads_nowhere_is_no_other_class_than_requested, .timeout = 10)
{
    static const struct {
        const char *wire;
        int cause;
    } rows[] = {
        { "0580", CAUSE_BAD_INDEX },
        { "ff7f 05000080", CAUSE_BAD_INDEX },
        { "ffff 0200 0400 43416765", CAUSE_BAD_SCHEMA },
        { "ffff 01", CAUSE_END_OF_FILE },
        { "05", CAUSE_END_OF_FILE },
        { "ff7f 0500", CAUSE_END_OF_FILE },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        RIG(r);
        open_with_objects(&r, "10 ansi 64");
        rig_say_hex(&r, rows[i].wire);
        rig_end(&r);
        cr_expect(eq(ptr, CArchive_ReadObject(&r.load, class_of("CAge")), NULL), "%s",
                  rows[i].wire);
        cr_expect(eq(int, caught(&r.load), rows[i].cause), "%s", rows[i].wire);
    }
}

/* The index is that of the class, and the tag says that it is an object's. */
Test(object, an_object_tag_is_no_class_even_with_its_index, .timeout = 10) // N30
{
    static const char *const tags[] = { "0100", "ff7f 01000000" };

    for (size_t i = 0; i < COUNT_OF(tags); i++) {
        RIG(r);
        unsigned schema = 0;
        open_with_objects(&r, "10 ansi 64");
        rig_say_hex(&r, "ffff 0100 0400 43416765");
        cr_expect(ne(ptr, (void *)CArchive_ReadClass(&r.load, NULL, &schema), NULL));
        rig_say_hex(&r, tags[i]);
        cr_expect(eq(ptr, (void *)CArchive_ReadClass(&r.load, NULL, &schema), NULL), "%s", tags[i]);
        cr_expect(eq(int, caught(&r.load), CAUSE_BAD_INDEX), "%s", tags[i]);
    }
}

Test(object, the_schema_can_be_asked_for_once, .timeout = 10) // N24, SCH-1
{
    RIG(r);

    open_with_objects(&r, "10 unicode 64");
    cr_expect(eq(int, CArchive_GetObjectSchema(&r.load), OBJECT_SCHEMA_UNKNOWN));
    CArchive_SetObjectSchema(&r.load, 2);
    cr_expect(eq(int, CArchive_GetObjectSchema(&r.load), 2));
    cr_expect(eq(int, CArchive_GetObjectSchema(&r.load), OBJECT_SCHEMA_UNKNOWN));
}

Test(object, wrong_direction_and_what_is_not_serial, .timeout = 10) // M-4
{
    static const struct CRuntimeClass dynamic = { "CDynamic", CLASS_NOT_SERIAL, false, 0, 0, 0 };
    RIG(r);
    struct thing *thing = age(1);
    unsigned schema;

    open_with_objects(&r, "10 unicode 64");
    CArchive_WriteObject(&r.load, &thing->object);
    cr_expect(eq(int, caught(&r.load), CAUSE_READ_ONLY));
    CArchive_ReadObject(&r.store, NULL);
    cr_expect(eq(int, caught(&r.store), CAUSE_WRITE_ONLY));
    CArchive_WriteClass(&r.load, thing->object.class);
    cr_expect(eq(int, caught(&r.load), CAUSE_GENERIC));
    CArchive_ReadClass(&r.store, NULL, &schema);
    cr_expect(eq(int, caught(&r.store), CAUSE_GENERIC));
    CArchive_WriteClass(&r.load, NULL);
    cr_expect(eq(int, caught(&r.load), CAUSE_BAD_CLASS));
    CArchive_WriteClass(&r.store, &dynamic);
    cr_expect(eq(int, caught(&r.store), -EXCEPTION_NOT_SUPPORTED));
    CArchive_ReadObject(&r.load, &dynamic);
    cr_expect(eq(int, caught(&r.load), -EXCEPTION_NOT_SUPPORTED));
    cr_expect(eq(str, sent(&r), ""));
}

Test(collection, a_list_that_holds_something_is_loaded_behind_it, .timeout = 10) // N34
{
    RIG(r);
    struct strings list = { 0 };

    rig_open(&r, "10 ansi 64", SOCK_STREAM);
    rig_say_hex(&r, "0100 01 7a 0100 01 61");
    r.load.keep = &scratch;
    CStringList_Load(&r.load, &list);
    CStringList_Load(&r.load, &list);
    cr_assert(eq(int, caught(&r.load), 0));
    cr_assert(eq(sz, list.count, 2));
    cr_expect(eq(u8, list.items[0].data[0], 'z'));
    cr_expect(eq(u8, list.items[1].data[0], 'a'));
}
