#include "run/played.h"

/* Ahead of the texts. Both ends are the same program: the structs are sent as they lie in memory. */
struct frame {
    size_t len, turn;
    bool good;
    struct error err;
    struct played outcome; // its texts' pointers mean nothing
    size_t texts[6];        // their lengths
};

#define TEXTS(o) { &(o)->records, &(o)->said, &(o)->suspects, &(o)->profile_from, &(o)->types, &(o)->ended }

void played_say(struct played *o, const char *line)
{
    text_add(&o->said, line);
    text_char(&o->said, '\n');
}

void played_clear(struct played *o)
{
    struct played empty = { 0 };
    struct text *old[] = TEXTS(o), *kept[] = TEXTS(&empty);

    for (size_t i = 0; i < COUNT_OF(old); i++) {
        *kept[i] = *old[i];
        kept[i]->b.len = 0;
    }
    *o = empty;
}

void played_free(struct played *o)
{
    struct text *texts[] = TEXTS(o);

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        text_free(texts[i]);
}

void played_pack(size_t turn, const struct played *o, bool good, const struct error *err, struct buffer *to)
{
    const struct text *texts[] = TEXTS(o);
    struct frame f;

    memset(&f, 0, sizeof f); // its holes go through the pipe, too
    f.len = sizeof f;
    f.turn = turn;
    f.good = good;
    if (!good)
        f.err = *err;
    f.outcome = *o;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        f.len += f.texts[i] = texts[i]->b.len;
    buffer_append(to, &f, sizeof f);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        buffer_append(to, texts[i]->b.data, texts[i]->b.len);
}

size_t played_unpack(struct bytes came, size_t *turn, struct played *o, bool *good, struct error *err)
{
    struct text *texts[] = TEXTS(o), kept[COUNT_OF(texts)];
    struct frame f;
    size_t at = sizeof f;

    if (came.len < sizeof f)
        return 0;
    memcpy(&f, came.data, sizeof f);
    if (came.len < f.len)
        return 0;
    *turn = f.turn;
    *good = f.good;
    if (!f.good)
        *err = f.err;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        kept[i] = *texts[i];
    *o = f.outcome;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        *texts[i] = kept[i];
        texts[i]->b.len = 0;
        text_addn(texts[i], (const char *)came.data + at, f.texts[i]);
        at += f.texts[i];
    }
    return f.len;
}
