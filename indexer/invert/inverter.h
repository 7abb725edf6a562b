/*
 * Inverter: texts of documents in, the occurrences of each stem out.
 *
 * A distinct slice of text is analysed once: slice -> form -> stem are three
 * tables. Each stem has a chain (chain.h) to which its occurrences are
 * appended; term_run.h reads what an inverter holds in the order of the stems.
 *
 * One thread at a time.
 */
#ifndef PARASOL_INDEXER_INVERT_INVERTER_H
#define PARASOL_INDEXER_INVERT_INVERTER_H

#include "common/segment/fields.h"
#include "common/text/analyzer.h"
#include "indexer/invert/chain.h"
#include "indexer/invert/termtab.h"
#include "indexer/invert/wordtab.h"
#include "indexer/write/out.h"

/* Between the last position of the title and the first of the text. */
#define PI_FIELD_GAP 16u

/* What is known of a document once it is inverted. */
typedef struct pi_invdoc {
    uint32_t lengths[PC_FIELD_COUNT]; /* tokens in each field */
    uint32_t title_end;               /* positions below are of the title */
    uint8_t language;                 /* its number (common/text/language.h) */
} pi_invdoc;

/* Stems of another language than the main one have these two bytes in front,
   behind which no UTF-8 stands: so they sort behind those of the main one, by
   their language. */
#define PI_LANGUAGE_MARK 0xFFu
#define PI_LANGUAGE_HEAD 2u

/* Bytes behind a form in `forms`. Two forms with the same text and stem may
   have different numbers. */
#define PI_FORM_TAIL 2u

/* A form, by its number in `forms`. */
typedef struct pi_form {
    uint32_t stem;
    uint32_t local; /* its number among the forms of the stem */
    uint32_t ctf;
    uint32_t frequent; /* pc_analyzer_frequent of the stem */
} pi_form;

typedef struct pi_inverter {
    const pc_mem *mem;
    pc_analyzer *analyzer; /* borrowed */
    uint32_t other;        /* language of the document, + 1; 0: the main one */
    pi_wordtab words;      /* slices of text */
    pi_termtab longs;      /* longer ones; value: form */
    pi_termtab forms;      /* the form, its kind, and `other` */
    pi_termtab stems;
    pi_form *info; /* by form */
    size_t info_cap;
    pi_chain *chains; /* by stem */
    size_t chains_cap;
    pi_slab chunks;
    uint32_t *pairs[PC_LANGUAGES_MAX + 1]; /* by `other`: forms, + 1, of pairs
                                              of frequent words by number;
                                              NULL until there is one */
    uint32_t n_docs;                       /* since the inverter was emptied */
    uint64_t n_tokens;
    pi_invdoc last;  /* of the document that was added last */
    pi_invdoc *docs; /* of all, if keep_docs */
    size_t docs_cap;
    bool keep_docs; /* for pi_inverter_flush */
} pi_inverter;

int pi_inverter_init(pi_inverter *v, pc_analyzer *analyzer,
                     const pc_mem *mem) PC_MUST_USE;
void pi_inverter_release(pi_inverter *v);

/* Is it neither new nor released? */
static inline bool pi_inverter_is_open(const pi_inverter *v)
{
    return v->analyzer != NULL;
}

/*
 * Adds a document in a language (a number): its title (may be empty) and text,
 * UTF-8; v->last tells of it. After an error the inverter can only be released.
 * Errors: NOMEM, FULL (a document of more than 2^31 positions, 2^31 - 1
 * documents).
 */
int pi_inverter_add(pi_inverter *v, uint8_t language, pc_str title, pc_str text,
                    parasol_error *err) PC_MUST_USE;

/* Bytes of memory held. */
size_t pi_inverter_memory(const pi_inverter *v);

/* Text of a form. */
static inline pc_str pi_inverter_form(const pi_inverter *v, uint32_t form)
{
    pc_str s = pi_termtab_str(&v->forms, form);
    return (pc_str){s.ptr, s.len - PI_FORM_TAIL};
}

/*
 * Writes the sections META, TERMS, TERM_INDEX, POSTINGS, POSITIONS and NORMS
 * of everything added to `o` (temporary files go to `dir`) and empties the
 * inverter; keep_docs must have been set before the first document. With
 * `spill`, through a temporary file. For tests and small tools; an indexer
 * has many inverters and joins them (join.h). Errors: NOMEM, CORRUPT; what
 * fails on disk is told by `o`, too.
 */
int pi_inverter_flush(pi_inverter *v, pi_out *o, const char *dir, bool spill,
                      parasol_error *err) PC_MUST_USE;

#endif
