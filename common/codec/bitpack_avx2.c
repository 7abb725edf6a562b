/*
 * Bit unpacking, 8 values at a time. Compiled with -mavx2; without it the
 * table holds the scalar decoders.
 *
 * Eight values fill exactly `width` bytes. The lower half of a register takes
 * the 16 bytes at p with values 0..3, the upper half the 16 bytes at
 * p + width / 2 with values 4..7, which begin at bit 0 or 4 there. A byte
 * shuffle moves the bytes of each value into its lane, a shift by lane drops
 * the bits of the neighbour below and a mask those above.
 *
 * Up to width 25 a value and its up to seven foreign bits fit 32 bits. Above,
 * they take 5 bytes and 64-bit lanes: values 0, 2, 4, 6 are shifted right to
 * the lower half of their lane, values 1, 3, 5, 7 left to the upper half.
 */
#include "common/codec/bitpack.h"

#if PC_X86_64 && defined(__AVX2__)
#include <immintrin.h>

/* First bit of value i (0..7) in its half of the register. */
#define AT(w, i) ((i) < 4 ? (w) * (i) : (w) * (i) + (w) / 2 * -8)
#define BYTE(w, i, k) (uint8_t)((AT(w, i) / 8 + (k)) & 15)
#define BYTES4(w, i) BYTE(w, i, 0), BYTE(w, i, 1), BYTE(w, i, 2), BYTE(w, i, 3)
#define SHUFFLE(w)                                                             \
    {                                                                          \
        BYTES4(w, 0), BYTES4(w, 1), BYTES4(w, 2), BYTES4(w, 3), BYTES4(w, 4),  \
            BYTES4(w, 5), BYTES4(w, 6), BYTES4(w, 7)                           \
    }
#define SHIFT(w)                                                               \
    {                                                                          \
        AT(w, 0) & 7, AT(w, 1) & 7, AT(w, 2) & 7, AT(w, 3) & 7, AT(w, 4) & 7,  \
            AT(w, 5) & 7, AT(w, 6) & 7, AT(w, 7) & 7                           \
    }
/* Lanes of 64 bits: the bytes of an even value from byte 0, those of an odd
   one in bytes 3..7, where its first bit stands at 24 + (AT & 7). */
#define EVEN8(w, i) BYTES4(w, i), BYTE(w, i, 4), 128, 128, 128
#define ODD8(w, i) 128, 128, 128, BYTES4(w, i), BYTE(w, i, 4)
#define EVEN(w)                                                                \
    {                                                                          \
        EVEN8(w, 0), EVEN8(w, 2), EVEN8(w, 4), EVEN8(w, 6)                     \
    }
#define ODD(w)                                                                 \
    {                                                                          \
        ODD8(w, 1), ODD8(w, 3), ODD8(w, 5), ODD8(w, 7)                         \
    }
#define RIGHT(w)                                                               \
    {                                                                          \
        AT(w, 0) & 7, AT(w, 2) & 7, AT(w, 4) & 7, AT(w, 6) & 7                 \
    }
#define LEFT(w)                                                                \
    {                                                                          \
        8 - (AT(w, 1) & 7), 8 - (AT(w, 3) & 7), 8 - (AT(w, 5) & 7),            \
            8 - (AT(w, 7) & 7)                                                 \
    }

static const uint8_t narrow_shuffle[26][32] = {
    SHUFFLE(0),  SHUFFLE(1),  SHUFFLE(2),  SHUFFLE(3),  SHUFFLE(4),
    SHUFFLE(5),  SHUFFLE(6),  SHUFFLE(7),  SHUFFLE(8),  SHUFFLE(9),
    SHUFFLE(10), SHUFFLE(11), SHUFFLE(12), SHUFFLE(13), SHUFFLE(14),
    SHUFFLE(15), SHUFFLE(16), SHUFFLE(17), SHUFFLE(18), SHUFFLE(19),
    SHUFFLE(20), SHUFFLE(21), SHUFFLE(22), SHUFFLE(23), SHUFFLE(24),
    SHUFFLE(25),
};

