/*
 * Stories: what writers do to an index, step by step, so that it can be told
 * at any moment which documents it has to hold. Each step is one commit; what
 * it makes follows from its number alone. To tell more, add a line to the
 * table in story.c, or a story.
 */
#ifndef PARASOL_TESTS_CRASH_STORY_H
#define PARASOL_TESTS_CRASH_STORY_H

#include <parasol/status.h>

enum { STORY_DOCS = 40, STORY_NONE = -1 };

/* The version of each document; 0: there is none. */
typedef struct story_model {
    unsigned version[STORY_DOCS];
} story_model;

/* Where a story takes place. */
typedef struct story_place {
    char watched[600];  /* a folder, that faults are for */
    char index[640];    /* in it */
    char source[600];   /* a folder of documents, not watched */
    char programs[600]; /* the folder of the programs */
} story_place;

typedef struct story {
    const char *name;
    /* Makes the index in `from` the one of `to`, by step j. */
    int (*run)(const story_place *place, unsigned j, const story_model *from,
               const story_model *to, parasol_error *err);
} story;

/* NULL if there is none of that name. */
const story *story_find(const char *name);

/* Steps of every story, and a name for each. */
unsigned story_steps(void);
const char *story_step_name(unsigned j);

/* Whether a step leaves the documents as they are. */
int story_keeps(unsigned j);

/* The documents after step j; none after STORY_NONE. */
void story_model_after(int j, story_model *out);

/* Sets `place` up in an existing folder, which has to be empty. */
void story_place_make(story_place *place, const char *folder);

/* Whether the index holds these documents: PARASOL_OK, or CORRUPT with a
   sentence if it holds others, or the error of opening and searching. A missing
   index holds none. *commit is its number or 0. */
int story_holds(const char *index, const story_model *m,
                unsigned long long *commit, parasol_error *err);

/* Makes a folder hold one file for each document, and none for the others. */
void story_write_sources(const char *source, const story_model *to);

/* Adds a document and commits, as the next writer does: the index held `from`,
   and *after is what it has to hold then. */
int story_go_on(const char *index, const story_model *from, story_model *after,
                parasol_error *err);

#endif
