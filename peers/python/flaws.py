"""Mistakes, as they are made in Python: ``peer.py --flaw NAME`` makes one of them.

Each function below patches the classes it names; none is called otherwise, and nothing else knows of them. ``flaws.json`` says what each is and
who must find it out.
"""

import array
import os
import struct
import threading

import held_out
import unexpected
import unfamiliar
import unforeseen
import unmet
import unseen
from mfc import (ArchiveError, CByteArray, CDWordArray, CMapStringToString, CStringList, LoadArchive, NotSupported, OleCurrency, SocketFile,
                 StoreArchive, containers, objects)
from mfc.errors import Cause
from mfc.store import BUFFER_SIZE
from mfc.wire import NEW_CLASS_TAG, NULL_TAG, STRING_WIDE
from service import classes, samples, server
from service.connection import Connection
from service.conformance import Conformance
from service.text import Teller
from service.types import Integer

FLAWS = held_out.FLAWS | unseen.FLAWS | unmet.FLAWS | unfamiliar.FLAWS | unforeseen.FLAWS | unexpected.FLAWS


def flaw(function):
    FLAWS[function.__name__.replace("_", "-")] = function
    return function


def reader(layout):
    codec = struct.Struct(layout)
    return lambda self: codec.unpack(self.read(codec.size))[0]


def writer(layout):
    codec = struct.Struct(layout)
    return lambda self, value: self.write(codec.pack(value))


# struct

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


# Text

