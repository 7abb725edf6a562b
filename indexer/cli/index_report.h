/*
 * What parasol-index tells on stderr: a live line on a terminal, the files
 * that are not searchable, and a summary.
 */
#ifndef PARASOL_INDEXER_CLI_INDEX_REPORT_H
#define PARASOL_INDEXER_CLI_INDEX_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include <parasol/indexer.h>

/* Files named without --verbose. */
#define PI_REPORT_EXAMPLES 5

typedef struct pi_index_report {
    parasol_tree_summary summary; /* filled by the library at the end */
    bool quiet;
    bool verbose;
    bool live; /* stderr is a terminal */
    bool line_shown;
    uint64_t files;
    uint64_t bytes;    /* seen */
    uint64_t total;    /* bytes of all files; 0: not known */
    uint64_t done, of; /* of the files of lines, all together; of is 0: not
                          known */
    uint64_t before;   /* bytes of those that are done */
    uint64_t input;    /* bytes of the one that is read */
    bool lines;        /* documents are lines */
    bool update;       /* documents of the commit before stay */
    bool dry;          /* nothing is written */
    bool fast;         /* the commit does not wait for the disk; both are set by
                          the caller */
    double start;      /* seconds */
    double shown_at;
    unsigned examples;
    char example[PI_REPORT_EXAMPLES][512];
} pi_index_report;

void pi_index_report_init(pi_index_report *r, bool quiet, bool verbose,
                          bool lines);

/* Files of lines begin, of so many bytes in all, 0 when that is not known; or
   another one of them begins. */
void pi_index_report_inputs(pi_index_report *r, uint64_t bytes);
void pi_index_report_input(pi_index_report *r);

/* Tells of one file as it is done. */
void pi_index_report_file(pi_index_report *r, const parasol_progress *p);

/* Prints what would change, with --dry-run. */
void pi_index_report_change(pi_index_report *r, const parasol_change *c);

/* Tells how far the commit is. */
void pi_index_report_merge(pi_index_report *r, uint64_t done, uint64_t total);

/* Takes the live line off the terminal. */
void pi_index_report_clear(pi_index_report *r);

/* The summary. */
void pi_index_report_end(pi_index_report *r, const char *dir, const char *index,
                         const parasol_commit_info *info);

/* False when files that look like documents are not searchable. */
bool pi_index_report_is_complete(const pi_index_report *r);

#endif
