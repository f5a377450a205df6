/*
 * Benchmarks: that their arithmetic is right, that what is talked raw is what was talked, and that each row runs and leaves
 * nothing behind. No figure is looked at: what they are is the machine's.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/app.h"
#include "base/fd.h"
#include "base/file.h"
#include "bench/raw.h"
#include "bench/relay.h"
#include "bench/tell.h"
#include "peer/process.h"

static struct series series_of(const double *values, size_t count)
{
    struct series s = { 0 };

    for (size_t i = 0; i < count; i++)
        series_add(&s, values[i]);
    return s;
}

// clang-format off
static const struct {
    const char *label;
    double values[6];
    size_t count;
    double median, low, high;
} rounds[] = {
    { "none",              { 0 },                    0, 0,   0,  0 },
    { "one",               { 4 },                    1, 4,   4,  4 },
    { "two",               { 3, 1 },                 2, 2,   1,  3 },
    { "three, the last is the middle", { 9, 1, 5 },  3, 5,   1,  9 },
    { "four",              { 8, 1, 2, 5 },           4, 3.5, 1,  8 },
    { "an outlier",        { 2, 2, 100, 2, 2 },      5, 2,   2,  100 },
    { "equal in the middle", { 1, 7, 3, 3, 0, 9 },   6, 3,   0,  9 },
};
// clang-format on

Test(figures, the_median_is_the_middle_and_the_order_of_rounds_is_kept)
{
    for (size_t i = 0; i < COUNT_OF(rounds); i++) {
        struct series s = series_of(rounds[i].values, rounds[i].count);
        cr_expect(ieee_ulp_eq(dbl, series_median(&s), rounds[i].median, 1), "%s", rounds[i].label);
        cr_expect(ieee_ulp_eq(dbl, series_low(&s), rounds[i].low, 1), "%s", rounds[i].label);
        cr_expect(ieee_ulp_eq(dbl, series_high(&s), rounds[i].high, 1), "%s", rounds[i].label);
        for (size_t k = 0; k < rounds[i].count; k++)
            cr_expect(s.values[k] == rounds[i].values[k], "%s: value %zu is where it was", rounds[i].label, k);
    }
}

// clang-format off
static const struct {
    const char *label;
    struct goal goal;
    double value, missed;
} goals[] = {
    { "no goal",             { GOAL_NONE, 0 },      99,   0    },
    { "at most, met",        { GOAL_AT_MOST, 2 },   1.5,  0    },
    { "at most, just met",   { GOAL_AT_MOST, 2 },   2,    0    },
    { "at most, missed",     { GOAL_AT_MOST, 2 },   2.25, 0.25 },
    { "at least, met",       { GOAL_AT_LEAST, 1.5 }, 1.75, 0   },
    { "at least, just met",  { GOAL_AT_LEAST, 1.5 }, 1.5,  0   },
    { "at least, missed",    { GOAL_AT_LEAST, 1.5 }, 1,    0.5 },
};
// clang-format on

Test(figures, a_goal_is_missed_by_the_way_that_is_left)
{
    for (size_t i = 0; i < COUNT_OF(goals); i++)
        cr_expect(ieee_ulp_eq(dbl, goal_missed(goals[i].goal, goals[i].value), goals[i].missed, 1), "%s", goals[i].label);
}

static const struct bench_row missed_row = { "silence", "a silence proven", "×", { GOAL_AT_MOST, 5.0 }, NULL };
static const struct bench_row met_row = { "workers", "two workers", "×", { GOAL_AT_LEAST, 1.7 }, NULL };
static const struct bench_row plain_row = { "harness", "ours alone", "×", { GOAL_NONE, 0 }, NULL };

/* Every shape that a row can have, in words and as JSON. */
static void measured_make(struct measured m[5])
{
    memset(m, 0, 5 * sizeof *m);
    m[0].value = series_of((double[]){ 8, 6, 7.5 }, 3);
    m[0].n = 12345;
    m[0].of = "silences";
    measured_more(&m[0], "raw", "µs", 20);
    measured_more(&m[0], "ours", "µs", 150);
    measured_more(&m[0], "raw", "µs", 21);
    m[1].value = series_of((double[]){ 1.8 }, 1);
    m[1].n = 1;
    m[1].of = "runs";
    m[2].value = series_of((double[]){ 123.4 }, 1);
    m[2].n = 7;
    m[2].of = "cases";
    m[3].value = series_of((double[]){ 9 }, 1);
    m[3].at_least = true;
    m[3].n = 2;
    m[3].of = "runs";
    measured_remark(&m[3], "stopped at %d %%", 3);
    measured_remark(&m[4], "one processor only");
}

