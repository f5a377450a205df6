/*
 * To add a flaw: a row here, a switch in flaws.h, and FLAW(name) where the
 * mistake is made. The row says which check must catch it and which cause it
 * should be given; a suite that lets it pass is not good enough.
 */
#include "flaws.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

struct flaws flaws;

struct flaw {
    const char *name;
    const char *sentence;
    const char *clauses;
    const char *check; // that must fail
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
      "SVC-2 SVC-4", "silent", "extra-bytes", &flaws.status_for_note },
    { "rst-at-end", "Ends every connection with RST.",
      "SVC-13 SVC-17", "end", "reset-at-end", &flaws.rst_at_end },
    { "loses-last-reply-at-half-close", "Drops what is owed when the asker half-closes.",
      "SVC-15", "reply", "lost-at-half-close", &flaws.loses_last_reply_at_half_close },
    { "closes", "Accepts and closes.",
      "SVC-4", "first-control", "closed-early", &flaws.closes },
    { "mute", "Reads, and never says anything.",
      "SVC-4", "first-control", "silent", &flaws.mute },
    { "echoes", "Sends back the bytes that it gets.",
      "SVC-4", "first-control", "echo", &flaws.echoes },
};
// clang-format on

enum { FLAWS = sizeof table / sizeof *table };

bool flaws_choose(const char *name)
{
    for (const struct flaw *f = table; f < table + FLAWS; f++) {
        if (strcmp(f->name, name) == 0) {
            *f->on = true;
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

bool flaws_instead(struct CSocket *socket)
{
    char bytes[4096];
    ptrdiff_t got;

    if (!flaws.closes && !flaws.mute && !flaws.echoes)
        return false;
    while (!flaws.closes && (got = CSocket_Receive(socket, bytes, sizeof bytes)) > 0)
        if (flaws.echoes && CSocket_Send(socket, bytes, (size_t)got) < 0)
            break;
    CSocket_Close(socket);
    return true;
}

bool flaws_sees_end(struct CSocket *socket)
{
    struct pollfd p = { .fd = socket->fd, .events = POLLRDHUP };

    return poll(&p, 1, 5) == 1;
}
