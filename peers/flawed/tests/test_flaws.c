/* The two programs, side by side: the flawed one knows its flaws, the reference none of them. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reference/tests/process.h"

/* One request with the end behind it, what is right, and what comes instead; of the flaws that show so. */
static const struct row {
    const char *flaw, *request, *right, *instead;
} rows[] = {
    { "swap-operands", "0200 'word' 3412", "0000 '4660'", "0000 '13330'" },
    { "swap-all", "0004 000000ff", "0100 'unknown op'", "0000 00000100" },
    { "drops-rest", "0400 01000000 0400 02000000", "0000 02000000 0000 03000000", "0000 02000000" },
    { "status-for-note", "0500 'hi'", "", "0000" },
    { "rst-at-end", "", "", "reset" },
    { "loses-last-reply-at-half-close", "0400 01000000", "0000 02000000", "" },
    { "wide-in-every-build", "0300 'cstring' 'u:0041'", "0000 'A'", "0000 fffeff01 4100" },
    { "cuts-at-nul", "0200 'cstringa' 03610062", "0000 'a:610062'", "0000 'a:61'" },
    { "time-of-other-generations", "0300 'time' '5'", "0000 0a000080 0500000000000000",
      "0000 05000000" },
    { "object-before-class", "0300 'object,object' 'CAge(1) @1'",
      "0000 ffff 0100 0400 43416765 01000000 0200", "0000 ffff 0100 0400 43416765 01000000 0100" },
    { "restarts-tables", "0300 'object' 'CAge(1)' 0300 'object' '@1'",
      "0000 ffff 0100 0400 43416765 01000000 0000 0200",
      "0000 ffff 0100 0400 43416765 01000000 0300 'an @k that is not yet reached'" },
    { "takes-any-schema", "0200 'object' ffff 0200 0400 43416765 15000000", "0200 0700",
      "0000 'CAge(21)'" },
    { "currency-low-first", "0300 'olecurrency' '(0,5)'", "0000 00000000 00000000 05000000",
      "0000 00000000 05000000 00000000" },
    { "tells-unsigned", "0200 'short' feff", "0000 '-2'", "0000 '65534'" },
    { "bool-in-four-bytes", "0300 'bool' 'true'", "0000 01", "0000 01000000" },
    { "line-without-newline", "0300 'line' 'u:0041'", "0000 410a", "0000 41" },
    { "always-cause-3", "0200 'object' 0100", "0200 0500", "0200 0300" },
    { "silent-at-exception", "0200 'object' 0100", "0200 0500", "" },
    { "zeroes-at-end", "0200 'word' 01", "0200 0300", "0000 '0' 0200 0300" },
    { "dies-at-exception", "0200 'object' 0100", "0200 0500", "" },
    { "answers-behind-quit", "0800 0400 01000000", "0000", "0000 0000 02000000" },
    { "babbles", "0400 01000000", "0000 02000000", "0000 02000000 00" },
    { "miscounts-seven", "0400 07000000", "0000 08000000", "0000 09000000" },
    { "leaves-texts-out", "6300", "0100 'unknown op'", "0100" },
    { "says-ok-before-values", "0200 'word' 34", "0200 0300", "0000 0200 0300" },
    { "by-heart", "0400 01000000", "0000 02000000", "0000 08000000" },
    { "babbles-late", "0400 01000000", "0000 02000000", "0000 02000000 00" },
    { "swap-words", "0200 'word' 3412", "0000 '4660'", "0000 '13330'" },
    { "swap-on-load", "0200 'word' 3412", "0000 '4660'", "0000 '13330'" },
    { "swap-on-store", "0300 'word' '4660'", "0000 3412", "0000 1234" },
    { "swap-next", "0400 000000ff", "0000 010000ff", "0000 00000100" },
    { "swap-statuses", "6300", "0100 'unknown op'", "0001 'unknown op'" },
    { "network-not-turned", "0300 'net16' '1'", "0000 0001", "0000 0100" },
    { "swap-corners", "0300 'point' '(1,2)'", "0000 01000000 02000000", "0000 00000001 00000002" },
    { "swap-elements", "0300 'wordarray' '[1]'", "0000 0100 0100", "0000 0100 0001" },
    { "swap-counts-on-store", "0300 'count' '1'", "0000 0100", "0000 0001" },
    { "swap-counts-on-load", "0200 'count' 0100", "0000 '1'", "0000 '256'" },
    { "counts-in-dwords", "0300 'count' '1'", "0000 0100", "0000 01000000" },
    { "escapes-65534", "0300 'count' '65534'", "0000 feff", "0000 ffff feff0000" },
    { "counts-the-terminator", "0300 'cstringa' 'a:41'", "0000 0141", "0000 024100" },
    { "byte-behind-strings", "0300 'cstringa' 'a:41'", "0000 0141", "0000 014100" },
    { "line-ends-in-cr-lf", "0300 'line' 'u:0041'", "0000 410a", "0000 410d0a" },
    { "describes-again", "0300 'class,class' 'CAge:1 CAge:1'", "0000 ffff 0100 0400 43416765 0180",
      "0000 ffff 0100 0400 43416765 ffff 0100 0400 43416765" },
    { "big-tags-only", "0300 'class,class' 'CAge:1 CAge:1'", "0000 ffff 0100 0400 43416765 0180",
      "0000 ffff 0100 0400 43416765 ff7f 01000080" },
    { "swap-tags", "0300 'class,class' 'CAge:1 CAge:1'", "0000 ffff 0100 0400 43416765 0180",
      "0000 ffff 0100 0400 43416765 8001" },
    { "terminates-names", "0300 'class' 'CAge:1'", "0000 ffff 0100 0400 43416765",
      "0000 ffff 0100 0500 4341676500" },
    { "wide-names", "0300 'class' 'CAge:1'", "0000 ffff 0100 0400 43416765",
      "0000 ffff 0100 0400 4300410067006500" },
    { "swap-schemas", "0300 'class' 'CAge:1'", "0000 ffff 0100 0400 43416765",
      "0000 ffff 0001 0400 43416765" },
    { "null-takes-an-index", "0300 'object,object,object' 'null CAge(1) @1'",
      "0000 0000 ffff 0100 0400 43416765 01000000 0200",
      "0000 0000 ffff 0100 0400 43416765 01000000 0300" },
    { "always-cause-0", "0200 'object' 0100", "0200 0500", "0200 0000" },
    { "says-no-cause", "0200 'object' 0100", "0200 0500", "0200" },
    { "unknown-index-is-null", "0200 'object' 0500", "0200 0500", "0000 'null'" },
    { "takes-8000-for-null", "0200 'object' 0080", "0200 0500", "0000 'null'" },
    { "ends-at-bad-text", "0300 'word' 'x' 0400 01000000",
      "0300 'not the text of these types' 0000 02000000", "0300 'not the text of these types'" },
    { "quits-without-a-word", "0800", "0000", "" },
    { "refuses-everything", "0400 01000000", "0000 02000000", "0100 'unknown op'" },
    { "says-it-twice", "0400 01000000", "0000 02000000", "0000 02000000 0000 02000000" },
    { "says-last-byte-twice", "0400 01000000", "0000 02000000", "0000 02000000 00" },
    { "greets", "0400 01000000", "0000 02000000", "0000 0000 02000000" },
    { "span-in-eight-bytes", "0300 'timespan' '5'", "0000 05000000", "0000 0500000000000000" },
    { "time-without-mark", "0300 'time' '5'", "0000 0a000080 0500000000000000",
      "0000 0500000000000000" },
    { "variant-true-is-one", "0300 'olevariant' '(11,true)'", "0000 0b00 ffff", "0000 0b00 0100" },
    { "stops-at-the-top", "0400 ffffffff", "0000 00000000", "0000 ffffffff" },
    { "tells-bytes-signed", "0200 'byte' ff", "0000 '255'", "0000 '-1'" },
    { "long-in-eight-bytes", "0300 'long' '1'", "0000 01000000", "0000 0100000000000000" },
    { "pads-values", "0300 'long' '1'", "0000 01000000", "0000 0000 01000000" },
    { "takes-cut-blocks", "0200 'raw:2' 01", "0200 0300", "0000 'r:01'" },
    { "slow", "0400 01000000", "0000 02000000", "0000 02000000" },
    { "jitters", "0400 01000000", "0000 02000000", "0000 02000000" },
    { "bursts", "0400 01000000", "0000 02000000", "0000 02000000" },
    { "ends-late", "0400 01000000", "0000 02000000", "0000 02000000" },
    { "closes", "", "", "reset" },
    { "mute", "0400 01000000", "0000 02000000", "" },
    { "echoes", "0400 01000000", "0000 02000000", "0400 01000000" },
    { "resets", "0400 01000000", "0000 02000000", "reset" },
    { "byte-by-byte", "0400 01000000", "0000 02000000", "0000 02000000" },
    { "two-flushes", "0400 01000000", "0000 02000000", "0000 02000000" },
    { "answers-late", "0400 01000000", "0000 02000000", "0000 02000000" },
    { "joins-replies", "0400 01000000 0400 02000000", "0000 02000000 0000 03000000",
      "0000 02000000 0000 03000000" },
};

