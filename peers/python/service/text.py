"""The service's text for values: writing it (``Teller``), reading it (``TextReader``).

How the text of a type looks is the type's own affair (``types.py``). What is kept here is what spans types: which
objects the connection has carried, so that they can be told as ``@k``.
"""

import re

from mfc import SERIAL_CLASSES, LimitExceeded

NUMBER = re.compile(r"-?[0-9]{1,20}(?![0-9])")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")


class BadText(Exception):
    """Status 3 [SVC-12]."""


class Teller:
    """Tells what one load archive has loaded. Lives as long as the connection does."""

    def __init__(self, load, types, max_depth):
        self._load = load
        self._types = types
        self._max_depth = max_depth
        self._depth = 0
        self._numbers = {}          # k by object
        self._told = {}             # the objects that a text has told in full, in that order
        self._pieces = []

    def tell(self, types, values):
        for obj in self._load.objects[len(self._numbers):]:
            self._numbers[obj] = len(self._numbers) + 1
        told_before = len(self._told)
        self._pieces = []
        self._depth = 0
        try:
            separator = ""
            for wire_type, value in zip(types, values):
                self.write(separator)
                wire_type.tell(self, value)
                separator = " "
        except LimitExceeded:
            while len(self._told) > told_before:    # nobody will see this text
                self._told.popitem()
            raise
        return "".join(self._pieces)

    def write(self, text):
        self._pieces.append(text)

    def write_list(self, brackets, tell, items):
        """The items between brackets, separated by commas."""
        self.write(brackets[0])
        separator = ""
        for item in items:
            self.write(separator)
            tell(item)
            separator = ","
        self.write(brackets[1])

    def write_object(self, obj):
        """In full where an object is named first, else by its number."""
        if obj is None:
            self.write("null")
        elif obj in self._told:
            self.write(f"@{self._numbers[obj]}")
        else:
            self._told[obj] = True
            self._depth += 1
            if self._depth > self._max_depth:
                raise LimitExceeded("objects nested too deeply")
            self.write(type(obj).__name__)
            body = self._types.body(type(obj))
            body.tell(self, obj)
            self._depth -= 1


class TextReader:
    """Reads the text of one MAKE request. Its ``@k`` are objects of the store archive, and behind them its own new ones."""

    def __init__(self, text, store, types, max_bytes, max_depth):
        self._text = text
        self._at = 0
        self._types = types
        self._objects = store.objects
        self._new_objects = []
        self._room = max_bytes          # for values that are larger than their text
        self._max_depth = max_depth
        self._depth = 0

    def read(self, types):
        """The values of all *types*, or BadText."""
        values = []
        for wire_type in types:
            if values:
                self.expect(" ")
            values.append(wire_type.parse(self))
        if self._at < len(self._text):
            raise BadText(f"more text than values, from character {self._at}")
        return values

    def match(self, pattern, what):
        """The match of a compiled pattern, which must stand here."""
        found = pattern.match(self._text, self._at)
        if not found:
            raise BadText(f"{what} expected at character {self._at}")
        self._at = found.end()
        return found

    def accept(self, literal):
        """Whether *literal* stands here; if so it is passed over."""
        if not self._text.startswith(literal, self._at):
            return False
        self._at += len(literal)
        return True

    def expect(self, literal):
        if not self.accept(literal):
            raise BadText(f"'{literal}' expected at character {self._at}")

    def read_number(self, low, high):
        value = int(self.match(NUMBER, "a number")[0])
        if not low <= value <= high:
            raise BadText(f"{value} is out of range")
        return value

    def read_list(self, brackets, read_item):
        """Calls *read_item* for each item between brackets."""
        self.expect(brackets[0])
        if self.accept(brackets[1]):
            return
        read_item()
        while not self.accept(brackets[1]):
            self.expect(",")
            read_item()

    def claim(self, size):
        """Makes sure that a value of *size* bytes, which its text does not hold, is within limits."""
        self._room -= size
        if self._room < 0:
            raise BadText("the values are too long")

    def read_object(self):
        if self.accept("@"):
            return self._numbered(self.read_number(1, 1 << 64))
        name = self.match(NAME, "an object")[0]
        if name == "null":
            return None
        cls = SERIAL_CLASSES.get(name.encode("ascii"))
        if cls is None:
            raise BadText(f"there is no class {name}"[:80])
        obj = cls()
        self._new_objects.append(obj)   # before its body: it may name itself
        self._depth += 1
        if self._depth > self._max_depth:
            raise BadText("objects nested too deeply")
        body = self._types.body(cls)
        body.parse_into(self, obj)
        self._depth -= 1
        return obj

    def _numbered(self, k):
        known = len(self._objects)
        if k <= known:
            return self._objects[k - 1]
        if k - known <= len(self._new_objects):
            return self._new_objects[k - known - 1]
        raise BadText(f"@{k} is not reached yet")
