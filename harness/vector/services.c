/*
 * Services: how one speaks to peers of a kind.
 */
#include "vector/parse.h"

bool format_parse(const struct json *file, struct error *err)
{
    const struct json *format = json_get(file, "format");
    uint64_t n;

    if (!json_is(file, JSON_OBJECT, err))
        return false;
    if (!format)
        return json_error(file, err, "expected \"format\": 1");
    if (!json_u64(format, UINT64_MAX, &n, err))
        return false;
    return n == 1 || json_error(format, err, "format %llu is not known, 1 is", (unsigned long long)n);
}

bool types_parse(const struct json *at, const char *text, struct arena *keep, struct type_ref **out, size_t *count,
                 struct error *err)
{
    size_t n = 1;

    for (const char *c = text; *c; c++)
        n += *c == ',';
    struct type_ref *types = ARENA_ARRAY(keep, n, struct type_ref);
    char *rest = arena_string(keep, text);
    for (size_t i = 0; i < n; i++) {
        char *name = strsep(&rest, ",");
        struct error unknown;
        if (!type_parse(name, &types[i], &unknown))
            return json_error(at, err, "%s", unknown.text);
    }
    *out = types;
    *count = n;
    return true;
}

static bool named_parse(const struct json *object, const struct step_context *outer, struct named_steps **out,
                        size_t *count, struct error *err)
{
    if (!json_is(object, JSON_OBJECT, err))
        return false;
    struct named_steps *items = ARENA_ARRAY(outer->keep, object->count, struct named_steps);
    size_t n = 0;
    for json_each (e, object) {
        items[n].name = e->key;
        items[n].at = e;
        if (!steps_parse(e, outer, &items[n++].steps, err))
            return false;
    }
    *out = items;
    *count = n;
    return true;
}

void service_print(const struct service *s, struct text *to, const struct value *v)
{
    enum { SHOWN = 40 };
    TEXT(text);

    if (s->codepage && v->of.type->kind == VALUE_STRING && !v->wide && v->data.len <= SHOWN &&
        codepage_decode(s->codepage, v->data, &text) == v->data.len && strlen(text_string(&text)) > v->data.len)
        text_printf(to, "\"%s\"", text_string(&text)); // not all of it is ASCII, and all of it is text
    else
        value_print(to, v);
}

const struct named_steps *service_control(const struct service *s, const char *name)
{
    for (size_t i = 0; i < s->control_count; i++)
        if (strcmp(s->controls[i].name, name) == 0)
            return &s->controls[i];
    return NULL;
}

const struct service *library_service(const struct library *lib, const char *name)
{
    for (size_t i = 0; i < lib->service_count; i++)
        if (strcmp(lib->services[i]->name, name) == 0)
            return lib->services[i];
    return NULL;
}

static bool capabilities_parse(const struct json *at, const struct step_context *outer, struct service *s,
                               struct error *err)
{
    static const char *const keys[] = { "steps", "types", "generation", "charset", "bits", "mandatory", NULL };
    const struct json *part;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, keys, err))
        return false;
    if (!(part = json_get(at, "steps")))
        return json_error(at, err, "expected \"steps\"");
    if (!steps_parse(part, outer, &s->capabilities.steps, err))
        return false;
    struct {
        const char *key, **out;
    } names[] = {
        { "types", &s->capabilities.types },
        { "generation", &s->capabilities.generation },
        { "charset", &s->capabilities.charset },
        { "bits", &s->capabilities.bits },
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if ((part = json_get(at, names[i].key)) && !json_string(part, names[i].out, err))
            return false;
    part = json_get(at, "mandatory");
    return !part || strings_parse(part, outer->keep, &s->capabilities.mandatory, err);
}

static bool requests_parse(const struct json *at, struct arena *keep, struct service *s, struct error *err)
{
    if (!json_is(at, JSON_ARRAY, err))
        return false;
    uint64_t *numbers = ARENA_ARRAY(keep, at->count, uint64_t);
    size_t n = 0;
    for json_each (e, at)
        if (!json_u64(e, UINT64_MAX, &numbers[n++], err))
            return false;
    s->information.requests = numbers;
    s->information.request_count = n;
    return true;
}

static bool information_parse(const struct json *at, const struct step_context *outer, struct service *s, struct error *err)
{
    static const char *const keys[] = { "steps", "lines", "refused", "ops", "max-bytes", "max-depth", "requests", NULL };
    const struct json *part;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, keys, err))
        return false;
    if (!(part = json_get(at, "steps")))
        return json_error(at, err, "expected \"steps\"");
    if (!steps_parse(part, outer, &s->information.steps, err))
        return false;
    struct {
        const char *key, **out;
    } names[] = {
        { "lines", &s->information.lines },         { "refused", &s->information.refused },
        { "ops", &s->information.ops },             { "max-bytes", &s->information.max_bytes },
        { "max-depth", &s->information.max_depth },
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if ((part = json_get(at, names[i].key)) && !json_string(part, names[i].out, err))
            return false;
    if (!s->information.lines)
        return json_error(at, err, "expected \"lines\", the name under which the reply is kept");
    return !(part = json_get(at, "requests")) || requests_parse(part, outer->keep, s, err);
}

