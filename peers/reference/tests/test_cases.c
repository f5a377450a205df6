/* The cases that can be asked, against the services that answer them; both are right if they agree. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "process.h"

static const struct {
    const char *service, *name;
} cases[] = {
    { "packet", "packet-lock-step" },
    { "packet", "packet-ahead" },
    { "packet", "packet-ahead-large" },
    { "packet", "packet-ahead-half-close" },
    { "packet", "packet-two-senders" },
    { "packet", "packet-wide-text" },
    { "packet", "packet-example" },
    { "packet", "packet-half-close" },
    { "packet", "packet-no-copies-first" },
    { "packet", "packet-no-copies-later" },
    { "packet", "packet-sent-ahead" },
    { "packet", "packet-counts-per-connection" },
    { "packet", "packet-copies-1" },
    { "packet", "packet-copies-255" },
    { "packet", "packet-copies-256" },
    { "packet", "packet-copies-4096" },
    { "packet", "packet-copies-31999" },
    { "chat", "chat-talk" },
    { "chat", "chat-three-talk" },
    { "chat", "chat-latecomer" },
    { "chat", "chat-goodbye" },
    { "chat", "chat-farewell-alone" },
    { "talk", "talk-two-talk" },
    { "talk", "talk-three-talk" },
    { "talk", "talk-goodbye" },
    { "messenger", "messenger-comes-back" },
    { "messenger", "messenger-two-write" },
    { "messenger", "messenger-nobody" },
    { "room", "room-login" },
    { "room", "room-two-talk" },
    { "telephony", "telephony-blocks" },
    { "telephony", "telephony-too-large" },
    { "update", "update-request" },
    { "update", "update-empty" },
    { "net-message", "net-message-three" },
    { "net-message", "net-message-referred-to" },
};

/* The port of a service, from what a peer says before it is ready. */
static unsigned port_of(struct process *p, const char *service)
{
    char name[32];
    unsigned port, found = 0;

    for (char *line; *(line = process_line(p)) && strcmp(line, "ready\n") != 0;)
        if (sscanf(line, "listening %31s %u", name, &port) == 2 && strcmp(name, service) == 0)
            found = port;
    return found;
}

Test(cases, are_answered_as_they_expect, .timeout = 30)
{
    static const char *const builds[] = { "--charset ansi", "--charset unicode",
                                          "--charset ansi --generation 6.0 --bits 32" };
    char arguments[256];

    for (size_t b = 0; b < COUNT_OF(builds); b++)
        for (size_t i = 0; i < COUNT_OF(cases); i++) {
            struct process server = process_start("reference", STDOUT_FILENO, builds[b]);
            snprintf(arguments, sizeof arguments, "--ask %s --case %s --dial 127.0.0.1:%u %s",
                     cases[i].service, cases[i].name, port_of(&server, cases[i].service),
                     builds[b]);
            struct process p = process_start("reference", STDERR_FILENO, arguments);
            cr_expect(eq(str, process_line(&p), ""), "%s, %s", cases[i].name, builds[b]);
            cr_expect(eq(int, process_status(&p), 0), "%s, %s", cases[i].name, builds[b]);
            kill(server.pid, SIGTERM);
            process_status(&server);
        }
}

