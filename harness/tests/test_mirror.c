/*
 * Every shipped case plays both of its sides against itself: under every delivery, as peers of every profile, and from
 * the server's side as programs that ask have it. Every check of either side must pass, with nothing left open and
 * nothing timed. And the reverse: what is broken on one side is seen by the other, where it was broken.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <stdio.h>

#include "mirror.h"
#include "test_vector.h"
#include "vector/mutate.h"

#define SEED  0x8d8909c2b1c7
#define MUCH  (16 << 10) // bytes said in a case beyond which it is played once for each delivery, and not again
#define PLACE 5000000    // of the chance that says what breaks

/* Under sanitizers a smaller share is played. */
#ifdef ARENA_BLOCK
enum { SHARE = 12, LEAST = 2 * SHARE }; // LEAST: what of the whole a share must show, as luck has it
#else
enum { SHARE = 1, LEAST = 1 };
#endif

/* The shipped cases, or a share of them. */
struct cases {
    struct library lib;
    struct arena keep;
    const struct vector **items;
    size_t count, shipped;
};

static void cases_load(struct cases *c)
{
    struct error err;

    *c = (struct cases){ 0 };
    cr_assert(library_load(&c->lib, (const char *const[]){ "vectors" }, 1, &err), "%s", err.text);
    for (size_t i = 0; i < c->lib.suite_count; i++)
        c->shipped += c->lib.suites[i].count;
    c->items = ARENA_ARRAY(&c->keep, c->shipped, const struct vector *);
    for (size_t i = 0, at = 0; i < c->lib.suite_count; i++)
        for (size_t k = 0; k < c->lib.suites[i].count; k++)
            if (at++ % SHARE == 0)
                c->items[c->count++] = &c->lib.suites[i].vectors[k];
}

static void cases_free(struct cases *c)
{
    library_free(&c->lib);
    arena_free(&c->keep);
}

static bool is_for(const struct vector *v, const struct profile *p)
{
    return !v->predicate || profile_matches(p, v->predicate);
}

/* The first profile for which a case means something: the usual one if it does. */
static const struct profile *profile_of(const struct vector *v)
{
    const struct profile *p = profile_all;

    if (is_for(v, &profile_default))
        return &profile_default;
    while (p < profile_all + profile_count && !is_for(v, p))
        p++;
    cr_assert(p < profile_all + profile_count, "%s is for no profile", v->id);
    return p;
}

/* How a profile's name reads, from the case's keep. */
static const char *profile_name(const struct profile *p, struct arena *keep)
{
    TEXT(name);

    profile_print(&name, p);
    return arena_string(keep, text_string(&name));
}

static size_t bytes_said(const struct mirror *m)
{
    size_t n = 0;

    for (enum party who = PARTY_CLIENT; who <= PARTY_SERVER; who++)
        for (size_t i = 0; i < m->side[who].count; i++)
            n += m->side[who].ops[i].bytes.len;
    return n;
}

/* Whether a connection came about, and ended both ways. */
static bool is_complete(const struct trace *t, unsigned on)
{
    bool open = false, fin = false, fin_sent = false, reset = false;

    for (size_t i = 0; i < t->count; i++) {
        enum trace_kind kind = t->events[i].kind;
        if (t->events[i].on != on)
            continue;
        open |= kind == TRACE_OPEN;
        fin |= kind == TRACE_FIN;
        fin_sent |= kind == TRACE_FIN_SENT;
        reset |= kind == TRACE_RESET || kind == TRACE_RESET_SENT;
    }
    return open && (reset || (fin && fin_sent));
}

