/*
 * A reply that is broken off by an exception: whoever raises it while the reply is stored has sent its beginning.
 */
#include "check/evidence.h"

#define ALIKE 4 // bytes of a refusal that may stand there as what is due does

const char *cause_broken_off(const struct evidence *e)
{
    struct refusal r;

    if (e->match.status != MATCH_MISMATCH || e->match.at == 0)
        return NULL;
    for (size_t same = 0; same < ALIKE && same < e->match.at; same++) {
        struct bytes rest = bytes_slice(e->got, e->match.at - same, SIZE_MAX);
        for (size_t i = 0; i < e->program->vector->service->refusal_count; i++) {
            if (!refusal_read(e->program, i, rest, e->keep, &r) || r.len != rest.len)
                continue;
            const struct value *cause = refusal_value(&r, "cause");
            if (cause && cause->number > CAUSE_NONE && cause->number <= CAUSE_BUFFER_FULL)
                return arena_printf(e->keep, "the reply ends at byte %zu, where the peer said \"%s\", cause %u (%s)", e->match.at - same, r.name, (unsigned)cause->number,
                                    cause_name((unsigned)cause->number));
        }
    }
    return NULL;
}
