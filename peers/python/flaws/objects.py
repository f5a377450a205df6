"""Mistakes with objects, their tables, classes and schemas."""

import copy
import io

from flaws.making import flaw
from mfc import (
    ArchiveError, CMapStringToString, CObArray, CObList, CStringArray, CStringList, LimitExceeded, LoadArchive, NotSupported, StoreArchive,
    objects)
from mfc.errors import Cause
from mfc.load import NEW_CLASS
from mfc.objects import SERIAL_CLASSES
from mfc.wire import BIG_CLASS_BIT, BIG_TAG, CLASS_BIT, NEW_CLASS_TAG, NULL_TAG
from service import classes
from service.classes import CLetter
from service.conformance import BAD_TEXT, Conformance
from service.connection import Connection
from service.programs import NetMessage
from service.text import BadText, Teller, TextReader
from service.types import ClassTag, Collection


@flaw
def indexes_begin_at_zero():
    def register(self, entry):
        self._table[entry] = len(self._table)
    StoreArchive._register = register


@flaw
def tables_of_the_class():
    """A dict in the class body, which all connections share."""
    shared = {}
    init = StoreArchive.__init__

    def init_shared(self, *arguments):
        init(self, *arguments)
        self._table = shared
    StoreArchive.__init__ = init_shared


@flaw
def a_table_for_each_request():
    begin = LoadArchive.begin_message

    def begin_message(self):
        begin(self)
        self._table = [None]
        self._schemas = {}
    LoadArchive.begin_message = begin_message


@flaw
def equal_is_the_same():
    """Objects with __eq__ and __hash__, such as a dataclass has, in a dict."""
    classes.CAge.__eq__ = lambda self, other: isinstance(other, classes.CAge) and self.age == other.age
    classes.CAge.__hash__ = lambda self: hash(self.age)


@flaw
def empty_is_none():
    """``if not obj`` where ``if obj is None`` is meant."""
    write_object = StoreArchive.write_object

    def write_unless_false(self, obj):
        if obj is None or not getattr(obj, "items", True):
            self.write_word(NULL_TAG)
        else:
            write_object(self, obj)
    StoreArchive.write_object = write_unless_false


@flaw
def described_every_time():
    def write_class(self, cls):
        if cls.schema is None:
            raise NotSupported(cls.__name__)
        self.write_description(cls)
        self._table.pop(cls, None)
        self._table[cls] = len(self._table) + 1
    StoreArchive.write_class = write_class


@flaw
def wide_class_names():
    def write_description(self, cls):
        self.write_word(NEW_CLASS_TAG)
        self.write_word(cls.schema)
        self.write_word(len(cls.wire_name))
        self.write(cls.wire_name.decode("ascii").encode("utf-16-le"))
    StoreArchive.write_description = write_description


@flaw
def any_schema():
    read_description = LoadArchive._read_description

    def read_versionable(self):
        kept = {cls: cls.versionable for cls in objects.SERIAL_CLASSES.values()}
        for cls in kept:
            cls.versionable = True
        try:
            return read_description(self)
        finally:
            for cls, versionable in kept.items():
                cls.versionable = versionable
    LoadArchive._read_description = read_versionable


@flaw
def negative_indexes_count_from_the_end():
    """table[index - 1]: 0 is the last entry."""
    def find_object(self, index, requested):
        try:
            return self._table[index] if index else None
        except IndexError:
            return self._table[-1]
    LoadArchive._find_object = find_object


@flaw
def a_member_forgotten():
    """m_time came with the second version of the class, and only its reader was changed."""
    def serialize(self, ar):
        if ar.is_storing:
            ar.write_string(self.sender)
            ar.write_string(self.text)
        else:
            self.sender = ar.read_string()
            self.text = ar.read_string()
            self.time = ar.read_long()
    classes.CNetMessage.serialize = serialize


@flaw
def tags_are_words():
    """What 7FFF means is told in a footnote."""
    def read_tag(self):
        tag = self.read_word()
        return NEW_CLASS if tag == NEW_CLASS_TAG else (tag & CLASS_BIT) << 16 | tag & ~CLASS_BIT
    LoadArchive.read_tag = read_tag


