/*
 * To add a flaw: a row here, a switch in flaws.h, and FLAW(name) where the
 * mistake is made. The row says which check must catch it and which cause it
 * should be given; a suite that lets it pass is not good enough.
 */
#include "flaws.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

struct flaws flaws;

struct flaw {
    const char *name;
    const char *sentence;
    const char *clauses;
    const char *check; // that must fail; "none" for a peer that is right, but odd
    const char *cause; // that should be named
    bool *on;
};

// clang-format off
static const struct flaw table[] = {
    { "swap-operands", "The numbers that ECHO, TELL and MAKE carry are big-endian, both ways.",
      "BO-1", "reply", "bytes-swapped", &flaws.swap_operands },
    { "swap-all", "Every multi-byte primitive is big-endian, both ways.",
      "BO-1", "reply", "bytes-swapped", &flaws.swap_all },
    { "keeps-rest", "Takes one request per notification; the rest waits for more to arrive.",
      "BUF-12 SVC-4", "reply", "held-back", &flaws.keeps_rest },
    { "drops-rest", "Flushes the load archive after each request, and with it what came behind.",
      "BUF-9 SVC-4", "reply", "dropped", &flaws.drops_rest },
    { "length-255-in-one-byte", "A string of 255 units has the length FF.",
      "STR-5", "reply", "length-escape", &flaws.length_255_in_one_byte },
    { "status-for-note", "Answers NOTE with a status.",
      "SVC-2 SVC-4", "silent", "spoke-unasked", &flaws.status_for_note },
    { "rst-at-end", "Ends every connection with RST.",
      "SVC-13 SVC-17", "end", "reset", &flaws.rst_at_end },
    { "loses-last-reply-at-half-close", "Drops what is owed when the asker half-closes.",
      "SVC-15", "reply", "ended-early", &flaws.loses_last_reply_at_half_close },
    { "wide-in-every-build", "An ANSI build writes its strings wide.",
      "STR-8 SVC-5", "reply", "string-width", &flaws.wide_in_every_build },
    { "length-65534-in-word", "A string of 65534 units has the WORD form, which reads as the wide prefix.",
      "STR-6 STR-13", "reply", "length-escape", &flaws.length_65534_in_word },
    { "cuts-at-nul", "Strings that were loaded end at their first NUL.",
      "STR-19", "reply", "cut-at-nul", &flaws.cuts_at_nul },
    { "count-65535-in-word", "A count of 65535 has the WORD form, which is the escape.",
      "CNT-1", "reply", "count-escape", &flaws.count_65535_in_word },
    { "time-of-other-generations", "CTime has four bytes where twelve are due, and the reverse.",
      "VAL-4 VAL-7", "reply", "time-form", &flaws.time_of_other_generations },
    { "small-tags-only", "References from 7FFF on have the small tag.",
      "OBJ-1", "reply", "tag-form", &flaws.small_tags_only },
    { "object-before-class", "A new object takes its index before its class.",
      "OBJ-7", "reply", "wrong-index", &flaws.object_before_class },
    { "restarts-tables", "Has new archives for each request.",
      "OBJ-11 SVC-2", "reply", "table-restarted", &flaws.restarts_tables },
    { "takes-any-schema", "Loads a class of another schema as if it were VERSIONABLE.",
      "OBJ-28 SCH-8", "refused", "not-refused", &flaws.takes_any_schema },
    { "currency-low-first", "COleCurrency has the low half first.",
      "8.3", "reply", "halves-swapped", &flaws.currency_low_first },
    { "tells-unsigned", "Tells negative numbers as unsigned ones.",
      "SVC-6", "reply", "sign-lost", &flaws.tells_unsigned },
    { "bool-in-four-bytes", "Writes bool in four bytes.",
      "3.1", "reply", "wrong-size", &flaws.bool_in_four_bytes },
    { "line-without-newline", "Writes a line without its newline.",
      "STR-22", "reply", "missing-bytes", &flaws.line_without_newline },
    { "holds-last-byte", "Keeps the last byte of what it owes until there is more to send.",
      "SVC-3", "reply", "held-back", &flaws.holds_last_byte },
    { "always-cause-3", "Gives every archive exception as the end of the file.",
      "SVC-11", "cause", "wrong-cause", &flaws.always_cause_3 },
    { "silent-at-exception", "Ends without a status when loading raises an exception.",
      "SVC-11 SVC-14", "refused", "closed-early", &flaws.silent_at_exception },
    { "zeroes-at-end", "Takes what the end of the stream cut for zeroes, and answers.",
      "SVC-14", "refused", "not-refused", &flaws.zeroes_at_end },
    { "dies-at-exception", "The whole program ends when loading raises an exception.",
      "SVC-11 SVC-19", "survives", "peer-died", &flaws.dies_at_exception },
    { "dies-at-reset", "The whole program ends when the asker resets a connection.",
      "SVC-18", "survives", "peer-died", &flaws.dies_at_reset },
    { "answers-behind-quit", "Answers what stands behind QUIT.",
      "SVC-16", "end", "stray-bytes", &flaws.answers_behind_quit },
    { "never-ends", "Never closes a connection.",
      "SVC-13 SVC-17", "end", "never-ends", &flaws.never_ends },
    { "babbles", "Sends a byte behind every reply.",
      "SVC-4", "silent", "extra-bytes", &flaws.babbles },
    { "one-at-a-time", "Serves one connection, and the next when it has ended.",
      "SVC-19", "reply", "silent", &flaws.one_at_a_time },
    { "by-heart", "Answers NEXT with 8, whatever was asked.",
      "SVC-6", "reply", "wrong-value", &flaws.by_heart },
    { "right-once", "Answers a NEXT of 7 with 9, but on its first connection.",
      "SVC-6", "reply", "wrong-value", &flaws.right_once },
    { "stops-early", "A fill ends too soon where bytes of the item were left over.",
      "BUF-13", "reply", "false-end", &flaws.stops_early },
    { "one-receive", "Takes what one receive brings for all that an item needs.",
      "SF-3 BUF-16", "reply", "false-end", &flaws.one_receive },
    { "reads-once-more", "Reads on where a block is a multiple of the buffer.",
      "BUF-15", "reply", "held-back", &flaws.reads_once_more },
    { "op-alone", "Takes a request of which only the op has come for one that was cut.",
      "SF-3 BUF-16", "reply", "false-end", &flaws.op_alone },
    { "believes-lengths", "Takes memory for whatever length is claimed.",
      "STR-15 COL-4", "life", "memory", &flaws.believes_lengths },
    { "drops-when-full", "What the socket does not take at once is lost.",
      "SVC-3 SVC-4", "reply", "differs", &flaws.drops_when_full },
    { "babbles-late", "Sends a byte after every reply, fifty milliseconds later.",
      "SVC-4", "silent", "extra-bytes", &flaws.babbles_late },

    /* Programs that ask, which arcwire serves. */
    { "asks-ahead", "Sends its packets ahead where each should wait for the acknowledgement of the one before.",
      "SVC-21 TAB-15.1", "silent", "spoke-unasked", &flaws.asks_ahead },
    { "asks-swapped", "Its packets have the count of copies big-endian.",
      "BO-1", "says", "bytes-swapped", &flaws.asks_swapped },
    { "asks-in-other-width", "Its messages have the strings of the other build.",
      "STR-8", "says", "string-width", &flaws.asks_in_other_width },
    { "asks-nothing", "Dials, and says nothing.",
      "SVC-21 SVC-22", "says", "no-answer", &flaws.asks_nothing },
    { "asks-nobody", "Ends with status 0 and has not dialled.",
      "SVC-21 SVC-22", "open", "refused", &flaws.asks_nobody },
    { "asks-twice", "Dials once more than it should.",
      "SVC-21 SVC-22", "dials", "extra-connection", &flaws.asks_twice },
    { "asks-and-leaves", "Ends without waiting for the answer to its farewell.",
      "SVC-22", "end", "ended-early", &flaws.asks_and_leaves },
    { "asks-and-stays", "Says and hears all that is due, and never ends.",
      "SVC-17", "exit", "never-exits", &flaws.asks_and_stays },
    { "asks-and-fails", "Says and hears all that is due, ends, and gives status 3.",
      "SVC-17", "exit", "exit-status", &flaws.asks_and_fails },

    /* Degenerate peers, which do not speak the protocol at all. */
    { "closes", "Accepts and closes.",
      "SVC-4", "first-control", "closed-early", &flaws.closes },
    { "mute", "Reads, and never says anything.",
      "SVC-4", "first-control", "silent", &flaws.mute },
    { "echoes", "Sends back the bytes that it gets.",
      "SVC-4", "first-control", "echo", &flaws.echoes },
    { "resets", "Accepts, reads, and resets.",
      "SVC-4", "first-control", "reset", &flaws.resets },

    /* Correct but odd peers, which no check may fail. */
    { "byte-by-byte", "Odd, but right: sends each byte by itself.",
      "SVC-3", "none", "none", &flaws.byte_by_byte },
    { "two-flushes", "Odd, but right: flushes the status, and then the rest.",
      "SVC-3", "none", "none", &flaws.two_flushes },
    { "answers-late", "Odd, but right: waits fifty milliseconds before it answers.",
      "SVC-3", "none", "none", &flaws.answers_late },
    { "joins-replies", "Odd, but right: sends replies together when more requests have come.",
      "SVC-3", "none", "none", &flaws.joins_replies },
    { "hides", "May be looked at by nobody but root: its silence is not proven to other users.",
      "SVC-3", "none", "none", &flaws.hides },
};
// clang-format on

