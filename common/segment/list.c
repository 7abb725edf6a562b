/*
 * Posting lists: opening, blocks, positions.
 */
#include "common/segment/list.h"

#include <string.h>

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/base/simd.h"
#include "common/format/magic.h"

#define SMALL_HEAD 4u                       /* widths, peak */
#define LONG_HEAD (2u + 2u * PC_HINTS + 1u) /* peak, hints, width */
#define SUPER_BYTES (4u + 8u + 8u + 2u)
#define BLOCK_BYTES (4u + 2u + 2u + 2u) /* and the offset of positions */
/* At wider gaps the sum of a block might wrap around unnoticed. */
#define SAFE_GAP_BITS 24u

static int damaged(const pc_lists *in, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT, "%s: a posting list is damaged",
                   pc_sealed_path(in->file));
}

int pc_lists_open(pc_lists *l, pc_sealed *file, uint32_t docs,
                  parasol_error *err)
{
    *l = (pc_lists){.file = file, .docs = docs};
    int rc = pc_sealed_section(file, PC_SECTION_POSTINGS, &l->postings, err);
    if (!rc)
        rc = pc_sealed_section(file, PC_SECTION_POSITIONS, &l->positions, err);
    return rc;
}

/* ---- opening ------------------------------------------------------------ */

static int open_inline(pc_list *l, const pc_entry *e, parasol_error *err)
{
    if (e->df > PC_INLINE_DOCS || e->inl.ids[e->df - 1] >= l->in->docs)
        return damaged(l->in, err);
    l->inl = e->inl;
    l->is_inline = true;
    l->peak = PC_PEAK_MAX; /* not stored: as good as any */
    return PARASOL_OK;
}

static int open_small(pc_list *l, const uint8_t *p, size_t len,
                      parasol_error *err)
{
    if (len < SMALL_HEAD)
        return damaged(l->in, err);
    int rc = pc_sealed_need(l->in->file, p, SMALL_HEAD, err);
    if (rc)
        return rc;
    l->small = (pc_docblock_widths){p[0], p[1]};
    l->peak = pc_load16le(p + 2);
    l->data = p + SMALL_HEAD;
    l->data_end = p + len;
    return PARASOL_OK;
}

/* Cuts n items of `size` bytes off the front of *p. */
static const uint8_t *cut(const uint8_t **p, uint64_t n, uint64_t size)
{
    const uint8_t *at = *p;
    *p += n * size;
    return at;
}

static int open_long(pc_list *l, const uint8_t *p, size_t len,
                     parasol_error *err)
{
    uint64_t nb = l->blocks, ns = nb / PC_SUPER + (nb % PC_SUPER != 0);
    uint64_t head = LONG_HEAD + ns * SUPER_BYTES + nb * BLOCK_BYTES;
    if (len < head)
        return damaged(l->in, err);
    int rc = pc_sealed_need(l->in->file, p, (size_t)head, err);
    if (rc)
        return rc;
    uint8_t wide = p[LONG_HEAD - 1];
    if (wide > 1 || len - head < (nb * 2) << wide)
        return damaged(l->in, err);
    rc = pc_sealed_need(l->in->file, p + head, (size_t)((nb * 2) << wide), err);
    if (rc)
        return rc;
    const uint8_t *at = p;
    l->supers = (uint32_t)ns;
    l->peak = pc_load16le(cut(&at, 1, 2));
    for (unsigned i = 0; i < PC_HINTS; i++)
        l->hints[i] = pc_load16le(cut(&at, 1, 2));
    l->wide_pos = cut(&at, 1, 1)[0] != 0;
    l->super_last = cut(&at, ns, 4);
    l->super_data = cut(&at, ns, 8);
    l->super_pos = cut(&at, ns, 8);
    l->super_peaks = cut(&at, ns, 2);
    l->last = cut(&at, nb, 4);
    l->data_off = cut(&at, nb, 2);
    l->widths = cut(&at, nb, 2);
    l->peaks = cut(&at, nb, 2);
    l->pos_off = cut(&at, nb, wide ? 4 : 2);
    l->data = at;
    l->data_end = p + len;
    return PARASOL_OK;
}

