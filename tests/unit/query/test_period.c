/* Periods, from the calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "searcher/query/period.h"

#define TODAY 20260315u /* a Sunday */

static void check(const char *text, ps_day first, ps_day last)
{
    ps_period p;
    if (!ps_period_read(pc_str_of(text), TODAY, &p))
        fail_msg("%s: no period", text);
    if (p.first != first || p.last != last)
        fail_msg("%s: %u to %u", text, p.first, p.last);
}

static void query_period__units(void **state)
{
    PC_UNUSED(state);
    check("2014", 20140101, 20141231);
    check("2014-02", 20140201, 20140228);
    check("2016/02", 20160201, 20160229);
    check("1900-02", 19000201, 19000228);
    check("2000-02", 20000201, 20000229);
    check("2014.03.31", 20140331, 20140331);
    check("2014-Q1", 20140101, 20140331);
    check("2014-q4", 20141001, 20141231);
    check("2014-H1", 20140101, 20140630);
    check("2014H2", 20140701, 20141231);
    check("2014Q2", 20140401, 20140630);
    check("2014-W23", 20140602, 20140608);
    check("2014w01", 20131230, 20140105);
    check("2020-W53-7", 20210103, 20210103);
    check("2015-W01-1", 20141229, 20141229);
    check("2014-3", 20140301, 20140331);
    check("2014-3-5", 20140305, 20140305);
    check("0000", 101, 1231);
    check("9999-12-31", 99991231, 99991231);
}

static void query_period__words(void **state)
{
    PC_UNUSED(state);
    check("today", 20260315, 20260315);
    check("Yesterday", 20260314, 20260314);
    check("this week", 20260309, 20260315);
    check("last week", 20260302, 20260308);
    check("last month", 20260201, 20260228);
    check("LAST-MONTH", 20260201, 20260228);
    check(" last   month ", 20260201, 20260228);
    check("this month", 20260301, 20260331);
    check("last quarter", 20251001, 20251231);
    check("this quarter", 20260101, 20260331);
    check("last year", 20250101, 20251231);
    check("last day", 20260314, 20260314);
    check("3 months ago", 20251201, 20251231);
    check("15-days-ago", 20260228, 20260228);
    check("0 weeks ago", 20260309, 20260315);
    check("27 years ago", 19990101, 19991231);
    check("2000 years ago", 260101, 261231);
    check("99999 years ago", 101, 1231);
}

static void query_period__written(void **state)
{
    PC_UNUSED(state);
    check("May 2014", 20140501, 20140531);
    check("feb-2016", 20160201, 20160229);
    check("Sept. 2014", 20140901, 20140930);
    check("5 May 2014", 20140505, 20140505);
    check("May 5, 2014", 20140505, 20140505);
    check("MAY 5th 2014", 20140505, 20140505);
    check("05.06.2014", 20140605, 20140605);
    check("5. 6. 2014", 20140605, 20140605);
    check("Q2 2014", 20140401, 20140630);
    check("last 7 days", 20260308, 20260315);
    check("last-2-weeks", 20260301, 20260315);
    check("past 3 months", 20251215, 20260315);
    check("last 1 quarter", 20251215, 20260315);
    check("last 10 years", 20160315, 20260315);
    assert_true(ps_period_needs_unit(PC_STR_LIT("May")));
    assert_true(ps_period_needs_unit(PC_STR_LIT("q2")));
    assert_false(ps_period_needs_unit(PC_STR_LIT("q5")));
    assert_false(ps_period_needs_unit(PC_STR_LIT("ma")));
}

static void query_period__what_is_none(void **state)
{
    PC_UNUSED(state);
    static const char *const texts[] = {"",
                                        "14",
                                        "2014-13",
                                        "2014-00",
                                        "2014-Q",
                                        "2014-H3",
                                        "2014Q2x",
                                        "2014-3-5-6",
                                        "May",
                                        "May 14",
                                        "31 June 2014",
                                        "32.01.2014",
                                        "05/06/2014",
                                        "05.13.2014",
                                        "Q5 2014",
                                        "last 0 days",
                                        "last 7",
                                        "5 May 2014 x",
                                        "2014-02-29",
                                        "2014-04-31",
                                        "2014-01-00",
                                        "2014-Q5",
                                        "2014-Q0",
                                        "20140331",
                                        "2014-03-311",
                                        "soon",
                                        "last",
                                        "last day off",
                                        "this",
                                        "monthly",
                                        "3 ago",
                                        "months ago",
                                        "2014-03-01T",
                                        "next year",
                                        "99999999 days ago"};
    for (size_t i = 0; i < PC_COUNTOF(texts); i++)
        if (ps_period_valid(pc_str_of(texts[i])))
            fail_msg("%s is a period", texts[i]);
    assert_true(ps_period_needs_unit(PC_STR_LIT("Last")));
    assert_true(ps_period_needs_unit(PC_STR_LIT("this")));
    assert_false(ps_period_needs_unit(PC_STR_LIT("today")));
}

/* Days of three hundred years, counted one by one. */
static void query_period__days(void **state)
{
    PC_UNUSED(state);
    static const unsigned lengths[12] = {31, 28, 31, 30, 31, 30,
                                         31, 31, 30, 31, 30, 31};
    int64_t n = 0;
    for (unsigned y = 1970; y < 2270; y++) {
        bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
        for (unsigned m = 1; m <= 12; m++) {
            unsigned days = lengths[m - 1] + (m == 2 && leap);
            for (unsigned d = 1; d <= days; d++, n++)
                assert_int_equal(ps_day_of(n), y * 10000 + m * 100 + d);
        }
    }
    assert_int_equal(ps_day_of(-1), 19691231);
    assert_int_equal(ps_day_of(-25567), 19000101);
    assert_int_equal(ps_day_of(INT64_C(-100000000)), 101);
    assert_int_equal(ps_day_of(INT64_C(100000000)), 99991231);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(query_period__units),
        cmocka_unit_test(query_period__words),
        cmocka_unit_test(query_period__written),
        cmocka_unit_test(query_period__what_is_none),
        cmocka_unit_test(query_period__days),
    };
    return cmocka_run_group_tests_name("period", tests, NULL, NULL);
}
