/*
 * Maps: a count, then key and value of each entry.
 *
 * They are written as MFC's table of 17 buckets gives them: bucket by bucket,
 * and within one the newest first [COL-10]. Loading merges, so that of equal
 * keys the later value counts [COL-1].
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "classes.h"
#include "flaw.h"

enum { BUCKETS = 17 };

static enum map_kind kind_of(const struct slot *s)
{
    return (enum map_kind)s->type->size;
}

static int compare_bytes(const void *a, size_t a_len, const void *b, size_t b_len)
{
    size_t least = a_len < b_len ? a_len : b_len;
    int order = least ? memcmp(a, b, least) : 0;

    return order ? order : (a_len > b_len) - (a_len < b_len);
}

/* By key; equal ones by their place, which is the order of insertion. */
static int compare_pairs(const void *a, const void *b)
{
    const struct pair *x = *(struct pair *const *)a, *y = *(struct pair *const *)b;
    int order = (x->word > y->word) - (x->word < y->word);

    if (!order)
        order = compare_bytes(x->key.data, x->key.count * x->key.width, y->key.data,
                              y->key.count * y->key.width);
    return order ? order : (x > y) - (x < y);
}

static bool same_key(const struct pair *x, const struct pair *y)
{
    return x->word == y->word && compare_bytes(x->key.data, x->key.count * x->key.width,
                                               y->key.data, y->key.count * y->key.width) == 0;
}

/*
 * Leaves each key once, where it first stood, with its last value: what
 * inserting one after the other does. False over the pool's limit.
 */
static bool settle(struct map *m, struct pool *pool)
{
    struct pair **sorted = pool_new(pool, m->count, sizeof(struct pair *));
    bool *dropped = pool_new(pool, m->count, sizeof *dropped);
    size_t kept = 0;

    if (!sorted || !dropped)
        return false;
    for (size_t i = 0; i < m->count; i++)
        sorted[i] = &m->pairs[i];
    qsort(sorted, m->count, sizeof *sorted, compare_pairs);
    for (size_t first = 0, i = 1; i < m->count; i++) {
        if (!same_key(sorted[first], sorted[i])) {
            first = i;
            continue;
        }
        if (!FLAW(first_of_a_key_counts)) {
            sorted[first]->string = sorted[i]->string;
            sorted[first]->object = sorted[i]->object;
        }
        dropped[sorted[i] - m->pairs] = true;
    }
    for (size_t i = 0; i < m->count; i++)
        if (!dropped[i])
            m->pairs[kept++] = m->pairs[i];
    m->count = kept;
    return true;
}

static struct pair *pair_more(struct map *m, struct pool *pool, size_t *capacity)
{
    struct pair *pairs = pool_more(pool, m->pairs, m->count, capacity, sizeof *pairs);

    if (!pairs)
        return NULL;
    m->pairs = pairs;
    pairs[m->count] = (struct pair){ 0 };
    return &pairs[m->count++];
}

void map_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    uint64_t count = CArchive_ReadCount(ar);
    unsigned width = profile_width(ar->profile);
    size_t capacity = 0;

    v->map = (struct map){ 0 };
    while (v->map.count < count && !CArchive_Failed(ar)) {
        struct pair *pair = pair_more(&v->map, ar->keep, &capacity);
        if (!pair) {
            CArchive_Throw(ar, EXCEPTION_MEMORY, 0, "too large");
            return;
        }
        if (kind_of(s) == MAP_WORD_TO_OB)
            pair->word = CArchive_ExtractWORD(ar);
        else
            CArchive_ExtractCString(ar, &pair->key, width);
        if (kind_of(s) == MAP_STRING_TO_STRING)
            CArchive_ExtractCString(ar, &pair->string, width);
        else
            pair->object = CArchive_ReadObject(ar, NULL);
    }
    if (!CArchive_Failed(ar) && !settle(&v->map, ar->keep))
        CArchive_Throw(ar, EXCEPTION_MEMORY, 0, "too large");
}

static uint32_t unit_of(const struct units *key, size_t i)
{
    uint32_t unit = units_at(key, i);

    return key->width == 1 ? (uint32_t)(int8_t)unit : unit; // a char has a sign
}

