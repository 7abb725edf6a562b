/*
 * Some of the surface forms of a stem, by their numbers in one segment.
 */
#ifndef PARASOL_SEARCHER_VIEW_FORM_SET_H
#define PARASOL_SEARCHER_VIEW_FORM_SET_H

#include <stdbool.h>

#include "common/base/base.h"

typedef struct ps_form_set {
    uint64_t low;         /* bit v: form v is in, for v below 64 */
    uint32_t n;           /* others */
    const uint32_t *rest; /* those */
} ps_form_set;

static inline bool ps_form_set_has(const ps_form_set *s, uint32_t variant)
{
    if (PC_LIKELY(variant < 64))
        return (s->low >> variant & 1) != 0;
    for (uint32_t i = 0; i < s->n; i++)
        if (s->rest[i] == variant)
            return true;
    return false;
}

#endif
