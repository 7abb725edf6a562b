/* Automata by themselves: on single words, at their limits, and what an
   expression may not be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/text/fold.h"
#include "common/text/utf8.h"
#include "searcher/expand/key_fold.h"
#include "searcher/expand/pattern.h"
#include "tests/support/naive_pattern.h"
#include "tests/support/scratch.h"

/* The distance that the dfa of the pattern gives a word without accents. */
static int distance(const ps_machine *m, pc_str word, pc_arena *arena)
{
    ps_dfa dfa;
    assert_int_equal(ps_dfa_init(&dfa, m, arena), 0);
    uint32_t state = PS_START;
    const char *p = word.ptr;
    while (p < word.ptr + word.len && state != PS_DEAD)
        state = ps_dfa_step(&dfa, state, pc_utf8_next(&p, word.ptr + word.len));
    assert_int_not_equal(state, PS_NO_STATE);
    return dfa.states[state].distance;
}

static int match(enum ps_pattern_kind kind, unsigned edits, const char *text,
                 const char *word)
{
    pc_arena arena;
    const ps_machine *m;
    const ps_pattern p = {(uint8_t)kind, (uint8_t)edits, pc_str_of(text)};
    parasol_error err = {0};
    pc_arena_init(&arena, NULL, 0);
    int rc = ps_pattern_compile(&m, &p, &arena, &err);
    if (rc)
        fail_msg("'%s': %s", text, err.message);
    int d = distance(m, pc_str_of(word), &arena);
    pc_arena_release(&arena);
    return d;
}

static void expand_automaton__edits(void **state)
{
    static const struct {
        const char *a, *b;
        int edits;
    } table[] = {
        {"treaty", "treaty", 0},
        {"treaty", "traety", 1},
        {"treaty", "treat", 1},
        {"treaty", "treatys", 1},
        {"treaty", "treety", 1},
        {"treaty", "threats", 2},
        {"treaty", "trade", -1},
        {"abcd", "badc", 2},
        {"abcd", "dcba", -1},
        {"ca", "abc", -1}, /* edited once only */
        {"abc", "ca", -1},
        {"ab", "ba", 1},
        {"ab", "b", 1},
        {"a", "b", -1},
        {"\u0436\u0430", "\u0430\u0436", 1},
        {"2014", "2015", -1},
        {"2014", "2014", 0},
    };
    PC_UNUSED(state);
    for (size_t i = 0; i < PC_COUNTOF(table); i++) {
        int d = match(PS_PATTERN_FUZZY, 2, table[i].a, table[i].b);
        if (d != table[i].edits)
            fail_msg("%s, %s: %d instead of %d", table[i].a, table[i].b, d,
                     table[i].edits);
    }
}

/* All words of a small alphabet against dynamic programming. */
static void expand_automaton__edits_of_all_short_words(void **state)
{
    uint64_t rng = scratch_seed(), compared = 0;
    PC_UNUSED(state);
    for (unsigned round = 0; round < 60; round++) {
        pc_arena arena;
        uint32_t word[8], other[8];
        uint32_t n = 1 + (uint32_t)scratch_below(&rng, 8);
        uint32_t most = 1 + (uint32_t)scratch_below(&rng, 2);
        for (uint32_t i = 0; i < n; i++)
            word[i] = 'a' + (uint32_t)scratch_below(&rng, 3);
        pc_arena_init(&arena, NULL, 0);
        const ps_machine *m = ps_fuzzy_machine(word, n, most, &arena);
        ps_dfa dfa;
        assert_non_null(m);
        assert_int_equal(ps_dfa_init(&dfa, m, &arena), 0);
        for (uint32_t code = 0; code < 4 * 4 * 4 * 4 * 4 * 4 * 4; code++) {
            uint32_t len = 0, at = PS_START;
            for (uint32_t c = code; c && len < 8; c /= 4)
                other[len++] = 'a' + c % 4;
            for (uint32_t i = 0; i < len; i++)
                at = ps_dfa_step(&dfa, at, other[i]);
            int want = (int)naive_edits(word, n, other, len);
            want = want <= (int)most ? want : -1;
            assert_int_equal(dfa.states[at].distance, want);
            compared++;
        }
        assert_true(dfa.n < 1000);
        pc_arena_release(&arena);
    }
    assert_true(compared > 900000);
}

static void expand_automaton__long_fuzzy_words(void **state)
{
    char word[PS_FUZZY_MAX + 2], other[PS_FUZZY_MAX + 4];
    PC_UNUSED(state);
    memset(word, 'x', sizeof word);
    word[PS_FUZZY_MAX] = 0;
    (void)snprintf(other, sizeof other, "%sx", word);
    assert_int_equal(match(PS_PATTERN_FUZZY, 2, word, other), 1);
    assert_int_equal(match(PS_PATTERN_FUZZY, 2, word, word), 0);
    other[PS_FUZZY_MAX - 2] = 0;
    assert_int_equal(match(PS_PATTERN_FUZZY, 2, word, other), 2);
    /* Too long to be fuzzy: itself only. */
    memset(word, 'x', sizeof word);
    word[PS_FUZZY_MAX + 1] = 0;
    assert_int_equal(match(PS_PATTERN_FUZZY, 2, word, word), 0);
    assert_int_equal(match(PS_PATTERN_FUZZY, 2, word, word + 1), -1);
}

