/*
 * Bit unpacking, 16 values at a time. Compiled with -mavx512f -mavx512bw
 * -mavx512vl -mavx512dq -mavx512vbmi -mavx512vbmi2; without them the table
 * holds the scalar decoders.
 *
 * Sixteen values fill exactly 2 * width bytes, so one 64-byte load has them
 * all. A byte permutation moves the bytes of each value into its lane, a
 * shift by lane drops the bits of the neighbour below and a mask those above.
 * Widths above 25 need 5 bytes and 64-bit lanes, as in bitpack_avx2.c.
 */
#include "common/codec/bitpack.h"

#if PC_X86_64 && defined(__AVX512VBMI__) && defined(__AVX512VBMI2__) &&        \
    defined(__AVX512BW__)
#include <immintrin.h>

#define BYTE(w, i, k) (uint8_t)(((w) * (i) / 8 + (k)) & 63)
#define BYTES4(w, i) BYTE(w, i, 0), BYTE(w, i, 1), BYTE(w, i, 2), BYTE(w, i, 3)
#define BYTES16(w, i)                                                          \
    BYTES4(w, i), BYTES4(w, (i) + 1), BYTES4(w, (i) + 2), BYTES4(w, (i) + 3)
#define SHUFFLE(w)                                                             \
    {                                                                          \
        BYTES16(w, 0), BYTES16(w, 4), BYTES16(w, 8), BYTES16(w, 12)            \
    }
/* The bytes of an even value from byte 0 of its 64-bit lane, those of an odd
   one in bytes 3..7; the other bytes fall to a shift or the mask. */
#define EVEN8(w, i) BYTES4(w, i), BYTE(w, i, 4), 0, 0, 0
#define ODD8(w, i) 0, 0, 0, BYTES4(w, i), BYTE(w, i, 4)
#define EVEN(w)                                                                \
    {                                                                          \
        EVEN8(w, 0), EVEN8(w, 2), EVEN8(w, 4), EVEN8(w, 6), EVEN8(w, 8),       \
            EVEN8(w, 10), EVEN8(w, 12), EVEN8(w, 14)                           \
    }
#define ODD(w)                                                                 \
    {                                                                          \
        ODD8(w, 1), ODD8(w, 3), ODD8(w, 5), ODD8(w, 7), ODD8(w, 9),            \
            ODD8(w, 11), ODD8(w, 13), ODD8(w, 15)                              \
    }

static const uint8_t narrow_shuffle[26][64] = {
    SHUFFLE(0),  SHUFFLE(1),  SHUFFLE(2),  SHUFFLE(3),  SHUFFLE(4),
    SHUFFLE(5),  SHUFFLE(6),  SHUFFLE(7),  SHUFFLE(8),  SHUFFLE(9),
    SHUFFLE(10), SHUFFLE(11), SHUFFLE(12), SHUFFLE(13), SHUFFLE(14),
    SHUFFLE(15), SHUFFLE(16), SHUFFLE(17), SHUFFLE(18), SHUFFLE(19),
    SHUFFLE(20), SHUFFLE(21), SHUFFLE(22), SHUFFLE(23), SHUFFLE(24),
    SHUFFLE(25),
};

struct wide {
    uint8_t even[64], odd[64];
};

#define WIDE(w)                                                                \
    {                                                                          \
        EVEN(w), ODD(w)                                                        \
    }

static const struct wide wide_table[7] = {
    WIDE(26), WIDE(27), WIDE(28), WIDE(29), WIDE(30), WIDE(31), WIDE(32),
};

static __m512i load(const void *p)
{
    return _mm512_loadu_si512(p);
}

static void store(uint32_t *out, __m512i v)
{
    void *p = out;
    _mm512_storeu_si512(p, v);
}

/* 0, 1, .. 15 */
static __m512i steps(void)
{
    return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
                             15);
}

struct narrow_keys {
    __m512i shuffle, shift, mask;
};

static struct narrow_keys narrow_keys_of(unsigned width)
{
    __m512i bit = _mm512_mullo_epi32(steps(), _mm512_set1_epi32((int)width));
    return (struct narrow_keys){load(narrow_shuffle[width]),
                                _mm512_and_si512(bit, _mm512_set1_epi32(7)),
                                _mm512_set1_epi32((int)pc_bitpack_mask(width))};
}

