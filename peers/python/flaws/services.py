"""Mistakes in the services of the article's kind: chat, login, orders and their like."""

import io

from flaws.making import flaw
from service import programs, samples
from service.chat import ChatRoom, Message
from service.programs import MessengerRoom, TalkRoom


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
