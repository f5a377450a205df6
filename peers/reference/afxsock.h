/*
 * MFC's sockets with archives, in C: all that a program includes.
 *
 * The steps of Microsoft's article "Windows Sockets: Using Sockets with
 * Archives", and where they stand here:
 *
 *   0  AfxSocketInit                        AfxSocketInit, in each thread          cwinthread.h
 *   1  construct a CSocket                  struct CSocket s = CSOCKET_EMPTY       csocket.h
 *   2  create its handle                    CSocket_Create
 *   3  a client: connect                    CSocket_Connect
 *      a server: listen, accept             CSocket_Listen, CSocket_Accept into
 *                                           an empty socket
 *   4  construct a CSocketFile              CSocketFile_Construct                  csocketfile.h
 *   5  construct a CArchive for each        CArchive_Construct                     carchive.h
 *      direction
 *   6  pass data: ar << x, ar >> x          CArchive_InsertDWORD, CArchive_Extract…
 *        strings                            CArchive_InsertCString …               cstring.h
 *        objects                            CArchive_WriteObject …                 object.h
 *      until IsBufferEmpty                  CArchive_IsBufferEmpty
 *   7  destroy archive, file, socket        CArchive_Destroy, CSocketFile_Close,
 *                                           CSocket_Close, in this order
 *
 * What C does not have:
 *
 *   a class derived from CSocket            struct CSocketEvents, and the socket's context
 *   throw, catch                            the archive keeps the exception, CArchive_Catch
 *                                           takes it out                           exception.h
 *   CString                                 struct units, in a pool                units.h, pool.h
 *   a derived CFile                         struct CFileClass                      cfile.h
 *   IMPLEMENT_SERIAL                        struct CRuntimeClass
 *   the application's Run                   CWinThread_Run
 *   the version of MFC that one links       struct profile                         generation.h
 */
#ifndef REFERENCE_AFXSOCK_H
#define REFERENCE_AFXSOCK_H

#include "carchive.h"
#include "cmemfile.h"
#include "csocket.h"
#include "csocketfile.h"
#include "cstring.h"
#include "cwinthread.h"
#include "object.h"

#endif
