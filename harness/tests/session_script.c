#include "session_script.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"

/* The time of scripts. A little passes with each line, so that the share of a few bytes in a limit passes, too. */
#define UNIT 1000000 // µs
#define LINE 1000    // µs

const struct limits short_limits = { .open = 100 * UNIT, .step = 200 * UNIT, .end = 300 * UNIT, .quiet = 50 * UNIT,
                                            .settle = 40 * UNIT, .whole = 2000ll * UNIT };

static const char *want_text(const struct session *s, const struct want *w, struct arena *keep)
{
    const char *name = s->program->connections[w->on];
    TEXT(bytes);

    hex_write(&bytes, w->bytes);
    switch (w->kind) {
    case WANT_OPEN:
        return arena_printf(keep, "open %s", name);
    case WANT_LISTEN:
        return "listen";
    case WANT_WRITE:
        return arena_printf(keep, "write %s %s%s", name, text_string(&bytes), w->alone ? " alone" : "");
    case WANT_SHUTDOWN:
        return arena_printf(keep, "shutdown %s", name);
    case WANT_RESET:
        return arena_printf(keep, "reset %s", name);
    case WANT_PAUSE:
        return arena_printf(keep, "pause %s", name);
    case WANT_TAKEN:
        return arena_printf(keep, "let take %s", name);
    case WANT_RESUME:
        return arena_printf(keep, "resume %s", name);
    case WANT_WAIT:
        cr_expect(not(w->prove && (s->at == 0 || !s->conn[s->program->ops[s->at].on].open)), "a proof needs a connection");
        cr_expect(not(w->prove && w->queue));
        return arena_printf(keep, "wait %lld", (long long)(w->until / UNIT));
    case WANT_DONE:
        break;
    }
    return "done";
}

static unsigned connection_of(const struct session *s, const char *name)
{
    for (unsigned on = 0; on < s->program->connection_count; on++)
        if (strcmp(s->program->connections[on], name) == 0)
            return on;
    return 0;
}

static void tell(struct session *s, const struct want *w, const char *line, int64_t now, struct arena *keep)
{
    char word[16] = "", name[16] = "";
    int used = 0;
    struct bytes bytes = { 0 };

    sscanf(line, "%15s %15s %n", word, name, &used);
    unsigned on = connection_of(s, name);
    if (strcmp(word, "opened") == 0)
        session_opened(s, on, now);
    else if (strcmp(word, "refused") == 0)
        session_refused(s, on, 111, now);
    else if (strcmp(word, "fin") == 0)
        session_fin(s, on, now);
    else if (strcmp(word, "rst") == 0)
        session_reset(s, on, 104, now);
    else if (strcmp(word, "shut") == 0)
        session_shut(s, on, now);
    else if (strcmp(word, "did-reset") == 0)
        session_did_reset(s, on, now);
    else if (strcmp(word, "paused") == 0)
        session_paused(s, on, now);
    else if (strcmp(word, "resumed") == 0)
        session_resumed(s, on, now);
    else if ((strcmp(word, "queued") == 0 || strcmp(word, "stuck") == 0) && w->queue && w->on == on)
        session_queued(s, on, (size_t)atoi(line + used), *word == 's', now);
    else if (strcmp(word, "taken") == 0)
        session_taken(s, on, 9, now);
    else if (strcmp(word, "dialers") == 0)
        s->dialers = (unsigned)atoi(line + strlen(word));
    else if (strcmp(word, "retried") == 0)
        session_retried(s, now);
    else if (strcmp(word, "listening") == 0)
        session_listening(s, now);
    else if (strcmp(word, "stopped") == 0)
        session_stopped(s, now);
    else if (strcmp(word, "proven") == 0 && w->prove)
        session_proven(s, 7, now);
    else if (strcmp(word, "sent") == 0)
        session_sent(s, w->on, bytes_slice(w->bytes, 0, *name ? (size_t)atoi(name) : SIZE_MAX), 1, now);
    else if (strcmp(word, "received") == 0 && !hex_read(line + used, keep, &bytes))
        session_received(s, on, bytes, now);
    else
        cr_assert(false, "the script says \"%s\"", line);
}

static void trace_text(struct text *to, const struct trace *t, size_t ops, bool all)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct trace_event *e = &t->events[i];
        if (i)
            text_char(to, ' ');
        if (e->kind == TRACE_SENT || e->kind == TRACE_RECEIVED)
            text_printf(to, "%c%zu", e->kind == TRACE_SENT ? '>' : '<', e->data.len);
        else
            text_add(to, trace_name(e->kind));
        if (e->kind == TRACE_OVER || all)
            text_printf(to, e->op == ops ? ":all" : ":%u", e->op);
    }
}

void script_run(const struct script *t)
{
    SCRATCH(keep);
    struct library lib;
    struct session s;
    struct trace trace = { .keep = &keep };
    struct want w = { 0 };
    int64_t now = 0, lines = 0;
    TEXT(noted);

    library_loads(t->service, t->suite, &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", t->us, t->delivery, &keep);
    session_init(&s, &p, &trace, &short_limits, 0);
    char *rest = arena_string(&keep, t->lines);
    for (char *line; (line = strsep(&rest, "\n"));) {
        while (*line == ' ')
            line++;
        if (!*line)
            continue;
        if (*line != '@') {
            tell(&s, &w, line, now, &keep);
            continue;
        }
        now = strtoll(line + 1, &line, 10) * UNIT + LINE * ++lines;
        w = session_want(&s, now);
        const char *said = want_text(&s, &w, &keep);
        cr_expect(eq(str, (char *)said, line + 1), "%s, at %lld", t->label, (long long)(now / UNIT));
    }
    session_over(&s, now);
    trace_text(&noted, &trace, p.count, t->ops);
    cr_expect(eq(str, (char *)text_string(&noted), (char *)t->trace), "%s", t->label);
    session_release(&s);
    library_free(&lib);
}
