#include "app/app.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

// clang-format off
const struct command command_table[] = {
    { "run",     "[PATTERN…] --peer NAME | --exec CMD | --stdio CMD | --connect ADDRESS | --listen ADDRESS", "plays the cases against a peer and judges what comes back",
      command_run,     "--peer --exec --stdio --connect --listen --under --hold --dial --play --service --delivery --seed --profile --limit --max-failures --max-time -j --silence --no-separate --strict --vectors --only-vectors --out --quiet --format --color --baseline --today --rerun-failed --retries --repeat --until-fail --shard --subject --label --against --history --requirements " },
    { "serve",   "[PATTERN…] --listen ADDRESS", "plays the server for a client that chooses what it says",
      command_serve,   "--subject --label --listen --service --seed --profile --limit --count --strict --vectors --only-vectors --out --quiet " },
    { "proxy",   "--listen ADDRESS --to ADDRESS [--check [PATTERN…]]", "stands between clients and their server, passes on what they say unchanged, and keeps it",
      command_proxy,   "--listen --to --shadow --layout --type --check --service --profile --limit --delivery --seed --fault --count --show --vectors --only-vectors --out --quiet " },
    { "record",  "TRAFFIC… --id ID --output FILE", "makes a case of a session that the proxy has kept; of several recordings of it, which values are volatile",
      command_record,  "--id --suite --service --connection --layout --output --vectors --only-vectors " },
    { "selftest", "[FLAW…] [--peer NAME]… | --trace [PATTERN…] [--peer NAME | …]", "plays flawed peers, each of which must be caught; --trace: changes all that came in what passes, and judges again",
      command_selftest, "--update-guards --trace --json --peer --exec --stdio --connect --listen --under --dial --play --service --delivery --seed --profile --limit --max-time -j --no-separate --strict --vectors --only-vectors --out --quiet " },
    { "matrix",  "[PATTERN…] [--peer NAME]… | --of RUN…", "plays the cases against many peers, and shows peers × suites on one page; --of: of saved runs",
      command_matrix,  "--of --peer --dial --service --delivery --seed --limit -j --no-separate --strict --vectors --only-vectors --out --quiet " },
    { "doctor",  "[--peer NAME]", "what of this machine can be used, and why not; how a peer's silence is decided",
      command_doctor,  "--peer --dial --vectors --only-vectors " },
    { "list",    "[PATTERN…]",     "what would run: id first on each line",                      command_list,    "--service --vectors --only-vectors --clauses --json " },
    { "show",    "ID",             "one case, decoded: each value beside its bytes",              command_show,    "--as --play --delivery --seed --profile --vectors --only-vectors " },
    { "explain", "[WORD]",         "what a cause, a type, a clause or an exit status means",      command_explain, "--vectors --only-vectors " },
    { "lint",    "[DIR…]",         "checks vectors: ours, or those in DIR",                       command_lint,    "--vectors --only-vectors --update-lock " },
    { "report",  "[RUN]",           "makes a view of a saved run again, on standard output",       command_report,  "--format --output --verify --without-times --against --history --requirements " },
    { "merge",   "OUT RUN…",       "the shards of a run as one run, in the directory OUT",        command_merge,   "--quiet --against --history --requirements --vectors --only-vectors " },
    { "diff",    "OLDER NEWER",    "what has changed between two runs; exit status 1 when something broke", command_diff, "--json " },
    { "evidence", "DIR [RUN]",     "packs a run with its views, schemas and digests, to be kept",   command_evidence, "--selftest --requirements --against --history " },
    { "recheck", "RUN|DIR…",       "judges saved conversations anew, by today's checks; exit status 1 when a finding has changed", command_recheck, "--vectors --only-vectors " },
    { "baseline", "init|update|prune [RUN]", "writes down what is known of a peer, from a saved run",     command_baseline, "--baseline --reason --issue --until --today " },
    { "decode",  "--type LIST FILE|-|traffic.ndjson", "annotates a stream, or each one of a conversation that was kept: offset, bytes, meaning, and where and why it stops", command_decode, "--type --layout --from --guess --count --format --output-layout --profile --hex --codepage " },
    { "fmt",     "FILE…",          "brings suites and services into their canonical form",        command_fmt,     "--check --pin --vectors --only-vectors " },
    { "new",     "ID",             "a new case to begin with, printed or put into a suite",       command_new,     "--suite --service --vectors --only-vectors " },
    { "export",  "--codec DIR | --corpus DIR | TRAFFIC --format pcapng --output FILE | RUN [PATTERN…] --format pcapng --output FILE", "the codec cases as plain data, for libraries in any language; kept traffic, or a run's conversations, as a capture for Wireshark", command_export, "--codec --corpus --format --output --delivery --vectors --only-vectors " },
    { "import",  "FILE",           "makes traffic.ndjson of a capture, a followed stream, a log of strace, or a hex dump", command_import, "--out --output --port --filter " },
    { "shrink",  "ID --peer NAME | …", "makes a failing case as small as it can be while it still fails for the same cause",
      command_shrink,  "--peer --exec --stdio --connect --under --dial --delivery --seed --profile --limit --runs --max-time --witness --output --vectors --only-vectors " },
    { "fuzz",    "--peer NAME | …", "plays conversations by chance, and makes small what fails",
      command_fuzz,    "--peer --exec --stdio --connect --under --dial --seed --profile --limit --runs --max-time --witness --against --out --vectors --only-vectors " },
    { "compare", "--peer OLD --peer NEW [PATTERN…]", "plays the cases on both, and tells what differs; not what differs when OLD is played twice",
      command_compare, "--peer --dial --service --delivery --seed --limit -j --no-separate --strict --vectors --only-vectors --out --json " },
    { "bench",   "[NAME…]",        "what arcwire costs, beside what the same costs in plain C on this machine", command_bench, "--rounds --json --gate --as " },
    { "help",    "[COMMAND]",      "what there is",                                               command_help,    "" },
    { "version", "",               "the version of the program",                                  command_version, "" },
};
// clang-format on
const size_t command_count = COUNT_OF(command_table);

