/*
 * The conformance service. A request and the asker's end are there before
 * the service is asked, so that it runs to its end in this thread.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "reference/service.h"
#include "rig.h"

static struct bytes ask(const char *profile, struct bytes said, size_t piece)
{
    return rig_ask(conformance_serve, profile, said, piece);
}

static const struct exchange {
    const char *label, *profile, *request, *reply;
} exchanges[] = {
    /* The worked exchange of the service. */
    { "TELL word", "10 ansi 64", "0200 'word' 3412", "0000 '4660'" },
    { "MAKE dword", "10 ansi 64", "0300 'dword' '7'", "0000 07000000" },
    { "NEXT", "10 ansi 64", "0400 ff000000", "0000 00010000" },
    { "NOTES", "10 ansi 64", "0500 'hi' 0600", "0000 01000000 'hi'" },

    { "nothing", "10 ansi 64", "", "" },
    { "NEXT wraps", "10 ansi 64", "0400 ffffffff", "0000 00000000" },
    { "NOTES before any", "10 ansi 64", "0600", "0000 00000000 00" },
    { "wide answers", "10 unicode 64", "0500 'hi' 0600", "0000 01000000 fffeff02 6800 6900" },
    { "wide types", "10 ansi 64", "0200 fffeff04 62007900 74006500 07", "0000 '7'" },
    { "no types", "10 ansi 64", "0200 '' 0100 '' 0300 '' ''", "0000 '' 0000 0000" },
    { "QUIT", "10 ansi 64", "0800 0400 01000000", "0000" },
    { "unknown op", "10 ansi 64", "0b00 0400 01000000", "0100 'unknown op'" },
    { "op 0", "10 ansi 64", "0000", "0100 'unknown op'" },
    { "unknown type", "10 ansi 64", "0200 'nonsense' 00", "0100 'unsupported type'" },
    { "an empty name", "10 ansi 64", "0200 'byte,,byte'", "0100 'unsupported type'" },
    { "raw:01", "10 ansi 64", "0200 'raw:01' 00", "0100 'unsupported type'" },
    { "raw:1048577", "10 ansi 64", "0200 'raw:1048577'", "0100 'unsupported type'" },
    { "raw alone", "10 ansi 64", "0200 'raw'", "0100 'unsupported type'" },
    { "a suffix that is none", "10 ansi 64", "0200 'byte:1'", "0100 'unsupported type'" },
    { "a type of later times", "6.0 ansi 32", "0200 'bool' 01", "0100 'unsupported type'" },
    { "half an op", "10 ansi 64", "04", "0200 0300" },
    { "a cut request", "10 ansi 64", "0400 ffff", "0200 0300" },
    { "bad text goes on", "10 ansi 64", "0300 'byte' '256' 0400 01000000",
      "0300 'a number out of its range' 0000 02000000" },
    { "FLOOD", "10 ansi 64", "0700 0200 03000000",
      "0000 00000000 0300 000102 0000 01000000 0300 010203" },
    { "FLOOD of none", "10 ansi 64", "0700 0000 03000000 0400 00000000", "0000 01000000" },
    { "FLOOD too large", "10 ansi 64", "0700 0200 01000002", "0300 'more than 64 MiB'" },

    { "no minus where there is no sign", "10 ansi 64", "0300 'byte' '-0'",
      "0300 'not the text of these types'" },
    { "a minus where there is one", "10 ansi 64", "0300 'char' '-0'", "0000 00" },

    { "counts", "10 ansi 64", "0300 'count,count' '0 65535'", "0000 0000 ffff ffff0000" },
    { "no count below 0", "10 ansi 64", "0300 'count' '-1'", "0300 'not the text of these types'" },
    { "keys by their bucket", "10 ansi 64",
      "0300 'mapwordtoob' '{1=null,18=null,0=null,17=null,65535=null}'",
      "0000 0500 ffff0000 11000000 00000000 12000000 01000000" },
    { "… of an older one", "6.0 ansi 32",
      "0300 'mapwordtoob' '{1=null,18=null,0=null,17=null,65535=null}'",
      "0000 0500 00000000 01000000 11000000 12000000 ffff0000" },
    { "the smallest numbers", "10 ansi 64", "0300 'char,short,long' '-128 -32768 -2147483648'",
      "0000 80 0080 00000080" },
    { "one below", "10 ansi 64", "0300 'char' '-129'", "0300 'a number out of its range'" },
    { "one above", "10 ansi 64", "0300 'char' '128'", "0300 'a number out of its range'" },
    { "the largest", "10 ansi 64", "0300 'char,byte' '127 255'", "0000 7f ff" },
    { "a string cut in its bytes", "10 ansi 64", "0200 'olevariant' 0800 04000000 4100",
      "0200 0300" },
    { "any truth of a variant", "10 ansi 64", "0200 'olevariant,olevariant' 0b00 0100 0b00 0000",
      "0000 '(11,true) (11,false)'" },
    { "a char has a sign when it is hashed", "10 ansi 64",
      "0300 'mapstringtostring' '{u:00e9=u:0031,u:0042=u:0032}'", "0000 0200 01e9 '1' 'B' '2'" },

    /* Types: echoed, told and made. */
    { "ECHO several", "10 ansi 64", "0100 'byte,word,cstring' 01 0200 'x'", "0000 01 0200 'x'" },
    { "negative numbers", "10 ansi 64",
      "0200 'char,short,int,long,longlong' ff feff fdffffff "
      "00000080 fcffffffffffffff",
      "0000 '-1 -2 -3 -2147483648 -4'" },
    { "unsigned numbers", "10 ansi 64",
      "0200 'uint,ulonglong,wchar' 005ed0b2 0807060504030201 ac20",
      "0000 '3000000000 72623859790382856 8364'" },
    { "truth", "10 ansi 64", "0200 'bool,bool,bool' 00 01 80", "0000 'false true true'" },
    { "MAKE truth", "10 ansi 64", "0300 'bool,bool' 'true false'", "0000 01 00" },
    { "reals", "10 ansi 64", "0200 'float,double' cdcccc3d 9a9999999999b93f",
      "0000 '3dcccccd 3fb999999999999a'" },
    { "MAKE reals", "10 ansi 64", "0300 'float,double' '3f800000 bff0000000000000'",
      "0000 0000803f 000000000000f0bf" },
    { "strings", "10 unicode 64", "0200 'cstring,cstringa,cstringw' 'Hi' 'Hi' 'Hi'",
      "0000 fffeff1c 7500 3a00 3000 3000 3400 3800 3000 3000 3600 3900 2000 6100 3a00 3400 3800 "
      "3600 3900 2000 7700 3a00 3000 3000 3400 3800 3000 3000 3600 3900" },
    { "MAKE strings", "10 ansi 64", "0300 'cstring,cstringa,cstringw' 'u:0041 a:ff w:20ac'",
      "0000 'A' 01ff fffeff01 ac20" },
    { "MAKE a repeated string", "10 ansi 64", "0300 'cstringw' 'w*2:0041'",
      "0000 fffeff02 4100 4100" },
    { "a long string by its CRC", "10 ansi 64",
      "0200 'cstring' "
      "'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'",
      "0000 'u#65:471d704c'" },
    { "counts", "10 ansi 64", "0200 'count,count' 0100 ffffffff0000", "0000 '1 65535'" },
    { "MAKE count of 64 bits", "10 ansi 64", "0300 'count' '4294967295'",
      "0000 ffff ffffffff ffffffff00000000" },
    { "MAKE count of 32 bits", "10 ansi 32", "0300 'count' '4294967295'", "0000 ffff ffffffff" },
    { "geometry", "10 ansi 64",
      "0200 'size,point,rect' 80020000 e0010000 01000000 ffffffff "
      "32000000 14000000 20030000 7d000000",
      "0000 '(640,480) (1,-1) (50,20,800,125)'" },
    { "MAKE geometry", "10 ansi 64", "0300 'point' '(1,-1)'", "0000 01000000 ffffffff" },
    { "arrays", "10 ansi 64",
      "0200 'bytearray,wordarray,dwordarray' 0300010203 0200 0100 0080 "
      "0000",
      "0000 '[1,2,3] [1,32768] []'" },
    { "MAKE arrays", "10 ansi 64", "0300 'bytearray,wordarray' '[*3:9] [1,2]'",
      "0000 0300 090909 0200 0100 0200" },
    { "string arrays", "10 ansi 64", "0200 'stringarray' 0200 'a' ''", "0000 '[u:0061,u:]'" },
    { "MAKE string array", "10 ansi 64", "0300 'stringarray' '[u:0061,u:]'", "0000 0200 'a' ''" },
    { "raw", "10 ansi 64", "0200 'raw:2,raw:0' 00ff", "0000 'r:00ff r:'" },
    { "MAKE raw", "10 ansi 64", "0300 'raw:2' 'r:00ff'", "0000 00ff" },
    { "raw of another length", "10 ansi 64", "0300 'raw:2' 'r:00'",
      "0300 'not the text of these types'" },
    { "raw cut", "10 ansi 64", "0200 'raw:2' 00", "0200 0300" },
    { "network order", "10 ansi 64", "0200 'net16,net32' 1234 4d464331", "0000 '4660 1296450353'" },
    { "MAKE network order", "10 ansi 64", "0300 'net16,net32' '4660 1'", "0000 1234 00000001" },
    { "line", "10 ansi 64", "0200 'line,byte' 4869 0d0a 07", "0000 'u:00480069 7'" },
    { "ECHO line", "10 unicode 64", "0100 'line' 4800 0a00", "0000 4800 0a00" },
    { "a last line without its end", "10 ansi 64", "0200 'line' 48", "0000 'u:0048'" },
    { "no line", "10 ansi 64", "0200 'line'", "0200 0300" },
    { "a line cannot hold NUL", "10 ansi 64", "0300 'line' 'u:0000'",
      "0300 'a line cannot hold this unit'" },
    { "a line cannot hold CR", "10 ansi 64", "0300 'line' 'u:0041000d'",
      "0300 'a line cannot hold this unit'" },
    { "MAKE line", "10 ansi 64", "0300 'line' 'u:0001'", "0000 01 0a" },
    { "a line cannot hold a newline", "10 ansi 64", "0300 'line' 'u:000a'",
      "0300 'a line cannot hold this unit'" },
    { "short array, 8", "8 ansi 32", "0200 'bytearray' 0500 0102", "0200 0300" }, // N33
    { "short array, 7.1", "7.1 ansi 32", "0200 'bytearray' 0500 0102", "0000 '[1,2,0,0,0]'" },
    { "short rectangle, 7.1", "7.1 ansi 32", "0200 'point' 01000000 02", "0000 '(1,2)'" }, // N35
    { "short rectangle, 9", "9 ansi 32", "0200 'point' 01000000 02", "0200 0300" },
    { "7.0 reads a byte array twice", "7.0 ansi 32 bugs", "0200 'bytearray,byte' 0100 09 08 07",
      "0000 '[9] 7'" }, // COL-3
    { "huge claims cost nothing", "10 ansi 64", "0200 'dwordarray' ffff ffffff7f 01", "0200 0300" },

    /* Values of the framework. */
    { "E87 time", "7.1 ansi 32", "0200 'time' 80436d38", "0000 '946684800'" },
    { "E88 long time", "10 ansi 64", "0200 'time' 0a000080 80436d38 00000000", "0000 '946684800'" },
    { "N36 a legacy time", "8 ansi 64", "0200 'time,byte' 80436d38 07", "0000 '946684800 7'" },
    { "N37", "10 ansi 64", "0200 'time' 0a000080", "0200 0300" },
    { "N38", "7.1 ansi 32", "0200 'time,longlong' 0a000080 80436d38 00000000",
      "0000 '-2147483638 946684800'" },
    { "E90", "10 ansi 64", "0300 'time' '2208988800'", "0000 0a000080 807eaa83 00000000" },
    { "MAKE time", "6.0 ansi 32", "0300 'time' '946684800'", "0000 80436d38" },
    { "a time out of range", "6.0 ansi 32", "0300 'time' '2208988800'",
      "0300 'a number out of its range'" },
    { "E94 spans", "10 ansi 64", "0200 'timespan,timespan' 80510100 c4ffffff", "0000 '86400 -60'" },
    { "E92", "10 ansi 64", "0300 'time64,timespan' '946684800 -60'",
      "0000 80436d38 00000000 c4ffffff" },
    { "E95", "10 ansi 64", "0200 'oledatetime' 00000000 00000000c0d5e140",
      "0000 '(0,40e1d5c000000000)'" },
    { "E97", "10 ansi 64", "0300 'oledatetimespan' '(0,3ff8000000000000)'",
      "0000 00000000 000000000000f83f" },
    { "E98", "7.0 ansi 32", "0300 'oledatetimespan' '(0,3ff8000000000000)'",
      "0000 000000000000f83f" },
    { "7.0 dates are whole", "7.0 ansi 32", "0300 'oledatetime' '(2,0000000000000000)'",
      "0000 02000000 0000000000000000" },
    { "E99", "10 ansi 64", "0200 'olecurrency' 00000000 00000000 08e20100", "0000 '(0,123400)'" },
    { "E100", "10 ansi 64", "0300 'olecurrency' '(0,-10000)'", "0000 00000000 ffffffff f0d8ffff" },
    { "E101 to E104", "10 ansi 64",
      "0200 'olevariant,olevariant,olevariant,olevariant' "
      "0000 0300 07000000 0b00 ffff 0800 04000000 48006900",
      "0000 '(0) (3,7) (11,true) (8,u:00480069)'" },
    { "E105 to E108", "10 ansi 64",
      "0300 'olevariant,olevariant,olevariant,olevariant' "
      "'(6,123400) (5,3ff0000000000000) (17,200) (20,-1)'",
      "0000 0600 08e2010000000000 0500 000000000000f03f 1100 c8 1400 ffffffffffffffff" },
    { "MAKE variants", "10 ansi 64",
      "0300 'olevariant,olevariant,olevariant' "
      "'(1) (11,true) (8,u:0048)'",
      "0000 0100 0b00 ffff 0800 02000000 4800" },
    { "a variant of later times", "7.0 ansi 32", "0300 'olevariant' '(20,-1)'",
      "0300 'no such variant here'" },
    /* VAL-10: before 7.1 nothing stands behind such a vt, so the byte is the next value. */
    { "a variant without a body", "7.0 ansi 32", "0200 'olevariant,byte' 1400 07",
      "0000 '(20) 7'" },
    { "BSTR of an odd length", "10 ansi 64", "0200 'olevariant,byte' 0800 03000000 4100ff 07",
      "0000 '(8,u:0041) 7'" },
    { "VT_DISPATCH", "10 ansi 64", "0200 'olevariant' 0900", "0200 0000" },
    { "VT_UNKNOWN", "6.0 ansi 32", "0200 'olevariant' 0d00", "0200 0000" },
    { "VT_ARRAY has no body", "10 ansi 64", "0200 'olevariant,byte' 0320 07", "0000 '(8195) 7'" },
    { "E109", "10 ansi 64", "0200 'combstr' 02000000 48006900", "0000 'u:00480069'" },
    { "MAKE combstr", "10 ansi 64", "0300 'combstr' 'u:20ac'", "0000 01000000 ac20" },
    { "a cut combstr", "7.1 ansi 32", "0200 'combstr' 02000000 4800", "0200 0300" },

    /* Collections and objects. */
    { "E116", "10 ansi 64", "0200 'stringlist' 0200 'x' 'yz'", "0000 '[u:0078,u:0079007a]'" },
    { "E117", "10 ansi 64", "0300 'mapstringtostring' '{u:006b=u:0076}'", "0000 0100 'k' 'v'" },
    { "TELL sorts by key", "10 ansi 64",
      "0200 'mapstringtostring' 0400 'b' 'v' 'a' 'w' 'ab' 'x' '' 'y'",
      "0000 '{u:=u:0079,u:0061=u:0077,u:00610062=u:0078,u:0062=u:0076}'" },
    { "the later of two with one key stays", "10 ansi 64",
      "0200 'mapstringtostring' 0300 'b' 'v' 'a' 'w' 'b' 'x'",
      "0000 '{u:0061=u:0077,u:0062=u:0078}'" },
    { "E118", "10 ansi 64", "0200 'mapstringtoob' 0100 'n' 0000", "0000 '{u:006e=null}'" },
    { "E119", "10 ansi 64", "0300 'mapwordtoob' '{5=CAge(30)}'",
      "0000 0100 0500 ffff 0100 04 00 43416765 1e000000" },
    { "the later of equal keys", "10 ansi 64",
      "0200 'mapwordtoob' 0300 0500 0000 0a00 0000 0500 "
      "ffff 0100 0400 43416765 1e000000",
      "0000 '{10=null,5=CAge(30)}'" },
    { "buckets up to 9", "9 ansi 64", "0300 'mapwordtoob' '{1=null,2=null,16=null}'",
      "0000 0300 0200 0000 0100 0000 1000 0000" },
    { "buckets from 10 on", "10 ansi 64", "0300 'mapwordtoob' '{1=null,2=null,16=null}'",
      "0000 0300 0200 0000 1000 0000 0100 0000" },
    { "E120", "10 ansi 64", "0300 'oblist' '[CAge(1),null,@1]'",
      "0000 0300 ffff 0100 0400 43416765 01000000 0000 0200" },
    { "E81", "10 ansi 64", "0300 'object' 'CStringList[]'",
      "0000 ffff 0000 0b00 43537472696e674c697374 0000" },
    { "E126", "10 ansi 64", "0300 'object' 'CByteArray[170]'",
      "0000 ffff 0000 0a00 43427974654172726179 0100 aa" },
    { "TELL object twice", "10 ansi 64",
      "0200 'object' ffff 0100 0400 43416765 15000000 "
      "0200 'object' 0200",
      "0000 'CAge(21)' 0000 '@1'" },
    { "told by ECHO is carried", "10 ansi 64",
      "0100 'object' ffff 0100 0400 43416765 15000000 "
      "0200 'object' 0200",
      "0000 ffff 0100 0400 43416765 15000000 0000 '@1'" },
    { "ECHO object twice", "10 ansi 64",
      "0100 'object,object' ffff 0100 0400 43416765 15000000 "
      "0200",
      "0000 ffff 0100 0400 43416765 15000000 0200" },
    { "MAKE a node to itself", "10 ansi 64", "0300 'object' 'CNode(7,@1)' 0300 'object' '@1'",
      "0000 ffff 0300 0500 434e6f6465 07000000 0200 0000 0200" },
    { "MAKE counts what ECHO stored", "10 ansi 64",
      "0100 'object' ffff 0100 0400 43416765 15000000 0300 'object,object' '@1 CAge(2)'",
      "0000 ffff 0100 0400 43416765 15000000 0000 0200 0180 02000000" },
    { "bad text leaves the table alone", "10 ansi 64",
      "0300 'object,byte' 'CAge(1) x' 0300 'object' 'CAge(2)'",
      "0300 'not the text of these types' 0000 ffff 0100 0400 43416765 02000000" },
    { "MAKE a letter", "10 ansi 64", "0300 'object' 'CLetter:700(u:0041,5)'",
      "0000 ffff bc02 0700 434c6574746572 'A' 05000000" },
    { "ECHO an old letter", "10 ansi 64", "0100 'object' ffff 5802 0700 434c6574746572 'A'",
      "0000 ffff bc02 0700 434c6574746572 'A' 00000000" },
    { "MAKE takes one schema", "10 ansi 64", "0300 'object' 'CLetter:600(u:0041)'",
      "0300 'not the text of these types'" },
    { "an @k not reached", "10 ansi 64", "0300 'object' '@1'",
      "0300 'an @k that is not yet reached'" },
    { "no such class", "10 ansi 64", "0300 'object' 'CFoo(1)'", "0300 'no such class'" },
    { "object:NAME", "10 ansi 64", "0300 'object:CNode' 'CAge(1)'",
      "0300 'not an object of this class'" },
    { "object:NAME unknown", "10 ansi 64", "0200 'object:CFoo' 0000", "0100 'unsupported type'" },
    { "another class than requested", "10 ansi 64",
      "0200 'object:CNode' ffff 0100 0400 43416765 15000000", "0200 0600" },
    { "an unknown class", "10 ansi 64", "0200 'object' ffff 0100 0300 434167", "0200 0600" },
    { "class", "10 ansi 64", "0200 'class' ffff 0100 0400 43416765 0300 'class' 'CAge:1'",
      "0000 'CAge:1' 0000 ffff 0100 0400 43416765" },
    { "class of an old schema", "10 ansi 64",
      "0200 'class,class' ffff 5802 0700 434c6574746572 "
      "0180",
      "0000 'CLetter:600 CLetter:600'" },
    { "MAKE more objects than a few", "10 ansi 64",
      "0300 'obarray' '[CObArray[CAge(1),CAge(2),CAge(3),CAge(4)],CAge(5),CAge(6),CAge(7),CAge(8),"
      "@9]'",
      "0000 0600 ffff 0000 0800 434f624172726179 0400 ffff 0100 0400 43416765 01000000 "
      "0380 02000000 0380 03000000 0380 04000000 0380 05000000 0380 06000000 0380 07000000 "
      "0380 08000000 0b00" },

    /* Texts that follow no notation. */
    { "trailing space", "10 ansi 64", "0300 'byte' '1 '", "0300 'not the text of these types'" },
    { "two spaces", "10 ansi 64", "0300 'byte,byte' '1  2'", "0300 'not the text of these types'" },
    { "too few", "10 ansi 64", "0300 'byte,byte' '1'", "0300 'not the text of these types'" },
    { "text for nothing", "10 ansi 64", "0300 '' '1'", "0300 'not the text of these types'" },
    { "half a unit", "10 ansi 64", "0300 'cstring' 'u:004'", "0300 'not the text of these types'" },
    { "a CRC cannot be made", "10 ansi 64", "0300 'cstring' 'u#1:00000000'",
      "0300 'not the text of these types'" },
    { "too many", "10 ansi 64", "0300 'cstring' 'u*1048577:0041'",
      "0300 'a number out of its range'" },
    { "too low", "10 ansi 64", "0300 'char' '-129'", "0300 'a number out of its range'" },
    { "beyond 64 bits", "10 ansi 64", "0300 'ulonglong' '18446744073709551616'",
      "0300 'a number out of its range'" },
};

