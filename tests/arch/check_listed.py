#!/usr/bin/env python3
"""Every source is named in a CMakeLists.txt: a file that nobody builds, or a
test that nobody runs, is a file that lies."""
import pathlib
import re
import sys

import source


def words_of_lists(root):
    """CMakeLists.txt folder -> the words in it, comments left out."""
    result = {}
    for path in pathlib.Path(root).rglob("CMakeLists.txt"):
        if "build" in path.relative_to(root).parts:
            continue
        text = re.sub(r"#[^\n]*", "", path.read_text(encoding="utf-8"))
        result[path.parent.relative_to(root)] = set(
            re.findall(r"[\w./-]+", text))
    return result


def is_listed(path, lists):
    """Whether a list at or above the file names it: with its path from there,
    or, for tests, by its subject; or any list with its path from the root."""
    if any("/" + path.as_posix() in words for words in lists.values()):
        return True
    subject = re.sub(r"^(test|fuzz)_", "", path.stem)
    for folder in path.parents:
        words = lists.get(folder, set())
        below = path.relative_to(folder).as_posix()
        names = {below, below.removesuffix(".c")}
        if path.parts[0] in ("tests", "bench"):
            names |= {path.name, path.stem}
            if (path.parent.name in words or path.parent == folder):
                names.add(subject)
        if names & words:
            return True
    return False


def main(root):
    lists = words_of_lists(root)
    seen, problems = 0, []
    for path in source.c_files(root, source.HOUSES + ("tests", "bench")):
        if (pathlib.Path(root) / path.parent / "build.sh").exists():
            continue  # harnesses of other engines, which no build may need
        if path.suffix == ".c":
            seen += 1
            if not is_listed(path, lists):
                problems.append(f"{path}: no CMakeLists.txt names it")
    return source.report("lists", seen, "sources", problems)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
