/*
 * SIMD level: PARASOL_SIMD lowers it and never raises it. The level is found
 * once per process, so each case runs in a child of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/simd.h"

/* pc_simd_level() in a fresh process with PARASOL_SIMD=name. */
static int level_with(const char *name)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (name)
            (void)setenv("PARASOL_SIMD", name, 1);
        else
            (void)unsetenv("PARASOL_SIMD");
        int level = pc_simd_level();
        /* the answer is kept, whatever the environment says later */
        (void)setenv("PARASOL_SIMD", "scalar", 1);
        _exit(pc_simd_level() == level ? level : 99);
    }
    int status = 0;
    assert_true(waitpid(child, &status, 0) == child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

static void base_simd__environment_lowers_the_level(void **unused)
{
    PC_UNUSED(unused);
    int cpu = pc_simd_cpu();
    print_message("processor level %d\n", cpu);
    assert_in_range(cpu, PC_SIMD_SCALAR, PC_SIMD_AVX512);
    assert_int_equal(level_with("scalar"), PC_SIMD_SCALAR);
    assert_int_equal(level_with("avx2"), least(cpu, PC_SIMD_AVX2));
    assert_int_equal(level_with("avx512"), cpu);
}

static void base_simd__other_values_are_ignored(void **unused)
{
    PC_UNUSED(unused);
    assert_int_equal(level_with(NULL), pc_simd_cpu());
    assert_int_equal(level_with(""), pc_simd_cpu());
    assert_int_equal(level_with("SCALAR"), pc_simd_cpu());
    assert_int_equal(level_with("avx2 "), pc_simd_cpu());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_simd__environment_lowers_the_level),
        cmocka_unit_test(base_simd__other_values_are_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
