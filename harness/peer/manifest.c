#include "peer/manifest.h"

#include <fnmatch.h>

#include "peer/flaws.h"
#include "peer/parse.h"
#include "peer/words.h"

const char *const manifest_keys[] = { "format", "name", "title", "listen", "dial", "stdio", "ask", "services", "ready", "port",
                                      "variants", "flaws", "files", "profile", "packages", "environment", "directory", "memory",
                                      "reset", "restart", "deviations", "connections", "workers", "patience", "matrix", "built-by", "note", NULL };

static bool command_parse(const struct json *at, struct arena *keep, const char *const **out, struct error *err)
{
    if (!words_parse(at, keep, out, err))
        return false;
    return at->count > 0 || json_error(at, err, "a command has at least its program");
}

static bool uses(const char *const *words, const char *mark)
{
    for (; words && *words; words++)
        if (strstr(*words, mark))
            return true;
    return false;
}

/* {"command": […], "listen": […], "services": […], "plays": […]}; one of the first two is enough */
static bool ask_parse(const struct json *at, struct arena *keep, const struct manifest_ask **out, struct error *err)
{
    static const char *const keys[] = { "command", "listen", "services", "plays", "note", NULL };
    struct manifest_ask *ask = ARENA_NEW(keep, struct manifest_ask);
    const struct json *command = json_get(at, "command"), *listen = json_get(at, "listen"), *services, *plays;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, keys, err))
        return false;
    if ((!command && !listen) || !(services = json_get(at, "services")) || !(plays = json_get(at, "plays")))
        return json_error(at, err, "expected \"command\" or \"listen\", \"services\" and \"plays\"");
    if ((command && !command_parse(command, keep, &ask->command, err)) || (listen && !command_parse(listen, keep, &ask->listen, err)) ||
        !words_parse_some(services, "service", keep, &ask->services, err) || !words_parse(plays, keep, &ask->plays, err))
        return false;
    if (command && !uses(ask->command, "{port}") && !uses(ask->command, "{socket}"))
        return json_error(command, err, "where does it dial? neither {port} nor {socket} stands in an argument");
    *out = ask;
    return true;
}

/* {"arguments": […], "services": […]} */
static bool variant_parse(const struct json *at, struct arena *keep, struct manifest_variant *v, struct error *err)
{
    static const char *const keys[] = { "arguments", "services", "note", NULL };
    const struct json *part;

    if (!json_known(at, keys, err))
        return false;
    if (!(part = json_get(at, "arguments")))
        return json_error(at, err, "expected \"arguments\"");
    if (!words_parse(part, keep, &v->arguments, err))
        return false;
    return !(part = json_get(at, "services")) || words_parse_some(part, "service", keep, &v->services, err);
}

/* The rows of a table of flaws are variants, too. */
static bool flaws_parse(const struct json *at, struct arena *keep, struct manifest *m, struct error *err)
{
    const char *name;

    if (!json_string(at, &name, err))
        return false;
    m->flaws_path = *name == '/' ? name : arena_printf(keep, "%s/%s", m->directory, name);
    if (!flaws_read(m->flaws_path, keep, &m->flaws, &m->flaw_count, err))
        return false;
    struct manifest_variant *all = ARENA_ARRAY(keep, m->variant_count + m->flaw_count, struct manifest_variant);
    for (size_t i = 0; i < m->variant_count; i++)
        all[i] = m->variants[i];
    for (size_t i = 0; i < m->flaw_count; i++) {
        const struct flaw *f = &m->flaws[i];
        if (manifest_variant(m, f->name))
            return json_error(f->at, err, "the manifest has a variant \"%s\", too", f->name);
        all[m->variant_count + i] = (struct manifest_variant){ f->name, f->arguments, f->services };
    }
    m->variants = all;
    m->variant_count += m->flaw_count;
    return true;
}

static bool variants_parse(const struct json *at, struct arena *keep, struct manifest *m, struct error *err)
{
    if (!json_is(at, JSON_OBJECT, err))
        return false;
    m->variants = ARENA_ARRAY(keep, at->count, struct manifest_variant);
    for json_each (e, at) {
        struct manifest_variant *v = &m->variants[m->variant_count++];
        v->name = e->key;
        if (!(e->kind == JSON_OBJECT ? variant_parse(e, keep, v, err) : words_parse(e, keep, &v->arguments, err)))
            return false;
    }
    return true;
}

