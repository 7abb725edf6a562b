/*
 * A filter made ready to be asked about values: `author:"smith"` of "Smith,
 * J.", `pages:>=10` of "12". Values are compared with case and accents
 * folded.
 */
#ifndef PARASOL_SEARCHER_ITER_PREDICATE_H
#define PARASOL_SEARCHER_ITER_PREDICATE_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "searcher/query/ast.h"
#include "searcher/query/period.h"

/* A number as people write it: sign, digits, point. */
typedef struct ps_number {
    bool is;
    double v;
} ps_number;

/* One value of the filter. */
typedef struct ps_wanted {
    uint8_t form; /* enum ps_value_form */
    pc_str text;  /* folded */
    pc_str words; /* folded, what is no letter or digit as single spaces */
    ps_number number;
    bool is_period;
    ps_period period;
} ps_wanted;

/* Which values of a column are meant (filter.c). */
typedef struct ps_answers {
    bool asked;
    uint32_t n;            /* of the values */
    const uint64_t *meant; /* a bit for each rank; NULL: none is */
} ps_answers;

typedef struct ps_predicate {
    pc_str name; /* of the column */
    bool is_date, is_path;
    bool needs_words;    /* ps_wanted.words is looked at */
    ps_answers *answers; /* by segment, of those asked so far */
    uint8_t op;          /* enum ps_filter_op */
    bool without_low, without_high;
    bool by_language; /* asks for languages of the index, and not for values */
    uint64_t languages; /* a bit for each that is meant */
    ps_wanted *values;
    size_t n;
} ps_predicate;

/* `today` gives a meaning to "last month"; the predicate will be asked about
   `segments` segments. Everything lives in `arena`, which the filter outlives.
   NOMEM. */
int ps_predicate_init(ps_predicate *p, const ps_filter *f, ps_day today,
                      uint32_t segments, pc_arena *arena) PC_MUST_USE;

/* A value as stored, read in every way a predicate may ask for. */
typedef struct ps_stored_value {
    pc_buf one, two, three;
    pc_str text, words; /* as in ps_wanted */
} ps_stored_value;

void ps_stored_value_init(ps_stored_value *v, const pc_mem *mem);
void ps_stored_value_release(ps_stored_value *v);

/* Folds `raw`; `words` is filled only if they are needed. NOMEM. */
int ps_stored_value_set(ps_stored_value *v, pc_str raw, bool words) PC_MUST_USE;

/* Whether the value set last is meant. Cost: the length of the value, times
   that of a pattern. */
bool ps_predicate_test(const ps_predicate *p, const ps_stored_value *v);

#endif
