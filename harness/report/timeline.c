/*
 * The log tells what was to be said (ops, with their bytes) and when how much of it went over the wire (events).
 * Laid over each other they give the two streams back:
 *
 *   op 1  send     04 00 07 00 00 00          event  sent 6 of op 1 from 0        ┐ one row: 6 bytes
 *                                             event  sent …                       ┘ in two segments
 *   op 2  receive  00 00 08 00 00 00          event  received 6, as op 2 has them   another row
 */
#include "report/timeline.h"

#include "base/text.h"

uint64_t hex_length(const char *hex)
{
    uint64_t all = 0;

    while (*hex) {
        size_t digits = strcspn(hex, " *");
        uint64_t times = 1;
        hex += digits;
        if (*hex == '*')
            for (times = 0, hex++; *hex >= '0' && *hex <= '9'; hex++)
                times = times * 10 + (uint64_t)(*hex - '0');
        all += times * (digits / 2);
        hex += *hex != 0;
    }
    return all;
}

size_t hex_bytes(const char *hex, uint64_t at, uint8_t *to, size_t len)
{
    size_t done = 0;

    while (*hex && done < len) {
        const char *token = hex;
        size_t width = strcspn(hex, " *") / 2;
        uint64_t times = 1;
        hex += 2 * width;
        if (*hex == '*')
            for (times = 0, hex++; *hex >= '0' && *hex <= '9'; hex++)
                times = times * 10 + (uint64_t)(*hex - '0');
        hex += *hex != 0;
        uint64_t room = times * width;
        for (; at < room && done < len; at++)
            hex_parse(token + at % width * 2, 2, &to[done++]);
        at -= at < room ? at : room;
    }
    return done;
}

size_t row_bytes(const struct talk_row *row, uint64_t at, uint8_t *to, size_t len)
{
    size_t done = 0;
    uint64_t piece_at = row->at;

    for (const struct talk_piece *p = row->pieces; p < row->pieces + row->piece_count && done < len;
         p++) {
        uint64_t here = at + done;
        if (here >= piece_at && here < piece_at + p->len) {
            uint64_t inside = here - piece_at, most = p->len - inside;
            size_t want = len - done < most ? len - done : (size_t)most;
            size_t got = hex_bytes(p->hex, p->skip + inside, to + done, want);
            done += got;
            if (got < want)
                break; // the log has fewer than it says
        }
        piece_at += p->len;
    }
    return done;
}

/* Whether n bytes of two hex texts are the same. */
static bool same_bytes(const char *a, uint64_t a_at, const char *b, uint64_t b_at, uint64_t n)
{
    uint8_t x[16384], y[sizeof x];

    while (n) {
        size_t step = n < sizeof x ? (size_t)n : sizeof x;
        if (hex_bytes(a, a_at, x, step) != step || hex_bytes(b, b_at, y, step) != step ||
            memcmp(x, y, step) != 0)
            return false;
        a_at += step;
        b_at += step;
        n -= step;
    }
    return true;
}

bool row_as_expected(const struct talk_row *row, uint64_t at, uint64_t len)
{
    uint64_t piece_at = row->at, covered = 0;

    for (const struct talk_piece *p = row->pieces; p < row->pieces + row->piece_count; p++) {
        uint64_t from = piece_at > at ? piece_at : at;
        uint64_t end = piece_at + p->len < at + len ? piece_at + p->len : at + len;
        bool told_so =
            p->hex == row->op->hex && p->skip == piece_at; // the log itself says that it is as due
        if (from < end) {
            if (!told_so &&
                !same_bytes(p->hex, p->skip + (from - piece_at), row->op->hex, from, end - from))
                return false;
            covered += end - from;
        }
        piece_at += p->len;
    }
    return covered == len;
}

const struct report_check *failure_on(const struct report_result *r, size_t op)
{
    for (const struct report_check *c = r->checks; c < r->checks + r->check_count; c++)
        if (report_says_why(c) && c->op >= 0 && (uint64_t)c->op == op)
            return c;
    return NULL;
}

