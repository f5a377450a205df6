/*
 * `arcwire export`: the codec cases for libraries in any language, and their streams for fuzzers.
 */
#include "app/export_run.h"

#include <stdio.h>

#include "base/file.h"
#include "vector/export.h"

#define SCHEMA     "codec.schema.json"
#define SCHEMA_MAX (1u << 20) // bytes

static bool codec_write(const char *directory, const struct codec_cases *c, struct arena *keep, struct error *err)
{
    const char *own = arena_printf(keep, "%s/vectors/" SCHEMA, place_data());
    struct bytes schema;
    TEXT(out);

    export_print(&out, c);
    return file_make_directory(directory, err) && file_read(own, SCHEMA_MAX, keep, &schema, err) &&
           file_write(arena_printf(keep, "%s/" SCHEMA, directory), schema, err) &&
           file_write(arena_printf(keep, "%s/codec.json", directory), buffer_bytes(&out.b), err);
}

static bool corpus_write(const char *directory, const struct codec_cases *c, struct arena *keep, struct error *err)
{
    if (!file_make_directory(directory, err))
        return false;
    for (size_t i = 0; i < c->count; i++)
        if (!file_write(arena_printf(keep, "%s/%s", directory, export_name(&c->items[i], keep)), c->items[i].wire, err))
            return false;
    return true;
}

int command_export(const struct options *o)
{
    SCRATCH(keep);
    struct library lib = { 0 };
    struct codec_cases cases;
    struct error err;

    bool captures = o->word_count && o->format && strcmp(o->format, "pcapng") == 0 && o->output &&
                    !o->codec && !o->corpus;

    if (captures && export_is_run(o->words[0]))
        return export_run(o);
    if (captures && o->word_count == 1 && !o->deliveries)
        return export_pcapng(o->words[0], o->output, &err) ? EXIT_EXPECTED : fail(&err);
    if (o->word_count || o->format || (!o->codec && !o->corpus)) {
        fputs("arcwire export: expected --codec DIR or --corpus DIR and nothing else, or a "
              "traffic.ndjson, or a run and its cases, with --format pcapng --output FILE; see "
              "arcwire export --help\n",
              stderr);
        return EXIT_USAGE;
    }
    bool good = library_open(o, &lib, &err);
    if (good) {
        export_codec(&lib, &keep, &cases);
        good = (!o->codec || codec_write(o->codec, &cases, &keep, &err)) &&
               (!o->corpus || corpus_write(o->corpus, &cases, &keep, &err));
    }
    if (good)
        printf("%zu streams; %zu requests left out, which need more than their own bytes to be "
               "judged\n",
               cases.count, cases.left_out);
    int status = !good ? fail(&err) : cases.count ? EXIT_EXPECTED : EXIT_NOTHING;
    library_free(&lib);
    return status;
}
