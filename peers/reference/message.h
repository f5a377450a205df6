/*
 * Messages of programs that call Serialize directly, so that no tags stand before them: a row of fields, a letter each.
 *
 *   w  WORD
 *   l  LONG
 *   d  DWORD
 *   s  str
 *   c  count and str list
 *   r  as many bytes as the number before says
 */
#ifndef REFERENCE_MESSAGE_H
#define REFERENCE_MESSAGE_H

#include "types.h"

enum { MESSAGE_NUMBERS = 3, MESSAGE_TEXTS = 4 };

/* What the fields hold, in their order; numbers as they stand on the wire. */
struct message {
    struct pool pool; // of what was loaded
    uint32_t numbers[MESSAGE_NUMBERS];
    struct units texts[MESSAGE_TEXTS];
    struct strings list;
    struct units data;
};

/* Into a message that is all zero. It lives in m->pool; worth something only if the archive has not failed. */
void message_load(struct CArchive *ar, const char *fields, struct message *m);

void message_store(struct CArchive *ar, const char *fields, const struct message *m);

/* All zero, its texts empty and of the width of p. */
struct message message_blank(const struct profile *p);

#endif
