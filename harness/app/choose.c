/*
 * Which peer a run is for, and how it is started or reached.
 */
#include "app/app.h"

#include <stdio.h>

#include "base/file.h"
#include "peer/words.h"

#define UNDER_SLOWNESS 20               // how much slower a program may be under valgrind and the like
#define STDIO_STEP     10000000         // µs for an answer, a new process included
#define HOLD_LIMIT     (7ll * 86400000000) // µs: as long as anybody sits before a debugger

/* The words that choose the peer and the vectors, for commands that repeat a case. */
static const char *how(const struct options *o, struct arena *keep)
{
    struct {
        const char *option, *value;
    } parts[] = { { "--peer", o->peer },       { "--exec", o->exec },       { "--stdio", o->stdio },
                  { "--connect", o->connect }, { "--listen", o->listen },   { "--under", o->under },
                  { "--dial", o->dial },       { "--play", o->play },       { "--service", o->service }, { "--profile", o->profile },
                  { "--limit", o->limit } };
    TEXT(out);

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (!parts[i].value)
            continue;
        text_printf(&out, "%s%s ", out.b.len ? " " : "", parts[i].option);
        words_quote(&out, parts[i].value);
    }
    for (size_t i = 0; i < o->vectors.count; i++) {
        text_add(&out, " --vectors ");
        words_quote(&out, o->vectors.items[i]);
    }
    if (o->only_vectors)
        text_add(&out, " --only-vectors");
    if (o->no_separate)
        text_add(&out, " --no-separate");
    if (o->strict)
        text_add(&out, " --strict");
    return arena_string(keep, text_string(&out));
}

/* --peer NAME[:VARIANT]: a folder of peers/, or a path to a manifest. */
static bool find_manifest(const struct options *o, struct run_options *run, struct manifest *m, struct arena *keep,
                          struct error *err)
{
    char *name = arena_string(keep, o->peer), *variant = strchr(name, ':');

    if (variant)
        *variant++ = 0;
    bool path = strchr(name, '/') != NULL;
    const char *file = path ? name : arena_printf(keep, "%s/peers/%s/peer.json", place_data(), name);
    if (!path && strcmp(place_data(), ".") == 0)
        file = arena_printf(keep, "peers/%s/peer.json", name);
    if (!path && !file_exists(file))
        return error_set(err, ERROR_USAGE, "--peer: no peer is called \"%s\": %s does not exist", name, file);
    if (!manifest_read(file, keep, m, err))
        return false;
    if (variant && !(run->variant = manifest_variant(m, variant)))
        return error_set(err, ERROR_USAGE, "--peer: %s has no variant \"%s\"", file, variant);
    if (m->profile && strcmp(run->profile_from, "option") != 0) {
        run->profile_from = "manifest";
        if (!profile_parse(m->profile, &run->profile, err))
            return error_within(err, "%s: profile", file);
    }
    return true;
}

/* A manifest for --peer, --exec or --stdio. */
static bool manifest_make(const struct options *o, struct run_options *run, struct manifest *m, struct arena *keep,
                          struct error *err)
{
    const char *service = o->service ? o->service : "conformance";
    const char *const *under = NULL;

    if (o->peer ? !find_manifest(o, run, m, keep, err)
                : !manifest_of_command(o->exec ? "--exec" : "--stdio", o->exec ? o->exec : o->stdio,
                                       o->stdio          ? COMMAND_STDIO
                                       : run->peer_dials ? COMMAND_DIALS
                                                         : COMMAND_LISTENS,
                                       service, keep, m, err))
        return false;
    if (o->under && !words_split(o->under, keep, &under, err))
        return error_within(err, "--under");
    if (m->stdio && o->dial)
        return error_set(err, ERROR_USAGE, "--dial: %s speaks on its standard descriptors: nobody dials", m->path);
    if (run->play == PARTY_SERVER) {
        if (!m->ask)
            return error_set(err, ERROR_PEER, "%s: its manifest has no \"ask\"", m->path);
        if (!o->dial)
            run->peer_dials = m->ask->command != NULL; // as it is used to
        if (run->peer_dials ? !m->ask->command : !m->ask->listen)
            return error_set(err, ERROR_PEER, "%s: its manifest's \"ask\" has no \"%s\"", m->path, run->peer_dials ? "command" : "listen");
    } else if (!m->stdio && (run->peer_dials ? !m->dial : !m->listen)) {
        return error_set(err, ERROR_PEER, "%s: its manifest has no \"%s\" command", m->path, run->peer_dials ? "dial" : "listen");
    }
    run->manifest = m;
    run->under = under;
    const struct launch l = { .manifest = m, .variant = run->variant, .build = run->build, .under = under };
    const char *missing;
    if (peer_installed(&l, keep, &missing))
        return true;
    const char *package = m->packages ? m->packages[0] : NULL;
    return error_set(err, ERROR_PEER, "%s: %s is not there%s%s%s%s", m->path, missing, package ? ": install the package " : "",
                     package ? package : "", m->built_by ? ": built by " : "", m->built_by ? m->built_by : "");
}

