"""Ports that listen, connections that dial: a thread for each connection, as with genuine MFC [SVC-19]."""

import dataclasses
import selectors
import socket
import threading
import time

from mfc import LoadArchive, StoreArchive

from .connection import Connection
from .types import Types

BACKLOG = 1024
RETRY_EVERY = 0.020         # seconds [SVC-20]
GIVE_UP_AFTER = 10.0


@dataclasses.dataclass
class Parts:
    """What connections are made of. Whoever wants a peer that differs in one respect puts in a class of their own."""

    load_archive: type = LoadArchive
    store_archive: type = StoreArchive
    types: type = Types
    connection: type = Connection


def converse(sock, connection, service):
    """Serves one connection from beginning to end. What happens to it is no affair of the others [SVC-18]."""
    try:
        service.serve()
        connection.end()
    except OSError:
        connection.abort()


class Port:
    """A listening socket and the service behind it."""

    def __init__(self, name, address, service, build, parts):
        self.name = name
        self.service = service
        self.build = build
        self.parts = parts
        self.listener = socket.create_server(address, backlog=BACKLOG)
        self.listener.setblocking(False)

    def accept_waiting(self):
        """Accepts all who wait, and starts serving them."""
        while True:
            try:
                sock, _ = self.listener.accept()
            except BlockingIOError:
                return
            except ConnectionError:
                continue            # gone before it was accepted
            connection = self.parts.connection(sock, self.build, self.parts)
            service = self.make_service(sock, connection)
            threading.Thread(target=converse, args=(sock, connection, service), daemon=True).start()

    def make_service(self, sock, connection):
        return self.service(connection)


def listen(ports):
    """Says where it listens, and serves for ever."""
    with selectors.DefaultSelector() as selector:
        for port in ports:
            selector.register(port.listener, selectors.EVENT_READ, port)
            print("listening", port.name, port.listener.getsockname()[1])
        print("ready", flush=True)
        while True:
            for key, _ in selector.select():
                key.data.accept_waiting()


def dial(address, count, service, build, parts):
    """Keeps *count* connections to *address*, and returns when all were refused for too long [SVC-20]."""
    print("ready", flush=True)
    dialers = [threading.Thread(target=keep_connected, args=(address, service, build, parts)) for _ in range(count)]
    for dialer in dialers:
        dialer.start()
    for dialer in dialers:
        dialer.join()


def keep_connected(address, service, build, parts):
    while (sock := connect_patiently(address)) is not None:
        connection = parts.connection(sock, build, parts)
        converse(sock, connection, service(connection))


def connect_patiently(address):
    """A connection; None if it is refused for ten seconds."""
    refused_since = None
    while (sock := connect(address)) is None:
        now = time.monotonic()
        if refused_since is None:
            refused_since = now
            print("refused, retrying", flush=True)
        elif now - refused_since > GIVE_UP_AFTER:
            return None
        time.sleep(RETRY_EVERY)
    return sock


def connect(address):
    """A connection, or None. On loopback a dial can reach itself, which counts as refused."""
    try:
        sock = socket.create_connection(address)
    except OSError:
        return None
    if sock.getsockname() == sock.getpeername():
        sock.close()
        return None
    return sock
