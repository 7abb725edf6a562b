#!/usr/bin/env python3
"""The libraries change files only by calls that tests/support/faultfs.h sees.

    check_wrapped.py tests/CMakeLists.txt LIBRARY...
"""
import re
import subprocess
import sys

CHANGES = set("""
open open64 openat openat64 creat creat64 fopen fopen64 freopen fdopen mkstemp
mkostemp tmpfile write pwrite pwrite64 writev pwritev pwritev2 fsync fdatasync
sync syncfs sync_file_range rename renameat renameat2 unlink unlinkat remove
rmdir link linkat symlink symlinkat mkdir mkdirat mknod truncate truncate64
ftruncate ftruncate64 fallocate posix_fallocate copy_file_range sendfile
splice msync mmap mmap64 read pread pread64 readv preadv stat lstat fstat
fstatat flock fdopendir readdir opendir syscall
""".split())


def main(lists, *libraries):
    with open(lists, encoding="utf-8") as f:
        wrapped = set(re.search(r"foreach\(call ([^)]*)\)", f.read())[1].split())
    used = set()
    for library in libraries:
        said = subprocess.run(["nm", "-u", library], capture_output=True,
                              text=True, check=True).stdout
        used |= set(re.findall(r"\bU (\w+)", said))
    unseen = sorted((used & CHANGES) - wrapped)
    for name in unseen:
        print(f"{name}() is called, and tests/support/faultfs_wrap.c does not "
              "see it")
    seen = len(used & CHANGES)
    print(f"wrapped: {seen} calls on files, {len(unseen)} problems")
    return 1 if unseen or seen < 10 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
