/*
 * Transcript to program.
 *
 * Steps are walked once; what a step says becomes bytes and fields in say.c. Connections open where they are first named,
 * and what the steps leave open is ended behind them. Controls are asked of servers: where we are the server, there are none,
 * nor the connections that exist for them alone.
 */
#include "vector/compiler.h"

#include "archive/objects.h"

#define OPS_STEP 16 // ops allocated at a time

static bool steps_compile(struct compiler *c, const struct steps *steps, struct error *err);

const char *op_name(enum op_kind k)
{
    static const char *const names[] = { "open",     "listen", "send",      "receive",    "silent",
                                         "shutdown", "reset",  "await-end", "await-reset", "pause",
                                         "resume" };

    return names[k];
}

static struct op *op_add(struct compiler *c, enum op_kind kind, unsigned on, enum party who)
{
    struct program *p = c->out;

    if (p->count == c->room) {
        c->room += OPS_STEP + c->room;
        struct op *more = ARENA_ARRAY(c->keep, c->room, struct op);
        if (p->count)
            memcpy(more, p->ops, p->count * sizeof *more);
        p->ops = more;
    }
    struct op *op = &p->ops[p->count++];
    *op = (struct op){ .kind = kind, .on = on, .who = who, .control = c->control, .step = c->step, .at = c->at };
    return op;
}

static bool segment(struct compiler *c, const struct step *step, struct op *op, struct error *err)
{
    if (step->cut_count && step->cuts[step->cut_count - 1] >= op->bytes.len)
        return json_error(step->at, err, "cut at %zu, and there are %zu bytes", step->cuts[step->cut_count - 1],
                          op->bytes.len);
    op->pinned = step->segment != SEGMENT_DELIVERY;
    op->everywhere = step->segment == SEGMENT_BYTES;
    if (step->segment == SEGMENT_CUTS) {
        op->cuts = step->cuts;
        op->cut_count = step->cut_count;
    } else if (step->segment == SEGMENT_BYTES && op->bytes.len > 1) {
        op->cut_count = op->bytes.len - 1;
        op->cuts = ARENA_ARRAY(c->keep, op->cut_count, size_t);
        for (size_t i = 0; i < op->cut_count; i++)
            op->cuts[i] = i + 1;
    }
    return true;
}

/* Where a message is cut, in bytes. */
static bool cut_place(const struct step *step, const struct op *op, size_t *out, struct error *err)
{
    const struct json *at = json_get(step->at, "cut");
    const struct field *f = NULL;

    *out = step->cut.at;
    for (size_t i = 0; step->cut.behind && !f && i < op->fields.count; i++)
        if (op->fields.items[i].label && strcmp(op->fields.items[i].label, step->cut.behind) == 0)
            f = &op->fields.items[i];
    if (step->cut.behind && !f)
        return json_error(at, err, "behind: no item of the step has the name \"%s\"", step->cut.behind);
    if (f)
        *out = f->at + f->len;
    return *out < op->bytes.len || json_error(at, err, "the cut is at %zu, and there are %zu bytes", *out, op->bytes.len);
}

/* The party says no more than the beginning. */
static bool cut_short(struct compiler *c, const struct step *step, struct op *op, struct error *err)
{
    size_t at, kept = 0;

    for (size_t i = 0; i < op->fields.count; i++)
        if (op->fields.items[i].any || op->fields.items[i].by_value || op->fields.items[i].takes)
            return json_error(json_get(step->at, "cut"), err, "only words whose bytes are known can be cut");
    if (!cut_place(step, op, &at, err))
        return false;
    for (; kept < op->fields.count && op->fields.items[kept].at < at; kept++) {
        struct field *f = &op->fields.items[kept];
        if (f->at + f->len <= at)
            continue;
        f->text = arena_printf(c->keep, "%s, %zu of %zu bytes", f->text ? f->text : "bytes", at - f->at, f->len);
        f->of = (struct type_ref){ 0 }; // what has come of it is no value
        f->len = at - f->at;
    }
    op->fields.count = kept;
    op->bytes.len = at;
    c->conn[c->on].stopped[step->who] = true;
    return true;
}

static bool connection(struct compiler *c, const struct step *step, unsigned *out, struct error *err)
{
    struct program *p = c->out;

    for (*out = 0; *out < p->connection_count; (*out)++)
        if (strcmp(p->connections[*out], step->on) == 0)
            return true;
    if (p->connection_count == CONNECTIONS)
        return json_error(step->at, err, "more than %d connections", CONNECTIONS);
    p->connections[p->connection_count++] = step->on;
    return true;
}

