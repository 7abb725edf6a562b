#!/usr/bin/env python3
"""memory.py BIN: what programs take is within a fifth of --memory.

Makes an index of many small documents whose ids do not ascend and which have
metadata, and merges it, each under a small budget. The peak is what the system
counted, mapped files and all.
"""
import json
import os
import pathlib
import random
import sys
import tempfile

DOCUMENTS = 160000
BUDGET = 32 << 20
ALLOWED = 1.2


def write_documents(path):
    rng = random.Random(5)
    words = ["".join(rng.choices("abcdefghiklmnoprstu", k=rng.randint(3, 9)))
             for _ in range(20000)]
    with open(path, "w", encoding="ascii") as f:
        for i in range(DOCUMENTS):
            number = i * 7919 % DOCUMENTS
            text = " ".join(words[int(rng.random() ** 3 * len(words))]
                            for _ in range(24))
            json.dump({"id": f"folder-{number % 97}/document-{number:07}",
                       "title": words[i % len(words)], "text": text,
                       "author": words[i % 5000], "serial": f"{i:x}"}, f)
            f.write("\n")


def peak_of(*command):
    pid = os.spawnv(os.P_NOWAIT, command[0], [str(c) for c in command])
    _, status, used = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"{command}: status {status}")
    return used.ru_maxrss << 10


def check(what, peak):
    mib = 1 << 20
    print(f"{what}: {peak / mib:.1f} MiB of {BUDGET / mib:.0f}")
    if peak > BUDGET * ALLOWED:
        sys.exit(f"{what} takes more than {BUDGET * ALLOWED / mib:.1f} MiB")


def main():
    bin_dir = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as tmp:
        lines, index = f"{tmp}/lines", f"{tmp}/index"
        write_documents(lines)
        for how in ([], ["--update"]):
            check(" ".join(["index"] + how), peak_of(
                bin_dir / "parasol-index", "-q", f"--jsonl={lines}",
                f"--index={index}", f"--memory={BUDGET}", "--jobs=2", *how))
        check("optimize", peak_of(
            bin_dir / "parasol-optimize", "-q", "--reorder=path",
            f"--memory={BUDGET}", index))


main()
