"""Mistakes by which it is measured how well causes are named: what names them is made without these."""

import re
import struct
import threading
import zlib

from flaws.making import change_variant_body, flaw
from mfc import (
    ArchiveError, CByteArray, CDWordArray, CMapStringToOb, CMapStringToString, CMapWordToOb, CWordArray, Cause, LoadArchive, NotSupported,
    OleDateTime, StoreArchive, containers)
from mfc.objects import SERIAL_CLASSES
from mfc.wire import BIG_TAG, NEW_CLASS_TAG
from service import classes, conformance, programs, samples, server, types
from service.chat import ChatRoom, Member, Message
from service.classes import CLetter
from service.conformance import Conformance
from service.connection import Connection
from service.programs import LARGEST_BLOCK, LOGIN, NOBODY, PEOPLE, SYSTEM, NumberedRoom, Telephony
from service.samples import MAGIC, MESSAGE, Login, NetOrder, Packet
from service.text import NUMBER, TextReader
from service.types import Integer, NumberArray, ObjectBody, ObjectPointer, Pieces, Real, Types, Units


@flaw
def wide_text_by_a_text_decoder():
    read = LoadArchive._read_text

    def _read_text(self, into_wide):
        return read(self, into_wide).removeprefix("\ufeff")
    LoadArchive._read_text = _read_text


@flaw
def ulonglong_in_a_long():
    def read_ulonglong(self):
        return self.read_longlong()

    def write_ulonglong(self, value):
        self.write(value.to_bytes(8, "little", signed=value < 0))
    LoadArchive.read_ulonglong = read_ulonglong
    StoreArchive.write_ulonglong = write_ulonglong


@flaw
def keys_only_once():
    class Once(dict):
        def __setitem__(self, key, value):
            if key in self:
                raise NotSupported("an item with the same key has already been added")
            super().__setitem__(key, value)

    def __init__(self, items=()):
        self.items = Once(items)
    for cls in (CMapStringToString, CMapStringToOb, CMapWordToOb):
        cls.__init__ = __init__


@flaw
def negation_overflows():
    def answer(self):
        magic, command, param1, param2 = MESSAGE.unpack(self.load.read(MESSAGE.size))
        if magic != MAGIC:
            return False
        self.store.write(MESSAGE.pack(magic, command + 1, -param1, param2))
        return True
    NetOrder.answer = answer


@flaw
def unknown_name_is_put_out():
    take = NumberedRoom.take

    def take_known(self, sender, word):
        if (word.kind, word.sender, word.receiver) == (LOGIN, NOBODY, SYSTEM) and word.text not in ("guest", "ann", "bob", "cid"):
            return True
        return take(self, sender, word)
    NumberedRoom.take = take_known


@flaw
def bools_told_as_python_has_them():
    def tell(self, out, value):
        out.write(str(bool(value)))
    types.Bool.tell = tell


@flaw
def strings_by_binary_writer():
    def write_string_w(self, text):
        self.write_string_a(text.encode("utf-8", "replace"))

    def write_string_a(self, units):
        length = len(units)
        while length > 0x7F:
            self.write_byte(length & 0x7F | 0x80)
            length >>= 7
        self.write_byte(length)
        self.write(units)
    StoreArchive.write_string_w = write_string_w
    StoreArchive.write_string_a = write_string_a


@flaw
def wchars_by_write_char():
    def write_wchar(self, value):
        self.write(chr(value).encode("utf-8", "replace"))
    StoreArchive.write_wchar = write_wchar


@flaw
def dwords_by_parse_int():
    def parse(self, text):
        return text.read_number(self.low, min(self.high, 0x7FFFFFFF if self.high < 1 << 32 else 1 << 63))
    Integer.parse = parse


@flaw
def lists_by_arrays_to_string():
    tell = NumberArray.tell

    def tell_with_blanks(self, out, collection):
        if len(collection.items) > types.SHORT:
            tell(self, out, collection)
        else:
            out.write("[" + ", ".join(map(str, collection.items)) + "]")
    NumberArray.tell = tell_with_blanks