static const struct bench_row *const told_rows[] = { &missed_row, &met_row, &plain_row, &missed_row, &met_row };

Test(bench, tells_a_person_the_value_its_goal_and_how_many)
{
    static const char *const told[] = {
        "silence     7.50 ×  (6.00 to 8.00)  goal ≤ 5.00: missed by 2.50 (50 %)  n = 3 × 12,345 silences\n"
        "            a silence proven\n"
        "            raw 20.5 µs · ours 150 µs\n",
        "workers     1.80 ×  goal ≥ 1.70: met  n = 1 runs\n"
        "            two workers\n",
        "harness     123 ×  n = 7 cases\n"
        "            ours alone\n",
        "silence     > 9.00 ×  goal ≤ 5.00: missed by at least 4.00 (80 %)  n = 2 runs\n"
        "            a silence proven\n"
        "            stopped at 3 %\n",
        "workers     not measured: one processor only\n",
    };
    struct measured m[COUNT_OF(told)];

    measured_make(m);
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        TEXT(line);
        tell_row(told_rows[i], &m[i], &line);
        cr_expect(eq(str, (char *)text_string(&line), (char *)told[i]));
    }
}

Test(bench, tells_a_program_the_same_as_json)
{
    static const char *const told[] = {
        "{\"name\":\"silence\",\"what\":\"a silence proven\",\"unit\":\"×\",\"goal\":{\"at-most\":5},\"measured\":true,\"met\":false,\"missed-by\":2.5,"
        "\"median\":7.5,\"low\":6,\"high\":8,\"rounds\":[8,6,7.5],\"n\":12345,\"of\":\"silences\",\"more\":["
        "{\"name\":\"raw\",\"unit\":\"µs\",\"median\":20.5,\"low\":20,\"high\":21,\"rounds\":[20,21]},"
        "{\"name\":\"ours\",\"unit\":\"µs\",\"median\":150,\"low\":150,\"high\":150,\"rounds\":[150]}]}",
        "{\"name\":\"workers\",\"what\":\"two workers\",\"unit\":\"×\",\"goal\":{\"at-least\":1.7},\"measured\":true,\"met\":true,\"missed-by\":0,"
        "\"median\":1.8,\"low\":1.8,\"high\":1.8,\"rounds\":[1.8],\"n\":1,\"of\":\"runs\",\"more\":[]}",
        "{\"name\":\"harness\",\"what\":\"ours alone\",\"unit\":\"×\",\"measured\":true,\"median\":123.4,\"low\":123.4,\"high\":123.4,"
        "\"rounds\":[123.4],\"n\":7,\"of\":\"cases\",\"more\":[]}",
        "{\"name\":\"silence\",\"what\":\"a silence proven\",\"unit\":\"×\",\"goal\":{\"at-most\":5},\"measured\":true,\"met\":false,\"missed-by\":4,"
        "\"median\":9,\"low\":9,\"high\":9,\"rounds\":[9],\"cut-short\":true,\"n\":2,\"of\":\"runs\",\"more\":[],\"remark\":\"stopped at 3 %\"}",
        "{\"name\":\"workers\",\"what\":\"two workers\",\"unit\":\"×\",\"goal\":{\"at-least\":1.7},\"measured\":false,\"remark\":\"one processor only\"}",
    };
    struct measured m[COUNT_OF(told)];

    measured_make(m);
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        TEXT(json);
        struct json_out j = { .to = &json };
        tell_json_row(told_rows[i], &m[i], &j);
        cr_expect(eq(str, (char *)text_string(&json), (char *)told[i]));
    }
}

