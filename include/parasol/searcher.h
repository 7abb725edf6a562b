/*
 * Searching an index.
 *
 *     parasol_searcher *s = NULL;
 *     parasol_error err = {0};
 *     if (parasol_searcher_open(&s, "docs/.parasol", NULL, &err))
 *         ... err.message ...
 *     parasol_query *q = NULL;
 *     parasol_query_parse(&q, "\"cyber defence\" +treaty", 22, NULL, &err);
 *     parasol_result *r = NULL;
 *     parasol_search(&r, s, q, NULL, &err);
 *     for (size_t i = 0; i < parasol_result_count(r); i++) {
 *         parasol_hit hit = PARASOL_HIT_INIT;
 *         parasol_result_hit(r, i, &hit, &err);
 *         ... hit.title, hit.score ...
 *     }
 *     parasol_result_free(r);
 *     parasol_query_free(q);
 *     parasol_searcher_close(s);
 *
 * Threads: a searcher may be used by any number of threads at once; a query
 * is read-only once parsed and may be shared; a result belongs to one thread
 * at a time. Strings are UTF-8 with a length; they are also zero-terminated.
 * No function prints, exits, or reads the locale or the environment, but for
 * PARASOL_SIMD, which lowers the instruction set used, for tests.
 */
#ifndef PARASOL_SEARCHER_H
#define PARASOL_SEARCHER_H

#include <stddef.h>
#include <stdint.h>

#include <parasol/alloc.h>
#include <parasol/status.h>
#include <parasol/version.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct parasol_searcher parasol_searcher;
typedef struct parasol_query parasol_query;
typedef struct parasol_result parasol_result;

/* A string that belongs to somebody else; see each function for how long it
   lives. `ptr` is never NULL and is followed by a zero byte. */
typedef struct parasol_str {
    const char *ptr;
    size_t len; /* bytes, without the zero */
} parasol_str;

/* ---- opening ----------------------------------------------------------- */

typedef struct parasol_searcher_options {
    size_t struct_size;             /* sizeof(parasol_searcher_options) */
    const parasol_allocator *alloc; /* copied; NULL: the C library's */
} parasol_searcher_options;

#define PARASOL_SEARCHER_OPTIONS_INIT                                          \
    {                                                                          \
        sizeof(parasol_searcher_options), NULL                                 \
    }

/*
 * Opens the newest commit of the index directory `path` for reading.
 * `options` may be NULL. *out is owned by the caller (parasol_searcher_close).
 * Takes no lock and writes nothing: the directory may be read-only and belong
 * to somebody else. What was opened stays valid and unchanged while writers
 * commit and remove files.
 * Errors: NOTFOUND (no index there), CORRUPT, VERSION (of another version, or
 * analysed by one), IO (also: no permission), NOMEM.
 * Cost: does not grow with the size of the index, but for a bit a document of
 * segments in which documents were deleted.
 */
PARASOL_API int parasol_searcher_open(parasol_searcher **out, const char *path,
                                      const parasol_searcher_options *options,
                                      parasol_error *err) PARASOL_MUST_USE;

/*
 * Moves to the newest commit of the directory, which must still have the path
 * it was opened by; *changed (may be NULL) says whether it is another. Searches
 * that begin afterwards see it; results that exist, and searches under way,
 * stay with theirs. Segments that are in both are not opened again. Any thread,
 * also while others search.
 * Errors: as parasol_searcher_open; VERSION also when the new commit was
 * analysed otherwise than the one that is open (another language): open a
 * searcher for it. After an error the searcher goes on with what it has.
 * Cost: if nothing changed, a listing of the directory and a small file.
 */
PARASOL_API int parasol_searcher_refresh(parasol_searcher *s, int *changed,
                                         parasol_error *err) PARASOL_MUST_USE;

/* Accepts NULL. Queries may outlive the searcher, results may not. */
PARASOL_API void parasol_searcher_close(parasol_searcher *s);

typedef struct parasol_searcher_info {
    size_t struct_size;
    uint64_t commit;         /* number of the commit that is open */
    uint64_t documents;      /* searchable documents: deleted ones are not */
    uint64_t segments;       /* segment files */
    uint64_t not_searchable; /* files seen that could not be indexed */
} parasol_searcher_info;

