/*
 * Phrases whose words may be apart, in any order.
 *
 * The positions of all words go into one ascending list; a window slides over
 * it that holds every word as often as the phrase asks for it.
 */
#include "common/base/fail.h"
#include "searcher/iter/near.h"

/* A word stands at a position. Words that are the same share a group. */
typedef struct stand {
    uint32_t pos;
    uint32_t group;
} stand;

/* The group of slot i: the first slot that asks for the same word. */
static uint32_t group_of(const ps_phrase *p, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++) {
        const ps_slot *a = &p->slots[k], *b = &p->slots[i];
        if (a->cursor == b->cursor && a->exact == b->exact &&
            a->variant == b->variant)
            return k;
    }
    return i;
}

static void sort_by_pos(stand *v, stand *scratch, size_t n)
{
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t lo = 0; lo < n; lo += 2 * width) {
            size_t mid = lo + width < n ? lo + width : n;
            size_t hi = lo + 2 * width < n ? lo + 2 * width : n;
            size_t i = lo, k = mid;
            for (size_t to = lo; to < hi; to++)
                scratch[to] = k == hi || (i < mid && v[i].pos <= v[k].pos)
                                  ? v[i++]
                                  : v[k++];
        }
        memcpy(v, scratch, n * sizeof *v);
    }
}

/* All positions of all words, ascending, into p->windows' arena memory. */
static size_t gather(ps_phrase *p, stand **out)
{
    size_t room = 0, n = 0;
    for (uint32_t i = 0; i < p->n_slots; i++)
        room += p->places[p->slots[i].cursor].tf;
    if (2 * room > p->stands_cap) {
        p->stands = pc_arena_alloc(p->ctx->arena, 4 * room * sizeof(stand));
        p->stands_cap = p->stands ? 4 * room : 0;
    }
    stand *v = p->stands;
    if (!v) {
        p->ctx->status = pc_fail_nomem(p->ctx->err);
        return 0;
    }
    for (uint32_t i = 0; i < p->n_slots; i++) {
        uint32_t count = 0;
        if (group_of(p, i) != i)
            continue;
        if (!ps_phrase_positions(p, &p->slots[i], &count) || count == 0)
            return 0;
        for (uint32_t k = 0; k < count; k++)
            v[n++] = (stand){p->positions[k], i};
    }
    sort_by_pos(v, v + room, n);
    *out = v;
    return n;
}

static bool windows_room(ps_phrase *p, size_t n)
{
    if (n > p->windows_cap) {
        p->windows = pc_arena_alloc(p->ctx->arena, 2 * n * sizeof(ps_span));
        p->windows_cap = p->windows ? 2 * n : 0;
    }
    if (!p->counts)
        p->counts =
            pc_arena_alloc(p->ctx->arena, 2 * p->n_slots * sizeof *p->counts);
    if (p->windows && p->counts)
        return true;
    p->ctx->status = pc_fail_nomem(p->ctx->err);
    return false;
}

void ps_phrase_windows(ps_phrase *p, const ps_span **out, size_t *n_out)
{
    stand *v = NULL;
    size_t n = gather(p, &v), from = 0, found = 0;
    *n_out = 0;
    if (n == 0 || !windows_room(p, n))
        return;
    uint32_t *want = p->counts, *have = p->counts + p->n_slots;
    memset(want, 0, 2 * p->n_slots * sizeof *want);
    for (uint32_t i = 0; i < p->n_slots; i++)
        want[group_of(p, i)]++;
    uint32_t missing = p->n_slots;
    ps_span *w = p->windows;
    for (size_t i = 0; i < n; i++) {
        missing -= have[v[i].group]++ < want[v[i].group];
        /* The shortest window that ends here. */
        while (have[v[from].group] > want[v[from].group])
            have[v[from++].group]--;
        if (missing > 0)
            continue;
        ps_span s = {v[from].pos, v[i].pos + 1};
        if (s.end - s.start > p->n_slots + p->distance)
            continue;
        /* With the start of the one before, it holds that one. */
        if (found == 0 || w[found - 1].start < s.start)
            w[found++] = s;
    }
    *out = w;
    *n_out = found;
}
