#!/usr/bin/env python3
"""watch.py --bin BUILD/bin: starts `parasol index --watch`, changes files, and
waits until a search finds what is new and not what is gone; then ends it. Also
by polling, and where the system follows too few folders for it."""
import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

PATIENCE = 30  # seconds


class Watch:
    """A running program with what it has said so far."""

    def __init__(self, command, env):
        self.said = []
        self.process = subprocess.Popen(command, env=env, text=True,
                                        stderr=subprocess.PIPE)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stderr:
            self.said.append(line.rstrip("\n"))

    def says(self, text):
        return any(text in line for line in self.said)

    def end(self, number):
        self.process.send_signal(number)
        status = self.process.wait(timeout=PATIENCE)
        self.reader.join(timeout=PATIENCE)
        return status


def wait_until(what, condition, watch):
    end = time.monotonic() + PATIENCE
    while not condition():
        if watch.process.poll() is not None or time.monotonic() > end:
            watch.process.kill()
            sys.exit(f"{what}: it did not come; it said {watch.said}")
        time.sleep(0.02)


def scenario(name, programs, options, expected):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="parasol-watch-"))
    env = {**os.environ, "PATH": f"{programs}:/usr/bin:/bin"}
    docs = folder / "docs"
    (docs / "sub").mkdir(parents=True)
    (docs / "sub" / "first.txt").write_text("lantern")

    def found(word):
        done = subprocess.run(
            [programs / "parasol", "search", "-l", "--index", docs / ".parasol",
             word], env=env, capture_output=True, text=True)
        return sorted(done.stdout.split())

    watch = Watch([programs / "parasol", "index", "--watch", *options, docs],
                  env)
    steps = 0

    def expect(word, paths):
        nonlocal steps
        steps += 1
        wait_until(f"{name}: {word} in {paths}", lambda: found(word) == paths,
                   watch)

    wait_until(f"{name}: {expected}", lambda: watch.says(expected), watch)
    expect("lantern", ["sub/first.txt"])
    (docs / "second.txt").write_text("lantern oath")
    expect("oath", ["second.txt"])
    (docs / "sub" / "first.txt").write_text("a changed text")
    expect("changed", ["sub/first.txt"])
    expect("lantern", ["second.txt"])
    (docs / "new" / "deep").mkdir(parents=True)
    (docs / "new" / "deep" / "third.txt").write_text("lantern")
    expect("lantern", ["new/deep/third.txt", "second.txt"])
    (docs / "new" / "deep" / "third.txt").write_text("another word")
    expect("another", ["new/deep/third.txt"])
    (docs / "new").rename(docs / "moved")
    expect("another", ["moved/deep/third.txt"])
    (docs / "second.txt").unlink()
    expect("oath", [])
    (docs / ".parasolignore").write_text("deep/\n")
    expect("another", [])
    (docs / ".parasolignore").unlink()
    expect("another", ["moved/deep/third.txt"])
    commits = sum("commit" in line for line in watch.said)
    time.sleep(1)
    if sum("commit" in line for line in watch.said) > commits + 1:
        sys.exit(f"{name}: it goes on without a change: {watch.said}")
    status = watch.end(signal.SIGTERM)
    if status != 0:
        sys.exit(f"{name}: status {status}; it said {watch.said}")
    if found("another") != ["moved/deep/third.txt"]:
        sys.exit(f"{name}: the index is not that of the last commit")
    shutil.rmtree(folder)
    print(f"{name}: {steps} changes were found, {commits} commits")


def gone(programs):
    """The folder is removed under it."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="parasol-watch-"))
    docs = folder / "docs"
    docs.mkdir()
    watch = Watch([programs / "parasol-index", "--watch", "--index",
                   folder / "index", docs], os.environ)
    wait_until("gone: watching", lambda: watch.says("watching"), watch)
    docs.rmdir()
    status = watch.process.wait(timeout=PATIENCE)
    watch.reader.join(timeout=PATIENCE)
    if status != 4 or not watch.says("the index stays as it is"):
        sys.exit(f"gone: status {status}; it said {watch.said}")
    shutil.rmtree(folder)
    print("gone: it says so")


def limited(programs):
    """The system follows two folders, and then there are more."""
    prefix = ["unshare", "-r", "sh", "-c",
              'echo 2 >/proc/sys/user/max_inotify_watches && exec "$@"', "sh"]
    try:
        done = subprocess.run(prefix + ["true"], capture_output=True)
    except FileNotFoundError:
        done = None
    if not done or done.returncode != 0:
        print("limit: not run, as this system has no namespaces for it")
        return
    folder = pathlib.Path(tempfile.mkdtemp(prefix="parasol-watch-"))
    docs = folder / "docs"
    (docs / "sub").mkdir(parents=True)
    watch = Watch([*prefix, programs / "parasol-index", "--watch", "--index",
                   folder / "index", docs], os.environ)
    wait_until("limit: watching", lambda: watch.says("watching"), watch)
    (docs / "more").mkdir()
    wait_until("limit: polling", lambda: watch.says("max_user_watches"), watch)
    (docs / "more" / "x.txt").write_text("lantern")
    wait_until("limit: found", lambda: watch.says("+1"), watch)
    status = watch.end(signal.SIGINT)
    if status != 0:
        sys.exit(f"limit: status {status}; it said {watch.said}")
    shutil.rmtree(folder)
    print("limit: it looks again and again then")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    programs = parser.parse_args().bin.resolve()
    scenario("events", programs, [], "watching for changes")
    scenario("polling", programs, ["--poll=0.1"], "looking for changes every")
    limited(programs)
    gone(programs)


main()
