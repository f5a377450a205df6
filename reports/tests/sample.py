#!/usr/bin/env python3
"""Writes a run.ndjson such as a run against a flawed peer of the conformance service leaves behind.

The conversations are made up here, byte by byte, from a few rules; nothing runs. With the same arguments the
output is the same.

usage: sample.py [green|flawed|hostile|cut|many] [--cases N]
"""
import argparse
import json
import random
import struct
import sys

DELIVERIES = ["plain", "coalesced", "bytewise", "random"]
PROFILE = "10-unicode-64"
SEED = "0x5eed01"


# Values as they stand on the wire: (bytes, type, text).

def word(n, name=None):
    return struct.pack("<H", n), "word", str(n), name


def dword(n, name=None):
    return struct.pack("<I", n), "dword", str(n), name


def narrow(text, name=None):
    return bytes([len(text)]) + text.encode("latin-1"), "cstring", '"%s"' % text, name


def wide(text, name=None):
    units = text.encode("utf-16-le")
    count = len(units) // 2
    head = bytes([count]) if count < 255 else b"\xff" + struct.pack("<H", count)
    return b"\xff\xfe\xff" + head + units, "cstring", '"%s"' % text, name


def packed(n, kind, fmt, name=None):
    return struct.pack("<" + fmt, n), kind, str(n), name


OPS = {"ECHO": 1, "TELL": 2, "MAKE": 3, "NEXT": 4, "NOTE": 5, "NOTES": 6, "FLOOD": 7, "QUIT": 8}


