/*
 * The worked bytes of docs/format.md, codecs: every line says what its bytes
 * are, the codecs decode what is stated and encode the same bytes again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/crc.h"
#include "common/base/ints.h"
#include "common/base/simd.h"
#include "common/codec/bitpack.h"
#include "common/codec/damp.h"
#include "common/codec/docblock.h"
#include "common/codec/norm.h"
#include "common/codec/peak.h"
#include "common/codec/posblock.h"
#include "common/codec/termblock.h"
#include "common/segment/seg.h"
#include "tests/format/worked.h"
#include "tests/support/termblock_bytes.h"

#define DOCUMENT "format.md"

static worked block; /* too large for the stack */

static void use(const char *name)
{
    worked_open(&block, DOCUMENT, name);
}

/* Compares n values with those a line states. */
static void same_list(const char *name, size_t nth, const uint32_t *v, size_t n)
{
    uint32_t want[WORKED_LIST];
    assert_int_equal(worked_list(worked_get(&block, name, nth), want), n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(v[i], want[i]);
}

/* ---- all ---------------------------------------------------------------- */

static void format_worked__every_line_is_its_value(void **state)
{
    (void)state;
    static const char *const wanted[] = {
        "varint",         "crc",           "bits",   "languages", "doc-block",
        "position-codes", "position-unit", "norms",  "peaks",     "term-block",
        "small-list",     "long-list",     "record", "skips",     "columns",
        "manifest",       "segment",       "sealed", "order",     "symbols"};
    char name[32];
    size_t found = 0;
    for (size_t i = 0; worked_name(DOCUMENT, i, name); i++) {
        use(name);
        assert_true(worked_check(&block) > 0);
        for (size_t k = 0; k < PC_COUNTOF(wanted); k++)
            found += strcmp(name, wanted[k]) == 0;
    }
    assert_int_equal(found, PC_COUNTOF(wanted));
}

static void format_worked__crc(void **state)
{
    (void)state;
    use("crc");
    const worked_line *text = worked_get(&block, "digits", 0);
    uint32_t want = pc_load32le(block.bytes + text->len);
    assert_int_equal(text->len, 9);
    assert_int_equal(pc_crc32c_scalar(0, block.bytes, 9), want);
    assert_int_equal(pc_crc32c(0, block.bytes, 9), want);
}

/* ---- codecs ------------------------------------------------------------- */

static void format_worked__bits_at_every_level(void **state)
{
    (void)state;
    use("bits");
    uint32_t ids[PC_BLOCK_ROOM], values[WORKED_LIST];
    const worked_line *l = worked_get(&block, "values", 0);
    uint32_t n = (uint32_t)worked_list(l, values);
    unsigned width = (unsigned)strtoul(l->type + 4, NULL, 10);
    uint32_t base = (uint32_t)worked_number(&block, "base", 0);
    for (int level = 0; level <= pc_simd_cpu(); level++) {
        const pc_bitpack_ops *ops = pc_bitpack_ops_at(level);
        ops->get(ids, block.bytes, n, width);
        same_list("values", 0, ids, n);
        ops->get_ids(ids, block.bytes, n, width, base);
        same_list("ids", 0, ids, n);
    }
}

static void format_worked__order(void **state)
{
    (void)state;
    use("order");
    uint32_t ranks[WORKED_LIST];
    uint8_t out[64] = {0};
    uint32_t n = (uint32_t)worked_list(worked_get(&block, "ranks", 0), ranks);
    unsigned width = pc_bits32(n - 1);
    assert_int_equal(n, worked_number(&block, "docs", 0));
    assert_int_equal(width, worked_number(&block, "width", 0));
    assert_int_equal(pc_bitpack_bytes(n, width), block.len);
    pc_bitpack_put(out, ranks, n, width);
    assert_memory_equal(out, block.bytes, block.len);
    pc_seg seg = {.docs = n, .ranks = {block.bytes, width}};
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(pc_seg_rank(&seg, i), ranks[i]);
}

static void format_worked__languages(void **state)
{
    (void)state;
    use("languages");
    uint32_t numbers[WORKED_LIST], got[WORKED_LIST];
    const worked_line *l = worked_get(&block, "numbers", 0);
    uint32_t n = (uint32_t)worked_list(l, numbers);
    pc_seg_languages in = {.n = (uint32_t)worked_number(&block, "codes", 0),
                           .width = (unsigned)strtoul(l->type + 4, NULL, 10),
                           .packed = block.bytes};
    assert_int_equal(in.width, pc_bits32(in.n - 1));
    for (uint32_t i = 0; i < n; i++)
        got[i] = pc_seg_language_of(&in, i);
    same_list("numbers", 0, got, n);
}

static void doc_block(const char *name, bool bitmap)
{
    use(name);
    uint32_t ids[WORKED_LIST], tfs[WORKED_LIST];
    uint8_t out[PC_DOCBLOCK_MAX];
    pc_docblock_widths w;
    uint32_t n = (uint32_t)worked_list(worked_get(&block, "docs", 0), ids);
    assert_int_equal(worked_list(worked_get(&block, "tfs", 0), tfs), n);
    uint32_t base = (uint32_t)worked_number(&block, "base", 0);
    assert_int_equal(pc_docblock_put(out, ids, tfs, n, base, bitmap, &w),
                     block.len);
    assert_memory_equal(out, block.bytes, block.len);
    assert_int_equal(w.doc_bits, worked_number(&block, "doc_bits", 0));
    assert_int_equal(w.tf_bits, worked_number(&block, "tf_bits", 0));
    uint32_t again[PC_BLOCK_ROOM], range = ids[n - 1] - base;
    const pc_bitpack_ops *ops = pc_bitpack_ops_at(pc_simd_level());
    if (bitmap)
        ops->get_set(again, block.bytes, range, base);
    else
        pc_docblock_ids(ops, again, block.bytes, n, w.doc_bits, base);
    same_list("docs", 0, again, n);
    const uint8_t *bytes = block.bytes;
    bytes += pc_docblock_id_bytes(n, w.doc_bits, range);
    pc_docblock_freqs(ops, again, bytes, n, w.tf_bits);
    same_list("tfs", 0, again, n);
}

static void format_worked__doc_block(void **state)
{
    (void)state;
    doc_block("doc-block", false);
    doc_block("doc-exceptions", false);
    doc_block("doc-bitmap", true);
}

/* n positions of one document, in the bytes of a line. */
static void format_worked__position_codes(void **state)
{
    (void)state;
    use("position-codes");
    const pc_poscode *c = pc_poscode_tables();
    size_t codes = worked_count(&block, "code");
    assert_true(codes > 3);
    for (size_t i = 0; i < codes; i++) {
        const worked_line *l = worked_get(&block, "code", i);
        uint32_t pos[WORKED_LIST], got[WORKED_LIST];
        uint32_t bound = (uint32_t)worked_number(&block, "bound", i);
        uint32_t n =
            (uint32_t)worked_list(worked_get(&block, "positions", i), pos);
        pc_buf out;
        pc_buf_init(&out, NULL);
        pc_bit_writer w = {.out = &out};
        pc_poscode_put(c, &w, pos, n, bound);
        pc_bits_end(&w, 0);
        assert_int_equal(worked_number(&block, "bits", i),
                         pc_poscode_bits(c, n, bound));
        assert_int_equal(out.len, l->len);
        assert_memory_equal(out.ptr, block.bytes + l->off, l->len);
        pc_buf_release(&out);
        assert_true(pc_poscode_scalar.get(c, block.bytes, 8 * l->off,
                                          UINT64_MAX, n, bound, got));
        same_list("positions", i, got, n);
    }
}

static void format_worked__position_unit(void **state)
{
    (void)state;
    use("position-unit");
    uint32_t tfs[WORKED_LIST], wide[WORKED_LIST], gaps[WORKED_LIST];
    uint8_t norms[PC_BLOCK];
    uint16_t variants[WORKED_LIST];
    uint32_t docs = (uint32_t)worked_list(worked_get(&block, "tfs", 0), tfs);
    assert_int_equal(worked_list(worked_get(&block, "norms", 0), wide), docs);
    for (uint32_t i = 0; i < docs; i++)
        norms[i] = (uint8_t)wide[i];
    size_t n = worked_list(worked_get(&block, "gaps", 0), gaps);
    assert_int_equal(worked_list(worked_get(&block, "variants", 0), wide), n);
    for (size_t i = 0; i < n; i++)
        variants[i] = (uint16_t)wide[i];
    pc_posblock_docs in = {docs, tfs, norms, gaps, variants};
    pc_buf out;
    pc_buf_init(&out, NULL);
    pc_posblock_put(&out, &in);
    assert_int_equal(out.len, block.len);
    assert_memory_equal(out.ptr, block.bytes, block.len);
    pc_buf_release(&out);

    pc_posblock unit;
    pc_variants v;
    uint64_t bit = 0;
    assert_int_equal(pc_posblock_open(&unit, block.bytes, block.len, docs), 0);
    for (uint32_t i = 0; i < docs; i++)
        bit += pc_poscode_bits(
            pc_poscode_tables(), tfs[i],
            pc_posblock_bound(&unit, pc_possizes_tables(), norms[i], tfs[i]));
    pc_variants_init(&v, &unit, bit);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(v.next == i ? v.value : 0, variants[i]);
        if (v.next == i)
            pc_variants_next(&v);
    }
}

