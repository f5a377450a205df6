/*
 * A case is compiled with what was really said in the place of all that its parties choose, once as the client has it and once as the
 * server has it, and a session is told what happened: where it wants to say something, the party whose place it takes must have said
 * just that. So the session and the checks of a run judge the other party.
 *
 *   fate      our party                                         then
 *   PLAYED    said all that the case has it say, and no more    the other party is judged
 *   BROKEN    did so until the other one did something else     the other party is judged
 *   SHORT     ended before it had said all                      what there is of the other party is judged
 *   LEFT      went away, or on to something else, while the     nothing can be told
 *             other one owed something
 *   DIFFERS   said something else                               it is another conversation
 */
#include "run/overhear.h"

#include <stdlib.h>

#include "run/offer.h"

#define NEVER  (1ll << 50) // µs: no limit of a session passes by itself
#define QUIET  1

void overheard_add(struct overheard_talk *t, enum heard_kind kind, enum party from, int64_t us, struct bytes data)
{
    if (t->count == t->room) {
        t->room = t->room ? 2 * t->room : 16;
        t->events = realloc(t->events, t->room * sizeof *t->events);
        if (!t->events)
            memory_exhausted();
    }
    t->events[t->count++] = (struct heard_event){ .kind = kind, .from = from, .us = us, .len = data.len };
    if (data.len)
        buffer_append(&t->said[from], data.data, data.len);
}

void overheard_free(struct overheard_talk *t)
{
    buffer_free(&t->said[PARTY_CLIENT]);
    buffer_free(&t->said[PARTY_SERVER]);
    free(t->events);
    *t = (struct overheard_talk){ 0 };
}

/* ---- one case, from one side ---- */

enum fate { FATE_PLAYED, FATE_BROKEN, FATE_SHORT, FATE_LEFT, FATE_DIFFERS };

struct hearing {
    const struct overheard_role *role;
    struct program program;
    struct trace trace;
    struct findings findings;
    enum fate fate;
    bool unknown; // nothing can be told of it, for what was chosen cannot be read
    bool open;    // it may still become anything, for the connection is not over
    bool late;    // the other party owed something for longer than the patience
    bool ahead;   // the client went on, or ended, before something came that the case has it wait for
    size_t right; // bytes of our party that were as the case has them
    const struct finding *wrong; // the first that fails a must, or NULL
};

struct listener {
    struct session session;
    struct hearing *to;
    struct overheard heard;
    enum party us;
    unsigned on;
    size_t said, noted, used; // bytes of ours: so far; in the trace; that the session has accounted for
    bool fin, reset, closing; // ours; nothing more comes of either
    int64_t now, skew, patience;
    bool over;                // the fate is known
};

static struct bytes ours(const struct listener *l, size_t from, size_t len)
{
    return bytes_slice(bytes_slice(l->heard.said[l->us], 0, l->said), from, len);
}

static void decide(struct listener *l, enum fate fate)
{
    l->to->fate = fate;
    l->to->right = l->used;
    l->over = true;
}

/* Words of ours that came while something else was due are seen when they came, and accounted for when it is their turn. */
static void note_ahead(struct listener *l)
{
    const struct program *p = &l->to->program;
    size_t at = l->used;

    for (size_t i = l->session.at + 1; i < p->count && l->noted < l->said; i++) {
        const struct op *op = &p->ops[i];
        if ((op->kind != OP_SEND && op->kind != OP_SILENT) || op->bytes.len == 0)
            continue;
        size_t end = at + op->bytes.len;
        if (end > l->noted) {
            struct bytes new = ours(l, l->noted, end - l->noted), due = bytes_slice(op->bytes, l->noted - at, new.len);
            if (op_takes(op) || bytes_common(new, due) < new.len)
                return;
            trace_add_data(&l->to->trace, TRACE_SENT, l->on, i, l->now - l->session.began, new, 1);
            l->noted += new.len;
        }
        at = end;
    }
}

