#ifndef REPORT_LINES_H
#define REPORT_LINES_H
/*
 * The lines of a log, one of which is in memory at a time: a log is large, and of most lines little is kept.
 */
#include "base/bytes.h"
#include "base/error.h"

/* Where a log is. */
struct report_log {
    const char *path; // what errors call it
    int fd;           // open for reading, or -1 when it is in memory:
    struct bytes all;
};

struct report_line {
    struct bytes text; // without the newline; until the next one is asked for
    uint64_t at;       // its offset in the log
    bool whole;        // a newline stood behind it
};

/* All zero but `log`, which is borrowed. To be released, also after an error. */
struct report_lines {
    const struct report_log *log;
    struct buffer read; // of a file: what has been read and not yet told begins at `used`
    size_t used;
    uint64_t at;        // offset of the next line
    bool failed;
};

/* The next line; false at the end, and when the file cannot be read: then failed is set, and *err (ERROR_INPUT). */
bool report_lines_next(struct report_lines *l, struct report_line *out, struct error *err);
void report_lines_release(struct report_lines *l);

/* Reads a line again; false when the log has changed since. */
bool report_line_read(const struct report_log *log, uint64_t at, size_t len, struct buffer *out);

#endif
