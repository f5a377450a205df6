#ifndef CHECK_LEAVES_H
#define CHECK_LEAVES_H
/*
 * Causes that show in the leaves of a value, wherever these stand; private to check/. Each the sentence, or NULL.
 */
#include "check/evidence.h"

const char *cause_cut_within(const struct evidence *e);  // texts or arrays within a value are cut
const char *cause_ended_by_nul(const struct evidence *e); // a NUL stands in the place of the last unit
const char *cause_replaced(const struct evidence *e);    // one character stands for others, or an escape does
const char *cause_undecoded(const struct evidence *e);   // … the one that stands for bytes that are no character
const char *cause_bytes_moved(const struct evidence *e); // numbers have their bytes in another order than either
const char *cause_one_more(const struct evidence *e);    // a collection has an element more at its end
const char *cause_nearly(const struct evidence *e);      // floats or doubles are but nearly what is due
const char *cause_text_more(const struct evidence *e);   // texts have more, before or behind what is due

#endif
