#ifndef VECTOR_VECTOR_H
#define VECTOR_VECTOR_H
/*
 * Vectors as they were written: services, suites and cases, both sides of every conversation.
 *
 * vectors/README.md is the format. Nothing here knows which side we play; program.h does. Everything lives in
 * the arena of the library that it was loaded into.
 */
#include "archive/codepage.h"
#include "archive/value.h"
#include "json/json.h"
#include "vector/captures.h"

enum party { PARTY_CLIENT, PARTY_SERVER };
enum level { LEVEL_MUST, LEVEL_SHOULD, LEVEL_MAY };

const char *party_name(enum party p);
const char *level_name(enum level l);

/* Golden bytes by profile; one alternative without a predicate where the profile does not matter. */
struct golden {
    const struct golden *next;
    const char *predicate; // NULL: every profile
    const char *hex;       // good; what it stands for can be a million times longer
};

/* The golden bytes for a profile, or NULL when there are none; golden_for makes them in keep. */
const char *golden_hex(const struct golden *g, const struct profile *p);
const struct bytes *golden_for(const struct golden *g, const struct profile *p, struct arena *keep);

enum item_kind {
    ITEM_VALUE,     // value, as written; a string with {name} in it is completed when it is compiled
    ITEM_BYTES,     // bytes as they are
    ITEM_DRAW,      // drawn from the seed
    ITEM_REUSE,     // drawn before, plus a constant
    ITEM_ANY,       // whatever comes, of that type
    ITEM_ROW_LOAD,  // the row's values as they are sent to a peer that loads them
    ITEM_ROW_STORE, // the row's values as a writer stores them
    ITEM_CAUSE,     // the archive exception that the changed row raises
};

struct item {
    enum item_kind kind;
    struct type_ref of;          // VALUE, DRAW, REUSE, ANY
    struct value value;          // VALUE
    const char *template;        // VALUE: a string that holds {name}; NULL otherwise
    const char *hex, *text;      // BYTES: one of them, the other is NULL; text: they are characters
    uint64_t min, max;           // DRAW, ANY: limits, 0 and 0 for the type's own
    const char *name;            // DRAW, ANY: kept under it (or NULL); REUSE: which
    const char *length;          // ANY: as many bytes as the value of that name, plus `plus`; NULL: the type tells
    uint64_t plus;               // REUSE: added, modulo the type
    const char *label;           // for reports, or NULL
    const char *message;         // of the application, of which it is a field; or NULL
    const struct golden *golden; // of this item alone, or NULL; of what is open: one of the values that are right
    const struct json *at;
};

enum step_kind {
    STEP_SAY,
    STEP_CONTROL,
    STEP_SILENT,
    STEP_END,
    STEP_RESET,
    STEP_OPEN,
    STEP_LISTEN,
    STEP_PAUSE,
    STEP_RESUME,
    STEP_NEW_ARCHIVE,
};

enum segmenting { SEGMENT_DELIVERY, SEGMENT_ONE, SEGMENT_BYTES, SEGMENT_CUTS };

/* What a step's verdict is called. */
struct check {
    const char *name;
    const char *const *clauses; // ended by NULL
    enum level level;
};

struct step {
    enum step_kind kind;
    enum party who;
    const char *control;         // CONTROL: its name
    const char *on;              // connection; "main" where none is named
    struct item *items;
    size_t item_count;
    const struct golden *golden; // of the whole step, or NULL
    const char *source;          // of golden, or NULL
    struct check check;          // complete: what the step leaves out comes from the case
    enum segmenting segment;
    size_t *cuts;                // SEGMENT_CUTS: offsets, rising
    size_t cut_count;
    bool whatever;               // END of the other side: what comes before it is not judged
    bool waits;                  // SILENT: the probe would be no message here, so it is waited
    bool part;                   // the message goes on in the next step of this party
    uint64_t least, most;        // SAY: how many times it comes; 1 and 1 unless told
    bool anytime;                // SAY: it may come at any time from here on, however often
    unsigned group;              // SAY: of those with this number, if it is not 0, any may come first
    struct {
        bool is;
        size_t at;               // offset, where behind is NULL
        const char *behind;      // label of a field
    } cut;                       // SAY: the party says no more than that of it, and nothing behind; part is set, too
    uint64_t entries;            // that raw bytes among the items register in the object table
    bool tells_entries;
    const struct json *at;
};

