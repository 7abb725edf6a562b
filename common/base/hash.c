/*
 * The hash of more than 16 bytes; hash.h has the rest of the definition.
 *
 *   n > 64   four lanes, each start ^ K_i; every 64 bytes, while more than
 *            64 are left, lane i = mix(16 i'th word pair: first ^ K_i,
 *            second ^ lane i); then start = the lanes added up, each rotated
 *            left by 16 i bits
 *   n > 16   while more than 16 bytes are left,
 *            start = mix(first 8 bytes ^ K1, next 8 bytes ^ start)
 *   end      a, b = the last 16 bytes of the input
 */
#include "common/base/hash.h"

static uint64_t rotate(uint64_t v, unsigned by)
{
    return by == 0 ? v : (v << by) | (v >> (64 - by));
}

uint64_t pc_hash64_long(const uint8_t *p, size_t n, uint64_t start)
{
    static const uint64_t k[4] = {PC_HASH_K0, PC_HASH_K1, PC_HASH_K2,
                                  PC_HASH_K3};
    size_t left = n;
    if (left > 64) {
        uint64_t lane[4];
        for (unsigned i = 0; i < 4; i++)
            lane[i] = start ^ k[i];
        for (; left > 64; left -= 64, p += 64) {
            for (unsigned i = 0; i < 4; i++)
                lane[i] = pc_hash_mix(pc_load64le(p + 16 * i) ^ k[i],
                                      pc_load64le(p + 16 * i + 8) ^ lane[i]);
        }
        start = 0;
        for (unsigned i = 0; i < 4; i++)
            start += rotate(lane[i], 16 * i);
    }
    for (; left > 16; left -= 16, p += 16)
        start = pc_hash_mix(pc_load64le(p) ^ PC_HASH_K1,
                            pc_load64le(p + 8) ^ start);
    p += left; /* behind the last byte */
    return pc_hash_end(pc_load64le(p - 16), pc_load64le(p - 8), start, n);
}
