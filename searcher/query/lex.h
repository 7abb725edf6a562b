/*
 * Query text -> lexemes. Signs, `=` and boosts belong to the lexeme they
 * touch, so the parser never looks at bytes. Total: every byte string gives
 * lexemes, with warnings. Each byte is looked at a bounded number of times.
 */
#ifndef PARASOL_SEARCHER_QUERY_LEX_H
#define PARASOL_SEARCHER_QUERY_LEX_H

#include "common/base/str.h"
#include "searcher/query/warn.h"

enum ps_lexeme_kind {
    PS_LEX_END,
    PS_LEX_WORD,
    PS_LEX_PHRASE,
    PS_LEX_ALL,
    PS_LEX_OPEN,
    PS_LEX_CLOSE,
    PS_LEX_AND,
    PS_LEX_OR,
    PS_LEX_NOT
};

typedef struct ps_lexeme {
    uint8_t kind;  /* enum ps_lexeme_kind */
    uint8_t exact; /* WORD, PHRASE: had a `=` */
    char sign;     /* '+', '-' or 0 */
    float boost;   /* 1 if none was given */
    size_t start;  /* byte range without sign and boost */
    size_t end;
    pc_str raw; /* WORD, PHRASE: the content as written, never empty */
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
 * The content of a WORD or PHRASE with escapes undone and bytes that are not
 * UTF-8 replaced by U+FFFD (with a warning), copied into `arena`.
 * Errors: NOMEM.
 */
int ps_lexeme_text(const ps_lexer *lx, const ps_lexeme *x, pc_arena *arena,
                   pc_str *out) PC_MUST_USE;

/* Whether `word` is written as one of the operators. */
bool ps_lex_is_operator(pc_str word);

#endif
