/*
 * The block of fields between two lines of dashes that Markdown may start
 * with. It is YAML, of which what such blocks are made of is understood:
 * "key: value" with or without quotes, "key: [a, b]", lists of "- item",
 * text over several lines after | or >, and comments. Maps inside maps are
 * passed over.
 */
#ifndef PARASOL_INDEXER_EXTRACT_FRONT_MATTER_H
#define PARASOL_INDEXER_EXTRACT_FRONT_MATTER_H

#include "indexer/extract/extract.h"

/* Files the fields of the block at the start of *text in *out and moves *text
   behind it; without such a block nothing happens. Errors: NOMEM. */
int pi_front_matter(pi_extract *out, pc_str *text, pc_arena *arena,
                    parasol_error *err) PC_MUST_USE;

#endif
