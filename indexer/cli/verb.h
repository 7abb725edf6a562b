/*
 * What the smaller verbs have in common: reading a command line by a table,
 * the text of --help, sentences about failures, one object of JSON.
 */
#ifndef PARASOL_INDEXER_CLI_VERB_H
#define PARASOL_INDEXER_CLI_VERB_H

#include <parasol/status.h>

#include "common/tool/opt.h"

/* Ids that mean the same in every table. A verb's own begin at PI_OPT_OWN. */
enum {
    PI_OPT_INDEX,
    PI_OPT_JSON,
    PI_OPT_QUIET,
    PI_OPT_HELP,
    PI_OPT_WAIT, /* left to the verb: see wait.h */
    PI_OPT_OWN
};

#define PI_OPT_INDEX_LINE                                                      \
    {                                                                          \
        PI_OPT_INDEX, 'i', "index", "PATH",                                    \
            "the index, a directory or a packed file (default\n"               \
            "$PARASOL_INDEX, else the nearest .parasol upwards)"               \
    }
#define PI_OPT_JSON_LINE                                                       \
    {                                                                          \
        PI_OPT_JSON, 0, "json", NULL, "print JSON, for scripts"                \
    }
#define PI_OPT_QUIET_LINE                                                      \
    {                                                                          \
        PI_OPT_QUIET, 'q', "quiet", NULL, "print errors only"                  \
    }
#define PI_OPT_HELP_LINE                                                       \
    {                                                                          \
        PI_OPT_HELP, 'h', "help", NULL, "print this text"                      \
    }
#define PI_OPT_WAIT_LINE                                                       \
    {                                                                          \
        PI_OPT_WAIT, 0, "wait", "[=SECONDS]",                                  \
            "if another program is writing the index, wait until it\n"         \
            "is done, or so long at most"                                      \
    }

typedef struct pi_verb {
    const char *name;   /* "status" */
    const char *before; /* the usage and what it does */
    const char *after;  /* examples, exit statuses */
    const pc_opt *table;
    size_t n;
    bool sizes; /* options take sizes: help says how they are written */
} pi_verb;

/* What a command line said, as far as all verbs know it. */
typedef struct pi_verb_line {
    const char *index; /* NULL: not given */
    bool json;
    bool quiet;
    char **operands;
    int operand_count;
    bool done; /* --help was printed: nothing is left to do */
} pi_verb_line;

/* Takes an option of the verb's own; what is wrong with its value, or NULL. */
typedef const char *(*pi_verb_take)(void *settings, int id, const char *value);

/*
 * Reads a command line. `take` may be NULL where the table has no options of
 * its own; *settings is for it. Returns an exit status; if it is not 0, a
 * sentence has gone to stderr.
 */
int pi_verb_read(const pi_verb *v, int argc, char **argv, pi_verb_take take,
                 void *settings, pi_verb_line *line);

/* "parasol VERB: message", and where the help is. Returns PC_EXIT_USAGE. */
int pi_verb_refuse(const pi_verb *v, const char *message);

/* Tells of a failed call. Returns the exit status for it. */
int pi_verb_fail(const pi_verb *v, int rc, const parasol_error *err);

/* The same of a writer: what it may not do with an index that is there has the
   status of a disk that is full, and not that of a missing index. */
int pi_verb_fail_writing(const pi_verb *v, int rc, const parasol_error *err);

/* The index that a verb with at most one operand, INDEX, is about, to `out` of
   PC_PATH_BYTES. Returns an exit status, as pi_verb_read. */
int pi_verb_index(const pi_verb *v, const pi_verb_line *line, char *out);

/* Ends a program whose output is on stdout: PC_EXIT_OK, or what became of the
   output. */
int pi_verb_finish(const pi_verb *v);

/* A moment in UTC to `out`, which is returned: "2026-11-23 18:09:34", with a T
   and a Z for programs. */
const char *pi_verb_time(char out[32], int64_t seconds, bool json);

/* A member of a JSON object: `before` is what stands in front of its name. */
void pi_json_number(const char *before, const char *name, uint64_t value);
void pi_json_text(const char *before, const char *name, const char *value);

#endif
