#include "report/lines.h"

#include <errno.h>
#include <unistd.h>

#define READ_SIZE (256 << 10)

/* More of the file; false at its end. */
static bool read_more(struct report_lines *l, struct error *err)
{
    if (l->used > 0) {
        l->read.len -= l->used;
        memmove(l->read.data, l->read.data + l->used, l->read.len);
        l->used = 0;
    }
    for (;;) {
        ssize_t n = read(l->log->fd, buffer_reserve(&l->read, READ_SIZE), READ_SIZE);
        if (n > 0)
            l->read.len += (size_t)n;
        if (n >= 0)
            return n > 0;
        if (errno == EINTR)
            continue;
        l->failed = true;
        return error_set(err, ERROR_INPUT, "%s: %s", l->log->path, strerror(errno));
    }
}

bool report_lines_next(struct report_lines *l, struct report_line *out, struct error *err)
{
    bool in_memory = l->log->fd < 0;
    struct bytes rest = in_memory ? bytes_slice(l->log->all, l->at, SIZE_MAX) : bytes_slice(buffer_bytes(&l->read), l->used, SIZE_MAX);
    const uint8_t *newline = rest.len ? memchr(rest.data, '\n', rest.len) : NULL;

    for (size_t looked = rest.len; !in_memory && !newline && read_more(l, err); looked = rest.len) {
        rest = buffer_bytes(&l->read);
        newline = memchr(rest.data + looked, '\n', rest.len - looked);
    }
    if (l->failed)
        return false;
    if (!in_memory)
        rest = bytes_slice(buffer_bytes(&l->read), l->used, SIZE_MAX);
    if (rest.len == 0)
        return false;
    size_t len = newline ? (size_t)(newline - rest.data) : rest.len;
    *out = (struct report_line){ { rest.data, len }, l->at, newline != NULL };
    l->at += len + 1;
    l->used += in_memory ? 0 : len + (newline != NULL);
    return true;
}

void report_lines_release(struct report_lines *l)
{
    buffer_free(&l->read);
}

bool report_line_read(const struct report_log *log, uint64_t at, size_t len, struct buffer *out)
{
    uint8_t *to = buffer_reserve(out, len);

    if (log->fd < 0) {
        struct bytes text = bytes_slice(log->all, at, len);
        buffer_append(out, text.data, text.len);
        return text.len == len;
    }
    for (size_t had = 0; had < len;) {
        ssize_t n = pread(log->fd, to + had, len - had, (off_t)(at + had));
        if (n == 0 || (n < 0 && errno != EINTR))
            return false;
        had += n > 0 ? (size_t)n : 0;
    }
    out->len += len;
    return true;
}
