/*
 * From the log to the model. Each record is parsed into scratch memory, and what the model keeps is copied.
 *
 * A log grows by whole lines, so one that was cut short (a kill, a full disk) ends in a line without its newline:
 * only there may a record be broken.
 */
#include "report/model.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "report/clauses.h"
#include "report/talk.h"

#define LOG_FORMAT 1

const struct report_verdict_row report_verdicts[REPORT_VERDICTS] = {
    /*                        name            words           past              sign rank tested bad   flaw */
    [REPORT_PASS]         = { "pass",         "pass",         "passed",         "✓", 2, true,  false, false },
    [REPORT_PASS_TIMED] = { "pass-timed", "pass (timed)", "passed (timed)", "≈", 3, true, false,
                            false },
    [REPORT_AS_GENUINE] = { "as-genuine", "as-genuine", "as-genuine", "≡", 4, true, false, true },
    [REPORT_DECLARED]     = { "declared",     "declared",     "declared",       "§", 5, true,  false, true  },
    [REPORT_WARN]         = { "warn",         "fall short",   "fell short",     "△", 6, true,  false, true  },
    [REPORT_UNSTABLE]     = { "unstable",     "unstable",     "unstable",       "±", 8, true,  true,  true  },
    [REPORT_FAIL]         = { "fail",         "fail",         "failed",         "✗", 9, true,  true,  true  },
    [REPORT_INCONCLUSIVE] = { "inconclusive", "inconclusive", "inconclusive", "?", 10, false, true,
                              true },
    [REPORT_ERROR]        = { "error",        "error",        "error",          "!", 11, false, true, true  },
    [REPORT_UNSUPPORTED] = { "unsupported", "unsupported", "unsupported", "–", 1, false, false,
                             false },
    [REPORT_SKIPPED]      = { "skipped",      "skipped",      "skipped",        "–", 0, false, false, false },
    [REPORT_NOT_RUN]      = { "not-run",      "not run",      "not run",        "○", 7, false, false, false },
};

const char *const report_axes[REPORT_AXES] = { "data", "end", "life" };

struct loading {
    struct report *out;
    struct arena *keep;
    struct report_case **slots; // by id, open addressing; a power of two of them
    size_t slot_count;
    struct report_case **case_link;
    struct report_result *result; // the last
    bool begun;
    bool ours;
};

static uint64_t hash(const char *text)
{
    uint64_t h = 0xcbf29ce484222325; // FNV-1a

    for (; *text; text++)
        h = (h ^ (uint8_t)*text) * 0x100000001b3;
    return h;
}

/* The slot of an id: its case, or NULL where it belongs. */
static struct report_case **find_slot(struct report_case **slots, size_t count, const char *id)
{
    size_t i = hash(id) & (count - 1);

    while (slots[i] && strcmp(slots[i]->id, id) != 0)
        i = (i + 1) & (count - 1);
    return &slots[i];
}

static struct report_case **case_slot(struct loading *l, const char *id)
{
    if (l->out->case_count * 2 >= l->slot_count) {
        size_t count = l->slot_count ? l->slot_count * 2 : 256;
        struct report_case **slots = calloc(count, sizeof *slots);
        if (!slots)
            memory_exhausted();
        for (size_t i = 0; i < l->slot_count; i++)
            if (l->slots[i])
                *find_slot(slots, count, l->slots[i]->id) = l->slots[i];
        free(l->slots);
        l->slots = slots;
        l->slot_count = count;
    }
    return find_slot(l->slots, l->slot_count, id);
}

static bool read_verdict(const struct json *object, const char *key, enum report_verdict *out, struct error *err)
{
    const struct json *at = json_get(object, key);
    const char *name;

    if (!at)
        return json_error(object, err, "has no \"%s\"", key);
    if (!json_string(at, &name, err))
        return false;
    for (int v = 0; v < REPORT_VERDICTS; v++)
        if (strcmp(report_verdicts[v].name, name) == 0) {
            *out = (enum report_verdict)v;
            return true;
        }
    return json_error(at, err, "unknown verdict \"%.40s\"", name);
}

