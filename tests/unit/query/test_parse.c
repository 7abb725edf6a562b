/*
 * Query text -> tree, from docs/query.md. Trees are written as
 * (list +MUST -NOT #FILTER SHOULD ...), (either ...), (near5 a b),
 * (adj5 a b), word, =word, 'phrase'~5, prefix<..>, wild<..>, fuzzy1<..>,
 * regex<..>, {field values}, title:leaf.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/buf.h"
#include "searcher/query/parse.h"

static void dump_filter(pc_buf *b, const ps_filter *f)
{
    pc_buf_put_fmt(b, "{%.*s", PC_STR_ARG(f->name));
    for (size_t i = 0; i < f->n; i++) {
        static const char *const forms[] = {"", "=", "~", "open"};
        const char *mark = " ";
        if (f->op == PS_FILTER_RANGE)
            mark = i == 0 ? (f->without_low ? " >" : " >=")
                          : (f->without_high ? " <" : " <=");
        pc_buf_put_fmt(b, "%s%s%.*s", mark, forms[f->values[i].form],
                       PC_STR_ARG(f->values[i].text));
    }
    pc_buf_put_z(b, "}");
}

static void dump_leaf(pc_buf *b, const ps_node *node)
{
    static const char *const names[] = {"",     "",      "prefix",
                                        "wild", "fuzzy", "regex"};
    if (node->field == PS_FIELD_TITLE)
        pc_buf_put_z(b, "title:");
    if (node->exact)
        pc_buf_put_z(b, "=");
    if (node->kind == PS_NODE_WORD) {
        pc_buf_put_str(b, node->text);
        return;
    }
    if (node->kind == PS_NODE_PHRASE) {
        pc_buf_put_fmt(b, "'%.*s'", PC_STR_ARG(node->text));
        if (node->distance)
            pc_buf_put_fmt(b, "~%u", (unsigned)node->distance);
        return;
    }
    pc_buf_put_z(b, names[node->kind]);
    if (node->distance)
        pc_buf_put_fmt(b, "%u", (unsigned)node->distance);
    pc_buf_put_fmt(b, "<%.*s>", PC_STR_ARG(node->text));
}

static void dump(pc_buf *b, const ps_node *node)
{
    if (node->kind <= PS_NODE_REGEX)
        dump_leaf(b, node);
    else if (node->kind == PS_NODE_FILTER)
        dump_filter(b, node->filter);
    else if (node->kind == PS_NODE_ALL)
        pc_buf_put_z(b, "ALL");
    else if (node->kind == PS_NODE_NONE)
        pc_buf_put_z(b, "NONE");
    else {
        if (node->kind == PS_NODE_NEAR)
            pc_buf_put_fmt(b, "(%s%u", node->ordered ? "adj" : "near",
                           (unsigned)node->distance);
        else
            pc_buf_put_z(b, node->either ? "(either" : "(list");
        if (node->least)
            pc_buf_put_fmt(b, "@%u", (unsigned)node->least);
        for (size_t i = 0; i < node->n; i++) {
            static const char *const signs[] = {" ", " +", " -", " #"};
            pc_buf_put_z(b, signs[node->clauses[i].occur]);
            dump(b, node->clauses[i].node);
        }
        pc_buf_put_z(b, ")");
    }
    if (node->boost != 1.0F || node->constant)
        pc_buf_put_fmt(b, "^%s%g", node->constant ? "=" : "",
                       (double)node->boost);
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
    assert_int_equal(ps_parse(&root, &w, pc_str_of(query), &arena, &err),
                     PARASOL_OK);
    dump(&b, root);
    pc_buf_put_u8(&b, 0);
    assert_string_equal((const char *)b.ptr, tree);

    size_t n = 0;
    for (const char *at = warnings; *at; n++) {
        size_t len = strcspn(at, "|");
        char part[80];
        assert_true(len < sizeof part);
        memcpy(part, at, len);
        part[len] = 0;
        assert_true(n < w.n);
        if (!strstr(w.items[n].message, part))
            fail_msg("%s: warning %s, not %s", query, w.items[n].message, part);
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
    check("\xE2\x88\x92x \xE2\x80\x93y", "(list \xE2\x88\x92x \xE2\x80\x93y)",
          "");
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
    check("\xE2\x80\x9C"
          "a b\xE2\x80\x9D",
          "'a b'", "");
    check("\xE2\x80\x9E"
          "a b\xE2\x80\x9C",
          "'a b'", "");
    check("\xE2\x80\x9C"
          "a b\"",
          "'a b'", "");
    check("\xC2\xAB"
          "a b\xC2\xBB",
          "'a b'", "");
    check("\xC2\xBB"
          "a b\xC2\xAB",
          "'a b'", "");
    check("\"a \xE2\x80\x9C"
          "b\xE2\x80\x9D c\"",
          "'a \xE2\x80\x9C"
          "b\xE2\x80\x9D c'",
          "");
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
    check("a (b (c d", "(list a (list b (list c d)))", "not closed|not closed");
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
    check("\xFF"
          "a",
          "\xEF\xBF\xBD"
          "a",
          "not UTF-8");
    check("\"a \xE2\x80\" b", "(list 'a \xEF\xBF\xBD' b)", "not UTF-8");
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

static void query_parse__patterns(void **state)
{
    PC_UNUSED(state);
    check("pre* x", "(list prefix<pre> x)", "");
    check("pre**", "prefix<pre>", "");
    check("*lead", "wild<*lead>", "");
    check("wild?card*", "wild<wild?card*>", "");
    check("a**b", "wild<a*b>", "");
    check("+pre*^2 -*x*", "(list +prefix<pre>^2 -wild<*x*>)", "");
    check("what? who?\?", "(list what? who?\?)", "");
    check("?x x?y", "(list wild<?x> wild<x?y>)", "");
    check("pre*, pre*.", "(list prefix<pre> prefix<pre>)", "");
    check("pre*?", "prefix<pre>", "");
    check("pre?*", "wild<pre?*>", "");
    check("\\*x \\*x*", "(list *x prefix<*x>)", "");
    check("a\\*b*c a\\?b*c", "(list wild<a\\*b*c> wild<a\\?b*c>)", "");
    check("** *? =pre*", "(list ** *? =pre*)", "");
    check("x.org/?a=b a@b.* q?a=b", "(list x.org/?a=b a@b.* q?a=b)", "");
    check("fuz~1 fuz~2 fuz~", "(list fuzzy1<fuz> fuzzy2<fuz> fuzzy2<fuz>)", "");
    check("fuz~0 ~5 a~b", "(list fuz ~5 a~b)", "");
    check("fuz~3 fuz~0.8^2", "(list fuzzy2<fuz> fuzzy2<fuz>^2)",
          "1 or 2 letters|1 or 2 letters");
    check("pre*~1 w?d~1", "(list prefix<pre> wild<w?d>)",
          "ignored behind a pattern|ignored behind a pattern");
    check("=fuz~1", "=fuz~1", "");
    check("/arms?/ /(a|b)c/^2", "(list regex<arms?> regex<(a|b)c>^2)", "");
    check("/a\\/b/ x", "(list regex<a\\/b> x)", "");
    check("/usr/lib / // /a b/", "(list /usr/lib / // /a b/)", "");
    check("and/or =/x/", "(list and/or =/x/)", "");
    check("(/a)/ /x", "(list /a / /x)", "");
}

static void query_parse__distances(void **state)
{
    PC_UNUSED(state);
    check("\"a b\"~5 =\"a b\"~2^3", "(list 'a b'~5 ='a b'~2^3)", "");
    check("\"a b\"~0", "'a b'", "");
    check("\"a b\"~ c", "(list 'a b' c)", "a number belongs behind");
    check("\"a b\"~99999", "'a b'~1000", "up to 1000");
    check("a NEAR/5 b", "(near5 a b)", "");
    check("a ADJ/0 \"b c\"", "(adj0 a 'b c')", "");
    check("x a NEAR/5 b AND c", "(list x (list +(near5 a b) +c))", "");
    check("a NEAR/5 b ADJ/2 c", "(adj2 (near5 a b) c)", "");
    check("(a OR b) NEAR/3 (c d*)", "(near3 (either a b) (list c prefix<d>))",
          "");
    check("-a NEAR/3 b", "(list -(near3 a b))", "");
    check("NOT a NEAR/3 b", "(list -(near3 a b))", "");
    check("a NEAR/3 -b", "(near3 a b)", "a sign has no meaning");
    check("a^2 NEAR/3 b", "(near3 a^2 b)", "");
    check("(a NEAR/3 b)^2", "(near3 a b)^2", "");
    check("a NEAR/3 (+b c)", "(list +a +b c)", "AND is taken");
    check("a NEAR/3 ext:pdf", "(list +a #{ext pdf})", "AND is taken");
    check("a NEAR/3 title:b", "(list +a +title:b)", "of one field");
    check("title:(a NEAR/3 b)", "(near3 title:a title:b)", "");
    check("a NEAR/9999 b", "(near1000 a b)", "up to 1000");
    check("NEAR/5 a", "a", "nothing before");
    check("a NEAR/5", "a", "nothing after");
    check("NEAR ADJ NEAR/ NEAR/x near/5", "(list NEAR ADJ NEAR/ NEAR/x near/5)",
          "");
    check("a \\NEAR/5 b", "(list a NEAR/5 b)", "");
}

static void query_parse__at_least_and_constants(void **state)
{
    PC_UNUSED(state);
    check("(a b c)@2", "(list@2 a b c)", "");
    check("(a OR b OR c)@2 d", "(list (list@2 a b c) d)", "");
    check("(a b c)@2^3", "(list@2 a b c)^3", "");
    check("(a b +c)@2", "(list@2 a b +c)", "");
    check("(a b)@5", "(list@2 a b)", "fewer clauses");
    check("(a)@2 (+a +b)@1", "(list a (list +a +b))",
          "a group of several|a group of several");
    check("(a b)@x", "(list (list a b) @x)", "");
    check("+(+a b c)@1", "(list@1 +a b c)", "");
    check("a^=1 b", "(list a^=1 b)", "");
    check("(a b)^=0.5", "(list a b)^=0.5", "");
    check("(a^2)^=3", "a^=3", "");
    check("(a^=2)^3", "(list a^=2)^3", "");
    check("*^=1", "ALL^=1", "");
    check("a^=x", "a^=x", "^ is read as text");
    check("a | b", "(either a b)", "");
    check("a|b", "a|b", "");
}

static void query_parse__fields(void **state)
{
    PC_UNUSED(state);
    check("title:x TITLE:\"a b\"~2", "(list title:x title:'a b'~2)", "");
    check("title:(a +b) c", "(list (list title:a +title:b) c)", "");
    check("title:=x title:pre* title:/x/ title:f~1",
          "(list title:=x title:prefix<pre> title:regex<x> title:fuzzy1<f>)",
          "");
    check("title:AND b", "(list title:AND b)", "");
    check("ext:pdf", "{ext pdf}", "");
    check("arms ext:pdf", "(list arms #{ext pdf})", "");
    check("+ext:pdf -lang:ja", "(list #{ext pdf} -{lang ja})", "");
    check("Author:\"J. Smith\" author:=\"J. Smith\"",
          "(list #{author J. Smith} #{author =J. Smith})", "");
    check("path:sub/dir path:2014/*.txt",
          "(list #{path sub/dir} #{path ~2014/*.txt})", "");
    check("a OR ext:pdf", "(either a {ext pdf})", "");
    check("a AND ext:pdf", "(list +a #{ext pdf})", "");
    check("a (ext:pdf OR ext:md)", "(list a #(either {ext pdf} {ext md}))", "");
    check("ext:(pdf | md) lang:(en, fr OR =ja)",
          "(list #{ext pdf md} #{lang en fr =ja})", "");
    check("ext:(pdf AND md)", "{ext pdf md}", "AND is ignored");
    check("ext:(pdf (md))", "{ext pdf md}", "holds values|nothing is open");
    check("ext:() a", "a", "an empty set");
    check("ext:(pdf", "{ext pdf}", "not closed");
    check("pages:>=10 pages:<20",
          "(list #{pages >=10 <=open} #{pages "
          ">=open <20})",
          "");
    check("pages:[10 TO 20] pages:{a TO *]",
          "(list #{pages >=10 <=20} #{pages >a <=open})", "");
    check("x1:[* TO *]", "{x1 ~*}", "");
    check("pages:[10 20]", "(list pages:[10 20])", "");
    check("ext:pdf^2", "{ext pdf}", "no weight");
    check("a ext:pdf^=2", "(list a {ext pdf}^=2)", "");
    check("cve:2014-0160", "{cve 2014-0160}", "");
    check("http://x.org C:\\x std::vector Re: a 10:30",
          "(list http://x.org C:\\x std::vector Re: a 10:30)", "");
    check("re\\:x =re:x", "(list re:x =re:x)", "");
}

static void query_parse__dates(void **state)
{
    PC_UNUSED(state);
    check("since:2014-03 until:2014-06",
          "(list #{date >=2014-03 <=open} #{date >=open <=2014-06})", "");
    check("date:2014-Q2", "{date 2014-Q2}", "");
    check("date:2014-W23", "{date 2014-W23}", "");
    check("since:last month x", "(list #{date >=last month <=open} x)", "");
    check("since:\"last month\"", "{date >=last month <=open}", "");
    check("until:yesterday", "{date >=open <=yesterday}", "");
    check("since:3-months-ago", "{date >=3-months-ago <=open}", "");
    check("date:[2014 TO 2015-06-30]", "{date >=2014 <=2015-06-30}", "");
    check("date:>2014", "{date >2014 <=open}", "");
    check("date:2014-*", "{date ~2014-*}", "");
    check("since:soon x", "x", "not a date");
    check("since:2014-13 x", "x", "not a date");
    check("since:2015-02-29", "NONE", "not a date");
    check("since: 2014", "(list since: 2014)", "");
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
    assert_int_equal(
        ps_parse(&root, &w, (pc_str){text, sizeof text}, &arena, NULL),
        PARASOL_OK);
    assert_int_equal(w.n, PS_MAX_WARNINGS);
    assert_string_equal(w.items[w.n - 1].message,
                        "937 more warnings from here on are not shown");
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
        cmocka_unit_test(query_parse__patterns),
        cmocka_unit_test(query_parse__distances),
        cmocka_unit_test(query_parse__at_least_and_constants),
        cmocka_unit_test(query_parse__fields),
        cmocka_unit_test(query_parse__dates),
        cmocka_unit_test(query_parse__ranges_are_those_of_the_source),
        cmocka_unit_test(query_parse__limits),
        cmocka_unit_test(query_parse__warnings_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
