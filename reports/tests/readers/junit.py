"""What others read out of junit.xml and report.tap, held against report.json.

    junit.py DIRECTORY      it holds junit.xml, report.json and what the two readers of TAP said, tap.mjs.json and tap.pl.json
"""
import collections
import json
import pathlib
import sys

from junitparser import Error, Failure, JUnitXml, Skipped

place = pathlib.Path(sys.argv[1])
report = json.loads((place / "report.json").read_text())

FINE = {"pass", "pass-timed", "as-genuine", "declared", "warn"}
NOT_TESTED = {"unsupported", "skipped", "not-run"}
BASELINE = {"expired", "unexpected-pass"}


def kind(result):
    standing = result.get("baseline")
    if standing in BASELINE:
        return "failure"
    if standing in ("known", "flaky", "new") and result["verdict"] in ("fail", "unstable", "inconclusive"):
        return "expected"
    if result["verdict"] in FINE:
        return "pass"
    if result["verdict"] in NOT_TESTED:
        return "skipped"
    return "failure" if result["verdict"] in ("fail", "unstable") else "error"


due = collections.Counter(kind(result) for case in report["cases"] for result in case["results"])
results = sum(due.values())

# Complaints that no result shows, and that the run ended early, are test cases of their own.
suites = JUnitXml.fromfile(str(place / "junit.xml"))
seen, names, remarks = collections.Counter(), set(), 0
for suite in suites:
    assert suite.tests == sum(1 for _ in suite), suite.name
    for case in suite:
        assert case.name and case.classname == suite.name, (suite.name, case.name)
        assert (case.classname, case.name) not in names, case.name
        names.add((case.classname, case.name))
        if case.classname == "arcwire.run":
            remarks += 1
            continue
        outcomes = [one for one in case.result if isinstance(one, (Skipped, Failure, Error))]
        assert len(outcomes) <= 1, case.name
        word = {Skipped: "skipped", Failure: "failure", Error: "error"}[type(outcomes[0])] if outcomes else "pass"
        if word == "skipped" and outcomes[0].type == "expected":
            word = "expected"
        assert not outcomes or outcomes[0].message, case.name
        seen[word] += 1
assert seen == due, (seen, due)
assert suites.tests == results + remarks
assert suites.failures + suites.errors + suites.skipped == results + remarks - due["pass"]

for reader in ("tap.mjs.json", "tap.pl.json"):
    tap = json.loads((place / reader).read_text())
    assert tap["planned"] == tap["points"] == results + remarks, (reader, tap)
    assert tap["skipped"] == due["skipped"], (reader, tap, due)
    assert tap["todo"] == due["expected"], (reader, tap, due)
    assert tap["failed"] == due["failure"] + due["error"] + remarks, (reader, tap, due)
    assert tap["diagnostics"] >= due["failure"] + due["error"] + due["expected"], (reader, tap)
print("%s: %d results and %d remarks read back by four readers: %s" % (place.name, results, remarks, dict(due)))
