#ifndef CHECK_MISTAKE_H
#define CHECK_MISTAKE_H
/*
 * Mistakes that a writer or a reader makes, and makes always; private to check/.
 *
 * A row of the table is a mistake: a cause, what is done otherwise, and in words. The writer in writing.h writes any value as the
 * codec does, but for that; the reader in reading.h reads so. What came is compared with it: a hypothesis explains bytes, or it does not.
 */
#include "archive/objects.h"
#include "check/place.h"
#include "vector/program.h"

/* What is done otherwise. n is the mistake's number, where it has one. */
enum deed {
    DEED_NONE,
    DEED_SWAP,            // numbers of a type, or of all types
    DEED_SWAP_ALL,        // … and lengths, counts, tags and times
    DEED_SWAP_LENGTHS,    // these alone; n: of that many bytes, or any
    DEED_SWAP_COUNTS,
    DEED_SWAP_TAGS,
    DEED_SWAP_TIMES,      // … n: of its bytes, 4 the mark, or 8 what stands behind it
    DEED_SWAP_UNITS,      // UTF-16 the other way round
    DEED_SWAP_MARK,       // of FF FFFE before a wide string's length the WORD
    DEED_SIZE,            // a number takes n bytes, its sign going along
    DEED_SIZE_UNSIGNED,   // … filled up with zeroes
    DEED_SIZE_BIG,        // … big-endian
    DEED_HALVES,          // of 8 bytes the halves change places; n 4: of 4
    DEED_ROUND,           // a double goes through a float, or it or a float through n decimal digits, or -n behind the point
    DEED_ROUND_WHOLE,     // a whole number through a double, of its n-th parts; n 0: through a float
    DEED_ALIGN,           // numbers begin at multiples of their size, n at most
    DEED_ALIGN_WITHIN,    // … counted from the beginning of the value that they are members of
    DEED_NO_SIGN,         // whoever reads takes numbers of a type that has a sign for ones without
    DEED_SIGN,            // … the reverse
    DEED_LOW,             // numbers of a type keep their low n bytes, the others being zero; -n: or filled with the sign of these. Not where they are anyway
    DEED_BYTES_SIGNED,    // … puts numbers of a type together from bytes with a sign; n: enum bytes_signed
    DEED_TIME,            // a CTime takes n bytes: 4, 8, or 12 with the mark
    DEED_TIME_MARK,       // whoever reads takes another DWORD for the mark, too, or knows it where it is none; n: enum time_mark
    DEED_TIME_SHORT,      // 4 bytes stand behind the mark
    DEED_TIME_LIKE,       // what has a form of its own has that of a CTime; n: 64, what Serialize64 stores, or 32, a span
    DEED_COUNT_BYTES,     // a count takes n bytes, whatever it is; 0: there is none, but of what is empty
    DEED_COUNT_PLUS,      // n more
    DEED_COUNT_MARKED,    // the escape stands before every count
    DEED_COUNT_EARLY,     // counts from n on have the longer form
    DEED_COUNT_LATE,      // … the count n has the shorter one, which says that a longer one follows
    DEED_COUNT_TAKEN,     // whoever reads takes counts from n on for what says so
    DEED_COUNT_SHORT,     // the count has no longer form than that of four bytes behind the mark
    DEED_COUNT_FORM,      // longer counts have another form; n: which
    DEED_COUNT_NONE,      // whoever reads takes counts of two bytes from n on for none
    DEED_COUNT_LOW,       // counts keep their low n bytes
    DEED_COUNT_SIGNED,    // … puts counts together from bytes with a sign
    DEED_COUNT_MINUS,     // the count of what is empty is -1, of n bytes: 2, or 4 with the mark
    DEED_ELEMENT_LEFT,    // the last element of a list is counted, and not sent; n 1: the first
    DEED_COUNT_OF_BYTES,  // the count of an array is that of its bytes
    DEED_MEMBERS_TURNED,  // the members of a value of several stand from the last to the first; n: enum member_turn
    DEED_ENTRIES_TURNED,  // the value of a map's entry stands before its key
    DEED_MEMBER_LEFT,     // the member n of a value of several is left out, counted from 0
    DEED_MEMBER_TWICE,    // … stands twice
    DEED_MEMBER_UNSET,    // … is empty, or zero; objects are not
    DEED_EMPTY_FILLED,    // a variant without a value has n bytes for one
    DEED_OTHER_WIDTH,     // strings of the other width
    DEED_NO_PREFIX,       // wide strings without the mark that says so
    DEED_WIDE_AS_NARROW,  // whoever reads knows the mark, but takes a byte for each unit behind it
    DEED_UNIT_SIZE,       // units of wide strings have n bytes, 4 or 1; n 2: those of narrow ones have two
    DEED_UNITS_COPIED,    // … takes as many bytes as there are, and they are units of the other width; n 1: where they were narrow
    DEED_LENGTH_BYTES,    // the length takes n bytes, whatever it is
    DEED_LENGTH_ESCAPED,  // the length has the escape from n on, where it should not have it yet
    DEED_LENGTH_SHORT,    // the length has no longer form than that of n bytes: 1, or 3 or 7 with the escape
    DEED_LENGTH_LATE,     // … does not have it up to n, where it should
    DEED_LENGTH_LONG,     // what needs the escape has the longest form from n on
    DEED_LENGTH_TAKEN,    // whoever reads takes lengths of one byte, or of two, from n on for what says that a longer form follows
    DEED_LENGTH_SIGNED,   // … lengths from 80 on, of one byte, or from 8000 on, of two, for negative ones, and these for none
    DEED_LENGTH_LOW,      // lengths of strings keep their low n bytes; the units are all there
    DEED_LENGTH_LEFT,     // a string that is not empty has no length before its units; n 1: nor the mark that it is wide
    DEED_LENGTH_NONE,     // … the length FFFF or FFFFFFFF, which says that a longer form follows, for none
    DEED_LENGTH_OF_SIGNED, // … puts lengths together from bytes with a sign
    DEED_LENGTH_MINUS,    // the length of an empty string is -1, of n bytes: 1, or 4 behind the escape; that of a BSTR always has 4
    DEED_LENGTH_FOUR,     // four bytes stand behind FF, whatever the length is
    DEED_LENGTH_ONE_FF,   // four bytes stand behind FF FF, not behind FF FFFF
    DEED_MARK_UNKNOWN,    // FFFE behind FF is a length
    DEED_MARK_AGAIN,      // … and behind the mark of a wide string the same mark again
    DEED_LENGTH_7BIT,     // seven bits a byte, the highest says that more follow
    DEED_LENGTH_AS_COUNT, // the length has the form of a count
    DEED_LENGTH_QUAD,     // what has four bytes has eight, and the mark before them
    DEED_COUNTS_BYTES,    // the length of a wide string is that of its bytes
    DEED_COUNTS_UTF8,     // the length of a string is that of the bytes that it has in UTF-8
    DEED_COUNTS_CHARS,    // … that of its characters, of which a surrogate pair is one
    DEED_BYTE_ORDER_MARK, // a byte order mark stands before the text, and is counted if n is 1
    DEED_MARK_TAKEN,      // whoever reads takes U+FEFF at the beginning of a text for one
    DEED_COUNTS_UNITS,    // the length of what is counted in bytes is that of its units
    DEED_COUNTS_NUL,      // the length is that with a NUL behind, which is sent
    DEED_NUL_BEHIND,      // a NUL is sent that is not counted
    DEED_BYTE_BEHIND,     // … a byte, whatever the width
    DEED_UNIT_BEHIND,     // … a unit n, which is counted, too
    DEED_BYTE_SKIPPED,    // a byte behind each string is dropped by whoever reads it
    DEED_LENGTH_PLUS,     // the length is n too large
    DEED_CUT_AT,          // strings end at their first unit n; n: CUT_LINES, at the first that ends a line
    DEED_STRIP,           // blanks or NULs at the ends of a string are gone; n: which
    DEED_CUT_HALF,        // wide strings end in their middle
    DEED_CUT_TO,          // strings end behind n units
    DEED_CUT_BYTES,       // raw bytes and arrays end behind n
    DEED_STRIP_BYTES,     // … are without the zeroes at their end; n 1: they end at their first zero
    DEED_WHOLE_BLOCKS,    // … have only as many elements as there are in whole blocks of n bytes; the count stays
    DEED_UTF8,            // narrow text is UTF-8
    DEED_UTF8_UNITS,      // wide text has a unit for each byte that it has in UTF-8, as Latin-1 has it; n 1: as Windows-1252 has it
    DEED_CODE_PAGE,       // … in the code page n, and is taken for Windows-1252
    DEED_CODE_PAGE_LATIN, // … and is taken for Latin-1
    DEED_QUESTION,        // … and what is not ASCII a question mark
    DEED_7BIT,            // … and loses its highest bit
    DEED_LONE_REPLACED,   // n stands for half a surrogate pair, or nothing if it is 0
    DEED_PAIR_REPLACED,   // … for a whole pair
    DEED_ASCII_ONLY,      // … for what is not ASCII
    DEED_UNIT_LEFT,       // each unit n is left out
    DEED_LATIN_ONLY,      // … for what has no place in Latin-1
    DEED_BSTR_AS_STRING,  // a CComBSTR's length has the form of a CString's; n 1: and the mark of a wide one; n 2: so has that of a BSTR, which then counts units
    DEED_NO_NEWLINE,
    DEED_LINE_ENDS,       // lines end in a unit n
    DEED_LINE_WIDTH,      // whoever reads takes lines for those of the other width
    DEED_LINE_AT_CR,      // whoever reads has lines end at a CR, too
    DEED_LINE_KEEPS_CR,   // … has a CR stay in the line
    DEED_CRLF,
    DEED_TABLE_PER_MESSAGE, // object tables begin anew with each message
    DEED_OBJECTS_PER_MESSAGE, // whoever reads forgets objects with each message, and keeps classes and indexes
    DEED_TABLE_PER_OBJECT,  // … with each value
    DEED_TABLE_PER_COLLECTION, // the elements of a collection have a table of their own; n 1: which begins as what there is, and is gone behind them
    DEED_TABLE_PER_REFUSAL, // … behind a message that was refused
    DEED_REFUSED_COUNTED, // a message that was refused has taken n indexes
    DEED_TABLE_SHARED,    // one table for both directions
    DEED_COUNTER_SHARED,  // … or one counter
    DEED_DESCRIBE_AGAIN,  // each new object has its class described; n 1: which takes its index but once, n 2: none
    DEED_EQUAL_MERGED,    // an object that equals one before is referred to as that; n 1: as the first of its class, n 2: the last
    DEED_ONE_OF_CLASS,    // whoever reads has one object of each class, into which all others are read; n 1: which is told by the number of the last
    DEED_EMPTY_NULL,      // an object without elements is null; n: one with nothing but zeroes, too
    DEED_CYCLE_NULL,      // a reference to an object that is still being written is null
    DEED_NULL_LONG,       // the tag of null has the long form
    DEED_BODIES_BEHIND,   // the bodies of a collection's objects stand behind the tags of all of them
    DEED_NULLS_LEFT,      // nulls are left out of collections; n 1: and counted; n 2: they are sent, and not counted
    DEED_NEVER_REFERS,    // an object that was sent is sent again; n 1: objects take no index
    DEED_OBJECT_FIRST,    // the object takes its index before its class
    DEED_OBJECT_LATE,     // … and behind what stands in its body
    DEED_OBJECT_UNKNOWN,  // … so that it is sent anew where its own body refers to it
    DEED_CLASS_UNCOUNTED, // classes take no index
    DEED_OBJECT_UNCOUNTED, // only classes do
    DEED_OWN_COUNTERS,    // classes and objects are counted apart; n: enum own_counters
    DEED_NULL_COUNTED,    // null takes an index
    DEED_VALUE_COUNTED,   // values that are no objects do; n: enum counted
    DEED_CLASS_ALONE,     // a class that stands alone is not known behind that, to whoever writes; n 1: it takes an index more; n 2: whoever reads gives it none
    DEED_INDEX_PLUS,      // indexes are n too large
    DEED_INDEX_CUT,       // … have their low n bits alone
    DEED_TAG_SHORT,       // every index has the short form
    DEED_TAG_LONG,        // every index has the long form
    DEED_TAG_EARLY,       // … from n on
    DEED_TAG_LATE,        // the index n has the short form
    DEED_TAG_CLASS_BIT,   // what says that a long tag is a class's is its bit n, or no bit if n is 0
    DEED_SWAP_SCHEMAS,    // WORDs of schemas
    DEED_NAME_WIDE,       // names of classes have units of two bytes
    DEED_NAME_NUL,        // … have their NUL; n 1: which is not counted
    DEED_NAME_FILLED,     // … NULs behind them, to a multiple of n bytes, which are not counted
    DEED_NAME_LENGTH,     // the length of a class's name takes n bytes
    DEED_SCHEMA_SIZE,     // the schema takes n bytes; 0: there is none
    DEED_NULL_TAG,        // the tag of null is n
    DEED_NULL_SIZE,       // … takes n bytes
    DEED_TAG_SIZE,        // the short tag of an object takes n bytes
    DEED_TAG_BIT,         // the short tag of a class lacks the bit that says so; n 1: that of an object has it
    DEED_NO_TAG,          // objects are written without a tag
    DEED_SCHEMA,          // the schema is n
    DEED_SCHEMA_OWN,      // whoever reads takes bodies for those of the class's own schema; n 1: and the schema for that
    DEED_SINCE,           // … bodies to have what came with a schema only n schemas later; n SINCE_NEVER: never
    DEED_BODY_AS_LOADED,  // an object that was loaded with an older schema is stored with the body of that, and described with its own
    DEED_NAME_BEGINS,     // whoever reads takes the beginning of a class's name for the name
    DEED_NAME_LONGER,     // … a name that begins with a class's
    DEED_NAME_ANY_CASE,   // … a name whatever its capitals are
    DEED_SCHEMA_ANY,      // … a class whatever its schema is
    DEED_BODY_AGAIN,      // a reference is followed by the body once more
};