/* A delivery may have joined a control's request with the case's own: what is answered outside the control is none. */
static void part_controls(struct report_talk *t)
{
    for (size_t i = 0; i < t->op_count; i++) {
        struct report_op *send = &t->ops[i];
        bool more = true;
        if (send->kind != REPORT_OP_SEND || !send->control)
            continue;
        for (size_t k = i + 1; k < t->op_count && more; k++) {
            const struct report_op *o = &t->ops[k];
            more = o->on != send->on || o->kind == REPORT_OP_RECEIVE || o->kind == REPORT_OP_SILENT;
            if (more && o->on == send->on && !o->control) {
                send->control = NULL;
                more = false;
            }
        }
    }
}

/* We send, shut down and reset; the peer is received from and must be silent or end. */
static bool plays_server(const struct report_talk *t)
{
    for (const struct report_op *o = t->ops; o < t->ops + t->op_count; o++)
        switch (o->kind) {
        case REPORT_OP_SEND:
        case REPORT_OP_SHUTDOWN:
        case REPORT_OP_RESET:
            return o->server;
        case REPORT_OP_RECEIVE:
        case REPORT_OP_SILENT:
        case REPORT_OP_AWAIT_END:
            return !o->server;
        case REPORT_OP_OPEN:
        case REPORT_OP_LISTEN:
        case REPORT_OP_OTHER:
            break;
        }
    return false;
}

enum doer { NOBODY, US, PEER };

static const struct event_row {
    const char *event;
    enum doer doer;
    bool settles; // nothing is to be expected of its op any more
    const char *words;
} event_rows[] = {
    { "open",       NOBODY, false, "connected"                                                    },
    { "refused",    NOBODY, true,  "the connection was refused"                                   },
    { "fin-sent",   US,     false, "ends its direction (FIN)"                                     },
    { "fin",        PEER,   true,  "ends its direction (FIN)"                                     },
    { "reset-sent", US,     false, "resets the connection (RST)"                                  },
    { "reset",      PEER,   true,  "resets the connection (RST)"                                  },
    { "forgotten",  NOBODY, false, "the kernel forgets connections for want of room: the RST may be its own" },
    { "late",       NOBODY, true,  "nothing more came within the limit"                           },
    { "probe",      US,     false, "asks the probe, whose answer shows whether more was owed"     },
    { "quiet",      NOBODY, true,  "nothing more came, timed"                                     },
    { "proven",     NOBODY, true,  "nothing more came, proven"                                     },
    { "mismatch",   NOBODY, false, "not what was due: from here on bytes are only collected"      },
    { "paused",     US,     false, "stops reading"                                                 },
    { "resumed",    US,     false, "reads again"                                                   },
    { "taken",      PEER,   false, "has read what came of it"                                      },
    { "over",       NOBODY, false, "closed"                                                       },
    { "cut-off",    NOBODY, false, "more than 64 KiB came: the rest was not kept"                 },
};

static const struct event_row *event_row(const char *event)
{
    for (size_t i = 0; i < COUNT_OF(event_rows); i++)
        if (strcmp(event_rows[i].event, event) == 0)
            return &event_rows[i];
    return NULL;
}

bool row_is_dull(const struct talk_row *row, const struct timeline *t)
{
    return row->kind == ROW_HAPPENED &&
           (strcmp(row->event->event, "over") == 0 ||
            (strcmp(row->event->event, "open") == 0 && t->talk.connections.count <= 1) ||
            (strcmp(row->event->event, "probe") == 0 && row->next && row->next->probe));
}

bool row_is_late(const struct talk_row *row)
{
    uint64_t due = row->layout ? hex_length(row->op->hex) : 0;

    return due && row->at == 0 && row->len >= due && row_as_expected(row, 0, due);
}

bool row_goes_right(const struct talk_row *row, const struct report_check *bad)
{
    if (!row->layout || bad->field < 0 || (uint64_t)bad->field >= row->layout->field_count ||
        !bad->got)
        return false;
    const struct report_field *f = &row->layout->fields[bad->field];
    uint64_t behind = f->at + f->len, end = row->at + row->len;
    return hex_length(bad->got) == f->len && end == hex_length(row->layout->hex) && behind <= end &&
           row_as_expected(row, behind, end - behind);
}

