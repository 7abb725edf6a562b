/*
 * From a pattern to the words of an index that match it.
 *
 * Matching words are joined by their stem, over all segments and languages;
 * what is "by segment" below is by view (searcher/view/views.h). Where all
 * forms of a stem match (their occurrences add up to those of the stem), its
 * list is searched as it is; else the set of forms that match says which
 * occurrences count.
 */
#ifndef PARASOL_SEARCHER_EXPAND_EXPANSION_H
#define PARASOL_SEARCHER_EXPAND_EXPANSION_H

#include "searcher/expand/pattern.h"
#include "searcher/view/form_set.h"
#include "searcher/view/snapshot.h"

/* Stems of one pattern that are looked at; those behind are only counted. */
#define PS_EXPAND_STEMS_MAX 131072u
/* Stems of one pattern that are searched, unless it is told otherwise. */
#define PS_EXPAND_LIMIT 1024u
/* Work of one pattern, in steps over 64 bits (ps_dict_walk): some tenths of a
   second. */
#define PS_EXPAND_WORK (UINT64_C(1) << 26)
/* What all patterns of a query have together. */
#define PS_EXPAND_QUERY_STEMS 8192u
#define PS_EXPAND_QUERY_WORK (UINT64_C(1) << 28)

/* One stem. */
typedef struct ps_expanded {
    pc_str stem;
    uint32_t distance;        /* the smallest of its words */
    uint64_t df;              /* documents that hold one of them; where only
                                 some forms match, at most so many */
    pc_entry *entries;        /* the stem's, by segment; flags 0: not there */
    const ps_form_set **sets; /* by segment; NULL: all forms */
    bool some;                /* a set is not NULL */
    pc_str *words;            /* the distinct words that match */
    uint32_t n_words;
} ps_expanded;

typedef struct ps_expansion {
    ps_expanded *items; /* by distance, then the most frequent first */
    uint32_t n;
    uint64_t words; /* that match, counted in each segment */
    uint64_t kept;  /* of those, in `items` */
    bool stopped;   /* there were too many stems to look at: of `words`, the
                       last are not compared */
    bool
        unfinished; /* a limit of work or time was reached: there may be more */
    uint64_t work;  /* that was done, in the units of PS_EXPAND_WORK */
} ps_expansion;

typedef struct ps_expand_params {
    uint8_t field;
    uint32_t limit;    /* of stems; the nearest and most frequent are kept */
    uint64_t work;     /* at most; 0: PS_EXPAND_WORK */
    uint64_t deadline; /* of pc_clock_now; 0: none */
} ps_expand_params;

/*
 * Expands `pattern`. Everything lives in the arena or is borrowed from the
 * snapshot; what is not kept is gone when it returns. Errors: QUERY (see
 * ps_pattern_compile), NOMEM, CORRUPT.
 * Cost: a walk of each dictionary, and a lookup for each stem kept.
 */
int ps_expand(ps_expansion *out, const ps_snapshot *snap,
              const ps_pattern *pattern, ps_expand_params params,
              pc_arena *arena, parasol_error *err) PC_MUST_USE;

/*
 * The stem of a form, from its entry: `word` without what it strips, and what
 * it adds; into `room` of PC_KEY_MAX bytes. False on damage.
 */
bool ps_form_stem(pc_str word, const pc_entry *e, char *room, pc_str *stem);

#endif
