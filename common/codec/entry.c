/*
 * Dictionary entries <-> bits.
 */
#include "common/codec/entry.h"

/* The most frequent first: a kind is coded as so many ones. */
const uint8_t pc_kinds[PC_KINDS] = {
    PC_ENTRY_TERM | PC_ENTRY_FORM | PC_ENTRY_SOLE | PC_ENTRY_INLINE,
    PC_ENTRY_FORM,
    PC_ENTRY_TERM | PC_ENTRY_INLINE,
    PC_ENTRY_TERM | PC_ENTRY_FORM | PC_ENTRY_SOLE,
    PC_ENTRY_TERM | PC_ENTRY_FORM,
    PC_ENTRY_TERM,
    PC_ENTRY_TERM | PC_ENTRY_FORM | PC_ENTRY_INLINE | PC_ENTRY_VARIANTS,
    PC_ENTRY_TERM | PC_ENTRY_INLINE | PC_ENTRY_VARIANTS,
    PC_ENTRY_TERM | PC_ENTRY_FORM | PC_ENTRY_INLINE,
};

/* Exponents of the codes; measured to be the best on English text. */
#define K_DF 3u
#define K_MORE 2u
#define K_POST_LEN 5u
#define K_POS_LEN 4u
#define K_STRIP 1u
#define K_FIRST_POSITION 6u
#define K_NEXT_POSITION 4u

#define VARIANT_MAX UINT16_MAX

/* Of the gaps between n documents below 2^doc_bits. */
static unsigned gap_exponent(unsigned doc_bits, uint32_t n)
{
    unsigned bits = pc_bits32(n);
    return doc_bits > bits ? doc_bits - bits : 0;
}

/* ---- writing ------------------------------------------------------------ */

unsigned pc_kind_of(unsigned flags)
{
    unsigned kind = 0;
    while (kind < PC_KINDS && pc_kinds[kind] != flags)
        kind++;
    return kind;
}

void pc_kind_put(pc_bit_writer *w, unsigned flags)
{
    unsigned kind = pc_kind_of(flags);
    PC_ASSERT(kind < PC_KINDS);
    pc_bits_put(w, pc_bits_mask(kind), kind + 1);
}

void pc_place_put(pc_bit_writer *w, const pc_entry *e)
{
    pc_bits_put_golomb(w, e->df - 1, K_DF);
    pc_bits_put_golomb(w, e->ctf - e->df, K_MORE);
    pc_bits_put_golomb(w, e->post_len, K_POST_LEN);
    pc_bits_put_golomb(w, e->pos_len, K_POS_LEN);
}

void pc_form_put(pc_bit_writer *w, const pc_form_info *f)
{
    pc_bits_put_golomb(w, f->strip, K_STRIP);
    pc_bits_put_golomb(w, f->add.len, 0);
    pc_bits_put_golomb(w, f->variant, 0);
    pc_bits_put_golomb(w, f->df - 1, 0);
    pc_bits_put_golomb(w, f->ctf - f->df, 0);
}

void pc_inline_put(pc_bit_writer *w, const pc_entry *e, unsigned doc_bits)
{
    const pc_inline *l = &e->inl;
    unsigned k = gap_exponent(doc_bits, e->df);
    pc_bits_put_golomb(w, e->df - 1, 0);
    pc_bits_put_golomb(w, e->ctf - e->df, 0);
    if (e->df == 1)
        pc_bits_put(w, l->ids[0], doc_bits);
    for (uint32_t i = 0; i < e->df && e->df > 1; i++)
        pc_bits_put_golomb(w, l->ids[i] - (i ? l->ids[i - 1] + 1 : 0), k);
    for (uint32_t i = 0; i + 1 < e->df && e->ctf > e->df; i++)
        pc_bits_put_golomb(w, l->tfs[i] - 1, 0);
    for (uint32_t i = 0, at = 0; i < e->df; i++) {
        for (uint32_t n = 0; n < l->tfs[i]; n++, at++) {
            pc_bits_put_golomb(w, l->gaps[at],
                               n ? K_NEXT_POSITION : K_FIRST_POSITION);
            if (e->flags & PC_ENTRY_VARIANTS)
                pc_bits_put_golomb(w, l->variants[at], 0);
        }
    }
}

