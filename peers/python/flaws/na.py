"""Mistakes with numbers, times, text, counts and objects, of those who write such a peer for the first time."""

from flaws.making import change_variant_body, flaw
from mfc import (ArchiveError, Cause, CMapStringToOb, CMapStringToString, CMapWordToOb, LoadArchive, NotSupported,
                 OleCurrency, OleDateTime, OleDateTimeSpan, OleVariant, StoreArchive, variant_bodies)
from mfc.load import NEW_CLASS
from mfc.objects import SERIAL_CLASSES
from mfc.wire import CLASS_BIT, LF, LONG_TIME, MAX_NAME, NEW_CLASS_TAG, STRING_WIDE
from service.classes import CAge, CLetter, CNetMessage


# Writers

@flaw
def lengths_in_a_word_to_65535():
    def write_string_length(self, length, wide):
        if wide:
            self.write_byte(0xFF)
            self.write_word(STRING_WIDE)
        if length < 0xFF:
            self.write_byte(length)
        elif length <= 0xFFFF:
            self.write_byte(0xFF)
            self.write_word(length)
        else:
            self.write_byte(0xFF)
            self.write_word(0xFFFF)
            self.write_dword(length)
    StoreArchive.write_string_length = write_string_length


@flaw
def lengths_by_len_of_text():
    def write_string_w(self, text):
        self.write_string_length(len(text), True)
        self.write(text.encode("utf-16-le", "surrogatepass"))
    StoreArchive.write_string_w = write_string_w


@flaw
def counts_in_a_word_to_65535():
    write = StoreArchive.write_count

    def write_count(self, count):
        if count == 0xFFFF:
            self.write_word(count)
        else:
            write(self, count)
    StoreArchive.write_count = write_count


@flaw
def variant_types_of_32_bits():
    def store(self, ar):
        ar.write_dword(self.vt)
        body = variant_bodies(ar.build).get(self.vt)
        if body:
            body[1](ar, self.value)
    OleVariant.store = store


@flaw
def dates_packed_natively():
    def store(self, ar):
        ar.write_long(self.status)
        ar.write_long(0)            # struct.pack("id", …) aligns the double
        ar.write_double(self.days)
    OleDateTime.store = store
    OleDateTimeSpan.store = store


@flaw
def variant_true_is_one():
    change_variant_body(11, store=lambda ar, value: ar.write_word(1 if value else 0))


@flaw
def variant_texts_as_combstr():
    change_variant_body(8, store=lambda ar, text: ar.write_bstr(text))


@flaw
def newline_left_to_write_string():
    def write_line(self, text):
        self.write(text.encode("utf-16-le", "surrogatepass") if self.build.unicode
                   else text.encode(self.build.code_page, "replace"))
    StoreArchive.write_line = write_line


@flaw
def class_names_in_utf16():
    def write_description(self, cls):
        self.write_word(NEW_CLASS_TAG)
        self.write_word(cls.schema)
        self.write_word(len(cls.__name__))
        self.write(cls.__name__.encode("utf-16-le"))
    StoreArchive.write_description = write_description


@flaw
def equal_records_are_one():
    write = StoreArchive.write_object
    records = {CAge: lambda obj: obj.age, CNetMessage: lambda obj: (obj.sender, obj.text, obj.time)}

    def write_object(self, obj):
        if type(obj) in records:
            seen = self.__dict__.setdefault("seen_records", {})
            obj = seen.setdefault((type(obj), records[type(obj)](obj)), obj)
        write(self, obj)
    StoreArchive.write_object = write_object


@flaw
def classes_described_each_time():
    def write_class(self, cls):
        self.write_description(cls)
        if cls not in self._table:
            self._register(cls)
    StoreArchive.write_class = write_class


# Readers

@flaw
def narrow_text_from_utf8_lossy():
    read = LoadArchive.read_string_a

    def read_string_a(self):
        return read(self).decode("utf-8", "replace").encode("utf-8")
    LoadArchive.read_string_a = read_string_a


