"""Golden bytes, both ways. The labels E1 to E149 are those of the format's worked examples."""

import random
import struct
import unittest

from mfc import (ArchiveError, Build, CByteArray, CDWordArray, CMapStringToOb, CMapStringToString, CMapWordToOb, CObArray,
                 CObject, CObList, CStringArray, CStringList, CWordArray, Cause, LimitExceeded, NotSupported, OleCurrency,
                 OleDateTime, OleDateTimeSpan, OleVariant, Point, Rect, Size)
from service.chat import Message
from service.classes import CAge, CLetter, CNetMessage, CNode, CVersioned

from .support import (ANSI, ANSI_64, MFC_6, MFC_6_UNICODE, MFC_7, MFC_71, MFC_71_64, UNICODE, Dripping, load_archive,
                      stored, wire)

PRIMITIVES = [      # label, method, value, bytes
    ("E1", "byte", 0x41, "41"), ("E2", "byte", 0xFF, "FF"), ("E3", "char", -1, "FF"), ("E4", "word", 0x1234, "34 12"),
    ("E5", "short", -2, "FE FF"), ("E6", "int", 1, "01 00 00 00"), ("E7", "int", -1, "FF FF FF FF"),
    ("E8", "long", -2147483648, "00 00 00 80"), ("E9", "uint", 3000000000, "00 5E D0 B2"),
    ("E10", "dword", 0xDEADBEEF, "EF BE AD DE"), ("E13", "bool", True, "01"), ("E14", "bool", False, "00"),
    ("E15", "wchar", 0x20AC, "AC 20"), ("E16", "longlong", -2, "FE FF FF FF FF FF FF FF"),
    ("E17", "ulonglong", 0x0102030405060708, "08 07 06 05 04 03 02 01"), ("E18", "float", 1.0, "00 00 80 3F"),
    ("E20", "float", -0.0, "00 00 00 80"), ("E21", "double", 1.0, "00 00 00 00 00 00 F0 3F"),
    ("E22", "double", 0.1, "9A 99 99 99 99 99 B9 3F"), ("E23", "double", float("inf"), "00 00 00 00 00 00 F0 7F"),
    ("E24", "dword", 0x00FF8800, "00 88 FF 00"),
    ("net16", "net16", 0x0102, "01 02"), ("net32", "net32", 0x4D464331, "4D 46 43 31"),
]

STRINGS = [         # label, build, method, value, bytes
    ("E26", ANSI, "string", "", "00"), ("E27", ANSI, "string", "A", "01 41"), ("E28", ANSI, "string", "Hello", '05 "Hello"'),
    ("E30", ANSI, "string", "a\0b", "03 61 00 62"), ("E31", ANSI, "string", "é", "01 E9"),
    ("E33", UNICODE, "string", "", "FF FE FF 00"), ("E34", UNICODE, "string", "A", "FF FE FF 01 41 00"),
    ("E35", UNICODE, "string", "Hello", "FF FE FF 05 48 00 65 00 6C 00 6C 00 6F 00"),
    ("E36", UNICODE, "string", "ＭＳ ゴシック", "FF FE FF 07 2D FF 33 FF 20 00 B4 30 B7 30 C3 30 AF 30"),
    ("E38", UNICODE, "string", "\U0001F600", "FF FE FF 02 3D D8 00 DE"),
    ("lone surrogate", UNICODE, "string", "\uD83D", "FF FE FF 01 3D D8"),
    ("a wide one, ANSI build", ANSI, "string_w", "A", "FF FE FF 01 41 00"),
    ("a narrow one, Unicode build", UNICODE, "string_a", b"\x80", "01 80"),
    ("E55", ANSI, "line", "Hi\r", "48 69 0D 0A"), ("E56", UNICODE, "line", "Hi\r", "48 00 69 00 0D 00 0A 00"),
    ("E109", ANSI, "bstr", "Hi", "02 00 00 00 48 00 69 00"), ("no BSTR", ANSI, "bstr", "", "00 00 00 00"),
]

STRING_HEADERS = [  # units, narrow, wide [STR-5]
    (253, "FD", "FF FE FF FD"), (254, "FE", "FF FE FF FE"), (255, "FF FF 00", "FF FE FF FF FF 00"),
    (256, "FF 00 01", "FF FE FF FF 00 01"), (1000, "FF E8 03", "FF FE FF FF E8 03"),
    (32767, "FF FF 7F", "FF FE FF FF FF 7F"), (65533, "FF FD FF", "FF FE FF FF FD FF"),
    (65534, "FF FF FF FE FF 00 00", "FF FE FF FF FF FF FE FF 00 00"),
    (65535, "FF FF FF FF FF 00 00", "FF FE FF FF FF FF FF FF 00 00"),
    (65536, "FF FF FF 00 00 01 00", "FF FE FF FF FF FF 00 00 01 00"),
    (1000000, "FF FF FF 40 42 0F 00", "FF FE FF FF FF FF 40 42 0F 00"),
]