static __m512i narrow_group(const uint8_t *p, struct narrow_keys k)
{
    __m512i v = _mm512_permutexvar_epi8(k.shuffle, load(p));
    return _mm512_and_si512(_mm512_srlv_epi32(v, k.shift), k.mask);
}

struct wide_keys {
    __m512i even, odd, right, left, mask;
};

static struct wide_keys wide_keys_of(unsigned width)
{
    const struct wide *t = &wide_table[width - 26];
    __m512i bit = _mm512_mullo_epi32(steps(), _mm512_set1_epi32((int)width));
    __m512i shift = _mm512_and_si512(bit, _mm512_set1_epi32(7));
    __m512i low = _mm512_set1_epi64(0xff);
    return (struct wide_keys){
        load(t->even), load(t->odd), _mm512_and_si512(shift, low),
        _mm512_sub_epi64(_mm512_set1_epi64(8), _mm512_srli_epi64(shift, 32)),
        _mm512_set1_epi32((int)pc_bitpack_mask(width))};
}

static __m512i wide_group(const uint8_t *p, struct wide_keys k)
{
    __m512i v = load(p);
    __m512i even = _mm512_permutexvar_epi8(k.even, v);
    __m512i odd = _mm512_permutexvar_epi8(k.odd, v);
    even = _mm512_srlv_epi64(even, k.right);
    odd = _mm512_sllv_epi64(odd, k.left);
    return _mm512_and_si512(_mm512_mask_blend_epi32(0xaaaa, even, odd), k.mask);
}

static void get(uint32_t *out, const uint8_t *in, uint32_t n, unsigned width)
{
    size_t step = 2 * (size_t)width;
    if (width <= 25) {
        struct narrow_keys k = narrow_keys_of(width);
        for (size_t i = 0; i < n; i += 16, in += step)
            store(out + i, narrow_group(in, k));
    } else {
        struct wide_keys k = wide_keys_of(width);
        for (size_t i = 0; i < n; i += 16, in += step)
            store(out + i, wide_group(in, k));
    }
}

static void get_above(uint32_t *out, const uint8_t *in, uint32_t n,
                      unsigned width)
{
    const __m512i one = _mm512_set1_epi32(1);
    size_t step = 2 * (size_t)width;
    if (width <= 25) {
        struct narrow_keys k = narrow_keys_of(width);
        for (size_t i = 0; i < n; i += 16, in += step)
            store(out + i, _mm512_add_epi32(one, narrow_group(in, k)));
    } else {
        struct wide_keys k = wide_keys_of(width);
        for (size_t i = 0; i < n; i += 16, in += step)
            store(out + i, _mm512_add_epi32(one, wide_group(in, k)));
    }
}

/* Sums from lane 0 up to each lane: within quarters, then quarter 0 into 1
   and 2 into 3, then the lower half into the upper. Shuffles are what this
   function waits for, so there is one per step. */
static __m512i sums(__m512i v)
{
    const __m512i pairs =
        _mm512_setr_epi32(0, 0, 0, 0, 3, 3, 3, 3, 0, 0, 0, 0, 11, 11, 11, 11);
    const __m512i half = _mm512_set1_epi32(7);
    v = _mm512_add_epi32(v, _mm512_bslli_epi128(v, 4));
    v = _mm512_add_epi32(v, _mm512_bslli_epi128(v, 8));
    v = _mm512_add_epi32(v, _mm512_maskz_permutexvar_epi32(0xf0f0, pairs, v));
    return _mm512_add_epi32(v, _mm512_maskz_permutexvar_epi32(0xff00, half, v));
}

/* Writes base + sums and moves the base on. The base carries the + 1 of
   every lane, and meets only one addition per group on its way. */
static __m512i emit(uint32_t *out, __m512i base, __m512i v)
{
    v = sums(v);
    store(out, _mm512_add_epi32(base, v));
    __m512i total = _mm512_permutexvar_epi32(_mm512_set1_epi32(15), v);
    return _mm512_add_epi32(base,
                            _mm512_add_epi32(total, _mm512_set1_epi32(16)));
}

static void get_ids(uint32_t *out, const uint8_t *in, uint32_t n,
                    unsigned width, uint32_t base)
{
    size_t step = 2 * (size_t)width;
    __m512i b = _mm512_add_epi32(_mm512_set1_epi32((int)(base + 1)), steps());
    if (width <= 25) {
        struct narrow_keys k = narrow_keys_of(width);
        for (size_t i = 0; i < n; i += 16, in += step)
            b = emit(out + i, b, narrow_group(in, k));
    } else {
        struct wide_keys k = wide_keys_of(width);
        for (size_t i = 0; i < n; i += 16, in += step)
            b = emit(out + i, b, wide_group(in, k));
    }
}

