/*
 * What is behind parasol_query: the tree and all it refers to. Read-only
 * once parsed, so any number of threads may use one.
 */
#ifndef PARASOL_SEARCHER_QUERY_QUERY_H
#define PARASOL_SEARCHER_QUERY_QUERY_H

#include <parasol/searcher.h>

#include "common/base/arena.h"
#include "searcher/query/ast.h"
#include "searcher/query/warn.h"

struct parasol_query {
    pc_mem mem; /* resize NULL: the C library's */
    pc_arena arena;
    ps_node *root; /* never NULL; this and all below live in the arena */
    ps_warnings warnings;
    pc_str source;    /* copy of the text given, zero-terminated */
    pc_str canonical; /* zero-terminated */
};

#endif
