/*
 * Word boundaries of Unicode Standard Annex 29, exactly, on UTF-8 text.
 * A bad sequence counts as U+FFFD.
 */
#ifndef PARASOL_COMMON_TEXT_WORD_BREAK_H
#define PARASOL_COMMON_TEXT_WORD_BREAK_H

#include <stdbool.h>

#include "common/base/base.h"

/*
 * The first boundary behind the boundary `at` (0 is one, and every result of
 * this function). `at` must be below `len`. Linear in what it passes over,
 * except that it looks ahead of a mark such as an apostrophe, and returns to
 * it when no letter follows.
 */
size_t pc_word_break_next(const char *text, size_t len, size_t at);

/* What the tokenizer asks of a segment. */
typedef struct pc_word_segment {
    size_t end;
    uint16_t flags; /* the PC_UCD flags of its code points, or-ed */
    bool ascii;     /* only ASCII bytes */
} pc_word_segment;

/*
 * The segment from the boundary `at` on, with three changes to the rules: code
 * points of PC_UCD_GRAM and of class Katakana stand alone, a hyphen at the end
 * of a line, between a letter and a small letter, does not end the word, and
 * figures below the line are digits.
 */
pc_word_segment pc_word_segment_next(const char *text, size_t len, size_t at);

/* The end of the hyphen and line end at `at` when they join a letter just
   before `at` and a small letter behind them; otherwise `at`. */
size_t pc_word_hyphen_join(const char *text, size_t len, size_t at);

#endif
