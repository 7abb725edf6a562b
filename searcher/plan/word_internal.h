/*
 * What the files that make slots of words share.
 */
#ifndef PARASOL_SEARCHER_PLAN_WORD_INTERNAL_H
#define PARASOL_SEARCHER_PLAN_WORD_INTERNAL_H

#include "searcher/plan/word.h"

/* What stands at one position of the text. */
typedef struct ps_word_place {
    ps_word_term part;  /* form empty: a position without a word */
    uint8_t kind;       /* of the part */
    bool character;     /* of a script without spaces */
    ps_word_term whole; /* what begins here as a whole; form empty: nothing */
    uint8_t span;       /* its positions */
    uint8_t why;
    bool capitals; /* two or more of its letters are */
    bool chained;  /* of what marks hold together */
    bool pair;     /* `whole` is this character and the next */
} ps_word_place;

typedef struct ps_word_maker {
    pc_analyzer *analyzer;
    const ps_lexicon *lexicon;
    const ps_synonyms *synonyms; /* NULL: none */
    pc_arena *arena;
    parasol_error *err;
    bool exact;
    uint8_t only; /* what alternatives get */
    bool money;   /* the text has a sign of a currency */
    ps_word_place *places;
    uint32_t n;
    ps_words *out;
} ps_word_maker;

/* Analyses a slice; out->form is empty when nothing is left of it. */
int ps_word_make_term(ps_word_maker *m, pc_str raw, uint8_t kind,
                      ps_word_term *out) PC_MUST_USE;

/* Adds an alternative of n terms, which the caller fills; NULL: no memory. */
ps_word_alt *ps_word_add_alt(ps_word_maker *m, ps_word_slot *slot, uint32_t n,
                             uint32_t len, enum ps_word_why why);

/* Adds the ways to write one word as two. */
int ps_word_add_splits(ps_word_maker *m, ps_word_slot *slot,
                       const ps_word_term *word) PC_MUST_USE;

#define PS_WORD_SPELLINGS 4u

/* Adds the word as others spell it, where the index has it so: with ue for an
   umlaut and the reverse; with s for z in -ize and the reverse, unless
   there are no synonyms. Cost: nothing for most words, a look-up for those
   that have such letters. */
int ps_word_add_spellings(ps_word_maker *m, ps_word_slot *slot,
                          const ps_word_term *word) PC_MUST_USE;

/* Has the form two letters that may stand for an umlaut? */
bool ps_word_has_two(pc_str form);

/* Whether the index has the stem. */
int ps_word_known(ps_word_maker *m, const ps_word_term *t,
                  bool *yes) PC_MUST_USE;

/* Takes the last alternative of the slot back if one before it is the same. */
void ps_word_drop_repeated(ps_word_slot *slot);

/* Adds another text to a slot: its parts and, if it is something as a whole,
   that. */
int ps_word_add_text(ps_word_maker *m, ps_word_slot *slot, pc_str text,
                     enum ps_word_why why) PC_MUST_USE;

/* Reads another text into m->places, with room for slots in m->out. */
int ps_word_read_text(ps_word_maker *m, pc_str text) PC_MUST_USE;

/* Adds what the word at place i stands for, if it is an acronym in capitals
   that documents explain. */
int ps_word_add_learned(ps_word_maker *m, ps_word_slot *slot,
                        uint32_t i) PC_MUST_USE;

/* Adds the acronym that, as documents explain, stands for all places. */
int ps_word_add_short(ps_word_maker *m, ps_word_slot *slot) PC_MUST_USE;

#define PS_WORD_AMOUNTS 7u

/* Is the form a unit of amounts, as bn; of money also b? */
bool ps_word_is_unit(const ps_word_maker *m, pc_str form);

/* Has the text a sign of a currency? */
bool ps_word_is_money(pc_str text);

/* The bytes of the number that the form begins with if nothing but a unit is
   behind it (1.5bn), else 0. */
size_t ps_word_amount_digits(const ps_word_maker *m, pc_str form);

/* Adds the other ways to write a number with a unit, where the index has
   them. */
int ps_word_add_amounts(ps_word_maker *m, ps_word_slot *slot, pc_str number,
                        pc_str unit) PC_MUST_USE;

/* Ways that are tried to write an identifier. */
#define PS_WORD_IDENTS 9u

/* Adds the identifier of a key, and the act that it stands for, in the ways
   that others write it: `behind` positions from that of its number on, as in
   the query. last: nothing follows. Room for 2 * PS_WORD_IDENTS + 2. */
int ps_word_add_key(ps_word_maker *m, ps_word_slot *slot,
                    const ps_word_term *term, uint32_t behind,
                    bool last) PC_MUST_USE;

/* Adds the identifier that `text` is, if it is one. */
int ps_word_add_ident(ps_word_maker *m, ps_word_slot *slot, pc_str text,
                      uint32_t behind, bool last) PC_MUST_USE;

/* Adds the act that a number of EUR-Lex stands for, where all is that number.
 */
int ps_word_add_act(ps_word_maker *m, ps_word_slot *slot,
                    pc_str celex) PC_MUST_USE;

/* The term of the identifier that all of the text is, or, if it does not say
   so (*said), may be; its form is empty when there is none. */
int ps_word_find_ident(ps_word_maker *m, pc_str text, ps_word_term *out,
                       bool *said) PC_MUST_USE;

/* Ways to put a space into a run of Korean, and the run. */
#define PS_WORD_RUN 8u

/* Adds MiG 29s to MiG 29, if the index has that. */
int ps_word_add_plural(ps_word_maker *m, ps_word_slot *slot,
                       const ps_word_term *word, pc_str number) PC_MUST_USE;

/* The same for a form of letters and digits: EO13636. */
int ps_word_add_joined(ps_word_maker *m, ps_word_slot *slot, pc_str form,
                       bool last) PC_MUST_USE;

#define PS_WORD_NUMERALS (3u + 2 * PS_WORD_IDENTS)

/* Are places i and i + 1 a word and a number that may be written in two ways,
   as Chapter VII? */
bool ps_word_is_numbered(const ps_word_maker *m, uint32_t i);

/* Adds the other way, and the identifier that both are (Article V). Room for
   PS_WORD_NUMERALS. */
int ps_word_add_numerals(ps_word_maker *m, ps_word_slot *slot,
                         uint32_t i) PC_MUST_USE;

/* For the key of an article: its number as Romans wrote it. Room for 2. */
int ps_word_add_roman(ps_word_maker *m, ps_word_slot *slot,
                      pc_str key) PC_MUST_USE;

/* The word that places i and i + 1 make together, if people write them so:
 *joined with an empty form otherwise. */
int ps_word_join_pair(ps_word_maker *m, uint32_t i,
                      ps_word_term *joined) PC_MUST_USE;

#endif
