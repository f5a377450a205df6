/*
 * A recording as a suite: bytes, or where a layout knows them the fields of its messages.
 */
#include "capture/recorded.h"

#include <inttypes.h>

#include "archive/codepage.h"
#include "base/hex.h"
#include "json/write.h"
#include "vector/fmt.h"
#include "vector/vector.h"

#define RUN_MIN 4    // values that are written as a repetition …
#define RUN_MAX 4096 // … of which the format has so many

static bool all_fixed(const struct act *a)
{
    for (size_t i = 0; i < a->data.len; i++)
        if (a->meanings[i] != FIXED)
            return false;
    return true;
}

/* Kept values are called by the step that first says them, and where. */
static void put_name(struct text *to, const char *what, size_t act, size_t at)
{
    text_printf(to, "%s-%zu.%zu", what, act + 1, at);
}

/* The part that says how long another of its act is, where it comes as it likes; else NULL. */
static const struct part *measure_of(const struct act *a, const struct part *p)
{
    const struct part *m = p->varies ? part_measure(a, p) : NULL;

    return m && !m->apart && (m->meaning == ANY || m->meaning == KEPT) ? m : NULL;
}

static bool measures(const struct act *a, const struct part *m)
{
    for (size_t i = 0; i < a->part_count; i++)
        if (measure_of(a, &a->parts[i]) == m)
            return true;
    return false;
}