/* All that is wrong with a play: "" when nothing is. */
static const char *wrongs(const struct mirror *m, struct arena *keep)
{
    TEXT(to);

    for (enum party who = PARTY_CLIENT; who <= PARTY_SERVER; who++) {
        struct findings f;
        judge(&m->side[who], &m->trace[who], keep, &f);
        for (size_t i = 0; i < f.count; i++)
            if (f.items[i].grade != GRADE_PASS)
                text_printf(&to, "; the %s: %s of op %zu %s, %s", party_name(who), f.items[i].check.name, f.items[i].op,
                            grade_name(f.items[i].grade), f.items[i].sentence ? f.items[i].sentence : "");
        for (unsigned on = 0; on < m->side[who].connection_count; on++)
            if (!is_complete(&m->trace[who], on))
                text_printf(&to, "; for the %s \"%s\" never came about or never ended", party_name(who), m->side[who].connections[on]);
    }
    if (m->unheard)
        text_printf(&to, "; %zu bytes or ends were not taken in", m->unheard);
    return arena_string(keep, text_string(&to));
}

struct tally {
    size_t cases, plays, proofs, pace;
};

/* Delivers, plays and judges what has been compiled. */
static void must_pass(struct mirror *m, const struct delivery *d, struct tally *t, struct arena *keep)
{
    const struct mirror_pace *pace = &mirror_paces[t->pace++ % mirror_pace_count];

    mirror_deliver(m, d, SEED, keep);
    mirror_play(m, pace, keep);
    const char *wrong = wrongs(m, keep);
    cr_expect(wrong[0] == 0, "%s as %s, %s, %s%s", m->side[0].vector->id, profile_name(&m->side[0].profile, keep), d->name, pace->name, wrong);
    t->plays++;
    t->proofs += m->proofs;
}

static void play(const struct vector *v, const struct profile *p, const struct delivery *d, struct tally *t)
{
    SCRATCH(keep);
    struct mirror m;

    mirror_compile(v, p, SEED, &keep, &m);
    must_pass(&m, d, t, &keep);
}

/* A family's case is as many conversations as it has positions. */
static void play_case(const struct vector *v, const struct profile *p, const struct delivery *d, struct tally *t)
{
    SCRATCH(keep);

    t->cases++;
    if (!v->family) {
        play(v, p, d, t);
        return;
    }
    struct mutants all = mutants_make(v, p, SEED, &keep);
    cr_expect(gt(sz, all.count, 0), "%s", v->id);
    for (size_t i = 0; i < all.count; i += SHARE)
        play(mutant_vector(v, &all.items[i], i + 1 == all.count, &keep), p, d, t);
}

ParameterizedTestParameters(mirror, every_case_plays_against_itself_under_every_delivery)
{
    static size_t deliveries[64];
    for (size_t i = 0; i < delivery_count; i++)
        deliveries[i] = i;
    return cr_make_param_array(size_t, deliveries, delivery_count);
}

ParameterizedTest(size_t *index, mirror, every_case_plays_against_itself_under_every_delivery, .timeout = 60)
{
    struct tally t = { .pace = *index };
    struct cases all;

    cases_load(&all);
    for (size_t i = 0; i < all.count; i++)
        play_case(all.items[i], profile_of(all.items[i]), &delivery_table[*index], &t);
    cr_expect(eq(sz, t.cases, (all.shipped + SHARE - 1) / SHARE), "there is none that cannot be mirrored");
    cr_expect(gt(sz, t.plays, t.cases));
    cr_expect(gt(sz, t.proofs, 200 / LEAST));
    cases_free(&all);
}

/* A case once for each place at which a delivery cuts what one party says, or for some of them. */
static void play_cuts(const struct vector *v, const struct delivery *d, enum party who, struct tally *t)
{
    SCRATCH(all);
    struct mirror whole;

    mirror_compile(v, profile_of(v), SEED, &all, &whole);
    if (bytes_said(&whole) > MUCH)
        return;
    t->cases++;
    struct cuts cuts = d->cuts(&whole.side[who], SEED, &all);
    for (size_t i = t->pace % SHARE; i < cuts.count; i += SHARE) {
        SCRATCH(keep);
        struct mirror m;
        const struct mirror_pace *pace = &mirror_paces[t->pace++ % mirror_pace_count];
        mirror_compile(v, profile_of(v), SEED, &keep, &m);
        cut_apply(&m.side[who], &cuts.items[i], &keep);
        mirror_play(&m, pace, &keep);
        const char *wrong = wrongs(&m, &keep);
        cr_expect(wrong[0] == 0, "%s, %s by the %s, %s%s", v->id, cuts.items[i].what, party_name(who), pace->name, wrong);
        t->plays++;
    }
}

