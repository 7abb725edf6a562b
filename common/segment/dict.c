/*
 * Lookup and ordered scan of the dictionary.
 */
#include "common/segment/dict.h"

#include "common/base/fail.h"
#include "common/format/magic.h"

#define INDEX_HEAD 24u /* u64 blocks, u64 entries, u32 symbols, their bytes */

static int damaged(const pc_dict *d, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT, "%s: the dictionary is damaged",
                   pc_sealed_path(d->file));
}

/* The symbols, which end the index. */
static int open_symbols(pc_dict *d, const uint8_t *p, uint32_t n, uint32_t size,
                        parasol_error *err)
{
    int rc = pc_sealed_need(d->file, p, (size_t)n + size, err);
    if (!rc && !pc_symbols_set(&d->symbols, n, p, p + n, size))
        rc = damaged(d, err);
    return rc;
}

int pc_dict_open(pc_dict *d, pc_sealed *file, parasol_error *err)
{
    pc_section index;
    d->file = file;
    int rc = pc_sealed_section(file, PC_SECTION_TERMS, &d->terms, err);
    if (!rc)
        rc = pc_sealed_section(file, PC_SECTION_TERM_INDEX, &index, err);
    if (rc)
        return rc;
    if (index.len < INDEX_HEAD)
        return damaged(d, err);
    rc = pc_sealed_need(file, index.ptr, INDEX_HEAD, err);
    if (rc)
        return rc;
    d->blocks = pc_load64le(index.ptr);
    d->entries = pc_load64le(index.ptr + 8);
    uint32_t n = pc_load32le(index.ptr + 16),
             size = pc_load32le(index.ptr + 20);
    uint64_t symbols = (uint64_t)n + size, each = 8 + PC_DICT_OFFSET;
    if (n > PC_SYMBOLS_MAX || d->blocks > index.len / each ||
        index.len != INDEX_HEAD + d->blocks * each + PC_DICT_OFFSET + symbols)
        return damaged(d, err);
    d->prefixes = index.ptr + INDEX_HEAD;
    d->offsets = d->prefixes + d->blocks * 8;
    return open_symbols(d, index.ptr + index.len - symbols, n, size, err);
}

/* The prefix of block i, verified. */
static int block_prefix(const pc_dict *d, uint64_t i, uint64_t *out,
                        parasol_error *err)
{
    const uint8_t *p = d->prefixes + 8 * i;
    *out = pc_load64le(p);
    return pc_sealed_need(d->file, p, 8, err);
}

/* Block i, its bytes verified. */
static int block_bytes(const pc_dict *d, uint64_t i, pc_termblock_bytes *out,
                       parasol_error *err)
{
    const uint8_t *at = d->offsets + PC_DICT_OFFSET * i;
    int rc = block_prefix(d, i, &out->prefix, err);
    if (!rc)
        rc = pc_sealed_need(d->file, at, 2 * PC_DICT_OFFSET, err);
    if (rc)
        return rc;
    uint64_t from = pc_dict_offset(d, i), to = pc_dict_offset(d, i + 1);
    if (from >= to || to > d->terms.len)
        return damaged(d, err);
    out->symbols = &d->symbols;
    out->ptr = d->terms.ptr + from;
    out->len = (size_t)(to - from);
    return pc_sealed_need(d->file, out->ptr, out->len, err);
}

int pc_dict_block(const pc_dict *d, uint64_t i, pc_termblock *out,
                  parasol_error *err)
{
    pc_termblock_bytes in;
    int rc = block_bytes(d, i, &in, err);
    if (rc)
        return rc;
    return pc_termblock_open(out, &in) ? damaged(d, err) : PARASOL_OK;
}

int pc_dict_block_prefix(const pc_dict *d, uint64_t i, uint64_t *out,
                         parasol_error *err)
{
    return block_prefix(d, i, out, err);
}

int pc_dict_skip(const pc_dict *d, uint64_t from, uint64_t prefix,
                 uint64_t *out, parasol_error *err)
{
    uint64_t v, low = from, step = 1;
    int rc = PARASOL_OK;
    /* low: a block that may be begun with; low + step: perhaps beyond. */
    for (; d->blocks - low > step; step *= 2) {
        rc = block_prefix(d, low + step, &v, err);
        if (rc)
            return rc;
        if (v >= prefix)
            break;
        low += step;
    }
    uint64_t high = d->blocks - low > step ? low + step : d->blocks;
    while (high - low > 1) {
        uint64_t mid = low + (high - low) / 2;
        rc = block_prefix(d, mid, &v, err);
        if (rc)
            return rc;
        if (v < prefix)
            low = mid;
        else
            high = mid;
    }
    *out = low;
    return PARASOL_OK;
}

