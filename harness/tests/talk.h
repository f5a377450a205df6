#ifndef TALK_H
#define TALK_H
/*
 * Conversations of a small service, what happened in them, event by event, and what is found in that.
 */
#include "check/evidence.h"
#include "test_vector.h"

#define TALK                                                                                       \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'refusals': {'no': [ {'server': [{'word': 2}, {'word': {'any': true, 'as': 'cause'}}]} ]},\n" \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"
#define BLUNT                                                                                      \
    "{'format': 1, 'service': 'talk', 'no-first-control': 'it has none',"                          \
    " 'end': {'name': 'end', 'clauses': ['X-1']}}"

#define PING "{'control': 'ping'}"
#define ASK  "{'client': [{'word': 4}, {'dword': 7}]}"
#define TOLD "{'server': [{'word': 0}, {'dword': 8}]}"

#define PAIR        ASK "," TOLD
#define SHOW(steps) "{'client': [{'word': 4}]}," steps

/* Loads a service and the case t-1 with these steps; lint is not asked. */
void talk_load(const char *service, const char *steps, struct library *lib);

/*
 * Adds what happened, by op: "0 open,1 >,2 <0600,2 mismatch,2 over".
 *
 *   >      the op's bytes are sent (>2: in two segments)      <hex   these bytes come
 *   !      the probe's are sent                               =      the op's bytes come
 *   ?      what is due to the op's probe, or to the program's, comes; &: to the program's
 *   "text  a status of 0 and a CString come, with ; in the place of commas
 *
 * Any other word is a kind of event, as trace_name has it.
 */
void talk_trace(const char *text, const struct program *p, struct trace *t, struct arena *keep);

/* What came at the op at which the play ended, as what names causes looks at it: all before that was right. */
struct evidence talk_evidence(const struct program *p, const struct trace *t, struct arena *keep);

/* All that did not pass: check axis grade cause, the wrong byte and its field. */
const char *talk_found(const struct program *p, const struct trace *t, struct arena *keep);

/* The cause and the sentence of the last that has one; "" where all is well. */
const char *talk_told(const struct program *p, const struct trace *t, struct arena *keep);

/* TALK with these refusals; with several, one of them in words. */
#define SERVICE_REFUSING(refusals)                                                                         \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']}, 'refusals': {" refusals "},\n"                    \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"
#define SEVERAL                                                                                    \
    SERVICE_REFUSING("'no': [ {'server': [{'word': 2}, {'word': {'any': true, 'as': 'cause'}}]} ],"        \
             "'refused': [ {'server': [{'word': 1}, {'cstringa': {'any': true, 'as': 'reason'}}]} ]," \
             "'bare': [ {'server': [{'word': 7}, {'word': {'any': true}}]} ]")

#endif
