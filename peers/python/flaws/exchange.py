"""Mistakes in who speaks when, in what is drained, and in how a connection ends."""

import contextlib
import os
import re
import select
import signal
import socket
import struct
import threading
import time

from flaws.making import flaw
from mfc import ArchiveError, LimitExceeded, LoadArchive, SocketFile, StoreArchive
from mfc.errors import Cause
from mfc.store import BUFFER_SIZE
from service import samples, server
from service.chat import ChatRoom, Member, Message
from service.conformance import BAD_TEXT, FLOOD_LIMIT, OK, REFUSED, Conformance, Quit, Refused
from service.connection import Connection
from service.programs import NumberedRoom
from service.server import Port
from service.text import BadText


@flaw
def one_recv_is_enough():
    def need(self, size):
        if len(self._buffer) - self._at < size:
            self._buffer = self._buffer[self._at:] + self._receive()
            self._at = 0
        if len(self._buffer) - self._at < size:
            raise ArchiveError(Cause.END_OF_FILE)
        return self._at
    LoadArchive._need = need


@flaw
def send_for_sendall():
    """A socket with a timeout takes what it can, and says how much that was."""
    SocketFile.write = lambda self, data: self._sock.send(data) and None
    init = SocketFile.__init__

    def init_with_timeout(self, sock):
        init(self, sock)
        sock.settimeout(60)
    SocketFile.__init__ = init_with_timeout


@flaw
def recv_for_each_request():
    """The loop over what is left in the buffer is missing: it waits for more first."""
    def at_end(self):
        chunk = self._receive()
        self._buffer = self._buffer[self._at:] + chunk
        self._at = 0
        return not self._buffer
    LoadArchive.at_end = at_end


@flaw
def the_rest_is_thrown_away():
    begin = LoadArchive.begin_message

    def begin_message(self):
        self._buffer = b""
        self._at = 0
        begin(self)
    LoadArchive.begin_message = begin_message


@flaw
def flush_when_full():
    """A buffered file is flushed when it is closed."""
    flush = StoreArchive.flush

    def flush_if_full(self):
        self._held = False
        if len(self._buffer) >= BUFFER_SIZE:
            flush(self)
    end = Connection.end

    def end_flushed(self):
        flush(self.store)
        end(self)
    StoreArchive.flush = flush_if_full
    Connection.end = end_flushed


@flaw
def closed_by_the_collector():
    """No shutdown, no drain: the socket goes when its last name does."""
    Connection.end = lambda self: self.store.flush()


@flaw
def without_threads():
    lock = threading.Lock()
    converse = server.converse

    def converse_alone(connection, service):
        with lock:
            converse(connection, service)
    server.converse = converse_alone


@flaw
def none_is_a_reply():
    """What answers a note returns None, and a status is sent for it."""
    note = Conformance.note

    def note_and_reply(self):
        note(self)
        self.reply(lambda: None)
    Conformance.note = note_and_reply


@flaw
def empty_notes_are_none():
    """``if text:``"""
    def note(self):
        text = self.load.read_string()
        if text:
            self.last_note = text
            self.notes += 1
    Conformance.note = note


@flaw
def strangers_are_turned_away_at_once():
    """Whose name is not in the list need not say a password."""
    def answer(self):
        user = self.load.read_string()
        accepted = user in samples.ACCOUNTS and samples.ACCOUNTS[user] == self.load.read_string()
        self.store.write_word(1 if accepted else 0)
        if accepted:
            self.store.flush()
            self.connection.parts.conformance(self.connection).serve()
        return False
    samples.Login.answer = answer


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


@flaw
def flushed_when_nothing_waits():
    """Replies go together as long as there is something to read; that this may be half a request was not thought of."""
    serve = Conformance.serve

    def serve_lazily(self):
        flush = self.store.flush
        self.store.flush = lambda: flush() if self.load.is_buffer_empty() else None
        serve(self)
        del self.store.flush
    Conformance.serve = serve_lazily


@flaw
def the_end_is_an_exception():
    """That the stream may end between two requests, where MFC throws as well, is not told from an end inside one."""
    def answer(self):
        self.load.begin_message()
        op = self.load.read_word()
        if op not in self.operations:
            raise Refused(f"there is no op {op}")
        self.operations[op]()
        return True
    Conformance.answer = answer


