/*
 * The log as a file, and the records of the run itself: what it is, what the peer is, how it ended.
 */
#include "report/log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"

#define LOG_FORMAT 2

/* The file of that name, locked. It may be replaced while we wait for nobody: then it is opened again. */
static int open_locked(const char *path, struct error *err)
{
    struct stat ours, there;

    for (;;) {
        AUTO_CLOSE int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        if (fd < 0 || fstat(fd, &ours) < 0) {
            error_errno(err, "%s", path);
            return -1;
        }
        if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
            if (errno == EWOULDBLOCK)
                error_set(err, ERROR_SYSTEM, "%s: another run is writing it", path);
            else
                error_errno(err, "%s", path);
            return -1;
        }
        if (stat(path, &there) == 0 && there.st_ino == ours.st_ino && there.st_dev == ours.st_dev)
            return fd_keep(&fd);
    }
}

bool log_open(struct log *l, const char *path, struct error *err)
{
    *l = (struct log){ .path = path };
    l->fd = open_locked(path, err);
    return l->fd >= 0 && (ftruncate(l->fd, 0) == 0 || error_errno(err, "%s", path));
}

void log_close(struct log *l)
{
    fd_close(&l->fd);
    text_free(&l->line);
}

/* Writes what stands in l->line, or nothing. */
static bool put_lines(struct log *l, const struct chain *after, struct error *err)
{
    struct bytes all = buffer_bytes(&l->line.b);

    for (size_t at = 0; at < all.len;) {
        ssize_t n = write(l->fd, all.data + at, all.len - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            error_errno(err, "%s", l->path);
            if (ftruncate(l->fd, (off_t)l->end) < 0)
                error_within(err, "its last line is not whole");
            return false;
        }
        at += (size_t)n;
    }
    l->end += all.len;
    l->chain = *after;
    return true;
}

/* Where a record stands: the members behind its own. */
static void put_place(const struct log *l, struct text *to)
{
    text_add(to, ",\"n\":");
    text_u64(to, l->place);
    if (l->shard)
        text_printf(to, ",\"shard\":%u", l->shard);
}

bool log_record(struct log *l, size_t place, struct bytes record, struct error *err)
{
    struct chain after = l->chain;

    l->place = place;
    l->line.b.len = 0;
    while (record.len) {
        const uint8_t *newline = memchr(record.data, '\n', record.len);
        size_t len = newline ? (size_t)(newline - record.data) : record.len, at = l->line.b.len;
        text_addn(&l->line, (const char *)record.data, len - 1); // without its brace
        put_place(l, &l->line);
        chain_add(&after, &l->line, at);
        text_char(&l->line, '\n');
        record = bytes_slice(record, len + 1, record.len);
    }
    return put_lines(l, &after, err);
}

static struct json_out begin(struct log *l, const char *record)
{
    struct json_out j = { .to = &l->line };

    l->line.b.len = 0;
    json_begin(&j, NULL, '{');
    json_put_string(&j, "record", record);
    return j;
}

static bool put(struct log *l, struct error *err)
{
    struct chain after = l->chain;

    chain_add(&after, &l->line, 0);
    text_char(&l->line, '\n');
    return put_lines(l, &after, err);
}

/* A list from names joined by commas. */
static void put_names(struct json_out *j, const char *key, const char *names)
{
    json_begin(j, key, '[');
    while (*names) {
        size_t len = strcspn(names, ",");
        json_put_text(j, NULL, (struct bytes){ (const uint8_t *)names, len });
        names += len + (names[len] == ',');
    }
    json_end(j, ']');
}

