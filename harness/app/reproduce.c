#include "app/reproduce.h"

static const char python_head[] = "import socket, sys\n\n"
                                  "if len(sys.argv) != 3:\n    sys.exit('usage: python3 FILE HOST PORT')\n"
                                  "peer = socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)\n"
                                  "peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)\n\n"
                                  "def take(count, seconds):\n    peer.settimeout(seconds)\n    came = b''\n    try:\n        while len(came) < count:\n"
                                  "            more = peer.recv(count - len(came))\n            if not more:\n                break\n            came += more\n"
                                  "    except OSError as error:\n        print('      ', error)\n    return came\n\n"
                                  "def send(data):\n    print('sent  ', data.hex())\n    peer.sendall(data)\n\n"
                                  "def due(data):\n    came = take(len(data), 5)\n    print('due   ', data.hex())\n    print('came  ', came.hex())\n"
                                  "    if came != data:\n        sys.exit(1)\n\n"
                                  "def ended(seconds=5):\n    peer.settimeout(seconds)\n    try:\n        came = peer.recv(4096)\n"
                                  "    except OSError as error:\n        print('due    the end; came', error)\n        sys.exit(1)\n"
                                  "    print('due    the end; came', came.hex() or 'the end')\n    if came:\n        sys.exit(1)\n\n"
                                  "def silent():\n    came = take(1, 0.5)\n    print('due    nothing; came', came.hex() or 'nothing')\n    if came:\n        sys.exit(1)\n\n";

static const char c_head[] = "#define _POSIX_C_SOURCE 200809L\n#include <netdb.h>\n#include <netinet/in.h>\n#include <netinet/tcp.h>\n#include <stdio.h>\n"
                             "#include <string.h>\n#include <sys/socket.h>\n#include <sys/time.h>\n#include <unistd.h>\n\n"
                             "static int peer = -1;\n\nstatic void show(const char *what, const unsigned char *data, size_t len)\n{\n"
                             "    size_t i;\n    printf(\"%-6s \", what);\n    for (i = 0; i < len; i++)\n        printf(\"%02x\", data[i]);\n    printf(\"\\n\");\n}\n\n"
                             "static void wait_for(long ms)\n{\n    struct timeval t;\n    t.tv_sec = ms / 1000;\n    t.tv_usec = ms % 1000 * 1000;\n"
                             "    setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);\n}\n\n"
                             "static int say(const unsigned char *data, size_t len)\n{\n    show(\"sent\", data, len);\n    while (len) {\n"
                             "        ssize_t n = send(peer, data, len, MSG_NOSIGNAL);\n        if (n < 0)\n            return 0;\n        data += n;\n        len -= (size_t)n;\n    }\n    return 1;\n}\n\n"
                             "static int due(const unsigned char *data, size_t len)\n{\n    size_t at = 0;\n    int same = 1;\n    show(\"due\", data, len);\n    printf(\"came   \");\n    wait_for(5000);\n"
                             "    while (at < len) {\n        unsigned char byte;\n        if (recv(peer, &byte, 1, 0) != 1)\n            break;\n        printf(\"%02x\", byte);\n        same &= byte == data[at++];\n    }\n"
                             "    printf(\"\\n\");\n    return same && at == len;\n}\n\n"
                             "static int nothing(long ms, ssize_t right)\n{\n    unsigned char byte;\n    ssize_t n;\n    wait_for(ms);\n    n = recv(peer, &byte, 1, 0);\n"
                             "    printf(\"due    %s; came %s\\n\", right ? \"nothing\" : \"the end\", n > 0 ? \"a byte\" : n == 0 ? \"the end\" : \"nothing, or a reset\");\n    return n == right;\n}\n\n"
                             "int main(int argc, char **argv)\n{\n    struct addrinfo hints, *found;\n    int one = 1;\n    memset(&hints, 0, sizeof hints);\n    hints.ai_socktype = SOCK_STREAM;\n"
                             "    if (argc != 3 || getaddrinfo(argv[1], argv[2], &hints, &found) != 0) {\n        fprintf(stderr, \"usage: PROGRAM HOST PORT\\n\");\n        return 2;\n    }\n"
                             "    peer = socket(found->ai_family, found->ai_socktype, found->ai_protocol);\n    if (peer < 0 || connect(peer, found->ai_addr, found->ai_addrlen) != 0) {\n"
                             "        perror(\"connect\");\n        return 2;\n    }\n    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);\n";