/* A trace from words: `open`, `say HEX`, `hear HEX`, `end`, `ended`, … with the number of another connection in front. */
static struct trace trace_of(const char *words, struct arena *keep)
{
    static const struct {
        const char *word;
        enum trace_kind kind;
    } kinds[] = { { "open", TRACE_OPEN },  { "say", TRACE_SENT },     { "hear", TRACE_RECEIVED }, { "end", TRACE_FIN_SENT }, { "ended", TRACE_FIN },
                  { "rst", TRACE_RESET },  { "proven", TRACE_PROVEN }, { "waited", TRACE_QUIET },  { "over", TRACE_OVER },    { "late", TRACE_LATE } };
    struct trace t = { .keep = keep };
    char *rest = arena_string(keep, words);

    for (char *word; (word = strsep(&rest, " "));) {
        unsigned on = *word >= '0' && *word <= '9' ? (unsigned)(*word++ - '0') : 0;
        for (size_t i = 0; i < COUNT_OF(kinds); i++) {
            if (strcmp(word, kinds[i].word) != 0)
                continue;
            if (kinds[i].kind != TRACE_SENT && kinds[i].kind != TRACE_RECEIVED) {
                trace_add(&t, kinds[i].kind, on, 0, 0);
                continue;
            }
            const char *hex = strsep(&rest, " ");
            uint8_t bytes[16];
            cr_assert(hex_parse(hex, strlen(hex), bytes));
            trace_add_data(&t, kinds[i].kind, on, 0, 0, (struct bytes){ bytes, strlen(hex) / 2 }, 1);
        }
    }
    return t;
}

static const char *talk_text(const struct raw_talk *talk, struct arena *keep)
{
    static const char *const words[] = { "say", "hear", "end", "await-end" };
    TEXT(out);

    for (size_t i = 0; i < talk->count; i++) {
        text_printf(&out, "%s%s", i ? " " : "", words[talk->turns[i].kind]);
        if (talk->turns[i].bytes.len) {
            text_char(&out, ' ');
            text_hex(&out, talk->turns[i].bytes, false);
        }
    }
    text_printf(&out, ": %zu trips, %zu bytes, %zu proofs", talk->trips, talk->bytes, talk->proofs);
    return arena_string(keep, text_string(&out));
}

// clang-format off
static const struct {
    const char *trace, *talk; // NULL: it is none
} talks[] = {
    { "open say 01 hear 02 end ended over",             "say 01 hear 02 end await-end: 2 trips, 2 bytes, 0 proofs" },
    { "open say 01 hear 02 hear 0304 end ended over",   "say 01 hear 020304 end await-end: 2 trips, 4 bytes, 0 proofs" },
    { "open say 01 say 02 hear 03 end ended over",      "say 01 say 02 hear 03 end await-end: 2 trips, 3 bytes, 0 proofs" },
    { "open say 01 hear 02 say 03 hear 04 end ended",   "say 01 hear 02 say 03 hear 04 end await-end: 3 trips, 4 bytes, 0 proofs" },
    { "open say 01 end hear 02 ended over",             "say 01 end hear 02 await-end: 1 trips, 2 bytes, 0 proofs" },
    { "open say 01 ended end over",                     "say 01 await-end end: 1 trips, 1 bytes, 0 proofs" },
    { "open hear 09 proven end ended over",             "hear 09 end await-end: 1 trips, 1 bytes, 1 proofs" },
    { "open say 01 hear 02 rst over",                   NULL },
    { "open say 01 hear 02 end over",                   NULL },
    { "open say 01 hear 02 ended over",                 NULL },
    { "open say 01 waited end ended over",              NULL },
    { "open say 01 late end ended over",                NULL },
    { "open 1open say 01 hear 02 end ended over",       NULL },
    { "open open say 01 hear 02 end ended over",        NULL },
    { "over",                                           NULL },
};
// clang-format on

