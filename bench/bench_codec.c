/*
 * Speed of the codecs, one result a line, tab-separated:
 *
 *   codec_get      LEVEL  WIDTH  ns per value   (blocks of 128)
 *   codec_get_ids  LEVEL  WIDTH  ns per value
 *   codec_put      -      WIDTH  ns per value
 *   crc32c         KIND   BYTES  GB per second
 *   hash64         -      BYTES  ns per key
 *   norm_encode    -      -      ns per value
 *   norm_decode    -      -      ns per value
 *   sort_keys      -      ITEMS  ns per item
 *
 * Inputs come from fixed seeds and sit in the cache; a result is the best of
 * several rounds.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "common/base/crc.h"
#include "common/base/hash.h"
#include "common/base/simd.h"
#include "common/base/sort.h"
#include "common/codec/bitpack.h"
#include "common/codec/norm.h"

#define BLOCK 128u
#define BLOCKS 16u
#define ROUNDS 15
#define BYTES (64u * 1024)

static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);
static volatile uint64_t sink;

static uint64_t rnd(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static double now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static const char *level_name(int level)
{
    static const char *const names[] = {"scalar", "avx2", "avx512"};
    return names[level];
}

static double best(double a, double b)
{
    return a == 0 || b < a ? b : a;
}

static void bench_put(unsigned width, uint8_t *packed, uint32_t *v)
{
    size_t step = pc_bitpack_bytes(BLOCK, width);
    double t = 0;
    for (uint32_t i = 0; i < BLOCK * BLOCKS; i++)
        v[i] = (uint32_t)rnd() & pc_bitpack_mask(width);
    for (int r = 0; r < ROUNDS; r++) {
        double from = now_ns();
        for (unsigned k = 0; k < 20 * BLOCKS; k++) {
            unsigned b = k % BLOCKS;
            pc_bitpack_put(packed + b * step, v + b * BLOCK, BLOCK, width);
        }
        t = best(t, now_ns() - from);
    }
    printf("codec_put\t-\t%u\t%.3f\n", width, t / (20.0 * BLOCKS * BLOCK));
}

static void bench_get(int level, unsigned width, const uint8_t *packed,
                      uint32_t *out)
{
    const pc_bitpack_ops *ops = pc_bitpack_ops_at(level);
    size_t step = pc_bitpack_bytes(BLOCK, width);
    double get = 0, ids = 0;
    for (int r = 0; r < ROUNDS; r++) {
        double from = now_ns();
        for (unsigned k = 0; k < 40 * BLOCKS; k++) {
            ops->get(out, packed + (k % BLOCKS) * step, BLOCK, width);
            sink += out[k % BLOCK];
        }
        double mid = now_ns();
        for (unsigned k = 0; k < 40 * BLOCKS; k++) {
            ops->get_ids(out, packed + (k % BLOCKS) * step, BLOCK, width, k);
            sink += out[k % BLOCK];
        }
        get = best(get, mid - from);
        ids = best(ids, now_ns() - mid);
    }
    double n = 40.0 * BLOCKS * BLOCK;
    printf("codec_get\t%s\t%u\t%.3f\n", level_name(level), width, get / n);
    printf("codec_get_ids\t%s\t%u\t%.3f\n", level_name(level), width, ids / n);
}

static int bench_bitpack(void)
{
    uint32_t *v = malloc(BLOCK * BLOCKS * sizeof *v);
    uint8_t *packed = calloc(BLOCK * BLOCKS * 4 + PC_PAD, 1);
    uint32_t *out = malloc(BLOCK * sizeof *out);
    if (v && packed && out) {
        for (unsigned width = 0; width <= PC_BITPACK_MAX_WIDTH; width++) {
            bench_put(width, packed, v);
            for (int level = 0; level <= pc_simd_cpu(); level++)
                bench_get(level, width, packed, out);
        }
    }
    int ok = v && packed && out;
    free(v);
    free(packed);
    free(out);
    return ok;
}

typedef uint32_t crc_fn(uint32_t crc, const void *bytes, size_t n);

static void bench_crc(const char *kind, crc_fn *crc, const uint8_t *p, size_t n)
{
    size_t times = 4 * BYTES / n;
    double t = 0;
    for (int r = 0; r < ROUNDS; r++) {
        uint32_t c = 0;
        double from = now_ns();
        for (size_t k = 0; k < times; k++)
            c = crc(c, p, n);
        t = best(t, now_ns() - from);
        sink += c;
    }
    printf("crc32c\t%s\t%zu\t%.2f\n", kind, n, (double)(times * n) / t);
}

static void bench_hash(const uint8_t *p, size_t n)
{
    size_t times = 20000;
    double t = 0;
    for (int r = 0; r < ROUNDS; r++) {
        uint64_t h = 0;
        double from = now_ns();
        for (size_t k = 0; k < times; k++)
            h += pc_hash64(p + k % 64, n, 0);
        t = best(t, now_ns() - from);
        sink += h;
    }
    printf("hash64\t-\t%zu\t%.2f\n", n, t / (double)times);
}

static int bench_bytes(void)
{
    static const size_t lens[] = {64, 512, 4096, BYTES};
    static const size_t keys[] = {3, 7, 12, 20, 48, 256, 4096};
    uint8_t *p = malloc(BYTES);
    if (!p)
        return 0;
    for (size_t i = 0; i < BYTES; i++)
        p[i] = (uint8_t)rnd();
    for (size_t i = 0; i < PC_COUNTOF(lens); i++) {
        bench_crc("scalar", pc_crc32c_scalar, p, lens[i]);
        if (pc_simd_cpu() >= PC_SIMD_AVX2)
            bench_crc("sse42", pc_crc32c_sse42, p, lens[i]);
    }
    for (size_t i = 0; i < PC_COUNTOF(keys); i++)
        bench_hash(p, keys[i]);
    free(p);
    return 1;
}

static void bench_norm(void)
{
    enum { N = 100000 };
    double enc = 0, dec = 0;
    for (int r = 0; r < ROUNDS; r++) {
        uint64_t sum = 0;
        double from = now_ns();
        for (uint32_t i = 0; i < N; i++)
            sum += pc_norm_encode(i * 5);
        double mid = now_ns();
        for (uint32_t i = 0; i < N; i++)
            sum += pc_norm_decode((uint8_t)i);
        enc = best(enc, mid - from);
        dec = best(dec, now_ns() - mid);
        sink += sum;
    }
    printf("norm_encode\t-\t-\t%.3f\n", enc / N);
    printf("norm_decode\t-\t-\t%.3f\n", dec / N);
}

static int bench_sort(size_t n)
{
    pc_sort_item *v = malloc(n * sizeof *v);
    double t = 0;
    int ok = v != NULL;
    for (int r = 0; ok && r < 3; r++) {
        for (size_t i = 0; i < n; i++)
            v[i] = (pc_sort_item){rnd(), (uint32_t)i};
        double from = now_ns();
        ok = pc_sort_keys(v, n, NULL) == PARASOL_OK;
        t = best(t, now_ns() - from);
    }
    if (ok)
        printf("sort_keys\t-\t%zu\t%.2f\n", n, t / (double)n);
    free(v);
    return ok;
}

int main(void)
{
    int ok = bench_bitpack() && bench_bytes();
    bench_norm();
    ok = ok && bench_sort(1000) && bench_sort(1000000);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
