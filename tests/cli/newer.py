#!/usr/bin/env python3
"""newer.py INDEX [analysis]: makes an index look as if a later version had
written it: the format version in its manifests is one higher, or the
fingerprint of the analysis is another one, and their checksums fit.
The offsets are those of docs/format.md, "Manifest"."""
import pathlib
import struct
import sys

VERSION_AT, FINGERPRINT_AT = 8, 40


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


for path in pathlib.Path(sys.argv[1]).glob("manifest.*"):
    data = bytearray(path.read_bytes()[:-4])
    at = FINGERPRINT_AT if sys.argv[2:] == ["analysis"] else VERSION_AT
    number, = struct.unpack_from("<I", data, at)
    struct.pack_into("<I", data, at, number + 1 & 0xFFFFFFFF)
    path.write_bytes(data + struct.pack("<I", crc32c(data)))