static bool read_others(const struct json *from, struct arena *keep, struct report_check *c, struct error *err)
{
    const struct json *list;

    if (!member_array(from, "others", &list, err))
        return false;
    if (!list)
        return true;
    c->others = ARENA_ARRAY(keep, list->count, struct report_other);
    for
        json_each (one, list) {
            struct report_other *other = &c->others[c->other_count++];
            *other = (struct report_other){ 0 };
            if (!json_is(one, JSON_OBJECT, err) || !member_string(one, "cause", keep, &other->cause, err) ||
                !member_string(one, "summary", keep, &other->summary, err))
                return false;
            if (!other->cause)
                return json_error(one, err, "has no \"cause\"");
        }
    return true;
}

static bool read_check(const struct json *from, struct arena *keep, struct report_check *c,
                       struct error *err)
{
    const char *axis = NULL;

    c->name = c->kind = "";
    c->level = "must";
    c->op = c->at = c->field = -1;
    if (!json_is(from, JSON_OBJECT, err) || !member_string(from, "name", keep, &c->name, err) ||
        !member_string(from, "kind", keep, &c->kind, err) || !member_names(from, "clauses", keep, &c->clauses, err) ||
        !member_string(from, "level", keep, &c->level, err) ||
        !read_verdict(from, "verdict", &c->verdict, err) || !member_string(from, "axis", keep, &axis, err) ||
        !member_i64(from, "op", &c->op, err) ||
        !member_string(from, "control", keep, &c->control, err) ||
        !member_string(from, "cause", keep, &c->cause, err) ||
        !member_string(from, "sentence", keep, &c->sentence, err) || !member_string(from, "summary", keep, &c->summary, err) ||
        !read_others(from, keep, c, err) ||
        !member_i64(from, "at", &c->at, err) || !member_i64(from, "field", &c->field, err) ||
        !member_string(from, "expected", keep, &c->expected, err) ||
        !member_string(from, "got", keep, &c->got, err) ||
        !member_string(from, "expected-text", keep, &c->expected_text, err) ||
        !member_string(from, "got-text", keep, &c->got_text, err))
        return false;
    for (int a = 0; axis && a < REPORT_AXES; a++)
        if (strcmp(report_axes[a], axis) == 0)
            c->axis = (enum report_axis)a;
    return true;
}

/* What the records of a case have in common; the first one counts. */
static bool read_case(const struct json *record, struct arena *keep, struct report_case *c,
                      struct error *err)
{
    c->suite = c->title = "";
    c->level = "must";
    return member_string(record, "id", keep, &c->id, err) &&
           member_string(record, "suite", keep, &c->suite, err) &&
           member_string(record, "title", keep, &c->title, err) &&
           member_string(record, "why", keep, &c->why, err) &&
           member_string(record, "hint", keep, &c->hint, err) &&
           member_string(record, "level", keep, &c->level, err) &&
           member_string(record, "digest", keep, &c->digest, err) &&
           member_u64(record, "rev", &c->rev, err) &&
           member_names(record, "clauses", keep, &c->clauses, err);
}

static bool read_series(const struct json *record, const char *member, struct arena *keep, struct report_result *r, struct error *err)
{
    const struct json *from = json_get(record, member), *sampled;

    if (!from)
        return true;
    if (!json_is(from, JSON_OBJECT, err))
        return false;
    struct report_series *s = ARENA_NEW(keep, struct report_series);
    *s = (struct report_series){ .member = member, .kind = "", .shown = "", .message = -1, .at = -1 };
    r->series = s;
    return member_string(from, "kind", keep, &s->kind, err) && member_u64(from, "positions", &s->positions, err) &&
           member_u64(from, "tried", &s->tried, err) && member_u64(from, "failed", &s->failed, err) &&
           (!(sampled = json_get(from, "sampled")) || json_bool(sampled, &s->sampled, err)) &&
           member_string(from, "shown", keep, &s->shown, err) && member_i64(from, "message", &s->message, err) &&
           member_i64(from, "at", &s->at, err) && member_string(from, "field", keep, &s->field, err);
}