/* Steps that a service adds are about the connection of the step around them. */
static bool inserted(struct compiler *c, const struct steps *steps, const char *on, const char *control, int scope,
                     struct error *err)
{
    const char *outer = c->control;
    int outer_scope = c->scope;
    unsigned outer_group = c->group;
    const struct json *outer_at = c->at;
    struct steps here = { ARENA_ARRAY(c->keep, steps->count, struct step), steps->count };

    for (size_t i = 0; i < steps->count; i++) {
        here.items[i] = steps->items[i];
        here.items[i].on = on;
    }
    c->control = control;
    c->scope = scope;
    bool good = steps_compile(c, &here, err);
    c->control = outer;
    c->scope = outer_scope;
    c->group = outer_group;
    c->at = outer_at;
    return good;
}

static bool open_first(struct compiler *c, unsigned on, struct error *err)
{
    if (c->conn[on].open)
        return true;
    c->conn[on].open = true;
    op_add(c, OP_OPEN, on, c->us);
    return inserted(c, &c->v->service->prologue, c->out->connections[on], "prologue", ++c->scopes, err);
}

static bool probe_legal(const struct compiler *c, unsigned on)
{
    return c->v->service->probe && c->us == PARTY_CLIENT && !c->conn[on].ended[c->us] && !c->conn[on].part[c->us];
}

/* The service's probe with values of its own. */
static bool probe_compile(struct compiler *c, struct op *op, struct error *err)
{
    const struct steps *probe = &c->v->service->probe->steps;
    int outer = c->scope;

    c->scope = ++c->scopes;
    bool good = say_bytes(c, &probe->items[0], &op->bytes, &op->fields, err) &&
                say_bytes(c, &probe->items[1], &op->answer, &op->answer_fields, err);
    c->scope = outer;
    op->lead = c->lead; // of the answer
    return good;
}

/* What may stand before an op of the other party that it hears. What need not come is not looked for behind it any more. */
static void may_stand_before(struct compiler *c, unsigned on, struct op *op)
{
    size_t n = c->conn[on].may_count;

    op->may_count = n;
    op->may = ARENA_ARRAY(c->keep, n, struct aside *);
    if (n)
        memcpy(op->may, c->conn[on].may, n * sizeof *op->may);
    c->conn[on].may_count = c->conn[on].any_count;
}

/* Whether the client was heard to say an op's bytes next. */
static bool says_next(const struct compiler *c, unsigned on, struct bytes bytes)
{
    return bytes.len && bytes_common(say_heard(c, on, PARTY_CLIENT), bytes) == bytes.len;
}

/* Whether a probe is asked or not must change nothing in what is said behind it. */
static bool is_memoryless(const struct compiler *c, struct error *err)
{
    for (enum party who = PARTY_CLIENT; who <= PARTY_SERVER; who++) {
        const struct object_table *t = c->conn[0].table[who];
        if (t && object_table_mark(t).entries)
            return json_error(c->v->service->probe->steps.items[who].at, err, "a probe carries no objects but null: the tags behind it would depend on it");
    }
    return true;
}

/* A silence of the server's, from its side: the client may have said the probe, which is then answered. */
static bool probed_compile(struct compiler *c, unsigned on, struct error *err)
{
    const struct named_steps *probe = c->v->service->probe;
    struct op said = { 0 };

    if (!probe || c->heard->unprobed || c->conn[on].ended[PARTY_CLIENT] || c->conn[on].part[PARTY_CLIENT])
        return true;
    if (!probe_compile(c, &said, err))
        return false;
    return !says_next(c, on, said.bytes) || inserted(c, &probe->steps, c->out->connections[on], probe->name, ++c->scopes, err);
}

/* From the client's side: without the probe where it has not said that. */
static void probe_drop(struct compiler *c, unsigned on, struct op *op)
{
    if (!c->heard->unprobed && says_next(c, on, op->bytes)) {
        c->conn[on].heard[PARTY_CLIENT] += op->bytes.len;
        return;
    }
    op->bytes = op->answer = (struct bytes){ 0 };
    op->fields = op->answer_fields = (struct fields){ 0 };
}

