#include "cwinthread.h"

#include <stdlib.h>
#include <string.h>

#include "csocket.h"

struct put_off {
    struct wsa_message message;
    struct put_off *next;
};

struct timer {
    void (*call)(void *); // NULL: free
    void *arg;
};

static _Thread_local struct {
    struct profile profile;
    struct CSocket **sockets; // in no order: a thread seldom has many
    size_t count, room;
    intptr_t *dead; // closed, with notifications on their way [SK-15]
    size_t dead_count, dead_room;
    struct put_off *first; // the auxiliary queue
    struct timer timers[WSA_TIMERS];
} thread;

static void *grown(void *old, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return old;
    *room = *room ? 2 * *room : 8;
    void *new = realloc(old, *room * size);
    if (!new)
        abort();
    return new;
}

bool AfxSocketInit(const struct profile *p)
{
    thread.profile = p ? *p : (struct profile){ 0 };
    return wsa_start();
}

void AfxSocketTerm(void)
{
    for (struct put_off *p = thread.first, *next; p; p = next) {
        next = p->next;
        free(p);
    }
    free(thread.sockets);
    free(thread.dead);
    memset(&thread, 0, sizeof thread);
    wsa_leave();
}

const struct profile *cwinthread_profile(void)
{
    if (!thread.profile.generation)
        thread.profile.generation = generation_newest();
    return &thread.profile;
}

static size_t dead_find(intptr_t handle)
{
    size_t i = 0;

    while (i < thread.dead_count && thread.dead[i] != handle)
        i++;
    return i;
}

static void bury(intptr_t handle)
{
    size_t i = dead_find(handle);

    if (i < thread.dead_count)
        thread.dead[i] = thread.dead[--thread.dead_count];
}

static void drop_put_off(intptr_t handle)
{
    for (struct put_off **at = &thread.first, *p; (p = *at);) {
        if (p->message.socket == handle) {
            *at = p->next;
            free(p);
        } else {
            at = &p->next;
        }
    }
}

void cwinthread_attach(struct CSocket *s)
{
    thread.sockets = grown(thread.sockets, thread.count, &thread.room, sizeof *thread.sockets);
    thread.sockets[thread.count++] = s;
}

/*
 * Notifications that are on their way must not reach the next socket, which may
 * get the same handle: the handle is dead until a message behind them comes.
 */
void cwinthread_detach(struct CSocket *s)
{
    for (size_t i = 0; i < thread.count; i++)
        if (thread.sockets[i] == s)
            thread.sockets[i] = thread.sockets[--thread.count];
    drop_put_off(s->handle);
    thread.dead = grown(thread.dead, thread.dead_count, &thread.dead_room, sizeof *thread.dead);
    thread.dead[thread.dead_count++] = s->handle;
    wsa_post(&(struct wsa_message){ .kind = WSA_DEAD, .socket = s->handle });
}

static struct CSocket *socket_find(intptr_t handle)
{
    for (size_t i = 0; i < thread.count; i++)
        if (thread.sockets[i]->handle == handle)
            return thread.sockets[i];
    return NULL;
}

/*
 * A thread may never come to deliver anything. So what would be delivered twice
 * is put off once, and with a dead socket goes all that was put off of it.
 */
void cwinthread_put_off(const struct wsa_message *m)
{
    struct put_off **at = &thread.first;

    if (m->kind == WSA_DEAD) {
        bury(m->socket);
        return;
    }
    if (dead_find(m->socket) < thread.dead_count)
        return;
    for (; *at; at = &(*at)->next)
        if ((*at)->message.socket == m->socket && (*at)->message.event == m->event)
            return;
    *at = malloc(sizeof **at);
    if (!*at)
        abort();
    **at = (struct put_off){ .message = *m };
}

void cwinthread_wake(void)
{
    if (thread.first)
        wsa_post(&(struct wsa_message){ .kind = WSA_NOTIFY });
}

static void deliver_put_off(void)
{
    while (thread.first) {
        struct put_off *p = thread.first;
        thread.first = p->next;
        struct wsa_message m = p->message;
        free(p);
        struct CSocket *s = socket_find(m.socket);
        if (s)
            csocket_notify(s, m.event, m.error);
    }
}

/* Notifications that were put off come first: all go through the same queue [SK-12]. */
static bool dispatch(const struct wsa_message *m)
{
    switch (m->kind) {
    case WSA_NOTIFY:
    case WSA_DEAD:
        if (m->kind == WSA_DEAD || m->event != 0)
            cwinthread_put_off(m);
        deliver_put_off();
        break;
    case WSA_TIMER:
        if (thread.timers[m->timer].call)
            thread.timers[m->timer].call(thread.timers[m->timer].arg);
        break;
    case WSA_CALL:
        m->call(m->arg);
        break;
    case WSA_QUIT:
        return false;
    case WSA_TICK: // of a call that has ended
    case WSA_ANY:
        break;
    }
    return true;
}

bool CWinThread_PumpMessage(void)
{
    struct wsa_message m;

    while (!wsa_peek(&m, WSA_ANY))
        wsa_wait();
    return dispatch(&m);
}

void CWinThread_Run(void)
{
    while (CWinThread_PumpMessage())
        ;
}

void CWinThread_PostQuitMessage(void)
{
    wsa_post(&(struct wsa_message){ .kind = WSA_QUIT });
}

void CWinThread_Post(void (*call)(void *), void *arg)
{
    wsa_post(&(struct wsa_message){ .kind = WSA_CALL, .call = call, .arg = arg });
}

bool CWinThread_DispatchOther(void)
{
    struct wsa_message m;

    return wsa_peek(&m, WSA_CALL | WSA_TIMER) && dispatch(&m);
}

unsigned CWinThread_SetTimer(unsigned ms, void (*call)(void *), void *arg)
{
    for (unsigned i = 1; i < WSA_TIMERS; i++) {
        if (!thread.timers[i].call) {
            thread.timers[i] = (struct timer){ call, arg };
            wsa_set_timer(i, ms);
            return i;
        }
    }
    return 0;
}

void CWinThread_KillTimer(unsigned timer)
{
    if (timer == 0 || timer >= WSA_TIMERS)
        return;
    wsa_kill_timer(timer);
    thread.timers[timer].call = NULL;
}