Test(service, answers_as_the_document_says, .timeout = 20)
{
    for (const struct exchange *t = exchanges; t < exchanges + COUNT_OF(exchanges); t++) {
        char *got = hex_of(ask(t->profile, spelt(t->request), 0));
        cr_expect(eq(str, got, hex_of(spelt(t->reply))), "%s", t->label);
    }
}

/* Byte k of reply i is i + k, around every end of what is written at once. */
Test(service, a_flood_is_as_long_as_it_was_asked_for, .timeout = 20)
{
    static const unsigned sizes[] = { 4095, 4096, 4097, 5000, 8192, 8193, 12289 };

    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        unsigned n = sizes[i];
        uint8_t request[] = { 7, 0, 2, 0, (uint8_t)n, (uint8_t)(n >> 8), 0, 0 };
        struct bytes got = ask("10 ansi 64", (struct bytes){ request, sizeof request }, 0);
        cr_assert(eq(sz, got.len, 2 * (8 + n)), "%u", n);
        for (unsigned reply = 0; reply < 2; reply++) {
            const uint8_t *at = got.data + reply * (8 + n);
            size_t right = 0;
            cr_expect(at[0] == 0 && at[2] == reply && (at[6] | at[7] << 8) == (int)n, "%u", n);
            while (right < n && at[8 + right] == (uint8_t)(reply + right))
                right++;
            cr_expect(eq(sz, right, n), "%u", n);
        }
    }
}