@flaw
def known_classes_take_no_index():
    """``if cls not in self._table: self._table.append(cls)``"""
    register = LoadArchive._register

    def register_once(self, entry):
        if not (isinstance(entry, type) and entry in self._table):
            register(self, entry)
    LoadArchive._register = register_once


@flaw
def arrays_through_memory():
    """Elements go into an archive of their own, on a file in memory, whose bytes are then copied."""
    serialize = CObArray.serialize

    def serialize_apart(self, ar):
        if ar.is_loading:
            serialize(self, ar)
            return
        memory = io.BytesIO()
        apart = type(ar)(memory, ar.build, ar.max_bytes, ar.max_depth)
        serialize(self, apart)
        apart.flush()
        ar.write(memory.getvalue())
    CObArray.serialize = serialize_apart


@flaw
def the_class_before():
    """Remembered is the class that was written last; where it changes, the new one is described."""
    def write_class(self, cls):
        if getattr(self, "_class_before", None) is cls and cls in self._table:
            self.write_class_tag(self._table[cls])
            return
        if cls in self._table:
            self._table[object()] = None            # its old index stays taken
            del self._table[cls]
        self.write_description(cls)
        self._table[cls] = len(self._table) + 1
        self._class_before = cls
    StoreArchive.write_class = write_class


@flaw
def the_service_has_its_own_copy():
    """copy.deepcopy of what came, so that the caller keeps its own."""
    def echo(self):
        types = self.load_types()
        loaded = copy.deepcopy([wire_type.load(self.load) for wire_type in types])
        self.reply(lambda: self.store_values(types, loaded))
    Conformance.echo = echo


@flaw
def schema_1_everywhere():
    """IMPLEMENT_SERIAL copied from one class to the next."""
    classes.CTestPoint.schema = 1


@flaw
def names_regardless_of_case():
    """lstrcmpi, as for everything that has a name on Windows."""
    class Folded(dict):
        def get(self, name, default=None):
            return next((cls for known, cls in self.items() if known.lower() == name.lower()), default)
    import mfc.load
    mfc.load.SERIAL_CLASSES = Folded(SERIAL_CLASSES)


@flaw
def a_list_of_causes_with_a_gap():
    """writeOnly was left out of the enum, and what follows it moves up."""
    reply_exception = Conformance.reply_exception
    Conformance.reply_exception = lambda self, cause: reply_exception(self, cause - 1 if cause > Cause.WRITE_ONLY else cause)


@flaw
def the_class_bit_of_a_word():
    """In a DWORD the bit moves to its top, which is easily overlooked."""
    def write_class_tag(self, index):
        if index < BIG_TAG:
            self.write_word(CLASS_BIT | index)
        else:
            self.write_word(BIG_TAG)
            self.write_dword(CLASS_BIT | index)
    StoreArchive.write_class_tag = write_class_tag


@flaw
def references_take_an_index():
    """``self._table.append(obj)`` stands behind both ways to come by an object."""
    find_object = LoadArchive._find_object

    def find_and_register(self, index, requested):
        obj = find_object(self, index, requested)
        if obj is not None:
            self._register(obj)
        return obj
    LoadArchive._find_object = find_and_register


@flaw
def a_memo_for_each_graph():
    """As pickle.dumps has it: what it remembers is forgotten when the outermost object is written."""
    write_object = StoreArchive.write_object

    def write_graph(self, obj):
        if self._depth == 0:
            self._table.clear()
        write_object(self, obj)
    StoreArchive.write_object = write_graph


@flaw
def leaves_are_not_looked_up():
    """Only what points to others can be part of a ring; all else is written as it comes."""
    leaves = (classes.CAge, classes.CNetMessage, classes.CVersioned, classes.CLetter)
    write_object = StoreArchive.write_object

    def write_leaf(self, obj):
        if not (isinstance(obj, leaves) and obj in self._table):
            write_object(self, obj)
            return
        self._table[object()] = self._table.pop(obj)        # its old index stays taken
        self.write_class(type(obj))
        self._register(obj)
        obj.serialize(self)
    StoreArchive.write_object = write_leaf


