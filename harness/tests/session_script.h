#ifndef SESSION_SCRIPT_H
#define SESSION_SCRIPT_H
/*
 * Sessions without sockets: scripts of what a session wants and what it is told, line by line.
 *
 *     @12 open a            at time 12 it wants connection a opened
 *     @12 write a 0304      … these bytes written; `alone` behind: in a segment of their own
 *     @12 wait 1012         … to wait until then
 *     @12 shutdown a, reset a, pause a, resume a, listen, done
 *     opened a              it is told; also refused, fin, rst, shut, did-reset, paused, resumed, retried, listening,
 *                           stopped, proven
 *     queued a 12           so many bytes wait unread
 *     stuck a 12            … and no more will come
 *     sent 2                the first two bytes that it wants written have left
 *     sent                  all of them
 *     received a 0506       these came
 *
 * What it noted is told at the end in the words of the log.
 */
#include "replay/session.h"
#include "test_vector.h"

struct script {
    const char *label, *service, *suite, *delivery, *lines, *trace;
    bool ops; // trace: behind each event stands its op, not only behind the end
    enum party us;
};

/* In units of scripts. */
extern const struct limits short_limits;

void script_run(const struct script *t);

/* A service without a probe; its silences are waited for. */
#define BLUNT "{'format': 1, 'service': 'tiny', 'no-first-control': 'it has none', 'end': {'name': 'end', 'clauses': ['X-1']}," \
              " 'controls': {'ping': [ {'client': [{'byte': 1}]}, {'server': [{'byte': 2}]} ]}}"
#define ASK   "{'client': [{'word': 772}]},{'server': [{'word': 1286}]}"   // 0403, 0605 on the wire: 04 03 and 06 05
#define AGAIN "{'client': [{'word': 772}]},{'server': [{'word': 1286}], 'check': 'again'}"
#define SAY   "{'client': [{'word': 772}]}"
#define HEAR  "{'server': [{'word': 1286}]}"
#define OPENED "@0 open main\n opened main\n"
#define ASKED OPENED "@1 write main 0403\n sent\n"
#define PAUSED OPENED "@1 pause main\n paused main\n"
#define ENDED "shutdown main\n shut main\n"

#endif
