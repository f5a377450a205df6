/*
 * The mistaken writer. It walks a value as the codec stores it, and each leaf asks whether the mistake is about it.
 *
 * Of object tables it keeps what the stream means beside what the mistaken writer makes of it: an entry knows its place
 * by the rules, by which values refer to it, and the index under which the mistaken writer has it.
 */
#include "check/mistake.h"

// clang-format off
const struct mistake mistake_table[] = {
    { "halves-swapped",   DEED_HALVES,             0,     "the low half of %s stands where the high half is due, or the reverse", "the halves of %s are exchanged", true },
    { "time-form",        DEED_TIME,               4,     "%s has 4 bytes where another form is due", "%s is stored in 4 bytes", true },
    { "time-form",        DEED_TIME,               8,     "%s has 8 bytes, without the mark before them", "%s is stored in 8 bytes, without the mark", true },
    { "time-form",        DEED_TIME,               12,    "%s has 12 bytes, with the mark before them, where 4 are due", "%s is stored in 12 bytes", true },
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
    { "off-by-one",       DEED_COUNT_PLUS,         1,     "the count is one too large", "counts are one too large", true },
    { "off-by-one",       DEED_COUNT_PLUS,         -1,    "the count is one too small", "counts are one too small", true },
    { "cut",              DEED_CUT_AT_NUL,         0,     "the string ends at its first NUL", "strings end at their first NUL", true },
    { "cut",              DEED_STRIP,              STRIP_BEGIN | STRIP_END, "the string came without the blanks at its ends", "blanks at the ends of strings are stripped", true },
    { "cut",              DEED_STRIP,              STRIP_BEGIN, "the string came without the blanks at its beginning", "blanks at the beginning of strings are stripped", true },
    { "cut",              DEED_STRIP,              STRIP_END, "the string came without the blanks at its end", "blanks at the end of strings are stripped", true },
    { "cut",              DEED_STRIP,              STRIP_NULS, "the string came without the NULs at its end", "NULs at the end of strings are stripped", true },
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
    { "terminated",       DEED_COUNTS_NUL,         0,     "the string has a NUL behind it, and its length counts that, too", "strings are sent with their NUL", true },
    { "extra-bytes",      DEED_BYTE_BEHIND,        0,     "a byte stands behind the string", "a byte is sent behind strings" },
    { "extra-bytes",      DEED_UNIT_BEHIND,        '\n',  "a newline stands at the end of the string, and its length counts it", "strings are sent with a newline behind" },
    { "extra-bytes",      DEED_UNIT_BEHIND,        '\r',  "CR LF stands at the end of the string, and its length counts it", "strings are sent with CR LF behind" },
    { "extra-bytes",      DEED_UNIT_BEHIND,        ' ',   "a blank stands at the end of the string, and its length counts it", "strings are sent with a blank behind" },
    { "terminated",       DEED_NUL_BEHIND,         0,     "the string has a NUL behind it, which its length does not count", "strings are sent with a NUL behind" },
    { "dropped",          DEED_BYTE_SKIPPED,       0,     "the byte behind a string is dropped by whoever reads it", "a byte behind each string is dropped", true },
    { "off-by-one",       DEED_LENGTH_PLUS,        1,     "the length of the string is one too large", "lengths of strings are one too large", true },
    { "off-by-one",       DEED_LENGTH_PLUS,        -1,    "the length of the string is one too small", "lengths of strings are one too small", true },
    { "length-escape",    DEED_LENGTH_SHORT,       1,     "the length stands in one byte, which says that a longer form follows, or is too large for it", "lengths have no longer form than one byte", true },
    { "length-escape",    DEED_LENGTH_SHORT,       3,     "the length stands in two bytes behind FF, which is too short for it", "lengths have no longer form than two bytes", true },
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
    { "length-escape",    DEED_LENGTH_BYTES,       -2,    "the length stands in two bytes, big-endian", "lengths are stored in two bytes, big-endian", true },
    { "length-escape",    DEED_LENGTH_BYTES,       -4,    "the length stands in four bytes, big-endian", "lengths are stored in four bytes, big-endian", true },
    { "length-escape",    DEED_LENGTH_ONE_FF,      0,     "the length has four bytes behind FF FF, where FF FFFF is due before them", "lengths of four bytes have one FF too few before them", true },
    { "string-width",     DEED_MARK_UNKNOWN,       0,     "the mark FFFE of a wide string is taken for its length", "the mark FFFE of wide strings is read as a length", true },
    { "length-escape",    DEED_MARK_AGAIN,         0,     "the length FFFE of a wide string is taken for its mark again", "the length FFFE of a wide string is read as its mark again", true },
    { "length-escape",    DEED_LENGTH_7BIT,        0,     "the length has seven bits in each byte", "lengths have seven bits in each byte", true },
    { "bytes-swapped",    DEED_SWAP,               0,     "the bytes of %s stand in the wrong order", "%ss are stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_TIMES,         0,     "the bytes of %s stand in big-endian order", "%s is stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_LENGTHS,       0,     "the length of the string stands in big-endian order", "lengths of strings are stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_COUNTS,        0,     "the count stands in big-endian order", "counts are stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_LENGTHS,       2,     "the two bytes of the string's length stand in big-endian order", "lengths of strings of two bytes are stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_COUNTS,        2,     "the two bytes of the count stand in big-endian order", "counts of two bytes are stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_SCHEMAS,       0,     "the schema of the class stands in big-endian order", "schemas of classes are stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_TAGS,          0,     "tags of objects and classes stand in big-endian order", "tags of objects are stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_UNITS,         0,     "the units of the wide string stand in big-endian order", "units of wide strings are stored big-endian", true },
    { "bytes-swapped",    DEED_SWAP_ALL,           0,     "all numbers stand in big-endian order, also lengths, counts and tags", "all numbers are stored big-endian", true },
    { "rounded",          DEED_ROUND,              0,     "%s has the digits of a float, and no more", "doubles are rounded to floats", true },
    { "rounded",            DEED_ROUND_WHOLE,        1,     "%s has the digits of a double, and no more", "%ss are rounded to doubles", true },
    { "rounded",            DEED_ROUND_WHOLE,        10000, "%s has the digits of a double that counts units, not ten thousandths, and no more", "%ss are rounded to doubles of units", true },
    { "rounded",            DEED_ROUND_WHOLE,        0,     "%s has the digits of a float, and no more", "%ss are rounded to floats", true },
    { "padded",           DEED_ALIGN,              4,     "bytes stand before %s, so that it begins at a multiple of its size", "%ss are aligned, to 4 bytes at most", true },
    { "padded",           DEED_ALIGN,              8,     "bytes stand before %s, so that it begins at a multiple of its size", "%ss are aligned, to 8 bytes at most", true },
    { "wrong-size",       DEED_SIZE,               1,     "%s has 1 byte", "%ss are stored in 1 byte", true },
    { "wrong-size",       DEED_SIZE,               2,     "%s has 2 bytes", "%ss are stored in 2 bytes", true },
    { "wrong-size",       DEED_SIZE,               4,     "%s has 4 bytes", "%ss are stored in 4 bytes", true },
    { "wrong-size",       DEED_SIZE,               8,     "%s has 8 bytes", "%ss are stored in 8 bytes", true },
    { "wrong-size",       DEED_SIZE_UNSIGNED,      8,     "%s has 8 bytes, and its sign is lost", "%ss are stored in 8 bytes", true },
    { "wrong-size",       DEED_SIZE_UNSIGNED,      4,     "%s has 4 bytes, and its sign is lost", "%ss are stored in 4 bytes", true },
    { "cut",              DEED_NO_NEWLINE,         0,     "the line came without its newline", "lines lack their newline" },
    { "extra-bytes",      DEED_CRLF,               0,     "the line ends in CR LF, where LF alone is due", "lines end in CR LF" },
    { "described-again",  DEED_DESCRIBE_AGAIN,     0,     "the class is described again, though it has been before in this direction", "a class is described with each of its objects" },
    { "table-restarted",  DEED_TABLE_PER_MESSAGE,  0,     "the object table began anew with this message: its first entry is 1 again", "object tables begin anew with each message", true },
    { "table-restarted",  DEED_TABLE_PER_OBJECT,   0,     "the object table began anew with this value", "object tables begin anew with each value", true },
    { "table-shared",     DEED_TABLE_SHARED,       0,     "the index counts what the other direction has carried, too: one table serves both", "one object table serves both directions", true },
    { "table-shared",     DEED_COUNTER_SHARED,     0,     "the index counts what the other direction has carried, too: one counter serves both", "one counter of objects serves both directions", true },
    { "wrong-index",      DEED_OBJECT_FIRST,       0,     "the object took its index before its class", "objects take their index before their class", true },
    { "wrong-index",      DEED_OBJECT_LATE,        0,     "the object took its index behind its body", "objects take their index behind their body", true },
    { "wrong-index",      DEED_CLASS_UNCOUNTED,    0,     "the index does not count classes", "classes take no index", true },
    { "wrong-index",      DEED_OBJECT_UNCOUNTED,   0,     "the index does not count objects", "objects take no index", true },
    { "wrong-index",      DEED_OWN_COUNTERS,       0,     "classes and objects are counted apart", "classes and objects are counted apart", true },
    { "wrong-index",      DEED_NULL_COUNTED,       0,     "the index counts null pointers, too", "null pointers take an index", true },
    { "wrong-index",      DEED_INDEX_PLUS,         -1,    "the index is one too small: it counts from 0", "indexes count from 0", true },
    { "wrong-index",      DEED_INDEX_PLUS,         1,     "the index is one too large", "indexes are one too large", true },
    { "objects-merged",     DEED_EQUAL_MERGED,       0,     "a reference to an object of the same value stands where another object is due", "objects with equal values are sent as one" },
    { "null-for-object",    DEED_EMPTY_NULL,         0,     "null stands where an object is due that has no elements", "objects without elements are sent as null" },
    { "null-for-object",    DEED_EMPTY_NULL,         1,     "null stands where an object is due that holds nothing but zeroes", "objects that hold nothing but zeroes are sent as null" },
    { "object-repeated",  DEED_NEVER_REFERS,       0,     "the object is sent in full again, where a reference to it is due", "objects that were sent are sent again" },
    { "object-repeated",  DEED_BODY_AGAIN,         0,     "the body follows once more behind the reference to an object", "the body stands behind references, too" },
    { "tag-form",         DEED_TAG_SHORT,          0,     "the tag has the short form, which has no room for an index from 7FFF on", "tags have no longer form than two bytes", true },
    { "tag-form",         DEED_TAG_LONG,           0,     "the tag has the long form where the short one is due", "tags always have the long form" },
    { "tag-form",         DEED_NO_TAG,             0,     "the object came without its tag", "objects lack their tag" },
    { "string-width",     DEED_NAME_WIDE,          0,     "the name of the class is wide, where it is in bytes in every build", "names of classes are wide", true },
    { "terminated",       DEED_NAME_NUL,           0,     "the name of the class has its NUL on the wire, and in its length", "names of classes are sent with their NUL", true },
    { "wrong-schema",     DEED_SCHEMA,             0,     "the class is described with schema 0", "classes have schema 0" },
    { "wrong-schema",     DEED_SCHEMA,             1,     "the class is described with schema 1", "classes have schema 1" },
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
    { "cut",              DEED_CUT_BYTES,          255,   "%s is cut to 255", "%s is cut to 255", true },
    { "cut",              DEED_CUT_BYTES,          4096,  "%s is cut to 4096", "%s is cut to 4096", true },
    { "cut",              DEED_CUT_BYTES,          65535, "%s is cut to 65535", "%s is cut to 65535", true },
};
// clang-format on
const size_t mistake_count = COUNT_OF(mistake_table);

