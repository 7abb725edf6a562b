/*
 * Inverter: texts of documents in, one segment out.
 *
 * Tokens are kept as a stream of form numbers, four bytes each, in document
 * order; positions are implied. A distinct slice of text is analysed once:
 * slice -> form -> stem are three intern tables. Nothing is sorted until
 * pi_inverter_flush (flush.c), which scatters the stream into postings.
 *
 * One thread at a time.
 */
#ifndef PARASOL_INDEXER_INVERT_INVERTER_H
#define PARASOL_INDEXER_INVERT_INVERTER_H

#include "common/segment/fields.h"
#include "common/text/analyzer.h"
#include "indexer/invert/termtab.h"
#include "indexer/write/out.h"

/* In the stream, instead of a form: a position without a token; that the next
   token stands at the position of the one before; the distance between title
   and text, the lowest of them. */
#define PI_TOKEN_HOLE (UINT32_MAX - 1)
#define PI_TOKEN_SAME (UINT32_MAX - 2)
#define PI_TOKEN_FIELD_GAP (UINT32_MAX - 3)
#define PI_FIELD_GAP 16u /* positions */

typedef struct pi_invdoc {
    uint64_t start;       /* of its tokens in the stream */
    uint32_t title_items; /* stream items that belong to the title */
    uint32_t lengths[PC_FIELD_COUNT]; /* tokens in each field */
} pi_invdoc;

typedef struct pi_inverter {
    const pc_mem *mem;
    pc_analyzer *analyzer; /* borrowed */
    pi_termtab raw;        /* slices of text; value: form, or NONE if empty */
    pi_termtab forms;      /* value: stem */
    pi_termtab stems;
    uint32_t *tokens;
    size_t n_tokens, tokens_cap;
    pi_invdoc *docs;
    size_t n_docs, docs_cap;
} pi_inverter;

int pi_inverter_init(pi_inverter *v, pc_analyzer *analyzer,
                     const pc_mem *mem) PC_MUST_USE;
void pi_inverter_release(pi_inverter *v);

/* Adds a document: its title (may be empty) and text, UTF-8. Errors: NOMEM,
   FULL (a document of more than 2^31 tokens, or 2^31 - 1 documents). */
int pi_inverter_add(pi_inverter *v, pc_str title, pc_str text,
                    parasol_error *err) PC_MUST_USE;

/* Bytes of memory held. */
size_t pi_inverter_memory(const pi_inverter *v);

/* Bytes that pi_inverter_flush will need on top. */
size_t pi_inverter_flush_memory(const pi_inverter *v);

/*
 * Writes the sections META, TERMS, TERM_INDEX, POSTINGS, POSITIONS and NORMS
 * of everything added to `o` (temporary files go to `dir`) and forgets it.
 * `memory` bounds the space for sorting. Errors: NOMEM; what fails on disk is
 * told by `o`.
 */
int pi_inverter_flush(pi_inverter *v, pi_out *o, const char *dir, size_t memory,
                      parasol_error *err) PC_MUST_USE;

#endif
