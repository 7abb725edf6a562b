/*
 * CRC-32C by eight tables, eight bytes a step; the reference for crc_sse42.c.
 *
 * The CRC is linear, so the entry of a byte is the exclusive-or of the
 * entries of its bits: only those are written down, eight per table, and the
 * compiler makes the rest. Row k, column j: the byte 1 << j followed by k
 * zero bytes.
 */
#include "common/base/crc.h"

#include "common/base/ints.h"
#include "common/base/simd.h"

#define BIT(v, j, e) (((v) >> (j)) & 1 ? (e) : 0)
#define E1(v, a, b, c, d, e, f, g, h)                                          \
    (uint32_t)(BIT(v, 0, a) ^ BIT(v, 1, b) ^ BIT(v, 2, c) ^ BIT(v, 3, d) ^     \
               BIT(v, 4, e) ^ BIT(v, 5, f) ^ BIT(v, 6, g) ^ BIT(v, 7, h))
#define E4(v, ...)                                                             \
    E1((v), __VA_ARGS__), E1((v) + 1, __VA_ARGS__), E1((v) + 2, __VA_ARGS__),  \
        E1((v) + 3, __VA_ARGS__)
#define E16(v, ...)                                                            \
    E4((v), __VA_ARGS__), E4((v) + 4, __VA_ARGS__), E4((v) + 8, __VA_ARGS__),  \
        E4((v) + 12, __VA_ARGS__)
#define E64(v, ...)                                                            \
    E16((v), __VA_ARGS__), E16((v) + 16, __VA_ARGS__),                         \
        E16((v) + 32, __VA_ARGS__), E16((v) + 48, __VA_ARGS__)
#define ROW(...)                                                               \
    {                                                                          \
        E64(0u, __VA_ARGS__), E64(64u, __VA_ARGS__), E64(128u, __VA_ARGS__),   \
            E64(192u, __VA_ARGS__)                                             \
    }

static const uint32_t table[8][256] = {
    ROW(0xf26b8303, 0xe13b70f7, 0xc79a971f, 0x8ad958cf, 0x105ec76f, 0x20bd8ede,
        0x417b1dbc, 0x82f63b78),
    ROW(0x13a29877, 0x274530ee, 0x4e8a61dc, 0x9d14c3b8, 0x3fc5f181, 0x7f8be302,
        0xff17c604, 0xfbc3faf9),
    ROW(0xa541927e, 0x4f6f520d, 0x9edea41a, 0x38513ec5, 0x70a27d8a, 0xe144fb14,
        0xc76580d9, 0x8b277743),
    ROW(0xdd45aab8, 0xbf672381, 0x7b2231f3, 0xf64463e6, 0xe964b13d, 0xd725148b,
        0xaba65fe7, 0x52a0c93f),
    ROW(0x38116fac, 0x7022df58, 0xe045beb0, 0xc5670b91, 0x8f2261d3, 0x1ba8b557,
        0x37516aae, 0x6ea2d55c),
    ROW(0xef306b19, 0xdb8ca0c3, 0xb2f53777, 0x6006181f, 0xc00c303e, 0x85f4168d,
        0x0e045beb, 0x1c08b7d6),
    ROW(0x68032cc8, 0xd0065990, 0xa5e0c5d1, 0x4e2dfd53, 0x9c5bfaa6, 0x3d5b83bd,
        0x7ab7077a, 0xf56e0ef4),
    ROW(0x493c7d27, 0x9278fa4e, 0x211d826d, 0x423b04da, 0x847609b4, 0x0d006599,
        0x1a00cb32, 0x34019664),
};

uint32_t pc_crc32c_scalar(uint32_t crc, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    uint32_t c = ~crc;
    for (; n >= 8; n -= 8, p += 8) {
        uint64_t v = pc_load64le(p) ^ c;
        c = table[7][v & 255] ^ table[6][(v >> 8) & 255] ^
            table[5][(v >> 16) & 255] ^ table[4][(v >> 24) & 255] ^
            table[3][(v >> 32) & 255] ^ table[2][(v >> 40) & 255] ^
            table[1][(v >> 48) & 255] ^ table[0][v >> 56];
    }
    for (; n > 0; n--)
        c = (c >> 8) ^ table[0][(c ^ *p++) & 255];
    return ~c;
}

uint32_t pc_crc32c(uint32_t crc, const void *bytes, size_t n)
{
    if (pc_simd_level() >= PC_SIMD_AVX2)
        return pc_crc32c_sse42(crc, bytes, n);
    return pc_crc32c_scalar(crc, bytes, n);
}
