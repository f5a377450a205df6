/*
 * The buffer and what goes through it.
 *
 *   load    buffer [ handed out | unread | .... ]      store   buffer [ buffered | free ]
 *                              cur      max                             cur        max
 *
 * A load archive starts with cur = max = size: nothing unread. A fill does
 * I/O only when cur > 0. That is what makes an end of stream stick [BUF-22]:
 * after it the leftover stands at 0, and until some of it is handed out no
 * fill touches the socket again.
 */
#include "carchive.h"

#include <assert.h>
#include <stdlib.h>

#include "flaw.h"
#include "object.h"

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

void CArchive_Construct(struct CArchive *ar, struct CFile *file, unsigned mode, size_t size,
                        void *buffer, const struct profile *profile)
{
    *ar = (struct CArchive){ .file = file, .profile = profile, .mode = mode };
    if (size < CARCHIVE_BUFFER_MIN) {
        size = CARCHIVE_BUFFER_MIN;
        buffer = NULL;
    }
    ar->owns_buffer = !buffer;
    ar->buffer = buffer ? buffer : malloc(size);
    if (!ar->buffer)
        abort(); // a few kilobytes: nothing is left to go on with
    ar->size = ar->max = size;
    ar->cur = mode & CARCHIVE_LOAD ? size : 0;
    if (!file)
        CArchive_Throw(ar, EXCEPTION_INVALID_ARG, 0, "an archive needs a file");
}

void CArchive_Destroy(struct CArchive *ar)
{
    if (ar->file && !(ar->mode & CARCHIVE_NO_FLUSH_ON_DELETE))
        CArchive_Close(ar);
    CArchive_Abort(ar);
}

bool CArchive_IsLoading(const struct CArchive *ar)
{
    return ar->mode & CARCHIVE_LOAD;
}

bool CArchive_IsStoring(const struct CArchive *ar)
{
    return !CArchive_IsLoading(ar);
}

bool CArchive_IsBufferEmpty(const struct CArchive *ar)
{
    return ar->cur == ar->max;
}

bool CArchive_Failed(const struct CArchive *ar)
{
    return ar->exception.kind != EXCEPTION_NONE;
}

bool CArchive_Catch(struct CArchive *ar, struct exception *e)
{
    *e = ar->exception;
    ar->exception = (struct exception){ 0 };
    return e->kind != EXCEPTION_NONE;
}

void CArchive_Throw(struct CArchive *ar, enum exception_kind kind, int cause, const char *what)
{
    if (!CArchive_Failed(ar))
        ar->exception = (struct exception){ .kind = kind, .cause = cause, .what = what };
}

/*
 * Whether a load (or store) may go on. Up to 7.0 the wrong direction is
 * undefined [M-4]: the pointers of the buffer mean other things there. Here it
 * then does nothing.
 */
static bool may(struct CArchive *ar, bool load)
{
    if (CArchive_Failed(ar))
        return false;
    assert(ar->file); // nothing may be done behind Close [BUF-7]
    if (CArchive_IsLoading(ar) == load)
        return true;
    if (ar->profile->generation->refuses_direction) {
        if (load)
            CArchive_Throw(ar, EXCEPTION_ARCHIVE, CAUSE_WRITE_ONLY, "this archive stores");
        else
            CArchive_Throw(ar, EXCEPTION_ARCHIVE, CAUSE_READ_ONLY, "this archive loads");
    }
    return false;
}

static bool reads_ahead(const struct CArchive *ar)
{
    return ar->profile->generation->reads_ahead || !ar->file->class->blocking || FLAW(reads_ahead);
}

static size_t file_read(struct CArchive *ar, void *data, size_t size)
{
    return ar->file->class->Read(ar->file, data, size, &ar->exception);
}

static void file_write(struct CArchive *ar, const void *data, size_t size)
{
    ar->file->class->Write(ar->file, data, size, &ar->exception);
}

