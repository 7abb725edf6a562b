/*
 * Where a string of JSON ends or is interrupted.
 */
#ifndef PARASOL_INDEXER_SOURCE_JSON_SPECIAL_H
#define PARASOL_INDEXER_SOURCE_JSON_SPECIAL_H

#include "common/base/base.h"

/* The first quote, backslash or control character of [p, end), or `end`. Reads
   nothing outside. */
typedef const char *pi_json_special(const char *p, const char *end);

/* The definition, eight bytes at a time. */
const char *pi_json_special_scalar(const char *p, const char *end);

#if PC_X86_64
const char *pi_json_special_avx2(const char *p, const char *end);
#endif

/* For a level of enum pc_simd: pc_simd_level(), or in tests another one up to
   pc_simd_cpu(). */
pi_json_special *pi_json_special_at(int level);

#endif