static const struct cut_row {
    const char *delivery;
    enum party who;
    size_t plays; // at least
} cut_rows[] = {
    { "cut-each", PARTY_CLIENT, 100000 },
    { "cut-each", PARTY_SERVER, 110000 },
    { "cut-fields", PARTY_CLIENT, 50000 },
    { "cut-fields", PARTY_SERVER, 55000 },
};

ParameterizedTestParameters(mirror, every_case_plays_against_itself_cut_at_each_place)
{
    static size_t rows[COUNT_OF(cut_rows)];

    for (size_t i = 0; i < COUNT_OF(cut_rows); i++)
        rows[i] = i;
    return cr_make_param_array(size_t, rows, COUNT_OF(cut_rows));
}

ParameterizedTest(size_t *index, mirror, every_case_plays_against_itself_cut_at_each_place, .timeout = 180)
{
    const struct cut_row *row = &cut_rows[*index];
    struct tally t = { 0 };
    struct cases all;

    cases_load(&all);
    for (size_t i = 0; i < all.count; i++)
        if (!all.items[i]->family)
            play_cuts(all.items[i], delivery_find(row->delivery), row->who, &t);
    cr_expect(ge(sz, t.plays, row->plays / LEAST / SHARE), "%s by the %s: %zu", row->delivery, party_name(row->who), t.plays);
    cases_free(&all);
}

/* What is said depends on the profile, and most of all how long it is. */
Test(mirror, every_case_plays_against_itself_as_peers_of_every_profile, .timeout = 60)
{
    const struct delivery *plain = delivery_find("plain");
    struct tally t = { 0 };
    struct cases all;

    cases_load(&all);
    for (size_t i = 0; i < all.count; i++)
        for (size_t k = 0; k < profile_count && !all.items[i]->family; k++) {
            SCRATCH(keep);
            struct mirror m;
            if (!is_for(all.items[i], &profile_all[k]))
                continue;
            mirror_compile(all.items[i], &profile_all[k], SEED, &keep, &m);
            if (bytes_said(&m) > MUCH)
                break;
            must_pass(&m, plain, &t, &keep);
        }
    cr_expect(gt(sz, t.plays, 40000 / LEAST));
    cases_free(&all);
}

/* Without controls: the very programs of --play server, against a client that knows of none. */
Test(mirror, what_can_be_served_is_what_a_client_says, .timeout = 60)
{
    static const struct profile profiles[] = { { 100, CHARSET_UNICODE, 64 }, { 60, CHARSET_ANSI, 32 } };
    struct tally t = { 0 };
    struct cases all;

    cases_load(&all);
    for (size_t i = 0; i < all.count * COUNT_OF(profiles); i++) {
        const struct vector *v = all.items[i / COUNT_OF(profiles)];
        const struct profile *p = &profiles[i % COUNT_OF(profiles)];
        for (size_t k = 0; k < delivery_count && is_for(v, p) && !vector_unserved(v, p); k++) {
            SCRATCH(keep);
            struct mirror m;
            mirror_compile_served(v, p, SEED, &keep, &m);
            if (bytes_said(&m) > MUCH)
                break;
            must_pass(&m, &delivery_table[k], &t, &keep);
        }
    }
    cr_expect(gt(sz, t.plays, 1000 / LEAST));
    cases_free(&all);
}

