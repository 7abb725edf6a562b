/*
 * One block of stored text, compressed in zlib format (RFC 1950). The length
 * of the text is kept outside of the block.
 */
#ifndef PARASOL_COMMON_CODEC_TEXTBLOCK_H
#define PARASOL_COMMON_CODEC_TEXTBLOCK_H

#include "common/base/buf.h"

/* Appends the compressed `raw` to `out`. `level` is zlib's, 1 (fast) to 9;
   below 1 GiB of text. `mem` lends about 270 KiB. PARASOL_NOMEM (then also
   the status of `out`), or PARASOL_ARG for a level or length out of range. */
int pc_textblock_put(pc_buf *out, pc_str raw, int level,
                     const pc_mem *mem) PC_MUST_USE;

/* Writes exactly raw_len bytes to `out`. PARASOL_CORRUPT when `packed` is
   damaged, cut short, holds another number of bytes or is followed by others;
   `out` is then undefined, but nothing is written behind raw_len. `mem` lends
   up to 50 KiB; PARASOL_NOMEM. */
int pc_textblock_get(uint8_t *out, size_t raw_len, pc_str packed,
                     const pc_mem *mem, parasol_error *err) PC_MUST_USE;

/*
 * The first `want` of raw_len bytes, without inflating the rest; so the end of
 * the block is looked at only if all are wanted. Otherwise as
 * pc_textblock_get.
 */
int pc_textblock_get_head(uint8_t *out, size_t want, size_t raw_len,
                          pc_str packed, const pc_mem *mem,
                          parasol_error *err) PC_MUST_USE;

#endif
