/*
 * What MFC throws, as data.
 *
 * An archive, once something has gone wrong, keeps the exception and does
 * nothing more until the program catches it (carchive.h). Archive and file
 * exceptions are different classes in MFC, and a program that catches only
 * one of them misses the other [EXC-4]; so they are different kinds here.
 */
#ifndef REFERENCE_EXCEPTION_H
#define REFERENCE_EXCEPTION_H

enum exception_kind {
    EXCEPTION_NONE,
    EXCEPTION_ARCHIVE,       // CArchiveException; cause is one of archive_cause
    EXCEPTION_FILE,          // CFileException; cause is always 1 with sockets [EXC-3]
    EXCEPTION_MEMORY,        // CMemoryException
    EXCEPTION_NOT_SUPPORTED, // CNotSupportedException
    EXCEPTION_INVALID_ARG,   // CInvalidArgException
    EXCEPTION_CRASH,         // a genuine defect that ends the genuine program [STR-21]
};

/* CArchiveException::m_cause. These numbers travel in status 2 of the service. */
enum archive_cause {
    CAUSE_NONE = 0,
    CAUSE_GENERIC = 1,
    CAUSE_READ_ONLY = 2, // a store into an archive that loads
    CAUSE_END_OF_FILE = 3,
    CAUSE_WRITE_ONLY = 4, // a load from an archive that stores
    CAUSE_BAD_INDEX = 5,
    CAUSE_BAD_CLASS = 6,
    CAUSE_BAD_SCHEMA = 7,
    CAUSE_BUFFER_FULL = 8,
};

struct exception {
    enum exception_kind kind;
    int cause;        // ARCHIVE: archive_cause; FILE: 1; else 0
    int os_error;     // FILE: Winsock's number [EXC-3, EXC-5]
    const char *what; // one sentence, static
};

#endif
