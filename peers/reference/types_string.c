/*
 * Strings, raw blocks and lines.
 *
 * In the text a string is its units, whatever their width on the wire: u for
 * the build's own string, a and w for the two explicit ones.
 */
#include "types.h"

static unsigned width_of(const struct slot *s, const struct profile *p)
{
    return s->type->size ? s->type->size : profile_width(p);
}

static char letter_of(const struct slot *s)
{
    static const char letters[] = { 'u', 'a', 'w' };

    return letters[s->type->size];
}

static unsigned digits_of(const struct slot *s)
{
    return s->type->size == 1 ? 2 : 4;
}

void string_text(struct text *t, const struct units *string)
{
    text_units(t, 'u', string, 4);
}

bool string_scan(struct reading *r, struct units *string)
{
    return scan_units(&r->scan, 'u', 4, string) &&
           units_widen_or_narrow(string, r->scan.pool, profile_width(r->profile));
}

void string_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    CArchive_ExtractCString(ar, &v->units, width_of(s, ar->profile));
}

void string_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    CArchive_InsertCString(ar, &v->units);
}

void string_print(struct text *t, const struct slot *s, const struct value *v)
{
    text_units(t, letter_of(s), &v->units, digits_of(s));
}

bool string_parse(struct reading *r, const struct slot *s, struct value *v)
{
    return scan_units(&r->scan, letter_of(s), digits_of(s), &v->units) &&
           units_widen_or_narrow(&v->units, r->scan.pool, width_of(s, r->profile));
}

enum { RAW_MAX = 1048576 };

/* N decimal, without leading zeroes [SVC-10]. */
bool raw_suffix(struct slot *s, const char *suffix, size_t len)
{
    uint64_t bytes;

    if (!suffix || (len > 1 && *suffix == '0'))
        return false;
    struct scan scan = { .at = suffix, .end = suffix + len };
    if (!scan_integer(&scan, 0, RAW_MAX, &bytes))
        return false;
    s->bytes = (size_t)bytes;
    return scan_ended(&scan);
}

void raw_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    CArchive_ReadUnits(ar, &v->units, s->bytes, 1);
    if (v->units.count < s->bytes) // Read itself raises nothing: the service does [SVC-14]
        CArchive_Throw(ar, EXCEPTION_ARCHIVE, CAUSE_END_OF_FILE, "a raw block was cut");
}

void raw_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    CArchive_Write(ar, v->units.data, v->units.count);
}

void raw_print(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    text_units(t, 'r', &v->units, 2);
}

bool raw_parse(struct reading *r, const struct slot *s, struct value *v)
{
    return scan_units(&r->scan, 'r', 2, &v->units) && v->units.count == s->bytes;
}

/* A last line without its newline is a line, even where ReadString says FALSE [SVC-14]. */
void line_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    if (!CArchive_ReadString(ar, &v->units) && v->units.count == 0)
        CArchive_Throw(ar, EXCEPTION_ARCHIVE, CAUSE_END_OF_FILE, "no line");
}

void line_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    uint8_t newline[2] = { '\n', 0 };
    struct units end = { newline, 1, v->units.width };

    CArchive_WriteString(ar, &v->units);
    CArchive_WriteString(ar, &end);
}

void line_print(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    string_text(t, &v->units);
}

bool line_parse(struct reading *r, const struct slot *s, struct value *v)
{
    (void)s;
    if (!string_scan(r, &v->units))
        return false;
    for (size_t i = 0; i < v->units.count; i++) {
        uint32_t unit = units_at(&v->units, i);
        if (unit == 0 || unit == '\n' || unit == '\r') {
            r->scan.why = "a line cannot hold this unit";
            return false;
        }
    }
    return true;
}
