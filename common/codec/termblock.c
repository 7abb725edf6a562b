/*
 * A block of front-coded dictionary entries <-> bytes.
 *
 *   n:u8 keys_len:u16 doc_bits:u8 keys post_base:varint pos_base:varint payload
 *   adds
 *
 * A key after the first begins with a byte whose halves are the length shared
 * with the key before and the length of the rest; 15 in a half means that a
 * varint of what exceeds it follows. The payload is a string of bits
 * (common/codec/entry.h); what forms add to be stems stands at the end, the
 * first one last.
 */
#include "common/codec/termblock.h"

#include <string.h>

#include "common/base/ints.h"
#include "common/codec/varint.h"

#define NIBBLE_MAX 15u
#define HEAD 4u /* bytes before the keys */

/* ---- writing ------------------------------------------------------------ */

void pc_termblock_init(pc_termblock_writer *w, const pc_mem *mem)
{
    pc_buf_init(&w->keys, mem);
    pc_buf_init(&w->adds, mem);
    w->n = 0;
    w->last_len = 0;
}

void pc_termblock_release(pc_termblock_writer *w)
{
    pc_buf_release(&w->keys);
    pc_buf_release(&w->adds);
}

static void put_key(pc_termblock_writer *w, pc_str key)
{
    size_t shared = 0;
    if (w->n > 0) {
        while (shared < w->last_len && shared < key.len &&
               w->last[shared] == (uint8_t)key.ptr[shared])
            shared++;
    }
    size_t rest = key.len - shared;
    size_t hi = shared < NIBBLE_MAX ? shared : NIBBLE_MAX;
    size_t lo = rest < NIBBLE_MAX ? rest : NIBBLE_MAX;
    pc_buf_put_u8(&w->keys, (uint8_t)((hi << 4) | lo));
    if (hi == NIBBLE_MAX)
        pc_varint_append(&w->keys, shared - NIBBLE_MAX);
    if (lo == NIBBLE_MAX)
        pc_varint_append(&w->keys, rest - NIBBLE_MAX);
    pc_buf_put(&w->keys, key.ptr + shared, rest);
    memcpy(w->last, key.ptr, key.len);
    w->last_len = key.len;
}

void pc_termblock_add(pc_termblock_writer *w, pc_str key, const pc_entry *e)
{
    PC_ASSERT(w->n < PC_TERM_BLOCK && key.len <= PC_KEY_MAX && key.len > 0);
    put_key(w, key);
    w->entries[w->n++] = *e;
    pc_buf_put_str(&w->adds, e->form.add);
}

/* Bits of the highest document of a list in the block. */
static unsigned doc_bits(const pc_termblock_writer *w)
{
    uint32_t all = 0;
    for (uint32_t i = 0; i < w->n; i++) {
        const pc_entry *e = &w->entries[i];
        if (e->flags & PC_ENTRY_INLINE)
            all |= e->inl.ids[e->df - 1];
    }
    return pc_bits32(all);
}

/* The first list of the block that has bytes elsewhere, or NULL. */
static const pc_entry *first_list(const pc_termblock_writer *w)
{
    for (uint32_t i = 0; i < w->n; i++) {
        unsigned flags = w->entries[i].flags;
        if ((flags & PC_ENTRY_TERM) && !(flags & PC_ENTRY_INLINE))
            return &w->entries[i];
    }
    return NULL;
}

/* The added bytes, the first ones last. */
static void put_adds(const pc_termblock_writer *w, pc_buf *out)
{
    size_t end = w->adds.len;
    for (uint32_t i = w->n; i > 0; i--) {
        size_t len = w->entries[i - 1].form.add.len;
        end -= len;
        pc_buf_put(out, w->adds.ptr + end, len);
    }
}

