/*
 * A directory of their own for the tests of a program, `tmp`, with what makes
 * and removes it: fixtures of the group, or of each test.
 */
#ifndef PARASOL_TESTS_SUPPORT_SCRATCH_GROUP_H
#define PARASOL_TESTS_SUPPORT_SCRATCH_GROUP_H

#include "tests/support/scratch.h"

static scratch tmp;

static inline int scratch_set_up(void **state)
{
    (void)state;
    scratch_make(&tmp);
    return 0;
}

static inline int scratch_tear_down(void **state)
{
    (void)state;
    scratch_remove(&tmp);
    return 0;
}

#endif
