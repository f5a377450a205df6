#include "generation.h"

#include <string.h>

// clang-format off
const struct generation generations[] = {
    { "4.2", 42,  .reads_ahead = true,  .nul = NUL_CUTS_CONVERTED,
                  .stops_early = true,  .reads_once_more = true, .forgets_schema_0 = true,
                  .forgets_error = true },
    { "6.0", 60,  .reads_ahead = true,  .nul = NUL_CUTS_CONVERTED,
                  .stops_early = true,  .reads_once_more = true, .crashes_on_width = true },
    { "7.0", 70,  .quad_forms = true,   .nul = NUL_CUTS, .bare_span = true,
                  .stops_early = true,  .reads_twice = true },
    { "7.1", 71,  .quad_forms = true,   .nul = NUL_CUTS, .cuts_quad = true,
                  .refuses_direction = true, .newer_variants = true,
                  .stops_early = true },
    { "8",   80,  .quad_forms = true,   .nul = NUL_KEPT, .cuts_quad = true,
                  .refuses_direction = true, .newer_variants = true,
                  .ensures_reads = true, .long_time = true },
    { "9",   90,  .quad_forms = true,   .nul = NUL_KEPT, .cuts_quad = true,
                  .refuses_direction = true, .newer_variants = true,
                  .ensures_reads = true, .long_time = true },
    { "10",  100, .quad_forms = true,   .nul = NUL_KEPT, .cuts_quad = true,
                  .refuses_direction = true, .newer_variants = true,
                  .ensures_reads = true, .long_time = true,
                  .knows_full = true,    .newer_hash = true },
    { NULL, 0 },
};
// clang-format on

const struct generation *generation_find(const char *name)
{
    for (const struct generation *g = generations; g->name; g++)
        if (strcmp(g->name, name) == 0)
            return g;
    return NULL;
}

const struct generation *generation_newest(void)
{
    return &generations[sizeof generations / sizeof *generations - 2]; // the last has no name
}

bool profile_is_possible(const struct profile *p)
{
    return p->bits == 32 || p->generation->rank >= 70;
}

unsigned profile_width(const struct profile *p)
{
    return p->unicode ? 2 : 1;
}

bool profile_has_quad_count(const struct profile *p)
{
    return p->bits == 64 && p->generation->quad_forms;
}