@flaw
def archives_for_each_part():
    """Login has archives of its own, and what comes behind the password gets new ones."""
    def answer(self):
        user = self.load.read_string()
        password = self.load.read_string()
        accepted = samples.ACCOUNTS.get(user) == password
        self.store.write_word(1 if accepted else 0)
        if accepted:
            self.store.flush()
            connection, old = self.connection, self.load
            connection.load = type(old)(connection._file, old.build, old.max_bytes, old.max_depth)
            connection.parts.conformance(connection).serve()
        return False
    samples.Login.answer = answer


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


def takes_for_the_end(pause):
    """A socket with a timeout of so many seconds, and TimeoutError taken for an end."""
    init = SocketFile.__init__

    def init_with_timeout(self, sock):
        init(self, sock)
        sock.settimeout(pause)

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
def a_timeout_is_the_end():
    """The timeout is there to look now and then whether the program shall end."""
    takes_for_the_end(0.02)


@flaw
def a_patience_of_150_ms():
    """``SO_RCVTIMEO``, so that nobody keeps a thread for ever."""
    takes_for_the_end(0.15)


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


@flaw
def behind_an_error_begin_anew():
    """After a bad text what has come is thrown away, as one does behind a line that was mistyped."""
    reply_reason = Conformance.reply_reason

    def reply_and_clear(self, status, reason):
        reply_reason(self, status, reason)
        if status == BAD_TEXT:
            self.load._buffer = b""
            self.load._at = 0
    Conformance.reply_reason = reply_and_clear


@flaw
def blocks_in_one_read():
    """InputStream.read(bytes), where readNBytes was meant."""
    def read_raw(self, size):
        if self._at == len(self._buffer) and size:
            self._buffer = self._receive()
            self._at = 0
        data = self._buffer[self._at:self._at + size]
        self._at += len(data)
        return bytes(data)
    LoadArchive.read_raw = read_raw


@flaw
def strangers_are_hung_up_on():
    """An op or a type that it does not know is logged, and the connection ends."""
    reply_reason = Conformance.reply_reason
    Conformance.reply_reason = lambda self, status, reason: None if status == REFUSED else reply_reason(self, status, reason)


@flaw
def let_in_without_a_flush():
    """Who is turned away is told by the close; who is let in, by the first flush that comes."""
    def answer(self):
        accepted = samples.ACCOUNTS.get(self.load.read_string()) == self.load.read_string()
        self.store.write_word(1 if accepted else 0)
        if accepted:
            self.connection.parts.conformance(self.connection).serve()
        return False
    samples.Login.answer = answer


@flaw
def products_of_32_bits():
    """count * size, as two unsigned ints have it."""
    class Dword(int):
        def __rmul__(self, other):
            return int(self) * other & 0xFFFFFFFF

    flood = Conformance.flood

    def flood_dword(self):
        read_dword = self.load.read_dword
        self.load.read_dword = lambda: Dword(read_dword())
        try:
            flood(self)
        finally:
            del self.load.read_dword
    Conformance.flood = flood_dword


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


@flaw
def the_stream_is_text():
    """Standard output, or a file from fopen(…, "w"), which Windows opens as text."""
    write = SocketFile.write
    SocketFile.write = lambda self, data: write(self, data.replace(b"\n", b"\r\n"))


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
def impostors_are_ignored():
    """``continue``, and the connection goes on."""
    take = NumberedRoom.take

    def take_or_ignore(self, sender, word):
        take(self, sender, word)
        return False
    NumberedRoom.take = take_or_ignore


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


@flaw
def handled_behind_the_loop():
    """The line that handles a message stands one level too far to the left, behind the loop that reads them."""
    answer = samples.NetOrder.answer

    def answer_the_last(self):
        load = self.load
        if load.at_end():
            return False
        while len(load._buffer) - load._at >= 2 * samples.MESSAGE.size:
            load.read(samples.MESSAGE.size)
        return answer(self)
    samples.NetOrder.answer = answer_the_last


@flaw
def sent_while_connected():
    """``if (IsConnected()) Send(…);``, where that is a recv with MSG_PEEK, for which a FIN is the end of all."""
    write = SocketFile.write

    def write_if_connected(self, data):
        try:
            connected = self._sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
        except BlockingIOError:
            connected = True
        if connected:
            write(self, data)
    SocketFile.write = write_if_connected


