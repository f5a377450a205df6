/*
 * The mistakes that are held to explain a reply, each by itself: whoever makes one says just that reply, in each way that is told of it;
 * and whoever has said it by one is among them.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

#include "check/hypotheses.h"
#include "talk.h"

#define SAY(values)       "{'client': [{'word': 3}]},{'server': [{'word': 0}, " values "]}"
#define ECHO(type, value) "{'client': [{'word': 1}, {'cstringa': '" type "'}, {'" type "': " value "}]},{'server': [{'word': 0}, {'" type "': " value "}]}"
#define TELL(type, value, text) "{'client': [{'word': 2}, {'cstringa': '" type "'}, {'" type "': " value "}]},{'server': [{'word': 0}, {'cstringa': '" text "'}]}"

// clang-format off
static const struct said {
    const char *steps, *places; // places: of which mistakes are made, too, with commas between
} conversations[] = {
    { ECHO("word", "258"), "WORD" },
    { ECHO("rect", "[1, -2, 66051, 4]"), "LONG,LONG of CRect,LONG of CRect.right" },
    { TELL("short", "-2", "-2"), "short" },
    { ECHO("longlong", "'-81985529216486896'"), "LONGLONG" },
    { ECHO("oledatetime", "'(0,40e5180000000001)'"), "LONG,double,number of COleDateTime" },
    { ECHO("time", "258"), "CTime" },
    { ECHO("wordarray", "[258, 0, 772]"), "CWordArray" },
    { ECHO("stringarray", "['ab', ' c']"), "CString,CStringArray" },
    { ECHO("cstringw", "'a\xe2\x82\xac '"), "CStringW" },
    { ECHO("cstringa", "{'hex': '2061e9000d0a20'}"), "CStringA" },
    { ECHO("object", "'CObArray[CAge(1),CNode(2,@2),null,CAge(1)]'"), "CAge,CNode" },
    { SAY("{'cstringa': {'unit': 'x', 'times': 256}}, {'count': 258}"), "CStringA,WriteCount" },
};
// clang-format on

static const char *const ways[] = { "writes", "reads", "both" };

static struct bytes says(const struct program *p, size_t last, const struct mistake *m, enum way way, struct arena *keep)
{
    const struct suspect s = { m, way != WAY_WRITES, way == WAY_READS, m->key, "", "" };

    return suspect_says(p, last, &s, keep);
}

static struct evidence evidence_with(const struct program *p, size_t last, struct bytes got, struct trace *t, struct arena *keep)
{
    for (size_t i = 0; i < last; i++)
        if (p->ops[i].kind != OP_OPEN)
            trace_add_data(t, p->ops[i].kind == OP_SEND ? TRACE_SENT : TRACE_RECEIVED, 0, i, 0, p->ops[i].bytes, 1);
    trace_add_data(t, TRACE_RECEIVED, 0, last, 0, got, 1);
    trace_add(t, TRACE_OVER, 0, last, 0);
    return talk_evidence(p, t, keep);
}

/* Whether it is that mistake, in more places or fewer: where there is but one such place, only one of these is tried. */
static bool is_it(const struct explanation *x, const struct mistake *m, enum way way)
{
    return x->by.deed == m->deed && x->by.n == m->n && strcmp(x->by.key, m->key) == 0 && x->ways >> way & 1;
}

/* What is made in all that the other is made in, and more, is not told beside it. */
static bool is_wider(const struct explanation *x, const struct mistake *m)
{
    return strcmp(x->by.key, m->key) == 0 && (m->deed == DEED_SWAP_ALL || (x->by.deed == m->deed && x->by.n < m->n && mistake_is_of_class(m->deed)));
}

/* Whether the request stands beside the ways as it should: that of numbers that no text of it names the types of, and it may be that of
 * counts and texts. */
static bool request_is_right(const struct explanation *x, const struct explained *found)
{
    static const enum deed numbers[] = { DEED_SWAP, DEED_SWAP_ALL, DEED_SIZE, DEED_SIZE_UNSIGNED, DEED_SIZE_BIG, DEED_HALVES, DEED_ROUND, DEED_ROUND_WHOLE, DEED_ALIGN, DEED_ALIGN_WITHIN,
                                         DEED_NO_SIGN, DEED_SIGN };
    unsigned request = x->ways & ~((1u << WAYS) - 1);

    for (size_t i = 0; i < COUNT_OF(numbers) && !found->types; i++)
        if (x->by.deed == numbers[i])
            return request == ACCUSED_REQUEST(found->request);
    return request == 0 || (!found->types && request == ACCUSED_REQUEST(found->request));
}

/* Looks at all that are held to explain what somebody says who makes a mistake. Returns whether that shows at all. */
static bool look_at(const struct program *p, size_t last, const struct mistake *m, enum way way)
{
    SCRATCH(keep);
    struct trace t = { .keep = &keep };
    struct explained found;
    struct bytes got = says(p, last, m, way, &keep), due = p->ops[last].bytes;
    bool among = false;

    if (!got.len || bytes_equal(bytes_slice(got, 0, due.len), due))
        return false;
    struct evidence e = evidence_with(p, last, got, &t, &keep);
    if (e.match.status != MATCH_MISMATCH)
        return false;
    unsigned much = hypothesis_find(&e, &found);
    cr_expect(eq(uint, much, 3), "%s, %s %s: all is explained", m->summary, ways[way], m->of ? m->of : "");
    if (much < 3 || found.instead)
        return true;
    for (size_t i = 0; i <= found.others; i++) {
        const struct explanation *x = i ? &found.other[i - 1] : &found.first;
        among |= is_it(x, m, way) || is_wider(x, m);
        cr_expect(request_is_right(x, &found), "%s", x->by.summary);
        cr_expect(x->ways >> x->way & 1, "%s: the way that is named is one", x->by.summary);
        for (enum way by = 0; by < WAYS; by++) {
            bool told = x->ways >> by & 1;
            cr_expect(told == false || bytes_equal(says(p, last, &x->by, by, &keep), got), "%s, %s %s, is no %s, %s %s", m->summary, ways[way], m->of ? m->of : "", x->by.summary, ways[by], x->by.of ? x->by.of : "");
        }
    }
    cr_expect(among || found.others == OTHERS_MAX, "%s, %s %s", m->summary, ways[way], m->of ? m->of : "");
    return true;
}

