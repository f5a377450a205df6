/*
 * Records as the model keeps them. Each function copies what it takes, for a record is gone with its line.
 */
#include "report/record.h"

#include "report/separation.h"
#include "report/talk.h"

#define LOG_FORMAT 2 // and all before it: 1 has neither chain nor places, and says less of the run

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
        !member_string(from, "control", keep, &c->control, err) || !member_string(from, "silence", keep, &c->silence, err) ||
        !member_string(from, "cause", keep, &c->cause, err) ||
        !member_string(from, "sentence", keep, &c->sentence, err) || !member_string(from, "summary", keep, &c->summary, err) ||
        !member_string(from, "seen", keep, &c->seen, err) || !read_others(from, keep, c, err) || !report_separation_read(from, keep, &c->separation, err) ||
        !member_i64(from, "at", &c->at, err) || !member_i64(from, "field", &c->field, err) ||
        !member_string(from, "field-name", keep, &c->field_name, err) || !member_string(from, "field-of", keep, &c->field_of, err) ||
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

bool record_case(const struct json *record, struct arena *keep, struct report_case *c, struct error *err)
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
           member_u64(record, "rev", &c->rev, err) && member_u64(record, "since", &c->since, err) &&
           member_string(record, "file", keep, &c->file, err) && member_u64(record, "line", &c->line, err) &&
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