@flaw
def schemas_or_1():
    """``schema or 1``: 0 is false."""
    def write_description(self, cls):
        self.write_word(NEW_CLASS_TAG)
        self.write_word(cls.schema or 1)
        self.write_word(len(cls.wire_name))
        self.write(cls.wire_name)
    StoreArchive.write_description = write_description


@flaw
def a_copy_for_each_reference():
    """copy.copy, so that nobody changes what another holds."""
    find_object = LoadArchive._find_object
    LoadArchive._find_object = lambda self, index, requested: copy.copy(find_object(self, index, requested))


@flaw
def tags_up_to_7fff():
    def write_object_tag(self, index):
        if index <= BIG_TAG:
            self.write_word(index)
        else:
            self.write_word(BIG_TAG)
            self.write_dword(index)
    StoreArchive.write_object_tag = write_object_tag


@flaw
def registered_behind_the_body():
    """The table learns of an object when it has been written."""
    def write_object(self, obj):
        if obj is None:
            self.write_word(NULL_TAG)
            return
        index = self._table.get(obj)
        if index is not None:
            self.write_object_tag(index)
            return
        self.write_class(type(obj))
        self._depth += 1
        if self._depth > self.max_depth:
            raise LimitExceeded("objects nested too deeply")
        obj.serialize(self)
        self._depth -= 1
        self._register(obj)
        self.objects.append(obj)
    StoreArchive.write_object = write_object


@flaw
def two_tables_of_classes():
    """What write_class has described is not known to write_object."""
    def store(self, ar, value):
        cls, _ = value
        index = ar._table.get(("alone", cls))
        if index is None:
            ar.write_description(cls)
            ar._register(("alone", cls))
        else:
            ar.write_class_tag(index)
    ClassTag.store = store


@flaw
def a_fresh_table_behind_bad_text():
    """Whoever catches the error begins with a new archive."""
    reply_reason = Conformance.reply_reason

    def reply_and_begin_anew(self, status, reason):
        reply_reason(self, status, reason)
        if status == BAD_TEXT:
            self.store._table = {}
    Conformance.reply_reason = reply_and_begin_anew


@flaw
def the_flag_of_versionable_classes():
    def write_description(self, cls):
        self.write_word(NEW_CLASS_TAG)
        self.write_word(cls.schema | (0x8000 if cls.versionable else 0))
        self.write_word(len(cls.wire_name))
        self.write(cls.wire_name)
    StoreArchive.write_description = write_description


@flaw
def the_schema_goes_round():
    """A class is described with the schema that its object was loaded with."""
    write_object = StoreArchive.write_object

    def write_as_loaded(self, obj):
        self._loaded_schema = getattr(obj, "loaded_schema", None)
        write_object(self, obj)

    def write_description(self, cls):
        schema = getattr(self, "_loaded_schema", None)
        self.write_word(NEW_CLASS_TAG)
        self.write_word(cls.schema if schema is None else schema)
        self.write_word(len(cls.wire_name))
        self.write(cls.wire_name)
    StoreArchive.write_object = write_as_loaded
    StoreArchive.write_description = write_description


@flaw
def big_tags_from_7ffe():
    """``if index < 0x7FFE``"""
    last = BIG_TAG - 1

    def write_object_tag(self, index):
        if index < last:
            self.write_word(index)
        else:
            self.write_word(BIG_TAG)
            self.write_dword(index)

    def write_class_tag(self, index):
        if index < last:
            self.write_word(CLASS_BIT | index)
        else:
            self.write_word(BIG_TAG)
            self.write_dword(BIG_CLASS_BIT | index)
    StoreArchive.write_object_tag = write_object_tag
    StoreArchive.write_class_tag = write_class_tag


@flaw
def collections_take_an_index():
    """A collection is a CObject, and so it is put into the table, also where its Serialize is called directly."""
    def store(self, ar, collection):
        ar._register(collection)
        collection.serialize(ar)
    Collection.store = store


@flaw
def a_reset_now_and_then():
    """As with ObjectOutputStream.reset(): so that the table does not grow for ever, it is emptied once a thousand are in it."""
    hold = StoreArchive.hold

    def hold_and_reset(self):
        if len(self._table) >= 1000:
            self._table.clear()
        return hold(self)
    StoreArchive.hold = hold_and_reset


