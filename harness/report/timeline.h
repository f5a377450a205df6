#ifndef REPORT_TIMELINE_H
#define REPORT_TIMELINE_H
/*
 * A conversation as rows in the order of time, both directions on one line: what left or arrived in a row, as
 * the segments or chunks it came in, and what happened in between.
 *
 * Rows keep to messages: bytes of two ops stand in two rows, also when one segment carried both.
 */
#include "report/model.h"

#define SHOWN_MAX  256u // a message of so many bytes is shown whole; of a longer one …
#define HEAD_MAX   64u  // … its beginning …
#define AROUND_MAX 64u  // … and what is around the first difference

enum talk_row_kind { ROW_SENT, ROW_RECEIVED, ROW_HAPPENED };

/* Bytes that left or arrived together. */
struct talk_piece {
    const char *hex; // with runs
    uint64_t skip;   // the piece begins at this byte of hex
    uint64_t len;
    bool joined;     // in the same segment or chunk as the piece before
};

struct talk_row {
    enum talk_row_kind kind;
    int64_t us;
    uint64_t on;
    const struct report_op *op; // NULL when the log names none
    size_t op_index;
    bool server;                // the server speaks or acts, else the client
    bool astray;                // RECEIVED: nothing was due
    bool probe;                 // SENT: a probe, which no field describes
    const struct report_op *layout; // SENT, RECEIVED: whose fields describe the bytes; NULL: none
    uint64_t at, len;           // offset in the op's message, and bytes
    const struct talk_piece *pieces;
    size_t piece_count;
    uint64_t segments;          // SENT
    const struct report_event *event; // HAPPENED
    bool last;                  // the row of its op under which to tell what was due
    struct talk_row *next;
};

struct timeline {
    struct report_talk talk;
    struct talk_row *rows;
    bool we_are_server; // which of the two the harness plays
};

void timeline_load(const struct report_result *r, struct arena *keep, struct timeline *out);

/* Copies bytes of a row, from an offset in its op's message on; returns how many there are. */
size_t row_bytes(const struct talk_row *row, uint64_t at, uint8_t *to, size_t len);

/* Whether the bytes from at on are those that the op's hex has there. */
bool row_as_expected(const struct talk_row *row, uint64_t at, uint64_t len);

/* A check of a result that failed on this op; NULL when there is none. */
const struct report_check *failure_on(const struct report_result *r, size_t op);

/* What happened at a row of kind HAPPENED, in words, without who did it; its event's own word when this reader
 * does not know it. *of_somebody tells whether "client" or "server" belongs in front. */
const char *row_words(const struct talk_row *row, bool *of_somebody);

/* Whether a received row is, for all that its bytes tell, what was due; where a check failed, it came too late. */
bool row_is_late(const struct talk_row *row);

/* Whether the fields behind a failing check's are where they should be in a received row, and what they should be. */
bool row_goes_right(const struct talk_row *row, const struct report_check *bad);

/* Whether a row tells nothing to a reader: the end of it all, or that the only connection was opened. */
bool row_is_dull(const struct talk_row *row, const struct timeline *t);

/* How many bytes a hex text with runs stands for, and some of them, without expanding the rest. */
uint64_t hex_length(const char *hex);
size_t hex_bytes(const char *hex, uint64_t at, uint8_t *to, size_t len);

/*
 * A message cut into what is shown and what is left out, field by field.
 */
struct talk_span {
    uint64_t at, len;                 // in the message
    const struct report_field *field; // NULL: bytes that no field describes
    size_t field_index;
    bool tells;    // its value is to be told here: once for each field
    bool left_out;
    bool message;  // a further message begins here
    bool bad;      // it holds the first difference
};

struct talk_spans {
    struct talk_span *list;
    size_t count;
};

/*
 * Cuts the bytes from at to at + len of op's message. bad is the failing check whose field differs, or NULL;
 * bad_len the length of that field in these bytes, which may be another than the expected one; told_behind says
 * whether the fields behind it stand where they should.
 */
void spans_cut(const struct report_op *op, uint64_t at, uint64_t len,
               const struct report_check *bad, uint64_t bad_len, bool told_behind,
               struct arena *keep, struct talk_spans *out);

#endif
