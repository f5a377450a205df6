#ifndef CHECK_GRAPHS_H
#define CHECK_GRAPHS_H
/*
 * Causes that show where the graph of objects that came parts from the one that is due, as it is stored or told; private to check/. Each the
 * sentence, or NULL.
 */
#include "check/evidence.h"

const char *cause_sent_again(const struct evidence *e);      // an object where a reference to it is due
const char *cause_never_carried(const struct evidence *e);   // … one that the connection has not carried is told
const char *cause_merged(const struct evidence *e);          // a reference to another object of its class where a new one is due
const char *cause_null_stands(const struct evidence *e);     // null in place of an object
const char *cause_object_stands(const struct evidence *e); // … the reverse
const char *cause_told_off(const struct evidence *e);        // numbers of objects in a text are one more or less
const char *cause_refers_otherwise(const struct evidence *e); // a reference to what is not meant, or is not there
const char *cause_refused_kept(const struct evidence *e);    // … which a message that was refused would have carried
const char *cause_has_more(const struct evidence *e);        // a map has more entries than are due
const char *cause_lacks_elements(const struct evidence *e);  // elements of a collection are missing

/* The values that a text is to tell, and those that it told, so many in a row. False: it tells none. */
bool values_told(const struct evidence *e, const struct value **due, const struct value **got, size_t *count);

#endif