static bool read_place(const struct json *from, struct arena *keep, struct report_place *p, struct error *err)
{
    p->change = "";
    return json_is(from, JSON_OBJECT, err) && member_string(from, "change", keep, &p->change, err) &&
           member_string(from, "control", keep, &p->control, err) && member_string(from, "check", keep, &p->check, err) &&
           member_string(from, "field", keep, &p->field, err) && member_u64(from, "at", &p->at, err) &&
           member_u64(from, "len", &p->len, err) && member_string(from, "step", keep, &p->step, err) &&
           member_string(from, "reason", keep, &p->reason, err) && member_string(from, "reason-at", keep, &p->reason_at, err);
}

static bool read_unguarded(const struct json *record, struct arena *keep, struct report_result *r, struct error *err)
{
    const struct json *from = json_get(record, "unguarded"), *places, *sampled, *incomplete;

    if (!from)
        return true;
    if (!json_is(from, JSON_OBJECT, err) || !member_array(from, "places", &places, err))
        return false;
    struct report_unguarded *u = ARENA_NEW(keep, struct report_unguarded);
    r->unguarded = u;
    if (places) {
        u->places = ARENA_ARRAY(keep, places->count, struct report_place);
        for json_each (p, places)
            if (!read_place(p, keep, &u->places[u->count++], err))
                return false;
    }
    return member_u64(from, "changes", &u->changes, err) && member_names(from, "unneeded", keep, &u->unneeded, err) &&
           (!(sampled = json_get(from, "sampled")) || json_bool(sampled, &u->sampled, err)) &&
           (!(incomplete = json_get(from, "incomplete")) || json_bool(incomplete, &u->incomplete, err));
}

void report_series_print(struct text *to, const struct report_series *s)
{
    if (s->tried < s->positions)
        text_printf(to, "%llu of ", (unsigned long long)s->tried);
    text_printf(to, "%llu positions%s%s", (unsigned long long)s->positions, s->sampled ? " (sampled)" : "",
                s->tried < s->positions ? " played" : "");
    if (s->failed)
        text_printf(to, ", %llu failed; shown: %s", (unsigned long long)s->failed, s->shown);
}

/* What came of one play. */
static bool read_outcome(const struct json *record, struct arena *keep, struct report_result *r, struct error *err)
{
    const struct json *checks;

    if (!read_verdict(record, "verdict", &r->verdict, err) || !member_string(record, "reason", keep, &r->reason, err) ||
        !member_i64(record, "us", &r->us, err) || !member_array(record, "checks", &checks, err))
        return false;
    if (checks) {
        r->checks = ARENA_ARRAY(keep, checks->count, struct report_check);
        for
            json_each (c, checks)
                if (!read_check(c, keep, &r->checks[r->check_count++], err))
                    return false;
    }
    return true;
}

static bool read_result(const struct json *record, struct arena *keep, struct report_result *r,
                        struct error *err)
{
    const struct json *repeated = json_get(record, "repeated"), *second = json_get(record, "second");

    r->delivery = "plain";
    r->profile = "";
    if (!member_string(record, "delivery", keep, &r->delivery, err) ||
        !member_string(record, "profile", keep, &r->profile, err) ||
        !member_string(record, "again", keep, &r->again, err) ||
        (repeated && !json_bool(repeated, &r->repeated, err)) || !read_series(record, "family", keep, r, err) ||
        !read_series(record, "cuts", keep, r, err) ||
        !read_unguarded(record, keep, r, err) || !read_outcome(record, keep, r, err))
        return false;
    if (!second)
        return true;
    r->second = ARENA_NEW(keep, struct report_result);
    r->second->delivery = r->delivery;
    r->second->profile = r->profile;
    return json_is(second, JSON_OBJECT, err) && read_verdict(record, "first", &r->once, err) &&
           read_outcome(second, keep, r->second, err);
}

