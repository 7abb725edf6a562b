#!/usr/bin/env python3
"""test_harness.py PARASOL-BENCH: its verbs, on a few documents."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop()
TEXTS = {"a": "Red fish, blue fish", "b": "One red house", "c": "Blue sky",
         "d": "Nothing at all"}
QUERIES = "union,union:2\tred blue\nphrase\t\"red fish\"\nnegated\tred -house\n"


class Harness(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        lines = [json.dumps({"id": i, "title": "", "text": text})
                 for i, text in TEXTS.items()]
        cls.docs = cls.root / "docs.jsonl"
        cls.docs.write_text("\n".join(lines) + "\n")
        cls.queries = cls.root / "queries.tsv"
        cls.queries.write_text(QUERIES)
        cls.index = cls.root / "index"
        made = cls.run_program("index", cls.docs, cls.index)
        assert made.returncode == 0 and "docs=4 " in made.stdout, made

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @staticmethod
    def run_program(*args, stdin=""):
        return subprocess.run([PROGRAM, *map(str, args)], input=stdin,
                              capture_output=True, text=True)

    def hits(self, mode, *more):
        ran = self.run_program("query", self.index, self.queries, mode,
                               "--repeat", 1, *more)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        rows = [line.split("\t") for line in ran.stdout.splitlines()]
        summaries = [row for row in rows if row[0] == "#summary"]
        self.assertEqual([row[1:4] for row in summaries],
                         [[mode, tag, "1"] for tag in
                          ("union", "union:2", "phrase", "negated")])
        return [row for row in rows if row[0] != "#summary"]

    def test_query__modes(self):
        for mode in ("TOP_10", "TOP_100", "TOP_1000", "COUNT",
                     "TOP_10_COUNT"):
            rows = self.hits(mode)
            self.assertEqual([row[3] for row in rows], ["3", "1", "1"], mode)
            self.assertEqual(["\t".join(row[:2]) for row in rows],
                             QUERIES.splitlines())

    def test_query__digest(self):
        self.assertEqual([row[4] for row in self.hits("TOP_10", "--digest")],
                         [row[4] for row in
                          self.hits("TOP_10", "--digest", "--exhaustive")])

    def test_serve__answers(self):
        requests = ("TOP_10\tred fish\nCOUNT\tblue\nTOP_3\tblue\nblue\n"
                    "TOP_10_COUNT\t\"blue fish\"\nCOUNT\tgreen\n")
        ran = self.run_program("serve", self.index, stdin=requests)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        rows = [line.split("\t") for line in ran.stdout.splitlines()]
        self.assertEqual([row[1:] for i, row in enumerate(rows)
                          if i not in (2, 3)],
                         [["2", "a", "b"], ["2"], ["1", "a"], ["0"]])
        self.assertEqual([rows[2][0], rows[3][0]], ["error", "error"])
        game = self.run_program("serve", self.index, "--game", stdin=requests)
        self.assertEqual(game.stdout.split(),
                         ["1", "2", "UNSUPPORTED", "UNSUPPORTED", "1", "0"])

    def test_batch__run(self):
        run = self.root / "run.trec"
        ran = self.run_program("batch", self.index, self.queries, run,
                               "--k", 1)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        rows = [line.split() for line in run.read_text().splitlines()]
        self.assertEqual([row[:4] + row[5:] for row in rows],
                         [["union,union:2", "Q0", "a", "1", "parasol"],
                          ["phrase", "Q0", "a", "1", "parasol"],
                          ["negated", "Q0", "b", "1", "parasol"]])

    def test_arguments__refused(self):
        bad = self.root / "bad.jsonl"
        bad.write_text("{\"id\": \"x\"}\nno JSON\n")
        for args, status, said in [
                (["query", self.index, self.queries], 2, "usage: "),
                (["query", self.index, self.queries, "TOP_5"], 2,
                 "TOP_5: no such mode"),
                (["query", self.index, self.queries, "COUNT", "--repeats"], 2,
                 "--repeats: not understood"),
                (["query", self.index, self.queries, "COUNT", "--repeat",
                  "-1"], 2, "-1: not a number"),
                (["query", self.root / "none", self.queries, "COUNT"], 1,
                 "none"),
                (["index", bad, self.root / "bad"], 1,
                 "bad.jsonl:2:1: it is not an object"),
                (["frob"], 2, "usage: ")]:
            ran = self.run_program(*args)
            self.assertEqual(ran.returncode, status, args)
            self.assertIn(said, ran.stderr)


if __name__ == "__main__":
    unittest.main()