LOADED_STRINGS = [  # label, build, method, bytes, value: what only readers see
    ("E51", ANSI, "string", "FF 02 00 41 42", "AB"), ("E52", ANSI, "string", "FF FF FF 02 00 00 00 41 42", "AB"),
    ("E53", ANSI, "string", "FF FE FF FF 01 00 41 00", "A"),
    ("E54", ANSI, "string", "FF FF FF FF FF FF FF 01 00 00 00 00 00 00 00 41", "A"),
    ("E54, 64 bits", ANSI_64, "string", "FF FF FF FF FF FF FF 01 00 00 00 00 00 00 00 41", "A"),
    ("STR-7, cut to 32 bits", MFC_71_64, "string", "FF FF FF FF FF FF FF 01 00 00 00 01 00 00 00 41", "A"),
    ("N7 in 6.0: a wide marker", MFC_6, "string", "FF FF FF FF FF FF FF 01 41 00", "A"),
    ("N8", ANSI, "string", "FF 00 00", ""), ("N9", ANSI, "string", "FF FF FF 00 00 00 00", ""),
    ("N8 in 6.0", MFC_6, "string", "FF 00 00", ""),
    ("N10", UNICODE, "string", "01 80", "\x80"), ("wide, narrow object", ANSI, "string_a", "FF FE FF 01 41 00", b"A"),
    ("STR-18", ANSI, "string_a", "FF FE FF 01 AC 20", b"?"), ("narrow, wide object", ANSI, "string_w", "01 41", "A"),
    ("STR-19, 6.0, same width", MFC_6, "string", "03 61 00 62", "a\0b"),
    ("STR-19, 6.0, converted", MFC_6, "string", "FF FE FF 03 61 00 00 00 62 00", "a"),
    ("STR-19, 6.0, Unicode, converted", MFC_6_UNICODE, "string", "03 61 00 62", "a"),
    ("STR-19, 7.0", MFC_7, "string", "03 61 00 62", "a"), ("STR-19, 7.1, CStringW", MFC_71, "string_w", "03 61 00 62", "a"),
    ("STR-19, 7.1, CStringA", MFC_71, "string_a", "03 61 00 62", b"a"),
    ("STR-19, 8", ANSI, "string", "FF FE FF 03 61 00 00 00 62 00", "a\0b"),
]

COUNTS = [          # label, build, count, bytes
    ("E57", ANSI, 0, "00 00"), ("E58", ANSI, 1, "01 00"), ("E59", ANSI, 255, "FF 00"), ("E60", ANSI, 65534, "FE FF"),
    ("E61", ANSI, 65535, "FF FF FF FF 00 00"), ("E62", ANSI, 65536, "FF FF 00 00 01 00"),
    ("largest DWORD form", ANSI_64, 0xFFFFFFFE, "FF FF FE FF FF FF"),
    ("E63", ANSI_64, 0xFFFFFFFF, "FF FF FF FF FF FF FF FF FF FF 00 00 00 00"),
    ("G-2", ANSI, 0xFFFFFFFF, "FF FF FF FF FF FF"),
]

