/*
 * The machine of fuzzy words.
 *
 * A set is five words of 64 bits. Bit i of word e says that the pattern was
 * read up to its i-th code point with e edits; bit i of word 3 or 4 that after
 * 0 or 1 edits at i the code point behind the next one was seen, so that the
 * two may have changed places. All bits of a word go on at once, after Wu and
 * Manber ("Fast Text Searching Allowing Errors", 1992). What a state with
 * fewer edits can do at least as well is dropped, after the subsumption of
 * Schulz and Mihov ("Fast String Correction with Levenshtein Automata", 2002):
 * so a word has a few hundred sets, not thousands.
 */
#include "common/base/ints.h"
#include "searcher/expand/automaton.h"

#define WORDS 5u
#define SWAP 3u /* the first word of transpositions */

typedef struct fuzzy {
    ps_machine base;
    ps_alphabet alphabet; /* of which a part is a code point of the pattern */
    uint32_t n;
    uint32_t distance;
} fuzzy;

/* The bits that one more edit reaches anyway. */
static uint64_t reach(uint64_t bits)
{
    return bits | (bits << 1) | (bits >> 1);
}

/* Drops what is beyond the end or the distance, and what is subsumed. */
static void trim(const fuzzy *f, uint64_t *r)
{
    uint64_t room = (UINT64_C(2) << f->n) - 1;
    for (uint32_t e = 0; e <= PS_FUZZY_DISTANCE_MAX; e++)
        r[e] = e <= f->distance ? r[e] & room : 0;
    r[1] &= ~reach(r[0]);
    r[2] &= ~(reach(reach(r[0])) | reach(r[1]));
    r[SWAP] = f->distance >= 1 ? r[SWAP] & room : 0;
    r[SWAP + 1] = f->distance >= 2 ? r[SWAP + 1] & room : 0;
}

static void fuzzy_start(const ps_machine *m, uint64_t *set)
{
    PC_UNUSED(m);
    memset(set, 0, WORDS * sizeof *set);
    set[0] = 1;
}

static void fuzzy_step(const ps_machine *m, const uint64_t *from,
                       uint32_t class, uint64_t *to)
{
    const fuzzy *f = (const fuzzy *)m;
    uint64_t here = *ps_alphabet_mask(&f->alphabet, class);
    /* Deletions first: where they lead was dropped as subsumed, but not where
       it goes on to. */
    uint64_t r0 = from[0], r1 = from[1] | (r0 << 1), r2 = from[2] | (r1 << 1);
    to[0] = (r0 & here) << 1;
    /* Matched; inserted or replaced; or the rest of a transposition. */
    to[1] = ((r1 & here) << 1) | r0 | (r0 << 1) | ((from[SWAP] & here) << 2);
    to[2] =
        ((r2 & here) << 1) | r1 | (r1 << 1) | ((from[SWAP + 1] & here) << 2);
    to[SWAP] = r0 & (here >> 1);
    to[SWAP + 1] = r1 & (here >> 1);
    trim(f, to);
}

static int fuzzy_distance(const ps_machine *m, const uint64_t *set)
{
    const fuzzy *f = (const fuzzy *)m;
    /* What is left of the pattern is deleted; so nothing is missed where the
       state at the end was dropped as subsumed by one before it. */
    for (uint32_t sum = 0; sum <= f->distance; sum++) {
        for (uint32_t e = 0; e <= sum; e++)
            if (sum - e <= f->n && set[e] >> (f->n - (sum - e)) & 1)
                return (int)sum;
    }
    return -1;
}

static bool fuzzy_never(const ps_machine *m, const uint64_t *set)
{
    PC_UNUSED(m);
    PC_UNUSED(set);
    return false;
}

const ps_machine *ps_fuzzy_machine(const uint32_t *word, uint32_t n,
                                   uint32_t distance, pc_arena *arena)
{
    static const ps_machine_ops ops = {fuzzy_start, fuzzy_step, fuzzy_distance,
                                       fuzzy_never, fuzzy_never};
    ps_cp_range ranges[PS_FUZZY_MAX];
    PC_ASSERT(n > 0 && n <= PS_FUZZY_MAX && distance <= PS_FUZZY_DISTANCE_MAX);
    fuzzy *f = pc_arena_zalloc(arena, 1, sizeof *f);
    if (!f)
        return NULL;
    for (uint32_t i = 0; i < n; i++)
        ranges[i] = (ps_cp_range){word[i], word[i], i};
    if (ps_alphabet_build(&f->alphabet, ranges, n, n, arena))
        return NULL;
    f->base = (ps_machine){
        &ops, &f->alphabet, WORDS, WORDS, {UINT64_MAX, UINT64_MAX}};
    f->n = n;
    f->distance = distance;
    return &f->base;
}
