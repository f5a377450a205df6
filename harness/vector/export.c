#include "vector/export.h"

#include <inttypes.h>
#include <stdlib.h>

#include "archive/objects.h"
#include "base/sha256.h"
#include "json/write.h"
#include "vector/parse.h"
#include "vector/partition.h"
#include "vector/program.h"

struct exporter {
    struct arena *keep;
    struct codec_cases *out;
    size_t room;
};

static struct codec_case *case_add(struct exporter *x)
{
    struct codec_cases *out = x->out;

    if (out->count == x->room) {
        x->room = x->room ? 2 * x->room : 256;
        struct codec_case *more = ARENA_ARRAY(x->keep, x->room, struct codec_case);
        if (out->count)
            memcpy(more, out->items, out->count * sizeof *more);
        out->items = more;
    }
    return &out->items[out->count++];
}

struct types {
    const char *text;
    struct type_ref *items;
    size_t count;
};

static bool types_offered(const struct types *t, const struct profile *p)
{
    for (size_t i = 0; i < t->count; i++)
        if (!type_offered(t->items[i], p))
            return false;
    return true;
}

/* Types that a stream's earlier objects could matter to. */
static bool types_refer(const struct types *t)
{
    for (size_t i = 0; i < t->count; i++) {
        enum value_kind kind = t->items[i].type->kind;
        if (kind == VALUE_OBJECT || kind == VALUE_CLASS || kind == VALUE_LIST || kind == VALUE_MAP)
            return true;
    }
    return false;
}

/* What a reader of profile p makes of a stream. ended: nothing comes behind it. False when that is nothing to export:
 * more would be read, or what happens is no exception. */
static bool outcome(struct bytes in, bool ended, const struct types *t, const struct profile *p, struct arena *keep,
                    struct codec_case *out)
{
    CLEANUP(buffer_free) struct buffer stored = { 0 };
    struct object_table *table = object_table_new(keep), *own = object_table_new(keep);
    struct reader r = { .in = in };
    struct error ignored;
    bool storable = true;
    TEXT(text);

    for (size_t i = 0; i < t->count && r.status == WIRE_OK; i++) {
        struct value v;
        value_load(&r, p, table, t->items[i], keep, &v);
        if (r.status != WIRE_OK)
            break;
        if (i)
            text_char(&text, ' ');
        value_text(&text, &v);
        storable = storable && value_storable(&v, p, own, &ignored);
        if (storable)
            value_store(&stored, p, own, &v);
    }
    out->loads = r.status == WIRE_OK;
    out->offset = r.at;
    out->wire = in;
    if (out->loads) {
        out->wire = bytes_slice(in, 0, r.at);
        out->text = arena_string(keep, text_string(&text));
        out->store = arena_bytes(keep, buffer_bytes(&stored));
        return storable && (!ended || r.at == in.len);
    }
    out->cause = r.status == WIRE_BAD ? r.cause : r.cut;
    return out->cause != CAUSE_NONE && (r.status == WIRE_BAD || ended);
}

/* A digest of all that a reader of the file is told, so that equal answers are equal. */
static const char *signature(const struct codec_case *c, struct arena *keep)
{
    char *hex = arena_alloc(keep, 65);
    struct sha256 sha;
    TEXT(rest);

    sha256_init(&sha);
    text_printf(&rest, "%zu %zu %d %zu %s", c->wire.len, c->store.len, c->loads ? -1 : (int)c->cause,
                c->loads ? 0 : c->offset, c->loads ? c->text : "");
    sha256_add(&sha, rest.b.data, rest.b.len);
    if (c->wire.len)
        sha256_add(&sha, c->wire.data, c->wire.len);
    if (c->store.len)
        sha256_add(&sha, c->store.data, c->store.len);
    sha256_hex(&sha, hex);
    return hex;
}

