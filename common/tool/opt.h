/*
 * Command lines: a table of options gives the parser and the usage text.
 *
 *     pc_opts o;
 *     pc_opts_init(&o, table, PC_COUNTOF(table), argc, argv);
 *     for (int i; (i = pc_opts_next(&o)) != PC_OPTS_END;) {
 *         if (i == PC_OPTS_ERROR) ... o.message ...
 *         switch (table[i].id) ... o.value ...
 *     }
 *     operands: o.operands[0 .. o.operand_count - 1]
 *
 * Accepted: -n5, -n 5, -cl, --from=5, --from 5; options and operands in any
 * order; all after -- are operands, and so is a lone -.
 */
#ifndef PARASOL_COMMON_TOOL_OPT_H
#define PARASOL_COMMON_TOOL_OPT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/base/base.h"

typedef struct pc_opt {
    int id;           /* the caller's */
    char letter;      /* 0: none */
    const char *name; /* without --; NULL: none */
    const char *arg;  /* what to call its argument; NULL: takes none; "[=X]":
                         takes one only behind = */
    const char *help; /* lines separated by \n; NULL: another name of an option,
                         which is not shown */
} pc_opt;

enum { PC_OPTS_END = -1, PC_OPTS_ERROR = -2 };

typedef struct pc_opts {
    const pc_opt *table;
    size_t n;
    char **argv; /* operands are moved to its front */
    int argc;
    int at;              /* next argument */
    const char *cluster; /* rest of -abc, or NULL */
    bool only_operands;  /* -- was seen */
    bool dash_words;     /* see pc_opts_allow_dash_words */
    const char *value;   /* argument of the option just returned, or NULL */
    char **operands;     /* complete at PC_OPTS_END; borrowed from argv */
    int operand_count;
    char message[256]; /* why PC_OPTS_ERROR: a sentence without a dot */
} pc_opts;

/* argv[0] is the program or verb and is left out. `table` and `argv` are
   borrowed as long as *o is used; argv is reordered. */
void pc_opts_init(pc_opts *o, const pc_opt *table, size_t n, int argc,
                  char **argv);

/* From the first operand on, -word is an operand too: a minus and more than
   one letter, but not a letter that takes an argument and digits (-n5). */
void pc_opts_allow_dash_words(pc_opts *o);

/* Index in the table of the next option, with o->value set; PC_OPTS_END;
   PC_OPTS_ERROR for an unknown option or a missing or needless argument. */
int pc_opts_next(pc_opts *o);

/* Fills o->message with "option <name>: <text>", for the option with index
   `i` of the table, and returns PC_OPTS_ERROR. */
int pc_opts_reject(pc_opts *o, int i, const char *text);

/* The operands joined by single spaces, zero-terminated; *len its bytes. NULL
   when out of memory. Owned by the caller (pc_opts_free_joined). */
char *pc_opts_join(const pc_opts *o, size_t *len);
void pc_opts_free_joined(char *joined);

/* One paragraph per option, two columns. */
void pc_opts_usage(const pc_opt *table, size_t n, FILE *out);

/* Reads the whole of `s`: a decimal number up to `max`. */
bool pc_opt_uint(const char *s, uint64_t max, uint64_t *out);

/* Reads the whole of `s`: a number of bytes, with K, M or G behind it or not;
   never 0. */
bool pc_opt_size(const char *s, uint64_t *out);

/* Reads the whole of `s`: a finite decimal number. */
bool pc_opt_real(const char *s, double *out);

/* Says on stderr that a verb of parasol was called wrongly, and where its help
   is. Returns PC_EXIT_USAGE. */
int pc_opts_refuse(const char *verb, const char *message);

#endif
