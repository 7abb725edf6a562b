/*
 * What is to be searched for the words of a query: the text of one word or
 * phrase becomes a row of slots, each of which is filled by any of several
 * alternatives, each of which is terms at given distances. `cyber-security`
 * is one slot with two alternatives, the joined word and its parts side by
 * side; "national cyber-security strategy" is three slots.
 *
 * Which other ways to write a word are looked for depends on the words that
 * the index has, which is asked through a ps_lexicon.
 */
#ifndef PARASOL_SEARCHER_PLAN_WORD_H
#define PARASOL_SEARCHER_PLAN_WORD_H

#include "common/base/arena.h"
#include "common/text/analyzer.h"
#include "searcher/expand/acronyms.h"
#include "searcher/plan/synonyms.h"

/* What made an alternative. */
enum ps_word_why {
    PS_WHY_WRITTEN,    /* the words as they were written */
    PS_WHY_JOINED,     /* parts as one word: cybersecurity */
    PS_WHY_PARTS,      /* one word as its parts: cyber security */
    PS_WHY_IDENTIFIER, /* what they are as a whole: cve:2014-0160 */
    PS_WHY_SYNONYM,    /* from a thesaurus */
    PS_WHY_LEARNED,    /* an acronym that documents explain */
    PS_WHY_SPELLING    /* the word as others spell it: Mueller, organise */
};

typedef struct ps_word_term {
    pc_str stem, form;
    uint32_t offset; /* from the first position of the slot */
    uint8_t kind;    /* of the token (enum pc_token_kind) */
    bool exact;      /* the form is meant, not the stem */
    /* What is known of the stem without having been looked for: some document
       has it, none has. */
    bool there, absent;
} ps_word_term;

typedef struct ps_word_alt {
    ps_word_term *terms; /* may be none: anything fits */
    uint32_t n;
    uint32_t len; /* positions it takes */
    uint8_t why;  /* enum ps_word_why */
    uint8_t only; /* as of ps_synonym */
} ps_word_alt;

typedef struct ps_word_slot {
    ps_word_alt *alts;
    uint32_t n; /* at least 1; the first is what was written */
} ps_word_slot;

typedef struct ps_words {
    ps_word_slot *slots;
    uint32_t n; /* 0: analysis leaves nothing */
} ps_words;

/* What an index knows of a form. */
typedef struct ps_known_form {
    pc_str stem;       /* empty: it does not have the form */
    uint64_t hyphened; /* documents that have it as a compound with a hyphen */
    bool absent;       /* nor has it a stem of these bytes */
} ps_known_form;

/* Tells about the words of an index. PARASOL_OK or an error, which ends the
   work. */
typedef struct ps_lexicon {
    /* In how many documents a word is: by its stem, or as the form it has. */
    int (*df)(void *user, pc_str word, bool form, uint64_t *df);
    /* What an acronym (small letters), in df documents, stands for; NULL:
       nothing is known of that. */
    int (*acronyms)(void *user, pc_str acronym, uint64_t df,
                    const ps_acronym **out, size_t *n);
    void *user;
    bool unknown; /* look also for words in two that it does not have */
    /* What the index knows of a form of small letters a to z; saves the
       stemmer its work. What *out borrows lives as long as the slots. NULL:
       the other function is asked instead. */
    int (*form)(void *user, pc_str form, ps_known_form *out);
} ps_lexicon;

/* Words up to this length may be simple. */
#define PS_SIMPLE_MAX 64u

/* Is the text one word that analysis only makes small, whatever the language?
   Its form goes to `form`. More than one capital may be an acronym. */
bool ps_word_is_simple(pc_str text, char form[PS_SIMPLE_MAX]);

/* The length of a prefix that a form begins with and that is hardly anything
   else (cyber), so that it may be looked for in two words without further
   evidence; 0: it begins with none. */
size_t ps_word_prefix(pc_str form);

/* Whether a simple word that an index has is only written in one way. */
bool ps_word_is_alone(pc_str form, const ps_known_form *known);

#define PS_WORD_SPLITS 4u /* ways to take a word apart that are tried */

/*
 * The slots for `text`, which may also be an identifier with its type in front
 * (cve:2014-0160, see common/text/ident.h); with `exact`, only for the words as
 * written. `synonyms` may be NULL. All in `arena`; borrows nothing. Errors:
 * NOMEM, those of the lexicon. Cost: an analysis and a look-up or two for each
 * word; for a word that is not in the index, some for each of its letters.
 */
int ps_words_make(ps_words *out, pc_str text, bool exact, pc_analyzer *analyzer,
                  const ps_lexicon *lexicon, const ps_synonyms *synonyms,
                  pc_arena *arena, parasol_error *err) PC_MUST_USE;

#endif