static bool files_parse(const struct json *at, struct arena *keep, struct manifest *m, struct error *err)
{
    if (!json_is(at, JSON_OBJECT, err))
        return false;
    m->files = ARENA_ARRAY(keep, at->count, struct manifest_file);
    for json_each (e, at) {
        struct manifest_file *f = &m->files[m->file_count++];
        if (strchr(e->key, '/') || e->key[0] == '.' || !e->key[0])
            return json_error(e, err, "\"%s\" is no plain file name", e->key);
        f->name = e->key;
        if (!words_parse(e, keep, &f->lines, err))
            return false;
    }
    return true;
}

static bool environment_parse(const struct json *at, struct arena *keep, struct manifest *m, struct error *err)
{
    if (!json_is(at, JSON_OBJECT, err))
        return false;
    const char **list = ARENA_ARRAY(keep, at->count + 1, const char *);
    size_t n = 0;
    for json_each (e, at) {
        const char *value;
        if (!*e->key || strchr(e->key, '='))
            return json_error(e, err, "\"%s\" cannot be the name of a variable", e->key);
        if (!json_string(e, &value, err))
            return false;
        list[n++] = arena_printf(keep, "%s=%s", e->key, value);
    }
    m->environment = list;
    return true;
}

/* {"command": […], "before": "case"} */
static bool reset_parse(const struct json *at, struct arena *keep, struct manifest *m, struct error *err)
{
    static const char *const keys[] = { "command", "before", NULL }, *const before[] = { "case", "suite" };
    const struct json *part;
    size_t which;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, keys, err))
        return false;
    if (!(part = json_get(at, "command")))
        return json_error(at, err, "expected \"command\"");
    if (!command_parse(part, keep, &m->reset, err))
        return false;
    if (!(part = json_get(at, "before")))
        return json_error(at, err, "expected \"before\": \"case\" or \"suite\"");
    if (!choice_parse(part, before, COUNT_OF(before), "case or suite", &which, err))
        return false;
    m->reset_each_case = which == 0;
    return true;
}

static bool deviation_parse(const struct json *at, struct manifest *m, struct error *err)
{
    static const char *const keys[] = { "clause", "reason", NULL };
    struct deviation *d = &m->deviations[m->deviation_count];
    const struct json *part;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, keys, err))
        return false;
    if (!(part = json_get(at, "clause")))
        return json_error(at, err, "expected \"clause\"");
    if (!json_string(part, &d->clause, err))
        return false;
    for (size_t i = 0; i < m->deviation_count; i++)
        if (strcmp(m->deviations[i].clause, d->clause) == 0)
            return json_error(part, err, "%s is declared twice", d->clause);
    d->at = part;
    if (!(part = json_get(at, "reason")))
        return json_error(at, err, "expected \"reason\"");
    if (!json_string(part, &d->reason, err))
        return false;
    if (!*d->reason)
        return json_error(part, err, "a deviation has a reason");
    m->deviation_count++;
    return true;
}

static bool deviations_parse(const struct json *at, struct arena *keep, struct manifest *m, struct error *err)
{
    if (!json_is(at, JSON_ARRAY, err))
        return false;
    if (at->count > DEVIATIONS_MAX)
        return json_error(at, err, "more than %d deviations", DEVIATIONS_MAX);
    m->deviations = ARENA_ARRAY(keep, at->count, struct deviation);
    for json_each (e, at)
        if (!deviation_parse(e, m, err))
            return false;
    return true;
}

static bool number_parse(const struct json *at, uint64_t max, const char *what, uint64_t *out, struct error *err)
{
    return json_u64(at, max, out, err) && (*out > 0 || json_error(at, err, "0 is no %s", what));
}

/* Whether a command tells the port, or what any command has beside it. */
static bool tells_port(const char *const *command, const struct manifest *m, const struct manifest_variant *variant)
{
    bool yes = uses(command, "{port}") || uses(m->environment, "{port}") || (variant && uses(variant->arguments, "{port}"));

    for (size_t i = 0; i < m->file_count; i++)
        yes |= uses(m->files[i].lines, "{port}");
    return yes;
}

bool manifest_tells_port(const struct manifest *m, const struct manifest_variant *variant)
{
    return tells_port(m->listen, m, variant);
}

bool manifest_ask_tells_port(const struct manifest *m, const struct manifest_variant *variant)
{
    return tells_port(m->ask->listen, m, variant);
}

