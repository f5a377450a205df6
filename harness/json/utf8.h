#ifndef JSON_UTF8_H
#define JSON_UTF8_H
/*
 * UTF-8, as the standard allows it: shortest forms, no surrogates, up to U+10FFFF.
 */
#include "base/bytes.h"

/* Bytes of the character that s begins with; 0 when it is none, or cut. */
size_t utf8_length(struct bytes s);

#endif