static bool silent_compile(struct compiler *c, const struct step *step, unsigned on, struct error *err)
{
    if (step->who == c->us) // we say nothing by going on
        return !c->heard || c->us == PARTY_CLIENT || step->waits || probed_compile(c, on, err);
    struct op *op = op_add(c, OP_SILENT, on, step->who);
    op->check = step->check;
    may_stand_before(c, on, op);
    if (step->waits || !probe_legal(c, on))
        return true;
    if (!probe_compile(c, op, err))
        return false;
    if (c->heard)
        probe_drop(c, on, op);
    return true;
}

/* Whether what was said is something else than the beginning of the bytes, or more of them. */
static bool is_other(struct bytes said, struct bytes bytes)
{
    return bytes_common(said, bytes) < (said.len < bytes.len ? said.len : bytes.len);
}

static bool say_compile(struct compiler *c, const struct step *step, unsigned on, struct error *err)
{
    struct op *op = op_add(c, step->who == c->us ? OP_SEND : OP_RECEIVE, on, step->who);

    if (c->conn[on].ended[step->who])
        return json_error(step->at, err, "the %s has ended its direction before", party_name(step->who));
    if (c->conn[on].stopped[step->who])
        return json_error(step->at, err, "the %s has stopped amid its message before", party_name(step->who));
    size_t index = c->out->count - 1;
    bool fresh = c->conn[on].fresh[step->who] || (c->v->service->per_message[step->who] && !c->conn[on].part[step->who]);
    if (fresh) {
        c->conn[on].table[step->who] = NULL;
        c->conn[on].fresh[step->who] = c->conn[on].unseen[step->who] = false;
    }
    struct bytes bytes = { 0 };
    struct fields fields = { 0 };
    if (!say_bytes(c, step, &bytes, &fields, err))
        return false;
    if (c->unheard) {
        c->differs = true;
        c->out->count = index;
        return true;
    }
    op = &c->out->ops[index];
    op->bytes = bytes;
    op->fields = fields;
    if (step->cut.is && !cut_short(c, step, op, err))
        return false;
    if (c->heard && step->who == c->us && !op_takes(op) && is_other(say_heard(c, on, step->who), op->bytes)) {
        c->differs = true;
        c->out->count = index;
        return true;
    }
    c->conn[on].heard[step->who] += op->bytes.len;
    op->whole = !step->part;
    op->fresh = fresh;
    op->entries = step->entries;
    op->lead = c->lead;
    object_table_skip(say_table(c), step->entries);
    c->conn[on].part[step->who] = step->part;
    if (step->who == c->us) {
        c->conn[on].begun = c->conn[on].begun == SIZE_MAX || op_takes(op) ? SIZE_MAX : c->conn[on].sent;
        c->conn[on].sent += bytes.len;
        if (!segment(c, step, op, err))
            return false;
    } else {
        op->check = step->check;
        if (step->who == PARTY_CLIENT && strcmp(step->check.name, "says") == 0 && ++c->said > 1)
            op->check.name = arena_printf(c->keep, "says-%u", c->said);
    }
    return true;
}

/* The n-th time that a message comes has a name of its own. */
static void name_again(struct compiler *c, struct op *op, uint64_t n)
{
    if (n > 1 && op->check.name)
        op->check.name = arena_printf(c->keep, "%s-%u", op->check.name, (unsigned)n);
}

/* A message out of its place, or not there: what goes with it must not depend on that. */
static bool is_free(struct compiler *c, const struct step *step, const struct op *op, bool is_aside, struct error *err)
{
    for (size_t i = 0; i < op->fields.count; i++) {
        const struct field *f = &op->fields.items[i];
        if (f->of.type && may_carry_objects(f->of))
            return json_error(step->at, err, "a message that need not come in its place carries no objects: their tags depend on what came before");
        if (is_aside && (f->keeps || f->takes))
            return json_error(step->at, err, "a message that need not come keeps no value, and repeats none that the peer tells");
    }
    return !c->conn[op->on].fresh[step->who] || json_error(step->at, err, "a new archive begins with a message that must come");
}

/* The message just compiled is no op, but may become one. */
static bool aside_make(struct compiler *c, const struct step *step, unsigned on, struct error *err)
{
    struct aside *a = ARENA_NEW(c->keep, struct aside);
    size_t *count = &c->conn[on].may_count, *any = &c->conn[on].any_count;

    *a = (struct aside){ .op = c->out->ops[--c->out->count], .left = step->anytime ? UINT64_MAX : step->most - step->least };
    a->op.is_aside = true;
    a->op.asked = c->conn[on].sent ? c->conn[on].begun : SIZE_MAX;
    if (*count == MAY_MAX)
        return json_error(step->at, err, "more than %d messages may stand before one", MAY_MAX);
    if (!is_free(c, step, &a->op, true, err))
        return false;
    struct aside **place = c->conn[on].may + (step->anytime ? *any : *count);
    memmove(place + 1, place, (size_t)(c->conn[on].may + *count - place) * sizeof *place);
    *place = a;
    ++*count;
    *any += step->anytime;
    return true;
}

