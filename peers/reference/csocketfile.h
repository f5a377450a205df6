/*
 * CSocketFile: a file that is a socket [SF-3, SF-5].
 *
 * It adds no bytes and keeps none [SF-11]. It has no position, so that two
 * archives, one per direction, may share it [L-6]. It does not own the socket:
 * closing or forgetting the file leaves the connection as it is [SF-7].
 */
#ifndef REFERENCE_CSOCKETFILE_H
#define REFERENCE_CSOCKETFILE_H

#include "cfile.h"
#include "csocket.h"

struct CSocketFile {
    struct CFile base;
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

/*
 * Bytes read, 0 at the peer's end. A failing socket is a file exception with
 * the socket's last error [SF-6]. While a call on the socket blocks, it is 0,
 * too: that looks like an end, and is none [SK-17].
 */
size_t CSocketFile_Read(struct CSocketFile *f, void *data, size_t size, struct exception *e);

/* While a call on the socket blocks, the bytes are lost without an exception [SF-5]. */
void CSocketFile_Write(struct CSocketFile *f, const void *data, size_t size, struct exception *e);

/* There is nothing to move in a stream: does nothing and returns 0 [SF-8]. */
long long CSocketFile_Seek(struct CSocketFile *f, long long offset);

/* A socket has no such thing: not-supported exceptions [SF-8, SF-9]. */
long long CSocketFile_GetLength(struct CSocketFile *f, struct exception *e);
long long CSocketFile_GetPosition(struct CSocketFile *f, struct exception *e);
void CSocketFile_SetLength(struct CSocketFile *f, long long length, struct exception *e);

/* Only forgets the socket. */
void CSocketFile_Close(struct CSocketFile *f);

#endif
