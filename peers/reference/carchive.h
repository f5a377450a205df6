/*
 * CArchive: typed values on a file, as a rule that of a socket; one direction per archive.
 *
 * Step 5 and 6 of the model. A program constructs one archive for loading
 * and one for storing, inserts or extracts, and destroys archive, file and
 * socket in this order.
 *
 * Exceptions: what MFC throws, the archive keeps in `exception`. From then on
 * every operation does nothing and extracts zeroes, so that a sequence of
 * extractions reads like the format and is asked once at its end, as a catch
 * block would be. CArchive_Catch takes the exception out; the archive then
 * goes on from where it stands, as an MFC archive does behind the catch.
 */
#ifndef REFERENCE_CARCHIVE_H
#define REFERENCE_CARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "cfile.h"
#include "exception.h"
#include "generation.h"
#include "pool.h"
#include "units.h"

/* CArchive::Mode; values may be combined. */
enum carchive_mode {
    CARCHIVE_STORE = 0,
    CARCHIVE_LOAD = 1,
    CARCHIVE_NO_FLUSH_ON_DELETE = 2,
    CARCHIVE_NO_BYTE_SWAP = 4, // accepted and ignored: the stream is little-endian [BO-5]
};

enum {
    CARCHIVE_BUFFER = 4096,    // default size, in bytes [BUF-1]
    CARCHIVE_BUFFER_MIN = 128, // less becomes this, without the caller's buffer [BUF-2]
};

struct object_table;
struct CRuntimeClass;

struct CArchive {
    struct CFile *file; // borrowed; NULL once closed or aborted
    const struct profile *profile;
    unsigned mode;
    uint8_t *buffer;
    size_t size; // of the buffer
    size_t cur;  // next byte to hand out, or next free place
    size_t max;  // end of what can be handed out, or of the free room
    bool owns_buffer;
    struct exception exception;
    struct pool *keep; // where extracted strings and arrays live; set by the program

    /* For objects (object.h); the program sets the first three. */
    struct pool *life;  // where loaded objects live: as long as their archive, or longer
    unsigned depth_max; // of objects within objects; 0: only the stack's [OBJ-31]
    const struct CRuntimeClass *(*find_class)(const char *name, size_t len); // NULL: none is known
    struct object_table *table; // classes and objects so far, from the first on
    unsigned depth;
};

/*
 * file    as a rule &socket_file.base
 * size    of the buffer; CARCHIVE_BUFFER for the default
 * buffer  borrowed until the archive is destroyed, or NULL
 *
 * Does no I/O [BUF-3]. A NULL file leaves an invalid-argument exception.
 */
void CArchive_Construct(struct CArchive *ar, struct CFile *file, unsigned mode, size_t size,
                        void *buffer, const struct profile *profile);

/*
 * The destructor: Close, unless closed or told not to flush, then Abort. What
 * the last flush throws stays in the archive, where C++ would throw it out of a
 * destructor: Close in time, and Abort when that fails [BUF-8].
 */
void CArchive_Destroy(struct CArchive *ar);

bool CArchive_IsLoading(const struct CArchive *ar);
bool CArchive_IsStoring(const struct CArchive *ar);

/*
 * On a load archive: nothing is left that has been received, but not extracted.
 * Where it is false, extract on before waiting for the next notification; none may
 * come [BUF-12]. On a store archive: the buffer is full, which says little [BUF-12a].
 */
bool CArchive_IsBufferEmpty(const struct CArchive *ar);

/* Store: sends what is buffered. Load: drops what has been read ahead! [BUF-9] */
void CArchive_Flush(struct CArchive *ar);
/* Flush, and from then on no more than Destroy [BUF-7]. A failing flush leaves it open. */
void CArchive_Close(struct CArchive *ar);
/* No flush and no exception. */
void CArchive_Abort(struct CArchive *ar);

/* Takes the exception out of the archive; false if there is none. */
bool CArchive_Catch(struct CArchive *ar, struct exception *e);
bool CArchive_Failed(const struct CArchive *ar);
/* The first exception stays; later ones are consequences. */
void CArchive_Throw(struct CArchive *ar, enum exception_kind kind, int cause, const char *what);

/* Raw bytes. A short Read is no exception [BUF-21]; of size 0 does nothing at all [M-5]. */
size_t CArchive_Read(struct CArchive *ar, void *data, size_t size);
void CArchive_Write(struct CArchive *ar, const void *data, size_t size);

/* From generation 8 on a short read is exception 3 (EnsureRead), before it is not. */
void CArchive_EnsureRead(struct CArchive *ar, void *data, size_t size);

/*
 * Reads up to count units into out, in memory that grows as the bytes come:
 * what a length field claims is not believed [STR-15]. out->count is what came.
 */
void CArchive_ReadUnits(struct CArchive *ar, struct units *out, uint64_t count, unsigned width);

/* need bytes beyond those buffered; the archive calls it itself. */
void CArchive_FillBuffer(struct CArchive *ar, size_t need);

uint64_t CArchive_ReadCount(struct CArchive *ar);
void CArchive_WriteCount(struct CArchive *ar, uint64_t count);

/* Primitives, by their bits: size bytes, little-endian, never split [PRM-5, PRM-6]. */
uint64_t CArchive_Extract(struct CArchive *ar, unsigned size);
void CArchive_Insert(struct CArchive *ar, uint64_t bits, unsigned size);

/* The operators >> and << of MFC: CArchive_ExtractWORD, CArchive_InsertWORD and so on. */
// clang-format off
#define CARCHIVE_PRIMITIVES(X)                                                                     \
    X(BYTE, uint8_t) X(char, int8_t) X(WORD, uint16_t) X(short, int16_t) X(wchar, uint16_t)        \
    X(int, int32_t) X(UINT, uint32_t) X(LONG, int32_t) X(DWORD, uint32_t)                          \
    X(LONGLONG, int64_t) X(ULONGLONG, uint64_t)
// clang-format on
#define CARCHIVE_PRIMITIVE(name, type)                                                             \
    static inline type CArchive_Extract##name(struct CArchive *ar)                                 \
    {                                                                                              \
        return (type)CArchive_Extract(ar, sizeof(type));                                           \
    }                                                                                              \
    static inline void CArchive_Insert##name(struct CArchive *ar, type value)                      \
    {                                                                                              \
        CArchive_Insert(ar, (uint64_t)value, sizeof value);                                        \
    }
CARCHIVE_PRIMITIVES(CARCHIVE_PRIMITIVE)
#undef CARCHIVE_PRIMITIVE

static inline bool CArchive_Extractbool(struct CArchive *ar)
{
    return CArchive_Extract(ar, 1) != 0; // any byte but 0 is true
}

static inline void CArchive_Insertbool(struct CArchive *ar, bool value)
{
    CArchive_Insert(ar, value, 1);
}

static inline float CArchive_Extractfloat(struct CArchive *ar)
{
    uint32_t bits = CArchive_ExtractDWORD(ar);
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline void CArchive_Insertfloat(struct CArchive *ar, float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    CArchive_InsertDWORD(ar, bits);
}

static inline double CArchive_Extractdouble(struct CArchive *ar)
{
    uint64_t bits = CArchive_ExtractULONGLONG(ar);
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline void CArchive_Insertdouble(struct CArchive *ar, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    CArchive_InsertULONGLONG(ar, bits);
}

#endif
