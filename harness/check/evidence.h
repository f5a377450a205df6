#ifndef CHECK_EVIDENCE_H
#define CHECK_EVIDENCE_H
/*
 * What the causes look at; private to check/.
 */
#include "check/check.h"

struct evidence {
    const struct program *program;
    const struct trace *trace;
    const struct op *op;
    const struct fields *fields; // what was due, of the op or its probe's answer
    struct bytes due;            // exact bytes of those fields
    struct bytes got;            // what came from the op's beginning on, all of it
    struct match match;
    struct object_table *table;  // as it was at the op's beginning; NULL: fresh
    const struct field *field;   // that differs, or NULL
    struct bytes field_due, field_got;
    const struct evidence *before; // of the reply before on the connection, which was right; its `got` goes on with what came here. NULL: none
    bool late;                   // it came only behind the probe
    bool one_piece;              // what came here came in one piece with the end of that
    struct arena *keep;
};

/* One of the service's refusals, read from what came. */
struct refusal {
    const char *name;
    const struct op *op;        // that says it
    const struct value *values; // of its fields that are any, in order
    size_t len;
};

/* Whether got begins with the i-th refusal of the service. */
bool refusal_read(const struct program *p, size_t i, struct bytes got, struct arena *keep, struct refusal *out);

/* Whether got begins with any of them that says more than a number: by itself that could be anything. */
bool begins_refusal(const struct program *p, struct bytes got, struct arena *keep);

/* Whether the message of which the op is a part came as one of them. */
bool refusal_came(const struct evidence *e, struct refusal *out);

/* Whether got begins with any of them at all. */
bool is_refusal(const struct program *p, struct bytes got, struct arena *keep);

/* The value that the refusal keeps by a name, or NULL. */
const struct value *refusal_value(const struct refusal *r, const char *name);

/* Grades a failed check as-genuine where the service or the case names that defect of the peer's generation; got is
 * what came since our last words on its connection. */
void genuine_apply(const struct program *p, const struct trace *t, struct bytes got, struct finding *f,
                   struct arena *keep);

/* Names the most likely cause of a mismatch in a finding; always finds one. */
void cause_find(const struct evidence *e, struct finding *f);

/* The same where what came is right as far as it goes; a finding that says how the connection stood keeps its cause where
 * nothing more telling is found. */
void cause_short(const struct evidence *e, struct finding *f);

/* The same where nothing came, or only behind the probe: adds what the peer would have to mistake to wait for more than it was told. */
void cause_waits(const struct evidence *e, struct finding *f);

/* The same where the peer ended instead of a byte of what was due: what it may have read so that there was no room for it any more. overflow.c */
void cause_overflows(const struct evidence *e, struct finding *f);

/*
 * The cause of `strays` bytes that came behind a reply that was right, e->before, where nothing was due: what it was followed by
 * may tell what it should have been. False: there was no reply, or nothing is to be said of it.
 */
bool cause_behind(const struct evidence *e, size_t strays, struct finding *f);

/*
 * Causes that are seen by holding the messages that came against those that were due. alignment.c
 */

/* Names the one edit by which what was due becomes what came, where there is one that leaves no byte unexplained. */
bool cause_aligned(const struct evidence *e, struct finding *f);

/* Where nothing came, the sentence, or NULL: it came on another connection; the peer ended for its request was cut. */
const char *cause_elsewhere(const struct evidence *e);
const char *cause_cut_request(const struct evidence *e);
const char *cause_left_elsewhere(const struct evidence *e); // … the peer had ended the connection on which it was asked
const char *cause_thrown_away(const struct evidence *e);  // … it waits, for a piece of that was thrown away

/* Whether what the op answers came to a peer that had answered all before, in one piece, and nothing with it. */
bool asked_alone(const struct evidence *e);

/* Whether the first len bytes are a message of several fields of such a service as refuses nothing. */
bool reads_as_message(const struct program *p, struct bytes b, size_t len);

/* Whether bytes begin with what has the form of a reply that is known of the case, whatever its values are. */
bool reads_as_reply(const struct program *p, struct bytes b);

/* … which is or holds an object, and all of it; table: what the peer has carried. */
bool reads_as_object(const struct program *p, struct object_table *table, struct bytes b);

/* Whether behind what the op answers a part of the next message was said, and nothing more. */
bool asked_with_a_part(const struct evidence *e);

/*
 * Causes that lie in the exchange, not in a value: each the sentence, or NULL. exchanges.c
 */
