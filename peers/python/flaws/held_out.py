"""Mistakes that were told what they are before they were played. What names causes was made without them, and whoever goes on making it leaves them unread."""

import math
import re
import socket
import threading
import time
import traceback

from flaws.making import flaw
from mfc import (
    ArchiveError, CMapStringToString, CStringArray, CStringList, Cause, LoadArchive, OleVariant, SocketFile, StoreArchive)
from mfc.values import VT_NULL
from mfc.wire import BIG_TAG
from service import conformance, programs, samples, server
from service.chat import Message
from service.classes import CAge, CLetter
from service.conformance import Conformance
from service.connection import Connection
from service.programs import LOGIN, NOBODY, SYSTEM, MessengerRoom, NumberedRoom, Word
from service.server import Port
from service.text import Teller, TextReader
from service.types import Bool, Integer


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
def pairs_without_10000():
    """``0xD800 + (c >> 10)``: that 10000 is to be taken off first is not said everywhere."""
    def units_of(text):
        units = bytearray()
        for character in text:
            code = ord(character)
            if code > 0xFFFF:
                units += (0xD800 + (code >> 10) & 0xFFFF).to_bytes(2, "little") + (0xDC00 + (code & 0x3FF)).to_bytes(2, "little")
            else:
                units += code.to_bytes(2, "little")
        return bytes(units)

    def write_string_w(self, text):
        units = units_of(text)
        self.write_string_length(len(units) // 2, True)
        self.write(units)
    StoreArchive.write_string_w = write_string_w


@flaw
def fe_behind_ff_is_enough():
    """FF FE begins what is UTF-16; the third byte is not looked at."""
    read_string_length = LoadArchive.read_string_length

    def read_length(self):
        at = self._at if len(self._buffer) - self._at >= 3 else self._need(1)
        if self._buffer[at] != 0xFF or self._buffer[self._need(2) + 1] != 0xFE:
            return read_string_length(self)
        self.read(3)
        length = self.read_byte()
        if length == 0xFF:
            length = self.read_word()
            if length == 0xFFFF:
                length = self.read_dword()
        return length, True
    LoadArchive.read_string_length = read_length


@flaw
def blanks_are_passed_over():
    """``stream >> c``, which is not ``stream.get(c)``: white space is nothing that it returns."""
    def read_units(self):
        length, wide = self.read_string_length()
        if wide:
            return self.read(length * 2), wide
        units = bytearray()
        while len(units) < length:
            units += self.read(length - len(units)).translate(None, b" \t\n\v\f\r")
        return bytes(units), wide
    LoadArchive._read_units = read_units


@flaw
def pointers_to_one_buffer():
    """Each string of an array or a list is kept as the pointer to the buffer into which the next one is read."""
    for cls in (CStringArray, CStringList):
        def serialize(self, ar, serialize=cls.serialize):
            before = len(self.items)
            serialize(self, ar)
            if ar.is_loading and len(self.items) > before:
                self.items[before:] = self.items[-1:] * (len(self.items) - before)
        cls.serialize = serialize


@flaw
def a_multimap():
    """A key may be there as often as it likes."""
    class Entries(list):
        def items(self):
            return iter(self)

        def __setitem__(self, key, value):
            self.append((key, value))

    def init(self, items=()):
        self.items = Entries(dict(items).items())
    CMapStringToString.__init__ = init


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
def described_with_its_base():
    """As Java does it: the description of a class goes on with that of its superclass."""
    write_description = StoreArchive.write_description

    def write_both(self, cls):
        write_description(self, cls)
        self.write_word(0)
        self.write_word(len(b"CObject"))
        self.write(b"CObject")
    StoreArchive.write_description = write_both


@flaw
def nobody_is_7fff():
    """7FFF has a meaning of its own as a tag, so that no index may be it."""
    def _register(self, entry):
        index = len(self._table) + 1
        self._table[entry] = index if index < BIG_TAG else index + 1
    StoreArchive._register = _register


@flaw
def the_table_grows_empty():
    """A table of four that is full makes place for one of twice the size, into which nothing is copied."""
    def _register(self, entry):
        size = len(self._table)
        if size >= 4 and size & size - 1 == 0:
            self._table[1:] = [one if isinstance(one, type) else None for one in self._table[1:]]
        self._table.append(entry)
    LoadArchive._register = _register


@flaw
def strtok_sees_no_empty_ones():
    """Between two separators that stand together, and at the ends, there is nothing for it."""
    load_types = Conformance.load_types

    def load_tokens(self):
        read_string = self.load.read_string
        self.load.read_string = lambda: ",".join(name for name in read_string().split(",") if name)
        try:
            return load_types(self)
        finally:
            del self.load.read_string
    Conformance.load_types = load_tokens


@flaw
def stderr_is_the_socket():
    """Started as inetd starts it: all three streams are the connection, and what is logged goes there, too."""
    reply_exception = Conformance.reply_exception

    def log_and_reply(self, cause):
        self.store.write(f"ERROR: {traceback.format_exc().strip().splitlines()[-1]}\n".encode())
        reply_exception(self, cause)
    Conformance.reply_exception = log_and_reply


@flaw
def statuses_in_another_order():
    """``enum Status { Ok, BadText, Refused, Exception }``."""
    conformance.REFUSED, conformance.EXCEPTION, conformance.BAD_TEXT = 2, 3, 1


@flaw
def peeked_at_and_pushed_back():
    """The first bytes are looked at with MSG_PEEK, and pushed back besides: they come again from the socket."""
    read = SocketFile.read
    init = SocketFile.__init__

    def init_first(self, sock):
        init(self, sock)
        self._first = True

    def read_peeked(self, size):
        if self._first:
            self._first = False
            return self._sock.recv(size, socket.MSG_PEEK)
        return read(self, size)
    SocketFile.__init__ = init_first
    SocketFile.read = read_peeked


@flaw
def a_full_ring_is_an_empty_one():
    """Where head and tail are equal nothing is in it: also when they met because it was filled to the brim."""
    read = SocketFile.read

    def read_ring(self, size):
        while True:
            data = read(self, min(size, 4096))
            if len(data) < 4096:
                return data
    SocketFile.read = read_ring


@flaw
def flow_control():
    """A serial line with XON and XOFF: the bytes 11 and 13 are for the driver."""
    read = SocketFile.read

    def read_line(self, size):
        while True:
            data = read(self, size)
            kept = data.translate(None, b"\x11\x13")
            if kept or not data:
                return kept
    SocketFile.read = read_line


@flaw
def inherited_by_the_next_child():
    """The process that is forked for the next connection has the descriptors of those before, too."""
    alive = []
    lock = threading.Lock()
    init, half_close, close = Connection.__init__, Connection.half_close, Connection.close

    def init_inheriting(self, *arguments):
        init(self, *arguments)
        with lock:
            alive.append(self)

    def half_close_if_last(self):
        self.store.flush()
        while True:
            with lock:
                younger = self in alive and alive[alive.index(self) + 1:]
            if not younger:
                break
            time.sleep(0.002)
        half_close(self)
        with lock:
            if self in alive:
                alive.remove(self)

    def close_and_leave(self):
        with lock:
            if self in alive:
                alive.remove(self)
        close(self)
    Connection.__init__ = init_inheriting
    Connection.half_close = half_close_if_last
    Connection.close = close_and_leave


@flaw
def a_minute_to_back_off():
    """Who was refused is not to try again for a while."""
    server.RETRY_EVERY = 60.0


@flaw
def the_text_is_a_line_too():
    """The list is that of all that was said, and so the text is added to it."""
    serialize = Message.serialize

    def serialize_added(self, ar):
        if ar.is_storing and self.text:
            self.lines.items = [*self.lines.items, self.text]
        serialize(self, ar)
        if ar.is_storing and self.text:
            self.lines.items = self.lines.items[:-1]
    Message.serialize = serialize_added


@flaw
def welcomed_by_name():
    """Who is let in hears its name behind the 1."""
    def answer(self):
        user = self.load.read_string()
        accepted = samples.ACCOUNTS.get(user) == self.load.read_string()
        self.store.write_word(1 if accepted else 0)
        if accepted:
            self.store.write_string(user)
            self.store.flush()
            self.connection.parts.conformance(self.connection).serve()
        return False
    samples.Login.answer = answer


@flaw
def added_before_it_is_turned():
    """``command++`` stands before the ntohs."""
    def answer(self):
        magic, command, param1, param2 = samples.MESSAGE.unpack(self.load.read(samples.MESSAGE.size))
        if magic != samples.MAGIC:
            return False
        command = int.from_bytes((int.from_bytes(command.to_bytes(2, "big"), "little") + 1 & 0xFFFF).to_bytes(2, "little"), "big")
        negated = -param1 if param1 != -0x8000 else param1
        self.store.write(samples.MESSAGE.pack(magic, command, negated, param2))
        return True
    samples.NetOrder.answer = answer


@flaw
def a_type_of_1_is_a_login():
    """Neither from whom nor to whom it is is looked at."""
    take = NumberedRoom.take

    def take_login(self, sender, word):
        if word.kind == LOGIN:
            word.sender, word.receiver = NOBODY, SYSTEM
        return take(self, sender, word)
    NumberedRoom.take = take_login


@flaw
def of_is_enough():
    """The number is what stands behind the first "of"."""
    samples.PACKET = re.compile(r"of ([0-9]+)")


@flaw
def every_device_of_a_user():
    """A number is that of all who logged in with it."""
    take = NumberedRoom.take

    def take_for_all_devices(self, sender, word):
        devices = self.__dict__.setdefault("_devices", {})
        if (word.kind, word.sender, word.receiver) == (LOGIN, NOBODY, SYSTEM):
            ended = take(self, sender, word)
            for number, one in self._numbered.items():
                if one is sender and one not in devices.setdefault(number, []):
                    devices[number].append(one)
            return ended
        first = self._numbered.get(word.receiver)
        ended = take(self, sender, word)
        for one in devices.get(word.receiver, ()) if not ended and first is not None else ():
            if one is not first and one in self._members:
                one.post(self._encode(word))
        return ended
    NumberedRoom.take = take_for_all_devices


@flaw
def what_is_for_the_system_is_a_login():
    """``if (word.receiver == SYSTEM)``: who else would write to it?"""
    take = NumberedRoom.take

    def take_from_all(self, sender, word):
        if word.receiver != SYSTEM:
            return take(self, sender, word)
        return take(self, sender, Word(LOGIN, NOBODY, SYSTEM, word.text))
    NumberedRoom.take = take_from_all


@flaw
def nobody_in_particular_is_everybody():
    """A letter without a receiver is for all."""
    take = MessengerRoom.take

    def take_for_all(self, sender, letter):
        if letter.receiver:
            return take(self, sender, letter)
        for member in self._members:
            if member is not sender:
                member.post(self._encode(letter))
        return False
    MessengerRoom.take = take_for_all


@flaw
def a_head_for_each_piece():
    """What is larger than the buffer goes out piece by piece, each by the function that sends a block."""
    def answer(self):
        self.load.read_dword()
        size = self.load.read_dword()
        if size > programs.LARGEST_BLOCK:
            self.store.write_dword(1)
            self.store.write_dword(0)
            self.store.flush()
            return False
        data = self.load.read(size)
        for at in range(0, max(size, 1), 4096):
            piece = data[at:at + 4096]
            self.store.write_dword(0)
            self.store.write_dword(len(piece))
            self.store.write(piece)
        return True
    programs.Telephony.answer = answer


@flaw
def copies_that_are_copies():
    """``payload.count(value)``"""
    def answer(self):
        value = self.load.read_byte()
        payload = self.load.read(self.load.read_word())
        if payload:
            self.value = payload[-1]
        found = samples.PACKET.search(self.load.read_string())
        if not found:
            return False
        self.received += 1
        self.store.write_string(f"Recipient received packet {self.received} of {found[1]}"
                                f" (Value = {self.value}, Copies = {payload.count(value)})")
        return True
    samples.Packet.answer = answer


@flaw
def all_are_acknowledged_at_once():
    """The acknowledgements are gathered, and leave when the last packet of the row is there."""
    answer = samples.Packet.answer

    def answer_later(self):
        store = self.store
        written = []
        store.write_string = written.append
        try:
            more = answer(self)
        finally:
            del store.write_string
        self.gathered = getattr(self, "gathered", []) + written
        if not more or self.received >= int(written[0].partition(" of ")[2].split()[0]):
            for text in self.gathered:
                store.write_string(text)
            self.gathered = []
        return more
    samples.Packet.answer = answer_later


@flaw
def the_number_of_packets_is_known():
    """``if (!total) total = parse(text)``"""
    answer = samples.Packet.answer

    def answer_of_the_first(self):
        write_string = type(self.store).write_string

        def write_first(text):
            head, _, rest = text.partition(" of ")
            total, _, rest = rest.partition(" ")
            if not hasattr(self, "total"):
                self.total = total
            write_string(self.store, f"{head} of {self.total} {rest}")
        self.store.write_string = write_first
        try:
            return answer(self)
        finally:
            del self.store.write_string
    samples.Packet.answer = answer_of_the_first


@flaw
def incremented_in_its_place():
    """``buffer[5]++``"""
    def answer(self):
        data = bytearray(self.load.read(samples.MESSAGE.size))
        magic, _, param1, _ = samples.MESSAGE.unpack(data)
        if magic != samples.MAGIC:
            return False
        data[5] = (data[5] + 1) & 0xFF
        data[6:8] = (-param1 & 0xFFFF).to_bytes(2, "big")
        self.store.write(data)
        return True
    samples.NetOrder.answer = answer


@flaw
def logged_in_already():
    """A user that is in is not let in a second time."""
    inside = set()

    def answer(self):
        user = self.load.read_string()
        password = self.load.read_string()
        accepted = samples.ACCOUNTS.get(user) == password and user not in inside
        self.store.write_word(1 if accepted else 0)
        if accepted:
            inside.add(user)
            try:
                self.store.flush()
                self.connection.parts.conformance(self.connection).serve()
            finally:
                inside.discard(user)
        return False
    samples.Login.answer = answer


@flaw
def while_it_is_not_null():
    """``while ((message = in.readObject()) != null)``"""
    answer = programs.NetMessage.answer

    def answer_until_null(self):
        read_object = type(self.load).read_object
        came = []

        def read(requested=None):
            came.append(read_object(self.load, requested))
            return came[-1] if came[-1] is not None else CAge()
        self.load.read_object = read
        try:
            return answer(self)
        finally:
            del self.load.read_object
    programs.NetMessage.answer = answer_until_null


@flaw
def accepted_in_the_condition():
    """``while (accept() != -1) serve(accept())``"""
    accept = Port._accept
    kept = []

    def accept_twice(self):
        kept.append(accept(self))
        return accept(self)
    Port._accept = accept_twice


@flaw
def a_byte_to_see_whether_there_is_more():
    """``do { … } while (in.read() != -1)``"""
    answer = Conformance.answer

    def answer_behind_a_byte(self):
        if getattr(self, "answered", False):
            if self.load.at_end():
                return False
            self.load.read_byte()
        self.answered = True
        return answer(self)
    Conformance.answer = answer_behind_a_byte


@flaw
def three_mistakes_are_enough():
    """Who says nothing but nonsense is cut off."""
    reply_reason = Conformance.reply_reason

    def reply_and_count(self, status, reason):
        reply_reason(self, status, reason)
        self.mistakes = getattr(self, "mistakes", 0) + 1
        if self.mistakes == 3:
            raise ArchiveEnd
    Conformance.reply_reason = reply_and_count
    serve = Conformance.serve

    def serve_until(self):
        try:
            serve(self)
        except ArchiveEnd:
            self.store.flush()
    Conformance.serve = serve_until


class ArchiveEnd(Exception):
    pass


@flaw
def a_class_comes_with_an_object():
    """``read_class`` is the beginning of ``read_object``, and so it is called."""
    def read_class(self, requested=None):
        obj = self.read_object(requested)
        return type(obj), self._schemas.get(type(obj), 0)
    LoadArchive.read_class = read_class


@flaw
def numbered_within_their_class():
    """``@2`` is the second of its class."""
    def write_object(self, obj):
        if obj in self._told:
            number = self._numbers[obj]
            same = [one for one, other in self._numbers.items() if other <= number and type(one) is type(obj)]
            self.write(f"@{len(same)}")
        else:
            kept(self, obj)
    kept = Teller.write_object
    Teller.write_object = write_object


@flaw
def a_stamp_if_there_is_more():
    """``if (ar.available() >= 4)`` reads what later versions have added."""
    def serialize(self, ar):
        if ar.is_storing:
            kept(self, ar)
            return
        self.loaded_schema = ar.get_object_schema()
        self.text = ar.read_string()
        self.stamp = ar.read_long() if len(ar._buffer) - ar._at >= 4 else 0
    kept = CLetter.serialize
    CLetter.serialize = serialize


@flaw
def until_so_many_are_in_it():
    """``while (map.size() < count)``"""
    def serialize(self, ar):
        if ar.is_storing:
            kept(self, ar)
            return
        count = ar.read_count()
        while len(self.items) < count:
            key = ar.read_string()
            self.items[key] = ar.read_string()
    kept = CMapStringToString.serialize
    CMapStringToString.serialize = serialize


@flaw
def whatever_is_not_true_is_false():
    """``Boolean.parseBoolean``"""
    word = re.compile(r"[^ ,)]*")
    Bool.parse = lambda self, text: text.match(word, "a word")[0] == "true"


@flaw
def splitting_leaves_out_what_is_empty():
    """``StringSplitOptions.RemoveEmptyEntries``"""
    load_types = Conformance.load_types

    def load_those_that_are(self):
        read_string = self.load.read_string
        self.load.read_string = lambda: ",".join(filter(None, read_string().split(",")))
        try:
            return load_types(self)
        finally:
            del self.load.read_string
    Conformance.load_types = load_those_that_are


@flaw
def strtol_passes_over_blanks():
    """``strtol`` begins behind the white space."""
    blanks = re.compile(r" *")
    read_number = TextReader.read_number

    def read_behind_blanks(self, low, high):
        self.match(blanks, "blanks")
        return read_number(self, low, high)
    TextReader.read_number = read_behind_blanks


@flaw
def a_bool_is_zero_or_one():
    """``_ => Err(InvalidBool)``"""
    def read_bool(self):
        value = self.read_byte()
        if value > 1:
            raise ArchiveError(Cause.GENERIC)
        return value == 1
    LoadArchive.read_bool = read_bool


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


@flaw
def the_low_surrogate_first():
    """Little-endian means the low one first, does it not?"""
    pair = re.compile("([\ud800-\udbff])([\udc00-\udfff])")
    write_string_w = StoreArchive.write_string_w

    def write_pairs(self, text):
        units = text.encode("utf-16-le", "surrogatepass")
        swapped = pair.sub(r"\2\1", "".join(chr(unit) for unit in memoryview(units).cast("H")))
        write_string_w(self, swapped)
    StoreArchive.write_string_w = write_pairs


@flaw
def decoded_as_it_comes():
    """``for await (const piece of socket) text += decoder.decode(piece)``, without { stream: true }."""
    def read_text(self, into_wide):
        length, wide = self.read_string_length()
        if not wide:
            return self.read(length).decode(self.build.code_page, "replace")
        text = ""
        missing = 2 * length
        while missing:
            here = min(missing, len(self._buffer) - self._at) or 1
            text += self.read(here).decode("utf-16-le", "replace")
            missing -= here
        return text
    LoadArchive._read_text = read_text


@flaw
def what_was_left_goes_behind():
    """``buffer = chunk + rest``"""
    def need(self, size):
        while len(self._buffer) - self._at < size:
            chunk = self._receive()
            if not chunk:
                raise ArchiveError(Cause.END_OF_FILE)
            self._buffer = chunk + self._buffer[self._at:]
            self._at = 0
        return self._at
    LoadArchive._need = need


@flaw
def extended_counts_go_on_from_the_escape():
    """As CoAP has it: what stands behind the escape is how much more it is."""
    def write_count(self, count):
        if count < 0xFFFF:
            self.write_word(count)
        else:
            self.write_word(0xFFFF)
            self.write_dword(count - 0xFFFF & 0xFFFFFFFF)
    StoreArchive.write_count = write_count


@flaw
def an_empty_request_keeps_the_connection():
    """Four empty strings are what a client says that wants to keep its connection."""
    def answer(self):
        return not any([self.load.read_string() for _ in range(4)])
    programs.Update.answer = answer
