#ifndef CAUSE_ROWS_H
#define CAUSE_ROWS_H
/*
 * What one of the functions that name causes says of a conversation, whatever else might be named before it.
 */
#include "talk.h"

struct cause_row {
    const char *label;
    const char *(*fits)(const struct evidence *e);
    const char *service, *steps, *trace; // as talk.h has them; it is asked about the op at which the play ends
    const char *told;                    // the sentence; NULL: it is not that
    bool late;                           // it is asked as of what came only behind the probe
    const char *delivery;                // NULL: plain
};

void cause_rows_hold(const struct cause_row *rows, size_t count);

#endif
