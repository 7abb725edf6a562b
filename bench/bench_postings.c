/*
 * Speed of what evaluation does with postings: a row for each step, a column
 * for each set of vector instructions, in nanoseconds per item, tab-separated.
 *
 *   ids 1 in D        document ids of packed gaps, lists of density 1 in D
 *   ids of a bitmap   the same of a block that is a bitmap
 *   frequencies
 *   score             from ids and frequencies to scores
 *   block             all four: what a scored posting of a dense list costs
 *   harvest, filter   candidates above a threshold, out of accumulators and
 *                     out of candidates
 *   match N, set N    N candidates looked up in a block, or in one that is a
 *                     bitmap: intersections (per candidate)
 *   lower_bound       one document looked up in a block
 *   mark, count       counting: bits set per posting; counted per 64 bits
 *   positions N       of documents that hold the word N times
 *
 * Lists are synthetic, from a fixed seed, and sit in the cache; a figure is
 * the best of several rounds. A dash stands where a level has no code of its
 * own, or the processor no such level.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/buf.h"
#include "common/base/simd.h"
#include "common/codec/damp.h"
#include "common/codec/docblock.h"
#include "common/codec/poscode.h"
#include "searcher/score/bm25.h"
#include "searcher/score/kernels.h"

#define BLOCKS 32u
#define POSTINGS (BLOCKS * PC_BLOCK)
#define SPARSEST 1000u
#define POS_BOUND 500u
#define ROUNDS 9
#define REPEAT 20

/* A block as it is on disk, and decoded. */
typedef struct block {
    uint8_t bytes[PC_DOCBLOCK_MAX + PC_PAD];
    pc_docblock_widths widths;
    uint32_t base, range;
    uint32_t ids[PC_BLOCK_ROOM];
    uint32_t tfs[PC_BLOCK_ROOM];
} block;

/* What the steps work on: a list, and room for what they make. */
typedef struct work {
    const pc_bitpack_ops *codec;
    const ps_kernels *kernels;
    block *list;
    uint8_t *norms;
    float damp[256];
    uint64_t bits[POSTINGS * 10 / 64 + 64];
    uint32_t acc[POSTINGS + PS_OVERRUN];
    pc_buf positions;
    uint32_t lookups; /* candidates of a match, positions of a document */
    uint32_t docs[PC_BLOCK_ROOM], scores[PC_BLOCK_ROOM];
    uint32_t sel[PC_BLOCK_ROOM], at[PC_BLOCK_ROOM];
} work;

typedef struct step {
    const char *name;
    uint32_t one_in;  /* density of the list */
    uint32_t lookups; /* candidates, for those that look up */
    void (*run)(work *w, block *b);
    double items; /* per block; 0: as many as are looked up */
    enum { CODEC, KERNELS, NEITHER } uses;
} step;

static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);
static volatile uint64_t sink;

static uint32_t below(uint32_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)((state >> 32) * n >> 32);
}

static double now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* ---- steps, each on one block ------------------------------------------- */

static void do_ids(work *w, block *b)
{
    if (b->widths.doc_bits == PC_DOC_BITMAP)
        w->codec->get_set(w->docs, b->bytes, b->range, b->base);
    else
        pc_docblock_ids(w->codec, w->docs, b->bytes, PC_BLOCK,
                        b->widths.doc_bits, b->base);
}

static void do_freqs(work *w, block *b)
{
    size_t skip = pc_docblock_id_bytes(PC_BLOCK, b->widths.doc_bits, b->range);
    pc_docblock_freqs(w->codec, w->at, b->bytes + skip, PC_BLOCK,
                      b->widths.tf_bits);
}

static void do_score(work *w, block *b)
{
    w->kernels->score(w->scores, b->ids, b->tfs, PC_BLOCK, w->norms, w->damp,
                      1e6F);
}

static void do_block(work *w, block *b)
{
    do_ids(w, b);
    do_freqs(w, b);
    w->kernels->score(w->scores, w->docs, w->at, PC_BLOCK, w->norms, w->damp,
                      1e6F);
    for (uint32_t i = 0; i < PC_BLOCK; i++)
        w->acc[w->docs[i] % POSTINGS] += w->scores[i];
}