/* One line for each predicate that is needed; answers of profiles for which nothing is said have no wire. */
static void cases_put(struct exporter *x, const struct codec_case *answers, const bool *known)
{
    const char *signatures[PROFILES_MAX];
    struct partition parts;

    // "" is an answer of its own: a profile that nothing is said of must not be told with others.
    for (size_t i = 0; i < profile_count; i++)
        signatures[i] = known[i] ? signature(&answers[i], x->keep) : "";
    partition_make(signatures, &parts);
    for (size_t i = 0; i < parts.count; i++)
        for (size_t k = 0; k < profile_count && *parts.items[i].answer; k++) {
            if (strcmp(signatures[k], parts.items[i].answer) != 0)
                continue;
            struct codec_case *c = case_add(x);
            *c = answers[k];
            c->profile = *parts.items[i].predicate ? arena_string(x->keep, parts.items[i].predicate) : NULL;
            c->wire = arena_bytes(x->keep, c->wire);
            c->store = arena_bytes(x->keep, c->store);
            c->text = c->loads ? arena_string(x->keep, c->text) : NULL;
            break;
        }
}

static void export_row(struct exporter *x, const struct vector *v)
{
    SCRATCH(scratch);
    struct codec_case answers[PROFILES_MAX] = { 0 };
    bool known[PROFILES_MAX] = { 0 };
    const struct row *row = v->row;
    struct types t = { row->type_text, row->types, row->count };
    const char *id = arena_printf(x->keep, "%.*s", (int)strcspn(v->id, "@"), v->id);
    bool some = false;

    for (size_t i = 0; i < profile_count; i++) {
        const struct profile *p = &profile_all[i];
        const struct golden *g = row->load ? row->load : row->store;
        const struct bytes *wire = golden_for(g, p, &scratch);
        answers[i] = (struct codec_case){ .id = id, .rev = v->rev, .types = t.text, .clauses = v->clauses };
        if (wire && (!v->predicate || profile_matches(p, v->predicate)) && types_offered(&t, p))
            some |= known[i] = outcome(*wire, true, &t, p, &scratch, &answers[i]) && answers[i].loads;
    }
    x->out->left_out += !some;
    cases_put(x, answers, known);
}

/* The op's request, when a step has its shape: fixed words, the list of types, and values to load. */
static const struct step *shape_find(const struct service *s, const struct step *step, size_t *list, const struct step **reply)
{
    for (size_t i = 0; i < s->op_count; i++) {
        const struct steps *op = &s->ops[i].steps;
        for (size_t k = 0; k + 1 < op->count; k++) {
            const struct step *ask = &op->items[k];
            size_t n = 0;
            if (ask->kind != STEP_SAY || ask->who != PARTY_CLIENT || ask->item_count < 2)
                continue;
            const struct item *last = &ask->items[ask->item_count - 1], *name = last - 1;
            if (last->kind != ITEM_ROW_LOAD || !name->template || strcmp(name->template, "{type}") != 0)
                continue;
            while (n + 2 < ask->item_count && n < step->item_count && ask->items[n].kind == ITEM_VALUE &&
                   step->items[n].kind == ITEM_VALUE && value_equal(&ask->items[n].value, &step->items[n].value))
                n++;
            if (n + 2 != ask->item_count || n == step->item_count)
                continue;
            const struct item *types = &step->items[n];
            if (types->kind != ITEM_VALUE || types->template || types->of.type->kind != VALUE_STRING)
                continue;
            *list = n;
            *reply = op->items[k + 1].kind == STEP_SAY ? &op->items[k + 1] : NULL;
            return ask;
        }
    }
    return NULL;
}

static bool step_types(const struct step *step, size_t list, struct types *t, struct arena *keep)
{
    const struct value *v = &step->items[list].value;
    CLEANUP(buffer_free) struct buffer text = { 0 };
    struct error ignored;

    for (size_t i = 0; i < v->data.len; i += v->wide ? 2 : 1)
        buffer_append(&text, v->data.data + i, 1);
    t->text = arena_printf(keep, "%.*s", (int)text.len, (const char *)text.data);
    return *t->text && types_parse(step->at, t->text, keep, &t->items, &t->count, &ignored);
}

