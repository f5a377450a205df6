"""A TCP connection with its two archives, and how it comes to an end."""

import socket
import time

from mfc import SocketFile

END_PATIENCE = 1.0          # seconds that the other side's FIN is waited for [SVC-17]

MAX_BYTES = 65 << 20        # of one request or reply, as INFO says [SVC-8]: the largest FLOOD and what stands around it
MAX_DEPTH = 10_000          # of objects inside objects; MFC's own stack ends in that region [OBJ-31]


class Connection:
    """One load archive and one store archive on one socket, for as long as it lives [SVC-2]."""

    def __init__(self, sock, build, parts):
        self._sock = sock
        self.build = build
        self.parts = parts
        self.types = parts.types(build)
        self._file = SocketFile(sock)
        self._ended = False
        self.load = parts.load_archive(self._file, build, MAX_BYTES, MAX_DEPTH)
        self.store = parts.store_archive(self._file, build, MAX_BYTES, MAX_DEPTH)

    def end(self):
        """Sends what is owed and FIN, and waits until the other side is done, so that no RST follows [SVC-17]."""
        self.half_close()
        if not self._file.ended:
            self._drain()

    def half_close(self):
        if not self._ended:
            self._ended = True
            self.store.flush()
            self._sock.shutdown(socket.SHUT_WR)

    def _drain(self):
        give_up = time.monotonic() + END_PATIENCE
        while (left := give_up - time.monotonic()) > 0:
            self._sock.settimeout(left)
            try:
                if not self._sock.recv(1 << 16):
                    return
            except TimeoutError:
                return

    def close(self):
        """At last; or at once, after a reset."""
        self._sock.close()
