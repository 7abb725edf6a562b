/*
 * A chain: parts of a text with nothing but one mark between each two, such as
 * cyber-security or 10.1000/182, and what it is as a whole.
 */
#ifndef PARASOL_COMMON_TEXT_WORD_CHAIN_H
#define PARASOL_COMMON_TEXT_WORD_CHAIN_H

#include "common/text/words.h"

typedef struct pc_part {
    uint32_t start, end;
    char mark; /* before it */
    uint8_t kind, ascii, rule;
} pc_part;

typedef struct pc_chain {
    pc_part v[PC_WORDS_CHAIN];
    uint32_t n;
    bool celex; /* the parts of a number of EUR-Lex, and nothing behind them */
} pc_chain;

static inline bool pc_chain_digit(char c)
{
    return (uint8_t)(c - '0') < 10;
}

static inline bool pc_chain_wordish(char c)
{
    return (uint8_t)c >= 0x80 || pc_chain_digit(c) ||
           (uint8_t)((c | 0x20) - 'a') < 26;
}

/*
 * May a word go on behind `at`, which is inside the text or its end, as a
 * chain or as an address? A quick look; most words end here.
 */
static inline bool pc_chain_may(const char *text, uint32_t len, uint32_t at)
{
    const uint64_t marks =
        1ull << '-' | 1ull << '.' | 1ull << '/' | 1ull << ':';
    if (at + 1 >= len)
        return false;
    uint8_t c = (uint8_t)text[at];
    if (c < 64 ? !(marks >> c & 1) : c != '@' && c < 0x80)
        return false;
    char next = text[at + 1];
    return pc_chain_wordish(next) || (c == ':' && (next == '/' || next == ':'));
}

/* The length of the mark at `at` if it joins what is before to what is behind,
   else 0; *kind is one of - / @ and dot. */
uint32_t pc_chain_mark(const char *text, uint32_t len, uint32_t at, char *kind);

/*
 * Letters and a number with another behind a hyphen: SP800-53, MS17-010. How
 * many letters, 0 when the word that ends at `end` is none. They are words of
 * their own, since others write SP 800-53.
 */
uint32_t pc_chain_glued(const char *text, uint32_t len, uint32_t start,
                        uint32_t end);

/* Is the . or : at `at`, inside a word, a mark between words? */
bool pc_chain_splits(const char *text, uint32_t at);

/* Single letters with dots between? */
bool pc_chain_is_acronym(const char *text, uint32_t start, uint32_t end);

/* Adds a token with the mark before it, in parts if marks split it. */
void pc_chain_add(pc_chain *c, const char *text, uint32_t len,
                  const pc_token *t, char mark);

/* Letters then a number, or a short number then one or two letters? */
bool pc_chain_is_designator(const char *text, const pc_part *a,
                            const pc_part *b);

/* Two words that are often written as one? */
bool pc_chain_is_compound(const char *text, const pc_chain *c);

#endif
