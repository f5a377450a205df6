#include "rig.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "reference/cwinthread.h"
#include "reference/wsa_posix.h"

enum { HEARD_MAX = 1 << 20 };

struct pool scratch;

struct profile profile_of(const char *words)
{
    char generation[8], charset[8], bugs[8] = "";
    struct profile p = { 0 };

    int found = sscanf(words, "%7s %7s %u %7s", generation, charset, &p.bits, bugs);
    assert(found >= 3);
    (void)found;
    p.generation = generation_find(generation);
    p.unicode = strcmp(charset, "unicode") == 0;
    p.bugs = *bugs;
    assert(p.generation && profile_is_possible(&p));
    return p;
}

/* On a near end that is attached. */
static void open_archives(struct rig *r)
{
    struct exception e;

    if (!CSocketFile_Construct(&r->file, &r->near, true, &e))
        abort();
    CArchive_Construct(&r->load, &r->file.base, CARCHIVE_LOAD, CARCHIVE_BUFFER, NULL, &r->profile);
    CArchive_Construct(&r->store, &r->file.base, CARCHIVE_STORE, CARCHIVE_BUFFER, NULL,
                       &r->profile);
    r->load.keep = r->store.keep = &scratch;
}

void rig_open(struct rig *r, const char *profile, int type)
{
    int ends[2];

    *r = (struct rig){ .profile = profile_of(profile), .near = CSOCKET_EMPTY };
    if (socketpair(AF_UNIX, type, 0, ends) < 0 || !AfxSocketInit(&r->profile) ||
        !CSocket_Attach(&r->near, wsa_adopt(ends[0], SOCK_STREAM, type == SOCK_STREAM)))
        abort();
    r->far = ends[1];
    open_archives(r);
}

void rig_open_tcp(struct rig *r, const char *profile)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    *r = (struct rig){ .profile = profile_of(profile), .near = CSOCKET_EMPTY };
    if (bind(listener, (struct sockaddr *)&at, len) < 0 || listen(listener, 1) < 0 ||
        getsockname(listener, (struct sockaddr *)&at, &len) < 0 || !AfxSocketInit(&r->profile) ||
        !CSocket_Create(&r->near, 0, SOCK_STREAM, NULL) ||
        !CSocket_Connect(&r->near, "127.0.0.1", ntohs(at.sin_port)))
        abort();
    r->far = accept(listener, NULL, NULL);
    close(listener);
    open_archives(r);
}

void rig_close(struct rig *r)
{
    if (r->profile.generation) {
        CArchive_Abort(&r->load);
        CArchive_Abort(&r->store);
    }
    CSocket_Close(&r->near);
    if (r->far >= 0)
        close(r->far);
}

void rig_say(struct rig *r, struct bytes said)
{
    ssize_t sent = send(r->far, said.data, said.len, 0);

    assert(sent == (ssize_t)said.len);
    (void)sent;
}

void rig_say_hex(struct rig *r, const char *hex)
{
    rig_say(r, bytes_of(hex));
}

void rig_reset(struct rig *r)
{
    static const struct linger at_once = { .l_onoff = 1 };

    setsockopt(r->far, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(r->far);
    r->far = -1;
}

void rig_end(struct rig *r)
{
    shutdown(r->far, SHUT_WR);
}

struct bytes rig_hear(struct rig *r)
{
    uint8_t *heard = pool_new(&scratch, HEARD_MAX, 1);
    ssize_t got = recv(r->far, heard, HEARD_MAX, MSG_DONTWAIT);

    return (struct bytes){ heard, got > 0 ? (size_t)got : 0 };
}

int caught(struct CArchive *ar)
{
    struct exception e;

    CArchive_Catch(ar, &e);
    return e.kind == EXCEPTION_ARCHIVE || e.kind == EXCEPTION_NONE ? e.cause : -(int)e.kind;
}

char *hex_of(struct bytes b)
{
    char *hex = pool_new(&scratch, b.len * 3 + 1, 1);

    for (size_t i = 0; i < b.len; i++)
        sprintf(hex + 3 * i, "%02x%s", b.data[i], i + 1 < b.len ? " " : "");
    return hex;
}

struct bytes bytes_of(const char *hex)
{
    uint8_t *data = pool_new(&scratch, strlen(hex) / 2 + 1, 1);
    size_t len = 0;
    unsigned byte;
    int used;

    for (; sscanf(hex, " %2x%n", &byte, &used) == 1; hex += used)
        data[len++] = (uint8_t)byte;
    return (struct bytes){ data, len };
}

static uint8_t heard[HEARD_MAX];
static size_t heard_len;

static void *hear(void *arg)
{
    const int *far = arg;
    ssize_t got;

    heard_len = 0;
    while ((got = recv(*far, heard + heard_len, HEARD_MAX - heard_len, 0)) > 0)
        heard_len += (size_t)got;
    return NULL;
}

struct bytes rig_ask(void (*serve)(struct channel *), const char *profile, struct bytes said,
                     size_t piece)
{
    RIG(r);
    struct channel channel;
    pthread_t hearer;

    rig_open(&r, profile, piece ? SOCK_SEQPACKET : SOCK_STREAM);
    channel_open(&channel, &r.near, &r.profile);
    for (size_t at = 0; at < said.len; at += piece ? piece : said.len) {
        size_t rest = said.len - at;
        rig_say(&r, (struct bytes){ said.data + at, piece && piece < rest ? piece : rest });
    }
    rig_end(&r);
    pthread_create(&hearer, NULL, hear, &r.far);
    serve(&channel);
    channel_end(&channel);
    pthread_join(hearer, NULL);
    return (struct bytes){ heard, heard_len };
}

struct bytes spelt(const char *words)
{
    uint8_t *data = pool_new(&scratch, strlen(words) + 1, 1);
    size_t len = 0;
    unsigned byte;
    int used;

    while (*words) {
        if (*words == '\'') {
            const char *end = strchr(words + 1, '\'');
            data[len++] = end - words - 1;
            memcpy(data + len, words + 1, end - words - 1);
            len += end - words - 1;
            words = end + 1;
        } else if (sscanf(words, "%2x%n", &byte, &used) == 1) {
            data[len++] = byte;
            words += used;
        } else {
            words++;
        }
    }
    return (struct bytes){ data, len };
}
