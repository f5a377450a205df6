/*
 * Conversations of others, judged by the cases that ship: scripts of one connection.
 *
 *     c 0400 07000000     the client says that; s: the server
 *     c. c!               … ends its direction, or resets
 *     @900                from here on it is so many milliseconds later
 *     …                   the connection is not over
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "base/hex.h"
#include "run/overhear.h"

static struct library library;

static void open_library(void)
{
    static const char *const directories[] = { "vectors" };
    struct error err;

    cr_assert(library_load(&library, directories, 1, &err), "%s", err.text);
}

static void close_library(void)
{
    library_free(&library);
}

TestSuite(overhear, .init = open_library, .fini = close_library, .timeout = 60);

static void talk_make(struct overheard_talk *t, const char *script, struct arena *keep)
{
    char *at = arena_string(keep, script), *line;
    int64_t us = 0;

    t->over = true;
    while ((line = strsep(&at, ";"))) {
        struct bytes bytes = { 0 };
        line += strspn(line, " ");
        enum party who = line[0] == 's' ? PARTY_SERVER : PARTY_CLIENT;
        if (strcmp(line, "…") == 0)
            t->over = false;
        else if (line[0] == '@')
            us = 1000 * strtoll(line + 1, NULL, 10);
        else if (line[1] == '.' || line[1] == '!')
            overheard_add(t, line[1] == '.' ? HEARD_END : HEARD_RESET, who, us, bytes);
        else if (hex_read(line + 1, keep, &bytes) == NULL)
            overheard_add(t, HEARD_DATA, who, us, bytes);
        else
            cr_assert(false, "the script says \"%s\"", line);
        us += 10;
    }
    t->until = us;
}

#define NEXT   "c 0400 2a000000; s 0000 2b000000; "
#define TWO    "c 0400 07000000 0400 08000000; "
#define ENDS   "c.; s."

static const struct overheard_row {
    const char *label, *patterns[4], *script, *due;
} rows[] = {
    { "all is right", { "draining-two-in-one-segment" }, NEXT TWO "s 0000 08000000 0000 09000000; " NEXT ENDS,
      "right draining-two-in-one-segment" },
    { "so it is without its controls", { "draining-two-in-one-segment" }, TWO "s 0000 08000000 0000 09000000; " ENDS,
      "right draining-two-in-one-segment" },
    { "replies in pieces", { "draining-two-in-one-segment" }, NEXT TWO "s 00; s 00 0800; s 0000 0000 09; s 000000; " NEXT ENDS,
      "right draining-two-in-one-segment" },
    { "what the client chooses is what it said", { "draining-two-in-one-segment" },
      "c 0400 ffffffff; s 0000 00000000; " TWO "s 0000 08000000 0000 09000000; c 0400 01000000; s 0000 02000000; " ENDS,
      "right draining-two-in-one-segment" },
    { "another value", { "draining-two-in-one-segment" }, NEXT TWO "s 0000 08000000 0000 0a000000; " ENDS,
      "wrong server draining-two-in-one-segment second-reply wrong-value" },
    { "one that follows from what the client chose", { "draining-two-in-one-segment" }, "c 0400 2a000000; s 0000 2a000000; " ENDS,
      "wrong server draining-two-in-one-segment reply wrong-value" },
    { "the other order of bytes", { "draining-two-in-one-segment" }, NEXT TWO "s 0000 00000008; " ENDS,
      "wrong server draining-two-in-one-segment first-reply bytes-swapped" },
    { "held back until the client probes", { "draining-two-in-one-segment" },
      NEXT TWO "s 0000 08000000; @900; c 0400 99000000; s 0000 09000000; s 0000 9a000000; " ENDS,
      "wrong server draining-two-in-one-segment second-reply held-back" },
    { "never said, though the client probes", { "draining-two-in-one-segment" },
      NEXT TWO "s 0000 08000000; @900; c 0400 99000000; s 0000 9a000000; " ENDS,
      "wrong server draining-two-in-one-segment second-reply dropped" },
    { "held back until the client goes on", { "draining-control-after-each" },
      NEXT TWO "s 0000 08000000; @900; c 0400 99000000; s 0000 09000000 0000 9a000000; " ENDS,
      "wrong server draining-control-after-each reply-2 held-back" },
    { "a client that does not wait does not show whether it was held back", { "draining-two-in-one-segment" },
      NEXT TWO "c 0400 99000000; s 0000 08000000; s 0000 09000000; s 0000 9a000000; " ENDS, "not judged" },
    { "what it says in one piece is with the server at once", { "draining-two-in-one-segment" },
      "c 0400 2a000000 0400 07000000 0400 08000000; s 0000 2b000000; s 0000 08000000 0000 09000000; " NEXT ENDS, "right draining-two-in-one-segment" },
    { "neither does one that ends before it is answered", { "draining-two-in-one-segment" },
      TWO "c.; s 0000 08000000 0000 09000000; s.", "not judged" },
    { "held back until the client ends", { "draining-two-in-one-segment" }, TWO "s 0000 08000000; @900; c.; s 0000 09000000; s.",
      "wrong server draining-two-in-one-segment second-reply held-back" },
    { "nothing comes until the client has gone", { "draining-two-in-one-segment" }, NEXT TWO "s 0000 08000000; @900; c!",
      "wrong server draining-two-in-one-segment second-reply no-answer" },
    { "the client does not wait for it", { "draining-two-in-one-segment" }, NEXT TWO "s 0000 08000000; c!", "not judged" },
    { "the server ends before it has answered", { "draining-two-in-one-segment" }, NEXT TWO "s 0000 08000000; s.; c.",
      "wrong server draining-two-in-one-segment second-reply ended-early" },
    { "the server resets", { "draining-two-in-one-segment" }, NEXT TWO "s 0000 08000000; s!",
      "wrong server draining-two-in-one-segment second-reply reset" },
    { "something behind all that is due", { "draining-two-in-one-segment" },
      NEXT TWO "s 0000 08000000 0000 09000000; " NEXT "c.; s 00; s.", "wrong server draining-two-in-one-segment end stray-bytes" },
    { "before anything was asked", { "draining-two-in-one-segment" }, "s 0000 2b000000; c 0400 2a000000; " ENDS,
      "wrong server next reply spoke-unasked" },
    { "the client asks in the other order of bytes", { "draining-two-in-one-segment" },
      NEXT "c 0004 00000007 0004 00000008; s 0100 00; " ENDS, "wrong client draining-two-in-one-segment says-2 bytes-swapped" },
    { "the client says less", { "draining-two-in-one-segment" }, NEXT TWO "s 0000 08000000 0000 09000000; " ENDS,
      "wrong client draining-two-in-one-segment says-3 ended-early" },
    { "… which is nobody's fault where no case was asked for", { NULL }, "c 0400 0700; " ENDS, "not judged" },
    { "a case that fits, of all", { NULL }, NEXT TWO "s 0000 08000000 0000 09000000; " NEXT ENDS, "right draining-two-in-one-segment" },
    { "what fits none", { NULL }, "c 0400 2a000000; s 0000 2b000000; c 7f7f; s 0100 fffeff00; " ENDS, "not judged" },
    { "an exchange of a run", { "draining-two-in-one-segment" }, NEXT NEXT ENDS, "right first-control" },
    { "a drawn value that is told as a text", { "draining-multiple-of-4096-drawn@op=make" }, NEXT "c 0300 08 7261773a34303936 ff02 2078; s 0000; " ENDS,
      "not judged" },
    { "it is not over", { "draining-two-in-one-segment" }, NEXT TWO "s 0000 08000000; …", "not judged" },
    { "it is not over, and the server's end is late", { "draining-two-in-one-segment" },
      TWO "s 0000 08000000 0000 09000000; c.; @900; …", "wrong server draining-two-in-one-segment end never-ends" },
    { "nobody knows what its client would have said", { "draining-two-in-one-segment" }, NEXT "c.; …", "not judged" },
    { "nothing", { "draining-two-in-one-segment" }, "c.; s.", "not judged" },
    { "the server ends first where the client says so", { "lifecycle-quit" }, "c 0400 2a000000; s 0000 2b000000; c 0800; s 0000; s.; c.",
      "right lifecycle-quit" },
    { "the server does not, and the client waits for it", { "lifecycle-quit*" }, "c 0400 2a000000; s 0000 2b000000; c 0800; s 0000; @900; c.; s.",
      "wrong server lifecycle-quit end never-ends" },
    { "one that ends where a case has it reset says something else", { NULL },
      "c 0400 2a000000 0100 04 776f7264 34; s 0000 2b000000; c.; s 0200 0300; s.", "right lifecycle-end-amid-value" },
    { "a client that ends first is at fault only where the cases were asked for", { NULL },
      "c 0200 06 6f626a656374 0100; c.; s 0200 0500; s.", "not judged" },
};

static const char *judged(const struct overheard_row *t, struct arena *keep)
{
    struct run_options run = { .patterns = t->patterns, .limits = limits_default, .profile = profile_default };
    struct overheard_judgement j;
    struct overheard_talk talk = { 0 };
    struct overhear o;
    struct error err;
    const char *got = "not judged";

    while (t->patterns[run.pattern_count])
        run.pattern_count++;
    cr_assert(overhear_begin(&o, &library, &run, &err), "%s: %s", t->label, err.text);
    talk_make(&talk, t->script, keep);
    overhear_judge(&o, &talk, keep, &j);
    if (j.verdict == OVERHEARD_RIGHT)
        got = arena_printf(keep, "right %s", j.of->id);
    else if (j.verdict == OVERHEARD_WRONG)
        got = arena_printf(keep, "wrong %s %s %s %s", party_name(j.side), j.of->id, j.why->check.name, j.why->cause);
    overheard_free(&talk);
    overhear_end(&o);
    return got;
}

Test(overhear, both_sides_are_judged_by_what_they_said)
{
    for (const struct overheard_row *t = rows; t < rows + COUNT_OF(rows); t++) {
        SCRATCH(keep);
        const char *got = judged(t, &keep);
        cr_expect(strcmp(got, t->due) == 0, "%s: %s", t->label, got);
    }
}

/* The first event behind which it is certain who is wrong, counted from 1; 0: none is. */
static size_t certain_at(const struct overhear *o, const struct overheard_talk *t, enum party *side)
{
    struct overheard_talk part = *t;

    part.said[0].len = part.said[1].len = 0;
    part.over = false;
    for (part.count = 1; part.count <= t->count; part.count++) {
        SCRATCH(keep);
        struct overheard_judgement j;
        const struct heard_event *e = &t->events[part.count - 1];
        part.said[e->from].len += e->len;
        part.until = e->us;
        overhear_judge(o, &part, &keep, &j);
        *side = j.side;
        if (j.certain)
            return part.count;
    }
    return 0;
}

