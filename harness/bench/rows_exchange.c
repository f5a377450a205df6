/*
 * Our exchanges beside raw ones: the same bytes, the same round trips, on the same processor.
 */
#include "bench/rows.h"

#include "bench/invent.h"
#include "bench/ours.h"
#include "bench/processor.h"

#define PARTS 8 // of a round: the sides take turns often, so that what slows the machine slows both

/* What a round has added up to. */
struct sums {
    double raw, ours;              // µs
    double raw_used, self, peers;  // µs of processor time
    double *raw_each, *ours_each;  // µs of each case, for as many as have been played
    size_t count;
};

/* One part of a round: the raw side, then ours, on a reference of its own or on the raw side's answers. */
static bool side_by_side(struct bench *b, const struct talked *t, bool on_answers, struct sums *s, struct error *err)
{
    struct ours o = { .lib = &t->lib, .peer = on_answers ? NULL : &b->reference, .workers = 1, .each = s->ours_each + s->count };
    struct raw_each each = { .talks = true, .us = s->raw_each + s->count, .room = t->cases };
    struct raw_answerer answerer = { .pid = -1 };
    struct ours_took took;
    struct raw_took raw;

    if (!raw_play(&t->plan, t->prologue, b->stop, &raw, &each, err))
        return false;
    if (on_answers && !raw_answer(&t->plan, &answerer, err))
        return false;
    o.at = answerer.at;
    bool good = ours_play(b, &o, &took, err);
    raw_answer_end(&answerer);
    if (!good)
        return false;
    s->raw += (double)raw.us;
    s->raw_used += raw.used;
    s->ours += (double)took.cases;
    s->self += took.self;
    s->peers += took.peers;
    s->count += t->cases;
    return true;
}

static bool rounds(struct bench *b, bool on_answers, struct measured *out, struct error *err)
{
    SCRATCH(keep);
    struct talked parts[PARTS];
    double cases = (double)b->talked->cases;
    double *raw_each = ARENA_ARRAY(&keep, b->talked->cases, double), *ours_each = ARENA_ARRAY(&keep, b->talked->cases, double);

    for (size_t i = 0; i < PARTS; i++)
        talked_part(b->talked, i, PARTS, &keep, &parts[i]);
    out->n = b->talked->cases;
    out->of = "cases";
    for (unsigned round = 0; round < b->rounds; round++) {
        struct sums s = { .raw_each = raw_each, .ours_each = ours_each };
        for (size_t i = 0; i < PARTS && !*b->stop; i++)
            if (parts[i].cases && !side_by_side(b, &parts[i], on_answers, &s, err))
                return false;
        if (*b->stop)
            return true;
        series_add(&out->value, s.ours / s.raw);
        measured_more(out, "raw", "µs a case", s.raw / cases);
        measured_more(out, "ours", "µs a case", s.ours / cases);
        double raw_middle = median(raw_each, s.count), ours_middle = median(ours_each, s.count);
        measured_more(out, "median case raw", "µs", raw_middle);
        measured_more(out, "median case ours", "µs", ours_middle);
        measured_more(out, "median cases", "×", ours_middle / raw_middle);
        measured_more(out, "processor time of the raw pair", "µs", s.raw_used / cases);
        measured_more(out, "of ours", "µs", s.self / cases);
        if (!on_answers)
            measured_more(out, "of the peer", "µs", s.peers / cases);
    }
    return true;
}

static bool exchange(struct bench *b, bool on_answers, struct measured *out, struct error *err)
{
    struct processor p;

    processor_stay(&p);
    bool good = ours_talked(b, err) && (*b->stop || rounds(b, on_answers, out, err));
    processor_release(&p);
    return good;
}

bool measure_exchange(struct bench *b, struct measured *out, struct error *err)
{
    return exchange(b, false, out, err);
}

bool measure_harness(struct bench *b, struct measured *out, struct error *err)
{
    return exchange(b, true, out, err);
}

/* The invented conversation of that id, alone, with its talk. */
struct kept {
    struct library lib;
    struct talked talked;
};

static void keep_only(struct library *lib, const char *id)
{
    for (size_t i = 0; i < lib->suite_count; i++) {
        struct suite *s = &lib->suites[i];
        for (size_t k = 0; k < s->count; k++)
            if (strcmp(s->vectors[k].id, id) == 0) {
                s->vectors[0] = s->vectors[k];
                s->count = 1;
            }
    }
}

