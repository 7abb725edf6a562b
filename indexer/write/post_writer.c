/*
 * Cuts posting lists into blocks and keeps, beside the blocks, what a reader
 * wants to know before it decodes them.
 */
#include "indexer/write/post_writer.h"

#include <string.h>

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/codec/posblock.h"
#include "common/codec/varint.h"
#include "common/segment/list.h"

/* Limits of the format: docs/format.md, "Limits". */
#define POS_OFF_MAX UINT32_MAX

static const uint32_t hint_tf[PI_HINT_STEPS] = {1,  2,  3,  4,  5,  6,  8,  10,
                                                12, 16, 20, 24, 32, 48, 64, 128};
static const uint32_t hint_k[PC_HINTS] = {10, 100, 1000};

#define LIST_BUFS(X)                                                           \
    X(last) X(data_off) X(pos_off) X(widths) X(fronts) X(super_last)           \
    X(super_data) X(super_pos) X(super_front) X(data) X(pos) X(inl)

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

static void put_front(pi_post_writer *w, pc_buf *to, const pc_front *f)
{
    uint8_t pairs[PC_FRONT_BYTES];
    pc_front_reduce(f, w->damp, pairs);
    pc_buf_put(to, pairs, sizeof pairs);
}

static void end_super(pi_post_writer *w)
{
    pc_buf_put_u32(&w->super_last, w->base);
    pc_buf_put_u64(&w->super_data, w->super_data_at);
    pc_buf_put_u64(&w->super_pos, w->super_pos_at);
    put_front(w, &w->super_front, &w->super);
    for (unsigned norm = w->super.lo; norm <= w->super.hi; norm++) {
        if (w->super.best[norm])
            pc_front_add(&w->whole, w->super.best[norm], (uint8_t)norm);
    }
}

static void count_hints(pi_post_writer *w)
{
    for (uint32_t i = 0; i < w->n; i++) {
        unsigned step = PI_HINT_STEPS - 1;
        while (hint_tf[step] > w->tfs[i])
            step--;
        w->hist[step][w->norms[i]]++;
    }
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
    pc_front_clear(&w->super);
}

static void end_block(pi_post_writer *w)
{
    uint32_t b = blocks_done(w);
    if (b == 0) {
        pc_front_clear(&w->whole);
        memset(w->hist, 0, sizeof w->hist);
    }
    if (b % PC_SUPER == 0)
        start_super(w);
    pc_front_clear(&w->block_front);
    for (uint32_t i = 0; i < w->n; i++) {
        pc_front_add(&w->block_front, w->tfs[i], w->norms[i]);
        pc_front_add(&w->super, w->tfs[i], w->norms[i]);
    }
    count_hints(w);
    uint64_t pos_off = w->pos.len - w->super_pos_at;
    if (pos_off > POS_OFF_MAX)
        w->status = PARASOL_FULL;
    uint8_t raw[2];
    pc_store16le(raw, (uint16_t)(w->data.len - w->super_data_at));
    pc_buf_put(&w->data_off, raw, 2);
    pc_buf_put_u32(&w->pos_off, (uint32_t)pos_off);
    put_front(w, &w->fronts, &w->block_front);

    pc_docblock_widths widths = {0, 0};
    uint8_t *p = pc_buf_reserve(&w->data, PC_DOCBLOCK_MAX);
    if (p)
        w->data.len +=
            pc_docblock_put(p, w->ids, w->tfs, w->n, w->base, &widths);
    pc_buf_put_u8(&w->widths, widths.doc_bits);
    pc_buf_put_u8(&w->widths, widths.tf_bits);
    pc_posblock_put(&w->pos, w->gaps, w->any_variant ? w->variants : NULL,
                    (uint32_t)w->occurrences);
    w->base = w->ids[w->n - 1];
    pc_buf_put_u32(&w->last, w->base);
    if ((b + 1) % PC_SUPER == 0)
        end_super(w);
    w->n = 0;
    w->occurrences = 0;
    w->any_variant = false;
}

void pi_post_add(pi_post_writer *w, uint32_t doc, uint32_t tf, uint8_t norm,
                 const uint32_t *gaps, const uint16_t *variants)
{
    const pc_mem *mem = w->data.mem;
    size_t need = w->occurrences + tf;
    if (w->status)
        return;
    if (w->n == PC_BLOCK) {
        end_block(w);
        need = tf;
    }
    if (need > UINT32_MAX) {
        w->status = PARASOL_FULL;
        return;
    }
    if (pc_grow(mem, (void **)&w->gaps, &w->gaps_cap, need, sizeof *gaps) ||
        pc_grow(mem, (void **)&w->variants, &w->variants_cap, need,
                sizeof *variants)) {
        w->status = PARASOL_NOMEM;
        return;
    }
    memcpy(w->gaps + w->occurrences, gaps, tf * sizeof *gaps);
    memcpy(w->variants + w->occurrences, variants, tf * sizeof *variants);
    for (uint32_t i = 0; i < tf; i++)
        w->any_variant |= variants[i] != 0;
    w->occurrences = need;
    w->ids[w->n] = doc;
    w->tfs[w->n] = tf;
    w->norms[w->n] = norm;
    w->n++;
    w->df++;
    w->ctf += tf;
}

