/*
 * Fronts of (tf, norm) pairs. Knows nothing of scores but their shape.
 */
#include "common/codec/impact.h"

#include <string.h>

#define FRONT_MAX 256

void pc_front_clear(pc_front *f)
{
    memset(f, 0, sizeof *f);
    f->lo = 255;
}

void pc_front_add(pc_front *f, uint32_t tf, uint8_t norm)
{
    uint8_t t = tf > PC_TF_CAP ? PC_TF_CAP : (uint8_t)tf;
    if (t > f->best[norm])
        f->best[norm] = t;
    if (norm < f->lo)
        f->lo = norm;
    if (norm > f->hi)
        f->hi = norm;
}

void pc_front_add_pairs(pc_front *f, const uint8_t *pairs, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (pairs[2 * i] != 0)
            pc_front_add(f, pairs[2 * i], pairs[2 * i + 1]);
    }
}

typedef struct points {
    uint8_t tf[FRONT_MAX];
    uint8_t norm[FRONT_MAX];
    uint32_t n;
} points;

static void collect(const pc_front *f, points *p)
{
    uint8_t top = 0;
    p->n = 0;
    for (unsigned norm = f->lo; norm <= f->hi; norm++) {
        if (f->best[norm] <= top)
            continue;
        top = f->best[norm];
        p->tf[p->n] = top;
        p->norm[p->n] = (uint8_t)norm;
        p->n++;
    }
}

static float weight(uint8_t tf, uint8_t norm, const float damp[256])
{
    return tf == PC_TF_CAP ? 1.0F : (float)tf / ((float)tf + damp[norm]);
}

/* Joins neighbours i and i + 1 into the pair that dominates both. */
static void join(points *p, uint32_t i)
{
    p->tf[i] = p->tf[i + 1];
    uint32_t tail = p->n - i - 2;
    memmove(p->tf + i + 1, p->tf + i + 2, tail);
    memmove(p->norm + i + 1, p->norm + i + 2, tail);
    p->n--;
}

void pc_front_reduce(const pc_front *f, const float damp[256],
                     uint8_t out[PC_FRONT_BYTES])
{
    points p;
    collect(f, &p);
    while (p.n > PC_FRONT_PAIRS) {
        uint32_t best = 0;
        float best_loss = 0;
        for (uint32_t i = 0; i + 1 < p.n; i++) {
            float joined = weight(p.tf[i + 1], p.norm[i], damp);
            float a = weight(p.tf[i], p.norm[i], damp);
            float b = weight(p.tf[i + 1], p.norm[i + 1], damp);
            float loss = joined - (a > b ? a : b);
            if (i == 0 || loss < best_loss) {
                best = i;
                best_loss = loss;
            }
        }
        join(&p, best);
    }
    memset(out, 0, PC_FRONT_BYTES);
    for (uint32_t i = 0; i < p.n; i++) {
        out[2 * i] = p.tf[i];
        out[2 * i + 1] = p.norm[i];
    }
}
