/* The program as a process: its command line, its ways of meeting, its ends. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "process.h"
#include "reference/asker.h"
#include "reference/samples.h"

Test(program, ends_with_status_0_when_it_is_told_to, .timeout = 10)
{
    static const int signals[] = { SIGTERM, SIGINT };

    for (size_t i = 0; i < COUNT_OF(signals); i++) {
        struct process p = process_start_ready("reference", "--port 0");
        cr_expect(ne(int, p.port, 0));
        kill(p.pid, signals[i]);
        cr_expect(eq(int, process_status(&p), 0));
    }
}

Test(program, says_in_one_line_what_is_wrong_with_its_usage, .timeout = 10)
{
    static const struct {
        const char *words, *told; // the end of the line
    } wrong[] = {
        { "--nonsense", ": unrecognized option '--nonsense'" },
        { "--flaw mute", ": unrecognized option '--flaw'" },
        { "--port", ": option '--port' requires an argument" },
        { "--port x", "x: a port is a number up to 65535; --help tells more" },
        { "--port 80x", "80x: a port is a number up to 65535; --help tells more" },
        { "--port 65536", "65536: a port is a number up to 65535; --help tells more" },
        { "--generation 5.0", "5.0: no such generation; --help tells more" },
        { "--charset ebcdic", "ebcdic: a charset is ansi or unicode; --help tells more" },
        { "--bits 16", "16: bits are 32 or 64; --help tells more" },
        { "--bits 65", "65: bits are 32 or 64; --help tells more" },
        { "word", "word: not an option; --help tells more" },
        { "--generation 6.0",
          "6.0: this generation exists for 32 bits only: add --bits 32; --help tells more" },
        { "--generation 4.2 --bits 64",
          "64: this generation exists for 32 bits only: add --bits 32; --help tells more" },
        { "--dial nowhere", "nowhere: --dial takes HOST:PORT; --help tells more" },
        { "--dial :4000", ":4000: --dial takes HOST:PORT; --help tells more" },
        { "--dial 127.0.0.1:x", "x: a port is a number up to 65535; --help tells more" },
        { "--dial 127.0.0.1:", ": a port is a number up to 65535; --help tells more" },
        { "--dial 127.0.0.1:65536", "65536: a port is a number up to 65535; --help tells more" },
        { "--connections -1", "-1: connections are a number up to 10000; --help tells more" },
        { "--connections 10001", "10001: connections are a number up to 10000; --help tells more" },
        { "--archive always",
          "always: archives live for a message or a connection; --help tells more" },
        { "--ask chat", "chat: asking it takes --case NAME; --help tells more" },
        { "--ask packet --packets 1: --dial 127.0.0.1:1",
          "1:: packets are value:copies, separated by commas; --help tells more" },
        { "--ask login", "login: there is nothing to ask there; --help tells more" },
        { "--ask chat --dial 127.0.0.1:1 --case none",
          "none: there is no such case; --help tells more" },
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct process p = process_start("reference", STDERR_FILENO, wrong[i].words);
        char said[256];
        snprintf(said, sizeof said, "%s", process_line(&p));
        said[strcspn(said, "\n")] = '\0';
        size_t len = strlen(said), due = strlen(wrong[i].told);
        cr_expect(eq(str, len >= due ? said + len - due : said, (char *)wrong[i].told));
        cr_expect(eq(chr, *process_line(&p), '\0'), "%s", wrong[i].words);
        cr_expect(eq(int, process_status(&p), 2), "%s", wrong[i].words);
    }
}

/* Up to --help, which stands last, all is understood, or there would be no help. */
Test(program, takes_the_largest_and_the_smallest_of_each_option, .timeout = 10)
{
    static const char *const right[] = {
        "", "--port 0", "--port 9", "--port 65535", "--connections 0", "--connections 10000", "--bits 32", "--bits 64",
        "--generation 4.2", "--generation 6.0", "--generation 7.0", "--generation 7.1", "--generation 8", "--generation 9",
        "--generation 10", "--charset ansi", "--charset unicode", "--archive connection", "--archive message", "--bugs",
        "--ask packet", "--ask chat", "--ask talk", "--ask messenger", "--ask room", "--ask telephony", "--ask update",
        "--ask net-message", "--dial nowhere", "--packets x", "--case x",
    };
    char arguments[80], line[128];

    for (size_t i = 0; i < COUNT_OF(right); i++) {
        snprintf(arguments, sizeof arguments, "%s --help", right[i]);
        struct process p = process_start("reference", STDOUT_FILENO, arguments);
        cr_expect(eq(str, process_line(&p), "Answers the archive conformance service on MFC's CArchive, CSocketFile and CSocket, in C.\n"), "%s", right[i]);
        *line = '\0';
        for (char *next; *(next = process_line(&p));)
            snprintf(line, sizeof line, "%s", next);
        cr_expect(eq(str, line, "  --help               this text\n"), "%s", right[i]);
        cr_expect(eq(int, process_status(&p), 0), "%s", right[i]);
    }
}

