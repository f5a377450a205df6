"""More mistakes, which ``flaws.py`` loads.

What names the causes of failures was first measured by these, and has since been made with them at hand: they are tests like all others, and measure nothing any more.
"""

import array
import copy
import ctypes
import re
import socket
import struct

from mfc import (ArchiveError, CByteArray, LimitExceeded, LoadArchive, OleCurrency, OleDateTime, OleVariant, SocketFile,
                 StoreArchive, objects, values)
from mfc.errors import Cause
from mfc.wire import BIG_TAG, NEW_CLASS_TAG, NULL_TAG
from service import samples
from service.chat import ChatRoom
from service.connection import Connection
from service.conformance import BAD_TEXT, EXCEPTION, FLOOD_LIMIT, OK, Conformance
from service.text import BadText
from service.types import ClassTag, Map

FLAWS = {}


def flaw(function):
    FLAWS[function.__name__.replace("_", "-")] = function
    return function


def change_variant_body(vt, store):
    for bodies in (values._BODIES, values._ALL_BODIES):
        if vt in bodies:
            bodies[vt] = (bodies[vt][0], store)


# Numbers

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
def split_of_nothing():
    """"".split(...) has one element."""
    between = "\x1e"

    def note(self):
        text = self.load.read_string()
        self.last_note = self.last_note + between + text if self.notes else text
        self.notes += 1

    def tell_notes(self):
        notes = self.last_note.split(between)

        def write():
            self.store.write_dword(len(notes))
            self.store.write_string(notes[-1])
        self.reply(write)
    Conformance.note = note
    Conformance.tell_notes = tell_notes


# Counts

@flaw
def counts_like_lengths():
    """One function for what stands before strings and arrays."""
    StoreArchive.write_count = lambda self, count: self.write_string_length(count, False)


@flaw
def counts_escaped_by_a_byte():
    def write_count(self, count):
        if count < 0xFFFF:
            self.write_word(count)
        else:
            self.write_byte(0xFF)
            self.write_dword(count)
    StoreArchive.write_count = write_count


@flaw
def quad_counts_at_once():
    """A 64-bit program has 64-bit counts as soon as a WORD will not do."""
    def write_count(self, count):
        if count < 0xFFFF:
            self.write_word(count)
        else:
            self.write_word(0xFFFF)
            self.write_dword(0xFFFFFFFF)
            self.write_ulonglong(count)
    StoreArchive.write_count = write_count


# Text

@flaw
def bstr_like_a_variant():
    """One function for a CComBSTR and a VT_BSTR, which counts bytes."""
    StoreArchive.write_bstr = lambda self, text: values._write_variant_bstr(self, text)


@flaw
def variant_text_in_units():
    """The same function, from the other end: it counts units."""
    change_variant_body(8, lambda ar, text: ar.write_bstr(text))


@flaw
def variant_text_with_its_nul():
    """As SysAllocString lays it out: its length does not count the NUL that follows."""
    def write(ar, text):
        units = text.encode("utf-16-le", "surrogatepass")
        ar.write_dword(len(units))
        ar.write(units + b"\0\0")
    change_variant_body(8, write)


@flaw
def wide_lengths_in_words():
    """A wide string has a wide length."""
    write_string_length = StoreArchive.write_string_length

    def write_wide_length(self, length, wide):
        if wide and length < 0xFF:
            self.write(b"\xff\xfe\xff\xff")
            self.write_word(length)
        else:
            write_string_length(self, length, wide)
    StoreArchive.write_string_length = write_wide_length


@flaw
def narrow_if_ascii():
    """As Python itself keeps text: as narrow as it can be."""
    write_string_w = StoreArchive.write_string_w

    def write_string(self, text):
        if text.isascii():
            self.write_string_a(text.encode("ascii"))
        else:
            write_string_w(self, text)
    StoreArchive.write_string = write_string


