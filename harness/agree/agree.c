/*
 * Whether the harness's codec and the reference's agree: on values, on the cause of a failure, and on how far was
 * read by then.
 *
 *   golden     every stream of the vectors, and odd ones by hand, read as every profile, large ones as a third of them
 *   prefixes   each of them cut everywhere
 *   changes    each with every byte replaced by every other value; sampled beyond 512 bytes
 *   chance     values and graphs: stored by both, what either stored loaded by both, also as another profile, cut,
 *              broken, and with longer forms than needed
 *
 * What the service leaves open is counted, not judged (ask.c). At the end stands how often each form of the format
 * was met; one that never was is a failure, too, because then nothing is known about it.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "agree/ask.h"
#include "agree/draw.h"
#include "agree/forms.h"
#include "agree/golden.h"
#include "archive/objects.h"
#include "base/file.h"
#include "base/hex.h"

#define EXHAUSTIVE  512     // bytes up to which a stream is cut and changed everywhere
#define LARGE       16384   // bytes above which each third profile will do
#define SAMPLES     48      // places of longer ones
#define LINES_MAX   2000    // of a batch
#define BATCH_MAX   4000000 // its bytes
#define SHOWN_MAX   600     // characters of a line that are printed

struct run {
    struct pair pair;
    struct random chance;
    uint64_t seed;
    struct batch batch;
    struct batch again; // what a sweep found, byte by byte
    uint64_t values, changes, not_judged, other_order;
    size_t disagreements, shown_max;
};

static void show(const char *name, const char *text)
{
    size_t len = strlen(text);

    printf("  %-10s %.*s%s", name, SHOWN_MAX, text, len > SHOWN_MAX ? "…" : "");
    if (len > SHOWN_MAX)
        printf(" (%zu characters)", len);
    printf("\n");
}

static void disagree(struct run *r, const struct ask *a)
{
    SCRATCH(keep);

    r->disagreements++;
    if (r->disagreements > r->shown_max)
        return;
    struct ask small = ask_shrink(a, &r->pair, &keep);
    printf("DISAGREEMENT\n");
    show("asked", small.line);
    show("harness", small.answer[HARNESS]);
    show("reference", small.answer[REFERENCE]);
    if (strcmp(small.line, a->line) != 0)
        show("found in", a->line);
    if (r->disagreements == r->shown_max) {
        printf("agree: they disagree; seed %" PRIu64 "\n", r->seed);
        exit(1);
    }
}

/* Types and bytes of a question. */
static const char *word_at(const struct ask *a, int n, struct arena *keep)
{
    const char *at = a->line;

    while (n--)
        at = strchr(at, ' ') + 1;
    char *word = arena_string(keep, at);
    word[strcspn(word, " ")] = '\0';
    return word;
}

/* A sweep whose answers differ somewhere is asked again line by line. */
static void unfold(struct run *r, const struct ask *a)
{
    SCRATCH(keep);
    const char *types = word_at(a, 4, &keep), *hex = word_at(a, 5, &keep);
    size_t at = strtoul(word_at(a, 6, &keep), NULL, 10), len = strlen(hex) / 2;
    uint8_t *bytes = arena_alloc(&keep, len);

    hex_parse(hex, 2 * len, bytes);
    for (unsigned value = 0; value < 256; value++) {
        bytes[at] = (uint8_t)value;
        batch_add_bytes(&r->again, "load", a->profile, types, (struct bytes){ bytes, len }, -1);
    }
}

static void judge(struct run *r, struct batch *b)
{
    for (struct ask *a = b->items; a < b->items + b->count; a++) {
        enum relation relation = ask_compare(a);
        bool sweep = strncmp(a->line, "sweep", 5) == 0;
        if (relation == DIFFERENT && sweep)
            unfold(r, a);
        else if (relation == DIFFERENT)
            disagree(r, a);
        r->changes += sweep ? 256 : 0;
        r->not_judged += relation == NOT_JUDGED;
        r->other_order += relation == OTHER_ORDER;
    }
}