/* Where it is not told what it stands for. */
Test(program, is_the_newest_wide_and_of_64_bits_unless_told, .timeout = 10)
{
    static const struct {
        const char *arguments, *tells;
    } rows[] = {
        { "--port 0", "fffeff02 3100 3000  fffeff07 7500 6e00 6900 6300 6f00 6400 6500  4000" },
        { "--charset ansi", "'10' 'ansi' 4000" },
        { "--charset ansi --generation 6.0 --bits 32", "'6.0' 'ansi' 2000" },
        { "--charset ansi --bits 32", "'10' 'ansi' 2000" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct process p = process_start_ready("reference", rows[i].arguments);
        struct CSocket s;
        process_dial(&p, &s);
        say(&s, "0900 0800");
        char *due = hex_of(spelt(rows[i].tells)), *told = hear_all(&s);
        size_t len = strlen(told), behind = strlen(due) + strlen(" 00 00"); // QUIT is answered, too
        cr_assert(ge(sz, len, behind), "%s", rows[i].arguments);
        cr_expect(eq(int, strncmp(told + len - behind, due, strlen(due)), 0), "%s: %s", rows[i].arguments, told);
        CSocket_Close(&s);
        kill(p.pid, SIGTERM);
        cr_expect(eq(int, process_status(&p), 0));
    }
}

/* A pipe that nobody reads any more is no reason to end. */
Test(program, goes_on_where_nobody_reads_what_it_says, .timeout = 10)
{
    struct CSocket listener = CSOCKET_EMPTY, s = CSOCKET_EMPTY;
    char arguments[64];

    cr_assert(CSocket_Create(&listener, 0, SOCK_STREAM, "127.0.0.1"));
    sprintf(arguments, "--charset ansi --dial 127.0.0.1:%u", CSocket_GetSockPort(&listener));
    struct process p = process_start("reference", STDOUT_FILENO, arguments);
    int nowhere = open("/dev/null", O_RDONLY);
    dup2(nowhere, fileno(p.out));
    close(nowhere);
    cr_assert(CSocket_Listen(&listener, CSOCKET_BACKLOG));
    cr_assert(CSocket_Accept(&listener, &s));
    say(&s, "0400 01000000");
    hear(&s, "0000 02000000");
    kill(p.pid, SIGTERM);
    cr_expect(eq(int, process_status(&p), 0));
}

Test(program, ends_a_connection_with_fin_and_loses_nothing, .timeout = 10) // SVC-15 to SVC-17
{
    static const struct {
        const char *label, *said, *heard;
    } rows[] = {
        { "half-close", "0400 01000000 0400 02000000", "0000 02000000 0000 03000000" },
        { "QUIT", "0800 0400 01000000", "0000" },
        { "refused", "0200 'nonsense' 0400 01000000", "0100 'unsupported type'" },
        { "exception", "0200 'object' 0100 0400 01000000", "0200 0500" },
        { "nothing", "", "" },
    };
    struct process p = process_start_ready("reference", "--port 0 --charset ansi");

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct CSocket s;
        process_dial(&p, &s);
        say(&s, rows[i].said);
        CSocket_ShutDown(&s);
        cr_expect(eq(str, hear_all(&s), hex_of(spelt(rows[i].heard))), "%s", rows[i].label);
        CSocket_Close(&s);
    }
    kill(p.pid, SIGTERM);
    process_status(&p);
}

