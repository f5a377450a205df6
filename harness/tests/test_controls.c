/*
 * Where controls must stand: one shape after the other, with the peer that would pass without, and what is said of it.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "test_vector.h"
#include "vector/lint.h"

/* The service tiny, with words by which it refuses: 7, 7, and why. */
#define TALK TINY_WITH("'refusals': {'no': [ {'server': [{'byte': 7}, {'byte': 7}, {'byte': {'any': true}}]} ]}, ")
#define TINY_WITH(more)                                                                                            \
    "{'format': 1, 'service': 'tiny', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true, " more         \
    "'end': {'name': 'end', 'clauses': ['X-1']},"                                                                  \
    "'controls': {'ping': [ {'client': [{'byte': 1}]}, {'server': [{'byte': 2}]} ]}}"

#define PING       "{'control': 'ping'}"
#define FRESH      "{'control': 'ping', 'on': 'fresh'}"
#define ASK        "{'client': [{'byte': 3}]}"
#define PART       "{'client': [{'byte': 3}], 'part': true}"
#define ANSWER     "{'server': [{'byte': 4}]}"
#define NO         "{'server': [{'byte': 7}, {'byte': 7}, {'byte': 1}], 'check': 'refused'}"
#define AGAIN      "{'server': [{'byte': 7}, {'byte': 7}, {'byte': 1}], 'check': 'again'}"
#define SILENT     "{'silent': 'server'}"
#define END        "{'end': 'client'}"
#define THEIR_END  "{'end': 'server'}"
#define RESET      "{'reset': 'client'}"
#define THEIR_RESET "{'reset': 'server'}"
#define MAY        "{'server': [{'byte': 4}], 'check': {'name': 'a', 'level': 'should'}}"
#define MAY_END    "{'end': 'server', 'check': {'name': 'end', 'level': 'should'}}"
#define ON(on, kind, what) "{'" kind "': " what ", 'on': '" on "'}"