void pc_termblock_flush(pc_termblock_writer *w, pc_buf *out)
{
    if (w->n == 0)
        return;
    uint8_t head[HEAD] = {(uint8_t)w->n};
    unsigned bits = doc_bits(w);
    const pc_entry *list = first_list(w);
    pc_bit_writer payload = {.out = out};
    pc_store16le(head + 1, (uint16_t)w->keys.len);
    head[3] = (uint8_t)bits;
    pc_buf_put(out, head, sizeof head);
    pc_buf_put(out, w->keys.ptr, w->keys.len);
    pc_varint_append(out, list ? list->post_off : 0);
    pc_varint_append(out, list ? list->pos_off : 0);
    for (uint32_t i = 0; i < w->n; i++)
        pc_entry_put(&payload, &w->entries[i], bits);
    pc_bits_end(&payload, 0);
    if (!w->adds.status)
        put_adds(w, out);
    if (w->keys.status || w->adds.status)
        out->status = PARASOL_NOMEM;
    pc_buf_clear(&w->keys);
    pc_buf_clear(&w->adds);
    w->n = 0;
    w->last_len = 0;
}

/* ---- reading ------------------------------------------------------------ */

int pc_termblock_open_keys(pc_termblock *b, const uint8_t *in, size_t len)
{
    if (len < HEAD)
        return PARASOL_CORRUPT;
    size_t keys_len = pc_load16le(in + 1);
    b->n = in[0];
    b->i = b->k = 0;
    b->key_len = 0;
    b->doc_bits = in[3];
    if (b->n == 0 || b->n > PC_TERM_BLOCK || keys_len > len - HEAD ||
        b->doc_bits > 32)
        return PARASOL_CORRUPT;
    b->keys = in + HEAD;
    b->keys_end = b->keys + keys_len;
    b->payload = (pc_bit_reader){.in = NULL};
    b->adds = in + len;
    return PARASOL_OK;
}

/* b->adds is still the end of the block. */
static int open_payload(pc_termblock *b)
{
    const uint8_t *end = b->adds;
    const uint8_t *p = pc_varint_get64(b->keys_end, end, &b->post_at);
    if (p)
        p = pc_varint_get64(p, end, &b->pos_at);
    if (!p)
        return PARASOL_CORRUPT;
    b->payload = (pc_bit_reader){.in = p, .end = (uint64_t)(end - p) * 8};
    return PARASOL_OK;
}

int pc_termblock_open(pc_termblock *b, const uint8_t *in, size_t len)
{
    int rc = pc_termblock_open_keys(b, in, len);
    return rc ? rc : open_payload(b);
}

/* Reads the lengths at the head of a key; NULL when they do not fit. */
static const uint8_t *get_key_head(const uint8_t *p, const uint8_t *end,
                                   uint32_t *shared, uint32_t *rest)
{
    if (p >= end)
        return NULL;
    uint32_t more;
    *shared = *p >> 4;
    *rest = *p & NIBBLE_MAX;
    p++;
    if (*shared == NIBBLE_MAX) {
        p = pc_varint_get32(p, end, &more);
        if (!p || more > PC_KEY_MAX)
            return NULL;
        *shared += more;
    }
    if (*rest == NIBBLE_MAX) {
        p = pc_varint_get32(p, end, &more);
        if (!p || more > PC_KEY_MAX)
            return NULL;
        *rest += more;
    }
    return *rest <= (size_t)(end - p) ? p : NULL;
}

static int next_key(pc_termblock *b)
{
    uint32_t shared, rest;
    const uint8_t *p = get_key_head(b->keys, b->keys_end, &shared, &rest);
    if (!p || shared > b->key_len || shared + rest > PC_KEY_MAX ||
        shared + rest == 0)
        return PARASOL_CORRUPT;
    memcpy(b->key + shared, p, rest);
    b->key_len = shared + rest;
    b->keys = p + rest;
    return PARASOL_OK;
}

