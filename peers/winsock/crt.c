/*
 * What Windows' C library would do otherwise than whoever reads our output
 * expects: end lines in CR LF.
 */
#include <fcntl.h>
#include <io.h>
#include <stdio.h>

__attribute__((constructor)) static void lines_end_in_lf(void)
{
    _setmode(_fileno(stdout), _O_BINARY);
    _setmode(_fileno(stderr), _O_BINARY);
}
