#!/usr/bin/env python3
"""limits.py --bin BUILD/bin: asks queries that are made to take long, and to take
much memory. None does; what a limit left out is told, with its number."""
import argparse
import json
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
import time

SECONDS = 60  # far more than any of them takes, on a slow machine
MEGABYTES = 600  # likewise, with a sanitizer
WORDS = 12000
DOCUMENTS = 300


def common(times):
    return b" ".join([b"the", b"of", b"and", b"to"] * times)


def words(times, form=b"w%d"):
    return b" ".join(form % i for i in range(times))


# A query, and what the program says of it: a part of a warning, a note or an
# error; or None where nothing was left out.
QUERIES = [
    (b"a " * 32000, b"more than 1024 words"),
    (b"(" * 60000, b"nested more than 64 deep"),
    (b"(" * 30000 + b"a" + b")" * 30000, b"nested more than 64 deep"),
    (b"(" * 64 + b"a" + b")" * 64, None),
    (words(1024), None),
    (words(1025), b"more than 1024 words"),
    (common(256), None),
    (b"*a*b*c*", None),
    (b"*a" * 200 + b"*", None),
    (b"*e*", b"words match: the "),
    (b"*e* " * 100, b"more notes are not shown"),
    (b"*e* " * 1024, b"more notes are not shown"),
    (b'"*e* *a*" ' * 500, b"more notes are not shown"),
    (b'"' + b"*e* " * 20 + b'"', b"words match: the "),
    (b" NEAR/1000 ".join([b"*e*"] * 10), b"words match: the "),
    (b"/(a|b)*/", None),
    (b"/(((a|b)*)*)*c{200}/", None),
    (b"/.{0,255}.{0,255}/", b"words match: the "),
    (b"/.*a.{200}/", None),
    (b"/" + b"a{255}" * 9 + b"/", b"more than 511 places"),
    (b"/" + b"(" * 100 + b")" * 100 + b"/", b"so it matches nothing"),
    (b" ".join(b"/.*%c.{%d}/" % (97 + i % 26, 2 + i % 30)
               for i in range(1000)), b"more notes are not shown"),
    (b" ".join(b"%cament%c~2" % (97 + i % 26, 97 + i * 7 % 26)
               for i in range(1000)), None),
    (b"(" + words(1000) + b")@500", None),
    (b"(" + common(250) + b")@500", None),
    (b"(a b)@99999999999999999999", b"fewer clauses than that"),
    (b"arms NEAR/99999999999 control", b"a distance goes up to 1000"),
    (b" NEAR/1000 ".join([b"the"] * 1000), b"nested more than 64 deep"),
    (b" NEAR/1000 ".join([b"the", b"of", b"and", b"to"] * 5), None),
    (b'"' + common(200) + b'"~1000', None),
    (b'"' + b"the " * 1000 + b'"~1000', None),
    (b"pages:>=" + b"9" * 60000, None),
    (b"pages:[1e999999 TO -1e99999999999]", None),
    (b"a^1e999", b"^ is read as text"),
    (b"a^99999999999999999999999999", b"a boost goes from 0 to 1000"),
    (b"a^0." + b"0" * 60000 + b"1", None),
    (b"since:2015 until:2014 pages:[20 TO 10]", None),
    (b"since:99999999999999999999", b"not a date"),
    (b"since:0000-00-00", b"not a date"),
    (b"since:2014-02-29", b"not a date"),
    (b"a \xff\xfe\xc0\x80 \xed\xa0\x80 b", b"not UTF-8"),
    (b"a\x01\x02\x1b[31mb\x7f\x07", None),
    (b'"' * 65000, b"more warnings from here on are not shown"),
    (b")" * 65000, b"more warnings from here on are not shown"),
    (b"\\" * 65000, None),
    (b"a" + b"^" * 65000, b"canonical form is longer than 65536 bytes"),
    (b"NOT " * 16000 + b"a", None),
    (b" OR ".join([b"the"] * 1024), None),
    (b"ext:(" + b" | ".join(b"*a%d*" % i for i in range(1000)) + b")", None),
    (b"topic:(" + b" | ".join(b"*a%d*" % i for i in range(1000)) + b")", None),
    (b" ".join(b"topic:*%c*%c*" % (97 + i % 26, 97 + i * 7 % 26)
               for i in range(1000)), None),
    (b"-" * 65000, b"two signs are read as text"),
    (b"a" * 65000, None),
    ("首".encode() * 21000, None),
    (b"-a" * 32000, None),
    (b"cyber-security-" * 4000, None),
    (b"CVE-2014-" * 7000, None),
    (b"MOD " * 1000, None),
    (b'"' + b"MoD defence " * 300 + b'"~1000', None),
    ([b"a" * 100000] * 10, b"longer than 65536 bytes"),
    ([b"(" * 100000] * 10, b"longer than 65536 bytes"),
]


