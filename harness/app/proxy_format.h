#ifndef APP_PROXY_FORMAT_H
#define APP_PROXY_FORMAT_H
/*
 * The judge of a proxy where there is no transcript: what either side says must be whole messages of a layout, in the format.
 */
#include "layout/layout.h"
#include "run/overhear.h"

struct format_check {
    const struct layout *layouts[2]; // by who says it; NULL: that is not looked at
    struct profile profile;
};

/* Judges as overhear_judge does, with "format" in the place of a case. The side that breaks the format first is wrong. */
void format_judge(const struct format_check *c, const struct overheard_talk *t, struct arena *keep, struct overheard_judgement *out);

#endif