/* It is made in values of a type, and looked for only so. */
static bool is_of_one_type(enum deed d)
{
    return d == DEED_SIZE || d == DEED_SIZE_UNSIGNED || d == DEED_SIZE_BIG || d == DEED_MEMBER_LEFT || d == DEED_MEMBER_TWICE || d == DEED_MEMBER_UNSET;
}

static size_t look_everywhere(const struct program *p, size_t last, const char *place)
{
    size_t shown = 0;

    for (const struct mistake *m = mistake_table; m < mistake_table + mistake_count; m++) {
        struct mistake one = *m;
        one.of = place;
        for (enum way way = 0; way < (m->reads ? WAYS : 1) && (place || !is_of_one_type(m->deed)); way++)
            shown += look_at(p, last, &one, way);
    }
    return shown;
}

ParameterizedTestParameters(explained_exactly, who_makes_it_says_so)
{
    static size_t indexes[COUNT_OF(conversations)];

    for (size_t i = 0; i < COUNT_OF(indexes); i++)
        indexes[i] = i;
    return cr_make_param_array(size_t, indexes, COUNT_OF(indexes));
}

ParameterizedTest(size_t *index, explained_exactly, who_makes_it_says_so, .timeout = 20)
{
    SCRATCH(keep);
    struct library lib;
    const struct said *r = &conversations[*index];
    char *places = arena_string(&keep, r->places);

    talk_load(TALK, r->steps, &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
    size_t last = p.count;
    while (p.ops[--last].kind != OP_RECEIVE)
        continue;
    size_t shown = look_everywhere(&p, last, NULL);
    for (const char *place; (place = strsep(&places, ","));)
        shown += look_everywhere(&p, last, place);
    cr_expect(gt(sz, shown, 4), "%s", r->steps);
    library_free(&lib);
}

/* Where any value is right, what came must have been stored so, whatever was read. */
Test(explained_exactly, what_reads_only_so_was_stored_so, .timeout = 10)
{
    static const struct {
        const char *values;
        struct bytes got;
        enum deed deed;
    } rows[] = {
        { "{'dword': {'any': true, 'max': 9}}", { (const uint8_t *)"\0\0\0\0\0\5", 6 }, DEED_SWAP },
        { "{'word': 7}, {'dword': {'any': true, 'max': 9}}", { (const uint8_t *)"\0\0\0\7\0\0\0\5", 8 }, DEED_SWAP },
        { "{'dword': {'any': true, 'max': 9}}, {'word': 7}", { (const uint8_t *)"\0\0\5\0\7\0", 6 }, DEED_SIZE },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct trace t = { .keep = &keep };
        struct explained found;
        talk_load(TALK, arena_printf(&keep, SAY("%s"), rows[i].values), &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        struct evidence e = evidence_with(&p, 2, rows[i].got, &t, &keep);
        cr_assert(eq(uint, hypothesis_find(&e, &found), 3), "%zu", i);
        cr_expect(found.instead == false && found.first.by.deed == rows[i].deed, "%zu: %s", i, found.first.by.summary);
        cr_expect(eq(uint, found.first.ways & ((1u << WAYS) - 1), 1u << WAY_WRITES | 1u << WAY_BOTH), "%zu", i);
        library_free(&lib);
    }
}

/* Where nothing came, the peer has read otherwise, and says nothing that could be told. */
Test(explained_exactly, who_waits_has_read_so, .timeout = 20)
{
    static const char *const asked[] = { ECHO("word", "258"), ECHO("cstringa", "'ab'"), ECHO("wordarray", "[258, 0, 772]"), ECHO("object", "'CAge(7)'"), ECHO("time", "258") };

    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        SCRATCH(keep);
        struct library lib;
        struct trace t = { .keep = &keep };
        struct explained found;
        talk_load(TALK, asked[i], &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace("0 open,1 >,2 late,2 over", &p, &t, &keep);
        struct evidence e = talk_evidence(&p, &t, &keep);
        cr_assert(eq(uint, hypothesis_find(&e, &found), 3), "%s", asked[i]);
        cr_expect(found.instead && found.others > 4, "%s", asked[i]);
        for (size_t k = 0; k <= found.others; k++) {
            const struct explanation *x = k ? &found.other[k - 1] : &found.first;
            cr_expect(eq(uint, x->ways, 1u << WAY_READS | 1u << WAY_BOTH), "%s: %s", asked[i], x->by.summary);
            cr_expect(eq(int, x->way, WAY_READS), "%s: %s", asked[i], x->by.summary);
            cr_expect(eq(sz, says(&p, 2, &x->by, WAY_READS, &keep).len, (size_t)0), "%s: %s", asked[i], x->by.summary);
        }
        library_free(&lib);
    }
}
