"""Mistakes in the services of the article's kind: chat, login, orders and their like."""

import io
import re
import struct

from flaws.making import flaw
from service import programs, samples
from service.chat import ChatRoom, Message
from service.classes import CAge, CNetMessage
from service.conformance import Conformance
from service.programs import LOGIN, NOBODY, SYSTEM, MessengerRoom, NumberedRoom, TalkMessage, TalkRoom, Word

PACKET_OF = re.compile(r"packet ([0-9]+) of ([0-9]+)")


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
def to_all_members():
    """``foreach (var member in members) member.Send(message);``"""
    forward = ChatRoom.forward

    def forward_to_all(self, sender, message):
        sender.post(self._encode(message))
        forward(self, sender, message)
    ChatRoom.forward = forward_to_all


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
def types_without_a_sign():
    """The type of a word is a uint, and is compared with -1."""
    serialize = programs.Word.serialize

    def serialize_uint(self, ar):
        if ar.is_storing:
            self.kind = (self.kind & 0x7FFFFFFF) - (self.kind & 0x80000000)
            serialize(self, ar)
        else:
            serialize(self, ar)
            self.kind &= 0xFFFFFFFF
    programs.Word.serialize = serialize_uint


@flaw
def returned_to_the_sender():
    """As the post does with what it cannot deliver."""
    take = MessengerRoom.take

    def take_or_return(self, sender, letter):
        more = take(self, sender, letter)
        if letter.receiver and letter.receiver not in self._named:
            sender.post(self._encode(letter))
        return more
    MessengerRoom.take = take_or_return


@flaw
def strangers_get_no_number():
    """``if (!numbers.TryGetValue(name, out number)) return;``"""
    take = programs.NumberedRoom.take

    def take_known(self, sender, word):
        login = (word.kind, word.sender, word.receiver) == (programs.LOGIN, programs.NOBODY, programs.SYSTEM)
        if login and word.text not in programs.PEOPLE:
            return False
        return take(self, sender, word)
    programs.NumberedRoom.take = take_known


@flaw
def another_request_please():
    """A connection is served until the client ends it."""
    answer = programs.Update.answer
    programs.Update.answer = lambda self: answer(self) or True


@flaw
def opaque_data_of_xdr():
    """Blocks are filled up to a multiple of four bytes, as xdr_opaque does it."""
    answer = programs.Telephony.answer

    def answer_aligned(self):
        write = self.store.write
        self.store.write = lambda data: write(data + bytes(-len(data) % 4))
        try:
            return answer(self)
        finally:
            del self.store.write
    programs.Telephony.answer = answer_aligned


@flaw
def whoever_has_a_text():
    """``hasattr(message, "text")``"""
    def answer(self):
        message = self.load.read_object()
        if message is not None and not hasattr(message, "text"):
            return False
        if message is not None and id(message) not in self._answers:
            self._answers[id(message)] = CNetMessage("server", message.text, getattr(message, "time", 0))
        self.store.write_object(message and self._answers[id(message)])
        return True
    programs.NetMessage.answer = answer


@flaw
def sizeof_a_literal():
    """``CString(L"server", sizeof L"server" / sizeof(wchar_t))``"""
    answer = programs.NetMessage.answer

    def answer_as_server(self):
        write_object = self.store.write_object

        def write_answer(obj):
            if obj is not None:
                obj.sender = "server\0"
            write_object(obj)
        self.store.write_object = write_answer
        try:
            return answer(self)
        finally:
            del self.store.write_object
    programs.NetMessage.answer = answer_as_server


@flaw
def digits_in_groups():
    """``MessageFormat.format("… (Value = {2}, Copies = {3})", …)``, which writes numbers for people."""
    answer = samples.Packet.answer

    def answer_grouped(self):
        write_string = self.store.write_string
        self.store.write_string = lambda text: write_string(re.sub("[0-9]+", lambda digits: f"{int(digits[0]):,}", text))
        try:
            return answer(self)
        finally:
            del self.store.write_string
    samples.Packet.answer = answer_grouped


@flaw
def lines_of_the_farewell():
    """The message that came is the answer, too, with its text made empty; that it has a list was forgotten."""
    def forward(self, sender, message):
        data = self._encode(message)
        for member in self._members:
            if member is not sender:
                member.post(data)
        if message.close:
            message.text = ""
            sender.post(self._encode(message))
    ChatRoom.forward = forward


