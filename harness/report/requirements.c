#include "report/requirements.h"

#include <fnmatch.h>

#include "json/json.h"
#include "report/html_case.h"
#include "report/html_page.h"
#include "report/markup.h"

/* ---- the file ---- */

static bool read_strings(const struct json *of, const char *key, struct arena *keep, const char *const **out, struct error *err)
{
    const struct json *list = json_get(of, key);
    size_t n = 0;

    if (list && !json_is(list, JSON_ARRAY, err))
        return false;
    const char **strings = ARENA_ARRAY(keep, list ? list->count + 1 : 1, const char *);
    *out = strings;
    if (!list)
        return true;
    for json_each (one, list)
        if (!json_string(one, &strings[n++], err))
            return false;
    return true;
}

static bool read_one(const struct json *from, struct arena *keep, struct report_requirement *out, struct error *err)
{
    static const char *const keys[] = { "id", "title", "cases", "clauses", "note", NULL };
    const struct json *title;

    if (!json_is(from, JSON_OBJECT, err) || !json_known(from, keys, err))
        return false;
    if (!json_get(from, "id"))
        return json_error(from, err, "has no \"id\"");
    out->title = "";
    if (!json_string(json_get(from, "id"), &out->id, err) || ((title = json_get(from, "title")) && !json_string(title, &out->title, err)) ||
        !read_strings(from, "cases", keep, &out->cases, err) || !read_strings(from, "clauses", keep, &out->clauses, err))
        return false;
    return out->cases[0] || out->clauses[0] || json_error(from, err, "names neither \"cases\" nor \"clauses\": nothing could show it");
}

static bool read_all(const struct json *root, struct arena *keep, struct report_requirements *out, struct error *err)
{
    static const char *const keys[] = { "format", "requirements", NULL };
    const struct json *list;
    uint64_t format;

    if (!json_is(root, JSON_OBJECT, err) || !json_known(root, keys, err))
        return false;
    if (!json_get(root, "format") || !json_u64(json_get(root, "format"), 1, &format, err) || format != 1)
        return json_error(root, err, "expected \"format\": 1");
    if (!(list = json_get(root, "requirements")))
        return json_error(root, err, "has no \"requirements\"");
    if (!json_is(list, JSON_ARRAY, err))
        return false;
    out->items = ARENA_ARRAY(keep, list->count, struct report_requirement);
    for
        json_each (one, list) {
            struct report_requirement *q = &out->items[out->count];
            if (!read_one(one, keep, q, err))
                return false;
            for (size_t i = 0; i < out->count; i++)
                if (strcmp(out->items[i].id, q->id) == 0)
                    return json_error(one, err, "two requirements are called \"%s\"", q->id);
            out->count++;
        }
    return true;
}

/* ---- which cases show it ---- */

static bool has(const struct report_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->names[i], name) == 0)
            return true;
    return false;
}

/* A clause may be cited by a single check. */
static bool cites(const struct report_case *c, const char *clause)
{
    if (has(&c->clauses, clause))
        return true;
    for (const struct report_result *r = c->first; r; r = r->next)
        for (const struct report_check *k = r->checks; k < r->checks + r->check_count; k++)
            if (!k->control && has(&k->clauses, clause))
                return true;
    return false;
}

static bool is_meant(const struct report_requirement *q, const struct report_case *c)
{
    for (const char *const *pattern = q->cases; *pattern; pattern++)
        if (fnmatch(*pattern, c->id, 0) == 0 || fnmatch(*pattern, c->suite, 0) == 0)
            return true;
    for (const char *const *clause = q->clauses; *clause; clause++)
        if (cites(c, *clause))
            return true;
    return false;
}

static void find_cases(struct report_requirement *q, const struct report *r, struct arena *keep)
{
    q->shown_by = ARENA_ARRAY(keep, r->case_count, const struct report_case *);
    for (const struct report_case *c = r->cases; c; c = c->next) {
        if (!is_meant(q, c))
            continue;
        q->shown_by[q->count++] = c;
        q->totals[c->verdict]++;
        q->tested += report_verdicts[c->verdict].tested;
        if (report_verdicts[c->verdict].bad && !q->bad)
            q->bad = c;
    }
}

bool report_requirements_read(const char *path, const struct report *r, struct arena *keep, struct report_requirements *out, struct error *err)
{
    const struct json *root;

    *out = (struct report_requirements){ 0 };
    if (!json_read(path, keep, &root, err) || !read_all(root, keep, out, err))
        return false;
    for (size_t i = 0; i < out->count; i++) {
        find_cases(&out->items[i], r, keep);
        out->unshown += out->items[i].tested == 0;
    }
    return true;
}

/* ---- as CSV ---- */

static void add_cell(struct text *to, const char *value, bool last)
{
    if (strpbrk(value, ",\"\r\n")) {
        text_char(to, '"');
        for (; *value; value++) {
            if (*value == '"')
                text_char(to, '"');
            text_char(to, *value);
        }
        text_char(to, '"');
    } else {
        text_add(to, value);
    }
    text_add(to, last ? "\r\n" : ",");
}

static void add_line(struct text *to, const struct report_requirement *q, const struct report_case *c, const char *verdict)
{
    add_cell(to, q->id, false);
    add_cell(to, q->title, false);
    add_cell(to, c ? c->suite : "", false);
    add_cell(to, c ? c->id : "", false);
    add_cell(to, verdict, true);
}

void report_trace(const struct report *r, struct text *to)
{
    const struct report_requirements *all = r->requirements;

    text_add(to, "requirement,title,suite,case,verdict\r\n");
    for (size_t i = 0; all && i < all->count; i++) {
        const struct report_requirement *q = &all->items[i];
        for (size_t k = 0; k < q->count; k++)
            add_line(to, q, q->shown_by[k], report_verdicts[q->shown_by[k]->verdict].name);
        if (q->tested == 0)
            add_line(to, q, NULL, "not-shown");
    }
}

/* ---- in the page ---- */

void report_requirements_html(const struct report_requirements *all, struct text *to)
{
    text_add(to, "\n<section><h2 id=requirements>Requirements</h2><p class=sum>");
    markup_counted(to, all->count, "requirement");
    if (all->unshown) {
        text_add(to, ", of which ");
        markup_count(to, all->unshown);
        text_add(to, all->unshown == 1 ? " is shown by no case of this run" : " are shown by no case of this run");
    }
    text_add(to, ".</p><div class=scroll tabindex=0 role=region aria-labelledby=requirements><table class=k><thead><tr><th scope=col>Requirement<th "
                 "scope=col>What it asks for<th scope=col>Cases<tbody>");
    for (size_t i = 0; i < all->count; i++) {
        const struct report_requirement *q = &all->items[i];
        TEXT(link);
        if (q->bad) {
            text_add(&link, "#case=");
            markup_fragment(&link, q->bad->id);
        }
        text_add(to, "<tr><th scope=row>");
        html_add(to, q->id);
        text_add(to, "<td class=said>");
        html_add(to, q->title);
        if (q->tested == 0)
            text_add(to, q->count ? " <small>no case that shows it was played</small>" : " <small>no case of this run shows it</small>");
        html_page_cell(to, q->totals, q->bad ? text_string(&link) : NULL, NULL);
    }
    text_add(to, "</table></div></section>");
}
