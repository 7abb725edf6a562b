/*
 * Fragments of expressions, and the machine they become.
 */
#include "searcher/expand/glushkov.h"

#include "common/base/ints.h"

#define WORDS PS_POSITION_WORDS

typedef uint64_t set[WORDS];

static void add_bit(uint64_t *s, uint32_t bit)
{
    s[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static void add_set(uint64_t *to, const uint64_t *from)
{
    for (uint32_t i = 0; i < WORDS; i++)
        to[i] |= from[i];
}

/* ---- building ----------------------------------------------------------- */

int ps_positions_init(ps_positions *p, pc_arena *arena)
{
    *p = (ps_positions){.arena = arena};
    p->follow = pc_arena_zalloc(arena, PS_POSITIONS_MAX + 1, sizeof(set));
    return p->follow ? PARASOL_OK : PARASOL_NOMEM;
}

ps_fragment ps_empty(void)
{
    return (ps_fragment){.nullable = true};
}

ps_fragment ps_place(ps_positions *p)
{
    ps_fragment f = {.nullable = false};
    if (p->n == PS_POSITIONS_MAX) {
        p->too_large = true;
        return f;
    }
    add_bit(f.first, p->n);
    add_bit(f.last, p->n);
    p->n++;
    return f;
}

void ps_place_add(ps_positions *p, uint32_t low, uint32_t high)
{
    if (p->too_large || p->no_memory || p->n == 0)
        return;
    if (p->n_ranges == PS_RANGES_MAX) {
        p->too_large = true;
        return;
    }
    if (p->n_ranges == p->ranges_cap) {
        size_t cap = p->ranges_cap ? 2 * p->ranges_cap : 64;
        ps_cp_range *more = pc_arena_zalloc(p->arena, cap, sizeof *more);
        p->no_memory = !more;
        if (!more)
            return;
        if (p->n_ranges)
            memcpy(more, p->ranges, p->n_ranges * sizeof *more);
        p->ranges = more;
        p->ranges_cap = cap;
    }
    p->ranges[p->n_ranges++] = (ps_cp_range){low, high, p->n - 1};
}

/* Lets all of `next` follow each of `places`. */
static void let_follow(ps_positions *p, const uint64_t *places,
                       const uint64_t *next)
{
    uint64_t any = 0;
    for (uint32_t w = 0; w < WORDS; w++)
        any |= next[w];
    for (uint32_t w = 0; w < WORDS && any; w++) {
        for (uint64_t bits = places[w]; bits; bits &= bits - 1)
            add_set(p->follow[64 * w + pc_ctz64(bits)], next);
    }
}

ps_fragment ps_concat(ps_positions *p, const ps_fragment *a,
                      const ps_fragment *b)
{
    ps_fragment f = {.nullable = a->nullable && b->nullable};
    let_follow(p, a->last, b->first);
    memcpy(f.first, a->first, sizeof f.first);
    memcpy(f.last, b->last, sizeof f.last);
    if (a->nullable)
        add_set(f.first, b->first);
    if (b->nullable)
        add_set(f.last, a->last);
    return f;
}

ps_fragment ps_either(const ps_fragment *a, const ps_fragment *b)
{
    ps_fragment f = *a;
    f.nullable = a->nullable || b->nullable;
    add_set(f.first, b->first);
    add_set(f.last, b->last);
    return f;
}

ps_fragment ps_repeat(ps_positions *p, const ps_fragment *a)
{
    let_follow(p, a->last, a->first);
    return *a;
}

/* ---- running ------------------------------------------------------------ */

/* Bit `start` of a set stands for the place before the first. */
typedef struct places {
    ps_machine base;
    ps_alphabet alphabet;
    uint32_t start;
    const set *follow;
    set accepting;
    set open; /* places that read anything and follow themselves */
    set all;  /* of these, the accepting ones */
} places;

static void places_start(const ps_machine *m, uint64_t *to)
{
    memset(to, 0, m->words * sizeof *to);
    add_bit(to, ((const places *)m)->start);
}

static void places_step(const ps_machine *m, const uint64_t *from,
                        uint32_t class, uint64_t *to)
{
    const places *p = (const places *)m;
    const uint64_t *mask = ps_alphabet_mask(&p->alphabet, class);
    memset(to, 0, m->words * sizeof *to);
    for (uint32_t w = 0; w < m->words; w++) {
        for (uint64_t bits = from[w]; bits; bits &= bits - 1) {
            const uint64_t *next = p->follow[64 * w + pc_ctz64(bits)];
            for (uint32_t i = 0; i < m->words; i++)
                to[i] |= next[i];
        }
    }
    for (uint32_t i = 0; i < m->words; i++)
        to[i] &= mask[i];
}

static int places_distance(const ps_machine *m, const uint64_t *s)
{
    const places *p = (const places *)m;
    for (uint32_t i = 0; i < m->words; i++)
        if (s[i] & p->accepting[i])
            return 0;
    return -1;
}

static bool meets(const ps_machine *m, const uint64_t *a, const uint64_t *b)
{
    for (uint32_t i = 0; i < m->words; i++)
        if (a[i] & b[i])
            return true;
    return false;
}

static bool places_is_all(const ps_machine *m, const uint64_t *s)
{
    return meets(m, s, ((const places *)m)->all);
}

static bool places_is_open(const ps_machine *m, const uint64_t *s)
{
    return meets(m, s, ((const places *)m)->open);
}

static bool reads_anything(const ps_cp_range *r)
{
    return r->low == 0 && r->high == PS_CP_MAX;
}

/* Finds the places that read anything for ever. */
static void find_open(places *m, const ps_positions *p)
{
    for (size_t i = 0; i < p->n_ranges; i++) {
        const ps_cp_range *r = &p->ranges[i];
        uint32_t w = r->bit / 64;
        uint64_t bit = UINT64_C(1) << (r->bit % 64);
        if (!reads_anything(r) || !(p->follow[r->bit][w] & bit))
            continue;
        m->open[w] |= bit;
        m->all[w] |= m->accepting[w] & bit;
    }
}

/* Finds the characters that the accepting places read. */
static void find_ends(places *m, const ps_positions *p)
{
    for (size_t i = 0; i < p->n_ranges; i++) {
        const ps_cp_range *r = &p->ranges[i];
        if (!(m->accepting[r->bit / 64] >> (r->bit % 64) & 1))
            continue;
        for (uint32_t cp = r->low; cp <= r->high && cp < 128; cp++)
            m->base.ends[cp / 64] |= UINT64_C(1) << (cp % 64);
    }
}

const ps_machine *ps_positions_machine(ps_positions *p, const ps_fragment *all)
{
    static const ps_machine_ops ops = {places_start, places_step,
                                       places_distance, places_is_all,
                                       places_is_open};
    places *m = pc_arena_zalloc(p->arena, 1, sizeof *m);
    if (!m || p->no_memory ||
        ps_alphabet_build(&m->alphabet, p->ranges, p->n_ranges, p->n + 1,
                          p->arena))
        return NULL;
    m->start = p->n;
    memcpy(p->follow[m->start], all->first, sizeof(set));
    memcpy(m->accepting, all->last, sizeof(set));
    if (all->nullable)
        add_bit(m->accepting, m->start);
    m->follow = (const set *)p->follow;
    find_open(m, p);
    uint32_t words = m->alphabet.words;
    m->base =
        (ps_machine){&ops, &m->alphabet, words, (p->n + 1) * words, {0, 0}};
    find_ends(m, p);
    return &m->base;
}
