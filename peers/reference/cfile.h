/*
 * CFile: what an archive reads from and writes to.
 *
 * Archives know no more of a file than this; a CSocketFile is one, a CMemFile
 * another. A file of one's own embeds a struct CFile as its first member.
 */
#ifndef REFERENCE_CFILE_H
#define REFERENCE_CFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "exception.h"

struct CFile;

struct CFileClass {
    /* Bytes read, perhaps fewer than asked for; 0 at the end. */
    size_t (*Read)(struct CFile *f, void *data, size_t size, struct exception *e);
    void (*Write)(struct CFile *f, const void *data, size_t size, struct exception *e);
    /* Moves from where it stands; the new position. */
    long long (*Seek)(struct CFile *f, long long offset);
    /* A read may have to wait: from 7.0 on archives then read no more than they need [BUF-6]. */
    bool blocking;
};

struct CFile {
    const struct CFileClass *class;
};

#endif