/* Fills *info up to info->struct_size. */
PARASOL_API void parasol_searcher_describe(const parasol_searcher *s,
                                           parasol_searcher_info *info);

/*
 * Reads a thesaurus, in addition to those read before: lines such as
 * "Kyiv, Kiev" or "drone => UAV, unmanned aircraft" (docs/query.md). Words of
 * queries then find these, too, unless = stands before them. Not while another
 * thread uses the searcher.
 * Errors: ARG (what is wrong, and in which line), NOTFOUND, IO, FULL, NOMEM;
 * then nothing of the file counts.
 */
PARASOL_API int
parasol_searcher_add_synonyms(parasol_searcher *s, const char *path,
                              parasol_error *err) PARASOL_MUST_USE;

/*
 * The same, but only the lines that can matter to the query `query`: for
 * programs that answer one query and no other, and for a file that is known to
 * be right, since the other lines are not checked.
 */
PARASOL_API int
parasol_searcher_add_synonyms_for(parasol_searcher *s, const char *path,
                                  const char *query, size_t len,
                                  parasol_error *err) PARASOL_MUST_USE;

/* ---- queries ----------------------------------------------------------- */

/* What the parser did not understand, and did its best with. */
typedef struct parasol_warning {
    size_t start; /* byte range in the query text */
    size_t end;
    const char *message; /* a sentence; borrowed from the query */
} parasol_warning;

typedef struct parasol_query_options {
    size_t struct_size;
    const parasol_allocator *alloc; /* copied; NULL: the C library's */
    int strict; /* not 0: a warning is an error, PARASOL_QUERY */
} parasol_query_options;

#define PARASOL_QUERY_OPTIONS_INIT                                             \
    {                                                                          \
        sizeof(parasol_query_options), NULL, 0                                 \
    }

/*
 * Parses `len` bytes of query text (docs/query.md). Total: every byte string
 * gives a query, with warnings for what was repaired. `options` may be NULL.
 * *out is owned by the caller (parasol_query_free); `text` is copied.
 * Errors: NOMEM; QUERY when a stated limit is exceeded or, if strict, for the
 * first warning, with err->offset the byte it starts at.
 * Cost: linear in len.
 */
PARASOL_API int parasol_query_parse(parasol_query **out, const char *text,
                                    size_t len,
                                    const parasol_query_options *options,
                                    parasol_error *err) PARASOL_MUST_USE;

/* Accepts NULL. */
PARASOL_API void parasol_query_free(parasol_query *q);

/* Warnings of the parse, in order of their start. */
PARASOL_API size_t parasol_query_warning_count(const parasol_query *q);
PARASOL_API parasol_warning parasol_query_warning(const parasol_query *q,
                                                  size_t i);

/* The query as understood, in canonical form: parsing it again gives the
   same query. Borrowed until parasol_query_free. */
PARASOL_API parasol_str parasol_query_text(const parasol_query *q);

/* ---- searching --------------------------------------------------------- */

typedef struct parasol_search_options {
    size_t struct_size;
    size_t limit;     /* hits to return; 0 means count only */
    size_t offset;    /* hits to leave out first */
    int exact_total;  /* not 0: count every match, even where pruning would
                         not need to */
    float k1;         /* BM25 saturation of term frequency, >= 0 */
    float b;          /* BM25 strength of length normalisation, 0 to 1 */
    int exhaustive;   /* not 0: score every match, for comparison */
    int match_all;    /* not 0: words without a sign are required, too */
    int count_all;    /* not 0: count also the documents with every word, for
                         parasol_result_total_all() */
    int all_first;    /* not 0: of a query of two or three words, documents with
                         all of them come before those without, whatever they
                         score */
    int64_t today;    /* what "last month" refers to, in days after 1 January
                         1970; 0: today by the system's clock, UTC */
    uint64_t time_ms; /* after so long the search ends with what it has, a
                         total that is not exact, and a note; 0: no limit */
    const char *language; /* the language of the query ("de", "german"): its
                         words are looked for as words of that, in documents in
                         that language alone, whose number is what words are
                         weighed with; NULL: in all, in each by its own */
} parasol_search_options;