Test(program, a_connection_that_is_silent_or_does_not_read_or_resets_holds_up_no_other,
     .timeout = 10) // SVC-18, SVC-19
{
    static const struct linger at_once = { .l_onoff = 1 };
    struct process p = process_start_ready("reference", "--port 0 --charset ansi");
    struct CSocket silent, deaf, gone, other;

    process_dial(&p, &silent);
    process_dial(&p, &deaf);
    process_dial(&p, &gone);
    say(&deaf, "0700 4000 00001000"); // 64 MiB
    say(&gone, "0400 0100");
    setsockopt((int)gone.handle, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    CSocket_Close(&gone);
    process_dial(&p, &other);
    say(&other, "0400 01000000");
    hear(&other, "0000 02000000");
    say(&silent, "0400 07000000");
    hear(&silent, "0000 08000000");
    kill(p.pid, SIGTERM);
    cr_expect(eq(int, process_status(&p), 0));
}

/* Nodes within nodes, more than any stack has room for: their connection ends without a byte, and the next is served. */
Test(program, what_is_nested_too_deep_ends_its_connection_alone, .timeout = 10)
{
    enum { DEPTH = 200000, NODE = 6 };
    static const char *const node = "\x01\x80\x01\0\0\0";
    struct process p = process_start("reference", STDOUT_FILENO, "--charset ansi");
    struct bytes first = spelt("ffff 0300 0500 434e6f6465 01000000");
    uint8_t *said = pool_new(&scratch, first.len + DEPTH * NODE, 1);
    unsigned port = 0;
    struct CSocket s;

    memcpy(said, first.data, first.len);
    for (size_t i = 0; i < DEPTH; i++)
        memcpy(said + first.len + i * NODE, node, NODE);
    for (char *line; strcmp(line = process_line(&p), "ready\n") != 0;)
        sscanf(line, "listening net-message %u", &port);
    p.port = (uint16_t)port;
    process_dial(&p, &s);
    cr_expect(CSocket_Send(&s, said, first.len + DEPTH * NODE) > 0);
    CSocket_ShutDown(&s);
    cr_expect(eq(str, hear_all(&s), ""));
    CSocket_Close(&s);
    process_dial(&p, &s);
    say(&s, "0000");
    hear(&s, "0000");
    kill(p.pid, SIGTERM);
    cr_expect(eq(int, process_status(&p), 0));
}

Test(program, dials_until_it_is_taken_and_again_when_a_connection_ends, .timeout = 10) // SVC-20
{
    struct CSocket listener = CSOCKET_EMPTY, s = CSOCKET_EMPTY;
    char arguments[64];
    uint16_t port;
    int on = 1;

    cr_assert(CSocket_Create(&listener, 0, SOCK_STREAM, "127.0.0.1"));
    setsockopt((int)listener.handle, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); // for the second that listens there
    sprintf(arguments, "--charset ansi --dial 127.0.0.1:%u", CSocket_GetSockPort(&listener));
    struct process p = process_start("reference", STDOUT_FILENO, arguments);
    cr_expect(eq(str, process_line(&p), "ready\n"));
    cr_expect(eq(str, process_line(&p), "refused, retrying\n"));
    cr_assert(CSocket_Listen(&listener, CSOCKET_BACKLOG));
    for (int i = 0; i < 3; i++) {
        cr_assert(CSocket_Accept(&listener, &s));
        say(&s, "0400 01000000");
        hear(&s, "0000 02000000");
        CSocket_Close(&s);
    }
    port = CSocket_GetSockPort(&listener);
    CSocket_Close(&listener);
    cr_expect(eq(str, process_line(&p), "refused, retrying\n")); // once more, and once
    cr_assert(CSocket_Create(&listener, port, SOCK_STREAM, "127.0.0.1"));
    cr_assert(CSocket_Listen(&listener, CSOCKET_BACKLOG));
    cr_assert(CSocket_Accept(&listener, &s));
    say(&s, "0400 01000000");
    hear(&s, "0000 02000000");
    kill(p.pid, SIGTERM);
    cr_expect(eq(str, process_line(&p), ""));
    cr_expect(eq(int, process_status(&p), 0));
}

/* As many connections as it is told, each from a thread of its own; all are at rest once each has been answered. */
Test(program, dials_as_often_as_it_is_told, .timeout = 10)
{
    static const struct {
        const char *arguments;
        size_t connections;
    } rows[] = { { "", 1 }, { "--connections 2", 2 }, { "--connections 3", 3 } };
    struct CSocket listener = CSOCKET_EMPTY, s[3];
    char arguments[80], threads[40];

    cr_assert(CSocket_Create(&listener, 0, SOCK_STREAM, "127.0.0.1"));
    cr_assert(CSocket_Listen(&listener, CSOCKET_BACKLOG));
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        snprintf(arguments, sizeof arguments, "--charset ansi --dial 127.0.0.1:%u %s",
                 CSocket_GetSockPort(&listener), rows[r].arguments);
        struct process p = process_start("reference", STDOUT_FILENO, arguments);
        for (size_t i = 0; i < rows[r].connections; i++) {
            s[i] = CSOCKET_EMPTY;
            cr_assert(CSocket_Accept(&listener, &s[i]));
            say(&s[i], "0400 01000000");
            hear(&s[i], "0000 02000000");
        }
        snprintf(threads, sizeof threads, "/proc/%d/task", (int)p.pid);
        DIR *all = opendir(threads);
        size_t count = 0;
        for (struct dirent *one; (one = readdir(all));)
            count += one->d_name[0] != '.';
        closedir(all);
        cr_expect(eq(sz, count, 1 + rows[r].connections), "%s", rows[r].arguments);
        kill(p.pid, SIGTERM);
        cr_expect(eq(int, process_status(&p), 0));
        for (size_t i = 0; i < rows[r].connections; i++)
            CSocket_Close(&s[i]);
    }
}

