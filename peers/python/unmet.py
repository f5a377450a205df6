"""Mistakes of those who port a program, like those of ``unseen.py``; ``flaws.py`` loads them, too.

The cause that a row names was written down before the mistake was ever played. What names causes was measured by them once, 22 of 31 right;
since then they are tests like the others.
"""

import datetime
import struct

from mfc import ArchiveError, CByteArray, LoadArchive, OleVariant, StoreArchive, containers, values
from mfc.errors import Cause
from mfc.wire import BIG_TAG, CLASS_BIT, LF, LONG_TIME, NEW_CLASS_TAG, STRING_WIDE
from service import classes, samples
from service.chat import ChatRoom, Message
from service.conformance import OK, Conformance, Refused
from service.types import Raw

FLAWS = {}


def flaw(function):
    FLAWS[function.__name__.replace("_", "-")] = function
    return function


# Numbers

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
def packets_from_zero():
    """for received, packet in enumerate(packets):"""
    init = samples.Packet.__init__

    def init_below(self, connection):
        init(self, connection)
        self.received = -1
    samples.Packet.__init__ = init_below


@flaw
def farewells_are_true():
    """The flag is a BOOL in the sample, and so a bool here."""
    forward = ChatRoom.forward

    def forward_truth(self, sender, message):
        message.close = bool(message.close)
        forward(self, sender, message)
    ChatRoom.forward = forward_truth


@flaw
def counts_end_at_a_dword():
    """Written for 32 bits; that a 64-bit build goes on behind FFFFFFFF was no affair of anybody's."""
    def read_count(self):
        count = self.read_word()
        return self.read_dword() if count == 0xFFFF else count
    LoadArchive.read_count = read_count


@flaw
def arrays_count_their_bytes():
    """len() of what is written, and not of what it was made from."""
    serialize = containers._NumberArray.serialize

    def serialize_bytes(self, ar):
        if ar.is_loading:
            serialize(self, ar)
            return
        data = self.to_wire()
        ar.write_count(len(data))
        ar.write(data)
    containers._NumberArray.serialize = serialize_bytes


@flaw
def arrays_are_sized_first():
    """SetSize(count), and then the elements are read into it."""
    serialize = CByteArray.serialize

    def serialize_into(self, ar):
        if ar.is_storing:
            serialize(self, ar)
            return
        data = bytearray(ar.read_count())
        at = 0
        while at < len(data):
            piece = ar.read_raw(min(len(data) - at, 4096))
            if not piece:
                raise ArchiveError(Cause.END_OF_FILE)
            data[at:at + len(piece)] = piece
            at += len(piece)
        del self.items[:]
        self.items.frombytes(data)
    CByteArray.serialize = serialize_into


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


# Text

@flaw
def lines_are_narrow():
    """A line is text, and text on a wire is bytes."""
    StoreArchive.write_line = lambda self, text: self.write((text + chr(LF)).encode(self.build.code_page, "replace"))


@flaw
def lengths_end_at_a_word():
    """The form with a DWORD is for strings that nobody sends."""
    def read_string_length(self):
        wide = False
        length = self.read_byte()
        if length == 0xFF:
            length = self.read_word()
            if length == STRING_WIDE:
                wide = True
                length = self.read_byte()
                if length == 0xFF:
                    length = self.read_word()
        return length, wide
    LoadArchive.read_string_length = read_string_length


@flaw
def bstrs_with_their_nul():
    """CComBSTR::WriteToStream writes the NUL, and counts it; the archive's operator does not."""
    write_bstr = StoreArchive.write_bstr
    StoreArchive.write_bstr = lambda self, text: write_bstr(self, text + "\0")


@flaw
def blocks_are_stripped():
    """A char array of a struct is filled up with NULs, which are stripped."""
    Raw.load = lambda self, ar: ar.read(self.size).rstrip(b"\0")


@flaw
def utf_8_within():
    """Bytes are made UTF-8 where they are read, as all text of the program is."""
    read_string_a = LoadArchive.read_string_a
    LoadArchive.read_string_a = lambda self: read_string_a(self).decode("latin-1").encode("utf-8")


# Objects

@flaw
def the_class_bit_of_a_word():
    """In a DWORD the bit moves to its top, which is easily overlooked."""
    def write_class_tag(self, index):
        if index < BIG_TAG:
            self.write_word(CLASS_BIT | index)
        else:
            self.write_word(BIG_TAG)
            self.write_dword(CLASS_BIT | index)
    StoreArchive.write_class_tag = write_class_tag


@flaw
def references_take_an_index():
    """``self._table.append(obj)`` stands behind both ways to come by an object."""
    find_object = LoadArchive._find_object

    def find_and_register(self, index, requested):
        obj = find_object(self, index, requested)
        if obj is not None:
            self._register(obj)
        return obj
    LoadArchive._find_object = find_and_register