Test(service, answers_the_same_to_single_bytes_in_every_way_of_reading, .timeout = 20) // N47
{
    static const char *const profiles[] = { "6.0 ansi 32", "7.1 ansi 64", "10 ansi 64" };
    const char *request = "0200 'cstring,dword,wordarray' 'Hello' 01020304 0200 0100 0200 "
                          "0400 ff000000 0500 'x' 0600";
    const char *reply =
        "0000 'u:00480065006c006c006f 67305985 [1,2]' 0000 00010000 0000 01000000 'x'";

    for (size_t i = 0; i < COUNT_OF(profiles); i++)
        for (size_t piece = 0; piece <= 1; piece++)
            cr_expect(eq(str, hex_of(ask(profiles[i], spelt(request), piece)),
                         hex_of(spelt(reply))),
                      "%s by %zu", profiles[i], piece);
}

Test(service, every_strict_prefix_of_a_request_is_exception_3, .timeout = 20)
{
    static const char *const requests[] = {
        "0100 'byte,cstring,count' 01 'ab' ffff 01000000",
        "0300 'dword' '7'",
        "0400 01000000",
        "0500 'note'",
        "0700 0100 01000000",
    };

    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        struct bytes whole = spelt(requests[i]);
        for (size_t len = 1; len < whole.len; len++) {
            struct bytes reply = ask("10 ansi 64", (struct bytes){ whole.data, len }, 0);
            cr_expect(eq(str, hex_of(reply), "02 00 03 00"), "%s to %zu", requests[i], len);
        }
    }
}

