/*
 * `arcwire baseline`: what is known of a peer, written down from a saved run.
 *
 * The file is people's: their order, their keys and their words stay, and a file in which nothing changes is not written. What is
 * added goes behind what there is.
 */
#include "app/app.h"

#include <stdio.h>

#include "base/file.h"
#include "json/edit.h"
#include "json/write.h"
#include "report/model.h"

struct edit {
    const struct options *o;
    const char *file;
    struct report report;      // against the file as it is now
    struct baseline before;    // without entries where there is none yet
    struct seen_run run;
    struct json *entries;      // those that there will be
    size_t kept, added, changed, removed, flaky;
    bool knows;                // what the peer offers is written down anew
    struct arena *keep;
};

static void put_text(struct json *to, const char *key, const char *value, struct arena *keep)
{
    if (value)
        json_append(to, json_make_string(key, value, keep));
}

static void put_number(struct json *to, const char *key, uint64_t value, struct arena *keep)
{
    struct json *number = json_make(key, JSON_NUMBER, keep);

    number->string = arena_printf(keep, "%llu", (unsigned long long)value);
    json_append(to, number);
}

/* A copy in which one member has another text; where there is none it stands behind `behind`. */
static struct json *with_text(const struct json *entry, const char *key, const char *value, const char *behind, struct arena *keep)
{
    struct json *copy = json_make(NULL, JSON_OBJECT, keep);
    bool there = json_get(entry, key) != NULL;

    for json_each (member, entry) {
        if (strcmp(member->key, key) == 0)
            put_text(copy, key, value, keep);
        else
            json_append(copy, json_clone(member, keep));
        if (!there && strcmp(member->key, behind) == 0)
            put_text(copy, key, value, keep);
    }
    return copy;
}

static const struct json *entry_node(const struct edit *e, size_t i)
{
    const struct json *node = json_get(e->before.document, "entries")->first;

    while (i--)
        node = node->next;
    return node;
}

static bool is_bad(const struct seen_result *r)
{
    return verdict_is_bad(r->verdict) && r->verdict != VERDICT_ERROR;
}

/* Whether all results of the case that were tested fail in this check with this signature. */
static bool fails_everywhere(const struct edit *e, const struct seen_result *of, const struct baseline_entry *as)
{
    bool before = false;

    for (const struct seen_result *r = e->run.results; r < e->run.results + e->run.count; r++) {
        bool same = strcmp(r->id, of->id) == 0;
        if (before && !same)
            return true;
        before |= same;
        if (same && r->verdict <= VERDICT_INCONCLUSIVE && !baseline_entry_holds(as, r))
            return false;
    }
    return true;
}

/* What was added in this run knows it already. */
static bool is_added(const struct baseline_entry *added, size_t count, const struct seen_result *r, const struct seen_check *c)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; baseline_entry_is_about(&added[i], r, c) && k < c->signature_count; k++)
            if (strcmp(added[i].signature, c->signatures[k]) == 0)
                return true;
    return false;
}

static void add(struct edit *e, const struct baseline_entry *entry)
{
    struct json *node = json_make(NULL, JSON_OBJECT, e->keep);

    put_text(node, "case", entry->id, e->keep);
    put_text(node, "check", entry->check, e->keep);
    if (strcmp(entry->delivery, "*") != 0)
        put_text(node, "delivery", entry->delivery, e->keep);
    put_text(node, "signature", entry->signature, e->keep);
    if (entry->flaky) {
        struct json *flaky = json_make("flaky", JSON_BOOL, e->keep);
        flaky->truth = true;
        json_append(node, flaky);
    }
    put_text(node, "reason", e->o->reason, e->keep);
    put_text(node, "issue", e->o->issue, e->keep);
    put_text(node, "until", e->o->until, e->keep);
    json_append(e->entries, node);
    e->added++;
}

/* The entry that names just this case and check, and knows it otherwise; or NULL. */
static struct baseline_entry *known_otherwise(struct edit *e, const struct seen_result *r, const struct seen_check *c)
{
    for (size_t i = 0; i < e->before.count; i++) {
        struct baseline_entry *entry = &e->before.entries[i];
        bool by_name = strcmp(entry->id, r->id) == 0 && strcmp(entry->check, c->name) == 0;
        if (by_name && baseline_entry_is_about(entry, r, c))
            return entry;
    }
    return NULL;
}

