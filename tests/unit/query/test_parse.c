/*
 * Query text -> tree, from docs/query.md. Trees are written as
 * (list +MUST -NOT SHOULD ...), (either ...), word, =word, 'phrase'.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/buf.h"
#include "searcher/query/parse.h"

static void dump(pc_buf *b, const ps_node *node)
{
    if (node->exact)
        pc_buf_put_z(b, "=");
    if (node->kind == PS_NODE_WORD)
        pc_buf_put_str(b, node->text);
    else if (node->kind == PS_NODE_PHRASE)
        pc_buf_put_fmt(b, "'%.*s'", PC_STR_ARG(node->text));
    else if (node->kind == PS_NODE_ALL)
        pc_buf_put_z(b, "ALL");
    else if (node->kind == PS_NODE_NONE)
        pc_buf_put_z(b, "NONE");
    else {
        pc_buf_put_z(b, node->either ? "(either" : "(list");
        for (size_t i = 0; i < node->n; i++) {
            static const char *const signs[] = {" ", " +", " -"};
            pc_buf_put_z(b, signs[node->clauses[i].occur]);
            dump(b, node->clauses[i].node);
        }
        pc_buf_put_z(b, ")");
    }
    if (node->boost != 1.0F)
        pc_buf_put_fmt(b, "^%g", (double)node->boost);
}

/* Parses `query`; the tree must read `tree`, and the messages of the warnings
   must hold the words of `warnings`, in order, separated by |. */
static void check(const char *query, const char *tree, const char *warnings)
{
    pc_arena arena;
    pc_buf b;
    ps_node *root = NULL;
    ps_warnings w;
    parasol_error err;
    pc_arena_init(&arena, NULL, 0);
    pc_buf_init(&b, NULL);
    assert_int_equal(
        ps_parse(&root, &w, pc_str_of(query), &arena, &err), PARASOL_OK);
    dump(&b, root);
    pc_buf_put_u8(&b, 0);
    assert_string_equal((const char *)b.ptr, tree);

    size_t n = 0;
    for (const char *at = warnings; *at; n++) {
        size_t len = strcspn(at, "|");
        char part[64];
        assert_true(len < sizeof part);
        memcpy(part, at, len);
        part[len] = 0;
        assert_true(n < w.n);
        if (!strstr(w.items[n].message, part))
            fail_msg("%s: warning %s, not %s", query, w.items[n].message,
                     part);
        assert_true(w.items[n].start <= w.items[n].end);
        assert_true(w.items[n].end <= strlen(query));
        at += len + (at[len] == '|');
    }
    if (n != w.n)
        fail_msg("%s: %zu warnings, the next: %s", query, w.n,
                 w.items[n].message);
    pc_buf_release(&b);
    pc_arena_release(&arena);
}

static void query_parse__words_and_signs(void **state)
{
    PC_UNUSED(state);
    check("treaty", "treaty", "");
    check("cyber treaty", "(list cyber treaty)", "");
    check(" \t cyber\n treaty  ", "(list cyber treaty)", "");
    check("+must -not may", "(list +must -not may)", "");
    check("-not", "(list -not)", "");
    check("+must", "must", "");
    check("cyber-security F-16 C++", "(list cyber-security F-16 C++)", "");
    check("a - b + c", "(list a - b + c)", "");
    check("--x ++y", "(list --x ++y)", "two signs|two signs");
    check("-- x", "(list -- x)", "");
    check("\xE2\x88\x92x \xE2\x80\x93y",
          "(list \xE2\x88\x92x \xE2\x80\x93y)", "");
    check("caf\xC3\xA9\xC2\xA0noir", "(list caf\xC3\xA9 noir)", "");
    check("\xE9\xA6\x96\xE9\x83\xBD\xE3\x80\x80x",
          "(list \xE9\xA6\x96\xE9\x83\xBD x)", "");
    check("U.S. AT&T user@example.org http://x.org/?a=b",
          "(list U.S. AT&T user@example.org http://x.org/?a=b)", "");
}

static void query_parse__phrases(void **state)
{
    PC_UNUSED(state);
    check("\"arms control\"", "'arms control'", "");
    check("x \"arms control\" y", "(list x 'arms control' y)", "");
    check("+\"a b\" -\"c d\"", "(list +'a b' -'c d')", "");
    check("\"a \\\"b\\\" \\\\c\"", "'a \"b\" \\c'", "");
    check("\"a +b (c\"", "'a +b (c'", "");
    check("foo\"bar baz\"qux", "(list foo 'bar baz' qux)", "");
    check("\xE2\x80\x9C" "a b\xE2\x80\x9D", "'a b'", "");
    check("\xE2\x80\x9E" "a b\xE2\x80\x9C", "'a b'", "");
    check("\xE2\x80\x9C" "a b\"", "'a b'", "");
    check("\xC2\xAB" "a b\xC2\xBB", "'a b'", "");
    check("\xC2\xBB" "a b\xC2\xAB", "'a b'", "");
    check("\"a \xE2\x80\x9C" "b\xE2\x80\x9D c\"",
          "'a \xE2\x80\x9C" "b\xE2\x80\x9D c'", "");
}

