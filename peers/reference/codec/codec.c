/*
 * The library's archives as a filter: a question per line, an answer per line.
 * A file of memory stands in for the socket file, so there is no connection.
 *
 *   load GENERATION CHARSET BITS TYPES HEX        ok OFFSET TEXT     all values, and where they end
 *                                                 bad CAUSE OFFSET   an exception, and how far was read
 *                                                 short CAUSE        the stream ended, with this exception;
 *                                                                    0: it passed unnoticed
 *   store GENERATION CHARSET BITS TYPES TEXT      ok HEX
 *   sweep GENERATION CHARSET BITS TYPES HEX AT    swept HASH         of what load answers with each value in
 *                                                                    place of the byte AT
 *   anything that this profile does not offer     refused
 *
 * TYPES are separated by commas, the values of TEXT by spaces; "-" is no
 * bytes. Every line begins on fresh archives. CAUSE is the number of an archive
 * exception, 0 for any other.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classes.h"

enum {
    SLOTS_MAX = 4096,
    DEPTH_MAX = 2000, // where the other codec stops, too
};

/* A file like a socket's, whose bytes stand in memory. */
struct memory_file {
    struct CFile file; // first, so that one is the other
    const uint8_t *in;
    size_t len, at;
    size_t piece;  // largest that the next Read gives
    bool met_end;  // somebody asked for more
    struct text *out;
};

/* Pieces of 1, 2, 4 … bytes: nothing may depend on how the bytes arrive [N47]. */
static size_t memory_read(struct CFile *f, void *data, size_t size, struct exception *e)
{
    struct memory_file *m = (struct memory_file *)f;
    size_t left = m->len - m->at, given = size < m->piece ? size : m->piece;

    (void)e;
    if (given > left)
        given = left;
    m->met_end |= left == 0 && size > 0;
    memcpy(data, m->in + m->at, given);
    m->at += given;
    if (m->piece < 4096)
        m->piece *= 2;
    return given;
}

static void memory_write(struct CFile *f, const void *data, size_t size, struct exception *e)
{
    (void)e;
    text_add(((struct memory_file *)f)->out, data, size);
}

static long long memory_seek(struct CFile *f, long long offset)
{
    (void)f;
    (void)offset;
    return 0;
}

static const struct CFileClass memory_class = { memory_read, memory_write, memory_seek,
                                                .blocking = true };

/* What a line asks about. */
struct question {
    struct profile profile;
    struct slot slots[SLOTS_MAX];
    struct value values[SLOTS_MAX];
    size_t count;
    struct pool pool; // all that the line needs
};

/* Cuts the next word off; "" when there is none. */
static char *next_word(char **rest)
{
    char *word = *rest, *end = word + strcspn(word, " ");

    *rest = end + (*end == ' ');
    *end = '\0';
    return word;
}

static bool read_question(struct question *q, char **rest)
{
    q->profile = (struct profile){ .generation = generation_find(next_word(rest)) };
    q->profile.unicode = strcmp(next_word(rest), "unicode") == 0;
    q->profile.bits = (unsigned)strtoul(next_word(rest), NULL, 10);
    q->count = 0;
    if (!q->profile.generation || !profile_is_possible(&q->profile))
        return false;
    for (const char *at = next_word(rest);; at++) {
        size_t len = strcspn(at, ",");
        if (q->count == SLOTS_MAX || !slot_find(&q->slots[q->count++], at, len, &q->profile))
            return false;
        at += len;
        if (!*at)
            return true;
    }
}

static void open_archive(struct CArchive *ar, struct question *q, struct memory_file *m,
                         unsigned mode)
{
    m->file.class = &memory_class;
    CArchive_Construct(ar, &m->file, mode, CARCHIVE_BUFFER, NULL, &q->profile);
    ar->keep = ar->life = &q->pool;
    ar->find_class = class_find;
    ar->depth_max = DEPTH_MAX;
}

