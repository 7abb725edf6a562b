/*
 * Deflaters.
 */
#include "indexer/write/deflate.h"

#include <libdeflate.h>

pi_deflater *pi_deflater_open(int level)
{
    return libdeflate_alloc_compressor(level);
}

void pi_deflater_close(pi_deflater *d)
{
    libdeflate_free_compressor(d);
}

int pi_deflate(pi_deflater *d, pc_buf *out, pc_str raw)
{
    size_t bound = libdeflate_zlib_compress_bound(d, raw.len);
    uint8_t *room = pc_buf_reserve(out, bound);
    if (!room)
        return PARASOL_NOMEM;
    out->len += libdeflate_zlib_compress(d, raw.ptr, raw.len, room, bound);
    return PARASOL_OK;
}
