/*
 * Dates as written, and what they become.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "indexer/extract/dates.h"

typedef struct date_case {
    const char *in;
    const char *out;
} date_case;

static void check(const date_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char out[PI_DATE_MAX];
        bool found = pi_date_normal(out, pc_str_of(cases[i].in));
        if (strcmp(out, cases[i].out) != 0)
            print_error("\"%s\" gave \"%s\", not \"%s\"\n", cases[i].in, out,
                        cases[i].out);
        assert_string_equal(out, cases[i].out);
        assert_int_equal(found, cases[i].out[0] != 0);
    }
}

static void extract_dates__understand_iso(void **state)
{
    static const date_case cases[] = {
        {"2014-09-05", "2014-09-05"},
        {" 2014-09-05 ", "2014-09-05"},
        {"2014-9-5", "2014-09-05"},
        {"2014-09-05T10:00:00Z", "2014-09-05"},
        {"2014-09-05T23:59:59+09:00", "2014-09-05"},
        {"2014-09-05 10:00", "2014-09-05"},
        {"2014/09/05", "2014-09-05"},
        {"2014.09.05", "2014-09-05"},
        {"20140905", "2014-09-05"},
        {"20140905T101500", "2014-09-05"},
        {"2014-09", "2014-09"},
        {"2014", "2014"},
        {"2012-02-29", "2012-02-29"},
    };
    (void)state;
    check(cases, PC_COUNTOF(cases));
}

static void extract_dates__understand_words(void **state)
{
    static const date_case cases[] = {
        {"5 September 2014", "2014-09-05"},
        {"5th September 2014", "2014-09-05"},
        {"5 Sep. 2014", "2014-09-05"},
        {"05-Sep-2014", "2014-09-05"},
        {"5. September 2014", "2014-09-05"},
        {"September 5, 2014", "2014-09-05"},
        {"Sept 5th 2014", "2014-09-05"},
        {"SEPTEMBER 5, 2014, 10:00", "2014-09-05"},
        {"September 2014", "2014-09"},
        {"Fri, 05 Sep 2014 10:00:00 +0000", "2014-09-05"},
        {"Friday, 5 September 2014", "2014-09-05"},
        {"Friday, September 5, 2014", "2014-09-05"},
        {"1 May 2000", "2000-05-01"},
        {"March 1, 1999", "1999-03-01"},
        {"31.10.2026", "2026-10-31"},
        {" 5.6.2014 ", "2014-06-05"},
        {"31. Mai 2026", "2026-05-31"},
        {"1er ao\u00FBt 2014", "2014-08-01"},
    };
    (void)state;
    check(cases, PC_COUNTOF(cases));
}

static void extract_dates__refuse_the_rest(void **state)
{
    static const date_case cases[] = {
        {"", ""},           {"soon", ""},
        {"2014-13-01", ""}, {"2014-02-30", ""},
        {"2013-02-29", ""}, {"1900-02-29", ""},
        {"2014-00-10", ""}, {"2014-01-00", ""},
        {"0", ""},          {"05/09/2014", ""},
        {"20141305", ""},   {"999999999999", ""},
        {"201409", ""},     {"32 May 2014", ""},
        {"May", ""},        {"5 September", ""},
        {"Ma 5, 2014", ""}, {"2014-", ""},
        {"2014-1x", ""},    {"Friday", ""},
        {"20140900", ""},   {"31.06.2014", ""},
        {"5.6.14", ""},     {"31. Juin", ""},
    };
    (void)state;
    check(cases, PC_COUNTOF(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extract_dates__understand_iso),
        cmocka_unit_test(extract_dates__understand_words),
        cmocka_unit_test(extract_dates__refuse_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
