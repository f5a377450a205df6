/*
 * `arcwire baseline` on saved runs: what it writes, to the byte, and what it leaves as people wrote it. The program lies beside the
 * test program.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

#define RUN(selection)                                                                                                 \
    "{\"record\":\"run\",\"log\":1,\"peer\":{\"name\":\"x\",\"dial\":\"us\"},\"deliveries\":[\"plain\",\"random\"],\"selected\":6}\n"   \
    "{\"record\":\"profile\",\"generation\":\"10\",\"charset\":\"ansi\",\"bits\":32,\"types\":[\"word\",\"time\"]}\n"         \
    "{\"record\":\"baseline\",\"today\":\"2026-11-23\"" selection "}\n"
#define WHOLE ",\"selection\":\"\""
#define CASE(id, delivery, verdict, since, check)                                                                      \
    "{\"record\":\"case\",\"id\":\"" id "\",\"since\":" since ",\"suite\":\"s\",\"delivery\":\"" delivery "\",\"verdict\":\"" verdict "\",\"checks\":[" check "]}\n"
#define CHECK(name, verdict, cause) "{\"name\":\"" name "\",\"level\":\"must\",\"verdict\":\"" verdict "\",\"cause\":\"" cause "\"}"
#define END "{\"record\":\"end\",\"exit\":1,\"us\":1}\n"

#define TWICE(id, verdict, check) CASE(id, "plain", verdict, "1", check) CASE(id, "random", verdict, "1", check)

static char place[] = "/tmp/arcwire-baseline-XXXXXX";

static void begin(void)
{
    cr_assert(mkdtemp(place) != NULL);
}

static void end(void)
{
    file_remove_directory(place);
}

static const char *path(const char *name)
{
    static char kept[4096];

    snprintf(kept, sizeof kept, "%s/%s", place, name);
    return kept;
}

static void put(const char *name, const char *text)
{
    struct error err = { 0 };

    cr_assert(file_write(path(name), bytes_of(text), &err), "%s", err.text);
}

static char *get(const char *name, struct arena *keep)
{
    struct error err = { 0 };
    struct bytes text;

    cr_assert(file_read(path(name), 1 << 20, keep, &text, &err), "%s", err.text);
    return (char *)text.data;
}

/* `arcwire baseline WORDS`, on the run and the baseline of this place; what it says lies in "said". */
static int baseline(const char *words)
{
    SCRATCH(keep);
    char program[4096];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);

    cr_assert(n > 0);
    program[n] = 0;
    *strrchr(program, '/') = 0;
    int status = system(arena_printf(&keep, "cd %s && %s/arcwire baseline %s run.ndjson --baseline known.json >said 2>&1", place, program, words));
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TestSuite(baseline_command, .init = begin, .fini = end, .timeout = 60);

Test(baseline_command, init_writes_an_entry_for_each_check_that_fails)
{
    SCRATCH(keep);

    put("run.ndjson", RUN(WHOLE) TWICE("a", "fail", CHECK("reply", "fail", "held-back")) CASE("b", "plain", "pass", "2", CHECK("reply", "pass", ""))
                          CASE("b", "random", "fail", "2", CHECK("reply", "fail", "cut")) TWICE("c", "inconclusive", "") TWICE("d", "unsupported", "")
                              TWICE("e", "error", "") END);
    cr_expect(eq(int, baseline("init"), 2), "no reason is given");
    cr_expect(not(file_exists(path("known.json"))));
    cr_expect(eq(int, baseline("init --reason old --issue http://i/1 --until 2027-01-01"), 0), "%s", get("said", &keep));
    cr_expect(eq(str, get("known.json", &keep),
                 "{ \"format\": 1,\n"
                 "  \"knows\": { \"vectors\": 2, \"cases\": 3, \"profile\": \"10-ansi-32\", \"types\": [\"word\", \"time\"], \"revs\": {} },\n"
                 "  \"entries\": [\n"
                 "    { \"case\": \"a\", \"check\": \"reply\", \"signature\": \"held-back\", \"reason\": \"old\", \"issue\": \"http://i/1\", \"until\": \"2027-01-01\" },\n"
                 "    { \"case\": \"b\", \"check\": \"reply\", \"delivery\": \"random\", \"signature\": \"cut\", \"reason\": \"old\", \"issue\": \"http://i/1\", \"until\": \"2027-01-01\" },\n"
                 "    { \"case\": \"c\", \"check\": \"case\", \"signature\": \"inconclusive\", \"reason\": \"old\", \"issue\": \"http://i/1\", \"until\": \"2027-01-01\" } ] }\n"));
    cr_expect(eq(int, baseline("init --reason again"), 3), "it is there already");
}

