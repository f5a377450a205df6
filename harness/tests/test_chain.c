/*
 * Chains: every line that is lost, changed or moved is found out, and told by its number.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "report/chain.h"

/* The chains are those of sha256sum: printf '%s%s' "$before" '{"record":…' | sha256sum. */
// clang-format off
static const char golden[] =
    "{\"record\":\"run\",\"log\":2,\"chain\":\"85bdde2499196bd8933f33837f5a944a3eb87caf9583d14aca6393b26ce92ec3\"}\n"
    "{\"record\":\"case\",\"id\":\"a\",\"n\":1,\"chain\":\"9e31ac9dce51a229f65923d116341d71065b1c3a1a9237b6c6460d741de50e1f\"}\n"
    "{\"record\":\"end\",\"records\":2,\"chain\":\"921a3778022f125bc8e3febca4b047aa9445e59bf161632e99b4410ff6479181\"}\n";
// clang-format on

static void add(struct chain *c, struct text *log, const char *line)
{
    size_t at = log->b.len;

    text_add(log, line);
    chain_add(c, log, at);
    text_char(log, '\n');
}

static bool verify(struct bytes log, struct chain_verdict *out, struct error *err)
{
    char path[] = "/tmp/arcwire-chain-XXXXXX";
    int fd = mkstemp(path);

    cr_assert(fd >= 0 && write(fd, log.data, log.len) == (ssize_t)log.len);
    close(fd);
    bool good = chain_verify(path, out, err);
    unlink(path);
    if (!good) // without the name that nobody can know
        memmove(err->text, err->text + strlen(path), strlen(err->text + strlen(path)) + 1);
    return good;
}

static void three(struct text *log)
{
    struct chain c = { 0 };

    add(&c, log, "{\"record\":\"run\",\"log\":2");
    add(&c, log, "{\"record\":\"case\",\"id\":\"a\",\"n\":1");
    add(&c, log, "{\"record\":\"end\",\"records\":2");
}

Test(chain, heads_are_those_of_sha256sum, .timeout = 10)
{
    TEXT(log);

    three(&log);
    cr_expect(eq(str, (char *)text_string(&log), (char *)golden));
}

Test(chain, whole_logs_are_held_together, .timeout = 10)
{
    struct chain_verdict v = { 0 };
    struct error err = { 0 };

    cr_expect(verify(bytes_of(golden), &v, &err), "%s", err.text);
    cr_expect(eq(sz, v.lines, 3));
    cr_expect(eq(sz, v.shards, 0));
}

/* The lines of a text, in another order: digits from 1; x is a line that was never there. */
static void arrange(const char *from, const char *order, struct text *to)
{
    for (; *order; order++) {
        const char *line = from;
        for (char n = '1'; *order != 'x' && n < *order; n++)
            line = strchr(line, '\n') + 1;
        if (*order == 'x')
            text_add(to, "{\"record\":\"case\"}\n");
        else
            text_addn(to, line, strcspn(line, "\n") + 1);
    }
}

Test(chain, what_is_lost_or_moved_is_told_by_its_line, .timeout = 10)
{
    static const struct {
        const char *order, *complaint;
    } rows[] = {
        { "23",   ":1: the chain breaks: this line was changed, or one before it is lost or in another place" },
        { "13",   ":2: the chain breaks: this line was changed, or one before it is lost or in another place" },
        { "213",  ":1: the chain breaks: this line was changed, or one before it is lost or in another place" },
        { "1223", ":3: the chain breaks: this line was changed, or one before it is lost or in another place" },
        { "12",   ": the last record is missing: the log was cut short behind line 2"                         },
        { "1x23", ":2: has no chain: it was changed, or is of log format 1, which has none"                   },
        { "1233", ":4: stands behind the last record"                                                         },
        { "",     ": the log is empty"                                                                        },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct chain_verdict v;
        struct error err = { 0 };
        TEXT(log);
        arrange(golden, rows[i].order, &log);
        cr_expect(not(verify(buffer_bytes(&log.b), &v, &err)), "%s", rows[i].order);
        cr_expect(eq(str, err.text, (char *)rows[i].complaint), "%s", rows[i].order);
        cr_expect(eq(int, (int)err.kind, ERROR_INPUT), "%s", rows[i].order);
    }
}

Test(chain, every_byte_that_changes_and_every_cut_is_found, .timeout = 30)
{
    size_t len = strlen(golden);

    for (size_t i = 0; i < len; i++) {
        char changed[sizeof golden];
        struct chain_verdict v;
        struct error err;
        memcpy(changed, golden, sizeof golden);
        changed[i] ^= 1;
        cr_expect(not(verify((struct bytes){ (uint8_t *)changed, len }, &v, &err)), "byte %zu", i);
        cr_expect(not(verify((struct bytes){ (const uint8_t *)golden, i }, &v, &err)), "cut to %zu", i);
    }
}

Test(chain, a_merged_log_has_a_chain_for_each_shard, .timeout = 10)
{
    static const struct {
        const char *label, *order; // of the lines below
        bool good;
    } rows[] = {
        { "as merged",                 "123456789", true  },
        { "shards otherwise woven",    "132546789", true  },
        { "a line of one shard moved", "126354789", false },
        { "a line of one shard lost",  "12346789",  false },
        { "a shard's end is lost",     "12345679",  false },
    };
    struct chain own = { 0 }, one = { 0 }, two = { 0 };
    TEXT(log);

    add(&own, &log, "{\"record\":\"run\",\"log\":2,\"merged\":2");
    add(&one, &log, "{\"record\":\"run\",\"shard\":1");
    add(&two, &log, "{\"record\":\"run\",\"shard\":2");
    add(&one, &log, "{\"record\":\"case\",\"n\":0,\"shard\":1");
    add(&two, &log, "{\"record\":\"case\",\"n\":1,\"shard\":2");
    add(&one, &log, "{\"record\":\"case\",\"n\":2,\"shard\":1");
    add(&one, &log, "{\"record\":\"end\",\"shard\":1");
    add(&two, &log, "{\"record\":\"end\",\"shard\":2");
    add(&own, &log, "{\"record\":\"end\",\"records\":8");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct chain_verdict v = { 0 };
        struct error err = { 0 };
        TEXT(arranged);
        arrange(text_string(&log), rows[i].order, &arranged);
        bool good = verify(buffer_bytes(&arranged.b), &v, &err);
        cr_expect(eq(int, good, rows[i].good), "%s: %s", rows[i].label, err.text);
        if (good)
            cr_expect(eq(sz, v.shards, 2), "%s", rows[i].label);
    }
}
