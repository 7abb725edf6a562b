/*
 * Which vector instructions may be used, found out once per process.
 *
 * The environment variable PARASOL_SIMD (scalar, avx2 or avx512) lowers the
 * level; it exists for tests, never raises the level above what the processor
 * has, and is the only environment variable that the library reads. Other
 * values are ignored.
 */
#ifndef PARASOL_COMMON_BASE_SIMD_H
#define PARASOL_COMMON_BASE_SIMD_H

#include "common/base/base.h"

/* A level includes the ones below it. */
enum pc_simd {
    PC_SIMD_SCALAR = 0,
    PC_SIMD_AVX2 = 1,  /* AVX2, FMA, BMI1, BMI2, POPCNT, SSE4.2, PCLMUL */
    PC_SIMD_AVX512 = 2 /* and AVX-512 F, BW, VL, DQ, VBMI, VBMI2 */
};

/* The level to use. Any thread; one atomic load after the first call. */
int pc_simd_level(void);

/* The level of the processor, whatever the environment says. Any thread. */
int pc_simd_cpu(void);

/* Of the forms of one thing (functions, or pointers to tables of them) that
   for `level`, a variable, which is at most pc_simd_cpu(). Only the scalar form
   has to be there where the processor is no x86-64. */
#if PC_X86_64
#define PC_SIMD_PICK(level, scalar, avx2, avx512)                              \
    ((level) >= PC_SIMD_AVX512 ? (avx512)                                      \
     : (level) >= PC_SIMD_AVX2 ? (avx2)                                        \
                               : (scalar))
#else
#define PC_SIMD_PICK(level, scalar, avx2, avx512) (PC_UNUSED(level), (scalar))
#endif

#endif
