/*
 * Bit packing: the encoder, the scalar decoders (the reference for the
 * others) and the choice between them.
 */
#include "common/codec/bitpack.h"

#include "common/base/simd.h"

void pc_bitpack_put(uint8_t *out, const uint32_t *in, uint32_t n,
                    unsigned width)
{
    uint32_t mask = pc_bitpack_mask(width);
    uint64_t acc = 0;
    unsigned held = 0; /* bits in acc, below 32 between two values */
    for (uint32_t i = 0; i < n; i++) {
        acc |= (uint64_t)(in[i] & mask) << held;
        held += width;
        if (held >= 32) {
            pc_store32le(out, (uint32_t)acc);
            out += 4;
            acc >>= 32;
            held -= 32;
        }
    }
    for (; held > 0; held = held > 8 ? held - 8 : 0) {
        *out++ = (uint8_t)acc;
        acc >>= 8;
    }
}

static void get(uint32_t *out, const uint8_t *in, uint32_t n, unsigned width)
{
    for (uint32_t i = 0; i < n; i++)
        out[i] = pc_bitpack_at(in, i, width);
}

static void get_above(uint32_t *out, const uint8_t *in, uint32_t n,
                      unsigned width)
{
    for (uint32_t i = 0; i < n; i++)
        out[i] = pc_bitpack_at(in, i, width) + 1;
}

static void get_ids(uint32_t *out, const uint8_t *in, uint32_t n,
                    unsigned width, uint32_t base)
{
    for (uint32_t i = 0; i < n; i++) {
        base += pc_bitpack_at(in, i, width) + 1;
        out[i] = base;
    }
}

static void patch(uint32_t *out, unsigned width, pc_bitpack_extra extra)
{
    for (unsigned k = 0; k < extra.n; k++)
        out[extra.places[k] % PC_BITPACK_PATCHED] +=
            (uint32_t)extra.places[extra.n + k] << width;
}

static void get_above_patched(uint32_t *out, const uint8_t *in, uint32_t n,
                              unsigned width, pc_bitpack_extra extra)
{
    get_above(out, in, n, width);
    patch(out, width, extra);
}

static void get_ids_patched(uint32_t *out, const uint8_t *in, uint32_t n,
                            unsigned width, uint32_t base,
                            pc_bitpack_extra extra)
{
    get(out, in, n, width);
    patch(out, width, extra);
    for (uint32_t i = 0; i < n; i++) {
        base += out[i] + 1;
        out[i] = base;
    }
}

static uint32_t count(const uint8_t *bits, uint32_t range)
{
    return pc_bitmap_count(bits, range);
}

static void get_set(uint32_t *out, const uint8_t *bits, uint32_t range,
                    uint32_t base)
{
    for (uint32_t i = 0; 64 * i < range; i++) {
        uint64_t word = pc_bitmap_word(bits, i, range);
        for (; word; word &= word - 1)
            *out++ = base + 1 + 64 * i + pc_ctz64(word);
    }
}

const pc_bitpack_ops pc_bitpack_scalar = {
    get,   get_above, get_ids, get_above_patched, get_ids_patched,
    count, get_set};

const pc_bitpack_ops *pc_bitpack_ops_at(int level)
{
    return PC_SIMD_PICK(level, &pc_bitpack_scalar, &pc_bitpack_avx2,
                        &pc_bitpack_avx512);
}