/* {"client": "connection", "server": "message"} */
static bool archive_parse(const struct json *at, struct service *s, struct error *err)
{
    static const char *const keys[] = { "client", "server", NULL };

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, keys, err))
        return false;
    for json_each (e, at) {
        const char *life;
        if (!json_string(e, &life, err))
            return false;
        if (strcmp(life, "message") == 0)
            s->per_message[strcmp(e->key, "server") == 0 ? PARTY_SERVER : PARTY_CLIENT] = true;
        else if (strcmp(life, "connection") != 0)
            return json_error(e, err, "\"%s\": expected connection or message", life);
    }
    return true;
}

static bool codepage_parse(const struct json *at, struct service *s, struct error *err)
{
    uint64_t number;

    if (!json_u64(at, UINT64_MAX, &number, err))
        return false;
    s->codepage = codepage_find(number);
    if (s->codepage)
        return true;
    TEXT(known);
    for (const struct codepage *p = codepage_table; p->number; p++)
        text_printf(&known, " %u", p->number);
    return json_error(at, err, "code page %llu is not known; known are%s", (unsigned long long)number, text_string(&known));
}

static bool control_named(const struct json *at, const struct service *s, const char **name, struct error *err)
{
    if (!json_string(at, name, err))
        return false;
    return service_control(s, *name) || json_error(at, err, "no control is called \"%s\"", *name);
}

bool service_parse(const struct json *file, struct arena *keep, struct service **out, struct error *err)
{
    static const char *const keys[] = { "format",       "service",  "title",      "prologue",         "epilogue",
                                        "controls",     "ops",      "first-control", "no-first-control", "probe",
                                        "pipelining",   "capabilities", "information", "end", "refusals", "mutated", "archive", "codepage", "genuine", "unguarded", "note", "layout", NULL };
    static const char *const clauses[] = { NULL };
    struct step_context outer = { .clauses = clauses, .keep = keep };
    struct service *s = ARENA_NEW(keep, struct service);
    const struct json *part;
    const char *name;

    if (!format_parse(file, err) || !json_known(file, keys, err) || !reasons_parse(file, err))
        return false;
    s->at = file;
    if (!(part = json_get(file, "service")))
        return json_error(file, err, "expected \"service\", its name");
    if (!json_string(part, &s->name, err))
        return false;
    s->title = s->name;
    if ((part = json_get(file, "title")) && !json_string(part, &s->title, err))
        return false;
    if ((part = json_get(file, "layout")) && !json_string(part, &s->layout, err))
        return false;
    if ((part = json_get(file, "archive")) && !archive_parse(part, s, err))
        return false;
    if ((part = json_get(file, "codepage")) && !codepage_parse(part, s, err))
        return false;
    outer.codepage = s->codepage;
    // How connections end is the service's to say, and its exchanges' checks cite the same clauses.
    s->end = (struct check){ "end", clauses, LEVEL_MUST };
    if ((part = json_get(file, "end")) && !check_parse(part, &outer, &s->end, err))
        return false;
    outer.clauses = s->end.clauses;
    if ((part = json_get(file, "prologue")) && !steps_parse(part, &outer, &s->prologue, err))
        return false;
    if ((part = json_get(file, "epilogue")) && !steps_parse(part, &outer, &s->epilogue, err))
        return false;
    if ((part = json_get(file, "controls")) && !named_parse(part, &outer, &s->controls, &s->control_count, err))
        return false;
    for (size_t i = 0; i < s->control_count; i++)
        for (size_t k = 0; k < s->controls[i].steps.count; k++)
            if (s->controls[i].steps.items[k].kind == STEP_CONTROL)
                return json_error(s->controls[i].steps.items[k].at, err, "a control holds no other");
    if ((part = json_get(file, "capabilities")) && !capabilities_parse(part, &outer, s, err))
        return false;
    if ((part = json_get(file, "information")) && !information_parse(part, &outer, s, err))
        return false;
    if ((part = json_get(file, "pipelining")) && !json_bool(part, &s->pipelining, err))
        return false;
    if ((part = json_get(file, "refusals")) && !named_parse(part, &outer, &s->refusals, &s->refusal_count, err))
        return false;
    if ((part = json_get(file, "genuine")) && !genuine_parse(part, keep, &s->genuine, err))
        return false;
    for (size_t i = 0; i < s->genuine.count; i++)
        if (s->genuine.items[i].check)
            return json_error(s->genuine.items[i].at, err, "a \"check\" belongs to a case");
    outer.in_table = true;
    if ((part = json_get(file, "mutated")) && !named_parse(part, &outer, &s->mutated, &s->mutated_count, err))
        return false;
    if ((part = json_get(file, "ops")) && !named_parse(part, &outer, &s->ops, &s->op_count, err))
        return false;
    if ((part = json_get(file, "probe"))) {
        if (!control_named(part, s, &name, err))
            return false;
        s->probe = service_control(s, name);
        const struct step *ask = s->probe->steps.items, *answer = ask + 1;
        if (s->probe->steps.count != 2 || ask->kind != STEP_SAY || ask->who != PARTY_CLIENT ||
            answer->kind != STEP_SAY || answer->who != PARTY_SERVER)
            return json_error(part, err, "a probe is one request and its answer");
    }
    if ((part = json_get(file, "first-control")) && !control_named(part, s, &s->first_control, err))
        return false;
    if ((part = json_get(file, "no-first-control")) && !json_string(part, &s->no_first_control, err))
        return false;
    if (!s->first_control == !s->no_first_control)
        return json_error(file, err, "expected either \"first-control\" or \"no-first-control\" with a reason");
    *out = s;
    return true;
}
