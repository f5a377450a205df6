#ifndef APP_EXPORT_RUN_H
#define APP_EXPORT_RUN_H
/*
 * A saved run as a capture for Wireshark.
 */
#include "app/app.h"

/* Whether it is a run's log or a directory. */
bool export_is_run(const char *path);
/* The first word is the run; further ones, and --delivery, choose of its results. Prints what there is, and returns the exit status. */
int export_run(const struct options *o);

#endif
