"""The conformance service on memory: what is asked, what is answered. All in an ANSI build unless said otherwise."""

import random
import struct
import unittest
import zlib

from service.connection import MAX_BYTES, MAX_DEPTH

from .support import (ANSI, ANSI_64, MFC_6, MFC_7, MFC_71, UNICODE, converse, echo, make, request, string, tell, wire)

OK = wire("00 00")
AGE = 'FF FF 01 00 04 00 "CAge"'

TEXTS = [           # types, their bytes, text: told from the bytes, and made into them
    ("", "", ""),
    ("byte,word", "07 08 00", "7 8"),
    ("char", "FF", "-1"),
    ("short", "FE FF", "-2"),
    ("dword", "FF FF FF FF", "4294967295"),
    ("longlong", "00 00 00 00 00 00 00 80", "-9223372036854775808"),
    ("bool,bool", "01 00", "true false"),
    ("float", "00 00 80 3F", "3f800000"),
    ("double", "00 00 00 00 00 00 F0 3F", "3ff0000000000000"),
    ("count", "FF FF FF FF 00 00", "65535"),
    ("cstring", "02 48 69", "u:00480069"),
    ("cstringw", "FF FE FF 01 48 D8", "w:d848"),
    ("cstringa", "02 48 E9", "a:48e9"),
    ("combstr", "01 00 00 00 48 00", "u:0048"),
    ("raw:2", "00 FF", "r:00ff"),
    ("raw:0", "", "r:"),
    ("line", "48 69 0A", "u:00480069"),
    ("line", "0A", "u:"),
    ("net16,net32", "01 02 00 00 00 05", "258 5"),
    ("size", "01 00 00 00 FF FF FF FF", "(1,-1)"),
    ("rect", "32 00 00 00 14 00 00 00 20 03 00 00 7D 00 00 00", "(50,20,800,125)"),
    ("time", "0A 00 00 80 FF FF FF FF FF FF FF FF", "-1"),
    ("timespan", "C4 FF FF FF", "-60"),
    ("oledatetime", "00 00 00 00 00 00 00 00 C0 D5 E1 40", "(0,40e1d5c000000000)"),
    ("olecurrency", "00 00 00 00 00 00 00 00 08 E2 01 00", "(0,123400)"),
    ("olevariant", "00 00", "(0)"),
    ("olevariant", "08 00 04 00 00 00 48 00 69 00", "(8,u:00480069)"),
    ("olevariant", "0B 00 FF FF", "(11,true)"),
    ("olevariant", "12 00 FE FF", "(18,65534)"),
    ("bytearray", "03 00 01 02 03", "[1,2,3]"),
    ("wordarray", "00 00", "[]"),
    ("stringarray", "02 00 01 41 00", "[u:0041,u:]"),
    ("obarray", f"03 00 {AGE} 01 00 00 00 00 00 02 00", "[CAge(1),null,@1]"),
    ("mapstringtostring", "01 00 01 6B 01 76", "{u:006b=u:0076}"),
    ("mapwordtoob", f"01 00 05 00 {AGE} 1E 00 00 00", "{5=CAge(30)}"),
    ("object", f"{AGE} 15 00 00 00", "CAge(21)"),
    ("object:CAge", "00 00", "null"),
    ("object", 'FF FF 03 00 05 00 "CNode" 07 00 00 00 02 00', "CNode(7,@1)"),
    ("object,object", f"{AGE} 15 00 00 00 02 00", "CAge(21) @1"),
    ("object", 'FF FF 01 00 0B 00 "CNetMessage" 01 61 01 62 80 43 6D 38', "CNetMessage(u:0061,u:0062,946684800)"),
    ("object", 'FF FF 07 00 0A 00 "CTestPoint" 01 00 00 00 02 00 00 00 00 00', "CTestPoint(1,2,null)"),
    ("object", 'FF FF 03 00 0A 00 "CVersioned" 2A 00 00 00', "CVersioned:3(42)"),
    ("object", 'FF FF BC 02 07 00 "CLetter" 01 41 05 00 00 00', "CLetter:700(u:0041,5)"),
    ("object", 'FF FF 00 00 0C 00 "CStringArray" 01 00 01 78', "CStringArray[u:0078]"),
    ("object", f'FF FF 00 00 0C 00 "CMapWordToOb" 01 00 05 00 {AGE} 1E 00 00 00', "CMapWordToOb{5=CAge(30)}"),
    ("class", AGE, "CAge:1"),
]


