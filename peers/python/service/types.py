"""The types of the conformance service, a row of ``type_table`` each.

A type loads a value from an archive and stores one; tells one as text and parses one.
"""

import re
import struct
import zlib

from mfc import (SERIAL_CLASSES, CByteArray, CDWordArray, CMapStringToOb, CMapStringToString, CMapWordToOb, CObArray,
                 CObList, CStringArray, CStringList, CWordArray, OleCurrency, OleDateTime, OleDateTimeSpan, OleVariant,
                 Point, Rect, Size, variant_bodies)

from .text import NAME, BadText

SHORT = 64                  # units or elements that text shows one by one
LONGEST = 1048576           # N in raw:N, letter*N:unit and [*N:v]

HEX = re.compile(r"[0-9a-f]*")
REPEATED = re.compile(r"([0-9]{1,20}):")
RAW_NAME = re.compile(r"raw:(0|[1-9][0-9]{0,6})")


class Integer:
    """Any type whose text is a decimal number; the archive's methods for it are read_NAME and write_NAME."""

    def __init__(self, name, low, high):
        self._read = "read_" + name
        self._write = "write_" + name
        self.low = low
        self.high = high

    def load(self, ar):
        return getattr(ar, self._read)()

    def store(self, ar, value):
        getattr(ar, self._write)(value)

    def tell(self, out, value):
        out.write(str(value))

    def parse(self, text):
        return text.read_number(self.low, self.high)


def unsigned(name, bits):
    return Integer(name, 0, (1 << bits) - 1)


def signed(name, bits):
    return Integer(name, -1 << bits - 1, (1 << bits - 1) - 1)


class Bool:
    def load(self, ar):
        return ar.read_bool()

    def store(self, ar, value):
        ar.write_bool(value)

    def tell(self, out, value):
        out.write("true" if value else "false")

    def parse(self, text):
        if text.accept("true"):
            return True
        text.expect("false")
        return False


class Real:
    """float and double. The text is the value's bits."""

    def __init__(self, name, layout):
        self._read = "read_" + name
        self._write = "write_" + name
        self._bits = struct.Struct(layout)

    def load(self, ar):
        return getattr(ar, self._read)()

    def store(self, ar, value):
        getattr(ar, self._write)(value)

    def tell(self, out, value):
        out.write(self._bits.pack(value).hex())

    def parse(self, text):
        digits = text.match(HEX, "hexadecimal digits")[0]
        if len(digits) != 2 * self._bits.size:
            raise BadText(f"{2 * self._bits.size} hexadecimal digits expected")
        return self._bits.unpack(bytes.fromhex(digits))[0]


class Units:
    """A row of units behind a letter: text of either width, or bytes. How they travel is for subclasses to say."""

    letter = None
    width = 2                   # bytes in a unit

    def to_units(self, value):
        """The units, most significant byte first."""
        return value.encode("utf-16-be", "surrogatepass")

    def from_units(self, units):
        return units.decode("utf-16-be", "surrogatepass")

    def tell(self, out, value):
        units = self.to_units(value)
        count = len(units) // self.width
        if count > SHORT:
            out.write(f"{self.letter}#{count}:{zlib.crc32(self._low_byte_first(units)):08x}")
        else:
            out.write(f"{self.letter}:{units.hex()}")

    def _low_byte_first(self, units):
        if self.width == 1:
            return units
        swapped = bytearray(len(units))
        swapped[0::2] = units[1::2]
        swapped[1::2] = units[0::2]
        return swapped

    def parse(self, text):
        text.expect(self.letter)
        if text.accept("*"):
            count = int(text.match(REPEATED, "a number and a colon")[1])
            if count > LONGEST:
                raise BadText(f"{count} units are too many")
            unit = self._parse_units(text)
            if len(unit) != self.width:
                raise BadText("one unit expected")
            text.claim(count * self.width)
            return self.check(self.from_units(unit * count))
        text.expect(":")
        return self.check(self.from_units(self._parse_units(text)))

    def _parse_units(self, text):
        digits = text.match(HEX, "hexadecimal digits")[0]
        if len(digits) % (2 * self.width):
            raise BadText("half a unit")
        return bytes.fromhex(digits)

    def check(self, value):
        return value


