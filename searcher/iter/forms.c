/*
 * Cursors over some forms of a stem: the stem's list, of which each block is
 * thinned out when it is decoded. Frequencies only fall by that, so the bounds
 * of the blocks hold.
 */
#include "searcher/iter/cursor.h"

bool ps_cursor_keep_forms(ps_cursor *c)
{
    pc_pos_reader *r = c->reader;
    uint32_t kept = 0;
    if (!ps_cursor_tfs(c))
        return false;
    int rc = pc_pos_reader_block(r, c->block, c->tfs, c->ctx->err);
    if (rc)
        return ps_cursor_fail(c, rc);
    for (uint32_t i = 0; i < c->n; i++) {
        uint32_t tf = c->tfs[i], n = 0;
        for (uint32_t k = 0; k < tf; k++)
            n += ps_form_set_has(c->forms, pc_pos_reader_variant(r, i, k));
        c->ids[kept] = c->ids[i];
        c->tfs[kept] = n;
        kept += n > 0;
    }
    c->n = kept;
    return true;
}
