/*
 * Runs of strings: written one after the other, merged with a window on each.
 */
#include "indexer/write/value_runs.h"

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "indexer/write/spool_window.h"

#define LEN_BYTES 4u
#define PAIR_BYTES 8u
#define PAIRS_READ 2048u

void pi_value_runs_init(pi_value_runs *r, pi_spool *file, const pc_mem *mem)
{
    *r = (pi_value_runs){.file = file, .mem = mem};
}

void pi_value_runs_release(pi_value_runs *r)
{
    pc_free(r->mem, r->list);
    pc_free(r->mem, r->ranks);
    pc_free(r->mem, r->buffer);
    pi_value_runs_init(r, r->file, r->mem);
}

/* ---- writing ------------------------------------------------------------ */

int pi_value_runs_begin(pi_value_runs *r)
{
    if (pc_grow(r->mem, (void **)&r->list, &r->cap, r->n + 1, sizeof *r->list))
        return PARASOL_NOMEM;
    uint64_t at = pi_spool_at(r->file);
    r->list[r->n++] = (pi_value_run){.values_at = at, .pairs_at = at};
    return PARASOL_OK;
}

void pi_value_runs_value(pi_value_runs *r, pc_str value)
{
    pi_value_run *run = &r->list[r->n - 1];
    pi_spool_put_u32(r->file, (uint32_t)value.len);
    pi_spool_put(r->file, value.ptr, value.len);
    run->values++;
    run->pairs_at = pi_spool_at(r->file);
}

void pi_value_runs_pair(pi_value_runs *r, uint32_t doc, uint32_t number)
{
    pi_spool_put_u32(r->file, doc);
    pi_spool_put_u32(r->file, number);
    r->list[r->n - 1].pairs++;
}

/* ---- merging strings ---------------------------------------------------- */

/* The strings of one run, one after the other. */
typedef struct lane {
    pi_spool_window window;
    uint32_t left; /* strings behind the one at hand */
    pc_str value;  /* at hand; borrowed from the window */
    bool done;
    uint32_t *ranks; /* of the string at hand and those behind */
} lane;

/* Makes at least `want` bytes of the run stand in the window. */
static int load(lane *l, size_t want, parasol_error *err)
{
    int rc = pi_spool_window_load(&l->window, want, err);
    if (!rc && pi_spool_window_len(&l->window) < want)
        rc = pc_fail(err, PARASOL_IO, "%s: a temporary file has changed",
                     l->window.spool->dir);
    return rc;
}

/* Makes the next string the one at hand. */
static int step(lane *l, parasol_error *err)
{
    if (l->left == 0) {
        l->done = true;
        return PARASOL_OK;
    }
    l->left--;
    int rc = load(l, LEN_BYTES, err);
    if (rc)
        return rc;
    size_t len = pc_load32le(pi_spool_window_ptr(&l->window));
    rc = load(l, LEN_BYTES + len, err);
    if (rc)
        return rc;
    l->value = (pc_str){
        (const char *)pi_spool_window_ptr(&l->window) + LEN_BYTES, len};
    pi_spool_window_skip(&l->window, LEN_BYTES + len);
    return PARASOL_OK;
}

/* The string that comes first; NULL: there is none. */
static const pc_str *least(const lane *lanes, size_t n)
{
    const pc_str *best = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!lanes[i].done && (!best || pc_str_cmp(lanes[i].value, *best) < 0))
            best = &lanes[i].value;
    }
    return best;
}

/* Gives `value` its rank in all lanes that have it, and steps them. */
static int step_all(lane *lanes, size_t n, pc_str value, uint32_t rank,
                    parasol_error *err)
{
    int rc = PARASOL_OK;
    for (size_t i = 0; !rc && i < n; i++) {
        if (lanes[i].done || !pc_str_eq(lanes[i].value, value))
            continue;
        *lanes[i].ranks++ = rank;
        rc = step(&lanes[i], err);
    }
    return rc;
}

