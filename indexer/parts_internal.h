/*
 * What parts.c and settle.c share.
 */
#ifndef PARASOL_INDEXER_PARTS_INTERNAL_H
#define PARASOL_INDEXER_PARTS_INTERNAL_H

#include "indexer/parts.h"

/* Closes what is open of a segment; it can be opened again. */
void pi_part_close(pi_parts *p, pi_part *part);

#endif
