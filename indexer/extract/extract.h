/*
 * From the bytes of a file to what is indexed of it. The type is decided by
 * name and content; the text comes out as UTF-8 without control characters
 * but tab and newline, blocks of the document on lines of their own.
 *
 * A file that holds no text that can be read is no error: it has a reason.
 * Nothing here keeps state; any thread may extract, each with its own arena.
 */
#ifndef PARASOL_INDEXER_EXTRACT_EXTRACT_H
#define PARASOL_INDEXER_EXTRACT_EXTRACT_H

#include <stdbool.h>

#include <parasol/indexer.h>

#include "common/base/arena.h"
#include "common/base/str.h"

/* Grows when more files can be read, or files are read otherwise: an index
   that was made before is then made anew. */
#define PI_EXTRACT_VERSION 1u

typedef struct pi_field {
    pc_str name; /* lower case */
    pc_str value;
} pi_field;

/* Every string is UTF-8, zero-terminated, never NULL and borrowed from the
   arena. */
typedef struct pi_extract {
    pc_str title; /* never empty unless skip is set */
    pc_str date;  /* YYYY-MM-DD, YYYY-MM, YYYY, or empty */
    pc_str lang;  /* as the document names it, or empty */
    pc_str text;
    pi_field *meta; /* the other fields, in the order of the document */
    size_t meta_count;
    size_t meta_cap;
    int skip;        /* PARASOL_SKIP_NONE, or why there is no text */
    char detail[96]; /* more about a skip, or "" */
} pi_extract;

/*
 * Extracts the file `name` (a path; its last part counts) that holds `bytes`.
 * Errors: NOMEM; everything else is a skip: EMPTY, NOTEXT, BINARY, TYPE,
 * DECODE. Memory: some times the size of the file, for HTML up to about
 * twenty. Cost: linear in the bytes.
 */
int pi_extract_bytes(pi_extract *out, pc_str name, pc_str bytes,
                     pc_arena *arena, parasol_error *err) PC_MUST_USE;

#endif
