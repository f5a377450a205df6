/*
 * A thread with its message loop, as MFC's CWinThread: the only place where
 * notifications are delivered.
 *
 *   Winsock ──► the thread's queue ──► auxiliary queue ──► OnReceive, OnAccept …
 *
 * A blocking call that waits takes its own notification out of the queue and
 * puts all others into the auxiliary queue. They are delivered when the call
 * has returned and the loop runs again [SK-23], so that no notification is ever
 * delivered within another. The sockets of a thread are known by their handles;
 * a notification whose socket is gone, or lives in another thread, is dropped
 * [SK-11, SK-15].
 */
#ifndef REFERENCE_CWINTHREAD_H
#define REFERENCE_CWINTHREAD_H

#include "generation.h"
#include "wsa.h"

struct CSocket;

/*
 * Step 0 of the model, in each thread that uses sockets [SK-1]: makes Winsock
 * ready, and says which generation's sockets this thread has; NULL for the
 * newest. A thread that leaves it out has those, too, where MFC would fail.
 */
bool AfxSocketInit(const struct profile *p);

/* Before a thread ends; its sockets must be closed or detached. */
void AfxSocketTerm(void);

/* Waits for the next message of this thread and delivers it; false if it was the one to quit. */
bool CWinThread_PumpMessage(void);

/* The message loop: goes on until CWinThread_PostQuitMessage. */
void CWinThread_Run(void);
void CWinThread_PostQuitMessage(void);

/* From the message loop, later, call(arg): what in Windows any other message would be. */
void CWinThread_Post(void (*call)(void *), void *arg);

/*
 * While something blocks only OnMessagePending runs, and messages other than
 * those of sockets wait. This delivers one of them, if there is one, as a
 * program does in OnMessagePending that wants to see time pass [SK-20, SK-21].
 */
bool CWinThread_DispatchOther(void);

/* From the message loop, every ms milliseconds, call(arg). Its number; 0: there are too many. */
unsigned CWinThread_SetTimer(unsigned ms, void (*call)(void *), void *arg);
void CWinThread_KillTimer(unsigned timer);

/*
 * For csocket.c
 */

const struct profile *cwinthread_profile(void);

/* The thread's map of sockets. */
void cwinthread_attach(struct CSocket *s);
void cwinthread_detach(struct CSocket *s);

/* Puts a notification off until the message loop runs. */
void cwinthread_put_off(const struct wsa_message *m);
/* Sees to it that the loop looks at what was put off. */
void cwinthread_wake(void);

#endif
