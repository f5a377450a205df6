/*
 * Causes: golden sentences for replies written by hand, the mistaken writer against the codec, and the table of pages
 * against what the sources can name.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glob.h>
#include <regex.h>
#include <stdio.h>

#include "base/file.h"
#include "base/hex.h"
#include "check/check.h"
#include "check/writing.h"
#include "check/pages.h"
#include "check/reading.h"
#include "test_vector.h"

#define SERVICE                                                                                    \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'refusals': {'exception': [ {'server': [{'word': 2}, {'word': {'any': true, 'as': 'cause'}}]} ]},\n" \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"
#define SAY(value)  "{'client': [{'word': 1}]},{'server': [{'word': 0}, " value "]}"
#define TELL(type, value, text) "{'client': [{'word': 2}, {'cstringa': '" type "'}, {'" type "': " value "}]},{'server': [{'word': 0}, {'cstringa': '" text "'}]}"

#define ECHO(type, sent, due) "{'client': [{'word': 1}, {'cstringa': '" type "'}, {'" type "': " sent "}]},{'server': [{'word': 0}, {'" type "': " due "}]}"

#define REFUSED "{'client': [{'word': 1}]},{'server': [{'word': 2}, {'word': 6}]}"

#define OBJECT(text) "{'client': [{'word': 1}]},{'server': [{'object': '" text "'}]"

// clang-format off
static const struct told_row {
    const char *label, *steps, *got, *cause; // got: of the last message that is due
} rows[] = {
    { "a DWORD turned",          SAY("{'dword': 305419896}"), "0000 12345678",
      "bytes-swapped: the bytes of this DWORD stand in big-endian order: it reads 2018915346, and 305419896 with its bytes exchanged | DWORDs are stored big-endian" },
    { "one of two types turned", SAY("{'word': 258}, {'long': 7}"), "0000 0102 07000000",
      "bytes-swapped: the bytes of this WORD stand in big-endian order: it reads 513, and 258 with its bytes exchanged | WORDs are stored big-endian" },
    { "read the wrong way round", TELL("word", "4660", "4660"), "0000 05 3133333330",
      "bytes-swapped: the bytes of WORD stand in the wrong order | WORDs are read big-endian" },
    { "a LONG of 8 bytes",       SAY("{'long': -2}, {'byte': 7}"), "0000 feffffffffffffff 07", "wrong-size: LONG has 8 bytes | LONGs are stored in 8 bytes" },
    { "padded",                  SAY("{'byte': 1}, {'longlong': 7}"), "0000 01 0000000000 0700000000000000",
      "padded: bytes stand before LONGLONG, so that it begins at a multiple of its size | LONGLONGs are aligned, to 8 bytes at most" },
    { "4 bytes of time",         SAY("{'time': 7}"), "0000 07000000", "time-form: CTime has 4 bytes where another form is due | CTime is stored in 4 bytes" },
    { "8 bytes of time",         SAY("{'time': 7}"), "0000 0700000000000000", "time-form: CTime has 8 bytes, without the mark before them | CTime is stored in 8 bytes, without the mark" },
    { "the low half first",      SAY("{'olecurrency': '(0,123400)'}"), "0000 00000000 08e20100 00000000",
      "halves-swapped: the low half of CY stands where the high half is due, or the reverse | the halves of CY are exchanged or wrong-value members of COleCurrency stand in the reverse order or wrong-value each two members of COleCurrency change places" },
    { "a count that is one too large", SAY("{'stringarray': ['x']}"), "0000 0200 fffeff01 7800", "off-by-one: the count is one too large | counts are one too large" },
    { "the other width",         SAY("{'cstringa': 'ab'}"), "0000 fffeff02 61006200", "string-width: a wide string came where a narrow one was due | strings have the other width" },
    { "the other width within",  SAY("{'stringarray': ['x']}"), "0000 0100 01 78", "string-width: strings have the other width | strings have the other width" },
    { "no mark",                 SAY("{'cstringw': 'ab'}"), "0000 02 61006200", "string-width: a wide string came without FFFE before it, which says that it is wide | wide strings lack the mark FFFE" },
    { "bytes counted",           SAY("{'cstringw': 'ab'}"), "0000 fffeff04 61006200", "bytes-for-units: the length counts the string's bytes, not its units | lengths count bytes, not units" },
    { "the NUL sent",            SAY("{'cstringa': 'ab'}"), "0000 03 616200", "terminated: the string has a NUL behind it, and its length counts that, too | strings are sent with their NUL" },
    { "a length of Java's",      SAY("{'cstringa': 'ab'}"), "0000 0002 6162", "length-escape: the length stands in two bytes, big-endian | lengths are stored in two bytes, big-endian" },
    { "a length of C#'s",        SAY("{'cstringa': {'unit': 'x', 'times': 255}}"), "0000 ff01 78*255", "length-escape: the length has seven bits in each byte | lengths have seven bits in each byte" },
    { "cut at its NUL",          SAY("{'olevariant': '(8,u:004100000042)'}"), "0000 0800 02000000 4100", "cut: the string ends at its first NUL | strings end at their first NUL or bytes-for-units lengths of wide strings are read as those of their bytes" },
    { "stripped",                SAY("{'cstringa': ' a '}"), "0000 01 61", "cut: the string came without the blanks at its ends | blanks at the ends of strings are stripped" },
    { "stripped of its end",     SAY("{'cstringw': ' a\\u3000'}"), "0000 fffeff02 2000 6100", "cut: the string came without the blanks at its end | blanks at the end of strings are stripped or replaced what is not ASCII is left out of strings or replaced what is not Latin-1 is left out of strings" },
    { "half a pair replaced",    SAY("{'cstringw': {'hex': '4100 00d8 4200'}}"), "0000 fffeff03 4100 3f00 4200", "replaced: a question mark stands for half a surrogate pair | halves of surrogate pairs become question marks or replaced what is not ASCII in wide text becomes question marks or replaced what is not Latin-1 in wide text becomes question marks" },
    { "half a pair left out",    SAY("{'cstringw': {'hex': '4100 00d8 4200'}}"), "0000 fffeff02 4100 4200", "replaced: half a surrogate pair was left out | halves of surrogate pairs are left out or replaced what is not ASCII is left out of strings or replaced what is not Latin-1 is left out of strings" },
    { "a pair replaced, and no half", SAY("{'cstringw': {'hex': '3dd8 00de 00d8 4200'}}"), "0000 fffeff03 fdff 00d8 4200", "replaced: U+FFFD stands for a surrogate pair | surrogate pairs become U+FFFD" },
    { "NULs stripped",           SAY("{'cstringw': {'hex': '4100 0000'}}"), "0000 fffeff01 4100", "cut: the string ends at its first NUL | strings end at their first NUL or cut NULs at the end of strings are stripped or cut NULs are left out of strings or bytes-for-units lengths of wide strings are read as those of their bytes" },
    { "characters counted",      SAY("{'cstringw': {'hex': '3dd8 00de 4100'}}"), "0000 fffeff02 3dd800de4100", "characters-for-units: the length counts characters: a surrogate pair, which has two units, counts as one | lengths count characters, not units or off-by-one lengths of strings are one too small" },
    { "characters counted by whoever reads", ECHO("cstringw", "{'hex': '3dd8 00de 4100'}", "{'hex': '3dd8 00de 4100'}"), "", "no-answer: the limit passed without a byte of what was due or characters-for-units lengths count characters, not units or dropped a byte behind each string is dropped or length-escape lengths have no longer form than one byte or string-width the mark FFFE of wide strings is read as a length or wrong-size units of wide strings are read in four bytes or length-escape lengths are read in two bytes or length-escape lengths are read in four bytes or length-escape lengths are read in eight bytes or length-escape lengths are read in two bytes, big-endian or length-escape lengths are read in four bytes, big-endian or length-escape lengths have the form of counts" },
    { "a mark that is counted",  SAY("{'cstringw': 'ab'}"), "0000 fffeff03 fffe61006200", "byte-order-mark: a byte order mark stands before the text of the string, and its length counts it | strings begin with a byte order mark" },
    { "a mark that is not",      SAY("{'cstringa': 'ab'}"), "0000 02 efbbbf6162", "byte-order-mark: a byte order mark stands before the text of the string, which its length does not count | strings begin with a byte order mark that is not counted" },
    { "U+FEFF dropped",          ECHO("cstringw", "{'hex': 'fffe 4100'}", "{'hex': 'fffe 4100'}"), "0000 fffeff01 4100", "byte-order-mark: the first character of the string, U+FEFF, was taken for a byte order mark | U+FEFF at the beginning of strings is taken for a byte order mark or replaced what is not ASCII is left out of strings or replaced what is not Latin-1 is left out of strings" },
    { "the escape of a length too early by one", SAY("{'cstringa': {'unit': 'x', 'times': 254}}"), "0000 fffe00 78*254", "length-escape: the length has the escape FF, which is not due yet | lengths always have the escape or length-escape lengths have the escape from 128 on or length-escape lengths have the escape from 254 on or length-escape lengths of narrow strings always have the escape or length-escape lengths of narrow strings have the escape from 128 on or length-escape lengths of narrow strings have the escape from 254 on" },
    { "the escape of a length too late by one",  SAY("{'cstringa': {'unit': 'x', 'times': 255}}, {'byte': 1}"), "0000 ff 78*255 01", "length-escape: the length 255 stands in one byte, FF, which says that a longer form follows | lengths have no longer form than one byte or length-escape the length FF has no escape or length-escape lengths of narrow strings have no longer form than one byte or length-escape lengths of narrow strings have no escape at FF" },
    { "four bytes of length too early by one",   SAY("{'cstringa': {'unit': 'x', 'times': 65533}}"), "0000 ffffff fdff0000 78*65533", "length-escape: the length has the form of four bytes where that of two is due | lengths have four bytes as soon as they need the escape or length-escape lengths have four bytes from FFFD on or length-escape lengths have four bytes from 8000 on or length-escape lengths have four bytes from 7FFF on or length-escape lengths of narrow strings have four bytes as soon as they need the escape or length-escape lengths of narrow strings have four bytes from FFFD on" },
    { "the escape of a count too early by one",  SAY("{'bytearray': {'unit': 7, 'times': 65534}}"), "0000 ffff feff0000 07*65534", "count-escape: the count has the longer form where the shorter one is due | counts always have the longer form or count-escape counts have the longer form from FFFE on or count-escape counts have the longer form from 8000 on or count-escape counts have the longer form from 7FFF on or count-escape counts have the longer form from 100 on or count-escape counts have the longer form from FF on" },
    { "the escape of a count too late by one",   SAY("{'bytearray': {'unit': 7, 'times': 65535}}"), "0000 ffff 07*65535", "count-escape: the count stands in two bytes, FFFF, which says that a longer form follows | counts have no longer form than two bytes or count-escape the count FFFF has no longer form than two bytes" },
    { "elements of 8 bytes",     SAY("{'dwordarray': [1, 2]}"), "0000 0200 0100000000000000 0200000000000000", "wrong-size: CDWordArray has 8 bytes | CDWordArrays are stored in 8 bytes" },
    { "elements of 8 bytes, when they are read", ECHO("dwordarray", "[1]", "[1]"), "", "no-answer: the limit passed without a byte of what was due or wrong-size counts are read in four bytes or wrong-size counts are read in eight bytes or off-by-one counts are one too small or dropped a byte behind each string is dropped or bytes-swapped counts are read big-endian or bytes-swapped counts of two bytes are read big-endian or wrong-size CDWordArrays are read in 8 bytes or wrong-size CDWordArrays are read in 8 bytes, big-endian or length-escape lengths are read in two bytes or length-escape lengths are read in four bytes or length-escape lengths are read in eight bytes or length-escape lengths are read in two bytes, big-endian or length-escape lengths are read in four bytes, big-endian or length-escape lengths have the form of counts" },
    { "elements of 1 byte, when they are told", TELL("wordarray", "[1,2,3]", "[1,2,3]"), "0000 07 5b312c302c325d", "wrong-size: CWordArray has 1 byte | CWordArrays are read in 1 byte" },
    { "a whole number that was a double", SAY("{'longlong': '72623859790382856'}"), "0000 0007060504030201", "rounded: LONGLONG has the digits of a double, and no more | LONGLONGs are rounded to doubles or rounded LONGLONGs are rounded to doubles of units" },
    { "a sum that was a double",  SAY("{'olecurrency': '(0,72623859790382856)'}"), "0000 00000000 04030201 00070605", "rounded: CY has the digits of a double, and no more | CYs are rounded to doubles or rounded CYs are rounded to doubles of units" },
    { "a whole number that was a float", SAY("{'long': 16777217}"), "0000 00000001", "rounded: LONG has the digits of a float, and no more | LONGs are rounded to floats" },
    { "an equal object",         OBJECT("CAge(7)") "}," OBJECT("CAge(7)") ", 'check': 'second'}", "0200", "objects-merged: a reference to an object of the same value stands where another object is due | objects with equal values are sent as one" },
    { "a list within behind what it held", SAY("{'cstringa': '[CAge(1),CStringList[u:0078],@1]'}"), "0000 27 5b434167652831292c43537472696e674c6973745b753a303036312c753a303037385d2c40315d", "kept-from-before: the collection has more than what is due: what it held before, perhaps | collections have what they held before" },
    { "a newline behind",        SAY("{'cstringa': 'ab'}"), "0000 03 61620a", "extra-bytes: a newline stands at the end of the string, and its length counts it | strings are sent with a newline behind" },
    { "a newline behind, wide",  SAY("{'cstringw': ''}"), "0000 fffeff01 0a00", "extra-bytes: a newline stands at the end of the string, and its length counts it | strings are sent with a newline behind" },
    { "CR LF behind",            SAY("{'cstringa': 'ab'}"), "0000 04 61620d0a", "extra-bytes: CR LF stands at the end of the string, and its length counts it | strings are sent with CR LF behind" },
    { "a class of another connection", OBJECT("CAge(7)") "}", "0180 07000000", "table-shared: the tag 8001 refers to what this direction of the connection has not carried: the table is that of another connection, too | one object table serves several connections" },
    { "an object of another connection", OBJECT("CAge(7)") "}", "0200", "table-shared: the tag 0002 refers to what this direction of the connection has not carried: the table is that of another connection, too | one object table serves several connections" },
    { "a number of a refusal, turned", REFUSED, "0200 0006", "bytes-swapped: the bytes of this WORD stand in big-endian order: it reads 1536, and 6 with its bytes exchanged | WORDs of exception.2 are stored big-endian" },
    { "… its first, in four bytes", REFUSED, "02000000 0600", "wrong-size: WORD of exception.1 has 4 bytes | WORDs of exception.1 are stored in 4 bytes" },
    { "two other values",        SAY("{'dword': 1}, {'cstringa': 'ab'}"), "0000 00000000 00", "wrong-value: the reply reads well, and 2 of its values are other ones, the DWORD first" },
    { "cut to 255 units",        SAY("{'cstringa': {'unit': 'x', 'times': 300}}"), "0000 ffff00 78*255", "cut: the string is cut to 255 units | strings are cut to 255 units" },
    { "told without its sign",   TELL("long", "-2", "-2"), "0000 0a 34323934393637323934", "sign-lost: LONG is read without its sign | LONGs are read without their sign" },
    { "told with a sign",        TELL("byte", "200", "200"), "0000 fffeff03 2d0035003600", "sign-added: a number is told as the negative one that has the same bits | numbers are told as the negative ones that have the same bits" },
    { "one too large",           OBJECT("CAge(1)") "}," OBJECT("@1") ", 'check': 'second'}", "0300", "wrong-index: the index is one too large | indexes are one too large" },
    { "what no mistake explains, for it would have shown before", OBJECT("CAge(1)") "}," OBJECT("CAge(2)") ", 'check': 'second'}," OBJECT("@2") ", 'check': 'third'}", "0400", "wrong-index: a tag refers to an entry that this direction has not, or not of that kind: what it has carried is numbered otherwise | references are to other objects than they should" },
    { "a null more amid objects", SAY("{'oblist': '[CAge(1),@1]'}"), "0000 0200 ffff 0100 0400 43416765 01000000 0000 0200", "extra-bytes: 2 bytes stand amid what was due, from byte 18 on" },
    { "… or one in four bytes",   SAY("{'oblist': '[CAge(1),null,@1]'}"), "0000 0300 ffff 0100 0400 43416765 01000000 0000 0000 0200", "wrong-size: null has four bytes, where its tag is a WORD | null is stored in four bytes" },
    { "… of eight",              SAY("{'oblist': '[CAge(1),null,@1]'}"), "0000 0300 ffff 0100 0400 43416765 01000000 0000000000000000 0200", "wrong-size: null has eight bytes, where its tag is a WORD | null is stored in eight bytes" },
    { "the count of a list twice", SAY("{'oblist': '[CAge(1),null,@1]'}"), "0000 0300 0300 ffff 0100 0400 43416765 01000000 0000 0200", "extra-bytes: 2 bytes stand amid what was due, from byte 4 on" },
    { "a member left out",       OBJECT("CTestPoint(1,2,CTestPoint(3,4,null))") "}", "ffff 0700 0a00 4354657374506f696e74 01000000 0180 03000000 0000", "cut: the second member of CTestPoint is left out | the second member of CTestPoint is not stored" },
    { "a member twice",          OBJECT("CTestPoint(1,2,null)") "}", "ffff 0700 0a00 4354657374506f696e74 01000000 01000000 02000000 0000", "extra-bytes: the first member of CTestPoint stands twice | the first member of CTestPoint is stored twice" },
    { "the first member last",   OBJECT("CTestPoint(1,2,null)") "}", "ffff 0700 0a00 4354657374506f696e74 02000000 0000 01000000", "wrong-value: the first member of CTestPoint stands behind the others | the first member of CTestPoint is stored last" },
    { "a class's name and its NUL, not counted", OBJECT("CAge(7)") "}", "ffff 0100 0400 4341676500 07000000", "terminated: the name of the class has its NUL on the wire, which its length does not count | names of classes are sent with their NUL, which is not counted" },
    { "a name whose length is doubled", OBJECT("CAge(7)") "}", "ffff 0100 0800 43416765 07000000", "bytes-for-units: the length of the name of the class CAge is 8, where the name that stands behind it has 4 characters | lengths of the names of classes count two bytes for each character" },
    { "… one less",              OBJECT("CAge(7)") "}", "ffff 0100 0300 43416765 07000000", "off-by-one: the length of the name of the class CAge is 3, where the name that stands behind it has 4 characters | lengths of the names of classes are one off" },
    { "a member that nobody sets", OBJECT("CTestPoint(1,2,null)") "}", "ffff 0700 0a00 4354657374506f696e74 01000000 00000000 0000", "wrong-value: the second member of CTestPoint is empty, or zero, as if nobody had set it | the second member of CTestPoint is never set" },
    { "a key that differs in a map, behind what is right", SAY("{'mapwordtoob': '{5=null,6=CAge(1)}'}"), "0000 0200 0500 0000 0700 ffff 0100 0400 43416765 01000000", "wrong-value: the value is another one: the CMapWordToOb reads {5=null, 7=CAge(1)} where {5=null, 6=CAge(1)} is due" },
    { "… and more is due",       SAY("{'mapwordtoob': '{5=null,6=CAge(1)}'}, {'dword': 7}"), "0000 0200 0500 0000 0700 ffff 0100 0400 43416765 01000000 07000000", "wrong-value: the value is another one: the CMapWordToOb reads {5=null, 7=CAge(1)} where {5=null, 6=CAge(1)} is due" },
    { "described again, seen at once", OBJECT("CAge(1)") "}," OBJECT("CAge(2)") ", 'check': 'second'}", "ffff0100 0400 43416765 02000000",
      "described-again: the class is described again, though it has been before in this direction | a class is described with each of its objects or table-restarted object tables begin anew with each message or table-restarted object tables begin anew with each value" },
    { "object before class",     OBJECT("CAge(1)") "}," OBJECT("@1") ", 'check': 'second'}", "0100",
      "wrong-index: the object took its index before its class | objects take their index before their class or wrong-index classes take no index or wrong-index classes and objects are counted apart or wrong-index indexes of objects count objects alone, those of classes all or wrong-index indexes count from 0 or described-again a class is described with each of its objects, and never numbered" },
    { "an exception",            SAY("{'byte': 1}"), "0200 0700", "other-reply: the peer said \"exception\", cause 7 (badSchema)" },
    { "a value for a refusal",   "{'client': [{'word': 1}]},{'server': [{'word': 2}, {'word': 5}]}", "0000 01", "not-refused: the peer answered, where \"exception\" is due: it took what it must refuse | the peer answers what it must refuse" },
    { "another cause",           "{'client': [{'word': 1}]},{'server': [{'word': 2}, {'word': 5}]}", "0200 0300", "wrong-cause: the exception tells cause 3 (endOfFile), where 5 (badIndex) is due | exceptions tell another cause than the right one" },
    { "the end, of what came at once", SAY("{'byte': 1}"), "0200 0300", "other-reply: the peer said \"exception\", cause 3 (endOfFile)" },
    { "our own bytes",           "{'client': [{'word': 4}, {'dword': 7}]},{'server': [{'word': 0}, {'dword': 8}]}", "0400 07000000", "echo: what came are our own bytes, 6 of them | the peer sends back what it gets" },
    { "the reply before, twice", SAY("{'byte': 1}") "," "{'client': [{'word': 1}]},{'server': [{'word': 5}], 'check': 'second'}", "0000 01 0500", "repeated: the reply before came once more, and what was due behind it | replies come twice" },
    { "the reply before",        SAY("{'byte': 1}") "," "{'client': [{'word': 1}]},{'server': [{'word': 5}], 'check': 'second'}", "0000 01", "wrong-request: what came is the reply to an earlier request, once more | replies go to another request than theirs or wrong-value " },
    { "a byte amid",             SAY("{'raw:4': '01020304'}"), "0000 0102 09 0304", "extra-bytes: 1 byte stands amid what was due, from byte 4 on" },
    { "a byte less",             SAY("{'raw:4': '01020304'}"), "0000 010304", "cut: 1 byte of what was due is missing, from byte 3 on" },
    { "a reader of counts the wrong way round waits", ECHO("stringlist", "['x', 'yz']", "['x', 'yz']"), "", "no-answer: the limit passed without a byte of what was due or wrong-size counts are read in four bytes or wrong-size counts are read in eight bytes or off-by-one counts are one too small or bytes-for-units lengths count bytes, not units or dropped a byte behind each string is dropped or length-escape lengths have no longer form than one byte or string-width the mark FFFE of wide strings is read as a length or wrong-size units of wide strings are read in four bytes or bytes-swapped counts are read big-endian or bytes-swapped counts of two bytes are read big-endian or length-escape lengths are read in two bytes or length-escape lengths are read in four bytes or length-escape lengths are read in eight bytes or length-escape lengths are read in two bytes, big-endian or length-escape lengths are read in four bytes, big-endian or length-escape lengths have the form of counts" },
    { "a reader that knows no mark waits", ECHO("cstringw", "'ab'", "'ab'"), "", "no-answer: the limit passed without a byte of what was due or dropped a byte behind each string is dropped or length-escape lengths have no longer form than one byte or string-width the mark FFFE of wide strings is read as a length or wrong-size units of wide strings are read in four bytes or length-escape lengths are read in two bytes or length-escape lengths are read in four bytes or length-escape lengths are read in eight bytes or length-escape lengths are read in two bytes, big-endian or length-escape lengths are read in four bytes, big-endian or length-escape lengths have the form of counts" },
    { "who answers a number of its own size does not wait for it", "{'client': [{'word': 1}]},{'server': [{'word': 0}]}", "", "no-answer: the limit passed without a byte of what was due" },
    { "bytes for units, when it is read", ECHO("cstringw", "'abcd'", "'abcd'"), "0000 fffeff02 61006200", "bytes-for-units: the string ends in its middle: its length was taken for that of its bytes | lengths of wide strings are read as those of their bytes or bytes-for-units lengths count bytes, not units" },
    { "a time of another generation, when it is read", ECHO("time", "7", "7"), "0000 0a000080 0a000080ffffffff", "time-form: CTime has 4 bytes where another form is due | CTime is read in 4 bytes" },
    { "a double that was a float", SAY("{'double': '3fb999999999999a'}"), "0000 000000a09999b93f", "rounded: double has the digits of a float, and no more | doubles are rounded to floats" },
    { "two bytes in each other's place", SAY("{'raw:4': '01020304'}"), "0000 02010304", "bytes-swapped: bytes 2 and 3 stand in each other's place | two bytes change places" },
    { "a list behind what it held", SAY("{'stringarray': ['b']}"), "0000 0200 fffeff01 6100 fffeff01 6200", "kept-from-before: 1 element stands beside those that are due: the collection held them before, perhaps | collections have what they held before" },
    { "a list with more behind", SAY("{'stringarray': ['b']}"), "0000 0200 fffeff01 6200 fffeff01 6100", "off-by-one: a collection has an element more, at its end, than is due | collections have an element too many" },
    { "another schema",          TELL("object", "'CVersioned:3(1)'", "CVersioned:3(1)"), "0000 10 4356657273696f6e65643a2d31283129", "wrong-schema: the object is told with schema -1, where 3 is due | objects have another schema than they were described with" },
    { "chance",                  SAY("{'dword': 7}"), "67c6697351ff4aec29cdbaabf2fbe346", "random: what came has nothing in common with what was due: of its first 16 bytes 16 are different ones | what the peer says looks like chance" },
    { "much, and no chance",     SAY("{'dword': 7}"), "78*16", "differs: differs from byte 0 on" },
    { "a flood",                 SAY("{'dword': 7}"), "78*5000", "flood: the peer flooded the connection: 5000 bytes came where 6 were due | the peer floods its connections" },
    { "a part of a text",        TELL("word", "4", "[1,2,3]"), "0000 05 5b312c335d", "wrong-value: the value is another one: the CStringA reads \"[1,3]\" where \"[1,2,3]\" is due" },
    { "a float of 8 bytes",      SAY("{'float': '3f800000'}, {'byte': 7}"), "0000 000000000000f03f 07", "wrong-size: float has 8 bytes | floats are stored in 8 bytes" },
    { "a double of 4 bytes",     SAY("{'double': '3ff0000000000000'}, {'byte': 7}"), "0000 0000803f 07", "wrong-size: double has 4 bytes | doubles are stored in 4 bytes" },
    { "a float of 8 bytes, when it is read", ECHO("float", "'3f800000'", "'3f800000'"), "", "no-answer: the limit passed without a byte of what was due or dropped a byte behind each string is dropped or wrong-size floats are read in 8 bytes or length-escape lengths are read in two bytes or length-escape lengths are read in four bytes or length-escape lengths are read in eight bytes or length-escape lengths are read in two bytes, big-endian or length-escape lengths are read in four bytes, big-endian or length-escape lengths have the form of counts" },
    { "the number of a variant in 4 bytes", SAY("{'olevariant': '(2,-2)'}, {'byte': 7}"), "0000 02000000 feff 07", "wrong-size: VARTYPE has 4 bytes | VARTYPEs are stored in 4 bytes" },
    { "the number of a variant turned",     SAY("{'olevariant': '(2,-2)'}"), "0000 0002 feff", "bytes-swapped: the bytes of WORD stand in the wrong order | WORDs are stored big-endian or bytes-swapped VARTYPEs are stored big-endian" },
    { "WORDs turned, also that of a variant", SAY("{'olevariant': '(2,-2)'}, {'word': 1}"), "0000 0002 feff 0001", "bytes-swapped: the bytes of WORD stand in the wrong order | WORDs are stored big-endian" },
    { "a struct of an int and a double",    SAY("{'oledatetime': '(1,3ff0000000000001)'}"), "0000 01000000 00000000 010000000000f03f", "padded: bytes stand before a member of COleDateTime, so that it begins at a multiple of its size | members of COleDateTime are aligned, to 8 bytes at most or wrong-size LONGs are stored in 8 bytes" },
    { "a VARIANT as it lies in memory",     SAY("{'olevariant': '(5,3ff0000000000001)'}"), "0000 0500 000000000000 010000000000f03f", "padded: bytes stand before a member of COleVariant, so that it begins at a multiple of its size | members of COleVariant are aligned, to 8 bytes at most or wrong-size VARTYPEs are stored in 8 bytes" },
    { "an old time without its sign, told",   "{'client': [{'word': 2}, {'cstringa': 'time'}, {'bytes': 'fbffffff'}]},{'server': [{'word': 0}, {'cstringa': '-5'}]}", "0000 0a 34323934393637323931", "sign-lost: CTime is read without its sign | CTimes are read without their sign" },
    { "an old time without its sign, in a new one", "{'client': [{'word': 1}, {'cstringa': 'time'}, {'bytes': 'fbffffff'}]},{'server': [{'word': 0}, {'time': -5}]}", "0000 0a000080 fbffffff00000000", "sign-lost: CTime is read without its sign | CTimes are read without their sign" },
    { "a member without its sign", TELL("point", "'(1,-1)'", "(1,-1)"), "0000 0e 28312c3432393439363732393529", "sign-lost: LONG is read without its sign | LONGs are read without their sign" },
    { "a count like a length",   SAY("{'bytearray': {'unit': 7, 'times': 300}}"), "0000 ff2c01 07*300", "count-escape: the count has the form of a string's length | counts have the form of lengths" },
    { "a small count like a length", SAY("{'bytearray': [7]}, {'byte': 1}"), "0000 01 07 01", "count-escape: the count has the form of a string's length | counts have the form of lengths or wrong-size counts are stored in one byte" },
    { "a count behind one FF",   SAY("{'count': 65536}"), "0000 ff 00000100", "count-escape: one FF stands before the four bytes of the count, where two are due | counts of four bytes have one FF before them" },
    { "a count of 8 bytes behind FFFF", SAY("{'count': 65536}, {'byte': 1}"), "0000 ffff 0000010000000000 01", "count-escape: the count stands in eight bytes behind FFFF, where four are due | counts that need more than two bytes have eight" },
    { "… and behind its mark",   SAY("{'count': 65536}"), "0000 ffff ffffffff 0000010000000000", "count-escape: the count has the longest form, of eight bytes, where that of four is due | counts have the longest form as soon as they need more than two bytes" },
    { "a length like a count",   SAY("{'cstringa': 'ab'}"), "0000 0200 6162", "length-escape: the length stands in two bytes, without an escape | lengths are stored in two bytes or length-escape lengths have the form of counts or length-escape lengths of narrow strings are stored in two bytes" },
    { "a long length like a count", SAY("{'cstringa': {'unit': 'x', 'times': 65536}}"), "0000 ffff00000100 78*65536", "length-escape: the length has four bytes behind FF FF, where FF FFFF is due before them | lengths of four bytes have one FF too few before them or length-escape lengths have the form of counts" },
    { "8 bytes of length",       SAY("{'cstringa': {'unit': 'x', 'times': 65536}}"), "0000 ffffff ffffffff 0000010000000000 78*65536", "length-escape: the length has the form of eight bytes where that of four is due | lengths have eight bytes where four would do" },
    { "a text up to its CR",     SAY("{'cstringa': 'ab\\rc'}"), "0000 02 6162", "cut: the string ends at its first CR | strings end at their first CR or cut strings end at whatever ends a line" },
    { "a text up to its line separator", TELL("cstringw", "{'hex': '4100 2820 4200'}", "w:004120280042"), "0000 06 773a30303431", "cut: the string ends at the first character that ends a line elsewhere, such as U+2028 or a form feed | strings end at whatever ends a line or bytes-for-units lengths of wide strings are read as those of their bytes or bytes-for-units lengths count bytes, not units" },
    { "a text of a length that may be any in two bytes", "{'client': [{'word': 1}]},{'server': [{'word': 0}, {'cstringa': {'any': true}}, {'byte': 7}]}", "0000 0200 6162 07", "length-escape: the length stands in two bytes, without an escape | lengths are stored in two bytes or length-escape lengths have the form of counts or length-escape lengths of narrow strings are stored in two bytes or terminated strings are sent with a NUL behind or extra-bytes a byte is sent behind strings or dropped a byte behind each string is dropped or off-by-one lengths of strings are one too small" },
    { "the rest of a block",     SAY("{'bytearray': [1, 2, 3]}"), "0000 0300", "no-answer: the limit passed without all of what was due: only 4 of 7 bytes came or cut " },
    { "a flag in a schema",      OBJECT("CVersioned:3(1)") "}", "ffff 0380 0a00 43566572 73696f6e 6564 01000000", "wrong-schema: the class CVersioned is described with schema 32771, where 3 is due | classes are described with another schema than theirs" },
    { "another schema of what has but one", OBJECT("CAge(1)") "}", "ffff 0200 0400 43416765 01000000", "wrong-schema: the class CAge is described with schema 2, where 1 is due | classes are described with another schema than theirs" },
    { "a table that begins anew behind a refusal", OBJECT("CAge(1)") "}, {'client': [{'word': 1}]},{'server': [{'word': 2}, {'word': 5}], 'check': 'refused'}," OBJECT("CAge(2)") ", 'check': 'second'}", "ffff 0100 0400 43416765 02000000", "table-restarted: the object table began anew behind what was refused | object tables begin anew behind a refusal or described-again a class is described with each of its objects or table-restarted object tables begin anew with each message or table-restarted object tables begin anew with each value" },
    { "an object that contains itself, and no end", OBJECT("CNode(7,@1)") "}", "", "no-answer: the limit passed without a byte of what was due or wrong-index objects take their index behind their body" },
    { "a text without its end",  SAY("{'cstringa': 'abcdef'}"), "0000 03 616263", "cut: the CStringA came without the last 3 of its 6 units | CStringAs are cut" },
    { "… its beginning",         SAY("{'cstringw': 'abcd'}"), "0000 fffeff02 63006400", "cut: the CStringW came without the first 2 of its 4 units | CStringWs are cut" },
    { "… a word amid it",        SAY("{'cstringa': 'abcdef'}"), "0000 03 626364", "wrong-value: the value is another one: the CStringA reads \"bcd\" where \"abcdef\" is due" },
    { "an array without its end", SAY("{'wordarray': [7, 8, 9]}"), "0000 0200 0700 0800", "cut: the CWordArray came without the last 1 of its 3 elements | CWordArrays are cut" },
    { "a text that is told, and begins as it should", TELL("word", "17", "17"), "0000 01 31", "wrong-value: the value is another one: the CStringA reads \"1\" where \"17\" is due" },
    { "one that was counted too few, in a text", SAY("{'cstringa': 'packet 1 of 12'}"), "0000 0e 7061636b65742030206f66203132", "off-by-one: a number in the text is one too small: it is told as 0 where 1 is due | numbers that are told in texts are one off" },
    { "… two too few",           SAY("{'cstringa': 'packet 3 of 12'}"), "0000 0e 7061636b65742031206f66203132", "wrong-value: the value is another one: the CStringA reads \"packet 1 of 12\" where \"packet 3 of 12\" is due" },
    { "one that was counted too few", SAY("{'dword': 3}"), "0000 02000000", "off-by-one: the DWORD is one too small: it reads 2 where 3 is due" },
    { "one too few, of two bytes", SAY("{'word': 300}"), "0000 2b01", "off-by-one: the WORD is one too small: it reads 299 where 300 is due" },
    { "… at the least",          SAY("{'word': 256}"), "0000 ff00", "off-by-one: the WORD is one too small: it reads 255 where 256 is due" },
    { "… less",                  SAY("{'word': 255}"), "0000 fe00", "wrong-value: the value is another one: the WORD reads 254 where 255 is due" },
    { "… in network order",      SAY("{'net16': 65531}"), "0000 fffa", "off-by-one: the WORD is one too small: it reads 65530 where 65531 is due" },
    { "… by two",                SAY("{'word': 300}"), "0000 2e01", "wrong-value: the value is another one: the WORD reads 302 where 300 is due" },
    { "the beginning of a name, taken", "{'client': [{'word': 2}, {'cstringa': 'object'}, {'bytes': 'ffff 0100 0300 434167 65150000 00'}]},{'server': [{'word': 2}, {'word': 6}]}", "0000 08 4341676528323129", "not-refused: the peer answered, where \"exception\" is due: it took what it must refuse | the peer answers what it must refuse or not-refused the beginning of a class's name is taken for the name" },
    { "the beginning of a name, and another cause", "{'client': [{'word': 2}, {'cstringa': 'object'}, {'bytes': 'ffff 0300 0400 434e6f64 07000000 6500'}]},{'server': [{'word': 2}, {'word': 6}]}", "0200 0500", "wrong-cause: the exception tells cause 5 (badIndex), where 6 (badClass) is due | exceptions tell another cause than the right one or not-refused the beginning of a class's name is taken for the name" },
    { "a longer name, taken", "{'client': [{'word': 2}, {'cstringa': 'object'}, {'bytes': 'ffff 0100 0500 4341676573 15000000'}]},{'server': [{'word': 2}, {'word': 6}]}", "0000 08 4341676528323129", "not-refused: the peer answered, where \"exception\" is due: it took what it must refuse | the peer answers what it must refuse or not-refused names that begin with a class's are taken for that" },
    { "a name in small letters, taken", "{'client': [{'word': 2}, {'cstringa': 'object'}, {'bytes': 'ffff 0100 0400 63616765 15000000'}]},{'server': [{'word': 2}, {'word': 6}]}", "0000 08 4341676528323129", "not-refused: the peer answered, where \"exception\" is due: it took what it must refuse | the peer answers what it must refuse or not-refused names of classes are taken whatever their capitals are" },
    { "another schema, taken", "{'client': [{'word': 2}, {'cstringa': 'object'}, {'bytes': 'ffff 0200 0400 43416765 15000000'}]},{'server': [{'word': 2}, {'word': 7}]}", "0000 08 4341676528323129", "not-refused: the peer answered, where \"exception\" is due: it took what it must refuse | the peer answers what it must refuse or not-refused classes are taken whatever their schema is" },
    { "another value",           SAY("{'byte': 1}"), "0000 09", "wrong-value: the value is another one: the BYTE reads 9 where 1 is due" },
};
// clang-format on

/* All goes well up to the last message that is due, in whose place other bytes come. */
static struct trace trace_with(const struct program *p, struct bytes got, struct arena *keep)
{
    struct trace t = { .keep = keep };
    size_t last = 0;

