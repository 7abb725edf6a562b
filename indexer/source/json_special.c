/*
 * Ends of strings: the reference, and the choice.
 */
#include "indexer/source/json_special.h"

#include "common/base/ints.h"
#include "common/base/simd.h"
#include "common/base/swar.h"

const char *pi_json_special_scalar(const char *p, const char *end)
{
    while (end - p >= 8) {
        uint64_t v = pc_load64le((const uint8_t *)p);
        uint64_t hit = pc_swar_below(v ^ PC_EACH_BYTE('"'), 1) |
                       pc_swar_below(v ^ PC_EACH_BYTE('\\'), 1) |
                       pc_swar_below(v, 0x20);
        if (hit)
            return p + pc_ctz64(hit) / 8;
        p += 8;
    }
    while (p < end && *p != '"' && *p != '\\' && (uint8_t)*p >= 0x20)
        p++;
    return p;
}

pi_json_special *pi_json_special_at(int level)
{
    return PC_SIMD_PICK(level, pi_json_special_scalar, pi_json_special_avx2,
                        pi_json_special_avx2);
}
