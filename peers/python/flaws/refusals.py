"""Mistakes in what is refused, and how."""

import array
import os
import re
import traceback

from flaws.making import flaw
from mfc import ArchiveError, CByteArray, LoadArchive, containers, objects
from mfc.errors import Cause
from mfc.load import NEW_CLASS
from mfc.objects import SERIAL_CLASSES
from mfc.wire import BIG_CLASS_BIT, MAX_NAME, NULL_TAG
from service import conformance, programs, samples
from service.conformance import EXCEPTION, Conformance
from service.text import TextReader
from service.types import Bool


@flaw
def arrays_that_may_be_short():
    def serialize(self, ar):
        if ar.is_storing:
            return kept(self, ar)
        self.items = array.array(self.typecode)
        self.from_wire(ar.read_raw(ar.read_count() * self.items.itemsize))
        return None
    kept = containers._NumberArray.serialize
    CByteArray.serialize = serialize


@flaw
def except_pass():
    """``except Exception: pass`` around each request."""
    answer = Conformance.answer

    def answer_somehow(self):
        try:
            return answer(self)
        except Exception:
            return True
    Conformance.answer = answer_somehow


@flaw
def causes_from_zero():
    """An enum whose first member is 0 where MFC's is none."""
    reply = Conformance.reply_exception
    Conformance.reply_exception = lambda self, cause: reply(self, max(cause - 1, 0))


@flaw
def sys_exit():
    """An exception that nobody caught, and a program without a thread to lose."""
    def reply_exception(self, cause):
        os._exit(1)
    Conformance.reply_exception = reply_exception


@flaw
def arrays_are_sized_first():
    """SetSize(count), and then the elements are read into it."""
    serialize = CByteArray.serialize

    def serialize_into(self, ar):
        if ar.is_storing:
            serialize(self, ar)
            return
        data = bytearray(ar.read_count())
        at = 0
        while at < len(data):
            piece = ar.read_raw(min(len(data) - at, 4096))
            if not piece:
                raise ArchiveError(Cause.END_OF_FILE)
            data[at:at + len(piece)] = piece
            at += len(piece)
        del self.items[:]
        self.items.frombytes(data)
    CByteArray.serialize = serialize_into


@flaw
def another_class_is_generic():
    """A TypeError, for which the table of causes has no better name than the first."""
    find_class, find_object = LoadArchive._find_class, LoadArchive._find_object

    def find_class_or_generic(self, tag, requested):
        cls, schema = find_class(self, tag, None)
        if requested is not None and not issubclass(cls, requested):
            raise ArchiveError(Cause.GENERIC)
        return cls, schema

    def find_object_or_generic(self, index, requested):
        obj = find_object(self, index, None)
        if obj is not None and requested is not None and not isinstance(obj, requested):
            raise ArchiveError(Cause.GENERIC)
        return obj
    LoadArchive._find_class = find_class_or_generic
    LoadArchive._find_object = find_object_or_generic


@flaw
def lookup_errors_are_bad_classes():
    """KeyError from the classes and IndexError from the table, caught in one place."""
    def looked_up(find):
        def find_or_bad_class(self, index, *requested):
            if index >= len(self._table):
                raise ArchiveError(Cause.BAD_CLASS)
            return find(self, index, *requested)
        return find_or_bad_class
    LoadArchive._find_object = looked_up(LoadArchive._find_object)
    LoadArchive._class_at = looked_up(LoadArchive._class_at)


@flaw
def ends_are_generic():
    """EOFError is not among the exceptions that have a number."""
    reply = Conformance.reply_exception
    Conformance.reply_exception = lambda self, cause: reply(self, Cause.GENERIC if cause == Cause.END_OF_FILE else cause)


@flaw
def reasons_behind_causes():
    """The text of the exception follows its number."""
    def reply_exception(self, cause):
        self.store.write_word(EXCEPTION)
        self.store.write_word(cause)
        self.store.write_string(Cause(cause).name)
    Conformance.reply_exception = reply_exception


@flaw
def unknown_types_are_skipped():
    """filter(None, map(find, names))"""
    def load_types(self):
        names = self.load.read_string()
        return list(filter(None, map(self.types.find, names.split(","))))
    Conformance.load_types = load_types