@flaw
def string_lengths_with_a_sign():
    def read_string_length(self):
        wide = False
        length = self.read_char()
        if length == -1:
            length = self.read_word()
            if length == 0xFFFE:
                wide = True
                length = self.read_char()
                if length == -1:
                    length = self.read_word()
            if length == 0xFFFF:
                length = self.read_dword()
        if length < 0:
            raise MemoryError("NegativeArraySizeException")
        return length, wide
    LoadArchive.read_string_length = read_string_length


@flaw
def hex_in_upper_case():
    tell_units, tell_real = Units.tell, Real.tell

    def upper(out, tell):
        pieces = Pieces()
        tell(pieces)
        letter, colon, rest = "".join(pieces).rpartition(":")
        out.write(letter + colon + rest.upper())
    Units.tell = lambda self, out, value: upper(out, lambda pieces: tell_units(self, pieces, value))
    Real.tell = lambda self, out, value: upper(out, lambda pieces: tell_real(self, pieces, value))


@flaw
def wide_text_by_encoding_unicode():
    def decode(units):
        return units.decode("utf-16-le", "replace")

    def read_text(self, into_wide):
        units, wide = self._read_units()
        return decode(units) if wide else units.decode(self.build.code_page, "replace")

    def from_units(self, units):
        return units.decode("utf-16-be", "replace")
    LoadArchive._read_text = read_text
    LoadArchive.read_bstr = lambda self: decode(self.read(self.read_dword() * 2))
    Units.from_units = from_units


@flaw
def data_available_is_all():
    answer = Conformance.answer

    def answer_what_is_there(self):
        if self.load.at_end():
            return False
        sock = self.connection._sock
        sock.setblocking(False)
        try:
            return answer(self)
        except BlockingIOError:
            raise ArchiveError(Cause.END_OF_FILE) from None
        finally:
            sock.setblocking(True)
    Conformance.answer = answer_what_is_there


@flaw
def receive_not_begun_again():
    answer = Conformance.answer

    def answer_what_came(self):
        if self.load._received and self.load.is_buffer_empty():
            threading.Event().wait()
        return answer(self)
    Conformance.answer = answer_what_came


@flaw
def host_to_network_order_of_a_ushort():
    def answer(self):
        magic, command, param1, param2 = MESSAGE.unpack(self.load.read(MESSAGE.size))
        if magic != MAGIC:
            return False
        turned = int.from_bytes(((command + 1) & 0xFFFF).to_bytes(4, "big"), "little")
        negated = -param1 if param1 != -0x8000 else param1
        self.store.write(struct.pack(">I", magic) + struct.pack("<H", turned & 0xFFFF) + struct.pack(">hi", negated, param2))
        return True
    NetOrder.answer = answer


@flaw
def close_written_as_a_bool():
    def serialize(self, ar):
        if ar.is_storing:
            ar.write_bool(self.close)
            ar.write_string(self.text)
            self.lines.serialize(ar)
        else:
            load(self, ar)
    load = Message.serialize
    Message.serialize = serialize


@flaw
def logins_added_to_a_dictionary():
    take = NumberedRoom.take

    def take_or_throw(self, sender, word):
        if (word.kind, word.sender, word.receiver) == (LOGIN, NOBODY, SYSTEM):
            if PEOPLE.get(word.text, NOBODY) in self._numbered:
                return True
        return take(self, sender, word)
    NumberedRoom.take = take_or_throw


@flaw
def block_size_with_a_sign():
    def answer(self):
        self.load.read_dword()
        size = self.load.read_long()
        if size > LARGEST_BLOCK:
            self.store.write_dword(1)
            self.store.write_dword(0)
            self.store.flush()
            return False
        if size < 0:
            return False
        data = self.load.read(size)
        self.store.write_dword(0)
        self.store.write_dword(size)
        self.store.write(data)
        return True
    Telephony.answer = answer


