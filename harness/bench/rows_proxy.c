/*
 * What `arcwire proxy` adds to a round trip: the same bytes between the same two plain processes, straight and through it.
 *
 * Whoever asks has one processor, whoever answers another, where also the proxy is: then most of a round trip is the waking of who had
 * nothing to do, as between machines, and that is where the goal was set. Where all share one processor there are two sends, two reads and
 * two switches through it for each of one, so that 2 is what it costs to stand between at all; that is measured, too, without a goal.
 * Beside both stands what a relay of a page of plain C takes, which sleeps between messages.
 */
#include "bench/rows.h"

#include "bench/invent.h"
#include "bench/ours.h"
#include "bench/processor.h"
#include "peer/process.h"

#define PARTS    8 // of a round: the two ways take turns often
#define START_US 10000000

/* The three ways, each with an answerer of its own. */
struct ways {
    struct raw_answerer straight, behind; // behind the proxy
    struct raw_answerer through;          // the same, by the proxy's address
    struct peer proxy;
    struct raw_answerer far, relay; // behind a plain relay, and by that
};

static bool ways_open(const struct bench *b, const char *kept, const struct raw_plan *plan, struct ways *w, struct error *err)
{
    char to[ADDRESS_TEXT];
    struct manifest m = b->reference;
    struct launch launch = { .manifest = &m, .build = b->build, .limit_us = START_US };

    if (!raw_answer(plan, &w->straight, err) || !raw_answer(plan, &w->behind, err) ||
        !raw_answer(plan, &w->far, err) || !raw_relay(&w->far.at, &w->relay, err))
        return false;
    address_print(&w->behind.at, to, sizeof to);
    const char *command[] = { "{build}/arcwire", "proxy", "--listen", "127.0.0.1:{port}", "--to", to, "--out", kept, NULL };
    m.name = m.title = "proxy";
    m.listen = command;
    m.dial = NULL;
    m.ready = READY_LISTENER;
    if (!peer_start(&launch, &w->proxy, err))
        return false;
    w->through = (struct raw_answerer){ .pid = w->behind.pid, .at = w->proxy.services[0].address };
    return true;
}

static void ways_close(struct ways *w)
{
    peer_stop(&w->proxy);
    raw_answer_end(&w->straight);
    raw_answer_end(&w->behind);
    raw_answer_end(&w->relay);
    raw_answer_end(&w->far);
}

static bool rounds(struct bench *b, const struct talked *t, struct ways *w, struct arena *keep, struct measured *out, struct error *err)
{
    size_t room = PARTS * t->trips;
    struct raw_each straight = { .us = ARENA_ARRAY(keep, room, double), .room = room }, through = straight, relayed = straight;

    through.us = ARENA_ARRAY(keep, room, double);
    relayed.us = ARENA_ARRAY(keep, room, double);
    out->of = "round trips";
    for (unsigned round = 0; round < b->rounds; round++) {
        struct raw_took took;
        straight.count = through.count = relayed.count = 0;
        for (int i = 0; i < PARTS && !*b->stop; i++)
            if (!raw_ask(&t->plan, t->prologue, &w->straight, b->stop, &took, &straight, err) ||
                !raw_ask(&t->plan, t->prologue, &w->through, b->stop, &took, &through, err) ||
                !raw_ask(&t->plan, t->prologue, &w->relay, b->stop, &took, &relayed, err))
                return false;
        if (*b->stop)
            return true;
        out->n = straight.count;
        double raw = median(straight.us, straight.count), proxied = median(through.us, through.count);
        series_add(&out->value, proxied / raw);
        measured_more(out, "raw", "µs", raw);
        measured_more(out, "through the proxy", "µs", proxied);
        measured_more(out, "through a plain relay", "µs", median(relayed.us, relayed.count));
    }
    return true;
}

/* name: of the row, and of what it keeps. answers_on: the processor of whoever answers, proxy and relay; whoever asks is on the first. */
static bool measure_with(struct bench *b, const char *name, unsigned answers_on, struct measured *out, struct error *err)
{
    SCRATCH(keep);
    struct processor p;
    struct library lib = { 0 };
    struct talked talked;
    struct ways w = { { .pid = -1 }, { .pid = -1 }, { .pid = -1 }, peer_none, { .pid = -1 }, { .pid = -1 } };
    const char *directory;
    size_t trips = b->sizes.trips / PARTS;

    processor_take(&p, answers_on);
    bool good = invent_kept(b, name, trips, 1, &keep, &directory, err) && library_load(&lib, &directory, 1, err) &&
                ours_talk(b, &lib, SIZE_MAX, false, &keep, &talked, err);
    if (good && !*b->stop)
        good = ways_open(b, arena_printf(&keep, "%s/%s-proxied", b->directory, name), &talked.plan, &w, err);
    processor_release(&p);
    processor_take(&p, 0);
    if (good && !*b->stop)
        good = rounds(b, &talked, &w, &keep, out, err);
    ways_close(&w);
    processor_release(&p);
    library_free(&lib);
    return good;
}

bool measure_proxy(struct bench *b, struct measured *out, struct error *err)
{
    if (processors() < 2)
        measured_remark(out, "one processor: both ends and the proxy share it");
    return measure_with(b, "proxy", 1, out, err);
}

bool measure_proxy_one(struct bench *b, struct measured *out, struct error *err)
{
    return measure_with(b, "proxy-one", 0, out, err);
}
