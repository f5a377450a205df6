#ifndef TEST_VECTOR_H
#define TEST_VECTOR_H
/*
 * Small services and suites for tests, written in C strings with ' in the place of ".
 */
#include "vector/match.h"
#include "vector/program.h"

/* A service whose exchanges are a byte each way; its probe is its control. */
#define TINY                                                                                       \
    "{'format': 1, 'service': 'tiny', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true," \
    " 'end': {'name': 'end', 'clauses': ['X-1']},"                                                 \
    " 'controls': {'ping': [ {'client': [{'byte': 1}]}, {'server': [{'byte': 2}]} ]},"             \
    " 'ops': {'echo': [ {'client': [{'byte': 3}, {'row': 'load'}]}, {'server': [{'row': 'store'}]} ],"  \
    "         'tell': [ {'client': [{'byte': 4}, {'cstringa': '{type}'}, {'row': 'load'}]},"       \
    "                   {'server': [{'cstring': '{text}'}]} ],"                                    \
    "         'make': [ {'client': [{'byte': 5}, {'cstringa': '{make}'}]}, {'server': [{'row': 'store'}]} ]}}"

/* One case of the service tiny: t-1 with these steps. */
#define CASE(steps)                                                                                \
    "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [\n"                                  \
    " {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [\n" steps "]}]}"

/* JSON proper of such a string. */
const char *json_of(const char *text, struct arena *keep);

/* Loads a directory v/ with this service and suite, s.json and t.json, and a register that knows X-1 (documented) and
 * X-2 (inferred). The directory is gone on return. */
bool library_of(const char *service, const char *suite, struct library *lib, struct error *err);

/* The same where all must be well, lint too. */
void library_must(const char *service, const char *suite, struct library *lib);

/* The same, and lint is not asked: for half a conversation that is enough to see what becomes of it. */
void library_loads(const char *service, const char *suite, struct library *lib);

/* The first thing that loading or lint has to say, or "". */
const char *complaint_of(const char *service, const char *suite, struct arena *keep);

/* A case of the library as a program, under a delivery. */
struct program program_of(const struct library *lib, const char *id, const char *profile, enum party us,
                          const char *delivery, struct arena *keep);

/* A line for each op: `send a 01`, `receive a 0203 any byte`, cuts and probes behind. */
const char *program_text(const struct program *p, struct arena *keep);

#endif