class CString(Units):
    """A CString of the build's width."""

    letter = "u"

    def load(self, ar):
        return ar.read_string()

    def store(self, ar, value):
        ar.write_string(value)


class CStringW(Units):
    letter = "w"

    def load(self, ar):
        return ar.read_string_w()

    def store(self, ar, value):
        ar.write_string_w(value)


class CStringA(Units):
    letter = "a"
    width = 1

    def to_units(self, value):
        return value

    def from_units(self, units):
        return units

    def load(self, ar):
        return ar.read_string_a()

    def store(self, ar, value):
        ar.write_string_a(value)


class CComBSTR(Units):
    letter = "u"

    def load(self, ar):
        return ar.read_bstr()

    def store(self, ar, value):
        ar.write_bstr(value)


class Line(Units):
    """WriteString and ReadString."""

    letter = "u"

    def load(self, ar):
        return ar.read_line()

    def store(self, ar, value):
        ar.write_line(value)

    def check(self, value):
        if any(unit in value for unit in "\0\n\r"):
            raise BadText("this cannot stand in a line")
        return value


class Raw(Units):
    """Bytes with Read and Write, a known number of them."""

    letter = "r"
    width = 1

    def __init__(self, size):
        self.size = size

    def to_units(self, value):
        return value

    def from_units(self, units):
        return units

    def load(self, ar):
        return ar.read(self.size)

    def store(self, ar, value):
        ar.write(value)

    def check(self, value):
        if len(value) != self.size:
            raise BadText(f"{self.size} bytes expected")
        return value


class Record:
    """A value type of several fields, told in parentheses."""

    def __init__(self, cls, *fields):
        self._cls = cls
        self._fields = fields

    def load(self, ar):
        return self._cls.load(ar)

    def store(self, ar, value):
        value.store(ar)

    def tell(self, out, value):
        out.write("(")
        for i, (field, part) in enumerate(zip(self._fields, value)):
            out.write("," if i else "")
            field.tell(out, part)
        out.write(")")

    def parse(self, text):
        text.expect("(")
        parts = []
        for field in self._fields:
            if parts:
                text.expect(",")
            parts.append(field.parse(text))
        text.expect(")")
        return self._cls(*parts)


VARIANT_TEXTS = {           # type of the value's text by VT_ number
    2: signed("short", 16), 3: signed("long", 32), 4: Real("float", ">f"), 5: Real("double", ">d"),
    6: signed("longlong", 64), 7: Real("double", ">d"), 8: CComBSTR(), 10: signed("long", 32), 11: Bool(),
    16: signed("char", 8), 17: unsigned("byte", 8), 18: unsigned("word", 16), 19: unsigned("dword", 32),
    20: signed("longlong", 64), 21: unsigned("ulonglong", 64),
}


class Variant:
    def __init__(self, build):
        self._known = variant_bodies(build)

    def load(self, ar):
        return OleVariant.load(ar)

    def store(self, ar, value):
        value.store(ar)

    def tell(self, out, value):
        out.write(f"({value.vt}")
        if value.value is not None:
            out.write(",")
            VARIANT_TEXTS[value.vt].tell(out, value.value)
        out.write(")")

    def parse(self, text):
        text.expect("(")
        vt = text.read_number(0, 0xFFFF)
        value = None
        if vt > 1:
            if vt not in self._known:
                raise BadText(f"there is no variant type {vt}")
            text.expect(",")
            value = VARIANT_TEXTS[vt].parse(text)
        text.expect(")")
        return OleVariant(vt, value)


