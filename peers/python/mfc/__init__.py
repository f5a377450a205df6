"""MFC's archive format: what ``CArchive`` reads and writes over a ``CSocketFile``.

Nothing here knows the conformance service. Clause names such as [STR-6] are those of the format's description.
"""

from .build import CHARSETS, GENERATIONS, Build
from .containers import (CByteArray, CDWordArray, CMapStringToOb, CMapStringToString, CMapWordToOb, CObArray, CObList,
                         CStringArray, CStringList, CWordArray)
from .errors import ArchiveError, Cause, LimitExceeded, NotSupported
from .load import LoadArchive
from .objects import SERIAL_CLASSES, CObject
from .socketfile import SocketFile
from .store import StoreArchive
from .values import OleCurrency, OleDateTime, OleDateTimeSpan, OleVariant, Point, Rect, Size, variant_bodies

__all__ = ["ArchiveError", "Build", "CByteArray", "CDWordArray", "CHARSETS", "CMapStringToOb", "CMapStringToString",
           "CMapWordToOb", "CObArray", "CObList", "CObject", "CStringArray", "CStringList", "CWordArray", "Cause",
           "GENERATIONS", "LimitExceeded", "LoadArchive", "NotSupported", "OleCurrency", "OleDateTime",
           "OleDateTimeSpan", "OleVariant", "Point", "Rect", "SERIAL_CLASSES", "Size", "SocketFile", "StoreArchive",
           "variant_bodies"]