enum { FLAWS = sizeof table / sizeof *table };

bool flaws_choose(const char *name)
{
    for (const struct flaw *f = table; f < table + FLAWS; f++) {
        if (strcmp(f->name, name) == 0) {
            *f->on = true;
            flaws.reads_ahead =
                flaws.keeps_rest || flaws.drops_rest || flaws.stops_early || flaws.reads_once_more || flaws.op_alone;
            if (flaws.hides)
                prctl(PR_SET_DUMPABLE, 0);
            return true;
        }
    }
    return false;
}

void flaws_list(void)
{
    for (const struct flaw *f = table; f < table + FLAWS; f++)
        printf("%s\t%s\t%s\t%s\t%s\n", f->name, f->sentence, f->clauses, f->check, f->cause);
}

static bool reset_at_close(struct CSocket *socket)
{
    static const struct linger at_once = { .l_onoff = 1 };

    return setsockopt((int)socket->handle, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0;
}

bool flaws_resets(struct CSocket *socket)
{
    return flaws.rst_at_end && reset_at_close(socket);
}

static atomic_uint connections; // so far

bool flaws_used(void)
{
    return atomic_load(&connections) > 1;
}

bool flaws_instead(struct CSocket *socket)
{
    char bytes[4096];
    ptrdiff_t got;

    atomic_fetch_add(&connections, 1);
    if (!flaws.closes && !flaws.mute && !flaws.echoes && !flaws.resets)
        return false;
    while (!flaws.closes && (got = CSocket_Receive(socket, bytes, sizeof bytes)) > 0)
        if (flaws.resets || (flaws.echoes && CSocket_Send(socket, bytes, (size_t)got) < 0))
            break;
    if (flaws.resets)
        reset_at_close(socket);
    CSocket_Close(socket);
    return true;
}

bool flaws_sees_end(struct CSocket *socket)
{
    struct pollfd p = { .fd = (int)socket->handle, .events = POLLRDHUP };

    return poll(&p, 1, 5) == 1;
}

bool flaws_sees_more(struct CSocket *socket)
{
    return wsa_readable(socket->handle);
}

void flaws_ask(const char *host, uint16_t port)
{
    struct CSocket s = CSOCKET_EMPTY;
    char byte;

    if (flaws.asks_nothing && CSocket_Create(&s, 0, SOCK_STREAM, NULL) && CSocket_Connect(&s, host, port))
        while (CSocket_Receive(&s, &byte, 1) > 0)
            continue;
    if (flaws.asks_nothing || flaws.asks_nobody)
        exit(0);
}

void flaws_stay(const char *host, uint16_t port)
{
    struct CSocket more = CSOCKET_EMPTY;

    if (flaws.asks_twice && CSocket_Create(&more, 0, SOCK_STREAM, NULL))
        CSocket_Connect(&more, host, port);
    while (flaws.asks_and_stays)
        pause();
}

void flaws_pause(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = 50000000 }, NULL);
}