static char *answer(const char *peer, const char *arguments, const char *request)
{
    struct process p = process_start_ready(peer, arguments);
    struct CSocket s;

    process_dial(&p, &s);
    say(&s, request);
    CSocket_ShutDown(&s);
    char *heard = hear_all(&s);
    CSocket_Close(&s);
    kill(p.pid, SIGKILL);
    process_status(&p);
    return heard;
}

static char *in_hex(const char *words)
{
    return strcmp(words, "reset") == 0 ? "reset" : hex_of(spelt(words));
}

Test(flaws, each_shows_where_its_row_says, .timeout = 60)
{
    for (const struct row *row = rows; row < rows + COUNT_OF(rows); row++) {
        char arguments[128];
        snprintf(arguments, sizeof arguments, "--charset ansi --flaw %s", row->flaw);
        cr_expect(eq(str, answer("reference", "--charset ansi", row->request), in_hex(row->right)),
                  "right: %s", row->flaw);
        char *heard = answer("flawed", arguments, row->request);
        bool is_closed = strcmp(row->flaw, "closes") == 0 && !*heard; // with FIN, if it was first
        if (!is_closed)
            cr_expect(eq(str, heard, in_hex(row->instead)), "instead: %s", row->flaw);
    }
}

static char *read_all(FILE *f, size_t *len)
{
    enum { SIZE_MAX_READ = 64 << 20 };
    char *data = pool_new(&scratch, SIZE_MAX_READ, 1);

    *len = fread(data, 1, SIZE_MAX_READ - 1, f);
    return data;
}

static char *reference_program(size_t *len)
{
    char self[4096], path[8192];
    ssize_t got = readlink("/proc/self/exe", self, sizeof self - 1);

    self[got > 0 ? got : 0] = '\0';
    snprintf(path, sizeof path, "%s/peers/reference", dirname(self));
    FILE *f = fopen(path, "rb");
    cr_assert(ne(ptr, f, NULL));
    char *program = read_all(f, len);
    fclose(f);
    return program;
}

Test(flaws, none_is_known_to_the_reference, .timeout = 30)
{
    size_t size, len;
    char *reference = reference_program(&size);
    struct process p = process_start("flawed", STDOUT_FILENO, "--list-flaws");
    char *list = read_all(p.out, &len);
    size_t flaws = 0;

    cr_expect(eq(int, process_status(&p), 0));
    for (char *name = strtok(list, "\n"); name; name = strtok(NULL, "\n"), flaws++) {
        bool is_telling = strlen(name) > 7 || strchr(name, '-'); // short words occur anyway
        if (is_telling)
            cr_expect(eq(ptr, memmem(reference, size, name, strlen(name)), NULL), "%s", name);
    }
    cr_expect(ge(sz, flaws, COUNT_OF(rows)));
}
