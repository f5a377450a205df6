"""Mistakes of those who write a peer of their own, from the description or from what they see on a wire; ``flaws.py`` loads them, too.

Nothing is tuned to them: the cause that a row names was written down before the mistake was ever played. Those of the last part are apart: it is
for them that there are cases.
"""

import array
import io
import os
import struct

from mfc import ArchiveError, CMapWordToOb, CObList, CWordArray, LoadArchive, OleVariant, StoreArchive, values
from mfc.errors import Cause
from mfc.load import NEW_CLASS
from mfc.wire import BIG_CLASS_BIT, BIG_TAG, CLASS_BIT, MAX_NAME, STRING_WIDE
from service import classes, programs, samples, text, types
from service.conformance import BAD_TEXT, REFUSED, Conformance
from service.text import NUMBER, BadText, Teller, TextReader
from service.types import Collection

FLAWS = {}


def flaw(function):
    FLAWS[function.__name__.replace("_", "-")] = function
    return function


def change_variant_body(vt, load, store):
    for bodies in (values._BODIES, values._ALL_BODIES):
        if vt in bodies:
            bodies[vt] = (load, store)


# Numbers

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
def fffe_begins_what_is_wide():
    """Lengths and counts are read by one function."""
    def read_count(self):
        count = self.read_word()
        if count == STRING_WIDE:
            count = self.read_word()
        if count == 0xFFFF:
            count = self.read_dword()
            if count == 0xFFFFFFFF and self.build.quad_counts:
                count = self.read_ulonglong()
        return count
    LoadArchive.read_count = read_count


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


# Text

@flaw
def wide_lengths_of_a_byte():
    """All wide strings in the recordings were short."""
    read_string_length = LoadArchive.read_string_length

    def read_length(self):
        if not self.build.quad_strings:
            return read_string_length(self)
        length = self.read_byte()
        if length < 0xFF:
            return length, False
        length = self.read_word()
        if length == STRING_WIDE:
            return self.read_byte(), True
        if length == 0xFFFF:
            length = self.read_dword()
            if length == 0xFFFFFFFF:
                length = self._limit_string_length(self.read_ulonglong())
        return length, False
    LoadArchive.read_string_length = read_length


@flaw
def told_with_its_nul():
    """snprintf, and one byte more, as for all that is sent in C."""
    tell = Teller.tell
    Teller.tell = lambda self, types, told: tell(self, types, told) + "\0"


@flaw
def notes_in_a_buffer():
    """wchar_t note[4096]"""
    note = Conformance.note

    def note_what_fits(self):
        note(self)
        self.last_note = self.last_note[:4096]
    Conformance.note = note_what_fits


@flaw
def seven_bits_are_enough():
    """Text that is not wide was taken for ASCII, and made clean by & 0x7F."""
    read_string_a = LoadArchive.read_string_a
    LoadArchive.read_string_a = lambda self: bytes(unit & 0x7F for unit in read_string_a(self))


@flaw
def bstrs_in_bytes():
    """A BSTR is made of an ordinary string, whose characters are bytes."""
    def write_bstr(self, units):
        self.write_dword(len(units))
        self.write(units.encode("latin-1", "replace"))
    StoreArchive.write_bstr = write_bstr