int fail(const struct error *err)
{
    static const int statuses[] = { [ERROR_NONE] = EXIT_BUG, [ERROR_USAGE] = EXIT_USAGE, [ERROR_INPUT] = EXIT_INPUT,
                                    [ERROR_PEER] = EXIT_PEER, [ERROR_SYSTEM] = EXIT_SURROUNDINGS,
                                    [ERROR_BUG] = EXIT_BUG };

    fflush(stdout);
    fprintf(stderr, "arcwire: %s\n", err->text);
    return statuses[err->kind];
}

int exit_worse(int a, int b)
{
    static const int order[] = { EXIT_BUG,   EXIT_SURROUNDINGS, EXIT_USAGE,    EXIT_INPUT,   EXIT_PEER,
                                 EXIT_UNEXPECTED, EXIT_STOPPED, EXIT_BASELINE, EXIT_NOTHING, EXIT_EXPECTED };

    for (size_t i = 0; i < COUNT_OF(order); i++)
        if (order[i] == a || order[i] == b)
            return order[i];
    return EXIT_BUG;
}

int command_version(const struct options *o)
{
    (void)o;
    printf("arcwire %s\n", VERSION);
    return EXIT_EXPECTED;
}

static const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(command_table[i].name, name) == 0)
            return &command_table[i];
    return NULL;
}

int command_help(const struct options *o)
{
    const struct command *c = o->word_count ? command_find(o->words[0]) : NULL;

    if (o->word_count && !c) {
        fprintf(stderr, "arcwire: no command is called \"%s\"; see arcwire help\n", o->words[0]);
        return EXIT_USAGE;
    }
    if (c) {
        options_help(c);
        return EXIT_EXPECTED;
    }
    puts("arcwire proves that a program speaks MFC's archive format over TCP as CArchive, CSocketFile and CSocket do.\n");
    for (size_t i = 0; i < command_count; i++)
        printf("  arcwire %-8s %s\n", command_table[i].name, command_table[i].summary);
    puts("\nexit status: 0 as expected, 1 a failure, 2 usage, 3 invalid input, 4 no peer, 5 the baseline is not right any more,\n"
         "6 stopped, 7 nothing ran, 8 our surroundings, 70 a bug in arcwire");
    return EXIT_EXPECTED;
}

/* An assertion is a bug of ours: it has an exit status of its own. */
static void bug(int number)
{
    (void)number;
    _exit(EXIT_BUG);
}

/* Debian keeps servers where the PATH of an ordinary user does not lead. */
static void look_for_servers(void)
{
    const char *path = getenv("PATH");
    TEXT(longer);

    text_printf(&longer, "%s:/usr/local/sbin:/usr/sbin:/sbin", path ? path : "/usr/bin:/bin");
    setenv("PATH", text_string(&longer), 1);
}

/* Each case takes memory and gives it back; the kernel need not be asked for the same pages again each time. */
static void keep_memory(void)
{
#ifdef M_TRIM_THRESHOLD
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 4 << 20);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
#endif
}

int main(int argc, char **argv)
{
    struct options options;

    keep_memory();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); // a file that may not grow is an error like a full disk
    signal(SIGABRT, bug);
    look_for_servers();
    if (argc < 2) {
        fputs("arcwire: expected a command; see arcwire help\n", stderr);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    if (strcmp(name, "--version") == 0)
        name = "version";
    const struct command *c = command_find(name);
    if (!c) {
        fprintf(stderr, "arcwire: no command is called \"%s\"; see arcwire help\n", name);
        return EXIT_USAGE;
    }
    if (!options_parse(c, argc - 2, argv + 2, &options))
        return EXIT_USAGE;
    if (options.help) {
        options_help(c);
        return EXIT_EXPECTED;
    }
    options.argc = argc;
    options.argv = argv;
    struct error err;
    if (!config_read(c, &options, &err))
        return fail(&err);
    if (options.print_config) {
        config_print(&options);
        return EXIT_EXPECTED;
    }
    int status = c->run(&options);
    if ((fflush(stdout) != 0 || ferror(stdout)) && errno != EPIPE) { // who reads no further has seen enough
        perror("arcwire: standard output");
        return status == EXIT_EXPECTED ? EXIT_SURROUNDINGS : status;
    }
    return status;
}