#define PARASOL_SEARCH_OPTIONS_INIT                                            \
    {                                                                          \
        sizeof(parasol_search_options), 10, 0, 1, 1.2F, 0.75F, 0, 0, 0, 0, 0,  \
            0, NULL                                                            \
    }

/*
 * Ranks the documents that match `q`. *out is owned by the caller
 * (parasol_result_free) and borrows from `s`. `options` may be NULL.
 * The hits are exactly the best `limit` after `offset`, by falling score and,
 * among equals, by document order; with all_first, such with all words first.
 * Errors: NOMEM, CORRUPT, ARG (a number out of range; a language that is not
 * known, or not that of an index of one).
 */
PARASOL_API int parasol_search(parasol_result **out, parasol_searcher *s,
                               const parasol_query *q,
                               const parasol_search_options *options,
                               parasol_error *err) PARASOL_MUST_USE;

/* Accepts NULL. */
PARASOL_API void parasol_result_free(parasol_result *r);

/* Hits held by this result. */
PARASOL_API size_t parasol_result_count(const parasol_result *r);

/* Documents that match. Exact if parasol_result_total_exact(), else a lower
   bound. */
PARASOL_API uint64_t parasol_result_total(const parasol_result *r);
PARASOL_API int parasol_result_total_exact(const parasol_result *r);

/*
 * Documents that match every wanted word, phrase or group of the query, if it
 * is a list of two or more and the search was asked to count them; else
 * UINT64_MAX.
 */
PARASOL_API uint64_t parasol_result_total_all(const parasol_result *r);

/* What the search has to say about the query in this index: a field that no
   document has, limits that were reached. Ranges are bytes of the query
   text; messages are borrowed until the result is freed. */
PARASOL_API size_t parasol_result_note_count(const parasol_result *r);
PARASOL_API parasol_warning parasol_result_note(const parasol_result *r,
                                                size_t i);

/*
 * The query with its misspelt words replaced by what was probably meant: words
 * of the index, near the one written and in many times as many documents. Looks
 * at words that the index does not have and, if the result has fewer than ten
 * matches, at those in five documents or fewer; not at words with digits,
 * behind =, excluded, or shorter than four letters. `q` is the query of `r`.
 * *text is borrowed from the result, and can be parsed. NOTFOUND when there is
 * nothing to propose. Errors: NOMEM, CORRUPT.
 * Cost: about two milliseconds for each such word, of which eight are looked
 * at.
 */
PARASOL_API int parasol_result_suggestion(parasol_result *r,
                                          const parasol_query *q,
                                          parasol_str *text,
                                          parasol_error *err) PARASOL_MUST_USE;

/*
 * What was searched for, for people: a line for each part of the query, with
 * the terms that it became and how many documents hold each. Borrowed until
 * the result is freed. Errors: NOMEM.
 */
PARASOL_API int parasol_result_understood(parasol_result *r, parasol_str *out,
                                          parasol_error *err) PARASOL_MUST_USE;

typedef struct parasol_hit {
    size_t struct_size;
    uint64_t doc; /* number of the document in this snapshot */
    double score;
    parasol_str path;     /* relative to the indexed folder, or the id given */
    parasol_str title;    /* may be empty */
    parasol_str date;     /* ISO 8601, or empty */
    parasol_str language; /* "de", ...: in which it was indexed */
} parasol_hit;

#define PARASOL_HIT_INIT                                                       \
    {                                                                          \
        sizeof(parasol_hit), 0, 0.0, {"", 0}, {"", 0}, {"", 0},                \
        {                                                                      \
            "", 0                                                              \
        }                                                                      \
    }

/*
 * Fills *hit with hit `i` (0-based). Strings are borrowed until the result is
 * freed. Errors: ARG (no such hit), NOMEM, CORRUPT.
 * Cost: the first call for a hit reads its stored fields.
 */
PARASOL_API int parasol_result_hit(parasol_result *r, size_t i,
                                   parasol_hit *hit,
                                   parasol_error *err) PARASOL_MUST_USE;

/* Other metadata of a hit, in stored order. *name and *value are borrowed
   until the result is freed. NOTFOUND after the last. */