@flaw
def only_rings_are_closed():
    """What is looked for are the objects on the way to this one, which is enough to come to an end."""
    write_object = StoreArchive.write_object

    def write_on_the_way(self, obj):
        way = self.__dict__.setdefault("_way", [])
        if obj is None or obj in way:
            write_object(self, obj)
            return
        if obj in self._table:
            self._table[object()] = self._table.pop(obj)        # its old index stays taken
        way.append(obj)
        try:
            write_object(self, obj)
        finally:
            way.pop()
    StoreArchive.write_object = write_on_the_way


@flaw
def handles_begin_at_zero():
    """A list of handles in Java begins at 0, and so does what is told of it."""
    write_object = Teller.write_object

    def write_handle(self, obj):
        if obj is not None and obj in self._told:
            self.write(f"@{self._numbers[obj] - 1}")
        else:
            write_object(self, obj)
    Teller.write_object = write_handle


@flaw
def seen_in_this_text():
    """The set of what was told is a variable of the function that tells."""
    tell = Teller.tell

    def tell_anew(self, types, values):
        self._told = {}
        return tell(self, types, values)
    Teller.tell = tell_anew


@flaw
def nothing_is_written_for_nothing():
    """``if (next != null) next.write(out)``"""
    def serialize(self, ar):
        if not ar.is_storing:
            return kept(self, ar)
        ar.write_long(self.value)
        if self.next is not None:
            ar.write_object(self.next)
        return None
    kept = classes.CNode.serialize
    classes.CNode.serialize = serialize


@flaw
def letters_as_of_today():
    """Who never meets an old program reads what today's writes."""
    def serialize(self, ar):
        if ar.is_storing:
            return kept(self, ar)
        self.loaded_schema = ar.get_object_schema()
        self.text = ar.read_string()
        self.stamp = ar.read_long()
        return None
    kept = classes.CLetter.serialize
    classes.CLetter.serialize = serialize


@flaw
def lists_of_those_that_are():
    """``filter(Objects::nonNull)``"""
    def serialize(self, ar):
        if not ar.is_storing:
            return kept(self, ar)
        items = [obj for obj in self.items if obj is not None]
        ar.write_count(len(items))
        for obj in items:
            ar.write_object(obj)
        return None
    kept = CObList.serialize
    CObList.serialize = serialize


@flaw
def numbered_while_it_is_parsed():
    """What a text makes has its place in the table at once, also if the text turns out to be bad."""
    init, read = TextReader.__init__, TextReader.read

    def init_with_store(self, text, store, *limits):
        init(self, text, store, *limits)
        self._store = store

    def read_and_number(self, types):
        try:
            return read(self, types)
        except BadText:
            for obj in self._new_objects:
                for entry in (type(obj), obj):
                    if entry not in self._store._table:
                        self._store._register(entry)
                self._store.objects.append(obj)
            raise
    TextReader.__init__ = init_with_store
    TextReader.read = read_and_number


@flaw
def asked_for_at_the_description():
    """The class that was requested is looked at where a class is described, not where a tag names it."""
    find_class = LoadArchive._find_class
    LoadArchive._find_class = lambda self, tag, requested: find_class(self, tag, requested if tag == NEW_CLASS else None)


@flaw
def the_schema_of_the_last_class():
    """One variable for the archive."""
    read_description, find_class = LoadArchive._read_description, LoadArchive._find_class

    def read_and_keep(self):
        cls = read_description(self)
        self.last_schema = self._schemas[cls]
        return cls
    LoadArchive._read_description = read_and_keep
    LoadArchive._find_class = lambda self, tag, requested: (find_class(self, tag, requested)[0], self.last_schema)


@flaw
def numbered_as_told():
    """Objects get their numbers while their text is written."""
    write_object = Teller.write_object

    def write_in_order(self, obj):
        if obj is not None and obj not in self._told:
            self._numbers[obj] = len(self._told) + 1
        write_object(self, obj)
    Teller.write_object = write_in_order


@flaw
def strings_take_handles():
    """In a stream of Java's objects a string is one, and has a number."""
    write_string = StoreArchive.write_string

    def write_and_count(self, text):
        write_string(self, text)
        self._register(object())
    StoreArchive.write_string = write_and_count


