"""The sample services: packet, login and netorder. Malformed or cut input ends the connection in silence.

``chat``, whose connections have to do with each other, stands in ``chat.py``.
"""

import re
import struct

from mfc import ArchiveError, LimitExceeded

PACKET = re.compile(r"packet [0-9]+ of ([0-9]+)")
MAGIC = 0x4D464331
MESSAGE = struct.Struct(">IHhi")        # magic, command, param1, param2 [BYO-5]
ACCOUNTS = {"guest": "guest"}


class SampleService:
    """Serves until its stream ends, whether it ends well or not."""

    def __init__(self, connection):
        self.connection = connection
        self.load = connection.load
        self.store = connection.store

    def serve(self):
        try:
            self.load.begin_message()
            while self.answer():
                self.store.flush()
                self.load.begin_message()
        except (ArchiveError, LimitExceeded, MemoryError):
            pass

    def answer(self):
        """One message; False when it is the last."""
        raise NotImplementedError


class Packet(SampleService):
    """The recipient of the article's packets [15.1, SVC-21]."""

    def __init__(self, connection):
        super().__init__(connection)
        self.received = 0
        self.value = 0              # the last payload byte ever read [PRO-1]

    def answer(self):
        self.load.read_byte()
        copies = self.load.read_word()
        payload = self.load.read(copies)
        if payload:
            self.value = payload[-1]
        found = PACKET.search(self.load.read_string())
        if not found:
            return False
        self.received += 1
        self.store.write_string(f"Recipient received packet {self.received} of {found[1]}"
                                f" (Value = {self.value}, Copies = {copies})")
        return True


class Login(SampleService):
    """A password first, the conformance service behind it, on the same archives [SVC-23]."""

    def answer(self):
        user = self.load.read_string()
        password = self.load.read_string()
        accepted = ACCOUNTS.get(user) == password
        self.store.write_word(1 if accepted else 0)
        if accepted:
            self.store.flush()
            self.connection.parts.conformance(self.connection).serve()
        return False


class NetOrder(SampleService):
    """A server that knows nothing of MFC: fields in network order, no strings, no objects [14, SVC-24]."""

    def answer(self):
        magic, command, param1, param2 = MESSAGE.unpack(self.load.read(MESSAGE.size))
        if magic != MAGIC:
            return False
        negated = -param1 if param1 != -0x8000 else param1
        self.store.write(MESSAGE.pack(magic, (command + 1) & 0xFFFF, negated, param2))
        return True
