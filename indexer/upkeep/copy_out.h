/*
 * Handing a struct out to a caller who may know an older header.
 */
#ifndef PARASOL_INDEXER_UPKEEP_COPY_OUT_H
#define PARASOL_INDEXER_UPKEEP_COPY_OUT_H

#include <stdint.h>
#include <string.h>

#include "common/base/base.h"

/* Fills *out, whose first member is its struct_size and stays, with as much of
 *from, of `size` bytes, as it has room for. */
static inline void pi_copy_out(void *out, size_t struct_size, const void *from,
                               size_t size)
{
    const size_t head = sizeof struct_size;
    size_t n = struct_size < size ? struct_size : size;
    if (n > head)
        memcpy((uint8_t *)out + head, (const uint8_t *)from + head, n - head);
}

#endif
