/*
 * Symbols of keys, found step by step: the sample is coded with the symbols at
 * hand, and codes that follow each other often become symbols in place of
 * those that are of little use (as in FSST: P. Boncz, T. Neumann, V. Leis,
 * 2020; here with the fewest codes instead of the longest symbols).
 */
#include "indexer/write/symbol_maker.h"

#include <stdlib.h>
#include <string.h>

#define SAMPLE_MAX ((size_t)64 << 10)
/* Keys of fewer bytes than this are not worth a table. */
#define LEAST_BYTES 4096u
#define STEPS 8u
#define CODES 512u /* symbols, and from LITERAL on bytes */
#define LITERAL 256u

void pi_symbol_maker_init(pi_symbol_maker *m, const pc_mem *mem)
{
    pc_buf_init(&m->sample, mem);
    pc_buf_init(&m->ends, mem);
    m->blocks = 0;
    m->every = 1;
}

void pi_symbol_maker_release(pi_symbol_maker *m)
{
    pc_buf_release(&m->sample);
    pc_buf_release(&m->ends);
}

static size_t end_of(const pi_symbol_maker *m, size_t i)
{
    return (size_t)pc_load64le(m->ends.ptr + 8 * i);
}

/* Keeps every second block of the sample. */
static void thin(pi_symbol_maker *m)
{
    size_t n = m->ends.len / 8, from = 0, to = 0;
    for (size_t i = 0; i < n; i++) {
        size_t end = end_of(m, i);
        if (i % 2 == 0) {
            memmove(m->sample.ptr + to, m->sample.ptr + from, end - from);
            to += end - from;
            pc_store64le(m->ends.ptr + 8 * (i / 2), to);
        }
        from = end;
    }
    m->ends.len = (n + 1) / 2 * 8;
    m->sample.len = to;
    m->every *= 2;
}

void pi_symbol_maker_add(pi_symbol_maker *m, const uint8_t *keys, size_t len)
{
    if (m->blocks++ % m->every)
        return;
    for (const uint8_t *end = keys + len; keys < end; keys += 2 + keys[1])
        pc_buf_put(&m->sample, keys + 1, 1 + (size_t)keys[1]);
    pc_buf_put_u64(&m->ends, m->sample.len);
    if (m->sample.len > SAMPLE_MAX && !m->sample.status && !m->ends.status)
        thin(m);
}

/* ---- candidates --------------------------------------------------------- */

typedef struct candidate {
    uint8_t bytes[PC_SYMBOL_MAX]; /* zeros behind */
    uint32_t len;
    uint64_t count;
} candidate;

typedef struct maker {
    pc_symbols *table;
    uint32_t single[CODES];      /* how often each code occurs */
    uint32_t pair[CODES][CODES]; /* and each behind each */
    candidate *found;
    size_t n, room;
} maker;

/* What a code stands for. */
static candidate text_of(const maker *m, unsigned code)
{
    candidate c = {.len = 1};
    if (code >= LITERAL) {
        c.bytes[0] = (uint8_t)(code - LITERAL);
    } else {
        c.len = m->table->len[code];
        memcpy(c.bytes, m->table->bytes[code], PC_SYMBOL_MAX);
    }
    return c;
}

/* Codes the sample and counts. */
static void count_codes(maker *m, const pc_buf *sample)
{
    pc_symbol_coder coder;
    uint8_t codes[2 * 255];
    const uint8_t *p = sample->ptr, *end = p + sample->len;
    pc_symbol_coder_init(&coder, m->table);
    memset(m->single, 0, sizeof m->single);
    memset(m->pair, 0, sizeof m->pair);
    for (; p < end; p += 1 + p[0]) {
        size_t n = pc_symbols_put(&coder, p + 1, p[0], codes);
        unsigned before = CODES;
        for (size_t i = 0; i < n; i++) {
            unsigned code = codes[i];
            if (m->table->n == 0)
                code += LITERAL;
            else if (code == PC_SYMBOL_ESCAPE)
                code = LITERAL + codes[++i];
            m->single[code]++;
            if (before < CODES)
                m->pair[before][code]++;
            before = code;
        }
    }
}