VALUES = [          # label, build, value, bytes
    ("E84", ANSI, Point(1, -1), "01 00 00 00 FF FF FF FF"), ("E85", ANSI, Size(640, 480), "80 02 00 00 E0 01 00 00"),
    ("E86", ANSI, Rect(50, 20, 800, 125), "32 00 00 00 14 00 00 00 20 03 00 00 7D 00 00 00"),
    ("E95", ANSI, OleDateTime(0, 36526.0), "00 00 00 00 00 00 00 00 C0 D5 E1 40"),
    ("E96", ANSI, OleDateTime(2, 0.0), "02 00 00 00 00 00 00 00 00 00 00 00"),
    ("E97", ANSI, OleDateTimeSpan(0, 1.5), "00 00 00 00 00 00 00 00 00 00 F8 3F"),
    ("E99", ANSI, OleCurrency(0, 123400), "00 00 00 00 00 00 00 00 08 E2 01 00"),
    ("E100", ANSI, OleCurrency(0, -10000), "00 00 00 00 FF FF FF FF F0 D8 FF FF"),
    ("E101", ANSI, OleVariant(0), "00 00"), ("VT_NULL", ANSI, OleVariant(1), "01 00"),
    ("VT_I2", ANSI, OleVariant(2, -2), "02 00 FE FF"), ("E102", ANSI, OleVariant(3, 7), "03 00 07 00 00 00"),
    ("VT_R4", ANSI, OleVariant(4, 1.0), "04 00 00 00 80 3F"), ("E106", ANSI, OleVariant(5, 1.0), "05 00 00 00 00 00 00 00 F0 3F"),
    ("E105", ANSI, OleVariant(6, 123400), "06 00 08 E2 01 00 00 00 00 00"),
    ("VT_DATE", ANSI, OleVariant(7, 1.0), "07 00 00 00 00 00 00 00 F0 3F"),
    ("E104", ANSI, OleVariant(8, "Hi"), "08 00 04 00 00 00 48 00 69 00"), ("VT_ERROR", ANSI, OleVariant(10, -1), "0A 00 FF FF FF FF"),
    ("E103", ANSI, OleVariant(11, True), "0B 00 FF FF"), ("VT_I1", MFC_71, OleVariant(16, -1), "10 00 FF"),
    ("E107", MFC_6, OleVariant(17, 200), "11 00 C8"), ("VT_UI2", ANSI, OleVariant(18, 0xFFFE), "12 00 FE FF"),
    ("VT_UI4", ANSI, OleVariant(19, 1), "13 00 01 00 00 00"), ("E108", ANSI, OleVariant(20, -1), "14 00 FF FF FF FF FF FF FF FF"),
    ("VT_UI8", ANSI, OleVariant(21, 1), "15 00 01 00 00 00 00 00 00 00"),
]

TIMES = [           # label, build, method, value, bytes
    ("E87", MFC_71, "time", 946684800, "80 43 6D 38"), ("E88", ANSI, "time", 946684800, "0A 00 00 80 80 43 6D 38 00 00 00 00"),
    ("E89", ANSI, "time", 1570114075, "0A 00 00 80 1B 0A 96 5D 00 00 00 00"),
    ("E90", ANSI, "time", 2208988800, "0A 00 00 80 80 7E AA 83 00 00 00 00"), ("E91", MFC_6, "time", 0, "00 00 00 00"),
    ("E92", ANSI, "time64", 946684800, "80 43 6D 38 00 00 00 00"), ("E93", ANSI, "timespan", 86400, "80 51 01 00"),
    ("E94", ANSI, "timespan", -60, "C4 FF FF FF"),
]

COLLECTIONS = [     # label, build, class, items, bytes
    ("E110", ANSI, CByteArray, [1, 2, 3], "03 00 01 02 03"), ("E111", ANSI, CWordArray, [1, 0x8000], "02 00 01 00 00 80"),
    ("E112", ANSI, CDWordArray, [1], "01 00 01 00 00 00"), ("E113", ANSI, CObList, [], "00 00"),
    ("E114", ANSI, CStringArray, ["a", ""], "02 00 01 61 00"),
    ("E115", UNICODE, CStringArray, ["a", ""], "02 00 FF FE FF 01 61 00 FF FE FF 00"),
    ("E116", ANSI, CStringList, ["x", "yz"], "02 00 01 78 02 79 7A"),
    ("E117", ANSI, CMapStringToString, {"k": "v"}, "01 00 01 6B 01 76"),
    ("E118", ANSI, CMapStringToOb, {"n": None}, "01 00 01 6E 00 00"),
    ("word map", ANSI, CMapWordToOb, {5: None}, "01 00 05 00 00 00"),
    ("object array", ANSI, CObArray, [None, None], "02 00 00 00 00 00"),
]

AGE = 'FF FF 01 00 04 00 "CAge"'


class Primitives(unittest.TestCase):
    def test_values_and_bytes_correspond(self):
        for label, name, value, data in PRIMITIVES:
            with self.subTest(label):
                self.assertEqual(stored(ANSI, lambda ar: getattr(ar, "write_" + name)(value)), wire(data))
                self.assertEqual(getattr(load_archive(ANSI, wire(data)), "read_" + name)(), value)

    def test_a_prefix_is_the_end_of_the_file(self):
        for label, name, _, data in PRIMITIVES:
            for length in range(len(wire(data))):
                with self.subTest(label, length=length), self.assertRaises(ArchiveError) as raised:
                    getattr(load_archive(ANSI, wire(data)[:length]), "read_" + name)()
                self.assertEqual(raised.exception.cause, Cause.END_OF_FILE)

    def test_a_float_is_rounded(self):                  # E19
        self.assertEqual(stored(ANSI, lambda ar: ar.write_float(0.1)), wire("CD CC CC 3D"))

    def test_any_byte_but_zero_is_true(self):
        self.assertIs(load_archive(ANSI, b"\x02").read_bool(), True)

    def test_nothing_stands_between_values(self):      # E25
        def store(ar):
            ar.write_byte(1)
            ar.write_dword(2)
            ar.write_word(3)
        self.assertEqual(stored(ANSI, store), wire("01 02 00 00 00 03 00"))

    def test_every_quiet_nan_keeps_its_bits(self):
        for bits in (0x7FC00000, 0xFFC00001, 0x7FFFFFFF, 0xFFFFFFFF):
            data = struct.pack("<I", bits)
            self.assertEqual(stored(ANSI, lambda ar: ar.write_float(load_archive(ANSI, data).read_float())), data)

    def test_what_is_short_stays_readable(self):        # N1
        archive = load_archive(ANSI, b"\x34")
        with self.assertRaises(ArchiveError):
            archive.read_word()
        self.assertEqual(archive.read_byte(), 0x34)

    def test_a_raw_read_returns_what_there_is(self):    # N41
        self.assertEqual(load_archive(ANSI, b"abcd").read_raw(10), b"abcd")

    def test_the_end_shows_between_values(self):
        archive = load_archive(ANSI, b"\x01")
        self.assertFalse(archive.at_end())
        archive.read_byte()
        self.assertTrue(archive.at_end())


