/*
 * The program with peers that come, stay away, die, or are started by its user: how they are reached, and that a run tells all of it and
 * leaves nothing behind.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "command.h"
#include "net/net.h"
#include "test_vector.h"
#include "tiny.h"

/* Waits until the log of the run in hand tells of something. */
static void await_log(const char *what)
{
    for (bool found = false; !found; poll(NULL, 0, 2)) {
        SCRATCH(keep);
        struct bytes text;
        struct error err;
        found = file_read("out/run.ndjson", 64 << 20, &keep, &text, &err) && strstr((const char *)text.data, what);
    }
}

/* Serves the service counter on one connection. */
static void count_on(int fd)
{
    uint8_t asked[6];
    size_t have = 0;

    for (ssize_t n = 1; n > 0; have += n > 0 ? (size_t)n : 0) {
        if (have == sizeof asked) {
            uint32_t next;
            memcpy(&next, asked + 2, 4);
            next++;
            memcpy(asked + 2, &next, 4);
            asked[0] = asked[1] = 0;
            if (send(fd, asked, sizeof asked, MSG_NOSIGNAL) < 0)
                break;
            have = 0;
        }
        n = poll(&(struct pollfd){ fd, POLLIN, 0 }, 1, 60000) > 0 ? recv(fd, asked + have, sizeof asked - have, 0) : 0;
    }
    close(fd);
}

/* A counter that waits with a time limit, so that nobody can be sure of its silence. */
static pid_t hesitant(struct address *at)
{
    int listener = socket(at->storage.ss_family, SOCK_STREAM, 0), fd;

    cr_assert(bind(listener, (struct sockaddr *)&at->storage, at->len) == 0 && listen(listener, 8) == 0);
    at->len = sizeof at->storage;
    getsockname(listener, (struct sockaddr *)&at->storage, &at->len);
    pid_t pid = fork();
    if (pid) {
        close(listener);
        return pid;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while ((fd = accept(listener, NULL, NULL)) >= 0)
        count_on(fd);
    _exit(0);
}

/* The same, which dials, again and again. */
static pid_t persistent(const struct address *to)
{
    pid_t pid = fork();

    if (pid)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        int fd = socket(to->storage.ss_family, SOCK_STREAM, 0);
        if (connect(fd, (const struct sockaddr *)&to->storage, to->len) == 0) {
            count_on(fd);
            continue;
        }
        close(fd);
        poll(NULL, 0, 2); // nobody listens yet
    }
}

/* A port that nobody has, for somebody else to listen on. */
static void free_port(struct address *at)
{
    struct error err;
    AUTO_CLOSE int fd = -1;

    cr_assert(net_bind(at, &fd, &err), "%s", err.text);
    net_unbind(at);
}

/* How often something stands in the log of the last run. */
static size_t count_log(const char *what)
{
    SCRATCH(keep);
    struct bytes text;
    struct error err;

    cr_assert(file_read("out/run.ndjson", 1 << 20, &keep, &text, &err), "%s", err.text);
    return count_in((const char *)text.data, what);
}

/* A case that needs a RST, which local sockets have not, and one that does not. */
static void run_at(const char *text, bool dials)
{
    SCRATCH(keep);
    struct address at;
    struct said said = { 0 };
    struct error err;
    char named[ADDRESS_TEXT];
    int out, errors;

    cr_assert(address_parse(text, &at, &err), "%s", err.text);
    if (dials)
        free_port(&at);
    pid_t peer = dials ? persistent(&at) : hesitant(&at);
    address_print(&at, named, sizeof named);
    pid_t pid = command_start(arena_printf(&keep, "exec $BUILD/arcwire run --vectors v --only-vectors --service counter --out out --delivery bytewise"
                                          " counter-two cut --%s '%s'", dials ? "listen" : "connect", named), &out, &errors);
    command_finish(pid, out, errors, &said);
    bool local = address_is_local(&at);
    const char *all = text_string(&said.out);
    cr_expect(eq(int, said.status, 0), "%s: %s%s", named, all, text_string(&said.err));
    cr_expect(strstr(all, local ? "2 passed, 1 skipped" : "3 passed") != NULL, "%s: %s", named, all);
    cr_expect(eq(sz, count_log("needs TCP: a local socket is never reset"), local), "%s", named);
    cr_expect(ge(sz, count_log("\"segments\":0,"), local), "%s", named); // elsewhere, too, where the kernel holds a piece back
    cr_expect(eq(sz, count_log("\"segments\":1,") > 0, !local), "%s", named);
    kill(peer, SIGKILL);
    cr_expect(waitpid(peer, NULL, 0) == peer);
    if (!dials)
        net_unbind(&at); // the peer's own
    said_forget(&said);
}

