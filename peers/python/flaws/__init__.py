"""Mistakes, as they are made in Python: ``peer.py --flaw NAME`` makes one of them.

Each function patches the classes it names; none is called otherwise, and nothing else knows of them. ``flaws.json`` says what each is and
who must find it out.
"""

import importlib
import pathlib

from flaws.making import FLAWS

FOLDER = pathlib.Path(__file__).parent
MODULES = [path.stem for path in sorted(FOLDER.glob("[a-z]*.py"))]


def make(name):
    """Loads only the module that has it: a selftest starts some thousand peers."""
    definition = f"\ndef {name.replace('-', '_')}("
    for module in MODULES:
        if definition in (FOLDER / f"{module}.py").read_text():
            importlib.import_module(f"flaws.{module}")
            break
    FLAWS[name]()


def names():
    for module in MODULES:
        importlib.import_module(f"flaws.{module}")
    return list(FLAWS)
