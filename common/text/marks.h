/*
 * Sixty-four bytes of text at a glance: what each byte is, as bit maps, the
 * first byte lowest. What is said of a byte and the one behind it is not
 * known of the last one.
 */
#ifndef PARASOL_COMMON_TEXT_MARKS_H
#define PARASOL_COMMON_TEXT_MARKS_H

#include "common/base/base.h"

#define PC_MARKS_BYTES 64u

typedef struct pc_marks {
    uint64_t word;   /* letters, digits and underscores of ASCII */
    uint64_t letter; /* letters of ASCII */
    uint64_t upper;  /* capitals of ASCII */
    uint64_t high;   /* bytes above ASCII */
    /* A word may go on here: bytes above ASCII, marks with a word behind them,
       a colon with another or a slash behind it (http://), and hyphens at the
       end of a line. */
    uint64_t joint;
    uint64_t paren; /* ")", and a space with "(" behind it */
} pc_marks;

typedef void pc_marks_read(pc_marks *m, const uint8_t *bytes);

/* The definition; `bytes` has PC_MARKS_BYTES. Any thread. */
void pc_marks_scalar(pc_marks *m, const uint8_t *bytes);

#if PC_X86_64
void pc_marks_avx2(pc_marks *m, const uint8_t *bytes);
#endif

/* For a level of enum pc_simd: pc_simd_level(), or in tests another one up to
   pc_simd_cpu(). */
pc_marks_read *pc_marks_at(int level);

#endif