Test(program, answers_requests_behind_each_other_whatever_it_has_read_ahead,
     .timeout = 20) // BUF-12
{
    static const char *const builds[] = { "--generation 4.2 --bits 32",
                                          "--generation 6.0 --bits 32", "--generation 7.1",
                                          "--generation 10" };
    char arguments[80];

    for (size_t i = 0; i < COUNT_OF(builds); i++) {
        struct CSocket s;
        snprintf(arguments, sizeof arguments, "--port 0 --charset ansi %s", builds[i]);
        struct process p = process_start_ready("reference", arguments);
        process_dial(&p, &s);
        say(&s, "0400 01000000 0400 02000000 0400 03000000");
        hear(&s, "0000 02000000 0000 03000000 0000 04000000");
        CSocket_Close(&s);
        kill(p.pid, SIGTERM);
        cr_expect(eq(int, process_status(&p), 0), "%s", builds[i]);
    }
}

/* One port is asked for, the others are the kernel's choice; one that is taken is told, and nothing is ready. */
Test(program, listens_where_it_is_told_or_says_why_not, .timeout = 10)
{
    struct CSocket taken = CSOCKET_EMPTY;
    char arguments[80], due[80], name[32], rest[8];
    unsigned port, services = 0;

    cr_assert(CSocket_Create(&taken, 0, SOCK_STREAM, "127.0.0.1"));
    cr_assert(CSocket_Listen(&taken, 1));
    const char *const asks[] = { "", " --ask packet --packets 1:1" };
    for (size_t i = 0; i < COUNT_OF(asks); i++) {
        sprintf(arguments, "--port %u%s", CSocket_GetSockPort(&taken), asks[i]);
        sprintf(due, "port %u: %s\n", CSocket_GetSockPort(&taken),
                CSocket_ErrorText(WSAEADDRINUSE));
        struct process p = process_start("reference", STDERR_FILENO, arguments);
        cr_expect(eq(str, process_line(&p), due));
        cr_expect(eq(int, process_status(&p), 1));
    }
    struct process p = process_start("reference", STDOUT_FILENO, "--port 0");
    for (char *line; strcmp(line = process_line(&p), "ready\n") != 0; services++) {
        cr_assert(eq(int, sscanf(line, "listening %31s %u%7s", name, &port, rest), 2));
        cr_expect(gt(uint, port, 1023), "%s", name);
    }
    cr_expect(eq(uint, services, 11));
    kill(p.pid, SIGTERM);
    cr_expect(eq(int, process_status(&p), 0));
}

/* Who is to ask whoever dials, and says where. */
Test(program, asks_who_dials, .timeout = 10)
{
    struct CSocket s = CSOCKET_EMPTY;
    struct profile profile = profile_of("10 ansi 64");
    struct channel channel;
    unsigned port = 0;

    struct process p = process_start("reference", STDOUT_FILENO, "--ask packet --packets 90:3");
    cr_assert(eq(int, sscanf(process_line(&p), "listening packet %u", &port), 1));
    cr_expect(eq(str, process_line(&p), "ready\n"));
    cr_assert(CSocket_Create(&s, 0, SOCK_STREAM, NULL));
    cr_assert(CSocket_Connect(&s, "127.0.0.1", (uint16_t)port));
    channel_open(&channel, &s, &profile);
    packet_serve(&channel);
    channel_end(&channel);
    cr_expect(
        eq(str, process_line(&p), "Recipient received packet 1 of 1 (Value = 90, Copies = 3)\n"));
    cr_expect(eq(int, process_status(&p), 0));
}