/* Of PC_BLOCK accumulators one in 64 is kept. */
static void do_harvest(work *w, block *b)
{
    for (uint32_t i = 0; i < PC_BLOCK; i += PS_GROUP) {
        w->acc[i + b->ids[0] % PS_GROUP] = 1000;
        sink += w->kernels->harvest(w->docs, w->scores, w->acc + i, i, 1000);
    }
}

static void do_filter(work *w, block *b)
{
    /* Frequencies in the place of scores: somewhat more than half are kept. */
    sink += w->kernels->filter(w->docs, w->scores, b->ids, b->tfs, PC_BLOCK, 2);
}

/* Candidates spread over the block, half of which it holds. */
static void candidates(work *w, const block *b)
{
    for (uint32_t i = 0; i < w->lookups; i++)
        w->docs[i] = b->ids[i * PC_BLOCK / w->lookups] + i % 2;
}

static void do_match(work *w, block *b)
{
    candidates(w, b);
    sink += w->kernels->match(w->sel, w->at, w->docs, w->lookups, b->ids);
}

static void do_set(work *w, block *b)
{
    candidates(w, b);
    if (w->docs[w->lookups - 1] > b->base + b->range)
        w->docs[w->lookups - 1]--;
    sink += w->kernels->match_set(w->sel, w->at, w->docs, w->lookups, b->bytes,
                                  b->range, b->base);
}

static void do_lower_bound(work *w, block *b)
{
    uint32_t doc = b->ids[(b->ids[0] + w->docs[0]++) % PC_BLOCK];
    sink += w->kernels->lower_bound(b->ids, 0, PC_BLOCK, doc);
}

static void do_mark(work *w, block *b)
{
    w->kernels->mark(w->bits, b->ids, PC_BLOCK);
}

static void do_count(work *w, block *b)
{
    (void)b;
    sink += w->kernels->count(w->bits, sizeof w->bits / sizeof w->bits[0]);
}

/* Of PC_BLOCK documents of POS_BOUND words each. */
static void do_positions(work *w, block *b)
{
    const pc_poscode *c = pc_poscode_tables();
    uint64_t bits = pc_poscode_bits(c, w->lookups, POS_BOUND), bit = 0;
    (void)b;
    for (uint32_t i = 0; i < PC_BLOCK; i++, bit += bits)
        sink += pc_poscode_ops_at(pc_simd_level())
                    ->get(c, w->positions.ptr, bit, bit + bits, w->lookups,
                          POS_BOUND, w->docs);
}

#define DENSE 4u
static const step steps[] = {
    {"ids 1 in 10", 10, 0, do_ids, PC_BLOCK, CODEC},
    {"ids 1 in 1000", SPARSEST, 0, do_ids, PC_BLOCK, CODEC},
    {"ids of a bitmap", DENSE, 0, do_ids, PC_BLOCK, CODEC},
    {"frequencies", 10, 0, do_freqs, PC_BLOCK, CODEC},
    {"score", 10, 0, do_score, PC_BLOCK, KERNELS},
    {"block", 10, 0, do_block, PC_BLOCK, KERNELS},
    {"block of a bitmap", DENSE, 0, do_block, PC_BLOCK, KERNELS},
    {"harvest", 10, 0, do_harvest, PC_BLOCK, KERNELS},
    {"filter", 10, 0, do_filter, PC_BLOCK, KERNELS},
    {"match 4", 10, 4, do_match, 0, KERNELS},
    {"match 32", 10, 32, do_match, 0, KERNELS},
    {"match 128", 10, 128, do_match, 0, KERNELS},
    {"set 4", DENSE, 4, do_set, 0, KERNELS},
    {"set 32", DENSE, 32, do_set, 0, KERNELS},
    {"lower_bound", 10, 0, do_lower_bound, 1, KERNELS},
    {"mark", 10, 0, do_mark, PC_BLOCK, KERNELS},
    {"count", 10, 0, do_count, POSTINGS * 10.0 / 64 + 64, KERNELS},
    {"positions 1", 10, 1, do_positions, PC_BLOCK, NEITHER},
    {"positions 3", 10, 3, do_positions, 3.0 * PC_BLOCK, NEITHER},
    {"positions 20", 10, 20, do_positions, 20.0 * PC_BLOCK, NEITHER},
};

