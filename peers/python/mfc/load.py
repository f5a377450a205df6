"""Loading: a stream becomes values.

A ``LoadArchive`` reads from a *file*: anything whose ``read(size)`` blocks until it can return between one and
*size* bytes, or returns none at the end of the stream. A ``SocketFile`` is one, ``io.BytesIO`` another.

The archive takes what has come and keeps what it does not need yet, so a program must go on extracting until
nothing is left, or ask ``is_buffer_empty`` [BUF-12]. No length that a stream claims is believed: memory is taken
as bytes arrive.
"""

import struct

from .errors import ArchiveError, Cause, LimitExceeded
from .objects import SERIAL_CLASSES
from .wire import BIG_CLASS_BIT, BIG_TAG, CLASS_BIT, CR, LF, LONG_TIME, MAX_INDEX, MAX_NAME, NEW_CLASS_TAG, STRING_WIDE

READ_SIZE = 64 * 1024
LINE_CHUNK = 128                # units that ReadString takes at a time [STR-28]
NEW_CLASS = -1                  # read_tag: a class description follows


def _primitive(layout):
    """A method that extracts one little-endian value [3.1]."""
    codec = struct.Struct("<" + layout)
    size = codec.size
    unpack = codec.unpack_from

    def read(self):
        at = self._at
        if len(self._buffer) - at < size:
            at = self._need(size)
        self._at = at + size
        return unpack(self._buffer, at)[0]
    return read


