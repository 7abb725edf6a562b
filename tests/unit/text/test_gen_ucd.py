#!/usr/bin/env python3
"""Generates common/text/ucd_tables.* again and compares with the files in the
tree. Exit status 77 (skipped) when the Unicode data is not there, or is of
another version than the tables."""

import filecmp
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
DATA = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode"


def main():
    text = os.path.join(ROOT, "common/text")
    props = os.path.join(DATA, "DerivedNormalizationProps.txt")
    if not os.path.exists(props):
        print(f"skipped: no {props} (package unicode-data)")
        return 77
    with open(props, encoding="utf-8") as f:
        have = re.search(r"-(\d+\.\d+\.\d+)\.txt", f.readline()).group(1)
    with open(os.path.join(text, "ucd_tables.h"), encoding="utf-8") as f:
        want = re.search(r'PC_UCD_VERSION "([^"]+)"', f.read()).group(1)
    if have != want:
        print(f"skipped: the data is Unicode {have}, the tables are {want}")
        return 77
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([sys.executable, os.path.join(text, "gen/gen_ucd.py"),
                        "--data", DATA, "--out", out], check=True)
        for name in ("ucd_tables.h", "ucd_tables.c"):
            if not filecmp.cmp(os.path.join(out, name),
                               os.path.join(text, name), shallow=False):
                print(f"{name} differs from what the generator writes")
                return 1
    print("both files are as generated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
