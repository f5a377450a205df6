"""The mistakes and their table name the same; none is made unless it is asked for."""

import json
import pathlib
import subprocess
import sys
import unittest

PEER = pathlib.Path(__file__).resolve().parent.parent


class Flaws(unittest.TestCase):
    def test_table_and_module_name_the_same(self):
        listed = subprocess.run([sys.executable, "-B", "-c", "import flaws; print(*flaws.names())"], cwd=PEER, check=True,
                                stdout=subprocess.PIPE, text=True).stdout.split()
        rows = json.loads((PEER / "flaws.json").read_text())["flaws"]
        self.assertEqual(sorted(listed), sorted(row["name"] for row in rows))

    def test_peer_without_one_does_not_load_them(self):
        code = "import sys; sys.argv = ['peer.py']; import peer; peer.parse_arguments([]); print('flaws' in sys.modules)"
        said = subprocess.run([sys.executable, "-B", "-c", code], cwd=PEER, check=True, stdout=subprocess.PIPE, text=True).stdout
        self.assertEqual(said.strip(), "False")


if __name__ == "__main__":
    unittest.main()