/* The reply that a case expects begins as that of the op when values have been loaded. */
static bool case_loads(const struct vector *v, size_t step, const struct step *reply)
{
    const struct step *asked = &v->steps.items[step];

    for (size_t i = step + 1; i < v->steps.count; i++) {
        const struct step *s = &v->steps.items[i];
        if (s->kind != STEP_SAY || s->who != PARTY_SERVER || strcmp(s->on, asked->on) != 0)
            continue;
        const struct item *due = &reply->items[0], *said = &s->items[0];
        return reply->item_count && s->item_count && due->kind == ITEM_VALUE && said->kind == ITEM_VALUE &&
               value_equal(&due->value, &said->value);
    }
    return false;
}

static const struct op *op_of(const struct program *p, size_t step)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->ops[i].step == (int)step && !p->ops[i].control && p->ops[i].kind == OP_SEND)
            return &p->ops[i];
    return NULL;
}

/* Whether the client's direction ends right behind a step. */
static bool ends_behind(const struct vector *v, size_t step)
{
    const struct step *next = step + 1 < v->steps.count ? &v->steps.items[step + 1] : NULL;

    return next && next->kind == STEP_END && next->who == PARTY_CLIENT && strcmp(next->on, v->steps.items[step].on) == 0;
}

static bool vector_runs(const struct vector *v, const struct profile *p)
{
    for (size_t i = 0; i < v->need_count; i++)
        if (!type_offered(v->needs[i], p))
            return false;
    return !v->predicate || profile_matches(p, v->predicate);
}

static void export_step(struct exporter *x, const struct vector *v, size_t step, const char *id)
{
    SCRATCH(scratch);
    const struct step *s = &v->steps.items[step], *reply = NULL;
    struct codec_case answers[PROFILES_MAX] = { 0 };
    bool known[PROFILES_MAX] = { 0 }, some = false;
    struct types t = { 0 };
    size_t list;

    shape_find(v->service, s, &list, &reply);
    if (!step_types(s, list, &t, x->keep) || !reply)
        return;
    for (size_t i = 0; i < profile_count; i++) {
        const struct profile *p = &profile_all[i];
        struct program program;
        struct error ignored;
        answers[i] = (struct codec_case){ .id = id, .rev = v->rev, .types = t.text, .clauses = v->clauses };
        if (!vector_runs(v, p) || !types_offered(&t, p) ||
            !program_compile(v, p, 1, PARTY_CLIENT, &scratch, &program, &ignored))
            continue;
        const struct op *op = op_of(&program, step);
        if (!op || list >= op->fields.count)
            continue;
        const struct field *name = &op->fields.items[list];
        struct bytes values = bytes_slice(op->bytes, name->at + name->len, op->bytes.len);
        known[i] = outcome(values, ends_behind(v, step), &t, p, &scratch, &answers[i]) &&
                   answers[i].loads == case_loads(v, step, reply);
        some |= known[i];
    }
    x->out->left_out += !some;
    cases_put(x, answers, known);
}

/* Values that everybody sees: nothing drawn, nothing completed, and the message whole. */
static bool step_plain(const struct step *s)
{
    if (s->kind != STEP_SAY || s->who != PARTY_CLIENT || s->part)
        return false;
    for (size_t i = 0; i < s->item_count; i++)
        if ((s->items[i].kind != ITEM_VALUE && s->items[i].kind != ITEM_BYTES) || s->items[i].template)
            return false;
    return true;
}

