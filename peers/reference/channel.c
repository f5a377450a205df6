#include "channel.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "flaw.h"

enum { DRAIN_MS = 1000 };

static void archive_open(struct channel *c, struct CArchive *ar, unsigned mode,
                         const struct profile *profile)
{
    CArchive_Construct(ar, &c->file, mode, CARCHIVE_BUFFER, NULL, profile);
    ar->keep = &c->request;
    ar->life = &c->life;
}

void channel_open(struct channel *c, struct CSocket *socket, const struct profile *profile)
{
    struct exception e;

    *c = (struct channel){ .socket = socket };
    bool is_stream = CSocketFile_Construct(&c->file, socket, true, &e);
    assert(is_stream);
    (void)is_stream;
    archive_open(c, &c->load, CARCHIVE_LOAD, profile);
    archive_open(c, &c->store, CARCHIVE_STORE, profile);
}

static void archive_renew(struct channel *c, struct CArchive *ar)
{
    struct CArchive old = *ar;

    CArchive_Destroy(ar);
    archive_open(c, ar, old.mode, old.profile);
    ar->find_class = old.find_class;
    ar->depth_max = old.depth_max;
}

void channel_renew(struct channel *c)
{
    archive_renew(c, &c->load);
    archive_renew(c, &c->store);
}

static long long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* The only wait with a time limit: an asker that never ends must not keep the thread. */
static void drain(const struct CSocket *s)
{
    long long until = now_ms() + DRAIN_MS, left;
    char dropped[CARCHIVE_BUFFER];

    while ((left = until - now_ms()) > 0) {
        struct pollfd p = { .fd = s->fd, .events = POLLIN };
        if (poll(&p, 1, (int)left) <= 0)
            continue;
        ssize_t got = recv(s->fd, dropped, sizeof dropped, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            return;
    }
}

void channel_end(struct channel *c)
{
    CArchive_Destroy(&c->load);
    CArchive_Destroy(&c->store);
    CSocketFile_Close(&c->file);
    if (FLAW(never_ends))
        pause();
    if (FLAW(rst_at_end)) {
        struct linger now = { .l_onoff = 1 };
        setsockopt(c->socket->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    } else if (CSocket_ShutDown(c->socket)) {
        drain(c->socket);
    }
    CSocket_Close(c->socket);
    pool_release(&c->request);
    pool_release(&c->life);
}
