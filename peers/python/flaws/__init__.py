"""Mistakes, as they are made in Python: ``peer.py --flaw NAME`` makes one of them.

Each function patches the classes it names; none is called otherwise, and nothing else knows of them. ``flaws.json`` says what each is and
who must find it out.
"""

import os

from flaws.making import FLAWS

FOLDER = os.path.dirname(__file__)
MODULES = sorted(name[:-3] for name in os.listdir(FOLDER) if name.endswith(".py") and not name.startswith("_"))


def load(module):
    __import__(f"flaws.{module}")


def make(name):
    """Loads only the module that has it: a selftest starts some thousand peers."""
    definition = f"\ndef {name.replace('-', '_')}("
    for module in MODULES:
        with open(os.path.join(FOLDER, f"{module}.py"), encoding="utf-8") as source:
            if definition in source.read():
                load(module)
                break
    FLAWS[name]()


def names():
    for module in MODULES:
        load(module)
    return list(FLAWS)
