/*
 * The mistakes of the flawed peer: one is switched on, or several that are to hide each other.
 *
 * The reference's sources ask for them by FLAW(name), see reference/flaw.h.
 */
#ifndef FLAWED_FLAWS_H
#define FLAWED_FLAWS_H

#include <stdbool.h>

#include "csocket.h"
#include "pool.h"
#include "units.h"

struct object_table;
struct type;

/* A row of flaws.json names each, with - for _, and says what it is. */
// clang-format off
#define FLAWED_SWITCHES(X) \
    X(swap_operands) X(swap_all) X(keeps_rest) X(drops_rest) X(length_255_in_one_byte)                  \
    X(status_for_note) X(rst_at_end) X(loses_last_reply_at_half_close) X(wide_in_every_build)           \
    X(length_65534_in_word) X(cuts_at_nul) X(count_65535_in_word) X(time_of_other_generations)          \
    X(small_tags_only) X(object_before_class) X(restarts_tables) X(takes_any_schema)                    \
    X(currency_low_first) X(tells_unsigned) X(bool_in_four_bytes) X(line_without_newline)               \
    X(holds_last_byte) X(always_cause_3) X(silent_at_exception) X(zeroes_at_end) X(dies_at_exception)   \
    X(dies_at_reset) X(answers_behind_quit) X(never_ends) X(babbles) X(one_at_a_time) X(by_heart)       \
    X(right_once) X(byte_by_byte) X(two_flushes) X(stops_early) X(one_receive) X(reads_once_more)       \
    X(op_alone) X(believes_lengths) X(drops_when_full) X(babbles_late) X(answers_late) X(joins_replies) \
    X(hides) X(asks_ahead) X(asks_swapped) X(asks_in_other_width) X(asks_nothing) X(asks_nobody)        \
    X(asks_twice) X(asks_and_leaves) X(asks_and_stays) X(asks_and_fails) X(closes) X(mute) X(echoes)    \
    X(resets) X(swap_words) X(swap_on_load) X(swap_on_store) X(swap_double_halves) X(swap_wide_halves)  \
    X(network_not_turned) X(swap_elements) X(swap_corners) X(swap_next) X(swap_statuses)                \
    X(swap_lengths) X(swap_units_on_load) X(swap_units_on_store) X(swap_counts_on_load)                 \
    X(swap_counts_on_store) X(swap_tags) X(swap_schemas) X(currency_low_first_on_load)                  \
    X(variant_currency_high_first) X(narrow_in_every_build) X(counts_the_terminator) X(bytes_for_units) \
    X(bytes_for_units_on_load) X(dword_length_behind_ff) X(knows_no_wide_mark) X(takes_the_mark_again)  \
    X(byte_behind_strings) X(swallows_byte_behind_strings) X(widens_narrow_strings)                     \
    X(line_ends_in_cr_lf) X(takes_cut_strings) X(takes_cut_blocks) X(fills_cut_arrays)                  \
    X(counts_in_dwords) X(escapes_65534) X(no_quad_counts) X(shares_tables) X(separate_counters)        \
    X(counts_from_zero_on_load) X(counts_from_zero_on_store) X(registers_late) X(describes_again)       \
    X(repeats_objects) X(null_takes_an_index) X(restarts_store_table) X(big_tags_only) X(wide_names)    \
    X(terminates_names) X(class_for_object_is_null) X(unknown_index_is_null) X(takes_8000_for_null)     \
    X(takes_any_class) X(forgets_schemas) X(reads_schemas_twice) X(refuses_other_schemas)               \
    X(cut_name_is_the_end) X(schema_for_class) X(always_cause_0) X(says_no_cause)                       \
    X(goes_on_after_exceptions) X(goes_on_when_refused) X(ends_at_bad_text) X(dies_of_a_bad_index)      \
    X(stalls) X(waits_for_eight) X(holds_full_buffers) X(loses_what_straddles) X(answers_the_last)      \
    X(babbles_behind_values) X(babbles_behind_small)                                                    \
    X(greets) X(says_ok_first) X(says_it_twice) X(says_last_byte_twice) X(counts_all_notes)             \
    X(stops_at_half_close) X(quits_without_a_word) X(closes_unread) X(exits_at_end) X(three_at_most)      \
    X(ends_at_the_second) X(ends_at_the_fifth) X(dies_at_the_hundredth) X(sends_again) X(dials_once)                          \
    X(takes_no_for_an_answer) X(long_in_eight_bytes) X(wchar_in_four_bytes) X(pads_values)              \
    X(double_through_float) X(tells_bytes_signed) X(stops_at_the_top) X(first_of_a_key_counts)          \
    X(lists_append) X(time_without_mark) X(time_never_short) X(time_long_on_load)                       \
    X(span_in_eight_bytes) X(span_without_status) X(variant_true_is_one) X(variants_of_old)             \
    X(closes_after_first) X(mutters) X(knows_answers) X(refuses_everything) X(stuck) X(drips)           \
    X(babbles_on) X(says_the_first_again) X(says_anothers) X(slow) X(jitters) X(bursts) X(accepts_late) \
    X(ends_late) X(loaded) X(babbles_behind_the_fifth) X(babbles_behind_the_sixth)                      \
    X(babbles_behind_negatives) X(says_ok_before_values) X(greets_later) X(leaves_texts_out)            \
    X(miscounts_seven) X(retries_silently) X(chat_echoes) X(chat_echoes_behind_farewells)               \
    X(chat_greets_latecomers)                                                                           \
    X(chat_tells_one) X(chat_loses_the_second) X(chat_says_it_twice) X(chat_never_ends)                 \
    X(chat_announces_ends) X(chat_forgets_newcomers) X(messenger_mixes_names) X(messenger_tells_all)        \
    X(room_says_the_next_number) X(room_passes_nothing_on) X(room_believes_numbers)                     \
    X(telephony_counts_the_head) X(telephony_believes_sizes) X(update_ends_early)
