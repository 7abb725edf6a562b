/*
 * Records of dictionary entries:
 *     flags:u8 word_len:u8 word
 *     term: df:varint more:varint, then
 *           inline: (gap:varint tf:varint)*df (gap:varint [variant:varint])*ctf
 *           else: post_len:varint pos_len:varint
 *     form, unless sole: strip:varint add_len:u8 add variant:varint
 *                        df:varint more:varint
 */
#include "indexer/invert/entry_record.h"

#include "common/codec/varint.h"

/* Whoever adds to an entry adds to its record. */
_Static_assert(sizeof(pc_entry) == 248, "the record holds all of the entry");

static size_t put(uint8_t *to, uint64_t v)
{
    return pc_varint_put(to, v);
}

static size_t put_form(uint8_t *to, const pc_form_info *f)
{
    size_t n = put(to, f->strip);
    to[n++] = (uint8_t)f->add.len;
    memcpy(to + n, f->add.ptr, f->add.len);
    n += f->add.len;
    n += put(to + n, f->variant);
    n += put(to + n, f->df);
    return n + put(to + n, f->ctf - f->df);
}

static size_t put_inline(uint8_t *to, const pc_entry *e)
{
    size_t n = 0;
    for (uint32_t i = 0; i < e->df; i++) {
        n += put(to + n, e->inl.ids[i]);
        n += put(to + n, e->inl.tfs[i]);
    }
    for (uint64_t i = 0; i < e->ctf; i++) {
        n += put(to + n, e->inl.gaps[i]);
        if (e->flags & PC_ENTRY_VARIANTS)
            n += put(to + n, e->inl.variants[i]);
    }
    return n;
}

static size_t put_term(uint8_t *to, const pc_entry *e)
{
    size_t n = put(to, e->df);
    n += put(to + n, e->ctf - e->df);
    if (e->flags & PC_ENTRY_INLINE)
        return n + put_inline(to + n, e);
    n += put(to + n, e->post_len);
    return n + put(to + n, e->pos_len);
}

void pi_entry_put(pc_buf *out, pc_str word, const pc_entry *e)
{
    uint8_t *to = pc_buf_reserve(out, PI_ENTRY_MAX);
    size_t n = 0;
    if (!to)
        return;
    to[n++] = e->flags;
    to[n++] = (uint8_t)word.len;
    memcpy(to + n, word.ptr, word.len);
    n += word.len;
    if (e->flags & PC_ENTRY_TERM)
        n += put_term(to + n, e);
    if ((e->flags & PC_ENTRY_FORM) && !(e->flags & PC_ENTRY_SOLE))
        n += put_form(to + n, &e->form);
    out->len += n;
}

/* `len` bytes as a string; NULL when there are fewer, or p is NULL. */
static const uint8_t *get_str(const uint8_t *p, const uint8_t *end,
                              uint64_t len, pc_str *s)
{
    if (!p || len > (uint64_t)(end - p))
        return NULL;
    *s = (pc_str){(const char *)p, (size_t)len};
    return p + len;
}

static const uint8_t *get(const uint8_t *p, const uint8_t *end, uint64_t *v)
{
    return p ? pc_varint_get64(p, end, v) : NULL;
}

static const uint8_t *get_counts(const uint8_t *p, const uint8_t *end,
                                 uint32_t *df, uint64_t *ctf)
{
    uint64_t n = 0, more = 0;
    p = get(get(p, end, &n), end, &more);
    *df = (uint32_t)n;
    *ctf = n + more;
    return p;
}

static const uint8_t *get_inline(const uint8_t *p, const uint8_t *end,
                                 pc_entry *e)
{
    uint64_t v = 0;
    if (e->df > PC_INLINE_DOCS || e->ctf > PC_INLINE_OCCURRENCES)
        return NULL;
    for (uint32_t i = 0; i < e->df; i++) {
        p = get(p, end, &v);
        e->inl.ids[i] = (uint32_t)v;
        p = get(p, end, &v);
        e->inl.tfs[i] = (uint32_t)v;
    }
    for (uint64_t i = 0; i < e->ctf; i++) {
        p = get(p, end, &v);
        e->inl.gaps[i] = (uint32_t)v;
        if (e->flags & PC_ENTRY_VARIANTS) {
            p = get(p, end, &v);
            e->inl.variants[i] = (uint16_t)v;
        }
    }
    return p;
}

static const uint8_t *get_term(const uint8_t *p, const uint8_t *end,
                               pc_entry *e)
{
    p = get_counts(p, end, &e->df, &e->ctf);
    if (p && (e->flags & PC_ENTRY_INLINE))
        return get_inline(p, end, e);
    p = get(p, end, &e->post_len);
    return get(p, end, &e->pos_len);
}

static const uint8_t *get_form(const uint8_t *p, const uint8_t *end,
                               pc_form_info *f)
{
    uint64_t v = 0;
    p = get(p, end, &v);
    f->strip = (uint32_t)v;
    if (!p || p == end)
        return NULL;
    p = get_str(p + 1, end, *p, &f->add);
    p = get(p, end, &v);
    f->variant = (uint32_t)v;
    return get_counts(p, end, &f->df, &f->ctf);
}

const uint8_t *pi_entry_get(const uint8_t *p, const uint8_t *end, pc_str *word,
                            pc_entry *e)
{
    *e = (pc_entry){0};
    if (end - p < 2)
        return NULL;
    e->flags = p[0];
    p = get_str(p + 2, end, p[1], word);
    if (p && (e->flags & PC_ENTRY_TERM))
        p = get_term(p, end, e);
    if (p && (e->flags & PC_ENTRY_FORM) && !(e->flags & PC_ENTRY_SOLE))
        p = get_form(p, end, &e->form);
    return p;
}