static void add_result(struct report_case *c, struct report_result *r)
{
    r->of = c;
    if (r->second)
        r->second->of = c;
    if (c->last)
        c->last->next = r;
    else
        c->first = r;
    c->last = r;
    if (c->result_count++ == 0 ||
        report_verdicts[r->verdict].rank > report_verdicts[c->verdict].rank)
        c->verdict = r->verdict;
}

/* Whose conversation comes next; NULL: nobody's. */
static struct report_result *speaker(const struct loading *l)
{
    struct report_result *r = l->result;

    return r && r->line_len && r->second ? r->second : r;
}

static void conversation_is(struct loading *l, const struct report_line *line)
{
    struct report_result *r = speaker(l);

    r->log = l->out->log;
    r->line_at = line->at;
    r->line_len = line->text.len;
}

/* A conversation is read when it is shown; a log that somebody else gave us is looked through now, so that this cannot
 * fail then. */
static bool take_conversation(struct loading *l, const struct json *record, const struct report_line *line, struct error *err)
{
    struct report_talk talk;
    SCRATCH(scratch);

    if (!speaker(l) || speaker(l)->line_len)
        return json_error(record, err, "a conversation without its case");
    conversation_is(l, line);
    return talk_read(record, &scratch, &talk, err);
}

static bool take_case(struct loading *l, const struct json *record, size_t number, struct error *err)
{
    const struct json *id = json_get(record, "id");
    const char *name;

    if (!id)
        return json_error(record, err, "a case without an \"id\"");
    if (!json_string(id, &name, err))
        return false;
    struct report_result *r = ARENA_NEW(l->keep, struct report_result);
    r->number = number;
    if (!read_result(record, l->keep, r, err))
        return false;
    l->result = r;
    struct report_case **slot = case_slot(l, name);
    if (!*slot) {
        struct report_case *c = ARENA_NEW(l->keep, struct report_case);
        if (!read_case(record, l->keep, c, err))
            return false;
        *slot = *l->case_link = c;
        l->case_link = &c->next;
        l->out->case_count++;
    }
    add_result(*slot, r);
    l->out->result_count++;
    return true;
}

static bool take_run(struct loading *l, const struct json *record, struct error *err)
{
    struct report *r = l->out;
    uint64_t format = 0;
    static const struct json none = { .kind = JSON_OBJECT };
    const struct json *vectors = json_get(record, "vectors"), *peer = json_get(record, "peer");

    if (l->begun)
        return json_error(record, err, "a second record \"run\"");
    l->begun = true;
    if (!member_u64(record, "log", &format, err))
        return false;
    if (format != LOG_FORMAT)
        return json_error(record, err, "log format %llu, this arcwire reads %d",
                          (unsigned long long)format, LOG_FORMAT);
    vectors = vectors ? vectors : &none;
    peer = peer ? peer : &none;
    r->peer_name = "";
    return json_is(vectors, JSON_OBJECT, err) && json_is(peer, JSON_OBJECT, err) &&
           member_string(record, "arcwire", l->keep, &r->arcwire, err) &&
           member_string(record, "started", l->keep, &r->started, err) &&
           member_string(record, "command", l->keep, &r->command, err) &&
           member_string(record, "seed", l->keep, &r->seed, err) &&
           member_string(vectors, "version", l->keep, &r->vectors_version, err) &&
           member_string(vectors, "digest", l->keep, &r->vectors_digest, err) &&
           member_string(peer, "name", l->keep, &r->peer_name, err) &&
           member_string(peer, "title", l->keep, &r->peer_title, err) &&
           member_string(peer, "how", l->keep, &r->peer_how, err) &&
           member_string(peer, "dial", l->keep, &r->dial, err) &&
           member_names(record, "deliveries", l->keep, &r->deliveries, err) &&
           member_u64(record, "selected", &r->selected, err) &&
           member_i64(record, "worst-us", &r->worst, err);
}

