/*
 * Length classes: the length of a document in one byte. Codes 0..31 are
 * exact; above that each octave has 16 steps, so a class is at most 1/16
 * shorter than the length it stands for. Frozen: on disk and in scores.
 */
#ifndef PARASOL_COMMON_CODEC_NORM_H
#define PARASOL_COMMON_CODEC_NORM_H

#include "common/base/base.h"

#define PC_NORM_MAX 507904u /* the length of code 255 */

/* The largest code whose length is at most `len`; 255 from PC_NORM_MAX up. */
uint8_t pc_norm_encode(uint32_t len);

/* The length of a code. Grows with the code. */
static inline uint32_t pc_norm_decode(uint8_t code)
{
    if (code < 32)
        return code;
    return (16u + (code & 15u)) << ((code >> 4) - 1);
}

#endif
