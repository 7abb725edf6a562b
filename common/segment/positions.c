/*
 * Positions of posting lists.
 */
#include "common/segment/positions.h"

#include "common/base/fail.h"
#include "common/base/simd.h"

static int damaged(const pc_list *l, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT,
                   "%s: the positions of a word are damaged",
                   pc_sealed_path(l->in->file));
}

void pc_pos_reader_init(pc_pos_reader *r, const pc_list *l)
{
    r->list = l;
    r->code = pc_poscode_tables();
    r->ops = pc_poscode_ops_at(pc_simd_level());
    r->sizes = pc_possizes_tables();
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
    uint64_t off = base + pc_list_pos_off(l, b);
    return off < base ? UINT64_MAX : off;
}

void pc_pos_reader_fetch(const pc_pos_reader *r, uint32_t b)
{
    const pc_list *l = r->list;
    uint64_t from = l->is_inline ? 0 : unit_start(l, b);
    if (!l->is_inline && from < (uint64_t)(l->pos_end - l->pos))
        PC_PREFETCH(l->pos + from);
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
    if (!rc &&
        pc_posblock_open(&r->unit, l->pos + from, (size_t)(to - from), n))
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
    uint32_t bound = pc_posblock_bound(&r->unit, r->sizes, norm, tf);
    if (tf > bound || tf == 0)
        return (uint64_t)1 << 48;
    return pc_poscode_bits(r->code, tf, bound);
}

/* The bits of a document's code. */
static inline uint64_t size_of(const pc_pos_reader *r, uint32_t id, uint32_t tf)
{
    if (PC_LIKELY(r->usual && tf < PC_POS_SIZES))
        return r->usual[r->norms[id] * PC_POS_SIZES + tf];
    return code_bits(r, norm_of(r, id), tf);
}

/* Sum over documents [from, to); four at a time where they are usual. */
static uint64_t sum_sizes(const pc_pos_reader *r, uint32_t from, uint32_t to,
                          const uint32_t *ids, const uint32_t *tfs)
{
    const uint16_t *usual = r->usual;
    const uint8_t *norms = r->norms;
    uint64_t sum = 0;
    for (uint32_t k = from; k < to;) {
        for (; usual && k + 4 <= to; k += 4) {
            const uint32_t *id = ids + k, *tf = tfs + k;
            if ((tf[0] | tf[1] | tf[2] | tf[3]) >= PC_POS_SIZES)
                break;
            uint32_t a = usual[norms[id[0]] * PC_POS_SIZES + tf[0]];
            uint32_t b = usual[norms[id[1]] * PC_POS_SIZES + tf[1]];
            uint32_t c = usual[norms[id[2]] * PC_POS_SIZES + tf[2]];
            uint32_t d = usual[norms[id[3]] * PC_POS_SIZES + tf[3]];
            sum += a + b + c + d;
        }
        for (uint32_t end = k + 4; k < to && k < end; k++)
            sum += size_of(r, ids[k], tfs[k]);
    }
    return sum;
}

/* Where the codes from sample `s` on start. */
static uint64_t sample_bit(const pc_pos_reader *r, uint32_t s)
{
    return s == 0 ? 0 : pc_load16le(r->unit.samples + 2 * ((size_t)s - 1));
}

/* Where the code of document i starts: from the sample before or behind it, or
   from the document before that is known, whichever is nearer. */
static uint64_t start_of(pc_pos_reader *r, uint32_t i, const uint32_t *ids,
                         const uint32_t *tfs)
{
    uint32_t s = i / PC_POS_SAMPLE, next = (s + 1) * PC_POS_SAMPLE;
    uint32_t far = i < r->known ? UINT32_MAX : i - r->known;
    if (r->unit.samples && i % PC_POS_SAMPLE < far) {
        far = i % PC_POS_SAMPLE;
        r->known = i - far;
        r->end = sample_bit(r, s);
    } else if (far == UINT32_MAX) {
        r->known = 0;
        r->end = 0;
    }
    if (!r->unit.samples || next >= PC_POS_UNIT || next - i >= far)
        return r->end + sum_sizes(r, r->known, i, ids, tfs);
    return sample_bit(r, s + 1) - sum_sizes(r, i, next, ids, tfs);
}

