/*
 * Cuts posting lists into blocks and keeps, beside the blocks, what a reader
 * wants to know before it decodes them.
 */
#include "indexer/write/post_writer.h"

#include <string.h>

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/codec/posblock.h"
#include "common/segment/list.h"

#define POS_OFF_MAX UINT32_MAX

static const uint32_t hint_k[PC_HINTS] = {10, 100, 1000};

#define LIST_BUFS(X)                                                           \
    X(last)                                                                    \
    X(data_off)                                                                \
    X(pos_off)                                                                 \
    X(widths)                                                                  \
    X(peaks)                                                                   \
    X(super_last)                                                              \
    X(super_data)                                                              \
    X(super_pos)                                                               \
    X(super_peaks)                                                             \
    X(shares)                                                                  \
    X(data)                                                                    \
    X(pos)

void pi_post_writer_init(pi_post_writer *w, const char *dir, const pc_mem *mem,
                         const float damp[256])
{
    memset(w, 0, sizeof *w);
    w->damp = damp;
    pi_spool_init(&w->postings, dir, 0, mem);
    pi_spool_init(&w->positions, dir, 0, mem);
#define INIT(b) pc_buf_init(&w->b, mem);
    LIST_BUFS(INIT)
#undef INIT
}

void pi_post_writer_release(pi_post_writer *w)
{
    const pc_mem *mem = w->data.mem;
    pi_spool_release(&w->postings);
    pi_spool_release(&w->positions);
    pc_free(mem, w->gaps);
    pc_free(mem, w->variants);
#define RELEASE(b) pc_buf_release(&w->b);
    LIST_BUFS(RELEASE)
#undef RELEASE
    w->gaps = NULL;
    w->variants = NULL;
}

void pi_post_begin(pi_post_writer *w)
{
    w->df = w->n = 0;
    w->ctf = 0;
    w->base = PC_NO_DOC;
    w->occurrences = 0;
    w->any_variant = false;
    w->super_data_at = w->super_pos_at = 0;
#define CLEAR(b)                                                               \
    if (w->b.status)                                                           \
        w->status = w->b.status;                                               \
    pc_buf_clear(&w->b);
    LIST_BUFS(CLEAR)
#undef CLEAR
}

/* ---- blocks ------------------------------------------------------------- */

static void put_u16(pc_buf *to, uint16_t v)
{
    uint8_t raw[2];
    pc_store16le(raw, v);
    pc_buf_put(to, raw, sizeof raw);
}

static void end_super(pi_post_writer *w)
{
    pc_buf_put_u32(&w->super_last, w->base);
    pc_buf_put_u64(&w->super_data, w->super_data_at);
    pc_buf_put_u64(&w->super_pos, w->super_pos_at);
    put_u16(&w->super_peaks, w->super_peak);
}

/* The peak of the postings at hand; their shares go to w->shares. */
static uint16_t block_peak(pi_post_writer *w)
{
    float best = 0;
    uint8_t *to = pc_buf_reserve(&w->shares, 2 * (size_t)w->n);
    if (!to)
        return 0; /* told at the next list */
    for (uint32_t i = 0; i < w->n; i++) {
        float share = pc_share(w->tfs[i], w->damp[w->norms[i]]);
        pc_store16le(to + 2 * (size_t)i, pc_peak_down(share));
        best = share > best ? share : best;
    }
    w->shares.len += 2 * (size_t)w->n;
    return pc_peak_up(best);
}

static uint32_t blocks_done(const pi_post_writer *w)
{
    return (uint32_t)(w->last.len / 4);
}

/* Starts the arrays of a list that has outgrown one block. */
static void start_super(pi_post_writer *w)
{
    w->super_data_at = w->data.len;
    w->super_pos_at = w->pos.len;
    w->super_peak = 0;
}

/* The positions of the block at hand; its gaps are overwritten. */
static void put_unit(pi_post_writer *w)
{
    pc_posblock_docs docs = {.n = w->n,
                             .tfs = w->tfs,
                             .norms = w->norms,
                             .gaps = w->gaps,
                             .variants = w->any_variant ? w->variants : NULL};
    pc_posblock_put(&w->pos, &docs);
}

/* A limit of the format; docs/format.md, "Limits". */
static void exceed(pi_post_writer *w, const char *why)
{
    if (w->status == PARASOL_OK)
        w->why = why;
    w->status = PARASOL_FULL;
}