Test(bench, what_is_talked_raw_is_what_a_trace_tells)
{
    for (size_t i = 0; i < COUNT_OF(talks); i++) {
        SCRATCH(keep);
        struct raw_talk talk;
        struct trace t = trace_of(talks[i].trace, &keep);
        bool is = raw_talk_of(&t, &keep, &talk);
        cr_expect(is == (talks[i].talk != NULL), "%s", talks[i].trace);
        if (is && talks[i].talk)
            cr_expect(eq(str, (char *)talk_text(&talk, &keep), (char *)talks[i].talk), "%s", talks[i].trace);
    }
}

static void expect_no_child(const char *label)
{
    cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "%s: no process is left", label);
}

Test(bench, raw_pairs_have_every_kind_of_talk, .timeout = 20)
{
    SCRATCH(keep);
    static volatile int stop;
    struct raw_talk all[COUNT_OF(talks)];
    struct raw_plan plan = { all, 0 };
    struct raw_took took;
    struct error err = { 0 };

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (size_t i = 0; i < COUNT_OF(talks); i++) {
        struct trace t = trace_of(talks[i].trace, &keep);
        plan.count += raw_talk_of(&t, &keep, &all[plan.count]);
    }
    double us[64];
    struct raw_each each = { .us = us, .room = COUNT_OF(us) }, few = { .us = us, .room = 3 }, whole = { .talks = true, .us = us, .room = COUNT_OF(us) };
    size_t answers = 0; // behind the first talk, to something that was said
    for (size_t i = 1; i < plan.count; i++) {
        bool said = false;
        for (size_t k = 0; k < all[i].count; k++) {
            answers += all[i].turns[k].kind == RAW_HEAR && said;
            said = all[i].turns[k].kind == RAW_SAY || (said && all[i].turns[k].kind != RAW_HEAR);
        }
    }
    cr_assert(raw_play(&plan, 1, &stop, &took, &each, &err), "%s", err.text);
    cr_expect(took.us > 0 && took.used > 0);
    cr_expect(eq(sz, each.count, answers));
    cr_assert(raw_play(&plan, 0, &stop, &took, &few, &err), "%s", err.text);
    cr_expect(eq(sz, few.count, 3));
    cr_assert(raw_play(&plan, 2, &stop, &took, &whole, &err), "%s", err.text);
    cr_expect(eq(sz, whole.count, plan.count - 2));
    cr_assert(raw_play_at_once(&plan, 0, 3, &stop, &took, &err), "%s", err.text);
    cr_expect(took.us > 0);
    struct raw_answerer answerer, relay;
    each.count = 0;
    cr_assert(raw_answer(&plan, &answerer, &err) && raw_relay(&answerer.at, &relay, &err), "%s", err.text);
    cr_assert(raw_ask(&plan, 1, &relay, &stop, &took, &each, &err), "%s", err.text);
    cr_expect(eq(sz, each.count, answers), "the same by way of a relay");
    raw_answer_end(&relay);
    raw_answer_end(&answerer);
    stop = 1;
    cr_expect(raw_play(&plan, 0, &stop, &took, NULL, &err) && took.us == 0, "nothing is measured behind a stop");
    expect_no_child("raw pairs");
}

Test(bench, an_answerer_that_hears_something_else_is_an_error, .timeout = 20)
{
    SCRATCH(keep);
    struct trace a = trace_of("open say 01 hear 02 end ended", &keep), b = trace_of("open say 0101 hear 02 end ended", &keep);
    struct raw_talk talk, other;
    struct raw_answerer answerer;
    struct error err = { 0 };

    cr_assert(raw_talk_of(&a, &keep, &talk) && raw_talk_of(&b, &keep, &other));
    cr_assert(raw_answer(&(struct raw_plan){ &other, 1 }, &answerer, &err), "%s", err.text);
    AUTO_CLOSE int fd = socket(AF_INET, SOCK_STREAM, 0);
    uint8_t byte = 1;
    cr_assert(connect(fd, (struct sockaddr *)&answerer.at.storage, answerer.at.len) == 0);
    cr_expect(send(fd, &byte, 1, 0) == 1 && shutdown(fd, SHUT_WR) == 0);
    cr_expect(recv(fd, &byte, 1, 0) <= 0, "it does not answer half a request");
    raw_answer_end(&answerer);
    expect_no_child("an answerer");
}

