#ifndef VERDICT_BASELINE_H
#define VERDICT_BASELINE_H
/*
 * What is known of a peer, and what that makes of a run. peers/README.md is the format.
 *
 * Checks say what is right; the baseline says what is known to be wrong, so that a run is red only when something is worse
 * than known. It must not rot: what is known and does not fail any more, what is tolerated for too long, and what names nothing
 * are complaints of their own.
 */
#include "json/json.h"
#include "verdict/verdict.h"

#define BASELINE_ENTRIES_MAX 10000

/* A list of strings. */
struct baseline_names {
    const char **names;
    size_t count;
};

/* One thing that is known to fail. The first four are patterns with * ? [ ]. */
struct baseline_entry {
    const char *id, *check, *delivery, *profile; // "*" where the entry does not say
    const char *signature;     // the cause that is named, or the verdict where none is
    const char *reason, *issue; // issue: NULL where there is none
    const char *until;         // the last day on which it is tolerated, "2027-03-31", or NULL
    bool flaky;                // an unstable result, within the budget
    unsigned line;             // of the file
};

/* The revision of a case. */
struct baseline_rev {
    const char *id;
    uint64_t rev;
};

struct baseline {
    const char *file;
    struct baseline_entry *entries;
    size_t count;
    uint64_t flaky_budget;     // cases of a run that may be flaky
    struct {
        bool told;
        const char *profile;   // "10-unicode-64", or NULL
        const char *selection; // the words that selected what it was made from, "" for all
        struct baseline_names types;
        bool has_types;
        uint64_t cases;        // that were tested
        uint64_t vectors;      // the version of the vectors
        struct baseline_rev *revs; // of cases whose revision is not 1
        size_t rev_count;
        bool has_revs;         // else nothing is known of revisions
    } knows;
    const struct json *document; // all of it
};

/*
 * Reads a baseline; it lives in keep. ERROR_INPUT: "file:line: place: what was expected".
 *
 * baseline_parse does the same with a document that stands in a log; lines, one for each entry, are then those of the file
 * that it was, or NULL.
 */
bool baseline_read(const char *path, struct arena *keep, struct baseline *out, struct error *err);
bool baseline_parse(const struct json *document, const char *file, const struct json *lines, struct arena *keep, struct baseline *out,
                    struct error *err);

/* Whether text is a day of the calendar, "2027-03-31". */
bool baseline_is_day(const char *text);

/* What a result is against the baseline; the later, the more it is in need of being looked at. */
enum standing {
    STANDING_PLAIN,     // nothing is known of it
    STANDING_NEW,       // its case, or what that expects, is newer than the baseline: shown, never red
    STANDING_KNOWN,     // it fails as the baseline knows
    STANDING_FLAKY,     // it is unstable, as the baseline knows, and within the budget
    STANDING_EXPIRED,   // it fails as was known, and tolerated until a day that is over
    STANDING_PASSES,    // the baseline says that it fails, and it does not
    STANDING_OTHERWISE, // it fails, and otherwise than the baseline knows; or too much is flaky
    STANDING_COUNT
};

/* Its name in reports: "known". */
const char *standing_name(enum standing s);

/* Whether a result is red: a bad one that is nothing but plain, or otherwise than known. */
bool standing_is_red(enum standing s, enum verdict v);

/* One check of a result that was seen. */
struct seen_check {
    const char *name;
    const char *const *signatures; // by any of which it may be known, the one that is named first
    size_t signature_count;
    bool fails;                    // it makes the result what it is
};

struct seen_result {
    const char *id, *delivery, *profile;
    uint64_t since;                // the version that brought its case
    uint64_t rev;                  // of its case; 0: not told
    enum verdict verdict;
    const struct seen_check *checks;
    size_t check_count;
    enum standing standing;              // out
    const struct baseline_entry *entry;  // out: the first that says something of it, or NULL
};

/* A run, as the baseline looks at it. Results of one case stand together. */
struct seen_run {
    struct seen_result *results;
    size_t count;
    const char *selection;    // the words that selected it, "" for all; NULL: none that stand for themselves
    bool complete;            // all of it was played
    const char *today;        // "2026-11-23"
    const char *profile;      // of the peer, or NULL
    struct baseline_names types;
    bool has_types;
};

enum complaint_kind {
    COMPLAINT_PASSES,  // an entry whose failure is gone
    COMPLAINT_STALE,   // an entry that matches nothing
    COMPLAINT_EXPIRED,
    COMPLAINT_LESS,    // the peer offers less than it did
};

const char *complaint_name(enum complaint_kind k);

/* Why a run is not as the baseline has it, although nothing is worse. */
struct complaint {
    enum complaint_kind kind;
    const struct baseline_entry *entry; // or NULL
    const char *text;
};

struct complaints {
    struct complaint *items;
    size_t count;
};

/* Judges: fills what the results say out, and gives the complaints in the order of the baseline. */
void baseline_judge(const struct baseline *b, struct seen_run *run, struct arena *keep, struct complaints *out);

/* Whether a result fails as an entry says. */
bool baseline_entry_holds(const struct baseline_entry *e, const struct seen_result *r);
/* Whether an entry is about a check of a result, however it fails. */
bool baseline_entry_is_about(const struct baseline_entry *e, const struct seen_result *r, const struct seen_check *c);

/* Whether a case is newer than the baseline, or expects since then what it did not. */
bool baseline_is_older(const struct baseline *b, const struct seen_result *r);

/* Whether a run is of all that the baseline is about: then what it does not show is gone. */
bool baseline_is_whole(const struct baseline *b, const struct seen_run *run);

/* How many cases of a run were tested, without those that are newer than a version. */
uint64_t baseline_cases(const struct seen_run *run, uint64_t version);

#endif
