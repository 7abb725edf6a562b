/*
 * One block of postings <-> bytes.
 */
#include "common/codec/docblock.h"

#include <string.h>

#include "common/base/ints.h"

static uint8_t widest(const uint32_t *v, uint32_t n)
{
    uint32_t all = 0;
    for (uint32_t i = 0; i < n; i++)
        all |= v[i];
    return (uint8_t)pc_bits32(all);
}

/*
 * A bitmap answers whether it has a document without being decoded, and whole
 * words of it are counted at once. So it may take a bit more room than gaps
 * would: up to SPARE bits a document.
 */
#define SPARE 3u

static bool bitmap_pays(uint32_t n, unsigned doc_bits, uint32_t range)
{
    return range <= PC_BITMAP_RANGE && range <= n * (doc_bits + SPARE);
}

static size_t put_bitmap(uint8_t *out, const uint32_t *ids, uint32_t n,
                         uint32_t base)
{
    size_t bytes = pc_docblock_id_bytes(n, PC_DOC_BITMAP, ids[n - 1] - base);
    memset(out, 0, bytes);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t bit = ids[i] - base - 1;
        out[bit / 8] |= (uint8_t)(1u << (bit % 8));
    }
    return bytes;
}

size_t pc_docblock_put(uint8_t *out, const uint32_t *ids, const uint32_t *tfs,
                       uint32_t n, uint32_t base, bool bitmap,
                       pc_docblock_widths *widths)
{
    uint32_t gaps[PC_BLOCK], freqs[PC_BLOCK], last = base;
    PC_ASSERT(n > 0 && n <= PC_BLOCK);
    for (uint32_t i = 0; i < n; i++) {
        gaps[i] = ids[i] - last - 1;
        last = ids[i];
        freqs[i] = tfs[i] - 1;
    }
    widths->doc_bits = widest(gaps, n);
    widths->tf_bits = widest(freqs, n);
    size_t used = pc_bitpack_bytes(n, widths->doc_bits);
    if (bitmap && bitmap_pays(n, widths->doc_bits, last - base)) {
        widths->doc_bits = PC_DOC_BITMAP;
        used = put_bitmap(out, ids, n, base);
    } else {
        pc_bitpack_put(out, gaps, n, widths->doc_bits);
    }
    pc_bitpack_put(out + used, freqs, n, widths->tf_bits);
    return used + pc_bitpack_bytes(n, widths->tf_bits);
}

void pc_docblock_freqs(uint32_t *out, const uint8_t *in, uint32_t n,
                       unsigned tf_bits)
{
    pc_bitpack_ops_get()->get_above(out, in, n, tf_bits);
}
