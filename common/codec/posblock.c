/*
 * Positions of one posting block <-> bytes.
 */
#include "common/codec/posblock.h"

#include <pthread.h>
#include <string.h>

#include "common/codec/norm.h"

/* The head of a unit. */
#define SLACK_MASK 3u
#define SLACK_NONE 0u
#define SLACK_TITLE 1u
#define SLACK_BYTE 2u
#define SHARED 4u
#define UNSAMPLED 8u
#define VARIANTS_SHIFT 4u

/* Between title and text there are this many positions, so most documents
   with a title need them. */
#define TITLE_SLACK 16u
/* Ones before a zero that say: the number follows in full. */
#define LONG_VARIANT 15u
#define RUN_BITS_MAX 14u
#define SAMPLES (PC_POS_UNIT / PC_POS_SAMPLE - 1)

/* ---- bounds ------------------------------------------------------------- */

/* Positions of a document of this length class end before. */
static uint32_t norm_bound(uint8_t norm)
{
    return norm == 255 ? PC_POS_LIMIT : pc_norm_decode((uint8_t)(norm + 1)) - 1;
}

static uint32_t slack_of(uint8_t class)
{
    return class == 255 ? PC_POS_LIMIT : pc_norm_decode(class);
}

static uint32_t bound_of(uint8_t norm, uint32_t slack, bool shared, uint32_t tf)
{
    uint64_t bound = (uint64_t)norm_bound(norm) + slack;
    bound = bound < PC_POS_LIMIT ? bound : PC_POS_LIMIT;
    if (shared)
        bound += tf - 1;
    return (uint32_t)bound;
}

static pc_possizes sizes;

static void make_sizes(void)
{
    const pc_poscode *c = pc_poscode_tables();
    for (unsigned norm = 0; norm < 256; norm++) {
        for (uint32_t tf = 1; tf < PC_POS_SIZES; tf++) {
            uint32_t bound = norm_bound((uint8_t)norm);
            sizes.bounds[norm] = bound;
            if (tf <= bound)
                sizes.bits[SLACK_NONE][norm][tf] =
                    (uint16_t)pc_poscode_bits(c, tf, bound);
            bound = bound_of((uint8_t)norm, TITLE_SLACK, false, tf);
            if (tf <= bound)
                sizes.bits[SLACK_TITLE][norm][tf] =
                    (uint16_t)pc_poscode_bits(c, tf, bound);
        }
    }
}

const pc_possizes *pc_possizes_tables(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, make_sizes);
    return &sizes;
}

/* ---- writing ------------------------------------------------------------ */

/* What the documents have in common that the codes depend on. */
typedef struct unit_shape {
    uint32_t slack;
    bool shared;
} unit_shape;

/* Turns gaps into positions. */
static unit_shape sum_gaps(const pc_posblock_docs *d)
{
    const uint32_t *bounds = pc_possizes_tables()->bounds;
    uint32_t *at = d->gaps, zeros = 0, slack = 0;
    for (uint32_t i = 0; i < d->n; i++) {
        uint32_t bound = bounds[d->norms[i]], last = at[0];
        for (uint32_t k = 1; k < d->tfs[i]; k++) {
            zeros |= at[k] == 0;
            last += at[k];
            at[k] = last;
        }
        at += d->tfs[i];
        if (PC_UNLIKELY(last >= bound) && last + 1 - bound > slack)
            slack = last + 1 - bound;
    }
    return (unit_shape){slack, zeros != 0};
}

/* Writes the byte for the slack where one is needed; makes the slack what it
   stands for. Returns its part of the head. */
static unsigned put_slack(pc_buf *out, unit_shape *s)
{
    if (s->slack == 0)
        return SLACK_NONE;
    if (s->slack <= TITLE_SLACK) {
        s->slack = TITLE_SLACK;
        return SLACK_TITLE;
    }
    uint8_t class = pc_norm_encode(s->slack);
    while (slack_of(class) < s->slack)
        class ++;
    s->slack = slack_of(class);
    pc_buf_put_u8(out, class);
    return SLACK_BYTE;
}

