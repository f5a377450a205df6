#!/usr/bin/env python3
"""Writes vectors of many small cases, of which few fail against a peer that reads DWORDs big-endian.

usage: many.py DIRECTORY
"""
import json
import os
import shutil
import sys

SUITES = ["byte-order", "collections", "draining", "ends", "strings", "values"]
EACH = 1666
FAILING = 40 # in each suite: people look at runs in which few fail


def case(suite, i):
    n = 100000 + i
    ask, due = [{"word": 4}, {"dword": n}], [{"word": 0}, {"dword": n + 1}]
    if i < FAILING:
        ask, due = [{"word": 2}, {"cstringa": "dword"}, {"dword": n}], [{"word": 0}, {"cstring": str(n)}]
    return {"id": f"{suite}-{i}", "rev": 1, "since": 1, "title": f"{suite}: the number {n:,} is answered", "level": "must",
            "why": "Every number is stored with its low byte first, whatever the machine, and each request gets its reply at once.",
            "hint": "Store through the archive's operators.", "clauses": ["BO-1", "SVC-4", "SVC-2"],
            "steps": [{"control": "next"}, {"client": ask}, {"server": due}, {"control": "next"}]}


root, shipped = sys.argv[1], "vectors"
shutil.rmtree(root, ignore_errors=True)
os.makedirs(f"{root}/suites")
shutil.copytree(f"{shipped}/services", f"{root}/services")
shutil.copy(f"{shipped}/clauses.json", root)
for suite in SUITES:
    with open(f"{root}/suites/{suite}.json", "w") as out:
        json.dump({"format": 1, "suite": suite, "service": "conformance", "title": f"Many cases: {suite}",
                   "cases": [case(suite, i) for i in range(EACH)]}, out)
