/*
 * Eight bytes in a number, looked at together. An answer is the top bit of
 * each byte; what the other bits are does not matter unless said.
 */
#ifndef PARASOL_COMMON_BASE_SWAR_H
#define PARASOL_COMMON_BASE_SWAR_H

#include <stdint.h>

/* Eight bytes v; v is at most 255. */
#define PC_EACH_BYTE(v) (UINT64_C(0x0101010101010101) * (uint64_t)(v))

/* The top bit of each byte as eight bits, first byte lowest. */
static inline uint64_t pc_swar_top_bits(uint64_t v)
{
    return ((v & PC_EACH_BYTE(0x80)) * UINT64_C(0x0002040810204081)) >> 56;
}

/* Is low <= byte <= high? All of v are below 0x80, so no sum reaches the next
   byte. */
static inline uint64_t pc_swar_in_range(uint64_t v, unsigned low, unsigned high)
{
    return (v + PC_EACH_BYTE(0x80 - low)) & ~(v + PC_EACH_BYTE(0x7F - high));
}

/* Is the byte below n, which is at most 0x80? Right up to the first that is:
   what it borrows from those behind it can make them look so. Other bits are
   zero. */
static inline uint64_t pc_swar_below(uint64_t v, unsigned n)
{
    return (v - PC_EACH_BYTE(n)) & ~v & PC_EACH_BYTE(0x80);
}

#endif
