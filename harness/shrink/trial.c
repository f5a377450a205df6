#include "shrink/trial.h"

#include <stdio.h>

bool came_alike(const struct came *a, const struct came *b)
{
    return verdict_is_bad(a->verdict) && verdict_is_bad(b->verdict) && strcmp(a->check, b->check) == 0 && strcmp(a->cause, b->cause) == 0;
}

static void describe(void *of, const struct result *r, struct text *to)
{
    struct came *last = of;
    const struct finding *told = NULL;

    (void)to;
    *last = (struct came){ .verdict = r->verdict };
    for (size_t i = 0; i < r->findings.count && !told; i++)
        if (r->findings.items[i].grade == GRADE_FAIL)
            told = &r->findings.items[i];
    if (told) {
        snprintf(last->check, sizeof last->check, "%s%s%s", told->control ? told->control : "", told->control ? "/" : "", told->check.name);
        snprintf(last->cause, sizeof last->cause, "%s", told->cause ? told->cause : "");
    }
}

static void say(void *of, const char *line)
{
    (void)of;
    fprintf(stderr, "%s\n", line);
}

bool trial_begin(struct trial *t, const struct run_options *o, const struct service *s, const volatile int *stop, struct error *err)
{
    struct played played = { 0 };
    const struct turn prologue = { .service = s };

    *t = (struct trial){ .options = *o };
    t->options.no_separate = true;
    t->options.workers = 1;
    t->sink = (struct sink){ .of = &t->last, .describe = describe, .say = say };
    if (!worker_begin(&t->worker, &t->options, &t->sink, stop, err))
        return false;
    bool good = worker_play(&t->worker, &prologue, &played, err);
    if (good && !played.passed && !*stop)
        good = error_set(err, ERROR_PEER, "the peer fails the exchange that goes before all cases: check %s, cause %s; see arcwire run",
                         t->last.check[0] ? t->last.check : "-", t->last.cause[0] ? t->last.cause : "-");
    played_free(&played);
    return good;
}

bool trial_play(struct trial *t, const struct vector *v, const struct delivery *d, struct came *out, struct error *err)
{
    struct played played = { 0 };
    const struct turn turn = { .service = v->service, .vector = v, .delivery = d };

    t->runs++;
    t->last = (struct came){ .verdict = VERDICT_ERROR };
    t->worker.repeats = RUN_REPEATS; // whoever tries decides what is played once more
    bool good = worker_play(&t->worker, &turn, &played, err);
    t->worker.before = NULL; // the turn is gone, and soon the case
    snprintf(t->suite, sizeof t->suite, "%s", v->suite);
    t->worker.keeper.suite = t->suite;
    *out = t->last;
    played_free(&played);
    return good;
}

void trial_end(struct trial *t)
{
    worker_end(&t->worker);
}
