/*
 * A deep check, a repair and an upgrade with every allocation failing, once
 * and from then on: NOMEM, or the right result; never a verdict that is wrong,
 * no leak, and the index is as it was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/parasol.h>

#include "tests/support/failmem.h"
#include "tests/support/scratch.h"

enum { DOCUMENTS = 150 };

typedef struct place {
    scratch dir;
    char index[600];
    failmem memory;
    parasol_allocator alloc;
} place;

static void build(place *p)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.segment_docs = 100;
    o.jobs = 1;
    (void)snprintf(p->index, sizeof p->index, "%s/index", p->dir.dir);
    assert_int_equal(parasol_indexer_open(&w, p->index, &o, NULL), PARASOL_OK);
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        char id[32], text[200];
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        parasol_meta meta = {"kind", i % 2 ? "odd" : "even"};
        (void)snprintf(id, sizeof id, "doc%u", i * 37 % DOCUMENTS);
        doc.text_len = (size_t)snprintf(text, sizeof text, "treaty number%u %s",
                                        i, i % 3 ? "an attack" : "attacks");
        doc.id = id;
        doc.title = "Titles";
        doc.text = text;
        doc.meta = &meta;
        doc.meta_count = 1;
        assert_int_equal(parasol_indexer_add(w, &doc, NULL), PARASOL_OK);
    }
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), PARASOL_OK);
    parasol_indexer_close(w);
}

/* Changes a byte in the middle of the first segment. */
static void damage(const place *p)
{
    char path[700];
    size_t n;
    (void)snprintf(path, sizeof path, "%s/s1.seg", p->index);
    uint8_t *bytes = scratch_read(path, &n);
    bytes[n / 3] ^= 1;
    scratch_write(path, bytes, n);
    free(bytes);
}

static void damage_manifest(const place *p)
{
    char path[700];
    size_t n;
    (void)snprintf(path, sizeof path, "%s/manifest.1", p->index);
    uint8_t *bytes = scratch_read(path, &n);
    bytes[10] ^= 1;
    scratch_write(path, bytes, n);
    free(bytes);
}

static int check(place *p)
{
    parasol_check_options o = PARASOL_CHECK_OPTIONS_INIT;
    o.alloc = &p->alloc;
    o.deep = 1;
    return parasol_check(p->index, &o, NULL, NULL);
}

static int repair(place *p)
{
    parasol_repair_options o = PARASOL_REPAIR_OPTIONS_INIT;
    parasol_error err = {0};
    o.alloc = &p->alloc;
    o.jobs = 1;
    return parasol_repair(p->index, &o, NULL, &err);
}

typedef int operation(place *p);

/* Every request fails in turn, or each `step`-th, until none is left. Every
   status but NOMEM has to be `want`. */
static void each_request(place *p, operation *run, int want, int for_ever,
                         uint64_t step)
{
    uint64_t n = 1, failures = 0;
    for (;; n += step) {
        failmem_start(&p->memory, n, for_ever);
        int rc = run(p);
        assert_int_equal(atomic_load(&p->memory.live), 0);
        if (rc != PARASOL_NOMEM && rc != want)
            fail_msg("request %llu: status %d", (unsigned long long)n, rc);
        failures += rc == PARASOL_NOMEM;
        if (!atomic_load(&p->memory.failed) || (rc == want && run == repair))
            break;
    }
    failmem_start(&p->memory, 0, 0);
    printf("%llu requests, %llu failures\n", (unsigned long long)n,
           (unsigned long long)failures);
    assert_true(failures > 5);
}

static int set_up(void **state)
{
    place *p = calloc(1, sizeof *p);
    *state = p;
    scratch_make(&p->dir);
    p->alloc = failmem_allocator(&p->memory);
    build(p);
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    scratch_remove(&p->dir);
    free(p);
    return 0;
}

static void fault_nomem__check(void **state)
{
    each_request(*state, check, PARASOL_OK, 0, 1);
    each_request(*state, check, PARASOL_OK, 1, 7);
}

static void fault_nomem__check_damaged(void **state)
{
    damage(*state);
    each_request(*state, check, PARASOL_CORRUPT, 0, 1);
}

/* Until one succeeds: what comes before is as if it had not been. */
static void fault_nomem__repair(void **state)
{
    place *p = *state;
    damage(p);
    for (int for_ever = 0; for_ever < 2; for_ever++) {
        if (for_ever)
            damage(p);
        each_request(p, repair, PARASOL_OK, for_ever, 17);
        assert_int_equal(check(p), PARASOL_OK);
        scratch_empty(p->index, 1);
        build(p);
    }
}

/* Whatever fails, no segment is taken for one that is not there. */
static void fault_nomem__repair_manifest(void **state)
{
    place *p = *state;
    unsigned failures = 0;
    for (uint64_t n = 1; n < 2000; n += 3) {
        damage_manifest(p);
        failmem_start(&p->memory, n, 0);
        int rc = repair(p);
        bool failed = atomic_load(&p->memory.failed) != 0;
        assert_int_equal(atomic_load(&p->memory.live), 0);
        failmem_start(&p->memory, 0, 0);
        assert_true(rc == PARASOL_OK || rc == PARASOL_NOMEM);
        failures += rc == PARASOL_NOMEM;
        if (rc == PARASOL_NOMEM)
            assert_int_equal(repair(p), PARASOL_OK);
        parasol_check_info info = PARASOL_CHECK_INFO_INIT;
        assert_int_equal(parasol_check(p->index, NULL, &info, NULL),
                         PARASOL_OK);
        assert_int_equal(info.documents, DOCUMENTS);
        if (!failed)
            break;
        scratch_empty(p->index, 1);
        build(p);
    }
    assert_true(failures > 20);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(fault_nomem__check),
        TEST(fault_nomem__check_damaged),
        TEST(fault_nomem__repair),
        TEST(fault_nomem__repair_manifest),
    };
    return cmocka_run_group_tests_name("check_nomem", tests, NULL, NULL);
}
