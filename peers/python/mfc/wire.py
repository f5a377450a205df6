"""Numbers with a meaning on the wire."""

STRING_WIDE = 0xFFFE            # where a string's length could stand: the units are wide [STR-2]

NULL_TAG = 0x0000               # object tags [6.2]
BIG_TAG = 0x7FFF                # a DWORD tag follows
CLASS_BIT = 0x8000
NEW_CLASS_TAG = 0xFFFF
BIG_CLASS_BIT = 0x80000000
MAX_INDEX = 0x3FFFFFFE          # [OBJ-13]
MAX_NAME = 63                   # longest class name that can be read [OBJ-25]

LONG_TIME = 0x8000000A          # where a CTime of 4 bytes could stand: 8 follow [8.2]

CR, LF = 0x0D, 0x0A