/* The other party owes something, and ours goes on or away. */
static void give_up(struct listener *l)
{
    struct session *s = &l->session;

    if (l->us != PARTY_CLIENT || l->now - s->moved < l->patience) {
        decide(l, FATE_LEFT);
        return;
    }
    if (!program_hear_probe(&l->to->program, &l->heard, l->noted, l->to->trace.keep))
        l->to->program.probe.bytes = (struct bytes){ 0 };
    l->to->late = true;
    l->skew += 4 * NEVER;
    l->now += 4 * NEVER;
    struct want want = session_want(s, l->now);
    if (want.kind == WANT_WRITE && s->mode == SESSION_PROBING && l->said - l->noted >= want.bytes.len)
        session_sent(s, l->on, want.bytes, 1, l->now);
}

static void say(struct listener *l, struct bytes due)
{
    struct session *s = &l->session;
    struct bytes next = ours(l, l->used, due.len);
    size_t right = bytes_common(next, due);

    if (right < next.len) {
        l->used += right;
        decide(l, FATE_DIFFERS);
    } else if (l->used < l->noted) { // it is in the trace
        next = bytes_slice(next, 0, l->noted - l->used);
        s->written += next.len;
        s->moved = l->now;
        l->used += next.len;
    } else {
        session_sent(s, l->on, next, 1, l->now);
        l->noted = l->used += next.len;
    }
}

/* True: the session has something to wait for. */
static bool wait_for(struct listener *l)
{
    struct session *s = &l->session;
    const struct op *op = &l->to->program.ops[s->at];
    bool news = l->said > l->used || l->fin || l->reset || l->closing;

    if (s->mode == SESSION_PLAYING && op->kind == OP_SILENT && op->bytes.len == 0) {
        if (!news)
            return true;
        l->skew += s->entered + QUIET > l->now ? s->entered + QUIET - l->now : 0;
        l->now = s->entered + QUIET > l->now ? s->entered + QUIET : l->now;
        return false;
    }
    if (s->mode != SESSION_PLAYING)
        return true;
    bool more = l->noted < l->said;
    bool ends = l->us == PARTY_CLIENT && op->kind != OP_SILENT && l->fin && !s->conn[l->on].fin_sent;
    bool late = more && l->us == PARTY_CLIENT && l->now - s->entered >= l->patience;
    if (more && !late)
        note_ahead(l);
    if (l->noted < l->said || l->reset || (ends && l->now - s->moved >= l->patience) || (l->closing && !s->conn[l->on].fin && !s->conn[l->on].dead))
        give_up(l);
    return true;
}

/* Lets the session go on as far as it can. */
static void go_on(struct listener *l)
{
    struct session *s = &l->session;

    while (!l->over) {
        struct want want = session_want(s, l->now);
        bool more = l->said > l->used;
        if (want.kind == WANT_DONE) {
            if (s->mode == SESSION_PLAYING && more)
                decide(l, FATE_DIFFERS);
            return;
        }
        if (s->mode != SESSION_PLAYING) {
            if (want.kind != WANT_SHUTDOWN)
                return;
            if (l->fin)
                session_shut(s, l->on, l->now);
            continue;
        }
        switch (want.kind) {
        case WANT_OPEN:
            session_opened(s, l->on, l->now);
            break;
        case WANT_WRITE:
            if (!more && (l->fin || l->reset))
                decide(l, FATE_SHORT);
            if (!more)
                return;
            say(l, want.bytes);
            break;
        case WANT_SHUTDOWN:
        case WANT_RESET: {
            bool shuts = want.kind == WANT_SHUTDOWN;
            if (more || (!shuts && l->fin && !s->conn[l->on].fin_sent))
                decide(l, FATE_DIFFERS);
            else if (shuts ? l->reset && !l->fin : l->fin && l->closing && !l->reset)
                decide(l, FATE_SHORT);
            if (l->over || !(shuts ? l->fin : l->reset))
                return;
            (shuts ? session_shut : session_did_reset)(s, l->on, l->now);
            break;
        }
        case WANT_TAKEN:
            session_taken(s, l->on, -1, l->now);
            break;
        case WANT_WAIT:
            if (wait_for(l))
                return;
            break;
        case WANT_LISTEN:
        case WANT_PAUSE:
        case WANT_RESUME:
        case WANT_DONE:
            decide(l, FATE_DIFFERS);
            break;
        }
    }
}

/* What a client says in one piece with what goes before has reached the server with it: only a piece of its own is ahead. */
static bool is_ahead(const struct listener *l)
{
    const struct session *s = &l->session;
    bool plays = l->us == PARTY_CLIENT && s->mode == SESSION_PLAYING && s->at < l->to->program.count;
    enum op_kind due = plays ? l->to->program.ops[s->at].kind : OP_OPEN;

    return (due == OP_RECEIVE || due == OP_AWAIT_END || due == OP_AWAIT_RESET) && !s->conn[l->on].fin_sent;
}

