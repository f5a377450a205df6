"""More mistakes of those who write a peer of their own, by themselves like those of ``unfamiliar.py``; ``flaws.py`` loads them, too.

The cause that a row names was written down before the mistake was ever played.
"""

import io
import socket
import struct

from mfc import ArchiveError, CMapStringToString, LoadArchive, NotSupported, OleDateTimeSpan, StoreArchive
from mfc.errors import Cause
from mfc.load import NEW_CLASS
from mfc.wire import BIG_CLASS_BIT, NEW_CLASS_TAG, NULL_TAG
from service import classes, samples
from service.chat import ChatRoom, Member, Message
from service.conformance import REFUSED, Conformance
from service.connection import Connection
from service.text import TextReader

FLAWS = {}


def flaw(function):
    FLAWS[function.__name__.replace("_", "-")] = function
    return function


# Numbers

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


# Text

@flaw
def wide_by_declaration():
    """A CStringW is wide, so its units have two bytes whatever stands before them."""
    def read_string_w(self):
        length, _ = self.read_string_length()
        text = self.read(length * 2).decode("utf-16-le", "surrogatepass")
        return text.partition("\0")[0] if self.build.cuts_at_nul(False) else text
    LoadArchive.read_string_w = read_string_w


@flaw
def bstrs_counted_in_runes():
    """utf8.RuneCountInString"""
    def write_bstr(self, text):
        self.write_dword(len(text))
        self.write(text.encode("utf-16-le", "surrogatepass"))
    StoreArchive.write_bstr = write_bstr


@flaw
def lines_by_a_stream_writer():
    """A new StreamWriter with Encoding.Unicode for each line, which begins with the preamble of the encoding."""
    write_line = StoreArchive.write_line

    def write_with_preamble(self, text):
        if self.build.unicode:
            self.write(b"\xff\xfe")
        write_line(self, text)
    StoreArchive.write_line = write_with_preamble


# Objects

@flaw
def strings_take_handles():
    """In a stream of Java's objects a string is one, and has a number."""
    write_string = StoreArchive.write_string

    def write_and_count(self, text):
        write_string(self, text)
        self._register(object())
    StoreArchive.write_string = write_and_count


@flaw
def made_in_memory():
    """MAKE fills a buffer by an archive of its own, so that nothing is sent of what turns out to be wrong."""
    def make(self):
        types = self.load_types()
        text = self.load.read_string()
        made = self.text_reader_class(text, self.store, self.types, self.store.max_bytes, self.store.max_depth).read(types)
        memory = io.BytesIO()
        apart = type(self.store)(memory, self.build, self.store.max_bytes, self.store.max_depth)
        for wire_type, value in zip(types, made):
            wire_type.store(apart, value)
        apart.flush()
        self.reply(lambda: self.store.write(memory.getvalue()))
        self.store.objects += apart.objects
    Conformance.make = make


@flaw
def classes_known_to_each_level():
    """Whoever writes an object begins with an empty map of classes for what is inside it, and keeps its own."""
    def write_class(self, cls):
        if cls.schema is None:
            raise NotSupported(cls.__name__)
        known = (cls, self._depth)
        if known in self._table:
            self.write_class_tag(self._table[known])
        else:
            self.write_description(cls)
            self._register(known)
    StoreArchive.write_class = write_class


@flaw
def an_age_on_the_stack():
    """``CAge age(n); ar << &age;`` in a loop: each has the address of the first."""
    write_object = StoreArchive.write_object

    def write_from_the_stack(self, obj):
        if type(obj) is not classes.CAge:
            write_object(self, obj)
            return
        local = self.__dict__.setdefault("_local", classes.CAge())
        numbered = self.__dict__.setdefault("_numbered", set())
        local.age = obj.age
        known = len(self.objects)
        write_object(self, local)
        del self.objects[known:]
        if obj not in numbered:                     # the text of MAKE may name it
            numbered.add(obj)
            self.objects.append(obj)
    StoreArchive.write_object = write_from_the_stack


@flaw
def zero_values_are_nil():
    """``if msg == (NetMessage{})``: what has never been set is not there."""
    write_object = StoreArchive.write_object

    def is_zero(obj):
        return isinstance(obj, classes.CNetMessage) and not (obj.sender or obj.text or obj.time)

    def write_unless_zero(self, obj):
        write_object(self, None if is_zero(obj) else obj)
    StoreArchive.write_object = write_unless_zero


