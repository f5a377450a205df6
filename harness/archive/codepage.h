#ifndef ARCHIVE_CODEPAGE_H
#define ARCHIVE_CODEPAGE_H
/*
 * Code pages of narrow text [STR-17]: the stream does not say which it is, and counts encoded units, of which a
 * character may take two.
 */
#include "base/error.h"
#include "base/text.h"

/* One row per Windows code page that is known here; number 0 ends the table. */
struct codepage {
    unsigned number;
    const char *iconv; // what iconv calls it
    const char *title;
};

extern const struct codepage codepage_table[];

/* The code page of that number, or NULL. */
const struct codepage *codepage_find(uint64_t number);

/*
 * UTF-8 to encoded units. ERROR_INPUT names the first character that the code page does not have: nothing is
 * replaced by a similar one. ERROR_SYSTEM when iconv lacks the code page.
 */
bool codepage_encode(const struct codepage *page, const char *utf8, struct buffer *units, struct error *err);

/*
 * Encoded units to UTF-8, up to the first that are no character there: their offset, or the number of units when
 * all were read.
 */
size_t codepage_decode(const struct codepage *page, struct bytes units, struct text *utf8);

#endif
