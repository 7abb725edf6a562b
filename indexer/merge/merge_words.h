/*
 * The dictionaries of several segments, word by word, in one language.
 *
 * A dictionary sorts by field and then by word. This scan runs through both
 * fields of the language in each segment at once, so that everything that is
 * known of a word is at hand together, and words come in byte order.
 *
 * One thread at a time. Memory: some 400 bytes for each field of a segment.
 */
#ifndef PARASOL_INDEXER_MERGE_MERGE_WORDS_H
#define PARASOL_INDEXER_MERGE_MERGE_WORDS_H

#include "common/segment/seg.h"

typedef struct pi_words_lane pi_words_lane;

typedef struct pi_words {
    const pc_mem *mem;
    size_t n_segs;
    pi_words_lane *lanes; /* n_segs times the fields */
    uint32_t *heap;       /* lanes with a word that is to come */
    size_t n_heap;
    /* The current word: borrowed until the next one. */
    pc_str word;
    const pc_entry **entries; /* [segment * fields + field]; NULL: none */
    uint32_t *present;        /* indexes of those that are not, ascending */
    size_t n_present;
    char bytes[PC_KEY_MAX];
} pi_words;

/* Starts before the first word of the language with that code. The segments are
   borrowed until release, which always follows. Errors: NOMEM, CORRUPT. */
int pi_words_init(pi_words *w, const pc_seg *const *segs, size_t n,
                  pc_str language, const pc_mem *mem,
                  parasol_error *err) PC_MUST_USE;
void pi_words_release(pi_words *w);

/* The next word; PARASOL_NOTFOUND behind the last one. Errors: CORRUPT. */
int pi_words_next(pi_words *w, parasol_error *err) PC_MUST_USE;

/* What segment s has of the current word in a field, or NULL. */
static inline const pc_entry *pi_words_entry(const pi_words *w, size_t s,
                                             uint8_t field)
{
    return w->entries[s * PC_FIELD_COUNT + field];
}

#endif
