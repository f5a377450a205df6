#ifndef APP_DECODE_GUESS_H
#define APP_DECODE_GUESS_H
/*
 * Guesses at one stream after the other, as text or JSON; and the best of each side as a layout to begin with.
 */
#include "app/app.h"
#include "json/write.h"
#include "layout/guess.h"

struct guesses {
    size_t most;         // readings of a stream
    bool json;
    const char *layout;  // the file to write, or NULL
    struct text out;     // what is to be printed
    struct json_out j;
    bool known[2];
    struct guess_reading best[2];
    struct arena keep;
};

bool guesses_begin(struct guesses *g, const struct options *o, struct error *err);

/* name: NULL where there is but one stream. */
void guesses_tell(struct guesses *g, const char *name, enum layout_side from, struct bytes in, const struct profile *p);

/* Ends what is printed, and writes the layout. */
bool guesses_end(struct guesses *g, struct error *err);
void guesses_free(struct guesses *g);

#endif
