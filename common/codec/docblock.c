/*
 * One block of postings <-> bytes.
 */
#include "common/codec/docblock.h"

#include <string.h>

#include "common/base/ints.h"

#define MOST_EXTRA 7u /* exceptions of a run */
#define EXTRA_BITS 8u /* what the high byte of an exception holds */

static unsigned widest(const uint32_t *v, uint32_t n)
{
    uint32_t all = 0;
    for (uint32_t i = 0; i < n; i++)
        all |= v[i];
    return pc_bits32(all);
}

/* The run that takes the fewest bytes; `widest` is the width without any
   exception. */
static unsigned best_run(const uint32_t *v, uint32_t n, unsigned widest)
{
    uint32_t count[33] = {0}, extra = 0;
    unsigned best = widest;
    /* What the next one has to be below. */
    size_t limit = pc_run_bytes(n, widest);
    for (uint32_t i = 0; i < n; i++)
        count[pc_bits32(v[i])]++;
    for (unsigned width = widest;
         width-- > 0 && width + EXTRA_BITS >= widest;) {
        extra += count[width + 1];
        if (extra > MOST_EXTRA)
            break;
        unsigned run = width | extra << 5;
        if (pc_run_sound(run) && pc_run_bytes(n, run) < limit) {
            best = run;
            limit = pc_run_bytes(n, run);
        }
    }
    return best;
}

/* The lowest bits of all, the places of the exceptions, their high bits. */
static size_t put_run(uint8_t *out, const uint32_t *v, uint32_t n, unsigned run)
{
    unsigned width = PC_RUN_WIDTH(run), extra = PC_RUN_EXTRA(run);
    uint8_t *places = out + pc_bitpack_bytes(n, width);
    unsigned k = 0;
    pc_bitpack_put(out, v, n, width);
    for (uint32_t i = 0; extra > 0 && i < n; i++) {
        uint32_t high = v[i] >> width;
        if (high == 0)
            continue;
        places[k] = (uint8_t)i;
        places[extra + k++] = (uint8_t)high;
    }
    return pc_run_bytes(n, run);
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
    unsigned bits = widest(gaps, n);
    size_t used;
    PC_ASSERT(bits < 32);
    if (bitmap && bitmap_pays(n, bits, last - base)) {
        widths->doc_bits = PC_DOC_BITMAP;
        used = put_bitmap(out, ids, n, base);
    } else {
        widths->doc_bits = (uint8_t)best_run(gaps, n, bits);
        used = put_run(out, gaps, n, widths->doc_bits);
    }
    bits = widest(freqs, n);
    PC_ASSERT(bits < 32);
    widths->tf_bits = (uint8_t)best_run(freqs, n, bits);
    return used + put_run(out + used, freqs, n, widths->tf_bits);
}

static pc_bitpack_extra extra_of(const uint8_t *in, uint32_t n, unsigned run)
{
    return (pc_bitpack_extra){in + pc_bitpack_bytes(n, PC_RUN_WIDTH(run)),
                              PC_RUN_EXTRA(run)};
}

void pc_docblock_ids(const pc_bitpack_ops *ops, uint32_t *out,
                     const uint8_t *in, uint32_t n, unsigned doc_bits,
                     uint32_t base)
{
    if (PC_RUN_EXTRA(doc_bits))
        ops->get_ids_patched(out, in, n, PC_RUN_WIDTH(doc_bits), base,
                             extra_of(in, n, doc_bits));
    else
        ops->get_ids(out, in, n, doc_bits, base);
}

void pc_docblock_freqs(const pc_bitpack_ops *ops, uint32_t *out,
                       const uint8_t *in, uint32_t n, unsigned tf_bits)
{
    if (PC_RUN_EXTRA(tf_bits))
        ops->get_above_patched(out, in, n, PC_RUN_WIDTH(tf_bits),
                               extra_of(in, n, tf_bits));
    else
        ops->get_above(out, in, n, tf_bits);
}

void pc_docblock_freqs_at(uint32_t *out, const uint8_t *in, uint32_t n,
                          unsigned tf_bits, const uint32_t *at, uint32_t count)
{
    unsigned width = PC_RUN_WIDTH(tf_bits);
    pc_bitpack_extra extra = extra_of(in, n, tf_bits);
    /* They are few: to look for exceptions in vain costs less than a branch
       that is guessed wrong. */
    for (uint32_t i = 0; i < count; i++)
        out[i] = pc_bitpack_at(in, at[i], width) + 1 +
                 (pc_run_extra_at(extra.places, extra.n, at[i]) << width);
}