@flaw
def made_in_memory():
    """MAKE fills a buffer by an archive of its own, so that nothing is sent of what turns out to be wrong."""
    def make(self):
        types = self.load_types()
        text = self.load.read_string()
        made = self.text_reader_class(text, self.store, self.types, self.store.max_bytes, self.store.max_depth).read(types)
        memory = io.BytesIO()
        apart = type(self.store)(memory, self.build, self.store.max_bytes, self.store.max_depth)
        for wire_type, value in zip(types, made):
            wire_type.store(apart, value)
        apart.flush()
        self.reply(lambda: self.store.write(memory.getvalue()))
        self.store.objects += apart.objects
    Conformance.make = make


@flaw
def classes_known_to_each_level():
    """Whoever writes an object begins with an empty map of classes for what is inside it, and keeps its own."""
    def write_class(self, cls):
        if cls.schema is None:
            raise NotSupported(cls.__name__)
        known = (cls, self._depth)
        if known in self._table:
            self.write_class_tag(self._table[known])
        else:
            self.write_description(cls)
            self._register(known)
    StoreArchive.write_class = write_class


@flaw
def an_age_on_the_stack():
    """``CAge age(n); ar << &age;`` in a loop: each has the address of the first."""
    write_object = StoreArchive.write_object

    def write_from_the_stack(self, obj):
        if type(obj) is not classes.CAge:
            write_object(self, obj)
            return
        local = self.__dict__.setdefault("_local", classes.CAge())
        numbered = self.__dict__.setdefault("_numbered", set())
        local.age = obj.age
        known = len(self.objects)
        write_object(self, local)
        del self.objects[known:]
        if obj not in numbered:                     # the text of MAKE may name it
            numbered.add(obj)
            self.objects.append(obj)
    StoreArchive.write_object = write_from_the_stack


@flaw
def zero_values_are_nil():
    """``if msg == (NetMessage{})``: what has never been set is not there."""
    write_object = StoreArchive.write_object

    def is_zero(obj):
        return isinstance(obj, classes.CNetMessage) and not (obj.sender or obj.text or obj.time)

    def write_unless_zero(self, obj):
        write_object(self, None if is_zero(obj) else obj)
    StoreArchive.write_object = write_unless_zero


@flaw
def schemas_of_a_byte():
    """A number that is small in every example, and so a byte that is written as a WORD."""
    def write_description(self, cls):
        self.write_word(NEW_CLASS_TAG)
        self.write_word(cls.schema & 0xFF)
        self.write_word(len(cls.wire_name))
        self.write(cls.wire_name)
    StoreArchive.write_description = write_description


@flaw
def newer_than_ourselves():
    """Who is VERSIONABLE takes what is older; what is newer nobody can know."""
    read_description = LoadArchive._read_description

    def read_older(self):
        cls = read_description(self)
        if self._schemas[cls] > cls.schema:
            raise ArchiveError(Cause.BAD_SCHEMA)
        return cls
    LoadArchive._read_description = read_older


@flaw
def objects_before_their_classes():
    """``index = ++n;`` at the beginning of WriteObject, before it is known that the class is new."""
    def write_object(self, obj):
        if obj is None:
            self.write_word(NULL_TAG)
            return
        if obj in self._table:
            self.write_object_tag(self._table[obj])
            return
        self._register(obj)
        self.objects.append(obj)
        self.write_class(type(obj))
        obj.serialize(self)
    StoreArchive.write_object = write_object


@flaw
def nulls_are_pushed_too():
    """``objects.push_back(p)`` where ReadObject returns, whatever p is."""
    read_object = LoadArchive.read_object

    def read_and_push(self, requested=None):
        obj = read_object(self, requested)
        if obj is None:
            self._table.append(None)
        return obj
    LoadArchive.read_object = read_and_push


@flaw
def one_table_for_both_ways():
    """An archive of one's own that reads and writes, and so has one table."""
    init = Connection.__init__

    def init_with_one_table(self, *arguments):
        init(self, *arguments)
        load, store = self.load, self.store

        def register(entry):
            if isinstance(entry, type):
                load._schemas.setdefault(entry, entry.schema)
            store._table[entry] = len(load._table)
            load._table.append(entry)
        load._register = store._register = register
    Connection.__init__ = init_with_one_table


