/*
 * Programs that ask and peers that answer, with each other: of right ones all is right; of one that is flawed the right side is blamed, and the
 * other one never.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peer/manifest.h"
#include "run/foreign.h"

static const char *build_of(struct arena *keep)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

    cr_assert(n > 0);
    path[n] = 0;
    *strrchr(path, '/') = 0;
    return arena_string(keep, path);
}

// clang-format off
static const struct foreign_row {
    const char *asks, *answers; // flaws; NULL: none
    const char *id, *due;
} foreign_rows[] = {
    { NULL,                  NULL,                     "packet-lock-step", "right" },
    { NULL,                  NULL,                     "packet-wide-text", "right" },
    { NULL,                  NULL,                     "chat-talk",        "right" },
    { NULL,                  NULL,                     "chat-three-talk",  "right" },
    { NULL,                  NULL,                     "chat-goodbye",     "right" },
    { "asks-swapped",        NULL,                     "packet-lock-step", "asking bytes-swapped" },
    { "asks-in-other-width", NULL,                     "chat-talk",        "asking string-width" },
    { "asks-nothing",        NULL,                     "packet-lock-step", "asking no-answer" },
    { "asks-nobody",         NULL,                     "chat-talk",        "asking refused" },
    { "asks-twice",          NULL,                     "chat-talk",        "asking extra-connection" },
    { "asks-and-stays",      NULL,                     "packet-lock-step", "asking never-exits" },
    { "asks-and-fails",      NULL,                     "packet-lock-step", "asking exit-status" },
    { NULL,                  "chat-echoes",            "chat-talk",        "answering echo" },
    { NULL,                  "chat-greets-latecomers", "chat-latecomer",   "answering" },
    { NULL,                  "chat-tells-one",         "chat-three-talk",  "answering" },
    { NULL,                  "chat-says-it-twice",     "chat-talk",        "answering" },
    { NULL,                  "chat-never-ends",        "chat-goodbye",     "answering never-ends" },
    { NULL,                  "chat-never-ends",        "chat-three-talk",  "answering" },
    { NULL,                  "chat-announces-ends",    "chat-talk",        "answering spoke-unasked" },
};
// clang-format on

static struct foreign_side side_of(const char *flaw, struct arena *keep)
{
    struct manifest *m = ARENA_NEW(keep, struct manifest);
    struct error err;

    cr_assert(manifest_read(flaw ? "peers/flawed/peer.json" : "peers/reference/peer.json", keep, m, &err), "%s", err.text);
    const struct manifest_variant *v = flaw ? manifest_variant(m, flaw) : NULL;
    cr_assert(flaw == NULL || v != NULL, "%s", flaw ? flaw : "");
    return (struct foreign_side){ m, v };
}

static const struct vector *case_of(const struct library *lib, const char *id)
{
    for (size_t i = 0; i < lib->suite_count; i++)
        for (size_t k = 0; k < lib->suites[i].count; k++)
            if (strcmp(lib->suites[i].vectors[k].id, id) == 0)
                return &lib->suites[i].vectors[k];
    cr_assert(false, "%s", id);
    return NULL;
}

static const char *played(const struct foreign_row *t, const struct library *lib, struct arena *keep)
{
    struct run_options run = { .seed = 7, .limits = limits_default, .profile = profile_default, .build = build_of(keep) };
    const struct foreign_side sides[2] = { side_of(t->asks, keep), side_of(t->answers, keep) };
    const struct vector *v = case_of(lib, t->id);
    struct foreign_result r;
    struct error err;

    if (t->asks || t->answers) // of right ones nothing is waited for
        run.limits.step = 300000;
    struct foreign *f = foreign_new(sides, v->service->name, lib, &run, RELAY_AS_READ, &err);
    cr_assert(f != NULL, "%s", err.text);
    cr_expect(foreign_plays(f, v), "%s", t->id);
    cr_assert(foreign_play(f, v, keep, &r, &err), "%s", err.text);
    foreign_free(f);
    if (r.verdict == FOREIGN_NOT_JUDGED)
        return arena_printf(keep, "not judged: %s", r.why);
    if (r.verdict == FOREIGN_RIGHT)
        return "right";
    if (r.wrong[0] && r.wrong[1])
        return arena_printf(keep, "both: %s; %s", r.sentence[0], r.sentence[1]);
    return r.wrong[0] ? arena_printf(keep, "asking %s", r.cause[0]) : arena_printf(keep, "answering %s", r.cause[1]);
}

Test(foreign, the_side_that_is_wrong_is_blamed, .timeout = 60)
{
    struct library lib = { 0 };
    struct error err;

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    cr_assert(library_load(&lib, (const char *const[]){ "vectors" }, 1, &err), "%s", err.text);
    for (const struct foreign_row *t = foreign_rows; t < foreign_rows + COUNT_OF(foreign_rows); t++) {
        SCRATCH(keep);
        const char *got = played(t, &lib, &keep);
        cr_expect(strncmp(got, t->due, strlen(t->due)) == 0, "%s asks %s, %s: %s, due was %s", t->asks ? t->asks : "the reference",
                  t->answers ? t->answers : "the reference", t->id, got, t->due);
    }
    cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "nothing is left");
    library_free(&lib);
}
