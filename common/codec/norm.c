/*
 * Length classes as a tiny floating-point number: four bits of mantissa under
 * a hidden one, four bits of exponent.
 */
#include "common/codec/norm.h"

#include "common/base/ints.h"

uint8_t pc_norm_encode(uint32_t len)
{
    if (len < 32)
        return (uint8_t)len;
    if (len >= PC_NORM_MAX)
        return 255;
    unsigned shift = pc_bits32(len) - 5; /* five bits stay */
    return (uint8_t)(((shift + 1) << 4) | ((len >> shift) & 15));
}
