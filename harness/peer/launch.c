#include "peer/launch.h"

#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "peer/tree.h"

/* Replaces {build} {dir} {host} {port} {files} {socket} {user} {service} {case}; anything else in braces is left alone. */
static const char *fill(const char *from, const struct places *places, struct arena *keep)
{
    struct {
        const char *mark, *text;
    } marks[] = { { "{build}", places->build }, { "{dir}", places->directory }, { "{host}", places->host },
                  { "{port}", places->port },   { "{files}", places->files },   { "{user}", places->user },
                  { "{socket}", places->socket },
                  { "{service}", places->service }, { "{case}", places->id } };
    TEXT(out);

    while (*from) {
        size_t k = 0;
        while (k < COUNT_OF(marks) && (!marks[k].text || strncmp(from, marks[k].mark, strlen(marks[k].mark)) != 0))
            k++;
        if (k == COUNT_OF(marks)) {
            text_char(&out, *from++);
        } else {
            text_add(&out, marks[k].text);
            from += strlen(marks[k].mark);
        }
    }
    return arena_string(keep, text_string(&out));
}

static size_t count_words(const char *const *words)
{
    size_t n = 0;

    while (words && words[n])
        n++;
    return n;
}

static const char *const *fill_words(const char *const *words, struct peer *p)
{
    size_t n = count_words(words);
    const char **out = ARENA_ARRAY(&p->keep, n + 1, const char *);

    for (size_t i = 0; i < n; i++)
        out[i] = fill(words[i], &p->places, &p->keep);
    return out;
}

/* The manifest's command for it, or NULL. */
static const char *const *command_of(const struct launch *l)
{
    const struct manifest *m = l->manifest;

    if (l->id)
        return !m->ask ? NULL : l->dial_to ? m->ask->command : m->ask->listen;
    return l->dial_to ? m->dial : m->listen ? m->listen : m->stdio;
}

static bool make_files(const struct launch *l, struct peer *p, struct error *err)
{
    const struct manifest *m = l->manifest;
    char path[] = "/tmp/arcwire-XXXXXX";

    if (!manifest_has_files(m, l->variant))
        return true;
    if (!mkdtemp(path))
        return error_errno(err, "%s", path);
    chmod(path, 0755); // a peer that gives up root still reads its files
    p->places.files = arena_string(&p->keep, path);
    if (!l->dial_to && manifest_uses_socket(command_of(l)))
        p->places.socket = arena_printf(&p->keep, "%s/socket", path);
    for (size_t i = 0; i < m->file_count; i++) {
        TEXT(content);
        for (const char *const *line = m->files[i].lines; *line; line++) {
            text_add(&content, fill(*line, &p->places, &p->keep));
            text_char(&content, '\n');
        }
        if (!file_write(arena_printf(&p->keep, "%s/%s", path, m->files[i].name), buffer_bytes(&content.b), err))
            return false;
    }
    return true;
}

static const char *user_name(struct arena *keep)
{
    const struct passwd *who = geteuid() == 0 ? getpwnam("nobody") : getpwuid(geteuid());

    return arena_string(keep, who ? who->pw_name : "nobody");
}

/* {host} and {port}: where it dials, or where it listens as far as that is not its own to choose. */
static bool find_port(const struct launch *l, enum port_keeping keeping, struct peer *p, struct error *err)
{
    const struct manifest *m = l->manifest;
    struct address held = address_loopback(0);
    char text[ADDRESS_TEXT];

    if (l->dial_to) {
        address_print(l->dial_to, text, sizeof text);
        if (address_is_local(l->dial_to)) {
            p->places.socket = arena_string(&p->keep, text + strlen("unix:"));
            return true;
        }
        *strrchr(text, ':') = 0;
        p->places.host = arena_string(&p->keep, text);
        p->places.port = arena_printf(&p->keep, "%u", address_port(l->dial_to));
        return true;
    }
    p->places.host = "127.0.0.1";
    if (m->port) {
        p->places.port = arena_printf(&p->keep, "%u", m->port);
    } else if (l->id ? manifest_ask_tells_port(m, l->variant) : manifest_tells_port(m, l->variant)) {
        if (!net_bind(&held, &p->held, err))
            return false;
        p->places.port = arena_printf(&p->keep, "%u", address_port(&held));
        if (keeping == PORT_FREED)
            fd_close(&p->held);
    }
    return true;
}