/* What a service asks beside its cases, as cases. */
static void play_exchange(const struct service *s, const char *name, const struct steps *steps, struct tally *t)
{
    const struct vector v = { .id = name, .suite = s->name, .title = name, .rev = 1, .since = 1, .service = s,
                              .clauses = s->end.clauses, .steps = *steps, .at = s->at };

    for (const struct profile *p = profile_all; steps->count && p < profile_all + profile_count; p++)
        for (const struct delivery *d = delivery_table; d < delivery_table + delivery_count; d++)
            play(&v, p, d, t);
}

Test(mirror, every_exchange_of_a_service_plays_against_itself, .timeout = 60)
{
    struct tally t = { 0 };
    struct cases all;

    cases_load(&all);
    for (size_t i = 0; i < all.lib.service_count; i++) {
        const struct service *s = all.lib.services[i];
        for (size_t k = 0; k < s->control_count; k++)
            play_exchange(s, s->controls[k].name, &s->controls[k].steps, &t);
        play_exchange(s, "capabilities", &s->capabilities.steps, &t);
        play_exchange(s, "information", &s->information.steps, &t);
    }
    cr_expect(gt(sz, t.plays, 1000));
    cases_free(&all);
}

/* The first finding of a party that is no pass, or NULL. */
static const struct finding *first_wrong(const struct mirror *m, enum party who, struct arena *keep)
{
    struct findings f;

    judge(&m->side[who], &m->trace[who], keep, &f);
    bool passes = judge_passes(&m->side[who], &m->trace[who], keep);
    for (size_t i = 0; i < f.count; i++)
        if (f.items[i].grade != GRADE_PASS) {
            cr_expect(eq(int, passes, f.items[i].grade == GRADE_PASS_TIMED), "%s", m->side[who].vector->id); // asked in short it is the same
            return &f.items[i];
        }
    cr_expect(passes, "%s", m->side[who].vector->id);
    return NULL;
}

/* A refusal that ends amid itself is cut; bytes behind all are more of the reply where they came with it. */
static bool is_named(const struct finding *f, const char *cause)
{
    return strcmp(f->cause, cause) == 0 || (strcmp(cause, "ended-early") == 0 && (strcmp(f->cause, "cut") == 0 || strcmp(f->cause, "false-end") == 0)) ||
           (strcmp(cause, "stray-bytes") == 0 && strcmp(f->cause, "extra-bytes") == 0);
}

/* Whether `who` can break a case so; then the other party must see it, at that place and as what it is. */
static bool must_fail(const struct vector *v, const struct mirror_fault *fault, enum party who, size_t at)
{
    enum party other = who == PARTY_CLIENT ? PARTY_SERVER : PARTY_CLIENT;
    const struct mirror_pace *pace = &mirror_paces[at % mirror_pace_count];
    struct random chance = random_for(SEED, v->id, PLACE + (size_t)(fault - mirror_faults));
    SCRATCH(keep);
    struct mirror m;
    struct mirror_wrong wronged;

    mirror_compile(v, &profile_default, SEED, &keep, &m);
    if (bytes_said(&m) > MUCH || !fault->apply(&m, who, &chance, &keep, &wronged))
        return false;
    mirror_play(&m, pace, &keep);
    const struct finding *f = first_wrong(&m, other, &keep);
    bool seen = f && f->op == wronged.op && f->grade == GRADE_FAIL && (!fault->cause || is_named(f, fault->cause));
    if (wronged.at_byte)
        seen = seen && f->at_byte && f->at == wronged.at && strcmp(f->cause, "no-answer") != 0;
    cr_expect(seen, "%s, %s by the %s, %s: due at op %zu, found %s %s (%s) at op %zu", v->id, fault->name, party_name(who), pace->name,
              wronged.op, f ? f->check.name : "nothing", f ? grade_name(f->grade) : "", f ? f->cause : "", f ? f->op : 0);
    return true;
}