static void end_block(pi_post_writer *w)
{
    uint32_t b = blocks_done(w);
    if (b == 0) {
        w->whole_peak = 0;
        w->wide_pos = false;
    }
    if (b % PC_SUPER == 0)
        start_super(w);
    uint16_t peak = block_peak(w);
    if (peak > w->super_peak)
        w->super_peak = peak;
    if (peak > w->whole_peak)
        w->whole_peak = peak;
    uint64_t pos_off = w->pos.len - w->super_pos_at;
    if (pos_off > POS_OFF_MAX)
        exceed(w, "the positions of a word take 4 GiB or more in 4096 of the "
                  "documents that hold it");
    w->wide_pos |= pos_off > UINT16_MAX;
    put_u16(&w->data_off, (uint16_t)(w->data.len - w->super_data_at));
    pc_buf_put_u32(&w->pos_off, (uint32_t)pos_off);
    put_u16(&w->peaks, peak);

    pc_docblock_widths widths = {0, 0};
    uint8_t *p = pc_buf_reserve(&w->data, PC_DOCBLOCK_MAX);
    if (p)
        w->data.len +=
            pc_docblock_put(p, w->ids, w->tfs, w->n, w->base, true, &widths);
    pc_buf_put_u8(&w->widths, widths.doc_bits);
    pc_buf_put_u8(&w->widths, widths.tf_bits);
    put_unit(w);
    w->base = w->ids[w->n - 1];
    pc_buf_put_u32(&w->last, w->base);
    if ((b + 1) % PC_SUPER == 0)
        end_super(w);
    w->n = 0;
    w->occurrences = 0;
    w->any_variant = false;
}

/* Makes the arrays longer, to `need` items. */
static int grow(pi_post_writer *w, size_t need)
{
    const pc_mem *mem = w->data.mem;
    if (need > UINT32_MAX) {
        exceed(w, "a word occurs more than 4294967295 times in 128 of the "
                  "documents that hold it");
        return PARASOL_FULL;
    }
    if (pc_grow(mem, (void **)&w->gaps, &w->gaps_cap, need, sizeof *w->gaps) ||
        pc_grow(mem, (void **)&w->variants, &w->variants_cap, need,
                sizeof *w->variants))
        w->status = PARASOL_NOMEM;
    return w->status;
}

size_t pi_post_room_slow(pi_post_writer *w, size_t tf)
{
    if (w->status)
        return 0;
    if (w->n == PC_BLOCK)
        end_block(w);
    size_t need = w->occurrences + tf;
    if ((need > w->gaps_cap || need > w->variants_cap || need > UINT32_MAX) &&
        grow(w, need))
        return 0;
    size_t cap = w->gaps_cap < w->variants_cap ? w->gaps_cap : w->variants_cap;
    return cap - w->occurrences;
}

void pi_post_add(pi_post_writer *w, uint32_t doc, uint32_t tf, uint8_t norm,
                 const uint32_t *gaps, const uint16_t *variants)
{
    bool any = false;
    if (pi_post_room(w, tf) == 0)
        return;
    memcpy(pi_post_gaps(w), gaps, tf * sizeof *gaps);
    memcpy(pi_post_variants(w), variants, tf * sizeof *variants);
    for (uint32_t i = 0; i < tf; i++)
        any |= variants[i] != 0;
    pi_post_put(w, doc, tf, norm, any);
}

/* ---- ends of lists ------------------------------------------------------ */

static void end_inline(pi_post_writer *w, pc_entry *e)
{
    e->flags |= PC_ENTRY_INLINE;
    if (w->any_variant) {
        e->flags |= PC_ENTRY_VARIANTS;
        memcpy(e->inl.variants, w->variants,
               w->occurrences * sizeof *w->variants);
    }
    memcpy(e->inl.ids, w->ids, w->n * sizeof *w->ids);
    memcpy(e->inl.tfs, w->tfs, w->n * sizeof *w->tfs);
    memcpy(e->inl.gaps, w->gaps, w->occurrences * sizeof *w->gaps);
}

static void end_small(pi_post_writer *w)
{
    uint8_t head[4];
    pc_docblock_widths widths = {0, 0};
    uint8_t *p = pc_buf_reserve(&w->data, PC_DOCBLOCK_MAX);
    if (p)
        w->data.len +=
            pc_docblock_put(p, w->ids, w->tfs, w->n, PC_NO_DOC, false, &widths);
    head[0] = widths.doc_bits;
    head[1] = widths.tf_bits;
    pc_store16le(head + 2, block_peak(w));
    pi_spool_put(&w->postings, head, sizeof head);
    pi_spool_put(&w->postings, w->data.ptr, w->data.len);
    put_unit(w);
}

/* How many shares have each high byte. */
static void count_high(const pc_buf *shares, uint32_t count[256])
{
    memset(count, 0, 256 * sizeof *count);
    for (size_t i = 0; i < shares->len; i += 2)
        count[shares->ptr[i + 1]]++;
}

/* How many of those with this high byte have each low one. Blocks whose peak
   is below it have none. */