#define CUT_LINES (-1)

#define SINCE_NEVER 0x10000 // schemas are WORDs

/* Bits of n beside the number: a mistake that is made in one of two kinds alone. */
#define ONLY_NARROW  (INT64_C(1) << 40) // strings
#define ONLY_WIDE    (INT64_C(1) << 41)
#define ONLY_OBJECTS (INT64_C(1) << 42) // tags
#define ONLY_CLASSES (INT64_C(1) << 43)

/* Of DEED_TIME_MARK: what is taken for the mark 8000000A. */
enum time_mark {
    TIME_MARK_BIT,   // what has its highest bit
    TIME_MARK_BITS,  // … all its bits
    TIME_MARK_BYTE,  // … its lowest byte
    TIME_MARK_WORD,  // … its high WORD
    TIME_MARK_FROM,  // what is not less
    TIME_MARK_KNOWN, // itself, where only four bytes are known
};

/* Of DEED_BYTES_SIGNED, and of the same in counts and lengths. */
enum bytes_signed {
    BYTES_OR_ED, // the highest bit of one sets all bits of those above
    BYTES_ADDED, // … takes one from them
};

/* Of DEED_COUNT_FORM. */
enum count_form {
    COUNT_LIKE_LENGTH, // that of a string's length: one byte, FF and two, FF FFFF and four
    COUNT_ONE_FF,      // one FF, not two, before the four bytes
    COUNT_QUAD,        // eight bytes behind FFFF
    COUNT_WIDE_MARK,   // FFFE before it is passed over, as in a length: whoever reads alone
    COUNT_QUAD_MARKED, // … and behind FFFFFFFF, also where four would do
    COUNT_QUAD_KNOWN,  // … from FFFFFFFF on, in a 32-bit build, which has no such form
};

