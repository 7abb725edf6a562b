/*
 * A moment as text for people, and back: 2026-11-23T18:09:34Z.
 */
#ifndef PARASOL_COMMON_BASE_UTC_H
#define PARASOL_COMMON_BASE_UTC_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/base.h"

/* Bytes of the text with its zero. */
#define PC_UTC_ROOM 21

/* Seconds since 1970, now. A clock may have been set back since it was asked
   last: nothing but people may rely on it. */
int64_t pc_utc_now(void);

/* Writes the moment, in UTC, to `out`, which is returned. Seconds before the
   year 1 or after the year 9999 are written as the nearest that fits. */
const char *pc_utc_put(char out[PC_UTC_ROOM], int64_t seconds);

/* Reads exactly what pc_utc_put writes, from the first 20 bytes of `text`. */
bool pc_utc_get(const char *text, int64_t *seconds);

#endif