@flaw
def anything_is_a_class():
    """What stands at the index is taken for a class; where it is an object, a KeyError ends the thread."""
    def class_at(self, index):
        if not 0 < index < len(self._table):
            raise ArchiveError(Cause.BAD_INDEX)
        return self._table[index]
    LoadArchive._class_at = class_at


@flaw
def names_to_the_prefix():
    """The first class whose name begins so."""
    class Prefixes(dict):
        def get(self, name, default=None):
            return next((cls for known, cls in self.items() if known.startswith(name)), default)
    import mfc.load
    mfc.load.SERIAL_CLASSES = Prefixes(objects.SERIAL_CLASSES)


@flaw
def references_are_of_any_class():
    """Whether it is of the class that is asked for is looked at where an object is made."""
    find_object = LoadArchive._find_object
    LoadArchive._find_object = lambda self, index, requested: find_object(self, index, None)


@flaw
def panics_at_a_strange_name():
    """``classes.get(name).unwrap()``"""
    def read_description(self):
        schema = self.read_word()
        length = self.read_word()
        if length > MAX_NAME:
            raise ArchiveError(Cause.BAD_CLASS)
        name = self.read_raw(length)
        if len(name) < length:
            raise ArchiveError(Cause.BAD_CLASS)
        cls = known.get(name)
        if cls is None:
            os._exit(101)
        if schema != cls.schema and not cls.versionable:
            raise ArchiveError(Cause.BAD_SCHEMA)
        self._register(cls)
        self._schemas[cls] = schema
        return cls
    from mfc.objects import SERIAL_CLASSES as known
    LoadArchive._read_description = read_description


@flaw
def no_class_is_a_bad_class():
    """Where a class is due 0000 is told as a bad class."""
    def read_class(self, requested=None):
        tag = self.read_tag()
        if tag == NULL_TAG:
            raise ArchiveError(Cause.BAD_CLASS)
        if tag != NEW_CLASS and not tag & BIG_CLASS_BIT:
            raise ArchiveError(Cause.BAD_INDEX)
        return self._find_class(tag, requested)
    LoadArchive.read_class = read_class


@flaw
def as_much_as_was_typed():
    """strncmp(password, typed, strlen(typed))"""
    def answer(self):
        user = self.load.read_string()
        password = self.load.read_string()
        accepted = user in samples.ACCOUNTS and samples.ACCOUNTS[user].startswith(password)
        self.store.write_word(1 if accepted else 0)
        if accepted:
            self.store.flush()
            self.connection.parts.conformance(self.connection).serve()
        return False
    samples.Login.answer = answer


@flaw
def cut_names_are_ends():
    """The name is read like all else, and its end is the end of the stream."""
    def read_description(self):
        schema = self.read_word()
        length = self.read_word()
        if length > MAX_NAME:
            raise ArchiveError(Cause.BAD_CLASS)
        cls = SERIAL_CLASSES.get(self.read(length))
        if cls is None:
            raise ArchiveError(Cause.BAD_CLASS)
        if schema != cls.schema and not cls.versionable:
            raise ArchiveError(Cause.BAD_SCHEMA)
        self._register(cls)
        self._schemas[cls] = schema
        return cls
    LoadArchive._read_description = read_description


@flaw
def either_is_enough():
    """``||`` for ``&&``"""
    def answer(self):
        user = self.load.read_string()
        password = self.load.read_string()
        accepted = user in samples.ACCOUNTS or password in samples.ACCOUNTS.values()
        self.store.write_word(1 if accepted else 0)
        if accepted:
            self.store.flush()
            self.connection.parts.conformance(self.connection).serve()
        return False
    samples.Login.answer = answer


@flaw
def sixteen_levels_are_enough():
    """A limit against those who send what has no end, chosen by what was seen."""
    init = LoadArchive.__init__

    def init_shallow(self, *arguments):
        init(self, *arguments)
        self.max_depth = 16
    LoadArchive.__init__ = init_shallow


@flaw
def causes_are_ints():
    """``ar << e->m_cause``, which is an int."""
    def reply_exception(self, cause):
        self.store.write_word(EXCEPTION)
        self.store.write_int(cause)
    Conformance.reply_exception = reply_exception


@flaw
def a_class_is_its_name_and_schema():
    """classes[name, schema]: with another schema it is a class that nobody has."""
    read_description = LoadArchive._read_description

    def read_known_description(self):
        try:
            return read_description(self)
        except ArchiveError as error:
            raise ArchiveError(Cause.BAD_CLASS if error.cause is Cause.BAD_SCHEMA else error.cause) from error
    LoadArchive._read_description = read_known_description


