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

/* What the languages of a segment leave alive of it: views[0, l->n). */
static int mark(ps_view *views, const pc_seg *seg, const pc_live *live,
                const pc_mem *mem, parasol_error *err)
{
    const pc_seg_languages *l = &seg->languages;
    int rc = pc_seg_languages_need(l, seg->file, seg->docs, err);
    for (uint32_t k = 0; !rc && k < l->n; k++) {
        size_t words = pc_live_words(seg->docs);
        uint64_t *bits = pc_zalloc(mem, words, sizeof *bits);
        views[k].live = (pc_live){
            .mem = mem, .docs = seg->docs, .dead = seg->docs, .alive = bits};
        if (!bits)
            rc = pc_fail_nomem(err);
    }
    for (uint32_t d = 0; !rc && d < seg->docs; d++) {
        uint32_t k = pc_seg_language_of(l, d);
        if (k >= l->n)
            return pc_fail(err, PARASOL_CORRUPT,
                           "%s: a document is in no language",
                           pc_sealed_path(seg->file));
        if (!pc_live_has(live, d))
            continue;
        views[k].live.alive[d / 64] |= UINT64_C(1) << (d % 64);
        views[k].live.dead--;
    }
    return rc;
}

/* Adds the views of segment i. */
static int add_segment(ps_view *views, ps_languages *languages, pc_seg *seg,
                       const pc_live *live, uint32_t i, uint8_t main,
                       const pc_mem *mem, parasol_error *err)
{
    const pc_seg_languages *l = &seg->languages;
    for (uint32_t k = 0; k < l->n; k++) {
        uint8_t language = main;
        int rc = find_language(seg, k, languages->is_auto, &language, err);
        if (rc)
            return rc;
        views[k] = (ps_view){.seg = seg,
                             .segment = i,
                             .language = number_of(languages, language),
                             .number = k,
                             .again = k > 0,
                             .partial = l->n > 1};
        if (l->n == 1)
            views[k].live = *live;
    }
    return l->n > 1 ? mark(views, seg, live, mem, err) : PARASOL_OK;
}

int ps_views_make(ps_view **out, uint32_t *n_out, ps_languages *languages,
                  pc_seg *const *segs, const pc_live *live, uint32_t n,
                  pc_str spec, const pc_mem *mem, parasol_error *err)
{
    size_t most = 0;
    uint8_t main;
    for (uint32_t i = 0; i < n; i++)
        most += segs[i]->languages.n;
    *out = pc_zalloc(mem, most, sizeof **out);
    *n_out = 0;
    *languages = (ps_languages){0};
    pc_spec_language(spec, &languages->is_auto, &main);
    if (!*out)
        return pc_fail_nomem(err);
    for (uint32_t i = 0; i < n; i++) {
        ps_view *views = *out + *n_out;
        *n_out += segs[i]->languages.n;
        int rc =
            add_segment(views, languages, segs[i], &live[i], i, main, mem, err);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

void ps_views_free(ps_view *views, uint32_t n, const pc_mem *mem)
{
    for (uint32_t i = 0; views && i < n; i++)
        if (views[i].partial)
            pc_live_release(&views[i].live);
    pc_free(mem, views);
}
