/*
 * Spelling: a better word for one that the index hardly has.
 */
#ifndef PARASOL_SEARCHER_EXPAND_SPELL_H
#define PARASOL_SEARCHER_EXPAND_SPELL_H

#include "searcher/expand/lister.h"

/* Shorter words have too many neighbours to guess. */
#define PS_SPELL_MIN 4u

/*
 * Looks for a word of the index that was probably meant by `word` (as typed),
 * of which the index knows `df` documents. It is clearly better:
 *
 *   df    one edit                      two edits, from seven letters on
 *   0     occurs at all                 five times, in two documents; at all,
 * if the index has less than 1 000 documents more  in ten times as many in a
 * hundred times as many documents, documents, three at least     ten at least
 *
 * Among several, an edit less counts as much as being twenty times as
 * frequent. Words with digits are never corrected. best->text.len is 0 when
 * there is none. Errors: NOMEM, CORRUPT.
 * Cost: a fuzzy walk, about two milliseconds for half a million words.
 */
int ps_spell_word(ps_word *best, const ps_snapshot *snap, pc_str word,
                  uint64_t df, pc_arena *arena, parasol_error *err) PC_MUST_USE;

#endif