#define KNOWN                                                                                                          \
    "{ \"note\": \"ours\", \"format\": 1,\n"                                                                           \
    "  \"knows\": { \"note\": [\"of\", \"May\"], \"vectors\": 1, \"cases\": 2, \"profile\": \"10-ansi-32\", \"types\": [\"word\", \"time\"], \"revs\": {} },\n" \
    "  \"entries\": [ { \"reason\": \"r\", \"note\": \"n\", \"case\": \"b\", \"signature\": \"x\", \"check\": \"reply\" },\n"                      \
    "      { \"case\": \"a\", \"check\": \"reply\", \"signature\": \"y\", \"reason\": \"s\" } ] }\n"

Test(baseline_command, update_keeps_order_and_notes)
{
    SCRATCH(keep);

    put("known.json", KNOWN);
    put("run.ndjson", RUN(WHOLE) TWICE("a", "fail", CHECK("reply", "fail", "z")) TWICE("b", "fail", CHECK("reply", "fail", "x"))
                          CASE("c", "plain", "fail", "2", CHECK("end", "fail", "reset")) END);
    cr_expect(eq(int, baseline("update --reason new"), 0), "%s", get("said", &keep));
    cr_expect(eq(str, get("known.json", &keep),
                 "{ \"note\": \"ours\",\n  \"format\": 1,\n"
                 "  \"knows\": { \"note\": [\"of\", \"May\"], \"vectors\": 2, \"cases\": 3, \"profile\": \"10-ansi-32\", \"types\": [\"word\", \"time\"], \"revs\": {} },\n"
                 "  \"entries\": [\n"
                 "    { \"reason\": \"r\", \"note\": \"n\", \"case\": \"b\", \"signature\": \"x\", \"check\": \"reply\" },\n"
                 "    { \"case\": \"a\", \"check\": \"reply\", \"signature\": \"z\", \"reason\": \"s\" },\n"
                 "    { \"case\": \"c\", \"check\": \"end\", \"signature\": \"reset\", \"reason\": \"new\" } ] }\n"));
}

Test(baseline_command, update_leaves_a_file_alone_in_which_nothing_changes)
{
    SCRATCH(keep);
    const char *own = "{\"format\":1,\"entries\":[\n\n{\"case\":\"a\",\"signature\":\"y\",\"reason\":\"s\"}],\"knows\":{\"vectors\":1,\"cases\":1,\"profile\":\"10-ansi-32\",\"types\":[\"word\",\"time\"],\"revs\":{}}}";

    put("known.json", own);
    put("run.ndjson", RUN(WHOLE) TWICE("a", "fail", CHECK("reply", "fail", "y")) END);
    cr_expect(eq(int, baseline("update"), 0), "%s", get("said", &keep));
    cr_expect(eq(str, get("known.json", &keep), (char *)own));
}

Test(baseline_command, update_writes_down_revisions_that_are_not_the_first)
{
    SCRATCH(keep);

    put("known.json", KNOWN);
    put("run.ndjson", RUN(WHOLE) "{\"record\":\"case\",\"id\":\"a\",\"rev\":2,\"since\":1,\"suite\":\"s\",\"verdict\":\"pass\"}\n" TWICE("b", "pass", "") END);
    cr_expect(eq(int, baseline("update"), 0), "%s", get("said", &keep));
    cr_expect(strstr(get("known.json", &keep), "\"revs\": { \"a\": 2 } },\n") != NULL, "%s", get("known.json", &keep));
}

