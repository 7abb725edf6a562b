#!/usr/bin/env python3
"""Interrupts a writer and judges what is left.

    crash.py WORKLOAD [--runs N]

Kills the writer with SIGKILL at random moments; after each, the index must
hold every commit that was reported, whole, and the next writer must be able to
go on. Faults at each operation, and power cuts, are in faults.c and power.c.
"""
import argparse
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time


def seed():
    given = os.environ.get("PARASOL_TEST_SEED")
    value = int(given) if given else time.time_ns() % 1_000_000_007
    print(f"PARASOL_TEST_SEED={value}")
    return value


def judge(workload, place, ack):
    done = subprocess.run([workload, "check", place, ack],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"after a kill: {done.stderr}")


def kill_at_random(workload, runs):
    rng = random.Random(seed())
    committed = 0
    for _ in range(runs):
        with tempfile.TemporaryDirectory(prefix="parasol-crash-") as place:
            ack = pathlib.Path(place) / "ack"
            with ack.open("w") as out:
                writer = subprocess.Popen([workload, "write", place, "100000"],
                                          stdout=out, stderr=out)
                time.sleep(rng.uniform(0.002, 0.08))
                writer.send_signal(signal.SIGKILL)
                writer.wait()
            committed += ack.read_text().count("committed")
            judge(workload, place, ack)
    print(f"{runs} kills, {committed} commits before them")
    if committed == 0:
        sys.exit("no kill came after a commit: nothing was tested")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workload")
    parser.add_argument("--runs", type=int, default=40)
    args = parser.parse_args()
    workload = str(pathlib.Path(args.workload).resolve())
    kill_at_random(workload, args.runs)


if __name__ == "__main__":
    main()
