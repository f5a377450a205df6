/*
 * `arcwire proxy`: between clients and their server; passes on unchanged what they say, keeps it, and shows it.
 */
#include "app/play.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/hex.h"
#include "capture/traffic.h"

#define SHOWN_MAX 64 // bytes of one read

struct proxy {
    struct traffic_log log;
    bool show;
    uint64_t bytes[2]; // by side
};

/* "   0.131  #0 client  04 00 07 00 00 00": seconds, connection, who, what. */
static void show(const struct relay_event *e)
{
    static const char *const sides[] = { "client", "server" };
    TEXT(line);

    text_printf(&line, "%8.3f  #%u ", (double)e->us / 1e6, e->on);
    switch (e->kind) {
    case RELAY_OPEN:
        text_printf(&line, "a client dials");
        break;
    case RELAY_REFUSED:
        text_printf(&line, "the server cannot be reached: %s", strerror((int)e->number));
        break;
    case RELAY_DATA:
        text_printf(&line, "%s  ", sides[e->from]);
        text_hex(&line, bytes_slice(e->data, 0, SHOWN_MAX), true);
        if (e->data.len > SHOWN_MAX)
            text_printf(&line, " … (%zu more)", e->data.len - SHOWN_MAX);
        break;
    case RELAY_END:
        text_printf(&line, "%s  ends its direction (FIN)", sides[e->from]);
        break;
    case RELAY_RESET:
        text_printf(&line, "%s  resets the connection", sides[e->from]);
        break;
    case RELAY_CLOSED:
        text_printf(&line, "over");
        break;
    }
    puts(text_string(&line));
    fflush(stdout);
}

static bool watch(void *context, const struct relay_event *e, struct error *err)
{
    struct proxy *p = context;

    if (e->kind == RELAY_DATA)
        p->bytes[e->from] += e->data.len;
    if (p->show)
        show(e);
    return traffic_add(&p->log, e, err);
}

static bool choose(const struct options *o, struct address *listen, struct address *to, uint64_t *count, struct error *err)
{
    if (!o->listen)
        return error_set(err, ERROR_USAGE, "expected --listen ADDRESS, where the clients dial; port 0: any");
    if (!o->to)
        return error_set(err, ERROR_USAGE, "expected --to ADDRESS, where the server listens");
    if (o->word_count)
        return error_set(err, ERROR_USAGE, "\"%s\": expected options only; see arcwire proxy --help", o->words[0]);
    *count = 0;
    if (!address_parse(o->listen, listen, err))
        return error_within(err, "--listen");
    if (!address_parse(o->to, to, err))
        return error_within(err, "--to");
    return !o->count || number_parse("--count", o->count, 1, 1000000, count, err);
}

/* Until it is stopped, or so many connections are over. */
static bool go(struct relay *r, uint64_t count, struct error *err)
{
    while (!play_is_stopped() && !(count && relay_over(r) >= count))
        if (!relay_step(r, -1, err))
            return false;
    return true;
}

static bool keep_traffic(const struct options *o, struct error *err)
{
    SCRATCH(keep);
    struct proxy p = { .show = o->show, .log = { .fd = -1 } };
    struct address listen, to;
    const char *directory;
    char text[ADDRESS_TEXT];
    uint64_t count;
    int64_t began = clock_us();

    if (!choose(o, &listen, &to, &count, err))
        return false;
    struct relay *r = relay_new(&listen, &to, watch, &p, err);
    if (!r)
        return false;
    bool good = play_directory(o, "proxy", &keep, &directory, err);
    const char *path = good ? arena_printf(&keep, "%s/traffic.ndjson", directory) : NULL;
    good = good && traffic_begin(&p.log, path, &listen, &to, clock_wall(), err);
    if (good) {
        address_print(&listen, text, sizeof text);
        printf("listening %s\n", text);
        fflush(stdout);
        good = go(r, count, err) && traffic_end(&p.log, clock_us() - began, err);
        printf("%u connection%s, %llu bytes from clients, %llu from the server   %s\n", relay_over(r) + relay_open(r),
               relay_over(r) + relay_open(r) == 1 ? "" : "s", (unsigned long long)p.bytes[RELAY_CLIENT],
               (unsigned long long)p.bytes[RELAY_SERVER], path);
    }
    relay_free(r);
    traffic_close(&p.log);
    return good;
}

int command_proxy(const struct options *o)
{
    struct error err;

    play_until_stopped();
    return keep_traffic(o, &err) ? EXIT_EXPECTED : fail(&err);
}