static void offer(maker *m, candidate c, uint64_t count)
{
    if (m->n < m->room) {
        c.count = count;
        m->found[m->n] = c;
    }
    m->n++;
}

/* All that may become symbols; m->n of them, whether there is room or not. */
static void offer_all(maker *m)
{
    m->n = 0;
    for (unsigned a = 0; a < CODES; a++) {
        if (m->single[a] == 0)
            continue;
        candidate first = text_of(m, a);
        offer(m, first, m->single[a]);
        for (unsigned b = 0; b < CODES; b++) {
            if (m->pair[a][b] < 2)
                continue;
            candidate both = first, second = text_of(m, b);
            if (first.len + second.len > PC_SYMBOL_MAX)
                continue;
            memcpy(both.bytes + first.len, second.bytes, second.len);
            both.len += second.len;
            offer(m, both, m->pair[a][b]);
        }
    }
}

static int by_bytes(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->len != y->len)
        return x->len < y->len ? -1 : 1;
    return memcmp(x->bytes, y->bytes, sizeof x->bytes);
}

/* A single byte that is no symbol costs two codes, not one for each part. */
static uint64_t gain(const candidate *c)
{
    return c->count * (c->len == 1 ? 3 : 2 * (uint64_t)c->len);
}

static int by_gain(const void *a, const void *b)
{
    uint64_t x = gain(a), y = gain(b);
    if (x != y)
        return x > y ? -1 : 1;
    return by_bytes(a, b);
}

/* Adds up what was found in several ways. */
static void join_equals(maker *m)
{
    size_t to = 0;
    qsort(m->found, m->n, sizeof *m->found, by_bytes);
    for (size_t i = 1; i < m->n; i++) {
        if (by_bytes(&m->found[to], &m->found[i]) == 0)
            m->found[to].count += m->found[i].count;
        else
            m->found[++to] = m->found[i];
    }
    m->n = to + 1;
}

/* The best candidates become the table. */
static void take_best(maker *m)
{
    uint8_t lens[PC_SYMBOLS_MAX], bytes[PC_SYMBOLS_MAX * PC_SYMBOL_MAX];
    uint32_t n = 0;
    size_t size = 0;
    qsort(m->found, m->n, sizeof *m->found, by_gain);
    for (; n < m->n && n < PC_SYMBOLS_MAX; n++) {
        const candidate *c = &m->found[n];
        lens[n] = (uint8_t)c->len;
        memcpy(bytes + size, c->bytes, c->len);
        size += c->len;
    }
    bool ok = pc_symbols_set(m->table, n, lens, bytes, size);
    PC_ASSERT(ok);
    (void)ok;
}

static int step(maker *m, const pi_symbol_maker *from)
{
    count_codes(m, &from->sample);
    offer_all(m);
    if (m->n > m->room) {
        pc_free(from->sample.mem, m->found);
        m->room = m->n;
        m->found = pc_alloc(from->sample.mem, m->room, sizeof *m->found);
        if (!m->found)
            return PARASOL_NOMEM;
        offer_all(m);
    }
    join_equals(m);
    take_best(m);
    return PARASOL_OK;
}

int pi_symbol_maker_make(const pi_symbol_maker *m, pc_symbols *out)
{
    int rc = PARASOL_OK;
    pc_symbols_init(out);
    if (m->sample.status || m->ends.status)
        return PARASOL_NOMEM;
    if (m->sample.len * m->every < LEAST_BYTES)
        return PARASOL_OK;
    maker *work = pc_alloc(m->sample.mem, 1, sizeof *work);
    if (!work)
        return PARASOL_NOMEM;
    work->table = out;
    work->found = NULL;
    work->room = 0;
    for (unsigned i = 0; !rc && i < STEPS; i++)
        rc = step(work, m);
    pc_free(m->sample.mem, work->found);
    pc_free(m->sample.mem, work);
    return rc;
}
