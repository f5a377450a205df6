#ifndef VECTOR_COVERAGE_H
#define VECTOR_COVERAGE_H
/*
 * The register of clauses, and which cases show each of them.
 */
#include "vector/vector.h"

#define GENERATIONS 7 // of MFC: 4.2 to 10

struct clause {
    const char *id, *text, *provenance;
    enum level level;
    const char *unseen; // why no case can show it: `no-case`; NULL: one can
    size_t cases;
    const char *const *guards; // flaws that guard it, ended by NULL; NULL: none does, or nothing is known of any
    bool genuine[GENERATIONS]; // a case cites it whose golden bytes a program of that generation wrote
    const struct json *at;
};

struct coverage {
    struct clause *clauses; // in the order of the register
    size_t count;
    bool tells_guards;          // guards.json is there
    size_t uncovered;           // clauses with neither a case nor a reason
    size_t musts;               // clauses of level must that can have a case
    size_t genuine[GENERATIONS]; // of them: those that rest on genuine bytes
};

/* The generations, oldest first. */
extern const uint8_t coverage_generations[GENERATIONS];

/* Reads the register of a library and counts its cases. ERROR_INPUT where the register is wrong, or missing. */
bool coverage_make(const struct library *lib, struct arena *keep, struct coverage *out, struct error *err);

/* For people: one line per clause, what no case covers, and the genuine bytes by generation. */
void coverage_print(struct text *to, const struct coverage *c);

/* The same as a JSON object. */
void coverage_json(struct text *to, const struct coverage *c);

#endif
