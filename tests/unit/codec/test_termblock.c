/* Dictionary blocks: round trips, lookup, damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/codec/termblock.h"
#include "tests/support/scratch.h"
#include "tests/support/termblock_bytes.h"

typedef struct sample {
    char keys[PC_TERM_BLOCK][PC_KEY_MAX];
    pc_str key[PC_TERM_BLOCK];
    pc_entry entry[PC_TERM_BLOCK];
    char bytes[PC_TERM_BLOCK][64];
    uint32_t n;
} sample;

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, PC_KEY_MAX);
}

/* Ascending keys with shared beginnings, some as long as can be. */
static void make_keys(sample *s, uint64_t *rng, uint32_t n)
{
    memset(s, 0, sizeof *s);
    for (uint32_t i = 0; i < n; i++) {
        size_t len =
            scratch_below(rng, 8) ? 2 + scratch_below(rng, 30) : PC_KEY_MAX - 1;
        for (size_t k = 0; k < len; k++)
            s->keys[i][k] = (char)(k < 3 || scratch_below(rng, 20)
                                       ? 'a'
                                       : 'b' + (char)scratch_below(rng, 24));
        s->keys[i][len - 1] = (char)(33 + i); /* no two are the same */
    }
    qsort(s->keys, n, PC_KEY_MAX, compare);
    for (uint32_t i = 0; i < n; i++)
        s->key[i] = pc_str_of(s->keys[i]);
    s->n = n;
}

static uint64_t any(uint64_t *rng)
{
    return scratch_below(rng, (uint64_t)1 << scratch_below(rng, 40));
}

static void make_inline(pc_entry *e, uint64_t *rng)
{
    uint32_t id = 0, spare, at = 0;
    e->df = 1 + (uint32_t)scratch_below(rng, PC_INLINE_DOCS);
    spare = (uint32_t)scratch_below(rng, PC_INLINE_OCCURRENCES - e->df + 1);
    e->ctf = e->df + spare;
    for (uint32_t i = 0; i < e->df; i++) {
        uint32_t more = (uint32_t)scratch_below(rng, spare + 1);
        id += (uint32_t)any(rng) % 100000000;
        e->inl.ids[i] = id++;
        e->inl.tfs[i] = 1 + (i + 1 == e->df ? spare : more);
        spare -= more;
    }
    for (; at < e->ctf; at++) {
        e->inl.gaps[at] = (uint32_t)any(rng);
        if (e->flags & PC_ENTRY_VARIANTS)
            e->inl.variants[at] = (uint16_t)any(rng);
    }
}

static void make_form(pc_form_info *f, char *bytes, uint64_t *rng)
{
    uint32_t df = 1 + (uint32_t)(any(rng) & 0x3fffffff);
    size_t len = scratch_below(rng, 9);
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)('a' + scratch_below(rng, 26));
    *f = (pc_form_info){(uint32_t)scratch_below(rng, 9),
                        {bytes, len},
                        (uint32_t)scratch_below(rng, 65536),
                        df,
                        df + any(rng)};
}

static void make_entries(sample *s, uint64_t *rng)
{
    static const uint8_t kinds[] = {1, 2, 3, 7, 9, 11, 15, 25, 27};
    uint64_t post = any(rng), pos = any(rng);
    for (uint32_t i = 0; i < s->n; i++) {
        pc_entry *e = &s->entry[i];
        e->flags = kinds[scratch_below(rng, sizeof kinds)];
        if (e->flags & PC_ENTRY_INLINE) {
            make_inline(e, rng);
        } else if (e->flags & PC_ENTRY_TERM) {
            e->df = 1 + (uint32_t)(any(rng) & 0x3fffffff);
            e->ctf = e->df + any(rng);
            e->post_off = post;
            e->pos_off = pos;
            post += e->post_len = any(rng);
            pos += e->pos_len = any(rng);
        }
        if (e->flags & PC_ENTRY_SOLE)
            e->form = (pc_form_info){.df = e->df, .ctf = e->ctf};
        else if (e->flags & PC_ENTRY_FORM)
            make_form(&e->form, s->bytes[i], rng);
    }
}

static void encode(const sample *s, pc_buf *out, const pc_symbols *symbols)
{
    pc_termblock_writer w;
    pc_termblock_init(&w, NULL);
    for (uint32_t i = 0; i < s->n; i++)
        pc_termblock_add(&w, s->key[i], &s->entry[i]);
    termblock_encode(&w, out, symbols);
    pc_termblock_release(&w);
    assert_int_equal(out->status, PARASOL_OK);
}

