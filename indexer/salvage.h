/*
 * Documents of a segment that may be damaged: what of each can be read.
 */
#ifndef PARASOL_INDEXER_SALVAGE_H
#define PARASOL_INDEXER_SALVAGE_H

#include <stdbool.h>

#include "common/format/manifest.h"
#include "common/segment/store.h"

typedef struct pi_salvage {
    const pc_mem *mem;
    pc_sealed *file; /* NULL: it cannot be opened */
    pc_store store;
    bool has_store;  /* documents can be looked for */
    bool has_text;   /* texts were stored */
    bool lost_order; /* documents had another order than that of their numbers,
                        which cannot be read */
    uint32_t docs;
    uint32_t *by_rank; /* NULL: documents are in the order of their numbers */
    pc_arena arena;
    pc_buf text;
} pi_salvage;

/* A document, as far as it can be read; borrowed until the next one. */
typedef struct pi_salvaged {
    uint32_t number;
    const pc_field *fields; /* NULL: not readable */
    size_t n_fields;
    pc_str text;
    bool has_text;
} pi_salvaged;

/* Whether a failure tells nothing about a file but that it cannot be looked at
   now: no memory, no descriptors, an error of the device. Who takes it for
   damage gives up what is whole. */
bool pi_salvage_stops(int rc, const parasol_error *why);

/* Fills `err` with such a failure; returns rc. */
int pi_salvage_pass_on(int rc, const parasol_error *why, parasol_error *err);

/* Opens the segment `entry` of the index in `dir`. What is damaged or gone is
   no error. Released by pi_salvage_close, also after an error. Errors: NOMEM,
   IO (it cannot be looked at now). */
int pi_salvage_open(pi_salvage *s, const char *dir,
                    const pc_manifest_segment *entry, const pc_mem *mem,
                    parasol_error *err) PC_MUST_USE;
void pi_salvage_close(pi_salvage *s);

/* Document number i, below s->docs, in the order of adding. Errors: NOMEM. */
int pi_salvage_read(pi_salvage *s, uint32_t i, pi_salvaged *out,
                    parasol_error *err) PC_MUST_USE;

#endif