/* First block, from `lo` on, whose prefix is above `prefix`, or also equal to
   it if `or_equal`. */
static int search_prefix(const pc_dict *d, uint64_t lo, uint64_t prefix,
                         bool or_equal, uint64_t *out, parasol_error *err)
{
    uint64_t n = d->blocks - lo;
    while (n > 0) {
        uint64_t half = n / 2, v;
        int rc = block_prefix(d, lo + half, &v, err);
        if (rc)
            return rc;
        if (v < prefix || (!or_equal && v == prefix)) {
            lo += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    *out = lo;
    return PARASOL_OK;
}

/* The blocks whose prefix equals the key's: [*lo, *hi). Mostly none or one. */
static int equal_prefixes(const pc_dict *d, uint64_t prefix, uint64_t *lo,
                          uint64_t *hi, parasol_error *err)
{
    uint64_t v;
    int rc = search_prefix(d, 0, prefix, true, lo, err);
    for (*hi = *lo; !rc && *hi < d->blocks && *hi < *lo + 4; ++*hi) {
        rc = block_prefix(d, *hi, &v, err);
        if (rc || v != prefix)
            return rc;
    }
    return rc ? rc : search_prefix(d, *hi, prefix, false, hi, err);
}

/* Among blocks [lo, hi), whose prefixes equal the key's: how many begin with
   a key that is not above it. */
static int search_keys(const pc_dict *d, uint64_t lo, uint64_t hi, pc_str key,
                       uint64_t *out, parasol_error *err)
{
    while (lo < hi) {
        uint64_t mid = lo + (hi - lo) / 2;
        pc_termblock_bytes in;
        int cmp, rc = block_bytes(d, mid, &in, err);
        if (rc)
            return rc;
        if (pc_termblock_compare_first(&in, key, &cmp))
            return damaged(d, err);
        if (cmp >= 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    *out = lo;
    return PARASOL_OK;
}

/* Opens the block that `key` is in, if it is anywhere; *any tells whether
   there is one. */
static int open_block(const pc_dict *d, pc_str key, pc_termblock *block,
                      bool *any, parasol_error *err)
{
    uint64_t prefix = pc_key_prefix(key), lo = 0, hi = 0, after = 0;
    int rc = equal_prefixes(d, prefix, &lo, &hi, err);
    if (!rc)
        rc = search_keys(d, lo, hi, key, &after, err);
    *any = after > 0;
    if (rc || after == 0)
        return rc;
    return pc_dict_block(d, after - 1, block, err);
}

int pc_dict_find(const pc_dict *d, pc_str key, bool *found, pc_entry *e,
                 parasol_error *err)
{
    pc_termblock block;
    bool any;
    *found = false;
    int rc = open_block(d, key, &block, &any, err);
    if (rc || !any)
        return rc;
    rc = pc_termblock_find(&block, key, e);
    if (rc == PARASOL_CORRUPT)
        return damaged(d, err);
    *found = rc == PARASOL_OK;
    return PARASOL_OK;
}

int pc_dict_find_word(const pc_dict *d, const pc_key *key, uint8_t mark,
                      pc_termblock_word *out, parasol_error *err)
{
    pc_termblock block;
    pc_key marked;
    bool any;
    out->found = out->marked = false;
    out->open = true;
    int rc = open_block(d, pc_key_str(key), &block, &any, err);
    if (rc)
        return rc;
    if (any && pc_termblock_find_word(&block, pc_key_str(key), mark, out))
        return damaged(d, err);
    if (!out->open || key->len == PC_KEY_MAX)
        return PARASOL_OK;
    marked = *key;
    marked.bytes[marked.len++] = (char)mark;
    return pc_dict_find(d, pc_key_str(&marked), &out->marked, &out->mark, err);
}

void pc_dict_scan_init(pc_dict_scan *s, const pc_dict *d)
{
    s->dict = d;
    s->next_block = 0;
    s->block.i = s->block.n = 0;
}

int pc_dict_scan_next(pc_dict_scan *s, pc_entry *e, parasol_error *err)
{
    while (s->block.i == s->block.n) {
        if (s->next_block == s->dict->blocks)
            return PARASOL_NOTFOUND;
        int rc = pc_dict_block(s->dict, s->next_block++, &s->block, err);
        if (rc)
            return rc;
    }
    if (pc_termblock_next(&s->block, e))
        return damaged(s->dict, err);
    return PARASOL_OK;
}
