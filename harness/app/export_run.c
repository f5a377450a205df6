/*
 * `arcwire export RUN --format pcapng`: the saved conversations of a run as one capture. Each begins when the one before it in the
 * log was over, also where several workers played at once; within it times are those that were seen. The SYN comes from
 * whoever dialled. The services of a run have a port each, from 47000 on in the order in which they come.
 */
#include "app/export_run.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "capture/pcapng.h"
#include "report/recheck.h"

#define SERVICES    64    // of one run
#define CONNECTIONS 8     // of one case
#define FIRST_PORT  47000 // of no protocol that Wireshark knows

struct exporting {
    const struct options *o;
    const struct library *lib;
    struct pcapng *to;
    enum relay_side us; // the client is who dials
    int64_t began;      // µs: when the conversation at hand begins
    uint32_t connections;
    size_t conversations;
    const char *services[SERVICES];
    size_t service_count;
};

/* Whether it stands in a list with commas. */
static bool is_listed(const char *list, const char *name)
{
    size_t len = strlen(name);

    for (const char *at = list; (at = strstr(at, name)); at += len)
        if ((at == list || at[-1] == ',') && (at[len] == ',' || !at[len]))
            return true;
    return false;
}

static bool is_chosen(const struct options *o, const struct report_result *r)
{
    bool by_name = o->word_count == 1;

    for (size_t i = 1; i < o->word_count && !by_name; i++)
        by_name =
            fnmatch(o->words[i], r->of->id, 0) == 0 || fnmatch(o->words[i], r->of->suite, 0) == 0;
    return by_name && (!o->deliveries || is_listed(o->deliveries, r->delivery));
}

/* The service of a suite, or NULL: an exchange that goes before the cases of a service belongs to none. */
static const char *service_of(const struct library *lib, const char *suite)
{
    for (size_t i = 0; i < lib->suite_count; i++)
        if (strcmp(lib->suites[i].name, suite) == 0)
            return lib->suites[i].service->name;
    return NULL;
}

static uint16_t port_of(struct exporting *e, const char *service)
{
    size_t i = 0;

    while (i < e->service_count && strcmp(e->services[i], service) != 0)
        i++;
    if (i == e->service_count && i < SERVICES)
        e->services[e->service_count++] = service;
    return (uint16_t)(FIRST_PORT + i);
}

/* What an event of a trace is on the wire; false: nothing. */
static bool wire_event(const struct trace_event *t, enum relay_side us, struct relay_event *out)
{
    enum relay_side peer = us == RELAY_CLIENT ? RELAY_SERVER : RELAY_CLIENT;

    *out = (struct relay_event){ .us = t->us, .data = t->data };
    switch (t->kind) {
    case TRACE_OPEN:
        out->kind = RELAY_OPEN;
        return true;
    case TRACE_REFUSED:
        out->kind = RELAY_REFUSED;
        return true;
    case TRACE_SENT:
    case TRACE_RECEIVED:
        out->kind = RELAY_DATA;
        out->from = t->kind == TRACE_SENT ? us : peer;
        return t->data.len > 0;
    case TRACE_FIN_SENT:
    case TRACE_FIN:
        out->kind = RELAY_END;
        out->from = t->kind == TRACE_FIN_SENT ? us : peer;
        return true;
    case TRACE_RESET_SENT:
    case TRACE_RESET:
    case TRACE_FORGOTTEN:
        out->kind = RELAY_RESET;
        out->from = t->kind == TRACE_RESET_SENT ? us : peer;
        return true;
    case TRACE_RETRIED:
    case TRACE_PROBE:
    case TRACE_QUIET:
    case TRACE_PROVEN:
    case TRACE_LATE:
    case TRACE_MISMATCH:
    case TRACE_CUT_OFF:
    case TRACE_PAUSED:
    case TRACE_RESUMED:
    case TRACE_TAKEN:
    case TRACE_STOPPED:
    case TRACE_OVER:
        break;
    }
    return false;
}

/* A message that left in one segment with what came before it stands in one packet with that. Returns how many events it takes. */
static size_t join(const struct trace *t, size_t at, struct buffer *both)
{
    const struct trace_event *first = &t->events[at];
    size_t n = 1;

    while (first->kind == TRACE_SENT && at + n < t->count && t->events[at + n].kind == TRACE_SENT &&
           t->events[at + n].on == first->on && t->events[at + n].segments == 0 &&
           first->segments > 0) {
        if (n == 1)
            buffer_append(both, first->data.data, first->data.len);
        buffer_append(both, t->events[at + n].data.data, t->events[at + n].data.len);
        n++;
    }
    return n;
}

static bool conversation_add(struct exporting *e, const struct report_result *r, const char *which,
                             struct error *err)
{
    uint32_t on[CONNECTIONS];
    bool opened[CONNECTIONS] = { 0 };
    struct report_talk talk;
    struct trace t;
    SCRATCH(keep);

