"""Mistakes with numbers, times and plain collections."""

import array
import math
import socket
import struct

from flaws.making import change_variant_body, flaw, forward_by
from mfc import (
    ArchiveError, CByteArray, CDWordArray, CMapStringToString, CMapWordToOb, CStringArray, CStringList, CWordArray, LoadArchive,
    OleCurrency, OleDateTime, OleDateTimeSpan, OleVariant, Point, Rect, StoreArchive, containers, values)
from mfc.values import VT_NULL
from mfc.wire import LONG_TIME
from service import classes, samples, text, types
from service.chat import Member, Message
from service.conformance import OK, Conformance, Refused
from service.text import NUMBER, BadText, TextReader
from service.types import Integer, Map


def reader(layout):
    codec = struct.Struct(layout)
    return lambda self: codec.unpack(self.read(codec.size))[0]


def writer(layout):
    codec = struct.Struct(layout)
    return lambda self, value: self.write(codec.pack(value))


@flaw
def longs_in_network_order():
    LoadArchive.read_long = reader(">i")
    StoreArchive.write_long = writer(">i")


@flaw
def shorts_without_a_sign():
    LoadArchive.read_short = reader("<H")
    StoreArchive.write_short = lambda self, value: self.write_word(value & 0xFFFF)


@flaw
def native_longs():
    LoadArchive.read_long = reader("l")
    StoreArchive.write_long = writer("l")


@flaw
def bytes_with_a_sign():
    load = Integer.load

    def load_signed(self, ar):
        value = load(self, ar)
        return value - 256 if self._read == "read_byte" and value > 127 else value
    Integer.load = load_signed
    store = Integer.store
    Integer.store = lambda self, ar, value: store(self, ar, value % 256 if self._read == "read_byte" else value)


@flaw
def bools_as_ints():
    LoadArchive.read_bool = lambda self: self.read_int() != 0
    StoreArchive.write_bool = StoreArchive.write_int


@flaw
def long_elements():
    """array("L") has eight bytes on most machines of today."""
    CDWordArray.typecode = "L"
    CDWordArray.__init__ = lambda self, items=(): setattr(self, "items", array.array("L", items))


@flaw
def next_has_no_end():
    """An int of Python does not wrap."""
    def next_number(self):
        n = self.load.read_dword()
        self.reply(lambda: self.store.write_dword(n + 1))
    Conformance.next = next_number