@flaw
def lengths_in_c_ushort():
    """A ctypes.Structure holds the length, and drops what does not fit."""
    def write_string_w(self, text):
        units = text.encode("utf-16-le", "surrogatepass")
        length = ctypes.c_ushort(len(units) // 2).value
        self.write_string_length(length, True)
        self.write(units[:2 * length])
    StoreArchive.write_string_w = write_string_w


@flaw
def lines_split_as_python_does():
    """str.splitlines, for which a line ends at a form feed or U+2028, too."""
    read_line = LoadArchive.read_line
    LoadArchive.read_line = lambda self: (read_line(self).splitlines() or [""])[0]


@flaw
def strict_decoding():
    """UnicodeDecodeError is no ArchiveError, and ends the thread."""
    def read_text(self, into_wide):
        units, wide = self._read_units()
        return units.decode("utf-16-le" if wide else self.build.code_page)
    LoadArchive._read_text = read_text


# Objects

@flaw
def a_copy_for_each_reference():
    """copy.copy, so that nobody changes what another holds."""
    find_object = LoadArchive._find_object
    LoadArchive._find_object = lambda self, index, requested: copy.copy(find_object(self, index, requested))


@flaw
def tags_up_to_7fff():
    def write_object_tag(self, index):
        if index <= BIG_TAG:
            self.write_word(index)
        else:
            self.write_word(BIG_TAG)
            self.write_dword(index)
    StoreArchive.write_object_tag = write_object_tag


@flaw
def registered_behind_the_body():
    """The table learns of an object when it has been written."""
    def write_object(self, obj):
        if obj is None:
            self.write_word(NULL_TAG)
            return
        index = self._table.get(obj)
        if index is not None:
            self.write_object_tag(index)
            return
        self.write_class(type(obj))
        self._depth += 1
        if self._depth > self.max_depth:
            raise LimitExceeded("objects nested too deeply")
        obj.serialize(self)
        self._depth -= 1
        self._register(obj)
        self.objects.append(obj)
    StoreArchive.write_object = write_object


@flaw
def two_tables_of_classes():
    """What write_class has described is not known to write_object."""
    def store(self, ar, value):
        cls, _ = value
        index = ar._table.get(("alone", cls))
        if index is None:
            ar.write_description(cls)
            ar._register(("alone", cls))
        else:
            ar.write_class_tag(index)
    ClassTag.store = store


@flaw
def a_fresh_table_behind_bad_text():
    """Whoever catches the error begins with a new archive."""
    reply_reason = Conformance.reply_reason

    def reply_and_begin_anew(self, status, reason):
        reply_reason(self, status, reason)
        if status == BAD_TEXT:
            self.store._table = {}
    Conformance.reply_reason = reply_and_begin_anew


@flaw
def the_flag_of_versionable_classes():
    def write_description(self, cls):
        self.write_word(NEW_CLASS_TAG)
        self.write_word(cls.schema | (0x8000 if cls.versionable else 0))
        self.write_word(len(cls.wire_name))
        self.write(cls.wire_name)
    StoreArchive.write_description = write_description


@flaw
def the_schema_goes_round():
    """A class is described with the schema that its object was loaded with."""
    write_object = StoreArchive.write_object

    def write_as_loaded(self, obj):
        self._loaded_schema = getattr(obj, "loaded_schema", None)
        write_object(self, obj)

    def write_description(self, cls):
        schema = getattr(self, "_loaded_schema", None)
        self.write_word(NEW_CLASS_TAG)
        self.write_word(cls.schema if schema is None else schema)
        self.write_word(len(cls.wire_name))
        self.write(cls.wire_name)
    StoreArchive.write_object = write_as_loaded
    StoreArchive.write_description = write_description


# Exceptions

@flaw
def lookup_errors_are_bad_classes():
    """KeyError from the classes and IndexError from the table, caught in one place."""
    def looked_up(find):
        def find_or_bad_class(self, index, *requested):
            if index >= len(self._table):
                raise ArchiveError(Cause.BAD_CLASS)
            return find(self, index, *requested)
        return find_or_bad_class
    LoadArchive._find_object = looked_up(LoadArchive._find_object)
    LoadArchive._class_at = looked_up(LoadArchive._class_at)


@flaw
def ends_are_generic():
    """EOFError is not among the exceptions that have a number."""
    reply = Conformance.reply_exception
    Conformance.reply_exception = lambda self, cause: reply(self, Cause.GENERIC if cause == Cause.END_OF_FILE else cause)


@flaw
def reasons_behind_causes():
    """The text of the exception follows its number."""
    def reply_exception(self, cause):
        self.store.write_word(EXCEPTION)
        self.store.write_word(cause)
        self.store.write_string(Cause(cause).name)
    Conformance.reply_exception = reply_exception


@flaw
def unknown_types_are_skipped():
    """filter(None, map(find, names))"""
    def load_types(self):
        names = self.load.read_string()
        return list(filter(None, map(self.types.find, names.split(","))))
    Conformance.load_types = load_types


@flaw
def anything_is_a_class():
    """What stands at the index is taken for a class; where it is an object, a KeyError ends the thread."""
    def class_at(self, index):
        if not 0 < index < len(self._table):
            raise ArchiveError(Cause.BAD_INDEX)
        return self._table[index]
    LoadArchive._class_at = class_at


@flaw
def names_to_the_prefix():
    """The first class whose name begins so."""
    class Prefixes(dict):
        def get(self, name, default=None):
            return next((cls for known, cls in self.items() if known.startswith(name)), default)
    import mfc.load
    mfc.load.SERIAL_CLASSES = Prefixes(objects.SERIAL_CLASSES)


# Sockets

@flaw
def a_timeout_is_the_end():
    """A socket with a timeout, and TimeoutError taken for an end."""
    init = SocketFile.__init__

    def init_with_timeout(self, sock):
        init(self, sock)
        sock.settimeout(0.02)

    def read(self, size):
        try:
            data = self._sock.recv(size)
        except TimeoutError:
            data = b""
        self.ended = not data
        return data
    SocketFile.__init__ = init_with_timeout
    SocketFile.read = read


@flaw
def continue_passes_the_flush():
    """``continue`` in the except clause, and the flush at the end of the loop."""
    answer = Conformance.answer

    def answer_all(self):
        while True:
            try:
                return answer(self)
            except BadText as complaint:
                self.reply_reason(BAD_TEXT, complaint)
                continue
    Conformance.answer = answer_all


@flaw
def the_buffer_is_never_emptied():
    """sendall(buffer), and no clear() behind it."""
    def flush(self):
        self._held = False
        if self._buffer:
            self._file.write(bytes(self._buffer))
    overflow = StoreArchive.flush

    def overflow_flush(self):
        if not self._held:
            overflow(self)
        elif self.max_bytes is not None and len(self._buffer) > self.max_bytes:
            raise LimitExceeded("message too long")
    StoreArchive.flush = flush
    StoreArchive._overflow = overflow_flush


@flaw
def pop_takes_the_last():
    """Replies wait in a list until all requests that have come are read; list.pop() takes the last first."""
    answer = Conformance.answer

    def answer_later(self):
        pending = self.__dict__.setdefault("pending", [])
        more = False
        try:
            more = answer(self)
        finally:
            pending.append(bytes(self.store._buffer))
            self.store._buffer.clear()
            if not more or self.load.is_buffer_empty():
                while pending:
                    self.store._buffer += pending.pop()
        return more
    Conformance.answer = answer_later


@flaw
def whole_pieces_only():
    """size // PIECE pieces: the rest is missing."""
    def flood(self):
        count = self.load.read_word()
        size = self.load.read_dword()
        if count * size > FLOOD_LIMIT:
            raise BadText("more than 64 MiB")
        for i in range(count):
            self.store.write_word(OK)
            self.store.write_dword(i)
            self.store.write_count(size)
            for piece in range(size // 4096):
                first = (i + piece * 4096) % 256
                self.store.write((bytes(range(256)) * 17)[first:first + 4096])
    Conformance.flood = flood


# Connections

@flaw
def match_for_search():
    """re.match looks at the beginning alone."""
    samples.PACKET = re.compile(r"\A" + samples.PACKET.pattern)


@flaw
def farewells_are_for_the_others():
    """``if member is not sender`` also where the farewell is answered."""
    def forward(self, sender, message):
        with self._room_lock:
            self._accept_waiting()
            data = self._encode(message)
            for member in self._members:
                if member is not sender:
                    member.post(data)
    ChatRoom.forward = forward


@flaw
def the_traceback_keeps_it():
    """An exception that is kept has a traceback, that a frame, and that the socket, which is closed by the collector, or never."""
    kept = []
    reply_exception = Conformance.reply_exception

    def reply_and_keep(self, cause):
        reply_exception(self, cause)
        kept.append(self.connection)
    end, close = Connection.end, Connection.close
    Conformance.reply_exception = reply_and_keep
    Connection.end = lambda self: self.store.flush() if self in kept else end(self)
    Connection.close = lambda self: None if self in kept else close(self)


@flaw
def shutdown_before_flush():
    """``finally: sock.shutdown()`` comes before the archive's own ``__exit__``, and what is said last is lost."""
    def end(self):
        self._sock.shutdown(socket.SHUT_WR)
        self.store.flush()
    Connection.end = end