/* ---- running them ------------------------------------------------------- */

/* A list of density 1 in `one_in`, with small frequencies. */
static void make_list(work *w, uint32_t one_in)
{
    uint32_t last = PC_NO_DOC;
    for (block *b = w->list; b < w->list + BLOCKS; b++) {
        b->base = last;
        for (uint32_t i = 0; i < PC_BLOCK; i++) {
            last += 1 + below(2 * one_in - 1);
            b->ids[i] = last;
            b->tfs[i] = 1 + below(below(8) + 1);
        }
        for (uint32_t i = PC_BLOCK; i < PC_BLOCK_ROOM; i++)
            b->ids[i] = PS_PAD_ID;
        b->range = last - b->base;
        (void)pc_docblock_put(b->bytes, b->ids, b->tfs, PC_BLOCK, b->base,
                              one_in == DENSE, &b->widths);
    }
}

static double measure(work *w, const step *s)
{
    double best = 0;
    for (int r = 0; r < ROUNDS; r++) {
        double from = now_ns();
        for (uint32_t i = 0; i < REPEAT * BLOCKS; i++)
            s->run(w, &w->list[i % BLOCKS]);
        double took = now_ns() - from;
        best = r == 0 || took < best ? took : best;
    }
    return best / (REPEAT * BLOCKS) / (s->items > 0 ? s->items : w->lookups);
}

/* The positions of PC_BLOCK documents, w->lookups in each. */
static void make_positions(work *w)
{
    pc_bit_writer to = {&w->positions, 0, 0};
    uint32_t pos[POS_BOUND];
    w->positions.len = 0;
    for (uint32_t i = 0; i < PC_BLOCK; i++) {
        uint32_t n = w->lookups, room = POS_BOUND / n;
        for (uint32_t k = 0; k < n; k++)
            pos[k] = k * room + below(room);
        pc_poscode_put(pc_poscode_tables(), &to, pos, n, POS_BOUND);
    }
    pc_bits_end(&to, 0);
}

static void print_row(work *w, const step *s)
{
    int last = s->uses == NEITHER ? PC_SIMD_SCALAR : pc_simd_cpu();
    printf("%s", s->name);
    make_list(w, s->one_in);
    w->lookups = s->lookups;
    if (s->run == do_positions)
        make_positions(w);
    for (int level = PC_SIMD_SCALAR; level <= PC_SIMD_AVX512; level++) {
        if (level > last) {
            printf("\t-");
            continue;
        }
        w->codec = pc_bitpack_ops_at(level);
        w->kernels = ps_kernels_at(level);
        printf("\t%.2f", measure(w, s));
    }
    putchar('\n');
}

static bool prepare(work *w)
{
    size_t docs = (size_t)POSTINGS * 2 * SPARSEST;
    w->list = calloc(BLOCKS, sizeof *w->list);
    w->norms = malloc(docs + PC_PAD);
    if (!w->list || !w->norms)
        return false;
    for (size_t i = 0; i < docs + PC_PAD; i++)
        w->norms[i] = (uint8_t)(40 + i * 7 % 60);
    pc_damp_table(w->damp, 1.2F, 0.75F, 1000, 250000);
    pc_buf_init(&w->positions, NULL);
    return pc_buf_reserve(&w->positions, PC_BLOCK * POS_BOUND) != NULL;
}

int main(void)
{
    work *w = calloc(1, sizeof *w);
    bool ok = w && prepare(w);
    if (ok) {
        puts("ns per item\tscalar\tavx2\tavx512");
        for (size_t i = 0; i < PC_COUNTOF(steps); i++)
            print_row(w, &steps[i]);
    }
    if (w) {
        free(w->list);
        free(w->norms);
        pc_buf_release(&w->positions);
    }
    free(w);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