Test(service, requests_behind_each_other_are_all_answered_in_every_generation, .timeout = 20)
{
    for (const struct generation *g = generations; g->name; g++) {
        char words[32];
        sprintf(words, "%s ansi 32", g->name);
        cr_expect(eq(str, hex_of(ask(words, spelt("0400 01000000 0500 'x' 0400 02000000 0600"), 0)),
                     hex_of(spelt("0000 02000000 0000 03000000 0000 01000000 'x'"))),
                  "%s", words);
    }
}

Test(service, caps_lists_what_the_generation_has, .timeout = 20)
{
    for (const struct generation *g = generations; g->name; g++) {
        char words[32];
        sprintf(words, "%s ansi 32", g->name);
        struct bytes reply = ask(words, spelt("0900"), 0);
        char *types = (char *)reply.data;
        bool has = memmem(types, reply.len, ",longlong,", 10);
        cr_expect(eq(int, has, g->rank >= 70), "%s", words);
        has = memmem(types, reply.len, "byte,char,word", 14);
        cr_expect(has, "%s", words);
    }
}

static void serve_with_new_archives(struct channel *c)
{
    c->archive_per_message = true;
    conformance_serve(c);
}

Test(service, a_new_archive_per_message_restarts_the_counters, .timeout = 20) // OBJ-12
{
    const char *object = "ffff 0100 0400 43416765 15000000";
    char request[128], reply[128];

    sprintf(request, "0100 'object' %s 0100 'object' %s 0200 'object' 0200", object, object);
    sprintf(reply, "0000 %s 0000 %s 0200 0500", object, object); // an index of the last message
    cr_expect(eq(str, hex_of(rig_ask(serve_with_new_archives, "10 ansi 64", spelt(request), 0)),
                 hex_of(spelt(reply))));
}