/* Asks what has gathered. The answers stay until the batch is used again. */
static void ask(struct run *r)
{
    batch_ask(&r->batch, &r->pair);
    judge(r, &r->batch);
    if (!r->again.count)
        return;
    batch_ask(&r->again, &r->pair);
    judge(r, &r->again);
    batch_clear(&r->again);
}

static void ask_if_full(struct run *r)
{
    if (r->batch.count < LINES_MAX && r->batch.len < BATCH_MAX)
        return;
    ask(r);
    batch_clear(&r->batch);
}

static void ask_rest(struct run *r)
{
    ask(r);
    batch_clear(&r->batch);
}

static bool offers(const struct profile *p, const char *types)
{
    SCRATCH(keep);
    size_t count;
    struct type_ref *list = types_of(types, &keep, &count);

    for (size_t i = 0; i < count; i++)
        if (!type_offered(list[i], p))
            return false;
    return count > 0;
}

/* One load, noted for the forms, too. */
static void add_load(struct run *r, const struct profile *p, const char *types, struct bytes bytes)
{
    batch_add_bytes(&r->batch, "load", p, types, bytes, -1);
    forms_note(p, types, bytes);
    ask_if_full(r);
}

/* The profile that a stream is looked at closely in: one that it is golden for, another for each stream. */
static const struct profile *profile_for(const struct golden_stream *s, size_t i)
{
    size_t p = i % profile_count;

    while (!(s->profiles >> p & 1))
        p = (p + 1) % profile_count;
    return &profile_all[p];
}

static void golden_loads(struct run *r, const struct golden_list *l, bool few)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct golden_stream *s = &l->items[i];
        bool one = few && s->bytes.len > EXHAUSTIVE;
        size_t step = s->bytes.len > LARGE ? 3 : 1;
        for (size_t p = one ? 0 : i % step; p < profile_count; p += one ? 1 : step)
            if (one ? &profile_all[p] == profile_for(s, i) : offers(&profile_all[p], s->types))
                add_load(r, &profile_all[p], s->types, s->bytes);
    }
    ask_rest(r);
}

static void golden_prefixes(struct run *r, const struct golden_list *l, bool few)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct golden_stream *s = &l->items[i];
        bool all = s->bytes.len <= EXHAUSTIVE;
        size_t n = all ? s->bytes.len : few ? SAMPLES / 4 : SAMPLES;
        for (size_t k = 0; k < n; k++) {
            size_t len = all || k < 16 ? k : random_below(&r->chance, s->bytes.len);
            struct bytes cut = { s->bytes.data, len };
            add_load(r, profile_for(s, i), s->types, cut);
            for (size_t p = i % 5; all && !few && p < profile_count; p += 5)
                if (offers(&profile_all[p], s->types)) {
                    batch_add_bytes(&r->batch, "load", &profile_all[p], s->types, cut, -1);
                    ask_if_full(r);
                }
        }
    }
    ask_rest(r);
}

static void golden_changes(struct run *r, const struct golden_list *l)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct golden_stream *s = &l->items[i];
        const struct profile *p = profile_for(s, i);
        if (s->bytes.len <= EXHAUSTIVE) {
            for (size_t at = 0; at < s->bytes.len; at++) {
                batch_add_bytes(&r->batch, "sweep", p, s->types, s->bytes, (long)at);
                ask_if_full(r);
            }
            continue;
        }
        SCRATCH(keep);
        uint8_t *bytes = (uint8_t *)arena_bytes(&keep, s->bytes).data;
        for (size_t k = 0; k < SAMPLES; k++) {
            size_t at = k < 16 ? k : random_below(&r->chance, s->bytes.len);
            uint8_t was = bytes[at];
            bytes[at] ^= (uint8_t)(1 + random_below(&r->chance, 255));
            add_load(r, p, s->types, (struct bytes){ bytes, s->bytes.len });
            bytes[at] = was;
            r->changes++;
        }
    }
    ask_rest(r);
}

