#ifndef TINY_H
#define TINY_H
/*
 * A peer for tests: this test program itself, started with `--tiny-peer MANNER PORT`, speaks the service TINY of
 * test_vector.h. PORT is where it listens, host:port to dial, or - for its descriptors 0 and 1.
 *
 *   1   → 2                            14  → how many 14 this process has had
 *   10  dies of SIGSEGV                15  → what the file $STATE says, and one more in it from then on
 *   11  → 8, and is remembered         16  dies of SIGKILL if the file $ONCE is there, which it removes; else → 8
 *   12  dies if it has had 11; else → 8
 *   13  → 8, and a sanitizer's report on stderr
 *   20  → 20 and what $INFO says, a narrow string; 21 and the end of the connection where there is no $INFO
 *   any other → 8
 *
 * Started with `--tiny-accept PORT CONNECTIONS COMMAND…` it waits on PORT, prints it and ready, and becomes COMMAND once it has so
 * many connections, which are its descriptors from 3 on. Several lines of bash can then be a program that listens.
 *
 * MANNER: `words` prints its port and ready; `quiet` prints nothing; `greedy` neither, and does not say SO_REUSEADDR;
 * `leaks` has a report on stderr when it is told to end. Several may be joined by commas.
 */

/* The path of this program. */
const char *tiny_program(void);

/* A port that is free just now. */
unsigned short tiny_port(void);

#endif
