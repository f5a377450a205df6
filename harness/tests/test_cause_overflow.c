/*
 * What a peer may have read that ended the connection where a number was to be stored again.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "check/check.h"
#include "talk.h"

#define ECHO(types, values) "{'client': [{'word': 1}, {'cstringa': '" types "'}, " values "]},{'server': [{'word': 0}, " values "]}"
#define SAY(value)          "{'client': [{'word': 1}]},{'server': [{'word': 0}, " value "]}"
#define ENDED               "0 open,1 >,2 fin,2 mismatch,2 over"

// clang-format off
static const struct ended_row {
    const char *label, *steps, *trace;
    const char *others; // what may have been read, or nothing
} rows[] = {
    { "a negative number",           ECHO("long", "{'long': -1}"), ENDED, "sign-lost: LONGs are read without their sign" },
    { "… none",                      ECHO("long", "{'long': 2147483647}"), ENDED, "" },
    { "… the highest bit alone",     ECHO("word", "{'word': 32768}"), ENDED, "sign-added: WORDs are read as numbers with a sign" },
    { "… one less",                  ECHO("word", "{'word': 32767}"), ENDED, "" },
    { "… of eight bytes",            ECHO("time64", "{'time64': -1}"), ENDED, "sign-lost: CTime::Serialize64s are read without their sign" },
    { "two of a type",               ECHO("byte,byte", "{'byte': 255}, {'byte': 200}"), ENDED, "sign-added: BYTEs are read as numbers with a sign" },
    { "… of two",                    ECHO("byte,long", "{'byte': 255}, {'long': -2}"), ENDED, "sign-added: BYTEs are read as numbers with a sign; sign-lost: LONGs are read without their sign" },
    { "a text",                      ECHO("cstringa", "{'cstringa': 'ab'}"), ENDED, "" },
    { "a number that nobody said",   SAY("{'long': -1}"), ENDED, "" },
    { "… that came otherwise",       ECHO("long", "{'long': -1}"), "0 open,1 >,2 <0000 feffffff,2 mismatch,2 over", "" },
};
// clang-format on

static const char *others(const struct finding *f, struct arena *keep)
{
    TEXT(to);

    for (size_t i = 0; i < f->other_count; i++)
        if (strncmp(f->others[i].cause, "sign-", 5) == 0)
            text_printf(&to, "%s%s: %s", to.b.len ? "; " : "", f->others[i].cause, f->others[i].summary);
    return arena_string(keep, text_string(&to));
}

Test(cause_overflow, a_peer_that_ends_may_have_had_no_room_for_what_it_read, .timeout = 20)
{
    for (const struct ended_row *r = rows; r < rows + COUNT_OF(rows); r++) {
        SCRATCH(keep);
        struct library lib;
        struct trace t = { .keep = &keep };
        struct findings f;
        talk_load(TALK, r->steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(r->trace, &p, &t, &keep);
        judge(&p, &t, &keep, &f);
        const struct finding *one = NULL;
        for (size_t i = 0; i < f.count && !one; i++)
            one = f.items[i].grade == GRADE_FAIL ? &f.items[i] : NULL;
        cr_assert(one != NULL, "%s", r->label);
        cr_expect(eq(str, (char *)others(one, &keep), (char *)r->others), "%s: %s", r->label, one->cause);
        library_free(&lib);
    }
}

/* What a writer of 7.0 leaves out, its reader wants, and we say [VAL-9]. */
Test(cause_overflow, a_member_that_is_not_read_is_seen_where_a_writer_of_that_generation_has_none, .timeout = 20)
{
    SCRATCH(keep);
    struct library lib;
    struct trace t = { .keep = &keep };
    talk_load(TALK, "{'client': [{'word': 2}, {'cstringa': 'oledatetimespan'}, {'bytes': '00000000010000000000f83f'}]},{'server': [{'word': 0}, {'cstringa': '(0,3ff8000000000001)'}]}", &lib);
    struct program p = program_of(&lib, "t-1", "generation=7.0", PARTY_CLIENT, "plain", &keep);
    talk_trace("0 open,1 >,2 <0000 14 28302c3030303030303031303030303030303029 0200 0300,2 mismatch,2 over", &p, &t, &keep);
    cr_expect(eq(str, (char *)talk_told(&p, &t, &keep), "cut: the first member of COleDateTimeSpan is left out"));
    library_free(&lib);
}