/* A chain of nodes, each within the one before, as ECHO and TELL take it. */
static struct bytes chain(const char *op, size_t depth)
{
    struct bytes first = spelt("'object' ffff 0300 0500 434e6f6465 01000000");
    struct bytes head = spelt(op);
    uint8_t *data = pool_new(&scratch, head.len + first.len + 6 * depth + 2, 1);
    size_t len = head.len;

    memcpy(data, head.data, head.len);
    memcpy(data + len, first.data, first.len);
    len += first.len;
    for (size_t i = 1; i < depth; i++, len += 6)
        memcpy(data + len, "\x01\x80\x01\0\0\0", 6);
    return (struct bytes){ data, len + 2 };
}

Test(service, chains_up_to_max_depth_are_taken_and_deeper_ones_refused, .timeout = 20)
{
    enum { DEPTH = 4096 };
    struct bytes request = chain("0100", DEPTH);
    struct bytes reply = ask("10 ansi 64", request, 0);
    size_t types = 1 + strlen("object");

    cr_assert(eq(sz, reply.len, request.len - types));
    cr_expect(eq(int, memcmp(reply.data + 2, request.data + 2 + types, reply.len - 2), 0));
    cr_expect(eq(str, hex_of(ask("10 ansi 64", chain("0100", DEPTH + 1), 0)), "02 00 00 00"));
    cr_expect(eq(str, hex_of(ask("10 ansi 64", chain("0200", DEPTH + 1), 0)), "02 00 00 00"));
}

