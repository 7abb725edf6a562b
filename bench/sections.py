#!/usr/bin/env python3
"""sections.py INDEX...: bytes of each section of an index, over all segments.

Reads footers and tables of contents only (docs/format.md, "Sealed files").
"""
import collections
import pathlib
import struct
import sys

NAMES = {1: "META", 2: "TERMS", 3: "TERM_INDEX", 4: "POSTINGS", 5: "POSITIONS",
         6: "NORMS", 7: "DOC_TABLE", 8: "DOC_FIELDS", 9: "TEXT",
         10: "TEXT_INDEX", 11: "FIELDS_INDEX", 12: "SKIPS",
         13: "ORDER"}


def sections(path):
    data = path.read_bytes()
    magic, length, _, _, toc_off, count = struct.unpack_from("<8sQQQQI", data, len(data) - 64)
    if magic != b"PARASOL\n" or length != len(data):
        sys.exit(f"{path}: not a sealed file")
    for i in range(count):
        number, _, _, size = struct.unpack_from("<IIQQ", data, toc_off + 24 * i)
        yield NAMES.get(number, str(number)), size
    yield "checksums, padding", len(data) - sum(
        struct.unpack_from("<Q", data, toc_off + 24 * i + 16)[0] for i in range(count))


def totals(index):
    """Bytes by name of the section, over all segments."""
    total = collections.Counter()
    for path in sorted(pathlib.Path(index).glob("*.seg")):
        for name, size in sections(path):
            total[name] += size
    return total


def main():
    for index in sys.argv[1:]:
        total = totals(index)
        everything = sum(total.values())
        print(f"{index}: {everything} bytes")
        for name, size in total.most_common():
            print(f"  {name:20s} {size:12d}  {100 * size / max(everything, 1):5.1f} %")


if __name__ == "__main__":
    main()
