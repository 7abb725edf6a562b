/*
 * Numbers whose digits stand in groups of three: 1,000,000 is 1000000.
 */
#ifndef PARASOL_COMMON_TEXT_GROUPED_H
#define PARASOL_COMMON_TEXT_GROUPED_H

#include "common/base/str.h"

/* The mark between the groups of a number, as a string that lives for ever;
   NULL when it has none. */
const char *pc_group_mark(pc_str w);

#endif