class LoadArchive:
    """``CArchive`` opened with ``CArchive::load``."""

    is_loading = True
    is_storing = False

    def __init__(self, file, build, max_bytes=None, max_depth=None):
        self._file = file
        self.build = build
        self.max_bytes = max_bytes      # of one message; None: no limit
        self.max_depth = max_depth      # of objects inside objects
        self._buffer = b""
        self._at = 0                    # offset of the next unread byte
        self._received = 0              # since the message began
        self._table = [None]            # classes and objects by index; 0 is NULL [OBJ-6]
        self._schemas = {}              # by class: the number in this stream [SCH-3]
        self._schema = -1               # for get_object_schema
        self._depth = 0
        self.objects = []               # those of the table, in order of registration

    # Bytes

    def is_buffer_empty(self):
        return self._at == len(self._buffer)

    def at_end(self):
        """Whether the stream ends here; waits for a byte or the end. In MFC only an exception tells."""
        if self._at == len(self._buffer):
            self._buffer = self._receive()
            self._at = 0
        return not self._buffer

    def begin_message(self):
        """What is read from here on counts towards ``max_bytes``."""
        self._received = len(self._buffer) - self._at

    def _receive(self):
        if self.max_bytes is not None and self._received > self.max_bytes:
            raise LimitExceeded("message too long")
        chunk = self._file.read(READ_SIZE)
        self._received += len(chunk)
        return chunk

    def _need(self, size):
        """Sees to it that *size* bytes are unread, and returns the offset of the first."""
        while len(self._buffer) - self._at < size:
            chunk = self._receive()
            if not chunk:
                raise ArchiveError(Cause.END_OF_FILE)   # what is there stays [N1]
            self._buffer = self._buffer[self._at:] + chunk
            self._at = 0
        return self._at

    def read_raw(self, size):
        """``Read``: *size* bytes; fewer only at the end of the stream [BUF-21]."""
        at = self._at
        if size <= len(self._buffer) - at:
            self._at = at + size
            return self._buffer[at:at + size]
        data = bytearray(self._buffer[at:])
        self._buffer = b""
        self._at = 0
        while len(data) < size:
            chunk = self._receive()
            if not chunk:
                break
            missing = size - len(data)
            if len(chunk) > missing:
                self._buffer = chunk
                self._at = missing
            data += chunk[:missing]
        return bytes(data)

    def read(self, size):
        """*size* bytes, or archive exception 3."""
        data = self.read_raw(size)
        if len(data) < size:
            raise ArchiveError(Cause.END_OF_FILE)
        return data

    # Primitives [3.1]

    read_byte = _primitive("B")
    read_char = _primitive("b")
    read_word = _primitive("H")
    read_short = _primitive("h")
    read_int = _primitive("i")
    read_uint = _primitive("I")
    read_long = _primitive("i")
    read_dword = _primitive("I")
    read_float = _primitive("f")
    read_double = _primitive("d")
    read_longlong = _primitive("q")
    read_ulonglong = _primitive("Q")
    read_bool = _primitive("?")             # any byte but 00 is true
    read_wchar = _primitive("H")

    def read_net16(self):
        """A WORD that was converted with htons before it was inserted [BYO-6]."""
        return int.from_bytes(self.read(2), "big")

    def read_net32(self):
        return int.from_bytes(self.read(4), "big")

    # Counts [5]

    def read_count(self):
        count = self.read_word()
        if count == 0xFFFF:
            count = self.read_dword()
            if count == 0xFFFFFFFF and self.build.quad_counts:
                count = self.read_ulonglong()
        return count

    # Strings [4]

    def read_string_length(self):
        """Returns the number of units, and whether they are wide [4.3]. Longer forms than needed will do [STR-12]."""
        if not self.build.quad_strings:
            return self._read_string_length_6()
        wide = False
        length = self.read_byte()
        if length < 0xFF:
            return length, wide
        length = self.read_word()
        if length == STRING_WIDE:
            wide = True
            length = self.read_byte()
            if length < 0xFF:
                return length, wide
            length = self.read_word()       # here FFFE is a length
        if length < 0xFFFF:
            return length, wide
        length = self.read_dword()
        if length < 0xFFFFFFFF:
            return length, wide
        return self._limit_string_length(self.read_ulonglong()), wide

    def _limit_string_length(self, length):
        if self.build.bits == 32:
            if length > 0x7FFFFFFF:
                raise ArchiveError(Cause.GENERIC)       # [STR-7, N7]
        elif self.build.cuts_quad_lengths:
            length &= 0xFFFFFFFF
        return length

    def _read_string_length_6(self):
        """Up to 6.0: the wide marker is the length FFFFFFFF, and what follows it is read the same way."""
        length = self._read_unmarked_length_6()
        if length != 0xFFFFFFFF:
            return length, False
        length = self._read_unmarked_length_6()
        if length == 0xFFFFFFFF:
            raise MemoryError("a string of FFFFFFFF units")
        return length, True

    def _read_unmarked_length_6(self):
        length = self.read_byte()
        if length < 0xFF:
            return length
        length = self.read_word()
        if length == STRING_WIDE:
            return 0xFFFFFFFF
        return self.read_dword() if length == 0xFFFF else length

    def _read_units(self):
        length, wide = self.read_string_length()
        return self.read(length * 2 if wide else length), wide

    def _read_text(self, into_wide):
        """A str from either width, cut where a string object of width *into_wide* would be."""
        units, wide = self._read_units()
        text = units.decode("utf-16-le", "surrogatepass") if wide else units.decode(self.build.code_page, "replace")
        return text.partition("\0")[0] if self.build.cuts_at_nul(wide != into_wide) else text

    def read_string(self):
        """A CString of this build, from either width [STR-16]."""
        return self._read_text(self.build.unicode)

    def read_string_w(self):
        return self._read_text(True)

    def read_string_a(self):
        """A CStringA: bytes. Units that the code page lacks become question marks [STR-18]."""
        units, wide = self._read_units()
        if wide:
            units = units.decode("utf-16-le", "surrogatepass").encode(self.build.code_page, "replace")
        return units.partition(b"\0")[0] if self.build.cuts_at_nul(wide) else units

    def read_bstr(self):
        """A CComBSTR: wide in every build, counted by a DWORD [8.3]."""
        return self.read(self.read_dword() * 2).decode("utf-16-le", "surrogatepass")

    def read_line(self):
        """``ReadString(CString&)``. Where that has nothing to return, archive exception 3 [STR-28]."""
        line = []
        full = True
        while full:
            chunk = self._read_line_chunk()
            line += chunk
            full = len(chunk) == LINE_CHUNK and chunk[-1] != LF
        if not line:
            raise ArchiveError(Cause.END_OF_FILE)
        if line[-1] == LF:
            line.pop()
        return "".join(map(chr, line)) if self.build.unicode else bytes(line).decode(self.build.code_page, "replace")

    def _read_line_chunk(self):
        """``ReadString(buffer, -LINE_CHUNK)``: the newline is kept; of CR and a unit, the unit [STR-23, STR-25]."""
        read_unit = self.read_word if self.build.unicode else self.read_byte
        chunk = []
        try:
            while len(chunk) < LINE_CHUNK:
                unit = read_unit()
                if unit == CR:
                    chunk.append(read_unit())
                    break
                chunk.append(unit)
                if unit == LF:
                    break
        except ArchiveError as error:
            if error.cause is not Cause.END_OF_FILE:    # which ends a line, too [STR-26]
                raise
        return chunk

    # Times [8.2]

    def read_time(self):
        if not self.build.long_time:
            return self.read_long()
        start = self.read_dword()
        if start == LONG_TIME:
            return self.read_longlong()
        return start - (start >> 31 << 32)      # as up to 7.1: signed [N36]

    read_timespan = read_long
    read_time64 = read_longlong

    # Classes and objects [6.5]

    def read_tag(self):
        """The tag as a DWORD has it, bit 31 saying that it is a class; or NEW_CLASS [6.2]."""
        tag = self.read_word()
        if tag == NEW_CLASS_TAG:
            return NEW_CLASS
        if tag == BIG_TAG:
            return self.read_dword()            # small indexes, too [OBJ-3]
        return (tag & CLASS_BIT) << 16 | tag & ~CLASS_BIT

    def read_class(self, requested=None):
        """``ReadClass``: a class, and its schema number in this stream. No object follows [OBJ-21]."""
        tag = self.read_tag()
        if tag != NEW_CLASS and not tag & BIG_CLASS_BIT:
            raise ArchiveError(Cause.BAD_INDEX)
        return self._find_class(tag, requested)

    def read_object(self, requested=None):
        """``ReadObject``: None, an object met before, or a new one; *requested* is its class or a base of it."""
        tag = self.read_tag()
        if tag != NEW_CLASS and not tag & BIG_CLASS_BIT:
            return self._find_object(tag, requested)
        cls, schema = self._find_class(tag, requested)
        obj = cls()
        self._register(obj)                     # before its body: it may point to itself [OBJ-10]
        self.objects.append(obj)
        self._depth += 1
        if self.max_depth is not None and self._depth > self.max_depth:
            raise LimitExceeded("objects nested too deeply")
        outer = self._schema                    # [SCH-2]
        self._schema = schema
        obj.serialize(self)
        self._schema = outer
        self._depth -= 1
        return obj

    def get_object_schema(self):
        """The schema number of the object that is being loaded. It can be asked for once [SCH-1]."""
        schema = self._schema
        self._schema = -1
        return schema

    def _find_class(self, tag, requested):
        cls = self._read_description() if tag == NEW_CLASS else self._class_at(tag & ~BIG_CLASS_BIT)
        if requested is not None and not issubclass(cls, requested):
            raise ArchiveError(Cause.BAD_CLASS)
        return cls, self._schemas[cls]

    def _read_description(self):
        """What follows FFFF: schema, length, name. The class takes an index, also if it had one [OBJ-26]."""
        schema = self.read_word()
        length = self.read_word()
        if length > MAX_NAME:
            raise ArchiveError(Cause.BAD_CLASS)         # the name stays unread
        name = self.read_raw(length)
        cls = SERIAL_CLASSES.get(name) if len(name) == length else None     # a cut name is 6, not 3
        if cls is None:
            raise ArchiveError(Cause.BAD_CLASS)
        if schema != cls.schema and not cls.versionable:
            raise ArchiveError(Cause.BAD_SCHEMA)
        self._register(cls)
        self._schemas[cls] = schema
        return cls

    def _register(self, entry):
        if len(self._table) >= MAX_INDEX:
            raise ArchiveError(Cause.BAD_INDEX)
        self._table.append(entry)

    def _class_at(self, index):
        if not 0 < index < len(self._table):
            raise ArchiveError(Cause.BAD_INDEX)
        entry = self._table[index]
        if not isinstance(entry, type):
            raise ArchiveError(Cause.BAD_INDEX)         # MFC looks from 9 on
        return entry

    def _find_object(self, index, requested):
        if index >= len(self._table):
            raise ArchiveError(Cause.BAD_INDEX)         # never a new object [OBJ-22]
        entry = self._table[index]
        if isinstance(entry, type):
            raise ArchiveError(Cause.BAD_INDEX)
        if entry is not None and requested is not None and not isinstance(entry, requested):
            raise ArchiveError(Cause.BAD_CLASS)
        return entry
