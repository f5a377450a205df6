"""What tests share: builds, archives on memory, a service without a socket."""

import io
import types

from mfc import Build, LoadArchive, StoreArchive
from service import classes         # noqa: F401 - what streams name
from service.conformance import Conformance
from service.types import Types

ANSI = Build(charset="ansi", bits=32)
UNICODE = Build(charset="unicode", bits=64)
ANSI_64 = Build(charset="ansi", bits=64)
MFC_6 = Build("6.0", "ansi", 32)
MFC_6_UNICODE = Build("6.0", "unicode", 32)
MFC_7 = Build("7.0", "ansi", 32)
MFC_71 = Build("7.1", "ansi", 32)
MFC_71_64 = Build("7.1", "ansi", 64)


def wire(text):
    """Bytes from hexadecimal digits, with words between double quotes standing for themselves."""
    parts = text.split('"')
    return b"".join(part.encode("ascii") if i % 2 else bytes.fromhex(part) for i, part in enumerate(parts))


def stored(build, store):
    """What *store* puts on the wire."""
    file = io.BytesIO()
    archive = StoreArchive(file, build)
    store(archive)
    archive.flush()
    return file.getvalue()


class Dripping:
    """A file that gives one byte at a time."""

    def __init__(self, data):
        self._file = io.BytesIO(data)

    def read(self, size):
        return self._file.read(1)


def load_archive(build, data, file=io.BytesIO):
    return LoadArchive(file(data), build)


def converse(data, build=ANSI, max_bytes=None, max_depth=None):
    """What a conformance service answers to a stream that then ends."""
    answer = io.BytesIO()
    load = LoadArchive(io.BytesIO(data), build, max_bytes, max_depth)
    store = StoreArchive(answer, build, max_bytes, max_depth)
    Conformance(types.SimpleNamespace(build=build, types=Types(build), load=load, store=store)).serve()
    store.flush()
    return answer.getvalue()


def string(text, build=ANSI):
    return stored(build, lambda ar: ar.write_string(text))


def request(op, *parts):
    """A request whose operands are strings, for str, or bytes as they are."""
    return op.to_bytes(2, "little") + b"".join(string(part) if isinstance(part, str) else part for part in parts)


def echo(types, data):
    return request(1, types, data)


def tell(types, data):
    return request(2, types, data)


def make(types, text):
    return request(3, types, text)