struct steps {
    struct step *items;
    size_t count;
};

/* A line of a table: values of one or more types. */
struct row {
    const char *key, *type_text;
    struct type_ref *types;
    size_t count;               // types, and values
    struct value *values;       // NULL for a drawn row
    uint64_t min, max;          // drawn: limits
    const struct golden *store; // what a writer stores; NULL for a drawn row
    const struct golden *load;  // what is sent to be loaded; NULL: the same
    const char *text, *make;    // NULL: by our own printer
    const char *source;
    const struct json *at;
    const struct mutant *mutant; // of a family's position: what is sent in place of load, else NULL
};

/* How a family changes its rows. */
enum family_kind {
    FAMILY_PREFIX, // every strict prefix of what is loaded
    FAMILY_FIELD,  // every length, count, tag and schema replaced
};

const char *family_kind_name(enum family_kind k);

/* What a peer of some profile makes of a changed row that is followed by the end of the stream. */
enum outcome {
    OUTCOME_LOADS,   // the values are complete
    OUTCOME_LEAVES,  // complete, with bytes behind them: the peer takes these for whatever they are
    OUTCOME_REFUSED, // an archive exception with a cause of its own
    OUTCOME_CLAIMS,  // refused too, but so much is claimed that it may be for want of memory [STR-15]
    OUTCOME_OPEN,    // not judged, beyond that it ends
    OUTCOME_COUNT
};

const char *outcome_name(enum outcome o);

/* A family: one case for each row, which stands for as many conversations as the row has positions. */
struct family {
    enum family_kind kind;
    struct steps steps[OUTCOME_COUNT]; // of one position, by what becomes of it
    struct steps after;                // once, behind the last: on a connection of its own
};

struct named_steps {
    const char *name;
    struct steps steps;
    const struct json *at;
};

/* How a genuine defect shows; several may be right. */
enum genuine_outcome {
    GENUINE_HANGS = 1,   // what was due did not come, or only once more had been said
    GENUINE_RAISES = 2,  // one of the service's refusals came
    GENUINE_ENDS = 4,    // the connection ended, either way, before what was due
    GENUINE_DIFFERS = 8, // other bytes came, or none where those behind them did
};

/*
 * What MFC of some profiles itself does wrong. A check that fails in just that way is as-genuine: neither a pass nor
 * a failure. All conditions must hold of what has been said to the peer before.
 */
struct genuine {
    const char *predicate;         // profiles
    const char *const *deliveries; // ended by NULL; NULL: all
    const char *check;             // of the case: that one and those behind it; NULL: all
    bool cut;                      // something arrived in several segments
    bool other_width;              // a string came in the width that is not the peer's
    const char *const *loads;      // a value of one of these types or classes, not empty; ended by NULL, or NULL
    uint64_t bytes;                // a value took that many bytes; 0: any
    unsigned outcomes;             // of enum genuine_outcome
    bool has_cause;
    uint64_t cause;                // RAISES: what the refusal tells as `cause`
    const char *clause, *why;
    const struct json *at;
};

struct genuines {
    const struct genuine *items;
    size_t count;
};

struct service {
    const char *name, *title;
    struct steps prologue, epilogue;
    struct named_steps *controls, *ops, *refusals; // refusals: replies that a peer may give instead, by name
    size_t control_count, op_count, refusal_count;
    struct named_steps *mutated; // how a changed row is told, and what its outcomes look like, by name
    size_t mutated_count;
    const char *layout;           // of its messages, for whoever records: a file of layouts/, or NULL
    const char *first_control, *no_first_control; // one of them
    const struct named_steps *probe;              // NULL: none
    const struct codepage *codepage;              // of narrow text; NULL: it is ASCII
    bool pipelining;
    bool per_message[2];                          // by party: a new archive for each message, not for the connection
    struct check end;                             // how the implied end of a connection is judged
    struct genuines genuine;                      // defects that may show in every case
    struct {
        struct steps steps; // count 0: the service cannot be asked
        const char *types, *generation, *charset, *bits; // names of captures, or NULL
        const char *const *mandatory;                    // types, ended by NULL
    } capabilities;
    struct {
        struct steps steps;           // count 0: there is none
        const char *lines;            // name of a capture: a string of key=value lines
        const char *refused;          // the refusal by which a peer says that it does not know this exchange
        const char *ops, *max_bytes, *max_depth; // keys among the lines, or NULL
        const uint64_t *requests;     // numbers that a peer may leave out of its ops
        size_t request_count;
    } information;
    const struct json *at;
};