static void hear_event(struct listener *l, const struct heard_event *e, struct bytes data)
{
    struct session *s = &l->session;

    l->now = e->us + l->skew;
    if (e->from == l->us) {
        l->to->ahead |= is_ahead(l);
        l->said += data.len;
        l->fin |= e->kind == HEARD_END;
        l->reset |= e->kind == HEARD_RESET;
    } else if (e->kind == HEARD_DATA) {
        session_received(s, l->on, data, l->now);
    } else if (e->kind == HEARD_END) {
        session_fin(s, l->on, l->now);
    } else {
        session_reset(s, l->on, 0, l->now);
    }
    go_on(l);
}

/* Behind the last event. */
static void close_down(struct listener *l, bool over, int64_t until)
{
    struct session *s = &l->session;

    if (!over && until + l->skew > l->now)
        l->now = until + l->skew;
    l->closing = true;
    go_on(l);
    if (l->over)
        return;
    if (s->mode != SESSION_PLAYING)
        decide(l, FATE_BROKEN);
    else if (s->at >= l->to->program.count && !l->to->program.differs)
        decide(l, FATE_PLAYED);
    else
        decide(l, over ? FATE_SHORT : FATE_LEFT);
}

/* A client may go on before it is answered where the service says so; that a case has it wait is judged by its silence. */
static bool is_pipelined(const struct program *p, const struct finding *f)
{
    return p->us == PARTY_SERVER && p->vector->service->pipelining && p->ops[f->op].kind == OP_RECEIVE && strcmp(f->cause, "spoke-unasked") == 0;
}

static bool is_wrong(const struct program *p, const struct finding *f)
{
    return f->grade == GRADE_FAIL && f->check.level == LEVEL_MUST && !is_pipelined(p, f);
}

/* brief: nobody wants to know how far the conversation was that of the case, where our party said something else then. */
static struct hearing *hear(const struct overhear *o, const struct overheard_role *r, enum party us, const struct overheard_talk *t, bool brief,
                            struct arena *keep)
{
    static const struct limits limits = { .open = NEVER, .step = NEVER, .end = NEVER, .quiet = QUIET, .settle = 8 * NEVER, .whole = 32 * NEVER };
    struct hearing *h = ARENA_NEW(keep, struct hearing);
    struct listener l = { .to = h, .us = us, .patience = o->run->limits.step / 4 * 3 };
    size_t at[2] = { 0 };
    struct error ignored;

    *h = (struct hearing){ .role = r, .trace = { .keep = keep }, .fate = FATE_DIFFERS };
    l.heard = (struct overheard){ r->on, { buffer_bytes(&t->said[PARTY_CLIENT]), buffer_bytes(&t->said[PARTY_SERVER]) }, r->unprobed };
    h->unknown = !program_compile_heard(r->of, &o->run->profile, &l.heard, us, keep, &h->program, &ignored);
    if (h->unknown || h->program.count == 0 || (brief && h->program.differs))
        return h;
    l.on = h->program.ops[0].on;
    l.now = t->count ? t->events[0].us : 0;
    session_init(&l.session, &h->program, &h->trace, &limits, l.now);
    go_on(&l);
    for (size_t i = 0; i < t->count && !l.over; i++) {
        const struct heard_event *e = &t->events[i];
        hear_event(&l, e, bytes_slice(buffer_bytes(&t->said[e->from]), at[e->from], e->len));
        at[e->from] += e->len;
    }
    h->open = !l.over && !t->over && l.session.mode == SESSION_PLAYING;
    if (!l.over)
        close_down(&l, t->over, t->until);
    session_over(&l.session, l.now);
    session_release(&l.session);
    if (h->fate == FATE_DIFFERS || h->fate == FATE_LEFT)
        return h;
    judge(&h->program, &h->trace, keep, &h->findings);
    for (size_t i = 0; i < h->findings.count && !h->wrong; i++)
        if (is_wrong(&h->program, &h->findings.items[i]))
            h->wrong = &h->findings.items[i];
    return h;
}

/* ---- which cases ---- */

