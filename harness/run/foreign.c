/*
 * The one that answers stays from case to case, until something is wrong; the one that asks is started for each. It has as long for each move
 * as a step of a run may take: who then owes something is told by the transcript, for its end stands behind that time.
 */
#include "run/foreign.h"

#include <errno.h>
#include <fnmatch.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "peer/process.h"

#define START_LIMIT 10000000 // µs until the one that answers is ready
#define TALKS_MAX   16       // connections of a case that are heard
#define APART_US    200      // between two pieces
#define GATHER_US   20000    // that what is said waits for more
#define IN_PIECES   10       // times as long may a move take then

struct foreign {
    struct foreign_side sides[2];
    const char *service;
    const struct library *lib;
    struct run_options run;
    enum relay_pieces pieces;
    struct peer answers;
    struct relay *relay;
    struct address at;       // of the relay
    struct overheard_talk talks[TALKS_MAX];
    size_t talk_count;       // more than TALKS_MAX where more came
    uint32_t first;          // the relay's number of the first of them
    bool refused;            // the one that answers could not be dialled
    int64_t us, moved;       // of the last event, by the relay's clock and by ours
    int64_t killed;          // when the program had to be ended, by the relay's clock; INT64_MAX: it had not
};

/* No two events have the same time: which was first decides who is blamed. */
static bool hear(void *context, const struct relay_event *e, struct error *err)
{
    static const enum heard_kind kinds[] = { [RELAY_DATA] = HEARD_DATA, [RELAY_END] = HEARD_END, [RELAY_RESET] = HEARD_RESET };
    struct foreign *f = context;
    size_t number = e->on - f->first;

    (void)err;
    f->us = e->us > f->us ? e->us : f->us + 1;
    f->moved = clock_us();
    if (e->on < f->first) // of a case before
        return true;
    f->talk_count = number < f->talk_count ? f->talk_count : number + 1;
    f->refused |= e->kind == RELAY_REFUSED;
    if (number >= TALKS_MAX)
        return true;
    struct overheard_talk *t = &f->talks[number];
    if (e->kind == RELAY_DATA || e->kind == RELAY_END || e->kind == RELAY_RESET)
        overheard_add(t, kinds[e->kind], e->from == RELAY_CLIENT ? PARTY_CLIENT : PARTY_SERVER, f->us, e->data);
    t->over |= e->kind == RELAY_CLOSED;
    return true;
}

/* ---- one conversation ---- */

static struct launch launch_of(const struct foreign *f, enum party who)
{
    return (struct launch){ .manifest = f->sides[who].manifest, .variant = f->sides[who].variant, .build = f->run.build, .limit_us = START_LIMIT };
}

static void answerer_stop(struct foreign *f)
{
    if (f->relay)
        relay_free(f->relay);
    f->relay = NULL;
    peer_stop(&f->answers);
}

static bool answerer_start(struct foreign *f, struct error *err)
{
    struct launch l = launch_of(f, PARTY_SERVER);
    struct address listen = { 0 };

    answerer_stop(f);
    if (!peer_start(&l, &f->answers, err))
        return false;
    const struct address *to = peer_service(&f->answers, f->service);
    if (!to)
        return error_set(err, ERROR_PEER, "%s: the peer did not say where it listens for %s", l.manifest->path, f->service);
    if (!address_parse("127.0.0.1:0", &listen, err))
        return false;
    f->first = 0;
    f->us = 0;
    f->relay = relay_new(&listen, to, hear, f, err);
    f->at = listen;
    for (int side = 0; f->relay && side < 2; side++)
        relay_cut(f->relay, (enum relay_side)side, f->pieces, f->pieces == RELAY_COALESCED ? GATHER_US : APART_US, f->run.seed,
                  NULL);
    return f->relay != NULL;
}

/*
 * Until nothing is open any more and the program has ended (asks NULL: has been ended), or nothing has happened for the limit: for the first word of
 * a program that has just been started there is more time. over: nothing is open.
 */
static bool relay_until_still(struct foreign *f, struct peer *asks, int64_t limit, bool *over, struct error *err)
{
    f->moved = clock_us();
    for (;;) {
        TEXT(how);
        bool lives = asks && peer_lives(asks, &how);
        *over = !lives && relay_open(f->relay) == 0;
        int64_t left = f->moved + (lives && f->talk_count == 0 ? START_LIMIT : limit) - clock_us();
        if (*over || left <= 0)
            return true;
        struct pollfd fds[] = { { relay_fd(f->relay), POLLIN, 0 }, { lives ? asks->guard.over : -1, POLLIN, 0 } };
        if (!relay_looks(f->relay) && poll(fds, 2, (int)(left / 1000) + 1) < 0 && errno != EINTR)
            return error_errno(err, "poll");
        if (!relay_step(f->relay, 0, err))
            return false;
    }
}