/* ---- ends of lists ------------------------------------------------------ */

static void put_varint(pc_buf *b, uint32_t v)
{
    uint8_t raw[10];
    pc_buf_put(b, raw, pc_varint_put(raw, v));
}

static void end_inline(pi_post_writer *w, pc_entry *e)
{
    uint32_t base = PC_NO_DOC;
    size_t at = 0;
    e->flags |= PC_ENTRY_INLINE;
    if (w->any_variant)
        e->flags |= PC_ENTRY_VARIANTS;
    for (uint32_t i = 0; i < w->n; i++) {
        put_varint(&w->inl, w->ids[i] - base - 1);
        if (w->n > 1)
            put_varint(&w->inl, w->tfs[i]);
        for (uint32_t k = 0; k < w->tfs[i]; k++, at++) {
            put_varint(&w->inl, w->gaps[at]);
            if (w->any_variant)
                put_varint(&w->inl, w->variants[at]);
        }
        base = w->ids[i];
    }
    e->inl = pc_buf_str(&w->inl);
}

static void end_small(pi_post_writer *w)
{
    uint8_t head[4] = {0, 0, 0, 255};
    pc_docblock_widths widths = {0, 0};
    uint8_t *p = pc_buf_reserve(&w->data, PC_DOCBLOCK_MAX);
    if (p)
        w->data.len +=
            pc_docblock_put(p, w->ids, w->tfs, w->n, PC_NO_DOC, &widths);
    head[0] = widths.doc_bits;
    head[1] = widths.tf_bits;
    for (uint32_t i = 0; i < w->n; i++) {
        uint8_t tf = w->tfs[i] > PC_TF_CAP ? PC_TF_CAP : (uint8_t)w->tfs[i];
        if (tf > head[2])
            head[2] = tf;
        if (w->norms[i] < head[3])
            head[3] = w->norms[i];
    }
    pi_spool_put(&w->postings, head, sizeof head);
    pi_spool_put(&w->postings, w->data.ptr, w->data.len);
    pc_posblock_put(&w->pos, w->gaps, w->any_variant ? w->variants : NULL,
                    (uint32_t)w->occurrences);
}

/* The pair {tf, norm} of greatest weight that at least k postings reach. */
static void hint(const pi_post_writer *w, uint32_t k, uint8_t pair[2])
{
    uint32_t seen[256] = {0};
    float best = -1.0F;
    pair[0] = pair[1] = 0;
    for (unsigned step = PI_HINT_STEPS; step-- > 0;) {
        uint64_t sum = 0;
        for (unsigned norm = 0; norm < 256; norm++)
            seen[norm] += w->hist[step][norm];
        for (unsigned norm = 0; norm < 256; norm++) {
            sum += seen[norm];
            if (sum < k)
                continue;
            float tf = (float)hint_tf[step];
            float weight = tf / (tf + w->damp[norm]);
            if (weight > best) {
                best = weight;
                pair[0] = (uint8_t)hint_tf[step];
                pair[1] = (uint8_t)norm;
            }
            break;
        }
    }
}

static void end_long(pi_post_writer *w)
{
    uint8_t hints[2 * PC_HINTS], front[PC_FRONT_BYTES];
    if (w->n > 0)
        end_block(w);
    if (blocks_done(w) % PC_SUPER != 0)
        end_super(w);
    for (unsigned i = 0; i < PC_HINTS; i++)
        hint(w, hint_k[i], hints + 2 * i);
    pc_front_reduce(&w->whole, w->damp, front);
    pi_spool_put(&w->postings, front, sizeof front);
    pi_spool_put(&w->postings, hints, sizeof hints);
    const pc_buf *parts[] = {&w->super_last, &w->super_data, &w->super_pos,
                             &w->super_front, &w->last, &w->data_off,
                             &w->pos_off, &w->widths, &w->fronts, &w->data};
    for (size_t i = 0; i < PC_COUNTOF(parts); i++)
        pi_spool_put(&w->postings, parts[i]->ptr, parts[i]->len);
}

void pi_post_end(pi_post_writer *w, pc_entry *e)
{
    e->flags |= PC_ENTRY_TERM;
    e->df = w->df;
    e->ctf = w->ctf;
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

void pi_post_writer_finish(pi_post_writer *w, pi_out *o)
{
    pi_post_begin(w); /* gathers what went wrong in the last list */
    pi_out_begin(o, PC_SECTION_POSTINGS);
    (void)pi_spool_drain(&w->postings, o);
    pi_out_begin(o, PC_SECTION_POSITIONS);
    (void)pi_spool_drain(&w->positions, o);
    parasol_error err;
    if (w->status == PARASOL_FULL)
        (void)pc_fail(&err, PARASOL_FULL,
                      "a posting list exceeds a limit of the index format");
    else if (w->status)
        (void)pc_fail_nomem(&err);
    if (w->status)
        pi_out_fail(o, &err);
}