/* Which variants stand in the matrix: patterns, and "" for the peer as it is. Without a word about it, that alone. */
static bool matrix_parse(const struct json *at, struct arena *keep, struct manifest *m, struct error *err)
{
    const char **rows = ARENA_ARRAY(keep, m->variant_count + 2, const char *);
    const char *const *patterns;
    size_t n = 0;

    m->matrix = rows;
    if (!at) {
        rows[0] = "";
        return true;
    }
    if (!words_parse(at, keep, &patterns, err))
        return false;
    for json_each (e, at) {
        bool met = !e->string[0];
        if (met)
            rows[n++] = "";
        for (size_t i = 0; e->string[0] && i < m->variant_count; i++) {
            if (fnmatch(e->string, m->variants[i].name, 0) != 0)
                continue;
            met = true;
            size_t known = 0;
            while (known < n && strcmp(rows[known], m->variants[i].name) != 0)
                known++;
            if (known == n)
                rows[n++] = m->variants[i].name;
        }
        if (!met)
            return json_error(e, err, "\"%s\": none of its variants is called so", e->string);
    }
    return true;
}

bool manifest_has_files(const struct manifest *m, const struct manifest_variant *variant)
{
    const char *const *const lists[] = { m->listen, m->dial, m->stdio, m->reset, m->environment, m->ask ? m->ask->command : NULL,
                                           m->ask ? m->ask->listen : NULL,
                                           variant ? variant->arguments : NULL };
    bool yes = m->file_count > 0 || (m->work && strstr(m->work, "{files}"));

    for (size_t i = 0; i < COUNT_OF(lists); i++)
        yes |= uses(lists[i], "{files}");
    return yes || manifest_uses_socket(m->listen) || (m->ask && manifest_uses_socket(m->ask->listen));
}

bool manifest_uses_socket(const char *const *command)
{
    return uses(command, "{socket}");
}

/* Whether whoever waits for a listener knows where. */
static bool says_where(const struct manifest *m)
{
    const char *const *ask = m->ask ? m->ask->listen : NULL;
    bool listens = m->port || !m->listen || manifest_uses_socket(m->listen) || manifest_tells_port(m, NULL);
    bool asks = !ask || manifest_uses_socket(ask) || manifest_ask_tells_port(m, NULL);

    for (size_t i = 0; i < m->variant_count; i++) {
        listens |= manifest_tells_port(m, &m->variants[i]);
        asks |= m->ask && manifest_ask_tells_port(m, &m->variants[i]);
    }
    return listens && asks;
}

static bool commands_parse(const struct json *file, struct arena *keep, struct manifest *m, struct error *err)
{
    struct {
        const char *key;
        const char *const **out;
    } ways[] = { { "listen", &m->listen }, { "dial", &m->dial }, { "stdio", &m->stdio } };
    const struct json *part;

    for (size_t i = 0; i < COUNT_OF(ways); i++)
        if ((part = json_get(file, ways[i].key)) && !command_parse(part, keep, ways[i].out, err))
            return false;
    if ((part = json_get(file, "ask")) && !ask_parse(part, keep, &m->ask, err))
        return false;
    if (!m->listen && !m->dial && !m->stdio && !m->ask)
        return json_error(file, err, "expected \"listen\", \"dial\" or \"stdio\", a command, or \"ask\"");
    return !m->stdio || (!m->listen && !m->dial) ||
           json_error(json_get(file, "stdio"), err, "a peer on its standard descriptors neither listens nor dials");
}

/* How the peer is treated, beyond being started. */
static bool treatment_parse(const struct json *file, struct arena *keep, struct manifest *m, struct error *err)
{
    static const char *const levels[] = { "must", "should" }, *const restarts[] = { "never", "suite", "case" };
    const struct json *part;
    uint64_t number;
    size_t which;

    if ((part = json_get(file, "memory"))) {
        if (!choice_parse(part, levels, COUNT_OF(levels), "must or should", &which, err))
            return false;
        m->memory_must = which == 0;
    }
    if ((part = json_get(file, "restart"))) {
        if (!choice_parse(part, restarts, COUNT_OF(restarts), "never, suite or case", &which, err))
            return false;
        m->restart = (enum restart)which;
    }
    if ((part = json_get(file, "connections"))) {
        if (!m->dial)
            return json_error(part, err, "only a peer that dials keeps connections: \"dial\" is missing");
        if (!number_parse(part, MANIFEST_CONNECTIONS_MAX, "number of connections", &number, err))
            return false;
        m->connections = (unsigned)number;
    }
    if ((part = json_get(file, "workers"))) {
        if (!number_parse(part, MANIFEST_WORKERS_MAX, "number of workers", &number, err))
            return false;
        m->workers = (unsigned)number;
    }
    if ((part = json_get(file, "patience"))) {
        if (!number_parse(part, MANIFEST_PATIENCE_MAX, "patience", &number, err))
            return false;
        m->patience = (unsigned)number;
    }
    if ((part = json_get(file, "reset")) && !reset_parse(part, keep, m, err))
        return false;
    if (m->reset && m->stdio)
        return json_error(part, err, "a peer on its standard descriptors has a fresh process for each connection");
    return !(part = json_get(file, "deviations")) || deviations_parse(part, keep, m, err);
}

