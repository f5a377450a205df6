#ifndef PEER_WORDS_H
#define PEER_WORDS_H
/*
 * A command in one line, as people type it, and back.
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

/*
 * Splits it into words, ended by NULL: at blanks that do not stand in quotes. '…' is taken as it is, "…" knows \" and \\,
 * and outside of both a backslash takes the next character as it is. There is no shell: no variable, no pattern, no pipe.
 * ERROR_USAGE for a quote that is not closed, and for no word at all.
 */
bool words_split(const char *line, struct arena *keep, const char *const **out, struct error *err);

/* Puts a word so that a shell takes it as that one word. */
void words_quote(struct text *to, const char *word);

#endif
