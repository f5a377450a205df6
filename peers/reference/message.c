#include "message.h"

static void data_load(struct CArchive *ar, size_t size, struct units *out)
{
    const struct slot slot = { .type = type_named("raw"), .bytes = size };
    struct value v = { 0 };

    slot.type->load(ar, &slot, &v);
    *out = v.units;
}

static void data_store(struct CArchive *ar, const struct units *data)
{
    const struct slot slot = { .type = type_named("raw"), .bytes = data->count };
    const struct value v = { .units = *data };

    slot.type->store(ar, &slot, &v);
}

void message_load(struct CArchive *ar, const char *fields, struct message *m)
{
    struct pool *keep = ar->keep;
    uint32_t *number = m->numbers;
    struct units *text = m->texts;

    ar->keep = &m->pool;
    for (const char *field = fields; *field && !CArchive_Failed(ar); field++) {
        switch (*field) {
        case 'w':
            *number++ = CArchive_ExtractWORD(ar);
            break;
        case 'l':
        case 'd':
            *number++ = CArchive_ExtractDWORD(ar);
            break;
        case 's':
            CArchive_ExtractCString(ar, text++, profile_width(ar->profile));
            break;
        case 'c':
            CStringList_Load(ar, &m->list);
            break;
        case 'r':
            data_load(ar, number[-1], &m->data);
            break;
        }
    }
    ar->keep = keep;
}

void message_store(struct CArchive *ar, const char *fields, const struct message *m)
{
    const uint32_t *number = m->numbers;
    const struct units *text = m->texts;

    for (const char *field = fields; *field; field++) {
        switch (*field) {
        case 'w':
            CArchive_InsertWORD(ar, (uint16_t)*number++);
            break;
        case 'l':
        case 'd':
            CArchive_InsertDWORD(ar, *number++);
            break;
        case 's':
            CArchive_InsertCString(ar, text++);
            break;
        case 'c':
            CArchive_WriteCount(ar, m->list.count);
            for (size_t i = 0; i < m->list.count; i++)
                CArchive_InsertCString(ar, &m->list.items[i]);
            break;
        case 'r':
            data_store(ar, &m->data);
            break;
        }
    }
}

struct message message_blank(const struct profile *p)
{
    struct message m = { 0 };

    for (size_t i = 0; i < MESSAGE_TEXTS; i++)
        m.texts[i].width = profile_width(p);
    m.data.width = 1;
    return m;
}