/* Places that follow from those before: of lists, and of added bytes. */
static bool place(pc_termblock *b, pc_entry *e)
{
    unsigned lists = e->flags & (PC_ENTRY_TERM | PC_ENTRY_INLINE);
    if (lists == PC_ENTRY_TERM) {
        if (e->post_len > UINT64_MAX - b->post_at ||
            e->pos_len > UINT64_MAX - b->pos_at)
            return false;
        e->post_off = b->post_at;
        e->pos_off = b->pos_at;
        b->post_at += e->post_len;
        b->pos_at += e->pos_len;
    }
    size_t add = e->form.add.len;
    const uint8_t *least = b->payload.in + (b->payload.bit + 7) / 8;
    if (add > 0) {
        if (b->adds < least || add > (size_t)(b->adds - least))
            return false;
        b->adds -= add;
        e->form.add.ptr = (const char *)b->adds;
    }
    return true;
}

static int next_payload(pc_termblock *b, uint8_t field, pc_entry *e)
{
    e->field = field;
    e->post_off = e->post_len = e->pos_off = e->pos_len = 0;
    if (!pc_entry_get(&b->payload, b->doc_bits, e) || !place(b, e))
        return PARASOL_CORRUPT;
    return PARASOL_OK;
}

int pc_termblock_next(pc_termblock *b, pc_entry *e)
{
    if (b->i == b->n)
        return PARASOL_NOTFOUND;
    b->i++;
    int rc = next_key(b);
    return rc ? rc : next_payload(b, b->key[0], e);
}

int pc_termblock_next_key(pc_termblock *b, uint32_t limit, uint8_t least,
                          pc_termblock_key *key)
{
    const uint8_t *p = b->keys, *end = b->keys_end;
    for (uint32_t k = b->k; k < b->n; k++) {
        uint32_t shared, rest;
        if (PC_LIKELY(p < end && *p < 0xF0 && (*p & NIBBLE_MAX) < NIBBLE_MAX)) {
            shared = *p >> 4;
            rest = *p++ & NIBBLE_MAX;
        } else {
            p = get_key_head(p, end, &shared, &rest);
            if (!p || shared + rest > PC_KEY_MAX)
                return PARASOL_CORRUPT;
        }
        /* Behind the keys there is room to read: a rest of no bytes is only
           looked at. */
        if (shared < limit || (shared == limit && p[0] >= least)) {
            if (rest > (size_t)(end - p) || shared + rest == 0)
                return PARASOL_CORRUPT;
            *key = (pc_termblock_key){shared, rest, p};
            b->keys = p + rest;
            b->k = k + 1;
            return PARASOL_OK;
        }
        p += rest;
    }
    b->k = b->n;
    return PARASOL_NOTFOUND;
}

int pc_termblock_entry(pc_termblock *b, uint8_t field, pc_entry *e)
{
    int rc = b->i < b->k ? PARASOL_OK : PARASOL_CORRUPT;
    if (!rc && !b->payload.in)
        rc = open_payload(b);
    for (; !rc && b->i < b->k; b->i++)
        rc = next_payload(b, field, e);
    return rc;
}

/* Where scan_keys ended. */
typedef struct key_scan {
    uint32_t at; /* keys passed over */
    int cmp;     /* how the key sought compares with the last of them: 0, or
                    negative; not found at all: positive */
    const uint8_t *more; /* what the last key has behind the one sought, */
    uint32_t n_more;     /* if it begins with that */
} key_scan;