    if (!r->line_len)
        return true;
    report_talk_load(r, &keep, &talk);
    if (!recheck_trace(&talk, &keep, &t, err))
        return error_within(err, "case %s, delivery %s", r->of->id, r->delivery);
    for (size_t i = 0, taken; i < t.count; i += taken) {
        struct relay_event event;
        CLEANUP(buffer_free) struct buffer both = { 0 };
        taken = join(&t, i, &both);
        if (!wire_event(&t.events[i], e->us, &event))
            continue;
        if (taken > 1)
            event.data = buffer_bytes(&both);
        event.us += e->began;
        unsigned here = t.events[i].on;
        if (!opened[here]) {
            struct relay_event open = { .kind = RELAY_OPEN, .on = e->connections, .us = event.us };
            const char *name = here < talk.connections.count ? talk.connections.names[here] : "?";
            on[here] = e->connections++;
            opened[here] = true;
            pcapng_remark(e->to,
                          arena_printf(&keep, "%s, delivery %s%s, connection %s: %s", r->of->id,
                                       r->delivery, which, name, report_verdicts[r->verdict].name));
            if (!pcapng_add(e->to, &open, err))
                return false;
        }
        event.on = on[here];
        if (event.kind != RELAY_OPEN && !pcapng_add(e->to, &event, err))
            return false;
    }
    if (t.count)
        e->began += t.events[t.count - 1].us + 1;
    e->conversations++;
    return true;
}

static int by_line(const void *a, const void *b)
{
    const struct report_result *x = *(const struct report_result *const *)a,
                               *y = *(const struct report_result *const *)b;

    return (x->line_at > y->line_at) - (x->line_at < y->line_at);
}

/* All that was played, in the order of the log. */
static size_t in_order(const struct report *report, struct arena *keep,
                       const struct report_result ***out)
{
    const struct report_result **all =
        ARENA_ARRAY(keep, report->result_count + 1, const struct report_result *);
    size_t n = 0;

    for (const struct report_case *c = report->cases; c; c = c->next)
        for (const struct report_result *r = c->first; r; r = r->next)
            if (r->line_len)
                all[n++] = r;
    qsort(all, n, sizeof *all, by_line);
    *out = all;
    return n;
}

static bool report_add(struct exporting *e, const struct report *report, struct error *err)
{
    const struct report_result **all;
    SCRATCH(keep);
    size_t count = in_order(report, &keep, &all);

    for (size_t i = 0; i < count; i++) {
        const char *service = NULL;
        for (size_t k = i; k < count && !service;
             k++) // what goes before a service's cases is of theirs
            service = service_of(e->lib, all[k]->of->suite);
        if (!is_chosen(e->o, all[i]))
            continue;
        pcapng_serve(e->to, port_of(e, service ? service : all[i]->of->suite));
        if (!conversation_add(e, all[i], "", err) ||
            (all[i]->second && !conversation_add(e, all[i]->second, " once more", err)))
            return error_within(err, "%s", report->log->path);
    }
    return true;
}

static int64_t started_us(const struct report *r)
{
    struct tm t = { 0 };
    const char *end = r->started ? strptime(r->started, "%Y-%m-%dT%H:%M:%SZ", &t) : NULL;

    return end ? (int64_t)timegm(&t) * 1000000 : 0;
}

bool export_is_run(const char *path)
{
    static const char first[] = "{\"record\":\"run\"";
    char head[sizeof first] = "";
    SCRATCH(keep);
    FILE *f = fopen(log_place(path, &keep), "re");

    if (!f)
        return file_is_directory(path);
    bool is = fread(head, 1, sizeof first - 1, f) == sizeof first - 1 && strcmp(head, first) == 0;
    fclose(f);
    return is;
}

int export_run(const struct options *o)
{
    struct library lib = { 0 };
    CLEANUP(buffer_free) struct buffer out = { 0 };
    struct report report;
    struct error err;
    SCRATCH(keep);

    if (!library_open(o, &lib, &err)) {
        library_free(&lib);
        return fail(&err);
    }
    if (!report_load(log_place(o->words[0], &keep), &keep, &report, &err)) {
        library_free(&lib);
        return fail(&err);
    }
    struct exporting e = { .o = o,
                           .lib = &lib,
                           .us = report.dial && strcmp(report.dial, "peer") == 0 ? RELAY_SERVER
                                                                                 : RELAY_CLIENT };
    e.to = pcapng_new(&out, FIRST_PORT, started_us(&report));
    bool good = report_add(&e, &report, &err);
    pcapng_free(e.to);
    if (good && e.conversations)
        good = file_write(o->output, buffer_bytes(&out), &err);
    int status = !good ? fail(&err) : e.conversations ? EXIT_EXPECTED : EXIT_NOTHING;
    if (good) {
        printf("%zu conversation%s, %" PRIu32 " connection%s", e.conversations,
               e.conversations == 1 ? "" : "s", e.connections, e.connections == 1 ? "" : "s");
        for (size_t i = 0; i < e.service_count; i++)
            printf("%s %s on port %zu", i ? "," : ";", e.services[i], FIRST_PORT + i);
        printf("\n");
    }
    report_release(&report);
    library_free(&lib);
    return status;
}
