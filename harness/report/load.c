/*
 * From the log to the model. Each record is parsed into scratch memory, and what the model keeps is copied.
 *
 * A log grows by whole lines, so one that was cut short (a kill, a full disk) ends in a line without its newline:
 * only there may a record be broken.
 */
#include "report/model.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "report/clauses.h"
#include "report/conclude.h"
#include "report/record.h"
#include "report/talk.h"

struct loading {
    struct report *out;
    struct arena *keep;
    struct report_case **slots; // by id, open addressing; a power of two of them
    size_t slot_count;
    struct report_case **case_link;
    struct report_result *result; // the last
    bool begun;
    bool ours;
};

static uint64_t hash(const char *text)
{
    uint64_t h = 0xcbf29ce484222325; // FNV-1a

    for (; *text; text++)
        h = (h ^ (uint8_t)*text) * 0x100000001b3;
    return h;
}

/* The slot of an id: its case, or NULL where it belongs. */
static struct report_case **find_slot(struct report_case **slots, size_t count, const char *id)
{
    size_t i = hash(id) & (count - 1);

    while (slots[i] && strcmp(slots[i]->id, id) != 0)
        i = (i + 1) & (count - 1);
    return &slots[i];
}

static struct report_case **case_slot(struct loading *l, const char *id)
{
    if (l->out->case_count * 2 >= l->slot_count) {
        size_t count = l->slot_count ? l->slot_count * 2 : 256;
        struct report_case **slots = calloc(count, sizeof *slots);
        if (!slots)
            memory_exhausted();
        for (size_t i = 0; i < l->slot_count; i++)
            if (l->slots[i])
                *find_slot(slots, count, l->slots[i]->id) = l->slots[i];
        free(l->slots);
        l->slots = slots;
        l->slot_count = count;
    }
    return find_slot(l->slots, l->slot_count, id);
}

static void count_verdict(struct report_case *c, const struct report_result *r)
{
    if (r == c->first || report_verdicts[r->verdict].rank > report_verdicts[c->verdict].rank)
        c->verdict = r->verdict;
}

/* What goes before a service's cases is played in every shard, and told once: by the first in which it is bad, else by the first. */
static bool is_told_again(const struct report_case *c, const struct report_result *r)
{
    return c->last && r->shard && c->last->place == r->place && c->last->shard != r->shard;
}

static struct report_result *tell_again(struct report_case *c, struct report_result *r)
{
    r->of = c;
    if (report_verdicts[c->last->verdict].bad || !report_verdicts[r->verdict].bad)
        return r; // for its conversation; nobody sees it
    *c->last = *r;
    for (const struct report_result *one = c->first; one; one = one->next)
        count_verdict(c, one);
    return c->last;
}

static void add_result(struct report_case *c, struct report_result *r)
{
    r->of = c;
    if (r->second)
        r->second->of = c;
    if (c->last)
        c->last->next = r;
    else
        c->first = r;
    c->last = r;
    c->result_count++;
    count_verdict(c, r);
}

/* Whose conversation comes next; NULL: nobody's. */
static struct report_result *speaker(const struct loading *l)
{
    struct report_result *r = l->result;

    return r && r->line_len && r->second ? r->second : r;
}

static void conversation_is(struct loading *l, const struct report_line *line)
{
    struct report_result *r = speaker(l);

    r->log = l->out->log;
    r->line_at = line->at;
    r->line_len = line->text.len;
}

/* A conversation is read when it is shown; a log that somebody else gave us is looked through now, so that this cannot
 * fail then. */
static bool take_conversation(struct loading *l, const struct json *record, const struct report_line *line, struct error *err)
{
    struct report_talk talk;
    SCRATCH(scratch);

    if (!speaker(l) || speaker(l)->line_len)
        return json_error(record, err, "a conversation without its case");
    conversation_is(l, line);
    return talk_read(record, &scratch, &talk, err);
}

static bool take_case(struct loading *l, const struct json *record, size_t number, struct error *err)
{
    const struct json *id = json_get(record, "id");
    const char *name;

    if (!id)
        return json_error(record, err, "a case without an \"id\"");
    if (!json_string(id, &name, err))
        return false;
    struct report_result *r = ARENA_NEW(l->keep, struct report_result);
    r->number = number;
    if (!record_result(record, l->keep, r, err))
        return false;
    l->result = r;
    struct report_case **slot = case_slot(l, name);
    if (!*slot) {
        struct report_case *c = ARENA_NEW(l->keep, struct report_case);
        if (!record_case(record, l->keep, c, err))
            return false;
        *slot = *l->case_link = c;
        l->case_link = &c->next;
        l->out->case_count++;
    }
    if (is_told_again(*slot, r)) {
        l->result = tell_again(*slot, r);
        return true;
    }
    add_result(*slot, r);
    l->out->result_count++;
    return true;
}

/* A merged log holds the records of its shards; what these say of themselves is not said of the whole. */
static bool is_of_shard(const struct loading *l, const struct json *record)
{
    return l->out->merged && json_get(record, "shard");
}

