/*
 * Dates with the name of a month, and others that are not written from the
 * year on.
 */
#ifndef PARASOL_SEARCHER_QUERY_PERIOD_WRITTEN_H
#define PARASOL_SEARCHER_QUERY_PERIOD_WRITTEN_H

#include <stdbool.h>

#include "common/base/str.h"

#define PS_PERIOD_ISO 16u

/*
 * Writes May 2014, 5 May 2014, May 5th, 2014, 05.05.2014 or Q2 2014 as 2014-05,
 * 2014-05-05 or 2014-Q2 into out, with a zero behind it; months in English, of
 * three letters or more, in any case. The days of months are not looked at.
 * False: it is none.
 */
bool ps_period_iso(pc_str text, char out[PS_PERIOD_ISO]);

/* Does a date begin with that word alone: a month, Q2? */
bool ps_period_begins(pc_str word);

#endif