/* Edits of a few bytes at random. */
static struct bytes broken(struct random *chance, struct bytes bytes, struct arena *keep)
{
    static const uint8_t favourites[] = { 0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff };
    uint8_t *to = arena_alloc(keep, bytes.len + 4);
    size_t len = bytes.len;

    memcpy(to, bytes.data, bytes.len);
    for (uint64_t edits = 1 + random_below(chance, 3); edits && len; edits--) {
        size_t at = random_below(chance, len);
        uint8_t value = random_below(chance, 2) ? favourites[random_below(chance, COUNT_OF(favourites))]
                                                : (uint8_t)random_u64(chance);
        switch (random_below(chance, 4)) {
        case 0: // gone
            memmove(to + at, to + at + 1, len - at - 1);
            len--;
            break;
        case 1: // one more
            memmove(to + at + 1, to + at, len - at);
            to[at] = value;
            len++;
            break;
        default:
            to[at] = value;
        }
    }
    return (struct bytes){ to, len };
}

/* What both make of what either has stored, and of what it becomes by chance. */
static void load_stored(struct run *r, const struct drawn *d, struct bytes bytes)
{
    SCRATCH(keep);
    struct random *chance = &r->chance;
    const struct profile *other = &profile_all[random_below(chance, profile_count)];
    struct bytes loose;

    add_load(r, d->profile, d->types, bytes);
    if (bytes.len > 4096 && random_below(chance, 8))
        return;
    if (random_below(chance, 4) == 0 && offers(other, d->types))
        add_load(r, other, d->types, bytes);
    if (random_below(chance, 4) == 0 && forms_loosen(chance, d->profile, d->types, bytes, &keep, &loose))
        add_load(r, d->profile, d->types, loose);
    if (random_below(chance, 4) == 0 && bytes.len)
        add_load(r, d->profile, d->types, (struct bytes){ bytes.data, random_below(chance, bytes.len) });
    if (random_below(chance, 4) == 0)
        add_load(r, d->profile, d->types, broken(chance, bytes, &keep));
}

static struct bytes stored_bytes(const char *answer, struct arena *keep)
{
    const char *hex = answer + 3;
    size_t len = *hex == '-' ? 0 : strlen(hex);
    uint8_t *bytes = arena_alloc(keep, len / 2);

    hex_parse(hex, len, bytes);
    return (struct bytes){ bytes, len / 2 };
}

static void chance_round(struct run *r, struct drawn *drawn, size_t count)
{
    SCRATCH(keep);
    struct bytes *stored[2] = { ARENA_ARRAY(&keep, count, struct bytes), ARENA_ARRAY(&keep, count, struct bytes) };

    for (size_t i = 0; i < count; i++) {
        batch_add(&r->batch, "store", drawn[i].profile, drawn[i].types, drawn[i].text);
        r->values += drawn[i].count;
        if (strstr(drawn[i].types, "oledatetimespan") && drawn[i].profile->generation == 70)
            forms_hit("VAL-9 a span without status");
    }
    ask(r);
    for (size_t i = 0; i < count; i++)
        for (int who = 0; who < 2; who++)
            if (strncmp(r->batch.items[i].answer[who], "ok ", 3) == 0)
                stored[who][i] = stored_bytes(r->batch.items[i].answer[who], &keep);
    for (size_t i = 0; i < count; i++) { // nothing that is drawn may be refused by the harness's codec
        if (strcmp(r->batch.items[i].answer[HARNESS], "refused") == 0)
            disagree(r, &r->batch.items[i]);
    }
    batch_clear(&r->batch);
    for (size_t i = 0; i < count; i++) {
        load_stored(r, &drawn[i], stored[HARNESS][i]);
        if (stored[REFERENCE][i].data && !bytes_equal(stored[HARNESS][i], stored[REFERENCE][i]))
            load_stored(r, &drawn[i], stored[REFERENCE][i]);
    }
    ask_rest(r);
}