/* Of DEED_OWN_COUNTERS. */
enum own_counters {
    OWN_BOTH,    // each has one
    OWN_CLASSES, // classes have one; objects are counted among all
    OWN_OBJECTS, // … the other way round
};

/* Of DEED_VALUE_COUNTED. */
enum counted {
    COUNTED_STRINGS,     // any, but lines
    COUNTED_MEMBERS,     // those of objects
    COUNTED_COLLECTIONS, // that are no object's body
};

/* Of DEED_MEMBERS_TURNED. */
enum member_turn {
    TURN_ALL,   // the last one first
    TURN_TWOS,  // each two
    TURN_FIRST, // the first one last, and the others as they were
    TURN_LAST,  // the last one first, …
};

/* Of DEED_STRIP. */
enum strip {
    STRIP_BEGIN = 1,
    STRIP_END = 2,
    STRIP_NULS = 4, // at the end
};

struct mistake {
    const char *key;     // of the cause
    enum deed deed;
    int64_t n;
    const char *says;    // in words, about %s, MFC's name of what it is about
    const char *summary; // the same about all of them: "%ss are stored big-endian"
    bool reads;          // a reader can make it: it takes its input for what this writes (reading.h)
    const char *of;      // the place at which it is made (place.h); NULL: wherever it can be. Set by whoever copies a row
};

