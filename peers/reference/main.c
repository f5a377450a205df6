#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cases.h"
#include "chat.h"
#include "cwinthread.h"
#include "flaw.h"
#include "programs.h"
#include "samples.h"
#include "server.h"
#include "service.h"

static const struct service services[] = {
    { "conformance", conformance_serve, NULL },
    { "packet", packet_serve, NULL },
    { "chat", NULL, chat_host },
    { "login", login_serve, NULL },
    { "netorder", netorder_serve, NULL },
    { "talk", NULL, talk_host },
    { "messenger", NULL, messenger_host },
    { "room", NULL, room_of_numbers_host },
    { "telephony", telephony_serve, NULL },
    { "update", update_serve, NULL },
    { "net-message", net_message_serve, NULL },
    { NULL, NULL, NULL },
};

/* With archives that live for a message it is another service: references do not reach from one to the next. */
static const struct service services_per_message[] = {
    { "conformance-per-message", conformance_serve, NULL },
    { NULL, NULL, NULL },
};

struct options {
    struct server server;
    uint16_t port;
    char *dial; // HOST:PORT
    unsigned connections;
    const char *ask;     // the service to ask, instead of answering
    const char *packets; // … and what
    const char *name;    // … or the case to play
};

static const char help[] =
    "Answers the archive conformance service on MFC's CArchive, CSocketFile and CSocket, in C.\n"
    "\n"
    "  --port N             listen on 127.0.0.1, port N; 0, the default, lets the system choose\n"
    "  --dial HOST:PORT     dial the asker instead, and again when a connection ends\n"
    "  --connections K      how many connections to keep with --dial; 1 unless told\n"
    "  --ask packet         ask that service at the --dial address instead, or whoever dials --port, "
    "and check what it answers\n"
    "  --case NAME          with --ask and a service whose clients are there (packet, chat, talk, messenger, room,\n"
    "                       telephony, update, net-message): play that case, and check what comes\n"
    "  --packets V:C,...    with --ask packet: value and copies of each, instead of random ones\n"
    "  --generation G       4.2, 6.0, 7.0, 7.1, 8, 9 or 10, the default\n"
    "  --charset C          ansi, or unicode, the default\n"
    "  --bits B             32, or 64, the default; 4.2 and 6.0 exist for 32 only\n"
    "  --archive LIFE       connection, the default, or message: new archives for each request\n"
    "  --bugs               show the generation's genuine defects, too\n"
    "  --help               this text\n";

static _Noreturn void usage(const char *what, const char *value)
{
    fprintf(stderr, "%s: %s; --help tells more\n", value, what);
    exit(2);
}

static unsigned number(const char *value, unsigned long max, const char *what)
{
    char *end;
    unsigned long n = strtoul(value, &end, 10);

    if (*value < '0' || *value > '9' || *end || n > max)
        usage(what, value);
    return (unsigned)n;
}

static void charset(struct profile *p, const char *value)
{
    p->unicode = strcmp(value, "unicode") == 0;
    if (!p->unicode && strcmp(value, "ansi") != 0)
        usage("a charset is ansi or unicode", value);
}

