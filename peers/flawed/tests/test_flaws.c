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
    { "by-heart", "0400 01000000", "0000 02000000", "0000 08000000" },
    { "babbles-late", "0400 01000000", "0000 02000000", "0000 02000000 00" },
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