static void format_worked__norms(void **state)
{
    (void)state;
    use("norms");
    uint32_t lengths[WORKED_LIST], codes[WORKED_LIST], decoded[WORKED_LIST];
    size_t n = worked_list(worked_get(&block, "lengths", 0), lengths);
    assert_int_equal(worked_list(worked_get(&block, "codes", 0), codes), n);
    assert_int_equal(worked_list(worked_get(&block, "decoded", 0), decoded), n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(pc_norm_encode(lengths[i]), codes[i]);
        assert_int_equal(pc_norm_decode((uint8_t)codes[i]), decoded[i]);
    }
}

static void format_worked__peaks(void **state)
{
    (void)state;
    use("peaks");
    uint32_t tfs[WORKED_LIST], norms[WORKED_LIST];
    uint32_t up[WORKED_LIST], down[WORKED_LIST];
    float damp[256];
    size_t n = worked_list(worked_get(&block, "tfs", 0), tfs);
    assert_int_equal(worked_list(worked_get(&block, "norms", 0), norms), n);
    pc_damp_table(damp, PC_DAMP_K1, PC_DAMP_B, 1,
                  worked_number(&block, "average", 0));
    for (size_t i = 0; i < n; i++) {
        float share = pc_share(tfs[i], damp[norms[i]]);
        up[i] = pc_peak_up(share);
        down[i] = pc_peak_down(share);
    }
    same_list("up", 0, up, n);
    same_list("down", 0, down, n);
}

