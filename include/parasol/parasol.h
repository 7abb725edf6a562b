/*
 * Parasol: a document index and full-text search engine.
 *
 * An *index* is a directory. It holds immutable *segments* and one *manifest*
 * per *commit*. An indexer (<parasol/indexer.h>, library parasol-indexer) adds
 * documents and commits; a searcher (<parasol/searcher.h>, library parasol)
 * opens the newest commit and answers queries with ranked hits.
 *
 * Errors: every function that can fail returns PARASOL_OK or a negative
 * status, and fills the parasol_error it is given with a sentence.
 * Ownership: what comes back through a first parameter named `out` is owned
 * by the caller; everything else is borrowed, and its comment says until when.
 * Structs that may grow begin with struct_size and have an _INIT macro.
 * Memory: pass a parasol_allocator at open, or NULL.
 * There is no global state.
 */
#ifndef PARASOL_PARASOL_H
#define PARASOL_PARASOL_H

#include <parasol/alloc.h>
#include <parasol/check.h>
#include <parasol/indexer.h>
#include <parasol/optimize.h>
#include <parasol/repair.h>
#include <parasol/searcher.h>
#include <parasol/status.h>
#include <parasol/tokens.h>
#include <parasol/upkeep.h>
#include <parasol/version.h>

#endif
