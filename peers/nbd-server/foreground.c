/*
 * Put before libc (LD_PRELOAD) by peers/nbd-server/start: a server that would go into the background stays, so that
 * it is ended with all that we start, and can be looked at as our descendant.
 */
#include <unistd.h>

int daemon(int nochdir, int noclose)
{
    (void)nochdir;
    (void)noclose;
    return 0;
}