@flaw
def utf_16_with_its_mark():
    def write_string_w(self, text):
        units = text.encode("utf-16", "surrogatepass")
        self.write_string_length(len(units) // 2, True)
        self.write(units)
    StoreArchive.write_string_w = write_string_w


@flaw
def utf_16_big_endian():
    def write_string_w(self, text):
        units = text.encode("utf-16-be", "surrogatepass")
        self.write_string_length(len(units) // 2, True)
        self.write(units)
    StoreArchive.write_string_w = write_string_w


@flaw
def characters_for_units():
    def write_string_w(self, text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        self.write_string_length(len(text), True)
        self.write(text.encode("utf-16-le", "surrogatepass"))
    StoreArchive.write_string_w = write_string_w


@flaw
def half_pairs_are_replaced():
    def write_string_w(self, text):
        units = text.encode("utf-16-le", "replace")
        self.write_string_length(len(units) // 2, True)
        self.write(units)
    StoreArchive.write_string_w = write_string_w


@flaw
def strings_are_stripped():
    read_string, read_string_w, read_string_a = LoadArchive.read_string, LoadArchive.read_string_w, LoadArchive.read_string_a
    LoadArchive.read_string = lambda self: read_string(self).strip()
    LoadArchive.read_string_w = lambda self: read_string_w(self).strip()
    LoadArchive.read_string_a = lambda self: read_string_a(self).strip()


@flaw
def narrow_text_as_utf_8():
    def write_string_a(self, units):
        units = units.decode("latin-1").encode("utf-8")
        self.write_string_length(len(units), False)
        self.write(units)
    StoreArchive.write_string_a = write_string_a


@flaw
def at_most_255():
    def write_string_length(self, length, wide):
        if wide:
            self.write(b"\xff\xfe\xff")
        if length <= 0xFF:
            self.write_byte(length)
        elif length < STRING_WIDE:
            self.write_byte(0xFF)
            self.write_word(length)
        else:
            self.write(b"\xff\xff\xff")
            self.write_dword(length)
    StoreArchive.write_string_length = write_string_length


@flaw
def at_most_65535():
    write_count = StoreArchive.write_count

    def write_at_most_65535(self, count):
        if count == 0xFFFF:
            self.write_word(count)
        else:
            write_count(self, count)
    StoreArchive.write_count = write_at_most_65535


@flaw
def lines_of_the_platform():
    StoreArchive.write_line = lambda self, text: self.write((text + "\r\n").encode("utf-16-le" if self.build.unicode else "latin-1", "surrogatepass"))


@flaw
def told_with_a_newline():
    tell = Teller.tell
    Teller.tell = lambda self, types, values: tell(self, types, values) + "\n"


# Objects

@flaw
def indexes_begin_at_zero():
    def register(self, entry):
        self._table[entry] = len(self._table)
    StoreArchive._register = register


@flaw
def tables_of_the_class():
    """A dict in the class body, which all connections share."""
    shared = {}
    init = StoreArchive.__init__

    def init_shared(self, *arguments):
        init(self, *arguments)
        self._table = shared
    StoreArchive.__init__ = init_shared


@flaw
def a_table_for_each_request():
    begin = LoadArchive.begin_message

    def begin_message(self):
        begin(self)
        self._table = [None]
        self._schemas = {}
    LoadArchive.begin_message = begin_message


@flaw
def equal_is_the_same():
    """Objects with __eq__ and __hash__, such as a dataclass has, in a dict."""
    classes.CAge.__eq__ = lambda self, other: isinstance(other, classes.CAge) and self.age == other.age
    classes.CAge.__hash__ = lambda self: hash(self.age)


@flaw
def empty_is_none():
    """``if not obj`` where ``if obj is None`` is meant."""
    write_object = StoreArchive.write_object

    def write_unless_false(self, obj):
        if obj is None or not getattr(obj, "items", True):
            self.write_word(NULL_TAG)
        else:
            write_object(self, obj)
    StoreArchive.write_object = write_unless_false


@flaw
def described_every_time():
    def write_class(self, cls):
        if cls.schema is None:
            raise NotSupported(cls.__name__)
        self.write_description(cls)
        self._table.pop(cls, None)
        self._table[cls] = len(self._table) + 1
    StoreArchive.write_class = write_class


@flaw
def wide_class_names():
    def write_description(self, cls):
        self.write_word(NEW_CLASS_TAG)
        self.write_word(cls.schema)
        self.write_word(len(cls.wire_name))
        self.write(cls.wire_name.decode("ascii").encode("utf-16-le"))
    StoreArchive.write_description = write_description


@flaw
def any_schema():
    read_description = LoadArchive._read_description

    def read_versionable(self):
        kept = {cls: cls.versionable for cls in objects.SERIAL_CLASSES.values()}
        for cls in kept:
            cls.versionable = True
        try:
            return read_description(self)
        finally:
            for cls, versionable in kept.items():
                cls.versionable = versionable
    LoadArchive._read_description = read_versionable


@flaw
def negative_indexes_count_from_the_end():
    """table[index - 1]: 0 is the last entry."""
    def find_object(self, index, requested):
        try:
            return self._table[index] if index else None
        except IndexError:
            return self._table[-1]
    LoadArchive._find_object = find_object


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


# Values

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
def arrays_that_may_be_short():
    def serialize(self, ar):
        if ar.is_storing:
            return kept(self, ar)
        self.items = array.array(self.typecode)
        self.from_wire(ar.read_raw(ar.read_count() * self.items.itemsize))
        return None
    kept = containers._NumberArray.serialize
    CByteArray.serialize = serialize


# Sockets

@flaw
def one_recv_is_enough():
    def need(self, size):
        if len(self._buffer) - self._at < size:
            self._buffer = self._buffer[self._at:] + self._receive()
            self._at = 0
        if len(self._buffer) - self._at < size:
            raise ArchiveError(Cause.END_OF_FILE)
        return self._at
    LoadArchive._need = need


@flaw
def send_for_sendall():
    """A socket with a timeout takes what it can, and says how much that was."""
    SocketFile.write = lambda self, data: self._sock.send(data) and None
    init = SocketFile.__init__

    def init_with_timeout(self, sock):
        init(self, sock)
        sock.settimeout(60)
    SocketFile.__init__ = init_with_timeout


@flaw
def recv_for_each_request():
    """The loop over what is left in the buffer is missing: it waits for more first."""
    def at_end(self):
        chunk = self._receive()
        self._buffer = self._buffer[self._at:] + chunk
        self._at = 0
        return not self._buffer
    LoadArchive.at_end = at_end


@flaw
def the_rest_is_thrown_away():
    begin = LoadArchive.begin_message

    def begin_message(self):
        self._buffer = b""
        self._at = 0
        begin(self)
    LoadArchive.begin_message = begin_message


@flaw
def flush_when_full():
    """A buffered file is flushed when it is closed."""
    flush = StoreArchive.flush

    def flush_if_full(self):
        self._held = False
        if len(self._buffer) >= BUFFER_SIZE:
            flush(self)
    end = Connection.end

    def end_flushed(self):
        flush(self.store)
        end(self)
    StoreArchive.flush = flush_if_full
    Connection.end = end_flushed


@flaw
def closed_by_the_collector():
    """No shutdown, no drain: the socket goes when its last name does."""
    Connection.end = lambda self: self.store.flush()


@flaw
def without_threads():
    lock = threading.Lock()
    converse = server.converse

    def converse_alone(connection, service):
        with lock:
            converse(connection, service)
    server.converse = converse_alone


# Exceptions

@flaw
def except_pass():
    """``except Exception: pass`` around each request."""
    answer = Conformance.answer

    def answer_somehow(self):
        try:
            return answer(self)
        except Exception:
            return True
    Conformance.answer = answer_somehow


@flaw
def causes_from_zero():
    """An enum whose first member is 0 where MFC's is none."""
    reply = Conformance.reply_exception
    Conformance.reply_exception = lambda self, cause: reply(self, max(cause - 1, 0))


@flaw
def sys_exit():
    """An exception that nobody caught, and a program without a thread to lose."""
    def reply_exception(self, cause):
        os._exit(1)
    Conformance.reply_exception = reply_exception


@flaw
def none_is_a_reply():
    """What answers a note returns None, and a status is sent for it."""
    note = Conformance.note

    def note_and_reply(self):
        note(self)
        self.reply(lambda: None)
    Conformance.note = note_and_reply


@flaw
def empty_notes_are_none():
    """``if text:``"""
    def note(self):
        text = self.load.read_string()
        if text:
            self.last_note = text
            self.notes += 1
    Conformance.note = note


@flaw
def strangers_are_turned_away_at_once():
    """Whose name is not in the list need not say a password."""
    def answer(self):
        user = self.load.read_string()
        accepted = user in samples.ACCOUNTS and samples.ACCOUNTS[user] == self.load.read_string()
        self.store.write_word(1 if accepted else 0)
        if accepted:
            self.store.flush()
            self.connection.parts.conformance(self.connection).serve()
        return False
    samples.Login.answer = answer


def make(name):
    FLAWS[name]()
