/*
 * Occurrences of a phrase, or of an exact surface form, in one document.
 *
 * A phrase is a set of cursors, one for each distinct term, that the caller
 * brings to a common document; then the positions are read, the rarest term's
 * first, and only as far as candidates are left.
 */
#ifndef PARASOL_SEARCHER_ITER_PHRASE_H
#define PARASOL_SEARCHER_ITER_PHRASE_H

#include "searcher/iter/cursor.h"

/* Asking for one position takes about as long as reading so many. */
#define PS_TEST_COST 4u

/* One word of the phrase. */
typedef struct ps_slot {
    uint32_t cursor; /* index of its term's cursor */
    uint32_t offset; /* from the phrase's first position */
    bool exact;
    uint32_t variant;
    const ps_form_set *forms; /* not NULL: only these */
} ps_slot;

/* A posting of one of the lists. */
typedef struct ps_place {
    uint32_t block, at;
    uint32_t tf;
} ps_place;

/* The block of a list that positions were read from last. */
typedef struct ps_opened {
    uint32_t block; /* UINT32_MAX: none */
    uint32_t ids[PC_BLOCK_ROOM], tfs[PC_BLOCK_ROOM];
} ps_opened;

typedef struct ps_phrase {
    ps_ctx *ctx;
    ps_cursor **cursors; /* distinct lists, in ascending order of df */
    uint32_t n_cursors;
    uint32_t early; /* cursors that whoever brings documents has looked at */
    pc_pos_reader *readers; /* one per cursor */
    ps_opened *opened;      /* one per cursor */
    ps_place *places;       /* one per cursor: of the document looked at */
    ps_slot *slots;
    uint32_t n_slots;
    float weight; /* scaled, of the phrase as a whole */
    /* 0: the words stand at their offsets; else in any order, with at most so
       many positions between them. */
    uint32_t distance;
    /* Scratch, grown as needed. */
    uint32_t *starts, *positions;
    size_t starts_cap, positions_cap;
    /* Of a phrase with a distance (window.c). */
    struct ps_span *windows;
    void *stands;
    uint32_t *counts;
    size_t windows_cap, stands_cap;
} ps_phrase;

/* Reads the positions of a slot's term in the current document that satisfy
   the slot: *n of them, into p->positions. False on damage, which
   ctx->status tells. */
bool ps_phrase_positions(ps_phrase *p, const ps_slot *slot, uint32_t *n);

/*
 * Occurrences in document `doc`, whose postings p->places are for the first
 * p->early cursors; 0 if none, or on damage (then ctx->status is set). Lists of
 * the other cursors are looked up when the first ones agree; then the
 * documents asked for have to ascend.
 * With a distance, the largest number of windows (near.h) that do not overlap.
 */
uint32_t ps_phrase_freq(ps_phrase *p, uint32_t doc);

/* The same for words at their offsets: where the phrase begins is in
   p->starts, ascending. */
uint32_t ps_phrase_starts(ps_phrase *p, uint32_t doc);

/*
 * Many documents at a time: first where the positions of all are, list by list,
 * so that what has to come from memory comes together; then the positions of
 * each. (searcher/iter/phrase_spots.c)
 */

/* May it be asked so? Not with a distance or forms. */
bool ps_phrase_has_spots(const ps_phrase *p);

/* Where the positions in n documents, in ascending order, are: spots[i] for
   places[tags[i]] of a list. False on damage, which ctx->status tells. */
bool ps_phrase_locate(ps_phrase *p, uint32_t list, const ps_place *places,
                      const uint32_t *tags, uint32_t n, pc_pos_spot *spots);

/* As ps_phrase_freq, where the spots of the first p->early lists are: of list k
   spots[k][i]. */
uint32_t ps_phrase_freq_at(ps_phrase *p, uint32_t doc,
                           pc_pos_spot *const *spots, uint32_t i);

/* What both ways share, in phrase.c: */

/* Decodes the block of a list that a place is in, unless it is at hand. */
int ps_phrase_open(ps_phrase *p, uint32_t list, uint32_t block);
/* Room for n positions; what was there is lost. */
bool ps_phrase_positions_room(ps_phrase *p, uint32_t n);
/* Makes starts of the n positions of the slot that is read first; how many. 0
   also without memory, which ctx->status tells. */
uint32_t ps_phrase_first(ps_phrase *p, uint32_t offset, uint32_t n);
/* Of n starts keeps those that have one of m positions `offset` behind. */
uint32_t ps_phrase_keep(ps_phrase *p, uint32_t n, uint32_t offset, uint32_t m);
/* Of the slots whose lists are early, or of the others, the one with the fewest
   occurrences in p->places, behind slot `last` in that order. */
#define PS_NO_SLOT UINT32_MAX
uint32_t ps_phrase_rarest(const ps_phrase *p, uint32_t last, bool early);
/* Looks the document up in the other lists and keeps those of n starts that
   agree. */
uint32_t ps_phrase_keep_late(ps_phrase *p, uint32_t doc, uint32_t n);

/* Takes the places from where the cursors stand: on one document. Returns the
   lowest frequency, which the phrase's does not exceed; 0 on damage. */
uint32_t ps_phrase_take_places(ps_phrase *p);

/* No document in [from, to] scores more than this for the phrase: it is not
   more frequent than any of its terms. 0 when one of them has none there. */
uint32_t ps_phrase_bound(ps_phrase *p, uint32_t from, uint32_t to);

#endif
