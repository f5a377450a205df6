#ifndef TEST_ARCHIVE_H
#define TEST_ARCHIVE_H
/*
 * Rows of golden bytes, and what must hold of each. One row is a stream of values, first to last on a fresh
 * archive.
 */
#include "archive/value.h"

struct golden {
    const char *label;
    const char *profile; // parts over 10, unicode, 64; "" for that itself
    const char *types;   // separated by commas
    const char *text;    // of the values, separated by spaces
    const char *wire;    // hex; spaces are for the eye
};

/* Hex digits to bytes; spaces and bars are skipped. A digit may be followed by *N: the byte N times. */
struct bytes wire_of(const char *hex, struct arena *keep);

/* The profile that a row names. */
struct profile profile_of(const char *parts);

/* The bytes load as the text says, all of them, and the longer form is noticed where there is one. */
void golden_loads(const struct golden *rows, size_t count, bool loose);

/* The text becomes exactly these bytes. */
void golden_stores(const struct golden *rows, size_t count);

/* Every strict prefix is SHORT and asks for more; with the rest it loads as if nothing had been. */
void golden_prefixes(const struct golden *rows, size_t count);

/* Any one byte changed: nothing crashes, nothing outside is read, and what loads can be told and stored. */
void golden_changes(const struct golden *rows, size_t count);

#endif
