#!/usr/bin/env python3
"""Generated files are what their generators make: nobody edited them, and
nobody changed a generator without running it. Skipped (status 77) where the
generators' data is not installed."""
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77

# (generator, data it needs, files it makes)
GENERATORS = [
    ("common/text/gen/gen_ucd.py", "/usr/share/unicode/UnicodeData.txt",
     ["common/text/ucd_tables.c", "common/text/ucd_tables.h"]),
]


def check(root, generator, made):
    problems = []
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([sys.executable, str(root / generator), "--out", out],
                       check=True, stdout=subprocess.DEVNULL)
        for name in made:
            new = pathlib.Path(out) / pathlib.Path(name).name
            if new.read_bytes() != (root / name).read_bytes():
                problems.append(f"{name}: not what {generator} makes")
    return problems


def main(root):
    root = pathlib.Path(root)
    problems, seen = [], 0
    for generator, data, made in GENERATORS:
        if not pathlib.Path(data).exists():
            print(f"{generator}: {data} is not here (Debian: unicode-data)")
            continue
        problems += check(root, generator, made)
        seen += len(made)
    for problem in problems:
        print(problem)
    print(f"generated: {seen} files, {len(problems)} problems")
    if seen == 0:
        return SKIPPED
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