// clang-format off
static const struct shape {
    const char *label, *steps, *complaint; // what is said behind "case t-1: ", or NULL: nothing
} shapes[] = {
    { "an exchange", ASK "," ANSWER, NULL },
    { "controls alone", PING, NULL },

    /* Silence. */
    { "silence among controls", PING "," ASK "," SILENT "," PING, NULL },
    { "silence among exchanges", ASK "," ANSWER "," SILENT "," ASK ",{'server': [{'byte': 4}], 'check': 'second'}", NULL },
    { "silence first, a control behind", SILENT "," PING, NULL },
    { "silence first, nothing behind", SILENT,
      "steps[0]: expects silence, and no answer stands behind it on connection \"main\": a peer that hangs would pass" },
    { "silence behind words that nothing went before", ASK "," SILENT "," PING,
      "steps[1]: expects silence, and no exchange stands before it on connection \"main\": a dead peer would pass" },
    { "silence, the control on another connection", ON("other", "control", "'ping'") "," ASK "," SILENT "," PING,
      "steps[2]: expects silence, and no exchange stands before it on connection \"main\": a dead peer would pass" },
    { "silence, the control only behind", PART "," SILENT "," ASK "," ANSWER,
      "steps[1]: expects silence, and no exchange stands before it on connection \"main\": a dead peer would pass" },
    { "silence at the end of the case", PING "," ASK "," SILENT,
      "steps[2]: expects silence, and no answer stands behind it on connection \"main\": a peer that hangs would pass" },
    { "silence, the control behind on another connection", PING "," ASK "," SILENT "," FRESH,
      "steps[2]: expects silence, and no answer stands behind it on connection \"main\": a peer that hangs would pass" },
    { "silence, then the ordinary end", PING "," ASK "," SILENT "," END "," THEIR_END "," FRESH,
      "steps[2]: expects silence, and no answer stands behind it on connection \"main\": a peer that hangs would pass" },
    { "silence, then words that end it", PING "," ASK "," SILENT "," ASK "," THEIR_END "," FRESH,
      "steps[2]: expects silence, and no answer stands behind it on connection \"main\": a peer that hangs would pass" },
    { "silence, then the server's end", PING "," ASK "," SILENT "," THEIR_END "," FRESH, NULL },
    { "silence within a message that is answered", PING "," PART "," SILENT "," ASK "," ANSWER, NULL },
    { "silence within a message that ends it", PING "," PART "," SILENT "," ASK "," THEIR_END "," FRESH, NULL },
    { "silence within a message that is refused", PING "," PART "," SILENT "," ASK "," NO "," THEIR_END "," FRESH, NULL },
    { "silence within a message that is cut", PING "," PART "," SILENT "," END "," THEIR_END "," FRESH, NULL },
    { "silence within a message that is reset", PING "," PART "," SILENT "," RESET "," FRESH, NULL },
    { "silence between our end and a refusal", PING "," ASK "," END "," SILENT "," NO "," THEIR_END "," FRESH, NULL },
    { "silence between our end and its", PING "," ASK "," END "," SILENT "," THEIR_END "," FRESH, NULL },
    { "silence within a message that is then complete", PING "," PART "," SILENT "," ASK "," END "," THEIR_END "," FRESH,
      "steps[2]: expects silence, and no answer stands behind it on connection \"main\": a peer that hangs would pass" },
    { "silence of the client, which no server gives", PING ",{'silent': 'client'}", NULL },
    { "silence of one who hears what others say",
      ON("a", "client", "[{'byte': 3}], 'part': true") "," ON("b", "client", "[{'byte': 3}]") "," ON("a", "server", "[{'byte': 4}]") ","
      ON("a", "silent", "'server'") "," ON("b", "client", "[{'byte': 3}]") "," ON("a", "server", "[{'byte': 4}], 'check': 'second'"), NULL },

    /* Refusal. */
    { "refusal among controls", PING "," ASK "," NO "," PING, NULL },
    { "refusal, then the server's end", PING "," ASK "," NO "," THEIR_END "," FRESH, NULL },
    { "refusal behind our end", PING "," ASK "," END "," NO "," THEIR_END "," FRESH, NULL },
    { "refusal in two parts", PING "," ASK ",{'server': [{'byte': 7}], 'part': true, 'check': 'refused'},"
      "{'server': [{'byte': 7}, {'byte': 2}], 'check': 'cause'}," THEIR_END "," FRESH, NULL },
    { "refusal in two parts, and no more", PING "," ASK ",{'server': [{'byte': 7}], 'part': true, 'check': 'refused'},"
      "{'server': [{'byte': 7}, {'byte': 2}], 'check': 'cause'}",
      "steps[2]: expects a refusal, and neither an answer nor the server's end stands behind it on connection \"main\": "
      "a peer that refuses from then on would pass" },
    { "refusals in a row, then an answer",
      PING ",{'client': [{'bytes': '030303'}]}," NO "," AGAIN "," ANSWER, NULL },
    { "refusal that nothing went before", ASK "," NO "," PING,
      "steps[1]: expects a refusal, and no exchange stands before it on connection \"main\": a peer that refuses everything would pass" },
    { "refusal, the control on another connection", ON("other", "control", "'ping'") "," ASK "," NO "," PING,
      "steps[2]: expects a refusal, and no exchange stands before it on connection \"main\": a peer that refuses everything would pass" },
    { "refusal behind a refusal", ASK "," NO "," ASK "," AGAIN "," PING,
      "steps[1]: expects a refusal, and no exchange stands before it on connection \"main\": a peer that refuses everything would pass" },
    { "refusal at the end of the case", PING "," ASK "," NO,
      "steps[2]: expects a refusal, and neither an answer nor the server's end stands behind it on connection \"main\": "
      "a peer that refuses from then on would pass" },
    { "refusal, then our end first", PING "," ASK "," NO "," END "," THEIR_END "," FRESH,
      "steps[2]: expects a refusal, and neither an answer nor the server's end stands behind it on connection \"main\": "
      "a peer that refuses from then on would pass" },
    { "refusal, then the end, and no more", PING "," ASK "," NO "," THEIR_END,
      "steps[3]: expects the server's end, and no exchange stands behind it on another connection than \"main\": a peer that died of it would pass" },
    { "refusal behind our end, and no more", PING "," ASK "," END "," NO "," THEIR_END,
      "steps[4]: expects the server's end, and no exchange stands behind it on another connection than \"main\": a peer that died of it would pass" },
    { "refusal in raw bytes", PING "," ASK ",{'server': [{'bytes': '070701'}]}",
      "steps[2]: expects a refusal, and neither an answer nor the server's end stands behind it on connection \"main\": "
      "a peer that refuses from then on would pass" },
    { "any answer: it may be a refusal", PING "," ASK ",{'server': [{'byte': {'any': true}}]}",
      "steps[2]: expects a refusal, and neither an answer nor the server's end stands behind it on connection \"main\": "
      "a peer that refuses from then on would pass" },
    { "any answer goes before", ASK ",{'server': [{'byte': {'any': true}}]}," ASK "," SILENT "," PING,
      "steps[1]: expects a refusal, and no exchange stands before it on connection \"main\": a peer that refuses everything would pass" },
    { "not a refusal: it is shorter", PING "," ASK ",{'server': [{'byte': 7}]}", NULL },
    { "not a refusal: a drawn value", ASK ",{'client': [{'byte': {'draw': {}, 'as': 'n'}}]},{'server': [{'byte': {'reuse': 'n'}}]}", NULL },
    { "not a refusal: within an answer", ASK ",{'server': [{'byte': 4}], 'part': true},{'server': [{'byte': 7}, {'byte': 7}], 'check': 'rest'}", NULL },

    /* Ends. */
    { "the ordinary end", PING "," END "," THEIR_END, NULL },
    { "the ordinary end, not told to its last", PING "," END, NULL },
    { "our end before what is owed, the server's not told", ASK "," END "," ANSWER, NULL },
    { "the ordinary end behind what is owed", ASK "," END "," ANSWER "," THEIR_END, NULL },
    { "the server's end, then a control", ASK "," ANSWER "," THEIR_END "," END "," FRESH, NULL },
    { "the server's end, then one that was there before",
      ON("a", "control", "'ping'") "," ON("b", "control", "'ping'") "," ON("a", "end", "'server'") "," ON("b", "control", "'ping'"), NULL },
    { "a cut message, then a control", PING "," PART "," END "," THEIR_END "," FRESH, NULL },
    { "a connection that ends at once", END "," THEIR_END "," FRESH,
      "steps[1]: expects the server's end, and no exchange stands before it on connection \"main\": a peer that ends every connection would pass" },
    { "the same among controls on others", ON("before", "control", "'ping'") "," END "," THEIR_END "," FRESH,
      "steps[2]: expects the server's end, and no exchange stands before it on connection \"main\": a peer that ends every connection would pass" },
    { "the same, the server's end not told", ON("before", "control", "'ping'") "," END "," FRESH,
      "steps[1]: ends, and no exchange stands before it on connection \"main\": a peer that ends every connection would pass" },
    { "the server ends a connection that it was not heard on", ASK "," THEIR_END "," FRESH,
      "steps[1]: expects the server's end, and no exchange stands before it on connection \"main\": a peer that ends every connection would pass" },
    { "only a greeting before the end", ANSWER "," THEIR_END "," FRESH,
      "steps[1]: expects the server's end, and no exchange stands before it on connection \"main\": a peer that ends every connection would pass" },
    { "the server ends first, and no more", ASK "," ANSWER "," THEIR_END "," END,
      "steps[2]: expects the server's end, and no exchange stands behind it on another connection than \"main\": a peer that died of it would pass" },
    { "what stands behind was asked before", ON("a", "control", "'ping'") "," ON("b", "client", "[{'byte': 3}]") "," ON("a", "end", "'server'")
      "," ON("b", "server", "[{'byte': 4}]"),
      "steps[2]: expects the server's end, and no exchange stands behind it on another connection than \"a\": a peer that died of it would pass" },
    { "a cut message, and no more", PING "," PART "," END "," THEIR_END,
      "steps[3]: expects the server's end, and no exchange stands behind it on another connection than \"main\": a peer that died of it would pass" },
    { "a message that is not answered, then the end", PING "," ASK "," END "," THEIR_END,
      "steps[3]: expects the server's end, and no exchange stands behind it on another connection than \"main\": a peer that died of it would pass" },
    { "anything, then the end", PING "," ASK "," END ",{'end': 'server', 'before': 'anything'}",
      "steps[3]: expects the server's end, and no exchange stands behind it on another connection than \"main\": a peer that died of it would pass" },

    /* Resets. */
    { "a reset that is survived", PING "," RESET "," FRESH, NULL },
    { "a reset that another member survives",
      ON("a", "client", "[{'byte': 3}], 'part': true") "," ON("b", "client", "[{'byte': 3}], 'part': true") "," ON("c", "client", "[{'byte': 3}]") ","
      ON("a", "server", "[{'byte': 4}]") "," ON("b", "server", "[{'byte': 4}], 'check': 'b'") "," ON("b", "client", "[{'byte': 3}]") "," ON("b", "reset", "'client'") ","
      ON("c", "client", "[{'byte': 3}]") "," ON("a", "server", "[{'byte': 4}], 'check': 'second'"), NULL },
    { "a reset, and no more", PING "," RESET,
      "steps[1]: resets, and no exchange stands behind it on another connection than \"main\": a peer that died of it would pass" },
    { "words, then a reset, and no more", PING "," ASK "," RESET,
      "steps[2]: resets, and no exchange stands behind it on another connection than \"main\": a peer that died of it would pass" },
    { "a reset of what was not served", ASK "," RESET "," FRESH,
      "steps[1]: resets, and no exchange stands before it on connection \"main\": a peer that never served it would pass" },
    { "a reset of the server's", PING "," ASK "," THEIR_RESET "," FRESH, NULL },
    { "a reset of the server's, and no more", PING "," ASK "," THEIR_RESET,
      "steps[2]: expects the server's reset, and no exchange stands behind it on another connection than \"main\": a peer that died of it would pass" },
    { "a reset of the server's, and nothing before", ASK "," THEIR_RESET "," FRESH,
      "steps[1]: expects the server's reset, and no exchange stands before it on connection \"main\": a peer that resets every connection would pass" },

    /* Exchanges of a lower level: they would fail, and the run would not. */
    { "a should before silence", ASK "," MAY "," ASK "," SILENT "," PING,
      "steps[3]: expects silence, and no exchange stands before it on connection \"main\": a dead peer would pass" },
    { "a should behind silence", PING "," ASK "," SILENT "," ASK "," MAY,
      "steps[2]: expects silence, and no answer stands behind it on connection \"main\": a peer that hangs would pass" },
    { "a should on either side of one", ASK "," MAY ",{'client': [{'byte': 5}]},"
      "{'silent': 'server', 'check': {'name': 'quiet', 'level': 'should'}}," ASK ",{'server': [{'byte': 4}], 'check': {'name': 'b', 'level': 'should'}}", NULL },
    { "an end that may be, behind silence", PING "," PART "," SILENT "," ASK "," MAY_END "," FRESH,
      "steps[2]: expects silence, and no answer stands behind it on connection \"main\": a peer that hangs would pass" },
    { "at once", PING "," ASK "," SILENT "," MAY_END "," FRESH,
      "steps[2]: expects silence, and no answer stands behind it on connection \"main\": a peer that hangs would pass" },
    { "an end that may be, behind a refusal", PING "," ASK "," NO "," MAY_END "," FRESH,
      "steps[2]: expects a refusal, and neither an answer nor the server's end stands behind it on connection \"main\": "
      "a peer that refuses from then on would pass" },
    { "a should before the end", ASK "," MAY "," END "," THEIR_END,
      "steps[3]: expects the server's end, and no exchange stands before it on connection \"main\": a peer that ends every connection would pass" },
    { "a should behind the end", PING "," THEIR_END ",{'client': [{'byte': 3}], 'on': 'fresh'},"
      "{'server': [{'byte': 4}], 'check': {'name': 'a', 'level': 'may'}, 'on': 'fresh'}",
      "steps[1]: expects the server's end, and no exchange stands behind it on another connection than \"main\": a peer that died of it would pass" },

    /* Nothing that is judged. */
    { "words without an answer", ASK,
      "steps[0]: is not answered, and no exchange stands behind it on connection \"main\": a peer that died of it would pass" },
    { "words without an answer behind a control", PING "," ASK,
      "steps[1]: is not answered, and no exchange stands behind it on connection \"main\": a peer that died of it would pass" },
    { "words without an answer before one", PING "," ASK "," PING, NULL },
    { "words without an answer that are survived", PING "," ASK "," FRESH, NULL },
    { "words that another hears", ON("a", "client", "[{'byte': 3}], 'part': true") "," ON("b", "client", "[{'byte': 3}]") ","
      ON("a", "server", "[{'byte': 4}]"), NULL },
    { "a greeting alone", ANSWER,
      "nothing is asked and answered in it: a peer that only ends connections would pass" },
    { "a port that is dialled again", "{'listen': 'client'}," PING, NULL },
    { "a port that is only said to be dialled again", "{'listen': 'client'}," ON("other", "control", "'ping'"),
      "steps[0]: expects another attempt, and no answer stands behind it on connection \"main\": a peer that only says so would pass" },
};
// clang-format on