def hexed(data):
    """Hex with runs of eight and more equal bytes or pairs."""
    out, at, plain = [], 0, ""
    while at < len(data):
        for width in 1, 2:
            unit, end = data[at:at + width], at + width
            while len(unit) == width and data[end:end + width] == unit:
                end += width
            if end - at >= 8 * width:
                break
        if end - at >= 8 * width:
            if plain:
                out.append(plain)
                plain = ""
            out.append("%s*%d" % (unit.hex(), (end - at) // width))
            at = end
        else:
            plain += "%02x" % data[at]
            at += 1
    if plain:
        out.append(plain)
    return " ".join(out)


class Talk:
    """A conversation being written down: program, trace and checks at once."""

    def __init__(self, delivery, chance):
        self.delivery, self.chance = delivery, chance
        self.program, self.trace, self.checks, self.us = [], [], [], 0
        self.event("open", op="open", who="client")

    def op(self, kind, who, values=(), **more):
        data, fields = b"", []
        for value in values:
            field = {"at": len(data), "len": len(value[0]), "type": value[1], "text": value[2]}
            if len(value[2]) > 120:
                field["text"] = value[2][:40] + "… (%d characters)" % (len(value[2]) - 2)
            if value[3]:
                field["name"] = value[3]
            fields.append(field)
            data += value[0]
        self.program.append({"op": kind, "on": 0, "who": who,
                             **({"hex": hexed(data), "fields": fields} if data else {}), **more})
        return data

    def note(self, **event):
        self.trace.append({"us": self.us, "on": 0, "op": len(self.program) - 1, **event})

    def event(self, name, op=None, who="client", took=None, check=None, axis="end", **more):
        if op:
            self.op(op, who)
        self.us += self.chance.randint(5, 60) if took is None else took
        self.note(event=name, **more)
        if check:
            self.check(check, axis)

    def say(self, *values, **more):
        data = self.op("send", "client", values, **more)
        self.us += self.chance.randint(3, 30)
        if self.delivery == "bytewise" and len(data) < 2000:
            for at in range(len(data)):
                self.us += self.chance.randint(8, 30)
                self.note(**{"sent": 1, "from": at, "segments": 1})
        elif self.delivery == "random" and len(data) > 3:
            at = 0
            while at < len(data):
                n = min(len(data) - at, self.chance.randint(1, max(2, len(data) // 2)))
                self.us += self.chance.randint(8, 30)
                self.note(**{"sent": n, "from": at, "segments": 1})
                at += n
        else:
            self.note(**{"sent": len(data), "from": 0, "segments": 1})

    def hear(self, *values, check=None, chunks=None, **more):
        """A reply, as it is due and as it came."""
        data = self.op("receive", "server", values, **({"check": check} if check else {}), **more)
        self.us += self.chance.randint(20, 90)
        at = 0
        for n in chunks or [len(data)]:
            self.note(**{"received": n, "from": at})
            at += n
            self.us += self.chance.randint(2, 9)
        if check:
            self.check(check, "data")

    def hear_wrong(self, due, came, check, cause, sentence, clauses, field, at, **more):
        self.op("receive", "server", due, check=check)
        data = b"".join(v[0] for v in came)
        self.us += self.chance.randint(20, 90)
        if data:
            self.note(received=len(data), hex=hexed(data))
            self.note(event="mismatch")
        found = {"expected": hexed(due[field][0]), "expected-text": due[field][2]}
        if field < len(came):
            found.update({"got": hexed(came[field][0]), "got-text": came[field][2]})
        self.check(check, "data", "fail", clauses=clauses, cause=cause, sentence=sentence, field=field, at=at, **found, **more)

    def check(self, name, axis, verdict="pass", clauses=None, **more):
        self.checks.append({"name": name, "clauses": clauses or ["SVC-4"], "level": "must", "verdict": verdict,
                            "axis": axis, "op": len(self.program) - 1, **more})

    def control(self):
        n = self.chance.randint(1, 1 << 20)
        self.say(word(4, "op"), dword(n), control="next")
        self.hear(word(0, "status"), dword(n + 1), control="next")

    def close(self):
        self.event("fin-sent", op="shutdown", who="client")
        self.event("fin", op="await-end", who="server", check="end")
        self.check("survives", "life")


CASES = {}


def case(suite, clauses, title, why, hint=None, level="must"):
    def keep(function):
        CASES.setdefault(suite, []).append((function, clauses, title, why, hint, level))
        return function
    return keep


@case("byte-order", ["BO-1"], "{text} as a {type} by {op}",
      "Every integer is stored with its low byte first, whatever the machine.")
def byte_order(t, i, flawed):
    kind, fmt, top = [("byte", "B", 255), ("word", "H", 65535), ("dword", "I", 4294967295), ("ulonglong", "Q", 1 << 63)][i % 4]
    n = t.chance.randint(1, top)
    value = packed(n, kind, fmt)
    t.control()
    if i % 3 == 0:
        t.say(word(1, "op"), narrow(kind, "types"), value)
        t.hear(word(0, "status"), value, check="reply")
    elif i % 3 == 1:
        t.say(word(2, "op"), narrow(kind, "types"), value)
        t.hear(word(0, "status"), wide(str(n), "text"), check="reply")
    else:
        t.say(word(3, "op"), narrow(kind, "types"), narrow(str(n), "text"))
        t.hear(word(0, "status"), value, check="reply")
    t.close()
    return "byte-order-%s-%d@op=%s" % (kind, i, ["echo", "tell", "make"][i % 3]), {"text": n, "type": kind.upper(), "op": ["ECHO", "TELL", "MAKE"][i % 3]}


@case("strings", ["STR-6", "STR-9"], "A string of {n} characters by ECHO",
      "The length stands in one byte below 255, in a WORD behind FF up to 65,533, then in a DWORD.",
      "Compare with AfxWriteStringLength: the limits are 0xFF and 0xFFFE.")
def strings(t, i, flawed):
    n = [0, 1, 127, 254, 255, 256, 1000, 65533][i % 8]
    t.control()
    t.say(word(1, "op"), narrow("cstring", "types"), wide("A" * n))
    if flawed and n == 1:
        t.hear_wrong([word(0, "status"), wide("A" * n)], [word(0, "status"), narrow("A" * n)], "reply",
                     "narrow-for-wide", "a Unicode build writes wide strings, and this one came narrow", ["STR-9"], 1, 2,
                     separated={"outcome": "confirmed", "sentence": "of the 2 causes that explain it, this one alone explains a second exchange, too",
                                "request": "echo of cstring", "values": '"xyz"', "sent": hexed(b"\x01\x00\x07cstring\xff\xfe\xff\x03x\0y\0z\0"),
                                "due": hexed(b"\0\0\xff\xfe\xff\x03x\0y\0z\0"), "got": hexed(b"\0\0\x03xyz"), "causes": [
                                    {"cause": "narrow-for-wide", "summary": "strings have the other width", "says": hexed(b"\0\0\x03xyz"), "fits": True},
                                    {"cause": "cut", "summary": "strings are cut to 1 unit", "says": "0000" + "41" * 128, "says-len": 300, "fits": False}]})
    elif flawed and n == 65533:
        due, came = wide("A" * n), wide("A" * 40000 + "B" + "A" * 25532)
        due = (due[0], due[1], '"AAAA…AAAA" (65,533 characters)', None)
        t.hear_wrong([word(0, "status"), due], [word(0, "status"), (came[0], came[1], '"AAAA…B…AAAA" (65,533 characters)', None)],
                     "reply", "other-value", "one character is another", ["STR-6"], 1, 2 + 6 + 80000)
    else:
        t.hear(word(0, "status"), wide("A" * n), check="reply")
    t.close()
    return "strings-wide-%d-%d@op=echo" % (n, i), {"n": f"{n:,}"}


@case("draining", ["BUF-12", "WS-7", "SVC-4"], "Two requests in one segment get two replies",
      "One receive can bring several messages. A handler that loads one per notification leaves the rest in its archive's "
      "buffer, and no further notification comes.", "Loop until IsBufferEmpty before you return from the notification.")
def draining(t, i, flawed):
    a, b = t.chance.randint(1, 99), t.chance.randint(100, 999)
    t.control()
    t.say(word(4, "op"), dword(a), word(4, "op"), dword(b), messages=[6])
    t.hear(word(0, "status"), dword(a + 1), check="first-reply")
    if flawed and t.delivery == "coalesced":
        t.op("receive", "server", [word(0, "status"), dword(b + 1)], check="second-reply")
        t.event("proven", took=131, note="all three threads of the peer wait without a limit, nothing is unread")
        t.check("second-reply", "data", "fail", ["BUF-12", "SVC-4"], cause="held-back",
                sentence="one message stays in the buffer until more arrives", at=0, field=0, expected="0000",
                **{"expected-text": "0"})
        t.event("probe", took=2)
        t.op("send", "client", [word(4, "op"), dword(170721)], control="probe")
        t.note(**{"sent": 6, "from": 0, "segments": 1})
        t.us += 46
        t.program.append({"op": "silent", "on": 0, "who": "server", "check": "silent"})
        t.note(received=12, hex=hexed(word(0)[0] + dword(b + 1)[0] + word(0)[0] + dword(170722)[0]))
    else:
        t.hear(word(0, "status"), dword(b + 1), check="second-reply", chunks=[2, 4] if t.delivery == "random" else None)
        if i % 7 == 3:
            t.event("quiet", op="silent", who="server", took=50000)
            t.check("silent", "data", "pass-timed")
        else:
            t.event("proven", op="silent", who="server", took=131, check="silent", axis="data")
        t.control()
    t.close()
    return "draining-two-in-one-segment-%d" % i, {}


@case("collections", ["COL-1", "BO-1"], "Keys of CMapWordToOb are little-endian WORDs",
      "A map stores its count, then keys and values by turns; a key is a WORD like any other.",
      "Store keys through the archive's operators, not through a cast of the structure.")
def collections(t, i, flawed):
    key = t.chance.randint(257, 60000)
    t.control()
    t.say(word(3, "op"), narrow("mapwordtoob", "types"), narrow("{%d=null}" % key, "text"))
    due = [word(0, "status"), packed(1, "count", "H"), word(key, "key"), packed(0, "object", "H", "value")]
    due[3] = (due[3][0], "object", "null", "value")
    if flawed and i % 3 == 0:
        swapped = struct.unpack(">H", struct.pack("<H", key))[0]
        came = [due[0], due[1], word(swapped, "key"), due[3]]
        t.hear_wrong(due, came, "reply", "bytes-swapped", "the two bytes of a WORD are swapped", ["COL-1", "BO-1"], 2, 4)
    else:
        t.hear(*due, check="reply")
    t.close()
    return "collections-map-word-%d@op=make" % i, {}


@case("ends", ["SVC-13", "SVC-17"], "FIN where a request would begin ends the connection in order",
      "A reset destroys what the peer has not read yet, often the last reply.", "Shut down your sending side, read to the end, then close.")
def ends(t, i, flawed):
    t.control()
    t.event("fin-sent", op="shutdown", who="client")
    if flawed and i % 4 == 1:
        t.event("reset", op="await-end", who="server")
        t.check("end", "end", "fail", ["SVC-13"], cause="reset-for-fin", sentence="the peer resets the connection where FIN is due")
    else:
        t.event("fin", op="await-end", who="server", check="end")
    if flawed and i % 4 == 2:
        t.check("prompt", "end", "fail", ["SVC-17"], level="should", cause="slow-end", sentence="the FIN comes later than it should")
    t.check("survives", "life")
    return "ends-between-requests-%d" % i, {}


@case("values", ["VAL-9"], "CTime by ECHO", "From 7.0 on a CTime has 64 bits.")
def values(t, i, flawed):
    return "values-time-%d@op=echo" % i, None


def again(identity, delivery):
    return "arcwire run '%s' --delivery %s --peer flawed:keeps-one --seed %s" % (identity, delivery, SEED)


def record(suite, entry, i, delivery, flawed):
    function, clauses, title, why, hint, level = entry
    talk = Talk(delivery, random.Random("%s %s %d" % (suite, function.__name__, i)))
    identity, words = function(talk, i, flawed)
    base = {"record": "case", "id": identity, "rev": 1, "suite": suite, "delivery": delivery, "profile": PROFILE,
            "title": title.format(**words) if words else title, "why": why, **({"hint": hint} if hint else {}),
            "level": level, "clauses": clauses, "digest": "%064x" % random.Random(identity).getrandbits(256)}
    if words is None:
        return {**base, "verdict": "unsupported", "reason": "the peer does not offer time", "us": 0, "checks": []}
    rank = ["pass", "pass-timed", "as-genuine", "declared", "warn", "inconclusive", "fail"]
    verdict = max(("warn" if c["verdict"] == "fail" and c["level"] != "must" else c["verdict"] for c in talk.checks), key=rank.index)
    return {**base, "verdict": verdict, "us": talk.us, "checks": talk.checks, "connections": ["main"],
            "program": talk.program, "trace": talk.trace, "again": again(identity, delivery)}


EVIL = '<script>document.title="pwned"</script><img src=x onerror=alert(1)>"\'&amp;'


def hostile():
    """A peer and vectors that try to be markup, wherever text can stand."""
    evil, turned = EVIL, "\u202egnp.exe\u202c \x1b[31mred\x1b[0m \u200b"
    talk = Talk("plain", random.Random(1))
    talk.say(word(1, evil), narrow(evil, evil))
    talk.hear_wrong([word(0, evil), narrow(evil, evil)], [word(0, evil), narrow("</ol></dl></details>" + turned.encode("ascii", "replace").decode(), evil)],
                    evil, evil, evil + turned, [evil], 1, 3,
                    separated={"outcome": "open", "sentence": evil + turned, "request": evil, "values": evil + turned, "sent": "00", "due": "01",
                               "got": "02", "causes": [{"cause": evil, "summary": evil + turned, "says": "03", "fits": False}]})
    talk.event(evil, note=evil)
    talk.control()
    talk.program[-1]["control"] = talk.program[-2]["control"] = evil
    talk.close()
    for name in ["fail", "inconclusive", "error", "unsupported", "pass"]:
        yield {"record": "case", "id": evil + name, "rev": 1, "suite": evil, "delivery": evil, "profile": evil,
               "title": evil + turned, "why": evil, "hint": evil, "level": evil, "clauses": [evil], "verdict": name,
               "reason": evil, "us": 1, "checks": talk.checks if name == "fail" else [], "connections": [evil, evil],
               "program": talk.program, "trace": talk.trace, "again": evil, evil: evil}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("kind", nargs="?", default="flawed", choices=["green", "flawed", "hostile", "cut", "many"])
    options.add_argument("--cases", type=int)
    options = options.parse_args()
    out = lambda **o: print(json.dumps(o, ensure_ascii=False, separators=(",", ":")))
    evil = EVIL if options.kind == "hostile" else None
    flawed = options.kind not in ("green", "hostile")
    each = (options.cases or (10000 if options.kind == "many" else 78)) // len(CASES)
    records, worst = [], {}
    if options.kind == "hostile":
        records = list(hostile())
    else:
        for suite, entries in CASES.items():
            for i in range(each):
                for delivery in DELIVERIES:
                    # Of many cases, few fail: as in a run that people look at.
                    records.append(record(suite, entries[0], i, delivery, flawed and (options.kind != "many" or i < 40)))
    out(record="run", log=1, arcwire="0.1", vectors={"version": "1", "digest": "5b1f" + "0" * 60}, seed=SEED,
        started="2026-11-23T18:04:11Z", command=evil or "arcwire run --peer flawed:keeps-one --seed " + SEED,
        peer={"name": evil or "flawed:keeps-one", "title": evil or "The reference peer that keeps one message back",
              "how": evil or "--peer flawed:keeps-one", "dial": "us"}, deliveries=[evil] if evil else DELIVERIES,
        selected=len(records))
    out(record="profile", generation=evil or "10", charset=evil or "unicode", bits=64, types=["byte", "word", "dword", "long", "cstring", "bytearray"],
        **{"from": "capabilities"})
    order = ["skipped", "unsupported", "pass", "pass-timed", "as-genuine", "declared", "warn", "not-run", "unstable", "fail", "inconclusive", "error"]
    results = {}
    for r in records:
        if r["id"] not in worst or order.index(r["verdict"]) > order.index(worst[r["id"]]):
            worst[r["id"]] = r["verdict"]
        results[r["verdict"]] = results.get(r["verdict"], 0) + 1
    if options.kind == "cut":
        for r in records[: len(records) // 3]:
            out(**r)
        sys.stdout.write(json.dumps(records[-1])[:500])
        return
    totals = {}
    for verdict in worst.values():
        totals[verdict] = totals.get(verdict, 0) + 1
    for r in records:
        out(**r)
    out(record="end", totals=totals, results=results, exit=1 if set(totals) & {"unstable", "fail", "error", "inconclusive"} else 0,
        us=sum(r["us"] for r in records) or 1)


main()
