/*
 * arcwire.json: what the command line leaves open.
 */
#include "app/app.h"

#include <stdio.h>

#include "base/file.h"

#define FILE_NAME "arcwire.json"

static struct arena keep; // lives as long as the program, as argv does

static bool set(const struct option_row *row, const struct json *value, const char *from, struct options *o, struct error *err)
{
    const char *text = value->string;
    bool truth;

    if (option_is_flag(row)) {
        if (!json_bool(value, &truth, err))
            return false;
        return !truth || option_set(row, NULL, from, o);
    }
    if (value->kind != JSON_NUMBER && !json_string(value, &text, err))
        return false;
    return option_set(row, text, from, o) || json_error(value, err, "too many of them");
}

/* One member. What the command line says goes before it; what another command takes is passed over. */
static bool take(const struct command *c, const struct json *member, bool has_peer, struct options *o, struct error *err)
{
    const struct option_row *row = option_named(member->key);
    const char *from = arena_printf(&keep, "%s:%u", FILE_NAME, member->line);

    if (!row)
        return json_error(member, err, "there is no option --%.40s", member->key);
    if (!option_taken(c, row) || option_is_set(row, o) || (has_peer && option_chooses_peer(row)))
        return true;
    if (member->kind != JSON_ARRAY)
        return set(row, member, from, o, err);
    for json_each (value, member)
        if (!set(row, value, from, o, err))
            return false;
    return true;
}

static bool has_peer(const struct options *o)
{
    return o->peers.count || o->connect || o->listen || o->exec || o->stdio;
}

bool config_read(const struct command *c, struct options *o, struct error *err)
{
    const struct json *file, *format;
    uint64_t number;
    bool by_hand = has_peer(o);

    if (file_exists(FILE_NAME)) {
        if (!json_read(FILE_NAME, &keep, &file, err) || !json_is(file, JSON_OBJECT, err))
            return false;
        if (!(format = json_get(file, "format")))
            return json_error(file, err, "has no \"format\": 1");
        if (!json_u64(format, 1, &number, err))
            return false;
        for json_each (member, file)
            if (member != format && !take(c, member, by_hand, o, err))
                return false;
        o->peer = o->peers.count == 1 ? o->peers.items[0] : NULL;
    }
    options_standards(c, o);
    return true;
}

void config_print(const struct options *o)
{
    for (size_t i = 0; i < o->setting_count; i++)
        if (strcmp(o->settings[i].name, "print-config") != 0)
            printf("%-14s %-34s %s\n", o->settings[i].name, o->settings[i].value, o->settings[i].from);
}
