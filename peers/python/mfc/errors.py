"""What can go wrong in an archive."""

import enum


class Cause(enum.IntEnum):
    """``CArchiveException::m_cause`` [7.1]."""

    NONE = 0
    GENERIC = 1
    READ_ONLY = 2
    END_OF_FILE = 3
    WRITE_ONLY = 4
    BAD_INDEX = 5
    BAD_CLASS = 6
    BAD_SCHEMA = 7
    BUFFER_FULL = 8


class ArchiveError(Exception):
    """``CArchiveException``. The position in the stream is lost: drop the connection [OBJ-28]."""

    def __init__(self, cause):
        super().__init__(cause.name)
        self.cause = cause


class NotSupported(Exception):
    """``CNotSupportedException``: a class without a schema number, for example [OBJ-20]."""


class LimitExceeded(Exception):
    """A message is larger, or nested deeper, than its archive was told to allow. MFC knows no such limits."""