static void options_parse(struct options *o, int argc, char **argv)
{
    static const struct option known[] = {
        { "port", required_argument, NULL, 'p' },
        { "dial", required_argument, NULL, 'd' },
        { "connections", required_argument, NULL, 'k' },
        { "ask", required_argument, NULL, 'q' },
        { "packets", required_argument, NULL, 'P' },
        { "case", required_argument, NULL, 'n' },
        { "generation", required_argument, NULL, 'g' },
        { "charset", required_argument, NULL, 'c' },
        { "bits", required_argument, NULL, 'b' },
        { "archive", required_argument, NULL, 'a' },
        { "bugs", no_argument, NULL, 'B' },
        { "help", no_argument, NULL, 'h' },
#ifdef FLAWED
        { "flaw", required_argument, NULL, 'f' },
        { "list-flaws", no_argument, NULL, 'l' },
        { "answers", required_argument, NULL, 'w' },
#endif
        { NULL, 0, NULL, 0 },
    };
    struct profile *p = &o->server.profile;
    const char *last = argv[0];
    int c;

    while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
        last = argv[optind - 1];
        switch (c) {
        case 'p':
            o->port = (uint16_t)number(optarg, 65535, "a port is a number up to 65535");
            break;
        case 'd':
            o->dial = optarg;
            break;
        case 'k':
            o->connections = number(optarg, 10000, "connections are a number up to 10000");
            break;
        case 'q':
            if (!case_service(optarg))
                usage("there is nothing to ask there", optarg);
            o->ask = optarg;
            break;
        case 'n':
            o->name = optarg;
            break;
        case 'P':
            o->packets = optarg;
            break;
        case 'g':
            p->generation = generation_find(optarg);
            if (!p->generation)
                usage("no such generation", optarg);
            break;
        case 'c':
            charset(p, optarg);
            break;
        case 'b':
            p->bits = number(optarg, 64, "bits are 32 or 64");
            if (p->bits != 32 && p->bits != 64)
                usage("bits are 32 or 64", optarg);
            break;
        case 'a':
            o->server.archive_per_message = strcmp(optarg, "message") == 0;
            o->server.services = o->server.archive_per_message ? services_per_message : services;
            if (!o->server.archive_per_message && strcmp(optarg, "connection") != 0)
                usage("archives live for a message or a connection", optarg);
            break;
        case 'B':
            p->bugs = true;
            break;
        case 'h':
            fputs(help, stdout);
            exit(0);
#ifdef FLAWED
        case 'f':
            if (!flaws_choose(optarg))
                usage("no such flaw; --list-flaws names them", optarg);
            break;
        case 'w':
            flaws_answers(optarg);
            break;
        case 'l':
            flaws_list();
            exit(0);
#endif
        default: // getopt has said it
            exit(2);
        }
    }
    if (optind < argc)
        usage("not an option", argv[optind]);
    if (o->ask && !o->name && strcmp(o->ask, "packet") != 0)
        usage("asking it takes --case NAME", o->ask);
    if (!profile_is_possible(p))
        usage("this generation exists for 32 bits only: add --bits 32", last);
}

static int ask(const struct options *o, struct asking *a)
{
    a->packets = o->packets;
    a->profile = &o->server.profile;
    int status = o->name ? case_ask(a, o->ask, o->name) : ask_packet(a);
    if (status == 2 && o->name)
        usage("there is no such case", o->name);
    if (status == 2)
        usage("packets are value:copies, separated by commas", o->packets);
    return status;
}

/* Asks whoever dials. */
static int wait_and_ask(const struct options *o)
{
    struct CSocket listener = CSOCKET_EMPTY;

    if (!CSocket_Create(&listener, o->port, SOCK_STREAM, "127.0.0.1") ||
        !CSocket_Listen(&listener, CSOCKET_BACKLOG)) {
        fprintf(stderr, "port %u: %s\n", o->port, CSocket_ErrorText(CSocket_GetLastError()));
        return 1;
    }
    printf("listening %s %u\nready\n", o->ask, CSocket_GetSockPort(&listener));
    fflush(stdout);
    int status = ask(o, &(struct asking){ .listener = &listener });
    CSocket_Close(&listener);
    return status;
}

static int dial(const struct options *o)
{
    char *colon = strrchr(o->dial, ':');

    if (!colon || colon == o->dial)
        usage("--dial takes HOST:PORT", o->dial);
    *colon = '\0';
    unsigned port = number(colon + 1, 65535, "a port is a number up to 65535");
    if (o->ask)
        return ask(o, &(struct asking){ .host = o->dial, .port = (uint16_t)port });
    return server_dial(&o->server, o->dial, (uint16_t)port, o->connections);
}

static void leave(int sig)
{
    (void)sig;
    _exit(0);
}

int main(int argc, char **argv)
{
    struct options o = {
        .server = { .services = services,
                    .profile = { .generation = generation_find("10"),
                                 .unicode = true,
                                 .bits = 64 } },
        .connections = 1,
    };

    options_parse(&o, argc, argv);
#ifdef SIGPIPE
    signal(SIGPIPE, SIG_IGN);
#endif
    signal(SIGTERM, leave);
    signal(SIGINT, leave);
    if (!AfxSocketInit(&o.server.profile))
        return 1;
    return o.dial ? dial(&o) : o.ask ? wait_and_ask(&o) : server_listen(&o.server, o.port);
}
