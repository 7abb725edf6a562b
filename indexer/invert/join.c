/*
 * The plan of a join: where the pieces begin.
 */
#include "indexer/invert/join.h"

#include "common/base/fail.h"
#include "common/codec/damp.h"
#include "common/codec/norm.h"
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

static int add_piece(pi_join *j, pc_str lo, pc_str hi, uint32_t language)
{
    if (pc_grow(j->mem, (void **)&j->pieces, &j->pieces_cap, j->n_pieces + 1,
                sizeof *j->pieces))
        return PARASOL_NOMEM;
    j->pieces[j->n_pieces++] = (struct pi_range){lo, hi, language};
    return PARASOL_OK;
}

/* Cuts the stems [lo, hi) of a language at marks, so that each piece has about
   the same weight. */
static int cut(pi_join *j, const pi_mark **all, const uint32_t *order, size_t n,
               uint64_t each, struct pi_range range)
{
    uint64_t weight = 0;
    for (size_t i = 0; i < n; i++) {
        const pi_mark *mark = all[order[i]];
        if (pc_str_cmp(mark->stem, range.lo) < 0)
            continue;
        if (range.hi.len > 0 && pc_str_cmp(mark->stem, range.hi) >= 0)
            break;
        if (weight >= each && weight > 0 &&
            pc_str_cmp(range.lo, mark->stem) < 0) {
            if (add_piece(j, range.lo, mark->stem, range.language))
                return PARASOL_NOMEM;
            range.lo = mark->stem;
            weight = 0;
        }
        weight += mark->weight;
    }
    return add_piece(j, range.lo, range.hi, range.language);
}

/* The bounds of the stems of a language (a number of language.h). */
static struct pi_range bounds(const pi_join *j, uint8_t number)
{
    struct pi_range r = {.language = j->docs->numbers[number]};
    bool main = number == j->docs->main;
    unsigned other = main ? 0 : number + 1u;
    if (!main)
        r.lo = (pc_str){(const char *)j->heads[other], PI_LANGUAGE_HEAD};
    r.hi = (pc_str){(const char *)j->heads[other + 1],
                    main ? 1 : PI_LANGUAGE_HEAD};
    return r;
}

/* The pieces of all languages, in the order of their numbers. */
static int cut_all(pi_join *j, const pi_mark **all, const uint32_t *order,
                   size_t n, size_t pieces)
{
    uint64_t each = pi_runs_weight(j->runs, j->n_runs) / (pieces ? pieces : 1);
    for (unsigned i = 0; i < PC_COUNTOF(j->heads); i++) {
        j->heads[i][0] = PI_LANGUAGE_MARK;
        j->heads[i][1] = (uint8_t)i;
    }
    for (uint32_t l = 0; l < j->docs->languages.n; l++) {
        unsigned number = 0;
        while (j->docs->numbers[number] != l)
            number++;
        if (cut(j, all, order, n, each, bounds(j, (uint8_t)number)))
            return PARASOL_NOMEM;
    }
    return PARASOL_OK;
}

static pc_str code_of(const pc_analyzer *a, unsigned number)
{
    return number == pc_analyzer_language(a)
               ? pc_analyzer_code(a)
               : pc_str_of(pc_language_at(number)->code);
}

int pi_join_docs_init(pi_docs *docs, uint32_t n, const pc_mem *mem)
{
    *docs = (pi_docs){.n = n};
    uint8_t *room = pc_alloc(mem, n, sizeof(uint32_t) + 2 + PC_FIELD_COUNT);
    if (!room)
        return PARASOL_NOMEM;
    docs->title_ends = (uint32_t *)(void *)room; /* aligned as any block */
    docs->of_language = room + (size_t)n * sizeof(uint32_t);
    for (size_t f = 0; f < PC_FIELD_COUNT; f++)
        docs->norms[f] = docs->of_language + (f + 1) * n;
    docs->titles = docs->of_language + (size_t)(PC_FIELD_COUNT + 1) * n;
    return PARASOL_OK;
}

void pi_join_docs_release(pi_docs *docs, const pc_mem *mem)
{
    pc_free(mem, docs->title_ends);
    *docs = (pi_docs){.n = 0};
}

void pi_join_docs_set(pi_docs *docs, uint32_t i, const pi_invdoc *doc)
{
    docs->title_ends[i] = doc->title_end;
    docs->of_language[i] = doc->language;
    docs->titles[i] = (uint8_t)(doc->title_end < 255 ? doc->title_end : 255);
    for (size_t f = 0; f < PC_FIELD_COUNT; f++) {
        docs->norms[f][i] = pc_norm_encode(doc->lengths[f]);
        docs->lengths[f] += doc->lengths[f];
    }
}

void pi_join_docs_end(pi_docs *docs, const pc_analyzer *analyzer)
{
    uint32_t counts[256] = {0}, n = docs->n;
    for (uint32_t i = 0; i < n; i++)
        counts[docs->of_language[i]]++;
    docs->main = pc_analyzer_language(analyzer);
    memset(docs->numbers, PC_LANGUAGE_NONE, sizeof docs->numbers);
    for (unsigned i = 0; i < PC_COUNTOF(counts); i++) {
        bool main = i == docs->main;
        if (counts[i] > 0 || (n == 0 && main))
            pi_languages_add(&docs->languages, code_of(analyzer, i), counts[i]);
    }
    for (unsigned i = 0; i < PC_COUNTOF(counts); i++)
        if (counts[i] > 0 || (n == 0 && i == docs->main))
            docs->numbers[i] = (uint8_t)pi_languages_find(&docs->languages,
                                                          code_of(analyzer, i));
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
        rc = order ? cut_all(j, all, order, n, pieces) : PARASOL_NOMEM;
    }
    pc_free(mem, order);
    pc_free(mem, all);
    return rc ? pc_fail_nomem(err) : PARASOL_OK;
}

void pi_join_release(pi_join *j)
{
    pc_free(j->mem, j->pieces);
    j->pieces = NULL;
    j->n_pieces = j->pieces_cap = 0;
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
