/*
 * `arcwire decode`: a stream annotated, from a file or from standard input.
 */
#include "app/decode_guess.h"

#include <stdio.h>
#include <stdlib.h>

#include "archive/decode.h"
#include "base/file.h"
#include "base/hex.h"
#include "capture/conversation.h"
#include "layout/layout.h"

#define STREAM_MAX (256u << 20) // bytes of a file

/* Standard input, to its end. */
static bool input_read(struct arena *keep, struct bytes *out, struct error *err)
{
    CLEANUP(buffer_free) struct buffer all = { 0 };
    size_t n;

    while ((n = fread(buffer_reserve(&all, 1 << 16), 1, 1 << 16, stdin)) > 0) {
        all.len += n;
        if (all.len > STREAM_MAX)
            return error_set(err, ERROR_INPUT, "standard input: more than %u bytes", STREAM_MAX);
    }
    if (ferror(stdin))
        return error_errno(err, "standard input");
    *out = arena_bytes(keep, buffer_bytes(&all));
    return true;
}

static bool stream_read(const char *path, bool hex, struct arena *keep, struct bytes *out,
                        struct error *err)
{
    bool good = strcmp(path, "-") == 0 ? input_read(keep, out, err)
                                       : file_read(path, STREAM_MAX, keep, out, err);

    if (!good || !hex)
        return good;
    char *text = arena_printf(keep, "%.*s", (int)out->len, (const char *)out->data);
    const char *wrong =
        strlen(text) == out->len ? hex_read(text, keep, out) : "expected hex digits in pairs";
    return !wrong || error_set(err, ERROR_INPUT, "%s: %s", strcmp(path, "-") == 0 ? "standard input" : path, wrong);
}

/* How a stream is read. */
struct manner {
    struct profile profile;
    struct type_list types; // none: what it could be
    const struct layout *layout; // or NULL
    struct guesses *guesses;     // --guess, or NULL
};

/* Whether all of it was read. requests: as layout_decode has them, of the same connection. */
static bool tell(struct text *out, struct bytes in, const struct manner *how, enum layout_side from, struct layout_requests *requests, struct arena *keep)
{
    const struct profile *profile = &how->profile;
    const struct type_list *types = &how->types;
    struct decoding d;

    if (how->layout) {
        layout_decode(how->layout, from, in, profile, types->page, requests, keep, &d);
        decoding_print(out, in, &d);
        return decoding_whole(&d);
    }
    if (!types->count) {
        stream_guess(out, in, profile);
        return true;
    }
    stream_decode(in, profile, types, keep, &d);
    decoding_print(out, in, &d);
    return decoding_whole(&d);
}

static bool is_conversation(const char *path)
{
    size_t len = strlen(path);

    return len > 7 && strcmp(path + len - 7, ".ndjson") == 0;
}

/* Each connection and direction of what a proxy kept: a stream of its own, with a table of objects of its own. */
static int tell_conversation(const char *path, const struct manner *how)
{
    static const char *const sides[] = { "client", "server" };
    struct conversation c;
    struct error err;
    SCRATCH(keep);
    TEXT(out);
    bool whole = true;

    if (!conversation_read(path, &keep, &c, &err))
        return fail(&err);
    for (const struct talk_note *n = c.notes; n; n = n->next)
        text_printf(&out, "note: %s\n", n->text);
    if (c.cut)
        text_printf(&out, "note: the file was cut short\n");
    for (uint32_t on = 0; on < c.count; on++) {
        struct layout_requests requests = { 0 };
        for (enum talk_side from = TALK_CLIENT; from <= TALK_SERVER; from++) {
            if (!c.talks[on].bytes[from])
                continue;
            if (how->guesses) {
                guesses_tell(how->guesses, arena_printf(&keep, "#%u %s", on, sides[from]), from == TALK_CLIENT ? LAYOUT_CLIENT : LAYOUT_SERVER,
                             conversation_stream(&c, on, from, &keep), &how->profile);
                continue;
            }
            text_printf(&out, "#%u %s, %zu bytes\n", on, sides[from], c.talks[on].bytes[from]);
            whole &= tell(&out, conversation_stream(&c, on, from, &keep), how, from == TALK_CLIENT ? LAYOUT_CLIENT : LAYOUT_SERVER, &requests, &keep);
        }
    }
    if (!how->guesses || !how->guesses->json)
        fputs(text_string(&out), stdout);
    return whole ? EXIT_EXPECTED : EXIT_UNEXPECTED;
}