static void query_parse__exact(void **state)
{
    PC_UNUSED(state);
    check("=police", "=police", "");
    check("=\"arms control\"", "='arms control'", "");
    check("+=a -=b", "(list +=a -=b)", "");
    check("= x", "(list = x)", "");
    check("==x", "==x", "");
    check("=AND", "=AND", "");
    check("=*", "=*", "");
    check("=(a b)", "(list a b)", "= stands before");
}

static void query_parse__groups(void **state)
{
    PC_UNUSED(state);
    check("+(a b) -(c d)", "(list +(list a b) -(list c d))", "");
    check("(a)", "a", "");
    check("((((a))))", "a", "");
    check("a (b (c d))", "(list a (list b (list c d)))", "");
    check("f(x)", "(list f x)", "");
    check("-(-a)", "(list -(list -a))", "");
    check("+(+a b) c", "(list +a b c)", "");
    check("(-a)", "(list -a)", "");
}

static void query_parse__operators(void **state)
{
    PC_UNUSED(state);
    check("a AND b", "(list +a +b)", "");
    check("a OR b", "(either a b)", "");
    check("a OR b AND c", "(either a (list +b +c))", "");
    check("a AND b OR c", "(either (list +a +b) c)", "");
    check("(a OR b) AND c", "(list +(either a b) +c)", "");
    check("a AND (b AND c)", "(list +a +b +c)", "");
    check("a OR (b OR c)", "(either a b c)", "");
    check("x a OR b", "(list x (either a b))", "");
    check("x a AND b", "(list x (list +a +b))", "");
    check("a AND NOT b", "(list +a -b)", "");
    check("a AND -b", "(list +a -b)", "");
    check("a NOT b", "(list a -b)", "");
    check("NOT a", "(list -a)", "");
    check("NOT NOT a", "a", "");
    check("NOT -a", "a", "");
    check("a OR NOT b", "(either a (list -b))", "");
    check("NOT (a b)", "(list -(list a b))", "");
    check("and or not", "(list and or not)", "");
    check("+AND -OR", "(list +AND -OR)", "");
    check("\\AND \\OR", "(list AND OR)", "");
    check("ANDES NOTE", "(list ANDES NOTE)", "");
}

static void query_parse__all_and_nothing(void **state)
{
    PC_UNUSED(state);
    check("*", "ALL", "");
    check("* -x", "(list ALL -x)", "");
    check("+*^2", "ALL^2", "");
    check("\\*", "*", "");
    check("", "NONE", "asks for nothing");
    check("   ", "NONE", "asks for nothing");
    check("()", "NONE", "empty group");
}

static void query_parse__boosts(void **state)
{
    PC_UNUSED(state);
    check("a^2 b", "(list a^2 b)", "");
    check("\"a b\"^0.5", "'a b'^0.5", "");
    check("(a b)^2.25", "(list a b)^2.25", "");
    check("(a^2)^3", "(list a^2)^3", "");
    check("(a)^3", "a^3", "");
    check("a^.5 b^2. c^1", "(list a^0.5 b^2 c)", "");
    check("a^0", "a^0", "");
    check("=a^2", "=a^2", "");
    check("AND^2", "AND^2", "");
    check("a^9999", "a^1000", "from 0 to 1000");
    check("a^b", "a^b", "^ is read as text");
    check("a^", "a^", "^ is read as text");
    check("a^2^3", "a^2^3", "^ is read as text");
    check("^2", "^2", "^ is read as text");
    check("\"a\"^x", "(list 'a' ^x)", "^ is read as text");
    check("a^-1 b^1e5", "(list a^-1 b^1e5)",
          "^ is read as text|^ is read as text");
}

static void query_parse__repairs(void **state)
{
    PC_UNUSED(state);
    check("x \"a b +c", "(list x 'a b +c')", "quote is not closed");
    check("x \"", "x", "phrase without words");
    check("\"\" x", "x", "phrase without words");
    check("+\" \" x", "x", "phrase without words");
    check("(a b", "(list a b)", "not closed");
    check("a (b (c d", "(list a (list b (list c d)))",
          "not closed|not closed");
    check("a) b", "(list a b)", "nothing is open");
    check("a AND", "a", "AND has nothing after");
    check("-a AND", "(list -a)", "AND has nothing after");
    check("OR a", "a", "OR has nothing before");
    check("a AND OR b", "(either a b)", "AND has nothing after");
    check("a OR", "a", "OR has nothing after");
    check("NOT", "NONE", "NOT has nothing");
    check("(a AND) b", "(list a b)", "AND has nothing after");
    check("+a OR b", "(either a b)", "no meaning beside OR");
    check("a () b", "(list a b)", "empty group");
    check("pre* x", "(list pre* x)", "wildcards");
    check("fuz~1 \"a b\"~5", "(list fuz 'a b')", "fuzzy|distances");
    check("\xFF" "a", "\xEF\xBF\xBD" "a", "not UTF-8");
    check("\"a \xE2\x80\" b", "(list 'a \xEF\xBF\xBD' b)",
          "not UTF-8");
    check("\xEF\xBF a", "(list \xEF\xBF\xBD a)", "not UTF-8");
    check("\xEF\xBF\xBD", "\xEF\xBF\xBD", "");
}

