#include "cstring.h"

#include <limits.h>

#include "flaw.h"

static bool is_end_of_file(const struct CArchive *ar)
{
    return ar->exception.kind == EXCEPTION_ARCHIVE && ar->exception.cause == CAUSE_END_OF_FILE;
}

/* The QWORD form can be read, but no CString is that long [STR-7]. */
static uint64_t quad_length(struct CArchive *ar)
{
    uint64_t length = CArchive_ExtractULONGLONG(ar);

    if (ar->profile->bits == 32 && length > INT_MAX) {
        CArchive_Throw(ar, EXCEPTION_ARCHIVE, CAUSE_GENERIC, "a string beyond INT_MAX");
        return 0;
    }
    return ar->profile->generation->cuts_quad ? length & 0xffffffff : length;
}

/* From 7.0 on the prefix is looked for once: a second FFFE is a length [STR-3]. */
static uint64_t load_length(struct CArchive *ar, unsigned *width)
{
    *width = 1;
    uint64_t length = CArchive_ExtractBYTE(ar);
    if (length < 0xff)
        return length;
    length = CArchive_ExtractWORD(ar);
    if (length == 0xfffe && !FLAW(knows_no_wide_mark)) {
        *width = 2;
        length = CArchive_ExtractBYTE(ar);
        if (length < 0xff)
            return length;
        length = CArchive_ExtractWORD(ar);
        while (FLAW(takes_the_mark_again) && length == 0xfffe)
            length = CArchive_ExtractBYTE(ar);
    }
    if (length < 0xffff)
        return length;
    length = CArchive_ExtractDWORD(ar);
    return length < 0xffffffff ? length : quad_length(ar);
}

enum { OLD_WIDE = 0xffffffff }; // up to 6.0 "it is wide" and this length are one value

static uint64_t old_length_once(struct CArchive *ar)
{
    uint64_t length = CArchive_ExtractBYTE(ar);

    if (length < 0xff)
        return length;
    length = CArchive_ExtractWORD(ar);
    if (length == 0xfffe)
        return OLD_WIDE;
    return length < 0xffff ? length : CArchive_ExtractDWORD(ar);
}

static uint64_t load_old_length(struct CArchive *ar, unsigned *width)
{
    uint64_t length = old_length_once(ar);

    *width = 1;
    if (length == OLD_WIDE) {
        *width = 2;
        length = old_length_once(ar);
        if (length == OLD_WIDE)
            CArchive_Throw(ar, EXCEPTION_MEMORY, 0, "a string of FFFFFFFF units");
    }
    return length;
}

static void cut_at_nul(struct units *u)
{
    for (size_t i = 0; i < u->count; i++)
        if (units_at(u, i) == 0)
            u->count = i;
}

void CArchive_ExtractCString(struct CArchive *ar, struct units *out, unsigned width)
{
    const struct generation *g = ar->profile->generation;
    unsigned found;
    uint64_t length = g->rank <= 60 ? load_old_length(ar, &found) : load_length(ar, &found);
    bool converted = found != width;
    struct units string;

    *out = (struct units){ .width = width };
    if (CArchive_Failed(ar))
        return;
    if (converted && ar->profile->bugs && g->crashes_on_width) {
        CArchive_Throw(ar, EXCEPTION_CRASH, 0, "access violation");
        return;
    }
    if (FLAW(bytes_for_units_on_load))
        length /= found;
    CArchive_ReadUnits(ar, &string, length, found);
    if (FLAW(swap_units_on_load))
        string = *FLAW_TURNED(&string, ar->keep);
    if (FLAW(swallows_byte_behind_strings))
        CArchive_ExtractBYTE(ar);
    if (string.count < length && !FLAW(takes_cut_strings))
        CArchive_Throw(ar, EXCEPTION_ARCHIVE, CAUSE_END_OF_FILE, "a string was cut");
    if (CArchive_Failed(ar))
        return;
    if (g->nul == NUL_CUTS || (g->nul == NUL_CUTS_CONVERTED && converted) || FLAW(cuts_at_nul))
        cut_at_nul(&string);
    if (!units_widen_or_narrow(&string, ar->keep, width)) {
        CArchive_Throw(ar, EXCEPTION_MEMORY, 0, "too large");
        return;
    }
    *out = string;
}