static bool take_profile(struct loading *l, const struct json *record, struct error *err)
{
    struct report *r = l->out;

    r->profiled = true;
    r->has_types = json_get(record, "types") != NULL;
    return member_string(record, "generation", l->keep, &r->generation, err) &&
           member_string(record, "charset", l->keep, &r->charset, err) &&
           member_u64(record, "bits", &r->bits, err) &&
           member_string(record, "from", l->keep, &r->profile_from, err) &&
           member_names(record, "types", l->keep, &r->types, err);
}

static bool take_end(struct loading *l, const struct json *record, struct error *err)
{
    struct report *r = l->out;

    const struct json *spent = json_get(record, "spent");

    r->ended = true;
    r->tells_spent = spent != NULL;
    if (spent && (!json_is(spent, JSON_OBJECT, err) || !member_i64(spent, "work", &r->spent.work, err) ||
                  !member_i64(spent, "waiting", &r->spent.waiting, err) || !member_i64(spent, "proven", &r->spent.proven, err) ||
                  !member_i64(spent, "timed", &r->spent.timed, err)))
        return false;
    return member_i64(record, "exit", &r->exit, err) && member_i64(record, "us", &r->us, err) &&
           member_string(record, "incomplete", l->keep, &r->incomplete, err);
}

static bool take_record(struct loading *l, const struct json *record, const struct report_line *line,
                        size_t number, struct error *err)
{
    const struct json *kind = json_is(record, JSON_OBJECT, err) ? json_get(record, "record") : NULL;
    const char *name;

    if (record->kind != JSON_OBJECT)
        return false;
    if (!kind)
        return json_error(record, err, "has no \"record\": not a line of a run's log");
    if (!json_string(kind, &name, err))
        return false;
    if (!l->begun && strcmp(name, "run") != 0)
        return json_error(record, err, "expected the record \"run\" first");
    if (strcmp(name, "run") == 0)
        return take_run(l, record, err);
    if (strcmp(name, "profile") == 0)
        return take_profile(l, record, err);
    if (strcmp(name, "clauses") == 0)
        return report_clauses_read(record, l->keep, l->out, err);
    if (strcmp(name, "case") == 0)
        return take_case(l, record, number, err);
    if (strcmp(name, "conversation") == 0)
        return take_conversation(l, record, line, err);
    return strcmp(name, "end") == 0 ? take_end(l, record, err) : true;
}

/* Errors from a line say that it is line 1; put the log's number there. */
static bool relocate(struct error *err, const char *path, size_t number)
{
    size_t len = strlen(path);
    struct error said = *err;

    if (strncmp(said.text, path, len) == 0 && strncmp(said.text + len, ":1", 2) == 0)
        return error_set(err, ERROR_INPUT, "%s:%zu%s", path, number, said.text + len + 2);
    return error_set(err, ERROR_INPUT, "%s:%zu: %s", path, number, said.text);
}

static struct report_suite *find_suite(struct report *r, const char *name)
{
    for (size_t i = r->suite_count; i-- > 0;) // the last one, mostly
        if (strcmp(r->suites[i].name, name) == 0)
            return &r->suites[i];
    return NULL;
}

static void count_places(struct report *r, struct report_suite *s, const struct report_unguarded *u)
{
    if (!u)
        return;
    r->hunted = true;
    s->changes += u->changes;
    for (size_t i = 0; i < u->count; i++) {
        s->reasoned += u->places[i].reason != NULL;
        s->unguarded += u->places[i].reason == NULL;
    }
}