/* The case as both have it. stuck: the program had to be ended. */
static bool converse(struct foreign *f, const struct vector *v, struct peer *asks, bool *stuck, struct error *err)
{
    struct launch l = launch_of(f, PARTY_CLIENT);
    const struct limits *limits = &f->run.limits;
    bool over;

    l.dial_to = &f->at;
    l.service = f->service;
    l.id = v->id;
    f->first = relay_over(f->relay) + relay_open(f->relay);
    f->talk_count = 0;
    f->refused = false;
    f->killed = INT64_MAX;
    if (!peer_ask(&l, asks, err) || !relay_until_still(f, asks, limits->step, &over, err))
        return false;
    TEXT(how);
    *stuck = peer_lives(asks, &how);
    if (*stuck) {
        f->killed = f->us;
        peer_end(asks); // the end that it owes comes now
    }
    return over || relay_until_still(f, NULL, limits->step, &over, err);
}

/* ---- who is at fault ---- */

static void blame(struct foreign_result *r, enum party who, const char *cause, const char *sentence)
{
    if (r->wrong[who])
        return;
    r->wrong[who] = true;
    r->cause[who] = cause;
    r->sentence[who] = sentence;
}

/* When a connection shows its side to be wrong. */
static int64_t wrong_since(const struct overhear *o, const struct overheard_talk *t, enum party side)
{
    struct overheard_talk part = *t;

    part.said[0].len = part.said[1].len = 0;
    part.over = false;
    for (part.count = 1; part.count < t->count; part.count++) {
        SCRATCH(own);
        struct overheard_judgement j;
        const struct heard_event *e = &t->events[part.count - 1];
        part.said[e->from].len += e->len;
        part.until = e->us;
        overhear_judge(o, &part, &own, &j);
        if (j.verdict == OVERHEARD_WRONG && j.certain && j.side == side)
            return e->us;
    }
    return t->count ? t->events[t->count - 1].us : 0;
}

/* Whether the connections are those of the case, each once: masks say which each can be. */
static bool are_all(const unsigned *masks, size_t count, unsigned taken)
{
    if (count == 0)
        return true;
    for (unsigned bit = 0; bit < 8 * sizeof taken; bit++)
        if ((masks[0] >> bit & 1) && !(taken >> bit & 1) && are_all(masks + 1, count - 1, taken | 1u << bit))
            return true;
    return false;
}

static size_t connections_of(const struct overhear *o, const char *id, bool *client_first)
{
    size_t count = 0;

    *client_first = true;
    for (size_t i = 0; i < o->role_count; i++)
        if (strcmp(o->roles[i].of->id, id) == 0) {
            count = o->roles[i].number + 1u > count ? o->roles[i].number + 1u : count;
            *client_first &= o->roles[i].opening.first > 0;
        }
    return count;
}

static void judge_all(struct foreign *f, const struct overhear *o, const struct vector *v, struct arena *keep, struct foreign_result *out)
{
    unsigned masks[TALKS_MAX];
    bool client_first;
    size_t due = connections_of(o, v->id, &client_first), right = 0;
    int64_t since[2] = { INT64_MAX, INT64_MAX };
    struct overheard_judgement first[2];

    for (size_t i = 0; i < f->talk_count && i < TALKS_MAX; i++) {
        struct overheard_talk *t = &f->talks[i];
        struct overheard_judgement j;
        bool said = t->said[PARTY_CLIENT].len || t->said[PARTY_SERVER].len;
        t->until = f->us + (clock_us() - f->moved);
        overhear_judge(o, t, keep, &j);
        if (j.verdict == OVERHEARD_RIGHT && strcmp(j.of->id, v->id) == 0) {
            masks[right++] = j.roles;
        } else if (j.verdict == OVERHEARD_WRONG) {
            int64_t us = wrong_since(o, t, j.side);
            if (us < since[j.side]) {
                since[j.side] = us;
                first[j.side] = j;
            }
        } else if (!said && client_first && f->talk_count <= due) {
            blame(out, PARTY_CLIENT, "no-answer", "the program dialled, and said nothing");
        } else if (j.verdict == OVERHEARD_RIGHT) {
            blame(out, PARTY_CLIENT, "wrong-value", arena_printf(keep, "the program says %s on a connection, and not what the case has it say", j.of->id));
        } else if (said) {
            out->why = out->why ? out->why : j.text;
        }
    }
    if (since[PARTY_SERVER] != INT64_MAX && since[PARTY_CLIENT] > f->killed) // it may have waited for the other one
        since[PARTY_CLIENT] = INT64_MAX;
    for (int side = 0; side < 2; side++) // what came behind the first fault of the other one may follow from that
        if (since[side] != INT64_MAX && since[side] <= since[!side])
            blame(out, (enum party)side, first[side].why->cause, arena_printf(keep, "%s: %s", first[side].why->check.name, first[side].text));
    if (f->talk_count > due && !out->wrong[PARTY_SERVER])
        blame(out, PARTY_CLIENT, "extra-connection", "the program dialled once more than the case has connections");
    bool blamed = out->wrong[PARTY_CLIENT] || out->wrong[PARTY_SERVER];
    if (!blamed && !out->why && f->talk_count < due)
        blame(out, PARTY_CLIENT, "refused", f->talk_count ? "the program did not dial as often as the case has connections" : "the program did not dial");
    else if (!blamed && !out->why && !are_all(masks, right, 0))
        blame(out, PARTY_CLIENT, "wrong-value", "the program says on two connections what the case has it say on one");
}

