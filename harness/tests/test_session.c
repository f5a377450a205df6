/*
 * Sessions without sockets: how each op is played.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "session_script.h"

// clang-format off
static const struct script scripts[] = {
    { "an exchange", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n received main 0605\n @3 " ENDED "@4 wait 304\n fin main\n @5 done",
      "open >2 <2 fin-sent fin over:all" },
    { "a send cut by the socket", TINY, CASE(ASK), "plain",
      OPENED "@1 write main 0403\n sent 1\n @2 write main 03\n sent\n @3 wait 203\n received main 0605\n @3 " ENDED "@4 wait 304\n fin main\n @4 done",
      "open >1 >1 <2 fin-sent fin over:all" },
    { "a send cut by the delivery", TINY, CASE(ASK), "bytewise",
      OPENED "@1 write main 04 alone\n sent\n @1 write main 03 alone\n sent\n @1 wait 201\n received main 0605\n @2 " ENDED "@2 wait 302\n fin main\n @2 done",
      "open >1 >1 <2 fin-sent fin over:all" },
    { "a send cut once: the peer takes what has gone before the rest goes", TINY, CASE(ASK), "cut-each:1:1",
      OPENED "@1 write main 04 alone\n sent\n @1 let take main\n taken main\n @1 write main 03 alone\n sent\n @1 wait 201\n received main 0605\n @2 " ENDED "@2 wait 302\n fin main\n @2 done",
      "open >1 taken >1 <2 fin-sent fin over:all" },
    { "a send cut once, to a peer that resets amid it", TINY, CASE(ASK), "cut-each:1:1",
      OPENED "@1 write main 04 alone\n sent\n @1 let take main\n taken main\n rst main\n @2 done",
      "open >1 taken reset mismatch over:1" },
    { "a reply in pieces does not renew its limit", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n received main 06\n @100 wait 202\n received main 05\n @201 " ENDED "@201 wait 501\n fin main\n @202 done",
      "open >2 <1 <1 fin-sent fin over:all" },
    { "what is early is kept for its op", TINY, CASE(ASK), "plain",
      OPENED "received main 0605\n @1 write main 0403\n sent\n @2 " ENDED "@2 wait 302\n fin main\n @2 done",
      "open <2 >2 fin-sent fin over:all" },
    { "what it tells is said again", TINY,
      CASE("{'client': [{'byte': 1}]},{'server': [{'net16': {'any': true, 'as': 'n'}}]},{'client': [{'net16': {'reuse': 'n', 'plus': 1}}]}"), "plain",
      OPENED "@1 write main 01\n sent\n @2 wait 202\n received main 0102\n @3 write main 0103\n sent\n @4 " ENDED "@4 wait 304\n fin main\n @5 done",
      "open >1 <2 >2 fin-sent fin over:all" },
    { "too much behind the reply", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n received main 060507\n @3 " ENDED "@3 wait 43\n fin main\n @4 done",
      "open >2 <3 fin-sent mismatch fin over:4" },
    { "a wrong byte: we end and collect", TINY, CASE(ASK "," AGAIN), "plain",
      "@0 open main\n opened main\n @1 write main 0403\n sent\n @2 wait 202\n received main 0700\n @3 shutdown main\n shut main\n"
      "@3 wait 43\n received main 01\n @42 wait 43\n received main 02\n @43 done",
      "open >2 <2 mismatch fin-sent <1 <1 over:2" },
    { "a wrong byte, and its end", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n received main 07\n @3 shutdown main\n shut main\n @3 wait 43\n fin main\n @4 done",
      "open >2 <1 mismatch fin-sent fin over:2" },
    { "a wrong byte amid a message of ours: we do not end", TINY,
      CASE("{'client': [{'byte': 9}], 'part': true},{'server': [{'byte': 8}]},{'client': [{'byte': 7}]}"), "plain",
      OPENED "@1 write main 09\n sent\n @1 wait 201\n received main 77\n @2 wait 42\n @42 done",
      "open >1 <1 mismatch over:2" },
    { "nothing comes: the probe tells whether it was held back", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n @202 write main 01\n sent\n @203 wait 242\n received main 0605\n @204 wait 242\n received main 02\n @205 done",
      "open >2 late probe >1 <2 <1 over:2" },
    { "half of it comes, then nothing", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n received main 06\n @202 write main 01\n sent\n @203 wait 242\n @242 done",
      "open >2 <1 late probe >1 over:2" },
    { "nothing comes: dropped", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n @202 write main 01\n sent\n @203 wait 242\n received main 02\n @204 wait 242\n @242 done",
      "open >2 late probe >1 <1 over:2" },
    { "nothing comes, and the probe is not taken", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n @202 write main 01\n @242 done",
      "open >2 late probe over:2" },
    { "nothing comes, and the probe brings a FIN", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n @202 write main 01\n sent\n @203 wait 242\n fin main\n @203 done",
      "open >2 late probe >1 fin over:2" },
    { "nothing comes and no probe is there", BLUNT, CASE(ASK), "plain",
      ASKED "@2 wait 202\n @202 done",
      "open >2 late over:2" },
    { "nothing comes behind our end: no probe", TINY,
      CASE("{'control': 'ping'},{'client': [{'byte': 9}]},{'end': 'client'},{'server': [{'byte': 8}]},{'end': 'server'}"), "coalesced",
      OPENED "@1 write main 0109\n sent\n @1 wait 201\n received main 02\n @1 shutdown main\n shut main\n @1 wait 201\n @201 done",
      "open >2 <1 fin-sent late over:4" },
    { "nothing comes amid a message of ours: no probe", TINY,
      CASE("{'client': [{'byte': 9}], 'part': true},{'server': [{'byte': 8}]},{'client': [{'byte': 7}]}"), "plain",
      OPENED "@1 write main 09\n sent\n @1 wait 201\n @201 done",
      "open >1 late over:2" },
    { "its end in place of a reply", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n fin main\n @3 shutdown main\n shut main\n @3 done",
      "open >2 fin mismatch fin-sent over:2" },
    { "its end behind half a reply", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n received main 06\n fin main\n @3 shutdown main\n shut main\n @3 done",
      "open >2 <1 fin mismatch fin-sent over:2" },
    { "a RST in place of a reply", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n rst main\n @3 done",
      "open >2 reset mismatch over:2" },
    { "a RST while we speak", TINY, CASE(ASK), "plain",
      OPENED "@1 write main 0403\n sent 1\n rst main\n @1 done",
      "open >1 reset mismatch over:1" },
    { "a RST behind our last byte", TINY, CASE(ASK), "plain",
      ASKED "rst main\n @1 done",
      "open >2 reset mismatch over:2" },
    { "a RST in place of its end", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n received main 0605\n @3 " ENDED "@3 wait 303\n rst main\n @4 done",
      "open >2 <2 fin-sent reset over:all" },
    { "a RST before our end", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n received main 0605\n rst main\n @3 done",
      "open >2 <2 reset over:all" },
    { "it ends before we do", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n received main 0605\n fin main\n @3 " ENDED "@3 done",
      "open >2 <2 fin fin-sent over:all" },
    { "it never ends", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n received main 0605\n @3 " ENDED "@3 wait 303\n @303 done",
      "open >2 <2 fin-sent late over:all" },
    { "refused", TINY, CASE(ASK), "plain", "@0 open main\n refused main\n @1 done", "refused over:0" },
    { "no connection in time", TINY, CASE(ASK), "plain", "@0 open main\n @0 wait 100\n @99 wait 100\n @100 done", "refused over:0" },
    { "opened at the last moment", TINY, CASE(ASK), "plain", "@0 open main\n @0 wait 100\n opened main\n @100 write main 0403", "open over:1" },

    { "a silence probed", TINY, CASE("{'control': 'ping'},{'silent': 'server'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 write main 01\n sent\n @2 wait 202\n received main 02\n @3 " ENDED
      "@3 wait 303\n fin main\n @4 done",
      "open >1 <1 >1 <1 fin-sent fin over:all" },
    { "a probe that is not answered is asked again", TINY, CASE("{'control': 'ping'},{'silent': 'server'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 write main 01\n sent\n @2 wait 202\n @202 write main 01\n sent\n @203 wait 242\n @242 done",
      "open >1 <1 >1 late probe >1 over:3" },
    { "… also where it is proven that it does not come", TINY, CASE("{'control': 'ping'},{'silent': 'server'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 write main 01\n sent\n @2 wait 202\n proven\n @3 write main 01\n sent\n @3 wait 42\n @43 done",
      "open >1 <1 >1 proven probe >1 over:3" },
    { "a probe that is answered, and a RST behind it", TINY, CASE("{'control': 'ping'},{'silent': 'server'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 write main 01\n sent\n @2 wait 202\n received main 02\n rst main\n @3 done",
      "open >1 <1 >1 <1 reset over:all" },
    { "a RST before the probe is out", TINY, CASE("{'control': 'ping'},{'silent': 'server'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 write main 01\n rst main\n @3 done",
      "open >1 <1 reset mismatch over:3" },
    { "something in a probed silence", TINY, CASE("{'control': 'ping'},{'silent': 'server'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 write main 01\n received main 09\n sent\n @2 shutdown main\n shut main\n @2 wait 42\n @42 done",
      "open >1 <1 <1 >1 mismatch fin-sent over:3" },
    { "a silence waited for", BLUNT, CASE("{'control': 'ping'},{'silent': 'server'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 wait 52\n @51 wait 52\n @52 " ENDED "@52 wait 352\n fin main\n @53 done",
      "open >1 <1 quiet fin-sent fin over:all" },
    { "something at its end", BLUNT, CASE("{'control': 'ping'},{'silent': 'server'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 wait 52\n received main 09\n @52 shutdown main\n shut main\n @52 wait 92\n @92 done",
      "open >1 <1 <1 mismatch fin-sent over:3" },
    { "its end in a silence is seen behind it", BLUNT, CASE("{'control': 'ping'},{'silent': 'server'},{'control': 'ping'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 wait 52\n fin main\n @3 write main 01\n sent\n @4 shutdown main\n shut main\n @4 done",
      "open >1 <1 fin quiet >1 mismatch fin-sent over:5" },

    { "two connections", TINY, CASE("{'control': 'ping', 'on': 'a'},{'control': 'ping', 'on': 'b'}"), "plain",
      "@0 open a\n opened a\n @1 write a 01\n sent\n @1 wait 201\n received a 02\n @2 open b\n opened b\n @3 write b 01\n sent\n @3 wait 203\n"
      "received b 02\n @4 shutdown a\n shut a\n @4 wait 304\n fin a\n @5 shutdown b\n shut b\n @5 wait 305\n fin b\n @6 done",
      "open >1 <1 open >1 <1 fin-sent fin fin-sent fin over:all" },
    { "what comes on the other is kept", TINY, CASE("{'control': 'ping', 'on': 'a'},{'control': 'ping', 'on': 'b'},{'control': 'ping', 'on': 'a'}"), "plain",
      "@0 open a\n opened a\n @1 write a 01\n sent\n @1 wait 201\n received a 02\n @2 open b\n opened b\n @3 write b 01\n sent\n @3 wait 203\n"
      "received a 02\n @4 wait 203\n received b 02\n @5 write a 01\n sent\n @5 shutdown a\n shut a\n @5 wait 305\n fin a\n @6 shutdown b",
      "open >1 <1 open >1 <1 <1 >1 fin-sent fin over:10" },
    { "we reset", TINY, CASE("{'control': 'ping'},{'reset': 'client'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 reset main\n did-reset main\n @2 done",
      "open >1 <1 reset-sent over:all" },
    { "it resets", TINY, CASE("{'control': 'ping'},{'reset': 'server'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 wait 302\n rst main\n @3 done",
      "open >1 <1 reset over:all" },
    { "it ends and does not reset", TINY, CASE("{'control': 'ping'},{'reset': 'server'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 wait 302\n fin main\n @3 shutdown main\n shut main\n @3 done",
      "open >1 <1 fin mismatch fin-sent over:3" },

    { "it is refused, and tries again", TINY, CASE("{'listen': 'client'},{'control': 'ping'}"), "plain",
      "@0 wait 100\n retried\n @1 listen\n listening\n @2 open main\n opened main\n @3 write main 01",
      "retried open over:2" },
    { "nothing is said for a while, before a message and amid it", TINY, CASE(ASK), "idle:50000",
      OPENED "@1 wait 51\n @50 wait 51\n @51 write main 04 alone\n sent\n @52 wait 101\n received main 0605\n @53 wait 101\n @103 write main 03 alone\n sent\n @104 shutdown main",
      "open >1 <2 >1 over:3" },
    { "… which the peer's words do not make longer", TINY, CASE(ASK), "idle:50000",
      OPENED "@1 wait 51\n received main 06\n @40 wait 51\n @51 write main 04 alone", "open <1 over:1" },
    { "… nor a limit, while another connection is not read", TINY, CASE("{'control': 'ping', 'on': 'a'},{'pause': 'client', 'on': 'a'}," "{'client': [{'word': 772}], 'on': 'b'},{'resume': 'client', 'on': 'a'}"), "idle:600000",
      "@0 open a\n opened a\n @1 write a 01\n sent\n @1 wait 201\n received a 02\n @2 pause a\n paused a\n @2 open b\n opened b\n @3 wait 603\n @300 wait 603\n @603 write b 04 alone", "open >1 <1 paused open over:5" },
    { "… but for a control", TINY, CASE("{'control': 'ping'}"), "idle:50000",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 shutdown main", "open >1 <1 over:3" },
    { "… the case may take as much longer", TINY, CASE(ASK), "idle:600000",
      OPENED "@1 wait 601\n @601 write main 04 alone\n sent\n @602 wait 1201\n @1202 write main 03 alone\n sent\n @1203 wait 1403", "open >1 >1 over:2" },
    { "each of its connections is", TINY, CASE("{'listen': 'client'},{'control': 'ping'}"), "plain",
      "dialers 2\n @0 wait 100\n retried\n @1 wait 100\n retried\n @2 listen\n listening\n @3 open main\n opened main\n @4 write main 01",
      "retried open over:2" },
    { "it says so once for all of them", TINY, CASE("{'listen': 'client'},{'control': 'ping'}"), "plain",
      "dialers 2\n @0 wait 100\n retried\n @1 wait 100\n @100 listen\n retried\n listening\n @101 open main\n opened main\n @102 write main 01",
      "retried open over:2" },
    { "it is never heard to try again", TINY, CASE("{'listen': 'client'},{'control': 'ping'}"), "plain",
      "@0 wait 100\n @100 done",
      "late over:0" },

    { "proven that nothing comes: the probe is sent at once", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n proven\n @3 write main 01\n sent\n @3 wait 42\n received main 0605\n @4 wait 42\n received main 02\n @5 done",
      "open >2 proven probe >1 <2 <1 over:2" },
    { "proven again behind the probe", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n proven\n @3 write main 01\n sent\n @3 wait 42\n received main 02\n @4 wait 42\n proven\n @4 done",
      "open >2 proven probe >1 <1 proven over:2" },
    { "proven, and no probe is there", BLUNT, CASE(ASK), "plain",
      ASKED "@2 wait 202\n proven\n @3 done", "open >2 proven over:2" },
    { "a silence proven", BLUNT, CASE("{'control': 'ping'},{'silent': 'server'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 wait 52\n proven\n @3 " ENDED "@3 wait 303\n fin main\n @4 done",
      "open >1 <1 proven fin-sent fin over:all" },
    { "proven that its end does not come", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n received main 0605\n @3 " ENDED "@3 wait 303\n proven\n @4 done", "open >2 <2 fin-sent proven over:all" },
    { "proven that no more is to be collected", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n received main 07\n @3 shutdown main\n shut main\n @3 wait 43\n proven\n @4 done",
      "open >2 <1 mismatch fin-sent proven over:2" },
    { "nothing is proven of a connection that is not there", TINY, CASE(ASK), "plain",
      "@0 open main\n @0 wait 100\n @100 done", "refused over:0" },

    { "it reads again once nothing more has piled up for the time of a silence", TINY, CASE("{'pause': 'client'}," SAY ",{'resume': 'client'}," HEAR), "plain",
      PAUSED "@2 write main 0403\n sent\n @3 wait 203\n @9 wait 203\n queued main 5\n @20 wait 59\n queued main 9\n @40 wait 70\n queued main 9\n @69 wait 70\n"
      "@70 resume main\n resumed main\n @71 wait 270\n received main 0605\n @72 " ENDED "@72 wait 372\n fin main\n @73 done",
      "open paused >2 resumed <2 fin-sent fin over:all" },
    { "it reads again as soon as nothing more can pile up", TINY, CASE("{'pause': 'client'}," SAY ",{'resume': 'client'}," HEAR), "plain",
      PAUSED "@2 write main 0403\n sent\n @3 wait 203\n queued main 9\n stuck main 9\n @4 resume main\n resumed main\n @4 wait 204\n received main 0605\n @5 " ENDED
      "@5 wait 305\n fin main\n @6 done", "open paused >2 resumed <2 fin-sent fin over:all" },
    { "nothing piles up: it reads again at the limit", TINY, CASE("{'pause': 'client'}," SAY ",{'resume': 'client'}," HEAR), "plain",
      PAUSED "@2 write main 0403\n sent\n @3 wait 203\n queued main 0\n @202 wait 203\n @203 resume main\n resumed main\n @203 wait 403",
      "open paused >2 resumed over:4" },
    { "no more piles up, and never for the time of a silence: it reads again at the limit", TINY, CASE("{'pause': 'client'}," SAY ",{'resume': 'client'}," HEAR), "plain",
      PAUSED "@2 write main 0403\n sent\n @3 wait 203\n queued main 1\n @3 wait 53\n @190 resume main",
      "open paused >2 over:3" },
    { "more piles up all the time: it reads again at the limit", TINY, CASE("{'pause': 'client'}," SAY ",{'resume': 'client'}," HEAR), "plain",
      PAUSED "@2 write main 0403\n sent\n @3 wait 203\n queued main 1\n @40 wait 53\n queued main 2\n @80 wait 90\n queued main 3\n @120 wait 130\n queued main 4\n"
      "@160 wait 170\n queued main 5\n @161 wait 203\n @204 resume main",
      "open paused >2 over:3" },
    { "what is paused and reset is not read again", TINY, CASE("{'control': 'ping'},{'pause': 'client'},{'reset': 'client'}"), "plain",
      OPENED "@1 write main 01\n sent\n @1 wait 201\n received main 02\n @2 pause main\n paused main\n @2 reset main\n did-reset main\n @2 done",
      "open >1 <1 paused reset-sent over:all" },
    { "a RST on what is paused", TINY, CASE("{'pause': 'client'}," SAY ",{'resume': 'client'}," HEAR), "plain",
      PAUSED "@2 write main 0403\n sent\n rst main\n @3 done",
      "open paused >2 reset mismatch over:4" },
    { "nothing that we say is taken while we do not read", TINY, CASE("{'pause': 'client'}," SAY ",{'resume': 'client'}," HEAR), "plain",
      PAUSED "@2 write main 0403\n sent 1\n @3 write main 03\n @201 write main 03\n @203 done",
      "open paused >1 late over:2" },
    { "what is taken is no standstill", TINY, CASE("{'pause': 'client'}," SAY ",{'resume': 'client'}," HEAR), "cut-each:1:1",
      PAUSED "@2 write main 04 alone\n sent\n @150 let take main\n taken main\n @340 write main 03 alone\n sent\n @341 wait 541",
      "open paused >1 taken >1 over:3" },
    { "it is taken slowly", TINY, CASE("{'pause': 'client'}," SAY ",{'resume': 'client'}," HEAR), "plain",
      PAUSED "@150 write main 0403\n sent 1\n @340 write main 03\n sent\n @341 wait 541",
      "open paused >1 >1 over:3" },
    { "nothing is taken on another connection while one is paused", TINY,
      CASE("{'open': 'client', 'on': 'a'},{'pause': 'client', 'on': 'a'},{'client': [{'byte': 9}], 'on': 'b'},{'resume': 'client', 'on': 'a'}"), "plain",
      "@0 open a\n opened a\n @1 pause a\n paused a\n @1 open b\n opened b\n @1 write b 09\n @200 write b 09\n @202 done",
      "open paused open late over:3" },
    { "a long answer on another connection stands still while one is paused", TINY,
      CASE("{'open': 'client', 'on': 'a'},{'pause': 'client', 'on': 'a'},{'client': [{'byte': 9}], 'on': 'b'},{'server': [{'bytes': '07*2000000'}], 'on': 'b'},{'resume': 'client', 'on': 'a'}"), "plain",
      "@0 open a\n opened a\n @1 pause a\n paused a\n @1 open b\n opened b\n @1 write b 09\n sent\n @1 wait 201\n @10 wait 201\n received b 07\n @20 wait 210\n @209 wait 210\n @211 write b 01",
      "open paused open >1 <1 late probe over:4" },
    { "the other connection is read meanwhile", TINY,
      CASE("{'open': 'client', 'on': 'a'},{'pause': 'client', 'on': 'a'},{'control': 'ping', 'on': 'b'},{'resume': 'client', 'on': 'a'},{'control': 'ping', 'on': 'a'}"), "plain",
      "@0 open a\n opened a\n @1 pause a\n paused a\n @1 open b\n opened b\n @1 write b 01\n sent\n @1 wait 201\n received b 02\n @2 wait 202\n queued a 7\n"
      "@3 wait 52\n @53 resume a\n resumed a\n @54 write a 01",
      "open paused open >1 <1 resumed over:6" },

    { "the limit of the case", TINY, CASE(ASK), "plain",
      ASKED "@1950 wait 2000\n @1999 wait 2000\n @2000 done",
      "open >2 stopped over:2" },
    { "no wait goes beyond the limit of the case", BLUNT, CASE("{'server': [{'byte': 1}]}," AGAIN), "plain",
      "@0 open main\n @0 wait 100\n opened main\n @99 wait 299\n received main 01\n @298 write main 0403\n @1999 write main 0403\n @2000 done",
      "open <1 stopped over:2" },
    { "stopped from outside", TINY, CASE(ASK), "plain",
      ASKED "@2 wait 202\n stopped\n @2 done",
      "open >2 stopped over:2" },
};
// clang-format on

Test(session, plays_as_its_script_says, .timeout = 20)
{
    for (const struct script *t = scripts; t < scripts + COUNT_OF(scripts); t++)
        script_run(t);
}

Test(session, a_peer_that_floods_while_we_speak_is_cut_off, .timeout = 10)
{
    SCRATCH(keep);
    struct library lib;
    struct session s;
    struct trace t = { .keep = &keep };
    static uint8_t flood[SESSION_AHEAD_MAX / 4 + 1];
    size_t came = 0;

    library_must(TINY, CASE(ASK), &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
    session_init(&s, &p, &t, &short_limits, 0);
    session_want(&s, 0);
    session_opened(&s, 0, 0);
    for (; came < 4 && session_want(&s, 1).kind == WANT_WRITE; came++)
        session_received(&s, 0, (struct bytes){ flood, sizeof flood }, 1);
    cr_expect(eq(sz, came, 4));
    cr_expect(eq(int, session_want(&s, 1).kind, WANT_DONE));
    cr_expect(eq(sz, s.conn[0].inbox.len, SESSION_AHEAD_MAX));
    session_over(&s, 1);
    session_release(&s);
    library_free(&lib);
}

/* Were it otherwise, a peer that drips a long reply would cost its length squared. */
Test(session, looks_at_a_reply_in_pieces_and_keeps_nothing, .timeout = 20)
{
    SCRATCH(keep);
    struct library lib;
    struct session s;
    struct trace t = { .keep = &keep };
    CLEANUP(buffer_free) struct buffer reply = { 0 };

    library_must(TINY, CASE("{'client': [{'byte': 1}]},{'server': [{'cstringa': {'any': true}}, {'stringarray': {'any': true}}]}"), &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
    wire_u8(&reply, 0xff);
    wire_u16(&reply, 3000);
    for (int i = 0; i < 3000; i++)
        wire_u8(&reply, 'x');
    wire_u16(&reply, 1000);
    for (int i = 0; i < 1000; i++)
        buffer_append(&reply, "\1y", 2);
    session_init(&s, &p, &t, &short_limits, 0);
    session_want(&s, 0);
    session_opened(&s, 0, 0);
    struct want w = session_want(&s, 0);
    session_sent(&s, 0, w.bytes, 1, 0);
    for (size_t i = 0; i < reply.len; i++) {
        cr_assert(eq(int, session_want(&s, 1).kind, WANT_WAIT), "%zu", i);
        session_received(&s, 0, (struct bytes){ reply.data + i, 1 }, 1);
    }
    cr_expect(eq(int, session_want(&s, 1).kind, WANT_SHUTDOWN));
    cr_expect(lt(sz, s.keep.used, 4096));
    session_release(&s);
    library_free(&lib);
}

Test(session, the_bytes_that_are_due_have_their_share_of_the_limit, .timeout = 10)
{
    SCRATCH(keep);
    struct library lib;
    struct session s;
    struct trace t = { .keep = &keep };

    library_must(TINY, CASE("{'client': [{'bytes': '01*3000'}]},{'server': [{'bytes': '02*5000'}]}"), &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
    session_init(&s, &p, &t, &limits_default, 0);
    session_want(&s, 0);
    session_opened(&s, 0, 0);
    struct want w = session_want(&s, 0);
    session_sent(&s, 0, w.bytes, 1, 0);
    w = session_want(&s, 10);
    cr_expect(eq(i64, w.until, 10 + limits_default.step + 5000 * 100));
    session_received(&s, 0, (struct bytes){ p.ops[2].bytes.data, 4999 }, 20);
    cr_expect(eq(i64, session_want(&s, 20).until, w.until), "and bytes do not renew it");
    cr_expect(eq(i64, s.whole, limits_default.whole + 5001 * 100));
    session_release(&s);
    library_free(&lib);
}

Test(session, a_long_answer_has_no_more_than_some_time, .timeout = 10)
{
    static const struct {
        size_t bytes;
        int64_t share; // µs
    } rows[] = { { 262143, 26214300 }, { 262144, 26214400 }, { 262145, 26214401 }, { 8388608, 34340864 } };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct session s;
        struct trace t = { .keep = &keep };
        library_must(TINY, CASE("{'client': [{'byte': 1}]},{'server': [{'byte': 2}]}"), &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        p.ops[2].bytes.len = rows[i].bytes; // only its length is asked for
        session_init(&s, &p, &t, &limits_default, 0);
        cr_expect(eq(i64, s.whole, limits_default.whole + 100 + rows[i].share), "%zu", rows[i].bytes);
        session_release(&s);
        library_free(&lib);
    }
}

static void collects(size_t more, bool cut_off)
{
    SCRATCH(keep);
    struct library lib;
    struct session s;
    struct trace t = { .keep = &keep };
    uint8_t *flood = arena_alloc(&keep, more);

    library_must(TINY, CASE(ASK), &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
    session_init(&s, &p, &t, &short_limits, 0);
    session_want(&s, 0);
    session_opened(&s, 0, 0);
    struct want w = session_want(&s, 0);
    session_sent(&s, 0, w.bytes, 1, 0);
    session_received(&s, 0, BYTES(0xff), 0);
    cr_assert(eq(int, session_want(&s, 0).kind, WANT_SHUTDOWN));
    session_shut(&s, 0, 0);
    session_received(&s, 0, (struct bytes){ flood, more }, 1);
    cr_expect(eq(int, session_want(&s, 1).kind, cut_off ? WANT_DONE : WANT_WAIT), "%zu", more);
    session_over(&s, 1);
    cr_expect(eq(sz, trace_received(&t, 0, t.count, &keep).len, 1 + (cut_off ? SESSION_COLLECT_MAX : more)));
    size_t told = 0;
    for (size_t i = 0; i < t.count; i++)
        told += t.events[i].kind == TRACE_CUT_OFF;
    cr_expect(eq(sz, told, cut_off), "%zu", more);
    session_release(&s);
    library_free(&lib);
}

Test(session, collects_64_kib_and_not_a_byte_more, .timeout = 10)
{
    collects(SESSION_COLLECT_MAX - 1, false);
    collects(SESSION_COLLECT_MAX, false);
    collects(SESSION_COLLECT_MAX + 1, true);
    collects(4 * SESSION_COLLECT_MAX, true);
}

Test(session, limits_grow_with_the_round_trip_and_never_shrink)
{
    // clang-format off
    static const struct {
        int64_t asked, trip;            // µs
        int64_t open, step, end, quiet, settle, whole;
    } rows[] = {
        { 1000000,      0, 2000000, 1000000, 2000000,  100000, 250000, 20000000 },
        { 1000000,  50000, 2000000, 1000000, 2000000,  250000, 250000, 20000000 }, // 20 round trips are just the second
        { 1000000,  80000, 2000000, 1600000, 2000000,  400000, 400000, 32000000 },
        { 1000000, 500000, 10000000, 10000000, 10000000, 2500000, 2500000, 200000000 },
        {  100000,     10, 2000000,  250000, 2000000,  100000, 250000, 20000000 }, // no step has less than 250 ms
    };
    // clang-format on

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct limits l = limits_default;
        l.step = rows[i].asked;
        struct limits s = limits_scaled(&l, rows[i].trip);
        cr_expect(eq(i64, s.step, rows[i].step), "%zu", i);
        cr_expect(eq(i64, s.open, rows[i].open), "%zu", i);
        cr_expect(eq(i64, s.end, rows[i].end), "%zu", i);
        cr_expect(eq(i64, s.settle, rows[i].settle), "%zu", i);
        cr_expect(eq(i64, s.quiet, rows[i].quiet), "%zu", i);
        cr_expect(eq(i64, s.whole, rows[i].whole), "%zu", i);
    }
}

Test(session, what_a_stretch_ends_with_says_how_it_was_spent)
{
    SCRATCH(keep);
    struct trace t = { .keep = &keep };
    struct spent s = { .work = 1 };
    static const struct {
        enum trace_kind kind;
        int64_t us;
    } events[] = {
        { TRACE_OPEN, 10 },      // waiting
        { TRACE_SENT, 15 },      // work
        { TRACE_RECEIVED, 115 }, // waiting
        { TRACE_PROVEN, 1115 },  // proven
        { TRACE_QUIET, 11115 },  // timed
        { TRACE_SENT, 11118 },   // work
        { TRACE_LATE, 211118 },  // timed
        { TRACE_PROBE, 211119 }, // work
        { TRACE_OVER, 511119 },  // timed: nothing came behind the probe either
    };

    for (size_t i = 0; i < COUNT_OF(events); i++)
        trace_add(&t, events[i].kind, 0, 0, events[i].us);
    trace_spent(&t, &s);
    cr_expect(eq(i64, s.work, 1 + 5 + 3 + 1));
    cr_expect(eq(i64, s.waiting, 110));
    cr_expect(eq(i64, s.proven, 1000));
    cr_expect(eq(i64, s.timed, 10000 + 200000 + 300000));

    struct trace ended = { .keep = &keep };
    trace_add(&ended, TRACE_MISMATCH, 0, 0, 1);
    trace_add(&ended, TRACE_FIN, 0, 0, 3);
    trace_add(&ended, TRACE_OVER, 0, 0, 4);
    s = (struct spent){ 0 };
    trace_spent(&ended, &s);
    cr_expect(s.work == 2 && s.waiting == 2 && s.timed == 0, "behind the end nothing is waited for");
}
