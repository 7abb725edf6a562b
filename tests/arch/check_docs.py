#!/usr/bin/env python3
"""Documents do not drift: relative links lead somewhere, anchors exist, a path
of the project or a test named in `backticks` exists, and each promise of
docs/invariants.md names a test."""
import pathlib
import re
import sys

TOP = ("indexer", "searcher", "common", "include", "corpus", "tests", "bench",
       "docs", "cmake", ".ci")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
CODE = re.compile(r"`([^`\n]+)`")
TEST = re.compile(r"\b([a-z]\w*__[a-z]\w*)\b")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.S | re.M)
HEADING = re.compile(r"^#+\s+(.*?)\s*#*$", re.M)


def documents(root):
    found = sorted(root.glob("*.md"))
    for folder in ("docs", "bench", "tests", "common", "indexer", "searcher"):
        found += sorted((root / folder).rglob("*.md"))
    found += sorted((root / "corpus").glob("*.md"))
    # Documents that tests index are data.
    data = ("tests/cli/docs/", "tests/golden/", "tests/fuzz/seeds/")
    return [p for p in found
            if not p.relative_to(root).as_posix().startswith(data)]


def anchor(heading):
    """The anchor that the usual renderers give a heading."""
    words = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def anchors(path):
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    return {anchor(heading) for heading in HEADING.findall(text)}


def check_link(root, path, link):
    if re.match(r"[a-z]+:", link):
        return None  # the network is not asked
    name, _, fragment = link.partition("#")
    target = (path.parent / name).resolve() if name else path
    if not target.exists():
        return f"the link {link} leads nowhere"
    if root not in target.parents and target != root:
        return f"the link {link} leaves the project"
    if fragment and target.suffix == ".md" and fragment not in anchors(target):
        return f"{name or path.name} has no heading for #{fragment}"
    return None


def expand(word):
    """a/{b,c}.d -> a/b.d a/c.d"""
    match = re.search(r"\{([^{}]*,[^{}]*)\}", word)
    if not match:
        return [word]
    return [done for part in match.group(1).split(",")
            for done in expand(word[:match.start()] + part +
                               word[match.end():])]


def check_path(root, word):
    if not re.match(rf"({'|'.join(map(re.escape, TOP))})/", word):
        return None
    if re.search(r"[<>$ ]|\.\.\.|…", word):
        return None  # a pattern for people, or a command
    word = re.sub(r":\d+$", "", word)
    for one in expand(word):
        if not any(True for _ in root.glob(one.rstrip("/"))):
            return f"`{word}` does not exist"
    return None


def tests(root):
    """The names of all test functions."""
    found = set()
    for path in (root / "tests").rglob("*.c"):
        found |= set(TEST.findall(path.read_text(encoding="utf-8")))
    return found


def check_promises(text):
    """Numbered in order, each with a test."""
    promises = re.split(r"^(\d+)\. ", text, flags=re.M)[1:]
    problems = []
    for at, (number, words) in enumerate(zip(promises[::2], promises[1::2]), 1):
        words = words.split("\n#")[0]
        if int(number) != at:
            problems.append(f"promise {number} stands in place {at}")
        if not re.search(r"`(tests/[^`]+|\w+__\w+)`", words):
            problems.append(f"promise {number} names no test")
    return problems if promises else ["there is no promise"]


def main(root):
    root = pathlib.Path(root).resolve()
    seen, problems = 0, []
    known = tests(root)
    for path in documents(root):
        text = path.read_text(encoding="utf-8")
        prose = FENCE.sub("", text)
        said = []
        for link in LINK.findall(CODE.sub("", prose)):
            seen += 1
            said.append(check_link(root, path, link))
        for word in CODE.findall(prose):
            seen += 1
            said.append(check_path(root, word))
        if path.name == "invariants.md":
            said += check_promises(text)
            said += [f"`{word}` is no test" for word in CODE.findall(prose)
                     if TEST.fullmatch(word) and word not in known]
        name = path.relative_to(root)
        problems += [f"{name}: {words}" for words in said if words]
    for problem in problems:
        print(problem)
    print(f"documents: {seen} links and names, {len(problems)} problems")
    return 1 if problems or seen == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
