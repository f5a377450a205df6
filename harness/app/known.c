/*
 * Where what is known lies: baselines, saved runs, the day, the terminal.
 */
#include "app/app.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "verdict/baseline.h"

const char *baseline_place(const struct options *o, const struct run_options *run, struct arena *keep)
{
    if (o->baseline)
        return o->baseline;
    if (!o->peer || !run->manifest)
        return NULL;
    const char *path = run->manifest->path, *slash = strrchr(path, '/');
    return arena_printf(keep, "%.*sbaseline%s%s%s.json", slash ? (int)(slash + 1 - path) : 0, path, run->variant ? "." : "",
                        run->variant ? run->variant->name : "", run->play == PARTY_SERVER ? ".server" : "");
}

bool today_parse(const struct options *o, struct arena *keep, const char **out, struct error *err)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    uint64_t seconds = (uint64_t)clock_wall();
    char day[32];
    struct tm utc;

    if (o->today) {
        *out = o->today;
        return baseline_is_day(o->today) || error_set(err, ERROR_USAGE, "--today: \"%s\": expected a day such as 2027-03-31", o->today);
    }
    if (epoch && *epoch && !number_parse("SOURCE_DATE_EPOCH", epoch, 0, 253402300799, &seconds, err))
        return false;
    time_t when = (time_t)seconds;
    gmtime_r(&when, &utc);
    strftime(day, sizeof day, "%Y-%m-%d", &utc);
    *out = arena_string(keep, day);
    return true;
}

bool colour_parse(const struct options *o, bool *out, struct error *err)
{
    const char *never = getenv("NO_COLOR");

    *out = o->color && strcmp(o->color, "always") == 0;
    if (o->color && !*out && strcmp(o->color, "never") != 0 && strcmp(o->color, "auto") != 0)
        return error_set(err, ERROR_USAGE, "--color: \"%s\": expected auto, always or never", o->color);
    if (!o->color || strcmp(o->color, "auto") == 0)
        *out = isatty(1) && !(never && *never);
    return true;
}

const char *log_place(const char *run, struct arena *keep)
{
    const char *path = run && *run ? run : "reports/latest";

    return file_is_directory(path) ? arena_printf(keep, "%s/run.ndjson", path) : path;
}
