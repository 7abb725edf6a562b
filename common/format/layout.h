/*
 * Where things stand in the fixed parts of the files of an index: offsets of
 * docs/format.md, for the readers, the writers, the check and the repair. Knows
 * nothing of what the fields mean. Two small questions about places, which all
 * of them ask, stand here, too.
 */
#ifndef PARASOL_COMMON_FORMAT_LAYOUT_H
#define PARASOL_COMMON_FORMAT_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/format/magic.h"

/* "Header" and "Footer" of a sealed file. */
enum {
    PC_HEAD_KIND = 8,
    PC_HEAD_VERSION = 12,
    PC_HEAD_NUMBER = 16,
    PC_HEAD_ZEROS = 24,
    PC_FOOT_LENGTH = 8,
    PC_FOOT_SUMS = 16,
    PC_FOOT_ROOT = 24,
    PC_FOOT_TOC = 32,
    PC_FOOT_TOC_COUNT = 40,
    PC_FOOT_TABLES_CRC = 44,
    PC_FOOT_ZEROS = 48,
    PC_ENDS_CRC = 60 /* of header and footer alike */
};

/* "Manifest". */
enum {
    PC_MANIFEST_AT_VERSION = 8,
    PC_MANIFEST_AT_FLAGS = 12,
    PC_MANIFEST_AT_LENGTH = 16,
    PC_MANIFEST_AT_COMMIT = 24,
    PC_MANIFEST_AT_NEXT_SEGMENT = 32,
    PC_MANIFEST_AT_FINGERPRINT = 40,
    PC_MANIFEST_AT_FILES_SEEN = 48,
    PC_MANIFEST_AT_SKIPPED = 56,
    PC_MANIFEST_AT_SKIPS_NUMBER = 184,
    PC_MANIFEST_AT_SKIPS_BYTES = 192,
    PC_MANIFEST_AT_FILES_NUMBER = 200,
    PC_MANIFEST_AT_FILES_BYTES = 208,
    PC_MANIFEST_AT_SKIPS_CRC = 216,
    PC_MANIFEST_AT_FILES_CRC = 220,
    PC_MANIFEST_AT_SPEC_LEN = 224,
    PC_MANIFEST_AT_SEGMENTS = 228
};

_Static_assert(PC_ENDS_CRC + 4 == PC_SEALED_HEADER &&
                   PC_ENDS_CRC + 4 == PC_SEALED_FOOTER,
               "ends of a sealed file");
_Static_assert(PC_MANIFEST_AT_SKIPPED + 8 * PC_MANIFEST_SKIPS ==
                       PC_MANIFEST_AT_SKIPS_NUMBER &&
                   PC_MANIFEST_AT_SEGMENTS + 4 == PC_MANIFEST_HEAD,
               "manifest header");

/* Are these bytes, reserved or padding, what they have to be? */
static inline bool pc_all_zero(const uint8_t *p, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        if (p[i])
            return false;
    }
    return true;
}

/* The next place at a multiple of `to`, a power of two. */
static inline uint64_t pc_align_up(uint64_t v, uint64_t to)
{
    return (v + to - 1) & ~(to - 1);
}

#endif