@flaw
def packet_value_with_a_sign():
    answer = Packet.answer

    def answer_signed(self):
        write = self.store.write_string

        def write_signed(text):
            value = self.value - 256 if self.value > 127 else self.value
            write(text.replace(f"(Value = {self.value},", f"(Value = {value},"))
        self.store.write_string = write_signed
        try:
            return answer(self)
        finally:
            del self.store.write_string
    Packet.answer = answer_signed


@flaw
def dwords_by_shifting():
    LoadArchive.read_dword = LoadArchive.read_long
    LoadArchive.read_uint = LoadArchive.read_long


@flaw
def narrow_text_by_strlen():
    write = StoreArchive.write_string_a

    def write_c_string(self, units):
        write(self, units.partition(b"\0")[0])
    StoreArchive.write_string_a = write_c_string


@flaw
def times_as_time_t():
    LoadArchive.read_time = LoadArchive.read_longlong
    StoreArchive.write_time = StoreArchive.write_longlong


@flaw
def numbers_by_atoi():
    token = re.compile(r"[^ ,()\[\]{}=:]*")
    digits = re.compile(r"[-+]?[0-9]+")
    read_number = TextReader.read_number

    def read_leniently(self, low, high):
        if NUMBER.match(self._text, self._at):
            value = read_number(self, low, high)
            self.match(token, "anything")
            return value
        found = digits.match(self.match(token, "anything")[0])
        return int(found[0]) if found else 0
    TextReader.read_number = read_leniently


@flaw
def netorder_turns_the_magic_only():
    fields = struct.Struct("<Hhi")

    def answer(self):
        data = self.load.read(12)
        if int.from_bytes(data[:4], "big") != MAGIC:
            return False
        command, param1, param2 = fields.unpack(data[4:])
        self.store.write(data[:4] + fields.pack(command + 1 & 0xFFFF, -param1 if param1 != -0x8000 else param1, param2))
        return True
    NetOrder.answer = answer


@flaw
def login_by_strncmp():
    def answer(self):
        user = self.load.read_string()
        password = self.load.read_string()
        accepted = user.startswith("guest") and password.startswith("guest")
        self.store.write_word(1 if accepted else 0)
        if accepted:
            self.store.flush()
            self.connection.parts.conformance(self.connection).serve()
        return False
    Login.answer = answer


@flaw
def packets_numbered_by_the_sender():
    number = re.compile(r"packet ([0-9]+) of")

    def answer(self):
        read_string = self.load.read_string

        def read_text():
            text = read_string()
            found = number.search(text)
            self.received = int(found[1]) - 1 if found else 0
            return text
        self.load.read_string = read_text
        try:
            return answer_counting(self)
        finally:
            del self.load.read_string
    answer_counting = Packet.answer
    Packet.answer = answer


@flaw
def a_date_is_a_date():
    """Made by the constructor that takes the days, which sets the status to valid; the one that was read is forgotten."""
    load = OleDateTime.load.__func__
    OleDateTime.load = classmethod(lambda cls, ar: load(cls, ar)._replace(status=0))


@flaw
def an_error_is_a_missing_argument():
    """``Type.Missing``: VT_ERROR has a use, and that use has one value, DISP_E_PARAMNOTFOUND."""
    change_variant_body(10, store=lambda ar, value: ar.write_dword(0x80020004))


@flaw
def the_crc_of_the_processor():
    """``_mm_crc32_u8`` is CRC-32C, Castagnoli's."""
    def crc32c(data):
        crc = 0xFFFFFFFF
        for byte in data:
            crc ^= byte
            for _ in range(8):
                crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
        return crc ^ 0xFFFFFFFF

    class Zlib:
        crc32 = staticmethod(crc32c)
        adler32 = zlib.adler32
    types.zlib = Zlib


@flaw
def what_is_large_goes_straight_out():
    """A block that is as large as the buffer need not be copied into it: but what is in there comes first."""
    write = StoreArchive.write

    def write_straight(self, data):
        if len(data) >= 4096:
            self._file.write(data)
        else:
            write(self, data)
    StoreArchive.write = write_straight


