/*
 * Tree -> text -> the same tree, for random bytes and random grammar.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "searcher/query/parse.h"
#include "searcher/query/print.h"

static uint64_t rng;

static uint32_t draw(uint32_t below)
{
    rng += 0x9E3779B97F4A7C15u;
    uint64_t z = rng;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) >> 32) % below;
}

/* Checks one query; 0 if it was refused for a limit. */
static int check_round_trip(pc_str query)
{
    pc_arena arena;
    pc_buf text;
    pc_buf again;
    ps_node *one = NULL;
    ps_node *two = NULL;
    ps_warnings w;
    int done = 0;
    pc_arena_init(&arena, NULL, 0);
    pc_buf_init(&text, NULL);
    pc_buf_init(&again, NULL);
    int rc = ps_parse(&one, &w, query, &arena, NULL);
    if (rc) {
        assert_int_equal(rc, PARASOL_QUERY);
        goto out;
    }
    assert_true(one->height <= PS_MAX_DEPTH);
    ps_print(&text, one);
    if (text.len > PS_MAX_QUERY_BYTES)
        goto out;
    rc = ps_parse(&two, &w, pc_buf_str(&text), &arena, NULL);
    assert_int_equal(rc, PARASOL_OK);
    if (!ps_node_equal(one, two))
        fail_msg("%.*s -> %.*s", PC_STR_ARG(query),
                 PC_STR_ARG(pc_buf_str(&text)));
    /* What is canonical needs no repair and stays as it is. */
    assert_int_equal(w.n, one->kind == PS_NODE_NONE ? 1 : 0);
    ps_print(&again, two);
    assert_true(pc_str_eq(pc_buf_str(&text), pc_buf_str(&again)));
    done = 1;
out:
    pc_buf_release(&again);
    pc_buf_release(&text);
    pc_arena_release(&arena);
    return done;
}

static void query_print__canonical_text(void **state)
{
    PC_UNUSED(state);
    static const char *const pairs[][2] = {
        {"  cyber   treaty ", "cyber treaty"},
        {"a AND b", "+a +b"},
        {"a AND b OR c", "(+a +b) OR c"},
        {"x (a OR b)^2.50", "x (a OR b)^2.5"},
        {"NOT a", "-a"},
        {"a OR -b", "a OR (-b)"},
        {"\xC2\xAB"
         "a b\xC2\xBB",
         "\"a b\""},
        {"=\"a b\"^0.125 (c", "=\"a b\"^0.125 c"},
        {"pre* \\AND --x", "pre* \\AND \\--x"},
        {"pre\\* what? a\\?b*", "pre\\* what? a\\?b*"},
        {"fuz~ /a|b/ /usr/", "fuz~2 /a|b/ /usr/"},
        {"/usr/lib", "\\/usr/lib"},
        {"\"a b\"~5 x NEAR/3 (y NEAR/2 z)",
         "\"a b\"~5 (x NEAR/3 (y NEAR/2 z))"},
        {"a ADJ/2 b", "a ADJ/2 b"},
        {"(a OR b OR c)@2^2", "(a b c)@2^2"},
        {"(a OR path:x OR c)@2", "(a OR path:x OR c)@2"},
        {"a^=1 (b c)^=.5", "a^=1 (b c)^=0.5"},
        {"((w^=2)^3)^=1 x", "w^=1 x"},
        {"((w^=2^=2)^3)@2^=1", "w\\^=2^=1"},
        {"title:(a +\"b c\")", "title:a +title:\"b c\""},
        {"Ext:PDF +lang:(ja|en) -path:a/b", "ext:PDF lang:(ja | en) "
                                            "-path:a/b"},
        {"since:2014-03 until:last year",
         "date:>=2014-03 date:<=\"last year\""},
        {"x1:[a TO \"b c\"} x1:{* TO 3}", "x1:[a TO \"b c\"} x1:<3"},
        {"x1:[* TO *] x1:=\"a*\" x1:a\\*b*", "x1:* x1:=\"a*\" x1:a\\*b*"},
        {"re\\:x re:x", "re\\:x re:x"},
        {"(a^2)^3", "(a^2)^3"},
        {"a^0.05 b^1000", "a^0.05 b^1000"},
        {"", ""},
    };
    for (size_t i = 0; i < PC_COUNTOF(pairs); i++) {
        pc_arena arena;
        pc_buf b;
        ps_node *root = NULL;
        ps_warnings w;
        pc_arena_init(&arena, NULL, 0);
        pc_buf_init(&b, NULL);
        assert_int_equal(
            ps_parse(&root, &w, pc_str_of(pairs[i][0]), &arena, NULL),
            PARASOL_OK);
        ps_print(&b, root);
        pc_buf_put_u8(&b, 0);
        assert_string_equal((const char *)b.ptr, pairs[i][1]);
        pc_buf_release(&b);
        pc_arena_release(&arena);
        assert_int_equal(check_round_trip(pc_str_of(pairs[i][0])), 1);
    }
}

static void query_print__random_bytes_round_trip(void **state)
{
    PC_UNUSED(state);
    int done = 0;
    for (int run = 0; run < 20000; run++) {
        char text[64];
        size_t n = draw(sizeof text);
        for (size_t i = 0; i < n; i++)
            text[i] = (char)draw(256);
        done += check_round_trip((pc_str){text, n});
    }
    assert_true(done > 10000);
}

static void query_print__random_grammar_round_trips(void **state)
{
    PC_UNUSED(state);
    static const char *const parts[] = {
        "a",
        "bc",
        "\xC3\xA9",
        " ",
        " ",
        " ",
        "(",
        ")",
        "(",
        ")",
        "\"",
        "\"",
        "+",
        "-",
        "=",
        "^2",
        "^0.333",
        "^",
        "*",
        "~",
        "~1",
        "\\",
        " OR ",
        " AND ",
        " NOT ",
        "AND",
        "\xE2\x80\x9C",
        "\xE2\x80\x9D",
        "\xC2\xAB",
        "\xC2\xBB",
        "\xE2\x80",
        "\xFF",
        "\n",
        "\xE3\x80\x80",
        "^1001",
        "?",
        "/",
        "a*",
        "b?c",
        "title:",
        "ext:",
        "since:",
        "date:",
        "2014-03",
        "last month",
        "last ",
        "[",
        "]",
        "{",
        "}",
        " TO ",
        ">=",
        "<",
        ":",
        "|",
        " | ",
        ",",
        "@2",
        "^=1",
        " NEAR/3 ",
        " ADJ/2 ",
        ")^3",
        ")^=.5",
        ")@2",
        "w^=2",
        "NEAR/5",
        ".",
        "5",
    };
    int done = 0;
    for (int run = 0; run < 60000; run++) {
        char text[400];
        size_t n = 0;
        for (size_t i = draw(40); i > 0; i--) {
            const char *part = parts[draw(PC_COUNTOF(parts))];
            memcpy(text + n, part, strlen(part));
            n += strlen(part);
        }
        done += check_round_trip((pc_str){text, n});
    }
    assert_true(done > 50000);
}

int main(void)
{
    const char *given = getenv("PARASOL_TEST_SEED");
    rng = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    print_message("seed %llu\n", (unsigned long long)rng);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(query_print__canonical_text),
        cmocka_unit_test(query_print__random_bytes_round_trip),
        cmocka_unit_test(query_print__random_grammar_round_trips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
