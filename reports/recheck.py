#!/usr/bin/env python3
"""A second judge of saved runs, which shares no code with arcwire: recheck.py RUN [VECTORS]

RUN is a run's directory or its log. Exit status: 0 nothing disagrees, and all that this judge takes on was judged; 1 otherwise; 2 wrong input.
What it takes on and what it leaves: README.md, "A second judge"."""
import collections
import json
import pathlib
import re
import struct
import sys

INTEGERS = {"byte": "<B", "char": "<b", "word": "<H", "short": "<h", "wchar": "<H", "dword": "<I", "uint": "<I", "long": "<i", "int": "<i",
            "longlong": "<q", "ulonglong": "<Q", "net16": ">H", "net32": ">I"}
GOOD = {"pass", "pass-timed"}
BAD = {"fail", "warn", "inconclusive"}
NOT_PLAYED = {"skipped", "unsupported", "not-run"}
VERBS = ("client", "server", "control", "silent", "end", "reset", "new-archive", "open", "pause", "resume", "listen", "any-order")
FREE = {"optional", "times", "anytime"}


class Left(Exception):
    """A kind of case that this judge does not take on; why."""


class Unjudged(Exception):
    """A case that it takes on, and could not judge; why."""


class Wrong(Exception):
    """What is wrong with the conversation."""


class Ours(Wrong):
    """What arcwire said is not what the case says, so no verdict about the peer is right."""


def unhex(text):
    """Hex with runs: 41*3 is 414141."""
    out = b""
    for token in text.split():
        digits, _, times = token.partition("*")
        out += bytes.fromhex(digits) * int(times or 1)
    return out


def holds(predicate, profile):
    """Whether a predicate such as "<8,unicode" holds for a profile such as "10-unicode-64"."""
    generation, charset, bits = profile.split("-")
    for term in predicate.split(","):
        mark = re.fullmatch(r"([<>]=?)([0-9.]+)", term)
        if not mark:
            if term not in (charset, bits):
                return False
            continue
        ours, theirs = float(generation), float(mark[2])
        if not {"<": ours < theirs, "<=": ours <= theirs, ">": ours > theirs, ">=": ours >= theirs}[mark[1]]:
            return False
    return True


def by_profile(wire, profile):
    if not isinstance(wire, dict):
        return wire
    fit = [text for predicate, text in wire.items() if holds(predicate, profile)]
    if len(fit) != 1:
        raise Unjudged("%d predicates of a wire hold" % len(fit))
    return fit[0]


def length_of_string(units):
    """STR-5: 1, 1 + 2 or 1 + 2 + 4 bytes."""
    if units < 0xFF:
        return struct.pack("<B", units)
    if units < 0xFFFE:
        return struct.pack("<BH", 0xFF, units)
    return struct.pack("<BHI", 0xFF, 0xFFFF, units)


