/*
 * A block of bytes -> dictionary entries, one after the other or the one that
 * is looked for.
 */
#include "common/codec/termblock.h"

#include <string.h>

#include "common/base/ints.h"
#include "common/codec/termblock_internal.h"
#include "common/codec/varint.h"

/* Cuts a string of bits off the front of *p. */
static pc_bit_reader cut(const uint8_t **p, size_t len)
{
    pc_bit_reader r = {.in = *p, .end = (uint64_t)len * 8};
    *p += len;
    return r;
}

int pc_termblock_open(pc_termblock *b, const pc_termblock_bytes *in)
{
    const uint8_t *p = in->ptr, *end = p + in->len;
    uint32_t keys, places, forms;
    if (in->len < PC_TERMBLOCK_HEAD)
        return PARASOL_CORRUPT;
    b->n = p[0];
    b->doc_bits = p[1];
    size_t kinds = p[2];
    p = pc_varint_get32(p + PC_TERMBLOCK_HEAD, end, &keys);
    if (p)
        p = pc_varint_get32(p, end, &places);
    if (p)
        p = pc_varint_get32(p, end, &forms);
    if (!p || b->n == 0 || b->n > PC_TERM_BLOCK || b->doc_bits > 32 ||
        (uint64_t)keys + kinds + places + forms > (size_t)(end - p))
        return PARASOL_CORRUPT;
    b->symbols = in->symbols;
    b->prefix = in->prefix;
    b->i = b->k = 0;
    b->n_kinds = b->n_places = b->n_forms = 0;
    b->at_place = b->at_form = b->at_list = 0;
    b->based = false;
    b->post_at = b->pos_at = 0;
    b->keys = p;
    b->keys_end = p += keys;
    b->kinds = cut(&p, kinds);
    b->places = cut(&p, places);
    b->forms = cut(&p, forms);
    b->adds = p;
    b->lists = cut(&p, (size_t)(end - p));
    for (unsigned i = 0; i < PC_KEY_PREFIX; i++)
        b->key[i] = (uint8_t)(in->prefix >> (56 - 8 * i));
    b->key_len = PC_KEY_PREFIX; /* as if it were the key before the first */
    return PARASOL_OK;
}

static PC_NOINLINE const uint8_t *get_long_head(const uint8_t *p,
                                                const uint8_t *end,
                                                uint32_t *shared,
                                                uint32_t *codes)
{
    if (p >= end)
        return NULL;
    uint32_t more;
    *shared = *p >> 4;
    *codes = *p & PC_KEY_NIBBLE_MAX;
    p++;
    if (*shared == PC_KEY_NIBBLE_MAX) {
        p = pc_varint_get32(p, end, &more);
        if (!p || more > PC_KEY_MAX)
            return NULL;
        *shared += more;
    }
    if (*codes == PC_KEY_NIBBLE_MAX) {
        p = pc_varint_get32(p, end, &more);
        if (!p || more > 2 * PC_KEY_MAX)
            return NULL;
        *codes += more;
    }
    return *codes <= (size_t)(end - p) ? p : NULL;
}

/* Reads the numbers at the head of a key; NULL when they do not fit. */
static inline const uint8_t *get_key_head(const uint8_t *p, const uint8_t *end,
                                          uint32_t *shared, uint32_t *codes)
{
    if (PC_UNLIKELY(p >= end))
        return NULL;
    *shared = *p >> 4;
    *codes = *p & PC_KEY_NIBBLE_MAX;
    if (PC_UNLIKELY(*shared == PC_KEY_NIBBLE_MAX ||
                    *codes == PC_KEY_NIBBLE_MAX || *codes >= (size_t)(end - p)))
        return get_long_head(p, end, shared, codes);
    return p + 1;
}

static int next_key(pc_termblock *b)
{
    uint32_t shared, codes;
    size_t rest;
    const uint8_t *p = get_key_head(b->keys, b->keys_end, &shared, &codes);
    if (!p || shared > b->key_len || shared > PC_KEY_MAX ||
        !pc_symbols_get(b->symbols, p, codes, b->key + shared,
                        PC_KEY_MAX - shared, &rest) ||
        shared + rest == 0)
        return PARASOL_CORRUPT;
    b->key_len = shared + rest;
    b->keys = p + codes;
    return PARASOL_OK;
}

/* ---- parts of entries --------------------------------------------------- */

/* What a kind adds to the counts: a place, and from bit 16 on a form. */
static const uint32_t kind_parts[PC_KINDS] = {
    0, 1u << 16, 0, 1, 1 | 1u << 16, 1, 1u << 16, 0, 1u << 16};

