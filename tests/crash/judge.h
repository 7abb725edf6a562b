/*
 * Playing a story under a plan of faultfs.h, and judging what is left of it.
 */
#ifndef PARASOL_TESTS_CRASH_JUDGE_H
#define PARASOL_TESTS_CRASH_JUDGE_H

#include <parasol/indexer.h>

#include "tests/crash/story.h"
#include "tests/support/faultfs.h"

enum { JUDGE_BEGUN_MAX = 32 };

/* What the writer has said so far. */
typedef struct judge_said {
    unsigned long long commit; /* the last that was reported; 0: none */
    int done;                  /* and what it holds */
    char id[PARASOL_ID_ROOM];
    int begun[JUDGE_BEGUN_MAX]; /* what may have been committed since */
    unsigned n_begun;
    unsigned failed; /* how many failures were reported since */
} judge_said;

void judge_said_init(judge_said *said);

/* Adds one remark of the log. */
void judge_said_add(judge_said *said, unsigned long long number,
                    const char *words);

/* All remarks of a log. */
void judge_said_read(judge_said *said, const char *log);

/* Exit statuses of judge_play that are its own. */
enum {
    JUDGE_ALL_DONE = 0,
    JUDGE_SOME_FAILED = 3,
    JUDGE_BAD = 96 /* a commit was reported that is not there, and the like */
};

/* Plays all steps and says what begins and what is done; goes on after a
   failure. Prints the sentence of what is bad. */
int judge_play(const story *s, const story_place *place, faultfs *f);

/*
 * Whether the index is the last commit that was reported, or one of those that
 * were begun behind it. `strict`: nothing that has failed may be there, either.
 * *found is what it holds. 0, or -1 with `why`.
 */
int judge_index(const char *index, const judge_said *said, int strict,
                int *found, parasol_error *why);

/* Whether the next writer can go on from there. */
int judge_go_on(const char *index, int found, parasol_error *why);

#endif