static void same_inline(const pc_entry *x, const pc_entry *y)
{
    const pc_inline *a = &x->inl, *b = &y->inl;
    assert_memory_equal(a->ids, b->ids, x->df * sizeof *a->ids);
    assert_memory_equal(a->tfs, b->tfs, x->df * sizeof *a->tfs);
    assert_memory_equal(a->gaps, b->gaps, x->ctf * sizeof *a->gaps);
    assert_memory_equal(a->variants, b->variants, x->ctf * sizeof *a->variants);
}

static void same(const pc_entry *x, const pc_entry *y)
{
    assert_int_equal(x->flags, y->flags);
    if (x->flags & PC_ENTRY_INLINE)
        same_inline(x, y);
    if (x->flags & PC_ENTRY_TERM) {
        assert_int_equal(x->df, y->df);
        assert_int_equal(x->ctf, y->ctf);
        assert_int_equal(x->post_off, y->post_off);
        assert_int_equal(x->post_len, y->post_len);
        assert_int_equal(x->pos_off, y->pos_off);
        assert_int_equal(x->pos_len, y->pos_len);
    }
    if (x->flags & PC_ENTRY_FORM) {
        assert_int_equal(x->form.strip, y->form.strip);
        assert_true(pc_str_eq(x->form.add, y->form.add));
        assert_int_equal(x->form.variant, y->form.variant);
        assert_int_equal(x->form.df, y->form.df);
        assert_int_equal(x->form.ctf, y->form.ctf);
    }
}

/* Symbols of one to eight bytes; not all that the keys need. */
static void make_symbols(pc_symbols *s)
{
    const uint8_t lens[] = {1, 2, 8, 3, 4}, bytes[] = "aaaaaaaaaaabbaaac";
    assert_true(pc_symbols_set(s, sizeof lens, lens, bytes, 18));
}

static void compare_first(const sample *s, const pc_buf *block,
                          const pc_symbols *symbols)
{
    pc_symbols none;
    pc_symbols_init(&none);
    pc_termblock_bytes in = {block->ptr, block->len, pc_key_prefix(s->key[0]),
                             symbols ? symbols : &none};
    pc_str less = {s->key[0].ptr, s->key[0].len - 1};
    int cmp = 1;
    assert_int_equal(pc_termblock_compare_first(&in, s->key[0], &cmp), 0);
    assert_int_equal(cmp, 0);
    assert_int_equal(pc_termblock_compare_first(&in, less, &cmp), 0);
    assert_true(cmp < 0);
    for (uint32_t i = 1; i < s->n; i++) {
        assert_int_equal(pc_termblock_compare_first(&in, s->key[i], &cmp), 0);
        assert_true(cmp > 0);
    }
}

/* Keys alone, and what is known of some of them. */
static void walk_some(const sample *s, const pc_buf *block,
                      const pc_symbols *symbols, uint64_t *rng)
{
    pc_termblock b;
    pc_termblock_key k;
    pc_entry e;
    char key[PC_KEY_MAX];
    assert_int_equal(
        termblock_open(&b, block->ptr, block->len, s->key[0], symbols), 0);
    for (uint32_t i = 0; i < s->n; i++) {
        assert_int_equal(pc_termblock_next_key(&b, PC_KEY_MAX, 0, &k), 0);
        memcpy(key + k.shared, k.rest, k.rest_len);
        assert_true(pc_str_eq((pc_str){key, k.shared + k.rest_len}, s->key[i]));
        if (scratch_below(rng, 3))
            continue;
        assert_int_equal(pc_termblock_entry(&b, 'a', &e), 0);
        same(&s->entry[i], &e);
        assert_int_equal(pc_termblock_entry(&b, 'a', &e), PARASOL_CORRUPT);
    }
    assert_int_equal(pc_termblock_next_key(&b, PC_KEY_MAX, 0, &k),
                     PARASOL_NOTFOUND);
}