/* ---- dictionary --------------------------------------------------------- */

static const uint8_t *bytes_of(const char *name, size_t *len)
{
    const worked_line *l = worked_get(&block, name, 0);
    *len = l->len;
    return block.bytes + l->off;
}

static void check_string(const pc_symbols *s, const char *codes,
                         const char *meaning)
{
    pc_symbol_coder coder;
    uint8_t text[64 + PC_SYMBOL_MAX], again[128];
    const char *want = worked_get(&block, meaning, 0)->value;
    size_t n, len = 0;
    const uint8_t *in = bytes_of(codes, &n);
    assert_true(pc_symbols_get(s, in, n, text, 64, &len));
    assert_int_equal(len, strlen(want));
    assert_memory_equal(text, want, len);
    pc_symbol_coder_init(&coder, s);
    assert_int_equal(pc_symbols_put(&coder, text, len, again), n);
    assert_memory_equal(again, in, n);
}

static void format_worked__symbols(void **state)
{
    (void)state;
    use("symbols");
    pc_symbols s;
    uint8_t text[64 + PC_SYMBOL_MAX];
    size_t n, size, len;
    const uint8_t *lens = bytes_of("lengths", &n);
    const uint8_t *bytes = bytes_of("symbols", &size);
    assert_true(pc_symbols_set(&s, (uint32_t)n, lens, bytes, size));
    check_string(&s, "string_1", "meaning_1");
    check_string(&s, "string_2", "meaning_2");
    const uint8_t *bad = bytes_of("cut_short", &n);
    assert_false(pc_symbols_get(&s, bad, n, text, 64, &len));
    bad = bytes_of("no_such_code", &n);
    assert_false(pc_symbols_get(&s, bad, n, text, 64, &len));
}

