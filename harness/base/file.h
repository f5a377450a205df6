#ifndef BASE_FILE_H
#define BASE_FILE_H
/*
 * Whole files, and directories that appear or do not.
 */
#include "base/arena.h"
#include "base/error.h"

/* Reads a file into keep; ERROR_INPUT when it cannot be read or is larger than limit bytes. A NUL that does
 * not count stands behind the data. */
bool file_read(const char *path, size_t limit, struct arena *keep, struct bytes *out, struct error *err);

/* The same for its first bytes, at most so many; false when it cannot be read. */
bool file_read_head(const char *path, size_t most, struct arena *keep, struct bytes *out);

/* Writes a file under a temporary name beside it, then renames; a link stays, and what it leads to is written. Into a device or a FIFO
 * that stands there it writes straight. ERROR_SYSTEM. */
bool file_write(const char *path, struct bytes data, struct error *err);

/* Makes a directory and those above it. ERROR_SYSTEM. */
bool file_make_directory(const char *path, struct error *err);

/* The SHA-256 of what a file holds, as 64 digits. ERROR_INPUT. */
bool file_digest(const char *path, char out[65], struct error *err);

bool file_exists(const char *path);
bool file_is_directory(const char *path);
/* Whether both names are of one file that is there. */
bool file_is_same(const char *one, const char *other);

/* Removes a directory and all in it, on its file system; follows no link. Says nothing of failures. */
void file_remove_directory(const char *path);

/* The names in a directory that end in suffix, sorted; ERROR_INPUT when it cannot be read. */
bool file_list(const char *directory, const char *suffix, struct arena *keep, const char *const **names,
               size_t *count, struct error *err);

#endif