static uint32_t hash_string(const struct units *key, bool newer)
{
    uint32_t hash = newer ? 2166136261u : 0;
    size_t stride = newer ? 1 + key->count / 10 : 1;

    for (size_t i = 0; i < key->count; i += stride)
        hash = newer ? hash * 16777619u ^ unit_of(key, i) : hash * 33 + unit_of(key, i);
    return hash;
}

/* Newer ones draw as the minimal standard generator does, whose remainder by 2147483647 is itself for so small a key. */
static uint32_t hash_word(uint16_t key, bool newer)
{
    return newer ? 16807u * key : key >> 4u;
}

static unsigned bucket_of(const struct pair *pair, enum map_kind kind, bool newer)
{
    uint32_t hash = kind == MAP_WORD_TO_OB ? hash_word((uint16_t)pair->word, newer)
                                           : hash_string(&pair->key, newer);

    return hash % BUCKETS;
}

static void pair_store(struct CArchive *ar, enum map_kind kind, const struct pair *pair)
{
    if (kind == MAP_WORD_TO_OB)
        CArchive_InsertWORD(ar, (uint16_t)pair->word);
    else
        CArchive_InsertCString(ar, &pair->key);
    if (kind == MAP_STRING_TO_STRING)
        CArchive_InsertCString(ar, &pair->string);
    else
        CArchive_WriteObject(ar, pair->object);
}

void map_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    bool newer = ar->profile->generation->newer_hash;

    CArchive_WriteCount(ar, v->map.count);
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++)
        for (size_t i = v->map.count; i-- > 0;)
            if (bucket_of(&v->map.pairs[i], kind_of(s), newer) == bucket)
                pair_store(ar, kind_of(s), &v->map.pairs[i]);
}

/* An entry as TELL sorts it: by the text of its key. */
struct line {
    const struct pair *pair;
    char *key;
    size_t len;
};

static int compare_lines(const void *a, const void *b)
{
    const struct line *x = a, *y = b;

    return compare_bytes(x->key, x->len, y->key, y->len);
}

static struct line line_of(const struct pair *pair, enum map_kind kind, struct pool *pool)
{
    struct text key = { .pool = pool };

    if (kind == MAP_WORD_TO_OB)
        text_printf(&key, "%" PRIu64, pair->word);
    else
        string_text(&key, &pair->key);
    return (struct line){ pair, key.data, key.len };
}

void map_print(struct text *t, const struct slot *s, const struct value *v)
{
    struct line *lines = pool_new(t->pool, v->map.count, sizeof *lines);

    if (!lines) {
        t->over = true;
        return;
    }
    for (size_t i = 0; i < v->map.count; i++)
        lines[i] = line_of(&v->map.pairs[i], kind_of(s), t->pool);
    qsort(lines, v->map.count, sizeof *lines, compare_lines);
    text_put(t, "{");
    for (size_t i = 0; i < v->map.count; i++) {
        text_put(t, i ? "," : "");
        text_add(t, lines[i].key, lines[i].len);
        text_put(t, "=");
        if (kind_of(s) == MAP_STRING_TO_STRING)
            string_text(t, &lines[i].pair->string);
        else
            object_text(t, lines[i].pair->object);
    }
    text_put(t, "}");
}

static bool pair_scan(struct reading *r, enum map_kind kind, struct pair *pair)
{
    bool found = kind == MAP_WORD_TO_OB ? scan_integer(&r->scan, 0, UINT16_MAX, &pair->word)
                                        : string_scan(r, &pair->key);

    if (!found || !scan_char(&r->scan, '='))
        return false;
    return kind == MAP_STRING_TO_STRING ? string_scan(r, &pair->string)
                                        : object_scan(r, &pair->object);
}

bool map_parse(struct reading *r, const struct slot *s, struct value *v)
{
    size_t capacity = 0;

    v->map = (struct map){ 0 };
    if (!scan_char(&r->scan, '{'))
        return false;
    if (scan_char(&r->scan, '}'))
        return true;
    do {
        struct pair *pair = pair_more(&v->map, r->scan.pool, &capacity);
        if (!pair || !pair_scan(r, kind_of(s), pair))
            return false;
    } while (scan_char(&r->scan, ','));
    return scan_char(&r->scan, '}') && settle(&v->map, r->scan.pool);
}

void map_visit(const struct value *v, struct visit *visit)
{
    for (size_t i = 0; i < v->map.count; i++)
        visit_object(v->map.pairs[i].object, visit);
}
