/*
 * Columns, writing side (docs/format.md, "COLUMNS"): takes the fields of
 * documents in order and writes the section COLUMNS of a segment.
 *
 * One thread at a time. The status is sticky. Memory: each distinct value
 * once with 30 bytes more, and eight bytes for each value of each document, up
 * to a limit if one is set; what is beyond goes through a temporary file. When
 * the section is written, four bytes for each value that went that way.
 */
#ifndef PARASOL_INDEXER_WRITE_COLUMN_WRITER_H
#define PARASOL_INDEXER_WRITE_COLUMN_WRITER_H

#include "common/segment/store.h"
#include "indexer/write/out.h"
#include "indexer/write/string_set.h"
#include "indexer/write/value_runs.h"

/* Private: a column that is being gathered. */
typedef struct pi_column {
    pi_strings values;
    uint32_t *docs; /* of each pair, ascending */
    uint32_t *ids;  /* of its value */
    size_t pairs, docs_cap, ids_cap;
    pi_value_runs runs; /* what was spilled before */
    size_t spilled;     /* pairs in there */
    bool many;          /* a document has two values or more */
    uint32_t left_out;  /* values that were too long */
} pi_column;

typedef struct pi_column_writer {
    const pc_mem *mem;
    pi_strings names;
    pi_column *columns; /* by number of the name */
    size_t columns_cap;
    uint32_t docs;
    uint32_t left_out; /* values of fields beyond PC_COLUMNS_MAX */
    bool with_paths;   /* a column of the paths, too */
    size_t limit;      /* bytes of memory, then values are spilled */
    pi_spool spilled;  /* runs of all columns */
    int status;        /* PARASOL_OK, or NOMEM for ever */
} pi_column_writer;

/* `mem` is borrowed until release. */
void pi_column_writer_init(pi_column_writer *w, bool with_paths,
                           const pc_mem *mem);
void pi_column_writer_release(pi_column_writer *w);

/*
 * From here on values that take more than `limit` bytes of memory are spilled
 * to a temporary file of `dir`, which is borrowed until release and which
 * keeps `spool` bytes in memory, like the section in the making. The section
 * is the same.
 */
void pi_column_writer_spill(pi_column_writer *w, const char *dir, size_t limit,
                            size_t spool);

/* Adds a document with its fields, which are copied. The title, empty values
   and empty names make no column. Returns the sticky status. */
int pi_column_add(pi_column_writer *w, const pc_field *fields,
                  size_t n) PC_MUST_USE;

/* Bytes of memory in use; what was allocated beyond that was never touched. */
size_t pi_column_memory(const pi_column_writer *w);

/* Spills what is in memory now. NOMEM; what fails on disk is told at the end.
 */
int pi_column_spill(pi_column_writer *w) PC_MUST_USE;

/* Writes the section to `out` and empties the writer for another segment.
   Errors: NOMEM, IO, FULL (temporary files); otherwise what fails on disk is
   told by `out`. */
int pi_column_finish(pi_column_writer *w, pi_out *out,
                     parasol_error *err) PC_MUST_USE;

#endif
