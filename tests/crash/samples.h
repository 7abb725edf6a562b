/*
 * Indexes that upkeep is tried on: made once, by stories, and some of them then
 * harmed, and copied for each try.
 */
#ifndef PARASOL_TESTS_CRASH_SAMPLES_H
#define PARASOL_TESTS_CRASH_SAMPLES_H

#include "tests/crash/story.h"

enum sample {
    SOUND,    /* several segments with dead documents */
    EARLIER,  /* the same some commits before */
    PLAIN,    /* nothing was ever deleted */
    WALKED,   /* of a folder */
    HARMED,   /* SOUND with a damaged segment */
    HEADLESS, /* PLAIN with a damaged manifest */
    AGED,     /* SOUND, as if analysed by another version */
    UNLISTED, /* WALKED with a damaged catalog */
    SAMPLES
};

/* Makes all in a folder. Any failure ends the program, here and below. */
void samples_make(const char *folder);

/* Which documents it holds, or held before it was harmed. */
const story_model *sample_model(enum sample of);

/* Its id; "" of those that have been harmed. */
const char *sample_id(enum sample of);

const char *sample_path(enum sample of);

/* Makes the folder `to`, a copy. */
void sample_copy(enum sample of, const char *to);

/* Whether an index has all files of it, to the byte; others do not matter, nor
   do the lock and the log, which are no part of a commit. */
int sample_is_in(enum sample of, const char *index);

/* FOLDER/NAME to `out`, which is returned. */
const char *sample_at(char out[700], const char *folder, const char *name);

#endif