class Strings(unittest.TestCase):
    def test_values_and_bytes_correspond(self):
        for label, build, name, value, data in STRINGS:
            with self.subTest(label):
                self.assertEqual(stored(build, lambda ar: getattr(ar, "write_" + name)(value)), wire(data))
                if name != "line":
                    self.assertEqual(getattr(load_archive(build, wire(data)), "read_" + name)(), value)

    def test_length_forms_change_at_their_edges(self):
        for count, narrow, wide in STRING_HEADERS:
            for header, build, unit in ((narrow, ANSI, b"a"), (wide, UNICODE, b"a\0")):
                with self.subTest(count=count, build=build.charset):
                    data = wire(header) + unit * count
                    self.assertEqual(stored(build, lambda ar: ar.write_string("a" * count)), data)
                    self.assertEqual(load_archive(build, data).read_string(), "a" * count)

    def test_readers_take_what_writers_never_write(self):
        for label, build, name, data, value in LOADED_STRINGS:
            with self.subTest(label):
                archive = load_archive(build, wire(data))
                self.assertEqual(getattr(archive, "read_" + name)(), value)
                self.assertTrue(archive.at_end())

    def test_behind_the_wide_marker_fffe_is_a_length(self):         # N6
        data = wire("FF FE FF FF FE FF") + b"a\0" * 65534
        self.assertEqual(len(load_archive(ANSI, data).read_string()), 65534)

    def test_a_second_marker_is_too_much_for_6(self):               # N6
        with self.assertRaises(MemoryError):
            load_archive(MFC_6, wire("FF FE FF FF FE FF")).read_string()

    def test_32_bits_refuse_more_than_an_int(self):                 # N7
        with self.assertRaises(ArchiveError) as raised:
            load_archive(ANSI, wire("FF FF FF FF FF FF FF 00 00 00 80 00 00 00 00")).read_string()
        self.assertEqual(raised.exception.cause, Cause.GENERIC)

    def test_a_cut_string_is_the_end_of_the_file(self):             # N3, N4, N5, N11
        for data in ("05 41 42", "FF", "FF FE FF", "FF FE FF 01 41", "FF FF FF FF FF FF 7F 41"):
            with self.subTest(data), self.assertRaises(ArchiveError) as raised:
                load_archive(ANSI, wire(data)).read_string()
            self.assertEqual(raised.exception.cause, Cause.END_OF_FILE)

    def test_any_units_survive(self):
        chance = random.Random(1)
        for _ in range(300):
            units = [chance.choice((0x41, 0xD83D, 0xDE00, 0, 0xFFFF)) for _ in range(chance.randrange(6))]
            data = wire("FF FE FF") + bytes([len(units)]) + struct.pack(f"<{len(units)}H", *units)
            text = load_archive(UNICODE, data).read_string()
            self.assertEqual(stored(UNICODE, lambda ar: ar.write_string(text)), data)


class Lines(unittest.TestCase):
    def lines(self, data, build=ANSI):
        archive = load_archive(build, data)
        lines = []
        while not archive.at_end():
            lines.append(archive.read_line())
        return lines

    def test_a_newline_ends_a_line_with_or_without_cr(self):
        self.assertEqual(self.lines(b"one\ntwo\r\n\nlast"), ["one", "two", "", "last"])
        self.assertEqual(self.lines("é\n".encode("utf-16-le"), UNICODE), ["é"])

    def test_a_line_may_be_longer_than_a_chunk(self):
        for length in (127, 128, 129, 255, 256, 257, 1000):
            for newline in (b"\n", b"\r\n", b""):
                with self.subTest(length=length, newline=newline):
                    self.assertEqual(self.lines(b"x" * length + newline), ["x" * length])

    def test_a_bare_cr_ends_a_line_and_leaves_the_next_unit(self):  # STR-25, STR-28
        self.assertEqual(self.lines(b"a\rb\nc\n"), ["ab", "", "c"])

    def test_a_cr_without_successor_is_no_unit(self):
        self.assertEqual(load_archive(ANSI, b"ab\r").read_line(), "ab")
        for data in (b"", b"\r"):
            with self.assertRaises(ArchiveError) as raised:
                load_archive(ANSI, data).read_line()
            self.assertEqual(raised.exception.cause, Cause.END_OF_FILE)


