/*
 * `arcwire selftest`: whether verdicts mean something.
 */
#include "app/selftest.h"

#include <stdio.h>

int command_selftest(const struct options *o)
{
    static const char alone[] = "arcwire selftest: %s goes with --trace\n";

    play_until_stopped();
    if (o->trace)
        return selftest_trace(o);
    const struct {
        const char *option, *value;
    } others[] = { { "--exec", o->exec }, { "--stdio", o->stdio }, { "--connect", o->connect }, { "--listen", o->listen }, { "--under", o->under },
                   { "--dial", o->dial }, { "--play", o->play }, { "--service", o->service }, { "--delivery", o->deliveries },
                   { "--profile", o->profile }, { "--limit", o->limit }, { "--max-time", o->max_time } };
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (others[i].value) {
            fprintf(stderr, alone, others[i].option);
            return EXIT_USAGE;
        }
    return selftest_flaws(o);
}