bool record_result(const struct json *record, struct arena *keep, struct report_result *r, struct error *err)
{
    const struct json *repeated = json_get(record, "repeated"), *second = json_get(record, "second");

    r->delivery = "plain";
    r->profile = "";
    if (!member_string(record, "delivery", keep, &r->delivery, err) ||
        !member_string(record, "profile", keep, &r->profile, err) ||
        !member_string(record, "again", keep, &r->again, err) || !member_u64(record, "n", &r->place, err) ||
        !member_u64(record, "shard", &r->shard, err) ||
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
           read_series(second, "family", keep, r->second, err) && read_series(second, "cuts", keep, r->second, err) &&
           read_outcome(second, keep, r->second, err);
}

static bool read_files(const struct json *peer, struct arena *keep, struct report *r, struct error *err)
{
    const struct json *list;

    if (!member_array(peer, "files", &list, err))
        return false;
    r->files = list ? ARENA_ARRAY(keep, list->count, struct report_file) : NULL;
    if (list)
        for json_each (f, list) {
            struct report_file *file = &r->files[r->file_count++];
            if (!json_is(f, JSON_OBJECT, err) || !member_string(f, "path", keep, &file->path, err) ||
                !member_string(f, "sha256", keep, &file->sha256, err))
                return false;
        }
    return true;
}

static bool read_labels(const struct json *record, struct arena *keep, struct report *r, struct error *err)
{
    const struct json *labels = json_get(record, "labels");
    const char *value;

    if (!labels)
        return true;
    if (!json_is(labels, JSON_OBJECT, err))
        return false;
    r->labels = ARENA_ARRAY(keep, labels->count, struct report_pair);
    for json_each (l, labels) {
        if (!json_string(l, &value, err))
            return false;
        r->labels[r->label_count++] = (struct report_pair){ arena_string(keep, l->key), arena_string(keep, value) };
    }
    return true;
}

static bool read_settings(const struct json *record, struct arena *keep, struct report *r, struct error *err)
{
    const struct json *list;

    if (!member_array(record, "settings", &list, err))
        return false;
    r->settings = list ? ARENA_ARRAY(keep, list->count, struct report_setting) : NULL;
    if (list)
        for json_each (s, list) {
            struct report_setting *to = &r->settings[r->setting_count++];
            *to = (struct report_setting){ "", "", "" };
            if (!json_is(s, JSON_OBJECT, err) || !member_string(s, "name", keep, &to->name, err) ||
                !member_string(s, "value", keep, &to->value, err) || !member_string(s, "from", keep, &to->from, err))
                return false;
        }
    return true;
}

static bool read_host(const struct json *record, struct arena *keep, struct report *r, struct error *err)
{
    const struct json *host = json_get(record, "host");

    return !host || (json_is(host, JSON_OBJECT, err) && member_string(host, "name", keep, &r->host_name, err) &&
                     member_string(host, "system", keep, &r->host_system, err) &&
                     member_string(host, "release", keep, &r->host_release, err) &&
                     member_string(host, "machine", keep, &r->host_machine, err) &&
                     member_u64(host, "processors", &r->host_processors, err));
}

bool record_run(const struct json *record, struct arena *keep, struct report *r, struct error *err)
{
    uint64_t format = 0;
    const char *ruled_out = "";
    static const struct json none = { .kind = JSON_OBJECT };
    const struct json *vectors = json_get(record, "vectors"), *peer = json_get(record, "peer");

    if (!member_u64(record, "log", &format, err))
        return false;
    if (format < 1 || format > LOG_FORMAT)
        return json_error(record, err, "log format %llu, this arcwire reads 1 to %d",
                          (unsigned long long)format, LOG_FORMAT);
    r->format = format;
    vectors = vectors ? vectors : &none;
    peer = peer ? peer : &none;
    r->peer_name = "";
    return json_is(vectors, JSON_OBJECT, err) && json_is(peer, JSON_OBJECT, err) &&
           member_string(record, "arcwire", keep, &r->arcwire, err) &&
           member_string(record, "started", keep, &r->started, err) &&
           member_string(record, "command", keep, &r->command, err) &&
           member_string(record, "seed", keep, &r->seed, err) &&
           member_string(vectors, "version", keep, &r->vectors_version, err) &&
           member_string(vectors, "digest", keep, &r->vectors_digest, err) &&
           member_string(peer, "name", keep, &r->peer_name, err) &&
           member_string(peer, "title", keep, &r->peer_title, err) &&
           member_string(peer, "how", keep, &r->peer_how, err) &&
           member_string(peer, "dial", keep, &r->dial, err) &&
           member_names(record, "deliveries", keep, &r->deliveries, err) &&
           member_u64(record, "selected", &r->selected, err) &&
           member_i64(record, "worst-us", &r->worst, err) &&
           member_string(vectors, "clauses", keep, &r->clauses_digest, err) && member_string(peer, "play", keep, &r->play, err) &&
           member_string(peer, "subject", keep, &r->subject, err) && member_u64(record, "shard", &r->shard, err) &&
           member_u64(record, "shards", &r->shards, err) && member_u64(record, "merged", &r->merged, err) &&
           member_string(record, "ruled-out", keep, &ruled_out, err) && ((r->rules_out = strcmp(ruled_out, "whole") == 0), true) &&
           member_u64(record, "places", &r->places, err) && member_names(record, "argv", keep, &r->argv, err) &&
           read_files(peer, keep, r, err) && read_labels(record, keep, r, err) && read_settings(record, keep, r, err) &&
           read_host(record, keep, r, err);
}

bool record_profile(const struct json *record, struct arena *keep, struct report *r, struct error *err)
{
    r->profiled = true;
    r->has_types = json_get(record, "types") != NULL;
    return member_string(record, "generation", keep, &r->generation, err) &&
           member_string(record, "charset", keep, &r->charset, err) &&
           member_u64(record, "bits", &r->bits, err) &&
           member_string(record, "from", keep, &r->profile_from, err) &&
           member_names(record, "types", keep, &r->types, err);
}

bool record_end(const struct json *record, struct arena *keep, struct report *r, struct error *err)
{
    const struct json *spent = json_get(record, "spent");

    r->ended = true;
    r->tells_spent = spent != NULL;
    if (spent && (!json_is(spent, JSON_OBJECT, err) || !member_i64(spent, "work", &r->spent.work, err) ||
                  !member_i64(spent, "waiting", &r->spent.waiting, err) || !member_i64(spent, "proven", &r->spent.proven, err) ||
                  !member_i64(spent, "timed", &r->spent.timed, err)))
        return false;
    return member_string(record, "ended", keep, &r->ended_at, err) && member_i64(record, "exit", &r->exit, err) && member_i64(record, "us", &r->us, err) &&
           member_string(record, "incomplete", keep, &r->incomplete, err);
}

bool record_ruled_out(const struct json *record, struct arena *keep, struct report *r, struct error *err)
{
    struct report_ruled_out *one = ARENA_NEW(keep, struct report_ruled_out);

    if (!member_string(record, "cause", keep, &one->cause, err) || !member_string(record, "summary", keep, &one->summary, err))
        return false;
    if (!one->cause || !one->summary)
        return json_error(record, err, "has no \"cause\" or no \"summary\"");
    one->next = r->ruled_out;
    r->ruled_out = one;
    return true;
}