class Counts(unittest.TestCase):
    def test_values_and_bytes_correspond(self):
        for label, build, count, data in COUNTS:
            with self.subTest(label):
                self.assertEqual(stored(build, lambda ar: ar.write_count(count)), wire(data))
                self.assertEqual(load_archive(build, wire(data)).read_count(), count)

    def test_longer_forms_will_do(self):                # E64
        self.assertEqual(load_archive(ANSI, wire("FF FF 02 00 00 00")).read_count(), 2)

    def test_a_cut_count_is_the_end_of_the_file(self):  # N32
        with self.assertRaises(ArchiveError):
            load_archive(ANSI, wire("FF FF")).read_count()


class Values(unittest.TestCase):
    def test_values_and_bytes_correspond(self):
        for label, build, value, data in VALUES:
            with self.subTest(label):
                self.assertEqual(stored(build, value.store), wire(data))
                self.assertEqual(type(value).load(load_archive(build, wire(data))), value)

    def test_a_prefix_is_the_end_of_the_file(self):     # N35
        for label, build, value, data in VALUES:
            for length in range(len(wire(data))):
                with self.subTest(label, length=length), self.assertRaises(ArchiveError):
                    type(value).load(load_archive(build, wire(data)[:length]))

    def test_7_0_stores_a_span_without_its_status(self):            # E98
        self.assertEqual(stored(MFC_7, OleDateTimeSpan(0, 1.5).store), wire("00 00 00 00 00 00 F8 3F"))

    def test_before_7_1_late_variants_have_no_body(self):           # VAL-10
        self.assertEqual(stored(MFC_7, OleVariant(20, -1).store), wire("14 00"))
        self.assertEqual(OleVariant.load(load_archive(MFC_7, wire("14 00"))), OleVariant(20))

    def test_any_word_but_zero_is_true(self):
        self.assertEqual(OleVariant.load(load_archive(ANSI, wire("0B 00 02 00"))), OleVariant(11, True))

    def test_times_and_bytes_correspond(self):
        for label, build, name, value, data in TIMES:
            with self.subTest(label):
                self.assertEqual(stored(build, lambda ar: getattr(ar, "write_" + name)(value)), wire(data))
                self.assertEqual(getattr(load_archive(build, wire(data)), "read_" + name)(), value)

    def test_times_of_old_writers_load(self):           # N36
        self.assertEqual(load_archive(ANSI, wire("80 43 6D 38")).read_time(), 946684800)
        self.assertEqual(load_archive(ANSI, wire("FF FF FF FF")).read_time(), -1)

    def test_times_of_new_writers_do_not(self):         # N38
        archive = load_archive(MFC_71, wire("0A 00 00 80 80 43 6D 38 00 00 00 00"))
        self.assertEqual(archive.read_time(), -0x7FFFFFF6)
        self.assertEqual(archive.read_longlong(), 946684800)