/* Bytes from `at` on, as far as they have one meaning. label: of the field in which they are, or NULL. Returns where they end. */
static size_t print_bytes(struct json_out *j, struct recording *r, size_t act, size_t at, const char *label)
{
    const struct act *a = &r->acts[act];
    size_t end = item_end(r, a, at);
    enum meaning is = a->meanings[at];
    TEXT(type);
    TEXT(name);

    json_begin(j, NULL, '{');
    if (is == FIXED) {
        hex_write(&type, bytes_slice(a->data, at, end - at));
        json_put_string(j, "bytes", text_string(&type));
        if (label)
            json_put_string(j, "name", label);
        json_end(j, '}');
        return end;
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
    if (label)
        json_put_string(j, "name", label);
    else if (is != AGAIN)
        json_put_string(j, "name", text_string(&name));
    r->kept += is == KEPT;
    r->any += is == ANY;
    json_end(j, '}');
    return end;
}

/* A string's type by the width in which it was said: `cstring` has that of the peer. */
static const char *type_of(const struct value *v, struct text *to)
{
    if (strncmp(v->of.type->name, "cstring", strlen("cstring")) == 0)
        text_add(to, v->wide ? "cstringw" : "cstringa");
    else
        type_print(to, v->of);
    return text_string(to);
}

/* Whether an item's value is these bytes to every writer. */
static bool item_is(const struct text *item, struct bytes due, const struct recording *r)
{
    SCRATCH(scratch);
    const struct json *tree;
    const char *template = NULL;
    struct type_ref t;
    struct value v;
    struct error err;

    if (!json_parse(buffer_bytes(&item->b), "item", &scratch, &tree, &err) || !type_parse(tree->first->key, &t, &err) ||
        !literal_parse(tree->first, t, r->codepage, &scratch, &v, &template, &err) || template)
        return false;
    for (size_t i = 0; i < profile_count; i++) {
        CLEANUP(buffer_free) struct buffer made = { 0 };
        if (!type_offered(t, &profile_all[i]) && t.type->kind != VALUE_STRING)
            continue;
        value_store(&made, &profile_all[i], NULL, &v);
        if (!bytes_equal(buffer_bytes(&made), due))
            return false;
    }
    return true;
}

/* UTF-16, low byte first, to UTF-8. False: a surrogate stands alone. */
static bool utf16_decode(struct bytes units, struct text *utf8)
{
    for (size_t i = 0; i + 1 < units.len; i += 2) {
        uint32_t c = units.data[i] | (uint32_t)units.data[i + 1] << 8;
        if (c >= 0xd800 && c < 0xe000) {
            uint32_t low = i + 3 < units.len ? units.data[i + 2] | (uint32_t)units.data[i + 3] << 8 : 0;
            if (c >= 0xdc00 || low < 0xdc00 || low > 0xdfff)
                return false;
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            i += 2;
        }
        if (c < 0x80) {
            text_char(utf8, (char)c);
            continue;
        }
        int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        text_char(utf8, (char)(0xf00 >> more | c >> 6 * more));
        while (more--)
            text_char(utf8, (char)(0x80 | (c >> 6 * more & 0x3f)));
    }
    return true;
}

/* Characters where they are such, in the units' own form otherwise. */
static void put_units(struct json_out *j, const char *type, const struct value *v, const struct recording *r, bool plain)
{
    TEXT(utf8);
    bool good = plain;

    for (size_t i = 0; good && !v->wide && !r->codepage && i < v->data.len; i++)
        good = v->data.data[i] < 0x80;
    if (good && v->wide)
        good = utf16_decode(v->data, &utf8);
    else if (good && r->codepage)
        good = codepage_decode(r->codepage, v->data, &utf8) == v->data.len;
    else if (good)
        text_addn(&utf8, (const char *)v->data.data, v->data.len);
    good = good && strlen(text_string(&utf8)) == utf8.b.len && !strchr(text_string(&utf8), '{');
    if (good) {
        json_put_string(j, type, text_string(&utf8));
        return;
    }
    json_begin(j, type, '{');
    json_put_hex(j, "hex", v->data);
    json_end(j, '}');
}

static void put_literal(struct json_out *j, const char *type, const struct value *v, const struct recording *r, bool plain)
{
    const struct type *t = v->of.type;
    TEXT(text);

    switch (t->kind) {
    case VALUE_INTEGER:
        if (strcmp(t->name, "bool") == 0)
            json_put_bool(j, type, v->number != 0);
        else if (t->is_signed)
            json_put_int(j, type, (int64_t)v->number);
        else
            json_put_u64(j, type, v->number);
        break;
    case VALUE_FLOAT:
    case VALUE_DOUBLE:
        text_printf(&text, "%0*" PRIx64, t->kind == VALUE_FLOAT ? 8 : 16, v->number);
        json_put_string(j, type, text_string(&text));
        break;
    case VALUE_STRING:
        put_units(j, type, v, r, plain);
        break;
    case VALUE_BYTES:
        json_put_hex(j, type, v->data);
        break;
    case VALUE_ARRAY:
        json_begin(j, type, '[');
        for (size_t i = 0; i < v->count; i++) {
            uint64_t element = 0;
            for (size_t k = t->width; k > 0; k--)
                element = element << 8 | v->data.data[i * t->width + k - 1];
            json_put_u64(j, NULL, element);
        }
        json_end(j, ']');
        break;
    case VALUE_TUPLE:
        if (strcmp(t->name, "size") == 0 || strcmp(t->name, "point") == 0 || strcmp(t->name, "rect") == 0) {
            json_begin(j, type, '[');
            for (size_t i = 0; i < v->count; i++)
                json_put_int(j, NULL, (int64_t)v->items[i].number);
            json_end(j, ']');
            break;
        }
        // fall through
    default:
        value_text(&text, v);
        json_put_string(j, type, text_string(&text));
        break;
    }
}

/* Objects, whose tags depend on what went before, are told as bytes. */
static bool carries_objects(const struct type *t)
{
    return t->kind == VALUE_OBJECT || t->kind == VALUE_CLASS || t->kind == VALUE_MAP || t->kind == VALUE_LIST;
}

/* {"word": 4}, alone. False: no value of the format is these bytes. */
static bool literal_make(struct text *to, const struct recording *r, const struct part *p, struct bytes due)
{
    TEXT(type);

    if (!p->leaf->value.of.type || carries_objects(p->leaf->value.of.type))
        return false;
    type_of(&p->leaf->value, &type);
    for (int plain = 1; plain >= 0; plain--) {
        struct json_out j = { .to = to };
        to->b.len = 0;
        json_begin(&j, NULL, '{');
        put_literal(&j, text_string(&type), &p->leaf->value, r, plain);
        json_end(&j, '}');
        if (item_is(to, due, r))
            return true;
    }
    return false;
}

/* A value that is any, kept, or said again. */
static void print_open(struct json_out *j, struct recording *r, size_t act, const struct part *p)
{
    const struct value *v = &p->leaf->value;
    const struct act *a = &r->acts[act];
    const struct part *measure = measure_of(a, p);
    TEXT(type);
    TEXT(name);

    type_print(&type, v->of);
    bool open = measure || (p->meaning == AGAIN && measure_of(&r->acts[a->sources[p->at].act], p->source)); // of whatever length
    json_begin(j, NULL, '{');
    json_begin(j, open ? "bytes" : text_string(&type), '{');
    if (measure && p->meaning != AGAIN) {
        put_name(&name, measure->meaning == KEPT ? "kept" : "any", act, measure->at);
        json_put_string(j, "length", text_string(&name));
        name.b.len = 0;
        put_name(&name, "kept", act, p->at);
        if (p->meaning == KEPT)
            json_put_string(j, "as", text_string(&name));
    } else if (p->meaning == AGAIN) {
        put_name(&name, "kept", a->sources[p->at].act, a->sources[p->at].at);
        json_put_string(j, "reuse", text_string(&name));
    } else {
        json_put_bool(j, "any", true);
        put_name(&name, p->meaning == KEPT ? "kept" : "any", act, p->at);
        if (p->meaning == KEPT || measures(a, p))
            json_put_string(j, "as", text_string(&name));
    }
    json_end(j, '}');
    json_put_string(j, "name", p->leaf->name);
    if (!open)
        json_put_hex(j, "wire", bytes_slice(a->data, p->at, p->len));
    json_end(j, '}');
    r->kept += p->meaning == KEPT;
    r->any += p->meaning == ANY;
    r->typed++;
}

/* golden: with its bytes, since the step has none. */
static void print_part(struct json_out *j, struct recording *r, size_t act, const struct part *p, bool golden)
{
    const struct act *a = &r->acts[act];
    struct bytes due = bytes_slice(a->data, p->at, p->len);
    const struct type *t = p->leaf->value.of.type;
    bool whole = p->meaning == FIXED || p->meaning == ANY || (t && (t->kind == VALUE_INTEGER || t->kind == VALUE_BYTES));
    const struct json *tree;
    struct error err;
    SCRATCH(scratch);
    TEXT(item);

    if (p->object) {
        TEXT(type);
        type_print(&type, p->object->of);
        value_make_text(&item, p->object);
        json_begin(j, NULL, '{');
        json_put_string(j, text_string(&type), text_string(&item));
        json_put_string(j, "name", p->leaf->name);
        if (golden)
            json_put_hex(j, "wire", bytes_slice(a->data, p->at, p->object_len));
        json_end(j, '}');
        r->typed++;
        return;
    }
    if (!p->apart && p->meaning == FIXED && literal_make(&item, r, p, due) &&
        json_parse(buffer_bytes(&item.b), "item", &scratch, &tree, &err)) {
        json_begin(j, NULL, '{');
        json_put_value(j, tree->first->key, tree->first);
        json_put_string(j, "name", p->leaf->name);
        if (golden)
            json_put_hex(j, "wire", due);
        json_end(j, '}');
        r->typed++;
        return;
    }
    if (!p->apart && p->meaning != FIXED && whole && t && !carries_objects(t)) {
        print_open(j, r, act, p);
        return;
    }
    for (size_t at = p->at; at < p->at + p->len;)
        at = print_bytes(j, r, act, at, p->leaf->name);
}

/* How many parts from this one on are the same value of the same field of one message. */
static size_t run_of(const struct act *a, size_t part)
{
    const struct part *p = &a->parts[part];
    size_t n = 1;

    for (; p->meaning == FIXED && !p->apart && part + n < a->part_count && n < RUN_MAX; n++) {
        const struct part *q = &p[n];
        if (q->meaning != FIXED || q->apart || q->at != q[-1].at + q[-1].len || q->leaf->number != p->leaf->number ||
            strcmp(q->leaf->name, p->leaf->name) != 0 || !bytes_equal(bytes_slice(a->data, p->at, p->len), bytes_slice(a->data, q->at, q->len)))
            break;
    }
    return n >= RUN_MIN ? n : 1;
}

static void print_items(struct json_out *j, struct recording *r, size_t act)
{
    const struct act *a = &r->acts[act];
    const struct layout_leaf *open = NULL; // of the message that is written
    bool golden = !all_fixed(a);

    json_begin(j, a->from == TALK_CLIENT ? "client" : "server", '[');
    for (size_t at = 0, part = 0; at < a->data.len;) {
        const struct part *p = part < a->part_count && a->parts[part].at == at ? &a->parts[part] : NULL;
        if (open && (!p || p->leaf->number != open->number)) {
            json_end(j, ']');
            json_end(j, '}');
            json_end(j, '}');
            open = NULL;
        }
        if (!p) {
            at = print_bytes(j, r, act, at, NULL);
            continue;
        }
        if (!open) {
            open = p->leaf;
            json_begin(j, NULL, '{');
            json_begin(j, "message", '{');
            json_put_string(j, "name", open->message);
            json_begin(j, "items", '[');
        }
        size_t times = run_of(a, part);
        if (times > 1) {
            json_begin(j, NULL, '{');
            json_begin(j, "repeat", '{');
            json_put_u64(j, "times", times);
            json_begin(j, "items", '[');
        }
        print_part(j, r, act, p, golden);
        if (times > 1) {
            json_end(j, ']');
            json_end(j, '}');
            json_end(j, '}');
        }
        part += times;
        at = a->parts[part - 1].at + (a->parts[part - 1].object ? a->parts[part - 1].object_len : a->parts[part - 1].len);
        while (part < a->part_count && a->parts[part].at < at)
            part++; // it is within the object
    }
    if (open) {
        json_end(j, ']');
        json_end(j, '}');
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void print_act(struct json_out *j, struct recording *r, size_t act, unsigned *heard)
{
    static const char *const does[] = { [OPENED] = "open", [ENDED] = "end", [RESET] = "reset" };
    const struct act *a = &r->acts[act];
    TEXT(wire);
    TEXT(name);

    json_begin(j, NULL, '{');
    if (a->kind == SAID) {
        if (a->note)
            json_put_string(j, "note", a->note);
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

void recording_notes(const struct recording *r, struct text *to)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->acts[i].note)
            text_printf(to, "note: step %zu: %s\n", i + 1, r->acts[i].note);
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

/* What is left open by that name has its reason already. */
static bool told_before(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* A case may leave open what it says is any. */
static void print_reasons(struct json_out *j, const struct recording *r)
{
    SCRATCH(scratch);
    size_t count = 0, room = 0;

    for (size_t i = 0; i < r->count; i++)
        room += r->acts[i].data.len;
    const char **names = ARENA_ARRAY(&scratch, room + 1, const char *);
    for (size_t i = 0; i < r->count; i++)
        for (size_t at = 0, end; at < r->acts[i].data.len; at = end) {
            const struct act *a = &r->acts[i];
            const struct part *p = part_around(a, at);
            TEXT(name);
            end = item_end(r, a, at);
            if (a->meanings[at] != ANY)
                continue;
            if (p)
                text_add(&name, p->leaf->name);
            else
                put_name(&name, "any", i, at);
            if (told_before(names, count, text_string(&name)))
                continue;
            if (count == 0)
                json_begin(j, "unguarded", '{');
            names[count++] = arena_string(&scratch, text_string(&name));
            json_put_string(j, names[count - 1], "It is another in each recording.");
        }
    if (count)
        json_end(j, '}');
}

bool recording_print(struct text *to, struct recording *r, const struct recording_head *head, struct error *err)
{
    SCRATCH(keep);
    TEXT(plain);
    struct json_out j = { .to = &plain };
    const struct json *tree;
    unsigned heard = 0;

    r->kept = r->any = r->typed = 0;
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
