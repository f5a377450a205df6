"""Mistakes of those who port a program, which ``flaws.py`` loads, too.

The cause that a row names was written down before the mistake was ever played. What names causes was measured by them once, 26 of 38 right;
since then they are tests like the others.
"""

import copy
import io
import os
import select
import socket
import struct

from mfc import CMapWordToOb, CObArray, CStringArray, LoadArchive, OleDateTime, Point, Rect, StoreArchive, values
from mfc.errors import Cause
from mfc.load import NEW_CLASS
from mfc.objects import SERIAL_CLASSES
from mfc.wire import CLASS_BIT, LONG_TIME, NEW_CLASS_TAG
from service import classes, samples
from service.chat import ChatRoom, Member, Message
from service.conformance import OK, Conformance, Quit
from service.connection import Connection
from service.text import BadText, TextReader

FLAWS = {}


def flaw(function):
    FLAWS[function.__name__.replace("_", "-")] = function
    return function


def change_variant_body(vt, load):
    for bodies in (values._BODIES, values._ALL_BODIES):
        if vt in bodies:
            bodies[vt] = (load, bodies[vt][1])


def forward_by(encode):
    """What others hear of a message; the farewell's own answer is as it was."""
    def forward(self, sender, message):
        with self._room_lock:
            self._accept_waiting()
            data = encode(self, message)
            for member in self._members:
                if member is not sender:
                    member.post(data)
            if message.close:
                sender.post(self._encode(Message(message.close)))
    ChatRoom.forward = forward


# Numbers

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
            for text in self.items:
                ar.write_string(text)
        else:
            self.items = [ar.read_string() for _ in range(ar.read_count())]
    CStringArray.serialize = serialize


@flaw
def counts_are_words():
    """Nobody had seen a longer one in a capture."""
    LoadArchive.read_count = LoadArchive.read_word


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


# Text

@flaw
def lengths_of_seven_bits():
    """Bytes are written as a BinaryWriter writes a string."""
    def write_string_a(self, units):
        length = len(units)
        while length > 0x7F:
            self.write_byte(length & 0x7F | 0x80)
            length >>= 7
        self.write_byte(length)
        self.write(units)
    StoreArchive.write_string_a = write_string_a


@flaw
def chat_is_ascii():
    """``text.encode()``, and bytes are written narrow."""
    class Narrow(Message):
        def serialize(self, ar):
            ar.write_word(self.close)
            ar.write_string_a(self.text.encode("latin-1", "replace"))
            self.lines.serialize(ar)
    forward_by(lambda room, message: room._encode(Narrow(message.close, message.text, message.lines.items)))


@flaw
def bstrs_read_by_their_bytes():
    """A BSTR in memory has its length in bytes before it."""
    def read_bstr(self):
        length = self.read_dword()
        return self.read(length)[:length & ~1].decode("utf-16-le", "surrogatepass")
    LoadArchive.read_bstr = read_bstr


@flaw
def variant_text_read_by_its_units():
    change_variant_body(8, lambda ar: ar.read_bstr())


@flaw
def lines_as_c_has_them():
    """Write(text, len + 1), since a string ends in a NUL."""
    write_line = StoreArchive.write_line

    def write_with_nul(self, text):
        write_line(self, text)
        self.write(b"\0\0" if self.build.unicode else b"\0")
    StoreArchive.write_line = write_with_nul


@flaw
def text_of_the_console():
    """The code page of the console, not that of Windows."""
    write_string_a = StoreArchive.write_string_a
    StoreArchive.write_string_a = lambda self, units: write_string_a(self, units.decode("latin-1").encode("cp850", "replace"))


@flaw
def isdigit_before_int():
    """``if not text.isdigit(): raise``, and -1 is none."""
    read_number = TextReader.read_number

    def read_digits(self, low, high):
        if self._text.startswith("-", self._at):
            raise BadText("a number expected")
        return read_number(self, low, high)
    TextReader.read_number = read_digits


# Objects

@flaw
def a_member_forgotten():
    """m_time came with the second version of the class, and only its reader was changed."""
    def serialize(self, ar):
        if ar.is_storing:
            ar.write_string(self.sender)
            ar.write_string(self.text)
        else:
            self.sender = ar.read_string()
            self.text = ar.read_string()
            self.time = ar.read_long()
    classes.CNetMessage.serialize = serialize


@flaw
def tags_are_words():
    """What 7FFF means is told in a footnote."""
    def read_tag(self):
        tag = self.read_word()
        return NEW_CLASS if tag == NEW_CLASS_TAG else (tag & CLASS_BIT) << 16 | tag & ~CLASS_BIT
    LoadArchive.read_tag = read_tag


@flaw
def known_classes_take_no_index():
    """``if cls not in self._table: self._table.append(cls)``"""
    register = LoadArchive._register

    def register_once(self, entry):
        if not (isinstance(entry, type) and entry in self._table):
            register(self, entry)
    LoadArchive._register = register_once


@flaw
def arrays_through_memory():
    """Elements go into an archive of their own, on a file in memory, whose bytes are then copied."""
    serialize = CObArray.serialize

    def serialize_apart(self, ar):
        if ar.is_loading:
            serialize(self, ar)
            return
        memory = io.BytesIO()
        apart = type(ar)(memory, ar.build, ar.max_bytes, ar.max_depth)
        serialize(self, apart)
        apart.flush()
        ar.write(memory.getvalue())
    CObArray.serialize = serialize_apart


