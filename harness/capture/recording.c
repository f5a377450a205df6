#include "capture/recording.h"

#include <stdlib.h>

#include "base/hex.h"
#include "json/write.h"
#include "vector/fmt.h"

#define DIFFERING_MAX 16384 // bytes; each is looked for among all others

enum act_kind { OPENED, SAID, ENDED, RESET };

/* What a byte is. */
enum meaning {
    FIXED,
    ANY,
    KEPT,  // any, and said again later
    AGAIN, // said before, at `source`
};

struct place {
    uint32_t act;
    uint32_t at;
};

struct act {
    enum act_kind kind;
    enum talk_side from;
    uint32_t on;
    struct bytes data;      // of SAID, in the first recording
    struct bytes *others;   // the same in each recording, from the first on
    bool *differs;          // by byte, as all below
    enum meaning *meanings;
    struct place *sources;
    bool *cuts;             // a kept value begins here, or has just ended
};

struct acts {
    struct act *items;
    size_t count, room;
    struct arena *keep;
};

static struct act *act_add(struct acts *a, enum act_kind kind, enum talk_side from, uint32_t on)
{
    if (a->count == a->room) {
        struct act *more = ARENA_ARRAY(a->keep, a->room = a->room ? 2 * a->room : 16, struct act);
        if (a->count)
            memcpy(more, a->items, a->count * sizeof *more);
        a->items = more;
    }
    a->items[a->count] = (struct act){ .kind = kind, .from = from, .on = on };
    return &a->items[a->count++];
}

static bool joined(const struct act *a, const struct act *b)
{
    return a->kind == SAID && b->kind == SAID && a->from == b->from && a->on == b->on;
}

/* Words behind words of the same party on the same connection are one step. */
static void merge(struct acts *a)
{
    size_t n = 0;

    for (size_t i = 0; i < a->count;) {
        struct act *first = &a->items[n++];
        size_t end = i + 1;
        CLEANUP(buffer_free) struct buffer all = { 0 };

        *first = a->items[i];
        while (end < a->count && joined(first, &a->items[end]))
            end++;
        if (end - i > 1) {
            for (size_t k = i; k < end; k++)
                buffer_append(&all, (k == i ? first : &a->items[k])->data.data, (k == i ? first : &a->items[k])->data.len);
            first->data = arena_bytes(a->keep, buffer_bytes(&all));
        }
        i = end;
    }
    a->count = n;
}

/* Stable: by connection, or the client's first. */
static void sort(struct act *items, size_t count, bool by_side)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0; k--) {
            struct act *a = &items[k - 1], *b = &items[k], other = *a;
            bool sides = by_side && a->from != b->from;
            if (sides ? a->from < b->from : a->on <= b->on)
                break;
            *a = *b;
            *b = other;
        }
}

/* Between two acts of the client what the server does on one connection has no order with what it does on another. */
static void sort_server(struct acts *a)
{
    for (size_t i = 0; i < a->count;) {
        size_t end = i;
        while (end < a->count && a->items[end].kind != OPENED && a->items[end].from == TALK_SERVER)
            end++;
        sort(&a->items[i], end - i, false);
        i = end > i ? end : i + 1;
    }
}

/* Ends that only answer ends, at the end: first all of the client's. */
static void sort_ends(struct acts *a)
{
    size_t begin = a->count;

    while (begin > 0 && a->items[begin - 1].kind == ENDED)
        begin--;
    for (size_t i = begin; i < a->count; i++) {
        bool asked = a->items[i].from == TALK_CLIENT;
        for (size_t k = 0; k < i && !asked; k++)
            asked = a->items[k].kind == ENDED && a->items[k].from == TALK_CLIENT && a->items[k].on == a->items[i].on;
        if (!asked)
            return;
    }
    sort(&a->items[begin], a->count - begin, true);
}

/* A connection whose first act is the client's word comes about with it. */
static void drop_opens(struct acts *a)
{
    size_t n = 0;

    for (size_t i = 0; i < a->count; i++) {
        const struct act *next = &a->items[i + 1];
        bool told = a->items[i].kind == OPENED && i + 1 < a->count && next->kind == SAID && next->from == TALK_CLIENT &&
                    next->on == a->items[i].on;
        if (!told)
            a->items[n++] = a->items[i];
    }
    a->count = n;
}