@flaw
def schemas_of_a_byte():
    """A number that is small in every example, and so a byte that is written as a WORD."""
    def write_description(self, cls):
        self.write_word(NEW_CLASS_TAG)
        self.write_word(cls.schema & 0xFF)
        self.write_word(len(cls.wire_name))
        self.write(cls.wire_name)
    StoreArchive.write_description = write_description


@flaw
def newer_than_ourselves():
    """Who is VERSIONABLE takes what is older; what is newer nobody can know."""
    read_description = LoadArchive._read_description

    def read_older(self):
        cls = read_description(self)
        if self._schemas[cls] > cls.schema:
            raise ArchiveError(Cause.BAD_SCHEMA)
        return cls
    LoadArchive._read_description = read_older


@flaw
def no_class_is_a_bad_class():
    """Where a class is due 0000 is told as a bad class."""
    def read_class(self, requested=None):
        tag = self.read_tag()
        if tag == NULL_TAG:
            raise ArchiveError(Cause.BAD_CLASS)
        if tag != NEW_CLASS and not tag & BIG_CLASS_BIT:
            raise ArchiveError(Cause.BAD_INDEX)
        return self._find_class(tag, requested)
    LoadArchive.read_class = read_class


@flaw
def entries_of_the_map_before():
    """``def __init__(self, items={})``, for one of the three maps."""
    shared = {}

    def init(self, items=None):
        self.items = shared if items is None else dict(items)
    CMapStringToString.__init__ = init


# Requests and connections

@flaw
def as_much_as_was_typed():
    """strncmp(password, typed, strlen(typed))"""
    def answer(self):
        user = self.load.read_string()
        password = self.load.read_string()
        accepted = user in samples.ACCOUNTS and samples.ACCOUNTS[user].startswith(password)
        self.store.write_word(1 if accepted else 0)
        if accepted:
            self.store.flush()
            self.connection.parts.conformance(self.connection).serve()
        return False
    samples.Login.answer = answer


@flaw
def whole_messages_of_each_chunk():
    """``for at in range(0, len(chunk) - 11, 12)``: what remains of a chunk is not kept."""
    answer = samples.NetOrder.answer

    def answer_and_drop(self):
        more = answer(self)
        load = self.load
        if len(load._buffer) - load._at < samples.MESSAGE.size:
            load._buffer = b""
            load._at = 0
        return more
    samples.NetOrder.answer = answer_and_drop


@flaw
def no_time_wait_for_strangers():
    """SO_LINGER with a time of 0, so that those who ask what there is not leave nothing behind."""
    reply_reason, end = Conformance.reply_reason, Connection.end

    def reply_and_mark(self, status, reason):
        reply_reason(self, status, reason)
        self.connection.stranger = status == REFUSED

    def end_at_once(self):
        if not getattr(self, "stranger", False):
            end(self)
            return
        self.store.flush()
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    Conformance.reply_reason = reply_and_mark
    Connection.end = end_at_once


@flaw
def posted_when_the_next_one_comes():
    """The outbox is looked at before the new message is put into it."""
    def write(self):
        store = self.connection.store
        waiting = b""
        try:
            while (data := self._outbox.get()) is not None:
                store.write(waiting)
                store.flush()
                waiting = data
            store.write(waiting)
            store.flush()
        except OSError:
            pass
    Member._write = write


@flaw
def nobody_hears_a_farewell():
    """The flag ends the loop before the message is handed on."""
    forward = ChatRoom.forward

    def forward_unless_it_ends(self, sender, message):
        if message.close:
            sender.post(self._encode(Message(message.close)))
        else:
            forward(self, sender, message)
    ChatRoom.forward = forward_unless_it_ends


@flaw
def a_sum_at_the_end():
    """When all packets are there it says how many there were, if that is worth a word."""
    serve = samples.Packet.serve

    def serve_and_sum_up(self):
        serve(self)
        if self.received > 1:
            self.store.write_string(f"Recipient received {self.received} packets")
    samples.Packet.serve = serve_and_sum_up


@flaw
def packets_without_a_number_are_none():
    """``if not match: continue``"""
    answer = samples.Packet.answer

    def answer_or_go_on(self):
        received = self.received
        return answer(self) or self.received == received
    samples.Packet.answer = answer_or_go_on
