/*
 * A step of a story by one of the programs.
 */
#ifndef PARASOL_TESTS_CRASH_STORY_PROGRAMS_H
#define PARASOL_TESTS_CRASH_STORY_PROGRAMS_H

#include "tests/crash/story.h"

/* Runs PROGRAM FIRST [SECOND] SOURCE-FOLDER, the last if SECOND is given; its
   status becomes one of the library, its last sentence the error's. A program
   that is to die takes this process along. One that ends by a signal, or takes
   a minute, is reported as PARASOL_INTERNAL. */
int story_program(const story_place *place, const char *program,
                  const char *first, const char *second, parasol_error *err);

#endif