Test(cli_peers, a_peer_is_reached_at_an_address_of_any_kind, .timeout = 60)
{
    static const char suite[] = "{'format': 1, 'suite': 'cut', 'service': 'counter', 'cases': [\n"
                                " {'id': 'cut-reset', 'title': 'Reset', 'clauses': ['MINE-1'], 'steps': [{'control': 'next'},"
                                "  {'reset': 'client'}, {'control': 'next', 'on': 'fresh'}]}]}";
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct error err;
    SCRATCH(keep);

    place_own(place);
    cr_assert(file_write("v/suites/cut.json", bytes_of(json_of(suite, &keep)), &err), "%s", err.text);
    const char *at[] = { "127.0.0.1:0", "[::1]:0", "unix:socket", arena_printf(&keep, "unix:@%s", place) };
    for (size_t i = 0; i < COUNT_OF(at); i++) {
        run_at(at[i], false);
        run_at(at[i], true);
        cr_expect(not(file_exists("socket")), "%s", at[i]);
    }
    place_leave(place);
}

Test(cli_peers, a_stopped_run_keeps_its_log_and_its_page, .timeout = 30)
{
    static const struct {
        int by;
        const char *more, *why;
    } rows[] = { { SIGTERM, "", "\"the run was stopped\"" }, { SIGINT, "", "\"the run was stopped\"" },
                 { SIGALRM, " --max-time 3600", "\"the run had more than its 3600 s\"" } }; // its time is over when we say so

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        char place[] = "/tmp/arcwire-test-XXXXXX";
        struct said said = { 0 };
        struct bytes text;
        struct error err;
        int out, errors;
        place_own(place);
        struct address at = address_loopback(0);
        pid_t peer = hesitant(&at);
        pid_t pid = command_start(arena_printf(&keep, "exec $BUILD/arcwire run --vectors v --only-vectors --service counter --out out --delivery plain"
                                              " --limit 60000 counter-two counter-silent --connect 127.0.0.1:%u%s", address_port(&at), rows[i].more),
                          &out, &errors);
        await_log("\"id\":\"counter-two\""); // the next takes a minute, or until it is told to stop
        kill(pid, rows[i].by);
        command_finish(pid, out, errors, &said);
        cr_expect(eq(int, said.status, 6), "%s%s", text_string(&said.out), text_string(&said.err));
        cr_assert(file_read("out/run.ndjson", 1 << 20, &keep, &text, &err), "%s", err.text);
        const char *log = (const char *)text.data;
        cr_expect(eq(sz, count_in(log, "\"record\":\"end\""), 1));
        cr_expect(strstr(log, arena_printf(&keep, "\"incomplete\":%s", rows[i].why)) != NULL);
        cr_expect(strstr(log, "\"verdict\":\"not-run\"") != NULL);
        cr_expect(file_exists("out/report.html") && file_exists("out/report.json"));
        kill(peer, SIGKILL);
        cr_expect(waitpid(peer, NULL, 0) == peer);
        cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "nothing is left");
        said_forget(&said);
        place_leave(place);
    }
}

Test(cli_peers, a_closed_port_is_no_peer, .timeout = 30)
{
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct address at = address_loopback(0);
    struct said said;
    struct error err;
    AUTO_CLOSE int held = -1;

    place_own(place);
    cr_assert(net_bind(&at, &held, &err));
    command_run(arena_printf(&keep, "$BUILD/arcwire run --vectors v --only-vectors --service counter --out out --connect 127.0.0.1:%u", address_port(&at)), &said);
    cr_expect(eq(int, said.status, 4), "%s%s", text_string(&said.out), text_string(&said.err));
    const char *due = arena_printf(&keep, "arcwire: no connection came about: 127.0.0.1:%u refused it\n", address_port(&at));
    cr_expect(eq(str, (char *)text_string(&said.err), (char *)due));
    said_forget(&said);
    place_leave(place);
}

