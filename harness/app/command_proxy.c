/*
 * `arcwire proxy`: between clients and their server; passes on unchanged what they say, keeps it, and shows it; a shadow may hear it, too,
 * and a judge.
 */
#include "app/play.h"
#include "app/proxy_check.h"
#include "app/proxy_shadow.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/hex.h"
#include "capture/traffic.h"

#define SHOWN_MAX 64 // bytes of one read
#define APART_US  200   // between two pieces
#define GATHER_US 20000 // that what is said waits for more
#define SEEDED    32
#define PUSH_MS   20 // until the judge is told again what it had no room for

struct proxy {
    struct traffic_log log;
    bool show;
    uint64_t bytes[2]; // by side
    struct faults faults[2];
    struct proxy_check check;
    struct shadow *shadow; // or NULL
    struct shadow_report report;
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
    case RELAY_FAULT:
        text_printf(&line, "%s  spoiled: %s", sides[e->from], fault_name(e->fault->kind));
        if (fault_is_at_byte(e->fault))
            text_printf(&line, " at byte %llu", (unsigned long long)e->fault->at);
        if (e->fault->of.name)
            text_printf(&line, ", %.*s", (int)e->fault->of.len, e->fault->of.name);
        break;
    case RELAY_NOTE: // also without --show
        return;
    case RELAY_CLOSED:
        text_printf(&line, "over");
        break;
    }
    puts(text_string(&line));
    fflush(stdout);
}

static void tell_note(const struct relay_event *e)
{
    printf("#%u %s  %s\n", e->on, e->from == RELAY_CLIENT ? "client" : "server", e->text);
    fflush(stdout);
}

static bool watch(void *context, const struct relay_event *e, struct error *err)
{
    struct proxy *p = context;

    if (e->kind == RELAY_DATA)
        p->bytes[e->from] += e->data.len;
    if (p->show)
        show(e);
    if (e->kind == RELAY_NOTE)
        tell_note(e);
    proxy_check_hear(&p->check, e);
    return (!p->shadow || shadow_hear(p->shadow, e, clock_us(), err)) && traffic_add(&p->log, e, err);
}

static bool choose(const struct options *o, struct address *listen, struct address *to, uint64_t *count, struct error *err)
{
    if (!o->listen)
        return error_set(err, ERROR_USAGE, "expected --listen ADDRESS, where the clients dial; port 0: any");
    if (!o->to)
        return error_set(err, ERROR_USAGE, "expected --to ADDRESS, where the server listens");
    if (o->word_count && !o->check)
        return error_set(err, ERROR_USAGE, "\"%s\": expected options only; see arcwire proxy --help", o->words[0]);
    bool by_format = false;
    for (size_t i = 0; o->check && i < o->word_count; i++)
        by_format |= strcmp(o->words[i], "format") == 0;
    if (by_format && o->word_count > 1)
        return error_set(err, ERROR_USAGE, "--check format goes without patterns: no case says what is due");
    if (by_format && !o->layout)
        return error_set(err, ERROR_USAGE, "--check format: say what passes with --layout: without one nothing is certain, as a program may write any bytes, and what looks like a tag or a class may be data; arcwire decode --guess tells what they could be");
    *count = 0;
    if (!address_parse(o->listen, listen, err))
        return error_within(err, "--listen");
    if (!address_parse(o->to, to, err))
        return error_within(err, "--to");
    return !o->count || number_parse("--count", o->count, 1, 1000000, count, err);
}

/* How what differs is read. */
static bool choose_reader(const struct options *o, const struct layout *const sides[2], struct shadow_reader *out, struct arena *keep, struct error *err)
{
    struct type_list *types = ARENA_NEW(keep, struct type_list);

    *out = (struct shadow_reader){ .profile = profile_default };
    if (o->types && !o->shadow)
        return error_set(err, ERROR_USAGE, "--type goes with --shadow: how what differs is read");
    if (!o->shadow)
        return true;
    if (o->layout && o->types)
        return error_set(err, ERROR_USAGE, "--layout, --type: expected one of them");
    if (o->profile && !profile_parse(o->profile, &out->profile, err))
        return (err->kind = ERROR_USAGE, error_within(err, "--profile"));
    if (o->types && !type_list_parse(o->types, keep, types, err))
        return (err->kind = ERROR_USAGE, error_within(err, "--type"));
    if (o->layout && (!sides[LAYOUT_SERVER] || !sides[LAYOUT_SERVER]->from[LAYOUT_SERVER]))
        return error_set(err, ERROR_USAGE, "--layout: \"%s\" does not say what a server says", o->layout);
    out->layout = sides[LAYOUT_SERVER];
    out->types = o->types ? types : NULL;
    return true;
}

