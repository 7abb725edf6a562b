/*
 * The plan of a join: where the pieces begin.
 */
#include "indexer/invert/join.h"

#include "common/base/fail.h"
#include "common/codec/damp.h"
#include "indexer/invert/sorted.h"

uint64_t pi_runs_weight(const pi_run *runs, size_t n_runs)
{
    uint64_t sum = 0;
    for (size_t r = 0; r < n_runs; r++) {
        for (size_t i = 0; i < runs[r].n_marks; i++)
            sum += runs[r].marks[i].weight;
    }
    return sum;
}

static pc_str nth_mark(const void *of, uint32_t i)
{
    const pi_mark *const *marks = of;
    return marks[i]->stem;
}

static size_t gather(const pi_join *j, const pi_mark **all)
{
    size_t n = 0;
    for (size_t r = 0; r < j->n_runs; r++) {
        for (size_t i = 0; i < j->runs[r].n_marks; i++) {
            if (all)
                all[n] = &j->runs[r].marks[i];
            n++;
        }
    }
    return n;
}

/* Cuts at marks, so that each piece has about the same weight. */
static int cut(pi_join *j, const pi_mark **all, const uint32_t *order, size_t n,
               size_t pieces)
{
    uint64_t each = pi_runs_weight(j->runs, j->n_runs) / (pieces ? pieces : 1);
    uint64_t weight = 0;
    if (pc_grow(j->mem, (void **)&j->starts, &j->starts_cap, 1,
                sizeof *j->starts))
        return PARASOL_NOMEM;
    j->starts[j->n_pieces++] = PC_STR_LIT("");
    for (size_t i = 0; i < n; i++) {
        const pi_mark *mark = all[order[i]];
        if (weight >= each && weight > 0 &&
            pc_str_cmp(j->starts[j->n_pieces - 1], mark->stem) < 0) {
            if (pc_grow(j->mem, (void **)&j->starts, &j->starts_cap,
                        j->n_pieces + 1, sizeof *j->starts))
                return PARASOL_NOMEM;
            j->starts[j->n_pieces++] = mark->stem;
            weight = 0;
        }
        weight += mark->weight;
    }
    return PARASOL_OK;
}

int pi_join_init(pi_join *j, const pi_run *runs, size_t n_runs,
                 const pi_docs *docs, size_t pieces, const char *dir,
                 const pc_mem *mem, parasol_error *err)
{
    *j = (pi_join){.mem = mem,
                   .dir = dir,
                   .runs = runs,
                   .n_runs = n_runs,
                   .docs = docs,
                   .spool_limit = PI_SPOOL_MEMORY};
    for (uint8_t f = 0; f < PC_FIELD_COUNT; f++)
        pc_damp_table(j->damp[f], PC_DAMP_K1, PC_DAMP_B, docs->n,
                      docs->lengths[f]);
    size_t n = gather(j, NULL);
    const pi_mark **all = pc_alloc(mem, n, sizeof *all);
    uint32_t *order = NULL;
    int rc = all ? PARASOL_OK : PARASOL_NOMEM;
    if (!rc) {
        (void)gather(j, all);
        order = pi_sorted(nth_mark, all, (uint32_t)n, mem);
        rc = order ? cut(j, all, order, n, pieces) : PARASOL_NOMEM;
    }
    pc_free(mem, order);
    pc_free(mem, all);
    return rc ? pc_fail_nomem(err) : PARASOL_OK;
}

void pi_join_release(pi_join *j)
{
    pc_free(j->mem, j->starts);
    j->starts = NULL;
    j->n_pieces = j->starts_cap = 0;
}

int pi_join_all(const pi_join *j, pi_out *o, parasol_error *err)
{
    pi_joint t;
    int rc = PARASOL_OK;
    pi_joint_init(&t, j);
    for (size_t i = 0; !rc && i < j->n_pieces; i++) {
        pi_piece p;
        pi_piece_make(&p, j, i);
        rc = pi_joint_add(&t, &p, err);
        pi_piece_release(&p);
    }
    if (!rc)
        rc = pi_joint_finish(&t, o, err);
    pi_joint_release(&t);
    return rc;
}
