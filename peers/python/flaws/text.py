"""Mistakes with strings, lines, lengths and counts."""

import re
import struct

from flaws.making import change_variant_body, flaw, forward_by
from mfc import ArchiveError, LoadArchive, StoreArchive, containers, values
from mfc.errors import Cause
from mfc.load import LINE_CHUNK
from mfc.wire import LF, STRING_WIDE
from service.chat import Message
from service.conformance import Conformance
from service.text import Teller
from service.types import Raw


@flaw
def utf_16_with_its_mark():
    def write_string_w(self, text):
        units = text.encode("utf-16", "surrogatepass")
        self.write_string_length(len(units) // 2, True)
        self.write(units)
    StoreArchive.write_string_w = write_string_w


@flaw
def characters_for_units():
    def write_string_w(self, text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        self.write_string_length(len(text), True)
        self.write(text.encode("utf-16-le", "surrogatepass"))
    StoreArchive.write_string_w = write_string_w


@flaw
def half_pairs_are_replaced():
    def write_string_w(self, text):
        units = text.encode("utf-16-le", "replace")
        self.write_string_length(len(units) // 2, True)
        self.write(units)
    StoreArchive.write_string_w = write_string_w


@flaw
def strings_are_stripped():
    read_string, read_string_w, read_string_a = LoadArchive.read_string, LoadArchive.read_string_w, LoadArchive.read_string_a
    LoadArchive.read_string = lambda self: read_string(self).strip()
    LoadArchive.read_string_w = lambda self: read_string_w(self).strip()
    LoadArchive.read_string_a = lambda self: read_string_a(self).strip()


@flaw
def narrow_text_as_utf_8():
    def write_string_a(self, units):
        units = units.decode("latin-1").encode("utf-8")
        self.write_string_length(len(units), False)
        self.write(units)
    StoreArchive.write_string_a = write_string_a


@flaw
def at_most_255():
    def write_string_length(self, length, wide):
        if wide:
            self.write(b"\xff\xfe\xff")
        if length <= 0xFF:
            self.write_byte(length)
        elif length < STRING_WIDE:
            self.write_byte(0xFF)
            self.write_word(length)
        else:
            self.write(b"\xff\xff\xff")
            self.write_dword(length)
    StoreArchive.write_string_length = write_string_length


@flaw
def at_most_65535():
    write_count = StoreArchive.write_count

    def write_at_most_65535(self, count):
        if count == 0xFFFF:
            self.write_word(count)
        else:
            write_count(self, count)
    StoreArchive.write_count = write_at_most_65535


@flaw
def lines_of_the_platform():
    StoreArchive.write_line = lambda self, text: self.write((text + "\r\n").encode("utf-16-le" if self.build.unicode else "latin-1", "surrogatepass"))


@flaw
def told_with_a_newline():
    tell = Teller.tell
    Teller.tell = lambda self, types, values: tell(self, types, values) + "\n"


@flaw
def counts_are_words():
    """Nobody had seen a longer one in a capture."""
    LoadArchive.read_count = LoadArchive.read_word


@flaw
def lengths_of_seven_bits():
    """Bytes are written as a BinaryWriter writes a string."""
    def write_string_a(self, units):
        length = len(units)
        while length > 0x7F:
            self.write_byte(length & 0x7F | 0x80)
            length >>= 7
        self.write_byte(length)
        self.write(units)
    StoreArchive.write_string_a = write_string_a


@flaw
def chat_is_ascii():
    """``text.encode()``, and bytes are written narrow."""
    class Narrow(Message):
        def serialize(self, ar):
            ar.write_word(self.close)
            ar.write_string_a(self.text.encode("latin-1", "replace"))
            self.lines.serialize(ar)
    forward_by(lambda room, message: room._encode(Narrow(message.close, message.text, message.lines.items)))


@flaw
def bstrs_read_by_their_bytes():
    """A BSTR in memory has its length in bytes before it."""
    def read_bstr(self):
        length = self.read_dword()
        return self.read(length)[:length & ~1].decode("utf-16-le", "surrogatepass")
    LoadArchive.read_bstr = read_bstr


@flaw
def variant_text_read_by_its_units():
    change_variant_body(8, load=lambda ar: ar.read_bstr())


@flaw
def lines_as_c_has_them():
    """Write(text, len + 1), since a string ends in a NUL."""
    write_line = StoreArchive.write_line

    def write_with_nul(self, text):
        write_line(self, text)
        self.write(b"\0\0" if self.build.unicode else b"\0")
    StoreArchive.write_line = write_with_nul


@flaw
def text_of_the_console():
    """The code page of the console, not that of Windows."""
    write_string_a = StoreArchive.write_string_a
    StoreArchive.write_string_a = lambda self, units: write_string_a(self, units.decode("latin-1").encode("cp850", "replace"))


@flaw
def counts_end_at_a_dword():
    """Written for 32 bits; that a 64-bit build goes on behind FFFFFFFF was no affair of anybody's."""
    def read_count(self):
        count = self.read_word()
        return self.read_dword() if count == 0xFFFF else count
    LoadArchive.read_count = read_count


@flaw
def arrays_count_their_bytes():
    """len() of what is written, and not of what it was made from."""
    serialize = containers._NumberArray.serialize

    def serialize_bytes(self, ar):
        if ar.is_loading:
            serialize(self, ar)
            return
        data = self.to_wire()
        ar.write_count(len(data))
        ar.write(data)
    containers._NumberArray.serialize = serialize_bytes


@flaw
def lines_are_narrow():
    """A line is text, and text on a wire is bytes."""
    StoreArchive.write_line = lambda self, text: self.write((text + chr(LF)).encode(self.build.code_page, "replace"))


@flaw
def lengths_end_at_a_word():
    """The form with a DWORD is for strings that nobody sends."""
    def read_string_length(self):
        wide = False
        length = self.read_byte()
        if length == 0xFF:
            length = self.read_word()
            if length == STRING_WIDE:
                wide = True
                length = self.read_byte()
                if length == 0xFF:
                    length = self.read_word()
        return length, wide
    LoadArchive.read_string_length = read_string_length


@flaw
def bstrs_with_their_nul():
    """CComBSTR::WriteToStream writes the NUL, and counts it; the archive's operator does not."""
    write_bstr = StoreArchive.write_bstr
    StoreArchive.write_bstr = lambda self, text: write_bstr(self, text + "\0")


@flaw
def blocks_are_stripped():
    """A char array of a struct is filled up with NULs, which are stripped."""
    Raw.load = lambda self, ar: ar.read(self.size).rstrip(b"\0")


@flaw
def utf_8_within():
    """Bytes are made UTF-8 where they are read, as all text of the program is."""
    read_string_a = LoadArchive.read_string_a
    LoadArchive.read_string_a = lambda self: read_string_a(self).decode("latin-1").encode("utf-8")


@flaw
def counts_like_lengths():
    """One function for what stands before strings and arrays."""
    StoreArchive.write_count = lambda self, count: self.write_string_length(count, False)


@flaw
def counts_escaped_by_a_byte():
    def write_count(self, count):
        if count < 0xFFFF:
            self.write_word(count)
        else:
            self.write_byte(0xFF)
            self.write_dword(count)
    StoreArchive.write_count = write_count


@flaw
def quad_counts_at_once():
    """A 64-bit program has 64-bit counts as soon as a WORD will not do."""
    def write_count(self, count):
        if count < 0xFFFF:
            self.write_word(count)
        else:
            self.write_word(0xFFFF)
            self.write_dword(0xFFFFFFFF)
            self.write_ulonglong(count)
    StoreArchive.write_count = write_count


@flaw
def bstr_like_a_variant():
    """One function for a CComBSTR and a VT_BSTR, which counts bytes."""
    StoreArchive.write_bstr = lambda self, text: values._write_variant_bstr(self, text)


@flaw
def variant_text_in_units():
    """The same function, from the other end: it counts units."""
    change_variant_body(8, store=lambda ar, text: ar.write_bstr(text))


@flaw
def variant_text_with_its_nul():
    """As SysAllocString lays it out: its length does not count the NUL that follows."""
    def write(ar, text):
        units = text.encode("utf-16-le", "surrogatepass")
        ar.write_dword(len(units))
        ar.write(units + b"\0\0")
    change_variant_body(8, store=write)


@flaw
def wide_lengths_in_words():
    """A wide string has a wide length."""
    write_string_length = StoreArchive.write_string_length

    def write_wide_length(self, length, wide):
        if wide and length < 0xFF:
            self.write(b"\xff\xfe\xff\xff")
            self.write_word(length)
        else:
            write_string_length(self, length, wide)
    StoreArchive.write_string_length = write_wide_length


@flaw
def narrow_if_ascii():
    """As Python itself keeps text: as narrow as it can be."""
    write_string_w = StoreArchive.write_string_w

    def write_string(self, text):
        if text.isascii():
            self.write_string_a(text.encode("ascii"))
        else:
            write_string_w(self, text)
    StoreArchive.write_string = write_string


@flaw
def lengths_in_c_ushort():
    """A ctypes.Structure holds the length, and drops what does not fit."""
    import ctypes       # here: it takes long to load
    def write_string_w(self, text):
        units = text.encode("utf-16-le", "surrogatepass")
        length = ctypes.c_ushort(len(units) // 2).value
        self.write_string_length(length, True)
        self.write(units[:2 * length])
    StoreArchive.write_string_w = write_string_w


@flaw
def lines_split_as_python_does():
    """str.splitlines, for which a line ends at a form feed or U+2028, too."""
    read_line = LoadArchive.read_line
    LoadArchive.read_line = lambda self: (read_line(self).splitlines() or [""])[0]


@flaw
def strict_decoding():
    """UnicodeDecodeError is no ArchiveError, and ends the thread."""
    def read_text(self, into_wide):
        units, wide = self._read_units()
        return units.decode("utf-16-le" if wide else self.build.code_page)
    LoadArchive._read_text = read_text


@flaw
def fffe_begins_what_is_wide():
    """Lengths and counts are read by one function."""
    def read_count(self):
        count = self.read_word()
        if count == STRING_WIDE:
            count = self.read_word()
        if count == 0xFFFF:
            count = self.read_dword()
            if count == 0xFFFFFFFF and self.build.quad_counts:
                count = self.read_ulonglong()
        return count
    LoadArchive.read_count = read_count


@flaw
def wide_lengths_of_a_byte():
    """All wide strings in the recordings were short."""
    read_string_length = LoadArchive.read_string_length

    def read_length(self):
        if not self.build.quad_strings:
            return read_string_length(self)
        length = self.read_byte()
        if length < 0xFF:
            return length, False
        length = self.read_word()
        if length == STRING_WIDE:
            return self.read_byte(), True
        if length == 0xFFFF:
            length = self.read_dword()
            if length == 0xFFFFFFFF:
                length = self._limit_string_length(self.read_ulonglong())
        return length, False
    LoadArchive.read_string_length = read_length


@flaw
def told_with_its_nul():
    """snprintf, and one byte more, as for all that is sent in C."""
    tell = Teller.tell
    Teller.tell = lambda self, types, told: tell(self, types, told) + "\0"


@flaw
def notes_in_a_buffer():
    """wchar_t note[4096]"""
    note = Conformance.note

    def note_what_fits(self):
        note(self)
        self.last_note = self.last_note[:4096]
    Conformance.note = note_what_fits


@flaw
def seven_bits_are_enough():
    """Text that is not wide was taken for ASCII, and made clean by & 0x7F."""
    read_string_a = LoadArchive.read_string_a
    LoadArchive.read_string_a = lambda self: bytes(unit & 0x7F for unit in read_string_a(self))


@flaw
def bstrs_in_bytes():
    """A BSTR is made of an ordinary string, whose characters are bytes."""
    def write_bstr(self, units):
        self.write_dword(len(units))
        self.write(units.encode("latin-1", "replace"))
    StoreArchive.write_bstr = write_bstr


@flaw
def bstrs_with_short_lengths():
    """One function writes the length of whatever is text."""
    def write_bstr(self, units):
        encoded = units.encode("utf-16-le", "surrogatepass")
        self.write_string_length(len(encoded) // 2, False)
        self.write(encoded)
    StoreArchive.write_bstr = write_bstr


@flaw
def bstrs_up_to_their_nul():
    """SysAllocString where SysAllocStringLen was meant."""
    read_bstr = LoadArchive.read_bstr
    LoadArchive.read_bstr = lambda self: read_bstr(self).partition("\0")[0]


@flaw
def wide_by_declaration():
    """A CStringW is wide, so its units have two bytes whatever stands before them."""
    def read_string_w(self):
        length, _ = self.read_string_length()
        text = self.read(length * 2).decode("utf-16-le", "surrogatepass")
        return text.partition("\0")[0] if self.build.cuts_at_nul(False) else text
    LoadArchive.read_string_w = read_string_w


@flaw
def bstrs_counted_in_runes():
    """utf8.RuneCountInString"""
    def write_bstr(self, text):
        self.write_dword(len(text))
        self.write(text.encode("utf-16-le", "surrogatepass"))
    StoreArchive.write_bstr = write_bstr


@flaw
def lines_by_a_stream_writer():
    """A new StreamWriter with Encoding.Unicode for each line, which begins with the preamble of the encoding."""
    write_line = StoreArchive.write_line

    def write_with_preamble(self, text):
        if self.build.unicode:
            self.write(b"\xff\xfe")
        write_line(self, text)
    StoreArchive.write_line = write_with_preamble


@flaw
def nothing_needs_no_width():
    """``if (text.empty()) { put(0); return; }``, before the width is looked at."""
    write_string_w = StoreArchive.write_string_w

    def write_empty_at_once(self, text):
        if text:
            write_string_w(self, text)
        else:
            self.write_byte(0)
    StoreArchive.write_string_w = write_empty_at_once


@flaw
def words_up_to_65534():
    """``if (n < 0xFFFF)`` where the WORD form is chosen: FFFE is as good a number as any."""
    write_string_length = StoreArchive.write_string_length

    def write_length(self, length, wide):
        if length != STRING_WIDE:
            write_string_length(self, length, wide)
            return
        if wide:
            self.write_byte(0xFF)
            self.write_word(STRING_WIDE)
        self.write_byte(0xFF)
        self.write_word(length)
    StoreArchive.write_string_length = write_length


@flaw
def negative_lengths_escape():
    """``byte b = in.readByte(); if (b >= 0) return b;``: in Java FF is negative, and so is 80."""
    def read_string_length(self):
        wide = False
        length = self.read_char()
        if length >= 0:
            return length, wide
        length = self.read_word()
        if length == STRING_WIDE:
            wide = True
            length = self.read_char()
            if length >= 0:
                return length, wide
            length = self.read_word()
        return length if length < 0xFFFF else self.read_dword(), wide
    LoadArchive.read_string_length = read_string_length


@flaw
def longer_forms_are_forged():
    """A length that does not take the shortest form is an attack, as it is in UTF-8."""
    def read_string_length(self):
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
            length = self.read_word()
        shortest = 0xFF
        if length == 0xFFFF:
            length = self.read_dword()
            shortest = STRING_WIDE
        if length < shortest:
            raise ArchiveError(Cause.GENERIC)
        return length, wide
    LoadArchive.read_string_length = read_string_length


@flaw
def a_character_is_a_unit():
    """``(uint16_t)c`` for each character of a language whose characters have 21 bits."""
    def write_string_w(self, text):
        self.write_string_length(len(text), True)
        self.write(b"".join(struct.pack("<H", ord(character) & 0xFFFF) for character in text))
    StoreArchive.write_string_w = write_string_w


@flaw
def lines_in_an_array():
    """``wchar_t line[128]``; what is longer does not fit."""
    read_line = LoadArchive.read_line
    LoadArchive.read_line = lambda self: read_line(self)[:128]


@flaw
def counts_are_ints():
    """``ar << m_nSize``: an int of four bytes, where WriteCount is due."""
    StoreArchive.write_count = StoreArchive.write_dword


@flaw
def lengths_of_utf_8():
    def write_string_w(self, text):
        self.write_string_length(len(text.encode("utf-8", "surrogatepass")), True)
        self.write(text.encode("utf-16-le", "surrogatepass"))
    StoreArchive.write_string_w = write_string_w


@flaw
def up_to_the_last_but_one():
    """``for i in range(len(items) - 1)``"""
    serialize = containers.CStringArray.serialize

    def serialize_short(self, ar):
        if not ar.is_storing:
            serialize(self, ar)
            return
        ar.write_count(len(self.items))
        for i in range(len(self.items) - 1):
            ar.write_string(self.items[i])
    containers.CStringArray.serialize = serialize_short


@flaw
def lengths_in_a_signed_byte():
    """What has one byte is a char."""
    read_string_length = LoadArchive.read_string_length
    read_byte = LoadArchive.read_byte

    def read_signed(self):
        length, wide = read_string_length(self)
        signed = self.short_length and length > 0x7F
        return 0 if signed else length, wide

    def read_and_remember(self):
        byte = read_byte(self)
        self.short_length = byte < 0xFF
        return byte
    LoadArchive.short_length = False
    LoadArchive.read_byte = read_and_remember
    LoadArchive.read_string_length = read_signed


@flaw
def nuls_are_blanks():
    for name in ("read_string", "read_string_w", "read_bstr"):
        def read(self, read=getattr(LoadArchive, name)):
            return read(self).replace("\0", " ")
        setattr(LoadArchive, name, read)


@flaw
def lines_keep_their_newline():
    """readline() of a file returns the newline, too."""
    def read_line(self):
        line = []
        full = True
        while full:
            chunk = self._read_line_chunk()
            line += chunk
            full = len(chunk) == LINE_CHUNK and chunk[-1] != LF
        if not line:
            raise ArchiveError(Cause.END_OF_FILE)
        return "".join(map(chr, line)) if self.build.unicode else bytes(line).decode(self.build.code_page, "replace")
    LoadArchive.read_line = read_line


@flaw
def text_by_get_string():
    """``Encoding.UTF8.GetString(bytes)``: what is no UTF-8 is replaced."""
    read_string_a = LoadArchive.read_string_a
    LoadArchive.read_string_a = lambda self: read_string_a(self).decode("utf-8", "replace").encode("latin-1", "replace")


@flaw
def every_string_is_marked():
    """All strings that were seen began with FF FE FF, and so do all that are written, whatever their units are."""
    write_string_a = StoreArchive.write_string_a

    def write_marked(self, units):
        self.write_byte(0xFF)
        self.write_word(STRING_WIDE)
        write_string_a(self, units)
    StoreArchive.write_string_a = write_marked


@flaw
def escapes_for_the_rest():
    """encode("ascii", "backslashreplace")"""
    write_string_a = StoreArchive.write_string_a
    StoreArchive.write_string_a = lambda self, units: write_string_a(
        self, units.decode("latin-1").encode("ascii", "backslashreplace"))


@flaw
def nuls_are_filtered():
    """text.replace("\\0", ""), since text has none."""
    read_text = LoadArchive._read_text
    read_string_a = LoadArchive.read_string_a
    LoadArchive._read_text = lambda self, into_wide: read_text(self, into_wide).replace("\0", "")
    LoadArchive.read_string_a = lambda self: read_string_a(self).replace(b"\0", b"")


@flaw
def strings_are_unicode_nowadays():
    """A port to a language that has but one kind of string writes but one, whatever its build is said to be."""
    StoreArchive.write_string = StoreArchive.write_string_w


@flaw
def the_length_counts_itself():
    """A size that includes its own byte, as those of many protocols do."""
    def write_string_a(self, units):
        self.write_string_length(len(units) + 1, False)
        self.write(units)
    StoreArchive.write_string_a = write_string_a


@flaw
def long_lengths_by_write_short():
    """out.writeByte(0xFF); out.writeShort(length);"""
    write_string_length = StoreArchive.write_string_length

    def write_length(self, length, wide):
        if not 0xFF <= length < STRING_WIDE:
            write_string_length(self, length, wide)
            return
        if wide:
            self.write_byte(0xFF)
            self.write_word(STRING_WIDE)
        self.write_byte(0xFF)
        self.write(struct.pack(">H", length))
    StoreArchive.write_string_length = write_length


@flaw
def wide_text_by_the_ansi_functions():
    """What was read wide goes through W2A, and back when it is needed wide."""
    read_text = LoadArchive._read_text
    LoadArchive._read_text = lambda self, into_wide: (
        read_text(self, into_wide).encode(self.build.code_page, "replace").decode(self.build.code_page))


@flaw
def readline_and_its_return():
    """line = readline().removesuffix("\\n"): the CR before it stays."""
    def read_chunk(self):
        read_unit = self.read_word if self.build.unicode else self.read_byte
        chunk = []
        try:
            while len(chunk) < LINE_CHUNK:
                unit = read_unit()
                chunk.append(unit)
                if unit == 0x0D:
                    chunk.append(read_unit())
                    break
                if unit == LF:
                    break
        except ArchiveError as error:
            if error.cause is not Cause.END_OF_FILE:
                raise
        return chunk
    LoadArchive._read_line_chunk = read_chunk


@flaw
def write_is_not_write_line():
    """out.write(line) for out.println(line)"""
    write_line = StoreArchive.write_line

    def write_text(self, text):
        write = self.write
        self.write = lambda data: write(data[:-2] if self.build.unicode else data[:-1])
        try:
            write_line(self, text)
        finally:
            del self.write
    StoreArchive.write_line = write_text


@flaw
def lines_with_their_length():
    """ar << text + "\\n" for ar.WriteString(text + "\\n")"""
    StoreArchive.write_line = lambda self, text: self.write_string(text + "\n")


@flaw
def lengths_of_size_t():
    """What is longer than a WORD says is written as the size_t that strlen returns."""
    def write_string_length(self, length, wide):
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
            self.write_ulonglong(length)
    StoreArchive.write_string_length = write_string_length


@flaw
def an_empty_line_is_the_end():
    """``while ((line = reader.readLine()) != null && !line.isEmpty())``"""
    read_line = LoadArchive.read_line

    def read_some(self):
        line = read_line(self)
        if not line:
            raise ArchiveError(Cause.END_OF_FILE)
        return line
    LoadArchive.read_line = read_some


@flaw
def ascii_has_no_accents():
    """``text.getBytes(US_ASCII)``"""
    write_string_a = StoreArchive.write_string_a
    StoreArchive.write_string_a = lambda self, units: write_string_a(self, bytes(unit if unit < 0x80 else ord("?") for unit in units))


@flaw
def ff_is_eof():
    """char c = getc(file); if (c == EOF) ..."""
    read_byte = LoadArchive.read_byte

    def read_char_or_eof(self):
        byte = read_byte(self)
        if byte == 0xFF:
            raise ArchiveError(Cause.END_OF_FILE)
        return byte
    LoadArchive.read_byte = read_char_or_eof


@flaw
def nuls_in_two_bytes():
    """writeUTF's modified UTF-8."""
    write_string_a = StoreArchive.write_string_a
    StoreArchive.write_string_a = lambda self, units: write_string_a(self, units.replace(b"\0", b"\xc0\x80"))


@flaw
def pairs_without_10000():
    """``0xD800 + (c >> 10)``: that 10000 is to be taken off first is not said everywhere."""
    def units_of(text):
        units = bytearray()
        for character in text:
            code = ord(character)
            if code > 0xFFFF:
                units += (0xD800 + (code >> 10) & 0xFFFF).to_bytes(2, "little") + (0xDC00 + (code & 0x3FF)).to_bytes(2, "little")
            else:
                units += code.to_bytes(2, "little")
        return bytes(units)

    def write_string_w(self, text):
        units = units_of(text)
        self.write_string_length(len(units) // 2, True)
        self.write(units)
    StoreArchive.write_string_w = write_string_w


@flaw
def fe_behind_ff_is_enough():
    """FF FE begins what is UTF-16; the third byte is not looked at."""
    read_string_length = LoadArchive.read_string_length

    def read_length(self):
        at = self._at if len(self._buffer) - self._at >= 3 else self._need(1)
        if self._buffer[at] != 0xFF or self._buffer[self._need(2) + 1] != 0xFE:
            return read_string_length(self)
        self.read(3)
        length = self.read_byte()
        if length == 0xFF:
            length = self.read_word()
            if length == 0xFFFF:
                length = self.read_dword()
        return length, True
    LoadArchive.read_string_length = read_length


@flaw
def blanks_are_passed_over():
    """``stream >> c``, which is not ``stream.get(c)``: white space is nothing that it returns."""
    def read_units(self):
        length, wide = self.read_string_length()
        if wide:
            return self.read(length * 2), wide
        units = bytearray()
        while len(units) < length:
            units += self.read(length - len(units)).translate(None, b" \t\n\v\f\r")
        return bytes(units), wide
    LoadArchive._read_units = read_units


@flaw
def the_low_surrogate_first():
    """Little-endian means the low one first, does it not?"""
    pair = re.compile("([\ud800-\udbff])([\udc00-\udfff])")
    write_string_w = StoreArchive.write_string_w

    def write_pairs(self, text):
        units = text.encode("utf-16-le", "surrogatepass")
        swapped = pair.sub(r"\2\1", "".join(chr(unit) for unit in memoryview(units).cast("H")))
        write_string_w(self, swapped)
    StoreArchive.write_string_w = write_pairs


@flaw
def decoded_as_it_comes():
    """``for await (const piece of socket) text += decoder.decode(piece)``, without { stream: true }."""
    def read_text(self, into_wide):
        length, wide = self.read_string_length()
        if not wide:
            return self.read(length).decode(self.build.code_page, "replace")
        text = ""
        missing = 2 * length
        while missing:
            here = min(missing, len(self._buffer) - self._at) or 1
            text += self.read(here).decode("utf-16-le", "replace")
            missing -= here
        return text
    LoadArchive._read_text = read_text


@flaw
def newlines_by_the_byte():
    """``memchr(buffer, '\\n', n)``, also where the text is wide."""
    read_chunk = LoadArchive._read_line_chunk

    def read_chunk_by_bytes(self):
        read_word = self.read_word
        self.read_word = lambda: LF if (unit := read_word()) & 0xFF == LF else unit
        try:
            return read_chunk(self)
        finally:
            del self.read_word
    LoadArchive._read_line_chunk = read_chunk_by_bytes


@flaw
def narrow_text_from_utf8_lossy():
    """Rust's ``String::from_utf8_lossy``."""
    read = LoadArchive.read_string_a

    def read_string_a(self):
        return read(self).decode("utf-8", "replace").encode("utf-8")
    LoadArchive.read_string_a = read_string_a