/* What each side says, by the fields of its layout; NULL: not told. */
static bool has_layout(const struct layout *const layouts[2], enum relay_side from)
{
    return layouts[from] && layouts[from]->from[from == RELAY_CLIENT ? LAYOUT_CLIENT : LAYOUT_SERVER];
}

static bool has_place(const struct layout *const layouts[2], enum relay_side from, const struct layout_place *p)
{
    return layouts[from] && layout_has_place(layouts[from], from == RELAY_CLIENT ? LAYOUT_CLIENT : LAYOUT_SERVER, p);
}

static bool no_place(const struct layout *const layouts[2], const struct layout_place *p, const char *who, struct error *err)
{
    if (!layouts[RELAY_CLIENT] && !layouts[RELAY_SERVER])
        return error_set(err, ERROR_USAGE, "fields are those of a layout: expected --layout NAME");
    if (!p)
        return error_set(err, ERROR_USAGE, "the layout does not tell what %s says", who);
    return error_set(err, ERROR_USAGE, "the layout has no field \"%.*s\" in what %s says", (int)p->len, p->name, who);
}

static bool choose_faults(const struct options *o, const struct layout *const layouts[2], struct proxy *p, struct error *err)
{
    static const char *const sides[] = { "a client", "a server" };

    if (o->faults.count && o->check)
        return error_set(err, ERROR_USAGE, "--fault does not go with --check: what is spoiled is not what was said");
    if (o->faults.count && o->shadow)
        return error_set(err, ERROR_USAGE, "--fault does not go with --shadow: what is spoiled for one server the other would not hear");
    for (size_t i = 0; i < o->faults.count; i++)
        if (!fault_parse(o->faults.items[i], &p->faults[RELAY_SERVER], &p->faults[RELAY_CLIENT], err))
            return error_within(err, "--fault");
    for (int from = 0; from < 2; from++)
        for (size_t i = 0; i < p->faults[from].by_field_count; i++)
            if (!has_place(layouts, from, &p->faults[from].by_field[i].of))
                return no_place(layouts, &p->faults[from].by_field[i].of, sides[from], err) || error_within(err, "--fault");
    return true;
}

/* In what pieces what each side says is passed on. */
struct delivered {
    enum relay_pieces kind[2];
    struct relay_cuts cuts[2];
};

/* "17", "4" of every@4. */
static bool add_cut(const char *where, bool every, struct relay_cuts *c, struct error *err)
{
    uint64_t at;

    if (!number_parse(every ? "every@" : "cut@", where, 1, UINT64_MAX, &at, err))
        return false;
    if (!every && c->count == RELAY_CUTS_MAX)
        return error_set(err, ERROR_USAGE, "cut@%s: a direction is cut at %d bytes at most", where, RELAY_CUTS_MAX);
    if (every)
        c->every = at;
    else
        c->at[c->count++] = at;
    return true;
}

static bool add_field(const struct layout_place *p, struct relay_cuts *c, struct error *err)
{
    if (c->field_count == RELAY_CUTS_MAX)
        return error_set(err, ERROR_USAGE, "cut@%.*s: a direction is cut at %d fields at most", (int)p->len, p->name, RELAY_CUTS_MAX);
    c->fields[c->field_count++] = *p;
    return true;
}

/* "cut@17", "every@4", "cut@text#2", "cut-fields". only: the one side whose words are cut, or -1: those of either, by field where it has that. */
static bool cut_of(const char *name, int only, const struct layout *const layouts[2], struct delivered *to, struct error *err)
{
    static const char *const sides[] = { "either side", "a client", "a server" };
    bool every = strncmp(name, "every@", 6) == 0, each = !strchr(name, '@'), some = false;
    const char *where = each ? "" : strchr(name, '@') + 1;
    bool by_field = each || (!every && *where && !strchr("0123456789+-", *where));
    struct layout_place place = { 0 };

    if (by_field && !each && !layout_place_parse(where, strlen(where), &place, err))
        return false;
    for (int from = 0; from < 2; from++) {
        struct relay_cuts *c = &to->cuts[from];
        if ((only >= 0 && only != from) || (by_field && !(each ? has_layout(layouts, from) : has_place(layouts, from, &place))))
            continue;
        some = true;
        to->kind[from] = RELAY_CUT;
        if (each)
            c->each_field = true;
        else if (!(by_field ? add_field(&place, c, err) : add_cut(where, every, c, err)))
            return false;
    }
    return some || no_place(layouts, each ? NULL : &place, sides[only + 1], err);
}