static void codec_termblock__round_trip_and_lookup(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    pc_symbols some;
    make_symbols(&some);
    for (unsigned round = 0; round < 300; round++) {
        sample s;
        pc_buf out;
        pc_termblock b;
        pc_entry e;
        const pc_symbols *symbols = round % 2 ? &some : NULL;
        make_keys(&s, &rng, 1 + (uint32_t)scratch_below(&rng, PC_TERM_BLOCK));
        make_entries(&s, &rng);
        pc_buf_init(&out, NULL);
        encode(&s, &out, symbols);
        compare_first(&s, &out, symbols);
        assert_int_equal(
            termblock_open(&b, out.ptr, out.len, s.key[0], symbols),
            PARASOL_OK);
        for (uint32_t i = 0; i < s.n; i++) {
            assert_int_equal(pc_termblock_next(&b, &e), PARASOL_OK);
            assert_true(
                pc_str_eq((pc_str){(const char *)b.key, b.key_len}, s.key[i]));
            same(&s.entry[i], &e);
        }
        assert_int_equal(pc_termblock_next(&b, &e), PARASOL_NOTFOUND);
        for (uint32_t i = 0; i < s.n; i++) {
            assert_int_equal(
                termblock_open(&b, out.ptr, out.len, s.key[0], symbols), 0);
            assert_int_equal(pc_termblock_find(&b, s.key[i], &e), PARASOL_OK);
            same(&s.entry[i], &e);
            pc_str other = {s.key[i].ptr, s.key[i].len - 1};
            assert_int_equal(
                termblock_open(&b, out.ptr, out.len, s.key[0], symbols), 0);
            assert_int_equal(pc_termblock_find(&b, other, &e),
                             PARASOL_NOTFOUND);
        }
        walk_some(&s, &out, symbols, &rng);
        pc_buf_release(&out);
    }
}

/* Ascending keys of which many begin with others. */
static void make_nested_keys(sample *s, uint64_t *rng)
{
    uint32_t n = 0;
    memset(s, 0, sizeof *s);
    for (uint32_t i = 0; i < PC_TERM_BLOCK; i++) {
        size_t len = 2 + scratch_below(rng, 9);
        s->keys[i][0] = 'a';
        for (size_t k = 1; k < len; k++)
            s->keys[i][k] = "-aab"[scratch_below(rng, 4)];
    }
    qsort(s->keys, PC_TERM_BLOCK, PC_KEY_MAX, compare);
    for (uint32_t i = 0; i < PC_TERM_BLOCK; i++)
        if (i == 0 || strcmp(s->keys[i], s->keys[n - 1]) != 0)
            memmove(s->keys[n++], s->keys[i], PC_KEY_MAX);
    s->n = n;
    for (uint32_t i = 0; i < n; i++)
        s->key[i] = pc_str_of(s->keys[i]);
}

/* Where the key is, or would be; *found tells which. */
static uint32_t place_of(const sample *s, const char *key, bool *found)
{
    uint32_t i = 0;
    while (i < s->n && strcmp(s->keys[i], key) < 0)
        i++;
    *found = i < s->n && strcmp(s->keys[i], key) == 0;
    return i;
}

/* Asks behind key i about words that go on after it. */
static void ask_behind(const sample *s, uint32_t i,
                       const pc_termblock_spot *spot, uint64_t *rng)
{
    char word[PC_KEY_MAX];
    size_t len = s->key[i].len;
    for (unsigned k = 0; k < 8; k++) {
        bool there;
        snprintf(word, sizeof word, "%s%.*s", s->keys[i],
                 1 + (int)scratch_below(rng, 4),
                 &"ab-aaab-"[scratch_below(rng, 5)]);
        uint32_t at = place_of(s, word, &there);
        bool may = pc_termblock_may_have(spot, pc_str_of(word), len);
        assert_int_equal(may, there || at == s->n);
    }
}

static void codec_termblock__finds_words_and_what_goes_on_behind(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    pc_symbols some;
    make_symbols(&some);
    for (unsigned round = 0; round < 200; round++) {
        sample s;
        pc_buf out;
        pc_termblock b;
        pc_termblock_word w;
        const pc_symbols *symbols = round % 2 ? &some : NULL;
        make_nested_keys(&s, &rng);
        make_entries(&s, &rng);
        pc_buf_init(&out, NULL);
        encode(&s, &out, symbols);
        for (uint32_t i = 0; i < s.n; i++) {
            char marked[PC_KEY_MAX];
            bool there;
            snprintf(marked, sizeof marked, "%s-", s.keys[i]);
            uint32_t at = place_of(&s, marked, &there);
            assert_int_equal(
                termblock_open(&b, out.ptr, out.len, s.key[0], symbols), 0);
            assert_int_equal(pc_termblock_find_word(&b, s.key[i], '-', &w), 0);
            assert_true(w.found);
            same(&s.entry[i], &w.entry);
            assert_int_equal(w.marked, there);
            assert_true(!w.open || (!there && at == s.n));
            if (there)
                same(&s.entry[at], &w.mark);
            ask_behind(&s, i, &w.spot, &rng);
        }
        pc_buf_release(&out);
    }
}

