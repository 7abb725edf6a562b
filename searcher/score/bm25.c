/*
 * Weights of BM25.
 */
#include "searcher/score/bm25.h"

#include <math.h>

double ps_idf(uint64_t docs, uint64_t df)
{
    double n = (double)docs, d = (double)df;
    return log(1.0 + (n - d + 0.5) / (d + 0.5));
}

double ps_score_scale(double sum_of_weights)
{
    int exponent;
    if (!(sum_of_weights > 0.0))
        return ldexp(1.0, PS_SCORE_BITS);
    (void)frexp(sum_of_weights, &exponent);
    return ldexp(1.0, PS_SCORE_BITS - exponent);
}
