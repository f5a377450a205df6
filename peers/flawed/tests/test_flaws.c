/* The two programs, side by side: the flawed one knows its flaws, the reference none of them. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Both are built beside this test program. */
static void path_of(char *path, size_t size, const char *peer)
{
    char self[4096];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    cr_assert(gt(i64, len, 0));
    self[len] = '\0';
    snprintf(path, size, "%s/peers/%s", dirname(self), peer);
}

static char *read_all(FILE *f, size_t *len)
{
    size_t size = 0;
    char *data = NULL;
    FILE *memory = open_memstream(&data, &size);
    char piece[4096];
    size_t got;

    while ((got = fread(piece, 1, sizeof piece, f)) > 0)
        fwrite(piece, 1, got, memory);
    fclose(memory);
    *len = size;
    return data;
}

Test(flaws, the_reference_contains_no_flaw_by_name, .timeout = 30)
{
    char path[8192], command[8300];
    size_t size, len;
    int flaws = 0;

    path_of(path, sizeof path, "reference");
    FILE *binary = fopen(path, "rb");
    cr_assert(ne(ptr, binary, NULL));
    char *reference = read_all(binary, &size);
    fclose(binary);

    path_of(path, sizeof path, "flawed");
    snprintf(command, sizeof command, "%s --list-flaws", path);
    FILE *list = popen(command, "r");
    char *rows = read_all(list, &len);
    cr_expect(eq(int, pclose(list), 0));
    for (char *row = rows; *row; flaws++) {
        char *end = strchr(row, '\n'), *name = strndup(row, strcspn(row, "\t"));
        int tabs = 0;
        for (char *c = row; c < end; c++)
            tabs += *c == '\t';
        cr_expect(eq(int, tabs, 4), "%s tells name, sentence, clauses, check and cause", name);
        bool is_telling = strlen(name) > 6 || strchr(name, '-'); // short words occur anyway
        if (is_telling)
            cr_expect(eq(ptr, memmem(reference, size, name, strlen(name)), NULL), "%s", name);
        free(name);
        row = end + 1;
    }
    free(rows);
    free(reference);
    cr_expect(ge(int, flaws, 11));
}