static void count_suites(struct report *r, struct arena *keep)
{
    size_t room = 0;

    for (const struct report_case *c = r->cases; c; c = c->next) {
        struct report_suite *s = find_suite(r, c->suite);
        if (!s) {
            if (r->suite_count == room) {
                room = room ? 2 * room : 16;
                struct report_suite *more = ARENA_ARRAY(keep, room, struct report_suite);
                if (r->suite_count)
                    memcpy(more, r->suites, r->suite_count * sizeof *more);
                r->suites = more;
            }
            s = &r->suites[r->suite_count++];
            s->name = c->suite;
        }
        s->totals[c->verdict]++;
        for (const struct report_result *result = c->first; result; result = result->next)
            count_places(r, s, result->unguarded);
    }
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

#define CANDIDATES 5 // causes that may explain one failure: its own, and others

/* A cause that explains some of the failures. */
struct candidate {
    const char *key, *summary;
    size_t count; // failures that it explains and no other has taken
    size_t own;   // of which it is named first
};

struct candidates {
    struct candidate *items;
    size_t count, room;
};

struct failure {
    const struct report_result *result;
    const struct report_check *check; // NULL: it failed without saying where
    size_t by[CANDIDATES], by_count;  // places among the candidates, its own first
    bool taken;
};

static size_t candidate_place(struct candidates *c, const char *key, const char *summary, struct arena *scratch)
{
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->items[i].key, key) == 0 && strcmp(c->items[i].summary, summary) == 0)
            return i;
    if (c->count == c->room) {
        struct candidate *more = ARENA_ARRAY(scratch, c->room ? 2 * c->room : 16, struct candidate);
        if (c->count)
            memcpy(more, c->items, c->count * sizeof *more);
        c->items = more;
        c->room = c->room ? 2 * c->room : 16;
    }
    c->items[c->count] = (struct candidate){ .key = key, .summary = summary };
    return c->count++;
}

static struct failure failure_of(const struct report_result *r, struct candidates *c, struct arena *scratch)
{
    const struct report_check *check = report_first_failure(r);
    struct failure f = { .result = r, .check = check };
    const char *key = !check ? "" : check->cause ? check->cause : check->name; // checks without a cause group by their name

    f.by[f.by_count++] = candidate_place(c, key, check && check->summary ? check->summary : "", scratch);
    for (size_t i = 0; check && i < check->other_count && f.by_count < CANDIDATES; i++)
        f.by[f.by_count++] = candidate_place(c, check->others[i].cause, check->others[i].summary ? check->others[i].summary : "", scratch);
    return f;
}

static bool explains(const struct failure *f, size_t by)
{
    for (size_t i = 0; i < f->by_count; i++)
        if (f->by[i] == by)
            return true;
    return false;
}

/* The candidate that explains most of what no other has taken; of equals the one that is named first more often, then earlier. */
static size_t most_explaining(struct candidates *c, const struct failure *failures, size_t count)
{
    size_t best = c->count;

    for (size_t i = 0; i < c->count; i++)
        c->items[i].count = c->items[i].own = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; !failures[i].taken && k < failures[i].by_count; k++) {
            c->items[failures[i].by[k]].count++;
            c->items[failures[i].by[k]].own += k == 0;
        }
    for (size_t i = 0; i < c->count; i++) {
        const struct candidate *x = &c->items[i], *y = best < c->count ? &c->items[best] : NULL;
        if (x->count && (!y || x->count > y->count || (x->count == y->count && x->own > y->own)))
            best = i;
    }
    return best;
}

static int by_weight(const void *a, const void *b)
{
    const struct report_cause *x = a, *y = b;

    if (x->case_count != y->case_count)
        return x->case_count > y->case_count ? -1 : 1;
    return x->results[0]->number < y->results[0]->number ? -1 : 1;
}

