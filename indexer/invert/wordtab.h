/*
 * Short slices of text to the numbers of their forms. A slot holds the whole
 * slice, so a look at one place tells. In front of the table is a small one
 * that stays in the cache of the core, since most of the tokens of a text are
 * few words.
 *
 * One thread at a time.
 */
#ifndef PARASOL_INDEXER_INVERT_WORDTAB_H
#define PARASOL_INDEXER_INVERT_WORDTAB_H

#include <stdbool.h>

#include "common/base/hash.h"
#include "common/base/mem.h"
#include "common/text/token.h"

/* Bytes of the longest slice. */
#define PI_WORD_MAX 24u

/* A slice and its form. No slice has tag 0. */
typedef struct pi_word {
    uint64_t part[PI_WORD_MAX / 8]; /* its bytes, zeros behind */
    uint32_t tag; /* language << 16 | length << 3 | kind, + 1 */
    uint32_t form;
} pi_word;

#define PI_HOT_BITS 12u /* sets of two */

typedef struct pi_wordtab {
    const pc_mem *mem;
    pi_word *hot; /* the first of a set has been found again since it came */
    pi_word *slots;
    size_t slot_count, n;
} pi_wordtab;

int pi_wordtab_init(pi_wordtab *t, const pc_mem *mem) PC_MUST_USE;
void pi_wordtab_release(pi_wordtab *t);

/* Bytes of memory held, without the small table; bytes that it will ask for
   when it grows soon. */
size_t pi_wordtab_memory(const pi_wordtab *t);
size_t pi_wordtab_growth(const pi_wordtab *t);

/*
 * The key of the slice of a token, whose kind and length are in the tag. False
 * when it is too long. `left` is how many bytes of the text can be read from
 * the slice on; `language` is below 256.
 */
static inline bool pi_word_key(pi_word *k, uint32_t language, const char *slice,
                               size_t left, const pc_token *tok)
{
    static const uint8_t masks[2 * PI_WORD_MAX] = {
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    uint8_t copy[PI_WORD_MAX];
    const uint8_t *p = (const uint8_t *)slice;
    uint32_t len = tok->end - tok->start;
    if (PC_UNLIKELY(len > PI_WORD_MAX))
        return false;
    if (PC_UNLIKELY(left < PI_WORD_MAX)) {
        memcpy(copy, p, len);
        memset(copy + len, 0, sizeof copy - len);
        p = copy;
    }
    /* As many bytes of all ones as the slice has, then zeros. */
    const uint8_t *mask = masks + PI_WORD_MAX - len;
    k->part[0] = pc_load64le(p) & pc_load64le(mask);
    k->part[1] = pc_load64le(p + 8) & pc_load64le(mask + 8);
    k->part[2] = pc_load64le(p + 16) & pc_load64le(mask + 16);
    k->tag = (language << 16 | len << 3 | tok->kind) + 1;
    return true;
}

static inline uint64_t pi_word_hash(const pi_word *k)
{
    uint64_t h = pc_hash_mix(k->part[0] ^ PC_HASH_K0, k->part[1] ^ PC_HASH_K1);
    return pc_hash_mix(h ^ k->part[2], k->tag ^ PC_HASH_K2);
}

static inline bool pi_word_same(const pi_word *a, const pi_word *b)
{
    return ((a->part[0] ^ b->part[0]) | (a->part[1] ^ b->part[1]) |
            (a->part[2] ^ b->part[2]) | (a->tag ^ b->tag)) == 0;
}

/* The set of the small table where the key would be. */
static inline pi_word *pi_wordtab_set(const pi_wordtab *t, uint64_t hash)
{
    return &t->hot[2 * (size_t)(hash >> (64 - PI_HOT_BITS))];
}

/* Sets k->form if the word is in its set; false if it is not. */
static inline bool pi_wordtab_hot(pi_word *set, pi_word *k)
{
    if (PC_LIKELY(pi_word_same(&set[0], k))) {
        k->form = set[0].form;
        return true;
    }
    if (!pi_word_same(&set[1], k))
        return false;
    pi_word found = set[1];
    set[1] = set[0];
    set[0] = found;
    k->form = found.form;
    return true;
}

/* Has the place of a key in the large table fetched. */
static inline void pi_wordtab_fetch(const pi_wordtab *t, uint64_t hash)
{
    PC_PREFETCH(&t->slots[(size_t)hash & (t->slot_count - 1)]);
}

/* Sets k->form if the word is in the large table; false if it is not. */
bool pi_wordtab_find(const pi_wordtab *t, pi_word *k, uint64_t hash);

/* Adds a word that is not there, with its form. PARASOL_OK or NOMEM. */
int pi_wordtab_add(pi_wordtab *t, const pi_word *k, uint64_t hash) PC_MUST_USE;

#endif