const char *cause_said_before(const struct evidence *e);  // the reply before, once more, in place of a refusal
const char *cause_not_refused(const struct evidence *e);   // a value where a refusal is due
const char *cause_let_in(const struct evidence *e);        // … an entrance: admission.c
const char *cause_turned_away(const struct evidence *e);   // the reverse
const char *cause_wrong_cause(const struct evidence *e);   // a refusal that tells another cause
const char *cause_false_end(const struct evidence *e);     // the end of the stream where there is none
const char *cause_table_unknown(const struct evidence *e); // a refusal of what an earlier request has carried
const char *cause_other_reply(const struct evidence *e);   // another refusal
const char *cause_broken_off(const struct evidence *e);    // an exception amid a reply: broken.c
const char *cause_other_head(const struct evidence *e);    // the right one behind another number: heads.c
const char *cause_echo(const struct evidence *e);          // our own bytes
const char *cause_wrong_request(const struct evidence *e); // the reply that another request is due
const char *cause_skipped(const struct evidence *e);       // … a later one, and this one has none
const char *cause_begun(const struct evidence *e);         // a refusal behind the beginning of a reply
const char *cause_greeting(const struct evidence *e);      // the first words come by themselves
const char *cause_began_again(const struct evidence *e);   // a reply that begins anew amid itself
const char *cause_pair_turned(const struct evidence *e);   // two bytes that have changed places
const char *cause_flood(const struct evidence *e);         // more than any answer holds
const char *cause_random(const struct evidence *e);        // bytes that have nothing in common with what was due
const char *cause_wrong_schema(const struct evidence *e);  // an object of another schema
const char *cause_kept_before(const struct evidence *e);   // what a collection held before is still in it
const char *cause_zeroes_behind(const struct evidence *e); // … or zeroes that it has room for
const char *cause_lacks_behind_count(const struct evidence *e); // elements are not there, nor in the count before them
const char *cause_sign_lost(const struct evidence *e);     // a negative number as one without a sign
const char *cause_sign_added(const struct evidence *e);    // … the reverse
const char *cause_zeroes_lost(const struct evidence *e);   // a number in a text without the zeroes before it: digits.c
const char *cause_count_form(const struct evidence *e);    // a value that is whole behind a count of no known form
const char *cause_length_form(const struct evidence *e);   // … behind a length
const char *cause_time_form(const struct evidence *e);     // … behind another mark
const char *cause_count_wrong(const struct evidence *e);   // a count that is not that of the elements that follow
const char *cause_value_cut(const struct evidence *e);     // the beginning of a string or an array, or its end, is missing
const char *cause_told_more(const struct evidence *e);     // pieces that belong to no value amid a text: told_more.c
const char *cause_number_off(const struct evidence *e);    // a number in a text is one more or less
const char *cause_text_cut(const struct evidence *e);      // a part of a text is missing
const char *cause_block_turned(const struct evidence *e);  // a block has its bytes exchanged
const char *cause_typed_differs(const struct evidence *e); // bytes of a value that are none, and all else is right
const char *cause_block_differs(const struct evidence *e); // a block of bytes has the right length, and other bytes
const char *cause_lost(const struct evidence *e);          // bytes of ours are lost
const char *cause_lost_more(const struct evidence *e);     // … elsewhere than at the end of a block
const char *cause_lost_refused(const struct evidence *e);  // … and what stands behind them is refused
const char *cause_replies_missing(const struct evidence *e); // of several replies some did not come
const char *cause_paused(const struct evidence *e, size_t strays); // an exception of the end of the stream where there is none
const char *cause_said_twice(const struct evidence *e);    // the reply before, once more
const char *cause_answered(const struct evidence *e);      // a reply to what has none
const char *cause_shifted(const struct evidence *e);       // bytes before what was due
const char *cause_doubled(const struct evidence *e);       // … that stood there just before
const char *cause_inserted(const struct evidence *e);      // bytes amid it
const char *cause_inserted_whole(const struct evidence *e); // … and nothing else is wrong
const char *cause_inserted_often(const struct evidence *e); // … at several places
const char *cause_rest_lost(const struct evidence *e);     // a later reply amid it
const char *cause_loaded_elsewhere(const struct evidence *e); // a refusal of what this connection has carried, behind another: outlives.c
const char *cause_known_elsewhere(const struct evidence *e); // the first class of a direction, as one that is known
const char *cause_missing(const struct evidence *e);       // bytes of it are missing

/*
 * Causes that are seen by a whole message, in however many ops it is judged: each the sentence, or NULL. whole.c
 */
const char *cause_own_values(const struct evidence *e);    // the values of ours, in the bytes of the peer
const char *cause_said_elsewhere(const struct evidence *e); // … of those on another connection
const char *cause_fields_turned(const struct evidence *e); // its fields in another order
const char *cause_text_of_another(const struct evidence *e); // a text has what is due as another field
const char *cause_written_as_text(const struct evidence *e); // with a CR before each LF
const char *cause_head_missing(const struct evidence *e);  // a refusal without what says that it is one
const char *cause_heads_missing(const struct evidence *e); // … of any reply, and of those behind it: heads.c
const char *cause_part_cut(const struct evidence *e);      // a part of it was never sent to its end
const char *cause_taken_for_end(const struct evidence *e); // the reply before was cut, and this one's beginning passed for its end
const char *cause_missing_often(const struct evidence *e); // bytes are missing at several places

/* The ops with the other parts of a message, the next one before, and behind; SIZE_MAX: none. */
size_t part_before(const struct program *p, size_t op);
size_t part_behind(const struct program *p, size_t op);

/* All that came of the message of which the op is a part. */
struct bytes message_came(const struct evidence *e);

/* Whether bytes begin with the answer to the probe, or with what is due later on the connection. */
bool comes_later(const struct evidence *e, struct bytes b);

/* Whether more messages of ours stand before the op, since the last reply, than there are replies due. */
bool more_said_than_due(const struct evidence *e);

/* Bytes of the message of which op is a part that stand before it. */
size_t reply_begun(const struct program *p, size_t op, struct arena *keep);

/* Whether a message of which op is a part is a refusal, as it is due. */
bool refusal_due(const struct program *p, size_t op, struct arena *keep);

/* The name of that refusal, or NULL. */
const char *refusal_named(const struct program *p, size_t op, struct arena *keep);

#endif
