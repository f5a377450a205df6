#ifndef BASE_FD_H
#define BASE_FD_H
/*
 * Descriptors closed by scope.
 *
 *     AUTO_CLOSE int fd = socket(…);
 *     …
 *     return fd_keep(&fd);            // unless it is handed on
 */
#include <unistd.h>

static inline void fd_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Takes the descriptor out of its scope's care. */
static inline int fd_keep(int *fd)
{
    int kept = *fd;

    *fd = -1;
    return kept;
}

#define AUTO_CLOSE __attribute__((cleanup(fd_close)))

#endif
