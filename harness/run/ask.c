#include "run/ask.h"

#include <fnmatch.h>
#include <sys/wait.h>

#include "base/fd.h"
#include "run/opinion.h"
#include "run/playing.h"

#define START_LIMIT 10000000 // µs until a program that listens must be ready

const char *ask_excused(const struct run_options *o, const struct profile *p, const struct vector *v, enum verdict *verdict)
{
    const char *const *pattern = o->manifest->ask->plays;

    while (*pattern && fnmatch(*pattern, v->id, 0) != 0 && fnmatch(*pattern, v->suite, 0) != 0)
        pattern++;
    *verdict = VERDICT_UNSUPPORTED;
    if (!*pattern)
        return "the manifest's \"ask\" does not list it";
    *verdict = VERDICT_SKIPPED;
    return vector_unserved(v, p);
}

/* What it said last, with a word before it; "" when it has said nothing. */
static const char *last_words(const struct peer *peer, struct arena *keep)
{
    TEXT(said);

    peer_last_words(peer, &said);
    return said.b.len ? arena_printf(keep, ", its last words: %s", text_string(&said)) : "";
}

static struct finding *first_failure(struct findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].grade == GRADE_FAIL)
            return &f->items[i];
    return NULL;
}

/* How the program ended; it had so many µs for it. */
static void judge_exit(struct worker *w, struct peer *peer, int64_t patience, struct result *result, struct arena *keep)
{
    struct finding one = { .check = { "exit", w->service->end.clauses, result->vector->level }, .axis = AXIS_LIFE };
    struct finding *failed = first_failure(&result->findings);
    TEXT(how);

    if (peer_lives(peer, &how)) {
        one.grade = GRADE_FAIL;
        one.cause = "never-exits";
        one.sentence = arena_printf(keep, "the program had not ended %d ms behind the conversation, and was killed%s",
                                    (int)(patience / 1000), last_words(peer, keep));
        if (failed && strcmp(failed->cause, "never-ends") == 0) // the connection ends with the program
            failed->cause = one.cause;
    } else if (peer->status != 0) {
        one.grade = GRADE_FAIL;
        one.cause = WIFSIGNALED(peer->status) ? "peer-died" : "exit-status";
        one.sentence = arena_printf(keep, "the program %s", text_string(&how));
    } else if (failed && strcmp(failed->cause, "sanitizer") != 0) { // that has its words
        failed->sentence = arena_printf(keep, "%s%s", failed->sentence, last_words(peer, keep));
    }
    opinion_add(&result->findings, one, keep);
}

/* Whether every connection of the case came about: one that waits then is not of it. */
static bool all_opened(const struct program *p, const struct trace *t)
{
    size_t due = 0, opened = 0;

    for (size_t i = 0; i < p->count; i++)
        due += p->ops[i].kind == OP_OPEN;
    for (size_t i = 0; i < t->count; i++)
        opened += t->events[i].kind == TRACE_OPEN;
    return opened == due;
}

/* Whether it has dialled once more than the case has connections. */
static void judge_dials(struct worker *w, int listener, struct result *result, struct arena *keep)
{
    AUTO_CLOSE int more = net_accept(listener);

    if (more >= 0)
        opinion_add(&result->findings,
                    (struct finding){ .check = { "dials", w->service->end.clauses, result->vector->level }, .axis = AXIS_LIFE,
                                      .grade = GRADE_FAIL, .cause = "extra-connection",
                                      .sentence = "the program dialled once more than the case has connections" },
                    keep);
}

static void hear_complaint(struct worker *w, struct peer *peer, struct result *result, struct arena *keep)
{
    TEXT(what);

    if (peer_complaint(peer, &what))
        opinion_complaint(w, text_string(&what), &result->findings, keep);
}

/* --hold: the user starts it, and sees himself how it ends. */
static bool play_held(struct worker *w, const struct launch *l, struct meeting *m, struct program *p, const char *delivery, struct trace *t,
                      struct result *result, struct arena *keep, struct error *err)
{
    struct peer peer;
    TEXT(command);

    bool good = peer_by_hand(l, &peer, &command, &m->address, err);
    if (good) {
        w->sink->say(w->sink->of, arena_printf(keep, "start the program, in a debugger if you like:\n    %s", text_string(&command)));
        good = (m->peer_dials || !address_is_open(&m->address) || keeper_ask_port(&w->keeper, l->service, &m->address, err)) &&
               playing_program(w, p, m, &w->o->limits, delivery, t, result, keep, err);
    }
    peer_stop(&peer);
    return good;
}

/* Where it listens. */
static bool meet(struct worker *w, const struct peer *peer, const char *service, struct meeting *m, struct error *err)
{
    const struct address *at = peer_service(peer, service);

    if (!at)
        return error_set(err, ERROR_PEER, "%s: the program did not say where it listens for %s", w->o->manifest->path, service);
    m->address = *at;
    return true;
}

/* Plays it; the program dials us there, or NULL: we dial it. */
static bool play(struct worker *w, struct program *p, const struct address *us, int listener, const char *delivery, struct trace *t,
                 struct result *result, struct arena *keep, struct error *err)
{
    const struct run_options *o = w->o;
    struct launch l = { .manifest = o->manifest, .variant = o->variant, .build = o->build, .under = o->under,
                        .dial_to = us, .limit_us = START_LIMIT * (o->slowness ? o->slowness : 1),
                        .service = p->vector->service->name, .id = p->vector->id };
    struct peer peer;

    struct meeting m = { .peer_dials = o->peer_dials, .listener = listener, .words = -1, .process = -1 };
    if (o->hold)
        return play_held(w, &l, &m, p, delivery, t, result, keep, err);
    if (!o->peer_dials)
        program_open_early(p);
    if (!(o->peer_dials ? peer_ask : peer_start)(&l, &peer, err))
        return false;
    m.ours = true;
    m.process = peer.guard.over;
    bool good = o->peer_dials || meet(w, &peer, l.service, &m, err);
    good = good && playing_program(w, p, &m, &w->o->limits, delivery, t, result, keep, err);
    if (good && !*w->stop) {
        int64_t patience = first_failure(&result->findings) ? w->o->limits.settle : w->o->limits.end;
        peer_wait(&peer, (int)(patience / 1000));
        if (o->peer_dials && all_opened(p, t))
            judge_dials(w, listener, result, keep);
        judge_exit(w, &peer, patience, result, keep);
        hear_complaint(w, &peer, result, keep);
        result->verdict = verdict_fold(&result->findings, w->o->strict);
    }
    peer_stop(&peer);
    return good;
}

bool ask_play(struct worker *w, struct program *p, const char *delivery, struct trace *t, struct result *result,
              struct arena *keep, struct error *err)
{
    AUTO_CLOSE int listener = -1;

    if (!w->o->peer_dials)
        return play(w, p, NULL, -1, delivery, t, result, keep, err);
    struct address us = peer_dial_place(w->o->manifest->ask->command);
    if (!net_bind(&us, &listener, err))
        return false;
    bool good = net_listen(listener, err) && play(w, p, &us, listener, delivery, t, result, keep, err);
    net_unbind(&us);
    return good;
}