bool manifest_read(const char *path, struct arena *keep, struct manifest *out, struct error *err)
{
    static const char *const ready[] = { "stdout", "listener" };
    const struct json *file, *part;
    uint64_t number;
    size_t which;

    *out = (struct manifest){ .path = arena_string(keep, path), .directory = "." };
    const char *slash = strrchr(path, '/');
    if (slash)
        out->directory = slash == path ? "/" : arena_printf(keep, "%.*s", (int)(slash - path), path);
    if (!json_read(path, keep, &file, err) || !json_is(file, JSON_OBJECT, err) || !json_known(file, manifest_keys, err))
        return false;
    if (!(part = json_get(file, "format")))
        return json_error(file, err, "expected \"format\": 1");
    if (!json_u64(part, UINT64_MAX, &number, err))
        return false;
    if (number != 1)
        return json_error(part, err, "format %llu is not known, 1 is", (unsigned long long)number);
    if (!(part = json_get(file, "name")))
        return json_error(file, err, "expected \"name\"");
    if (!json_string(part, &out->name, err))
        return false;
    out->title = out->name;
    if ((part = json_get(file, "title")) && !json_string(part, &out->title, err))
        return false;
    if ((part = json_get(file, "built-by")) && !json_string(part, &out->built_by, err))
        return false;
    if (!commands_parse(file, keep, out, err))
        return false;
    if (!(part = json_get(file, "services")) && (out->listen || out->dial || out->stdio))
        return json_error(file, err, "expected \"services\"");
    if (!part)
        out->services = out->ask->services;
    else if (!words_parse_some(part, "service", keep, &out->services, err))
        return false;
    if ((part = json_get(file, "ready"))) {
        if (!choice_parse(part, ready, COUNT_OF(ready), "stdout or listener", &which, err))
            return false;
        out->ready = (enum readiness)which;
    }
    if ((part = json_get(file, "port"))) {
        if (!number_parse(part, 65535, "port", &number, err))
            return false;
        out->port = (uint16_t)number;
    }
    if ((part = json_get(file, "variants")) && !variants_parse(part, keep, out, err))
        return false;
    if ((part = json_get(file, "flaws")) && !flaws_parse(part, keep, out, err))
        return false;
    if (!matrix_parse(json_get(file, "matrix"), keep, out, err))
        return false;
    if ((part = json_get(file, "files")) && !files_parse(part, keep, out, err))
        return false;
    if ((part = json_get(file, "environment")) && !environment_parse(part, keep, out, err))
        return false;
    if (out->ready == READY_LISTENER && !says_where(out))
        return json_error(json_get(file, "ready"), err,
                          "where does it listen? there is no \"port\", and neither {port} nor {socket} stands in an argument, file or variable");
    if ((part = json_get(file, "directory")) && !json_string(part, &out->work, err))
        return false;
    if ((part = json_get(file, "profile")) && !json_string(part, &out->profile, err))
        return false;
    if ((part = json_get(file, "packages")) && !words_parse(part, keep, &out->packages, err))
        return false;
    return treatment_parse(file, keep, out, err);
}

bool manifest_of_command(const char *option, const char *command, enum command_way way, const char *service,
                         struct arena *keep, struct manifest *out, struct error *err)
{
    const char **services = ARENA_ARRAY(keep, 2, const char *);
    const char *const *words;

    if (!words_split(command, keep, &words, err))
        return error_within(err, "%s", option);
    services[0] = service;
    *out = (struct manifest){ .title = arena_string(keep, command), .path = option, .directory = ".", .services = services,
                              .ready = READY_LISTENER };
    const char *slash = strrchr(words[0], '/');
    out->name = slash && slash[1] ? slash + 1 : words[0];
    *(way == COMMAND_LISTENS ? &out->listen : way == COMMAND_DIALS ? &out->dial : &out->stdio) = words;
    if (way == COMMAND_STDIO || uses(words, "{port}") || manifest_uses_socket(words))
        return true;
    return error_set(err, ERROR_USAGE, "%s: where does it %s? neither {port} nor {socket} stands in \"%s\"", option,
                     way == COMMAND_LISTENS ? "listen" : "dial to", command);
}

const struct manifest_variant *manifest_variant(const struct manifest *m, const char *name)
{
    for (size_t i = 0; i < m->variant_count; i++)
        if (strcmp(m->variants[i].name, name) == 0)
            return &m->variants[i];
    return NULL;
}

const char *const *manifest_services(const struct manifest *m, const struct manifest_variant *variant)
{
    return variant && variant->services ? variant->services : m->services;
}
