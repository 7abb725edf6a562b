/*
 * The words of a text as they are indexed and searched: the tokens of
 * common/text/token.h, taken apart where marks hold several words together,
 * and beside the parts what they are as a whole.
 *
 *   cyber-security     cyber 0, security 1, and cyber-security 0 (2 positions)
 *   F-16               f 0, 16 1, and f-16 0
 *   CVE-2014-0160      cve 0, 2014 1, 0160 2, and cve:2014-0160 0 (3)
 *   10 U.S.C. § 2304   10 0, us c 1, 2304 2, and usc:10/2304 2 (two before it)
 *   jo@example.org     jo 0, example 1, org 2, and the address 1 (one before)
 *   http://x.org/a     http 0, x 1, org 2, a 3, and the address 0 (4)
 *   Law of War (LoW)   ..., low 3, and acr:low=law of war 3 (three before it)
 *   50 %               50 0, % 1
 *   32016R0679         3 0, 2016 1, R 2, 0679 3, celex:32016r0679 0 (4) and
 *                      eu:2016/679 1 (3)
 *   首都圏             首 0, 都 1, 圏 2, and the pairs 首都 0, 都圏 1
 *
 * Parts take consecutive positions, so that a phrase of parts is found
 * however its words were joined. What stands beside them takes the position
 * of a part and has a span.
 */
#ifndef PARASOL_COMMON_TEXT_WORDS_H
#define PARASOL_COMMON_TEXT_WORDS_H

#include "common/text/marks.h"
#include "common/text/token.h"

/* What made a token. */
enum pc_word_rule {
    PC_RULE_WORD,       /* a word */
    PC_RULE_NUMBER,     /* a number */
    PC_RULE_ACRONYM,    /* letters with dots: U.S.S.R. */
    PC_RULE_SIGN,       /* with its signs: C++, .NET, N°; a percent sign */
    PC_RULE_DIVIDED,    /* divided at the end of a line */
    PC_RULE_PART,       /* a part of what marks hold together */
    PC_RULE_COMPOUND,   /* two words with a hyphen, as one */
    PC_RULE_DESIGNATOR, /* letters and a number, as one: F-16 */
    PC_RULE_IDENT,      /* an identifier */
    PC_RULE_DEFINITION, /* an acronym with what it stands for */
    PC_RULE_PAIR,       /* two characters of a script without spaces */
    PC_RULE_CHAR        /* one character of such a script */
};

/* Longer chains of parts are taken as several. */
#define PC_WORDS_CHAIN 24u

/* Lives on the caller's stack; all fields are private. */
typedef struct pc_words {
    pc_tokenizer t;
    pc_token ahead; /* read, not yet looked at */
    bool has_ahead;
    uint32_t pos;     /* of the next part */
    uint32_t address; /* the end of the last one */
    uint32_t head, count;
    pc_marks_read *read; /* of pc_words_some: */
    uint32_t window;     /* what `marks` speak of begins there */
    pc_marks marks;
    pc_token queue[3 * PC_WORDS_CHAIN];
} pc_words;

/* As pc_tokenizer_init. */
void pc_words_init(pc_words *w, const char *text, size_t len);

/*
 * The next token, or false at the end. Positions do not fall; of the tokens
 * at one position the part comes first. Linear.
 */
bool pc_words_next(pc_words *w, pc_token *tok);

/* The next tokens, `max` unless the text ends; how many. The same as from
   pc_words_next (but for `inner`), and several times as fast where the text is
   ASCII. */
uint32_t pc_words_some(pc_words *w, pc_token *out, uint32_t max);

/* "word", "number", ...: the rule's name. */
const char *pc_word_rule_name(enum pc_word_rule rule);

#endif
