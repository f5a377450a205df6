"""Storing: values become a stream.

A ``StoreArchive`` writes to a *file*: anything whose ``write(data)`` takes all of *data*. What the bytes are
depends on the operations alone; ``flush`` decides when they leave [L-4].
"""

import struct

from .errors import ArchiveError, Cause, LimitExceeded, NotSupported
from .wire import BIG_CLASS_BIT, BIG_TAG, CLASS_BIT, LF, LONG_TIME, MAX_INDEX, NEW_CLASS_TAG, NULL_TAG, STRING_WIDE

BUFFER_SIZE = 4096              # [BUF-1]


def _primitive(layout):
    """A method that inserts one little-endian value [3.1]."""
    pack = struct.Struct("<" + layout).pack

    def write(self, value):
        self.write(pack(value))
    return write


class StoreArchive:
    """``CArchive`` opened with ``CArchive::store``."""

    is_loading = False
    is_storing = True

    def __init__(self, file, build, max_bytes=None, max_depth=None):
        self._file = file
        self.build = build
        self.max_bytes = max_bytes      # that can be held back; None: no limit
        self.max_depth = max_depth      # of objects inside objects
        self._buffer = bytearray()
        self._held = False
        self._table = {}                # index by class or object, in order of registration [OBJ-6]
        self._depth = 0
        self.objects = []               # those of the table, in order of registration

    # Bytes

    def write(self, data):
        """``Write``: the bytes as they are."""
        self._buffer += data
        if len(self._buffer) >= BUFFER_SIZE:
            self._overflow()

    def _overflow(self):
        if not self._held:
            self.flush()
        elif self.max_bytes is not None and len(self._buffer) > self.max_bytes:
            raise LimitExceeded("message too long")

    def flush(self):
        self._held = False
        if self._buffer:
            data, self._buffer = self._buffer, bytearray()
            self._file.write(data)

    def hold(self):
        """Keeps what follows back until ``flush``, so that ``take_back`` can undo it. Returns what that needs."""
        self._held = True
        return len(self._buffer), len(self._table), len(self.objects)

    def take_back(self, mark):
        """Undoes all that was inserted since ``hold``. MFC cannot do this."""
        written, entries, objects = mark
        del self._buffer[written:]
        while len(self._table) > entries:
            self._table.popitem()
        del self.objects[objects:]
        self._depth = 0

    # Primitives [3.1]

    write_byte = _primitive("B")
    write_char = _primitive("b")
    write_word = _primitive("H")
    write_short = _primitive("h")
    write_int = _primitive("i")
    write_uint = _primitive("I")
    write_long = _primitive("i")
    write_dword = _primitive("I")
    write_float = _primitive("f")
    write_double = _primitive("d")
    write_longlong = _primitive("q")
    write_ulonglong = _primitive("Q")
    write_bool = _primitive("?")
    write_wchar = _primitive("H")

    def write_net16(self, value):
        """A WORD that is converted with htons before it is inserted [BYO-6]."""
        self.write(value.to_bytes(2, "big"))

    def write_net32(self, value):
        self.write(value.to_bytes(4, "big"))

    # Counts [5]

    def write_count(self, count):
        if count < 0xFFFF:
            self.write_word(count)
        elif count < 0xFFFFFFFF or not self.build.quad_counts:
            self.write_word(0xFFFF)
            self.write_dword(count)
        else:
            self.write_word(0xFFFF)
            self.write_dword(0xFFFFFFFF)
            self.write_ulonglong(count)

    # Strings [4]

    def write_string_length(self, length, wide):
        """What stands before the units [4.1]. 65534 cannot be a WORD: that is the wide marker [STR-6]."""
        if wide:
            self.write_byte(0xFF)
            self.write_word(STRING_WIDE)
        if length < 0xFF:
            self.write_byte(length)
        elif length < STRING_WIDE:
            self.write_byte(0xFF)
            self.write_word(length)
        else:
            self.write_byte(0xFF)
            self.write_word(0xFFFF)
            self.write_dword(length)

    def write_string(self, text):
        """A CString of this build [STR-8]."""
        if self.build.unicode:
            self.write_string_w(text)
        else:
            self.write_string_a(text.encode(self.build.code_page, "replace"))

    def write_string_w(self, text):
        """A CStringW. Its length counts units: a character beyond U+FFFF has two [STR-1]."""
        units = text.encode("utf-16-le", "surrogatepass")
        self.write_string_length(len(units) // 2, True)
        self.write(units)

    def write_string_a(self, units):
        """A CStringA: bytes."""
        self.write_string_length(len(units), False)
        self.write(units)

    def write_bstr(self, text):
        """A CComBSTR: wide in every build, counted by a DWORD [8.3]."""
        units = text.encode("utf-16-le", "surrogatepass")
        self.write_dword(len(units) // 2)
        self.write(units)

    def write_line(self, text):
        """``WriteString`` of the text and a newline: units and nothing else [STR-22]."""
        line = text + chr(LF)
        self.write(line.encode("utf-16-le", "surrogatepass") if self.build.unicode
                   else line.encode(self.build.code_page, "replace"))

    # Times [8.2]

    def write_time(self, seconds):
        if self.build.long_time:
            self.write_dword(LONG_TIME)
            self.write_longlong(seconds)
        else:
            self.write_dword(seconds & 0xFFFFFFFF)

    def write_timespan(self, seconds):
        self.write_dword(seconds & 0xFFFFFFFF)      # [VAL-7]

    write_time64 = write_longlong

    # Classes and objects [6.4]

    def write_class(self, cls):
        """``WriteClass``: a class tag alone [OBJ-21]."""
        if cls.schema is None:
            raise NotSupported(cls.__name__)        # nothing is written [OBJ-20]
        index = self._table.get(cls)
        if index is None:
            self.write_description(cls)
            self._register(cls)
        else:
            self.write_class_tag(index)

    def write_object(self, obj):
        """``WriteObject``: NULL, a back reference, or a class and a body."""
        if obj is None:
            self.write_word(NULL_TAG)
            return
        index = self._table.get(obj)
        if index is not None:
            self.write_object_tag(index)
            return
        self.write_class(type(obj))                 # its own class, never the declared one [OBJ-17]
        self._register(obj)                         # before its body: it may point to itself [OBJ-10]
        self.objects.append(obj)
        self._depth += 1
        if self.max_depth is not None and self._depth > self.max_depth:
            raise LimitExceeded("objects nested too deeply")
        obj.serialize(self)
        self._depth -= 1

    def write_description(self, cls):
        self.write_word(NEW_CLASS_TAG)
        self.write_word(cls.schema)                 # VERSIONABLE never shows [OBJ-18]
        self.write_word(len(cls.wire_name))
        self.write(cls.wire_name)

    def write_object_tag(self, index):
        if index < BIG_TAG:                         # [OBJ-1]
            self.write_word(index)
        else:
            self.write_word(BIG_TAG)
            self.write_dword(index)

    def write_class_tag(self, index):
        if index < BIG_TAG:
            self.write_word(CLASS_BIT | index)
        else:
            self.write_word(BIG_TAG)
            self.write_dword(BIG_CLASS_BIT | index)

    def _register(self, entry):
        index = len(self._table) + 1                # one counter for classes and objects [OBJ-6]
        if index > MAX_INDEX:
            raise ArchiveError(Cause.BAD_INDEX)
        self._table[entry] = index