static bool listen_to(const struct heard *h, struct acts *to, struct error *err)
{
    static const enum act_kind kinds[] = { [TALK_DATA] = SAID, [TALK_END] = ENDED, [TALK_RESET] = RESET };
    const struct conversation *c = h->c;
    uint32_t opened = 0, numbers = 0, *number = ARENA_ARRAY(to->keep, (size_t)c->count + 1, uint32_t);
    bool *gone = ARENA_ARRAY(to->keep, (size_t)c->count + 1, bool), some = false;

    if (h->only >= (int64_t)c->count)
        return error_set(err, ERROR_INPUT, "%s: has no connection #%lld", c->name, (long long)h->only);
    for (const struct said *s = c->first;; s = s->next) {
        for (; opened < c->count && (!s || opened <= s->on || c->talks[opened].us <= s->us); opened++) {
            if (c->talks[opened].refused || (h->only >= 0 && h->only != opened))
                continue;
            if (c->talks[opened].joined)
                return error_set(err, ERROR_INPUT, "%s: connection #%u was there before the recording began", c->name, opened);
            number[opened] = numbers++;
            act_add(to, OPENED, TALK_CLIENT, number[opened]);
        }
        if (!s)
            break;
        if (gone[s->on] || c->talks[s->on].refused || (h->only >= 0 && h->only != s->on))
            continue;
        act_add(to, kinds[s->kind], s->from, number[s->on])->data = s->data;
        gone[s->on] = s->kind == TALK_RESET;
        some |= s->kind == TALK_DATA;
    }
    sort_server(to);
    sort_ends(to);
    merge(to);
    drop_opens(to);
    return some || error_set(err, ERROR_INPUT, "%s: nobody says anything", c->name);
}

/* "#1: the server says 12 bytes". */
static const char *act_tell(const struct acts *a, size_t at, struct arena *keep)
{
    static const char *const does[] = { [OPENED] = "opens", [ENDED] = "ends", [RESET] = "resets" };

    if (at >= a->count)
        return "nothing more";
    const struct act *act = &a->items[at];
    const char *who = act->from == TALK_CLIENT ? "client" : "server";
    if (act->kind == SAID)
        return arena_printf(keep, "#%u: the %s says %zu byte%s", act->on, who, act->data.len, act->data.len == 1 ? "" : "s");
    return arena_printf(keep, "#%u: the %s %s", act->on, who, does[act->kind]);
}

static bool alike(const struct acts *a, const char *a_name, const struct acts *b, const char *b_name, struct error *err)
{
    size_t most = a->count > b->count ? a->count : b->count;

    for (size_t i = 0; i < most; i++) {
        const struct act *x = &a->items[i], *y = &b->items[i];
        if (i < a->count && i < b->count && x->kind == y->kind && x->from == y->from && x->on == y->on && x->data.len == y->data.len)
            continue;
        return error_set(err, ERROR_INPUT, "no recordings of one session: step %zu is in %s \"%s\", in %s \"%s\"", i + 1, a_name,
                         act_tell(a, i, a->keep), b_name, act_tell(b, i, a->keep));
    }
    return true;
}

/* How many bytes from a place on were said at another in every recording, and are volatile there. */
static size_t same_from(const struct act *a, size_t at, const struct act *b, size_t from, size_t recordings)
{
    size_t len = 0;

    for (; at + len < a->data.len && from + len < b->data.len; len++) {
        if (!a->differs[at + len] || !b->differs[from + len] || b->meanings[from + len] == AGAIN)
            return len;
        if (b->from == TALK_SERVER && b->meanings[from + len] == FIXED)
            return len;
        for (size_t r = 0; r < recordings; r++)
            if (a->others[r].data[at + len] != b->others[r].data[from + len])
                return len;
    }
    return len;
}

static bool alone(const struct act *a, size_t at)
{
    return (at == 0 || !a->differs[at - 1]) && (at + 1 == a->data.len || !a->differs[at + 1]);
}

/* The longest earlier mention by one party; a single byte only where it stands alone in both places. */
static size_t mention_find(const struct recording *r, size_t act, size_t at, enum talk_side by, size_t recordings, struct place *out)
{
    const struct act *a = &r->acts[act];
    size_t best = 0;

    for (size_t i = 0; i < act; i++) {
        const struct act *b = &r->acts[i];
        if (b->kind != SAID || b->from != by)
            continue;
        for (size_t from = 0; from < b->data.len; from++) {
            size_t len = b->differs[from] ? same_from(a, at, b, from, recordings) : 0;
            if (len <= best || (len == 1 && !(alone(a, at) && alone(b, from))))
                continue;
            best = len;
            *out = (struct place){ (uint32_t)i, (uint32_t)from };
        }
    }
    return best;
}

