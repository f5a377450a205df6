/*
 * What the mutated copies of the sources include. One mutant is switched on by ARCWIRE_MUTANT=NUMBER, which processes under
 * test inherit; numbers are unique over the harness and its peers. ARCWIRE_REACHED names a file: the number of a row, then
 * rows with a byte for each mutant, which is set when the place is come to while that row is the one.
 */
#ifndef MUTANTS_SWITCH_H
#define MUTANTS_SWITCH_H

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined __GNUC__ && !defined __clang__ // it cannot see through what stands around a loop's condition
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

enum { MUTANTS_ROWS = 4096, MUTANTS_HEAD = 16, MUTANTS_SIZE = MUTANTS_HEAD + MUTANTS_ROWS * MUTANTS_COUNT };

/* One of each in a program, however many objects have them. */
__attribute__((weak)) unsigned mutants_chosen;
__attribute__((weak)) unsigned mutants_first_row;
__attribute__((weak)) volatile unsigned *mutants_row = &mutants_first_row;
__attribute__((weak)) unsigned char mutants_unread[MUTANTS_COUNT], *mutants_reached;

/* Before all other constructors. */
__attribute__((constructor(101), unused)) static void mutants_begin(void)
{
    const char *number = getenv("ARCWIRE_MUTANT"), *path = getenv("ARCWIRE_REACHED");

    if (mutants_reached)
        return;
    mutants_reached = mutants_unread;
    mutants_chosen = number ? (unsigned)atoi(number) : 0;
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd >= 0) {
        void *map = mmap(NULL, MUTANTS_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (map != MAP_FAILED) {
            mutants_row = map;
            mutants_reached = (unsigned char *)map + MUTANTS_HEAD;
        }
        close(fd);
    }
}

__attribute__((unused)) static inline void mutant_reached(unsigned n)
{
    mutants_reached[(size_t)*mutants_row * MUTANTS_COUNT + n] = 1;
}

/* Whether mutant n is the one. */
__attribute__((unused)) static inline int mutant_(unsigned n)
{
    mutant_reached(n);
    return (int)__builtin_expect(mutants_chosen == n, 0);
}

/* What is added to a constant: 1 for mutant n, -1 for the one behind it, else 0. */
__attribute__((unused)) static inline int mutant_step_(unsigned n)
{
    mutant_reached(n);
    mutant_reached(n + 1);
    return __builtin_expect(mutants_chosen - n < 2, 0) ? mutants_chosen == n ? 1 : -1 : 0;
}

#endif
