/*
 * A block of front-coded dictionary entries <-> bytes.
 *
 *   n:u8 keys_len:u16 keys post_base:varint pos_base:varint payload
 *
 * A key after the first begins with a byte whose halves are the length shared
 * with the key before and the length of the rest; 15 in a half means that a
 * varint of what exceeds it follows.
 */
#include "common/codec/termblock.h"

#include <string.h>

#include "common/base/ints.h"
#include "common/codec/varint.h"

#define NIBBLE_MAX 15u

/* ---- writing ------------------------------------------------------------ */

void pc_termblock_init(pc_termblock_writer *w, const pc_mem *mem)
{
    pc_buf_init(&w->keys, mem);
    pc_buf_init(&w->payload, mem);
    w->n = 0;
    w->post_base = w->pos_base = UINT64_MAX;
    w->last_len = 0;
}

void pc_termblock_release(pc_termblock_writer *w)
{
    pc_buf_release(&w->keys);
    pc_buf_release(&w->payload);
}

static void put_bytes(pc_buf *b, pc_str s)
{
    pc_varint_append(b, s.len);
    pc_buf_put_str(b, s);
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

static void put_term(pc_termblock_writer *w, const pc_entry *e)
{
    pc_buf *p = &w->payload;
    pc_varint_append(p, e->df);
    pc_varint_append(p, e->ctf - e->df);
    if (e->flags & PC_ENTRY_INLINE) {
        put_bytes(p, e->inl);
        return;
    }
    if (w->post_base == UINT64_MAX) {
        w->post_base = e->post_off;
        w->pos_base = e->pos_off;
    }
    pc_varint_append(p, e->post_len);
    pc_varint_append(p, e->pos_len);
}

void pc_termblock_add(pc_termblock_writer *w, pc_str key, const pc_entry *e)
{
    PC_ASSERT(w->n < PC_TERM_BLOCK && key.len <= PC_KEY_MAX && key.len > 0);
    put_key(w, key);
    pc_buf_put_u8(&w->payload, e->flags);
    if (e->flags & PC_ENTRY_TERM)
        put_term(w, e);
    if ((e->flags & PC_ENTRY_FORM) && !(e->flags & PC_ENTRY_SOLE)) {
        pc_varint_append(&w->payload, e->form.strip);
        put_bytes(&w->payload, e->form.add);
        pc_varint_append(&w->payload, e->form.variant);
        pc_varint_append(&w->payload, e->form.df);
        pc_varint_append(&w->payload, e->form.ctf - e->form.df);
    }
    w->n++;
}

void pc_termblock_flush(pc_termblock_writer *w, pc_buf *out)
{
    if (w->n == 0)
        return;
    uint8_t head[3] = {(uint8_t)w->n};
    pc_store16le(head + 1, (uint16_t)w->keys.len);
    pc_buf_put(out, head, sizeof head);
    pc_buf_put(out, w->keys.ptr, w->keys.len);
    pc_varint_append(out, w->post_base == UINT64_MAX ? 0 : w->post_base);
    pc_varint_append(out, w->pos_base == UINT64_MAX ? 0 : w->pos_base);
    pc_buf_put(out, w->payload.ptr, w->payload.len);
    if (w->keys.status || w->payload.status)
        out->status = PARASOL_NOMEM;
    pc_buf_clear(&w->keys);
    pc_buf_clear(&w->payload);
    w->n = 0;
    w->post_base = w->pos_base = UINT64_MAX;
    w->last_len = 0;
}

/* ---- reading ------------------------------------------------------------ */

int pc_termblock_open(pc_termblock *b, const uint8_t *in, size_t len)
{
    if (len < 3)
        return PARASOL_CORRUPT;
    size_t keys_len = pc_load16le(in + 1);
    b->n = in[0];
    b->i = 0;
    b->key_len = 0;
    if (b->n == 0 || b->n > PC_TERM_BLOCK || keys_len > len - 3)
        return PARASOL_CORRUPT;
    b->keys = in + 3;
    b->keys_end = b->keys + keys_len;
    b->end = in + len;
    const uint8_t *p = pc_varint_get64(b->keys_end, b->end, &b->post_at);
    if (p)
        p = pc_varint_get64(p, b->end, &b->pos_at);
    if (!p)
        return PARASOL_CORRUPT;
    b->payload = p;
    return PARASOL_OK;
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

static const uint8_t *get_bytes(const uint8_t *p, const uint8_t *end,
                                pc_str *out)
{
    uint32_t len;
    p = pc_varint_get32(p, end, &len);
    if (!p || len > (size_t)(end - p))
        return NULL;
    *out = (pc_str){(const char *)p, len};
    return p + len;
}

static const uint8_t *get_counts(const uint8_t *p, const uint8_t *end,
                                 uint32_t *df, uint64_t *ctf)
{
    uint64_t more;
    p = pc_varint_get32(p, end, df);
    if (!p || *df == 0)
        return NULL;
    p = pc_varint_get64(p, end, &more);
    if (!p || more > UINT64_MAX - *df)
        return NULL;
    *ctf = *df + more;
    return p;
}

static const uint8_t *get_term(pc_termblock *b, const uint8_t *p, pc_entry *e)
{
    p = get_counts(p, b->end, &e->df, &e->ctf);
    if (!p)
        return NULL;
    if (e->flags & PC_ENTRY_INLINE)
        return get_bytes(p, b->end, &e->inl);
    p = pc_varint_get64(p, b->end, &e->post_len);
    if (p)
        p = pc_varint_get64(p, b->end, &e->pos_len);
    if (!p || e->post_len > UINT64_MAX - b->post_at ||
        e->pos_len > UINT64_MAX - b->pos_at)
        return NULL;
    e->post_off = b->post_at;
    e->pos_off = b->pos_at;
    b->post_at += e->post_len;
    b->pos_at += e->pos_len;
    return p;
}

static const uint8_t *get_form(pc_termblock *b, const uint8_t *p, pc_entry *e)
{
    p = pc_varint_get32(p, b->end, &e->form.strip);
    if (p)
        p = get_bytes(p, b->end, &e->form.add);
    if (p)
        p = pc_varint_get32(p, b->end, &e->form.variant);
    return p ? get_counts(p, b->end, &e->form.df, &e->form.ctf) : NULL;
}

/* Does each flag have those it rests on? */
static bool flags_agree(uint8_t flags)
{
    unsigned both = PC_ENTRY_TERM | PC_ENTRY_FORM;
    if ((flags & ~PC_ENTRY_FLAGS_ALL) || !(flags & both))
        return false;
    if ((flags & PC_ENTRY_SOLE) && (flags & both) != both)
        return false;
    if ((flags & PC_ENTRY_INLINE) && !(flags & PC_ENTRY_TERM))
        return false;
    return !(flags & PC_ENTRY_VARIANTS) || (flags & PC_ENTRY_INLINE);
}

static int next_payload(pc_termblock *b, uint8_t field, pc_entry *e)
{
    if (b->payload >= b->end)
        return PARASOL_CORRUPT;
    *e = (pc_entry){.flags = *b->payload, .field = field};
    const uint8_t *p = b->payload + 1;
    if (!flags_agree(e->flags))
        return PARASOL_CORRUPT;
    if (e->flags & PC_ENTRY_TERM)
        p = get_term(b, p, e);
    if (p && (e->flags & PC_ENTRY_SOLE))
        e->form = (pc_form_info){.df = e->df, .ctf = e->ctf};
    else if (p && (e->flags & PC_ENTRY_FORM))
        p = get_form(b, p, e);
    if (!p)
        return PARASOL_CORRUPT;
    b->payload = p;
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

/* Passes over keys until one is not below `key`. *cmp tells how `key`
   compares with it: 0, or negative. Not found at all: positive. */
static int scan_keys(pc_termblock *b, pc_str key, uint32_t *at, int *cmp)
{
    size_t matched = 0; /* bytes that `key` shares with the key before */
    *cmp = 1;
    for (*at = 0; *at<b->n && * cmp> 0; ++*at) {
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
            *cmp = -1;
            continue;
        }
        size_t left = key.len - matched, n = 0;
        while (n < rest && n < left && p[n] == (uint8_t)key.ptr[matched + n])
            n++;
        matched += n;
        if (n == left)
            *cmp = n == rest ? 0 : -1;
        else if (n < rest)
            *cmp = (uint8_t)key.ptr[matched] < p[n] ? -1 : 1;
    }
    return PARASOL_OK;
}

int pc_termblock_find(pc_termblock *b, pc_str key, pc_entry *e)
{
    uint32_t at;
    int cmp;
    if (scan_keys(b, key, &at, &cmp))
        return PARASOL_CORRUPT;
    if (cmp != 0)
        return PARASOL_NOTFOUND;
    for (; b->i < at; b->i++) {
        if (next_payload(b, (uint8_t)key.ptr[0], e) != PARASOL_OK)
            return PARASOL_CORRUPT;
    }
    return PARASOL_OK;
}

int pc_termblock_first(const uint8_t *in, size_t len, pc_str *key)
{
    uint32_t shared, rest;
    if (len < 3 || pc_load16le(in + 1) > len - 3)
        return PARASOL_CORRUPT;
    const uint8_t *p =
        get_key_head(in + 3, in + 3 + pc_load16le(in + 1), &shared, &rest);
    if (!p || shared != 0 || rest == 0)
        return PARASOL_CORRUPT;
    *key = (pc_str){(const char *)p, rest};
    return PARASOL_OK;
}