/* One line of what is printed, the first that begins so; what stands behind that into out. */
static void await_line(int from, const char *begin, struct text *out)
{
    char c;

    for (;;) {
        out->b.len = 0;
        while (read(from, &c, 1) == 1 && c != '\n')
            text_char(out, c);
        cr_assert(out->b.len > 0, "it never said \"%s\"", begin);
        if (strncmp(text_string(out), begin, strlen(begin)) == 0)
            return;
    }
}

/* What the user types to start a peer that arcwire holds a case for. */
static pid_t by_hand(const char *command)
{
    pid_t pid = fork();

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(open("/dev/null", O_WRONLY), 1);
        setenv("BUILD", command_build(), 1);
        execl("/bin/sh", "sh", "-c", command, NULL);
        _exit(127);
    }
    return pid;
}

// clang-format off
static const struct held {
    const char *label, *options, *line; // the line behind which the peer is started
} held_cases[] = {
    { "a peer of a manifest",     "--peer ./peer.json --only-vectors",                        "    " },
    { "a peer that dials",        "--peer ./dials.json --dial peer --only-vectors",            "    " },
    { "a peer that runs",         "--connect 127.0.0.1:%u --service counter --only-vectors",  "waiting for the peer to listen on 127.0.0.1:" },
};
// clang-format on

Test(cli_peers, a_case_is_held_until_the_user_has_started_the_peer, .timeout = 60)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (const struct held *t = held_cases; t < held_cases + COUNT_OF(held_cases); t++) {
        SCRATCH(keep);
        char place[] = "/tmp/arcwire-test-XXXXXX";
        struct said said = { 0 };
        int out, errors;
        TEXT(line);
        place_own(place);
        uint16_t port = tiny_port();
        const char *options = strstr(t->options, "%u") ? arena_printf(&keep, "--connect 127.0.0.1:%u --service counter --only-vectors", port) : t->options;
        pid_t pid = command_start(arena_printf(&keep, "exec $BUILD/arcwire run --hold counter-two --vectors v --out out %s", options), &out, &errors);
        await_line(out, t->line, &line);
        const char *typed = strncmp(t->line, "    ", 4) == 0 ? arena_printf(&keep, "exec %s", text_string(&line) + 4)
                                                             : arena_printf(&keep, "exec $BUILD/peers/reference --port %u", port);
        pid_t peer = by_hand(typed);
        command_finish(pid, out, errors, &said);
        cr_expect(eq(int, said.status, 0), "%s: %s%s", t->label, text_string(&said.out), text_string(&said.err));
        cr_expect(kill(peer, 0) == 0, "%s: it is the user's to end", t->label);
        kill(peer, SIGKILL);
        cr_expect(waitpid(peer, NULL, 0) == peer);
        cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "%s: nothing is left", t->label);
        said_forget(&said);
        place_leave(place);
    }
}

Test(cli_peers, a_peer_that_chooses_its_port_is_held_once_that_is_typed, .timeout = 30)
{
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct said said = { 0 };
    int out, errors;

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    place_own(place);
    uint16_t port = tiny_port();
    pid_t peer = by_hand(arena_printf(&keep, "exec $BUILD/peers/reference --port %u >/dev/null", port));
    // The port is typed behind what is no port.
    pid_t pid = command_start(arena_printf(&keep, "printf 'what?\\nlistening conformance %u\\n' |"
                                          " $BUILD/arcwire run --hold --peer ./words.json byte-order-word-1234@op=tell --out out", port), &out, &errors);
    command_finish(pid, out, errors, &said);
    cr_expect(strstr(text_string(&said.out), "it prints \"listening conformance PORT\": type that port, and Return") != NULL, "%s", text_string(&said.out));
    cr_expect(eq(int, said.status, 0), "%s%s", text_string(&said.out), text_string(&said.err));
    kill(peer, SIGKILL);
    cr_expect(waitpid(peer, NULL, 0) == peer);
    said_forget(&said);
    place_leave(place);
}