/* Passes over keys until one is not below `key`. */
static int scan_keys(pc_termblock *b, pc_str key, key_scan *s)
{
    size_t matched = 0; /* bytes that `key` shares with the key before */
    *s = (key_scan){.cmp = 1};
    for (; s->at < b->n && s->cmp > 0; ++s->at) {
        uint32_t shared, rest;
        const uint8_t *p = get_key_head(b->keys, b->keys_end, &shared, &rest);
        if (!p || shared > b->key_len || shared + rest > PC_KEY_MAX)
            return PARASOL_CORRUPT;
        b->keys = p + rest;
        b->key_len = shared + rest;
        /* A key that shares more with the one before than `key` does lies on
           the same side of `key`; one that shares less lies beyond it. */
        if (shared > matched)
            continue;
        if (shared < matched) {
            s->cmp = -1;
            continue;
        }
        size_t left = key.len - matched, n = 0;
        while (n < rest && n < left && p[n] == (uint8_t)key.ptr[matched + n])
            n++;
        matched += n;
        if (n == left) {
            s->cmp = n == rest ? 0 : -1;
            s->more = p + n;
            s->n_more = rest - (uint32_t)n;
        } else if (n < rest) {
            s->cmp = (uint8_t)key.ptr[matched] < p[n] ? -1 : 1;
        }
    }
    return PARASOL_OK;
}

/* Reads the entry before which `n` others stand. */
static int entry_at(pc_termblock *b, uint32_t n, uint8_t field, pc_entry *e)
{
    pc_entry_bytes passed;
    if (!pc_entry_skip(&b->payload, b->doc_bits, n, &passed) ||
        passed.post > UINT64_MAX - b->post_at ||
        passed.pos > UINT64_MAX - b->pos_at)
        return PARASOL_CORRUPT;
    b->post_at += passed.post;
    b->pos_at += passed.pos;
    if (passed.add > (uint64_t)(b->adds - b->payload.in))
        return PARASOL_CORRUPT;
    b->adds -= passed.add;
    b->i += n + 1;
    return next_payload(b, field, e);
}

int pc_termblock_find(pc_termblock *b, pc_str key, pc_entry *e)
{
    key_scan s;
    if (scan_keys(b, key, &s))
        return PARASOL_CORRUPT;
    if (s.cmp != 0)
        return PARASOL_NOTFOUND;
    return entry_at(b, s.at - 1, (uint8_t)key.ptr[0], e);
}

/* Whether a key that goes on with these bytes is the one with the mark behind,
   or leaves open whether that one comes later. */
static void judge(pc_termblock_word *w, const uint8_t *more, uint32_t n,
                  uint8_t mark)
{
    w->marked = n == 1 && more[0] == mark;
    w->open = n > 0 && more[0] < mark;
}

int pc_termblock_find_word(pc_termblock *b, pc_str key, uint8_t mark,
                           pc_termblock_word *out)
{
    key_scan s;
    uint32_t shared, rest;
    uint8_t field = (uint8_t)key.ptr[0];
    out->marked = false;
    if (scan_keys(b, key, &s))
        return PARASOL_CORRUPT;
    out->found = s.cmp == 0;
    out->open = s.cmp > 0 || (s.cmp == 0 && s.at == b->n);
    if (s.cmp < 0)
        judge(out, s.more, s.n_more, mark);
    if (!out->found)
        return out->marked ? entry_at(b, s.at - 1, field, &out->mark)
                           : PARASOL_OK;
    if (entry_at(b, s.at - 1, field, &out->entry))
        return PARASOL_CORRUPT;
    if (out->open)
        return PARASOL_OK;
    const uint8_t *p = get_key_head(b->keys, b->keys_end, &shared, &rest);
    if (!p)
        return PARASOL_CORRUPT;
    if (shared == key.len)
        judge(out, p, rest, mark);
    return out->marked ? entry_at(b, 0, field, &out->mark) : PARASOL_OK;
}

int pc_termblock_first(const uint8_t *in, size_t len, pc_str *key)
{
    uint32_t shared, rest;
    if (len < HEAD || pc_load16le(in + 1) > len - HEAD)
        return PARASOL_CORRUPT;
    const uint8_t *p = get_key_head(in + HEAD, in + HEAD + pc_load16le(in + 1),
                                    &shared, &rest);
    if (!p || shared != 0 || rest == 0)
        return PARASOL_CORRUPT;
    *key = (pc_str){(const char *)p, rest};
    return PARASOL_OK;
}