class Collection:
    """A collection by itself, without a tag. Subclasses say what stands in its text."""

    def __init__(self, cls):
        self.cls = cls

    def load(self, ar):
        collection = self.cls()
        collection.serialize(ar)
        return collection

    def store(self, ar, collection):
        collection.serialize(ar)

    def parse(self, text):
        collection = self.cls()
        self.parse_into(text, collection)
        return collection


class NumberArray(Collection):
    def __init__(self, cls, bits):
        super().__init__(cls)
        self._bits = bits

    def tell(self, out, collection):
        items = collection.items
        if len(items) > SHORT:
            out.write(f"[#{len(items)}:{zlib.crc32(collection.to_wire()):08x}]")
        else:
            out.write("[" + ",".join(map(str, items)) + "]")

    def parse_into(self, text, collection):
        items = collection.items
        high = (1 << self._bits) - 1
        if text.accept("[*"):
            count = int(text.match(REPEATED, "a number and a colon")[1])
            if count > LONGEST:
                raise BadText(f"{count} elements are too many")
            value = text.read_number(0, high)
            text.expect("]")
            text.claim(count * items.itemsize)
            items.append(value)
            collection.items = items * count
        else:
            text.read_list("[]", lambda: items.append(text.read_number(0, high)))


class List(Collection):
    """Arrays and lists of strings or objects."""

    def __init__(self, cls, item):
        super().__init__(cls)
        self._item = item

    def tell(self, out, collection):
        out.write_list("[]", lambda item: self._item.tell(out, item), collection.items)

    def parse_into(self, text, collection):
        text.read_list("[]", lambda: collection.items.append(self._item.parse(text)))


class Map(Collection):
    def __init__(self, cls, key, value):
        super().__init__(cls)
        self._key = key
        self._value = value

    def tell(self, out, collection):
        entries = [(self._key_text(key), value) for key, value in collection.items.items()]
        entries.sort(key=lambda entry: entry[0])
        out.write_list("{}", lambda entry: self._tell_entry(out, entry), entries)

    def _tell_entry(self, out, entry):
        key, value = entry
        out.write(key + "=")
        self._value.tell(out, value)

    def _key_text(self, key):
        pieces = Pieces()
        self._key.tell(pieces, key)
        return "".join(pieces)

    def parse_into(self, text, collection):
        text.read_list("{}", lambda: self._parse_entry(text, collection))

    def _parse_entry(self, text, collection):
        key = self._key.parse(text)
        text.expect("=")
        collection.items[key] = self._value.parse(text)


class Pieces(list):
    """Where a key's text is told, to be sorted by."""

    write = list.append


class ObjectPointer:
    """object, and object:NAME, which requests a class."""

    def __init__(self, requested=None):
        self.requested = requested

    def load(self, ar):
        return ar.read_object(self.requested)

    def store(self, ar, obj):
        ar.write_object(obj)

    def tell(self, out, obj):
        out.write_object(obj)

    def parse(self, text):
        obj = text.read_object()
        if self.requested is not None and obj is not None and not isinstance(obj, self.requested):
            raise BadText(f"not a {self.requested.__name__}")
        return obj


class ObjectBody:
    """What stands behind the name of an object that is no collection: its fields."""

    def __init__(self, types):
        self._types = types

    def tell(self, out, obj):
        if obj.versionable:
            out.write(f":{obj.loaded_schema}")
        separator = "("
        for name, type_name in obj.text_fields:
            out.write(separator)
            self._types[type_name].tell(out, getattr(obj, name))
            separator = ","
        out.write(")")

    def parse_into(self, text, obj):
        if obj.versionable:
            text.expect(f":{obj.schema}")
        separator = "("
        for name, type_name in obj.text_fields:
            text.expect(separator)
            setattr(obj, name, self._types[type_name].parse(text))
            separator = ","
        text.expect(")")


