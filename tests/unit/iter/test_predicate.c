/* Filters and values, from docs/query.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "searcher/iter/predicate.h"
#include "searcher/query/parse.h"

/* Whether `filter`, a whole query, lets `value` through. */
static void check(const char *filter, const char *value, bool want)
{
    pc_arena arena;
    ps_node *root = NULL;
    ps_warnings w;
    ps_predicate p;
    ps_stored_value v;
    pc_arena_init(&arena, NULL, 0);
    assert_int_equal(ps_parse(&root, &w, pc_str_of(filter), &arena, NULL), 0);
    assert_int_equal(root->kind, PS_NODE_FILTER);
    assert_int_equal(ps_predicate_init(&p, root->filter, 20260315, 1, &arena),
                     0);
    ps_stored_value_init(&v, NULL);
    assert_int_equal(ps_stored_value_set(&v, pc_str_of(value), true), 0);
    if (ps_predicate_test(&p, &v) != want)
        fail_msg("%s of \"%s\" is %d", filter, value, !want);
    ps_stored_value_release(&v);
    pc_arena_release(&arena);
}

static void iter_predicate__words(void **state)
{
    PC_UNUSED(state);
    check("author:smith", "John SMITH", true);
    check("author:smith", "Smithson", false);
    check("author:\"smith, john\"", "Smith  John (ed.)", true);
    check("author:\"john smith\"", "Smith, John", false);
    check("author:andre", "Andr\xC3\xA9", true);
    check("author:andr\xC3\xA9", "ANDRE", true);
    check("author:andr", "Andr\xC3\xA9", false);
    check("tag:\xE9\xA6\x96\xE9\x83\xBD",
          "\xE9\xA6\x96\xE9\x83\xBD\xE5\x9C\x8F", true);
    check("tag:c", "C++", true);
    check("tag:++", "C++", false);
    check("lang:ja", "ja-JP", true);
    check("tag:(a | b)", "b", true);
    check("tag:(a | b)", "ab", false);
}

static void iter_predicate__exact_and_patterns(void **state)
{
    PC_UNUSED(state);
    check("author:=\"smith, john\"", "Smith, John", true);
    check("author:=smith", "Smith, John", false);
    check("author:sm?th*", "John Smythe", true);
    check("author:sm?th", "John Smythe", false);
    check("author:*", "x", true);
    check("author:mith*", "Smith", false);
    check("author:*mith", "Smith", true);
    check("author:s*", "John Smith", true);
    check("tag:a\\*b*", "a*bc", true);
    check("tag:a\\*b*", "axbc", false);
    check("tag:?x", "\xC3\xA9x", true);
    check("tag:*a*b*c*d", "aaaabbbbccccabcabcd", true);
    check("tag:*a*b*c*d", "aaaabbbbccccabcabc", false);
}

static void iter_predicate__paths(void **state)
{
    PC_UNUSED(state);
    check("path:2014", "eu/2014/a.txt", true);
    check("path:eu/2014", "eu/2014/a.txt", true);
    check("path:/eu/2014/", "eu/2014/a.txt", true);
    check("path:./eu", "EU/2014/a.txt", true);
    check("path:eu/20", "eu/2014/a.txt", false);
    check("path:u/2014", "eu/2014/a.txt", false);
    check("path:a", "eu/2014/a.txt", true);
    check("path:a.txt", "eu/2014/a.txt", true);
    check("path:2014/*.txt", "eu/2014/a.txt", true);
    check("path:2014/*.md", "eu/2014/a.txt", false);
    check("path:*.txt", "eu/2014/a.txt", true);
    check("path:eu/*", "x/eu/2014/a.txt", true);
    check("path:=\"eu/2014/a.txt\"", "eu/2014/a.txt", true);
    check("path:=a.txt", "eu/2014/a.txt", false);
}

static void iter_predicate__numbers_and_text(void **state)
{
    PC_UNUSED(state);
    check("pages:>=10", "10", true);
    check("pages:>=10", "9.5", false);
    check("pages:>10", "10.0", false);
    check("pages:<-1.5", "-2", true);
    check("pages:<=10", "9", true);
    check("pages:>=10", "ten", false);
    check("pages:[10 TO 20]", "20", true);
    check("pages:[10 TO 20}", "20", false);
    check("pages:{10 TO *]", "1e3", false);
    check("pages:[* TO 5]", "-7", true);
    check("author:[a TO m]", "Jones", true);
    check("author:[a TO m]", "Smith", false);
    check("author:>=m", "Smith", true);
}

static void iter_predicate__dates(void **state)
{
    PC_UNUSED(state);
    check("since:2014-03", "2014-03-01", true);
    check("since:2014-03", "2014-02-28", false);
    check("until:2014-06", "2014-06-30", true);
    check("until:2014-06", "2014-07-01", false);
    check("date:>2014", "2014-12-31", false);
    check("date:>2014", "2015-01-01", true);
    check("date:<2014-Q2", "2014-03-31", true);
    check("date:<2014-Q2", "2014-04-01", false);
    check("date:2014-Q2", "2014-05", true);
    check("date:2014", "2014-05-09T10:00:00Z", true);
    check("date:[2014-01 TO 2014-03]", "2014-03-31", true);
    /* Known only roughly. */
    check("since:2014-06", "2014", true);
    check("until:2014-06", "2014", true);
    check("since:2015", "2014", false);
    check("since:last month", "2026-02-01", true);
    check("since:last month", "2026-01-31", false);
    check("date:today", "2026-03-15", true);
    check("date:2014-0*", "2014-05-09", true);
    check("date:2014", "someday", false);
    check("published:>=2014-03", "2014-05-09", true);
    check("published:>=2014", "2014-05-09", true);
    check("published:<2014", "2014-05-09", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iter_predicate__words),
        cmocka_unit_test(iter_predicate__exact_and_patterns),
        cmocka_unit_test(iter_predicate__paths),
        cmocka_unit_test(iter_predicate__numbers_and_text),
        cmocka_unit_test(iter_predicate__dates),
    };
    return cmocka_run_group_tests_name("predicate", tests, NULL, NULL);
}
