"""The ten collections that have a ``Serialize`` of their own and can be inserted as objects [6.7, 8.4].

``c.serialize(ar)`` is the body alone; ``ar.write_object(c)`` puts tag and class name before it. Loading an array
replaces what is in it, loading a list appends, loading a map merges [COL-1].
"""

import array
import sys

from .objects import CObject


class _NumberArray(CObject):
    """Elements of one width, stored as one block."""

    __slots__ = ("items",)
    typecode = None

    def __init__(self, items=()):
        self.items = array.array(self.typecode, items)

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_count(len(self.items))
            ar.write(self.to_wire())
        else:
            self.items = array.array(self.typecode)
            count = ar.read_count()
            self.from_wire(ar.read(count * self.items.itemsize))

    def to_wire(self):
        """The elements as they stand on the wire: little-endian, also from a big-endian machine [BO-2]."""
        if sys.byteorder == "little":
            return self.items.tobytes()
        swapped = self.items[:]
        swapped.byteswap()
        return swapped.tobytes()

    def from_wire(self, data):
        self.items.frombytes(data)
        if sys.byteorder != "little":
            self.items.byteswap()


class CByteArray(_NumberArray, schema=0):
    __slots__ = ()
    typecode = "B"


class CWordArray(_NumberArray, schema=0):
    __slots__ = ()
    typecode = "H"


class CDWordArray(_NumberArray, schema=0):
    __slots__ = ()
    typecode = "I"


class CStringArray(CObject, schema=0):
    __slots__ = ("items",)

    def __init__(self, items=()):
        self.items = list(items)

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_count(len(self.items))
            for text in self.items:
                ar.write_string(text)
        else:
            self.items = []
            for _ in range(ar.read_count()):
                self.items.append(ar.read_string())


class CStringList(CObject, schema=0):
    __slots__ = ("items",)

    def __init__(self, items=()):
        self.items = list(items)

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_count(len(self.items))
            for text in self.items:
                ar.write_string(text)
        else:
            for _ in range(ar.read_count()):
                self.items.append(ar.read_string())


class CObArray(CObject, schema=0):
    __slots__ = ("items",)

    def __init__(self, items=()):
        self.items = list(items)

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_count(len(self.items))
            for obj in self.items:
                ar.write_object(obj)
        else:
            self.items = []
            for _ in range(ar.read_count()):
                self.items.append(ar.read_object())


class CObList(CObject, schema=0):
    __slots__ = ("items",)

    def __init__(self, items=()):
        self.items = list(items)

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_count(len(self.items))
            for obj in self.items:
                ar.write_object(obj)
        else:
            for _ in range(ar.read_count()):
                self.items.append(ar.read_object())


class _Map(CObject):
    """Entries are stored in the order in which they were put in; MFC's order follows its hash table [8.6]."""

    __slots__ = ("items",)

    def __init__(self, items=()):
        self.items = dict(items)


class CMapStringToString(_Map, schema=0):
    __slots__ = ()

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_count(len(self.items))
            for key, text in self.items.items():
                ar.write_string(key)
                ar.write_string(text)
        else:
            for _ in range(ar.read_count()):
                key = ar.read_string()
                self.items[key] = ar.read_string()


class CMapStringToOb(_Map, schema=0):
    __slots__ = ()

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_count(len(self.items))
            for key, obj in self.items.items():
                ar.write_string(key)
                ar.write_object(obj)
        else:
            for _ in range(ar.read_count()):
                key = ar.read_string()
                self.items[key] = ar.read_object()


class CMapWordToOb(_Map, schema=0):
    __slots__ = ()

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_count(len(self.items))
            for key, obj in self.items.items():
                ar.write_word(key)
                ar.write_object(obj)
        else:
            for _ in range(ar.read_count()):
                key = ar.read_word()
                self.items[key] = ar.read_object()