class ClassTag:
    """A class tag alone. The value is the class and the number that the stream has for it."""

    def load(self, ar):
        return ar.read_class()

    def store(self, ar, value):
        cls, _ = value
        ar.write_class(cls)         # with the number that the class has here

    def tell(self, out, value):
        cls, schema = value
        out.write(f"{cls.__name__}:{schema}")

    def parse(self, text):
        cls = SERIAL_CLASSES.get(text.match(NAME, "a class")[0].encode("ascii"))
        if cls is None:
            raise BadText("there is no such class")
        text.expect(":")
        return cls, text.read_number(cls.schema, cls.schema)


def type_table(build):
    """The types that a build has, by name. raw:N and object:NAME are made when asked for."""
    text = CString()
    pointer = ObjectPointer()
    word = unsigned("word", 16)
    long = signed("long", 32)
    double = Real("double", ">d")

    table = {
        "byte": unsigned("byte", 8),
        "char": signed("char", 8),
        "word": word,
        "short": signed("short", 16),
        "int": signed("int", 32),
        "uint": unsigned("uint", 32),
        "long": long,
        "dword": unsigned("dword", 32),
        "float": Real("float", ">f"),
        "double": double,
        "cstring": text,
        "count": unsigned("count", 64 if build.quad_counts else 32),
        "size": Record(Size, long, long),
        "point": Record(Point, long, long),
        "rect": Record(Rect, long, long, long, long),
        "time": signed("time", 64 if build.long_time else 32),
        "timespan": signed("timespan", 32),
        "oledatetime": Record(OleDateTime, long, double),
        "oledatetimespan": Record(OleDateTimeSpan, long, double),
        "olecurrency": Record(OleCurrency, long, signed("longlong", 64)),
        "olevariant": Variant(build),
        "bytearray": NumberArray(CByteArray, 8),
        "wordarray": NumberArray(CWordArray, 16),
        "dwordarray": NumberArray(CDWordArray, 32),
        "stringarray": List(CStringArray, text),
        "stringlist": List(CStringList, text),
        "obarray": List(CObArray, pointer),
        "oblist": List(CObList, pointer),
        "mapstringtostring": Map(CMapStringToString, text, text),
        "mapstringtoob": Map(CMapStringToOb, text, pointer),
        "mapwordtoob": Map(CMapWordToOb, word, pointer),
        "object": pointer,
        "class": ClassTag(),
        "line": Line(),
        "net16": unsigned("net16", 16),
        "net32": unsigned("net32", 32),
    }
    if build.quad_operators:        # and all else that came with 7.0
        table |= {
            "bool": Bool(),
            "longlong": signed("longlong", 64),
            "ulonglong": unsigned("ulonglong", 64),
            "wchar": unsigned("wchar", 16),
            "cstringa": CStringA(),
            "cstringw": CStringW(),
            "time64": signed("time64", 64),
            "combstr": CComBSTR(),
        }
    return table


class Types:
    """The types of a build by their names, and the texts of object bodies by class."""

    def __init__(self, build):
        self._table = type_table(build)
        self._fields = ObjectBody(self._table)
        self._bodies = {row.cls: row for row in self._table.values() if isinstance(row, Collection)}

    def names(self):
        """For CAPS: ``raw`` and ``object`` stand for all of their forms [SVC-7]."""
        return [*self._table, "raw"]

    def find(self, name):
        """The type of that name, or None."""
        found = self._table.get(name)
        if found is not None:
            return found
        kind, _, rest = name.partition(":")
        if kind == "raw":
            raw = RAW_NAME.fullmatch(name)
            return Raw(int(raw[1])) if raw and int(raw[1]) <= LONGEST else None
        if kind == "object" and rest.isascii() and rest.encode("ascii") in SERIAL_CLASSES:
            return ObjectPointer(SERIAL_CLASSES[rest.encode("ascii")])
        return None

    def body(self, cls):
        return self._bodies.get(cls, self._fields)
