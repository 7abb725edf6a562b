/*
 * Random documents and random queries about them, for tests that compare one
 * way of searching with another. The words have a Zipf distribution, stems
 * with several forms, accents, numbers, Chinese; some words stand in an exact
 * number of documents, so that lists of every shape come about.
 */
#ifndef PARASOL_TESTS_SUPPORT_BABBLE_H
#define PARASOL_TESTS_SUPPORT_BABBLE_H

#include <parasol/parasol.h>

#include "tests/support/naive.h"

#define BABBLE_META 5u

typedef struct babble_doc {
    char id[24];
    char *title;
    char *text;
    char date[16];
    char values[BABBLE_META][16];
    parasol_meta meta[BABBLE_META];
    size_t meta_n;
} babble_doc;

typedef struct babble {
    uint64_t rng;
    babble_doc *docs;
    size_t n;
    char (*words)[32]; /* the most frequent first */
    size_t n_words;
    naive *oracle; /* holds the documents too */
} babble;

/* Makes `docs` documents of up to `longest` words. */
void babble_make(babble *b, uint64_t seed, size_t docs, size_t longest);
void babble_release(babble *b);

/* Writes a random query that ends with a zero byte; returns its length. */
size_t babble_query(babble *b, char *out, size_t room);

/* The same, of two or three different words that are in the index, perhaps
   with a filter and an exclusion. */
size_t babble_short(babble *b, char *out, size_t room);

/* Adds all documents to a new index in `path` and commits. Any failure ends
   the program. A segment holds `segment_docs` documents, 0: all of them. */
void babble_index(const babble *b, const char *path, uint64_t segment_docs);

#endif
