/*
 * `arcwire fmt` and `arcwire new`: suites and services in their canonical form, golden bytes filled in, a new case.
 */
#include "app/app.h"

#include <stdio.h>

#include "base/file.h"
#include "json/edit.h"
#include "vector/fmt.h"

#define FILE_MAX (256u << 20) // bytes

/* Whether the file was not what it should be; then it is, unless it is only to be checked. */
static bool format(const struct options *o, const char *path, const struct library *lib, bool *changed, struct error *err)
{
    SCRATCH(keep);
    const struct json *tree;
    struct bytes old;
    size_t pinned = 0;
    TEXT(out);

    if (!json_read(path, &keep, &tree, err) || !file_read(path, FILE_MAX, &keep, &old, err))
        return false;
    if (o->pin && json_get(tree, "suite") && !fmt_pin(tree, lib, &keep, &tree, &pinned, err))
        return false;
    fmt_print(&out, tree);
    *changed = !bytes_equal(buffer_bytes(&out.b), old);
    if (!*changed)
        return true;
    if (o->check)
        printf("%s is not in its canonical form\n", path);
    else if (!file_write(path, buffer_bytes(&out.b), err))
        return false;
    else if (pinned)
        printf("%s: formatted, %zu pinned\n", path, pinned);
    else
        printf("%s: formatted\n", path);
    return true;
}

int command_fmt(const struct options *o)
{
    struct library lib = { 0 };
    struct error err;
    bool some = false;

    if (o->word_count == 0) {
        fputs("arcwire fmt: expected files of suites or services; see arcwire fmt --help\n", stderr);
        return EXIT_USAGE;
    }
    // Rows without bytes do not load, so the suites are left out: only services are needed.
    if (o->pin && !services_open(o, &lib, &err)) {
        library_free(&lib);
        return fail(&err);
    }
    for (size_t i = 0; i < o->word_count; i++) {
        bool changed = false;
        if (!format(o, o->words[i], &lib, &changed, &err)) {
            library_free(&lib);
            return fail(&err);
        }
        some |= changed;
    }
    library_free(&lib);
    return some && o->check ? EXIT_UNEXPECTED : EXIT_EXPECTED;
}

/* The case goes to the end of the suite's list. */
static bool suite_add(const char *path, const struct json *suite, const struct json *new_case, struct arena *keep,
                      struct error *err)
{
    struct json *copy = json_clone(suite, keep), *list = (struct json *)json_get(copy, "cases");
    TEXT(out);

    if (list && !json_is(list, JSON_ARRAY, err))
        return false;
    if (!list)
        json_append(copy, list = json_make("cases", JSON_ARRAY, keep));
    json_append(list, (struct json *)new_case);
    fmt_print(&out, copy);
    return file_write(path, buffer_bytes(&out.b), err);
}

int command_new(const struct options *o)
{
    SCRATCH(keep);
    struct library lib = { 0 };
    struct error err = { 0 };
    const struct json *suite = NULL;
    const char *service = o->service ? o->service : "conformance", *name = NULL;
    int status = EXIT_EXPECTED;

    if (o->word_count != 1 || !vector_id_valid(o->words[0])) {
        fputs("arcwire new: expected one id, [a-z0-9][a-z0-9.-]*, that begins with the suite's name\n", stderr);
        return EXIT_USAGE;
    }
    if (o->suite && o->service) {
        fputs("arcwire new: --suite has a service, --service names another\n", stderr);
        return EXIT_USAGE;
    }
    bool good = library_open(o, &lib, &err) && (!o->suite || json_read(o->suite, &keep, &suite, &err));
    const struct json *of = good && suite ? json_get(suite, "service") : NULL, *called = suite ? json_get(suite, "suite") : NULL;
    if (good && suite && (!of || !called))
        good = json_error(suite, &err, "is no suite: \"suite\" and \"service\" are missing");
    good = good && (!suite || (json_string(of, &service, &err) && json_string(called, &name, &err)));
    if (good && name && strncmp(o->words[0], name, strlen(name)) != 0)
        good = error_set(&err, ERROR_USAGE, "the id \"%s\" does not begin with the suite's name, %s", o->words[0], name);
    for (size_t i = 0; good && i < lib.suite_count; i++)
        for (size_t k = 0; good && k < lib.suites[i].count; k++)
            if (strcmp(lib.suites[i].vectors[k].id, o->words[0]) == 0)
                good = json_error(lib.suites[i].vectors[k].at, &err, "a case is called \"%s\" already", o->words[0]);
    const struct service *s = good ? library_service(&lib, service) : NULL;
    if (good && !s)
        good = error_set(&err, ERROR_USAGE, "no service is called \"%s\"", service);
    if (!good) {
        status = fail(&err);
    } else if (suite) {
        const struct json *made = fmt_new_case(o->words[0], s, &keep);
        if (!suite_add(o->suite, suite, made, &keep, &err))
            status = fail(&err);
        else
            printf("%s: %s added; it passes as it is: now say what it shows\n", o->suite, o->words[0]);
    } else {
        struct json *alone = json_make(NULL, JSON_OBJECT, &keep), *list = json_make("cases", JSON_ARRAY, &keep);
        TEXT(out);
        json_append(alone, list);
        json_append(list, (struct json *)fmt_new_case(o->words[0], s, &keep));
        fmt_print_case(&out, list->first);
        fputs(text_string(&out), stdout);
    }
    library_free(&lib);
    return status;
}
