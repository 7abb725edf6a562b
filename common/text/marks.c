/*
 * Bit maps of bytes, eight bytes at a time: the reference, and the choice.
 */
#include "common/text/marks.h"

#include "common/base/ints.h"
#include "common/base/simd.h"
#include "common/base/swar.h"

static inline uint64_t is(uint64_t v, char c)
{
    return pc_swar_in_range(v, (unsigned)c, (unsigned)c);
}

void pc_marks_scalar(pc_marks *m, const uint8_t *bytes)
{
    uint64_t mark = 0, hyphen = 0, line = 0, close = 0, open = 0, space = 0,
             colon = 0, slash = 0;
    *m = (pc_marks){0};
    for (unsigned i = 0; i < PC_MARKS_BYTES; i += 8) {
        uint64_t v = pc_load64le(bytes + i);
        uint64_t low = v & PC_EACH_BYTE(0x7F);
        uint64_t letter =
            pc_swar_in_range(low | PC_EACH_BYTE(0x20), 'a', 'z') & ~v;
        uint64_t word =
            letter | ((pc_swar_in_range(low, '0', '9') | is(low, '_')) & ~v);
        uint64_t marks = is(low, '\'') | pc_swar_in_range(low, ',', '/') |
                         pc_swar_in_range(low, ':', ';') | is(low, '@');
        m->letter |= pc_swar_top_bits(letter) << i;
        m->word |= pc_swar_top_bits(word) << i;
        m->upper |= pc_swar_top_bits(letter & ~(v << 2)) << i;
        m->high |= pc_swar_top_bits(v) << i;
        mark |= pc_swar_top_bits(marks & ~v) << i;
        hyphen |= pc_swar_top_bits(is(low, '-') & ~v) << i;
        line |= pc_swar_top_bits((is(low, '\n') | is(low, '\r')) & ~v) << i;
        colon |= pc_swar_top_bits(is(low, ':') & ~v) << i;
        slash |= pc_swar_top_bits(is(low, '/') & ~v) << i;
        open |= pc_swar_top_bits(is(low, '(') & ~v) << i;
        close |= pc_swar_top_bits(is(low, ')') & ~v) << i;
        space |= pc_swar_top_bits(is(low, ' ') & ~v) << i;
    }
    m->joint = m->high | (mark & ((m->word | m->high) >> 1)) |
               (hyphen & (line >> 1)) | (colon & ((colon | slash) >> 1));
    m->paren = close | (space & (open >> 1));
}

pc_marks_read *pc_marks_at(int level)
{
    return PC_SIMD_PICK(level, pc_marks_scalar, pc_marks_avx2, pc_marks_avx2);
}
