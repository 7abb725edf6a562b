"""Queries for the comparisons: files of them, and long ones from topics."""
import itertools
import json
import re

SHORTEST, LONGEST = 10, 64


def parse(line):
    """(tags, query) of a line, or None."""
    line = line.rstrip("\r\n")
    if line.startswith("{"):
        found = json.loads(line)
        return ",".join(found["tags"]), found["query"]
    tags, tab, query = line.partition("\t")
    return (tags, query) if tab else None


def read(path):
    """[(tags, query)] of a file with `tag[,tag]<TAB>query` a line, or, as the
    search-benchmark-game has it, {"query": ..., "tags": [...]}."""
    with open(path, encoding="utf-8") as lines:
        return [pair for pair in map(parse, lines) if pair]


def words(text):
    """The words of a topic in lower case, without what a query language would
    read."""
    return re.findall(r"[a-z0-9]+", text.lower())


def long_queries(paths):
    """Topics of 10 words and more as disjunctions of at most 64."""
    found = []
    for path in paths:
        for _, text in read(path):
            chosen = words(text)[:LONGEST]
            if len(chosen) < SHORTEST:
                continue
            low = max(n for n in (10, 20, 40) if n <= len(chosen))
            high = {10: 19, 20: 39, 40: LONGEST}[low]
            found.append((f"long,long:{low}-{high}", " ".join(chosen)))
    return list(dict.fromkeys(found))


def of_lengths(paths, lengths, count=25):
    """For each length `count` disjunctions of so many different words, which
    follow each other in the topics."""
    texts = [words(text) for path in paths for _, text in read(path)]
    found = []
    for length in lengths:
        stream = itertools.cycle(itertools.chain.from_iterable(texts))
        enough = len(set(itertools.chain.from_iterable(texts))) >= length
        for _ in range(count if enough else 0):
            chosen = {}
            while len(chosen) < length:
                chosen[next(stream)] = None
            found.append((f"words-{length}", " ".join(chosen)))
    return list(dict.fromkeys(found))
