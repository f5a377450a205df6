#ifndef REPORT_MATRIX_H
#define REPORT_MATRIX_H
/*
 * Many runs beside each other: peers × suites.
 *
 * Of each run only what the matrix shows is kept, so that a log can be given back before the next is read.
 */
#include "base/text.h"
#include "json/write.h"
#include "report/model.h"

struct matrix_cell {
    const char *suite;
    size_t totals[REPORT_VERDICTS]; // cases
    const char *reason;             // why a case of it was not tested, or is not green; the first; or NULL
};

struct matrix_row {
    const char *name, *title;   // "reference:6.0-ansi-32"
    const char *page;           // of its run, beside the matrix; NULL: it was not run
    const char *why;            // it was not run
    const char *profile;        // "MFC 6.0, ansi, 32 bit", or NULL: not told
    const char *summary;        // one line
    struct matrix_cell *cells;
    size_t cell_count;
    size_t totals[REPORT_VERDICTS];
    bool green;
};

/* One case between two others. */
enum matrix_verdict { MATRIX_RIGHT, MATRIX_WRONG, MATRIX_NOT_JUDGED };

struct matrix_case {
    const char *id;
    enum matrix_verdict verdict;
    bool wrong[2];                       // by party: the asking one is the client
    const char *cause[2], *sentence[2];  // of that
    const char *why;                     // NOT_JUDGED
};

/* A program that asks and a peer that answers, in one service. */
struct matrix_pair {
    const char *asks, *answers, *service;
    const char *absent;          // why it was not played, or NULL
    struct matrix_case *cases;
    size_t count;
};

/* "17 right, 1 wrong by the asking side"; whether all is right. */
bool matrix_pair_summary(const struct matrix_pair *p, struct text *to);

struct matrix_view {
    const char *started, *command, *seed;
    struct matrix_row *rows;
    size_t row_count;
    struct matrix_pair *pairs;
    size_t pair_count;
};

/* What the matrix shows of a run; all is copied into keep. */
void matrix_row_of(const struct report *r, const char *name, const char *title, const char *page, struct arena *keep,
                   struct matrix_row *out);

void matrix_html(const struct matrix_view *m, struct text *to);
void matrix_json(const struct matrix_view *m, struct text *to);

/* Private to the matrix: what the page, and what the JSON says of pairs. */
void matrix_pairs_html(const struct matrix_view *m, struct text *to);
void matrix_pairs_json(const struct matrix_view *m, struct json_out *to);

#endif
