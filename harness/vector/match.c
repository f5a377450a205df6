#include "vector/match.h"

static bool any_matches(struct match *m, struct bytes in, const struct field *f, const struct profile *p,
                        struct arena *keep, struct value *out)
{
    struct reader r = { .in = in, .at = m->at };

    value_load(&r, p, NULL, f->of, keep, out);
    if (r.status == WIRE_SHORT) {
        m->status = MATCH_MORE;
        m->need = r.need;
    } else if (r.status == WIRE_BAD) {
        m->status = MATCH_MISMATCH;
        m->at = r.at;
        m->reason = r.reason;
    } else {
        m->at = r.at;
        return true;
    }
    return false;
}

struct match match_fields(struct bytes in, struct bytes bytes, const struct fields *fields, const struct profile *p,
                          struct arena *keep)
{
    struct match m = { 0 };
    size_t kept = 0;

    for (size_t i = 0; i < fields->count; i++)
        kept += fields->items[i].any;
    m.kept = ARENA_ARRAY(keep, kept, struct value);
    kept = 0;
    for (; m.field < fields->count; m.field++) {
        const struct field *f = &fields->items[m.field];
        m.start = m.at;
        if (f->any) {
            if (!any_matches(&m, in, f, p, keep, &m.kept[kept++]))
                return m;
            continue;
        }
        struct bytes due = bytes_slice(bytes, f->at, f->len), got = bytes_slice(in, m.at, f->len);
        size_t same = bytes_common(due, got);
        m.at += same;
        if (same < got.len) {
            m.status = MATCH_MISMATCH;
            return m;
        }
        if (same < due.len) {
            m.status = MATCH_MORE;
            m.need = m.start + due.len;
            return m;
        }
    }
    m.status = MATCH_DONE;
    m.len = m.at;
    return m;
}
