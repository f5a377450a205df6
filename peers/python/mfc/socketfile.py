"""``CSocketFile``: a connected TCP socket as the file of two archives, one for each direction [10]."""


class SocketFile:
    """Adds no byte and no buffer [SF-11]. Reading raises OSError when the peer resets, as does writing."""

    def __init__(self, sock):
        self._sock = sock
        self.ended = False          # the peer's FIN has been read

    def read(self, size):
        """What has come, at most *size* bytes; none behind the peer's FIN [SF-3]."""
        data = self._sock.recv(size)
        self.ended = not data
        return data

    def write(self, data):
        self._sock.sendall(data)
