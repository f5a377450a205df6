#!/usr/bin/env python3
"""Holds report.json files to reports/report.schema.json, by somebody else's validator: schema.py FILE..."""
import json
import pathlib
import sys

import jsonschema

schema = json.loads((pathlib.Path(__file__).parents[1] / "report.schema.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
failed = 0
for name in sys.argv[1:]:
    report = json.loads(pathlib.Path(name).read_text())
    for error in list(validator.iter_errors(report))[:5]:
        print("%s: %s: %s" % (name, error.json_path, error.message[:200]))
        failed = 1
    # What a schema cannot say: totals are those of the cases, and a case is as bad as its worst result.
    order = ["skipped", "unsupported", "pass", "pass-timed", "as-genuine", "declared", "warn", "not-run", "unstable", "fail", "inconclusive", "error"]
    counted = dict.fromkeys(order, 0)
    for case in report["cases"]:
        counted[case["verdict"]] += 1
        if max((r["verdict"] for r in case["results"]), key=order.index) != case["verdict"]:
            print("%s: %s is not as its worst result" % (name, case["id"]))
            failed = 1
    if counted != report["totals"] or len({c["id"] for c in report["cases"]}) != len(report["cases"]):
        print("%s: totals or ids" % name)
        failed = 1
# A validator that finds nothing wrong must be able to.
broken = json.loads(pathlib.Path(sys.argv[1]).read_text())
broken["cases"][0]["verdict"] = "maybe"
if validator.is_valid(broken):
    print("the validator lets a broken report pass")
    failed = 1
print("%d of %d reports are as the schema says" % (0 if failed else len(sys.argv) - 1, len(sys.argv) - 1))
sys.exit(failed)