static void expand_automaton__wildcards(void **state)
{
    static const struct {
        const char *pattern, *word;
        bool matches;
    } table[] = {
        {"*", "", true},          {"*", "any", true},
        {"?", "", false},         {"?", "a", true},
        {"?", "\u0436", true},    {"wom?n", "women", true},
        {"wom?n", "woman", true}, {"wom?n", "womaan", false},
        {"*ing", "ing", true},    {"*ing", "sing", true},
        {"*ing", "sings", false}, {"a*b*c", "axxbyybc", true},
        {"a**c", "ac", true},     {"a\\*c", "a*c", true},
        {"a\\*c", "abc", false},  {"a\\?", "a?", true},
        {"a\\\\*", "a\\b", true}, {"\u00C9t*", "ete", true},
        {"?*?", "a", false},      {"?*?", "ab", true},
    };
    PC_UNUSED(state);
    for (size_t i = 0; i < PC_COUNTOF(table); i++) {
        int d = match(PS_PATTERN_WILDCARD, 0, table[i].pattern, table[i].word);
        if (d != (table[i].matches ? 0 : -1))
            fail_msg("%s, %s", table[i].pattern, table[i].word);
    }
}

static void expand_automaton__expressions(void **state)
{
    static const struct {
        const char *pattern, *word;
        bool matches;
    } table[] = {
        {"colou?r", "color", true},
        {"colou?r", "colouur", false},
        {"a|bc", "a", true},
        {"a|bc", "bc", true},
        {"a|bc", "abc", false},
        {"(a|b)+", "abba", true},
        {"(a|b)+", "", false},
        {"(a|b)*", "", true},
        {"a{3}", "aaa", true},
        {"a{3}", "aaaa", false},
        {"a{2,}", "aaaaa", true},
        {"a{2,}", "a", false},
        {"a{0,2}b", "b", true},
        {"a{0,2}b", "aaab", false},
        {"a{0}b", "b", true},
        {"(ab){2}", "abab", true},
        {"[a-c]x", "bx", true},
        {"[^a-c]x", "bx", false},
        {"[^a-c]x", "dx", true},
        {"[A-C]", "b", true},
        {"[a\\]]", "]", true},
        {"[a-]", "-", true},
        {"\\d{4}", "2014", true},
        {"\\D", "2", false},
        {"\\w+", "a1", true},
        {"\\w+", "a-1", false},
        {"\\W", "-", true},
        {"a\\.b", "a.b", true},
        {"a\\.b", "axb", false},
        {"a.b", "a.b", true},
        {"\u00C9t\u00E9", "ete", true},
        {"[\u00E9]", "e", true},
        {"(?:x|y)z", "yz", true},
        {"()a", "a", true},
        {"(|a)b", "b", true},
        {"(|a)b", "ab", true},
        {"((a?){3}){2}", "aaaaa", true},
        {"((a?){3}){2}", "aaaaaaa", false},
        {"", "", true},
        {"", "a", false},
        {"(a*)*b", "aaaab", true},
        {"[\u0430-\u044F]+", "\u0436", true},
    };
    PC_UNUSED(state);
    for (size_t i = 0; i < PC_COUNTOF(table); i++) {
        int d = match(PS_PATTERN_REGEX, 0, table[i].pattern, table[i].word);
        if (d != (table[i].matches ? 0 : -1))
            fail_msg("/%s/, %s", table[i].pattern, table[i].word);
    }
}

static void expand_automaton__expressions_that_are_none(void **state)
{
    static const struct {
        const char *pattern;
        uint64_t at;
    } table[] = {
        {"(a", 0},     {"a)", 1},          {"*a", 0},     {"a**", 2},
        {"[a", 0},     {"[", 0},           {"a{2", 1},    {"a{,2}", 2},
        {"a{3,2}", 1}, {"a{999}", 2},      {"x[b-a]", 2}, {"a\\", 2},
        {"a\\q", 2},   {"(?=a)", 0},       {"|*", 1},     {"a{2}{3}", 4},
        {"(\\1)", 2},  {".{255}{255}", 6},
    };
    PC_UNUSED(state);
    for (size_t i = 0; i < PC_COUNTOF(table); i++) {
        pc_arena arena;
        const ps_machine *m;
        parasol_error err = {0};
        pc_arena_init(&arena, NULL, 0);
        int rc =
            ps_regex_compile(&m, pc_str_of(table[i].pattern), &arena, &err);
        if (rc != PARASOL_QUERY || err.offset != table[i].at ||
            err.message[0] == 0)
            fail_msg("/%s/: status %d at %llu: %s", table[i].pattern, rc,
                     (unsigned long long)err.offset, err.message);
        pc_arena_release(&arena);
    }
}

