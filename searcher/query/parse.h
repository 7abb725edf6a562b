/*
 * Query text -> tree (docs/query.md).
 */
#ifndef PARASOL_SEARCHER_QUERY_PARSE_H
#define PARASOL_SEARCHER_QUERY_PARSE_H

#include "common/base/arena.h"
#include "searcher/query/ast.h"
#include "searcher/query/warn.h"

/*
 * Parses `text`. *out, its text and the warnings live in `arena`; `text` is
 * not needed afterwards. *warnings is initialised here; its warnings come in
 * order of their start. What is not understood is repaired with a warning.
 * Errors: QUERY when a limit of ast.h is exceeded, with err->offset where;
 * NOMEM.
 * Cost: linear in text.len; recursion no deeper than PS_MAX_DEPTH groups.
 */
int ps_parse(ps_node **out, ps_warnings *warnings, pc_str text,
             pc_arena *arena, parasol_error *err) PC_MUST_USE;

#endif