bool launch_prepare(const struct launch *l, enum port_keeping keeping, struct peer *p, struct error *err)
{
    const struct manifest *m = l->manifest;
    char here[PATH_MAX];

    if (!command_of(l))
        return error_set(err, ERROR_PEER, "%s: has no %s\"%s\" command", m->path, l->id ? "\"ask\" with a " : "",
                         l->id && l->dial_to ? "command" : l->dial_to ? "dial" : "listen");
    p->places.service = l->service;
    p->places.id = l->id;
    p->places.build = l->build;
    p->places.directory = arena_string(&p->keep, realpath(m->directory, here) ? here : m->directory);
    p->places.user = user_name(&p->keep);
    return find_port(l, keeping, p, err) && make_files(l, p, err);
}

static struct command command_make(const struct launch *l, struct peer *p, const char *const *const *parts, size_t count)
{
    const struct manifest *m = l->manifest;
    struct command c = { 0 };
    size_t n = 0;

    for (size_t i = 0; i < count; i++)
        n += count_words(parts[i]);
    c.argv = ARENA_ARRAY(&p->keep, n + 1, const char *);
    n = 0;
    for (size_t i = 0; i < count; i++)
        for (const char *const *w = parts[i]; w && *w; w++)
            c.argv[n++] = fill(*w, &p->places, &p->keep);
    if (m->environment)
        c.environment = fill_words(m->environment, p);
    if (m->work) {
        const char *work = fill(m->work, &p->places, &p->keep);
        c.directory = *work == '/' ? work : arena_printf(&p->keep, "%s/%s", p->places.directory, work);
    }
    return c;
}

struct command launch_command(const struct launch *l, struct peer *p)
{
    const char *const *parts[] = { l->under, command_of(l), l->variant ? l->variant->arguments : NULL };

    return command_make(l, p, parts, COUNT_OF(parts));
}

struct command launch_reset(const struct launch *l, struct peer *p)
{
    const char *const *parts[] = { l->manifest->reset };

    return command_make(l, p, parts, COUNT_OF(parts));
}

static const char *below(const char *directory, const char *path, struct arena *keep)
{
    return directory && *path != '/' ? arena_printf(keep, "%s/%s", directory, path) : path;
}

/* A program's path, as execvp will look for it; NULL: it is not there. */
static const char *program_path(const char *program, const char *directory, struct arena *keep)
{
    if (strchr(program, '/')) {
        const char *there = below(directory, program, keep);
        return access(there, X_OK) == 0 ? there : NULL;
    }
    const char *path = getenv("PATH");
    char *rest = arena_string(keep, path ? path : "/usr/bin:/bin");
    for (char *d; (d = strsep(&rest, ":"));) {
        const char *there = arena_printf(keep, "%s/%s", *d ? d : ".", program);
        if (access(there, X_OK) == 0)
            return there;
    }
    return NULL;
}

/* Makes *p and what is to be launched as far as it can be told before a port and a case are known. */
static struct launch launch_outline(const struct launch *l, struct peer *p)
{
    static const struct address somewhere;
    struct launch plain = *l;
    char here[PATH_MAX];

    *p = peer_none;
    if (!l->manifest->listen && !l->manifest->stdio && !l->manifest->dial)
        plain.id = "";
    plain.dial_to = NULL;
    if (!command_of(&plain))
        plain.dial_to = &somewhere; // whichever command there is
    p->places = (struct places){ .build = l->build, .directory = l->manifest->directory };
    if (realpath(l->manifest->directory, here))
        p->places.directory = arena_string(&p->keep, here);
    return plain;
}

bool peer_installed(const struct launch *l, struct arena *keep, const char **missing)
{
    struct peer p;
    struct launch plain = launch_outline(l, &p);
    bool good = true;

    struct command all = launch_command(&plain, &p);
    plain.under = NULL;
    struct command own = launch_command(&plain, &p);
    const char *const programs[] = { own.argv[0], all.argv[0] };
    for (size_t i = 0; good && i < COUNT_OF(programs); i++) {
        *missing = arena_string(keep, programs[i]);
        good = program_path(programs[i], own.directory, keep) != NULL;
    }
    arena_free(&p.keep);
    return good;
}

const char *const *peer_files(const struct launch *l, struct arena *keep)
{
    struct peer p;
    struct launch plain = launch_outline(l, &p);
    struct stat st;
    size_t n = 0;

    plain.under = NULL;
    struct command c = launch_command(&plain, &p);
    const char **out = ARENA_ARRAY(keep, count_words(c.argv) + 1, const char *);
    for (size_t i = 0; c.argv[i]; i++) {
        const char *path = i == 0 ? program_path(c.argv[i], c.directory, keep) : below(c.directory, c.argv[i], keep);
        if (path && stat(path, &st) == 0 && S_ISREG(st.st_mode))
            out[n++] = arena_string(keep, path);
    }
    arena_free(&p.keep);
    return out;
}
