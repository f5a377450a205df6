"""Mistakes of those who port a program, or write one from its description, by themselves like those of ``unforeseen.py``; ``flaws.py`` loads them, too.

Nothing is tuned to them: the cause that a row names was written down before the mistake was ever played.
"""

import signal
import struct

from mfc import ArchiveError, LoadArchive, SocketFile, StoreArchive, containers
from mfc.errors import Cause
from mfc.objects import SERIAL_CLASSES
from mfc.wire import MAX_NAME, NEW_CLASS_TAG, NULL_TAG, STRING_WIDE
from service import classes, samples
from service.chat import ChatRoom, Member
from service.connection import Connection
from service.conformance import BAD_TEXT, OK, Conformance, Quit
from service.programs import MessengerRoom, NetMessage, NumberedRoom, TalkRoom
from service.text import BadText

FLAWS = {}


def flaw(function):
    FLAWS[function.__name__.replace("_", "-")] = function
    return function


# Numbers and times

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
def negated_by_its_bits():
    """``~param1`` for ``-param1``."""
    def answer(self):
        magic, command, param1, param2 = samples.MESSAGE.unpack(self.load.read(samples.MESSAGE.size))
        if magic != samples.MAGIC:
            return False
        self.store.write(samples.MESSAGE.pack(magic, (command + 1) & 0xFFFF, ~param1, param2))
        return True
    samples.NetOrder.answer = answer


@flaw
def notes_in_a_word():
    """The counter is a ushort, and so BinaryWriter.Write chooses two bytes."""
    def tell_notes(self):
        def write():
            self.store.write_word(self.notes)
            self.store.write_string(self.last_note)
        self.reply(write)
    Conformance.tell_notes = tell_notes


# Text

@flaw
def nothing_needs_no_width():
    """``if (text.empty()) { put(0); return; }``, before the width is looked at."""
    write_string_w = StoreArchive.write_string_w

    def write_empty_at_once(self, text):
        if text:
            write_string_w(self, text)
        else:
            self.write_byte(0)
    StoreArchive.write_string_w = write_empty_at_once


@flaw
def words_up_to_65534():
    """``if (n < 0xFFFF)`` where the WORD form is chosen: FFFE is as good a number as any."""
    write_string_length = StoreArchive.write_string_length

    def write_length(self, length, wide):
        if length != STRING_WIDE:
            write_string_length(self, length, wide)
            return
        if wide:
            self.write_byte(0xFF)
            self.write_word(STRING_WIDE)
        self.write_byte(0xFF)
        self.write_word(length)
    StoreArchive.write_string_length = write_length


@flaw
def negative_lengths_escape():
    """``byte b = in.readByte(); if (b >= 0) return b;``: in Java FF is negative, and so is 80."""
    def read_string_length(self):
        wide = False
        length = self.read_char()
        if length >= 0:
            return length, wide
        length = self.read_word()
        if length == STRING_WIDE:
            wide = True
            length = self.read_char()
            if length >= 0:
                return length, wide
            length = self.read_word()
        return length if length < 0xFFFF else self.read_dword(), wide
    LoadArchive.read_string_length = read_string_length


@flaw
def longer_forms_are_forged():
    """A length that does not take the shortest form is an attack, as it is in UTF-8."""
    def read_string_length(self):
        wide = False
        length = self.read_byte()
        if length < 0xFF:
            return length, wide
        length = self.read_word()
        if length == STRING_WIDE:
            wide = True
            length = self.read_byte()
            if length < 0xFF:
                return length, wide
            length = self.read_word()
        shortest = 0xFF
        if length == 0xFFFF:
            length = self.read_dword()
            shortest = STRING_WIDE
        if length < shortest:
            raise ArchiveError(Cause.GENERIC)
        return length, wide
    LoadArchive.read_string_length = read_string_length


@flaw
def a_character_is_a_unit():
    """``(uint16_t)c`` for each character of a language whose characters have 21 bits."""
    def write_string_w(self, text):
        self.write_string_length(len(text), True)
        self.write(b"".join(struct.pack("<H", ord(character) & 0xFFFF) for character in text))
    StoreArchive.write_string_w = write_string_w


@flaw
def lines_in_an_array():
    """``wchar_t line[128]``; what is longer does not fit."""
    read_line = LoadArchive.read_line
    LoadArchive.read_line = lambda self: read_line(self)[:128]


@flaw
def the_stream_is_text():
    """Standard output, or a file from fopen(…, "w"), which Windows opens as text."""
    write = SocketFile.write
    SocketFile.write = lambda self, data: write(self, data.replace(b"\n", b"\r\n"))


# Counts and collections

@flaw
def counts_are_ints():
    """``ar << m_nSize``: an int of four bytes, where WriteCount is due."""
    StoreArchive.write_count = StoreArchive.write_dword


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


# Objects and classes

@flaw
def objects_before_their_classes():
    """``index = ++n;`` at the beginning of WriteObject, before it is known that the class is new."""
    def write_object(self, obj):
        if obj is None:
            self.write_word(NULL_TAG)
            return
        if obj in self._table:
            self.write_object_tag(self._table[obj])
            return
        self._register(obj)
        self.objects.append(obj)
        self.write_class(type(obj))
        obj.serialize(self)
    StoreArchive.write_object = write_object