def told(letter, count, unit):
    """The text of many equal units or elements; *unit* as bytes, the low one first."""
    return f"{letter}#{count}:{zlib.crc32(unit * count):08x}"


LONG_TEXTS = [      # types, what MAKE is given, what TELL says
    ("cstring", "u*64:0041", "u:" + "0041" * 64),
    ("cstring", "u*65:0041", told("u", 65, b"A\0")),
    ("cstring", "u*1000:0041", "u#1000:9571905c"),
    ("cstringa", "a*1000:e9", told("a", 1000, b"\xE9")),
    ("cstringw", "w*65534:20ac", told("w", 65534, b"\xAC\x20")),
    ("raw:1048576", "r*1048576:07", told("r", 1048576, b"\7")),
    ("bytearray", "[*64:7]", "[" + ",".join("7" * 64) + "]"),
    ("bytearray", "[*65:7]", "[" + told("", 65, b"\7") + "]"),
    ("wordarray", "[*1000:258]", "[" + told("", 1000, b"\2\1") + "]"),
    ("dwordarray", "[*65535:1]", "[" + told("", 65535, b"\1\0\0\0") + "]"),
    ("bytearray", "[*0:7]", "[]"),
    ("stringlist", "[u*65:0041]", "[" + told("u", 65, b"A\0") + "]"),
    ("mapstringtostring", "{u*65:0041=u:}", "{" + told("u", 65, b"A\0") + "=u:}"),
    ("olevariant", "(8,u*65:0041)", "(8," + told("u", 65, b"A\0") + ")"),
]

BAD_TEXTS = [       # types, text
    ("", " "), ("", "1"), ("word", ""), ("word", "1 "), ("word", " 1"), ("word", "1 2"), ("word,word", "1"),
    ("word,word", "1  2"), ("word", "65536"), ("word", "-1"), ("char", "128"), ("word", "x"), ("word", "1x"),
    ("dword", "9" * 5000), ("bool", "1"), ("float", "3f80000"), ("float", "3f8000000"), ("cstring", "0041"),
    ("cstring", "u:004"), ("cstring", "w:0041"), ("cstring", "u*1048577:0041"), ("cstring", "u*2:00410041"),
    ("cstring", "u#1000:9571905c"), ("raw:2", "r:00"), ("raw:2", "r*3:00"), ("line", "u:000a"), ("line", "u:000d"),
    ("line", "u*1:0000"), ("count", "4294967296"), ("timespan", "2147483648"), ("size", "(1,2,3)"), ("size", "(1, 2)"),
    ("olevariant", "(9)"), ("olevariant", "(3)"), ("olevariant", "(0,1)"), ("olevariant", "(2,32768)"),
    ("bytearray", "[256]"), ("bytearray", "[1,]"), ("bytearray", "[*1048577:1]"), ("stringarray", "[*2:u:0041]"),
    ("obarray", "[CAge(1)"), ("object", "CAge"), ("object", "CAge()"), ("object", "CAge(1"), ("object", "CThing(1)"),
    ("object", "@1"), ("object", "@0"), ("object", "CNode(7,@2)"), ("object:CNode", "CAge(1)"), ("object", "CVersioned(1)"),
    ("object", "CVersioned:2(1)"), ("object", "CLetter:600(u:0041)"), ("mapwordtoob", "{65536=null}"),
    ("mapwordtoob", "{1:null}"), ("class", "CAge"), ("class", "CAge:2"), ("class", "CThing:1"), ("object", "CObject"),
    ("cstring", "u:00\xe9"),
]