static void query_parse__escapes(void **state)
{
    PC_UNUSED(state);
    check("\\-x \\+y \\=z", "(list -x +y =z)", "");
    check("\\(x\\)", "(x)", "");
    check("a\\\"b", "a\"b", "");
    check("a\\^2", "a^2", "");
    check("C:\\foo\\", "C:\\foo\\", "");
    check("a\\~1", "a~1", "");
    check("\\\\", "\\", "");
}

static void query_parse__ranges_are_those_of_the_source(void **state)
{
    PC_UNUSED(state);
    pc_arena arena;
    ps_node *root = NULL;
    ps_warnings w;
    pc_arena_init(&arena, NULL, 0);
    pc_str q = PC_STR_LIT("a +=\"b c\"^2 -(d e)^3");
    assert_int_equal(ps_parse(&root, &w, q, &arena, NULL), PARASOL_OK);
    assert_int_equal(root->n, 3);
    static const uint32_t want[3][2] = {{0, 1}, {3, 9}, {13, 18}};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(root->clauses[i].node->start, want[i][0]);
        assert_int_equal(root->clauses[i].node->end, want[i][1]);
    }
    pc_arena_release(&arena);
}

/* Parses n copies of `part` and expects `rc` at `offset`. */
static void check_limit(const char *part, size_t n, int rc, uint64_t offset)
{
    pc_arena arena;
    pc_buf b;
    ps_node *root = NULL;
    ps_warnings w;
    parasol_error err = {0};
    pc_arena_init(&arena, NULL, 0);
    pc_buf_init(&b, NULL);
    for (size_t i = 0; i < n; i++)
        pc_buf_put_z(&b, part);
    assert_int_equal(ps_parse(&root, &w, pc_buf_str(&b), &arena, &err), rc);
    if (rc)
        assert_int_equal(err.offset, offset);
    pc_buf_release(&b);
    pc_arena_release(&arena);
}

static void query_parse__limits(void **state)
{
    PC_UNUSED(state);
    check_limit("a ", 1024, PARASOL_OK, 0);
    check_limit("a ", 1025, PARASOL_QUERY, 2048);
    check_limit("(", 64, PARASOL_OK, 0);
    check_limit("(", 65, PARASOL_QUERY, 64);
    check_limit("a (", 64, PARASOL_OK, 0);
    check_limit("x a OR b AND (", 20, PARASOL_OK, 0);
    check_limit("x a OR b AND (", 30, PARASOL_QUERY, 112);
    check_limit("a", 65536, PARASOL_OK, 0);
    check_limit("a", 65537, PARASOL_QUERY, 65536);
    check_limit("()", 32768, PARASOL_OK, 0);
    check_limit("NOT ", 16384, PARASOL_OK, 0);
    check_limit("\"\" ", 20000, PARASOL_OK, 0);
}

static void query_parse__warnings_are_bounded(void **state)
{
    PC_UNUSED(state);
    pc_arena arena;
    ps_node *root = NULL;
    ps_warnings w;
    char text[1000];
    memset(text, ')', sizeof text);
    pc_arena_init(&arena, NULL, 0);
    assert_int_equal(ps_parse(&root, &w, (pc_str){text, sizeof text}, &arena,
                              NULL),
                     PARASOL_OK);
    assert_int_equal(w.n, PS_MAX_WARNINGS);
    assert_non_null(strstr(w.items[w.n - 1].message, "more warnings"));
    pc_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(query_parse__words_and_signs),
        cmocka_unit_test(query_parse__phrases),
        cmocka_unit_test(query_parse__exact),
        cmocka_unit_test(query_parse__groups),
        cmocka_unit_test(query_parse__operators),
        cmocka_unit_test(query_parse__all_and_nothing),
        cmocka_unit_test(query_parse__boosts),
        cmocka_unit_test(query_parse__repairs),
        cmocka_unit_test(query_parse__escapes),
        cmocka_unit_test(query_parse__ranges_are_those_of_the_source),
        cmocka_unit_test(query_parse__limits),
        cmocka_unit_test(query_parse__warnings_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