/* The kind of entry i; with b->n_places and b->n_forms those before it. */
static bool kind_of(pc_termblock *b, uint32_t i, unsigned *flags)
{
    const uint8_t *in = b->kinds.in;
    uint64_t bit = b->kinds.bit, end = b->kinds.end;
    uint32_t n = b->n_kinds, parts = 0;
    unsigned kind = 0;
    while (n <= i) {
        uint64_t window = ~pc_bits_at(in, bit, PC_BITS_MAX);
        uint64_t stop = bit + PC_BITS_MAX - PC_KINDS;
        while (n <= i && bit <= stop) {
            kind = pc_ctz64(window);
            if (kind >= PC_KINDS)
                return false;
            window >>= kind + 1;
            bit += kind + 1;
            b->kind[n++] = (uint8_t)kind;
            parts += kind_parts[kind];
        }
        if (bit > end)
            return false;
    }
    parts -= kind_parts[kind];
    b->n_places += parts & UINT16_MAX;
    b->n_forms += parts >> 16;
    b->n_kinds = n;
    b->kinds.bit = bit;
    *flags = pc_kinds[kind];
    return true;
}

/* Where the lists of the block begin stands before the bits of places. */
static bool open_places(pc_termblock *b)
{
    const uint8_t *in = b->places.in, *end = in + b->places.end / 8;
    const uint8_t *p = pc_varint_get64(in, end, &b->post_at);
    if (p)
        p = pc_varint_get64(p, end, &b->pos_at);
    if (!p)
        return false;
    b->places = (pc_bit_reader){.in = p, .end = (uint64_t)(end - p) * 8};
    b->based = true;
    return true;
}

static bool get_place(pc_termblock *b, pc_entry *e)
{
    if ((!b->based && !open_places(b)) ||
        !pc_places_skip(&b->places, b->n_places - b->at_place, &b->post_at,
                        &b->pos_at) ||
        !pc_place_get(&b->places, e) || e->post_len > UINT64_MAX - b->post_at ||
        e->pos_len > UINT64_MAX - b->pos_at)
        return false;
    e->post_off = b->post_at;
    e->pos_off = b->pos_at;
    b->post_at += e->post_len;
    b->pos_at += e->pos_len;
    b->at_place = b->n_places + 1;
    return true;
}

static bool get_form(pc_termblock *b, pc_entry *e)
{
    uint64_t passed = 0;
    if (!pc_forms_skip(&b->forms, b->n_forms - b->at_form, &passed) ||
        !pc_form_get(&b->forms, &e->form))
        return false;
    b->at_form = b->n_forms + 1;
    const uint8_t *least = b->forms.in + (b->forms.bit + 7) / 8;
    size_t room = (size_t)(b->adds - b->forms.in);
    if (b->adds < least || passed > room || e->form.add.len > room - passed)
        return false;
    b->adds -= passed + e->form.add.len;
    e->form.add.ptr = (const char *)b->adds;
    return b->adds >= least;
}

static bool get_list(pc_termblock *b, uint32_t i, pc_entry *e)
{
    if (!pc_inlines_skip(&b->lists, b->doc_bits, b->kind + b->at_list,
                         i - b->at_list) ||
        !pc_inline_get(&b->lists, b->doc_bits, e))
        return false;
    b->at_list = i + 1;
    return true;
}

/* Reads what is known of key i, which is behind those read before. */
static int entry_at(pc_termblock *b, uint32_t i, uint8_t field, pc_entry *e)
{
    unsigned flags = 0;
    if (!kind_of(b, i, &flags))
        return PARASOL_CORRUPT;
    e->flags = (uint8_t)flags;
    e->field = field;
    e->post_off = e->post_len = e->pos_off = e->pos_len = 0;
    e->form = (pc_form_info){0};
    bool ok = true;
    if (pc_entry_has_place(flags))
        ok = get_place(b, e);
    else if (flags & PC_ENTRY_INLINE)
        ok = get_list(b, i, e);
    if (pc_entry_has_form(flags)) {
        ok = ok && get_form(b, e);
    } else if (flags & PC_ENTRY_SOLE) {
        e->form.df = e->df;
        e->form.ctf = e->ctf;
    }
    b->n_places += pc_entry_has_place(flags);
    b->n_forms += pc_entry_has_form(flags);
    b->i = i + 1;
    return ok ? PARASOL_OK : PARASOL_CORRUPT;
}

int pc_termblock_next(pc_termblock *b, pc_entry *e)
{
    if (b->i == b->n)
        return PARASOL_NOTFOUND;
    if (next_key(b))
        return PARASOL_CORRUPT;
    return entry_at(b, b->i, b->key[0], e);
}

/* ---- keys alone --------------------------------------------------------- */

/* The first key of a block, in full, to `out`, with room for PC_KEY_MAX and a
   symbol. Returns the byte behind it, or NULL. */
