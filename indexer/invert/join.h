/*
 * Joining runs: any number of them become the dictionary and the posting
 * lists of one segment. The result depends on the documents and their numbers
 * only, not on how they were spread over runs.
 *
 * The stems are cut into ranges, the pieces, that can be made side by side
 * (pi_piece_make) and are put together in order (pi_joint_add). What a piece
 * cannot know is where forms go whose bytes lie in the range of another piece:
 * those strays are kept until the end (pi_joint_finish).
 */
#ifndef PARASOL_INDEXER_INVERT_JOIN_H
#define PARASOL_INDEXER_INVERT_JOIN_H

#include "indexer/invert/term_run.h"
#include "indexer/write/dict_writer.h"
#include "indexer/write/meta_writer.h"
#include "indexer/write/post_writer.h"

/* What is known of the documents of the index, by number. */
typedef struct pi_docs {
    uint32_t n;
    uint8_t *norms[PC_FIELD_COUNT];
    uint8_t *titles;      /* title_end of each document, or 255 for more */
    uint8_t *of_language; /* as in pi_invdoc */
    uint32_t *title_ends; /* the same */
    uint64_t lengths[PC_FIELD_COUNT];
    pi_languages languages;
    uint8_t main;         /* the language whose stems have no head */
    uint8_t numbers[256]; /* of a language (common/text/language.h): its number
                             in `languages` */
} pi_docs;

/*
 * Room for n documents, eight bytes each, released by pi_join_docs_release.
 * Then pi_join_docs_set is called for each, and pi_join_docs_end, which counts
 * them; `analyzer` is what they were analysed with. Errors: NOMEM.
 */
int pi_join_docs_init(pi_docs *docs, uint32_t n, const pc_mem *mem) PC_MUST_USE;
void pi_join_docs_set(pi_docs *docs, uint32_t i, const pi_invdoc *doc);
void pi_join_docs_end(pi_docs *docs, const pc_analyzer *analyzer);
void pi_join_docs_release(pi_docs *docs, const pc_mem *mem);

typedef struct pi_join {
    const pc_mem *mem;
    const char *dir; /* for temporary files */
    const pi_run *runs;
    size_t n_runs;
    const pi_docs *docs;
    size_t spool_limit; /* bytes kept in memory of each stream */
    pc_pool *pool;      /* makes the blocks of the dictionary; NULL: none */
    bool gaps;          /* some documents of the runs are PI_NO_DOC */
    float damp[PC_FIELD_COUNT][256];
    /* Stems [lo, hi) of each piece, which are of one language; hi empty: all
       from lo on. In the order of the languages' numbers. */
    struct pi_range {
        pc_str lo, hi;
        uint32_t language; /* its number in the segment */
    } * pieces;
    size_t n_pieces, pieces_cap;
    uint8_t heads[256][PI_LANGUAGE_HEAD]; /* bounds of languages */
} pi_join;

/*
 * Plans the join of runs into about `pieces` pieces. Everything is borrowed
 * until release. Errors: NOMEM.
 */
int pi_join_init(pi_join *j, const pi_run *runs, size_t n_runs,
                 const pi_docs *docs, size_t pieces, const char *dir,
                 const pc_mem *mem, parasol_error *err) PC_MUST_USE;
void pi_join_release(pi_join *j);

/* Bytes that all lists together have in the runs. */
uint64_t pi_runs_weight(const pi_run *runs, size_t n_runs);

/* A form whose entry belongs to another piece than its stem. */
typedef struct pi_stray {
    pc_str text;
    uint8_t field; /* as in keys: of a language */
    pc_form_info info;
} pi_stray;

typedef struct pi_piece {
    const pi_join *join;
    uint32_t language; /* its number in the segment */
    pi_post_writer post[PC_FIELD_COUNT];
    pi_spool entries[PC_FIELD_COUNT]; /* of the dictionary */
    pi_stray *strays;
    size_t n_strays, strays_cap;
    pc_arena arena; /* of the strays */
    int status;
    parasol_error error;
} pi_piece;

/* Makes piece `i`; p->status tells how it went. Different pieces can be made
   by different threads at once. */
void pi_piece_make(pi_piece *p, const pi_join *j, size_t i);
void pi_piece_release(pi_piece *p);

/* What belongs to one field of a language. */
typedef struct pi_joint_field {
    pi_spool postings, positions, entries;
} pi_joint_field;

/* The whole, in the making. */
typedef struct pi_joint {
    const pi_join *join;
    size_t n_fields;        /* of all languages */
    pi_joint_field *fields; /* NULL: no memory */
    pi_stray *strays;
    size_t n_strays, strays_cap;
    pc_arena arena;
} pi_joint;

void pi_joint_init(pi_joint *t, const pi_join *j);
void pi_joint_release(pi_joint *t);

/* One form may have come from two stems, by different ways of writing it; the
   dictionary names one of them. True if it is `a` rather than `b`. */
bool pi_form_is_better(const pc_form_info *a, const pc_form_info *b);

/* Adds the next piece, which is emptied. Errors: those of the piece, NOMEM,
   FULL, IO. */
int pi_joint_add(pi_joint *t, pi_piece *p, parasol_error *err) PC_MUST_USE;

/* Writes the sections META, TERMS, TERM_INDEX, POSTINGS, POSITIONS, NORMS and
   LANGUAGES.
   Errors: NOMEM, CORRUPT (a temporary file), and those of `o`. */
int pi_joint_finish(pi_joint *t, pi_out *o, parasol_error *err) PC_MUST_USE;

/* All of it in the calling thread. */
int pi_join_all(const pi_join *j, pi_out *o, parasol_error *err) PC_MUST_USE;

#endif
