/*
 * The forms of a segment by their stems, for a deep check.
 *
 * Words are known by their hashes: 32 bytes for each form.
 */
#ifndef PARASOL_INDEXER_CHECK_DEEP_FORMS_H
#define PARASOL_INDEXER_CHECK_DEEP_FORMS_H

#include "common/base/sort.h"
#include "indexer/check/deep.h"

/* Forms of a stem from this number on share it. */
#define PI_LAST_VARIANT UINT16_MAX

typedef struct pi_deep_form {
    uint32_t entry; /* its place in the dictionary: the order of bytes */
    uint16_t variant;
    uint32_t df;
    uint64_t ctf;
} pi_deep_form;

typedef struct pi_deep_forms {
    pi_deep_form *forms;
    pc_sort_item *by_stem; /* key: of the stem; value: the form */
    size_t n, forms_cap, by_stem_cap;
    bool *used; /* by place in by_stem, of the first of each stem */
} pi_deep_forms;

void pi_deep_forms_release(pi_deep_forms *f, const pc_mem *mem);

/* Adds a form of the stem with that key. PARASOL_OK or _NOMEM. */
int pi_deep_forms_add(pi_deep_forms *f, uint64_t stem, pi_deep_form form,
                      const pc_mem *mem) PC_MUST_USE;

/* Sorts them by stem and variant. PARASOL_OK or _NOMEM. */
int pi_deep_forms_sort(pi_deep_forms *f, const pc_mem *mem) PC_MUST_USE;

/* The forms of a stem: by_stem[*from, *to). */
void pi_deep_forms_find(const pi_deep_forms *f, uint64_t stem, size_t *from,
                        size_t *to);

static inline const pi_deep_form *pi_deep_forms_at(const pi_deep_forms *f,
                                                   size_t i)
{
    return &f->forms[f->by_stem[i].value];
}

#endif
