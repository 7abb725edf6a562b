#!/usr/bin/env python3
"""bench/compare and bench/compare-index, with programs that only pretend to be
engines."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

BENCH = pathlib.Path(__file__).resolve().parents[2] / "bench"
sys.dont_write_bytecode = True
sys.path.insert(0, str(BENCH))
import queries

QUERIES = "union,union:2\ta b\nunion,union:3\ta b c\nphrase\t\"a b\"\n"
ANSWERS = {
    "ours": ["10.0\t7", "30.0\t8", "4.0\t1"],
    "fast": ["20.0\t7", "40.0\t9", "NA\tNA"],
    "slow": ["90.0\t7", "90.0\t8", "8.0\t1"],
}


class Fakes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.queries = self.root / "queries.tsv"
        self.queries.write_text(QUERIES, encoding="utf-8")
        self.ours = self.fake("ours", self.root / "parasol-bench")
        for name in ("fast", "slow"):
            (self.root / "peers" / name / "bin").mkdir(parents=True)
            for verb in ("query", "index"):
                self.fake(name, self.root /
                          f"peers/{name}/bin/{name}-{verb}")
        for name in ("parasol", "fast", "slow"):
            (self.root / "work" / name).mkdir(parents=True)

    def fake(self, name, path):
        """A program that answers, and that writes an index of three bytes."""
        lines = [f"{line}\t{answer}" for line, answer in
                 zip(QUERIES.splitlines(), ANSWERS[name])]
        answers = self.root / f"{name}.out"
        answers.write_text("\n".join(lines) + "\n#summary\n")
        path.write_text("#!/bin/sh\ncase \"$0 $1\" in\n"
                        "*-index*|*' index') [ \"$1\" != index ] || shift\n"
                        "  mkdir \"$2\"; printf abc >\"$2/data.x\";;\n"
                        f"*) while read -r l; do echo \"$l\"; done <{answers}"
                        ";;\nesac\n")
        path.chmod(0o755)
        return path

    def run_script(self, script, *more):
        return subprocess.run(
            [sys.executable, "-B", BENCH / script, "--peers",
             self.root / "peers", "--work", self.root / "work", "--ours",
             self.ours, *map(str, more)], capture_output=True, text=True)

    def compare(self, *more):
        return self.run_script("compare", "--queries", self.queries,
                               "--rounds", "2", "--modes", "TOP_10", *more)

    def test_compare__tables(self):
        figures = self.root / "figures.json"
        ran = self.compare("--differences", "--json", figures)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        rows = [[c.strip() for c in line.strip("|").split("|")]
                for line in ran.stdout.splitlines() if line.startswith("|")]
        rows = {row[0]: row for row in rows}
        self.assertEqual(rows["tag"], [
            "tag", "n", "parasol", "fast", "slow", "best peer", "mean ratio",
            "p99 ratio"])
        self.assertEqual(rows["union"], [
            "union", "2", "20.0 / 30.0 / 30.0", "30.0 / 40.0 / 40.0",
            "90.0 / 90.0 / 90.0", "fast", "**0.67**", "0.75"])
        self.assertEqual(rows["phrase"][3:7],
                         ["-", "8.0 / 8.0 / 8.0", "slow", "**0.50**"])
        self.assertNotIn("union:2", rows)
        self.assertIn("fast 1 of 2, slow 0 of 3", ran.stdout)
        self.assertIn("fast: 9 instead of 8: a b c", ran.stdout)
        stored = json.loads(figures.read_text())
        self.assertEqual(stored["modes"]["TOP_10"]["tags"]["ALL"]["fast"]["n"],
                         2)

    def test_compare__other_work(self):
        """Engines that count other things, or only ten, win nothing."""
        for name, answers in (("slow", ["1.0\t70", "1.0\t8", "1.0\t1"]),
                              ("fast", ["1.0\t1", "1.0\t1", "1.0\t1"])):
            lines = [f"{line}\t{answer}" for line, answer in
                           zip(QUERIES.splitlines(), answers)]
            (self.root / f"{name}.out").write_text("\n".join(lines) + "\n")
        ran = self.compare()
        self.assertIn("fast does not support TOP_10", ran.stdout)
        rows = [line for line in ran.stdout.splitlines() if "| union |" in line]
        self.assertEqual(rows, ["| union | 2 | 20.0 / 30.0 / 30.0 | "
                                "1.0 / 1.0 / 1.0 † |  |  |  |"])
        self.assertIn("| phrase | 1 | 4.0 / 4.0 / 4.0 | 1.0 / 1.0 / 1.0 | "
                      "slow | **4.00**", ran.stdout)

    def test_compare__failing_peer(self):
        broken = self.root / "peers/slow/bin/slow-query"
        broken.write_text("#!/bin/sh\necho no index >&2\nexit 3\n")
        ran = self.compare()
        self.assertEqual(ran.returncode, 1)
        self.assertIn("status 3", ran.stderr)
        self.assertIn("no index", ran.stderr)
        self.assertIn("parasol | fast | best", ran.stdout)

    def test_compare_index__tables(self):
        documents = self.root / "docs.jsonl"
        documents.write_text("{}\n" * 10)
        ran = self.run_script("compare-index", documents, "--growth", "5",
                              "--parts", "--only", "fast")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertIn("### 10 documents", ran.stdout)
        self.assertIn("### From 5 to 10 documents (2.0 times)", ran.stdout)
        self.assertIn("fast: 3 bytes\n  .x ", ran.stdout)

    def test_queries__of_the_game(self):
        path = self.root / "queries.json"
        path.write_text('{"query": "+a \\"b c\\"", "tags": ["x", "x:2"]}\n')
        self.assertEqual(queries.read(path), [("x,x:2", '+a "b c"')])

    def test_queries__from_topics(self):
        topics = self.root / "topics.tsv"
        topics.write_text("1\tShort.\n2\t" + "A (word), " * 15 + "\n3\t" +
                          " ".join(f"w{i}" for i in range(100)) + "\n")
        long = queries.long_queries([topics])
        self.assertEqual([len(q.split()) for _, q in long], [30, 64])
        self.assertEqual([t for t, _ in long], ["long,long:20-39",
                                                "long,long:40-64"])
        for tag, text in queries.of_lengths([topics], [1, 16, 1000], count=4):
            length = len(set(text.split()))
            self.assertEqual(tag, f"words-{length}")
            self.assertIn(length, (1, 16))


if __name__ == "__main__":
    unittest.main()