/* Lines of one round; now and then one with a long value in their place, and a few with thousands of objects. */
static void by_chance(struct run *r, uint64_t values)
{
    uint64_t rounds = 0;

    while (r->values < values) {
        SCRATCH(keep);
        struct drawn drawn[200];
        size_t count = COUNT_OF(drawn);
        for (size_t i = 0; i < count; i++)
            drawn[i] = draw(&r->chance, &keep);
        for (size_t i = 0; i < 2; i++)
            drawn[i] = draw_long(&r->chance, &keep);
        if (rounds++ % 40 == 0)
            drawn[2] = draw_big_tags(&r->chance, &keep);
        chance_round(r, drawn, count);
    }
}

static bool odd_add(struct golden_list *l, struct error *err)
{
    for (size_t i = 0; i < odd_stream_count; i++) {
        const struct odd_stream *o = &odd_streams[i];
        struct golden_stream s = { .types = o->types };
        const char *wrong = hex_read(o->hex, l->keep, &s.bytes);
        if (wrong)
            return error_set(err, ERROR_INPUT, "odd stream %s: %s", o->hex, wrong);
        for (size_t p = 0; p < profile_count; p++)
            s.profiles |= (uint32_t)offers(&profile_all[p], o->types) << p;
        if (l->count == l->room)
            return error_set(err, ERROR_INPUT, "no room");
        l->items[l->count++] = s;
    }
    return true;
}

/* A stream as the fuzz target for values takes it: the profile, and in front of each value its type, by their
 * places in the tables. False when a type has more to its name, or the stream does not load. */
static bool seed_of(const struct golden_stream *s, struct buffer *out)
{
    SCRATCH(keep);
    struct object_table *table = object_table_new(&keep);
    const struct profile *p = profile_for(s, 0);
    struct reader r = { .in = s->bytes };
    size_t count;
    struct type_ref *list = types_of(s->types, &keep, &count);
    struct value v;

    wire_u8(out, (uint8_t)(p - profile_all));
    for (size_t i = 0; i < count; i++) {
        size_t from = r.at;
        if (list[i].class_name || list[i].type->kind == VALUE_BYTES)
            return false;
        value_load(&r, p, table, list[i], &keep, &v);
        size_t len = (r.status == WIRE_OK ? r.at : r.in.len) - from;
        wire_u8(out, (uint8_t)(list[i].type - type_table));
        buffer_append(out, r.in.data + from, len);
        if (r.status != WIRE_OK)
            return true;
    }
    return true;
}

