/*
 * The oracle: an index and a search that are too simple to be wrong.
 *
 * A document is an array of (position, form, stem); a query is evaluated by
 * walking its tree and looking at every token of every document. Shares with
 * the engine the analysis of words and the parser, and nothing of the index,
 * the plan, the lists, the arithmetic or the heap.
 */
#ifndef PARASOL_TESTS_SUPPORT_NAIVE_H
#define PARASOL_TESTS_SUPPORT_NAIVE_H

#include <stddef.h>
#include <stdint.h>

#include "searcher/query/ast.h"

typedef struct naive naive;

/* Positions between the title and the text. */
#define NAIVE_FIELD_GAP 16u

/* An empty index for English. Out of memory ends the program, here and
   below. Owned by the caller (naive_free). */
naive *naive_new(void);
void naive_free(naive *n);

/* A value of a document's metadata; date and path are such, too. */
typedef struct naive_meta {
    const char *name; /* in lower case */
    const char *value;
} naive_meta;

/* Adds the next document; all strings are zero-terminated UTF-8. The metadata
   is borrowed. */
void naive_add(naive *n, const char *title, const char *text,
               const naive_meta *meta, size_t meta_n);

/* The document counts for statistics from now on, and matches nothing. */
void naive_kill(naive *n, size_t doc);

size_t naive_docs(const naive *n);

/* The raw bytes of a stretch of words of document `doc` that holds at most
   `words` tokens from its token number `from` on (counted over title and
   text); empty if there are none. For phrases that match. */
size_t naive_words(const naive *n, size_t doc, size_t from, size_t words,
                   char *out, size_t room);

/* Tokens of document `doc`. */
size_t naive_length(const naive *n, size_t doc);

typedef struct naive_hit {
    uint32_t doc;
    double score;
} naive_hit;

typedef struct naive_result {
    naive_hit *hits; /* every match, best first, then by document */
    size_t n;
    double *scores; /* by document; < 0 where it does not match */
    /* A score of the engine, which is the sum of whole units, may be off by
       this much beyond rounding in proportion. */
    double slack;
} naive_result;

/* Evaluates the tree. *out is owned by the caller (naive_result_free). */
void naive_search(naive *n, const ps_node *root, float k1, float b,
                  naive_result *out);
void naive_result_free(naive_result *r);

/* BM25 of a word by its formula. `length` is the document's class. */
double naive_bm25(double idf, double tf, double length, double average,
                  double k1, double b);

/* ln(1 + (docs - df + 0.5) / (df + 0.5)) */
double naive_idf(double docs, double df);

/* The length that a document of `length` tokens is taken to have: its five
   highest bits. */
double naive_class(uint32_t length);

#endif