static void adapt_limits(struct run_options *run)
{
    struct limits *l = &run->limits;

    if (run->manifest && run->manifest->stdio && l->step < STDIO_STEP) {
        l->step = STDIO_STEP;
        l->whole = 20 * l->step;
    }
    run->slowness = (run->under ? UNDER_SLOWNESS : 1) * (run->manifest && run->manifest->patience ? run->manifest->patience : 1);
    l->open *= run->slowness;
    l->step *= run->slowness;
    l->end *= run->slowness;
    l->quiet *= run->slowness;
    l->settle *= run->slowness;
    l->whole *= run->slowness;
    if (run->hold)
        l->open = l->step = l->end = l->whole = HOLD_LIMIT;
}

bool peer_choose(const struct options *o, struct run_options *run, struct manifest *m, struct arena *keep, struct error *err)
{
    bool starts = o->peer || o->exec || o->stdio;
    if (o->peers.count > 1)
        return error_set(err, ERROR_USAGE, "one --peer; arcwire matrix takes several");
    int ways = (o->peer != NULL) + (o->exec != NULL) + (o->stdio != NULL) + (o->connect != NULL) + (o->listen != NULL);

    if (ways != 1)
        return error_set(err, ERROR_USAGE, "expected one of --peer NAME, --exec CMD, --stdio CMD, --connect ADDRESS, --listen ADDRESS");
    if (o->dial && !o->peer && !o->exec)
        return error_set(err, ERROR_USAGE, o->stdio ? "--dial does not go with --stdio: nobody dials"
                                                    : "--dial goes with --peer and --exec: --connect dials, --listen is dialled");
    if (run->workers > 1 && !starts)
        return error_set(err, ERROR_USAGE, "-j goes with --peer, --exec and --stdio: each worker starts a peer of its own");
    if (o->under && !starts)
        return error_set(err, ERROR_USAGE, "--under goes with --peer, --exec and --stdio: others' peers run already");
    if (o->hold && (o->stdio))
        return error_set(err, ERROR_USAGE, "--hold does not go with --stdio: a program that you start has no connection of ours");
    if (o->dial && strcmp(o->dial, "us") != 0 && strcmp(o->dial, "peer") != 0)
        return error_set(err, ERROR_USAGE, "--dial: \"%s\": expected us or peer", o->dial);
    if (run->play == PARTY_SERVER && !o->peer)
        return error_set(err, ERROR_USAGE, "--play server goes with --peer: arcwire starts a program for each case");
    run->peer_dials = o->listen || (o->dial && o->dial[0] == 'p');
    run->how = how(o, keep);
    if (starts ? !manifest_make(o, run, m, keep, err) : !address_parse(o->connect ? o->connect : o->listen, &run->address, err))
        return false;
    if (run->hold && run->manifest && run->manifest->stdio)
        return error_set(err, ERROR_USAGE, "--hold: %s is started for each connection, with a descriptor that only arcwire has", m->path);
    adapt_limits(run);
    return true;
}

static bool cites(const char *const *clauses, const char *clause)
{
    for (; clauses && *clauses; clauses++)
        if (strcmp(*clauses, clause) == 0)
            return true;
    return false;
}

/* Whether a clause is in the register, or anything cites it. */
static bool clause_exists(const struct library *lib, const char *clause)
{
    static const char *const weighed[] = { "STR-15", "COL-4", NULL };
    const struct json *list = lib->clauses ? json_get(lib->clauses, "clauses") : NULL, *id;
    bool found = cites(weighed, clause);

    if (list)
        for json_each (e, list)
            found |= (id = json_get(e, "id")) && id->kind == JSON_STRING && strcmp(id->string, clause) == 0;
    for (size_t i = 0; i < lib->service_count; i++)
        found |= cites(lib->services[i]->end.clauses, clause);
    for (size_t i = 0; !found && i < lib->suite_count; i++)
        for (size_t k = 0; k < lib->suites[i].count; k++) {
            const struct vector *v = &lib->suites[i].vectors[k];
            found |= cites(v->clauses, clause);
            for (size_t s = 0; s < v->steps.count; s++)
                found |= cites(v->steps.items[s].check.clauses, clause);
        }
    return found;
}

bool peer_fits(const struct options *o, const struct run_options *run, const struct library *lib, struct error *err)
{
    const struct manifest *m = run->manifest;
    bool known = false, asked = false;

    if (o->service && !library_service(lib, o->service))
        return error_set(err, ERROR_USAGE, "--service: no service is called \"%s\"", o->service);
    if (!m)
        return true;
    const char *const *services = run->play == PARTY_SERVER ? m->ask->services : manifest_services(m, run->variant);
    for (const char *const *s = services; *s; s++) {
        known |= library_service(lib, *s) != NULL;
        asked |= o->service && strcmp(*s, o->service) == 0;
    }
    if (!known)
        return error_set(err, ERROR_INPUT, "%s: services: no service is called \"%s\"", m->path, services[0]);
    if (o->service && !asked)
        return error_set(err, ERROR_USAGE, "--service: %s does not speak %s", m->path, o->service);
    for (size_t i = 0; i < m->deviation_count; i++)
        if (!clause_exists(lib, m->deviations[i].clause))
            return json_error(m->deviations[i].at, err, "no clause is called \"%s\"", m->deviations[i].clause);
    return true;
}
