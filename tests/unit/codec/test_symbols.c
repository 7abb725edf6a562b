/* Symbols: strings come back, take the fewest codes, and damage is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/codec/symbols.h"
#include "tests/support/scratch.h"

/* A table of n random symbols over a few letters, some of them equal. */
static void make_table(pc_symbols *s, uint64_t *rng, uint32_t n)
{
    uint8_t lens[PC_SYMBOLS_MAX], bytes[PC_SYMBOLS_MAX * PC_SYMBOL_MAX];
    size_t size = 0;
    for (uint32_t i = 0; i < n; i++) {
        lens[i] = (uint8_t)(1 + scratch_below(rng, PC_SYMBOL_MAX));
        for (unsigned k = 0; k < lens[i]; k++)
            bytes[size++] = (uint8_t)('a' + scratch_below(rng, 3));
    }
    assert_true(pc_symbols_set(s, n, lens, bytes, size));
}

/* The fewest bytes that a text can take, by trying every code everywhere. */
static size_t fewest(const pc_symbols *s, const uint8_t *text, size_t n)
{
    size_t least[PC_SYMBOL_TEXT + 1] = {0};
    for (size_t to = 1; to <= n; to++) {
        least[to] = least[to - 1] + (s->n ? 2 : 1);
        for (unsigned code = 0; code < s->n; code++) {
            size_t len = s->len[code];
            if (len <= to && least[to - len] + 1 < least[to] &&
                memcmp(text + to - len, s->bytes[code], len) == 0)
                least[to] = least[to - len] + 1;
        }
    }
    return least[n];
}

static void codec_symbols__round_trip_in_the_fewest_codes(void **state)
{
    (void)state;
    uint64_t rng = scratch_seed();
    for (unsigned round = 0; round < 2000; round++) {
        pc_symbols s;
        pc_symbol_coder coder;
        uint8_t text[PC_SYMBOL_TEXT], codes[2 * PC_SYMBOL_TEXT];
        uint8_t back[PC_SYMBOL_TEXT + PC_SYMBOL_MAX];
        size_t n = scratch_below(&rng, PC_SYMBOL_TEXT + 1), len;
        make_table(&s, &rng, (uint32_t)scratch_below(&rng, 256));
        for (size_t i = 0; i < n; i++)
            text[i] =
                (uint8_t)(scratch_below(&rng, 9) ? 'a' + scratch_below(&rng, 3)
                                                 : scratch_below(&rng, 256));
        pc_symbol_coder_init(&coder, &s);
        size_t used = pc_symbols_put(&coder, text, n, codes);
        assert_int_equal(used, fewest(&s, text, n));
        assert_true(pc_symbols_get(&s, codes, used, back, n, &len));
        assert_int_equal(len, n);
        assert_memory_equal(back, text, n);
        if (n == 0)
            continue;
        assert_int_equal(pc_symbols_first(&s, codes), text[0]);
        assert_false(pc_symbols_get(&s, codes, used, back, n - 1, &len));
    }
}

static void codec_symbols__damage_is_refused(void **state)
{
    (void)state;
    pc_symbols s;
    uint8_t out[16 + PC_SYMBOL_MAX], bytes[16] = "abcdefghi";
    const uint8_t none[] = {1, 0}, nine[] = {9}, two[] = {1, 2};
    const uint8_t escape[] = {PC_SYMBOL_ESCAPE, 'x'}, missing[] = {2, 0};
    size_t len;
    assert_false(pc_symbols_set(&s, 2, none, bytes, 1));
    assert_false(pc_symbols_set(&s, 1, nine, bytes, 9));
    assert_false(pc_symbols_set(&s, 2, two, bytes, 2));
    assert_false(pc_symbols_set(&s, 2, two, bytes, 4));
    assert_false(pc_symbols_set(&s, 0, two, bytes, 1));
    assert_true(pc_symbols_set(&s, 2, two, bytes, 3));
    assert_true(pc_symbols_get(&s, escape, 2, out, 16, &len));
    assert_int_equal(len, 1);
    assert_false(pc_symbols_get(&s, escape, 1, out, 16, &len));
    assert_false(pc_symbols_get(&s, missing, 1, out, 16, &len));
    /* Without a table 255 is a byte like others. */
    pc_symbols_init(&s);
    assert_true(pc_symbols_get(&s, escape, 1, out, 16, &len));
    assert_int_equal(out[0], 255);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codec_symbols__round_trip_in_the_fewest_codes),
        cmocka_unit_test(codec_symbols__damage_is_refused),
    };
    return cmocka_run_group_tests_name("symbols", tests, NULL, NULL);
}