#define BIG 0x7fff // from this index on the tag has 32 bits [OBJ-1]

/* A class, or an object of this direction, as the mistaken writer has it. */
struct entry {
    const struct mfc_class *class;
    uint16_t schema;
    const struct value *object;
    uint64_t index;
    bool gone; // it does not know it any more
};

struct entries {
    struct entry *items;
    size_t count, room;
};

struct writing {
    const struct mistake *m;
    const struct profile *p;
    struct arena *keep;
    struct buffer *to;
    struct entries classes, objects; // objects[k - 1] is the object @k
    struct entries heard, heard_classes; // of the other direction
    uint64_t next, next_class;       // the mistaken writer's counters
    unsigned again; // objects within each other that are sent once more
    const char *about;
};

struct writing *writing_new(const struct mistake *m, const struct profile *p, struct arena *keep)
{
    struct writing *w = ARENA_NEW(keep, struct writing);

    *w = (struct writing){ .m = m, .p = p, .keep = keep, .next = 1, .next_class = 1 };
    return w;
}

static bool about(struct writing *w, const char *mfc)
{
    if (w->m->of && strcmp(w->m->of, mfc) != 0)
        return false;
    w->about = mfc;
    return true;
}

static void forget(struct writing *w)
{
    for (size_t i = 0; i < w->classes.count; i++)
        w->classes.items[i].gone = true;
    for (size_t i = 0; i < w->objects.count; i++)
        w->objects.items[i].gone = true;
    w->next = w->next_class = 1;
}

