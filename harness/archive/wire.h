#ifndef ARCHIVE_WIRE_H
#define ARCHIVE_WIRE_H
/*
 * The gate: all bytes of a stream are taken here, and all bounds are checked here.
 *
 * After the first failure reads return 0 and nothing moves, so a load reads like the format and the status
 * is looked at once. SHORT is no error on a stream: keep the bytes and wait for `need`.
 */
#include "base/arena.h"
#include "base/text.h"

/* CArchiveException::m_cause [7.1]. */
enum cause {
    CAUSE_NONE = 0,
    CAUSE_GENERIC = 1,
    CAUSE_READ_ONLY = 2,
    CAUSE_END_OF_FILE = 3,
    CAUSE_WRITE_ONLY = 4,
    CAUSE_BAD_INDEX = 5,
    CAUSE_BAD_CLASS = 6,
    CAUSE_BAD_SCHEMA = 7,
    CAUSE_BUFFER_FULL = 8,
};

/* MFC's own name of a cause, "endOfFile"; "unknown" for other numbers. */
const char *cause_name(unsigned cause);

enum wire_status { WIRE_OK, WIRE_SHORT, WIRE_BAD };

/* A note on some bytes, for people: "length 5", "class CAge, schema 1". */
struct span {
    size_t at, len;
    const char *meaning;   // lives as long as the list's arena
};
struct span_list {
    struct arena *keep;
    struct span *items;
    size_t count, room;
};

/* Where a stream says how it goes on: what a harness that wants to lie changes. */
enum landmark_kind {
    LANDMARK_LENGTH,      // of a string, with its wide prefix [4.1]
    LANDMARK_COUNT,       // of elements [5]
    LANDMARK_UNITS,       // u32: units or bytes of a BSTR [8.3]
    LANDMARK_TAG,         // of an object or class, by its index [6.1]
    LANDMARK_SCHEMA,      // u16, of a class
    LANDMARK_NAME_LENGTH, // u16, of a class's name
};
struct landmark {
    enum landmark_kind kind;
    size_t at, len;
    uint64_t number; // what stands there; of a TAG its first word
    bool wide;       // LENGTH: the prefix stands before it
};
struct landmark_list {
    struct arena *keep;
    struct landmark *items;
    size_t count, room;
};

/* What a reader takes and no writer says: a longer form than needed, or a class that is described again with the same schema [OBJ-26]. */
enum odd_kind { ODD_NONE, ODD_LENGTH, ODD_COUNT, ODD_TAG, ODD_CLASS };
struct oddity {
    enum odd_kind kind;
    size_t at;
};

struct reader {
    struct bytes in;         // borrowed; must outlive the reader
    size_t at;               // offset of the next unread byte
    enum wire_status status;
    size_t need;             // SHORT: input length, in bytes, that would get further
    enum cause cause;        // BAD: what MFC would throw; at is the offending byte
    size_t taken;            // BAD: how far MFC had read by then: what is left in the stream begins here [OBJ-28]
    const char *reason;      // BAD: in words, a constant
    const char *clause;      // BAD: what it breaks; NULL: what the type's clause says
    enum cause cut;          // SHORT: what MFC would throw if the stream ended here [6.5]; NONE: nothing,
                             // it would load what there is [SVC-14]
    bool loose;              // set when a longer form than needed was read [STR-12, CNT-3, OBJ-3]
    struct oddity odd;       // the first
    bool written;            // the input is what a writer of the profile wrote, not what its reader wants;
                             // they differ where MFC cannot read what it writes [VAL-9]
    struct span_list *spans; // NULL: nobody wants notes
    struct landmark_list *landmarks; // NULL: nobody wants them
};

/* len bytes, borrowed from the input; empty and SHORT when there are fewer. */
struct bytes reader_take(struct reader *r, size_t len);
uint8_t reader_u8(struct reader *r);
uint16_t reader_u16(struct reader *r);
uint32_t reader_u32(struct reader *r);
uint64_t reader_u64(struct reader *r);

/* BAD from here on, unless it has failed before. */
void reader_reject(struct reader *r, enum cause cause, const char *reason);

/* The same where the offending bytes have been read already: they begin at `at`. */
void reader_reject_at(struct reader *r, size_t at, enum cause cause, const char *reason);

/* The same for whom the clause that is broken is told, too. */
void reader_reject_by(struct reader *r, size_t at, enum cause cause, const char *clause, const char *reason);

/* Something odd begins at `at`; nothing when r has failed. reader_loosen: a longer form. */
void reader_odd(struct reader *r, size_t at, enum odd_kind kind);
void reader_loosen(struct reader *r, size_t at, enum odd_kind kind);

/* Notes what the bytes from `from` to the current place mean; nothing when nobody listens or r has failed. */
void reader_note(struct reader *r, size_t from, const char *fmt, ...) PRINTF(3, 4);

/* Lists the bytes from `from` to the current place as a landmark; nothing when nobody listens or r has failed. */
void reader_landmark(struct reader *r, size_t from, enum landmark_kind kind, uint64_t number, bool wide);

/* Stores append to a buffer and cannot fail. Little-endian [BO-1]. */
void wire_u8(struct buffer *w, uint8_t v);
void wire_u16(struct buffer *w, uint16_t v);
void wire_u32(struct buffer *w, uint32_t v);
void wire_u64(struct buffer *w, uint64_t v);

#endif