/* Whether it can be the id of a case or table: [a-z0-9][a-z0-9.-]*. */
bool vector_id_valid(const char *id);

/* A value for people, narrow text in the service's code page. */
void service_print(const struct service *s, struct text *to, const struct value *v);

/* The control of that name, or NULL. */
const struct named_steps *service_control(const struct service *s, const char *name);

struct vector {
    const char *id, *suite, *title, *why, *hint;
    const char *prompt;         // what a person at the client does for it, or NULL
    unsigned rev, since;
    enum level level;
    const char *const *clauses; // ended by NULL
    struct type_ref *needs;     // types that the peer must offer
    size_t need_count;
    const char *predicate;      // profiles it means something for; NULL: all
    const char *dial;           // "us", "peer" or NULL
    const char *play;           // "client", "server" or NULL: it means something only when arcwire plays that party
    const char *no_control;     // the reason, or NULL
    struct genuines genuine;    // defects that may show in it, besides the service's
    const struct service *service;
    struct steps steps;
    const struct row *row;      // NULL: not from a table
    const char *op;             // of a row: "echo"
    const struct family *family; // NULL: one conversation
    bool memory;                // the peer's memory is watched
    char digest[17];            // of what decides the verdict
    const struct json *at;
};

struct suite {
    const char *name, *title, *file;
    const struct service *service;
    struct vector *vectors;
    size_t count;
    const struct json *families; // not yet made into cases, or NULL
};

/* All that was loaded. */
struct library {
    struct arena keep;
    struct service **services;
    size_t service_count;
    struct suite *suites;
    size_t suite_count;
    const struct json *clauses; // the register, or NULL
    const struct json *guards;  // which flaws guard each clause, or NULL
    struct captures captures;   // recordings of genuine MFC
    char digest[17];            // over the ids, revisions and digests of all cases
};

/*
 * Loads DIR/captures, DIR/services and DIR/suites of each directory; services first, so that a suite may use those of another
 * directory. Ids must be unique over all. ERROR_INPUT with file, line, case and path.
 */
bool library_load(struct library *lib, const char *const *directories, size_t count, struct error *err);
/* The same without suites and clauses, for whoever looks at a suite that is not complete. */
bool library_load_services(struct library *lib, const char *const *directories, size_t count, struct error *err);
const struct service *library_service(const struct library *lib, const char *name);
/* A suite that stands in no directory, of a library's services: without families, and not yet in the library. Lives in keep. */
bool suite_of_one(const struct json *file, const struct library *lib, struct arena *keep, struct suite *out, struct error *err);
void library_free(struct library *lib);

/* Why arcwire cannot play the server of a case against a program that asks, built as p; NULL: it can. The program's own
 * words show that it lives: controls, which are for servers, are then left out. */
const char *vector_unserved(const struct vector *v, const struct profile *p);

/* What decides a verdict, from the vector and its service, into v->digest. */
void vector_digest(struct vector *v);

/* Parses steps, for library.c and tests: outer gives what a check leaves out. */
struct step_context {
    const char *const *clauses;
    enum level level;
    bool in_table; // {"row": …} and {text} are allowed
    struct arena *keep;
    const struct codepage *codepage;
    const char *message; // within {"message": …}: its name, or NULL
};
bool steps_parse(const struct json *list, const struct step_context *outer, struct steps *out, struct error *err);

/* A value of a known type from JSON, by vectors/README.md; template is set when a string holds {name}. Narrow text is
 * encoded in the code page; without one it is ASCII. */
bool literal_parse(const struct json *at, struct type_ref t, const struct codepage *codepage, struct arena *keep,
                   struct value *out, const char **template, struct error *err);

/* Golden bytes from JSON: a string of hex, or an object by predicate. */
bool golden_parse(const struct json *at, struct arena *keep, const struct golden **out, struct error *err);

/* Appends what an item of kind BYTES stands for. */
void item_say(const struct item *item, struct buffer *to);

#endif
