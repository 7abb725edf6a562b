/*
 * Columns of a segment: which documents have which metadata, for filters.
 *
 * A column is a sorted dictionary of the values that occur and, for each
 * document, the ranks of its values. A question about values ("at least 10")
 * is asked once of each value; the answer for a document is then a look at
 * its rank. Read-only and safe for any number of threads.
 * Format: docs/format.md, "COLUMNS".
 */
#ifndef PARASOL_COMMON_SEGMENT_COLUMNS_H
#define PARASOL_COMMON_SEGMENT_COLUMNS_H

#include "common/base/ints.h"
#include "common/base/str.h"
#include "common/format/sealed.h"

enum pc_column_form {
    PC_COLUMN_DENSE = 0,  /* by document: 0, or 1 + the rank of its value */
    PC_COLUMN_SPARSE = 1, /* pairs of document and rank */
    PC_COLUMN_SELF = 2    /* document d has the value of rank d */
};

typedef struct pc_column {
    const struct pc_columns *in;
    pc_str name;
    uint8_t form;  /* enum pc_column_form */
    uint8_t width; /* bits of a rank, or of a rank + 1 if dense */
    uint32_t values;
    uint32_t pairs;         /* documents times values */
    uint32_t left_out;      /* values that were too long to be here */
    const uint8_t *strings; /* front-coded */
    const uint8_t *strings_end;
    const uint8_t *docs;  /* SPARSE: u32 of each pair, ascending */
    const uint8_t *ranks; /* packed */
} pc_column;

typedef struct pc_columns {
    pc_sealed *file;
    pc_section section;
    uint32_t docs;     /* of the segment */
    uint32_t n;        /* columns; 0 also when the segment has no section */
    uint32_t left_out; /* values of fields for which there was no room */
} pc_columns;

/* Borrows the file. A segment without the section has no columns. CORRUPT. */
int pc_columns_open(pc_columns *c, pc_sealed *file, uint32_t docs,
                    parasol_error *err) PC_MUST_USE;

/* Column i, below c->n; they are in order of their names. Verifies its pages.
   CORRUPT. */
int pc_columns_at(const pc_columns *c, uint32_t i, pc_column *out,
                  parasol_error *err) PC_MUST_USE;

/* Looks for the column of that name; *found tells. CORRUPT. */
int pc_columns_find(const pc_columns *c, pc_str name, bool *found,
                    pc_column *out, parasol_error *err) PC_MUST_USE;

/* Walks over the values of a column in order. */
typedef struct pc_column_scan {
    const pc_column *column;
    uint32_t next; /* rank of the value to come */
    const uint8_t *at;
    size_t len;
    char value[PC_COLUMN_VALUE_MAX];
} pc_column_scan;

void pc_column_scan_init(pc_column_scan *s, const pc_column *c);

/* The next value, borrowed until the next call; *rank is its rank. NOTFOUND
   after the last, CORRUPT. */
int pc_column_scan_next(pc_column_scan *s, pc_str *value, uint32_t *rank,
                        parasol_error *err) PC_MUST_USE;

/* The document of pair i of a SPARSE column. */
static inline uint32_t pc_column_doc(const pc_column *c, uint32_t i)
{
    return pc_load32le(c->docs + 4 * (size_t)i);
}

#endif