@flaw
def class_names_with_their_nul():
    """``strlen(name) + 1``"""
    def write_description(self, cls):
        name = cls.wire_name + b"\0"
        self.write_word(NEW_CLASS_TAG)
        self.write_word(cls.schema)
        self.write_word(len(name))
        self.write(name)
    StoreArchive.write_description = write_description


@flaw
def the_schema_asked_for_twice():
    """``TRACE("schema %u\\n", ar.GetObjectSchema());`` above the line that needs it."""
    def serialize(self, ar):
        if ar.is_storing:
            ar.write_long(self.value)
        else:
            ar.get_object_schema()
            self.loaded_schema = ar.get_object_schema() & 0xFFFFFFFF
            self.value = ar.read_long()
    classes.CVersioned.serialize = serialize


@flaw
def an_answer_of_its_own_each_time():
    """Each message that is read is answered by a new object, whether it was there before or not."""
    answer = NetMessage.answer

    def answer_anew(self):
        self._answers.clear()
        return answer(self)
    NetMessage.answer = answer_anew


@flaw
def names_are_strings():
    """The name of a class goes through the operator for a CStringA."""
    def write_description(self, cls):
        self.write_word(NEW_CLASS_TAG)
        self.write_word(cls.schema)
        self.write_string_a(cls.wire_name)
    StoreArchive.write_description = write_description


@flaw
def letters_stay_old():
    """Whoever loaded a letter without a stamp has none to store."""
    def serialize(self, ar):
        if not ar.is_storing or self.loaded_schema >= self.schema:
            kept(self, ar)
        else:
            ar.write_string(self.text)
    kept = classes.CLetter.serialize
    classes.CLetter.serialize = serialize


@flaw
def made_by_all():
    """``objects=[]``: what a text may name is what all connections have made."""
    made = []
    init = StoreArchive.__init__

    def init_shared(self, *arguments):
        init(self, *arguments)
        self.objects = made
    StoreArchive.__init__ = init_shared


@flaw
def told_by_their_index():
    """The number of an object is its index in the table, where classes are, too."""
    write_object = Teller.write_object

    def write_index(self, obj):
        if obj is not None and obj in self._told:
            self.write(f"@{next(i for i, entry in enumerate(self._load._table) if entry is obj)}")
        else:
            write_object(self, obj)
    Teller.write_object = write_index


@flaw
def slots_are_filled_behind_the_body():
    """``table.append(None)`` keeps the place; what was read goes into it when it is complete."""
    def read_object(self, requested=None):
        tag = self.read_tag()
        if tag != NEW_CLASS and not tag & BIG_CLASS_BIT:
            return self._find_object(tag, requested)
        cls, schema = self._find_class(tag, requested)
        slot = len(self._table)
        self._register(None)
        obj = cls()
        self.objects.append(obj)
        outer, self._schema = self._schema, schema
        obj.serialize(self)
        self._schema = outer
        self._table[slot] = obj
        return obj
    LoadArchive.read_object = read_object


@flaw
def an_index_is_an_index():
    """One function writes the index of whatever is in the table."""
    StoreArchive.write_class_tag = StoreArchive.write_object_tag


@flaw
def versions_for_each_object():
    """Whoever is VERSIONABLE has a version in each object, and so the schema stands before each."""
    write_class = StoreArchive.write_class

    def write_version(self, cls):
        if cls.versionable and cls in self._table:
            self._table[object()] = self._table.pop(cls)        # its old index stays taken
        write_class(self, cls)
    StoreArchive.write_class = write_version


@flaw
def classes_in_a_list_of_their_own():
    """The reader keeps objects in one list and classes in another, and counts each from 1."""
    def find_object(self, index, requested):
        entries = [None, *self.objects]
        if index >= len(entries):
            raise ArchiveError(Cause.BAD_INDEX)
        entry = entries[index]
        if entry is not None and requested is not None and not isinstance(entry, requested):
            raise ArchiveError(Cause.BAD_CLASS)
        return entry

    def class_at(self, index):
        entries = [entry for entry in self._table if isinstance(entry, type)]
        if not 0 < index <= len(entries):
            raise ArchiveError(Cause.BAD_INDEX)
        return entries[index - 1]
    LoadArchive._find_object = find_object
    LoadArchive._class_at = class_at