// clang-format off
static const struct {
    const char *text;
    int kind;         // -1: refused
    unsigned answers;
} manners[] = {
    { "mute", MANNER_MUTE, 1 }, { "closing:0", MANNER_CLOSING, 0 }, { "stuck:12", MANNER_STUCK, 12 },
    { "dripping", MANNER_DRIPPING, 1 }, { "babbling:1", MANNER_BABBLING, 1 },
    { "", -1, 0 }, { "mut", -1, 0 }, { "mutes", -1, 0 }, { "mute:", -1, 0 }, { "mute:x", -1, 0 }, { "mute:1x", -1, 0 }, { "mute:-1", -1, 0 },
};
// clang-format on

Test(bench, manners_are_known_by_name_and_number)
{
    for (size_t i = 0; i < COUNT_OF(manners); i++) {
        const struct manner *m;
        unsigned answers;
        struct error err;
        bool good = manner_parse(manners[i].text, &m, &answers, &err);
        cr_expect(good == (manners[i].kind >= 0), "%s", manners[i].text);
        if (good)
            cr_expect(m->kind == (enum manner_kind)manners[i].kind && answers == manners[i].answers, "%s", manners[i].text);
        else
            cr_expect(err.kind == ERROR_USAGE, "%s", manners[i].text);
    }
}

/* A directory that is all that TMPDIR names, so that what is left in it is seen. */
static char own_tmp[] = "/tmp/arcwire-test-bench-XXXXXX";

static void take_tmp(void)
{
    cr_assert(mkdtemp(own_tmp) != NULL);
    setenv("TMPDIR", own_tmp, 1);
    prctl(PR_SET_CHILD_SUBREAPER, 1); // what is orphaned comes to us, and is seen
}

static void expect_clean(const char *label)
{
    for (pid_t pid; (pid = waitpid(-1, NULL, 0)) != 0;) // all that are left have been told to end
        if (pid < 0)
            break;
    cr_expect(rmdir(own_tmp) == 0, "%s: nothing is left in %s", label, own_tmp);
}

static const struct bench_sizes tiny = { .cases = 24, .trips = 20, .silences = 5, .invented = 60, .timeout = 250000 };

ParameterizedTestParameters(bench, each_row_runs_and_leaves_nothing)
{
    static size_t rows[64];

    for (size_t i = 0; i < bench_count; i++)
        rows[i] = i;
    return cr_make_param_array(size_t, rows, bench_count);
}

ParameterizedTest(size_t *index, bench, each_row_runs_and_leaves_nothing, .timeout = 60)
{
    static volatile int stop;
    const struct bench_row *row = &bench_table[*index];
    struct bench b = { .build = place_build(), .data = place_data(), .version = "0", .rounds = 1, .sizes = tiny, .stop = &stop };
    struct measured m = { 0 };
    struct error err = { 0 };

    take_tmp();
    cr_assert(bench_begin(&b, &err), "%s", err.text);
    bool good = bench_measure(&b, row, &m, &err);
    bench_end(&b);
    cr_assert(good, "%s", err.text);
    cr_expect(m.value.count == 1 || m.remark[0], "%s: a value, or why there is none", row->name);
    cr_expect(m.value.count == 0 || (m.n > 0 && m.of), "%s: how many were measured", row->name);
    bool less = m.more_count && strcmp(m.more[m.more_count - 1].name, "healthy") == 0; // time-outs are taken off: 0 may be left
    if (m.value.count)
        cr_expect(isfinite(m.value.values[0]) && (less ? m.value.values[0] >= 0 : m.value.values[0] > 0), "%s: %g", row->name, m.value.values[0]);
    for (size_t i = 0; i < m.more_count; i++)
        cr_expect(isfinite(m.more[i].s.values[0]), "%s: %s", row->name, m.more[i].name);
    expect_clean(row->name);
}

