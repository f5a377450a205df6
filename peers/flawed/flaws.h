/*
 * The mistakes of the flawed peer; at most one is switched on.
 *
 * The reference's sources ask for them by FLAW(name), see reference/flaw.h.
 */
#ifndef FLAWED_FLAWS_H
#define FLAWED_FLAWS_H

#include <stdbool.h>

#include "csocket.h"

/* Set before the first connection, only read from then on. */
struct flaws {
    bool swap_operands;
    bool swap_all;
    bool keeps_rest;
    bool drops_rest;
    bool length_255_in_one_byte;
    bool status_for_note;
    bool rst_at_end;
    bool loses_last_reply_at_half_close;
    bool wide_in_every_build;
    bool length_65534_in_word;
    bool cuts_at_nul;
    bool count_65535_in_word;
    bool time_of_other_generations;
    bool small_tags_only;
    bool object_before_class;
    bool restarts_tables;
    bool takes_any_schema;
    bool currency_low_first;
    bool tells_unsigned;
    bool bool_in_four_bytes;
    bool line_without_newline;
    bool holds_last_byte;
    bool always_cause_3;
    bool silent_at_exception;
    bool zeroes_at_end;
    bool dies_at_exception;
    bool dies_at_reset;
    bool answers_behind_quit;
    bool never_ends;
    bool babbles;
    bool one_at_a_time;
    bool by_heart;
    bool right_once;
    bool byte_by_byte;
    bool two_flushes;
    bool reads_ahead; // in every generation; other flaws need it
    bool stops_early;
    bool one_receive;
    bool reads_once_more;
    bool op_alone;
    bool believes_lengths;
    bool drops_when_full;
    bool babbles_late;
    bool answers_late;
    bool joins_replies;
    bool hides;
    bool asks_ahead;
    bool asks_swapped;
    bool asks_in_other_width;
    bool asks_nothing;
    bool asks_nobody;
    bool asks_twice;
    bool asks_and_leaves;
    bool asks_and_stays;
    bool asks_and_fails;
    bool closes;
    bool mute;
    bool echoes;
    bool resets;
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

/* Name, sentence, clauses, check and cause of each, separated by tabs, a line per flaw. */
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
