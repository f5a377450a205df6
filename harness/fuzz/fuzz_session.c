/*
 * Anything that can happen to a session, in any order: it ends, keeps its limits, and its trace is judged. A play that
 * was not all right is no pass: what came must be, byte for byte, what was due.
 */
#include <stdlib.h>

#include "check/check.h"
#include "replay/session.h"
#include "vector/parse.h"
#include "verdict/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char service_text[] =
    "{\"format\": 1, \"service\": \"tiny\", \"first-control\": \"ping\", \"probe\": \"ping\", \"pipelining\": true,"
    " \"controls\": {\"ping\": [ {\"client\": [{\"byte\": 1}]}, {\"server\": [{\"byte\": 2}]} ]}}";
static const char suite_text[] =
    "{\"format\": 1, \"suite\": \"t\", \"service\": \"tiny\", \"cases\": ["
    " {\"id\": \"t-1\", \"title\": \"T\", \"clauses\": [\"X\"], \"steps\": [{\"control\": \"ping\"}, {\"silent\": \"server\"}, {\"client\": [{\"byte\": 3}]},"
    "  {\"server\": [{\"byte\": 4}, {\"cstringa\": {\"any\": true}}]}, {\"end\": \"client\"}, {\"server\": [{\"byte\": 5}], \"check\": \"b\"}]},"
    " {\"id\": \"t-2\", \"title\": \"T\", \"clauses\": [\"X\"], \"steps\": [{\"control\": \"ping\", \"on\": \"a\"}, {\"control\": \"ping\", \"on\": \"b\"},"
    "  {\"reset\": \"client\", \"on\": \"a\"}, {\"client\": [{\"byte\": 3}], \"part\": true, \"on\": \"b\"}, {\"silent\": \"server\", \"on\": \"b\"},"
    "  {\"client\": [{\"byte\": 3}], \"on\": \"b\"}, {\"server\": [{\"byte\": 6}], \"on\": \"b\"}]},"
    " {\"id\": \"t-3\", \"title\": \"T\", \"clauses\": [\"X\"], \"steps\": [{\"open\": \"client\", \"on\": \"a\"}, {\"pause\": \"client\", \"on\": \"a\"},"
    "  {\"client\": [{\"byte\": 3}], \"on\": \"a\"}, {\"control\": \"ping\", \"on\": \"b\"}, {\"resume\": \"client\", \"on\": \"a\"},"
    "  {\"server\": [{\"byte\": 6}], \"on\": \"a\"}, {\"silent\": \"client\", \"on\": \"a\"}]},"
    " {\"id\": \"t-4\", \"title\": \"T\", \"clauses\": [\"X\"], \"steps\": [{\"client\": [{\"byte\": 3}]}, {\"silent\": \"client\"}, {\"pause\": \"server\"},"
    "  {\"server\": [{\"byte\": 6}]}, {\"resume\": \"server\"}, {\"client\": [{\"byte\": 3}]}, {\"end\": \"server\"}]}]}";

/* One byte tells what happens; true when it may happen now. */
static void happen(struct session *s, const struct want *w, uint8_t what, int64_t *now)
{
    unsigned on = (what >> 4) % s->program->connection_count;
    struct session_connection *c = &s->conn[on];
    bool alive = c->open && !c->dead, heard = alive && !c->fin && !c->paused;
    uint8_t byte = what >> 4;

    switch (what & 15) {
    case 0:
        if (heard)
            session_fin(s, on, *now);
        break;
    case 1:
        if (alive)
            session_reset(s, on, 104, *now);
        break;
    case 2:
        *now += 1 << (what >> 4);
        break;
    case 3:
        session_stopped(s, *now);
        break;
    case 4:
        if (w->kind == WANT_WAIT && w->prove)
            session_proven(s, 1, *now);
        break;
    default:
        if (heard)
            session_received(s, on, (struct bytes){ &byte, 1 }, *now);
        break;
    }
}

static void oblige(struct session *s, const struct want *w, uint8_t what, int64_t *now)
{
    switch (w->kind) {
    case WANT_OPEN:
        if (what & 1)
            session_opened(s, w->on, *now);
        else if (what & 2)
            session_refused(s, w->on, 111, *now);
        break;
    case WANT_LISTEN:
        session_listening(s, *now);
        break;
    case WANT_WRITE:
        session_sent(s, w->on, bytes_slice(w->bytes, 0, 1 + what % 3), 1, *now);
        break;
    case WANT_SHUTDOWN:
        session_shut(s, w->on, *now);
        break;
    case WANT_RESET:
        session_did_reset(s, w->on, *now);
        break;
    case WANT_PAUSE:
        session_paused(s, w->on, *now);
        break;
    case WANT_TAKEN:
        session_taken(s, w->on, what & 1 ? 5 : -1, *now);
        break;
    case WANT_RESUME:
        session_resumed(s, w->on, *now);
        break;
    case WANT_WAIT:
        if (w->queue)
            session_queued(s, w->on, what >> 4, what & 8, *now);
        if (what & 1)
            *now = *now < w->until ? w->until : *now;
        break;
    case WANT_DONE:
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCRATCH(keep);
    struct library lib = { 0 };
    struct service *service, *services[1];
    const struct json *file;
    struct suite suite;
    struct error err = { 0 };
    struct program p;
    struct session s;
    struct trace t = { .keep = &keep };
    struct findings f;
    struct want w;
    int64_t now = 0;
    size_t at = 1, turns = 0;

    if (size < 1)
        return 0;
    if (!json_parse(bytes_of(service_text), "service", &keep, &file, &err) || !service_parse(file, &keep, &service, &err))
        abort();
    services[0] = service;
    lib.services = services;
    lib.service_count = 1;
    if (!json_parse(bytes_of(suite_text), "suite", &keep, &file, &err) || !suite_parse(file, &lib, &keep, &suite, &err))
        abort();
    const struct vector *v = &suite.vectors[(data[0] & 1) | (data[0] >> 6 & 2)];
    enum party us = data[0] & 0x40 && !vector_unserved(v, &profile_default) ? PARTY_SERVER : PARTY_CLIENT;
    if (!program_compile(v, &profile_default, 1, us, &keep, &p, &err))
        abort();
    delivery_table[(data[0] >> 1 & 31) % delivery_count].apply(&p, 1, &keep);
    session_init(&s, &p, &t, &limits_default, 0);
    while ((w = session_want(&s, now)).kind != WANT_DONE) {
        if (turns++ > 10 * size + 1000)
            abort(); // it goes round in circles
        uint8_t what = at < size ? data[at++] : 1;
        oblige(&s, &w, at < size ? data[at++] : 1, &now);
        if (at < size)
            happen(&s, &w, what, &now);
        if (now < 0)
            abort();
    }
    session_over(&s, now);
    judge(&p, &t, &keep, &f);
    enum verdict verdict = verdict_fold(&f, false);
    bool dead = false;
    for (size_t i = 0; i < t.count; i++)
        dead |= t.events[i].kind == TRACE_RESET || t.events[i].kind == TRACE_REFUSED || t.events[i].kind == TRACE_STOPPED ||
                t.events[i].kind == TRACE_LATE || t.events[i].kind == TRACE_MISMATCH;
    if (!verdict_is_bad(verdict) && (dead || s.at != p.count))
        abort();
    session_release(&s);
    return 0;
}