static void case_add(struct overhear *o, const struct vector *v)
{
    if (o->count == o->room) {
        o->room = o->room ? 2 * o->room : 256;
        struct vector *more = ARENA_ARRAY(&o->keep, o->room, struct vector);
        if (o->count)
            memcpy(more, o->cases, o->count * sizeof *more);
        o->cases = more;
    }
    o->cases[o->count++] = *v;
}

static bool is_spoken_on(const struct vector *v, const char *on)
{
    for (size_t i = 0; i < v->steps.count; i++)
        if (v->steps.items[i].kind == STEP_SAY && strcmp(v->steps.items[i].on, on) == 0)
            return true;
    return false;
}

static bool has_controls(const struct vector *v)
{
    for (size_t i = 0; i < v->steps.count; i++)
        if (v->steps.items[i].kind == STEP_CONTROL)
            return true;
    return false;
}

/* The case as a client has it that is asked to say what the case is about, and no more. */
static void case_add_without_controls(struct overhear *o, const struct vector *v)
{
    struct vector plain = *v;

    plain.steps = (struct steps){ ARENA_ARRAY(&o->keep, v->steps.count, struct step), 0 };
    for (size_t i = 0; i < v->steps.count; i++)
        if (v->steps.items[i].kind != STEP_CONTROL)
            plain.steps.items[plain.steps.count++] = v->steps.items[i];
    case_add(o, &plain);
}

static void exchange_add(struct overhear *o, const char *id, const char *title, const struct steps *first, const struct steps *second)
{
    const struct service *s = o->service;
    struct vector v = { .id = id, .suite = s->name, .title = title, .rev = 1, .since = 1, .service = s, .clauses = s->end.clauses, .at = s->at };
    size_t count = first->count + (second ? second->count : 0);

    v.steps = (struct steps){ ARENA_ARRAY(&o->keep, count, struct step), count };
    memcpy(v.steps.items, first->items, first->count * sizeof *first->items);
    if (second && second->count)
        memcpy(v.steps.items + first->count, second->items, second->count * sizeof *second->items);
    case_add(o, &v);
}

/* What a run says besides its cases, and connections that only show that the server lives. */
static void exchanges_add(struct overhear *o)
{
    const struct service *s = o->service;
    const struct named_steps *first = s->first_control ? service_control(s, s->first_control) : NULL;

    if (first)
        exchange_add(o, "first-control", "The peer answers at all, and goes on answering", &first->steps, s->probe ? &s->probe->steps : NULL);
    if (s->capabilities.steps.count)
        exchange_add(o, "capabilities", "The peer says what it offers", &s->capabilities.steps, NULL);
    if (s->information.steps.count)
        exchange_add(o, "information", "The peer says where its limits are", &s->information.steps, NULL);
    for (size_t i = 0; i < s->control_count; i++)
        exchange_add(o, s->controls[i].name, "The peer lives", &s->controls[i].steps, NULL);
}

/* Where nobody says what is spoken, it is the conformance service. */
static bool is_meant(const struct run_options *o, const struct library *lib, const struct vector *v)
{
    const char *service = o->service || o->pattern_count || !library_service(lib, "conformance") ? o->service : "conformance";

    return (!service || strcmp(service, v->service->name) == 0) && run_selects(o, v) &&
           (!v->predicate || profile_matches(&o->profile, v->predicate));
}

/* Not what stands for many conversations, and not where what happens cannot be seen from between both. */
static bool can_be_heard(const struct vector *v)
{
    return !v->family && !vector_has_step(v, STEP_PAUSE) && !vector_has_step(v, STEP_LISTEN);
}

static void role_add(struct overhear *o, const struct vector *v, const char *on, unsigned number)
{
    struct opening opening = program_opening(v, &o->run->profile, on, &o->keep);

    for (int unprobed = 0; unprobed <= vector_has_step(v, STEP_SILENT); unprobed++) {
        if (o->role_count == o->role_room) {
            o->role_room = o->role_room ? 2 * o->role_room : 256;
            struct overheard_role *more = ARENA_ARRAY(&o->keep, o->role_room, struct overheard_role);
            if (o->role_count)
                memcpy(more, o->roles, o->role_count * sizeof *more);
            o->roles = more;
        }
        o->roles[o->role_count++] = (struct overheard_role){ v, on, number, unprobed, opening };
    }
}

