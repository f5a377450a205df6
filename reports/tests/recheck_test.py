#!/usr/bin/env python3
"""Tests the second judge: recheck_test.py RUN ASKING FLAWED…

RUN is of a right peer, ASKING of one that plays the client, the others are of peers that fail. All must be agreed with as they are; changed by one byte or one word, none may be."""
import contextlib
import copy
import importlib.util
import io
import json
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SPEC = importlib.util.spec_from_file_location("recheck", HERE.parent / "recheck.py")
recheck = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(recheck)
archive = recheck.archive
VECTORS = HERE.parent.parent / "vectors"
CASES = recheck.read_vectors(VECTORS)
RUNS = []        # directories, from the command line
PROFILES = ["10-unicode-64", "10-ansi-32", "6.0-ansi-32", "7.1-unicode-32", "8-unicode-32", "7.0-ansi-32"]
EVERY = 31       # of the right peer's conversations every so-manieth is tampered with


def read(run):
    return [json.loads(line) for line in (pathlib.Path(run) / "run.ndjson").read_bytes().split(b"\n") if line]


def conversations(lines):
    return [(case, talk) for case, talk in zip(lines, lines[1:]) if case["record"] == "case" and talk["record"] == "conversation"]


def agrees(case, talk, run):
    """Whether the judge agrees, or None where it does not judge."""
    try:
        return recheck.judge(case, talk, CASES, run)[0]
    except (recheck.Left, recheck.Unjudged):
        return None


