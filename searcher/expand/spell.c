/*
 * Spelling.
 */
#include "searcher/expand/spell.h"

#include "common/base/fail.h"
#include "searcher/expand/key_fold.h"

#define LONG_WORD 7u /* that may have two edits */
#define CANDIDATES 64u
#define EDIT_WORTH 20u /* times as frequent */
#define FEW_DOCUMENTS 1000u

static bool clearly_better(const ps_word *w, uint64_t df, uint64_t docs)
{
    bool near = w->distance == 1;
    if (df == 0) /* anything is better that is not far off by accident */
        return near || docs < FEW_DOCUMENTS || (w->df >= 2 && w->ctf >= 5);
    return near ? w->df >= 3 && w->df / 10 >= df
                : w->df >= 10 && w->df / 100 >= df;
}

/* The rank of a candidate that is good enough. */
static double worth(const ps_word *w)
{
    double v = (double)w->df;
    for (uint32_t i = 0; i < w->distance; i++)
        v /= EDIT_WORTH;
    return v;
}

int ps_spell_word(ps_word *best, const ps_snapshot *snap, pc_str word,
                  uint64_t df, pc_arena *arena, parasol_error *err)
{
    uint32_t *cps, n;
    ps_word_list near;
    *best = (ps_word){.df = 0};
    if (ps_fold_text(word, arena->mem, arena, &cps, &n))
        return pc_fail_nomem(err);
    uint32_t wanted = n >= LONG_WORD ? 2 : 1;
    if (n < PS_SPELL_MIN || ps_fuzzy_distance(cps, n, wanted) == 0)
        return PARASOL_OK;
    /* One edit first: mostly enough, and much faster. */
    for (uint32_t d = 1; d <= wanted; d++) {
        ps_pattern pattern = {PS_PATTERN_FUZZY, (uint8_t)d, word};
        int rc = ps_list_words(&near, snap, &pattern, PC_FIELD_TEXT, CANDIDATES,
                               arena, err);
        if (rc)
            return rc;
        for (uint32_t i = 0; i < near.n; i++) {
            const ps_word *w = &near.items[i];
            if (w->distance > 0 && clearly_better(w, df, snap->docs) &&
                (best->text.len == 0 || worth(w) > worth(best)))
                *best = *w;
        }
        /* Nothing with two edits could be worth more. */
        if (best->text.len && best->df >= snap->docs / EDIT_WORTH)
            break;
    }
    return PARASOL_OK;
}
