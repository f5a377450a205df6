#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H
/*
 * Checks: opinions on evidence. Evidence is a program and the trace of its play; nothing here looks at a socket, a
 * clock or a file, so that a saved trace can be judged again.
 */
#include "check/suspects.h"
#include "trace/trace.h"
#include "vector/match.h"
#include "vector/program.h"

enum grade {
    GRADE_PASS,
    GRADE_PASS_TIMED,   // a silence that could only be waited for
    GRADE_AS_GENUINE,   // it failed in the way in which MFC of the peer's generation itself does
    GRADE_DECLARED,     // it failed, and the peer's manifest declares that, with a reason
    GRADE_FAIL,
    GRADE_INCONCLUSIVE, // the play was stopped before it could be told
};

const char *grade_name(enum grade g);

/* What came, how it ended, whether the peer lives: graded apart. */
enum axis { AXIS_DATA, AXIS_END, AXIS_LIFE };

const char *axis_name(enum axis a);

#define OTHERS_TOLD 24

/* One check's opinion. Strings and bytes live in the arena given to judge, or in the program's. */
struct finding {
    struct check check;
    enum axis axis;
    enum grade grade;
    size_t op;                  // index into the program; its count: of a series, elsewhere than in the conversation that is shown
    const char *control;        // the control that it belongs to, or NULL
    const struct genuine *genuine; // AS_GENUINE: the defect. What is said of FAIL below is said of it and of DECLARED, too
    const char *cause;          // FAIL: key of a cause, "bytes-swapped"
    const char *sentence;       // FAIL: the cause in words, with its evidence
    const char *summary;        // FAIL: the same of all cases that have it, "DWORDs are stored big-endian", or NULL
    const char *seen;           // FAIL: key of what the cause would be if no mistake explained it, or NULL
    const struct accused *accused; // FAIL: the mistake that is the cause, where it is one of which it can be told what else it would show
    struct {
        const char *cause, *summary;
        const struct accused *accused; // or NULL
        bool narrow;                   // the same mistake as one before, in fewer places
    } others[OTHERS_TOLD];      // FAIL: further causes that explain the same bytes as well
    size_t other_count;
    const struct suspects *suspects; // FAIL: the mistakes that explain the bytes, or NULL
    const struct separation *separation; // FAIL: of the exchange that was to tell them apart, or NULL
    bool at_byte;               // FAIL: a byte decided; the rest is then filled in
    bool passed_over;           // FAIL: what was due did not come, and the answer to the probe behind it did
    size_t at;                  // first wrong byte, from the beginning of the op's message
    size_t field;               // the field that holds it
    const char *field_name, *field_of; // its name, and of which message of the application it is a field; or NULL
    struct bytes expected, got; // of that field; got is empty when nothing came
    const char *expected_text, *got_text; // decoded, or NULL
    size_t tried, failed;       // of a family: positions that came to it, and those of them that failed
    const char *const *positions; // FAIL of a family: the first POSITIONS_TOLD that failed, in words
};
#define POSITIONS_TOLD 64

struct findings {
    struct finding *items;
    size_t count;
};

/*
 * Beside the ways of a mistake about numbers that was made in a message that names no types: the number of its request, and one.
 * Numbers of values may be handled elsewhere than those of requests, and each request by a function of its own; so only a case with
 * that request speaks against it.
 */
#define ACCUSED_REQUEST(n) (((unsigned)(n) + 1) << 8)

/* A mistake that explains a failure, in a form that goes from one process to another. */
struct accused {
    const char *cause, *summary; // as the finding has them
    unsigned mistake, ways;      // its place in the table of mistakes; in which ways it may be made to explain that, a bit each, and ACCUSED_REQUEST
    const char *of;              // MFC's name of the type that it is about, or NULL
    unsigned shown;              // ways of which it is known that they would have failed what passed
};

/* A case has passed: notes in `shown` of each in which ways a peer that makes the mistake would have failed its program. */
void accused_look(struct accused *const *all, size_t count, const struct program *p);

/* Whether that is known of every way in which it may be made: it cannot be the cause. */
bool accused_is_out(const struct accused *s);

/* Judges every check of the program that the play reached. */
void judge(const struct program *p, const struct trace *t, struct arena *keep, struct findings *out);

/* Whether every check passes, a timed silence included: the same judgement, without asking why not, in a fraction of the time. */
bool judge_passes(const struct program *p, const struct trace *t, struct arena *keep);

/* The name of the service's refusal that came in the place of what was due first, or NULL. */
const char *judge_refusal(const struct program *p, const struct trace *t, struct arena *keep);

/* Values that a passed exchange kept by name ({"any": …, "as": NAME}); NULL when it did not come to that. Lives in
 * keep. */
const struct value *judge_kept(const struct program *p, const struct trace *t, const char *name, struct arena *keep);

#endif
