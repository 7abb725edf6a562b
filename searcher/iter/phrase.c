/*
 * Phrase matching on positions.
 */
#include "searcher/iter/phrase.h"

#include "common/base/fail.h"

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

/* All positions of a cursor's term in the current document. */
static bool all_positions(ps_phrase *p, uint32_t cursor)
{
    const ps_place *place = &p->places[cursor];
    const ps_opened *o = &p->opened[cursor];
    pc_pos_reader *r = &p->readers[cursor];
    parasol_error *err = p->ctx->err;
    int rc = open_block(p, cursor);
    if (!rc)
        rc =
            pc_pos_reader_seek(r, place->block, place->at, o->ids, o->tfs, err);
    if (!rc && !room(p, &p->positions, &p->positions_cap, place->tf))
        return false;
    if (!rc)
        rc = pc_pos_reader_get(r, p->positions, err);
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

/* The slot with the fewest occurrences here. */
static uint32_t rarest_slot(ps_phrase *p)
{
    uint32_t best = 0, best_tf = UINT32_MAX;
    for (uint32_t i = 0; i < p->n_slots; i++) {
        uint32_t tf = p->places[p->slots[i].cursor].tf;
        if (tf < best_tf) {
            best = i;
            best_tf = tf;
        }
    }
    return best;
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
    uint32_t lead = rarest_slot(p), n;
    if (!read_positions(p, &p->slots[lead], &n))
        return 0;
    uint32_t starts = first_starts(p, p->slots[lead].offset, n);
    for (uint32_t i = 0; i < p->n_slots && starts > 0; i++) {
        if (i == lead)
            continue;
        if (!read_positions(p, &p->slots[i], &n))
            return 0;
        starts = keep_starts(p, starts, p->slots[i].offset, n);
    }
    return p->ctx->status ? 0 : starts;
}

uint32_t ps_phrase_starts(ps_phrase *p, const uint32_t **starts)
{
    uint32_t n = ps_phrase_freq(p);
    *starts = p->starts;
    return n;
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