/* Whether only a reader makes it, who so takes what must be refused. */
/* Whether a value is a null pointer; how many elements of a collection are, or values of a map's entries. */
bool mistake_is_null(const struct value *v);
size_t mistake_nulls(const struct value *collection);

/* Whether it may be made with objects of one class alone. */
bool mistake_is_of_class(enum deed d);

bool mistake_is_lenient(enum deed d);

/* Whether what whoever reads so takes bytes for says nothing of who wrote them. */
bool mistake_is_misread(enum deed d);

/* Whether the i-th member stands there as it is before somebody sets it, and is not so anyway. */
bool mistake_unsets(const struct mistake *m, const struct value_part *part, size_t i, const struct value *member);

/* A member as it is before that. */
struct value mistake_unset(const struct value *member);

/* Whether it is about the members of values of several, or the entries of maps. */
bool mistake_is_of_members(enum deed d);

/* Bytes of the name of a class with what is put behind it and not counted. */
size_t mistake_name_length(const struct mistake *m, size_t len);

/* Whether it gives an index to a value of that type; within: it is of an object, however deep. */
bool mistake_counts(const struct mistake *m, const struct type *t, bool within);

/* Whether it is made at this leaf, if it is about such leaves at all. */
bool mistake_is_at(const struct mistake *m, const struct leaf *l);