/* Entry `i` of the block: its key, and what the block states of it. */
static void check_entry(const pc_termblock *b, const pc_entry *e, size_t i)
{
    const char *key = worked_get(&block, "key", i)->value;
    char *word;
    assert_int_equal(b->key[0], strtoul(key, &word, 10));
    assert_int_equal(strlen(word + 1), b->key_len - 1);
    assert_memory_equal(b->key + 1, word + 1, b->key_len - 1);
    assert_int_equal(e->flags, worked_number(&block, "flags", i));
}

static void format_worked__term_block(void **state)
{
    (void)state;
    use("term-block");
    pc_termblock b;
    pc_termblock_writer w;
    pc_entry e;
    pc_buf out;
    size_t n = 0, terms = 0, forms = 0, lists = 0;
    pc_buf_init(&out, NULL);
    pc_termblock_init(&w, NULL);
    size_t at = PC_KEY_PREFIX, len = block.len - at;
    pc_str first = {(const char *)block.bytes, at};
    assert_int_equal(termblock_open(&b, block.bytes + at, len, first, NULL), 0);
    for (; pc_termblock_next(&b, &e) == PARASOL_OK; n++) {
        check_entry(&b, &e, n);
        if (e.flags & PC_ENTRY_TERM) {
            assert_int_equal(e.df, worked_number(&block, "df", terms));
            assert_int_equal(e.ctf,
                             e.df + worked_number(&block, "more", terms));
            terms++;
        }
        if (!(e.flags & (PC_ENTRY_INLINE | PC_ENTRY_SOLE)) &&
            (e.flags & PC_ENTRY_TERM)) {
            assert_int_equal(e.post_off,
                             worked_number(&block, "post_off", lists));
            assert_int_equal(e.pos_off,
                             worked_number(&block, "pos_off", lists));
            lists++;
        }
        if ((e.flags & PC_ENTRY_FORM) && !(e.flags & PC_ENTRY_SOLE)) {
            assert_int_equal(e.form.df,
                             worked_number(&block, "form_df", forms));
            assert_int_equal(e.form.variant,
                             worked_number(&block, "form_variant", forms));
            forms++;
        }
        pc_termblock_add(&w, (pc_str){(const char *)b.key, b.key_len}, &e);
    }
    termblock_encode(&w, &out, NULL);
    assert_int_equal(n, worked_number(&block, "entries", 0));
    assert_int_equal(out.len, len);
    assert_memory_equal(out.ptr, block.bytes + at, len);
    assert_true(terms > 0 && forms > 0 && lists > 0);
    pc_termblock_release(&w);
    pc_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(format_worked__every_line_is_its_value),
        cmocka_unit_test(format_worked__crc),
        cmocka_unit_test(format_worked__bits_at_every_level),
        cmocka_unit_test(format_worked__order),
        cmocka_unit_test(format_worked__languages),
        cmocka_unit_test(format_worked__doc_block),
        cmocka_unit_test(format_worked__position_codes),
        cmocka_unit_test(format_worked__position_unit),
        cmocka_unit_test(format_worked__norms),
        cmocka_unit_test(format_worked__peaks),
        cmocka_unit_test(format_worked__symbols),
        cmocka_unit_test(format_worked__term_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
