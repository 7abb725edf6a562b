#!/usr/bin/env python3
"""Runs the programs as a person at a terminal would, and compares.

    run.py --bin BUILD/bin cases/search.case ...      compare
    run.py --bin BUILD/bin --update cases/*.case      write down what happened

A case is one text file:

    # What it shows; any number of comment lines.
    @ index                     run `parasol index docs` first, silently
    @ user                      never as root (file permissions matter)
    $ parasol search treaty     a command for sh; `> ` lines continue it
    | first line of its standard output
    ! first line of its standard error
    = 1                         its exit status; left out when 0

Every case has a fresh folder of its own with a copy of tests/cli/docs in
docs/, and an environment that holds only what is set below. In what the
programs print, that folder becomes <dir>, a duration <time>, a size <size>;
bytes that are not printable UTF-8 become \\xNN.
"""
import argparse
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TIMEOUT = 60
NOBODY = 65534

# What differs between runs, machines, or versions of the index format.
VARYING = [
    (re.compile(r"\b\d+(\.\d+)? ?(µs|us|ms|s|min)\b"), "<time>"),
    (re.compile(r"\b\d+(\.\d+)? (bytes|KiB|MiB|GiB)\b"), "<size>"),
    (re.compile(r"\b\d+(\.\d+)? % of the input"), "<n> % of the input"),
    (re.compile(r"\b20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\b"), "<when>"),
    (re.compile(r"process \d+ on \S+"), "process <pid> on <host>"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "<when>"),
    (re.compile(r'("elapsed_(?:us|ms)": ?)\d+(\.\d+)?'), r"\1<time>"),
]


class Step:
    """One command and what it is expected to do."""

    def __init__(self, command):
        self.command = [command]
        self.out, self.err, self.exit = [], [], 0

    def lines(self):
        result = ["$ " + self.command[0]]
        result += ["> " + more for more in self.command[1:]]
        result += [("| " + line).rstrip() for line in self.out]
        result += [("! " + line).rstrip() for line in self.err]
        if self.exit != 0:
            result.append(f"= {self.exit}")
        return result


class Case:
    def __init__(self, path):
        self.path = path
        self.parts = []  # lines (comments, blanks, directives) and Steps
        self.directives = set()
        for number, line in enumerate(
                path.read_text(encoding="utf-8").splitlines(), 1):
            self.take(number, line)

    def take(self, number, line):
        step = self.parts[-1] if self.parts else None
        mark, rest = line[:1], line[2:]
        if line == "" or mark == "#":
            self.parts.append(line)
        elif mark == "@":
            self.directives.add(rest.split()[0])
            self.parts.append(line)
        elif mark == "$":
            self.parts.append(Step(rest))
        elif not isinstance(step, Step):
            sys.exit(f"{self.path}:{number}: no command before this line")
        elif mark == ">":
            step.command.append(rest)
        elif mark == "|":
            step.out.append(rest)
        elif mark == "!":
            step.err.append(rest)
        elif mark == "=":
            step.exit = int(rest)
        else:
            sys.exit(f"{self.path}:{number}: not a line of a case: {line}")

    def lines(self):
        result = []
        for part in self.parts:
            result += part.lines() if isinstance(part, Step) else [part]
        return result


def printable(data):
    """Bytes as text in which nothing is invisible."""
    text = data.decode("utf-8", errors="backslashreplace")
    return "".join(c if c.isprintable() or c in "\n" else
                   "\\t" if c == "\t" else f"\\x{ord(c):02x}" for c in text)


def normalise(data, folder):
    text = printable(data).replace(str(folder), "<dir>")
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    else:
        lines[-1] += "<no newline>"
    return [line.rstrip() for line in lines]


def environment(folder, programs):
    env = {
        "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "TESTS": str(HERE),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS",
                 "PARASOL_SIMD"):
        if name in os.environ:
            env[name] = os.environ[name]
    return env


def become_nobody():
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


class Place:
    """The folder in which the commands of one case run."""

    def __init__(self, programs, unprivileged):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="parasol-cli-"))
        shutil.copytree(HERE / "docs", self.folder / "docs")
        self.drop = unprivileged and os.geteuid() == 0
        if self.drop:
            # The build may lie where only root may look.
            shutil.copytree(programs, self.folder / "bin")
            programs = self.folder / "bin"
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, NOBODY, NOBODY)
        self.env = environment(self.folder, programs)

    def run(self, command):
        return subprocess.run(
            ["sh", "-c", command], cwd=self.folder, env=self.env,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT,
            preexec_fn=become_nobody if self.drop else None)

    def remove(self):
        for path in self.folder.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o700)
        shutil.rmtree(self.folder)


def run_case(case, programs, keep):
    """Runs a case and returns it with what really happened."""
    actual = Case(case.path)
    place = Place(programs, "user" in case.directives)
    try:
        if "index" in case.directives:
            done = place.run("parasol index docs")
            if done.returncode != 0:
                sys.exit(f"{case.path}: parasol index docs: exit "
                         f"{done.returncode}: {printable(done.stderr)}")
        for step in actual.parts:
            if not isinstance(step, Step):
                continue
            done = place.run("\n".join(step.command))
            step.out = normalise(done.stdout, place.folder)
            step.err = normalise(done.stderr, place.folder)
            step.exit = done.returncode
    finally:
        if keep:
            print(f"{case.path.name}: kept {place.folder}")
        else:
            place.remove()
    return actual


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, required=True,
                        help="folder of the programs")
    parser.add_argument("--update", action="store_true",
                        help="rewrite the cases")
    parser.add_argument("--keep", action="store_true",
                        help="do not remove the folders of the cases")
    parser.add_argument("case", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    failed, steps = 0, 0
    for path in args.case:
        case = Case(path)
        steps += sum(isinstance(part, Step) for part in case.parts)
        expected = [line.rstrip() for line in case.lines()]
        actual = run_case(case, args.bin.resolve(), args.keep).lines()
        if expected == actual:
            continue
        if args.update:
            path.write_text("\n".join(actual) + "\n", encoding="utf-8")
            print(f"{path}: rewritten")
            continue
        failed += 1
        print("\n".join(difflib.unified_diff(
            expected, actual, f"{path} (expected)", f"{path} (actual)",
            lineterm="")))
    print(f"{steps} commands in {len(args.case)} cases, {failed} cases failed")
    return 1 if failed or steps == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
