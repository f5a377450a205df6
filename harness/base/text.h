#ifndef BASE_TEXT_H
#define BASE_TEXT_H
/*
 * Text output into memory: a buffer of characters, always ended by a NUL that does not count.
 */
#include "base/bytes.h"

struct text {
    struct buffer b;
};

void text_add(struct text *t, const char *string);
void text_addn(struct text *t, const char *chars, size_t len);
void text_char(struct text *t, char c);
void text_printf(struct text *t, const char *fmt, ...) PRINTF(2, 3);

/* As %PRIu64, for numbers in their thousands. */
void text_u64(struct text *t, uint64_t value);

/* Two lower-case digits per byte; a space between bytes when spaced. */
void text_hex(struct text *t, struct bytes bytes, bool spaced);

/* What has been written; "" when nothing has. Valid until the next call that writes. */
const char *text_string(const struct text *t);

void text_free(struct text *t);

#define TEXT(name) CLEANUP(text_free) struct text name = { 0 }

/* Reads hex digits in pairs; out gets len/2 bytes. False when one is no digit or len is odd. */
bool hex_parse(const char *digits, size_t len, uint8_t *out);

#endif
