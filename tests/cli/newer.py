#!/usr/bin/env python3
"""newer.py INDEX: makes an index look as if a later version had written it:
the format version in its manifests is one higher, and their checksums fit.
The offsets are those of docs/format.md, "Manifest"."""
import pathlib
import struct
import sys

VERSION_AT = 8


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


for path in pathlib.Path(sys.argv[1]).glob("manifest.*"):
    data = bytearray(path.read_bytes()[:-4])
    version, = struct.unpack_from("<I", data, VERSION_AT)
    struct.pack_into("<I", data, VERSION_AT, version + 1)
    path.write_bytes(data + struct.pack("<I", crc32c(data)))
