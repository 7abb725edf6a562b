#!/usr/bin/env python3
"""Calls that are not written in this project, or only in one place of it."""
import re
import sys

import source

# Where programs talk to people.
CLI = ("searcher/cli/", "indexer/cli/", "common/tool/")

# (words, where they are allowed, why)
RULES = [
    ("strcpy strcat sprintf vsprintf gets strtok strncpy strncat", (),
     "writes without a bound, or without a final zero"),
    ("atoi atol atoll atof", (), "cannot tell an error from 0: use strtol"),
    ("localtime gmtime asctime ctime setlocale", (),
     "depends on hidden global state"),
    ("alloca setjmp longjmp", (), "not in this project's C"),
    ("malloc calloc realloc free aligned_alloc posix_memalign strdup strndup "
     "reallocarray asprintf vasprintf getline",
     ("common/base/mem.c",), "memory comes from pc_alloc or an arena"),
    ("open openat read write pread pwrite close fsync fdatasync rename "
     "renameat unlink unlinkat mkdir mkdirat ftruncate mmap munmap opendir "
     "fdopendir readdir stat lstat fstat fstatat fopen fdopen fread fwrite "
     "flock fcntl readlink",
     ("common/os/",) + CLI, "system calls are made in common/os"),
    ("exit _exit abort quick_exit printf fprintf vprintf vfprintf puts fputs "
     "putchar putc fputc perror system popen",
     CLI, "a library does not print, exit or start programs"),
]

# (file, call, why): what no rule can know.
EXCEPTIONS = {
}


def pattern(words):
    # Not a member (`ops->read(`), not the end of a longer name.
    return re.compile(r"(?<![\w.>])(" + "|".join(words.split()) +
                      r")\s*\((?!\s*\*)")


def check(path, text):
    problems = []
    lines = source.without_comments(text).split("\n")
    for words, allowed, why in RULES:
        if path.as_posix().startswith(allowed):
            continue
        for number, line in enumerate(lines, 1):
            for name in pattern(words).findall(line):
                if (path.as_posix(), name) not in EXCEPTIONS:
                    problems.append(f"{path}:{number}: {name}(): {why}")
    return problems


def main(root):
    problems, seen = [], 0
    for path in source.c_files(root, ("common", "indexer", "searcher")):
        seen += 1
        problems += check(path, source.read(root, path))
    return source.report("forbidden calls", seen, "files", problems)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