/* Reads all that can be read; only the sanitizers have something to say. */
static void read_all(const uint8_t *in, size_t len)
{
    pc_termblock b;
    pc_entry e;
    pc_str prefix = PC_STR_LIT("aaaaaaaa");
    if (termblock_open(&b, in, len, prefix, NULL))
        return;
    while (pc_termblock_next(&b, &e) == PARASOL_OK)
        assert_true(b.key_len <= PC_KEY_MAX);
    assert_int_equal(termblock_open(&b, in, len, prefix, NULL), PARASOL_OK);
    (void)!pc_termblock_find(&b, PC_STR_LIT("aaaaab"), &e);
}

static void codec_termblock__damage_is_survived(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    for (unsigned round = 0; round < 20; round++) {
        sample s;
        pc_buf out;
        make_keys(&s, &rng, 1 + (uint32_t)scratch_below(&rng, PC_TERM_BLOCK));
        make_entries(&s, &rng);
        pc_buf_init(&out, NULL);
        encode(&s, &out, NULL);
        for (size_t len = 0; len < out.len; len++) {
            /* An exact block, so that a read behind it is seen. */
            uint8_t *copy = malloc(len + PC_PAD);
            assert_non_null(copy);
            memcpy(copy, out.ptr, len);
            memset(copy + len, 0xff, PC_PAD);
            read_all(copy, len);
            free(copy);
        }
        for (size_t i = 0; i < out.len; i++) {
            uint8_t old = out.ptr[i];
            out.ptr[i] = (uint8_t)scratch_random(&rng);
            read_all(out.ptr, out.len);
            out.ptr[i] = old;
        }
        pc_buf_release(&out);
    }
}

static void codec_termblock__refuses_empty_blocks_and_flags(void **state)
{
    (void)state;
    uint8_t raw[16 + PC_PAD] = {0};
    pc_str prefix = PC_STR_LIT("\0a");
    pc_termblock b;
    pc_entry e;
    assert_int_equal(termblock_open(&b, raw, 16, prefix, NULL),
                     PARASOL_CORRUPT);
    raw[0] = PC_TERM_BLOCK + 1;
    assert_int_equal(termblock_open(&b, raw, 16, prefix, NULL),
                     PARASOL_CORRUPT);
    /* The key "a"; more ones than there are kinds. */
    uint8_t none[] = {1, 0, 2, 1, 0, 0, 0x20, 0xff, 0xff};
    memcpy(raw, none, sizeof none);
    assert_int_equal(termblock_open(&b, raw, sizeof none, prefix, NULL), 0);
    assert_int_equal(pc_termblock_next(&b, &e), PARASOL_CORRUPT);
    raw[7] = 0x01; /* a form whose numbers are missing */
    raw[8] = 0;
    assert_int_equal(termblock_open(&b, raw, sizeof none, prefix, NULL), 0);
    assert_int_equal(pc_termblock_next(&b, &e), PARASOL_CORRUPT);
    raw[1] = 33; /* bits of a document */
    assert_int_equal(termblock_open(&b, raw, sizeof none, prefix, NULL),
                     PARASOL_CORRUPT);
    raw[1] = 0;
    raw[5] = 1; /* parts that end behind the block */
    assert_int_equal(termblock_open(&b, raw, sizeof none, prefix, NULL),
                     PARASOL_CORRUPT);
    raw[5] = 0;
    raw[6] = 0x90; /* more of the prefix than there is */
    assert_int_equal(termblock_open(&b, raw, sizeof none, prefix, NULL), 0);
    assert_int_equal(pc_termblock_find(&b, prefix, &e), PARASOL_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codec_termblock__round_trip_and_lookup),
        cmocka_unit_test(codec_termblock__finds_words_and_what_goes_on_behind),
        cmocka_unit_test(codec_termblock__damage_is_survived),
        cmocka_unit_test(codec_termblock__refuses_empty_blocks_and_flags),
    };
    return cmocka_run_group_tests_name("termblock", tests, NULL, NULL);
}