@flaw
def let_in_by_a_bool():
    """Whether somebody is let in is a bool, and so one byte."""
    def answer(self):
        user = self.load.read_string()
        password = self.load.read_string()
        accepted = samples.ACCOUNTS.get(user) == password
        self.store.write_bool(accepted)
        if accepted:
            self.store.flush()
            self.connection.parts.conformance(self.connection).serve()
        return False
    samples.Login.answer = answer


@flaw
def a_new_message_without_the_list():
    """new CMsg(close, text) is what the others get, and the list is not copied."""
    forward = ChatRoom.forward
    ChatRoom.forward = lambda self, sender, message: forward(self, sender, type(message)(message.close, message.text))


@flaw
def the_list_of_the_relatives():
    """The messages of the talk are those of CHATTER with their list, which is always empty, when they are written."""
    serialize = TalkMessage.serialize

    def serialize_with_list(self, ar):
        serialize(self, ar)
        if ar.is_storing:
            ar.write_count(0)
    TalkMessage.serialize = serialize_with_list


@flaw
def nobody_writes_to_oneself():
    """if (receiver != sender) Send(letter);"""
    take = MessengerRoom.take

    def take_for_others(self, sender, letter):
        if letter.receiver and letter.receiver == letter.sender:
            self._forget(sender)
            self._named[letter.sender] = sender
            return False
        return take(self, sender, letter)
    MessengerRoom.take = take_for_others


@flaw
def the_header_is_used_again():
    """The command stands where the result is due, and is not overwritten."""
    def answer(self):
        command = self.load.read_dword()
        size = self.load.read_dword()
        if size > programs.LARGEST_BLOCK:
            self.store.write_dword(1)
            self.store.write_dword(0)
            self.store.flush()
            return False
        data = self.load.read(size)
        self.store.write_dword(command)
        self.store.write_dword(size)
        self.store.write(data)
        return True
    programs.Telephony.answer = answer


@flaw
def updates_are_confirmed():
    """A status of 0 for who asks, as every decent server says."""
    answer = programs.Update.answer

    def answer_status(self):
        answer(self)
        self.store.write_word(0)
        self.store.flush()
        return False
    programs.Update.answer = answer_status


@flaw
def null_is_no_message():
    """if (message == nullptr) continue;"""
    answer = programs.NetMessage.answer

    def answer_messages(self):
        read_object = self.load.read_object
        message = read_object()
        if message is None:
            return True
        self.load.read_object = lambda: message
        try:
            return answer(self)
        finally:
            del self.load.read_object
    programs.NetMessage.answer = answer_messages


@flaw
def each_copy_is_acknowledged():
    """The acknowledgement stands within the loop that reads the copies."""
    answer = samples.Packet.answer

    def answer_each(self):
        store = self.store
        write_string = store.write_string

        def write_each(text):
            for _ in range(max(1, int(text.rpartition(" ")[2].rstrip(")")))):
                write_string(text)
        store.write_string = write_each
        try:
            return answer(self)
        finally:
            del store.write_string
    samples.Packet.answer = answer_each


@flaw
def floods_count_from_one():
    """for (i = 1; i <= count; i++)"""
    flood = Conformance.flood

    def flood_from_one(self):
        write_dword = self.store.write_dword
        self.store.write_dword = lambda i: write_dword(i + 1)
        self.store.write_count = lambda size: write_count(self.store, size, write_dword)
        try:
            flood(self)
        finally:
            del self.store.write_dword, self.store.write_count

    def write_count(store, size, write_dword):
        if size < 0xFFFF:
            store.write_word(size)
        else:
            store.write_word(0xFFFF)
            write_dword(size)
    Conformance.flood = flood_from_one


@flaw
def the_largest_is_too_large():
    """``if (size >= sizeof buffer)``, as where a NUL has to go behind it."""
    programs.LARGEST_BLOCK -= 1


@flaw
def the_magic_is_for_requests():
    """The netorder server looks at the magic, and does not send it back."""
    answer = samples.NetOrder.answer

    def answer_without_it(self):
        write = self.store.write
        self.store.write = lambda data: write(data[4:])
        try:
            return answer(self)
        finally:
            del self.store.write
    samples.NetOrder.answer = answer_without_it


