/*
 * `arcwire decode --guess`: what streams could be whose layout nobody knows.
 */
#include "app/decode_guess.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/file.h"
#include "json/write.h"

#define REASONS 16

bool guesses_begin(struct guesses *g, const struct options *o, struct error *err)
{
    *g = (struct guesses){ .most = 3, .layout = o->output_layout, .json = o->format && strcmp(o->format, "json") == 0, .j.to = &g->out, .j.indent = 1 };
    if (o->count) {
        char *end;
        g->most = strtoul(o->count, &end, 10);
        if (*end || g->most < 1 || g->most > GUESS_READINGS)
            return error_set(err, ERROR_USAGE, "--count: expected a number of readings, 1 to %d", GUESS_READINGS);
    }
    if (o->format && !g->json)
        return error_set(err, ERROR_USAGE, "--format: expected json");
    if (g->json) {
        json_begin(&g->j, NULL, '{');
        json_put_int(&g->j, "format", 1);
        json_begin(&g->j, "streams", '[');
    }
    return true;
}

static void put_reasons(struct json_out *j, const char *key, const char *const *reasons, size_t count)
{
    json_begin(j, key, '[');
    for (size_t i = 0; i < count; i++)
        json_put_string(j, NULL, reasons[i]);
    json_end(j, ']');
}

void guesses_tell(struct guesses *g, const char *name, enum layout_side from, struct bytes in, const struct profile *p)
{
    struct guess guess;
    SCRATCH(keep);

    guess_make(in, p, g->most, &guess);
    if (guess.count && (!g->known[from] || guess.readings[0].score > g->best[from].score)) {
        g->known[from] = true;
        g->best[from] = guess.readings[0];
        for (size_t i = 0; i < g->best[from].field_count; i++) {
            struct guess_field *f = &g->best[from].fields[i]; // the stream may be gone before the name is written
            if (f->class_name)
                f->class_name = arena_printf(&g->keep, "%.*s", (int)f->some, f->class_name);
        }
    }
    if (g->json) {
        json_begin(&g->j, NULL, '{');
        if (name)
            json_put_string(&g->j, "stream", name);
        json_put_u64(&g->j, "bytes", in.len);
        json_put_u64(&g->j, "looked-at", guess.looked_at);
        json_begin(&g->j, "readings", '[');
    } else {
        if (name)
            text_printf(&g->out, "%s, ", name);
        text_printf(&g->out, "%zu byte%s", in.len, in.len == 1 ? "" : "s");
        if (guess.looked_at < in.len)
            text_printf(&g->out, ", of which the first %zu are looked at", guess.looked_at);
        text_add(&g->out, guess.count ? "\n" : ": nothing to guess from\n");
    }
    for (size_t i = 0; i < guess.count; i++) {
        const struct guess_reading *r = &guess.readings[i];
        const char *pro[REASONS], *contra[REASONS];
        size_t pros = guess_reasons(&guess, r, true, &keep, pro, REASONS), contras = guess_reasons(&guess, r, false, &keep, contra, REASONS);
        TEXT(types);
        guess_types(r, &types);
        if (g->json) {
            json_begin(&g->j, NULL, '{');
            json_put_string(&g->j, "fields", text_string(&types));
            json_put_u64(&g->j, "messages", r->messages);
            json_put_u64(&g->j, "bytes", r->bytes);
            json_put_int(&g->j, "score", r->score);
            put_reasons(&g->j, "for", pro, pros);
            put_reasons(&g->j, "against", contra, contras);
            json_end(&g->j, '}');
            continue;
        }
        text_printf(&g->out, "%zu. %s: %zu message%s, %zu of %zu bytes, score %d\n", i + 1, text_string(&types), r->messages, r->messages == 1 ? "" : "s",
                    r->bytes, guess.looked_at, r->score);
        for (size_t k = 0; k < pros; k++)
            text_printf(&g->out, "   for      %s\n", pro[k]);
        for (size_t k = 0; k < contras; k++)
            text_printf(&g->out, "   against  %s\n", contra[k]);
    }
    if (g->json) {
        json_end(&g->j, ']');
        json_end(&g->j, '}');
    }
}

bool guesses_end(struct guesses *g, struct error *err)
{
    TEXT(layout);

    if (g->json) {
        json_end(&g->j, ']');
        json_end(&g->j, '}');
        text_char(&g->out, '\n');
    }
    if (!g->layout)
        return true;
    if (!g->known[LAYOUT_CLIENT] && !g->known[LAYOUT_SERVER])
        return error_set(err, ERROR_INPUT, "--output-layout: there is nothing to guess from");
    if (file_exists(g->layout))
        return error_set(err, ERROR_INPUT, "%s: is there already", g->layout);
    guess_layout(g->known[LAYOUT_CLIENT] ? &g->best[LAYOUT_CLIENT] : NULL, g->known[LAYOUT_SERVER] ? &g->best[LAYOUT_SERVER] : NULL, &layout);
    return file_write(g->layout, buffer_bytes(&layout.b), err);
}

void guesses_free(struct guesses *g)
{
    text_free(&g->out);
    arena_free(&g->keep);
}
