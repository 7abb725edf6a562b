/*
 * Phrase matching on positions.
 */
#include "searcher/iter/phrase.h"

#include "common/base/fail.h"

/* Asking for one position takes about as long as reading so many. */
#define TEST_COST 4u

/* Room for n numbers; what was there is lost when it grows. */
static bool room(ps_phrase *p, uint32_t **v, size_t *cap, size_t n)
{
    if (n <= *cap)
        return true;
    size_t want = n < 64 ? 64 : n + n / 2;
    uint32_t *more = pc_arena_alloc(p->ctx->arena, want * sizeof *more);
    if (!more) {
        p->ctx->status = pc_fail_nomem(p->ctx->err);
        return false;
    }
    *v = more;
    *cap = want;
    return true;
}

/* Decodes the block that a place is in, unless it is at hand. */
static int open_block(ps_phrase *p, uint32_t cursor)
{
    ps_opened *o = &p->opened[cursor];
    const ps_cursor *c = p->cursors[cursor];
    uint32_t b = p->places[cursor].block;
    if (o->block == b)
        return PARASOL_OK;
    o->block = UINT32_MAX;
    int rc = PARASOL_OK;
    if (c->block == b)
        memcpy(o->ids, c->ids, sizeof o->ids);
    else
        rc = pc_list_ids(&c->list, b, o->ids, p->ctx->err);
    if (!rc && c->block == b && c->has_tfs)
        memcpy(o->tfs, c->tfs, sizeof o->tfs);
    else if (!rc)
        rc = pc_list_freqs(&c->list, b, o->tfs, p->ctx->err);
    if (!rc)
        o->block = b;
    return rc;
}

/* Brings a cursor's reader to the current document. */
static bool seek_positions(ps_phrase *p, uint32_t cursor)
{
    const ps_place *place = &p->places[cursor];
    const ps_opened *o = &p->opened[cursor];
    int rc = open_block(p, cursor);
    if (!rc)
        rc = pc_pos_reader_seek(&p->readers[cursor], place->block, place->at,
                                o->ids, o->tfs, p->ctx->err);
    if (rc)
        p->ctx->status = rc;
    return rc == PARASOL_OK;
}

/* All positions of a cursor's term in the current document. */
static bool all_positions(ps_phrase *p, uint32_t cursor)
{
    const ps_place *place = &p->places[cursor];
    pc_pos_reader *r = &p->readers[cursor];
    if (!seek_positions(p, cursor))
        return false;
    if (!room(p, &p->positions, &p->positions_cap, place->tf))
        return false;
    int rc = pc_pos_reader_get(r, p->positions, p->ctx->err);
    if (rc)
        p->ctx->status = rc;
    return rc == PARASOL_OK;
}

/* Reads the positions of a slot's term in the current document that satisfy
   the slot; *n of them, into p->positions. */
static bool read_positions(ps_phrase *p, const ps_slot *slot, uint32_t *n)
{
    const ps_opened *o = &p->opened[slot->cursor];
    pc_pos_reader *r = &p->readers[slot->cursor];
    uint32_t tf = p->places[slot->cursor].tf, kept = 0;
    if (!all_positions(p, slot->cursor))
        return false;
    *n = tf;
    if (!slot->exact)
        return true;
    for (uint32_t i = 0; i < tf; i++) {
        p->positions[kept] = p->positions[i];
        kept += pc_pos_reader_variant(r, o->ids, o->tfs, i) == slot->variant;
    }
    *n = kept;
    return true;
}

/* Turns the positions of the first slot read into phrase starts. */
static uint32_t first_starts(ps_phrase *p, uint32_t offset, uint32_t n)
{
    uint32_t kept = 0;
    if (!room(p, &p->starts, &p->starts_cap, n))
        return 0;
    for (uint32_t i = 0; i < n; i++) {
        if (p->positions[i] >= offset)
            p->starts[kept++] = p->positions[i] - offset;
    }
    return kept;
}