@flaw
def dialled_once():
    """connect() works, or the program ends."""
    server.connect_patiently = server.connect


@flaw
def up_to_the_number_before():
    """``for (i = 0; i <= (WORD) (count - 1); i++)``"""
    flood = Conformance.flood

    def flood_at_least(self):
        read_word = self.load.read_word
        self.load.read_word = lambda: (read_word() - 1 & 0xFFFF) + 1
        try:
            flood(self)
        finally:
            del self.load.read_word
    Conformance.flood = flood_at_least


@flaw
def the_variable_of_the_turn_before():
    """``try: answer = make(request)``, ``except BadText: log()``, and then ``send(answer)``, whichever that is."""
    reply, reply_reason = Conformance.reply, Conformance.reply_reason

    def reply_and_keep(self, write):
        begin = len(self.store._buffer)
        reply(self, write)
        self.answer_before = bytes(self.store._buffer[begin:])

    def reply_or_log(self, status, reason):
        if status == BAD_TEXT:
            self.store.write(self.answer_before)
        else:
            reply_reason(self, status, reason)
    Conformance.answer_before = b""
    Conformance.reply = reply_and_keep
    Conformance.reply_reason = reply_or_log


@flaw
def try_around_the_loop():
    """``try { while (true) serve(listener.accept()); } catch (IOException e) { listener.close(); }``"""
    def serve_until_one_fails(self):
        try:
            while True:
                sock = self.listener.accept()[0]
                with self._lock:
                    self._waiting -= 1
                    if self._waiting == 0:
                        self._add_thread()
                connection = self.parts.connection(sock, self.build, self.parts)
                try:
                    self.service(connection).serve()
                    connection.end()
                finally:
                    connection.close()
                with self._lock:
                    self._waiting += 1
        except OSError:
            with contextlib.suppress(OSError):      # other threads see that it is closed, and come here, too
                self.listener.shutdown(socket.SHUT_RDWR)
    server.Port._serve_one_after_another = serve_until_one_fails


@flaw
def a_short_read_is_the_last():
    """``do { n = recv(s, buffer, 4096, 0); … } while (n == 4096);``"""
    def receive(self):
        received = chunk = self._file.read(BUFFER_SIZE)
        while len(chunk) == BUFFER_SIZE:
            chunk = self._file.read(BUFFER_SIZE)
            received += chunk
        self._received += len(received)
        return received
    LoadArchive._receive = receive


@flaw
def quit_is_an_op_like_others():
    """It is confirmed, and the loop goes on."""
    Conformance.quit = lambda self: self.reply(lambda: None)


@flaw
def quit_needs_no_answer():
    """Who says farewell does not listen any more."""
    def quit_silently(self):
        raise Quit
    Conformance.quit = quit_silently


@flaw
def break_behind_the_first():
    """The loop over the members ends with the first that is not the sender."""
    def forward(self, sender, message):
        data = self._encode(message)
        for member in self._members:
            if member is not sender:
                member.post(data)
                break
        if message.close:
            sender.post(self._encode(type(message)(message.close)))
    ChatRoom.forward = forward


@flaw
def the_client_closes_first():
    """As long as the other side is there it may want something; so it is waited for, also behind QUIT."""
    def end_behind_the_other(self):
        self.store.flush()
        while not self._file.ended:
            self._file.read(1 << 16)
        self.half_close()
    Connection.end = end_behind_the_other


@flaw
def one_connection_for_each_address():
    """Who is here already is not let in a second time: ``clients[address]`` has room for one."""
    converse, half_close = server.converse, Connection.half_close
    clients = {}

    def leave(connection):
        if clients.get(connection.address) is connection:
            del clients[connection.address]

    def converse_with_one(connection, service):
        connection.address = connection._sock.getpeername()[0]
        if clients.setdefault(connection.address, connection) is not connection:
            connection.close()
            return
        try:
            converse(connection, service)
        finally:
            leave(connection)

    def leave_and_close(self):
        leave(self)                 # before the other side knows: it may come again at once
        half_close(self)
    server.converse = converse_with_one
    Connection.half_close = leave_and_close


