/*
 * Cursors over some forms of a stem: the stem's list, of which each block is
 * thinned out when it is decoded. Frequencies only fall by that, so the bounds
 * of the blocks hold.
 */
#include "searcher/iter/cursor.h"

/* How often the forms stand in document i of the block; false on damage. */
static bool count_forms(ps_cursor *c, uint32_t i, const uint32_t *ids,
                        const uint32_t *tfs, uint32_t *n)
{
    pc_pos_reader *r = c->reader;
    int rc = pc_pos_reader_seek(r, c->block, i, ids, tfs, c->ctx->err);
    if (rc)
        return ps_cursor_fail(c, rc);
    *n = 0;
    for (uint32_t k = 0; k < tfs[i]; k++)
        *n += ps_form_set_has(c->forms, pc_pos_reader_variant(r, ids, tfs, k));
    return true;
}

bool ps_cursor_keep_forms(ps_cursor *c)
{
    /* Of the whole block, as the reader wants them. */
    uint32_t ids[PC_BLOCK_ROOM], tfs[PC_BLOCK_ROOM];
    uint32_t kept = 0;
    if (!ps_cursor_tfs(c))
        return false;
    memcpy(ids, c->ids, sizeof ids);
    memcpy(tfs, c->tfs, sizeof tfs);
    for (uint32_t i = 0; i < c->n; i++) {
        uint32_t n = 0;
        if (!count_forms(c, i, ids, tfs, &n))
            return false;
        c->ids[kept] = ids[i];
        c->tfs[kept] = n;
        kept += n > 0;
    }
    c->n = kept;
    return true;
}
