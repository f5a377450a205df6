#ifndef REPORT_CHAIN_H
#define REPORT_CHAIN_H
/*
 * What holds the lines of a log together: the last member of each, `chain`, is the SHA-256 of the one before (as it
 * stands there; nothing for the first line) and of the line up to the comma in front of this member. A line that is
 * lost, changed or in another place breaks it. It is no signature: who writes all lines anew can write all chains anew.
 *
 * A merged log has one chain for each shard, which its lines tell by `shard`, and one of its own.
 */
#include "base/text.h"
#include "report/lines.h"

#define CHAIN_SHARDS 1024 // at most

struct chain {
    char head[65]; // "" before the first line
    size_t lines;
};

/* Puts ,"chain":"…"} behind a line, which begins at offset `at` of the text and is an object without its last brace. */
void chain_add(struct chain *c, struct text *line, size_t at);

/* How much of a log is held together. */
struct chain_verdict {
    size_t lines, shards; // shards: of a merged log, else 0
};

/* Looks at each line of a log. ERROR_INPUT "file:line: …" where a chain breaks, or is not there. */
bool chain_verify(const char *path, struct chain_verdict *out, struct error *err);

#endif
