#ifndef REPORT_GITLAB_H
#define REPORT_GITLAB_H
/*
 * Sections of a GitLab job's output, which are shown folded.
 */
#include <inttypes.h>

#include "base/text.h"

/* All zero but `at`. */
struct gitlab {
    int64_t at;        // seconds since 1970 UTC: when each section begins and ends, for they are written all at once
    unsigned sections; // begun so far
    bool open;
};

/* Begins a section, and ends the one that is open. head: one line, which others may have written. */
void gitlab_open(struct gitlab *g, const char *head, struct text *to);
/* Ends the section that is open, if one is. */
void gitlab_close(struct gitlab *g, struct text *to);

#endif
