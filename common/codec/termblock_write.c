/*
 * Dictionary entries -> a block of bytes. First the entries are put as they
 * come, then, when the symbols of all keys are known, the keys are coded.
 */
#include <string.h>

#include "common/base/ints.h"
#include "common/codec/termblock.h"
#include "common/codec/termblock_internal.h"
#include "common/codec/varint.h"

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
    size_t shared = 0, most = key.len;
    if (w->n == 0) { /* the block is told the beginning of its first key */
        shared = most < PC_KEY_PREFIX ? most : PC_KEY_PREFIX;
    } else {
        most = w->last_len < most ? w->last_len : most;
        while (shared < most && w->last[shared] == (uint8_t)key.ptr[shared])
            shared++;
    }
    pc_buf_put_u8(&w->keys, (uint8_t)shared);
    pc_buf_put_u8(&w->keys, (uint8_t)(key.len - shared));
    pc_buf_put(&w->keys, key.ptr + shared, key.len - shared);
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

static void put_kinds(const pc_termblock_writer *w, pc_buf *out)
{
    pc_bit_writer bits = {.out = out};
    for (uint32_t i = 0; i < w->n; i++)
        pc_kind_put(&bits, w->entries[i].flags);
    pc_bits_end(&bits, 0);
}

/* Where the first list is, and how long each is. */
static void put_places(const pc_termblock_writer *w, pc_buf *out)
{
    pc_bit_writer bits = {.out = out};
    bool first = true;
    for (uint32_t i = 0; i < w->n; i++) {
        const pc_entry *e = &w->entries[i];
        if (!pc_entry_has_place(e->flags))
            continue;
        if (first) {
            pc_varint_append(out, e->post_off);
            pc_varint_append(out, e->pos_off);
        }
        first = false;
        pc_place_put(&bits, e);
    }
    pc_bits_end(&bits, 0);
}

static void put_forms(const pc_termblock_writer *w, pc_buf *out)
{
    pc_bit_writer bits = {.out = out};
    for (uint32_t i = 0; i < w->n; i++) {
        if (pc_entry_has_form(w->entries[i].flags))
            pc_form_put(&bits, &w->entries[i].form);
    }
    pc_bits_end(&bits, 0);
    if (!w->adds.status)
        put_adds(w, out);
}

static void put_lists(const pc_termblock_writer *w, pc_buf *out, unsigned bits)
{
    pc_bit_writer lists = {.out = out};
    for (uint32_t i = 0; i < w->n; i++) {
        if (w->entries[i].flags & PC_ENTRY_INLINE)
            pc_inline_put(&lists, &w->entries[i], bits);
    }
    pc_bits_end(&lists, 0);
}

pc_termblock_draft pc_termblock_flush(pc_termblock_writer *w, pc_buf *out)
{
    pc_termblock_draft d = {.n = (uint8_t)w->n,
                            .doc_bits = (uint8_t)doc_bits(w),
                            .keys_len = (uint32_t)w->keys.len};
    size_t at = out->len + w->keys.len;
    PC_ASSERT(w->n > 0);
    pc_buf_put(out, w->keys.ptr, w->keys.len);
    put_kinds(w, out);
    d.kinds_len = (uint8_t)(out->len - at);
    at = out->len;
    put_places(w, out);
    d.places_len = (uint32_t)(out->len - at);
    at = out->len;
    put_forms(w, out);
    d.forms_len = (uint32_t)(out->len - at);
    at = out->len;
    put_lists(w, out, d.doc_bits);
    d.lists_len = (uint32_t)(out->len - at);
    if (w->keys.status || w->adds.status)
        out->status = PARASOL_NOMEM;
    pc_buf_clear(&w->keys);
    pc_buf_clear(&w->adds);
    w->n = 0;
    w->last_len = 0;
    return d;
}

/* Codes the keys of a draft; the bytes that they take at `out`, which has room
   for what they take at most. */
static size_t code_keys(uint8_t *out, const pc_termblock_draft *d,
                        const uint8_t *keys, const pc_symbol_coder *coder)
{
    uint8_t codes[2 * PC_KEY_MAX], *p = out;
    for (unsigned i = 0; i < d->n; i++) {
        size_t shared = keys[0], rest = keys[1];
        size_t n = pc_symbols_put(coder, keys + 2, rest, codes);
        size_t hi = shared < PC_KEY_NIBBLE_MAX ? shared : PC_KEY_NIBBLE_MAX;
        size_t lo = n < PC_KEY_NIBBLE_MAX ? n : PC_KEY_NIBBLE_MAX;
        *p++ = (uint8_t)((hi << 4) | lo);
        if (hi == PC_KEY_NIBBLE_MAX)
            p += pc_varint_put(p, shared - PC_KEY_NIBBLE_MAX);
        if (lo == PC_KEY_NIBBLE_MAX)
            p += pc_varint_put(p, n - PC_KEY_NIBBLE_MAX);
        memcpy(p, codes, n);
        p += n;
        keys += 2 + rest;
    }
    return (size_t)(p - out);
}

void pc_termblock_put(pc_buf *out, const pc_termblock_draft *draft,
                      const uint8_t *bytes, const pc_symbol_coder *coder)
{
    uint8_t keys[PC_TERM_BLOCK * (5 + 2 * PC_KEY_MAX)];
    size_t keys_len = code_keys(keys, draft, bytes, coder);
    uint8_t head[PC_TERMBLOCK_HEAD] = {draft->n, draft->doc_bits,
                                       draft->kinds_len};
    pc_buf_put(out, head, sizeof head);
    pc_varint_append(out, keys_len);
    pc_varint_append(out, draft->places_len);
    pc_varint_append(out, draft->forms_len);
    pc_buf_put(out, keys, keys_len);
    pc_buf_put(out, bytes + draft->keys_len,
               (size_t)draft->kinds_len + draft->places_len + draft->forms_len +
                   draft->lists_len);
}