/* A message as often as it comes. Of what need not come we ourselves say nothing. */
static bool messages_compile(struct compiler *c, const struct step *step, unsigned on, struct error *err)
{
    bool ours = step->who == c->us, moves = step->group || step->most > 1;

    for (uint64_t n = 1; n <= step->least && !c->differs; n++) {
        if (!say_compile(c, step, on, err))
            return false;
        struct op *op = &c->out->ops[c->out->count - 1];
        if (ours)
            continue;
        name_again(c, op, n);
        op->group = step->group ? c->group : 0;
        if (moves && !is_free(c, step, op, step->most > 1, err))
            return false;
        may_stand_before(c, on, op);
    }
    if (ours || (!step->anytime && step->most == step->least))
        return true;
    if (!say_compile(c, step, on, err))
        return false;
    name_again(c, &c->out->ops[c->out->count - 1], step->least + 1);
    return aside_make(c, step, on, err);
}

static void end_compile(struct compiler *c, unsigned on, enum party who, const struct check *check)
{
    struct op *op = op_add(c, who == c->us ? OP_SHUTDOWN : OP_AWAIT_END, on, who);

    c->conn[on].ended[who] = true;
    if (who != c->us) {
        op->check = *check;
        may_stand_before(c, on, op);
    }
}

/* Whether the case itself says anything on a connection. */
static bool is_spoken_on(const struct compiler *c, const char *on)
{
    const struct steps *steps = &c->v->steps;

    for (size_t i = 0; i < steps->count; i++)
        if (steps->items[i].kind == STEP_SAY && strcmp(steps->items[i].on, on) == 0)
            return true;
    return false;
}

static enum party other(enum party who)
{
    return who == PARTY_CLIENT ? PARTY_SERVER : PARTY_CLIENT;
}

/* Whether a step is about words or an end of its party, which somebody has to read. */
static bool is_read(const struct step *step)
{
    return step->kind == STEP_SAY || step->kind == STEP_SILENT || step->kind == STEP_END || step->kind == STEP_RESET;
}

/* What the other party does to its own reading is not to be seen from here. */
static bool pause_compile(struct compiler *c, const struct step *step, unsigned on, struct error *err)
{
    bool pauses = step->kind == STEP_PAUSE, *paused = &c->conn[on].paused[step->who];

    if (*paused == pauses)
        return json_error(step->at, err, pauses ? "the %s has stopped reading before" : "the %s has not stopped reading before",
                          party_name(step->who));
    *paused = pauses;
    if (step->who == c->us)
        op_add(c, pauses ? OP_PAUSE : OP_RESUME, on, step->who);
    return true;
}

static bool step_compile(struct compiler *c, const struct step *step, struct error *err)
{
    const struct named_steps *control;
    struct op *op;
    unsigned on;

    if (c->us == PARTY_SERVER && !c->heard && (step->kind == STEP_CONTROL || !is_spoken_on(c, step->on)))
        return true;
    if (!connection(c, step, &on, err))
        return false;
    if (c->conn[on].reset)
        return json_error(step->at, err, "the connection \"%s\" has been reset before", step->on);
    if (step->kind == STEP_LISTEN) {
        if (c->conn[on].open)
            return json_error(step->at, err, "listen stands before the first words of its connection");
        op_add(c, OP_LISTEN, on, c->us)->check = step->check;
        return true;
    }
    if (step->kind == STEP_OPEN && c->conn[on].open)
        return json_error(step->at, err, "the connection \"%s\" is open already", step->on);
    if (!open_first(c, on, err))
        return false;
    if (is_read(step) && c->conn[on].paused[other(step->who)])
        return json_error(step->at, err, "the %s does not read on \"%s\": it must resume before", party_name(other(step->who)),
                          step->on);
    c->on = on;
    switch (step->kind) {
    case STEP_SAY:
        return messages_compile(c, step, on, err);
    case STEP_CONTROL:
        control = service_control(c->v->service, step->control);
        if (!control)
            return json_error(step->at, err, "service %s has no control \"%s\"", c->v->service->name, step->control);
        return inserted(c, &control->steps, step->on, control->name, ++c->scopes, err);
    case STEP_SILENT:
        return silent_compile(c, step, on, err);
    case STEP_END:
        if (c->conn[on].ended[step->who])
            return json_error(step->at, err, "the %s has ended its direction before", party_name(step->who));
        end_compile(c, on, step->who, &step->check);
        c->out->ops[c->out->count - 1].whatever = step->whatever;
        return true;
    case STEP_RESET:
        op = op_add(c, step->who == c->us ? OP_RESET : OP_AWAIT_RESET, on, step->who);
        if (step->who != c->us)
            op->check = step->check;
        else
            op->whatever = step->whatever;
        c->conn[on].reset = true;
        return true;
    case STEP_NEW_ARCHIVE:
        c->conn[on].fresh[step->who] = true;
        return true;
    case STEP_PAUSE:
    case STEP_RESUME:
        return pause_compile(c, step, on, err);
    case STEP_OPEN:
    case STEP_LISTEN:
        break;
    }
    return true;
}

