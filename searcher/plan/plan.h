/*
 * From the query tree to what is to be evaluated: words become terms of the
 * dictionary, with their statistics over all segments and their weights.
 */
#ifndef PARASOL_SEARCHER_PLAN_PLAN_H
#define PARASOL_SEARCHER_PLAN_PLAN_H

#include "common/text/analyzer.h"
#include "searcher/query/ast.h"
#include "searcher/view/snapshot.h"

/* A term of the dictionary, looked up in every segment. */
typedef struct ps_plan_term {
    pc_str stem;
    pc_str form;        /* meaningful if exact */
    bool exact;         /* only this surface form */
    uint64_t df;        /* over all segments; of the form if exact */
    pc_entry *entries;  /* by segment; flags 0: not there */
    uint32_t *variants; /* by segment, if exact */
} ps_plan_term;

/* What one word or phrase of the query asks for. */
typedef struct ps_plan_leaf {
    ps_plan_term **terms; /* in order */
    uint32_t *offsets;    /* of their positions, the first is 0 */
    uint32_t n;           /* 0: nothing can match */
    float weight;         /* scaled */
} ps_plan_leaf;

/* A leaf of one term that any surface form satisfies needs no positions. */
static inline bool ps_leaf_is_plain(const ps_plan_leaf *l)
{
    return l->n == 1 && !l->terms[0]->exact;
}

/* Words that can be written in several ways: a row of slots, each filled by
   any of its alternatives (searcher/iter/spans.h). */
typedef struct ps_plan_alt {
    ps_plan_leaf leaf; /* without a weight; no terms: anything fits */
    uint32_t len;      /* positions it takes */
    uint8_t why;       /* enum ps_word_why */
} ps_plan_alt;

typedef struct ps_plan_slot {
    ps_plan_alt *alts;
    uint32_t n;
} ps_plan_slot;

typedef struct ps_plan_spans {
    ps_plan_slot *slots;
    uint32_t n;
} ps_plan_spans;

enum ps_plan_kind {
    PS_PLAN_NONE,
    PS_PLAN_ALL,
    PS_PLAN_LEAF,
    PS_PLAN_SPANS,
    PS_PLAN_BOOL
};

typedef struct ps_plan_node ps_plan_node;

typedef struct ps_plan_clause {
    uint8_t occur; /* enum ps_occur */
    ps_plan_node *node;
} ps_plan_clause;

struct ps_plan_node {
    uint8_t kind;        /* enum ps_plan_kind */
    ps_plan_leaf leaf;   /* of SPANS only its weight */
    ps_plan_spans spans; /* of SPANS */
    double weight;       /* of a leaf or of spans, before scaling */
    size_t n;
    ps_plan_clause *clauses;
};

typedef struct ps_plan {
    ps_plan_node *root;
    double scale;      /* a score is the integer sum divided by this */
    const float *damp; /* K by norm, 256, for PC_FIELD_TEXT; borrowed */
} ps_plan;

typedef struct ps_plan_params {
    float k1, b;
    const struct ps_synonyms *synonyms; /* borrowed; NULL: none */
} ps_plan_params;

/*
 * Plans `root` for the snapshot. Everything lives in `arena`; `root` and the
 * snapshot are borrowed. Errors: NOMEM, CORRUPT.
 * Cost: a dictionary lookup per term and segment.
 */
int ps_plan_build(ps_plan *plan, const ps_node *root, const ps_snapshot *snap,
                  pc_analyzer *analyzer, ps_plan_params params, pc_arena *arena,
                  parasol_error *err) PC_MUST_USE;

#endif