class Collections(unittest.TestCase):
    def test_values_and_bytes_correspond(self):
        for label, build, cls, items, data in COLLECTIONS:
            with self.subTest(label):
                self.assertEqual(stored(build, cls(items).serialize), wire(data))
                loaded = cls()
                loaded.serialize(load_archive(build, wire(data)))
                self.assertEqual(loaded.items, cls(items).items)

    def test_arrays_replace_lists_append_maps_merge(self):          # COL-1, N34
        for cls, before, after in ((CStringArray, ["x"], ["a"]), (CStringList, ["x"], ["x", "a"])):
            collection = cls(before)
            collection.serialize(load_archive(ANSI, wire("01 00 01 61")))
            self.assertEqual(collection.items, after)
        entries = CMapStringToString({"x": "y", "a": ""})
        entries.serialize(load_archive(ANSI, wire("01 00 01 61 01 62")))
        self.assertEqual(entries.items, {"x": "y", "a": "b"})

    def test_short_data_is_the_end_of_the_file(self):               # N33
        with self.assertRaises(ArchiveError) as raised:
            CByteArray().serialize(load_archive(ANSI, wire("05 00 01 02")))
        self.assertEqual(raised.exception.cause, Cause.END_OF_FILE)

    def test_elements_of_objects_share_the_table(self):             # E120
        age = CAge(1)
        data = wire(f"03 00 {AGE} 01 00 00 00 00 00 02 00")
        self.assertEqual(stored(ANSI, CObList([age, None, age]).serialize), data)
        loaded = CObList()
        loaded.serialize(load_archive(ANSI, data))
        self.assertIs(loaded.items[0], loaded.items[2])
        self.assertIsNone(loaded.items[1])

    def test_a_map_holds_objects(self):                             # E119
        data = wire(f"01 00 05 00 {AGE} 1E 00 00 00")
        self.assertEqual(stored(ANSI, CMapWordToOb({5: CAge(30)}).serialize), data)
        loaded = CMapWordToOb()
        loaded.serialize(load_archive(ANSI, data))
        self.assertEqual(loaded.items[5].age, 30)

    def test_a_collection_is_an_object_of_schema_0(self):           # E81, E126
        self.assertEqual(stored(ANSI, lambda ar: ar.write_object(CStringList())), wire('FF FF 00 00 0B 00 "CStringList" 00 00'))
        self.assertEqual(stored(ANSI, lambda ar: ar.write_object(CByteArray([0xAA]))),
                         wire('FF FF 00 00 0A 00 "CByteArray" 01 00 AA'))

    def test_a_message_serialized_directly_has_no_tags(self):       # E127, E128, E129
        self.assertEqual(stored(ANSI, Message(0, "Hi").serialize), wire("00 00 02 48 69 00 00"))
        self.assertEqual(stored(UNICODE, Message(0, "Hi").serialize), wire("00 00 FF FE FF 02 48 00 69 00 00 00"))
        self.assertEqual(stored(ANSI, Message(1, "", ["a: 1", "b: 2"]).serialize), wire('01 00 00 02 00 04 "a: 1" 04 "b: 2"'))


def write_objects(*objects):
    def store(ar):
        for obj in objects:
            ar.write_object(obj)
    return store