void CArchive_FillBuffer(struct CArchive *ar, size_t need)
{
    if (!may(ar, true))
        return;
    size_t unread = ar->max - ar->cur, total = unread + need;

    if (FLAW(loses_what_straddles) && ar->max == ar->size && unread > 0)
        unread = 0; // and the value is what comes behind it
    if (ar->cur > 0) {
        memmove(ar->buffer, ar->buffer + ar->cur, unread);
        ar->cur = 0;
        ar->max = unread; // stays so if the socket fails in between [BUF-23]
        bool early =
            (ar->profile->bugs && ar->profile->generation->stops_early) || FLAW(stops_early);
        size_t enough = smaller(early ? need : total, ar->size);
        size_t filled = unread, got;
        do {
            size_t room = ar->size - filled;
            got = file_read(ar, ar->buffer + filled,
                            reads_ahead(ar) ? room : smaller(room, total - filled));
            if (CArchive_Failed(ar))
                return;
            filled += got;
        } while (got > 0 && filled < enough && !FLAW(one_receive));
        ar->max = filled;
    }
    if (ar->max - ar->cur >= total)
        return;
    if (total > ar->size && ar->profile->generation->knows_full)
        CArchive_Throw(ar, EXCEPTION_ARCHIVE, CAUSE_BUFFER_FULL, "larger than the buffer");
    else
        CArchive_Throw(ar, EXCEPTION_ARCHIVE, CAUSE_END_OF_FILE, "the stream ended");
}

/* Hands out what is buffered, up to size. */
static size_t take(struct CArchive *ar, uint8_t *to, size_t size)
{
    size_t taken = smaller(size, ar->max - ar->cur);

    memcpy(to, ar->buffer + ar->cur, taken);
    ar->cur += taken;
    return taken;
}

/* Three steps: the buffer, whole buffers past it, the last part through it [BUF-15]. */
size_t CArchive_Read(struct CArchive *ar, void *data, size_t size)
{
    uint8_t *to = data;

    if (size == 0 || !may(ar, true))
        return 0;
    size_t done = take(ar, to, size);
    if (done == size)
        return size;

    size_t last = (size - done) % ar->size, past = size - last, got = 1;
    while (done < past && got > 0) {
        got = file_read(ar, to + done, past - done);
        done += got;
    }
    bool once_more =
        (ar->profile->bugs && ar->profile->generation->reads_once_more) || FLAW(reads_once_more);
    if (CArchive_Failed(ar) || done < past || (last == 0 && !once_more))
        return done;

    size_t filled = 0;
    do {
        got = file_read(ar, ar->buffer + filled, (reads_ahead(ar) ? ar->size : last) - filled);
        filled += got;
    } while (got > 0 && filled < last);
    if (CArchive_Failed(ar))
        return done; // what this fill has brought is forgotten [BUF-23]
    ar->cur = 0;
    ar->max = filled;
    return done + take(ar, to + done, last);
}

void CArchive_EnsureRead(struct CArchive *ar, void *data, size_t size)
{
    if (CArchive_Read(ar, data, size) < size && ar->profile->generation->ensures_reads)
        CArchive_Throw(ar, EXCEPTION_ARCHIVE, CAUSE_END_OF_FILE, "the stream ended");
}

void CArchive_ReadUnits(struct CArchive *ar, struct units *out, uint64_t count, unsigned width)
{
    enum { STEP = 256 * CARCHIVE_BUFFER }; // read at once: larger than most, small to waste
    size_t step = FLAW(believes_lengths) ? POOL_LIMIT / width : STEP / width, got = 0;

    *out = (struct units){ .width = width };
    for (;;) {
        size_t next = count - out->count < step ? (size_t)(count - out->count) : step;
        uint8_t *data = pool_grow(ar->keep, out->data, out->count + next, width);
        if (!data) {
            CArchive_Throw(ar, EXCEPTION_MEMORY, 0, "too large");
            return;
        }
        out->data = data;
        got = CArchive_Read(ar, data + out->count * width, next * width);
        out->count += got / width;
        if (got < next * width || out->count == count)
            return;
        step = out->count; // double it: the peer has shown that it means it
    }
}