/* The most frequent sentence of a group; the earliest of equals. Groups have few different ones. */
static const char *usual_sentence(const struct report_check *const *checks, size_t count)
{
    const char *best = NULL;
    size_t most = 0;

    for (size_t i = 0; i < count && i < 64; i++) {
        const char *sentence = checks[i] ? checks[i]->sentence : NULL;
        size_t n = 0;
        for (size_t k = 0; sentence && k < count; k++)
            n += checks[k] && same(checks[k]->sentence, sentence);
        if (n > most) {
            most = n;
            best = sentence;
        }
    }
    return best;
}

/* The group of all failures that a candidate explains and no other has taken. */
static void take(struct report_cause *c, const struct candidate *by, size_t place, struct failure *failures, size_t count,
                 struct arena *keep, struct arena *scratch)
{
    const struct report_check **own = ARENA_ARRAY(scratch, by->count, const struct report_check *);
    size_t owned = 0;

    c->results = ARENA_ARRAY(keep, by->count, const struct report_result *);
    for (size_t i = 0; i < count; i++) {
        struct failure *f = &failures[i];
        if (f->taken || !explains(f, place))
            continue;
        const struct report_result *before = c->result_count ? c->results[c->result_count - 1] : NULL;
        f->taken = true;
        c->case_count += !before || before->of != f->result->of;
        c->results[c->result_count++] = f->result;
        if (f->by[0] == place)
            own[owned++] = f->check;
    }
    c->example = owned ? own[0] : report_first_failure(c->results[0]);
    c->key = owned ? (c->example ? c->example->cause : NULL) : by->key;
    c->summary = *by->summary ? by->summary : NULL;
    c->sentence = usual_sentence(own, owned);
}

static void group_causes(struct report *r, struct arena *keep)
{
    size_t n = r->results[REPORT_FAIL], at = 0, best;
    struct candidates candidates = { 0 };
    SCRATCH(scratch);

    if (n == 0)
        return;
    struct failure *failures = ARENA_ARRAY(&scratch, n, struct failure);
    for (const struct report_case *c = r->cases; c; c = c->next)
        for (const struct report_result *result = c->first; result; result = result->next)
            if (result->verdict == REPORT_FAIL)
                failures[at++] = failure_of(result, &candidates, &scratch);
    r->causes = ARENA_ARRAY(keep, candidates.count, struct report_cause);
    while ((best = most_explaining(&candidates, failures, n)) < candidates.count)
        take(&r->causes[r->cause_count++], &candidates.items[best], best, failures, n, keep, &scratch);
    qsort(r->causes, r->cause_count, sizeof *r->causes, by_weight);
    for (size_t i = 0; i < r->cause_count; i++)
        for (size_t k = 0; k < r->causes[i].result_count; k++) {
            const struct report_result *result = r->causes[i].results[k];
            if (report_telling(result->of) == result)
                result->of->cause = &r->causes[i];
        }
}

const char *report_cause_words(const struct report_cause *c)
{
    return c->summary ? c->summary : c->sentence;
}

static void conclude(struct loading *l, bool cut)
{
    struct report *r = l->out;

    for (const struct report_case *c = r->cases; c; c = c->next) {
        bool fails = false;
        r->totals[c->verdict]++;
        for (const struct report_result *result = c->first; result; result = result->next) {
            r->results[result->verdict]++;
            fails = fails || result->verdict == REPORT_FAIL;
        }
        r->failing += fails;
    }
    if (!r->ended && !r->incomplete)
        r->incomplete =
            cut ? "the log ends in the middle of a record" : "the log ends before the run did";
    r->green = r->ended && !r->incomplete && r->exit == 0;
    count_suites(r, l->keep);
    report_clauses_count(r);
    group_causes(r, l->keep);
}