@flaw
def collated_regardless_of_case():
    """The names are looked up in a database, whose text compares so unless it is told otherwise."""
    def answer(self):
        user = self.load.read_string().lower()
        password = self.load.read_string().lower()
        accepted = samples.ACCOUNTS.get(user) == password
        self.store.write_word(1 if accepted else 0)
        if accepted:
            self.store.flush()
            self.connection.parts.conformance(self.connection).serve()
        return False
    samples.Login.answer = answer


@flaw
def whoever_writes_is_known():
    """The name of the sender is taken down first, whatever becomes of the letter."""
    take = MessengerRoom.take

    def take_down_and_take(self, sender, letter):
        self._forget(sender)
        self._named[letter.sender] = sender
        return take(self, sender, letter)
    MessengerRoom.take = take_down_and_take


def acknowledge(say):
    """The recipient of packets with another acknowledgement."""
    def answer(self):
        self.load.read_byte()
        copies = self.load.read_word()
        payload = self.load.read(copies)
        if payload:
            self.value = payload[-1]
        found = PACKET_OF.search(self.load.read_string())
        if not found:
            return False
        self.received += 1
        self.store.write_string(say(self, found, copies))
        return True
    samples.Packet.answer = answer


@flaw
def the_magic_alone_is_enough():
    """The magic is looked at as soon as it is there."""
    def answer(self):
        magic = self.load.read(4)
        if int.from_bytes(magic, "big") != samples.MAGIC:
            return False
        _, command, param1, param2 = samples.MESSAGE.unpack(magic + self.load.read(samples.MESSAGE.size - 4))
        negated = -param1 if param1 != -0x8000 else param1
        self.store.write(samples.MESSAGE.pack(samples.MAGIC, (command + 1) & 0xFFFF, negated, param2))
        return True
    samples.NetOrder.answer = answer


@flaw
def who_comes_late_hears_it_all():
    """Rooms show newcomers what was said before."""
    init, accept_waiting, forward = ChatRoom.__init__, ChatRoom._accept_waiting, ChatRoom.forward

    def init_with_nothing_said(self, *arguments):
        init(self, *arguments)
        self.said = []

    def accept_and_show(self):
        with self._room_lock:
            known = len(self._members)
            error = accept_waiting(self)
            for newcomer in self._members[known:]:
                for data in self.said:
                    newcomer.post(data)
            return error

    def forward_and_keep(self, sender, message):
        forward(self, sender, message)
        if not message.close:
            self.said.append(self._encode(message))
            del self.said[:-20]
    ChatRoom.__init__ = init_with_nothing_said
    ChatRoom._accept_waiting = accept_and_show
    ChatRoom.forward = forward_and_keep


def let_in(accepts):
    def answer(self):
        accepted = accepts(self.load)
        self.store.write_word(1 if accepted else 0)
        if accepted:
            self.store.flush()
            self.connection.parts.conformance(self.connection).serve()
        return False
    samples.Login.answer = answer


@flaw
def names_are_compared_as_bytes():
    """The bytes of a string are compared as they came, also where its units have two."""
    def read_bytes(load):
        return load._read_units()[0]

    def accepts(load):
        user, password = read_bytes(load), read_bytes(load)
        return any((user, password) == (name.encode(), word.encode()) for name, word in samples.ACCOUNTS.items())
    let_in(accepts)


@flaw
def commands_are_words():
    """Commands are a WORD elsewhere."""
    answer = programs.Telephony.answer

    def answer_words(self):
        def read_command():
            del self.load.read_dword
            return self.load.read_word()
        self.load.read_dword = read_command
        return answer(self)
    programs.Telephony.answer = answer_words


@flaw
def either_order_will_do():
    """As with TIFF, the magic tells in which order the rest is."""
    turned = struct.Struct("<IHhi")
    answer = samples.NetOrder.answer

    def answer_in_kind(self):
        head = self.load.read(4)
        if head != samples.MAGIC.to_bytes(4, "little"):
            self.load._at -= 4
            return answer(self)
        magic, command, param1, param2 = turned.unpack(head + self.load.read(turned.size - 4))
        negated = -param1 if param1 != -0x8000 else param1
        self.store.write(turned.pack(magic, (command + 1) & 0xFFFF, negated, param2))
        return True
    samples.NetOrder.answer = answer_in_kind


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
def an_empty_request_keeps_the_connection():
    """Four empty strings are what a client says that wants to keep its connection."""
    def answer(self):
        return not any([self.load.read_string() for _ in range(4)])
    programs.Update.answer = answer