def said_by_command(*words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = recheck.command(["recheck.py", *map(str, words)])
    return status, out.getvalue(), err.getvalue()


def changed(talk, kind, number):
    """The conversation with one byte of one event another, by a rule that every run follows. None where there is none."""
    talk = copy.deepcopy(talk)
    events = [event for event in talk["trace"] if event.get(kind) and event["op"] < len(talk["program"])]
    if not events:
        return None
    event = events[number % len(events)]
    data = bytearray(recheck.bytes_of(talk["program"][event["op"]], event, event[kind], kind == "sent"))
    data[number % len(data)] ^= 0x5A
    event["hex"] = data.hex()
    return talk


def leaves_open(case, talk):
    """Whether something in the case may be any: then a change may be one that a peer is free to make."""
    steps = json.dumps(CASES[case["id"]].get("steps", []) if case["id"] in CASES else [])
    return '"anything"' in steps or any(field.get("any") for op in talk["program"] for field in op.get("fields", []))


def says(talk, kind):
    return any(event.get(kind) for event in talk["trace"])


class SecondJudge(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.right, cls.asking, cls.flawed = read(RUNS[0]), read(RUNS[1]), [read(run) for run in RUNS[2:]]
        cls.sample = [(case, talk) for case, talk in conversations(cls.right)[::EVERY] if agrees(case, talk, cls.right[0])]

    def assert_noticed(self, tampered, least, run=None):
        """Of (case, talk) most are judged, and none agreed with."""
        verdicts = [(case["id"], agrees(case, talk, run or self.right[0])) for case, talk in tampered]
        self.assertEqual([case for case, verdict in verdicts if verdict], [])
        self.assertGreaterEqual(sum(verdict is False for _, verdict in verdicts), least)

    def test_runs_are_agreed_with(self):
        for run in RUNS:
            status, out, _ = said_by_command(run)
            self.assertEqual(status, 0, out[-2000:])

    def test_all_that_was_played_is_judged(self):
        for lines in (self.right, self.asking):
            self.assertEqual([case["id"] for case, talk in conversations(lines)[::EVERY] if not agrees(case, talk, lines[0])], [])

    def test_changed_values_that_were_drawn(self):
        """Whatever the type: a byte of the value that came, and of its text."""
        drawn = [(case, talk) for case, talk in conversations(self.right) if "-drawn@op=" in case["id"] and case["delivery"] == "plain"]
        self.assertGreater(len(drawn), 150)
        tampered = []
        for case, talk in drawn:
            other = copy.deepcopy(talk)
            op = next(op for op, what in enumerate(talk["program"]) if what["op"] == "receive" and "control" not in what)
            events = [event for event in other["trace"] if event.get("received") and event["op"] == op]
            data = bytearray(recheck.bytes_of(other["program"][op], events[-1], events[-1]["received"], False))
            data[-1] ^= 0x5A
            events[-1]["hex"] = data.hex()
            tampered.append((case, other))
        self.assert_noticed(tampered, len(tampered))

    def test_families(self):
        """What was sent must be the row's bytes, cut or changed in one field; what came must be what that calls for; and the sums of prefixes must be right."""
        sent, came, sums = [], [], []
        for case, talk in [(case, talk) for case, talk in conversations(self.right) if "family" in case][::3]:
            number = next(number for number, op in enumerate(talk["program"]) if op["op"] == "shutdown") - 1
            for kind, tampered in (("sent", sent), ("received", came)):
                other = copy.deepcopy(talk)
                event = next((event for event in other["trace"] if event.get(kind) and event["on"] == 0 and event["op"] >= number), None)
                if event is None or kind == "received" and leaves_open(case, talk):
                    continue
                data = recheck.bytes_of(other["program"][event["op"]], event, event[kind], kind == "sent")
                at = 0 if kind == "sent" and case["family"]["kind"] == "field" else -1     # another value of the changed field would be right, too
                data = bytearray(data)
                data[at] ^= 0x5A
                event["hex"] = data.hex()
                tampered.append((case, other))
            if case["family"]["kind"] == "prefix" and not case["family"].get("sampled"):
                family = dict(case["family"], refused=case["family"]["refused"] + 1)
                sums.append((dict(case, family=family), talk))
        for tampered in (sent, came, sums):
            self.assertGreater(len(tampered), 30)
            self.assert_noticed(tampered, len(tampered))

    def test_who_asks(self):
        """The same of conversations in which the peer is the client."""
        sample = [(case, talk) for case, talk in conversations(self.asking) if case["delivery"] in ("plain", "bytewise")]
        self.assertGreater(len(sample), 15)
        run = self.asking[0]
        for kind in ("received", "sent"):
            said = [(case, talk) for case, talk in sample if says(talk, kind)]    # some servers never say a word
            self.assertGreater(len(said), 0.9 * len(sample))
            self.assert_noticed([(case, changed(talk, kind, number)) for number, (case, talk) in enumerate(said)], len(said), run)
        for name in ("fin", "fin-sent"):
            without = [(case, dict(talk, trace=[event for event in talk["trace"] if event.get("event") != name])) for case, talk in sample]
            self.assert_noticed(without, len(without), run)
        reset = [(case, dict(talk, trace=[dict(event, event="reset") if event.get("event") == "fin" else event for event in talk["trace"]])) for case, talk in sample]
        self.assert_noticed(reset, len(reset), run)
        silent = [(case, dict(talk, trace=[event for event in talk["trace"] if event.get("event") not in ("proven", "quiet")])) for case, talk in sample
                  if any(op["op"] == "silent" for op in talk["program"])]
        self.assertGreater(len(silent), 5)
        self.assert_noticed(silent, len(silent), run)

    def test_what_is_excused_is_wrong(self):
        """As-genuine and declared are said of what is wrong, and as-genuine only where a defect of genuine programs is known."""
        case, talk = self.sample[0]
        for verdict in ("as-genuine", "declared"):
            self.assertFalse(agrees(dict(case, verdict=verdict), talk, self.right[0]))
        broken = changed(talk, "received", 0)
        self.assertTrue(agrees(dict(case, verdict="declared"), broken, self.right[0]))
        self.assertFalse(agrees(dict(case, verdict="as-genuine"), broken, self.right[0]))

    def test_what_is_unstable_is_judged_by_its_first_play(self):
        case, talk = self.sample[0]
        self.assertTrue(agrees(dict(case, verdict="unstable", first="pass"), talk, self.right[0]))
        self.assertFalse(agrees(dict(case, verdict="unstable", first="fail"), talk, self.right[0]))

    def test_another_byte_that_came(self):
        sealed = [(number, case, talk) for number, (case, talk) in enumerate(self.sample) if not leaves_open(case, talk)]
        self.assert_noticed([(case, changed(talk, "received", number)) for number, case, talk in sealed], 0.9 * len(sealed))

    def test_another_byte_that_was_sent(self):
        # What is drawn may be anything, so that only the first two bytes of each message are surely told.
        tampered = [(case, changed(talk, "sent", 0)) for case, talk in self.sample if case["suite"] in ("byte-order", "draining", "strings")]
        self.assert_noticed(tampered, len(tampered))

    def test_a_byte_less_and_a_byte_more(self):
        less, more = [], []
        for case, talk in self.sample:
            if leaves_open(case, talk) or not says(talk, "received"):
                continue
            for tampered in (less, more):
                other = copy.deepcopy(talk)
                event = next(event for event in reversed(other["trace"]) if event.get("received"))
                data = recheck.bytes_of(other["program"][event["op"]], event, event["received"], False)
                event["hex"] = (data[:-1] if tampered is less else data + b"\0").hex()
                event["received"] = len(bytes.fromhex(event["hex"]))
                tampered.append((case, other))
        self.assert_noticed(less, len(less))
        self.assert_noticed(more, len(more))

    def test_no_end(self):
        tampered = []
        for case, talk in self.sample:
            if any(event.get("event") == "fin" for event in talk["trace"]):
                tampered.append((case, dict(talk, trace=[event for event in talk["trace"] if event.get("event") != "fin"])))
        sealed = [(case, talk) for case, talk in tampered if not leaves_open(case, talk)]
        self.assert_noticed(sealed, 0.9 * len(sealed))

    def test_an_end_by_reset(self):
        tampered = [(case, dict(talk, trace=[dict(event, event="reset") if event.get("event") == "fin" else event for event in talk["trace"]]))
                    for case, talk in self.sample if not leaves_open(case, talk) and any(event.get("event") == "fin" for event in talk["trace"])]
        self.assert_noticed(tampered, 0.9 * len(tampered))

    def test_an_answer_amid_its_question(self):
        """What goes on in the next step asks nothing: two bytes of the answer before the rest are too early."""
        case, talk = next((case, copy.deepcopy(talk)) for case, talk in conversations(self.right)
                          if (case["id"], case["delivery"]) == ("lifecycle-second-while-first-is-mid-request", "plain"))
        self.assertTrue(agrees(case, talk, self.right[0]))
        trace = talk["trace"]
        answer = next(op for op, what in enumerate(talk["program"]) if what.get("check") == "first")
        rest = next(place for place, event in enumerate(trace) if "sent" in event and event["op"] == answer - 1)
        came = next(event for event in trace if "received" in event and event["op"] == answer)
        self.assertEqual(came["from"], 0)
        trace.insert(rest, dict(came, received=2))
        came.update({"from": 2, "received": came["received"] - 2})
        self.assertFalse(agrees(case, talk, self.right[0]))
        trace[rest], trace[rest + 1] = trace[rest + 1], trace[rest]
        self.assertTrue(agrees(case, talk, self.right[0]))

    def test_capabilities_tell_the_width_of_strings(self):
        case, talk = next((case, talk) for case, talk in conversations(self.right) if case["id"] == "capabilities")
        for profile in ("10-unicode-64", "10-ansi-64"):
            self.assertTrue(agrees(dict(case, profile=profile), talk, self.right[0]))

    def test_passes_called_failures(self):
        tampered = [(dict(case, verdict="fail", checks=[dict(check, verdict="fail") for check in case["checks"]]), talk) for case, talk in self.sample]
        self.assert_noticed(tampered, len(tampered))

    def test_failures_called_passes(self):
        for lines in self.flawed:
            bad = [(case, talk) for case, talk in conversations(lines) if case["verdict"] == "fail" and agrees(case, talk, lines[0])]
            self.assertGreater(len(bad), 10)
            tampered = [(dict(case, verdict="pass", checks=[dict(check, verdict="pass") for check in case["checks"]]), talk) for case, talk in bad]
            self.assert_noticed(tampered, len(tampered))
            self.assertFalse(agrees(dict(bad[0][0], verdict="pass"), bad[0][1], lines[0]))

    def test_command(self):
        """The exit status tells a changed log, one cut short, one of other vectors, and what is no log."""
        begin = next(place for place, line in enumerate(self.right) if line["record"] == "conversation")
        lines = self.right[:begin + 1] + [self.right[-1]]
        tampered = lines[:begin] + [changed(lines[begin], "received", 0), lines[-1]]
        renamed = lines[:begin - 1] + [dict(lines[begin - 1], id="nobody-knows-it")] + lines[begin:]
        with tempfile.TemporaryDirectory() as place:
            path = pathlib.Path(place, "run.ndjson")
            for status, last, written in ((0, "1 agree, 0 disagree", lines), (1, "0 agree, 1 disagree", tampered), (1, "cut short", lines[:-1]),
                                          (0, "1 agree, 0 disagree", lines[:-1] + [{"record": "suspect", "service": "conformance", "place": 1}, lines[-1]]),
                                          (0, "1 agree, 0 disagree", [dict(lines[0], note="a\u2028line")] + lines[1:]),
                                          (1, "1 unjudged", renamed), (2, "", lines[1:]), (2, "", [])):
                path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in written))
                got, out, err = said_by_command(place)
                self.assertEqual(got, status, out + err)
                self.assertIn(last, (out or "\n").splitlines()[-1])
                self.assertEqual(err.count("\n"), 1 if status == 2 else 0)
            path.write_text("{\n")
            self.assertEqual(said_by_command(place)[0], 2)
            self.assertEqual(said_by_command(pathlib.Path(place, "nothing"))[0], 2)
            self.assertEqual(said_by_command(RUNS[0], place)[0], 2)