const char *row_words(const struct talk_row *row, bool *of_somebody)
{
    const struct event_row *known = event_row(row->event->event);

    *of_somebody = known && known->doer != NOBODY;
    return known ? known->words : row->event->event;
}

struct laying {
    struct timeline *t;
    struct arena *keep;
    uint64_t *arrived, *departed; // by op: bytes so far
    struct talk_row **last_of; // by op: its last row so far
    struct talk_row *last;
    size_t room;          // of the last row's pieces
};

/* Whether an op's row stays its last although another one follows: what is due belongs under the bytes that came,
 * or under the first word that none did. */
static bool settles(const struct talk_row *row, enum talk_row_kind next)
{
    if (next != ROW_HAPPENED)
        return false;
    return row->kind != ROW_HAPPENED ||
           (event_row(row->event->event) && event_row(row->event->event)->settles);
}

static struct talk_row *add_row(struct laying *l, enum talk_row_kind kind,
                                const struct report_event *e, uint64_t op)
{
    struct talk_row *row = ARENA_NEW(l->keep, struct talk_row);

    row->kind = kind;
    row->us = e->us;
    row->on = e->on;
    row->event = kind == ROW_HAPPENED ? e : NULL;
    row->last = true;
    row->op_index = (size_t)op;
    if (op < l->t->talk.op_count) {
        row->op = &l->t->talk.ops[op];
        struct talk_row *before = l->last_of[op];
        if (before && settles(before, kind)) {
            row->last = false;
        } else {
            if (before)
                before->last = false;
            l->last_of[op] = row;
        }
    }
    *(l->last ? &l->last->next : &l->t->rows) = row;
    l->last = row;
    l->room = 0;
    return row;
}

static void add_piece(struct laying *l, struct talk_piece p)
{
    struct talk_row *row = l->last;

    if (row->piece_count == l->room) {
        struct talk_piece *more =
            ARENA_ARRAY(l->keep, l->room = l->room ? 2 * l->room : 4, struct talk_piece);
        if (row->piece_count)
            memcpy(more, row->pieces, row->piece_count * sizeof *more);
        row->pieces = more;
    }
    ((struct talk_piece *)row->pieces)[row->piece_count++] = p;
    row->len += p.len;
}

/* Whether bytes go on with what the last row says. */
static bool goes_on(const struct laying *l, enum talk_row_kind kind, uint64_t op, uint64_t on,
                    uint64_t at)
{
    const struct talk_row *row = l->last;

    return row && row->kind == kind && row->on == on && row->op_index == op &&
           row->at + row->len == at;
}

/* What the bytes of an event are, when it does not tell: those of its op. */
static const char *implied(const struct report_op *op, enum talk_row_kind kind)
{
    if (!op)
        return "";
    return op->kind == REPORT_OP_SILENT && kind == ROW_SENT ? op->probe : op->hex;
}

/* Whether the op waits for bytes such as an event brings: any that a RECEIVE gets, of a SILENT the probe's answer. */
static bool is_due(const struct report_event *e, const struct report_op *op, uint64_t at)
{
    if (!op || op->kind == REPORT_OP_RECEIVE || !e->hex)
        return op != NULL;
    return op->kind == REPORT_OP_SILENT && same_bytes(e->hex, 0, op->hex, at, e->len);
}

