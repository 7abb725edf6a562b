/*
 * An index whose lists are known by arithmetic: document d holds the word
 * "w<k>", for each k of numbers_k, when k divides d, and then 1 + d / k % 5
 * times. Header only.
 */
#ifndef PARASOL_TESTS_SUPPORT_NUMBERS_H
#define PARASOL_TESTS_SUPPORT_NUMBERS_H

#include <stdio.h>
#include <string.h>

#include <parasol/indexer.h>

#include "tests/support/scratch.h"

#define NUMBERS_WORDS 10u

static const uint32_t numbers_k[NUMBERS_WORDS] = {1,  2,  3,   5,   7,
                                                  50, 97, 128, 999, 4000};

static inline int numbers_has(uint32_t doc, uint32_t k)
{
    return doc % k == 0;
}

static inline uint32_t numbers_tf(uint32_t doc, uint32_t k)
{
    return 1 + doc / k % 5;
}

static inline void numbers_text(char *out, size_t room, uint32_t doc)
{
    size_t len = 0;
    for (unsigned i = 0; i < NUMBERS_WORDS; i++) {
        if (!numbers_has(doc, numbers_k[i]))
            continue;
        for (uint32_t n = numbers_tf(doc, numbers_k[i]); n > 0; n--)
            len +=
                (size_t)snprintf(out + len, room - len, "w%u ", numbers_k[i]);
    }
    /* Lengths differ too. */
    for (uint32_t n = doc * 7 % 13; n > 0; n--)
        len += (size_t)snprintf(out + len, room - len, "filler%u ", n);
}

/* Documents 0 to docs - 1 in a new index, segment_docs in each segment, or all
   for 0. */
static inline int numbers_index(const char *path, uint32_t docs,
                                uint64_t segment_docs)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    char id[16], text[1024];
    o.segment_docs = segment_docs;
    int rc = parasol_indexer_open(&w, path, &o, NULL);
    for (uint32_t i = 0; i < docs && !rc; i++) {
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        (void)snprintf(id, sizeof id, "%u", i);
        numbers_text(text, sizeof text, i);
        doc.id = id;
        doc.text = text;
        doc.text_len = strlen(text);
        rc = parasol_indexer_add(w, &doc, NULL);
    }
    if (!rc)
        rc = parasol_indexer_commit(w, NULL, NULL);
    parasol_indexer_close(w);
    return rc;
}

#endif
