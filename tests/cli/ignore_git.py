#!/usr/bin/env python3
"""ignore_git.py --bin BUILD/bin [ROUNDS]: random trees of .gitignore files;
what `parasol check-ignore -v -n --gitignore` says of paths in them is what
git says. Prints its seed; PARASOL_TEST_SEED gives another. Ends with 77, which
ctest takes for "not run", where there is no git."""
import argparse
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

NAMES = ["a", "b", "ab", "a.c", "b.c", "x-1", "a b", "[a]", "é", "z "]
PIECES = ["a", "b", "ab", "*", "**", "?", "/", "/", ".c", "[ab]", "[!a]", "[^-b]",
          "\\", "!", " ", "\\ ", "#", "[", "]", "-", "[[:alnum:]]", "[[:no:]]",
          "[a-", "x", "1", "é", "**/", "/**", "[]a]", "\t", "\r"]


def rule(choose):
    if choose.random() < 0.4:
        text = choose.choice(["", "/", "**/", "!", "*"]) + choose.choice(
            NAMES) + choose.choice(["", "/", "/*", "/**", "*", " "])
    else:
        text = "".join(choose.choices(PIECES, k=choose.randint(1, 6)))
    return text + choose.choice(["\n", "\n", "\n", "\r\n"])


def make_tree(choose, folder, depth):
    """Makes files and folders; yields their paths relative to `folder`."""
    if depth == 3 or choose.random() < 0.6:
        (folder / ".gitignore").write_bytes("".join(
            rule(choose) for _ in range(choose.randint(1, 5))).encode())
    for name in choose.sample(NAMES, choose.randint(1, 4)):
        if depth > 0 and choose.random() < 0.5:
            (folder / name).mkdir()
            yield name
            for path in make_tree(choose, folder / name, depth - 1):
                yield f"{name}/{path}"
        else:
            (folder / name).write_bytes(b"")
            yield name


def check(command, paths, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True,
                          input="".join(p + "\0" for p in paths).encode(),
                          env={**os.environ, "GIT_CONFIG_NOSYSTEM": "1",
                               "HOME": str(folder)})
    if done.returncode not in (0, 1):
        sys.exit(f"{command}: {done.stderr.decode()}")
    parts = done.stdout.decode().split("\0")
    # file, line, rule, path
    return {parts[i + 3]: tuple(parts[i:i + 3])
            for i in range(0, len(parts) - 1, 4)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("rounds", type=int, nargs="?", default=40)
    args = parser.parse_args()
    if not shutil.which("git"):
        print("there is no git to compare with")
        return 77
    seed = int(os.environ.get("PARASOL_TEST_SEED", time.time_ns() % 10**9))
    print(f"PARASOL_TEST_SEED={seed}")
    choose = random.Random(seed)
    seen, matched, wrong = 0, 0, 0
    for _ in range(args.rounds):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="parasol-ignore-"))
        subprocess.run(["git", "init", "-q", str(folder)], check=True)
        paths = list(make_tree(choose, folder, 3))
        paths += [choose.choice(paths) + "/none/a.c" for _ in range(5)]
        paths = [p for p in paths if not (folder / p).parent.is_file()]
        git = check(["git", "check-ignore", "-v", "-n", "--no-index", "--stdin",
                     "-z"], paths, folder)
        ours = check([str(args.bin.resolve() / "parasol-check-ignore"), "-v", "-n", "-z",
                      "--gitignore", "--stdin", "--root", str(folder)],
                     paths, folder)
        for path in paths:
            seen += 1
            matched += git[path][0] != ""
            if git[path] != ours[path]:
                wrong += 1
                print(f"{path!r}: git {git[path]}, parasol {ours[path]}")
        shutil.rmtree(folder)
    print(f"{seen} paths, {matched} matched by a rule, {wrong} otherwise")
    return 1 if wrong or matched < args.rounds else 0


if __name__ == "__main__":
    sys.exit(main())