static const uint8_t *get_first(const pc_termblock *b, uint8_t *out,
                                size_t *len)
{
    uint32_t shared, codes;
    size_t rest;
    const uint8_t *p = get_key_head(b->keys, b->keys_end, &shared, &codes);
    if (!p || shared > PC_KEY_PREFIX)
        return NULL;
    memcpy(out, b->key, PC_KEY_PREFIX);
    if (!pc_symbols_get(b->symbols, p, codes, out + shared, PC_KEY_MAX - shared,
                        &rest) ||
        shared + rest == 0)
        return NULL;
    *len = shared + rest;
    return p + codes;
}

static int first_key(pc_termblock *b, pc_termblock_key *key)
{
    size_t len;
    b->keys = get_first(b, b->rest, &len);
    if (!b->keys)
        return PARASOL_CORRUPT;
    *key = (pc_termblock_key){0, (uint32_t)len, b->rest};
    b->k = 1;
    return PARASOL_OK;
}

int pc_termblock_next_key(pc_termblock *b, uint32_t limit, uint8_t least,
                          pc_termblock_key *key)
{
    if (b->k == 0)
        return first_key(b, key);
    const uint8_t *p = b->keys, *end = b->keys_end;
    for (uint32_t k = b->k; k < b->n; k++) {
        uint32_t shared, codes;
        if (PC_LIKELY(p < end && *p < 0xF0 &&
                      (*p & PC_KEY_NIBBLE_MAX) < PC_KEY_NIBBLE_MAX)) {
            shared = *p >> 4;
            codes = *p++ & PC_KEY_NIBBLE_MAX;
        } else {
            p = get_key_head(p, end, &shared, &codes);
            if (!p || shared > PC_KEY_MAX)
                return PARASOL_CORRUPT;
        }
        /* Behind the keys there is room to read: a rest of no bytes is only
           looked at. */
        if (shared < limit ||
            (shared == limit && pc_symbols_first(b->symbols, p) >= least)) {
            size_t rest;
            if (codes > (size_t)(end - p) ||
                !pc_symbols_get(b->symbols, p, codes, b->rest,
                                PC_KEY_MAX - shared, &rest) ||
                shared + rest == 0)
                return PARASOL_CORRUPT;
            *key = (pc_termblock_key){shared, (uint32_t)rest, b->rest};
            b->keys = p + codes;
            b->k = k + 1;
            return PARASOL_OK;
        }
        p += codes;
    }
    b->k = b->n;
    return PARASOL_NOTFOUND;
}

int pc_termblock_entry(pc_termblock *b, uint8_t field, pc_entry *e)
{
    if (b->k == 0 || b->k <= b->i)
        return PARASOL_CORRUPT;
    return entry_at(b, b->k - 1, field, e);
}

/* ---- looking up --------------------------------------------------------- */

/* A scan over keys, and where it ended. */
typedef struct key_scan {
    const uint8_t *p; /* behind the last key passed over */
    size_t matched;   /* bytes that the key sought shares with that */
    uint32_t at;      /* keys passed over */
    int cmp;      /* how the key sought compares with the last of them: 0, or
                     negative; not found at all: positive */
    bool more;    /* the last key begins with the one sought, */
    uint8_t next; /* goes on with this byte, */
    bool ends;    /* and ends then */
} key_scan;

/* Compares `key` behind its first `matched` bytes with a rest. Returns how many
   bytes of it they have in common more. */
static size_t compare(key_scan *s, pc_str key, size_t matched,
                      const uint8_t *rest, size_t len)
{
    size_t left = key.len - matched, n = 0;
    while (n < len && n < left && rest[n] == (uint8_t)key.ptr[matched + n])
        n++;
    s->cmp = 1;
    if (n == left) {
        s->cmp = n == len ? 0 : -1;
        s->more = n < len;
        s->next = n < len ? rest[n] : 0;
        s->ends = n + 1 == len;
    } else if (n < len) {
        s->cmp = (uint8_t)key.ptr[matched + n] < rest[n] ? -1 : 1;
    }
    return n;
}

/* Passes over keys of usual heads that are on the same side of `key` as the one
   before, with which it shares `matched` bytes: they share more, or as many and
   have a lower byte there. */
static const uint8_t *pass_over(const key_scan *s, const pc_symbols *symbols,
                                const uint8_t *end, uint32_t n, uint8_t want,
                                uint32_t *at)
{
    const uint8_t *p = s->p;
    uint32_t i = s->at;
    size_t matched = s->matched;
    for (; i < n && p < end; i++) {
        unsigned shared = *p >> 4, codes = *p & PC_KEY_NIBBLE_MAX;
        if (shared < matched || shared == PC_KEY_NIBBLE_MAX ||
            codes == PC_KEY_NIBBLE_MAX)
            break;
        if (shared == matched && pc_symbols_first(symbols, p + 1) >= want)
            break;
        p += 1 + codes;
    }
    *at = i;
    return p;
}

