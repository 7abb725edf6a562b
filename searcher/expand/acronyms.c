/*
 * Definitions are entries of the dictionary side by side, "acr:mod=...".
 */
#include "searcher/expand/acronyms.h"

#include "common/base/fail.h"
#include "common/text/acronym.h"

#define SHARE_OF_DOCS 20u
#define SHARE_OF_BEST 4u

/* One segment, from the first key that may begin so. */
static int walk_dict(const pc_dict *d, const pc_key *from, ps_acronym_hit *hit,
                     void *ctx, parasol_error *err)
{
    pc_dict_scan scan;
    pc_entry e;
    pc_str begin = pc_key_str(from);
    size_t type = 1 + sizeof PC_ACRONYM_TYPE - 1;
    pc_dict_scan_init(&scan, d);
    int rc = pc_dict_skip(d, 0, pc_key_prefix(begin), &scan.next_block, err);
    while (!rc && (rc = pc_dict_scan_next(&scan, &e, err)) == PARASOL_OK) {
        pc_str key = {(const char *)scan.block.key, scan.block.key_len};
        const char *is;
        if (!pc_str_starts(key, begin)) {
            if (pc_str_cmp(key, begin) > 0)
                break;
            continue;
        }
        is = memchr(key.ptr + type, '=', key.len - type);
        if (!is || !(e.flags & PC_ENTRY_TERM))
            continue;
        pc_str acronym = {key.ptr + type, (size_t)(is - key.ptr) - type};
        pc_str text = {is + 1, key.len - type - acronym.len - 1};
        rc = hit(ctx, acronym, text, &e);
    }
    return rc == PARASOL_NOTFOUND ? PARASOL_OK : rc;
}

int ps_acronyms_walk(const ps_snapshot *snap, uint8_t field, pc_str prefix,
                     ps_acronym_hit *hit, void *ctx, parasol_error *err)
{
    char word[PC_KEY_MAX];
    pc_key key;
    size_t n = sizeof PC_ACRONYM_TYPE - 1;
    int rc = PARASOL_OK;
    if (prefix.len > PC_ACRONYM_MAX + 1)
        return PARASOL_OK;
    memcpy(word, PC_ACRONYM_TYPE, n);
    if (prefix.len)
        memcpy(word + n, prefix.ptr, prefix.len);
    for (uint32_t i = 0; !rc && i < snap->n_views; i++) {
        const ps_view *view = &snap->views[i];
        if (pc_key_make(&key, ps_view_field(view, field),
                        (pc_str){word, n + prefix.len}))
            rc = walk_dict(&view->seg->dict, &key, hit, ctx, err);
    }
    return rc;
}

/* ---- of one acronym ----------------------------------------------------- */

typedef struct gatherer {
    ps_acronym v[PS_ACRONYM_SEEN];
    size_t n;
    pc_arena *arena;
    parasol_error *err;
} gatherer;

static int take(void *ctx, pc_str acronym, pc_str text, const pc_entry *e)
{
    gatherer *g = ctx;
    (void)acronym;
    for (size_t i = 0; i < g->n; i++) {
        if (pc_str_eq(g->v[i].text, text)) {
            g->v[i].df += e->df;
            return PARASOL_OK;
        }
    }
    if (g->n == PS_ACRONYM_SEEN)
        return PARASOL_OK;
    const char *copy = pc_arena_copy(g->arena, text.ptr, text.len);
    if (!copy)
        return pc_fail_nomem(g->err);
    g->v[g->n++] = (ps_acronym){{copy, text.len}, e->df};
    return PARASOL_OK;
}

/* Moves the best of those from i on to place i. */
static void bring_best(gatherer *g, size_t i)
{
    for (size_t k = i + 1; k < g->n; k++) {
        const ps_acronym a = g->v[i], b = g->v[k];
        if (b.df > a.df || (b.df == a.df && pc_str_cmp(b.text, a.text) < 0)) {
            g->v[i] = b;
            g->v[k] = a;
        }
    }
}

int ps_acronyms_of(const ps_acronym **out, size_t *n, const ps_snapshot *snap,
                   uint8_t field, pc_str acronym, uint64_t df, pc_arena *arena,
                   parasol_error *err)
{
    char prefix[PC_ACRONYM_MAX + 1];
    *n = 0;
    if (acronym.len < 2 || acronym.len > PC_ACRONYM_MAX)
        return PARASOL_OK;
    memcpy(prefix, acronym.ptr, acronym.len);
    prefix[acronym.len] = '=';
    gatherer *g = pc_arena_zalloc(arena, 1, sizeof *g);
    if (!g)
        return pc_fail_nomem(err);
    g->arena = arena;
    g->err = err;
    int rc = ps_acronyms_walk(snap, field, (pc_str){prefix, acronym.len + 1},
                              take, g, err);
    for (size_t i = 0; !rc && i < g->n && i < PS_ACRONYM_WAYS; i++) {
        bring_best(g, i);
        if (g->v[i].df * SHARE_OF_BEST < g->v[0].df ||
            g->v[i].df * SHARE_OF_DOCS < df)
            break;
        *n = i + 1;
    }
    *out = g->v;
    return rc;
}
