/*
 * The table of mistakes. Whoever writes (writing.c) or reads (reading.c) with one of them asks at each leaf of a value whether it is about that.
 */
#include "check/mistake.h"

// clang-format off
const struct mistake mistake_table[] = {
    { "halves-swapped",   DEED_HALVES,             0,     "the low half of %s stands where the high half is due, or the reverse", "the halves of %s are exchanged", true },
    { "halves-swapped",     DEED_HALVES,             4,     "the low WORD of %s stands where the high one is due, or the reverse", "the WORDs of %s are exchanged", true },
    { "time-form",        DEED_TIME,               4,     "%s has 4 bytes where another form is due", "%s is stored in 4 bytes", true },
    { "time-form",        DEED_TIME,               8,     "%s has 8 bytes, without the mark before them", "%s is stored in 8 bytes, without the mark", true },
    { "time-form",        DEED_TIME,               12,    "%s has 12 bytes, with the mark before them, where 4 are due", "%s is stored in 12 bytes", true },
    { "time-form",          DEED_TIME_SHORT,         0, "%s has 4 bytes behind the mark, where 8 are due", "%s is stored in 4 bytes behind the mark", true },
    { "time-form",          DEED_TIME_MARK,          TIME_MARK_BIT, "%s of 4 bytes was taken for the mark before 8, for its highest bit", "%s is read in 12 bytes where its first four have the highest bit of the mark", true },
    { "time-form",          DEED_TIME_MARK,          TIME_MARK_BITS, "%s of 4 bytes was taken for the mark before 8, for bits that it has in common with that", "%s is read in 12 bytes where its first four have all bits of the mark", true },
    { "time-form",          DEED_TIME_MARK,          TIME_MARK_BYTE, "%s of 4 bytes was taken for the mark before 8, for its lowest byte", "%s is read in 12 bytes where its first four have the lowest byte of the mark", true },
    { "time-form",          DEED_TIME_MARK,          TIME_MARK_WORD, "%s of 4 bytes was taken for the mark before 8, for its high WORD", "%s is read in 12 bytes where its first four have the high WORD of the mark", true },
    { "time-form",          DEED_TIME_MARK,          TIME_MARK_FROM, "%s of 4 bytes was taken for the mark before 8, for it is no smaller number", "%s is read in 12 bytes where its first four are no smaller number than the mark", true },
    { "time-form",          DEED_TIME_MARK,          TIME_MARK_KNOWN, "%s of 4 bytes was taken for the mark before 8, which is none to this generation", "%s is read in 12 bytes where its first four are the mark, which this generation does not know", true },
    { "time-form",          DEED_TIME_LIKE,          64,    "%s has the form that the operator gives a CTime, where Serialize64 has eight bytes and no mark", "%s is stored as by the operator", true },
    { "time-form",          DEED_TIME_LIKE,          32,    "%s has the form of a CTime, where a span has four bytes and no mark", "%s is stored as a CTime is", true },
    { "count-escape",     DEED_COUNT_FORM,         COUNT_LIKE_LENGTH, "the count has the form of a string's length", "counts have the form of lengths", true },
    { "count-escape",     DEED_COUNT_FORM,         COUNT_ONE_FF, "one FF stands before the four bytes of the count, where two are due", "counts of four bytes have one FF before them", true },
    { "count-escape",       DEED_COUNT_FORM,         COUNT_WIDE_MARK, "the count FFFE was taken for a mark, as it is one before a length", "counts are read as if FFFE before them were a mark", true },
    { "count-escape",     DEED_COUNT_FORM,         COUNT_QUAD, "the count stands in eight bytes behind FFFF, where four are due", "counts that need more than two bytes have eight", true },
    { "count-escape",     DEED_COUNT_FORM,         COUNT_QUAD_MARKED, "the count has the longest form, of eight bytes, where that of four is due", "counts have the longest form as soon as they need more than two bytes", true },
    { "count-escape",       DEED_COUNT_FORM,         COUNT_QUAD_KNOWN, "the count FFFFFFFF says that one of eight bytes follows, as in 64-bit builds alone", "counts have the form of eight bytes in a 32-bit build", true },
    { "count-escape",     DEED_COUNT_BYTES,        2,     "the count stands in two bytes, FFFF, which says that a longer form follows", "counts have no longer form than two bytes", true },
    { "wrong-size",       DEED_COUNT_BYTES,        4,     "the count stands in four bytes, without the mark before them", "counts are stored in four bytes", true },
    { "wrong-size",       DEED_COUNT_BYTES,        8,     "the count stands in eight bytes, without the mark before them", "counts are stored in eight bytes", true },
    { "wrong-size",       DEED_COUNT_BYTES,        1,     "the count stands in one byte", "counts are stored in one byte", true },
    { "count-escape",     DEED_COUNT_SHORT,        0,     "the count stands in four bytes behind FFFF, which are too short for it", "counts have no longer form than four bytes", true },
    { "count-escape",     DEED_COUNT_MARKED,       0,     "the count has the longer form where the shorter one is due", "counts always have the longer form" },
    { "count-escape",       DEED_COUNT_EARLY,        0xfffe, "the count has the longer form, which is due only from FFFF on", "counts have the longer form from FFFE on" },
    { "count-escape",       DEED_COUNT_EARLY,        0x8000, "the count has the longer form, which is due only from FFFF on", "counts have the longer form from 8000 on" },
    { "count-escape",       DEED_COUNT_EARLY,        0x7fff, "the count has the longer form, which is due only from FFFF on", "counts have the longer form from 7FFF on" },
    { "count-escape",       DEED_COUNT_EARLY,        0x100, "the count has the longer form, which is due only from FFFF on", "counts have the longer form from 100 on" },
    { "count-escape",       DEED_COUNT_EARLY,        0xff,  "the count has the longer form, which is due only from FFFF on", "counts have the longer form from FF on" },
    { "bytes-for-units",  DEED_COUNT_OF_BYTES,     0,     "the count is that of the bytes of %s, not of its elements", "counts of arrays are those of their bytes", true },
    { "count-escape",       DEED_COUNT_EARLY,        0xfffffffe, "the count has the form of eight bytes, which is due only from FFFFFFFF on", "counts have the form of eight bytes from FFFFFFFE on" },
    { "count-escape",       DEED_COUNT_EARLY,        0x80000000, "the count has the form of eight bytes, which is due only from FFFFFFFF on", "counts have the form of eight bytes from 80000000 on" },
    { "count-escape",       DEED_COUNT_EARLY,        0x7fffffff, "the count has the form of eight bytes, which is due only from FFFFFFFF on", "counts have the form of eight bytes from 7FFFFFFF on" },
    { "count-escape",       DEED_COUNT_LATE,         0xffff, "the count FFFF stands in two bytes, which say that a longer form follows", "the count FFFF has no longer form than two bytes" },
    { "count-escape",       DEED_COUNT_LATE,         0xffffffff, "the count FFFFFFFF stands in four bytes, which say that a longer form follows", "the count FFFFFFFF has no longer form than four bytes" },
    { "count-escape",       DEED_COUNT_TAKEN,        0xfffe, "a count from FFFE on was taken for what says that a longer form follows", "counts are read as if FFFE said that a longer form follows", true },
    { "count-escape",       DEED_COUNT_TAKEN,        0x8000, "a count from 8000 on was taken for what says that a longer form follows", "counts are read as if 8000 and more said that a longer form follows", true },
    { "count-escape",       DEED_COUNT_TAKEN,        0xfffffffe, "a count from FFFFFFFE on was taken for what says that a longer form follows", "counts are read as if FFFFFFFE said that a longer form follows", true },
    { "count-escape",       DEED_COUNT_TAKEN,        0x80000000, "a count from 80000000 on was taken for what says that a longer form follows", "counts are read as if 80000000 and more said that a longer form follows", true },
    { "count-escape",       DEED_COUNT_NONE,         0xffff, "the count FFFF, which says that a longer one follows, was taken for none", "counts are read as if FFFF were none", true },
    { "sign-added",         DEED_COUNT_NONE,         0x8000, "a count from 8000 on was taken for a negative one, and for none", "counts are read with a sign", true },
    { "cut",              DEED_COUNT_LOW,          2,     "the count has kept its low two bytes", "counts keep their low two bytes", true },
    { "cut",              DEED_COUNT_LOW,          1,     "the count has kept its low byte", "counts keep their low byte", true },
    { "cut",              DEED_COUNT_LOW,          4,     "the count has kept its low four bytes", "counts keep their low four bytes", true },
    { "cut",              DEED_COUNT_BYTES,        0,     "the count is missing before the elements", "collections lack their count" },
    { "sign-added",         DEED_COUNT_SIGNED,       BYTES_OR_ED, "the count was put together from bytes with a sign: the highest bit of one has set all bits of those above", "counts are put together from bytes with a sign", true },
    { "sign-added",         DEED_COUNT_SIGNED,       BYTES_ADDED, "the count was put together from bytes with a sign: the highest bit of one has taken one from those above", "counts are added up from bytes with a sign", true },
    { "count-escape",       DEED_COUNT_MINUS,        2,     "the count of an empty %s is -1, in two bytes", "counts of what is empty are -1, in two bytes" },
    { "count-escape",       DEED_COUNT_MINUS,        4,     "the count of an empty %s is -1, in four bytes", "counts of what is empty are -1, in four bytes" },
    { "off-by-one",       DEED_COUNT_PLUS,         1,     "the count is one too large", "counts are one too large", true },
    { "off-by-one",       DEED_COUNT_PLUS,         -1,    "the count is one too small", "counts are one too small", true },
    { "off-by-one",         DEED_ELEMENT_LEFT,       0,     "the last element of %s is missing, which its count counts", "the last elements of collections are counted, and not sent" },
    { "off-by-one",         DEED_ELEMENT_LEFT,       1,     "the first element of %s is missing, which its count counts", "the first elements of collections are counted, and not sent" },
    { "cut",              DEED_CUT_AT,             0,     "the string ends at its first NUL", "strings end at their first NUL", true },
    { "cut",              DEED_CUT_AT,             '\r',  "the string ends at its first CR", "strings end at their first CR", true },
    { "cut",              DEED_CUT_AT,             '\n',  "the string ends at its first newline", "strings end at their first newline", true },
    { "cut",              DEED_CUT_AT,             CUT_LINES, "the string ends at the first character that ends a line elsewhere, such as U+2028 or a form feed", "strings end at whatever ends a line", true },
    { "cut",              DEED_STRIP,              STRIP_BEGIN | STRIP_END, "the string came without the blanks at its ends", "blanks at the ends of strings are stripped", true },
    { "cut",              DEED_STRIP,              STRIP_BEGIN, "the string came without the blanks at its beginning", "blanks at the beginning of strings are stripped", true },
    { "cut",              DEED_STRIP,              STRIP_END, "the string came without the blanks at its end", "blanks at the end of strings are stripped", true },
    { "cut",              DEED_STRIP,              STRIP_NULS, "the string came without the NULs at its end", "NULs at the end of strings are stripped", true },
    { "cut",              DEED_UNIT_LEFT,          0,     "the NULs of the string were left out", "NULs are left out of strings", true },
    { "cut",              DEED_UNIT_LEFT,          '\r',  "the CRs of the string were left out", "CRs are left out of strings", true },
    { "cut",              DEED_UNIT_LEFT,          '\n',  "the newlines of the string were left out", "newlines are left out of strings", true },
    { "byte-order-mark",    DEED_MARK_TAKEN,         0,     "the first character of the string, U+FEFF, was taken for a byte order mark", "U+FEFF at the beginning of strings is taken for a byte order mark", true },
    { "replaced",         DEED_LONE_REPLACED,      '?',   "a question mark stands for half a surrogate pair", "halves of surrogate pairs become question marks", true },
    { "replaced",         DEED_LONE_REPLACED,      0xfffd, "U+FFFD stands for half a surrogate pair", "halves of surrogate pairs become U+FFFD", true },
    { "replaced",         DEED_LONE_REPLACED,      0,     "half a surrogate pair was left out", "halves of surrogate pairs are left out", true },
    { "replaced",         DEED_PAIR_REPLACED,      '?',   "a question mark stands for a surrogate pair", "surrogate pairs become question marks", true },
    { "replaced",         DEED_PAIR_REPLACED,      0xfffd, "U+FFFD stands for a surrogate pair", "surrogate pairs become U+FFFD", true },
    { "replaced",         DEED_PAIR_REPLACED,      0,     "a surrogate pair was left out", "surrogate pairs are left out", true },
    { "replaced",         DEED_ASCII_ONLY,         '?',   "a question mark stands for what is not ASCII", "what is not ASCII in wide text becomes question marks", true },
    { "replaced",         DEED_ASCII_ONLY,         0xfffd, "U+FFFD stands for what is not ASCII", "what is not ASCII in wide text becomes U+FFFD", true },
    { "replaced",         DEED_ASCII_ONLY,         0,     "what is not ASCII was left out", "what is not ASCII is left out of strings", true },
    { "replaced",         DEED_LATIN_ONLY,         '?',   "a question mark stands for what is not Latin-1", "what is not Latin-1 in wide text becomes question marks", true },
    { "replaced",         DEED_LATIN_ONLY,         0,     "what is not Latin-1 was left out", "what is not Latin-1 is left out of strings", true },
    { "code-page",        DEED_UTF8,               0,     "narrow text is encoded in UTF-8, not in the code page", "narrow text is encoded in UTF-8" },
    { "code-page",          DEED_UTF8_UNITS,         0,     "each byte that the text has in UTF-8 is taken for a character", "wide text is UTF-8 that was taken for Latin-1", true },
    { "code-page",          DEED_UTF8_UNITS,         1,     "each byte that the text has in UTF-8 is taken for a character", "wide text is UTF-8 that was taken for Windows-1252", true },
#define PAGE(n, name) \
    { "code-page",        DEED_CODE_PAGE_LATIN,    n,     "narrow text is encoded in the code page " name ", not in its own", "narrow text is encoded in the code page " name, true }, \
    { "code-page",        DEED_CODE_PAGE,          n,     "narrow text is encoded in the code page " name ", not in its own", "narrow text is encoded in the code page " name, true }
    PAGE(437, "437"), PAGE(850, "850"), PAGE(852, "852"), PAGE(866, "866"), PAGE(1250, "1250"), PAGE(1251, "1251"), PAGE(1252, "1252"), PAGE(1253, "1253"),
    PAGE(1254, "1254"), PAGE(1255, "1255"), PAGE(1256, "1256"), PAGE(1257, "1257"), PAGE(1258, "1258"),
#undef PAGE
    { "code-page",        DEED_QUESTION,           0,     "what is not ASCII in narrow text became a question mark", "narrow text is encoded in ASCII", true },
    { "code-page",        DEED_7BIT,               0,     "narrow text has lost its highest bits", "narrow text has lost its highest bits", true },
    { "string-width",     DEED_OTHER_WIDTH,        0,     NULL, "strings have the other width", false },
    { "string-width",     DEED_NO_PREFIX,          0,     "a wide string came without FFFE before it, which says that it is wide", "wide strings lack the mark FFFE", true },
    { "characters-for-units",DEED_COUNTS_CHARS,       0,     "the length counts characters: a surrogate pair, which has two units, counts as one", "lengths count characters, not units", true },
    { "byte-order-mark",    DEED_BYTE_ORDER_MARK,    1,     "a byte order mark stands before the text of the string, and its length counts it", "strings begin with a byte order mark" },
    { "byte-order-mark",    DEED_BYTE_ORDER_MARK,    0,     "a byte order mark stands before the text of the string, which its length does not count", "strings begin with a byte order mark that is not counted" },
    { "bytes-for-units",  DEED_COUNTS_BYTES,       0,     "the length counts the string's bytes, not its units", "lengths count bytes, not units", true },
    { "bytes-for-units",  DEED_CUT_HALF,           0,     "the string ends in its middle: its length was taken for that of its bytes", "lengths of wide strings are read as those of their bytes", true },
    { "units-for-bytes",  DEED_COUNTS_UNITS,       0,     "the length counts the string's units, not its bytes", "lengths count units where bytes are due", true },
    { "bytes-for-units",    DEED_COUNTS_UTF8,        0,     "the length counts the bytes that the string has in UTF-8, not its units", "lengths count bytes of UTF-8, not units" },
    { "terminated",       DEED_COUNTS_NUL,         0,     "the string has a NUL behind it, and its length counts that, too", "strings are sent with their NUL", true },
    { "terminated",       DEED_NUL_BEHIND,         0,     "the string has a NUL behind it, which its length does not count", "strings are sent with a NUL behind" },
    { "extra-bytes",      DEED_BYTE_BEHIND,        0,     "a byte stands behind the string", "a byte is sent behind strings" },
    { "extra-bytes",      DEED_UNIT_BEHIND,        '\n',  "a newline stands at the end of the string, and its length counts it", "strings are sent with a newline behind", true },
    { "extra-bytes",      DEED_UNIT_BEHIND,        '\r',  "CR LF stands at the end of the string, and its length counts it", "strings are sent with CR LF behind", true },
    { "extra-bytes",      DEED_UNIT_BEHIND,        ' ',   "a blank stands at the end of the string, and its length counts it", "strings are sent with a blank behind", true },
    { "dropped",          DEED_BYTE_SKIPPED,       0,     "the byte behind a string is dropped by whoever reads it", "a byte behind each string is dropped", true },
    { "off-by-one",       DEED_LENGTH_PLUS,        1,     "the length of the string is one too large", "lengths of strings are one too large", true },
    { "off-by-one",       DEED_LENGTH_PLUS,        -1,    "the length of the string is one too small", "lengths of strings are one too small", true },
    { "length-escape",    DEED_LENGTH_SHORT,       1,     "the length stands in one byte, which says that a longer form follows, or is too large for it", "lengths have no longer form than one byte", true },
    { "length-escape",    DEED_LENGTH_SHORT,       3,     "the length stands in two bytes behind FF, which is too short for it", "lengths have no longer form than two bytes", true },
    { "length-escape",    DEED_LENGTH_SHORT,       7,     "the length FFFFFFFF, which says that a longer one follows, was taken for that of the string", "lengths have no longer form than four bytes", true },
    { "length-escape",    DEED_LENGTH_ESCAPED,     0,     "the length has the escape FF, which is not due yet", "lengths always have the escape" },
    { "length-escape",    DEED_LENGTH_ESCAPED,     128,   "the length has the escape FF from 128 on", "lengths have the escape from 128 on" },
    { "length-escape",    DEED_LENGTH_ESCAPED,     254,   "the length has the escape FF from 254 on", "lengths have the escape from 254 on" },
    { "length-escape",      DEED_LENGTH_LATE,        0xff,  "the length FF stands in one byte, which says that a longer form follows", "the length FF has no escape" },
    { "length-escape",      DEED_LENGTH_LATE,        0xfffe, "the length FFFE stands in two bytes, which are the mark of a wide string", "the length FFFE stands in two bytes" },
    { "length-escape",    DEED_LENGTH_LONG,        0,     "the length has the form of four bytes where that of two is due", "lengths have four bytes as soon as they need the escape" },
    { "length-escape",      DEED_LENGTH_LONG,        0xfffd, "the length has the form of four bytes where that of two is due", "lengths have four bytes from FFFD on" },
    { "length-escape",      DEED_LENGTH_LONG,        0x8000, "the length has the form of four bytes where that of two is due", "lengths have four bytes from 8000 on" },
    { "length-escape",      DEED_LENGTH_LONG,        0x7fff, "the length has the form of four bytes where that of two is due", "lengths have four bytes from 7FFF on" },
    { "length-escape",    DEED_LENGTH_BYTES,       2,     "the length stands in two bytes, without an escape", "lengths are stored in two bytes", true },
    { "length-escape",    DEED_LENGTH_BYTES,       4,     "the length stands in four bytes, without an escape", "lengths are stored in four bytes", true },
    { "length-escape",    DEED_LENGTH_BYTES,       8,     "the length stands in eight bytes, without an escape", "lengths are stored in eight bytes", true },
    { "length-escape",    DEED_LENGTH_BYTES,       -2,    "the length stands in two bytes, big-endian", "lengths are stored in two bytes, big-endian", true },
    { "length-escape",    DEED_LENGTH_BYTES,       -4,    "the length stands in four bytes, big-endian", "lengths are stored in four bytes, big-endian", true },
    { "length-escape",    DEED_LENGTH_ONE_FF,      0,     "the length has four bytes behind FF FF, where FF FFFF is due before them", "lengths of four bytes have one FF too few before them", true },
    { "string-width",     DEED_MARK_UNKNOWN,       0,     "the mark FFFE of a wide string is taken for its length", "the mark FFFE of wide strings is read as a length", true },
    { "length-escape",    DEED_MARK_AGAIN,         0,     "the length FFFE of a wide string is taken for its mark again", "the length FFFE of a wide string is read as its mark again", true },
    { "length-escape",      DEED_BSTR_AS_STRING,     0,     "the length has the form of a CString's, where a CComBSTR has four bytes", "lengths of CComBSTR have the form of those of CString", true },
    { "length-escape",      DEED_BSTR_AS_STRING,     1,     "the length has the form of a wide CString's, where a CComBSTR has four bytes", "CComBSTR is stored as a wide CString is", true },
    { "length-escape",      DEED_BSTR_AS_STRING,     2,     "the length has the form of a wide CString's, and counts units, where a BSTR has four bytes that count bytes", "text of variants is stored as a wide CString is", true },
    { "length-escape",    DEED_LENGTH_AS_COUNT,    0,     "the length has the form of a count, of two bytes at least", "lengths have the form of counts", true },
    { "length-escape",    DEED_LENGTH_QUAD,        1,     "the length has eight bytes behind FF FFFF, where four are due", "lengths have eight bytes behind FF FFFF" },
    { "length-escape",    DEED_LENGTH_QUAD,        0,     "the length has the form of eight bytes where that of four is due", "lengths have eight bytes where four would do" , true },
    { "length-escape",    DEED_LENGTH_7BIT,        0,     "the length has seven bits in each byte", "lengths have seven bits in each byte", true },
    { "length-escape",      DEED_LENGTH_FOUR,        0, "the length of the string has four bytes behind FF, where two are due", "lengths have four bytes behind FF", true },
    { "length-escape",      DEED_LENGTH_FOUR,        0 | ONLY_WIDE, "the length of the wide string has four bytes behind FF, where two are due", "lengths of wide strings have four bytes behind FF", true },
    { "length-escape",      DEED_LENGTH_FOUR,        0 | ONLY_NARROW, "the length of the narrow string has four bytes behind FF, where two are due", "lengths of narrow strings have four bytes behind FF", true },
    { "length-escape",      DEED_LENGTH_TAKEN,       0xfe, "a length of the string from FE on was taken for FF, which says that a longer form follows", "lengths are read as if FE said that a longer form follows", true },
    { "length-escape",      DEED_LENGTH_TAKEN,       0xfe | ONLY_WIDE, "a length of the wide string from FE on was taken for FF, which says that a longer form follows", "lengths of wide strings are read as if FE said that a longer form follows", true },
    { "length-escape",      DEED_LENGTH_TAKEN,       0xfe | ONLY_NARROW, "a length of the narrow string from FE on was taken for FF, which says that a longer form follows", "lengths of narrow strings are read as if FE said that a longer form follows", true },
    { "length-escape",      DEED_LENGTH_TAKEN,       0x80, "a length of the string from 80 on was taken for FF, which says that a longer form follows", "lengths are read as if 80 and more said that a longer form follows", true },
    { "length-escape",      DEED_LENGTH_TAKEN,       0x80 | ONLY_WIDE, "a length of the wide string from 80 on was taken for FF, which says that a longer form follows", "lengths of wide strings are read as if 80 and more said that a longer form follows", true },
    { "length-escape",      DEED_LENGTH_TAKEN,       0x80 | ONLY_NARROW, "a length of the narrow string from 80 on was taken for FF, which says that a longer form follows", "lengths of narrow strings are read as if 80 and more said that a longer form follows", true },
    { "length-escape",      DEED_LENGTH_TAKEN,       0xfffd, "a length of the string from FFFD on was taken for FFFF, which says that a longer form follows", "lengths are read as if FFFD said that a longer form follows", true },
    { "length-escape",      DEED_LENGTH_TAKEN,       0xfffd | ONLY_WIDE, "a length of the wide string from FFFD on was taken for FFFF, which says that a longer form follows", "lengths of wide strings are read as if FFFD said that a longer form follows", true },
    { "length-escape",      DEED_LENGTH_TAKEN,       0xfffd | ONLY_NARROW, "a length of the narrow string from FFFD on was taken for FFFF, which says that a longer form follows", "lengths of narrow strings are read as if FFFD said that a longer form follows", true },
    { "length-escape",      DEED_LENGTH_TAKEN,       0x8000, "a length of the string from 8000 on was taken for FFFF, which says that a longer form follows", "lengths are read as if 8000 and more said that a longer form follows", true },
    { "length-escape",      DEED_LENGTH_TAKEN,       0x8000 | ONLY_WIDE, "a length of the wide string from 8000 on was taken for FFFF, which says that a longer form follows", "lengths of wide strings are read as if 8000 and more said that a longer form follows", true },
    { "length-escape",      DEED_LENGTH_TAKEN,       0x8000 | ONLY_NARROW, "a length of the narrow string from 8000 on was taken for FFFF, which says that a longer form follows", "lengths of narrow strings are read as if 8000 and more said that a longer form follows", true },
    { "sign-added",         DEED_LENGTH_SIGNED,      0x80, "a length of the string from 80 on was taken for a negative one, and for none", "lengths of strings are read with a sign", true },
    { "sign-added",         DEED_LENGTH_SIGNED,      0x8000, "a length of the string of two bytes, from 8000 on, was taken for a negative one, and for none", "lengths of strings of two bytes are read with a sign", true },
    { "cut",              DEED_LENGTH_LOW,         2,     "the length has kept its low two bytes", "lengths of strings keep their low two bytes" },
    { "cut",              DEED_LENGTH_LOW,         1,     "the length has kept its low byte", "lengths of strings keep their low byte" },
    { "cut",              DEED_LENGTH_LEFT,        0,     "the length is missing before the units of the string", "strings lack their length" },
    { "cut",              DEED_LENGTH_LEFT,        1,     "all that is due before the units of the string is missing", "strings lack their length and what says that they are wide" },
    { "length-escape",      DEED_LENGTH_NONE,        0xffff, "the length FFFF of the string, which says that a longer one follows, was taken for none", "lengths are read as if FFFF were none", true },
    { "length-escape",      DEED_LENGTH_NONE,        0xffffffff, "the length FFFFFFFF of the string, which says that a longer one follows, was taken for none", "lengths are read as if FFFFFFFF were none", true },
    { "sign-added",         DEED_LENGTH_OF_SIGNED,   BYTES_OR_ED, "the length was put together from bytes with a sign: the highest bit of one has set all bits of those above", "lengths of strings are put together from bytes with a sign", true },
    { "sign-added",         DEED_LENGTH_OF_SIGNED,   BYTES_ADDED, "the length was put together from bytes with a sign: the highest bit of one has taken one from those above", "lengths of strings are added up from bytes with a sign", true },
    { "length-escape",      DEED_LENGTH_MINUS,       1,     "the length of an empty %s is -1", "lengths of empty strings are -1" },
    { "length-escape",      DEED_LENGTH_MINUS,       4,     "the length of an empty %s is -1, in four bytes", "lengths of empty strings are -1, in four bytes" },
    { "length-escape",      DEED_LENGTH_SHORT,       1 | ONLY_WIDE, "the length of the wide string stands in one byte, which says that a longer form follows, or is too large for it", "lengths of wide strings have no longer form than one byte", true },
    { "length-escape",      DEED_LENGTH_SHORT,       1 | ONLY_NARROW, "the length of the narrow string stands in one byte, which says that a longer form follows, or is too large for it", "lengths of narrow strings have no longer form than one byte", true },
    { "length-escape",      DEED_LENGTH_SHORT,       3 | ONLY_WIDE, "the length of the wide string stands in two bytes behind FF, which is too short for it", "lengths of wide strings have no longer form than two bytes", true },
    { "length-escape",      DEED_LENGTH_SHORT,       3 | ONLY_NARROW, "the length of the narrow string stands in two bytes behind FF, which is too short for it", "lengths of narrow strings have no longer form than two bytes", true },
    { "length-escape",      DEED_LENGTH_BYTES,       2 | ONLY_WIDE, "the length of the wide string stands in two bytes, without an escape", "lengths of wide strings are stored in two bytes" },
    { "length-escape",      DEED_LENGTH_BYTES,       2 | ONLY_NARROW, "the length of the narrow string stands in two bytes, without an escape", "lengths of narrow strings are stored in two bytes" },
    { "length-escape",      DEED_LENGTH_BYTES,       4 | ONLY_WIDE, "the length of the wide string stands in four bytes, without an escape", "lengths of wide strings are stored in four bytes" },
    { "length-escape",      DEED_LENGTH_BYTES,       4 | ONLY_NARROW, "the length of the narrow string stands in four bytes, without an escape", "lengths of narrow strings are stored in four bytes" },
    { "length-escape",      DEED_LENGTH_ESCAPED,     0 | ONLY_WIDE, "the length of the wide string has the escape FF, which is not due yet", "lengths of wide strings always have the escape" },
    { "length-escape",      DEED_LENGTH_ESCAPED,     0 | ONLY_NARROW, "the length of the narrow string has the escape FF, which is not due yet", "lengths of narrow strings always have the escape" },
    { "length-escape",      DEED_LENGTH_ESCAPED,     128 | ONLY_WIDE, "the length of the wide string has the escape FF from 128 on", "lengths of wide strings have the escape from 128 on" },
    { "length-escape",      DEED_LENGTH_ESCAPED,     128 | ONLY_NARROW, "the length of the narrow string has the escape FF from 128 on", "lengths of narrow strings have the escape from 128 on" },
    { "length-escape",      DEED_LENGTH_ESCAPED,     254 | ONLY_WIDE, "the length of the wide string has the escape FF from 254 on", "lengths of wide strings have the escape from 254 on" },
    { "length-escape",      DEED_LENGTH_ESCAPED,     254 | ONLY_NARROW, "the length of the narrow string has the escape FF from 254 on", "lengths of narrow strings have the escape from 254 on" },
    { "length-escape",      DEED_LENGTH_LATE,        0xff | ONLY_WIDE, "the length FF of the wide string stands in one byte, which says that a longer form follows", "lengths of wide strings have no escape at FF" },
    { "length-escape",      DEED_LENGTH_LATE,        0xff | ONLY_NARROW, "the length FF of the narrow string stands in one byte, which says that a longer form follows", "lengths of narrow strings have no escape at FF" },
    { "length-escape",      DEED_LENGTH_LATE,        0xfffe | ONLY_WIDE, "the length FFFE of the wide string stands in two bytes", "lengths of wide strings have two bytes at FFFE" },
    { "length-escape",      DEED_LENGTH_LATE,        0xfffe | ONLY_NARROW, "the length FFFE of the narrow string stands in two bytes", "lengths of narrow strings have two bytes at FFFE" },
    { "length-escape",      DEED_LENGTH_LONG,        0 | ONLY_WIDE, "the length of the wide string has the form of four bytes where that of two is due", "lengths of wide strings have four bytes as soon as they need the escape" },
    { "length-escape",      DEED_LENGTH_LONG,        0 | ONLY_NARROW, "the length of the narrow string has the form of four bytes where that of two is due", "lengths of narrow strings have four bytes as soon as they need the escape" },
    { "length-escape",      DEED_LENGTH_LONG,        0xfffd | ONLY_WIDE, "the length of the wide string has the form of four bytes where that of two is due", "lengths of wide strings have four bytes from FFFD on" },
    { "length-escape",      DEED_LENGTH_LONG,        0xfffd | ONLY_NARROW, "the length of the narrow string has the form of four bytes where that of two is due", "lengths of narrow strings have four bytes from FFFD on" },
    { "string-width",       DEED_WIDE_AS_NARROW,     0, "each unit of the wide string was taken for a byte", "wide strings are read as if their units were bytes", true },
    { "wrong-size",         DEED_UNIT_SIZE,          4, "each unit of the string has four bytes, where two are due", "units of wide strings are stored in four bytes", true },
    { "string-width",       DEED_UNIT_SIZE,          1, "each unit of the string has one byte, where what stands before them says that they are wide", "units of wide strings are stored in one byte", true },
    { "string-width",       DEED_UNIT_SIZE,          2, "each unit of the string has two bytes, where nothing before them says that they are wide", "units of narrow strings are stored in two bytes" },
    { "string-width",       DEED_UNITS_COPIED,       0, "the bytes of the wide string were taken for units of a narrow one, each by itself", "the bytes of wide strings are copied into narrow ones", true },
    { "string-width",       DEED_UNITS_COPIED,       1, "each two bytes of the narrow string were taken for a unit of a wide one", "the bytes of narrow strings are copied into wide ones", true },
    { "bytes-swapped",    DEED_SWAP,               0,     "the bytes of %s stand in the wrong order", "%ss are stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_TIMES,         0,     "the bytes of %s stand in big-endian order", "%s is stored big-endian", true },
    { "bytes-swapped",      DEED_SWAP_TIMES,         4,     "the mark before the seconds of %s stands in big-endian order", "the mark of %s is stored big-endian", true },
    { "bytes-swapped",      DEED_SWAP_TIMES,         8,     "the seconds of %s behind the mark stand in big-endian order", "the seconds of %s are stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_LENGTHS,       0,     "the length of the string stands in big-endian order", "lengths of strings are stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_COUNTS,        0,     "the count stands in big-endian order", "counts are stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_LENGTHS,       2,     "the two bytes of the string's length stand in big-endian order", "lengths of strings of two bytes are stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_COUNTS,        2,     "the two bytes of the count stand in big-endian order", "counts of two bytes are stored big-endian", true },
    { "bytes-swapped",      DEED_SWAP_LENGTHS,       4,     "the four bytes of the string's length stand in big-endian order", "lengths of strings of four bytes are stored big-endian", true },
    { "bytes-swapped",      DEED_SWAP_COUNTS,        4,     "the four bytes of the count stand in big-endian order", "counts of four bytes are stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_SCHEMAS,       0,     "the schema of the class stands in big-endian order", "schemas of classes are stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_TAGS,          0,     "tags of objects and classes stand in big-endian order", "tags of objects are stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_UNITS,         0,     "the units of the wide string stand in big-endian order", "units of wide strings are stored big-endian", true },
    { "bytes-swapped",      DEED_SWAP_MARK,          0,     "the mark FFFE of the wide string stands in big-endian order", "the mark FFFE of wide strings is stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_ALL,           0,     "all numbers stand in big-endian order, also lengths, counts and tags", "all numbers are stored big-endian", true },
    { "rounded",          DEED_ROUND,              0,     "%s has the digits of a float, and no more", "doubles are rounded to floats", true },
    { "rounded",            DEED_ROUND,              15,    "%s has fifteen decimal digits, and no more", "%ss are rounded to 15 decimal digits", true },
    { "rounded",            DEED_ROUND,              6,     "%s has six decimal digits, and no more", "%ss are rounded to 6 decimal digits", true },
    { "rounded",            DEED_ROUND,              -6,    "%s has six digits behind the point, and no more", "%ss are rounded to 6 digits behind the point", true },
    { "rounded",            DEED_ROUND,              -2,    "%s has two digits behind the point, and no more", "%ss are rounded to 2 digits behind the point", true },
    { "rounded",            DEED_ROUND_WHOLE,        1,     "%s has the digits of a double, and no more", "%ss are rounded to doubles", true },
    { "rounded",            DEED_ROUND_WHOLE,        10000, "%s has the digits of a double that counts units, not ten thousandths, and no more", "%ss are rounded to doubles of units", true },
    { "rounded",            DEED_ROUND_WHOLE,        0,     "%s has the digits of a float, and no more", "%ss are rounded to floats", true },
    { "padded",           DEED_ALIGN,              4,     "bytes stand before %s, so that it begins at a multiple of its size", "%ss are aligned, to 4 bytes at most", true },
    { "padded",           DEED_ALIGN,              8,     "bytes stand before %s, so that it begins at a multiple of its size", "%ss are aligned, to 8 bytes at most", true },
    { "padded",           DEED_ALIGN_WITHIN,       8,     "bytes stand before a member of %s, so that it begins at a multiple of its size", "members of %s are aligned, to 8 bytes at most", true },
    { "padded",           DEED_ALIGN_WITHIN,       4,     "bytes stand before a member of %s, so that it begins at a multiple of its size", "members of %s are aligned, to 4 bytes at most", true },
    { "sign-lost",        DEED_NO_SIGN,            0,     "%s is read without its sign", "%ss are read without their sign", true },
    { "sign-added",       DEED_SIGN,               0,     "%s is read as a number with a sign", "%ss are read as numbers with a sign", true },
    { "sign-added",         DEED_BYTES_SIGNED,       BYTES_OR_ED, "%s was put together from bytes with a sign: the highest bit of one has set all bits of those above", "%ss are put together from bytes with a sign", true },
    { "sign-added",         DEED_BYTES_SIGNED,       BYTES_ADDED, "%s was put together from bytes with a sign: the highest bit of one has taken one from those above", "%ss are added up from bytes with a sign", true },
    { "wrong-size",       DEED_LOW,                4,    "%s has kept its low four bytes", "%ss keep their low four bytes", true },
    { "wrong-size",       DEED_LOW,                -4,    "%s has kept its low four bytes, and the sign of these", "%ss keep their low four bytes, with their sign", true },
    { "wrong-size",       DEED_LOW,                6,    "%s has kept its low six bytes", "%ss keep their low six bytes", true },
    { "wrong-size",       DEED_LOW,                2,    "%s has kept its low two bytes", "%ss keep their low two bytes", true },
    { "wrong-size",       DEED_LOW,                -2,    "%s has kept its low two bytes, and the sign of these", "%ss keep their low two bytes, with their sign", true },
    { "wrong-size",       DEED_LOW,                1,    "%s has kept its low one byte", "%ss keep their low one byte", true },
    { "wrong-size",       DEED_LOW,                -1,    "%s has kept its low one byte, and the sign of these", "%ss keep their low one byte, with their sign", true },
    { "wrong-size",       DEED_SIZE,               1,     "%s has 1 byte", "%ss are stored in 1 byte", true },
    { "wrong-size",       DEED_SIZE,               2,     "%s has 2 bytes", "%ss are stored in 2 bytes", true },
    { "wrong-size",       DEED_SIZE,               4,     "%s has 4 bytes", "%ss are stored in 4 bytes", true },
    { "wrong-size",       DEED_SIZE,               8,     "%s has 8 bytes", "%ss are stored in 8 bytes", true },
    { "wrong-size",       DEED_SIZE_UNSIGNED,      8,     "%s has 8 bytes, and its sign is lost", "%ss are stored in 8 bytes", true },
    { "wrong-size",       DEED_SIZE_UNSIGNED,      4,     "%s has 4 bytes, and its sign is lost", "%ss are stored in 4 bytes", true },
    { "wrong-size",         DEED_SIZE_BIG,           8,     "%s has 8 bytes, big-endian", "%ss are stored in 8 bytes, big-endian", true },
    { "wrong-size",         DEED_SIZE_BIG,           4,     "%s has 4 bytes, big-endian", "%ss are stored in 4 bytes, big-endian", true },
    { "wrong-size",         DEED_SIZE_BIG,           2,     "%s has 2 bytes, big-endian", "%ss are stored in 2 bytes, big-endian", true },
    { "wrong-value",        DEED_MEMBERS_TURNED,     TURN_ALL,     "the members of %s stand in the reverse order", "members of %s stand in the reverse order", true },
    { "wrong-value",        DEED_MEMBERS_TURNED,     TURN_TWOS,     "each two members of %s have changed places", "each two members of %s change places", true },
    { "wrong-value",        DEED_MEMBERS_TURNED,     TURN_FIRST, "the first member of %s stands behind the others", "the first member of %s is stored last", true },
    { "wrong-value",        DEED_MEMBERS_TURNED,     TURN_LAST, "the last member of %s stands before the others", "the last member of %s is stored first", true },
    { "wrong-value",        DEED_ENTRIES_TURNED,     0,     "the value of an entry of %s stands before its key", "values of %s are stored before their keys", true },
#define MEMBER(n, which) \
    { "cut",                DEED_MEMBER_LEFT,        n,     "the " which " member of %s is left out", "the " which " member of %s is not stored", true }, \
    { "extra-bytes",        DEED_MEMBER_TWICE,       n,     "the " which " member of %s stands twice", "the " which " member of %s is stored twice", true }, \
    { "wrong-value",        DEED_MEMBER_UNSET,       n,     "the " which " member of %s is empty, or zero, as if nobody had set it", "the " which " member of %s is never set", true }
    MEMBER(0, "first"), MEMBER(1, "second"), MEMBER(2, "third"), MEMBER(3, "fourth"),
#undef MEMBER
    { "extra-bytes",      DEED_EMPTY_FILLED,       4,     "a number stands in a %s that has no value", "a %s without a value is sent with one of 4 bytes", true },
    { "extra-bytes",      DEED_EMPTY_FILLED,       8,     "a number stands in a %s that has no value", "a %s without a value is sent with one of 8 bytes", true },
    { "extra-bytes",      DEED_EMPTY_FILLED,       2,     "a number stands in a %s that has no value", "a %s without a value is sent with one of 2 bytes", true },
    { "terminated",         DEED_LINE_ENDS,          0,     "the line ends in a NUL, where a newline is due", "lines end in a NUL", true },
    { "wrong-value",        DEED_LINE_ENDS,          '\r',  "the line ends in a CR, where a newline is due", "lines end in a CR", true },
    { "cut",              DEED_NO_NEWLINE,         0,     "the line came without its newline", "lines lack their newline" },
    { "extra-bytes",      DEED_CRLF,               0,     "the line ends in CR LF, where LF alone is due", "lines end in CR LF" },
    { "string-width",       DEED_LINE_WIDTH,         0, "the line was taken for one of the other width", "lines are read in the other width", true },
    { "cut",              DEED_LINE_AT_CR,         0,     "the line ends at its CR", "lines end at a CR, too", true },
    { "extra-bytes",      DEED_LINE_KEEPS_CR,      0,     "the CR, which ReadString drops, stays in the line", "a CR stays in the line", true },
    { "table-restarted",  DEED_TABLE_PER_REFUSAL,  0,     "the object table began anew behind what was refused", "object tables begin anew behind a refusal", true },
    { "wrong-index",      DEED_REFUSED_COUNTED,    1,     "the index counts what was refused before, too", "what was refused takes an index" },
    { "wrong-index",      DEED_REFUSED_COUNTED,    2,     "the index counts what was refused before, too", "what was refused takes two indexes" },
    { "described-again",  DEED_DESCRIBE_AGAIN,     0,     "the class is described again, though it has been before in this direction", "a class is described with each of its objects" },
    { "table-restarted",  DEED_TABLE_PER_MESSAGE,  0,     "the object table began anew with this message: its first entry is 1 again", "object tables begin anew with each message", true },
    { "table-restarted",  DEED_TABLE_PER_COLLECTION, 0,   "the object table began anew with the elements of a collection, which are written apart", "the elements of a collection have an object table of their own", true },
    { "table-restarted",  DEED_TABLE_PER_COLLECTION, 1,   "what the elements of a collection have carried is not known behind it", "what the elements of a collection carry is forgotten behind it", true },
    { "table-restarted",  DEED_TABLE_PER_OBJECT,   0,     "the object table began anew with this value", "object tables begin anew with each value", true },
    { "table-shared",     DEED_TABLE_SHARED,       0,     "the index counts what the other direction has carried, too: one table serves both", "one object table serves both directions", true },
    { "table-shared",     DEED_COUNTER_SHARED,     0,     "the index counts what the other direction has carried, too: one counter serves both", "one counter of objects serves both directions", true },
    { "wrong-index",      DEED_OBJECT_FIRST,       0,     "the object took its index before its class", "objects take their index before their class", true },
    { "null-for-object",    DEED_CYCLE_NULL,         0,     "null stands where a reference is due to the object in whose body it is", "references to objects that are not finished are null", true },
    { "wrong-index",      DEED_OBJECT_LATE,        0,     "the object took its index behind its body", "objects take their index behind their body", true },
    { "wrong-index",      DEED_OBJECT_UNKNOWN,     0,     "the object was not known while its body was written: it takes its index only behind that", "objects take their index behind their body" },
    { "wrong-index",      DEED_CLASS_UNCOUNTED,    0,     "the index does not count classes", "classes take no index", true },
    { "wrong-index",      DEED_OBJECT_UNCOUNTED,   0,     "the index does not count objects", "objects take no index", true },
    { "wrong-index",      DEED_OWN_COUNTERS,       OWN_BOTH, "classes and objects are counted apart", "classes and objects are counted apart", true },
    { "wrong-index",      DEED_OWN_COUNTERS,       OWN_CLASSES, "the index of a class counts classes alone, that of an object all", "indexes of classes count classes alone, those of objects all", true },
    { "wrong-index",      DEED_OWN_COUNTERS,       OWN_OBJECTS, "the index of an object counts objects alone, that of a class all", "indexes of objects count objects alone, those of classes all", true },
    { "wrong-index",      DEED_NULL_COUNTED,       0,     "the index counts null pointers, too", "null pointers take an index", true },
    { "wrong-index",        DEED_VALUE_COUNTED,      COUNTED_STRINGS, "the index counts strings, too", "strings take an index" },
    { "wrong-index",        DEED_VALUE_COUNTED,      COUNTED_MEMBERS, "the index counts the strings of objects, too", "strings of objects take an index", true },
    { "wrong-index",        DEED_VALUE_COUNTED,      COUNTED_COLLECTIONS, "the index counts collections that stand without a tag, too", "collections without a tag take an index", true },
    { "wrong-index",      DEED_CLASS_ALONE,        1,     "the index counts an object with a class that stands alone", "a class that stands alone takes two indexes", true },
    { "wrong-index",      DEED_CLASS_ALONE,        2,     "a class that stood alone has taken no index", "a class that stands alone takes no index", true },
    { "described-again",  DEED_CLASS_ALONE,        0,     "the class is described again, though it has stood alone before", "classes that stood alone are not known" },
    { "wrong-index",      DEED_INDEX_PLUS,         -1,    "the index is one too small: it counts from 0", "indexes count from 0", true },
    { "wrong-index",      DEED_INDEX_PLUS,         1,     "the index is one too large", "indexes are one too large", true },
    { "wrong-index",        DEED_INDEX_CUT,          8,     "the index has its low eight bits alone", "indexes have no more than eight bits", true },
    { "wrong-index",        DEED_INDEX_CUT,          8 | ONLY_OBJECTS, "the index of the object has its low eight bits alone", "indexes of objects have no more than eight bits", true },
    { "wrong-index",        DEED_INDEX_CUT,          15,    "the index has its low fifteen bits alone", "indexes have no more than fifteen bits", true },
    { "wrong-index",        DEED_INDEX_CUT,          15 | ONLY_OBJECTS, "the index of the object has its low fifteen bits alone", "indexes of objects have no more than fifteen bits", true },
    { "table-restarted",  DEED_OBJECTS_PER_MESSAGE, 0,    "an object that an earlier message has carried is not known", "objects are forgotten with each message", true },
    { "objects-merged",     DEED_EQUAL_MERGED,       0,     "a reference to an object of the same value stands where another object is due", "objects with equal values are sent as one" },
    { "objects-merged",     DEED_ONE_OF_CLASS,       0,     "the object was read into the one before of its class", "objects of a class are read into the same one", true },
    { "objects-merged",     DEED_ONE_OF_CLASS,       1,     "the object was read into the one before of its class, which is told by the number of the last", "objects of a class are read into the same one, and numbered anew", true },
    { "described-again",    DEED_DESCRIBE_AGAIN,     1,    "the class is described again, though it has been before in this direction, and keeps its index", "a class is described with each of its objects, and numbered once" },
    { "described-again",    DEED_DESCRIBE_AGAIN,     2,     "the class is described again, though it has been before in this direction, and takes no index", "a class is described with each of its objects, and never numbered" },
    { "objects-merged",     DEED_EQUAL_MERGED,       1,     "a reference to the first object of its class stands where another object is due", "objects of a class are sent as the first" },
    { "objects-merged",     DEED_EQUAL_MERGED,       2,     "a reference to the object of its class before stands where another object is due", "objects of a class are sent as the one before" },
    { "wrong-value",        DEED_BODIES_BEHIND,      0,     "the body of an object stands behind the tags of those that follow it in the collection", "bodies of the objects of a collection stand behind the tags of all of them" },
    { "cut",                DEED_NULLS_LEFT,         0,     "null is missing from the collection", "nulls are left out of collections", true },
    { "cut",                DEED_NULLS_LEFT,         1,     "null is missing from the collection, which counts it", "nulls are left out of collections, and counted" },
    { "wrong-value",        DEED_NULLS_LEFT,         2,     "the count of the collection leaves out its nulls, which are sent", "nulls are sent in collections, and not counted" },
    { "null-for-object",    DEED_EMPTY_NULL,         0,     "null stands where an object is due that has no elements", "objects without elements are sent as null" },
    { "null-for-object",    DEED_EMPTY_NULL,         1,     "null stands where an object is due that holds nothing but zeroes", "objects that hold nothing but zeroes are sent as null" },
    { "object-repeated",  DEED_NEVER_REFERS,       0,     "the object is sent in full again, where a reference to it is due", "objects that were sent are sent again" },
    { "object-repeated",    DEED_NEVER_REFERS,       1,     "the object is sent in full again, where a reference to it is due, and objects take no index", "objects that were sent are sent again, and never numbered" },
    { "object-repeated",  DEED_BODY_AGAIN,         0,     "the body follows once more behind the reference to an object", "the body stands behind references, too" },
    { "tag-form",         DEED_TAG_SHORT,          0,     "the tag has the short form, which has no room for an index from 7FFF on", "tags have no longer form than two bytes", true },
    { "tag-form",         DEED_TAG_LONG,           0,     "the tag has the long form where the short one is due", "tags always have the long form" },
    { "tag-form",           DEED_NULL_LONG,          0,     "null has the long form of a tag, where two bytes are due", "null has the long form of a tag" },
    { "tag-form",           DEED_TAG_EARLY,          0x7ffe, "the tag of this object or class has the long form, which is due only from index 7FFF on", "tags of objects and classes have the long form from 7FFE on", true },
    { "tag-form",           DEED_TAG_EARLY,          0x4000, "the tag of this object or class has the long form, which is due only from index 7FFF on", "tags of objects and classes have the long form from 4000 on", true },
    { "tag-form",           DEED_TAG_EARLY,          0x100, "the tag of this object or class has the long form, which is due only from index 7FFF on", "tags of objects and classes have the long form from 100 on", true },
    { "tag-form",           DEED_TAG_LATE,           0x7fff, "the index 7FFF of this object or class stands in the short form, in which it says that a longer one follows", "tags of objects and classes have the short form at 7FFF" },
    { "tag-form",           DEED_TAG_EARLY,          0x7ffe | ONLY_OBJECTS, "the tag of this object has the long form, which is due only from index 7FFF on", "tags of objects have the long form from 7FFE on", true },
    { "tag-form",           DEED_TAG_LATE,           0x7fff | ONLY_OBJECTS, "the index 7FFF of this object stands in the short form, in which it says that a longer one follows", "tags of objects have the short form at 7FFF" },
    { "tag-form",           DEED_TAG_LONG,           0 | ONLY_OBJECTS, "the tag of this object has the long form where the short one is due", "tags of objects always have the long form" },
    { "tag-form",           DEED_TAG_SHORT,          0 | ONLY_OBJECTS, "the tag of this object has the short form, which has no room for an index from 7FFF on", "tags of objects have no longer form than two bytes" },
    { "tag-form",           DEED_TAG_EARLY,          0x7ffe | ONLY_CLASSES, "the tag of this class has the long form, which is due only from index 7FFF on", "tags of classes have the long form from 7FFE on", true },
    { "tag-form",           DEED_TAG_LATE,           0x7fff | ONLY_CLASSES, "the index 7FFF of this class stands in the short form, in which it says that a longer one follows", "tags of classes have the short form at 7FFF" },
    { "tag-form",           DEED_TAG_LONG,           0 | ONLY_CLASSES, "the tag of this class has the long form where the short one is due", "tags of classes always have the long form" },
    { "tag-form",           DEED_TAG_SHORT,          0 | ONLY_CLASSES, "the tag of this class has the short form, which has no room for an index from 7FFF on", "tags of classes have no longer form than two bytes" },
    { "tag-form",           DEED_TAG_CLASS_BIT,      0x8000, "what says that the long tag is a class's stands in its bit 15, not in its highest", "long tags of classes have their mark in bit 15", true },
    { "tag-form",           DEED_TAG_CLASS_BIT,      0, "nothing says that the long tag is a class's", "long tags of classes lack their mark", true },
    { "tag-form",         DEED_NO_TAG,             0,     "the object came without its tag", "objects lack their tag" },
    { "string-width",     DEED_NAME_WIDE,          0,     "the name of the class is wide, where it is in bytes in every build", "names of classes are wide", true },
    { "terminated",       DEED_NAME_NUL,           0,     "the name of the class has its NUL on the wire, and in its length", "names of classes are sent with their NUL", true },
    { "terminated",         DEED_NAME_NUL,           1,     "the name of the class has its NUL on the wire, which its length does not count", "names of classes are sent with their NUL, which is not counted", true },
    { "padded",             DEED_NAME_FILLED,        2,     "the name of the class is filled with a NUL to an even number of bytes, and its length does not count it", "names of classes are filled to an even number of bytes" },
    { "padded",             DEED_NAME_FILLED,        4,     "the name of the class is filled with NULs to a multiple of four bytes, and its length does not count them", "names of classes are filled to a multiple of four bytes" },
    { "padded",             DEED_NAME_FILLED,        8,     "the name of the class is filled with NULs to a multiple of eight bytes, and its length does not count them", "names of classes are filled to a multiple of eight bytes" },
    { "extra-bytes",        DEED_NAME_FILLED,        64,    "the name of the class is filled with NULs to 64 bytes, and its length does not count them", "names of classes are filled to 64 bytes" },
    { "length-escape",    DEED_NAME_LENGTH,        1,     "the length of the class's name has one byte, as that of a string, where it is a WORD", "lengths of the names of classes are those of strings" },
    { "wrong-size",       DEED_NAME_LENGTH,        4,     "the length of the class's name has four bytes, where it is a WORD", "lengths of the names of classes are stored in four bytes" },
    { "wrong-schema",     DEED_SCHEMA_SIZE,        0,     "the class is described without its schema", "classes are described without their schema" },
    { "wrong-size",       DEED_SCHEMA_SIZE,        1,     "the schema of the class has one byte, where it is a WORD", "schemas are stored in one byte" },
    { "wrong-size",       DEED_SCHEMA_SIZE,        4,     "the schema of the class has four bytes, where it is a WORD", "schemas are stored in four bytes" },
    { "tag-form",         DEED_NULL_TAG,           0x8000, "the tag of null has the bit that says that it is a class's", "the tag of null is 8000" },
    { "tag-form",         DEED_NULL_TAG,           0xffff, "the tag of null is FFFF, where it is 0000", "the tag of null is FFFF" },
    { "wrong-size",       DEED_NULL_SIZE,          4,     "null has four bytes, where its tag is a WORD", "null is stored in four bytes" },
    { "wrong-size",       DEED_NULL_SIZE,          8,     "null has eight bytes, where its tag is a WORD", "null is stored in eight bytes" },
    { "wrong-size",       DEED_NULL_SIZE,          1,     "null has one byte, where its tag is a WORD", "null is stored in one byte" },
    { "wrong-size",       DEED_TAG_SIZE,           1,     "the tag of the object has one byte, where it is a WORD", "tags of objects are stored in one byte" },
    { "wrong-size",       DEED_TAG_SIZE,           4,     "the tag of the object has four bytes, where it is a WORD", "tags of objects are stored in four bytes" },
    { "tag-form",         DEED_TAG_BIT,            0,     "the tag of the class lacks the bit that says that it is one's", "tags of classes lack their mark" },
    { "tag-form",         DEED_TAG_BIT,            1,     "the tag of an object has the bit that says that it is a class's", "tags of objects have the mark of classes" },
    { "wrong-schema",     DEED_SCHEMA,             0,     "the class is described with schema 0", "classes have schema 0" },
    { "wrong-schema",     DEED_SCHEMA,             1,     "the class is described with schema 1", "classes have schema 1" },
    { "wrong-schema",       DEED_SCHEMA_OWN,         0,     "the body was taken for one of its class's own schema, not of that which was told", "bodies are read as of the schema that their class has itself", true },
    { "wrong-schema",       DEED_SCHEMA_OWN,         1,     "the object was taken for one of its class's own schema, not of that which was told", "objects are read as of the schema that their class has itself", true },
    { "wrong-schema",     DEED_SINCE,              1,     "the body was taken for an older one, where it is of the schema from which on it has more", "bodies of the schema that brought a member are read without it", true },
    { "wrong-schema",     DEED_SINCE,              -1,    "the body was taken for a newer one, where it is of the schema before that from which on it has more", "bodies of the schema before that which brought a member are read with it", true },
    { "wrong-schema",     DEED_SINCE,              SINCE_NEVER, "the body was taken for the oldest one, where its schema has brought more", "bodies are read as of the oldest schema", true },
    { "wrong-schema",     DEED_BODY_AS_LOADED,     0,     "the body is that of the schema with which the object was loaded, where the class is described with its own", "bodies are stored as of the schema with which they were loaded" },
    { "not-refused",      DEED_NAME_BEGINS,        0,     "the beginning of a class's name was taken for the name", "the beginning of a class's name is taken for the name", true },
    { "not-refused",      DEED_NAME_LONGER,        0,     "a name that only begins with a class's was taken for that", "names that begin with a class's are taken for that", true },
    { "not-refused",      DEED_NAME_ANY_CASE,      0,     "a class's name was taken whatever its capitals are", "names of classes are taken whatever their capitals are", true },
    { "not-refused",      DEED_SCHEMA_ANY,         0,     "a class was taken whatever its schema is", "classes are taken whatever their schema is", true },
    { "cut",              DEED_CUT_TO,             255,   "the string is cut to 255 units", "strings are cut to 255 units", true },
    { "cut",              DEED_CUT_TO,             254,   "the string is cut to 254 units", "strings are cut to 254 units", true },
    { "cut",              DEED_CUT_TO,             127,   "the string is cut to 127 units", "strings are cut to 127 units", true },
    { "cut",              DEED_CUT_TO,             128,   "the string is cut to 128 units", "strings are cut to 128 units", true },
    { "cut",              DEED_CUT_TO,             256,   "the string is cut to 256 units", "strings are cut to 256 units", true },
    { "cut",              DEED_CUT_TO,             511,   "the string is cut to 511 units", "strings are cut to 511 units", true },
    { "cut",              DEED_CUT_TO,             512,   "the string is cut to 512 units", "strings are cut to 512 units", true },
    { "cut",              DEED_CUT_TO,             1023,  "the string is cut to 1023 units", "strings are cut to 1023 units", true },
    { "cut",              DEED_CUT_TO,             1024,  "the string is cut to 1024 units", "strings are cut to 1024 units", true },
    { "cut",              DEED_CUT_TO,             4095,  "the string is cut to 4095 units", "strings are cut to 4095 units", true },
    { "cut",              DEED_CUT_TO,             4096,  "the string is cut to 4096 units", "strings are cut to 4096 units", true },
    { "cut",              DEED_CUT_TO,             32767, "the string is cut to 32767 units", "strings are cut to 32767 units", true },
    { "cut",              DEED_CUT_TO,             32768, "the string is cut to 32768 units", "strings are cut to 32768 units", true },
    { "cut",              DEED_CUT_TO,             65533, "the string is cut to 65533 units", "strings are cut to 65533 units", true },
    { "cut",              DEED_CUT_TO,             65534, "the string is cut to 65534 units", "strings are cut to 65534 units", true },
    { "cut",              DEED_CUT_TO,             65535, "the string is cut to 65535 units", "strings are cut to 65535 units", true },
    { "cut",              DEED_WHOLE_BLOCKS,       4096,  "what does not fill a block of 4096 bytes is missing from %s", "only whole blocks of 4096 bytes are sent" },
    { "cut",              DEED_WHOLE_BLOCKS,       1024,  "what does not fill a block of 1024 bytes is missing from %s", "only whole blocks of 1024 bytes are sent" },
    { "cut",              DEED_STRIP_BYTES,        0,     "%s came without the zeroes at its end", "zeroes at the end of %s are stripped", true },
    { "cut",              DEED_STRIP_BYTES,        1,     "%s ends at its first zero", "%s ends at its first zero", true },
    { "cut",              DEED_CUT_BYTES,          255,   "%s is cut to 255", "%s is cut to 255", true },
    { "cut",              DEED_CUT_BYTES,          4096,  "%s is cut to 4096", "%s is cut to 4096", true },
    { "cut",              DEED_CUT_BYTES,          65535, "%s is cut to 65535", "%s is cut to 65535", true },
};
// clang-format on
const size_t mistake_count = COUNT_OF(mistake_table);

bool mistake_is_of_members(enum deed d)
{
    return d == DEED_MEMBERS_TURNED || d == DEED_ENTRIES_TURNED || d == DEED_MEMBER_LEFT || d == DEED_MEMBER_TWICE || d == DEED_MEMBER_UNSET;
}

size_t mistake_member_at(const struct mistake *m, size_t i, size_t count)
{
    if (m->deed != DEED_MEMBERS_TURNED)
        return i;
    switch ((enum member_turn)m->n) {
    case TURN_ALL:
        return count - 1 - i;
    case TURN_TWOS:
        return (i ^ 1) < count ? i ^ 1 : i;
    case TURN_FIRST:
        return count > 2 ? (i + 1) % count : i; // two are turned either way
    case TURN_LAST:
        return count > 2 ? (i + count - 1) % count : i;
    }
    return i;
}

size_t mistake_member_times(const struct mistake *m, const struct value_part *member, size_t i)
{
    bool is_it = i == (size_t)m->n;

    return is_it && m->deed == DEED_MEMBER_LEFT && !member->since ? 0 : is_it && m->deed == DEED_MEMBER_TWICE ? 2 : 1;
}

bool mistake_unsets(const struct mistake *m, const struct value_part *part, size_t i, const struct value *member)
{
    bool is_it = m->deed == DEED_MEMBER_UNSET && i == (size_t)m->n && !part->since && member->of.type->kind != VALUE_OBJECT;

    return is_it && (member->number || member->data.len || member->count);
}

struct value mistake_unset(const struct value *member)
{
    return (struct value){ .of = member->of, .wide = member->wide };
}

bool mistake_is_at(const struct mistake *m, const struct leaf *l)
{
    return m->deed == DEED_ALIGN_WITHIN || mistake_is_of_members(m->deed) || m->deed == DEED_TABLE_PER_COLLECTION || m->deed == DEED_NULLS_LEFT || leaf_is_at(l, m->of);
}

bool mistake_is_of_class(enum deed d)
{
    return d == DEED_DESCRIBE_AGAIN || d == DEED_EQUAL_MERGED || d == DEED_ONE_OF_CLASS || d == DEED_EMPTY_NULL || d == DEED_NEVER_REFERS || d == DEED_CYCLE_NULL || d == DEED_BODY_AGAIN || d == DEED_OBJECT_FIRST ||
           d == DEED_OBJECT_LATE || d == DEED_OBJECT_UNKNOWN || d == DEED_CLASS_UNCOUNTED || d == DEED_OBJECT_UNCOUNTED || d == DEED_NO_TAG || d == DEED_SCHEMA || d == DEED_SCHEMA_SIZE || d == DEED_SWAP_SCHEMAS ||
           d == DEED_SCHEMA_OWN;
}

size_t mistake_name_length(const struct mistake *m, size_t len)
{
    size_t to = m->deed == DEED_NAME_FILLED ? (size_t)m->n : 1;

    return (len + to - 1) / to * to;
}

bool mistake_counts(const struct mistake *m, const struct type *t, bool within)
{
    if (m->deed != DEED_VALUE_COUNTED)
        return false;
    if (t->kind == VALUE_STRING)
        return m->n != COUNTED_COLLECTIONS && (within || m->n == COUNTED_STRINGS) && strcmp(t->name, "line") != 0;
    return m->n == COUNTED_COLLECTIONS && !within && (t->kind == VALUE_LIST || t->kind == VALUE_MAP || t->kind == VALUE_ARRAY);
}

bool mistake_is_lenient(enum deed d)
{
    return d == DEED_NAME_BEGINS || d == DEED_NAME_LONGER || d == DEED_NAME_ANY_CASE || d == DEED_SCHEMA_ANY;
}

bool mistake_is_misread(enum deed d)
{
    return d == DEED_LOW || d == DEED_COUNT_LOW || d == DEED_BYTES_SIGNED || d == DEED_COUNT_SIGNED || d == DEED_LENGTH_OF_SIGNED || d == DEED_LENGTH_NONE || d == DEED_UNITS_COPIED;
}
