#!/usr/bin/env python3
"""The law of rooms: an include points down a floor, or stays in its room.

The table below is the map of the project. A new room is a new line here, in
the same commit as its first file.
"""
import pathlib
import re
import sys

import source

# Room -> floor. The searcher and the indexer share the floors below 5 and
# never see each other.
FLOORS = {
    "include/parasol": 0,
    "common/base": 1,
    "common/os": 2,
    "common/text": 2,
    "common/codec": 2,
    "common/tool": 2,
    "common/format": 3,
    "common/segment": 4,
    "searcher/query": 5,
    "searcher/view": 5,
    "searcher/score": 5,
    "searcher/iter": 6,
    "searcher/expand": 6,
    "searcher/plan": 7,
    "searcher/render": 8,
    "searcher/collect": 8,
    "searcher": 9,
    "searcher/cli": 10,
    "indexer/source": 5,
    "indexer/extract": 5,
    "indexer/write": 5,
    "indexer/commit": 5,
    "indexer/invert": 6,
    "indexer/merge": 6,
    "indexer/catalog": 6,
    "indexer/check": 6,
    "indexer": 7,
    "indexer/upkeep": 7,
    "indexer/cli": 8,
}

# Rooms that see less than the floors below them: exactly these.
ONLY = {
    "include/parasol": {"include/parasol"},
    "searcher/cli": {"include/parasol", "common/tool"},
    "indexer/cli": {"include/parasol", "common/tool"},
}

# Pairs (room, room it may also see) that the floors alone would forbid, each
# with its reason.
ALSO = {}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def room_of(path):
    return pathlib.PurePosixPath(path).parent.as_posix()


def may_see(room, target):
    if room == target or (room, target) in ALSO:
        return True
    if room in ONLY:
        return target in ONLY[room]
    house, other = room.split("/")[0], target.split("/")[0]
    if {house, other} == {"indexer", "searcher"}:
        return False
    return FLOORS[target] < FLOORS[room]


def check_include(root, path, kind, name):
    """A sentence about what is wrong with one include, or None."""
    room = room_of(path)
    if kind == "<":
        if not name.startswith("parasol/"):
            return None  # the system, or a library
        target = f"include/{name}"
    else:
        target = name
        if room == "include/parasol":
            return f'"{name}": public headers include <parasol/...> only'
    if not (pathlib.Path(root) / target).is_file():
        return f'"{name}": no such file from the root of the project'
    target_room = room_of(target)
    if target_room not in FLOORS:
        return f'"{name}": {target_room} is not in the table of rooms'
    if not may_see(room, target_room):
        return (f'"{name}": {room} (floor {FLOORS[room]}) may not see '
                f"{target_room} (floor {FLOORS[target_room]})")
    return None


def check_own_header_first(root, path, includes):
    own = path.with_suffix(".h").as_posix()
    if path.suffix != ".c" or not (pathlib.Path(root) / own).is_file():
        return None
    if not includes or includes[0][1] != own:
        return f'its own header "{own}" must be included first'
    return None


def check_guard(path, text):
    name = path.as_posix().removeprefix("include/")
    if not name.startswith("parasol/"):
        name = f"parasol/{name}"
    guard = re.sub(r"[^A-Za-z0-9]", "_", name).upper()
    lines = [line for line in text.split("\n") if line.strip()]
    wanted = [f"#ifndef {guard}", f"#define {guard}"]
    if lines[:2] != wanted or lines[-1].strip() != "#endif":
        return f"the guard must be {guard}, around everything"
    return None


def check_file(root, path):
    """(number of includes, problems)"""
    text = source.without_comments(source.read(root, path))
    includes = INCLUDE.findall(text)
    if room_of(path) not in FLOORS:
        return len(includes), [f"{path}: its room is not in the table"]
    said = [check_include(root, path, kind, name) for kind, name in includes]
    said.append(check_own_header_first(root, path, includes))
    if path.suffix == ".h":
        said.append(check_guard(path, text))
    return len(includes), [f"{path}: {words}" for words in said if words]


def unique_names(paths):
    """File names are unique in the houses: an archive is flat."""
    first, problems = {}, []
    for path in paths:
        if path.name in first:
            problems.append(f"{path}: has the name of {first[path.name]}")
        first.setdefault(path.name, path)
    return problems


def check_users(root):
    """Examples see the public headers only, as an installed package has
    them."""
    problems = []
    for path in source.c_files(root, ("docs/examples",)):
        text = source.without_comments(source.read(root, path))
        for kind, name in INCLUDE.findall(text):
            if kind == '"':
                problems.append(f'{path}: "{name}": an example sees '
                                "<parasol/...> only")
    return problems


def main(root):
    seen, problems = 0, []
    paths = source.c_files(root)
    for path in paths:
        count, said = check_file(root, path)
        seen += count
        problems += said
    problems += unique_names(paths) + check_users(root)
    return source.report("rooms", seen, "includes", problems)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