// clang-format on

/* Set before the first connection, only read from then on. */
struct flaws {
#define FLAWED_SWITCH(name) bool name;
    FLAWED_SWITCHES(FLAWED_SWITCH)
#undef FLAWED_SWITCH
    bool reads_ahead; // in every generation; some flaws need it
};

extern struct flaws flaws;

#define FLAW(name)                        (flaws.name)
#define FLAW_TYPE(row)                    flaws_type(row)
#define FLAW_INSTEAD(socket)              flaws_instead(socket)
#define FLAW_OVER()                       flaws_over()
#define FLAW_REQUEST()                    flaws_request()
#define FLAW_REQUESTS()                   flaws_requests()
#define FLAW_SEND(s, data, size)          flaws_send(s, data, size)
#define FLAW_TURNED(string, pool)         flaws_turned(string, pool)
#define FLAW_ORDINAL(table, index, class) flaws_ordinal(table, index, class)
#define FLAW_NOTED()                      flaws_noted()
#define FLAW_NOTES()                      flaws_notes()
#define FLAW_USED()                       flaws_used()
#define FLAW_GREETS()                     flaws_greets()
#define FLAW_RESETS(socket)               flaws_resets(socket)
#define FLAW_SEES_END(socket)             flaws_sees_end(socket)
#define FLAW_SEES_MORE(socket)            flaws_sees_more(socket)
#define FLAW_PAUSE()                      flaws_pause()
#define FLAW_ASKS(host, port)             flaws_ask(host, port)
#define FLAW_STAYS(host, port)            flaws_stay(host, port)

/* Switches the named flaw on; false if there is none of that name. */
bool flaws_choose(const char *name);

/* The name of each, a line per flaw. */
void flaws_list(void);

/* The degenerate peers: deals with the whole connection, and says so. */
bool flaws_instead(struct CSocket *socket);

/* … and the connection is over. */
void flaws_over(void);

/* The type itself, or one that is like it but for its mistake (values.c). */
const struct type *flaws_type(const struct type *row);
/* Prepares that. */
void flaws_change_types(void);

/* Counts a request; whether the connection ends at it. */
bool flaws_request(void);

/* Requests of this connection so far. */
unsigned flaws_requests(void);

/* Sends in another way, and says so. */
bool flaws_send(struct CSocket *s, const void *data, size_t size);

/* The same units, their bytes exchanged; lives in pool. */
const struct units *flaws_turned(const struct units *string, struct pool *pool);

/* Which class, or which object, of the table it is, from 1. */
uint32_t flaws_ordinal(const struct object_table *table, uint32_t index, bool class);

/* The notes of all connections. */
void flaws_noted(void);
uint32_t flaws_notes(void);

/* Where the shipped answers stand, for who knows them by heart. */
void flaws_answers(const char *directory);

/* Whether this process has been dialled, or has dialled, more than once. */
bool flaws_used(void);

/* Whether it speaks first on this connection. */
bool flaws_greets(void);

/* Whether closing the socket will reset the connection. */
bool flaws_resets(struct CSocket *socket);

/* Whether more bytes, or the end, have come. */
bool flaws_sees_more(struct CSocket *socket);

/* Fifty milliseconds. */
void flaws_pause(void);

/* What a program that asks does wrong before it dials; may not return. */
void flaws_ask(const char *host, uint16_t port);

/* … and before it ends. */
void flaws_stay(const char *host, uint16_t port);

/* Whether the asker has half-closed; waits a moment for it, being slow to answer. */
bool flaws_sees_end(struct CSocket *socket);

#endif