/* New signatures for what is known otherwise; the rest is added. */
static bool take_failures(struct edit *e, struct error *err)
{
    size_t room = 0, count = 0;
    struct baseline_entry *added;
    const char **signatures = ARENA_ARRAY(e->keep, e->before.count, const char *);

    for (size_t i = 0; i < e->run.count; i++)
        room += e->run.results[i].check_count;
    added = ARENA_ARRAY(e->keep, room, struct baseline_entry);
    for (const struct seen_result *r = e->run.results; r < e->run.results + e->run.count; r++)
        for (const struct seen_check *c = r->checks; is_bad(r) && c < r->checks + r->check_count; c++) {
            bool known = !c->fails || is_added(added, count, r, c) || is_added(e->before.entries, e->before.count, r, c);
            struct baseline_entry *other = known ? NULL : known_otherwise(e, r, c);
            if (known)
                continue;
            if (other && !signatures[other - e->before.entries]) {
                signatures[other - e->before.entries] = other->signature = c->signatures[0];
                continue;
            }
            struct baseline_entry *one = &added[count];
            *one = (struct baseline_entry){ .id = r->id, .check = c->name, .delivery = "*", .profile = "*",
                                            .signature = c->signatures[0], .flaky = r->verdict == VERDICT_UNSTABLE };
            if (!fails_everywhere(e, r, one))
                one->delivery = r->delivery;
            e->flaky += one->flaky;
            count++;
        }
    if (count && !e->o->reason)
        return error_set(err, ERROR_USAGE, "--reason TEXT: %zu entr%s to be added, the first for %s: why are they known to fail?", count,
                         count == 1 ? "y is" : "ies are", added[0].id);
    for (size_t i = 0; i < e->before.count; i++) {
        const struct json *node = entry_node(e, i);
        json_append(e->entries, signatures[i] ? with_text(node, "signature", signatures[i], "case", e->keep) : json_clone(node, e->keep));
        e->changed += signatures[i] != NULL;
        e->kept += !signatures[i];
    }
    for (size_t i = 0; i < count; i++)
        add(e, &added[i]);
    return true;
}

/* Leaves out what is gone. Where an entry names a case and fails under some deliveries still, it stays for these. */
static void leave_out(struct edit *e)
{
    const struct complaints *all = &e->report.complaints;

    for (size_t i = 0; i < e->before.count; i++) {
        const struct baseline_entry *entry = &e->before.entries[i];
        bool gone = false;
        for (const struct complaint *c = all->items; c < all->items + all->count; c++)
            gone |= c->entry == entry && (c->kind == COMPLAINT_PASSES || c->kind == COMPLAINT_STALE);
        if (!gone) {
            json_append(e->entries, json_clone(entry_node(e, i), e->keep));
            e->kept++;
            continue;
        }
        size_t still = 0;
        for (const struct seen_result *r = e->run.results; r < e->run.results + e->run.count; r++)
            if (baseline_entry_holds(entry, r)) {
                json_append(e->entries, with_text(entry_node(e, i), "delivery", r->delivery, "case", e->keep));
                still++;
            }
        e->removed += still == 0;
        e->changed += still > 0;
    }
}

static uint64_t newest(const struct seen_run *run, uint64_t known)
{
    for (size_t i = 0; i < run->count; i++)
        if (run->results[i].since > known)
            known = run->results[i].since;
    return known;
}

/* The revisions of the run's cases, of each once, that are not the first. */
static struct json *revs_make(const struct edit *e)
{
    struct json *revs = json_make("revs", JSON_OBJECT, e->keep);

    for (size_t i = 0; i < e->run.count; i++) {
        const struct seen_result *r = &e->run.results[i];
        if (r->rev > 1 && !json_get(revs, r->id))
            put_number(revs, r->id, r->rev, e->keep);
    }
    return revs;
}