Test(service, a_new_archive_has_the_same_limit_and_classes, .timeout = 20)
{
    enum { DEPTH = 4096 };
    struct bytes first = spelt("0400 01000000"), second = chain("0100", DEPTH + 1);
    uint8_t *said = pool_new(&scratch, first.len + second.len, 1);

    memcpy(said, first.data, first.len);
    memcpy(said + first.len, second.data, second.len);
    struct bytes reply = rig_ask(serve_with_new_archives, "10 ansi 64", (struct bytes){ said, first.len + second.len }, 0);
    cr_expect(eq(str, hex_of(reply), hex_of(spelt("0000 02000000 0200 0000"))));
}

/* Nodes, each told by itself and holding the one before; the last is within what is echoed, and what stands behind it. */
static struct bytes chain_in_parts(const char *echoed, const char *rest)
{
    enum { NODES = 5000, PART = 2 + 7 + 2 + 4 + 2 };
    uint8_t *data = pool_new(&scratch, 64 + NODES * (PART + 4), 1);
    struct bytes first = spelt("0200 'object' ffff 0300 0500 434e6f6465 01000000 0000");
    struct bytes next = spelt("0200 'object' 0180 01000000"), last = spelt(echoed);
    struct bytes behind = spelt(rest);
    size_t len = first.len;

