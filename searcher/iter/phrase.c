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

bool ps_phrase_positions_room(ps_phrase *p, uint32_t n)
{
    return room(p, &p->positions, &p->positions_cap, n);
}

int ps_phrase_open(ps_phrase *p, uint32_t list, uint32_t b)
{
    ps_opened *o = &p->opened[list];
    const ps_cursor *c = p->cursors[list];
    if (o->block == b)
        return PARASOL_OK;
    o->block = UINT32_MAX;
    pc_block found;
    const pc_block *k = c->block == b ? &c->opened : &found;
    int rc = PARASOL_OK;
    if (c->block == b)
        memcpy(o->ids, c->ids, sizeof o->ids);
    else
        rc = pc_list_ids_of(&c->list, b, &found, o->ids, p->ctx->err);
    if (!rc && c->list.is_inline)
        rc = pc_list_freqs(&c->list, b, o->tfs, p->ctx->err);
    else if (!rc)
        pc_block_freqs(k, o->tfs);
    if (!rc)
        o->block = b;
    return rc;
}

/* Brings a reader to the current document. */
static bool seek_positions(ps_phrase *p, uint32_t cursor)
{
    const ps_place *place = &p->places[cursor];
    const ps_opened *o = &p->opened[cursor];
    int rc = ps_phrase_open(p, cursor, place->block);
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
    if (!ps_phrase_positions_room(p, tf))
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

uint32_t ps_phrase_first(ps_phrase *p, uint32_t offset, uint32_t n)
{
    uint32_t kept = 0;
    if (!room(p, &p->starts, &p->starts_cap, n))
        return 0;
    for (uint32_t i = 0; i < n; i++) {
        p->starts[kept] = p->positions[i] - offset;
        kept += p->positions[i] >= offset;
    }
    return kept;
}

uint32_t ps_phrase_keep(ps_phrase *p, uint32_t n, uint32_t offset, uint32_t m)
{
    uint32_t kept = 0, j = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t want = (uint64_t)p->starts[i] + offset;
        while (j < m && p->positions[j] < want)
            j++;
        if (j == m)
            break;
        if (p->positions[j] == want)
            p->starts[kept++] = p->starts[i];
    }
    return kept;
}

/* Keeps the starts at which the slot's term stands where it should. A few are
   asked for, instead of reading all positions of a frequent term. */
static uint32_t keep_starts(ps_phrase *p, const ps_slot *slot, uint32_t starts)
{
    const pc_pos_reader *r = &p->readers[slot->cursor];
    uint32_t tf = p->places[slot->cursor].tf, kept = 0, n;
    if (!seek_positions(p, slot->cursor))
        return 0;
    if (slot->exact || slot->forms ||
        (starts > 1 && starts > tf / PS_TEST_COST) ||
        !pc_pos_reader_can_test(r))
        return read_positions(p, slot, &n)
                   ? ps_phrase_keep(p, starts, slot->offset, n)
                   : 0;
    for (uint32_t i = 0; i < starts; i++) {
        uint64_t want = (uint64_t)p->starts[i] + slot->offset;
        if (want <= UINT32_MAX && pc_pos_reader_has(r, (uint32_t)want))
            p->starts[kept++] = p->starts[i];
    }
    return kept;
}

uint32_t ps_phrase_rarest(const ps_phrase *p, uint32_t last, bool early)
{
    uint64_t least = UINT64_MAX, after = 0;
    if (last != PS_NO_SLOT)
        after =
            ((uint64_t)p->places[p->slots[last].cursor].tf << 32 | last) + 1;
    for (uint32_t i = 0; i < p->n_slots; i++) {
        uint32_t cursor = p->slots[i].cursor;
        uint64_t rank = (uint64_t)p->places[cursor].tf << 32 | i;
        if ((cursor < p->early) == early && rank >= after && rank < least)
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

/* Finds the posting of a cursor that nobody has looked at. */
static bool look_up(ps_phrase *p, uint32_t cursor, uint32_t doc)
{
    ps_cursor *c = p->cursors[cursor];
    if (ps_cursor_seek(c, doc) != doc)
        return false;
    p->places[cursor] = (ps_place){c->block, c->at, ps_cursor_tf(c)};
    return p->ctx->status == PARASOL_OK;
}

/* Keeps the starts that agree with slots, the rarest first: those behind slot
   `last` whose cursors were looked at before, or those of all others. */
static uint32_t keep_slots(ps_phrase *p, uint32_t starts, uint32_t last,
                           bool early)
{
    while (starts > 0 &&
           (last = ps_phrase_rarest(p, last, early)) != PS_NO_SLOT)
        starts = keep_starts(p, &p->slots[last], starts);
    return starts;
}

uint32_t ps_phrase_keep_late(ps_phrase *p, uint32_t doc, uint32_t n)
{
    for (uint32_t i = p->early; i < p->n_cursors && n > 0; i++) {
        if (!look_up(p, i, doc))
            return 0;
    }
    if (p->early < p->n_cursors)
        n = keep_slots(p, n, PS_NO_SLOT, false);
    return p->ctx->status ? 0 : n;
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

/* Occurrences of one exact form: no position is needed. */
static uint32_t form_freq(ps_phrase *p, const ps_slot *slot)
{
    const ps_opened *o = &p->opened[slot->cursor];
    pc_pos_reader *r = &p->readers[slot->cursor];
    uint32_t tf = p->places[slot->cursor].tf, n = 0;
    if (!seek_positions(p, slot->cursor))
        return 0;
    for (uint32_t i = 0; i < tf; i++)
        n += pc_pos_reader_variant(r, o->ids, o->tfs, i) == slot->variant;
    return n;
}

uint32_t ps_phrase_starts(ps_phrase *p, uint32_t doc)
{
    uint32_t lead = ps_phrase_rarest(p, PS_NO_SLOT, true), n;
    if (!seek_positions(p, p->slots[lead].cursor) ||
        !read_positions(p, &p->slots[lead], &n))
        return 0;
    uint32_t starts = ps_phrase_first(p, p->slots[lead].offset, n);
    starts = keep_slots(p, starts, lead, true);
    return ps_phrase_keep_late(p, doc, starts);
}

uint32_t ps_phrase_freq(ps_phrase *p, uint32_t doc)
{
    if (p->distance > 0)
        return freq_in_windows(p, doc);
    if (p->n_slots == 1 && p->slots[0].exact)
        return form_freq(p, &p->slots[0]);
    return ps_phrase_starts(p, doc);
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
