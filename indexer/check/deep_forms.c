/*
 * Forms by stem.
 */
#include "indexer/check/deep_forms.h"

void pi_deep_forms_release(pi_deep_forms *f, const pc_mem *mem)
{
    pc_free(mem, f->forms);
    pc_free(mem, f->by_stem);
    pc_free(mem, f->used);
    *f = (pi_deep_forms){.n = 0};
}

int pi_deep_forms_add(pi_deep_forms *f, uint64_t stem, pi_deep_form form,
                      const pc_mem *mem)
{
    if (f->n == UINT32_MAX ||
        pc_grow(mem, (void **)&f->forms, &f->forms_cap, f->n + 1,
                sizeof *f->forms) ||
        pc_grow(mem, (void **)&f->by_stem, &f->by_stem_cap, f->n + 1,
                sizeof *f->by_stem))
        return PARASOL_NOMEM;
    f->forms[f->n] = form;
    f->by_stem[f->n] = (pc_sort_item){stem, (uint32_t)f->n};
    f->n++;
    return PARASOL_OK;
}

static int by_variant(uint32_t a, uint32_t b, void *ctx)
{
    const pi_deep_form *forms = ctx;
    if (forms[a].variant != forms[b].variant)
        return forms[a].variant < forms[b].variant ? -1 : 1;
    return forms[a].entry < forms[b].entry ? -1 : 1;
}

/* Sorts the forms of one stem. */
static int sort_group(pi_deep_forms *f, size_t from, size_t n,
                      const pc_mem *mem)
{
    uint32_t *order = pc_alloc(mem, n, sizeof *order);
    if (!order)
        return PARASOL_NOMEM;
    for (size_t i = 0; i < n; i++)
        order[i] = f->by_stem[from + i].value;
    int rc = pc_sort_u32(order, n, by_variant, f->forms, mem);
    for (size_t i = 0; i < n && !rc; i++)
        f->by_stem[from + i].value = order[i];
    pc_free(mem, order);
    return rc;
}

int pi_deep_forms_sort(pi_deep_forms *f, const pc_mem *mem)
{
    f->used = pc_zalloc(mem, f->n, sizeof *f->used);
    if (!f->used || pc_sort_keys(f->by_stem, f->n, mem))
        return PARASOL_NOMEM;
    for (size_t i = 0, n = 1; i < f->n; i += n, n = 1) {
        while (i + n < f->n && f->by_stem[i + n].key == f->by_stem[i].key)
            n++;
        if (n > 1 && sort_group(f, i, n, mem))
            return PARASOL_NOMEM;
    }
    return PARASOL_OK;
}

void pi_deep_forms_find(const pi_deep_forms *f, uint64_t stem, size_t *from,
                        size_t *to)
{
    size_t low = 0, n = f->n;
    while (n > 0) {
        size_t half = n / 2;
        if (f->by_stem[low + half].key < stem) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    *from = *to = low;
    while (*to < f->n && f->by_stem[*to].key == stem)
        ++*to;
}
