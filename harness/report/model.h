#ifndef REPORT_MODEL_H
#define REPORT_MODEL_H
/*
 * A run as its log tells it (reports/README.md): every view is made from this and nothing else.
 *
 * Strings and lists live in the arena given to the function that made them. A string that the log does not
 * have is NULL. Conversations are large and few of them are shown, so the model keeps where the line stands in the
 * log and reads the conversation when it is asked for.
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "report/lines.h"
#include "verdict/baseline.h"

/* As enum verdict; report_verdicts says the rest about each. */
enum report_verdict {
    REPORT_PASS,
    REPORT_PASS_TIMED,
    REPORT_AS_GENUINE,
    REPORT_DECLARED,
    REPORT_WARN,
    REPORT_UNSTABLE,
    REPORT_FAIL,
    REPORT_INCONCLUSIVE,
    REPORT_ERROR,
    REPORT_UNSUPPORTED,
    REPORT_SKIPPED,
    REPORT_NOT_RUN,
    REPORT_VERDICTS, // how many there are
};

struct report_verdict_row {
    const char *name;  // in logs
    const char *words; // for people: what the peer does
    const char *past;  // and what a check or case did
    const char *sign;  // one character, tells it from others without colour
    int rank;          // the highest among its results is a case's verdict
    bool tested;       // the peer was judged
    bool bad;          // a run with it is not green
    bool flaw;         // there is something to look at: its conversation is shown
};

extern const struct report_verdict_row report_verdicts[REPORT_VERDICTS];

/* What is graded apart: what came, how it ended, whether the peer survived. */
enum report_axis { REPORT_DATA, REPORT_END, REPORT_LIFE, REPORT_AXES };

extern const char *const report_axes[REPORT_AXES];

struct report_names {
    const char **names;
    size_t count;
};

/* A cause that explains a failure as well as the one that is named. */
struct report_other {
    const char *cause;
    const char *summary; // or NULL
};

/* Hex of a message, of which the log has the beginning. */
struct report_shown {
    const char *hex; // NULL: there is none
    uint64_t len;    // of the whole where it is longer, else 0
};

/* One of several causes, and what a peer says that has it. */
struct report_suspect {
    const char *cause, *summary;
    struct report_shown says;
    bool fits; // it is what came
};

/* An exchange that was made up to tell causes apart. */
struct report_separation {
    bool confirmed;       // one of them, and no other, explains what came; else it is open
    const char *sentence;
    const char *request, *values; // what was asked for, in words; NULL: nothing was
    struct report_shown sent, due, got;
    struct report_suspect *suspects;
    size_t suspect_count;
};

struct report_check {
    const char *name;
    const char *kind;   // "receive", "silent", "await-end" …; "" where the log does not tell
    struct report_names clauses;
    const char *level;  // must, should, may
    enum report_verdict verdict;
    enum report_axis axis;
    int64_t op;         // index into the program, -1: none
    const char *control; // the control exchange that it judges, NULL: none
    const char *silence; // "proven", "probed", "timed"; NULL: it is about no silence
    const char *cause;  // the rest only when it failed: a key …
    const char *sentence; // … and the same in words
    const char *summary;  // what it says of all cases that have it, NULL: nothing beyond the sentence
    const char *seen;     // key of what the cause is where no mistake is it, or NULL
    struct report_other *others; // causes that explain the same bytes as well
    size_t other_count;
    const struct report_separation *separation; // of the exchange that was to tell them apart, or NULL
    int64_t at;         // offset of the first wrong byte in the op's message, -1: not known
    int64_t field;      // index of the op's field that holds it, -1: none
    const char *field_name, *field_of; // its name, and the application's message of which it is a field; or NULL
    const char *expected, *got; // hex of that field; got is NULL when nothing came
    const char *expected_text, *got_text;
};

