/*
 * Bit maps of bytes, eight bytes at a time: the reference, and the choice.
 */
#include "common/text/marks.h"

#include "common/base/ints.h"
#include "common/base/simd.h"

#define EACH_BYTE(v) (0x0101010101010101u * (uint64_t)(v))

/* The top bit of each byte as eight bits, first byte lowest. */
static inline uint64_t top_bits(uint64_t v)
{
    return ((v & EACH_BYTE(0x80)) * 0x0002040810204081u) >> 56;
}

/* The top bit of each byte of v (all below 0x80) that is low <= byte <= high.
   No sum reaches the next byte. */
static inline uint64_t in_range(uint64_t v, unsigned low, unsigned high)
{
    return (v + EACH_BYTE(0x80 - low)) & ~(v + EACH_BYTE(0x7F - high));
}

static inline uint64_t is(uint64_t v, char c)
{
    return in_range(v, (unsigned)c, (unsigned)c);
}

void pc_marks_scalar(pc_marks *m, const uint8_t *bytes)
{
    uint64_t mark = 0, hyphen = 0, line = 0, close = 0, open = 0, space = 0,
             colon = 0, slash = 0;
    *m = (pc_marks){0};
    for (unsigned i = 0; i < PC_MARKS_BYTES; i += 8) {
        uint64_t v = pc_load64le(bytes + i);
        uint64_t low = v & EACH_BYTE(0x7F);
        uint64_t letter = in_range(low | EACH_BYTE(0x20), 'a', 'z') & ~v;
        uint64_t word =
            letter | ((in_range(low, '0', '9') | is(low, '_')) & ~v);
        uint64_t marks = is(low, '\'') | in_range(low, ',', '/') |
                         in_range(low, ':', ';') | is(low, '@');
        m->letter |= top_bits(letter) << i;
        m->word |= top_bits(word) << i;
        m->upper |= top_bits(letter & ~(v << 2)) << i;
        m->high |= top_bits(v) << i;
        mark |= top_bits(marks & ~v) << i;
        hyphen |= top_bits(is(low, '-') & ~v) << i;
        line |= top_bits((is(low, '\n') | is(low, '\r')) & ~v) << i;
        colon |= top_bits(is(low, ':') & ~v) << i;
        slash |= top_bits(is(low, '/') & ~v) << i;
        open |= top_bits(is(low, '(') & ~v) << i;
        close |= top_bits(is(low, ')') & ~v) << i;
        space |= top_bits(is(low, ' ') & ~v) << i;
    }
    m->joint = m->high | (mark & ((m->word | m->high) >> 1)) |
               (hyphen & (line >> 1)) | (colon & ((colon | slash) >> 1));
    m->paren = close | (space & (open >> 1));
}

pc_marks_read *pc_marks_at(int simd_level)
{
#if PC_X86_64
    int cpu = pc_simd_cpu();
    if ((simd_level < cpu ? simd_level : cpu) >= PC_SIMD_AVX2)
        return pc_marks_avx2;
#else
    PC_UNUSED(simd_level);
#endif
    return pc_marks_scalar;
}

pc_marks_read *pc_marks_get(void)
{
    return pc_marks_at(pc_simd_level());
}
