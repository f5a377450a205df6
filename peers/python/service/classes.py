"""The classes that the conformance service adds to the ten collections.

``text_fields`` says what stands between the parentheses of an object's text, and of which type each is.
"""

from mfc import CObject


class CAge(CObject, schema=1):
    __slots__ = ("age",)
    text_fields = (("age", "long"),)

    def __init__(self, age=0):
        self.age = age

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_long(self.age)
        else:
            self.age = ar.read_long()


class CNode(CObject, schema=3):
    __slots__ = ("value", "next")
    text_fields = (("value", "long"), ("next", "object"))

    def __init__(self, value=0, next=None):
        self.value = value
        self.next = next

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_long(self.value)
            ar.write_object(self.next)
        else:
            self.value = ar.read_long()
            self.next = ar.read_object()


class CNetMessage(CObject, schema=1):
    __slots__ = ("sender", "text", "time")
    text_fields = (("sender", "cstring"), ("text", "cstring"), ("time", "long"))

    def __init__(self, sender="", text="", time=0):
        self.sender = sender
        self.text = text
        self.time = time

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_string(self.sender)
            ar.write_string(self.text)
            ar.write_long(self.time)
        else:
            self.sender = ar.read_string()
            self.text = ar.read_string()
            self.time = ar.read_long()


class CTestPoint(CObject, schema=7):
    __slots__ = ("x", "y", "next")
    text_fields = (("x", "long"), ("y", "long"), ("next", "object"))

    def __init__(self, x=0, y=0, next=None):
        self.x = x
        self.y = y
        self.next = next

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_long(self.x)
            ar.write_long(self.y)
            ar.write_object(self.next)
        else:
            self.x = ar.read_long()
            self.y = ar.read_long()
            self.next = ar.read_object()


class CVersioned(CObject, schema=3, versionable=True):
    """Loads every schema; the body is the same in all of them."""

    __slots__ = ("value", "loaded_schema")
    text_fields = (("value", "long"),)

    def __init__(self, value=0):
        self.value = value
        self.loaded_schema = self.schema

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_long(self.value)
        else:
            self.loaded_schema = ar.get_object_schema()
            self.value = ar.read_long()


class CLetter(CObject, schema=700, versionable=True):
    """Loads every schema; before 700 there was no stamp."""

    __slots__ = ("text", "stamp", "loaded_schema")

    def __init__(self, text="", stamp=0):
        self.text = text
        self.stamp = stamp
        self.loaded_schema = self.schema

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_string(self.text)
            ar.write_long(self.stamp)
        else:
            self.loaded_schema = ar.get_object_schema()
            self.text = ar.read_string()
            self.stamp = ar.read_long() if self.loaded_schema >= 700 else 0

    @property
    def text_fields(self):
        text = ("text", "cstring")
        return (text, ("stamp", "long")) if self.loaded_schema >= 700 else (text,)
