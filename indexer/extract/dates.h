/*
 * Dates as people and programs write them, to ISO 8601.
 */
#ifndef PARASOL_INDEXER_EXTRACT_DATES_H
#define PARASOL_INDEXER_EXTRACT_DATES_H

#include <stdbool.h>

#include "common/base/str.h"

#define PI_DATE_MAX 11 /* "YYYY-MM-DD" and its zero */

/*
 * Writes the date at the start of `s` as YYYY-MM-DD, YYYY-MM or YYYY, as far
 * as it is given, zero-terminated; false, and "" in out, when there is none.
 * Understood: ISO 8601 (also with a time, with slashes or dots, or without
 * separators), "5 September 2014", "September 5, 2014", "September 2014" and
 * the date of mail (RFC 2822). A weekday in front is passed over. The day is
 * the one written: no time zone is applied.
 */
bool pi_date_normal(char out[PI_DATE_MAX], pc_str s);

#endif
