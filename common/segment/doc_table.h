/*
 * Where the stored fields and the text of each document are in their streams
 * (docs/format.md, "DOC_TABLE"): lengths, packed in groups of PC_DOC_GROUP, and
 * for each group where its first document starts. Read-only; any thread.
 */
#ifndef PARASOL_COMMON_SEGMENT_DOC_TABLE_H
#define PARASOL_COMMON_SEGMENT_DOC_TABLE_H

#include "common/format/sealed.h"

#define PC_DOC_GROUP 128u     /* documents whose lengths share their widths */
#define PC_DOC_GROUP_HEAD 24u /* bytes of a group beside its lengths */

typedef struct pc_doc_table {
    pc_sealed *file;
    pc_section section;
    uint32_t docs;
} pc_doc_table;

typedef struct pc_doc_place {
    uint64_t fields_off, text_off; /* in their streams */
    uint32_t fields_len, text_len;
} pc_doc_place;

/* Borrows the file. CORRUPT when the section is too short for its groups. */
int pc_doc_table_open(pc_doc_table *t, pc_sealed *file, uint32_t docs,
                      parasol_error *err) PC_MUST_USE;

/*
 * The place of `doc`, below docs. Lengths are what the table says: whether
 * they lie in the streams is for the caller to check. CORRUPT. Cost: unpacks
 * the group, below a tenth of a microsecond.
 */
int pc_doc_table_get(const pc_doc_table *t, uint32_t doc, pc_doc_place *out,
                     parasol_error *err) PC_MUST_USE;

#endif
