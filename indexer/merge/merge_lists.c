/*
 * Posting lists: decoded, renumbered, written again.
 */
#include "indexer/merge/merge_lists.h"

#include "common/base/fail.h"

/* A list that is being read, a block at a time. */
typedef struct reader {
    const pi_lists *l;
    size_t source;
    pc_list list;
    pc_pos_reader pos;
    uint32_t block, n; /* the block decoded, its documents */
    uint32_t ids[PC_BLOCK_ROOM], tfs[PC_BLOCK_ROOM];
} reader;

static int damaged(const pi_lists *l, size_t source, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT, "%s: a posting list is damaged",
                   pc_sealed_path(l->docs->segs[source]->file));
}

static int open_reader(reader *r, const pi_lists *l, size_t source,
                       const pc_entry *e, parasol_error *err)
{
    r->l = l;
    r->source = source;
    r->n = 0;
    if (e->df == 0)
        return damaged(l, source, err);
    int rc = pc_list_open(&r->list, &l->docs->segs[source]->lists, e, err);
    if (!rc)
        pc_pos_reader_init(&r->pos, &r->list);
    return rc;
}

/* Decodes documents and frequencies of block b. */
static int read_block(reader *r, uint32_t b, parasol_error *err)
{
    int rc = pc_list_ids(&r->list, b, r->ids, err);
    if (!rc)
        rc = pc_list_freqs(&r->list, b, r->tfs, err);
    r->block = b;
    r->n = pc_list_block_len(&r->list, b);
    return rc;
}

/* Goes to document i of the block, whose frequency is a possible one then. */
static int seek(reader *r, uint32_t i, parasol_error *err)
{
    return pc_pos_reader_seek(&r->pos, r->block, i, r->ids, r->tfs, err);
}

/* The occurrences of document i, which the reader is at, as gaps and new
   variants. */
static int read_positions(reader *r, uint32_t i, const pi_variant_map *map,
                          uint32_t *gaps, uint16_t *variants,
                          parasol_error *err)
{
    uint32_t tf = r->tfs[i], last = 0;
    int rc = pc_pos_reader_get(&r->pos, gaps, err);
    if (rc)
        return rc;
    for (uint32_t k = 0; k < tf; k++) {
        uint32_t pos = gaps[k];
        gaps[k] = pos - last;
        last = pos;
    }
    if (map->n == 1 && map->is_identity) {
        memset(variants, 0, tf * sizeof *variants);
        return PARASOL_OK;
    }
    pc_pos_reader_variants(&r->pos, r->ids, r->tfs, variants);
    for (uint32_t k = 0; k < tf; k++) {
        uint32_t v = variants[k];
        if (v >= map->n || map->to[v] == PI_NO_FORM)
            return damaged(r->l, r->source, err);
        variants[k] = (uint16_t)map->to[v];
    }
    return PARASOL_OK;
}

static int occurrence_room(pi_lists *l, size_t n)
{
    if (pc_grow(l->mem, (void **)&l->gaps, &l->gaps_cap, n, sizeof *l->gaps) ||
        pc_grow(l->mem, (void **)&l->variants, &l->variants_cap, n,
                sizeof *l->variants))
        return PARASOL_NOMEM;
    return PARASOL_OK;
}

static void note(pi_lists *l, size_t source, uint32_t tf)
{
    l->df[source]++;
    l->ctf[source] += tf;
}

/* ---- documents in order ------------------------------------------------- */

static int stream_block(pi_lists *l, reader *r, parasol_error *err)
{
    int rc = PARASOL_OK;
    for (uint32_t i = 0; !rc && i < r->n; i++) {
        uint32_t doc = pi_docs_number(l->docs, r->source, r->ids[i]);
        if (doc == PI_DOC_DROPPED)
            continue;
        rc = seek(r, i, err);
        if (!rc && occurrence_room(l, r->tfs[i]))
            rc = pc_fail_nomem(err);
        if (!rc)
            rc = read_positions(r, i, &l->maps[r->source], l->gaps, l->variants,
                                err);
        if (rc)
            return rc;
        note(l, r->source, r->tfs[i]);
        pi_post_add(l->out, doc, r->tfs[i], l->norms[doc], l->gaps,
                    l->variants);
    }
    return rc;
}

static int stream_list(pi_lists *l, size_t source, const pc_entry *e,
                       parasol_error *err)
{
    reader r;
    int rc = open_reader(&r, l, source, e, err);
    for (uint32_t b = 0; !rc && b < r.list.blocks; b++) {
        rc = read_block(&r, b, err);
        if (!rc)
            rc = stream_block(l, &r, err);
    }
    return rc;
}

