/*
 * Deep check of a segment whose bytes are as they were written: does it say
 * what it should? Whatever follows from something else in the segment is made
 * again and compared: the order and coding of the dictionary, the counts, the
 * bounds of lists, the numbers of forms, norms, columns, the order of
 * documents, and, where the text is stored, the words of each document.
 */
#ifndef PARASOL_INDEXER_CHECK_DEEP_H
#define PARASOL_INDEXER_CHECK_DEEP_H

#include "common/base/hash.h"
#include "common/format/manifest.h"
#include "common/segment/seg.h"
#include "common/text/analyzer.h"
#include "indexer/check/bytes.h"

/* What is gathered on the way, by document. */
typedef struct pi_deep {
    pi_check *c;
    const pc_mem *mem;
    const pc_seg *seg;
    const char *name; /* of the file */
    uint32_t docs;
    const uint64_t *alive; /* NULL: all are */
    /* Occurrences of all words, by field. */
    uint64_t *tokens[PC_FIELD_COUNT];
    /* Sums over all occurrences of a hash of word and position, and of word,
       position and variant: as the lists say. */
    uint64_t *words;
    uint64_t *variants;
    bool lists_are_sound;
    struct pi_deep_forms *forms;
} pi_deep;

/* How the words of an index were made, by its manifest. */
typedef struct pi_deep_words {
    pc_str spec;
    uint64_t fingerprint;
} pi_deep_words;

/*
 * Checks a segment. Where words are not made as by this program, texts are not
 * analysed again, which is noted. `alive` is a bitmap of the documents that
 * are; NULL: all.
 */
void pi_deep_segment(pi_check *c, const pc_seg *seg, const char *name,
                     pi_deep_words words, const uint64_t *alive);

/* No two documents that are alive have one id, in all segments (deep_store.c).
 */
void pi_deep_ids(pi_check *c);

/* Checks the catalog of a commit in c->dir. Not 0 when it is not there any
   more (deep_files.c). */
int pi_deep_files(pi_check *c, const pc_manifest *m,
                  const char *name) PC_MUST_USE;

/* Checks the records of a sound file of skips. */
void pi_deep_skips(pi_check *c, const pi_bytes *b, const char *name);

/* ---- parts, in this order ----------------------------------------------- */

/* The dictionary, its index, and the forms in it (deep_dict.c). */
void pi_deep_dict(pi_deep *d);

/* All posting lists and positions (deep_lists.c). */
void pi_deep_lists(pi_deep *d);

/* Lengths and norms against the lists; the order (deep.c). */
/* Stored documents and columns (deep_store.c). */
void pi_deep_store(pi_deep *d);

/* The words of stored texts against the lists (deep_text.c). */
void pi_deep_text(pi_deep *d, pc_analyzer *analyzer);

/* ---- what they share ---------------------------------------------------- */

/* A place in the file, by an address in it; NULL: none. */
pi_place pi_deep_place(const pi_deep *d, uint32_t section, const uint8_t *at);

/* Damage that affects a word, given by its key. */
void pi_deep_word(pi_deep *d, uint32_t section, const uint8_t *at, pc_str key,
                  const char *fmt, ...) PC_PRINTF(5, 6);

/* Damage that affects a document. */
void pi_deep_document(pi_deep *d, uint32_t section, const uint8_t *at,
                      uint32_t doc, const char *fmt, ...) PC_PRINTF(5, 6);

/* A key for sums: of the word in a field. */
static inline uint64_t pi_deep_key(pc_str key)
{
    return pc_hash64(key.ptr, key.len, 0);
}

static inline uint64_t pi_deep_occurrence(uint64_t key, uint32_t pos)
{
    return pc_hash_mix(key + PC_HASH_K1 * pos, PC_HASH_K2 ^ pos);
}

static inline uint64_t pi_deep_variant(uint64_t occurrence, uint32_t variant)
{
    return pc_hash_mix(occurrence, PC_HASH_K3 + variant);
}

#endif