@flaw
def bstrs_with_short_lengths():
    """One function writes the length of whatever is text."""
    def write_bstr(self, units):
        encoded = units.encode("utf-16-le", "surrogatepass")
        self.write_string_length(len(encoded) // 2, False)
        self.write(encoded)
    StoreArchive.write_bstr = write_bstr


@flaw
def lines_by_a_print_writer():
    """``new PrintWriter(file, "UTF-16BE")``"""
    StoreArchive.write_line = lambda self, line: self.write((line + "\n").encode("utf-16-be", "surrogatepass"))


# Objects

@flaw
def big_tags_from_7ffe():
    """``if index < 0x7FFE``"""
    last = BIG_TAG - 1

    def write_object_tag(self, index):
        if index < last:
            self.write_word(index)
        else:
            self.write_word(BIG_TAG)
            self.write_dword(index)

    def write_class_tag(self, index):
        if index < last:
            self.write_word(CLASS_BIT | index)
        else:
            self.write_word(BIG_TAG)
            self.write_dword(BIG_CLASS_BIT | index)
    StoreArchive.write_object_tag = write_object_tag
    StoreArchive.write_class_tag = write_class_tag


@flaw
def collections_take_an_index():
    """A collection is a CObject, and so it is put into the table, also where its Serialize is called directly."""
    def store(self, ar, collection):
        ar._register(collection)
        collection.serialize(ar)
    Collection.store = store


@flaw
def a_reset_now_and_then():
    """As with ObjectOutputStream.reset(): so that the table does not grow for ever, it is emptied once a thousand are in it."""
    hold = StoreArchive.hold

    def hold_and_reset(self):
        if len(self._table) >= 1000:
            self._table.clear()
        return hold(self)
    StoreArchive.hold = hold_and_reset


@flaw
def only_rings_are_closed():
    """What is looked for are the objects on the way to this one, which is enough to come to an end."""
    write_object = StoreArchive.write_object

    def write_on_the_way(self, obj):
        way = self.__dict__.setdefault("_way", [])
        if obj is None or obj in way:
            write_object(self, obj)
            return
        if obj in self._table:
            self._table[object()] = self._table.pop(obj)        # its old index stays taken
        way.append(obj)
        try:
            write_object(self, obj)
        finally:
            way.pop()
    StoreArchive.write_object = write_on_the_way


@flaw
def references_are_of_any_class():
    """Whether it is of the class that is asked for is looked at where an object is made."""
    find_object = LoadArchive._find_object
    LoadArchive._find_object = lambda self, index, requested: find_object(self, index, None)


@flaw
def panics_at_a_strange_name():
    """``classes.get(name).unwrap()``"""
    def read_description(self):
        schema = self.read_word()
        length = self.read_word()
        if length > MAX_NAME:
            raise ArchiveError(Cause.BAD_CLASS)
        name = self.read_raw(length)
        if len(name) < length:
            raise ArchiveError(Cause.BAD_CLASS)
        cls = known.get(name)
        if cls is None:
            os._exit(101)
        if schema != cls.schema and not cls.versionable:
            raise ArchiveError(Cause.BAD_SCHEMA)
        self._register(cls)
        self._schemas[cls] = schema
        return cls
    from mfc.objects import SERIAL_CLASSES as known
    LoadArchive._read_description = read_description


# Requests and connections

@flaw
def behind_an_error_begin_anew():
    """After a bad text what has come is thrown away, as one does behind a line that was mistyped."""
    reply_reason = Conformance.reply_reason

    def reply_and_clear(self, status, reason):
        reply_reason(self, status, reason)
        if status == BAD_TEXT:
            self.load._buffer = b""
            self.load._at = 0
    Conformance.reply_reason = reply_and_clear


@flaw
def blocks_in_one_read():
    """InputStream.read(bytes), where readNBytes was meant."""
    def read_raw(self, size):
        if self._at == len(self._buffer) and size:
            self._buffer = self._receive()
            self._at = 0
        data = self._buffer[self._at:self._at + size]
        self._at += len(data)
        return bytes(data)
    LoadArchive.read_raw = read_raw


@flaw
def strangers_are_hung_up_on():
    """An op or a type that it does not know is logged, and the connection ends."""
    reply_reason = Conformance.reply_reason
    Conformance.reply_reason = lambda self, status, reason: None if status == REFUSED else reply_reason(self, status, reason)


@flaw
def acknowledgements_in_a_frame():
    """The length of a message before it, as in every protocol of one's own."""
    answer = samples.Packet.answer

    def answer_framed(self):
        store = self.store
        write_string = type(store).write_string

        def write_frame(text):
            memory = io.BytesIO()
            frame = type(store)(memory, store.build)
            write_string(frame, text)
            frame.flush()
            store.write_dword(len(memory.getvalue()))
            store.write(memory.getvalue())
        store.write_string = write_frame
        try:
            return answer(self)
        finally:
            del store.write_string
    samples.Packet.answer = answer_framed


@flaw
def let_in_without_a_flush():
    """Who is turned away is told by the close; who is let in, by the first flush that comes."""
    def answer(self):
        accepted = samples.ACCOUNTS.get(self.load.read_string()) == self.load.read_string()
        self.store.write_word(1 if accepted else 0)
        if accepted:
            self.connection.parts.conformance(self.connection).serve()
        return False
    samples.Login.answer = answer


# Objects, once more

@flaw
def handles_begin_at_zero():
    """A list of handles in Java begins at 0, and so does what is told of it."""
    write_object = Teller.write_object

    def write_handle(self, obj):
        if obj is not None and obj in self._told:
            self.write(f"@{self._numbers[obj] - 1}")
        else:
            write_object(self, obj)
    Teller.write_object = write_handle


@flaw
def seen_in_this_text():
    """The set of what was told is a variable of the function that tells."""
    tell = Teller.tell

    def tell_anew(self, types, values):
        self._told = {}
        return tell(self, types, values)
    Teller.tell = tell_anew


@flaw
def nothing_is_written_for_nothing():
    """``if (next != null) next.write(out)``"""
    def serialize(self, ar):
        if not ar.is_storing:
            return kept(self, ar)
        ar.write_long(self.value)
        if self.next is not None:
            ar.write_object(self.next)
        return None
    kept = classes.CNode.serialize
    classes.CNode.serialize = serialize


@flaw
def letters_as_of_today():
    """Who never meets an old program reads what today's writes."""
    def serialize(self, ar):
        if ar.is_storing:
            return kept(self, ar)
        self.loaded_schema = ar.get_object_schema()
        self.text = ar.read_string()
        self.stamp = ar.read_long()
        return None
    kept = classes.CLetter.serialize
    classes.CLetter.serialize = serialize


@flaw
def lists_of_those_that_are():
    """``filter(Objects::nonNull)``"""
    def serialize(self, ar):
        if not ar.is_storing:
            return kept(self, ar)
        items = [obj for obj in self.items if obj is not None]
        ar.write_count(len(items))
        for obj in items:
            ar.write_object(obj)
        return None
    kept = CObList.serialize
    CObList.serialize = serialize


@flaw
def numbered_while_it_is_parsed():
    """What a text makes has its place in the table at once, also if the text turns out to be bad."""
    init, read = TextReader.__init__, TextReader.read

    def init_with_store(self, text, store, *limits):
        init(self, text, store, *limits)
        self._store = store

    def read_and_number(self, types):
        try:
            return read(self, types)
        except BadText:
            for obj in self._new_objects:
                for entry in (type(obj), obj):
                    if entry not in self._store._table:
                        self._store._register(entry)
                self._store.objects.append(obj)
            raise
    TextReader.__init__ = init_with_store
    TextReader.read = read_and_number


# Mistakes that had passed everything, until there were cases for them

@flaw
def the_byte_that_says_so():
    """The value of a packet is the first of its copies, which are all the same where the sender is the article's."""
    def answer(self):
        self.load.read_byte()
        copies = self.load.read_word()
        payload = self.load.read(copies)
        if payload:
            self.value = payload[0]
        found = samples.PACKET.search(self.load.read_string())
        if not found:
            return False
        self.received += 1
        self.store.write_string(f"Recipient received packet {self.received} of {found[1]}"
                                f" (Value = {self.value}, Copies = {copies})")
        return True
    samples.Packet.answer = answer


@flaw
def bstrs_up_to_their_nul():
    """SysAllocString where SysAllocStringLen was meant."""
    read_bstr = LoadArchive.read_bstr
    LoadArchive.read_bstr = lambda self: read_bstr(self).partition("\0")[0]


@flaw
def to_all_who_are_connected():
    """The room's list of connections where that of who is logged in was meant."""
    take = programs.NumberedRoom.take

    def take_for_all(self, sender, word):
        if word.kind == programs.VOID or word.receiver != programs.ALL or self._numbered.get(word.sender) is not sender:
            return take(self, sender, word)
        for member in self._members:
            if member is not sender:
                member.post(self._encode(word))
        return False
    programs.NumberedRoom.take = take_for_all


@flaw
def products_of_32_bits():
    """count * size, as two unsigned ints have it."""
    class Dword(int):
        def __rmul__(self, other):
            return int(self) * other & 0xFFFFFFFF

    flood = Conformance.flood

    def flood_dword(self):
        read_dword = self.load.read_dword
        self.load.read_dword = lambda: Dword(read_dword())
        try:
            flood(self)
        finally:
            del self.load.read_dword
    Conformance.flood = flood_dword


@flaw
def asked_for_at_the_description():
    """The class that was requested is looked at where a class is described, not where a tag names it."""
    find_class = LoadArchive._find_class
    LoadArchive._find_class = lambda self, tag, requested: find_class(self, tag, requested if tag == NEW_CLASS else None)


@flaw
def the_schema_of_the_last_class():
    """One variable for the archive."""
    read_description, find_class = LoadArchive._read_description, LoadArchive._find_class

    def read_and_keep(self):
        cls = read_description(self)
        self.last_schema = self._schemas[cls]
        return cls
    LoadArchive._read_description = read_and_keep
    LoadArchive._find_class = lambda self, tag, requested: (find_class(self, tag, requested)[0], self.last_schema)


@flaw
def numbered_as_told():
    """Objects get their numbers while their text is written."""
    write_object = Teller.write_object

    def write_in_order(self, obj):
        if obj is not None and obj not in self._told:
            self._numbers[obj] = len(self._told) + 1
        write_object(self, obj)
    Teller.write_object = write_in_order


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
