/*
 * The harness's codec as a filter: a question per line, an answer per line. peers/reference/codec answers the
 * same questions with code that was written apart, and agree.c compares.
 *
 *   load GENERATION CHARSET BITS TYPES HEX          ok OFFSET TEXT      all values, and where they end
 *                                                   bad CAUSE OFFSET    an exception, and how far was read
 *                                                   short CAUSE         the end of the bytes would be this one,
 *                                                                       0 where it would pass unnoticed
 *   store GENERATION CHARSET BITS TYPES TEXT        ok HEX
 *   sweep GENERATION CHARSET BITS TYPES HEX AT      swept HASH          of the answers to `load` with each value
 *                                                                       in place of the byte AT
 *   anything that cannot be asked of this profile   refused
 *
 * TYPES are separated by commas, the values of TEXT by spaces; "-" stands for no bytes. Every line begins on
 * fresh archives. CAUSE is the number of the archive exception, 0 for others. An empty line has no answer: it
 * asks for those that are due.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "archive/objects.h"
#include "archive/value.h"

#define TYPES_MAX 4096

struct question {
    struct profile profile;
    struct type_ref types[TYPES_MAX];
    size_t count;
    struct arena keep;
};

/* Cuts the next word off; "" when there is none. */
static char *next_word(char **rest)
{
    char *word = *rest, *end = word + strcspn(word, " ");

    *rest = end + (*end == ' ');
    *end = '\0';
    return word;
}

static bool read_types(struct question *q, char *names)
{
    struct error err;

    q->count = 0;
    for (char *name = names, *comma; name; name = comma) {
        comma = strchr(name, ',');
        if (comma)
            *comma++ = '\0';
        struct type_ref *t = &q->types[q->count++];
        if (q->count == TYPES_MAX || !type_parse(name, t, &err) || !type_offered(*t, &q->profile))
            return false;
    }
    return true;
}

static bool read_question(struct question *q, char **rest)
{
    char *generation = next_word(rest), *charset = next_word(rest), *bits = next_word(rest);
    struct error err;
    char text[96];

    snprintf(text, sizeof text, "generation=%s,charset=%s,bits=%s", generation, charset, bits);
    return profile_parse(text, &q->profile, &err) && read_types(q, next_word(rest));
}

/* A narrow build's own strings cannot keep wide units [STR-18]; the codec does, as evidence. */
static void narrow(struct value *v, struct arena *keep)
{
    const struct type *t = v->of.type;

    for (size_t i = 0; v->items && i < v->count; i++)
        narrow(&v->items[i], keep);
    if (t->kind != VALUE_STRING || t->letter != 'u' || t->width || !v->wide)
        return;
    size_t n = v->data.len / 2;
    uint8_t *units = arena_alloc(keep, n);
    for (size_t i = 0; i < n; i++)
        units[i] = v->data.data[2 * i + 1] ? '?' : v->data.data[2 * i];
    v->wide = false;
    v->data = (struct bytes){ units, n };
}

static void load(struct question *q, struct bytes in, struct text *answer)
{
    struct object_table *table = object_table_new(&q->keep);
    struct reader r = { .in = in };
    TEXT(told);
    struct value v;

    for (size_t i = 0; i < q->count && r.status == WIRE_OK; i++) {
        value_load(&r, &q->profile, table, q->types[i], &q->keep, &v);
        if (r.status != WIRE_OK)
            break;
        if (q->profile.charset == CHARSET_ANSI)
            narrow(&v, &q->keep);
        text_add(&told, i ? " " : "");
        value_text(&told, &v);
    }
    if (r.status == WIRE_OK)
        text_printf(answer, "ok %zu %s", r.at, text_string(&told));
    else if (r.status == WIRE_BAD)
        text_printf(answer, "bad %u %zu", r.cause, r.taken);
    else
        text_printf(answer, "short %u", r.cut);
}

static void store(struct question *q, char *text, struct text *answer)
{
    struct object_table *table = object_table_new(&q->keep);
    CLEANUP(buffer_free) struct buffer w = { 0 };
    struct error err;
    struct value v;

    for (size_t i = 0; i < q->count; i++) {
        if (!value_parse(next_word(&text), q->types[i], &q->profile, &q->keep, &v, &err) ||
            !value_storable(&v, &q->profile, table, &err)) {
            text_add(answer, "refused");
            return;
        }
        value_store(&w, &q->profile, table, &v);
    }
    if (*text) {
        text_add(answer, "refused");
        return;
    }
    text_add(answer, w.len ? "ok " : "ok -");
    text_hex(answer, buffer_bytes(&w), false);
}

static void sweep(struct question *q, uint8_t *bytes, size_t len, size_t at, struct text *answer)
{
    uint64_t hash = 0xcbf29ce484222325; // FNV-1a, 64 bits
    TEXT(one);

    for (unsigned value = 0; value < 256 && at < len; value++) {
        bytes[at] = (uint8_t)value;
        one.b.len = 0;
        load(q, (struct bytes){ bytes, len }, &one);
        text_char(&one, '\n');
        for (size_t i = 0; i < one.b.len; i++)
            hash = (hash ^ one.b.data[i]) * 0x100000001b3;
        arena_free(&q->keep);
    }
    text_printf(answer, "swept %016" PRIx64, hash);
}

static void answer_line(char *line, struct text *answer)
{
    static struct question q;
    char *verb = next_word(&line);

    if (!read_question(&q, &line)) {
        text_add(answer, "refused");
    } else if (strcmp(verb, "store") == 0) {
        store(&q, line, answer);
    } else {
        char *hex = next_word(&line);
        size_t len = strcmp(hex, "-") == 0 ? 0 : strlen(hex);
        uint8_t *bytes = malloc(len / 2 + 1);   // of its own, so that the address sanitizer guards its end
        if (!bytes || !hex_parse(hex, len, bytes))
            text_add(answer, "no hex");
        else if (strcmp(verb, "sweep") == 0)
            sweep(&q, bytes, len / 2, strtoul(line, NULL, 10), answer);
        else
            load(&q, (struct bytes){ bytes, len / 2 }, answer);
        free(bytes);
    }
    text_char(answer, '\n');
    arena_free(&q.keep);
}

/* An empty line has no answer: whoever asks now waits for those to the lines before. */
int main(void)
{
    char *line = NULL;
    size_t room = 0;
    TEXT(answer);

    for (ssize_t len; (len = getline(&line, &room, stdin)) > 0;) {
        line[len - 1] = '\0';
        if (len == 1) {
            fflush(stdout);
            continue;
        }
        answer.b.len = 0;
        answer_line(line, &answer);
        fwrite(answer.b.data, 1, answer.b.len, stdout);
    }
    free(line);
    return 0;
}
