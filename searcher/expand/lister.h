/*
 * The words of an index that match a pattern, with their own statistics: for
 * completing what is typed, for spelling, and for people who want to see.
 */
#ifndef PARASOL_SEARCHER_EXPAND_LISTER_H
#define PARASOL_SEARCHER_EXPAND_LISTER_H

#include "searcher/expand/pattern.h"
#include "searcher/view/snapshot.h"

/* Distinct words of an index of several segments that are told apart; those
   behind are only counted. */
#define PS_WORDS_MAX ((uint32_t)1 << 20)

typedef struct ps_word {
    pc_str text; /* folded, with its accents */
    uint64_t df; /* documents that hold it, over all segments, deleted ones
                    included until a merge leaves them out */
    uint64_t ctf;
    uint32_t distance; /* from a fuzzy pattern */
} ps_word;

typedef struct ps_word_list {
    ps_word *items; /* the nearest first, then the most frequent, then by
                       their bytes */
    uint32_t n;
    uint64_t matched; /* distinct words, `items` included */
    bool stopped;     /* a limit was reached: there may be more */
} ps_word_list;

/*
 * Lists the best `limit` words of the field that match, without those of which
 * a search would find nothing because all their documents were deleted; so the
 * list can be shorter, and words behind it may be such. Everything lives in
 * the arena. Errors: QUERY (see ps_pattern_compile), NOMEM, CORRUPT.
 * Cost: a walk of each dictionary, some ten nanoseconds for each word that
 * matches.
 */
int ps_list_words(ps_word_list *out, const ps_snapshot *snap,
                  const ps_pattern *pattern, uint8_t field, uint32_t limit,
                  pc_arena *arena, parasol_error *err) PC_MUST_USE;

/* Lists the best `limit` definitions of acronyms that begin with `prefix`, in
   any case, each as "mod = ministry of defence". As ps_list_words else. */
int ps_list_acronyms(ps_word_list *out, const ps_snapshot *snap, pc_str prefix,
                     uint8_t field, uint32_t limit, pc_arena *arena,
                     parasol_error *err) PC_MUST_USE;

#endif