static bool steps_compile(struct compiler *c, const struct steps *steps, struct error *err)
{
    for (size_t i = 0; i < steps->count && !c->differs; i++) {
        if (!c->control)
            c->step = (int)i;
        if (steps->items[i].group && (i == 0 || steps->items[i - 1].group != steps->items[i].group))
            c->group = ++c->groups;
        c->at = steps->items[i].at;
        if (!step_compile(c, &steps->items[i], err))
            return false;
    }
    return true;
}

/* Ends what the steps have left open: the client's direction first, then the server's. */
static bool rest_compile(struct compiler *c, struct error *err)
{
    const struct service *s = c->v->service;

    c->step = -1;
    c->at = NULL;
    for (unsigned on = 0; on < c->out->connection_count && !c->differs; on++) {
        if (!c->conn[on].open || c->conn[on].reset)
            continue;
        for (enum party who = PARTY_CLIENT; who <= PARTY_SERVER; who++)
            if (c->conn[on].paused[who])
                return json_error(c->v->at, err, "the %s never reads on \"%s\" again: it must resume", party_name(who),
                                  c->out->connections[on]);
        if (!c->conn[on].ended[0] && !c->conn[on].ended[1] &&
            !inserted(c, &s->epilogue, c->out->connections[on], "epilogue", ++c->scopes, err))
            return false;
        for (enum party who = PARTY_CLIENT; who <= PARTY_SERVER && !c->differs; who++)
            if (!c->conn[on].ended[who])
                end_compile(c, on, who, &s->end);
    }
    return true;
}

/* ---- what may come in the place of what is due must be told from it by its bytes ---- */

static struct bytes lead_of(const struct op *op)
{
    return bytes_slice(op->kind == OP_SILENT ? op->answer : op->bytes, 0, op->lead);
}

static bool can_be_told(const struct op *a, const struct op *b, struct error *err)
{
    struct bytes first = lead_of(a), second = lead_of(b);
    const struct json *at = b->at ? b->at : a->at;

    if (bytes_common(first, second) < (first.len < second.len ? first.len : second.len))
        return true;
    return json_error(at, err, "\"%s\" and \"%s\" may both come here, and begin alike: no byte that is the same in every run tells them apart",
                      a->check.name ? a->check.name : op_name(a->kind), b->check.name ? b->check.name : op_name(b->kind));
}

/* All that may come where op `at` is due, itself first. */
static size_t candidates(const struct program *p, size_t at, const struct op **out)
{
    const struct op *op = &p->ops[at];
    bool says = op->kind == OP_RECEIVE || (op->kind == OP_SILENT && op->answer.len);
    size_t n = 0;

    for (size_t i = at; says && i < p->count && n < MAY_MAX && (i == at || (op->group && p->ops[i].group == op->group)); i++)
        out[n++] = &p->ops[i];
    for (size_t i = 0; i < op->may_count; i++)
        out[n++] = &op->may[i]->op;
    return n;
}

static bool all_can_be_told(const struct program *p, struct error *err)
{
    const struct op *all[2 * MAY_MAX];

    for (size_t at = 0; at < p->count; at++) {
        if (!p->ops[at].may_count && !p->ops[at].group)
            continue;
        size_t n = candidates(p, at, all);
        for (size_t a = 0; a < n; a++)
            for (size_t b = a + 1; b < n; b++)
                if (!can_be_told(all[a], all[b], err))
                    return false;
    }
    return true;
}