/* ---- reading ------------------------------------------------------------ */

/* A number that must not be above `most`. */
static inline uint64_t get(pc_bit_reader *r, unsigned k, uint64_t most)
{
    uint64_t v = pc_bits_get_golomb(r, k);
    return PC_LIKELY(v <= most) ? v : pc_bits_fail(r);
}

static void get_ids(pc_bit_reader *r, unsigned doc_bits, pc_entry *e)
{
    unsigned k = gap_exponent(doc_bits, e->df);
    uint64_t next = 0;
    for (uint32_t i = 0; i < e->df; i++) {
        next += e->df == 1 ? pc_bits_get(r, doc_bits) : get(r, k, UINT32_MAX);
        if (next > UINT32_MAX)
            next = pc_bits_fail(r);
        e->inl.ids[i] = (uint32_t)next++;
    }
}

static void get_tfs(pc_bit_reader *r, pc_entry *e)
{
    uint32_t spare = (uint32_t)(e->ctf - e->df);
    for (uint32_t i = 0; i + 1 < e->df; i++) {
        uint32_t more = e->ctf > e->df ? (uint32_t)get(r, 0, spare) : 0;
        e->inl.tfs[i] = 1 + more;
        spare -= more;
    }
    e->inl.tfs[e->df - 1] = 1 + spare;
}

bool pc_inline_get(pc_bit_reader *r, unsigned doc_bits, pc_entry *e)
{
    bool variants = (e->flags & PC_ENTRY_VARIANTS) != 0;
    e->df = 1 + (uint32_t)get(r, 0, PC_INLINE_DOCS - 1);
    e->ctf = e->df + get(r, 0, PC_INLINE_OCCURRENCES - e->df);
    get_ids(r, doc_bits, e);
    get_tfs(r, e);
    for (uint32_t i = 0, at = 0; i < e->df; i++) {
        for (uint32_t n = 0; n < e->inl.tfs[i]; n++, at++) {
            unsigned k = n ? K_NEXT_POSITION : K_FIRST_POSITION;
            e->inl.gaps[at] = (uint32_t)get(r, k, UINT32_MAX);
            e->inl.variants[at] =
                variants ? (uint16_t)get(r, 0, VARIANT_MAX) : 0;
        }
    }
    return !r->bad;
}

bool pc_place_get(pc_bit_reader *r, pc_entry *e)
{
    e->df = 1 + (uint32_t)get(r, K_DF, UINT32_MAX - 1);
    e->ctf = e->df + get(r, K_MORE, UINT64_MAX / 2);
    e->post_len = pc_bits_get_golomb(r, K_POST_LEN);
    e->pos_len = pc_bits_get_golomb(r, K_POS_LEN);
    return !r->bad;
}

bool pc_form_get(pc_bit_reader *r, pc_form_info *f)
{
    f->strip = (uint32_t)get(r, K_STRIP, UINT32_MAX);
    f->add.len = get(r, 0, UINT16_MAX);
    f->variant = (uint32_t)get(r, 0, VARIANT_MAX);
    f->df = 1 + (uint32_t)get(r, 0, UINT32_MAX - 1);
    f->ctf = f->df + get(r, 0, UINT64_MAX / 2);
    return !r->bad;
}

/* ---- skipping ----------------------------------------------------------- */

/* Bits loaded at once, of which many small codes are taken. */
typedef struct window {
    const uint8_t *in;
    uint64_t bit, end; /* of the first bit in `bits` */
    uint64_t bits;
    unsigned left; /* valid ones in `bits` */
    bool bad;
} window;

static inline void load(window *w)
{
    if (PC_UNLIKELY(w->bit >= w->end)) {
        w->bad = true;
        w->bit = w->end;
    }
    w->bits = pc_bits_at(w->in, w->bit, PC_BITS_MAX);
    w->left = PC_BITS_MAX;
}

static inline void drop(window *w, unsigned n)
{
    w->bits >>= n;
    w->left -= n;
    w->bit += n;
}