static void mean(struct recording *r, size_t act, size_t recordings)
{
    struct act *a = &r->acts[act];

    for (size_t at = 0, len; at < a->data.len; at += len) {
        struct place source;
        len = 1;
        if (!a->differs[at])
            continue;
        size_t found = mention_find(r, act, at, TALK_SERVER, recordings, &source);
        if (found) {
            struct act *b = &r->acts[source.act];
            len = found;
            b->cuts[source.at] = b->cuts[source.at + len] = true;
            for (size_t i = 0; i < len; i++) {
                a->meanings[at + i] = AGAIN;
                a->sources[at + i] = (struct place){ source.act, source.at + (uint32_t)i };
                b->meanings[source.at + i] = KEPT;
            }
        } else if (a->from == TALK_SERVER) {
            found = mention_find(r, act, at, TALK_CLIENT, recordings, &source);
            len = found ? found : 1;
            if (!found)
                a->meanings[at] = ANY;
        }
    }
}

bool recording_make(const struct heard *all, size_t count, struct arena *keep, struct recording *out, struct error *err)
{
    struct acts first = { .keep = keep };
    size_t differing = 0;

    for (size_t r = 0; r < count; r++) {
        struct acts more = { .keep = keep }, *to = r ? &more : &first;
        if (!listen_to(&all[r], to, err) || (r && !alike(&first, all[0].c->name, to, all[r].c->name, err)))
            return false;
        for (size_t i = 0; i < first.count; i++) {
            struct act *a = &first.items[i];
            if (!r) {
                a->others = ARENA_ARRAY(keep, count, struct bytes);
                a->differs = ARENA_ARRAY(keep, a->data.len + 1, bool);
                a->cuts = ARENA_ARRAY(keep, a->data.len + 1, bool);
                a->meanings = ARENA_ARRAY(keep, a->data.len + 1, enum meaning);
                a->sources = ARENA_ARRAY(keep, a->data.len + 1, struct place);
            }
            a->others[r] = to->items[i].data;
            for (size_t k = 0; k < a->data.len; k++)
                if (!a->differs[k] && a->data.data[k] != a->others[r].data[k]) {
                    a->differs[k] = true;
                    differing++;
                }
        }
    }
    if (differing > DIFFERING_MAX)
        return error_set(err, ERROR_INPUT, "no recordings of one session: %zu bytes differ, more than %d", differing, DIFFERING_MAX);
    *out = (struct recording){ .acts = first.items, .count = first.count };
    for (size_t i = 0; i < out->count; i++) {
        if (out->acts[i].on >= out->connections)
            out->connections = out->acts[i].on + 1;
        mean(out, i, count);
    }
    return true;
}

/* Where the bytes from `at` on stop being one item. */
static size_t item_end(const struct recording *r, const struct act *a, size_t at)
{
    size_t end = at + 1;

    for (; end < a->data.len && a->meanings[end] == a->meanings[at]; end++) {
        const struct place *p = &a->sources[end];
        if (a->meanings[at] == KEPT && a->cuts[end])
            break;
        if (a->meanings[at] == AGAIN && (p->act != p[-1].act || p->at != p[-1].at + 1 || r->acts[p->act].cuts[p->at]))
            break;
    }
    return end;
}

/* Kept values are called by the step that first says them, and where. */
static void put_name(struct text *to, const char *what, size_t act, size_t at)
{
    text_printf(to, "%s-%zu.%zu", what, act + 1, at);
}

static void print_items(struct json_out *j, struct recording *r, size_t act)
{
    const struct act *a = &r->acts[act];

    json_begin(j, a->from == TALK_CLIENT ? "client" : "server", '[');
    for (size_t at = 0, end; at < a->data.len; at = end) {
        enum meaning is = a->meanings[at];
        TEXT(type);
        TEXT(name);

        end = item_end(r, a, at);
        json_begin(j, NULL, '{');
        if (is == FIXED) {
            hex_write(&type, bytes_slice(a->data, at, end - at));
            json_put_string(j, "bytes", text_string(&type));
            json_end(j, '}');
            continue;
        }
        text_printf(&type, "raw:%zu", end - at);
        json_begin(j, text_string(&type), '{');
        if (is == AGAIN) {
            put_name(&name, "kept", a->sources[at].act, a->sources[at].at);
            json_put_string(j, "reuse", text_string(&name));
        } else {
            json_put_bool(j, "any", true);
            put_name(&name, is == KEPT ? "kept" : "any", act, at);
            if (is == KEPT)
                json_put_string(j, "as", text_string(&name));
        }
        json_end(j, '}');
        if (is != AGAIN)
            json_put_string(j, "name", text_string(&name));
        r->kept += is == KEPT;
        r->any += is == ANY;
        json_end(j, '}');
    }
    json_end(j, ']');
}

