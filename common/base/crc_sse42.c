/*
 * CRC-32C by the processor's instruction. Compiled with -msse4.2 -mpclmul;
 * without these flags it is the scalar code.
 *
 * The instruction takes 8 bytes a cycle but answers after three, so long
 * inputs run as three neighbouring streams. Their values are joined by
 * appending zero bytes to the first two: with registers a, b, c of streams of
 * L bytes, the whole has a * x^(16 L) + b * x^(8 L) + c. A carry-less
 * multiplication by a constant does that; its product is one bit short of 64
 * and the CRC instruction that reduces it appends another 32 bits, hence the
 * exponents 16 L - 33 and 8 L - 33 of the constants.
 */
#include "common/base/crc.h"

#if PC_X86_64 && defined(__SSE4_2__) && defined(__PCLMUL__)
#include <immintrin.h>

#include "common/base/ints.h"

/* x^(8 L - 33) and x^(16 L - 33) modulo the polynomial, reflected. */
struct span {
    size_t len;
    uint32_t one, two;
};

static const struct span spans[] = {
    {1024, 0x170076fa, 0xa51b6135},
    {128, 0x0d3b6092, 0xb9e02b86},
};

static uint64_t join(uint64_t a, uint64_t b, uint64_t c, const struct span *s)
{
    __m128i k = _mm_set_epi64x(s->one, s->two);
    __m128i x = _mm_clmulepi64_si128(_mm_cvtsi64_si128((int64_t)a), k, 0x00);
    __m128i y = _mm_clmulepi64_si128(_mm_cvtsi64_si128((int64_t)b), k, 0x10);
    uint64_t v = (uint64_t)_mm_cvtsi128_si64(_mm_xor_si128(x, y));
    return _mm_crc32_u64(0, v) ^ c;
}

static uint64_t three(uint64_t a, const uint8_t *p, const struct span *s)
{
    uint64_t b = 0, c = 0;
    const uint8_t *q = p + s->len;
    const uint8_t *r = q + s->len;
    for (size_t i = 0; i < s->len; i += 8) {
        a = _mm_crc32_u64(a, pc_load64le(p + i));
        b = _mm_crc32_u64(b, pc_load64le(q + i));
        c = _mm_crc32_u64(c, pc_load64le(r + i));
    }
    return join(a, b, c, s);
}

uint32_t pc_crc32c_sse42(uint32_t crc, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    uint64_t c = (uint32_t)~crc;
    for (size_t i = 0; i < PC_COUNTOF(spans); i++) {
        size_t step = 3 * spans[i].len;
        for (; n >= step; n -= step, p += step)
            c = three(c, p, &spans[i]);
    }
    for (; n >= 8; n -= 8, p += 8)
        c = _mm_crc32_u64(c, pc_load64le(p));
    uint32_t c32 = (uint32_t)c;
    for (; n > 0; n--)
        c32 = _mm_crc32_u8(c32, *p++);
    return ~c32;
}

#else

uint32_t pc_crc32c_sse42(uint32_t crc, const void *bytes, size_t n)
{
    return pc_crc32c_scalar(crc, bytes, n);
}

#endif
