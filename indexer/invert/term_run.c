/*
 * Runs: sorting and spilling.
 *
 * In the file, a stem is
 *     head_len:varint list_len:varint head list
 *     head = stem_len:varint stem forms:varint form*forms
 *     form = len:varint bytes ctf:varint
 * and `list` the bytes of its chain.
 */
#include "indexer/invert/term_run.h"

#include "common/base/fail.h"
#include "indexer/invert/sorted.h"

/* Bytes between marks; what a stem weighs beside its list. */
#define MARK_BYTES ((uint64_t)32 << 10)
#define STEM_WEIGHT 48u

#define FILE_BUFFER ((size_t)256 << 10)

static pc_str nth_stem(const void *of, uint32_t i)
{
    return pi_termtab_str(of, i);
}

/* Forms by stem: a counting sort, which keeps them by local number since that
   grows with the number of the form. */
static int group_forms(pi_run *r)
{
    const pi_inverter *v = r->inverter;
    uint32_t n = v->stems.n;
    r->form_starts = pc_zalloc(r->mem, (size_t)n + 1, sizeof *r->form_starts);
    r->form_ids = pc_alloc(r->mem, v->forms.n, sizeof *r->form_ids);
    if (!r->form_starts || !r->form_ids)
        return PARASOL_NOMEM;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        r->form_starts[i] = sum;
        sum += v->chains[i].forms;
    }
    r->form_starts[n] = sum;
    for (uint32_t i = 0; i < v->forms.n; i++) {
        const pi_form *f = &v->info[i];
        r->form_ids[r->form_starts[f->stem] + f->local] = i;
    }
    return PARASOL_OK;
}

static int add_mark(pi_run *r, pc_str stem, uint64_t at, uint64_t weight)
{
    if (pc_grow(r->mem, (void **)&r->marks, &r->marks_cap, r->n_marks + 1,
                sizeof *r->marks))
        return PARASOL_NOMEM;
    char *copy = pc_arena_copy(&r->strings, stem.ptr, stem.len);
    if (!copy)
        return PARASOL_NOMEM;
    r->marks[r->n_marks++] = (pi_mark){{copy, stem.len}, at, weight};
    return PARASOL_OK;
}

static int mark_all(pi_run *r)
{
    const pi_inverter *v = r->inverter;
    uint64_t weight = MARK_BYTES;
    for (uint32_t i = 0; i < v->stems.n; i++) {
        uint32_t stem = r->order[i];
        if (weight >= MARK_BYTES) {
            if (add_mark(r, pi_termtab_str(&v->stems, stem), i, weight))
                return PARASOL_NOMEM;
            weight = 0;
        }
        weight += v->chains[stem].bytes + STEM_WEIGHT;
    }
    return PARASOL_OK;
}

int pi_run_sort(pi_run *r, pi_inverter *v, const pc_mem *mem,
                parasol_error *err)
{
    *r = (pi_run){.mem = mem, .inverter = v, .n_docs = v->n_docs};
    pc_arena_init(&r->strings, mem, 4096);
    pi_spool_init(&r->file, "", 0, mem);
    r->order = pi_sorted(nth_stem, &v->stems, v->stems.n, mem);
    if (!r->order || group_forms(r) || mark_all(r))
        return pc_fail_nomem(err);
    return PARASOL_OK;
}

static void release_memory(pi_run *r)
{
    pc_free(r->mem, r->order);
    pc_free(r->mem, r->form_starts);
    pc_free(r->mem, r->form_ids);
    r->order = r->form_starts = r->form_ids = NULL;
    r->inverter = NULL;
}

void pi_run_release(pi_run *r)
{
    release_memory(r);
    pi_spool_release(&r->file);
    pc_free(r->mem, r->marks);
    pc_arena_release(&r->strings);
    *r = (pi_run){.mem = r->mem};
}

size_t pi_run_memory(const pi_run *r)
{
    size_t sum = r->strings.total + r->marks_cap * sizeof *r->marks;
    if (r->inverter)
        sum +=
            (size_t)r->inverter->stems.n * 8 + (size_t)r->inverter->forms.n * 4;
    return sum;
}

/* ---- spilling ----------------------------------------------------------- */

static void put_head(const pi_run *r, uint32_t stem, pc_buf *head)
{
    const pi_inverter *v = r->inverter;
    pc_str text = pi_termtab_str(&v->stems, stem);
    uint32_t n = v->chains[stem].forms;
    const uint32_t *ids = r->form_ids + r->form_starts[stem];
    pc_buf_clear(head);
    pc_varint_append(head, text.len);
    pc_buf_put_str(head, text);
    pc_varint_append(head, n);
    for (uint32_t i = 0; i < n; i++) {
        pc_str form = pi_inverter_form(v, ids[i]);
        pc_varint_append(head, form.len);
        pc_buf_put_str(head, form);
        pc_varint_append(head, v->info[ids[i]].ctf);
    }
}

static void put_stem(pi_run *r, pi_spool *file, uint32_t stem, pc_buf *head)
{
    const pi_inverter *v = r->inverter;
    uint8_t lengths[2 * PC_VARINT_MAX];
    const uint8_t *bytes;
    uint32_t len;
    pi_chain_reader chain;
    put_head(r, stem, head);
    size_t n = pc_varint_put(lengths, head->len);
    n += pc_varint_put(lengths + n, v->chains[stem].bytes);
    pi_spool_put(file, lengths, n);
    pi_spool_put(file, head->ptr, head->len);
    pi_chain_read(&chain, &v->chains[stem], &v->chunks);
    while (pi_chain_next(&chain, &bytes, &len))
        pi_spool_put(file, bytes, len);
}

int pi_run_spill(pi_run *r, const char *dir, parasol_error *err)
{
    const pi_inverter *v = r->inverter;
    pc_buf head;
    int rc = PARASOL_OK;
    size_t mark = 0;
    pc_buf_init(&head, r->mem);
    pi_spool_init(&r->file, dir, FILE_BUFFER, r->mem);
    for (uint32_t i = 0; !rc && i < v->stems.n; i++) {
        /* The marks are where they were; only what they count is another. */
        if (mark < r->n_marks && r->marks[mark].at == i)
            r->marks[mark++].at = pi_spool_at(&r->file);
        put_stem(r, &r->file, r->order[i], &head);
        rc = head.status ? pc_fail_nomem(err) : pi_spool_status(&r->file, err);
    }
    if (!rc)
        rc = pi_spool_settle(&r->file, err);
    pc_buf_release(&head);
    if (!rc)
        release_memory(r);
    return rc;
}
