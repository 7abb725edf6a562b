/*
 * How an index is: compared with its folder, its directory and its writer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <parasol/parasol.h>

#include "common/base/base.h"
#include "common/os/lock.h"
#include "tests/support/scratch.h"

#define FILES 30u

static scratch tmp;
static char folder[600], dir[700];

static const char *file(const char *name)
{
    static char path[1400];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void put(const char *name, const char *text)
{
    scratch_write(file(name), text, strlen(text));
}

static void update(void)
{
    parasol_indexer *w = NULL;
    parasol_error err = {0};
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    parasol_tree_summary sum = PARASOL_TREE_SUMMARY_INIT;
    o.update = PARASOL_UPDATE_FOLDERS;
    o.jobs = 1;
    int rc = parasol_indexer_open(&w, dir, &o, &err);
    if (!rc)
        rc = parasol_indexer_add_tree(w, folder, NULL, &sum, &err);
    if (!rc)
        rc = parasol_indexer_commit(w, NULL, &err);
    parasol_indexer_close(w);
    if (rc)
        fail_msg("%s", err.message);
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(&tmp);
    (void)snprintf(folder, sizeof folder, "%s/docs", tmp.dir);
    (void)snprintf(dir, sizeof dir, "%s/.parasol", folder);
    assert_int_equal(mkdir(folder, 0777), 0);
    for (unsigned i = 0; i < FILES; i++) {
        char name[32], text[64];
        (void)snprintf(name, sizeof name, "file%02u.txt", i);
        (void)snprintf(text, sizeof text, "words of number%u", i);
        put(name, text);
    }
    put("empty.txt", "");
    put("paper.pdf", "%PDF-1.4\n");
    update();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scratch_remove(&tmp);
    return 0;
}

static parasol_status_info look(const parasol_status_options *o)
{
    parasol_error err = {0};
    parasol_status_info in = {.struct_size = sizeof in};
    if (parasol_index_status(dir, o, &in, &err))
        fail_msg("%s", err.message);
    return in;
}

static void upkeep_status__knows_what_has_changed(void **state)
{
    (void)state;
    parasol_status_info in = look(NULL);
    assert_int_equal(in.fresh, PARASOL_FRESH);
    assert_int_equal(in.folders, 1);
    assert_int_equal(in.documents, FILES);
    assert_int_equal(in.commit, 1);
    assert_true(in.committed > 1500000000);
    put("new.txt", "a new one");
    put("file03.txt", "other words");
    assert_int_equal(unlink(file("file04.txt")), 0);
    char from[1400];
    (void)snprintf(from, sizeof from, "%s", file("file05.txt"));
    assert_int_equal(rename(from, file("moved.txt")), 0);
    in = look(NULL);
    assert_int_equal(in.fresh, PARASOL_FRESH_STALE);
    assert_int_equal(in.added, 1);
    assert_int_equal(in.changed, 1);
    assert_int_equal(in.removed, 1);
    assert_int_equal(in.renamed, 1);
    parasol_status_options o = PARASOL_STATUS_OPTIONS_INIT;
    o.compare = 0;
    in = look(&o);
    assert_int_equal(in.fresh, PARASOL_FRESH_UNKNOWN);
    assert_int_equal(in.added, 0);
    update();
    in = look(NULL);
    assert_int_equal(in.fresh, PARASOL_FRESH);
    assert_int_equal(in.commit, 2);
    assert_int_equal(in.documents, FILES);
    assert_true(in.segments > 1 ? in.dead > 0 : in.dead == 0);
}

typedef struct seen {
    unsigned calls, stop_at;
    char paths[4][40];
} seen;

static int on_change(const parasol_change *c, void *user)
{
    seen *s = user;
    (void)snprintf(s->paths[s->calls % 4], 40, "%d %.30s", c->kind, c->path);
    return ++s->calls == s->stop_at;
}

static void upkeep_status__names_what_has_changed(void **state)
{
    (void)state;
    seen s = {0};
    parasol_status_options o = PARASOL_STATUS_OPTIONS_INIT;
    parasol_status_info in = {.struct_size = sizeof in};
    o.changed = on_change;
    o.user = &s;
    put("a.txt", "first");
    put("z.txt", "last");
    in = look(&o);
    assert_int_equal(in.added, 2);
    assert_int_equal(s.calls, 2);
    assert_string_equal(s.paths[0], "1 a.txt");
    assert_string_equal(s.paths[1], "1 z.txt");
    s = (seen){.stop_at = 1};
    assert_int_equal(parasol_index_status(dir, &o, &in, NULL), PARASOL_ARG);
    assert_int_equal(s.calls, 1);
    update();
}

static int on_problem(const parasol_problem *p, void *user)
{
    seen *s = user;
    (void)snprintf(s->paths[s->calls % 4], 40, "%d %.20s %d %.10s", p->skip,
                   p->path, (int)p->bytes, p->detail);
    return ++s->calls == s->stop_at;
}

static void upkeep_status__says_what_is_not_searchable(void **state)
{
    (void)state;
    seen s = {0};
    char want[40], packed[700];
    parasol_status_info in = look(NULL);
    assert_int_equal(in.skipped[PARASOL_SKIP_EMPTY], 1);
    assert_int_equal(in.skipped[PARASOL_SKIP_TYPE], 1);
    (void)snprintf(packed, sizeof packed, "%s/p.pack", tmp.dir);
    assert_int_equal(parasol_index_pack(dir, packed, NULL, NULL, NULL), 0);
    const char *places[] = {dir, packed};
    for (size_t i = 0; i < PC_COUNTOF(places); i++) {
        s = (seen){0};
        assert_int_equal(
            parasol_index_problems(places[i], on_problem, &s, NULL), 0);
        assert_int_equal(s.calls, 2);
        (void)snprintf(want, sizeof want, "%d empty.txt 0 ",
                       PARASOL_SKIP_EMPTY);
        assert_string_equal(s.paths[0], want);
        (void)snprintf(want, sizeof want, "%d paper.pdf 9 PDF",
                       PARASOL_SKIP_TYPE);
        assert_string_equal(s.paths[1], want);
    }
    s = (seen){.stop_at = 1};
    assert_int_equal(parasol_index_problems(dir, on_problem, &s, NULL), 0);
    assert_int_equal(s.calls, 1);
    in = (parasol_status_info){.struct_size = sizeof in};
    assert_int_equal(parasol_index_status(packed, NULL, &in, NULL), 0);
    assert_true(in.packed);
    assert_int_equal(in.fresh, PARASOL_FRESH_UNKNOWN);
    assert_true(in.why[0]);
    assert_int_equal(parasol_index_problems(tmp.dir, on_problem, &s, NULL),
                     PARASOL_NOTFOUND);
}

static void upkeep_status__looks_into_the_directory(void **state)
{
    (void)state;
    pc_lock lock = {0};
    parasol_status_options o = PARASOL_STATUS_OPTIONS_INIT;
    o.compare = 0;
    parasol_status_info before = look(&o);
    assert_int_equal(before.writer, PARASOL_WRITER_NONE);
    assert_int_equal(before.left_files, 0);
    assert_int_equal(before.foreign_files, 0);
    put(".parasol/s999.seg", "0123456789");
    put(".parasol/t5.tmp", "01234");
    put(".parasol/thesis.txt", "not ours");
    assert_int_equal(pc_lock_take(&lock, dir, NULL), 0);
    parasol_status_info in = look(&o);
    assert_int_equal(in.writer, PARASOL_WRITER_AT_WORK);
    assert_int_equal(in.writer_pid, getpid());
    pc_lock_drop(&lock);
    in = look(&o);
    assert_int_equal(in.writer, PARASOL_WRITER_NONE);
    assert_int_equal(in.left_files, 2);
    assert_int_equal(in.left_bytes, 15);
    assert_int_equal(in.foreign_files, 1);
    assert_true(in.disk_bytes >= in.bytes + 15);
    assert_int_equal(unlink(file(".parasol/thesis.txt")), 0);
    put("one-more.txt", "so that there is a commit");
    update(); /* which removes what was left */
    in = look(NULL);
    assert_int_equal(in.left_files, 0);
    assert_int_equal(in.fresh, PARASOL_FRESH);
}

