/*
 * Patterns over words, compiled to automata.
 *
 * A pattern is compared with a whole word as written, without case and
 * accents. Regular expressions (docs/query.md, "Regular expressions"):
 *
 *   expression = branch { "|" branch } ;
 *   branch     = { piece } ;
 *   piece      = atom { "*" | "+" | "?" | "{" m [ "," [ n ] ] "}" } ;
 *   atom       = character | "." | class | "(" [ "?:" ] expression ")"
 *              | "\" ( "d" | "w" | "D" | "W" | punctuation ) ;
 *   class      = "[" [ "^" ] item { item } "]" ;
 *   item       = character [ "-" character ] | "\" ...;
 *
 * Neither look-around nor references: what there is takes linear time.
 */
#ifndef PARASOL_SEARCHER_EXPAND_PATTERN_H
#define PARASOL_SEARCHER_EXPAND_PATTERN_H

#include "common/base/str.h"
#include "searcher/expand/automaton.h"

enum ps_pattern_kind {
    PS_PATTERN_PREFIX,   /* `text` and what begins with it */
    PS_PATTERN_WILDCARD, /* ? one character, * any number; \ before either, or
                            before \, makes text of it */
    PS_PATTERN_FUZZY,    /* words near `text` */
    PS_PATTERN_REGEX
};

typedef struct ps_pattern {
    uint8_t kind;     /* enum ps_pattern_kind */
    uint8_t distance; /* FUZZY */
    pc_str text;      /* UTF-8 */
} ps_pattern;

/*
 * Compiles a pattern. *out lives in the arena. On PARASOL_QUERY, `err` says in
 * a sentence what is wrong with the pattern, with the byte of `text` in
 * err->offset. Errors: QUERY, NOMEM.
 */
int ps_pattern_compile(const ps_machine **out, const ps_pattern *p,
                       pc_arena *arena, parasol_error *err) PC_MUST_USE;

/*
 * The distance that a fuzzy word of n code points is searched with when
 * `wanted` was asked for: one character at least has to stay, and 2 at most.
 * Words with digits are names of something (a year, a treaty, a weakness):
 * they are not like their neighbours, and get 0.
 */
uint32_t ps_fuzzy_distance(const uint32_t *word, uint32_t n, uint32_t wanted);

/* Compiles regular expressions; as ps_pattern_compile. */
int ps_regex_compile(const ps_machine **out, pc_str text, pc_arena *arena,
                     parasol_error *err) PC_MUST_USE;

#endif