void CArchive_Flush(struct CArchive *ar)
{
    if (CArchive_Failed(ar) || !ar->file)
        return;
    if (CArchive_IsLoading(ar)) {
        // A file would be set back; a socket cannot, and what was read ahead is lost.
        ar->file->class->Seek(ar->file, -(long long)(ar->max - ar->cur));
        ar->cur = ar->max;
    } else if (ar->cur > 0) {
        size_t held = FLAW(holds_last_byte) && ar->cur > 1;
        file_write(ar, ar->buffer, ar->cur - held);
        if (CArchive_Failed(ar))
            return; // the bytes stay, and the next flush fails again [BUF-10]
        ar->buffer[0] = ar->buffer[ar->cur - 1];
        ar->cur = held;
    }
}

void CArchive_Close(struct CArchive *ar)
{
    CArchive_Flush(ar);
    if (FLAW(holds_last_byte))
        CArchive_Flush(ar);
    if (!CArchive_Failed(ar)) // else the destructor will try again [BUF-10]
        ar->file = NULL;
}

void CArchive_Abort(struct CArchive *ar)
{
    ar->file = NULL;
    if (!FLAW(shares_tables)) // else the other archive has it, too
        object_table_free(ar->table);
    ar->table = NULL;
    if (ar->owns_buffer)
        free(ar->buffer);
    ar->buffer = NULL;
}

void CArchive_Write(struct CArchive *ar, const void *data, size_t size)
{
    const uint8_t *from = data;

    if (size == 0 || !may(ar, false))
        return;
    size_t first = smaller(size, ar->size - ar->cur);
    memcpy(ar->buffer + ar->cur, from, first);
    ar->cur += first;
    from += first;
    size -= first;
    if (size == 0)
        return; // a buffer that is just full is not flushed yet
    CArchive_Flush(ar);
    if (CArchive_Failed(ar))
        return;
    size_t past = size - size % ar->size;
    file_write(ar, from, past); // with 0, too: it sends nothing
    if (CArchive_Failed(ar))
        return;
    ar->cur = size - past;
    memcpy(ar->buffer, from + past, ar->cur);
}

uint64_t CArchive_Extract(struct CArchive *ar, unsigned size)
{
    if (!may(ar, true))
        return 0;
    if (ar->max - ar->cur < size)
        CArchive_FillBuffer(ar, size - (ar->max - ar->cur));
    if (CArchive_Failed(ar))
        return 0;
    uint64_t bits = bits_load(ar->buffer + ar->cur, size);
    ar->cur += size;
    return FLAW(swap_all) ? bits_turned(bits, size) : bits;
}

void CArchive_Insert(struct CArchive *ar, uint64_t bits, unsigned size)
{
    if (!may(ar, false))
        return;
    if (ar->max - ar->cur < size)
        CArchive_Flush(ar);
    if (CArchive_Failed(ar))
        return;
    bits_store(ar->buffer + ar->cur, FLAW(swap_all) ? bits_turned(bits, size) : bits, size);
    ar->cur += size;
}

/* WORD below FFFF; else FFFF and a DWORD; in 64-bit builds that, too, has an escape [CNT-2]. */
uint64_t CArchive_ReadCount(struct CArchive *ar)
{
    uint64_t count = CArchive_ExtractWORD(ar);

    if (FLAW(swap_counts_on_load))
        count = bits_turned(count, 2);
    if (count == 0xffff)
        count = CArchive_ExtractDWORD(ar);
    if (count == 0xffffffff && profile_has_quad_count(ar->profile))
        count = CArchive_ExtractULONGLONG(ar);
    return count;
}

void CArchive_WriteCount(struct CArchive *ar, uint64_t count)
{
    if (FLAW(counts_in_dwords)) {
        CArchive_InsertDWORD(ar, (uint32_t)count);
        return;
    }
    if ((count < 0xffff && !(FLAW(escapes_65534) && count == 0xfffe)) ||
        (FLAW(count_65535_in_word) && count == 0xffff)) {
        CArchive_InsertWORD(ar, FLAW(swap_counts_on_store) ? (uint16_t)bits_turned(count, 2)
                                                           : (uint16_t)count);
        return;
    }
    CArchive_InsertWORD(ar, 0xffff);
    if (count < 0xffffffff || !profile_has_quad_count(ar->profile) || FLAW(no_quad_counts)) {
        CArchive_InsertDWORD(ar, (uint32_t)count);
        return;
    }
    CArchive_InsertDWORD(ar, 0xffffffff);
    CArchive_InsertULONGLONG(ar, count);
}