/* OpenBSD's nc ends its direction with standard input only with -N, ncat does anyway; the traditional nc cannot, and BusyBox's cannot either. */
static const char shell_head[] =
    "#!/usr/bin/env bash\n"
    "# Needs bash, coreutils, and nc of OpenBSD (netcat-openbsd) or ncat, which end one direction and leave the other open.\n"
    "# Exit status 0: all as due; 1: something else came; 2: it cannot be tried. Neither program tells a reset from an end.\n\n"
    "[ $# = 2 ] || { echo \"usage: bash FILE HOST PORT\" >&2; exit 2; }\n"
    "if nc -h 2>&1 | grep -q OpenBSD; then dial=(nc -N)\n"
    "elif command -v ncat >/dev/null; then dial=(ncat)\n"
    "else echo \"neither nc of OpenBSD nor ncat is there; Debian: apt-get install -y netcat-openbsd\" >&2; exit 2; fi\n\n"
    "coproc peer { exec \"${dial[@]}\" \"$1\" \"$2\"; }\n"
    "nc=$peer_PID from=${peer[0]} to=${peer[1]}\n"
    "exec 3<&\"$from\" 4>&\"$to\"\n"
    "eval \"exec $from<&- $to>&-\"\n"
    "trap 'kill $nc 2>/dev/null' EXIT\n"
    "trap '' PIPE\n\n"
    "# take COUNT SECONDS: hex of what comes, at most so much, into $came; its status is 124 where the time was up.\n"
    "take() { came=$(set -o pipefail; timeout \"$2\" head -c \"$1\" <&3 | od -An -v -tx1 | tr -d ' \\n'); }\n"
    "send() { echo \"sent   $1\"; printf \"$(sed 's/../\\\\x&/g' <<<\"$1\")\" >&4 2>/dev/null; }\n"
    "due() { take $((${#1} / 2)) 5; printf 'due    %s\\ncame   %s\\n' \"$1\" \"$came\"; [ \"$came\" = \"$1\" ] || exit 1; }\n"
    "ended() { take 1 5; local status=$?; [ -n \"$came\" ] || { [ $status = 0 ] && came='the end' || came=nothing; }\n"
    "          echo \"due    the end; came $came\"; [ \"$came\" = 'the end' ] || exit 1; }\n"
    "silent() { take 1 0.5; local status=$?; [ -n \"$came\" ] || { [ $status = 0 ] && came='the end' || came=nothing; }\n"
    "           echo \"due    nothing; came $came\"; [ \"$came\" = nothing ] || exit 1; }\n\n";

/* What a program of each language consists of. */
static const struct language {
    const char *name, *head, *send, *due, *silent, *half_close, *ended, *foot;
} languages[] = {
    { "nc", shell_head, "send", "due", "silent\n", "exec 4>&-\n", "ended\n", "echo 'all as due'\n" },
    { "python", python_head, "send", "due", "silent()\n", "peer.shutdown(socket.SHUT_WR)\n", "ended()\n", "print('all as due')\n" },
    { "c", c_head, "say", "due", "    if (!nothing(500, -1))\n        return 1;\n", "    shutdown(peer, SHUT_WR);\n",
      "    if (!nothing(5000, 0))\n        return 1;\n", "    printf(\"all as due\\n\");\n    return 0;\n}\n" },
};

static bool cannot(const struct op *op, struct error *err)
{
    return error_set(err, ERROR_USAGE, "--as: the case has a step (%s) that a program of its own has not", op_name(op->kind));
}

static bool is_exact(const struct op *op)
{
    for (size_t i = 0; i < op->fields.count; i++)
        if (op->fields.items[i].any || op->fields.items[i].by_value || op->fields.items[i].takes)
            return false;
    return op->may_count == 0 && op->group == 0;
}

/* One call with bytes. */
static void call(struct text *to, const struct language *l, const char *name, struct bytes b)
{
    if (l->head == c_head) {
        text_add(to, "    {\n        static const unsigned char data[] = {");
        for (size_t i = 0; i < b.len; i++)
            text_printf(to, "%s%u", i ? "," : "", b.data[i]);
        text_printf(to, "};\n        if (!%s(data, sizeof data))\n            return 1;\n    }\n", name);
        return;
    }
    text_printf(to, l->head == python_head ? "%s(bytes.fromhex('" : "%s ", name);
    text_hex(to, b, false);
    text_add(to, l->head == python_head ? "'))\n" : "\n");
}

bool reproduce(struct text *to, const struct program *p, const char *as, struct error *err)
{
    const struct language *l = NULL;

    for (size_t i = 0; i < COUNT_OF(languages); i++)
        if (strcmp(as, languages[i].name) == 0)
            l = &languages[i];
    if (!l)
        return error_set(err, ERROR_USAGE, "--as: \"%s\": expected nc, python or c", as);
    if (p->us != PARTY_CLIENT || p->connection_count > 1)
        return error_set(err, ERROR_USAGE, "--as: only a client's conversation on one connection can be a program of its own");
    text_add(to, l->head);
    for (size_t i = 0; i < p->count; i++) {
        const struct op *op = &p->ops[i];
        size_t at = 0;
        if (!is_exact(op))
            return error_set(err, ERROR_USAGE, "--as: the case has a reply of which several are right: a program of its own compares bytes");
        switch (op->kind) {
        case OP_OPEN:
            break;
        case OP_SEND:
            for (size_t k = 0; k <= op->cut_count; k++) {
                size_t end = k < op->cut_count ? op->cuts[k] : op->bytes.len;
                if (end > at)
                    call(to, l, l->send, bytes_slice(op->bytes, at, end - at));
                at = end;
            }
            break;
        case OP_RECEIVE:
            if (op->bytes.len)
                call(to, l, l->due, op->bytes);
            break;
        case OP_SILENT:
            text_add(to, l->silent);
            break;
        case OP_SHUTDOWN:
            text_add(to, l->half_close);
            break;
        case OP_AWAIT_END:
            if (op->whatever)
                return cannot(op, err);
            text_add(to, l->ended);
            break;
        default:
            return cannot(op, err);
        }
    }
    text_add(to, l->foot);
    return true;
}