/* Passes over keys, of which there are n, until one is not below `key`. */
static int scan_on(key_scan *s, const pc_symbols *symbols, const uint8_t *end,
                   uint32_t n, pc_str key)
{
    uint8_t rest[PC_KEY_MAX + PC_SYMBOL_MAX];
    while (s->at < n && s->cmp > 0) {
        uint32_t shared, codes;
        size_t len;
        s->p =
            pass_over(s, symbols, end, n, (uint8_t)key.ptr[s->matched], &s->at);
        if (s->at == n)
            break;
        s->p = get_key_head(s->p, end, &shared, &codes);
        if (!s->p || shared > PC_KEY_MAX)
            return PARASOL_CORRUPT;
        s->at++;
        if (shared < s->matched) {
            s->cmp = -1;
        } else if (shared == s->matched) {
            if (!pc_symbols_get(symbols, s->p, codes, rest, PC_KEY_MAX - shared,
                                &len))
                return PARASOL_CORRUPT;
            s->matched += compare(s, key, s->matched, rest, len);
        }
        s->p += codes;
    }
    return PARASOL_OK;
}

/* The same from the first key of a block on. */
static int scan_keys(pc_termblock *b, pc_str key, key_scan *s)
{
    uint8_t first[PC_KEY_MAX + PC_SYMBOL_MAX];
    size_t len;
    *s = (key_scan){.p = get_first(b, first, &len), .at = 1};
    if (!s->p)
        return PARASOL_CORRUPT;
    s->matched = compare(s, key, 0, first, len);
    int rc = scan_on(s, b->symbols, b->keys_end, b->n, key);
    b->keys = s->p;
    return rc;
}

bool pc_termblock_may_have(const pc_termblock_spot *spot, pc_str key,
                           size_t matched)
{
    key_scan s = {.p = spot->keys, .matched = matched, .cmp = 1};
    return scan_on(&s, spot->symbols, spot->end, spot->n, key) || s.cmp >= 0;
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

/* Whether the key that the scan ended at, which goes on behind the one sought,
   is the one with the mark, or leaves open whether that one comes later. */
static void judge(pc_termblock_word *w, const key_scan *s, uint8_t mark)
{
    w->marked = s->more && s->ends && s->next == mark;
    w->open = s->more && s->next < mark;
}

/* The key behind the one found, of `len` bytes. */
static int look_behind(pc_termblock *b, size_t len, key_scan *s)
{
    uint8_t rest[PC_KEY_MAX + PC_SYMBOL_MAX];
    uint32_t shared, codes;
    size_t more;
    const uint8_t *p = get_key_head(b->keys, b->keys_end, &shared, &codes);
    if (!p || shared > PC_KEY_MAX ||
        !pc_symbols_get(b->symbols, p, codes, rest, PC_KEY_MAX - shared, &more))
        return PARASOL_CORRUPT;
    s->more = shared == len && more > 0;
    s->next = more > 0 ? rest[0] : 0;
    s->ends = more == 1;
    return PARASOL_OK;
}

int pc_termblock_find_word(pc_termblock *b, pc_str key, uint8_t mark,
                           pc_termblock_word *out)
{
    key_scan s;
    uint8_t field = (uint8_t)key.ptr[0];
    out->marked = false;
    if (scan_keys(b, key, &s))
        return PARASOL_CORRUPT;
    out->found = s.cmp == 0;
    out->open = s.cmp > 0 || (s.cmp == 0 && s.at == b->n);
    if (s.cmp < 0)
        judge(out, &s, mark);
    if (!out->found)
        return out->marked ? entry_at(b, s.at - 1, field, &out->mark)
                           : PARASOL_OK;
    if (entry_at(b, s.at - 1, field, &out->entry))
        return PARASOL_CORRUPT;
    out->spot =
        (pc_termblock_spot){b->symbols, b->keys, b->keys_end, b->n - s.at};
    if (out->open)
        return PARASOL_OK;
    if (look_behind(b, key.len, &s))
        return PARASOL_CORRUPT;
    judge(out, &s, mark);
    return out->marked ? entry_at(b, s.at, field, &out->mark) : PARASOL_OK;
}

int pc_termblock_compare_first(const pc_termblock_bytes *in, pc_str key,
                               int *cmp)
{
    pc_termblock b;
    uint8_t first[PC_KEY_MAX + PC_SYMBOL_MAX];
    size_t len;
    key_scan s = {0};
    if (pc_termblock_open(&b, in) || !get_first(&b, first, &len))
        return PARASOL_CORRUPT;
    (void)compare(&s, key, 0, first, len);
    *cmp = s.cmp;
    return PARASOL_OK;
}