    for (size_t i = 0; i < p->count; i++)
        last = p->ops[i].kind == OP_RECEIVE ? i : last;
    for (size_t i = 0; i < last; i++) {
        if (p->ops[i].kind == OP_OPEN)
            trace_add(&t, TRACE_OPEN, 0, i, 0);
        else
            trace_add_data(&t, p->ops[i].kind == OP_SEND ? TRACE_SENT : TRACE_RECEIVED, 0, i, 0, p->ops[i].bytes, 1);
    }
    trace_add_data(&t, TRACE_RECEIVED, 0, last, 0, got, 0);
    trace_add(&t, TRACE_MISMATCH, 0, last, 0);
    trace_add(&t, TRACE_OVER, 0, last, 0);
    return t;
}

static void program_load(const char *steps, struct library *lib, struct program *p, struct arena *keep)
{
    char suite[2048];

    snprintf(suite, sizeof suite, "{'format': 1, 'suite': 't', 'service': 'talk', 'cases': [\n {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [%s]}]}", steps);
    library_loads(SERVICE, suite, lib);
    *p = program_of(lib, "t-1", "bits=64", PARTY_CLIENT, "plain", keep);
}

Test(causes, say_what_went_wrong_with_their_evidence, .timeout = 20)
{
    for (const struct told_row *r = rows; r < rows + COUNT_OF(rows); r++) {
        SCRATCH(keep);
        struct library lib;
        struct program p;
        struct findings f;
        struct bytes got;
        TEXT(said);
        program_load(r->steps, &lib, &p, &keep);
        cr_assert(hex_read(r->got, &keep, &got) == NULL, "%s", r->label);
        struct trace t = trace_with(&p, got, &keep);
        judge(&p, &t, &keep, &f);
        const struct finding *one = &f.items[f.count - 1];
        text_printf(&said, "%s: %s", one->cause, one->sentence);
        if (one->summary)
            text_printf(&said, " | %s", one->summary);
        for (size_t i = 0; i < one->other_count; i++)
            if (!one->others[i].narrow)
                text_printf(&said, " or %s %s", one->others[i].cause, one->others[i].summary ? one->others[i].summary : "");
        cr_expect(eq(str, (char *)text_string(&said), (char *)r->cause), "%s", r->label);
        library_free(&lib);
    }
}