/* Lays n bytes of an event, from its byte `skip` on, under an op. */
static void lay_bytes(struct laying *l, const struct report_event *e, enum talk_row_kind kind,
                      uint64_t op_index, uint64_t skip, uint64_t n)
{
    const struct report_op *op = op_index < l->t->talk.op_count ? &l->t->talk.ops[op_index] : NULL;
    uint64_t *done = op ? kind == ROW_SENT ? &l->departed[op_index] : &l->arrived[op_index] : NULL;
    uint64_t at = e->hex ? (done ? *done : 0) : e->from;

    if (!goes_on(l, kind, op_index, e->on, at)) {
        struct talk_row *row = add_row(l, kind, e, op_index);
        row->server = l->t->we_are_server == (kind == ROW_SENT);
        row->at = at;
        row->probe = kind == ROW_SENT && op && op->kind != REPORT_OP_SEND;
        row->astray = kind == ROW_RECEIVED && !is_due(e, op, at);
        row->layout = row->probe || row->astray ? NULL : op;
    }
    l->last->segments += kind == ROW_SENT && skip == 0 ? e->segments : 0;
    add_piece(l,
              (struct talk_piece){ e->hex ? e->hex : implied(op, kind), e->hex ? skip : e->from, n,
                                   kind == ROW_SENT ? e->segments == 0 : e->same_chunk || skip });
    if (done)
        *done = at + n;
}

/* The next RECEIVE on a connection, from an op on; the number of ops when there is none. */
static uint64_t next_receive(const struct report_talk *t, uint64_t from, uint64_t on)
{
    while (from < t->op_count && (t->ops[from].kind != REPORT_OP_RECEIVE || t->ops[from].on != on))
        from++;
    return from < t->op_count ? from : t->op_count;
}

/*
 * Bytes may come while another op is in force: an answer while the next request is still being sent, or two answers
 * in one chunk. They are laid under the messages that they are, as long as they are as due; from the first
 * difference on all is laid where that is.
 */
static void lay_received(struct laying *l, const struct report_event *e)
{
    const struct report_talk *t = &l->t->talk;
    enum report_op_kind kind = e->op < t->op_count ? t->ops[e->op].kind : REPORT_OP_OTHER;
    uint64_t skip = 0, op = e->op;

    if (!e->hex || kind == REPORT_OP_SILENT || kind == REPORT_OP_AWAIT_END ||
        next_receive(t, op, e->on) == t->op_count) {
        lay_bytes(l, e, ROW_RECEIVED, op, 0, e->len);
        return;
    }
    do {
        op = next_receive(t, op, e->on);
        uint64_t next = next_receive(t, op + 1, e->on), left = e->len - skip;
        uint64_t due = hex_length(t->ops[op].hex),
                 room = due > l->arrived[op] ? due - l->arrived[op] : 0;
        uint64_t take = left;
        if (left > room && next < t->op_count &&
            same_bytes(e->hex, skip, t->ops[op].hex, l->arrived[op], room))
            take = room;
        if (take)
            lay_bytes(l, e, ROW_RECEIVED, op, skip, take);
        skip += take;
        op++;
    } while (skip < e->len);
}

void timeline_load(const struct report_result *r, struct arena *keep, struct timeline *out)
{
    struct laying l = { .t = out, .keep = keep };

    *out = (struct timeline){ 0 };
    report_talk_load(r, keep, &out->talk);
    part_controls(&out->talk);
    out->we_are_server = plays_server(&out->talk);
    l.arrived = ARENA_ARRAY(keep, out->talk.op_count, uint64_t);
    l.departed = ARENA_ARRAY(keep, out->talk.op_count, uint64_t);
    l.last_of = ARENA_ARRAY(keep, out->talk.op_count, struct talk_row *);
    for (size_t i = 0; i < out->talk.event_count; i++) {
        const struct report_event *e = &out->talk.events[i];
        switch (e->kind) {
        case REPORT_SENT:
            lay_bytes(&l, e, ROW_SENT, e->op, 0, e->len);
            break;
        case REPORT_RECEIVED:
            lay_received(&l, e);
            break;
        case REPORT_HAPPENED: {
            struct talk_row *row = add_row(&l, ROW_HAPPENED, e, e->op);
            const struct event_row *known = event_row(e->event);
            row->server = (known && known->doer == PEER) != out->we_are_server;
            break;
        }
        }
    }
}

struct cutting {
    struct arena *keep;
    struct talk_spans *out;
    size_t room;
    uint64_t head;               // shown from the beginning of the message
    uint64_t window, window_end; // around the first difference
};