void writing_message(struct writing *w, bool fresh)
{
    if (fresh) {
        w->classes.count = w->objects.count = w->heard.count = w->heard_classes.count = 0;
        w->next = w->next_class = 1;
    } else if (w->m->deed == DEED_TABLE_PER_MESSAGE) {
        forget(w);
    }
}

void writing_skip(struct writing *w, size_t entries)
{
    w->next += entries;
}

const char *writing_about(const struct writing *w)
{
    return w->about ? w->about : "value";
}

static bool does(struct writing *w, enum deed d)
{
    return w->m->deed == d;
}

/* width: 8 at most. */
static void put(struct writing *w, uint64_t number, size_t width, bool big)
{
    for (size_t i = 0; i < width; i++) {
        size_t place = big ? width - 1 - i : i;
        wire_u8(w->to, (uint8_t)(number >> 8 * place));
    }
}

/* ---- numbers ---- */

static bool is_network(const struct type *t)
{
    return strncmp(t->name, "net", 3) == 0;
}

uint64_t mistake_round(uint64_t bits)
{
    double d;

    memcpy(&d, &bits, sizeof d);
    d = (double)(float)d;
    memcpy(&bits, &d, sizeof d);
    return bits;
}

#define BIGGEST 9.2e18 // that a signed number of 64 bits holds, or a little less

uint64_t mistake_round_whole(uint64_t bits, size_t width, bool is_signed, int64_t parts)
{
    unsigned unused = (unsigned)(64 - 8 * width);
    int64_t number = is_signed ? (int64_t)(bits << unused) >> unused : (int64_t)bits;

    if ((!is_signed && number < 0) || (double)number > BIGGEST || (double)number < -BIGGEST)
        return bits;
    if (!parts)
        return (uint64_t)(int64_t)(float)number;
    return (uint64_t)(int64_t)((double)number / (double)parts * (double)parts);
}