class Requests(unittest.TestCase):
    def test_the_worked_exchange(self):
        asked = wire('02 00  04 "word"  34 12') + wire('03 00  05 "dword"  01 37') + wire("04 00  FF 00 00 00")
        asked += wire(f'02 00  06 "object"  {AGE} 15 00 00 00') + wire('02 00  06 "object"  02 00')
        asked += wire('05 00  02 "hi"') + wire("06 00")
        answered = wire('00 00  04 "4660"') + wire("00 00  07 00 00 00") + wire("00 00  00 01 00 00")
        answered += wire('00 00  08 "CAge(21)"') + wire('00 00  02 "@1"') + wire('00 00  01 00 00 00  02 "hi"')
        self.assertEqual(converse(asked), answered)

    def test_next_wraps(self):
        self.assertEqual(converse(wire("04 00 FF FF FF FF")), wire("00 00 00 00 00 00"))

    def test_no_notes_yet(self):
        self.assertEqual(converse(wire("06 00")), wire("00 00 00 00 00 00 00"))

    def test_flood(self):
        self.assertEqual(converse(wire("07 00 02 00 03 00 00 00 04 00 01 00 00 00")),
                         wire("00 00 00 00 00 00 03 00 00 01 02 00 00 01 00 00 00 03 00 01 02 03 00 00 02 00 00 00"))
        self.assertEqual(converse(wire("07 00 00 00 FF FF FF FF")), b"")
        size = 200_000
        expected = bytes(k % 256 for k in range(size))
        self.assertEqual(converse(struct.pack("<HHI", 7, 1, size)), wire("00 00 00 00 00 00 FF FF 40 0D 03 00") + expected)

    def test_a_flood_has_a_limit(self):
        answer = converse(struct.pack("<HHI", 7, 2, (32 << 20) + 1) + wire("04 00 00 00 00 00"))
        self.assertTrue(answer.startswith(b"\3\0"))
        self.assertTrue(answer.endswith(wire("00 00 01 00 00 00")))

    def test_nothing_is_answered_behind_quit(self):
        self.assertEqual(converse(wire("04 00 01 00 00 00 08 00 04 00 01 00 00 00")), wire("00 00 02 00 00 00 00 00"))

    def test_capabilities(self):
        for build, generation, charset, bits in ((ANSI, "10", "ansi", 32), (UNICODE, "10", "unicode", 64), (MFC_6, "6.0", "ansi", 32)):
            answer = converse(wire("09 00"), build)
            self.assertTrue(answer.endswith(b"".join(string(text, build) for text in (generation, charset)) + bytes([bits, 0])))
            for name in ("combstr", "bool"):
                self.assertEqual(string(name, build)[-2:] in answer and name.encode("utf-16-le" if build.unicode else "ascii") in answer,
                                 build.quad_operators)

    def test_information(self):
        lines = converse(wire("0A 00"))[3:].decode("ascii").split("\n")
        self.assertIn("service=1", lines)
        self.assertIn(f"max-bytes={MAX_BYTES}", lines)
        self.assertIn(f"max-depth={MAX_DEPTH}", lines)

    def test_unicode_builds_write_wide_strings_and_load_both(self):
        self.assertEqual(converse(tell("cstring", wire("01 41")), UNICODE), OK + string("u:0041", UNICODE))
        self.assertEqual(converse(echo("cstring", wire("01 41")), UNICODE), OK + wire("FF FE FF 01 41 00"))
        self.assertEqual(converse(echo("line", wire("41 00 0A 00")), UNICODE), OK + wire("41 00 0A 00"))

    def test_7_0_answers_a_span_without_its_status(self):
        self.assertEqual(converse(echo("oledatetimespan", wire("01 00 00 00 00 00 00 00 00 00 F8 3F")), MFC_7),
                         OK + wire("00 00 00 00 00 00 F8 3F"))