/* Exceptions, to be added group by group: the places that are left as a set,
   of which the lowest 16 belong to the next group, and where their high bits
   are. Nothing here waits for a store, as patching in memory would. */
struct patches {
    uint64_t low, high;
    const uint8_t *bits;
    __m128i width;
};

static struct patches patches_of(pc_bitpack_extra extra, unsigned width)
{
    const void *places = extra.places;
    const __m512i one = _mm512_set1_epi64(1);
    __mmask8 some = (__mmask8)((1u << extra.n) - 1);
    __m512i at = _mm512_cvtepu8_epi64(_mm_loadl_epi64(places));
    __m512i up = _mm512_sub_epi64(at, _mm512_set1_epi64(64));
    /* A shift by 64 or more, or by less than 0, gives 0. */
    return (struct patches){
        (uint64_t)_mm512_mask_reduce_or_epi64(some, _mm512_sllv_epi64(one, at)),
        (uint64_t)_mm512_mask_reduce_or_epi64(some, _mm512_sllv_epi64(one, up)),
        extra.places + extra.n, _mm_cvtsi32_si128((int)width)};
}

static __m512i patch_group(struct patches *p, __m512i v)
{
    const void *bits = p->bits;
    __mmask16 set = (__mmask16)p->low;
    __m512i more = _mm512_cvtepu8_epi32(_mm_loadu_si128(bits));
    more = _mm512_maskz_expand_epi32(set, _mm512_sll_epi32(more, p->width));
    p->low = p->low >> 16 | p->high << 48;
    p->high >>= 16;
    p->bits += _mm_popcnt_u32(set);
    return _mm512_add_epi32(v, more);
}

static void get_above_patched(uint32_t *out, const uint8_t *in, uint32_t n,
                              unsigned width, pc_bitpack_extra extra)
{
    const __m512i one = _mm512_set1_epi32(1);
    size_t step = 2 * (size_t)width;
    struct narrow_keys k = narrow_keys_of(width);
    struct patches p = patches_of(extra, width);
    for (size_t i = 0; i < n; i += 16, in += step)
        store(out + i,
              _mm512_add_epi32(one, patch_group(&p, narrow_group(in, k))));
}

static void get_ids_patched(uint32_t *out, const uint8_t *in, uint32_t n,
                            unsigned width, uint32_t base,
                            pc_bitpack_extra extra)
{
    size_t step = 2 * (size_t)width;
    __m512i b = _mm512_add_epi32(_mm512_set1_epi32((int)(base + 1)), steps());
    struct narrow_keys k = narrow_keys_of(width);
    struct patches p = patches_of(extra, width);
    for (size_t i = 0; i < n; i += 16, in += step)
        b = emit(out + i, b, patch_group(&p, narrow_group(in, k)));
}

static uint32_t count(const uint8_t *bits, uint32_t range)
{
    return pc_bitmap_count(bits, range);
}

static void get_set(uint32_t *out, const uint8_t *bits, uint32_t range,
                    uint32_t base)
{
    uint8_t places[64];
    for (unsigned i = 0; i < 64; i++)
        places[i] = (uint8_t)i;
    const __m512i all = load(places);
    for (uint32_t i = 0; 64 * i < range; i++) {
        uint64_t word = pc_bitmap_word(bits, i, range);
        uint32_t n = (uint32_t)_mm_popcnt_u64(word);
        __m512i set = _mm512_maskz_compress_epi8(word, all);
        __m512i first = _mm512_set1_epi32((int)(base + 1 + 64 * i));
        for (uint32_t k = 0; k < n; k += 16) {
            __m512i some = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(set));
            store(out + k, _mm512_add_epi32(first, some));
            set = _mm512_shuffle_i32x4(set, set, 0x39); /* the next sixteen */
        }
        out += n;
    }
}

const pc_bitpack_ops pc_bitpack_avx512 = {
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

const pc_bitpack_ops pc_bitpack_avx512 = {
    get,   get_above, get_ids, get_above_patched, get_ids_patched,
    count, get_set};

#endif
