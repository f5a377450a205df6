/*
 * What differs between the generations of MFC, one row each.
 *
 * A profile is a generation and how the program was built: with which width
 * of character and for which processor. It decides format and documented
 * behaviour; genuine defects come only when asked for.
 */
#ifndef REFERENCE_GENERATION_H
#define REFERENCE_GENERATION_H

#include <stdbool.h>
#include <stddef.h>

/* What a loaded CString keeps of units behind a NUL [STR-19]. */
enum nul_rule {
    NUL_CUTS_CONVERTED, // kept in the same width, cut where the width is converted
    NUL_CUTS,           // cut always
    NUL_KEPT,
};

struct generation {
    const char *name;
    int rank; // 42, 60, 70, 71, 80, 90, 100: for "since" and "up to"

    /* Documented behaviour. */
    bool reads_ahead;       // a fill takes all there is, not only what is needed [BUF-11, BUF-16]
    bool refuses_direction; // exceptions 2 and 4 on wrong-direction use [M-4]
    bool ensures_reads;     // short arrays and rectangles are exception 3 [COL-2]
    bool knows_full;        // exception 8 [BUF-20]
    bool long_time;         // CTime takes twelve bytes [VAL-4]
    bool quad_forms;        // 64-bit lengths and counts [STR-7, CNT-2]
    bool cuts_quad;         // … of a string are cut to 32 bits in a 64-bit build [STR-7]
    enum nul_rule nul;
    bool bare_span;      // writes a COleDateTimeSpan without its status [VAL-9]
    bool newer_variants; // VT_I1, VT_UI2, VT_UI4, VT_I8, VT_UI8 [VAL-10]
    bool newer_hash;     // map buckets [COL-11, COL-12]

    /* Genuine defects, shown only with profile.bugs. */
    bool stops_early;      // a fill ends too soon behind leftovers [BUF-13]
    bool reads_once_more;  // a multiple of the buffer asks for one read too many [BUF-15]
    bool reads_twice;      // CByteArray is read two times [COL-3]
    bool crashes_on_width; // loading the other width of a string [STR-21]
    bool forgets_schema_0; // a remembered schema of 0 [SCH-4]
    bool forgets_error;    // of an Accept that fails [SK-8]
};

struct profile {
    const struct generation *generation;
    bool unicode;
    bool bugs;
    unsigned bits; // 32 or 64
};

/* From the oldest on; ends with a row without a name. */
extern const struct generation generations[];

/* Returns NULL for a name that no row has. */
const struct generation *generation_find(const char *name);

const struct generation *generation_newest(void);

/* MFC 4.2 and 6.0 exist for 32 bits only [SVC-7]. */
bool profile_is_possible(const struct profile *p);

/* Bytes of a TCHAR: 1 or 2. */
unsigned profile_width(const struct profile *p);

/* Counts may take the 64-bit form [CNT-2]. */
bool profile_has_quad_count(const struct profile *p);

#endif
