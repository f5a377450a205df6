#ifndef RUN_PLAYING_H
#define RUN_PLAYING_H
/*
 * One case, played and judged on a worker's peer, in the way that it needs: by itself, as a family, cut at one place after the other, on a
 * port of its own. What the peer does behind it is aftermath.h's.
 */
#include "run/cut_series.h"
#include "run/family.h"
#include "run/worker.h"

/* What became of the series, and what is to be known of its positions. */
struct cut_played {
    struct cuts cuts;
    struct series_result series;
    struct series_tally tally;
};

/* What it points to lives beside it. */
struct playing {
    struct program program;
    struct trace trace;
    struct family_result family;
    struct cut_played cut;
    struct result result;
    uint64_t sent; // bytes
    const char *excuse;   // why it was not played, or NULL
    enum verdict excused; // … and what it then is
};

/* Plays a case once. False when our surroundings fail or no connection came about. */
bool playing_once(struct worker *w, const struct turn *turn, struct arena *keep, struct playing *p, struct error *err);

/* The same, with the memory that the peer takes for it. */
bool playing_weighed(struct worker *w, const struct turn *turn, struct arena *keep, struct playing *p, struct error *err);

/* Plays one compiled program and judges it, for what is no case, or is met elsewhere than others. */
bool playing_program(struct worker *w, struct program *p, const struct meeting *m, const struct limits *l, const char *delivery,
                     struct trace *t, struct result *result, struct arena *keep, struct error *err);

#endif