static bool parse_line(struct loading *l, const struct report_line *line, size_t number, bool *cut, struct error *err)
{
    static const struct bytes conversation = { (const uint8_t *)"{\"record\":\"conversation\",", 25 };
    const char *path = l->out->log->path;
    const struct json *record;
    SCRATCH(scratch);

    if (l->ours && l->result && line->whole && bytes_equal(bytes_slice(line->text, 0, conversation.len), conversation)) {
        conversation_is(l, line);
        return true;
    }
    if (!json_parse(line->text, path, &scratch, &record, err)) {
        *cut = !line->whole && l->begun;
        return *cut || relocate(err, path, number);
    }
    return take_record(l, record, line, number, err) || relocate(err, path, number);
}

static bool parse_lines(struct loading *l, bool *cut, struct error *err)
{
    CLEANUP(report_lines_release) struct report_lines lines = { .log = l->out->log };
    struct report_line line;

    for (size_t number = 1; report_lines_next(&lines, &line, err); number++)
        if (line.text.len && !parse_line(l, &line, number, cut, err))
            return false;
    return !lines.failed &&
           (l->begun || error_set(err, ERROR_INPUT, "%s:1: expected the record \"run\", the log is empty", l->out->log->path));
}

static bool parse(struct report_log log, bool ours, struct arena *keep, struct report *out, struct error *err)
{
    struct report r = { .exit = -1, .us = -1 };
    struct loading l = { .out = &r, .keep = keep, .case_link = &r.cases, .ours = ours };
    bool cut = false;

    r.log = ARENA_NEW(keep, struct report_log);
    *r.log = log;
    r.log->path = arena_string(keep, log.path);
    bool read = parse_lines(&l, &cut, err);
    free(l.slots);
    if (!read) {
        report_release(&r);
        return false;
    }
    conclude(&l, cut);
    *out = r;
    return true;
}

bool report_parse(struct bytes log, const char *path, struct arena *keep, struct report *out,
                  struct error *err)
{
    return parse((struct report_log){ .path = path, .fd = -1, .all = log }, false, keep, out, err);
}

static bool load(const char *path, bool ours, struct arena *keep, struct report *out, struct error *err)
{
    struct report_log log = { .path = path, .fd = open(path, O_RDONLY | O_CLOEXEC) };
    struct stat st;

    if (log.fd < 0)
        return error_set(err, ERROR_INPUT, "%s: %s", path, strerror(errno));
    if (fstat(log.fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        fd_close(&log.fd);
        return error_set(err, ERROR_INPUT, "%s: is a directory, a file was expected", path);
    }
    return parse(log, ours, keep, out, err);
}

bool report_load_own(const char *path, struct arena *keep, struct report *out, struct error *err)
{
    return load(path, true, keep, out, err);
}

bool report_load(const char *path, struct arena *keep, struct report *out, struct error *err)
{
    return load(path, false, keep, out, err);
}

void report_release(struct report *r)
{
    fd_close(&r->log->fd);
}

bool report_says_why(const struct report_check *c)
{
    return c->verdict == REPORT_FAIL || c->verdict == REPORT_AS_GENUINE || c->verdict == REPORT_DECLARED;
}

const struct report_check *report_first_failure(const struct report_result *r)
{
    const struct report_check *first = NULL;

    for (const struct report_check *c = r->checks; c < r->checks + r->check_count; c++)
        if (c->verdict == REPORT_FAIL) {
            if (strcmp(c->level, "must") == 0)
                return c;
            first = first ? first : c;
        } else if (report_says_why(c) && c->verdict == r->verdict) {
            first = first ? first : c;
        }
    return first;
}

const struct report_result *report_telling(const struct report_case *c)
{
    if (report_verdicts[c->verdict].flaw || c->verdict == REPORT_NOT_RUN)
        for (const struct report_result *r = c->first; r; r = r->next)
            if (r->verdict == c->verdict)
                return r;
    for (const struct report_result *r = c->first; r; r = r->next)
        if (strcmp(r->delivery, "plain") == 0)
            return r;
    return c->first;
}