static const uint32_t narrow_shift[26][8] = {
    SHIFT(0),  SHIFT(1),  SHIFT(2),  SHIFT(3),  SHIFT(4),  SHIFT(5),  SHIFT(6),
    SHIFT(7),  SHIFT(8),  SHIFT(9),  SHIFT(10), SHIFT(11), SHIFT(12), SHIFT(13),
    SHIFT(14), SHIFT(15), SHIFT(16), SHIFT(17), SHIFT(18), SHIFT(19), SHIFT(20),
    SHIFT(21), SHIFT(22), SHIFT(23), SHIFT(24), SHIFT(25),
};

struct wide {
    uint8_t even[32], odd[32];
    uint64_t right[4], left[4];
};

#define WIDE(w)                                                                \
    {                                                                          \
        EVEN(w), ODD(w), RIGHT(w), LEFT(w)                                     \
    }

static const struct wide wide_table[7] = {
    WIDE(26), WIDE(27), WIDE(28), WIDE(29), WIDE(30), WIDE(31), WIDE(32),
};

static __m256i load(const void *p)
{
    return _mm256_loadu_si256(p);
}

/* The values 0..3 below, the values 4..7 above. */
static __m256i halves(const uint8_t *p, unsigned width)
{
    const void *low = p, *high = p + width / 2;
    return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(low)),
                                   _mm_loadu_si128(high), 1);
}

static void store(uint32_t *out, __m256i v)
{
    void *p = out;
    _mm256_storeu_si256(p, v);
}

struct narrow_keys {
    __m256i shuffle, shift, mask;
};

static struct narrow_keys narrow_keys_of(unsigned width)
{
    return (struct narrow_keys){load(narrow_shuffle[width]),
                                load(narrow_shift[width]),
                                _mm256_set1_epi32((int)pc_bitpack_mask(width))};
}

static __m256i narrow_group(const uint8_t *p, unsigned width,
                            struct narrow_keys k)
{
    __m256i v = _mm256_shuffle_epi8(halves(p, width), k.shuffle);
    return _mm256_and_si256(_mm256_srlv_epi32(v, k.shift), k.mask);
}

struct wide_keys {
    __m256i even, odd, right, left, mask;
};

static struct wide_keys wide_keys_of(unsigned width)
{
    const struct wide *t = &wide_table[width - 26];
    return (struct wide_keys){load(t->even), load(t->odd), load(t->right),
                              load(t->left),
                              _mm256_set1_epi32((int)pc_bitpack_mask(width))};
}

static __m256i wide_group(const uint8_t *p, unsigned width, struct wide_keys k)
{
    __m256i v = halves(p, width);
    __m256i even = _mm256_srlv_epi64(_mm256_shuffle_epi8(v, k.even), k.right);
    __m256i odd = _mm256_sllv_epi64(_mm256_shuffle_epi8(v, k.odd), k.left);
    return _mm256_and_si256(_mm256_blend_epi32(even, odd, 0xaa), k.mask);
}

static void get(uint32_t *out, const uint8_t *in, uint32_t n, unsigned width)
{
    if (width <= 25) {
        struct narrow_keys k = narrow_keys_of(width);
        for (size_t i = 0; i < n; i += 8, in += width)
            store(out + i, narrow_group(in, width, k));
    } else {
        struct wide_keys k = wide_keys_of(width);
        for (size_t i = 0; i < n; i += 8, in += width)
            store(out + i, wide_group(in, width, k));
    }
}

static void get_above(uint32_t *out, const uint8_t *in, uint32_t n,
                      unsigned width)
{
    const __m256i one = _mm256_set1_epi32(1);
    if (width <= 25) {
        struct narrow_keys k = narrow_keys_of(width);
        for (size_t i = 0; i < n; i += 8, in += width)
            store(out + i, _mm256_add_epi32(one, narrow_group(in, width, k)));
    } else {
        struct wide_keys k = wide_keys_of(width);
        for (size_t i = 0; i < n; i += 8, in += width)
            store(out + i, _mm256_add_epi32(one, wide_group(in, width, k)));
    }
}

/* Sums from lane 0 up to each lane. */
static __m256i sums(__m256i v)
{
    v = _mm256_add_epi32(v, _mm256_slli_si256(v, 4));
    v = _mm256_add_epi32(v, _mm256_slli_si256(v, 8));
    __m256i half = _mm256_shuffle_epi32(v, 0xff);
    return _mm256_add_epi32(v, _mm256_permute2x128_si256(half, half, 0x08));
}