/* Nobody listens there. */
Test(program, says_that_there_is_nobody_to_ask, .timeout = 10)
{
    static const char *const cases[] = { "--ask packet --case packet-example", "--ask packet --case packet-two-senders",
                                         "--ask chat --case chat-talk", "--ask update --case update-empty" };
    struct CSocket bound = CSOCKET_EMPTY, s;
    struct profile profile = profile_of("10 ansi 64");
    char arguments[80], due[80];

    cr_assert(CSocket_Create(&bound, 0, SOCK_STREAM, "127.0.0.1"));
    sprintf(arguments, "--ask packet --packets 90:3 --dial 127.0.0.1:%u",
            CSocket_GetSockPort(&bound));
    sprintf(due, "127.0.0.1:%u: %s\n", CSocket_GetSockPort(&bound),
            CSocket_ErrorText(WSAECONNREFUSED));
    struct process p = process_start("reference", STDERR_FILENO, arguments);
    cr_expect(eq(str, process_line(&p), due));
    cr_expect(eq(int, process_status(&p), 1));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        sprintf(arguments, "%s --dial 127.0.0.1:%u", cases[i], CSocket_GetSockPort(&bound));
        p = process_start("reference", STDERR_FILENO, arguments);
        cr_expect(eq(str, process_line(&p), due), "%s", cases[i]);
        cr_expect(eq(str, process_line(&p), ""), "%s", cases[i]);
        cr_expect(eq(int, process_status(&p), 1), "%s", cases[i]);
    }
    const struct asking a = { .host = "127.0.0.1",
                              .port = CSocket_GetSockPort(&bound),
                              .profile = &profile };
    cr_expect(not(asking_connect(&a, &s)));
    cr_expect(eq(i64, s.handle, WSA_NONE)); // it is closed
}

Test(program, asks_for_packets_and_checks_the_acknowledgements, .timeout = 10) // SVC-21
{
    struct CSocket listener = CSOCKET_EMPTY, s = CSOCKET_EMPTY;
    struct profile profile = profile_of("10 ansi 64");
    struct channel channel;
    char arguments[128];

    cr_assert(CSocket_Create(&listener, 0, SOCK_STREAM, "127.0.0.1"));
    cr_assert(CSocket_Listen(&listener, CSOCKET_BACKLOG));
    sprintf(arguments, "--ask packet --packets 90:3,0:0 --dial 127.0.0.1:%u",
            CSocket_GetSockPort(&listener));
    struct process p = process_start("reference", STDOUT_FILENO, arguments);
    cr_assert(CSocket_Accept(&listener, &s));
    channel_open(&channel, &s, &profile);
    packet_serve(&channel);
    channel_end(&channel);
    cr_expect(
        eq(str, process_line(&p), "Recipient received packet 1 of 2 (Value = 90, Copies = 3)\n"));
    cr_expect(
        eq(str, process_line(&p), "Recipient received packet 2 of 2 (Value = 90, Copies = 0)\n"));
    cr_expect(eq(int, process_status(&p), 0));

    sprintf(arguments, "--ask packet --dial 127.0.0.1:%u", CSocket_GetSockPort(&listener));
    p = process_start("reference", STDOUT_FILENO, arguments); // whatever it draws
    cr_assert(CSocket_Accept(&listener, &s));
    channel_open(&channel, &s, &profile);
    packet_serve(&channel);
    channel_end(&channel);
    for (unsigned i = 1; i <= RANDOM_PACKETS; i++) {
        unsigned number, of;
        cr_expect(eq(int, sscanf(process_line(&p), "Recipient received packet %u of %u", &number, &of), 2));
        cr_expect(number == i && of == RANDOM_PACKETS, "%u of %u", number, of);
    }
    cr_expect(eq(int, process_status(&p), 0));

    strcat(arguments, " --packets 90:3,0:0");
    p = process_start("reference", STDERR_FILENO, arguments);
    cr_assert(CSocket_Accept(&listener, &s));
    say(&s, "'wrong'");
    CSocket_Close(&s);
    cr_expect(ne(chr, *process_line(&p), '\0'));
    cr_expect(eq(int, process_status(&p), 1));
}
