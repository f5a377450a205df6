#!/usr/bin/env python3
"""A second judge of saved runs, which shares no code with arcwire: recheck.py RUN [VECTORS]

RUN is a run's directory or its log. Exit status: 0 nothing disagrees, and all that this judge takes on was judged; 1 otherwise; 2 wrong input.
What it takes on and what it leaves: README.md, "A second judge"."""
import collections
import contextlib
import json
import pathlib
import re
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import archive
from archive import length_of_string

INTEGERS = {kind: layout for kind, layout in archive.INTEGERS.items() if kind not in ("timespan", "time64")}
GOOD = {"pass", "pass-timed"}
BAD = {"fail", "warn", "inconclusive"}
EXCUSED = {"as-genuine", "declared"}     # something is wrong, and that is known
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


def string(text, wide, codepage="ascii"):
    data = text.encode("utf-16-le") if wide else text.encode(codepage)
    return (b"\xff\xfe\xff" if wide else b"") + length_of_string(len(data) // (2 if wide else 1)) + data


@contextlib.contextmanager
def reading(stream):
    """What a reader raises, as what is wrong with a stream."""
    try:
        yield
    except archive.Raises as raised:
        raise Wrong("%d bytes are there, and not all" % len(stream.data) if raised.cause == 3 else "%s at byte %d" % (raised, stream.at)) from None
    except archive.Undecided as why:
        raise Wrong("%s at byte %d" % (why, stream.at)) from None


class Stream:
    """What one party said on one connection, and how far the case has followed it."""

    def __init__(self, is_reply=False):
        self.data, self.at = b"", 0
        self.is_reply = is_reply
        self.reader = None       # of its values, once any is read
        self.goes_on = False     # the next step goes on with the same message
        self.is_known = True     # all objects that went before were read

    def new_archive(self):
        self.reader, self.is_known = None, True

    def value(self, kind, profile):
        """(a value of a type that comes next, as the service tells it in full; what a right peer stores of it). Raises Wrong."""
        if self.reader is None:
            self.reader = archive.Reader(self.data, self.at, profile, whole=True, is_reply=self.is_reply)
        if not self.is_known and ("object" in kind or kind == "class" or kind[:2] == "ob" or kind[-2:] == "ob"):
            raise Left("objects behind worked bytes that are not read")
        self.reader.at = self.at
        self.reader.stored.clear()
        with reading(self):
            text = self.reader.value(kind)
        self.at = self.reader.at
        return text, bytes(self.reader.stored)

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
        self.sent, self.received = Stream(), Stream(is_reply=True)
        self.events = []         # (event, bytes sent by then, bytes received by then)
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
        connection = all_of[op["on"]]
        if op["op"] == "silent":
            connection.silences.append(number)
    probed = set()
    for event in talk["trace"]:
        connection = all_of[event["on"]]
        op = talk["program"][event["op"]] if event["op"] < len(talk["program"]) else {"op": "none"}
        if event.get("event") == "probe" and (op["op"] != "silent" or event["op"] in probed):
            break                # what was due has not come, and what comes behind more words is too late
        if "sent" in event and op["op"] == "silent":
            probed.add(event["op"])
        if "sent" in event:
            connection.sent.data += bytes_of(op, event, event["sent"], True)
        elif "received" in event:
            connection.received.data += bytes_of(op, event, event["received"], False)
        connection.events.append((dict(event, kind=op["op"]), len(connection.sent.data), len(connection.received.data)))
    return dict(zip(talk["connections"], all_of))


class Play:
    """Follows a case's steps along the conversation. Raises Wrong at the first thing that is not as the case says."""

    def __init__(self, service, talk, profile, row=None, we="client"):
        self.service, self.profile, self.row = service, profile, row
        self.we, self.peer = we, "server" if we == "client" else "client"
        self.told = self.drawn = self.due = None     # of a drawn row: its text, the same in full, and what a peer that loads it stores
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
            wide = kind == "cstringw" or kind == "cstring" and self.wide
            text = value if isinstance(value, str) else value["unit"] * value["times"]
            return string(text, wide, self.codepage if kind == "cstringa" else "ascii")
        return None

    def notation(self, kind, value):
        """A value of another type as the service tells it in full."""
        if isinstance(value, str):
            return archive.literal(value)
        if isinstance(value, dict):
            value = [value["unit"]] * value["times"]
        if not isinstance(value, list):
            return str(value)
        if kind in ("size", "point", "rect"):
            return "(%s)" % ",".join(map(str, value))
        return "[%s]" % ",".join(str(one) if isinstance(one, int) else "u:" + one.encode("utf-16-be").hex() for one in value)

    def read(self, stream, kind, limits):
        """A value that the case leaves open, off the stream."""
        if kind.startswith("raw:"):
            return stream.take(int(kind[4:]))
        if kind in ("cstring", "cstringa", "cstringw"):
            return stream.string(kind == "cstringw" or kind == "cstring" and self.wide)
        if kind not in INTEGERS:
            begin = stream.at
            stream.value(kind, self.profile)
            return stream.data[begin:stream.at]
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
            raise Left("a value of a form that is not known")
        if "as" in value:
            self.kept[value["as"]] = read

    def same(self, stream, due):
        got = stream.data[stream.at:stream.at + len(due)]
        if got != due[:len(got)]:
            raise Wrong("byte %d is another" % (stream.at + next(i for i, (a, b) in enumerate(zip(got, due)) if a != b)))
        stream.take(len(due))

    def told_value(self, stream, kinds, due):
        """Values that are compared as they are told; their bytes must be those that a right peer stores."""
        begin = stream.at
        read = [stream.value(kind, self.profile) for kind in kinds.split(",")]
        told, stored = " ".join(text for text, _ in read), b"".join(data for _, data in read)
        if told != due:
            raise Wrong("%s at byte %d" % (told[:60], begin))
        if stored != stream.data[begin:stream.at]:
            raise Wrong("the right values in other bytes at byte %d" % begin)

    def row_item(self, stream, name):
        """The row's bytes. What is drawn is read off what was said, and what comes back must fit."""
        kinds = self.row["type"]
        if "draw" not in self.row:
            self.same(stream, unhex(by_profile(self.row.get("load", self.row["wire"]) if name == "load" else self.row["wire"], self.profile)))
        elif name == "load":
            with reading(stream):
                self.told = archive.Reader(stream.data, stream.at, self.profile).values(kinds)
            read = [stream.value(kind, self.profile) for kind in kinds.split(",")]
            self.drawn, self.due = " ".join(text for text, _ in read), b"".join(data for _, data in read)
        elif self.due is not None and "{" not in self.drawn:
            self.same(stream, self.due)
        elif self.drawn is not None:        # made from its text, or a map, whose order is the peer's own
            due = self.drawn
            if kinds == "oledatetimespan" and self.profile.startswith("7.0-"):
                due = re.sub(r"^\(-?\d+,", "(?,", due)
            self.told_value(stream, kinds, due)
        else:
            raise Unjudged("a drawn value that nobody said")

    def words(self, word):
        def put(match):
            key = match[1]
            if key == "text" and "draw" in self.row:
                return self.told
            return self.row.get("make", self.row["text"]) if key == "make" else self.row[key]
        if not isinstance(word, str):
            return word
        if self.row:
            return re.sub(r"\{(type|text|make)\}", put, word)
        return re.sub(r"\{\{|\{([a-z]+)\}", lambda match: str(self.kept.get(match[1], match[0])) if match[1] else "{", word)

    def follow(self, connection, stream, step, party):
        if step.get("wire") is not None:
            begin = stream.at
            self.same(stream, unhex(by_profile(step["wire"], self.profile)))
            stream.is_known = stream.is_known and self.is_all_objects(stream, step[party], begin)
            return {}
        return self.items(connection, stream, step[party])

    def is_all_objects(self, stream, items, begin):
        """Whether worked bytes are objects and nothing else: these are read, too, so that what stands behind them is known by its tags."""
        end = stream.at
        if not items or not all("object" in item for item in items):
            return False
        stream.at = begin
        for _ in items:
            stream.value("object", self.profile)
        if stream.at != end:
            raise Wrong("objects end at byte %d, and their worked bytes at %d" % (stream.at, end))
        return True

    def items(self, connection, stream, items):
        behind = {}
        for item in items:
            kind, value = next((k, v) for k, v in item.items() if k != "name")
            if kind == "row":
                self.row_item(stream, value)
            elif value == "{make}" and "draw" in self.row:
                self.drawn = archive.literal(stream.string(False).decode("ascii"))
            elif kind == "repeat":
                for _ in range(value["times"]):
                    self.items(connection, stream, value["items"])
            elif isinstance(value, dict) and not {"unit", "times"} & set(value):
                self.open_item(stream, kind, value)
            else:
                value = self.words(value)
                due = self.encode(kind, value)
                if due is None:
                    self.told_value(stream, kind, self.notation(kind, value))
                else:
                    self.same(stream, due)
            if "name" in item:
                behind[item["name"]] = stream.at
        return behind

    # Steps

    def said(self, connection, step, party):
        """One's words, behind all that one said before."""
        stream = connection.sent if party == self.we else connection.received
        if self.service.get("archive", {}).get(party) == "message" and not stream.goes_on:
            stream.new_archive()
        stream.goes_on = bool(step.get("part"))
        self.follow(connection, stream, step, party)

    def says(self, connection, step):
        """Our own words: they must be the case's, as far as they were said."""
        stream = connection.sent
        begin = stream.at
        if connection.answered:
            connection.asked, connection.answered = begin + 1, bool(step.get("part"))    # what goes on in the next step asks nothing yet
        if "cut" in step:
            step = self.cut(connection, step)
        try:
            self.said(connection, step, self.we)
        except Wrong as wrong:
            if stream.data[begin:] == b"" or "are there" in str(wrong):
                raise Wrong("the play was over before all was said") from None
            raise Ours("of what was sent, " + str(wrong)) from None
        if step.get("then") == "end":
            self.ends(connection, {"end": self.we})
        elif step.get("then") == "reset":
            self.resets(connection, {"reset": self.we})

    def cut(self, connection, step):
        """A step that says the beginning of a message, and what follows."""
        whole = Stream()
        if "wire" in step:
            whole.data = unhex(by_profile(step["wire"], self.profile))
        else:
            encoded = [self.encode(*next((k, v) for k, v in item.items() if k != "name")) for item in step[self.we]]
            if None in encoded:
                raise Left("cut values without worked bytes")
            whole.data = b"".join(encoded)
        at = step["cut"].get("at")
        if at is None:
            at = self.items(connection, whole, step[self.we])[step["cut"]["behind"]]
        return {self.we: [], "wire": whole.data[:at].hex(), "then": step["cut"]["then"]}

    def answers(self, connection, step):
        begin = connection.received.at
        try:
            self.said(connection, step, self.peer)
        except Wrong as wrong:
            raise Wrong("of what came, " + str(wrong)) from None
        connection.due.append((begin, connection.asked))
        connection.answered = True

    def silent(self, connection, step):
        if step["silent"] != self.peer:
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
        if step["end"] == self.we:
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
        connection.over = True
        if step["reset"] != self.we:
            if connection.happened("reset") is None:
                raise Wrong("the peer did not reset the connection")
            if len(connection.received.data) != connection.received.at:
                raise Wrong("bytes came behind all that was due")
            return
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
        name = step.get("on", "main")
        if name not in self.on:
            raise Wrong("the play was over before a connection") if any(map(self.cut_short, self.on.values())) else Unjudged("a connection is not in the log")
        connection = self.on[name]
        if verb == "new-archive":
            (connection.sent if step[verb] == self.we else connection.received).new_archive()
            return
        if verb == "listen":
            if connection.happened("retried") is None:
                raise Wrong("the peer was not heard to try again")
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
            (self.says if verb == self.we else self.answers)(connection, step)
        elif verb in ("silent", "end", "reset"):
            {"silent": self.silent, "end": self.ends, "reset": self.resets}[verb](connection, step)

    def whole(self, steps):
        if self.we == "server":     # the client's own words show that it lives: there are no controls, nor connections for them alone
            steps = [step for step in steps if "control" not in step]
            spoken = {step.get("on", "main") for step in steps if not {"end", "reset"} & set(step)}
            steps = [step for step in steps if step.get("on", "main") in spoken]
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
            if self.we == "client":
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
                    cases["%s@op=%s" % (source, op)] = {"service": service, "rev": rev, "steps": service["ops"][op], "row": row,
                                                        "profile": row.get("profile", table.get("profile")), "genuine": table.get("genuine", [])}
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


def outcomes_of_prefixes(row, profile):
    """How often each comes of the strict prefixes of a row."""
    whole = unhex(by_profile(row.get("load", row["wire"]), profile))
    return collections.Counter(archive.outcome(whole[:length], row["type"], profile)[0] for length in range(len(whole)))


def family_steps(case, talk, record):
    """(the steps of the one conversation that is saved, the row with what was said in it, which must be the row's bytes cut short or changed in one field)."""
    row, profile, mutated = case["row"], record["profile"], case["service"]["mutated"]
    whole = unhex(by_profile(row.get("load", row["wire"]), profile))
    main = connections(talk)["main"].sent.data
    head = struct.pack("<H", 2) + string(row["type"], False)
    if main[6:6 + len(head)] != head:
        return mutated["request"], dict(row, wire=whole.hex())      # the play was over before
    said = main[6 + len(head):]
    if case["family"] == "prefix":
        is_right = len(said) < len(whole) and whole.startswith(said)
    else:
        is_right = said != whole and any(said.startswith(whole[:at]) and said.endswith(whole[at + size:]) and len(said) >= len(whole) - size
                                         for at, size in archive.outcome(whole, row["type"], profile)[2])
    if not is_right:
        raise Ours("what was sent is not the row's bytes, %s" % ("cut short" if case["family"] == "prefix" else "changed in one field"))
    outcome, due, _ = archive.outcome(said, row["type"], profile)
    steps = json.loads(json.dumps(mutated["request"] + mutated[outcome]), object_hook=lambda item: due if item == {"cause": True} else item)
    if "fresh" in talk["connections"]:
        steps += mutated["after"]
    return steps, {"type": row["type"], "wire": said.hex(), "text": due}


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


def wrong_by(case, talk, record, profile, we):
    try:
        steps, row = (case["steps"], case.get("row")) if "family" not in case else family_steps(case, talk, record)
        Play(case["service"], talk, profile, row, we).whole(steps)
    except Wrong as wrong:
        return wrong
    return None


def wrong_in(record, talk, case, we):
    if talk is None:
        raise Unjudged("its conversation is not saved")
    profiles = [record["profile"]]
    if record["id"] == "capabilities":      # in which the peer only tells the width of its strings: the log's profile was assumed
        profiles.append(re.sub("-(ansi|unicode)-", lambda match: "-unicode-" if match[1] == "ansi" else "-ansi-", profiles[0]))
    wrongs = [wrong_by(case, talk, record, profile, we) for profile in profiles]
    return None if None in wrongs else wrongs[0]


def may_be_genuine(case, record):
    """Whether the case or its service knows a defect of genuine programs of the peer's generation."""
    known = case.get("case", {}).get("genuine", []) + case.get("genuine", []) + case["service"].get("genuine", [])
    return any(holds(defect["profile"], record["profile"]) and record["delivery"] in defect.get("deliveries", [record["delivery"]]) for defect in known)


def judge(record, talk, cases, run):
    """(whether the log's verdict is this judge's, what it found)."""
    verdict = record.get("first", record["verdict"])    # of an unstable result: what the conversation behind it showed
    if verdict in NOT_PLAYED:
        raise Left("not played")
    if verdict not in GOOD | BAD | EXCUSED:
        raise Left("verdict " + verdict)
    failed = [check for check in record["checks"] if check["verdict"] in ("fail", "inconclusive")]
    if verdict in GOOD | EXCUSED and failed:
        return False, "its own check %s says otherwise" % failed[0]["name"]
    case = find_case(record, cases)
    wrong = wrong_in(record, talk, case, run["peer"].get("play", "client"))
    if isinstance(wrong, Ours):
        return False, str(wrong)
    if verdict == "as-genuine" and not may_be_genuine(case, record):
        return False, "no defect of genuine programs is known here"
    if wrong is None and verdict in BAD and all(check.get("kind") == "memory" or check["axis"] == "life" for check in failed):
        raise Left("it failed in its memory or its life")
    family = record.get("family", {})
    if family.get("kind") == "prefix" and not family.get("sampled") and family["tried"] == family["positions"]:
        ours = outcomes_of_prefixes(case["row"], record["profile"])
        if any(ours[name] != family[name] for name in ("loads", "leaves", "refused", "claims", "open")):
            return False, "of its prefixes %s" % ", ".join("%d %s" % (count, name) for name, count in ours.items())
    return (verdict in GOOD) == (wrong is None), str(wrong or "nothing is wrong")


def main(run, vectors):
    path = pathlib.Path(run)
    lines = [json.loads(line) for line in (path / "run.ndjson" if path.is_dir() else path).read_bytes().split(b"\n") if line]
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
