/*
 * Runs: reading. One way through memory and one through the file lead to the
 * same: bytes of a list in [p, end), refilled when few are left.
 */
#include "common/base/fail.h"
#include "indexer/invert/sorted.h"
#include "indexer/invert/term_run.h"

/* Bytes of the file, or of a chain, that are looked at together. */
#define WINDOW ((size_t)64 << 10)
#define LINEAR ((size_t)8 << 10)

static int damaged(parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT,
                   "a temporary file of the indexer has changed");
}

/* ---- from memory -------------------------------------------------------- */

/* Puts what is left of [p, end) and more of the chain into the window. */
static int refill_chain(pi_cursor *c, parasol_error *err)
{
    size_t left = (size_t)(c->end - c->p), len = left;
    const uint8_t *bytes;
    uint32_t n;
    if (!c->line.ptr && !pc_buf_reserve(&c->line, LINEAR + WINDOW))
        return pc_fail_nomem(err);
    if (left > 0) /* fewer than one code: they may overlap */
        memmove(c->line.ptr, c->p, left);
    while (len < LINEAR && pi_chain_next(&c->chain, &bytes, &n)) {
        memcpy(c->line.ptr + len, bytes, n);
        len += n;
    }
    c->rest -= len - left;
    c->p = c->line.ptr;
    c->end = c->p + len;
    return PARASOL_OK;
}

/* Places between the steps of fetching ahead, and the forms of a stem that take
   part. */
#define STEP 8u
#define FORMS 4u

/* What the next places need is fetched ahead: it is anywhere in memory. Each
   step reads what the one before had fetched. */
static void fetch_ahead(const pi_cursor *c)
{
    const pi_run *r = c->run;
    const pi_inverter *v = r->inverter;
    if (c->at + 4 * (uint64_t)STEP >= v->stems.n)
        return;
    const uint32_t *order = r->order + c->at;
    uint32_t stem = order[4 * STEP];
    PC_PREFETCH(&v->chains[stem]);
    PC_PREFETCH(&v->stems.items[stem]);
    PC_PREFETCH(&r->form_starts[stem]);
    stem = order[3 * STEP];
    PC_PREFETCH(pi_slab_at(&v->chunks, v->chains[stem].head));
    PC_PREFETCH(pi_slab_at(&v->stems.strings, v->stems.items[stem]));
    PC_PREFETCH(&r->form_ids[r->form_starts[stem]]);
    stem = order[2 * STEP];
    const uint32_t *ids = r->form_ids + r->form_starts[stem];
    for (uint32_t i = 0; i < FORMS && i < v->chains[stem].forms; i++) {
        PC_PREFETCH(&v->info[ids[i]]);
        PC_PREFETCH(&v->forms.items[ids[i]]);
    }
    stem = order[STEP];
    ids = r->form_ids + r->form_starts[stem];
    for (uint32_t i = 0; i < FORMS && i < v->chains[stem].forms; i++)
        PC_PREFETCH(pi_slab_at(&v->forms.strings, v->forms.items[ids[i]]));
}

static int next_in_memory(pi_cursor *c, parasol_error *err)
{
    const pi_run *r = c->run;
    const pi_inverter *v = r->inverter;
    if (c->at >= v->stems.n) {
        c->done = true;
        return PARASOL_OK;
    }
    fetch_ahead(c);
    uint32_t stem = r->order[c->at++];
    const uint32_t *ids = r->form_ids + r->form_starts[stem];
    c->stem = pi_termtab_str(&v->stems, stem);
    c->n_forms = v->chains[stem].forms;
    if (pc_grow(r->mem, (void **)&c->forms, &c->forms_cap, c->n_forms,
                sizeof *c->forms))
        return pc_fail_nomem(err);
    for (uint32_t i = 0; i < c->n_forms; i++)
        c->forms[i] =
            (pi_run_form){pi_inverter_form(v, ids[i]), v->info[ids[i]].ctf, 0};
    uint32_t n = 0;
    pi_chain_read(&c->chain, &v->chains[stem], &v->chunks);
    c->rest = c->chain.left;
    if (pi_chain_next(&c->chain, &c->p, &n))
        c->rest -= n;
    c->end = c->p + n;
    return PARASOL_OK;
}

/* ---- from the file ------------------------------------------------------ */

static int parse_forms(pi_cursor *c, const uint8_t *p, const uint8_t *end,
                       parasol_error *err)
{
    p = pc_varint_get32(p, end, &c->n_forms);
    if (!p || c->n_forms > (size_t)(end - p))
        return damaged(err);
    if (pc_grow(c->run->mem, (void **)&c->forms, &c->forms_cap, c->n_forms,
                sizeof *c->forms))
        return pc_fail_nomem(err);
    for (uint32_t i = 0; i < c->n_forms; i++) {
        uint32_t len;
        p = pc_varint_get32(p, end, &len);
        if (!p || len > (size_t)(end - p))
            return damaged(err);
        c->forms[i] = (pi_run_form){{(const char *)p, len}, 0, 0};
        p = pc_varint_get64(p + len, end, &c->forms[i].ctf);
        if (!p)
            return damaged(err);
    }
    return PARASOL_OK;
}

static int parse_head(pi_cursor *c, parasol_error *err)
{
    const uint8_t *p = c->head.ptr, *end = p + c->head.len;
    uint32_t len;
    p = pc_varint_get32(p, end, &len);
    if (!p || len > (size_t)(end - p))
        return damaged(err);
    c->stem = (pc_str){(const char *)p, len};
    return parse_forms(c, p + len, end, err);
}

