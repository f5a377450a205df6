"""chat: what one member says, all others hear [15.2, SVC-22]."""

import io
import queue
import select
import socket
import threading

from mfc import ArchiveError, CStringList, LimitExceeded

from .server import Port, converse

PATIENCE = 64 << 20         # bytes that wait for a member who does not read, before it is dropped


class Message:
    """CHATTER's CMsg: Serialize is called directly, so there are no tags."""

    def __init__(self, close=0, text="", lines=()):
        self.close = close
        self.text = text
        self.lines = CStringList(lines)

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_word(self.close)
            ar.write_string(self.text)
        else:
            self.close = ar.read_word()
            self.text = ar.read_string()
        self.lines.serialize(ar)


class Member:
    """One client: the thread that serves its connection reads, and one more writes, so that nobody waits for it."""

    def __init__(self, sock, connection, room):
        self._sock = sock
        self.connection = connection
        self._room = room
        self._outbox = queue.SimpleQueue()
        self._waiting = 0           # bytes in the outbox
        self._lock = threading.Lock()

    def serve(self):
        writer = threading.Thread(target=self._write, daemon=True)
        writer.start()
        try:
            self._listen()
        finally:
            self._room.leave(self)
            self._outbox.put(None)
            writer.join()

    def _listen(self):
        try:
            while True:
                self.connection.load.begin_message()
                message = self._room.message()
                message.serialize(self.connection.load)
                if self._room.hear(self, message):
                    return
        except (ArchiveError, LimitExceeded, MemoryError):
            pass                    # an end without farewell is not announced

    def post(self, data):
        """Takes a message in its encoded form, to be sent when the member reads."""
        with self._lock:
            self._waiting += len(data)
            too_much = self._waiting > PATIENCE
        if too_much:
            self._sock.shutdown(socket.SHUT_RDWR)
        else:
            self._outbox.put(data)

    def _write(self):
        store = self.connection.store
        try:
            while (data := self._outbox.get()) is not None:
                store.write(data)
                store.flush()
                with self._lock:
                    self._waiting -= len(data)
        except OSError:
            pass                    # whoever reads from it will see


class ChatRoom(Port):
    """The port of the service: it knows who is a member."""

    message = Message

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.listener.setblocking(False)
        self._members = []
        self._room_lock = threading.RLock()

    def start(self):
        threading.Thread(target=self._let_in, daemon=True).start()

    def _let_in(self):
        while True:
            select.select([self.listener], [], [])
            error = self._accept_waiting()
            if not isinstance(error, (BlockingIOError, ConnectionError)):
                self.wait_for_room(error)

    def _accept_waiting(self):
        """Everybody is a member from the accept on. Returns what ended the accepting: commonly that nobody waits."""
        with self._room_lock:
            while True:
                try:
                    sock = self.listener.accept()[0]
                except OSError as error:
                    return error
                connection = self.parts.connection(sock, self.build, self.parts)
                member = Member(sock, connection, self)
                self._members.append(member)
                threading.Thread(target=converse, args=(connection, member), daemon=True).start()

    def hear(self, sender, message):
        """Whether that was the last that it says."""
        with self._room_lock:
            self._accept_waiting()           # who already waits is to hear it, too
            return self.take(sender, message)

    def take(self, sender, message):
        """To every other member, with the same values; a farewell is answered as well."""
        self.forward(sender, message)
        return bool(message.close)

    def forward(self, sender, message):
        data = self._encode(message)
        for member in self._members:
            if member is not sender:
                member.post(data)
        if message.close:
            sender.post(self._encode(type(message)(message.close)))

    def leave(self, member):
        with self._room_lock:
            self._members.remove(member)

    def _encode(self, message):
        """The bytes that any store archive makes of it: a message without objects depends on nothing before it."""
        memory = io.BytesIO()
        archive = self.parts.store_archive(memory, self.build)
        message.serialize(archive)
        archive.flush()
        return memory.getvalue()