/* A writer without a mistake writes what the codec does, whatever the value and whoever the peer. */
Test(causes, the_mistaken_writer_without_a_mistake_is_the_codec, .timeout = 20)
{
    static const struct mistake none = { .deed = DEED_NONE };

    for (const struct profile *p = profile_all; p < profile_all + profile_count; p++)
        for (size_t i = 0; i < type_count; i++)
            for (unsigned k = 0; k < 20; k++) {
                SCRATCH(keep);
                struct random chance = random_for(k, type_table[i].name, i);
                struct type_ref of = { .type = &type_table[i], .size = 5 };
                struct value drawn, v;
                struct error err;
                CLEANUP(buffer_free) struct buffer right = { 0 };
                CLEANUP(buffer_free) struct buffer made = { 0 };
                value_draw(&chance, of, 0, 0, &keep, &drawn);
                if (!type_offered(of, p) || !value_storable(&drawn, p, NULL, &err))
                    continue;
                value_store(&right, p, NULL, &drawn);
                struct reader r = { .in = buffer_bytes(&right), .written = true };
                value_load(&r, p, NULL, of, &keep, &v); // numbers its objects
                if (r.status != WIRE_OK)
                    continue;
                CLEANUP(buffer_free) struct buffer again = { 0 }; // of 7.0 and 7.1 strings end at a NUL when they are read
                value_store(&again, p, NULL, &v);
                writing_put(writing_new(&none, p, &keep), &v, &made);
                cr_expect(bytes_equal(buffer_bytes(&again), buffer_bytes(&made)), "%s", type_table[i].name);
            }
}

