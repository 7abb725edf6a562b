#!/usr/bin/env python3
"""interrupt.py SIGNAL wait|pour COMMAND...: feeds the command lines of JSON, one
and then nothing, or one after the other, and sends it the signal as soon as it
has said that it wants to hear of it. Exits as the command does."""
import signal
import subprocess
import sys
import threading
import time

LINE = b'{"id":"a","text":"some words that come again and again"}\n'


def catches(pid, number):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("SigCgt:"):
                return int(line.split()[1], 16) >> (number - 1) & 1
    return 0


def pour(pipe):
    try:
        while True:
            pipe.write(LINE)
    except (BrokenPipeError, ValueError):
        pass


def main():
    number = signal.Signals[sys.argv[1]]
    command = subprocess.Popen(sys.argv[3:], stdin=subprocess.PIPE)
    command.stdin.write(LINE)
    command.stdin.flush()
    if sys.argv[2] == "pour":
        threading.Thread(target=pour, args=(command.stdin,), daemon=True).start()
    while command.poll() is None and not catches(command.pid, number):
        time.sleep(0.01)
    time.sleep(0.3)  # it has begun to read
    command.send_signal(number)
    status = command.wait(timeout=60)
    sys.stdout.flush()
    # A thread may still wait for the pipe.
    sys.exit(status if status >= 0 else 128 - status)


main()
