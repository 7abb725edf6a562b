/*
 * Option tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/tool/opt.h"

static const pc_opt table[] = {
    {0, 'n', "limit", "N", "at most N\nof them"},
    {1, 'c', "count", NULL, "count"},
    {2, 'l', NULL, NULL, "list"},
    {3, 0, "from", "N", "start"},
    {4, 0, "a-very-long-name", "ARGUMENT", "help"},
};

static bool words;

/* Parses; writes what came as "id=value " ... then "| operands", or the
   message of the error. */
static const char *parse(int argc, const char *const *args)
{
    static char out[512];
    char *argv[16];
    pc_opts o;
    size_t n = 0;
    argv[0] = (char *)(uintptr_t) "verb";
    for (int i = 0; i < argc; i++)
        argv[i + 1] = (char *)(uintptr_t)args[i];
    pc_opts_init(&o, table, PC_COUNTOF(table), argc + 1, argv);
    if (words)
        pc_opts_allow_dash_words(&o);
    out[0] = 0;
    for (int i; (i = pc_opts_next(&o)) != PC_OPTS_END;) {
        if (i == PC_OPTS_ERROR)
            return memcpy(out, o.message, sizeof o.message);
        n += (size_t)snprintf(out + n, sizeof out - n, "%d=%s ", table[i].id,
                              o.value ? o.value : "");
    }
    n += (size_t)snprintf(out + n, sizeof out - n, "|");
    for (int i = 0; i < o.operand_count; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, " %s", o.operands[i]);
    return out;
}

#define CHECK(want, ...)                                                       \
    do {                                                                       \
        const char *const args[] = {__VA_ARGS__};                              \
        assert_string_equal(parse((int)PC_COUNTOF(args), args), (want));       \
    } while (0)

static void tool_opt__accepts_all_forms(void **state)
{
    PC_UNUSED(state);
    CHECK("0=5 | q", "-n", "5", "q");
    CHECK("0=5 | q", "-n5", "q");
    CHECK("1= 2= 0=7 |", "-cln7");
    CHECK("0=5 3=6 |", "--limit=5", "--from", "6");
    CHECK("3= |", "--from=");
    CHECK("1= | a b", "a", "-c", "b");
    CHECK("| -c --x", "--", "-c", "--x");
    CHECK("| - a", "-", "a");
    CHECK("0=-c |", "-n", "-c");
    assert_string_equal(parse(0, NULL), "|");
}

static void tool_opt__refuses_with_a_sentence(void **state)
{
    PC_UNUSED(state);
    CHECK("unknown option: -x", "-x");
    CHECK("unknown option: -cx", "-cx");
    CHECK("unknown option: --nope", "--nope=3");
    CHECK("option --limit: its argument is missing", "-n");
    CHECK("option --from: its argument is missing", "--from");
    CHECK("option --count: takes no argument", "--count=3");
    CHECK("unknown option: --fro", "--fro", "3");
}

static void tool_opt__words_with_a_minus_behind_the_first_operand(void **state)
{
    PC_UNUSED(state);
    words = true;
    CHECK("| q -china -league", "q", "-china", "-league");
    CHECK("0=5 1= | q", "q", "-n5", "-c");
    CHECK("0=5 | q -c5", "q", "-n", "5", "-c5");
    CHECK("1= 2= | q", "-cl", "q");
    CHECK("unknown option: -china", "-china", "q");
    CHECK("unknown option: -x", "q", "-x");
    CHECK("unknown option: --nope", "q", "--nope");
    words = false;
}

static void tool_opt__joins_operands(void **state)
{
    PC_UNUSED(state);
    char one[] = "a b";
    char two[] = "";
    char three[] = "c";
    char *argv[] = {one, one, two, three};
    pc_opts o;
    size_t len = 0;
    pc_opts_init(&o, table, PC_COUNTOF(table), 4, argv);
    assert_int_equal(pc_opts_next(&o), PC_OPTS_END);
    char *joined = pc_opts_join(&o, &len);
    assert_non_null(joined);
    assert_string_equal(joined, "a b  c");
    assert_int_equal(len, 6);
    pc_opts_free_joined(joined);
}

static void tool_opt__usage_has_two_columns(void **state)
{
    PC_UNUSED(state);
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    assert_non_null(f);
    pc_opts_usage(table, PC_COUNTOF(table), f);
    assert_int_equal(fclose(f), 0);
    assert_string_equal(text, "  -n, --limit=N         at most N\n"
                              "                        of them\n"
                              "  -c, --count           count\n"
                              "  -l                    list\n"
                              "      --from=N          start\n"
                              "      --a-very-long-name=ARGUMENT\n"
                              "                        help\n");
    free(text);
}

static void tool_opt__numbers(void **state)
{
    PC_UNUSED(state);
    uint64_t v = 77;
    double d = 0;
    assert_true(pc_opt_uint("0", 10, &v) && v == 0);
    assert_true(pc_opt_uint("10", 10, &v) && v == 10);
    assert_true(pc_opt_uint("18446744073709551615", UINT64_MAX, &v));
    assert_true(v == UINT64_MAX);
    assert_false(pc_opt_uint("18446744073709551616", UINT64_MAX, &v));
    assert_false(pc_opt_uint("11", 10, &v));
    assert_false(pc_opt_uint("", 10, &v));
    assert_false(pc_opt_uint("-1", 10, &v));
    assert_false(pc_opt_uint("1x", 10, &v));
    assert_true(pc_opt_real("1.25", &d) && d == 1.25);
    assert_true(pc_opt_real("-2e3", &d) && d == -2000.0);
    assert_false(pc_opt_real("nan", &d));
    assert_false(pc_opt_real("1e999", &d));
    assert_false(pc_opt_real("0x10", &d));
    assert_false(pc_opt_real(" 1", &d));
    assert_false(pc_opt_real("", &d));
    assert_false(pc_opt_real("e", &d));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tool_opt__accepts_all_forms),
        cmocka_unit_test(tool_opt__refuses_with_a_sentence),
        cmocka_unit_test(tool_opt__words_with_a_minus_behind_the_first_operand),
        cmocka_unit_test(tool_opt__joins_operands),
        cmocka_unit_test(tool_opt__usage_has_two_columns),
        cmocka_unit_test(tool_opt__numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