static struct talk_span *add_span(struct cutting *c, struct talk_span s)
{
    struct talk_spans *all = c->out;
    struct talk_span *last = all->count ? &all->list[all->count - 1] : NULL;

    if (s.left_out && last && last->left_out && !s.message) {
        last->len += s.len;
        return last;
    }
    if (all->count == c->room) {
        struct talk_span *more =
            ARENA_ARRAY(c->keep, c->room = c->room ? 2 * c->room : 8, struct talk_span);
        if (all->count)
            memcpy(more, all->list, all->count * sizeof *more);
        all->list = more;
    }
    all->list[all->count++] = s;
    return &all->list[all->count - 1];
}

static bool is_shown(const struct cutting *c, uint64_t at)
{
    return at < c->head || (at >= c->window && at < c->window_end);
}

/* How far from at on bytes are all shown, or all left out. */
static uint64_t same_fate(const struct cutting *c, uint64_t at, uint64_t end)
{
    const uint64_t edges[] = { c->head, c->window, c->window_end };
    uint64_t stop = end;

    for (size_t i = 0; i < COUNT_OF(edges); i++)
        if (edges[i] > at && edges[i] < stop && is_shown(c, edges[i]) != is_shown(c, at))
            stop = edges[i];
    return stop;
}

static void add_range(struct cutting *c, struct talk_span s)
{
    uint64_t at = s.at, end = s.at + s.len;
    bool tells = s.tells;

    while (at < end) {
        bool shown = is_shown(c, at);
        uint64_t stop = same_fate(c, at, end);
        struct talk_span part = s;
        part.at = at;
        part.len = stop - at;
        part.left_out = !shown;
        part.tells = tells && shown;
        tells = tells && !shown;
        part.message = s.message && at == s.at;
        add_span(c, part);
        at = stop;
    }
}

static bool begins_message(const struct report_op *op, uint64_t at)
{
    for (size_t i = 0; i < op->message_count; i++)
        if (op->messages[i] == at)
            return true;
    return false;
}

void spans_cut(const struct report_op *op, uint64_t at, uint64_t len,
               const struct report_check *bad, uint64_t bad_len, bool told_behind,
               struct arena *keep, struct talk_spans *out)
{
    struct cutting c = { .keep = keep, .out = out };
    uint64_t end = at + len, reached = at, all = op ? hex_length(op->hex) : 0;

    c.head = (all > end ? all : end) > SHOWN_MAX ? HEAD_MAX : SHOWN_MAX;
    *out = (struct talk_spans){ 0 };
    if (bad && bad->at >= 0) {
        c.window = (uint64_t)bad->at > AROUND_MAX / 2 ? (uint64_t)bad->at - AROUND_MAX / 2 : 0;
        c.window_end = (uint64_t)bad->at + AROUND_MAX / 2;
    }
    for (size_t i = 0; op && i < op->field_count && reached < end; i++) {
        const struct report_field *f = &op->fields[i];
        bool is_bad = bad && bad->field >= 0 && (uint64_t)bad->field == i;
        uint64_t field_end = f->at + (is_bad ? bad_len : f->len);
        if (field_end <= reached || f->at >= end || f->at + f->len < f->at)
            continue;
        if (f->at > reached) {
            add_range(&c, (struct talk_span){ .at = reached, .len = f->at - reached });
            reached = f->at;
        }
        uint64_t stop = field_end < end ? field_end : end;
        add_range(&c, (struct talk_span){ .at = reached,
                                          .len = stop - reached,
                                          .field = f,
                                          .field_index = i,
                                          .tells = stop == field_end,
                                          .message = reached == f->at && begins_message(op, f->at),
                                          .bad = is_bad });
        reached = stop;
        if (is_bad && !told_behind)
            break;
    }
    if (reached < end)
        add_range(&c, (struct talk_span){ .at = reached,
                                          .len = end - reached,
                                          .bad = bad && bad->field < 0 && bad->at >= 0 &&
                                                 (uint64_t)bad->at >= reached &&
                                                 (uint64_t)bad->at < end });
}
