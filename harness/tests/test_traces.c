/*
 * Saved logs, one of each format that there was: they are still read, what is told of them is what was told, and today's checks
 * find in their conversations what was found.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "base/file.h"
#include "report/recheck.h"
#include "report/report.h"

#define TRACES "reports/tests/traces/"

static const char *const traces[] = { "format-1", "format-2", "merged-2" };

static void load(const char *name, struct arena *keep, struct report *out)
{
    struct error err = { 0 };

    cr_assert(report_load(arena_printf(keep, TRACES "%s.ndjson", name), keep, out, &err), "%s", err.text);
}

Test(traces, their_reports_are_what_they_were, .timeout = 20)
{
    for (size_t i = 0; i < COUNT_OF(traces); i++) {
        SCRATCH(keep);
        struct report r;
        struct bytes due;
        struct error err = { 0 };
        TEXT(json);
        load(traces[i], &keep, &r);
        cr_assert(file_read(arena_printf(&keep, TRACES "%s.json", traces[i]), 1 << 24, &keep, &due, &err), "%s", err.text);
        report_json(&r, &json);
        cr_expect(bytes_equal(due, buffer_bytes(&json.b)), "arcwire report --format json " TRACES "%s.ndjson is not %s.json any more", traces[i],
                  traces[i]);
        report_release(&r);
    }
}

Test(traces, every_version_of_the_format_has_one, .timeout = 20)
{
    for (size_t i = 0; i < 2; i++) {
        SCRATCH(keep);
        struct report r;
        load(traces[i], &keep, &r);
        cr_expect(eq(u64, r.format, i + 1));
        report_release(&r);
    }
}

/* Judges all of a report anew. */
static void recheck_all(const struct report *r, const struct library *lib, size_t counts[RECHECKS], struct text *said)
{
    struct recheck_run run;
    struct error err = { 0 };

    cr_assert(recheck_begin(r, lib, &run, &err), "%s", err.text);
    for (const struct report_case *c = r->cases; c; c = c->next)
        for (const struct report_result *one = c->first; one; one = one->next) {
            enum recheck how;
            cr_assert(recheck_result(&run, one, &how, said, &err), "%s", err.text);
            counts[how]++;
        }
}

static void vectors_load(struct library *lib)
{
    struct error err = { 0 };

    *lib = (struct library){ 0 };
    cr_assert(library_load(lib, (const char *const[]){ "vectors" }, 1, &err), "%s", err.text);
}

Test(traces, todays_checks_find_what_was_found, .timeout = 60)
{
    struct library lib;

    vectors_load(&lib);
    for (size_t i = 0; i < COUNT_OF(traces); i++) {
        SCRATCH(keep);
        struct report r;
        size_t counts[RECHECKS] = { 0 };
        TEXT(said);
        load(traces[i], &keep, &r);
        recheck_all(&r, &lib, counts, &said);
        cr_expect(eq(str, (char *)text_string(&said), ""), "%s", traces[i]);
        cr_expect(gt(sz, counts[RECHECK_SAME], 0), "%s", traces[i]);
        cr_expect(eq(sz, counts[RECHECK_CHANGED], 0), "%s", traces[i]);
        report_release(&r);
    }
    library_free(&lib);
}

/* Each change of what was found, or of the bytes it was found in, is seen. */
Test(traces, what_is_found_otherwise_is_told, .timeout = 60)
{
    static const struct {
        const char *from, *to, *said; // in the log
    } rows[] = {
        { "\"axis\":\"data\",\"op\":3,\"silence\":\"proven\",\"cause\":\"held-back\"", "\"axis\":\"data\",\"op\":3,\"silence\":\"proven\",\"cause\":\"wide\"",
          "    reply (op 3): fail held-back, was fail wide\n" },
        { "\"id\":\"lifecycle-quit\",\"rev\":1,", "\"id\":\"lifecycle-quits\",\"rev\":1,", "    there is no such case any more\n" },
    };
    struct library lib;

    vectors_load(&lib);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct bytes log;
        struct report r;
        struct error err = { 0 };
        size_t counts[RECHECKS] = { 0 };
        TEXT(said);
        TEXT(changed);
        cr_assert(file_read(TRACES "format-2.ndjson", 1 << 24, &keep, &log, &err), "%s", err.text);
        const char *at = strstr((const char *)log.data, rows[i].from);
        cr_assert(at != NULL, "%s", rows[i].from);
        text_addn(&changed, (const char *)log.data, (size_t)(at - (const char *)log.data));
        text_add(&changed, rows[i].to);
        text_add(&changed, at + strlen(rows[i].from));
        cr_assert(report_parse(buffer_bytes(&changed.b), "run.ndjson", &keep, &r, &err), "%s", err.text);
        recheck_all(&r, &lib, counts, &said);
        cr_expect(strstr(text_string(&said), rows[i].said) != NULL, "%s", text_string(&said));
    }
    library_free(&lib);
}