/* Whether what it writes has all that it was given. */
static bool is_lossless(const struct mistake *m)
{
    switch (m->deed) {
    case DEED_TIME: // of 64 bits
    case DEED_COUNT_BYTES:
    case DEED_COUNT_SHORT:
    case DEED_LENGTH_SHORT:
    case DEED_LENGTH_BYTES:
    case DEED_SIZE:
    case DEED_SIZE_UNSIGNED:
    case DEED_SIZE_BIG:
    case DEED_UTF8_UNITS:
    case DEED_ROUND:
    case DEED_ROUND_WHOLE:
    case DEED_MARK_TAKEN:
    case DEED_ONE_OF_CLASS:
    case DEED_CUT_AT:
    case DEED_WHOLE_BLOCKS:
    case DEED_CUT_HALF:
    case DEED_STRIP:
    case DEED_UNIT_BEHIND:
    case DEED_LONE_REPLACED:
    case DEED_PAIR_REPLACED:
    case DEED_ASCII_ONLY:
    case DEED_UNIT_LEFT:
    case DEED_LATIN_ONLY:
    case DEED_CUT_TO:
    case DEED_CUT_BYTES:
    case DEED_QUESTION:
    case DEED_7BIT:
    case DEED_MARK_UNKNOWN: // only a reader makes these
    case DEED_WIDE_AS_NARROW:
    case DEED_LENGTH_TAKEN:
    case DEED_COUNT_TAKEN:
    case DEED_COUNT_NONE:
    case DEED_LENGTH_SIGNED:
    case DEED_LENGTH_NONE:
    case DEED_LINE_WIDTH:
    case DEED_LOW:
    case DEED_COUNT_LOW:
    case DEED_LENGTH_OF_SIGNED:
    case DEED_COUNT_SIGNED:
    case DEED_BYTES_SIGNED:
    case DEED_UNITS_COPIED:
    case DEED_TIME_MARK:
    case DEED_MARK_AGAIN:
    case DEED_BYTE_SKIPPED:
    case DEED_NO_SIGN:
    case DEED_SIGN:
    case DEED_NULLS_LEFT:
    case DEED_CYCLE_NULL:
    case DEED_SINCE:
    case DEED_MEMBER_LEFT:
    case DEED_MEMBER_UNSET:
        return false;
    case DEED_UNIT_SIZE:
        return m->n > 1 && m->reads;
    default:
        return m->reads;
    }
}

