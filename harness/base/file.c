#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/sha256.h"

bool file_read(const char *path, size_t limit, struct arena *keep, struct bytes *out, struct error *err)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0)
        return error_set(err, ERROR_INPUT, "%s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return error_set(err, ERROR_INPUT, "%s: is a directory, a file was expected", path);
    CLEANUP(buffer_free) struct buffer all = { 0 };
    for (;;) {
        uint8_t *to = buffer_reserve(&all, 65536);
        ssize_t n = read(fd, to, 65536);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set(err, ERROR_INPUT, "%s: %s", path, strerror(errno));
        if (n == 0)
            break;
        all.len += (size_t)n;
        if (all.len > limit)
            return error_set(err, ERROR_INPUT, "%s: larger than the %zu bytes that are read", path, limit);
    }
    uint8_t *data = arena_alloc(keep, all.len + 1);
    if (all.len)
        memcpy(data, all.data, all.len);
    *out = (struct bytes){ data, all.len };
    return true;
}

bool file_read_head(const char *path, size_t most, struct arena *keep, struct bytes *out)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    uint8_t *data = arena_alloc(keep, most);
    size_t len = 0;
    ssize_t n = 1;

    while (fd >= 0 && len < most && n > 0)
        if ((n = read(fd, data + len, most - len)) > 0)
            len += (size_t)n;
    *out = (struct bytes){ data, len };
    return fd >= 0 && n >= 0;
}

bool file_is_same(const char *one, const char *other)
{
    struct stat a, b;

    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static bool write_all(int fd, struct bytes data)
{
    for (size_t at = 0; at < data.len;) {
        ssize_t n = write(fd, data.data + at, data.len - at);
        if (n < 0 && errno != EINTR)
            return false;
        at += n < 0 ? 0 : (size_t)n;
    }
    return true;
}

/* Into what stands there and is no file: a device, a FIFO. A rename would put a file in its place. */
static bool write_into(const char *path, struct bytes data, struct error *err)
{
    AUTO_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);

    return (fd >= 0 && write_all(fd, data)) || error_errno(err, "%s", path);
}

bool file_write(const char *path, struct bytes data, struct error *err)
{
    SCRATCH(scratch);
    char real[PATH_MAX]; // where a link leads
    struct stat there;

    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode))
        return write_into(path, data, err);
    const char *to = realpath(path, real) ? real : path, *temporary = arena_printf(&scratch, "%s.%ld.part", to, (long)getpid());
    AUTO_CLOSE int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return error_errno(err, "%s", temporary);
    if (!write_all(fd, data) || rename(temporary, to) < 0) {
        error_errno(err, "%s", path);
        unlink(temporary);
        return false;
    }
    return true;
}

bool file_digest(const char *path, char out[65], struct error *err)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct sha256 s;
    uint8_t part[16384];
    ssize_t n = fd < 0 ? -1 : 1;

    sha256_init(&s);
    while (n > 0 || (n < 0 && fd >= 0 && errno == EINTR)) {
        n = read(fd, part, sizeof part);
        if (n > 0)
            sha256_add(&s, part, (size_t)n);
    }
    if (n < 0)
        return error_set(err, ERROR_INPUT, "%s: %s", path, strerror(errno));
    sha256_hex(&s, out);
    return true;
}

bool file_make_directory(const char *path, struct error *err)
{
    SCRATCH(scratch);
    char *part = arena_string(&scratch, path);

    for (char *at = part + 1; *at; at++)
        if (*at == '/') {
            *at = 0;
            if (mkdir(part, 0777) < 0 && errno != EEXIST)
                return error_errno(err, "%s", part);
            *at = '/';
        }
    struct stat st;
    if (mkdir(path, 0777) < 0 && (errno != EEXIST || stat(path, &st) < 0 || !S_ISDIR(st.st_mode)))
        return error_errno(err, "%s", path);
    return true;
}

bool file_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

bool file_is_directory(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    remove(path);
    return 0;
}

void file_remove_directory(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool file_list(const char *directory, const char *suffix, struct arena *keep, const char *const **names,
               size_t *count, struct error *err)
{
    DIR *d = opendir(directory);

    if (!d)
        return error_set(err, ERROR_INPUT, "%s: %s", directory, strerror(errno));
    const char **list = NULL;
    size_t n = 0, room = 0, end = strlen(suffix);
    for (struct dirent *e; (e = readdir(d));) {
        size_t len = strlen(e->d_name);
        if (len < end || strcmp(e->d_name + len - end, suffix) != 0 || e->d_name[0] == '.')
            continue;
        if (n == room) {
            room = room ? 2 * room : 16;
            const char **more = ARENA_ARRAY(keep, room, const char *);
            if (n)
                memcpy(more, list, n * sizeof *list);
            list = more;
        }
        list[n++] = arena_string(keep, e->d_name);
    }
    closedir(d);
    if (n)
        qsort(list, n, sizeof *list, by_name);
    *names = list;
    *count = n;
    return true;
}
