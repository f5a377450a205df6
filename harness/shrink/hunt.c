#include "shrink/hunt.h"

#include <ctype.h>
#include <stdio.h>

#include "base/clock.h"
#include "json/write.h"
#include "vector/fmt.h"

#define SHRINK_RUNS 300 // plays of one finding at most

struct hunting {
    const struct hunt *h;
    struct hunted *out;
    struct grammar grammar;
    char kinds[HUNT_FINDINGS][160];
    size_t kind_count;
};

/* "reply-7" is the check "reply"; what the other peer did belongs to it. */
static void kind_of(const struct came *a, const struct came *b, char *to, size_t room)
{
    size_t len = strlen(a->check);

    while (len && isdigit((unsigned char)a->check[len - 1]))
        len--;
    if (len && len < strlen(a->check) && a->check[len - 1] == '-')
        len--;
    else
        len = strlen(a->check);
    snprintf(to, room, "%.*s %s %s %s", (int)len, a->check, a->cause, verdict_name(a->verdict), b ? b->cause : "");
}

static bool is_known(struct hunting *g, const char *kind)
{
    for (size_t i = 0; i < g->kind_count; i++)
        if (strcmp(g->kinds[i], kind) == 0)
            return true;
    snprintf(g->kinds[g->kind_count++], sizeof g->kinds[0], "%s", kind);
    return false;
}

static bool differ(const struct came *a, const struct came *b)
{
    return verdict_is_bad(a->verdict) != verdict_is_bad(b->verdict) || (verdict_is_bad(a->verdict) && !came_alike(a, b));
}

/* A conversation that failed, told once for its kind. */
static bool keep_it(struct hunting *g, const struct vector *v, const struct json *file, struct quarry *q, struct error *err)
{
    const struct hunt *h = g->h;
    char kind[160];
    TEXT(pretty);

    g->out->failed++;
    kind_of(&q->came, h->other ? &q->other : NULL, kind, sizeof kind);
    if (is_known(g, kind))
        return true;
    fmt_print(&pretty, file);
    q->file = arena_string(h->keep, text_string(&pretty));
    struct trial *fails = verdict_is_bad(q->came.verdict) ? h->peer : h->other;
    if (verdict_is_bad(q->came.verdict) || verdict_is_bad(q->other.verdict)) {
        const struct shrink s = { .library = h->library, .peer = fails, .witness = h->witness, .delivery = q->delivery,
                                  .max_runs = fails->runs + SHRINK_RUNS, .until = h->until, .stop = h->stop, .keep = h->keep };
        if (!shrink(&s, v, &q->shrunk, err))
            return false;
        if (q->shrunk.how == SHRUNK_WITNESS) {
            g->out->wrong++;
            g->kind_count--; // the next of the kind may be right
            return true;
        }
        if (q->shrunk.file) {
            q->file = q->shrunk.file;
            q->delivery = q->shrunk.delivery;
        }
    }
    g->out->found++;
    h->found(h->of, q);
    return true;
}

static bool one(struct hunting *g, uint64_t number, struct error *err)
{
    static const char *const deliveries[] = { "plain", "plain", "coalesced", "random", "bytewise" };
    const struct hunt *h = g->h;
    struct random chance = random_for(h->seed, "delivery", number);
    struct quarry q = { .number = number, .delivery = delivery_find(deliveries[random_below(&chance, COUNT_OF(deliveries))]) };
    const struct json *file;
    struct suite suite;
    SCRATCH(keep);

    const char *text = grammar_case(&g->grammar, number, &keep);
    if (!json_parse(bytes_of(text), GRAMMAR_SUITE, &keep, &file, err) || !suite_of_one(file, h->library, &keep, &suite, err))
        return error_within(err, "a conversation by chance");
    const struct vector *v = &suite.vectors[0];
    if (v->memory) // it may refuse what has come, and end, before we have said all
        q.delivery = delivery_find("plain");
    if (!trial_play(h->peer, v, q.delivery, &q.came, err) || (h->other && !trial_play(h->other, v, q.delivery, &q.other, err)))
        return false;
    g->out->played++;
    return *h->stop || !(h->other ? differ(&q.came, &q.other) : verdict_is_bad(q.came.verdict)) || keep_it(g, v, file, &q, err);
}

bool hunt(const struct hunt *h, struct hunted *out, struct error *err)
{
    struct hunting g = { .h = h, .out = out,
                         .grammar = { .profile = h->peer->worker.profile, .types = h->peer->worker.offer.types, .seed = h->seed } };

    *out = (struct hunted){ 0 };
    for (uint64_t n = 1; n <= h->runs && g.kind_count < HUNT_FINDINGS; n++) {
        if (*h->stop || (h->until && clock_us() > h->until)) {
            out->stopped = true;
            break;
        }
        if (!one(&g, n, err))
            return false;
    }
    return true;
}
