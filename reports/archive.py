"""Archives for recheck.py: reads values of the conformance service's types off a stream, tells them in its notation, and says how a right peer stores them.

Written from the clauses alone, which stand behind the numbers in brackets; it shares no code with arcwire."""
import re
import struct
import zlib

INTEGERS = {"byte": "<B", "char": "<b", "word": "<H", "short": "<h", "wchar": "<H", "dword": "<I", "uint": "<I", "long": "<i", "int": "<i",
            "longlong": "<q", "ulonglong": "<Q", "net16": ">H", "net32": ">I", "timespan": "<i", "time64": "<q"}
SCHEMAS = {"CAge": 1, "CNode": 3, "CNetMessage": 1, "CTestPoint": 7, "CVersioned": 3, "CLetter": 700}
VERSIONABLE = {"CVersioned", "CLetter"}
COLLECTIONS = {"CByteArray", "CWordArray", "CDWordArray", "CStringArray", "CStringList", "CObArray", "CObList", "CMapStringToString", "CMapStringToOb", "CMapWordToOb"}
VARIANTS = {2: "short", 3: "long", 4: "float", 5: "double", 6: "longlong", 7: "double", 8: "bstr", 10: "long", 11: "variant bool", 16: "char", 17: "byte",
            18: "word", 19: "dword", 20: "longlong", 21: "ulonglong"}
HUGE = 16 << 20          # so much claimed that is not there may be more than a reader has memory for [STR-15]
WHOLE = 64               # so many units or elements are told in full


class Raises(Exception):
    """A reader raises an archive exception; its cause [TAB-7.1]."""

    def __init__(self, cause):
        super().__init__("archive exception %d" % cause)
        self.cause = cause


class Undecided(Exception):
    """The rules leave open what a reader makes of this."""


class Table:
    """What one direction of a connection has carried [OBJ-6]: slots by their index, and how many objects."""

    def __init__(self):
        self.slots, self.objects = [None], 0

    def add(self, *slot):
        self.slots.append(slot)
        return len(self.slots) - 1


def length_of_string(units):
    """Of at most 2^32 - 2 units [STR-5]."""
    if units < 0xFF:
        return struct.pack("<B", units)
    if units < 0xFFFE:
        return struct.pack("<BH", 0xFF, units)
    return struct.pack("<BHI", 0xFF, 0xFFFF, units)


def split(text):
    """At the commas that stand in no bracket."""
    parts, depth = [""], 0
    for sign in text:
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def sorted_maps(text):
    """With the entries of each map in the order of their keys, as TELL has them; of repeated keys the later value counts."""
    begin = text.find("{")
    if begin < 0:
        return text
    depth, end = 1, begin
    while depth:
        end += 1
        depth += {"{": 1, "}": -1}.get(text[end], 0)
    entries = dict(entry.split("=", 1) for entry in split(text[begin + 1:end]) if entry)
    inside = ",".join("%s=%s" % (key, sorted_maps(entries[key])) for key in sorted(entries, key=str.encode))
    return text[:begin + 1] + inside + "}" + sorted_maps(text[end + 1:])


def literal(text):
    """What MAKE is given as TELL would tell it in full: u*3:0041 is u:004100410041, [*2:7] is [7,7]."""
    text = re.sub(r"\b([uawr])\*(\d+):([0-9a-f]+)", lambda match: match[1] + ":" + match[3] * int(match[2]), text)
    text = re.sub(r"\[\*(\d+):(-?\d+)\]", lambda match: "[" + ",".join([match[2]] * int(match[1])) + "]", text)
    return sorted_maps(text)