@flaw
def scanf_stops_where_it_will():
    """sscanf returns how many values it has found, and nobody asks what stands behind them."""
    def read(self, types):
        values = []
        for wire_type in types:
            if values:
                self.expect(" ")
            values.append(wire_type.parse(self))
        return values
    TextReader.read = read


@flaw
def strangers_are_shown_the_door():
    """if (!accepted) return; stands before what says so."""
    def answer(self):
        user = self.load.read_string()
        password = self.load.read_string()
        if samples.ACCOUNTS.get(user) == password:
            self.store.write_word(1)
            self.store.flush()
            self.connection.parts.conformance(self.connection).serve()
        return False
    samples.Login.answer = answer


@flaw
def blocks_of_any_size():
    """The limit was in a remark only."""
    programs.LARGEST_BLOCK = 0xFFFFFFFF


@flaw
def a_reference_to_a_class_is_null():
    """``table[index] as CObject``, which is null where a class stands."""
    find_object = LoadArchive._find_object

    def find_as_object(self, index, requested):
        if index < len(self._table) and isinstance(self._table[index], type):
            return None
        return find_object(self, index, requested)
    LoadArchive._find_object = find_as_object


@flaw
def operands_before_all_else():
    """The operands of MAKE are read as two strings, and looked at then."""
    def make(self):
        read_string = self.load.read_string
        names, text = read_string(), read_string()
        waiting = [names, text]
        self.load.read_string = lambda: waiting.pop(0)
        try:
            kept(self)
        finally:
            del self.load.read_string
    kept = Conformance.make
    Conformance.make = make


@flaw
def strtok_sees_no_empty_ones():
    """Between two separators that stand together, and at the ends, there is nothing for it."""
    load_types = Conformance.load_types

    def load_tokens(self):
        read_string = self.load.read_string
        self.load.read_string = lambda: ",".join(name for name in read_string().split(",") if name)
        try:
            return load_types(self)
        finally:
            del self.load.read_string
    Conformance.load_types = load_tokens


@flaw
def stderr_is_the_socket():
    """Started as inetd starts it: all three streams are the connection, and what is logged goes there, too."""
    reply_exception = Conformance.reply_exception

    def log_and_reply(self, cause):
        self.store.write(f"ERROR: {traceback.format_exc().strip().splitlines()[-1]}\n".encode())
        reply_exception(self, cause)
    Conformance.reply_exception = log_and_reply


@flaw
def statuses_in_another_order():
    """``enum Status { Ok, BadText, Refused, Exception }``."""
    conformance.REFUSED, conformance.EXCEPTION, conformance.BAD_TEXT = 2, 3, 1


class ArchiveEnd(Exception):
    pass


@flaw
def three_mistakes_are_enough():
    """Who says nothing but nonsense is cut off."""
    reply_reason = Conformance.reply_reason

    def reply_and_count(self, status, reason):
        reply_reason(self, status, reason)
        self.mistakes = getattr(self, "mistakes", 0) + 1
        if self.mistakes == 3:
            raise ArchiveEnd
    Conformance.reply_reason = reply_and_count
    serve = Conformance.serve

    def serve_until(self):
        try:
            serve(self)
        except ArchiveEnd:
            self.store.flush()
    Conformance.serve = serve_until


@flaw
def whatever_is_not_true_is_false():
    """``Boolean.parseBoolean``"""
    word = re.compile(r"[^ ,)]*")
    Bool.parse = lambda self, text: text.match(word, "a word")[0] == "true"


@flaw
def strtol_passes_over_blanks():
    """``strtol`` begins behind the white space."""
    blanks = re.compile(r" *")
    read_number = TextReader.read_number

    def read_behind_blanks(self, low, high):
        self.match(blanks, "blanks")
        return read_number(self, low, high)
    TextReader.read_number = read_behind_blanks


@flaw
def a_bool_is_zero_or_one():
    """``_ => Err(InvalidBool)``"""
    def read_bool(self):
        value = self.read_byte()
        if value > 1:
            raise ArchiveError(Cause.GENERIC)
        return value == 1
    LoadArchive.read_bool = read_bool
