/*
 * One inverter to the sections of a segment.
 */
#include "common/base/fail.h"
#include "indexer/invert/join.h"

/* What the joiner wants to know of the documents. */
typedef struct table {
    pi_docs docs;
    uint32_t *global; /* the documents themselves */
    uint8_t *norms;   /* of all fields */
} table;

static void release_table(table *t, const pc_mem *mem)
{
    pc_free(mem, t->global);
    pc_free(mem, t->norms);
}

static int make_table(table *t, const pi_inverter *v)
{
    size_t n = v->n_docs;
    *t = (table){.norms = NULL};
    t->global = pc_alloc(v->mem, n, sizeof *t->global);
    t->norms = pc_alloc(v->mem, n, PI_DOCS_BYTES);
    if (!t->global || !t->norms)
        return PARASOL_NOMEM;
    for (size_t i = 0; i < n; i++)
        t->global[i] = (uint32_t)i;
    pi_docs_make(&t->docs, v->docs, v->n_docs, t->norms, v->analyzer);
    return PARASOL_OK;
}

static int join(pi_run *run, const table *t, pi_out *o, const char *dir,
                parasol_error *err)
{
    pi_join j;
    run->global = t->global;
    int rc = pi_join_init(&j, run, 1, &t->docs, 2, dir, run->mem, err);
    if (!rc)
        rc = pi_join_all(&j, o, err);
    pi_join_release(&j);
    return rc;
}

int pi_inverter_flush(pi_inverter *v, pi_out *o, const char *dir, bool spill,
                      parasol_error *err)
{
    const pc_mem *mem = v->mem;
    pc_analyzer *analyzer = v->analyzer;
    table t;
    pi_run run;
    int rc = make_table(&t, v) ? pc_fail_nomem(err) : PARASOL_OK;
    if (rc)
        goto out;
    rc = pi_run_sort(&run, v, mem, err);
    if (!rc && spill)
        rc = pi_run_spill(&run, dir, err);
    if (!rc)
        rc = join(&run, &t, o, dir, err);
    pi_run_release(&run);
out:
    release_table(&t, mem);
    pi_inverter_release(v);
    return rc                                   ? rc
           : pi_inverter_init(v, analyzer, mem) ? pc_fail_nomem(err)
                                                : 0;
}