def string(text, wide, codepage="ascii"):
    data = text.encode("utf-16-le") if wide else text.encode(codepage)
    return (b"\xff\xfe\xff" if wide else b"") + length_of_string(len(data) // (2 if wide else 1)) + data


class Stream:
    """What one party said on one connection, and how far the case has followed it."""

    def __init__(self):
        self.data, self.at = b"", 0

    def take(self, count):
        piece = self.data[self.at:self.at + count]
        if len(piece) < count:
            raise Wrong("%d of %d bytes are there" % (len(self.data), self.at + count))
        self.at += count
        return piece

    def number(self, layout):
        return struct.unpack(layout, self.take(struct.calcsize(layout)))[0]

    def string(self, wide):
        if wide and self.take(3) != b"\xff\xfe\xff":
            raise Wrong("a string of the other width at byte %d" % self.at)
        units = self.number("<B")
        if units == 0xFF:
            units = self.number("<H")
            if units == 0xFFFE:
                raise Wrong("a string of the other width at byte %d" % self.at)
            if units == 0xFFFF:
                units = self.number("<I")
        return self.take(units * (2 if wide else 1))


class Connection:
    def __init__(self):
        self.sent, self.received = Stream(), Stream()
        self.events = []         # (event, bytes sent by then, bytes received by then)
        self.bounds = [0]        # where messages of ours begin, in what is to be sent
        self.silences = []       # ops, in order
        self.asked = 0           # how much must have left before an answer: the first byte of the step that completes what it answers
        self.due = []            # (bytes received, bytes sent): what may come only once so much has left
        self.begun = self.over = self.we_ended = False
        self.answered = True     # nothing of ours that is whole waits for an answer

    def happened(self, *names, op=None):
        """The place of the first of these events, if need be amid an op of this kind, or None."""
        return next((i for i, (event, _, _) in enumerate(self.events) if event.get("event") in names and op in (None, event["kind"])), None)


def bytes_of(op, event, count, is_sent):
    if "hex" in event:
        data = unhex(event["hex"])
    else:
        source = op.get("probe", "") if is_sent and op["op"] == "silent" else op.get("hex", "")
        data = unhex(source)[event.get("from", 0):][:count]
    if len(data) != count:
        raise Unjudged("the log lacks bytes of an event")
    return data


def connections(talk):
    """The streams and events of each connection, from the program as played and its trace."""
    all_of = [Connection() for _ in talk["connections"]]
    for number, op in enumerate(talk["program"]):
        said = op.get("probe" if op["op"] == "silent" else "hex", "") if op["op"] in ("send", "silent") else ""
        connection = all_of[op["on"]]
        if op["op"] == "silent":
            connection.silences.append(number)
        if said:
            begin = connection.bounds[-1]
            connection.bounds += [begin + at for at in op.get("messages", [])] + [begin + len(unhex(said))]
    for event in talk["trace"]:
        connection = all_of[event["on"]]
        op = talk["program"][event["op"]] if event["op"] < len(talk["program"]) else {"op": "none"}
        if event.get("event") == "probe" and op["op"] != "silent":
            break                # what was due has not come, and what comes behind more words is too late
        if "sent" in event:
            connection.sent.data += bytes_of(op, event, event["sent"], True)
        elif "received" in event:
            connection.received.data += bytes_of(op, event, event["received"], False)
        connection.events.append((dict(event, kind=op["op"]), len(connection.sent.data), len(connection.received.data)))
    return dict(zip(talk["connections"], all_of))


class Play:
    """Follows a case's steps along the conversation. Raises Wrong at the first thing that is not as the case says."""

    def __init__(self, service, talk, profile, row=None):
        self.service, self.profile, self.row = service, profile, row
        self.on = connections(talk)
        self.kept = {}
        self.wide = "-unicode-" in profile
        self.codepage = "cp%d" % service["codepage"] if "codepage" in service else "ascii"
        self.control = None

    # Values

    def integer(self, kind, value):
        size = struct.calcsize(INTEGERS[kind])
        number = value if isinstance(value, int) else int(value, 0)
        return struct.pack(INTEGERS[kind].upper(), number & ((1 << 8 * size) - 1))

    def encode(self, kind, value):
        """What a value that a case gives is on the wire."""
        if kind in ("bytes",) or kind.startswith("raw:"):
            return unhex(value)
        if kind == "text":
            return value.encode("ascii")
        if kind in INTEGERS:
            return self.integer(kind, value)
        if kind == "bool":
            return bytes([value])
        if kind in ("float", "double"):
            return unhex(value)[::-1]
        if kind == "count" and value < 0xFFFFFFFF:
            return struct.pack("<H", value) if value < 0xFFFF else struct.pack("<HI", 0xFFFF, value)
        if kind in ("cstring", "cstringa", "cstringw"):
            if not isinstance(value, str):
                raise Left("values without worked bytes: " + kind)
            wide = kind == "cstringw" or kind == "cstring" and self.wide
            return string(value, wide, self.codepage if kind == "cstringa" else "ascii")
        raise Left("values without worked bytes: " + kind.partition(":")[0])

    def read(self, stream, kind, limits):
        """A value that the case leaves open, off the stream."""
        if kind.startswith("raw:"):
            return stream.take(int(kind[4:]))
        if kind in ("cstring", "cstringa", "cstringw"):
            return stream.string(kind == "cstringw" or kind == "cstring" and self.wide)
        if kind not in INTEGERS:
            raise Left("open values of a type: " + kind)
        number = stream.number(INTEGERS[kind])
        if not limits.get("min", number) <= number <= limits.get("max", number):
            raise Wrong("a value beyond its limits at byte %d" % stream.at)
        return number

    def open_item(self, stream, kind, value):
        """An item whose value is drawn, kept, any, or as long as was said."""
        if "reuse" in value:
            kept = self.kept.get(value["reuse"])
            if kept is None:
                raise Unjudged("a value that was not kept")
            due = kept if isinstance(kept, bytes) else self.integer(kind, kept + value.get("plus", 0))
            self.same(stream, due)
            return
        if "length" in value:
            length = self.kept[value["length"]] + value.get("plus", 0)
            if length < 0:
                raise Wrong("a length below nothing at byte %d" % stream.at)
            read = stream.take(length)
        elif "any" in value or "draw" in value:
            read = self.read(stream, kind, value if "any" in value else value["draw"] if kind in INTEGERS else {})
        else:
            raise Left("values without worked bytes: " + kind.partition(":")[0])
        if "as" in value:
            self.kept[value["as"]] = read

    def same(self, stream, due):
        got = stream.data[stream.at:stream.at + len(due)]
        if got != due[:len(got)]:
            raise Wrong("byte %d is another" % (stream.at + next(i for i, (a, b) in enumerate(zip(got, due)) if a != b)))
        stream.take(len(due))

    def row_item(self, connection, stream, name):
        """The row's bytes. Those of a drawn row are what was sent, and what comes back must be the same."""
        if "draw" not in self.row:
            self.same(stream, unhex(by_profile(self.row.get("load", self.row["wire"]) if name == "load" else self.row["wire"], self.profile)))
        elif name == "load":
            end = next((bound for bound in connection.bounds if bound > stream.at), stream.at)
            self.kept["row"] = stream.take(end - stream.at)
            if self.row["type"].startswith("map") or b"CMap" in self.kept["row"]:
                raise Left("drawn maps, whose order is the peer's own")
        elif "row" in self.kept:
            self.same(stream, self.kept["row"])
        else:
            raise Left("drawn values in the service's notation")

    def words(self, word):
        def put(match):
            key = match[1]
            if key != "type" and "draw" in self.row:
                raise Left("drawn values in the service's notation")
            return self.row.get("make", self.row["text"]) if key == "make" else self.row[key]
        if not isinstance(word, str):
            return word
        if self.row:
            return re.sub(r"\{(type|text|make)\}", put, word)
        return re.sub(r"\{\{|\{([a-z]+)\}", lambda match: str(self.kept.get(match[1], match[0])) if match[1] else "{", word)

    def follow(self, connection, stream, step, party):
        if step.get("wire") is not None:
            self.same(stream, unhex(by_profile(step["wire"], self.profile)))
            return {}
        return self.items(connection, stream, step[party])

    def items(self, connection, stream, items):
        behind = {}
        for item in items:
            kind, value = next((k, v) for k, v in item.items() if k != "name")
            if kind == "row":
                self.row_item(connection, stream, value)
            elif kind == "repeat":
                for _ in range(value["times"]):
                    self.items(connection, stream, value["items"])
            elif isinstance(value, dict) and not {"unit", "times"} & set(value):
                self.open_item(stream, kind, value)
            else:
                self.same(stream, self.encode(kind, self.words(value)))
            if "name" in item:
                behind[item["name"]] = stream.at
        return behind

    # Steps

    def says(self, connection, step):
        """Our own words: they must be the case's, as far as they were said."""
        stream = connection.sent
        begin = stream.at
        if connection.answered:
            connection.asked, connection.answered = begin + 1, bool(step.get("part"))    # what goes on in the next step asks nothing yet
        if "cut" in step:
            whole = Stream()
            if "wire" in step:
                whole.data = unhex(by_profile(step["wire"], self.profile))
            else:
                whole.data = b"".join(self.encode(*next((k, v) for k, v in item.items() if k != "name")) for item in step["client"])
            at = step["cut"].get("at")
            if at is None:
                behind = self.items(connection, whole, step["client"])
                at = behind[step["cut"]["behind"]]
            due = whole.data[:at]
            step = {"client": [], "wire": due.hex(), "then": step["cut"]["then"]}
        try:
            self.follow(connection, stream, step, "client")
        except Wrong as wrong:
            if stream.data[begin:] == b"" or "are there" in str(wrong):
                raise Wrong("the play was over before all was said") from None
            raise Ours("of what was sent, " + str(wrong)) from None
        if step.get("then") == "end":
            self.ends(connection, {"end": "client"})
        elif step.get("then") == "reset":
            self.resets(connection, {"reset": "client"})

    def answers(self, connection, step):
        begin = connection.received.at
        try:
            self.follow(connection, connection.received, step, "server")
        except Wrong as wrong:
            raise Wrong("of what came, " + str(wrong)) from None
        connection.due.append((begin, connection.asked))
        connection.answered = True

    def silent(self, connection, step):
        if step["silent"] != "server":
            return
        if not connection.silences:
            raise Wrong("the play was over before a silence") if self.cut_short(connection) else Unjudged("a silence is not in the program")
        op = connection.silences.pop(0)
        of_op = [event for event, _, _ in connection.events if event["op"] == op or event.get("in") == op]
        if any("sent" in event for event in of_op):
            if any("received" in event and event["op"] != op for event in of_op):
                raise Wrong("more than the probe's answer came in a silence")
            self.exchange(connection, self.service["probe"], step)
            return
        if any("received" in event for event in of_op):
            raise Wrong("something came in a silence")
        if any(event.get("event") in ("fin", "reset") and event["op"] == op for event in of_op):
            raise Wrong("the connection ended in a silence")
        if not any(event.get("event") in ("quiet", "proven") for event in of_op):
            raise Wrong("nothing shows the silence")

    def cut_short(self, connection):
        return connection.happened("reset", "late", "mismatch", "refused", "fin") is not None

    def ends(self, connection, step):
        if step["end"] == "client":
            if connection.happened("fin-sent") is None:
                raise Wrong("the play was over before we ended")
            connection.we_ended = True
            return
        anything = step.get("before") == "anything"
        fin, reset = connection.happened("fin"), connection.happened("reset")
        connection.over = True
        if anything:
            connection.received.at = len(connection.received.data)
            if fin is None and reset is None:
                raise Wrong("the peer did not end")
            return
        if len(connection.received.data) != connection.received.at:
            raise Wrong("%d bytes came behind all that was due" % (len(connection.received.data) - connection.received.at))
        if reset is not None:
            raise Wrong("the peer reset the connection")
        if fin is None:
            raise Wrong("the peer did not end")
        waited = connection.happened("proven", "late", "quiet", op="await-end")
        if waited is not None and waited < fin:
            raise Wrong("the peer ended too late")
        if connection.we_ended and fin < connection.happened("fin-sent"):
            raise Wrong("the peer ended before we did")

    def resets(self, connection, step):
        if step["reset"] != "client":
            raise Left("a reset that is the peer's")
        connection.over = True
        if connection.happened("reset-sent") is None:
            raise Wrong("the play was over before we reset")
        if step.get("before") == "anything":
            connection.received.at = len(connection.received.data)
        elif len(connection.received.data) != connection.received.at:
            raise Wrong("bytes came behind all that was due")

    def exchange(self, connection, name, step):
        kept, self.kept = self.kept, dict(self.kept)
        for inner in self.service["controls"][name]:
            self.step(dict(inner, on=step.get("on", "main")))
        self.kept = kept

    def step(self, step):
        verb = next((k for k in VERBS if k in step), None)
        if verb is None or verb == "any-order" or FREE & set(step):
            raise Left("messages whose place or number is free")
        if verb == "listen":
            raise Left("an attempt that is refused first")
        name = step.get("on", "main")
        if name not in self.on:
            raise Wrong("the play was over before a connection") if any(map(self.cut_short, self.on.values())) else Unjudged("a connection is not in the log")
        connection = self.on[name]
        if verb == "new-archive":
            return
        if connection.happened("open") is None:
            raise Wrong("a connection did not come about")
        if verb == "open":
            return
        if not connection.begun:
            connection.begun = True
            for inner in self.service.get("prologue", []):
                self.step(dict(inner, on=name))
        if verb == "control":
            self.control = step[verb]
            self.exchange(connection, step[verb], step)
            self.control = None
        elif verb in ("client", "server"):
            (self.says if verb == "client" else self.answers)(connection, step)
        elif verb in ("silent", "end", "reset"):
            {"silent": self.silent, "end": self.ends, "reset": self.resets}[verb](connection, step)

    def whole(self, steps):
        for step in steps:
            self.step(step)
        for name, connection in self.on.items():
            if not connection.over:
                for inner in self.service.get("epilogue", []):
                    if not connection.we_ended:
                        self.step(dict(inner, on=name))
                self.ends(connection, {"end": "client"})
                self.ends(connection, {"end": "server"})
            if len(connection.sent.data) != connection.sent.at:
                raise Ours("more was sent than the case says")
            self.not_early(connection)

    def not_early(self, connection):
        """No byte of an answer before the first byte of the step that completes what it answers."""
        for begin, asked in connection.due:
            if any(sent < asked and received > begin for _, sent, received in connection.events):
                raise Wrong("an answer came before its question")


# Cases

def read_vectors(vectors):
    """Cases and rows by id, with their services; families likewise."""
    services = {path.stem: json.loads(path.read_text()) for path in sorted(pathlib.Path(vectors, "services").glob("*.json"))}
    suites = [json.loads(path.read_text()) for path in sorted(pathlib.Path(vectors, "suites").glob("*.json"))]
    if not services or not suites:
        raise ValueError("no vectors in %s" % vectors)
    services = {service["service"]: service for service in services.values()}
    cases, rows_of = {}, collections.defaultdict(list)
    for suite in suites:
        service = services[suite["service"]]
        for case in suite.get("cases", []):
            cases[case["id"]] = {"service": service, "rev": case.get("rev", 1), "steps": case["steps"], "case": case}
        for table in suite.get("tables", []):
            for row in table["rows"]:
                rev = row.get("rev", table.get("rev", 1))
                source = "%s-%s" % (table["id"], row["key"])
                for op in row.get("ops", table["ops"]):
                    cases["%s@op=%s" % (source, op)] = {"service": service, "rev": rev, "steps": service["ops"][op], "row": row}
                rows_of[suite["suite"]].append((source, row))
                rows_of[table["id"]].append((source, row))
    for suite in suites:
        for family in suite.get("families", []):
            for of in family["of"]:
                for source, row in rows_of[of]:
                    cases["%s-%s" % (family["id"], source)] = {"service": services[suite["service"]], "rev": family.get("rev", 1), "row": row, "family": family["kind"]}
    for name, service in services.items():
        if "first-control" in service:
            probe = [{"control": service["probe"]}] if "probe" in service else []
            cases["first-control", name] = {"service": service, "rev": 1, "steps": [{"control": service["first-control"]}] + probe}
        for what in ("capabilities", "information"):
            if what in service:
                cases[what, name] = {"service": service, "rev": 1, "steps": service[what]["steps"]}
    return cases


def cause_of_prefix(row, data):
    """What a reader raises whose value is cut: 6 within a class's name (TAB-7.1), 3 elsewhere."""
    whole = unhex(by_profile(row.get("load", row["wire"]), data[1]))
    for match in re.finditer(rb"\xff\xff..(..)", whole, re.S):
        length = struct.unpack("<H", match[1])[0]
        name = whole[match.end():match.end() + length]
        if re.fullmatch(rb"C[A-Za-z]+", name) and match.end() <= len(data[0]) < match.end() + length:
            return 6
    return 3


def family_steps(case, talk, record):
    """The steps of the one conversation that is saved: what was cut must be a beginning of the row's bytes."""
    row, profile = case["row"], record["profile"]
    if case["family"] != "prefix":
        raise Left("a changed field, whose outcome takes a reader of all types")
    if holds("<8", profile):
        raise Left("shortness that a reader up to 7.1 may not see")
    if row["type"] == "line":
        raise Left("a line, whose end may be the end of the stream")
    main = connections(talk)["main"].sent.data
    head = struct.pack("<H", 2) + string(row["type"], False)
    if len(main) < 6 or main[6:6 + len(head)] != head:
        raise Unjudged("the play was over before the value")
    cut, whole = main[6 + len(head):], unhex(by_profile(row.get("load", row["wire"]), profile))
    if len(cut) >= len(whole) or not whole.startswith(cut):
        raise Ours("what was sent is no beginning of the row's bytes")
    steps = [{"control": "next"}, {"client": [{"word": 2}, {"cstringa": row["type"]}, {"bytes": cut.hex()}]}, {"end": "client"},
             {"server": [{"word": 2}, {"word": cause_of_prefix(row, (cut, profile))}]}, {"end": "server"}]
    if "fresh" in talk["connections"]:
        steps += [dict(step) for step in case["service"]["mutated"]["after"]]
    return steps


def find_case(record, cases):
    case = cases.get(record["id"]) or cases.get((record["id"], record["suite"])) 
    if record["suite"] == "declared":
        raise Left("a deviation that the peer declares")
    if case is None:
        if not any(record["id"] == key[0] for key in cases if isinstance(key, tuple)):
            raise Unjudged("the vectors have no such case")
        raise Unjudged("the service has no such case")
    if case["rev"] != record["rev"]:
        raise Unjudged("the vectors have another revision of it")
    return case


def wrong_by(case, talk, record, profile):
    try:
        steps = case["steps"] if "family" not in case else family_steps(case, talk, record)
        Play(case["service"], talk, profile, case.get("row") if "family" not in case else None).whole(steps)
    except Wrong as wrong:
        return wrong
    return None


def wrong_in(record, talk, cases):
    case = find_case(record, cases)
    if talk is None:
        raise Unjudged("its conversation is not saved")
    profiles = [record["profile"]]
    if record["id"] == "capabilities":      # in which the peer only tells the width of its strings: the log's profile was assumed
        profiles.append(re.sub("-(ansi|unicode)-", lambda match: "-unicode-" if match[1] == "ansi" else "-ansi-", profiles[0]))
    wrongs = [wrong_by(case, talk, record, profile) for profile in profiles]
    return None if None in wrongs else wrongs[0]


def judge(record, talk, cases, run):
    """(whether the log's verdict is this judge's, what it found)."""
    verdict = record.get("first", record["verdict"])    # of an unstable result: what the conversation behind it showed
    if run["peer"].get("play") == "server":
        raise Left("the peer asks")
    if verdict in NOT_PLAYED:
        raise Left("not played")
    if verdict not in GOOD | BAD:
        raise Left("verdict " + verdict)
    failed = [check for check in record["checks"] if check["verdict"] in ("fail", "inconclusive")]
    if verdict in GOOD and failed:
        return False, "its own check %s says otherwise" % failed[0]["name"]
    wrong = wrong_in(record, talk, cases)
    if isinstance(wrong, Ours):
        return False, str(wrong)
    if wrong is None and verdict in BAD and all(check.get("kind") == "memory" or check["axis"] == "life" for check in failed):
        raise Left("it failed in its memory or its life")
    return (verdict in GOOD) == (wrong is None), str(wrong or "nothing is wrong")


def main(run, vectors):
    path = pathlib.Path(run)
    lines = [json.loads(line) for line in (path / "run.ndjson" if path.is_dir() else path).read_text().splitlines()]
    if not lines or lines[0].get("record") != "run":
        raise ValueError("no log of a run")
    cases = read_vectors(vectors)
    count, left, unjudged = collections.Counter(), collections.Counter(), collections.Counter()
    for line, behind in zip(lines, lines[1:] + [{"record": ""}]):
        if line["record"] != "case":
            continue
        try:
            same, found = judge(line, behind if behind["record"] == "conversation" else None, cases, lines[0])
            count["agree" if same else "disagree"] += 1
            if not same:
                print("disagree  %s  %s  %s: %s" % (line["id"], line["delivery"], line["verdict"], found))
        except Left as why:
            left[str(why)] += 1
        except Unjudged as why:
            unjudged[str(why)] += 1
            print("unjudged  %s  %s  %s: %s" % (line["id"], line["delivery"], line["verdict"], why))
    for note, times in left.most_common():
        print("%6d left: %s" % (times, note))
    for note, times in unjudged.most_common():
        print("%6d unjudged: %s" % (times, note))
    whole = lines[-1]["record"] == "end"
    print("%d agree, %d disagree, %d left, %d unjudged%s" % (count["agree"], count["disagree"], sum(left.values()), sum(unjudged.values()),
                                                         "" if whole else "; the log was cut short"))
    return 0 if whole and not count["disagree"] and not unjudged and count["agree"] else 1


def command(words):
    if len(words) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        return main(words[1], words[2] if len(words) == 3 else pathlib.Path(__file__).parent.parent / "vectors")
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        print("recheck.py: %s: %s" % (words[1], error if isinstance(error, (OSError, ValueError)) else repr(error)), file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(command(sys.argv))
