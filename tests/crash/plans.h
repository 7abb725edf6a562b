/*
 * Plans of faults, and trying each at every operation of something: it is done
 * as often as it has operations, in a process of its own, which dies at one of
 * them or in which that operation fails; then it is judged what is left.
 */
#ifndef PARASOL_TESTS_CRASH_PLANS_H
#define PARASOL_TESTS_CRASH_PLANS_H

#include <parasol/status.h>

#include "tests/support/faultfs.h"

typedef struct plan {
    const char *name;
    unsigned kinds;
    enum faultfs_what what;
    uint64_t times; /* 0: for ever */
    int error;
    int harmless; /* nothing may fail because of it */
} plan;

/* Exit statuses of a process that does it. */
enum {
    PLAN_DONE = 0,
    PLAN_FAILED = 3, /* it said so, with a sentence */
    PLAN_BAD = 96
};

/* What is tried. */
typedef struct plan_trial {
    const char *name; /* in front of each line of figures */
    const void *user;
    /* In a process of its own with an empty folder: gets ready, and does it
       after plan_begin. */
    int (*run)(const struct plan_trial *t, const plan *p, uint64_t at,
               const char *folder, faultfs *f);
    /* Judges the folder, after a process that ended by itself with `status`: 0,
       or not, with `why`. */
    int (*judge)(const struct plan_trial *t, const plan *p, const char *folder,
                 int status, parasol_error *why);
} plan_trial;

/* Whether the process dies by it. */
int plan_kills(const plan *p);

/* From now on, operations below `watched` count. */
void plan_begin(const plan *p, uint64_t at, const char *watched, faultfs *f);

/* All plans whose names begin with `only`, at every share-th operation; prints
   a line of figures for each. Returns how often something was bad. */
uint64_t plans_try(const plan_trial *t, faultfs *f, uint64_t share,
                   const char *only);

#endif
