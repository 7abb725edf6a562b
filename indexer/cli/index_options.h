/*
 * The command line of parasol-index.
 */
#ifndef PARASOL_INDEXER_CLI_INDEX_OPTIONS_H
#define PARASOL_INDEXER_CLI_INDEX_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include <parasol/indexer.h>

#include "indexer/cli/wait.h"

/* Inputs, and fields of JSON lines. */
#define PI_INPUTS_MAX 1024
#define PI_FIELDS_MAX 64

typedef struct pi_index_settings {
    const char *inputs[PI_INPUTS_MAX]; /* folders, or files of JSON lines */
    int n_inputs;
    bool jsonl; /* files of JSON lines */
    const char *index;
    const char *language;
    const char *id;
    const char *title;     /* a field of that name was asked for */
    unsigned title_weight; /* 0: none was given */
    const char *fields[PI_FIELDS_MAX];
    size_t n_fields;
    uint64_t max_file;
    uint64_t memory;
    unsigned jobs;
    pi_wait wait;
    bool strict;
    bool update;
    bool rebuild;
    bool dry_run;
    bool fast; /* nothing need be durable */
    bool watch;
    unsigned poll_ms; /* with watch; 0: the system tells */
    bool no_text;
    int gitignore; /* as parasol_tree_options.gitignore */
    bool quiet;
    bool verbose;
} pi_index_settings;

/* PC_EXIT_OK, or the status to end with, after a message; *done when nothing
   is left to do. Strings are borrowed from argv. */
int pi_index_settings_read(pi_index_settings *s, int argc, char **argv,
                           bool *done);

/* Says what is wrong with the command line; returns the exit status. */
int pi_index_usage_error(const char *message);

#endif
