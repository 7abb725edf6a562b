/*
 * Days to dates by arithmetic alone, since gmtime depends on hidden state and
 * its repair may allocate.
 */
#include "common/base/utc.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY 86400
#define FIRST_SECOND INT64_C(-62135596800) /* 0001-01-01T00:00:00Z */
#define LAST_SECOND INT64_C(253402300799)  /* 9999-12-31T23:59:59Z */
#define ERA_DAYS 146097                    /* of 400 years */
#define DAYS_TO_1970 719468                /* from March 1st of the year 0 */

int64_t pc_utc_now(void)
{
    return (int64_t)time(NULL);
}

/* Years begin in March, so that the day of leap years is the last one; five
   months from March or August on have 153 days. */
static void date_of(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + DAYS_TO_1970;
    int64_t era = z / ERA_DAYS;
    int64_t in_era = z % ERA_DAYS;
    int64_t y =
        (in_era - in_era / 1460 + in_era / 36524 - in_era / (ERA_DAYS - 1)) /
        365;
    int64_t in_year = in_era - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * in_year + 2) / 153; /* from March */
    *day = (int)(in_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(era * 400 + y + (*month <= 2));
}

static int64_t days_of(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = y / 400, in_era = y % 400;
    int64_t in_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day;
    return era * ERA_DAYS + in_era * 365 + in_era / 4 - in_era / 100 + in_year -
           1 - DAYS_TO_1970;
}

const char *pc_utc_put(char out[PC_UTC_ROOM], int64_t seconds)
{
    int year, month, day;
    char text[80];
    if (seconds < FIRST_SECOND)
        seconds = FIRST_SECOND;
    if (seconds > LAST_SECOND)
        seconds = LAST_SECOND;
    int64_t in_day = ((seconds % DAY) + DAY) % DAY;
    date_of((seconds - in_day) / DAY, &year, &month, &day);
    (void)snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", year,
                   month, day, (int)(in_day / 3600), (int)(in_day / 60 % 60),
                   (int)(in_day % 60));
    memcpy(out, text, PC_UTC_ROOM - 1);
    out[PC_UTC_ROOM - 1] = 0;
    return out;
}

static int number(const char *p, int n)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9')
            return -1;
        v = v * 10 + (p[i] - '0');
    }
    return v;
}

bool pc_utc_get(const char *text, int64_t *seconds)
{
    char again[PC_UTC_ROOM];
    static const int at[] = {0, 5, 8, 11, 14, 17};
    int v[6];
    for (int i = 0; i < 6; i++) {
        v[i] = number(text + at[i], i == 0 ? 4 : 2);
        if (v[i] < 0)
            return false;
    }
    if (v[0] < 1 || v[1] < 1 || v[1] > 12)
        return false;
    int64_t t =
        days_of(v[0], v[1], v[2]) * DAY + v[3] * 3600 + v[4] * 60 + v[5];
    /* What does not exist, as the 30th of February, comes back as another. */
    if (memcmp(pc_utc_put(again, t), text, PC_UTC_ROOM - 1) != 0)
        return false;
    *seconds = t;
    return true;
}