static void put_number(struct writing *w, const struct type *t, uint64_t number)
{
    size_t width = t->width, size = width;
    bool big = is_network(t), halves = strcmp(t->name, "halves") == 0;

    if (strcmp(t->name, "truth") == 0)
        number = number ? 0xffff : 0;
    if (does(w, DEED_ROUND) && t->kind == VALUE_DOUBLE && about(w, t->mfc))
        number = mistake_round(number);
    if (does(w, DEED_ROUND_WHOLE) && t->kind == VALUE_INTEGER && width >= 4 && about(w, t->mfc))
        number = mistake_round_whole(number, width, t->is_signed, w->m->n);
    if (does(w, DEED_ALIGN) && width > 1 && (!w->m->of || strcmp(w->m->of, t->mfc) == 0)) {
        size_t to = width < (size_t)w->m->n ? width : (size_t)w->m->n;
        while (w->to->len % to) {
            wire_u8(w->to, 0);
            about(w, t->mfc);
        }
    }
    if (does(w, DEED_SWAP_ALL) || (does(w, DEED_SWAP) && width > 1 && about(w, t->mfc))) {
        big = !big;
    }
    if (does(w, DEED_HALVES) && width == 8 && about(w, t->mfc)) {
        halves = !halves;
    }
    bool narrow_sign = does(w, DEED_SIZE_UNSIGNED);
    if ((does(w, DEED_SIZE) || narrow_sign) && t->kind == VALUE_INTEGER && width != (size_t)w->m->n && about(w, t->mfc)) {
        if (narrow_sign && width < 8)
            number &= (UINT64_C(1) << 8 * width) - 1;
        size = (size_t)w->m->n;
    }
    if (halves) {
        put(w, number >> 32, 4, big);
        put(w, number, 4, big);
    } else {
        put(w, number, size, big);
    }
}

static void put_time(struct writing *w, const struct value *v)
{
    size_t size = w->p->generation >= 80 ? 12 : 4;
    bool swap = does(w, DEED_SWAP_ALL) || (does(w, DEED_SWAP_TIMES) && about(w, v->of.type->mfc));

    if (does(w, DEED_TIME) && size != (size_t)w->m->n && about(w, v->of.type->mfc)) {
        size = (size_t)w->m->n;
    }
    if (size == 12)
        put(w, 0x8000000a, 4, swap);
    put(w, v->number, size == 12 ? 8 : size, swap);
}

static void put_count(struct writing *w, const char *of, uint64_t n)
{
    bool swap = does(w, DEED_SWAP_COUNTS) || does(w, DEED_SWAP_ALL), marked = does(w, DEED_COUNT_MARKED);

    w->about = of;
    if (does(w, DEED_COUNT_PLUS)) {
        n += (uint64_t)w->m->n;
    }
    if (does(w, DEED_COUNT_BYTES)) {
        put(w, n, (size_t)w->m->n, false);
        return;
    }
    bool early = does(w, DEED_COUNT_EARLY) && n >= (uint64_t)w->m->n;
    if (n < 0xffff && !marked && !early) {
        put(w, n, 2, swap);
        return;
    }
    swap = swap && w->m->n != 2;
    put(w, 0xffff, 2, false);
    if (n < 0xffffffff || w->p->bits < 64 || w->p->generation < 70 || does(w, DEED_COUNT_SHORT)) {
        put(w, n, 4, swap);
        return;
    }
    put(w, 0xffffffff, 4, false);
    put(w, n, 8, swap);
}

/* ---- strings ---- */

static void put_length(struct writing *w, uint64_t n, bool wide)
{
    bool swap = does(w, DEED_SWAP_LENGTHS) || does(w, DEED_SWAP_ALL);
    int64_t m = w->m->n;

    if (does(w, DEED_LENGTH_PLUS)) {
        n += (uint64_t)m;
    }
    if (wide && does(w, DEED_NO_PREFIX)) {
    } else if (wide) {
        wire_u8(w->to, 0xff);
        put(w, 0xfffe, 2, false);
    }
    if (does(w, DEED_LENGTH_BYTES)) {
        put(w, n, (size_t)(m < 0 ? -m : m), m < 0);
        return;
    }
    if (does(w, DEED_LENGTH_7BIT)) {
        for (; n > 0x7f; n >>= 7)
            wire_u8(w->to, (uint8_t)(n | 0x80));
        wire_u8(w->to, (uint8_t)n);
        return;
    }
    bool early = does(w, DEED_LENGTH_ESCAPED) && n >= (uint64_t)m && n < 0xff;
    bool late = does(w, DEED_LENGTH_LATE) && n == (uint64_t)m;
    bool one = (does(w, DEED_LENGTH_SHORT) && m == 1) || (late && m == 0xff);
    if ((n < 0xff && !early) || one) {
        wire_u8(w->to, (uint8_t)n);
        return;
    }
    wire_u8(w->to, 0xff);
    bool two = (does(w, DEED_LENGTH_SHORT) && m == 3) || late, four = does(w, DEED_LENGTH_LONG) && n >= (uint64_t)m;
    if ((n < 0xfffe && !four) || two) {
        put(w, n, 2, swap);
        return;
    }
    swap = swap && m != 2;
    put(w, 0xffff, does(w, DEED_LENGTH_ONE_FF) ? 1 : 2, false);
    if (n < 0xffffffff) {
        put(w, n, 4, swap);
        return;
    }
    put(w, 0xffffffff, 4, false);
    put(w, n, 8, swap);
}