/* Of a result that stands for many conversations. */
struct report_series {
    const char *member; // of the record: "family", or "cuts"
    const char *kind;   // "prefix", "cut-each"
    uint64_t positions, tried, failed;
    bool sampled;       // a selection of the positions
    const char *shown;  // the position whose conversation follows
    int64_t message, at; // of cuts: where that is, -1: not known
    const char *field;
};

/* Where a peer could do otherwise and pass all the same. */
struct report_place {
    const char *change;  // "value"
    const char *control, *check, *field; // or NULL
    uint64_t at, len;    // bytes of the message
    const char *step;    // file and line of the step that says it, or NULL
    const char *reason, *reason_at; // why nothing can notice it, and where that stands; or NULL
};

struct report_unguarded {
    uint64_t changes;
    bool sampled, incomplete; // not every byte was changed; it was stopped
    struct report_place *places;
    size_t count;
    struct report_names unneeded; // where reasons stand that none needs
};

struct report_result {
    struct report_case *of;
    const char *delivery;
    const char *profile;
    enum report_verdict verdict;
    const char *reason;
    int64_t us;
    const char *again;          // the command that repeats it
    const struct report_series *series; // NULL: one conversation
    const struct report_unguarded *unguarded; // NULL: it was not looked for
    struct report_check *checks;
    size_t check_count;
    struct report_result *next; // of the same case, in the order of the log
    const struct report_log *log; // where its conversation is, for report_talk_load:
    uint64_t line_at;
    size_t line_len;            // 0: it has none
    size_t number;              // and where it stood
    enum standing standing;     // against the peer's baseline
    const struct baseline_entry *entry; // what that says of it, or NULL
    uint64_t place, shard;      // of its turn in the run, and who played it; 0: not told
    bool repeated;              // it was played once more, alone
    enum report_verdict once;   // UNSTABLE: what came of the play that the rest is about …
    struct report_result *second; // … and the other one: its verdict, reason, us, checks and conversation; else NULL
};

struct report_case {
    const char *id, *suite, *title, *why, *hint, *level, *digest;
    uint64_t rev, since;
    const char *file;            // that holds its vector, or NULL
    uint64_t line;
    struct report_names clauses;
    enum report_verdict verdict; // the worst of its results
    enum standing standing;      // that of its results which is most in need of being looked at
    bool red;                    // one of its results is
    struct report_result *first, *last;
    size_t result_count;
    const struct report_cause *cause; // of its telling result, when the verdict is fail
    const char *history;      // signs of its verdicts in earlier runs, the latest last; NULL: nobody has looked
    struct report_case *next;
};

/*
 * Failing results that share a cause. Where several explain a result it counts for the one that explains most, so that
 * a run has as few causes as can be.
 */
struct report_cause {
    const char *key;      // NULL: no cause is known
    const char *summary;  // what is wrong in all of them, or NULL
    const char *sentence; // the most frequent one
    const struct report_check *example;
    const struct report_result **results; // in the order of the log
    size_t result_count;
    size_t case_count;
};

struct report_file {
    const char *path, *sha256;
};

struct report_pair {
    const char *key, *value;
};

/* A value that the run went by, and who said so. */
struct report_setting {
    const char *name, *value, *from;
};

/* What the format or the article promises, and what this run says of it. */
struct report_clause {
    const char *id, *level, *provenance, *text;
    const char *unseen; // why no case can show it, or NULL
    struct report_names guards; // flaws that a check catches which cites it
    bool tells_guards;  // … and it says so of each clause
    bool genuine;       // a case cites it whose bytes a genuine program wrote
    size_t totals[REPORT_VERDICTS]; // cases of this run that cite it
    const struct report_case *bad;  // the first that shows it broken, or NULL
    const struct report_case *last; // that was counted
};

struct report_suite {
    const char *name;
    size_t totals[REPORT_VERDICTS]; // cases
    uint64_t changes;               // of what came in its results, each judged again
    size_t unguarded, reasoned;     // places where none was noticed: without and with a reason
};

/* A cause that explains failures, and would have shown in a case that passed. */
struct report_ruled_out {
    const char *cause, *summary;
    struct report_ruled_out *next;
};

