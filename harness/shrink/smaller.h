#ifndef SHRINK_SMALLER_H
#define SHRINK_SMALLER_H
/*
 * Smaller values in the service's own notation: "[CAge(1),null]" without an element, "u:00480069" with half of it. What is no text of
 * the type, or cannot be stored, is for whoever takes them to find out.
 */
#include "base/arena.h"

#define SMALLER_MAX 512 // of one value

struct smaller_text {
    const char *text;
    size_t from, to;       // what is gone of the old text …
    size_t kept, kept_end; // … but for this within it: an object in the place of the one around it
};

struct smaller_texts {
    struct smaller_text items[SMALLER_MAX]; // the smallest of a kind first
    size_t count;
    struct arena *keep;
};

/* Those of text, in *out; the texts live in keep. */
void smaller_texts(const char *text, struct arena *keep, struct smaller_texts *out);

#endif