static int open_block(pc_pos_reader *r, uint32_t b, const uint32_t *ids,
                      parasol_error *err)
{
    r->block = UINT32_MAX;
    r->known = 0;
    r->end = 0;
    r->has_variants = false;
    r->before = r->counted = 0;
    int rc = r->list->is_inline ? PARASOL_OK : open_unit(r, b, ids, err);
    if (rc)
        return rc;
    r->block = b;
    r->usual = NULL;
    if (r->unit.usual < PC_COUNTOF(r->sizes->bits) && r->norms)
        r->usual = r->sizes->bits[r->unit.usual][0];
    return PARASOL_OK;
}

pc_pos_spot pc_pos_reader_spot(const pc_pos_reader *r)
{
    if (r->list->is_inline)
        return (pc_pos_spot){.bits = r->doc, .tf = r->tf};
    return (pc_pos_spot){.codes = r->unit.codes,
                         .bit = r->bit,
                         .bits = (uint32_t)(r->end - r->bit),
                         .tf = r->tf,
                         .bound = r->bound,
                         .shared = r->unit.shared};
}

/* Finds the code of document i of the open block. */
static inline bool find_code(pc_pos_reader *r, uint32_t i, const uint32_t *ids,
                             const uint32_t *tfs)
{
    uint8_t norm = norm_of(r, ids[i]);
    r->doc = i;
    r->tf = tfs[i];
    r->bit = start_of(r, i, ids, tfs);
    r->end = r->bit + size_of(r, ids[i], r->tf);
    r->known = i + 1;
    r->bound = pc_posblock_bound(&r->unit, r->sizes, norm, r->tf);
    /* Sizes of impossible codes are wrong, but they are those of others. */
    return r->end <= r->unit.bits && r->bit <= r->end && r->tf > 0 &&
           r->tf <= r->bound;
}

int pc_pos_reader_seek(pc_pos_reader *r, uint32_t b, uint32_t i,
                       const uint32_t *ids, const uint32_t *tfs,
                       parasol_error *err)
{
    if (r->block != b) {
        int rc = open_block(r, b, ids, err);
        if (rc)
            return rc;
    }
    uint32_t before = r->doc;
    r->doc = i;
    r->tf = tfs[i];
    if (r->list->is_inline || (r->known > 0 && before == i) ||
        find_code(r, i, ids, tfs))
        return PARASOL_OK;
    r->block = UINT32_MAX;
    return damaged(r->list, err);
}

/* The spots of documents whose frequencies are usual, in a unit with samples;
   what find_code does, with what does not change at hand. Returns how many of n
   there are before one that is not usual or not sound. */
static uint32_t usual_spots(pc_pos_reader *r, const uint32_t *at, uint32_t n,
                            const uint32_t *ids, const uint32_t *tfs,
                            pc_pos_spot *out)
{
    const uint16_t *usual = r->usual;
    const uint8_t *norms = r->norms, *codes = r->unit.codes;
    uint32_t known = 0;
    uint64_t end = 0, all = r->unit.bits;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t d = at[i], tf = tfs[d];
        uint8_t norm = norms[ids[d]];
        uint32_t s = d / PC_POS_SAMPLE, next = (s + 1) * PC_POS_SAMPLE;
        uint32_t far = d % PC_POS_SAMPLE, size;
        uint64_t bit;
        if (tf >= PC_POS_SIZES)
            return i;
        size = usual[norm * PC_POS_SIZES + tf];
        if (far < d - known) {
            known = d - far;
            end = sample_bit(r, s);
        }
        if (next < PC_POS_UNIT && next - d < d - known)
            bit = sample_bit(r, s + 1) - sum_sizes(r, d, next, ids, tfs);
        else
            bit = end + sum_sizes(r, known, d, ids, tfs);
        known = d + 1;
        end = bit + size;
        /* Where there can be no code, the size is 0. */
        if (end > all || bit > end || size == 0)
            return i;
        out[i] = (pc_pos_spot){
            .codes = codes,
            .bit = bit,
            .bits = size,
            .tf = tf,
            .bound = pc_posblock_bound(&r->unit, r->sizes, norm, tf)};
        PC_PREFETCH(codes + bit / 8);
    }
    return n;
}