/* Keeps the starts at which the slot's term stands where it should. */
static uint32_t keep_starts(ps_phrase *p, uint32_t n_starts, uint32_t offset,
                            uint32_t n)
{
    uint32_t kept = 0, j = 0;
    for (uint32_t i = 0; i < n_starts; i++) {
        uint64_t want = (uint64_t)p->starts[i] + offset;
        while (j < n && p->positions[j] < want)
            j++;
        if (j == n)
            break;
        if (p->positions[j] == want)
            p->starts[kept++] = p->starts[i];
    }
    return kept;
}

/* Keeps the starts at which the slot's term stands, by asking for each when
   there are few. UINT32_MAX on damage. */
static uint32_t filter_starts(ps_phrase *p, const ps_slot *slot,
                              uint32_t n_starts)
{
    const pc_pos_reader *r = &p->readers[slot->cursor];
    uint32_t tf = p->places[slot->cursor].tf, kept = 0, n;
    if (slot->exact || n_starts > tf / TEST_COST) {
        if (!read_positions(p, slot, &n))
            return UINT32_MAX;
        return keep_starts(p, n_starts, slot->offset, n);
    }
    if (!seek_positions(p, slot->cursor))
        return UINT32_MAX;
    if (!pc_pos_reader_can_test(r)) {
        if (!read_positions(p, slot, &n))
            return UINT32_MAX;
        return keep_starts(p, n_starts, slot->offset, n);
    }
    for (uint32_t i = 0; i < n_starts; i++) {
        uint64_t want = (uint64_t)p->starts[i] + slot->offset;
        if (want <= UINT32_MAX && pc_pos_reader_has(r, (uint32_t)want))
            p->starts[kept++] = p->starts[i];
    }
    return kept;
}

/* The slot with the fewest occurrences here, of those behind slot `last` in
   that order, of which there is one. UINT32_MAX comes before the first. */
static uint32_t rarest_slot(const ps_phrase *p, uint32_t last)
{
    uint64_t least = UINT64_MAX, after = 0;
    if (last != UINT32_MAX)
        after =
            ((uint64_t)p->places[p->slots[last].cursor].tf << 32 | last) + 1;
    for (uint32_t i = 0; i < p->n_slots; i++) {
        uint64_t rank = (uint64_t)p->places[p->slots[i].cursor].tf << 32 | i;
        if (rank >= after && rank < least)
            least = rank;
    }
    return (uint32_t)least;
}

uint32_t ps_phrase_take_places(ps_phrase *p)
{
    uint32_t least = UINT32_MAX;
    for (uint32_t i = 0; i < p->n_cursors; i++) {
        ps_cursor *c = p->cursors[i];
        uint32_t tf = ps_cursor_tf(c);
        p->places[i] = (ps_place){c->block, c->at, tf};
        least = tf < least ? tf : least;
    }
    return p->ctx->status ? 0 : least;
}

uint32_t ps_phrase_freq(ps_phrase *p)
{
    uint32_t slot = rarest_slot(p, UINT32_MAX), n;
    if (!read_positions(p, &p->slots[slot], &n))
        return 0;
    uint32_t starts = first_starts(p, p->slots[slot].offset, n);
    for (uint32_t done = 1; starts > 0 && done < p->n_slots; done++) {
        slot = p->n_slots == 2 ? 1 - slot : rarest_slot(p, slot);
        starts = filter_starts(p, &p->slots[slot], starts);
        if (starts == UINT32_MAX)
            return 0;
    }
    return p->ctx->status ? 0 : starts;
}

uint32_t ps_phrase_bound(ps_phrase *p, uint32_t from, uint32_t to)
{
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < p->n_cursors; i++) {
        /* The cursors carry the phrase's weight, so each bounds it. */
        uint32_t s = ps_cursor_bound(p->cursors[i], from, to);
        if (s < best)
            best = s;
    }
    return best;
}
