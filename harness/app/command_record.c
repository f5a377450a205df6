/*
 * `arcwire record`: what was said through the proxy, as a case.
 */
#include "app/app.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "capture/recording.h"
#include "vector/controls.h"
#include "vector/parse.h"

#define RECORDINGS 64
#define SUITE_MAX  (256u << 20) // bytes

static int usage(const char *what)
{
    fprintf(stderr, "arcwire record: %s; see arcwire record --help\n", what);
    return EXIT_USAGE;
}

/* "0,3": each a recording of its own. */
static bool connections_parse(const char *list, int64_t out[], size_t *count)
{
    for (*count = 0; *count < RECORDINGS; list++) {
        char *end;
        if (*list < '0' || *list > '9')
            return false;
        unsigned long on = strtoul(list, &end, 10);
        if (on > UINT32_MAX)
            return false;
        out[(*count)++] = (int64_t)on;
        list = end;
        if (*list != ',')
            return !*list;
    }
    return false;
}

/* Whether it is what lint takes. */
static bool stands(const struct text *suite, const char *path, const struct library *lib, struct arena *keep, struct error *err)
{
    const struct json *tree;
    struct suite out;
    SCRATCH(scratch);

    return json_parse(buffer_bytes(&suite->b), path, keep, &tree, err) && suite_parse(tree, lib, keep, &out, err) &&
           controls_stand(&out.vectors[0], &scratch, err);
}

/* With as little around it as it needs: exchanges of the service before and behind it, a reason why there is none, and at worst should. */
static bool surround(struct recording *r, struct recording_head head, const struct service *s, const char *path, const struct library *lib,
                     struct arena *keep, struct text *out, struct error *err)
{
    struct error last;

    for (unsigned way = 0; way < 16; way++) {
        head.before = way & 1 ? s->first_control : NULL;
        head.behind = way & 2 ? s->first_control : NULL;
        head.no_control = way & 4 ? "It is as it was recorded." : NULL;
        head.level = way & 8 ? "should" : NULL;
        out->b.len = 0;
        if (!recording_print(out, r, &head, err))
            return false;
        if (stands(out, path, lib, keep, way ? &last : err))
            return true;
    }
    return false;
}

/* Every file, and of each every connection that was asked for. */
static bool hear(const struct options *o, const int64_t only[], size_t count, const struct recording_manner *how, struct arena *keep,
                 struct recording *out, size_t *recordings, struct error *err)
{
    struct heard all[RECORDINGS];

    *recordings = 0;
    for (size_t i = 0; i < o->word_count; i++) {
        struct conversation *c = ARENA_NEW(keep, struct conversation);
        if (!conversation_read(o->words[i], keep, c, err))
            return false;
        if (c->cut)
            printf("note: %s was cut short\n", o->words[i]);
        for (const struct talk_note *n = c->notes; n; n = n->next)
            printf("note: %s: %s\n", o->words[i], n->text);
        for (size_t k = 0; k < (count ? count : 1); k++) {
            if (*recordings == RECORDINGS)
                return error_set(err, ERROR_USAGE, "more than %d recordings", RECORDINGS);
            all[(*recordings)++] = (struct heard){ c, count ? only[k] : -1 };
        }
    }
    return recording_make(all, *recordings, how, keep, out, err);
}

/* The same once more is no change; what somebody has edited is not lost. */
static bool suite_write(const char *path, struct bytes text, struct arena *keep, struct error *err)
{
    struct bytes old;

    if (!file_exists(path))
        return file_write(path, text, err);
    if (!file_read(path, SUITE_MAX, keep, &old, err))
        return false;
    return bytes_equal(old, text) || error_set(err, ERROR_INPUT, "%s: is there already, with something else in it", path);
}

static const char *suite_name(const struct options *o, struct arena *keep)
{
    size_t end = strcspn(o->id, "-");

    return o->suite ? o->suite : arena_printf(keep, "%.*s", (int)end, o->id);
}

int command_record(const struct options *o)
{
    SCRATCH(keep);
    struct library lib = { 0 };
    struct recording r;
    struct error err;
    int64_t only[RECORDINGS];
    size_t count = 0, recordings;
    TEXT(out);
    TEXT(notes);

    if (o->word_count == 0)
        return usage("expected files that arcwire proxy has kept");
    if (!o->id || !vector_id_valid(o->id))
        return usage("--id: expected an id, [a-z0-9][a-z0-9.-]*");
    if (!o->output)
        return usage("--output: expected the suite's file, DIR/suites/NAME.json");
    if (o->connection && !connections_parse(o->connection, only, &count))
        return usage("--connection: expected numbers of connections, such as 0 or 0,3");
    const char *suite = suite_name(o, &keep), *name = o->service ? o->service : "conformance";
    if (strncmp(o->id, suite, strlen(suite)) != 0)
        return usage("--id: it must begin with the suite's name");
    if (!services_open(o, &lib, &err)) {
        library_free(&lib);
        return fail(&err);
    }
    const struct service *s = library_service(&lib, name);
    bool good = s || error_set(&err, ERROR_USAGE, "--service: no service is called \"%s\"", name);
    good = good && ((s->end.clauses && *s->end.clauses) ||
                    error_set(&err, ERROR_INPUT, "service %s: its \"end\" has no clauses for the case to cite", name));
    struct recording_manner how = { .codepage = good ? s->codepage : NULL };
    const char *layout = o->layout ? o->layout : good ? s->layout : NULL;
    if (layout && strcmp(layout, "none") == 0)
        layout = NULL;
    if (good && !layouts_open(layout, &keep, how.from, &err)) {
        good = false;
        if (!o->layout) {
            err.kind = ERROR_INPUT; // not what was typed is wrong
            error_within(&err, "service %s", name);
        }
    }
    good = good && hear(o, only, count, &how, &keep, &r, &recordings, &err);
    struct recording_head head = { .suite = suite, .id = o->id, .service = name, .clauses = good ? s->end.clauses : NULL };
    good = good && surround(&r, head, s, o->output, &lib, &keep, &out, &err) &&
           suite_write(o->output, buffer_bytes(&out.b), &keep, &err);
    if (good) {
        recording_notes(&r, &notes);
        fputs(text_string(&notes), stdout);
    }
    if (good)
        printf("%s: %s, from %zu recording%s: %zu steps on %u connection%s, %zu values kept, %zu any%s\n", o->output, o->id, recordings,
               recordings == 1 ? "" : "s", r.count, r.connections, r.connections == 1 ? "" : "s", r.kept, r.any,
               layout ? arena_printf(&keep, ", %zu by the layout", r.typed) : "");
    library_free(&lib);
    return good ? EXIT_EXPECTED : fail(&err);
}