class Objects(unittest.TestCase):
    def refuses(self, data, cause, requested=None, build=ANSI, before=0):
        archive = load_archive(build, wire(data))
        for _ in range(before):
            archive.read_object()
        with self.assertRaises(ArchiveError) as raised:
            archive.read_object(requested)
        self.assertEqual(raised.exception.cause, cause)
        return archive

    def test_each_object_is_told_once(self):                        # E66, E67, E68
        one, two = CAge(21), CAge(22)
        data = wire(f"{AGE} 15 00 00 00 01 80 16 00 00 00 02 00 03 00 00 00")
        self.assertEqual(stored(ANSI, write_objects(one, two, one, two, None)), data)
        archive = load_archive(ANSI, data)
        loaded = [archive.read_object() for _ in range(5)]
        self.assertEqual([loaded[0].age, loaded[1].age, loaded[4]], [21, 22, None])
        self.assertIs(loaded[2], loaded[0])
        self.assertIs(loaded[3], loaded[1])

    def test_an_object_that_changed_is_still_a_back_reference(self):    # E82, PIT-18
        age = CAge(1)

        def store(ar):
            ar.write_object(age)
            age.age = 99
            ar.write_object(age)
        self.assertEqual(stored(ANSI, store), wire(f"{AGE} 01 00 00 00 02 00"))

    def test_cycles_end(self):                                      # E69, E70
        node = CNode(7)
        node.next = node
        data = wire('FF FF 03 00 05 00 "CNode" 07 00 00 00 02 00')
        self.assertEqual(stored(ANSI, write_objects(node)), data)
        loaded = load_archive(ANSI, data).read_object()
        self.assertIs(loaded.next, loaded)
        one, two = CNode(1), CNode(2)
        one.next, two.next = two, one
        self.assertEqual(stored(ANSI, write_objects(one)),
                         wire('FF FF 03 00 05 00 "CNode" 01 00 00 00 01 80 02 00 00 00 02 00'))

    def test_classes_and_objects_share_a_counter(self):             # E71
        nine = CAge(9)
        data = wire(f'FF FF 03 00 05 00 "CNode" 05 00 00 00 {AGE} 09 00 00 00 03 80 0A 00 00 00 04 00')
        self.assertEqual(stored(ANSI, write_objects(CNode(5, nine), CAge(10), nine)), data)
        archive = load_archive(ANSI, data)
        self.assertEqual([archive.read_object().next.age, archive.read_object().age, archive.read_object().age], [9, 10, 9])

    def test_indexes_from_7fff_on_take_a_dword(self):               # E74 to E80
        for index, small in ((0x7FFE, "FE 7F"), (0x7FFF, "FF 7F FF 7F 00 00"), (0x8000, "FF 7F 00 80 00 00"),
                             (0x12345, "FF 7F 45 23 01 00")):
            self.assertEqual(stored(ANSI, lambda ar: ar.write_object_tag(index)), wire(small))
        for index, small in ((0x7FFE, "FE FF"), (0x7FFF, "FF 7F FF 7F 00 80"), (0x8000, "FF 7F 00 80 00 80")):
            self.assertEqual(stored(ANSI, lambda ar: ar.write_class_tag(index)), wire(small))

    def test_big_tables_load(self):
        ages = [CAge(i) for i in range(0x8002)]
        data = stored(ANSI, write_objects(*ages, *ages))
        archive = load_archive(ANSI, data)
        loaded = [archive.read_object() for _ in range(2 * len(ages))]
        self.assertEqual(loaded[:len(ages)], loaded[len(ages):])
        self.assertEqual(stored(ANSI, write_objects(*loaded)), data)

    def test_big_tags_may_be_small(self):                           # OBJ-3, N16
        archive = load_archive(ANSI, wire(f"FF 7F 00 00 00 00 {AGE} 01 00 00 00 FF 7F 01 00 00 80 02 00 00 00 FF 7F 02 00 00 00"))
        self.assertIsNone(archive.read_object())
        one, two = archive.read_object(), archive.read_object()
        self.assertEqual((one.age, two.age), (1, 2))
        self.assertIs(archive.read_object(), one)

    def test_wrong_indexes_are_refused(self):
        for data, before in (("00 80", 0), ("01 00", 0), ("01 80", 0), ("FF 7F FF FF FF FF", 0),      # N13, N14, N15, N17
                             (f"{AGE} 01 00 00 00 01 00", 1), (f"{AGE} 01 00 00 00 02 80", 1),          # N27, N28
                             (f"{AGE} 01 00 00 00 03 00", 1)):                                          # N29
            with self.subTest(data):
                self.refuses(data, Cause.BAD_INDEX, before=before)

    def test_wrong_classes_are_refused(self):
        for data in ("FF FF 01 00 40 00", f"FF FF 01 00 3F 00 {'41' * 63}", "FF FF 01 00 00 00",       # N18, N19, N20
                     'FF FF 01 00 04 00 "CA"', 'FF FF 01 00 04 00 "cage"'):                             # N21, OBJ-24
            with self.subTest(data):
                self.refuses(data, Cause.BAD_CLASS)
        self.refuses("FF FF 01 00", Cause.END_OF_FILE)                                                  # N22

    def test_a_name_that_is_too_long_stays_unread(self):            # N18
        archive = self.refuses('FF FF 01 00 40 00 "next"', Cause.BAD_CLASS)
        self.assertEqual(archive.read_raw(4), b"next")

    def test_another_schema_is_refused(self):                       # N23
        self.refuses('FF FF 02 00 04 00 "CAge" 01 00 00 00', Cause.BAD_SCHEMA)

    def test_another_class_than_requested_is_refused(self):         # N25, N26
        archive = self.refuses(f"{AGE} 05 00 00 00 01 80 06 00 00 00", Cause.BAD_CLASS, CNode)
        self.assertEqual(archive.read_long(), 5)
        self.assertEqual(archive.read_object().age, 6)              # the class has been registered
        self.refuses(f"{AGE} 05 00 00 00 02 00", Cause.BAD_CLASS, CNode, before=1)
        self.assertIsNone(load_archive(ANSI, wire("00 00")).read_object(CNode))

    def test_a_base_class_may_be_requested(self):
        class CBase(CObject, schema=1):
            pass

        class CDerived(CBase, schema=2):
            pass
        data = stored(ANSI, write_objects(CDerived()))
        self.assertIs(type(load_archive(ANSI, data).read_object(CBase)), CDerived)

    def test_a_class_tag_stands_alone(self):                        # E72, N30
        data = wire(f"{AGE} 01 80 04 00 00 00")

        def store(ar):
            ar.write_class(CAge)
            ar.write_class(CAge)
            ar.write_int(4)
        self.assertEqual(stored(ANSI, store), data)
        archive = load_archive(ANSI, data)
        self.assertEqual([archive.read_class(), archive.read_class(), archive.read_int()], [(CAge, 1), (CAge, 1), 4])
        for tag in ("00 00", "02 00"):
            with self.assertRaises(ArchiveError) as raised:
                load_archive(ANSI, wire(tag)).read_class()
            self.assertEqual(raised.exception.cause, Cause.BAD_INDEX)

    def test_a_class_described_again_takes_another_index(self):     # N31
        archive = load_archive(ANSI, wire(f"{AGE} 01 00 00 00 {AGE} 02 00 00 00 03 80 03 00 00 00"))
        self.assertEqual([archive.read_object().age for _ in range(3)], [1, 2, 3])

    def test_versionable_classes_load_every_schema(self):           # N24, SCH-1, SCH-3
        archive = load_archive(ANSI, wire('FF FF 02 00 0A 00 "CVersioned" 01 00 00 00 01 80 02 00 00 00'))
        for value in (1, 2):
            loaded = archive.read_object()
            self.assertEqual((loaded.value, loaded.loaded_schema), (value, 2))
        self.assertEqual(archive.get_object_schema(), -1)
        self.assertEqual(stored(ANSI, write_objects(CVersioned(7))), wire('FF FF 03 00 0A 00 "CVersioned" 07 00 00 00'))

    def test_a_body_may_depend_on_the_schema(self):
        old = load_archive(ANSI, wire('FF FF 58 02 07 00 "CLetter" 01 41')).read_object()
        self.assertEqual((old.text, old.stamp, old.loaded_schema), ("A", 0, 600))
        new = wire('FF FF BC 02 07 00 "CLetter" 01 41 05 00 00 00')
        self.assertEqual(stored(ANSI, write_objects(CLetter("A", 5))), new)
        self.assertEqual(load_archive(ANSI, new).read_object().stamp, 5)

    def test_the_schema_can_be_asked_for_once(self):                # SCH-1, SCH-2
        seen = []

        class CAsking(CObject, schema=9):
            next = None

            def serialize(self, ar):
                if ar.is_storing:
                    ar.write_object(self.next)
                else:
                    self.next = ar.read_object()
                    seen.append((ar.get_object_schema(), ar.get_object_schema()))
        outer = CAsking()
        outer.next = CAsking()
        load_archive(ANSI, stored(ANSI, write_objects(outer))).read_object()
        self.assertEqual(seen, [(9, -1), (9, -1)])

    def test_a_class_without_schema_cannot_be_stored(self):         # OBJ-20
        class CPlain(CObject):
            pass
        with self.assertRaises(NotSupported):
            stored(ANSI, write_objects(CPlain()))

    def test_network_messages(self):                                # E148, E149
        data = wire('FF FF 01 00 0B 00 "CNetMessage" 02 "al" 02 "hi" 80 43 6D 38 01 80 02 "al" 02 "yo" 81 43 6D 38')
        messages = CNetMessage("al", "hi", 946684800), CNetMessage("al", "yo", 946684801)
        self.assertEqual(stored(ANSI, write_objects(*messages)), data)
        archive = load_archive(ANSI, data, Dripping)
        self.assertEqual([archive.read_object().text for _ in range(2)], ["hi", "yo"])