/* A case on each of its connections on which it says something; of exchanges there is only one. */
static void roles_add(struct overhear *o, const struct vector *v)
{
    unsigned number = 0;

    for (size_t i = 0; i < v->steps.count; i++) {
        const char *on = v->steps.items[i].on;
        size_t first = 0;
        while (strcmp(v->steps.items[first].on, on) != 0)
            first++;
        if (first == i && is_spoken_on(v, on))
            role_add(o, v, on, number++);
    }
}

bool overhear_begin(struct overhear *o, const struct library *lib, const struct run_options *run, struct error *err)
{
    *o = (struct overhear){ .run = run, .lib = lib, .asked = run->pattern_count > 0 };
    for (size_t i = 0; i < lib->suite_count; i++)
        for (size_t k = 0; k < lib->suites[i].count; k++) {
            const struct vector *v = &lib->suites[i].vectors[k];
            if (!is_meant(run, lib, v))
                continue;
            o->incomplete |= !can_be_heard(v);
            if (!can_be_heard(v))
                continue;
            if (o->service && o->service != v->service)
                return error_set(err, ERROR_USAGE, "cases of several services (%s, %s): choose one with --service", o->service->name,
                                 v->service->name);
            o->service = v->service;
            case_add(o, v);
            if (has_controls(v))
                case_add_without_controls(o, v);
        }
    if (!o->service)
        return error_set(err, ERROR_USAGE, "--check: no case is selected that a conversation could be");
    exchanges_add(o);
    for (size_t i = 0; i < o->count; i++)
        roles_add(o, &o->cases[i]);
    return true;
}

void overhear_begin_case(struct overhear *o, const struct library *lib, const struct run_options *run, const struct vector *v)
{
    *o = (struct overhear){ .run = run, .lib = lib, .service = v->service, .asked = true, .alone = true };
    case_add_without_controls(o, v);
    roles_add(o, &o->cases[0]);
}

void overhear_end(struct overhear *o)
{
    arena_free(&o->keep);
}

/* ---- the judgement ---- */

struct opinion {
    const struct hearing *server, *client; // that show a side to be wrong
    const struct hearing *right;           // that is played to its end, and all is right
    const struct hearing *ahead;           // so is this, but the client did not wait for what it waits for in the case
    const struct hearing *nearest;         // of those that the client did not play to their end
    bool unknown; // it may be a case of which that cannot be told
    bool open;    // it may still become a case
    size_t others;
    unsigned roles; // of the right one's case
};

static bool is_better(const struct hearing *a, const struct hearing *b)
{
    if (b && a->wrong && b->wrong && a->fate == b->fate && a->wrong->axis != b->wrong->axis)
        return a->wrong->axis < b->wrong->axis;
    return !b || a->fate < b->fate || (a->fate == b->fate && a->right > b->right);
}

/* Where two have as much of the client's, nobody knows what the client of one that is not over would have said. */
static bool is_nearer(const struct hearing *a, const struct hearing *b)
{
    return !b || a->right > b->right || (a->right == b->right && a->fate == FATE_LEFT && b->fate != FATE_LEFT);
}

/* Whether what was heard counts from now on; it lives in keep. */
static bool is_considered(const struct overhear *o, const struct overheard_role *r, const struct overheard_talk *t, bool brief, struct arena *keep,
                     struct opinion *to)
{
    const struct hearing *h = hear(o, r, PARTY_CLIENT, t, brief, keep);

    to->open |= !t->over && (h->open || h->unknown);
    if (h->wrong) {
        if (is_better(h, to->server))
            to->server = h;
        return to->server == h;
    }
    to->unknown |= h->unknown;
    if (h->fate != FATE_PLAYED) {
        if (is_nearer(h, to->nearest))
            to->nearest = h;
        return to->nearest == h;
    }
    const struct hearing *back = hear(o, r, PARTY_SERVER, t, false, keep);
    if (back->wrong || back->fate != FATE_PLAYED) {
        if (back->wrong && !to->client)
            to->client = back;
        to->unknown |= !back->wrong;
        return to->client == back;
    }
    if (h->ahead) {
        to->ahead = to->ahead ? to->ahead : h;
        return to->ahead == h;
    }
    to->others += to->right && to->right->role->of->id != r->of->id;
    to->right = to->right ? to->right : h;
    if (to->right->role->of->id == r->of->id)
        to->roles |= 1u << r->number;
    return to->right == h;
}

