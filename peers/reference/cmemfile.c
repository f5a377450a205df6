#include "cmemfile.h"

#include <stdlib.h>
#include <string.h>

static struct CMemFile *mem_file(struct CFile *f)
{
    return (struct CMemFile *)f;
}

static size_t mem_read(struct CFile *f, void *data, size_t size, struct exception *e)
{
    struct CMemFile *m = mem_file(f);
    size_t taken = size < m->len - m->at ? size : m->len - m->at;

    (void)e;
    if (taken > 0)
        memcpy(data, m->data + m->at, taken);
    m->at += taken;
    return taken;
}

static void mem_write(struct CFile *f, const void *data, size_t size, struct exception *e)
{
    (void)e;
    if (size == 0)
        return;
    memcpy(CMemFile_Room(mem_file(f), size), data, size);
    mem_file(f)->len += size;
}

static long long mem_seek(struct CFile *f, long long offset)
{
    struct CMemFile *m = mem_file(f);
    long long to = (long long)m->at + offset;

    m->at = to < 0 ? 0 : (size_t)to > m->len ? m->len : (size_t)to;
    return (long long)m->at;
}

static const struct CFileClass mem_class = { mem_read, mem_write, mem_seek, .blocking = false };

void CMemFile_Construct(struct CMemFile *f)
{
    *f = (struct CMemFile){ .base.class = &mem_class };
}

void CMemFile_Drop(struct CMemFile *f, size_t count)
{
    memmove(f->data, f->data + count, f->len - count);
    f->len -= count;
    f->at = 0;
}

uint8_t *CMemFile_Room(struct CMemFile *f, size_t count)
{
    if (f->room - f->len < count) {
        f->room = f->room * 2 > f->len + count ? f->room * 2 : f->len + count;
        f->data = realloc(f->data, f->room);
        if (!f->data)
            abort();
    }
    return f->data + f->len;
}

void CMemFile_Destroy(struct CMemFile *f)
{
    free(f->data);
    *f = (struct CMemFile){ 0 };
}