/* Writes the codes, and into `samples` where some of them start. */
static void put_codes(pc_bit_writer *w, const pc_posblock_docs *d, unit_shape s,
                      uint64_t samples[SAMPLES])
{
    const pc_poscode *c = pc_poscode_tables();
    const pc_posblock shape = {.slack = s.slack, .shared = s.shared};
    uint32_t *pos = d->gaps;
    uint64_t bit = 0;
    for (uint32_t i = 0; i < d->n; i++) {
        uint32_t tf = d->tfs[i];
        uint32_t bound = pc_posblock_bound(&shape, &sizes, d->norms[i], tf);
        if (i % PC_POS_SAMPLE == 0 && i > 0)
            samples[i / PC_POS_SAMPLE - 1] = bit;
        for (uint32_t k = 0; k < tf && s.shared; k++)
            pos[k] += k;
        bit += pc_poscode_put(c, w, pos, tf, bound);
        pos += tf;
    }
}

/* Puts the samples where room was left for them, if they fit. Returns their
   part of the head. */
static unsigned put_samples(pc_buf *out, size_t at,
                            const uint64_t samples[SAMPLES])
{
    bool fit = true;
    for (unsigned i = 0; i < SAMPLES; i++) {
        fit &= samples[i] <= UINT16_MAX;
        if (!out->status)
            pc_store16le(out->ptr + at + 2 * (size_t)i, (uint16_t)samples[i]);
    }
    return fit ? 0 : UNSAMPLED;
}

static uint64_t occurrences(const pc_posblock_docs *d)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < d->n; i++)
        n += d->tfs[i];
    return n;
}

/* Bits of the runs whose lowest `bits` are stored as they are. */
static uint64_t run_cost(const uint32_t *runs, uint32_t n, unsigned bits)
{
    uint64_t cost = (uint64_t)n * bits;
    for (uint32_t i = 0; i < n; i++)
        cost += runs[i] >> bits;
    return cost;
}

/* The number of low bits that makes the runs shortest. */
static unsigned run_bits(const uint32_t *runs, uint32_t n)
{
    unsigned best = 0;
    uint64_t least = run_cost(runs, n, 0);
    while (best < RUN_BITS_MAX) {
        uint64_t cost = run_cost(runs, n, best + 1);
        if (cost >= least)
            break;
        least = cost;
        best++;
    }
    return best;
}

/* Writes to `runs` how many zeros stand before each other number; returns how
   many those are. */
static uint32_t cut_runs(const uint16_t *v, uint64_t n, uint32_t *runs)
{
    uint32_t found = 0;
    uint64_t last = 0, four;
    for (uint64_t i = 0; i < n; i++) {
        for (; i + 4 <= n; i += 4) { /* mostly zeros */
            memcpy(&four, v + i, sizeof four);
            if (four)
                break;
        }
        if (i < n && v[i]) {
            runs[found++] = (uint32_t)(i - last);
            last = i + 1;
        }
    }
    return found;
}

static void put_variants(pc_bit_writer *w, const uint16_t *v,
                         const uint32_t *runs, uint32_t n, unsigned bits)
{
    for (uint32_t i = 0; i < n; i++, v++) {
        pc_bits_put_run(w, 1, runs[i] >> bits);
        pc_bits_put(w, 0, 1);
        pc_bits_put(w, runs[i] & pc_bits_mask(bits), bits);
        v += runs[i];
        uint32_t more = *v - 1u;
        pc_bits_put_run(w, 1, more < LONG_VARIANT ? more : LONG_VARIANT);
        if (more < LONG_VARIANT)
            pc_bits_put(w, 0, 1);
        else
            pc_bits_put(w, *v, 16);
    }
    /* Ones up to the end: no other run ends. */
    pc_bits_end(w, 1);
}