/* The first child of a process. */
static pid_t child_of(pid_t pid)
{
    SCRATCH(keep);
    pid_t child = -1;
    FILE *f = fopen(arena_printf(&keep, "/proc/%d/task/%d/children", pid, pid), "r");

    cr_assert(f && fscanf(f, "%d", &child) == 1);
    fclose(f);
    return child;
}

Test(cli_peers, a_peer_that_is_killed_in_the_middle_of_a_run_fails_one_case, .timeout = 60)
{
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct said said = { 0 };
    struct bytes text;
    struct error err;
    int out, errors;

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    place_own(place);
    pid_t pid = command_start("exec $BUILD/arcwire run --peer reference --service conformance --out out -j 1 --seed 1 'byte-order-*' 'strings-*'", &out, &errors);
    await_log("\"id\":\"byte-order-");
    kill(child_of(child_of(pid)), SIGKILL); // behind its guard
    command_finish(pid, out, errors, &said);
    cr_expect(eq(int, said.status, 1), "%s%s", text_string(&said.out), text_string(&said.err));
    cr_expect(strstr(text_string(&said.out), "died of signal 9 (Killed); it did not happen again") != NULL, "%s", text_string(&said.out));
    cr_expect(strstr(text_string(&said.out), "not run") == NULL, "%s", text_string(&said.out));
    cr_assert(file_read("out/run.ndjson", 256 << 20, &keep, &text, &err), "%s", err.text);
    cr_expect(eq(sz, count_in((const char *)text.data, "\"cause\":\"peer-died\""), 1));
    cr_expect(strstr((const char *)text.data, "\"warn\":0,\"unstable\":1,\"fail\":0,\"inconclusive\":0,\"error\":0,") != NULL, "%s", text_string(&said.out));
    cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "nothing is left");
    said_forget(&said);
    place_leave(place);
}

/* A peer that is wrong in its first two processes, and right from then on. */
Test(cli_peers, what_fails_is_played_again_as_often_as_is_asked_for, .timeout = 60)
{
    static const struct {
        const char *options, *said;
        int status;
    } rows[] = {
        { "",            "1 failed", 1 },
        { "--retries 2", "1 unstable", 1 }, // and never a pass
        { "--retries 2 --baseline known.json", "1 flaky", 0 },
        { "--retries 2 --baseline tight.json", "1 unstable", 1 },
    };
    static const char *const known = "{\"format\":1,\"flaky-budget\":%d,\"entries\":[{\"case\":\"byte-order-word-1234@op=tell\",\"check\":\"reply\","
                                     "\"signature\":\"bytes-swapped\",\"flaky\":true,\"reason\":\"r\"}]}";
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct error err;

    place_own(place);
    cr_assert(file_write("peer.sh", bytes_of("n=$(cat n); echo $((n + 1)) >n\n[ $n -ge 2 ] || exec $BUILD/peers/flawed --flaw swap-words --port $1\n"
                                             "exec $BUILD/peers/reference --port $1\n"), &err), "%s", err.text);
    cr_assert(file_write("known.json", bytes_of(arena_printf(&keep, known, 1)), &err));
    cr_assert(file_write("tight.json", bytes_of(arena_printf(&keep, known, 0)), &err));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct said said;
        command_run(arena_printf(&keep, "echo 0 >n; exec $BUILD/arcwire run 'byte-order-word-1234@op=tell' --delivery plain -j 1 --quiet --out out%zu %s --exec 'sh peer.sh {port}'", i,
                         rows[i].options), &said);
        cr_expect(eq(int, said.status, rows[i].status), "%s: %s%s", rows[i].options, text_string(&said.out), text_string(&said.err));
        cr_expect(strstr(text_string(&said.out), rows[i].said) != NULL, "%s: %s", rows[i].options, text_string(&said.out));
        said_forget(&said);
    }
    place_leave(place);
}