/* Shows as much of the list as the window has. */
static void show_list(pi_cursor *c, uint64_t len)
{
    uint64_t have = pi_spool_window_len(&c->window);
    c->p = pi_spool_window_ptr(&c->window);
    c->end = c->p + (have < len ? have : len);
    c->rest = len - (uint64_t)(c->end - c->p);
}

/* Takes what was read of the list out of the window; how much is left of it,
   there and behind. */
static uint64_t take_read(pi_cursor *c)
{
    uint64_t left = (uint64_t)(c->end - c->p) + c->rest;
    if (c->p)
        pi_spool_window_skip(
            &c->window, (uint64_t)(c->p - pi_spool_window_ptr(&c->window)));
    return left;
}

static int refill_file(pi_cursor *c, parasol_error *err)
{
    uint64_t left = take_read(c);
    int rc = pi_spool_window_load(&c->window, PI_CODE_MAX, err);
    show_list(c, left);
    return rc;
}

/* Reads the lengths of head and list. */
static int parse_lengths(pi_cursor *c, uint32_t *head, uint64_t *list,
                         parasol_error *err)
{
    int rc = pi_spool_window_load(&c->window, (size_t)2 * PC_VARINT_MAX, err);
    if (rc)
        return rc;
    const uint8_t *start = pi_spool_window_ptr(&c->window);
    const uint8_t *stop = start + pi_spool_window_len(&c->window);
    const uint8_t *p = pc_varint_get32(start, stop, head);
    if (p)
        p = pc_varint_get64(p, stop, list);
    if (!p)
        return damaged(err);
    pi_spool_window_skip(&c->window, (uint64_t)(p - start));
    return PARASOL_OK;
}

static int next_in_file(pi_cursor *c, parasol_error *err)
{
    uint32_t head_len;
    uint64_t list_len;
    pi_spool_window_skip(&c->window, take_read(c));
    if (pi_spool_window_over(&c->window)) {
        c->done = true;
        return PARASOL_OK;
    }
    int rc = parse_lengths(c, &head_len, &list_len, err);
    if (!rc)
        rc = pi_spool_window_load(&c->window, (size_t)head_len + PI_CODE_MAX,
                                  err);
    if (rc)
        return rc;
    if (pi_spool_window_len(&c->window) < head_len)
        return damaged(err);
    pc_buf_clear(&c->head);
    pc_buf_put(&c->head, pi_spool_window_ptr(&c->window), head_len);
    if (c->head.status)
        return pc_fail_nomem(err);
    pi_spool_window_skip(&c->window, head_len);
    show_list(c, list_len);
    return parse_head(c, err);
}

/* ---- both --------------------------------------------------------------- */

int pi_cursor_next(pi_cursor *c, parasol_error *err)
{
    if (c->done)
        return PARASOL_OK;
    int rc = c->run->inverter ? next_in_memory(c, err) : next_in_file(c, err);
    if (rc || c->done)
        return rc;
    if (c->hi.len > 0 && pc_str_cmp(c->stem, c->hi) >= 0)
        c->done = true;
    c->prefix = pi_prefix(c->stem);
    c->doc = 0;
    c->global = 0;
    return PARASOL_OK;
}

static int refill(pi_cursor *c, parasol_error *err)
{
    return c->run->inverter ? refill_chain(c, err) : refill_file(c, err);
}

int pi_cursor_read_slow(pi_cursor *c, parasol_error *err)
{
    if (c->rest > 0) {
        int rc = refill(c, err);
        if (rc)
            return rc;
    }
    if (c->p == c->end) {
        c->global = PI_LIST_END;
        c->is_new = true;
        return c->rest > 0 ? damaged(err) : PARASOL_OK;
    }
    return pi_cursor_decode(c, err);
}

int pi_cursor_damaged(parasol_error *err)
{
    return damaged(err);
}

/* The last mark whose stem is not above `stem`, or the first. */
static const pi_mark *mark_before(const pi_run *r, pc_str stem)
{
    size_t lo = 0, hi = r->n_marks;
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (pc_str_cmp(r->marks[mid].stem, stem) <= 0)
            lo = mid;
        else
            hi = mid;
    }
    return &r->marks[lo];
}

int pi_cursor_open(pi_cursor *c, const pi_run *run, pc_str lo, pc_str hi,
                   parasol_error *err)
{
    int rc = PARASOL_OK;
    *c = (pi_cursor){.run = run, .hi = hi};
    pc_buf_init(&c->line, run->mem);
    pc_buf_init(&c->head, run->mem);
    pi_spool_window_init(&c->window, &run->file, 0, 0,
                         run->window ? run->window : WINDOW, run->mem);
    if (run->n_marks == 0) {
        c->done = true;
        return PARASOL_OK;
    }
    uint64_t start = mark_before(run, lo)->at;
    if (run->inverter) {
        c->at = start;
    } else {
        c->window.at = start;
        c->window.end = pi_spool_at(&run->file);
    }
    do {
        rc = pi_cursor_next(c, err);
    } while (!rc && !c->done && pc_str_cmp(c->stem, lo) < 0);
    return rc;
}

void pi_cursor_release(pi_cursor *c)
{
    if (!c->run)
        return;
    pc_free(c->run->mem, c->forms);
    pc_buf_release(&c->line);
    pi_spool_window_release(&c->window);
    pc_buf_release(&c->head);
    c->run = NULL;
}
