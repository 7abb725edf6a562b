#!/usr/bin/env python3
"""Nothing grows without anybody noticing: functions of at most 100 lines,
files of at most 800. Generated tables are exempt."""
import re
import sys

import source

MAX_FUNCTION = 100
MAX_FILE = 800

_NAME = re.compile(r"(\w+)\s*\(")


def functions(text):
    """(name, first line, lines) of each function, from text without comments.

    With the braces of functions in column 0 (docs/style.md), a function body
    is what stands between a line "{" and the next line "}"."""
    lines = text.split("\n")
    begin = None
    for number, line in enumerate(lines, 1):
        if line.rstrip() == "{":
            begin = number
        elif line.startswith("}") and begin is not None:
            head = begin - 1
            while head > 1 and lines[head - 2].strip() and not re.match(
                    r"[#}]|.*;\s*$", lines[head - 2]):
                head -= 1
            names = _NAME.findall("\n".join(lines[head - 1:begin]))
            yield names[0] if names else "?", head, number - head + 1
            begin = None


def main(root):
    seen, problems = 0, []
    for path in source.c_files(root, source.HOUSES + source.AROUND):
        text = source.read(root, path)
        if source.is_generated(text):
            continue
        size = text.count("\n")
        if size > MAX_FILE:
            problems.append(f"{path}: {size} lines, more than {MAX_FILE}")
        for name, line, length in functions(source.without_comments(text)):
            seen += 1
            if length > MAX_FUNCTION:
                problems.append(f"{path}:{line}: {name}() has {length} lines, "
                                f"more than {MAX_FUNCTION}")
    return source.report("sizes", seen, "functions", problems)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