extern const struct mistake mistake_table[];
extern const size_t mistake_count;

/* Which member of a value of so many stands as the i-th. */
size_t mistake_member_at(const struct mistake *m, size_t i, size_t count);

/* How many times the i-th member stands there, if the mistake is made in that value. What came with a schema is left out by whoever takes the
 * schema for another: that is no matter of this. */
size_t mistake_member_times(const struct mistake *m, const struct value_part *member, size_t i);

/* The bits of a double that has been a float. */
uint64_t mistake_round(uint64_t bits);

/* Whether the halves of numbers of a width change places. */
bool mistake_halves(const struct mistake *m, size_t width);

/* … of a float or a double that has had so many decimal digits, or, where they are negative, so many behind the point. */
uint64_t mistake_round_digits(uint64_t bits, bool is_float, int digits);

/* A whole number that has been a double of its n-th parts; n 0: a float. */
uint64_t mistake_round_whole(uint64_t bits, size_t width, bool is_signed, int64_t parts);

/* A number of so many bytes of which -n or n are kept, as DEED_LOW has it; all of a row of such numbers. */
uint64_t mistake_low(uint64_t number, size_t width, int64_t n);
struct bytes mistake_low_block(struct bytes b, size_t width, int64_t n, struct arena *keep);

/* Whether numbers of a width lose something by it. */
bool mistake_is_low(const struct mistake *m, size_t width);

/* The bits of a float as those of a double, and the reverse. */
uint64_t mistake_widened(uint64_t bits);
uint64_t mistake_narrowed(uint64_t bits);

/* Whether it gives numbers of a type another size. */
bool mistake_resizes(const struct mistake *m, const struct type *t);

/* The number before what a variant holds. MFC inserts it as a WORD, so that it goes wrong with these, too. */
extern const struct type mistake_vartype;
const struct type *mistake_type_of_variant(const struct mistake *m);

/* Bytes of the character at `at` of a text: those of a unit, or of a whole surrogate pair. */
size_t mistake_character(const struct value *s, size_t at);

/* Bytes of a block, of elements of that width, that are left without its zeroes. */
size_t mistake_stripped(const struct mistake *m, struct bytes b, size_t width);

/* The units that it takes a string to have, when it reads or when it writes it; lives in keep, or is v's own. */
struct value mistake_units(const struct mistake *m, const struct value *v, bool reads, struct arena *keep);

#endif