static unsigned unit_at(const struct value *s, size_t at)
{
    return s->wide ? s->data.data[at] | (unsigned)s->data.data[at + 1] << 8 : s->data.data[at];
}

static bool is_blank(unsigned unit, bool wide)
{
    bool far = unit == 0xa0 || unit == 0x1680 || (unit >= 0x2000 && unit <= 0x200a) || unit == 0x2028 || unit == 0x2029 || unit == 0x202f || unit == 0x205f || unit == 0x3000;

    return unit == ' ' || (unit >= '\t' && unit <= '\r') || (wide && far);
}

static bool is_stripped(const struct value *s, size_t at, bool nuls)
{
    return nuls ? unit_at(s, at) == 0 : is_blank(unit_at(s, at), s->wide);
}

static void strip(struct value *s, int64_t which)
{
    size_t step = s->wide ? 2 : 1;

    while (which & (STRIP_END | STRIP_NULS) && s->data.len >= step && is_stripped(s, s->data.len - step, which & STRIP_NULS))
        s->data.len -= step;
    while (which & STRIP_BEGIN && s->data.len >= step && is_stripped(s, 0, false)) {
        s->data.data += step;
        s->data.len -= step;
    }
}

size_t mistake_character(const struct value *s, size_t at)
{
    bool pair = s->wide && at + 4 <= s->data.len && unit_at(s, at) >> 10 == 0xd800 >> 10 && unit_at(s, at + 2) >> 10 == 0xdc00 >> 10;

    return pair ? 4 : s->wide ? 2 : 1;
}

static bool is_replaced(enum deed d, unsigned unit, bool pair)
{
    switch (d) {
    case DEED_LONE_REPLACED:
        return !pair && unit >> 11 == 0xd800 >> 11;
    case DEED_PAIR_REPLACED:
        return pair;
    case DEED_ASCII_ONLY:
        return unit > 0x7f;
    case DEED_LATIN_ONLY:
        return unit > 0xff;
    default:
        return false;
    }
}

/* Of narrow text, where a question mark is a wrong code page, only what is left out is told here. */
static struct bytes replaced(const struct value *s, enum deed d, unsigned by, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer b = { 0 };
    size_t len;

    for (size_t at = 0; at + (s->wide ? 2 : 1) <= s->data.len; at += len) {
        len = mistake_character(s, at);
        if (!is_replaced(d, unit_at(s, at), len == 4) || (!s->wide && by))
            buffer_append(&b, s->data.data + at, len);
        else if (by)
            wire_u16(&b, (uint16_t)by);
    }
    return arena_bytes(keep, buffer_bytes(&b));
}

static struct bytes with_behind(const struct value *s, unsigned unit, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer b = { 0 };
    unsigned units[] = { unit, '\n' };

    buffer_append(&b, s->data.data, s->data.len);
    for (size_t i = 0; i < (unit == '\r' ? 2 : 1); i++) {
        wire_u8(&b, (uint8_t)units[i]);
        if (s->wide)
            wire_u8(&b, 0);
    }
    return arena_bytes(keep, buffer_bytes(&b));
}

struct value mistake_units(const struct mistake *m, const struct value *v, struct arena *keep)
{
    struct value s = *v;
    size_t step = v->wide ? 2 : 1;
    enum deed d = m->deed;

    if (d == DEED_CUT_AT_NUL)
        for (size_t at = 0; at + step <= s.data.len; at += step)
            if (s.data.data[at] == 0 && (step == 1 || s.data.data[at + 1] == 0)) {
                s.data.len = at;
            }
    if (d == DEED_STRIP)
        strip(&s, m->n);
    if (d == DEED_LONE_REPLACED || d == DEED_PAIR_REPLACED || d == DEED_ASCII_ONLY || d == DEED_LATIN_ONLY)
        s.data = replaced(v, d, (unsigned)m->n, keep);
    if (d == DEED_MARK_TAKEN && v->wide && s.data.len >= 2 && unit_at(v, 0) == 0xfeff)
        s.data = bytes_slice(s.data, 2, SIZE_MAX);
    if (d == DEED_UNIT_BEHIND && strcmp(v->of.type->name, "line") != 0)
        s.data = with_behind(v, (unsigned)m->n, keep);
    if (d == DEED_CUT_HALF && v->wide)
        s.data.len = s.data.len / 4 * 2;
    if (d == DEED_CUT_TO && s.data.len > step * (size_t)m->n) {
        s.data.len = step * (size_t)m->n;
    }
    if (!v->wide && (d == DEED_UTF8 || d == DEED_QUESTION || d == DEED_7BIT)) {
        CLEANUP(buffer_free) struct buffer b = { 0 };
        for (size_t i = 0; i < s.data.len; i++) {
            uint8_t c = s.data.data[i];
            if (c > 0x7f && d == DEED_UTF8) {
                wire_u8(&b, 0xc0 | c >> 6);
                c = 0x80 | (c & 0x3f);
            }
            wire_u8(&b, c > 0x7f && d == DEED_QUESTION ? '?' : d == DEED_7BIT ? c & 0x7f : c);
        }
        s.data = arena_bytes(keep, buffer_bytes(&b));
    }
    return s;
}