@flaw
def the_handshake_is_over():
    """Capabilities are exchanged when a connection begins, and a state machine knows nothing of them later."""
    caps = Conformance.caps

    def caps_once(self):
        if self.knows_us:
            raise Refused("capabilities were told already")
        self.knows_us = True
        caps(self)
    Conformance.knows_us = False
    Conformance.caps = caps_once


@flaw
def who_vanishes_is_announced():
    """When a member of the chat ends without a farewell, the others hear that it has left."""
    hear, leave = ChatRoom.hear, ChatRoom.leave

    def hear_farewell(self, sender, message):
        sender.said_farewell = hear(self, sender, message)
        return sender.said_farewell

    def leave_and_tell(self, member):
        leave(self, member)
        if type(self) is ChatRoom and not member.said_farewell:
            with self._room_lock:
                for other in self._members:
                    other.post(self._encode(Message(0, "somebody has left")))
    Member.said_farewell = False
    ChatRoom.hear = hear_farewell
    ChatRoom.leave = leave_and_tell


@flaw
def thrown_out_by_the_next_login():
    """Who logs in elsewhere is logged out here, and its connection is closed."""
    take = NumberedRoom.take

    def take_and_throw_out(self, sender, word):
        before = dict(self._numbered)
        over = take(self, sender, word)
        for number, one in before.items():
            if self._numbered.get(number, one) is not one:
                with contextlib.suppress(OSError):
                    one._sock.shutdown(socket.SHUT_RDWR)
        return over
    NumberedRoom.take = take_and_throw_out


@flaw
def notes_of_everybody():
    """static int notes; static CString last;"""
    init = Conformance.__init__
    Conformance.notes = 0
    Conformance.last_note = ""

    def init_without_notes(self, connection):
        init(self, connection)
        del self.notes, self.last_note

    def note(self):
        Conformance.last_note = self.load.read_string()
        Conformance.notes += 1
    Conformance.__init__ = init_without_notes
    Conformance.note = note


@flaw
def said_again_when_nothing_comes():
    """A message that nobody has answered is lost, as with UDP."""
    def read(self, size):
        said = self.__dict__.pop("said", None)
        if said and not select.select([self._sock], [], [], 0.02)[0]:
            self._sock.sendall(said)
        data = self._sock.recv(size)
        self.ended = not data
        return data

    def write(self, data):
        self.said = bytes(data)
        self._sock.sendall(data)
    SocketFile.read = read
    SocketFile.write = write


@flaw
def the_acceptor_looks_first():
    """What kind of client it is shows in its first byte, which is waited for before there is a thread for it."""
    def accept(self):
        sock = self.listener.accept()[0]
        sock.recv(1, socket.MSG_PEEK)
        return sock

    def serve_for_ever(self):
        while True:
            sock = accept(self)
            connection = self.parts.connection(sock, self.build, self.parts)
            threading.Thread(target=server.converse, args=(connection, self.service(connection)), daemon=True).start()
    Port._serve_one_after_another = serve_for_ever


@flaw
def told_notes_are_gone():
    """What has been told is taken out of the list."""
    tell_notes = Conformance.tell_notes

    def tell_and_clear(self):
        tell_notes(self)
        self.notes, self.last_note = 0, ""
    Conformance.tell_notes = tell_and_clear


@flaw
def ops_are_bytes():
    """The op is a byte, and behind it stands one that is reserved."""
    answer = Conformance.answer

    def answer_low(self):
        load = self.load
        read_word = load.read_word

        def read_op():
            del load.read_word
            return read_word() & 0xFF
        load.read_word = read_op
        try:
            return answer(self)
        finally:
            load.__dict__.pop("read_word", None)
    Conformance.answer = answer_low


@flaw
def the_whole_buffer_was_received():
    """``stream.Read(buffer)``, and then all of *buffer*: what it returns is not looked at."""
    init = SocketFile.__init__

    def init_with_buffer(self, sock):
        init(self, sock)
        self._received = bytearray(256)

    def read(self, size):
        count = self._sock.recv_into(self._received)
        self.ended = not count
        return bytes(self._received) if count else b""
    SocketFile.__init__ = init_with_buffer
    SocketFile.read = read


@flaw
def gives_up_when_refused():
    def connect_once(address):
        sock = server.connect(address)
        if sock is None:
            print("refused, retrying\n", end="", flush=True)
        return sock
    server.connect_patiently = connect_once


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
