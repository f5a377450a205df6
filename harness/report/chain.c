#include "report/chain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/fd.h"
#include "base/sha256.h"

#define BEFORE  ",\"chain\":\"" // the head, and then:
#define BEHIND  "\"}"
#define DIGITS  64
#define SHARDS  CHAIN_SHARDS

static void next(char head[65], struct bytes line, char out[65])
{
    struct sha256 s;

    sha256_init(&s);
    sha256_add(&s, head, strlen(head));
    sha256_add(&s, line.data, line.len);
    sha256_hex(&s, out);
}

void chain_add(struct chain *c, struct text *line, size_t at)
{
    next(c->head, bytes_slice(buffer_bytes(&line->b), at, SIZE_MAX), c->head);
    text_add(line, BEFORE);
    text_add(line, c->head);
    text_add(line, BEHIND);
    c->lines++;
}

/* A line without its chain, and that; false where there is none. */
static bool take_apart(struct bytes line, struct bytes *rest, struct bytes *head)
{
    size_t tail = strlen(BEFORE) + DIGITS + strlen(BEHIND);

    if (line.len < tail)
        return false;
    *rest = bytes_slice(line, 0, line.len - tail);
    *head = bytes_slice(line, rest->len + strlen(BEFORE), DIGITS);
    return memcmp(line.data + rest->len, BEFORE, strlen(BEFORE)) == 0 &&
           memcmp(line.data + line.len - strlen(BEHIND), BEHIND, strlen(BEHIND)) == 0;
}

static bool begins(struct bytes line, const char *with)
{
    return line.len >= strlen(with) && memcmp(line.data, with, strlen(with)) == 0;
}

/* The number that the last member of a line has; 0 where it is another member. key: ,"name": */
static size_t last_number(struct bytes rest, const char *key)
{
    size_t digits = 0;
    char number[8] = "";

    while (digits < rest.len && digits < sizeof number - 1 && rest.data[rest.len - 1 - digits] >= '0' && rest.data[rest.len - 1 - digits] <= '9')
        digits++;
    struct bytes before = bytes_slice(rest, 0, rest.len - digits);
    if (digits == 0 || before.len < strlen(key) || memcmp(before.data + before.len - strlen(key), key, strlen(key)) != 0)
        return 0;
    memcpy(number, before.data + before.len, digits);
    return strtoul(number, NULL, 10);
}

static size_t shard_of(struct bytes rest)
{
    return last_number(rest, ",\"shard\":");
}

struct verifying {
    struct chain chains[SHARDS + 1];
    bool ended[SHARDS + 1];
    size_t merged; // of so many shards
    struct chain_verdict seen;
};

static bool verify_line(struct verifying *v, const struct report_line *line, struct error *err)
{
    struct bytes rest, head;
    char due[65];

    if (!line->whole)
        return error_set(err, ERROR_INPUT, "the line is not finished: the log was cut short here");
    if (!take_apart(line->text, &rest, &head))
        return error_set(err, ERROR_INPUT, "has no chain: it was changed, or is of log format 1, which has none");
    if (v->seen.lines == 0)
        v->merged = last_number(rest, ",\"merged\":");
    size_t which = v->merged ? shard_of(rest) : 0; // a shard's own log has one chain, whatever its number is
    if (which > SHARDS)
        return error_set(err, ERROR_INPUT, "shard %zu: more than there can be", which);
    struct chain *c = &v->chains[which];
    if (v->ended[which])
        return error_set(err, ERROR_INPUT, "stands behind the last record");
    next(c->head, rest, due);
    if (!bytes_equal(bytes_of(due), head))
        return error_set(err, ERROR_INPUT, "the chain breaks: this line was changed, or one before it is lost or in another place");
    memcpy(c->head, due, sizeof due);
    v->seen.shards += which && c->lines == 0;
    v->ended[which] = begins(rest, "{\"record\":\"end\",");
    c->lines++;
    v->seen.lines++;
    return true;
}

bool chain_verify(const char *path, struct chain_verdict *out, struct error *err)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    const struct report_log log = { .path = path, .fd = fd };
    CLEANUP(report_lines_release) struct report_lines lines = { .log = &log };
    SCRATCH(scratch);
    struct verifying *v = ARENA_NEW(&scratch, struct verifying);
    struct report_line line;

    if (fd < 0)
        return error_set(err, ERROR_INPUT, "%s: %s", path, strerror(errno));
    for (size_t number = 1; report_lines_next(&lines, &line, err); number++)
        if (!verify_line(v, &line, err))
            return error_within(err, "%s:%zu", path, number);
    if (lines.failed)
        return false;
    if (v->seen.lines == 0)
        return error_set(err, ERROR_INPUT, "%s: the log is empty", path);
    if (!v->ended[0])
        return error_set(err, ERROR_INPUT, "%s: the last record is missing: the log was cut short behind line %zu", path, v->seen.lines);
    for (size_t i = 1; i <= v->merged && i <= SHARDS; i++)
        if (!v->ended[i])
            return error_set(err, ERROR_INPUT, "%s: the last record of shard %zu is missing", path, i);
    *out = v->seen;
    return true;
}