Test(cases, say_what_was_not_as_they_expect, .timeout = 20)
{
    static const struct {
        const char *arguments, *answer, *words; // NULL: a reset
        int status;
    } rows[] = {
        { "packet --case packet-example", "'Recipient'", "packet 1: due was ", 1 },
        { "packet --case packet-example", "", "packet 1: no acknowledgement", 1 },
        { "chat --case chat-goodbye", "0100 'bye' 0000", "a was to hear \"\"", 1 },
        { "chat --case chat-goodbye", "0200 '' 0000", "a was to hear \"\"", 1 },
        { "chat --case chat-goodbye", "0100 '' 0100 ''", "a was to hear \"\"", 1 },
        { "chat --case chat-goodbye", "", "a was to hear \"\"", 1 },
        { "talk --case talk-goodbye", "0100 'x'", "a was to hear \"\"", 1 },
        { "messenger --case messenger-comes-back", "0300 'note' 'ann' ''", "a was to hear \"note\"", 1 },
        { "room --case room-login", "01000000 10270000 65000000 'zoe'", "a was to hear \"zoe\"", 1 },
        { "telephony --case telephony-blocks", "11000000 05000000 3132333435", "a was to hear \"12345\"", 1 },
        { "telephony --case telephony-blocks", "00000000 06000000 313233343536", "a was to hear \"12345\"", 1 },
        { "update --case update-request", "00", "a was to hear the end", 1 },
        { "update --case update-request", NULL, "a was to hear the end", 1 },
        { "chat --case chat-goodbye", "0100 '' 0000 00", "a was to hear the end", 1 },
        { "telephony --case telephony-too-large", "00000000 03000000 616263 01000000 00000000 00", "a was to hear the end", 1 },
        { "telephony --case telephony-too-large", "00000000 03000000 616263 02000000 00000000", "a was to hear \"\"", 1 },
        { "messenger --case messenger-comes-back", "0300 'note' '' 'ann' 0a00 '' '' 'x'", "a was to hear \"\"", 1 },
        { "net-message --case net-message-three", "0000", "a was to hear \"server\"", 1 },
        { "net-message --case net-message-three", "", "a was to hear \"server\"", 1 },
        { "net-message --case net-message-three", "ffff 0100 0b00 434e65744d657373616765 'serves' 'Hi' 80436d38", "a was to hear \"server\"", 1 },
        { "net-message --case net-message-three", "ffff 0100 0b00 434e65744d657373616765 'server' 'Ho' 80436d38", "a was to hear \"server\"", 1 },
        { "net-message --case net-message-three", "ffff 0100 0b00 434e65744d657373616765 'server' 'Hi' 81436d38", "a was to hear \"server\"", 1 },
        { "net-message --case net-message-three", "ffff 0100 0400 43416765 80436d38", "a was to hear \"server\"", 1 },
        { "net-message --case net-message-three", "ffff 0100 0b00 434e65744d657373616765 'server' 'Hi' 80436d38 0200", "a was to hear \"server\"", 1 }, // the first again
        { "net-message --case net-message-referred-to", "ffff 0100 0b00 434e65744d657373616765 'server' 'Hi' 80436d38 0200 0200", "a was to hear null", 1 },
        { "net-message --case net-message-referred-to", "ffff 0100 0b00 434e65744d657373616765 'server' 'Hi' 80436d38 0180 'server' 'Hi' 80436d38",
          "a was to hear the same object again", 1 },
        { "net-message --case net-message-referred-to",
          "ffff 0100 0b00 434e65744d657373616765 'server' 'Hi' 80436d38 0000",
          "a was to hear the same object again", 1 },
    };
    static const struct linger at_once = { .l_onoff = 1 };
    struct CSocket listener = CSOCKET_EMPTY, s = CSOCKET_EMPTY;
    char arguments[256];

    cr_assert(CSocket_Create(&listener, 0, SOCK_STREAM, "127.0.0.1"));
    cr_assert(CSocket_Listen(&listener, CSOCKET_BACKLOG));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        snprintf(arguments, sizeof arguments, "--charset ansi --dial 127.0.0.1:%u --ask %s",
                 CSocket_GetSockPort(&listener), rows[i].arguments);
        struct process p = process_start("reference", STDERR_FILENO, arguments);
        cr_assert(CSocket_Accept(&listener, &s));
        if (rows[i].answer) {
            say(&s, rows[i].answer);
            CSocket_ShutDown(&s);
        } else {
            cr_assert(eq(i64, CSocket_Receive(&s, arguments, 1), 1)); // it knows that it is connected
            setsockopt((int)s.handle, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
            CSocket_Close(&s);
        }
        const char *line = process_line(&p);
        cr_expect(eq(int, strncmp(line, rows[i].words, strlen(rows[i].words)), 0), "%s", line);
        CSocket_Close(&s);
        cr_expect(eq(int, process_status(&p), rows[i].status), "%s", rows[i].arguments);
    }
}

Test(cases, that_are_none_are_wrong_usage, .timeout = 10)
{
    static const char *const wrong[] = {
        "--ask packet --case packet-nonsense --dial 127.0.0.1:1",
        "--ask chat --case packet-example --dial 127.0.0.1:1",
        "--ask talk --case chat-talk --dial 127.0.0.1:1",
        "--ask telephony --dial 127.0.0.1:1",
        "--ask chat --dial 127.0.0.1:1",
        "--ask login --case login-right --dial 127.0.0.1:1",
    };

    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct process p = process_start("reference", STDERR_FILENO, wrong[i]);
        cr_expect(ne(chr, *process_line(&p), '\0'), "%s", wrong[i]);
        cr_expect(eq(int, process_status(&p), 2), "%s", wrong[i]);
    }
}