void pc_posblock_put(pc_buf *out, const pc_posblock_docs *docs)
{
    pc_bit_writer w = {.out = out};
    unit_shape s = sum_gaps(docs);
    uint64_t samples[SAMPLES] = {0};
    size_t at = out->len;
    pc_buf_put_u8(out, 0);
    unsigned head = put_slack(out, &s) | (s.shared ? SHARED : 0);
    size_t samples_at = out->len;
    if (docs->n == PC_POS_UNIT)
        pc_buf_put(out, samples, 2 * SAMPLES);
    put_codes(&w, docs, s, samples);
    pc_bits_end(&w, 0);
    if (docs->n == PC_POS_UNIT)
        head |= put_samples(out, samples_at, samples);
    if (docs->variants) {
        /* The gaps are not needed any more. */
        uint32_t *runs = docs->gaps;
        uint32_t n = cut_runs(docs->variants, occurrences(docs), runs);
        unsigned bits = run_bits(runs, n);
        head |= (bits + 1) << VARIANTS_SHIFT;
        put_variants(&w, docs->variants, runs, n, bits);
    }
    if (!out->status)
        out->ptr[at] = (uint8_t)head;
}

/* ---- reading ------------------------------------------------------------ */

int pc_posblock_open(pc_posblock *p, const uint8_t *in, size_t len, uint32_t n)
{
    if (len == 0)
        return PARASOL_CORRUPT;
    unsigned head = in[0];
    size_t used = 1;
    *p = (pc_posblock){.shared = (head & SHARED) != 0,
                       .variants = (uint8_t)(head >> VARIANTS_SHIFT),
                       .usual = (uint8_t)(head & SLACK_MASK)};
    bool sampled = n == PC_POS_UNIT;
    if ((!sampled && (head & UNSAMPLED)) || p->usual > SLACK_BYTE)
        return PARASOL_CORRUPT;
    if (p->usual == SLACK_TITLE)
        p->slack = TITLE_SLACK;
    if (p->usual == SLACK_BYTE) {
        if (len < 2)
            return PARASOL_CORRUPT;
        p->slack = slack_of(in[used++]);
    }
    if (p->shared)
        p->usual = SLACK_BYTE;
    if (sampled) {
        if (len - used < 2 * SAMPLES)
            return PARASOL_CORRUPT;
        p->samples = head & UNSAMPLED ? NULL : in + used;
        used += 2 * SAMPLES;
    }
    p->codes = in + used;
    p->bits = (uint64_t)(len - used) * 8;
    return PARASOL_OK;
}

/* Counts ones, at most `most`, and passes over the zero behind them. False at
   the end of the unit. */
static bool get_ones(pc_variants *v, uint64_t most, uint64_t *n)
{
    *n = 0;
    while (v->bit < v->end) {
        uint64_t left = v->end - v->bit;
        unsigned some = left < 56 ? (unsigned)left : 56;
        uint64_t zeros = ~pc_bits_at(v->in, v->bit, some) & pc_bits_mask(some);
        unsigned ones = zeros ? pc_ctz64(zeros) : some;
        if (*n + ones >= most) {
            v->bit += most - *n;
            *n = most;
            return true;
        }
        *n += ones;
        v->bit += ones + (zeros != 0);
        if (zeros)
            return true;
    }
    return false;
}

/* Reads `bits` bits; false at the end of the unit. */
static bool get_bits(pc_variants *v, unsigned bits, uint64_t *out)
{
    if (v->end - v->bit < bits)
        return false;
    *out = pc_bits_at(v->in, v->bit, bits);
    v->bit += bits;
    return true;
}

void pc_variants_next(pc_variants *v)
{
    uint64_t run, low, more;
    bool ok = get_ones(v, UINT64_MAX, &run) && get_bits(v, v->run_bits, &low) &&
              get_ones(v, LONG_VARIANT, &more);
    if (ok && more == LONG_VARIANT)
        ok = get_bits(v, 16, &more);
    else
        more++;
    v->before = v->next + 1;
    if (!ok) {
        v->bit = v->end;
        v->next = UINT64_MAX;
        return;
    }
    v->next += 1 + (run << v->run_bits | low);
    v->value = (uint16_t)more;
}

void pc_variants_init(pc_variants *v, const pc_posblock *p, uint64_t bit)
{
    *v = (pc_variants){.in = p->codes,
                       .bit = (bit + 7) / 8 * 8,
                       .end = p->variants ? p->bits : 0,
                       .next = UINT64_MAX,
                       .run_bits = (uint8_t)(p->variants - 1u)};
    if (v->bit < v->end)
        pc_variants_next(v); /* from -1 */
}