class Reader:
    """Reads values from a place on. What a right peer would store of them on a fresh archive gathers in `stored`.

    whole: long values are told unit by unit. is_reply: what is read is what such a peer has stored."""

    def __init__(self, data, at, profile, whole=False, is_reply=False):
        self.data, self.at = data, at
        generation, charset, bits = profile.split("-")
        self.generation, self.wide, self.is_64 = float(generation), charset == "unicode", bits == "64"
        self.whole, self.is_reply = whole, is_reply
        self.table, self.written = Table(), Table()
        self.indices = {}        # of classes by name, of objects by their number, in what is stored
        self.stored = bytearray()
        self.fields = []         # (offset, length) of lengths, counts, tags, schemas
        self.claim = 0           # most units or elements that a length announced beyond the bytes that follow

    # Bytes and numbers

    def take(self, count, cause=3):
        if count > len(self.data) - self.at:
            raise Raises(cause)
        self.at += count
        return bytes(self.data[self.at - count:self.at])

    def take_block(self, count):
        """What is read as a block: a reader up to 7.1 does not see that it is short [8.1, COL-2]."""
        if count > len(self.data) - self.at and self.generation < 8:
            raise Undecided("a short block")
        return self.take(count)

    def number(self, layout, cause=3):
        return struct.unpack(layout, self.take(struct.calcsize(layout), cause))[0]

    def copied(self, layout):
        number = self.number(layout)
        self.stored += struct.pack(layout, number)
        return number

    def field(self, begin):
        self.fields.append((begin, self.at - begin))

    def claims(self, count):
        self.claim = max(self.claim, count - (len(self.data) - self.at))
        return count

    def count(self):
        begin = self.at
        number = self.number("<H")
        if number == 0xFFFF:
            number = self.number("<I")
            if number == 0xFFFFFFFF and self.is_64 and self.generation >= 7:
                number = self.number("<Q")
        self.field(begin)
        return number

    def store_count(self, number):
        if number < 0xFFFF:
            self.stored += struct.pack("<H", number)
        elif number < 0xFFFFFFFF or not (self.is_64 and self.generation >= 7):
            self.stored += struct.pack("<HI", 0xFFFF, number)
        else:
            self.stored += struct.pack("<HIQ", 0xFFFF, 0xFFFFFFFF, number)

    # Strings

    def length(self):
        """(units, whether they are wide) [4.3]."""
        begin, is_wide = self.at, False
        while True:
            units = self.number("<B")
            if units == 0xFF:
                units = self.number("<H")
                if units == 0xFFFE and not is_wide:
                    is_wide = True
                    continue
                if units == 0xFFFE and self.generation < 7:
                    raise Undecided("a second mark of a wide string")
                if units == 0xFFFF:
                    units = self.number("<I")
                    if units == 0xFFFFFFFF and self.generation < 7:
                        if is_wide:
                            raise Undecided("a second mark of a wide string")
                        is_wide = True
                        continue
                    if units == 0xFFFFFFFF:
                        units = self.number("<Q")
                        if not self.is_64 and units > 0x7FFFFFFF:
                            raise Raises(1)
            break
        self.field(begin)
        return self.claims(units), is_wide

    def string(self, kind):
        units, is_wide = self.length()
        data = self.take(units * (2 if is_wide else 1))
        wanted = {"cstring": self.wide, "cstringa": False, "cstringw": True}[kind]
        values = struct.unpack("<%dH" % units, data) if is_wide else tuple(data)
        if max(values, default=0) > 0x7F and (is_wide != wanted or kind == "cstring" and not wanted):
            raise Undecided("characters of a code page")
        if self.generation < 7 and is_wide != wanted or 7 <= self.generation < 8:       # [STR-19]
            values = values[:values.index(0)] if 0 in values else values
        self.store_string(values, wanted)
        return self.told({"cstring": "u", "cstringa": "a", "cstringw": "w"}[kind], values)

    def store_string(self, values, wide):
        self.stored += (b"\xff\xfe\xff" if wide else b"") + length_of_string(len(values))
        self.stored += struct.pack("<%dH" % len(values), *values) if wide else bytes(values)

    def told(self, letter, values):
        narrow = letter in "ar"
        if len(values) > WHOLE and not self.whole:
            data = bytes(values) if narrow else struct.pack("<%dH" % len(values), *values)
            return "%s#%d:%08x" % (letter, len(values), zlib.crc32(data))
        return letter + ":" + "".join("%02x" % value if narrow else "%04x" % value for value in values)

    def line(self):
        """[STR-23, STR-25, STR-28]"""
        layout, values = "<H" if self.wide else "<B", []
        while True:
            try:
                unit = self.number(layout)
                if unit == 0x0D:
                    unit = self.number(layout)
                    values.append(unit)
                    break
            except Raises:
                if not values:
                    raise
                break
            values.append(unit)
            if unit == 0x0A:
                break
        if values[-1:] == [0x0A]:
            values.pop()
        self.stored += b"".join(struct.pack(layout, unit) for unit in values + [0x0A])
        return self.told("u", values)

    # Values of one type

    def bits(self, size):
        data = self.take(size)
        self.stored += data
        return data[::-1].hex()

    def value(self, kind):
        """Reads a value of a type, and tells it."""
        name, _, requested = kind.partition(":")
        if kind in INTEGERS:
            return str(self.copied(INTEGERS[kind]))
        if kind == "bool":
            is_true = self.number("<B") != 0
            self.stored.append(is_true)
            return "true" if is_true else "false"
        if kind in ("float", "double"):
            return self.bits(4 if kind == "float" else 8)
        if kind in ("cstring", "cstringa", "cstringw"):
            return self.string(kind)
        if kind in ("size", "point", "rect"):
            data = self.take_block(16 if kind == "rect" else 8)
            self.stored += data
            return "(%s)" % ",".join(map(str, struct.unpack("<%di" % (len(data) // 4), data)))
        if kind == "count":
            number = self.count()
            self.store_count(number)
            return str(number)
        if name == "raw":
            data = self.take(int(requested))
            self.stored += data
            return self.told("r", data)
        if kind == "line":
            return self.line()
        if kind == "time":
            return self.time()
        if kind == "oledatetime":
            return "(%d,%s)" % (self.copied("<i"), self.bits(8))
        if kind == "oledatetimespan":
            return self.span()
        if kind == "olecurrency":
            status, high, low = self.copied("<i"), self.copied("<i"), self.copied("<I")
            return "(%d,%d)" % (status, high << 32 | low)
        if kind == "olevariant":
            return self.variant()
        if kind in ("combstr", "bstr"):
            return self.bstr(kind)
        if name == "object":
            return self.object(requested or None)
        if kind == "class":
            return self.class_alone()
        collection = next((known for known in COLLECTIONS if known[1:].lower() == kind), None)
        if collection is None:
            raise ValueError("no type is called " + kind)
        return self.collection(collection)

    def time(self):
        """[8.2]"""
        seconds = self.number("<I")
        if seconds == 0x8000000A and self.generation >= 8:
            seconds = self.number("<q")
        elif seconds > 0x7FFFFFFF:
            seconds -= 1 << 32
        self.stored += struct.pack("<I", seconds & 0xFFFFFFFF) if self.generation < 8 else struct.pack("<Iq", 0x8000000A, seconds)
        return str(seconds)

    def span(self):
        """A writer of 7.0 leaves out the status [VAL-9]."""
        lacks = self.generation == 7.0
        status = "?" if lacks and self.is_reply else str(self.number("<i"))
        if not lacks:
            self.stored += struct.pack("<i", int(status))
        return "(%s,%s)" % (status, self.bits(8))

    def variant(self):
        kind = self.copied("<H")
        if kind in (0, 1):
            return "(%d)" % kind
        if kind not in VARIANTS or kind in (16, 18, 19, 20, 21) and self.generation < 7.1:
            raise Undecided("a variant of this type")
        if kind == 11:
            is_true = self.number("<H") != 0
            self.stored += struct.pack("<H", 0xFFFF if is_true else 0)
            return "(11,%s)" % ("true" if is_true else "false")
        return "(%d,%s)" % (kind, self.value(VARIANTS[kind]))

    def bstr(self, kind):
        begin = self.at
        length = self.number("<I")
        self.field(begin)
        units = self.claims(length if kind == "combstr" else length // 2)
        data = self.take(2 * units if kind == "combstr" else length)
        self.stored += struct.pack("<I", length) + data
        return self.told("u", struct.unpack("<%dH" % (len(data) // 2), data[:len(data) // 2 * 2]))

    # Collections

    def collection(self, name):
        count = self.claims(self.count())
        size = {"CByteArray": 1, "CWordArray": 2, "CDWordArray": 4}.get(name)
        if size:
            data = self.take_block(count * size)
            self.store_count(count)
            self.stored += data
            if count > WHOLE and not self.whole:
                return "[#%d:%08x]" % (count, zlib.crc32(data))
            return "[%s]" % ",".join(map(str, struct.unpack("<%d%s" % (count, "BHI"[size // 2]), data)))
        if name.startswith("CMap"):
            return self.map(name, count)
        self.store_count(count)
        elements = []
        for _ in range(count):
            elements.append(self.value("cstring" if "String" in name else "object"))
        return "[%s]" % ",".join(elements)

    def map(self, name, count):
        """Entries in any order, told by their keys; of repeated keys the later value counts."""
        kept, self.stored = self.stored, bytearray()
        told, stored = {}, {}
        for _ in range(count):
            key = self.value("word" if "Word" in name else "cstring")
            told[key] = self.value("cstring" if name == "CMapStringToString" else "object")
            stored[key], self.stored = self.stored, bytearray()
        self.stored = kept
        self.store_count(len(told))
        for entry in stored.values():
            self.stored += entry
        return "{%s}" % ",".join("%s=%s" % (key, told[key]) for key in sorted(told, key=str.encode))

    # Objects

    def class_described(self, requested):
        """Behind FFFF [TAB-6.5, rows 5 to 10 and 14]."""
        begin = self.at
        schema = self.number("<H")
        self.field(begin)
        begin = self.at
        length = self.number("<H")
        self.field(begin)
        if length >= 64:
            raise Raises(6)
        name = self.take(length, 6).decode("latin-1")
        if name not in SCHEMAS and name not in COLLECTIONS:
            raise Raises(6)
        if schema != SCHEMAS.get(name, 0) and name not in VERSIONABLE:
            raise Raises(7)
        self.table.add("class", name, schema)
        if requested not in (None, name):
            raise Raises(6)
        return name, schema

    def slot(self, index, wanted):
        """[TAB-6.5, rows 12, 13, 15, 16]"""
        if not 0 < index < len(self.table.slots):
            raise Raises(5)
        slot = self.table.slots[index]
        if slot[0] != wanted:
            if self.generation < 9:
                raise Undecided("an object in the place of a class")
            raise Raises(5)
        return slot[1:]

    def tag(self):
        """("new", None), ("class", index) or ("object", index) [6.2]."""
        begin = self.at
        tag = self.number("<H")
        if tag == 0xFFFF:
            found = "new", None
        elif tag == 0x7FFF:
            tag = self.number("<I")
            found = "class" if tag >> 31 else "object", tag & 0x7FFFFFFF
        else:
            found = "class" if tag >> 15 else "object", tag & 0x7FFF
        self.field(begin)
        return found

    def store_tag(self, index, is_class):
        if index < 0x7FFF:
            self.stored += struct.pack("<H", index | (0x8000 if is_class else 0))
        else:
            self.stored += struct.pack("<HI", 0x7FFF, index | (0x80000000 if is_class else 0))

    def store_class(self, name):
        if name in self.indices:
            self.store_tag(self.indices[name], True)
        else:
            self.stored += struct.pack("<HHH", 0xFFFF, SCHEMAS.get(name, 0), len(name)) + name.encode()
            self.indices[name] = self.written.add("class", name)

    def class_alone(self):
        what, index = self.tag()
        if what == "object":
            raise Raises(5)
        name, schema = self.class_described(None) if what == "new" else self.slot(index, "class")
        self.store_class(name)
        return "%s:%d" % (name, schema)

    def object(self, requested):
        what, index = self.tag()
        if what == "object":
            if index == 0:
                self.stored += b"\0\0"
                return "null"
            name, number = self.slot(index, "object")
            if requested not in (None, name):
                raise Raises(6)
            if number not in self.indices:
                raise Undecided("an object that went before")
            self.store_tag(self.indices[number], False)
            return "@%d" % number
        name, schema = self.class_described(requested) if what == "new" else self.slot(index, "class")
        if requested not in (None, name):
            raise Raises(6)
        self.table.objects += 1
        number = self.table.objects
        self.table.add("object", name, number)
        self.store_class(name)
        self.indices[number] = self.written.add("object", name, number)
        return self.body(name, schema)

    def body(self, name, schema):
        if name in COLLECTIONS:
            return name + self.collection(name)
        kinds = {"CAge": ["long"], "CNode": ["long", "object"], "CNetMessage": ["cstring", "cstring", "long"], "CTestPoint": ["long", "long", "object"],
                 "CVersioned": ["long"], "CLetter": ["cstring", "long"] if schema >= 700 else ["cstring"]}[name]
        told = ",".join([self.value(kind) for kind in kinds])
        if name == "CLetter" and schema < 700:
            self.stored += bytes(4)
        return "%s%s(%s)" % (name, ":%d" % schema if name in VERSIONABLE else "", told)

    def values(self, kinds):
        return " ".join([self.value(kind) for kind in kinds.split(",")])


def outcome(data, kinds, profile):
    """What comes of a whole stream of these types: (one of loads, leaves, refused, claims, open; their text, or the cause; the fields that were read)."""
    reader = Reader(data, 0, profile)
    try:
        text = reader.values(kinds)
    except Raises as raised:
        return "claims" if reader.claim >= HUGE else "refused", raised.cause, reader.fields
    except Undecided:
        return "open", None, reader.fields
    return "loads" if reader.at == len(data) else "leaves", text, reader.fields