/* "bytewise", "to-client:random": in what pieces one side, or each, is passed on. */
static bool delivery_of(const char *text, const struct layout *const layouts[2], struct delivered *to, struct error *err)
{
    static const char *const names[] = { "plain", "bytewise", "random", "coalesced" }, *const ways[] = { "to-server:", "to-client:" };
    const char *name = text;
    size_t kind = 0;
    int only = -1;

    for (int from = 0; from < 2; from++)
        if (strncmp(text, ways[from], strlen(ways[from])) == 0) {
            only = from;
            name = text + strlen(ways[from]);
        }
    if (strncmp(name, "cut@", 4) == 0 || strncmp(name, "every@", 6) == 0 || strcmp(name, "cut-fields") == 0)
        return cut_of(name, only, layouts, to, err) || error_within(err, "--delivery");
    while (kind < COUNT_OF(names) && strcmp(name, names[kind]) != 0)
        kind++;
    if (kind == COUNT_OF(names))
        return error_set(err, ERROR_USAGE, "--delivery: \"%.40s\": expected plain, bytewise, random, coalesced, cut@N, every@N, cut@FIELD or cut-fields, behind to-client: or to-server: for one direction",
                         text);
    for (int from = 0; from < 2; from++)
        if (only < 0 || only == from)
            to->kind[from] = (enum relay_pieces)kind;
    return true;
}

/* seeded: what is told of the seed. What is told of fields lives in keep. */
static bool choose_delivery(const struct options *o, const struct layout *const layouts[2], struct relay *r, struct delivered *to, char seeded[SEEDED],
                            struct arena *keep, struct error *err)
{
    const enum relay_pieces *pieces = to->kind;
    uint64_t seed = 0;
    char *all = o->deliveries ? arena_string(keep, o->deliveries) : NULL, *one;

    while ((one = strsep(&all, ",")))
        if (!delivery_of(one, layouts, to, err))
            return false;
    if (o->deliveries && (o->seed ? !number_parse("--seed", o->seed, 0, UINT64_MAX, &seed, err) : !seed_draw(&seed, err)))
        return false;
    for (int from = 0; from < 2; from++)
        relay_cut(r, (enum relay_side)from, pieces[from], pieces[from] == RELAY_COALESCED ? GATHER_US : APART_US, seed, &to->cuts[from]);
    if (pieces[RELAY_CLIENT] == RELAY_RANDOM || pieces[RELAY_SERVER] == RELAY_RANDOM)
        snprintf(seeded, SEEDED, "   seed 0x%" PRIx64, seed);
    return true;
}

static bool is_by_format(const struct options *o)
{
    return o->check && o->word_count == 1 && strcmp(o->words[0], "format") == 0;
}

/* A layout that is told for nothing is a mistake. */
static bool uses_layout(const struct options *o, const struct delivered *to, const struct faults faults[2], struct error *err)
{
    bool used = !o->layout || o->shadow || is_by_format(o);

    for (int from = 0; from < 2; from++)
        used |= to->cuts[from].field_count || to->cuts[from].each_field || faults[from].by_field_count;
    return used || error_set(err, ERROR_USAGE, "--layout goes with --check format, with --shadow, and with --delivery or --fault by field");
}

/* Waits for relay or shadow, as long as the shadow may. */
static bool wait_for_both(struct relay *r, struct shadow *s, struct error *err)
{
    struct pollfd fds[] = { { relay_fd(r), POLLIN, 0 }, { shadow_fd(s), POLLIN, 0 } };
    int64_t due = shadow_due(s), left = due == INT64_MAX ? -1 : due - clock_us();
    int ms = due == INT64_MAX ? -1 : left <= 0 ? 0 : (int)((left + 999) / 1000);

    return poll(fds, 2, ms) >= 0 || errno == EINTR || error_errno(err, "poll");
}