struct report_requirements; // requirements.h

struct report {
    struct report_log *log;

    // the record `run`
    uint64_t format;
    const char *arcwire, *started, *command, *seed;
    const char *vectors_version, *vectors_digest, *clauses_digest;
    const char *peer_name, *peer_title, *peer_how, *dial, *play;
    const char *subject; // what was tested, in the user's words
    struct report_file *files; // of the peer
    size_t file_count;
    struct report_pair *labels;
    size_t label_count;
    struct report_setting *settings;
    size_t setting_count;
    struct report_names argv;
    const char *host_name, *host_system, *host_release, *host_machine;
    uint64_t host_processors; // 0 where the log does not say
    uint64_t shard, shards; // which part of how many this is; 0, 0: the whole
    uint64_t merged;        // of so many shards; 0: it was one run
    bool rules_out;         // … and what the cases of all shards rule out is told: what each alone did does not count
    uint64_t places;        // turns of the run, over all shards; 0: not known
    struct report_names deliveries;
    uint64_t selected; // results that were to come; 0: not known
    int64_t worst;     // µs that it was to take at most when nothing answers; 0: not known

    // the record `profile`
    bool profiled;
    const char *generation, *charset, *profile_from;
    uint64_t bits;
    struct report_names types;
    bool has_types;

    // the record `baseline`
    const char *baseline_file, *today; // where the peer's baseline is, or would be; NULL: the log does not tell
    const char *selection;             // the words that selected the cases, "" for all; NULL: none that stand for themselves
    const struct baseline *baseline;   // NULL: there is none
    struct complaints complaints;
    size_t standings[STANDING_COUNT];  // cases
    size_t red, red_totals[REPORT_VERDICTS]; // cases
    size_t known_totals[STANDING_COUNT];     // cases that are bad, and not red, by why

    // the record `end`
    bool ended;
    const char *ended_at;
    int64_t exit; // -1: not known
    int64_t us;
    struct {
        int64_t work, waiting, proven, timed; // µs, over all results
    } spent;
    bool tells_spent;
    const char *incomplete; // why not all ran; set, too, when the log was cut short

    struct report_case *cases; // one per id, in the order of the log
    size_t case_count, result_count;
    size_t totals[REPORT_VERDICTS];  // cases
    size_t failing;                  // cases of which a result fails, also where another verdict is worse
    size_t results[REPORT_VERDICTS];
    struct report_suite *suites; // in the order of the log
    size_t suite_count;
    struct report_clause *clauses; // in the order of the register; none in logs that do not have it
    struct report_clause **clauses_by_id;
    size_t clause_count;
    struct report_cause *causes; // the one behind most cases first
    size_t cause_count;
    struct report_ruled_out *ruled_out; // the last first
    const struct report_requirements *requirements; // NULL: nobody asked
    const struct report_diff *since; // what has changed since another run, or NULL
    size_t history_runs;      // earlier runs that the cases' history is of
    bool without_times; // for report.json: what differs between equal runs is left out
    bool hunted; // changes were tried: the suites count them
    bool green; // ended, complete, and exit status 0
};

/*
 * Reads a log. A last line that was not finished is passed over, and a log without its last record is
 * incomplete; both are no errors. Members and records that are not known are passed over, too.
 *
 * Fails with ERROR_INPUT, "file:line: …", on anything else that is not as the contract says. The file stays open for
 * conversations until report_release.
 */
bool report_load(const char *path, struct arena *keep, struct report *out, struct error *err);

/* The same for a log that this process has just written: what it says of conversations is believed. */
bool report_load_own(const char *path, struct arena *keep, struct report *out, struct error *err);

/* The same from memory; path is what errors call it. log must live as long as keep. */
bool report_parse(struct bytes log, const char *path, struct arena *keep, struct report *out,
                  struct error *err);

/* Closes the log; what else the report has lives in its arena. */
void report_release(struct report *r);

