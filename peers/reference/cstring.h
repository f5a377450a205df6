/*
 * CString on the wire [STR-1 to STR-6], and lines of text, another format [STR-22].
 *
 *   [FF FE FF] length units, the prefix only where units are 16 bits wide
 *   length     1 byte up to FE · FF WORD up to FFFD · FF FFFF DWORD · then a QWORD
 */
#ifndef REFERENCE_CSTRING_H
#define REFERENCE_CSTRING_H

#include "carchive.h"

/*
 * Extracts a string of either width and makes it one of width 1 or 2. Longer
 * forms than the length needs are accepted [STR-12]. The string lives in
 * ar->keep; after an exception out is empty.
 */
void CArchive_ExtractCString(struct CArchive *ar, struct units *out, unsigned width);

/* Inserts the string in its own width [STR-9]. */
void CArchive_InsertCString(struct CArchive *ar, const struct units *string);

/* The units alone: no length, no NUL, no newline [STR-22]. */
void CArchive_WriteString(struct CArchive *ar, const struct units *string);

/*
 * ReadString(buf, nMax): up to max units, or to the end of the line; a
 * negative max keeps the newline [STR-23, STR-25]. At the end of the stream a
 * partial line is returned, and false if there is not a unit of it; that is
 * no exception [STR-26]. to has room for |max| units.
 */
bool CArchive_ReadStringBuffer(struct CArchive *ar, uint16_t *to, int max, size_t *count);

/* ReadString(CString&). A last line of a multiple of 128 units is there, but false [STR-28]. */
bool CArchive_ReadString(struct CArchive *ar, struct units *out);

#endif