static bool all_fixed(const struct act *a)
{
    for (size_t i = 0; i < a->data.len; i++)
        if (a->meanings[i] != FIXED)
            return false;
    return true;
}

static void print_act(struct json_out *j, struct recording *r, size_t act, unsigned *heard)
{
    static const char *const does[] = { [OPENED] = "open", [ENDED] = "end", [RESET] = "reset" };
    const struct act *a = &r->acts[act];
    TEXT(wire);
    TEXT(name);

    json_begin(j, NULL, '{');
    if (a->kind == SAID) {
        print_items(j, r, act);
        if (all_fixed(a)) {
            hex_write(&wire, a->data);
            json_put_string(j, "wire", text_string(&wire));
            json_put_string(j, "source", "heard");
        }
    } else {
        json_put_string(j, does[a->kind], a->from == TALK_CLIENT ? "client" : "server");
    }
    if (r->connections > 1) {
        text_printf(&name, "c%u", a->on);
        json_put_string(j, "on", text_string(&name));
    }
    if (a->kind == SAID && a->from == TALK_SERVER) {
        TEXT(check);
        text_printf(&check, "heard-%u", ++*heard);
        json_put_string(j, "check", text_string(&check));
    }
    json_end(j, '}');
}

/* A whole conversation of its own. */
static void print_control(struct json_out *j, const char *name, const char *on)
{
    static const char *const sides[] = { "client", "server" };

    if (!name)
        return;
    json_begin(j, NULL, '{');
    json_put_string(j, "control", name);
    json_put_string(j, "on", on);
    json_end(j, '}');
    for (size_t i = 0; i < 2; i++) {
        json_begin(j, NULL, '{');
        json_put_string(j, "end", sides[i]);
        json_put_string(j, "on", on);
        json_end(j, '}');
    }
}

/* A case may leave open what it says is any. */
static void print_reasons(struct json_out *j, const struct recording *r)
{
    bool some = false;

    for (size_t i = 0; i < r->count; i++)
        for (size_t at = 0, end; at < r->acts[i].data.len; at = end) {
            TEXT(name);
            end = item_end(r, &r->acts[i], at);
            if (r->acts[i].meanings[at] != ANY)
                continue;
            if (!some)
                json_begin(j, "unguarded", '{');
            some = true;
            put_name(&name, "any", i, at);
            json_put_string(j, text_string(&name), "It is another in each recording.");
        }
    if (some)
        json_end(j, '}');
}

bool recording_print(struct text *to, struct recording *r, const struct recording_head *head, struct error *err)
{
    SCRATCH(keep);
    TEXT(plain);
    struct json_out j = { .to = &plain };
    const struct json *tree;
    unsigned heard = 0;

    r->kept = r->any = 0;
    json_begin(&j, NULL, '{');
    json_put_int(&j, "format", 1);
    json_put_string(&j, "suite", head->suite);
    json_put_string(&j, "service", head->service);
    json_put_string(&j, "title", "Sessions as they were recorded");
    print_reasons(&j, r);
    json_begin(&j, "cases", '[');
    json_begin(&j, NULL, '{');
    json_put_string(&j, "id", head->id);
    json_put_int(&j, "rev", 1);
    json_put_int(&j, "since", 1);
    if (head->level)
        json_put_string(&j, "level", head->level);
    json_put_string(&j, "title", "The session is answered as it was when it was recorded");
    json_put_string(&j, "why", "Programs in use rely on these answers.");
    json_put_strings(&j, "clauses", head->clauses);
    if (head->no_control)
        json_put_string(&j, "no-control", head->no_control);
    json_begin(&j, "steps", '[');
    print_control(&j, head->before, "before");
    for (size_t i = 0; i < r->count; i++)
        print_act(&j, r, i, &heard);
    print_control(&j, head->behind, "behind");
    json_end(&j, ']');
    json_end(&j, '}');
    json_end(&j, ']');
    json_end(&j, '}');
    if (!json_parse(buffer_bytes(&plain.b), "recording", &keep, &tree, err))
        return false;
    fmt_print(to, tree);
    return true;
}