class Archives(unittest.TestCase):
    def test_one_byte_at_a_time_makes_no_difference(self):          # N47
        def store(ar):
            ar.write_string("x" * 300)
            ar.write_double(0.1)
            CObList([CNode(1, CAge(2))]).serialize(ar)
            ar.write_line("end")
        archive = load_archive(UNICODE, stored(UNICODE, store), Dripping)
        self.assertEqual(archive.read_string(), "x" * 300)
        self.assertEqual(archive.read_double(), 0.1)
        nodes = CObList()
        nodes.serialize(archive)
        self.assertEqual(nodes.items[0].next.age, 2)
        self.assertEqual(archive.read_line(), "end")
        self.assertTrue(archive.at_end())

    def test_what_is_held_can_be_taken_back(self):
        one, two = CAge(1), CAge(2)

        def store(ar):
            ar.write_object(one)
            mark = ar.hold()
            ar.write_object(two)
            ar.write_object(CNode(3))
            ar.take_back(mark)
            ar.write_object(two)
            ar.write_object(one)
        self.assertEqual(stored(ANSI, store), wire(f"{AGE} 01 00 00 00 01 80 02 00 00 00 02 00"))

    def test_limits_hold(self):
        archive = load_archive(ANSI, b"\xFF\xFF\xFF\xFF\xFF\xFF\x7F" + bytes(1 << 20))
        archive.max_bytes = 1 << 18
        with self.assertRaises(LimitExceeded):
            archive.read_string()
        archive = load_archive(ANSI, stored(ANSI, write_objects(CNode(1, CNode(2, CNode(3))))))
        archive.max_depth = 2
        with self.assertRaises(LimitExceeded):
            archive.read_object()

    def test_no_other_builds_exist(self):
        for arguments in (("6.0", "ansi", 64), ("5.0", "ansi", 32), ("10", "utf-8", 64), ("10", "ansi", 16)):
            with self.assertRaises(ValueError):
                Build(*arguments)
        self.assertTrue(Build("none").long_time)
