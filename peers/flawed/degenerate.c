#include "degenerate.h"

#include <glob.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "flaws.h"

/*
 * By heart: what a client says in the shipped cases, and what is answered there. Their canonical form has a step on a line:
 * { "client": […], "wire": "0400 07000000", … }, and its answer on the next that begins with "server".
 */
struct answer {
    uint8_t *asked, *said;
    size_t asked_len, said_len;
};

static struct answer *answers;
static size_t answer_count;
static const char *directory;

void flaws_answers(const char *place)
{
    directory = place;
}

/* The bytes of "wire": "…" on a line, appended. */
static void wire_add(const char *line, uint8_t **to, size_t *len)
{
    const char *at = strstr(line, "\"wire\": \"");
    unsigned byte;

    for (at = at ? at + 9 : NULL; at && *at && *at != '"'; at += *at == ' ' ? 1 : 2) {
        if (*at == ' ')
            continue;
        if (sscanf(at, "%2x", &byte) != 1 || !(*to = realloc(*to, *len + 1)))
            return;
        (*to)[(*len)++] = (uint8_t)byte;
    }
}

static void learn_file(FILE *f)
{
    struct answer a = { 0 };
    char *line = NULL;
    size_t size = 0;

    while (getline(&line, &size, f) >= 0) {
        bool asks = strstr(line, "{ \"client\""), says = strstr(line, "{ \"server\"");
        if (asks && a.said_len) {
            answers = realloc(answers, (answer_count + 1) * sizeof *answers);
            answers[answer_count++] = a;
            a = (struct answer){ 0 };
        }
        if (asks)
            wire_add(line, &a.asked, &a.asked_len);
        else if (says)
            wire_add(line, &a.said, &a.said_len);
    }
    free(line);
}

static void learn(void)
{
    char pattern[4096];
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/*.json", directory ? directory : ".");
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        FILE *f = fopen(found.gl_pathv[i], "r");
        if (!f)
            continue;
        learn_file(f);
        fclose(f);
    }
    globfree(&found);
}

static void answer_by_heart(struct CSocket *socket, const uint8_t *asked, size_t len)
{
    static const uint8_t guess[] = { 0, 0, 8, 0, 0, 0 };
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, learn);
    for (size_t i = 0; i < answer_count; i++)
        if (answers[i].asked_len == len && memcmp(answers[i].asked, asked, len) == 0) {
            CSocket_Send(socket, answers[i].said, answers[i].said_len);
            return;
        }
    CSocket_Send(socket, guess, sizeof guess);
}

/* Right answers to the requests of another conversation, one after the other. */
static void answer_another(struct CSocket *socket, unsigned n)
{
    static const char *const said[] = { "\0\0\x08\0\0\0", "\0\0\x09\0\0\0", "\0\0\x0a\0\0\0" };

    CSocket_Send(socket, said[n % 3], 6);
}

static void answer_at_random(struct CSocket *socket)
{
    uint8_t bytes[16];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)rand();
    CSocket_Send(socket, bytes, sizeof bytes);
}

static void babble(struct CSocket *socket)
{
    char bytes[512];

    memset(bytes, 'x', sizeof bytes);
    while (CSocket_Send(socket, bytes, sizeof bytes) >= 0)
        nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
}

static bool reset_at_close(struct CSocket *socket)
{
    static const struct linger at_once = { .l_onoff = 1 };

    return setsockopt((int)socket->handle, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0;
}

bool degenerate_serve(struct CSocket *socket, unsigned n)
{
    char bytes[4096];
    ptrdiff_t got;
    unsigned heard = 0;

    if (flaws.closes || (flaws.closes_after_first && n > 1))
        return true;
    while (flaws.stuck)
        pause();
    if (flaws.babbles_on) {
        babble(socket);
        return true;
    }
    if (!flaws.mute && !flaws.echoes && !flaws.resets && !flaws.mutters && !flaws.knows_answers &&
        !flaws.says_anothers)
        return false;
    while ((got = CSocket_Receive(socket, bytes, sizeof bytes)) > 0 && !flaws.resets) {
        if (flaws.echoes && CSocket_Send(socket, bytes, (size_t)got) < 0)
            break;
        if (flaws.mutters)
            answer_at_random(socket);
        if (flaws.knows_answers)
            answer_by_heart(socket, (const uint8_t *)bytes, (size_t)got);
        if (flaws.says_anothers)
            answer_another(socket, heard++);
    }
    if (flaws.resets)
        reset_at_close(socket);
    return true;
}