static const char *said_of(const char *service, const char *head, const char *steps, struct arena *keep)
{
    return complaint_of(service, arena_printf(keep, "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [\n"
                                                    " {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], %s 'steps': [\n%s]}]}", head, steps), keep);
}

/* A complaint about a step is at the line of its steps, one about the case at the case's. */
static const char *at(const char *complaint, struct arena *keep)
{
    if (!complaint)
        return "";
    return arena_printf(keep, "v/suites/t.json:%d: case t-1: %s", strncmp(complaint, "steps", 5) == 0 ? 3 : 2, complaint);
}

Test(controls, each_shape_that_a_broken_peer_would_pass_is_refused, .timeout = 30)
{
    for (const struct shape *t = shapes; t < shapes + COUNT_OF(shapes); t++) {
        SCRATCH(keep);
        cr_expect(eq(str, (char *)said_of(TALK, "", t->steps, &keep), (char *)at(t->complaint, &keep)), "%s", t->label);
    }
}

/* The services of these: no controls at all, and exchanges around every connection. */
#define MUTE   "{'format': 1, 'service': 'tiny', 'no-first-control': 'it speaks and ends', 'end': {'name': 'end', 'clauses': ['X-1']}}"
#define LOGIN  TINY_WITH("'prologue': [ {'client': [{'byte': 8}]}, {'server': [{'byte': 9}]} ],")
#define LOGOUT TINY_WITH("'epilogue': [ {'client': [{'byte': 8}]}, {'server': [{'byte': 9}]}, {'end': 'server'} ],")
#define SHORT                                                                                                      \
    "{'format': 1, 'service': 'tiny', 'first-control': 'ping', 'end': {'name': 'end', 'clauses': ['X-1']},"        \
    "'controls': {'ping': [ {'client': [{'byte': 1}]}, {'server': [{'byte': 2}]}, {'end': 'server'} ]}}"

