#!/usr/bin/python3
"""Takes short conversations of flawed peers out of a selftest's runs, and of each suite one that passes. README.md beside this is the guide.

    harness/tests/explained/pick.py SELFTEST

SELFTEST is the directory of an `arcwire selftest --peer flawed --peer python --seed 1`.
"""
import collections
import fnmatch
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
PEERS = HERE.parent.parent.parent / "peers"
KINDS = 5  # conversations of a flaw, each of another kind
LONGEST = 6000  # characters of a conversation, but the shortest of a flaw may be longer
LONGEST_ALONE = 20000
BEFORE = {"first-control", "capabilities", "information", "declared-deviations"}  # no cases of a suite
BESIDE = {"exit", "dials"}  # checks of what no conversation shows


def trimmed(members, keys):
    return {k: members[k] for k in keys if k in members}


def lines_of(case, talk):
    """A case and its conversation as a log has them, without what no check looks at, and what is another in each play."""
    case = {"record": "case", **trimmed(case, ["id", "suite", "delivery", "profile", "digest", "verdict", "family", "cuts", "again"])}
    for series in ("family", "cuts"):
        if series in case:
            case[series] = trimmed(case[series], ["kind", "shown"])
    talk = {"record": "conversation", "connections": talk["connections"],
            "program": [trimmed(op, ["op", "on", "hex", "probe"]) for op in talk["program"]],
            "trace": [{k: v for k, v in event.items() if k not in ("us", "note")} for event in talk["trace"]]}
    return "".join(json.dumps(record, separators=(",", ":"), ensure_ascii=False) + "\n" for record in (case, talk))


def played(path):
    """(case, its conversation) of a log."""
    case = None
    for line in path.read_text().splitlines() if path.exists() else []:
        record = json.loads(line)
        if record["record"] == "case":
            case = record
        elif record["record"] == "conversation" and case:
            if case["id"] not in BEFORE and "further connections are left out" not in case.get("reason", ""):
                yield case, record
            case = None


def kind_of(case, failed):
    """What makes a conversation another one for the checks."""
    return case["suite"], failed["kind"], failed["axis"], failed.get("summary"), "family" in case, "cuts" in case


def shows(row, case):
    """The failing check of the case that shows the flaw, where a cause that it has or may have is one of the row's, and so of all that fail."""
    due = row["cause"] if isinstance(row["cause"], list) else [row["cause"]]
    failed = [c for c in case["checks"] if c["verdict"] == "fail" and c["axis"] != "life" and c["name"] not in BESIDE]
    if case["verdict"] != "fail" or any(not set(due) & {one.get("cause") for one in [c, *c.get("others", [])]} for c in failed):
        return None
    return next((c for c in failed if fnmatch.fnmatchcase(c["name"], row["check"])), None)


def picked(row, log):
    """Up to KINDS of a flaw, the shortest of each kind."""
    found = []
    for case, talk in played(log):
        failed = shows(row, case)
        if failed:
            lines = lines_of(case, talk)
            found.append((len(lines), case["id"], case["delivery"], kind_of(case, failed), case, lines))
    kinds, out = set(), []
    for length, _, _, kind, case, lines in sorted(found, key=lambda f: f[:3]):
        if kind not in kinds and length <= (LONGEST if out else LONGEST_ALONE) and len(out) < KINDS:
            kinds.add(kind)
            out.append((case, lines))
    return out


def main():
    runs = pathlib.Path(sys.argv[1])
    files = collections.defaultdict(list)
    for peer in ("flawed", "python"):
        for row in json.loads((PEERS / peer / "flaws.json").read_text())["flaws"]:
            if row["kind"] == "odd" or row.get("held-out"):
                continue
            way = "-asks" if row.get("play") == "server" else "-dials" if row.get("dial") == "peer" else ""
            for case, lines in picked(row, runs / f"{peer}-{row['name']}" / "run.ndjson"):
                files[case["suite"] + way].append((case["id"], case["delivery"], f"{peer}:{row['name']}", lines))
    for way in ("", "-asks", "-dials"):
        shortest = {}
        for case, talk in played(runs / f"control-flawed{way}" / "run.ndjson"):
            lines = lines_of(case, talk)
            if case["verdict"] == "pass" and len(lines) < len(shortest.get(case["suite"], (0, 0, 0, "x" * LONGEST))[3]):
                shortest[case["suite"]] = (case["id"], case["delivery"], "", lines)
        for suite, passes in shortest.items():
            if suite + way in files or way != "-dials":  # who dials talks as all others do
                files[suite + way].append(passes)
    for old in HERE.glob("*.ndjson"):
        old.unlink()
    for name, conversations in files.items():
        peer = {"name": "flawed", "dial": "peer" if name.endswith(("-asks", "-dials")) else "us"}
        if name.endswith("-asks"):
            peer["play"] = "server"
        head = json.dumps({"record": "run", "log": 2, "seed": "0x1", "peer": peer}, separators=(",", ":")) + "\n"
        (HERE / f"{name}.ndjson").write_text(head + "".join(c[3] for c in sorted(conversations)))


if __name__ == "__main__":
    main()
