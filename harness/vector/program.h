#ifndef VECTOR_PROGRAM_H
#define VECTOR_PROGRAM_H
/*
 * Programs: a vector as seen from the side we play, in a handful of verbs.
 *
 * What our party says becomes SEND, what the other says RECEIVE. Values are drawn and turned into bytes here;
 * what a peer's profile decides is decided here. A delivery maps a program to a program, and the engine knows
 * nothing but ops.
 */
#include "vector/cuts.h"
#include "vector/vector.h"

enum op_kind {
    OP_OPEN,        // the connection comes about: dialled or accepted
    OP_LISTEN,      // the port, closed until now, begins to listen once the peer has been refused
    OP_SEND,        // bytes
    OP_RECEIVE,     // bytes, as fields say
    OP_SILENT,      // nothing may come: bytes is the probe (empty: wait), answer what it must bring
    OP_SHUTDOWN,    // we end our direction
    OP_RESET,       // we reset
    OP_AWAIT_END,   // FIN must come, and no byte before it
    OP_AWAIT_RESET, // RST must come
    OP_PAUSE,       // we stop reading: the peer's words pile up, until TCP takes no more of them
    OP_RESUME,      // we read again, once they do
};

const char *op_name(enum op_kind k);

/* A value within an op's bytes. */
struct field {
    size_t at, len;     // at means nothing behind a field of which any value is right
    struct type_ref of; // of.type NULL: plain bytes
    bool any;           // any value is right; len is 0
    bool same;          // it is the same in every run
    bool drawn;         // an integer that was drawn from all that its type has
    bool by_value;      // bytes may rightly differ (the order of a map): `value` is compared
    const struct value *value; // by_value
    const char *name;   // ANY: kept under it, or NULL
    const char *label;  // for reports, or NULL
    const char *message; // whose field it is by the application's own names, or NULL
    const char *text;   // the value for people; NULL for any
    uint64_t plus;      // what was added to a value that the other side was told: EXACT integers only
    uint64_t min, max;  // any: limits; max 0: the type's own
    bool measured;      // any: raw bytes, as many as the field that is the `measure`th any of its op tells, plus `plus`
    size_t measure;
    unsigned keeps;     // any: the place, counted from 1, where what came is kept for what is said later; 0: nowhere
    unsigned takes;     // the place from which the value comes, plus `plus`; until then it is a stopgap; 0: it is known
};

struct fields {
    struct field *items;
    size_t count;
};

/* Most messages that may stand before one that is due, and most that are set aside in one play. */
#define MAY_MAX    32
#define ASIDES_MAX 4096

struct aside;

struct op {
    enum op_kind kind;
    unsigned on;          // index into program->connections
    enum party who;       // whose line it is
    const char *control;  // the control it belongs to, or NULL
    int step;             // index into the vector's steps; -1 for what was added around them
    struct bytes bytes;   // SEND: what; RECEIVE: what is due, up to the first field that is any; SILENT: the probe
    struct fields fields; // SEND, RECEIVE
    struct bytes answer;  // SILENT with a probe: what is due
    struct fields answer_fields;
    struct check check;   // RECEIVE, SILENT, AWAIT_…, LISTEN: its name NULL when nothing is judged
    bool whatever;        // AWAIT_END: bytes may come before it, and a RST may end it; RESET: bytes may have come
    bool fresh;           // the direction's archive begins anew before it: so do its object tables
    size_t entries;       // that raw bytes in it register in the object table
    bool whole;           // SEND: our direction stands between messages behind it
    bool pinned;          // SEND: the step itself says how it is cut
    size_t *messages;     // SEND: offsets, rising, at which a further message begins where a delivery joined several
    size_t message_count;
    size_t *cuts;         // SEND: offsets, rising, at which a new segment begins
    size_t cut_count;
    unsigned group;       // RECEIVE: of those in a row with this number, if it is not 0, any may come first
    struct aside **may;   // RECEIVE, SILENT, AWAIT_END: messages that may stand before it
    size_t may_count;
    size_t lead;          // of what is due: so many bytes at its beginning are the same in every run
    bool is_aside;        // RECEIVE: it is one that may come, and has
    size_t asked;         // is_aside: more bytes than these must have been sent before it came; SIZE_MAX: whatever they are
    const struct json *at; // the step that says it, or NULL
    bool apart;           // SEND: a piece leaves once the peer has had the time to take those before: it never reads two at once
    int64_t idle;         // SEND: µs for which nothing is said before it, and at each of its cuts
    bool everywhere;      // SEND: it is cut between all bytes, also when they are made anew
};

/* A message that may come, and need not: it is no op until it has. */
struct aside {
    struct op op;
    uint64_t left; // how often it may still come; UINT64_MAX: however often
};

