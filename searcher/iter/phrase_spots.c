/*
 * Phrases in many documents at once.
 */
#include "searcher/iter/phrase.h"

bool ps_phrase_has_spots(const ps_phrase *p)
{
    for (uint32_t i = 0; i < p->n_slots; i++)
        if (p->slots[i].exact || p->slots[i].forms)
            return false;
    return p->distance == 0 && p->n_slots > 1;
}

/* ---- where positions are ------------------------------------------------ */

/* The documents and frequencies of a block: the cursor's, if it is there. */
static int open_block(ps_phrase *p, uint32_t list, uint32_t b,
                      const uint32_t **ids, const uint32_t **tfs)
{
    ps_cursor *c = p->cursors[list];
    if (c->block == b) {
        *ids = c->ids;
        *tfs = c->tfs;
        return ps_cursor_tfs(c) ? PARASOL_OK : p->ctx->status;
    }
    *ids = p->opened[list].ids;
    *tfs = p->opened[list].tfs;
    return ps_phrase_open(p, list, b);
}

bool ps_phrase_locate(ps_phrase *p, uint32_t list, const ps_place *places,
                      const uint32_t *tags, uint32_t n, pc_pos_spot *spots)
{
    pc_pos_reader *r = &p->readers[list];
    const uint32_t *ids = NULL, *tfs = NULL;
    uint32_t at[PC_BLOCK], block = UINT32_MAX;
    for (uint32_t i = 0; i < n; i++) {
        const ps_place *place = &places[tags[i]];
        at[i] = place->at;
        if (place->block != block)
            pc_pos_reader_fetch(r, place->block);
        block = place->block;
    }
    for (uint32_t i = 0, end; i < n; i = end) {
        block = places[tags[i]].block;
        for (end = i + 1; end < n && places[tags[end]].block == block;)
            end++;
        int rc = open_block(p, list, block, &ids, &tfs);
        if (!rc)
            rc = pc_pos_reader_spots(r, block, at + i, end - i, ids, tfs,
                                     spots + i, p->ctx->err);
        if (rc) {
            p->ctx->status = rc;
            return false;
        }
    }
    return true;
}

/* ---- positions ---------------------------------------------------------- */

static bool read_spot(ps_phrase *p, uint32_t list, const pc_pos_spot *s)
{
    if (!ps_phrase_positions_room(p, s->tf))
        return false;
    int rc = pc_pos_spot_get(&p->readers[list], s, p->positions, p->ctx->err);
    if (rc)
        p->ctx->status = rc;
    return rc == PARASOL_OK;
}

/* Where the phrase begins if the slot's word says so. */
static uint32_t first_starts(ps_phrase *p, const ps_slot *slot,
                             const pc_pos_spot *s)
{
    return read_spot(p, slot->cursor, s)
               ? ps_phrase_first(p, slot->offset, s->tf)
               : 0;
}

/* Of n starts keeps those at which the slot's word stands where it should. */
static uint32_t keep_starts(ps_phrase *p, const ps_slot *slot,
                            const pc_pos_spot *s, uint32_t n)
{
    const pc_pos_reader *r = &p->readers[slot->cursor];
    uint32_t kept = 0;
    if ((n > 1 && n > s->tf / PS_TEST_COST) || !pc_pos_spot_can_test(s))
        return read_spot(p, slot->cursor, s)
                   ? ps_phrase_keep(p, n, slot->offset, s->tf)
                   : 0;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t want = (uint64_t)p->starts[i] + slot->offset;
        p->starts[kept] = p->starts[i];
        kept += want <= UINT32_MAX && pc_pos_spot_has(r, s, (uint32_t)want);
    }
    return kept;
}

uint32_t ps_phrase_freq_at(ps_phrase *p, uint32_t doc,
                           pc_pos_spot *const *spots, uint32_t i)
{
    const ps_slot *slots = p->slots;
    if (p->n_slots == 2 && p->early == 2) {
        const pc_pos_spot *a = &spots[slots[0].cursor][i];
        const pc_pos_spot *b = &spots[slots[1].cursor][i];
        bool turn = b->tf < a->tf;
        uint32_t n = first_starts(p, &slots[turn], turn ? b : a);
        return n > 0 ? keep_starts(p, &slots[!turn], turn ? a : b, n) : 0;
    }
    for (uint32_t k = 0; k < p->early; k++)
        p->places[k].tf = spots[k][i].tf;
    uint32_t at = ps_phrase_rarest(p, PS_NO_SLOT, true);
    uint32_t n = first_starts(p, &slots[at], &spots[slots[at].cursor][i]);
    while (n > 0 && (at = ps_phrase_rarest(p, at, true)) != PS_NO_SLOT)
        n = keep_starts(p, &slots[at], &spots[slots[at].cursor][i], n);
    return ps_phrase_keep_late(p, doc, n);
}