static void put_units(struct writing *w, const struct value *v, bool wide)
{
    bool swap = wide && (does(w, DEED_SWAP_UNITS) || does(w, DEED_SWAP_ALL));
    size_t step = v->wide ? 2 : 1;

    if (v->wide == wide && !swap) {
        buffer_append(w->to, v->data.data, v->data.len);
        return;
    }
    for (size_t at = 0; at + step <= v->data.len; at += step) {
        unsigned unit = v->data.data[at] | (v->wide ? (unsigned)v->data.data[at + 1] << 8 : 0);
        if (wide)
            put(w, unit, 2, swap);
        else
            wire_u8(w->to, unit > 0xff ? '?' : (uint8_t)unit);
    }
}

#define UTF8_MARK 3 // bytes of a byte order mark in UTF-8

/* Characters of a text, of which a surrogate pair is one. */
static size_t characters(const struct value *s)
{
    size_t n = 0;

    for (size_t at = 0; at + (s->wide ? 2 : 1) <= s->data.len; at += mistake_character(s, at))
        n++;
    return n;
}

static bool build_is_wide(const struct writing *w, const struct type *t)
{
    return t->width ? t->width == 2 : w->p->charset == CHARSET_UNICODE;
}

static void put_string(struct writing *w, const struct value *v)
{
    const struct type *t = v->of.type;
    bool wide = build_is_wide(w, t), line = strcmp(t->name, "line") == 0;
    bool bstr = strcmp(t->name, "bstr") == 0, com = bstr || strcmp(t->name, "combstr") == 0;
    struct value s = mistake_units(w->m, v, w->keep);

    w->about = t->mfc;
    if (does(w, DEED_OTHER_WIDTH) && !com) {
        wide = !wide;
    }
    size_t step = wide ? 2 : 1, units = s.data.len / (s.wide ? 2 : 1), counted = bstr ? units * step : units;
    bool marked = does(w, DEED_BYTE_ORDER_MARK) && !line;
    if (marked && w->m->n)
        counted += wide ? (bstr ? 2 : 1) : UTF8_MARK;
    bool nul = !line && (does(w, DEED_COUNTS_NUL) || does(w, DEED_NUL_BEHIND));
    if (does(w, DEED_COUNTS_BYTES) && !bstr && wide) {
        counted = units * 2;
    } else if (does(w, DEED_COUNTS_CHARS) && s.wide) {
        counted = characters(&s) * (bstr ? 2 : 1);
    } else if (does(w, DEED_COUNTS_UNITS) && bstr) {
        counted = units;
    } else if (does(w, DEED_COUNTS_NUL)) {
        counted += bstr ? step : 1;
    }
    if (com)
        put(w, counted, 4, does(w, DEED_SWAP_LENGTHS) || does(w, DEED_SWAP_ALL));
    else if (!line)
        put_length(w, counted, wide);
    if (marked)
        put(w, wide ? 0xfeff : 0xbfbbef, wide ? 2 : UTF8_MARK, false);
    put_units(w, &s, wide);
    if (nul || does(w, DEED_BYTE_BEHIND))
        put(w, 0, nul ? step : 1, false);
    if (!line)
        return;
    if (does(w, DEED_CRLF))
        put(w, '\r', step, false);
    if (!does(w, DEED_NO_NEWLINE))
        put(w, '\n', step, false);
}

static uint64_t element_at(const struct value *v, size_t at, size_t width)
{
    uint64_t element = 0;

    for (size_t i = 0; i < width; i++)
        element |= (uint64_t)v->data.data[at + i] << 8 * i;
    return element;
}

static void put_block(struct writing *w, const struct value *v)
{
    const struct type *t = v->of.type;
    size_t width = t->kind == VALUE_ARRAY ? t->width : 1, count = v->data.len / width, size = width;
    bool swap = width > 1 && (does(w, DEED_SWAP_ALL) || (does(w, DEED_SWAP) && about(w, t->mfc)));
    bool fill = does(w, DEED_SIZE_UNSIGNED), resized = t->kind == VALUE_ARRAY && (does(w, DEED_SIZE) || fill);

    if (resized && width != (size_t)w->m->n && about(w, t->mfc)) {
        size = (size_t)w->m->n;
    }
    w->about = t->mfc;
    if (does(w, DEED_CUT_BYTES) && count > (size_t)w->m->n) {
        count = (size_t)w->m->n;
    }
    if (t->kind == VALUE_ARRAY)
        put_count(w, t->mfc, count);
    if (!swap && size == width) {
        buffer_append(w->to, v->data.data, count * width);
        return;
    }
    for (size_t at = 0; at < count * width; at += width)
        put(w, element_at(v, at, width), size, swap); // elements have no sign
}

/* ---- objects ---- */

static struct entry *entry_add(struct writing *w, struct entries *to, struct entry e)
{
    if (to->count == to->room) {
        to->room = to->room ? 2 * to->room : 16;
        struct entry *more = ARENA_ARRAY(w->keep, to->room, struct entry);
        if (to->count)
            memcpy(more, to->items, to->count * sizeof *more);
        to->items = more;
    }
    to->items[to->count] = e;
    return &to->items[to->count++];
}

