#ifndef ARCHIVE_PROFILE_H
#define ARCHIVE_PROFILE_H
/*
 * Which MFC a stream belongs to: generation, character set and bitness decide types on offer and some forms
 * [0.4, 9.7].
 */
#include "base/error.h"
#include "base/text.h"

enum charset { CHARSET_ANSI, CHARSET_UNICODE };

struct profile {
    uint8_t generation; // 42, 60, 70, 71, 80, 90 or 100: 4.2 to 10 and later
    enum charset charset;
    uint8_t bits;       // 32 or 64; 4.2 and 6.0 are 32
};

/* 10, unicode, 64: what most of today's programs are. */
extern const struct profile profile_default;

/* All valid profiles: generations × charsets × bits, without 64 bits up to 6.0. */
extern const struct profile profile_all[];
extern const size_t profile_count;

/* "4.2", "6.0", "7.0", "7.1", "8", "9", "10"; "none" reads as 10. False when it is none of these. */
bool profile_generation_parse(const char *text, uint8_t *out);
const char *profile_generation_name(uint8_t generation);

/* "generation=10,charset=unicode,bits=64", each part optional over *out as it stands. ERROR_INPUT. */
bool profile_parse(const char *text, struct profile *out, struct error *err);

/* "10-unicode-64", as in the identity of results. */
void profile_print(struct text *to, const struct profile *p);

/*
 * Predicates, as keys of a vector's `wire`: terms joined by commas, all of which must hold. A term is ansi,
 * unicode, 32, 64, or <, <=, >=, > and a generation: "ansi,<8".
 */
bool predicate_valid(const char *predicate);
bool profile_matches(const struct profile *p, const char *predicate);

#endif