static bool compile(const struct vector *v, const struct profile *p, uint64_t seed, enum party us, bool knows, struct arena *keep,
                    struct program *out, struct error *err)
{
    struct compiler c = { .v = v, .p = p, .seed = seed, .us = us, .knows = knows, .keep = keep, .out = out, .step = -1 };

    *out = (struct program){ .vector = v, .profile = *p, .us = us, .delivery = "plain" };
    out->connections = ARENA_ARRAY(keep, CONNECTIONS, const char *);
    out->probe = (struct op){ .kind = OP_SILENT, .step = -1 };
    if (v->service->probe && us == PARTY_CLIENT && (!probe_compile(&c, &out->probe, err) || !is_memoryless(&c, err)))
        return false;
    return steps_compile(&c, &v->steps, err) && rest_compile(&c, err) && all_can_be_told(out, err);
}

bool program_compile(const struct vector *v, const struct profile *p, uint64_t seed, enum party us, struct arena *keep,
                     struct program *out, struct error *err)
{
    return compile(v, p, seed, us, false, keep, out, err);
}

bool program_compile_knowing(const struct vector *v, const struct profile *p, uint64_t seed, struct arena *keep, struct program *out,
                             struct error *err)
{
    return compile(v, p, seed, PARTY_SERVER, true, keep, out, err);
}

/* A silence that something on another connection ends: on this one alone it is not to be told from what comes behind it. */
static bool is_ended_elsewhere(const struct program *p, size_t at)
{
    const struct op *silent = &p->ops[at];
    size_t next = at + 1;

    while (next < p->count && p->ops[next].on != silent->on)
        next++;
    return silent->kind == OP_SILENT && !silent->bytes.len && next > at + 1 && next < p->count && p->ops[next].who == silent->who;
}

bool program_compile_heard(const struct vector *v, const struct profile *p, const struct overheard *h, enum party us, struct arena *keep,
                           struct program *out, struct error *err)
{
    struct compiler c = { .v = v, .p = p, .us = us, .keep = keep, .out = out, .step = -1 };
    size_t count = 0;

    *out = (struct program){ .vector = v, .profile = *p, .us = us, .delivery = "plain" };
    out->connections = ARENA_ARRAY(keep, CONNECTIONS, const char *);
    out->probe = (struct op){ .kind = OP_SILENT, .step = -1 };
    c.heard = h;
    if (!steps_compile(&c, &v->steps, err) || !rest_compile(&c, err))
        return false;
    if (c.differs && c.guessed)
        return error_set(err, ERROR_INPUT, "%s: what the client chose cannot be read from what it said", v->id);
    for (size_t i = 0; i < out->count; i++)
        if (strcmp(out->connections[out->ops[i].on], h->on) == 0 && !is_ended_elsewhere(out, i))
            out->ops[count++] = out->ops[i];
    out->count = count;
    out->differs = c.differs;
    c.heard = NULL;
    return !v->service->probe || us != PARTY_CLIENT || probe_compile(&c, &out->probe, err);
}

bool program_hear_probe(struct program *p, const struct overheard *h, size_t at, struct arena *keep)
{
    const char *connections[] = { h->on };
    struct program lone = { .connections = connections, .connection_count = 1 };
    struct compiler c = { .v = p->vector, .p = &p->profile, .us = PARTY_CLIENT, .keep = keep, .out = &lone, .step = -1, .heard = h };
    struct op probe = { .kind = OP_SILENT, .step = -1 };
    struct error ignored;

    c.conn[0].heard[PARTY_CLIENT] = at;
    if (!p->vector->service->probe || !probe_compile(&c, &probe, &ignored) || !says_next(&c, 0, probe.bytes))
        return false;
    p->probe = probe;
    return true;
}

bool program_compile_exchange(const struct service *s, const char *id, const char *title, const struct steps *steps,
                              const struct profile *p, uint64_t seed, struct arena *keep, struct program *out,
                              struct error *err)
{
    struct vector *v = ARENA_NEW(keep, struct vector);

    *v = (struct vector){ .id = id, .suite = s->name, .title = title, .rev = 1, .since = 1, .service = s,
                          .clauses = s->end.clauses, .steps = *steps, .at = s->at };
    vector_digest(v);
    return program_compile(v, p, seed, PARTY_CLIENT, keep, out, err);
}
