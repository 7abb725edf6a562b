/*
 * The analysis that index and query share: a token slice to the term or terms
 * it is indexed under. Its spec names the chain, the Unicode version and the
 * language; an index stores spec and fingerprint, and is searched only with
 * an analyzer that has both. Tokens and forms do not depend on the language,
 * stems do.
 */
#ifndef PARASOL_COMMON_TEXT_ANALYZER_H
#define PARASOL_COMMON_TEXT_ANALYZER_H

#include <stdbool.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "common/text/form.h"
#include "common/text/language.h"

typedef struct pc_analyzer pc_analyzer; /* one thread at a time */

/* A word of the title can count as so many of the text. */
#define PC_TITLE_WEIGHT_MAX 9

/*
 * `language` is an algorithm of libstemmer ("english", "french", ...), "none"
 * for no stemming, a code or name of common/text/language.h ("en"), or "auto"
 * with one of the latter behind a slash ("auto/german"; "auto" is
 * "auto/english"): then texts are in several languages, and pc_analyzer_use
 * says which. Behind any of them may stand the weight of titles, from 2 to
 * PC_TITLE_WEIGHT_MAX: "english title/2". *out is owned by the caller
 * (pc_analyzer_free); `mem` is borrowed until then. Errors: ARG (unknown
 * language), NOMEM. Costs about 0.2 milliseconds.
 */
int pc_analyzer_open(pc_analyzer **out, const char *language, const pc_mem *mem,
                     parasol_error *err) PC_MUST_USE;

/*
 * The same from the spec string that an index stores.
 * Errors: VERSION (this build cannot analyse that way), NOMEM.
 */
int pc_analyzer_open_spec(pc_analyzer **out, pc_str spec, const pc_mem *mem,
                          parasol_error *err) PC_MUST_USE;

/* Accepts NULL. */
void pc_analyzer_free(pc_analyzer *a);

/* As "parasol/5 unicode/15.0.0 lang/english", or lang/auto/en, with " title/2"
   behind it or not; borrowed until free, and followed by a zero byte. */
pc_str pc_analyzer_spec(const pc_analyzer *a);

/* What a spec that this build knows says of languages: as pc_analyzer_is_auto
   and pc_analyzer_language. */
void pc_spec_language(pc_str spec, bool *is_auto, uint8_t *language);

/* A hash of the spec and of the analysis of fixed sample words, so that it
   also changes when another libstemmer stems otherwise. */
uint64_t pc_analyzer_fingerprint(const pc_analyzer *a);

/* How often the words of a title are put among those of the text: 1 or more. */
unsigned pc_analyzer_title_weight(const pc_analyzer *a);

/* Are texts in several languages? */
bool pc_analyzer_is_auto(const pc_analyzer *a);

/* The language that was asked for, of several the main one: its number
   (common/text/language.h), or PC_LANGUAGE_NONE when only libstemmer knows it;
   and its code, or libstemmer's name. */
uint8_t pc_analyzer_language(const pc_analyzer *a);
pc_str pc_analyzer_code(const pc_analyzer *a);

/*
 * From now on words are those of the language with that number; at first they
 * are of the main one. Without effect unless texts are in several languages.
 * The first time of each language costs some microseconds and a few hundred
 * bytes.
 * Returns PARASOL_OK or PARASOL_NOMEM.
 */
int pc_analyzer_use(pc_analyzer *a, uint8_t number) PC_MUST_USE;

/* The language in use. */
uint8_t pc_analyzer_in_use(const pc_analyzer *a);

typedef struct pc_term {
    pc_str form; /* case folded, accents kept; empty: not to be indexed */
    pc_str stem; /* key of all forms of the word; empty if the form is */
} pc_term;

/*
 * Makes the term of one token: `raw` is the slice, `kind` its kind (enum
 * pc_token_kind). Both strings are borrowed until the next call.
 *
 * The form is that of pc_form_make. The stem is that of the form
 * with marks folded (pc_fold_marks); in languages whose endings carry accents
 * the marks are folded after stemming, and an elided article ("l'") is left
 * out. Numbers, bigrams and words that hold anything but letters and
 * apostrophes are not stemmed, only folded.
 *
 * Returns PARASOL_OK or PARASOL_NOMEM. Made to be called once for each
 * distinct slice: about 0.4 microseconds.
 */
int pc_analyzer_term(pc_analyzer *a, pc_str raw, uint8_t kind,
                     pc_term *out) PC_MUST_USE;

/* Only the form, which is the same in all languages; the stem follows from it,
   the kind, and the language. */
int pc_analyzer_form(pc_analyzer *a, pc_str raw, uint8_t kind,
                     pc_str *out) PC_MUST_USE;

/*
 * The stem of a form that pc_analyzer_term made of a token of this kind, in the
 * language in use, which may be another one: forms are the same in all.
 * Borrowed until the next call. Returns PARASOL_OK or PARASOL_NOMEM.
 */
int pc_analyzer_stem(pc_analyzer *a, pc_str form, uint8_t kind,
                     pc_str *out) PC_MUST_USE;

/* The number of a stem among those of the frequent words (frequent.h) of the
   language in use, from 1; 0: it is none. Cost: a glance at each of them. */
unsigned pc_analyzer_frequent(const pc_analyzer *a, pc_str stem);

/* Whether neighbours with these numbers are indexed as a pair. */
bool pc_analyzer_pairs(const pc_analyzer *a, unsigned first, unsigned second);

#endif