/* What is certain while a conversation goes on is what is said at its end. */
Test(overhear, what_is_certain_stays)
{
    size_t certain = 0, wrong = 0;

    for (const struct overheard_row *t = rows; t < rows + COUNT_OF(rows); t++) {
        SCRATCH(keep);
        struct run_options run = { .patterns = t->patterns, .limits = limits_default, .profile = profile_default };
        struct overheard_talk talk = { 0 };
        struct overhear o;
        struct error err;
        enum party side = PARTY_CLIENT;
        while (t->patterns[run.pattern_count])
            run.pattern_count++;
        cr_assert(overhear_begin(&o, &library, &run, &err), "%s: %s", t->label, err.text);
        talk_make(&talk, t->script, &keep);
        size_t at = certain_at(&o, &talk, &side);
        const char *due = arena_printf(&keep, "wrong %s ", party_name(side));
        cr_expect(at == 0 || strncmp(t->due, due, strlen(due)) == 0, "%s: %s was certain behind event %zu", t->label, due, at);
        certain += at > 0 && at < talk.count;
        wrong += strncmp(t->due, "wrong", 5) == 0;
        if (strcmp(t->label, "another value") == 0)
            cr_expect(eq(sz, at, 4), "behind the reply that has it");
        if (strcmp(t->label, "the client asks in the other order of bytes") == 0)
            cr_expect(eq(sz, at, 3), "behind the request that has it");
        overheard_free(&talk);
        overhear_end(&o);
    }
    cr_expect(certain * 3 >= wrong, "%zu of %zu are certain before the end", certain, wrong);
}