class Texts(unittest.TestCase):
    def test_text_and_bytes_correspond(self):
        for types, data, text in TEXTS:
            with self.subTest(types=types, text=text):
                self.assertEqual(converse(tell(types, wire(data))), OK + string(text))
                self.assertEqual(converse(make(types, text)), OK + wire(data))
                self.assertEqual(converse(echo(types, wire(data))), OK + wire(data))

    def test_long_values_are_told_by_their_checksum(self):
        for types, text, due in LONG_TEXTS:
            with self.subTest(types=types, text=text):
                made = converse(make(types, text))
                self.assertEqual(made[:2], OK)
                self.assertEqual(converse(tell(types, made[2:])), OK + string(due))

    def test_what_is_wrong_is_bad_text_and_the_connection_goes_on(self):
        for types, text in BAD_TEXTS:
            with self.subTest(types=types, text=text[:40]):
                answer = converse(make(types, text) + wire("04 00 00 00 00 00"))
                self.assertEqual(answer[:2], b"\3\0")
                self.assertEqual(answer[3 + answer[2]:], wire("00 00 01 00 00 00"))

    def test_ranges_follow_the_build(self):
        for build, types, text, good in ((ANSI, "time", "2147483648", True), (MFC_71, "time", "2147483648", False),
                                         (ANSI_64, "count", "18446744073709551615", True),
                                         (MFC_71, "olevariant", "(20,1)", True), (MFC_7, "olevariant", "(20,1)", False)):
            with self.subTest(text, build=build.generation):
                self.assertEqual(converse(make(types, text), build)[0], 0 if good else 3)

    def test_map_entries_are_told_by_the_order_of_their_keys_text(self):
        data = wire(f"03 00 09 00 00 00 0A 00 {AGE} 01 00 00 00 02 00 02 00")
        self.assertEqual(converse(tell("mapwordtoob", data)), OK + string("{10=CAge(1),2=@1,9=null}"))
        # the entry told first was loaded last: its number is that of its registration
        data = wire(f'02 00 09 00 {AGE} 01 00 00 00 01 00 FF FF 03 00 05 00 "CNode" 07 00 00 00 02 00')
        self.assertEqual(converse(tell("mapwordtoob", data) + tell("object", wire("04 00"))),
                         OK + string("{1=CNode(7,CAge(1)),9=@1}") + OK + string("@2"))

    def test_the_later_value_of_a_repeated_key_counts(self):
        self.assertEqual(converse(make("mapwordtoob,object", "{5=CAge(1),5=CAge(2)} @2")),
                         OK + wire(f"01 00 05 00 {AGE} 02 00 00 00 02 00"))

    def test_made_objects_are_numbered_by_the_store_direction(self):
        asked = make("object", "CAge(1)") + echo("object", wire(f"{AGE} 02 00 00 00")) + make("obarray", "[@2,CNode(3,@3),@1]")
        answered = OK + wire(f"{AGE} 01 00 00 00") + OK + wire("01 80 02 00 00 00")
        answered += OK + wire('03 00 03 00 FF FF 03 00 05 00 "CNode" 03 00 00 00 05 00 02 00')
        self.assertEqual(converse(asked), answered)

    def test_an_echoed_object_is_the_same_object(self):
        asked = echo("object", wire(f"{AGE} 01 00 00 00")) + echo("object,object", wire("02 00 01 80 05 00 00 00"))
        self.assertEqual(converse(asked), OK + wire(f"{AGE} 01 00 00 00") + OK + wire("02 00 01 80 05 00 00 00"))

    def test_a_bad_text_leaves_the_store_table_alone(self):
        asked = make("object,word", "CAge(1) x") + make("object", "CAge(1)")
        self.assertTrue(converse(asked).endswith(OK + wire(f"{AGE} 01 00 00 00")))

    def test_old_schemas_are_told_and_not_echoed(self):
        old = wire('FF FF 58 02 07 00 "CLetter" 01 41')
        self.assertEqual(converse(tell("object", old) + echo("object,class", wire("02 00 01 80"))),
                         OK + string("CLetter:600(u:0041)") +
                         OK + wire('FF FF BC 02 07 00 "CLetter" 01 41 00 00 00 00 01 80'))
        self.assertEqual(converse(tell("class,class", wire('FF FF 58 02 07 00 "CLetter" 01 80'))), OK + string("CLetter:600 CLetter:600"))