/* A value that a stream of the profile carries, or false. */
static bool value_drawn(const struct profile *p, const struct type *type, unsigned k, struct arena *keep, struct value *v)
{
    struct random chance = random_for(k, type->name, (size_t)(type - type_table));
    struct type_ref of = { .type = type, .size = 5 };
    struct value drawn;
    struct error err;
    CLEANUP(buffer_free) struct buffer right = { 0 };

    value_draw(&chance, of, 0, 0, keep, &drawn);
    if (!type_offered(of, p) || !value_storable(&drawn, p, NULL, &err))
        return false;
    value_store(&right, p, NULL, &drawn);
    struct reader r = { .in = arena_bytes(keep, buffer_bytes(&right)), .written = true };
    value_load(&r, p, NULL, of, keep, v);
    return r.status == WIRE_OK;
}

/* Without a mistake it reads as the codec does; with one, what the writer with the same mistake has written. */
Test(causes, the_mistaken_reader_reads_what_the_mistaken_writer_writes, .timeout = 180)
{
    static const struct mistake none = { .deed = DEED_NONE, .reads = true };
    size_t met = 0;

    for (size_t row = 0; row <= mistake_count; row++) {
        const struct mistake *m = row < mistake_count ? &mistake_table[row] : &none;
        for (size_t i = 0; i < type_count && is_lossless(m); i++)
            for (unsigned k = 0; k < 8; k++) {
                SCRATCH(keep);
                struct value v, seen;
                CLEANUP(buffer_free) struct buffer made = { 0 };
                bool line = strcmp(type_table[i].name, "line") == 0;
                if (!value_drawn(&profile_default, &type_table[i], k, &keep, &v) || line)
                    continue;
                writing_put(writing_new(m, &profile_default, &keep), &v, &made);
                struct reader r = { .in = buffer_bytes(&made), .written = true };
                struct reading *g = reading_new(m, &profile_default, &keep);
                reading_message(g, true, 0);
                reading_get(g, &r, v.of, &seen);
                met++;
                cr_expect(r.status == WIRE_OK && r.at == made.len && value_equal(&seen, &v), "%s %s, %s", m->key, m->summary ? m->summary : "", type_table[i].name);
            }
    }
    cr_expect(gt(sz, met, 1000));
}

