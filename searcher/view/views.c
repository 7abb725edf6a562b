/*
 * Segments to views.
 */
#include "searcher/view/views.h"

#include "common/base/fail.h"

/* The number of a language among those of the index, where it is new. */
static uint32_t number_of(ps_languages *l, uint8_t language)
{
    uint32_t i = 0;
    while (i < l->n && l->v[i] != language)
        i++;
    if (i == l->n)
        l->v[l->n++] = language;
    return i;
}

/* What analyses the documents of a language of the segment. */
static int find_language(const pc_seg *seg, uint32_t i, bool is_auto,
                         uint8_t *out, parasol_error *err)
{
    const pc_seg_language *l = &seg->languages.v[i];
    if (!is_auto)
        return seg->languages.n == 1
                   ? PARASOL_OK
                   : pc_fail(err, PARASOL_CORRUPT,
                             "%s: several languages in an index of one",
                             pc_sealed_path(seg->file));
    *out = pc_language_of_code(pc_str_of(l->code));
    if (*out != PC_LANGUAGE_NONE)
        return PARASOL_OK;
    return pc_fail(err, PARASOL_VERSION,
                   "%s: this build does not know the language \"%s\"",
                   pc_sealed_path(seg->file), l->code);
}

int ps_views_make(ps_view **out, uint32_t *n_out, ps_languages *languages,
                  pc_seg *const *segs, uint32_t n, pc_str spec,
                  const pc_mem *mem, parasol_error *err)
{
    size_t most = 0;
    for (uint32_t i = 0; i < n; i++)
        most += segs[i]->languages.n;
    ps_view *views = pc_zalloc(mem, most, sizeof *views);
    *out = views;
    *n_out = 0;
    *languages = (ps_languages){0};
    uint8_t main;
    pc_spec_language(spec, &languages->is_auto, &main);
    if (!views)
        return pc_fail_nomem(err);
    for (uint32_t i = 0; i < n; i++) {
        const pc_seg_languages *l = &segs[i]->languages;
        for (uint32_t k = 0; k < l->n; k++) {
            uint8_t language = main;
            int rc =
                find_language(segs[i], k, languages->is_auto, &language, err);
            if (rc)
                return rc;
            views[(*n_out)++] =
                (ps_view){.seg = segs[i],
                          .segment = i,
                          .language = number_of(languages, language),
                          .number = k,
                          .again = k > 0,
                          .partial = l->n > 1,
                          .docs = l->v[k].docs};
        }
    }
    return PARASOL_OK;
}

int ps_view_mark(const ps_view *v, uint64_t *words, parasol_error *err)
{
    const pc_seg *seg = v->seg;
    int rc = pc_seg_languages_need(&seg->languages, seg->file, seg->docs, err);
    for (uint32_t d = 0; !rc && d < seg->docs; d++) {
        bool in = pc_seg_language_of(&seg->languages, d) == v->number;
        words[d / 64] |= (uint64_t)in << (d % 64);
    }
    return rc;
}