class Refusals(unittest.TestCase):
    def test_unknown_ops_and_types_are_refused_at_once(self):
        for asked in (wire("00 00"), wire("0B 00"), wire("00 01"), request(1, "thing"), request(2, "byte,,word"),
                      request(3, "raw:01"), request(1, "raw:1048577"), request(1, "raw:"), request(1, "object:CThing"),
                      request(1, "object:"), request(1, "byte,"), request(1, " byte"), request(1, "Byte")):
            with self.subTest(asked):
                answer = converse(asked + wire("04 00 00 00 00 00"))
                self.assertEqual(answer[:2], b"\1\0")
                self.assertEqual(len(answer), 3 + answer[2])

    def test_generations_before_7_0_have_fewer_types(self):
        for name in ("bool", "longlong", "ulonglong", "wchar", "cstringa", "cstringw", "time64", "combstr"):
            self.assertEqual(converse(request(1, name), MFC_6)[:2], b"\1\0")

    def test_exceptions_tell_their_cause_and_end(self):
        for asked, cause in ((wire("04"), 3), (wire("04 00 01 02"), 3), (wire("05 00 05 61"), 3),
                             (echo("word", b"\1"), 3), (echo("raw:3", b"ab"), 3), (echo("line", b"\r"), 3),
                             (echo("object", wire("01 00")), 5), (echo("object", wire("FF FF 01 00 40 00")), 6),
                             (echo("object", wire('FF FF 02 00 04 00 "CAge"')), 7), (echo("class", wire("00 00")), 5),
                             (echo("cstring", wire("FF FF FF FF FF FF FF 00 00 00 80 00 00 00 00")), 1),
                             (echo("object:CNode", wire(AGE)), 6)):
            with self.subTest(asked):
                self.assertEqual(converse(asked), b"\2\0" + bytes([cause, 0]))

    def test_a_cut_line_is_a_line_if_it_has_a_unit(self):
        self.assertEqual(converse(tell("line", b"ab\r")), OK + string("u:00610062"))
        self.assertEqual(converse(tell("line", b"a" * 128)), OK + string(f"u#128:{zlib.crc32(bytes([0x61, 0]) * 128):08x}"))

    def test_limits(self):
        deep = make("object", "CNode(1," * 4 + "null" + ")" * 4)
        self.assertEqual(converse(deep, max_depth=4)[:2], OK)
        chain = wire('FF FF 03 00 05 00 "CNode" 01 00 00 00 01 80 02 00 00 00 01 80 03 00 00 00 00 00')
        self.assertEqual(converse(echo("object", chain), max_depth=2), wire("02 00 00 00"))
        # loaded one by one, stored one inside the other
        apart = wire('FF FF 03 00 05 00 "CNode" 01 00 00 00 00 00 01 80 02 00 00 00 02 00 01 80 03 00 00 00 03 00')
        answer = converse(tell("object,object,object", apart) + echo("object", wire("04 00")) + wire("04 00 00 00 00 00"), max_depth=2)
        first = OK + string("CNode(1,null) CNode(2,@1) CNode(3,@2)")
        self.assertTrue(answer.startswith(first + b"\3\0"))
        self.assertTrue(answer.endswith(wire("00 00 01 00 00 00")))
        long = ",".join(["cstring"] * 80)
        self.assertEqual(converse(make(long, " ".join(["u*1048576:0041"] * 80)))[:2], b"\3\0")

    def test_the_deepest_objects_that_are_promised_work(self):
        import sys

        import peer
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(peer.FRAMES_PER_OBJECT * MAX_DEPTH + 1000)
        try:
            for start, end in (("CNode(1,", ")"), ("CObArray[", "]"), ("CMapWordToOb{1=", "}")):
                text = start * MAX_DEPTH + ("" if start == "CObArray[" else "null") + end * MAX_DEPTH
                made = converse(make("object", text))
                self.assertEqual(made[:2], OK)
                self.assertEqual(converse(tell("object", made[2:]))[2:], string(text))
                self.assertEqual(converse(make("object", start + text + end))[:2], b"\3\0")
        finally:
            sys.setrecursionlimit(before)

    def test_nothing_that_is_sent_breaks_it(self):
        chance = random.Random(7)
        asked = [tell(types, wire(data)) for types, data, _ in TEXTS] + [make(types, text) for types, _, text in TEXTS]
        for _ in range(4000):
            data = bytearray(chance.choice(asked) + chance.choice(asked))
            for _ in range(chance.randrange(1, 4)):
                data[chance.randrange(len(data))] = chance.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF, chance.randrange(256)))
            build = chance.choice((ANSI, UNICODE, MFC_6, MFC_71))
            answer = converse(bytes(data), build)
            self.assertTrue(len(answer) < 2 or answer[1] == 0)