static void export_case(struct exporter *x, const struct vector *v)
{
    size_t *steps = ARENA_ARRAY(x->keep, v->steps.count + 1, size_t), count = 0;

    for (size_t i = 0; i < v->steps.count; i++) {
        const struct step *s = &v->steps.items[i], *reply;
        struct types t = { 0 };
        size_t list;
        bool fresh = true;
        if (!step_plain(s) || !shape_find(v->service, s, &list, &reply) || !step_types(s, list, &t, x->keep))
            continue;
        // What stood before on this connection may be referred to, and a part of a message may be missing.
        for (size_t k = 0; k < i; k++) {
            const struct step *b = &v->steps.items[k];
            bool other = b->kind != STEP_SAY || b->who != PARTY_CLIENT || strcmp(b->on, s->on) != 0;
            fresh &= other || (!b->part && !types_refer(&t));
        }
        if (fresh)
            steps[count++] = i;
        else
            x->out->left_out++;
    }
    for (size_t i = 0; i < count; i++)
        export_step(x, v, steps[i], count == 1 ? v->id : arena_printf(x->keep, "%s@step=%zu", v->id, steps[i] + 1));
}

static int by_id(const void *a, const void *b)
{
    const struct codec_case *x = a, *y = b;
    int order = strcmp(x->id, y->id);

    return order ? order : strcmp(x->profile ? x->profile : "", y->profile ? y->profile : "");
}

void export_codec(const struct library *lib, struct arena *keep, struct codec_cases *out)
{
    struct exporter x = { .keep = keep, .out = out };

    *out = (struct codec_cases){ 0 };
    for (size_t i = 0; i < lib->suite_count; i++) {
        const struct row *last = NULL; // the ops of a row stand together
        for (size_t k = 0; k < lib->suites[i].count; k++) {
            const struct vector *v = &lib->suites[i].vectors[k];
            if (v->family)
                continue; // its rows stand elsewhere
            if (v->row && v->row != last && v->row->store)
                export_row(&x, v);
            if (!v->row)
                export_case(&x, v);
            last = v->row;
        }
    }
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, by_id);
}

static void print_case(struct json_out *j, const struct codec_case *c)
{
    json_begin(j, NULL, '{');
    json_put_string(j, "id", c->id);
    json_put_u64(j, "rev", c->rev);
    json_begin(j, "types", '[');
    for (const char *at = c->types; *at;) {
        size_t len = strcspn(at, ",");
        json_put_text(j, NULL, (struct bytes){ (const uint8_t *)at, len });
        at += len + (at[len] == ',');
    }
    json_end(j, ']');
    if (c->profile)
        json_put_string(j, "profile", c->profile);
    json_put_hex(j, "wire", c->wire);
    json_put_string(j, "outcome", c->loads ? "load" : "exception");
    if (c->loads) {
        json_put_string(j, "text", c->text);
        if (!bytes_equal(c->store, c->wire))
            json_put_hex(j, "store", c->store);
    } else {
        json_put_u64(j, "cause", c->cause);
        json_put_u64(j, "offset", c->offset);
    }
    json_begin(j, "clauses", '[');
    for (const char *const *k = c->clauses; *k; k++)
        json_put_string(j, NULL, *k);
    json_end(j, ']');
    json_end(j, '}');
}

void export_print(struct text *to, const struct codec_cases *c)
{
    text_add(to, "{\"format\":1,\"cases\":[");
    for (size_t i = 0; i < c->count; i++) {
        struct json_out j = { .to = to };
        text_add(to, i ? ",\n" : "\n");
        print_case(&j, &c->items[i]);
    }
    text_add(to, "\n]}\n");
}

const char *export_name(const struct codec_case *c, struct arena *keep)
{
    TEXT(name);

    text_add(&name, c->id);
    for (const char *p = c->profile; p && *p; p++) {
        if (p == c->profile)
            text_char(&name, '@');
        if (*p == '<')
            text_add(&name, p[1] == '=' ? "le" : "lt");
        else if (*p == '>')
            text_add(&name, p[1] == '=' ? "ge" : "gt");
        else if (*p != '=')
            text_char(&name, *p == ',' ? '-' : *p);
    }
    text_add(&name, ".bin");
    return arena_string(keep, text_string(&name));
}
