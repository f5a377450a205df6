/*
 * Whatever a peer says that makes a mistake of the table, as it writes, as it reads or both, is found to be that mistake, or to be
 * explained by it as well.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

#include "check/mistake.h"
#include "check/suspects.h"
#include "talk.h"

#define SERVICE                                                                                    \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'refusals': {'exception': [ {'server': [{'word': 2}, {'word': {'any': true, 'as': 'cause'}}]} ]},\n" \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"
#define ECHO(type, value) "{'client': [{'word': 1}, {'cstringa': '" type "'}, {'" type "': " value "}]},{'server': [{'word': 0}, {'" type "': " value "}]}"
#define MAKE(values)      "{'client': [{'word': 3}]},{'server': [{'word': 0}, " values "]}"
#define AGAIN(type, first, last) ECHO(type, first) ",{'client': [{'word': 1}, {'cstringa': '" type "'}, {'" type "': " last "}]},{'server': [{'word': 0}, {'" type "': " last "}], 'check': 'second'}"

// clang-format off
static const char *const conversations[] = {
    MAKE("{'byte': 1}, {'word': 258}, {'dword': 66051}, {'longlong': '-81985529216486896'}, {'long': -2}"),
    MAKE("{'byte': 1}, {'double': '3fb999999999999a'}, {'float': '3dcccccd'}, {'bool': true}"),
    MAKE("{'cstringw': ' a\xc3\xa9 \xe2\x82\xac '}, {'cstringa': {'hex': '2061e9000d0a20'}}"),
    MAKE("{'cstringa': {'unit': 'x', 'times': 255}}, {'cstringw': {'unit': 'y', 'times': 128}}"),
    MAKE("{'cstringa': {'unit': 'x', 'times': 65534}}"),
    MAKE("{'cstringa': 'x'}, {'wordarray': [258, 0, 772]}, {'dwordarray': [1, 66051]}, {'bytearray': [1, 0]}"),
    MAKE("{'count': 65535}, {'count': 258}, {'time': 258}, {'olecurrency': '(0,4294967298)'}"),
    MAKE("{'object': 'CObArray[CAge(1),CNode(2,@2),null,CAge(1),@3,CObList[]]'}"),
    AGAIN("object", "'CNode(1,CAge(2))'", "'CNode(3,@2)'"),
    ECHO("word", "258"),
    ECHO("cstringw", "'a\xe2\x82\xac'"),
    ECHO("stringarray", "['ab', 'c']"),
};
// clang-format on

/* All goes well up to the last message that is due, in whose place other bytes come. */
static void trace_make(const struct program *p, size_t last, struct bytes got, struct trace *t)
{
    for (size_t i = 0; i < last; i++) {
        if (p->ops[i].kind == OP_OPEN)
            trace_add(t, TRACE_OPEN, 0, i, 0);
        else
            trace_add_data(t, p->ops[i].kind == OP_SEND ? TRACE_SENT : TRACE_RECEIVED, 0, i, 0, p->ops[i].bytes, 1);
    }
    trace_add_data(t, TRACE_RECEIVED, 0, last, 0, got, 1);
    trace_add(t, TRACE_MISMATCH, 0, last, 0);
    trace_add(t, TRACE_OVER, 0, last, 0);
}

/* Of all numbers: the status before the values has another size, too, and is not what is due. Or of all classes at once, where it is looked
 * for in one: without a member of each, tags stand where numbers are due. */
static bool is_of_all(const struct mistake *m)
{
    return m->deed == DEED_MEMBER_LEFT || m->deed == DEED_SIZE || m->deed == DEED_SIZE_UNSIGNED || m->deed == DEED_SIZE_BIG;
}

static bool is_named(const struct findings *all, const char *key)
{
    const struct finding *f = &all->items[all->count - 1];

    while (f > all->items && !f->cause)
        f--;
    bool is = f->cause && strcmp(f->cause, key) == 0;
    for (size_t i = 0; i < f->other_count; i++)
        is |= strcmp(f->others[i].cause, key) == 0;
    return is;
}

/* Returns whether there was something to find. */
static bool find_again(const struct program *p, size_t last, const struct suspect *s, const char *label)
{
    SCRATCH(keep);
    struct trace t = { .keep = &keep };
    struct findings all;
    struct bytes says = suspect_says(p, last, s, &keep), due = p->ops[last].bytes;

    if (says.len == 0 || bytes_equal(bytes_slice(says, 0, due.len), due))
        return false; // it does not answer, or what stands behind its answer is judged elsewhere
    trace_make(p, last, says, &t);
    judge(p, &t, &keep, &all);
    cr_expect(is_named(&all, s->by->key), "%s: %s, %d %lld%s%s", label, s->by->summary, s->by->deed, (long long)s->by->n, s->reads ? ", read" : "",
              s->writes_right ? "" : ", written");
    return true;
}

ParameterizedTestParameters(found_again, each_mistake_where_it_shows)
{
    static size_t indexes[COUNT_OF(conversations)];

    for (size_t i = 0; i < COUNT_OF(indexes); i++)
        indexes[i] = i;
    return cr_make_param_array(size_t, indexes, COUNT_OF(indexes));
}

ParameterizedTest(size_t *index, found_again, each_mistake_where_it_shows, .timeout = 20)
{
    SCRATCH(keep);
    struct library lib;
    size_t found = 0;

    talk_load(SERVICE, conversations[*index], &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
    size_t last = p.count;
    while (p.ops[--last].kind != OP_RECEIVE)
        continue;
    for (const struct mistake *m = mistake_table; m < mistake_table + mistake_count; m++)
        for (unsigned way = 0; way < (m->reads ? 3 : 1) && !is_of_all(m); way++) {
            const struct suspect s = { m, way > 0, way == 1, m->key, "", "" };
            found += find_again(&p, last, &s, conversations[*index]);
        }
    cr_expect(gt(sz, found, 4), "%s", conversations[*index]);
    library_free(&lib);
}