def write_documents(folder):
    """Words of all lengths, the first of them in every document."""
    rnd = random.Random(6)
    made = ["".join(rnd.choice("aeioubcdlmnrst") for _ in
                    range(rnd.randint(2, 12))) for _ in range(WORDS)]
    with open(pathlib.Path(folder, "docs.jsonl"), "w", encoding="utf-8") as out:
        for i in range(DOCUMENTS):
            body = rnd.choices(made, k=200) + ["the", "of", "and", "to", "a"] * 20
            rnd.shuffle(body)
            record = {"id": f"d{i}", "text": " ".join(body), "pages": i,
                      "topic": rnd.choice(made)}
            out.write(json.dumps(record) + "\n")


def ask(parasol, folder, query, *options):
    words_of = query if isinstance(query, list) else [query]
    command = [parasol, "search", "-n", "3", *options, "--", *words_of]
    begin = time.monotonic()
    done = subprocess.run(command, cwd=folder, capture_output=True,
                          timeout=2 * SECONDS, check=False)
    return done, time.monotonic() - begin


def name_of(query):
    return (query if isinstance(query, bytes) else query[0])[:40]


def check(parasol, folder, query, told):
    """(seconds, what is wrong) of one query."""
    name = name_of(query)
    done, took = ask(parasol, folder, query)
    if done.returncode not in (0, 1, 2) or (done.returncode == 2) != (
            b"parasol search: " in done.stderr):
        return took, [f"{name}: exits with {done.returncode}: {done.stderr[-300:]}"]
    wrong = []
    if took > SECONDS:
        wrong.append(f"{name}: takes {took:.1f} s")
    if told is not None and told not in done.stderr:
        wrong.append(f"{name}: does not say '{told.decode()}': "
                     f"{done.stderr[-300:]}")
    if done.returncode != 2 and told is not None:
        done, _ = ask(parasol, folder, query, "--json")
        if told not in done.stdout.replace(b"\\\"", b'"'):
            wrong.append(f"{name}: JSON does not say '{told.decode()}'")
    return took, wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--times", action="store_true",
                        help="print the time of each query")
    options = parser.parse_args()
    parasol = str(pathlib.Path(options.bin).resolve() / "parasol")
    wrong, slowest = [], 0
    with tempfile.TemporaryDirectory() as folder:
        write_documents(folder)
        subprocess.run([parasol, "index", "--jsonl", "docs.jsonl", "--index",
                        ".parasol"], cwd=folder, check=True,
                       capture_output=True)
        for query, told in QUERIES:
            took, more = check(parasol, folder, query, told)
            wrong += more
            slowest = max(slowest, took)
            if options.times:
                print(f"{took:7.2f} s  {name_of(query)}")
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    if most > MEGABYTES:
        wrong.append(f"one took {most} MB")
    for line in wrong:
        print(line)
    print(f"{len(QUERIES)} queries, the slowest took {slowest:.2f} s, the "
          f"largest {most} MB")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
