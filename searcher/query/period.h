/*
 * Periods as people write them in a query: 2014, 2014-03, 2014-Q2, last
 * month. Pure arithmetic; what "today" is says the caller.
 */
#ifndef PARASOL_SEARCHER_QUERY_PERIOD_H
#define PARASOL_SEARCHER_QUERY_PERIOD_H

#include "common/base/str.h"

/* A day as a number that orders: year * 10000 + month * 100 + day. */
typedef uint32_t ps_day;

/* All days from `first` to `last`. */
typedef struct ps_period {
    ps_day first;
    ps_day last;
} ps_period;

enum ps_period_name {
    PS_PERIOD_NONE,  /* not a field of dates */
    PS_PERIOD_DATE,  /* "date" */
    PS_PERIOD_SINCE, /* "since": the date, from the value on */
    PS_PERIOD_UNTIL, /* "until": the date, up to the value */
    PS_PERIOD_AFTER, /* "after": the date, behind the value */
    PS_PERIOD_BEFORE /* "before": the date, until the value begins */
};

/* What the name of a field says about its values; case does not matter. */
enum ps_period_name ps_period_name(pc_str name);

/* Whether `text` is a period, whatever today is. */
bool ps_period_valid(pc_str text);

/* Whether `word` makes a period only with another behind it: last, this, May,
   Q2. */
bool ps_period_needs_unit(pc_str word);

/*
 * Reads a period: YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Qn, YYYY-Hn (a half),
 * YYYY-Wnn and YYYY-Wnn-D (ISO 8601), also
 * with / or . for the hyphen; what period_written.h reads; today, yesterday;
 * last or this and day, week, month, quarter or year; last n units (until
 * today); n units ago. Words in any case, joined by white space, hyphens or
 * underscores. Weeks begin on Monday. `today` is a day of the calendar.
 * False: it is none.
 */
bool ps_period_read(pc_str text, ps_day today, ps_period *out);

/* The day `days` days after 1 January 1970 in the Gregorian calendar. */
ps_day ps_day_of(int64_t days);

#endif
