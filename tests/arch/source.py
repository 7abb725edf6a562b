"""What the checks share: the project's files, and C text without comments."""
import pathlib
import re

HOUSES = ("include", "common", "indexer", "searcher")
AROUND = ("tests", "bench", "docs/examples")

# Comments and literals, in one pattern, so that each hides the others.
_HIDDEN = re.compile(
    r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)


def c_files(root, folders=HOUSES):
    """The .c and .h files of the folders, sorted, as paths below root."""
    found = []
    for folder in folders:
        for path in (pathlib.Path(root) / folder).rglob("*"):
            if path.suffix in (".c", ".h") and path.is_file():
                found.append(path.relative_to(root))
    return sorted(found)


def read(root, path):
    return (pathlib.Path(root) / path).read_text(encoding="utf-8")


def _blank(match):
    text = match.group(0)
    newlines = "\n" * text.count("\n")
    if text.startswith("/"):
        return " " + newlines
    return text[0] + newlines + text[0]


def without_comments(text):
    """The text with comments and the insides of literals taken out; lines
    keep their numbers. Include lines keep their names."""
    lines = text.split("\n")
    kept = {i: line for i, line in enumerate(lines)
            if re.match(r"\s*#\s*include\b", line)}
    result = _HIDDEN.sub(_blank, text).split("\n")
    for i, line in kept.items():
        if result[i].strip():
            result[i] = line
    return "\n".join(result)


def is_generated(text):
    """Generated files say so in their first comment."""
    return re.search(r"[Gg]enerated by \S+", text[:600]) is not None


def report(name, seen, what, problems):
    """Prints the problems and one summary line; the exit status."""
    for problem in problems:
        print(problem)
    print(f"{name}: {seen} {what}, {len(problems)} problems")
    if seen == 0:
        print(f"{name}: nothing was checked: is the path right?")
        return 1
    return 1 if problems else 0
