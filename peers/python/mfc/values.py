"""Framework values that carry no tags: geometry and OLE types [8.1, 8.3].

Each has ``load(ar)``, which makes one, and ``store(ar)``.
"""

from collections import namedtuple      # typing and dataclasses take as long to load as all that is here

VT_EMPTY, VT_NULL = 0, 1
VT_BYREF, VT_ARRAY = 0x4000, 0x2000


class Size(namedtuple("Size", "cx cy")):
    """SIZE, CSize."""

    @classmethod
    def load(cls, ar):
        return cls(ar.read_long(), ar.read_long())

    def store(self, ar):
        ar.write_long(self.cx)
        ar.write_long(self.cy)


class Point(namedtuple("Point", "x y")):
    """POINT, CPoint."""

    @classmethod
    def load(cls, ar):
        return cls(ar.read_long(), ar.read_long())

    def store(self, ar):
        ar.write_long(self.x)
        ar.write_long(self.y)


class Rect(namedtuple("Rect", "left top right bottom")):
    """RECT, CRect."""

    @classmethod
    def load(cls, ar):
        return cls(ar.read_long(), ar.read_long(), ar.read_long(), ar.read_long())

    def store(self, ar):
        ar.write_long(self.left)
        ar.write_long(self.top)
        ar.write_long(self.right)
        ar.write_long(self.bottom)


class OleDateTime(namedtuple("OleDateTime", "status days")):
    """COleDateTime: days since 1899-12-30."""

    @classmethod
    def load(cls, ar):
        return cls(ar.read_long(), ar.read_double())

    def store(self, ar):
        ar.write_long(self.status)
        ar.write_double(self.days)


class OleDateTimeSpan(namedtuple("OleDateTimeSpan", "status days")):
    """COleDateTimeSpan. MFC 7.0 leaves the status out when it stores, but not when it loads [VAL-9]."""

    @classmethod
    def load(cls, ar):
        return cls(ar.read_long(), ar.read_double())

    def store(self, ar):
        if ar.build.span_has_status:
            ar.write_long(self.status)
        ar.write_double(self.days)


class OleCurrency(namedtuple("OleCurrency", "status amount")):
    """COleCurrency: ten-thousandths, the high half first on the wire."""

    @classmethod
    def load(cls, ar):
        status = ar.read_long()
        high = ar.read_long()
        return cls(status, high << 32 | ar.read_dword())

    def store(self, ar):
        ar.write_long(self.status)
        ar.write_long(self.amount >> 32)
        ar.write_dword(self.amount & 0xFFFFFFFF)


class OleVariant(namedtuple("OleVariant", "vt value", defaults=(None,))):
    """COleVariant: a VT_ number and a value, None where that type has none."""

    @classmethod
    def load(cls, ar):
        vt = ar.read_word()
        body = variant_bodies(ar.build).get(vt)     # of an unknown type MFC loads no more than the number
        return cls(vt, body[0](ar) if body else None)

    def store(self, ar):
        ar.write_word(self.vt)
        body = variant_bodies(ar.build).get(self.vt)
        if body:
            body[1](ar, self.value)


def _read_variant_bool(ar):
    return ar.read_word() != 0


def _write_variant_bool(ar, value):
    ar.write_word(0xFFFF if value else 0)


def _read_variant_bstr(ar):
    length = ar.read_dword()
    return ar.read(length)[:length & ~1].decode("utf-16-le", "surrogatepass")


def _write_variant_bstr(ar, text):
    """Counted in bytes, where a CComBSTR is counted in units."""
    units = text.encode("utf-16-le", "surrogatepass")
    ar.write_dword(len(units))
    ar.write(units)


_BODIES = {     # by VT_ number: load, store
    2: (lambda ar: ar.read_short(), lambda ar, value: ar.write_short(value)),           # VT_I2
    3: (lambda ar: ar.read_long(), lambda ar, value: ar.write_long(value)),             # VT_I4
    4: (lambda ar: ar.read_float(), lambda ar, value: ar.write_float(value)),           # VT_R4
    5: (lambda ar: ar.read_double(), lambda ar, value: ar.write_double(value)),         # VT_R8
    6: (lambda ar: ar.read_longlong(), lambda ar, value: ar.write_longlong(value)),     # VT_CY, the low half first
    7: (lambda ar: ar.read_double(), lambda ar, value: ar.write_double(value)),         # VT_DATE
    8: (_read_variant_bstr, _write_variant_bstr),                                       # VT_BSTR
    10: (lambda ar: ar.read_long(), lambda ar, value: ar.write_long(value)),            # VT_ERROR
    11: (_read_variant_bool, _write_variant_bool),                                      # VT_BOOL
    17: (lambda ar: ar.read_byte(), lambda ar, value: ar.write_byte(value)),            # VT_UI1
}

_LATE_BODIES = {
    16: (lambda ar: ar.read_char(), lambda ar, value: ar.write_char(value)),            # VT_I1
    18: (lambda ar: ar.read_word(), lambda ar, value: ar.write_word(value)),            # VT_UI2
    19: (lambda ar: ar.read_dword(), lambda ar, value: ar.write_dword(value)),          # VT_UI4
    20: (lambda ar: ar.read_longlong(), lambda ar, value: ar.write_longlong(value)),    # VT_I8
    21: (lambda ar: ar.read_ulonglong(), lambda ar, value: ar.write_ulonglong(value)),  # VT_UI8
}
_ALL_BODIES = _BODIES | _LATE_BODIES


def variant_bodies(build):
    """How this build loads and stores what follows each VT_ number."""
    return _ALL_BODIES if build.late_variants else _BODIES
