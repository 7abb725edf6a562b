/*
 * Positions of posting lists.
 */
#include "common/segment/positions.h"

#include "common/base/fail.h"

static int damaged(const pc_list *l, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT,
                   "%s: the positions of a word are damaged",
                   pc_sealed_path(l->in->file));
}

void pc_pos_reader_init(pc_pos_reader *r, const pc_list *l)
{
    r->list = l;
    r->norms = l->in->norms[l->field];
    r->block = UINT32_MAX;
}

/* ---- a block ------------------------------------------------------------ */

/* Where the unit of block b starts; UINT64_MAX if nowhere. */
static uint64_t unit_start(const pc_list *l, uint32_t b)
{
    if (!l->last)
        return 0;
    uint64_t base = pc_load64le(l->super_pos + 8 * (size_t)(b / PC_SUPER));
    uint64_t off = base + pc_load32le(l->pos_off + 4 * (size_t)b);
    return off < base ? UINT64_MAX : off;
}

static int open_unit(pc_pos_reader *r, uint32_t b, const uint32_t *ids,
                     parasol_error *err)
{
    const pc_list *l = r->list;
    uint64_t end = (uint64_t)(l->pos_end - l->pos);
    uint64_t from = unit_start(l, b);
    uint64_t to = b + 1 < l->blocks ? unit_start(l, b + 1) : end;
    if (from > to || to > end)
        return damaged(l, err);
    int rc =
        pc_sealed_need(l->in->file, l->pos + from, (size_t)(to - from), err);
    uint32_t n = pc_list_block_len(l, b);
    if (!rc && r->norms)
        rc = pc_sealed_need(l->in->file, r->norms + ids[0],
                            (size_t)(ids[n - 1] - ids[0]) + 1, err);
    if (!rc && pc_posblock_open(&r->unit, l->pos + from, (size_t)(to - from)))
        rc = damaged(l, err);
    return rc;
}

static uint8_t norm_of(const pc_pos_reader *r, uint32_t id)
{
    return r->norms ? r->norms[id] : 255;
}

/* The bits of a code; more than any unit has if there can be none. */
static uint64_t code_bits(const pc_pos_reader *r, uint8_t norm, uint32_t tf)
{
    uint32_t bound = pc_posblock_bound(&r->unit, norm, tf);
    if (tf > bound || tf == 0)
        return (uint64_t)1 << 48;
    return pc_poscode_bits(pc_poscode_tables(), tf, bound);
}

/* Finds the places of documents up to i. */
static void find(pc_pos_reader *r, uint32_t i, const uint32_t *ids,
                 const uint32_t *tfs)
{
    const pc_possizes *sizes = pc_possizes_tables();
    const uint16_t(*usual)[PC_POS_SIZES] =
        r->unit.usual < PC_COUNTOF(sizes->bits) ? sizes->bits[r->unit.usual]
                                                : NULL;
    uint64_t bit = r->bits[r->known];
    for (uint32_t k = r->known; k <= i; k++) {
        uint32_t tf = tfs[k];
        uint8_t norm = norm_of(r, ids[k]);
        if (PC_LIKELY(usual && tf < PC_POS_SIZES))
            bit += usual[norm][tf];
        else
            bit += code_bits(r, norm, tf);
        r->bits[k + 1] = bit;
    }
    r->known = i + 1;
}

int pc_pos_reader_seek(pc_pos_reader *r, uint32_t b, uint32_t i,
                       const uint32_t *ids, const uint32_t *tfs,
                       parasol_error *err)
{
    bool is_inline = r->list->is_inline;
    if (r->block != b) {
        r->block = UINT32_MAX;
        r->known = 0;
        r->bits[0] = 0;
        r->has_variants = false;
        r->unit = (pc_posblock){0};
        int rc = is_inline ? PARASOL_OK : open_unit(r, b, ids, err);
        if (rc)
            return rc;
        r->block = b;
    }
    r->doc = i;
    r->tf = tfs[i];
    if (is_inline)
        return PARASOL_OK;
    if (i >= r->known)
        find(r, i, ids, tfs);
    r->norm = norm_of(r, ids[i]);
    /* Sizes of impossible codes are wrong, but they are those of others. */
    if (r->bits[i + 1] > r->unit.bits || r->tf == 0 ||
        r->tf > pc_posblock_bound(&r->unit, r->norm, r->tf))
        return damaged(r->list, err);
    return PARASOL_OK;
}

/* ---- a document --------------------------------------------------------- */

/* Positions of a list in the dictionary. */
static void get_inline(const pc_list *l, uint32_t doc, uint32_t *out)
{
    uint32_t last = 0, at = 0;
    for (uint32_t i = 0; i < doc; i++)
        at += l->inl_tfs[i];
    for (uint32_t k = 0; k < l->inl_tfs[doc]; k++)
        out[k] = last += l->inl_gaps[at + k];
}

int pc_pos_reader_get(const pc_pos_reader *r, uint32_t *out, parasol_error *err)
{
    if (r->list->is_inline) {
        get_inline(r->list, r->doc, out);
        return PARASOL_OK;
    }
    uint32_t bound = pc_posblock_bound(&r->unit, r->norm, r->tf);
    if (!pc_poscode_get(pc_poscode_tables(), r->unit.codes, r->bits[r->doc],
                        r->tf, bound, out))
        return damaged(r->list, err);
    for (uint32_t k = 1; k < r->tf && r->unit.shared; k++)
        out[k] -= k;
    return PARASOL_OK;
}

uint32_t pc_pos_reader_variant(pc_pos_reader *r, const uint32_t *ids,
                               const uint32_t *tfs, uint32_t k)
{
    uint64_t at = k;
    for (uint32_t i = 0; i < r->doc; i++)
        at += tfs[i];
    if (r->list->is_inline)
        return r->list->inl_variants[at];
    if (r->unit.variants == 0)
        return 0;
    uint32_t n = pc_list_block_len(r->list, r->block);
    if (r->known < n)
        find(r, n - 1, ids, tfs);
    if (!r->has_variants || r->variants.before > at) {
        pc_variants_init(&r->variants, &r->unit, r->bits[n]);
        r->has_variants = true;
    }
    while (r->variants.next < at)
        pc_variants_next(&r->variants);
    return r->variants.next == at ? r->variants.value : 0;
}
