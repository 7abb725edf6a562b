/*
 * Unicode normalisation and folding of UTF-8 text. All functions append to
 * `out`, accept any bytes (a bad sequence counts as U+FFFD), return
 * out->status (PARASOL_OK or PARASOL_NOMEM), take linear time and are at
 * their fastest on ASCII. They use out->mem for scratch space only when a
 * letter carries dozens of marks.
 */
#ifndef PARASOL_COMMON_TEXT_FOLD_H
#define PARASOL_COMMON_TEXT_FOLD_H

#include "common/base/buf.h"

/* Normalization Form KC. */
int pc_nfkc(pc_buf *out, pc_str in) PC_MUST_USE;

/*
 * Case folding: toNFKC_Casefold of the NFD of `in`. Letters in lower case,
 * compatibility forms (full width, ligatures, superscripts) as plain ones,
 * soft hyphens and other invisible code points gone, accents kept; the result
 * is in NFC.
 */
int pc_fold_case(pc_buf *out, pc_str in) PC_MUST_USE;

/*
 * Mark folding, for text that went through pc_fold_case: accents and other
 * marks are dropped where they are not letters of their own (they stay in
 * Indic and South-East Asian scripts, kana voicing, and the Cyrillic letters
 * written with breve and the i with diaeresis), Latin letters with a stroke
 * or hook become plain ones, ae and oe ligatures two letters, decimal digits
 * of other scripts those of ASCII, and the kaf, yeh and heh of Persian and Urdu
 * those of Arabic.
 */
int pc_fold_marks(pc_buf *out, pc_str folded) PC_MUST_USE;

#endif