Test(bench, a_row_that_is_stopped_leaves_nothing_either, .timeout = 60)
{
    static volatile int stop = 1;
    struct bench b = { .build = place_build(), .data = place_data(), .version = "0", .rounds = 1, .sizes = tiny, .stop = &stop };
    struct error err = { 0 };

    take_tmp();
    cr_assert(bench_begin(&b, &err), "%s", err.text);
    for (size_t i = 0; i < bench_count; i++) {
        struct measured m;
        cr_expect(bench_measure(&b, &bench_table[i], &m, &err), "%s: %s", bench_table[i].name, err.text);
        cr_expect(m.value.count == 0, "%s: what was stopped has no value", bench_table[i].name);
    }
    bench_end(&b);
    expect_clean("stopped");
}

Test(bench, names_are_different)
{
    for (size_t i = 0; i < bench_count; i++)
        for (size_t k = 0; k < i; k++)
            cr_expect(ne(str, (char *)bench_table[i].name, (char *)bench_table[k].name));
}

/* NEXT, and its answer, of the conformance service. */
static const uint8_t request[] = { 4, 0, 7, 0, 0, 0 }, reply[] = { 0, 0, 8, 0, 0, 0 };

/* Reads so many bytes, fewer at the end. */
static size_t take(int fd, uint8_t *out, size_t len)
{
    size_t at = 0;

    for (ssize_t n; at < len && (n = recv(fd, out + at, len - at, 0)) > 0;)
        at += (size_t)n;
    return at;
}