#define WAIVED  "'no-control': 'a reason',"
#define SHOULD  "'level': 'should',"

// clang-format off
static const struct waived {
    const char *label, *service, *head, *steps, *complaint;
} waived[] = {
    { "the server's words serve", TALK, WAIVED, PART "," SILENT "," ASK "," ANSWER, NULL },
    { "the server says nothing, and it is a must", TALK, WAIVED, END "," THEIR_END "," FRESH,
      "steps[1]: has no control, and the server says nothing on connection \"main\": at most should" },
    { "the server says nothing, and it is no must", TALK, WAIVED SHOULD, END "," THEIR_END "," FRESH, NULL },
    { "its words on another connection do not serve", TALK, WAIVED, ON("a", "control", "'ping'") "," END "," THEIR_END "," FRESH,
      "steps[2]: has no control, and the server says nothing on connection \"main\": at most should" },
    { "a refusal does not serve", TALK, WAIVED, ASK "," NO "," THEIR_END "," FRESH,
      "steps[1]: has no control, and the server says nothing on connection \"main\": at most should" },
    { "its words are no must", TALK, WAIVED, MAY "," THEIR_END "," FRESH,
      "steps[1]: has no control, and the server says nothing on connection \"main\": at most should" },
    { "behind it there is room", TALK, WAIVED, PART "," SILENT "," ASK "," ANSWER "," SILENT,
      "steps[4]: expects silence, and no answer stands behind it on connection \"main\": a peer that hangs would pass" },
    { "and on another connection", TALK, WAIVED SHOULD, PART "," END "," THEIR_END,
      "steps[2]: expects the server's end, and no exchange stands behind it on another connection than \"main\": a peer that died of it would pass" },
    { "where none is missing", TALK, WAIVED, PING "," ASK "," SILENT "," PING,
      "\"no-control\" gives a reason, and no control is missing" },

    { "a service without exchanges", MUTE, WAIVED, ANSWER "," THEIR_END "," END, NULL },
    { "twice", MUTE, WAIVED, ON("a", "server", "[{'byte': 4}]") "," ON("a", "end", "'server'") ","
      ON("b", "server", "[{'byte': 4}], 'check': 'b'") "," ON("b", "end", "'server'"), NULL },
    { "it ends the second without a word", MUTE, WAIVED, ON("a", "server", "[{'byte': 4}]") "," ON("a", "end", "'server'") ","
      ON("b", "end", "'server'"),
      "steps[2]: has no control, and the server says nothing on connection \"b\": at most should" },
    { "without a reason", MUTE, "", ANSWER "," THEIR_END "," END,
      "steps[1]: expects the server's end, and no exchange stands before it on connection \"main\": a peer that ends every connection would pass" },
    { "one that never answers", MUTE, WAIVED SHOULD, ASK "," SILENT "," END "," THEIR_END, NULL },
    { "one that never answers, as a must", MUTE, WAIVED, ASK "," SILENT "," END "," THEIR_END,
      "steps[1]: has no control, and the server says nothing on connection \"main\": at most should" },
    { "one that never answers, a should in a must", MUTE, WAIVED, "{'end': 'client', 'check': {'name': 'end', 'level': 'should'}}",
      "has no control, and the server says nothing: at most should" },

    { "the prologue is an exchange before", LOGIN, "", ASK "," SILENT "," ASK "," ANSWER, NULL },
    { "on each connection", LOGIN, "", PART "," END "," THEIR_END "," ON("fresh", "end", "'client'"),
      NULL },
    { "on a port that opens late", LOGIN, "", "{'listen': 'client'}," END, NULL },
    { "the epilogue is an answer behind", LOGOUT, "", PING "," ASK "," SILENT, NULL },
    { "and is not said behind an end", LOGOUT, "", PING "," ASK "," SILENT "," END "," THEIR_END,
      "steps[2]: expects silence, and no answer stands behind it on connection \"main\": a peer that hangs would pass" },
    { "an end within a control", SHORT, "", PING, NULL },
    { "an end within a control, and what goes before", SHORT, "", ASK "," SILENT "," PING,
      "steps[1]: expects silence, and no exchange stands before it on connection \"main\": a dead peer would pass" },
};

