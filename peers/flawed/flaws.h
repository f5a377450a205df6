/*
 * The mistakes of the flawed peer: one is switched on, or several that are to hide each other.
 *
 * The reference's sources ask for them by FLAW(name), see reference/flaw.h.
 */
#ifndef FLAWED_FLAWS_H
#define FLAWED_FLAWS_H

#include <stdbool.h>

#include "csocket.h"

/* A row of flaws.json names each, with - for _, and says what it is. */
// clang-format off
#define FLAWED_SWITCHES(X) \
    X(swap_operands) X(swap_all) X(keeps_rest) X(drops_rest) X(length_255_in_one_byte)         \
    X(status_for_note) X(rst_at_end) X(loses_last_reply_at_half_close)                         \
    X(wide_in_every_build) X(length_65534_in_word) X(cuts_at_nul) X(count_65535_in_word)       \
    X(time_of_other_generations) X(small_tags_only) X(object_before_class)                     \
    X(restarts_tables) X(takes_any_schema) X(currency_low_first) X(tells_unsigned)             \
    X(bool_in_four_bytes) X(line_without_newline) X(holds_last_byte) X(always_cause_3)         \
    X(silent_at_exception) X(zeroes_at_end) X(dies_at_exception) X(dies_at_reset)              \
    X(answers_behind_quit) X(never_ends) X(babbles) X(one_at_a_time) X(by_heart)               \
    X(right_once) X(byte_by_byte) X(two_flushes) X(stops_early) X(one_receive)                 \
    X(reads_once_more) X(op_alone) X(believes_lengths) X(drops_when_full) X(babbles_late)      \
    X(answers_late) X(joins_replies) X(hides) X(asks_ahead) X(asks_swapped)                    \
    X(asks_in_other_width) X(asks_nothing) X(asks_nobody) X(asks_twice) X(asks_and_leaves)     \
    X(asks_and_stays) X(asks_and_fails) X(closes) X(mute) X(echoes) X(resets)
// clang-format on

/* Set before the first connection, only read from then on. */
struct flaws {
#define FLAWED_SWITCH(name) bool name;
    FLAWED_SWITCHES(FLAWED_SWITCH)
#undef FLAWED_SWITCH
    bool reads_ahead; // in every generation; some flaws need it
};

extern struct flaws flaws;

#define FLAW(name)             (flaws.name)
#define FLAW_INSTEAD(socket)   flaws_instead(socket)
#define FLAW_USED()            flaws_used()
#define FLAW_RESETS(socket)    flaws_resets(socket)
#define FLAW_SEES_END(socket)  flaws_sees_end(socket)
#define FLAW_SEES_MORE(socket) flaws_sees_more(socket)
#define FLAW_PAUSE()           flaws_pause()
#define FLAW_ASKS(host, port)  flaws_ask(host, port)
#define FLAW_STAYS(host, port) flaws_stay(host, port)

/* Switches the named flaw on; false if there is none of that name. */
bool flaws_choose(const char *name);

/* The name of each, a line per flaw. */
void flaws_list(void);

/* The degenerate peers: deals with the whole connection, and says so. */
bool flaws_instead(struct CSocket *socket);

/* Whether this process has been dialled, or has dialled, more than once. */
bool flaws_used(void);

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
