/*
 * Windows on spools.
 */
#include "indexer/write/spool_window.h"

#include "common/base/fail.h"

void pi_spool_window_init(pi_spool_window *w, const pi_spool *spool,
                          uint64_t at, uint64_t end, size_t piece,
                          const pc_mem *mem)
{
    *w =
        (pi_spool_window){.spool = spool, .at = at, .end = end, .piece = piece};
    pc_buf_init(&w->bytes, mem);
}

void pi_spool_window_release(pi_spool_window *w)
{
    pc_buf_release(&w->bytes);
    w->used = 0;
}

int pi_spool_window_load(pi_spool_window *w, size_t want, parasol_error *err)
{
    size_t kept = pi_spool_window_len(w);
    uint64_t left = w->end - w->at;
    if (kept >= want || left == 0)
        return PARASOL_OK;
    size_t more = want - kept < w->piece ? w->piece : want - kept;
    if (more > left)
        more = (size_t)left;
    if (kept > 0)
        memmove(w->bytes.ptr, w->bytes.ptr + w->used, kept);
    w->bytes.len = kept;
    w->used = 0;
    uint8_t *to = pc_buf_reserve(&w->bytes, more);
    if (!to)
        return pc_fail_nomem(err);
    int rc = pi_spool_read(w->spool, w->at, to, more, err);
    if (rc)
        return rc;
    w->at += more;
    w->bytes.len += more;
    return PARASOL_OK;
}

void pi_spool_window_skip(pi_spool_window *w, uint64_t n)
{
    size_t have = pi_spool_window_len(w);
    if (n <= have) {
        w->used += (size_t)n;
        return;
    }
    uint64_t beyond = n - have, left = w->end - w->at;
    w->at += beyond < left ? beyond : left;
    w->bytes.len = w->used = 0;
}
