/*
 * A fuzz target over the files of its corpus, without a fuzzer: for the ordinary tests, and for a finding under
 * a debugger. Arguments are files; a failure ends the program where it happens.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        SCRATCH(keep);
        struct bytes file;
        struct error err;
        if (!file_read(argv[i], 1 << 24, &keep, &file, &err)) {
            fprintf(stderr, "%s: %s\n", argv[0], err.text);
            return 3;
        }
        uint8_t *exact = malloc(file.len + !file.len); // its end is the input's, for the address sanitizer
        if (!exact)
            return 8;
        memcpy(exact, file.data, file.len);
        LLVMFuzzerTestOneInput(exact, file.len);
        free(exact);
    }
    printf("%s: %d inputs\n", argv[0], argc - 1);
    return argc > 1 ? 0 : 1;
}
