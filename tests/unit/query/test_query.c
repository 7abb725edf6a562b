/*
 * The query functions of the public header, and memory that runs out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/searcher.h>

static void query_api__text_and_warnings(void **state)
{
    (void)state;
    parasol_query *q = NULL;
    parasol_error err = {0};
    const char *text = "a AND b) \"c";
    assert_int_equal(
        parasol_query_parse(&q, text, strlen(text), NULL, &err), PARASOL_OK);
    assert_string_equal(parasol_query_text(q).ptr, "(+a +b) \"c\"");
    assert_int_equal(parasol_query_text(q).len, 11);
    assert_int_equal(parasol_query_warning_count(q), 2);
    assert_int_equal(parasol_query_warning(q, 0).start, 7);
    assert_int_equal(parasol_query_warning(q, 0).end, 8);
    assert_int_equal(parasol_query_warning(q, 1).start, 9);
    assert_string_equal(parasol_query_warning(q, 2).message, "");
    parasol_query_free(q);
    parasol_query_free(NULL);
}

static void query_api__strict_refuses_the_first_warning(void **state)
{
    (void)state;
    parasol_query *q = NULL;
    parasol_error err = {0};
    parasol_query_options o = PARASOL_QUERY_OPTIONS_INIT;
    o.strict = 1;
    assert_int_equal(parasol_query_parse(&q, "ab )", 4, &o, &err),
                     PARASOL_QUERY);
    assert_null(q);
    assert_int_equal(err.code, PARASOL_QUERY);
    assert_int_equal(err.offset, 3);
    assert_int_equal(parasol_query_parse(&q, "ab", 2, &o, &err), PARASOL_OK);
    parasol_query_free(q);
}

static void query_api__an_empty_query_and_bytes_of_any_kind(void **state)
{
    (void)state;
    parasol_query *q = NULL;
    assert_int_equal(parasol_query_parse(&q, NULL, 0, NULL, NULL),
                     PARASOL_OK);
    assert_string_equal(parasol_query_text(q).ptr, "");
    parasol_query_free(q);
    q = NULL;
    assert_int_equal(parasol_query_parse(&q, "a\0b \xFF", 5, NULL, NULL),
                     PARASOL_OK);
    assert_string_equal(parasol_query_text(q).ptr, "a b \xEF\xBF\xBD");
    parasol_query_free(q);
}

static void query_api__limits(void **state)
{
    (void)state;
    static char text[65537];
    parasol_query *q = NULL;
    parasol_error err = {0};
    memset(text, 'a', sizeof text);
    assert_int_equal(
        parasol_query_parse(&q, text, sizeof text, NULL, &err),
        PARASOL_QUERY);
    assert_int_equal(err.offset, 65536);
    assert_int_equal(parasol_query_parse(&q, text, 65536, NULL, &err),
                     PARASOL_OK);
    parasol_query_free(q);
    q = NULL;
    /* Within the limit, but not once repaired. */
    memset(text, 0xFF, sizeof text);
    assert_int_equal(parasol_query_parse(&q, text, 65536, NULL, &err),
                     PARASOL_QUERY);
    assert_null(q);
}

struct counted {
    long left; /* allocations that still succeed */
    long live;
};

static void *counted_resize(void *ptr, size_t size, void *user)
{
    struct counted *c = user;
    if (c->left-- <= 0)
        return NULL;
    c->live += ptr == NULL;
    return realloc(ptr, size);
}

static void counted_release(void *ptr, void *user)
{
    struct counted *c = user;
    c->live -= ptr != NULL;
    free(ptr);
}

static void query_api__each_allocation_may_fail(void **state)
{
    (void)state;
    const char *text = "a +(b OR \"c d\"^2) -\xFF ) x y z u v w q r s t o p";
    for (long allowed = 0;; allowed++) {
        struct counted c = {allowed, 0};
        parasol_allocator alloc = {counted_resize, counted_release, &c};
        parasol_query_options o = PARASOL_QUERY_OPTIONS_INIT;
        o.alloc = &alloc;
        parasol_query *q = NULL;
        parasol_error err = {0};
        int rc = parasol_query_parse(&q, text, strlen(text), &o, &err);
        if (rc) {
            assert_int_equal(rc, PARASOL_NOMEM);
            assert_int_equal(err.code, PARASOL_NOMEM);
            assert_null(q);
            assert_int_equal(c.live, 0);
            continue;
        }
        parasol_query_free(q);
        assert_int_equal(c.live, 0);
        assert_true(allowed > 2);
        break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(query_api__text_and_warnings),
        cmocka_unit_test(query_api__strict_refuses_the_first_warning),
        cmocka_unit_test(query_api__an_empty_query_and_bytes_of_any_kind),
        cmocka_unit_test(query_api__limits),
        cmocka_unit_test(query_api__each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