int pc_pos_reader_spots(pc_pos_reader *r, uint32_t b, const uint32_t *at,
                        uint32_t n, const uint32_t *ids, const uint32_t *tfs,
                        pc_pos_spot *out, parasol_error *err)
{
    int rc = open_block(r, b, ids, err);
    r->block = UINT32_MAX;
    uint32_t i = 0;
    if (!rc && r->usual && r->unit.samples)
        i = usual_spots(r, at, n, ids, tfs, out);
    for (; i < n && !rc; i++) {
        if (r->list->is_inline) {
            out[i] = (pc_pos_spot){.bits = at[i], .tf = tfs[at[i]]};
            continue;
        }
        if (!find_code(r, at[i], ids, tfs))
            return damaged(r->list, err);
        out[i] = pc_pos_reader_spot(r);
        PC_PREFETCH(out[i].codes + out[i].bit / 8);
    }
    return rc;
}

/* ---- a document --------------------------------------------------------- */

/* Positions of a list in the dictionary. */
static void get_inline(const pc_list *l, uint32_t doc, uint32_t *out)
{
    uint32_t last = 0, at = 0;
    for (uint32_t i = 0; i < doc; i++)
        at += l->inl.tfs[i];
    for (uint32_t k = 0; k < l->inl.tfs[doc]; k++)
        out[k] = last += l->inl.gaps[at + k];
}

int pc_pos_spot_get(const pc_pos_reader *r, const pc_pos_spot *s, uint32_t *out,
                    parasol_error *err)
{
    if (!s->codes) {
        get_inline(r->list, s->bits, out);
        return PARASOL_OK;
    }
    if (!r->ops->get(r->code, s->codes, s->bit, s->bit + s->bits, s->tf,
                     s->bound, out))
        return damaged(r->list, err);
    for (uint32_t k = 1; k < s->tf && s->shared; k++)
        out[k] -= k;
    return PARASOL_OK;
}

int pc_pos_reader_get(const pc_pos_reader *r, uint32_t *out, parasol_error *err)
{
    pc_pos_spot s = pc_pos_reader_spot(r);
    return pc_pos_spot_get(r, &s, out, err);
}

/* Occurrences of the block before the current document. */
static uint64_t occurrences_before(pc_pos_reader *r, const uint32_t *tfs)
{
    if (r->doc < r->counted)
        r->before = r->counted = 0;
    for (; r->counted < r->doc; r->counted++)
        r->before += tfs[r->counted];
    return r->before;
}

/* Goes to the first occurrence from `at` on that has a variant above 0. */
static void seek_variants(pc_pos_reader *r, const uint32_t *ids,
                          const uint32_t *tfs, uint64_t at)
{
    if (!r->has_variants || r->variants.before > at) {
        uint32_t n = pc_list_block_len(r->list, r->block);
        uint64_t codes = sum_sizes(r, 0, n, ids, tfs);
        pc_variants_init(&r->variants, &r->unit, codes);
        r->has_variants = true;
    }
    while (r->variants.next < at)
        pc_variants_next(&r->variants);
}

uint32_t pc_pos_reader_variant(pc_pos_reader *r, const uint32_t *ids,
                               const uint32_t *tfs, uint32_t k)
{
    uint64_t at = occurrences_before(r, tfs) + k;
    if (r->list->is_inline)
        return r->list->inl.variants[at];
    if (r->unit.variants == 0)
        return 0;
    seek_variants(r, ids, tfs, at);
    return r->variants.next == at ? r->variants.value : 0;
}

void pc_pos_reader_variants(pc_pos_reader *r, const uint32_t *ids,
                            const uint32_t *tfs, uint16_t *out)
{
    uint64_t at = occurrences_before(r, tfs);
    if (r->list->is_inline) {
        memcpy(out, r->list->inl.variants + at, r->tf * sizeof *out);
        return;
    }
    memset(out, 0, r->tf * sizeof *out);
    if (r->unit.variants == 0)
        return;
    seek_variants(r, ids, tfs, at);
    for (; r->variants.next < at + r->tf; pc_variants_next(&r->variants))
        out[r->variants.next - at] = r->variants.value;
}
