/*
 * CSocketFile: a file that is a socket [SF-3, SF-5].
 *
 * It adds no bytes and keeps none. It has no position, so that two archives,
 * one per direction, may share it [L-6]. It does not own the socket: closing
 * or forgetting the file leaves the connection as it is [SF-7].
 */
#ifndef REFERENCE_CSOCKETFILE_H
#define REFERENCE_CSOCKETFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "csocket.h"
#include "exception.h"

struct CSocketFile {
    struct CSocket *socket; // borrowed; NULL once closed
    bool compatible;        // bArchiveCompatible: one Receive per Read [SF-3]
};

/*
 * Step 4 of the model. Refuses, with a sentence in e->what, no socket, an
 * empty one, and one that is not a stream: an archive needs every byte once
 * and in order [SF-1]. MFC asserts this in debug builds only.
 */
bool CSocketFile_Construct(struct CSocketFile *f, struct CSocket *socket, bool compatible,
                           struct exception *e);

/* Bytes read, 0 at the peer's end. A failing socket is a file exception [SF-6]. */
size_t CSocketFile_Read(struct CSocketFile *f, void *data, size_t size, struct exception *e);

void CSocketFile_Write(struct CSocketFile *f, const void *data, size_t size, struct exception *e);

/* There is nothing to move in a stream: does nothing and returns 0 [SF-8]. */
long long CSocketFile_Seek(struct CSocketFile *f, long long offset);

/* Only forgets the socket. */
void CSocketFile_Close(struct CSocketFile *f);

#endif
