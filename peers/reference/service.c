/*
 * OnReceive answers one request after the other, as the article tells a program
 * to handle a notification: extract, answer, flush, and go on until the load
 * archive's buffer is empty; only then wait for the next notification.
 *
 * An answer is begun when its request has been loaded and understood as a
 * whole [SVC-5]. It is flushed once, so that Nagle has nothing to hold back.
 */
#include "service.h"

#include <stdlib.h>
#include <string.h>

#include "classes.h"
#include "cwinthread.h"
#include "flaw.h"

static const char TOO_DEEP[] = "objects nested deeper than max-depth";

enum status { STATUS_OK, STATUS_REFUSED, STATUS_EXCEPTION, STATUS_BAD_TEXT };

/* Whether the connection goes on after an answer. */
enum next { GOES_ON, ENDS };

struct session {
    struct channel *channel;
    const struct profile *profile;
    struct CArchive *load, *store;
    uint32_t notes;
    struct units last_note;
    uint32_t known;  // objects loaded before the request at hand
    uint32_t visits; // looks at what storing would do
    enum next next;
};

/* What a request names, and what it brings. */
struct list {
    struct slot *slots;
    struct value *values;
    size_t count;
};

static void put_status(struct session *s, enum status status)
{
    CArchive_InsertWORD(s->store, FLAW(swap_statuses) ? (uint16_t)(status << 8) : (uint16_t)status);
    if (FLAW(two_flushes))
        CArchive_Flush(s->store);
}

static void put_str(struct session *s, const char *text, size_t len)
{
    struct units string;

    if (units_from_ascii(&string, &s->channel->request, text, len, profile_width(s->profile)))
        CArchive_InsertCString(s->store, &string);
    else // nothing of the reply can be taken back: the connection is over
        CArchive_Throw(s->store, EXCEPTION_MEMORY, 0, "too large");
}

static enum next answer_reason(struct session *s, enum status status, const char *reason)
{
    put_status(s, status);
    if (!FLAW(leaves_texts_out))
        put_str(s, reason, strlen(reason));
    if (FLAW(goes_on_when_refused) || FLAW(ends_at_bad_text))
        return FLAW(goes_on_when_refused) ? GOES_ON : ENDS;
    return status == STATUS_BAD_TEXT ? GOES_ON : ENDS;
}

/*
 * Says why loading failed; the other direction is sound [SVC-11]. After a file
 * exception there is nobody left to say it to.
 */
static enum next answer_exception(struct session *s)
{
    struct exception e;

    CArchive_Catch(s->load, &e);
    if (FLAW(dies_at_exception) || (FLAW(dies_at_reset) && e.kind == EXCEPTION_FILE))
        exit(1);
    if (FLAW(silent_at_exception))
        return ENDS;
    if (FLAW(always_cause_3) && e.kind == EXCEPTION_ARCHIVE)
        e.cause = CAUSE_END_OF_FILE;
    if (FLAW(schema_for_class) && e.cause == CAUSE_BAD_SCHEMA)
        e.cause = CAUSE_BAD_CLASS;
    if (FLAW(dies_of_a_bad_index) && e.kind == EXCEPTION_ARCHIVE && e.cause == CAUSE_BAD_INDEX)
        abort();
    if (FLAW(always_cause_0))
        e.kind = EXCEPTION_MEMORY;
    if (e.kind != EXCEPTION_FILE && e.kind != EXCEPTION_CRASH) {
        put_status(s, STATUS_EXCEPTION);
        if (!FLAW(says_no_cause))
            CArchive_InsertWORD(s->store, e.kind == EXCEPTION_ARCHIVE ? (uint16_t)e.cause : 0);
    }
    return FLAW(goes_on_after_exceptions) ? GOES_ON : ENDS;
}

static struct units load_str(struct session *s)
{
    struct units string;

    CArchive_ExtractCString(s->load, &string, profile_width(s->profile));
    return string;
}

/* Reads a str as ASCII; *len is 0 after an exception. */
static const char *load_text(struct session *s, size_t *len)
{
    struct units string = load_str(s);
    char *text = units_to_ascii(&string, &s->channel->request);

    if (!text)
        CArchive_Throw(s->load, EXCEPTION_MEMORY, 0, "too large");
    *len = text ? string.count : 0;
    return text;
}

/*
 * The types of a request. False when the answer is given already: *next tells
 * how it goes on. An unknown type is refused before its value is read; nobody
 * knows how long that would be [SVC-10].
 */
