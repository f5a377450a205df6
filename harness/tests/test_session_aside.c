/*
 * Messages whose place or number is free, as a session takes them: what has come becomes an op of its own in front of the one that is due, and
 * what happened while that was due belongs to it, wherever it stands by then.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "session_script.h"

#define ALIVE "{'server': [{'byte': 7},{'word': 513}], 'anytime': true, 'check': 'alive'}," // 07 01 02
#define ONCE  "{'server': [{'byte': 7},{'word': 513}], 'optional': true, 'check': 'once'},"
#define EITHER                                                                                     \
    "{'any-order': [{'server': [{'word': 1}], 'check': 'x'},{'server': [{'word': 2}], 'check': "   \
    "'y'}]}"

// clang-format off
static const struct script scripts[] = {
    { "it comes before a reply", TINY, CASE(ALIVE ASK), "plain",
      ASKED "@2 wait 202\n received main 070102\n @3 wait 202\n received main 0605\n @4 " ENDED "@5 wait 305\n fin main\n @6 done",
      "open:0 >2:1 <3:3 <2:3 fin-sent:4 fin:5 over:all", true },
    { "in pieces", TINY, CASE(ALIVE ASK), "plain",
      ASKED "@2 wait 202\n received main 07\n @3 wait 202\n received main 01\n @4 wait 202\n received main 0206\n @5 wait 202\n received main 05\n @6 " ENDED
      "@7 wait 307\n fin main\n @8 done",
      "open:0 >2:1 <1:3 <1:3 <2:3 <1:3 fin-sent:4 fin:5 over:all", true },
    { "twice, and the reply in one", TINY, CASE(ALIVE ASK), "plain",
      ASKED "@2 wait 202\n received main 0701020701020605\n @3 " ENDED "@4 wait 304\n fin main\n @5 done",
      "open:0 >2:1 <8:4 fin-sent:5 fin:6 over:all", true },
    { "a message that is another from its second byte on", TINY, CASE(ALIVE ASK), "plain",
      ASKED "@2 wait 202\n received main 07\n @3 wait 202\n received main 09\n @4 shutdown main\n shut main\n @4 wait 44\n fin main\n @5 done",
      "open >2 <1 <1 mismatch fin-sent fin over:2" },
    { "it ends amid it", TINY, CASE(ALIVE ASK), "plain",
      ASKED "@2 wait 202\n received main 0701\n fin main\n @3 shutdown main\n shut main\n @3 done",
      "open >2 <2 fin mismatch fin-sent over:2" },
    { "what may come once, and comes twice", TINY, CASE(ONCE ASK), "plain",
      ASKED "@2 wait 202\n received main 070102\n @3 wait 202\n received main 070102\n @4 shutdown main\n shut main\n @4 wait 44\n fin main\n @5 done",
      "open >2 <3 <3 mismatch fin-sent fin over:3" },
    { "no limit is renewed by it", TINY, CASE(ALIVE ASK), "plain",
      ASKED "@2 wait 202\n received main 070102\n @200 wait 202\n received main 070102\n @201 wait 202\n @203 write main 01",
      "open >2 <3 <3 late probe over:4" },
    { "before its end", TINY, CASE(ASK "," ALIVE "{'end': 'client'},{'end': 'server'}"), "plain",
      ASKED "@2 wait 202\n received main 0605\n @3 " ENDED "@4 wait 304\n received main 070102\n @5 wait 304\n fin main\n @6 done",
      "open >2 <2 fin-sent <3 fin over:all" },
    { "in pieces before its end", TINY, CASE(ASK "," ALIVE "{'end': 'client'},{'end': 'server'}"), "plain",
      ASKED "@2 wait 202\n received main 0605\n @3 " ENDED "@4 wait 304\n received main 07\n @5 wait 304\n received main 0102\n @6 wait 304\n fin main\n @7 done",
      "open >2 <2 fin-sent <1 <2 fin over:all" },
    { "something else before its end", TINY, CASE(ASK "," ALIVE "{'end': 'client'},{'end': 'server'}"), "plain",
      ASKED "@2 wait 202\n received main 0605\n @3 " ENDED "@4 wait 304\n received main 08\n @5 wait 45\n fin main\n @6 done",
      "open >2 <2 fin-sent <1 mismatch fin over:4" },
    { "in a silence", BLUNT, CASE("{'control': 'ping'}," ALIVE "{'silent': 'server'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 wait 52\n received main 07\n @3 wait 52\n received main 0102\n @4 wait 52\n @53 " ENDED
      "@54 wait 354\n fin main\n @55 done",
      "open >1 <1 <1 <2 quiet fin-sent fin over:all" },
    { "in a silence before all else", BLUNT, CASE(ALIVE "{'silent': 'server'}"), "plain",
      OPENED "@1 wait 51\n received main 07\n @2 wait 51\n received main 0102\n @3 wait 51\n @52 " ENDED "@53 wait 353\n fin main\n @54 done",
      "open <1 <2 quiet fin-sent fin over:all" },
    { "a part of it when the silence is over", BLUNT, CASE("{'control': 'ping'}," ALIVE "{'silent': 'server'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 wait 52\n received main 07\n @3 wait 52\n @53 shutdown main\n shut main\n @53 wait 93\n fin main\n @54 done",
      "open >1 <1 <1 mismatch fin-sent fin over:3" },
    { "something else in a silence", BLUNT, CASE("{'control': 'ping'}," ALIVE "{'silent': 'server'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 wait 52\n received main 08\n @3 shutdown main\n shut main\n @3 wait 43\n fin main\n @4 done",
      "open >1 <1 <1 mismatch fin-sent fin over:3" },
    { "two in the order in which they stand", TINY, CASE(SAY "," EITHER), "plain",
      ASKED "@2 wait 202\n received main 0100\n @3 wait 203\n received main 0200\n @4 " ENDED "@5 wait 305\n fin main\n @6 done",
      "open:0 >2:1 <2:2 <2:3 fin-sent:4 fin:5 over:all", true },
    { "in the other", TINY, CASE(SAY "," EITHER), "plain",
      ASKED "@2 wait 202\n received main 0200\n @3 wait 203\n received main 0100\n @4 " ENDED "@5 wait 305\n fin main\n @6 done",
      "open:0 >2:1 <2:2 <2:3 fin-sent:4 fin:5 over:all", true },
    { "in pieces in the other", TINY, CASE(SAY "," EITHER), "plain",
      ASKED "@2 wait 202\n received main 02\n @3 wait 202\n received main 0001\n @4 wait 204\n received main 00\n @5 " ENDED "@6 wait 306\n fin main\n @7 done",
      "open >2 <1 <2 <1 fin-sent fin over:all" },
    { "one of them twice", TINY, CASE(SAY "," EITHER), "plain",
      ASKED "@2 wait 202\n received main 02000200\n @3 shutdown main\n shut main\n @3 wait 43\n fin main\n @4 done",
      "open >2 <4 mismatch fin-sent fin over:3" },
    { "neither", TINY, CASE(SAY "," EITHER), "plain",
      ASKED "@2 wait 202\n received main 03\n @3 shutdown main\n shut main\n @3 wait 43\n fin main\n @4 done",
      "open >2 <1 mismatch fin-sent fin over:2" },
};
// clang-format on

Test(session_aside, what_is_free_comes_where_it_may, .timeout = 10)
{
    for (const struct script *t = scripts; t < scripts + COUNT_OF(scripts); t++)
        script_run(t);
}
