#!/usr/bin/env python3
"""How to use the codec cases from another language: a decoder of primitives, strings and counts against them.

    arcwire export --codec DIR && python3 read_codec.py DIR/codec.json

The decoder is written from the clauses that stand beside it, not from arcwire's sources. Types that it does not
know are counted and left alone. Needs nothing but Python 3.
"""

import collections
import json
import re
import struct
import sys
import zlib

Profile = collections.namedtuple("Profile", "generation charset bits")
GENERATIONS = {"4.2": 42, "6.0": 60, "7.0": 70, "7.1": 71, "8": 80, "9": 90, "10": 100}
PROFILES = [Profile(g, c, b) for g in GENERATIONS.values() for c in ("ansi", "unicode") for b in (32, 64) if b == 32 or g >= 70]

# The primitive types: struct's name of the form [TAB-3.1]; little-endian [BO-1], but for what a program swaps [BYO-5].
NUMBERS = {"byte": "<B", "char": "<b", "word": "<H", "short": "<h", "int": "<i", "uint": "<I", "long": "<i", "dword": "<I",
           "longlong": "<q", "ulonglong": "<Q", "wchar": "<H", "net16": ">H", "net32": ">I", "timespan": "<i", "time64": "<q"}
REALS = {"float": 4, "double": 8}
STRINGS = {"cstring": "u", "cstringa": "a", "cstringw": "w"}


class ArchiveException(Exception):
    def __init__(self, cause, offset):
        super().__init__(cause, offset)
        self.cause, self.offset = cause, offset


class Archive:
    def __init__(self, stream, profile):
        self.stream, self.profile, self.at = stream, profile, 0

    def take(self, count):
        if count > len(self.stream) - self.at:
            raise ArchiveException(3, self.at)              # endOfFile [PRM-6, STR-14]
        self.at += count
        return self.stream[self.at - count:self.at]

    def number(self, form):
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def count(self):                                        # [CNT-1, CNT-2]
        n = self.number("<H")
        if n == 0xFFFF:
            n = self.number("<I")
            if n == 0xFFFFFFFF and self.profile.bits == 64:
                n = self.number("<Q")
        return n

    def length(self, behind_prefix):
        """A length, or None for the prefix of wide strings [TAB-4.1, STR-2, STR-3]."""
        n = self.number("<B")
        if n < 0xFF:
            return n
        n = self.number("<H")
        if n == 0xFFFE and not behind_prefix:
            return None
        if n < 0xFFFF:
            return n
        n = self.number("<I")
        if n < 0xFFFFFFFF:
            return n
        if self.profile.generation <= 60 and not behind_prefix:
            return None                                     # which those readers take for the prefix, too [TAB-4.3]
        start = self.at
        n = self.number("<Q")                               # from 7.0 on [STR-6]
        if self.profile.bits == 32 and n > 0x7FFFFFFF:
            raise ArchiveException(1, start)
        return n & 0xFFFFFFFF if self.profile.bits == 64 and self.profile.generation > 70 else n    # [STR-7]

    def string(self, kind):
        n = self.length(False)
        wide = n is None
        if wide:
            n = self.length(True)
        data = self.take(n * (2 if wide else 1))            # a length counts units [STR-1]
        units = list(struct.unpack("<%dH" % n, data)) if wide else list(data)
        as_wide = kind == "w" or (kind == "u" and self.profile.charset == "unicode")
        cuts = self.profile.generation < 80 and (self.profile.generation >= 70 or wide != as_wide)
        return units[:units.index(0)] if cuts and 0 in units else units      # [STR-19]

    def value(self, name):
        """The value as text, and the bytes that a writer stores for it."""
        if name in NUMBERS:
            n = self.number(NUMBERS[name])
            return str(n), struct.pack(NUMBERS[name], n)
        if name in REALS:
            bits = self.take(REALS[name])
            return bits[::-1].hex(), bits
        if name == "bool":
            truth = self.number("<B") != 0
            return ("true" if truth else "false"), bytes([truth])
        if name == "count":
            n = self.count()
            return str(n), store_count(n, self.profile)
        if name.startswith("raw:"):
            data = self.take(int(name[4:]))
            return units_text("r", data), data
        kind = STRINGS[name]
        units = self.string(kind)
        return units_text(kind, units), store_string(units, kind, self.profile)


def units_text(kind, units):                                # [SVC-TEXT]
    digits = 4 if kind in "uw" else 2
    units = [u if digits == 4 or u <= 0xFF else 0x3F for u in units]
    if len(units) > 64:
        data = struct.pack("<%d%s" % (len(units), "H" if digits == 4 else "B"), *units)
        return "%s#%d:%08x" % (kind, len(units), zlib.crc32(data))
    return kind + ":" + "".join("%0*x" % (digits, u) for u in units)


def store_count(n, profile):                                # the shortest form that holds it [CNT-1, CNT-2]
    if n < 0xFFFF:
        return struct.pack("<H", n)
    if n < 0xFFFFFFFF or profile.bits == 32:
        return struct.pack("<HI", 0xFFFF, n)
    return struct.pack("<HIQ", 0xFFFF, 0xFFFFFFFF, n)


def store_string(units, kind, profile):                     # [STR-4, STR-5, STR-8, STR-9]
    wide = kind == "w" or (kind == "u" and profile.charset == "unicode")
    n = len(units)
    if n < 0xFF:
        length = struct.pack("<B", n)
    elif n < 0xFFFE:
        length = struct.pack("<BH", 0xFF, n)
    else:
        length = struct.pack("<BHI", 0xFF, 0xFFFF, n)
    if wide:
        return b"\xff\xfe\xff" + length + struct.pack("<%dH" % n, *units)
    return length + bytes(u if u <= 0xFF else 0x3F for u in units)


def known(name):
    return name in NUMBERS or name in REALS or name in STRINGS or name in ("bool", "count") or name.startswith("raw:")


def fits(profile, predicate):
    for term in predicate.split(",") if predicate else []:
        bound = re.fullmatch(r"(<|>=)([0-9.]+)", term)
        if bound:
            if (profile.generation < GENERATIONS[bound[2]]) != (bound[1] == "<"):
                return False
        elif term not in (profile.charset, str(profile.bits)):
            return False
    return True


def check(case, profile):
    """What is wrong, or None."""
    stream = bytes.fromhex(case["wire"])
    archive = Archive(stream, profile)
    try:
        values = [archive.value(name) for name in case["types"]]
    except ArchiveException as e:
        got = {"outcome": "exception", "cause": e.cause, "offset": e.offset}
    else:
        got = {"outcome": "load", "text": " ".join(text for text, _ in values)}
        if archive.at != len(stream):
            return "%d bytes are left" % (len(stream) - archive.at)
        stored = b"".join(data for _, data in values).hex()
        if stored != case.get("store", case["wire"]):
            return "stores %.80s" % stored
    wrong = ["%s is %s, due is %s" % (key, got[key], case.get(key)) for key in got if got[key] != case.get(key)]
    return "; ".join(wrong)[:200] or None


def main(path):
    with open(path, encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    mine = [case for case in cases if all(known(name) for name in case["types"])]
    failures = checks = 0
    for case in mine:
        for profile in (p for p in PROFILES if fits(p, case.get("profile"))):
            checks += 1
            wrong = check(case, profile)
            if wrong:
                failures += 1
                print("%s, %s: %s" % (case["id"], "-".join(map(str, profile)), wrong))
    print("%d of %d streams are of types known here; %d readings, %d wrong" % (len(mine), len(cases), checks, failures))
    return 1 if failures or not checks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else __doc__)