static bool same_revs(const struct edit *e)
{
    const struct json *revs = revs_make(e);
    const struct json *before = e->before.document ? json_get(e->before.document, "knows") : NULL;

    if (!e->before.knows.has_revs || revs->count != e->before.knows.rev_count)
        return false;
    for json_each (rev, revs) {
        const struct json *was = json_get(json_get(before, "revs"), rev->key);
        if (!was || strcmp(was->string, rev->string) != 0)
            return false;
    }
    return true;
}

static struct json *knows_make(const struct edit *e, const struct json *before)
{
    struct json *knows = json_make("knows", JSON_OBJECT, e->keep);
    uint64_t vectors = newest(&e->run, e->before.knows.vectors);

    if (before && json_get(before, "note"))
        json_append(knows, json_clone(json_get(before, "note"), e->keep));
    put_number(knows, "vectors", vectors, e->keep);
    put_number(knows, "cases", baseline_cases(&e->run, vectors), e->keep);
    if (e->run.selection && *e->run.selection)
        put_text(knows, "selection", e->run.selection, e->keep);
    put_text(knows, "profile", e->run.profile, e->keep);
    if (e->run.has_types) {
        struct json *types = json_make("types", JSON_ARRAY, e->keep);
        for (size_t i = 0; i < e->run.types.count; i++)
            json_append(types, json_make_string(NULL, e->run.types.names[i], e->keep));
        json_append(knows, types);
    }
    json_append(knows, revs_make(e));
    return knows;
}

/* On one line. */
static void print_line(struct text *to, const struct json *node)
{
    struct json_out j = { .to = to };
    bool object = node->kind == JSON_OBJECT;

    if (!object && node->kind != JSON_ARRAY) {
        json_put_value(&j, NULL, node);
        return;
    }
    if (object && !node->first) {
        text_add(to, "{}");
        return;
    }
    text_add(to, object ? "{ " : "[");
    for json_each (child, node) {
        text_add(to, child == node->first ? "" : ", ");
        if (object)
            text_printf(to, "\"%s\": ", child->key); // the format's own keys, and ids
        print_line(to, child);
    }
    text_add(to, object ? " }" : "]");
}

/* A member begins a line, and so does an entry: what changes is a line in a history. */
static void print_file(struct text *to, const struct json *file)
{
    for json_each (member, file) {
        text_printf(to, "%s\"%s\": ", member == file->first ? "{ " : ",\n  ", member->key);
        if (strcmp(member->key, "entries") != 0 || !member->first) {
            print_line(to, member);
            continue;
        }
        text_add(to, "[");
        for json_each (entry, member) {
            text_add(to, entry == member->first ? "\n    " : ",\n    ");
            print_line(to, entry);
        }
        text_add(to, " ]");
    }
    text_add(to, " }\n");
}

static bool write_file(struct edit *e, struct error *err)
{
    static const struct json nothing = { .kind = JSON_OBJECT };
    const struct json *before = e->before.document ? e->before.document : &nothing;
    struct json *after = json_make(NULL, JSON_OBJECT, e->keep);
    TEXT(text);

    if (!e->before.document)
        put_number(after, "format", 1, e->keep);
    if (e->knows && !json_get(before, "knows") && !e->before.document)
        json_append(after, knows_make(e, NULL));
    for json_each (member, before) {
        bool knows = strcmp(member->key, "knows") == 0, entries = strcmp(member->key, "entries") == 0;
        if (entries && e->knows && !json_get(before, "knows"))
            json_append(after, knows_make(e, NULL));
        if (entries && e->flaky && !json_get(before, "flaky-budget"))
            put_number(after, "flaky-budget", e->flaky, e->keep);
        json_append(after, knows && e->knows ? knows_make(e, member) : entries ? e->entries : json_clone(member, e->keep));
    }
    if (!e->before.document) {
        if (e->flaky)
            put_number(after, "flaky-budget", e->flaky, e->keep);
        json_append(after, e->entries);
    }
    print_file(&text, after);
    return file_write(e->file, buffer_bytes(&text.b), err);
}

