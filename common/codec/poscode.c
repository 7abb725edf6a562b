/*
 * Codes for sets of positions.
 */
#include "common/codec/poscode.h"

#include <pthread.h>

#include "common/base/simd.h"
#include "common/codec/poscode_read.h"

/* ---- tables ------------------------------------------------------------- */

/* The least number of a class. */
static uint64_t class_start(unsigned class)
{
    return class < 32 ? class : (uint64_t)(16 + class % 16) << (class / 16 - 1);
}

static void make_guesses(pc_poscode *c, unsigned k)
{
    uint8_t at = 0;
    for (unsigned i = 0; i < PC_POS_GUESSES; i++) {
        uint64_t v = i / 16 <= 60 ? class_start(i) : UINT64_MAX;
        while (at < PC_POS_CHOICES && c->choose[k][at + 1] <= v)
            at++;
        c->guess[k][i] = at;
    }
}

static pc_poscode tables;

static void make_tables(void)
{
    pc_poscode *c = &tables;
    for (unsigned n = 0; n <= PC_POS_CHOICES + 1; n++) {
        c->choose[0][n] = 1;
        for (unsigned k = 1; k <= PC_POS_FEW && n > 0; k++)
            c->choose[k][n] = c->choose[k - 1][n - 1] + c->choose[k][n - 1];
    }
    for (unsigned k = 1; k <= PC_POS_FEW; k++) {
        for (unsigned n = k; n <= PC_POS_CHOICES; n++)
            c->number_bits[k][n] = (uint8_t)pc_bits64(c->choose[k][n] - 1);
        make_guesses(c, k);
    }
    unsigned at = 0;
    for (unsigned high = 1; high <= PC_POS_CHOICES; high++) {
        for (unsigned low = 0; low < high; low++)
            c->pairs[at++] = (uint16_t)(high << 8 | low);
    }
    PC_ASSERT(at <= PC_POS_PAIRS);
}

const pc_poscode *pc_poscode_tables(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, make_tables);
    return &tables;
}

/* ---- codes -------------------------------------------------------------- */

uint64_t pc_poscode_bits(const pc_poscode *c, uint32_t n, uint32_t bound)
{
    if (n == 1)
        return pc_bits32(bound - 1);
    pc_pos_shape s = pc_pos_shape_of(n, bound);
    uint64_t high = n <= PC_POS_FEW ? c->number_bits[n][s.choices] : s.choices;
    return high + (uint64_t)n * s.low_bits;
}

/* The rest of position i, made different from those before. */
static uint32_t chosen(const pc_pos_shape *s, uint32_t pos, uint32_t i)
{
    return s->low_bits == 0 ? pos : (pos >> s->low_bits) + i;
}

/* The rests as one number; returns its bits. */
static unsigned put_number(const pc_poscode *c, pc_bit_writer *w,
                           const uint32_t *pos, uint32_t n,
                           const pc_pos_shape *s)
{
    uint64_t number = 0;
    unsigned bits = c->number_bits[n][s->choices];
    for (uint32_t i = 0; i < n; i++)
        number += c->choose[i + 1][chosen(s, pos[i], i)];
    pc_bits_put(w, number, bits);
    return bits;
}

/* The rests as a bitmap. */
static void put_bitmap(pc_bit_writer *w, const uint32_t *pos, uint32_t n,
                       const pc_pos_shape *s)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = chosen(s, pos[i], i);
        uint32_t zeros = at - next;
        for (; zeros > 32; zeros -= 32)
            pc_bits_put(w, 0, 32);
        pc_bits_put(w, (uint64_t)1 << zeros, zeros + 1);
        next = at + 1;
    }
    pc_bits_put_run(w, 0, s->choices - next);
}

uint64_t pc_poscode_put(const pc_poscode *c, pc_bit_writer *w,
                        const uint32_t *pos, uint32_t n, uint32_t bound)
{
    if (n == 1) {
        unsigned bits = pc_bits32(bound - 1);
        pc_bits_put(w, pos[0], bits);
        return bits;
    }
    pc_pos_shape s = pc_pos_shape_of(n, bound);
    uint64_t bits = s.choices;
    if (n <= PC_POS_FEW)
        bits = put_number(c, w, pos, n, &s);
    else
        put_bitmap(w, pos, n, &s);
    if (s.low_bits == 0)
        return bits;
    const uint64_t mask = pc_bits_mask(s.low_bits);
    for (uint32_t i = 0; i < n; i++)
        pc_bits_put(w, pos[i] & mask, s.low_bits);
    return bits + (uint64_t)n * s.low_bits;
}

/* ---- reading ------------------------------------------------------------ */

const pc_poscode_ops pc_poscode_scalar = {pc_pos_get, pc_pos_holds};

const pc_poscode_ops *pc_poscode_ops_at(int level)
{
    return PC_SIMD_PICK(level, &pc_poscode_scalar, &pc_poscode_avx2,
                        &pc_poscode_avx2);
}
