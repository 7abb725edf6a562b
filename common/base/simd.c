/*
 * Processor detection. The first callers may race: all of them find the same
 * answer, so the last store changes nothing.
 */
#include "common/base/simd.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

int pc_simd_cpu(void)
{
    if (!(PC_CPU_HAS("avx2") && PC_CPU_HAS("fma") && PC_CPU_HAS("bmi") &&
          PC_CPU_HAS("bmi2") && PC_CPU_HAS("popcnt") && PC_CPU_HAS("sse4.2") &&
          PC_CPU_HAS("pclmul")))
        return PC_SIMD_SCALAR;
    if (!(PC_CPU_HAS("avx512f") && PC_CPU_HAS("avx512bw") &&
          PC_CPU_HAS("avx512vl") && PC_CPU_HAS("avx512dq") &&
          PC_CPU_HAS("avx512vbmi") && PC_CPU_HAS("avx512vbmi2") &&
          PC_CPU_HAS("avx512vpopcntdq")))
        return PC_SIMD_AVX2;
    return PC_SIMD_AVX512;
}

static int level_allowed(void)
{
    const char *name = getenv("PARASOL_SIMD");
    if (name && strcmp(name, "scalar") == 0)
        return PC_SIMD_SCALAR;
    if (name && strcmp(name, "avx2") == 0)
        return PC_SIMD_AVX2;
    return PC_SIMD_AVX512;
}

int pc_simd_level(void)
{
    static atomic_int cached = -1;
    int level = atomic_load_explicit(&cached, memory_order_relaxed);
    if (level >= 0)
        return level;
    int cpu = pc_simd_cpu();
    int allowed = level_allowed();
    level = cpu < allowed ? cpu : allowed;
    atomic_store_explicit(&cached, level, memory_order_relaxed);
    return level;
}