/* Expressions made to take long are refused, or are fast anyway. */
static void expand_automaton__expressions_that_are_too_much(void **state)
{
    static const char *const table[] = {
        "(a{255}){255}", "(((((((){255}){255}){255}){255}){255}){255}){255}",
        "((((((((a?){99}){99}){99}){99}){99}){99}){99}){99}",
        "(a|b|c|d|e|f|g|h){200}"};
    char deep[400];
    PC_UNUSED(state);
    memset(deep, '(', sizeof deep);
    deep[sizeof deep - 1] = 0;
    for (size_t i = 0; i <= PC_COUNTOF(table); i++) {
        pc_arena arena;
        const ps_machine *m;
        parasol_error err = {0};
        const char *text = i < PC_COUNTOF(table) ? table[i] : deep;
        pc_arena_init(&arena, NULL, 0);
        int rc = ps_regex_compile(&m, pc_str_of(text), &arena, &err);
        if (rc != PARASOL_QUERY)
            fail_msg("/%s/: status %d", text, rc);
        pc_arena_release(&arena);
    }
    assert_int_equal(match(PS_PATTERN_REGEX, 0, "(a*)*(a*)*(a*)*b",
                           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
                     -1);
}

/* Where the smallest code point that goes on is, by trying all. */
static void expand_automaton__next_code_point(void **state)
{
    static const char *const patterns[] = {"[d-fx\u0436]a", "b?\u4E2D|z", "a.",
                                           "[^a-y]"};
    PC_UNUSED(state);
    for (size_t i = 0; i < PC_COUNTOF(patterns); i++) {
        pc_arena arena;
        const ps_machine *m;
        ps_dfa dfa;
        pc_arena_init(&arena, NULL, 0);
        assert_int_equal(
            ps_regex_compile(&m, pc_str_of(patterns[i]), &arena, NULL), 0);
        assert_int_equal(ps_dfa_init(&dfa, m, &arena), 0);
        uint32_t best = PS_CP_MAX + 1;
        for (uint32_t cp = 0x5000; cp-- > 0;) {
            if (ps_dfa_step(&dfa, PS_START, cp) != PS_DEAD)
                best = cp;
            else if (best > 0x5000 && ps_dfa_next(&dfa, PS_START, cp) <= 0x5000)
                fail();
            if (best <= 0x5000)
                assert_int_equal(ps_dfa_next(&dfa, PS_START, cp), best);
        }
        assert_true(best <= 0x5000);
        pc_arena_release(&arena);
    }
}

/* The zones of key_fold.c cover what pc_fold_marks changes, and code points
   folded one by one give what the word does. */
static void expand_key_fold__is_mark_folding(void **state)
{
    ps_key_fold fold;
    pc_buf out;
    uint32_t changed = 0;
    PC_UNUSED(state);
    ps_key_fold_init(&fold, NULL);
    pc_buf_init(&out, NULL);
    for (uint32_t cp = 0x80; cp <= PS_CP_MAX; cp++) {
        char bytes[PC_UTF8_MAX];
        if (cp >= 0xD800 && cp < 0xE000)
            continue;
        size_t len = pc_utf8_encode(cp, bytes);
        pc_buf_clear(&out);
        assert_int_equal(pc_fold_case(&out, (pc_str){bytes, len}), 0);
        if (!pc_str_eq(pc_buf_str(&out), (pc_str){bytes, len}))
            continue; /* in no form */
        pc_buf_clear(&out);
        assert_int_equal(pc_fold_marks(&out, (pc_str){bytes, len}), 0);
        if (pc_str_eq(pc_buf_str(&out), (pc_str){bytes, len}))
            continue;
        changed++;
        if (ps_key_fold_next(cp) != cp)
            fail_msg("U+%04X is in no zone", cp);
        char again[PS_FOLDED_MAX * PC_UTF8_MAX];
        size_t n = 0;
        const ps_folded *to = ps_key_fold_cp(&fold, 'a', cp);
        for (uint32_t i = 0; i < to->n; i++)
            n += pc_utf8_encode(to->to[i], again + n);
        if (!pc_str_eq(pc_buf_str(&out), (pc_str){again, n}) && out.len > 0)
            fail_msg("U+%04X folds otherwise alone", cp);
    }
    assert_true(changed > 1000);
    pc_buf_release(&out);
    ps_key_fold_release(&fold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expand_automaton__edits),
        cmocka_unit_test(expand_automaton__edits_of_all_short_words),
        cmocka_unit_test(expand_automaton__long_fuzzy_words),
        cmocka_unit_test(expand_automaton__wildcards),
        cmocka_unit_test(expand_automaton__expressions),
        cmocka_unit_test(expand_automaton__expressions_that_are_none),
        cmocka_unit_test(expand_automaton__expressions_that_are_too_much),
        cmocka_unit_test(expand_automaton__next_code_point),
        cmocka_unit_test(expand_key_fold__is_mark_folding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
