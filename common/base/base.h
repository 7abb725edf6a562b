/*
 * What the compiler gives: attributes, assertions, platform assumptions.
 * The only file where a compiler extension may be written.
 */
#ifndef PARASOL_COMMON_BASE_BASE_H
#define PARASOL_COMMON_BASE_BASE_H

#include <stddef.h>
#include <stdint.h>

#include <parasol/status.h>

#define PC_COUNTOF(a) (sizeof(a) / sizeof((a)[0]))
#define PC_UNUSED(x) ((void)(x))
#define PC_MUST_USE PARASOL_MUST_USE

#if defined(__GNUC__)
#define PC_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define PC_LIKELY(x) __builtin_expect(!!(x), 1)
#define PC_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define PC_NOINLINE __attribute__((noinline))
/* A function that does nothing but fetch is taken out by GCC unless there is
   something in it that it must not touch. */
#define PC_PREFETCH(p) (__builtin_prefetch(p), pc_keep_())
#else
#define PC_PRINTF(fmt, args)
#define PC_LIKELY(x) (x)
#define PC_UNLIKELY(x) (x)
#define PC_NOINLINE
#define PC_PREFETCH(p) ((void)(p))
#endif

static inline void pc_keep_(void)
{
#if defined(__GNUC__)
    __asm__ __volatile__("");
#endif
}

/* PC_X86_64: 1 where the AVX2 and AVX-512 files have code. PC_CPU_HAS(name):
   the processor and the system support an instruction set. */
#if defined(__GNUC__) && defined(__x86_64__)
#define PC_X86_64 1
#define PC_CPU_HAS(name) __builtin_cpu_supports(name)
#else
#define PC_X86_64 0
#define PC_CPU_HAS(name) 0
#endif

/* pc_u128, where the compiler has such a type. */
#if defined(__SIZEOF_INT128__)
#define PC_HAS_U128 1
__extension__ typedef unsigned __int128 pc_u128;
#else
#define PC_HAS_U128 0
#endif

/* PC_ASSERT(x): false only if we wrote a bug. Compiled out in release. */
#ifdef NDEBUG
#define PC_ASSERT(x) ((void)0)
#else
#include <assert.h>
#define PC_ASSERT(x) assert(x)
#endif

/* Readable bytes that follow every buffer given to a decoder, so that wide
   loads never leave it. Their content does not matter. */
#define PC_PAD 64

_Static_assert(sizeof(size_t) == 8, "parasol needs a 64-bit platform");
_Static_assert(sizeof(float) == 4 && sizeof(double) == 8, "IEEE floats");

#endif
