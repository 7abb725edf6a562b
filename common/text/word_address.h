/*
 * Addresses (address.h) among the words of a text: which parts of a chain one
 * begins or stands around.
 */
#ifndef PARASOL_COMMON_TEXT_WORD_ADDRESS_H
#define PARASOL_COMMON_TEXT_WORD_ADDRESS_H

#include "common/base/str.h"
#include "common/text/word_chain.h"

/* An address in a chain, or of which the chain is the beginning. */
typedef struct pc_chain_place {
    uint32_t start, end;
    uint32_t part; /* it stands beside this one */
} pc_chain_place;

/* Finds the address of `text` that the chain has to do with; false when there
   is none. */
bool pc_chain_address(pc_str text, const pc_chain *c, pc_chain_place *out);

#endif
