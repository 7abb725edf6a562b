/*
 * What the files of the searcher's top room share behind parasol_searcher
 * and parasol_result.
 */
#ifndef PARASOL_SEARCHER_SEARCHER_INTERNAL_H
#define PARASOL_SEARCHER_SEARCHER_INTERNAL_H

#include <parasol/searcher.h>

#include "searcher/plan/plan.h"
#include "searcher/render/snippet.h"

/* What one search needs for itself. */
typedef struct ps_context {
    struct ps_context *next; /* in the pool */
    ps_snapshot *snap;       /* what is searched; while it is taken */
    pc_arena arena;
    pc_analyzer *analyzer;
} ps_context;

typedef struct ps_hit {
    uint64_t doc;   /* counted as documents were added */
    uint64_t place; /* counted as they are stored: for ps_snapshot_seg */
    double score;
    pc_field *fields; /* NULL until asked for */
    size_t n_fields;
} ps_hit;

/* A context for one call, from the searcher's pool, with the commit that the
   searcher has open now; and back to it, emptied. Any thread.
   Errors: NOMEM, VERSION. */
int ps_take_context(parasol_searcher *s, ps_context **out,
                    parasol_error *err) PC_MUST_USE;
void ps_give_context(parasol_searcher *s, ps_context *c);

/* Lives, with all it points to, in the context's arena. */
struct parasol_result {
    parasol_searcher *searcher;
    const ps_snapshot *snap;
    ps_context *context;
    ps_plan plan;
    /* By language; NULL until a snippet is asked for. */
    const ps_highlighter **marks;
    ps_hit *hits;
    size_t n;
    uint64_t total;
    bool total_exact;
    uint64_t total_all; /* UINT64_MAX: not counted */
};

#endif