@flaw
def references_with_the_class_bit():
    """The highest bit says that something is known already, be it a class or an object."""
    StoreArchive.write_object_tag = StoreArchive.write_class_tag


@flaw
def null_is_minus_one():
    """No index is -1, as everywhere."""
    write_object = StoreArchive.write_object

    def write_object_or_none(self, obj):
        if obj is None:
            self.write_word(0xFFFF)
        else:
            write_object(self, obj)
    StoreArchive.write_object = write_object_or_none


def describe_by(write):
    """A class is described by *write*, which has the archive, the class and the name."""
    StoreArchive.write_description = lambda self, cls: write(self, cls, cls.wire_name)


@flaw
def classes_without_their_c():
    """The port's own classes have no C before their names, and getSimpleName() is what is written."""
    def write(ar, cls, name):
        ar.write_word(NEW_CLASS_TAG)
        ar.write_word(cls.schema)
        ar.write_word(len(name) - 1)
        ar.write(name[1:])
    describe_by(write)


@flaw
def schemas_are_uints():
    """m_wSchema is a UINT, whatever its name says."""
    def write(ar, cls, name):
        ar.write_word(NEW_CLASS_TAG)
        ar.write_dword(cls.schema)
        ar.write_word(len(name))
        ar.write(name)
    describe_by(write)


@flaw
def rings_are_cut():
    """What would lead back to an object that is just being written is left out, as a serializer does that cannot have rings."""
    write_object = StoreArchive.write_object

    def write_without_rings(self, obj):
        path = self.__dict__.setdefault("path", [])
        if id(obj) in path:
            obj = None
        path.append(0 if obj is None else id(obj))
        try:
            write_object(self, obj)
        finally:
            path.pop()
    StoreArchive.write_object = write_without_rings


@flaw
def versions_are_our_own():
    """GetRuntimeClass()->m_wSchema for GetObjectSchema()"""
    serialize = classes.CVersioned.serialize

    def serialize_own(self, ar):
        serialize(self, ar)
        self.loaded_schema = self.schema
    classes.CVersioned.serialize = serialize_own


@flaw
def a_class_alone_takes_no_index():
    """What ReadClass finds is entered where its object is, and here no object follows."""
    def read_class(self, requested=None):
        found = LoadArchive._find_class(self, self.read_tag(), requested)
        if isinstance(self._table[-1], type):
            self._table.pop()
        return found
    LoadArchive.read_class = read_class


@flaw
def schemas_are_shorts():
    """``short schema = in.getShort();``"""
    get_object_schema = LoadArchive.get_object_schema

    def get_short(self):
        schema = get_object_schema(self)
        return schema - 0x10000 if schema > 0x7FFF else schema
    LoadArchive.get_object_schema = get_short


@flaw
def names_with_their_package():
    """``object.getClass().getName()``, where ``getSimpleName()`` is due."""
    def write_description(self, cls):
        name = f"{cls.__module__}.{cls.__name__}".encode("ascii")
        self.write_word(NEW_CLASS_TAG)
        self.write_word(cls.schema)
        self.write_word(len(name))
        self.write(name)
    StoreArchive.write_description = write_description


@flaw
def a_class_alone_takes_two():
    """The function that describes a class counts the object that always stands behind it, and behind WriteClass none does."""
    store = ClassTag.store

    def store_and_count_two(self, ar, value):
        known = value[0] in ar._table
        store(self, ar, value)
        if not known:
            ar._register(object())
    ClassTag.store = store_and_count_two


@flaw
def null_is_a_pointer():
    """``ar << (DWORD) p;`` where p is NULL."""
    write_object = StoreArchive.write_object

    def write_pointer(self, obj):
        if obj is None:
            self.write_dword(0)
        else:
            write_object(self, obj)
    StoreArchive.write_object = write_pointer


@flaw
def loaded_by_all():
    """``static readonly List<object> table`` in the reader."""
    table, schemas = [None], {}
    init = LoadArchive.__init__

    def init_shared(self, *arguments):
        init(self, *arguments)
        self._table = table
        self._schemas = schemas
    LoadArchive.__init__ = init_shared


