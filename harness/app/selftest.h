#ifndef APP_SELFTEST_H
#define APP_SELFTEST_H
/*
 * The two selftests: on flawed peers, and on traces of a right one.
 */
#include "app/play.h"

int selftest_flaws(const struct options *o);
int selftest_trace(const struct options *o);

#endif
