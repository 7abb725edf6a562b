/*
 * Phrase matching on positions.
 */
#include "searcher/iter/phrase.h"

#include "common/base/fail.h"
#include "searcher/iter/near.h"

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

/* Brings a reader to the current document. */
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

/* Reads the positions of a slot's term in the current document that satisfy
   the slot; *n of them, into p->positions. The reader stands there. */
static bool read_positions(ps_phrase *p, const ps_slot *slot, uint32_t *n)
{
    const ps_opened *o = &p->opened[slot->cursor];
    pc_pos_reader *r = &p->readers[slot->cursor];
    uint32_t tf = p->places[slot->cursor].tf, kept = 0;
    if (!room(p, &p->positions, &p->positions_cap, tf))
        return false;
    int rc = pc_pos_reader_get(r, p->positions, p->ctx->err);
    if (rc) {
        p->ctx->status = rc;
        return false;
    }
    *n = tf;
    if (!slot->exact && !slot->forms)
        return true;
    for (uint32_t i = 0; i < tf; i++) {
        uint32_t variant = pc_pos_reader_variant(r, o->ids, o->tfs, i);
        p->positions[kept] = p->positions[i];
        kept += slot->forms ? ps_form_set_has(slot->forms, variant)
                            : variant == slot->variant;
    }
    *n = kept;
    return true;
}

bool ps_phrase_positions(ps_phrase *p, const ps_slot *slot, uint32_t *n)
{
    return seek_positions(p, slot->cursor) && read_positions(p, slot, n);
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

/* The same for n positions that were read. */
static uint32_t keep_matching(ps_phrase *p, uint32_t n_starts, uint32_t offset,
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

/* Moves the starts by an offset. */
static void shift(ps_phrase *p, uint32_t n, uint32_t by)
{
    for (uint32_t i = 0; i < n; i++)
        p->starts[i] += by;
}

/* Keeps the starts at which the slot's term stands where it should. A few are
   looked up, instead of reading all positions of a frequent term. */
static uint32_t keep_starts(ps_phrase *p, const ps_slot *slot, uint32_t starts)
{
    uint32_t n, kept;
    if (!seek_positions(p, slot->cursor))
        return 0;
    if (!slot->exact) {
        shift(p, starts, slot->offset);
        bool looked_up = pc_pos_reader_keep(&p->readers[slot->cursor],
                                            p->starts, starts, &kept);
        shift(p, looked_up ? kept : starts, 0u - slot->offset);
        if (looked_up)
            return kept;
    }
    return read_positions(p, slot, &n)
               ? keep_matching(p, starts, slot->offset, n)
               : 0;
}

/* The slot with the fewest occurrences here. */
static uint32_t rarest_slot(ps_phrase *p)
{
    uint32_t best = 0, best_tf = UINT32_MAX;
    for (uint32_t i = 0; i < p->n_slots; i++) {
        uint32_t cursor = p->slots[i].cursor;
        if (cursor < p->early && p->places[cursor].tf < best_tf) {
            best = i;
            best_tf = p->places[cursor].tf;
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

/* Finds the posting of a cursor that nobody has looked at. */
static bool look_up(ps_phrase *p, uint32_t cursor, uint32_t doc)
{
    ps_cursor *c = p->cursors[cursor];
    if (ps_cursor_seek(c, doc) != doc)
        return false;
    p->places[cursor] = (ps_place){c->block, c->at, ps_cursor_tf(c)};
    return p->ctx->status == PARASOL_OK;
}

/* Keeps the starts that agree with all slots whose cursors were looked at
   before, or with all others. */
static uint32_t keep_slots(ps_phrase *p, uint32_t starts, uint32_t but,
                           bool early)
{
    for (uint32_t i = 0; i < p->n_slots && starts > 0; i++) {
        if (i != but && (p->slots[i].cursor < p->early) == early)
            starts = keep_starts(p, &p->slots[i], starts);
    }
    return starts;
}

static uint32_t freq_in_windows(ps_phrase *p, uint32_t doc)
{
    const ps_span *windows;
    size_t n;
    for (uint32_t i = p->early; i < p->n_cursors; i++) {
        if (!look_up(p, i, doc))
            return 0;
    }
    ps_phrase_windows(p, &windows, &n);
    return n > 0 && !p->ctx->status ? ps_spans_apart(windows, n) : 0;
}

uint32_t ps_phrase_freq(ps_phrase *p, uint32_t doc)
{
    if (p->distance > 0)
        return freq_in_windows(p, doc);
    uint32_t lead = rarest_slot(p), n;
    if (!seek_positions(p, p->slots[lead].cursor) ||
        !read_positions(p, &p->slots[lead], &n))
        return 0;
    uint32_t starts = first_starts(p, p->slots[lead].offset, n);
    starts = keep_slots(p, starts, lead, true);
    for (uint32_t i = p->early; i < p->n_cursors && starts > 0; i++) {
        if (!look_up(p, i, doc))
            return 0;
    }
    starts = keep_slots(p, starts, lead, false);
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