/* Guesses at each stream of a file. */
static int guess_at(const struct options *o, struct manner *how, enum layout_side from)
{
    struct guesses g;
    struct error err;
    struct bytes in;
    SCRATCH(keep);

    bool good = guesses_begin(&g, o, &err);
    how->guesses = &g;
    int status = EXIT_EXPECTED;
    if (good && !o->hex && is_conversation(o->words[0])) {
        status = tell_conversation(o->words[0], how);
    } else if (good && (good = stream_read(o->words[0], o->hex, &keep, &in, &err))) {
        guesses_tell(&g, NULL, from, in, &how->profile);
    }
    good = good && (status != EXIT_EXPECTED || guesses_end(&g, &err));
    if (good)
        fputs(text_string(&g.out), stdout);
    guesses_free(&g);
    return good ? status : fail(&err);
}

/* Who sent a stream that stands alone. */
static bool side_parse(const char *text, enum layout_side *out, struct error *err)
{
    *out = text && strcmp(text, "server") == 0 ? LAYOUT_SERVER : LAYOUT_CLIENT;
    return !text || strcmp(text, "server") == 0 || strcmp(text, "client") == 0 ||
           error_set(err, ERROR_USAGE, "--from: \"%.40s\": expected client or server", text);
}

int command_decode(const struct options *o)
{
    SCRATCH(keep);
    struct manner how = { .profile = profile_default };
    struct layout layout;
    enum layout_side from = LAYOUT_CLIENT;
    struct bytes in = { 0 };
    struct error err;
    TEXT(out);

    if (o->word_count != 1) {
        fputs("arcwire decode: expected one file, or - for standard input; see arcwire decode "
              "--help\n",
              stderr);
        return EXIT_USAGE;
    }
    if (o->profile && !profile_parse(o->profile, &how.profile, &err)) {
        err.kind = ERROR_USAGE;
        error_within(&err, "--profile");
        return fail(&err);
    }
    if (o->types && !type_list_parse(o->types, &keep, &how.types, &err)) {
        err.kind = ERROR_USAGE;
        error_within(&err, "--type");
        return fail(&err);
    }
    for (size_t i = 0; i < how.types.count; i++)
        if (!type_offered(how.types.types[i], &how.profile)) {
            fprintf(stderr, "arcwire: --type: MFC %s has no %s\n",
                    profile_generation_name(how.profile.generation), how.types.types[i].type->name);
            return EXIT_USAGE;
        }
    if (o->codepage) {
        char *end;
        how.types.page = codepage_find(strtoul(o->codepage, &end, 10));
        if (*end || !how.types.page) {
            fprintf(stderr, "arcwire: --codepage: \"%s\" is not known:", o->codepage);
            for (const struct codepage *c = codepage_table; c->number; c++)
                fprintf(stderr, " %u", c->number);
            fputc('\n', stderr);
            return EXIT_USAGE;
        }
    }
    if (o->layout && o->types) {
        fputs("arcwire: --layout, --type: expected one of them\n", stderr);
        return EXIT_USAGE;
    }
    if (!side_parse(o->from, &from, &err) || (o->layout && !layout_open(o->layout, &keep, &layout, &err)))
        return fail(&err);
    how.layout = o->layout ? &layout : NULL;
    if (o->guess && (o->layout || o->types)) {
        fputs("arcwire: --guess goes with neither --type nor --layout\n", stderr);
        return EXIT_USAGE;
    }
    if (o->guess)
        return guess_at(o, &how, from);
    if (!o->hex && is_conversation(o->words[0]))
        return tell_conversation(o->words[0], &how);
    if (!stream_read(o->words[0], o->hex, &keep, &in, &err))
        return fail(&err);
    if (!o->types && !o->layout)
        text_add(&out, "Say what it holds with --type, such as --type word,cstring* ; what the "
                       "bytes could be:\n");
    bool whole = tell(&out, in, &how, from, NULL, &keep);
    fputs(text_string(&out), stdout);
    return whole ? EXIT_EXPECTED : EXIT_UNEXPECTED;
}