@flaw
def the_class_before():
    """Remembered is the class that was written last; where it changes, the new one is described."""
    def write_class(self, cls):
        if getattr(self, "_class_before", None) is cls and cls in self._table:
            self.write_class_tag(self._table[cls])
            return
        if cls in self._table:
            self._table[object()] = None            # its old index stays taken
            del self._table[cls]
        self.write_description(cls)
        self._table[cls] = len(self._table) + 1
        self._class_before = cls
    StoreArchive.write_class = write_class


@flaw
def the_service_has_its_own_copy():
    """copy.deepcopy of what came, so that the caller keeps its own."""
    def echo(self):
        types = self.load_types()
        loaded = copy.deepcopy([wire_type.load(self.load) for wire_type in types])
        self.reply(lambda: self.store_values(types, loaded))
    Conformance.echo = echo


@flaw
def schema_1_everywhere():
    """IMPLEMENT_SERIAL copied from one class to the next."""
    classes.CTestPoint.schema = 1


@flaw
def names_regardless_of_case():
    """lstrcmpi, as for everything that has a name on Windows."""
    class Folded(dict):
        def get(self, name, default=None):
            return next((cls for known, cls in self.items() if known.lower() == name.lower()), default)
    import mfc.load
    mfc.load.SERIAL_CLASSES = Folded(SERIAL_CLASSES)


# Exceptions

@flaw
def told_within_and_without():
    """``except: reply(); raise``, and whoever catches it outside replies, too."""
    reply_exception = Conformance.reply_exception

    def reply_twice(self, cause):
        reply_exception(self, cause)
        self.store.flush()
        reply_exception(self, cause)
    Conformance.reply_exception = reply_twice


@flaw
def a_list_of_causes_with_a_gap():
    """writeOnly was left out of the enum, and what follows it moves up."""
    reply_exception = Conformance.reply_exception
    Conformance.reply_exception = lambda self, cause: reply_exception(self, cause - 1 if cause > Cause.WRITE_ONLY else cause)


# Requests and connections

@flaw
def select_before_each_message():
    """select tells of the socket alone, and not of what the archive has read ahead."""
    begin_message = LoadArchive.begin_message

    def listen(self):
        load = self.connection.load

        def wait_and_begin():
            select.select([self._sock], [], [])
            begin_message(load)
        load.begin_message = wait_and_begin
        kept(self)
    kept = Member._listen
    Member._listen = listen


@flaw
def an_archive_for_each_packet():
    """``with LoadArchive(file) as ar:`` inside the loop."""
    answer = samples.Packet.answer

    def answer_afresh(self):
        self.load = LoadArchive(self.connection._file, self.connection.build)
        return answer(self)
    samples.Packet.answer = answer_afresh


@flaw
def the_current_connection():
    """A global, set where a connection is accepted."""
    current = []
    init, answer = Connection.__init__, Conformance.answer

    def init_and_become_current(self, *arguments):
        init(self, *arguments)
        current[:] = [self._file]

    def answer_to_current(self):
        more = answer(self)
        self.store._file = current[0]
        return more
    Connection.__init__ = init_and_become_current
    Conformance.answer = answer_to_current


@flaw
def who_comes_is_announced():
    """A room tells its members that there is one more, by an empty message."""
    accept_waiting = ChatRoom._accept_waiting

    def accept_and_announce(self):
        with self._room_lock:
            known = len(self._members)
            error = accept_waiting(self)
            for newcomer in range(known, len(self._members)):
                for member in self._members[:newcomer]:
                    member.post(self._encode(Message()))
            return error
    ChatRoom._accept_waiting = accept_and_announce


@flaw
def twelve_bytes_in_one_recv():
    """recv(12) brings twelve bytes, as long as one tries it by hand."""
    answer = samples.NetOrder.answer

    def answer_what_came(self):
        if self.load.is_buffer_empty() and self.load.at_end():
            return False
        if len(self.load._buffer) - self.load._at < samples.MESSAGE.size:
            return False
        return answer(self)
    samples.NetOrder.answer = answer_what_came


@flaw
def no_notes_no_answer():
    """``if not self.notes: return``"""
    tell_notes = Conformance.tell_notes
    Conformance.tell_notes = lambda self: tell_notes(self) if self.notes else None


@flaw
def until_an_empty_note():
    """``for text in iter(read_string, "")``: the end of a file is an empty string."""
    def note(self):
        text = self.load.read_string()
        if not text:
            raise Quit
        self.last_note = text
        self.notes += 1
    Conformance.note = note


@flaw
def another_try():
    """Whoever mistypes a password may try again."""
    def answer_until_right(self):
        user = self.load.read_string()
        password = self.load.read_string()
        if samples.ACCOUNTS.get(user) != password:
            self.store.write_word(0)
            return True
        self.store.write_word(1)
        self.store.flush()
        self.connection.parts.conformance(self.connection).serve()
        return False
    samples.Login.answer = answer_until_right


@flaw
def quit_means_now():
    """The socket is closed where QUIT is answered, with all that may stand behind it unread."""
    end = Connection.end

    def quit_now(self):
        self.store.write_word(OK)
        self.store.flush()
        self.connection.quitting = True
        raise Quit
    Conformance.quit = quit_now
    Connection.end = lambda self: None if getattr(self, "quitting", False) else end(self)


@flaw
def quit_means_the_program():
    """A command of that name ends a program."""
    def quit_all(self):
        self.store.write_word(OK)
        self.store.flush()
        os._exit(0)
    Conformance.quit = quit_all