    memcpy(data, first.data, first.len);
    for (unsigned i = 1; i < NODES; i++) {
        struct bytes part = i == NODES - 1 ? last : next;
        memcpy(data + len, part.data, part.len);
        len += part.len;
        bits_store(data + len, i + 1, 2); // the one before: the class has index 1
        len += 2;
    }
    memcpy(data + len, behind.data, behind.len);
    return (struct bytes){ data, len + behind.len };
}

Test(service, a_chain_that_was_loaded_in_parts_is_refused_before_a_byte_is_stored, .timeout = 60)
{
    static const char *const echoed[] = {
        "0100 'object' 0180 01000000",
        "0100 'mapwordtoob' 0100 0500 0180 01000000",
        "0100 'mapstringtoob' 0200 '' 0000 'x' 0180 01000000",
    };
    const char *why = "objects nested deeper than max-depth";

    for (size_t i = 0; i < COUNT_OF(echoed); i++) {
        struct bytes reply = ask("10 ansi 64", chain_in_parts(echoed[i], ""), 0);
        cr_assert(gt(sz, reply.len, strlen(why)), "%s", echoed[i]);
        cr_expect(eq(int, memcmp(reply.data + reply.len - strlen(why), why, strlen(why)), 0), "%s",
                  echoed[i]);
    }
}

/* Of the three values of one key the last counts. */
Test(service, a_chain_that_a_map_holds_no_more_is_not_stored, .timeout = 20)
{
    struct bytes said =
        chain_in_parts("0100 'mapwordtoob' 0300 0500 0000 0500 0180 01000000", "0500 0000");
    struct bytes reply = ask("10 ansi 64", said, 0), due = spelt("0000 0100 0500 0000");

    cr_assert(gt(sz, reply.len, due.len));
    cr_expect(eq(int, memcmp(reply.data + reply.len - due.len, due.data, due.len), 0));
}
