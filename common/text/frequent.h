/*
 * The words that a language cannot do without: they are in most documents, so
 * that a phrase of them ("to be or not to be") has nearly all documents for
 * candidates. Where two of them are neighbours, the pair is indexed like a
 * word. Its key begins with a byte that no word has.
 *
 * The idea of common words indexed with their neighbours is older than its
 * best known study, H. Williams, J. Zobel, D. Bahle, Fast phrase querying with
 * combined indexes, ACM TOIS 22(4), 2004.
 */
#ifndef PARASOL_COMMON_TEXT_FREQUENT_H
#define PARASOL_COMMON_TEXT_FREQUENT_H

#include <stdbool.h>

#include "common/base/str.h"

/* The words of a language as libstemmer names it, in small letters, each
   followed by a space. Those before "| " are articles, which only begin pairs:
   what stands before them says little, and is often there. Empty when no list
   is known. Borrowed for ever. */
pc_str pc_frequent_words(const char *language);

#define PC_FREQUENT_MAX 48u     /* of a language */
#define PC_FREQUENT_LETTERS 12u /* of a stem, at most */

/* The first byte of the key of a pair. */
#define PC_PAIR_MARK 0x01
#define PC_PAIR_MAX (2 * PC_FREQUENT_LETTERS + 2)

/* The key of the pair of stems a and b; returns its length. */
size_t pc_pair_key(char key[PC_PAIR_MAX], pc_str a, pc_str b);

static inline bool pc_is_pair(pc_str stem)
{
    return stem.len > 0 && stem.ptr[0] == PC_PAIR_MARK;
}

#endif
