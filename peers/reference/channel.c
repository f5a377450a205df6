#include "channel.h"

#include <assert.h>

#include "cwinthread.h"
#include "flaw.h"
#include "object_table.h"

enum { DRAIN_MS = 1000 };

static void archive_open(struct channel *c, struct CArchive *ar, unsigned mode,
                         const struct profile *profile)
{
    uint8_t *buffer = mode & CARCHIVE_LOAD ? c->load_buffer : c->store_buffer;

    CArchive_Construct(ar, &c->file.base, mode, CARCHIVE_BUFFER, buffer, profile);
    ar->keep = &c->request;
    ar->life = &c->life;
}

void channel_open(struct channel *c, struct CSocket *socket, const struct profile *profile)
{
    struct exception e;

    memset(c, 0, offsetof(struct channel, load_buffer));
    c->socket = socket;
    bool is_stream = CSocketFile_Construct(&c->file, socket, true, &e);
    assert(is_stream);
    (void)is_stream;
    archive_open(c, &c->load, CARCHIVE_LOAD, profile);
    archive_open(c, &c->store, CARCHIVE_STORE, profile);
    if (FLAW(shares_tables))
        c->load.table = c->store.table = object_table_new();
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
    if (!FLAW(restarts_store_table))
        archive_renew(c, &c->load);
    archive_renew(c, &c->store);
}

static bool let_time_pass(struct CSocket *s)
{
    (void)s;
    return CWinThread_DispatchOther();
}

static void give_up(void *socket)
{
    struct CSocket *s = socket;

    s->context = NULL;
    CSocket_CancelBlockingCall(s);
}

/*
 * The only wait with a time limit: an asker that never ends must not keep the
 * thread. This is how a program gives one to a blocking call [SK-20].
 */
static void drain(struct CSocket *s)
{
    static const struct CSocketEvents impatient = { .OnMessagePending = let_time_pass };
    char dropped[CARCHIVE_BUFFER];

    s->events = &impatient;
    s->context = s;
    unsigned timer = CWinThread_SetTimer(DRAIN_MS, give_up, s);
    while (s->context && CSocket_Receive(s, dropped, sizeof dropped) > 0)
        CWinThread_DispatchOther();
    CWinThread_KillTimer(timer);
}

void channel_end(struct channel *c)
{
    CArchive_Destroy(&c->load);
    CArchive_Destroy(&c->store);
    CSocketFile_Close(&c->file);
    c->socket->events = NULL;
    while (FLAW(never_ends))
        CWinThread_PumpMessage();
    if (FLAW(ends_late))
        FLAW_PAUSE();
    if (!FLAW_RESETS(c->socket) && !FLAW(closes_unread) && CSocket_ShutDown(c->socket))
        drain(c->socket);
    CSocket_Close(c->socket);
    pool_release(&c->request);
    pool_release(&c->life);
}