static bool load_types(struct session *s, struct list *list, enum next *next)
{
    size_t len, capacity = 0;
    const char *at = load_text(s, &len), *end = at + len;

    *list = (struct list){ 0 };
    for (bool more = len > 0; more && !CArchive_Failed(s->load); list->count++) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        struct slot *slots =
            pool_more(&s->channel->request, list->slots, list->count, &capacity, sizeof *slots);
        if (!slots) {
            CArchive_Throw(s->load, EXCEPTION_MEMORY, 0, "too large");
            break;
        }
        list->slots = slots;
        if (!slot_find(&slots[list->count], at, (size_t)((comma ? comma : end) - at), s->profile)) {
            *next = answer_reason(s, STATUS_REFUSED, "unsupported type");
            return false;
        }
        more = comma;
        at = comma ? comma + 1 : end;
    }
    list->values = pool_new(&s->channel->request, list->count, sizeof *list->values);
    if (!list->values)
        CArchive_Throw(s->load, EXCEPTION_MEMORY, 0, "too large");
    if (CArchive_Failed(s->load)) {
        *next = answer_exception(s);
        return false;
    }
    return true;
}

static bool load_values(struct session *s, struct list *list, enum next *next)
{
    if (!load_types(s, list, next))
        return false;
    if (FLAW(says_ok_before_values)) {
        put_status(s, STATUS_OK);
        CArchive_Flush(s->store);
    }
    for (size_t i = 0; i < list->count && !CArchive_Failed(s->load); i++)
        list->slots[i].type->load(s->load, &list->slots[i], &list->values[i]);
    if (FLAW(zeroes_at_end))
        CArchive_Catch(s->load, &(struct exception){ 0 });
    if (CArchive_Failed(s->load)) {
        *next = answer_exception(s);
        return false;
    }
    return true;
}

static void store_values(struct session *s, const struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        list->slots[i].type->store(s->store, &list->slots[i], &list->values[i]);
}

/* Objects loaded one by one can hang together deeper than storing may go. */
static bool is_too_deep(struct session *s, const struct list *list)
{
    struct visit visit = { .store = s->store, .number = ++s->visits };

    for (size_t i = 0; i < list->count; i++)
        if (list->slots[i].type->visit)
            list->slots[i].type->visit(&list->values[i], &visit);
    return visit.too_deep;
}

static enum next answer_echo(struct session *s)
{
    struct list list;
    enum next next = GOES_ON;

    if (!load_values(s, &list, &next))
        return next;
    if (is_too_deep(s, &list))
        return answer_reason(s, STATUS_BAD_TEXT, TOO_DEEP);
    if (!FLAW(says_ok_before_values))
        put_status(s, STATUS_OK);
    store_values(s, &list);
    return GOES_ON;
}

static enum next answer_tell(struct session *s)
{
    struct list list;
    enum next next = GOES_ON;
    struct text text = { .pool = &s->channel->request, .told = s->known };

    if (!load_values(s, &list, &next))
        return next;
    for (size_t i = 0; i < list.count; i++) {
        text_put(&text, i ? " " : "");
        list.slots[i].type->print(&text, &list.slots[i], &list.values[i]);
    }
    if (text.over)
        return answer_reason(s, STATUS_BAD_TEXT, "the text is larger than this peer's limit");
    if (!FLAW(says_ok_before_values))
        put_status(s, STATUS_OK);
    put_str(s, text.data, text.len);
    return GOES_ON;
}

static bool parse_values(struct reading *r, struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if ((i > 0 && !scan_char(&r->scan, ' ')) ||
            !list->slots[i].type->parse(r, &list->slots[i], &list->values[i]))
            return false;
    return scan_ended(&r->scan);
}

static enum next answer_make(struct session *s)
{
    struct list list;
    enum next next = GOES_ON;
    size_t len;

    if (!load_types(s, &list, &next))
        return next;
    const char *text = load_text(s, &len);
    if (CArchive_Failed(s->load))
        return answer_exception(s);
    struct reading reading = {
        .scan = { .at = text, .end = text + len, .pool = &s->channel->request },
        .profile = s->profile,
        .request = &s->channel->request,
        .life = &s->channel->life,
        .store = s->store,
    };
    if (!parse_values(&reading, &list))
        return answer_reason(s, STATUS_BAD_TEXT,
                             reading.scan.why ? reading.scan.why : "not the text of these types");
    if (is_too_deep(s, &list)) // an @k can hang one chain behind another
        return answer_reason(s, STATUS_BAD_TEXT, TOO_DEEP);
    put_status(s, STATUS_OK);
    store_values(s, &list);
    return GOES_ON;
}

static enum next answer_next(struct session *s)
{
    if (FLAW(says_ok_first)) {
        put_status(s, STATUS_OK);
        CArchive_Flush(s->store);
    }
    uint32_t n = CArchive_ExtractDWORD(s->load);

