/*
 * report.json: a case for each id, with all of its results. For programs, so nothing is shortened; only the
 * conversations stay in the log.
 */
#include "json/write.h"

#include "report/report.h"
#include "report/separation.h"

#define FORMAT 1

/* Members that the log does not have are left out. */
static void put(struct json_out *j, const char *key, const char *value)
{
    if (value)
        json_put_string(j, key, value);
}

static void put_names(struct json_out *j, const char *key, const struct report_names *names)
{
    json_begin(j, key, '[');
    for (size_t i = 0; i < names->count; i++)
        json_put_string(j, NULL, names->names[i]);
    json_end(j, ']');
}

static void put_totals(struct json_out *j, const char *key, const size_t *totals)
{
    json_begin(j, key, '{');
    for (int v = 0; v < REPORT_VERDICTS; v++)
        json_put_u64(j, report_verdicts[v].name, totals[v]);
    json_end(j, '}');
}

static void put_files(struct json_out *j, const struct report *r)
{
    if (r->file_count == 0)
        return;
    json_begin(j, "files", '[');
    for (size_t i = 0; i < r->file_count; i++) {
        json_begin(j, NULL, '{');
        put(j, "path", r->files[i].path);
        put(j, "sha256", r->files[i].sha256);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_labels(struct json_out *j, const struct report *r)
{
    if (r->label_count == 0)
        return;
    json_begin(j, "labels", '{');
    for (size_t i = 0; i < r->label_count; i++)
        json_put_string(j, r->labels[i].key, r->labels[i].value);
    json_end(j, '}');
}

/* Where it ran, as which part, and as what was typed. */
static void put_place(struct json_out *j, const struct report *r)
{
    if (r->shards) {
        json_put_u64(j, "shard", r->shard);
        json_put_u64(j, "shards", r->shards);
    }
    if (r->merged)
        json_put_u64(j, "merged", r->merged);
    if (r->argv.count)
        put_names(j, "argv", &r->argv);
    if (r->setting_count) {
        json_begin(j, "settings", '[');
        for (size_t i = 0; i < r->setting_count; i++) {
            json_begin(j, NULL, '{');
            json_put_string(j, "name", r->settings[i].name);
            json_put_string(j, "value", r->settings[i].value);
            json_put_string(j, "from", r->settings[i].from);
            json_end(j, '}');
        }
        json_end(j, ']');
    }
    if (r->host_name) {
        json_begin(j, "host", '{');
        put(j, "name", r->host_name);
        put(j, "system", r->host_system);
        put(j, "release", r->host_release);
        put(j, "machine", r->host_machine);
        if (r->host_processors)
            json_put_u64(j, "processors", r->host_processors);
        json_end(j, '}');
    }
}

static void put_run(struct json_out *j, const struct report *r)
{
    put(j, "arcwire", r->arcwire);
    json_begin(j, "vectors", '{');
    put(j, "version", r->vectors_version);
    put(j, "digest", r->vectors_digest);
    put(j, "clauses", r->clauses_digest);
    json_end(j, '}');
    put(j, "seed", r->seed);
    if (!r->without_times)
        put(j, "started", r->started);
    put(j, "command", r->command);
    json_begin(j, "peer", '{');
    put(j, "name", r->peer_name);
    put(j, "title", r->peer_title);
    put(j, "how", r->peer_how);
    put(j, "dial", r->dial);
    put(j, "play", r->play);
    put(j, "subject", r->subject);
    put_files(j, r);
    json_end(j, '}');
    put_labels(j, r);
    put_names(j, "deliveries", &r->deliveries);
    json_put_u64(j, "selected", r->selected);
    if (r->worst > 0 && !r->without_times)
        json_put_int(j, "worst-us", r->worst);
    if (!r->without_times)
        put_place(j, r);
    if (r->profiled) {
        json_begin(j, "profile", '{');
        put(j, "generation", r->generation);
        put(j, "charset", r->charset);
        json_put_u64(j, "bits", r->bits);
        put(j, "from", r->profile_from);
        if (r->has_types)
            put_names(j, "types", &r->types);
        json_end(j, '}');
    }
}

static void put_end(struct json_out *j, const struct report *r)
{
    put_totals(j, "totals", r->totals);
    put_totals(j, "results", r->results);
    if (r->exit >= 0)
        json_put_int(j, "exit", r->exit);
    if (!r->without_times)
        put(j, "ended", r->ended_at);
    if (r->us >= 0 && !r->without_times)
        json_put_int(j, "us", r->us);
    if (r->tells_spent && !r->without_times) {
        json_begin(j, "spent", '{');
        json_put_int(j, "work", r->spent.work);
        json_put_int(j, "waiting", r->spent.waiting);
        json_put_int(j, "proven", r->spent.proven);
        json_put_int(j, "timed", r->spent.timed);
        json_end(j, '}');
    }
    put(j, "incomplete", r->incomplete);
}

/* What the peer's baseline makes of the run. */
static void put_baseline(struct json_out *j, const struct report *r)
{
    if (!r->baseline)
        return;
    json_begin(j, "baseline", '{');
    json_put_string(j, "file", r->baseline_file ? r->baseline_file : "");
    json_put_string(j, "today", r->today);
    json_put_u64(j, "entries", r->baseline->count);
    json_begin(j, "totals", '{');
    for (int s = STANDING_NEW; s < STANDING_COUNT; s++)
        json_put_u64(j, standing_name((enum standing)s), r->standings[s]);
    json_end(j, '}');
    json_begin(j, "complaints", '[');
    for (const struct complaint *c = r->complaints.items; c < r->complaints.items + r->complaints.count; c++) {
        json_begin(j, NULL, '{');
        json_put_string(j, "kind", complaint_name(c->kind));
        if (c->entry)
            json_put_u64(j, "line", c->entry->line);
        json_put_string(j, "text", c->text);
        json_end(j, '}');
    }
    json_end(j, ']');
    json_end(j, '}');
}

static void put_suites(struct json_out *j, const struct report *r)
{
    json_begin(j, "suites", '[');
    for (size_t i = 0; i < r->suite_count; i++) {
        json_begin(j, NULL, '{');
        json_put_string(j, "suite", r->suites[i].name);
        put_totals(j, "totals", r->suites[i].totals);
        if (r->hunted) {
            json_put_u64(j, "changes", r->suites[i].changes);
            json_put_u64(j, "unguarded", r->suites[i].unguarded);
            json_put_u64(j, "reasoned", r->suites[i].reasoned);
        }
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_check(struct json_out *j, const struct report_check *c)
{
    json_begin(j, NULL, '{');
    json_put_string(j, "name", c->name);
    json_put_string(j, "kind", c->kind);
    put_names(j, "clauses", &c->clauses);
    json_put_string(j, "level", c->level);
    json_put_string(j, "verdict", report_verdicts[c->verdict].name);
    json_put_string(j, "axis", report_axes[c->axis]);
    if (c->op >= 0)
        json_put_int(j, "op", c->op);
    put(j, "control", c->control);
    put(j, "silence", c->silence);
    put(j, "cause", c->cause);
    put(j, "sentence", c->sentence);
    put(j, "summary", c->summary);
    put(j, "seen", c->seen);
    if (c->other_count) {
        json_begin(j, "others", '[');
        for (size_t i = 0; i < c->other_count; i++) {
            json_begin(j, NULL, '{');
            json_put_string(j, "cause", c->others[i].cause);
            put(j, "summary", c->others[i].summary);
            json_end(j, '}');
        }
        json_end(j, ']');
    }
    if (c->separation)
        report_separation_put(j, c->separation);
    if (c->at >= 0)
        json_put_int(j, "at", c->at);
    if (c->field >= 0)
        json_put_int(j, "field", c->field);
    put(j, "field-name", c->field_name);
    put(j, "field-of", c->field_of);
    put(j, "expected", c->expected);
    put(j, "got", c->got);
    put(j, "expected-text", c->expected_text);
    put(j, "got-text", c->got_text);
    json_end(j, '}');
}

static void put_series(struct json_out *j, const struct report_series *s)
{
    json_begin(j, s->member, '{');
    json_put_string(j, "kind", s->kind);
    json_put_u64(j, "positions", s->positions);
    json_put_u64(j, "tried", s->tried);
    json_put_u64(j, "failed", s->failed);
    if (s->sampled)
        json_put_bool(j, "sampled", true);
    json_put_string(j, "shown", s->shown);
    if (s->message >= 0)
        json_put_int(j, "message", s->message);
    if (s->at >= 0)
        json_put_int(j, "at", s->at);
    put(j, "field", s->field);
    json_end(j, '}');
}

static void put_unguarded(struct json_out *j, const struct report_unguarded *u)
{
    json_begin(j, "unguarded", '{');
    json_put_u64(j, "changes", u->changes);
    json_put_bool(j, "sampled", u->sampled);
    if (u->incomplete)
        json_put_bool(j, "incomplete", true);
    json_begin(j, "places", '[');
    for (size_t i = 0; i < u->count; i++) {
        const struct report_place *p = &u->places[i];
        json_begin(j, NULL, '{');
        put(j, "change", p->change);
        put(j, "control", p->control);
        put(j, "check", p->check);
        put(j, "field", p->field);
        json_put_u64(j, "at", p->at);
        json_put_u64(j, "len", p->len);
        put(j, "step", p->step);
        put(j, "reason", p->reason);
        put(j, "reason-at", p->reason_at);
        json_end(j, '}');
    }
    json_end(j, ']');
    put_names(j, "unneeded", &u->unneeded);
    json_end(j, '}');
}

/* What came of one play. */
static void put_outcome(struct json_out *j, const struct report_result *r, bool times)
{
    json_put_string(j, "verdict", report_verdicts[r->verdict].name);
    put(j, "reason", r->reason);
    if (times)
        json_put_int(j, "us", r->us);
    if (r->series)
        put_series(j, r->series);
    if (r->unguarded)
        put_unguarded(j, r->unguarded);
    json_begin(j, "checks", '[');
    for (size_t i = 0; i < r->check_count; i++)
        put_check(j, &r->checks[i]);
    json_end(j, ']');
}

static void put_result(struct json_out *j, const struct report_result *r, bool times)
{
    json_begin(j, NULL, '{');
    json_put_string(j, "delivery", r->delivery);
    json_put_string(j, "profile", r->profile);
    put_outcome(j, r, times);
    if (r->standing != STANDING_PLAIN)
        json_put_string(j, "baseline", standing_name(r->standing));
    if (r->entry)
        json_put_u64(j, "entry", r->entry->line);
    if (r->repeated && (times || r->second)) // how many are is bounded in each shard
        json_put_bool(j, "repeated", true);
    if (r->second) {
        json_put_string(j, "first", report_verdicts[r->once].name);
        json_begin(j, "second", '{');
        put_outcome(j, r->second, times);
        json_end(j, '}');
    }
    put(j, "again", r->again);
    json_end(j, '}');
}

static void put_cases(struct json_out *j, const struct report *r)
{
    json_begin(j, "cases", '[');
    for (const struct report_case *c = r->cases; c; c = c->next) {
        json_begin(j, NULL, '{');
        json_put_string(j, "id", c->id);
        json_put_u64(j, "rev", c->rev);
        json_put_string(j, "suite", c->suite);
        json_put_string(j, "title", c->title);
        json_put_string(j, "level", c->level);
        put_names(j, "clauses", &c->clauses);
        if (c->since)
            json_put_u64(j, "since", c->since);
        if (c->file) {
            json_put_string(j, "file", c->file);
            json_put_u64(j, "line", c->line);
        }
        json_put_string(j, "verdict", report_verdicts[c->verdict].name);
        if (c->standing != STANDING_PLAIN)
            json_put_string(j, "baseline", standing_name(c->standing));
        json_begin(j, "results", '[');
        for (const struct report_result *result = c->first; result; result = result->next)
            put_result(j, result, !r->without_times);
        json_end(j, ']');
        json_end(j, '}');
    }
    json_end(j, ']');
}

/* Why what fails does, the cause behind most cases first. */
static void put_causes(struct json_out *j, const struct report *r)
{
    json_begin(j, "causes", '[');
    for (const struct report_cause *c = r->causes; c < r->causes + r->cause_count; c++) {
        json_begin(j, NULL, '{');
        put(j, "cause", c->key);
        put(j, "summary", report_cause_words(c));
        json_put_u64(j, "cases", c->case_count);
        json_put_u64(j, "results", c->result_count);
        json_end(j, '}');
    }
    json_end(j, ']');
}

void report_json(const struct report *r, struct text *to)
{
    struct json_out j = { .to = to, .indent = 1 };

    json_begin(&j, NULL, '{');
    json_put_int(&j, "format", FORMAT);
    put_run(&j, r);
    put_end(&j, r);
    put_baseline(&j, r);
    put_suites(&j, r);
    put_causes(&j, r);
    put_cases(&j, r);
    json_end(&j, '}');
    text_char(to, '\n');
}
