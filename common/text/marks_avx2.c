/*
 * Bit maps of bytes, thirty-two bytes at a time.
 */
#include "common/text/marks.h"

#if PC_X86_64

#include <immintrin.h>

/* Bits of one half. */
typedef struct half {
    uint32_t word, letter, lower, high, mark, hyphen, line, colon, slash, open,
        close, space;
} half;

static inline uint32_t bits(__m256i v)
{
    return (uint32_t)_mm256_movemask_epi8(v);
}

static inline __m256i is(__m256i v, char c)
{
    return _mm256_cmpeq_epi8(v, _mm256_set1_epi8(c));
}

/* first <= byte < first + n */
static inline __m256i in_range(__m256i v, int first, int n)
{
    __m256i moved = _mm256_add_epi8(v, _mm256_set1_epi8((char)(-128 - first)));
    return _mm256_cmpgt_epi8(_mm256_set1_epi8((char)(-128 + n)), moved);
}

static inline half read_half(const uint8_t *bytes)
{
    /* Each of the marks ' , - . / : ; @ where its low four bits lead to; no
       other byte finds itself there. */
    const __m256i marks =
        _mm256_setr_epi8('@', -1, -1, -1, -1, -1, -1, '\'', -1, -1, ':', ';',
                         ',', '-', '.', '/', '@', -1, -1, -1, -1, -1, -1, '\'',
                         -1, -1, ':', ';', ',', '-', '.', '/');
    __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
    __m256i letter =
        in_range(_mm256_or_si256(v, _mm256_set1_epi8(0x20)), 'a', 26);
    __m256i word = _mm256_or_si256(
        letter, _mm256_or_si256(in_range(v, '0', 10), is(v, '_')));
    return (half){
        .word = bits(word),
        .letter = bits(letter),
        .lower = bits(_mm256_slli_epi16(v, 2)), /* 0x20 on top */
        .high = bits(v),
        .mark = bits(_mm256_cmpeq_epi8(_mm256_shuffle_epi8(marks, v), v)),
        .hyphen = bits(is(v, '-')),
        .line = bits(_mm256_or_si256(is(v, '\n'), is(v, '\r'))),
        .colon = bits(is(v, ':')),
        .slash = bits(is(v, '/')),
        .open = bits(is(v, '(')),
        .close = bits(is(v, ')')),
        .space = bits(is(v, ' ')),
    };
}

#define BOTH(x) (a.x | (uint64_t)b.x << 32)

void pc_marks_avx2(pc_marks *m, const uint8_t *bytes)
{
    const half a = read_half(bytes), b = read_half(bytes + 32);
    m->word = BOTH(word);
    m->letter = BOTH(letter);
    m->upper = m->letter & ~BOTH(lower);
    m->high = BOTH(high);
    m->joint = m->high | (BOTH(mark) & ((m->word | m->high) >> 1)) |
               (BOTH(hyphen) & (BOTH(line) >> 1)) |
               (BOTH(colon) & ((BOTH(colon) | BOTH(slash)) >> 1));
    m->paren = BOTH(close) | (BOTH(space) & (BOTH(open) >> 1));
}

#endif
