#include "report/separation.h"

#include "report/talk.h"

static bool read_shown(const struct json *from, const char *key, const char *len_key, struct arena *keep, struct report_shown *out, struct error *err)
{
    return member_string(from, key, keep, &out->hex, err) && member_u64(from, len_key, &out->len, err);
}

static bool read_cause(const struct json *from, struct arena *keep, struct report_suspect *out, struct error *err)
{
    const struct json *fits;

    if (!json_is(from, JSON_OBJECT, err) || !member_string(from, "cause", keep, &out->cause, err) ||
        !member_string(from, "summary", keep, &out->summary, err) || !read_shown(from, "says", "says-len", keep, &out->says, err))
        return false;
    if (!out->cause || !out->summary)
        return json_error(from, err, "has no \"cause\" or no \"summary\"");
    fits = json_get(from, "fits");
    return !fits || json_bool(fits, &out->fits, err);
}

bool report_separation_read(const struct json *check, struct arena *keep, const struct report_separation **out, struct error *err)
{
    const struct json *from = json_get(check, "separated"), *causes;
    const char *outcome = NULL;

    if (!from)
        return true;
    struct report_separation *s = ARENA_NEW(keep, struct report_separation);
    *s = (struct report_separation){ .sentence = "" };
    if (!json_is(from, JSON_OBJECT, err) || !member_string(from, "outcome", keep, &outcome, err) ||
        !member_string(from, "sentence", keep, &s->sentence, err) || !member_string(from, "request", keep, &s->request, err) ||
        !member_string(from, "values", keep, &s->values, err) || !read_shown(from, "sent", "sent-len", keep, &s->sent, err) ||
        !read_shown(from, "due", "due-len", keep, &s->due, err) || !read_shown(from, "got", "got-len", keep, &s->got, err) ||
        !member_array(from, "causes", &causes, err))
        return false;
    if (causes) {
        s->suspects = ARENA_ARRAY(keep, causes->count, struct report_suspect);
        for json_each (c, causes)
            if (!read_cause(c, keep, &s->suspects[s->suspect_count++], err))
                return false;
    }
    s->confirmed = outcome && strcmp(outcome, "confirmed") == 0;
    *out = s;
    return true;
}

static void put(struct json_out *j, const char *key, const char *value)
{
    if (value)
        json_put_string(j, key, value);
}

static void put_shown(struct json_out *j, const char *key, const char *len_key, const struct report_shown *s)
{
    put(j, key, s->hex);
    if (s->len)
        json_put_u64(j, len_key, s->len);
}

void report_separation_put(struct json_out *j, const struct report_separation *s)
{
    json_begin(j, "separated", '{');
    json_put_string(j, "outcome", s->confirmed ? "confirmed" : "open");
    json_put_string(j, "sentence", s->sentence);
    put(j, "request", s->request);
    put(j, "values", s->values);
    put_shown(j, "sent", "sent-len", &s->sent);
    put_shown(j, "due", "due-len", &s->due);
    put_shown(j, "got", "got-len", &s->got);
    if (s->suspect_count) {
        json_begin(j, "causes", '[');
        for (const struct report_suspect *one = s->suspects; one < s->suspects + s->suspect_count; one++) {
            json_begin(j, NULL, '{');
            json_put_string(j, "cause", one->cause);
            json_put_string(j, "summary", one->summary);
            put_shown(j, "says", "says-len", &one->says);
            json_put_bool(j, "fits", one->fits);
            json_end(j, '}');
        }
        json_end(j, ']');
    }
    json_end(j, '}');
}