/* A code that is longer than a window. */
static PC_NOINLINE uint64_t long_code(window *w, unsigned k)
{
    pc_bit_reader r = {.in = w->in, .bit = w->bit, .end = w->end};
    uint64_t v = pc_bits_get_golomb(&r, k);
    w->bit = r.bit;
    w->bad |= r.bad;
    load(w);
    return v;
}

static inline uint64_t take(window *w, unsigned k)
{
    /* The sentinel makes a window without a one too long, too. */
    unsigned zeros = pc_ctz64(w->bits | (uint64_t)1 << 63);
    if (PC_UNLIKELY(2 * zeros + 1 + k > w->left)) {
        load(w);
        zeros = pc_ctz64(w->bits | (uint64_t)1 << 63);
        if (2 * zeros + 1 + k > w->left)
            return w->bad ? 0 : long_code(w, k);
    }
    uint64_t high = w->bits >> (zeros + 1) & pc_bits_mask(zeros);
    uint64_t low = w->bits >> (2 * zeros + 1) & pc_bits_mask(k);
    drop(w, 2 * zeros + 1 + k);
    return (high + pc_bits_mask(zeros)) << k | low;
}

static void skip_inline(window *w, unsigned doc_bits, bool variants)
{
    uint64_t others = take(w, 0), repeats = take(w, 0);
    uint32_t tfs[PC_INLINE_DOCS];
    if (others >= PC_INLINE_DOCS || repeats > PC_INLINE_OCCURRENCES) {
        w->bad = true;
        return;
    }
    uint32_t df = 1 + (uint32_t)others;
    uint32_t more = (uint32_t)repeats, spare = more;
    if (df == 1 && doc_bits < w->left) {
        drop(w, doc_bits);
    } else if (df == 1) {
        w->bit += doc_bits;
        load(w);
    } else {
        for (uint32_t i = 0, k = gap_exponent(doc_bits, df); i < df; i++)
            (void)take(w, k);
    }
    for (uint32_t i = 0; i + 1 < df; i++) {
        uint32_t here = more ? (uint32_t)take(w, 0) : 0;
        here = here < spare ? here : spare;
        tfs[i] = 1 + here;
        spare -= here;
    }
    tfs[df - 1] = 1 + spare;
    for (uint32_t i = 0; i < df; i++) {
        for (uint32_t n = 0; n < tfs[i]; n++) {
            (void)take(w, n ? K_NEXT_POSITION : K_FIRST_POSITION);
            if (variants)
                (void)take(w, 0);
        }
    }
}

static inline window open_window(const pc_bit_reader *r)
{
    return (window){.in = r->in, .bit = r->bit, .end = r->end};
}

static inline bool close_window(const window *w, pc_bit_reader *r)
{
    if (w->bad || w->bit > w->end)
        return false;
    r->bit = w->bit;
    return true;
}

bool pc_places_skip(pc_bit_reader *r, uint32_t n, uint64_t *post, uint64_t *pos)
{
    window w = open_window(r);
    for (; n > 0 && !w.bad; n--) {
        (void)take(&w, K_DF);
        (void)take(&w, K_MORE);
        uint64_t post_len = take(&w, K_POST_LEN), pos_len = take(&w, K_POS_LEN);
        if (post_len > UINT64_MAX - *post || pos_len > UINT64_MAX - *pos)
            return false;
        *post += post_len;
        *pos += pos_len;
    }
    return close_window(&w, r);
}

bool pc_forms_skip(pc_bit_reader *r, uint32_t n, uint64_t *add)
{
    window w = open_window(r);
    for (; n > 0 && !w.bad; n--) {
        (void)take(&w, K_STRIP);
        *add += take(&w, 0) & UINT16_MAX;
        (void)take(&w, 0);
        (void)take(&w, 0);
        (void)take(&w, 0);
    }
    return close_window(&w, r);
}

bool pc_inlines_skip(pc_bit_reader *r, unsigned doc_bits, const uint8_t *kinds,
                     uint32_t n)
{
    window w = open_window(r);
    for (uint32_t i = 0; i < n && !w.bad; i++) {
        unsigned flags = pc_kinds[kinds[i]];
        if (flags & PC_ENTRY_INLINE)
            skip_inline(&w, doc_bits, (flags & PC_ENTRY_VARIANTS) != 0);
    }
    return close_window(&w, r);
}
