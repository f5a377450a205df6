/*
 * What a session does when nothing comes: the probe, how much is waited for behind it, and what is left when it moves the peer to nothing.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "session_script.h"

#define ANY    "{'client': [{'word': 772}]},{'server': [{'cstringa': {'any': true}}]}"
#define PAIR   "{'open': 'client', 'on': 'a'},{'open': 'client', 'on': 'b'},"
#define ON_A   "{'client': [{'byte': 7}], 'on': 'a'}"
#define ON_B   "{'client': [{'byte': 7}], 'on': 'b'}"
#define OWED   "{'server': [{'byte': 8}], 'on': 'b'}"
#define BOTH   "@0 open a\n opened a\n @0 open b\n opened b\n "
#define PING   "{'control': 'ping'}"
#define PINGED OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n "

// clang-format off
static const struct script scripts[] = {
    { "as much as the probe brings is enough where it is not known how much is due", TINY, CASE(ANY), "plain",
      ASKED "@2 wait 202\n @202 write main 01\n sent\n @203 wait 242\n received main 02\n @204 done",
      "open >2 late probe >1 <1 over:2" },
    { "… but not what had come before it", TINY, CASE(ANY), "plain",
      ASKED "@2 wait 202\n received main 05\n @202 write main 01\n sent\n @203 wait 242\n received main 02\n @204 wait 242\n @242 done",
      "open >2 <1 late probe >1 <1 over:2" },
    { "… be it more", TINY, CASE(ANY), "plain",
      ASKED "@2 wait 202\n received main 0541\n @202 write main 01\n sent\n @203 wait 242\n received main 4142\n @204 wait 242\n @242 done",
      "open >2 <2 late probe >1 <2 over:2" },
    { "a part that is due and its answer are not too much", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n received main 06\n @202 write main 01\n sent\n @203 wait 242\n received main 05\n @204 wait 242\n received main 02\n @205 done",
      "open >2 <1 late probe >1 <1 <1 over:2" },

    { "the probe moves the peer to nothing: our end may", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n proven\n @3 write main 01\n sent\n @3 wait 42\n proven\n @4 shutdown main\n shut main\n @4 wait 43\n @43 done",
      "open >2 proven probe >1 proven fin-sent over:2" },
    { "… also where a part had come", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n received main 06\n @3 wait 202\n proven\n @4 write main 01\n sent\n @4 wait 43\n proven\n @5 shutdown main\n shut main\n @5 wait 44\n fin main\n @6 done",
      "open >2 <1 proven probe >1 proven fin-sent fin over:2" },
    { "… but not where it brought another", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n received main 06\n @3 wait 202\n proven\n @4 write main 01\n sent\n @4 wait 43\n received main 05\n @5 wait 43\n proven\n @5 done",
      "open >2 <1 proven probe >1 <1 proven over:2" },

    { "it owes on one connection what was said on another: our end there may move it", BLUNT, CASE(PAIR ON_A "," OWED), "plain",
      BOTH "@1 write a 07\n sent\n @1 wait 201\n proven\n @2 shutdown b\n shut b\n @2 wait 41\n received b 08\n @3 wait 41\n fin b\n @4 done",
      "open open >1 proven fin-sent <1 fin over:3" },
    { "… also the second reply", BLUNT, CASE(PAIR ON_A "," OWED ",{'server': [{'byte': 9}], 'on': 'b', 'check': 'second'}"), "plain",
      BOTH "@1 write a 07\n sent\n @1 wait 201\n received b 08\n @2 wait 202\n proven\n @3 shutdown b\n shut b\n @3 wait 42\n fin b\n @4 done",
      "open open >1 <1 proven fin-sent fin over:4" },
    { "… not where it was said there", BLUNT, CASE(PAIR ON_B "," OWED), "plain",
      BOTH "@1 write b 07\n sent\n @1 wait 201\n proven\n @2 done", "open open >1 proven over:3" },
    { "… nor where that was last", BLUNT, CASE(PAIR ON_A "," ON_B "," OWED), "plain",
      BOTH "@1 write a 07\n sent\n @1 write b 07\n sent\n @1 wait 201\n proven\n @2 done", "open open >1 >1 proven over:4" },
    { "… nor where nothing was said", BLUNT, CASE(PAIR OWED), "plain",
      BOTH "@1 wait 201\n proven\n @2 done", "open open proven over:2" },
    { "… nor amid a message of ours", BLUNT, CASE(PAIR "{'client': [{'byte': 9}], 'on': 'b', 'part': true}," ON_A "," OWED "," ON_B), "plain",
      BOTH "@1 write b 09\n sent\n @1 write a 07\n sent\n @1 wait 201\n proven\n @2 done", "open open >1 >1 proven over:4" },
    { "… nor behind our end", BLUNT, CASE(PAIR ON_A ",{'end': 'client', 'on': 'b'}," OWED), "plain",
      BOTH "@1 write a 07\n sent\n @1 shutdown b\n shut b\n @1 wait 201\n proven\n @2 done", "open open >1 fin-sent proven over:4" },
    { "… nor where there is a probe", TINY, CASE(PAIR ON_A "," OWED), "plain",
      BOTH "@1 write a 07\n sent\n @1 wait 201\n proven\n @2 write b 01\n sent\n @2 wait 41\n received b 0802\n @3 done",
      "open open >1 proven probe >1 <2 over:3" },
    { "… nor a client", BLUNT, CASE(PAIR "{'server': [{'byte': 7}], 'on': 'a'},{'client': [{'byte': 8}], 'on': 'b'}"), "plain",
      BOTH "@1 write a 07\n sent\n @1 wait 201\n proven\n @2 done", "open open >1 proven over:3", .us = PARTY_SERVER },

    { "paused again, what piled up before is forgotten", TINY, CASE("{'pause': 'client'}," SAY ",{'resume': 'client'}," HEAR ",{'pause': 'client'}," SAY ",{'resume': 'client'}," HEAR), "plain",
      PAUSED "@2 write main 0403\n sent\n @3 wait 203\n queued main 9\n stuck main 9\n @4 resume main\n resumed main\n @4 wait 204\n received main 0605\n @5 pause main\n paused main\n"
      "@6 write main 0403\n sent\n @6 wait 206\n queued main 9\n @7 wait 56",
      "open paused >2 resumed <2 paused >2 over:7" },
    { "its end, whatever comes before it", TINY, CASE(PING ",{'client': [{'byte': 9}]},{'end': 'server', 'before': 'anything'}"), "plain",
      PINGED "@2 write main 09\n sent\n @2 wait 302\n received main 4711\n @3 wait 302\n received main 08\n fin main\n @4 " ENDED "@4 done",
      "open >1 <1 >1 <2 <1 fin fin-sent over:all" },
    { "it says something where it is to reset", TINY, CASE(PING ",{'reset': 'server'}"), "plain",
      PINGED "@2 wait 302\n received main 07\n @3 shutdown main\n shut main\n @3 wait 43\n rst main\n @4 done",
      "open >1 <1 <1 mismatch fin-sent reset over:3" },
};
// clang-format on

Test(session_probe, what_is_done_when_nothing_comes, .timeout = 10)
{
    for (const struct script *t = scripts; t < scripts + COUNT_OF(scripts); t++)
        script_run(t);
}
