/*
 * Cursor over one posting list: where it stands, block by block, and what it
 * scores there. Everything that evaluates queries is built on it.
 *
 * A failure to decode (a damaged file) is kept in the context; the cursor
 * then stands at the end.
 */
#ifndef PARASOL_SEARCHER_ITER_CURSOR_H
#define PARASOL_SEARCHER_ITER_CURSOR_H

#include "common/segment/positions.h"
#include "common/segment/seg.h"
#include "searcher/score/bm25.h"
#include "searcher/score/kernels.h"
#include "searcher/view/form_set.h"

/* Behind the last document. */
#define PS_END UINT32_MAX

/* What the evaluation of one segment shares. */
typedef struct ps_ctx {
    const pc_seg *seg;
    uint32_t number;   /* of the view in the snapshot */
    uint32_t segment;  /* the number of its segment */
    uint32_t language; /* and that of its language */
    /* A bit for each document that is alive, zeros behind the last; NULL: all
       are. And how many are not. */
    const uint64_t *alive;
    uint32_t dead;
    const uint8_t *norms; /* of PC_FIELD_TEXT */
    const float *damp;    /* 256, for the parameters of the query */
    pc_peak_ratio ratio;  /* of those to the segment's reference */
    const ps_kernels *kernels;
    pc_arena *arena;
    parasol_error *err;
    int status; /* the first failure, PARASOL_OK so far */
    /* The same for lists of the title: its norms, damping and peaks, and a
       status of its own. NULL where the query asks for no title. */
    struct ps_ctx *title;
    /* When the search has to end (timed.h), 0: never; whether it did; of the
       documents, how many had been passed then. */
    uint64_t deadline;
    uint32_t looks;
    bool late;
    uint32_t looked;
} ps_ctx;

typedef struct ps_cursor {
    ps_ctx *ctx;
    pc_list list;
    float weight;   /* scaled; 0 for lists that only filter */
    uint32_t bound; /* of the whole list's scores */
    uint32_t doc;   /* where it stands; PS_END at the end */
    uint32_t block; /* decoded: of `ids`; list.blocks at the end */
    uint32_t near;  /* blocks before it end before what is asked for next */
    uint32_t n, at; /* documents in the block; index of `doc` */
    bool has_tfs, has_scores;
    pc_block opened; /* the decoded block, of a list that is not inline */
    /* Not NULL: only occurrences of these forms count. Blocks are then decoded
       with their positions, and documents without them left out. */
    const ps_form_set *forms;
    pc_pos_reader *reader; /* with `forms` */
    /* The bound of a range of blocks computed last. */
    uint32_t bound_first, bound_last, bound_cached;
    uint32_t ids[PC_BLOCK_ROOM]; /* PS_PAD_ID behind the last */
    uint32_t tfs[PC_BLOCK_ROOM];
    uint32_t scores[PC_BLOCK_ROOM];
} ps_cursor;

/* Opens the list of `e` and stands at its first document. */
int ps_cursor_init(ps_cursor *c, ps_ctx *ctx, const pc_entry *e,
                   float weight) PC_MUST_USE;

/* The same for some forms only; `forms` is borrowed, NULL means all. */
int ps_cursor_init_forms(ps_cursor *c, ps_ctx *ctx, const pc_entry *e,
                         float weight, const ps_form_set *forms) PC_MUST_USE;

/* Whether block b may be read as a bitmap, without being decoded. */
static inline bool ps_cursor_is_bitmap(const ps_cursor *c, uint32_t b)
{
    return !c->forms && pc_list_is_bitmap(&c->list, b);
}

/* Of the decoded block, leaves the documents that hold one of c->forms, with
   how often; perhaps none. False on damage. (searcher/iter/forms.c) */
bool ps_cursor_keep_forms(ps_cursor *c);

/* The first document not before `target`, and makes it the current one.
   `target` is not before c->doc. */
uint32_t ps_cursor_seek(ps_cursor *c, uint32_t target);

/* Decodes block b and stands at its first document; false at the end. With
   `forms` it goes on to the first block that holds one of them. */
bool ps_cursor_load(ps_cursor *c, uint32_t b);

/* Keeps the first failure in the context and stands at the end. Returns
   false. */
bool ps_cursor_fail(ps_cursor *c, int status);

/* Frequencies and scores of the decoded block; false on damage. */
bool ps_cursor_tfs(ps_cursor *c);
bool ps_cursor_scores(ps_cursor *c);

/* The current document's frequency and score. 0 on damage. */
uint32_t ps_cursor_tf(ps_cursor *c);
uint32_t ps_cursor_score(ps_cursor *c);

/* No document in [from, to] scores more than this; `from` is not before
   c->doc. 0 when the list has none there. */
uint32_t ps_cursor_bound(ps_cursor *c, uint32_t from, uint32_t to);

/* No document of block b scores more than this. */
uint32_t ps_cursor_block_bound(const ps_cursor *c, uint32_t b);

/* The last document of the block that holds the first document not before
   `from`; PS_END - 1 when there is none. */
uint32_t ps_cursor_block_end(const ps_cursor *c, uint32_t from);

#endif
