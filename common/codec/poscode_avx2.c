/*
 * Codes of positions are read by counting and finding bits: the scalar forms
 * with the instructions for that.
 */
#include "common/codec/poscode_read.h"

#if PC_X86_64

static bool get(const pc_poscode *c, const uint8_t *in, uint64_t bit,
                uint64_t end, uint32_t n, uint32_t bound, uint32_t *out)
{
    return pc_pos_get(c, in, bit, end, n, bound, out);
}

static bool holds(const pc_poscode *c, const uint8_t *in, uint64_t bit,
                  uint64_t end, uint32_t n, uint32_t bound, uint32_t pos)
{
    return pc_pos_holds(c, in, bit, end, n, bound, pos);
}

const pc_poscode_ops pc_poscode_avx2 = {get, holds};

#endif