#define ASK(service, id) "$BUILD/peers/reference --ask " service " --case " id " --dial 127.0.0.1:$PORT >/dev/null && "
#define DIAL "exec 3<>/dev/tcp/127.0.0.1/$PORT; "
#define COUNTER "--vectors v --only-vectors "

// clang-format off
static const struct served {
    const char *label, *options;
    const char *client;   // of bash, which must end with status 0
    int status;
    const char *says[4];  // parts of what it says
    bool stopped;         // by SIGINT, behind the client
} served[] = {
    { "a program's own choice",  "--count 2 chat-goodbye chat-talk", ASK("chat", "chat-goodbye") ASK("chat", "chat-talk") "true", 0,
      { "wanted: chat-talk  Two members talk\n    Start two members", "1: chat-goodbye  pass", "2: chat-talk  pass", " passed" } },
    { "of many cases",           "--count 2 --service packet", ASK("packet", "packet-ahead-large") ASK("packet", "packet-two-senders") "true", 6,
      { "1: packet-ahead-large  pass\n", "2: packet-two-senders  pass", "never seen: packet-lock-step", "incomplete: some cases were never seen" } },
    { "all was seen, and it is stopped", "packet-ahead", ASK("packet", "packet-ahead") "true", 0, { "1: packet-ahead  pass\n", "1 passed" }, true },
    { "it is stopped before",    "packet-ahead", "true", 6, { "never seen: packet-ahead", "1 not run" }, true },
    { "fewer came than were to", "--count 2 packet-ahead", ASK("packet", "packet-ahead") "true", 6, { "incomplete: the run was stopped" }, true },
    { "the same again",          "--count 2 packet-ahead", ASK("packet", "packet-ahead") ASK("packet", "packet-ahead") "true", 0, { "2: packet-ahead  pass\n", "\n1 passed" } },
    { "by bytes",                "--count 1 counter-two " COUNTER, DIAL "printf '\\4\\0\\7\\0\\0\\0\\4\\0\\10\\0\\0\\0' >&3; test $(head -c 12 <&3 | tail -c 4 | od -An -tu4) = 9", 0, { "1: counter-two  pass\n" } },
    { "by what it does not say", "--count 1 " COUNTER, DIAL "printf '\\4\\0\\7\\0\\0\\0' >&3; test $(head -c 6 <&3 | tail -c 4 | od -An -tu4) = 9", 6, { "1: counter-hopes  pass\n", "never seen: counter-two" } },
    { "another byte",            "--count 1 " COUNTER, DIAL "printf '\\4\\0\\7\\0\\0\\0\\4\\0\\11\\0\\0\\0' >&3; cat <&3 >/dev/null", 1,
      { "1: none of the cases; counter-two is nearest: ", "saved in out/conversation-1-client", "✗ counter-two", "again   arcwire serve 'counter-two' --seed " } },
    { "it ends in the middle",   "--count 1 " COUNTER, DIAL "printf '\\4\\0\\7\\0\\0\\0\\4\\0' >&3", 1, { "1: none of the cases; counter-two is nearest: " } },
    { "it hangs in the middle",  "--limit 250 --count 1 counter-two " COUNTER, DIAL "printf '\\4\\0\\7\\0\\0\\0\\4\\0' >&3; cat <&3", 1, { "1: none of the cases; counter-two is nearest: " } },
    { "too much at the end",     "--count 1 counter-two " COUNTER, DIAL "printf '\\4\\0\\7\\0\\0\\0\\4\\0\\10\\0\\0\\0x' >&3; cat <&3 >/dev/null", 1, { "1: none of the cases; counter-two is nearest: " } },
    { "a failure, and then well", "--count 2 counter-two " COUNTER, DIAL "printf '\\5' >&3; cat <&3 >/dev/null; " DIAL "printf '\\4\\0\\7\\0\\0\\0\\4\\0\\10\\0\\0\\0' >&3; head -c 12 <&3 >/dev/null", 1,
      { "1: none of the cases", "2: counter-two  pass\n", "1 failed" } },
    { "two at once",             "--count 2 chat --profile generation=6.0,charset=ansi,bits=32",
      "exec 3<>/dev/tcp/127.0.0.1/$PORT 4<>/dev/tcp/127.0.0.1/$PORT; for to in 4 3; do printf '\\0\\0\\10anybody?\\0\\0\\1\\0\\3bye\\0\\0' >&$to; done;"
      " cat <&3 >/dev/null; exec 3>&-; cat <&4 >/dev/null", 6,
      { "1: chat-goodbye  pass", "2: chat-goodbye  pass" } },
    { "nothing said is nothing", "--count 1 counter-two " COUNTER, DIAL "exec 3>&-; " DIAL "printf '\\4\\0\\7\\0\\0\\0\\4\\0\\10\\0\\0\\0' >&3; head -c 12 <&3 >/dev/null", 0,
      { "a connection on which nothing was said", "1: counter-two  pass\n" } },
};
// clang-format on