    if (CArchive_Failed(s->load))
        return answer_exception(s);
    if (!FLAW(says_ok_first))
        put_status(s, STATUS_OK);
    n = FLAW(swap_next) ? (uint32_t)bits_turned(n, 4) : n;
    n = FLAW(by_heart)                              ? 8
        : FLAW(right_once) && n == 7 && FLAW_USED() ? 9
        : FLAW(miscounts_seven) && n == 7           ? 9
        : FLAW(stops_at_the_top) && n == UINT32_MAX ? n
                                                    : n + 1;
    CArchive_InsertDWORD(s->store, FLAW(swap_next) ? (uint32_t)bits_turned(n, 4) : n);
    if (FLAW(babbles_behind_small) && n == 9)
        CArchive_InsertBYTE(s->store, 0);
    return GOES_ON;
}

static enum next answer_note(struct session *s)
{
    struct units note = load_str(s);
    struct pool *life = &s->channel->life;

    if (CArchive_Failed(s->load))
        return answer_exception(s);
    uint8_t *kept = pool_grow(life, s->last_note.data, note.count, note.width);
    if (kept) {
        memcpy(kept, note.data, note.count * note.width);
        s->last_note = (struct units){ kept, note.count, note.width };
    }
    s->notes++;
    FLAW_NOTED();
    if (FLAW(status_for_note))
        put_status(s, STATUS_OK);
    return GOES_ON;
}

static enum next answer_notes(struct session *s)
{
    put_status(s, STATUS_OK);
    CArchive_InsertDWORD(s->store, FLAW(counts_all_notes) ? FLAW_NOTES() : s->notes);
    CArchive_InsertCString(s->store, &s->last_note);
    return GOES_ON;
}

/* One reply: a bytearray of size bytes, byte k being i + k. */
static void flood_once(struct session *s, uint32_t i, uint32_t size)
{
    uint8_t run[256 + CARCHIVE_BUFFER]; // any 4096 bytes of the pattern stand in it

    for (size_t k = 0; k < sizeof run; k++)
        run[k] = (uint8_t)k;
    put_status(s, STATUS_OK);
    CArchive_InsertDWORD(s->store, i);
    CArchive_WriteCount(s->store, size);
    for (uint32_t done = 0; done < size && !CArchive_Failed(s->store);) {
        uint32_t piece = size - done < CARCHIVE_BUFFER ? size - done : CARCHIVE_BUFFER;
        CArchive_Write(s->store, run + ((i + done) & 0xff), piece);
        done += piece;
    }
}

static enum next answer_flood(struct session *s)
{
    uint16_t count = CArchive_ExtractWORD(s->load);
    uint32_t size = CArchive_ExtractDWORD(s->load);

    if (CArchive_Failed(s->load))
        return answer_exception(s);
    if ((uint64_t)count * size > FLOOD_MAX)
        return answer_reason(s, STATUS_BAD_TEXT, "more than 64 MiB");
    for (uint32_t i = 0; i < count && !CArchive_Failed(s->store) &&
                         !(FLAW(stops_at_half_close) && FLAW_SEES_END(s->channel->socket));
         i++)
        flood_once(s, i, size);
    return GOES_ON;
}

static enum next answer_quit(struct session *s)
{
    if (!FLAW(quits_without_a_word))
        put_status(s, STATUS_OK);
    return FLAW(answers_behind_quit) ? GOES_ON : ENDS;
}

static enum next answer_caps(struct session *s)
{
    struct text names = { .pool = &s->channel->request };
    const char *generation = s->profile->generation->name;
    const char *charset = s->profile->unicode ? "unicode" : "ansi";

    types_list(&names, s->profile);
    put_status(s, STATUS_OK);
    put_str(s, names.data, names.len);
    put_str(s, generation, strlen(generation));
    put_str(s, charset, strlen(charset));
    CArchive_InsertWORD(s->store, (uint16_t)s->profile->bits);
    return GOES_ON;
}

static enum next answer_info(struct session *s)
{
    struct text lines = { .pool = &s->channel->request };

    text_put(&lines, "service=1\nimpl=reference 1\nops=1,2,3,4,5,6,7,8,9,10\n");
    text_printf(&lines, "max-bytes=%d\nmax-depth=%d", SERVICE_MAX_BYTES, TYPES_DEPTH_MAX);
    put_status(s, STATUS_OK);
    if (!FLAW(leaves_texts_out))
        put_str(s, lines.data, lines.len);
    return GOES_ON;
}

/* By op, from 1 on. */
static enum next (*const answers[])(struct session *s) = {
    NULL,         answer_echo,  answer_tell, answer_make, answer_next, answer_note,
    answer_notes, answer_flood, answer_quit, answer_caps, answer_info,
};

/*
 * The op is taken as two BYTEs: the end of the stream before the first is the
 * normal end, before the second it cuts a request [SVC-13].
 */
static enum next answer_request(struct session *s)
{
    struct exception end;
    unsigned op = CArchive_ExtractBYTE(s->load);

