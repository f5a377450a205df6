/*
 * Switches for peers that are wrong on purpose.
 *
 * This library is also built, with FLAWED defined, into a program that makes
 * one chosen mistake. Where a mistake sits too deep to be made from outside,
 * the code asks FLAW(name). Without FLAWED that is the constant 0, and the
 * compiler drops the branch together with its name.
 */
#ifndef REFERENCE_FLAW_H
#define REFERENCE_FLAW_H

#ifdef FLAWED
#include "flawed/flaws.h"
#else
#define FLAW(name)                        0
#define FLAW_TYPE(row)                    (row) // a type whose functions are the mistake
#define FLAW_INSTEAD(socket)              0     // a flaw that takes over the whole connection
#define FLAW_TURNED(string, pool)         (string)
#define FLAW_ORDINAL(table, index, class) (index)
#define FLAW_NOTED()                      (void)0
#define FLAW_NOTES()                      0       // of all connections
#define FLAW_OVER()                       (void)0 // the connection is over
#define FLAW_REQUEST()                    0 // counts requests; a flaw that ends the connection at one
#define FLAW_REQUESTS()                   0 // of this connection
#define FLAW_SEND(s, data, size)          0 // a flaw that sends in another way
#define FLAW_USED()                       0 // whether this is not the process's first connection
#define FLAW_GREETS()                     0 // whether a flaw speaks first
#define FLAW_RESETS(socket)               0 // a flaw that sees to it that closing resets
#define FLAW_SEES_END(socket)             0 // looks whether the asker has half-closed
#define FLAW_SEES_MORE(socket)            0 // looks whether more has come
#define FLAW_PAUSE()                      (void)0
#define FLAW_ASKS(host, port)             (void)0 // before a program that asks dials
#define FLAW_STAYS(host, port)            (void)0 // … and before it ends
#endif

#endif