@flaw
def the_oldest_version_that_holds_it():
    """Older programs shall be able to read it, too: a stamp of 0 is what they take it for without one."""
    def write_class(self, cls, write=StoreArchive.write_class):
        self.__dict__.setdefault("_old_letters", False)
        if cls is CLetter and cls not in self._table and self.__dict__.get("_next_stamp") == 0:
            self._old_letters = True
            self.write_word(NEW_CLASS_TAG)
            self.write_word(699)
            self.write_word(len(cls.wire_name))
            self.write(cls.wire_name)
            self._register(cls)
        else:
            write(self, cls)

    def write_object(self, obj, write=StoreArchive.write_object):
        self._next_stamp = obj.stamp if isinstance(obj, CLetter) else None
        write(self, obj)

    def serialize(self, ar, serialize=CLetter.serialize):
        if ar.is_storing and ar._old_letters:
            ar.write_string(self.text)
        else:
            serialize(self, ar)
    StoreArchive.write_class = write_class
    StoreArchive.write_object = write_object
    CLetter.serialize = serialize


@flaw
def members_that_nobody_sets():
    """The constructor sets none, and the branch for older schemas does not set the stamp: it is what the debug heap fills memory with."""
    def serialize(self, ar, serialize=CLetter.serialize):
        serialize(self, ar)
        if ar.is_loading and self.loaded_schema < 700:
            self.stamp = 0xCDCDCDCD - (1 << 32)
    CLetter.serialize = serialize


@flaw
def classes_are_negative():
    """The tag of a class is below zero, and so it is minus its index: the bit that is said to be set is the sign."""
    def write_class_tag(self, index):
        if index < BIG_TAG:
            self.write_short(-index)
        else:
            self.write_word(BIG_TAG)
            self.write_long(-index)
    StoreArchive.write_class_tag = write_class_tag


@flaw
def one_exception_for_all():
    """``static CArchiveException e(cause);`` in a function: it is made where the function is called first, and has that cause for ever."""
    first = []
    reply_exception = Conformance.reply_exception

    def reply_first(self, cause):
        first.append(cause)
        reply_exception(self, first[0])
    Conformance.reply_exception = reply_first


@flaw
def write_utf_has_its_limit():
    """``writeUTF`` throws where the text does not fit a length of 16 bits, and nobody catches that."""
    write_string_length = StoreArchive.write_string_length

    def write_length(self, length, wide):
        if length > 0xFFFF:
            raise ConnectionError("UTFDataFormatException")
        write_string_length(self, length, wide)
    StoreArchive.write_string_length = write_length


@flaw
def no_more_than_is_there():
    """What claims to be longer than all that is in the buffer is forged, and not worth the memory."""
    def check(archive, size):
        if size > len(archive._buffer) - archive._at:
            raise ArchiveError(Cause.END_OF_FILE)

    def read_units(self):
        length, wide = self.read_string_length()
        check(self, length * 2 if wide else length)
        return self.read(length * 2 if wide else length), wide
    LoadArchive._read_units = read_units
    for cls in (CByteArray, CWordArray, CDWordArray):
        def serialize(self, ar, serialize=cls.serialize):
            if ar.is_storing:
                serialize(self, ar)
                return
            count = ar.read_count()
            check(ar, count * self.items.itemsize)
            del self.items[:]
            self.from_wire(ar.read(count * self.items.itemsize))
        cls.serialize = serialize


@flaw
def a_map_is_an_array():
    """``entries[key] = value``: where the keys are numbers that makes an array, and the places below the largest are there, too."""
    serialize = CMapWordToOb.serialize

    def serialize_array(self, ar):
        serialize(self, ar)
        if ar.is_loading and self.items:
            self.items = {key: self.items.get(key) for key in range(max(self.items) + 1)}
    CMapWordToOb.serialize = serialize_array


@flaw
def blank_lines_do_not_count():
    """``do line = readLine(); while (line.isEmpty());``, as where the newline behind a number is to be got over."""
    read_line = LoadArchive.read_line

    def read_full_line(self):
        while not (line := read_line(self)):
            pass
        return line
    LoadArchive.read_line = read_full_line


