/*
 * A small index with every byte changed in turn in three ways, cut at every
 * length, and with every file taken away: a check finds each of them. What is
 * no part of a commit (the log) need only be noted; the lock is for the eyes of
 * people and under no checksum.
 */
#include <dirent.h>
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

#include "tests/support/scratch.h"
#include "tests/support/treaties.h"

typedef struct place {
    scratch dir;
    char index[600];
    uint64_t notes; /* of the sound index */
    uint64_t tries, missed;
} place;

/* Every finding says where and what. */
static int on_finding(const parasol_finding *f, void *user)
{
    (void)user;
    assert_true(f->file[0] != 0 && f->problem[0] != 0);
    return 0;
}

static bool is_found(place *p)
{
    parasol_check_options o = PARASOL_CHECK_OPTIONS_INIT;
    parasol_check_info info = PARASOL_CHECK_INFO_INIT;
    parasol_error err = {0};
    o.report = on_finding;
    int rc = parasol_check(p->index, &o, &info, &err);
    if (rc != PARASOL_OK && (err.code != rc || !err.message[0]))
        fail_msg("status %d without a sentence", rc);
    assert_int_equal(rc == PARASOL_CORRUPT, info.damages > 0);
    return rc != PARASOL_OK || info.notes != p->notes;
}

static void judge(place *p, const char *file, const char *what, size_t at)
{
    p->tries++;
    if (is_found(p))
        return;
    if (p->missed++ < 10)
        print_error("%s, %s %zu: not found\n", file, what, at);
}

typedef void damage(place *p, const char *path, const uint8_t *bytes, size_t n);

/* Calls `with` for each file of the index, which is whole again after it. */
static void each_file(place *p, damage *with)
{
    struct dirent **names = NULL;
    int count = scandir(p->index, &names, NULL, alphasort);
    p->tries = p->missed = 0;
    for (int i = 0; i < count; i++) {
        char path[1200];
        size_t n = 0;
        const char *name = names[i]->d_name;
        (void)snprintf(path, sizeof path, "%s/%s", p->index, name);
        if (name[0] != '.' && strcmp(name, "lock") != 0) {
            uint8_t *bytes = scratch_read(path, &n);
            with(p, path, bytes, n);
            scratch_write(path, bytes, n);
            free(bytes);
        }
        free(names[i]);
    }
    free(names);
    printf("%llu damages, %llu missed\n", (unsigned long long)p->tries,
           (unsigned long long)p->missed);
    assert_true(p->tries > 1);
    assert_int_equal(p->missed, 0);
    assert_false(is_found(p));
}

/* One byte in its place: to write the file anew takes the disk much longer. */
static void put_byte(const char *path, size_t at, uint8_t byte)
{
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, (long)at, SEEK_SET), 0);
    assert_int_equal(fputc(byte, f), byte);
    assert_int_equal(fclose(f), 0);
}

static void change_bytes(place *p, const char *path, const uint8_t *bytes,
                         size_t n)
{
    static const uint8_t masks[] = {0x01, 0x80, 0xff};
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < sizeof masks; k++) {
            put_byte(path, i, bytes[i] ^ masks[k]);
            judge(p, path, "byte", i);
        }
        put_byte(path, i, bytes[i]);
    }
}

static void cut_short(place *p, const char *path, const uint8_t *bytes,
                      size_t n)
{
    (void)bytes;
    for (size_t len = n; len-- > 0;) {
        assert_int_equal(truncate(path, (off_t)len), 0);
        judge(p, path, "cut at", len);
    }
}

static void add_bytes(place *p, const char *path, const uint8_t *bytes,
                      size_t n)
{
    (void)bytes;
    FILE *f = fopen(path, "ab");
    assert_non_null(f);
    assert_int_equal(fputc(0, f), 0);
    assert_int_equal(fclose(f), 0);
    judge(p, path, "longer than", n);
}

static void take_away(place *p, const char *path, const uint8_t *bytes,
                      size_t n)
{
    (void)bytes;
    if (strcmp(strrchr(path, '/'), "/log") == 0)
        return; /* a log need not be there */
    assert_int_equal(remove(path), 0);
    judge(p, path, "taken away", n);
}

static int set_up(void **state)
{
    static place p;
    parasol_check_info info = PARASOL_CHECK_INFO_INIT;
    scratch_make(&p.dir);
    (void)snprintf(p.index, sizeof p.index, "%s/index", p.dir.dir);
    treaties_build(p.index);
    *state = &p;
    int rc = parasol_check(p.index, NULL, &info, NULL);
    p.notes = info.notes;
    return rc;
}

static int tear_down(void **state)
{
    place *p = *state;
    scratch_remove(&p->dir);
    return 0;
}

static void fault_check__every_byte(void **state)
{
    each_file(*state, change_bytes);
}

static void fault_check__every_length(void **state)
{
    each_file(*state, cut_short);
}

static void fault_check__one_byte_more(void **state)
{
    each_file(*state, add_bytes);
}

static void fault_check__every_file(void **state)
{
    each_file(*state, take_away);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fault_check__every_byte),
        cmocka_unit_test(fault_check__every_length),
        cmocka_unit_test(fault_check__one_byte_more),
        cmocka_unit_test(fault_check__every_file),
    };
    return cmocka_run_group_tests_name("check_flip", tests, set_up, tear_down);
}
