/*
 * Moments as text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "common/base/utc.h"

static void base_utc__agrees_with_the_system(void **state)
{
    (void)state;
    unsigned seen = 0;
    for (int64_t t = INT64_C(-62135596800); t < INT64_C(253402300800);
         t += 86400 * 13 + 12347) {
        char text[PC_UTC_ROOM], want[64];
        struct tm tm;
        time_t at = (time_t)t;
        int64_t back = 0;
        assert_non_null(gmtime_r(&at, &tm));
        (void)snprintf(want, sizeof want, "%04d-%02d-%02dT%02d:%02d:%02dZ",
                       tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                       tm.tm_min, tm.tm_sec);
        assert_string_equal(pc_utc_put(text, t), want);
        assert_true(pc_utc_get(text, &back));
        assert_true(back == t);
        seen++;
    }
    assert_true(seen > 100000);
}

static void base_utc__stays_in_its_range(void **state)
{
    (void)state;
    char text[PC_UTC_ROOM];
    assert_string_equal(pc_utc_put(text, INT64_MIN), "0001-01-01T00:00:00Z");
    assert_string_equal(pc_utc_put(text, INT64_MAX), "9999-12-31T23:59:59Z");
    assert_string_equal(pc_utc_put(text, 0), "1970-01-01T00:00:00Z");
    assert_true(pc_utc_now() > 1700000000);
}

static void base_utc__refuses_what_is_no_moment(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "2026-02-29T00:00:00Z", "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01 00:00:00Z",
        "0000-01-01T00:00:00Z", "2026-01-00T00:00:00Z", "x026-01-01T00:00:00Z"};
    int64_t t = 7;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(pc_utc_get(wrong[i], &t));
    assert_true(t == 7);
    assert_true(pc_utc_get("2024-02-29T00:00:00Z", &t));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_utc__agrees_with_the_system),
        cmocka_unit_test(base_utc__stays_in_its_range),
        cmocka_unit_test(base_utc__refuses_what_is_no_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
