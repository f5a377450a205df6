#include "cause_rows.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

void cause_rows_hold(const struct cause_row *rows, size_t count)
{
    for (const struct cause_row *r = rows; r < rows + count; r++) {
        SCRATCH(keep);
        struct library lib;
        struct trace t = { .keep = &keep };
        talk_load(r->service, r->steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, r->delivery ? r->delivery : "plain", &keep);
        talk_trace(r->trace, &p, &t, &keep);
        struct evidence e = talk_evidence(&p, &t, &keep);
        e.late = r->late;
        const char *told = r->fits(&e);
        cr_expect(eq(str, (char *)(told ? told : ""), (char *)(r->told ? r->told : "")), "%s", r->label);
        library_free(&lib);
    }
}