/* A result, and a whole run, as a baseline looks at them. Strings are borrowed. */
void report_see(const struct report_result *r, struct arena *keep, struct seen_result *out);
/* Whether the record of a case, of a run that goes on, is of a bad result that is not red by what is known. */
bool report_record_is_known(const struct baseline *b, const char *today, struct bytes record);
void report_see_run(const struct report *r, struct arena *keep, struct seen_run *out);

/* The run is over, or is taken to be, and this is why it is incomplete, or NULL: looks again at what the baseline makes of it. */
void report_take_ended(struct report *r, const char *incomplete, struct arena *keep);

/* Whether a result makes the run red: it is bad, and the baseline does not know it so. */
bool report_is_red(const struct report_result *r);

/* Whether a check did not pass and says why: it failed, be it as genuine MFC does or as the peer's manifest declares. */
bool report_says_why(const struct report_check *c);

/* How the positions of a series went, in words: "43 of 43 positions, 6 failed: message 2 cut at 10 of 17, within DWORD 7". */
void report_series_print(struct text *to, const struct report_series *s);

/* A cause in words: what is wrong in all of its cases, or what is mostly said of them; NULL: none is known. */
const char *report_cause_words(const struct report_cause *c);

/* The check that says first what is wrong with a result, or NULL. */
const struct report_check *report_first_failure(const struct report_result *r);

/* The result of a case that shows best what is wrong with it: the first with the case's verdict, where that is
 * a flaw; else the one of delivery `plain`, else the first. */
const struct report_result *report_telling(const struct report_case *c);

enum report_op_kind {
    REPORT_OP_OTHER, // not known to this reader
    REPORT_OP_OPEN,
    REPORT_OP_SEND,
    REPORT_OP_RECEIVE,
    REPORT_OP_SILENT,
    REPORT_OP_SHUTDOWN,
    REPORT_OP_RESET,
    REPORT_OP_AWAIT_END,
    REPORT_OP_LISTEN,
};

struct report_field {
    uint64_t at, len;
    const char *type, *text, *name;
    const char *of; // the application's message that it is a field of, or NULL
    bool any; // every value is right
};

struct report_op {
    enum report_op_kind kind;
    const char *op;      // the log's word for it
    uint64_t on;         // connection
    bool server;         // the server's, else the client's
    const char *control; // the exchange that it belongs to, or NULL
    const char *hex;     // with runs; "" where it has no bytes; of SILENT: the answer to its probe
    const char *probe;   // SILENT: what is sent to see whether more was owed; "" elsewhere
    struct report_field *fields;
    size_t field_count;
    uint64_t *messages; // offsets where a further message begins
    size_t message_count;
    const char *check;
};

enum report_event_kind { REPORT_SENT, REPORT_RECEIVED, REPORT_HAPPENED };

struct report_event {
    enum report_event_kind kind;
    int64_t us;          // since the case began
    uint64_t on;
    uint64_t op;         // index of the op in force; RECEIVED: of the op that expects the bytes
    uint64_t in;         // RECEIVED: of the op in force
    const char *event;   // HAPPENED: the log's word for it
    const char *note;    // HAPPENED: more about it, or NULL
    int64_t number;      // HAPPENED `quiet`: how long it was waited, in µs; 0: not told
    uint64_t len;        // SENT, RECEIVED: bytes
    uint64_t from;       // … from this offset of the op's hex on
    uint64_t segments;   // SENT
    bool same_chunk;     // RECEIVED: in one chunk with the bytes of the event before
    const char *hex;     // SENT, RECEIVED: the bytes; NULL where they are the op's
};

struct report_talk {
    struct report_names connections;
    struct report_op *ops;
    size_t op_count;
    struct report_event *events;
    size_t event_count;
};

/* The conversation of a result, empty when it has none. It was read once before, or is our own, so it cannot fail. */
void report_talk_load(const struct report_result *r, struct arena *keep, struct report_talk *out);

#endif
