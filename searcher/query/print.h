/*
 * Tree -> canonical query text: parsing it again gives an equal tree (other
 * byte ranges), without warnings unless the tree is NONE.
 */
#ifndef PARASOL_SEARCHER_QUERY_PRINT_H
#define PARASOL_SEARCHER_QUERY_PRINT_H

#include "common/base/buf.h"
#include "searcher/query/ast.h"

/* Appends the text of `root` to *b (whose status says if memory ran out).
   NONE gives no text. Cost: linear. */
void ps_print(pc_buf *b, const ps_node *root);

#endif