ParameterizedTestParameters(mirror, what_one_side_breaks_the_other_sees)
{
    static size_t faults[64];

    for (size_t i = 0; i < mirror_fault_count; i++)
        faults[i] = i;
    return cr_make_param_array(size_t, faults, mirror_fault_count);
}

ParameterizedTest(size_t *index, mirror, what_one_side_breaks_the_other_sees, .timeout = 60)
{
    const struct mirror_fault *fault = &mirror_faults[*index];
    size_t tried[2] = { 0 };
    struct cases all;

    cases_load(&all);
    for (size_t i = 0; i < all.count; i++)
        for (enum party who = PARTY_CLIENT; who <= PARTY_SERVER; who++)
            tried[who] += !all.items[i]->family && is_for(all.items[i], &profile_default) && must_fail(all.items[i], fault, who, i);
    for (enum party who = PARTY_CLIENT; who <= PARTY_SERVER; who++)
        cr_expect(ge(sz, tried[who], fault->places[who] / LEAST), "%s by the %s", fault->name, party_name(who));
    cases_free(&all);
}

/* A service with all that is left to a server: words around every conversation, drawn and told names in controls, in
 * templates and said again, lengths of what follows. */
#define LEFT                                                                                       \
    "{'format': 1, 'service': 'tiny', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true," \
    " 'end': {'name': 'end', 'clauses': ['X-1']},"                                                 \
    " 'prologue': [ {'server': [{'byte': {'any': true, 'as': 'salt', 'min': 200}}]}, {'client': [{'byte': {'reuse': 'salt', 'plus': 1}}]} ]," \
    " 'controls': {'ping': [ {'client': [{'byte': {'draw': {}, 'as': 'n'}}]}, {'server': [{'byte': {'reuse': 'n'}}, {'cstringa': 'n={n}{{'}]} ]}}"

Test(mirror, what_is_left_to_a_server_is_chosen_once_and_said_again)
{
    SCRATCH(keep);
    struct library lib;
    struct mirror m;
    struct tally t = { 0 };

    library_must(LEFT,
                 CASE("{'client': [{'byte': {'draw': {}, 'as': 'n'}}]}, {'server': [{'byte': {'reuse': 'n'}}]}, {'control': 'ping'},"
                      "{'client': [{'cstringa': '{n}'}]}, {'server': [{'word': {'any': true, 'as': 'x', 'min': 7, 'max': 7}},"
                      " {'word': {'any': true, 'as': 'len'}}, {'bytes': {'length': 'len', 'plus': -65000, 'as': 'y'}}], 'check': 'told'},"
                      "{'client': [{'word': {'reuse': 'x', 'plus': 1}}, {'bytes': {'reuse': 'y'}}]}, {'silent': 'server'}, {'control': 'ping'}"),
                 &lib);
    const struct vector *v = &lib.suites[0].vectors[0];
    for (uint64_t seed = 0; seed < 200; seed++) {
        mirror_compile(v, &profile_default, seed, &keep, &m);
        // Draws are n, n of the first control and n of the last; the case's own stands in its text.
        const struct op *own = &m.side[PARTY_CLIENT].ops[3], *text = &m.side[PARTY_CLIENT].ops[7], *told = &m.side[PARTY_SERVER].ops[8];
        cr_expect(eq(str, (char *)m.side[PARTY_CLIENT].ops[7].fields.items[0].text, (char *)arena_printf(&keep, "\"%u\"", own->bytes.data[0])));
        cr_assert(told->kind == OP_SEND && text->kind == OP_SEND);
        cr_expect(eq(int, told->bytes.data[0], 7));
        size_t length = told->bytes.data[2] | told->bytes.data[3] << 8;
        cr_expect(eq(sz, told->bytes.len, 4 + length - 65000));
        must_pass(&m, &delivery_table[seed % delivery_count], &t, &keep);
    }
    cr_expect(eq(sz, t.proofs, 200));
    library_free(&lib);
}
