#ifndef COMMAND_H
#define COMMAND_H
/*
 * Commands as a user types them, of the program that lies beside the test program, and a place to type them in.
 */
#include <sys/types.h>

#include "base/text.h"

/* What a command said. The texts belong to whoever has it: said_forget. */
struct said {
    int status;          // as a shell tells it; 256 and more: a signal
    struct text out, err;
};

/* Where the program lies; $BUILD in a command. */
const char *command_build(void);

/* Begins a command of sh; its standard output and error are to be read from *out and *err. It ends when the test does. */
pid_t command_start(const char *command, int *out, int *err);

/* Adds to *said all that is still to come, and waits for the end. Closes both descriptors. */
void command_finish(pid_t pid, int out, int err, struct said *said);

/* Both in one. *said need not be set before. */
void command_run(const char *command, struct said *said);

void said_forget(struct said *said);

/* Makes a directory of the template place: a service, a suite and manifests, none of them ours. It becomes the working directory. */
void place_own(char place[]);

/* The same, gone with all that is in it. */
void place_leave(const char *place);

/* How often what stands in a text. */
size_t count_in(const char *in, const char *what);

#endif