static bool take_run(struct loading *l, const struct json *record, struct error *err)
{
    if (l->begun && is_of_shard(l, record))
        return true;
    if (l->begun)
        return json_error(record, err, "a second record \"run\"");
    l->begun = true;
    return record_run(record, l->keep, l->out, err);
}

static bool take_record(struct loading *l, const struct json *record, const struct report_line *line,
                        size_t number, struct error *err)
{
    const struct json *kind = json_is(record, JSON_OBJECT, err) ? json_get(record, "record") : NULL;
    const char *name;

    if (record->kind != JSON_OBJECT)
        return false;
    if (!kind)
        return json_error(record, err, "has no \"record\": not a line of a run's log");
    if (!json_string(kind, &name, err))
        return false;
    if (!l->begun && strcmp(name, "run") != 0)
        return json_error(record, err, "expected the record \"run\" first");
    if (strcmp(name, "run") == 0)
        return take_run(l, record, err);
    if (strcmp(name, "profile") == 0)
        return record_profile(record, l->keep, l->out, err);
    if (strcmp(name, "clauses") == 0)
        return l->out->clause_count || report_clauses_read(record, l->keep, l->out, err); // each shard has them
    if (strcmp(name, "baseline") == 0)
        return l->out->today || record_baseline(record, l->keep, l->out, err); // each shard has it
    if (strcmp(name, "case") == 0)
        return take_case(l, record, number, err);
    if (strcmp(name, "conversation") == 0)
        return take_conversation(l, record, line, err);
    if (strcmp(name, "ruled-out") == 0)
        return (l->out->rules_out && is_of_shard(l, record)) || record_ruled_out(record, l->keep, l->out, err);
    return strcmp(name, "end") == 0 && !is_of_shard(l, record) ? record_end(record, l->keep, l->out, err) : true;
}

/* Errors from a line say that it is line 1; put the log's number there. */
static bool relocate(struct error *err, const char *path, size_t number)
{
    size_t len = strlen(path);
    struct error said = *err;

    if (strncmp(said.text, path, len) == 0 && strncmp(said.text + len, ":1", 2) == 0)
        return error_set(err, ERROR_INPUT, "%s:%zu%s", path, number, said.text + len + 2);
    return error_set(err, ERROR_INPUT, "%s:%zu: %s", path, number, said.text);
}

static bool parse_line(struct loading *l, const struct report_line *line, size_t number, bool *cut, struct error *err)
{
    static const struct bytes conversation = { (const uint8_t *)"{\"record\":\"conversation\",", 25 };
    const char *path = l->out->log->path;
    const struct json *record;
    SCRATCH(scratch);

    if (l->ours && l->result && line->whole && bytes_equal(bytes_slice(line->text, 0, conversation.len), conversation)) {
        conversation_is(l, line);
        return true;
    }
    if (!json_parse(line->text, path, &scratch, &record, err)) {
        *cut = !line->whole && l->begun;
        return *cut || relocate(err, path, number);
    }
    return take_record(l, record, line, number, err) || relocate(err, path, number);
}

static bool parse_lines(struct loading *l, bool *cut, struct error *err)
{
    CLEANUP(report_lines_release) struct report_lines lines = { .log = l->out->log };
    struct report_line line;

    for (size_t number = 1; report_lines_next(&lines, &line, err); number++)
        if (line.text.len && !parse_line(l, &line, number, cut, err))
            return false;
    return !lines.failed &&
           (l->begun || error_set(err, ERROR_INPUT, "%s:1: expected the record \"run\", the log is empty", l->out->log->path));
}

static bool parse(struct report_log log, bool ours, struct arena *keep, struct report *out, struct error *err)
{
    struct report r = { .exit = -1, .us = -1 };
    struct loading l = { .out = &r, .keep = keep, .case_link = &r.cases, .ours = ours };
    bool cut = false;

    r.log = ARENA_NEW(keep, struct report_log);
    *r.log = log;
    r.log->path = arena_string(keep, log.path);
    bool read = parse_lines(&l, &cut, err);
    free(l.slots);
    if (!read) {
        report_release(&r);
        return false;
    }
    report_conclude(&r, cut, keep);
    *out = r;
    return true;
}

bool report_parse(struct bytes log, const char *path, struct arena *keep, struct report *out,
                  struct error *err)
{
    return parse((struct report_log){ .path = path, .fd = -1, .all = log }, false, keep, out, err);
}

static bool load(const char *path, bool ours, struct arena *keep, struct report *out, struct error *err)
{
    struct report_log log = { .path = path, .fd = open(path, O_RDONLY | O_CLOEXEC) };
    struct stat st;

    if (log.fd < 0)
        return error_set(err, ERROR_INPUT, "%s: %s", path, strerror(errno));
    if (fstat(log.fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        fd_close(&log.fd);
        return error_set(err, ERROR_INPUT, "%s: is a directory, a file was expected", path);
    }
    return parse(log, ours, keep, out, err);
}

bool report_load_own(const char *path, struct arena *keep, struct report *out, struct error *err)
{
    return load(path, true, keep, out, err);
}

bool report_load(const char *path, struct arena *keep, struct report *out, struct error *err)
{
    return load(path, false, keep, out, err);
}

void report_release(struct report *r)
{
    fd_close(&r->log->fd);
}