PARASOL_API int parasol_result_meta(parasol_result *r, size_t i, size_t n,
                                    parasol_str *name, parasol_str *value,
                                    parasol_error *err) PARASOL_MUST_USE;

/* A byte range of a snippet that matched the query. */
typedef struct parasol_span {
    size_t start;
    size_t end;
} parasol_span;

typedef struct parasol_snippet {
    size_t struct_size;
    parasol_str text; /* white space folded; borrowed from the result */
    const parasol_span *spans; /* in order, not overlapping; borrowed */
    size_t span_count;
    int starts_inside; /* not 0: text was left out before it */
    int ends_inside;   /* not 0: text was left out after it */
} parasol_snippet;

#define PARASOL_SNIPPET_INIT                                                   \
    {                                                                          \
        sizeof(parasol_snippet), {"", 0}, NULL, 0, 0, 0                        \
    }

/*
 * The passage of hit `i` that shows best why it matched, at most `max_bytes`
 * long, cut at characters and where possible at words, with the matched words
 * as spans; words of a phrase are marked only where the phrase matches.
 * Borrowed until the result is freed. Errors: ARG, NOMEM, CORRUPT.
 * Cost: reads and analyses the stored text, up to a stated limit.
 */
PARASOL_API int parasol_result_snippet(parasol_result *r, size_t i,
                                       size_t max_bytes, parasol_snippet *out,
                                       parasol_error *err) PARASOL_MUST_USE;

/* ---- words -------------------------------------------------------------- */

/* Words of an index, with their frequencies. */
typedef struct parasol_words parasol_words;

enum parasol_words_kind {
    PARASOL_WORDS_PREFIX,   /* that begin with the pattern */
    PARASOL_WORDS_WILDCARD, /* * any characters, ? one */
    PARASOL_WORDS_FUZZY,    /* within `distance` edits of it */
    PARASOL_WORDS_REGEX,    /* that match the expression (docs/query.md) */
    PARASOL_WORDS_ACRONYMS  /* no words: acronyms that begin with the pattern
                               and are explained in texts, each as "mod =
                               ministry of defence" */
};

typedef struct parasol_words_options {
    size_t struct_size;
    int kind;          /* enum parasol_words_kind */
    unsigned distance; /* FUZZY: 0 to 2 */
    size_t limit;      /* words to return */
} parasol_words_options;

#define PARASOL_WORDS_OPTIONS_INIT                                             \
    {                                                                          \
        sizeof(parasol_words_options), PARASOL_WORDS_PREFIX, 1, 10             \
    }

typedef struct parasol_word {
    parasol_str text;     /* in lower case, as documents have it */
    uint64_t documents;   /* that hold it */
    uint64_t occurrences; /* in all of them */
    unsigned distance;    /* FUZZY: edits */
} parasol_word;

/*
 * Lists the words of the index that match `pattern` (UTF-8; case and accents
 * do not matter): the nearest first, then the most frequent. Words are those
 * written in titles and texts, not their stems. `options` may be NULL. *out is
 * owned by the caller (parasol_words_free) and borrows from `s`.
 * Errors: QUERY (what is wrong with the pattern, with err->offset), ARG, NOMEM,
 * CORRUPT.
 * Cost: well below a millisecond for a prefix of some letters.
 */
PARASOL_API int parasol_words_find(parasol_words **out, parasol_searcher *s,
                                   const char *pattern, size_t len,
                                   const parasol_words_options *options,
                                   parasol_error *err) PARASOL_MUST_USE;

/* Accepts NULL. */
PARASOL_API void parasol_words_free(parasol_words *w);

/* Words held; how many match in all; and not 0 if all of the index was looked
   at, else more may match. */
PARASOL_API size_t parasol_words_count(const parasol_words *w);
PARASOL_API uint64_t parasol_words_matched(const parasol_words *w);
PARASOL_API int parasol_words_complete(const parasol_words *w);

/* Word `i`, below the count; borrowed until parasol_words_free. */
PARASOL_API parasol_word parasol_words_get(const parasol_words *w, size_t i);

#ifdef __cplusplus
}
#endif
#endif
