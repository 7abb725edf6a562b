#!/usr/bin/env python3
"""Every header compiles alone.

Public headers: as C99 and as C++11, pedantic, warnings are errors, with
nothing but include/ on the path. All others: as C11 from the root.
"""
import argparse
import pathlib
import subprocess
import sys

STRICT = ["-fsyntax-only", "-pedantic", "-Wall", "-Wextra", "-Werror"]
INTERNAL = ["-std=c11", "-D_POSIX_C_SOURCE=200809L", "-I.", "-Iinclude",
            # A lone header uses few of its static functions.
            "-Wno-unused-function"]


def compile_alone(command, include, language, source):
    """Empty when it compiled, else what the compiler said."""
    done = subprocess.run(
        command + STRICT + ["-x", language, "-"], cwd=source, text=True,
        input=f"#include {include}\n#include {include}\n"
              "typedef int not_empty;\n",
        capture_output=True)
    return "" if done.returncode == 0 else done.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--cc", required=True)
    parser.add_argument("--cxx", required=True)
    args = parser.parse_args()
    seen, failures = 0, []

    def check(name, command, include, language):
        nonlocal seen
        seen += 1
        said = compile_alone(command, include, language, args.source)
        if said:
            failures.append(f"{name} ({language} alone):\n{said}")

    public = sorted((args.source / "include").rglob("*.h"))
    for header in public:
        name = header.relative_to(args.source / "include").as_posix()
        check(name, [args.cc, "-std=c99", "-Iinclude"], f"<{name}>", "c")
        check(name, [args.cxx, "-std=c++11", "-Iinclude"], f"<{name}>", "c++")
    for room in ("common", "indexer", "searcher"):
        for header in sorted((args.source / room).rglob("*.h")):
            name = header.relative_to(args.source).as_posix()
            check(name, [args.cc] + INTERNAL, f'"{name}"', "c")

    for failure in failures:
        print(failure)
    print(f"{seen} compilations of headers, {len(failures)} failed")
    return 1 if failures or not public else 0


if __name__ == "__main__":
    sys.exit(main())
