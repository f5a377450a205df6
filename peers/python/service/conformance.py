"""The conformance service: ten operations on two archives."""

from mfc import ArchiveError, LimitExceeded, NotSupported

from .connection import MAX_BYTES, MAX_DEPTH
from .text import BadText, Teller, TextReader

IMPLEMENTATION = "arcwire-python 1"

OK, REFUSED, EXCEPTION, BAD_TEXT = 0, 1, 2, 3

NO_ARCHIVE_EXCEPTION = 0        # as cause
FLOOD_LIMIT = 64 << 20          # [SVC-9]
FLOOD_PIECE = 64 << 10
ALL_BYTES = bytes(range(256)) * (FLOOD_PIECE // 256 + 1)


class Refused(Exception):
    """Status 1 [SVC-10]."""


class Quit(Exception):
    """The connection is to end [SVC-16]."""


class Conformance:
    teller_class = Teller
    text_reader_class = TextReader

    def __init__(self, connection):
        self.connection = connection
        self.build = connection.build
        self.load = connection.load
        self.store = connection.store
        self.types = connection.types
        self.teller = self.teller_class(self.load, self.types, MAX_DEPTH)
        self.notes = 0
        self.last_note = ""
        self.operations = {
            1: self.echo, 2: self.tell, 3: self.make, 4: self.next, 5: self.note,
            6: self.tell_notes, 7: self.flood, 8: self.quit, 9: self.caps, 10: self.info,
        }

    def serve(self):
        """Answers requests until the stream ends where one would begin, or one cannot be gone on from."""
        while True:
            try:
                if not self.answer():
                    return
            except Quit:
                return
            except Refused as refusal:
                self.reply_reason(REFUSED, refusal)
                return
            except BadText as complaint:
                self.reply_reason(BAD_TEXT, complaint)
            except ArchiveError as error:
                self.reply_exception(error.cause)
                return
            except (LimitExceeded, NotSupported, MemoryError):
                self.reply_exception(NO_ARCHIVE_EXCEPTION)
                return
            self.store.flush()              # nothing may wait for further bytes [SVC-3]

    def answer(self):
        """One request. False at the end of the stream [SVC-13]."""
        self.load.begin_message()
        if self.load.at_end():
            return False
        op = self.load.read_word()
        if op not in self.operations:
            raise Refused(f"there is no op {op}")
        self.operations[op]()
        return True

    # Replies. Nothing of them leaves before the request is loaded in full [SVC-5].

    def reply(self, write):
        """Status 0 and what *write* inserts; all of it or, beyond a limit, nothing."""
        mark = self.store.hold()
        try:
            self.store.write_word(OK)
            write()
        except LimitExceeded as limit:
            self.store.take_back(mark)
            raise BadText(limit) from limit

    def reply_reason(self, status, reason):
        self.store.write_word(status)
        self.store.write_string(str(reason))

    def reply_exception(self, cause):
        self.store.write_word(EXCEPTION)
        self.store.write_word(cause)

    # Requests

    def load_types(self):
        """The types that a request names; refused as soon as one is unknown [SVC-10]."""
        names = self.load.read_string()
        types = []
        for name in names.split(",") if names else ():
            wire_type = self.types.find(name)
            if wire_type is None:
                raise Refused("there is no type '" + name[:40].encode("ascii", "replace").decode("ascii") + "'")
            types.append(wire_type)
        return types

    def store_values(self, types, values):
        for wire_type, value in zip(types, values):
            wire_type.store(self.store, value)

    def echo(self):
        types = self.load_types()
        values = [wire_type.load(self.load) for wire_type in types]
        self.reply(lambda: self.store_values(types, values))

    def tell(self):
        types = self.load_types()
        values = [wire_type.load(self.load) for wire_type in types]
        try:
            text = self.teller.tell(types, values)
        except LimitExceeded as limit:
            raise BadText(limit) from limit
        self.reply(lambda: self.store.write_string(text))

    def make(self):
        types = self.load_types()
        text = self.load.read_string()
        values = self.text_reader_class(text, self.store, self.types, MAX_BYTES, MAX_DEPTH).read(types)
        self.reply(lambda: self.store_values(types, values))

    def next(self):
        n = self.load.read_dword()
        self.reply(lambda: self.store.write_dword((n + 1) & 0xFFFFFFFF))

    def note(self):
        self.last_note = self.load.read_string()
        self.notes += 1

    def tell_notes(self):
        def write():
            self.store.write_dword(self.notes)
            self.store.write_string(self.last_note)
        self.reply(write)

    def flood(self):
        count = self.load.read_word()
        size = self.load.read_dword()
        if count * size > FLOOD_LIMIT:
            raise BadText("more than 64 MiB")
        for i in range(count):
            self.store.write_word(OK)
            self.store.write_dword(i)
            self.store.write_count(size)
            for at in range(0, size, FLOOD_PIECE):
                first = (i + at) % 256
                self.store.write(ALL_BYTES[first:first + min(FLOOD_PIECE, size - at)])

    def quit(self):
        self.store.write_word(OK)
        raise Quit

    def caps(self):
        def write():
            self.store.write_string(",".join(self.types.names()))
            self.store.write_string(self.build.generation)
            self.store.write_string(self.build.charset)
            self.store.write_word(self.build.bits)
        self.reply(write)

    def info(self):
        lines = ("service=1", f"impl={IMPLEMENTATION}", f"max-bytes={MAX_BYTES}", f"max-depth={MAX_DEPTH}")
        self.reply(lambda: self.store.write_string("\n".join(lines)))