/* Writes base + sums and moves the base on. The base carries the + 1 of
   every lane, and meets only one addition per group on its way. */
static __m256i emit(uint32_t *out, __m256i base, __m256i v)
{
    v = sums(v);
    store(out, _mm256_add_epi32(base, v));
    __m256i total = _mm256_permutevar8x32_epi32(v, _mm256_set1_epi32(7));
    return _mm256_add_epi32(base,
                            _mm256_add_epi32(total, _mm256_set1_epi32(8)));
}

static void get_ids(uint32_t *out, const uint8_t *in, uint32_t n,
                    unsigned width, uint32_t base)
{
    __m256i b = _mm256_add_epi32(_mm256_set1_epi32((int)base),
                                 _mm256_setr_epi32(1, 2, 3, 4, 5, 6, 7, 8));
    if (width <= 25) {
        struct narrow_keys k = narrow_keys_of(width);
        for (size_t i = 0; i < n; i += 8, in += width)
            b = emit(out + i, b, narrow_group(in, width, k));
    } else {
        struct wide_keys k = wide_keys_of(width);
        for (size_t i = 0; i < n; i += 8, in += width)
            b = emit(out + i, b, wide_group(in, width, k));
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
    __m256i b = _mm256_add_epi32(_mm256_set1_epi32((int)base),
                                 _mm256_setr_epi32(1, 2, 3, 4, 5, 6, 7, 8));
    get(out, in, n, width);
    patch(out, width, extra);
    for (size_t i = 0; i < n; i += 8)
        b = emit(out + i, b, load(out + i));
}

static uint32_t count(const uint8_t *bits, uint32_t range)
{
    return pc_bitmap_count(bits, range);
}

/* The numbers of the bits set in a byte, as eight bytes. */
static __m256i set_bits(unsigned byte)
{
    uint64_t spread = _pdep_u64(byte, UINT64_C(0x0101010101010101)) * 255;
    uint64_t which = _pext_u64(UINT64_C(0x0706050403020100), spread);
    return _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)which));
}

static void get_set(uint32_t *out, const uint8_t *bits, uint32_t range,
                    uint32_t base)
{
    for (uint32_t i = 0; 64 * i < range; i++) {
        uint64_t word = pc_bitmap_word(bits, i, range);
        uint32_t first = base + 1 + 64 * i;
        for (; word; word >>= 8, first += 8) {
            unsigned byte = (unsigned)word & 255;
            store(out, _mm256_add_epi32(_mm256_set1_epi32((int)first),
                                        set_bits(byte)));
            out += _mm_popcnt_u32(byte);
        }
    }
}

const pc_bitpack_ops pc_bitpack_avx2 = {
    get,   get_above, get_ids, get_above_patched, get_ids_patched,
    count, get_set};

#elif PC_X86_64

static void get(uint32_t *out, const uint8_t *in, uint32_t n, unsigned width)
{
    pc_bitpack_scalar.get(out, in, n, width);
}

static void get_above(uint32_t *out, const uint8_t *in, uint32_t n,
                      unsigned width)
{
    pc_bitpack_scalar.get_above(out, in, n, width);
}

static void get_ids(uint32_t *out, const uint8_t *in, uint32_t n,
                    unsigned width, uint32_t base)
{
    pc_bitpack_scalar.get_ids(out, in, n, width, base);
}

static void get_above_patched(uint32_t *out, const uint8_t *in, uint32_t n,
                              unsigned width, pc_bitpack_extra extra)
{
    pc_bitpack_scalar.get_above_patched(out, in, n, width, extra);
}

static void get_ids_patched(uint32_t *out, const uint8_t *in, uint32_t n,
                            unsigned width, uint32_t base,
                            pc_bitpack_extra extra)
{
    pc_bitpack_scalar.get_ids_patched(out, in, n, width, base, extra);
}

static uint32_t count(const uint8_t *bits, uint32_t range)
{
    return pc_bitpack_scalar.count(bits, range);
}

static void get_set(uint32_t *out, const uint8_t *bits, uint32_t range,
                    uint32_t base)
{
    pc_bitpack_scalar.get_set(out, bits, range, base);
}

const pc_bitpack_ops pc_bitpack_avx2 = {
    get,   get_above, get_ids, get_above_patched, get_ids_patched,
    count, get_set};

#endif
