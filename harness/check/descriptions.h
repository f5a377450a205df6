#ifndef CHECK_DESCRIPTIONS_H
#define CHECK_DESCRIPTIONS_H
/*
 * Causes that show where a class is due to be described, or named by its tag; private to check/. Each the sentence, or NULL.
 */
#include "check/evidence.h"

const char *cause_other_schema(const struct evidence *e);     // with another schema
const char *cause_name_cut(const struct evidence *e);         // by a part of its name
const char *cause_name_padded(const struct evidence *e);      // … with NULs behind it
const char *cause_name_doubled(const struct evidence *e);     // … and its length is twice that of its name, which is right
const char *cause_name_off(const struct evidence *e);         // … or one more or less
const char *cause_named_otherwise(const struct evidence *e);  // … by any other name
const char *cause_class_of_another(const struct evidence *e); // a tag stands there, which is another class's
const char *cause_class_unknown(const struct evidence *e);    // … no class's
const char *cause_class_tag(const struct evidence *e);        // the tag of another class where its own is due

#endif
