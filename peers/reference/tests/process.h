/*
 * The peers as processes, and the asker's side of a connection to one.
 */
#ifndef REFERENCE_TESTS_PROCESS_H
#define REFERENCE_TESTS_PROCESS_H

#include <stdio.h>
#include <sys/types.h>

#include "rig.h"

struct process {
    pid_t pid;
    FILE *out;     // what is kept of it
    uint16_t port; // of the conformance service, once it is ready
};

/*
 * Starts the peer that is built beside this test program, with arguments
 * separated by spaces. kept is STDOUT_FILENO or STDERR_FILENO. It does not
 * outlive the test.
 */
struct process process_start(const char *peer, int kept, const char *arguments);

/* The same, on standard output, up to "ready". */
struct process process_start_ready(const char *peer, const char *arguments);

/* The next line with its newline; "" at the end. Valid until the next call. */
char *process_line(struct process *p);

/* Waits for its end: the exit status, or the negative signal. */
int process_status(struct process *p);

/* A new connection to the conformance service. */
void process_dial(const struct process *p, struct CSocket *s);

/* In the words of spelt (rig.h). */
void say(struct CSocket *s, const char *words);

/* Exactly these bytes must come; what comes behind stays. */
void hear(struct CSocket *s, const char *words);

/* All that comes up to the end, in hexadecimal; "reset" if that is how it ends. */
char *hear_all(struct CSocket *s);

#endif
