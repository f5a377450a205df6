#ifndef APP_MATRIX_PAIRS_H
#define APP_MATRIX_PAIRS_H
/*
 * The matrix's cells in which both ends are foreign: each peer of it that has a program that asks, with each of another maker that answers.
 */
#include "app/play.h"
#include "report/matrix.h"

/*
 * Plays what the names of peers allow, each pair in each service that one asks and the other answers. A pair is of one profile: that which a
 * variant is called by ("6.0-ansi-32"), else the default. The result lives in keep. Gives the exit status; what was wrong has been printed.
 */
int matrix_pairs_play(const struct options *o, const struct library *lib, const struct run_options *run, const char *const *names, size_t name_count,
                      struct arena *keep, struct matrix_view *m);

#endif