/* ---- documents moved ---------------------------------------------------- */

/* Most occurrences that a document can have, as far as the file is long:
   before memory is taken for so many. */
static uint64_t most_occurrences(const pc_list *list)
{
    return list->is_inline ? PC_INLINE_OCCURRENCES
                           : 8 * (uint64_t)(list->pos_end - list->pos) + 8;
}

/* Appends the postings of one list to l->postings, all that there are. */
static int list_postings(pi_lists *l, size_t source, const pc_entry *e,
                         size_t *n, parasol_error *err)
{
    reader r;
    int rc = open_reader(&r, l, source, e, err);
    if (!rc && pc_grow(l->mem, (void **)&l->postings, &l->postings_cap,
                       *n + e->df, sizeof *l->postings))
        rc = pc_fail_nomem(err);
    for (uint32_t b = 0; !rc && b < r.list.blocks; b++) {
        rc = read_block(&r, b, err);
        for (uint32_t i = 0; !rc && i < r.n; i++) {
            uint32_t doc = pi_docs_number(l->docs, source, r.ids[i]);
            l->postings[(*n)++] = (pi_posting){doc, r.tfs[i], UINT64_MAX};
            if (r.tfs[i] > most_occurrences(&r.list))
                rc = damaged(l, source, err);
            else if (doc != PI_DOC_DROPPED)
                note(l, source, r.tfs[i]);
        }
    }
    return rc;
}

/* Sorts what stays by new number into l->sorted. */
static int sort_postings(pi_lists *l, size_t n, size_t *kept,
                         parasol_error *err)
{
    *kept = 0;
    if (pc_grow(l->mem, (void **)&l->sorted, &l->sorted_cap, n,
                sizeof *l->sorted))
        return pc_fail_nomem(err);
    for (size_t i = 0; i < n; i++) {
        if (l->postings[i].doc != PI_DOC_DROPPED)
            l->sorted[(*kept)++] =
                (pc_sort_item){l->postings[i].doc, (uint32_t)i};
    }
    return pc_sort_keys(l->sorted, *kept, l->mem) ? pc_fail_nomem(err)
                                                  : PARASOL_OK;
}

/* Reads the positions of the postings of a list, which are *at and following,
   that have a place in the part. */
static int gather_list(pi_lists *l, size_t source, const pc_entry *e,
                       size_t *at, parasol_error *err)
{
    reader r;
    int rc = open_reader(&r, l, source, e, err);
    for (uint32_t b = 0; !rc && b < r.list.blocks; b++) {
        bool open = false;
        uint32_t n = pc_list_block_len(&r.list, b);
        for (uint32_t i = 0; !rc && i < n; i++, ++*at) {
            const pi_posting *p = &l->postings[*at];
            if (p->at == UINT64_MAX)
                continue;
            if (!open)
                rc = read_block(&r, b, err);
            open = true;
            if (!rc)
                rc = seek(&r, i, err);
            if (!rc)
                rc = read_positions(&r, i, &l->maps[source], l->gaps + p->at,
                                    l->variants + p->at, err);
        }
    }
    return rc;
}

static int gather_part(pi_lists *l, const pi_words *words, uint8_t field,
                       parasol_error *err)
{
    size_t at = 0;
    int rc = PARASOL_OK;
    for (size_t s = 0; !rc && s < words->n_segs; s++) {
        const pc_entry *e = pi_words_entry(words, s, field);
        if (e && (e->flags & PC_ENTRY_TERM))
            rc = gather_list(l, s, e, &at, err);
    }
    return rc;
}

/* Writes l->sorted[lo, hi), whose occurrences fit into memory. */
static int write_part(pi_lists *l, const pi_words *words, uint8_t field,
                      size_t lo, size_t hi, uint64_t occurrences,
                      parasol_error *err)
{
    uint64_t at = 0;
    if (occurrence_room(l, (size_t)occurrences))
        return pc_fail_nomem(err);
    for (size_t i = lo; i < hi; i++) {
        pi_posting *p = &l->postings[l->sorted[i].value];
        p->at = at;
        at += p->tf;
    }
    int rc = gather_part(l, words, field, err);
    for (size_t i = lo; !rc && i < hi; i++) {
        pi_posting *p = &l->postings[l->sorted[i].value];
        pi_post_add(l->out, p->doc, p->tf, l->norms[p->doc], l->gaps + p->at,
                    l->variants + p->at);
        p->at = UINT64_MAX;
    }
    return rc;
}

