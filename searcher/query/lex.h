/*
 * Query text -> lexemes. Signs, `=`, fields and boosts belong to the lexeme
 * they touch, so the parser never looks at bytes. Total: every byte string
 * gives lexemes, with warnings. Each byte is looked at a bounded number of
 * times.
 */
#ifndef PARASOL_SEARCHER_QUERY_LEX_H
#define PARASOL_SEARCHER_QUERY_LEX_H

#include "common/base/str.h"
#include "searcher/query/warn.h"

enum ps_lexeme_kind {
    PS_LEX_END,
    PS_LEX_WORD,
    PS_LEX_PHRASE,
    PS_LEX_PREFIX,
    PS_LEX_WILDCARD,
    PS_LEX_FUZZY,
    PS_LEX_REGEX,
    PS_LEX_FILTER,
    PS_LEX_ALL,
    PS_LEX_OPEN,
    PS_LEX_CLOSE,
    PS_LEX_AND,
    PS_LEX_OR,
    PS_LEX_NOT,
    PS_LEX_NEAR
};

/* How the values of a FILTER are written. */
enum ps_lex_filter {
    PS_LEX_VALUE, /* one value, in raw */
    PS_LEX_SET,   /* raw is what is between the parentheses */
    PS_LEX_FROM,  /* at least the value in raw */
    PS_LEX_UPTO,  /* at most the value in raw */
    PS_LEX_RANGE  /* raw is the lower value and high the upper one */
};

/* One value of a filter, as written. */
typedef struct ps_lex_value {
    pc_str raw;
    uint8_t form; /* enum ps_value_form */
    bool quoted;
} ps_lex_value;

typedef struct ps_lexeme {
    uint8_t kind;    /* enum ps_lexeme_kind */
    uint8_t exact;   /* WORD, PHRASE: had a `=` */
    uint8_t field;   /* enum ps_field; leaves and OPEN: given */
    char sign;       /* '+', '-' or 0 */
    bool constant;   /* the boost was a ^= */
    bool ordered;    /* NEAR: ADJ */
    float boost;     /* 1 if none was given */
    uint32_t number; /* PHRASE, FUZZY, NEAR: distance; CLOSE: least, or 0 */
    size_t start;    /* byte range without sign and boost */
    size_t end;
    pc_str raw; /* leaves: the content as written, never empty */
    /* FILTER */
    pc_str name;    /* as written */
    uint8_t filter; /* enum ps_lex_filter */
    bool without_low, without_high;
    ps_lex_value low, high; /* low: VALUE, FROM, UPTO too */
} ps_lexeme;

typedef struct ps_lexer {
    pc_str text;
    size_t pos;
    ps_warnings *warnings;
} ps_lexer;

/* Starts at the first byte of `text`, which is borrowed, as is `w`. */
void ps_lexer_init(ps_lexer *lx, pc_str text, ps_warnings *w);

/* The next lexeme; PS_LEX_END at the end of the text, and ever after. */
ps_lexeme ps_lexer_next(ps_lexer *lx);

/*
 * The next value of a PS_LEX_SET: *pos counts in x->raw and starts at 0.
 * False after the last one.
 */
bool ps_lexer_set_next(ps_lexer *lx, const ps_lexeme *x, size_t *pos,
                       ps_lex_value *out);

/* How text was written: which backslashes are undone. */
enum ps_escapes {
    PS_ESCAPES_WORD,    /* before any ASCII punctuation, before an operator */
    PS_ESCAPES_PHRASE,  /* before a quotation mark or a backslash */
    PS_ESCAPES_PATTERN, /* as in a word, but kept before * ? and backslash */
    PS_ESCAPES_NONE
};

/*
 * `raw`, a slice of the query, with escapes undone and bytes that are not
 * UTF-8 replaced by U+FFFD (with a warning), copied into `arena`.
 * Errors: NOMEM.
 */
int ps_lexer_text(const ps_lexer *lx, pc_str raw, enum ps_escapes escapes,
                  pc_arena *arena, pc_str *out) PC_MUST_USE;

/* Whether `word` is written as one of the operators. */
bool ps_lex_is_operator(pc_str word);

/* ---- for the parts of the lexer only ------------------------------------ */

/* Takes a word, pattern, fuzzy word or operator at lx->pos. */
void ps_lex_word(ps_lexer *lx, ps_lexeme *x);

/* Takes a regular expression at lx->pos; false if there is none. */
bool ps_lex_regex(ps_lexer *lx, ps_lexeme *x);

/* Takes the values of a filter at lx->pos, behind its name. False if they
   are not understood; lx->pos is where it was. */
bool ps_lex_filter(ps_lexer *lx, ps_lexeme *x);

/* The boost behind a word, phrase or group that ends at lx->pos. */
void ps_lex_boost(ps_lexer *lx, ps_lexeme *x);

#endif