@flaw
def a_memo_for_each_graph():
    """As pickle.dumps has it: what it remembers is forgotten when the outermost object is written."""
    write_object = StoreArchive.write_object

    def write_graph(self, obj):
        if self._depth == 0:
            self._table.clear()
        write_object(self, obj)
    StoreArchive.write_object = write_graph


@flaw
def leaves_are_not_looked_up():
    """Only what points to others can be part of a ring; all else is written as it comes."""
    leaves = (classes.CAge, classes.CNetMessage, classes.CVersioned, classes.CLetter)
    write_object = StoreArchive.write_object

    def write_leaf(self, obj):
        if not (isinstance(obj, leaves) and obj in self._table):
            write_object(self, obj)
            return
        self._table[object()] = self._table.pop(obj)        # its old index stays taken
        self.write_class(type(obj))
        self._register(obj)
        obj.serialize(self)
    StoreArchive.write_object = write_leaf


@flaw
def schemas_or_1():
    """``schema or 1``: 0 is false."""
    def write_description(self, cls):
        self.write_word(NEW_CLASS_TAG)
        self.write_word(cls.schema or 1)
        self.write_word(len(cls.wire_name))
        self.write(cls.wire_name)
    StoreArchive.write_description = write_description


@flaw
def another_class_is_generic():
    """A TypeError, for which the table of causes has no better name than the first."""
    find_class, find_object = LoadArchive._find_class, LoadArchive._find_object

    def find_class_or_generic(self, tag, requested):
        cls, schema = find_class(self, tag, None)
        if requested is not None and not issubclass(cls, requested):
            raise ArchiveError(Cause.GENERIC)
        return cls, schema

    def find_object_or_generic(self, index, requested):
        obj = find_object(self, index, None)
        if obj is not None and requested is not None and not isinstance(obj, requested):
            raise ArchiveError(Cause.GENERIC)
        return obj
    LoadArchive._find_class = find_class_or_generic
    LoadArchive._find_object = find_object_or_generic


# Requests and connections

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
def flushed_when_nothing_waits():
    """Replies go together as long as there is something to read; that this may be half a request was not thought of."""
    serve = Conformance.serve

    def serve_lazily(self):
        flush = self.store.flush
        self.store.flush = lambda: flush() if self.load.is_buffer_empty() else None
        serve(self)
        del self.store.flush
    Conformance.serve = serve_lazily


@flaw
def the_end_is_an_exception():
    """That the stream may end between two requests, where MFC throws as well, is not told from an end inside one."""
    def answer(self):
        self.load.begin_message()
        op = self.load.read_word()
        if op not in self.operations:
            raise Refused(f"there is no op {op}")
        self.operations[op]()
        return True
    Conformance.answer = answer


@flaw
def archives_for_each_part():
    """Login has archives of its own, and what comes behind the password gets new ones."""
    def answer(self):
        user = self.load.read_string()
        password = self.load.read_string()
        accepted = samples.ACCOUNTS.get(user) == password
        self.store.write_word(1 if accepted else 0)
        if accepted:
            self.store.flush()
            connection, old = self.connection, self.load
            connection.load = type(old)(connection._file, old.build, old.max_bytes, old.max_depth)
            connection.parts.conformance(connection).serve()
        return False
    samples.Login.answer = answer


@flaw
def the_variable_of_the_loop():
    """``member`` is still there behind ``for member in members``, and is the last."""
    def forward(self, sender, message):
        with self._room_lock:
            self._accept_waiting()
            data = self._encode(message)
            for member in self._members:
                if member is not sender:
                    member.post(data)
            if message.close:
                member.post(self._encode(Message(message.close)))
    ChatRoom.forward = forward


@flaw
def replace_returns_a_copy():
    """``message._replace(command=…)`` changes nothing, and what it returns is not looked at."""
    def answer(self):
        message = samples.MESSAGE.unpack(self.load.read(samples.MESSAGE.size))
        if message[0] != samples.MAGIC:
            return False
        self.store.write(samples.MESSAGE.pack(*message))
        return True
    samples.NetOrder.answer = answer


@flaw
def any_magic():
    """The magic is unpacked into _, as what needs no name."""
    def answer(self):
        _, command, param1, param2 = samples.MESSAGE.unpack(self.load.read(samples.MESSAGE.size))
        negated = -param1 if param1 != -0x8000 else param1
        self.store.write(samples.MESSAGE.pack(samples.MAGIC, (command + 1) & 0xFFFF, negated, param2))
        return True
    samples.NetOrder.answer = answer


@flaw
def no_copies_no_acknowledgement():
    """``if not payload: continue``"""
    answer = samples.Packet.answer

    def answer_payload(self):
        store = self.store
        write_string = store.write_string
        store.write_string = lambda text: None if text.endswith("Copies = 0)") else write_string(text)
        try:
            return answer(self)
        finally:
            del store.write_string
    samples.Packet.answer = answer_payload
