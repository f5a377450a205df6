"""A TCP connection with its two archives, and how it comes to an end."""

import socket
import time

from mfc import SocketFile

END_PATIENCE = 1.0          # seconds that the other side's FIN is waited for [SVC-17]

MAX_BYTES = 128 << 20       # of one request or reply: what INFO says [SVC-8]
MAX_DEPTH = 100_000         # of objects inside objects; peer.py gives Python the frames for it


class Connection:
    """One load archive and one store archive on one socket, for as long as it lives [SVC-2]."""

    def __init__(self, sock, build, parts):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock = sock
        self.build = build
        self.types = parts.types(build)
        file = SocketFile(sock)
        self.load = parts.load_archive(file, build, MAX_BYTES, MAX_DEPTH)
        self.store = parts.store_archive(file, build, MAX_BYTES, MAX_DEPTH)

    def end(self):
        """Sends what is owed and FIN, and closes only when the other side is done, so that no RST follows [SVC-17]."""
        self.store.flush()
        self._sock.shutdown(socket.SHUT_WR)
        self._drain()
        self._sock.close()

    def _drain(self):
        give_up = time.monotonic() + END_PATIENCE
        while (left := give_up - time.monotonic()) > 0:
            self._sock.settimeout(left)
            try:
                if not self._sock.recv(1 << 16):
                    return
            except TimeoutError:
                return

    def abort(self):
        """After a reset, or when its peer cannot be helped: nothing more is sent."""
        self._sock.close()
