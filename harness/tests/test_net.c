/*
 * Addresses of all kinds, and sockets that listen on them.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fd.h"
#include "net/net.h"

#define LONGEST 107 // bytes of a path, the end not counted [unix(7)]

// clang-format off
static const struct written {
    const char *text, *printed; // NULL: it is none
    bool local;
    const char *complaint;
} written[] = {
    { "127.0.0.1:4242",     "127.0.0.1:4242",  false, NULL },
    { "[127.0.0.1]:4242",   "127.0.0.1:4242",  false, NULL },
    { "[::1]:4242",         "[::1]:4242",      false, NULL },
    { "::1:4242",           "[::1]:4242",      false, NULL },
    { "[::1]:0",            "[::1]:0",         false, NULL },
    { "unix:/tmp/a socket", "unix:/tmp/a socket", true, NULL },
    { "unix:here",          "unix:here",       true,  NULL },
    { "unix:a:1",           "unix:a:1",        true,  NULL },
    { "unix:@name",         "unix:@name",      true,  NULL },
    { "unix:@@",            "unix:@@",         true,  NULL },
    { "unix:",              NULL,              false, "\"unix:\" is no address: expected unix:PATH or unix:@NAME" },
    { "unix:@",             NULL,              false, "\"unix:@\" is no address: expected unix:PATH or unix:@NAME" },
    { "here",               NULL,              false, "\"here\" is no address: expected HOST:PORT, unix:PATH or unix:@NAME" },
    { "/tmp/a",             NULL,              false, "\"/tmp/a\" is no address: expected HOST:PORT, unix:PATH or unix:@NAME" },
    { "[::1]",              NULL,              false, "\"[::1]\" is no address: expected HOST:PORT, unix:PATH or unix:@NAME" },
    { "[::1]:65536",        NULL,              false, "\"[::1]:65536\" is no address: expected HOST:PORT, unix:PATH or unix:@NAME" },
    { ":1",                 NULL,              false, "\":1\" is no address: expected HOST:PORT, unix:PATH or unix:@NAME" },
};
// clang-format on

Test(net, an_address_reads_as_it_is_printed)
{
    for (const struct written *t = written; t < written + COUNT_OF(written); t++) {
        struct address a;
        struct error err = { 0 };
        char text[ADDRESS_TEXT];
        bool good = address_parse(t->text, &a, &err);
        cr_assert(eq(int, good, t->printed != NULL), "%s: %s", t->text, err.text);
        if (!good) {
            cr_expect(eq(int, (int)err.kind, ERROR_USAGE), "%s", t->text);
            cr_expect(eq(str, err.text, (char *)t->complaint));
            continue;
        }
        address_print(&a, text, sizeof text);
        cr_expect(eq(str, text, (char *)t->printed));
        cr_expect(eq(int, address_is_local(&a), t->local), "%s", t->text);
    }
}

Test(net, a_path_has_a_longest_length)
{
    char text[5 + LONGEST + 2] = "unix:";

    for (int name = 0; name < 2; name++) {
        struct address a;
        struct error err = { 0 };
        char printed[ADDRESS_TEXT];
        memset(text + 5, 'a', LONGEST);
        text[5] = name ? '@' : 'a';
        text[5 + LONGEST] = 0;
        cr_assert(address_parse(text, &a, &err), "%s", err.text);
        address_print(&a, printed, sizeof printed);
        cr_expect(eq(str, printed, text));
        strcat(text, "b");
        cr_expect(not(address_parse(text, &a, &err)));
        cr_expect(eq(int, (int)err.kind, ERROR_USAGE));
        cr_expect(strncmp(err.text, "the path of a socket has at most 107 bytes, and here are 108: ", 62) == 0, "%s", err.text);
    }
}

/* Whether a byte goes from one end to the other. */
static bool carries(int from, int to)
{
    char byte = 0;

    return send(from, "x", 1, MSG_NOSIGNAL) == 1 && recv(to, &byte, 1, MSG_WAITALL) == 1 && byte == 'x';
}

Test(net, a_port_of_each_kind_refuses_until_it_listens_and_then_connects, .timeout = 10)
{
    char path[] = "/tmp/arcwire-net-XXXXXX";
    SCRATCH(keep);

    cr_assert(mkdtemp(path) != NULL);
    const char *at[] = { "127.0.0.1:0", "[::1]:0", arena_printf(&keep, "unix:%s/socket", path), arena_printf(&keep, "unix:@%s", path) };
    for (size_t i = 0; i < COUNT_OF(at); i++) {
        struct address a;
        struct error err = { 0 };
        AUTO_CLOSE int listener = -1;
        AUTO_CLOSE int one = -1;
        cr_assert(address_parse(at[i], &a, &err) && net_bind(&a, &listener, &err), "%s", err.text);
        int wrong = net_connect(&a, &one);
        cr_expect(eq(int, wrong ? wrong : net_connected(one), ECONNREFUSED), "%s", at[i]);
        fd_close(&one);
        cr_assert(net_listen(listener, &err));
        cr_assert(eq(int, net_connect(&a, &one), 0), "%s", at[i]);
        AUTO_CLOSE int other = net_accept(listener);
        cr_assert(other >= 0 && net_connected(one) == 0, "%s", at[i]);
        cr_expect(carries(one, other) && carries(other, one), "%s", at[i]);
        cr_expect(eq(int, net_progress(one).segments > 0, !address_is_local(&a)), "%s: a local socket has no segments", at[i]);
        net_unbind(&a);
        cr_expect(eq(int, address_port(&a) > 0, !address_is_local(&a)), "%s", at[i]);
    }
    cr_expect(rmdir(path) == 0, "no file is left");
}

Test(net, a_file_that_is_there_is_not_taken_away)
{
    char path[] = "/tmp/arcwire-net-XXXXXX";
    struct address a;
    struct error err = { 0 };
    int listener = -1;
    SCRATCH(keep);

    AUTO_CLOSE int file = mkstemp(path);
    cr_assert(file >= 0);
    cr_assert(address_parse(arena_printf(&keep, "unix:%s", path), &a, &err));
    cr_expect(not(net_bind(&a, &listener, &err)));
    cr_expect(eq(int, (int)err.kind, ERROR_PEER));
    cr_expect(strstr(err.text, "which is there already: remove it if nobody listens on it") != NULL, "%s", err.text);
    cr_expect(unlink(path) == 0);
}