/* Until it is stopped, or so many connections are over; then the shadow has its time for what it owes. The relay goes first. */
static bool go(struct relay *r, struct proxy *p, uint64_t count, struct error *err)
{
    struct shadow *s = p->shadow;

    while (!play_is_stopped() && (!(count && relay_over(r) >= count) || (s && shadow_open(s)))) {
        if (!relay_looks(r) && !traffic_flush(&p->log, err))
            return false;
        if (s && !wait_for_both(r, s, err))
            return false;
        if (proxy_check_waits(&p->check))
            proxy_check_push(&p->check);
        if (!relay_step(r, s ? 0 : proxy_check_waits(&p->check) ? PUSH_MS : -1, err) || (s && !shadow_step(s, clock_us(), err)))
            return false;
    }
    return true;
}

static bool shadow_begin(struct proxy *p, const struct options *o, const char *directory, struct arena *keep, struct error *err)
{
    struct shadow_limits limits = shadow_limits_default;
    struct address at;
    uint64_t ms;

    if (!o->shadow)
        return true;
    if (p->report.reads.layout || p->report.reads.types)
        limits.before = SHADOW_BEFORE;
    if (!address_parse(o->shadow, &at, err))
        return error_within(err, "--shadow");
    if (o->limit && !number_parse("--limit", o->limit, 250, 3600000, &ms, err))
        return false;
    if (o->limit)
        limits.patience = (int64_t)ms * 1000;
    return shadow_report_begin(&p->report, arena_printf(keep, "%s/shadow.ndjson", directory), err) &&
           (p->shadow = shadow_new(&at, &limits, shadow_report_add, &p->report, err)) != NULL;
}

static bool keep_traffic(const struct options *o, int *status, struct error *err)
{
    SCRATCH(keep);
    struct proxy p = { .show = o->show, .log = { .fd = -1 }, .report = { .fd = -1 }, .check = { .fd = -1 } };
    struct address listen, to;
    struct delivered delivered = { 0 }; // RELAY_AS_READ
    const struct layout *layouts[2];
    struct profile profile = profile_default;
    const char *directory;
    char text[ADDRESS_TEXT], seeded[SEEDED] = "";
    uint64_t count;
    int64_t began = clock_us();

    if (!choose(o, &listen, &to, &count, err) || !layouts_open(o->layout, &keep, layouts, err) || !choose_faults(o, layouts, &p, err) ||
        !choose_reader(o, layouts, &p.report.reads, &keep, err))
        return false;
    if (o->profile && !profile_parse(o->profile, &profile, err))
        return (err->kind = ERROR_USAGE, error_within(err, "--profile"));
    struct relay *r = relay_new(&listen, &to, watch, &p, err);
    if (!r)
        return false;
    for (int side = 0; side < 2; side++)
        relay_spoil(r, (enum relay_side)side, p.faults[side].count + p.faults[side].by_field_count ? &p.faults[side] : NULL);
    relay_read(r, layouts, &profile);
    bool good = relay_heed(r, play_stop_fd(), err) && choose_delivery(o, layouts, r, &delivered, seeded, &keep, err) && uses_layout(o, &delivered, p.faults, err) && play_directory(o, "proxy", &keep, &directory, err);
    const char *path = good ? arena_printf(&keep, "%s/traffic.ndjson", directory) : NULL;
    good = good && traffic_begin(&p.log, path, &listen, &to, clock_wall(), err) && shadow_begin(&p, o, directory, &keep, err) &&
           (!o->check || proxy_check_begin(&p.check, o, arena_printf(&keep, "%s/checked.ndjson", directory), err));
    p.log.puts_off = true;
    if (good) {
        address_print(&listen, text, sizeof text);
        printf("listening %s\n", text);
        fflush(stdout);
        good = go(r, &p, count, err) && traffic_end(&p.log, clock_us() - began, err);
        printf("%u connection%s, %llu bytes from clients, %llu from the server   %s%s\n", relay_over(r) + relay_open(r),
               relay_over(r) + relay_open(r) == 1 ? "" : "s", (unsigned long long)p.bytes[RELAY_CLIENT],
               (unsigned long long)p.bytes[RELAY_SERVER], path, seeded);
    }
    *status = proxy_check_end(&p.check);
    if (p.shadow) {
        p.report.given_up += shadow_open(p.shadow); // stopped before it could be told
        *status = exit_worse(*status, shadow_report_end(&p.report));
        shadow_free(p.shadow);
    }
    relay_free(r);
    traffic_close(&p.log);
    return good;
}

int command_proxy(const struct options *o)
{
    struct error err;
    int status = EXIT_EXPECTED;

    play_until_stopped();
    return keep_traffic(o, &status, &err) ? status : fail(&err);
}