static const struct {
    const char *label, *more, *complaint;
} services[] = {
    { "a control without an answer", "'controls': {'ping': [{'client': [{'byte': 1}]}]}",
      "controls.ping: a control is something that the client says and an answer that is no refusal" },
    { "a control without words", "'controls': {'ping': [{'server': [{'byte': 1}]}]}",
      "controls.ping: a control is something that the client says and an answer that is no refusal" },
    { "a refusal that may be anything is none", "'refusals': {'no': [{'server': [{'byte': {'any': true}}]}]}, 'controls': {'ping': [" ASK "," ANSWER "]}",
      NULL },
    { "a control that is a refusal", "'refusals': {'no': [{'server': [{'byte': 7}]}]}, 'controls': {'ping': [" ASK ",{'server': [{'byte': 7}]}]}",
      "controls.ping: a control is something that the client says and an answer that is no refusal" },
    { "an op that ends in silence", "'controls': {'ping': [" ASK "," ANSWER "]}, 'ops': {'echo': [" PING "," ASK "," SILENT "]}",
      "ops.echo[2]: expects silence, and no answer stands behind it on connection \"main\": a peer that hangs would pass" },
    { "a changed row that nothing goes before",
      "'controls': {'ping': [" ASK "," ANSWER "]}, 'mutated': {'request': [" ASK "," END "], 'open': [" THEIR_END "], 'after': [" FRESH "]}",
      "mutated.open[0]: expects the server's end, and no exchange stands before it on connection \"main\": a peer that ends every connection would pass" },
    { "a changed row that nothing stands behind",
      "'controls': {'ping': [" ASK "," ANSWER "]}, 'mutated': {'request': [" PING "," ASK "," END "], 'open': [" THEIR_END "]}",
      "mutated.open[0]: expects the server's end, and no exchange stands behind it on another connection than \"main\": a peer that died of it would pass" },
    { "a changed row among controls",
      "'controls': {'ping': [" ASK "," ANSWER "]}, 'mutated': {'request': [" PING "," ASK "," END "], 'open': [" THEIR_END "], 'after': [" FRESH "]}",
      NULL },
};
// clang-format on

Test(controls, a_reason_excuses_what_cannot_be_and_no_more, .timeout = 30)
{
    for (const struct waived *t = waived; t < waived + COUNT_OF(waived); t++) {
        SCRATCH(keep);
        cr_expect(eq(str, (char *)said_of(t->service, t->head, t->steps, &keep), (char *)at(t->complaint, &keep)), "%s", t->label);
    }
}

Test(controls, a_services_own_conversations_keep_to_it, .timeout = 30)
{
    for (size_t i = 0; i < COUNT_OF(services); i++) {
        SCRATCH(keep);
        const char *service = arena_printf(&keep, "{'format': 1, 'service': 'tiny', 'first-control': 'ping', 'end': {'name': 'end', 'clauses': ['X-1']}, %s}",
                                           services[i].more);
        const char *due = services[i].complaint ? arena_printf(&keep, "v/services/s.json:1: %s", services[i].complaint) : "";
        cr_expect(eq(str, (char *)said_of(service, "", ASK "," ANSWER, &keep), (char *)due), "%s", services[i].label);
    }
}