@flaw
def nulls_are_pushed_too():
    """``objects.push_back(p)`` where ReadObject returns, whatever p is."""
    read_object = LoadArchive.read_object

    def read_and_push(self, requested=None):
        obj = read_object(self, requested)
        if obj is None:
            self._table.append(None)
        return obj
    LoadArchive.read_object = read_and_push


@flaw
def one_table_for_both_ways():
    """An archive of one's own that reads and writes, and so has one table."""
    init = Connection.__init__

    def init_with_one_table(self, *arguments):
        init(self, *arguments)
        load, store = self.load, self.store

        def register(entry):
            if isinstance(entry, type):
                load._schemas.setdefault(entry, entry.schema)
            store._table[entry] = len(load._table)
            load._table.append(entry)
        load._register = store._register = register
    Connection.__init__ = init_with_one_table


@flaw
def class_names_with_their_nul():
    """``strlen(name) + 1``"""
    def write_description(self, cls):
        name = cls.wire_name + b"\0"
        self.write_word(NEW_CLASS_TAG)
        self.write_word(cls.schema)
        self.write_word(len(name))
        self.write(name)
    StoreArchive.write_description = write_description


@flaw
def the_schema_asked_for_twice():
    """``TRACE("schema %u\\n", ar.GetObjectSchema());`` above the line that needs it."""
    def serialize(self, ar):
        if ar.is_storing:
            ar.write_long(self.value)
        else:
            ar.get_object_schema()
            self.loaded_schema = ar.get_object_schema() & 0xFFFFFFFF
            self.value = ar.read_long()
    classes.CVersioned.serialize = serialize


# Exceptions and refusals

@flaw
def cut_names_are_ends():
    """The name is read like all else, and its end is the end of the stream."""
    def read_description(self):
        schema = self.read_word()
        length = self.read_word()
        if length > MAX_NAME:
            raise ArchiveError(Cause.BAD_CLASS)
        cls = SERIAL_CLASSES.get(self.read(length))
        if cls is None:
            raise ArchiveError(Cause.BAD_CLASS)
        if schema != cls.schema and not cls.versionable:
            raise ArchiveError(Cause.BAD_SCHEMA)
        self._register(cls)
        self._schemas[cls] = schema
        return cls
    LoadArchive._read_description = read_description


@flaw
def the_head_before_the_body():
    """A reply is streamed: its status leaves when the types are known, its values when they are there."""
    def begin(self):
        types = self.load_types()
        self.store.write_word(OK)
        self.store.flush()
        return types, [wire_type.load(self.load) for wire_type in types]

    def echo(self):
        self.store_values(*begin(self))

    def tell(self):
        self.store.write_string(self.teller.tell(*begin(self)))
    Conformance.echo = echo
    Conformance.tell = tell


@flaw
def bad_texts_are_the_end():
    """One function says that something was wrong, and ends the connection."""
    answer = Conformance.answer

    def answer_or_end(self):
        try:
            return answer(self)
        except BadText as complaint:
            self.reply_reason(BAD_TEXT, complaint)
            raise Quit from complaint
    Conformance.answer = answer_or_end


@flaw
def either_is_enough():
    """``||`` for ``&&``"""
    def answer(self):
        user = self.load.read_string()
        password = self.load.read_string()
        accepted = user in samples.ACCOUNTS or password in samples.ACCOUNTS.values()
        self.store.write_word(1 if accepted else 0)
        if accepted:
            self.store.flush()
            self.connection.parts.conformance(self.connection).serve()
        return False
    samples.Login.answer = answer


@flaw
def impostors_are_ignored():
    """``continue``, and the connection goes on."""
    take = NumberedRoom.take

    def take_or_ignore(self, sender, word):
        take(self, sender, word)
        return False
    NumberedRoom.take = take_or_ignore


# Messages and connections

@flaw
def who_is_there():
    """A server says who it is, as those of mail and news do."""
    serve = Conformance.serve

    def greet_and_serve(self):
        self.store.write_string("arcwire-python ready")
        self.store.flush()
        serve(self)
    Conformance.serve = greet_and_serve


@flaw
def to_all_members():
    """``foreach (var member in members) member.Send(message);``"""
    forward = ChatRoom.forward

    def forward_to_all(self, sender, message):
        sender.post(self._encode(message))
        forward(self, sender, message)
    ChatRoom.forward = forward_to_all


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
def farewells_come_back_whole():
    """The answer to a farewell is the farewell."""
    def forward(self, sender, message):
        data = self._encode(message)
        for member in self._members:
            if member is not sender or message.close:
                member.post(data)
    TalkRoom.forward = forward


@flaw
def the_first_keeps_the_name():
    """``names.putIfAbsent(name, member)``"""
    def take(self, sender, letter):
        if not letter.receiver:
            sender.post(self._encode(letter))
            return False
        self._named.setdefault(letter.sender, sender)
        if letter.receiver in self._named:
            self._named[letter.receiver].post(self._encode(letter))
        return False
    MessengerRoom.take = take


@flaw
def an_answer_of_its_own_each_time():
    """Each message that is read is answered by a new object, whether it was there before or not."""
    answer = NetMessage.answer

    def answer_anew(self):
        self._answers.clear()
        return answer(self)
    NetMessage.answer = answer_anew


@flaw
def nobody_looks_at_send():
    """A program in C that neither looks at what send returns nor ignores SIGPIPE."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    write = SocketFile.write

    def write_and_hope(self, data):
        try:
            write(self, data)
        except OSError:
            pass
    SocketFile.write = write_and_hope