static void load(struct question *q, const uint8_t *bytes, size_t len, struct text *answer)
{
    struct memory_file m = { .in = bytes, .len = len, .piece = 1 };
    struct CArchive ar;
    struct exception e;
    size_t done = 0;

    open_archive(&ar, q, &m, CARCHIVE_LOAD);
    memset(q->values, 0, q->count * sizeof *q->values);
    while (done < q->count && !m.met_end && !CArchive_Failed(&ar)) {
        q->slots[done].type->load(&ar, &q->slots[done], &q->values[done]);
        done++;
    }
    bool failed = CArchive_Catch(&ar, &e);
    int cause = e.kind == EXCEPTION_ARCHIVE ? e.cause : 0;
    size_t offset = m.at - (ar.max - ar.cur);
    if (m.met_end) {
        text_printf(answer, "short %d", cause);
    } else if (failed) {
        text_printf(answer, "bad %d %zu", cause, offset);
    } else {
        text_printf(answer, "ok %zu ", offset);
        for (size_t i = 0; i < q->count; i++) {
            text_put(answer, i ? " " : "");
            q->slots[i].type->print(answer, &q->slots[i], &q->values[i]);
        }
    }
    CArchive_Destroy(&ar);
}

static bool parse(struct question *q, struct reading *r)
{
    for (size_t i = 0; i < q->count; i++)
        if ((i > 0 && !scan_char(&r->scan, ' ')) ||
            !q->slots[i].type->parse(r, &q->slots[i], &q->values[i]))
            return false;
    return scan_ended(&r->scan);
}

static void store(struct question *q, const char *text, struct text *answer)
{
    struct text wire = { .pool = &q->pool };
    struct memory_file m = { .out = &wire };
    struct CArchive ar;

    open_archive(&ar, q, &m, CARCHIVE_STORE);
    struct reading r = {
        .scan = { .at = text, .end = text + strlen(text), .pool = &q->pool },
        .profile = &q->profile,
        .request = &q->pool,
        .life = &q->pool,
        .store = &ar,
    };
    memset(q->values, 0, q->count * sizeof *q->values);
    if (parse(q, &r)) {
        for (size_t i = 0; i < q->count; i++)
            q->slots[i].type->store(&ar, &q->slots[i], &q->values[i]);
        CArchive_Flush(&ar);
        text_put(answer, wire.len ? "ok " : "ok -");
        for (size_t i = 0; i < wire.len; i++) {
            uint8_t byte = (uint8_t)wire.data[i];
            text_add(answer, &"0123456789abcdef"[byte >> 4], 1);
            text_add(answer, &"0123456789abcdef"[byte & 15], 1);
        }
    } else {
        text_put(answer, "refused");
    }
    CArchive_Destroy(&ar);
}

static void sweep(struct question *q, uint8_t *bytes, size_t len, size_t at, struct text *answer)
{
    uint64_t hash = 0xcbf29ce484222325; // FNV-1a, 64 bits

    for (unsigned value = 0; value < 256 && at < len; value++) {
        struct text one = { .pool = &q->pool };
        bytes[at] = (uint8_t)value;
        load(q, bytes, len, &one);
        text_put(&one, "\n");
        for (size_t i = 0; i < one.len; i++)
            hash = (hash ^ (uint8_t)one.data[i]) * 0x100000001b3;
        pool_release(&q->pool);
    }
    text_printf(answer, "swept %016" PRIx64, hash);
}

static int digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void answer_line(char *line, struct text *answer)
{
    static struct question q;
    const char *verb = next_word(&line);

    if (!read_question(&q, &line)) {
        text_put(answer, "refused");
    } else if (strcmp(verb, "store") == 0) {
        store(&q, line, answer);
    } else {
        char *hex = next_word(&line);
        size_t len = strcmp(hex, "-") == 0 ? 0 : strlen(hex) / 2;
        uint8_t *bytes = malloc(len + 1);
        if (!bytes)
            abort();
        for (size_t i = 0; i < len; i++)
            bytes[i] = (uint8_t)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
        if (strcmp(verb, "sweep") == 0)
            sweep(&q, bytes, len, strtoul(line, NULL, 10), answer);
        else
            load(&q, bytes, len, answer);
        free(bytes);
    }
    text_put(answer, "\n");
    pool_release(&q.pool);
}

/* The asker sends an empty line, which has no answer, when it waits for all that it has asked for. */
int main(void)
{
    char *line = NULL;
    size_t room = 0;

    for (ssize_t len; (len = getline(&line, &room, stdin)) > 0;) {
        struct pool kept = { 0 };
        struct text answer = { .pool = &kept };
        line[len - 1] = '\0';
        if (len > 1) {
            answer_line(line, &answer);
            fwrite(answer.data, 1, answer.len, stdout);
        } else {
            fflush(stdout);
        }
        pool_release(&kept);
    }
    free(line);
    return 0;
}
