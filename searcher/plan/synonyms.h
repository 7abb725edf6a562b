/*
 * A thesaurus: words that are looked for when others are asked for. Read from
 * text files, a line each:
 *
 *     Kyiv, Kiev                        each finds the others
 *     MoD, Ministry of Defence          of one word or several
 *     drone => UAV, unmanned aircraft   only the left side finds the right
 *     # a comment
 *
 * Sides are compared as words are: by stems, without regard to case, accents
 * and hyphens. Read-only once made, so threads may share it.
 */
#ifndef PARASOL_SEARCHER_PLAN_SYNONYMS_H
#define PARASOL_SEARCHER_PLAN_SYNONYMS_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/text/analyzer.h"
#include "searcher/plan/synonym_filter.h"

#define PS_SYNONYM_WORDS 16u /* words of one side */
#define PS_SYNONYM_WAYS 32u  /* others that one side finds */
#define PS_SYNONYM_BYTES (16u << 20)

typedef struct ps_synonyms ps_synonyms;

/* One side and another one that it finds. */
typedef struct ps_synonym {
    pc_str key;
    pc_str text;  /* as in the file */
    uint8_t only; /* the number of the language whose documents it is for, and
                     one more; 0: all */
} ps_synonym;

/* *out is owned by the caller (ps_synonyms_free). Errors: NOMEM. */
int ps_synonyms_new(ps_synonyms **out, const pc_mem *mem,
                    parasol_error *err) PC_MUST_USE;

/* Accepts NULL. */
void ps_synonyms_free(ps_synonyms *s);

/*
 * Adds the lines of `text`, those that `only` keeps if it is not NULL; `name`
 * is for errors, which name the line: ARG for a side that is empty, has no word
 * or too many, for two arrows, and when a side finds too many others. Then
 * nothing of the text counts. NOMEM.
 */
int ps_synonyms_add(ps_synonyms *s, pc_str text, const char *name,
                    const ps_synonym_filter *only, pc_analyzer *analyzer,
                    parasol_error *err) PC_MUST_USE;

/* Appends what the key of a side has for a word. */
void ps_synonyms_put_word(pc_buf *key, pc_str form, pc_str stem);

/* Those whose key it is; *n of them, borrowed. */
const ps_synonym *ps_synonyms_find(const ps_synonyms *s, pc_str key, size_t *n);

/* Does some longer key begin with this one and a space? */
bool ps_synonyms_begins(const ps_synonyms *s, pc_str key);

#endif