/* What a case that passed says of a mistake, in each way in which it may be made. */
Test(causes, a_case_that_passed_rules_out_what_would_have_shown_in_it, .timeout = 10)
{
    enum { WRITES = 1, READS = 2, BOTH = 4 };
    static const struct {
        const char *label, *steps;
        enum deed deed;
        int64_t n;
        unsigned ways;
        bool out;
    } shown[] = {
        { "an empty list has a count of 2 bytes", ECHO("stringlist", "[]", "[]"), DEED_COUNT_BYTES, 4, READS | BOTH, true },
        { "and reads the same either way",       ECHO("stringlist", "[]", "[]"), DEED_SWAP_COUNTS, 0, READS | BOTH, false },
        { "one element does not",                ECHO("stringlist", "['x']", "['x']"), DEED_SWAP_COUNTS, 0, READS | BOTH, true },
        { "units turned twice are right again",  ECHO("cstringw", "'ab'", "'ab'"), DEED_SWAP_UNITS, 0, WRITES | READS | BOTH, false },
        { "turned once they are not",            ECHO("cstringw", "'ab'", "'ab'"), DEED_SWAP_UNITS, 0, WRITES | READS, true },
        { "no string has the mark",              ECHO("word", "7", "7"), DEED_MARK_UNKNOWN, 0, READS, false },
    };

    for (size_t i = 0; i < COUNT_OF(shown); i++) {
        SCRATCH(keep);
        struct library lib;
        struct program p;
        struct accused s = { .ways = shown[i].ways };
        while (mistake_table[s.mistake].deed != shown[i].deed || mistake_table[s.mistake].n != shown[i].n)
            s.mistake++;
        program_load(shown[i].steps, &lib, &p, &keep);
        accused_look((struct accused *[]){ &s }, 1, &p);
        cr_expect(eq(int, accused_is_out(&s), shown[i].out), "%s", shown[i].label);
        library_free(&lib);
    }
}