/* The run, and the baseline as it is now. */
static bool load(struct edit *e, bool fresh, struct error *err)
{
    const struct options *o = e->o;

    if (!report_load(log_place(o->word_count > 1 ? o->words[1] : NULL, e->keep), e->keep, &e->report, err))
        return false;
    report_release(&e->report); // no conversation is read
    e->file = o->baseline ? o->baseline : e->report.baseline_file;
    if (!e->file)
        return error_set(err, ERROR_USAGE, "--baseline FILE: the run's peer has no manifest beside which its baseline could lie");
    if (fresh && file_exists(e->file))
        return error_set(err, ERROR_INPUT, "%s: is there already; arcwire baseline update adds to it", e->file);
    if (!fresh && !file_exists(e->file))
        return error_set(err, ERROR_INPUT, "%s: does not exist; arcwire baseline init makes it", e->file);
    if (!fresh && !baseline_read(e->file, e->keep, &e->before, err))
        return false;
    if (fresh)
        e->before.knows.selection = e->report.selection ? e->report.selection : "";
    e->report.baseline = &e->before;
    e->report.complaints = (struct complaints){ 0 };
    if (!today_parse(o, e->keep, &e->report.today, err))
        return false;
    if (e->report.ended)
        report_take_ended(&e->report, e->report.incomplete, e->keep);
    report_see_run(&e->report, e->keep, &e->run);
    return true;
}

static bool edit_init(struct edit *e, struct error *err)
{
    if (!load(e, true, err))
        return false;
    if (!e->run.complete)
        return error_set(err, ERROR_INPUT, "%s: the run is incomplete: %s", e->report.log->path, e->report.incomplete);
    if (!e->run.selection)
        return error_set(err, ERROR_INPUT, "%s: the run chose its cases by another run: a baseline takes one that can be made again", e->report.log->path);
    e->knows = true;
    if (baseline_cases(&e->run, UINT64_MAX) == 0)
        return error_set(err, ERROR_INPUT, "%s: no case was tested", e->report.log->path);
    return take_failures(e, err) && write_file(e, err);
}

static bool same_types(const struct edit *e)
{
    if (e->run.has_types != e->before.knows.has_types || e->run.types.count != e->before.knows.types.count)
        return false;
    for (size_t i = 0; i < e->run.types.count; i++)
        if (strcmp(e->run.types.names[i], e->before.knows.types.names[i]) != 0)
            return false;
    return true;
}

static bool edit_update(struct edit *e, struct error *err)
{
    if (!load(e, false, err))
        return false;
    const struct baseline *b = &e->before;
    uint64_t vectors = newest(&e->run, b->knows.vectors);
    e->knows = baseline_is_whole(b, &e->run) &&
               (!b->knows.told || vectors != b->knows.vectors || baseline_cases(&e->run, vectors) != b->knows.cases || !same_types(e) || !same_revs(e) ||
                (e->run.profile && (!b->knows.profile || strcmp(b->knows.profile, e->run.profile) != 0)));
    if (!take_failures(e, err))
        return false;
    return (!e->added && !e->changed && !e->knows) || write_file(e, err);
}

static bool edit_prune(struct edit *e, struct error *err)
{
    if (!load(e, false, err))
        return false;
    leave_out(e);
    return (!e->removed && !e->changed) || write_file(e, err);
}

static const struct {
    const char *name;
    bool (*go)(struct edit *e, struct error *err);
} edits[] = { { "init", edit_init }, { "update", edit_update }, { "prune", edit_prune } };

int command_baseline(const struct options *o)
{
    SCRATCH(keep);
    struct edit e = { .o = o, .keep = &keep, .entries = json_make("entries", JSON_ARRAY, &keep) };
    struct error err;

    for (size_t i = 0; o->word_count && o->word_count <= 2 && i < COUNT_OF(edits); i++) {
        if (strcmp(edits[i].name, o->words[0]) != 0)
            continue;
        if (o->until && !baseline_is_day(o->until)) {
            fprintf(stderr, "arcwire: --until: \"%s\": expected a day such as 2027-03-31\n", o->until);
            return EXIT_USAGE;
        }
        if (!edits[i].go(&e, &err))
            return fail(&err);
        printf("%s: %zu kept, %zu added, %zu changed, %zu removed%s\n", e.file, e.kept, e.added, e.changed, e.removed,
               e.knows ? "; what the peer offers is written down" : "");
        return EXIT_EXPECTED;
    }
    fputs("arcwire baseline: expected init, update or prune, and at most one run; see arcwire baseline --help\n", stderr);
    return EXIT_USAGE;
}