void CArchive_InsertCString(struct CArchive *ar, const struct units *string)
{
    size_t length = string->count;
    struct units wide = *string;

    if (FLAW(wide_in_every_build) && units_widen_or_narrow(&wide, ar->keep, 2))
        string = &wide;
    if (FLAW(narrow_in_every_build) && units_widen_or_narrow(&wide, ar->keep, 1))
        string = &wide;
    if (string->width == 2) {
        CArchive_InsertBYTE(ar, 0xff);
        CArchive_InsertWORD(ar, 0xfffe);
    }
    if (FLAW(counts_the_terminator))
        length++;
    if (FLAW(bytes_for_units))
        length *= string->width;
    if (length < 0xff || (FLAW(length_255_in_one_byte) && length == 0xff)) {
        CArchive_InsertBYTE(ar, (uint8_t)length);
    } else if (length < 0xfffe || (FLAW(length_65534_in_word) && length == 0xfffe)) {
        // FFFE itself is the wide prefix [STR-6]
        CArchive_InsertBYTE(ar, 0xff);
        CArchive_InsertWORD(ar, FLAW(swap_lengths) ? (uint16_t)bits_turned(length, 2)
                                                   : (uint16_t)length);
    } else {
        CArchive_InsertBYTE(ar, 0xff);
        if (FLAW(dword_length_behind_ff))
            CArchive_InsertBYTE(ar, 0xff);
        else
            CArchive_InsertWORD(ar, 0xffff);
        CArchive_InsertDWORD(ar, (uint32_t)length);
    }
    if (FLAW(swap_units_on_store))
        string = FLAW_TURNED(string, ar->keep);
    CArchive_Write(ar, string->data, string->count * string->width);
    if (FLAW(counts_the_terminator))
        CArchive_Insert(ar, 0, string->width);
    if (FLAW(byte_behind_strings))
        CArchive_InsertBYTE(ar, 0);
}

void CArchive_WriteString(struct CArchive *ar, const struct units *string)
{
    CArchive_Write(ar, string->data, string->count * string->width);
}

bool CArchive_ReadStringBuffer(struct CArchive *ar, uint16_t *to, int max, size_t *count)
{
    size_t stop = max < 0 ? (size_t)-max : (size_t)max, read = 0;
    unsigned width = profile_width(ar->profile);
    struct exception end;

    while (read < stop) {
        uint16_t unit = (uint16_t)CArchive_Extract(ar, width);
        bool ends = unit == '\n' || unit == '\r';
        if (unit == '\r')
            unit = (uint16_t)CArchive_Extract(ar, width); // whatever it is: it is lost
        if (CArchive_Failed(ar))
            break;
        if (!ends || max < 0)
            to[read++] = unit;
        if (ends)
            break;
    }
    *count = read;
    if (is_end_of_file(ar)) {
        CArchive_Catch(ar, &end);
        return read > 0;
    }
    return !CArchive_Failed(ar);
}

bool CArchive_ReadString(struct CArchive *ar, struct units *out)
{
    enum { CHUNK = 128 };
    uint16_t chunk[CHUNK];
    unsigned width = profile_width(ar->profile);
    size_t capacity = 0, count;
    bool found;

    *out = (struct units){ .width = width };
    do {
        found = CArchive_ReadStringBuffer(ar, chunk, -CHUNK, &count);
        for (size_t i = 0; i < count; i++) {
            uint8_t *data = pool_more(ar->keep, out->data, out->count, &capacity, width);
            if (!data) {
                CArchive_Throw(ar, EXCEPTION_MEMORY, 0, "too large");
                return false;
            }
            out->data = data;
            bits_store(out->data + out->count++ * width, chunk[i], width);
        }
    } while (found && count == CHUNK && chunk[CHUNK - 1] != '\n');
    if (out->count > 0 && units_at(out, out->count - 1) == '\n')
        out->count--;
    return found;
}