struct program {
    const struct vector *vector;
    struct profile profile;
    enum party us;
    const char **connections;
    unsigned connection_count;
    struct op *ops;
    size_t count;
    size_t room;          // for ops; 0: none beyond
    size_t asides;        // that have come
    struct op probe;      // a SILENT op with the service's probe, for when something due does not come; its bytes
                          // are empty where there is none or we do not ask
    const char *delivery;
    bool sampled; // the delivery tried a selection of the positions
    bool differs;     // of a conversation that was heard: behind its ops our party said something else
    size_t read_size; // bytes that we take in one read, from buffers as small as can be; 0: all that has come
};

/*
 * Compiles a vector for the party that we play, as a peer of profile p. seed draws values. ERROR_INPUT where the
 * vector contradicts itself: golden bytes and values differ, a name is unknown. Lives in keep and in the library.
 */
bool program_compile(const struct vector *v, const struct profile *p, uint64_t seed, enum party us, struct arena *keep,
                     struct program *out, struct error *err);

/* The same for a server that knows what its client draws, for it has the client's seed. */
bool program_compile_knowing(const struct vector *v, const struct profile *p, uint64_t seed, struct arena *keep, struct program *out,
                             struct error *err);

/* What both sides were heard to say, from their first bytes on, on one connection of a case. */
struct overheard {
    const char *on;
    struct bytes said[2]; // by party
    bool unprobed;        // silences were not probed, also where what the client said next looks like that
};

/*
 * The same for a conversation that others have had: the values that our party and the client chose are those that were said. Controls
 * are played from either side, and a silence has the service's probe where the client said one. The program has the ops of that
 * connection alone, and ends where what our party said is something else. False, too, where it cannot be told whether it is.
 */
bool program_compile_heard(const struct vector *v, const struct profile *p, const struct overheard *h, enum party us, struct arena *keep,
                           struct program *out, struct error *err);

/* What a client must say first on a connection of a case, whatever it chooses. */
struct opening {
    struct bytes bytes; // OPENING_MAX at most
    struct bytes free;  // … of which those are the client's choice that are not 0 here
    size_t first;       // so many of them before anything else can be due on the connection
};
#define OPENING_MAX 256

/* Nothing is known of what follows. Of a case that cannot be compiled it is empty. Lives in keep. */
struct opening program_opening(const struct vector *v, const struct profile *p, const char *on, struct arena *keep);

/* Where what was said is something else; SIZE_MAX: nowhere. */
size_t opening_differs(const struct opening *o, struct bytes said);

/* Whether the client said the service's probe at that offset; then it is the program's. */
bool program_hear_probe(struct program *p, const struct overheard *h, size_t at, struct arena *keep);

/* The same for an exchange of a service by itself, as the case `id` of a suite of the service's name: `first-control`
 * and `capabilities`. The vector behind it lives in keep. */
bool program_compile_exchange(const struct service *s, const char *id, const char *title, const struct steps *steps,
                              const struct profile *p, uint64_t seed, struct arena *keep, struct program *out,
                              struct error *err);

/* Adds to an integer, modulo its type. */
void value_plus(struct value *v, uint64_t plus);

/* Whether a SEND says again what the peer has told: it cannot go before that. */
bool op_takes(const struct op *op);

/* What the peer told in op `at` (kept: the values of its fields that are any, in order) goes to where it is said
 * again: the bytes and fields of later ops are made anew. Can be told once more, otherwise. */
void program_learn(struct program *p, size_t at, const struct value *kept, struct arena *keep);

/*
 * For a server that dials its client: a connection is there as soon as the one before it is, where no step says when it comes
 * about. A client may wait for all of its connections before it says a word, and may leave one waiting until it wants it.
 * Once more changes nothing.
 */
void program_open_early(struct program *p);

/* The peer has brought another op of the group first: they change places. */
void program_swap(struct program *p, size_t at, size_t other);

/* The peer has brought a message that may stand before op `at`: it becomes op `at`. False where that is one too many. */
bool program_set_aside(struct program *p, size_t at, struct aside *a, struct arena *keep);

/* One row per delivery. */
struct delivery {
    const char *name, *summary;
    void (*apply)(struct program *p, uint64_t seed, struct arena *keep);
    /* Where it makes a series of a case: at each of these positions one conversation is cut, once, behind apply. NULL: one conversation. */
    struct cuts (*cuts)(const struct program *p, uint64_t seed, struct arena *keep);
    size_t message, at; // of a series this position alone; 0: all
    int64_t idle;       // µs for which the conversation stands still before each message of ours, and amid it; 0: it goes on at once
    const char *row;    // … and the name of the series
};
extern const struct delivery delivery_table[];
extern const size_t delivery_count;
const struct delivery *delivery_find(const char *name);

/* A delivery as the command line has it: the name of a row, "cut-each:MESSAGE:OFFSET" for one position of a series, or "idle:MS". ERROR_USAGE. */
bool delivery_parse(const char *text, struct arena *keep, const struct delivery **out, struct error *err);

/* The name of its row. */
const char *delivery_row(const struct delivery *d);

/* Applies it, at its position where it has one. ERROR_USAGE where the program has no such position. */
bool delivery_apply(const struct delivery *d, struct program *p, uint64_t seed, struct arena *keep, struct error *err);

#endif
