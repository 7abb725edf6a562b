/*
 * Words of a query that are the name of one thing: F 16, RFC 2616,
 * SP 800-53, ISO/IEC 27001:2013, 542 U.S. 507.
 */
#ifndef PARASOL_SEARCHER_PLAN_DESIGNATOR_H
#define PARASOL_SEARCHER_PLAN_DESIGNATOR_H

#include "searcher/query/query.h"

/*
 * Of the clauses of `parent` from i on, which are `run` words: how many are
 * such a name together, 0 for none. Judged by how they are written alone: a
 * list of series in any case, an acronym in capitals before a number that is no
 * year, or a citation of a reporter.
 */
size_t ps_designator(const ps_node *parent, size_t i, size_t run);

/* Is the second of two such words a number that says it all, as in NIST 800-53?
   Between them others write more (NIST SP 800-53). */
bool ps_designator_says_all(const ps_node *parent, size_t i, size_t run);

#endif