int pc_list_open(pc_list *l, const pc_lists *in, const pc_entry *e,
                 parasol_error *err)
{
    memset(l, 0, offsetof(pc_list, inl)); /* not what most lists do not have */
    l->in = in;
    l->df = e->df;
    l->ctf = e->ctf;
    l->field = e->field % PC_FIELD_COUNT; /* of any language */
    l->blocks = e->df / PC_BLOCK + (e->df % PC_BLOCK != 0);
    if (e->df > in->docs)
        return damaged(in, err);
    if (e->flags & PC_ENTRY_INLINE)
        return open_inline(l, e, err);
    if (e->post_off > in->postings.len ||
        e->post_len > in->postings.len - e->post_off ||
        e->pos_off > in->positions.len ||
        e->pos_len > in->positions.len - e->pos_off)
        return damaged(in, err);
    l->pos = in->positions.ptr + e->pos_off;
    l->pos_end = l->pos + e->pos_len;
    const uint8_t *p = in->postings.ptr + e->post_off;
    return l->blocks == 1 ? open_small(l, p, (size_t)e->post_len, err)
                          : open_long(l, p, (size_t)e->post_len, err);
}

void pc_list_fetch(const pc_lists *in, const pc_entry *e)
{
    uint64_t nb = e->df / PC_BLOCK + (e->df % PC_BLOCK != 0);
    uint64_t ns = nb / PC_SUPER + (nb % PC_SUPER != 0);
    uint64_t arrays = LONG_HEAD + ns * SUPER_BYTES;
    if ((e->flags & PC_ENTRY_INLINE) || e->post_off > in->postings.len ||
        (nb > 1 && arrays + nb * BLOCK_BYTES > in->postings.len - e->post_off))
        return;
    const uint8_t *p = in->postings.ptr + e->post_off;
    PC_PREFETCH(p);
    PC_PREFETCH(p + 64);
    if (nb < 2)
        return;
    p += arrays;
    PC_PREFETCH(p);              /* last */
    PC_PREFETCH(p + 4 * nb);     /* data_off */
    PC_PREFETCH(p + 6 * nb);     /* widths */
    p += nb * (BLOCK_BYTES + 2); /* data, nearly always */
    PC_PREFETCH(p);
    PC_PREFETCH(p + 64);
}

/* ---- blocks ------------------------------------------------------------- */

uint32_t pc_list_last(const pc_list *l, uint32_t b)
{
    if (l->last)
        return pc_load32le(l->last + 4 * (size_t)b);
    return l->is_inline ? l->inl.ids[l->df - 1] : l->in->docs - 1;
}

uint32_t pc_list_seek(const pc_list *l, uint32_t from, uint32_t doc)
{
    uint32_t lo = from, step = 1;
    while (lo < l->blocks && pc_list_last(l, lo) < doc) {
        /* Invariant: everything up to lo ends before doc. */
        uint32_t hi = l->blocks - lo > step ? lo + step : l->blocks;
        if (hi < l->blocks && pc_list_last(l, hi) < doc) {
            lo = hi;
            step *= 2;
            continue;
        }
        while (hi - lo > 1) {
            uint32_t mid = lo + (hi - lo) / 2;
            if (pc_list_last(l, mid) < doc)
                lo = mid;
            else
                hi = mid;
        }
        return hi;
    }
    return lo;
}

uint32_t pc_list_pos_off(const pc_list *l, uint32_t b)
{
    return l->wide_pos ? pc_load32le(l->pos_off + 4 * (size_t)b)
                       : pc_load16le(l->pos_off + 2 * (size_t)b);
}

/* A bitmap has as many bits as the block documents, and ends in one. */
static bool sound_bitmap(const pc_list *l, const pc_block *k)
{
    uint32_t end = k->range - 1;
    return k->range > 0 && k->base + k->range < l->in->docs &&
           (k->ids[end / 8] >> (end % 8) & 1) &&
           pc_bitpack_ops_at(pc_simd_level())->count(k->ids, k->range) == k->n;
}