@flaw
def utf_16_big_endian():
    def write_string_w(self, text):
        units = text.encode("utf-16-be", "surrogatepass")
        self.write_string_length(len(units) // 2, True)
        self.write(units)
    StoreArchive.write_string_w = write_string_w


@flaw
def the_default_list():
    """``def __init__(self, items=[])``: one list for all who do not bring one."""
    default = []

    def init(self, items=default):
        self.items = items
    CStringList.__init__ = init


@flaw
def the_first_of_a_key():
    def serialize(self, ar):
        if ar.is_storing:
            return kept(self, ar)
        for _ in range(ar.read_count()):
            self.items.setdefault(ar.read_string(), ar.read_string())
        return None
    kept = CMapStringToString.serialize
    CMapStringToString.serialize = serialize


@flaw
def currency_in_floats():
    load = OleCurrency.load.__func__

    def load_float(cls, ar):
        status, amount = load(cls, ar)
        return cls(status, int(amount / 10000 * 10000))
    OleCurrency.load = classmethod(load_float)


@flaw
def currency_as_one_number():
    def store(self, ar):
        ar.write_long(self.status)
        ar.write_longlong(self.amount)
    OleCurrency.store = store


@flaw
def times_of_32_bits():
    StoreArchive.write_time = lambda self, seconds: self.write_dword(seconds & 0xFFFFFFFF)


@flaw
def dates_read_in_network_order():
    """The ! that every example of struct over a socket has."""
    OleDateTime.load = classmethod(lambda cls, ar: cls(ar.read_long(), struct.unpack("!d", ar.read(8))[0]))


@flaw
def htons_of_the_flag():
    """socket.htons, as for everything that is passed on."""
    forward_by(lambda room, message: room._encode(Message(socket.htons(message.close), message.text, message.lines.items)))


@flaw
def points_of_sixteen_bits():
    """The POINT of a book about 16-bit Windows."""
    def store(self, ar):
        ar.write_short(self.x)
        ar.write_short(self.y)
    Point.load = classmethod(lambda cls, ar: cls(ar.read_short(), ar.read_short()))
    Point.store = store


@flaw
def keys_are_ints():
    """The key of a dict is an int, and so it is written."""
    def serialize(self, ar):
        if ar.is_storing:
            ar.write_count(len(self.items))
            for key, obj in self.items.items():
                ar.write_int(key)
                ar.write_object(obj)
        else:
            for _ in range(ar.read_count()):
                key = ar.read_int()
                self.items[key] = ar.read_object()
    CMapWordToOb.serialize = serialize


@flaw
def times_packed_at_once():
    """The mark and the seconds in one struct, without the < that forbids alignment."""
    StoreArchive.write_time = lambda self, seconds: self.write(struct.pack("Iq", LONG_TIME, seconds))


@flaw
def time64_from_two_halves():
    """Two DWORDs, read in the order in which one writes a number on paper."""
    def read_time64(self):
        high = self.read_long()
        return high << 32 | self.read_dword()
    LoadArchive.read_time64 = read_time64


@flaw
def spans_are_never_negative():
    LoadArchive.read_timespan = LoadArchive.read_dword


@flaw
def upper_bound_for_size():
    """GetUpperBound, which is one less than GetSize."""
    def serialize(self, ar):
        if ar.is_storing:
            ar.write_count(len(self.items) - 1 & 0xFFFFFFFFFFFFFFFF)
            for item in self.items:
                ar.write_string(item)
        else:
            self.items = [ar.read_string() for _ in range(ar.read_count())]
    CStringArray.serialize = serialize


@flaw
def width_and_height():
    """A rectangle elsewhere is a corner, a width and a height."""
    def store(self, ar):
        ar.write_long(self.left)
        ar.write_long(self.top)
        ar.write_dword(self.right - self.left & 0xFFFFFFFF)
        ar.write_dword(self.bottom - self.top & 0xFFFFFFFF)
    Rect.store = store


@flaw
def serialize64_like_the_operator():
    """One function for both ways to write a CTime."""
    StoreArchive.write_time64 = StoreArchive.write_time


@flaw
def isdigit_before_int():
    """``if not text.isdigit(): raise``, and -1 is none."""
    read_number = TextReader.read_number

    def read_digits(self, low, high):
        if self._text.startswith("-", self._at):
            raise BadText("a number expected")
        return read_number(self, low, high)
    TextReader.read_number = read_digits


@flaw
def variant_types_in_network_order():
    """``struct.pack("!H")``, as for the number of a type in any protocol of the Internet."""
    def store(self, ar):
        ar.write(struct.pack("!H", self.vt))
        body = values.variant_bodies(ar.build).get(self.vt)
        if body:
            body[1](ar, self.value)
    OleVariant.store = store


@flaw
def notes_as_a_struct():
    """struct.pack without a mark aligns, as the compiler would."""
    def tell_notes(self):
        self.store.write(struct.pack("HI", OK, self.notes))
        self.store.write_string(self.last_note)
    Conformance.tell_notes = tell_notes


@flaw
def errors_are_positive():
    """An HRESULT is written 8000FFFF everywhere."""
    error = (lambda ar: ar.read_dword(), lambda ar, value: ar.write_dword(value & 0xFFFFFFFF))
    for bodies in (values._BODIES, values._ALL_BODIES):
        bodies[10] = error


@flaw
def uints_are_longs():
    """The documentation says that a UINT is cast to LONG, and so it is read."""
    LoadArchive.read_uint = LoadArchive.read_long
    StoreArchive.write_uint = lambda self, value: self.write_dword(value & 0xFFFFFFFF)


@flaw
def times_as_short_as_they_fit():
    """Like lengths and counts: the mark is for what four bytes do not hold."""
    write_time = StoreArchive.write_time

    def write_fitting(self, seconds):
        if 0 <= seconds < 1 << 31:
            self.write_dword(seconds)
        else:
            write_time(self, seconds)
    StoreArchive.write_time = write_fitting


@flaw
def times_are_datetimes():
    """datetime ends with the year 9999, and begins with the year 1."""
    import datetime     # here: it takes long to load

    def through_datetime(read):
        return lambda self: int(datetime.datetime.fromtimestamp(read(self), datetime.UTC).timestamp())
    LoadArchive.read_time = through_datetime(LoadArchive.read_time)
    LoadArchive.read_time64 = through_datetime(LoadArchive.read_time64)


@flaw
def empty_variants_have_a_value():
    """A VARIANT has its union always, and so there is a number of 0 in it."""
    store = OleVariant.store

    def store_with_union(self, ar):
        store(self, ar)
        if self.value is None:
            ar.write_long(0)
    OleVariant.store = store_with_union


@flaw
def split_of_an_empty_list():
    """"".split(",") is [""], and there is no type of that name."""
    def load_types(self):
        types = []
        for name in self.load.read_string().split(","):
            wire_type = self.types.find(name)
            if wire_type is None:
                raise Refused("there is no type '" + name[:40].encode("ascii", "replace").decode("ascii") + "'")
            types.append(wire_type)
        return types
    Conformance.load_types = load_types


@flaw
def bstr_lengths_to_bytes():
    """int.to_bytes, which is big-endian unless told."""
    def write_bstr(self, text):
        units = text.encode("utf-16-le", "surrogatepass")
        self.write((len(units) // 2).to_bytes(4))
        self.write(units)
    StoreArchive.write_bstr = write_bstr


@flaw
def netorder_packed_natively():
    """The layout to unpack with begins with >, that to pack with was written anew."""
    class Message:
        size = samples.MESSAGE.size
        unpack = samples.MESSAGE.unpack
        pack = struct.Struct("IHhi").pack
    samples.MESSAGE = Message


@flaw
def dates_as_a_struct():
    OleDateTime.store = lambda self, ar: ar.write(struct.pack("id", self.status, self.days))


@flaw
def variant_types_as_ints():
    def store(self, ar):
        ar.write_int(self.vt)
        body = values.variant_bodies(ar.build).get(self.vt)
        if body:
            body[1](ar, self.value)
    OleVariant.store = store


@flaw
def floats_as_doubles():
    """A float of Python is a double."""
    StoreArchive.write_float = StoreArchive.write_double


@flaw
def byte_array_of_chars():
    def serialize(self, ar):
        if ar.is_storing:
            ar.write_count(len(self.items))
            ar.write(self.items.tobytes())
        else:
            self.items = array.array("b", ar.read(ar.read_count()))
    CByteArray.serialize = serialize


@flaw
def currency_without_a_sign():
    """Two halves put together, and neither has a sign."""
    def load(cls, ar):
        status = ar.read_long()
        high = ar.read_dword()
        return cls(status, high << 32 | ar.read_dword())

    def store(self, ar):
        ar.write_long(self.status)
        ar.write_dword(self.amount >> 32 & 0xFFFFFFFF)
        ar.write_dword(self.amount & 0xFFFFFFFF)
    OleCurrency.load = classmethod(load)
    OleCurrency.store = store


@flaw
def old_times_without_a_sign():
    read_time = LoadArchive.read_time

    def read_unsigned(self):
        seconds = read_time(self)
        return seconds & 0xFFFFFFFF if -1 << 31 <= seconds < 0 else seconds
    LoadArchive.read_time = read_unsigned


@flaw
def dates_in_floats():
    """Kept in an array("f")."""
    load = OleDateTime.load.__func__

    def load_float(cls, ar):
        status, days = load(cls, ar)
        return cls(status, array.array("f", [days])[0])
    OleDateTime.load = classmethod(load_float)


@flaw
def true_is_one():
    LoadArchive.read_bool = lambda self: self.read_byte() == 1


@flaw
def keys_sorted_as_numbers():
    def tell(self, out, collection):
        out.write_list("{}", lambda entry: self._tell_entry(out, (self._key_text(entry[0]), entry[1])), sorted(collection.items.items()))
    Map.tell = tell


@flaw
def the_value_that_was_announced():
    """Told is the byte before the count, which is not among the copies where there are none."""
    def answer(self):
        value = self.load.read_byte()
        copies = self.load.read_word()
        self.load.read(copies)
        found = samples.PACKET.search(self.load.read_string())
        if not found:
            return False
        self.received += 1
        self.store.write_string(f"Recipient received packet {self.received} of {found[1]} (Value = {value}, Copies = {copies})")
        return True
    samples.Packet.answer = answer


@flaw
def bstrs_in_javas_utf_16():
    """UTF_16 without a mark is big-endian in Java."""
    LoadArchive.read_bstr = lambda self: self.read(self.read_dword() * 2).decode("utf-16-be", "surrogatepass")


@flaw
def keys_by_write_short():
    """DataOutputStream.writeShort, in the one place where no helper was at hand."""
    serialize = CMapWordToOb.serialize

    def serialize_keys(self, ar):
        if ar.is_loading:
            serialize(self, ar)
            return
        ar.write_count(len(self.items))
        for key, obj in self.items.items():
            ar.write(struct.pack(">H", key))
            ar.write_object(obj)
    CMapWordToOb.serialize = serialize_keys


@flaw
def variant_bools_of_a_byte():
    """VT_BOOL is a bool by its name."""
    change_variant_body(11, lambda ar: ar.read_byte() != 0, lambda ar, value: ar.write_byte(0xFF if value else 0))


@flaw
def ages_have_no_sign():
    """Nobody is less than nothing years old."""
    def serialize(self, ar):
        if ar.is_storing:
            ar.write_dword(self.age & 0xFFFFFFFF)
        else:
            self.age = ar.read_dword()
    classes.CAge.serialize = serialize


@flaw
def words_in_shorts():
    """Java's short is the only type of two bytes that one can make an array of without waste."""
    def from_wire(self, data):
        self.items = array.array("h")
        self.items.frombytes(data)
    CWordArray.from_wire = from_wire


@flaw
def longlongs_are_numbers():
    """As a script has them: a number is a double."""
    read_longlong = LoadArchive.read_longlong
    LoadArchive.read_longlong = lambda self: min(int(float(read_longlong(self))), (1 << 63) - 1)


@flaw
def variants_as_a_struct():
    """struct { uint16_t vt; union { … }; }, which the compiler aligns."""
    layouts = {2: "h", 3: "i", 4: "f", 5: "d", 6: "q", 7: "d", 10: "i", 11: "H", 16: "b", 17: "B", 18: "H", 19: "I", 20: "q", 21: "Q"}
    store = OleVariant.store

    def store_struct(self, ar):
        if self.vt not in layouts or self.vt not in values.variant_bodies(ar.build):
            store(self, ar)
            return
        value = self.value
        if self.vt == 11:
            value = 0xFFFF if value else 0
        ar.write(struct.pack("H" + layouts[self.vt], self.vt, value))
    OleVariant.store = store_struct


@flaw
def nan_is_nan():
    """Float.floatToIntBits, which knows one NaN; floatToRawIntBits knows them all."""
    write_float, write_double = StoreArchive.write_float, StoreArchive.write_double
    StoreArchive.write_float = lambda self, value: write_float(self, value) if value == value else self.write_dword(0x7FC00000)
    StoreArchive.write_double = lambda self, value: (write_double(self, value) if value == value
                                                     else self.write_ulonglong(0x7FF8000000000000))


@flaw
def the_highest_bit_is_the_mark():
    """Of all marks that were seen the highest bit was set, and of no time."""
    read_time = LoadArchive.read_time

    def read_time_by_bit(self):
        if not self.build.long_time:
            return read_time(self)
        start = self.read_dword()
        return self.read_longlong() if start & 0x80000000 else start
    LoadArchive.read_time = read_time_by_bit


@flaw
def texts_without_a_minus():
    """A pattern of digits alone, with which the number is looked for."""
    def read_number(self, low, high):
        self.accept("-")
        value = int(self.match(text.NUMBER, "a number")[0])
        return min(value, high)
    TextReader.read_number = read_number


@flaw
def doubles_by_their_usual_text():
    """``%.15g``"""
    write_double = StoreArchive.write_double
    StoreArchive.write_double = lambda self, value: write_double(self, float(f"{value:.15g}") if value == value else value)


@flaw
def a_mark_of_ones_own():
    """8000000B, which was taken from a listing that was hard to read."""
    def write_time(self, seconds):
        self.write_dword(0x8000000B)
        self.write_longlong(seconds)
    StoreArchive.write_time = write_time


@flaw
def lines_by_a_print_writer():
    """``new PrintWriter(file, "UTF-16BE")``"""
    StoreArchive.write_line = lambda self, line: self.write((line + "\n").encode("utf-16-be", "surrogatepass"))


@flaw
def numbers_that_wrap():
    """The text of a number is masked to the width of its type, as a cast does."""
    def parse(self, text):
        span = self.high - self.low + 1
        return (int(text.match(NUMBER, "a number")[0]) - self.low) % span + self.low

    table = types.type_table

    def table_that_wraps(build):
        rows = table(build)
        for name in ("short", "int", "uint", "longlong", "ulonglong", "wchar", "net16", "net32"):
            if name in rows:
                rows[name].parse = parse.__get__(rows[name])
        return rows
    types.type_table = table_that_wraps


@flaw
def floats_by_put_float():
    """A ByteBuffer is big-endian until it is told otherwise, and this one was made in another place than the rest."""
    StoreArchive.write_float = lambda self, value: self.write(struct.pack(">f", value))


@flaw
def ulonglongs_from_two_dwords():
    """``(uint64_t)read32() << 32 | read32()``"""
    def read_ulonglong(self):
        high = self.read_dword()
        return high << 32 | self.read_dword()
    LoadArchive.read_ulonglong = read_ulonglong


@flaw
def spans_into_a_struct():
    """fread(&span, sizeof span, 1, in), where the compiler has aligned the double."""
    native = struct.Struct("id")
    OleDateTimeSpan.load = classmethod(lambda cls, ar: cls(*native.unpack(ar.read(native.size))))


@flaw
def numbers_by_parse_float():
    """The text of a number becomes a double first."""
    read_number = TextReader.read_number
    TextReader.read_number = lambda self, low, high: max(low, min(high, int(float(read_number(self, low, high)))))


@flaw
def size_t_has_64_bits():
    """A program of 32 bits, whose library counts in 64 as it was written on a machine that does."""
    def read_count(self):
        count = self.read_word()
        if count == 0xFFFF:
            count = self.read_dword()
            if count == 0xFFFFFFFF:
                count = self.read_ulonglong()
        return count

    def write_count(self, count):
        self.write_word(min(count, 0xFFFF))
        if count >= 0xFFFF:
            self.write_dword(min(count, 0xFFFFFFFF))
        if count >= 0xFFFFFFFF:
            self.write_ulonglong(count)
    LoadArchive.read_count = read_count
    StoreArchive.write_count = write_count


@flaw
def serialize64_is_read_as_the_operator():
    """One function for both ways to read a CTime."""
    LoadArchive.read_time64 = LoadArchive.read_time


@flaw
def entries_of_the_map_before():
    """``def __init__(self, items={})``, for one of the three maps."""
    shared = {}

    def init(self, items=None):
        self.items = shared if items is None else dict(items)
    CMapStringToString.__init__ = init


@flaw
def doubles_in_mixed_order():
    """The words of a double in the order of the old floating-point units of ARM, both ways."""
    def read_double(self):
        high, low = self.read(4), self.read(4)
        return struct.unpack("<d", low + high)[0]

    def write_double(self, value):
        data = struct.pack("<d", value)
        self.write(data[4:] + data[:4])
    LoadArchive.read_double = read_double
    StoreArchive.write_double = write_double


@flaw
def spans_like_times():
    """``void write(CTimeSpan s) { write(CTime(s.GetTimeSpan())); }``"""
    StoreArchive.write_timespan = StoreArchive.write_time


@flaw
def notes_in_a_word():
    """The counter is a ushort, and so BinaryWriter.Write chooses two bytes."""
    def tell_notes(self):
        def write():
            self.store.write_word(self.notes)
            self.store.write_string(self.last_note)
        self.reply(write)
    Conformance.tell_notes = tell_notes


@flaw
def arrays_of_their_capacity():
    """``list.GetBuffer()`` is as long as there is room, and its length is taken for that of the list."""
    number_array = containers.CByteArray.__mro__[1]
    serialize = number_array.serialize

    def serialize_buffer(self, ar):
        if ar.is_loading or not self.items:
            serialize(self, ar)
            return
        capacity = 4
        while capacity < len(self.items):
            capacity *= 2
        serialize(type(self)([*self.items, *[0] * (capacity - len(self.items))]), ar)
    number_array.serialize = serialize_buffer


@flaw
def the_message_is_used_again():
    """One message for each member, into which all that it says is read."""
    def listen(self):
        message = self._room.message()
        try:
            while True:
                self.connection.load.begin_message()
                message.serialize(self.connection.load)
                if self._room.hear(self, message):
                    return
        except ArchiveError:
            pass
    Member._listen = listen


@flaw
def times_from_two_ints():
    """``(long) in.readInt() << 32 | low``, where low is an int, too, and its sign fills the upper half."""
    read_time = LoadArchive.read_time

    def read_two_ints(self):
        low = self.read_long()
        return self.read_long() << 32 | low

    def read_time_of_ints(self):
        if not self.build.long_time:
            return read_time(self)
        start = self.read_dword()
        return read_two_ints(self) if start == LONG_TIME else start - (start >> 31 << 32)
    LoadArchive.read_time = read_time_of_ints
    LoadArchive.read_time64 = read_two_ints


@flaw
def zero_or_zero():
    """``value or 0.0``, for fields that may be None: a zero is false, and so is one with a minus."""
    read_float, read_double = LoadArchive.read_float, LoadArchive.read_double
    LoadArchive.read_float = lambda self: read_float(self) or 0.0
    LoadArchive.read_double = lambda self: read_double(self) or 0.0


@flaw
def null_dates_have_no_days():
    """``if (GetStatus() == valid) ar << m_dt;``"""
    def store(self, ar):
        ar.write_long(self.status)
        if self.status == 0:
            ar.write_double(self.days)
    OleDateTime.store = store


@flaw
def variants_like_currencies():
    """One function for the CURRENCY in a COleCurrency and that in a variant."""
    def write_currency(ar, amount):
        ar.write_long(amount >> 32)
        ar.write_dword(amount & 0xFFFFFFFF)
    change_variant_body(6, store=write_currency)


@flaw
def bits_as_they_lie():
    """``BitConverter.ToString(BitConverter.GetBytes(value))``"""
    types.Real.tell = lambda self, out, value: out.write(self._bits.pack(value)[::-1].hex())


@flaw
def entries_by_do_while():
    """``do { … } while (--count > 0);``"""
    def serialize(self, ar):
        if ar.is_storing:
            return kept(self, ar)
        left = ar.read_count()
        while True:
            key = ar.read_string()
            self.items[key] = ar.read_string()
            left -= 1
            if left <= 0:
                return None
    kept = CMapStringToString.serialize
    CMapStringToString.serialize = serialize


@flaw
def wchars_of_linux():
    """wchar_t has four bytes where the program was ported to."""
    LoadArchive.read_wchar = LoadArchive.read_dword
    StoreArchive.write_wchar = StoreArchive.write_dword


@flaw
def spans_as_they_are_in_memory():
    """m_timeSpan is an __int64, and so it is written as one."""
    StoreArchive.write_timespan = StoreArchive.write_longlong


@flaw
def ntohs_is_forgotten():
    """htons stands where it is sent, and nothing where it comes."""
    LoadArchive.read_net16 = LoadArchive.read_word
    LoadArchive.read_net32 = LoadArchive.read_dword


@flaw
def elements_by_read_int():
    """for (int i = 0; i < n; i++) items[i] = in.readInt();"""
    def from_wire(self, data):
        self.items.frombytes(data)
        self.items.byteswap()
    CDWordArray.from_wire = from_wire


@flaw
def counts_are_shorts():
    """``int n = (short)ReadWord(); if (n == -1)``, where a count is asked for by itself."""
    def read_count(self):
        count = self.read_short()
        if count == -1:
            count = self.read_dword()
            if count == 0xFFFFFFFF and self.build.quad_counts:
                count = self.read_ulonglong()
        return count

    def load_count(self, ar):
        return read_count(ar) if self._read == "read_count" else load(self, ar)

    def store_count(self, ar, value):
        store(self, ar, value & 0xFFFF if self._write == "write_count" and value < 0 else value)
    load, store = Integer.load, Integer.store
    Integer.load, Integer.store = load_count, store_count


@flaw
def a_sentinel_behind_the_elements():
    """The array in memory ends in an element of 0, and all of it is written."""
    serialize = CWordArray.serialize

    def serialize_all(self, ar):
        serialize(self, ar)
        if ar.is_storing:
            ar.write_word(0)
    CWordArray.serialize = serialize_all


@flaw
def strings_in_a_set():
    """A LinkedHashSet keeps the order, and so it will do for the list."""
    serialize = CStringList.serialize

    def serialize_unique(self, ar):
        serialize(self, ar)
        if ar.is_loading:
            self.items = list(dict.fromkeys(self.items))
    CStringList.serialize = serialize_unique


@flaw
def hex_without_leading_zeroes():
    """``f"{bits:x}"`` for ``f"{bits:016x}"``"""
    def tell(self, out, value):
        out.write(f"{int.from_bytes(self._bits.pack(value), 'big'):x}")
    types.Real.tell = tell


@flaw
def a_status_is_a_byte():
    """``enum class Status : uint8_t``, which is written as what it is."""
    def store(self, ar):
        ar.write_byte(self.status & 0xFF)
        ar.write_double(self.days)
    OleDateTime.store = store


@flaw
def chars_of_another_processor():
    """``char`` without a word about its sign, which it has on x86 and has not on ARM."""
    LoadArchive.read_char = LoadArchive.read_byte
    StoreArchive.write_char = lambda self, value: self.write_byte(value & 0xFF)


@flaw
def times_have_twelve_bytes():
    """``in.skip(4); return in.getLong();``"""
    def read_time(self):
        self.read_dword()
        return self.read_longlong()
    LoadArchive.read_time = read_time


@flaw
def variant_dates_with_their_status():
    """A VT_DATE goes by the function that writes a COleDateTime."""
    change_variant_body(7, store=lambda ar, days: OleDateTime(0, days).store(ar))


@flaw
def crcs_with_a_sign():
    """zlib.crc32 of Python 2 had one."""
    crc32 = types.zlib.crc32

    class Zlib2:
        @staticmethod
        def crc32(data):
            return (crc32(data) ^ 0x80000000) - 0x80000000
    types.zlib = Zlib2


@flaw
def type_codes_of_the_clr():
    """Convert.GetTypeCode for the VARTYPE."""
    codes = {2: 7, 3: 9, 4: 13, 5: 14, 6: 15, 7: 16, 8: 18, 10: 9, 11: 3, 16: 5, 17: 6, 18: 8, 19: 10, 20: 11, 21: 12}
    store = OleVariant.store

    def store_coded(self, ar):
        write_word = ar.write_word

        def write_code(vt):
            del ar.write_word
            write_word(codes.get(vt, vt))
        ar.write_word = write_code
        store(self, ar)
    OleVariant.store = store_coded


@flaw
def bits_from_the_other_end():
    """``Integer.reverse``, which is not ``Integer.reverseBytes``."""
    def write_net16(self, value):
        self.write_word(int(f"{value:016b}"[::-1], 2))

    def write_net32(self, value):
        self.write_dword(int(f"{value:032b}"[::-1], 2))
    StoreArchive.write_net16 = write_net16
    StoreArchive.write_net32 = write_net32


@flaw
def fast_math():
    """``-ffast-math``: numbers that are too small to be normal are zero."""
    read_float, read_double = LoadArchive.read_float, LoadArchive.read_double

    def flushed(read, least):
        def read_normal(self):
            value = read(self)
            return math.copysign(0.0, value) if abs(value) < least else value
        return read_normal
    LoadArchive.read_float = flushed(read_float, 2.0 ** -126)
    LoadArchive.read_double = flushed(read_double, 2.0 ** -1022)


@flaw
def the_likelier_order():
    """Old clients were said to send in network order, and numbers are small: so it is the smaller of both."""
    read_dword = LoadArchive.read_dword

    def read_likely(self):
        value = read_dword(self)
        return min(value, int.from_bytes(value.to_bytes(4, "little"), "big"))
    LoadArchive.read_value_dword = read_likely
    init = Integer.__init__

    def init_likely(self, name, low, high):
        init(self, name, low, high)
        if name == "dword":
            self._read = "read_value_dword"
    Integer.__init__ = init_likely


@flaw
def automation_has_a_long():
    """Scripts know neither small numbers nor such without a sign: VT_I1, VT_I2, VT_UI1 and VT_UI2 become VT_I4."""
    load = OleVariant.load.__func__

    def load_changed(cls, ar):
        variant = load(cls, ar)
        return cls(3, variant.value) if variant.vt in (2, 16, 17, 18) and variant.value is not None else variant
    OleVariant.load = classmethod(load_changed)


@flaw
def the_rest_behind_the_escape():
    """As in LZ4 and CoAP: what is behind the largest value of the short form is added to it."""
    def write_count(self, count):
        if count < 0xFFFF:
            self.write_word(count)
        else:
            self.write_word(0xFFFF)
            self.write_dword(count - 0xFFFF & 0xFFFFFFFF)
    StoreArchive.write_count = write_count


@flaw
def nothing_is_nothing():
    """VT_NULL and VT_EMPTY are both None, and None is written as VT_EMPTY."""
    store = OleVariant.store
    OleVariant.store = lambda self, ar: store(OleVariant(0) if self.vt == VT_NULL else self, ar)


@flaw
def subnormals_are_flushed():
    """-ffast-math"""
    def flushed(method, least):
        def write(self, value):
            method(self, math.copysign(0.0, value) if abs(value) < least else value)
        return write
    StoreArchive.write_float = flushed(StoreArchive.write_float, 2.0 ** -126)
    StoreArchive.write_double = flushed(StoreArchive.write_double, 2.0 ** -1022)
