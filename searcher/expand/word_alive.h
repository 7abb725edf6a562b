/*
 * Whether a word of the dictionary is still in any document.
 */
#ifndef PARASOL_SEARCHER_EXPAND_WORD_ALIVE_H
#define PARASOL_SEARCHER_EXPAND_WORD_ALIVE_H

#include "searcher/view/snapshot.h"

/*
 * Sets *alive if a document that is alive holds some form of the word's stem in
 * the field: if a search for the word finds anything. `word` is a form as the
 * dictionary has it. Errors: CORRUPT.
 * Cost: nothing where a segment has the word in more documents than it has
 * dead ones; else its list is read as far as the first that is alive.
 */
int ps_word_is_alive(const ps_snapshot *snap, uint8_t field, pc_str word,
                     bool *alive, parasol_error *err) PC_MUST_USE;

#endif