/* The short streams of one or two types that no earlier one had, and the odd ones. */
static bool write_seeds(const struct golden_list *l, size_t golden, const char *directory, struct error *err)
{
    SCRATCH(keep);
    TEXT(had);

    if (!file_make_directory(directory, err))
        return false;
    for (size_t i = 0; i < l->count; i++) {
        CLEANUP(buffer_free) struct buffer seed = { 0 };
        const struct golden_stream *s = &l->items[i];
        const char *name = arena_printf(&keep, " %s ", s->types);
        const char *comma = strchr(s->types, ',');
        bool many = comma && strchr(comma + 1, ',');
        if (s->bytes.len > 64 || (i < golden && (many || strstr(text_string(&had), name))) || !seed_of(s, &seed))
            continue;
        text_add(&had, name);
        struct random hash = random_for(0, arena_printf(&keep, "%s %zu", s->types, s->bytes.len), 0);
        for (size_t k = 0; k < s->bytes.len; k++)
            hash = random_for(hash.state, "", s->bytes.data[k]);
        if (!file_write(arena_printf(&keep, "%s/%016" PRIx64, directory, hash.state), buffer_bytes(&seed), err))
            return false;
    }
    return true;
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void phase(const char *name, const struct run *r, double *since)
{
    double now = seconds();

    printf("%-9s %9" PRIu64 " questions, %5.1f s\n", name, r->pair.asked, now - *since);
    fflush(stdout);
    *since = now;
}

int main(int argc, char **argv)
{
    static const struct option known[] = {
        { "harness", required_argument, NULL, 'h' },  { "reference", required_argument, NULL, 'r' },
        { "vectors", required_argument, NULL, 'v' },  { "values", required_argument, NULL, 'n' },
        { "seed", required_argument, NULL, 's' },     { "show", required_argument, NULL, 'l' },
        { "few", no_argument, NULL, 'f' },            { "seeds", required_argument, NULL, 'S' },
        { NULL, 0, NULL, 0 },
    };
    const char *harness = NULL, *reference = NULL, *vectors = "vectors", *seeds = NULL;
    uint64_t values = 100000, seed = (uint64_t)time(NULL);
    size_t show_max = 1;
    bool few = false;
    struct error err = { 0 };
    int c;

    while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (c == 'h')
            harness = optarg;
        else if (c == 'r')
            reference = optarg;
        else if (c == 'v')
            vectors = optarg;
        else if (c == 'n')
            values = strtoull(optarg, NULL, 10);
        else if (c == 's')
            seed = strtoull(optarg, NULL, 10);
        else if (c == 'l')
            show_max = strtoul(optarg, NULL, 10);
        else if (c == 'S')
            seeds = optarg;
        else if (c == 'f')
            few = true;
        else
            return 2;
    }
    if (!seeds && (!harness || !reference)) {
        fprintf(stderr, "agree --harness COMMAND --reference COMMAND [--vectors DIR] [--values N] [--seed N] [--show N] "
                        "[--few]\n"
                        "agree --seeds DIR     writes seeds for the fuzz target that loads values\n"
                        "--few leaves out what takes long on an emulated machine, and need not meet every form\n");
        return 2;
    }
    struct run *r = calloc(1, sizeof *r);
    struct golden_list l = { 0 };
    static struct arena keep;
    double since = seconds(), began = since;
    l.keep = &keep;
    if (!r || !golden_collect(vectors, &l, &err)) {
        fprintf(stderr, "agree: %s\n", err.text);
        return 3;
    }
    size_t golden = l.count;
    struct golden_stream *more = ARENA_ARRAY(&keep, l.count + odd_stream_count, struct golden_stream);
    memcpy(more, l.items, l.count * sizeof *more);
    l.items = more;
    l.room = l.count + odd_stream_count;
    if (!odd_add(&l, &err)) {
        fprintf(stderr, "agree: %s\n", err.text);
        return 3;
    }
    if (seeds) {
        bool written = write_seeds(&l, golden, seeds, &err);
        if (!written)
            fprintf(stderr, "agree: %s\n", err.text);
        return written ? 0 : 3;
    }
    r->seed = seed;
    r->chance = random_for(seed, "agree", 0);
    r->shown_max = show_max;
    printf("seed %" PRIu64 "; %zu cases, %zu golden streams, %zu odd ones\n", seed, l.cases, golden,
           odd_stream_count);
    fflush(stdout);
    pair_start(&r->pair, harness, reference);
    golden_loads(r, &l, few);
    phase("golden", r, &since);
    golden_prefixes(r, &l, few);
    phase("prefixes", r, &since);
    if (!few) {
        golden_changes(r, &l);
        phase("changes", r, &since);
    }
    by_chance(r, values);
    phase("chance", r, &since);
    bool well = pair_end(&r->pair);
    if (!well)
        printf("agree: a codec program did not end well\n");
    size_t zero = forms_print();
    printf("%" PRIu64 " not judged, %" PRIu64 " in another order\n", r->not_judged, r->other_order);
    printf("%zu disagreements, %zu forms never met: %" PRIu64 " values, %" PRIu64 " changes, %" PRIu64
           " questions, seed %" PRIu64 ", %.1f s\n",
           r->disagreements, zero, r->values, r->changes, r->pair.asked, seed, seconds() - began);
    return r->disagreements || (zero && !few) || !well ? 1 : 0;
}