class Values(unittest.TestCase):
    """What values are on the wire, by golden bytes."""

    def test_lengths_of_strings(self):
        for units, due in ((0, "00"), (254, "fe"), (255, "ffff00"), (65533, "fffdff"), (65534, "fffffffeff0000"), (65536, "ffffff00000100")):
            self.assertEqual(recheck.length_of_string(units).hex(), due)

    def test_strings(self):
        self.assertEqual(recheck.string("hi", False).hex(), "026869")
        self.assertEqual(recheck.string("hi", True).hex(), "fffeff0268006900")

    def test_predicates(self):
        for predicate, profile, due in (("<8", "10-unicode-64", False), (">=8,unicode", "10-unicode-64", True), ("<=7.1", "7.1-ansi-32", True),
                                        ("ansi,32", "7.1-ansi-32", True), (">6.0", "6.0-ansi-32", False), ("64", "10-unicode-32", False)):
            self.assertEqual(recheck.holds(predicate, profile), due, predicate)

    def test_malformed_values(self):
        """A modern reader, 32 or 64 bits: what each calls for [19]."""
        for kinds, data, due in (
                ("cstringa", "05 41 42", ("refused", 3)), ("cstringa", "ff", ("refused", 3)), ("cstringw", "ff fe ff", ("refused", 3)), ("word", "34", ("refused", 3)),
                ("cstringa", "ff 00 00", ("loads", "a:")), ("cstringa", "ff ff ff 00 00 00 00", ("loads", "a:")), ("cstringw", "fffeff 02 68 00 69", ("refused", 3)),
                ("cstringa", "ff ff ff ff ff ff 7f", ("claims", 3)), ("object", "00 00", ("loads", "null")), ("object", "00 80", ("refused", 5)),
                ("object", "01 00", ("refused", 5)), ("object", "01 80", ("refused", 5)), ("object", "ff 7f 00 00 00 00", ("loads", "null")),
                ("object", "ff 7f ff ff ff ff", ("refused", 5)), ("object", "ff ff 01 00 40 00 41", ("refused", 6)), ("object", "ff ff 01 00 00 00", ("refused", 6)),
                ("object", "ff ff 01 00 04 00 43 41", ("refused", 6)), ("object", "ff ff 01 00", ("refused", 3)), ("object:CAge", "ff ff 02 00 04 00 43416765", ("refused", 7)),
                ("object:CNode", "ff ff 01 00 04 00 43416765", ("refused", 6)), ("object,object", "ffff 0100 0400 43416765 15000000 0100", ("refused", 5)),
                ("object,object", "ffff 0100 0400 43416765 15000000 0280", ("refused", 5)), ("object,object", "ffff 0100 0400 43416765 15000000 0300", ("refused", 5)),
                ("object,object", "ffff 0100 0400 43416765 15000000 0200", ("loads", "CAge(21) @1")), ("class", "00 00", ("refused", 5)), ("count", "ff ff", ("refused", 3)),
                ("object", "ffff 0200 0a00 4356657273696f6e6564 2a000000", ("loads", "CVersioned:2(42)")), ("bytearray", "05 00 01 02", ("refused", 3)),
                ("time", "80 43 6d 38", ("loads", "946684800")), ("time", "0a 00 00 80", ("refused", 3)), ("word", "34 12 00", ("leaves", "4660"))):
            self.assertEqual(archive.outcome(recheck.unhex(data), kinds, "10-ansi-32")[:2], due, data)

    def test_generations(self):
        """What older readers make of the same."""
        for kinds, data, profile, due in (
                ("rect", "00" * 15, "7.1-ansi-32", ("open", None)), ("rect", "00" * 15, "8-ansi-32", ("refused", 3)), ("time", "0a000080 0000000000000000", "7.1-ansi-32", ("leaves", "-2147483638")),
                ("cstringa", "03 61 00 62", "7.1-ansi-32", ("loads", "a:61")), ("cstringa", "03 61 00 62", "8-ansi-32", ("loads", "a:610062")),
                ("count", "ffff ffffffff", "10-ansi-32", ("loads", "4294967295")), ("count", "ffff ffffffff", "10-ansi-64", ("refused", 3)),
                ("object,object", "ffff 0100 0400 43416765 15000000 0100", "8-ansi-32", ("open", None))):
            self.assertEqual(archive.outcome(bytes.fromhex(data), kinds, profile)[:2], due, (data, profile))

    def test_rows_of_the_vectors(self):
        """Each row is read as its text says, and stored again as its worked bytes."""
        compared = 0
        for key, case in CASES.items():
            row = case.get("row")
            if row is None or "draw" in row or "family" in case or key.endswith("@op=make"):
                continue
            for profile in PROFILES:
                if case["profile"] and not recheck.holds(case["profile"], profile):
                    continue
                load, wire = (recheck.unhex(recheck.by_profile(row.get(name, row["wire"]), profile)) for name in ("load", "wire"))
                reader = archive.Reader(load, 0, profile)
                try:
                    text = reader.values(row["type"])
                except archive.Undecided:
                    continue
                self.assertEqual((text, reader.at), (recheck.by_profile(row["text"], profile), len(load)), (key, profile))
                compared += 1
                if "echo" in key:
                    self.assertEqual(bytes(reader.stored).hex(), wire.hex(), (key, profile))
        self.assertGreater(compared, 5000)

    def test_texts(self):
        for text, due in (("u*3:0041", "u:004100410041"), ("[*3:7]", "[7,7,7]"), ("{u:0062=1,u:0061=2,u:0062=3}", "{u:0061=2,u:0062=3}"),
                          ("CMapWordToOb{5={2=x,1=y},11=null}", "CMapWordToOb{11=null,5={1=y,2=x}}"), ("(1,2)", "(1,2)")):
            self.assertEqual(archive.literal(text), due)
        self.assertEqual(archive.Reader(recheck.unhex("ffe803 41*1000"), 0, "10-ansi-32").value("cstringa")[:7], "a#1000:")
        self.assertEqual(archive.Reader(recheck.unhex("fffeffffe803 4100*1000"), 0, "10-unicode-32").value("cstring"), "u#1000:9571905c")

    def test_golden_bytes_of_the_vectors(self):
        """Where a step has values and worked bytes, both must be the same, as far as the values are of types that are known here."""
        compared = 0
        for key, case in CASES.items():
            for step in case.get("case", {}).get("steps", []):
                party = next((party for party in ("client", "server") if party in step), None)
                if party is None or not isinstance(step.get("wire"), str) or not isinstance(key, str):
                    continue
                profile = next(name for name in PROFILES if recheck.holds(case["case"].get("profile", "64"), name))
                play = recheck.Play(case["service"], {"connections": [], "program": [], "trace": []}, profile)
                with contextlib.suppress(AttributeError, TypeError, KeyError):
                    items = [next((k, v) for k, v in item.items() if k != "name") for item in step[party]]
                    encoded = b"".join([play.encode(kind, play.words(value)) for kind, value in items])
                    compared += 1
                    self.assertEqual(encoded, recheck.unhex(step["wire"]), key)
        self.assertGreater(compared, 500)


if __name__ == "__main__":
    RUNS = sys.argv[1:]
    if len(RUNS) < 3:
        sys.exit(__doc__)
    unittest.main(argv=sys.argv[:1])