int pc_list_block(const pc_list *l, uint32_t b, pc_block *out,
                  parasol_error *err)
{
    uint64_t off = 0;
    *out = (pc_block){.widths = l->small,
                      .n = pc_list_block_len(l, b),
                      .base = b == 0 ? PC_NO_DOC : pc_list_last(l, b - 1)};
    if (l->last) {
        uint64_t base = pc_load64le(l->super_data + 8 * (size_t)(b / PC_SUPER));
        off = base + pc_load16le(l->data_off + 2 * (size_t)b);
        out->widths.doc_bits = l->widths[2 * (size_t)b];
        out->widths.tf_bits = l->widths[2 * (size_t)b + 1];
        out->range = pc_list_last(l, b) - out->base;
        if (off < base)
            return damaged(l->in, err);
    }
    pc_docblock_widths w = out->widths;
    bool bitmap = w.doc_bits == PC_DOC_BITMAP;
    uint64_t room = (uint64_t)(l->data_end - l->data);
    if ((bitmap ? out->range > PC_BITMAP_RANGE : !pc_run_sound(w.doc_bits)) ||
        !pc_run_sound(w.tf_bits))
        return damaged(l->in, err);
    size_t ids = pc_docblock_id_bytes(out->n, w.doc_bits, out->range);
    size_t bytes = ids + pc_run_bytes(out->n, w.tf_bits);
    if (off > room || bytes > room - off)
        return damaged(l->in, err);
    out->ids = l->data + off;
    out->tfs = out->ids + ids;
    int rc = pc_sealed_need(l->in->file, out->ids, bytes, err);
    return rc || !bitmap || sound_bitmap(l, out) ? rc : damaged(l->in, err);
}

int pc_list_bits(const pc_list *l, uint32_t b, pc_block *out,
                 parasol_error *err)
{
    uint64_t base = pc_load64le(l->super_data + 8 * (size_t)(b / PC_SUPER));
    uint64_t off = base + pc_load16le(l->data_off + 2 * (size_t)b);
    uint64_t room = (uint64_t)(l->data_end - l->data);
    uint32_t last = pc_load32le(l->last + 4 * (size_t)b);
    out->base = b == 0 ? PC_NO_DOC : pc_load32le(l->last + 4 * (size_t)b - 4);
    out->range = last - out->base;
    out->n = pc_list_block_len(l, b);
    out->ids = l->data + off;
    size_t bytes = ((size_t)out->range + 7) / 8;
    if (last >= l->in->docs || out->range - 1 >= PC_BITMAP_RANGE ||
        out->range - 1 > last || off < base || off > room || bytes > room - off)
        return damaged(l->in, err);
    return pc_sealed_need(l->in->file, out->ids, bytes, err);
}

int pc_list_damaged(const pc_list *l, parasol_error *err)
{
    return damaged(l->in, err);
}

static bool ascending(const uint32_t *ids, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        if (ids[i] <= ids[i - 1])
            return false;
    }
    return true;
}

int pc_list_ids_of(const pc_list *l, uint32_t b, pc_block *out, uint32_t *ids,
                   parasol_error *err)
{
    if (l->is_inline) {
        for (uint32_t i = 0; i < l->df; i++)
            ids[i] = l->inl.ids[i];
        return PARASOL_OK;
    }
    int rc = pc_list_block(l, b, out, err);
    if (rc)
        return rc;
    const pc_block k = *out;
    const pc_bitpack_ops *ops = pc_bitpack_ops_at(pc_simd_level());
    unsigned bits = k.widths.doc_bits;
    bool wide = bits != PC_DOC_BITMAP && PC_RUN_WIDTH(bits) > SAFE_GAP_BITS;
    if (bits == PC_DOC_BITMAP)
        ops->get_set(ids, k.ids, k.range, k.base);
    else
        pc_docblock_ids(ops, ids, k.ids, k.n, bits, k.base);
    uint32_t last = ids[k.n - 1];
    if (last >= l->in->docs || (b > 0 && ids[0] <= k.base) ||
        (l->last && last != pc_list_last(l, b)) ||
        (wide && !ascending(ids, k.n)))
        return damaged(l->in, err);
    return PARASOL_OK;
}

int pc_list_ids(const pc_list *l, uint32_t b, uint32_t *ids, parasol_error *err)
{
    pc_block k;
    return pc_list_ids_of(l, b, &k, ids, err);
}

void pc_block_freqs(const pc_block *k, uint32_t *tfs)
{
    pc_docblock_freqs(pc_bitpack_ops_at(pc_simd_level()), tfs, k->tfs, k->n,
                      k->widths.tf_bits);
}

int pc_list_freqs(const pc_list *l, uint32_t b, uint32_t *tfs,
                  parasol_error *err)
{
    if (l->is_inline) {
        for (uint32_t i = 0; i < l->df; i++)
            tfs[i] = l->inl.tfs[i];
        return PARASOL_OK;
    }
    pc_block k;
    int rc = pc_list_block(l, b, &k, err);
    if (rc)
        return rc;
    pc_block_freqs(&k, tfs);
    return PARASOL_OK;
}