static void consider(const struct overhear *o, const struct overheard_role *r, const struct overheard_talk *t, bool brief, struct arena *keep,
                     struct opinion *to)
{
    SCRATCH(own);

    if (is_considered(o, r, t, brief, &own, to))
        arena_adopt(keep, &own);
}

/* What a look at the first bytes tells. Of a client that does not speak first, and then says something else than it must, it is still to be told who
 * broke the case. */
static bool is_out(const struct overheard_role *r, const struct overheard_talk *t, bool brief)
{
    bool client_first = t->count && t->events[0].kind == HEARD_DATA && t->events[0].from == PARTY_CLIENT;
    size_t at = opening_differs(&r->opening, buffer_bytes(&t->said[PARTY_CLIENT]));

    return at != SIZE_MAX && (brief || (client_first && at < r->opening.first));
}

static struct opinion consider_all(const struct overhear *o, const struct overheard_talk *t, bool brief, struct arena *keep)
{
    struct opinion all = { 0 };

    for (size_t i = 0; i < o->role_count; i++)
        if (o->alone || !is_out(&o->roles[i], t, brief))
            consider(o, &o->roles[i], t, brief, keep, &all);
    return all;
}

static void wrong(struct overheard_judgement *out, enum party side, const struct hearing *h)
{
    out->verdict = OVERHEARD_WRONG;
    out->side = side;
    out->of = h->role->of;
    out->why = h->wrong;
    out->text = h->wrong->sentence;
}

/* Whether a client must say one of the cases, and can be held against all of them. */
static bool asked_for(const struct overhear *o, const struct opinion *all)
{
    return o->asked && !o->incomplete && !all->unknown;
}

/* None of the cases was played. Where they were asked for by name, that is the client's fault if it can be told what is. */
static void judge_nearest(const struct overhear *o, const struct opinion *all, const struct overheard_talk *t, struct arena *keep,
                          struct overheard_judgement *out)
{
    const struct hearing *h = all->nearest;

    out->verdict = OVERHEARD_NOT_JUDGED;
    out->text = "it is none of the cases";
    if (!h || (!h->right && !o->alone))
        return;
    out->of = h->role->of;
    if (h->fate == FATE_LEFT) {
        out->text = "the client went away, or it was stopped, while an answer was due";
        return;
    }
    const struct hearing *back = asked_for(o, all) ? hear(o, h->role, PARTY_SERVER, t, false, keep) : NULL;
    if (back && back->wrong)
        wrong(out, PARTY_CLIENT, back);
    else if (h->fate == FATE_SHORT)
        out->text = "the client said less than any of the cases";
}

void overhear_judge(const struct overhear *o, const struct overheard_talk *t, struct arena *keep, struct overheard_judgement *out)
{
    *out = (struct overheard_judgement){ .verdict = OVERHEARD_NOT_JUDGED };
    if (!t->said[PARTY_CLIENT].len && !t->said[PARTY_SERVER].len) {
        out->text = "nothing was said";
        return;
    }
    struct opinion all = consider_all(o, t, true, keep);
    if (!all.right && !all.server && !all.client)
        all = consider_all(o, t, false, keep);
    bool outweighs = all.server && (all.server->late || (all.server->fate == FATE_PLAYED && all.server->wrong->axis == AXIS_DATA));
    if (all.server && (outweighs || !all.right)) { // which of both ends first may be what tells two cases apart
        wrong(out, PARTY_SERVER, all.server);
    } else if (all.right) {
        out->verdict = OVERHEARD_RIGHT;
        out->of = all.right->role->of;
        out->others = all.others;
        out->roles = all.roles;
    } else if (all.client && asked_for(o, &all)) {
        wrong(out, PARTY_CLIENT, all.client);
    } else if (all.client) {
        out->of = all.client->role->of;
        out->text = "the client did not keep to the order of the case";
    } else if (all.ahead) {
        out->of = all.ahead->role->of;
        out->text = "the client went on before something came that the case has it wait for: a server that holds that back would look the same";
    } else {
        judge_nearest(o, &all, t, keep, out);
    }
    out->certain = out->verdict == OVERHEARD_WRONG && !all.open;
}
