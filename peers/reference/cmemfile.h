/*
 * CMemFile: a file in memory.
 *
 * What is written is appended; what is read moves on from `at`. With it an
 * archive can be filled from, and emptied into, a socket that must not wait
 * (chat.c).
 */
#ifndef REFERENCE_CMEMFILE_H
#define REFERENCE_CMEMFILE_H

#include <stdint.h>

#include "cfile.h"

struct CMemFile {
    struct CFile base;
    uint8_t *data; // owned
    size_t len;
    size_t at; // the next byte to be read
    size_t room;
};

void CMemFile_Construct(struct CMemFile *f);

/* Drops the first count bytes, and reads on from the first that is left. */
void CMemFile_Drop(struct CMemFile *f, size_t count);

/* Room for count bytes behind all others, for the caller to fill and to add to len. */
uint8_t *CMemFile_Room(struct CMemFile *f, size_t count);

void CMemFile_Destroy(struct CMemFile *f);

#endif
