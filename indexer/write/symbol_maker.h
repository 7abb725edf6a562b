/*
 * Which symbols the keys of a dictionary are coded with: those that make a
 * sample of its keys short. Follows from the keys and their order alone.
 */
#ifndef PARASOL_INDEXER_WRITE_SYMBOL_MAKER_H
#define PARASOL_INDEXER_WRITE_SYMBOL_MAKER_H

#include "common/base/buf.h"
#include "common/codec/symbols.h"

typedef struct pi_symbol_maker {
    pc_buf sample;   /* rests of keys: a byte of length, and the bytes */
    pc_buf ends;     /* u64 of each block in it: where it ends */
    uint64_t blocks; /* seen */
    uint64_t every;  /* one of so many is in the sample */
} pi_symbol_maker;

void pi_symbol_maker_init(pi_symbol_maker *m, const pc_mem *mem);
void pi_symbol_maker_release(pi_symbol_maker *m);

/* Adds the keys of a block, as a pc_termblock_draft has them. Cheap. */
void pi_symbol_maker_add(pi_symbol_maker *m, const uint8_t *keys, size_t len);

/* Makes the table, an empty one for few keys. PARASOL_OK or _NOMEM. Cost:
   some milliseconds, whatever the keys; 2 MB while it works. */
int pi_symbol_maker_make(const pi_symbol_maker *m, pc_symbols *out) PC_MUST_USE;

#endif
