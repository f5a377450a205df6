/*
 * How long a run takes when its peer is no good: at once, and behind the first answer of each connection.
 */
#include "bench/rows.h"

#include "bench/ours.h"
#include "bench/relay.h"
#include "run/run.h"

#define TIMEOUTS 3
#define TIMES    3 // the goal: so many times what a healthy one takes, and the time-outs

static bool healthy(struct bench *b, struct error *err)
{
    struct ours_took took;

    if (b->healthy || *b->stop)
        return true;
    struct ours o = { .lib = ours_suite(b), .peer = &b->reference };
    if (!ours_play(b, &o, &took, err))
        return false;
    b->healthy = took.all;
    return true;
}

/* One run on a peer of that manner. It is ended where its goal is missed; then *done says how far it came. */
static bool bad(struct bench *b, const char *manner, unsigned answers, struct ours_took *took, double *done, struct error *err)
{
    SCRATCH(keep);
    const char *command[] = { "{build}/arcwire", "bench", "--as", arena_printf(&keep, "%s:%u", manner, answers), NULL };
    struct manifest m = b->reference;
    struct run_options count = { .service = "conformance", .delivery_count = 1 };

    m.name = m.title = manner;
    m.listen = command;
    m.dial = NULL;
    struct ours o = { .lib = ours_suite(b), .peer = &m, .any_verdict = true, .limit = b->sizes.timeout,
                      .budget = TIMES * b->healthy + TIMEOUTS * b->sizes.timeout };
    if (!ours_play(b, &o, took, err))
        return false;
    size_t all = run_count(o.lib, &count) + 2;
    *done = (double)took->results / (double)all;
    return true;
}

/* µs of a run, beside a healthy one. */
static double less_timeouts(const struct bench *b, double us)
{
    double left = us - TIMEOUTS * (double)b->sizes.timeout;

    return left > 0 ? left / (double)b->healthy : 0;
}

static bool measure(struct bench *b, const char *manner, struct measured *out, struct error *err)
{
    static const char *const when[] = { "bad at once", "behind one answer" };
    double worst = 0;

    if (!ours_talked(b, err) || !healthy(b, err))
        return false;
    out->n = 2;
    out->of = "runs";
    for (unsigned answers = 0; answers < COUNT_OF(when) && !*b->stop; answers++) {
        struct ours_took took;
        double done;
        if (!bad(b, manner, answers, &took, &done, err))
            return false;
        double times = less_timeouts(b, (double)took.all);
        worst = times > worst ? times : worst;
        measured_more(out, when[answers], "s", (double)took.all / 1e6);
        if (!took.cut_short)
            continue;
        out->at_least = true;
        double all = done > 0 ? (double)took.all / done : 0;
        measured_remark(out, "%s: ended with %.1f %% of the results done; at that pace all would take %.0f s, %.0f ×", when[answers],
                        100 * done, all / 1e6, less_timeouts(b, all));
    }
    if (*b->stop)
        return true;
    series_add(&out->value, worst);
    measured_more(out, "healthy", "s", (double)b->healthy / 1e6);
    return true;
}

bool measure_mute(struct bench *b, struct measured *out, struct error *err)
{
    return measure(b, "mute", out, err);
}

bool measure_closing(struct bench *b, struct measured *out, struct error *err)
{
    return measure(b, "closing", out, err);
}

bool measure_stuck(struct bench *b, struct measured *out, struct error *err)
{
    return measure(b, "stuck", out, err);
}

bool measure_dripping(struct bench *b, struct measured *out, struct error *err)
{
    return measure(b, "dripping", out, err);
}

bool measure_babbling(struct bench *b, struct measured *out, struct error *err)
{
    return measure(b, "babbling", out, err);
}