Test(cli_peers, a_client_is_served_whatever_it_chooses, .timeout = 60)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (const struct served *t = served; t < served + COUNT_OF(served); t++) {
        SCRATCH(keep);
        char place[] = "/tmp/arcwire-test-XXXXXX";
        struct said said = { 0 }, client;
        int out, errors;
        TEXT(line);
        place_own(place);
        pid_t pid = command_start(arena_printf(&keep, "exec $BUILD/arcwire serve --listen 127.0.0.1:0 --out out %s", t->options), &out, &errors);
        await_line(out, "listening on 127.0.0.1:", &line);
        setenv("PORT", strrchr(text_string(&line), ':') + 1, 1);
        setenv("CLIENT", t->client, 1);
        command_run("exec bash -c \"$CLIENT\"", &client);
        cr_expect(eq(int, client.status, 0), "%s: its client says %s%s", t->label, text_string(&client.out), text_string(&client.err));
        if (t->stopped)
            kill(pid, SIGINT);
        command_finish(pid, out, errors, &said);
        cr_expect(eq(int, said.status, t->status), "%s: %s%s", t->label, text_string(&said.out), text_string(&said.err));
        for (size_t i = 0; i < COUNT_OF(t->says) && t->says[i]; i++)
            cr_expect(strstr(text_string(&said.out), t->says[i]) != NULL, "%s: \"%s\" is not in %s", t->label, t->says[i], text_string(&said.out));
        cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "%s: nothing is left", t->label);
        said_forget(&said);
        said_forget(&client);
        place_leave(place);
    }
}

Test(cli_peers, what_is_no_case_is_kept, .timeout = 30)
{
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct said said = { 0 }, decoded;
    int out, errors;
    TEXT(line);

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    place_own(place);
    pid_t pid = command_start("exec $BUILD/arcwire serve --listen 127.0.0.1:0 --out out --count 1 counter-hopes --vectors v --only-vectors", &out, &errors);
    await_line(out, "listening on 127.0.0.1:", &line);
    setenv("PORT", strrchr(text_string(&line), ':') + 1, 1);
    command_run("exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/$PORT; printf \"\\4\\0\\7\\0\\0\\0\" >&3; head -c 6 <&3 >/dev/null; printf x >&3; cat <&3'", &decoded);
    said_forget(&decoded);
    command_finish(pid, out, errors, &said);
    cr_expect(eq(int, said.status, 1), "%s%s", text_string(&said.out), text_string(&said.err));
    command_run("$BUILD/arcwire decode --type word,dword,byte out/conversation-1-client", &decoded);
    cr_expect(eq(int, decoded.status, 0), "%s%s", text_string(&decoded.out), text_string(&decoded.err));
    cr_expect(strstr(text_string(&decoded.out), "3 values, 7 of 7 bytes") != NULL, "%s", text_string(&decoded.out));
    said_forget(&decoded);
    command_run("$BUILD/arcwire decode --type word,dword out/conversation-1-server", &decoded);
    cr_expect(strstr(text_string(&decoded.out), "2 values, 6 of 6 bytes") != NULL, "%s", text_string(&decoded.out));
    said_forget(&decoded);
    said_forget(&said);
    place_leave(place);
}