static uint64_t take_index(struct writing *w, bool is_class)
{
    if (does(w, DEED_OWN_COUNTERS))
        return is_class ? w->next_class++ : w->next++;
    if ((is_class && does(w, DEED_CLASS_UNCOUNTED)) || (!is_class && does(w, DEED_OBJECT_UNCOUNTED)))
        return w->next;
    return w->next++;
}

static struct entry *class_find_entry(struct writing *w, const struct mfc_class *class, uint16_t schema)
{
    for (size_t i = w->classes.count; i-- > 0;)
        if (w->classes.items[i].class == class && w->classes.items[i].schema == schema)
            return &w->classes.items[i];
    return NULL;
}

static void put_tag(struct writing *w, uint64_t index, bool is_class)
{
    bool swap = does(w, DEED_SWAP_TAGS) || does(w, DEED_SWAP_ALL), small = does(w, DEED_TAG_SHORT);
    bool lengthy = does(w, DEED_TAG_LONG) && index;

    if (does(w, DEED_INDEX_PLUS) && index) {
        index += (uint64_t)w->m->n;
    }
    if ((index < BIG && !lengthy) || small) {
        put(w, (is_class ? 0x8000 : 0) | index, 2, swap);
        return;
    }
    put(w, BIG, 2, swap);
    put(w, (is_class ? 0x80000000 : 0) | index, 4, swap);
}

/* Whether the class was described; then its entry has yet to get its index where the object takes one before. */
static bool put_class(struct writing *w, const struct mfc_class *class, uint16_t schema)
{
    struct entry *known = class_find_entry(w, class, schema);
    struct bytes name = bytes_of(class->name);
    bool again = does(w, DEED_DESCRIBE_AGAIN), swap = does(w, DEED_SWAP_ALL) || does(w, DEED_SWAP_TAGS);

    w->about = class->name;
    if (known && !known->gone && !again) {
        put_tag(w, known->index, true);
        return false;
    }
    put(w, 0xffff, 2, false);
    put(w, does(w, DEED_SCHEMA) ? (uint64_t)w->m->n : schema, 2, swap || does(w, DEED_SWAP_SCHEMAS));
    put(w, name.len + does(w, DEED_NAME_NUL), 2, swap);
    for (size_t i = 0; i < name.len + does(w, DEED_NAME_NUL); i++)
        put(w, i < name.len ? name.data[i] : 0, does(w, DEED_NAME_WIDE) ? 2 : 1, false);
    if (!known)
        known = entry_add(w, &w->classes, (struct entry){ .class = class, .schema = schema });
    known->gone = false;
    if (!does(w, DEED_OBJECT_FIRST))
        known->index = take_index(w, true);
    return true;
}

static void put_value(struct writing *w, const struct value *v);

/* What the other direction brought is sent back: the same object, for a table that serves both. */
static const struct entry *heard_alike(struct writing *w, const struct value *v)
{
    for (size_t i = w->heard.count; i-- > 0 && i + 64 > w->heard.count;)
        if (value_equal(w->heard.items[i].object, v))
            return &w->heard.items[i];
    return NULL;
}

/* An object of this direction with the same value. */
static const struct entry *said_alike(struct writing *w, const struct value *v)
{
    for (size_t i = w->objects.count; i-- > 0 && i + 64 > w->objects.count;) {
        const struct entry *e = &w->objects.items[i];
        if (e->class == v->class && e->schema == v->schema && e->object->count == v->count && (!v->count || value_equal(e->object->items, v->items)))
            return e;
    }
    return NULL;
}

/* A body without elements, or (zeroes) with nothing but zeroes. */
static bool is_empty(const struct value *body, bool zeroes)
{
    enum value_kind kind = body ? body->of.type->kind : VALUE_OBJECT;
    bool empty = kind == VALUE_STRING || kind == VALUE_ARRAY || kind == VALUE_BYTES ? body->data.len == 0
                 : kind == VALUE_TUPLE ? zeroes : kind == VALUE_LIST || kind == VALUE_MAP ? body->count == 0 : false;

    if (zeroes && (kind == VALUE_INTEGER || kind == VALUE_FLOAT || kind == VALUE_DOUBLE))
        return body->number == 0;
    for (size_t i = 0; empty && kind == VALUE_TUPLE && i < body->count; i++)
        empty = is_empty(&body->items[i], zeroes);
    return empty;
}

static void put_new(struct writing *w, const struct value *v)
{
    const struct entry *alike = heard_alike(w, v);

    if (does(w, DEED_EMPTY_NULL) && is_empty(v->items, w->m->n)) {
        w->about = v->class->name;
        put_tag(w, 0, false);
        entry_add(w, &w->objects, (struct entry){ .class = v->class, .schema = v->schema, .object = v });
        return;
    }
    if (does(w, DEED_EQUAL_MERGED) && !alike)
        alike = said_alike(w, v);
    if (alike) {
        w->about = v->class->name;
        put_tag(w, alike->index, false);
        entry_add(w, &w->objects, *alike);
        return;
    }
    bool described = !does(w, DEED_NO_TAG) && put_class(w, v->class, v->schema);
    struct entry *e = entry_add(w, &w->objects, (struct entry){ .class = v->class, .schema = v->schema, .object = v });
    size_t place = (size_t)(e - w->objects.items);
    bool late = does(w, DEED_OBJECT_LATE);
    if (!late)
        e->index = take_index(w, false);
    if (described && does(w, DEED_OBJECT_FIRST))
        class_find_entry(w, v->class, v->schema)->index = take_index(w, true);
    if (v->count)
        put_value(w, v->items);
    if (late)
        w->objects.items[place].index = take_index(w, false);
}

