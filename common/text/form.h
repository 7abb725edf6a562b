/*
 * The form of a word: how it is written, without what the writer may leave
 * out. Forms are the same in all languages.
 */
#ifndef PARASOL_COMMON_TEXT_FORM_H
#define PARASOL_COMMON_TEXT_FORM_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/str.h"

/* Longer forms and stems are cut, at a character. */
#define PC_TERM_MAX 240

/* Scratch space; all fields are private. */
typedef struct pc_form_maker {
    pc_buf joined; /* the slice without a line-end hyphen */
    pc_buf form;
} pc_form_maker;

/* `mem` is borrowed until pc_form_release. */
void pc_form_init(pc_form_maker *f, const pc_mem *mem);
void pc_form_release(pc_form_maker *f);

/*
 * Makes the form of a token: `raw` is the slice, `kind` its kind (enum
 * pc_token_kind). The form is the slice case folded (pc_fold_case), without
 *
 *   - soft hyphens, and the hyphen and line end of a divided word,
 *   - a possessive 's, and the plural s of an acronym in capitals,
 *   - an elided article before a vowel (l'État, dell'Unione),
 *   - the dots of an acronym, and underscores at the ends;
 *
 * N° is "no", as № and Nº are by folding; all percent signs are %, and all
 * apostrophes are '. *out is empty when nothing is left, and borrowed until the
 * next call. Returns PARASOL_OK or PARASOL_NOMEM. Linear.
 */
int pc_form_make(pc_form_maker *f, pc_str raw, uint8_t kind,
                 pc_str *out) PC_MUST_USE;

/* Copies `w` without the ASCII bytes in `marks`; `to` may be w.ptr. Returns
   the bytes that are left. */
size_t pc_form_drop(char *to, pc_str w, const char *marks);

/* The i-th acronym that is an everyday word, in small letters; empty behind the
   last. Where a text has it in capitals (US, U.S.), so has its form, which is
   the only kind of form with capitals. */
pc_str pc_form_homograph(size_t i);

#endif