    s->known = CArchive_ObjectCount(s->load);
    if (CArchive_Catch(s->load, &end)) {
        if (FLAW(dies_at_reset) && end.kind == EXCEPTION_FILE)
            exit(1);
        return ENDS;
    }
    op |= (unsigned)CArchive_ExtractBYTE(s->load) << 8;
    if (FLAW(op_alone) && (op <= 5 || op == 7) && CArchive_IsBufferEmpty(s->load))
        CArchive_Throw(s->load, EXCEPTION_ARCHIVE, CAUSE_END_OF_FILE, "the request is only an op");
    if (FLAW(swap_all))
        op = (op << 8 | op >> 8) & 0xffff;
    if (CArchive_Failed(s->load))
        return answer_exception(s);
    if (FLAW_REQUEST())
        return ENDS;
    if (op == 0 || FLAW(refuses_everything) || op >= sizeof answers / sizeof *answers)
        return answer_reason(s, STATUS_REFUSED, "unknown op");
    enum next next = answers[op](s);
    if (FLAW(babbles_behind_values) && next == GOES_ON && (op < 4 || op == 7))
        CArchive_InsertBYTE(s->store, 0);
    if ((FLAW(babbles_behind_the_fifth) && FLAW_REQUESTS() == 5) ||
        (FLAW(babbles_behind_the_sixth) && FLAW_REQUESTS() == 6))
        CArchive_InsertBYTE(s->store, 0);
    return next;
}

static enum next answer_and_flush(struct session *s)
{
    enum next next = answer_request(s);

    if (FLAW(babbles) && next == GOES_ON)
        CArchive_InsertBYTE(s->store, 0);
    if (FLAW(answers_late))
        FLAW_PAUSE();
    if (FLAW(joins_replies) && next == GOES_ON && FLAW_SEES_MORE(s->channel->socket))
        return next;
    if (FLAW(answers_the_last) && next == GOES_ON && FLAW_SEES_MORE(s->channel->socket)) {
        s->store->cur = 0;
        return next;
    }
    if (FLAW(holds_full_buffers) && next == GOES_ON && s->store->cur == s->store->size)
        return next;
    if (FLAW(loses_last_reply_at_half_close) && FLAW_SEES_END(s->channel->socket))
        CArchive_Abort(s->store);
    CArchive_Flush(s->store);
    if (FLAW(babbles_late) && next == GOES_ON) {
        FLAW_PAUSE();
        CArchive_InsertBYTE(s->store, 0);
        CArchive_Flush(s->store);
    }
    if (FLAW(drops_rest))
        CArchive_Flush(s->load);
    pool_release(&s->channel->request);
    if (CArchive_Failed(s->store) || !s->store->file)
        return ENDS;
    if (s->channel->archive_per_message || FLAW(restarts_tables) || FLAW(restarts_store_table))
        channel_renew(s->channel);
    return next;
}

/* What has come by now: the loop that the article asks for [BUF-12]. */
static void answer_what_has_come(struct CSocket *socket, int error)
{
    struct session *s = socket->context;

    (void)error;
    if (FLAW(waits_for_eight) && CSocket_Available(socket) < 8)
        return;
    do
        s->next = answer_and_flush(s);
    while (s->next == GOES_ON && !CArchive_IsBufferEmpty(s->load) && !FLAW(keeps_rest) &&
           !FLAW(stalls));
    if (FLAW(keeps_rest) && s->next == GOES_ON)
        CSocket_AsyncSelect(socket, CSOCKET_ALL); // be told of what was not even received
}

/* Something can be left before the end [WS-6]; the exception behind it is what ends. */
static void answer_to_the_end(struct CSocket *socket, int error)
{
    struct session *s = socket->context;

    (void)error;
    while (s->next == GOES_ON)
        s->next = answer_and_flush(s);
}

void conformance_serve(struct channel *c)
{
    static const struct CSocketEvents events = { .OnReceive = answer_what_has_come,
                                                 .OnClose = answer_to_the_end };
    struct session s = { .channel = c,
                         .profile = c->load.profile,
                         .load = &c->load,
                         .store = &c->store,
                         .last_note.width = profile_width(c->load.profile) };

    c->load.find_class = class_find;
    c->load.depth_max = TYPES_DEPTH_MAX;
    c->socket->context = &s;
    c->socket->events = &events;
    if (FLAW_GREETS()) {
        CArchive_InsertWORD(s.store, STATUS_OK);
        CArchive_Flush(s.store);
    }
    if (!CArchive_IsBufferEmpty(s.load)) // who came before us has read ahead
        answer_what_has_come(c->socket, 0);
    while (s.next == GOES_ON)
        if (c->socket->met_end)
            answer_to_the_end(c->socket, 0);
        else
            CWinThread_PumpMessage();
}