/* ---- pages ---- */

static bool is_named(const char *key, const char *directory, struct arena *keep)
{
    glob_t files;
    bool found = false;
    const char *quoted = arena_printf(keep, "\"%s\"", key);

    cr_assert(glob(arena_printf(keep, "harness/%s/*.c", directory), 0, NULL, &files) == 0);
    for (size_t i = 0; i < files.gl_pathc && !found; i++) {
        struct bytes text;
        struct error err;
        if (strstr(files.gl_pathv[i], "pages.c"))
            continue;
        cr_assert(file_read(files.gl_pathv[i], 1 << 20, keep, &text, &err));
        found = memmem(text.data, text.len, quoted, strlen(quoted)) != NULL;
    }
    globfree(&files);
    return found;
}

Test(causes, whatever_has_a_page_can_be_named, .timeout = 20)
{
    for (const struct cause_page *p = cause_pages; p < cause_pages + cause_page_count; p++) {
        SCRATCH(keep);
        bool fixed = false;
        for (int l = 0; l < FIX_LANGUAGES; l++)
            fixed |= p->fix[l] != NULL;
        cr_expect(fixed && *p->title && *p->why, "%s", p->key);
        cr_expect(cause_page_find(p->key) == p, "%s stands twice", p->key);
        cr_expect(is_named(p->key, "check", &keep) || is_named(p->key, "run", &keep) || is_named(p->key, "app", &keep), "nothing names %s", p->key);
    }
}

