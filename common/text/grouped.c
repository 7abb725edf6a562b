/*
 * Numbers with marks between groups of three digits.
 */
#include "common/text/grouped.h"

#include <stdbool.h>

/* Three digits behind each comma (or apostrophe), as in 1,000,000? A full
   stop must come twice, since 1.000 is more often a fraction. */
static bool is_grouped(pc_str w, char mark)
{
    size_t groups = 0, run = 0;
    for (size_t i = 0; i <= w.len; i++) {
        bool point = i < w.len && w.ptr[i] == '.' && mark != '.' && groups;
        if (i < w.len && w.ptr[i] == mark) {
            if (groups ? run != 3 : run < 1 || run > 3)
                return false;
            groups++;
            run = 0;
        } else if (i == w.len || point) {
            return run == 3 && groups >= (mark == '.' ? 2u : 1u);
        } else if ((uint8_t)(w.ptr[i] - '0') >= 10) {
            return false;
        } else {
            run++;
        }
    }
    return false;
}

const char *pc_group_mark(pc_str w)
{
    return is_grouped(w, ',')    ? ","
           : is_grouped(w, '\'') ? "'"
           : is_grouped(w, '.')  ? "."
                                 : NULL;
}