static bool kept_make(struct bench *b, const char *id, size_t trips, size_t silences, struct arena *keep, struct kept *out,
                      struct error *err)
{
    const char *directory;

    *out = (struct kept){ 0 };
    if (!invent_kept(b, id, trips, silences, keep, &directory, err) || !library_load(&out->lib, &directory, 1, err))
        return false;
    keep_only(&out->lib, id);
    return ours_talk(b, &out->lib, 1, true, keep, &out->talked, err);
}

static bool round_trips(struct bench *b, struct kept *k, struct measured *out, struct error *err)
{
    double trips = (double)b->sizes.trips;

    out->n = b->sizes.trips;
    out->of = "round trips";
    for (unsigned round = 0; round < b->rounds && !*b->stop; round++) {
        struct ours o = { .lib = &k->talked.lib, .peer = &b->reference, .workers = 1 };
        struct ours_took took;
        struct raw_took raw;
        if (!raw_play(&k->talked.plan, k->talked.prologue, b->stop, &raw, NULL, err) || !ours_play(b, &o, &took, err))
            return false;
        if (*b->stop)
            return true;
        series_add(&out->value, (double)took.cases / (double)raw.us);
        measured_more(out, "raw", "µs", (double)raw.us / trips);
        measured_more(out, "ours", "µs", (double)took.cases / trips);
    }
    return true;
}

bool measure_round_trip(struct bench *b, struct measured *out, struct error *err)
{
    SCRATCH(keep);
    struct processor p;
    struct kept k;

    processor_stay(&p);
    bool good = kept_make(b, "bench-kept", b->sizes.trips, 1, &keep, &k, err) && round_trips(b, &k, out, err);
    processor_release(&p);
    library_free(&k.lib);
    return good;
}

/* Silences, as the trace tells them: from what came before to the proof. */
struct silences {
    double *us;
    size_t proven, room, waited;
};

static void on_silent(void *of, const struct result *r)
{
    struct silences *s = of;

    for (size_t i = 1; r->trace && i < r->trace->count; i++) {
        const struct trace_event *e = &r->trace->events[i];
        s->waited += e->kind == TRACE_QUIET;
        if (e->kind == TRACE_PROVEN && e->op < r->program->count && r->program->ops[e->op].kind == OP_SILENT && s->proven < s->room)
            s->us[s->proven++] = (double)(e->us - e[-1].us);
    }
}

static bool silences(struct bench *b, struct kept *k, struct measured *out, struct error *err)
{
    SCRATCH(keep);
    struct silences s = { .us = ARENA_ARRAY(&keep, b->sizes.silences, double), .room = b->sizes.silences };
    struct raw_each trips = { .us = ARENA_ARRAY(&keep, k->talked.trips, double), .room = k->talked.trips };

    out->n = b->sizes.silences;
    out->of = "silences";
    for (unsigned round = 0; round < b->rounds; round++) {
        struct ours o = { .lib = &k->talked.lib, .peer = &b->reference, .workers = 1, .seen = on_silent, .of = &s };
        struct ours_took took;
        double sum = 0;
        struct raw_took raw;
        s.proven = s.waited = trips.count = 0;
        if (!raw_play(&k->talked.plan, k->talked.prologue, b->stop, &raw, &trips, err) || !ours_play(b, &o, &took, err))
            return false;
        if (*b->stop)
            return true;
        if (s.proven == 0) {
            measured_remark(out, "no silence can be proven here: %zu were waited for", s.waited);
            return true;
        }
        double trip = median(trips.us, trips.count), middle = median(s.us, s.proven);
        for (size_t i = 0; i < s.proven; i++)
            sum += s.us[i];
        series_add(&out->value, middle / trip);
        measured_more(out, "raw round trip", "µs", trip);
        measured_more(out, "silence", "µs", middle);
        measured_more(out, "on average", "µs", sum / (double)s.proven);
        if (s.waited)
            measured_more(out, "waited for instead", "silences", (double)s.waited);
    }
    return true;
}

bool measure_silence(struct bench *b, struct measured *out, struct error *err)
{
    SCRATCH(keep);
    struct processor p;
    struct kept k;

    processor_stay(&p);
    bool good = kept_make(b, "bench-silent", 1, b->sizes.silences, &keep, &k, err) && (*b->stop || silences(b, &k, out, err));
    processor_release(&p);
    library_free(&k.lib);
    return good;
}
