"""Ports that listen, connections that dial: a thread for each connection, as with genuine MFC [SVC-19]."""

import signal
import socket
import sys
import threading
import time
import traceback

BACKLOG = 1024
SPARE_THREADS = 16          # that wait for connections, at most
RETRY_EVERY = 0.020         # seconds [SVC-20]
GIVE_UP_AFTER = 10.0


def converse(connection, service):
    """Serves one connection from beginning to end. What happens to it is no affair of the others [SVC-18]."""
    try:
        service.serve()
        connection.end()
    except OSError:
        pass                        # reset
    except Exception:               # a bug here, which must not take the thread along
        traceback.print_exc()
    finally:
        connection.close()


def listener(address):
    """A listening socket at (host, port), or at the path of a Unix socket."""
    if isinstance(address, str):
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(address)
        sock.listen(BACKLOG)
        return sock
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    sock = socket.create_server(address, family=family, backlog=BACKLOG)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)     # what it accepts inherits that
    return sock


class Port:
    """A listening socket and the service behind it.

    One thread more than there are connections waits in accept, so that a new one need not be started first.
    """

    def __init__(self, name, address, service, build, parts):
        self.name = name
        self.service = service
        self.build = build
        self.parts = parts
        self.listener = listener(address)
        self._waiting = 0           # threads in accept, or on the way there
        self._lock = threading.Lock()

    def start(self):
        with self._lock:
            self._add_thread()

    def _add_thread(self):
        try:
            threading.Thread(target=self._serve_one_after_another, daemon=True).start()
            self._waiting += 1
        except RuntimeError as error:
            print(f"thread: {error}", file=sys.stderr)              # no room for it: those that are there come back

    def _serve_one_after_another(self):
        while True:
            sock = self._accept()
            with self._lock:
                self._waiting -= 1
                if self._waiting == 0:
                    self._add_thread()
            connection = self.parts.connection(sock, self.build, self.parts)
            converse(connection, self.service(connection))
            with self._lock:
                if self._waiting >= SPARE_THREADS:
                    return
                self._waiting += 1

    def _accept(self):
        while True:
            try:
                return self.listener.accept()[0]
            except ConnectionError:
                pass                # gone before it was accepted
            except OSError as error:
                self.wait_for_room(error)

    @staticmethod
    def wait_for_room(error):
        """No descriptors are left: other connections will end."""
        print(f"accept: {error}", file=sys.stderr)
        time.sleep(RETRY_EVERY)


def place(name):
    """Where a listener is, in a word: its port, its path, or @ and its name."""
    if isinstance(name, tuple):
        return name[1]
    return "@" + name[1:].decode() if isinstance(name, bytes) else name


def listen(ports):
    """Says where it listens, and serves for ever."""
    for port in ports:
        port.start()
        print("listening", port.name, place(port.listener.getsockname()))
    print("ready", flush=True)
    while True:
        signal.pause()


def dial(address, count, build, parts):
    """Keeps *count* connections to *address*, and returns when all were refused for too long [SVC-20]."""
    print("ready", flush=True)
    dialers = [threading.Thread(target=keep_connected, args=(address, build, parts)) for _ in range(count)]
    for dialer in dialers:
        dialer.start()
    for dialer in dialers:
        dialer.join()


def keep_connected(address, build, parts):
    while (sock := connect_patiently(address)) is not None:
        connection = parts.connection(sock, build, parts)
        converse(connection, parts.conformance(connection))


def connect_patiently(address):
    """A connection; None if it is refused for ten seconds."""
    refused_since = None
    while (sock := connect(address)) is None:
        now = time.monotonic()
        if refused_since is None:
            refused_since = now
            print("refused, retrying\n", end="", flush=True)     # in one piece: other connections say it, too
        elif now - refused_since > GIVE_UP_AFTER:
            return None
        time.sleep(RETRY_EVERY)
    return sock


def connect(address):
    """A connection, or None. On loopback a dial can reach itself, which counts as refused."""
    try:
        if isinstance(address, str):
            sock = socket.socket(socket.AF_UNIX)
            sock.connect(address)
            return sock
        sock = socket.create_connection(address)
    except OSError:
        return None
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if sock.getsockname() != sock.getpeername():
            return sock
    except OSError:
        pass                        # reset as soon as made
    sock.close()
    return None