static int write_sorted(pi_lists *l, const pi_words *words, uint8_t field,
                        parasol_error *err)
{
    size_t n = 0, kept = 0;
    int rc = PARASOL_OK;
    uint64_t room = l->memory / (sizeof *l->gaps + sizeof *l->variants);
    for (size_t s = 0; !rc && s < words->n_segs; s++) {
        const pc_entry *e = pi_words_entry(words, s, field);
        if (e && (e->flags & PC_ENTRY_TERM))
            rc = list_postings(l, s, e, &n, err);
    }
    if (!rc)
        rc = sort_postings(l, n, &kept, err);
    for (size_t lo = 0, hi; !rc && lo < kept; lo = hi) {
        uint64_t sum = 0;
        for (hi = lo; hi < kept; hi++) {
            uint32_t tf = l->postings[l->sorted[hi].value].tf;
            if (hi > lo && sum + tf > room)
                break;
            sum += tf;
        }
        rc = write_part(l, words, field, lo, hi, sum, err);
    }
    return rc;
}

/* ---- for others --------------------------------------------------------- */

int pi_lists_merge(pi_lists *l, const pi_words *words, uint8_t field,
                   const pi_variant_map *maps, const uint8_t *norms,
                   pi_post_writer *out, parasol_error *err)
{
    int rc = PARASOL_OK;
    l->maps = maps;
    l->norms = norms;
    l->out = out;
    for (size_t s = 0; s < words->n_segs; s++) {
        l->df[s] = 0;
        l->ctf[s] = 0;
    }
    if (!l->docs->in_order)
        return write_sorted(l, words, field, err);
    for (size_t i = 0; !rc && i < words->n_present; i++) {
        uint32_t lane = words->present[i];
        const pc_entry *e = words->entries[lane];
        if (lane % PC_FIELD_COUNT == field && (e->flags & PC_ENTRY_TERM))
            rc = stream_list(l, lane / PC_FIELD_COUNT, e, err);
    }
    return rc;
}

/* Adds document i of the block, by variant where it has more than one. */
static int count_document(pi_lists *l, reader *r, uint32_t i,
                          pi_form_count *counts, size_t n_counts,
                          parasol_error *err)
{
    uint32_t tf = r->tfs[i];
    if (n_counts == 1) {
        counts[0].df++;
        counts[0].ctf += tf;
        return PARASOL_OK;
    }
    int rc = seek(r, i, err);
    if (!rc && occurrence_room(l, tf > n_counts ? tf : n_counts))
        rc = pc_fail_nomem(err);
    if (rc)
        return rc;
    pc_pos_reader_variants(&r->pos, r->ids, r->tfs, l->variants);
    /* gaps[v] remembers that variant v was seen in this document. */
    for (uint32_t k = 0; k < tf; k++) {
        if (l->variants[k] >= n_counts)
            return damaged(l, r->source, err);
        l->gaps[l->variants[k]] = 0;
    }
    for (uint32_t k = 0; k < tf; k++) {
        uint32_t v = l->variants[k];
        counts[v].df += l->gaps[v] == 0;
        counts[v].ctf++;
        l->gaps[v] = 1;
    }
    return PARASOL_OK;
}

int pi_lists_count(pi_lists *l, size_t s, const pc_entry *e,
                   pi_form_count *counts, size_t n_counts, pi_form_count *all,
                   parasol_error *err)
{
    reader r;
    int rc = open_reader(&r, l, s, e, err);
    for (uint32_t b = 0; !rc && b < r.list.blocks; b++) {
        rc = read_block(&r, b, err);
        for (uint32_t i = 0; !rc && i < r.n; i++) {
            if (!pi_source_has(&l->docs->sources[s], r.ids[i]))
                continue;
            all->df++;
            all->ctf += r.tfs[i];
            rc = count_document(l, &r, i, counts, n_counts, err);
        }
    }
    return rc;
}

int pi_lists_init(pi_lists *l, const pi_docs *docs, size_t memory,
                  parasol_error *err)
{
    *l = (pi_lists){.docs = docs, .mem = docs->mem, .memory = memory};
    l->df = pc_zalloc(l->mem, docs->n, sizeof *l->df);
    l->ctf = pc_zalloc(l->mem, docs->n, sizeof *l->ctf);
    return l->df && l->ctf ? PARASOL_OK : pc_fail_nomem(err);
}

void pi_lists_release(pi_lists *l)
{
    void *blocks[] = {l->df,     l->ctf,  l->postings,
                      l->sorted, l->gaps, l->variants};
    for (size_t i = 0; i < PC_COUNTOF(blocks); i++)
        pc_free(l->mem, blocks[i]);
    *l = (pi_lists){.mem = l->mem};
}