@flaw
def keys_first_and_values_behind():
    """As ``Keys`` and ``Values`` are two properties: all of the one, then all of the other."""
    serialize = CMapStringToString.serialize

    def serialize_columns(self, ar):
        if ar.is_storing:
            serialize(self, ar)
            return
        count = ar.read_count()
        keys = [ar.read_string() for _ in range(count)]
        for key in keys:
            self.items[key] = ar.read_string()
    CMapStringToString.serialize = serialize_columns


@flaw
def blocks_of_1024():
    """``for (left = size; left > 0; left -= 1024) Read(p, 1024)``: also where less than that is left."""
    read = LoadArchive.read

    def read_blocks(self, size):
        if size <= 1024:
            return read(self, size)
        return read(self, (size + 1023) // 1024 * 1024)[:size]
    LoadArchive.read = read_blocks


@flaw
def times_as_on_a_diskette():
    """A CTime goes through the date and time of a FAT directory, which count every other second."""
    read_time = LoadArchive.read_time
    LoadArchive.read_time = lambda self: read_time(self) & ~1


@flaw
def less_is_not_enough():
    """``if (length >= available) wait``: what ends where the buffer ends is not there yet."""
    def read_units(self):
        length, wide = self.read_string_length()
        size = length * 2 if wide else length
        while len(self._buffer) - self._at <= size and (chunk := self._receive()):
            self._buffer = self._buffer[self._at:] + chunk
            self._at = 0
        return self.read(size), wide
    LoadArchive._read_units = read_units


@flaw
def a_schema_is_read_and_passed_over():
    """In the text of MAKE, where only the number that the class has is right."""
    parse_into = ObjectBody.parse_into

    def parse_any_schema(self, text, obj):
        expect = text.expect

        def expect_number(literal):
            if literal == f":{obj.schema}":
                expect(":")
                text.read_number(0, 0xFFFF)
            else:
                expect(literal)
        text.expect = expect_number
        try:
            parse_into(self, text, obj)
        finally:
            text.expect = expect
    ObjectBody.parse_into = parse_any_schema


@flaw
def none_is_any_class():
    """What the table of classes has for a name that it does not know is what stands for no requested class."""
    find = Types.find

    def find_class(self, name):
        kind, colon, rest = name.partition(":")
        return ObjectPointer(SERIAL_CLASSES.get(rest.encode())) if kind == "object" and colon else find(self, name)
    Types.find = find_class


@flaw
def one_call_at_a_time():
    """The loop that dials serves what it has dialled, and dials the next when that has ended."""
    line = threading.Lock()

    def keep_connected(address, build, parts):
        while True:
            with line:
                sock = server.connect_patiently(address)
                if sock is None:
                    return
                connection = parts.connection(sock, build, parts)
                server.converse(connection, parts.conformance(connection))
    server.keep_connected = keep_connected


@flaw
def clients_by_their_address():
    """``clients[address] = member``, where the address has no port: who comes last from a machine takes the place."""
    init, forward = Member.__init__, ChatRoom.forward

    def init_latest(self, sock, connection, room):
        init(self, sock, connection, room)
        room.latest = self

    def forward_to_latest(self, sender, message):
        members = self._members
        self._members = [member for member in members if member is self.latest]
        try:
            forward(self, sender, message)
        finally:
            self._members = members
    Member.__init__ = init_latest
    ChatRoom.forward = forward_to_latest


@flaw
def hashed_as_one_text():
    """``hash(user + password)`` is what is compared, with nothing between the two."""
    known = {user + password for user, password in samples.ACCOUNTS.items()}

    def answer(self):
        accepted = self.load.read_string() + self.load.read_string() in known
        self.store.write_word(1 if accepted else 0)
        if accepted:
            self.store.flush()
            self.connection.parts.conformance(self.connection).serve()
        return False
    samples.Login.answer = answer


@flaw
def the_other_parameter():
    """It is the second one that is negated."""
    def answer(self):
        magic, command, param1, param2 = samples.MESSAGE.unpack(self.load.read(samples.MESSAGE.size))
        if magic != samples.MAGIC:
            return False
        negated = -param2 if param2 != -0x80000000 else param2
        self.store.write(samples.MESSAGE.pack(magic, (command + 1) & 0xFFFF, param1, negated))
        return True
    samples.NetOrder.answer = answer


@flaw
def declared_within_the_loop():
    """``BYTE value = 0;`` stands where each packet comes by, and not before them all."""
    answer = samples.Packet.answer

    def answer_anew(self):
        self.value = 0
        return answer(self)
    samples.Packet.answer = answer_anew


@flaw
def an_empty_block_is_none():
    """``if (size < 1 || size > LARGEST) refuse``."""
    answer = Telephony.answer

    def answer_full(self):
        read_dword = self.load.read_dword
        numbers = []

        def read():
            numbers.append(read_dword())
            return LARGEST_BLOCK + 1 if len(numbers) == 2 and numbers[1] == 0 else numbers[-1]
        self.load.read_dword = read
        try:
            return answer(self)
        finally:
            del self.load.read_dword
    Telephony.answer = answer_full


@flaw
def whoever_came_last_is_removed():
    """``self._members.pop()``"""
    forward = ChatRoom.forward

    def forward_and_remove(self, sender, message):
        forward(self, sender, message)
        if message.close:
            self._members.pop()

    def leave(self, member):
        with self._room_lock:
            if member in self._members:
                self._members.remove(member)
    ChatRoom.forward = forward_and_remove
    ChatRoom.leave = leave


@flaw
def who_has_heard_a_farewell_says_it():
    """Each member has one message, into which all that comes is read; ``close |= flag``."""
    def forward_closing(self, sender, message):
        said = message.close
        message.close = said or getattr(sender, "closing", 0)
        data = self._encode(message)
        message.close = said
        for member in self._members:
            if member is not sender:
                member.closing = getattr(member, "closing", 0) | said
                member.post(data)
        if said:
            sender.post(self._encode(type(message)(said)))
    ChatRoom.forward = forward_closing


@flaw
def brackets_make_an_account():
    """``accounts[user] == password`` of a std::map: who is not there has an empty password."""
    class Accounts(dict):
        def get(self, user):
            return self.setdefault(user, "")
    samples.ACCOUNTS = Accounts(samples.ACCOUNTS)


@flaw
def value_or_zero():
    """``value || 0`` is 0 where the value is not a number."""
    for name in ("read_float", "read_double"):
        def read(self, read=getattr(LoadArchive, name)):
            value = read(self)
            return value if value == value else 0.0
        setattr(LoadArchive, name, read)


@flaw
def the_value_is_a_local_variable():
    """``value = 0`` at the beginning of the handler."""
    answer = samples.Packet.answer

    def answer_anew(self):
        self.value = 0
        return answer(self)
    samples.Packet.answer = answer_anew


@flaw
def four_lines_are_a_request():
    """``for _ in range(4): ar.ReadString(text)``"""
    def answer(self):
        for _ in range(4):
            self.load.read_line()
        return False
    programs.Update.answer = answer


@flaw
def both_halves_in_one_int():
    """``((command + 1) << 16) + negated``: what is below zero borrows."""
    def answer(self):
        magic, command, param1, param2 = samples.MESSAGE.unpack(self.load.read(samples.MESSAGE.size))
        if magic != samples.MAGIC:
            return False
        negated = -param1 if param1 != -0x8000 else param1
        self.store.write(magic.to_bytes(4, "big"))
        self.store.write((((command + 1) << 16) + negated & 0xFFFFFFFF).to_bytes(4, "big"))
        self.store.write(param2.to_bytes(4, "big", signed=True))
        return True
    samples.NetOrder.answer = answer


@flaw
def errors_go_past_the_buffer():
    """Replies wait until the peer has to wait itself, as cout does for cin; what is wrong is written at once, as to cerr."""
    init = Connection.__init__

    def init_tied(self, *arguments):
        init(self, *arguments)
        receive, store, file = self.load._receive, self.store, self._file
        flush = store.flush

        def receive_tied():
            flush()
            return receive()
        self.load._receive = receive_tied
        store.flush = lambda: None
        self.half_close = lambda: (setattr(store, "flush", flush), Connection.half_close(self))

        self.error = type(store)(file, self.build)
    Connection.__init__ = init_tied

    def past(reply):
        def reply_past(self, *arguments):
            kept, self.store = self.store, self.connection.error
            try:
                reply(self, *arguments)
                self.store.flush()
            finally:
                self.store = kept
        return reply_past
    Conformance.reply_reason = past(Conformance.reply_reason)
    Conformance.reply_exception = past(Conformance.reply_exception)


@flaw
def large_writes_go_past_the_buffer():
    """What is no smaller than the buffer need not be copied into it."""
    def write(self, data):
        if len(data) >= 4096:
            self._file.write(data)
            return
        self._buffer += data
        if len(self._buffer) >= 4096:
            self._overflow()
    StoreArchive.write = write


@flaw
def a_flood_goes_on_when_something_comes():
    """One reply for each turn of the event loop, which turns when something has come."""
    def flood(self):
        count = self.load.read_word()
        size = self.load.read_dword()
        if count * size > conformance.FLOOD_LIMIT:
            raise conformance.BadText("more than 64 MiB")
        for i in range(count):
            if i:
                self.store.flush()
                self.load.at_end()
            self.store.write_word(conformance.OK)
            self.store.write_dword(i)
            self.store.write_count(size)
            self.store.write(bytes((i + k) % 256 for k in range(size)))
    Conformance.flood = flood


@flaw
def modulo_255():
    """``% 0xFF``"""
    def flood(self):
        count = self.load.read_word()
        size = self.load.read_dword()
        if count * size > conformance.FLOOD_LIMIT:
            raise conformance.BadText("more than 64 MiB")
        for i in range(count):
            self.store.write_word(conformance.OK)
            self.store.write_dword(i)
            self.store.write_count(size)
            row = bytes((i + k) % 255 for k in range(255))
            self.store.write((row * (size // 255 + 1))[:size])
    Conformance.flood = flood


@flaw
def limits_with_their_unit():
    """Numbers as people read them."""
    def info(self):
        lines = ("service=1", f"impl={conformance.IMPLEMENTATION}", "max-bytes=65 MiB", "max-depth=10,000")
        self.reply(lambda: self.store.write_string("\n".join(lines)))
    Conformance.info = info


@flaw
def bits_are_sizeof():
    """``sizeof (void *)``"""
    def caps(self):
        def write():
            self.store.write_string(",".join(self.types.names()))
            self.store.write_string(self.build.generation)
            self.store.write_string(self.build.charset)
            self.store.write_word(self.build.bits // 8)
        self.reply(write)
    Conformance.caps = caps


@flaw
def an_open_list_ends_with_the_text():
    """``while (*p && *p != ']')``"""
    def read_list(self, brackets, read_item):
        self.expect(brackets[0])
        if self.accept(brackets[1]) or self._at == len(self._text):
            return
        read_item()
        while self._at < len(self._text) and not self.accept(brackets[1]):
            self.expect(",")
            read_item()
    TextReader.read_list = read_list


@flaw
def fields_that_are_missing_are_zero():
    """``sscanf(text, "(%d,%d,%d,%d)", …)`` into what is 0, and whether it found four is not looked at."""
    from service.types import Record

    def parse(self, text):
        text.expect("(")
        parts = []
        for field in self._fields:
            if parts and not text.accept(","):
                break
            parts.append(field.parse(text))
        text.accept(")")
        return self._cls(*parts, *[0] * (len(self._fields) - len(parts)))
    Record.parse = parse


@flaw
def wrapped_on_its_way_out():
    """Whatever an object's body raises is the cause of an exception of another class."""
    read_object = LoadArchive.read_object

    def read_wrapped(self, requested=None):
        outer = self._depth
        try:
            return read_object(self, requested)
        except ArchiveError as error:
            if self._depth > outer:
                raise conformance.NotSupported("while an object was read") from error
            raise
    LoadArchive.read_object = read_wrapped


@flaw
def no_stamp_is_minus_one():
    """What an older letter lacks is unknown, which is -1."""
    serialize = classes.CLetter.serialize

    def serialize_unknown(self, ar):
        serialize(self, ar)
        if ar.is_loading and self.loaded_schema < 700:
            self.stamp = -1
    classes.CLetter.serialize = serialize_unknown


@flaw
def keys_and_then_values():
    """``keys = [read_key() for _ in range(count)]``, and then the values, as a struct of arrays has them."""
    def apart(cls, read_key, read_value):
        serialize = cls.serialize

        def serialize_apart(self, ar):
            if ar.is_storing:
                serialize(self, ar)
                return
            keys = [read_key(ar) for _ in range(ar.read_count())]
            self.items.update([(key, read_value(ar)) for key in keys])
        cls.serialize = serialize_apart
    apart(containers.CMapStringToString, LoadArchive.read_string, LoadArchive.read_string)
    apart(containers.CMapStringToOb, LoadArchive.read_string, LoadArchive.read_object)
    apart(containers.CMapWordToOb, LoadArchive.read_word, LoadArchive.read_object)


@flaw
def classes_by_their_schema():
    """The number in IMPLEMENT_SERIAL is taken for what tells classes apart."""
    def write_class(self, cls):
        for entry, index in self._table.items():
            if isinstance(entry, type) and entry.schema == cls.schema:
                self.write_class_tag(index)
                return
        self.write_description(cls)
        self._register(cls)
    StoreArchive.write_class = write_class


@flaw
def what_send_did_not_take_waits():
    """A socket that takes no more is not asked again before there is more to say."""
    from mfc import SocketFile
    write = SocketFile.write

    def write_some(self, data):
        data = getattr(self, "rest", b"") + bytes(data)
        self.rest = data[16384:]
        write(self, data[:16384])
    SocketFile.write = write_some


@flaw
def notes_are_views():
    """Each request is received into one buffer from its beginning on, and the last note is a view of its bytes there."""
    answer_next = Conformance.next

    def note(self):
        self.last_note = self.load.read_string()
        self.notes += 1
        units = self.last_note.encode("latin-1", "replace")
        narrow = bytes([len(units) % 0xFF]) + units
        received = self.load._buffer[:self.load._at]
        self.buffer = bytearray(b"\5\0" + narrow) if received.endswith(narrow) else None

    def next_over_it(self):
        answer_next(self)
        if getattr(self, "buffer", None):
            number = int.from_bytes(self.store._buffer[-4:], "little") - 1 & 0xFFFFFFFF
            request = b"\4\0" + number.to_bytes(4, "little")
            end = len(self.buffer)
            self.buffer[:6] = request
            self.last_note = self.buffer[3:end].decode("latin-1")

    Conformance.note = note
    Conformance.next = next_over_it


@flaw
def null_dates_are_zero():
    """``if (m_status != valid) m_dt = 0;``"""
    from mfc import values

    def load_or_zero(cls):
        load = cls.load

        def load_valid(ar):
            date = load(ar)
            return date if date.status == 0 else cls(date.status, 0.0)
        cls.load = load_valid
    load_or_zero(values.OleDateTime)
    load_or_zero(values.OleDateTimeSpan)


@flaw
def places_of_the_reset_stay_taken():
    """The semaphore is given back behind the end of a connection, which one that was reset does not come to."""
    from service import server
    places = threading.Semaphore(3)

    def converse(connection, service):
        places.acquire()
        try:
            service.serve()
            connection.end()
            places.release()
        except OSError:
            pass
        finally:
            connection.close()
    server.converse = converse


@flaw
def compact_sizes():
    """Before a length of two bytes FD stands, before one of four FE, as in another protocol: so the reader has it."""
    read_string_length = LoadArchive.read_string_length

    def read_compact(self):
        at = self._need(1)
        if self._buffer[at] == 0xFD:
            self.read_byte()
            return self.read_word(), False
        if self._buffer[at] == 0xFE:
            self.read_byte()
            return self.read_dword(), False
        return read_string_length(self)
    LoadArchive.read_string_length = read_compact
