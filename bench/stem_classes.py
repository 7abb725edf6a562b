#!/usr/bin/env python3
"""Which words does the English stemmer take for one that may not be?

    bench/stem_classes.py --bin BUILD/bin/parasol TEXT... [--least N] [--top N]

Counts the words of the files (plain text, or lines of JSON), asks
'parasol tokens' for their stems, and lists classes of words with one stem whose
members differ in more than an inflection: the more, the less they share, and
the more frequent both are, the earlier. The list is to be read by people: what
is one sense after all stays; what is not belongs in
common/text/stem_exceptions.c, with a line in tests/unit/text/test_stem.c.
"""
import argparse
import collections
import itertools
import json
import pathlib
import re
import subprocess

WORD = re.compile(r"[a-z]{3,}")
# Endings between which no sense changes.
PLAIN = {"", "s", "es", "ed", "d", "ing", "e", "y", "ies", "ly", "ings", "er",
         "ers", "or", "ors", "ied", "r", "rs", "ally", "n", "ns", "ions", "ion"}


def count_words(paths):
    counts = collections.Counter()
    for path in paths:
        with open(path, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                counts.update(WORD.findall(line.lower()))
    return counts


def stems_of(program, words):
    """The stem of each word."""
    out = {}
    for i in range(0, len(words), 1000):
        part = words[i:i + 1000]
        done = subprocess.run([program, "tokens", "--json", " ".join(part)],
                              check=True, capture_output=True, text=True)
        for line in done.stdout.splitlines():
            token = json.loads(line)
            out[token["text"]] = token["stem"]
    return out


def shared(a, b):
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return n


def suspicion(a, b):
    """0: an inflection. More, the more the words differ beside what they
    share."""
    n = shared(a, b)
    tails = sorted((a[n:], b[n:]), key=len)
    if tails[0] in PLAIN and tails[1] in PLAIN:
        return 0.0
    return (len(tails[0]) + len(tails[1])) / n


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bin", required=True, help="the program parasol")
    parser.add_argument("--least", type=int, default=20)
    parser.add_argument("--top", type=int, default=400)
    parser.add_argument("texts", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    counts = count_words(arguments.texts)
    words = sorted(w for w, n in counts.items() if n >= arguments.least)
    classes = collections.defaultdict(list)
    for word, stem in stems_of(arguments.bin, words).items():
        classes[stem].append(word)
    found = []
    for stem, members in classes.items():
        pairs = [(suspicion(a, b) * min(counts[a], counts[b]) ** 0.5, a, b)
                 for a, b in itertools.combinations(members, 2)]
        if pairs and max(pairs)[0] > 0:
            found.append((max(pairs)[0], stem, members))
    found.sort(reverse=True)
    for score, stem, members in found[:arguments.top]:
        members.sort(key=lambda w: -counts[w])
        print(f"{score:7.1f}  {stem:14}",
              " ".join(f"{w}:{counts[w]}" for w in members[:10]))
    print(f"{len(words)} words, {len(classes)} stems, "
          f"{len(found)} suspicious classes")


if __name__ == "__main__":
    main()
