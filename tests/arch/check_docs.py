#!/usr/bin/env python3
"""Documents do not drift: relative links lead somewhere, anchors exist, and a
path of the project named in `backticks` exists."""
import pathlib
import re
import sys

TOP = ("indexer", "searcher", "common", "include", "corpus", "tests", "bench",
       "docs", "cmake", ".ci")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
CODE = re.compile(r"`([^`\n]+)`")
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


def main(root):
    root = pathlib.Path(root).resolve()
    seen, problems = 0, []
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
        name = path.relative_to(root)
        problems += [f"{name}: {words}" for words in said if words]
    for problem in problems:
        print(problem)
    print(f"documents: {seen} links and names, {len(problems)} problems")
    return 1 if problems or seen == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
