/*
 * Lists of languages, united.
 */
#include "indexer/merge/merge_languages.h"

#include "common/base/fail.h"

/* Counts the documents of a source that stay, by language. */
static int count(uint32_t counts[PC_LANGUAGES_MAX], const pi_docs *docs,
                 size_t s, parasol_error *err)
{
    const pc_seg *seg = docs->segs[s];
    const pc_seg_languages *l = &seg->languages;
    if (l->n == 1) {
        counts[0] = docs->first[s + 1] - docs->first[s];
        return PARASOL_OK;
    }
    int rc = pc_seg_languages_need(l, seg->file, seg->docs, err);
    for (uint32_t d = 0; !rc && d < seg->docs; d++) {
        uint32_t number = pc_seg_language_of(l, d);
        if (number >= l->n)
            return pc_fail(err, PARASOL_CORRUPT,
                           "%s: a document is in no language",
                           pc_sealed_path(seg->file));
        counts[number] += pi_source_has(&docs->sources[s], d);
    }
    return rc;
}

int pi_merged_languages(pi_languages *out, const pi_docs *docs,
                        parasol_error *err)
{
    out->n = 0;
    for (size_t s = 0; s < docs->n; s++) {
        const pc_seg_languages *l = &docs->segs[s]->languages;
        uint32_t counts[PC_LANGUAGES_MAX] = {0};
        int rc = count(counts, docs, s, err);
        for (uint32_t i = 0; !rc && i < l->n; i++) {
            pc_str code = pc_str_of(l->v[i].code);
            bool wanted = counts[i] > 0 || (docs->docs == 0 && out->n == 0);
            if (wanted && out->n == PC_LANGUAGES_MAX &&
                pi_languages_find(out, code) == out->n)
                rc = pc_fail(err, PARASOL_FULL,
                             "a segment has at most %u languages",
                             PC_LANGUAGES_MAX);
            else if (wanted)
                pi_languages_add(out, code, counts[i]);
        }
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

int pi_merged_languages_put(pi_out *o, const pi_languages *l,
                            const pi_docs *docs, parasol_error *err)
{
    if (l->n < 2)
        return PARASOL_OK;
    uint32_t *by_doc = pc_zalloc(docs->mem, docs->docs, sizeof *by_doc);
    if (!by_doc)
        return pc_fail_nomem(err);
    for (size_t s = 0; s < docs->n; s++) {
        const pc_seg_languages *from = &docs->segs[s]->languages;
        uint32_t to[PC_LANGUAGES_MAX];
        for (uint32_t i = 0; i < from->n; i++)
            to[i] = pi_languages_find(l, pc_str_of(from->v[i].code));
        for (uint32_t d = 0; d < docs->segs[s]->docs; d++) {
            uint32_t number = pi_docs_number(docs, s, d);
            if (number != PI_DOC_DROPPED)
                by_doc[number] = to[pc_seg_language_of(from, d)];
        }
    }
    int rc = pi_languages_put(o, l, by_doc, docs->docs, docs->mem, err);
    pc_free(docs->mem, by_doc);
    return rc;
}