@flaw
def wide_text_by_a_text_decoder():
    read = LoadArchive._read_text

    def _read_text(self, into_wide):
        return read(self, into_wide).removeprefix("\ufeff")
    LoadArchive._read_text = _read_text


@flaw
def times_of_12_bytes_only():
    def read_time(self):
        self.read_dword()
        return self.read_longlong()
    LoadArchive.read_time = read_time


@flaw
def old_times_unsigned():
    def read_time(self):
        start = self.read_dword()
        return self.read_longlong() if start == LONG_TIME else start
    LoadArchive.read_time = read_time


@flaw
def ulonglong_in_a_long():
    def read_ulonglong(self):
        return self.read_longlong()

    def write_ulonglong(self, value):
        self.write(value.to_bytes(8, "little", signed=value < 0))
    LoadArchive.read_ulonglong = read_ulonglong
    StoreArchive.write_ulonglong = write_ulonglong


@flaw
def wide_lengths_of_one_byte():
    def read_string_length(self):
        length = self.read_byte()
        if length < 0xFF:
            return length, False
        length = self.read_word()
        if length == STRING_WIDE:
            return self.read_byte(), True
        return (length if length < 0xFFFF else self.read_dword()), False
    LoadArchive.read_string_length = read_string_length


@flaw
def currencies_in_a_float():
    load = OleCurrency.load.__func__

    def load_scaled(cls, ar):
        status, amount = load(cls, ar)
        return cls(status, round(amount / 10000 * 10000))
    OleCurrency.load = classmethod(load_scaled)


@flaw
def objects_registered_behind_their_body():
    def read_object(self, requested=None):
        tag = self.read_tag()
        if tag != NEW_CLASS and not tag >> 31:
            return self._find_object(tag, requested)
        cls, schema = self._find_class(tag, requested)
        obj = cls()
        self.objects.append(obj)
        outer = self._schema
        self._schema = schema
        obj.serialize(self)
        self._schema = outer
        self._register(obj)
        return obj
    LoadArchive.read_object = read_object


@flaw
def known_classes_take_no_second_index():
    register = LoadArchive._register

    def _register(self, entry):
        if entry not in self._table:
            register(self, entry)
    LoadArchive._register = _register


@flaw
def tags_of_16_bits_only():
    def read_tag(self):
        tag = self.read_word()
        if tag == NEW_CLASS_TAG:
            return NEW_CLASS
        return (tag & CLASS_BIT) << 16 | tag & ~CLASS_BIT
    LoadArchive.read_tag = read_tag


@flaw
def keys_only_once():
    class Once(dict):
        def __setitem__(self, key, value):
            if key in self:
                raise NotSupported("an item with the same key has already been added")
            super().__setitem__(key, value)

    def __init__(self, items=()):
        self.items = Once(items)
    for cls in (CMapStringToString, CMapStringToOb, CMapWordToOb):
        cls.__init__ = __init__


@flaw
def schemas_read_and_ignored():
    def _read_description(self):
        schema = self.read_word()
        length = self.read_word()
        if length > MAX_NAME:
            raise ArchiveError(Cause.BAD_CLASS)
        name = self.read_raw(length)
        cls = SERIAL_CLASSES.get(name) if len(name) == length else None
        if cls is None:
            raise ArchiveError(Cause.BAD_CLASS)
        self._register(cls)
        self._schemas[cls] = schema
        return cls
    LoadArchive._read_description = _read_description


@flaw
def letters_read_with_a_stamp():
    def serialize(self, ar):
        if ar.is_storing:
            ar.write_string(self.text)
            ar.write_long(self.stamp)
        else:
            self.loaded_schema = ar.get_object_schema()
            self.text = ar.read_string()
            self.stamp = ar.read_long()
    CLetter.serialize = serialize


@flaw
def lines_up_to_lf():
    def read_line(self):
        read_unit = self.read_word if self.build.unicode else self.read_byte
        line = []
        try:
            unit = read_unit()
            while unit != LF:
                line.append(unit)
                unit = read_unit()
        except ArchiveError:
            if not line:
                raise
        return "".join(map(chr, line))
    LoadArchive.read_line = read_line
