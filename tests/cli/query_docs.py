#!/usr/bin/env python3
"""Holds docs/query.md to what the program does.

    query_docs.py --bin BUILD/bin

Every query of its tables is asked. Those of the table of warnings give the
warning that stands beside them, are errors with --strict, and are read as what
stands in the last column; the parser has no other warning. All others are
understood without a warning. Examples with a prompt print what stands below.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "query.md"
CODE = re.compile(r"`((?:[^`\\]|\\.)+)`")

# Rows that describe their query instead of writing it, and what they are
# read as.
DESCRIBED = {
    "bytes that are not UTF-8": (b"a \xff", "a \ufffd".encode()),
    "nothing at all": (b"", b""),
}
# Tables of other things than queries, by their heads.
NO_QUERIES = ("what", "write | matches")
FENCE = "```"


class Asker:
    """Asks queries of a small index."""

    def __init__(self, bin_dir, folder):
        self.parasol = str(pathlib.Path(bin_dir).resolve() / "parasol")
        self.folder = folder
        pathlib.Path(folder, "a.txt").write_text("Treaty of arms control.\n")
        subprocess.run([self.parasol, "index", "."], cwd=folder, check=True,
                       capture_output=True)

    def run(self, *args):
        """The finished process of `parasol search`."""
        command = [self.parasol, "search", "-n", "0", *args]
        return subprocess.run(command, cwd=self.folder, capture_output=True,
                              timeout=60, check=False)

    def ask(self, query):
        """(canonical form, warnings) of a query."""
        done = self.run("--json", "--", query)
        if done.returncode > 1:
            raise ValueError(done.stderr.decode())
        summary = json.loads(done.stdout.splitlines()[-1])
        return summary["query"], [w["message"] for w in summary["warnings"]]


def tables(text):
    """Yields (head, row, ...) of each table, rows as lists of cells."""
    rows = []
    for line in text.splitlines() + [""]:
        if line.startswith("|"):
            cells = re.split(r"(?<!\\)\|", line)[1:-1]
            rows.append([c.strip().replace("\\|", "|") for c in cells])
        elif rows:
            yield [rows[0], *rows[2:]]
            rows = []


def check_warning(asker, row):
    """What is wrong with a row of the table of warnings, a list."""
    described, message, meant = row
    wrong = []
    if described in DESCRIBED:
        query, meant = DESCRIBED[described]
    else:
        query = CODE.findall(described)[0].encode()
        meant = "".join(CODE.findall(meant)).encode()
    text, warnings = asker.ask(query)
    if not any(w.startswith(message) or w == message for w in warnings):
        wrong.append(f"{described}: warns of {warnings}, not of '{message}'")
    same, none = asker.ask(meant)
    if same != text:
        wrong.append(f"{described}: is '{text}', not '{same}'")
    if none and meant:
        wrong.append(f"{described}: {meant} gives warnings, too: {none}")
    strict = asker.run("--strict", "--", query)
    if strict.returncode != 2 or message.encode() not in strict.stderr:
        wrong.append(f"{described}: --strict exits with {strict.returncode}: "
                     f"{strict.stderr.decode()}")
    return wrong


def check_plain(asker, query):
    """What is wrong with a query that has to be understood, a list."""
    text, warnings = asker.ask(query)
    if warnings:
        return [f"`{query}` is not understood: {warnings}"]
    again, warnings = asker.ask(text)
    if again != text or warnings:
        return [f"`{query}` is printed as '{text}', read again as '{again}'"]
    return []


def known_messages():
    """Every sentence that the parser may warn with."""
    found = set()
    for path in (ROOT / "searcher" / "query").glob("*.c"):
        code = re.sub(r'"\s*\n\s*"', "", path.read_text(encoding="utf-8"))
        # A warning is a literal with a space in it, not an error's format.
        for call in re.findall(r"\b(?:\w*warn\w*)(?<!_init)\(([^;]*?)\);", code):
            for text in re.findall(r'"((?:[^"\\]|\\.)*)"', call):
                found.add(text.replace('\\"', '"'))
    return found


def check_tables(asker, text):
    """(how much was looked at, what is wrong)."""
    wrong, seen, warnings = [], 0, []
    for head, *rows in tables(text):
        title = " | ".join(head)
        if head[:2] == ["query", "warning"]:
            for row in rows:
                wrong += check_warning(asker, row)
                warnings.append(row[1])
                seen += 1
        elif not title.startswith(NO_QUERIES):
            for row in rows:
                for query in CODE.findall(row[0]):
                    wrong += check_plain(asker, query)
                    seen += 1
    missing = [m for m in known_messages()
               if " " in m and not any(m in w for w in warnings)]
    wrong += [f"docs/query.md does not have the warning '{m}'"
              for m in sorted(missing)]
    return seen, wrong


def check_prompts(asker, text):
    """Examples with a prompt and a query in single quotes: their warnings."""
    wrong, seen = [], 0
    for block in text.split(FENCE)[1::2]:
        lines = block.strip("\n").splitlines()
        match = re.match(r"\$ parasol search '(.*)'$", lines[0] if lines else "")
        if not match:
            continue
        seen += 1
        printed = asker.run("--", match[1]).stderr.decode().splitlines()
        if printed[:len(lines) - 1] != lines[1:]:
            wrong.append(f"{lines[0]}: prints {printed}")
    return seen, wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    options = parser.parse_args()
    text = DOCUMENT.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        asker = Asker(options.bin, folder)
        seen, wrong = check_tables(asker, text)
        prompts, more = check_prompts(asker, text)
    for line in wrong + more:
        print(line)
    print(f"{seen} queries of tables, {prompts} examples")
    return 1 if wrong or more or seen < 100 or prompts < 1 else 0


if __name__ == "__main__":
    sys.exit(main())
