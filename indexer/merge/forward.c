/*
 * Posting lists turned around: counted, then filled.
 */
#include "indexer/merge/forward.h"

#include "common/base/fail.h"
#include "indexer/merge/merge_languages.h"
#include "indexer/merge/merge_words.h"

/* Bytes of the sources that may be looked at until they are forgotten. */
#define FORGET ((uint64_t)16 << 20)

typedef struct maker {
    pi_forward *f;
    const pi_docs *docs;
    pi_forward_limits limits;
    pi_languages languages;
    bool fill;
    uint64_t touched; /* bytes of lists, since the sources were forgotten */
} maker;

/* Counts the documents of a list, or writes the term to them. */
static int take_list(maker *m, size_t source, const pc_entry *e,
                     parasol_error *err)
{
    pc_list list;
    uint32_t ids[PC_BLOCK_ROOM];
    pi_forward *f = m->f;
    int rc = pc_list_open(&list, &m->docs->segs[source]->lists, e, err);
    m->touched += e->post_len;
    for (uint32_t b = 0; !rc && b < list.blocks; b++) {
        rc = pc_list_ids(&list, b, ids, err);
        for (uint32_t i = 0; !rc && i < pc_list_block_len(&list, b); i++) {
            uint32_t doc = pi_docs_number(m->docs, source, ids[i]);
            if (doc == PI_DOC_DROPPED)
                continue;
            if (m->fill)
                f->edges[f->starts[doc]] = f->terms;
            f->starts[doc]++;
        }
    }
    return rc;
}

static int take_word(maker *m, const pi_words *words, parasol_error *err)
{
    uint64_t df = 0;
    int rc = PARASOL_OK;
    for (size_t s = 0; s < words->n_segs; s++) {
        const pc_entry *e = pi_words_entry(words, s, PC_FIELD_TEXT);
        df += e && (e->flags & PC_ENTRY_TERM) ? e->df : 0;
    }
    if (df < m->limits.least || df > m->limits.most)
        return PARASOL_OK;
    for (size_t s = 0; !rc && s < words->n_segs; s++) {
        const pc_entry *e = pi_words_entry(words, s, PC_FIELD_TEXT);
        if (e && (e->flags & PC_ENTRY_TERM))
            rc = take_list(m, s, e, err);
    }
    m->f->terms++;
    if (m->touched > FORGET) {
        pi_sources_forget(m->docs->sources, m->docs->n);
        m->touched = 0;
    }
    return rc;
}

static int take_language(maker *m, pc_str language, parasol_error *err)
{
    pi_words words;
    int rc = pi_words_init(&words, m->docs->segs, m->docs->n, language,
                           m->f->mem, err);
    while (!rc) {
        rc = pi_words_next(&words, err);
        if (!rc)
            rc = take_word(m, &words, err);
    }
    pi_words_release(&words);
    return rc == PARASOL_NOTFOUND ? PARASOL_OK : rc;
}

static int take_all(maker *m, bool fill, parasol_error *err)
{
    int rc = PARASOL_OK;
    m->fill = fill;
    m->f->terms = 0;
    for (uint32_t l = 0; !rc && l < m->languages.n; l++)
        rc = take_language(m, pc_str_of(m->languages.v[l].code), err);
    return rc;
}

/* Counts to starts; returns their sum. */
static uint64_t add_up(pi_forward *f)
{
    uint64_t at = 0;
    for (uint32_t d = 0; d <= f->docs; d++) {
        uint64_t n = f->starts[d];
        f->starts[d] = at;
        at += n;
    }
    return at;
}

int pi_forward_init(pi_forward *f, const pi_docs *docs,
                    pi_forward_limits limits, parasol_error *err)
{
    maker m = {.f = f, .docs = docs, .limits = limits};
    *f = (pi_forward){.mem = docs->mem, .docs = docs->docs};
    int rc = pi_merged_languages(&m.languages, docs, err);
    if (rc)
        return rc;
    f->starts = pc_zalloc(f->mem, (size_t)f->docs + 1, sizeof *f->starts);
    if (!f->starts)
        return pc_fail_nomem(err);
    rc = take_all(&m, false, err);
    if (rc)
        return rc;
    uint64_t n = add_up(f);
    if (limits.bytes && n > limits.bytes / sizeof *f->edges)
        return pc_fail(err, PARASOL_NOMEM,
                       "to compare the documents takes %llu MiB of memory",
                       (unsigned long long)(n * sizeof *f->edges >> 20) + 1);
    f->edges = pc_alloc(f->mem, n, sizeof *f->edges);
    if (!f->edges)
        return pc_fail_nomem(err);
    rc = take_all(&m, true, err);
    /* Filling has moved each start to the next one. */
    for (uint32_t d = f->docs; d > 0; d--)
        f->starts[d] = f->starts[d - 1];
    f->starts[0] = 0;
    return rc;
}

void pi_forward_release(pi_forward *f)
{
    pc_free(f->mem, f->starts);
    pc_free(f->mem, f->edges);
    *f = (pi_forward){.mem = f->mem};
}
