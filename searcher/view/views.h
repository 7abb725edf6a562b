/*
 * A segment as several: one view for each language of its documents. Views are
 * disjoint and together hold every document, so that whatever is asked of the
 * segments of an index is asked of their views, each with the stems of its
 * language and in its fields of the dictionary.
 *
 * Immutable once made; any number of threads.
 */
#ifndef PARASOL_SEARCHER_VIEW_VIEWS_H
#define PARASOL_SEARCHER_VIEW_VIEWS_H

#include "common/segment/live.h"
#include "common/segment/seg.h"
#include "common/text/analyzer.h"

typedef struct ps_view {
    const pc_seg *seg;
    uint32_t segment;  /* its number */
    uint32_t language; /* number in ps_languages */
    uint32_t number;   /* of the language in the segment */
    bool again;        /* not the first view of its segment */
    bool partial;      /* the segment has documents in other languages */
    /* Documents of the segment that are alive and in the language; those in
       others count as dead. Owned if `partial`, else the segment's. */
    pc_live live;
} ps_view;

/* The languages of an index, each by its number in common/text/language.h, or
   PC_LANGUAGE_NONE for one that is known to libstemmer only. */
typedef struct ps_languages {
    uint32_t n;
    bool is_auto; /* documents were indexed each in its own */
    uint8_t v[PC_LANGUAGES_MAX];
} ps_languages;

/*
 * Makes the views of n segments, which were analysed as `spec` says, with what
 * is alive of each, which is borrowed. *out is owned by the caller
 * (ps_views_free), also after an error. Errors: NOMEM, VERSION (a language that
 * this build does not know), CORRUPT. Cost: a look at each document of segments
 * in several languages, and a bit for it in each of them.
 */
int ps_views_make(ps_view **out, uint32_t *n_out, ps_languages *languages,
                  pc_seg *const *segs, const pc_live *live, uint32_t n,
                  pc_str spec, const pc_mem *mem,
                  parasol_error *err) PC_MUST_USE;

/* The number of a field in the keys of the view's dictionary. */
static inline uint8_t ps_view_field(const ps_view *v, uint8_t field)
{
    return pc_language_field(v->number, field);
}

/* Accepts NULL. */
void ps_views_free(ps_view *views, uint32_t n, const pc_mem *mem);

#endif