#define DEEP 8      // objects sent again within each other, and bytes: a cycle would be sent for ever
#define LONG 0x10000

static void put_again(struct writing *w, const struct value *object)
{
    if (object->count && w->again < DEEP && w->to->len < LONG) {
        w->again++;
        put_value(w, object->items);
        w->again--;
    }
}

static void put_reference(struct writing *w, uint64_t k)
{
    if (k > w->objects.count) {
        put_tag(w, k, false); // it was carried unseen
        return;
    }
    struct entry *e = &w->objects.items[k - 1];
    const struct value *object = e->object;
    w->about = e->class->name;
    if (e->gone || does(w, DEED_NEVER_REFERS)) {
        put_class(w, e->class, e->schema);
        e->index = take_index(w, false);
        e->gone = false;
        put_again(w, object);
        return;
    }
    put_tag(w, e->index, false);
    if (does(w, DEED_BODY_AGAIN))
        put_again(w, object);
}

static void put_value(struct writing *w, const struct value *v)
{
    const struct type *t = v->of.type;

    switch (t->kind) {
    case VALUE_INTEGER:
        if (strcmp(t->name, "time") == 0)
            put_time(w, v);
        else if (strcmp(t->name, "count") == 0)
            put_count(w, t->mfc, v->number);
        else
            put_number(w, t, v->number);
        break;
    case VALUE_FLOAT:
    case VALUE_DOUBLE:
        put_number(w, t, v->number);
        break;
    case VALUE_STRING:
        put_string(w, v);
        break;
    case VALUE_BYTES:
    case VALUE_ARRAY:
        put_block(w, v);
        break;
    case VALUE_LIST:
    case VALUE_MAP:
        put_count(w, t->mfc, t->kind == VALUE_MAP ? v->count / 2 : v->count);
        for (size_t i = 0; i < v->count; i++)
            put_value(w, &v->items[i]);
        break;
    case VALUE_TUPLE:
        for (size_t i = strcmp(t->name, "oledatetimespan") == 0 && w->p->generation == 70; i < v->count; i++)
            put_value(w, &v->items[i]);
        break;
    case VALUE_VARIANT:
        put(w, v->number, 2, does(w, DEED_SWAP_ALL));
        for (size_t i = 0; i < v->count; i++)
            put_value(w, &v->items[i]);
        break;
    case VALUE_CLASS:
        put_class(w, v->class, v->schema);
        break;
    case VALUE_OBJECT:
        if (v->class)
            put_new(w, v);
        else if (v->number)
            put_reference(w, v->number);
        else
            put_tag(w, 0, false);
        if (!v->class && !v->number && does(w, DEED_NULL_COUNTED))
            w->next++;
        break;
    }
}

void writing_put(struct writing *w, const struct value *v, struct buffer *to)
{
    w->to = to;
    if (does(w, DEED_TABLE_PER_OBJECT))
        forget(w);
    put_value(w, v);
}

/* Whether the other direction had its class described by then; it is from now on. */
static bool heard_class(struct writing *w, const struct mfc_class *class, uint16_t schema)
{
    for (size_t i = 0; i < w->heard_classes.count; i++)
        if (w->heard_classes.items[i].class == class && w->heard_classes.items[i].schema == schema)
            return true;
    entry_add(w, &w->heard_classes, (struct entry){ .class = class, .schema = schema });
    return false;
}

void writing_heard(struct writing *w, const struct value *v)
{
    bool counted = does(w, DEED_COUNTER_SHARED), shared = does(w, DEED_TABLE_SHARED);

    if (!counted && !shared)
        return;
    if (v->of.type->kind == VALUE_OBJECT && v->class && counted) {
        w->next += heard_class(w, v->class, v->schema) ? 1 : 2;
    } else if (v->of.type->kind == VALUE_OBJECT && v->class) {
        if (!class_find_entry(w, v->class, v->schema))
            entry_add(w, &w->classes, (struct entry){ .class = v->class, .schema = v->schema, .index = take_index(w, true) });
        entry_add(w, &w->heard, (struct entry){ .class = v->class, .schema = v->schema, .object = v, .index = take_index(w, false) });
    }
    for (size_t i = 0; v->items && i < (v->of.type->kind == VALUE_ARRAY ? 0 : v->count); i++)
        writing_heard(w, &v->items[i]);
}

size_t value_numbers(const struct value *v, const char **names, size_t count, size_t most)
{
    const struct type *t = v->of.type;
    bool is = t->kind == VALUE_INTEGER || t->kind == VALUE_FLOAT || t->kind == VALUE_DOUBLE || t->kind == VALUE_ARRAY;

    for (size_t i = 0; is && i < count; i++)
        is = strcmp(names[i], t->mfc) != 0;
    if (is && count < most)
        names[count++] = t->mfc;
    for (size_t i = 0; v->items && i < v->count; i++)
        count = value_numbers(&v->items[i], names, count, most);
    return count;
}
