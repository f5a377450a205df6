/*
 * `arcwire evidence`: all that speaks for a run, in one directory that can be kept and checked without arcwire.
 */
#include "app/play.h"

#include <stdio.h>

#include "base/file.h"
#include "json/write.h"
#include "report/chain.h"
#include "report/report.h"
#include "report/requirements.h"

#define FILES_MAX 64
#define FILE_SIZE ((size_t)4 << 30) // of one that is copied
#define LIBRARY   "/usr/share/doc/libcjson1/copyright" // whose licence goes with the program's, where it lies there

struct pack {
    const char *directory;
    struct arena keep;
    const char *names[FILES_MAX]; // within the directory
    char digests[FILES_MAX][65];
    size_t count;
};

static bool put(struct pack *p, const char *name, struct bytes data, struct error *err)
{
    const char *path = arena_printf(&p->keep, "%s/%s", p->directory, name);

    if (p->count == FILES_MAX)
        return error_set(err, ERROR_BUG, "more than %d files", FILES_MAX);
    if (!file_write(path, data, err) || !file_digest(path, p->digests[p->count], err))
        return false;
    p->names[p->count++] = name;
    return true;
}

static bool copy(struct pack *p, const char *from, const char *name, struct error *err)
{
    SCRATCH(scratch);
    struct bytes data;

    return file_read(from, FILE_SIZE, &scratch, &data, err) && put(p, name, data, err);
}

static bool copy_all(struct pack *p, const char *from, const char *suffix, const char *to, struct error *err)
{
    const char *const *names;
    size_t count;

    if (!file_list(from, suffix, &p->keep, &names, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!copy(p, arena_printf(&p->keep, "%s/%s", from, names[i]), arena_printf(&p->keep, "%s/%s", to, names[i]), err))
            return false;
    return true;
}

static bool put_views(struct pack *p, const struct report *r, struct error *err)
{
    for (size_t i = 0; i < report_format_count; i++) {
        const struct report_format *f = &report_formats[i];
        TEXT(view);
        if (!f->file || (f->write == report_trace && !r->requirements))
            continue;
        f->write(r, &view);
        if (!put(p, f->file, buffer_bytes(&view.b), err))
            return false;
    }
    return true;
}

/* Schemas of what lies there, and the licences of what made it. */
static bool put_papers(struct pack *p, struct error *err)
{
    const char *reports = arena_printf(&p->keep, "%s/reports", place_data()), *licence = arena_printf(&p->keep, "%s/LICENSE", place_data());

    return file_make_directory(arena_printf(&p->keep, "%s/schemas", p->directory), err) &&
           file_make_directory(arena_printf(&p->keep, "%s/licences", p->directory), err) && copy_all(p, reports, ".schema.json", "schemas", err) &&
           copy_all(p, reports, ".xsd", "schemas", err) && copy(p, licence, "licences/arcwire", err) &&
           (!file_exists(LIBRARY) || copy(p, LIBRARY, "licences/libcjson", err));
}

static bool put_selftest(struct pack *p, const char *directory, struct error *err)
{
    return !directory || (copy(p, arena_printf(&p->keep, "%s/selftest.json", directory), "selftest.json", err) &&
                          copy(p, arena_printf(&p->keep, "%s/selftest.html", directory), "selftest.html", err));
}

/* What it is about, and each file with its digest; the same as lines for `sha256sum -c`. */
static bool put_list(struct pack *p, const struct report *r, bool selftest, struct error *err)
{
    char program[65];
    TEXT(json);
    TEXT(sums);
    struct json_out j = { .to = &json, .indent = 2 };

    if (!file_digest("/proc/self/exe", program, err))
        return false;
    json_begin(&j, NULL, '{');
    json_put_int(&j, "format", 1);
    json_put_string(&j, "arcwire", VERSION);
    json_put_string(&j, "program", program);
    json_put_string(&j, "peer", r->peer_name);
    if (r->subject)
        json_put_string(&j, "subject", r->subject);
    json_put_string(&j, "started", r->started ? r->started : "");
    json_put_string(&j, "seed", r->seed ? r->seed : "");
    json_put_bool(&j, "green", r->green);
    json_put_bool(&j, "complete", !r->incomplete);
    json_put_bool(&j, "selftest", selftest);
    json_begin(&j, "files", '[');
    for (size_t i = 0; i < p->count; i++) {
        json_begin(&j, NULL, '{');
        json_put_string(&j, "name", p->names[i]);
        json_put_string(&j, "sha256", p->digests[i]);
        json_end(&j, '}');
    }
    json_end(&j, ']');
    json_end(&j, '}');
    text_char(&json, '\n');
    if (!put(p, "evidence.json", buffer_bytes(&json.b), err))
        return false;
    for (size_t i = 0; i < p->count; i++)
        text_printf(&sums, "%s  %s\n", p->digests[i], p->names[i]);
    return put(p, "SHA256SUMS", buffer_bytes(&sums.b), err);
}

static bool pack(struct pack *p, const struct options *o, struct error *err)
{
    const char *log = log_place(o->word_count > 1 ? o->words[1] : NULL, &p->keep);
    struct chain_verdict held;
    struct compared compared;
    struct report report;

    if (file_exists(arena_printf(&p->keep, "%s/evidence.json", p->directory)))
        return error_set(err, ERROR_INPUT, "%s: holds evidence already", p->directory);
    if (!chain_verify(log, &held, err) || !report_load(log, &p->keep, &report, err))
        return false;
    bool good = compare(o, &report, &compared, &p->keep, err) && file_make_directory(p->directory, err) && copy(p, log, "run.ndjson", err) &&
                put_views(p, &report, err) && put_selftest(p, o->selftest, err) && put_papers(p, err) &&
                put_list(p, &report, o->selftest != NULL, err);
    compared_release(&compared);
    report_release(&report);
    return good;
}

int command_evidence(const struct options *o)
{
    struct pack p = { .directory = o->word_count ? o->words[0] : NULL };
    struct error err;

    if (o->word_count < 1 || o->word_count > 2) {
        fputs("arcwire evidence: expected DIR, and a run unless it is the last; see arcwire evidence --help\n", stderr);
        return EXIT_USAGE;
    }
    bool good = pack(&p, o, &err);
    if (good)
        printf("%zu files%s; to check them: cd %s && sha256sum -c SHA256SUMS\n", p.count, o->selftest ? "" : ", without a selftest (--selftest DIR)", p.directory);
    arena_free(&p.keep);
    return good ? EXIT_EXPECTED : fail(&err);
}
