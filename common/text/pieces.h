/*
 * A text of at most PC_IDENT_MAX bytes in pieces: words and numbers in small
 * letters, with the mark before each. What the types of common/text/ident.h
 * are patterns over.
 */
#ifndef PARASOL_COMMON_TEXT_PIECES_H
#define PARASOL_COMMON_TEXT_PIECES_H

#include <stdbool.h>

#include "common/text/ident.h"

#define PC_PIECES 14u

typedef struct pc_piece {
    const char *ptr; /* in small letters, dots of an acronym left out */
    uint8_t len;
    char mark;   /* before it: one of - / @ . : or a space for all others; Y
                    and M for the signs of years and months of East Asia */
    bool number; /* begins with a digit */
} pc_piece;

typedef struct pc_pieces {
    char bytes[PC_IDENT_MAX];
    pc_piece v[PC_PIECES];
    uint32_t n;
} pc_pieces;

/* Letters of Latin-1 lose their accents. False when the text is too long, or
   there are too many pieces or other characters. */
bool pc_pieces_cut(pc_pieces *out, pc_str s);

/* The bytes of a mark at `at` that identifiers may hold, and the ASCII one that
   it stands for; 0: it is none. */
size_t pc_pieces_mark(pc_str s, size_t at, char *c);

/* Is piece i that word, or one of a NULL-terminated list? */
bool pc_piece_is(const pc_pieces *p, uint32_t i, const char *word);
bool pc_piece_is_any(const pc_pieces *p, uint32_t i, const char *const *words);

/* Is piece i only digits, `least` to `most` of them? */
bool pc_piece_digits(const pc_pieces *p, uint32_t i, unsigned least,
                     unsigned most);

/* Is it a year from 1000 to 2999? */
bool pc_piece_year(const pc_pieces *p, uint32_t i);

/*
 * The letter of ASCII that stands for one of Russian and Ukrainian, of either
 * case, at `p`, of which two bytes can be read; 0 for others. Names of months
 * stay different.
 */
char pc_cyrillic_letter(const char *p);

/* The plain letter of the Latin-1 one that 0xC3 and this byte encode. */
char pc_latin_letter(char second);

/* ---- types: the key in out[0..PC_IDENT_MAX), as snprintf; 0 for none ----- */

int pc_ident_law(const pc_pieces *p, char *out);  /* and what is like it */
int pc_ident_un(const pc_pieces *p, char *out);   /* United Nations */
int pc_ident_eu(const pc_pieces *p, char *out);   /* European Union */
int pc_ident_date(const pc_pieces *p, char *out); /* a day */

/* The same of a whole text: 12.06.2014. */
size_t pc_ident_dotted(pc_str raw, char *out);

/* Where the day begins that is written as in East Asia, 2014年6月12日, and of
   which the last number is at [start, end); *stop is behind it. `start`: it is
   none. */
uint32_t pc_ident_eastern(pc_str text, uint32_t start, uint32_t end,
                          uint32_t *stop);

/* May the word stand before the year of a date: a month, a day, "of"? */
bool pc_ident_in_date(const char *word, size_t n);
bool pc_ident_is_month(const char *word, size_t n);

/* For printf: "%.*s". */
#define PC_PIECE(p, i) (int)(p)->v[i].len, (p)->v[i].ptr

static inline bool pc_is_digit(char c)
{
    return (uint8_t)(c - '0') < 10;
}

static inline bool pc_is_letter(char c)
{
    return (uint8_t)((c | 0x20) - 'a') < 26;
}

static inline bool pc_is_alnum(char c)
{
    return pc_is_digit(c) || pc_is_letter(c);
}

#endif