/* How the program ended counts where nothing has gone wrong for it: else it may be what it makes of that. */
static void judge_exit(struct peer *asks, bool stuck, struct arena *keep, struct foreign_result *out)
{
    TEXT(how);
    TEXT(words);

    bool lives = peer_lives(asks, &how);
    peer_last_words(asks, &words);
    if (out->wrong[PARTY_CLIENT] || out->wrong[PARTY_SERVER] || out->why)
        return;
    if (stuck || lives)
        blame(out, PARTY_CLIENT, "never-exits", words.b.len ? arena_printf(keep, "the program did not end, and was killed, its last words: %s", text_string(&words))
                                                            : "the program did not end, and was killed");
    else if (asks->status != 0)
        blame(out, PARTY_CLIENT, WIFSIGNALED(asks->status) ? "peer-died" : "exit-status", arena_printf(keep, "the program %s", text_string(&how)));
}

static void judge_case(struct foreign *f, const struct vector *v, struct peer *asks, bool stuck, struct arena *keep, struct foreign_result *out)
{
    struct overhear o;
    TEXT(how);

    overhear_begin_case(&o, f->lib, &f->run, v);
    if (!peer_lives(&f->answers, &how))
        blame(out, PARTY_SERVER, "peer-died", arena_printf(keep, "the peer %s", text_string(&how)));
    else if (f->refused)
        blame(out, PARTY_SERVER, "refused", "the peer could not be dialled");
    else
        judge_all(f, &o, v, keep, out);
    overhear_end(&o);
    judge_exit(asks, stuck, keep, out);
    bool wrong = out->wrong[PARTY_CLIENT] || out->wrong[PARTY_SERVER];
    out->verdict = wrong ? FOREIGN_WRONG : out->why ? FOREIGN_NOT_JUDGED : FOREIGN_RIGHT;
}

/* ---- many ---- */

bool foreign_plays(const struct foreign *f, const struct vector *v)
{
    const char *const *pattern = f->sides[PARTY_CLIENT].manifest->ask->plays;

    while (*pattern && fnmatch(*pattern, v->id, 0) != 0 && fnmatch(*pattern, v->suite, 0) != 0)
        pattern++;
    return *pattern && strcmp(v->service->name, f->service) == 0 && vector_unserved(v, &f->run.profile) == NULL;
}

struct foreign *foreign_new(const struct foreign_side sides[2], const char *service, const struct library *lib, const struct run_options *run,
                            enum relay_pieces pieces, struct error *err)
{
    struct foreign *f = calloc(1, sizeof *f);

    if (!f)
        memory_exhausted();
    *f = (struct foreign){ .sides = { sides[0], sides[1] }, .service = service, .lib = lib, .run = *run, .pieces = pieces, .answers = peer_none };
    f->run.limits.step *= pieces == RELAY_AS_READ ? 1 : IN_PIECES;
    if (answerer_start(f, err))
        return f;
    foreign_free(f);
    return NULL;
}

bool foreign_play(struct foreign *f, const struct vector *v, struct arena *keep, struct foreign_result *out, struct error *err)
{
    struct peer asks = peer_none;
    bool stuck = false;

    *out = (struct foreign_result){ .id = arena_string(keep, v->id) };
    bool good = converse(f, v, &asks, &stuck, err);
    if (good)
        judge_case(f, v, &asks, stuck, keep, out);
    peer_stop(&asks);
    for (size_t i = 0; i < TALKS_MAX; i++)
        overheard_free(&f->talks[i]);
    return good && (out->verdict == FOREIGN_RIGHT || answerer_start(f, err));
}

void foreign_free(struct foreign *f)
{
    if (!f)
        return;
    answerer_stop(f);
    for (size_t i = 0; i < TALKS_MAX; i++)
        overheard_free(&f->talks[i]);
    free(f);
}
