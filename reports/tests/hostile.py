#!/usr/bin/env python3
"""Writes a log in which every word that a peer or a vector may have chosen tries to be markup."""
import json

EVIL = '<script>document.title="pwned"</script><img src=x onerror=alert(1)>"\'&amp;'
TURNED = "\u202egnp.exe\u202c \x1b[31mred\x1b[0m \u200b"


def out(**record):
    print(json.dumps(record, ensure_ascii=False, separators=(",", ":")))


def field(at, length, text):
    return {"at": at, "len": length, "type": EVIL, "text": text, "name": EVIL}


PROGRAM = [{"op": "open", "on": 0, "who": "client"},
           {"op": "send", "on": 0, "who": "client", "hex": "0100", "fields": [field(0, 2, EVIL)], "control": EVIL},
           {"op": "receive", "on": 0, "who": "server", "check": EVIL, "hex": "0000", "fields": [field(0, 2, EVIL)], "control": EVIL},
           {"op": "receive", "on": 1, "who": "server", "check": EVIL, "hex": "0304", "fields": [field(0, 2, EVIL)]},
           {"op": "await-end", "on": 0, "who": "server", "check": EVIL}]
TRACE = [{"us": 1, "on": 0, "op": 0, "event": "open"}, {"us": 2, "on": 0, "op": 1, "sent": 2, "segments": 1, "from": 0},
         {"us": 3, "on": 0, "op": 2, "received": 2, "from": 0}, {"us": 4, "on": 1, "op": 3, "received": 2, "hex": "3c73"},
         {"us": 5, "on": 0, "op": 4, "event": EVIL, "note": EVIL}]
CHECK = {"name": EVIL, "kind": EVIL, "clauses": [EVIL], "level": "must", "verdict": "fail", "axis": "data", "op": 3, "cause": EVIL,
         "sentence": EVIL + TURNED, "summary": EVIL, "others": [{"cause": EVIL, "summary": EVIL}], "at": 0, "field": 0,
         "expected": "0304", "got": "3c73", "expected-text": EVIL, "got-text": "</ol></dl></details>" + TURNED,
         "separated": {"outcome": "open", "sentence": EVIL + TURNED, "request": EVIL, "values": EVIL + TURNED, "sent": "00", "due": "01", "got": "02",
                       "causes": [{"cause": EVIL, "summary": EVIL + TURNED, "says": "03", "fits": False}]}}

out(record="run", log=1, arcwire=EVIL, vectors={"version": "1", "digest": "00"}, seed=EVIL, started=EVIL, command=EVIL,
    peer={"name": EVIL, "title": EVIL, "how": EVIL, "dial": EVIL}, deliveries=[EVIL], selected=5)
out(record="clauses", clauses=[{"id": EVIL, "level": EVIL, "provenance": EVIL, "text": EVIL + TURNED, "no-case": EVIL}])
out(record="profile", generation=EVIL, charset=EVIL, bits=64, types=[EVIL], **{"from": EVIL})
for verdict in ["fail", "inconclusive", "error", "unsupported", "pass"]:
    out(record="case", id=EVIL + verdict, rev=1, suite=EVIL, delivery=EVIL, profile=EVIL, title=EVIL + TURNED, why=EVIL, hint=EVIL,
        level=EVIL, clauses=[EVIL], digest="00", verdict=verdict, reason=EVIL, us=1, checks=[CHECK] if verdict == "fail" else [], again=EVIL)
    out(record="conversation", connections=[EVIL, EVIL], program=PROGRAM, trace=TRACE)
totals = {"fail": 1, "inconclusive": 1, "error": 1, "unsupported": 1, "pass": 1}
out(record="end", totals=totals, results=totals, exit=1, us=5, spent={"work": 5, "waiting": 0, "proven": 0, "timed": 0})