/* What follows `"cause": ` in the table of a peer's flaws: a name, or several in brackets. */
static void flaw_names_pages(const char *path, const char *at)
{
    const char *end = *at == '[' ? strchr(at, ']') : strchr(at + 1, '"') + 1;

    while ((at = memchr(at, '"', (size_t)(end - at)))) {
        size_t len = strcspn(at + 1, "\"");
        char key[64];
        snprintf(key, sizeof key, "%.*s", (int)len, at + 1);
        cr_expect(cause_page_find(key) != NULL, "%s: %s", path, key);
        at += len + 2;
    }
}

Test(causes, whatever_a_flaw_is_due_has_a_page, .timeout = 20)
{
    SCRATCH(keep);
    glob_t files;
    size_t n = 0;

    cr_assert(glob("peers/*/flaws.json", 0, NULL, &files) == 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct bytes text;
        struct error err;
        static const char due[] = "\"cause\": ";
        cr_assert(file_read(files.gl_pathv[i], 1 << 20, &keep, &text, &err));
        const char *all = arena_printf(&keep, "%.*s", (int)text.len, (const char *)text.data);
        for (const char *at = all; (at = strstr(at, due)); n++)
            flaw_names_pages(files.gl_pathv[i], at += sizeof due - 1);
    }
    globfree(&files);
    cr_expect(gt(sz, n, 140));
}

Test(causes, whatever_is_named_has_a_page, .timeout = 20)
{
    SCRATCH(keep);
    regex_t named;
    glob_t files;
    size_t n = 0;

    for (const struct mistake *m = mistake_table; m < mistake_table + mistake_count; m++)
        cr_expect(cause_page_find(m->key) != NULL, "%s", m->key);
    cr_assert(regcomp(&named, "(cause = |fail\\(f, |also\\(f, |^    \\{ )\"([a-z-]+)\"(, +cause_|, +sign|, +swap|, +wrong|, +any|;|, |:)", REG_EXTENDED | REG_NEWLINE) == 0);
    cr_assert(glob("harness/check/*.c", 0, NULL, &files) == 0);
    cr_assert(glob("harness/run/*.c", GLOB_APPEND, NULL, &files) == 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct bytes text;
        struct error err;
        regmatch_t m[3];
        if (strstr(files.gl_pathv[i], "doctor.c"))
            continue;
        cr_assert(file_read(files.gl_pathv[i], 1 << 20, &keep, &text, &err));
        char *all = arena_printf(&keep, "%.*s", (int)text.len, (const char *)text.data);
        for (; regexec(&named, all, 3, m, 0) == 0; all += m[0].rm_eo, n++) {
            const char *key = arena_printf(&keep, "%.*s", (int)(m[2].rm_eo - m[2].rm_so), all + m[2].rm_so);
            cr_expect(cause_page_find(key) != NULL, "%s names %s, which has no page", files.gl_pathv[i], key);
        }
    }
    cr_expect(gt(sz, n, 60), "%zu", n);
    globfree(&files);
    regfree(&named);
}
