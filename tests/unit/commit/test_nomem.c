/*
 * Memory that runs out: each allocation of a whole life of an index, from
 * preparing to reading a document, fails once. Nothing may leak, break or
 * pass for success, and the commit before must stay.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/fail.h"
#include "common/format/name.h"
#include "common/segment/store.h"
#include "indexer/commit/commit.h"
#include "indexer/write/store_writer.h"
#include "tests/support/scratch.h"

static scratch tmp;

/* Allocations that still succeed; then `sticky` says whether one fails or all
   do. Wraps around after the failure unless sticky. */
static unsigned left;
static bool sticky;
static bool failed;

static void *failing_resize(void *ptr, size_t size, void *user)
{
    (void)user;
    if (left == 0 && (sticky || !failed)) {
        failed = true;
        return NULL;
    }
    if (left > 0)
        left--;
    return realloc(ptr, size);
}

static void failing_release(void *ptr, void *user)
{
    (void)user;
    free(ptr);
}

static const parasol_allocator mem = {failing_resize, failing_release, NULL};

static int write_segment(const char *dir, pc_manifest *next, parasol_error *err)
{
    static char text[70000];
    pc_manifest_segment s = {.number = next->next_segment++, .docs = 1};
    pc_field fields[3] = {{PC_STR_LIT("path"), PC_STR_LIT("p")},
                          {PC_STR_LIT("title"), PC_STR_LIT("t")},
                          {PC_STR_LIT("date"), PC_STR_LIT("d")}};
    pi_stored_doc doc = {fields, 3, {text, sizeof text}};
    pi_store_writer w;
    pi_spool spool;
    pc_buf path;
    pi_out *o = NULL;
    pc_buf_init(&path, &mem);
    pi_store_writer_init(&w, dir, 1, &mem);
    pi_spool_init(&spool, dir, 1000, &mem);
    const char *name =
        pc_name_path(&path, dir, PC_NAME_SEGMENT, s.number, "", err);
    int rc = PARASOL_NOMEM;
    if (name)
        rc = pi_out_create(&o, name, PC_KIND_SEGMENT, s.number, &mem, err);
    if (rc)
        goto out;
    pi_spool_put(&spool, text, 5000);
    rc = pi_store_add(&w, &doc); /* sticky: finish tells again */
    pi_out_begin(o, PC_SECTION_META);
    (void)pi_spool_drain(&spool, o);
    int stored = pi_store_finish(&w, o, err);
    rc = pi_out_finish(o, &s.file_bytes, &s.trailer_crc, err);
    assert_int_equal(stored && !rc, 0);
    if (!rc)
        rc = pc_manifest_add(next, &s, err);
out:
    pi_spool_release(&spool);
    pi_store_writer_release(&w);
    pc_buf_release(&path);
    return rc;
}

static int write_index(const char *dir, parasol_error *err)
{
    pc_lock lock = {0};
    pc_manifest now;
    pc_manifest next;
    pc_manifest_init(&next, &mem);
    int rc = pi_commit_prepare(dir, &lock, &now, &mem, err);
    if (rc)
        goto out;
    next.commit = now.commit + 1;
    next.next_segment = now.next_segment;
    rc = pc_manifest_set_spec(&next, PC_STR_LIT("spec"), err);
    if (!rc)
        rc = write_segment(dir, &next, err);
    if (!rc)
        rc = pi_commit_publish(dir, &next, &mem, err);
    pi_commit_collect(dir, rc ? &now : &next, &mem);
out:
    pc_lock_drop(&lock);
    pc_manifest_release(&now);
    pc_manifest_release(&next);
    return rc;
}

static int read_index(const char *dir, uint64_t *commit, parasol_error *err)
{
    pc_manifest m;
    pc_sealed *f = NULL;
    pc_store s;
    pc_arena arena;
    pc_buf b;
    pc_field *fields;
    size_t n;
    pc_buf_init(&b, &mem);
    pc_arena_init(&arena, &mem, 0);
    int rc = pc_manifest_newest(dir, &m, &mem, err);
    if (rc)
        goto out;
    *commit = m.commit;
    assert_int_equal(m.n_segments, 1);
    const char *path =
        pc_name_path(&b, dir, PC_NAME_SEGMENT, m.segments[0].number, "", err);
    rc = path ? pc_sealed_open(&f, path, PC_KIND_SEGMENT, &mem, err)
              : PARASOL_NOMEM;
    pc_buf_clear(&b);
    if (!rc)
        rc = pc_store_open(&s, f, 1, &mem, err);
    if (!rc)
        rc = pc_store_fields(&s, 0, &arena, &fields, &n, err);
    if (!rc)
        rc = pc_store_text(&s, 0, 10, 69990, &b, err);
    if (!rc)
        rc = pc_store_verify(&s, err);
    if (!rc)
        assert_int_equal(b.len, 69990);
out:
    pc_sealed_close(f);
    pc_manifest_release(&m);
    pc_arena_release(&arena);
    pc_buf_release(&b);
    return rc;
}

static uint64_t commit_there(const char *dir)
{
    parasol_error err = {0};
    uint64_t commit = 0;
    left = UINT32_MAX;
    int rc = read_index(dir, &commit, &err);
    if (rc)
        print_message("%s\n", err.message);
    assert_int_equal(rc, 0);
    return commit;
}

static void run(bool every_later_one_too)
{
    parasol_error err = {0};
    char dir[1024];
    unsigned failures = 0;
    scratch_make(&tmp);
    (void)snprintf(dir, sizeof dir, "%s", scratch_path(&tmp, "index"));
    left = UINT32_MAX;
    assert_int_equal(write_index(dir, &err), 0);
    sticky = every_later_one_too;
    uint64_t commit = commit_there(dir);
    for (unsigned i = 0;; i++) {
        left = i;
        failed = false;
        int rc = write_index(dir, &err);
        bool hit = failed;
        uint64_t now = commit_there(dir);
        /* One failure can be survived, where memory only served to tidy. */
        assert_true(rc == 0 || rc == PARASOL_NOMEM);
        assert_int_equal(now, commit + (rc ? 0 : 1));
        commit = now;
        failures += rc ? 1u : 0u;
        if (!hit)
            break;
    }
    assert_true(failures > 20);
    failures = 0;
    for (unsigned i = 0;; i++) {
        left = i;
        failed = false;
        int rc = read_index(dir, &commit, &err);
        if (!failed)
            break;
        assert_int_equal(rc, PARASOL_NOMEM);
        failures++;
    }
    assert_true(failures > 10);
    scratch_remove(&tmp);
}

static void commit_nomem__one_allocation_fails(void **state)
{
    (void)state;
    run(false);
}

static void commit_nomem__all_later_allocations_fail(void **state)
{
    (void)state;
    run(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commit_nomem__one_allocation_fails),
        cmocka_unit_test(commit_nomem__all_later_allocations_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