@flaw
def a_reader_for_each_op():
    """Each handler has a reader of its own, which knows what it has read itself."""
    def with_own(name):
        method = getattr(Conformance, name)

        def handle(self):
            load = self.load
            tables = self.__dict__.setdefault("_readers", {})
            kept = load._table
            load._table = tables.setdefault(name, [None])
            try:
                method(self)
            finally:
                load._table = kept
        return handle
    for name in ("echo", "tell"):
        setattr(Conformance, name, with_own(name))


@flaw
def told_by_equality():
    """``told.Contains(obj)``, with Equals of a record."""
    write_object = Teller.write_object

    def write(self, obj):
        if isinstance(obj, classes.CAge) and obj not in self._told:
            like = next((one for one in self._told if isinstance(one, classes.CAge) and one.age == obj.age), None)
            obj = like or obj
        write_object(self, obj)
    Teller.write_object = write


@flaw
def pointers_to_one_buffer():
    """Each string of an array or a list is kept as the pointer to the buffer into which the next one is read."""
    for cls in (CStringArray, CStringList):
        def serialize(self, ar, serialize=cls.serialize):
            before = len(self.items)
            serialize(self, ar)
            if ar.is_loading and len(self.items) > before:
                self.items[before:] = self.items[-1:] * (len(self.items) - before)
        cls.serialize = serialize


@flaw
def a_multimap():
    """A key may be there as often as it likes."""
    class Entries(list):
        def items(self):
            return iter(self)

        def __setitem__(self, key, value):
            self.append((key, value))

    def init(self, items=()):
        self.items = Entries(dict(items).items())
    CMapStringToString.__init__ = init


@flaw
def described_with_its_base():
    """As Java does it: the description of a class goes on with that of its superclass."""
    write_description = StoreArchive.write_description

    def write_both(self, cls):
        write_description(self, cls)
        self.write_word(0)
        self.write_word(len(b"CObject"))
        self.write(b"CObject")
    StoreArchive.write_description = write_both


@flaw
def nobody_is_7fff():
    """7FFF has a meaning of its own as a tag, so that no index may be it."""
    def _register(self, entry):
        index = len(self._table) + 1
        self._table[entry] = index if index < BIG_TAG else index + 1
    StoreArchive._register = _register


@flaw
def the_table_grows_empty():
    """A table of four that is full makes place for one of twice the size, into which nothing is copied."""
    def _register(self, entry):
        size = len(self._table)
        if size >= 4 and size & size - 1 == 0:
            self._table[1:] = [one if isinstance(one, type) else None for one in self._table[1:]]
        self._table.append(entry)
    LoadArchive._register = _register


@flaw
def a_class_comes_with_an_object():
    """``read_class`` is the beginning of ``read_object``, and so it is called."""
    def read_class(self, requested=None):
        obj = self.read_object(requested)
        return type(obj), self._schemas.get(type(obj), 0)
    LoadArchive.read_class = read_class


@flaw
def numbered_within_their_class():
    """``@2`` is the second of its class."""
    def write_object(self, obj):
        if obj in self._told:
            number = self._numbers[obj]
            same = [one for one, other in self._numbers.items() if other <= number and type(one) is type(obj)]
            self.write(f"@{len(same)}")
        else:
            kept(self, obj)
    kept = Teller.write_object
    Teller.write_object = write_object


@flaw
def a_stamp_if_there_is_more():
    """``if (ar.available() >= 4)`` reads what later versions have added."""
    def serialize(self, ar):
        if ar.is_storing:
            kept(self, ar)
            return
        self.loaded_schema = ar.get_object_schema()
        self.text = ar.read_string()
        self.stamp = ar.read_long() if len(ar._buffer) - ar._at >= 4 else 0
    kept = CLetter.serialize
    CLetter.serialize = serialize


@flaw
def until_so_many_are_in_it():
    """``while (map.size() < count)``"""
    def serialize(self, ar):
        if ar.is_storing:
            kept(self, ar)
            return
        count = ar.read_count()
        while len(self.items) < count:
            key = ar.read_string()
            self.items[key] = ar.read_string()
    kept = CMapStringToString.serialize
    CMapStringToString.serialize = serialize