static void upkeep_status__a_copy_elsewhere_is_not_compared(void **state)
{
    (void)state;
    char copy[700];
    parasol_log *log = NULL, *old = NULL;
    parasol_status_info in = {.struct_size = sizeof in};
    (void)snprintf(copy, sizeof copy, "%s/copy", tmp.dir);
    assert_int_equal(parasol_index_backup(dir, copy, NULL, NULL, NULL), 0);
    assert_int_equal(parasol_index_status(copy, NULL, &in, NULL), 0);
    assert_int_equal(in.fresh, PARASOL_FRESH_UNKNOWN);
    assert_non_null(strstr(in.why, "none of the files"));
    /* Its log came along. */
    assert_int_equal(parasol_log_open(&old, dir, NULL), 0);
    assert_int_equal(parasol_log_open(&log, copy, NULL), 0);
    assert_int_equal(parasol_log_count(log), parasol_log_count(old));
    parasol_log_entry e = {.struct_size = sizeof e};
    assert_int_equal(parasol_log_get(log, 0, &e), 0);
    assert_int_equal(e.state, PARASOL_LOG_WRITTEN);
    parasol_log_close(log);
    parasol_log_close(old);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(upkeep_status__knows_what_has_changed),
        cmocka_unit_test(upkeep_status__names_what_has_changed),
        cmocka_unit_test(upkeep_status__says_what_is_not_searchable),
        cmocka_unit_test(upkeep_status__looks_into_the_directory),
        cmocka_unit_test(upkeep_status__a_copy_elsewhere_is_not_compared),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