/* The answer is right; behind the second request comes what the manner has. */
static void meet_manner(const struct manner *manner, const struct address *at)
{
    AUTO_CLOSE int fd = socket(AF_INET, SOCK_STREAM, 0);
    uint8_t got[64];

    cr_assert(connect(fd, (const struct sockaddr *)&at->storage, at->len) == 0);
    cr_assert(send(fd, request, sizeof request, 0) == sizeof request);
    cr_expect(take(fd, got, sizeof reply) == sizeof reply && memcmp(got, reply, sizeof reply) == 0, "%s: the first answer", manner->name);
    cr_assert(send(fd, request, sizeof request, 0) == sizeof request);
    switch (manner->kind) {
    case MANNER_MUTE:
        shutdown(fd, SHUT_WR);
        cr_expect(take(fd, got, 1) == 0, "it closes when we do, and has said nothing");
        break;
    case MANNER_CLOSING:
        cr_expect(take(fd, got, 1) == 0, "it closes");
        break;
    case MANNER_STUCK:
        cr_expect(recv(fd, got, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN);
        break;
    case MANNER_DRIPPING:
        cr_expect(take(fd, got, 2) == 2 && got[0] == 0 && got[1] == 0);
        break;
    case MANNER_BABBLING:
        cr_expect(take(fd, got, sizeof got) == sizeof got && got[0] == 0 && got[63] == 0);
        break;
    }
}

Test(bench, a_relay_answers_once_and_then_has_its_manner, .timeout = 60)
{
    static const char *const services[] = { "conformance", NULL };

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (size_t i = 0; i < manner_count; i++) {
        const char *command[] = { "{build}/arcwire", "bench", "--as", manner_table[i].name, NULL };
        struct manifest m = { .name = "bad", .title = "B", .path = "-", .directory = ".", .listen = command, .services = services };
        struct launch launch = { .manifest = &m, .build = place_build(), .limit_us = 10000000 };
        struct peer peer;
        struct error err;
        cr_assert(peer_start(&launch, &peer, &err), "%s: %s", manner_table[i].name, err.text);
        for (int connections = 0; connections < 2; connections++)
            meet_manner(&manner_table[i], peer_service(&peer, "conformance"));
        TEXT(how);
        cr_expect(peer_lives(&peer, &how), "%s: it %s", manner_table[i].name, text_string(&how));
        peer_stop(&peer);
    }
    while (waitpid(-1, NULL, 0) > 0) // its reference dies with it
        continue;
}

/* The program, with what it prints. */
static pid_t start(const char *const *words, int *out)
{
    const char *argv[16] = { NULL };
    char program[4200];
    int ends[2];

    snprintf(program, sizeof program, "%s/arcwire", place_build());
    argv[0] = program;
    for (size_t i = 0; words[i]; i++)
        argv[i + 1] = words[i];
    cr_assert(pipe(ends) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        close(ends[0]);
        close(ends[1]);
        execv(program, (char **)argv);
        _exit(127);
    }
    close(ends[1]);
    *out = ends[0];
    return pid;
}

/* Waits for it, and gives its exit status as a shell tells it; 256 and more: a signal. */
static int finish(pid_t pid, int out, struct text *said)
{
    char chunk[4096];
    int status;

    for (ssize_t n; (n = read(out, chunk, sizeof chunk)) > 0;)
        text_addn(said, chunk, (size_t)n);
    close(out);
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

static int run(const char *const *words, struct text *said)
{
    int out;
    pid_t pid = start(words, &out);

    return finish(pid, out, said);
}

// clang-format off
static const struct {
    const char *words[8];
    int status;
    const char *said; // must stand in it
} lines[] = {
    { { "bench", "nonsense" },                               2, "no benchmark is called \"nonsense\": exchange, harness, " },
    { { "bench", "round-trip", "nonsense" },                 2, "\"nonsense\"" },
    { { "bench", "--rounds", "0" },                          2, "--rounds" },
    { { "bench", "--rounds", "101" },                        2, "--rounds" },
    { { "bench", "--as", "rude" },                           2, "expected mute, closing, stuck, dripping or babbling" },
    { { "bench", "--gate", "--rounds", "1", "round-tri?" },  0, "round-trip  " }, // it has no goal
};
// clang-format on

Test(bench, the_command_names_what_it_does_not_know, .timeout = 30)
{
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        TEXT(said);
        int status = run(lines[i].words, &said);
        cr_expect(status == lines[i].status, "line %zu: status %d, %s", i, status, text_string(&said));
        cr_expect(strstr(text_string(&said), lines[i].said) != NULL, "line %zu: %s", i, text_string(&said));
    }
}

Test(bench, the_document_is_json_with_the_rows_that_were_asked_for, .timeout = 30)
{
    static const char *const words[] = { "bench", "round-trip", "silence", "--rounds", "2", "--json", NULL };
    SCRATCH(keep);
    const struct json *doc, *rows;
    struct error err;
    TEXT(said);
    int status = run(words, &said);

    cr_assert(status == 0, "%s", text_string(&said));
    cr_assert(json_parse(buffer_bytes(&said.b), "bench", &keep, &doc, &err), "%s", err.text);
    rows = json_get(doc, "rows");
    cr_assert(rows != NULL && rows->count == 2);
    cr_expect(eq(str, (char *)json_get(rows->first, "name")->string, "round-trip"));
    cr_expect(json_get(rows->first, "rounds")->count == 2);
    cr_expect(eq(str, (char *)json_get(rows->first->next, "name")->string, "silence"));
    cr_expect(json_get(doc, "processors") && json_get(doc, "load") && json_get(doc, "vectors"));
}

Test(bench, an_interrupt_ends_it_and_all_that_it_has_started, .timeout = 60)
{
    static const char *const rows[] = { "exchange", "workers", "memory", "stuck" };

    take_tmp();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *words[] = { "bench", rows[i], "--rounds", "100", NULL };
        char c = 0;
        TEXT(said);
        int out;
        pid_t pid = start(words, &out);
        while (read(out, &c, 1) == 1 && c != '\n') // the head: it is at work
            continue;
        kill(pid, SIGINT);
        cr_expect(finish(pid, out, &said) == 6, "%s: %s", rows[i], text_string(&said));
        cr_expect(eq(str, (char *)text_string(&said), "arcwire: the bench was stopped\n"), "%s", rows[i]);
    }
    expect_clean("interrupted");
}
