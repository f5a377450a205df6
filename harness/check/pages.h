#ifndef CHECK_PAGES_H
#define CHECK_PAGES_H
/*
 * What there is to know about each cause that a finding can name: `arcwire explain CAUSE`.
 */
#include <stddef.h>

enum fix_language { FIX_ANY, FIX_CPP, FIX_CSHARP, FIX_JAVA, FIX_PYTHON, FIX_JAVASCRIPT, FIX_LANGUAGES };

const char *fix_language_name(enum fix_language l);

struct cause_page {
    const char *key;
    const char *title;
    const char *clause; // that is broken, or NULL
    const char *why;    // how it comes about, and how it shows
    const char *fix[FIX_LANGUAGES]; // one line, or NULL
};

extern const struct cause_page cause_pages[];
extern const size_t cause_page_count;

const struct cause_page *cause_page_find(const char *key);

#endif
