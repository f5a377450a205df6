#ifndef CHECK_VALUES_H
#define CHECK_VALUES_H
/*
 * The field that differs, as a value; private to check/.
 */
#include "check/evidence.h"

/* As it is due and as it came. False: it is no value, or does not read. */
bool values_of(const struct evidence *e, struct value *due, struct value *got);

/* Both as ASCII. False: they are no texts, or long ones. */
bool texts_of(const struct evidence *e, struct text *due, struct text *got);

/* Whether the field is the text that tells what had been said in the request: nothing is counted there, and a number may begin as another does. */
bool tells_again(const struct evidence *e);

#endif
