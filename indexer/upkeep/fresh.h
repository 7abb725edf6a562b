/*
 * Whether an index is what its folders are now.
 */
#ifndef PARASOL_INDEXER_UPKEEP_FRESH_H
#define PARASOL_INDEXER_UPKEEP_FRESH_H

#include <parasol/upkeep.h>

#include "common/format/manifest.h"

/*
 * Compares the folders that the commit *m of the index `dir` was made of with
 * its catalog: fills fresh, folders, added to renamed, and why. What stands in
 * the way of comparing goes to in->why. Errors: NOMEM, ARG (o->changed).
 */
int pi_status_fresh(const pc_manifest *m, const char *dir,
                    const parasol_status_options *o, parasol_status_info *in,
                    parasol_error *err) PC_MUST_USE;

#endif
