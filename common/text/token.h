/*
 * The tokenizer: a text to words, numbers and bigrams, each a slice of the
 * text with a position.
 *
 * Words are the segments of UAX #29 that hold a letter or a digit, with two
 * changes. Scripts written without spaces (Han, kana, Hangul, Bopomofo, Thai,
 * Lao, Khmer, Myanmar and their neighbours) become overlapping bigrams: each
 * pair of adjacent characters of a run is a token, a run of one character is
 * that character. A character is here a code point with its marks, or a
 * Hangul syllable spelled in jamo. And a hyphen at the end of a line, between
 * a letter and a small letter, is inside the word: "inter-\nnational" is one
 * token. A slice is raw text; pc_analyzer_term makes a term of it.
 */
#ifndef PARASOL_COMMON_TEXT_TOKEN_H
#define PARASOL_COMMON_TEXT_TOKEN_H

#include <stdbool.h>

#include "common/base/base.h"

/* The first three come from the tokenizer, the others from pc_words. */
enum pc_token_kind {
    PC_TOKEN_WORD,
    PC_TOKEN_NUMBER,
    PC_TOKEN_GRAM,
    PC_TOKEN_JOIN, /* several words and the marks between them, as one word */
    PC_TOKEN_IDENT /* an identifier (common/text/ident.h) */
};

typedef struct pc_token {
    uint32_t start; /* bytes in the text */
    uint32_t end;
    uint32_t pos;  /* token position, from 0, without gaps */
    uint8_t kind;  /* enum pc_token_kind; a NUMBER has digits, no letter */
    uint8_t ascii; /* 1: only ASCII bytes */
    uint8_t inner; /* 1: may hold a mark such as . or : between letters */
    /* Set by pc_words only: */
    uint8_t span; /* positions it takes, `pos` among them */
    uint8_t back; /* of these, before `pos` */
    uint8_t rule; /* enum pc_word_rule: what made it */
} pc_token;

/* Lives on the caller's stack; all fields are private. */
typedef struct pc_tokenizer {
    const char *text;
    uint32_t len;
    uint32_t at;   /* next byte to look at */
    uint32_t gram; /* first character of the next bigram; its second is `at` */
    uint32_t pos;
    bool in_run;    /* `gram` is in use */
    uint32_t block; /* which 64 bytes the next two speak of; a bit for each */
    uint64_t words; /* letters, digits and underscores of ASCII */
    uint64_t heads; /* the same, and bytes above ASCII */
} pc_tokenizer;

/* Text longer than this is cut; the caller refuses it before. */
#define PC_TOKENIZER_MAX ((size_t)UINT32_MAX - 128)

/* `text` is borrowed until the last pc_tokenizer_next; any bytes will do,
   a bad UTF-8 sequence counts as U+FFFD. Allocates nothing. */
void pc_tokenizer_init(pc_tokenizer *t, const char *text, size_t len);

/* The next token, or false at the end (and *tok untouched). */
bool pc_tokenizer_next(pc_tokenizer *t, pc_token *tok);

#endif
