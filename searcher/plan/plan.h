/*
 * From the query tree to what is to be evaluated: words become terms of the
 * dictionary, with their statistics over all segments and their weights.
 */
#ifndef PARASOL_SEARCHER_PLAN_PLAN_H
#define PARASOL_SEARCHER_PLAN_PLAN_H

#include <parasol/searcher.h>

#include "common/text/analyzer.h"
#include "searcher/iter/predicate.h"
#include "searcher/query/ast.h"
#include "searcher/query/warn.h"
#include "searcher/view/form_set.h"
#include "searcher/view/snapshot.h"

/* A term of the dictionary, looked up in every view of a segment. What is "by
   segment" below is by view (searcher/view/views.h). */
typedef struct ps_plan_term {
    pc_str stem;         /* in the language of the query */
    const pc_str *stems; /* by language of the index; NULL: it has one */
    pc_str form;         /* meaningful if exact */
    bool exact;          /* only this surface form */
    uint8_t field;       /* enum pc_field_id */
    uint64_t df;         /* over all segments; of the form if exact */
    pc_entry *entries;   /* by segment; flags 0: not there */
    uint32_t *variants;  /* by segment, if exact */
    /* Of a term that a pattern was expanded to: */
    const ps_form_set **sets; /* by segment: the forms meant; NULL, there or as
                                 a whole: all of them */
    const pc_str *words;      /* the words meant, where some set is not NULL */
    uint32_t n_words;
} ps_plan_term;

/* What one word or phrase of the query asks for. */
typedef struct ps_plan_leaf {
    ps_plan_term **terms; /* in order */
    uint32_t *offsets;    /* of their positions, the first is 0 */
    uint32_t n;           /* 0: nothing can match */
    uint32_t distance;    /* 0: at those offsets; else in any order with so
                             many positions between them */
    uint8_t field;        /* enum pc_field_id */
    float weight;         /* scaled */
    /* By language of the index: the same with pairs of frequent words for
       terms, which is what to evaluate, without a weight; NULL, there or as a
       whole: the leaf itself is. */
    struct ps_plan_leaf **pairs;
} ps_plan_leaf;

/* The stem of the term in a language of the index. */
static inline pc_str ps_term_stem(const ps_plan_term *t, uint32_t language)
{
    return t->stems ? t->stems[language] : t->stem;
}

/* What is evaluated for a leaf in a language of the index. */
static inline const ps_plan_leaf *ps_leaf_lists(const ps_plan_leaf *l,
                                                uint32_t language)
{
    return l->pairs && l->pairs[language] ? l->pairs[language] : l;
}

/* A leaf of one term that any surface form satisfies needs no positions. */
static inline bool ps_leaf_is_plain(const ps_plan_leaf *l)
{
    return l->n == 1 && !l->terms[0]->exact;
}

/* The forms that a plain leaf means in a segment; NULL: all. */
static inline const ps_form_set *ps_leaf_forms(const ps_plan_leaf *l,
                                               uint32_t seg)
{
    const ps_plan_term *t = l->terms[0];
    return t->sets ? t->sets[seg] : NULL;
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
    PS_PLAN_SPANS, /* words that can be written in several ways */
    PS_PLAN_BOOL,
    PS_PLAN_NEAR,    /* two clauses, near each other */
    PS_PLAN_FILTER,  /* documents with some metadata */
    PS_PLAN_CONSTANT /* one clause, with a score of its own */
};

typedef struct ps_plan_node ps_plan_node;

typedef struct ps_plan_clause {
    uint8_t occur; /* enum ps_occur */
    ps_plan_node *node;
} ps_plan_clause;

struct ps_plan_node {
    uint8_t kind;        /* enum ps_plan_kind */
    bool expanded;       /* BOOL: the words of a pattern, all PS_SHOULD */
    ps_plan_leaf leaf;   /* of SPANS only its weight and field */
    ps_plan_spans spans; /* of SPANS */
    /* Of a leaf, SPANS, a NEAR or a CONSTANT, before scaling; leaf.weight is
       it after. Of a leaf below a NEAR: its part of the NEAR's. */
    double weight;
    double idf;        /* of a leaf, SPANS or NEAR, boosts included */
    uint32_t distance; /* NEAR */
    bool ordered;      /* NEAR */
    uint32_t least; /* BOOL: so many SHOULD clauses must match; 0: as usual */
    ps_predicate *filter;  /* FILTER */
    const ps_node *source; /* what it was planned from */
    bool stands; /* of what nobody asked for as such: it may stand for the words
                    that it was made of, where they are required (pair.h); of
                    others: it has been seen to that */
    size_t n;
    ps_plan_clause *clauses;
};

/* Whether a clause came with others, which mean the same: it adds to the score,
   but nobody asked for it. */
static inline bool ps_plan_is_extra(const ps_plan_node *node)
{
    return node->source && node->source->extra;
}

typedef struct ps_plan {
    ps_plan_node *root;
    double scale;            /* a score is the integer sum divided by this */
    const float *damp;       /* K by norm, 256, for PC_FIELD_TEXT; borrowed */
    const float *title_damp; /* for PC_FIELD_TITLE; NULL: nothing asks for it */
    size_t wanted;  /* SHOULD clauses of the root, if it is a list of such */
    size_t missing; /* of these, what no document can match */
    pc_str *absent; /* words and phrases that no document holds all words of */
    size_t n_absent;
    ps_warnings notes; /* what there is to say about the query, in this index */
} ps_plan;

typedef struct ps_plan_params {
    float k1, b;
    bool all;     /* the wanted clauses of the root are required */
    bool counted; /* only the number of matches is asked for: optional words
                     that change nothing are not looked up */
    ps_day today; /* what "last month" refers to */
    const struct ps_synonyms *synonyms; /* borrowed; NULL: none */
    uint64_t deadline; /* of pc_clock_now, for patterns; 0: none */
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