static int merge_lanes(lane *lanes, const pi_value_runs *r, pi_value_take *take,
                       void *to, uint32_t *count, parasol_error *err)
{
    pc_buf copy;
    const pc_str *next;
    int rc = PARASOL_OK;
    pc_buf_init(&copy, r->mem);
    for (size_t i = 0; !rc && i < r->n; i++)
        rc = step(&lanes[i], err);
    for (*count = 0; !rc && (next = least(lanes, r->n));) {
        pc_buf_clear(&copy);
        pc_buf_put_str(&copy, *next);
        if (copy.status) {
            rc = pc_fail_nomem(err);
            break;
        }
        bool taken = take(to, pc_buf_str(&copy));
        rc = step_all(lanes, r->n, pc_buf_str(&copy),
                      taken ? *count : PI_NO_RANK, err);
        *count += taken;
    }
    pc_buf_release(&copy);
    return rc;
}

int pi_value_runs_merge(pi_value_runs *r, pi_value_take *take, void *to,
                        uint32_t *n, parasol_error *err)
{
    size_t all = 0, start = 0;
    for (size_t i = 0; i < r->n; i++)
        all += r->list[i].values;
    lane *lanes = pc_zalloc(r->mem, r->n, sizeof *lanes);
    r->ranks = pc_alloc(r->mem, all, sizeof *r->ranks);
    int rc = lanes && r->ranks ? PARASOL_OK : pc_fail_nomem(err);
    for (size_t i = 0; !rc && i < r->n; i++) {
        const pi_value_run *run = &r->list[i];
        lanes[i] = (lane){.left = run->values, .ranks = r->ranks + start};
        pi_spool_window_init(&lanes[i].window, r->file, run->values_at,
                             run->pairs_at, PI_RUN_WINDOW, r->mem);
        start += run->values;
    }
    if (!rc)
        rc = merge_lanes(lanes, r, take, to, n, err);
    for (size_t i = 0; lanes && i < r->n; i++)
        pi_spool_window_release(&lanes[i].window);
    pc_free(r->mem, lanes);
    pi_value_runs_rewind(r);
    return rc;
}

/* ---- pairs -------------------------------------------------------------- */

void pi_value_runs_rewind(pi_value_runs *r)
{
    r->run = r->ranks_at = 0;
    r->pair = 0;
    r->have = r->at = 0;
}

/* Reads pairs of the run that is at hand. */
static int read_pairs(pi_value_runs *r, parasol_error *err)
{
    const pi_value_run *run = &r->list[r->run];
    uint32_t left = run->pairs - r->pair;
    size_t n = left < PAIRS_READ ? left : PAIRS_READ;
    if (!r->buffer)
        r->buffer = pc_alloc(r->mem, PAIRS_READ, PAIR_BYTES);
    if (!r->buffer)
        return pc_fail_nomem(err);
    r->at = 0;
    r->have = n * PAIR_BYTES;
    return pi_spool_read(r->file,
                         run->pairs_at + (uint64_t)r->pair * PAIR_BYTES,
                         r->buffer, r->have, err);
}

int pi_value_runs_next(pi_value_runs *r, uint32_t *doc, uint32_t *rank,
                       bool *more, parasol_error *err)
{
    while (r->run < r->n && r->pair == r->list[r->run].pairs) {
        r->ranks_at += r->list[r->run++].values;
        r->pair = 0;
    }
    *more = r->run < r->n;
    if (!*more)
        return PARASOL_OK;
    if (r->at == r->have) {
        int rc = read_pairs(r, err);
        if (rc)
            return rc;
    }
    uint32_t number = pc_load32le(r->buffer + r->at + 4);
    if (number >= r->list[r->run].values)
        return pc_fail(err, PARASOL_IO, "%s: a temporary file has changed",
                       r->file->dir);
    *doc = pc_load32le(r->buffer + r->at);
    *rank = r->ranks[r->ranks_at + number];
    r->at += PAIR_BYTES;
    r->pair++;
    return PARASOL_OK;
}