static void count_low(const pi_post_writer *w, unsigned high,
                      uint32_t count[256])
{
    const uint8_t *p = w->shares.ptr, *end = p + w->shares.len;
    memset(count, 0, 256 * sizeof *count);
    for (size_t b = 0; p < end; b++) {
        size_t left = (size_t)(end - p), n = 2 * (size_t)PC_BLOCK;
        n = n < left ? n : left;
        bool none = w->peaks.ptr[2 * b + 1] < high;
        for (size_t i = 0; i < n && !none; i += 2) {
            if (p[i + 1] == high)
                count[p[i]]++;
        }
        p += n;
    }
}

/* The largest byte that at least *k of the counted reach; takes off *k those
   that are above it. */
static unsigned kth_byte(const uint32_t count[256], uint32_t *k)
{
    unsigned byte = 255;
    while (count[byte] < *k)
        *k -= count[byte--];
    return byte;
}

/* The k-th largest share of the list, 0 if it is shorter. */
static uint16_t hint(const pi_post_writer *w, const uint32_t high[256],
                     uint32_t k)
{
    uint32_t low[256];
    if (w->df < k)
        return 0;
    unsigned top = kth_byte(high, &k);
    count_low(w, top, low);
    return (uint16_t)(top << 8 | kth_byte(low, &k));
}

/* Makes the offsets of positions half as wide. */
static void narrow_offsets(pi_post_writer *w)
{
    uint8_t *p = w->pos_off.ptr;
    size_t n = w->pos_off.len / 4;
    for (size_t i = 0; i < n; i++)
        pc_store16le(p + 2 * i, (uint16_t)pc_load32le(p + 4 * i));
    w->pos_off.len = 2 * n;
}

static void end_long(pi_post_writer *w)
{
    uint8_t head[2 + 2 * PC_HINTS + 1];
    uint32_t high[256];
    if (w->n > 0)
        end_block(w);
    if (blocks_done(w) % PC_SUPER != 0)
        end_super(w);
    pc_store16le(head, w->whole_peak);
    if (w->shares.status || w->peaks.status)
        return; /* out of memory, told at the next list */
    count_high(&w->shares, high);
    for (unsigned i = 0; i < PC_HINTS; i++)
        pc_store16le(head + 2 + 2 * (size_t)i, hint(w, high, hint_k[i]));
    head[sizeof head - 1] = w->wide_pos;
    if (!w->wide_pos && !w->pos_off.status)
        narrow_offsets(w);
    pi_spool_put(&w->postings, head, sizeof head);
    const pc_buf *parts[] = {&w->super_last,  &w->super_data, &w->super_pos,
                             &w->super_peaks, &w->last,       &w->data_off,
                             &w->widths,      &w->peaks,      &w->pos_off,
                             &w->data};
    for (size_t i = 0; i < PC_COUNTOF(parts); i++)
        pi_spool_put(&w->postings, parts[i]->ptr, parts[i]->len);
}

void pi_post_end(pi_post_writer *w, pc_entry *e)
{
    e->flags |= PC_ENTRY_TERM;
    e->df = w->df;
    e->ctf = w->ctf;
    if (w->status) {
        /* Postings are missing, and the file will fail: any entry will do. */
        e->flags |= PC_ENTRY_INLINE;
        e->df = 1;
        e->ctf = e->inl.tfs[0] = 1;
        return;
    }
    if (w->df <= PC_INLINE_DOCS && w->ctf <= PC_INLINE_OCCURRENCES) {
        end_inline(w, e);
        return;
    }
    e->post_off = pi_spool_at(&w->postings);
    e->pos_off = pi_spool_at(&w->positions);
    if (w->df <= PC_BLOCK)
        end_small(w);
    else
        end_long(w);
    pi_spool_put(&w->positions, w->pos.ptr, w->pos.len);
    e->post_len = pi_spool_at(&w->postings) - e->post_off;
    e->pos_len = pi_spool_at(&w->positions) - e->pos_off;
}

int pi_post_status(pi_post_writer *w, parasol_error *err)
{
    pi_post_begin(w); /* gathers what went wrong in the last list */
    if (w->status == PARASOL_FULL)
        return pc_fail(err, PARASOL_FULL, "%s", w->why);
    return w->status ? pc_fail_nomem(err) : PARASOL_OK;
}

void pi_post_writer_finish(pi_post_writer *w, pi_out *o)
{
    parasol_error err;
    int rc = pi_post_status(w, &err);
    pi_out_begin(o, PC_SECTION_POSTINGS);
    (void)pi_spool_drain(&w->postings, o);
    pi_out_begin(o, PC_SECTION_POSITIONS);
    (void)pi_spool_drain(&w->positions, o);
    if (rc)
        pi_out_fail(o, &err);
}
