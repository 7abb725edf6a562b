/*
 * Numbers of documents before and after a merge.
 */
#include "indexer/merge/merge_docs.h"

#include "common/base/fail.h"

/* How many documents of a source stay. */
static uint32_t count_live(const pi_merge_source *s)
{
    uint32_t n = 0;
    for (uint32_t doc = 0; doc < s->seg->docs; doc++)
        n += pi_source_has(s, doc);
    return n;
}

static int count(pi_docs *d, parasol_error *err)
{
    uint64_t docs = 0, all = 0;
    for (size_t s = 0; s < d->n; s++) {
        const pi_merge_source *from = &d->sources[s];
        d->segs[s] = from->seg;
        d->first[s] = (uint32_t)docs;
        d->first_local[s] = all;
        docs += from->live ? count_live(from) : from->seg->docs;
        all += from->seg->docs;
        if (docs > PC_DOCS_MAX)
            return pc_fail(err, PARASOL_FULL,
                           "a segment holds at most %u documents", PC_DOCS_MAX);
    }
    d->first[d->n] = (uint32_t)docs;
    d->first_local[d->n] = all;
    d->docs = (uint32_t)docs;
    return PARASOL_OK;
}

/* Fills local[] of one source: its documents that stay, by rank. */
static int list_source(pi_docs *d, size_t s, parasol_error *err)
{
    const pi_merge_source *from = &d->sources[s];
    uint32_t docs = from->seg->docs, at = d->first[s];
    uint32_t *by_rank = NULL;
    if (from->seg->ranks.width > 0) {
        by_rank = pc_alloc(d->mem, docs, sizeof *by_rank);
        if (!by_rank)
            return pc_fail_nomem(err);
        int rc = pc_seg_by_rank(from->seg, by_rank, err);
        if (rc) {
            pc_free(d->mem, by_rank);
            return rc;
        }
    }
    for (uint32_t i = 0; i < docs; i++) {
        uint32_t doc = by_rank ? by_rank[i] : i;
        if (pi_source_has(from, doc))
            d->local[at++] = doc;
    }
    pc_free(d->mem, by_rank);
    return PARASOL_OK;
}

/* Sets the number of each document that stays; the others have been marked.
   False when `order` is none. */
static bool assign(pi_docs *d)
{
    size_t s = 0;
    for (uint32_t i = 0; i < d->docs; i++) {
        uint32_t external = d->order ? d->order[i] : i;
        if (external >= d->docs)
            return false;
        if (d->order)
            s = 0;
        while (external >= d->first[s + 1])
            s++;
        uint32_t *to = &d->number[d->first_local[s] + d->local[external]];
        if (*to != PI_DOC_DROPPED)
            return false;
        *to = i;
    }
    return true;
}

static bool ascends(const pi_docs *d)
{
    for (size_t s = 0; s < d->n; s++) {
        uint32_t last = 0;
        for (uint64_t i = d->first_local[s]; i < d->first_local[s + 1]; i++) {
            if (d->number[i] == PI_DOC_DROPPED)
                continue;
            if (d->number[i] < last)
                return false;
            last = d->number[i];
        }
    }
    return d->order == NULL;
}

static int make_numbers(pi_docs *d, parasol_error *err)
{
    uint64_t all = d->first_local[d->n];
    d->number = pc_alloc(d->mem, all, sizeof *d->number);
    d->local = pc_alloc(d->mem, d->docs, sizeof *d->local);
    if (!d->number || !d->local)
        return pc_fail_nomem(err);
    memset(d->number, 0xff, all * sizeof *d->number);
    for (size_t s = 0; s < d->n; s++) {
        int rc = list_source(d, s, err);
        if (rc)
            return rc;
    }
    if (!assign(d))
        return pc_fail(err, PARASOL_ARG, "not an order of all documents");
    d->in_order = ascends(d);
    return PARASOL_OK;
}

int pi_docs_init(pi_docs *d, const pi_merge_source *sources, size_t n,
                 const uint32_t *order, const pc_mem *mem, parasol_error *err)
{
    *d = (pi_docs){.mem = mem, .sources = sources, .n = n, .order = order};
    d->segs = pc_zalloc(mem, n + 1, sizeof(pc_seg *));
    d->first = pc_zalloc(mem, n + 1, sizeof *d->first);
    d->first_local = pc_zalloc(mem, n + 1, sizeof *d->first_local);
    if (!d->segs || !d->first || !d->first_local)
        return pc_fail_nomem(err);
    int rc = count(d, err);
    bool moved = order != NULL;
    for (size_t s = 0; s < n; s++)
        moved |= sources[s].live || sources[s].seg->ranks.width > 0;
    d->in_order = true;
    return rc || !moved ? rc : make_numbers(d, err);
}

void pi_sources_forget(const pi_merge_source *sources, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pc_map_forget(&sources[i].seg->file->map);
}

void pi_docs_release(pi_docs *d)
{
    pc_free(d->mem, d->segs);
    pc_free(d->mem, d->first);
    pc_free(d->mem, d->first_local);
    pc_free(d->mem, d->number);
    pc_free(d->mem, d->local);
    *d = (pi_docs){.mem = d->mem};
}

size_t pi_docs_origin(const pi_docs *d, uint32_t number, uint32_t *doc)
{
    uint32_t external = d->order ? d->order[number] : number;
    size_t lo = 0, hi = d->n;
    while (hi - lo > 1) { /* first[lo] <= external < first[hi] */
        size_t mid = lo + (hi - lo) / 2;
        if (d->first[mid] <= external)
            lo = mid;
        else
            hi = mid;
    }
    *doc = d->local ? d->local[external] : external - d->first[lo];
    return lo;
}
