#include "report/merge.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fd.h"
#include "json/write.h"
#include "report/talk.h"

/* Where a line goes: `run` records first, `end` records last, the rest by place; then by shard, then as they stood. */
struct merge_line {
    enum { LINE_RUN, LINE_PLACED, LINE_END } kind;
    uint64_t place, at;
    unsigned shard;
    size_t len, number;
    bool before; // or about what goes before a service's cases: it is in every shard
};

static bool begins(struct bytes line, const char *with)
{
    return line.len >= strlen(with) && memcmp(line.data, with, strlen(with)) == 0;
}

static struct merge_line *line_add(struct merge *m)
{
    if (m->line_count == m->room) {
        m->room = m->room ? 2 * m->room : 1024;
        m->lines = realloc(m->lines, m->room * sizeof *m->lines);
        if (!m->lines)
            memory_exhausted();
    }
    m->lines[m->line_count] = (struct merge_line){ 0 };
    return &m->lines[m->line_count++];
}

static bool goes_before(const char *id)
{
    static const char *const ids[] = { "first-control", "capabilities", "information" };

    for (size_t i = 0; i < COUNT_OF(ids); i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

static bool read_run(struct merge_shard *s, const struct json *record, struct error *err)
{
    uint64_t format = 0, shard = 0, shards = 0;

    if (!member_u64(record, "log", &format, err) || !member_u64(record, "shard", &shard, err) || !member_u64(record, "shards", &shards, err))
        return false;
    if (json_get(record, "merged"))
        return error_set(err, ERROR_INPUT, "is merged already");
    if (format != 2 || shards == 0 || shard == 0 || shard > shards || shards > CHAIN_SHARDS)
        return error_set(err, ERROR_INPUT, "is no shard: it was not run with --shard");
    s->run = record;
    return true;
}

static bool read_declared(struct merge *m, const struct json *record, struct error *err)
{
    const struct json *list, *tested, *shown;

    if (!member_array(record, "declared", &list, err) || !list)
        return list != NULL;
    if (!m->declared)
        m->declared = ARENA_ARRAY(&m->keep, list->count, struct log_deviation);
    m->declared_count = list->count;
    size_t i = 0;
    for json_each (one, list) {
        struct log_deviation *d = &m->declared[i++];
        bool was_tested = false, was_shown = false;
        if (!member_string(one, "clause", &m->keep, &d->clause, err) || !member_string(one, "reason", &m->keep, &d->reason, err) ||
            ((tested = json_get(one, "tested")) && !json_bool(tested, &was_tested, err)) ||
            ((shown = json_get(one, "shown")) && !json_bool(shown, &was_shown, err)))
            return false;
        d->tested |= was_tested;
        d->shown |= was_shown;
    }
    return true;
}

static bool read_suspect(struct merge *m, const struct json *record, struct error *err)
{
    struct merge_suspect s = { 0 };
    uint64_t place = 0, mistake = 0, ways = 0;

    if (!member_string(record, "service", &m->keep, &s.service, err) || !member_u64(record, "place", &place, err) ||
        !member_string(record, "cause", &m->keep, &s.is.cause, err) || !member_string(record, "summary", &m->keep, &s.is.summary, err) ||
        !member_u64(record, "mistake", &mistake, err) || !member_u64(record, "ways", &ways, err) ||
        !member_string(record, "of", &m->keep, &s.is.of, err))
        return false;
    if (!s.service || !s.is.cause || !s.is.summary || mistake > UINT32_MAX || ways > UINT32_MAX)
        return error_set(err, ERROR_INPUT, "a suspect without its service, cause or summary");
    s.place = (size_t)place;
    s.order = m->suspect_count;
    s.is.mistake = (unsigned)mistake;
    s.is.ways = (unsigned)ways;
    if (m->suspect_count == m->suspect_room) {
        m->suspect_room = m->suspect_room ? 2 * m->suspect_room : 64;
        struct merge_suspect *more = ARENA_ARRAY(&m->keep, m->suspect_room, struct merge_suspect);
        if (m->suspect_count)
            memcpy(more, m->suspects, m->suspect_count * sizeof *more);
        m->suspects = more;
    }
    m->suspects[m->suspect_count++] = s;
    return true;
}

static void add_passed(struct merge *m, const char *id, uint64_t place)
{
    if (m->passed_count == m->passed_room) {
        m->passed_room = m->passed_room ? 2 * m->passed_room : 1024;
        struct merge_passed *more = ARENA_ARRAY(&m->keep, m->passed_room, struct merge_passed);
        if (m->passed_count)
            memcpy(more, m->passed, m->passed_count * sizeof *more);
        m->passed = more;
    }
    m->passed[m->passed_count++] = (struct merge_passed){ arena_string(&m->keep, id), m->profile, place };
}

struct reading {
    struct merge *m;
    struct merge_shard *shard;
    unsigned index;      // among the logs as they were given
    struct merge_line last; // of a case
    size_t declares;     // records `deviations` so far
};

static bool read_line(struct reading *r, const struct report_line *line, size_t number, struct error *err)
{
    struct merge_line *l = line_add(r->m);
    const char *name, *id = "", *verdict = "";
    const struct json *record, *at;

    l->at = line->at;
    l->len = line->text.len;
    l->number = number;
    l->shard = r->index;
    l->kind = LINE_PLACED;
    if (begins(line->text, "{\"record\":\"conversation\",")) { // large, and it goes with its case
        l->place = r->last.place;
        l->before = r->last.before;
        return true;
    }
    SCRATCH(scratch);
    bool kept = begins(line->text, "{\"record\":\"run\",") || begins(line->text, "{\"record\":\"end\",");
    if (!json_parse(line->text, r->shard->path, kept ? &r->m->keep : &scratch, &record, err) || !json_is(record, JSON_OBJECT, err))
        return false;
    if (!(at = json_get(record, "record")) || !json_string(at, &name, err))
        return error_set(err, ERROR_INPUT, "has no \"record\"");
    if (strcmp(name, "run") == 0) {
        l->kind = LINE_RUN;
        return read_run(r->shard, record, err);
    }
    if (strcmp(name, "end") == 0) {
        l->kind = LINE_END;
        r->shard->end = record;
        return true;
    }
    if (!member_u64(record, "n", &l->place, err))
        return false;
    l->before = true;
    if (strcmp(name, "deviations") == 0)
        return ++r->declares && read_declared(r->m, record, err);
    if (strcmp(name, "suspect") == 0)
        return read_suspect(r->m, record, err);
    if (strcmp(name, "case") != 0)
        return true;
    if (!member_string(record, "id", &scratch, &id, err) || !member_string(record, "verdict", &scratch, &verdict, err))
        return false;
    l->before = goes_before(id);
    r->shard->results += !l->before;
    r->last = *l;
    if (!member_string(record, "profile", &r->m->keep, &r->m->profile, err))
        return false;
    if (!l->before && strcmp(verdict, report_verdicts[REPORT_PASS].name) == 0)
        add_passed(r->m, id, l->place);
    return true;
}

static bool read_shard(struct reading *r, struct error *err)
{
    struct merge_shard *s = r->shard;
    struct chain_verdict held;

    if (!chain_verify(s->path, &held, err))
        return false;
    s->log = (struct report_log){ .path = s->path, .fd = open(s->path, O_RDONLY | O_CLOEXEC) };
    if (s->log.fd < 0)
        return error_set(err, ERROR_INPUT, "%s: %s", s->path, strerror(errno));
    CLEANUP(report_lines_release) struct report_lines lines = { .log = &s->log };
    struct report_line line;
    for (size_t number = 1; report_lines_next(&lines, &line, err); number++)
        if (!read_line(r, &line, number, err))
            return error_within(err, "%s", s->path);
    return !lines.failed;
}

static uint64_t number_of(const struct json *record, const char *key)
{
    struct error err;
    uint64_t n = 0;

    return member_u64(record, key, &n, &err) ? n : 0;
}

/* A value as text, for comparing and telling. */
static const char *text_of(const struct json *record, const char *key, struct arena *keep)
{
    const struct json *value = json_get(record, key);
    TEXT(out);
    struct json_out j = { .to = &out };

    if (!value)
        return "nothing";
    json_put_value(&j, NULL, value);
    return arena_string(keep, text_string(&out));
}

/* What all shards of one run have in common. */
static bool are_alike(const struct merge_shard *a, const struct merge_shard *b, struct error *err)
{
    static const char *const keys[] = { "shards", "arcwire", "vectors", "seed", "peer", "deliveries", "command", "places" };
    SCRATCH(scratch);

    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const char *one = text_of(a->run, keys[i], &scratch), *other = text_of(b->run, keys[i], &scratch);
        if (strcmp(one, other) != 0)
            return error_set(err, ERROR_INPUT, "%s and %s are no shards of one run: \"%s\" is %.90s and %.90s", a->path, b->path, keys[i], one, other);
    }
    return true;
}

static bool is_whole(const struct merge_shard *s, struct error *err)
{
    uint64_t selected = number_of(s->run, "selected");

    return s->results == selected ||
           error_set(err, ERROR_INPUT, "%s: %zu of its %llu results are there", s->path, s->results, (unsigned long long)selected);
}

/* Puts the shards in their order. */
static bool sort_shards(struct merge *m, struct error *err)
{
    size_t count = (size_t)number_of(m->shards[0].run, "shards");
    struct merge_shard *sorted = ARENA_ARRAY(&m->keep, count, struct merge_shard);
    unsigned *by_index = ARENA_ARRAY(&m->keep, m->count, unsigned);

    for (size_t i = 0; i < m->count; i++) {
        struct merge_shard *s = &m->shards[i];
        if (!are_alike(&m->shards[0], s, err))
            return false;
        struct merge_shard *to = &sorted[number_of(s->run, "shard") - 1];
        if (to->path)
            return error_set(err, ERROR_INPUT, "shard %zu of %zu is there twice: %s and %s", to - sorted + 1, count, to->path, s->path);
        by_index[i] = (unsigned)(to - sorted);
        *to = *s;
    }
    for (size_t i = 0; i < count; i++)
        if (!sorted[i].path)
            return error_set(err, ERROR_INPUT, "shard %zu of %zu is missing", i + 1, count);
    for (size_t i = 0; i < count; i++)
        if (!is_whole(&sorted[i], err))
            return false;
    for (size_t i = 0; i < m->line_count; i++)
        m->lines[i].shard = by_index[m->lines[i].shard];
    m->shards = sorted;
    return true;
}

static int by_place(const void *a, const void *b)
{
    const struct merge_line *x = a, *y = b;

    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    if (x->shard != y->shard)
        return x->shard < y->shard ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static int suspect_by_place(const void *a, const void *b)
{
    const struct merge_suspect *x = a, *y = b;

    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static int passed_by_place(const void *a, const void *b)
{
    const struct merge_passed *x = a, *y = b;

    return x->place < y->place ? -1 : x->place > y->place;
}

/* No place is played by two shards, but for what goes before the cases. */
static bool are_single(const struct merge *m, struct error *err)
{
    for (size_t i = 1; i < m->line_count; i++) {
        const struct merge_line *a = &m->lines[i - 1], *b = &m->lines[i];
        if (a->kind == LINE_PLACED && b->kind == LINE_PLACED && a->place == b->place && a->shard != b->shard && b->place < m->places && !b->before &&
            !a->before)
            return error_set(err, ERROR_INPUT, "%s:%zu and %s:%zu tell the same result", m->shards[a->shard].path, a->number,
                             m->shards[b->shard].path, b->number);
    }
    return true;
}

static void repeat_all(struct merge *m)
{
    const struct json *run = m->shards[0].run, *peer = json_get(run, "peer");
    const char *how = "", *seed = "";
    struct error none;

    if (peer && peer->kind == JSON_OBJECT)
        member_string(peer, "how", &m->keep, &how, &none);
    member_string(run, "seed", &m->keep, &seed, &none);
    m->again = arena_printf(&m->keep, "arcwire run --delivery plain --seed %s %s", seed, how);
}

bool merge_read(struct merge *m, const char *const *paths, size_t count, struct error *err)
{
    size_t declares = 0, played = 0;

    *m = (struct merge){ .count = count, .profile = "" };
    m->shards = ARENA_ARRAY(&m->keep, count, struct merge_shard);
    for (size_t i = 0; i < count; i++)
        m->shards[i].log.fd = -1;
    for (size_t i = 0; i < count; i++) {
        struct reading r = { .m = m, .shard = &m->shards[i], .index = (unsigned)i };
        m->shards[i].path = paths[i];
        if (!read_shard(&r, err))
            return false;
        declares += r.declares;
        played++;
    }
    if (!sort_shards(m, err))
        return false;
    m->places = number_of(m->shards[0].run, "places");
    repeat_all(m);
    if (declares < played)
        m->declared = NULL;
    qsort(m->lines, m->line_count, sizeof *m->lines, by_place);
    if (m->suspect_count)
        qsort(m->suspects, m->suspect_count, sizeof *m->suspects, suspect_by_place);
    if (m->passed_count)
        qsort(m->passed, m->passed_count, sizeof *m->passed, passed_by_place);
    return are_single(m, err);
}

const char *merge_says(struct merge *m, const char *of, const char *key)
{
    const struct json *from = m->shards[0].run;
    const char *says = NULL;
    struct error none;

    if (of)
        from = json_get(from, of);
    if (from && from->kind == JSON_OBJECT)
        member_string(from, key, &m->keep, &says, &none);
    return says;
}

void merge_free(struct merge *m)
{
    for (size_t i = 0; i < m->count; i++)
        fd_close(&m->shards[i].log.fd);
    free(m->lines);
    arena_free(&m->keep);
}

/* ---- writing ---- */

struct writing {
    struct merge *m;
    const char *path; // of the temporary file
    FILE *file;
    struct chain chain; // of the records that the whole has of its own
    size_t records;
};

static bool put_line(struct writing *w, struct bytes line, struct error *err)
{
    if (fwrite(line.data, 1, line.len, w->file) != line.len || putc('\n', w->file) == EOF)
        return error_errno(err, "%s", w->path);
    w->records++;
    return true;
}

/* An object without its last brace. */
static bool put_own(struct writing *w, struct text *line, struct error *err)
{
    chain_add(&w->chain, line, 0);
    return put_line(w, buffer_bytes(&line->b), err);
}

static bool put_shards_line(struct writing *w, const struct merge_line *l, struct error *err)
{
    CLEANUP(buffer_free) struct buffer line = { 0 };

    if (!report_line_read(&w->m->shards[l->shard].log, l->at, l->len, &line))
        return error_set(err, ERROR_INPUT, "%s: has changed meanwhile", w->m->shards[l->shard].path);
    return put_line(w, buffer_bytes(&line), err);
}

/* The earliest, or the latest, of a time in all shards: they have one form, which sorts as text does. */
static const char *extreme(const struct merge *m, bool of_end, const char *key, int sign, struct arena *keep)
{
    const char *best = NULL;

    for (size_t i = 0; i < m->count; i++) {
        const struct json *record = of_end ? m->shards[i].end : m->shards[i].run, *at = json_get(record, key);
        if (at && at->kind == JSON_STRING && (!best || sign * strcmp(at->string, best) > 0))
            best = arena_string(keep, at->string);
    }
    return best ? best : "";
}

/* Labels that all shards have, and alike. */
static void put_labels(struct json_out *j, const struct merge *m)
{
    const struct json *labels = json_get(m->shards[0].run, "labels");
    bool begun = false;

    if (!labels)
        return;
    for json_each (label, labels) {
        bool everywhere = label->kind == JSON_STRING;
        for (size_t i = 1; i < m->count && everywhere; i++) {
            const struct json *there = json_get(m->shards[i].run, "labels"), *same = there ? json_get(there, label->key) : NULL;
            everywhere = same && same->kind == JSON_STRING && strcmp(same->string, label->string) == 0;
        }
        if (everywhere && !begun)
            json_begin(j, "labels", '{');
        begun |= everywhere;
        if (everywhere)
            json_put_string(j, label->key, label->string);
    }
    if (begun)
        json_end(j, '}');
}

/* The first shard's record, but for what is its own. */
static bool put_run(struct writing *w, struct error *err)
{
    static const char *const own[] = { "selected", "started", "labels", "argv", "settings", "host", "shard", "shards", "shard-from", "worst-us", "chain" };
    const struct merge *m = w->m;
    SCRATCH(scratch);
    TEXT(line);
    struct json_out j = { .to = &line };
    uint64_t selected = 0;

    for (size_t i = 0; i < m->count; i++)
        selected += number_of(m->shards[i].run, "selected");
    json_begin(&j, NULL, '{');
    for json_each (member, m->shards[0].run) {
        bool is_own = false;
        for (size_t i = 0; i < COUNT_OF(own); i++)
            is_own |= strcmp(own[i], member->key) == 0;
        if (!is_own)
            json_put_value(&j, member->key, member);
    }
    json_put_string(&j, "started", extreme(m, false, "started", -1, &scratch));
    json_put_u64(&j, "selected", selected);
    put_labels(&j, m);
    json_put_string(&j, "ruled-out", m->rules_out ? "whole" : "shards");
    json_put_u64(&j, "merged", m->count);
    return put_own(w, &line, err);
}

static bool put_extra(struct writing *w, struct bytes extra, struct error *err)
{
    while (extra.len) {
        const uint8_t *newline = memchr(extra.data, '\n', extra.len);
        size_t len = newline ? (size_t)(newline - extra.data) : extra.len;
        TEXT(line);
        text_addn(&line, (const char *)extra.data, len - 1);
        text_printf(&line, ",\"n\":%llu", (unsigned long long)w->m->places);
        if (!put_own(w, &line, err))
            return false;
        extra = bytes_slice(extra, len + 1, extra.len);
    }
    return true;
}

static void put_counts(struct json_out *j, const char *key, const size_t *counts)
{
    json_begin(j, key, '{');
    for (int v = 0; v < REPORT_VERDICTS; v++)
        json_put_u64(j, report_verdicts[v].name, counts[v]);
    json_end(j, '}');
}

static void put_heads(struct json_out *j, const struct merge *m)
{
    SCRATCH(scratch);

    json_begin(j, "heads", '[');
    for (size_t i = 0; i < m->count; i++) {
        const char *chain = "";
        struct error none;
        member_string(m->shards[i].end, "chain", &scratch, &chain, &none);
        json_begin(j, NULL, '{');
        json_put_u64(j, "shard", i + 1);
        json_put_u64(j, "records", number_of(m->shards[i].end, "records") + 1);
        json_put_string(j, "chain", chain);
        json_end(j, '}');
    }
    json_end(j, ']');
}

/* As one run would have ended. Nothing ran (7) only where it did in no shard. */
static int status(const struct merge *m, const struct report *whole, int (*worse)(int, int))
{
    int all = 0, nothing = 7;
    bool ran = false;

    for (size_t i = 0; i < m->count; i++) {
        int one = (int)number_of(m->shards[i].end, "exit");
        if (number_of(m->shards[i].run, "selected") == 0)
            continue;
        ran |= one != nothing;
        all = worse(all, one == nothing ? 0 : one);
    }
    for (int v = 0; v < REPORT_VERDICTS; v++)
        if (report_verdicts[v].bad && whole->totals[v])
            all = worse(all, 1);
    return ran ? all : worse(all, nothing);
}

static bool put_end(struct writing *w, const struct report *whole, int (*worse)(int, int), struct error *err)
{
    static const char *const kinds[] = { "work", "waiting", "proven", "timed" };
    const struct merge *m = w->m;
    SCRATCH(scratch);
    TEXT(line);
    struct json_out j = { .to = &line };
    uint64_t longest = 0;

    json_begin(&j, NULL, '{');
    json_put_string(&j, "record", "end");
    put_counts(&j, "totals", whole->totals);
    put_counts(&j, "results", whole->results);
    w->m->exit = status(m, whole, worse);
    json_put_int(&j, "exit", w->m->exit);
    json_put_string(&j, "ended", extreme(m, true, "ended", 1, &scratch));
    for (size_t i = 0; i < m->count; i++)
        longest = number_of(m->shards[i].end, "us") > longest ? number_of(m->shards[i].end, "us") : longest;
    json_put_u64(&j, "us", longest);
    json_begin(&j, "spent", '{');
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        int64_t sum = 0, one = 0;
        struct error none;
        for (size_t i = 0; i < m->count; i++) {
            const struct json *spent = json_get(m->shards[i].end, "spent");
            if (spent && member_i64(spent, kinds[k], &one, &none))
                sum += one;
        }
        json_put_int(&j, kinds[k], sum);
    }
    json_end(&j, '}');
    for (size_t i = 0; i < m->count; i++) {
        const struct json *why = json_get(m->shards[i].end, "incomplete");
        if (!why || why->kind != JSON_STRING)
            continue;
        json_put_string(&j, "incomplete", arena_printf(&scratch, "shard %zu: %s", i + 1, why->string));
        break;
    }
    put_heads(&j, m);
    json_put_u64(&j, "records", w->records);
    return put_own(w, &line, err);
}

static bool write_lines(struct writing *w, struct bytes extra, int (*worse)(int, int), struct error *err)
{
    const struct merge *m = w->m;
    struct report whole;
    SCRATCH(keep);
    size_t i = 0;

    if (!put_run(w, err))
        return false;
    for (; i < m->line_count && m->lines[i].kind != LINE_END; i++)
        if (!put_shards_line(w, &m->lines[i], err))
            return false;
    if (!put_extra(w, extra, err))
        return false;
    for (; i < m->line_count; i++)
        if (!put_shards_line(w, &m->lines[i], err))
            return false;
    if (fflush(w->file) != 0)
        return error_errno(err, "%s", w->path);
    if (!report_load_own(w->path, &keep, &whole, err)) // what it comes down to is counted in one place
        return false;
    report_release(&whole);
    return put_end(w, &whole, worse, err);
}

bool merge_write(struct merge *m, const char *path, struct bytes extra, int (*worse)(int, int), struct error *err)
{
    struct writing w = { .m = m, .path = arena_printf(&m->keep, "%s.part", path) };

    w.file = fopen(w.path, "we");
    if (!w.file)
        return error_errno(err, "%s", w.path);
    bool good = write_lines(&w, extra, worse, err);
    if (fclose(w.file) != 0 && good)
        good = error_errno(err, "%s", w.path);
    if (good && rename(w.path, path) < 0)
        good = error_errno(err, "%s", path);
    if (!good)
        remove(w.path);
    return good;
}