static void put_time(struct json_out *j, const char *key, int64_t seconds)
{
    char text[40];
    time_t when = seconds;
    struct tm utc;

    gmtime_r(&when, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    json_put_string(j, key, text);
}

static void put_peer(struct json_out *j, const struct log_run *run)
{
    json_begin(j, "peer", '{');
    json_put_string(j, "name", run->peer_name);
    json_put_string(j, "title", run->peer_title);
    json_put_string(j, "how", run->how);
    json_put_string(j, "dial", run->peer_dials ? "peer" : "us");
    if (run->serves)
        json_put_string(j, "play", "server");
    if (run->subject)
        json_put_string(j, "subject", run->subject);
    if (run->file_count) {
        json_begin(j, "files", '[');
        for (size_t i = 0; i < run->file_count; i++) {
            json_begin(j, NULL, '{');
            json_put_string(j, "path", run->files[i].path);
            json_put_string(j, "sha256", run->files[i].sha256);
            json_end(j, '}');
        }
        json_end(j, ']');
    }
    json_end(j, '}');
}

static void put_labels(struct json_out *j, const char *const *labels)
{
    json_begin(j, "labels", '{');
    for (; *labels; labels++) {
        SCRATCH(scratch);
        char *key = arena_string(&scratch, *labels), *value = strchr(key, '=');
        *value = 0;
        json_put_string(j, key, value + 1);
    }
    json_end(j, '}');
}

static void put_host(struct json_out *j)
{
    struct utsname name;

    if (uname(&name) < 0)
        return;
    json_begin(j, "host", '{');
    json_put_string(j, "name", name.nodename);
    json_put_string(j, "system", name.sysname);
    json_put_string(j, "release", name.release);
    json_put_string(j, "machine", name.machine);
    json_put_int(j, "processors", sysconf(_SC_NPROCESSORS_ONLN));
    json_end(j, '}');
}

/* What was said on the command line and elsewhere. */
static void put_settings(struct json_out *j, const struct log_run *run)
{
    if (run->argv)
        json_put_strings(j, "argv", run->argv);
    if (!run->settings)
        return;
    json_begin(j, "settings", '[');
    for (size_t i = 0; i < run->setting_count; i++) {
        json_begin(j, NULL, '{');
        json_put_string(j, "name", run->settings[i].name);
        json_put_string(j, "value", run->settings[i].value);
        json_put_string(j, "from", run->settings[i].from);
        json_end(j, '}');
    }
    json_end(j, ']');
}

bool log_begin(struct log *l, const struct log_run *run, struct error *err)
{
    struct json_out j = begin(l, "run");
    char text[40];

    json_put_int(&j, "log", LOG_FORMAT);
    json_put_string(&j, "arcwire", run->version);
    json_begin(&j, "vectors", '{');
    json_put_int(&j, "version", 1);
    json_put_string(&j, "digest", run->vectors_digest);
    if (run->clauses_digest)
        json_put_string(&j, "clauses", run->clauses_digest);
    json_end(&j, '}');
    snprintf(text, sizeof text, "0x%" PRIx64, run->seed);
    json_put_string(&j, "seed", text);
    put_time(&j, "started", run->started);
    json_put_string(&j, "command", run->command);
    put_peer(&j, run);
    if (run->labels && *run->labels)
        put_labels(&j, run->labels);
    put_names(&j, "deliveries", run->delivery_names);
    json_put_u64(&j, "selected", run->selected);
    json_put_u64(&j, "places", run->places);
    if (run->worst)
        json_put_int(&j, "worst-us", run->worst);
    put_settings(&j, run);
    put_host(&j);
    if (run->shards) {
        json_put_int(&j, "shards", run->shards);
        json_put_string(&j, "shard-from", run->shard_from);
        json_put_int(&j, "shard", run->shard);
        l->shard = run->shard;
    }
    return put(l, err);
}

bool log_baseline(struct log *l, const char *file, const char *today, const char *selection, const struct baseline *known, struct error *err)
{
    struct json_out j = begin(l, "baseline");

    if (file)
        json_put_string(&j, "file", file);
    json_put_string(&j, "today", today);
    if (selection)
        json_put_string(&j, "selection", selection);
    if (known) {
        json_begin(&j, "lines", '[');
        for (size_t i = 0; i < known->count; i++)
            json_put_u64(&j, NULL, known->entries[i].line);
        json_end(&j, ']');
        json_put_value(&j, "document", known->document);
    }
    put_place(l, &l->line);
    return put(l, err);
}

bool log_clauses(struct log *l, const struct coverage *register_of, struct error *err)
{
    struct json_out j = begin(l, "clauses");

    json_begin(&j, "clauses", '[');
    for (const struct clause *c = register_of->clauses; c < register_of->clauses + register_of->count; c++) {
        bool genuine = false;
        for (size_t g = 0; g < GENERATIONS; g++)
            genuine = genuine || c->genuine[g];
        json_begin(&j, NULL, '{');
        json_put_string(&j, "id", c->id);
        json_put_string(&j, "level", level_name(c->level));
        json_put_string(&j, "provenance", c->provenance);
        json_put_string(&j, "text", c->text);
        json_put_bool(&j, "genuine", genuine);
        if (c->unseen)
            json_put_string(&j, "no-case", c->unseen);
        if (register_of->tells_guards)
            json_put_strings(&j, "guards", c->guards);
        json_end(&j, '}');
    }
    json_end(&j, ']');
    put_place(l, &l->line);
    return put(l, err);
}

bool log_profile(struct log *l, const char *service, const struct profile *p, const char *from, const char *types,
                 struct error *err)
{
    struct json_out j = begin(l, "profile");

    json_put_string(&j, "service", service);
    json_put_string(&j, "generation", profile_generation_name(p->generation));
    json_put_string(&j, "charset", p->charset == CHARSET_ANSI ? "ansi" : "unicode");
    json_put_int(&j, "bits", p->bits);
    json_put_string(&j, "from", from);
    if (types)
        put_names(&j, "types", types);
    put_place(l, &l->line);
    return put(l, err);
}

static void put_ruled_out(struct json_out *j, const char *cause, const char *summary, const char *by)
{
    json_put_string(j, "cause", cause);
    json_put_string(j, "summary", summary);
    json_put_string(j, "by", by);
}

bool log_ruled_out(struct log *l, const char *cause, const char *summary, const char *by, struct error *err)
{
    struct json_out j = begin(l, "ruled-out");

    put_ruled_out(&j, cause, summary, by);
    put_place(l, &l->line);
    return put(l, err);
}

void log_describe_ruled_out(const char *cause, const char *summary, const char *by, struct text *to)
{
    struct json_out j = { .to = to };

    json_begin(&j, NULL, '{');
    json_put_string(&j, "record", "ruled-out");
    put_ruled_out(&j, cause, summary, by);
    json_end(&j, '}');
    text_char(to, '\n');
}

bool log_suspect(struct log *l, const char *service, size_t place, const struct accused *who, struct error *err)
{
    struct json_out j = begin(l, "suspect");

    json_put_string(&j, "service", service);
    json_put_u64(&j, "place", place);
    json_put_string(&j, "cause", who->cause);
    json_put_string(&j, "summary", who->summary);
    json_put_u64(&j, "mistake", who->mistake);
    json_put_u64(&j, "ways", who->ways);
    if (who->of)
        json_put_string(&j, "of", who->of);
    put_place(l, &l->line);
    return put(l, err);
}

bool log_deviations(struct log *l, const struct log_deviation *declared, size_t count, struct error *err)
{
    struct json_out j = begin(l, "deviations");

    json_begin(&j, "declared", '[');
    for (size_t i = 0; i < count; i++) {
        json_begin(&j, NULL, '{');
        json_put_string(&j, "clause", declared[i].clause);
        json_put_string(&j, "reason", declared[i].reason);
        json_put_bool(&j, "tested", declared[i].tested);
        json_put_bool(&j, "shown", declared[i].shown);
        json_end(&j, '}');
    }
    json_end(&j, ']');
    put_place(l, &l->line);
    return put(l, err);
}

static void put_counts(struct json_out *j, const char *key, const size_t counts[VERDICT_COUNT])
{
    json_begin(j, key, '{');
    for (int v = 0; v < VERDICT_COUNT; v++)
        json_put_u64(j, verdict_name((enum verdict)v), counts[v]);
    json_end(j, '}');
}

bool log_end(struct log *l, const struct log_outcome *o, struct error *err)
{
    struct json_out j = begin(l, "end");

    put_counts(&j, "totals", o->cases);
    put_counts(&j, "results", o->results);
    json_put_int(&j, "exit", o->exit_status);
    put_time(&j, "ended", o->ended);
    json_put_int(&j, "us", o->us);
    json_begin(&j, "spent", '{');
    json_put_int(&j, "work", o->spent->work);
    json_put_int(&j, "waiting", o->spent->waiting);
    json_put_int(&j, "proven", o->spent->proven);
    json_put_int(&j, "timed", o->spent->timed);
    json_end(&j, '}');
    if (o->incomplete)
        json_put_string(&j, "incomplete", o->incomplete);
    json_put_u64(&j, "records", l->chain.lines);
    if (l->shard)
        json_put_int(&j, "shard", l->shard);
    return put(l, err);
}