Test(overhear, cases_of_several_services_are_told)
{
    static const char *const patterns[] = { "draining-*", "echo-*" };
    struct run_options run = { .patterns = patterns, .pattern_count = 2, .limits = limits_default, .profile = profile_default };
    struct overhear o;
    struct error err;

    cr_expect(not(overhear_begin(&o, &library, &run, &err)));
    cr_expect(eq(str, err.text, "cases of several services (conformance, echo): choose one with --service"));
    overhear_end(&o);
}

static const struct vector *case_of(const char *id)
{
    for (size_t i = 0; i < library.suite_count; i++)
        for (size_t k = 0; k < library.suites[i].count; k++)
            if (strcmp(library.suites[i].vectors[k].id, id) == 0)
                return &library.suites[i].vectors[k];
    cr_assert(false, "%s", id);
    return NULL;
}

Test(overhear, an_opening_is_what_a_client_must_say)
{
    const struct {
        const char *id;
        struct bytes bytes, free;
        size_t first;
    } openings[] = {
        { "draining-two-in-one-segment", BYTES(4, 0, 0, 0, 0, 0, 4, 0, 7, 0, 0, 0, 4, 0, 8, 0, 0, 0),
          BYTES(0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 6 }, // a silence is behind it, with its probe
        { "packet-no-copies-first", BYTES(0x5a, 0, 0, 0x32, 'S', 'e'), BYTES(0, 0, 0, 0, 0, 0), 54 },
    };

    for (size_t i = 0; i < COUNT_OF(openings); i++) {
        SCRATCH(keep);
        struct opening o = program_opening(case_of(openings[i].id), &profile_default, "main", &keep);
        size_t len = openings[i].bytes.len;
        cr_expect(ge(sz, o.bytes.len, len), "%s", openings[i].id);
        for (size_t k = 0; k < len && k < o.bytes.len; k++) {
            bool is_free = openings[i].free.data[k];
            cr_expect(is_free == (o.free.data[k] != 0) && (is_free || o.bytes.data[k] == openings[i].bytes.data[k]), "%s, byte %zu", openings[i].id, k);
        }
        cr_expect(eq(sz, o.first, openings[i].first), "%s", openings[i].id);
    }
}

/* The client's words on a connection, with values drawn from that seed. */
static struct bytes words_of(const struct vector *v, uint64_t seed, const char *on, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer all = { 0 };
    struct program p;
    struct error err;

    if (!program_compile(v, &profile_default, seed, PARTY_CLIENT, keep, &p, &err))
        return (struct bytes){ 0 };
    for (size_t i = 0; i < p.count; i++)
        if (p.ops[i].kind == OP_SEND && strcmp(p.connections[p.ops[i].on], on) == 0)
            buffer_append(&all, p.ops[i].bytes.data, p.ops[i].bytes.len);
    return arena_bytes(keep, buffer_bytes(&all));
}

Test(overhear, every_opening_holds_whatever_is_drawn)
{
    static const char *const ons[] = { "main", "fresh", "a", "b" };
    size_t long_ones = 0;

    for (size_t i = 0; i < library.suite_count; i++)
        for (size_t k = 0; k < library.suites[i].count; k++)
            for (size_t n = 0; n < COUNT_OF(ons); n++) {
                SCRATCH(keep);
                const struct vector *v = &library.suites[i].vectors[k];
                struct opening o = program_opening(v, &profile_default, ons[n], &keep);
                long_ones += o.bytes.len >= 6;
                for (uint64_t seed = 0; seed < 3; seed++) {
                    size_t at = opening_differs(&o, words_of(v, seed, ons[n], &keep));
                    cr_expect(at == SIZE_MAX, "%s on %s, seed %d, differs at byte %zu", v->id, ons[n], (int)seed, at);
                }
            }
    cr_expect(gt(sz, long_ones, 1000));
}