Test(baseline_command, update_from_a_part_does_not_touch_what_is_known_of_the_whole)
{
    SCRATCH(keep);

    put("known.json", KNOWN);
    put("run.ndjson", RUN(",\"selection\":\"b\"") TWICE("b", "fail", CHECK("reply", "fail", "w")) END);
    cr_expect(eq(int, baseline("update"), 0), "%s", get("said", &keep));
    cr_expect(strstr(get("known.json", &keep), "\"vectors\": 1, \"cases\": 2,") != NULL);
    cr_expect(strstr(get("known.json", &keep), "\"case\": \"b\", \"signature\": \"w\"") != NULL);
}

Test(baseline_command, prune_narrows_what_fails_under_some_deliveries_and_leaves_out_what_is_gone)
{
    SCRATCH(keep);

    put("known.json", "{ \"format\": 1, \"entries\": [ { \"case\": \"a\", \"signature\": \"y\", \"reason\": \"s\", \"note\": \"n\" },\n"
                      "{ \"case\": \"b\", \"signature\": \"x\", \"reason\": \"r\" }, { \"case\": \"gone\", \"signature\": \"x\", \"reason\": \"r\" },\n"
                      "{ \"case\": \"c\", \"signature\": \"x\", \"reason\": \"r\" } ] }\n");
    put("run.ndjson", RUN(WHOLE) CASE("a", "plain", "pass", "1", CHECK("reply", "pass", "")) CASE("a", "random", "fail", "1", CHECK("reply", "fail", "y"))
                          TWICE("b", "pass", CHECK("reply", "pass", "")) TWICE("c", "fail", CHECK("reply", "fail", "x")) END);
    cr_expect(eq(int, baseline("prune"), 0), "%s", get("said", &keep));
    cr_expect(eq(str, get("said", &keep), "known.json: 1 kept, 0 added, 1 changed, 2 removed\n"));
    cr_expect(eq(str, get("known.json", &keep),
                 "{ \"format\": 1,\n"
                 "  \"entries\": [\n"
                 "    { \"case\": \"a\", \"delivery\": \"random\", \"signature\": \"y\", \"reason\": \"s\", \"note\": \"n\" },\n"
                 "    { \"case\": \"c\", \"signature\": \"x\", \"reason\": \"r\" } ] }\n"));
}

// clang-format off
static const struct refusal {
    const char *words, *run, *known, *said;
    int status;
} refusals[] = {
    { "init --reason r",  RUN(WHOLE) TWICE("a", "fail", ""),                  NULL,  "the run is incomplete: the log ends before the run did", 3 },
    { "init --reason r",  RUN("") TWICE("a", "fail", "") END,                 NULL,  "the run chose its cases by another run",                 3 },
    { "init --reason r",  RUN(WHOLE) TWICE("a", "unsupported", "") END,       NULL,  "no case was tested",                                     3 },
    { "update",           RUN(WHOLE) TWICE("a", "pass", "") END,              NULL,  "known.json: does not exist; arcwire baseline init makes it", 3 },
    { "update",           RUN(WHOLE) TWICE("a", "pass", "") END,              "{}",  "known.json:1: has no \"format\"",                        3 },
    { "init --until x",   RUN(WHOLE) TWICE("a", "pass", "") END,              NULL,  "--until: \"x\": expected a day such as 2027-03-31",      2 },
    { "init --today 1",   RUN(WHOLE) TWICE("a", "pass", "") END,              NULL,  "--today: \"1\": expected a day such as 2027-03-31",      2 },
    { "forget",           RUN(WHOLE) TWICE("a", "pass", "") END,              NULL,  "expected init, update or prune",                         2 },
};
// clang-format on

Test(baseline_command, refuses)
{
    for (const struct refusal *r = refusals; r < refusals + COUNT_OF(refusals); r++) {
        SCRATCH(keep);
        put("run.ndjson", r->run);
        unlink(path("known.json"));
        if (r->known)
            put("known.json", r->known);
        cr_expect(eq(int, baseline(r->words), r->status), "%s", r->words);
        cr_expect(strstr(get("said", &keep), r->said) != NULL, "%s: %s", r->words, get("said", &keep));
        cr_expect(eq(int, file_exists(path("known.json")), r->known != NULL), "%s", r->words);
    }
}
